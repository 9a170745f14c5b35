"""Curves: how a group is spread over cells in order of its share, and the index that a curve comes down to."""

from typing import NamedTuple

import numpy as np

from segindex.errors import BadSettings, is_number
from segindex.indices._arrays import check_counts, proportion, ratio, shares, total

FEWEST_THRESHOLDS = 2
ROUNDING = 1e-12
"""A share counts as a threshold that it misses by this part alone: 3 of 10 persons reach 0.3."""


class ConcentrationCurve(NamedTuple):
    """Thresholds of the group's share, and the part of the group in cells that reach each."""

    thresholds: np.ndarray
    shares: np.ndarray


class SegregationCurve(NamedTuple):
    """Cumulated parts of the reference and of the focal group, from the cells with most of the focal group on."""

    reference: np.ndarray
    focal: np.ndarray


def concentration_profile(x, t, *, thresholds=None):
    r"""Concentration profile index.

    How far the group's members live from cells mixed as the city: the area between the concentration curve and that of
    a group spread evenly, relative to that of a group that lives alone.

    .. math:: CP = \frac{1}{1 - P} \left( \int_0^P (1 - v(\theta))\, d\theta + \int_P^1 v(\theta)\, d\theta \right)
              = \frac{1}{1 - P} \sum_i \frac{x_i}{X} |p_i - P|

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    thresholds : int, optional
        Sum the curve at so many thresholds, as Hong and Sadahiro do, instead of integrating it exactly.

    Returns
    -------
    ndarray, shape (...)
        0 where the group is spread evenly, 1 where it lives alone. A group that is more than half of the city may
        exceed 1, up to 2. NaN where the group has no members, or everybody belongs to it.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, x exceeds t, or there are
        fewer than two thresholds.

    Notes
    -----
    With :math:`v(\theta)` the part of the group in cells where its share is at least :math:`\theta`, the integrals are
    closed sums. Other software sums 999 thresholds and differs from them in the third decimal. Moving a member to a
    cell where the group is rarer does not always lower the value, as it would the indices of evenness: members in
    cells below the city's share weigh little. Rises as cells shrink and as groups get small.

    Examples
    --------
    >>> round(float(concentration_profile([8, 2], [10, 10])), 12)
    0.6
    >>> round(float(concentration_profile([8, 2], [10, 10], thresholds=999)), 3)
    0.598

    References
    ----------
    .. [1] Poulsen, M., Johnston, R. and Forrest, J. (2002). Plural cities and ethnic enclaves: introducing a
       measurement procedure for comparative study. International Journal of Urban and Regional Research 26(2), 229-243.
    .. [2] Hong, S.-Y. and Sadahiro, Y. (2014). Measuring geographic segregation: a graph-based approach.
       Journal of Geographical Systems 16(2), 211-231.
    """
    x, t = check_counts(x=x, t=t)
    city = ratio(x.sum(axis=-1), t.sum(axis=-1))
    if thresholds is not None:
        places, reached = concentration_curve(x, t, thresholds=thresholds)
        above = places >= city[..., np.newaxis]
        area = city + np.where(above, reached, -reached).sum(axis=-1) / thresholds
    else:
        area = (shares(x) * np.abs(proportion(x, t) - city[..., np.newaxis])).sum(axis=-1)
    return ratio(area, 1 - city)


def concentration_curve(x, t, *, thresholds=101):
    r"""Concentration curve of a group.

    What part of the group lives in cells where the group's share is at least so much, threshold by threshold.

    .. math:: v(\theta) = \sum_{i:\, p_i \ge \theta} \frac{x_i}{X}

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    thresholds : int, optional
        How many, evenly spaced from 0 to 1.

    Returns
    -------
    ConcentrationCurve
        `thresholds`, shape (n_thresholds,), and `shares`, shape (..., n_thresholds), from 1 downwards. NaN where the
        group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, x exceeds t, or there are
        fewer than two thresholds.

    Notes
    -----
    The area under the whole curve is the isolation index. A small group cannot reach high thresholds in large cells:
    compare curves from cells of one size.

    Examples
    --------
    >>> curve = concentration_curve([8, 2], [10, 10], thresholds=5)
    >>> curve.thresholds.tolist(), curve.shares.tolist()
    ([0.0, 0.25, 0.5, 0.75, 1.0], [1.0, 0.8, 0.8, 0.8, 0.0])

    References
    ----------
    .. [1] Poulsen, M., Johnston, R. and Forrest, J. (2002). Plural cities and ethnic enclaves: introducing a
       measurement procedure for comparative study. International Journal of Urban and Regional Research 26(2), 229-243.
    """
    x, t = check_counts(x=x, t=t)
    if not (is_number(thresholds) and FEWEST_THRESHOLDS <= thresholds < np.inf and thresholds % 1 == 0):
        raise BadSettings(f"thresholds is {thresholds!r}; allowed is a whole number from {FEWEST_THRESHOLDS}")
    x, t = np.broadcast_arrays(x, t)
    places = np.linspace(0, 1, int(thresholds))
    last = np.searchsorted(places * (1 - ROUNDING), proportion(x, t), side="right") - 1
    rows = x.reshape(-1, x.shape[-1])
    slots = last.reshape(rows.shape) + len(places) * np.arange(len(rows))[:, np.newaxis]
    held = np.bincount(slots.ravel(), weights=rows.ravel(), minlength=len(places) * len(rows))
    reached = np.cumsum(held.reshape(-1, len(places))[:, ::-1], axis=-1)[:, ::-1].reshape(*x.shape[:-1], -1)
    return ConcentrationCurve(places, ratio(reached, total(x)))


def segregation_curve(x, y):
    r"""Segregation curve of two groups.

    The cells in order of the focal group's share, highest first: what part of either group they hold together.

    .. math:: \left( \sum_{j \le i} \frac{y_j}{Y},\ \sum_{j \le i} \frac{x_j}{X} \right), \qquad
              \frac{x_1}{t_1} \ge \frac{x_2}{t_2} \ge \dots

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.

    Returns
    -------
    SegregationCurve
        `reference` and `focal`, shape (..., n_cells + 1): from (0, 0) to (1, 1). NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    The diagonal is a city where both are spread alike. The greatest height above it is the index of dissimilarity, and
    twice the area above it the Gini index. A city whose curve lies above another's everywhere is the more uneven by
    either; where curves cross, indices may disagree. Curves of small cells and small groups lie high by chance alone.

    Examples
    --------
    >>> curve = segregation_curve([10, 30], [30, 10])
    >>> curve.reference.tolist(), curve.focal.tolist()
    ([0.0, 0.25, 1.0], [0.0, 0.75, 1.0])

    References
    ----------
    .. [1] Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes.
       American Sociological Review 20(2), 210-217.
    """
    x, y = np.broadcast_arrays(*check_counts(x=x, y=y))
    order = np.argsort(-proportion(x, x + y), axis=-1, kind="stable")
    return SegregationCurve(_cumulated(y, order), _cumulated(x, order))


def _cumulated(x, order):
    held = np.cumsum(np.take_along_axis(x, order, axis=-1), axis=-1)
    return ratio(np.concatenate([np.zeros_like(held[..., :1]), held], axis=-1), held[..., -1:])
