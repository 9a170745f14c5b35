"""The tables of area types and of what accumulates: all cities in the latest year, beside the baseline."""

import pandas as pd

from segindex import wording
from segindex.figures.select import in_order
from segindex.report import notes
from segindex.report.tables import Cell, Table

ENDS = ("worst", "best")
CHANCE = "persons drawn anew"
UNKNOWN = 0


def type_tables(material, language, counter):
    """The tables: residents by area type, then by number of dimensions at each end; none where no city has types."""
    if material.types is None or not len(material.types):
        return []
    tables = [_types(material, language, counter.next())]
    rows = material.accumulation
    ends = [end for end in ENDS if (rows["end"] == end).any()]
    return tables + [_accumulation(rows[rows["end"] == end], end, language, counter) for end in ends]


def _types(material, language, number):
    rows = material.types[material.types["extent"] == "cities"]
    last = int(rows["year"].max())
    first = int(rows["year"].min()) if material.types_year is None else int(material.types_year)
    kinds = [kind for kind in sorted(set(rows["type"])) if kind != UNKNOWN]
    both = first in set(rows["year"]) and first < last
    key = "types.caption_change" if both else "types.caption"
    table = Table(
        wording.text(language, key, n=number, year=last, first=first),
        [
            wording.text(language, "group.city"),
            *(wording.text(language, f"types.type_{kind}") for kind in kinds),
            wording.text(language, "types.unknown"),
        ],
        remarks=[wording.text(language, key, year=first) for key in ("types.index", "types.cuts")],
    )
    table.remarks += _sensitivity(material, language)
    for city in in_order(rows["city"]):
        now, then = (_by(rows, city, year, "type", "residents_share") for year in (last, first))
        if not now:
            table.add(wording.city_name(city, language), *[table.dash(wording.text(language, "caveat.no_rows"))] * 6)
            continue
        cells = []
        for kind in (*kinds, UNKNOWN):
            words = wording.percent(now.get(kind, 0.0), language)
            cells.append(
                Cell(f"{words} ({wording.percent(then.get(kind, 0.0), language)})" if both and then else words)
            )
        table.add(Cell(wording.city_name(city, language), _breaks(table, rows, city, first, last, language)), *cells)
    return table


def _sensitivity(material, language):
    """How many residents' types hang on chance, and on the choices; nothing where this is not known."""
    rows = material.sensitivity
    if rows is None or not rows["changed_share"].notna().any():
        return []
    chance = rows.loc[rows["changed"] == CHANCE, "changed_share"].dropna()
    chosen = rows.loc[rows["changed"] != CHANCE, "changed_share"].dropna()
    kinds = (("types.chance", chance), ("types.chosen", chosen))
    return [
        wording.text(
            language, key, **{end: wording.percent(getattr(own, end)(), language, 0) for end in ("min", "max")}
        )
        for key, own in kinds
        if len(own)
    ]


def _breaks(table, rows, city, first, last, language):
    """The letters of what breaks the series between the years."""
    own = rows[(rows["city"] == city) & rows["year"].between(first + 1, last)]
    said = [part for note in own["note"].unique() for part in notes.sentences(notes.breaks_alone(note), language)]
    return "".join(map(table.mark, dict.fromkeys(said)))


def _accumulation(rows, end, language, counter):
    last = int(rows["year"].max())
    names = [wording.group_name(name, language) for name in rows["dimensions"].iloc[0].split()]
    numbers = sorted(set(rows["n_dimensions"]))
    table = Table(
        wording.text(language, f"types.{end}", n=counter.next(), year=last, groups=", ".join(names)),
        [
            wording.text(language, "group.city"),
            *(wording.text(language, "types.dimensions", n=number) for number in numbers),
            wording.text(language, "types.unknown"),
        ],
        remarks=[wording.text(language, f"types.{end}_remark"), wording.text(language, "types.independent")],
    )
    for city in in_order(rows["city"]):
        share, apart, unknown = (
            _by(rows, city, last, "n_dimensions", column)
            for column in ("residents_share", "independent_share", "unknown_share")
        )
        if not share or any(map(pd.isna, share.values())):
            dash = table.dash(wording.text(language, "caveat.no_rows"))
            table.add(wording.city_name(city, language), *[dash] * (len(table.head) - 1))
            continue
        cells = [_beside(share[one], apart[one], language) for one in numbers]
        table.add(wording.city_name(city, language), *cells, wording.percent(next(iter(unknown.values())), language))
    return table


def _beside(share, other, language):
    """A share with another in parentheses, where there is one."""
    words = wording.percent(share, language)
    return Cell(words if other is None else f"{words} ({wording.percent(other, language)})")


def _by(rows, city, year, key, column):
    own = rows[(rows["city"] == city) & (rows["year"] == year)]
    return dict(zip(own[key], own[column]))
