"""Lists of areas by rule: criteria that are met, not met or unknown, how many of them, and for how many years."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from segindex.errors import BadSettings

SAME = 1e-12
"""Relative distance within which a value stands at its cut-off, so that sums of decimals do not cross it."""

WAYS = ("above", "at_least", "below", "at_most")


class Verdict(NamedTuple):
    """Where something holds and where it does not, two arrays of bool of one shape; unknown where neither is true."""

    yes: np.ndarray
    no: np.ndarray


def compared(value, way, cut):
    """Whether values lie on the wanted side of their cut-offs.

    Parameters
    ----------
    value, cut : array_like, shape (...)
        NaN where it is not known.
    way : {"above", "at_least", "below", "at_most"}
        A value at the cut-off is "at_least" and "at_most", neither "above" nor "below".

    Returns
    -------
    Verdict
        Unknown where the value or the cut-off is NaN.

    Examples
    --------
    >>> compared([0.41, 0.40, float("nan")], "above", 0.40)
    Verdict(yes=array([ True, False, False]), no=array([False,  True, False]))
    """
    if way not in WAYS:
        raise BadSettings(f"way is {way!r}; allowed are {', '.join(WAYS)}")
    value, cut = np.broadcast_arrays(np.asarray(value, dtype=float), np.asarray(cut, dtype=float))
    at = np.abs(value - cut) <= SAME * np.abs(cut)
    side = value > cut if way in ("above", "at_least") else value < cut
    yes = side | at if way in ("at_least", "at_most") else side & ~at
    return Verdict(yes, ~yes & ~np.isnan(value) & ~np.isnan(cut))


def mean_of_years(values, n):
    r"""The mean of each year and the n - 1 years before it.

    .. math:: \bar{v}_{y} = \frac{1}{n} \sum_{j=0}^{n-1} v_{y-j}

    Parameters
    ----------
    values : array_like, shape (n_years, ...)
        Of consecutive years; NaN where it is not known.
    n : int

    Returns
    -------
    ndarray, shape (n_years, ...)
        NaN where one of the n years is not known, so in the first n - 1.

    Examples
    --------
    >>> mean_of_years([0.3, 0.5, 0.4], 2)
    array([ nan, 0.4 , 0.45])
    """
    values = np.asarray(values, dtype=float)
    return sum(_years_before(values, back, np.nan) for back in range(_whole(n, "n"))) / n


def at_least(verdicts, needed):
    """Whether so many of several things hold, as far as that is certain.

    Parameters
    ----------
    verdicts : list of Verdict, each of shape (...)
    needed : int

    Returns
    -------
    Verdict
        Yes where as many hold, whatever the unknown ones would be; no where there would be too few if all of those
        held; unknown between.

    Examples
    --------
    >>> met, failed = Verdict(np.array([True]), np.array([False])), Verdict(np.array([False]), np.array([True]))
    >>> unknown = Verdict(np.array([False]), np.array([False]))
    >>> at_least([met, met, unknown], 2).yes, at_least([met, failed, unknown], 2)
    (array([ True]), Verdict(yes=array([False]), no=array([False])))
    """
    verdicts = list(verdicts)
    if not 1 <= _whole(needed, "needed") <= len(verdicts):
        raise BadSettings(f"needed is {needed}; allowed are whole numbers from 1 to {len(verdicts)}, the criteria")
    met, failed = (sum(np.asarray(side, dtype=int) for side in sides) for sides in zip(*verdicts))
    return Verdict(met >= needed, len(verdicts) - failed < needed)


def years_running(verdict, n):
    """Whether something holds in each year and the n - 1 years before it.

    Parameters
    ----------
    verdict : Verdict, shape (n_years, ...)
        Of consecutive years.
    n : int

    Returns
    -------
    Verdict
        No where it fails in one of the n years; unknown where it fails in none but is not known in all, so in the first
        n - 1 years at best.

    Examples
    --------
    >>> held = np.array([True, True, True, False])
    >>> years_running(Verdict(held, ~held), 2)
    Verdict(yes=array([False,  True,  True, False]), no=array([False, False, False,  True]))
    """
    yes, no = (np.asarray(side, dtype=bool) for side in verdict)
    span = range(_whole(n, "n"))
    return Verdict(
        np.logical_and.reduce([_years_before(yes, back, False) for back in span]),
        np.logical_or.reduce([_years_before(no, back, False) for back in span]),
    )


def mean_of_shares(shares):
    r"""The plain mean of several shares.

    .. math:: I_i = \frac{1}{D} \sum_{d=1}^{D} s_{id}

    Parameters
    ----------
    shares : array_like, shape (..., n_shares)
        NaN where a share is not known.

    Returns
    -------
    ndarray, shape (...)
        NaN where a share is.

    Examples
    --------
    >>> mean_of_shares([[0.1, 0.2, 0.6], [0.1, 0.2, float("nan")]])
    array([0.3, nan])
    """
    return np.asarray(shares, dtype=float).mean(axis=-1)


def types_between(value, cuts):
    """Whether a value lies in each of several ordered types.

    Parameters
    ----------
    value : array_like, shape (...)
        NaN where it is not known.
    cuts : array_like, shape (n_cuts,)
        In descending order.

    Returns
    -------
    list of Verdict, n_cuts + 1
        The first type lies above the first cut-off; a value at a cut-off is of the type below it.

    Examples
    --------
    >>> [one.yes.tolist() for one in types_between([0.5, 0.3, 0.1], [0.3, 0.2])]
    [[True, False, False], [False, True, False], [False, False, True]]
    """
    cuts = np.asarray(cuts, dtype=float)
    if cuts.ndim != 1 or not np.isfinite(cuts).all() or not (np.diff(cuts) < 0).all():
        raise BadSettings(f"cut-offs are {cuts.tolist()}; allowed are numbers in descending order")
    value = np.asarray(value, dtype=float)
    over = [compared(value, "above", cut) for cut in cuts]
    known, nowhere = ~np.isnan(value), np.zeros(value.shape, dtype=bool)
    over = [Verdict(nowhere, known), *over, Verdict(known, nowhere)]
    return [at_least([Verdict(upper.no, upper.yes), lower], 2) for upper, lower in pairwise(over)]


def _years_before(values, back, absent):
    """The values of `back` years before, on the first axis; `absent` where there is no such year."""
    found = np.full_like(values, absent)
    found[back:] = values[: max(len(values) - back, 0)]
    return found


def _whole(number, name):
    if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 1:
        raise BadSettings(f"{name} is {number!r}; allowed are whole numbers from 1")
    return number
