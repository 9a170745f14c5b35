"""Area types and accumulation: standards that stay as they were at the baseline, a row a cell, residents by type."""

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings
from segindex.schema import ACCUMULATION, AREAS, STANDARDS, TRANSITIONS, TYPES, ordered
from segindex.tabulate.asked import panels_of
from segindex.tabulate.joined import joined_by_city, shared_years
from segindex.tabulate.notes import joined
from segindex.typology import Alike, Standard, accumulated, cut_points, disadvantage, standard, transitions, types_of

DIMENSIONS = {"low_income": 1.0, "basic_education": 1.0, "unemployed": 1.0}
"""What the index of disadvantage is made of, and the weight of each."""

PARTS = (0.10, 0.25, 0.75, 0.90)
"""Above each cut-off between types lived at most such a part of the residents at the baseline."""

WORST = {"low_income": 1, "basic_education": 1, "unemployed": 1, "rented": 1}
BEST = {"high_income": 1, "higher_education": 1, "unemployed": -1, "rented": -1}
"""The fifth where disadvantage, or advantage, is greatest: of the highest shares (1) or of the lowest (-1)."""

FIFTH = 0.2
END = 0.1
CLASSES = 3
"""Of an order that has a lowest and a highest end and a middle."""

K = 1000
"""Nearest residents whose shares a cell of a grid is judged by."""

ENDS = {"worst": WORST, "best": BEST}
OUT = {0: "unknown", len(PARTS) + 2: "nobody"}
STANDARD_KEYS = ["extent", "quantity", "dimension", "number"]


def standards(panels, *, year=None, weights=None, parts=PARTS, k=K, typed=True):
    """What cells are typed by, fixed at a baseline year: means, deviations and cut-offs.

    Parameters
    ----------
    panels : list of Panel
        Of all cities that are looked at as one, with the groups of `DIMENSIONS`; those of `WORST` and `BEST` where they
        are to be counted.
    year : int, optional
        The baseline; the first year that a city has all groups in if left out.
    weights : dict of str to float, optional
        The groups of the index and their weights; `DIMENSIONS` if left out.
    parts : tuple of float
        Of the residents, in ascending order: above each cut-off lives at most that part.
    k : float
        Nearest residents on grids.
    typed : bool
        With those of the index; without, only the fifths and tenths of its shares.

    Returns
    -------
    DataFrame
        The columns of `STANDARDS`. `extent` is empty for all cities together, else the city; quantities are "weight",
        "mean" and "deviation" of a dimension, "type" (the cut-offs of the index), "worst" and "best" (the fifths, of
        dimensions that the panels have) and "extremes" (the tenths of `ends`, of classifications in three classes).

    Raises
    ------
    ValueError
        No city has all groups of the index in the year.
    """
    panels = panels_of(panels)
    weights = DIMENSIONS if weights is None else weights
    if list(parts) != sorted(set(parts)) or not all(0 < one < 1 for one in parts):
        raise BadSettings(f"parts are {parts}; allowed are ascending numbers between 0 and 1")
    years, lacking = shared_years(panels, list(weights))
    first = min((own[0] for own in years.values()), default=None) if year is None else year
    pairs = {
        panel.classification: (panel.ascending[0], panel.ascending[-1])
        for panel in panels
        if len(panel.ascending) == CLASSES
    }
    also = (*WORST, *BEST, *(name for pair in pairs.values() for name in pair))
    cities = joined_by_city(panels, list(weights), k, also, (first,))
    if not cities:
        why = "; ".join(f"{city}: {reason}" for city, reason in lacking.items())
        raise BadData(f"no city has {', '.join(weights)} in {first or 'one year'}{': ' if why else ''}{why}")
    found = [fixed_by(cities, weights, parts, k) if typed else _table_of(_fifths(list(cities.values()), k))]
    found += [extremes(list(cities.values()), name, *pair, k) for name, pair in pairs.items()]
    return ordered(pd.concat([one for one in found if len(one)], ignore_index=True), STANDARDS, STANDARD_KEYS)


def extremes(cities, classification, lowest, highest, k):
    """The cut-offs of both ends: of the share of the highest class less that of the lowest, a tenth of the residents.

    Of joined cities in their first year, as rows of `STANDARDS`; none where no city has both classes.
    """
    own = [one for one in cities if {lowest, highest} <= set(one.share)]
    own = [one for one in own if np.isfinite(one.share[highest][0] - one.share[lowest][0]).any()]
    rows = []
    if own:
        apart = np.concatenate([one.share[highest][0] - one.share[lowest][0] for one in own])
        people = np.concatenate([one.residents[0] for one in own])
        cuts = (-cut_points(-apart, people, [END])[0], cut_points(apart, people, [END])[0])
        common = {
            "quantity": "extremes",
            "dimension": classification,
            "year": own[0].years[0],
            "k": k if own[0].cell_size_m is not None else np.nan,
            "n_cities": len(own),
            "residents": round(people[~np.isnan(apart)].sum()),
            "note": _without_breaks(own[0].notes[0]),
        }
        rows = [common | {"number": number, "value": float(cut)} for number, cut in enumerate(cuts, 1)]
    return ordered(pd.DataFrame(rows, columns=list(STANDARDS)), STANDARDS, STANDARD_KEYS)


def fixed_by(cities, weights, parts, k):
    """The standards of joined cities, {city: Joined} of one year."""
    rows = []
    for extent in ("", *cities):
        own = list(cities.values()) if not extent else [cities[extent]]
        shares = np.concatenate([each.known(weights)[0] for each in own])
        people = np.concatenate([each.residents[0] for each in own])
        if extent and not _differ(shares):
            continue
        fixed = standard(shares, people, weights)
        index = disadvantage(shares, fixed, list(weights.values()))
        common = {
            "extent": extent,
            "year": own[0].years[0],
            "k": k if own[0].cell_size_m is not None else np.nan,
            "n_cities": len(own),
            "residents": round(people[~np.isnan(index)].sum()),
            "note": _without_breaks(own[0].notes[0]),
        }
        for quantity, values in (("weight", weights.values()), ("mean", fixed.mean), ("deviation", fixed.sd)):
            rows += [
                common | {"quantity": quantity, "dimension": name, "number": 1, "value": float(value)}
                for name, value in zip(weights, values)
            ]
        rows += [
            common | {"quantity": "type", "dimension": "disadvantage", "number": number, "value": float(cut)}
            for number, cut in enumerate(cut_points(index, people, parts), 1)
        ]
    rows += _fifths(list(cities.values()), k)
    return _table_of(rows)


def _table_of(rows):
    return ordered(pd.DataFrame(list(rows), columns=list(STANDARDS)), STANDARDS, STANDARD_KEYS)


def _differ(shares):
    """Whether each dimension has known cells whose shares differ: a city that has none gets no cut-offs of its own."""
    known = shares[~np.isnan(shares).any(axis=-1)]
    return len(known) > 0 and bool((np.ptp(known, axis=0) > 1e-9).all())


def standards_or_none(panels, **given):
    """The standards; without those of the index where one of its shares is the same in all cells, and a table without
    rows where no city has all its groups."""
    years = shared_years(panels_of(panels), list(given.get("weights") or DIMENSIONS))[0]
    if any(given.get("year") in (None, *own) for own in years.values()):
        try:
            return standards(panels, **given)
        except Alike:
            return standards(panels, **given, typed=False)
    return ordered(pd.DataFrame(columns=list(STANDARDS)), STANDARDS, STANDARD_KEYS)


def _without_breaks(note):
    return joined(*(part for part in note.split("; ") if not part.startswith("break")))


def no_areas():
    """The table of `area_types` without rows."""
    return ordered(pd.DataFrame(columns=list(AREAS)), AREAS, ["city"])


def _fifths(cities, k):
    """The cut-offs of the fifths where a share is highest, or lowest, of all cities at the baseline."""
    for end, signs in ENDS.items():
        for name, sign in signs.items():
            own = [one for one in cities if name in one.share and not np.isnan(one.share[name]).all()]
            if not own:
                continue
            share = np.concatenate([one.share[name][0] for one in own])
            people = np.concatenate([one.residents[0] for one in own])
            yield {
                "extent": "",
                "quantity": end,
                "dimension": name,
                "number": 1,
                "value": float(sign * cut_points(sign * share, people, [FIFTH])[0]),
                "year": own[0].years[0],
                "k": k if own[0].cell_size_m is not None else np.nan,
                "n_cities": len(own),
                "residents": round(people[~np.isnan(share)].sum()),
                "note": _without_breaks(own[0].notes[0]),
            }


def area_types(panels, fixed=None, *, year=None, k=K):
    """The type of every cell in every year, and the dimensions in which it is of the worst or best fifth.

    Parameters
    ----------
    panels : list of Panel
        As `standards` takes them.
    fixed : DataFrame, optional
        Standards that were fixed before; those of these panels at `year` if left out.
    year : int, optional
        The baseline of the standards.
    k : float
        Nearest residents on grids, where the standards are not given.

    Returns
    -------
    DataFrame
        The columns of `AREAS`, a row a cell where anybody lives: `disadvantage`, the index; `type`, 1 (most
        disadvantaged) to 5, by the cut-offs of all cities, and `type_in_city`; 0 where a share is protected or unknown.
        A cell at a cut-off is of the less disadvantaged type.
        `worst` and `best` name the dimensions, `n_worst` and `n_best` count them; empty where one is not known.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame({"cell": list("abcd"), "t": [50] * 4, "low_income": [20, 10, 5, 2]})
    >>> frame["basic_education"], frame["unemployed"] = [18, 12, 6, 1], [9, 5, 3, 2]
    >>> panels = [
    ...     segindex.to_panel(frame, name, base="t", year=2024, city="Lahti", classification=name)
    ...     for name in ("low_income", "basic_education", "unemployed")
    ... ]
    >>> area_types(panels)["type"].tolist()
    [2, 3, 3, 5]
    """
    panels = panels_of(panels)
    fixed = standards(panels, year=year, k=k) if fixed is None else fixed
    weights = _of(fixed, "", "weight")
    smoothing = fixed["k"].dropna()
    k = float(smoothing.iloc[0]) if len(smoothing) else k
    return typed(joined_by_city(panels, list(weights), k, (*WORST, *BEST)), fixed)


def typed(cities, fixed):
    """The table of `area_types` of joined cities."""
    tables = [_table(own, fixed) for own in cities.values()]
    if not tables:
        return no_areas()
    return ordered(pd.concat(tables, ignore_index=True), AREAS, ["city", "year", "release", "cell"])


def _table(own, fixed):
    weights = _of(fixed, "", "weight")
    shares = own.known(weights)
    extents = [extent for extent in ("", own.city) if (fixed["extent"] == extent).any()]
    kinds = {extent: np.zeros(own.residents.shape, dtype=int) for extent in ("", own.city)}
    for extent in extents:
        by = Standard(*(np.array(list(_of(fixed, extent, quantity).values())) for quantity in ("mean", "deviation")))
        index = disadvantage(shares, by, list(weights.values()))
        cuts = fixed[(fixed["extent"] == extent) & (fixed["quantity"] == "type")].sort_values("number")["value"]
        kinds[extent] = types_of(index, cuts)
        if not extent:
            values = index
    found = {end: _counted(own, fixed, end) for end in ENDS}
    tables = []
    for at, year in enumerate(own.years):
        lived = own.residents[at] > 0
        tables.append(
            pd.DataFrame(
                {
                    "city": own.city,
                    "year": year,
                    "release": own.releases[at],
                    "cell": own.cells,
                    "x": own.xy[:, 0],
                    "y": own.xy[:, 1],
                    "cell_size_m": own.cell_size_m or np.nan,
                    "crs": own.crs,
                    "residents": np.rint(own.residents[at]).astype(int),
                    "disadvantage": values[at],
                    "type": kinds[""][at],
                    "type_in_city": kinds[own.city][at],
                    **{name: column[at] for end in ENDS for name, column in found[end].items()},
                    "note": own.notes[at],
                }
            )[lived]
        )
    return pd.concat(tables, ignore_index=True)


def _of(fixed, extent, quantity):
    """The values of a quantity by dimension, in the order of the weights."""
    own = fixed[(fixed["extent"] == extent) & (fixed["quantity"] == quantity)]
    return dict(zip(own["dimension"], own["value"]))


def _counted(own, fixed, end):
    """How many dimensions a cell is in the fifth of, and their names; arrays (n_years, n_cells)."""
    cuts = _of(fixed, "", end)
    counts = np.zeros(own.residents.shape)
    names = np.full(own.residents.shape, "", dtype=object)
    nothing = np.full(own.residents.shape, np.nan)
    for name, cut in cuts.items():
        share = own.share.get(name, nothing)
        counts += np.where(np.isnan(share), np.nan, ENDS[end][name] * share > ENDS[end][name] * cut)
        with_it = ENDS[end][name] * np.nan_to_num(share, nan=-np.inf * ENDS[end][name]) > ENDS[end][name] * cut
        names = np.where(with_it, names + np.where(names == "", "", " ") + name, names)
    known = ~np.isnan(counts) & bool(cuts)
    number = pd.array(np.where(known, np.nan_to_num(counts), -1).ravel(), dtype="Int64")
    number[~known.ravel()] = pd.NA
    by_year = [number[at * known.shape[1] : (at + 1) * known.shape[1]] for at in range(len(own.years))]
    return {f"n_{end}": by_year, end: np.where(known, names, "")}


def type_residents(areas):
    """Residents by area type, from the table of `area_types`: a row a type, city, year and extent of the cut-offs."""
    tables = []
    for extent, column in (("cities", "type"), ("city", "type_in_city")):
        sums = (
            areas.groupby(["city", "year", column])
            .agg(n_cells=("cell", "size"), residents=("residents", "sum"), note=("note", "first"))
            .reset_index()
            .rename(columns={column: "type"})
        )
        total = sums.groupby(["city", "year"])["residents"].transform("sum")
        tables.append(sums.assign(extent=extent, residents_share=sums["residents"] / total))
    return ordered(pd.concat(tables, ignore_index=True), TYPES, ["city", "year", "extent", "type"])


def type_changes(areas, first, last=None):
    """Residents by type in two years, from the table of `area_types`: a row a pair of types, "unknown" or "nobody" too.

    `first_residents` lived in such cells in the first year, `last_residents` in the last (the latest if left out): who
    moved between cells is not known.
    """
    rows = []
    for city, own in areas.groupby("city"):
        until = int(own["year"].max()) if last is None else last
        pair = [own[own["year"] == year].set_index("cell") for year in (first, until)]
        if first >= until or not all(map(len, pair)):
            continue
        cells = pair[0].index.union(pair[1].index)
        notes = own.loc[own["year"].between(first + 1, until), "note"].unique()
        said = joined(*dict.fromkeys(part for one in notes for part in one.split("; ")))
        for extent, column in (("cities", "type"), ("city", "type_in_city")):
            kinds = [one[column].reindex(cells, fill_value=0).to_numpy() for one in pair]
            people = [one["residents"].reindex(cells, fill_value=0).to_numpy(float) for one in pair]
            found = transitions(*kinds, *people, len(PARTS) + 1)
            for one, other in np.argwhere(found[0] > 0):
                n_cells, before, after = found[:, one, other]
                rows.append(
                    {
                        "city": city,
                        "extent": extent,
                        "first_year": first,
                        "last_year": until,
                        "first_type": OUT.get(int(one), str(one)),
                        "last_type": OUT.get(int(other), str(other)),
                        "n_cells": n_cells,
                        "first_residents": before,
                        "last_residents": after,
                        "note": said,
                    }
                )
    keys = ["city", "extent", "first_year", "first_type", "last_type"]
    return ordered(pd.DataFrame(rows, columns=list(TRANSITIONS)), TRANSITIONS, keys)


def accumulation(areas, fixed):
    """Residents by how many dimensions their cell is of the worst, or best, fifth in, from the table of `area_types`.

    `independent_share` is what it would be if the dimensions had nothing to do with each other: with the city's own
    share of residents in each of the fifths. Residents of cells where a dimension is not known are `unknown_share` of
    all; the other shares are of those known. `n_cells` counts the cells of the number, `n_unknown` those not known.
    """
    rows = []
    for end in ENDS:
        names = list(_of(fixed, "", end))
        for (city, year), own in areas.groupby(["city", "year"]) if names else ():
            known = own[own[f"n_{end}"].notna()]
            everyone = own["residents"].sum()
            flags = np.array([[name in said.split() for name in names] for said in known[end]], dtype=bool)
            people = known["residents"].to_numpy(float)
            cells = np.bincount(flags.sum(axis=1), minlength=len(names) + 1) if len(known) else np.zeros(len(names) + 1)
            nothing = np.full(len(names) + 1, np.nan)
            share, independent = accumulated(flags, people) if len(known) else (nothing, nothing)
            for number in range(len(names) + 1):
                rows.append(
                    {
                        "city": city,
                        "year": year,
                        "end": end,
                        "dimensions": " ".join(names),
                        "n_dimensions": number,
                        "n_cells": int(cells[number]),
                        "n_unknown": len(own) - len(known),
                        "residents": round(float(np.nan_to_num(share[number]) * people.sum())),
                        "residents_share": share[number],
                        "independent_share": independent[number],
                        "unknown_share": 1 - people.sum() / everyone if everyone else np.nan,
                        "note": own["note"].iloc[0],
                    }
                )
    return ordered(
        pd.DataFrame(rows, columns=list(ACCUMULATION)), ACCUMULATION, ["city", "year", "end", "n_dimensions"]
    )
