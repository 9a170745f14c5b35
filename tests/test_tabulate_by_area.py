"""Cells put together into named areas: the sums of visible cells, beside what is hidden and what lies outside."""

from dataclasses import replace
from itertools import pairwise

import geopandas
import numpy as np
import pytest
import shapely
from made_panel import square, three_groups, value

from segindex import tabulate
from segindex.areas import area_of
from segindex.errors import BadData
from segindex.indices import dissimilarity
from segindex.tabulate.by_area import put_together

SIDE = 2000.0


def strips(number, crs="EPSG:3067", width=SIDE):
    """The square city of 8 x 8 cells in vertical strips."""
    edges = np.linspace(0, width, number + 1)
    shapes = [shapely.box(left, 0, right, SIDE) for left, right in pairwise(edges)]
    return geopandas.GeoDataFrame(
        {"area": [f"s{at}" for at in range(number)], "name": [f"Strip {at}" for at in range(number)]},
        geometry=shapes,
        crs=crs,
    )


def test_the_index_of_areas_is_that_of_their_sums():
    panel = square()
    table = tabulate.by_area(panel, strips(4), "dissimilarity")
    x, y = (counts.reshape(2, 4, 16).sum(axis=-1) for counts in (panel.counts[..., 0], panel.counts[..., 1]))
    assert table["value"].tolist() == pytest.approx(dissimilarity(x, y).tolist())
    assert set(table["n_cells"]) == {4}
    assert table["population"].tolist() == panel.base.sum(axis=-1).tolist()
    assert "cells put together into areas" in table["note"].iloc[0]


def test_a_cell_an_area_gives_the_plain_values():
    panel = square()
    cells = geopandas.GeoDataFrame(
        {"area": panel.cells}, geometry=[shapely.box(x - 125, y - 125, x + 125, y + 125) for x, y in panel.xy], crs=3067
    )
    plain = tabulate.compute(panel, ["dissimilarity", "isolation"])
    assert tabulate.by_area(panel, cells, ["dissimilarity", "isolation"])["value"].tolist() == pytest.approx(
        plain["value"].tolist(), abs=1e-12
    )


def test_hidden_cells_are_in_no_sum_and_stay_in_the_hidden_share():
    hidden = np.zeros((2, 64), dtype=bool)
    hidden[0, :4] = True
    whole = square()
    counts = np.where(hidden[..., None], 0, whole.counts)
    panel = square(counts=counts, hidden=hidden, hidden_total=np.where(hidden, whole.base, 0))
    table = tabulate.by_area(panel, strips(2), "dissimilarity")
    assert value(table.assign(value=table["population"]), year=2020) == counts[0].sum()
    assert value(table.assign(value=table["hidden_share"]), year=2020) == pytest.approx(
        whole.base[0, :4].sum() / whole.base[0].sum()
    )
    assert value(table.assign(value=table["hidden_share"]), year=2021) == 0
    chosen = tabulate.by_area(square(counts=counts, hidden=hidden, hidden_rule="group"), strips(2), "isolation")
    assert chosen["note"].str.contains("selected by the group's own count").all()


def test_cells_outside_are_counted_and_left_out():
    whole = square()
    empty = np.arange(64) == 63
    panel = square(counts=np.where(empty[:, None], 0, whole.counts))
    narrow = strips(2, width=1000.0)
    table = tabulate.by_area(panel, narrow, "isolation")
    assert table["note"].str.contains("in no area: 31 cells").all()
    assert table["population"].tolist() == panel.base[:, :32].sum(axis=-1).tolist()
    with pytest.raises(BadData, match=r"Lahti, language: none of 64 cells lies in any of the 1 areas"):
        tabulate.by_area(panel, strips(2).iloc[:1].translate(1e6).to_frame("geometry").assign(area="x"), "isolation")
    with pytest.raises(BadData, match="the cells have no coordinates"):
        tabulate.by_area(replace(panel, xy=None, cell_size_m=None), strips(2), "isolation")


def test_all_groups_go_along_and_the_order_of_areas_does_not_matter():
    panel = three_groups()
    one = put_together(panel, strips(4))[0]
    assert one.counts.sum() == panel.counts.sum()
    assert one.groups == panel.groups
    other = put_together(panel, strips(4).iloc[::-1])[0]
    assert (one.counts == other.counts).all() and (one.cells == other.cells).all()


def test_a_point_on_a_border_is_of_the_first_area_and_other_metres_are_turned():
    halves = strips(2)
    assert area_of([[1000, 500], [999, 500], [1001, 500], [5000, 0]], halves, "EPSG:3067").tolist() == [0, 0, 1, -1]
    helsinki = halves.translate(385_000, 6_672_000)
    far = geopandas.GeoDataFrame({"area": ["a", "b"]}, geometry=helsinki, crs=3067)
    point = geopandas.GeoSeries([shapely.Point(385_500, 6_672_500)], crs=3067).to_crs(3879)
    assert area_of([[point.x[0], point.y[0]]], far, "EPSG:3879").tolist() == [0]


def test_a_file_or_another_id_column_does(tmp_path):
    panel, halves = square(), strips(2)
    wanted = tabulate.by_area(panel, halves, "isolation")
    assert tabulate.by_area(panel, halves.rename(columns={"area": "ID"}), "isolation").equals(wanted)
    with pytest.raises(BadData, match=r"no column holds the id of an area; known .*found were name, geometry"):
        tabulate.by_area(panel, halves.drop(columns="area"), "isolation")
    east, north = 385_000, 6_672_000
    moved = replace(panel, xy=panel.xy + [east, north])
    path = tmp_path / "districts.gpkg"
    halves.assign(geometry=halves.translate(east, north)).rename(columns={"area": "id"}).to_file(path)
    assert tabulate.by_area(moved, path, "isolation")["value"].tolist() == wanted["value"].tolist()
