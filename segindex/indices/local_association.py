"""Local values of surroundings (Gi, Gi*) and of differences (Geary): one a cell."""

import numpy as np
from scipy import sparse

from segindex.indices._arrays import check_share, check_weights, ratio, total
from segindex.indices._neighbours import deviations, over_neighbours, patterns, with_neighbours


def getis_ord(share, weights, *, star=False):
    r"""Getis and Ord's :math:`G_i`, or :math:`G_i^*`, as a z value.

    Whether the group's share around a cell is high (a hot spot) or low (a cold spot) for the city, in units of what
    chance would give; with `star` the cell itself counts to its surroundings.

    .. math:: G_i = \frac{\sum_j w_{ij} p_j - W_i \bar{p}(i)}
              {s(i) \sqrt{[(n - 1) S_{1i} - W_i^2] / (n - 2)}}, \qquad
              W_i = \sum_j w_{ij}, \quad S_{1i} = \sum_j w_{ij}^2

    with the mean :math:`\bar{p}(i)` and the variance :math:`s^2(i)` of the other cells; :math:`G_i^*` sums over
    :math:`j = i` too, with the mean and the variance of all cells, n in place of n - 1, and n - 1 in place of n - 2.

    Parameters
    ----------
    share : array_like, shape (..., n_cells)
        The group's share of each cell's residents, 0 to 1; NaN where nobody lives.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `neighbourhood.contiguity` gives them, or with a weight each.
    star : bool, optional
        Let the cell count among its own surroundings.

    Returns
    -------
    ndarray, shape (..., n_cells)
        Above 0 where the share around is high, below 0 where it is low. NaN for a cell without a share or without a
        neighbour, where all cells that could lie around are alike, and where all of them do lie around.

    Raises
    ------
    ValueError
        Shares are outside 0 to 1, there are no cells, or the weights do not fit the cells.

    Notes
    -----
    Multiplying a row of weights changes nothing: row-standardised weights give the same values. The cell's own weight
    in :math:`G_i^*` is that of its neighbours; where these differ it is the largest of them, as in esda. The z value
    is no test: it takes sums of a few skewed shares for normal. `inference.local_clusters` tests by permutation.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> row = csr_array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> getis_ord([0.5, 0.5, 0.0, 0.0], row).round(3).tolist()
    [1.414, 0.707, -0.707, -1.414]
    >>> getis_ord([0.5, 0.5, 0.0, 0.0], row, star=True).round(3).tolist()
    [1.732, 1.0, -1.0, -1.732]

    References
    ----------
    .. [1] Getis, A. and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
       Geographical Analysis 24(3), 189-206.
    .. [2] Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27(4), 286-306.
    """
    share = check_share(share)
    return _of_neighbours(around, share, check_weights(weights, share.shape[-1]), star)


def local_geary(share, weights, *, row_standardised=True):
    r"""Local Geary's :math:`c_i` of a group's share.

    How far a cell's share lies from its neighbours' shares: their squared differences, relative to the variance.

    .. math:: c_i = \frac{1}{s^2} \sum_j w_{ij} (p_i - p_j)^2, \qquad s^2 = \frac{1}{n - 1} \sum_i (p_i - \bar{p})^2

    Parameters
    ----------
    share : array_like, shape (..., n_cells)
        The group's share of each cell's residents, 0 to 1; NaN where nobody lives.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `neighbourhood.contiguity` gives them, or with a weight each.
    row_standardised : bool, optional
        Divide each row of weights by its sum.

    Returns
    -------
    ndarray, shape (..., n_cells)
        From 0 (neighbours like the cell); about 2 is what chance gives, row-standardised. NaN for a cell without a
        share or without a neighbour, and everywhere if all shares are equal.

    Raises
    ------
    ValueError
        Shares are outside 0 to 1, there are no cells, or the weights do not fit the cells.

    Notes
    -----
    Row-standardised, the mean of the values is twice Geary's C; for this the variance divides by n - 1, as in spdep and
    GeoDa, while local Moran's I divides by n. A low value tells that neighbours are alike, not whether their shares are
    high, low or average. `inference.local_clusters` tests it.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> row = csr_array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> local_geary([0.5, 0.5, 0.0, 0.0], row).round(3).tolist()
    [0.0, 1.5, 1.5, 0.0]

    References
    ----------
    .. [1] Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.
    .. [2] Anselin, L. (2019). A local indicator of multivariate spatial association: extending Geary's c. Geographical
       Analysis 51(2), 133-150.
    """
    share = check_share(share)
    return _of_neighbours(differences, share, check_weights(weights, share.shape[-1]), row_standardised)


def relative(weights):
    """Each row of weights in units of its largest; rows of one weight (to rounding) become exactly 1, zeros go."""
    weights = sparse.csr_array(weights, dtype=float, copy=True)
    weights.eliminate_zeros()
    weights.sum_duplicates()
    weights.data /= np.repeat(weights.max(axis=1).toarray().ravel(), np.diff(weights.indptr))
    weights.data[np.abs(weights.data - 1) < 1e-12] = 1
    return weights


def around(values, weights, star):
    """Gi or Gi* as z for (n_rows, n_cells) of any values, all of them with neighbours."""
    weights = relative(weights)
    z = deviations(values, np.ones(values.shape, dtype=bool))
    near, weight, squared = over_neighbours(z, weights), weights.sum(axis=1), weights.power(2).sum(axis=1)
    if star:
        n, near, weight, squared = z.shape[-1], near + z, weight + 1, squared + 1
        mean, variance = 0, total(z**2) / n
    else:
        n = z.shape[-1] - 1
        mean = -z / n
        variance = np.where(_others_alike(values), 0, np.maximum((total(z**2) - z**2) / n - mean**2, 0))
    spread = variance * (n * squared - weight**2)
    return ratio(near - weight * mean, np.sqrt(spread / max(n - 1, 1)))


def differences(values, weights, row_standardised):
    """Local Geary for (n_rows, n_cells) of any values, all of them with neighbours."""
    n_pairs, n = weights.nnz, values.shape[-1]
    z = deviations(values, np.ones(values.shape, dtype=bool))
    cell = np.repeat(np.arange(n), np.diff(weights.indptr))
    by_cell = sparse.csr_array((weights.data, np.arange(n_pairs), weights.indptr), shape=(n, n_pairs))
    summed = np.stack([by_cell @ (row[cell] - row[weights.indices]) ** 2 for row in z])
    if row_standardised:
        summed /= over_neighbours(np.ones(n), weights)
    return ratio(summed, total(z**2) / (n - 1))


def _of_neighbours(formula, share, weights, option):
    """A formula over the cells that have a share and a neighbour with one; rows that keep the same cells at once."""
    rows = share.reshape(-1, share.shape[-1])
    kept = with_neighbours(~np.isnan(rows), weights)
    value = np.full(rows.shape, np.nan)
    for places, cells in patterns(kept):
        if cells.any():
            here = np.ix_(places, cells)
            value[here] = formula(rows[here], weights[cells][:, cells], option)
    return value.reshape(share.shape)


def _others_alike(values):
    """Where all cells but this one have one value."""
    low, high = values.min(axis=-1, keepdims=True), values.max(axis=-1, keepdims=True)
    above, below = values > low, values < high
    return (above & (total(above) == 1)) | (below & (total(below) == 1))
