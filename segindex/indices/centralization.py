"""Centralization: how near the city's centre a group lives."""

import numpy as np

from segindex.indices._arrays import check_area, check_counts, check_distance, shares
from segindex.indices._ascending import ascending


def absolute_centralization(x, area, distance):
    r"""Absolute centralization index, :math:`ACE`.

    How much likelier it is that a member of the group lives nearer the centre than a random piece of land lies, than
    that it is the other way round.

    .. math:: ACE = \sum_i X_{i-1} A_i - \sum_i X_i A_{i-1}

    with :math:`X_i` and :math:`A_i` the shares of the group and of the land that lie no farther than the i-th distance.

    Parameters
    ----------
    x : array_like, shape (..., n_cells)
        Persons of the focal group in each cell; all cells of the city, empty ones too.
    area : array_like, shape (n_cells,)
        Land area of each cell, m2.
    distance : array_like, shape (n_cells,)
        Metres from each cell to the centre, or to the nearest of several: `neighbourhood.distance_to`.

    Returns
    -------
    ndarray, shape (...)
        From -1 (farthest from the centre) over 0 (at every distance as densely) to 1 (nearest). NaN where the group has
        no members.

    Raises
    ------
    ValueError
        Counts, areas or distances are negative, missing or infinite, there are no cells or no land, or the cell axes
        differ.

    Notes
    -----
    Cells at one distance are taken together; otherwise the value would depend on their order, as it does in other
    software, and on a grid ties are everywhere. Distances that differ by less than a billionth are one. Land where
    nobody lives counts. Cities are densest at the centre: read a group's value beside the whole city's,
    `absolute_centralization(t, area, distance)`.

    Examples
    --------
    >>> float(absolute_centralization([30, 10, 0], [1, 1, 2], [0, 250, 500]))
    0.625

    References
    ----------
    .. [1] Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. Social Forces 67(2),
       281-315.
    """
    [x] = check_counts(x=x)
    area = check_area(area, x.shape[-1])
    return _nearer_less_farther(x, area, check_distance(distance, x.shape[-1]))


def relative_centralization(x, y, distance):
    r"""Relative centralization index, :math:`RCE`.

    How much likelier it is that a member of the focal group lives nearer the centre than a member of the reference
    group, than that it is the other way round.

    .. math:: RCE = \sum_i X_{i-1} Y_i - \sum_i X_i Y_{i-1}

    with :math:`X_i` and :math:`Y_i` the shares of the groups that live no farther than the i-th distance.

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    distance : array_like, shape (n_cells,)
        Metres from each cell to the centre, or to the nearest of several: `neighbourhood.distance_to`.

    Returns
    -------
    ndarray, shape (...)
        From -1 (all of the focal group live farther than all of the reference group) over 0 (neither is nearer) to 1
        (all nearer). NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts or distances are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    Cells at one distance are taken together; otherwise the value would depend on their order, and on a grid ties are
    everywhere. Distances that differ by less than a billionth are one. The value turns its sign when the groups change
    places. The local index of Folch and Rey [2]_ is this one with a place of interest as the centre,
    `relative_centralization(x, y, distance_to(xy, place))`; for all n cells as centres it costs n^2 log n.

    Examples
    --------
    >>> float(relative_centralization([30, 10, 0], [0, 10, 30], [0, 250, 500]))
    0.9375
    >>> float(relative_centralization([30, 10, 0], [0, 10, 30], [500, 500, 250]))
    -0.75

    References
    ----------
    .. [1] Duncan, O. D. and Duncan, B. (1955). Residential distribution and occupational stratification. American
       Journal of Sociology 60(5), 493-503.
    .. [2] Folch, D. C. and Rey, S. J. (2016). The centralization index: a measure of local spatial segregation. Papers
       in Regional Science 95(3), 555-576.
    """
    x, y = check_counts(x=x, y=y)
    return _nearer_less_farther(x, y, check_distance(distance, x.shape[-1]))


def _nearer_less_farther(x, y, distance):
    """The sum over rings of X_(i-1) Y_i - X_i Y_(i-1), which is X_i y_i - x_i Y_i as X_(i-1) = X_i - x_i."""
    _, x, y = ascending(distance, x, y)
    x, y = shares(x), shares(y)
    return (np.cumsum(x, axis=-1) * y - x * np.cumsum(y, axis=-1)).sum(axis=-1)
