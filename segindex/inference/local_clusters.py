"""Where a group's high and low shares lie side by side more than chance would have it."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, check_weights, ratio, total
from segindex.indices._neighbours import deviations, over_neighbours, with_neighbours

CLUSTERS = ("high-high", "low-low", "high-low", "low-high", "not significant", "no neighbour", "empty")
"""The classes: the cell's share is high or low, then its neighbours'; what is not tested comes last."""

MOST_DRAWN = 0.1
"""Neighbours as a part of all cells, above which the draws are made for each cell by itself."""

BLOCK = 4_000_000
TIE = 1e-9
"""Sums of the same rates in another order are equal: two sums this close, in standard deviations, count as one."""


class LocalClusters(NamedTuple):
    """The test of each cell; every field has the shape of x."""

    value: np.ndarray
    z: np.ndarray
    p: np.ndarray
    q: np.ndarray
    from_moments: np.ndarray
    cluster: np.ndarray


class ClusterShares(NamedTuple):
    """What lives in the cells of each class of `CLUSTERS`; every field has shape (..., n_classes)."""

    cells: np.ndarray
    residents: np.ndarray
    members: np.ndarray
    residents_share: np.ndarray
    members_share: np.ndarray


def standardised_rates(x, t):
    r"""Rates in units of what chance gives a cell of its size, centred.

    .. math:: z_i = \frac{p_i - P}{\sqrt{v_i}}, \quad v_i = A + \frac{P (1 - P)}{t_i}, \quad
              A = \max\left(0, \sum_i \frac{t_i (p_i - P)^2}{T} - \frac{P (1 - P) n}{T}\right)

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the group, and all persons, in each cell.

    Returns
    -------
    ndarray, shape (..., n_cells)
        NaN where nobody lives, and everywhere if nobody or everybody belongs to the group.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t.

    Notes
    -----
    A is the variance of the cells' probabilities: without it small cells would all seem ordinary, and with raw shares
    they would all seem extreme. n counts inhabited cells. The source has a Poisson variance, here it is binomial.

    Examples
    --------
    >>> standardised_rates([0, 5, 10], [10, 10, 10]).round(3)
    array([-1.225,  0.   ,  1.225])

    References
    ----------
    .. [1] Assunção, R. M. and Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
       Statistics in Medicine 18(16), 2147-2162.
    """
    x, t = check_counts(x=x, t=t)
    inhabited = t > 0
    p, p_city = ratio(x, t), ratio(total(x), total(t))
    binomial = p_city * (1 - p_city)
    between = total(t * np.where(inhabited, p - p_city, 0) ** 2) - binomial * total(inhabited)
    variance = np.maximum(ratio(between, total(t)), 0) + binomial * ratio(1, t)
    z = ratio(p - p_city, np.sqrt(variance))
    return z - ratio(total(np.where(inhabited, z, 0)), total(inhabited))


def raw_rates(x, t):
    """The plain shares, centred; NaN where nobody lives."""
    x, t = check_counts(x=x, t=t)
    p = ratio(x, t)
    return p - ratio(total(np.where(t > 0, p, 0)), total(t > 0))


RATES = {"assuncao_reis": standardised_rates, "raw": raw_rates}


def benjamini_hochberg(p):
    """Adjusted p values: the least false-discovery rate at which each would be found.

    >>> benjamini_hochberg(np.array([0.01, 0.02, 0.9]))
    array([0.03, 0.03, 0.9 ])
    """
    order = np.argsort(-p, kind="stable")
    ranks = np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum.accumulate(np.minimum(p[order] * p.size / ranks, 1))
    return adjusted


def benjamini_yekutieli(p):
    """The same, valid under any dependence between the tests, and so much stricter."""
    return np.minimum(benjamini_hochberg(p) * (1 / np.arange(1, p.size + 1)).sum(), 1)


CONTROLS = {"benjamini_hochberg": benjamini_hochberg, "benjamini_yekutieli": benjamini_yekutieli}


def local_clusters(
    x, t, weights, *, rng, permutations=9999, level=0.05, control="benjamini_hochberg", rates="assuncao_reis"
):
    r"""Clusters and outliers of a group's share, by local Moran's I under conditional permutation.

    For each cell the other cells' rates are dealt out anew: how often would its neighbours' sum be as high, or as low?

    .. math:: p_i = \min\left(1, 2 \frac{r_i + 1}{R_i + 1}\right)

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the group, and all persons, in each cell. A cell whose `t` is 0 (empty, or hidden and so given) is
        left out, also as a neighbour. Several groups or years may come at once, with one `t` or with one each.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, those of one cell all with one weight, as `neighbourhood.contiguity` gives them.
    rng : numpy.random.Generator
        Where the draws come from; one seed gives the same result for a group alone and among others.
    permutations : int, optional
        Draws R.
    level : float, optional
        The false-discovery rate: the greatest share of false ones, on average, among the clusters found.
    control : {"benjamini_hochberg", "benjamini_yekutieli"}, optional
        How the rate is kept; the first is approximate where tests depend on each other, as those of neighbours do.
    rates : {"assuncao_reis", "raw"}, optional
        What is tested: rates standardised for the cells' populations, or plain shares.

    Returns
    -------
    LocalClusters
        `value` local Moran's I of the rates; `z` the rates, centred; `p` two-sided; `q` adjusted for the number of
        cells; `from_moments` where p comes from a normal law with the permutations' exact mean and variance; `cluster`
        one of `CLUSTERS`. NaN and "empty" or "no neighbour" for cells that are left out; NaN and "not significant"
        everywhere if nobody or everybody belongs to the group.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, the cell axes differ, x exceeds t, the weights do not fit or differ
        within a row, or a setting is unknown.

    Notes
    -----
    :math:`r_i` of :math:`R_i` draws are at least as extreme as what is seen, on the side with fewer. Cells with equally
    many neighbours share one set of draws, from which those that hold the cell itself are left out: what remains is
    just the conditional law. Cells that have no neighbour enter neither the mean nor the draws.

    With :math:`R + 1 < 2n/level` the smallest possible p could never be found among n cells; then a cell beyond all
    draws gets the normal p if that is smaller. Rates of small groups are skewed, and a normal tail is too light for
    them: under random labelling with about 1,700 cells, some cluster was found in 7 to 16 % of cities at a level of
    5 %, against 3 to 9 % with draws enough. Clusters that rest on `from_moments` alone deserve a second run with
    `permutations` of at least :math:`2n/level`.

    Examples
    --------
    >>> from segindex.neighbourhood import contiguity
    >>> xy = np.argwhere(np.ones((10, 10))) * 250.0
    >>> t = np.full(100, 40)
    >>> x = np.where((xy < 1000).all(axis=1), 30, 4)
    >>> found = local_clusters(x, t, contiguity(xy, "queen"), rng=np.random.default_rng(1))
    >>> set(found.cluster[((xy > 0) & (xy < 750)).all(axis=1)].tolist())
    {'high-high'}

    References
    ----------
    .. [1] Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.
    .. [2] Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful
       approach to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300.
    """
    x, t = check_counts(x=x, t=t)
    weights = _equal_in_rows(check_weights(weights, x.shape[-1]))
    _check_settings(rng, permutations, level, control, rates)
    x, t = np.broadcast_arrays(x, t)
    shape = x.shape
    present = (t > 0).reshape(-1, shape[-1])
    z = RATES[rates](x, t).reshape(-1, shape[-1])
    seed = int(rng.integers(2**63))
    value, p, q = (np.full(z.shape, np.nan) for _ in range(3))
    from_moments = np.zeros(z.shape, dtype=bool)
    cluster = np.where(present, "not significant", "empty").astype(f"<U{max(map(len, CLUSTERS))}")
    patterns, pattern_of = np.unique(present, axis=0, return_inverse=True)
    for pattern, inhabited in enumerate(patterns):
        rows = np.flatnonzero(pattern_of.ravel() == pattern)
        kept = with_neighbours(inhabited, weights)
        cluster[np.ix_(rows, inhabited & ~kept)] = "no neighbour"
        defined = rows[~np.isnan(z[np.ix_(rows, inhabited)]).any(axis=1)]
        if not (kept.any() and defined.size):
            continue
        z[defined] -= z[np.ix_(defined, kept)].mean(axis=1)[:, np.newaxis]
        part = weights[kept][:, kept]
        rate = deviations(z[np.ix_(defined, kept)], np.ones((defined.size, int(kept.sum())), dtype=bool))
        summed = over_neighbours(rate, part)
        degree = np.diff(part.indptr)
        chance, moments = _permuted(rate, summed, degree, seed, permutations, level)
        adjusted = np.array([CONTROLS[control](row) for row in chance])
        found = np.where(adjusted <= level, _quadrant(rate, summed), "not significant")
        here = np.ix_(defined, kept)
        value[here] = ratio(rate * summed / degree, (rate**2).mean(axis=1)[:, np.newaxis])
        p[here], q[here], from_moments[here], cluster[here] = chance, adjusted, moments, found
    return LocalClusters(*(field.reshape(shape) for field in (value, z, p, q, from_moments, cluster)))


def share_in_clusters(x, t, cluster):
    """How many residents, and how many of the group, live in the cells of each class.

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the group, and all persons, in each cell.
    cluster : array_like of str, shape (..., n_cells)
        The classes, as `local_clusters` gives them.

    Returns
    -------
    ClusterShares
        In the order of `CLUSTERS`; a share is NaN where the city has nobody to share.

    Raises
    ------
    ValueError
        Counts are bad, or a class is unknown.

    Examples
    --------
    >>> share_in_clusters([8, 1], [10, 30], ["high-high", "not significant"]).residents_share[0]
    np.float64(0.25)
    """
    x, t = check_counts(x=x, t=t)
    cluster = np.asarray(cluster)
    unknown = set(np.unique(cluster).tolist()) - set(CLUSTERS)
    if unknown:
        raise BadData(f"cluster holds {sorted(map(str, unknown))}; known are {', '.join(CLUSTERS)}")
    belongs = cluster[..., np.newaxis, :] == np.array(CLUSTERS)[:, np.newaxis]
    cells = belongs.sum(axis=-1)
    residents = (t[..., np.newaxis, :] * belongs).sum(axis=-1)
    members = (x[..., np.newaxis, :] * belongs).sum(axis=-1)
    return ClusterShares(cells, residents, members, ratio(residents, total(t)), ratio(members, total(x)))


def _permuted(rate, summed, degree, seed, permutations, level):
    """The two-sided p of every row and cell, and whether it comes from the moments."""
    n_cells = rate.shape[1]
    scale = rate.std(axis=1)
    chance, moments = np.empty(rate.shape), np.zeros(rate.shape, dtype=bool)
    for k in np.unique(degree):
        cells = np.flatnonzero(degree == k)
        rng = np.random.default_rng([seed, int(k)])
        alone = k > MOST_DRAWN * n_cells
        draws = _subsets(rng, n_cells - 1 if alone else n_cells, int(k), permutations)
        count = _count_around if alone else _count_shared
        for row in range(len(rate)):
            tail, kept = count(rate[row], summed[row, cells], cells, draws, TIE * scale[row])
            p = np.minimum(1, 2 * (tail + 1) / (kept + 1))
            if permutations + 1 < 2 * n_cells / level:
                normal = np.where(tail == 0, normal_p(rate[row], summed[row, cells], cells, int(k)), 1)
                moments[row, cells] = normal < p
                p = np.minimum(p, normal)
            chance[row, cells] = p
    return chance, moments


def _count_shared(rate, seen, cells, draws, tie):
    """The smaller tail of each cell among the shared draws that do not hold it, and the number of those draws."""
    sums = rate[draws].sum(axis=1)
    ranked = np.sort(sums)
    above = len(sums) - np.searchsorted(ranked, seen - tie, side="left")
    below = np.searchsorted(ranked, seen + tie, side="right")
    place = np.full(len(rate), -1)
    place[cells] = np.arange(len(cells))
    draw, column = np.nonzero(place[draws] >= 0)
    cell = place[draws[draw, column]]
    above -= np.bincount(cell[sums[draw] >= seen[cell] - tie], minlength=len(cells))
    below -= np.bincount(cell[sums[draw] <= seen[cell] + tie], minlength=len(cells))
    return np.minimum(above, below), len(sums) - np.bincount(cell, minlength=len(cells))


def _count_around(rate, seen, cells, draws, tie):
    """The smaller tail of each cell among draws from the other cells: what is drawn counts on past the cell."""
    tail = np.empty(len(cells), dtype=np.int64)
    for at, cell in enumerate(cells):
        sums = np.delete(rate, cell)[draws].sum(axis=1)
        tail[at] = min((sums >= seen[at] - tie).sum(), (sums <= seen[at] + tie).sum())
    return tail, np.full(len(cells), len(draws))


def _subsets(rng, n, k, times):
    """`times` sets of k distinct numbers below n, all sets alike in chance."""
    if k > MOST_DRAWN * n:
        blocks = np.array_split(np.arange(times), 1 + times * n // BLOCK)
        return np.concatenate([np.argsort(rng.random((len(block), n)), axis=1)[:, :k] for block in blocks])
    draws = rng.integers(n, size=(times, k), dtype=np.int32)
    repeated = np.arange(times)
    while repeated.size:
        ordered = np.sort(draws[repeated], axis=1)
        repeated = repeated[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        draws[repeated] = rng.integers(n, size=(repeated.size, k), dtype=np.int32)
    return draws


def normal_p(rate, seen, cells, k):
    """Two-sided p of a sum of k rates drawn from the other cells without replacement, by its moments."""
    mean, variance = conditional_moments(rate, cells, k)
    return 2 * ndtr(-np.abs(ratio(seen - mean, np.sqrt(variance), empty=0)))


def conditional_moments(rate, cells, k):
    """Mean and variance, for each of `cells`, of the sum of k of the other cells' rates without replacement."""
    others = len(rate) - 1
    mean = (rate.sum() - rate[cells]) / others
    variance = np.maximum(((rate**2).sum() - rate[cells] ** 2) / others - mean**2, 0)
    return k * mean, k * variance * (others - k) / max(others - 1, 1)


def _quadrant(rate, summed):
    return np.where(
        rate > 0,
        np.where(summed > 0, "high-high", "high-low"),
        np.where(summed > 0, "low-high", "low-low"),
    )


def _equal_in_rows(weights):
    """The weights as 1, for rows that hold one weight only."""
    weights = weights.copy()
    weights.eliminate_zeros()
    weights.sum_duplicates()
    first = weights.data[np.repeat(weights.indptr[:-1], np.diff(weights.indptr))]
    unlike = np.flatnonzero(np.abs(weights.data - first) > 1e-12 * first)
    if unlike.size:
        row = int(np.searchsorted(weights.indptr, unlike[0], side="right") - 1)
        raise BadData(f"weights differ within the row of cell {row}; allowed are neighbours of one weight")
    weights.data = np.ones(weights.nnz)
    return weights


def _check_settings(rng, permutations, level, control, rates):
    if not isinstance(rng, np.random.Generator):
        raise BadSettings(f"rng is {type(rng).__name__}; allowed is a numpy Generator: default_rng(seed)")
    if int(permutations) != permutations or permutations < 1:
        raise BadSettings(f"permutations is {permutations}; allowed is a whole number of 1 or more")
    if not 0 < level < 1:
        raise BadSettings(f"level is {level}; allowed is a number above 0 and below 1")
    for name, value, known in (("control", control, CONTROLS), ("rates", rates, RATES)):
        if value not in known:
            raise BadSettings(f"{name} {value!r} is unknown; known are {', '.join(known)}")
