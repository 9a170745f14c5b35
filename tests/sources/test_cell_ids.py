"""Ids of grid cells: both forms, round trips, and everything that is no id."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segindex.errors import BadData
from segindex.sources.cell_ids import decode_grid_ids, decode_xyind, encode_grid_ids, encode_xyind

YKR_GRID = Path(__file__).parents[2] / "../shared/data/ykr_grid/MetropAccess_YKR_grid_EurefFIN.shp"


def test_both_ids_of_one_cell_name_one_place():
    size_m, corners = decode_grid_ids(["250mN667175E38600"])
    np.testing.assert_array_equal(corners + size_m / 2, decode_xyind(["3861256671875"]))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("3861256671875", (386125, 6671875), id="text of 13 digits"),
        pytest.param("0861256671875", (86125, 6671875), id="leading zero kept"),
        pytest.param("861256671875", (86125, 6671875), id="leading zero lost"),
        pytest.param(3861256671875, (386125, 6671875), id="integer"),
        pytest.param(np.int64(861256671875), (86125, 6671875), id="integer, zero lost"),
        pytest.param(3861256671875.0, (386125, 6671875), id="float, as Parquet with gaps has it"),
        pytest.param(" 3861256671875.0 ", (386125, 6671875), id="text of a float"),
    ],
)
def test_xyind_in_every_form(value, expected):
    np.testing.assert_array_equal(decode_xyind([value]), [expected])


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param("3860006671750", "leave 125", id="a corner, no centre"),
        pytest.param("3861256671876", "leave 125", id="a metre off"),
        pytest.param("6671875386125", "E before N", id="N before E"),
        pytest.param("3.86125E+12", "12 or 13 digits", id="what a spreadsheet leaves"),
        pytest.param("38612566718", "12 or 13 digits", id="too short"),
        pytest.param("250mN667175E38600", "12 or 13 digits", id="the other kind of id"),
        pytest.param(np.nan, "12 or 13 digits", id="missing"),
        pytest.param("-861256671875", "12 or 13 digits", id="negative"),
        pytest.param(3861256671875.5, "12 or 13 digits", id="half a metre"),
    ],
)
def test_what_is_no_xyind_is_refused(value, says):
    with pytest.raises(BadData, match=says) as caught:
        decode_xyind(pd.Series(["3861256671875", value], dtype=object), path="vaesto.csv")
    assert "vaesto.csv" in str(caught.value)
    assert "1 of 2 rows" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "size_m", "corner"),
    [
        pytest.param("250mN667175E38600", 250, (386000, 6671750), id="250 m"),
        pytest.param("250MN667175e08600", 250, (86000, 6671750), id="upper case, E padded"),
        pytest.param("1kmN6671E386", 1000, (386000, 6671000), id="1 km"),
        pytest.param("1kmN6671E0386", 1000, (386000, 6671000), id="1 km, E of four digits"),
        pytest.param("5kmN6670E385", 5000, (385000, 6670000), id="5 km in kilometres"),
        pytest.param("5kmN1334E0077", 5000, (385000, 6670000), id="5 km in units of 5 km"),
    ],
)
def test_grid_ids(value, size_m, corner):
    found, corners = decode_grid_ids([value])
    assert found == size_m
    np.testing.assert_array_equal(corners, [corner])


@pytest.mark.parametrize(
    ("values", "says"),
    [
        pytest.param(["250mN667175E38600", "250mN667176E38600"], "multiples of 250", id="off the 250 m grid"),
        pytest.param(["5kmN6671E385"], "multiples of 5000", id="off the 5 km grid"),
        pytest.param(["250mN667175E38600", "1kmN6671E386"], "several sizes", id="sizes mixed"),
        pytest.param(["250mE38600N667175"], "250mN…E…", id="E before N"),
        pytest.param(["250mN38600E66717"], "places in Finland", id="N and E swapped"),
        pytest.param(["125mN667175E38600"], "250mN…E…", id="unknown size"),
        pytest.param(["3861256671875"], "250mN…E…", id="the other kind of id"),
        pytest.param([None], "250mN…E…", id="missing"),
    ],
)
def test_what_is_no_grid_id_is_refused(values, says):
    with pytest.raises(BadData, match=says) as caught:
        decode_grid_ids(values, path="ruudut.csv")
    assert "ruudut.csv" in str(caught.value)


def test_ids_survive_a_round_trip():
    rng = np.random.default_rng(1)
    corners = rng.integers([200, 26400], [3000, 31000], size=(500, 2)) * 250.0
    centres = corners + 125
    np.testing.assert_array_equal(decode_xyind(encode_xyind(centres[:, 0], centres[:, 1])), centres)
    for size_m in (250, 1000, 5000):
        whole = corners // size_m * size_m
        found, back = decode_grid_ids(encode_grid_ids(whole[:, 0], whole[:, 1], size_m))
        assert found == size_m
        np.testing.assert_array_equal(back, whole)


@pytest.mark.skipif(not YKR_GRID.is_file(), reason="../shared/data/ykr_grid is not there")
def test_the_real_ykr_grid_lies_where_its_ids_would_put_it():
    import geopandas

    centres = geopandas.read_file(YKR_GRID).geometry.centroid
    xy = np.column_stack([centres.x, centres.y]).round()
    np.testing.assert_array_equal(decode_xyind(encode_xyind(xy[:, 0], xy[:, 1])), xy)
    size_m, corners = decode_grid_ids(encode_grid_ids(xy[:, 0] - 125, xy[:, 1] - 125, 250))
    np.testing.assert_array_equal(corners + size_m / 2, xy)
    assert len(xy) == 13231
