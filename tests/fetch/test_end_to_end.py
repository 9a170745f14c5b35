"""From a service to a table and an edition's panels, by the commands that a user types."""

import json

import pandas as pd
import pytest
from fetch.conftest import Project, needs_mapserver

from segindex import cli
from segindex.sources.card import sha256


def run(capsys, *words):
    code = cli.main([str(word) for word in words])
    return code, *capsys.readouterr()


@needs_mapserver
def test_from_the_service_to_a_table_and_an_edition(project, capsys):
    code, told, _ = run(capsys, "fetch", "paavo", "--year", 2024, "--year", 2025, "--root", project.root, "--json")
    assert code == 0
    files = [project.root / one["file"] for one in json.loads(told)]
    code, told, _ = run(capsys, "table", *files, "--group", "low_income", "--index", "dissimilarity")
    rows = told.splitlines()
    assert code == 0
    assert {tuple(row.split(",")[:3]) for row in rows[1:]} == {
        (city, year, release)
        for city in ("Helsinki", "Tampere")
        for year, release in (("2022", "2024"), ("2023", "2025"))
    }
    edition = project.root / "reports" / "fetched"
    edition.mkdir(parents=True)
    (edition / "run.toml").write_text(
        'edition = "fetched"\ngroups = ["low_income"]\n[[source]]\nname = "paavo"\npath = "data/raw/paavo/*.gpkg"\n',
        encoding="utf-8",
    )
    code, _, told = run(capsys, "ingest", "fetched", "--root", project.root, "--workers", 1)
    assert code == 0, told
    assert (project.root / "data" / "processed" / "fetched" / "panels").is_dir()


EVERYTHING = """
edition = "fetched"
languages = ["fi"]
indices = ["dissimilarity", "isolation"]
worth_years = "none"

[[source]]
name = "paavo"
path = ["data/raw/paavo/*.gpkg", "data/raw/paavo/*.csv"]

[[source]]
name = "statfin_grid"
path = "data/raw/statfin_population/*.gpkg"

[[source]]
name = "hsy"
path = "data/raw/hsy/*.gpkg"
municipalities = "data/raw/municipalities/kunta1000k_2024.gpkg"

[[group]]
key = "aged_65"
count = "ika_65_"
base = "vaesto"
fi = "65 vuotta täyttäneet"
sv = "65 år fyllda"
en = "aged 65 or over"

[[group]]
key = "children_0_9"
count = "ika0_9"
base = "asukkaita"
fi = "0–9-vuotiaat lapset"
sv = "barn i åldern 0–9 år"
en = "children aged 0–9"

[funding]
register = "facts"
"""


@needs_mapserver
def test_from_nothing_to_a_report_of_all_that_can_be_fetched(tmp_path, wfs, pxweb, capsys):
    root = Project(tmp_path, wfs, pxweb).root
    asked = {"paavo": (2024, 2025), "paavo_pxweb": (2021,), "statfin_grid": (2024,), "municipalities": (2024,)}
    for key, years in (asked | {"hsy": (2024,)}).items():
        words = [word for year in years for word in ("--year", year)]
        code, _, told = run(capsys, "fetch", key, *words, "--root", root)
        assert code == 0, told
    pages = root / "reports" / "fetched"
    pages.mkdir(parents=True)
    (pages / "run.toml").write_text(EVERYTHING, encoding="utf-8")
    code, told, said = run(capsys, "run", "fetched", "--root", root, "--json")
    assert code == 0, said
    assert json.loads(told)["page"] == "reports/fetched/index.html"
    results = pd.read_csv(root / "data" / "processed" / "fetched" / "results.csv", dtype={"release": str})
    given = set(results[["group", "city", "year"]].itertuples(index=False, name=None))
    towns = ("Helsinki", "Tampere")
    assert {("low_income", town, year) for town in towns for year in (2021, 2022, 2023)} <= given
    assert {("aged_65", "Tampere", 2024), ("children_0_9", "Helsinki", 2024)} <= given
    page = (pages / "index.html").read_text(encoding="utf-8")
    assert "Helsingin seudun ympäristöpalvelut" in page and "Paavo" in page and "keksitty" not in page.lower()
    sums = [line.split("  ") for line in (pages / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    assert {"report.fi.pdf", "brief.fi.pdf", "tables.fi.xlsx"} <= {name.split("/")[-1] for _, name in sums}
    assert all(sha256((pages / name).resolve()) == total for total, name in sums)


@needs_mapserver
def test_what_the_command_says(project, capsys):
    words = ("fetch", "municipalities", "--year", 2024, "--root", project.root)
    code, told, _ = run(capsys, *words)
    assert code == 0
    assert told.startswith("data/raw/municipalities/kunta1000k_2024.gpkg: 3 rows, 3 requests, sha256 ")
    code, told, _ = run(capsys, *words)
    assert (code, told) == (0, "data/raw/municipalities/kunta1000k_2024.gpkg: nothing had changed (3 rows)\n")


@needs_mapserver
def test_refused_data_end_with_65(project, capsys):
    code, _, told = run(capsys, "fetch", "paavo", "--year", 2031, "--root", project.root)
    assert code == 65
    assert "the service refuses (HTTP 400)" in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("fetch", "pavo", "--year", "2024"), "did you mean paavo"),
        (("fetch", "paavo_pxweb", "--year", "2024", "--lang", "sv"), "allowed are fi and en"),
        (("fetch", "hsy", "--year", "1900"), "allowed are years from 1997 on"),
    ],
)
def test_wrong_calls_end_with_2(tmp_path, capsys, words, message):
    code, _, told = run(capsys, *words, "--root", tmp_path)
    assert code == 2
    assert message in told


def test_a_service_that_cannot_be_reached_ends_with_1(tmp_path, capsys):
    settings = 'tries = 1\n[address]\nhsy = "http://127.0.0.1:9/wfs"\n'
    (tmp_path / "fetch.toml").write_text(settings, encoding="utf-8")
    code, _, told = run(capsys, "fetch", "hsy", "--year", 2024, "--root", tmp_path)
    assert code == 1
    assert "segindex: failed: http://127.0.0.1:9/wfs" in told


def test_a_dry_run_prints_and_sends_nothing(tmp_path, capsys):
    code, told, _ = run(capsys, "fetch", "paavo_pxweb", "--year", 2022, "--dry-run", "--root", tmp_path)
    lines = told.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines[:3]] == ["GET", "GET", "POST"]
    assert json.loads(lines[3])["response"] == {"format": "json-stat2"}
    code, told, _ = run(capsys, "fetch", "paavo", "--year", 2024, "--dry-run", "--root", tmp_path)
    assert "resultType=hits" in told.splitlines()[0]
    assert "startIndex=0&sortBy=postinumeroalue" in told.splitlines()[1]
    assert not list(tmp_path.iterdir())


def test_what_can_be_fetched_is_listed(capsys):
    code, told, _ = run(capsys, "list", "products")
    assert code == 0
    assert [line.split()[0] for line in told.splitlines()] == [
        *("paavo", "paavo_pxweb", "statfin_grid", "municipalities", "hila250m_linkki", "hsy")
    ]
