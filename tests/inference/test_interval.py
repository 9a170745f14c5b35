"""Intervals and differences on cities whose probabilities are known; second moments against every outcome."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom
from scipy.stats import t as student

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import corrected, detectable_change, difference, interval, refitted
from segindex.inference._called import Called
from segindex.inference.interval import difference_of
from segindex.inference.moments import UNBIASED, moments
from segindex.inference.refits import Refits

RNG = np.random.default_rng


def town(size, share, spread, seed, n=1500):
    """Probabilities by a beta law, cell sizes uneven; persons of the group and all."""
    rng = RNG(seed)
    t = 1 + rng.negative_binomial(1.5, 1.5 / (size + 0.5), n)
    p = rng.beta(share * spread, (1 - share) * spread, n) if spread else np.full(n, share)
    return p, rng.binomial(t, p).astype(float), t.astype(float)


def apart(p, t):
    return float(indices.dissimilarity(p * t, (1 - p) * t))


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


def test_indices_of_the_moments_are_those_of_the_corrections():
    _, x, t = town(12, 0.2, 6, 4, n=300)
    refits = refitted(x, t, rng=RNG(1), draws=3)
    for key in ("isolation", "exposure", "correlation_ratio", "relative_diversity"):
        assert refits.of(key)[0] == pytest.approx(float(corrected(key, x, t))), key
    for key in ("dissimilarity", "gini", "atkinson", "information_theory"):
        assert refits.of(key)[0] == pytest.approx(float(corrected(key, x, t))), key


def test_cells_hidden_by_their_own_count_are_refitted_as_such():
    p, x, t = town(60, 0.15, 5, 8)
    hidden = (x < 10) & (t > 0)
    refits = refitted(np.where(hidden, -1, x), t, rng=RNG(1), draws=20, hidden=hidden, limit=10)
    value, _, again = refits.of("dissimilarity")
    visible = indices.dissimilarity(np.where(hidden, 0, x), np.where(hidden, 0, t - x))
    assert abs(value - apart(p, t)) < abs(visible - apart(p, t)) / 4
    assert np.quantile(again, 0) < apart(p, t) < np.quantile(again, 1)


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
    assert other.p < 0.02 and other.p_swap < 0.02
    assert other.high < 0
    apart_too = difference((x, t), (less[:300], t[:300]), "dissimilarity", rng=RNG(1), draws=30)
    assert apart_too.high < 0 and apart_too.p < 0.05 and np.isnan(apart_too.p_swap)
    with pytest.raises(BadData, match="allowed for pairs are the same cells"):
        difference((x, t), (less[:300], t[:300]), "dissimilarity", rng=RNG(1), paired=True, draws=10)


def test_p_and_interval_agree_and_follow_the_errors_of_the_draws():
    support = np.array([0.1, 0.5])
    again = np.array([[70.0, 30], [80, 20], [74, 26], [76, 24]])
    found, drawn = np.array([75.0, 25]), np.full((4, 2), [75.0, 25])
    also = drawn + np.array([[1.0, -1], [4, -4], [-2, 2], [0, 0]])
    flat, even = Refits(support, found, drawn, also, None, None), Refits(support, found, drawn, drawn, None, None)
    one = Refits(support, np.array([78.0, 22]), drawn, again, None, None)
    called = Called("correlation_ratio", {})
    change = one.of("correlation_ratio")[0] - flat.of("correlation_ratio")[0]
    errors, others = (np.subtract(*each.of("correlation_ratio")[:0:-1]) for each in (one, flat))
    errors, alone = errors - others, errors
    at = abs(change) / np.sqrt((errors**2).sum() / 4)
    for level in (0.5, 0.95):
        got = difference_of([flat, one], called, level)
        assert got.difference == pytest.approx(change) and got.p == pytest.approx(2 * student.sf(at, 4))
        assert (got.high - got.difference) == pytest.approx(student.ppf((1 + level) / 2, 4) * abs(change) / at)
        assert (got.low <= 0 <= got.high) == (got.p >= 1 - level)
    seen = detectable_change(one, "correlation_ratio")
    assert seen == pytest.approx((1.959964 + 0.841621) * np.sqrt(2) * np.sqrt((alone**2).mean()), rel=1e-6)
    assert difference_of([even, even], called, 0.95) == (0, 1, 0, 0, pytest.approx(np.nan, nan_ok=True))


def test_swaps_of_two_years_alike_have_even_p_values():
    rng = RNG(4)
    t = rng.integers(5, 60, 100)
    p = rng.beta(2, 8, 100)
    found = []
    for seed in range(30):
        one, other = rng.binomial(t, p).astype(float), rng.binomial(t + 20, p).astype(float)
        found.append(
            difference((one, t), (other, t + 20), "gini", rng=RNG(seed), paired=True, draws=2, swaps=99).p_swap
        )
    assert np.mean(np.array(found) <= 0.3) == pytest.approx(0.3, abs=0.25)


def test_what_an_interval_refuses():
    x, t = [1, 2], [5, 5]
    with pytest.raises(BadSettings, match="level is 95"):
        interval("dissimilarity", x, t, rng=RNG(1), level=95)
    with pytest.raises(BadSettings, match="spatial_proximity has no interval"):
        interval("spatial_proximity", x, t, rng=RNG(1), nearby=lambda counts: counts)
