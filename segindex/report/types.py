"""Area types and what accumulates: the figures' contents, and the tables; the latest year beside the baseline."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segindex import wording
from segindex.facts import groups, slug
from segindex.figures.select import type_shares
from segindex.report import notes
from segindex.report.tables import Cell, Table
from segindex.standings import in_order

ENDS = ("worst", "best")
CHANCE = "persons drawn anew"
UNKNOWN = 0
CLASSIFICATIONS = tuple(groups()[name].classification for name in ("low_income", "basic_education", "unemployed"))


class TypeMap(NamedTuple):
    """A city's map of area types, or the reason why there is none (a key of the texts)."""

    city: str
    name: str
    types: pd.DataFrame
    absent: str


class Types(NamedTuple):
    """What the figures of area types show: of all cities, in `year` and at the `baseline` if there is an earlier one.

    `cut_offs` is the year that the cut-offs are fixed at.
    """

    rows: pd.DataFrame
    year: int
    baseline: int | None
    cut_offs: int
    maps: tuple[TypeMap, ...]

    @property
    def chart(self):
        """The name of the files of the chart of all cities."""
        return "area_types"

    @property
    def shares(self):
        """The residents' shares of the year, by city and type."""
        return type_shares(self.rows, self.year)


def area_types(material):
    """What the figures of area types show; None where no city has types."""
    if material.types is None or not len(material.types):
        return None
    rows = material.types[material.types["extent"] == "cities"]
    first, last = _years(rows, material)
    both = first < last and (rows["year"] == first).any()
    maps = tuple(_map(city, rows[rows["city"] == city], last, material) for city in in_order(rows["city"]))
    return Types(rows, last, first if both else None, first, maps)


def _years(rows, material):
    """The year that the cut-offs are fixed at, and the latest."""
    first = int(rows["year"].min()) if material.types_year is None else int(material.types_year)
    return first, int(rows["year"].max())


def _map(city, rows, year, material):
    own, areas = rows[rows["year"] == year], material.type_areas
    absent = "" if len(own) else "no_city_types"
    if not absent:
        cells = own.iloc[:0] if areas is None else type_cells(material, city, year)
        polygons = len(cells) > 0 and cells["cell_size_m"].isna().all()
        if polygons and material.areas is not None:
            lacking = not material.areas["cell"].isin(set(cells["cell"])).any()
        else:
            lacking = polygons or not len(cells) or not np.isfinite(cells[["x", "y"]].to_numpy(float)).all()
        absent = "no_geometry" if lacking else ""
    return TypeMap(city, f"area_types_{slug(city)}", own.reset_index(drop=True), absent)


def type_cells(material, city, year):
    """The cells or areas of a city in a year, each with its type."""
    rows = material.type_areas
    return rows[(rows["city"] == city) & (rows["year"] == year)]


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
    first, last = _years(rows, material)
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
        wording.text(language, key, shares=wording.percents(own.min(), own.max(), language, 0))
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
