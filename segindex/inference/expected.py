"""What an index would be if all residents were spread by chance, cell totals and group sizes being as they are."""

import numpy as np
from scipy.special import entr

from segindex.errors import BadSettings
from segindex.indices._arrays import interaction, mixed, ratio, shares
from segindex.inference._called import Called
from segindex.inference.dealing import dealt, rows_of, whole_clusters
from segindex.inference.hypergeometric import chance, mean_over_cells


def expected(index, *data, rng=None, draws=1000, cluster_size=1.0, **inputs):
    r"""The expected value of an index under no segregation.

    All T persons are dealt out at random over the cells' :math:`t_i` places: each :math:`x_i` is hypergeometric. Where
    the index is a sum over the cells, its mean is exact; else it is the mean over `draws` ways of dealing.

    .. math:: \mathrm{E}\, f(x_i, t_i) = \sum_k f(k, t_i) \frac{\binom{X}{k} \binom{T - X}{t_i - k}}{\binom{T}{t_i}}

    .. math:: \mathrm{E} |x_i - t_i P| = \frac{2 k (T - X - t_i + k)}{T} \Pr(x_i = k), \qquad
              k = \lfloor t_i P \rfloor + 1

    .. math:: \mathrm{E}\, \eta^2 = \frac{n - 1}{T - 1}

    Parameters
    ----------
    index : callable or str
        Of `segindex.indices`, or its name.
    *data : array_like
        x and t of shape (..., n_cells), persons of the focal group and all persons in each cell; or counts of shape
        (..., n_cells, n_groups). Whole numbers.
    rng : numpy.random.Generator, optional
        Needed where the mean is not exact.
    draws : int
        Ways of dealing, where it is not exact.
    cluster_size : float
        How many persons choose their cell together: families of two move as one. A cell of t persons then holds
        t / cluster_size that are dealt out, rounded, and one at least.
    **inputs
        The index's own: `nearby`, `weights`, `area`, `distance`, `b`.

    Returns
    -------
    ndarray, shape (...)
        NaN where the index is undefined.

    Raises
    ------
    ValueError
        The index or a keyword is unknown, counts are negative, missing, infinite or not whole, there are no cells, the
        cell axes differ, x exceeds t, or `rng` is missing where it is needed.

    Notes
    -----
    Exact without further inputs: dissimilarity, Gorard, Hutchens, isolation, exposure to all others, the correlation
    ratio, mutual information, Theil's H, divergence, the multigroup dissimilarity, relative diversity, the squared
    coefficient of variation, normalised exposure and the ordinal indices but for the rank-order ones. n counts
    inhabited cells; tiny and empty cells are no special case. With cluster_size 1 persons are taken to choose alone,
    and the value is too low where families move together.

    Examples
    --------
    >>> x, t = [5, 5, 5, 5, 5], [10, 10, 10, 10, 10]
    >>> round(float(expected("dissimilarity", x, t)), 4)
    0.2198
    >>> round(float(expected("dissimilarity", x, t, cluster_size=2)), 4)
    0.3416
    >>> round(float(expected("correlation_ratio", x, t)), 4)
    0.0816
    >>> round(float(expected("gini", x, t, rng=np.random.default_rng(1))), 2)
    0.29
    """
    called = Called(index, inputs)
    counts = whole_clusters(called.gate(data), cluster_size)
    exact = is_exact(called)
    if not exact and rng is None:
        raise BadSettings(f"the expected value of {called.name} is drawn: give rng, a numpy Generator")
    found = [
        EXACT[called.name](one.sum(axis=0), one.sum(axis=1)) if exact else _drawn(called, one, rng, draws)
        for one in rows_of(counts)
    ]
    return np.reshape(found, counts.shape[:-2])


def is_exact(called):
    """Whether the mean of an index as it is called is known without drawing."""
    return called.name in EXACT and not called.inputs


def _drawn(called, counts, rng, draws):
    return sum(called(block).sum(axis=0) for block in dealt(counts, rng, draws)) / draws


def _dissimilarity(sizes, t):
    return float(ratio(t.sum() * _deviation(sizes[0], t), 2 * sizes[0] * (t.sum() - sizes[0])))


def _gorard(sizes, t):
    return float(ratio(_deviation(sizes[0], t), 2 * sizes[0]))


def _hutchens(sizes, t):
    size = float(np.sqrt(sizes[0] * sizes[1]))
    return float(1 - ratio(mean_over_cells(lambda x, t: np.sqrt(x * (t - x)), sizes[0], t), size)) if size else np.nan


def _correlation_ratio(sizes, t):
    return _spread(t) if (sizes > 0).all() else np.nan


def _isolation(sizes, t):
    if not sizes[0]:
        return np.nan
    p = sizes[0] / t.sum()
    return p + (1 - p) * _spread(t) if p < 1 else 1.0


def _exposure(sizes, t):
    return 1 - _isolation(sizes, t)


def _mutual_information(sizes, t):
    city = shares(sizes)
    return _diversity(city) - _within(sizes, t) if mixed(city) else np.nan


def _information_theory(sizes, t):
    city = shares(sizes)
    return 1 - _within(sizes, t) / _diversity(city) if mixed(city) else np.nan


def _relative_diversity(sizes, t):
    return _spread(t) if mixed(shares(sizes)) else np.nan


def _normalized_exposure(sizes, t):
    return _spread(t) if mixed(shares(sizes)) else np.nan


def _multigroup_dissimilarity(sizes, t):
    apart = sum(_deviation(size, t) for size in sizes)
    return float(ratio(apart, 2 * t.sum() * interaction(shares(sizes))))


def _ordinal(variation):
    def mean(sizes, t):
        below = np.cumsum(sizes)[:-1]
        city = variation(below / t.sum()).sum() if t.any() else 0
        if not city:
            return np.nan
        cells = sum(mean_over_cells(lambda x, t: t * variation(x / t), group, t) for group in below)
        return float(1 - cells / (t.sum() * city))

    return mean


def _spread(t):
    """The correlation ratio of chance; with one person alone there is nothing to spread."""
    return float(ratio((t > 0).sum() - 1, t.sum() - 1))


def _diversity(city):
    return float(entr(city).sum())


def _within(sizes, t):
    """The mean entropy of the cells, weighed by their residents."""
    return sum(mean_over_cells(lambda x, t: t * entr(x / t), size, t) for size in sizes) / t.sum()


def _deviation(group, t):
    """The sum over the cells of the expected distance of x from t P."""
    everyone = t.sum()
    k = np.floor(t * ratio(group, everyone, empty=0)) + 1
    return (2 * ratio(k * (everyone - group - t + k), everyone, empty=0) * chance(k, group, t, everyone)).sum()


EXACT = {
    "dissimilarity": _dissimilarity,
    "gorard": _gorard,
    "hutchens": _hutchens,
    "isolation": _isolation,
    "exposure": _exposure,
    "correlation_ratio": _correlation_ratio,
    "mutual_information": _mutual_information,
    "information_theory": _information_theory,
    "divergence": _mutual_information,
    "multigroup_dissimilarity": _multigroup_dissimilarity,
    "relative_diversity": _relative_diversity,
    "squared_coefficient_of_variation": _relative_diversity,
    "normalized_exposure": _normalized_exposure,
    "ordinal_information_theory": _ordinal(lambda c: entr(c) + entr(1 - c)),
    "ordinal_variation_ratio": _ordinal(lambda c: c * (1 - c)),
    "ordinal_square_root": _ordinal(lambda c: np.sqrt(c * (1 - c))),
    "ordinal_absolute_difference": _ordinal(lambda c: 1 - np.abs(2 * c - 1)),
}
