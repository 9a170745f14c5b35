"""The follow-up's tables as published: columns of their own names, refused numbers left out, and their words."""

import numpy as np

from segindex import wording
from segindex.followup import names_of
from segindex.followup.columns import TABLES

NAMES = {
    "followup_cards": {"measure": "followed", "value": "followed_value", "as_it_is": "value"}
    | {"group_share": "group_of_base"},
    "followup_points": {"value": "followed_value"},
    "followup_places": {"status": "measure_status", "start": "start_date", "end": "end_date"}
    | {"low": "difference_low", "high": "difference_high"},
    "followup_need": {},
}
"""Columns that other published tables have in another meaning: what they are called here."""

REFUSED = {
    "followup_cards": ("value", "as_it_is", "expected", "low", "high", "group_share", "change")
    + ("change_low", "change_high", "q", "structural", "margins", "appeared"),
    "followup_points": ("value", "low", "high"),
    "followup_places": ("first_share", "last_share", "change", "comparable_change", "difference", "low", "high"),
    "followup_need": ("with_measures", "without_measures"),
}
"""Numbers that a row that is refused does not tell."""

FOLLOWUP_COLUMNS = {
    name: tuple(NAMES[name].get(column, column) for column in columns) for name, columns in TABLES.items()
}
FOLLOWUP_KEYS = {
    "followup_cards": ("indicator", "city"),
    "followup_points": ("indicator", "city", "year"),
    "followup_places": ("measure_id", "city", "group"),
    "followup_need": ("city", "type"),
}
SHARES = 3
"""Decimals of a share of residents: an exact one of a single cell would be the number of those who live there."""

OF_TYPES = ("baseline", "before_low", "before_high", "value", "as_it_is", "group_share", "change", "path")

FOLLOWUP_WORDS = (
    *("indicator", "followed", "before_of", "wanted", "on_path", "status", "reason", "trend", "trend_reason"),
    "measure_status",
)
"""Columns of keys that have words."""


def published_followup(material):
    """The tables of the follow-up, {name: DataFrame} with the columns of `FOLLOWUP_COLUMNS`."""
    found = {}
    for name, columns in TABLES.items():
        rows = material.programme.get(name)
        if rows is None or not len(rows):
            continue
        rows = rows[list(columns)]
        if name == "followup_cards":
            rows = _rounded(rows)
        hidden = rows["refused"] != ""
        rows = rows.assign(**{column: rows[column].astype(float).mask(hidden) for column in REFUSED[name]})
        found[name] = rows.rename(columns=NAMES[name])
    return found


def _rounded(cards):
    """The cards with the shares of area types to a tenth of a per cent."""
    of_types = cards["measure"] == "types_1_2"
    numbers = cards[list(OF_TYPES)].astype(float)
    return cards.assign(**numbers.where(~of_types, np.round(numbers, SHARES)))


def followup_word(column, value, about, language):
    """A key of one of `FOLLOWUP_WORDS` in words."""
    if column == "indicator":
        names = names_of(about.indicators, about.defined)
        return wording.sentence_case(names[value].in_(language)) if value in names else value
    keys = {
        "followed": f"followup.word.followed_{value}",
        "before_of": f"followup.word.of_{value}",
        "wanted": f"followup.table.wanted_{value}",
        "on_path": f"followup.table.path_{value}",
        "status": f"status.{value}",
        "reason": f"followup.why.{value}",
        "trend": f"followup.word.trend_{value}",
        "trend_reason": f"followup.why.trend_{value}",
        "measure_status": f"funding.word.measure_status_{value}",
    }
    return wording.text(language, keys[column])
