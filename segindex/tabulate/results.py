"""Index keys and panels to the results table."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segindex import suppression
from segindex.errors import BadData
from segindex.indices.ordinal import CURVES, rank_order_fit
from segindex.inference import expected
from segindex.inference.expected import EXACT
from segindex.registry import check_scales
from segindex.schema import KEYS, RESULTS, ordered
from segindex.tabulate.asked import (
    check_centres,
    check_groups,
    check_references,
    check_worth,
    entries_of,
    listed,
    panels_of,
    sizes_of,
)
from segindex.tabulate.notes import base_hidden, joined, note, rank_order, why_undefined
from segindex.tabulate.view import parts_of
from segindex.tabulate.worth import Row, bounds_of, columns_beside

SHOWN = 5
YEARLY_INPUTS = ("x", "y", "t", "counts", "share")


class Found(NamedTuple):
    """Values of one index, group and scale; every array has a number a year of `years`."""

    years: tuple
    group: str
    scale: dict
    value: np.ndarray
    expected: np.ndarray
    cells: np.ndarray
    population: np.ndarray
    size: np.ndarray
    against: np.ndarray
    note: list
    again: tuple


def compute(
    panels,
    index=None,
    group=None,
    *,
    reference="rest",
    scale_m=(),
    k=(),
    scaled=None,
    scale_years=None,
    centres=None,
    same_mask=False,
    worth=None,
):
    """Indices of panels as the tidy results table.

    Parameters
    ----------
    panels : Panel or list of Panel
    index : str or list of str, optional
        Keys of the registry; if left out, every index with one value a city. Left out, an index that the panel has
        no input for (Moran's I without neighbours) is left out too; named, it is refused.
    group : str or list of str, optional
        Groups of the panels; all, and the rows "all" of indices that take every group at once, if left out.
    reference : str or list of str
        The group that `y` is: "rest" is everybody else in the base.
    scale_m : list of number
        Radii in metres of local environments; each adds rows of the indices that take `nearby`: with a biweight kernel,
        and of the clustering indices that are defined by one, where `index` names them, as the bandwidth of their
        exponential kernel, which is 1,000 m in the plain rows. Refused where indices are named and none takes it; of
        several, those that take none have their plain rows alone.
    k : list of number
        The same with the k nearest residents; where a city has no more visible ones, the note says so.
    scaled : list of str, optional
        The indices that have rows at `scale_m` and `k`; all that take them if left out.
    scale_years : list of int, optional
        The years that have such rows; all if left out.
    centres : dict of str to list of Centre, optional
        Centres of cities (`segindex.facts.Centre`); distance is to the nearest. Left out, those of the eleven cities.
    same_mask : bool
        Whether a cell that is protected in any year is left out of all years of its panel.
    worth : Worth, optional
        In which years the columns are filled that need draws, with how many draws, from which seed, and for which
        cluster sizes; `Worth()` is all years. Left out, only what is known exactly is there. With it, distortion is in
        these years alone unless it is named.

    Returns
    -------
    DataFrame
        The columns of `RESULTS`. `value` is the plain value over visible cells; `expected` the value under no
        segregation, exact or drawn; `p_null` how often chance alone comes as far; `n_cells` the visible cells with a
        base; `population` the base in them; `hidden_share` the base in protected cells over all.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame({"foreign": [50, 50, 0], "everybody": [50, 100, 50]})
    >>> panel = segindex.to_panel(frame, "foreign", base="everybody", year=2024, city="Lahti")
    >>> segindex.compute(panel, ["dissimilarity", "isolation"])[["city", "index", "value"]]
        city          index  value
    0  Lahti  dissimilarity   0.50
    1  Lahti      isolation   0.75
    """
    panels = panels_of(panels)
    entries = entries_of(index)
    scaled = None if scaled is None else [entry.key for entry in entries_of(scaled)]
    scale_years = listed(scale_years, "scale_years", empty=True)
    wanted = listed(group, "group")
    references = listed(reference, "reference")
    scales, numbers = sizes_of(scale_m, "scale_m"), sizes_of(k, "k")
    if index is not None:
        check_scales([entry.key for entry in entries if scaled is None or entry.key in scaled], scales, numbers)
    check_groups(panels, wanted)
    check_references(panels, references, wanted)
    check_centres(panels, centres)
    check_worth(worth)
    rows, lacking = [], {}
    for panel in panels:
        masked = suppression.same_mask(panel) if same_mask else panel
        there = []
        for entry, against, found in _found(
            masked,
            entries,
            wanted,
            references,
            (scales, numbers, scaled, scale_years),
            centres,
            index is not None,
            worth,
        ):
            if isinstance(found, str):
                lacking.setdefault((entry.key, against), f"{panel.city}, {panel.classification}: {entry.key} {found}")
            else:
                there += [(entry, against, one) for one in found]
        rows += _rows(masked, there, worth)
    _check_found(rows, lacking, index, entries, references)
    return ordered(pd.DataFrame(rows, columns=list(RESULTS)), RESULTS, KEYS)


def _found(panel, entries, wanted, references, sizes, centres, named, worth):
    """For each index and reference what was found of it, or the words that say what it lacks.

    Distortion costs as much as all others: unless it is named, it is of the years that `worth` asks for.
    """
    every = parts_of(panel, centres)
    asked = () if worth is None else tuple(filter(worth.asks, panel.years))
    some = parts_of(panel.at(asked), centres) if asked and not named else every
    scales, numbers, scaled, years = sizes
    wide = None if years is None or not scales + numbers else _of_years(panel, years, centres)
    for entry in entries:
        own = (scales, numbers) if scaled is None or entry.key in scaled else ((), ())
        if worth is not None and not asked and not named and "surroundings" in entry.inputs:
            continue
        whole, yearly = some if "surroundings" in entry.inputs else every
        for reference in references:
            lacks = whole[0].lacks(entry, reference)
            if lacks:
                yield entry, reference, lacks
                continue
            for view in _parts(entry, whole, yearly):
                if view.lacks(entry, reference):
                    continue
                for name in view.names(entry, wanted, reference, named):
                    now = own if wide is None else ((), ())
                    yield entry, reference, _values(view, entry, name, reference, (*now, named))
            for view in _parts(entry, *wide) if wide is not None and any(own) else ():
                for name in view.names(entry, wanted, reference, named) if not view.lacks(entry, reference) else ():
                    yield entry, reference, _values(view, entry, name, reference, (*own, named))[1:]


def _of_years(panel, years, centres):
    """The views of some years of a panel, as `parts_of` gives them; none of years that it lacks."""
    there = [year for year in panel.years if year in years]
    return parts_of(panel.at(there), centres) if there else ([], [])


def _parts(entry, whole, yearly):
    """The views that an index is computed from: all years at once where empty cells are nothing to it."""
    return whole if "empty_cells" in entry.laws and "area" not in entry.inputs else yearly


def _values(view, entry, name, reference, scales):
    panel, inputs = view.panel, view.inputs(entry, name, reference)
    base = panel.base
    if name == "all":
        lived, size = base, base.sum(axis=-1)
        against = np.sort(panel.counts.sum(axis=1), axis=-1)[:, -2]
    else:
        against = (base - panel.group(name) if reference == "rest" else panel.group(reference)).sum(axis=-1)
        size = panel.group(name).sum(axis=-1)
        lived = base if reference == "rest" or "t" in inputs else panel.group(name) + panel.group(reference)
    inhabited, apart = lived > 0, [""] * len(panel.years)
    if "share" in inputs:
        kept = inhabited & ((inhabited.astype(float) @ view.weights) > 0)
        apart = [_named(panel.cells[alone]) for alone in inhabited & ~kept]
        inhabited, size = kept, (kept * panel.group(name)).sum(axis=-1)
    persons = _persons(panel, inputs, name, reference)
    null = np.full(len(panel.years), np.nan)
    if entry.key in EXACT and persons is not None:
        null = _expected(entry.key, persons)
    found = []
    for scale, near, kinds in view.environments(entry, *scales):
        found.append(
            Found(
                panel.years,
                name,
                scale,
                _called(entry.function, inputs, near),
                null if near is None else np.full(len(null), np.nan),
                inhabited.sum(axis=-1),
                (inhabited * lived).sum(axis=-1),
                size,
                against,
                [
                    joined(kind, view.about(entry), fit, one)
                    for kind, fit, one in zip(kinds, _fits(entry.key, inputs, near, panel.years), apart, strict=True)
                ],
                (inputs, near, persons),
            )
        )
    return found


def _persons(panel, inputs, name, reference):
    """The counts (n_years, n_cells, n_groups) that an index is a function of; None for two groups within a third."""
    if "counts" in inputs:
        return inputs["counts"]
    if reference == "rest":
        return panel.against_rest(name)
    if "t" in inputs or "share" in inputs:
        return None
    return np.stack([panel.group(name), panel.group(reference)], axis=-1)


def _named(cells):
    """Cells without a neighbour, by name."""
    return f"without a neighbour: {len(cells)} cells, first {', '.join(cells[:SHOWN])}" if len(cells) else ""


def _called(function, inputs, near):
    """The index of every year; surroundings that differ from year to year are taken one by one."""
    if near is None or callable(near):
        return np.asarray(function(**inputs, **({} if near is None else {"nearby": near})), dtype=float)
    values = []
    for at, one in enumerate(near):
        own = {name: value[at] if name in YEARLY_INPUTS else value for name, value in inputs.items()}
        values.append(function(**own, nearby=one))
    return np.array(values, dtype=float)


def _fits(key, inputs, near, years):
    """Of a rank-order index, what each year's value is read from; of all others nothing."""
    if key not in CURVES:
        return [""] * len(years)

    def fit(**given):
        found = rank_order_fit(key, **given)
        return np.stack([found.order, found.fit_se], axis=-1)

    return [rank_order(order, error) for order, error in _called(fit, inputs, near)]


def _rows(panel, there, worth):
    """The rows of a panel: one for each value, or one for each cluster size where these differ."""
    hidden = suppression.hidden_share(panel)
    together = {}
    for number, (_, reference, one) in enumerate(there):
        for each, year in enumerate(one.years):
            together.setdefault((one.group, reference, year), []).append((number, each))
    rows = []
    for (group, reference, year), places in together.items():
        at = panel.years.index(year)
        protected = _protected(panel, group, reference, at)
        values = [_again(*there[number][::2], each, protected) for number, each in places]
        asked = [worth is not None and worth.asks_of(there[number], year) for number, _ in places]
        for size in (1.0,) if worth is None else worth.sizes(group):
            label = f"{panel.city} {panel.classification} {group} {reference} {year}"
            wide = worth is not None and year == max(filter(worth.asks, panel.years), default=None)
            beside = columns_beside(values, asked, worth, label, size, wide)
            for (number, each), value, more in zip(places, values, beside):
                entry, _, one = there[number]
                rows.append(
                    _row(panel, entry, reference, one, each, at, hidden[at])
                    | {"cluster_size": size}
                    | more
                    | bounds_of(value)
                )
    return rows


def _protected(panel, group, reference, at):
    """The visible counts and all bases of a year's cells, which are protected, and their limit; None where none is.

    Where protection hides the base as well, it lies between nobody and all residents.
    """
    hidden = panel.hidden[at]
    if group == "all" or reference != "rest" or not hidden.any():
        return None
    x, t = panel.group(group)[at], panel.base[at] + panel.hidden_total[at]
    if panel.base_hidden:
        return x, (t, np.where(hidden, panel.residents[at], t)), hidden, None
    return x, t, hidden, panel.hidden_limit if panel.hidden_rule == "group" else None


def _again(entry, found, each, protected):
    """A value and what it takes to compute it from other persons, or None where that cannot be."""
    inputs, near, persons = found.again
    if persons is None:
        return None
    near = near if near is None or callable(near) else near[each]
    return Row(entry, persons[each], inputs, near, found.value[each], found.expected[each], protected)


def _row(panel, entry, reference, found, each, at, hidden):
    groups = "groups: " + ", ".join(panel.groups) if found.group == "all" else ""
    return {
        "city": panel.city,
        "year": panel.years[at],
        "release": panel.releases[at],
        "classification": panel.classification,
        "index": entry.key,
        "group": found.group,
        "reference": "" if found.group == "all" else reference,
        "scale_m": found.scale.get("scale_m", np.nan),
        "k": found.scale.get("k", np.nan),
        "value": found.value[each],
        "n_cells": int(found.cells[each]),
        "population": round(found.population[each]),
        "group_size": round(found.size[each]),
        "hidden_share": hidden,
        "note": note(
            panel, panel.breaks[at], groups, found.note[each], base_hidden(panel, at), why_undefined(found, each)
        ),
    }


def _check_found(rows, lacking, index, entries, references):
    """BadData where an index that was named, or a reference group, has no row at all."""
    have = {(row["index"], row["reference"]) for row in rows}
    for entry in entries if index is not None else ():
        if entry.key not in {key for key, _ in have}:
            said = [text for (key, _), text in lacking.items() if key == entry.key]
            raise BadData(said[0] if said else f"{entry.key} takes all groups at once: leave group out")
    for reference in references:
        if reference not in {one for _, one in have} | {"rest"}:
            raise BadData(next(text for (_, one), text in lacking.items() if one == reference))


def _expected(key, counts):
    """The expected value, NaN where counts are no whole persons."""
    whole = (counts % 1 == 0).all(axis=(-2, -1))
    value = np.full(len(counts), np.nan)
    if whole.any():
        value[whole] = expected(key, counts[whole])
    return value
