"""An edition is made beside the one that stands, and takes its place when it is whole.

A run works on a mirror of the edition's files: links to those that stand, and what it makes itself. Nothing that stands
is touched until all of it is made. Then a note says which files move, and they move, each by one renaming; a run that
is killed meanwhile is finished by the next one, by the note. A run that is killed before goes on in the mirror.
"""

import errno
import json
import os
import shutil
from pathlib import Path

from segindex import store
from segindex.ledger import Ledger

NOTE = "moving.json"
OF_THE_RUN = ("made-by.json", "run.json", "SHA256SUMS")
"""Files of the pages that no task makes."""


class Stage:
    """The mirror in which a run makes an edition.

    Parameters
    ----------
    root : path
        The project's folder.
    key : str
        The edition.

    Attributes
    ----------
    place : Path
        The mirror's own root: a file of the edition has the same name below it as below `root`.
    ledger : Ledger
        Of the mirror.
    standing : dict of str to str
        The sha256 of each file of the edition that stands, by its name from the root.
    """

    def __init__(self, root, key):
        self.root, self.place = Path(root), mirror(root, key)
        self.pages = f"reports/{key}"
        finish(root, key)
        store.sweep(store.folder(root, key), self.root / self.pages, self.place)
        self.tasks = f"data/processed/{key}/ledger.json"
        before = Ledger(self.root / self.tasks, self.root)
        self.standing = before.files()
        self._link(self.tasks)
        self.ledger = Ledger(self.place / self.tasks, self.place)
        for name in (*self.standing, *self.ledger.files(), *self.of_the_run):
            self._link(name)

    @property
    def of_the_run(self):
        """The names of what a run writes about itself."""
        return [f"{self.pages}/{name}" for name in OF_THE_RUN]

    def commit(self):
        """Let what was made take the place of what stands."""
        made = [*self.ledger.files(), self.tasks, *self.of_the_run]
        put = [name for name in made if _other(self.place / name, self.root / name)]
        gone = sorted(set(self.standing) - set(made))
        note = {"put": put, "gone": gone}
        store.write_bytes(self.place / NOTE, json.dumps(note, indent=1, ensure_ascii=False).encode())
        _move(self.root, self.place, note)

    def _link(self, name):
        """A file that stands, in the mirror too, unless it has one of that name."""
        source, target = self.root / name, self.place / name
        if target.exists() or not source.is_file():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            store.write_bytes(target, source.read_bytes())


def mirror(root, key):
    """The folder of the mirror of an edition."""
    return store.folder(root, key).with_name(f".{key}.next")


def finish(root, key):
    """Move what a killed run had made whole and not yet moved; whether there was anything."""
    place = mirror(root, key)
    if not (place / NOTE).is_file():
        return False
    _move(Path(root), place, json.loads((place / NOTE).read_text(encoding="utf-8")))
    return True


def _move(root, place, note):
    for name in note["put"]:
        if (place / name).is_file():
            _put(place / name, root / name)
    for name in note["gone"]:
        (root / name).unlink(missing_ok=True)
    for folder in sorted({(root / name).parent for name in (*note["put"], *note["gone"])}):
        _sync(folder)
    (place / NOTE).unlink()
    shutil.rmtree(place)


def _put(source, target):
    """Rename, or where the target is on another disk write it there whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        store.write_bytes(target, source.read_bytes())


def _other(made, standing):
    """Whether a file is there that is not the one that stands."""
    return made.is_file() and not (standing.is_file() and made.samefile(standing))


def _sync(folder):
    """Have the system keep the renamings of a folder; where folders cannot be synced it does so itself."""
    if os.name == "nt" or not folder.is_dir():
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
