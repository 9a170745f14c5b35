"""What a run has done: which task, from which input, into which files. A killed run goes on from here."""

import contextlib
import hashlib
import json
import os
from pathlib import Path

from segindex import store
from segindex.errors import Locked


def digest(*parts):
    """One sha256 of plain values, in their order."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Ledger:
    """Tasks by name: the key of their input, and the sha256 of each file that they wrote.

    A task is done when its key is the same and each of its files still has the bytes that it wrote. Files are named
    from `root`.
    """

    def __init__(self, path, root):
        self.path, self.root = Path(path), Path(root)
        self.tasks = {}
        if self.path.is_file():
            with contextlib.suppress(json.JSONDecodeError):
                self.tasks = json.loads(self.path.read_text(encoding="utf-8"))

    def done(self, task, key):
        """Whether the task's files stand as written from the same input."""
        known = self.tasks.get(task)
        return (
            bool(known)
            and known["key"] == key
            and all(_is(self.root / name, total) for name, total in known["files"].items())
        )

    def write(self, task, key, files):
        """Write the files of a task ({name: bytes}), then the ledger.

        Files that the task wrote before and no longer writes are removed.
        """
        sums = {}
        for name, content in files.items():
            sums[name] = hashlib.sha256(content).hexdigest()
            if not _is(self.root / name, sums[name]):
                store.write_bytes(self.root / name, content)
        self._remove(set(self.tasks.get(task, {}).get("files", {})) - set(sums))
        self.tasks[task] = {"key": key, "files": sums}
        self._save()

    def forget(self, keep):
        """Drop the tasks, and their files, that are not among `keep`."""
        gone = sorted(set(self.tasks) - set(keep))
        kept = {name for task in keep for name in self.tasks.get(task, {}).get("files", {})}
        for task in gone:
            self._remove(set(self.tasks.pop(task)["files"]) - kept)
        if gone:
            self._save()

    def files(self, *prefixes):
        """Every file of the tasks whose names begin with a prefix, with its sha256."""
        return {
            name: total
            for task, entry in sorted(self.tasks.items())
            if task.startswith(prefixes or ("",))
            for name, total in entry["files"].items()
        }

    def _remove(self, names):
        for name in names:
            (self.root / name).unlink(missing_ok=True)

    def _save(self):
        text = json.dumps(self.tasks, sort_keys=True, indent=1, ensure_ascii=False)
        store.write_bytes(self.path, text.encode("utf-8"))


@contextlib.contextmanager
def locked(path):
    """Hold an edition's lock; `Locked` when another run holds it. The system lets go of it when the run ends."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _hold(file)
        except OSError as error:
            raise Locked(f"{path.parent}: another run of this edition is at work") from error
        yield


def _hold(file):
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is(path, total):
    path = Path(path)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == total
