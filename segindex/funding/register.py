"""The register of funding: channels, awards, use and measures as four tables that were judged once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from segindex import schema
from segindex.errors import BadData, did_you_mean
from segindex.funding import cells, columns
from segindex.funding.relations import doubts, faults_between

ALIASES = {"status_2026": "status"}
"""Heads of files that were made before this form: {head: column}."""
ASIDE = "#"
"""What begins with this mark is not read: a sheet, a column, or a row by its first cell."""
MOST_TOLD = 20
"""Faults that a message names; of the others it says how many there are."""


NO_SHEET = "the register has no sheet of this name"
SHOWN = 60
"""Letters of a value that a message shows."""


@dataclass(frozen=True)
class Finding:
    """What a judge found in a cell: the value, and what is allowed or what is to be known of it."""

    cell: str
    column: str
    value: str
    told: str

    def __str__(self):
        what = " ".join(filter(None, (self.column, self.value and repr(shortened(self.value)))))
        return ": ".join(filter(None, (self.cell, what, self.told)))


@dataclass(frozen=True)
class Translation:
    """A value that was put right: what the file holds, and what it was read as."""

    cell: str
    column: str
    value: str
    word: str


@dataclass(frozen=True, eq=False, repr=False)
class Register:
    """Four tables with the columns of `columns.REGISTER`, judged once, and where each row stands in its file.

    Attributes
    ----------
    channels, awards, use, measures : DataFrame
        Index 0 to n - 1, rows in the order of the file. Texts are "" where nothing is given, amounts NaN (euro,
        float64), years NA (Int64).
    file : str
        Where it was read from.
    translated : tuple of Translation
        What was put right: other spellings of words and cities, spaces at the ends, dates of a spreadsheet.
    warnings : tuple of Finding
        What is no fault and yet to be known: rows called sourced without an address or a date, columns left out.
    rows : dict of str to tuple of int
        The row of its file that each row of a table came from, from 1.
    letters : dict of str to dict of str to str
        The letter of the file's column that each column came from; a column that the file lacks has none.
    """

    channels: pd.DataFrame
    awards: pd.DataFrame
    use: pd.DataFrame
    measures: pd.DataFrame
    file: str = ""
    translated: tuple[Translation, ...] = ()
    warnings: tuple[Finding, ...] = ()
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def tables(self):
        """The tables by the name of their sheet, in the order of the sheets."""
        return {sheet: getattr(self, sheet) for sheet in columns.REGISTER}

    @property
    def made_up(self):
        """Whether nobody gives or gets this money: its notes begin with "made-up data", then all of them, as judged."""
        return any(bool(_made_up(table).any()) for table in self.tables.values())

    def cell(self, sheet, row, column):
        """The address of a value in its file, such as "channels!M12"; of the whole row where the column is lacking.

        Parameters
        ----------
        sheet : {"channels", "awards", "use", "measures"}
        row : int
            Index of the row in the table.
        column : str

        Returns
        -------
        str
        """
        number = self.rows[sheet][row] if sheet in self.rows else row + 2
        at = self.letters.get(sheet, _canonical(sheet)).get(column, "")
        return f"{sheet}!{at}{number}" if at else f"{sheet}!{number}:{number}"

    @property
    def held(self):
        """How many rows each sheet holds, in words."""
        rows = {sheet: len(table) for sheet, table in self.tables.items()}
        return ", ".join(f"{n} {sheet.removesuffix('s') if n == 1 else sheet}" for sheet, n in rows.items())

    def __repr__(self):
        return f"Register({self.held}{f', from {self.file}' if self.file else ''}{', made-up data' * self.made_up})"


def judged(frames, *, file="", rows=None, defined_cities=None, whole=False):
    """A register of these tables, or every fault in them.

    Parameters
    ----------
    frames : dict of str to DataFrame
        By sheet: "channels", "awards", "use", "measures". Values as a file holds them (text, numbers, days, nothing)
        or as the tables of a register do. The order of the columns is that of the file; columns that no row needs may
        be left out, heads that begin with "#" are not looked at.
    file : str
        What messages call it.
    rows : dict of str to sequence of int, optional
        The row of the file that each row came from. Left out, the first is row 2.
    defined_cities : sequence of str, optional
        Cities that are allowed instead of the eleven.
    whole : bool
        Whether all four sheets must be there; otherwise one that is not there is empty.

    Returns
    -------
    Register

    Raises
    ------
    BadData
        Something is not as it should be. One line a fault: sheet and cell, column, value, what is allowed. The first
        20, and how many more there are.

    Examples
    --------
    >>> channel = {"channel_id": "A-1", "name_fi": "Kanava", "level": "eu", "instrument_type": "loan"}
    >>> frame = pd.DataFrame([channel | {"status": "active_check", "evidence": "partly"}])
    >>> register = judged({"channels": frame})
    >>> register, register.channels.loc[0, "status"], register.cell("channels", 0, "status")
    (Register(1 channel, 0 awards, 0 use, 0 measures), 'check', 'channels!E2')
    """
    findings = _sheets(frames, whole)
    heads = {sheet: _heads(sheet, frames[sheet]) if sheet in frames else {} for sheet in columns.REGISTER}
    for sheet in columns.REGISTER:
        if sheet in frames:
            findings += _of_heads(sheet, frames[sheet], heads[sheet])
    if findings:
        raise _bad(file, findings)
    letters = {sheet: {name: letter(place) for name, place in found.items()} for sheet, found in heads.items()}
    numbers = {sheet: _numbers(frames, rows, sheet) for sheet in columns.REGISTER}
    tables, wrong, translated = {}, {}, []
    for sheet in columns.REGISTER:
        frame = frames.get(sheet, pd.DataFrame())
        tables[sheet], wrong[sheet], found = _table(sheet, frame, heads[sheet], defined_cities)
        translated += [(sheet, *one) for one in found]
    register = Register(
        **tables, file=str(file), rows=numbers, letters={sheet: found for sheet, found in letters.items() if found}
    )
    told = [(*place, value, words) for sheet in wrong for place, (value, words) in wrong[sheet].items()]
    unread = {place for sheet in wrong for place in wrong[sheet]}
    told += [one for one in (*faults_between(tables), *_mixed(tables)) if one[:3] not in unread]
    if told:
        raise _bad(file, _in_order(register, told))
    lacking = [
        Finding(sheet, column, "", "the file has no such column; it is taken as empty")
        for sheet, found in heads.items()
        if found
        for column in columns.REGISTER[sheet]
        if column not in found
    ]
    known = tuple(Translation(register.cell(*place), place[2], value, word) for *place, value, word in translated)
    return Register(
        **tables,
        file=str(file),
        translated=known,
        warnings=(*_in_order(register, doubts(tables, defined_cities)), *lacking),
        rows=numbers,
        letters=register.letters,
    )


def shortened(value):
    """The beginning of a long text, for messages."""
    return value if len(value) <= SHOWN else f"{value[: SHOWN - 3]}..."


def empty():
    """A register without rows."""
    return judged({})


def letter(place):
    """The letters of a column of a spreadsheet, the first being 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def _canonical(sheet):
    return {name: letter(place) for place, name in enumerate(columns.REGISTER[sheet])}


def _made_up(table):
    return table["note"].str.startswith(schema.MADE_UP)


def _bad(file, findings):
    more = [f"and {len(findings) - MOST_TOLD} more"] if len(findings) > MOST_TOLD else []
    count = "1 fault" if len(findings) == 1 else f"{len(findings)} faults"
    return BadData("\n".join([f"{file or 'the register'}: {count}", *map(str, findings[:MOST_TOLD]), *more]))


def _in_order(register, told):
    """Findings of (sheet, row, column, value, words) by sheet, row and column."""
    sheets = list(columns.REGISTER)
    rank = {sheet: {name: place for place, name in enumerate(columns.REGISTER[sheet])} for sheet in sheets}
    found = sorted(told, key=lambda one: (sheets.index(one[0]), one[1], rank[one[0]][one[2]]))
    return [Finding(register.cell(*place), place[2], value, words) for *place, value, words in found]


def _numbers(frames, rows, sheet):
    if rows and sheet in rows:
        return tuple(map(int, rows[sheet]))
    return tuple(range(2, 2 + len(frames.get(sheet, ()))))


def _sheets(frames, whole):
    known = tuple(columns.REGISTER)
    found = [
        Finding(str(sheet), "", "", f"{NO_SHEET}; {did_you_mean(sheet, known, _allowed(known))}")
        for sheet in frames
        if sheet not in known
    ]
    return found + [Finding(sheet, "", "", "the sheet is lacking") for sheet in known if whole and sheet not in frames]


def _allowed(known):
    return f"allowed are {', '.join(known)}, and names that begin with {ASIDE}"


def _heads(sheet, frame):
    """The place of each known column, from 0; of one that is there twice, the first."""
    heads = [ALIASES.get(head, head) for head in frame.columns]
    return {column: heads.index(column) for column in columns.REGISTER[sheet] if column in heads}


def _of_heads(sheet, frame, heads):
    """What is wrong with the heads of a sheet: unknown, without words over values, twice, lacking."""
    known, found, seen = columns.REGISTER[sheet], [], set()
    for place, head in enumerate(frame.columns):
        column = ALIASES.get(head, head)
        at = f"{sheet}!{letter(place)}"
        if str(head).startswith(ASIDE):
            continue
        if head == "":
            if any(cells.has_value(value) for value in frame.iloc[:, place]):
                found.append(Finding(at, "", "", f"values without a head; {_allowed(known)}"))
        elif column not in known:
            hint = did_you_mean(head, known, _allowed(known))
            found.append(Finding(at, str(head), "", f"the register has no column of this name; {hint}"))
        elif column in seen:
            found.append(Finding(at, column, "", "the column is there twice"))
        seen.add(column)
    lacking = [column for column in columns.REQUIRED[sheet] if column not in heads]
    return found + [Finding(sheet, column, "", "the column is lacking") for column in lacking]


def _table(sheet, frame, heads, defined_cities):
    """The table with its types; {(sheet, row, column): (value, what is allowed)}; [(row, column, value, word)]."""
    typed, wrong, translated = {}, {}, []
    for column in columns.REGISTER[sheet]:
        read = _reader(sheet, column, defined_cities)
        nothing = np.nan if column in columns.EUROS else pd.NA if column in columns.YEARS else ""
        values = [nothing] * len(frame)
        for row, value in enumerate(frame.iloc[:, heads[column]]) if column in heads else ():
            try:
                values[row] = read(value)
            except cells.Wrong as error:
                wrong[sheet, row, column] = (str(value), str(error))
            else:
                if _put_right(value, values[row]):
                    translated.append((row, column, str(value), str(values[row])))
        kind = "float64" if column in columns.EUROS else "Int64" if column in columns.YEARS else "str"
        typed[column] = pd.Series(values, dtype=kind)
    return pd.DataFrame(typed, columns=list(columns.REGISTER[sheet])), wrong, translated


def _put_right(value, word):
    return isinstance(word, str) and bool(word) and not isinstance(value, int | float) and str(value) != word


def _reader(sheet, column, defined_cities):
    """The function that reads the cells of a column."""
    if column in columns.EUROS:
        return cells.euro
    if column in columns.YEARS:
        return cells.year
    if column in columns.DAYS:
        return cells.day
    if column == "source_url":
        return cells.address
    if column == "themes":
        return cells.themes
    if column == "cities_known":
        return cells.cities
    if column in columns.SEVERAL:
        return cells.several
    if column == "city":
        return lambda value: cells.city(value, defined_cities)
    if column == "parent_channel_id" or column in sum(columns.KEYS.values(), ()):
        return cells.identifier
    listed = (
        ("measure_status" if sheet == "measures" else "status") if column == "status" else columns.WORDS.get(column)
    )
    return (lambda value: cells.word(value, listed)) if listed else cells.text


def _mixed(tables):
    """Rows whose note does not say, as others do, that they are made up; or the other way round if these are fewer."""
    marks = [
        (sheet, row, bool(mark), table.loc[row, "note"])
        for sheet, table in tables.items()
        for row, mark in _made_up(table).items()
    ]
    real = [one for one in marks if not one[2]]
    made = [one for one in marks if one[2]]
    if not real or not made:
        return []
    words = f"made-up and real rows stand together; allowed is that every note begins with {schema.MADE_UP!r}, or none"
    fewer = real if len(real) <= len(made) else made
    return [(sheet, row, "note", note, words) for sheet, row, _, note in fewer]
