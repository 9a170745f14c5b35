"""Kernels: a weighted sum over each cell's surroundings, the weight falling with distance."""

from functools import partial

import numpy as np
from scipy import fft, sparse
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from segindex.errors import BadData, BadSettings
from segindex.neighbourhood._cells import (
    BLOCK,
    WITHIN,
    check_centres,
    check_length,
    find_raster,
    is_dense,
    layers_of,
    times,
)

SPARSE_PAIRS = 300
"""Off a grid, pairs of areas per area up to which their weights are kept rather than made anew at each call."""


def _uniform(d, r):
    return np.where(d <= r * WITHIN, 1.0, 0.0)


def _triangular(d, r):
    return np.maximum(1 - d / r, 0)


def _biweight(d, r):
    return np.maximum(1 - (d / r) ** 2, 0) ** 2


def _gaussian(d, r):
    return np.exp(-((d / r) ** 2) / 2)


def _exponential(d, r):
    return np.exp(-d / r)


KERNELS = {
    "uniform": _uniform,
    "triangular": _triangular,
    "biweight": _biweight,
    "gaussian": _gaussian,
    "exponential": _exponential,
}
CUT_OFF = ("uniform", "triangular", "biweight")
"""The kinds that give no weight beyond the bandwidth."""


def kernel(xy, kind, bandwidth_m, *, self_distance_m=0.0):
    r"""Weighted sum over each cell's surroundings, the weight falling with distance.

    With d the distance of two centres and r the bandwidth, in metres: `uniform` 1 for :math:`d \le r`; `triangular`
    :math:`1 - d/r`; `biweight` :math:`(1 - (d/r)^2)^2`; `gaussian` :math:`\exp(-d^2/2r^2)`; `exponential`
    :math:`\exp(-d/r)`. The first three give 0 beyond r; the last two have no cut-off.

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

    Returns
    -------
    callable
        From counts of shape (..., n_cells) to the same shape.

    Raises
    ------
    ValueError
        The kind is unknown, a distance is negative or missing, two cells share a centre, or a cell gets no weight of
        its own.

    Notes
    -----
    Cells on a regular grid are summed by a Fourier transform over their raster: exact but for rounding, which is about
    1e-15 of the largest sum; what it makes negative is cut off. Off a grid, areas are summed pair by pair.

    Examples
    --------
    >>> near = kernel([[125, 125], [375, 125], [875, 125]], "uniform", 250)
    >>> near([10, 20, 40]).round(9)
    array([30., 30., 40.])
    """
    xy = check_centres(xy)
    if kind not in KERNELS:
        raise BadSettings(f"kernel kind {kind!r} is unknown; known are {', '.join(KERNELS)}")
    check_length("bandwidth_m", bandwidth_m)
    own = _own_weight(kind, bandwidth_m, self_distance_m, len(xy))
    raster = find_raster(xy)
    if is_dense(raster, len(xy)):
        return _on_raster(raster, kind, bandwidth_m, own)
    return _off_grid(xy, kind, bandwidth_m, own)


def _on_raster(raster, kind, bandwidth_m, own):
    reach = [n - 1 for n in raster.shape]
    if kind in CUT_OFF:
        reach = [min(n, int(bandwidth_m * WITHIN / raster.pitch_m)) for n in reach]
    size = [fft.next_fast_len(n + m, real=True) for n, m in zip(raster.shape, reach)]
    offsets = [raster.pitch_m * np.arange(-m, m + 1) for m in reach]
    stencil = KERNELS[kind](np.hypot(offsets[0][:, np.newaxis], offsets[1]), bandwidth_m)
    stencil[reach[0], reach[1]] = 0
    bounds = _wrapped(stencil > 0, reach, size) if kind in CUT_OFF else None
    return partial(
        _convolve, raster=raster, size=size, transform=_wrapped(stencil, reach, size), bounds=bounds, own=own
    )


def _wrapped(stencil, reach, size):
    """The transform of a stencil laid round the origin of a circular raster."""
    whole = np.zeros(size)
    whole[: stencil.shape[0], : stencil.shape[1]] = stencil
    return fft.rfft2(np.roll(whole, [-m for m in reach], axis=(0, 1)))


def _convolve(counts, *, raster, size, transform, bounds, own):
    counts, layers = layers_of(counts, len(raster.rows))
    smoothed = np.empty_like(layers)
    at_once = max(1, BLOCK // int(np.prod(size)))
    for start in range(0, len(layers), at_once):
        block = slice(start, start + at_once)
        around = _circular(layers[block], raster, size, transform)
        if bounds is not None and (around < 1e-9 * around.max(initial=0)).any():
            someone = _circular((layers[block] > 0).astype(float), raster, size, bounds)
            around[someone < 0.5] = 0
        smoothed[block] = np.maximum(around, 0) + own * layers[block]
    return smoothed.reshape(counts.shape)


def _circular(layers, raster, size, transform):
    whole = np.zeros((len(layers), *size))
    whole[:, raster.rows, raster.columns] = layers
    return fft.irfft2(fft.rfft2(whole) * transform, s=size)[:, raster.rows, raster.columns]


def _off_grid(xy, kind, bandwidth_m, own):
    if kind in CUT_OFF:
        tree = cKDTree(xy)
        if tree.count_neighbors(tree, bandwidth_m * WITHIN) <= SPARSE_PAIRS * len(xy):
            return partial(times, matrix=_sparse_kernel(tree, kind, bandwidth_m, own))
    return partial(_sum_in_blocks, xy=xy, kind=kind, bandwidth_m=bandwidth_m, own=own)


def _sparse_kernel(tree, kind, bandwidth_m, own):
    first, second = tree.query_pairs(bandwidth_m * WITHIN, output_type="ndarray").T
    weight = KERNELS[kind](np.linalg.norm(tree.data[first] - tree.data[second], axis=1), bandwidth_m)
    one_way = sparse.csr_array((weight, (first, second)), shape=(tree.n, tree.n))
    return (one_way + one_way.T + sparse.diags_array(own)).tocsr()


def _sum_in_blocks(counts, *, xy, kind, bandwidth_m, own):
    counts, layers = layers_of(counts, len(xy))
    summed = np.empty_like(layers)
    at_once = max(1, BLOCK // len(xy))
    for start in range(0, len(xy), at_once):
        cells = np.arange(start, min(start + at_once, len(xy)))
        weight = KERNELS[kind](cdist(xy[cells], xy), bandwidth_m)
        weight[np.arange(len(cells)), cells] = own[cells]
        summed[:, cells] = layers @ weight.T
    return summed.reshape(counts.shape)


def _own_weight(kind, bandwidth_m, self_distance_m, n_cells):
    distance = np.asarray(self_distance_m, dtype=float)
    if distance.shape not in ((), (n_cells,)):
        raise BadData(
            f"self_distance_m has shape {distance.shape}; allowed is one number, or one for each of {n_cells} cells"
        )
    if not (distance.min() >= 0 and distance.max() < np.inf):
        raise BadSettings("self_distance_m is negative, missing or infinite; allowed are finite metres of 0 or more")
    own = np.broadcast_to(KERNELS[kind](distance, bandwidth_m), n_cells)
    if not own.min() > 0:
        raise BadSettings(f"self_distance_m leaves a cell no weight of its own; allowed is less than {bandwidth_m:g} m")
    return own
