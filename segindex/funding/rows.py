"""What the cells of a row of the register say: cities with remarks, whether it is active, what goes into a note."""

from functools import cache

import pandas as pd

from segindex import facts
from segindex.funding.cells import parts
from segindex.funding.words import is_active
from segindex.schema import MADE_UP, ordered

ALL = "all"
"""What stands for all themes together, and for channels of any activity."""

EVIDENCE = ("unsourced", "partly", "sourced")
"""Grades of evidence from the weakest."""


def places(cell):
    """The places that a cell names, in its order, each with the remark in brackets behind it.

    >>> places("Helsinki (Malmi; Mellunkylä);Turku;Helsinki region")
    [('Helsinki', 'Malmi; Mellunkylä'), ('Turku', ''), ('Helsinki region', '')]
    """
    found = []
    for part in parts(cell):
        name, _, remark = part.partition("(")
        found.append((name.strip(), remark.strip().removesuffix(")").strip()))
    return found


def named_cities(cell):
    """The cities among the places of a cell, in any of their languages: {city: remark}.

    A wider place that begins with a city's name is no city.

    >>> named_cities("Helsinki region;Åbo;Vantaa (15 000);Kangasala")
    {'Turku': '', 'Vantaa': '15 000'}
    """
    return {_spelled()[name.casefold()]: told for name, told in places(cell) if name.casefold() in _spelled()}


def wider_places(cell):
    """The places of more than one word that begin with a city's name: {city: place}.

    >>> wider_places("Helsinki region;Turku")
    {'Helsinki': 'Helsinki region'}
    """
    names = [name for name, _ in places(cell) if " " in name and name.casefold() not in _spelled()]
    return {_spelled()[first]: name for name in names if (first := name.split(" ", 1)[0].casefold()) in _spelled()}


def activity(channels, year=None):
    """Whether each channel is active, by `words.is_active`: a Series of "yes", "no" and "unknown"."""
    rows = zip(channels["status"], channels["end_year"], channels["start_year"])
    found = [is_active(status, end, year, start) for status, end, start in rows]
    return pd.Series(found, index=channels.index, dtype="str")


def together(ids):
    """Words of one cell, sorted: what `cells.parts` reads."""
    return ";".join(sorted(ids))


def told(*sayings):
    """What a note has to say, as one text."""
    return "; ".join(saying for saying in sayings if saying)


def made_up(register):
    """Whether nobody gives or gets this money: every channel's note begins with `MADE_UP`."""
    return len(register.channels) > 0 and bool(register.channels["note"].str.startswith(MADE_UP).all())


def table(rows, columns, keys, *, made_up=False):
    """Rows as a typed and sorted table; every note says so where the data are made up."""
    found = ordered(pd.DataFrame(rows, columns=list(columns)), columns, keys)
    if made_up:
        found["note"] = [note if MADE_UP in note else told(MADE_UP, note) for note in found["note"]]
    return found


@cache
def _spelled():
    return {
        city.names.in_(language).casefold(): city.key
        for city in facts.cities().values()
        for language in facts.LANGUAGES
    }
