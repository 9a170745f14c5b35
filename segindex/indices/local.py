"""Local values: one a cell, where the city's one value comes from."""

import numpy as np

from segindex.indices._arrays import ratio
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
