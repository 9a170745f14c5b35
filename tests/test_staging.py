"""What stands is touched by nothing but the moving, and a moving that was cut off at any file is finished."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from segindex import staging, store
from segindex.ledger import Ledger
from segindex.staging import Stage, finish, mirror

KEY = "e"
TABLES, PAGES = "data/processed/e", "reports/e"


def standing(root):
    """Every file of the edition with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for place in (root / TABLES, root / PAGES)
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def make(root, files, *, key="1"):
    """A run that makes these files by one task each, and is not moved yet."""
    stage = Stage(root, KEY)
    for name, content in files.items():
        stage.ledger.write(name, key, {name: content})
    stage.ledger.forget(files)
    store.write_bytes(stage.place / PAGES / "SHA256SUMS", repr(sorted(files.items())).encode())
    return stage


FIGURE = f"{PAGES}/figures/x.svg"
OLD = {f"{TABLES}/a.csv": b"a1", f"{TABLES}/b.csv": b"b1", f"{PAGES}/index.html": b"old", FIGURE: b"x"}
NEW = {f"{TABLES}/a.csv": b"a2", f"{TABLES}/b.csv": b"b1", f"{PAGES}/index.html": b"new", f"{PAGES}/new.html": b"n"}


@pytest.fixture
def root(tmp_path):
    (tmp_path / PAGES).mkdir(parents=True)
    (tmp_path / PAGES / "run.toml").write_bytes(b"settings")
    make(tmp_path, OLD).commit()
    return tmp_path


def test_an_edition_moves_whole_and_leaves_no_mirror(root, tmp_path_factory):
    before = standing(root)
    assert before.items() >= (OLD | {f"{PAGES}/run.toml": b"settings"}).items()
    stage = make(root, NEW, key="2")
    assert standing(root) == before
    stage.commit()
    after = standing(root)
    assert after.items() >= NEW.items() and FIGURE not in after
    assert after[f"{PAGES}/run.toml"] == b"settings" and not mirror(root, KEY).exists()
    assert Ledger(root / TABLES / "ledger.json", root).files() == stage.ledger.files()


def test_what_did_not_change_is_not_written_again(root):
    unchanged = (root / TABLES / "b.csv").stat()
    make(root, NEW, key="2").commit()
    now = (root / TABLES / "b.csv").stat()
    assert (now.st_ino, now.st_mtime_ns) == (unchanged.st_ino, unchanged.st_mtime_ns)


class Cut(BaseException):
    """The end of a process, at a chosen call."""


def cut_at(number, monkeypatch):
    """Have the moving end before its file of that number; returns the calls so far."""
    calls, put = [], staging._put

    def counted(source, target):
        if len(calls) == number:
            raise Cut
        calls.append(target)
        put(source, target)

    monkeypatch.setattr(staging, "_put", counted)
    return calls


@pytest.mark.parametrize("number", range(5))
def test_a_moving_that_was_cut_off_is_finished_by_the_next_run(root, number, monkeypatch, tmp_path_factory):
    whole = tmp_path_factory.mktemp("whole")
    shutil.copytree(root, whole, dirs_exist_ok=True)
    make(whole, NEW, key="2").commit()
    stage = make(root, NEW, key="2")
    with monkeypatch.context() as patched, pytest.raises(Cut):
        cut_at(number, patched)
        stage.commit()
    assert json.loads((mirror(root, KEY) / staging.NOTE).read_text())["gone"] == [FIGURE]
    assert finish(root, KEY) and standing(root) == standing(whole)
    assert not finish(root, KEY) and not mirror(root, KEY).exists()


def test_a_run_that_was_cut_off_before_goes_on_in_the_mirror(root):
    before = standing(root)
    stage = Stage(root, KEY)
    stage.ledger.write(f"{TABLES}/a.csv", "9", {f"{TABLES}/a.csv": b"a9"})
    again = Stage(root, KEY)
    assert again.ledger.done(f"{TABLES}/a.csv", "9") and standing(root) == before
    assert again.standing[f"{TABLES}/a.csv"] != again.ledger.files()[f"{TABLES}/a.csv"]


def test_a_file_that_someone_took_away_is_made_again(root):
    (root / TABLES / "a.csv").unlink()
    stage = Stage(root, KEY)
    assert not stage.ledger.done(f"{TABLES}/a.csv", "1") and stage.ledger.done(f"{TABLES}/b.csv", "1")


def test_a_full_disk_harms_nothing_that_stands(root, monkeypatch):
    before, write = standing(root), store.write_bytes

    def full(path, content):
        if Path(path).name == "index.html":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space left"):
        patched.setattr(store, "write_bytes", full)
        make(root, NEW, key="2")
    assert standing(root) == before
    make(root, NEW, key="2").commit()
    assert standing(root).items() >= NEW.items()


def test_where_files_cannot_be_linked_or_renamed_they_are_copied(root, monkeypatch):
    def refused(*_given):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    before = standing(root)
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refused)
        stage = make(root, NEW, key="2")
        patched.setattr(Path, "replace", _elsewhere(Path.replace, stage.place))
        stage.commit()
    assert standing(root).items() >= NEW.items() and before != standing(root)
    assert not mirror(root, KEY).exists()


def _elsewhere(replace, place):
    """`Path.replace` as it would be if `place` were on another disk than all else."""

    def across(self, target):
        if self.is_relative_to(place) != Path(target).is_relative_to(place):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(self, target)

    return across
