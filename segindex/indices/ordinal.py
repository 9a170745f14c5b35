"""Ordered groups, such as income classes: whether those of like rank live in the same cells."""

from typing import NamedTuple

import numpy as np
from scipy.special import beta, digamma, entr

from segindex.errors import BadData, BadSettings, is_number
from segindex.indices._arrays import check_counts, composition, ratio, shares

FEWEST_THRESHOLDS = 4
HIGHEST_ORDER = 10


def ordinal_information_theory(counts, *, nearby=None):
    r"""Ordinal information theory index, :math:`H^O`.

    How much less the cells' residents vary in rank than the city's, the variation at each class limit being the entropy
    of who is below it.

    .. math:: H^O = 1 - \sum_i \frac{t_i v_i}{T v}, \qquad
              v = -\frac{1}{K - 1} \sum_{k<K} \left[ c_k \log_2 c_k + (1 - c_k) \log_2 (1 - c_k) \right]

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order. :math:`c_k` is the share of those in group k or
        below it, :math:`v_i` the same of cell i.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell; :math:`v` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell); with `nearby` it may be below 0. NaN where fewer
        than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Of two groups it is the information theory index. A class limit counts as often as it is given: a group without
    members between two others makes one limit count twice, as one with a single member nearly does.

    Examples
    --------
    >>> float(ordinal_information_theory([[10, 0, 0], [0, 10, 0], [0, 0, 10]]))
    1.0
    >>> ordinal_information_theory([[[10, 0, 0], [0, 5, 5]], [[0, 10, 0], [5, 0, 5]]]).round(3).tolist()
    [0.724, 0.384]

    References
    ----------
    .. [1] Reardon, S. F. (2009). Measures of ordinal segregation. In Flückiger, Y., Reardon, S. F. and Silber, J.
       (eds), Occupational and Residential Segregation. Emerald, Bingley, 129-155.
    """
    (counts,) = check_counts(counts=counts)
    return _less_varied(counts, nearby, _entropy)


def ordinal_variation_ratio(counts, *, nearby=None):
    r"""Ordinal variation ratio index, :math:`R^O`.

    How many fewer class limits lie between two residents of one cell than between two of the city.

    .. math:: R^O = 1 - \sum_i \frac{t_i v_i}{T v}, \qquad v = \frac{4}{K - 1} \sum_{k<K} c_k (1 - c_k)

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order. :math:`c_k` is the share of those in group k or
        below it, :math:`v_i` the same of cell i.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell; :math:`v` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell); with `nearby` it may be below 0. NaN where fewer
        than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    The share of the variance of rank that lies between cells, where the squared distance of two groups is the number of
    limits between them. Of two groups it is the correlation ratio. Limits near the middle of the city weigh most.

    Examples
    --------
    >>> round(float(ordinal_variation_ratio([[10, 0, 0], [0, 5, 5]])), 6)
    0.714286

    References
    ----------
    .. [1] Reardon, S. F. (2009). Measures of ordinal segregation. In Flückiger, Y., Reardon, S. F. and Silber, J.
       (eds), Occupational and Residential Segregation. Emerald, Bingley, 129-155.
    """
    (counts,) = check_counts(counts=counts)
    return _less_varied(counts, nearby, _variation_ratio)


def ordinal_square_root(counts, *, nearby=None):
    r"""Ordinal square root index, :math:`S^O`.

    How much less the cells' residents vary in rank than the city's, with more weight on the lowest and the highest
    groups than in the other ordinal indices.

    .. math:: S^O = 1 - \sum_i \frac{t_i v_i}{T v}, \qquad v = \frac{2}{K - 1} \sum_{k<K} \sqrt{c_k (1 - c_k)}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order. :math:`c_k` is the share of those in group k or
        below it, :math:`v_i` the same of cell i.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell; :math:`v` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell); with `nearby` it may be below 0. NaN where fewer
        than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Of two groups it is the Hutchens square root index. A group absent from a small cell raises it fast.

    Examples
    --------
    >>> round(float(ordinal_square_root([[10, 40], [40, 10]])), 12)
    0.2

    References
    ----------
    .. [1] Reardon, S. F. (2009). Measures of ordinal segregation. In Flückiger, Y., Reardon, S. F. and Silber, J.
       (eds), Occupational and Residential Segregation. Emerald, Bingley, 129-155.
    """
    (counts,) = check_counts(counts=counts)
    return _less_varied(counts, nearby, _square_root)


def ordinal_absolute_difference(counts, *, nearby=None):
    r"""Ordinal absolute difference index, :math:`L^O`.

    How much nearer residents are to the median group of their own cell than to the median group of the city.

    .. math:: L^O = 1 - \sum_i \frac{t_i v_i}{T v}, \qquad v = \frac{1}{K - 1} \sum_{k<K} (1 - |2 c_k - 1|)

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order. :math:`c_k` is the share of those in group k or
        below it, :math:`v_i` the same of cell i.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell; :math:`v` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 to 1 (one group a cell); with `nearby` it may be below 0. NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    It is 0 wherever all cells have the city's median group, however uneven they are: the other three are preferred.

    Examples
    --------
    >>> float(ordinal_absolute_difference([[10, 0, 0], [0, 5, 5]]))
    0.6666666666666667
    >>> float(ordinal_absolute_difference([[30, 10], [40, 0]]))
    0.0

    References
    ----------
    .. [1] Reardon, S. F. (2009). Measures of ordinal segregation. In Flückiger, Y., Reardon, S. F. and Silber, J.
       (eds), Occupational and Residential Segregation. Emerald, Bingley, 129-155.
    """
    (counts,) = check_counts(counts=counts)
    return _less_varied(counts, nearby, _absolute_difference)


def rank_order_information_theory(counts, *, order=4, nearby=None):
    r"""Rank-order information theory index, :math:`H^R`.

    Segregation by income rank, whatever the class limits: the information theory index of those below and above each
    percentile, averaged over all percentiles.

    .. math:: H^R = 2 \ln 2 \int_0^1 E(p) H(p) \, dp, \qquad E(p) = -p \log_2 p - (1 - p) \log_2 (1 - p)

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order: at least five groups with members.
    order : int, optional
        Of the polynomial fitted to :math:`H(p)` at the class limits, at most their number less 2.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape: with it, these stand for
        the cell in the two-group index; :math:`p` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell), but for the fit. NaN where nobody lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, fewer than four class limits have residents on
        both sides, or order is no whole number from 1 to 10.

    Notes
    -----
    Weighted least squares with the weights :math:`E(p)^2`. `rank_order_fit` gives the fit and its standard error, which
    tells how well the curve is known, not how well the counts are. Beyond the outermost limits the curve is a guess.

    Examples
    --------
    >>> round(float(rank_order_information_theory(np.eye(5))), 12)
    1.0

    References
    ----------
    .. [1] Reardon, S. F. (2011). Measures of income segregation. CEPA Working Paper, Stanford University.
    """
    return rank_order_fit(rank_order_information_theory, counts, order=order, nearby=nearby).value


def rank_order_variation_ratio(counts, *, order=4, nearby=None):
    r"""Rank-order variation ratio index, :math:`R^R`.

    Segregation by income rank, whatever the class limits: the correlation ratio of those below and above each
    percentile, averaged over all percentiles.

    .. math:: R^R = \frac{3}{2} \int_0^1 V(p) R(p) \, dp, \qquad V(p) = 4 p (1 - p)

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order: at least five groups with members.
    order : int, optional
        Of the polynomial fitted to :math:`R(p)` at the class limits, at most their number less 2.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape: with it, these stand for
        the cell in the two-group index; :math:`p` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell), but for the fit. NaN where nobody lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, fewer than four class limits have residents on
        both sides, or order is no whole number from 1 to 10.

    Notes
    -----
    The share of the variance of percentile ranks that lies between cells. Weighted least squares with the weights
    :math:`V(p)^2`; `rank_order_fit` gives the fit and its standard error.

    Examples
    --------
    >>> round(float(rank_order_variation_ratio(np.eye(5))), 12)
    1.0

    References
    ----------
    .. [1] Reardon, S. F. (2011). Measures of income segregation. CEPA Working Paper, Stanford University.
    """
    return rank_order_fit(rank_order_variation_ratio, counts, order=order, nearby=nearby).value


def rank_order_square_root(counts, *, order=4, nearby=None):
    r"""Rank-order square root index, :math:`S^R`.

    Segregation by income rank, whatever the class limits: the square root index of those below and above each
    percentile, averaged over all percentiles, the ends weighing more than in the other rank-order indices.

    .. math:: S^R = \frac{4}{\pi} \int_0^1 W(p) S(p) \, dp, \qquad W(p) = 2 \sqrt{p (1 - p)}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order: at least five groups with members.
    order : int, optional
        Of the polynomial fitted to :math:`S(p)` at the class limits, at most their number less 2.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape: with it, these stand for
        the cell in the two-group index; :math:`p` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell), but for the fit. NaN where nobody lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, fewer than four class limits have residents on
        both sides, or order is no whole number from 1 to 10.

    Notes
    -----
    Weighted least squares with the weights :math:`W(p)^2`; `rank_order_fit` gives the fit and its standard error.

    Examples
    --------
    >>> round(float(rank_order_square_root(np.eye(5))), 12)
    1.0

    References
    ----------
    .. [1] Reardon, S. F. (2011). Measures of income segregation. CEPA Working Paper, Stanford University.
    """
    return rank_order_fit(rank_order_square_root, counts, order=order, nearby=nearby).value


class RankOrderFit(NamedTuple):
    """A rank-order index and the curve that it is read from; `...` are the axes before the cells.

    Attributes
    ----------
    value : ndarray, shape (...)
        The index.
    fit_se : ndarray, shape (...)
        Its standard error as far as the curve misses the class limits: the fit's, not that of sampling.
    coefficients : ndarray, shape (..., order + 1)
        Of the polynomial in p, the constant first; 0 beyond a lowered order.
    thresholds, pairwise : ndarray, shape (..., n_groups - 1)
        The share of residents below each class limit, and the index of those below against those above. NaN where all
        residents are on one side, or the limit is the one before it.
    order : ndarray of int, shape (...)
        The order that was fitted.
    """

    value: np.ndarray
    fit_se: np.ndarray
    coefficients: np.ndarray
    thresholds: np.ndarray
    pairwise: np.ndarray
    order: np.ndarray


def rank_order_fit(index, counts, *, order=4, nearby=None):
    """A rank-order index with its fit.

    The two-group index at every class limit is fitted by a polynomial in p, and the polynomial averaged over all p.

    Parameters
    ----------
    index : callable or str
        `rank_order_information_theory`, `rank_order_variation_ratio` or `rank_order_square_root`, or its name.
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell, groups in ascending order.
    order : int, optional
        Of the polynomial; lowered to the number of class limits less 2 where that is less.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape.

    Returns
    -------
    RankOrderFit

    Raises
    ------
    ValueError
        As of the indices; or the index is none of the three.

    Examples
    --------
    >>> counts = [[9, 6, 3, 2, 1, 1], [1, 2, 5, 4, 6, 2], [2, 2, 2, 3, 3, 7]]
    >>> fit = rank_order_fit("rank_order_information_theory", counts)
    >>> fit.pairwise.round(3).tolist(), int(fit.order)
    ([0.165, 0.198, 0.153, 0.137, 0.152], 3)
    >>> round(float(fit.value), 4), round(float(fit.fit_se), 4)
    (0.1595, 0.006)
    """
    name = index if isinstance(index, str) else getattr(index, "__name__", str(index))
    if name not in CURVES:
        raise BadSettings(f"{name!r} is no rank-order index; there are {', '.join(CURVES)}")
    (counts,) = check_counts(counts=counts)
    if not is_number(order) or order not in range(1, HIGHEST_ORDER + 1):
        raise BadSettings(f"order is {order!r}; allowed is a whole number from 1 to {HIGHEST_ORDER}")
    variation, moments = CURVES[name]
    t = counts.sum(axis=-1)
    city = shares(counts.sum(axis=-2))
    p = _up_to(city)
    used = (p < 1) & (city[..., :-1] > 0)
    limits = used.sum(axis=-1)
    _check_limits(limits, t)
    p, weight = np.where(used, p, np.nan), np.where(used, variation(p), 0)
    within = (t[..., np.newaxis] * variation(_up_to(composition(counts, nearby)))).sum(axis=-2)
    pairwise = 1 - ratio(within, t.sum(axis=-1)[..., np.newaxis] * weight)

    fitted = np.clip(limits - 2, 0, order)
    powers = np.arange(order + 1)
    design = np.where(used[..., np.newaxis], p[..., np.newaxis] ** powers, 0) * weight[..., np.newaxis]
    design = np.where(powers <= fitted[..., np.newaxis, np.newaxis], design, 0)
    target = np.where(used, weight * pairwise, 0)
    solution = np.linalg.pinv(design)
    coefficients = np.where(t.any(axis=-1, keepdims=True), _times(solution, target), np.nan)
    missed = ((target - _times(design, coefficients)) ** 2).sum(axis=-1)
    leverage = (_times(np.swapaxes(solution, -1, -2), moments(powers)) ** 2).sum(axis=-1)
    return RankOrderFit(
        value=coefficients @ moments(powers),
        fit_se=np.sqrt(ratio(missed, limits - fitted - 1) * leverage),
        coefficients=coefficients,
        thresholds=p,
        pairwise=pairwise,
        order=fitted,
    )


def _less_varied(counts, nearby, variation):
    """How much less the cells vary on average than the city, the variation added up over the class limits."""
    t = counts.sum(axis=-1)
    cells = variation(_up_to(composition(counts, nearby))).sum(axis=-1)
    city = variation(_up_to(shares(counts.sum(axis=-2)))).sum(axis=-1)
    return 1 - ratio((t * cells).sum(axis=-1), t.sum(axis=-1) * city)


def _up_to(p):
    """The share of those in each group or below it, but for the last; exactly 1 if nobody is above."""
    below = np.cumsum(p, axis=-1)
    return ratio(below[..., :-1], below[..., -1:], empty=0)


def _times(matrix, vector):
    return (matrix @ vector[..., np.newaxis])[..., 0]


def _check_limits(limits, t):
    few = (limits < FEWEST_THRESHOLDS) & t.any(axis=-1)
    if few.any():
        first = tuple(int(i) for i in np.argwhere(few)[0])
        where = f" at {first}" if first else ""
        raise BadData(
            f"counts has {limits[first]} class limits with residents on both sides{where}; a rank-order index wants "
            f"{FEWEST_THRESHOLDS}, five groups with members; the ordinal indices take any number"
        )


def _entropy(c):
    return entr(c) + entr(1 - c)


def _variation_ratio(c):
    return c * (1 - c)


def _square_root(c):
    return np.sqrt(c * (1 - c))


def _absolute_difference(c):
    return 1 - np.abs(2 * c - 1)


def _entropy_moments(m):
    return 2 * (1 / (m + 2) ** 2 + (digamma(m + 3) - digamma(2)) / ((m + 1) * (m + 2)))


def _variation_ratio_moments(m):
    return 6 / ((m + 2) * (m + 3))


def _square_root_moments(m):
    return 8 / np.pi * beta(m + 3 / 2, 3 / 2)


CURVES = {
    "rank_order_information_theory": (_entropy, _entropy_moments),
    "rank_order_variation_ratio": (_variation_ratio, _variation_ratio_moments),
    "rank_order_square_root": (_square_root, _square_root_moments),
}
"""Of each rank-order index, the variation at a class limit, and the mean of p to the power m weighed by it."""
