"""Corrected values of surroundings: exactly on two cells, and on a grid whose truth is known."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from segindex.errors import BadSettings
from segindex.inference import corrected, method_of
from segindex.inference._called import Called
from segindex.inference.surroundings import BY_MATCHED_CITY, LESS, chance_part, matched_shares
from segindex.neighbourhood import kernel

SIDE = 30
XY = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).reshape(-1, 2) * 250.0


def patterned(seed, *, mean=12, shares=(0.1, 0.9), pattern=1.0):
    """Cells on a grid, groups drawn from shares with a pattern of 500 m: counts, and what they are without chance."""
    rng = np.random.default_rng(seed)
    t = rng.negative_binomial(1.5, 1.5 / (1.5 + mean), len(XY)) * (rng.random(len(XY)) > 0.3)
    near = kernel(XY, "gaussian", 500)
    up, down = near(rng.normal(size=(2, len(shares), len(XY))).clip(0))
    wave = (up - down) / (up - down).std()
    weight = np.array(shares) * np.exp(pattern * wave.T)
    p = weight / weight.sum(axis=1, keepdims=True)
    return rng.multinomial(t, p).astype(float), t[:, np.newaxis] * p


def little_is_left(key, near, settings, seeds):
    """Whether under a quarter of the bias is left, but for twice the error of a mean over so few cities."""
    called = Called(key, {"nearby": near})
    errors = []
    for seed in range(seeds):
        counts, truth = patterned(seed, **settings)
        ours = corrected(key, counts, rng=np.random.default_rng(seed), draws=25, nearby=near)
        errors.append([called(counts) - called(truth), ours - called(truth)])
    bias, left = np.abs(np.mean(errors, axis=0))
    return left < bias / 4 + 2 * np.std(errors, axis=0)[1] / np.sqrt(seeds) < bias


@pytest.mark.parametrize("key", [*LESS, *BY_MATCHED_CITY])
@pytest.mark.parametrize("settings", [{}, {"pattern": 0.0}], ids=["patterned", "none"])
def test_less_than_a_quarter_of_the_bias_is_left(key, settings):
    assert little_is_left(key, kernel(XY, "biweight", 500), settings, seeds=8)


@pytest.mark.parametrize("key", BY_MATCHED_CITY)
def test_a_small_group(key):
    assert little_is_left(key, kernel(XY, "biweight", 500), {"shares": (0.03, 0.97)}, seeds=8)


@pytest.mark.parametrize("key", [key for key in [*LESS, *BY_MATCHED_CITY] if "counts" in Called(key, {}).parameters])
def test_several_groups(key):
    settings = {"shares": (0.05, 0.15, 0.3, 0.5), "pattern": 0.6}
    assert little_is_left(key, kernel(XY, "biweight", 500), settings, seeds=6)


def weighted(matrix):
    return lambda counts: np.asarray(counts) @ np.asarray(matrix).T


def test_what_chance_adds_against_every_outcome():
    """Two cells and a kernel written out: the variance of the shares around, and their product with the own count."""
    kernel_of_two, t, p = np.array([[1.0, 0.5], [0.25, 2.0]]), np.array([3, 4]), np.array([0.2, 0.6])
    near = weighted(kernel_of_two)
    variance = t * p * (1 - p)
    around_t = near(t)
    exact = (
        (t * (kernel_of_two**2 @ variance) / around_t**2).sum(),
        (np.diag(kernel_of_two) * variance / around_t).sum(),
    )
    rng = np.random.default_rng(1)
    found = np.zeros(2)
    for x in product(range(4), range(5)):
        counts = np.stack([x, t - np.array(x)], axis=-1)
        around, own = chance_part(near, counts, 1, rng, 400)
        found += binom.pmf(x, t, p).prod() * np.array([around[0], own[0]])
        assert around[0] == pytest.approx(around[1], rel=0.3, abs=0.02)
    np.testing.assert_allclose(found, exact, rtol=0.03)


def test_isolation_of_surroundings_against_every_outcome():
    """Members' fellows around them, over all outcomes, are what the probabilities say."""
    near, t, p = weighted([[1, 0.5], [0.5, 1]]), np.array([3, 4]), np.array([0.2, 0.6])
    rng = np.random.default_rng(2)
    found = 0
    for x in product(range(4), range(5)):
        x = np.array(x)
        if 0 < x.sum() < 7:
            found += binom.pmf(x, t, p).prod() * x.sum() * corrected("isolation", x, t, rng=rng, draws=300, nearby=near)
    all_members = p.prod() ** 0 * (p**t).prod() * 7
    truth = (t * p * near(t * p) / near(t)).sum()
    assert found + all_members == pytest.approx(truth, rel=0.02)


def test_the_matched_city_varies_as_the_city_without_chance():
    near = kernel(XY, "biweight", 500)
    counts, _ = patterned(1, mean=60, shares=(0.4, 0.6), pattern=0.5)
    t, city = counts.sum(axis=1), counts.sum(axis=0) / counts.sum()

    def variance(counts):
        around = near(t)[:, np.newaxis]
        share = np.divide(near(counts.T).T, around, out=np.zeros(counts.shape), where=around > 0)
        return (t[:, np.newaxis] * (share - city) ** 2)[t > 0].sum()

    chance = chance_part(near, counts, 1, np.random.default_rng(1), 30)[0].sum()
    p = matched_shares(near, counts, chance)
    assert variance(t[:, np.newaxis] * p) == pytest.approx(variance(counts) - chance, rel=1e-6)


def test_who_lives_alone_varies_as_the_city():
    """Cells of one person, each its own surroundings: the variance is that of the city's shares."""
    counts = np.array([[1, 0]] * 3 + [[0, 1]] * 7)
    around, own = chance_part(weighted(np.eye(10)), counts, 1, np.random.default_rng(1), 5)
    np.testing.assert_allclose([around, own], 10 * 0.3 * 0.7)
    half = chance_part(weighted(np.eye(10)), 2 * counts, 3, np.random.default_rng(1), 5)[0]
    np.testing.assert_allclose(half, 2 * 10 * 0.3 * 0.7)


def test_the_correlation_ratio_follows_from_isolation():
    counts, _ = patterned(2)
    given = {"draws": 5, "nearby": kernel(XY, "biweight", 500)}
    isolation, ratio = (
        corrected(key, counts, rng=np.random.default_rng(1), **given) for key in ("isolation", "correlation_ratio")
    )
    p = counts[:, 0].sum() / counts.sum()
    assert ratio == pytest.approx((isolation - p) / (1 - p))


def test_clusters_vary_as_much_more():
    near = kernel(XY, "biweight", 500)
    counts, _ = patterned(1, mean=60)
    one, two = (chance_part(near, counts, size, np.random.default_rng(1), 30)[0] for size in (1, 2))
    assert two.sum() == pytest.approx(2 * one.sum(), rel=0.05)


def test_years_one_by_one_and_undefined_ones():
    near = kernel(XY, "biweight", 500)
    counts = np.stack([patterned(1)[0], np.zeros((len(XY), 2))])
    for key in ("isolation", "dissimilarity"):
        both = corrected(key, counts, rng=np.random.default_rng(1), draws=5, nearby=near)
        one = corrected(key, counts[0], rng=np.random.default_rng(1), draws=5, nearby=near)
        np.testing.assert_array_equal(both, [one, np.nan])


def test_methods_with_surroundings():
    assert {method_of(key, nearby=abs) for key in LESS} == {"unbiased"}
    assert {method_of(key, nearby=abs) for key in BY_MATCHED_CITY} == {"approximate"}
    assert method_of("gini", nearby=abs, limit=10) == method_of("minimum_maximum", nearby=abs) == ""
    with pytest.raises(BadSettings, match="no method is made for gini"):
        corrected("gini", [1, 2], [3, 3], nearby=abs, hidden=[True, False], limit=2)
