"""Cities of the settings in every source that tells municipalities: which rows are kept, and under which city."""

import geopandas
import pytest
from shapely import box
from sources.paavo_madeup import wfs

from segindex import ingest
from segindex.check import describe
from segindex.errors import BadData
from segindex.facts import cities, define_city
from segindex.sources import hsy, paavo, sample, statfin_grid, ykr

YKR = """vuosi;kunta;xyind;v_yht
2020;091;3861256671875;30
2020;753;3863756671875;8
2020;837;3278756822625;50
2020;005;3271256943875;7
2020;532;4273756761625;9
"""
GRID = """grd_id;kunta;vuosi;he_vakiy
250mN667175E38600;091;2022;30
250mN667175E38625;753;2022;8
250mN682250E32775;837;2022;50
"""
LINK = "euref_x,euref_y,kunnro2024\n386000,6671750,91\n386250,6671750,753\n327750,6822500,837\n"
EVERY = (define_city("Suomi", "all"),)
REGION = (define_city("Uusimaa", ["091", "753"]),)


def written(place, text):
    place.write_text(text, encoding="utf-8")
    return place


def kinds(delivery):
    return {notice.kind: notice for notice in delivery.notices}


def test_every_row_stays_under_a_city_of_all_municipalities(tmp_path):
    (found,) = ykr.read(written(tmp_path / "a.csv", YKR), taken=EVERY)
    assert found.frame["city"].tolist() == ["Suomi"] * 5
    assert found.frame["v_yht"].tolist() == [30, 8, 50, 7, 9]
    assert found.notices == ()


def test_such_a_city_asks_for_no_municipalities(tmp_path):
    text = YKR.replace(";kunta", "").replace(";091", "").replace(";753", "").replace(";837", "")
    text = text.replace(";005", "").replace(";532", "")
    path = written(tmp_path / "a.csv", text)
    assert len(ykr.read(path, taken=EVERY)[0].frame) == 5
    with pytest.raises(BadData, match="cells name no municipality"):
        ykr.read(path, taken=REGION)


def test_municipalities_are_put_together_and_the_others_told(tmp_path):
    (found,) = statfin_grid.read(written(tmp_path / "a.csv", GRID), taken=(*REGION, cities()["Tampere"]))
    assert found.frame["city"].tolist() == ["Uusimaa", "Uusimaa", "Tampere"]
    (found,) = statfin_grid.read(written(tmp_path / "a.csv", GRID), taken=REGION)
    assert found.frame["he_vakiy"].tolist() == [30, 8]
    lost = kinds(found)["other_municipality"]
    assert (lost.cells, lost.residents, lost.first) == (1, 50, ("837",))
    assert lost.text == "cells of municipalities outside the cities of the settings are left out"


def test_what_has_merged_into_a_municipality_comes_with_it(tmp_path):
    (found,) = ykr.read(written(tmp_path / "a.csv", YKR), taken=[define_city("Päijät-Häme", ["398", "098"])])
    assert found.frame["v_yht"].tolist() == [9]
    assert kinds(found)["merged_municipality"].first == ("532",)


def test_a_municipality_without_a_cell_is_told(tmp_path):
    (found,) = ykr.read(written(tmp_path / "a.csv", YKR), taken=[define_city("Uusimaa", ["091", "999", "018"])])
    assert kinds(found)["absent_municipality"].text.endswith("has no cell: 018, 999")
    with pytest.raises(BadData, match=r"no row belongs to one of the cities of the settings; .*known are 018 Porvoo"):
        ykr.read(written(tmp_path / "a.csv", YKR), taken=[define_city("Porvoo", ["018"])])


@pytest.mark.parametrize("kind", ["link", "polygons"])
def test_a_grid_finds_them_by_link_or_polygons(tmp_path, kind):
    path = written(tmp_path / "a.csv", GRID.replace(";kunta", "").replace(";091;", ";").replace(";753;", ";"))
    path = written(path, path.read_text(encoding="utf-8").replace(";837;", ";"))
    where = written(tmp_path / "link.csv", LINK)
    if kind == "polygons":
        shapes = [
            box(386000, 6671750, 386250, 6672000),
            box(386250, 6671750, 386500, 6672000),
            box(3e5, 68e5, 4e5, 69e5),
        ]
        where = tmp_path / "towns.gpkg"
        geopandas.GeoDataFrame({"NATCODE": ["091", "753", "837"]}, geometry=shapes, crs=3067).to_file(where)
    (found,) = statfin_grid.read(path, municipalities=where, taken=REGION)
    assert found.frame["cell"].tolist() == ["250mN667175E38600", "250mN667175E38625"]


def test_postal_areas_and_hsys_grid(tmp_path):
    path = tmp_path / "paavo.csv"
    wfs().to_csv(path, index=False)
    assert paavo.read(path, taken=REGION)[0].frame["cell"].tolist() == ["00100", "00120", "04130"]
    assert len(paavo.read(path, taken=EVERY)[0].frame) == 5
    west, south = 25_492_375.0 - 125, 6_672_125.0 - 125
    shapes = [box(west + 250 * i, south, west + 250 * (i + 1), south + 250) for i in range(3)]
    columns = {"asukkaita": [180] * 3} | {age: [20] * 3 for age in hsy.AGES}
    grid = tmp_path / "Vaestotietoruudukko_2016.gpkg"
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=3879).to_file(grid)
    towns = tmp_path / "towns.gpkg"
    halves = [
        box(west - 9e3, south - 9e3, west + 250, south + 9e3),
        box(west + 250, south - 9e3, west + 9e3, south + 9e3),
    ]
    geopandas.GeoDataFrame({"NATCODE": ["091", "753"]}, geometry=halves, crs=3879).to_crs(3067).to_file(towns)
    assert set(hsy.read(grid, municipalities=towns, taken=REGION)[0].frame["city"]) == {"Uusimaa"}
    assert len(hsy.read(grid, municipalities=towns)[0].frame) == 1
    assert hsy.read(grid, taken=EVERY)[0].frame["city"].tolist() == ["Suomi"] * 3


def test_panels_of_the_made_up_cities_put_together(tmp_path):
    paths = sample.write_small(tmp_path, cells=60, years=(2024,))
    both = define_city("Etelä", ["091", "853"])
    panels = ingest.read(paths, cities=[both], group="low_income")
    (whole,) = panels
    parts = ingest.read(paths, group="low_income")
    assert [panel.city for panel in parts] == ["Helsinki", "Turku"]
    assert whole.city == "Etelä"
    assert whole.counts.sum() == sum(panel.counts.sum() for panel in parts)
    with pytest.raises(ValueError, match="city Turku is not in the file; it has Etelä"):
        ingest.read(paths, cities=[both], city="Turku", group="low_income")


def test_the_outline_of_a_city_is_that_of_its_municipalities(tmp_path):
    shapes = [box(385000, 6671000, 386000, 6672000), box(386000, 6671000, 387000, 6672000), box(4e5, 68e5, 41e4, 69e5)]
    place = tmp_path / "towns.gpkg"
    geopandas.GeoDataFrame({"NATCODE": ["091", "753", "837"]}, geometry=shapes, crs=3067).to_file(place)
    found = ingest._own_borders(place, "EPSG:3067", REGION)
    assert found["name"].tolist() == ["Uusimaa"] and found.area.tolist() == [2e6]
    assert ingest._own_borders(place, "EPSG:3067", EVERY).area.sum() == sum(shape.area for shape in shapes)
    assert ingest._own_borders(place, "EPSG:3067", None)["name"].tolist() == ["Helsinki", "Tampere"]


def test_a_city_without_one_of_its_municipalities_is_refused(tmp_path):
    path = written(tmp_path / "a.csv", YKR)
    assert ingest.deliver([path], source="ykr", taken=[define_city("Uusimaa", ["091"])])
    with pytest.raises(BadData, match=r"a\.csv: no cell or area is of municipality 018, 999 of \[\[city"):
        ingest.deliver([path], source="ykr", taken=[define_city("Uusimaa", ["091", "999", "018"])])


def test_a_source_of_a_region_may_lack_a_whole_city_and_no_part_of_one(tmp_path):
    path = written(tmp_path / "a.csv", YKR)
    (found,) = ingest.deliver(
        [path], source="ykr", taken=[define_city("Uusimaa", ["091"]), define_city("Kemi", ["240"])]
    )
    assert found.frame["city"].tolist() == ["Uusimaa"]
    other = written(tmp_path / "b.csv", YKR.replace("2020;", "2021;").replace(";753;", ";240;"))
    taken = [define_city("Uusimaa", ["091"]), define_city("Lappi", ["240", "005"])]
    assert len(ingest.deliver([path, other], source="ykr", taken=taken)) == 2, "one file of several has each part"
    with pytest.raises(BadData, match="of municipality 999"):
        ingest.deliver([path, other], source="ykr", taken=[taken[0], define_city("Lappi", ["240", "999"])])


def test_a_file_of_other_municipalities_alone_is_described_as_one(tmp_path):
    text = "\n".join(line for line in YKR.splitlines() if line.split(";")[1] in ("kunta", "753", "005")) + "\n"
    (told,) = describe(written(tmp_path / "a.csv", text), source="ykr")
    assert {name: (city["cells"], city["residents"]) for name, city in told["cities"].items()} == {
        "Kaikki kunnat": (2, 15)
    }
