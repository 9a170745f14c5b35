"""Corrected values: the index of the cells' own probabilities, which their counts only show through chance."""

import numpy as np

from segindex.errors import BadSettings
from segindex.inference._called import Called
from segindex.inference.dealing import rows_of
from segindex.inference.expected import expected
from segindex.inference.mixture import fit_mixture, of_law
from segindex.inference.moments import UNBIASED, moments

MIXED = (
    *("dissimilarity", "gini", "information_theory", "atkinson", "hutchens", "gorard", "minimum_maximum"),
    *("mutual_information", "divergence", "multigroup_dissimilarity", "multigroup_gini", "concentration_profile"),
)
"""Indices of two groups that are functions of the law of the cells' shares, weighted by residents."""

ADDITIVE = ("information_theory", "mutual_information", "divergence", "ordinal_information_theory")
"""Indices of several groups whose bias is nearly that under no segregation."""

METHODS = ("mixture", "unbiased", "null", "bootstrap", "carrington_troske")
TINY = 10


def method_of(index, n_groups=2):
    """The method by which an index is corrected if none is named; "" where there is none.

    >>> method_of("dissimilarity"), method_of("isolation"), method_of("information_theory", 3), method_of("delta")
    ('mixture', 'unbiased', 'null', '')
    """
    name = index if isinstance(index, str) else index.__name__
    if name in UNBIASED:
        return "unbiased"
    if n_groups == 2 and name in MIXED:
        return "mixture"
    return "null" if name in ADDITIVE else ""


def weakly_identified(t):
    """Whether half of the inhabited cells have fewer than ten persons: the law of p is then told by its bounds alone.

    >>> weakly_identified([3, 4, 0, 80]), weakly_identified([30, 4, 80])
    (True, False)
    """
    t = np.asarray(t, dtype=float)
    return bool(np.median(t[t > 0]) < TINY) if (t > 0).any() else False


def corrected(index, *data, method=None, hidden=None, limit=None, cluster_size=1.0, rng=None, draws=200, **inputs):
    r"""The corrected value of an index.

    What the index would be of the cells' own probabilities: the part that chance adds in small cells is taken off.

    Parameters
    ----------
    index : callable or str
        Of `segindex.indices`, or its name.
    *data : array_like
        x and t of shape (..., n_cells), or counts of shape (..., n_cells, n_groups).
    method : {"mixture", "unbiased", "null", "bootstrap", "carrington_troske"}, optional
        `mixture`: the index of the law of p that `fit_mixture` finds, every cell weighted by its posterior and
        residents; two groups. `unbiased`: isolation, exposure and what is made of the same second moments, by
        :math:`x(x-1)/[t(t-1)]`. `null`: the value less its expected value under no segregation. `bootstrap`:
        :math:`2 \theta - \bar\theta^*`, counts drawn from the cells' shares. `carrington_troske`:
        :math:`(\theta - E)/(1 - E)`. Left out, that of `method_of`.
    hidden : array_like of bool, shape (..., n_cells), optional
        Cells hidden because their count is below `limit`: with `mixture` they count as that, and one law is found for
        cells of all sizes.
    limit : int, optional
    cluster_size : float
        How many persons choose their cell together.
    rng : numpy.random.Generator, optional
        Needed by `bootstrap`, and where an expected value is not exact.
    draws : int
        Of these.
    **inputs
        The index's own keywords; with `mixture` and `unbiased` those of its form alone, as `b`.

    Returns
    -------
    ndarray, shape (...)
        NaN where the index is undefined.

    Raises
    ------
    ValueError
        The index or method is unknown, the method is not for the index, or the data are not what the index takes.

    Notes
    -----
    The bootstrap leaves most of the bias of dissimilarity; Carrington and Troske's value answers another question, and
    is 0 on average where nothing is segregated. A mixture of tiny cells is weakly identified (`weakly_identified`).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> t = np.full(500, 10)
    >>> x = rng.binomial(10, 0.2, 500)
    >>> from segindex.indices import dissimilarity
    >>> round(float(dissimilarity(x, t - x)), 2), round(float(corrected("dissimilarity", x, t)), 2)
    (0.3, 0.0)

    References
    ----------
    .. [1] Rathelot, R. (2012). Measuring segregation when units are small: a parametric approach. Journal of Business
       and Economic Statistics 30(4), 546-553.
    .. [2] Carrington, W. J. and Troske, K. R. (1997). On measuring segregation in samples with small units. Journal of
       Business and Economic Statistics 15(4), 402-409.
    """
    called = Called(index, inputs)
    hides = np.zeros(1, dtype=bool) if hidden is None else np.asarray(hidden, dtype=bool)
    data = data if hidden is None or len(data) != 2 else (np.where(hides, 0, data[0]), data[1])
    counts = called.gate(data)
    method = method or method_of(called.name, counts.shape[-1])
    _check_method(called, method, counts.shape[-1], hides.any())
    if method == "mixture":
        marks = np.broadcast_to(hides, counts.shape[:-1]).reshape(-1, counts.shape[-2])
        found = [
            _mixture(called, one, mark, limit, cluster_size) for one, mark in zip(rows_of(counts), marks, strict=True)
        ]
        return np.reshape(found, counts.shape[:-2])
    if method == "unbiased":
        return UNBIASED[called.name](moments(counts, cluster_size))
    value = called(counts)
    if method == "bootstrap":
        if rng is None:
            raise BadSettings("bootstrap draws: give rng, a numpy Generator")
        return np.reshape([_bootstrap(called, one, rng, draws, cluster_size) for one in rows_of(counts)], value.shape)
    chance = expected(called.function, counts, rng=rng, draws=draws, cluster_size=cluster_size, **inputs)
    return value - chance if method == "null" else (value - chance) / (1 - chance)


def _mixture(called, counts, hidden, limit, cluster_size):
    x, t = counts[:, 0], counts.sum(axis=1)
    if not np.isfinite(called(counts)):
        return np.nan
    fit = law_of(x, t, hidden, limit, cluster_size)
    return float(of_law(called, fit.support, fit.residents))


def law_of(x, t, hidden=None, limit=None, cluster_size=1.0):
    """The mixture that corrected values rest on: by three parts of t, or one law where cells are hidden.

    Of small cells most are hidden, and a part of them alone would tell nothing of its law.
    """
    if hidden is None or not np.any(hidden):
        return fit_mixture(x, t, cluster_size=cluster_size)
    return fit_mixture(x, t, hidden=hidden, limit=limit, cluster_size=cluster_size, strata=1)


def _bootstrap(called, counts, rng, draws, cluster_size):
    t = counts.sum(axis=1)
    p = counts / np.maximum(t, 1)[:, np.newaxis]
    clusters = np.where(t > 0, np.maximum(1, np.rint(t / cluster_size)), 0).astype(int)
    drawn = rng.multinomial(clusters, np.where(t[:, np.newaxis] > 0, p, 1 / counts.shape[1]), size=(draws, len(t)))
    scale = np.where(clusters > 0, t / np.maximum(clusters, 1), 0)[:, np.newaxis]
    return float(2 * called(counts) - called(drawn * scale).mean())


def _check_method(called, method, n_groups, hides):
    if not method:
        raise BadSettings(f"{called.name} has no correction; name one of {', '.join(METHODS)}")
    if method not in METHODS:
        raise BadSettings(f"method is {method!r}; allowed are {', '.join(METHODS)}")
    if method == "mixture" and (called.name not in MIXED or n_groups != 2 or "nearby" in called.inputs):
        raise BadSettings(f"mixture is for two groups without surroundings, and for {', '.join(MIXED)}")
    if method == "unbiased" and (called.name not in UNBIASED or called.inputs):
        raise BadSettings(f"unbiased is for {', '.join(UNBIASED)}, without further keywords")
    if hides and method != "mixture":
        raise BadSettings("hidden cells are known to the mixture alone")
