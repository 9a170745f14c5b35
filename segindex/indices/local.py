"""Local values: one a cell, where the city's one value comes from."""

import numpy as np
from scipy.special import entr, rel_entr

from segindex.indices._arrays import (
    check_apart,
    check_counts,
    composition,
    interaction,
    mixed,
    mixed_as_nearby,
    over_groups,
    proportion,
    ratio,
    shares,
    total,
)
from segindex.indices._neighbours import beside_neighbours


def local_morans_i(share, weights, *, row_standardised=True):
    r"""Local Moran's :math:`I_i` of a group's share.

    Whether a cell resembles its neighbours: its distance from the mean share times its neighbours' distance, relative
    to the variance.

    .. math:: I_i = \frac{z_i}{m_2} \sum_j w_{ij} z_j, \qquad z_i = p_i - \bar{p}, \quad m_2 = \frac{1}{n} \sum_i z_i^2

    Parameters
    ----------
    share : array_like, shape (..., n_cells)
        The group's share of each cell's residents, 0 to 1; NaN where nobody lives.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `neighbourhood.contiguity` gives them.
    row_standardised : bool, optional
        Divide each row of weights by its sum.

    Returns
    -------
    ndarray, shape (..., n_cells)
        Above 0 where a cell and its neighbours lie on one side of the mean, below 0 where they lie on different sides.
        NaN for a cell without a share or without a neighbour, and everywhere if all shares are equal.

    Raises
    ------
    ValueError
        Shares are outside 0 to 1, there are no cells, or the weights do not fit the cells.

    Notes
    -----
    Row-standardised, the mean of the values is Moran's I. A high value is no finding by itself:
    `inference.local_clusters` tests it, on rates that allow for the cells' populations. :math:`m_2` divides by n; GeoDa
    divides by n - 1.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> two_pairs = csr_array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
    >>> local_morans_i([0.0, 0.4, 1.0, 1.0], two_pairs).round(3).tolist()
    [0.667, 0.667, 0.889, 0.889]

    References
    ----------
    .. [1] Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.
    """
    z, neighbours, _, kept = beside_neighbours(share, weights, row_standardised)
    variance = ratio((z**2).sum(axis=-1), kept.sum(axis=-1))
    return np.where(kept, ratio(z * neighbours, variance[..., np.newaxis]), np.nan)


def location_quotient(x, t, *, nearby=None):
    r"""Location quotient, :math:`LQ_i`.

    How many times the group's share of the city its share of the cell is.

    .. math:: LQ_i = \frac{x_i / t_i}{X / T}

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the focal group, and all persons, in each cell.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the share in the
        surroundings stands for :math:`x_i/t_i`; X and T stay the city's own.

    Returns
    -------
    ndarray, shape (..., n_cells)
        1 where the group's share is the city's, 0 where the group is absent, at most T / X. NaN where nobody lives, and
        everywhere if the group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t.

    Notes
    -----
    Its mean over all residents is 1. Not symmetric: a half and a double share are as far from 1 as their logarithms.

    Examples
    --------
    >>> location_quotient([10, 10], [20, 60]).round(6).tolist()
    [2.0, 0.666667]

    References
    ----------
    .. [1] Brown, L. A. and Chung, S.-Y. (2006). Spatial segregation, segregation indices and the geographical
       perspective. Population, Space and Place 12(2), 125-143.
    """
    x, t = check_counts(x=x, t=t)
    return ratio(_where_lived(proportion(x, t, nearby), t), ratio(total(x), total(t)))


def concentration_at_extremes(x, y, t, *, nearby=None):
    r"""Index of concentration at the extremes, :math:`ICE`.

    How far the residents of a cell are all of one end of a scale, such as high income, or all of the other.

    .. math:: ICE_i = \frac{x_i - y_i}{t_i}

    Parameters
    ----------
    x, y, t : array_like, shape (..., n_cells)
        Persons of the advantaged group, of the disadvantaged group, and all persons, in each cell; the two groups share
        no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell.

    Returns
    -------
    ndarray, shape (..., n_cells)
        From -1 (all are disadvantaged) to 1 (all are advantaged). NaN where nobody lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, x or y exceeds t, or their
        sum does.

    Notes
    -----
    0 where both ends are of one size, be they large or absent. Its mean over all residents is (X - Y)/T, whatever the
    segregation: a margin of the city.

    Examples
    --------
    >>> concentration_at_extremes([10, 0, 5], [0, 10, 5], [20, 10, 20]).tolist()
    [0.5, -1.0, 0.0]

    References
    ----------
    .. [1] Massey, D. S. (2001). The prodigal paradigm returns: ecology comes back to sociology. In Booth, A. and
       Crouter, A. C. (eds), Does It Take a Village? Lawrence Erlbaum, Mahwah, 41-48.
    """
    x, y, t = check_counts(x=x, y=y, t=t)
    check_apart(x, y, t)
    return _where_lived(proportion(x, t, nearby) - proportion(y, t, nearby), t)


def local_dissimilarity(x, y, *, nearby=None):
    r"""Each cell's part in the index of dissimilarity, :math:`D_i`.

    Half the difference of the shares of the two groups that live in the cell.

    .. math:: D_i = \frac{1}{2} \left| \frac{x_i}{X} - \frac{y_i}{Y} \right|, \qquad \sum_i D_i = D

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the parts are
        those of the spatial index.

    Returns
    -------
    ndarray, shape (..., n_cells)
        From 0 (the city's mix, or nobody) up; the sum over the cells is D. NaN everywhere if a group has no members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, or the cell axes differ.

    Notes
    -----
    A part, not a density: a cell of many residents has a large one. Divide by the cell's share of all residents to
    compare cells.

    Examples
    --------
    >>> local_dissimilarity([50, 50, 0], [0, 50, 50]).tolist()
    [0.25, 0.0, 0.25]

    References
    ----------
    .. [1] Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes.
       American Sociological Review 20(2), 210-217.
    """
    x, y = check_counts(x=x, y=y)
    near_x, near_y = mixed_as_nearby(x, y, nearby)
    return np.abs(ratio(near_x, total(x)) - ratio(near_y, total(y))) / 2


def local_entropy(counts, *, nearby=None):
    r"""Entropy of each cell's residents, :math:`E_i`, in nats.

    How mixed the residents of a cell are.

    .. math:: E_i = -\sum_g p_{ig} \ln p_{ig}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell.

    Returns
    -------
    ndarray, shape (..., n_cells)
        From 0 (one group) to :math:`\ln K` (K groups of one size). NaN where nobody lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Says nothing of which group lives there. Its mean over all residents is the city's entropy less M. Low by chance
    where few live.

    Examples
    --------
    >>> local_entropy([[10, 0], [5, 5]]).round(6).tolist()
    [0.0, 0.693147]

    References
    ----------
    .. [1] Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.
    """
    (counts,) = check_counts(counts=counts)
    return _where_lived(over_groups(entr(composition(counts, nearby))), over_groups(counts))


def local_simpson(counts, *, nearby=None):
    r"""Simpson's diversity of each cell, :math:`I_i`.

    The chance that two residents drawn from a cell belong to different groups.

    .. math:: I_i = 1 - \lambda_i = \sum_g p_{ig} (1 - p_{ig})

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell.

    Returns
    -------
    ndarray, shape (..., n_cells)
        From 0 (one group) to 1 - 1/K (K groups of one size). NaN where nobody lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Drawn with replacement: a single resident gives 0, and small cells are low by chance. Its mean over all residents is
    the city's times 1 - R, R the relative diversity index.

    Examples
    --------
    >>> local_simpson([[10, 0], [5, 5]]).tolist()
    [0.0, 0.5]

    References
    ----------
    .. [1] Simpson, E. H. (1949). Measurement of diversity. Nature 163, 688.
    """
    (counts,) = check_counts(counts=counts)
    return _where_lived(interaction(composition(counts, nearby)), over_groups(counts))


def local_divergence(counts, *, nearby=None):
    r"""Divergence of each cell from the city, in nats.

    How surprising a cell's residents are to who knows the city alone.

    .. math:: D_i = \sum_g p_{ig} \ln \frac{p_{ig}}{P_g}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}`; :math:`P_g` stays the city's own.

    Returns
    -------
    ndarray, shape (..., n_cells)
        From 0 (the city's mix) to :math:`-\ln P_g` of the smallest group (all are of it). NaN where nobody lives, and
        everywhere if fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Its mean over all residents is the divergence index. Does not say which group is over its share.

    Examples
    --------
    >>> local_divergence([[10, 0], [0, 30]]).round(6).tolist()
    [1.386294, 0.287682]

    References
    ----------
    .. [1] Roberto, E. (2015). The Divergence Index: a decomposable measure of segregation and inequality.
       arXiv:1508.01167.
    """
    (counts,) = check_counts(counts=counts)
    city = shares(counts.sum(axis=-2))[..., np.newaxis, :]
    surprise = over_groups(rel_entr(composition(counts, nearby), city))
    return _where_lived(np.where(mixed(city), surprise, np.nan), over_groups(counts))


def local_segregation(counts):
    r"""Local segregation of each cell, :math:`ls_i`, the mutual information index by cell, in nats.

    How much more is known of a resident's group if this cell is known to be his or hers.

    .. math:: ls_i = \sum_g p_{ig} \ln \frac{p_{ig}}{P_g}, \qquad M = \sum_i \frac{t_i}{T} ls_i

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.

    Returns
    -------
    ndarray, shape (..., n_cells)
        From 0 (the city's mix) up. NaN where nobody lives, and everywhere if fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    The same number as the local divergence; it has no spatial form, since M with surroundings is no mean of it. With
    the axes of `counts` exchanged it is the local segregation of each group.

    Examples
    --------
    >>> local_segregation([[10, 0], [5, 15]]).round(6).tolist()
    [0.693147, 0.130812]

    References
    ----------
    .. [1] Mora, R. and Ruiz-Castillo, J. (2011). Entropy-based segregation indices. Sociological Methodology 41(1),
       159-194.
    .. [2] Elbers, B. (2021). A method for studying differences in segregation across time and space. Sociological
       Methods & Research 52(1), 5-42.
    """
    return local_divergence(counts)


def local_information_theory(counts, *, nearby=None):
    r"""Information theory index of each cell, :math:`H_i`.

    How much less mixed a cell is than the city, as a share of the city's own mix.

    .. math:: H_i = \frac{E - E_i}{E}, \qquad H = \sum_i \frac{t_i}{T} H_i

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for those of the cell; :math:`E` stays the city's own.

    Returns
    -------
    ndarray, shape (..., n_cells)
        1 (one group) and less, 0 (as mixed as the city), below 0 (more mixed). NaN where nobody lives, and everywhere
        if fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Its mean over all residents is H. A cell of 0 may hold quite other groups than the city: see the local divergence.

    Examples
    --------
    >>> local_information_theory([[10, 0], [0, 5], [5, 10]]).round(6).tolist()
    [1.0, 1.0, 0.081704]

    References
    ----------
    .. [1] Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.
    .. [2] Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation.
       Sociological Methodology 34(1), 121-162.
    """
    (counts,) = check_counts(counts=counts)
    city_entropy = entr(shares(counts.sum(axis=-2))).sum(axis=-1, keepdims=True)
    cell_entropy = over_groups(entr(composition(counts, nearby)))
    return _where_lived(1 - ratio(cell_entropy, city_entropy), over_groups(counts))


def _where_lived(values, t):
    """The values of the cells where somebody lives, NaN of the others."""
    return np.where(t > 0, values, np.nan)
