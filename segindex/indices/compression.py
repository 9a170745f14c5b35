"""Compression: which neighbouring areas may be merged with the least loss of segregation."""

import heapq
from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr

from segindex.errors import BadData, BadSettings, is_number
from segindex.indices._arrays import check_counts, check_weights, ratio, shares


class Merges(NamedTuple):
    """Merges in their order: the area that stays, the one it takes in, the loss of M, and what is left after it.

    An area bears the number of its first cell. `areas` and `kept` are the number of areas, and the part of M, after
    each merge.
    """

    stays: np.ndarray
    joins: np.ndarray
    loss: np.ndarray
    areas: np.ndarray
    kept: np.ndarray
    n_cells: int

    def labels(self, *, areas=None, kept=None):
        """The area of each cell, shape (n_cells,), when so many areas are left, or while so much of M is kept.

        >>> from segindex.neighbourhood import contiguity
        >>> in_a_row = contiguity([[125, 125], [375, 125], [625, 125]], "rook")
        >>> compress([[9, 1], [8, 2], [0, 9]], in_a_row).labels(areas=2).tolist()
        [0, 0, 2]
        """
        if (areas is None) == (kept is None):
            raise BadSettings(f"areas is {areas} and kept {kept}; allowed is one of them")
        fewest = self.n_cells - len(self.areas)
        if areas is not None:
            if not (is_number(areas) and fewest <= areas <= self.n_cells and areas % 1 == 0):
                raise BadSettings(f"areas is {areas!r}; allowed is a whole number from {fewest} to {self.n_cells}")
            merges = self.n_cells - int(areas)
        else:
            if not (is_number(kept) and 0 <= kept <= 1):
                raise BadSettings(f"kept is {kept!r}; allowed is a share of M from 0 to 1")
            merges = int((self.kept >= kept).sum())
        area = np.arange(self.n_cells)
        area[self.joins[:merges]] = self.stays[:merges]
        while (area != area[area]).any():
            area = area[area]
        return area


def compress(counts, weights):
    r"""Merges of neighbouring areas with the least loss of M.

    Two neighbouring areas at a time become one, always those that lose least of the mutual information index, until no
    neighbours are left: how few areas would show nearly the whole of segregation, and where they lie.

    .. math:: \Delta M_{ab} = \frac{t_a}{T} \sum_g p_{ag} \ln \frac{p_{ag}}{p_{abg}}
              + \frac{t_b}{T} \sum_g p_{bg} \ln \frac{p_{bg}}{p_{abg}}

    Parameters
    ----------
    counts : array_like, shape (n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `neighbourhood.contiguity` gives them; only whether two cells are neighbours matters.

    Returns
    -------
    Merges
        `stays`, `joins`, `loss`, `areas` and `kept`, one a merge; `labels(areas=…)` or `labels(kept=…)` gives the area
        of each cell at some step. `kept` is NaN where M is 0 from the start.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, there is more than one city, or the weights do not
        fit the cells.

    Notes
    -----
    :math:`p_{ab}` is the mix of both together. Every step is the best one, which does not make the whole the best:
    other merges might keep more at the same number of areas. Of equal losses the pair with the lower numbers goes
    first; empty cells lose nothing and join early. Parts of the city that no neighbours join stay apart.

    Examples
    --------
    >>> from segindex.neighbourhood import contiguity
    >>> in_a_row = contiguity([[125, 125], [375, 125], [625, 125]], "rook")
    >>> found = compress([[9, 1], [8, 2], [0, 9]], in_a_row)
    >>> found.stays.tolist(), found.joins.tolist(), found.kept.round(3).tolist()
    ([0, 0], [1, 2], [0.983, 0.0])

    References
    ----------
    .. [1] Elbers, B. (2023). segregation: Entropy-based segregation indices. R package, version 1.1.0.
    """
    (counts,) = check_counts(counts=counts)
    if counts.ndim > 2:
        raise BadData(f"counts has shape {counts.shape}; allowed is one city at a time, (n_cells, n_groups)")
    weights = check_weights(weights, len(counts))
    merges = np.array(_Merging(counts, weights).merge_all(), dtype=float).reshape(-1, 3)
    stays, joins = merges[:, 1:].astype(np.int64).T
    loss = ratio(merges[:, 0], counts.sum(), empty=0)
    t = counts.sum(axis=-1, keepdims=True)
    whole = ratio(rel_entr(counts, t * shares(counts.sum(axis=0))).sum(), counts.sum())
    kept = ratio(np.maximum(whole - np.cumsum(loss), 0), whole)
    return Merges(stays, joins, loss, len(counts) - 1 - np.arange(len(loss)), kept, len(counts))


class _Merging:
    """The areas as they merge; losses are in persons times nats.

    Each area stands in the queue with its best neighbour, found when the area last changed. Where that neighbour has
    changed since, the loss in the queue is a lower bound of what the area can do: it looks again when its turn comes.
    Every pair is seen by the one of both that changed last, so no better pair is missed.
    """

    def __init__(self, counts, weights):
        self.counts = counts.copy()
        self.size = counts.sum(axis=-1)
        self.neighbours = [set() for _ in counts]
        pairs = weights.tocoo()
        used = pairs.data > 0
        for one, other in zip(pairs.row[used].tolist(), pairs.col[used].tolist()):
            self.neighbours[one].add(other)
            self.neighbours[other].add(one)
        self.changes = [0] * len(counts)
        self.queue = []
        for area in range(len(counts)):
            self.look(area)

    def merge_all(self):
        """All merges, best first: (loss, area that stays, area that joins it)."""
        merges = []
        while self.queue:
            loss, stays, joins, area, own_changes, other_changes = heapq.heappop(self.queue)
            if own_changes != self.changes[area]:
                continue
            if other_changes != self.changes[stays + joins - area]:
                self.look(area)
                continue
            merges.append((loss, stays, joins))
            self.merge(stays, joins)
        return merges

    def merge(self, stays, joins):
        self.counts[stays] += self.counts[joins]
        self.size[stays] += self.size[joins]
        self.changes[stays] += 1
        self.changes[joins] += 1
        for other in self.neighbours[joins]:
            self.neighbours[other].discard(joins)
            self.neighbours[other].add(stays)
        if len(self.neighbours[stays]) < len(self.neighbours[joins]):
            self.neighbours[stays], self.neighbours[joins] = self.neighbours[joins], self.neighbours[stays]
        self.neighbours[stays] |= self.neighbours[joins]
        self.neighbours[stays].discard(stays)
        self.look(stays)

    def look(self, area):
        """Queue an area with its best neighbour, the first of those that are equally good."""
        others = np.fromiter(self.neighbours[area], dtype=np.int64, count=len(self.neighbours[area]))
        if not others.size:
            return
        losses = self.losses(area, others)
        other = int(others[losses == losses.min()].min())
        pair = min(area, other), max(area, other)
        heapq.heappush(self.queue, (float(losses.min()), *pair, area, self.changes[area], self.changes[other]))

    def losses(self, area, others):
        """How much of M, times all persons, is lost where the area merges with each of the others."""
        counts, size = self.counts[others], self.size[others]
        both = self.size[area] + size
        mix = (self.counts[area] + counts) / np.where(both > 0, both, 1)[:, np.newaxis]
        own = rel_entr(self.counts[area], self.size[area] * mix).sum(axis=-1)
        return np.maximum(own + rel_entr(counts, size[:, np.newaxis] * mix).sum(axis=-1), 0)
