"""The law of the cells' probabilities, by maximum likelihood: what lies beneath counts that chance has a part in."""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, total
from segindex.inference._called import Called
from segindex.inference.convex import fit_weights
from segindex.inference.drawing import check_cluster_size, draw_counts

FEWEST = 30
"""Cells in a stratum: in fewer, chance passes for a law, and three strata of 40 small cells come out too high."""

CERTAIN = 1e9
"""Stands for the infinite logarithm of p = 0: a part of a person that cannot be makes a likelihood 0, none keeps it."""


class Mixture(NamedTuple):
    """The law of p in each stratum of t, and the table of distinct cells that it was fitted to.

    `support` (points,) the values of p; `weights` (n_strata, points) their probabilities; `edges` (n_strata - 1,) the
    largest t of each stratum but the last; `gap` how far the worst stratum is from the greatest likelihood: the largest
    gradient less 1; `residents` (points,) how many of the cells' residents live at each p, by the cells' posteriors.

    `x, t, hidden, times, stratum` (n_pairs,) are the distinct cells and how many of each there are; `pair` (n_cells,)
    is each cell's place among them, -1 for a cell that is left out. The rest is as given.
    """

    support: np.ndarray
    weights: np.ndarray
    edges: np.ndarray
    gap: float
    residents: np.ndarray
    x: np.ndarray
    t: np.ndarray
    hidden: np.ndarray
    times: np.ndarray
    stratum: np.ndarray
    pair: np.ndarray
    limit: float | None
    lower: float
    cluster_size: float
    tolerance: float


def fit_mixture(
    x,
    t,
    *,
    hidden=None,
    limit=None,
    lower=0,
    hidden_total=None,
    cluster_size=1.0,
    strata=3,
    points=200,
    start=None,
    tolerance=1e-7,
):
    r"""The law of the cells' probabilities, by nonparametric maximum likelihood.

    Each cell's count is binomial with a probability of its own; the law of these probabilities, which may be any on
    the support, is the one that makes the counts likeliest.

    .. math:: \max_w \frac{1}{n} \sum_i \log f_i, \quad f_i = \sum_g w_g L_i(g), \quad
              L_i(g) = p_g^{x_i/c} (1 - p_g)^{(t_i - x_i)/c}

    Parameters
    ----------
    x, t : array_like, shape (n_cells,)
        Persons of the focal group, and all persons, in each cell. Empty cells are left out.
    hidden : array_like of bool, shape (n_cells,), optional
        Protected cells; their x is not read. With `limit` they are censored, without it they are left out.
    limit, lower : float, optional
        Cells are hidden that hold at least `lower` and less than `limit` persons of the focal group. Then
        :math:`L_i(g) = \sum_{lower \le x < limit} \mathrm{Bin}(x; t_i, p_g)`.
    hidden_total : array_like, shape (n_cells,), optional
        All persons of hidden cells, where `t` does not hold them.
    cluster_size : float, optional
        How many persons c choose together: a cell tells as much as one of t/c persons, of whom x/c in the group.
    strata : int, optional
        Into how many parts of about equally many cells, from small to large t, the cells are divided, each with its own
        law; fewer where a part would have under 30 cells.
    points : int, optional
        Values of p, evenly spaced in :math:`\arcsin \sqrt{p}` from 0 to 1.
    start : Mixture, optional
        An earlier fit to begin from, whose strata and support are kept: so that refits of drawn counts are of one kind.
        They take no less time, a few milliseconds for thousands of cells.
    tolerance : float, optional
        How far the largest gradient may exceed 1.

    Returns
    -------
    Mixture

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, x exceeds t, nobody lives in any cell, a visible cell holds what would
        be hidden, a hidden cell has no total, or a setting is not what it may be.

    Notes
    -----
    The likelihood is concave, so its maximum is known by its gradient, :math:`\max_g \frac{1}{n} \sum_i L_i(g) / f_i
    \le 1`: the iteration goes on until that holds within `tolerance`, not for a number of steps. A looser one does not
    do: where cells are small, D still falls by a tenth of its value between 1e-4 and 1e-6, and would depend on `start`.
    Should rounding stop it earlier, `gap` exceeds `tolerance`.

    Strata let p depend on t. A cluster size that is no whole number is meant: L is then no longer a binomial law, but
    its mean and the precision of a cell are right.

    Examples
    --------
    >>> fit = fit_mixture([0, 0, 10, 10], [10, 10, 10, 10])
    >>> fit.support[fit.weights[0] > 1e-6].tolist(), fit.weights[0, [0, -1]].round(6).tolist()
    ([0.0, 1.0], [0.5, 0.5])

    References
    ----------
    .. [1] Kiefer, J. and Wolfowitz, J. (1956). Consistency of the maximum likelihood estimator in the presence of
       infinitely many incidental parameters. Annals of Mathematical Statistics 27(4), 887-906.
    .. [2] Rathelot, R. (2012). Measuring segregation when units are small: a parametric approach.
       Journal of Business & Economic Statistics 30(4), 546-553.
    .. [3] Wang, Y. (2007). On fast computation of the non-parametric maximum likelihood estimate of a mixing
       distribution. Journal of the Royal Statistical Society B 69(2), 185-198.
    """
    x, t = check_counts(x=x, t=t)
    _check_settings(strata, points, cluster_size, tolerance)
    x, t, hidden, kept = _check_cells(x, t, hidden, limit, lower, hidden_total)
    times, cells, pair = _distinct(x, t, hidden, kept)
    x, t, hidden = x[cells], t[cells], hidden[cells]
    edges = _edges(t, times, strata) if start is None else start.edges
    stratum = np.searchsorted(edges, t, side="left")
    support = np.sin(np.linspace(0, np.pi / 2, points)) ** 2 if start is None else start.support
    weights = np.zeros((len(edges) + 1, len(support)))
    residents = np.zeros(len(support))
    gaps = [0.0]
    for at in np.unique(stratum):
        own = stratum == at
        some = _possible(x[own], t[own], hidden[own], support)
        likelihood = _likelihood(x[own], t[own], hidden[own], support[some], limit, lower, cluster_size)
        begin = None if start is None else start.weights[at, some]
        weights[at, some], held, gap = fit_weights(likelihood, times[own], times[own] * t[own], begin, tolerance)
        residents[some] += held
        gaps.append(gap)
    table = x, t, hidden, times, stratum, pair
    return Mixture(support, weights, edges, max(gaps), residents, *table, limit, lower, cluster_size, tolerance)


def posterior(fit):
    r"""The probability of each value of p, given a cell's own count.

    .. math:: \Pr(p_g \mid x_i, t_i) = w_g L_i(g) / f_i

    Parameters
    ----------
    fit : Mixture

    Returns
    -------
    ndarray, shape (n_pairs, points)
        A row for each distinct cell of the fit; `posterior(fit)[fit.pair]` has a row a cell, if no cell is left out.

    Examples
    --------
    >>> fit = fit_mixture([0, 0, 10, 10], [10, 10, 10, 10])
    >>> posterior(fit)[:, [0, -1]].round(6)
    array([[1., 0.],
           [0., 1.]])
    """
    weighted = fit.weights[fit.stratum]
    some = (weighted > 0).any(axis=0)
    likelihood = _likelihood(
        fit.x, fit.t, fit.hidden, fit.support[some], fit.limit, fit.lower, fit.cluster_size, weighted[:, some] > 0
    )
    weighted[:, some] *= likelihood
    return weighted / total(weighted)


def underlying(index, fit, **inputs):
    r"""An index of two groups, of the underlying probabilities.

    The index of a city with one cell for each value of p, in which all live whose cell has that p.

    .. math:: t_g = \sum_i t_i \Pr(p_g \mid x_i, t_i), \qquad x_g = p_g t_g

    Parameters
    ----------
    index : callable or str
        A function of `segindex.indices` that takes x and y, x and t, or counts, and no place of the cells; or its name.
    fit : Mixture
    **inputs
        The index's own keywords, such as `b`.

    Returns
    -------
    ndarray, shape ()
        NaN where the index is undefined.

    Raises
    ------
    ValueError
        The index is unknown, or a keyword is none of its own.

    Examples
    --------
    >>> fit = fit_mixture([0, 0, 10, 10], [10, 10, 10, 10])
    >>> round(float(underlying("dissimilarity", fit)), 6)
    1.0
    """
    called = Called(index, inputs)
    placed = {name for name, one in called.parameters.items() if one.default is one.empty} - {"x", "y", "t", "counts"}
    if placed or inputs.get("nearby") is not None:
        raise BadSettings(f"{called.name} asks where the cells lie, which a law of p does not say; allowed are others")
    return called(pseudo_cells(fit.support, fit.residents))


def pseudo_cells(support, residents):
    """The city with one cell for each value of p: its two groups; residents (..., points) to (..., points, 2)."""
    return np.stack([support, 1 - support], axis=-1) * residents[..., np.newaxis]


def draw(fit, rng, draws):
    r"""Draw cities that could have been: each cell's p from its posterior, and a count from that p.

    Parameters
    ----------
    fit : Mixture
    rng : numpy.random.Generator
    draws : int
        How many cities.

    Yields
    ------
    p, x : ndarray, shape (n_cells,)
        Of one city at a time. Cells that are left out hold NaN and 0. Cells that are hidden by the group's count have
        drawn ones: hide again those at least `lower` and under `limit`.

    Notes
    -----
    Persons are drawn in clusters of `cluster_size` and one of what remains: x has mean t p, and stays within t.

    Examples
    --------
    >>> fit = fit_mixture([0, 0, 10, 10], [10, 10, 10, 10])
    >>> [x.tolist() for p, x in draw(fit, np.random.default_rng(1), 2)]
    [[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 10.0]]
    """
    some = (fit.weights > 0).any(axis=0)
    support = fit.support[some]
    up_to = np.cumsum(posterior(fit)[:, some], axis=1)
    ladder = (up_to / up_to[:, -1:] + np.arange(len(up_to))[:, np.newaxis]).ravel()
    inhabited = np.flatnonzero(fit.pair >= 0)
    row = fit.pair[inhabited]
    t = fit.t[row]
    for _ in range(draws):
        p, x = np.full(len(fit.pair), np.nan), np.zeros(len(fit.pair))
        step = np.searchsorted(ladder, row + rng.random(len(row)), side="right") - row * len(support)
        p[inhabited] = support[np.minimum(step, len(support) - 1)]
        x[inhabited] = draw_counts(rng, t, p[inhabited], fit.cluster_size)
        yield p, x


def _distinct(x, t, hidden, kept):
    """How many of each distinct cell there are, where the first of each is, and each cell's place among them."""
    at = np.flatnonzero(kept)
    order = at[np.lexsort([x[at], t[at], hidden[at]])]
    changed = [np.diff(one[order]) != 0 for one in (x, t, hidden)]
    new = np.concatenate([[True], changed[0] | changed[1] | changed[2]])
    pair = np.full(len(x), -1)
    pair[order] = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    return np.diff(np.append(first, len(order))).astype(float), order[first], pair


def _edges(t, times, strata):
    """The largest t of each stratum but the last."""
    strata = min(strata, max(int(times.sum()) // FEWEST, 1))
    order = np.argsort(t, kind="stable")
    below = np.cumsum(times[order])
    at = np.searchsorted(below, below[-1] * np.arange(1, strata) / strata)
    edges = np.unique(t[order][at])
    return edges[edges < t.max()]


def _possible(x, t, hidden, support):
    """The part of the support that can have weight: from the smallest share seen to the largest."""
    share = np.where(hidden, 0, x / t)
    first = np.searchsorted(support, share.min(), side="right") - 1
    last = np.searchsorted(support, share.max(), side="left")
    return slice(max(first, 0), last + 1)


def _likelihood(x, t, hidden, p, limit, lower, cluster_size, where=True):
    """The likelihood of each distinct cell at each p, (n_pairs, points), relative to the cell's largest."""
    x, y = x[:, np.newaxis] / cluster_size, (t - x)[:, np.newaxis] / cluster_size
    likelihood = x * _log(p) + y * _log(1 - p)
    likelihood -= np.max(likelihood, axis=1, keepdims=True, where=where, initial=-np.inf)
    np.exp(likelihood, out=likelihood, where=where)
    if hidden.any():
        persons = t[hidden, np.newaxis] / cluster_size
        seen_under = _fewer(limit / cluster_size, persons, p)
        if lower:
            seen_under -= _fewer(lower / cluster_size, persons, p)
        likelihood[hidden] = seen_under / np.max(seen_under, axis=1, keepdims=True)
    return likelihood


def _log(p):
    return np.maximum(np.log(p, out=np.full(p.shape, -CERTAIN), where=p > 0), -CERTAIN)


def _fewer(limit, persons, p):
    """The binomial chance of fewer than `limit` of the persons; certain where there are no more persons than that."""
    chance = np.zeros((len(persons), len(p)))
    for members in range(int(np.ceil(limit))):
        ways = gammaln(persons + 1) - gammaln(members + 1) - gammaln(np.maximum(persons - members, 0) + 1)
        chance += np.exp(ways + members * _log(p) + np.maximum(persons - members, 0) * _log(1 - p))
    return np.where(persons < limit, 1, chance)


def _check_cells(x, t, hidden, limit, lower, hidden_total):
    """Judge the cells of one city; counts of hidden cells go, and their totals come in."""
    if x.ndim > 1 or t.ndim > 1:
        raise BadData(f"x, t have shapes {x.shape}, {t.shape}; allowed is one city and year")
    if limit is not None and not 0 <= lower < limit < np.inf:
        raise BadSettings(f"limit is {limit} and lower is {lower}; allowed are 0 <= lower < limit")
    if hidden is None:
        if limit is not None or hidden_total is not None:
            raise BadSettings("limit or hidden_total is given without hidden; allowed is to name the hidden cells")
        return x, t, np.zeros(len(x), dtype=bool), _inhabited(t > 0)
    hidden = np.asarray(hidden)
    if hidden.dtype != bool or hidden.shape != x.shape:
        raise BadData(f"hidden is {hidden.dtype} of shape {hidden.shape}; allowed is bool of shape {x.shape}")
    if limit is None:
        return np.where(hidden, 0, x), t, np.zeros(len(x), dtype=bool), _inhabited((t > 0) & ~hidden)
    if hidden_total is not None:
        (hidden_total,) = check_counts(hidden_total=hidden_total)
        if hidden_total.shape != x.shape:
            raise BadData(f"hidden_total has shape {hidden_total.shape}; allowed is {x.shape}")
        t = np.where(hidden, hidden_total, t)
    _refuse(hidden & (t <= lower), "hidden", f"no total above {lower:g}", "cells that can hold what is hidden")
    seen = ~hidden & (t > 0) & (x >= lower) & (x < limit)
    _refuse(seen, "x", f"{lower:g} to under {limit:g} in visible cells", "counts that the limit does not hide")
    return np.where(hidden, 0, x), t, hidden, _inhabited(t > 0)


def _inhabited(kept):
    if not kept.any():
        raise BadData("t is 0 in all cells that are not hidden; allowed is one inhabited cell at least")
    return kept


def _refuse(wrong, name, holds, allowed):
    if wrong.any():
        n, first = wrong.sum(), np.flatnonzero(wrong)[0]
        raise BadData(f"{name} holds {holds} in {n} places, first at {first}; allowed are {allowed}")


def _check_settings(strata, points, cluster_size, tolerance):
    for name, value, least in (("strata", strata, 1), ("points", points, 2)):
        if isinstance(value, bool) or int(value) != value or value < least:
            raise BadSettings(f"{name} is {value}; allowed is a whole number of {least} or more")
    check_cluster_size(cluster_size)
    if not 0 < tolerance < 1:
        raise BadSettings(f"tolerance is {tolerance}; allowed is a number above 0 and below 1")
