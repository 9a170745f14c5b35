"""What may stand in one cell of the register: texts, words, euro, years, days, addresses and lists of several.

Each reader takes what a file holds (text, a number, a day or nothing) and gives the value, or raises `Wrong`, which
says what is allowed.
"""

import datetime
import re
from numbers import Real

import numpy as np
import pandas as pd

from segindex.errors import BadSettings, did_you_mean
from segindex.facts import city_named
from segindex.funding.words import called, spelling, words

LONGEST = 32_767
"""Letters that a cell of a workbook can hold."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
EURO = "allowed is a number of euro that is not negative: 1234567.5, 1234567,50 or 1 234 567,50"
PER_CENT = "a per cent is no sum of euro; a share of other money is the number 0.08 for 8 % and of the kind share"
PARTED = "several are parted by semicolons"
DAY = "allowed is a day (2025-03-31), a month (2025-03) or a year (2025)"
ADDRESS = "allowed is an address that begins with http:// or https://"
DOUBTFUL = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""Numbers that one reader takes for thousands and the next for three decimals."""
ID = "allowed are letters, digits and - _ . : /, beginning with a letter or digit"

_SPACES = re.compile(r"[ \u00a0\u2009\u202f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|x005F_")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d{1,2})?")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_NOT_IN_BRACKETS = re.compile(r";(?![^(]*\))")


class Wrong(ValueError):
    """What stands in a cell cannot be taken; the message says what is allowed."""


class NoValue(str):
    """What a spreadsheet holds where no value stands: a formula, or the mark of an error."""


def text(value):
    r"""A text without spaces at its ends and with plain line breaks; whole numbers and days as they are written.

    >>> text(" a\r\nb "), text(2020.0), text(datetime.datetime(2025, 3, 31)), text(None)
    ('a\nb', '2020', '2025-03-31', '')
    """
    if isinstance(value, NoValue):
        raise Wrong("this is a formula or an error of the spreadsheet; allowed are values (paste it as a value)")
    if _missing(value):
        return ""
    if isinstance(value, bool | np.bool_):
        raise Wrong("allowed is text")
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Real):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    found = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(found):
        raise Wrong("a character in it cannot be shown; allowed are letters, digits, signs and line breaks")
    if len(found) > LONGEST:
        raise Wrong(f"it has {len(found)} letters; a cell holds {LONGEST}")
    return found


def euro(value):
    """An amount; NaN where none is given.

    A text such as 1.234 or 1,234 is refused: one reader takes it for a thousand, the next for one.

    >>> euro("1 234 567,50"), euro("1234567.5"), euro(3), euro("0.125")
    (1234567.5, 1234567.5, 3.0, 0.125)
    """
    if isinstance(value, Real) and not isinstance(value, bool | np.bool_) and not _missing(value):
        if not 0 <= value < float("inf"):
            raise Wrong(EURO)
        return float(value)
    if isinstance(value, bool | np.bool_):
        raise Wrong(EURO)
    found = text(value)
    if not found:
        return float("nan")
    if found.endswith("%"):
        raise Wrong(PER_CENT)
    if DOUBTFUL.fullmatch(found):
        raise Wrong(f"a thousand, or three decimals? {EURO[0].upper()}{EURO[1:]}")
    if not _NUMBER.fullmatch(found) and not _THOUSANDS.fullmatch(found):
        raise Wrong(EURO)
    return float(_SPACES.sub("", found).replace(",", "."))


def year(value):
    """A year; NA where none is given.

    >>> year(2025.0), year(" 2025 "), year("")
    (2025, 2025, <NA>)
    """
    found = text(value)
    if not found:
        return pd.NA
    if not re.fullmatch(r"\d{4}", found) or not FIRST_YEAR <= int(found) <= LAST_YEAR:
        raise Wrong(f"allowed is a year from {FIRST_YEAR} to {LAST_YEAR}")
    return int(found)


def day(value):
    """A day, a month or a year in the form of ISO 8601.

    >>> day(datetime.datetime(2025, 3, 31)), day("2025-03"), day(2025)
    ('2025-03-31', '2025-03', '2025')
    """
    found = text(value)
    parts = _DAY.fullmatch(found)
    if not found:
        return ""
    try:
        datetime.date(*(int(part or 1) for part in parts.groups()))
    except (AttributeError, ValueError) as error:
        raise Wrong(DAY) from error
    if not FIRST_YEAR <= int(parts[1]) <= LAST_YEAR:
        raise Wrong(DAY)
    return found


def address(value):
    """The address of a page."""
    found = text(value)
    if found and not re.fullmatch(r"https?://[^\s/.]+\.\S+", found):
        raise Wrong(ADDRESS)
    return found


def identifier(value):
    """The id of a row, which lists of several can hold."""
    found = text(value)
    if found and not re.fullmatch(r"\w[\w.:/-]*", found):
        raise Wrong(ID)
    return found


def word(value, list_name):
    """A controlled word, its other spellings put right.

    >>> word("active_check", "status")
    'check'
    """
    found = spelling(list_name, text(value))
    if found and found not in words(list_name):
        raise Wrong(did_you_mean(found, called(list_name), f"allowed are {', '.join(words(list_name))}"))
    return found


def city(value, defined=None):
    """The key of a city by any of its names; `defined` holds the cities that are allowed instead of the eleven."""
    found = text(value)
    if not found:
        return ""
    if defined is not None:
        if found not in defined:
            raise Wrong(did_you_mean(found, defined, f"allowed are {', '.join(defined)}"))
        return found
    try:
        return city_named(found)
    except BadSettings as error:
        raise Wrong(str(error).partition("; ")[2]) from error


def parts(value):
    """The parts of a cell that holds several, which semicolons part; those in brackets part nothing.

    >>> parts("Helsinki (Malmi; Mellunkylä);Turku; ")
    ('Helsinki (Malmi; Mellunkylä)', 'Turku')
    """
    return tuple(part.strip() for part in _NOT_IN_BRACKETS.split(value) if part.strip())


def several(value):
    """Several texts, written with a semicolon between them; semicolons in brackets become commas.

    >>> several("Helsinki (Malmi; Mellunkylä) ; Turku")
    'Helsinki (Malmi, Mellunkylä);Turku'
    """
    return ";".join(part.replace(";", ",") for part in parts(text(value)))


def themes(value):
    """Several controlled words of "theme", each once."""
    found = text(value)
    if "," in found:
        raise Wrong(f"{PARTED} (housing;education); allowed are {', '.join(words('theme'))}")
    return ";".join(dict.fromkeys(word(part, "theme") for part in parts(found)))


def cities_in(value):
    """The cities of the eleven that a list of places names, by key; what stands in brackets is left aside.

    >>> cities_in("Helsingfors (Malm);Kangasala;Tampere")
    ('Helsinki', 'Tampere')
    """
    found = []
    for part in parts(value):
        try:
            found.append(city_named(_name(part)))
        except BadSettings:
            continue
    return tuple(dict.fromkeys(found))


def cities(value):
    """Several places, those of the eleven cities by their keys: "Helsingfors (Malm)" becomes "Helsinki (Malm)"."""
    written = []
    for part in parts(several(value)):
        known = cities_in(part)
        written.append(f"{known[0]}{part[len(_name(part)) :]}" if known else part)
    return ";".join(written)


def _name(part):
    return part.partition("(")[0].strip()


def _missing(value):
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def has_value(value):
    """Whether a cell holds anything.

    >>> has_value(" "), has_value(0), has_value(None)
    (False, True, False)
    """
    return not _missing(value) and str(value).strip() != ""
