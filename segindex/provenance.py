"""What an edition is made of: code, packages, settings and inputs by their sums, and the sums of all it wrote."""

import importlib.metadata
import json
import os
import platform
import subprocess
import time
from pathlib import Path

from segindex import store
from segindex.ledger import digest
from segindex.sources.card import sha256

PACKAGES = ("numpy", "scipy", "pandas", "pyarrow", "geopandas", "shapely", "pyogrio", "matplotlib", "jinja2", "babel")


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
    about = json.loads((root / tables / "about.json").read_text(encoding="utf-8"))
    made_by = {
        "edition": key,
        "segindex": version(),
        "code": code_version(),
        "packages": versions(),
        "settings_sha256": sha256(root / pages / "run.toml"),
        "inputs": about["inputs"],
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
