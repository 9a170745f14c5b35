"""Local values: a row a cell, and what lives in each class of cluster."""

from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import ratio
from segindex.inference.local_clusters import local_clusters
from segindex.neighbourhood import contiguity
from segindex.schema import CELLS, CLUSTERS, ordered
from segindex.tabulate.asked import check_groups, listed, panels_of, years_of
from segindex.tabulate.notes import note

FEWEST_DRAWS, MOST_DRAWS = 9_999, 999_999


def local(panels, group=None, *, year=None, seed=1, permutations=None, level=0.05, control="benjamini_hochberg"):
    """Local Moran's I of every cell, with its class under false-discovery control.

    Parameters
    ----------
    panels : Panel or list of Panel
        With `weights` (`segindex.grid.with_contiguity`); a regular grid gets queen contiguity if it has none.
    group : str or list of str, optional
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

    Returns
    -------
    DataFrame
        The columns of `CELLS`: a row a cell with `value` (local I), `z`, `p`, `q` and `cluster`.
    """
    tables = []
    panels = panels_of(panels)
    wanted = listed(group, "group")
    check_groups(panels, wanted)
    years = None if year is None else set(listed(year, "year"))
    if not isinstance(seed, Integral) or seed < 0:
        raise BadSettings(f"seed {seed!r}: whole numbers from 0 are allowed")
    for panel in panels:
        panel = _with_neighbours(panel)
        for at, each in enumerate(panel.years):
            if years is None or each in years:
                tables += [
                    _local(panel, at, name, seed, permutations, level, control)
                    for name in panel.named_groups
                    if wanted is None or name in wanted
                ]
    if not tables:
        raise BadSettings(f"year {year} is in none of the panels; they have {years_of(panels)}")
    return ordered(pd.concat(tables, ignore_index=True), CELLS, ["city", "year", "classification", "group", "cell"])


def clusters(cells):
    """Cells, residents and group members by class of local cluster, from the table of `local`.

    `population_share` and `group_share` are over the visible cells; protected cells have their number alone.
    """
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
    if panel.weights is not None:
        return panel
    if panel.xy is None:
        raise BadData(
            f"{panel.city}, {panel.classification}: neighbours are not known and the cells have no coordinates; give "
            f"polygons (read(..., polygons=FILE), --polygons FILE), or coordinates of a regular grid"
        )
    return replace(panel, weights=contiguity(panel.xy, "queen"))


def _local(panel, at, name, seed, permutations, level, control):
    x, t = panel.group(name)[at], panel.base[at]
    rng = np.random.default_rng([seed, panel.years[at]])
    if permutations is None:
        permutations = int(min(max(3 * (t > 0).sum() / level, FEWEST_DRAWS), MOST_DRAWS))
    found = local_clusters(x, t, panel.weights, rng=rng, permutations=permutations, level=level, control=control)
    xy = panel.xy if panel.xy is not None else np.full((len(t), 2), np.nan)
    lived = (panel.residents[at] > 0) | panel.hidden[at]
    table = pd.DataFrame(
        {
            "city": panel.city,
            "year": panel.years[at],
            "release": panel.releases[at],
            "classification": panel.classification,
            "group": name,
            "index": "local_morans_i",
            "cell": panel.cells,
            "x": xy[:, 0],
            "y": xy[:, 1],
            "cell_size_m": panel.cell_size_m or np.nan,
            "crs": panel.crs,
            "population": np.where(panel.hidden[at], np.nan, t),
            "group_size": np.where(panel.hidden[at], np.nan, x),
            "share": ratio(x, t),
            "value": found.value,
            "z": found.z,
            "p": found.p,
            "q": found.q,
            "cluster": np.where(panel.hidden[at], "protected", found.cluster),
            "hidden": panel.hidden[at],
            "note": note(panel),
        }
    )
    return table[lived]


def _sum_or_none(values):
    return values.sum(min_count=1)
