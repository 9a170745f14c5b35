"""DataFrames to panels, neighbours of areas, cells as map features."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import segindex
from segindex import grid
from segindex.areas import area_pairs, shared_boundaries
from segindex.errors import BadData, BadSettings
from segindex.neighbourhood import boundary


def frame(**changes):
    columns = {
        "cell": ["a", "b", "c"],
        "x": [125.0, 375.0, 625.0],
        "y": [125.0, 125.0, 125.0],
        "year": [2024] * 3,
        "foreign": [1, 2, 0],
        "finnish": [9, 8, 0],
        "all_of_them": [10, 10, 0],
    }
    return pd.DataFrame(columns | changes)


def test_the_rest_is_what_the_groups_leave_of_the_base():
    panel = grid.to_panel(frame(), "foreign", base="all_of_them")
    assert panel.groups == ("foreign", "rest")
    assert panel.counts[0].tolist() == [[1, 9], [2, 8], [0, 0]]


def test_without_a_base_the_groups_are_everybody():
    panel = grid.to_panel(frame(), ["foreign", "finnish"])
    assert panel.groups == ("foreign", "finnish")


def test_a_group_may_be_a_difference_of_columns():
    panel = grid.to_panel(frame(), {"own": "all_of_them - foreign"}, base="all_of_them")
    assert panel.group("own")[0].tolist() == [9, 8, 0]


def test_a_cell_that_is_absent_in_a_year_is_empty():
    rows = pd.concat([frame(), frame(year=[2025] * 3).iloc[:2]])
    panel = grid.to_panel(rows, "foreign", base="all_of_them")
    assert panel.years == (2024, 2025)
    assert panel.base.tolist() == [[10, 10, 0], [10, 10, 0]]


def test_nothing_may_be_the_mark_of_protected_cells_and_a_word_is_not_nothing():
    panel = grid.to_panel(frame(foreign=[None, 2, 0]), "foreign", base="all_of_them", hidden_mark=float("nan"))
    assert panel.hidden[0].tolist() == [True, False, False]
    with pytest.raises(BadData, match=r"non-numeric values, first a: \.\."):
        grid.to_panel(frame(foreign=["..", 2, 0]), "foreign", base="all_of_them", hidden_mark=float("nan"))


def test_the_hidden_mark_hides():
    panel = grid.to_panel(frame(foreign=[-1, 2, 0]), "foreign", base="all_of_them", hidden_mark=-1)
    assert panel.hidden[0].tolist() == [True, False, False]
    assert panel.hidden_total[0].tolist() == [10, 0, 0]
    assert panel.base[0].tolist() == [0, 10, 0]


@pytest.mark.parametrize(
    ("changes", "arguments", "message"),
    [
        ({"foreign": [-1, 2, 0]}, {}, r"negative.*a: -1.*hidden_mark=-1"),
        ({"foreign": [None, 2, 0]}, {}, "missing"),
        ({"foreign": ["many", 2, 0]}, {}, "non-numeric"),
        ({"foreign": [11, 2, 0]}, {}, r"exceed their base in 1 places, first 2024 cell a: 11 of 10"),
        ({"cell": ["a", "a", "c"]}, {}, "share a cell and a year, first a in 2024"),
        ({"cell": ["a", None, "c"]}, {}, "no cell id"),
        ({"x": [24.9, 24.8, 24.7], "y": [60.1, 60.2, 60.3]}, {}, "degrees"),
        ({"year": [2024.5] * 3}, {}, "whole years"),
        ({}, {"year": "when"}, "no column 'when'"),
        ({}, {"base": "nothing"}, "'nothing' is missing; found"),
        ({}, {"cell": "id"}, "no column 'id'"),
    ],
)
def test_what_to_panel_refuses(changes, arguments, message):
    with pytest.raises(BadData, match=message):
        grid.to_panel(frame(**changes), "foreign", **({"base": "all_of_them"} | arguments))


def test_two_cities_in_one_frame_are_refused():
    with pytest.raises(BadData, match="2 cities"):
        grid.to_panel(frame(town=["A", "B", "B"]), "foreign", base="all_of_them", city="town")


def test_a_misspelt_keyword_is_an_error():
    with pytest.raises(TypeError):
        grid.to_panel(frame(), "foreign", bases="all_of_them")


def test_what_is_no_frame_is_refused():
    with pytest.raises(BadSettings, match="DataFrame"):
        grid.to_panel([1, 2], "foreign")


def test_integer_na_is_refused_by_name():
    with pytest.raises(BadData, match="foreign"):
        grid.to_panel(frame(foreign=pd.array([1, None, 0], dtype="Int64")), "foreign", base="all_of_them")


def test_a_geometry_in_degrees_is_refused():
    plain = frame().drop(columns=["x", "y"])
    shapes = geopandas.GeoDataFrame(plain, geometry=shapely.points([24.9, 24.8, 24.7], [60, 60, 60]), crs=4326)
    with pytest.raises(BadData, match="metres"):
        grid.to_panel(shapes, "foreign", base="all_of_them")


def areas():
    boxes = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100), shapely.box(200, 100, 300, 200)]
    far = shapely.box(900, 900, 950, 950)
    return geopandas.GeoDataFrame({"cell": list("abcd")}, geometry=[*boxes, far], crs=3067)


def test_areas_that_touch_are_neighbours_and_rook_needs_a_stretch():
    cells = np.array(list("abcde"))
    queen = {tuple(pair) for pair in area_pairs(cells, areas(), "queen").tolist()}
    rook = {tuple(pair) for pair in area_pairs(cells, areas(), "rook").tolist()}
    assert queen == {(0, 1), (1, 2)}
    assert rook == {(0, 1)}


def test_the_boundary_of_areas_is_the_line_that_they_share():
    pairs, length_m = shared_boundaries(np.array(list("edcba")), areas())
    assert [sorted(pair) for pair in pairs.tolist()] == [[3, 4]]
    assert length_m.tolist() == [100]
    xy = np.argwhere(np.ones((3, 4))) * 250.0
    squares = geopandas.GeoDataFrame({"cell": list("abcdefghijkl")}, geometry=grid.squares(xy, 250), crs=3067)
    pairs, length_m = shared_boundaries(squares["cell"], squares)
    found = boundary(xy, pairs=pairs, length_m=length_m)
    np.testing.assert_allclose(found.toarray(), boundary(xy).toarray(), atol=1e-9)


def test_the_boundary_of_areas_that_leave_a_sliver_or_overlap_is_measured_within_a_metre():
    wavy = [(100.4, 0), (99.5, 30), (100.3, 60), (99.8, 100), (200, 100), (200, 0)]
    shapes = [shapely.box(0, 0, 100, 100), shapely.Polygon(wavy), shapely.box(200.5, 99.5, 300, 200)]
    apart = geopandas.GeoDataFrame({"cell": list("abc")}, geometry=shapes, crs=3067)
    pairs, length_m = shared_boundaries(np.array(list("abc")), apart)
    assert pairs.tolist() == [[0, 1]]
    assert length_m == pytest.approx([100], abs=3)


def test_areas_that_do_not_touch_share_no_boundary():
    pairs, length_m = shared_boundaries(np.array(list("abd")), areas().iloc[[0, 3]])
    assert pairs.shape == (0, 2)
    assert length_m.shape == (0,)


def test_a_cells_layer_has_a_feature_a_cell_with_its_latest_values():
    rows = pd.DataFrame(
        {
            "city": ["X", "X", "X"],
            "cell": ["a", "a", "b"],
            "year": [2020, 2021, 2021],
            "group": ["g"] * 3,
            "x": [386125.0, 386125.0, 386375.0],
            "y": [6671875.0] * 3,
            "cell_size_m": [250.0] * 3,
            "crs": ["EPSG:3067"] * 3,
            "share": [0.1, 0.2, 0.3],
            "value": [1.0, 2.0, 3.0],
            "q": [0.5, 0.5, 0.5],
            "cluster": ["high-high", "low-low", "empty"],
            "note": ["made-up data"] * 3,
        }
    )
    layer = grid.cells_layer(rows)
    assert layer["g_share"].tolist() == [0.2, 0.3]
    assert layer["g_year"].tolist() == [2021, 2021]
    assert layer["note"].tolist() == ["made-up data"] * 2
    assert "g_lasting" not in layer
    assert grid.cells_layer(rows.assign(lasting=["", "2020:a", ""]))["g_lasting"].tolist() == ["2020:a", ""]
    assert layer.geometry.iloc[0].bounds == (386000, 6671750, 386250, 6672000)


def test_polygons_of_a_frame_make_neighbours():
    polygons = areas().assign(foreign=[1, 2, 3, 4], all_of_them=10, year=2024)
    panel = grid.to_panel(polygons, "foreign", base="all_of_them")
    assert panel.weights.toarray().tolist() == [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]


def test_a_frame_of_grid_cells_is_known_as_a_grid():
    assert grid.to_panel(frame(), "foreign", base="all_of_them").cell_size_m == 250
    off = frame(x=[125.0, 380.0, 627.0])
    assert grid.to_panel(off, "foreign", base="all_of_them").cell_size_m is None


def test_shares_are_no_counts():
    with pytest.raises(BadData, match="foreign holds shares, not counts"):
        grid.to_panel(frame(foreign=[0.1, 0.2, 0.0]), "foreign", base="all_of_them")


def test_the_area_of_a_cell_may_change_with_the_year():
    rows = pd.DataFrame(
        {
            "cell": ["a", "b", "a", "b", "c"],
            "year": [2020, 2020, 2021, 2021, 2021],
            "g": 1,
            "t": 5,
            "m2": [8, 9, 8, 7, 3],
        }
    )
    panel = grid.to_panel(rows, "g", base="t", area="m2", city="Lahti")
    assert panel.area.tolist() == [[8, 9, 3], [8, 7, 3]]
    both = segindex.compute(panel, "delta")
    alone = pd.concat(
        segindex.compute(grid.to_panel(own, "g", base="t", area="m2", city="Lahti"), "delta")
        for _, own in rows.groupby("year")
    )
    assert both["value"].tolist() == alone["value"].tolist()
    assert both["value"].tolist() == pytest.approx([9 / 17 - 1 / 2, 15 / 18 - 2 / 3])
