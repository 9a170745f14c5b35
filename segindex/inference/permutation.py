"""The conditional law of a cell's surroundings: the other cells' rates are dealt out anew, the cell keeps its own."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

MOST_DRAWN = 0.1
"""Neighbours as a part of all cells, above which too many draws would hold the cell itself."""

DRAWN_AT_ONCE = 10_000_000
BLOCK = 4_000_000
FEW = 16
FEW_CELLS = 24
CELLS_AT_ONCE = 500
COMPARED = 255
"""Draws compared at once: their count fits a byte, which is what makes the counting quick."""

ONE_THREAD = 260_000
"""Multiplications below which OpenBLAS starts no threads."""

TIE = 1e-9
"""Sums of the same rates in another order are equal: two sums this close, in standard deviations, count as one."""


class Tails(NamedTuple):
    """How many of `drawn` values lie at or below, and at or above, what is seen; shape (n_rows, n_cells)."""

    below: np.ndarray
    above: np.ndarray
    drawn: np.ndarray


def permuted(rate, seen, weights, seed, permutations, *, squared=False):
    r"""Where each cell's value lies among those of the other cells dealt out anew.

    The value is :math:`\sum_j w_{ij} z_j`, or with `squared` :math:`\sum_j w_{ij} (z_j^2 - 2 z_i z_j)`, which is local
    Geary but for what the draws do not change.

    Parameters
    ----------
    rate, seen : ndarray, shape (n_rows, n_cells)
        The rates z, and the values as they are.
    weights : csr_array, shape (n_cells, n_cells)
        In units of the largest of each row; every cell has a neighbour.
    seed : int
    permutations : int

    Returns
    -------
    Tails

    Notes
    -----
    Cells with equally many neighbours share one set of draws of k distinct cells. Sums of neighbours of one weight do
    not depend on the cell: one sorted search serves all cells, and the draws that hold the cell itself are left out.
    In all other cases a draw has one cell more, which takes the cell's own place in the draws that hold it. Both ways
    what remains is just the conditional law: k of the other cells, in any order, all alike in chance.
    """
    n_cells = rate.shape[1]
    tails = Tails(*(np.zeros(rate.shape, dtype=np.int64) for _ in range(3)))
    tie = TIE * rate.std(axis=1) ** (2 if squared else 1)
    degree = np.diff(weights.indptr)
    for k in np.unique(degree).tolist():
        cells = np.flatnonzero(degree == k)
        own = weights[cells].data.reshape(-1, k)
        rng = np.random.default_rng([seed, k])
        equal = bool((own == 1).all())
        alone = k > MOST_DRAWN * n_cells
        if equal and not squared:
            size, drawn = n_cells - 1 if alone else n_cells, k
            count = _count_around if alone else _count_shared
        else:
            size, drawn = n_cells, k + 1
            count = _count_weighted
        more = (own, equal, squared) if count is _count_weighted else ()
        for draws in _in_blocks(rng, size, drawn, permutations):
            for tail, found in zip(tails, count(rate, seen[:, cells], cells, draws, tie, *more)):
                tail[:, cells] += found
    return tails


def conditional_moments(rate, weight, squares, *, squared=False):
    """Mean and variance of what `permuted` draws, exact; weight and squares are the sums of a row's weights and w^2."""
    others = rate.shape[-1] - 1
    if squared:
        cube, fourth = _of_others(rate**3), _of_others(rate**4)
        plain, square = _of_others(rate), _of_others(rate**2)
        mean = (square - 2 * rate * plain) / others
        second = (fourth - 4 * rate * cube + 4 * rate**2 * square) / others
    else:
        mean = _of_others(rate) / others
        second = _of_others(rate**2) / others
    variance = np.maximum(second - mean**2, 0)
    return weight * mean, squares * variance * (others - weight**2 / squares) / max(others - 1, 1)


def _of_others(values):
    return values.sum(axis=-1, keepdims=True) - values


def _count_shared(rate, seen, cells, draws, tie):
    """Both tails of each row and cell among the shared draws that do not hold the cell, and the number of those."""
    columns = np.ascontiguousarray(draws.T)
    which = _which(cells, rate.shape[1])
    holding = []
    for column in columns:
        cell = which[column]
        draw = np.flatnonzero(cell >= 0)
        holding.append((draw, cell[draw]))
    below, above = np.empty((2, *seen.shape), dtype=np.int64)
    for row, rates in enumerate(rate):
        sums = sum(rates[column] for column in columns)
        low, high = seen[row] - tie[row], seen[row] + tie[row]
        below[row], above[row] = _counted(sums, low, high)
        for draw, cell in holding:
            reached = sums[draw]
            above[row] -= np.bincount(cell[reached >= low[cell]], minlength=len(cells))
            below[row] -= np.bincount(cell[reached <= high[cell]], minlength=len(cells))
    held = sum(np.bincount(cell, minlength=len(cells)) for _, cell in holding)
    return below, above, np.broadcast_to(len(draws) - held, seen.shape)


def _counted(sums, low, high):
    """How many sums are at most `high`, and how many at least `low`; for few of these it is not worth sorting."""
    if len(low) < FEW_CELLS:
        return [np.count_nonzero(sums <= one) for one in high], [np.count_nonzero(sums >= one) for one in low]
    ranked = np.sort(sums)
    return np.searchsorted(ranked, high, side="right"), len(sums) - np.searchsorted(ranked, low, side="left")


def _count_around(rate, seen, cells, draws, tie):
    """Both tails among draws from the other cells: what is drawn counts on past the cell."""
    below, above = np.empty((2, *seen.shape), dtype=np.int64)
    for row, rates in enumerate(rate):
        for at, cell in enumerate(cells):
            sums = np.delete(rates, cell)[draws].sum(axis=1)
            below[row, at] = np.count_nonzero(sums <= seen[row, at] + tie[row])
            above[row, at] = np.count_nonzero(sums >= seen[row, at] - tie[row])
    return below, above, np.full(seen.shape, len(draws))


def _count_weighted(rate, seen, cells, draws, tie, own, equal, squared):
    """Both tails, the draws dealt to each cell's weights in order; the last of a draw stands in for the cell."""
    below, above = np.zeros((2, *seen.shape), dtype=np.int64)
    for row, rates in enumerate(rate):
        factors = np.concatenate([-2 * rates[cells, np.newaxis] * own, own], axis=1) if squared else own
        for start in range(0, len(draws), COMPARED):
            dealt, spare = np.split(draws[start : start + COMPARED], [-1], axis=1)
            drawn = rates[dealt]
            powers = np.concatenate([drawn, drawn**2], axis=1) if squared else drawn
            sums, squares = drawn.sum(axis=1), (drawn**2).sum(axis=1, keepdims=True)
            for first in range(0, len(cells), CELLS_AT_ONCE):
                some = slice(first, first + CELLS_AT_ONCE)
                scores = (
                    np.multiply.outer(sums, factors[some, 0]) + squares if equal else _product(powers, factors[some])
                )
                which = _which(cells[some], len(rates))[dealt]
                draw, place = np.nonzero(which >= 0)
                cell = which[draw, place]
                change = rates[spare[draw, 0]] - rates[cells[some][cell]]
                scores[draw, cell] += own[some][cell, place] * (change**2 if squared else change)
                scores -= seen[row, some]
                below[row, some] += (scores <= tie[row]).view(np.uint8).sum(axis=0, dtype=np.uint8)
                above[row, some] += (scores >= -tie[row]).view(np.uint8).sum(axis=0, dtype=np.uint8)
    return below, above, np.full(seen.shape, len(draws))


def _product(powers, factors):
    """powers @ factors.T in pieces too small for threads, which would only wait for each other beside other work."""
    scores = np.empty((len(powers), len(factors)))
    step = max(1, ONE_THREAD // factors.size)
    for start in range(0, len(powers), step):
        np.matmul(powers[start : start + step], factors.T, out=scores[start : start + step])
    return scores


def _which(cells, n_cells):
    """Of each of the n_cells its place in `cells`, or -1."""
    which = np.full(n_cells, -1)
    which[cells] = np.arange(len(cells))
    return which


def _in_blocks(rng, n, k, times):
    """Sets as `_subsets` gives, so many at once as memory likes."""
    for block in np.array_split(np.arange(times), 1 + times * k // DRAWN_AT_ONCE):
        yield _subsets(rng, n, k, len(block))


def _subsets(rng, n, k, times):
    """`times` sets of k distinct numbers below n, in any order, all alike in chance."""
    if k > MOST_DRAWN * n:
        blocks = np.array_split(np.arange(times), 1 + times * n // BLOCK)
        return np.concatenate([np.argsort(rng.random((len(block), n)), axis=1)[:, :k] for block in blocks])
    draws = rng.integers(n, size=(times, k), dtype=np.int32)
    repeated = np.arange(times)
    while repeated.size:
        repeated = repeated[_repeats(draws[repeated])]
        draws[repeated] = rng.integers(n, size=(repeated.size, k), dtype=np.int32)
    return draws


def _repeats(draws):
    """Whether a number stands twice in a draw."""
    k = draws.shape[1]
    if k > FEW:
        ordered = np.sort(draws, axis=1)
        return (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    columns = np.ascontiguousarray(draws.T)
    twice = np.zeros(len(draws), dtype=bool)
    for first, second in combinations(range(k), 2):
        twice |= columns[first] == columns[second]
    return twice
