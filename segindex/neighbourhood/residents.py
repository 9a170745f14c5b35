"""The k nearest residents of each cell."""

from functools import partial

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from segindex.errors import BadData
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


def nearest(xy, t, k):
    """Sum over each cell's k nearest residents.

    The own cell comes first, then ring after ring, a ring being all cells at one distance; of the last ring everyone is
    taken in the proportion that makes k.

    Parameters
    ----------
    xy : array_like, shape (n_cells, 2)
        Centres in metres.
    t : array_like, shape (n_cells,)
        All persons in each cell.
    k : float
        Residents in each cell's surroundings.

    Returns
    -------
    callable
        From counts of shape (..., n_cells) to the same shape.

    Raises
    ------
    ValueError
        Counts are negative or missing, two cells share a centre, or k is not above 0.

    Notes
    -----
    Where the city has no more than k residents, all of them are everyone's surroundings. The surroundings depend on
    `t`: each year has its own.

    Examples
    --------
    >>> near = nearest([[125, 125], [375, 125], [625, 125]], [10, 20, 40], 20)
    >>> near([10, 20, 40])
    array([20., 20., 20.])
    >>> near([10, 0, 0])
    array([10.,  0.,  0.])
    """
    xy = check_centres(xy)
    t = np.asarray(t, dtype=float)
    if t.shape != (len(xy),):
        raise BadData(f"t has shape {t.shape} for {len(xy)} cells; allowed is one count a cell")
    if not (t.min() >= 0 and t.max() < np.inf):
        raise BadData("t holds negative, missing or infinite counts; allowed are finite counts of 0 or more")
    check_length("k", k)
    if k >= t.sum():
        return partial(_everyone, n_cells=len(xy))
    raster = find_raster(xy)
    if is_dense(raster, len(xy)):
        return _discs_of_residents(raster, t, k)
    return partial(times, matrix=_rings_of_residents(xy, t, k))


def _discs_of_residents(raster, t, k):
    """For each cell the disc of its k nearest residents, by doubling and bisection over the grid's distances."""
    height, width = raster.shape
    squares = np.unique(np.add.outer(np.arange(height) ** 2, np.arange(width) ** 2))
    sums = _row_sums(t[np.newaxis], raster)
    low, high = np.zeros(len(t), dtype=np.int64), np.zeros(len(t), dtype=np.int64)
    searching = np.ones(len(t), dtype=bool)
    while searching.any():
        searching = _disc_sum(sums, raster, squares[high])[0] < k
        low = np.where(searching, high + 1, low)
        high = np.where(searching, np.minimum(2 * high + 2, len(squares) - 1), high)
    while (low < high).any():
        middle = (low + high) // 2
        enough = _disc_sum(sums, raster, squares[middle])[0] >= k
        low, high = np.where(enough, low, middle + 1), np.where(enough, middle, high)
    last = squares[low]
    before = np.where(low > 0, squares[np.maximum(low - 1, 0)], -1)
    inside = _disc_sum(sums, raster, before)[0]
    portion = (k - inside) / (_disc_sum(sums, raster, last)[0] - inside)
    return partial(_sum_in_discs, raster=raster, before=before, last=last, portion=portion)


def _sum_in_discs(counts, *, raster, before, last, portion):
    counts, layers = layers_of(counts, len(raster.rows))
    summed = np.empty_like(layers)
    at_once = max(1, BLOCK // max(int(np.prod(raster.shape)), len(raster.rows)))
    for start in range(0, len(layers), at_once):
        block = slice(start, start + at_once)
        sums = _row_sums(layers[block], raster)
        inside = _disc_sum(sums, raster, before)
        summed[block] = inside + portion * (_disc_sum(sums, raster, last) - inside)
    return np.maximum(summed, 0).reshape(counts.shape)


def _row_sums(layers, raster):
    """For each layer of counts the running sum along each row of the raster, from 0."""
    sums = np.zeros((len(layers), raster.shape[0], raster.shape[1] + 1))
    sums[:, raster.rows, raster.columns + 1] = layers
    return np.cumsum(sums, axis=-1, out=sums)


def _disc_sum(sums, raster, square):
    """The sum over each cell's disc, the squared radius (in cells) being `square`; -1 is the empty disc."""
    height, width = raster.shape
    order = np.argsort(-square, kind="stable")
    rows, columns, square = raster.rows[order], raster.columns[order], square[order]
    found = np.zeros((len(sums), len(order)))
    farthest = min(height - 1, int(_whole_root(max(square[0], 0))))
    for step in range(-farthest, farthest + 1):
        within = int(np.searchsorted(-square, -(step * step), side="right"))
        row = rows[:within] + step
        half = _whole_root(square[:within] - step * step)
        inside = np.flatnonzero((row >= 0) & (row < height))
        left = np.maximum(columns[inside] - half[inside], 0)
        right = np.minimum(columns[inside] + half[inside], width - 1) + 1
        found[:, inside] += sums[:, row[inside], right] - sums[:, row[inside], left]
    summed = np.empty_like(found)
    summed[:, order] = found
    return summed


def _whole_root(squares):
    root = np.sqrt(squares).astype(np.int64)
    return root - (root * root > squares)


def _rings_of_residents(xy, t, k):
    """Row by row the weights of the k nearest residents, looked for among ever more cells."""
    tree = cKDTree(xy)
    waiting, looked_at, found = np.arange(len(xy)), min(32, len(xy)), []
    while waiting.size:
        unfinished = []
        for rows in np.array_split(waiting, 1 + waiting.size * looked_at // BLOCK):
            distance, cell = tree.query(xy[rows], k=[*range(1, looked_at + 1)])
            weight, finished = _weigh_rings(distance, t[cell], k)
            row, rank = np.nonzero(weight * finished[:, np.newaxis])
            found.append((weight[row, rank], rows[row], cell[row, rank]))
            unfinished.append(rows[~finished] if looked_at < len(xy) else rows[:0])
        waiting, looked_at = np.concatenate(unfinished), min(4 * looked_at, len(xy))
    weight, row, column = (np.concatenate(part) for part in zip(*found))
    return sparse.csr_array((weight, (row, column)), shape=(len(xy), len(xy)))


def _weigh_rings(distance, residents, k):
    """Weights of cells sorted by distance, and whether the last ring of each row ends within what was looked at."""
    n = distance.shape[1]
    reached = np.cumsum(residents, axis=1)
    enough = reached[:, -1] >= k
    at = np.where(enough, np.argmax(reached >= k, axis=1), n - 1)
    radius = np.take_along_axis(distance, at[:, np.newaxis], axis=1)
    inside = distance * WITHIN < radius
    ring = ~inside & (distance <= radius * WITHIN)
    summed_inside = (residents * inside).sum(axis=1)
    portion = (k - summed_inside) / np.where(enough, (residents * ring).sum(axis=1), 1)
    return inside + ring * portion[:, np.newaxis], enough & (distance[:, -1] > radius[:, 0] * WITHIN)


def _everyone(counts, *, n_cells):
    counts, _ = layers_of(counts, n_cells)
    return np.broadcast_to(counts.sum(axis=-1, keepdims=True), counts.shape).copy()
