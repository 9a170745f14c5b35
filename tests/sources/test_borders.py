"""Municipality and postal polygons, the key between them, and which polygon holds a point."""

import warnings
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from segindex.errors import BadData
from segindex.sources import borders

DATA = Path(__file__).parents[2] / "../shared/data"
MUNICIPALITIES = DATA / "municipalities/finland_municipalities_2021.gpkg"
AREAS_2019 = DATA / "postal_areas/postal_areas_2019_reduced_epsg3067.gpkg"
KEY_2020 = DATA / "postal_areas/alueryhmittely_posnro_2020_en.csv"
real = pytest.mark.skipif(not DATA.is_dir(), reason="the real data of ../shared/data are not here")

LEFT = shapely.box(380_000, 6_670_000, 384_000, 6_674_000)
RIGHT = shapely.box(384_000, 6_670_000, 388_000, 6_674_000)
# a figure of eight: the ring crosses itself
BOW = shapely.Polygon([(388_000, 6_670_000), (392_000, 6_674_000), (392_000, 6_670_000), (388_000, 6_674_000)])


def file(folder, shapes, crs="EPSG:3067", name="a.gpkg", **columns):
    path = folder / name
    with warnings.catch_warnings():
        # writing without a coordinate system is what one test wants
        warnings.simplefilter("ignore", UserWarning)
        geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs).to_file(path)
    return path


def test_codes_get_their_zeros_and_broken_polygons_are_repaired(tmp_path):
    path = file(tmp_path, [LEFT, RIGHT, BOW], NATCODE=[49, 91, 92], NAMEFIN=["Espoo", "Helsinki", "Vantaa"])
    found = borders.read_municipalities(path)
    assert found.columns.tolist() == ["code", "name", "geometry"]
    assert found["code"].tolist() == ["049", "091", "092"]
    assert found["name"].tolist() == ["Espoo", "Helsinki", "Vantaa"]
    assert found.crs == "EPSG:3067"
    assert found.is_valid.all()
    assert found.area.tolist() == pytest.approx([16e6, 16e6, 8e6])


def test_parts_of_one_municipality_become_one(tmp_path):
    found = borders.read_municipalities(file(tmp_path, [LEFT, RIGHT], kunta=["091", "091"], nimi=["Helsinki"] * 2))
    assert found["code"].tolist() == ["091"]
    assert found.area.tolist() == pytest.approx([32e6])


def test_another_coordinate_system_is_brought_home(tmp_path):
    shapes = geopandas.GeoSeries([LEFT], crs="EPSG:3067").to_crs("EPSG:4326")
    found = borders.read_municipalities(file(tmp_path, shapes, crs="EPSG:4326", natcode=["049"]))
    assert found.total_bounds == pytest.approx(LEFT.bounds, abs=1)
    assert found["name"].tolist() == ["049"]


def test_a_point_belongs_to_the_polygon_that_holds_it(tmp_path):
    found = borders.read_municipalities(file(tmp_path, [LEFT, RIGHT], natcode=["049", "091"]))
    x, y = np.array([381_000, 385_000, 399_000, 384_000.0]), np.full(4, 6_671_000.0)
    assert borders.municipality_of(x, y, found).tolist() == ["049", "091", None, "049"]
    assert borders.municipality_of(x[::-1], y, found).tolist() == ["049", None, "091", "049"]


def test_points_may_be_in_another_coordinate_system(tmp_path):
    found = borders.read_municipalities(file(tmp_path, [LEFT, RIGHT], natcode=["049", "091"]))
    points = geopandas.GeoSeries(geopandas.points_from_xy([381_000], [6_671_000]), crs="EPSG:3067").to_crs("EPSG:3879")
    assert borders.municipality_of(points.x, points.y, found, crs="EPSG:3879").tolist() == ["049"]


def test_postal_polygons_are_known_by_their_code(tmp_path):
    found = borders.read_polygons(file(tmp_path, [LEFT, RIGHT], posti_alue=["00100", "00120"]))
    assert found.columns.tolist() == ["cell", "geometry"]
    assert found["cell"].tolist() == ["00100", "00120"]


@pytest.mark.parametrize(
    ("shapes", "crs", "columns", "message"),
    [
        pytest.param([LEFT], None, {"natcode": ["049"]}, "does not say its coordinate system", id="no CRS"),
        pytest.param(
            [shapely.box(24, 60, 25, 61)], "EPSG:3067", {"natcode": ["049"]}, "outside Finland", id="degrees as metres"
        ),
        pytest.param([LEFT], "EPSG:3879", {"natcode": ["049"]}, "outside Finland", id="wrong CRS"),
        pytest.param([LEFT], "EPSG:3067", {"town": ["Espoo"]}, "no column holds a municipality code", id="no code"),
        pytest.param([LEFT], "EPSG:3067", {"natcode": ["Espoo"]}, "first row 1: 'Espoo'", id="name for a code"),
        pytest.param([LEFT.centroid], "EPSG:3067", {"natcode": ["049"]}, "1 of 1 features are no polygons", id="point"),
    ],
)
def test_wrong_municipality_files_are_refused(tmp_path, shapes, crs, columns, message):
    path = file(tmp_path, shapes, crs, "a.gpkg" if crs else "a.shp", **columns)
    with pytest.raises(BadData, match=message):
        borders.read_municipalities(path)


def test_a_postal_code_may_stand_once(tmp_path):
    with pytest.raises(BadData, match="rows share a cell, first 00100"):
        borders.read_polygons(file(tmp_path, [LEFT, RIGHT], pono=["00100", "00100"]))


def test_a_table_has_no_polygons(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("natcode\n049\n", encoding="utf-8")
    with pytest.raises(BadData, match="no polygons"):
        borders.read_municipalities(path)


def key(folder, text):
    path = folder / "key.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_comma_in_a_name_does_not_move_the_municipality(tmp_path):
    path = key(
        tmp_path,
        "Postal code area,Name,Municipality,Name of it,Sub-regional unit,Centre for development, transport\n"
        "00100,Etu-Töölö,091,Helsinki,011,01\n"
        "80100,Joensuu Keskus, Pohjoinen,167,Joensuu,122,09\n"
        "99800,Ivalo,148,Inari,196,15\n",
    )
    assert borders.read_key(path).to_dict() == {"00100": "091", "80100": "167", "99800": "148"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("a,b\n1,2\n", "no column holds a postal code", id="other columns"),
        pytest.param("postinumeroalue,kunta\n00100,091\n00100,049\n", "rows share a cell", id="twice"),
        pytest.param("postinumeroalue,kunta\n00100,Helsinki\n", "'Helsinki'", id="name for a code"),
        pytest.param("postinumeroalue,nimi,kunta\n1,a,091\n2,b,091\n3,c\n", "1 rows are cut off", id="short row"),
    ],
)
def test_a_wrong_key_is_refused(tmp_path, text, message):
    with pytest.raises(BadData, match=message):
        borders.read_key(key(tmp_path, text))


@real
def test_the_municipalities_of_2021_are_repaired():
    raw = geopandas.read_file(MUNICIPALITIES)
    found = borders.read_municipalities(MUNICIPALITIES)
    assert (~raw.is_valid).sum() == 15
    assert found.is_valid.all()
    assert len(found) == 309
    assert found.set_index("code")["name"].loc[["091", "167", "564"]].tolist() == ["Helsinki", "Joensuu", "Oulu"]
    np.testing.assert_allclose(found.area, raw.area, rtol=1e-4)


@real
def test_the_postal_areas_of_2019_are_all_read():
    found = borders.read_polygons(AREAS_2019)
    assert len(found) == 3026
    assert not {"90420", "90600"} & set(found["cell"])


@real
def test_the_key_of_2020_keeps_the_centre_of_joensuu():
    found = borders.read_key(KEY_2020)
    assert len(found) == 3026
    assert found[["80100", "80110", "80130", "74100", "05850"]].tolist() == ["167", "167", "167", "140", "106"]
    assert (found == "091").sum() == 84


def test_named_areas_have_an_id_each_and_a_name(tmp_path):
    found = borders.read_named_areas(file(tmp_path, [LEFT, RIGHT], id=["a", "b"], nimi=["Länsi", None]))
    assert found["area"].tolist() == ["a", "b"]
    assert found["name"].tolist() == ["Länsi", "b"]
    postal = borders.read_named_areas(file(tmp_path, [LEFT], name="p.gpkg", postinumeroalue=["00100"]))
    assert postal["name"].tolist() == ["00100"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"id": ["a", "a"]}, r"column id holds the id of another row in 1 rows, first row 2 a"),
        ({"id": ["a", ""]}, r"column id holds no id in 1 rows, first row 2"),
        ({"colour": ["a", "b"]}, "no column holds the id of an area; known names are postinumeroalue"),
    ],
)
def test_areas_without_an_id_are_refused(tmp_path, columns, message):
    with pytest.raises(BadData, match=message):
        borders.read_named_areas(file(tmp_path, [LEFT, RIGHT], **columns))


def test_areas_of_two_levels_are_refused_and_slivers_are_not(tmp_path):
    whole = shapely.union_all([LEFT, RIGHT])
    with pytest.raises(BadData, match=r"2 pairs of areas overlap, first a and c, b and c; areas of one level"):
        borders.read_named_areas(file(tmp_path, [LEFT, RIGHT, whole], id=["a", "b", "c"]))
    sliver = shapely.box(383_990, 6_670_000, 388_000, 6_674_000)
    assert len(borders.read_named_areas(file(tmp_path, [LEFT, sliver], name="s.gpkg", id=["a", "b"]))) == 2
