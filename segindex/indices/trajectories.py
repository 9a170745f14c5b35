"""Distortion: how far from home one must look before the city appears as it is."""

import numpy as np
from scipy.special import rel_entr, spence

from segindex.errors import BadData
from segindex.indices._arrays import check_counts, ratio, shares, total

NODES, WEIGHTS = np.polynomial.legendre.leggauss(5)
ROUNDING = 1e-9
"""Of all persons: by so much may surroundings seem to shrink, since sums come from a Fourier transform."""


def local_distortion(counts, surroundings):
    r"""Local distortion coefficient.

    How far from the city's mix a cell's surroundings are, and stay, as they grow from the cell to the whole city.

    .. math:: \Delta_i = \frac{1}{\Delta_{max}} \int_0^1 \max_{v \ge u} K_i(v)\, du, \qquad
              K_i(u) = \sum_g p_{ig}(u) \ln \frac{p_{ig}(u)}{P_g}

    .. math:: \Delta_{max} = -\sum_{k \ge 2} Q_{k-1} \, \mathrm{Li}_2 \! \left( -\frac{P_k}{Q_{k-1}} \right), \qquad
              Q_k = P_1 + \dots + P_k, \quad P_1 \le P_2 \le \dots

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    surroundings : sequence of callable
        Sums over ever wider surroundings, (..., n_cells) to the same shape: `neighbourhood.discs`, or
        `neighbourhood.nearest` for growing k. The whole city is added.

    Returns
    -------
    ndarray, shape (..., n_cells)
        0 where all surroundings are mixed as the city, 1 for the centre of a city whose groups live in rings, the
        smallest innermost. NaN for a cell where nobody lives, and where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, no surroundings are given, or they do not grow.

    Notes
    -----
    :math:`p_i(u)` is the mix of the part u of all residents that lives nearest. For a tolerance :math:`\delta`, the
    focal distance is how many of them must be seen until the divergence :math:`K_i` falls to :math:`\delta` for good;
    its integral over all tolerances is that of the greatest divergence still to come. Between two surroundings the
    residents are taken in proportion, as in a ring: exact (but for a sum at five points) where every ring is given.
    Fewer scales cost n log n instead of n² and give too little, for mixes in between are evened out and peaks passed
    by. With `neighbourhood.discs` it is 2 to 7 % on cities of 2,000 to 3,500 cells, up to 15 % for a checkerboard or
    for groups spread by chance, whose values are next to 0; with eight discs, each twice as wide, 15 to 44 %.
    :math:`\mathrm{Li}_2` is the dilogarithm.

    Examples
    --------
    >>> from segindex.neighbourhood import nearest
    >>> xy, counts = [[125, 125], [375, 125], [625, 125]], [[4, 0], [0, 4], [0, 4]]
    >>> grow = [nearest(xy, [4, 4, 4], k) for k in range(1, 13)]
    >>> local_distortion(counts, grow).round(3).tolist()
    [1.0, 0.359, 0.624]

    References
    ----------
    .. [1] Olteanu, M., Randon-Furling, J. and Clark, W. A. V. (2019). Segregation through the multiscalar lens.
       Proceedings of the National Academy of Sciences 116(25), 12250-12254.
    """
    (counts,) = check_counts(counts=counts)
    return _local(counts, surroundings)


def distortion(counts, surroundings):
    r"""Distortion of a city.

    How far from the city's mix the surroundings of its residents are, and stay, on average over all scales.

    .. math:: \Delta = \sum_i \frac{t_i}{T} \Delta_i

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    surroundings : sequence of callable
        Sums over ever wider surroundings, as for `local_distortion`.

    Returns
    -------
    ndarray, shape (...)
        From 0 (mixed alike around everybody) towards 1. NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, no surroundings are given, or they do not grow.

    Notes
    -----
    Members of a large group never see 1, so a city comes near 1 only where its groups are of one size. Scales weigh by
    the residents that they add: half of the weight lies on surroundings of more than half of the city. Compare cities
    at the same surroundings.

    Examples
    --------
    >>> from segindex.neighbourhood import nearest
    >>> xy, counts = [[125, 125], [375, 125], [625, 125]], [[4, 0], [0, 4], [0, 4]]
    >>> grow = [nearest(xy, [4, 4, 4], k) for k in range(1, 13)]
    >>> round(float(distortion(counts, grow)), 3)
    0.661

    References
    ----------
    .. [1] Olteanu, M., Randon-Furling, J. and Clark, W. A. V. (2019). Segregation through the multiscalar lens.
       Proceedings of the National Academy of Sciences 116(25), 12250-12254.
    """
    (counts,) = check_counts(counts=counts)
    t = counts.sum(axis=-1)
    return (shares(t) * np.where(t > 0, _local(counts, surroundings), 0)).sum(axis=-1)


def _local(counts, surroundings):
    if not len(surroundings):
        raise BadData("surroundings is empty; allowed is at least one callable, as neighbourhood.discs gives")
    everyone = np.broadcast_to(total(counts.sum(axis=-1)), counts.shape[:-1])
    city = np.broadcast_to(shares(counts.sum(axis=-2))[..., np.newaxis, :], counts.shape)
    lived = counts.sum(axis=-1) > 0
    mix, area, to_come = city[lived], np.zeros(lived.sum()), np.zeros(lived.sum())
    for inner, outer in _inwards(counts, surroundings, lived, ROUNDING * everyone[lived]):
        to_come = np.maximum(to_come, _divergence(outer, mix))
        for part, width in _between(inner.sum(axis=-1), outer.sum(axis=-1)):
            around = inner + part[:, np.newaxis] * (outer - inner)
            to_come = np.maximum(to_come, _divergence(around, mix))
            area += width * to_come
    found = np.full(counts.shape[:-1], np.nan)
    greatest = everyone * _greatest(city[..., :1, :])
    found[lived] = ratio(area, greatest[lived])
    return found


def _divergence(around, city):
    return rel_entr(ratio(around, total(around), empty=0), city).sum(axis=-1)


def _inwards(counts, surroundings, lived, rounding):
    """Whom each cell sees in two surroundings, the one next to the other: from the whole city down to nobody."""
    by_group, whole = np.moveaxis(counts, -1, -2), counts.sum(axis=-2, keepdims=True)
    outer = np.broadcast_to(whole, counts.shape)[lived]
    for place in reversed(range(len(surroundings))):
        inner = np.maximum(np.moveaxis(surroundings[place](by_group), -2, -1)[lived], 0)
        shrinks = (outer - inner).sum(axis=-1) < -rounding
        if shrinks.any():
            raise BadData(
                f"surroundings do not grow: after number {place + 1} of {len(surroundings)}, {int(shrinks.sum())} "
                f"cells see fewer residents than before; allowed are ever wider ones within the city"
            )
        yield inner, outer
        outer = inner
    yield np.zeros_like(outer), outer


def _between(inner, outer):
    """The points between two scales, outermost first: how far on the way each lies, and for how many it stands.

    They are those of Gauss and Legendre in the logarithm of the residents seen; before the first scale the mix is one.
    """
    growth = ratio(outer, inner, empty=1)
    more = growth > 1
    for place, weight in reversed(list(zip((1 + NODES) / 2, WEIGHTS / 2))):
        way = np.where(more, ratio(growth**place - 1, growth - 1), place)
        yield way, weight * np.where(more, inner * growth**place * np.log(growth), outer - inner)


def _greatest(share):
    """The integral for the centre of a city whose groups live in rings, the smallest group innermost."""
    ascending = np.sort(share, axis=-1)
    inner = np.cumsum(ascending, axis=-1)[..., :-1]
    return -(inner * spence(1 + ratio(ascending[..., 1:], inner, empty=0))).sum(axis=-1)
