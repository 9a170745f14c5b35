"""What a row of the results is worth: where it lies among cities by chance, and what stands beside it."""

from typing import NamedTuple
from zlib import crc32

import numpy as np

from segindex import suppression
from segindex.inference import (
    corrected,
    detectable_change,
    expected,
    identified_bounds,
    method_of,
    refitted,
    weakly_identified,
)
from segindex.inference._called import Called
from segindex.inference.dealing import dealt, whole_clusters
from segindex.inference.interval import limits
from segindex.inference.labelled import p_among, side_of
from segindex.inference.surroundings import freed, noise_of
from segindex.suppression.bounds import BOUNDED
from segindex.tabulate.remembered import Remembered

REFITS = 1
"""Of the seed: the stream of the refits."""

AROUND = 3
"""Of the seed: the stream of what chance does to surroundings."""

IDENTIFIED = ("dissimilarity", "information_theory")
MOMENTS = 3
"""Of the law of p, on which the bounds from tiny cells rest: with three they held in every trial, with all they do not.
"""

DATA = ("x", "y", "t", "counts", "share")


class Worth(NamedTuple):
    """What is asked for: in which years, how many draws, from which seed, and how many persons choose as one.

    `years` None is all years; `wide_draws` are for indices of surroundings, whose sums cost most; `refits` and `level`
    are those of intervals; `cluster_size` is a number, or one by group. `yearly` holds each (index, group) that is
    asked for in every year, against the rest and without surroundings.
    """

    years: tuple | None = None
    draws: int = 99
    wide_draws: int = 39
    refits: int = 39
    level: float = 0.95
    seed: int = 1
    cluster_size: object = 1.0
    yearly: tuple = ()

    def asks(self, year):
        """Whether a year is asked for."""
        return self.years is None or year in self.years

    def asks_of(self, one, year):
        """Whether what was found of an index against a reference (index, reference, found) is asked for in a year."""
        entry, reference, found = one
        plain = reference == "rest" and not found.scale
        return self.asks(year) or (plain and (entry.key, found.group) in self.yearly)

    def sizes(self, group):
        """The cluster sizes of a group: 1, and its own."""
        own = self.cluster_size.get(group, 1.0) if isinstance(self.cluster_size, dict) else self.cluster_size
        return tuple(dict.fromkeys((1.0, float(own))))


class Row(NamedTuple):
    """One value: its index, what it was computed from, and how to compute it again from other persons.

    `protected` holds the visible counts and all bases of the panel's cells, which are hidden, and the limit of the
    group's own count that they are under, or None.
    """

    entry: object
    counts: np.ndarray
    inputs: dict
    near: object
    value: float
    expected: float
    protected: tuple | None = None

    @property
    def again(self):
        """The index as a function of counts."""
        inputs = {name: value for name, value in self.inputs.items() if name not in DATA}
        return Called(self.entry.function, inputs | ({} if self.near is None else {"nearby": self.near}))


def columns_beside(rows, asked, worth, label, cluster_size, wide=True):
    """The columns of the results that stand beside each value, {name: number}; `rows` are of one group and year.

    A row that is None, or that `asked` (a truth value a row) leaves out, has what is known exactly alone. Rows of
    surroundings are set beside chance where `wide` says so.
    """
    there = [at for at, row in enumerate(rows) if row is not None and asked[at]]
    beside = [{"expected": np.nan if row is None else _exactly(row, cluster_size)} for row in rows]
    if not there:
        return beside
    own = [rows[at] for at in there]
    chance = by_chance(own, worth, label, cluster_size, wide)
    for at, (mean, p) in zip(there, chance):
        exact = beside[at]["expected"]
        beside[at] = {"expected": mean if np.isnan(exact) else exact, "p_null": p}
    for at, more in zip(there, _corrections(own, chance[:, 1], worth, label, cluster_size)):
        beside[at] |= more
    for at, more in zip(there, _around(own, worth, label, cluster_size) if wide else ()):
        beside[at] |= more
    return beside


def _corrections(rows, p, worth, label, cluster_size):
    """The corrected value of each row, how it was found, its interval and what change would be seen.

    One set of refits serves all rows of two groups in the same cells.
    """
    found, fits = [], {}
    for row, by_labelling in zip(rows, p):
        method = _method(row)
        if not method:
            found.append({})
            continue
        if row.counts.shape[-1] > 2:
            value = float(corrected(row.entry.function, row.counts, method=method, cluster_size=cluster_size))
            found.append({"corrected": value, "correction": method})
            continue
        censored = _limit(row) is not None
        lived = row.counts[row.counts.any(axis=1)]
        key = (lived.tobytes(), censored)
        if key not in fits:
            rng = np.random.default_rng([worth.seed, crc32(label.encode()), round(cluster_size * 1000), REFITS])
            persons = row.protected if censored else (lived[:, 0], lived.sum(axis=1), None, None)
            fits[key] = _refitted(*persons, rng, worth, cluster_size)
        none = bool(by_labelling > 1 - worth.level) or np.isnan(by_labelling)
        low, high = limits(fits[key], row.again, worth.level, none, {})
        how = (method, "hidden cells as censored" * censored, "weakly identified" * _weak(row, method, cluster_size))
        found.append(
            {
                "corrected": float(fits[key].of(row.entry.function)[0]),
                "correction": ", ".join(filter(None, how)),
                "low": low,
                "high": high,
                "detectable_change": detectable_change(fits[key], row.entry.function, level=worth.level),
            }
            | _identified(row, method, cluster_size)
        )
    return found


def _identified(row, method, cluster_size):
    """The bounds of what tiny cells leave open, for the indices of `IDENTIFIED` and persons who choose one by one."""
    asked = row.entry.key in IDENTIFIED and cluster_size == 1 and _limit(row) is None
    if not asked or not _weak(row, method, cluster_size):
        return {}
    found = identified_bounds(row.entry.key, row.counts[:, 0], row.counts.sum(axis=1), moments=MOMENTS)
    return {"identified_lower": found.lower, "identified_upper": found.upper}


def _around(rows, worth, label, cluster_size):
    """The corrected values of rows of surroundings, without intervals: one set of draws for each surroundings."""
    found, alike = [{} for _ in rows], {}
    for at, row in enumerate(rows):
        if method := _method_around(row):
            found[at] = {"correction": method}
            alike.setdefault((id(row.near), row.counts.tobytes()), []).append(at)
    for places in alike.values():
        first = rows[places[0]]
        rng = np.random.default_rng([worth.seed, crc32(label.encode()), round(cluster_size * 1000), AROUND])
        near = Remembered(_plain(first.near))
        noise = noise_of(near.near, first.counts, cluster_size, rng, worth.wide_draws, matched=True)
        for at in places:
            found[at]["corrected"] = freed(rows[at]._replace(near=near).again, rows[at].counts, noise)
    return found


def _method_around(row):
    """How a row of surroundings is corrected; "" for all others, and for indices that are defined by nearness."""
    plain = row.near is not None and row.counts.shape[-1] == 2 and not {name for name in row.inputs if name not in DATA}
    if not plain or not _drawn(row) or not row.counts.sum(axis=0).all():
        return ""
    return method_of(row.entry.function, nearby=row.near, limit=_limit(row))


def _refitted(x, t, hidden, limit, rng, worth, cluster_size):
    return refitted(x, t, rng=rng, draws=worth.refits, hidden=hidden, limit=limit, cluster_size=cluster_size)


def bounds_of(row):
    """The bounds of a row's index over all cells, protected ones too; nothing where it has none, or all are visible."""
    plain = row is not None and row.near is None and row.counts.shape[-1] == 2
    if not plain or row.protected is None or row.entry.key not in BOUNDED:
        return {}
    x, t, hidden, limit = row.protected
    lower, upper = suppression.bounds(row.entry.key, x, t, hidden, limit=limit)
    return {"lower_bound": float(lower), "upper_bound": float(upper)}


def _method(row):
    """How a row is corrected; "" where it is not: surroundings, and what rests on places."""
    plain = not {name for name in row.inputs if name not in DATA} and row.near is None
    return method_of(row.entry.function, limit=_limit(row)) if plain and _drawn(row) else ""


def _limit(row):
    """The count under which cells are hidden by the group's own count, if any are and it is known."""
    return None if row.protected is None else row.protected[3]


def _weak(row, method, cluster_size):
    return method == "mixture" and bool(weakly_identified(row.counts.sum(axis=1), cluster_size=cluster_size))


def _exactly(row, cluster_size):
    """The expected value where it is known without drawing, with families of `cluster_size`."""
    if cluster_size == 1 or np.isnan(row.expected):
        return row.expected
    return float(expected(row.entry.key, row.counts, cluster_size=cluster_size))


def by_chance(rows, worth, label, cluster_size, wide):
    """The mean and the p value of each row under no segregation; NaN where it is not drawn.

    Rows of surroundings are drawn where `wide` says so.

    The rows are those of one group and year: rows of the same cells share their draws, so that a city by chance has all
    its indices from one dealing out. `label` names the group and year, and makes the draws theirs alone.
    """
    found = np.full((len(rows), 2), np.nan)
    tables = {}
    for at, row in enumerate(rows):
        if _drawn(row) and (wide or row.near is None):
            tables.setdefault(row.counts.tobytes(), []).append(at)
    for places in tables.values():
        counts = whole_clusters(rows[places[0]].counts, cluster_size)
        rng = np.random.default_rng([worth.seed, crc32(label.encode()), round(cluster_size * 1000)])
        values = {at: [] for at in places}
        kept = {}
        for block in dealt(counts, rng, worth.draws):
            for at in places:
                row, done = rows[at], sum(map(len, values[at]))
                near = None if row.near is None else kept.setdefault(id(row.near), Remembered(_plain(row.near)))
                some = block if near is None else block[: max(0, worth.wide_draws - done)]
                if len(some):
                    values[at].append(row._replace(near=near).again(some))
            kept.clear()
        for at, drawn in values.items():
            drawn = np.concatenate(drawn)
            found[at] = (
                drawn.mean(),
                p_among(drawn, rows[at].value, side_of(rows[at].entry.key, rows[at].entry.bounds[0])),
            )
    return found


def _plain(near):
    return near.near if isinstance(near, Remembered) else near


def _drawn(row):
    """Whether a row's persons can be dealt out: whole ones, and an index that depends on where they live.

    The distortion of a city is left out: it looks at sixty surroundings, and a hundred cities by chance would cost more
    than all other indices together.
    """
    if row.entry.margin_only or "surroundings" in row.entry.inputs or not np.isfinite(row.value):
        return False
    return bool((row.counts % 1 == 0).all())
