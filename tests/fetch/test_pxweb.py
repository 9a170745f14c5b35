"""Paavo from PxWeb: pieces under the service's limit, and one file that the reader reads."""

import json

import loopback
import pytest
from fetch.conftest import Project
from loopback import Loopback, page
from made_pxweb import MadePxWeb

from segindex.errors import BadData, BadSettings
from segindex.sources import read_file


@pytest.fixture
def project(tmp_path, pxweb):
    return Project(tmp_path, pxweb, page_size=1000)


def test_one_file_that_the_reader_reads(project):
    found = project.fetch("paavo_pxweb", 2022)
    assert found["file"] == "data/raw/paavo/paavo_12f7_2022.csv"
    (delivery,) = read_file(project.root / found["file"])
    assert (delivery.form, delivery.source, len(delivery.frame)) == ("PxWeb export", "paavo", 24)
    assert delivery.dates == {"*": "2022-12-31"}
    assert set(delivery.frame["city"]) == {"Helsinki", "Tampere"}


def test_protected_values_keep_their_mark(project):
    text = (project.root / project.fetch("paavo_pxweb", 2022)["file"]).read_text(encoding="utf-8")
    assert text.count('"..."') == 3
    assert '"33050  Keksitty 5 (Tampere)","Taloudet yhteensä (TE)","400"' in text


def test_both_languages_give_the_same_numbers(project):
    first = project.root / project.fetch("paavo_pxweb", 2022)["file"]
    (finnish,) = read_file(first)
    first.unlink()
    project.fetch("paavo_pxweb", 2022, language="en")
    (english,) = read_file(first)
    assert finnish.frame.equals(english.frame[list(finnish.frame)])


@pytest.mark.parametrize("most", [107, 500, 1000])
@pytest.mark.parametrize("tells", [True, False])
def test_pieces_stay_under_the_limit_told_or_not(tmp_path, project, most, tells):
    whole = project.root / project.fetch("paavo_pxweb", 2022)["file"]
    with Loopback(MadePxWeb(most, tells=tells)) as server:
        root = tmp_path / "pieces"
        root.mkdir()
        pieces = Project(root, server)
        found = pieces.fetch("paavo_pxweb", 2022)
        assert (root / found["file"]).read_bytes() == whole.read_bytes()


def test_a_limit_below_one_area_is_a_refusal(tmp_path):
    with Loopback(MadePxWeb(50, tells=False)) as server, pytest.raises(BadData, match=r"HTTP 403.*Too many values"):
        Project(tmp_path, server).fetch("paavo_pxweb", 2022)


@pytest.mark.parametrize(
    "fault",
    [loopback.cut, loopback.short, loopback.dropped, loopback.status(500), loopback.status(429, Retry_After="11")],
)
def test_faults_that_pass_leave_the_same_bytes(tmp_path, project, fault):
    project.fetch("paavo_pxweb", 2022)
    root = tmp_path / "faulty"
    root.mkdir()
    other = Project(root, project.server, page_size=10)
    project.server.faults = [(page, fault)]
    other.fetch("paavo_pxweb", 2022)
    assert not project.server.faults
    assert other.files() == project.files()


def test_a_fetch_that_broke_off_goes_on(tmp_path, pxweb):
    project = Project(tmp_path, pxweb, page_size=10, tries=1)
    seen = []
    pxweb.faults = [(lambda method, _: method == "POST" and (seen.append(1) or len(seen) == 3), loopback.status(500))]
    with pytest.raises(ConnectionError):
        project.fetch("paavo_pxweb", 2022)
    assert not project.files()
    assert project.fetch("paavo_pxweb", 2022)["pages_kept"] == 2


def relabelled(found):
    found["variables"][1]["valueTexts"] = [
        "Uusi nimi" if "yhteensä (HE)" in one else one for one in found["variables"][1]["valueTexts"]
    ]


@pytest.mark.parametrize(
    ("where", "change", "message"),
    [
        pytest.param(
            "GET", lambda found: found["variables"].pop(), "variables are Postinumeroalue, Tiedot", id="variable"
        ),
        pytest.param("POST", lambda found: found["value"].pop(), "2567 values where 2568 were asked for", id="value"),
        pytest.param("POST", lambda found: found["id"].reverse(), "no json-stat2 of", id="order"),
        pytest.param("POST", lambda found: found["value"].__setitem__(0, "x"), "changed is a value to 'x'", id="text"),
        pytest.param(
            "POST",
            lambda found: found["dimension"]["Tiedot"]["category"]["index"].pop("he_vakiy"),
            "106 values of Tiedot where 107 were asked for",
            id="label",
        ),
    ],
)
def test_changed_answers_are_named(project, where, change, message):
    def table(method, path):
        return method == where and "config" not in path

    def spoil(handler, reply):
        found = json.loads(reply.body.decode("utf-8-sig"))
        change(found)
        handler.send(loopback.Reply(200, json.dumps(found).encode()))

    project.server.faults = [(table, spoil)]
    with pytest.raises(BadData, match=message):
        project.fetch("paavo_pxweb", 2022)
    assert not project.files()


def test_a_label_that_went_and_one_that_came_are_named(project):
    def spoil(handler, reply):
        found = json.loads(reply.body.decode("utf-8-sig"))
        relabelled(found)
        handler.send(loopback.Reply(200, json.dumps(found).encode()))

    project.server.faults = [(lambda method, path: path.endswith(".px"), spoil)]
    with pytest.raises(BadData, match=r"no label stands for he_vakiy; labels that are new: Uusi nimi"):
        project.fetch("paavo_pxweb", 2022)


def test_a_year_or_language_that_is_not_there_is_refused(project):
    with pytest.raises(BadSettings, match="has no year 2024"):
        project.fetch("paavo_pxweb", 2024)
    with pytest.raises(BadSettings, match="language 'sv': allowed are fi and en"):
        project.fetch("paavo_pxweb", 2022, language="sv")
