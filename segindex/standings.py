"""Where a city stands: which rows of the tables tell of a group, from what year its change counts, and what it is."""

import numpy as np
import pandas as pd

from segindex import facts
from segindex.errors import BadData
from segindex.schema import CHANGES, ordered

RESULTS = ("city", "year", "index", "group", "value")
OPTIONAL = ("release", "reference", "scale_m", "k", "expected", "corrected", "low", "high")
BREAK = "break:"


def series(results, index, group):
    """The plain rows of one index and group, one a city and year, in the programme's order and by year.

    Plain means: no scale, no nearest residents, against the rest. Where several releases give a year, the latest
    is taken; two rows of one release are an error, because a figure would silently show one of them.
    """
    lacking = [name for name in RESULTS if name not in results.columns]
    if lacking:
        raise BadData(f"results: columns {lacking} are missing; needed are {list(RESULTS)}")
    rows = results[(results["index"] == index) & (results["group"] == group)]
    rows = rows.reindex(columns=[*rows.columns, *(name for name in OPTIONAL if name not in rows.columns)])
    rows = shown(rows[rows["scale_m"].isna() & rows["k"].isna()])
    twice = rows[rows.duplicated(["city", "year"], keep=False)]
    if len(twice):
        first = twice[["city", "year"]].drop_duplicates().head(3).to_dict("records")
        raise BadData(f"results: {index} of {group} has several plain rows for {first}; one a year is allowed")
    return rows.assign(order=rows["city"].map(order_of(rows["city"]))).sort_values(
        ["order", "year"], kind="stable", ignore_index=True
    )


def shown(rows):
    """The rows against the rest, with the group's own cluster size, of the latest release of their city and year."""
    rows = own_sizes(rows[rows["reference"].isna() | rows["reference"].isin(("rest", ""))])
    return rows[rows["release"].isna() | (rows["release"] == latest_release(rows))]


def groups_of(note, kind):
    """The groups that a note names, of `kind` "groups" or "ascending" (in their order); empty if it names none.

    >>> groups_of("made-up data; groups: low, high, rest", "groups")
    ('low', 'high', 'rest')
    """
    found = [part.removeprefix(f"{kind}: ").split(", ") for part in parts_of(note) if part.startswith(f"{kind}: ")]
    return tuple(found[0]) if found else ()


def parts_of(note):
    """The single texts that a note is made of."""
    return [part.strip() for part in ("" if pd.isna(note) else str(note)).split("; ") if part.strip()]


def own_sizes(rows):
    """The rows with the cluster size that the settings give each group; those of persons alone stand in the tables."""
    if "cluster_size" not in rows or rows["cluster_size"].isna().all():
        return rows
    sizes = rows["cluster_size"].fillna(1.0)
    return rows[sizes == sizes.groupby(rows["group"]).transform("max")]


def latest_release(rows):
    """For each row, the latest release that gives its city and year."""
    return rows.groupby(["city", "year"])["release"].transform("max")


def order_of(cities):
    """The rank of each city: the programme's order, then other cities by name."""
    known = list(facts.cities())
    others = sorted(set(cities) - set(known))
    return {city: rank for rank, city in enumerate([*known, *others])}


def in_order(cities):
    """The cities, each once, in the programme's order.

    >>> in_order(["Oulu", "Helsinki", "Oulu"])
    ['Helsinki', 'Oulu']
    """
    order = order_of(cities)
    return sorted(set(cities), key=order.get)


def breaks(coverage, classification):
    """The years in which a city's series has a break: {city: (year, …)}.

    A note of `coverage` says "break: …" where areas entered or left the city, or the cells changed, since the
    year before.
    """
    if coverage is None or not len(coverage):
        return {}
    rows = coverage[coverage["classification"] == classification]
    noted = rows[rows["note"].fillna("").str.contains(BREAK, regex=False)]
    return {city: tuple(sorted({int(year) for year in part["year"]})) for city, part in noted.groupby("city")}


def crossed(years, first, last):
    """Whether a break lies between two years: a break in `last` counts, one in `first` does not.

    >>> crossed((2016,), 2015, 2016), crossed((2016,), 2016, 2018)
    (True, False)
    """
    return any(first < year <= last for year in years)


def changes_between(rows, group, first, last):
    """The changes of a group between two years, with its own cluster size."""
    rows = ordered(pd.DataFrame(columns=list(CHANGES)), CHANGES, ["city"]) if rows is None else rows
    own = (rows["group"] == group) & (rows["first_year"] == first) & (rows["last_year"] == last)
    return own_sizes(rows[own])


def baseline_of(rows, years, broken, wanted):
    """The year that changes are counted from: the wanted one, else the first after it.

    Where none is wanted, or none is left: the first year from which a city has a change to the latest year that no
    break crosses; the first of all if there is none.
    """
    earlier = years[:-1]
    named = [year for year in earlier if wanted is not None and year >= wanted]
    comparable = [year for year in earlier if any(compares(part, year, years[-1], broken) for part in rows.values())]
    return next(iter([*named, *comparable, *earlier]), None)


def compares(rows, first, last, broken):
    """Whether a city has published values of both years, and no break between them."""
    valued = rows[rows["value"].notna()]
    both = set(valued["city"][valued["year"] == first]) & set(valued["city"][valued["year"] == last])
    return any(not crossed(broken.get(city, ()), first, last) for city in both)


def row_of(rows, city, year):
    """A city's row of a year, or None."""
    if rows is None or year is None:
        return None
    own = rows[(rows["city"] == city) & (rows["year"] == year)]
    return own.iloc[0] if len(own) else None


def change_of(changes, index, city, now, then):
    """The change of a corrected value, of rows of that term; nothing where a year's value is not published.

    `now` and `then` are the rows of the two years, as `row_of` gives them.
    """
    rows = changes[(changes["index"] == index) & (changes["city"] == city)]
    if not len(rows) or any(row is None or np.isnan(row["value"]) for row in (now, then)):
        return {"change": np.nan, "low": np.nan, "high": np.nan, "q": np.nan, "note": ""}
    return rows.iloc[0]


def why_no_change(baseline, now, then):
    """Why there is no change to judge since a baseline, between the rows of two years."""
    if baseline is None:
        return "one_year"
    for row in (now, then):
        if row is not None and row["refused"]:
            return row["refused"]
    if now is None or then is None or np.isnan(now["value"]) or np.isnan(then["value"]):
        return "no_value"
    return "no_interval"


def covered(coverage, city, classification, year):
    """What a year of a city rests on; its coverage is NaN where it is not known."""
    rows = coverage[(coverage["city"] == city) & (coverage["classification"] == classification)]
    rows = rows[rows["year"] == year]
    if not len(rows):
        return {"coverage": np.nan, "residents": np.nan, "n_cells": np.nan}
    return rows[rows["release"] == latest_release(rows)].iloc[-1] if rows["release"].notna().all() else rows.iloc[-1]
