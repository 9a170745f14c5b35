"""A file that stands is never overwritten; a revision moves it aside."""

import hashlib
import tomllib

import pytest
from fetch.conftest import Project, needs_mapserver
from loopback import Loopback
from made_services import mapserver, postal_areas, write_layers

from segindex.errors import BadData
from segindex.fetch import place
from segindex.fetch.products import PRODUCTS

PRODUCT = PRODUCTS["paavo_pxweb"]
OLD = b'"title"\n\n"area","label","2022"\n"00100","a","1"\n"00100","b","2"\n"00120","a","3"\n'
NEW = b'"title"\n\n"area","label","2022"\n"00100","a","1"\n"00100","b","5"\n"00130","a","3"\n'


def test_the_same_again_changes_nothing(tmp_path):
    assert place.put(tmp_path, PRODUCT, 2022, OLD)[0] == "new"
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert place.put(tmp_path, PRODUCT, 2022, OLD)[0] == "unchanged"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_other_data_are_refused_with_how_many_rows_differ(tmp_path):
    place.put(tmp_path, PRODUCT, 2022, OLD)
    with pytest.raises(
        BadData, match=r"1 rows differ .first 00100 b.; 1 rows are new .first 00130 a.; 1 rows are gone"
    ) as told:
        place.put(tmp_path, PRODUCT, 2022, NEW)
    assert "--revise" in str(told.value)
    assert (tmp_path / "paavo_12f7_2022.csv").read_bytes() == OLD


def test_a_revision_keeps_the_old_file_and_its_sum(tmp_path):
    place.put(tmp_path, PRODUCT, 2022, OLD)
    how, path, differ = place.put(tmp_path, PRODUCT, 2022, NEW, revise=True)
    assert (how, path.read_bytes()) == ("revised", NEW)
    assert "1 rows differ" in differ
    total = hashlib.sha256(OLD).hexdigest()
    kept = f"paavo_12f7_2022.csv.{total[:8]}"
    assert (tmp_path / "superseded" / kept).read_bytes() == OLD
    entries = tomllib.loads((tmp_path / "superseded" / "superseded.toml").read_text(encoding="utf-8"))
    assert entries == {"files": {kept: total}}
    own = tomllib.loads((tmp_path / "source.toml").read_text(encoding="utf-8"))
    assert own["files"] == {path.name: hashlib.sha256(NEW).hexdigest()}
    place.put(tmp_path, PRODUCT, 2022, OLD, revise=True)
    assert len(list((tmp_path / "superseded").iterdir())) == 3


def test_a_card_that_a_killed_call_did_not_write_is_written(tmp_path):
    place.put(tmp_path, PRODUCT, 2022, OLD)
    (tmp_path / "source.toml").unlink()
    assert place.put(tmp_path, PRODUCT, 2022, OLD)[0] == "unchanged"
    assert (tmp_path / "source.toml").is_file()


def test_what_a_card_already_says_stays(tmp_path):
    place.put(tmp_path, PRODUCT, 2022, OLD)
    own = tmp_path / "source.toml"
    own.write_text(
        own.read_text(encoding="utf-8") + '"mine.csv" = "abc"\n[dates]\nhe = "2020-12-31"\n', encoding="utf-8"
    )
    place.put(tmp_path, PRODUCT, 2023, OLD)
    found = tomllib.loads(own.read_text(encoding="utf-8"))
    assert set(found["files"]) == {"mine.csv", "paavo_12f7_2022.csv", "paavo_12f7_2023.csv"}
    assert found["dates"] == {"he": "2020-12-31"}


@needs_mapserver
def test_a_revised_layer(tmp_path, wfs):
    project = Project(tmp_path, wfs)
    project.fetch("paavo", 2024)
    before = project.files()
    assert project.fetch("paavo", 2024)["how"] == "unchanged"
    assert project.files() == before
    changed = postal_areas()
    changed.loc[:1, "hr_pi_tul"] += 1
    layers = tmp_path / "layers"
    layers.mkdir()
    write_layers(layers, pno_tilasto_2024=changed)
    wfs.answer = mapserver(layers)
    with pytest.raises(BadData, match=r"2 rows differ .first 00000, 00010.; in hr_pi_tul"):
        project.fetch("paavo", 2024)
    assert project.files() == before
    assert project.fetch("paavo", 2024, revise=True)["how"] == "revised"
    kept = [name for name in project.files() if name.startswith("paavo/superseded/pno")]
    assert [project.files()[name] for name in kept] == [before["paavo/pno_tilasto_2024.gpkg"]]


@needs_mapserver
def test_other_bytes_of_the_same_rows_are_no_revision(project):
    import geopandas

    path = project.root / project.fetch("municipalities", 2024)["file"]
    frame = geopandas.read_file(path)
    path.unlink()
    frame.to_file(path, layer="another", driver="GPKG")
    before = path.read_bytes()
    assert project.fetch("municipalities", 2024)["how"] == "unchanged"
    assert path.read_bytes() == before


def test_a_server_that_is_not_there_is_named(tmp_path):
    with Loopback(None) as server:
        project = Project(tmp_path, server, tries=2)
    with pytest.raises(ConnectionError, match=r"the connection failed.*in 2 tries"):
        project.fetch("paavo", 2024)
    assert not project.files()
