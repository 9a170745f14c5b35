"""Panels and index keys to tidy tables: one row, one number."""

from collections import Counter
from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd

from segindex import suppression
from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import ratio
from segindex.inference import expected
from segindex.inference.expected import EXACT
from segindex.inference.local_clusters import local_clusters
from segindex.neighbourhood import contiguity, kernel, nearest
from segindex.panel import Panel
from segindex.registry import INDICES
from segindex.registry import index as index_of
from segindex.schema import CELLS, CLUSTERS, COVERAGE, KEYS, RESULTS, ordered

MADE_UP = "made-up data"
SCALE_KERNEL = "biweight"
FEWEST_DRAWS, MOST_DRAWS = 9_999, 999_999


def compute(panels, index=None, group=None, *, reference="rest", scale_m=(), k=(), same_mask=False):
    """Indices of panels as the tidy results table.

    Parameters
    ----------
    panels : Panel or list of Panel
    index : str or list of str, optional
        Keys of the registry; every index with one value a city if left out. Left out, an index that the panel
        has no input for (Moran's I without neighbours) is left out too; named, it is refused.
    group : str or list of str, optional
        Groups of the panels; all, and the rows "all" of indices that take every group at once, if left out.
    reference : str
        The group that `y` is: "rest" is everybody else in the base.
    scale_m : list of number
        Radii in metres of local environments (biweight kernel); each adds rows of the indices that take `nearby`.
    k : list of number
        The same with the k nearest residents.
    same_mask : bool
        Whether a cell that is protected in any year is left out of all years of its panel.

    Returns
    -------
    DataFrame
        The columns of `RESULTS`. `value` is the plain value over visible cells; `expected` the value under no
        segregation, where it is known exactly; `n_cells` the visible cells with a base; `population` the base in
        them; `hidden_share` the base in protected cells over all.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame({"foreign": [50, 50, 0], "everybody": [50, 100, 50]})
    >>> panel = segindex.to_panel(frame, "foreign", base="everybody", year=2024, city="Lahti")
    >>> segindex.compute(panel, ["dissimilarity", "isolation"])[["city", "index", "value"]]
        city          index  value
    0  Lahti  dissimilarity   0.50
    1  Lahti      isolation   0.75
    """
    panels = _panels(panels)
    entries = _entries(index)
    wanted = _listed(group, "group")
    scales, numbers = _listed(scale_m, "scale_m", empty=True), _listed(k, "k", empty=True)
    _check_groups(panels, wanted)
    rows = []
    for panel in panels:
        if any("weights" in entry.parameters for entry in entries):
            panel = _on_grid(panel)
        masked = suppression.same_mask(panel) if same_mask else panel
        rows += _rows(masked, entries, wanted, reference, scales, numbers, index is not None)
    return ordered(pd.DataFrame(rows, columns=list(RESULTS)), RESULTS, KEYS)


def coverage(panels):
    """What each panel rests on, a row a city, year and classification.

    The note tells what breaks the series (areas that entered or left the city), and where residents are of another
    date. Groups that protection hides each by itself have rows of their own, named in the note.
    """
    rows = []
    panels = _panels(panels)
    seen = Counter((panel.city, panel.classification, year) for panel in panels for year in panel.years)
    for panel in panels:
        hidden = suppression.hidden_residents(panel)
        covered = suppression.coverage(panel)
        for at, year in enumerate(panel.years):
            alone = seen[panel.city, panel.classification, year] > 1
            dated = panel.resident_dates[at] not in ("", panel.dates[at])
            said = [
                panel.breaks[at],
                _base_hidden(panel, at),
                f"residents of {panel.resident_dates[at]}" if dated else "",
                "groups: " + ", ".join(panel.named_groups) if alone else "",
            ]
            rows.append(
                {
                    "city": panel.city,
                    "year": year,
                    "release": panel.releases[at],
                    "source": panel.source,
                    "classification": panel.classification,
                    "reference_date": panel.dates[at],
                    "n_cells": int((panel.residents[at] > 0).sum()),
                    "n_hidden": int(panel.hidden[at].sum()),
                    "residents": round(panel.residents[at].sum()),
                    "hidden_residents": round(hidden[at]),
                    "coverage": covered[at],
                    "note": _note(panel, *said),
                }
            )
    return ordered(pd.DataFrame(rows, columns=list(COVERAGE)), COVERAGE, ["city", "year", "release", "classification"])


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
    panels = _panels(panels)
    wanted = _listed(group, "group")
    _check_groups(panels, wanted)
    years = None if year is None else set(_listed(year, "year"))
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
        raise BadSettings(f"year {year} is in none of the panels; they have {_years_of(panels)}")
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


def _rows(panel, entries, wanted, reference, scales, ks, named):
    year_hidden = suppression.hidden_share(panel)
    base = panel.base
    rows = []
    for entry in entries:
        lacks = _lacks(entry, panel, reference)
        if lacks:
            if named:
                raise BadData(f"{panel.city}, {panel.classification}: {entry.key} {lacks}")
            continue
        for name in _names(entry, panel, wanted):
            inputs = _inputs(entry, panel, name, reference)
            if name == "all":
                size = population = base.sum(axis=-1)
                cells, against = (base > 0).sum(axis=-1), ""
                note = "groups: " + ", ".join(panel.groups)
            else:
                against, note = reference, ""
                size = panel.group(name).sum(axis=-1)
                both = base if reference == "rest" or "t" in inputs else panel.group(name) + panel.group(reference)
                population, cells = both.sum(axis=-1), (both > 0).sum(axis=-1)
            null = np.full(len(panel.years), np.nan)
            if entry.key in EXACT and name != "all" and reference == "rest":
                null = _expected(entry.key, panel.group(name), base)
            if "weights" in entry.parameters:
                entered = (base > 0) & (((base > 0).astype(float) @ panel.weights) > 0)
                cells = entered.sum(axis=-1)
                population, size = ((entered * one).sum(axis=-1) for one in (base, panel.group(name)))
            for scale, near, kind in _environments(entry, panel, scales, ks):
                extra = {} if near is None else {"nearby": near}
                if callable(near) or near is None:
                    value = np.asarray(entry.function(**inputs, **extra), dtype=float)
                else:
                    value = np.array(
                        [entry.function(**_year(inputs, at), nearby=one) for at, one in enumerate(near)], dtype=float
                    )
                for at, year in enumerate(panel.years):
                    rows.append(
                        {
                            "city": panel.city,
                            "year": year,
                            "release": panel.releases[at],
                            "classification": panel.classification,
                            "index": entry.key,
                            "group": name,
                            "reference": against,
                            "scale_m": scale.get("scale_m", np.nan),
                            "k": scale.get("k", np.nan),
                            "cluster_size": 1.0,
                            "value": value[at],
                            "expected": null[at] if near is None else np.nan,
                            "n_cells": int(cells[at]),
                            "population": round(population[at]),
                            "group_size": round(size[at]),
                            "hidden_share": year_hidden[at],
                            "note": _note(
                                panel,
                                panel.breaks[at],
                                note,
                                kind,
                                _base_hidden(panel, at),
                                _why(value[at], size[at], population[at]),
                            ),
                        }
                    )
    return rows


def _expected(key, x, base):
    """The expected value, NaN where counts are no whole persons."""
    if (x % 1).any() or (base % 1).any():
        return np.full(len(base), np.nan)
    return expected(key, x, base)


def _environments(entry, panel, scales, ks):
    """The plain version, then one a scale: (columns, nearby, note)."""
    yield {}, None, ""
    if "nearby" not in entry.parameters or (not scales and not ks):
        return
    if panel.xy is None:
        raise BadData(
            f"{panel.city}, {panel.classification}: scale_m and k need coordinates, and the cells have none; give "
            f"polygons, or leave the scales out"
        )
    for scale in scales:
        yield {"scale_m": float(scale)}, kernel(panel.xy, SCALE_KERNEL, float(scale)), f"{SCALE_KERNEL} kernel"
    for number in ks:
        visible = np.where(panel.hidden, 0, panel.residents)
        near = [nearest(panel.xy, residents, float(number)) for residents in visible]
        yield {"k": float(number)}, near, "k nearest residents"


def _year(inputs, at):
    return {name: value[at] if np.ndim(value) > 1 else value for name, value in inputs.items()}


def _names(entry, panel, wanted):
    names = [name for name in panel.named_groups if wanted is None or name in wanted]
    if "counts" in entry.parameters:
        return names + (["all"] if wanted is None and len(panel.groups) > 2 else [])
    return names


def _inputs(entry, panel, name, reference):
    if name == "all":
        return {"counts": panel.counts}
    x, t = panel.group(name), panel.base
    y = t - x if reference == "rest" else panel.group(reference)
    share = ratio(x, t)
    given = {
        "x": x,
        "y": y,
        "t": t,
        "counts": np.stack([x, y], axis=-1),
        "share": share,
        "weights": panel.weights,
    }
    return {key: given[key] for key in entry.parameters if key in given}


def _lacks(entry, panel, reference):
    if reference != "rest" and not {"y", "counts"} & set(entry.parameters):
        return f"sets the group against its whole base and takes no reference group ({reference})"
    if reference not in panel.groups and reference != "rest":
        return f"cannot be set against {reference}: the groups are {', '.join(panel.groups)}"
    if "weights" in entry.parameters and panel.weights is None:
        return (
            "needs neighbours: cells of a regular grid, or the areas' polygons (read(..., polygons=FILE), "
            "--polygons FILE, to_panel of a GeoDataFrame with polygons)"
        )
    return ""


def _on_grid(panel):
    """The panel with its contiguity if its cells are a grid and it has none yet."""
    if panel.weights is None and panel.cell_size_m is not None and panel.xy is not None:
        return replace(panel, weights=contiguity(panel.xy, "queen"))
    return panel


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
            "note": _note(panel),
        }
    )
    return table[lived]


def _note(panel, *parts):
    selected = "visible cells are selected by the group's own count" if panel.hidden_rule == "group" else ""
    made_up = MADE_UP if panel.made_up else ""
    return "; ".join(part for part in (made_up, *parts, selected if panel.hidden.any() else "") if part)


def _base_hidden(panel, at):
    hidden = panel.base_hidden and panel.hidden[at].any()
    return "the base is hidden as well: residents are the weight" if hidden else ""


def _why(value, size, population):
    if np.isfinite(value):
        return ""
    if size == 0:
        return "undefined: the group has no members"
    if size == population:
        return "undefined: everybody is of the group"
    return "undefined"


def _sum_or_none(values):
    return values.sum(min_count=1)


def _panels(panels):
    found = list(panels) if isinstance(panels, (list, tuple)) else [panels]
    for panel in found:
        if not isinstance(panel, Panel):
            raise BadSettings(
                f"a Panel or a list of them is needed, not {type(panel).__name__}; "
                f"segindex.read(path) or segindex.to_panel(frame, ...) gives one"
            )
    if not found:
        raise BadSettings("the list of panels is empty")
    return found


def _entries(index):
    if index is None:
        return [entry for entry in INDICES if not entry.local]
    entries = [index_of(key) for key in _listed(index, "index")]
    local = [entry.key for entry in entries if entry.local]
    if local:
        raise BadSettings(f"{', '.join(local)} has a value a cell, not one a city: segindex.local(panels) gives it")
    return entries


def _listed(value, name, *, empty=False):
    if value is None:
        return None
    found = [value] if isinstance(value, (str, int, float, np.number)) else list(value)
    if not found and not empty:
        raise BadSettings(f"{name} is an empty list; leave it out for all")
    return found


def _check_groups(panels, wanted):
    known = sorted({name for panel in panels for name in panel.named_groups})
    unknown = [name for name in wanted or () if name not in known]
    if unknown:
        raise BadSettings(f"group {', '.join(unknown)} is in none of the panels; they have {', '.join(known)}")


def _years_of(panels):
    return ", ".join(map(str, sorted({year for panel in panels for year in panel.years})))
