"""Shares over persons in descending order: the evenest and the most uneven way to fill hidden cells.

Every index here is a mean of a convex (or concave) function of the cells' shares, or a mean difference between them.
Of all fillings with one sum, the evenest is below all others in convex order, the most uneven above them.
"""

from typing import NamedTuple

import numpy as np

from segindex.indices._arrays import ratio


class Steps(NamedTuple):
    """Cells by descending share; `edge` has the persons up to the end of each, and a 0 first."""

    share: np.ndarray
    edge: np.ndarray


class Profile(NamedTuple):
    """Fillings of the hidden cells, one for each sum: shares over persons in descending order.

    The first `until` persons live in the steps of `top`, those after `resume` in the steps of `bottom` (both count
    persons from the same start), those between at `level`; these three have shape (n_sums,).
    """

    top: Steps
    until: np.ndarray
    level: np.ndarray
    resume: np.ndarray
    bottom: Steps


def steps(share, t):
    """The steps of cells with these shares and persons.

    >>> steps(np.array([0.2, 0.5]), np.array([10.0, 4.0]))
    Steps(share=array([0.5, 0.2]), edge=array([ 0.,  4., 14.]))
    """
    order = np.argsort(-share, kind="stable")
    return Steps(share[order], _cumulated(t[order]))


NO_STEPS = Steps(np.zeros(0), np.zeros(1))


def evenest(low, high, t, group):
    """The filling with the least spread: all cells at one share, but for those that their limits keep from it.

    Parameters
    ----------
    low, high, t : ndarray, shape (n_hidden,)
        Least and greatest count of each cell, low < high, and its persons.
    group : ndarray, shape (n_sums,)
        Members in all hidden cells.
    """
    top, bottom = steps(low / t, t), steps(high / t, t)
    point = np.concatenate([low / t, high / t])
    order = np.argsort(point, kind="stable")
    point, free = point[order], np.cumsum(np.concatenate([t, -t])[order])
    filled = low.sum() + _cumulated(free[:-1] * np.diff(point))
    level = np.clip(np.interp(group, filled, point), point[0], point[-1])
    until = top.edge[np.searchsorted(-top.share, -level, side="right")]
    resume = bottom.edge[np.searchsorted(-bottom.share, -level, side="left")]
    return Profile(top, until, level, resume, bottom)


def pooled(group, everyone):
    """All hidden cells as one: shape (n_sums,) both."""
    level = np.minimum(ratio(group, everyone, empty=0), 1)
    return Profile(NO_STEPS, np.zeros(group.shape), level, everyone, NO_STEPS)


def most_uneven(low, high, t, group):
    """At least as spread as any filling: cells at their greatest share, in descending order of it, the rest at their
    least; the last one filled is split in two. Where a cell of lower greatest share has a higher least share, that is
    lowered to those before it, which allows more fillings."""
    least, most = low / t, high / t
    order = np.lexsort([-least, -most])
    t, most, least = t[order], most[order], np.minimum.accumulate(least[order])
    edge = _cumulated(t)
    filled = (least * t).sum() + _cumulated((most - least) * t)
    until = np.interp(group, filled, edge)
    return Profile(Steps(most, edge), until, np.zeros(group.shape), until, Steps(least, edge))


def most_uneven_of_any_base(high, least_t, group, everyone):
    """The same where the base is unknown too: no share exceeds high / least_t, and nobody has to be in a cell."""
    high, least_t = high[high > 0], least_t[high > 0]
    t = np.maximum(high, least_t)
    top = steps(high / t, t)
    until = np.interp(group, _cumulated(top.share * np.diff(top.edge)), top.edge)
    return Profile(top, until, np.zeros(group.shape), everyone, NO_STEPS)


def summed(profile, spread):
    """The sum of spread(share) over all persons, shape (n_sums,)."""
    top, until, level, resume, bottom = profile
    return _area(top, until, spread) + (resume - until) * spread(level) + _area_after(bottom, resume, spread)


def excess(profile, c):
    """The sum over all persons of what the share exceeds c by, shape (n_sums,)."""
    top, until, level, resume, bottom = profile
    first = np.minimum(until, persons_above(top, c))
    last = np.maximum(resume, persons_above(bottom, c))
    return (
        (_area(top, first) - c * first)
        + (resume - until) * np.maximum(level - c, 0)
        + (_area(bottom, last) - _area(bottom, resume) - c * (last - resume))
    )


def differences(profile, group, everyone):
    r"""The sum over all pairs of persons, both ways, of the difference of their shares, shape (n_sums,).

    In descending order it is :math:`2 \int p(s) (T - 2 s) ds`.
    """
    top, until, level, resume, bottom = profile
    below = bottom.share * np.diff(bottom.edge**2)
    moment = (
        np.interp(until**2, top.edge**2, _cumulated(top.share * np.diff(top.edge**2)))
        + level * (resume**2 - until**2)
        + (below.sum() - np.interp(resume**2, bottom.edge**2, _cumulated(below)))
    )
    return 2 * (everyone * group - moment)


def excess_of(cells, c):
    """The sum over the persons of some steps of what their share exceeds c by: the shape of c."""
    persons = persons_above(cells, c)
    return _area(cells, persons) - c * persons


def persons_above(cells, c):
    """Persons in the steps whose share exceeds c."""
    return cells.edge[np.searchsorted(-cells.share, -c, side="left")]


def _area(cells, persons, spread=None):
    """The sum of the shares, or of spread(share), over the first persons of some steps."""
    height = cells.share if spread is None else spread(cells.share)
    return np.interp(persons, cells.edge, _cumulated(height * np.diff(cells.edge)))


def _area_after(cells, persons, spread):
    return _area(cells, cells.edge[-1], spread) - _area(cells, persons, spread)


def _cumulated(values):
    return np.concatenate([[0.0], np.cumsum(values)])
