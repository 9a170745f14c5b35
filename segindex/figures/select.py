"""Which rows of the tables a figure shows."""

import re

import pandas as pd

from segindex.errors import BadData, BadSettings
from segindex.schema import MADE_UP
from segindex.standings import OPTIONAL, order_of, series, shown

CELL_CHANGE = r"break: cells of (?P<size>\S+) m, before (?P<before>\S+) m"
SCALES = ("scale_m", "k")
PARTS = ("structural", "group_marginal", "unit_marginal", "additions", "removals")
"""What a change is made of, in the order of their showing."""

KINDS = (1, 2, 3, 4, 5, 0)
"""Area types in their order, from the most disadvantaged; 0 is unknown."""


def made_up_in(rows):
    """Whether a row's note says that its numbers are made up: a figure of it says so, whoever draws it."""
    return "note" in rows and bool(rows["note"].fillna("").str.contains(MADE_UP, regex=False).any())


def profile(results, index, group, year, over):
    """The rows of one index, group and year with a value, a city's after another by the size of the surroundings.

    The column `size` is 0 for the own cell, else the radius ("scale_m") or number ("k") that `over` names. Cities
    without a value of the own cell or of any surroundings are left out.
    """
    if over not in SCALES:
        raise BadSettings(f"over {over!r}: allowed are {', '.join(SCALES)}")
    plain = series(results, index, group)
    plain = plain[plain["year"] == year].assign(size=0.0)
    rows = results[(results["index"] == index) & (results["group"] == group) & (results["year"] == year)]
    rows = rows.reindex(columns=[*rows.columns, *(name for name in OPTIONAL if name not in rows.columns)])
    rows = shown(rows[rows[over].notna()])
    twice = rows[rows.duplicated(["city", over], keep=False)]
    if len(twice):
        first = twice[["city", over]].drop_duplicates().head(3).to_dict("records")
        raise BadData(f"results: {index} of {group} in {year} has several rows for {first}; one is allowed")
    rows = pd.concat([plain, rows.assign(size=rows[over], order=rows["city"].map(order_of(rows["city"])))])
    rows = rows[rows["value"].notna()]
    sizes = rows.groupby("city")["size"]
    rows = rows[(sizes.transform("min") == 0) & (sizes.transform("max") > 0)]
    return rows.sort_values(["order", "size"], kind="stable", ignore_index=True)


def cell_changes(coverage, classification):
    """When the cells of a classification changed their size: [(year, metres, metres before)], each once."""
    if coverage is None or not len(coverage):
        return []
    rows = coverage[coverage["classification"] == classification]
    found = {
        (int(year), float(match["size"]), float(match["before"]))
        for year, note in zip(rows["year"], rows["note"].fillna(""))
        for match in re.finditer(CELL_CHANGE, note)
    }
    return sorted(found)


def tally(cells):
    """Cells, population and group by cluster class, and their shares: the form of the table `clusters`.

    What the protected cells hold is not known: they count as cells alone.
    """
    sums = cells.groupby("cluster", sort=False).agg(
        n_cells=("cell", "size"), population=("population", "sum"), group_size=("group_size", "sum")
    )
    known = ["population", "group_size"]
    sums[known] = sums[known].astype(float)
    sums.loc[sums.index == "protected", known] = float("nan")
    whole = sums[known].sum()
    shares = (sums[known] / whole.where(whole > 0)).set_axis(["population_share", "group_share"], axis=1)
    return pd.concat([sums, shares], axis=1).reset_index()


def parts_of(rows, net=False):
    """The parts by city, for cities that have them all: change, low and high of each, and `total`, their sum."""
    rows = rows[rows["term"].isin(PARTS) & (rows["net"] == net)]
    found = rows.pivot(index="city", columns="term", values=["change", "low", "high"])
    found = found.reindex(columns=pd.MultiIndex.from_product([("change", "low", "high"), PARTS]))
    found = found[found["change"].notna().all(axis=1)]
    found[("change", "total")] = found["change"].sum(axis=1)
    return found


def type_shares(rows, year):
    """The residents' shares of one year, by city and type in the order of `KINDS`; none is 0, one not told NaN."""
    rows = rows[rows["year"] == year]
    check_types(rows["type"], "types")
    twice = rows[rows.duplicated(["city", "type"], keep=False)]
    if len(twice):
        first = twice[["city", "type"]].drop_duplicates().head(3).to_dict("records")
        raise BadData(f"types: {year} has several rows for {first}; one is allowed")
    rows = rows.assign(n=1)
    shares, given = (
        rows.pivot(index="city", columns="type", values=name).reindex(columns=KINDS)
        for name in ("residents_share", "n")
    )
    return shares.where(given.notna(), 0.0)


def check_types(kinds, table):
    """Refuse area types that are not known."""
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise BadData(f"{table}: type {unknown} is unknown; known are {', '.join(map(str, KINDS))}")
