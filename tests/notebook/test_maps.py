"""A map of cells: the right class, the right place, nothing told that is hidden, nothing fetched."""

import json
import re

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from segindex.errors import BadData, BadSettings
from segindex.facts import LANGUAGES
from segindex.notebook import explore


def cells(**changes):
    rows = {
        "city": "Lahti",
        "year": 2024,
        "classification": "language",
        "group": "foreign_language",
        "index": "local_morans_i",
        "cell": ["aa", "bb", "cc", "dd"],
        "x": [125.0, 375, 125, 875],
        "y": [125.0, 125, 375, 125],
        "cell_size_m": 250.0,
        "crs": "EPSG:3067",
        "population": [1234.0, 50, np.nan, 0],
        "group_size": [321.0, 1, np.nan, 0],
        "share": [321 / 1234, 0.02, np.nan, np.nan],
        "cluster": ["high-high", "low-low", "protected", "empty"],
        "hidden": [False, False, True, False],
        "note": "",
    }
    return pd.DataFrame(rows | changes)


def types(**changes):
    rows = {
        "city": "Lahti",
        "year": 2024,
        "cell": ["aa", "bb"],
        "x": [125.0, 375],
        "y": 125.0,
        "cell_size_m": 250.0,
        "crs": "EPSG:3067",
        "residents": [4321, 7],
        "disadvantage": [1.234, np.nan],
        "type": [1, 0],
        "n_worst": pd.array([3, None], dtype="Int64"),
        "note": "",
    }
    return pd.DataFrame(rows | changes)


def drawn(found):
    return json.loads(re.search(r'id="data">(.*?)</script>', found.html, re.DOTALL).group(1))


def by_cell(found):
    data = drawn(found)
    return dict(zip([words.split()[1].rstrip(":") for words in data["told"]], range(len(data["told"])))), data


def test_each_cell_lies_where_it_is_in_the_colour_of_its_class():
    place, data = by_cell(explore(cells()))
    assert (data["size"], data["wide"], data["high"]) == (250, 1000, 500)
    west = {cell: data["x"][at] for cell, at in place.items()}
    south = {cell: data["y"][at] for cell, at in place.items()}
    assert west == {"aa": 0, "bb": 250, "cc": 0, "dd": 750}
    assert south == {"aa": 250, "bb": 250, "cc": 0, "dd": 250}
    looks = {cell: data["classes"][data["of"][at]] for cell, at in place.items()}
    assert looks["aa"] == {"colour": "#b2182b", "hatched": False}
    assert looks["bb"]["colour"] == "#2166ac"
    assert [cell for cell, look in looks.items() if look["hatched"]] == ["cc"]


def test_protected_empty_and_low_are_three_things():
    found = explore(cells(), "share")
    words = {words.split()[1].rstrip(":"): words for words in drawn(found)["told"]}
    assert words == {
        "aa": "Cell aa: 20% to under 30%",
        "bb": "Cell bb: under 5%",
        "cc": "Cell cc: protected",
        "dd": "Cell dd: no base population",
    }
    assert "1 of 4 cells are protected or not known" in found.html


def test_a_cell_tells_its_class_alone_unless_asked():
    found = explore(cells(), "share")
    assert not re.search(r"1,234|321|26\.0|0\.26", found.html)
    assert list(found.to_gdf()) == ["cell", "label", "geometry"]
    assert "exact numbers of cells: check" in explore(cells(), "share", exact=True).html
    told = drawn(explore(cells(), "share", exact=True))["told"]
    assert "Cell aa: 20% to under 30% (26.0%, 321 of 1,234)" in told
    assert "Cell cc: protected" in told
    assert "4,321" not in explore(types(), "disadvantage").html
    assert "Cell aa: 1.0 or more (1.23, 4,321 residents)" in drawn(explore(types(), "disadvantage", exact=True))["told"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_made_up_data_are_marked_and_words_are_of_the_language(language):
    mark = {"fi": "SYNTEETTINEN AINEISTO", "sv": "SYNTETISKT MATERIAL", "en": "SYNTHETIC DATA"}[language]
    for column in ("cluster", "share"):
        found = explore(cells(note="made-up data"), column, language=language)
        assert found.title.startswith(f"{mark}: ")
        assert f"<title>{mark}: " in found.html
        assert f'<span class="mark">{mark}:</span>' in found.html
        assert f'<html lang="{language}">' in found.html
    assert mark not in explore(cells(), language=language).html


def test_nothing_is_fetched_and_nothing_of_the_data_is_html():
    found = explore(cells(cell=["</script><b>", "b&", "c", "d"], city='<i>"x"'), source="a <img src=x> & b")
    assert not re.search(r"https?://|//cdn|@import|url\(", found.html)
    assert "<b>" not in found.html
    assert "<i>" not in found.html
    assert "<img" not in found.html
    assert found.html.count("</script>") == 2
    frame = found._repr_html_()
    assert frame.startswith("<iframe ")
    assert frame.count("<") == 2, "the page inside is escaped"
    assert 'sandbox="allow-scripts"' in frame


def test_polygons_have_holes_and_those_without_one_are_told():
    hole = shapely.Polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [[(40, 40), (60, 40), (60, 60), (40, 60)]])
    areas = geopandas.GeoDataFrame({"cell": ["aa"]}, geometry=[hole], crs=3067)
    found = explore(types(cell_size_m=np.nan), "type", areas=areas)
    data = drawn(found)
    assert data["size"] == 0
    ((outer, inner),) = data["rings"]
    assert outer[:4] == [0, 100, 100, 100]
    assert inner[:2] == [40, 60]
    assert "Areas whose outlines are not known are missing from the map: 1." in found.html
    with pytest.raises(BadData, match="give their polygons: areas="):
        explore(types(cell_size_m=np.nan), "type")


def test_the_layer_for_gis_is_drawn_like_the_table():
    squares = geopandas.GeoDataFrame(
        {
            "city": "Lahti",
            "cell": ["aa", "bb"],
            "note": "made-up data",
            "rented_year": 2024.0,
            "rented_share": [0.3, np.nan],
            "rented_cluster": ["high-high", "protected"],
            "type_year": 2023.0,
            "type": [5.0, np.nan],
        },
        geometry=[shapely.box(0, 0, 250, 250), shapely.box(250, 0, 500, 250)],
        crs=3067,
    )
    assert drawn(explore(squares, "share"))["told"] == ["Cell aa: 30% to under 40%", "Cell bb: protected"]
    assert drawn(explore(squares))["told"] == ["Cell aa: high–high", "Cell bb: protected"]
    found = explore(squares, "type")
    assert found.title == "SYNTHETIC DATA: Lahti: area types, 2023"
    assert found.to_gdf()["label"].tolist() == ["Type 5, least disadvantaged", "Unknown"]


def test_the_latest_year_is_drawn_unless_another_is_asked_for():
    rows = pd.concat([types(), types(year=2020, type=[5, 5])])
    assert explore(rows, "type").title.endswith("2024")
    assert "Unknown: 0" in explore(rows, "type", year=2020).html
    with pytest.raises(BadData, match="no row of 2019; allowed are 2020, 2024"):
        explore(rows, "type", year=2019)


def test_what_is_not_said_clearly_is_refused():
    several = pd.concat([cells(), cells(city="Oulu")])
    with pytest.raises(BadSettings, match=r"one city: name it \(city=…\); allowed are Lahti, Oulu"):
        explore(several)
    with pytest.raises(BadSettings, match="did you mean Lahti"):
        explore(several, city="lahti")
    with pytest.raises(BadSettings, match="of one group: name it"):
        explore(pd.concat([cells(), cells(group="other")]))
    with pytest.raises(BadData, match="type cannot be shown, the table lacks type"):
        explore(cells(), "type")
    with pytest.raises(BadData, match="aa stands twice"):
        explore(pd.concat([types(), types()]), "type")


def test_the_same_map_is_the_same_bytes_and_can_be_saved(tmp_path):
    found = explore(cells())
    assert found.save(tmp_path / "cell_map.html").read_bytes() == explore(cells()).html.encode()


def test_many_cells_make_a_small_page():
    n = 50_000
    at = np.arange(n)
    rows = {
        "cell": at.astype(str),
        "x": 125.0 + 250 * (at % 250),
        "y": 125.0 + 250 * (at // 250),
        "residents": 3,
        "type": at % 6,
        "disadvantage": 0.0,
        "n_worst": 0,
    }
    assert len(explore(types(**rows), "type").html) < 5_000_000
