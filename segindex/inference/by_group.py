"""Indices of several groups as means over their groups, or class limits: each is of one group against all others."""

import numpy as np
from scipy.special import entr, rel_entr

from segindex.indices._arrays import mixed, ratio, shares
from segindex.inference.mixture import fit_mixture


def _against_others(counts):
    return counts


def _below_limits(counts):
    return np.cumsum(counts, axis=-1)[:, :-1]


MEANS = {
    "multigroup_dissimilarity": (_against_others, lambda p: p * (1 - p)),
    "multigroup_gini": (_against_others, lambda p: p * (1 - p)),
    "relative_diversity": (_against_others, lambda p: p * (1 - p)),
    "squared_coefficient_of_variation": (_against_others, lambda p: 1 - p),
    "normalized_exposure": (_against_others, lambda p: p),
    "ordinal_information_theory": (_below_limits, lambda c: entr(c) + entr(1 - c)),
    "ordinal_variation_ratio": (_below_limits, lambda c: c * (1 - c)),
    "ordinal_square_root": (_below_limits, lambda c: np.sqrt(c * (1 - c))),
    "ordinal_absolute_difference": (_below_limits, lambda c: 1 - np.abs(2 * c - 1)),
}
"""Which two groups are set against each other, and what each pair weighs by its share of the city."""


def mean_over_groups(name, counts, of_pair):
    """The index of counts (n_cells, n_groups), `of_pair` giving that of each group and all others."""
    split, weigh = MEANS[name]
    t = counts.sum(axis=-1)
    members = split(counts)
    city = ratio(members.sum(axis=0), t.sum(), empty=0)
    there = (city > 0) & (city < 1)
    weight = weigh(city[there])
    value = [of_pair(np.stack([x, t - x], axis=-1)) for x in members[:, there].T]
    return float(ratio((weight * value).sum(), weight.sum()))


def information_by_mixture(name, counts, cluster_size):
    r"""M, or H, of counts (n_cells, n_groups): :math:`M = \sum_g \sum_i (t_i/T)\, p_{ig} \ln (p_{ig}/P_g)`."""
    city = shares(counts.sum(axis=0))
    if not mixed(city):
        return np.nan
    gained = sum(_gained(x, counts.sum(axis=-1), cluster_size) for x in counts[:, city > 0].T)
    return float(gained / entr(city).sum() if name == "information_theory" else gained)


def _gained(x, t, cluster_size):
    fit = fit_mixture(x, t, cluster_size=cluster_size)
    if fit.gap > fit.tolerance:
        return np.nan
    persons = shares(fit.residents)
    return (persons * rel_entr(fit.support, (persons * fit.support).sum())).sum()
