"""What an index would hold by chance alone, in a table of counts and in tables fitted from it."""

from typing import NamedTuple

import numpy as np

from segindex.errors import BadData
from segindex.indices._arrays import shares
from segindex.inference.dealing import whole_clusters
from segindex.inference.fitting import proportional_fit
from segindex.inference.hypergeometric import chance_table


class Dealt(NamedTuple):
    """All outcomes of dealing a table's persons out: each cell's size, each group's shares, each one's outcomes."""

    place: np.ndarray
    groups: np.ndarray
    outcomes: list


def deal(counts, cluster_size=1.0):
    """All shares that each group can have in cells of each size, and how likely they are.

    Parameters
    ----------
    counts : ndarray, shape (n_cells, n_groups)
        The persons that are dealt out: whole numbers, somebody in each cell.
    cluster_size : float
        How many persons choose together.

    Returns
    -------
    Dealt
        `place`, shape (n_cells,), the position of each cell's size; `groups`, shape (n_groups,), shares; `outcomes`,
        of each group, or of the first of two: the position of the size, the share, the chance, shape (n_rows,).

    Raises
    ------
    ValueError
        Counts are not whole.

    Examples
    --------
    >>> deal(np.array([[1, 1], [1, 1]])).outcomes[0][1].tolist()
    [0.0, 0.5, 1.0]
    """
    if (counts % 1).any():
        raise BadData("first or second holds parts of persons; allowed are whole counts, since they are dealt out")
    counts = whole_clusters(counts, cluster_size)
    sizes, place = np.unique(counts.sum(axis=1), return_inverse=True)
    members = counts.sum(axis=0)
    outcomes = []
    for one in members[:1] if len(members) == 2 else members:
        size, x, chance = chance_table(sizes, one, members.sum())
        outcomes.append((size, x / sizes[size], chance))
    return Dealt(place, shares(members), outcomes)


def expected_parts(part, dealt, groups, cells):
    r"""Each cell's part of an index in the mean over all ways of dealing the persons out.

    .. math:: c_i \sum_g \sum_x \Pr(x_{ig} = x) \, f\!\left(\frac{x}{t_i}, P_g\right)

    Parameters
    ----------
    part : callable
        f, of a group's share in cells and in the city.
    dealt : Dealt
    groups, cells : ndarray, shapes (n_groups,) and (n_cells,)
        The shares that the table is fitted to when it has been dealt out.

    Returns
    -------
    ndarray, shape (n_cells,)
        Its sum is the expected index. NaN where what is dealt out cannot have these margins.

    Notes
    -----
    Exact where the groups' shares are the table's own. For others, all outcomes together, each weighed by its chance,
    are fitted, as if the city had very many such cells; with more than two groups, each against the rest, which came
    within 3 % of tables of 3 and 5 groups that were dealt out and fitted one by one. The persons that a cell's mix
    rests on stay those that were counted: fitting makes no small cell large.

    Examples
    --------
    >>> from scipy.special import rel_entr
    >>> dealt = deal(np.array([[1, 0], [1, 0], [0, 2]]))
    >>> expected_parts(rel_entr, dealt, np.array([0.5, 0.5]), np.array([0.25, 0.25, 0.5])).round(4).tolist()
    [0.1733, 0.1733, 0.1155]
    """
    own = np.array_equal(groups, dealt.groups)
    weight = np.bincount(dealt.place, weights=cells)
    mean = np.zeros(len(weight))
    for wanted, (size, p, chance) in zip(groups, dealt.outcomes):
        if not own:
            p = _fitted(p, wanted, weight[size] * chance)
        parts = part(p, wanted) + (part(1 - p, 1 - wanted) if len(groups) == 2 else 0)
        mean += np.bincount(size, weights=chance * parts, minlength=len(mean))
    return cells * mean[dealt.place]


def _fitted(p, wanted, weight):
    """A group's shares, their odds multiplied so that their weighed mean is as wanted."""
    try:
        fitted = proportional_fit(np.stack([p, 1 - p], axis=-1), np.array([wanted, 1 - wanted]), weight)
    except BadData:
        return np.full(len(p), np.nan)
    return fitted[:, 0] / fitted.sum(axis=1)
