"""Whatever goes wrong on the way: no half file, the old one untouched, and afterwards the same bytes as without."""

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import loopback
import numpy as np
import pytest
from fetch.conftest import Project, needs_mapserver
from loopback import page

from segindex.errors import BadData, Locked
from segindex.fetch.client import Refused

pytestmark = needs_mapserver
ROOT = Path(__file__).parents[2]
PASSING = {
    "late": loopback.late,
    "cut": loopback.cut,
    "half": loopback.short,
    "half_gzip": loopback.short_gzip,
    "dropped": loopback.dropped,
    "500": loopback.status(500),
    "429": loopback.status(429, Retry_After="7"),
    "503_date": loopback.status(503, Retry_After="Mon, 01 Jan 2001 00:00:00 GMT"),
    "exception": loopback.exception("NoApplicableCode"),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_leaves_the_same_bytes(tmp_path, wfs, clean, name):
    project = Project(tmp_path, wfs, timeout_s=0.5 if name == "late" else 10)
    wfs.faults = [(page, PASSING[name])]
    project.fetch("paavo", 2024)
    assert not wfs.faults
    assert project.files() == clean
    (retry,) = [one for one in project.told if one["event"] == "retry"]
    assert retry["tried"] == 1
    waited = {"429": 7.0, "503_date": 0.0}.get(name, 2.0)
    assert [slept for slept in project.slept if slept] == ([waited] if waited else [])


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_stays_leaves_nothing_and_the_next_call_goes_on(tmp_path, wfs, clean, name):
    project = Project(tmp_path, wfs, tries=2, timeout_s=0.5 if name == "late" else 10)
    later = [(lambda method, path: "startIndex=24" in path, PASSING[name])] * 2
    wfs.faults = list(later)
    with pytest.raises(BadData if name == "exception" else ConnectionError):
        project.fetch("paavo", 2024)
    assert not project.files()
    assert project.fetch("paavo", 2024)["pages_kept"] == 2
    assert project.files() == clean
    assert not [path for path in (project.raw / "paavo" / ".fetch").iterdir() if path.name != ".lock"]


def test_a_hundred_of_a_hundred_faults_harm_nothing(tmp_path, wfs, clean):
    """At a request drawn at random any fault, once or as often as it is tried: the file is whole, or there is none."""
    rng = np.random.default_rng(1)
    plain = Project(tmp_path, wfs, timeout_s=0.5, tries=2)
    wfs.log.clear()
    plain.fetch("paavo", 2024)
    requests = [path for _, path, *_ in wfs.log]
    spoils = [*PASSING.values(), loopback.status(404), loopback.exception("InvalidParameterValue")]
    ended = Counter()
    for number in range(100):
        root = tmp_path / str(number)
        root.mkdir()
        project = Project(root, wfs, timeout_s=0.5, tries=2)
        place, spoil = rng.choice(len(requests)), spoils[rng.integers(len(spoils))]
        wfs.faults = [(lambda method, path, wanted=requests[place]: path == wanted, spoil)] * rng.integers(1, 3)
        try:
            project.fetch("paavo", 2024)
            ended["whole"] += 1
            assert project.files() == clean
        except (BadData, ConnectionError):
            ended["refused"] += 1
            assert not project.files()
        wfs.faults = []
        project.fetch("paavo", 2024)
        assert project.files() == clean
    assert min(ended["whole"], ended["refused"]) > 20, "the faults are of both kinds"


def test_waits_grow_and_a_long_one_is_not_waited_for(tmp_path, wfs):
    project = Project(tmp_path, wfs, tries=4)
    wfs.faults = [(page, loopback.status(502))] * 4
    with pytest.raises(ConnectionError, match="HTTP 502 in 4 tries"):
        project.fetch("paavo", 2024)
    assert [slept for slept in project.slept if slept] == [2.0, 4.0, 8.0]
    wfs.faults = [(page, loopback.status(429, Retry_After="7200"))]
    with pytest.raises(ConnectionError, match="asks to wait 7200 s"):
        project.fetch("paavo", 2024)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        pytest.param(
            loopback.exception("InvalidParameterValue"), "InvalidParameterValue, layer.*made-up trouble", id="exception"
        ),
        pytest.param(loopback.status(404), "HTTP 404.*the service is busy", id="404"),
        pytest.param(loopback.status(200), "no GeoJSON", id="page of a portal"),
    ],
)
def test_a_refusal_is_named_and_not_tried_again(project, fault, message):
    project.server.faults = [(page, fault)]
    with pytest.raises(BadData, match=message):
        project.fetch("paavo", 2024)
    assert not project.told
    assert not project.files()


def renamed(old, new):
    def change(found):
        for feature in found["features"]:
            feature["properties"] = {new if name == old else name: v for name, v in feature["properties"].items()}

    return change


def valued(column, value):
    def change(found):
        found["features"][0]["properties"][column] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(renamed("hr_tuy", "hr_tuy2"), "schema drift: missing are hr_tuy; new are hr_tuy2", id="renamed"),
        pytest.param(renamed("kunta", "alue"), "missing are kunta or kuntano", id="municipality"),
        pytest.param(valued("he_vakiy", "many"), "he_vakiy holds text .'many'. where a whole number", id="text"),
        pytest.param(valued("he_vakiy", 1.5), "he_vakiy holds a number .1.5. where a whole number", id="halves"),
        pytest.param(valued("kunta", 91), "kunta holds a whole number .91. where text is expected", id="lost zeros"),
        pytest.param(valued("postinumeroalue", "00010"), "stand in several rows, first 00010", id="twice"),
        pytest.param(valued("postinumeroalue", None), "postinumeroalue is empty in 1 rows", id="no key"),
        pytest.param(lambda found: found["features"].clear(), "0 rows came where the service counts 33", id="no rows"),
        pytest.param(lambda found: found["features"].extend(found["features"]), "24 rows came", id="no paging"),
        pytest.param(
            lambda found: found["crs"]["properties"].update(name="EPSG:4326"), "system is EPSG:4326", id="crs"
        ),
        pytest.param(
            lambda found: found["features"][0].update(geometry=None), "1 rows have no geometry", id="no place"
        ),
    ],
)
def test_changed_data_are_named_and_not_written(tmp_path, wfs, change, message):
    project = Project(tmp_path, wfs)
    wfs.faults = [(lambda method, path: "Index=0" in path or "count=1&" in path + "&", loopback.changed(change))] * 2
    with pytest.raises(BadData, match=message):
        project.fetch("paavo", 2024)
    assert not project.files()


def test_degrees_without_a_named_system_are_refused(project):
    def change(found):
        found.pop("crs")
        found["features"][0]["geometry"] = {
            "type": "Polygon",
            "coordinates": [[[24.9, 60.1], [25, 60.1], [25, 60.2], [24.9, 60.1]]],
        }

    project.server.faults = [(page, loopback.changed(change))]
    with pytest.raises(BadData, match=r"not named, and row 1 lies at 24.9, 60.1"):
        project.fetch("paavo", 2024)


def test_a_new_column_is_kept_and_told(tmp_path, wfs):
    def change(found):
        for feature in found["features"]:
            feature["properties"]["te_uusi"] = 1

    project = Project(tmp_path, wfs, page_size=100)
    probe_and_page = [(lambda method, path: "count=" in path, loopback.changed(change))] * 2
    wfs.faults = list(probe_and_page)
    found = project.fetch("paavo", 2024)
    assert found["notes"] == ["postialue:pno_tilasto_2024: new columns, kept as they are: te_uusi"]


def test_fewer_rows_at_once_than_asked_for_are_taken(tmp_path, wfs, clean):
    project = Project(tmp_path, wfs, page_size=24)
    wfs.faults = [(page, loopback.changed(lambda found: found["features"].__delitem__(slice(10, None))))]
    assert project.fetch("paavo", 2024)["rows"] == 33
    assert project.files() == clean


@pytest.mark.parametrize("name", ["pno_tilasto_2024.gpkg", "source.toml", "page"])
def test_a_full_disk_leaves_what_was(project, clean, monkeypatch, name):
    import segindex.store

    fsync, opened = os.fsync, Path.open

    def full(self, *args, **options):
        part = self.name.removeprefix(".").removesuffix(".part")
        if self.name.endswith(".part") and (part == name or (name == "page" and len(part) == 64)):
            monkeypatch.setattr(os, "fsync", refuse)
        return opened(self, *args, **options)

    def refuse(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space left on device"):
        project.fetch("paavo", 2024)
    monkeypatch.undo()
    assert os.fsync is fsync
    assert segindex.store.sweep(project.raw) == 0
    assert set(project.files()) <= ({"paavo/pno_tilasto_2024.gpkg"} if name == "source.toml" else set())
    project.fetch("paavo", 2024)
    assert project.files() == clean


def command(project, **options):
    line = [sys.executable, "-m", "segindex.cli", "fetch", "paavo", "--year", "2024", "--root", str(project.root)]
    own = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        line, cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_files_that_may_not_grow_end_with_1(project, clean):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    with command(project, preexec_fn=small) as done:
        told = done.communicate(timeout=120)[1]
    assert done.returncode == 1, told
    assert "cannot be written (File too large)" in told
    assert not project.files()
    project.fetch("paavo", 2024)
    assert project.files() == clean


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_fetch_goes_on_from_its_pages(project, clean, sign):
    reached, release = threading.Event(), threading.Event()

    def hang(handler, reply):
        reached.set()
        release.wait(60)
        handler.close_connection = True

    project.server.faults = [(lambda method, path: "startIndex=24" in path, hang)]
    with command(project) as running:
        assert reached.wait(120)
        running.send_signal(sign)
        running.communicate(timeout=60)
    release.set()
    assert running.returncode == (143 if sign == signal.SIGTERM else -signal.SIGKILL)
    assert not project.files()
    assert project.fetch("paavo", 2024)["pages_kept"] == 2
    assert project.files() == clean


def test_a_page_is_of_one_request_and_one_count(tmp_path):
    from segindex.fetch.client import Request
    from segindex.fetch.pages import Pages

    class Service:
        asked = 0

        def ask(self, request, parse):
            self.asked += 1
            return parse(b"%d" % self.asked)

    pages, service = Pages(tmp_path, "a.gpkg"), Service()
    one, other = Request("http://a/?startIndex=0"), Request("http://a/?startIndex=10")
    found = [pages.ask(service, request, int, count) for request, count in [(one, 9), (one, 9), (one, 8), (other, 9)]]
    assert found == [1, 1, 2, 3]
    assert pages.reused == 1


@pytest.mark.parametrize("moment", [0, 4e9], ids=["old", "of a clock that was ahead"])
def test_old_pages_are_asked_for_again(tmp_path, wfs, clean, moment):
    project = Project(tmp_path, wfs, tries=1)
    wfs.faults = [(lambda method, path: "startIndex=24" in path, loopback.status(500))]
    with pytest.raises(ConnectionError):
        project.fetch("paavo", 2024)
    for path in (project.raw / "paavo" / ".fetch" / "pno_tilasto_2024.gpkg").iterdir():
        os.utime(path, (moment, moment))
    assert project.fetch("paavo", 2024)["pages_kept"] == 0
    assert project.files() == clean


def test_two_fetches_at_once_are_kept_apart(project):
    from segindex.ledger import locked

    with (
        locked(project.raw / "paavo" / ".fetch" / ".lock"),
        pytest.raises(Locked, match="another fetch into this folder"),
    ):
        project.fetch("paavo", 2024)


def test_a_refusal_knows_its_status(project):
    project.server.faults = [(page, loopback.status(403))]
    with pytest.raises(Refused) as refused:
        project.fetch("paavo", 2024)
    assert refused.value.status == 403
