"""Where a group's high and low shares lie side by side more than chance would have it."""

from typing import NamedTuple

import numpy as np
from scipy.special import betainc, betaincc, gammainc, gammaincc, ndtr

from segindex.errors import BadData, BadSettings, is_number
from segindex.indices._arrays import check_counts, check_weights, ratio, total
from segindex.indices._neighbours import deviations, over_neighbours, patterns, with_neighbours
from segindex.indices.local_association import around, differences, relative
from segindex.inference.false_discovery import CONTROLS
from segindex.inference.labelling import relabelled
from segindex.inference.permutation import conditional_moments, permuted
from segindex.inference.rates import RATES

UNTESTED = ("not significant", "no neighbour", "empty")

CLUSTERS = ("high-high", "low-low", "high-low", "low-high", *UNTESTED)
"""The classes of local Moran: the cell's share is high or low, then its neighbours'; what is no finding comes last."""

CLASSES = {
    "local_morans_i": CLUSTERS,
    "getis_ord": ("high", "low", *UNTESTED),
    "getis_ord_star": ("high", "low", *UNTESTED),
    "local_geary": ("positive", "negative", *UNTESTED),
}
"""The classes of each statistic. `high` and `low`: the share around the cell (hot and cold spots); `positive` and
`negative`: neighbours are more alike than chance, or less, whether their shares are high or low."""

SIDES = ("two-sided", "greater", "less")
NULLS = ("cells", "labels", "both")


class LocalClusters(NamedTuple):
    """The test of each cell; every field has the shape of x."""

    value: np.ndarray
    z: np.ndarray
    p: np.ndarray
    q: np.ndarray
    from_moments: np.ndarray
    cluster: np.ndarray


class ClusterShares(NamedTuple):
    """What lives in the cells of each class; every field has shape (..., n_classes)."""

    cells: np.ndarray
    residents: np.ndarray
    members: np.ndarray
    residents_share: np.ndarray
    members_share: np.ndarray


def local_clusters(
    x,
    t,
    weights,
    *,
    rng,
    statistic="local_morans_i",
    permutations=9999,
    level=0.05,
    control="benjamini_hochberg",
    rates="assuncao_reis",
    sides="two-sided",
    null="cells",
):
    r"""Clusters and outliers of a group's share, by local Moran's I, Getis and Ord's Gi, or local Geary.

    For each cell the other cells' rates are dealt out anew: how often would its neighbours' sum be as high, or as low?

    .. math:: p_i = \min\left(1, 2 \frac{r_i + 1}{R_i + 1}\right)

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the group, and all persons, in each cell. A cell whose `t` is 0 (empty, or hidden and so given) is
        left out, also as a neighbour. Several groups or years may come at once, with one `t` or with one each.
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours as `neighbourhood.contiguity` gives them, or with a weight each, as of a kernel.
    rng : numpy.random.Generator
        Where the draws come from; one seed gives the same result for a group alone and among others.
    statistic : {"local_morans_i", "getis_ord", "getis_ord_star", "local_geary"}, optional
        What is compared with chance. Moran and both Gi test the neighbours' sum, given the cell's own rate, and so have
        one p; they differ in value and class. Geary tests how far the neighbours' rates lie from the cell's.
    permutations : int, optional
        Draws R.
    level : float, optional
        The false-discovery rate: the greatest share of false ones, on average, among the clusters found.
    control : {"benjamini_hochberg", "benjamini_yekutieli"}, optional
        How the rate is kept; the first is approximate where tests depend on each other, as those of neighbours do.
    rates : {"assuncao_reis", "raw"}, optional
        What is tested: rates standardised for the cells' populations, or plain shares.
    sides : {"two-sided", "greater", "less"}, optional
        "greater" and "less" test one side of the statistic: of Moran, like neighbours or outliers; of Gi, high or low
        shares around; of Geary, unlike neighbours or like ones. Then p is :math:`(r_i + 1) / (R_i + 1)`.
    null : {"cells", "labels", "both"}, optional
        What chance is. "cells": the cells' rates change places. "labels": every person's group is dealt out anew, the
        cells keeping how many live in them; it means a city without any segregation, allows for the skewed rates of
        small cells, and takes some 2e-7 seconds a cell and draw. "both", for sums: p of a side is the larger of that of
        "cells" and of the binomial law of the members among all persons around, given the cell's own; a finding is
        unlikely in either way. It takes no further draws.

    Returns
    -------
    LocalClusters
        `value` the statistic of the rates (Gi as z, Moran and Geary row-standardised); `z` the rates, centred; `p`;
        `q` adjusted for the number of cells; `from_moments` where p comes from a smooth law with the mean and variance
        of the draws; `cluster` one of `CLASSES[statistic]`. NaN and "empty" or "no neighbour" for cells that are left
        out; NaN and "not significant" everywhere if nobody or everybody belongs to the group.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, the cell axes differ, x exceeds t, the weights do not fit, counts
        to be dealt out are no whole numbers, or a setting is unknown.

    Notes
    -----
    :math:`r_i` of :math:`R_i` draws are at least as extreme as what is seen, on the side with fewer. Cells with equally
    many neighbours share one set of draws, of which each cell gets those of its own conditional law; see
    `permutation.permuted`. Cells that have no neighbour enter neither the mean nor the draws. By Gi the class is the
    side on which the sum is extreme; Gi* keeps the cell's own rate in every draw.

    With :math:`R + 1 < 2n/level` (n/level one-sided) the smallest possible p could never be found among n cells; then a
    cell beyond all draws gets p from moments if that is smaller: a normal law for sums, a gamma law for Geary, with the
    exact mean and variance of the permutations, or those of the draws where persons are dealt out. Rates of small
    groups are skewed, and a normal tail is too light for them: under random labelling with about 1,700 cells, some
    cluster was found in 7 to 16 % of cities at a level of 5 %, against 3 to 9 % with draws enough. Clusters that rest
    on `from_moments` alone deserve a second run with `permutations` of at least :math:`2n/level`.

    Permuting cells takes small and large cells for exchangeable. Where a cell has fewer than about one member
    to expect, its rate is skewed, more so the smaller it is; if small cells lie side by side, something is then found
    in more than `level` of cities without any segregation: in 22 to 50 % at 10 residents a cell and a group of 2 %
    (docs/local_clusters.md). `null="both"` keeps the level there too.

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
    .. [2] Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27(4), 286-306.
    .. [3] Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful
       approach to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300.
    """
    x, t = check_counts(x=x, t=t)
    weights = check_weights(weights, x.shape[-1])
    _check_settings(rng, permutations, level)
    known = {"statistic": CLASSES, "control": CONTROLS, "rates": RATES, "sides": SIDES, "null": NULLS}
    given = {"statistic": statistic, "control": control, "rates": rates, "sides": sides, "null": null}
    _check_known(given, known)
    if null == "both" and statistic == "local_geary":
        raise BadSettings("null 'both' asks for more or fewer members around; allowed for local_geary: cells, labels")
    shape = np.broadcast_shapes(x.shape, t.shape)
    x, t = (np.broadcast_to(one, shape).reshape(-1, shape[-1]) for one in (x, t))
    present = t > 0
    z = RATES[rates](x, t)
    seed = int(rng.integers(2**63))
    value, p, q = (np.full(z.shape, np.nan) for _ in range(3))
    from_moments = np.zeros(z.shape, dtype=bool)
    cluster = np.where(present, "not significant", "empty").astype("<U15")
    for rows, inhabited in patterns(present):
        kept = with_neighbours(inhabited, weights)
        cluster[np.ix_(rows, inhabited & ~kept)] = "no neighbour"
        defined = rows[~np.isnan(z[np.ix_(rows, inhabited)]).any(axis=1)]
        if not (kept.any() and defined.size):
            continue
        here, lived = np.ix_(defined, kept), np.ix_(defined, inhabited)
        z[defined] -= z[here].mean(axis=1)[:, np.newaxis]
        part = relative(weights[kept][:, kept])
        rate = _centred(z[here])
        drawn, own = _scores(rate, part, statistic)
        if null == "labels":

            def score(dealt, totals, tested=kept[inhabited], part=part):
                return sum(_scores(_centred(RATES[rates](dealt, totals)[:, tested]), part, statistic))

            tails, mean, variance = relabelled(score, x[lived], t[lived], drawn + own, seed, permutations)
        else:
            squared = statistic == "local_geary"
            tails = permuted(rate, drawn, part, seed, permutations, squared=squared)
            mean, variance = conditional_moments(rate, *_row_sums(part), squared=squared)
            mean = mean + own
        enough = permutations + 1 >= (2 if sides == "two-sided" else 1) * rate.shape[1] / level
        smooth = None if enough else _smooth(drawn + own, mean, variance, statistic)
        pooled = _pooled(x[here], t[here], part) if null == "both" else None
        chance, moments = _chance(tails, smooth, pooled, _upper(rate, statistic, sides), sides)
        adjusted = np.array([CONTROLS[control](row) for row in chance])
        cluster[here] = np.where(adjusted <= level, _class(rate, drawn, tails, statistic), "not significant")
        value[here] = _value(rate, drawn, part, statistic)
        p[here], q[here], from_moments[here] = chance, adjusted, moments
    return LocalClusters(*(field.reshape(shape) for field in (value, z, p, q, from_moments, cluster)))


def share_in_clusters(x, t, cluster, *, statistic="local_morans_i"):
    """How many residents, and how many of the group, live in the cells of each class.

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the group, and all persons, in each cell.
    cluster : array_like of str, shape (..., n_cells)
        The classes, as `local_clusters` gives them.
    statistic : str, optional
        Whose classes they are: a key of `CLASSES`.

    Returns
    -------
    ClusterShares
        In the order of `CLASSES[statistic]` (`CLUSTERS`); a share is NaN where the city has nobody to share.

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
    _check_known({"statistic": statistic}, {"statistic": CLASSES})
    classes = CLASSES[statistic]
    cluster = check_classes(cluster, classes)
    belongs = cluster[..., np.newaxis, :] == np.array(classes)[:, np.newaxis]
    cells = belongs.sum(axis=-1)
    residents = (t[..., np.newaxis, :] * belongs).sum(axis=-1)
    members = (x[..., np.newaxis, :] * belongs).sum(axis=-1)
    return ClusterShares(cells, residents, members, ratio(residents, total(t)), ratio(members, total(x)))


def check_classes(cluster, known):
    """Judge classes of cells."""
    cluster = np.asarray(cluster)
    unknown = set(np.unique(cluster).tolist()) - set(known)
    if unknown:
        raise BadData(f"cluster holds {sorted(map(str, unknown))}; known are {', '.join(known)}")
    return cluster


def _centred(z):
    return deviations(z, np.ones(z.shape, dtype=bool))


def _row_sums(weights):
    """The sums of each row's weights, and of their squares."""
    return weights.sum(axis=1), weights.power(2).sum(axis=1)


def _scores(rate, weights, statistic):
    """The part of each cell's value that permutations draw, and the part that they leave as it is."""
    near = over_neighbours(rate, weights)
    if statistic == "local_geary":
        return over_neighbours(rate**2, weights) - 2 * rate * near, rate**2 * weights.sum(axis=1)
    return near, rate if statistic == "getis_ord_star" else np.zeros(rate.shape)


def _value(rate, near, weights, statistic):
    """The statistic of the rates."""
    if statistic == "local_morans_i":
        return ratio(rate * near / weights.sum(axis=1), (rate**2).mean(axis=1)[:, np.newaxis])
    if statistic == "local_geary":
        return differences(rate, weights, row_standardised=True)
    return around(rate, weights, star=statistic == "getis_ord_star")


def _upper(rate, statistic, sides):
    """On which side of its draws a cell is tested: 1 above, -1 below, 0 on none, as both sides are the same to it."""
    side = np.full(rate.shape, -1 if sides == "less" else 1)
    return side * np.sign(rate).astype(int) if statistic == "local_morans_i" else side


def _chance(tails, smooth, pooled, upper, sides):
    """p of every cell, and whether it comes from a smooth law."""
    chance = exact = [(tail + 1) / (tails.drawn + 1) for tail in (tails.below, tails.above)]
    if smooth is not None:
        beyond = tails.below == 0, tails.above == 0
        chance = [np.where(out, np.minimum(law, p), p) for out, law, p in zip(beyond, smooth, exact)]
    if pooled is not None:
        exact, chance = ([np.maximum(p, law) for p, law in zip(one, pooled)] for one in (exact, chance))
    p = _combined(*chance, upper, sides)
    return p, p < _combined(*exact, upper, sides)


def _combined(below, above, upper, sides):
    """p of the sides that are tested."""
    if sides == "two-sided":
        return np.minimum(1, 2 * np.minimum(below, above))
    return np.select([upper > 0, upper < 0], [above, below], 1)


def _smooth(score, mean, variance, statistic):
    """p of both sides by a law with a mean and a variance: normal for sums, gamma for sums of squares."""
    if statistic == "local_geary":
        varies = variance > 0
        shape, scale = ratio(mean**2, variance, empty=1), np.where(varies, variance, 1) / np.where(varies, mean, 1)
        return [np.where(varies, law(shape, score / scale), 1) for law in (gammainc, gammaincc)]
    deviate = ratio(score - mean, np.sqrt(variance), empty=0)
    return ndtr(deviate), ndtr(-deviate)


def _pooled(x, t, weights):
    """p of both sides of the group's number among all persons around, under random labelling of all but the cell's."""
    near = (weights > 0).astype(float)
    members, persons = over_neighbours(x, near), over_neighbours(t, near)
    p = ratio(total(x) - x, total(t) - t)
    below = betaincc(members + 1, np.maximum(persons - members, 1), p)
    above = betainc(np.maximum(members, 1), persons - members + 1, p)
    return np.where(members < persons, below, 1), np.where(members > 0, above, 1)


def _class(rate, near, tails, statistic):
    high = tails.above <= tails.below
    if statistic == "local_morans_i":
        return np.where(
            rate > 0,
            np.where(near > 0, "high-high", "high-low"),
            np.where(near > 0, "low-high", "low-low"),
        )
    if statistic == "local_geary":
        return np.where(high, "negative", "positive")
    return np.where(high, "high", "low")


def _check_settings(rng, permutations, level):
    if not isinstance(rng, np.random.Generator):
        raise BadSettings(f"rng is {type(rng).__name__}; allowed is a numpy Generator: default_rng(seed)")
    if not (is_number(permutations) and 1 <= permutations < np.inf and permutations % 1 == 0):
        raise BadSettings(f"permutations is {permutations!r}; allowed is a whole number of 1 or more")
    if not (is_number(level) and 0 < level < 1):
        raise BadSettings(f"level is {level!r}; allowed is a number above 0 and below 1")


def _check_known(given, known):
    for name, value in given.items():
        if value not in known[name]:
            raise BadSettings(f"{name} {value!r} is unknown; known are {', '.join(known[name])}")
