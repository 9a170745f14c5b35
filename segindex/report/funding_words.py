"""What the funding mapping is called in words: channels, levels, kinds of amounts, sums, needs and formulas."""

import pandas as pd

from segindex import wording
from segindex.funding.cells import parts
from segindex.funding.columns import TABLES
from segindex.funding.words import words
from segindex.schema import ordered

MILLION = 1e6
GRANTED = "granted"
COUNTED = ("types_1_2", "type_1", "low_income_children")
"""Needs that have names of their own; others are groups."""


class View:
    """The tables of the funding mapping in one language: what is lacking is an empty table.

    Attributes
    ----------
    material : Material
    language : {"fi", "sv", "en"}
    register : Register
    """

    def __init__(self, material, language):
        self.material, self.language, self.register = material, language, material.register

    def __getitem__(self, name):
        """A table of `funding.columns.TABLES`, by its name without "funding_"."""
        found = self.material.programme.get(f"funding_{name}")
        if found is not None:
            return found
        columns = TABLES[f"funding_{name}"]
        return ordered(pd.DataFrame(columns=list(columns)), columns, list(columns)[:1])

    @property
    def made_up(self):
        """Whether the register or the need is made up."""
        return self.material.made_up or self.register.made_up

    @property
    def active(self):
        """Whether each channel is active, {channel: "yes", "no" or "unknown"}."""
        rows = self["matrix"].drop_duplicates("channel_id")
        return dict(zip(rows["channel_id"], rows["active"]))

    def levels(self):
        """The levels that have channels, in their order."""
        there = set(self.register.channels["level"])
        return [level for level in words("level") if level in there]

    def name(self, channel):
        """A channel's name in the language, and "fi" where it has a Finnish one alone; an unknown id as it is."""
        rows = self.register.channels
        found = rows[rows["channel_id"] == channel]
        if not len(found):
            return channel, ""
        own = found[f"name_{self.language}"].iloc[0]
        return (own, "") if own else (found["name_fi"].iloc[0], "fi")

    def names(self, channels, most=None):
        """The names of channels in a sentence, each once; of those beyond `most` their number."""
        found = list(dict.fromkeys(self.name(one)[0] for one in channels))
        kept = found if most is None or len(found) <= most + 1 else found[:most]
        told = "; ".join(kept)
        more = len(found) - len(kept)
        return self.say("and_more", names=told, n=more) if more else told

    def say(self, key, **values):
        """A text of the names and forms."""
        return wording.text(self.language, f"funding_words.{key}", **values)

    def word(self, list_name, word):
        """A controlled word."""
        return wording.text(self.language, f"funding.word.{list_name}_{word}") if word else wording.NO_VALUE

    def theme(self, theme):
        """A theme, or "all"."""
        return self.say("all_themes") if theme == "all" else self.word("theme", theme)

    def themes(self, cell):
        """The themes of a cell."""
        return ", ".join(self.theme(one) for one in parts(cell))

    def need(self, need):
        """A need: a group or a measure of `COUNTED`."""
        if need in COUNTED:
            return self.say(f"need_{need}")
        return wording.group_name(need, self.language, self.material.defined)

    def formula(self, formula):
        """A formula that a pot is dealt out by."""
        return self.say(f"formula_{formula}")

    def refused(self, reason):
        """Why there is no number."""
        limit = self.material.min_group if reason in ("small_group", "small_rest") else None
        return self.say(f"refused_{reason}", **({} if limit is None else {"limit": limit}))

    def euro(self, value):
        """A sum of euro: in millions from one million on."""
        return euro(value, self.language)

    def euro_change(self, value):
        """A difference of euro with its sign."""
        return euro(value, self.language, wording.change)

    def percent(self, share):
        """A share in whole per cents."""
        return wording.percent(share, self.language, 0)

    def count(self, value):
        """A whole number."""
        return wording.count(value, self.language)

    def city(self, city):
        """A city's name."""
        return wording.city_name(city, self.language)


def euro(value, language, form=wording.number):
    """A sum of euro in words; in millions from one million on.

    >>> euro(274e6, "fi"), euro(280000, "en")
    ('274,0 miljoonaa euroa', 'EUR 280,000')
    """
    if wording.missing(value):
        return wording.NO_VALUE
    if abs(value) >= MILLION:
        return wording.text(language, "funding_words.million", n=form(value / MILLION, language, 1))
    return wording.text(language, "funding_words.euro", n=form(value, language, 0))


def millions(value, language):
    """A sum in millions of euro, for the cells of tables: as many decimals as it takes to be seen.

    >>> millions(1323000, "en"), millions(280000, "fi"), millions(0.0, "sv")
    ('1.3', '0,28', '0')
    """
    if wording.missing(value):
        return wording.NO_VALUE
    decimals = 0 if value == 0 else 1 if abs(value) >= MILLION else 2 if abs(value) >= 0.1 * MILLION else 3
    return wording.number(value / MILLION, language, decimals)
