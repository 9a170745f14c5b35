"""The follow-up's tables as published: columns of their own names, refused numbers left out, and their words."""

import numpy as np
import pandas as pd

from segindex import wording
from segindex.followup import names_of
from segindex.followup.columns import TABLES
from segindex.limits import OTHER, PLACE
from segindex.report.material import once
from segindex.report.publish import too_few
from segindex.report.types import typed_on_grid

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

BASELINES = ("baseline", "baseline_low", "baseline_high")
CHANGES = ("change", "change_low", "change_high", "q", "structural", "margins", "appeared")
UNSAID = {"status": "cannot_say", "reason": OTHER, "on_path": "cannot_say"}
"""What a card says of a change that rests on a number that would tell another group."""

GROUPED = ("followup_cards", "followup_points")
"""Tables whose rows are of a group and year."""

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

HUNDRED = -2
"""Residents of an area type or of a measure's area are told in hundreds, for the same reason."""

PEOPLE = ("residents", "with_measures", "without_measures")
OF_AREAS = (
    *("disadvantaged_share", "first_share", "last_share", "change", "comparable_change", "difference"),
    *("low", "high"),
)

OF_TYPES = ("baseline", "before_low", "before_high", "value", "as_it_is", "group_share", "change", "path")

FOLLOWUP_WORDS = (
    *("indicator", "followed", "before_of", "wanted", "on_path", "status", "reason", "trend", "trend_reason"),
    "measure_status",
)
"""Columns of keys that have words."""


def published_followup(material):
    """The tables of the follow-up, {name: DataFrame} with the columns of `FOLLOWUP_COLUMNS`."""
    found = {}
    for name in TABLES:
        rows = told(material, name)
        if not len(rows):
            continue
        if name == "followup_places":
            rows = rows.assign(**rows[list(OF_AREAS)].astype(float).round(SHARES))
        found[name] = rows.rename(columns=NAMES[name])
    return found


@once
def told(material, name):
    """A table of the follow-up without the numbers of refused rows, nor of groups that would tell one that is refused.

    Residents are in hundreds, shares of area types to a tenth of a per cent. It has no rows where the edition lacks it.
    """
    columns = list(TABLES[name])
    rows = material.programme.get(name)
    if rows is None or not len(rows):
        return pd.DataFrame(columns=columns)
    rows = rows[columns]
    if name in GROUPED:
        telling = _telling(material, rows, "year") & rows["refused"].eq("")
        rows = _rounded(rows.assign(refused=rows["refused"].mask(telling, OTHER)), material.programme["followup_cards"])
    if name == "followup_cards":
        rows = _without_baselines(rows, _telling(material, rows, "baseline_year"))
    if name == "followup_need":
        rows = _need(material, rows)
    rows = rows.assign(**{column: rows[column].astype(float).round(HUNDRED) for column in PEOPLE if column in rows})
    hidden = rows["refused"] != ""
    return rows.assign(**{column: rows[column].astype(float).mask(hidden) for column in REFUSED[name]})


def _need(material, rows):
    """The residents of area types without those of a type that one or two cells are of, or that would tell these."""
    by_city = rows.groupby("city", sort=False)["n_cells"]
    why = by_city.transform(too_few) if typed_on_grid(material) else pd.Series("", index=rows.index)
    return rows.assign(residents=rows["residents"].mask(why != ""), refused=rows["refused"].mask(why != "", why))


def _telling(material, rows, year):
    """Whether the group of each row is withheld in the year of a column, since it would tell another."""
    kept_back = material.withheld
    groups = material.programme["followup_cards"][["indicator", "city", "classification", "group"]]
    keys = rows[["indicator", "city"]].assign(year=rows[year]).merge(groups, on=["indicator", "city"], how="left")
    found = [key in kept_back for key in zip(*(keys[column] for column in (*PLACE, "group")))]
    return pd.Series(found, index=rows.index, dtype=bool)


def _without_baselines(cards, telling):
    """The cards without the baselines that would tell another group, nor changes that rest on what is not told."""
    told = {column: cards[column].astype(float).mask(telling) for column in BASELINES}
    unsaid = telling | cards["refused"].eq(OTHER)
    changes = {column: cards[column].astype(float).mask(unsaid) for column in CHANGES}
    words = {column: cards[column].mask(unsaid, word) for column, word in UNSAID.items()}
    return cards.assign(**told, **changes, **words)


def _rounded(rows, cards):
    """Rows of indicators with the shares of area types to a tenth of a per cent."""
    of_types = rows["indicator"].isin(cards["indicator"][cards["measure"] == "types_1_2"])
    numbers = rows[[column for column in OF_TYPES if column in rows]].astype(float)
    return rows.assign(**numbers.where(~of_types, np.round(numbers, SHARES), axis=0))


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
