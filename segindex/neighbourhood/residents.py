"""The k nearest residents of each cell."""

import math
from functools import partial

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from segindex.errors import BadData
from segindex.neighbourhood._cells import (
    BLOCK,
    MOST_CELLS,
    WITHIN,
    check_centres,
    check_length,
    find_raster,
    is_dense,
    layers_of,
    times,
)

FEW = 128
"""Discs left from which the search halves them."""

PAIRED = 6_400
"""Cells up to which all pairs are looked at once to keep the cells of each disc."""

KEPT = 4_000_000
"""Cells of all discs together up to which they are kept: in sparse cities that is many times faster to sum, and no more
than 50 MB."""

ASIDE = 0.05
"""Of the discs left: how far a guess is put aside, so that it falls on the other side of the one looked for."""


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

    On a grid a disc is summed row by row, from running sums: exact for whole counts, at a cost of the cells times the
    radius. In small cities, and off a grid, the cells of each disc are kept instead.

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
    if is_dense(raster, len(xy)) and raster.n_cells <= MOST_CELLS:
        return _discs_of_residents(raster, t, k)
    return partial(times, matrix=_rings_of_residents(xy, t, k))


def _discs_of_residents(raster, t, k):
    """For each cell the disc of its k nearest residents: the smallest with k, of which the rim is taken in part.

    A disc is known by the square of its radius in cells, which is one of `squares`. That a disc is the one is read from
    its own sums, not from those of the next smaller one; so the way of guessing decides the time, never the result.
    Where counts are no whole numbers, rounding may find a disc both too small and, less its rim, too large: k lies
    between two discs then, and all of the smaller one is taken.
    """
    squares = _distances(raster.shape)
    sums = _row_sums(t[np.newaxis], raster)
    low, high = np.zeros(len(t), dtype=np.int64), np.full(len(t), len(squares) - 1)
    below, above = np.zeros(len(t)), np.full(len(t), np.inf)
    last, portion = np.zeros(len(t), dtype=np.int64), np.zeros(len(t))
    searching, guess = np.arange(len(t)), np.zeros(len(t), dtype=np.int64)
    while searching.size:
        disc, rim = (found[0] for found in _disc_sums(sums, raster, squares[guess], searching))
        inside = disc - rim
        short, long = disc < k, inside >= k
        met = ~(short | long)
        last[searching[met]] = squares[guess[met]]
        portion[searching[met]] = (k - inside[met]) / rim[met]
        low[searching[short]], below[searching[short]] = guess[short] + 1, disc[short]
        high[searching[long]], above[searching[long]] = guess[long] - 1, inside[long]
        crossed = ~met & (low[searching] > high[searching])
        last[searching[crossed]] = squares[high[searching[crossed]]]
        portion[searching[crossed]] = 1
        searching = searching[~(met | crossed)]
        guess = _next_guess(squares, k, *(bound[searching] for bound in (low, high, below, above)))
    if len(t) <= PAIRED and _cells_within(raster, last) <= KEPT:
        return partial(times, matrix=_matrix_of_discs(raster, last, portion))
    return partial(_sum_in_discs, raster=raster, last=last, portion=portion)


def _cells_within(raster, last):
    """How many cells lie in all discs together."""
    one = _row_sums(np.ones((1, len(last))), raster)
    return _disc_sums(one, raster, last, np.arange(len(last)))[0].sum()


def _matrix_of_discs(raster, last, portion):
    """Row by row the weights of a disc's cells: 1 inside, the portion on the rim."""
    found = []
    for rows in np.array_split(np.arange(len(last)), 1 + len(last) ** 2 // BLOCK):
        square = (raster.rows[rows, np.newaxis] - raster.rows) ** 2
        square += (raster.columns[rows, np.newaxis] - raster.columns) ** 2
        row, column = np.nonzero(square <= last[rows, np.newaxis])
        on_rim = square[row, column] == last[rows[row]]
        found.append((np.where(on_rim, portion[rows[row]], 1.0), rows[row], column))
    weight, row, column = (np.concatenate(part) for part in zip(*found))
    return sparse.csr_array((weight, (row, column)), shape=(len(last),) * 2)


def _next_guess(squares, k, low, high, below, above):
    """The discs to try next, from `low` to `high`; the one before holds `below`, the one after `above`.

    As if residents grew in proportion to the area: at first out from the last disc alone, then between the two, a
    little towards the farther one so that both come nearer; the middle where there are few left.
    """
    area = squares[np.maximum(low - 1, 0)] + 1
    outwards = np.isinf(above)
    grown = area * np.clip(k / np.maximum(below, 1), 1.5, 4)
    part = (k - below) / np.where(outwards, np.inf, above - below)
    guess = np.searchsorted(squares, np.where(outwards, grown, area + part * (squares[high] + 1 - area)))
    aside = ((high - low) * ASIDE).astype(np.int64)
    guess += np.where(outwards, 0, np.where(guess - low < high - guess, aside, -aside))
    guess = np.where(~outwards & (high - low <= FEW), (low + high) // 2, guess)
    return np.clip(guess, low, high)


def _sum_in_discs(counts, *, raster, last, portion):
    counts, layers = layers_of(counts, len(raster.rows))
    summed = np.empty_like(layers)
    at_once = max(1, BLOCK // raster.n_cells)
    for start in range(0, len(layers), at_once):
        block = slice(start, start + at_once)
        disc, rim = _disc_sums(_row_sums(layers[block], raster), raster, last, np.arange(len(last)))
        summed[block] = disc - (1 - portion) * rim
    return np.maximum(summed, 0).reshape(counts.shape)


def _distances(shape):
    """The squares of all distances between cells of a raster."""
    height, width = shape
    if height**2 + width**2 > MOST_CELLS:
        return np.unique(np.add.outer(np.arange(height) ** 2, np.arange(width) ** 2))
    there = np.zeros((height - 1) ** 2 + (width - 1) ** 2 + 1, dtype=bool)
    for step in range(height):
        there[step**2 + np.arange(width) ** 2] = True
    return np.flatnonzero(there)


def _row_sums(layers, raster):
    """For each layer of counts the running sum along each row of the raster, from 0, with an empty row at each end."""
    sums = np.zeros((len(layers), raster.shape[0] + 2, raster.shape[1] + 1))
    sums[:, raster.rows + 1, raster.columns + 1] = layers
    return np.cumsum(sums, axis=-1, out=sums)


def _disc_sums(sums, raster, square, cells):
    """The sums over the closed discs round some cells, and over their rims; `square` is the squared radius in cells."""
    layers, (height, width) = len(sums), raster.shape
    sums = sums.reshape(layers, -1)
    order = np.argsort(-square, kind="stable")
    square = square[order]
    rows, columns = raster.rows[cells[order]] + 1, raster.columns[cells[order]]
    disc, rim = np.zeros((layers, len(order))), np.zeros((layers, len(order)))
    farthest = min(height - 1, math.isqrt(int(square[0])))
    for step in range(farthest + 1):
        n = int(np.searchsorted(-square, -(step * step), side="right"))
        room = square[:n] - step * step
        half = np.sqrt(room + 0.5).astype(np.int64)
        left, right = np.maximum(columns[:n] - half, 0), np.minimum(columns[:n] + half, width - 1) + 1
        on_rim = np.flatnonzero(half * half == room)
        for row in {-step, step}:
            start = np.clip(rows[:n] + row, 0, height + 1) * (width + 1)
            disc[:, :n] += sums[:, start + right] - sums[:, start + left]
            if on_rim.size:
                rim[:, on_rim] += _on_rim(sums, start[on_rim], columns[on_rim], half[on_rim], width)
    back = np.argsort(order)
    return disc[:, back], rim[:, back]


def _on_rim(sums, start, column, half, width):
    """The counts of the two cells of a row that lie `half` columns away, or of the one cell if that is 0."""
    found = np.zeros((len(sums), len(start)))
    for at, there in ((column - half, True), (column + half, half > 0)):
        inside = np.flatnonzero((at >= 0) & (at < width) & there)
        place = start[inside] + at[inside]
        found[:, inside] += sums[:, place + 1] - sums[:, place]
    return found


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
