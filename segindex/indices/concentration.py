"""Concentration: how little land a group lives on."""

import numpy as np

from segindex.errors import BadData
from segindex.indices._arrays import check_area, check_counts, ratio, shares, total
from segindex.indices._ascending import all_same, ascending


def delta(x, area):
    r"""Delta, the concentration index, :math:`\Delta`.

    The share of the group that would have to change cell for it to live equally densely everywhere.

    .. math:: \Delta = \frac{1}{2} \sum_i \left| \frac{x_i}{X} - \frac{a_i}{A} \right|

    Parameters
    ----------
    x : array_like, shape (..., n_cells)
        Persons of the focal group in each cell; all cells of the city, empty ones too.
    area : array_like, shape (n_cells,)
        Land area of each cell, m2.

    Returns
    -------
    ndarray, shape (...)
        From 0 (one density everywhere) towards 1 (all on next to no land). NaN where the group has no members.

    Raises
    ------
    ValueError
        Counts or areas are negative, missing or infinite, there are no cells or no land, or the cell axes differ.

    Notes
    -----
    Land where nobody lives counts: leaving empty cells out lowers the value. Of all indices of concentration this one
    alone is defined where all areas are equal: it is then a matter of density alone, and the whole city's value,
    `delta(t, area)`, is what a group's should be read beside.

    Examples
    --------
    >>> float(delta([30, 10, 0], [1, 1, 2]))
    0.5

    References
    ----------
    .. [1] Duncan, O. D., Cuzzort, R. P. and Duncan, B. (1961). Statistical Geography: Problems in Analyzing Areal Data.
       Free Press, Glencoe, Illinois.
    """
    [x] = check_counts(x=x)
    area = check_area(area, x.shape[-1])
    return np.abs(shares(x) - shares(area)).sum(axis=-1) / 2


def absolute_concentration(x, t, area, *, whole=False):
    r"""Absolute concentration index, :math:`ACO`.

    How small the group's average member's cell is, on the scale from the largest cells that the group could fill (0) to
    the smallest (1).

    .. math:: ACO = 1 - \frac{\sum_i x_i a_i / X - m_1}{m_2 - m_1}

    where :math:`m_1` (:math:`m_2`) is the mean area, weighted by residents, of the smallest (largest) cells that hold
    :math:`X` residents.

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    area : array_like, shape (n_cells,)
        Land area of each cell, m2.
    whole : bool, optional
        Let the last of the smallest (largest) cells enter whole, with all other cells of its area, in place of the part
        that makes exactly :math:`X`.

    Returns
    -------
    ndarray, shape (...)
        From 0 (in the largest cells) to 1 (in the smallest); with `whole` it may leave these bounds. NaN where the
        group has no members, where everyone is a member, or where all inhabited cells are equal in area.

    Raises
    ------
    ValueError
        Counts or areas are negative, missing or infinite, there are no cells, the cell axes differ, x exceeds t, or all
        areas are equal.

    Notes
    -----
    Where all areas are equal the index is 0/0: a grid needs its cells' land area, and then tells who lives where water
    takes a part of the cells. Areas that differ by less than a billionth count as equal. Massey and Denton fill the
    ends with whole cells (`whole`), so that their :math:`m_1` and :math:`m_2` rest on more than :math:`X` residents
    and, where areas tie, on the order of the cells unless equal ones are taken together, as here.

    Examples
    --------
    >>> float(absolute_concentration([3, 0, 1], [4, 4, 4], [1, 2, 3]))
    0.75
    >>> round(float(absolute_concentration([3, 0, 2], [4, 4, 4], [1, 2, 3])), 3)
    0.625
    >>> round(float(absolute_concentration([3, 0, 2], [4, 4, 4], [1, 2, 3], whole=True)), 3)
    0.7

    References
    ----------
    .. [1] Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. Social Forces 67(2),
       281-315.
    """
    x, t = check_counts(x=x, t=t)
    a, x, t = ascending(_check_unequal(area, x.shape[-1]), x, t)
    smallest, largest = _mean_area_of_the_ends(x, t, a, whole)
    return 1 - ratio(_mean_area(x, a) - smallest, largest - smallest)


def relative_concentration(x, y, t, area, *, whole=False):
    r"""Relative concentration index, :math:`RCO`.

    How much smaller the focal group's average member's cell is than the reference group's, relative to the difference
    between the smallest and the largest cells that the focal group could fill.

    .. math:: RCO = \left( \frac{\sum_i x_i a_i / X}{\sum_i y_i a_i / Y} - 1 \right) \bigg/
              \left( \frac{m_1}{m_2} - 1 \right)

    where :math:`m_1` (:math:`m_2`) is the mean area, weighted by residents, of the smallest (largest) cells that hold
    :math:`X` residents.

    Parameters
    ----------
    x, y, t : array_like, shape (..., n_cells)
        Persons of the focal group, of the reference group, and all persons, in each cell.
    area : array_like, shape (n_cells,)
        Land area of each cell, m2.
    whole : bool, optional
        Let the last of the smallest (largest) cells enter whole, with all other cells of its area, in place of the part
        that makes exactly :math:`X`.

    Returns
    -------
    ndarray, shape (...)
        Above 0 where the focal group lives in smaller cells than the reference group, 0 where both live in cells of the
        same mean area, below 0, and without limit, where in larger. NaN where a group has no members, where everyone is
        a member of the focal group, or where all inhabited cells are equal in area.

    Raises
    ------
    ValueError
        Counts or areas are negative, missing or infinite, there are no cells, the cell axes differ, x or y exceeds t,
        or all areas are equal.

    Notes
    -----
    Both ends are cut at :math:`X`, the focal group's size. So the value is at most 1 where the reference group is not
    the smaller one; where it is, or with `whole`, the value may pass 1. Areas are judged as for the absolute index.

    Examples
    --------
    >>> round(float(relative_concentration([4, 0, 0], [0, 4, 4], [4, 4, 4], [1, 2, 6])), 12)
    0.9

    References
    ----------
    .. [1] Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. Social Forces 67(2),
       281-315.
    """
    x, y, t = check_counts(x=x, y=y, t=t)
    a, x, y, t = ascending(_check_unequal(area, x.shape[-1]), x, y, t)
    smallest, largest = _mean_area_of_the_ends(x, t, a, whole)
    return ratio(ratio(_mean_area(x, a), _mean_area(y, a)) - 1, ratio(smallest, largest) - 1)


def _check_unequal(area, n_cells):
    area = check_area(area, n_cells)
    if all_same(area):
        raise BadData(
            f"area is {area[0]:g} in all {n_cells} cells, and the index 0/0; allowed are areas that differ: the land "
            f"area of each cell of a grid"
        )
    return area


def _mean_area(persons, a):
    return ratio((persons * a).sum(axis=-1), persons.sum(axis=-1))


def _mean_area_of_the_ends(x, t, a, whole):
    """The mean areas of the smallest and of the largest cells that hold X residents; NaN where they are the same ones.

    All are given by ascending area `a`. Residents who are the same at both ends make 0/0 of the index: they are told by
    their numbers, as the difference of the two means would be what rounding leaves of it.
    """
    X = total(x)
    first, last = _filled(t, X, whole), _filled(t[..., ::-1], X, whole)[..., ::-1]
    same = (first == last).all(axis=-1) | (x == t).all(axis=-1)
    return (np.where(same, np.nan, _mean_area(residents, a)) for residents in (first, last))


def _filled(t, X, whole):
    """Of the residents in each place those who are among the first X; or all, where one of them is."""
    before = np.cumsum(t, axis=-1) - t
    return np.where(before < X, t, 0) if whole else np.clip(X - before, 0, t)
