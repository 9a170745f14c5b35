"""Clustering: whether the cells where a group lives lie side by side."""

from segindex.indices._arrays import ratio
from segindex.indices._neighbours import beside_neighbours


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
