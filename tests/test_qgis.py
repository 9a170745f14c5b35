"""Styles inside a GeoPackage: what QGIS reads, of columns that are there, and each cell of one class."""

import re
import sqlite3
import time
from xml.etree import ElementTree as xml

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from segindex import legend, qgis, store
from segindex.facts import LANGUAGES

MARKS = {"fi": "SYNTEETTINEN AINEISTO", "sv": "SYNTETISKT MATERIAL", "en": "SYNTHETIC DATA"}


def layer():
    return geopandas.GeoDataFrame(
        {
            "cell": list("abcdef"),
            "type": [1.0, 2, 5, 0, np.nan, 3],
            "disadvantage": [1.2, 0.5, -3, np.nan, np.nan, 0.0],
            "n_worst": [4.0, 7, 0, np.nan, np.nan, 1],
            "rented_share": [0.05, 0.0499, 0.6, 0.5, 0.0, 1],
            "rented_cluster": ["high-high", "low-low", "not significant", "protected", "empty", "high-low"],
        },
        geometry=[shapely.box(at, 0, at + 1, 1) for at in range(6)],
        crs=3067,
    )


@pytest.fixture
def book(tmp_path):
    frame = layer()
    path = tmp_path / "cells.gpkg"
    found = qgis.styles(list(frame.columns), "en", made_up=True)
    path.write_bytes(store.as_gpkg(frame, "cells", "2024-12-31", found))
    with sqlite3.connect(path) as connection:
        yield connection
    connection.close()


def test_the_table_is_as_qgis_makes_it(book):
    columns = [row[1] for row in book.execute("PRAGMA table_info(layer_styles)")]
    assert columns == [
        *("id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML"),
        *("styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"),
    ]
    assert book.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'").fetchall() == [
        ("attributes",)
    ]
    rows = book.execute("SELECT f_table_name, f_geometry_column, update_time FROM layer_styles").fetchall()
    assert set(rows) == {("cells", "geom", "2024-12-31T00:00:00.000Z")}
    names = book.execute("SELECT styleName, useAsDefault FROM layer_styles ORDER BY id").fetchall()
    assert names[0] == ("SYNTHETIC DATA: Area types", 1)
    assert {flag for _, flag in names[1:]} == {0}
    assert len({name for name, _ in names}) == len(names) == 5


def test_each_cell_is_of_one_class_and_of_the_same_as_on_the_map(book):
    frame = layer()
    columns = {"type": "type", "disadvantage": "disadvantage", "n_worst": "n_worst"}
    columns |= {"rented_cluster": "cluster", "rented_share": "share"}
    for (text,) in book.execute("SELECT styleQML FROM layer_styles").fetchall():
        rules = xml.fromstring(text.split("\n", 1)[1]).findall(".//rule")
        (column,) = {re.findall(r'"(\w+)"', rule.get("filter"))[0] for rule in rules} - {"rented_cluster"} or {
            "rented_cluster"
        }
        hits = []
        for rule in rules:
            assert set(re.findall(r'"(\w+)"', rule.get("filter"))) <= set(frame.columns)
            hits.append([row for (row,) in book.execute(f"SELECT cell FROM cells WHERE {rule.get('filter')}")])
        assert sorted(cell for own in hits for cell in own) == list("abcdef"), column
        found = legend.classes(columns[column], "en")
        values = frame[column].copy()
        places = legend.classify(values, found)
        if column == "rented_share":
            keys = [one.key for one in found]
            places[3:5] = keys.index("protected"), keys.index("empty")
        assert [list(frame["cell"][places == at]) for at in range(len(found))] == hits
        assert [rule.get("label") for rule in rules] == [one.label for one in found]


def test_a_symbol_has_the_colour_of_its_class():
    text = qgis.qml(legend.classes("type", "en"), "type")
    root = xml.fromstring(text.split("\n", 1)[1])
    colours = [symbol.find("layer/prop[@k='color']").get("v") for symbol in root.findall(".//symbol")]
    assert colours[0] == "140,61,4,255"
    assert len(root.findall(".//symbol[@name='5']/layer")) == 2, "unknown is hatched"


def test_the_same_styles_give_the_same_bytes():
    found = qgis.styles(list(layer().columns), "sv")
    first = store.as_gpkg(layer(), "cells", "2024-12-31", found)
    time.sleep(1.1)
    assert store.as_gpkg(layer(), "cells", "2024-12-31", found) == first


def test_the_layer_still_opens(book, tmp_path):
    assert pyogrio.list_layers(tmp_path / "cells.gpkg")[:, 0].tolist() == ["cells", "layer_styles"]
    assert len(geopandas.read_file(tmp_path / "cells.gpkg", layer="cells")) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_say_that_data_are_made_up_in_every_language(language):
    found = qgis.styles(list(layer().columns), language, made_up=True)
    assert all(style.name.startswith(MARKS[language]) for style in found)
    assert not any(MARKS[language] in style.name for style in qgis.styles(list(layer().columns), language))


def test_words_are_escaped():
    odd = [legend.Class("1", 'under <5 & "so"', "#ffffff"), legend.Class("unknown", "?", "#000000", hatched=True)]
    root = xml.fromstring(qgis.qml(odd, "type").split("\n", 1)[1])
    assert root.find(".//rule").get("label") == 'under <5 & "so"'
