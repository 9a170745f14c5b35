"""An index freed of what chance adds to it: that of the probabilities that lie beneath the counts."""

import numpy as np

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, ratio
from segindex.inference._called import Called
from segindex.inference.by_group import MEANS, information_by_mixture, mean_over_groups
from segindex.inference.dealing import rows_of
from segindex.inference.drawing import check_cluster_size, draw_groups
from segindex.inference.expected import expected
from segindex.inference.mixture import fit_mixture, pseudo_cells
from segindex.inference.moments import UNBIASED, correlation_ratio, moments
from segindex.inference.surroundings import BY_MATCHED_CITY, LESS, by_matched_city, by_variance

BY_MIXTURE = (
    "dissimilarity",
    "gini",
    "information_theory",
    "atkinson",
    "hutchens",
    "gorard",
    "minimum_maximum",
    "concentration_profile",
    "mutual_information",
    "divergence",
    "multigroup_dissimilarity",
    "multigroup_gini",
    "ordinal_information_theory",
    "ordinal_square_root",
    "ordinal_absolute_difference",
)
"""Indices that the law of p gives, and nothing simpler does."""

BY_PAIRS = (*UNBIASED, "ordinal_variation_ratio")
"""Indices made of the chance that two persons of a cell are of one group, which pairs of its residents tell."""

NOT_TO_ONE = ("isolation", "exposure", "gorard", "concentration_profile", "mutual_information", "divergence")
"""Indices that are not 0 where all are spread alike and 1 where they are apart."""

WEAK = 10
"""Persons in the median cell, under which the counts say little of the law of p."""


def corrected(
    index,
    *data,
    method=None,
    hidden=None,
    limit=None,
    lower=0,
    hidden_total=None,
    cluster_size=1.0,
    rng=None,
    draws=200,
    **inputs,
):
    r"""An index without what chance adds to it.

    Counts of few persons differ by chance though their probabilities do not. Wanted is the index of the probabilities.

    .. math:: \hat\theta = \theta(\hat p), \quad \hat p \text{ by its law (mixture); for } p_i^2: \quad
              \frac{x_i (x_i - c)}{t_i (t_i - c)}

    Parameters
    ----------
    index : callable or str
        Of `segindex.indices`, or its name.
    *data : array_like
        x and t of shape (..., n_cells), persons of the focal group and all persons in each cell; or counts of shape
        (..., n_cells, n_groups).
    method : {"mixture", "unbiased", "approximate", "bootstrap", "carrington_troske", "null"}, optional
        `method_of(index)` if left out. "mixture": the law of p by maximum likelihood, see `fit_mixture`; of several
        groups, each against all others. "unbiased": by pairs of residents; with `nearby`, less the variance that chance
        gives to the surroundings. "approximate": with `nearby`, less the bias in a city of smoothed shares that vary as
        much as this one's without chance. "bootstrap": :math:`2\theta` less the mean of counts drawn from the shares
        as they are. "carrington_troske": :math:`(\theta - E)/(1 - E)`, with E expected
        under no segregation. "null": :math:`\theta - (E - \theta_0)`, less the bias that a city without segregation
        would have, :math:`\theta_0` being its value.
    hidden : array_like of bool, shape (..., n_cells), optional
        Protected cells. Without `limit` they are left out.
    limit, lower, hidden_total : optional
        Cells hidden by the group's own count, see `fit_mixture`: with them the value is that of all cells. By mixture.
    cluster_size : float, optional
        How many persons c choose together: a cell tells as much as one of :math:`t_i/c` persons.
    rng : numpy.random.Generator, optional
        Needed where something is drawn: by "bootstrap", with `nearby`, and where E is not exact.
    draws : int, optional
        How often.
    **inputs
        The index's own keywords.

    Returns
    -------
    ndarray, shape (...)
        NaN where the index is undefined, or the likelihood could not be brought to its maximum. It may be under 0, but
        by mixture.

    Raises
    ------
    ValueError
        The index, a method or a keyword is unknown, the method does not go with the index or the hidden cells, counts
        are bad, or `rng` is missing where it is needed.

    Notes
    -----
    By mixture the bias of D falls to under a quarter, mostly under a tenth, for cells of 5 to 200 persons on average
    and groups of 2 to 40 per cent. The bootstrap leaves most of it, "null" takes too much where there is segregation,
    and (D - E)/(1 - E) is another index. See `weakly_identified` for cells so small that the law is a guess. D, G, H, M
    and the ordinal indices of several groups are sums over groups, or class limits, of what depends on the law of one
    share at a time: no joint law is needed.

    By pairs, numerator and denominator are each free of bias; cells of fewer than 2c persons hold no pair and are
    left out. With `cluster_size` all this supposes a variance of :math:`c\, t p (1 - p)`.

    Examples
    --------
    >>> import segindex
    >>> t = np.full(400, 10)
    >>> x = np.random.default_rng(1).binomial(t, np.repeat([0.1, 0.3], 200))
    >>> round(float(segindex.indices.dissimilarity(x, t - x)), 2), round(float(corrected("dissimilarity", x, t)), 2)
    (0.39, 0.28)
    >>> round(float(corrected("correlation_ratio", [0, 5, 10], [10, 10, 10])), 4)
    0.6296

    References
    ----------
    .. [1] Rathelot, R. (2012). Measuring segregation when units are small: a parametric approach.
       Journal of Business & Economic Statistics 30(4), 546-553.
    .. [2] D'Haultfœuille, X. and Rathelot, R. (2017). Measuring segregation on small units: a partial identification
       analysis. Quantitative Economics 8(1), 39-73.
    .. [3] Carrington, W. J. and Troske, K. R. (1997). On measuring segregation in samples with small units.
       Journal of Business & Economic Statistics 15(4), 402-409.
    """
    called = Called(index, inputs)
    counts = called.gate(data)
    check_cluster_size(cluster_size)
    method = _check_method(called, method, limit)
    if limit is not None:
        return _censored(called, counts, hidden, limit, lower, hidden_total, cluster_size)
    drawn = method in ("bootstrap", "approximate") or (method == "unbiased" and "nearby" in called.inputs)
    if drawn and rng is None:
        raise BadSettings(f"method {method!r} of {called.name} draws: give rng, a numpy Generator")
    return METHODS[method](called, _visible(counts, hidden), cluster_size, rng, draws)


def method_of(index, *, nearby=None, limit=None):
    """The method by which `corrected` corrects an index, or "" if by none.

    Parameters
    ----------
    index : callable or str
    nearby : callable, optional
        Of surroundings.
    limit : float, optional
        Of cells hidden by the group's own count.

    Returns
    -------
    str

    Examples
    --------
    >>> method_of("gini"), method_of("isolation"), method_of("isolation", limit=10), method_of("delta")
    ('mixture', 'unbiased', 'mixture', '')
    """
    name = Called(index, {}).name
    if nearby is not None:
        return "" if limit is not None else "unbiased" if name in LESS else "approximate" * (name in BY_MATCHED_CITY)
    if name in BY_PAIRS and limit is None:
        return "unbiased"
    return "mixture" if name in BY_MIXTURE + BY_PAIRS else ""


def weakly_identified(t, *, cluster_size=1.0):
    """Whether cells are so small that their counts say little of the law of p.

    Parameters
    ----------
    t : array_like, shape (..., n_cells)
        All persons in each cell.
    cluster_size : float, optional

    Returns
    -------
    ndarray of bool, shape (...)
        True where the median inhabited cell holds fewer than 10 persons, or as many clusters.

    Notes
    -----
    t persons tell no more than the first t moments of the law, however many cells there are.

    Examples
    --------
    >>> weakly_identified([[0, 0, 12, 30], [3, 4, 12, 5]])
    array([False,  True])
    """
    (t,) = check_counts(t=t)
    check_cluster_size(cluster_size)
    cells = t.reshape(-1, t.shape[-1]) / cluster_size
    return np.reshape([bool(one.any()) and np.median(one[one > 0]) < WEAK for one in cells], t.shape[:-1])


def _check_method(called, method, limit):
    own = method_of(called.function, nearby=called.inputs.get("nearby"), limit=limit)
    if method is None and not own:
        raise BadSettings(f"no method is made for {called.name} as it is asked for; allowed is to name one")
    method = method or own
    if method not in METHODS:
        raise BadSettings(f"method {method!r} is unknown; known are {', '.join(METHODS)}")
    if limit is not None and method != "mixture":
        raise BadSettings(f"method {method!r} takes no limit: cells hidden by the group's count are for 'mixture'")
    if method not in _methods_for(called, own):
        raise BadSettings(f"method {method!r} is not for {called.name} as it is asked for; made for it is {own!r}")
    return method


def _methods_for(called, own):
    """The methods that go with an index as it is called, `own` being made for it."""
    if called.inputs.get("excluding_self"):
        return {"bootstrap"}
    free = {own, "bootstrap", "null"}
    if own == "unbiased" and called.inputs.get("nearby") is None:
        free.add("mixture")
    return free if called.name in NOT_TO_ONE or not own else free | {"carrington_troske"}


def _visible(counts, hidden):
    if hidden is None:
        return counts
    hidden = np.asarray(hidden)
    if hidden.dtype != bool or hidden.shape[-1:] != counts.shape[-2:-1]:
        raise BadData(f"hidden is {hidden.dtype} of shape {hidden.shape}; allowed is bool of shape (..., n_cells)")
    return np.where(hidden[..., np.newaxis], 0, counts)


def _of_law(called, counts, cluster_size, *_):
    t = counts.sum(axis=-1)
    if not t.any():
        return np.nan
    if counts.shape[-1] == 2:
        return _of_fit(called, fit_mixture(counts[:, 0], t, cluster_size=cluster_size))
    if called.name in MEANS:
        return mean_over_groups(called.name, counts, lambda pair: _of_law(called, pair, cluster_size))
    return information_by_mixture(called.name, counts, cluster_size)


def _of_fit(called, fit):
    return float(called(pseudo_cells(fit.support, fit.residents))) if fit.gap <= fit.tolerance else np.nan


def _censored(called, counts, hidden, limit, lower, hidden_total, cluster_size):
    """One law for cells of all sizes: of small cells most are hidden, and they alone would tell nothing of theirs."""
    if counts.shape[-1] != 2:
        raise BadData(f"limit is given with {counts.shape[-1]} groups; allowed are x and t, the group that it is of")
    if hidden is None:
        raise BadSettings("limit is given without hidden; allowed is to name the hidden cells")
    x, t = counts[..., 0], counts.sum(axis=-1)
    given = [hidden] if hidden_total is None else [hidden, hidden_total]
    x, t, *given = np.broadcast_arrays(x, t, *given)
    found = np.empty(x.shape[:-1])
    for at in np.ndindex(found.shape):
        own = dict(zip(("hidden", "hidden_total"), (one[at] for one in given)))
        fit = fit_mixture(x[at], t[at], limit=limit, lower=lower, cluster_size=cluster_size, strata=1, **own)
        found[at] = _of_fit(called, fit)
    return found


def _row_by_row(method):
    def of_rows(called, counts, cluster_size, rng, draws):
        found = [method(called, one, cluster_size, rng, draws) for one in rows_of(counts)]
        return np.reshape(found, counts.shape[:-2])

    return of_rows


def _unbiased(called, counts, cluster_size, rng, draws):
    method = _by_pairs if called.inputs.get("nearby") is None else _row_by_row(by_variance)
    return method(called, counts, cluster_size, rng, draws)


def _by_pairs(called, counts, cluster_size, rng, draws):
    if called.name in UNBIASED:
        return UNBIASED[called.name](moments(counts, cluster_size))
    found = [
        mean_over_groups(called.name, one, lambda pair: correlation_ratio(moments(pair, cluster_size)))
        for one in rows_of(counts)
    ]
    return np.reshape(found, counts.shape[:-2])


def _by_bootstrap(called, counts, cluster_size, rng, draws):
    t = counts.sum(axis=-1)
    share = ratio(counts, t[..., np.newaxis], empty=0)
    summed, defined = np.zeros(counts.shape[:-2]), np.zeros(counts.shape[:-2])
    for _ in range(draws):
        value = called(draw_groups(rng, t, share, cluster_size))
        summed, defined = summed + np.where(np.isnan(value), 0, value), defined + ~np.isnan(value)
    return 2 * called(counts) - ratio(summed, defined)


def _by_carrington_troske(called, counts, cluster_size, rng, draws):
    mean = _expected(called, counts, cluster_size, rng, draws)
    return ratio(called(counts) - mean, 1 - mean)


def _by_null(called, counts, cluster_size, rng, draws):
    t, group = counts.sum(axis=-1, keepdims=True), counts.sum(axis=-2, keepdims=True)
    even = t * ratio(group, group.sum(axis=-1, keepdims=True), empty=0)
    return called(counts) - (_expected(called, counts, cluster_size, rng, draws) - called(even))


def _expected(called, counts, cluster_size, rng, draws):
    return expected(called.function, counts, rng=rng, draws=draws, cluster_size=cluster_size, **called.inputs)


METHODS = {
    "mixture": _row_by_row(_of_law),
    "unbiased": _unbiased,
    "approximate": _row_by_row(by_matched_city),
    "bootstrap": _by_bootstrap,
    "carrington_troske": _by_carrington_troske,
    "null": _by_null,
}
