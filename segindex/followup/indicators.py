"""What is followed: an index of a group, a group's share, or the residents of the most disadvantaged area types."""

import re
from dataclasses import dataclass

from segindex import wording
from segindex.errors import BadSettings, did_you_mean, is_number
from segindex.facts import LANGUAGES, Names
from segindex.registry import INDICES, REGISTRY, SPELLINGS

MEASURES = ("index", "share", "types_1_2")
WANTED = ("fall", "rise")
TYPES = (1, 2)
"""The area types of `types_1_2`, those of most disadvantage."""

GIVEN = (
    ("dissimilarity", "low_income"),
    ("dissimilarity", "high_income"),
    ("isolation", "low_income"),
    ("dissimilarity", "foreign_language"),
    ("dissimilarity", "children_0_6"),
    ("dissimilarity", "children_7_15"),
)
"""What is followed where the settings name nothing, as far as there is; and the residents of types 1 and 2."""

DAY = r"\d{4}(-\d\d(-\d\d)?)?"


@dataclass(frozen=True)
class Indicator:
    """One indicator of the programme.

    Attributes
    ----------
    key : str
        Small letters, digits and _.
    measure : {"index", "share", "types_1_2"}
        The corrected value of an index of a group, the group's share of its base, or the share of the residents who
        live in area types 1 and 2.
    index, group : str
        "" where the measure has none.
    wanted : {"fall", "rise"}
        The direction that is better.
    target : float or None
        A value, of shares from 0 to 1, that is to be reached by the end of `target_year`.
    target_year : int or None
    names : Names or None
        Put together from the index and the group if None.
    next_update : str
        When new data are due: a date, a month or a year, or "".

    Raises
    ------
    BadSettings
        A word is unknown, a measure lacks its index or group or has one too many, or a target and its year are not
        both there; the message says what is allowed.

    Examples
    --------
    >>> Indicator("low_income", "index", "dissimilarity", "low_income").wanted
    'fall'
    """

    key: str
    measure: str
    index: str = ""
    group: str = ""
    wanted: str = "fall"
    target: float | None = None
    target_year: int | None = None
    names: Names | None = None
    next_update: str = ""

    def __post_init__(self):
        known = isinstance(self.key, str) and re.fullmatch(r"[a-z][a-z0-9_]*", self.key)
        self._that(known, "key", "small letters, digits and _, a letter first")
        self._among("measure", MEASURES)
        self._among("wanted", WANTED)
        if self.measure == "index":
            self._among("index", followed_indices(), SPELLINGS)
        else:
            self._that(self.index == "", "index", f"none: the measure is {self.measure}")
        if self.measure == "types_1_2":
            self._that(self.group == "", "group", "none: area types are of all residents")
        else:
            self._that(isinstance(self.group, str) and self.group, "group", "the key of a group")
        both = (self.target is None) == (self.target_year is None)
        self._that(both, "target" if self.target is None else "target_year", "`target` and `target_year` together")
        if self.target is not None:
            low, high = REGISTRY[self.index].bounds if self.measure == "index" else (0, 1)
            right = is_number(self.target) and low <= self.target <= high
            self._that(right, "target", f"a number from {low:g} to {high:g}")
            right = isinstance(self.target_year, int) and 1900 < self.target_year < 2200
            self._that(right, "target_year", "a year")
        right = isinstance(self.next_update, str) and re.fullmatch(DAY, self.next_update or "2000")
        self._that(right, "next_update", "a text: a year, a month (2027-03) or a date (2027-03-31)")

    def _that(self, right, name, allowed):
        if not right:
            raise BadSettings(f"indicator {self.key}: {name} = {getattr(self, name)!r}; allowed is {allowed}")

    def _among(self, name, words, spellings=None):
        value = getattr(self, name)
        if value not in words:
            near = {word: key for word, key in (spellings or {}).items() if key in words} or words
            hint = did_you_mean(value, near, f"allowed is {', '.join(words)}")
            raise BadSettings(f"indicator {self.key}: {name} = {value!r}; {hint}")


def followed_indices():
    """The indices that can be followed: one value a city, of a group against the rest."""
    return [one.key for one in INDICES if one.gives == "city" and not one.all_groups and not one.margin_only]


def defaults(tables):
    """The indicators of an edition whose settings name none: those of `GIVEN` that it has, and area types 1 and 2.

    Parameters
    ----------
    tables : dict of str to DataFrame
        The edition's `results` and `types`, as far as there are.

    Returns
    -------
    tuple of Indicator
        A fall is wanted of each; there is no target.
    """
    results, types = tables.get("results"), tables.get("types")
    there = set() if results is None else set(zip(results["index"], results["group"]))
    found = [Indicator(f"{index}_{group}", "index", index, group) for index, group in GIVEN if (index, group) in there]
    if types is not None and len(types):
        found.append(Indicator("types_1_2", "types_1_2"))
    return tuple(found)


def names_of(indicators, defined=None):
    """What each indicator is called, {key: Names}.

    Parameters
    ----------
    indicators : sequence of Indicator
    defined : dict of str to Names, optional
        Names of groups that the settings define.
    """
    found = {}
    for one in indicators:
        found[one.key] = one.names or Names(*(_name(one, language, defined) for language in LANGUAGES))
    return found


def indicators_in(cards, indicators=()):
    """The indicators of the cards: first those given, in their order, then what the rows of the others say.

    Parameters
    ----------
    cards : DataFrame
        The columns indicator, measure, index and group.
    indicators : sequence of Indicator
        Those of the settings (`edition.indicators`), for the names that they give.

    Returns
    -------
    tuple of Indicator

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"indicator": "income", "measure": "share", "index": "", "group": "low_income"}
    >>> names_of(indicators_in(pd.DataFrame([row])))["income"].en
    'share of persons in the lowest income class'
    """
    there = set(cards["indicator"])
    known = [one for one in indicators if one.key in there]
    rows = cards[~cards["indicator"].isin([one.key for one in known])].drop_duplicates("indicator")
    columns = (rows[name] for name in ("indicator", "measure", "index", "group"))
    return (*known, *(Indicator(*given) for given in zip(*columns)))


def _name(indicator, language, defined):
    group = wording.group_name(indicator.group, language, defined)
    if indicator.measure == "types_1_2":
        return wording.text(language, "followup.name_types")
    if indicator.measure == "share":
        return wording.text(language, "followup.name_share", group=group)
    index = wording.index_title(indicator.index, language)
    return wording.text(language, "followup.name_index", index=index, group=group)
