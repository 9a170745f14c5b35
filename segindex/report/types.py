"""Area types and what accumulates: the figures' contents, and the tables; the latest year beside the baseline."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segindex import wording
from segindex.facts import groups, slug
from segindex.figures.select import type_shares
from segindex.limits import published
from segindex.report import notes
from segindex.report.material import once
from segindex.report.publish import FEWEST, too_few
from segindex.report.tables import Cell, Table
from segindex.standings import in_order, shown

ENDS = ("worst", "best")
CHANCE, SIZED, SIZES = "persons drawn anew", "nearest residents", 2
"""How the table of sensitivity calls what was changed, and how many sizes of surroundings are tried beside the own."""

UNKNOWN = 0
INPUTS = ("low_income", "basic_education", "unemployed")
"""The groups that the types rest on."""

CLASSIFICATIONS = tuple(groups()[name].classification for name in INPUTS)


@once
def told_types(material):
    """The table of types without the residents' shares that one or two cells of a grid stand behind; None without it.

    `refused` says why, as `too_few`.
    """
    rows = material.types
    if rows is None or not len(rows):
        return None
    why = _why(material, rows, ["city", "year", "extent"])
    hidden = {
        name: rows[name].astype(float).mask(why != "") for name in ("residents_share", "residents") if name in rows
    }
    return rows.assign(**hidden, refused=why)


@once
def told_accumulation(material):
    """The table of accumulation without what one or two cells of a grid stand behind; None without it.

    `refused` says why, as `too_few`. What the dimensions would be apart is made of the shares of a city together, so it
    is not told beside a share that is left out; nor is the share of one or two cells whose dimensions are not known.
    """
    rows = material.accumulation
    if rows is None or not len(rows):
        return None
    keys = ["city", "year", "end"]
    why = _why(material, rows, keys)
    told = (why == "").groupby([rows[key] for key in keys]).transform("all")
    few = rows["n_unknown"].between(1, FEWEST - 1) & typed_on_grid(material)
    return rows.assign(
        residents_share=rows["residents_share"].mask(why != ""),
        independent_share=rows["independent_share"].where(told),
        unknown_share=rows["unknown_share"].mask(few),
        refused=why,
    )


def _why(material, rows, keys):
    """Why each row is not told, of parts that make up the city's residents; "" on areas, whose data are public."""
    why = pd.Series("", index=rows.index)
    few = rows["n_cells"].between(1, FEWEST - 1).groupby([rows[key] for key in keys]).transform("any")
    for _, own in rows[few].groupby(keys, sort=False) if typed_on_grid(material) else ():
        why[own.index] = too_few(own["n_cells"])
    return why


def typed_on_grid(material):
    """Whether the cells that have types are those of a grid."""
    return any(material.cell_size(name) is not None for name in CLASSIFICATIONS)


def refused_inputs(material):
    """The cities and years in which a group that the types rest on is not published: {(city, year)}."""
    rows = shown(material.results)
    rows = rows[rows["group"].isin(INPUTS)]
    kept_back, found = material.withheld, set()
    for classification, own in rows.groupby("classification"):
        limits = {"min_cells": material.min_cells, "min_group": material.min_group}
        own = published(own, kept_back, **limits, grid=material.cell_size(classification) is not None)
        own = own[own["refused"] != ""]
        found |= set(zip(own["city"], own["year"]))
    return found


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


@once
def area_types(material):
    """What the figures of area types show; None where no city has types."""
    if material.types is None or not len(material.types):
        return None
    rows = told_types(material)
    rows = rows[rows["extent"] == "cities"]
    first, last = _years(rows, material)
    both = first < last and (rows["year"] == first).any()
    closed = {city for city, year in refused_inputs(material) if year == last}
    maps = tuple(_map(city, rows[rows["city"] == city], last, material, closed) for city in in_order(rows["city"]))
    return Types(rows, last, first if both else None, first, maps)


def _years(rows, material):
    """The year that the cut-offs are fixed at, and the latest."""
    first = int(rows["year"].min()) if material.types_year is None else int(material.types_year)
    return first, int(rows["year"].max())


def _map(city, rows, year, material, closed):
    own, areas = rows[rows["year"] == year], material.type_areas
    absent = "refused_inputs" if city in closed else "" if len(own) else "no_city_types"
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
    rows = told_accumulation(material)
    ends = [] if rows is None else [end for end in ENDS if (rows["end"] == end).any()]
    return tables + [_accumulation(rows[rows["end"] == end], end, material, language, counter) for end in ends]


def _types(material, language, number):
    rows = told_types(material)
    rows = rows[rows["extent"] == "cities"]
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
            table.add(
                wording.city_name(city, language, material.defined),
                *[table.dash(wording.text(language, "caveat.no_rows"))] * 6,
            )
            continue
        cells = []
        for kind in (*kinds, UNKNOWN):
            cells.append(_told(table, now.get(kind, 0.0), then.get(kind, 0.0) if both and then else None, language))
        table.add(
            Cell(
                wording.city_name(city, language, material.defined), _breaks(table, rows, city, first, last, language)
            ),
            *cells,
        )
    return table


def _told(table, share, before, language):
    """A share, with that of the baseline in parentheses; a dash and a note where either is not told."""
    cell = _beside(share, before, language)
    if not any(pd.isna(one) for one in (share, before) if one is not None):
        return cell
    why = wording.text(language, "types.few", limit=FEWEST)
    return table.dash(why) if pd.isna(share) else cell._replace(marks=table.mark(why))


def _sensitivity(material, language):
    """How many residents' types hang on chance, and on the choices; nothing where this is not known."""
    rows = material.sensitivity
    if rows is None or not rows["changed_share"].notna().any():
        return []
    chance = rows.loc[rows["changed"] == CHANCE, "changed_share"].dropna()
    rows = rows[rows["changed"] != CHANCE]
    sized = rows["changed"].str.endswith(SIZED)
    both = rows["changed"][sized].nunique() == SIZES
    chosen = (rows if both else rows[~sized])["changed_share"].dropna()
    kinds = (("types.chance", chance), ("types.chosen" if both else "types.chosen_in_place", chosen))
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


def _accumulation(rows, end, material, language, counter):
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
        share, apart, unknown, why = (
            _by(rows, city, last, "n_dimensions", column)
            for column in ("residents_share", "independent_share", "unknown_share", "refused")
        )
        if not share or all(pd.isna(share[one]) and not why[one] for one in share):
            dash = table.dash(wording.text(language, "caveat.no_rows"))
            table.add(wording.city_name(city, language, material.defined), *[dash] * (len(table.head) - 1))
            continue
        shares = [(share[one], apart[one]) for one in numbers]
        cells = [_told(table, *pair, language) for pair in (*shares, (next(iter(unknown.values())), None))]
        table.add(wording.city_name(city, language, material.defined), *cells)
    return table


def _beside(share, other, language):
    """A share with another in parentheses, where there is one."""
    words = wording.percent(share, language)
    return Cell(words if other is None else f"{words} ({wording.percent(other, language)})")


def _by(rows, city, year, key, column):
    own = rows[(rows["city"] == city) & (rows["year"] == year)]
    return dict(zip(own[key], own[column]))
