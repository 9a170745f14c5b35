"""What the cities need, from an edition's tables: residents, groups, areas of the worst types, children."""

import numpy as np
import pandas as pd

from segindex.errors import BadData
from segindex.facts import groups
from segindex.funding.columns import NEED
from segindex.limits import MIN_CELLS, MIN_GROUP, OTHER, refusal, withheld
from segindex.schema import MADE_UP, ordered

MEASURES = ("residents", "group", "group_share", "corrected", "types_1_2", "type_1", "low_income_children")
"""Residents of the city; members of a group, their share, and the corrected index of dissimilarity; residents of area
types 1 and 2, and of type 1 alone; an estimate of the children with a low income."""

KEYS = ["city", "year", "measure", "group"]
WORST = {"types_1_2": (1, 2), "type_1": (1,)}
FEWEST_TYPED = 3
"""Cells of a grid from which residents of an area type are told: one or two would be told one by one."""

HUNDRED = -2
"""Residents of area types are counted in hundreds: all that is made of them, euros to the cent too, tells no more."""

SHARES = 3

YOUNGER = "children_0_6"
OLDER = ("children_7_15", "children_7_14")
POOR = "low_income"
EVEN = "dissimilarity"


def needs(tables, *, also=(), min_cells=MIN_CELLS, min_group=MIN_GROUP, cell_size_m=None):
    r"""What each city needs, in numbers that money can be set beside.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Of an edition: "results" and "coverage"; "types" and "cells" where there are any.
    also : sequence of int
        Years beside the latest of each measure.
    min_cells, min_group : int
        A value is told from so many cells (grids only) and members of the group.
    cell_size_m : float, optional
        The side of the cells of a classification that the table "cells" lacks; None for areas.

    Returns
    -------
    DataFrame
        The columns of `NEED`, a row a city, year, measure and group. `value` counts what is visible; `low` and `high`
        are what it would be if nobody, or everybody, who is hidden were of the group:

        ===================== ======================== ==============================================================
        measure               value                    low, high
        ===================== ======================== ==============================================================
        residents             of all cells             none: they are known where groups are hidden
        group                 members                  members; with all of the base in hidden cells
        group_share           of the visible base      of the whole base, as for `group`
        corrected             index of dissimilarity   its 95 % interval; no row in years without one
        types_1_2, type_1     residents of such cells  those; with residents of cells whose type is unknown; in hundreds
        low_income_children   :math:`\sum c_i x_i/t_i` that; with all children in cells where it is unknown
        ===================== ======================== ==============================================================

        `hidden_share` is the part of the base, or of residents or children, that is hidden; of residents the largest of
        any classification. A refused row has no numbers; nor has a group that would tell another one that is refused
        ("would_tell"), so that nothing that is made of this table tells it either.

    Raises
    ------
    ValueError
        A table is missing, or holds two rows where one is allowed.

    Notes
    -----
    The estimate of children, over the cells i in which both the children :math:`c_i` and the share of adults with a low
    income :math:`x_i/t_i` are visible, takes children to be as often poor as the adults of their cell. Families with
    children may be poorer or better off than their neighbours: it is a measure for sharing money, no count of children.
    """
    for name in ("results", "coverage"):
        if tables.get(name) is None:
            raise BadData(f"tables: {name} is missing; needed are results and coverage")
    limits = {"min_cells": min_cells, "min_group": min_group}
    cells = tables.get("cells")
    grids = _Grids(cells, cell_size_m)
    found = [_residents(tables["coverage"], also), *_groups(tables["results"], also, limits, grids)]
    if _any(tables.get("types")):
        found.append(_types(tables["types"], also, grids))
    if _any(cells):
        found.append(_children(cells, tables["coverage"], also, limits, grids))
    return ordered(pd.concat([one for one in found if len(one)], ignore_index=True), NEED, KEYS)


def latest(needs, measure, group=None):
    """The rows of a measure, and of a group if one is named, in their latest year; the city is the index."""
    rows = needs[(needs["measure"] == measure) & ((needs["group"] == group) | (group is None))]
    return rows[rows["year"] == rows["year"].max()].set_index("city")


class _Grids:
    """Whether a classification's cells are those of a grid."""

    def __init__(self, cells, cell_size_m):
        self.default = cell_size_m is not None
        self.known = {}
        if _any(cells):
            newest = cells.sort_values("year", kind="stable").drop_duplicates("classification", keep="last")
            self.known = dict(zip(newest["classification"], newest["cell_size_m"].notna()))

    def __getitem__(self, classification):
        return bool(self.known.get(classification, self.default))

    @property
    def any(self):
        """Whether any classification is of a grid."""
        return self.default or any(self.known.values())


def _any(table):
    return table is not None and len(table) > 0


def _of_years(rows, also, keys=("city", "year")):
    """The rows of the latest year of all cities together, and of the years beside it; of each year's latest release."""
    rows = rows[rows["year"].isin({rows["year"].max(), *also})]
    return rows[rows["release"] == rows.groupby(list(keys))["release"].transform("max")]


def _residents(coverage, also):
    """Residents by city: of the classification that counts the most of them, and the largest hidden share of any.

    Classifications whose residents are those of another date come last.
    """
    rows = _of_years(coverage, also, ("city", "year", "classification"))
    share = rows["hidden_residents"] / rows["residents"].where(rows["residents"] > 0)
    rows = rows.assign(share=share, dated=rows["note"].fillna("").str.contains("residents of "))
    rows = rows.sort_values(["dated", "residents"], ascending=[True, False], kind="stable")
    sums = rows.groupby(["city", "year"], as_index=False).agg(
        value=("residents", "first"), hidden_share=("share", "max"), note=("note", _made_up)
    )
    return sums.assign(measure="residents", group="", refused="", low=np.nan, high=np.nan)


def _groups(results, also, limits, grids):
    """Members, shares and corrected dissimilarity of every group, in the latest year of each."""
    plain = results["scale_m"].isna() & results["k"].isna() & (results["group"] != "all")
    rows = results[plain & (results["reference"].isna() | results["reference"].isin(("rest", "")))]
    kept_back = withheld(results, limits["min_group"])
    for name, own in rows.groupby("group", sort=True):
        own = _of_years(_own_size(own), also)
        even = own[(own["index"] == EVEN) & own["corrected"].notna()]
        twice = even[even.duplicated(["city", "year"])]
        if len(twice):
            raise BadData(
                f"results: {name} has several rows of {EVEN} in {twice['city'].iloc[0]}; one a year is allowed"
            )
        one = pd.concat([even, own]).drop_duplicates(["city", "year"], ignore_index=True)
        places = zip(one["city"], one["classification"], one["year"])
        counted = zip(one["n_cells"], one["group_size"], one["population"], places)
        why = [
            refusal(*counts, grid=grids[place[1]], **limits) or (OTHER if (*place, name) in kept_back else "")
            for *counts, place in counted
        ]
        x, t, h = (one[column].to_numpy(float) for column in ("group_size", "population", "hidden_share"))
        unseen = np.divide(t * h, 1 - h, out=np.zeros(len(t)), where=h < 1)
        whole = np.where(t + unseen > 0, t + unseen, np.nan)
        common = one[["city", "year", "hidden_share"]].assign(
            group=name, refused=why, note=[_joined(_made_up([note]), _unit(name)) for note in one["note"]]
        )
        share = np.divide(x, t, out=np.full(len(t), np.nan), where=t > 0)
        yield _without_refused(common.assign(measure="group", value=x, low=x, high=x + unseen))
        yield _without_refused(
            common.assign(measure="group_share", value=share, low=x / whole, high=(x + unseen) / whole)
        )
        if len(even):
            index = common.merge(even[["city", "year", "corrected", "low", "high"]], on=["city", "year"])
            yield _without_refused(index.rename(columns={"corrected": "value"}).assign(measure="corrected"))


def _own_size(rows):
    """The rows with the cluster size that the settings give the group."""
    sizes = rows["cluster_size"].fillna(1.0)
    return rows[sizes == sizes.max()]


def _unit(name):
    known = groups().get(name)
    return "counted in households" if known is not None and known.unit == "households" else ""


def _types(types, also, grids):
    """Residents of the worst area types, by cut-offs of all cities."""
    rows = types[types["extent"] == "cities"]
    rows = rows[rows["year"].isin({rows["year"].max(), *also})]
    tables = []
    for (city, year), own in rows.groupby(["city", "year"]):
        unknown, everybody = own.loc[own["type"] == 0, "residents"].sum(), own["residents"].sum()
        for measure, kinds in WORST.items():
            inside = own[own["type"].isin(kinds)]
            people, n_cells = float(inside["residents"].sum()), inside["n_cells"].sum()
            tables.append(
                {
                    "city": city,
                    "year": year,
                    "measure": measure,
                    "group": "",
                    "value": np.round(people, HUNDRED),
                    "low": np.round(people, HUNDRED),
                    "high": np.round(people + unknown, HUNDRED),
                    "hidden_share": np.round(unknown / everybody, SHARES) if everybody else np.nan,
                    "refused": "few_cells" if grids.any and 0 < n_cells < FEWEST_TYPED else "",
                    "note": _made_up(own["note"]),
                }
            )
    return _without_refused(pd.DataFrame(tables, columns=list(NEED)))


def _children(cells, coverage, also, limits, grids):
    """Children with a low income, by the latest shares of low income up to the year of the children."""
    older = next((name for name in OLDER if (cells["group"] == name).any()), None)
    names = [name for name in (YOUNGER, older) if name is not None and (cells["group"] == name).any()]
    poor, tables = cells[cells["group"] == POOR], []
    last = min((cells.loc[cells["group"] == name, "year"].max() for name in names), default=None)
    for year in sorted({last, *also} - {None}):
        before = poor.loc[poor["year"] <= year, "year"]
        for city, own in poor[poor["year"] == before.max()].groupby("city"):
            there = cells[(cells["city"] == city) & (cells["year"] == year)]
            parts = {name: there[there["group"] == name] for name in names}
            if all(len(part) for part in parts.values()):
                hidden = _hidden(coverage, parts, city, year)
                tables.append(_estimate(city, year, own, parts, hidden, limits, grids))
    return _without_refused(pd.DataFrame(tables, columns=list(NEED)))


def _hidden(coverage, parts, city, year):
    """Residents of the cells where children are hidden: no more children than that live there."""
    kinds = {part["classification"].iloc[0] for part in parts.values()}
    rows = coverage[(coverage["city"] == city) & (coverage["year"] == year)]
    rows = _of_years(rows[rows["classification"].isin(kinds)], ())
    named = rows["note"].fillna("")
    own = [("groups: " not in note) or any(name in note for name in parts) for note in named]
    return float(rows["hidden_residents"][own].sum())


def _estimate(city, year, poor, children, hidden, limits, grids):
    """One city's estimate of the children with a low income, as a row of `NEED`."""
    of_adults = _by_cell(poor)
    estimate, unknown, seen, n_cells = 0.0, 0.0, 0.0, 0
    for part in children.values():
        count = _by_cell(part)["group_size"].dropna()
        share = of_adults["share"].reindex(count.index)
        estimate += float((count * share).sum())
        unknown += float(count[share.isna()].sum())
        seen += float(count.sum())
        n_cells = max(n_cells, int(share.notna().sum()))
    least = min(estimate, of_adults["group_size"].sum())
    of_year = int(poor["year"].iloc[0])
    return {
        "city": city,
        "year": year,
        "measure": "low_income_children",
        "group": ";".join(children),
        "value": estimate,
        "low": estimate,
        "high": estimate + unknown + hidden,
        "hidden_share": unknown / seen if seen else np.nan,
        "refused": refusal(n_cells, least, grid=grids[poor["classification"].iloc[0]], **limits),
        "note": _joined(
            _made_up(poor["note"]),
            "estimate: children taken to be as often poor as the adults of their cell",
            f"shares of low income of {of_year}" if of_year != year else "",
            f"unknown: {unknown:.0f} children in cells where the share is hidden",
        ),
    }


def _by_cell(rows):
    """The visible cells of a group: of the latest release, a row a cell."""
    rows = rows[rows["release"].fillna("") == rows["release"].fillna("").max()].drop_duplicates("cell")
    rows = rows.set_index("cell")
    return rows[["group_size", "share"]].mask(rows["hidden"].astype(bool))


def _without_refused(rows):
    """The rows of which the refused have no numbers left."""
    hidden = (rows["refused"] != "").to_numpy()
    names = ["value", "low", "high", "hidden_share"]
    return rows.assign(**{name: rows[name].astype(float).mask(hidden) for name in names})


def _made_up(notes):
    return MADE_UP if any(MADE_UP in str(note) for note in notes) else ""


def _joined(*parts):
    return "; ".join(part for part in parts if part)
