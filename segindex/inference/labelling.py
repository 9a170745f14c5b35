"""The law under random labelling: everybody's group is dealt out anew, the cells keep how many live in them."""

import numpy as np

from segindex.errors import BadData
from segindex.inference.permutation import TIE, Tails

STREAM = 0
"""Of the seed: the streams of `permutation` are the numbers of neighbours, from 1."""

PERSONS_AT_ONCE = 2_000_000


def relabelled(score, x, t, seen, seed, draws):
    """Where each cell's value lies among those of persons dealt out anew, and the mean and variance of these.

    Parameters
    ----------
    score : callable
        From counts of the group (n, n_cells) and one row t to the values of the cells that are tested.
    x, t : ndarray, shape (n_rows, n_cells)
    seen : ndarray, shape (n_rows, n_tested)
        The values as they are.
    seed, draws : int

    Returns
    -------
    Tails, ndarray, ndarray
        Each of shape (n_rows, n_tested).

    Notes
    -----
    A draw is multivariate hypergeometric: the group's size and all t stay. Rows with the same sizes share their draws.
    """
    if not (np.all(x == np.round(x)) and np.all(t == np.round(t))):
        raise BadData("x or t holds parts of persons; allowed are whole numbers where persons are dealt out anew")
    tails = Tails(*(np.zeros(seen.shape, dtype=np.int64) for _ in range(3)))
    mean, variance = np.empty(seen.shape), np.empty(seen.shape)
    sizes, of = np.unique(np.column_stack([x.sum(axis=1), t]), axis=0, return_inverse=True)
    for at, size in enumerate(sizes):
        rows = np.flatnonzero(of.ravel() == at)
        members, totals = int(size[0]), size[1:]
        rng = np.random.default_rng([seed, STREAM])
        summed = squares = 0
        for block in np.array_split(np.arange(draws), 1 + draws * len(totals) // PERSONS_AT_ONCE):
            dealt = rng.multivariate_hypergeometric(
                totals.astype(np.int64), members, size=len(block), method="marginals"
            )
            values = score(dealt.astype(float), totals)
            summed, squares = summed + values.sum(axis=0), squares + (values**2).sum(axis=0)
            near = TIE * values.std()
            for row in rows:
                tails.below[row] += (values <= seen[row] + near).sum(axis=0)
                tails.above[row] += (values >= seen[row] - near).sum(axis=0)
        mean[rows] = summed / draws
        variance[rows] = np.maximum(squares / draws - (summed / draws) ** 2, 0)
        tails.drawn[rows] = draws
    return tails, mean, variance
