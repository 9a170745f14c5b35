"""Indices of cells that are put together into named areas: the same residents at the scale of districts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from segindex import suppression
from segindex.areas import area_of
from segindex.errors import BadData
from segindex.schema import KEYS, RESULTS, ordered
from segindex.sources.borders import AREA_IDS, read_named_areas
from segindex.tabulate.asked import panels_of
from segindex.tabulate.notes import joined, selected
from segindex.tabulate.results import compute

AREA_INDICES = ("dissimilarity", "isolation", "information_theory")


def by_area(panels, areas, index=AREA_INDICES, group=None, **options):
    """Indices over named areas, each the sum of the visible cells whose centres lie in it.

    Parameters
    ----------
    panels : Panel or list of Panel
        Cells with coordinates.
    areas : GeoDataFrame or path
        Polygons of postal code areas or districts, with an id in a column `area`, `id` or that of a postal code.
    index, group, **options
        As for `segindex.compute`; there are no surroundings of areas, so no `scale_m` and no `k`.

    Returns
    -------
    DataFrame
        The columns of `RESULTS`. `n_cells` counts areas; `hidden_share` is that of the cells. The note says how many
        inhabited cells lie in no area and are left out.

    Raises
    ------
    ValueError
        A panel has no coordinates, no cell lies in any area, or `compute` refuses.

    Examples
    --------
    >>> import geopandas, pandas as pd, segindex, shapely
    >>> frame = pd.DataFrame({"x": [125, 375, 625, 875], "y": 125, "few": [9, 1, 1, 1], "all": 10})
    >>> panel = segindex.to_panel(frame, "few", base="all", year=2024, city="Lahti")
    >>> halves = [shapely.box(0, 0, 500, 250), shapely.box(500, 0, 1000, 250)]
    >>> districts = geopandas.GeoDataFrame({"area": ["W", "E"]}, geometry=halves, crs=3067)
    >>> by_area(panel, districts, "dissimilarity")["value"].round(2).tolist()
    [0.48]
    """
    areas = read_named_areas(areas) if isinstance(areas, (str, Path)) else _with_ids(areas)
    found = []
    for panel in panels_of(panels):
        whole, outside = put_together(panel, areas)
        table = compute(whole, index, group, **options)
        hidden = dict(zip(panel.years, suppression.hidden_share(panel)))
        left = dict(zip(panel.years, outside))
        found.append(
            table.assign(
                hidden_share=table["year"].map(hidden),
                note=[
                    joined(note, "cells put together into areas", _left(left[year]), selected(panel))
                    for year, note in zip(table["year"], table["note"])
                ],
            )
        )
    return ordered(pd.concat(found, ignore_index=True), RESULTS, KEYS)


def _with_ids(areas):
    """The polygons with their ids in the column `area`."""
    if "area" in areas.columns:
        return areas
    known = {str(name).lower(): name for name in areas.columns}
    column = next((known[name] for name in AREA_IDS if name in known), None)
    if column is None:
        raise BadData(
            f"areas: no column holds the id of an area; known names are area, {', '.join(AREA_IDS)}, found were "
            f"{', '.join(map(str, areas.columns))}"
        )
    return areas.rename(columns={column: "area"})


def put_together(panel, areas):
    """The panel of areas in place of cells, and the inhabited visible cells of each year that lie in no area."""
    where = f"{panel.city}, {panel.classification}"
    if panel.xy is None:
        raise BadData(f"{where}: the cells have no coordinates, so they cannot be put together into areas")
    at = area_of(panel.xy, areas, panel.crs)
    outside = ((panel.base > 0) & (at < 0)).sum(axis=-1)
    if not (at >= 0).any():
        raise BadData(f"{where}: none of {len(at)} cells lies in any of the {len(areas)} areas; are they of this city?")
    there, number = np.unique(at[at >= 0], return_inverse=True)

    def summed(values):
        sums = np.zeros((len(panel.years), len(there), *values.shape[2:]))
        np.add.at(sums, (slice(None), number), values[:, at >= 0])
        return sums

    return (
        replace(
            panel,
            cells=areas["area"].to_numpy()[there].astype(str),
            counts=summed(panel.counts),
            given=summed(panel.given) > 0,
            residents=None,
            **dict.fromkeys(("xy", "hidden", "hidden_total", "weights", "boundary", "area", "cell_size_m")),
            base_hidden=False,
            hidden_limit=None,
            hidden_rule="base",
        ),
        outside,
    )


def _left(cells):
    return f"in no area: {int(cells)} cells" if cells else ""
