"""Persons dealt out anew, against every way of dealing them."""

from itertools import combinations

import numpy as np
import pytest
from inference.town import block, run, town
from scipy import sparse
from scipy.stats import hypergeom

from segindex.inference import CLASSES, standardised_rates
from segindex.inference.labelling import relabelled
from segindex.neighbourhood import contiguity

ROW = np.eye(8, k=1) + np.eye(8, k=-1)
T = np.array([3, 2, 3, 0, 4, 2, 0, 3])
X = np.array([3, 1, 1, 0, 0, 0, 0, 1])
KEPT = [0, 1, 2, 4, 5]


def every_way(members, t):
    """The group's counts for every choice of so many persons, all choices alike in chance."""
    home = np.repeat(np.arange(len(t)), t)
    return np.array([np.bincount(home[list(who)], minlength=len(t)) for who in combinations(range(len(home)), members)])


def by_hand(statistic, x):
    """What is compared, of all cells but the empty ones and the last, which has no neighbour."""
    z = standardised_rates(x, T)[..., KEPT]
    z = z - z.mean(axis=-1, keepdims=True)
    near = ROW[np.ix_(KEPT, KEPT)]
    if statistic == "local_geary":
        return (near * (z[..., np.newaxis] - z[..., np.newaxis, :]) ** 2).sum(axis=-1)
    return z @ near + (z if statistic == "getis_ord_star" else 0)


@pytest.mark.parametrize("statistic", list(CLASSES))
def test_p_against_every_way_of_dealing(statistic):
    settings = {"statistic": statistic, "null": "labels", "permutations": 20_000, "level": 0.9}
    found = run(X, T, sparse.csr_array(ROW), **settings)
    values, seen = by_hand(statistic, every_way(6, T)), by_hand(statistic, X)
    above, below = (values >= seen - 1e-9).mean(axis=0), (values <= seen + 1e-9).mean(axis=0)
    np.testing.assert_allclose(found.p[KEPT], np.minimum(1, 2 * np.minimum(above, below)), atol=0.02)
    assert (found.p[KEPT] < 0.9).any()
    assert found.cluster[[3, 6, 7]].tolist() == ["empty", "empty", "no neighbour"]


def test_moments_are_those_of_the_hypergeometric_law():
    """Of the counts themselves, with 6 of 17 persons in the group."""
    x, t = X[np.newaxis].astype(float), T[np.newaxis].astype(float)
    tails, mean, variance = relabelled(lambda dealt, totals: dealt, x, t, x, 1, 20_000)
    expected = T * 6 / 17
    np.testing.assert_allclose(mean[0], expected, atol=0.04)
    np.testing.assert_allclose(variance[0], expected * 11 / 17 * (17 - T) / 16, atol=0.04)
    np.testing.assert_allclose(tails.above[0] / 20_000, hypergeom.sf(X - 1, 17, 6, T), atol=0.02)
    assert (tails.drawn == 20_000).all()


def test_ties_count_on_both_sides():
    """Cells of three: two neighbours that hold 1 and 2 members, or 0 and 3, have one sum but for rounding."""
    t, x = np.full(6, 3), np.array([1, 0, 2, 1, 1, 2])
    row = np.eye(6, k=1) + np.eye(6, k=-1)
    found = run(x, t, sparse.csr_array(row), null="labels", rates="raw", permutations=20_000, level=0.9)
    values, seen = every_way(7, t) @ row, x @ row
    above, below = (values >= seen).mean(axis=0), (values <= seen).mean(axis=0)
    np.testing.assert_allclose(found.p, np.minimum(1, 2 * np.minimum(above, below)), atol=0.02)


def test_a_group_alone_and_among_others():
    xy, x, t = town(n=8)
    weights = contiguity(xy, "queen")
    groups, years = np.stack([x, t - x, x, x[::-1]]), np.stack([t, t, t + 1, t[::-1]])
    together = run(groups, years, weights, null="labels", permutations=299)
    for row in range(4):
        alone = run(groups[row], years[row], weights, null="labels", permutations=299)
        for name in alone._fields:
            np.testing.assert_array_equal(getattr(together, name)[row], getattr(alone, name))


def test_the_planted_corner_is_found():
    xy, x, t = town()
    found = run(x, t, contiguity(xy, "queen"), null="labels", permutations=999)
    assert (found.cluster[(xy < 1000).all(axis=1)] == "high-high").all()
    assert found.from_moments.any()


@pytest.mark.parametrize("rates", ["raw", "assuncao_reis"])
def test_p_is_that_of_chance_where_there_is_nothing_else(rates):
    """Small cells of a small group side by side: of 3,000 p values under random labelling, few are small."""
    xy = block(10)
    t = np.where(xy[:, 0] < 500, 2, 60)
    x = np.random.default_rng(5).multivariate_hypergeometric(t, 200, size=30, method="marginals")
    p = run(x, t, contiguity(xy, "queen"), null="labels", permutations=999, rates=rates, level=0.9).p
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).mean() <= level + 4 * np.sqrt(level / p.size * 8)
