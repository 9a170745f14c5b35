"""Notebooks run from top to bottom on a small edition, and are kept without outputs."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
PARAMETERS = {"EDITION": "small", "CITY": "Helsinki", "GROUP": "low_income"}


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_clean(path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert book.cells[0].cell_type == "markdown"
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in book.cells) == 1
    for cell in book.cells:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", cell.id), f"{path.name}: cell {cell.id} needs a fixed name"
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None
            assert not re.search(r"^(def|class) ", cell.source, re.MULTILINE), "a notebook defines nothing reusable"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq")
def test_a_notebook_runs(path, edition):
    import nbclient

    book = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in book.cells if "parameters" in cell.metadata.get("tags", [])]
    given = PARAMETERS | {"ROOT": str(edition)}
    cell.source = "\n".join(f"{name} = {given[name]!r}" for name in re.findall(r"^(\w+) = ", cell.source, re.MULTILINE))
    done = nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    outputs = {cell.id: cell.outputs for cell in done.cells if cell.cell_type == "code"}
    assert "MADE-UP DATA" in str(outputs["read"])
    pictures = [output for some in outputs.values() for output in some if "image/png" in output.get("data", {})]
    assert len(pictures) == 2
