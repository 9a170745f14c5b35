"""What the indices of neighbouring cells share: which cells enter, what lies beside each, and what lies further on."""

import numpy as np
from scipy import sparse

from segindex.indices._arrays import check_share, check_weights, ratio, total

BLOCK = 4_000_000
"""Pairs of cells, over all layers, that a sum over pairs holds at once."""


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


def patterns(rows):
    """The different rows of a boolean array: the positions of each among all rows, and the row."""
    found = {}
    for at, row in enumerate(np.packbits(rows, axis=-1)):
        found.setdefault(row.tobytes(), []).append(at)
    return [(np.array(places), rows[places[0]]) for places in found.values()]


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


def summed_differences(values, kept, weights):
    """The weighted sum of |v_i - v_j| over all pairs i, j of neighbours that are both kept, for (..., n_cells)."""
    pairs = sparse.triu(weights + weights.T, k=1).tocoo()
    first, second = pairs.coords
    layers, there = values.reshape(-1, values.shape[-1]), kept.reshape(-1, kept.shape[-1])
    summed = np.empty(len(layers))
    at_once = max(1, BLOCK // max(1, len(first)))
    for start in range(0, len(layers), at_once):
        block = slice(start, start + at_once)
        both = there[block][:, first] & there[block][:, second]
        summed[block] = (np.abs(layers[block][:, first] - layers[block][:, second]) * both) @ pairs.data
    return summed.reshape(values.shape[:-1])


def summed_weights(kept, weights):
    """The sum of the weights of all pairs i, j of neighbours that are both kept, for (..., n_cells)."""
    return (kept * over_neighbours(kept.astype(float), weights)).sum(axis=-1)


def rings(weights, order):
    """The pairs of cells 1, 2, ... up to `order` steps apart, one sparse matrix a step; the first is `weights` itself.

    A step leads from neighbour to neighbour, in either direction. What lies k + 1 steps away is a neighbour of what
    lies k away, and neither k nor k - 1 steps away.
    """
    yield weights
    step = _pattern(weights + weights.T)
    inner, ring = sparse.eye_array(weights.shape[0], format="csr"), step
    for _ in range(order - 1):
        beyond = _pattern(ring @ step)
        inner, ring = ring, _pattern(beyond - beyond.multiply(inner + ring))
        if not ring.nnz:
            return
        yield ring


def _pattern(matrix):
    """1 wherever the matrix is not 0."""
    return (matrix != 0).astype(float).tocsr()
