"""What an index would be if all residents were spread by chance, cell totals and group sizes being as they are."""

import numpy as np
from scipy.special import gammaln

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, ratio, total


def expected(index, x, t):
    r"""The expected value of an index under no segregation, exactly.

    All T persons are dealt out at random over the cells' :math:`t_i` places: each :math:`x_i` is hypergeometric.

    .. math:: \mathrm{E} |x_i - t_i P| = \frac{2 k (T - X - t_i + k)}{T} \Pr(x_i = k), \qquad
              k = \lfloor t_i P \rfloor + 1

    .. math:: \mathrm{E}\, \eta^2 = \frac{n - 1}{T - 1}

    Parameters
    ----------
    index : callable or str
        `dissimilarity` (x against all others), `gorard`, `isolation` or `correlation_ratio`, or its name.
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell: whole numbers.

    Returns
    -------
    ndarray, shape (...)
        The mean over all ways of dealing; NaN where the index is undefined.

    Raises
    ------
    ValueError
        The index has no exact value here, counts are negative, missing, infinite or not whole, there are no cells, the
        cell axes differ, or x exceeds t.

    Notes
    -----
    n counts inhabited cells; tiny and empty cells are no special case. Persons are taken to choose alone: families move
    together, so the true value without segregation is higher.

    Examples
    --------
    >>> x, t = [5, 5, 5, 5, 5], [10, 10, 10, 10, 10]
    >>> round(float(expected("dissimilarity", x, t)), 4)
    0.2198
    >>> round(float(expected("correlation_ratio", x, t)), 4)
    0.0816
    """
    name = index if isinstance(index, str) else getattr(index, "__name__", str(index))
    if name not in EXACT:
        raise BadSettings(f"no exact expected value for {name!r}; there is one for {', '.join(EXACT)}")
    x, t = check_counts(x=x, t=t)
    if (x % 1).any() or (t % 1).any():
        raise BadData("x or t holds parts of persons; allowed are whole counts, since persons are dealt out one by one")
    return EXACT[name](x.sum(axis=-1), *np.broadcast_arrays(t))


def _dissimilarity(group, t):
    everyone = t.sum(axis=-1)
    return ratio(everyone * _summed_deviation(group, t), 2 * group * (everyone - group))


def _gorard(group, t):
    return ratio(_summed_deviation(group, t), 2 * group)


def _correlation_ratio(group, t):
    everyone = t.sum(axis=-1)
    defined = (group > 0) & (group < everyone)
    return np.where(defined, ratio((t > 0).sum(axis=-1) - 1, everyone - 1), np.nan)


def _isolation(group, t):
    p = ratio(group, t.sum(axis=-1))
    spread = np.where(p == 1, 0, _correlation_ratio(group, t))
    return p + (1 - p) * spread


def _summed_deviation(group, t):
    """The sum over the cells of the expected distance of x from t P."""
    group, everyone = group[..., np.newaxis], total(t)
    k = np.floor(t * ratio(group, everyone, empty=0)) + 1
    return (2 * ratio(k * (everyone - group - t + k), everyone, empty=0) * _chance(k, group, t, everyone)).sum(axis=-1)


def _chance(k, group, t, everyone):
    """The hypergeometric chance that k of a cell's t persons belong to the group; 0 where that cannot be."""
    possible = (k <= t) & (k <= group) & (t - k <= everyone - group)
    k = np.where(possible, k, 0)
    t = np.where(possible, t, 0)
    ways = _log_choose(group, k) + _log_choose(everyone - group, t - k) - _log_choose(everyone, t)
    return np.where(possible, np.exp(ways), 0)


def _log_choose(n, k):
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


EXACT = {
    "dissimilarity": _dissimilarity,
    "gorard": _gorard,
    "isolation": _isolation,
    "correlation_ratio": _correlation_ratio,
}
