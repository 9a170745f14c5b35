"""Clusters: rates by hand, the permutation law by enumeration, false discoveries by simulation."""

import tracemalloc
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from inference.town import block, run, town
from scipy import sparse

from segindex.errors import BadData, BadSettings
from segindex.indices import local_morans_i
from segindex.inference import CLUSTERS, local_clusters, share_in_clusters, standardised_rates
from segindex.inference.false_discovery import benjamini_hochberg, benjamini_yekutieli
from segindex.inference.rates import raw_rates
from segindex.neighbourhood import contiguity

FOUND = CLUSTERS[:4]


def test_standardised_rates_by_hand():
    """P = 1/4; binomial 3/16; between (100 * .15^2 + 50 * .15^2 ... )/T less 3/16 * 3/T, then v_i."""
    x, t = np.array([10, 20, 10, 0]), np.array([100, 40, 20, 0])
    p = np.array([0.1, 0.5, 0.5])
    a = (100 * 0.15**2 + 40 * 0.25**2 + 20 * 0.25**2) / 160 - 3 / 16 * 3 / 160
    z = (p - 0.25) / np.sqrt(a + 3 / 16 / np.array([100, 40, 20]))
    np.testing.assert_allclose(standardised_rates(x, t), np.append(z - z.mean(), np.nan), rtol=1e-12)


def test_rates_where_cells_differ_less_than_chance_would_have_it():
    x, t = np.array([5, 10, 15]), np.array([10, 20, 30])
    np.testing.assert_allclose(standardised_rates(x, t), 0, atol=1e-12)
    x, t = np.array([5, 11]), np.array([10, 20])
    z = (np.array([0.5, 0.55]) - 16 / 30) / np.sqrt(16 / 30 * 14 / 30 / t)
    np.testing.assert_allclose(standardised_rates(x, t), z - z.mean(), rtol=1e-12)


def test_rates_are_undefined_without_two_groups():
    assert np.isnan(standardised_rates([[0, 0], [2, 3]], [2, 3])).all()
    np.testing.assert_allclose(raw_rates([1, 3, 0], [4, 4, 0]), [-0.25, 0.25, np.nan])


def test_ties_count_on_both_sides():
    """A checkerboard: all rates are one of two, and sums of them differ by rounding alone."""
    xy = block(20)
    x = np.where((xy / 250).sum(axis=1) % 2, 30, 3)
    found = run(x, np.full(400, 100), contiguity(xy, "queen"))
    inner = ((xy > 0) & (xy < 19 * 250)).all(axis=1)
    assert (found.p[inner] > 0.5).all()
    apart = run(x, np.full(400, 100), contiguity(xy, "rook"))
    four_unlike = comb(200, 4) / comb(399, 4)
    np.testing.assert_allclose(apart.p[inner], 2 * four_unlike, atol=0.02)


def test_values_are_local_morans_of_the_rates():
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    found = run(x, t, weights, rates="raw")
    np.testing.assert_allclose(found.value, local_morans_i(x / t, weights), rtol=1e-10)
    np.testing.assert_allclose(found.z, x / t - (x / t).mean(), rtol=1e-10)
    z = standardised_rates(x, t)
    lag = weights @ z / np.diff(weights.indptr)
    np.testing.assert_allclose(run(x, t, weights).value, z * lag / (z**2).mean(), rtol=1e-9)


def test_a_planted_corner_is_found_and_nothing_else():
    xy, x, t = town()
    found = run(x, t, contiguity(xy, "queen"))
    assert (found.cluster[(xy < 1000).all(axis=1)] == "high-high").all()
    assert (found.cluster[(xy > 2250).all(axis=1)] == "low-low").mean() > 0.7
    assert ((found.q <= 0.05) == np.isin(found.cluster, FOUND)).all()


def test_the_exact_p_of_a_small_town():
    """Eight cells in a row: the ends have one neighbour, the others two; every draw is equally likely."""
    row = contiguity(np.column_stack([np.arange(8) * 250.0, np.zeros(8)]), "rook")
    t = np.full(8, 50)
    x = np.array([30, 28, 26, 3, 5, 4, 1, 2])
    found = run(x, t, row, permutations=99_999)
    rate = standardised_rates(x, t)
    for cell in range(8):
        around = row[[cell]].indices
        sums = np.array([sum(chosen) for chosen in combinations(np.delete(rate, cell), len(around))])
        seen = rate[around].sum()
        exact = min(1, 2 * min((sums >= seen - 1e-9).mean(), (sums <= seen + 1e-9).mean()))
        assert found.p[cell] == pytest.approx(exact, abs=0.01)


def test_empty_cells_and_islands_stay_out():
    xy, x, t = town()
    xy = np.vstack([xy, [[50_000.0, 50_000.0]]])
    x, t = np.append(x, 5), np.append(t, 20)
    t[[7, 30]], x[[7, 30]] = 0, 0
    weights = contiguity(xy, "queen")
    found = run(x, t, weights)
    assert (found.cluster[[7, 30]] == "empty").all()
    assert found.cluster[-1] == "no neighbour"
    for field in (found.value, found.p, found.q):
        np.testing.assert_array_equal(np.flatnonzero(np.isnan(field)), [7, 30, len(t) - 1])
    there = np.flatnonzero(t > 0)
    alone = run(x[there], t[there], weights[there][:, there])
    np.testing.assert_array_equal(alone.p, found.p[there])
    np.testing.assert_array_equal(alone.cluster, found.cluster[there])


def test_a_seed_gives_one_result_for_a_group_alone_and_among_others():
    xy, x, t = town(1)
    weights = contiguity(xy, "queen")
    years = np.stack([t, t, np.where(xy[:, 0] == 0, 0, t)])
    groups = np.stack([x, t - x, np.where(xy[:, 0] == 0, 0, x)])
    together = run(groups, years, weights)
    for row in range(3):
        alone = run(groups[row], years[row], weights)
        for name in alone._fields:
            np.testing.assert_array_equal(getattr(together, name)[row], getattr(alone, name))
    again = run(groups, years, weights)
    np.testing.assert_array_equal(again.p, together.p)
    assert not np.array_equal(run(groups, years, weights, seed=2).p, together.p)


def test_deep_leading_axes():
    xy, x, t = town(1)
    weights = contiguity(xy, "queen")
    deep = run(np.stack([[x, t - x]]), t, weights)
    assert deep.p.shape == (1, 2, len(t))
    np.testing.assert_array_equal(deep.q[0, 1], run(t - x, t, weights).q)


def test_nobody_or_everybody_in_the_group_is_no_finding():
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    found = run(np.stack([x * 0, t, x]), t, weights)
    assert np.isnan(found.p[:2]).all()
    assert (found.cluster[:2] == "not significant").all()
    np.testing.assert_array_equal(found.p[2], run(x, t, weights).p)


def test_a_town_without_neighbours():
    found = run([1, 2], [5, 6], sparse.csr_array((2, 2)))
    assert found.cluster.tolist() == ["no neighbour"] * 2
    assert np.isnan(found.p).all()


def test_adjusted_p_values():
    """By hand: of .01 .04 .03 .5 the least of p_j 4/j over the ranks from there on."""
    p = np.array([0.01, 0.04, 0.03, 0.5])
    np.testing.assert_allclose(benjamini_hochberg(p), [0.04, 0.16 / 3, 0.16 / 3, 0.5])
    np.testing.assert_allclose(
        benjamini_yekutieli(p), np.minimum(1, benjamini_hochberg(p) * (1 + 1 / 2 + 1 / 3 + 1 / 4))
    )


def test_the_floor_does_not_decide():
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    few, many = run(x, t, weights, permutations=499), run(x, t, weights, permutations=19_999)
    assert few.from_moments.any()
    assert (few.p[few.from_moments] < 2 / 400).all()
    assert not many.from_moments.any()
    assert (few.cluster[(xy < 1000).all(axis=1)] == "high-high").all()
    np.testing.assert_allclose(few.p[~few.from_moments], many.p[~few.from_moments], atol=0.12)


def label_at_random(seed, permutations, p=0.1):
    """Cities where everybody's group is drawn with one chance: the part of them where some cluster is found."""
    xy = block(16, kept=0.9, seed=3)
    weights = contiguity(xy, "queen")
    rng = np.random.default_rng(seed)
    t = rng.negative_binomial(1.5, 0.03, (120, len(xy)))
    x = rng.binomial(t, p)
    found = [run(x[at], t[at], weights, seed=at, permutations=permutations).cluster for at in range(len(t))]
    return np.isin(found, FOUND).any(axis=1).mean()


def test_false_discoveries_under_random_labelling():
    """5 % is allowed; the sampling error of 120 cities is 2 points. The normal tail is known to be too light."""
    assert label_at_random(0, permutations=9_999) <= 0.11
    assert label_at_random(0, permutations=999) <= 0.25


def test_the_p_values_are_those_of_spdep():
    """Two-sided p from 999 draws of spdep 1.2-7 and ours from 9,999, of the same cells and shares."""
    shared = Path(__file__).parents[2] / "../shared/reference"
    if not shared.exists():
        pytest.skip("the folder of reference values is not here")
    frame = pd.read_csv(shared / "spdep_local_grid_mixed20_queen.csv")
    grid = pd.read_csv(shared / "grid_mixed20.csv")
    found = run(grid["b"], grid["total"], contiguity(frame[["x", "y"]], "queen"), rates="raw")
    np.testing.assert_allclose(found.value, frame["Ii"], atol=1e-10)
    spread = np.abs(found.p - frame["p_perm_sim"])
    assert spread.max() < 0.12
    assert spread.mean() < 0.02


def test_share_in_clusters_by_hand():
    cluster = ["high-high", "high-high", "low-low", "empty", "not significant"]
    found = share_in_clusters([6, 4, 0, 0, 10], [10, 10, 20, 0, 40], cluster)
    assert dict(zip(CLUSTERS, found.cells))["high-high"] == 2
    assert found.residents.tolist() == [20, 20, 0, 0, 40, 0, 0]
    assert found.members_share.tolist() == [0.5, 0, 0, 0, 0.5, 0, 0]
    assert found.residents_share[0] == 0.25
    two = share_in_clusters([[6, 4], [0, 0]], [10, 10], [["high-high", "low-low"]] * 2)
    assert two.members.shape == (2, len(CLUSTERS))
    assert np.isnan(two.members_share[1]).all()
    with pytest.raises(BadData, match="known are high-high"):
        share_in_clusters([1], [2], ["hot"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rng": 7}, "rng is int"),
        ({"permutations": 0}, "permutations is 0"),
        ({"permutations": 10.5}, "permutations is 10.5"),
        ({"level": 1}, "level is 1"),
        ({"control": "bonferroni"}, "known are benjamini_hochberg"),
        ({"rates": "shrunken"}, "known are assuncao_reis"),
        ({"statistic": "getis"}, "known are local_morans_i, getis_ord, getis_ord_star, local_geary"),
        ({"sides": "both"}, "known are two-sided, greater, less"),
        ({"null": "persons"}, "known are cells, labels, both"),
    ],
)
def test_settings_that_are_refused(settings, message):
    with pytest.raises(BadSettings, match=message):
        local_clusters([1, 2], [5, 6], sparse.csr_array((2, 2)), **({"rng": np.random.default_rng(1)} | settings))


def test_data_that_are_refused():
    ring = sparse.csr_array([[0, 1, 2], [1, 0, 1], [1, 1, 0]])
    with pytest.raises(BadData, match="exceeds"):
        run([9, 2, 3], [5, 6, 7], ring)
    with pytest.raises(BadData, match="parts of persons"):
        run([1.5, 2, 3], [5, 6, 7], ring, null="labels")
    with pytest.raises(TypeError):
        run([1], [2], sparse.csr_array((1, 1)), permutation=5)


def test_row_standardised_weights_are_the_same():
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    standardised = sparse.diags_array(1 / np.diff(weights.indptr)) @ weights
    np.testing.assert_array_equal(run(x, t, standardised).p, run(x, t, weights).p)


def test_weights_that_differ_by_rounding_are_equal():
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    rounded = weights.copy()
    rounded.data = 0.3 * (1 + 1e-15 * np.random.default_rng(0).integers(-2, 3, weights.nnz))
    assert len(set(rounded.data)) > 2
    np.testing.assert_array_equal(run(x, t, rounded).p, run(x, t, weights).p)


def test_no_square_matrix_is_made():
    """A matrix of 20,000 x 20,000 numbers would take 3.2 GB."""
    xy = block(150, kept=0.89)[:20_000]
    rng = np.random.default_rng(0)
    t = rng.poisson(40, len(xy))
    weights = contiguity(xy, "queen")
    tracemalloc.start()
    run(rng.binomial(t, 0.1), t, weights, permutations=9_999)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6
