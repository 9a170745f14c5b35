"""Evenness: how unlike the groups' spread over the cells is."""

import numpy as np
from scipy.special import entr

from segindex.errors import BadSettings, is_number
from segindex.indices._arrays import check_counts, composition, mixed_as_nearby, over_groups, ratio, shares, total


def dissimilarity(x, y, *, nearby=None):
    r"""Index of dissimilarity, :math:`D`.

    The share of either group that would have to change cell for both to be spread alike.

    .. math:: D = \frac{1}{2} \sum_i \left| \frac{x_i}{X} - \frac{y_i}{Y} \right|
              = \frac{\sum_i t_i |p_i - P|}{2 T P (1 - P)}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the share in the
        surroundings stands for :math:`p_i`: the spatial index of Reardon and O'Sullivan.

    Returns
    -------
    ndarray, shape (...)
        From 0 (spread alike) to 1 (no shared cell). NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    Rises as cells shrink and as groups get small, though nothing else changes: read it beside its expected value, and
    compare only values from cells of one size. With `nearby` the city's X and Y stay its own.

    Examples
    --------
    >>> float(dissimilarity([50, 50, 0], [0, 50, 50]))
    0.5

    References
    ----------
    .. [1] Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes.
       American Sociological Review 20(2), 210-217.
    .. [2] Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation.
       Sociological Methodology 34(1), 121-162.
    """
    x, y = check_counts(x=x, y=y)
    near_x, near_y = mixed_as_nearby(x, y, nearby)
    return np.abs(ratio(near_x, total(x)) - ratio(near_y, total(y))).sum(axis=-1) / 2


def gini(x, y, *, nearby=None):
    r"""Gini index of segregation, :math:`G`.

    The mean difference between the shares of all pairs of residents' cells, relative to its greatest possible value.

    .. math:: G = \frac{\sum_{ij} t_i t_j |p_i - p_j|}{2 T^2 P (1 - P)}, \qquad t_i = x_i + y_i

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the share in the
        surroundings stands for :math:`p_i`; a pair of cells weighs :math:`t_i t_j` all the same.

    Returns
    -------
    ndarray, shape (...)
        From 0 (spread alike) to 1 (no shared cell). NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    Not the Gini coefficient of incomes. Rises as cells shrink and as groups get small. Cells are sorted by their share:
    in that order every difference has the same sign, and :math:`t_i t_j (p_j - p_i) = x_j y_i - x_i y_j`.

    Examples
    --------
    >>> float(gini([10, 30], [30, 10]))
    0.5

    References
    ----------
    .. [1] Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation.
       Social Forces 67(2), 281-315.
    """
    x, y = check_counts(x=x, y=y)
    x, y = np.broadcast_arrays(x, y)
    near_x, near_y = mixed_as_nearby(x, y, nearby)
    order = np.argsort(ratio(near_x, x + y, empty=0), axis=-1, kind="stable")
    x_sorted = np.take_along_axis(near_x, order, axis=-1)
    y_sorted = np.take_along_axis(near_y, order, axis=-1)
    x_before = np.cumsum(x_sorted, axis=-1) - x_sorted
    y_before = np.cumsum(y_sorted, axis=-1) - y_sorted
    pairs = (x_sorted * y_before - x_before * y_sorted).sum(axis=-1)
    return np.maximum(ratio(pairs, x.sum(axis=-1) * y.sum(axis=-1)), 0)


def information_theory(counts, *, nearby=None):
    r"""Theil's information theory index, :math:`H`, for two groups or more.

    How much less mixed the cells are than the city, as a share of the city's own mix (its entropy).

    .. math:: H = \sum_i \frac{t_i (E - E_i)}{T E}, \qquad E_i = -\sum_g p_{ig} \ln p_{ig}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}`; :math:`E` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell); with `nearby` it may be below 0, since the
        surroundings of a lone group can be more mixed than the city. NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    A group without members adds nothing. A cell may be more mixed than the city, and then counts against the others.
    Rises as cells shrink and as groups get small.

    Examples
    --------
    >>> float(information_theory([[10, 0], [0, 10]]))
    1.0

    References
    ----------
    .. [1] Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.
    .. [2] Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation.
       Sociological Methodology 32(1), 33-67.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city_entropy = entr(shares(counts.sum(axis=-2))).sum(axis=-1)
    cell_entropy = over_groups(entr(composition(counts, nearby)))
    return 1 - ratio((t * cell_entropy).sum(axis=-1), t.sum(axis=-1) * city_entropy)


def atkinson(x, y, *, b=0.5):
    r"""Atkinson index of segregation, :math:`A`.

    Unevenness with a say in where it counts most: in cells where the focal group is rare (b under 0.5) or common.

    .. math:: A = 1 - \frac{P}{1 - P} \left( \sum_i \frac{(1 - p_i)^{1-b} p_i^b t_i}{P T} \right)^{1/(1-b)}
              = 1 - \left( \sum_i \left( \frac{y_i}{Y} \right)^{1-b}
                \left( \frac{x_i}{X} \right)^b \right)^{1/(1-b)}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    b : float, optional
        Weight of the focal group's cells, above 0 and below 1; at 0.5 both ends count alike.

    Returns
    -------
    ndarray, shape (...)
        From 0 (spread alike) to 1 (no shared cell). NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or b is not between 0 and 1.

    Notes
    -----
    At b = 0.5 it is :math:`1 - (1 - O)^2` of the Hutchens index, so it tells nothing beside that. Values at different b
    do not compare.

    Examples
    --------
    >>> round(float(atkinson([10, 40], [40, 10])), 12)
    0.36

    References
    ----------
    .. [1] Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation.
       Social Forces 67(2), 281-315.
    """
    x, y = check_counts(x=x, y=y)
    if not (is_number(b) and 0 < b < 1):
        raise BadSettings(f"b is {b!r}; allowed is a number above 0 and below 1")
    return 1 - (shares(y) ** (1 - b) * shares(x) ** b).sum(axis=-1) ** (1 / (1 - b))


def hutchens(x, y):
    r"""Hutchens square root index, :math:`O`.

    How far the cells' numbers of the two groups are from one ratio, each cell's shortfall added up.

    .. math:: O = 1 - \sum_i \sqrt{\frac{x_i}{X} \cdot \frac{y_i}{Y}}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.

    Returns
    -------
    ndarray, shape (...)
        From 0 (spread alike) to 1 (no shared cell). NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    Adds up exactly over districts and what lies within them, as D does not. Rises as cells shrink and as groups get
    small.

    Examples
    --------
    >>> round(float(hutchens([10, 40], [40, 10])), 12)
    0.2

    References
    ----------
    .. [1] Hutchens, R. (2001). Numerical measures of segregation: desirable properties and their implications.
       Mathematical Social Sciences 42(1), 13-29.
    """
    x, y = check_counts(x=x, y=y)
    return 1 - np.sqrt(shares(x) * shares(y)).sum(axis=-1)


def gorard(x, t):
    r"""Gorard's segregation index, :math:`GS`.

    The share of the focal group that would have to change cell to be spread as all residents are.

    .. math:: GS = \frac{1}{2} \sum_i \left| \frac{x_i}{X} - \frac{t_i}{T} \right|

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.

    Returns
    -------
    ndarray, shape (...)
        From 0 (spread as all residents) to 1 - P (no cell shared with others). NaN where the group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t.

    Notes
    -----
    It is :math:`D (1 - P)` with D against all others: a large group cannot reach 1. Rises as cells shrink and as groups
    get small.

    Examples
    --------
    >>> float(gorard([10, 0], [10, 30]))
    0.75

    References
    ----------
    .. [1] Gorard, S. and Taylor, C. (2002). What is segregation? A comparison of measures in terms of 'strong' and
       'weak' compositional invariance. Sociology 36(4), 875-895.
    """
    x, t = check_counts(x=x, t=t)
    return np.abs(shares(x) - shares(t)).sum(axis=-1) / 2


def minimum_maximum(x, y, *, nearby=None):
    r"""Minimum-maximum index.

    How little the groups' surfaces overlap: what they share, as a part of what either covers, taken from 1.

    .. math:: 1 - \frac{\sum_i \min(p_{xi}, p_{yi})}{\sum_i \max(p_{xi}, p_{yi})}, \qquad p_{xi} = \frac{x_i}{X}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the surface is
        smoothed: :math:`p_{xi}` is the cell's share of :math:`\sum_i` `nearby(x)`.

    Returns
    -------
    ndarray, shape (...)
        From 0 (spread alike) to 1 (surfaces that do not overlap). NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    Without `nearby` it is :math:`2D/(1 + D)` and orders cities just as D does. With it, each surface is summed over the
    cells that are given, so that empty cells between inhabited ones matter, and what a kernel spreads beyond the city
    is left out.

    Examples
    --------
    >>> round(float(minimum_maximum([50, 50, 0], [0, 50, 50])), 4)
    0.6667

    References
    ----------
    .. [1] O'Sullivan, D. and Wong, D. W. S. (2007). A surface-based approach to measuring spatial segregation.
       Geographical Analysis 39(2), 147-168.
    """
    x, y = check_counts(x=x, y=y)
    if nearby is not None:
        x, y = np.maximum(nearby(x), 0), np.maximum(nearby(y), 0)
    share_x, share_y = shares(x), shares(y)
    return 1 - ratio(np.minimum(share_x, share_y).sum(axis=-1), np.maximum(share_x, share_y).sum(axis=-1))
