"""The law of a cell's members where everybody is dealt out at random over the cells' places."""

import numpy as np
from scipy.special import gammaln

from segindex.indices._arrays import shares

SPREADS = 10
"""Standard deviations, with as many persons besides, beyond which a hypergeometric chance is next to nothing."""

AT_ONCE = 256
"""Sizes of cells that are laid out side by side."""


def chance_table(t, members, everyone):
    r"""How many members of a group cells of each size get if all persons are dealt out at random.

    .. math:: \Pr(x) = \binom{X}{x} \binom{T - X}{t - x} \Big/ \binom{T}{t}

    Parameters
    ----------
    t : ndarray, shape (n_sizes,)
        The cells' sizes, each once.
    members, everyone : float
        Members of the group and persons in all cells, X and T.

    Returns
    -------
    size, x, chance : ndarray, shape (n_rows,)
        The position of the size in `t`; members of the group; how likely so many are in a cell of that size.

    Notes
    -----
    Each chance follows from the one before by their ratio, and all are divided by their sum: that loses no digits,
    which factorials of a city's population do. Chances that sum to less than 1e-15 are left out.

    Examples
    --------
    >>> size, x, chance = chance_table(np.array([2.0]), 2, 4)
    >>> x.tolist(), chance.round(9).tolist()
    ([0.0, 1.0, 2.0], [0.166666667, 0.666666667, 0.166666667])
    """
    starts = range(0, len(t), AT_ONCE)
    found = [_of_some(t[start : start + AT_ONCE], members, everyone) for start in starts]
    size = [at + start for start, (at, _, _) in zip(starts, found)]
    return tuple(map(np.concatenate, (size, *list(zip(*found))[1:]))) if found else (np.zeros(0, dtype=int), t, t)


def mean_over_cells(score, group, t):
    """The sum over the cells of the mean of `score(x, t)`; each distinct t is summed once.

    Parameters
    ----------
    score : callable
        Of arrays x and t of one shape; numbers of the same shape.
    group : float
        Persons of the group in the city.
    t : ndarray, shape (n_cells,)
    """
    sizes, cells = np.unique(t[t > 0], return_counts=True)
    size, x, likely = chance_table(sizes, group, t.sum())
    return (cells[size] * likely * score(x, sizes[size])).sum()


def chance(k, group, t, everyone):
    """The hypergeometric chance that k of a cell's t persons belong to the group; 0 where that cannot be."""
    possible = (k <= t) & (k <= group) & (t - k <= everyone - group)
    k = np.where(possible, k, 0)
    t = np.where(possible, t, 0)
    ways = _log_choose(group, k) + _log_choose(everyone - group, t - k) - _log_choose(everyone, t)
    return np.where(possible, np.exp(ways), 0)


def _log_choose(n, k):
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def _of_some(t, members, everyone):
    """The table of some sizes, filled out to the widest."""
    low, high = _reach(t, members, everyone)
    steps = np.arange((high - low).max(initial=-1) + 1)
    x = low[:, np.newaxis] + steps
    there = x <= high[:, np.newaxis]
    fewer, size = x[:, :-1], t[:, np.newaxis]
    more = np.where(there[:, 1:], (members - fewer) * (size - fewer), 1)
    less = np.where(there[:, 1:], (fewer + 1) * (everyone - members - size + fewer + 1), 1)
    power = np.zeros(x.shape)
    np.cumsum(np.log(more) - np.log(less), axis=1, out=power[:, 1:])
    power[~there] = -np.inf
    likely = shares(np.exp(power - power.max(axis=1, keepdims=True, initial=-np.inf)))
    return np.nonzero(there)[0], x[there], likely[there]


def _reach(t, members, everyone):
    """The fewest and the most members of a group in cells of each size that are not next to impossible."""
    mean = t * members / everyone
    reach = SPREADS * (1 + np.sqrt(mean * (1 - members / everyone) * (everyone - t) / max(everyone - 1, 1)))
    low = np.maximum(np.maximum(0, t + members - everyone), np.floor(mean - reach))
    return low, np.minimum(np.minimum(t, members), np.ceil(mean + reach))
