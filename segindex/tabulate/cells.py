"""Local values: a row a cell, and what lives in each class of cluster."""

from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import ratio
from segindex.inference import CLASSES, cluster_areas
from segindex.inference.local_clusters import local_clusters
from segindex.registry import index as index_of
from segindex.schema import CELLS, CLUSTER_AREAS, CLUSTERS, ordered
from segindex.tabulate.asked import check_groups, listed, panels_of, years_of
from segindex.tabulate.notes import note
from segindex.tabulate.view import NO_NEIGHBOURS, View

FEWEST_DRAWS, MOST_DRAWS = 9_999, 999_999


def local(
    panels,
    group=None,
    *,
    index="local_morans_i",
    reference="rest",
    year=None,
    seed=1,
    permutations=None,
    level=0.05,
    control="benjamini_hochberg",
    null="both",
):
    """A local index of every cell; of those that are tested, with its class under false-discovery control.

    Parameters
    ----------
    panels : Panel or list of Panel
        With `weights` (`segindex.areas.with_contiguity`) for what looks at neighbours; a regular grid gets queen
        contiguity if it has none.
    group : str or list of str, optional
    index : str or list of str
        Local indices of the registry. `local_morans_i`, `getis_ord` (and `getis_ord_star`, with the cell itself) and
        `local_geary` are tested by permutation; the others have a value alone.
    reference : str
        The group that `y` is, of indices that set one group against another.
    year : int or list of int, optional
        All years if left out.
    seed : int
        Of the permutations.
    permutations : int, optional
        Left out, so many that the smallest possible p can be found among the city's cells, draws that hold the cell
        itself not counted: 3 n / level, from 9,999 to 999,999. With fewer, cells beyond every draw get a normal p,
        whose tail is too light for small groups.
    level : float
        False-discovery rate.
    control : {"benjamini_hochberg", "benjamini_yekutieli"}
    null : {"both", "cells", "labels"}
        What chance is: cells change places, persons' groups are dealt out anew, or a finding must be beyond both. The
        permutation of cells alone finds too much where a group is small and cells differ in size. Local Geary, for
        which both at once is not defined, then takes "cells".

    Returns
    -------
    DataFrame
        The columns of `CELLS`, a row a cell: `value` of the index; for tested ones `z`, `p`, `q`, `cluster` and `area`,
        the number of the area that adjacent cells of one class make (0 where there is no finding). The `value` of these
        is of the rates that are tested, `z`, standardised for the cells' populations: `segindex.indices` gives that of
        plain shares. `null` says what p allows for, `from_moments` where it is of a normal (gamma) law.
    """
    tables = []
    panels = panels_of(panels)
    wanted = listed(group, "group")
    check_groups(panels, wanted)
    years = None if year is None else set(listed(year, "year"))
    if not isinstance(seed, Integral) or seed < 0:
        raise BadSettings(f"seed {seed!r}: whole numbers from 0 are allowed")
    test = {"seed": seed, "permutations": permutations, "level": level, "control": control, "null": null}
    for key in listed(index, "index"):
        check_local(key)
        for panel in panels:
            panel = _with_neighbours(panel) if _of_neighbours(key) else panel
            for at in [at for at, each in enumerate(panel.years) if years is None or each in years]:
                if key in CLASSES:
                    names = [name for name in panel.named_groups if wanted is None or name in wanted]
                    tables += [_tested(panel, at, name, key, **test) for name in names]
                else:
                    tables += _plain(panel, at, index_of(key), wanted, reference)
    if not tables:
        raise BadSettings(f"year {year} is in none of the panels; they have {years_of(panels)}")
    keys = ["city", "year", "classification", "group", "index", "cell"]
    return ordered(pd.concat(tables, ignore_index=True), CELLS, keys)


def check_local(key):
    """BadSettings unless a key is that of an index with a value a cell."""
    if key not in CLASSES and not index_of(key).local:
        raise BadSettings(f"{key} has one value a city: segindex.compute(panels, {key!r}) gives it")


def _of_neighbours(key):
    return key in CLASSES or "weights" in index_of(key).inputs


def clusters(cells):
    """Cells, residents and group members by class of local cluster, from the table of `local`.

    `population_share` and `group_share` are over the visible cells; protected cells have their number alone.
    """
    if cells["index"].nunique() > 1:
        raise BadSettings(f"clusters are of one index at a time; the cells have {', '.join(cells['index'].unique())}")
    keys = ["city", "year", "release", "classification", "group"]
    named = cells.assign(cluster=np.where(cells["hidden"], "protected", cells["cluster"]))
    sums = (
        named.groupby([*keys, "cluster"], sort=True)
        .agg(
            n_cells=("cell", "size"),
            population=("population", _sum_or_none),
            group_size=("group_size", _sum_or_none),
            note=("note", "first"),
        )
        .reset_index()
    )
    totals = sums.groupby(keys)[["population", "group_size"]].transform("sum")
    sums["population_share"] = ratio(sums["population"].to_numpy(float), totals["population"].to_numpy(float))
    sums["group_share"] = ratio(sums["group_size"].to_numpy(float), totals["group_size"].to_numpy(float))
    sums.loc[sums["cluster"] == "protected", ["population_share", "group_share"]] = np.nan
    return ordered(sums[list(CLUSTERS)], CLUSTERS, [*keys, "cluster"])


def _with_neighbours(panel):
    weights = View(panel).weights
    if weights is None:
        raise BadData(f"{panel.city}, {panel.classification}: {NO_NEIGHBOURS}")
    return replace(panel, weights=weights)


def _tested(panel, at, name, key, *, seed, permutations, level, control, null):
    x, t = panel.group(name)[at], panel.base[at]
    rng = np.random.default_rng([seed, panel.years[at]])
    if permutations is None:
        permutations = int(min(max(3 * (t > 0).sum() / level, FEWEST_DRAWS), MOST_DRAWS))
    if null == "both" and key == "local_geary":
        null = "cells"
    found = local_clusters(
        x,
        t,
        panel.weights,
        rng=rng,
        statistic=key,
        permutations=permutations,
        level=level,
        control=control,
        null=null,
    )
    area = cluster_areas(x, t, found.cluster, panel.weights).area
    cluster = np.where(panel.hidden[at], "protected", found.cluster)
    tested = {name: getattr(found, name) for name in ("value", "z", "p", "q", "from_moments")}
    return _table(panel, at, name, key, tested | {"cluster": cluster, "area": area, "null": null})


def _plain(panel, at, entry, wanted, reference):
    view = View(panel.at([panel.years[at]]))
    lacks = view.lacks(entry, reference)
    if lacks:
        raise BadData(f"{panel.city}, {panel.classification}: {entry.key} {lacks}")
    tables = []
    for name in view.names(entry, wanted, reference):
        value = np.asarray(entry.function(**view.inputs(entry, name, reference)), dtype=float)[0]
        tables.append(_table(panel, at, name, entry.key, {"value": np.where(panel.hidden[at], np.nan, value)}))
    return tables


def _table(panel, at, name, key, found):
    t = panel.base[at]
    x = t if name == "all" else panel.group(name)[at]
    xy = panel.xy if panel.xy is not None else np.full((len(t), 2), np.nan)
    lived = (panel.residents[at] > 0) | panel.hidden[at]
    table = pd.DataFrame(
        {
            "city": panel.city,
            "year": panel.years[at],
            "release": panel.releases[at],
            "classification": panel.classification,
            "group": name,
            "index": key,
            "cell": panel.cells,
            "x": xy[:, 0],
            "y": xy[:, 1],
            "cell_size_m": panel.cell_size_m or np.nan,
            "crs": panel.crs,
            "population": np.where(panel.hidden[at], np.nan, t),
            "group_size": np.where(panel.hidden[at], np.nan, x),
            "share": ratio(x, t),
            "area": 0,
            "from_moments": False,
            "hidden": panel.hidden[at],
            "note": note(panel),
        }
        | found
    )
    return table[lived]


def areas(cells):
    """The areas that adjacent cells of one class make, from the table of `local`: a row an area, the largest first.

    `x` and `y` are the mean place of its residents.
    """
    keys = ["city", "year", "release", "classification", "group", "index", "area"]
    own = cells[cells["area"] > 0]
    weighed = own.assign(x=own["x"] * own["population"], y=own["y"] * own["population"])
    sums = (
        weighed.groupby(keys, sort=True)
        .agg(
            cluster=("cluster", "first"),
            n_cells=("cell", "size"),
            population=("population", "sum"),
            group_size=("group_size", "sum"),
            x=("x", _sum_or_none),
            y=("y", _sum_or_none),
            first_cell=("cell", "min"),
            crs=("crs", "first"),
            note=("note", "first"),
        )
        .reset_index()
    )
    people = sums["population"].to_numpy(float)
    sums["share"] = ratio(sums["group_size"].to_numpy(float), people)
    sums["x"], sums["y"] = (ratio(sums[name].to_numpy(float), people) for name in "xy")
    return ordered(sums, CLUSTER_AREAS, keys)


def _sum_or_none(values):
    return values.sum(min_count=1)
