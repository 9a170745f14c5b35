"""Neighbours of polygons: islands, areas in several parts, areas with holes; cells without any neighbour by name."""

import geopandas
import numpy as np
import pytest
import shapely
from scipy import sparse
from test_neighbourhood import block

from segindex.areas import area_pairs, with_contiguity
from segindex.errors import BadData
from segindex.neighbourhood import contiguity, isolated
from segindex.panel import Panel


def box(left, bottom, right, top):
    return shapely.box(left * 1000.0, bottom * 1000.0, right * 1000.0, top * 1000.0)


LAKE_TOWN = shapely.difference(box(0, 0, 4, 4), box(1, 1, 3, 3))
AREAS = {
    "ring": LAKE_TOWN,
    "centre": box(1, 1, 3, 3),
    "east": shapely.union_all([box(4, 0, 6, 2), box(9, 9, 10, 10)]),
    "north": box(0, 4, 2, 6),
    "corner": box(4, 4, 6, 6),
    "archipelago": shapely.union_all([box(10, 9, 11, 10), box(20, 20, 21, 21), box(30, 30, 31, 31)]),
    "skerry": box(40, 0, 41, 1),
    "atoll": shapely.difference(box(50, 50, 60, 60), box(52, 52, 58, 58)),
    "in the atoll": box(54, 54, 55, 55),
}
NAMES = np.array(list(AREAS))
ROOK = {("ring", "centre"), ("ring", "east"), ("ring", "north"), ("east", "archipelago")}
QUEEN = ROOK | {("ring", "corner")}


def layer(areas=AREAS):
    return geopandas.GeoDataFrame({"cell": list(areas)}, geometry=list(areas.values()), crs=3067)


def named(pairs):
    return {tuple(sorted(NAMES[pair])) for pair in pairs}


@pytest.mark.parametrize(("rule", "expected"), [("rook", ROOK), ("queen", QUEEN)])
def test_holes_parts_and_islands(rule, expected):
    pairs = area_pairs(NAMES, layer(), rule)
    assert len(pairs) == len(expected)
    assert named(pairs) == {tuple(sorted(pair)) for pair in expected}


@pytest.mark.parametrize("rule", ["rook", "queen"])
def test_the_order_of_areas_and_unknown_ones_do_not_matter(rule):
    shuffled = layer().sample(frac=1, random_state=1)
    other = geopandas.GeoDataFrame({"cell": ["elsewhere"]}, geometry=[box(0, 0, 9, 9)], crs=3067)
    empty = geopandas.GeoDataFrame({"cell": ["skerry"]}, geometry=[None], crs=3067)
    more = geopandas.GeoDataFrame(
        {"cell": [*shuffled["cell"], "elsewhere", "skerry"]},
        geometry=[*shuffled.geometry, *other.geometry, *empty.geometry],
        crs=3067,
    )
    assert named(area_pairs(NAMES, more, rule)) == named(area_pairs(NAMES, layer(), rule))


@pytest.mark.parametrize(("gap", "near"), [(0.5, True), (-0.5, True), (3.0, False)])
def test_slivers_of_less_than_a_metre_are_borders(gap, near):
    areas = {"west": box(0, 0, 1, 1), "east": shapely.box(1000 + gap, 0, 2000, 1000)}
    for rule in ("rook", "queen"):
        assert len(area_pairs(np.array(list(areas)), layer(areas), rule)) == near


def test_areas_without_a_neighbour_are_named():
    panel = Panel(
        years=(2024,),
        groups=("a", "b"),
        cells=np.sort(NAMES),
        counts=np.ones((1, len(NAMES), 2)),
        xy=None,
        city="Lahti",
        classification="language",
    )
    weights = with_contiguity(panel, "queen", layer()).weights
    assert isolated(weights, panel.cells).tolist() == ["atoll", "in the atoll", "skerry"]


def test_grid_squares_as_polygons_are_the_grid():
    xy = block(12, 9)[np.random.default_rng(3).random(108) < 0.6]
    squares = shapely.box(xy[:, 0] - 125, xy[:, 1] - 125, xy[:, 0] + 125, xy[:, 1] + 125)
    cells = np.arange(len(xy)).astype(str)
    areas = geopandas.GeoDataFrame({"cell": cells}, geometry=squares, crs=3067)
    for rule in ("rook", "queen"):
        by_polygons = contiguity(xy, rule, pairs=area_pairs(cells, areas, rule))
        assert (by_polygons != contiguity(xy, rule)).nnz == 0


def test_cells_without_a_neighbour_are_named():
    xy = np.concatenate([block(2, 2), [[381_125.0, 6_670_125.0], [380_625.0, 6_670_625.0]]])
    cells = np.array(["a", "b", "c", "d", "far", "corner"])
    assert isolated(contiguity(xy, "rook"), cells).tolist() == ["far", "corner"]
    assert isolated(contiguity(xy, "queen"), cells).tolist() == ["far"]
    assert isolated(contiguity(xy, 1000.0), cells).tolist() == []
    assert isolated(sparse.csr_array((6, 6)), cells).tolist() == cells.tolist()
    zero = sparse.csr_array(([1.0, 1.0, 0.0], ([0, 1, 2], [1, 0, 0])), shape=(3, 3))
    assert isolated(zero, [7, 8, 9]).tolist() == [9]
    with pytest.raises(BadData, match="a row and a column a cell"):
        isolated(contiguity(xy, "rook"), cells[:-1])
