"""Land area of cells: of polygons, of whole grid cells, and of grid cells less the water in them."""

from dataclasses import replace

import numpy as np

from segindex.errors import BadData
from segindex.grid import POLYGONS, squares

WHOLE = "area of whole grid cells"
DRY = "area of grid cells without the water in them"


def with_land(panel, areas=None, water=None):
    """The panel with the land area of its cells, where it has none yet.

    Parameters
    ----------
    panel : Panel
    areas : GeoDataFrame, optional
        Columns `cell` and `geometry` in the panel's CRS; used where they hold every cell of the panel.
    water : GeoDataFrame, optional
        Waters in the panel's CRS, which are taken off the cells of a grid.
    """
    if panel.area is not None:
        return panel
    if panel.cell_size_m is None:
        return panel if areas is None else _of_polygons(panel, areas)
    whole = np.full(len(panel.cells), float(panel.cell_size_m) ** 2)
    if water is None or not len(water) or panel.xy is None:
        return replace(panel, area=whole, area_kind=WHOLE)
    if water.crs is None or water.crs.is_geographic:
        raise BadData(f"the waters' CRS is {water.crs or 'not set'}; metres are needed")
    return replace(panel, area=np.maximum(whole - _wet(panel, water), 0), area_kind=DRY)


def _of_polygons(panel, areas):
    sizes = areas.drop_duplicates("cell").set_index("cell").geometry.area.reindex(panel.cells)
    return panel if sizes.isna().any() else replace(panel, area=sizes.to_numpy(), area_kind=POLYGONS)


def _wet(panel, water):
    """Square metres of water in each cell; waters that overlap count once."""
    import shapely

    cells = squares(panel.xy, panel.cell_size_m)
    shapes = shapely.union_all(shapely.make_valid(water.geometry.to_numpy()))
    parts = shapely.get_parts(shapes)
    cell, part = shapely.STRtree(parts).query(cells, predicate="intersects")
    shared = shapely.area(shapely.intersection(cells[cell], parts[part]))
    return np.bincount(cell, weights=shared, minlength=len(cells))
