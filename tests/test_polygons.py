"""Polygons of postal areas beside a table: those of other areas are refused, some that lack are named."""

import geopandas
import pytest
import shapely
from sources.paavo_madeup import saved, wfs

import segindex
from segindex import cli
from segindex.errors import BadData


@pytest.fixture
def paavo(tmp_path):
    """Areas 00100 and 00120 of Helsinki, 33100 and 33900 of Tampere."""
    return saved(tmp_path, wfs())


def polygons(folder, *codes):
    boxes = [shapely.box(400_000 + 100 * n, 6_680_000, 400_100 + 100 * n, 6_680_100) for n in range(len(codes))]
    path = folder / "areas.gpkg"
    geopandas.GeoDataFrame({"postinumeroalue": codes}, geometry=boxes, crs=3067).to_file(path)
    return path


@pytest.mark.parametrize(
    ("codes", "city", "message"),
    [
        (
            ["99999"],
            None,
            r"areas\.gpkg: no area of Helsinki, Tampere in .*\.csv has a polygon, first 00100, 00120, 33",
        ),
        (
            ["00100", "00120"],
            ["Tampere"],
            r"areas\.gpkg: no area of Tampere in .*\.csv has a polygon, first 33100, 33900",
        ),
        (["00100"], ["Helsinki", "tammerfors"], "no area of Tampere in "),
    ],
)
def test_polygons_of_other_areas_are_refused(paavo, tmp_path, codes, city, message):
    with pytest.raises(BadData, match=message):
        segindex.read(paavo, polygons=polygons(tmp_path, *codes), city=city)


@pytest.mark.parametrize(("codes", "city"), [(["00100"], None), (["00100"], "Helsinki"), (["33900", "00120"], None)])
def test_polygons_of_some_areas_are_enough_and_the_others_are_named(paavo, tmp_path, codes, city):
    panels = segindex.read(paavo, polygons=polygons(tmp_path, *codes), city=city, group="low_income")
    lacking = [code for code in ("00100", "00120", "33100", "33900") if code not in codes]
    assert all(
        "have no place on a map and no neighbours" in " ".join(panel.notices)
        and f", first {', '.join(lacking)})" in " ".join(panel.notices)
        for panel in panels
    )


def test_the_command_ends_in_bad_data(paavo, tmp_path, capsys):
    words = ["table", str(paavo), "--polygons", str(polygons(tmp_path, "00100")), "--city", "Tampere"]
    assert cli.main([*words, "--index", "morans_i"]) == cli.BAD_DATA
    assert "no area of Tampere" in capsys.readouterr().err
