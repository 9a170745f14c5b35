"""Nothing half-written, the same bytes, and what is read back is what was written."""

import io
import time
import zipfile

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from segindex import store
from segindex.errors import BadSettings
from segindex.panel import Panel


def table():
    return pd.DataFrame({"city": ["Åbo", "Lahti"], "value": [0.1 + 0.2, np.nan], "n_cells": [1, 2]})


def test_csv_keeps_full_precision_and_text(tmp_path):
    path = store.write_bytes(tmp_path / "t.csv", store.as_csv(table().assign(release=["2018", ""])))
    back = store.read_csv(path, {"city": "str", "value": "float64", "n_cells": "int64", "release": "str"})
    assert back["value"].iloc[0] == 0.1 + 0.2
    assert back["release"].tolist() == ["2018", ""]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.xlsx"])
def test_the_same_table_gives_the_same_bytes(name):
    first = store.table_bytes(table(), name)
    time.sleep(1.1)
    assert store.table_bytes(table(), name) == first


def test_a_workbook_opens_and_holds_the_table():
    found = pd.read_excel(io.BytesIO(store.table_bytes(table(), "t.xlsx")))
    assert found["city"].tolist() == ["Åbo", "Lahti"]
    assert found["value"].iloc[0] == pytest.approx(0.1 + 0.2, rel=1e-15)
    assert np.isnan(found["value"].iloc[1])
    with zipfile.ZipFile(io.BytesIO(store.table_bytes(table(), "t.xlsx"))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {store.EPOCH}


def test_an_unknown_ending_is_refused():
    with pytest.raises(BadSettings, match=r"\.ods.*\.csv, \.parquet, \.xlsx"):
        store.table_bytes(table(), "t.ods")


def test_a_geopackage_holds_no_time_of_writing():
    frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs=3067)
    first = store.as_gpkg(frame, "cells", "2024-12-31")
    time.sleep(1.1)
    assert store.as_gpkg(frame, "cells", "2024-12-31") == first


def test_a_failed_write_leaves_nothing(tmp_path):
    with pytest.raises(TypeError):
        store.write_bytes(tmp_path / "t.csv", "text, not bytes")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_runs_temporary_file_is_swept(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / f".x.csv{store.TEMPORARY}").write_bytes(b"half")
    assert store.sweep(tmp_path) == 1
    assert list((tmp_path / "deep").iterdir()) == []


def test_panels_come_back_as_they_were(tmp_path):
    panel = Panel(
        city="Lahti",
        classification="language",
        years=(2020, 2021),
        groups=("g", "rest"),
        cells=["a", "b"],
        counts=[[[1, 9], [0, 0]], [[3, 7], [4, 6]]],
        xy=[[125, 125], [375, 125]],
        hidden=[[False, True], [False, False]],
        hidden_total=[[0, 7], [0, 0]],
        residents=[[10, 8], [11, 12]],
        releases=("2022", "2023"),
        dates=("2020-12-31", "2021-12-31"),
        source="ykr",
        cell_size_m=250.0,
    )
    other = Panel(
        city="Lahti", classification="age", years=(2020,), groups=("h",), cells=["a"], counts=[[[5]]], made_up=True
    )
    path = store.write_bytes(tmp_path / "lahti.parquet", store.as_panels([panel, other]))
    back = store.read_panels(path)
    for old, new in zip([panel, other], back):
        for name in ("city", "years", "groups", "releases", "dates", "source", "cell_size_m", "made_up", "crs"):
            assert getattr(new, name) == getattr(old, name)
        for name in ("cells", "counts", "hidden", "hidden_total", "residents"):
            np.testing.assert_array_equal(getattr(new, name), getattr(old, name))
    assert back[1].xy is None
