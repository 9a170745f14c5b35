"""Indices of surroundings without what chance adds to them: the variance that it gives to smoothed shares is known."""

from typing import NamedTuple

import numpy as np

from segindex.indices._arrays import composition, interaction, ratio, shares
from segindex.inference.dealing import NUMBERS_AT_ONCE
from segindex.inference.drawing import draw_groups


class Noise(NamedTuple):
    """What chance does to the surroundings of one city, whatever the index.

    Two parts of variance by group, `around` and `own` (see `chance_part`); `drawn` are blocks of cities
    (n, n_cells, n_groups) whose surroundings vary as much as this one's do without chance, and `likely` what each of
    them would hold on average.
    """

    around: np.ndarray
    own: np.ndarray
    likely: np.ndarray | None = None
    drawn: tuple = ()


def noise_of(near, counts, cluster_size, rng, draws, *, matched):
    """What chance does to surroundings; cities are drawn where indices by a `matched` one are asked for."""
    parts = chance_part(near, counts, cluster_size, rng, draws)
    if not matched:
        return Noise(*parts)
    t = counts.sum(axis=-1)
    p = matched_shares(near, counts, parts[0].sum())
    drawn = [
        np.stack([draw_groups(rng, t, p, cluster_size) for _ in range(block)]) for block in _blocks(draws, counts.size)
    ]
    return Noise(*parts, t[:, np.newaxis] * p, tuple(drawn))


def freed(called, counts, noise):
    r"""An index without what chance adds; counts (n_cells, n_groups).

    One that is linear in products of two cells' counts, less the part of a count with itself:

    .. math:: \mathrm{Var}\, \tilde p_i = \sum_j \frac{K_{ij}^2 v_j}{\tilde t_i^2}, \qquad
              v_j = c \frac{x_j (t_j - x_j)}{t_j - c}

    Any other less its bias in the cities drawn.
    """
    value = called(counts)
    if np.isnan(value):
        return np.nan
    if called.name in LESS:
        city, everyone = shares(counts.sum(axis=0)), counts.sum()
        return float(value - LESS[called.name](noise.around / everyone, noise.own / everyone, city))
    drawn = np.concatenate([called(block) for block in noise.drawn])
    defined = drawn[~np.isnan(drawn)]
    return float(value - (ratio(defined.sum(), len(defined)) - called(noise.likely)))


def by_variance(called, counts, cluster_size, rng, draws):
    """An index of `LESS`, freed of chance; counts (n_cells, n_groups)."""
    return _freed(called, counts, cluster_size, rng, draws, matched=False)


def by_matched_city(called, counts, cluster_size, rng, draws):
    """An index of `BY_MATCHED_CITY`, freed of chance; counts (n_cells, n_groups)."""
    return _freed(called, counts, cluster_size, rng, draws, matched=True)


def _freed(called, counts, *given, matched):
    if np.isnan(called(counts)):
        return np.nan
    return freed(called, counts, noise_of(called.inputs["nearby"], counts, *given, matched=matched))


def matched_shares(near, counts, chance):
    """The shares of the surroundings, drawn towards the city's or away from it, cell by cell: (n_cells, n_groups).

    Until those of their own surroundings have the variance that is left when that of `chance` is taken off.
    """
    t, city = counts.sum(axis=-1), shares(counts.sum(axis=0))
    apart = np.where(near(t)[:, np.newaxis] > 0, composition(counts, near) - city, 0)
    left = (t[:, np.newaxis] * apart**2).sum() - chance
    again = _smoothed(near, t * apart.T, t)
    scale = np.sqrt(ratio(np.maximum(left, 0), (t * again**2).sum(), empty=0))
    return shares(np.maximum(city + scale * apart, 0))


def chance_part(near, counts, cluster_size, rng, draws):
    """What chance adds, by group: to the variance of smoothed shares, and to their product with the cell's own count.

    Both summed over residents. The kernel's squares are not asked for: noise of the cells' variances is smoothed, with
    signs drawn at random, and its square has the right mean. Kernels take no negative numbers: the noise is lifted by
    as much as it can be below 0, and what that brings is taken off. Of two groups both have the same noise.
    """
    t = counts.sum(axis=-1)
    root = np.sqrt(_variance(counts, t, cluster_size)).T
    n_groups = len(root)
    root = root[:1] if n_groups == 2 else root
    everyone, least = near(t), near(root)
    around, own = np.zeros((2, len(root)))
    for block in _blocks(draws, root.size):
        noise = root * rng.choice([-1.0, 1.0], (block, *root.shape))
        smoothed = ratio(near(noise + root) - least, everyone, empty=0)
        around += (t * smoothed**2).sum(axis=(0, -1))
        own += (noise * smoothed).sum(axis=(0, -1))
    return np.broadcast_to(around, n_groups) / draws, np.broadcast_to(own, n_groups) / draws


def _blocks(draws, size):
    """How many draws of so many numbers at a time."""
    most = max(1, NUMBERS_AT_ONCE // size)
    return [min(most, draws - start) for start in range(0, draws, most)]


def _variance(counts, t, cluster_size):
    """The variance of each count: without bias where a cell holds two clusters, else that of the city's shares."""
    t = t[:, np.newaxis]
    enough = t >= 2 * cluster_size
    city = shares(counts.sum(axis=0))
    own = cluster_size * ratio(counts * (t - counts), np.where(enough, t - cluster_size, 0))
    return np.where(enough, own, np.minimum(t, cluster_size) * t * city * (1 - city))


def _smoothed(near, values, t):
    """Values of either sign, (n_layers, n_cells), over their surroundings' residents; kernels take no negative ones."""
    positive, negative = near(np.stack([np.maximum(values, 0), np.maximum(-values, 0)]))
    return ratio(positive - negative, near(t), empty=0)


LESS = {
    "isolation": lambda around, own, city: own[0] / city[0],
    "exposure": lambda around, own, city: -own[0] / city[0],
    "correlation_ratio": lambda around, own, city: own[0] / (city[0] * city[1]),
    "relative_diversity": lambda around, own, city: around.sum() / interaction(city),
    "squared_coefficient_of_variation": lambda around, own, city: (
        ratio(around, city, empty=0).sum() / ((city > 0).sum() - 1)
    ),
}
"""What chance adds to an index, of the two parts a resident and the groups' shares of the city."""

BY_MATCHED_CITY = (
    "dissimilarity",
    "gini",
    "information_theory",
    "mutual_information",
    "multigroup_dissimilarity",
    "multigroup_gini",
)
"""Indices of surroundings of which simulations have shown that little bias is left."""
