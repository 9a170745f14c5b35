"""What an edition is made of: code, packages, settings and inputs by their sums, the sums of all it wrote, and what
a run changed."""

import csv
import importlib.metadata
import json
import os
import platform
import subprocess
import time
from collections import Counter
from pathlib import Path, PurePosixPath

from segindex import facts, store
from segindex.facts import slug
from segindex.ledger import digest
from segindex.sources.card import sha256

PACKAGES = (
    *("numpy", "scipy", "pandas", "pyarrow", "geopandas", "shapely", "pyogrio"),
    *("matplotlib", "fonttools", "pillow", "jinja2", "babel", "openpyxl", "xlsxwriter", "typst", "pikepdf"),
)
HOW = ("new", "changed", "gone")
NO_CITY = "several cities"


def sign(root, key, tables, pages, files, summary, began):
    """Write made-by.json and SHA256SUMS, the same for the same input, and run.json, which tells of this run.

    Parameters
    ----------
    root : Path
    key : str
        The edition.
    tables, pages : str
        Folders from the root.
    files : dict
        sha256 of every file of the edition by its name from the root.
    summary : dict or None
        What the run says of itself; None if it had nothing to do: run.json then tells of the last one that had.
    began : float
        When, in seconds of the system's clock.
    """
    about, register = (_about(root / tables / place) for place in ("", "register"))
    made_by = {
        "edition": key,
        "segindex": version(),
        "code": code_version(),
        "packages": versions(),
        "settings_sha256": sha256(root / pages / "run.toml"),
        "inputs": about["inputs"] | register.get("inputs", {}),
        "sources": about["sources"],
        "made_up": about["made_up"],
    }
    _write_changed(root / pages / "made-by.json", as_json(made_by))
    sums = files | {f"{pages}/{name}": sha256(root / pages / name) for name in ("made-by.json", "run.toml")}
    lines = [f"{total}  {shown(name, pages)}" for name, total in sorted(sums.items())]
    _write_changed(root / pages / "SHA256SUMS", ("\n".join(lines) + "\n").encode())
    if summary is None and (root / pages / "run.json").is_file():
        return
    told = (summary or {}) | {
        "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
        "host": platform.node(),
        "python": platform.python_version(),
        "commit": _commit(root),
    }
    store.write_bytes(root / pages / "run.json", as_json(told))


def _about(place):
    """What a folder of tables says of its inputs; nothing where there is no such folder."""
    path = place / "about.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _write_changed(path, content):
    if not path.is_file() or path.read_bytes() != content:
        store.write_bytes(path, content)


def version():
    """The version of segindex."""
    try:
        return importlib.metadata.version("segindex-fi")
    except importlib.metadata.PackageNotFoundError:
        return "source"


def versions():
    """The versions of the packages that results depend on."""
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def code_version():
    """One sha256 of the package's own files."""
    place = Path(__file__).parent
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".part"))
    return digest([(path.relative_to(place).as_posix(), sha256(path)) for path in files])


def _commit(root):
    try:
        found = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()


def shown(path, root):
    """A path from a folder, with slashes."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def as_json(value):
    """A value as JSON text with its keys in order, UTF-8."""
    return (json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, default=_plain) + "\n").encode("utf-8")


def _plain(value):
    return value.item() if hasattr(value, "item") else str(value)


class Changes:
    """What a run changed: files that are new, changed or gone, and of tables that were there, whose rows differ."""

    def __init__(self):
        self.files = {how: set() for how in HOW}
        self.rows = {}

    def note(self, how, name):
        """A file is "new", "changed" or "gone"; a file that one task leaves off and another writes is changed."""
        if how == "new" and name in self.files["gone"]:
            self.files["gone"].discard(name)
            how = "changed"
        self.files[how].add(name)

    def compare(self, name, old, new):
        """Of a csv with a column `city`, note how many rows of each city are new, gone or different."""
        if not name.endswith(".csv") or old == new:
            return
        (old_head, *old), (head, *new) = (_rows(text.decode()) for text in (old, new))
        if "city" not in head.split(","):
            return
        before, now = Counter(old if old_head == head else ()), Counter(new)
        at = head.split(",").index("city")
        counts = [
            Counter(row[at] for row in csv.reader(lines.elements()) if row) for lines in (before - now, now - before)
        ]
        found = counts[0] | counts[1]
        self.rows[name] = {city: found[city] for city in sorted(found)}

    def told(self):
        """All of it as plain values, in order."""
        files = {how: sorted(names) for how, names in self.files.items()}
        return {"files": files, "rows": {name: self.rows[name] for name in sorted(self.rows)}}


def _rows(text):
    r"""The rows of a csv as texts: a line break between quotes ends none.

    >>> _rows('a,b\n"1\n2",3\n')
    ['a,b', '"1\n2",3', '']
    """
    found, whole = [], True
    for line in text.split("\n"):
        if whole:
            found.append(line)
        else:
            found[-1] += f"\n{line}"
        whole = whole == (line.count('"') % 2 == 0)
    return found


def changes_in_short(changed, tables, pages):
    """What `Changes.told` tells in a few lines for a terminal, each kind of file with how many there are.

    Parameters
    ----------
    changed : dict
    tables, pages : str
        Folders of the edition from the root.

    Returns
    -------
    list of str
    """
    lines = []
    for how in HOW:
        parts = {}
        for name in changed["files"][how]:
            kind, city = _kind(name, tables, pages)
            parts.setdefault(kind, {}).setdefault(city, set()).add(PurePosixPath(name).stem)
        words = [f"{kind} {_cities(parts[kind])}" for kind in sorted(parts)]
        lines += [f"{how}: {'; '.join(words)}"] if words else []
    rows = [
        f"{PurePosixPath(name).name} {', '.join(f'{city or NO_CITY} {number}' for city, number in cities.items())}"
        for name, cities in changed["rows"].items()
    ]
    return lines + ([f"rows that differ: {'; '.join(rows)}"] if rows else [])


def _kind(name, tables, pages):
    """What kind of file a name is, and the city that it is of, if of one."""
    path = PurePosixPath(name)
    cities = {slug(city): city for city in facts.cities()}
    if path.is_relative_to(f"{tables}/panels") or path.is_relative_to(f"{tables}/cities"):
        stem = path.name.split(".")[0]
        return "parts of tables", cities.get(stem, stem)
    if path.is_relative_to(tables):
        return "tables", path.name
    inside = path.relative_to(pages)
    if inside.parts[0] == "figures":
        own = [city for short, city in cities.items() if path.stem.endswith(f"_{short}")]
        return "figures", own[0] if own else ""
    return "pages and documents", inside.as_posix()


def _cities(found):
    """How many files there are of each city, or which there are.

    >>> _cities({"Lahti": {"a", "b"}, "": {"c"}})
    'of Lahti (2), of several cities (1)'
    >>> _cities({"index.html": {"index"}, "results.csv": {"results"}})
    'index.html, results.csv'
    """
    if all("." in name for name in found):
        return ", ".join(sorted(found))
    return ", ".join(
        f"of {city or NO_CITY} ({len(found[city])})" for city in sorted(found, key=lambda city: (not city, city))
    )
