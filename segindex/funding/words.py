"""The controlled words of the register (`words.toml`), their other spellings, and what some of them mean."""

import tomllib
from functools import cache
from importlib import resources

import pandas as pd

from segindex import wording
from segindex.errors import BadSettings, did_you_mean
from segindex.facts import LANGUAGES


def words(list_name):
    """The words of a list, in order.

    Parameters
    ----------
    list_name : str
        "level", "instrument_type", "theme", "targeting_basis", "area_targeted", "status", "amount_kind", "evidence",
        "use", "recipient_type", "area_scheme" or "measure_status".

    Returns
    -------
    tuple of str

    Raises
    ------
    BadSettings
        There is no such list.

    Examples
    --------
    >>> words("level")
    ('city', 'region', 'national', 'eu')
    """
    return tuple(_list(list_name)["words"])


def lists():
    """The names of the lists of words, in order."""
    return tuple(_lists())


def spelling(list_name, word):
    """The word of the list that is meant by another spelling or by other letter case; an unknown word as it is.

    >>> spelling("status", "active_check"), spelling("status", "Active"), spelling("status", "open")
    ('check', 'active', 'open')
    """
    return _spellings(list_name).get(word.casefold(), word)


def called(list_name):
    """Each word of a list by itself and by what it is called in each language, as the workbook shows it.

    >>> called("level")["valtio"], called("level")["national"]
    ('national', 'national')
    """
    return _called(list_name) | {word: word for word in words(list_name)}


def is_active(status, end_year=None, year=None, start_year=None):
    """Whether money of this status flows: "yes", "no" or "unknown".

    Parameters
    ----------
    status : str
        A word of "status".
    end_year, start_year : int or None or NA
        The channel's last and first year, where they are known.
    year : int, optional
        The year that is asked about. Left out, the status alone counts. Given, a channel that has ended before it or
        starts after it is not active, whatever its status.

    Returns
    -------
    {"yes", "no", "unknown"}

    Examples
    --------
    >>> is_active("active"), is_active("check"), is_active("planned")
    ('yes', 'unknown', 'no')
    >>> is_active("active", 2021, 2025), is_active("active", 2027, 2025), is_active("check", None, 2025)
    ('no', 'yes', 'unknown')
    """
    if status in _list("status")["unknown"]:
        known = "unknown"
    else:
        known = "yes" if status in _list("status")["active"] else "no"
    if year is None:
        return known
    over = not pd.isna(end_year) and end_year < year
    before = not pd.isna(start_year) and start_year > year
    return "no" if over or before else known


def placeholders(channels):
    """Which rows only say that something is to be mapped.

    Parameters
    ----------
    channels : DataFrame
        With the columns `status` and `instrument_type`.

    Returns
    -------
    Series of bool
    """
    return (channels["status"] == TO_BE_MAPPED) | (channels["instrument_type"] == TO_BE_MAPPED)


@cache
def _lists():
    place = resources.files("segindex.funding").joinpath("words.toml")
    return tomllib.loads(place.read_text(encoding="utf-8"))


def _list(name):
    if name not in _lists():
        hint = did_you_mean(name, tuple(_lists()), f"known are {', '.join(_lists())}")
        raise BadSettings(f"list of words {name!r} is unknown; {hint}")
    return _lists()[name]


@cache
def _spellings(name):
    return {word.casefold(): word for word in words(name)} | _list(name).get("spellings", {})


@cache
def _called(name):
    return {
        wording.text(language, f"funding.word.{name}_{word}"): word for language in LANGUAGES for word in words(name)
    }


TO_BE_MAPPED = "to_be_mapped"
"""The status and the type of a placeholder."""

EURO_KINDS = tuple(_list("amount_kind")["euro"])
"""Kinds of amounts that are sums of money; of the others no sum is ever made."""

AT_AREAS = tuple(_list("area_targeted")["at_areas"])
"""What `area_targeted` says of money that is aimed at places within a city."""
