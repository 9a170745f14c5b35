"""Indices of surroundings without what chance adds to them: the variance that it gives to smoothed shares is known."""

import numpy as np

from segindex.indices._arrays import composition, interaction, ratio, shares
from segindex.inference.drawing import draw_groups


def by_variance(called, counts, cluster_size, rng, draws):
    r"""An index that is linear in products of two cells' counts, less the part of a count with itself.

    .. math:: \mathrm{Var}\, \tilde p_i = \sum_j \frac{K_{ij}^2 v_j}{\tilde t_i^2}, \qquad
              v_j = c \frac{x_j (t_j - x_j)}{t_j - c}

    counts (n_cells, n_groups).
    """
    city = shares(counts.sum(axis=0))
    value = called(counts)
    if np.isnan(value):
        return np.nan
    around, own = chance_part(called.inputs["nearby"], counts, cluster_size, rng, draws)
    return float(value - LESS[called.name](around / counts.sum(), own / counts.sum(), city))


def by_matched_city(called, counts, cluster_size, rng, draws):
    """An index less its bias in a city whose surroundings vary as much as this one's do without chance.

    counts (n_cells, n_groups).
    """
    value = called(counts)
    if np.isnan(value):
        return np.nan
    t = counts.sum(axis=-1)
    p = matched_shares(called.inputs["nearby"], counts, cluster_size, rng, draws)
    drawn = np.array([called(draw_groups(rng, t, p, cluster_size)) for _ in range(draws)])
    defined = drawn[~np.isnan(drawn)]
    return float(value - (ratio(defined.sum(), len(defined)) - called(t[:, np.newaxis] * p)))


def matched_shares(near, counts, cluster_size, rng, draws):
    """The shares of the surroundings, drawn towards the city's or away from it, cell by cell: (n_cells, n_groups).

    Until those of their own surroundings have the variance that is left when that of chance is taken off.
    """
    t, city = counts.sum(axis=-1), shares(counts.sum(axis=0))
    apart = np.where(near(t)[:, np.newaxis] > 0, composition(counts, near) - city, 0)
    left = (t[:, np.newaxis] * apart**2).sum() - chance_part(near, counts, cluster_size, rng, draws)[0].sum()
    again = _smoothed(near, t * apart.T, t)
    scale = np.sqrt(ratio(np.maximum(left, 0), (t * again**2).sum(), empty=0))
    return shares(np.maximum(city + scale * apart, 0))


def chance_part(near, counts, cluster_size, rng, draws):
    """What chance adds, by group: to the variance of smoothed shares, and to their product with the cell's own count.

    Both summed over residents. The kernel's squares are not asked for: noise of the cells' variances is smoothed, with
    signs drawn at random, and its square has the right mean.
    """
    t = counts.sum(axis=-1)
    root = np.sqrt(_variance(counts, t, cluster_size)).T
    around, own = np.zeros((2, len(root)))
    for _ in range(draws):
        noise = root * rng.choice([-1.0, 1.0], root.shape)
        smoothed = _smoothed(near, noise, t)
        around += (t * smoothed**2).sum(axis=-1)
        own += (noise * smoothed).sum(axis=-1)
    return around / draws, own / draws


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
