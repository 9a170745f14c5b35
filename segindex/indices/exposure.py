"""Exposure: who the members of a group live among."""

import numpy as np

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_apart, check_counts, proportion, ratio, shares


def isolation(x, t, *, excluding_self=False, nearby=None):
    r"""Isolation index, :math:`xPx`.

    The share of the focal group among the residents of its average member's cell.

    .. math:: xPx = \sum_i \frac{x_i}{X} \cdot \frac{x_i}{t_i}

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    excluding_self : bool, optional
        Count a member's neighbours without that member: :math:`(x_i - 1)/(t_i - 1)` in place of :math:`x_i/t_i`. Wants
        whole persons.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the share in the
        surroundings stands for :math:`x_i/t_i`. Not together with `excluding_self`.

    Returns
    -------
    ndarray, shape (...)
        From P (spread alike; below it with `nearby` or `excluding_self`) to 1 (no cell shared with others). NaN where
        the group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t; persons are
        not whole with `excluding_self`; or both options are given.

    Notes
    -----
    Rises with the group's share of the city, though nobody moves: compare cities whose groups are of like size. A
    member who lives alone in a cell meets nobody there; with `excluding_self` this counts as 0.

    Examples
    --------
    >>> float(isolation([10, 10], [20, 40]))
    0.375
    >>> float(isolation([1, 2], [2, 4], excluding_self=True)) == 2 / 3 * 1 / 3
    True

    References
    ----------
    .. [1] Bell, W. (1954). A probability model for the measurement of ecological segregation. Social Forces 32(4),
       357-364.
    """
    x, t = check_counts(x=x, t=t)
    if not excluding_self:
        return (shares(x) * proportion(x, t, nearby)).sum(axis=-1)
    _check_whole(nearby, x=x, t=t)
    return (shares(x) * ratio(x - 1, t - 1, empty=0)).sum(axis=-1)


def exposure(x, y, t, *, excluding_self=False, nearby=None):
    r"""Exposure index, :math:`xPy`.

    The share of the reference group among the residents of the focal group's average member's cell.

    .. math:: xPy = \sum_i \frac{x_i}{X} \cdot \frac{y_i}{t_i}

    Parameters
    ----------
    x, y, t : array_like, shape (..., n_cells)
        Persons of the focal group, of the reference group, and all persons, in each cell.
    excluding_self : bool, optional
        Count a member's neighbours without that member: :math:`y_i/(t_i - 1)` in place of :math:`y_i/t_i`. Wants whole
        persons, and groups that share none.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the share in the
        surroundings stands for :math:`y_i/t_i`. Not together with `excluding_self`.

    Returns
    -------
    ndarray, shape (...)
        From 0 (no shared cell) to 1. NaN where the focal group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x or y exceeds t; persons
        are not whole, or x + y exceeds t, with `excluding_self`; or both options are given.

    Notes
    -----
    Not symmetric: a small group sees much of a large one, and not the other way round. Over all groups, one's own
    included, the exposures add up to 1. Depends on the groups' sizes in the city. A member who lives alone in a cell
    meets nobody there; with `excluding_self` this counts as 0.

    Examples
    --------
    >>> float(exposure([10, 10], [5, 10], [20, 40]))
    0.25
    >>> float(exposure([1, 2], [1, 2], [2, 4], excluding_self=True)) == 1 / 3 * 1 + 2 / 3 * 2 / 3
    True

    References
    ----------
    .. [1] Bell, W. (1954). A probability model for the measurement of ecological segregation. Social Forces 32(4),
       357-364.
    .. [2] Lieberson, S. (1981). An asymmetrical approach to segregation. In Peach, C., Robinson, V. and Smith, S.
       (eds), Ethnic Segregation in Cities. Croom Helm, London, 61-82.
    """
    x, y, t = check_counts(x=x, y=y, t=t)
    if not excluding_self:
        return (shares(x) * proportion(y, t, nearby)).sum(axis=-1)
    _check_whole(nearby, x=x, y=y, t=t)
    check_apart(x, y, t)
    return (shares(x) * ratio(y, t - 1, empty=0)).sum(axis=-1)


def correlation_ratio(x, t, *, nearby=None):
    r"""Correlation ratio, :math:`\eta^2`.

    Isolation made free of the group's share of the city: how far it is above its least value, towards 1.

    .. math:: \eta^2 = \frac{xPx - P}{1 - P}

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, isolation is that
        of the surroundings.

    Returns
    -------
    ndarray, shape (...)
        From 0 (spread alike; with `nearby` it may be below) to 1 (no shared cell). NaN where the group has no members,
        or nobody else lives in the city.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t.

    Notes
    -----
    The share of the variance of belonging to the group that lies between cells. Rises as cells shrink. With `nearby` it
    is not the spatial relative diversity index, whose sum weighs all residents.

    Examples
    --------
    >>> round(float(correlation_ratio([10, 10], [20, 40])), 12)
    0.0625

    References
    ----------
    .. [1] Stearns, L. B. and Logan, J. R. (1986). Measuring trends in segregation: three dimensions, three measures.
       Urban Affairs Quarterly 22(1), 124-150.
    """
    x, t = check_counts(x=x, t=t)
    p = ratio(x.sum(axis=-1), t.sum(axis=-1))
    return ratio(isolation(x, t, nearby=nearby) - p, np.where(p < 1, 1 - p, 0))


def _check_whole(nearby, **counts):
    """Judge what `excluding_self` is given: it takes one whole person out of each cell."""
    if nearby is not None:
        raise BadSettings("excluding_self and nearby are given together; allowed is one of them")
    if any((one % 1).any() for one in counts.values()):
        names = " or ".join(counts)
        raise BadData(
            f"{names} is not whole; excluding_self takes one person out of each cell, so allowed are whole counts"
        )
