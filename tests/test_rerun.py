"""A rerun does what depends on what changed, and says what that was."""

import json
import os
import shutil
import time

import pandas as pd
import pytest
from conftest import SETTINGS, files_of, make_project

from segindex.changed import between, in_short, rows_that_differ
from segindex.city_tables import city_tables
from segindex.pipeline import run

RUN = SETTINGS.replace("permutations = 499", "permutations = 99").replace(
    'areas = "data/raw/sample/districts.gpkg"', ""
)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A small edition, run once, for copies."""
    root = make_project(tmp_path_factory.mktemp("once"), RUN, cells=60, years=(2022, 2023))
    run(root, workers=1)
    return root


@pytest.fixture
def project(once, tmp_path):
    shutil.copytree(once, tmp_path / "project")
    return tmp_path / "project"


def keys(root):
    ledger = json.loads((root / "data" / "processed" / "small" / "ledger.json").read_text(encoding="utf-8"))
    return {task: entry["key"] for task, entry in ledger.items()}


def change_one_cell_of_turku(root):
    """One more person in the lowest income class, and one less in the middle one, in one cell of the last year."""
    raw = root / "data" / "raw" / "sample" / "sample_2023.csv"
    lines = [line.split(";") for line in raw.read_text(encoding="utf-8").splitlines()]
    city, low, middle = (lines[0].index(name) for name in ("kunta", "hr_pi_tul", "hr_ke_tul"))
    row = next(line for line in lines[1:] if line[city] == "853" and int(line[low]) > 5 and int(line[middle]) > 5)
    row[low], row[middle] = str(int(row[low]) + 1), str(int(row[middle]) - 1)
    raw.write_text("\n".join(";".join(line) for line in lines) + "\n", encoding="utf-8")
    return raw


def test_one_city_s_input_redoes_its_own_parts_and_those_that_show_it(project):
    before = keys(project)
    summary = run(project, workers=1, accept=[change_one_cell_of_turku(project)])
    now = keys(project)
    again = {task for task in now if before[task] != now[task]}
    assert {"ingest", "compute turku", "tables", "report page fi"} <= again
    assert "compute helsinki" not in again and not [
        task for task in again if "clusters" in task and "turku" not in task
    ]
    assert "report figure clusters_low_income_turku" in again
    assert "report figure clusters_foreign_language_turku" not in again
    assert "report figure trends_dissimilarity_low_income" in again
    assert "report figure trends_dissimilarity_foreign_language" not in again
    rows = summary["changed"]["rows"]
    assert set(rows["data/processed/small/results.csv"]) == {"Turku"}
    told = " / ".join(in_short(summary))
    assert summary["because"] == {"inputs": {"changed": ["data/raw/sample/sample_2023.csv"]}}
    assert "results.csv Turku" in told and "parts of tables of Turku (" in told and "index.html" in told
    changes = pd.read_csv(project / "data/processed/small/changes.csv").query("city == 'Helsinki'")
    shared = set(rows["data/processed/small/changes.csv"])
    assert shared == {"Turku"} or changes["q"].notna().any(), "only q-values look at all cities"
    assert json.loads((project / "reports/small/run.json").read_text(encoding="utf-8"))["changed"] == summary["changed"]


def test_the_bytes_are_those_of_a_run_from_nothing(project, tmp_path):
    raw = change_one_cell_of_turku(project)
    run(project, workers=1, accept=[raw])
    fresh = tmp_path / "fresh"
    shutil.copytree(project / "data" / "raw", fresh / "data" / "raw")
    (fresh / "reports" / "small").mkdir(parents=True)
    shutil.copy(project / "reports" / "small" / "run.toml", fresh / "reports" / "small")
    run(fresh, workers=1, accept=[fresh / raw.relative_to(project)])
    assert files_of(project) == files_of(fresh)


def test_a_clock_that_jumps_redoes_nothing_and_hides_nothing(project, once, tmp_path, monkeypatch):
    for path in project.rglob("*"):
        os.utime(path, (4e9, 4e9))
    monkeypatch.setattr(time, "time", lambda: 1.0)
    assert run(project, workers=1)["tasks_done"] == 0
    raw = change_one_cell_of_turku(project)
    os.utime(raw, (2.0, 2.0))
    assert run(project, workers=1, accept=[raw])["tasks_done"] > 0
    monkeypatch.undo()
    other = shutil.copytree(once, tmp_path / "other")
    run(other, workers=1, accept=[change_one_cell_of_turku(other)])
    assert files_of(project) == files_of(other)


def test_a_title_redoes_what_shows_it_and_no_number(project):
    settings = project / "reports" / "small" / "run.toml"
    settings.write_text(RUN.replace('"Koe"', '"Uusi koe"'), encoding="utf-8")
    before = keys(project)
    summary = run(project, workers=1)
    again = {task for task, key in keys(project).items() if before[task] != key}
    assert "report page fi" in again and not [task for task in again if not task.startswith("report ")]
    assert summary["changed"]["rows"] == {}
    assert not [name for name in summary["changed"]["files"]["changed"] if name.startswith("data/")]


def test_other_code_redoes_everything(project, monkeypatch):
    before = keys(project)
    monkeypatch.setattr("segindex.pipeline.code_version", lambda: "other")
    summary = run(project, workers=1)
    assert not [task for task, key in keys(project).items() if before[task] == key]
    assert summary["tasks_skipped"] == 0 and summary["files_changed"] == 0
    assert not any(summary["changed"]["files"].values()) and summary["changed"]["rows"] == {}


def test_a_group_that_goes_takes_its_files_along_and_this_is_told(project):
    settings = project / "reports" / "small" / "run.toml"
    settings.write_text(RUN.replace(', "foreign_language"]', "]"), encoding="utf-8")
    gone = run(project, workers=1)["changed"]["files"]["gone"]
    assert "reports/small/figures/fi/ranking_dissimilarity_foreign_language.svg" in gone
    assert not [name for name in files_of(project) if "foreign_language" in name]


def test_rows_are_compared_city_by_city():
    old, new = b"city,value\nLahti,1\nLahti,2\nOulu,3\n", b"city,value\nLahti,1\nLahti,4\nOulu,3\nTurku,5\n"
    assert rows_that_differ(old, new) == {"Lahti": 1, "Turku": 1}
    assert rows_that_differ(b"city,value\nLahti,1\nOulu,3\n", b"city,value\nOulu,3\n") == {"Lahti": 1}
    assert rows_that_differ(b"index,value\ngini,1\n", b"index,value\ngini,2\n") is None
    assert rows_that_differ(b"city,value\nOulu,3\n", b"city,number\nOulu,3\n") == {"Oulu": 1}
    assert rows_that_differ(b"", b"city,value\nOulu,3\n") == {"Oulu": 1}


def test_a_line_break_within_quotes_ends_no_row():
    old, new = b'city,note\nLahti,"a\nb"\nOulu,x\n', b'city,note\nLahti,"a\nc"\nOulu,x\n'
    assert rows_that_differ(old, new) == {"Lahti": 1}
    quoted = b'note,city\n"a\n""b""\n%s",Oulu\n'
    assert rows_that_differ(quoted % b"c", quoted % b"d") == {"Oulu": 1}


def test_files_are_new_changed_or_gone():
    found = between({"a": "1", "b": "1", "c": "1"}, {"d": "1", "b": "2", "c": "1"})
    assert found == {"new": ["d"], "changed": ["b"], "gone": ["a"]}


def halved(*given):
    """The tables of a city as other code would make them."""
    found = city_tables(*given)
    return found | {"results": found["results"].assign(value=found["results"]["value"] / 2)}


def test_other_code_that_changes_values_says_so_before_anything_moves(project, monkeypatch):
    monkeypatch.setattr("segindex.pipeline.code_version", lambda: "other")
    monkeypatch.setattr("segindex.provenance.code_version", lambda: "other")
    monkeypatch.setattr("segindex.pipeline.city_tables", halved)
    before = files_of(project)
    summary = run(project, workers=1, dry=True)
    assert files_of(project) == before and summary["because"] == {"code": True}
    told = in_short(summary)
    assert "because: other code" in told and [line for line in told if line.startswith("values change: ")]
    moved = run(project, workers=1)
    assert moved["tasks_done"] == 0 and moved["changed"] == summary["changed"]
    assert files_of(project) != before
    assert run(project, workers=1)["files_changed"] == 0


def test_the_short_form_knows_cities_of_the_settings():
    files = ["data/processed/x/cities/ita-lahti.cells.parquet", "reports/x/figures/fi/clusters_rented_ita-lahti.svg"]
    summary = {"changed": {"files": {"new": files, "changed": [], "gone": []}, "rows": {}}, "because": {}}
    summary |= {"tables": "data/processed/x", "pages": "reports/x", "own_cities": {"Itä-Lahti": {}}}
    assert in_short(summary) == ["new: figures of Itä-Lahti (1); parts of tables of Itä-Lahti (1)"]


def test_the_short_form_names_cities_tables_and_pages():
    files = {
        "new": [],
        "changed": [
            "data/processed/x/cities/lahti.cells.parquet",
            "data/processed/x/results.csv",
            "reports/x/figures/fi/clusters_low_income_lahti.svg",
            "reports/x/figures/fi/clusters_low_income_lahti.txt",
            "reports/x/figures/sv/ranking_dissimilarity_rented.svg",
            "reports/x/index.html",
        ],
        "gone": ["reports/x/figures/sv/clusters_rented_lahti.svg"],
    }
    rows = {"data/processed/x/results.csv": {"Lahti": 340, "": 2}}
    because = {"inputs": {"changed": ["a.csv"]}, "packages": {"numpy": ["2.0", "2.1"]}}
    summary = {"changed": {"files": files, "rows": rows}, "because": because}
    assert in_short(summary | {"tables": "data/processed/x", "pages": "reports/x"}) == [
        "because: inputs changed a.csv; packages numpy 2.0 is 2.1",
        "changed: figures of Lahti (1), of several cities (1); pages and documents index.html; parts of tables of "
        "Lahti (1); tables results.csv",
        "gone: figures of Lahti (1)",
        "rows that differ: results.csv Lahti 340, several cities 2",
    ]
