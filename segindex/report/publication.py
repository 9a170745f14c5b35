"""The tables as they may leave the house: numbers of too few members or cells left out, the reason in their place."""

import numpy as np
import pandas as pd

from segindex.limits import EVERY, NUMBERS, published, refusal
from segindex.registry import REGISTRY
from segindex.report.contents import FEWEST_AREAS
from segindex.report.followup_published import FOLLOWUP_COLUMNS, FOLLOWUP_KEYS, published_followup
from segindex.report.funding_publication import FUNDING_COLUMNS, FUNDING_KEYS, published_funding
from segindex.report.publish import FEWEST
from segindex.report.types import told_accumulation, told_types
from segindex.standings import own_sizes

SHARES = 3
RESULTS = (
    *("city", "year", "release", "classification", "index", "group", "reference", "scale_m", "k", "cluster_size"),
    *("value", "expected", "p_null", "corrected", "correction", "low", "high", "detectable_change"),
    *("lower_bound", "upper_bound", "n_cells", "population", "group_size", "hidden_share", "refused", "note"),
)
CHANGES = (
    *("city", "classification", "group", "cluster_size", "index", "first_year", "last_year", "term", "net"),
    *("change", "low", "high", "p", "q", "refused", "note"),
)
THRESHOLDS = (
    *("city", "year", "release", "classification", "group", "threshold", "cut_off", "cut_off_year"),
    *("population_share", "expected_population_share", "unknown_share", "group_share", "expected_group_share"),
    *("refused", "note"),
)
TYPES = ("city", "year", "extent", "type", "residents_share", "refused", "note")
ACCUMULATION = (
    *("city", "year", "end", "n_dimensions", "residents_share", "independent_share", "unknown_share"),
    *("refused", "note"),
)
ENDS = (
    *("city", "year", "release", "classification", "measure", "group", "reference", "cluster_size"),
    *("value", "expected", "corrected", "low", "high", "cut_off", "cut_off_year", "refused", "note"),
)
COVERAGE = (
    *("city", "year", "release", "source", "classification", "reference_date"),
    *("n_cells", "n_hidden", "residents", "hidden_residents", "coverage", "note"),
)
COLUMNS = {
    "results": RESULTS,
    "areas": RESULTS,
    "changes": CHANGES,
    "thresholds": THRESHOLDS,
    "types": TYPES,
    "accumulation": ACCUMULATION,
    "ends": ENDS,
    "coverage": COVERAGE,
    **FUNDING_COLUMNS,
    **FOLLOWUP_COLUMNS,
}
"""The columns of each published table, in their order."""

KEYS = {
    "results": RESULTS[:10],
    "areas": RESULTS[:10],
    "changes": CHANGES[:9],
    "thresholds": THRESHOLDS[:6],
    "types": TYPES[:4],
    "accumulation": ACCUMULATION[:4],
    "ends": ENDS[:8],
    "coverage": ("city", "year", "release", "classification"),
    **FUNDING_KEYS,
    **FOLLOWUP_KEYS,
}
"""What tells the rows of each table apart."""


def publication(material):
    """The edition's tables as published.

    Parameters
    ----------
    material : Material

    Returns
    -------
    dict of str to DataFrame
        Those of `COLUMNS` that have rows. A row that may not be published keeps its keys, and `refused` says why:
        "small_group", "small_rest" (few are not in it), "small_groups" (of several groups at once), "few_cells",
        "few_areas", "would_tell" (the number of another).
    """
    limits = _limits(material)
    results = _results(material, limits)
    refused = _refused(results)
    results = _both(results, refused)
    made = {
        "results": results,
        "areas": _areas(material, refused),
        "changes": _changes(material, refused),
        "thresholds": _thresholds(material, refused, limits),
        "types": _rounded(told_types(material), ("residents_share",)),
        "accumulation": _rounded(
            told_accumulation(material), ("residents_share", "independent_share", "unknown_share")
        ),
        "ends": _ends(material, refused, limits),
        "coverage": material.coverage,
        **published_funding(material),
        **published_followup(material),
    }
    tables = {name: frame for name, frame in made.items() if frame is not None and len(frame)}
    return {
        name: frame.reindex(columns=COLUMNS[name]).sort_values(list(KEYS[name]), kind="stable", ignore_index=True)
        for name, frame in tables.items()
    }


def _results(material, limits):
    """One value a city and year of every index, with the group's own cluster size."""
    rows = material.results
    cities = {key for key, index in REGISTRY.items() if index.gives == "city"}
    rows = own_sizes(rows[rows["index"].isin(cities)])
    rows = rows.reindex(columns=[*rows.columns, *(name for name in RESULTS if name not in rows and name != "refused")])
    alone = rows[rows["group"] != EVERY]
    alone = alone.assign(least=np.fmin(alone["group_size"], alone["population"] - alone["group_size"]))
    smallest = alone.groupby(["city", "year", "classification"])["least"].min().reset_index()
    keyed = rows.merge(smallest, on=["city", "year", "classification"], how="left")
    every = keyed["group"].eq(EVERY)
    against = ~every & ~keyed["reference"].fillna("rest").isin(("rest", ""))
    least = keyed["group_size"].where(~every, np.fmin(keyed["group_size"], keyed["least"].fillna(np.inf)))
    least = least.mask(against, np.fmin(least, keyed["population"] - keyed["group_size"]))
    parts, kept_back = [], material.withheld
    for classification, part in keyed.assign(judged=least).groupby("classification", sort=False):
        judged = published(part.assign(group_size=part["judged"]), kept_back, **limits[classification])
        parts.append(judged.assign(group_size=part["group_size"]))
    found = pd.concat(parts, ignore_index=True) if parts else keyed.assign(refused="")
    several = found["group"].eq(EVERY) & found["refused"].eq("small_group")
    found["refused"] = found["refused"].where(~several, "small_groups")
    return _without_counts(found, ("p_null",))


def _limits(material):
    """The publishing limits of each classification."""
    common = {"min_cells": material.min_cells, "min_group": material.min_group}
    tables = (material.results, material.thresholds, material.ends)
    names = sorted({name for rows in tables if rows is not None for name in rows["classification"]})
    return {name: common | {"grid": material.cell_size(name) is not None} for name in names}


def _without_counts(rows, more=()):
    """Rows whose refused ones tell neither members nor what else was computed from them."""
    hidden = rows["refused"] != ""
    for name in ("group_size", *more):
        rows[name] = rows[name].astype(float).mask(hidden)
    return rows


def _refused(results):
    """Why nothing is published of a group in a year of a city: {(city, group, year): reason}."""
    rows = results[(results["group"] != EVERY) & (results["refused"] != "")]
    return dict(zip(zip(rows["city"], rows["group"], rows["year"]), rows["refused"]))


def _both(results, refused):
    """The results without the rows of which the reference group is refused: its members follow from them.

    So they do from the base of two groups, of which the other is published.
    """
    other = [refused.get(key, "") for key in zip(results["city"], results["reference"], results["year"])]
    why = [own or reason for own, reason in zip(results["refused"], other)]
    found = _without_counts(_mask(results, why, [name for name in NUMBERS if name in results]), ("p_null",))
    against = ~found["reference"].fillna("rest").isin(("rest", "")) & (found["refused"] != "")
    return found.assign(population=found["population"].astype(float).mask(against))


def _mask(rows, refused, names):
    """The rows without the named numbers where they are refused."""
    rows = rows.assign(refused=refused)
    hidden = rows["refused"] != ""
    return rows.assign(**{name: rows[name].astype(float).mask(hidden) for name in names})


def _areas(material, refused):
    """Rows of named areas: of cities whose cells are published, and that have enough areas."""
    rows = material.area_results
    if rows is None or not len(rows):
        return None
    rows = own_sizes(rows)
    rows = published(rows, min_cells=material.min_cells, min_group=material.min_group, grid=False)
    own = [refused.get(key, "") for key in zip(rows["city"], rows["group"], rows["year"])]
    few = np.where(rows["n_cells"] < FEWEST_AREAS, "few_areas", "")
    why = [first or second or third for first, second, third in zip(rows["refused"], own, few)]
    numbers = [name for name in RESULTS if name in rows and rows[name].dtype == float and name not in KEYS["areas"]]
    kept = ("hidden_share",)
    return _without_counts(_mask(rows, why, [name for name in numbers if name not in kept]))


def _changes(material, refused):
    rows = material.changes
    if rows is None or not len(rows):
        return None
    rows = own_sizes(rows)
    why = [
        refused.get((city, group, first), "") or refused.get((city, group, last), "")
        for city, group, first, last in zip(rows["city"], rows["group"], rows["first_year"], rows["last_year"])
    ]
    return _mask(rows, why, ("change", "low", "high", "p", "q"))


def _thresholds(material, refused, limits):
    """Shares over a threshold; not where one or two cells of a grid would be told one by one.

    They are rounded: the exact difference of two thresholds could be the residents of a single cell. Twice the city's
    share tells how many members a group had in the year that the cut-off was fixed in.
    """
    rows = material.thresholds
    if rows is None or not len(rows):
        return None
    grid = rows["classification"].map(lambda name: limits[name]["grid"])
    few = np.where(grid & rows["n_cells"].between(1, FEWEST - 1).fillna(False).astype(bool), "few_cells", "")
    own = [refused.get(key, "") for key in zip(rows["city"], rows["group"], rows["year"])]
    fixed = [refused.get(key, "") for key in zip(rows["city"], rows["group"], rows["cut_off_year"].fillna(0))]
    small = np.array([bool(now or then) for now, then in zip(own, fixed)])
    told = (rows["threshold"] == "twice_the_city") & small
    rows = rows.assign(cut_off=rows["cut_off"].mask(told))
    rows = _mask(rows, [first or second for first, second in zip(own, few)], THRESHOLDS[8:13])
    return _rounded(rows, ("population_share", "group_share"))


def _ends(material, refused, limits):
    rows = material.ends
    if rows is None or not len(rows):
        return None
    even = rows["measure"] == "dissimilarity"
    rows = pd.concat([own_sizes(rows[even]), rows[~even]], ignore_index=True)
    why = []
    for row in rows.itertuples():
        own = limits[row.classification]
        reason = refusal(row.n_cells, row.group_size, row.population, **own)
        ends = (refused.get((row.city, group, row.year), "") for group in (row.group, row.reference))
        reason = reason or next(filter(None, ends), "")
        beyond = 0 if pd.isna(row.n_beyond) else row.n_beyond
        why.append(reason or ("few_cells" if own["grid"] and 0 < beyond < FEWEST else ""))
    shares = rows["measure"].isin(("lowest_end", "highest_end"))
    rows = rows.assign(value=rows["value"].where(~shares, rows["value"].round(SHARES)))
    return _mask(rows, why, ("value", "expected", "corrected", "low", "high"))


def _rounded(rows, names):
    """Shares as the figures tell them: an exact one of a single cell would be the number of its residents."""
    if rows is None or not len(rows):
        return None
    return rows.assign(**{name: rows[name].round(SHARES) for name in names})
