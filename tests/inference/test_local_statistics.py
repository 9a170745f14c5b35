"""Gi, Gi* and local Geary under permutation: p by enumeration, classes, sides, weights of a kernel."""

from itertools import permutations

import numpy as np
import pytest
from inference.town import block, run, town
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.stats import binom

from segindex.errors import BadData, BadSettings
from segindex.indices import getis_ord, local_geary, local_morans_i
from segindex.inference import CLASSES, CLUSTERS, share_in_clusters, standardised_rates
from segindex.inference.local_clusters import _pooled
from segindex.neighbourhood import contiguity

STATISTICS = list(CLASSES)
every_statistic = pytest.mark.parametrize("statistic", STATISTICS)
FEW = 7
GIVEN = np.random.default_rng(5)
T = GIVEN.integers(20, 60, FEW)
X = GIVEN.binomial(T, GIVEN.random(FEW))
UNEQUAL = GIVEN.random((FEW, FEW)) * (GIVEN.random((FEW, FEW)) < 0.6)
np.fill_diagonal(UNEQUAL, 0)


def inverse_distance(xy, metres):
    """Weights that fall with distance."""
    i, j = cKDTree(xy).query_pairs(metres, output_type="ndarray").T
    w = 250 / np.hypot(*(xy[i] - xy[j]).T)
    return sparse.csr_array((np.r_[w, w], (np.r_[i, j], np.r_[j, i])), shape=(len(xy), len(xy)))


def tails_by_hand(statistic, w, z, cell):
    """How often each side is reached when the other cells' rates change places in every way."""
    others = np.delete(np.arange(FEW), cell)
    dealt = np.array([z[list(order)] for order in permutations(others)])
    drawn = np.concatenate([z[others][np.newaxis], dealt])
    if statistic == "local_geary":
        values = (w[cell, others] * (drawn - z[cell]) ** 2).sum(axis=1)
    else:
        values = (w[cell, others] * drawn).sum(axis=1) * (z[cell] if statistic == "local_morans_i" else 1)
    return (values[1:] >= values[0] - 1e-9).mean(), (values[1:] <= values[0] + 1e-9).mean()


@every_statistic
@pytest.mark.parametrize("w", [UNEQUAL, (UNEQUAL > 0).astype(float)], ids=["kernel", "equal"])
def test_p_against_every_permutation(statistic, w):
    z = standardised_rates(X, T)
    found = {
        sides: run(X, T, sparse.csr_array(w), statistic=statistic, sides=sides, permutations=40_000, level=0.9)
        for sides in ("two-sided", "greater", "less")
    }
    for cell in range(FEW):
        above, below = tails_by_hand(statistic, w, z, cell)
        assert found["greater"].p[cell] == pytest.approx(above, abs=0.012)
        assert found["less"].p[cell] == pytest.approx(below, abs=0.012)
        assert found["two-sided"].p[cell] == pytest.approx(min(1, 2 * min(above, below)), abs=0.024)


@pytest.mark.parametrize("weights", [lambda xy: contiguity(xy, "queen"), lambda xy: inverse_distance(xy, 800)])
def test_values_are_those_of_the_indices(weights):
    xy, x, t = town()
    w = weights(xy)
    formulas = {
        "local_morans_i": local_morans_i,
        "getis_ord": getis_ord,
        "getis_ord_star": lambda *data: getis_ord(*data, star=True),
        "local_geary": local_geary,
    }
    for statistic, formula in formulas.items():
        found = run(x, t, w, statistic=statistic, rates="raw", permutations=99)
        np.testing.assert_allclose(found.value, formula(x / t, w), rtol=1e-9)


def test_moran_and_both_gi_have_one_p():
    xy, x, t = town()
    for weights in (contiguity(xy, "queen"), inverse_distance(xy, 600)):
        p = [run(x, t, weights, statistic=statistic).p for statistic in STATISTICS[:3]]
        np.testing.assert_array_equal(p[0], p[1])
        np.testing.assert_array_equal(p[0], p[2])


@pytest.mark.parametrize("weights", [lambda xy: contiguity(xy, "queen"), lambda xy: inverse_distance(xy, 600)])
def test_classes_of_a_planted_corner(weights):
    xy, x, t = town()
    corner, far = (xy < 1000).all(axis=1), (xy > 2250).all(axis=1)
    for statistic in ("getis_ord", "getis_ord_star"):
        found = run(x, t, weights(xy), statistic=statistic)
        assert (found.cluster[corner] == "high").all()
        assert (found.cluster[far] == "low").mean() > 0.7
        assert (found.value[found.cluster == "high"] > 0).all()
        assert set(run(x, t, weights(xy), statistic=statistic, sides="greater").cluster) == {"high", "not significant"}
        assert "high" not in run(x, t, weights(xy), statistic=statistic, sides="less").cluster
    alike = run(x, t, weights(xy), statistic="local_geary", sides="less", permutations=19_999)
    assert (alike.cluster[far] == "positive").any()
    by_chance = 1 + 225 / 224 * alike.z**2 / alike.z.var(ddof=1)
    assert (alike.value < by_chance)[alike.cluster == "positive"].all()


def test_neighbours_that_differ_more_than_chance_would_have_it():
    """Each cell of one kind has twelve neighbours, all of the other kind."""
    rng = np.random.default_rng(0)
    dense = np.zeros((200, 200))
    for cell in range(200):
        dense[cell, 2 * rng.choice(100, 12, replace=False) + (cell + 1) % 2] = 1
    x, t = rng.binomial(40, np.where(np.arange(200) % 2, 0.7, 0.2)), np.full(200, 40)
    found = run(x, t, sparse.csr_array(dense), statistic="local_geary", permutations=19_999)
    assert (found.cluster == "negative").mean() > 0.9
    assert set(run(x, t, sparse.csr_array(dense), statistic="local_geary", sides="less").cluster) == {"not significant"}


def test_moran_on_one_side():
    xy, x, t = town(3)
    x[16] = 0
    weights = contiguity(xy, "queen")
    both, alike, unlike = (run(x, t, weights, sides=sides) for sides in ("two-sided", "greater", "less"))
    assert set(both.cluster) >= {"high-high", "low-high"}
    assert set(alike.cluster) <= {"high-high", "low-low", "not significant"}
    assert set(unlike.cluster) == {"low-high", "not significant"}
    assert unlike.cluster[16] == "low-high"


def test_a_cell_at_the_mean_is_never_found_on_one_side():
    """Its local Moran is 0 however its neighbours are dealt."""
    xy = block(5)
    x = np.array([0, 40] * 12 + [20])
    for sides in ("greater", "less"):
        found = run(x, np.full(25, 40), contiguity(xy, "rook"), sides=sides, rates="raw")
        assert found.p[24] == 1


@every_statistic
@pytest.mark.parametrize("weights", [lambda xy: contiguity(xy, "queen"), lambda xy: inverse_distance(xy, 600)])
def test_leading_axes_and_empty_cells(statistic, weights):
    xy, x, t = town(1, n=8)
    t[[3, 20]], x[[3, 20]] = 0, 0
    w = weights(xy)
    together = run(np.stack([x, t - x]), t, w, statistic=statistic, permutations=499)
    for row, group in enumerate((x, t - x)):
        alone = run(group, t, w, statistic=statistic, permutations=499)
        for name in alone._fields:
            np.testing.assert_array_equal(getattr(together, name)[row], getattr(alone, name))
    left = np.flatnonzero(t)
    part = run(x[left], t[left], w[left][:, left], statistic=statistic, permutations=499)
    np.testing.assert_allclose(part.p, together.p[0, left], rtol=1e-9)
    assert (together.cluster[:, [3, 20]] == "empty").all()


@every_statistic
def test_the_floor_does_not_decide(statistic):
    """With 499 draws no p below 2/500 can be drawn; what lies beyond all draws gets it from moments."""
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    few = run(x, t, weights, statistic=statistic, permutations=499)
    many = run(x, t, weights, statistic=statistic, permutations=19_999)
    assert not many.from_moments.any()
    assert few.from_moments.any()
    assert (few.p[few.from_moments] < 2 / 500).all()
    assert (many.p[few.from_moments] < 0.05).all()
    one_sided = run(x, t, weights, statistic=statistic, permutations=225 * 20, sides="greater")
    assert not one_sided.from_moments.any()


def test_the_gamma_tail_is_near_the_drawn_one():
    """Local Geary of many normal rates with eight neighbours: twice a chi-square law in all but name."""
    rng = np.random.default_rng(1)
    xy = block(20)
    t = np.full(400, 1_000)
    x = rng.binomial(t, 0.5)
    weights = contiguity(xy, "queen")
    few = run(x, t, weights, statistic="local_geary", permutations=99, rates="raw", sides="less")
    many = run(x, t, weights, statistic="local_geary", permutations=199_999, rates="raw", sides="less")
    smooth = few.from_moments
    assert smooth.sum() >= 2
    assert (few.p[smooth] < 5 * many.p[smooth] + 1e-3).all()
    assert (many.p[smooth] < 5 * few.p[smooth] + 1e-3).all()


@pytest.mark.parametrize("sides", ["two-sided", "greater", "less"])
def test_both_nulls_by_hand(sides):
    """p of one side is the larger of the permutations' and of the binomial law of the persons around."""
    xy, x, t = town(n=8)
    x = np.where((xy < 500).all(axis=1), t, np.where((xy > 1250).all(axis=1), 0, x))
    weights = contiguity(xy, "queen")
    cells = {
        side: run(x, t, weights, statistic="getis_ord", sides=side, permutations=9_999) for side in ("greater", "less")
    }
    near, around = weights @ x, weights @ t
    p = (x.sum() - x) / (t.sum() - t)
    above = np.maximum(cells["greater"].p, binom.sf(near - 1, around, p))
    below = np.maximum(cells["less"].p, binom.cdf(near, around, p))
    expected = {"greater": above, "less": below, "two-sided": np.minimum(1, 2 * np.minimum(above, below))}[sides]
    found = run(x, t, weights, statistic="getis_ord", sides=sides, null="both", permutations=9_999)
    np.testing.assert_allclose(found.p, expected, rtol=1e-9)
    assert set(found.cluster) & {"high", "low"}


def test_persons_around_are_counted_whatever_their_weight():
    """The binomial law of scipy, also where nobody or everybody around belongs to the group."""
    dense = np.array([[0, 1, 0.5, 0], [0.2, 0, 0, 0], [0, 0, 0, 1], [0.1, 1, 0.3, 0]])
    x, t = np.array([[0.0, 5, 3, 2]]), np.array([[6.0, 5, 9, 4]])
    near, around = (dense > 0) @ x[0], (dense > 0) @ t[0]
    p = (10 - x[0]) / (24 - t[0])
    below, above = _pooled(x, t, sparse.csr_array(dense))
    assert set(near) >= {0, 8}
    np.testing.assert_allclose(below[0], binom.cdf(near, around, p), rtol=1e-12)
    np.testing.assert_allclose(above[0], binom.sf(near - 1, around, p), rtol=1e-12)
    everybody = _pooled(t - [[1, 0, 0, 0]], t, sparse.csr_array(dense))
    np.testing.assert_allclose(everybody[0][0], [1, binom.cdf(5, 6, 18 / 19), 1, binom.cdf(19, 20, 19 / 20)])


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
def test_both_nulls_where_all_around_are_of_one_kind(p):
    xy = block(6)
    t = np.full(36, 10)
    x = np.where(xy[:, 0] < 750, round(10 * p), 5)
    x[35] = 9
    found = run(x, t, contiguity(xy, "rook"), null="both", permutations=999)
    assert np.isfinite(found.p).all()


def test_what_is_found_under_both_nulls_is_found_under_the_first():
    xy, x, t = town(4, mean=6)
    weights = contiguity(xy, "queen")
    for statistic in STATISTICS[:3]:
        cells = run(x, t, weights, statistic=statistic, permutations=19_999)
        both = run(x, t, weights, statistic=statistic, permutations=19_999, null="both")
        assert (both.p >= cells.p).all()
        kept = both.cluster != "not significant"
        np.testing.assert_array_equal(both.cluster[kept], cells.cluster[kept])
        assert 0 < kept.sum() <= (cells.cluster != "not significant").sum()
    with pytest.raises(BadSettings, match="allowed for local_geary: cells, labels"):
        run(x, t, weights, statistic="local_geary", null="both")


def test_shares_in_the_classes_of_a_statistic():
    cluster = ["high", "high", "low", "empty", "not significant"]
    found = share_in_clusters([6, 4, 0, 0, 10], [10, 10, 20, 0, 40], cluster, statistic="getis_ord_star")
    assert found.residents.tolist() == [20, 20, 40, 0, 0]
    assert found.cells.tolist() == [2, 1, 1, 0, 1]
    with pytest.raises(BadData, match="known are high-high"):
        share_in_clusters([1], [2], ["high"])
    with pytest.raises(BadSettings, match="known are local_morans_i, getis_ord"):
        share_in_clusters([1], [2], ["high"], statistic="gi")


def test_the_vocabulary():
    assert CLASSES["local_morans_i"] == CLUSTERS
    assert all(classes[-3:] == CLUSTERS[-3:] for classes in CLASSES.values())
