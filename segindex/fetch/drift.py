"""Whether a layer still has the columns that are expected: what is missing, new or of another type."""

from numbers import Real

from segindex.errors import BadData

KINDS = {"text": "text", "whole": "a whole number", "number": "a number"}
SHOWN = 10


def kind_of(values):
    """What a column holds: "text", "whole", "number", or None where it holds nothing.

    >>> kind_of([1, None, -1.0]), kind_of([1, 2.5]), kind_of(["091"]), kind_of([None])
    ('whole', 'number', 'text', None)
    """
    given = [value for value in values if value is not None]
    if not given:
        return None
    if any(isinstance(value, bool) or not isinstance(value, Real) for value in given):
        return "text"
    return "whole" if all(value == int(value) for value in given) else "number"


def check_names(names, product, year, where):
    """The columns that are new; BadData where a needed one is missing, with those that are new.

    Parameters
    ----------
    names : list of str
        Those of the layer.
    product : Product
    year : int
    where : str
        What an error names.
    """
    needed, sometimes = product.columns(year)
    missing = [name for name in needed if name not in names]
    missing += [" or ".join(group) for group in product.one_of if not set(group) & set(names)]
    new = [name for name in names if name not in needed and name not in sometimes]
    if missing:
        raise BadData(
            f"{where}: schema drift: missing are {', '.join(missing[:SHOWN])}{_more(missing)}; new are "
            f"{', '.join(new[:SHOWN]) or 'none'}{_more(new)}. Nothing is written: see what the producer has changed"
        )
    return new


def check_kinds(columns, product, year, where):
    """BadData where a known column holds another type than it should.

    Parameters
    ----------
    columns : dict of str to list
        Values by column.
    product : Product
    year : int
    where : str
        What an error names.

    Examples
    --------
    >>> from segindex.fetch.products import PRODUCTS
    >>> check_kinds({"kunta": ["091"], "nimi": ["Helsinki"]}, PRODUCTS["municipalities"], 2024, "layer")
    """
    needed, sometimes = product.columns(year)
    changed = []
    for name, kind in (needed | sometimes).items():
        odd = [value for value in columns.get(name, ()) if not _fits(kind_of([value]), kind)]
        if odd:
            changed.append(f"{name} holds {KINDS[kind_of(odd)]} ({odd[0]!r}) where {KINDS[kind]} is expected")
    if changed:
        raise BadData(
            f"{where}: schema drift: changed are {'; '.join(changed[:SHOWN])}{_more(changed)}. "
            f"Nothing is written: see what the producer has changed"
        )


def _fits(found, kind):
    return found in (None, kind) or (found, kind) == ("whole", "number")


def _more(names):
    return f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
