"""Indices of second moments, unbiased: what two different persons of a cell have in common does not mistake chance."""

from typing import NamedTuple

import numpy as np

from segindex.indices._arrays import over_groups, ratio, shares


class Moments(NamedTuple):
    """The groups' shares of the city and the mean squares of the cells' own: (..., n_groups)."""

    share: np.ndarray
    square: np.ndarray


def moments(counts, cluster_size=1.0):
    r"""The groups' shares of the city, and the mean of the cells' squared shares, without the squares' chance part.

    .. math:: \frac{\sum_i t_i \, x_i (x_i - c) / [t_i (t_i - c)]}{\sum_i t_i}, \qquad t_i \ge 2c

    A cell of fewer than two clusters holds no pair of them; just above c the quotient would be mostly noise.
    """
    t = over_groups(counts)
    used = t >= 2 * cluster_size
    kept = np.where(used[..., np.newaxis], counts, 0)
    pairs = ratio(kept * (kept - cluster_size), np.where(used, t - cluster_size, 0)[..., np.newaxis], empty=0)
    return Moments(shares(kept.sum(axis=-2)), ratio(pairs.sum(axis=-2), kept.sum(axis=(-2, -1))[..., np.newaxis]))


def isolation(found):
    """Isolation of the first group."""
    return ratio(found.square[..., 0], found.share[..., 0])


def exposure(found):
    """Exposure of the first group to all others."""
    return 1 - isolation(found)


def correlation_ratio(found):
    """The correlation ratio of the first group."""
    p = found.share[..., 0]
    return ratio(found.square[..., 0] - p**2, p * (1 - p))


def relative_diversity(found):
    """Relative diversity of all groups."""
    return ratio(_variance(found).sum(axis=-1), (found.share * (1 - found.share)).sum(axis=-1))


def squared_coefficient_of_variation(found):
    """The squared coefficient of variation of all groups."""
    others = (found.share > 0).sum(axis=-1) - 1
    return ratio(ratio(_variance(found), found.share, empty=0).sum(axis=-1), others)


def normalized_exposure(found):
    """Normalised exposure of all groups."""
    return ratio(_variance(found), 1 - found.share).sum(axis=-1)


def _variance(found):
    return found.square - found.share**2


UNBIASED = {
    function.__name__: function
    for function in (
        isolation,
        exposure,
        correlation_ratio,
        relative_diversity,
        squared_coefficient_of_variation,
        normalized_exposure,
    )
}
"""The indices that are functions of these moments alone, by name."""
