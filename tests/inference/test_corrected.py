"""Corrected values against cities whose probabilities are known, and against every outcome of small ones."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import corrected, difference, expected, interval, method_of, refitted, weakly_identified
from segindex.inference.corrected import MIXED
from segindex.inference.moments import UNBIASED, moments

RNG = np.random.default_rng


def town(size, share, spread, seed, n=1500):
    """Probabilities by a beta law, cell sizes uneven; persons of the group and all."""
    rng = RNG(seed)
    t = 1 + rng.negative_binomial(1.5, 1.5 / (size + 0.5), n)
    p = rng.beta(share * spread, (1 - share) * spread, n) if spread else np.full(n, share)
    return p, rng.binomial(t, p).astype(float), t.astype(float)


def apart(p, t):
    return float(indices.dissimilarity(p * t, (1 - p) * t))


@pytest.mark.parametrize("size", [10, 20, 60])
@pytest.mark.parametrize(("share", "spread"), [(0.05, 3), (0.15, 8), (0.4, 4), (0.15, None)])
def test_the_mixture_takes_off_most_of_the_bias_of_dissimilarity(size, share, spread):
    as_is, found = [], []
    for seed in range(4):
        p, x, t = town(size, share, spread, [seed, size])
        as_is.append(indices.dissimilarity(x, t - x) - apart(p, t))
        found.append(corrected("dissimilarity", x, t) - apart(p, t))
    assert np.mean(as_is) > 0.01
    assert abs(np.mean(found)) < np.mean(as_is) / 3


def test_nothing_is_segregated_and_the_correction_says_so():
    """Ten persons a cell, a group of 2 %: as it is above .6, corrected under .2."""
    _, x, t = town(10, 0.02, None, 3, n=3000)
    assert indices.dissimilarity(x, t - x) > 0.6
    assert corrected("dissimilarity", x, t) < 0.2


def test_hidden_by_their_own_count_the_cells_count_as_censored():
    """Mean 60, 15 %, hidden under 10: the visible cells are the segregated ones."""
    p, x, t = town(60, 0.15, 5, 8)
    hidden = (x < 10) & (t > 0)
    seen = np.where(hidden, 0, x)
    visible = indices.dissimilarity(seen, np.where(hidden, 0, t - x))
    found = corrected("dissimilarity", seen, t, hidden=hidden, limit=10)
    assert found == pytest.approx(apart(p, t), abs=0.02)
    assert abs(visible - apart(p, t)) > 0.05
    other = corrected("dissimilarity", np.where(hidden, 5, x), t, hidden=hidden, limit=10)
    assert other == found, "the count of a hidden cell is not looked at"


@pytest.mark.parametrize("key", sorted(UNBIASED))
def test_second_moments_are_unbiased(key):
    """The mean over all outcomes of two cells is the numerator of the probabilities themselves."""
    t, p = np.array([3, 4]), np.array([0.2, 0.7])
    mean = 0.0
    for x in product(range(4), range(5)):
        counts = np.array([[k, n - k] for k, n in zip(x, t)], dtype=float)
        found = moments(counts)
        mean += np.prod(binom.pmf(x, t, p)) * found.square[0]
    assert mean == pytest.approx((t * p**2).sum() / t.sum())


def test_second_moments_come_near_the_truth():
    p, x, t = town(12, 0.2, 6, 4, n=4000)
    true = float(indices.isolation(p * t, t))
    assert corrected("isolation", x, t) == pytest.approx(true, abs=0.01)
    assert indices.isolation(x, t) > true + 0.04
    assert corrected("exposure", x, t) == pytest.approx(1 - corrected("isolation", x, t))
    ratio = float(indices.correlation_ratio(p * t, t))
    assert corrected("correlation_ratio", x, t) == pytest.approx(ratio, abs=0.01)
    assert corrected("relative_diversity", x, t) == pytest.approx(float(corrected("correlation_ratio", x, t)))


def test_large_cells_need_no_correction():
    rng = RNG(2)
    t = np.full(80, 1e6)
    x = np.round(t * rng.beta(2, 8, 80))
    for key in (*MIXED, *UNBIASED):
        called = {"x": x, "y": t - x, "t": t, "counts": np.stack([x, t - x], axis=-1)}
        function = getattr(indices, key)
        names = [
            name
            for name in ("x", "y", "t", "counts")
            if name in function.__code__.co_varnames[: function.__code__.co_argcount]
        ]
        value = float(function(*(called[name] for name in names)))
        assert corrected(key, x, t) == pytest.approx(value, rel=0.02), key


def test_the_options_by_hand():
    x, t = np.array([9.0, 1, 5, 5]), np.full(4, 10.0)
    value, chance = indices.dissimilarity(x, t - x), expected("dissimilarity", x, t)
    assert corrected("dissimilarity", x, t, method="null") == pytest.approx(value - chance)
    assert corrected("dissimilarity", x, t, method="carrington_troske") == pytest.approx(
        (value - chance) / (1 - chance)
    )
    boot = corrected("dissimilarity", x, t, method="bootstrap", rng=RNG(1), draws=4000)
    drawn = RNG(2).binomial(10, x / 10, (4000, 4)).astype(float)
    assert boot == pytest.approx(2 * value - indices.dissimilarity(drawn, t - drawn).mean(), abs=0.01)


def test_leading_axes_are_free_and_empty_cells_do_nothing():
    _, x, t = town(20, 0.2, 5, 1, n=200)
    whole = corrected("dissimilarity", np.stack([x, x[::-1]]), np.stack([t, t[::-1]]))
    assert whole.shape == (2,)
    assert whole[0] == pytest.approx(whole[1], abs=1e-3)
    more = corrected("dissimilarity", np.append(x, 0), np.append(t, 0))
    assert more == pytest.approx(float(whole[0]), abs=1e-4)
    assert np.isnan(corrected("dissimilarity", [0, 0], [5, 5]))


def test_families_are_fewer_persons():
    _, x, t = town(20, 0.2, 8, 6)
    pairs = corrected("dissimilarity", 2 * x, 2 * t, cluster_size=2)
    assert pairs == pytest.approx(float(corrected("dissimilarity", x, t)), abs=1e-3)
    iso = corrected("isolation", 2 * x, 2 * t, cluster_size=2)
    assert iso == pytest.approx(float(corrected("isolation", x, t)))


def test_several_groups():
    rng = RNG(5)
    t = rng.integers(5, 40, 2000)
    p = rng.dirichlet([2, 3, 5], 2000)
    counts = np.stack([rng.multinomial(n, q) for n, q in zip(t, p)]).astype(float)
    true = p * t[:, np.newaxis]
    for key in ("relative_diversity", "squared_coefficient_of_variation", "normalized_exposure", "mutual_information"):
        value, aim = (float(getattr(indices, key)(each)) for each in (counts, true))
        assert abs(corrected(key, counts) - aim) < abs(value - aim) / 4, key


def test_intervals_cover_the_truth():
    """Sixteen cities: at most two intervals of 95 % miss."""
    missed = {"dissimilarity": 0, "isolation": 0, "information_theory": 0}
    for seed in range(16):
        p, x, t = town(25, 0.2, 8, [seed, 77], n=500)
        refits = refitted(x, t, rng=RNG(seed), draws=60)
        for key in missed:
            values = {"dissimilarity": apart(p, t), "isolation": float(indices.isolation(p * t, t))}
            true = values.get(key, float(indices.information_theory(np.stack([p * t, (1 - p) * t], axis=-1))))
            low, high = np.quantile(refits.of(key)[2], [0.025, 0.975])
            missed[key] += not low <= true <= high
    assert max(missed.values()) <= 2


def test_where_nothing_is_segregated_the_interval_reaches_to_nothing():
    _, x, t = town(10, 0.1, None, 5, n=400)
    found = interval("dissimilarity", x, t, rng=RNG(1), draws=30)
    assert found.low == 0 <= found.high < 0.3
    _, x, t = town(60, 0.2, 3, 5, n=400)
    found = interval("dissimilarity", x, t, rng=RNG(1), draws=30)
    assert 0 < found.low < corrected("dissimilarity", x, t) < found.high


def test_differences_of_two_years_and_two_cities():
    p, x, t = town(40, 0.2, 6, 1, n=400)
    again = RNG(9).binomial(t.astype(int), p).astype(float)
    same = difference((x, t), (again, t), "dissimilarity", rng=RNG(1), paired=True, draws=30, swaps=199)
    assert same.p > 0.05
    assert same.low < 0 < same.high
    less = RNG(9).binomial(t.astype(int), (p + 0.2) / 2).astype(float)
    other = difference((x, t), (less, t), "dissimilarity", rng=RNG(1), paired=True, draws=30, swaps=199)
    assert other.p < 0.02
    assert other.high < 0
    apart_too = difference((x, t), (less[:300], t[:300]), "dissimilarity", rng=RNG(1), draws=30)
    assert apart_too.high < 0 and apart_too.p <= 2 / 31
    with pytest.raises(BadData, match="allowed for pairs are the same cells"):
        difference((x, t), (less[:300], t[:300]), "dissimilarity", rng=RNG(1), paired=True, draws=10)


def test_swaps_of_two_years_alike_have_even_p_values():
    rng = RNG(4)
    t = rng.integers(5, 60, 100)
    p = rng.beta(2, 8, 100)
    found = []
    for seed in range(30):
        one, other = rng.binomial(t, p).astype(float), rng.binomial(t + 20, p).astype(float)
        found.append(difference((one, t), (other, t + 20), "gini", rng=RNG(seed), paired=True, draws=2, swaps=99).p)
    assert np.mean(np.array(found) <= 0.3) == pytest.approx(0.3, abs=0.25)


def test_what_a_correction_refuses():
    x, t = [1, 2], [5, 5]
    assert method_of("spatial_proximity") == ""
    assert weakly_identified([1, 2, 50]) and not weakly_identified([10, 12])
    with pytest.raises(BadSettings, match="delta has no correction"):
        corrected("delta", x, t, area=[1, 1])
    with pytest.raises(BadSettings, match="method is 'magic'"):
        corrected("dissimilarity", x, t, method="magic")
    with pytest.raises(BadSettings, match="mixture is for two groups without surroundings"):
        corrected("isolation", x, t, method="mixture")
    with pytest.raises(BadSettings, match="bootstrap draws: give rng"):
        corrected("gini", x, t, method="bootstrap")
    with pytest.raises(BadSettings, match="hidden cells are known to the mixture alone"):
        corrected("isolation", x, t, hidden=[True, False], limit=3)
    with pytest.raises(BadSettings, match="level is 95"):
        interval("dissimilarity", x, t, rng=RNG(1), level=95)
