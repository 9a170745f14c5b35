"""Clustering by neighbours: whether the cells where a group lives lie side by side."""

import numpy as np
from scipy import sparse

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, check_share, check_weights, proportion, ratio, total
from segindex.indices._neighbours import (
    beside_neighbours,
    over_neighbours,
    rings,
    summed_differences,
    summed_weights,
    with_neighbours,
)
from segindex.indices.evenness import dissimilarity


def morans_i(share, weights, *, row_standardised=True):
    r"""Moran's :math:`I` of a group's share.

    Whether cells resemble their neighbours: the covariance of a cell's share with its neighbours' mean share, relative
    to the variance of the shares.

    .. math:: I = \frac{n}{\sum_{ij} w_{ij}} \cdot \frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2},
              \qquad z_i = p_i - \bar{p}

    Parameters
    ----------
    share : array_like, shape (..., n_cells)
        The group's share of each cell's residents, 0 to 1; NaN where nobody lives.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `neighbourhood.contiguity` gives them.
    row_standardised : bool, optional
        Divide each row of weights by its sum, so that all cells count alike.

    Returns
    -------
    ndarray, shape (...)
        About 0 where shares lie at random (its mean is then :math:`-1/(n-1)`), above 0 where like lies by like, below 0
        where unlike does. NaN where all shares are equal or no cell has a neighbour.

    Raises
    ------
    ValueError
        Shares are outside 0 to 1, there are no cells, or the weights do not fit the cells.

    Notes
    -----
    A cell without a share stays out, also as a neighbour; so does a cell that then has no neighbour. Every cell counts
    alike, however few live there: shares of tiny cells are noise, which draws the value towards 0. It can pass 1 a
    little where cells differ in their number of neighbours.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> row_of_three = csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> round(float(morans_i([0.0, 0.5, 1.0], row_of_three)), 12)
    0.0

    References
    ----------
    .. [1] Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37(1/2), 17-23.
    """
    z, neighbours, weight_sum, kept = beside_neighbours(share, weights, row_standardised)
    covariance = ratio((z * neighbours).sum(axis=-1), weight_sum.sum(axis=-1))
    return ratio(covariance, ratio((z**2).sum(axis=-1), kept.sum(axis=-1)))


def gearys_c(share, weights, *, row_standardised=True):
    r"""Geary's :math:`C` of a group's share.

    Whether cells differ from their neighbours: the mean squared difference of neighbours' shares, relative to that of
    any two cells.

    .. math:: C = \frac{n - 1}{2 \sum_{ij} w_{ij}} \cdot \frac{\sum_{ij} w_{ij} (p_i - p_j)^2}{\sum_i (p_i - \bar{p})^2}

    Parameters
    ----------
    share : array_like, shape (..., n_cells)
        The group's share of each cell's residents, 0 to 1; NaN where nobody lives.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `neighbourhood.contiguity` gives them.
    row_standardised : bool, optional
        Divide each row of weights by its sum, so that all cells count alike.

    Returns
    -------
    ndarray, shape (...)
        1 on average where shares lie at random, towards 0 where like lies by like, above 1 where unlike does. NaN where
        all shares are equal or no cell has a neighbour.

    Raises
    ------
    ValueError
        Shares are outside 0 to 1, there are no cells, or the weights do not fit the cells.

    Notes
    -----
    A cell without a share stays out, also as a neighbour; so does a cell that then has no neighbour. Runs against
    Moran's I: low is clustered. It weighs sharp borders between single cells more than I does.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> row_of_three = csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> round(float(gearys_c([0.0, 0.5, 1.0], row_of_three)), 12)
    0.5

    References
    ----------
    .. [1] Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated Statistician 5(3),
       115-145.
    """
    z, neighbours, weight_sum, kept = beside_neighbours(share, weights, row_standardised=False)
    spread = weight_sum * z**2 - 2 * z * neighbours + over_neighbours(z**2, weights) * kept
    if row_standardised:
        spread, weight_sum = ratio(spread, weight_sum, empty=0), kept
    between = ratio(spread.sum(axis=-1), 2 * weight_sum.sum(axis=-1))
    return ratio(between, ratio((z**2).sum(axis=-1), kept.sum(axis=-1) - 1))


def getis_ord_g(share, weights):
    r"""Getis-Ord general :math:`G` of a group's share.

    Which part of the products of two cells' shares comes from neighbours: whether high shares lie side by side.

    .. math:: G = \frac{\sum_{ij} w_{ij} p_i p_j}{\sum_{i \neq j} p_i p_j}

    Parameters
    ----------
    share : array_like, shape (..., n_cells)
        The group's share of each cell's residents, 0 to 1; NaN where nobody lives.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours as 0 and 1, as `neighbourhood.contiguity` gives them; they are not standardised.

    Returns
    -------
    ndarray, shape (...)
        From 0 (no two cells with members are neighbours) to 1 (all are). NaN where fewer than two cells have members,
        or no cell has a neighbour.

    Raises
    ------
    ValueError
        Shares are outside 0 to 1, there are no cells, or the weights do not fit the cells.

    Notes
    -----
    A cell without a share stays out, also as a neighbour; so does a cell that then has no neighbour. Where shares lie
    at random it is on average :math:`\sum w / (n(n-1))`, so that it tells nothing without that value beside it. Unlike
    Moran's I it tells high shares side by side from low ones side by side.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> row_of_three = csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> float(getis_ord_g([0.5, 0.5, 0.0], row_of_three)), float(getis_ord_g([0.5, 0.0, 0.5], row_of_three))
    (1.0, 0.0)

    References
    ----------
    .. [1] Getis, A. and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
       Geographical Analysis 24(3), 189-206.
    """
    share = check_share(share)
    weights = check_weights(weights, share.shape[-1])
    p = np.where(with_neighbours(~np.isnan(share), weights), share, 0)
    return ratio((p * over_neighbours(p, weights)).sum(axis=-1), (p * (total(p) - p)).sum(axis=-1))


def adjusted_dissimilarity(x, y, weights, *, order=1):
    r"""Dissimilarity adjusted for neighbours, :math:`D(adj)`.

    Dissimilarity less the mean difference between neighbouring cells: what of it people meet across a border.

    .. math:: D(adj) = D - \frac{\sum_{ij} c_{ij} |p_i - p_j|}{\sum_{ij} c_{ij}}, \qquad p_i = \frac{x_i}{x_i + y_i}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `neighbourhood.contiguity` gives them.
    order : int, optional
        Up to how many steps from neighbour to neighbour away two cells are compared. Cells k steps apart have a mean of
        their own, which is taken off :math:`e^{1-k}` times: with order 2, first neighbours count once, and their
        neighbours .368 times.

    Returns
    -------
    ndarray, shape (...)
        From -1 (with a higher order it may be below) to 1: at most D, which it is where neighbours are alike. NaN where
        a group has no members, or no two cells with members are neighbours.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes or weights do not fit, or the order
        is no whole number from 1.

    Notes
    -----
    Cells where neither group lives have no p: pairs with one of them are in neither sum. (OasisR keeps such pairs in
    the sum below the line, with a difference of 0 above it.) Every pair counts alike, however few live there, so that a
    few small cells of one group move it much. Morrill's index is of order 1; higher orders, and their weight, are
    Tivadar's. Steps may lead through cells where nobody lives. From order 2 on, all neighbours count as one step,
    whatever their weight.

    Examples
    --------
    >>> from segindex.neighbourhood import contiguity
    >>> row_of_four = contiguity([[125, 125], [375, 125], [625, 125], [875, 125]], "rook")
    >>> side_by_side, by_turns = ([2, 2, 0, 0], [0, 0, 2, 2]), ([2, 0, 2, 0], [0, 2, 0, 2])
    >>> [round(float(adjusted_dissimilarity(x, y, row_of_four)), 4) for x, y in (side_by_side, by_turns)]
    [0.6667, 0.0]

    References
    ----------
    .. [1] Morrill, R. L. (1991). On the measure of geographic segregation. Geography Research Forum 11, 25-36.
    .. [2] Tivadar, M. (2019). OasisR: an R package to bring some order to the world of segregation measurement.
       Journal of Statistical Software 89(7), 1-39.
    """
    x, y = check_counts(x=x, y=y)
    weights = check_weights(weights, x.shape[-1])
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or order < 1:
        raise BadSettings(f"order is {order!r}; allowed are whole numbers from 1")
    p, kept = proportion(x, x + y), x + y > 0
    adjusted = dissimilarity(x, y)
    for steps, apart in enumerate(rings(weights, order), start=1):
        nothing = np.nan if steps == 1 else 0
        difference = ratio(summed_differences(p, kept, apart), summed_weights(kept, apart), empty=nothing)
        adjusted = adjusted - np.exp(1 - steps) * difference
    return adjusted


def boundary_dissimilarity(x, y, weights, *, area=None, perimeter=None):
    r"""Dissimilarity adjusted for boundaries, :math:`D(w)` and :math:`D(s)`.

    Dissimilarity less the mean difference between cells on either side of a boundary, each metre counting alike; with
    land areas, compact cells count less, for fewer of their residents live at the boundary.

    .. math:: D(w) = D - \sum_{ij} w_{ij} |p_i - p_j|, \qquad w_{ij} = \frac{d_{ij}}{\sum_{ij} d_{ij}}

    .. math:: D(s) = D - \sum_{ij} w_{ij} |p_i - p_j| \cdot \frac{P_i/A_i + P_j/A_j}{2 \max_i (P_i/A_i)}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    weights : sparse matrix, shape (n_cells, n_cells)
        The length of the boundary that two cells share, in metres, as `neighbourhood.boundary` gives it.
    area : array_like, shape (n_cells,), optional
        Land area of each cell in m². Without it the value is D(w), with it D(s).
    perimeter : array_like, shape (n_cells,), optional
        Perimeter of each cell in metres; left out, the length of all boundaries that it shares. Only with `area`.

    Returns
    -------
    ndarray, shape (...)
        From -1 to 1: at most D, which it is where neighbours are alike. D(s) is at least D(w). NaN where a group has no
        members, or no two cells with members share a boundary.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes or weights do not fit, an inhabited
        cell has no area, or a perimeter is given without areas.

    Notes
    -----
    The weights add up to 1 over all pairs, in both directions: with the sum over one cell's neighbours, as the paper
    prints it, much more than D would be taken off. Cells where neither group lives have no p: pairs with one of them
    enter no sum, and its P/A is not the largest; the boundary with it remains a part of its neighbour's perimeter. On a
    grid of whole cells D(w) is `adjusted_dissimilarity` with rook neighbours.

    Examples
    --------
    >>> from segindex.neighbourhood import boundary
    >>> row_of_four = boundary([[125, 125], [375, 125], [625, 125], [875, 125]])
    >>> round(float(boundary_dissimilarity([2, 2, 0, 0], [0, 0, 2, 2], row_of_four)), 4)
    0.6667
    >>> land = [62500, 31250, 62500, 62500]
    >>> round(float(boundary_dissimilarity([2, 2, 0, 0], [0, 0, 2, 2], row_of_four, area=land)), 4)
    0.75

    References
    ----------
    .. [1] Wong, D. W. S. (1993). Spatial indices of segregation. Urban Studies 30(3), 559-572.
    """
    if perimeter is not None and area is None:
        raise BadSettings("perimeter is given without area; allowed are both, area alone, or neither")
    given = {name: values for name, values in (("area", area), ("perimeter", perimeter)) if values is not None}
    x, y, *shape = check_counts(x=x, y=y, **given)
    weights = check_weights(weights, x.shape[-1])
    p, kept = proportion(x, x + y), x + y > 0
    difference = summed_differences(p, kept, weights)
    if shape:
        edge = _perimeter_by_area(weights, kept, *shape)
        both_edges = sparse.diags_array(edge) @ weights + weights @ sparse.diags_array(edge)
        longest = np.where(kept, edge, 0).max(axis=-1)
        difference = ratio(summed_differences(p, kept, both_edges), 2 * longest)
    return dissimilarity(x, y) - ratio(difference, summed_weights(kept, weights))


def _perimeter_by_area(weights, kept, area, perimeter=None):
    """Metres of perimeter a square metre of land, of each cell; 0 where there is no land."""
    if perimeter is None:
        perimeter = np.asarray(weights.sum(axis=1)).ravel()
    for name, values in (("area", area), ("perimeter", perimeter)):
        if values.ndim != 1:
            raise BadData(f"{name} has shape {values.shape}; allowed is one number a cell, ({kept.shape[-1]},)")
    without = np.flatnonzero(kept.any(axis=tuple(range(kept.ndim - 1))) & (area == 0))
    if without.size:
        raise BadData(
            f"area is 0 for {without.size} inhabited cells, first cell {without[0]}; allowed is more than 0 m2"
        )
    return ratio(perimeter, area, empty=0)
