"""Kernels: a weighted sum over each cell's surroundings, the weight falling with distance."""

from functools import partial

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from segindex.errors import BadData, BadSettings
from segindex.neighbourhood._cells import BLOCK, check_centres, check_length, find_raster, layers_of, times
from segindex.neighbourhood.falloff import KERNELS, UNENDING, Falloff
from segindex.neighbourhood.on_raster import raster_sum

RASTER_PAIRS = 5
"""Pairs of cells per cell of the raster up to which adding them up is quicker than a Fourier transform."""

COUNTED = 1000
"""Cells around which pairs are counted: counting them around all cells would cost more than a transform."""

SPARSE_PAIRS = 300
"""Off a grid, pairs of areas per area up to which their weights are kept rather than made anew at each call."""

EDGE = 1e-9
"""Room for pairs that lie at the reach itself, which two ways of searching need not judge alike."""

LISTED = 1_000_000
"""Pairs of cells that are listed at once, at some 80 bytes each; of a weight 12 bytes are kept."""


def kernel(xy, kind, bandwidth_m, *, self_distance_m=0.0, cutoff_m=None):
    r"""Weighted sum over each cell's surroundings, the weight falling with distance.

    With d the distance of two centres and r the bandwidth, in metres: `uniform` 1 for :math:`d \le r`; `triangular`
    :math:`1 - d/r`; `biweight` :math:`(1 - (d/r)^2)^2`; `gaussian` :math:`\exp(-d^2/2r^2)`; `exponential`
    :math:`\exp(-d/r)`. The first three give 0 beyond r; the last two have no end, unless `cutoff_m` gives them one.

    Parameters
    ----------
    xy : array_like, shape (n_cells, 2)
        Centres in metres.
    kind : str
        One of the kinds above.
    bandwidth_m : float
        The r of the kind, in metres.
    self_distance_m : float or array_like, shape (n_cells,), optional
        The distance of a cell from itself: 0, so that its weight is 1, or for example :math:`\sqrt{0.6 a_i}`.
    cutoff_m : float, optional
        For `gaussian` and `exponential`: no weight beyond this distance, the distance itself included.

    Returns
    -------
    callable
        From counts of shape (..., n_cells) to the same shape.

    Raises
    ------
    ValueError
        The kind is unknown, a distance is negative or missing, two cells share a centre, a cell gets no weight of its
        own, or a cut-off is given to a kind that ends by itself.

    Notes
    -----
    Cells on a regular grid are summed by Fourier transforms over their raster, a large one cut into squares with a
    margin: exact but for rounding, which is about 1e-15 of the largest sum. What it makes negative is cut off, and what
    is beyond an end is exactly 0. Where a kernel without end leaves a sum so small that rounding would show in a
    logarithm or a root, the sum is made again from tile to tile, its error being relative to the sums near by.
    Everything is in double precision: on the national raster single precision saved a third of four seconds and put
    some shares off by 1e-4.

    Without an end, weights below w = 1e-26 may be left out: beyond 60 bandwidths (`exponential`) or 11 (`gaussian`).
    Of the T residents at most T w are lost to a cell's sum, which is at least its own :math:`t_i`; a root of a share is
    then off by at most :math:`\sqrt{T w / t_i}`, and a mean of such roots over the residents by
    :math:`\sum_i (t_i/T) \sqrt{T w / t_i} \le \sqrt{n w}`, by Cauchy and Schwarz: 2e-11 for 25,000 cells.

    Off a grid, areas are summed pair by pair within that reach. The exponential kernel reaches over the whole city, so
    its cost there is n squared, in blocks: half a second for 3,000 postal areas, half a minute for 25,000 points. Give
    those a cut-off.

    Examples
    --------
    >>> near = kernel([[125, 125], [375, 125], [875, 125]], "uniform", 250)
    >>> near([10, 20, 40]).round(9)
    array([30., 30., 40.])
    """
    xy = check_centres(xy)
    falloff = _check_falloff(kind, bandwidth_m, cutoff_m)
    own = _own_weight(falloff, self_distance_m, len(xy))
    tree = cKDTree(xy)
    pairs = _pairs(tree, falloff.reach_m)
    raster = raster_sum(find_raster(xy), falloff, own)
    if pairs <= (SPARSE_PAIRS * len(xy) if raster is None else RASTER_PAIRS * raster.n_numbers):
        return partial(times, matrix=_sparse_kernel(tree, falloff, own))
    return raster or partial(_sum_in_blocks, xy=xy, falloff=falloff, own=own)


def _pairs(tree, reach_m):
    """Pairs of cells within reach, from those of about a thousand cells: it decides on the way, not on the sum."""
    some = cKDTree(tree.data[:: 1 + tree.n // COUNTED])
    return some.count_neighbors(tree, reach_m) * tree.n / some.n


def _sparse_kernel(tree, falloff, own):
    """The weights around each cell, listed for some cells at once, since a list of pairs is larger than they are."""
    room = int(tree.query_ball_point(tree.data, falloff.reach_m * (1 + EDGE), return_length=True).sum())
    whole = sparse.get_index_dtype(maxval=max(room, tree.n))
    second, weights, counts, filled = np.empty(room, dtype=whole), np.empty(room), np.zeros(tree.n, dtype=whole), 0
    for cells in np.array_split(np.arange(tree.n), 1 + room // LISTED):
        found = cKDTree(tree.data[cells]).sparse_distance_matrix(tree, falloff.reach_m, output_type="ndarray")
        found = found[np.argsort(found["i"] * tree.n + found["j"])]
        first, some = cells[found["i"]], slice(filled, filled + len(found))
        weight = falloff.weight(np.linalg.norm(tree.data[first] - tree.data[found["j"]], axis=1))
        second[some], weights[some] = found["j"], np.where(first == found["j"], own[first], weight)
        counts[cells], filled = np.bincount(found["i"], minlength=len(cells)), some.stop
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(whole)
    return sparse.csr_array((weights[:filled], second[:filled], ends), shape=(tree.n, tree.n))


def _sum_in_blocks(counts, *, xy, falloff, own):
    counts, layers = layers_of(counts, len(xy))
    summed = np.empty_like(layers)
    for block in _blocks(xy, falloff.reach_m / 2):
        low, high = xy[block].min(axis=0) - falloff.reach_m, xy[block].max(axis=0) + falloff.reach_m
        near = np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1))
        for cells in np.array_split(block, 1 + len(block) * len(near) // BLOCK):
            weight = falloff.weight(cdist(xy[cells], xy[near]))
            weight[np.arange(len(cells)), np.searchsorted(near, cells)] = own[cells]
            summed[:, cells] = layers[:, near] @ weight.T
    return summed.reshape(counts.shape)


def _blocks(xy, side_m):
    """The cells of each square of a plain lattice."""
    _, block = np.unique(np.floor((xy - xy.min(axis=0)) / side_m), axis=0, return_inverse=True)
    order = np.argsort(block, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(block[order])) + 1)


def _check_falloff(kind, bandwidth_m, cutoff_m):
    if kind not in KERNELS:
        raise BadSettings(f"kernel kind {kind!r} is unknown; known are {', '.join(KERNELS)}")
    check_length("bandwidth_m", bandwidth_m)
    if cutoff_m is None:
        return Falloff(kind, float(bandwidth_m))
    if kind not in UNENDING:
        raise BadSettings(
            f"cutoff_m is given to a kernel that ends at its bandwidth, {kind}; allowed are {' and '.join(UNENDING)}"
        )
    check_length("cutoff_m", cutoff_m)
    return Falloff(kind, float(bandwidth_m), float(cutoff_m))


def _own_weight(falloff, self_distance_m, n_cells):
    distance = np.asarray(self_distance_m, dtype=float)
    if distance.shape not in ((), (n_cells,)):
        raise BadData(
            f"self_distance_m has shape {distance.shape}; allowed is one number, or one for each of {n_cells} cells"
        )
    if not (distance.min() >= 0 and distance.max() < np.inf):
        raise BadSettings("self_distance_m is negative, missing or infinite; allowed are finite metres of 0 or more")
    own = np.broadcast_to(falloff.weight(distance), n_cells)
    if not own.min() > 0:
        raise BadSettings(
            f"self_distance_m leaves a cell no weight of its own; allowed is less than {falloff.reach_m:g} m"
        )
    return own
