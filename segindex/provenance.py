"""What an edition is made of: code, packages, settings and inputs by their sums, and the sums of all that it wrote."""

import importlib.metadata
import json
import os
import platform
import subprocess
import time
from pathlib import Path

from segindex import store
from segindex.changed import reasons
from segindex.ledger import digest
from segindex.sources.card import sha256

PACKAGES = (
    *("numpy", "scipy", "pandas", "pyarrow", "geopandas", "shapely", "pyogrio"),
    *("matplotlib", "fonttools", "pillow", "jinja2", "babel", "openpyxl", "xlsxwriter", "typst", "pikepdf"),
)


def sign(own):
    """Write made-by.json and SHA256SUMS, the same for the same input, and say how they differ from those that stand.

    Parameters
    ----------
    own : pipeline.Run
        Its `root`, `made`, `tables`, `pages`, `edition` and `ledger`.

    Returns
    -------
    dict
        As `reasons` gives it.
    """
    about, register = (_read(own.made / own.tables / place / "about.json") for place in ("", "register"))
    settings = sha256(own.root / own.pages / "run.toml")
    made_by = {
        "edition": own.edition.key,
        "segindex": version(),
        "code": code_version(),
        "packages": versions(),
        "settings_sha256": settings,
        "inputs": about["inputs"] | register.get("inputs", {}),
        "sources": about["sources"],
        "made_up": about["made_up"],
    }
    place = own.made / own.pages
    _write_changed(place / "made-by.json", as_json(made_by))
    sums = own.ledger.files() | {f"{own.pages}/run.toml": settings}
    sums[f"{own.pages}/made-by.json"] = sha256(place / "made-by.json")
    lines = [f"{total}  {shown(name, own.pages)}" for name, total in sorted(sums.items())]
    _write_changed(place / "SHA256SUMS", ("\n".join(lines) + "\n").encode())
    return reasons(_read(own.root / own.pages / "made-by.json"), made_by)


def tell(own, summary, began):
    """Write run.json, which says of a run what it did, when and where; `began` is in seconds of the system's clock."""
    told = summary | {
        "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
        "host": platform.node(),
        "python": platform.python_version(),
        "commit": _commit(own.root),
    }
    store.write_bytes(own.made / own.pages / "run.json", as_json(told))


def _read(path):
    """A JSON file; nothing where there is none."""
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
