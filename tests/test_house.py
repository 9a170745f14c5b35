"""The house keeps its floors, its sizes and its names."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "segindex"

FLOORS = [
    {"errors"},
    {"facts", "indices"},
    {"panel", "registry", "neighbourhood", "inference", "schema"},
    {
        "areas",
        "scales",
        "suppression",
        "typology",
        "verdict",
        "wording",
        "legend",
        "sources",
        "grid",
        "edition",
        "funding",
        "followup",
        "limits",
        "rules",
        "standings",
    },
    {
        *("land", "store", "tabulate", "figures", "assemble", "catalogue", "ledger", "workers", "progress", "qgis"),
        *("changed", "cluster", "schedule"),
    },
    {"ingest", "report", "notebook", "outcome", "staging"},
    {"city_tables"},
    {"edition_tables"},
    {"programme_tables"},
    {"edition_material", "provenance"},
    {"check", "fetch", "pipeline", "revision"},
    {"cli", "cli_fetch", "cli_funding", "cli_server"},
]
FORBIDDEN = {
    "indices": {"facts", "registry"},
    "inference": {"registry", "facts", "panel", "neighbourhood"},
    "neighbourhood": {"facts", "registry", "panel", "inference"},
    "figures": {"store", "tabulate", "indices", "inference", "panel", "grid", "sources"},
    "report": {"store", "tabulate", "indices", "inference", "panel", "grid", "sources", "pipeline"},
    "notebook": {"store", "tabulate", "indices", "inference", "sources"},
    "sources": {"panel", "grid", "registry"},
}
NUMERIC = {"indices", "inference", "neighbourhood", "panel", "scales", "suppression", "typology", "verdict"}
ALLOWED = {
    "numpy",
    "inspect",
    "scipy",
    "dataclasses",
    "typing",
    "collections",
    "functools",
    "math",
    "segindex",
    "itertools",
    "heapq",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path):
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported(path):
    """Top-level names of what a module imports, and the rooms of ours."""
    packages, rooms = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [
                f"{node.module}.{alias.name}" if node.module == "segindex" else node.module for alias in node.names
            ]
        for name in names:
            parts = name.split(".")
            packages.add(parts[0])
            if parts[0] == "segindex" and len(parts) > 1:
                rooms.add(parts[1])
    return packages, rooms


def floor(name):
    found = [level for level, names in enumerate(FLOORS) if name in names]
    assert found, f"{name} has no floor: give it one in FLOORS and in docs/architecture.md"
    return found[0]


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) != "__init__"], ids=lambda path: path.stem)
def test_no_module_imports_from_above(path):
    own = room(path)
    for name in imported(path)[1] - {own, "__init__"}:
        assert floor(name) <= floor(own), f"{path} imports {name} from above"
        assert name not in FORBIDDEN.get(own, ()), f"{path} may not import {name}"


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in NUMERIC], ids=lambda path: path.stem)
def test_numerics_import_numpy_and_scipy_only(path):
    assert imported(path)[0] <= ALLOWED


def test_every_floor_is_in_the_architecture():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in {room(path) for path in MODULES} - {"__init__"}:
        assert name in text, f"docs/architecture.md does not name {name}"


def test_files_are_short_and_have_names():
    scripts = [path for kind in ("js", "css", "jinja", "typ") for path in (ROOT / "segindex").rglob(f"*.{kind}")]
    for path in [*MODULES, *(ROOT / "tests").rglob("*.py"), *scripts]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 500, f"{path} has {lines} lines"
        assert path.stem not in {"utils", "util", "helpers", "misc", "common"}, path


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom segindex import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'matplotlib', 'geopandas', 'shapely'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "segregation" in done.stdout


def test_the_public_face_is_what_it_says():
    import segindex

    assert set(segindex.__all__) == {
        "read",
        "to_panel",
        "Panel",
        "Worth",
        "accumulation",
        "area_types",
        "by_area",
        "ends",
        "lasting",
        "thresholds",
        "changes",
        "compute",
        "local",
        "apply_rules",
        "indices",
        "REGISTRY",
        "figures",
        "followup",
        "funding",
        "explore",
        "show",
    }
    for name in segindex.__all__:
        assert getattr(segindex, name) is not None
    assert not {path.stem for path in PACKAGE.glob("*.py")} & set(segindex.__all__) - {"indices", "figures"}


def test_an_unknown_name_says_what_there_is():
    import segindex

    with pytest.raises(AttributeError, match="compute"):
        segindex.dissim  # noqa: B018
