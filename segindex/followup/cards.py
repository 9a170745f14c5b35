"""Indicator cards: a row an indicator and city, with its status, its place on the target path and its trend."""

import numpy as np
import pandas as pd

from segindex.followup.columns import CARDS, POINTS
from segindex.followup.series import followed
from segindex.followup.trend import points_since, trend
from segindex.limits import MIN_CELLS, MIN_GROUP
from segindex.schema import ordered
from segindex.verdict import LEAST_COVERAGE, verdict

ON_PATH = ("ahead", "on_path", "behind", "cannot_say")
BEFORE = 3
"""Years before the baseline whose range a card shows."""


def cards(indicators, tables, *, baseline=None, min_cells=MIN_CELLS, min_group=MIN_GROUP, cell_size_m=None):
    r"""The card of each indicator in each city.

    Parameters
    ----------
    indicators : sequence of Indicator
    tables : dict of str to DataFrame
        Of an edition: `results`, `coverage`, and as far as there are `changes`, `types` (residents by type) and
        `cells`.
    baseline : int, optional
        The year that changes count from; where it is left out or a group lacks it, as in the report.
    min_cells, min_group : int
        A value is told from so many cells (grids only) and members of the group.
    cell_size_m : float, optional
        The side of the cells of a classification that the table `cells` lacks; None for areas.

    Returns
    -------
    DataFrame
        The columns of `CARDS`, a row an indicator and city.

        ============================== ==============================================================================
        column                         meaning
        ============================== ==============================================================================
        value, low, high               corrected value of the latest year and its 95 % interval; a share has none
        as_it_is, expected             the plain value, and what it would be by chance
        before_low, before_high        least and greatest value of up to three years before the baseline; before_of:
                                       "corrected" where all of these have such a value, else "as_it_is"
        change, change_low, change_high since the baseline, of the corrected value; q of the table of changes
        structural, margins, appeared  what the change of the plain value is made of: redistribution; the sizes of the
                                       groups and of the cells; cells that appeared or emptied. Net of chance for
                                       indices where that is known, and then of the value net of chance
        path, on_path                  the value of the year on the straight way from the baseline to the target, and
                                       whether the interval lies wholly on its better side ("ahead"), on its worse
                                       side ("behind") or holds it ("on_path")
        status, reason                 as of `segindex.verdict`; also "one_year", "no_rows" or why a value is refused
        trend, trend_reason, trend_p   as of `trend`, of corrected values (shares: as they are)
        n_points                       years that have such a value, with enough coverage, since the last break
        coverage                       the lower one of the two years compared
        breaks                         years of the series' breaks, by ";"
        refused                        why the latest year's numbers are not published
        ============================== ==============================================================================

    Notes
    -----
    A status that cannot be said never has an interval read into it: a share counts every resident, but its change has
    no interval here, so that its reason is "no_interval".
    """
    limits = {"min_cells": min_cells, "min_group": min_group, "cell_size_m": cell_size_m}
    found = [_card(one) for indicator in indicators for one in followed(indicator, tables, baseline=baseline, **limits)]
    return ordered(pd.DataFrame(found, columns=list(CARDS)), CARDS, ["indicator", "city"])


def points(indicators, tables, *, baseline=None, min_cells=MIN_CELLS, min_group=MIN_GROUP, cell_size_m=None):
    """The years of each indicator in each city, for small charts; parameters as of `cards`.

    Returns
    -------
    DataFrame
        The columns of `POINTS`, a row a year: `value` as of a card, NaN where none was computed; `path` from the
        baseline on, with a row for the target's year; `broken` where the year does not compare with those before.
    """
    limits = {"min_cells": min_cells, "min_group": min_group, "cell_size_m": cell_size_m}
    found = []
    for indicator in indicators:
        for one in followed(indicator, tables, baseline=baseline, **limits):
            found += _points(one)
    return ordered(pd.DataFrame(found, columns=list(POINTS)), POINTS, ["indicator", "city", "year"])


def _points(one):
    goal = [] if one.indicator.target_year is None else [one.indicator.target_year]
    for year in sorted({*one.rows["year"], *goal}):
        row = one.at(year)
        yield {
            "indicator": one.indicator.key,
            "city": one.city,
            "year": year,
            **{name: row[name] for name in ("value", "low", "high")},
            "path": one.path(year),
            "broken": year in one.breaks,
            "refused": row["refused"] if year in set(one.rows["year"]) else "",
            "note": row["note"],
        }


def _card(one):
    indicator, now, then = one.indicator, one.at(one.year), one.at(one.baseline)
    status, reason = _status(one)
    comparable = reason not in ("break", "coverage")
    path, ends = one.path(one.year), (now["low"], now["high"])
    marker, marker_reason, p, n_points = _trend(one)
    return {
        "indicator": indicator.key,
        "city": one.city,
        "measure": indicator.measure,
        "index": indicator.index,
        "classification": one.classification,
        "group": indicator.group,
        "cluster_size": one.cluster_size,
        "baseline_year": one.baseline,
        "baseline": then["value"],
        "baseline_low": then["low"],
        "baseline_high": then["high"],
        **_before(one),
        "year": one.year,
        **{name: now[name] for name in ("value", "as_it_is", "expected", "low", "high", "group_share")},
        **_change(one),
        "wanted": indicator.wanted,
        "target": indicator.target,
        "target_year": indicator.target_year,
        "path": path,
        "on_path": "" if indicator.target is None else on_path(path, *ends, indicator.wanted, comparable),
        "status": status,
        "reason": reason,
        "trend": marker,
        "trend_reason": marker_reason,
        "trend_p": p,
        "n_points": n_points,
        "coverage": one.coverage,
        "breaks": ";".join(map(str, one.breaks)),
        "source": now["source"],
        "reference_date": now["reference_date"],
        "next_update": indicator.next_update,
        "refused": now["refused"],
        "note": _notes(now["note"], one.change["note"]),
    }


def on_path(path, low, high, wanted, comparable=True):
    """Where an interval lies beside the path to a target: one of `ON_PATH`.

    `comparable` is whether the year compares with the baseline, where the path begins.

    >>> on_path(0.30, 0.26, 0.29, "fall"), on_path(0.30, 0.31, 0.33, "fall"), on_path(0.30, 0.28, 0.31, "fall")
    ('ahead', 'behind', 'on_path')
    """
    if not comparable or np.isnan([path, low, high]).any():
        return "cannot_say"
    if low <= path <= high:
        return "on_path"
    return "ahead" if (high < path) == (wanted == "fall") else "behind"


def _status(one):
    status, reason = verdict(
        *(one.change[name] for name in ("change", "low", "high")),
        q=one.change["q"],
        coverage=one.coverage,
        broken=one.broken,
        wanted=one.indicator.wanted,
    )
    return status, one.missing if reason == "no_value" else reason


def _change(one):
    """The change and its parts; without numbers across a break."""
    found = {"change": one.change["change"], "change_low": one.change["low"], "change_high": one.change["high"]}
    found |= one.parts
    if one.broken:
        found = dict.fromkeys(found, np.nan)
    return found | {"q": one.change["q"]}


def _trend(one):
    """The marker of the years with enough coverage, its reason and p, and the number of points since the last break."""
    known = one.rows[(one.rows["coverage"] >= LEAST_COVERAGE) & (one.rows["year"] <= one.year)]
    values, years = known["value"].to_numpy(), known["year"].to_numpy()
    since = points_since(values, years, broken_years=one.breaks)[0]
    return *trend(values, years, broken_years=one.breaks), len(since)


def _before(one):
    """The range of the years before the baseline that no break parts from it."""
    empty = {"before_first": None, "before_last": None, "before_low": np.nan, "before_high": np.nan}
    if one.baseline is None:
        return empty
    since = max((year for year in one.breaks if year <= one.baseline), default=one.baseline - BEFORE)
    rows = one.rows[one.rows["year"].between(max(since, one.baseline - BEFORE), one.baseline - 1)]
    rows = rows[rows["as_it_is"].notna()]
    if not len(rows):
        return empty
    corrected = bool(rows["value"].notna().all())
    values = rows["value"] if corrected else rows["as_it_is"]
    return {
        "before_first": int(rows["year"].min()),
        "before_last": int(rows["year"].max()),
        "before_low": float(values.min()),
        "before_high": float(values.max()),
        "before_of": "corrected" if corrected and one.indicator.measure == "index" else "as_it_is",
    }


def _notes(*notes):
    """The parts of notes, each once."""
    parts = [part for note in notes for part in str(note).split("; ") if part]
    return "; ".join(dict.fromkeys(parts))
