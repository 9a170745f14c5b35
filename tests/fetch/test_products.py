"""Each product from a real WFS server: what is asked, what comes, and that its reader reads it."""

import tomllib

import loopback
import pytest
from fetch.conftest import needs_mapserver

from segindex.errors import BadData, BadSettings
from segindex.fetch import planned
from segindex.fetch.products import PRODUCTS, product_named
from segindex.sources import card, read_file
from segindex.sources.borders import read_municipalities
from segindex.sources.cell_link import read_link


@needs_mapserver
def test_paavo_comes_page_by_page_and_is_read(project):
    found = project.fetch("paavo", 2024)
    assert (found["how"], found["rows"], found["file"]) == ("new", 33, "data/raw/paavo/pno_tilasto_2024.gpkg")
    pages = [path for _, path, _, _ in project.server.log if "startIndex" in path]
    assert [path.split("count=")[1].split("&")[0] for path in pages] == ["12", "12", "9"]
    assert all("sortBy=postinumeroalue" in path and "srsName=EPSG:3067" in path for path in pages)
    (delivery,) = read_file(project.root / found["file"])
    assert delivery.form == "WFS table with polygons"
    assert (delivery.source, delivery.release, len(delivery.frame)) == ("paavo", "2024", 32)
    assert delivery.geometry.area.sum() == pytest.approx(32e6)


@needs_mapserver
def test_the_card_stands_beside_with_the_sum(project):
    found = project.fetch("paavo", 2024)
    own = tomllib.loads((project.raw / "paavo" / "source.toml").read_text(encoding="utf-8"))
    assert own["files"] == {"pno_tilasto_2024.gpkg": found["sha256"]}
    assert own["licence"] == "CC BY 4.0"
    assert own["source_line"]["sv"].startswith("Källa: Statistikcentralen")
    path = project.root / found["file"]
    assert card.check_sum(path, card.beside(path, "paavo")) == found["sha256"]


@needs_mapserver
def test_hidden_marks_stay_as_they_are(project):
    import geopandas

    frame = geopandas.read_file(project.root / project.fetch("paavo", 2024)["file"])
    assert (frame[["te_omis_as", "te_vuok_as", "te_muu_as"]] == -1).all(axis=1).sum() == 1


@needs_mapserver
def test_the_population_grid_is_read_under_a_card_of_its_own(project):
    found = project.fetch("statfin_grid", 2024)
    (delivery,) = read_file(project.root / found["file"])
    assert (delivery.source, delivery.cell_size_m, delivery.residents) == ("statfin_grid", 1000, "vaesto")
    assert delivery.card.licence == "CC BY 4.0"
    assert delivery.frame["ika_0_14"].isna().sum() == 2


@needs_mapserver
def test_municipalities_and_the_grid_of_hsy_are_read_together(project):
    borders = project.root / project.fetch("municipalities", 2024)["file"]
    assert list(read_municipalities(borders)["code"]) == ["005", "091", "837"]
    assert card.check_named_sum(borders)
    grid = project.root / project.fetch("hsy", 2024)["file"]
    (delivery,) = read_file(grid, municipalities=borders)
    assert (delivery.source, delivery.cell_size_m, delivery.crs) == ("hsy", 250, "EPSG:3879")
    assert set(delivery.frame["city"]) == {"Helsinki"}


@needs_mapserver
def test_the_link_of_cells_is_asked_for_by_municipality(project):
    found = project.fetch("hila250m_linkki", 2024)
    filters = {path.split("cql_filter=")[1].split("&")[0] for _, path, _, _ in project.server.log}
    assert {"kunnro2024%3D91", "kunnro2024%3D837"} <= filters
    assert len(filters) == 11
    assert found["rows"] == 44
    assert "11 rows stand there again" in found["notes"][0]
    link = read_link(project.root / found["file"])
    assert link[(300_125.0, 6_700_125.0)] == "091"
    assert "005" not in set(link)


@needs_mapserver
def test_a_service_that_takes_no_heed_of_the_filter_is_refused(project):
    def others(found):
        found["features"][0]["properties"]["kunnro2024"] = 5

    project.server.faults = [(loopback.page, loopback.changed(others))]
    with pytest.raises(BadData, match="1 rows have kunnro2024 5: the service does not filter"):
        project.fetch("hila250m_linkki", 2024)


@needs_mapserver
def test_one_connection_with_a_name_and_pauses(tmp_path, wfs):
    from fetch.conftest import Project

    project = Project(tmp_path, wfs, pause_s=2.5, contact="someone@example.fi")
    found = project.fetch("municipalities", 2024)
    assert len({connection for _, _, _, connection in wfs.log}) == 1
    assert all(agent.startswith("segindex/") and "(someone@example.fi)" in agent for _, _, agent, _ in wfs.log)
    assert project.slept == [2.5] * (found["requests"] - 1)


@needs_mapserver
def test_several_years_come_into_files_of_their_own(project):
    first, second = project.fetch("paavo", 2024, 2025)
    assert first["file"] != second["file"]
    own = tomllib.loads((project.raw / "paavo" / "source.toml").read_text(encoding="utf-8"))
    assert set(own["files"]) == {"pno_tilasto_2024.gpkg", "pno_tilasto_2025.gpkg"}


@needs_mapserver
def test_a_year_that_the_service_lacks_is_named(project):
    with pytest.raises(BadData, match=r"refuses.*pno_tilasto_2031"):
        project.fetch("paavo", 2031)
    assert not project.files()


@pytest.mark.parametrize("key", PRODUCTS)
def test_the_requests_of_a_dry_run(tmp_path, key):
    requests = planned(tmp_path, key, [2024])
    assert all(request.url.startswith("https://") for request in requests)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("key", "year", "message"),
    [
        ("pavo", 2024, "did you mean paavo"),
        ("paavo", 2014, "allowed are years from 2015 on"),
        ("statfin_grid", 2007, "from 2005 on without 2006-2009"),
    ],
)
def test_what_is_not_there_is_refused(tmp_path, key, year, message):
    with pytest.raises(BadSettings, match=message):
        planned(tmp_path, key, [year])


def test_every_product_has_its_card_and_its_service():
    from segindex.fetch.products import ADDRESSES

    for product in PRODUCTS.values():
        assert card.shipped(product.card).source == product.source
        assert product.service in ADDRESSES
        assert product_named(product.key) is product
