"""Tasks are done once, again when their input or a file of theirs changed, and one run holds the lock."""

import pytest

from segindex.errors import Locked
from segindex.ledger import Ledger, digest, locked


def test_a_task_is_done_while_its_key_and_files_stand(tmp_path):
    own = Ledger(tmp_path / "ledger.json", tmp_path)
    own.write("a", "1", {"out/x.txt": b"x", "out/y.txt": b"y"})
    again = Ledger(tmp_path / "ledger.json", tmp_path)
    assert again.done("a", "1")
    assert not again.done("a", "2")
    (tmp_path / "out" / "x.txt").write_text("changed by hand")
    assert not again.done("a", "1")


def test_a_file_that_is_no_longer_made_is_removed(tmp_path):
    own = Ledger(tmp_path / "ledger.json", tmp_path)
    own.write("a", "1", {"x.txt": b"x", "y.txt": b"y"})
    own.write("a", "2", {"x.txt": b"z"})
    assert not (tmp_path / "y.txt").exists() and (tmp_path / "x.txt").read_bytes() == b"z"
    own.write("b", "1", {"z.txt": b"z"})
    own.forget(["a"])
    assert not (tmp_path / "z.txt").exists() and set(own.files()) == {"x.txt"}
    assert (tmp_path / "x.txt").exists()


def test_a_broken_ledger_only_means_more_work(tmp_path):
    (tmp_path / "ledger.json").write_text('{"a": {"key"')
    assert not Ledger(tmp_path / "ledger.json", tmp_path).done("a", "1")


def test_the_second_run_is_locked_out(tmp_path):
    with locked(tmp_path / ".lock"), pytest.raises(Locked, match="another run"), locked(tmp_path / ".lock"):
        pass
    with locked(tmp_path / ".lock"):
        pass


def test_a_digest_depends_on_values_not_on_order_of_keys():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
