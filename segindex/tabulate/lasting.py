"""Clusters that last: each one over the years, what became of it, and who lives in it."""

import numpy as np
import pandas as pd

from segindex.errors import BadSettings
from segindex.indices._arrays import ratio
from segindex.inference import CLASSES
from segindex.inference.local_clusters import UNTESTED
from segindex.schema import LASTING, ordered
from segindex.typology import tracked

CHANGED = 0.1
"""By which part of its residents a cluster grows or shrinks before it is said to."""

SECOND = 1 / 3
"""Of a cluster's residents: from which part on a second area is named."""

KEYS = ["city", "classification", "group", "index"]


NEEDED = [*KEYS, "year", "cell", "area", "cluster", "cell_size_m", "population", "group_size", "x", "y", "crs", "note"]
"""The columns of the table of `local` that clusters over the years rest on."""


def lasting(cells, names=None, cluster="high-high"):
    """Clusters of one class over the years of the table of `local`: a row a cluster and year.

    Areas of two years are one cluster where they share a cell. Clusters whose `n_years` is near `of_years` last.

    Parameters
    ----------
    cells : DataFrame
        As `segindex.local` gives it, of two years at least for anything to be told.
    names : dict of str to str, optional
        The name of the area that a cell is, or lies in: {cell: name}.
    cluster : str
        The class: "high-high" or another of those that areas are made of.

    Returns
    -------
    DataFrame
        The columns of `LASTING`: `id`, the cluster's first year and its first cell in it; `event`, what became of it
        since the year before that was looked at: "there at the start", "born", "grown" or "shrunk" by more than a tenth
        of its residents, "as before", "dissolved" (a row without cells), "back"; `n_years` of `of_years` in which it
        was found; `name`, of the areas where most of its residents live, in all years together; the residents and
        members of its cells in the year, and their mean place.

    Notes
    -----
    A finding may be missing in one year by chance: with a false-discovery rate of 5 % and some years the lasting ones
    are safer than any year's alone. Protected cells are of no cluster, so that one may seem to dissolve in them.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame(
    ...     {"city": "Lahti", "classification": "language", "group": "x", "index": "local_morans_i",
    ...      "year": [2020, 2024, 2024], "area": 1, "cluster": "high-high", "cell": ["a", "a", "b"], "crs": "EPSG:3067",
    ...      "population": [50.0, 60, 40], "group_size": [20.0, 30, 20], "x": 0.0, "y": 0.0, "note": ""}
    ... )
    >>> lasting(cells)[["id", "year", "event", "n_years", "population"]].values.tolist()
    [['2020:a', 2020, 'there at the start', 2, 50], ['2020:a', 2024, 'grown', 2, 100]]
    """
    known = dict.fromkeys(name for classes in CLASSES.values() for name in classes if name not in UNTESTED)
    if cluster not in known:
        raise BadSettings(f"cluster is {cluster!r}; allowed are {', '.join(known)}")
    rows = []
    for keys, every in _alike(cells[[name for name in NEEDED if name in cells]]):
        looked = sorted(int(year) for year in every["year"].unique())
        for _, one in _tracked(every, cluster):
            rows += _history(dict(zip(KEYS, keys)) | {"name": _name(one, names or {})}, one, looked, cluster)
    return ordered(pd.DataFrame(rows, columns=list(LASTING)), LASTING, [*KEYS, "id", "year"])


def lasting_ids(cells, cluster="high-high"):
    """The id of the lasting cluster (`lasting`) that each row of the table of `local` belongs to, "" where to none.

    Returns
    -------
    Series of str
        By the index of `cells`.
    """
    ids = pd.Series("", index=cells.index, dtype=object)
    for _, every in _alike(cells):
        for _, one in _tracked(every, cluster):
            ids[one.index] = _id(one)
    return ids


def _alike(cells):
    """The cells of one city, group and index that are of one size: others have other areas."""
    size = cells["cell_size_m"].fillna(0) if "cell_size_m" in cells else pd.Series(0, index=cells.index)
    for keys, every in cells.groupby([*(cells[name] for name in KEYS), size], sort=True):
        yield keys[: len(KEYS)], every


def _tracked(every, cluster):
    """The cells of each cluster over the years, of one city, group and index."""
    own = every[(every["cluster"] == cluster) & (every["area"] > 0)]
    return own.assign(track=tracked(own["year"], own["area"], own["cell"].astype(str))).groupby("track")


def _id(one):
    """What a cluster is called: its first year and its first cell in it."""
    first = one["year"].min()
    return f"{first}:{one.loc[one['year'] == first, 'cell'].astype(str).min()}"


def _name(one, names):
    """The area that most of a cluster's residents live in, with the next one where a third of them do."""
    areas = pd.Series([names.get(cell) for cell in one["cell"]], index=one.index, dtype=object)
    people = one.groupby(areas)["population"].sum().sort_values(ascending=False, kind="stable")
    named = people[people >= SECOND * one["population"].sum()]
    return ", ".join([*people.index[:1], *named.index[1:2]])


def _history(common, one, looked, cluster):
    """The rows of one cluster: from its first year on, until a year after its last."""
    years = sorted(int(year) for year in one["year"].unique())
    common = common | {
        "cluster": cluster,
        "id": _id(one),
        "n_years": len(years),
        "of_years": len(looked),
        "crs": one["crs"].iloc[0],
        "note": one["note"].iloc[0],
    }
    before = None
    for at, year in enumerate(looked):
        own = one[one["year"] == year]
        people = float(own["population"].sum())
        if len(own):
            event = _event(before, people, at, year > years[0])
            weight = ratio(own["population"].to_numpy(float), people)
            yield common | {
                "year": year,
                "event": event,
                "n_cells": len(own),
                "population": round(people),
                "group_size": round(float(own["group_size"].sum())),
                "share": float(ratio(own["group_size"].sum(), people)),
                "x": float(weight @ own["x"].to_numpy(float)),
                "y": float(weight @ own["y"].to_numpy(float)),
            }
        elif before is not None:
            gone = {"n_cells": 0, "population": 0, "group_size": 0, "share": np.nan, "x": np.nan, "y": np.nan}
            yield common | {"year": year, "event": "dissolved"} | gone
        before = people if len(own) else None


def _event(before, people, at, known):
    """What became of a cluster that is there, from its residents the year before, if it was there."""
    if before is None:
        return "back" if known else "born" if at else "there at the start"
    if abs(people - before) <= CHANGED * before:
        return "as before"
    return "grown" if people > before else "shrunk"
