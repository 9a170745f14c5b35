"""Land area: of polygons, of whole grid cells, of cells less water."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import segindex
from segindex import land
from segindex.errors import BadData
from segindex.panel import Panel


def grid_panel(**fields):
    return Panel(
        city="Lahti",
        classification="language",
        years=(2020,),
        groups=("foreign_language", "rest"),
        cells=["a", "b", "c"],
        counts=[[[1, 9], [2, 8], [3, 7]]],
        xy=[[1125, 125], [1375, 125], [1625, 125]],
        **({"cell_size_m": 250.0} | fields),
    )


def waters(*shapes):
    return geopandas.GeoDataFrame(geometry=list(shapes), crs=3067)


def test_a_grid_has_the_area_of_its_whole_cells():
    own = land.with_land(grid_panel())
    assert own.area.tolist() == [[62_500] * 3] * len(own.years)
    assert own.area_kind == land.WHOLE


def test_water_is_taken_off_once_where_waters_overlap():
    half = shapely.box(1000, 0, 1125, 250)
    own = land.with_land(grid_panel(), water=waters(half, half, shapely.box(1500, 0, 9000, 9000)))
    assert own.area.tolist() == [[31_250, 62_500, 0]] * len(own.years)
    assert own.area_kind == land.DRY


def test_waters_in_degrees_are_refused():
    with pytest.raises(BadData, match="metres are needed"):
        land.with_land(grid_panel(), water=geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326))


def test_areas_give_theirs_only_if_all_have_a_polygon():
    areas = geopandas.GeoDataFrame(
        {"cell": ["a", "b"]}, geometry=[shapely.box(0, 0, 10, 10), shapely.box(0, 0, 20, 10)], crs=3067
    )
    assert land.with_land(grid_panel(cell_size_m=None), areas).area is None
    third = geopandas.GeoDataFrame({"cell": ["c"]}, geometry=[shapely.box(0, 0, 5, 5)], crs=3067)
    own = land.with_land(grid_panel(cell_size_m=None), pd.concat([areas, third]))
    assert own.area.tolist() == [[100, 200, 25]] * len(own.years)
    assert own.area_kind == land.POLYGONS


def test_what_a_panel_has_is_kept():
    own = grid_panel(area=[1, 2, 3], area_kind="surveyed")
    assert land.with_land(own, water=waters(shapely.box(0, 0, 9000, 9000))) is own


def test_a_frame_gives_its_areas_by_column_or_polygon():
    frame = pd.DataFrame(
        {"cell": ["b", "a"], "x": [1375, 1125], "y": [125, 125], "g": [1, 2], "t": [4, 5], "m2": [7, 9]}
    )
    own = segindex.to_panel(frame, "g", base="t", year=2020, area="m2")
    assert own.area.tolist() == [[9, 7]]
    boxes = geopandas.GeoDataFrame(
        frame[["cell", "g", "t"]], geometry=[shapely.box(0, 0, 3000, 20), shapely.box(3000, 0, 3070, 70)], crs=3067
    )
    own = segindex.to_panel(boxes, "g", base="t", year=2020)
    assert own.area.tolist() == [[4_900, 60_000]]
    frame.loc[0, "m2"] = -1
    with pytest.raises(BadData, match="column m2 holds 1 negative or missing areas, first b: -1"):
        segindex.to_panel(frame, "g", base="t", year=2020, area="m2")
    with pytest.raises(BadData, match="no column 'km2' of areas"):
        segindex.to_panel(frame, "g", base="t", year=2020, area="km2")


def test_impossible_areas_are_refused():
    with pytest.raises(BadData, match="1 cells have no possible area, first b"):
        grid_panel(area=[1, np.nan, 2])
