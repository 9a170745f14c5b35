"""Clustering by nearness: how much closer to one another the members of a group live than residents do.

In all of them `nearby` carries c_ij, the nearness of two cells: the literature's is exp(-d) with d in km, which is
`neighbourhood.kernel(xy, "exponential", 1000)`.
"""

import numpy as np

from segindex.indices._arrays import check_counts, proportion, ratio, shares


def mean_proximity(x, nearby):
    r"""Mean proximity within a group, :math:`P_{xx}`.

    The nearness of two members of the group, drawn at random, with replacement.

    .. math:: P_{xx} = \sum_{ij} \frac{x_i x_j c_{ij}}{X^2}

    Parameters
    ----------
    x : array_like, shape (..., n_cells)
        Persons of the focal group in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        With nearness from 0 to 1: from 0 (far from one another) to 1 (all in one cell at distance 0 from itself). NaN
        where the group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    The part that `spatial_proximity` and `relative_clustering` are made of. Its ratio to that of all residents,
    :math:`P_{xx}/P_{tt}`, is the spatial proximity of one group. Does not depend on the size of the group.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125]], "triangular", 500)
    >>> round(float(mean_proximity([1, 1, 0], near)), 12)
    0.75

    References
    ----------
    .. [1] White, M. J. (1983). The measurement of spatial segregation. American Journal of Sociology 88(5), 1008-1018.
    """
    (x,) = check_counts(x=x)
    return (shares(x) * nearby(shares(x))).sum(axis=-1)


def mean_cross_proximity(x, y, nearby):
    r"""Mean proximity between two groups, :math:`P_{xy}`.

    The nearness of a member of one group and a member of the other, each drawn at random.

    .. math:: P_{xy} = \sum_{ij} \frac{x_i y_j c_{ij}}{X Y}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        With nearness from 0 to 1: from 0 (far apart) to 1 (both in one cell at distance 0 from itself). NaN where a
        group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    Does not depend on the sizes of the groups. With a kernel it is the same from either side, for
    :math:`c_{ij} = c_{ji}`; not so with k nearest residents.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125]], "triangular", 500)
    >>> round(float(mean_cross_proximity([1, 1, 0], [0, 0, 1], near)), 12)
    0.25

    References
    ----------
    .. [1] White, M. J. (1983). The measurement of spatial segregation. American Journal of Sociology 88(5), 1008-1018.
    """
    x, y = check_counts(x=x, y=y)
    return (shares(x) * nearby(shares(y))).sum(axis=-1)


def spatial_proximity(x, y, nearby):
    r"""Spatial proximity index, :math:`SP`.

    How much nearer to one another members of the same group live than residents of both groups do, on average.

    .. math:: SP = \frac{X P_{xx} + Y P_{yy}}{T P_{tt}}, \qquad P_{gg} = \sum_{ij} \frac{g_i g_j c_{ij}}{G^2},
              \quad t_i = x_i + y_i

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        1 where the groups lie no nearer to themselves than to each other, above 1 where each clusters, below 1 where
        they mix more than chance. NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    All residents are :math:`x + y`: with a reference group that is not the rest, the others are left out. A cell's own
    weight counts, at the distance that `nearby` gives it: left at 0 m, unevenness between cells adds to the value, so
    that a checkerboard comes out a little above 1.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125], [875, 125]], "triangular", 500)
    >>> side_by_side, by_turns = ([1, 1, 0, 0], [0, 0, 1, 1]), ([1, 0, 1, 0], [0, 1, 0, 1])
    >>> [round(float(spatial_proximity(x, y, near)), 4) for x, y in (side_by_side, by_turns)]
    [1.7143, 1.1429]

    References
    ----------
    .. [1] White, M. J. (1983). The measurement of spatial segregation. American Journal of Sociology 88(5), 1008-1018.
    """
    x, y = check_counts(x=x, y=y)
    return multigroup_spatial_proximity(np.stack(np.broadcast_arrays(x, y), axis=-1), nearby)


def multigroup_spatial_proximity(counts, nearby):
    r"""Spatial proximity index of several groups.

    How much nearer to one another members of the same group live than residents do, on average over all groups.

    .. math:: SP = \sum_g \frac{X_g P_{gg}}{T P_{tt}}, \qquad P_{gg} = \sum_{ij} \frac{x_{ig} x_{jg} c_{ij}}{X_g^2}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        1 where groups lie no nearer to themselves than to each other, above 1 where they cluster, below 1 where they
        mix more than chance. NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Of two groups it is `spatial_proximity`. A group without members is left out. Large groups weigh most: a small
    group that clusters closely may hardly show.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125], [875, 125]], "triangular", 500)
    >>> round(float(multigroup_spatial_proximity([[2, 0, 0], [0, 2, 0], [0, 0, 2], [0, 0, 2]], near)), 4)
    2.0

    References
    ----------
    .. [1] White, M. J. (1983). The measurement of spatial segregation. American Journal of Sociology 88(5), 1008-1018.
    """
    (counts,) = check_counts(counts=counts)
    groups = np.moveaxis(counts, -1, -2)
    near = nearby(groups)
    members, t = groups.sum(axis=-1), groups.sum(axis=-2)
    within = ratio((groups * near).sum(axis=-1), members, empty=0).sum(axis=-1)
    among_all = ratio((t * near.sum(axis=-2)).sum(axis=-1), t.sum(axis=-1))
    return np.where((members > 0).sum(axis=-1) > 1, ratio(within, among_all), np.nan)


def absolute_clustering(x, t, nearby):
    r"""Absolute clustering index, :math:`ACL`.

    The members near a member of the group, as a share of all residents near: each less what an even spread over the
    cells would give.

    .. math:: ACL = \frac{\sum_i \frac{x_i}{X} \sum_j c_{ij} x_j - \frac{X}{n^2} \sum_{ij} c_{ij}}
                         {\sum_i \frac{x_i}{X} \sum_j c_{ij} t_j - \frac{X}{n^2} \sum_{ij} c_{ij}}

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        About 0 where the group is spread evenly over the cells, 1 where nobody else lives near it; it can be below 0.
        NaN where the group has no members, or no more residents live near it than an even spread of the group would
        bring: a large group away from the dense parts of the city.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t.

    Notes
    -----
    n is the number of cells given, so empty cells matter: give all cells of the city, or the inhabited ones, and the
    same in every year. An "even spread" is over cells, not over residents: a group spread as all residents are gets a
    value above 0 wherever residents themselves are clustered.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125], [875, 125]], "triangular", 500)
    >>> [round(float(absolute_clustering(x, [2, 2, 2, 2], near)), 4) for x in ([2, 2, 0, 0], [2, 0, 2, 0])]
    [0.7143, 0.1429]

    References
    ----------
    .. [1] Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. Social Forces 67(2),
       281-315.
    """
    x, t = check_counts(x=x, t=t)
    n = x.shape[-1]
    even = x.sum(axis=-1) * nearby(np.ones(n)).sum() / n**2
    members, residents = ((shares(x) * nearby(one)).sum(axis=-1) for one in (x, t))
    above = residents - even
    return ratio(members - even, np.where(above > 1e-9 * residents, above, 0))


def relative_clustering(x, y, nearby):
    r"""Relative clustering index, :math:`RCL`.

    How much nearer to one another the members of the focal group live than those of the reference group.

    .. math:: RCL = \frac{P_{xx}}{P_{yy}} - 1

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        0 where both groups lie equally near to themselves, above 0 where the focal group lies nearer, down to -1 where
        the reference group does. NaN where a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    Compares how compact two groups are; it does not tell whether they live apart: two solid blocks and a checkerboard
    both give 0. Unbounded above.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125]], "triangular", 500)
    >>> round(float(relative_clustering([1, 1, 0], [1, 0, 1], near)), 12)
    0.5

    References
    ----------
    .. [1] Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. Social Forces 67(2),
       281-315.
    """
    x, y = check_counts(x=x, y=y)
    return ratio(mean_proximity(x, nearby), mean_proximity(y, nearby)) - 1


def distance_decay_isolation(x, t, nearby):
    r"""Distance-decay isolation index, :math:`DP_{xx}`.

    The chance that the next resident whom a member of the group meets belongs to it, near residents being met more
    often than distant ones.

    .. math:: DP_{xx} = \sum_i \frac{x_i}{X} \sum_j K_{ij} \frac{x_j}{t_j}
                      = \sum_i \frac{x_i}{X} \cdot \frac{\sum_j c_{ij} x_j}{\sum_j c_{ij} t_j},
              \qquad K_{ij} = \frac{c_{ij} t_j}{\sum_j c_{ij} t_j}

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        From 0 to 1, the group alone in the city. NaN where the group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t.

    Notes
    -----
    It is `isolation` in the surroundings that `nearby` gives. Depends on the group's share of the city.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125], [875, 125]], "triangular", 500)
    >>> [round(float(distance_decay_isolation(x, [2, 2, 2, 2], near)), 4) for x in ([2, 2, 0, 0], [2, 0, 2, 0])]
    [0.875, 0.5833]

    References
    ----------
    .. [1] Morgan, B. S. (1983). A distance-decay based interaction index to measure residential segregation.
       Area 15(3), 211-217.
    """
    x, t = check_counts(x=x, t=t)
    return (shares(x) * proportion(x, t, nearby)).sum(axis=-1)


def distance_decay_exposure(x, y, t, nearby):
    r"""Distance-decay exposure index, :math:`DP_{xy}`.

    The chance that the next resident whom a member of the focal group meets belongs to the reference group, near
    residents being met more often than distant ones.

    .. math:: DP_{xy} = \sum_i \frac{x_i}{X} \sum_j K_{ij} \frac{y_j}{t_j}
                      = \sum_i \frac{x_i}{X} \cdot \frac{\sum_j c_{ij} y_j}{\sum_j c_{ij} t_j}

    Parameters
    ----------
    x, y, t : array_like, shape (..., n_cells)
        Persons of the focal group, of the reference group, and all persons, in each cell.
    nearby : callable
        The sum over each cell's surroundings weighted by :math:`c_{ij}`, (..., n_cells) to the same shape.

    Returns
    -------
    ndarray, shape (...)
        From 0 (nobody of the reference group within reach) to 1. NaN where the focal group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x or y exceeds t.

    Notes
    -----
    It is `exposure` in the surroundings that `nearby` gives. Over all groups, one's own included, the values add up
    to 1. Not symmetric: a small group meets much of a large one, and not the other way round.

    Examples
    --------
    >>> from segindex.neighbourhood import kernel
    >>> near = kernel([[125, 125], [375, 125], [625, 125], [875, 125]], "triangular", 500)
    >>> round(float(distance_decay_exposure([2, 2, 0, 0], [0, 0, 2, 2], [2, 2, 2, 2], near)), 4)
    0.125

    References
    ----------
    .. [1] Morgan, B. S. (1983). A distance-decay based interaction index to measure residential segregation.
       Area 15(3), 211-217.
    """
    x, y, t = check_counts(x=x, y=y, t=t)
    return (shares(x) * proportion(y, t, nearby)).sum(axis=-1)
