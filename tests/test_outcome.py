"""What a run came to, in three languages and as JSON, whatever became of it."""

import json

import pytest

from segindex.edition import latest
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES
from segindex.outcome import as_text, check_ending, outcome, write

SUMMARY = {
    "changed": {
        "files": {"new": ["a"], "changed": ["b", "c"], "gone": []},
        "rows": {"data/processed/e/results.csv": {"Turku": 1240, "": 3}},
    },
    "because": {"inputs": {"changed": ["data/raw/a.csv"]}, "code": True},
    "seconds": 61.4,
    "page": "reports/e/index.html",
    "pages": "reports/e",
}


def test_a_run_that_is_done_says_what_changed_and_why():
    text = as_text(outcome(0, "2027", SUMMARY), "sv")
    first, *_ = text.splitlines()
    assert first == "2027: körningen är klar"
    assert "Filer: 1 nya, 2 ändrade, 0 borttagna. Körningen tog 61 sekunder." in text
    assert "- results.csv: Åbo 1\N{NO-BREAK SPACE}240, flera städer tillsammans 3" in text
    assert "källmaterialet har ändrats" in text and "programmet är ett annat" in text


def test_cities_of_the_settings_have_their_names():
    own = {"Suomi": {"fi": "Suomi", "sv": "Finland", "en": "Finland"}}
    rows = {"data/processed/e/results.csv": {"Suomi": 12}}
    summary = SUMMARY | {"changed": SUMMARY["changed"] | {"rows": rows}, "own_cities": own}
    assert "- results.csv: Finland 12" in as_text(outcome(0, "2027", summary), "sv")


def test_a_run_that_found_nothing_new_says_so():
    nothing = SUMMARY | {"changed": {"files": {"new": [], "changed": [], "gone": []}, "rows": {}}}
    assert as_text(outcome(0, "2027", nothing), "en") == (
        "2027: the run is done\nNothing had changed, and nothing was made anew.\n"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [1, 2, 65, 75, 130, 143, 9])
def test_a_run_that_failed_says_its_code_and_that_the_last_edition_stands(code, language):
    text = as_text(outcome(code, "", error="disk <full>"), language)
    assert str(code) in text.splitlines()[0] and "disk <full>" in text and text.endswith("\n")
    assert {"fi": "ennallaan", "sv": "oförändrad", "en": "stands"}[language] in text


def test_it_is_written_as_text_or_json(tmp_path):
    told = outcome(65, "2027", error="x.csv: no column")
    assert json.loads(write(tmp_path / "a.json", told, "fi").read_text(encoding="utf-8")) == told
    assert write(tmp_path / "a.txt", told, "fi").read_text(encoding="utf-8") == as_text(told, "fi")
    with pytest.raises(BadSettings, match=r"--summary a\.log: unknown ending \.log; allowed are \.txt, \.json"):
        check_ending("a.log")


def test_the_latest_edition_is_that_of_the_latest_year(tmp_path):
    with pytest.raises(BadSettings, match="which edition"):
        latest(tmp_path)
    for key in ("sample", "zones", "paavo2027", "helsinki-2026", "2027"):
        place = tmp_path / "reports" / key
        place.mkdir(parents=True)
        (place / "run.toml").write_text("")
    assert latest(tmp_path) == "paavo2027"
