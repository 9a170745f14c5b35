"""Everybody dealt out anew over the cells' places: the city without segregation, drawn."""

import numpy as np

from segindex.errors import BadData
from segindex.inference.drawing import check_cluster_size

NUMBERS_AT_ONCE = 2_000_000


def rows_of(counts):
    """The tables (n_cells, n_groups) that stand on the leading axes, one by one."""
    return counts.reshape(-1, *counts.shape[-2:])


def whole_clusters(counts, cluster_size):
    """The persons as clusters of persons who choose alike: a cell's and a group's numbers divided, and rounded.

    An inhabited cell keeps one cluster at least, and every group with members one.
    """
    check_cluster_size(cluster_size)
    if (counts % 1).any():
        raise BadData("the counts hold parts of persons; allowed are whole numbers, since persons are dealt out")
    if cluster_size == 1:
        return counts
    return np.stack([_clusters(one, cluster_size) for one in rows_of(counts)]).reshape(counts.shape)


def _clusters(counts, size):
    """Counts whose cells hold t/size and whose groups hold X/size, both rounded; who lives where does not matter."""
    t, group = counts.sum(axis=1), counts.sum(axis=0)
    cells = np.where(t > 0, np.maximum(1, np.rint(t / size)), 0).astype(int)
    share = group / max(group.sum(), 1)
    sizes = np.where(group > 0, np.maximum(1, np.floor(share * cells.sum())), 0).astype(int)
    sizes[np.argmax(sizes)] += cells.sum() - sizes.sum()
    found, left = np.zeros(counts.shape), cells.copy()
    for at, many in enumerate(sizes):
        taken = np.diff(np.minimum(np.cumsum(np.append(0, left)), many))
        found[:, at], left = taken, left - taken
    return found


def dealt(counts, rng, draws):
    """Tables with the cells' totals and the groups' sizes of `counts`, at random: blocks of (n, n_cells, n_groups).

    A draw is multivariate hypergeometric, one group after another out of the places that are left.
    """
    t, sizes = counts.sum(axis=1).astype(np.int64), counts.sum(axis=0).astype(np.int64)
    for block in np.array_split(np.arange(draws), 1 + draws * counts.size // NUMBERS_AT_ONCE):
        found = np.zeros((len(block), *counts.shape))
        left = np.broadcast_to(t, (len(block), len(t)))
        for group, size in enumerate(sizes[:-1]):
            found[..., group] = _drawn(left, size, rng, fixed=group == 0)
            left = left - found[..., group].astype(np.int64)
        found[..., -1] = left
        yield found


def _drawn(left, size, rng, *, fixed):
    if fixed:
        return rng.multivariate_hypergeometric(left[0], size, size=len(left), method="marginals")
    return np.stack([rng.multivariate_hypergeometric(one, size, method="marginals") for one in left])
