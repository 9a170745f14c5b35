"""Registers from files: a workbook, a folder of csv files, or one csv file of channels."""

import csv
import io
import warnings
import zipfile
from importlib import resources
from pathlib import Path

import pandas as pd

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.facts import LANGUAGES
from segindex.funding import columns
from segindex.funding.cells import NoValue, has_value
from segindex.funding.register import ALIASES, ASIDE, judged

HEADS_WITHIN = 20
"""Rows from the top of a sheet in which its heads are looked for."""
LEAST_HEADS = 2
"""Known heads that make a row the row of heads."""
SHIPPED = "channels.csv"


def read_register(path, *, defined_cities=None):
    """The register of a file, judged.

    Parameters
    ----------
    path : str or Path
        A workbook (.xlsx) with the sheets channels, awards, use and measures; a folder with a csv file for each; or
        one csv file of channels. The row of heads is found by its names. Rows whose first cell begins with "#", and
        sheets, columns and files that do, are not read.
    defined_cities : sequence of str, optional
        Cities that are allowed instead of the eleven.

    Returns
    -------
    Register

    Raises
    ------
    BadSettings
        There is no such file, or its ending is another.
    BadData
        The file cannot be read as what its ending says, or holds faults: one a line, with sheet, cell, column, value
        and what is allowed.
    """
    path = Path(path)
    if path.is_dir():
        return _judged(_folder(path), path, defined_cities, whole=True)
    if not path.is_file():
        raise BadSettings(f"{path}: there is no such file")
    if path.suffix.lower() == ".csv":
        return _judged({"channels": _csv_rows(path.read_bytes(), path)}, path, defined_cities, whole=False)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _judged(_workbook(path), path, defined_cities, whole=True)
    raise BadSettings(f"{path}: allowed are .xlsx, .csv and a folder of csv files")


def facts():
    """The channels that come with segindex: what public pages say of 64, and what is still to be mapped.

    Returns
    -------
    Register
        Without awards, use and measures.

    Examples
    --------
    >>> facts()
    Register(64 channels, 0 awards, 0 use, 0 measures, from channels.csv)
    """
    content = resources.files("segindex.funding").joinpath(SHIPPED).read_bytes()
    return _judged({"channels": _csv_rows(content, SHIPPED)}, SHIPPED, None, whole=False)


def _judged(sheets, file, defined_cities, *, whole):
    """From rows of cells by sheet to a register; the heads are found here, all else is judged elsewhere."""
    frames, rows = {}, {}
    for sheet, cells in sheets.items():
        if sheet not in columns.REGISTER:
            frames[sheet], rows[sheet] = pd.DataFrame(), ()
            continue
        top = _row_of_heads(sheet, cells)
        if top is None:
            heads = ", ".join(columns.REQUIRED[sheet])
            raise BadData(f"{file}: {sheet}: no row of heads among the first {HEADS_WITHIN} rows; needed are {heads}")
        frames[sheet], rows[sheet] = _frame(cells, top)
    return judged(frames, file=str(file), rows=rows, defined_cities=defined_cities, whole=whole)


def _row_of_heads(sheet, cells):
    """The first row with the most known heads."""
    known = {*columns.REGISTER[sheet], *ALIASES}
    counts = [len(known & {_head(value) for value in row}) for row in cells[:HEADS_WITHIN]]
    best = max(counts, default=0)
    return counts.index(best) if best >= LEAST_HEADS else None


def _head(value):
    return str(value).strip() if has_value(value) else ""


def _frame(cells, top):
    """What stands under the heads, and in which rows, from 1; without empty rows and those set aside."""
    kept = [
        (number, row)
        for number, row in enumerate(cells[top + 1 :], start=top + 2)
        if any(map(has_value, row)) and not (row and str(row[0]).strip().startswith(ASIDE))
    ]
    width = max([len(cells[top]), *(len(row) for _, row in kept)])
    heads = [_head(value) for value in cells[top]] + [""] * (width - len(cells[top]))
    frame = pd.DataFrame([[*row, *[None] * (width - len(row))] for _, row in kept], columns=heads, dtype=object)
    return frame, tuple(number for number, _ in kept)


def _folder(path):
    """The csv files of a folder by their names."""
    files = sorted(file for file in path.glob("*.csv") if not file.name.startswith(ASIDE))
    return {file.stem: _csv_rows(file.read_bytes(), file) for file in files}


def _csv_rows(content, file):
    """The rows of a csv file in UTF-8, parted by commas, semicolons or tabs."""
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadData(f"{file}: line {line} is not in UTF-8; save it as 'CSV UTF-8'") from error
    known = {*ALIASES, *(column for heads in columns.REGISTER.values() for column in heads)}
    top = [line.replace('"', "") for line in written.splitlines()[:HEADS_WITHIN]]
    mark = max(",;\t", key=lambda mark: max((len(known & set(line.split(mark))) for line in top), default=0))
    try:
        return list(csv.reader(io.StringIO(written, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise BadData(f"{file}: it cannot be read as csv: {error}") from error


def _workbook(path):
    """The rows of each sheet of a workbook, without the sheets that only explain."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            # openpyxl tells of drop-downs and styles that it does not keep; only values are read here
            warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
            book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
            beside = {
                wording.text(language, f"funding.register.sheet_{one}")
                for language in LANGUAGES
                for one in ("read_me", "words")
            }
            return {
                name: _sheet_rows(book[name])
                for name in book.sheetnames
                if name not in beside and not name.startswith(ASIDE)
            }
    except (zipfile.BadZipFile, OSError, KeyError, ValueError, SyntaxError) as error:
        raise BadData(f"{path}: it cannot be read as a workbook: {error}") from error


def _sheet_rows(sheet):
    sheet.reset_dimensions()
    return [[_value(cell) for cell in row] for row in sheet.iter_rows()]


def _value(cell):
    """A cell's value; a formula or an error is marked as none."""
    if cell.data_type in ("f", "e"):
        return NoValue(getattr(cell.value, "text", cell.value))
    return cell.value
