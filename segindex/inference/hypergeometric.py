"""Sums over the law of a cell's members where everybody is dealt out at random over the cells' places."""

import numpy as np
from scipy.special import gammaln

TAIL = 12
"""Standard deviations beyond which, and ten persons more, the chance is below 1e-25."""

AT_ONCE = 2_000_000


def mean_over_cells(score, group, t):
    """The sum over the cells of the mean of `score(x, t)`, x being hypergeometric.

    Each distinct t is summed once, over the counts that are not all but impossible.

    Parameters
    ----------
    score : callable
        Of arrays x and t of one shape; numbers of the same shape.
    group : float
        Persons of the group in the city.
    t : ndarray, shape (n_cells,)
    """
    everyone = t.sum()
    sizes, cells = np.unique(t[t > 0], return_counts=True)
    mean = sizes * group / everyone
    spread = TAIL * np.sqrt(mean * (1 - group / everyone)) + 10
    low = np.maximum(np.ceil(mean - spread), np.maximum(0, sizes - (everyone - group)))
    high = np.minimum(np.floor(mean + spread), np.minimum(sizes, group))
    many = (high - low + 1).astype(int)
    summed = 0.0
    for block in np.array_split(np.arange(len(sizes)), 1 + int(many.sum()) // AT_ONCE):
        at = np.repeat(block, many[block])
        x = low[at] + np.arange(len(at)) - np.repeat(np.cumsum(many[block]) - many[block], many[block])
        summed += (cells[at] * chance(x, group, sizes[at], everyone) * score(x, sizes[at])).sum()
    return summed


def chance(k, group, t, everyone):
    """The hypergeometric chance that k of a cell's t persons belong to the group; 0 where that cannot be."""
    possible = (k <= t) & (k <= group) & (t - k <= everyone - group)
    k = np.where(possible, k, 0)
    t = np.where(possible, t, 0)
    ways = _log_choose(group, k) + _log_choose(everyone - group, t - k) - _log_choose(everyone, t)
    return np.where(possible, np.exp(ways), 0)


def _log_choose(n, k):
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
