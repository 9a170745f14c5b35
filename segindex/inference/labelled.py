"""The test of no segregation: where an index lies among the cities in which everybody is dealt out anew."""

from typing import NamedTuple

import numpy as np

from segindex.errors import BadSettings
from segindex.inference._called import Called
from segindex.inference.dealing import dealt, rows_of, whole_clusters

SIDES = ("upper", "lower", "both")
LOWER = ("exposure", "distance_decay_exposure", "mean_cross_proximity", "gearys_c")
"""Indices that speak of segregation by being low."""


class Labelled(NamedTuple):
    """The mean and standard deviation of an index under no segregation, and the p value of the index as it is."""

    expected: np.ndarray
    sd: np.ndarray
    p: np.ndarray


def labelled(index, *data, rng, draws=999, side="upper", cluster_size=1.0, **inputs):
    r"""Test of an index against no segregation.

    All persons are dealt out anew over the cells' places, `draws` times; p is how often the index comes out as far off.

    .. math:: p = \frac{1 + \#\{\theta^* \ge \theta\}}{1 + B}

    Parameters
    ----------
    index : callable or str
        Of `segindex.indices`, or its name.
    *data : array_like
        x and t of shape (..., n_cells), or counts of shape (..., n_cells, n_groups). Whole numbers.
    rng : numpy.random.Generator
    draws : int
        :math:`B`.
    side : {"upper", "lower", "both"}
        Which values speak against chance: high ones, low ones (of exposure), or both: then twice the smaller p.
    cluster_size : float
        How many persons choose their cell together, as in `expected`.
    **inputs
        The index's own: `nearby`, `weights`, `area`, `distance`, `b`.

    Returns
    -------
    Labelled
        Each of shape (...); NaN where the index is undefined.

    Raises
    ------
    ValueError
        The index or a keyword is unknown, or the counts are not what `expected` takes.

    Notes
    -----
    Values that differ by rounding alone are equal. Persons who choose in families make chance alone more uneven: with
    cluster_size 1 a p of .01 may be one of .1.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = labelled("dissimilarity", [9, 1, 5, 5], [10, 10, 10, 10], rng=rng)
    >>> round(float(found.expected), 1), round(float(found.p), 2)
    (0.2, 0.09)
    """
    if side not in SIDES:
        raise BadSettings(f"side is {side!r}; allowed are {', '.join(SIDES)}")
    called = Called(index, inputs)
    counts = called.gate(data)
    value = np.atleast_1d(called(counts)).ravel()
    found = [
        _of_one(called, one, seen, rng, draws, side)
        for one, seen in zip(rows_of(whole_clusters(counts, cluster_size)), value)
    ]
    return Labelled(*(np.reshape(part, counts.shape[:-2]) for part in zip(*found)))


def side_of(name, least=0.0):
    """Which values of an index speak against chance; `least` is the lower bound of the index.

    >>> side_of("gini"), side_of("exposure"), side_of("morans_i", -1)
    ('upper', 'lower', 'both')
    """
    if name in LOWER:
        return "lower"
    return "both" if least < 0 else "upper"


def _of_one(called, counts, seen, rng, draws, side):
    if not np.isfinite(seen):
        return np.nan, np.nan, np.nan
    drawn = np.concatenate([called(block) for block in dealt(counts, rng, draws)])
    return float(drawn.mean()), float(drawn.std()), p_among(drawn, seen, side)


def p_among(drawn, seen, side):
    """The share of draws, and of the value itself, that lie as far on the side."""
    near = 1e-9 * max(1e-3, np.abs(drawn).max())
    upper = (1 + (drawn >= seen - near).sum()) / (1 + len(drawn))
    lower = (1 + (drawn <= seen + near).sum()) / (1 + len(drawn))
    return float({"upper": upper, "lower": lower, "both": min(1, 2 * min(upper, lower))}[side])
