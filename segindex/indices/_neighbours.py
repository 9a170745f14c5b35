"""What the indices of neighbouring cells share: which cells enter, and what lies beside each."""

import numpy as np

from segindex.indices._arrays import check_share, check_weights, ratio, total


def beside_neighbours(share, weights, row_standardised=True):
    """Deviations from the mean share, the neighbours' weighted sum of them, the sum of weights, and the cells kept.

    A cell without a share, or without a neighbour that has one, is not kept: it enters neither the mean nor any sum.
    All four have the shape of `share`; what is not kept holds 0.
    """
    share = check_share(share)
    weights = check_weights(weights, share.shape[-1])
    kept = with_neighbours(~np.isnan(share), weights)
    z = deviations(share, kept)
    weight_sum = over_neighbours(kept.astype(float), weights) * kept
    neighbours = over_neighbours(z, weights) * kept
    if row_standardised:
        return z, ratio(neighbours, weight_sum, empty=0), kept.astype(float), kept
    return z, neighbours, weight_sum, kept


def with_neighbours(present, weights):
    """The cells present that have a neighbour present (bool); a cell that drops out is no neighbour either."""
    while True:
        kept = present & (over_neighbours(present.astype(float), weights) > 0)
        if (kept == present).all():
            return kept
        present = kept


def deviations(values, kept):
    """Values less the mean of those kept, 0 for the rest; exactly 0 if all that are kept are equal."""
    values = np.where(kept, values, 0)
    mean = ratio(total(values), total(kept), empty=0)
    low = np.min(values, axis=-1, keepdims=True, where=kept, initial=np.inf)
    high = np.max(values, axis=-1, keepdims=True, where=kept, initial=-np.inf)
    return np.where(kept & (high > low), values - mean, 0)


def over_neighbours(values, weights):
    """The weighted sum over each cell's neighbours, for (..., n_cells)."""
    columns = values.reshape(-1, values.shape[-1]).T
    return (weights @ columns).T.reshape(values.shape)
