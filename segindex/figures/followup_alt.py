"""What the figures of the follow-up say: titles that tell the finding, and text alternatives."""

from typing import NamedTuple

import numpy as np

from segindex import wording
from segindex.followup.sentences import DECIMALS, PER_CENT
from segindex.standings import in_order
from segindex.verdict import STATUSES


def level(value, measure, language):
    """A value of an indicator: as per cent where what is followed is a share."""
    if measure in PER_CENT:
        return wording.percent(value, language)
    return wording.number(value, language, DECIMALS)


def shape_of(status, change):
    """The shape of a status: the direction of a change that is one, "fell" or "rose", or else the status itself.

    >>> shape_of("better", -0.02), shape_of("better", 0.02), shape_of("cannot_say", 0.02)
    ('fell', 'rose', 'cannot_say')
    """
    if status in ("better", "worse"):
        return "rose" if change > 0 else "fell"
    return status


def counts(cards):
    """How many cards have each status."""
    return {status: int((cards["status"] == status).sum()) for status in STATUSES}


def status_title(cards, language):
    """The finding of the figure of statuses: how many cards have which."""
    return wording.text(language, "followup.figure.status_title", n=len(cards), **counts(cards))


def status_alt(cards, *, names, language, defined=None):
    """The text alternative of the figure of statuses: each indicator with the cities of each status."""
    told = []
    for indicator, own in cards.groupby("indicator", sort=False):
        parts = []
        for status in STATUSES:
            cities = [
                wording.city_name(city, language, defined) for city in in_order(own["city"][own["status"] == status])
            ]
            if cities:
                parts.append(f"{wording.text(language, f'status.{status}')} – {', '.join(cities)}")
        told.append(f"{wording.sentence_case(names[indicator].in_(language))}: {'; '.join(parts)}.")
    title = status_title(cards, language)
    return wording.text(language, "followup.figure.status_alt", title=title, values=" ".join(told))


def latest_points(points):
    """The last row of each city that has a value, in the programme's order."""
    rows = points[points["value"].notna()].sort_values("year", kind="stable").groupby("city").tail(1).set_index("city")
    return rows.loc[in_order(rows.index)]


def points_title(points, *, name, measure, language, defined=None):
    """The finding of an indicator's years: the lowest and the highest of the latest values."""
    latest = latest_points(points)
    words = {"indicator": wording.sentence_case(name), "year": int(latest["year"].max())}
    now = latest[latest["year"] == words["year"]]["value"]
    if len(now) < 2:
        return wording.text(language, "followup.figure.points_title_one", **words)
    for end, city in (("low", now.idxmin()), ("high", now.idxmax())):
        words |= {end: level(now[city], measure, language), f"{end}est": wording.city_name(city, language, defined)}
    return wording.text(language, "followup.figure.points_title", **words)


def points_alt(points, *, name, measure, language, defined=None):
    """The text alternative of an indicator's years: the latest value of each city."""
    values = "; ".join(
        f"{wording.city_name(city, language, defined)} {level(row['value'], measure, language)} ({int(row['year'])})"
        for city, row in latest_points(points).iterrows()
    )
    title = points_title(points, name=name, measure=measure, language=language, defined=defined)
    return wording.text(language, "followup.figure.points_alt", title=title, values=values)


FEWEST = 3
"""Cells of a grid from which a share of their residents is told."""


class Measured(NamedTuple):
    """What a map of measures tells in numbers.

    `share` is the part of the residents of area types 1 and 2 who live where a measure is, NaN where this would tell of
    one or two cells of a grid; `n` the number of cells or areas where a measure is; `of_each` that of each measure.
    """

    share: float
    n: int
    of_each: dict[str, int]


def measured(cells, at):
    """What a map of a city's cells tells of its measures.

    Parameters
    ----------
    cells : DataFrame
        Of a city and year: cell, cell_size_m, residents, type.
    at : dict of str to set
        The cells of each measure; of those that are not the city's nothing is told.

    Returns
    -------
    Measured
    """
    within = cells["cell"].isin(set().union(*at.values()))
    worst = cells["type"].isin((1, 2))
    parts = [int(n) for n in ((worst & within).sum(), (worst & ~within).sum()) if n]
    few = bool(cells["cell_size_m"].notna().any()) and min(parts, default=0) < FEWEST
    people = float(cells["residents"][worst].sum())
    share = np.nan if few or not people else float(cells["residents"][worst & within].sum()) / people
    return Measured(share, int(within.sum()), {key: int(cells["cell"].isin(own).sum()) for key, own in at.items()})


def measures_title(told, *, city, language):
    """The finding of a map of measures (`told`: Measured)."""
    words = {"city": wording.city_name(city, language)}
    if np.isnan(told.share):
        n = wording.count(told.n, language)
        return wording.text(language, "followup.figure.measures_title_count", n=n, **words)
    share = wording.percent(told.share, language)
    return wording.text(language, "followup.figure.measures_title", share=share, **words)


def measures_alt(told, *, city, year, names, language):
    """The text alternative of a map of measures: each with the number of its cells or areas."""
    values = "; ".join(
        f"{key} {names[key].in_(language)}: {wording.count(n, language)}" for key, n in told.of_each.items() if n
    )
    title = measures_title(told, city=city, language=language)
    return wording.text(language, "followup.figure.measures_alt", title=title, year=int(year), values=values)
