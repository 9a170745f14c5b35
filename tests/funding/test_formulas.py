"""A pot dealt out in whole cents: sums to the cent, caps that hold, and nobody below the current amount."""

from decimal import Decimal

import numpy as np
import pytest

from segindex.funding.formulas import allocate, capped, hold_harmless

RUNS = range(120)


def drawn(seed):
    """Weights of all kinds, heads, a pot in cents and current amounts."""
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 13)
    kind = seed % 4
    weights = {
        0: rng.integers(1, 700_000, n).astype(float),
        1: rng.gamma(0.3, 1e5, n) + 1e-6,
        2: np.full(n, 1 / 3),
        3: rng.integers(0, 3, n).astype(float),
    }[kind]
    weights[rng.integers(n)] = 5
    heads = rng.integers(1, 700_000, n)
    pot = int(rng.choice([0, 1, 7, 99, 10_001, 12_345_678_901, 10**12 + 1]))
    now = rng.multinomial(pot, rng.dirichlet(np.ones(n))) if seed % 5 else np.zeros(n, dtype=int)
    return weights, heads, pot, now * rng.integers(0, 3) // 2


def by_halving(amounts, pot, weights):
    """The amounts at the level where they make the pot, found by halving the span of levels."""
    low, high = 0.0, (pot + 1) / weights[weights > 0].min()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if amounts(middle).sum() < pot else (low, middle)
    return amounts(high)


@pytest.mark.parametrize("seed", RUNS)
def test_allocated_cents_make_the_pot(seed):
    weights, _, pot, _ = drawn(seed)
    found = allocate(weights, pot)
    assert found.sum() == pot and found.dtype == np.int64
    assert (np.abs(found - pot * weights / weights.sum()) < 1 + 1e-3).all()
    assert not found[weights == 0].any()
    assert (np.diff(found[np.argsort(weights, kind="stable")]) >= -1).all()


@pytest.mark.parametrize("seed", RUNS)
def test_capped_cents_make_the_pot_and_nobody_is_above(seed):
    weights, heads, pot, _ = drawn(seed)
    cap = [1.0, 1.1, 1.5, 4.0][seed % 3]
    limit = cap * pot * heads / heads.sum()
    if np.ceil(limit)[weights > 0].sum() < pot:
        with pytest.raises(ValueError, match="allowed is a higher cap"):
            capped(weights, pot, heads, cap)
        return
    found = capped(weights, pot, heads, cap)
    assert found.sum() == pot
    assert (found <= limit + 1 + 1e-3).all()
    assert not found[weights == 0].any()
    smooth = by_halving(lambda level: np.minimum(np.where(weights > 0, limit, 0), level * weights), pot, weights)
    assert np.abs(found - smooth).max() <= len(weights) + 1 + 1e-9 * pot


@pytest.mark.parametrize("seed", RUNS)
def test_nobody_is_below_the_current_amount(seed):
    weights, _, pot, now = drawn(seed)
    if now.sum() > pot:
        with pytest.raises(ValueError, match="allowed is as much or more"):
            hold_harmless(weights, pot, now)
        return
    found = hold_harmless(weights, pot, now)
    assert found.sum() == pot and (found >= now).all()
    smooth = by_halving(lambda level: np.maximum(now, level * weights), pot, weights)
    assert np.abs(found - smooth).max() <= 1 + 1e-9 * pot


def test_a_raised_amount_is_by_weight_and_a_kept_one_as_it_was():
    # without a floor 75, 150, 75: the first keeps 100, the others share 200 as 2 : 1
    np.testing.assert_array_equal(hold_harmless([1, 2, 1], 300, [100, 20, 10]), [100, 133, 67])
    np.testing.assert_array_equal(hold_harmless([1, 2, 1], 300, [10, 20, 10]), [75, 150, 75])
    np.testing.assert_array_equal(hold_harmless([1, 2, 0], 130, [100, 20, 10]), [100, 20, 10])
    np.testing.assert_array_equal(hold_harmless([1, 1, 0], 140, [100, 20, 10]), [100, 30, 10])


def test_the_largest_remainders_get_the_cents():
    np.testing.assert_array_equal(allocate([5, 3, 2], 7), [4, 2, 1])  # 3.5, 2.1, 1.4
    np.testing.assert_array_equal(allocate([1, 1, 1], 5), [2, 2, 1])
    np.testing.assert_array_equal(allocate([0, 1, 1], 3), [0, 2, 1])
    np.testing.assert_array_equal(allocate([0.1, 0.2], 3), [1, 2])


def test_what_lies_above_a_cap_goes_to_the_others_by_weight():
    # 600 by 6 : 3 : 1 is 360, 180, 60; caps of 1.5 are 300, 150, 450
    np.testing.assert_array_equal(capped([6, 3, 1], 600, [10, 5, 15], 1.5), [300, 150, 150])
    np.testing.assert_array_equal(capped([6, 3, 1], 600, [10, 5, 15], 3), [360, 180, 60])
    np.testing.assert_array_equal(capped([6, 3, 1], 600, [10, 5, 15], 1), [200, 100, 300])
    # the excess of the first lifts the second above its cap as well: 480, 100, 20 -> 300, 250, 50 -> 300, 225, 75
    np.testing.assert_array_equal(capped([24, 5, 1], 600, [20, 15, 5], 1), [300, 225, 75])


def test_a_cap_that_binds_nobody_changes_nothing():
    weights = np.array([3.0, 2.0, 2.5])
    np.testing.assert_array_equal(capped(weights, 10_000_001, [1, 1, 1], 1.5), allocate(weights, 10_000_001))


@pytest.mark.parametrize("factor", [0.001, 3, 1e9])
def test_the_unit_of_the_weights_does_not_matter(factor):
    weights, now = np.array([8.0, 4.0, 2.0, 1.0]), [10, 600, 0, 0]
    heads = [4, 3, 2, 1]
    np.testing.assert_array_equal(allocate(weights * factor, 1000), allocate(weights, 1000))
    np.testing.assert_array_equal(
        capped(weights * factor, 1000, heads, 1.25), capped(weights, 1000, np.array(heads) * 7, 1.25)
    )
    np.testing.assert_array_equal(hold_harmless(weights * factor, 1000, now), hold_harmless(weights, 1000, now))


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1, -1], "weights of Lahti is -1; allowed are numbers from 0"),
        ([np.nan, 1], "weights of Turku is nan; allowed are numbers from 0"),
        ([np.inf, 1], "weights of Turku is inf"),
        ([0, 0], "weights of Turku, Lahti are all 0; one above 0 is needed"),
        ([1], "weights has 1 values for 2"),
    ],
)
def test_a_wrong_weight_is_named(weights, said):
    names = ["Turku", "Lahti"]
    for call in (
        lambda: allocate(weights, 100, names=names),
        lambda: capped(weights, 100, [1, 1], 1.5, names=names),
        lambda: hold_harmless(weights, 100, [1, 1], names=names),
    ):
        with pytest.raises(ValueError, match=said):
            call()


@pytest.mark.parametrize("pot", [-1, 0.5, np.nan, np.inf, "100", True, Decimal("0.5")])
def test_a_pot_of_no_whole_cents_is_refused(pot):
    with pytest.raises(ValueError, match=r"the pot is .* cents; allowed are whole numbers from 0"):
        allocate([1, 1], pot)


@pytest.mark.parametrize("cap", [0.99, 0, np.nan, np.inf, "1.5"])
def test_a_cap_below_one_is_refused(cap):
    with pytest.raises(ValueError, match="below 1 the pot cannot be dealt out"):
        capped([1, 1], 100, [1, 1], cap)


def test_a_cap_that_leaves_money_is_refused():
    with pytest.raises(ValueError, match="may have 75 cents of 100; allowed is a higher cap"):
        capped([1, 0], 100, [1, 1], 1.5)


def test_wrong_heads_and_current_amounts_are_named():
    with pytest.raises(ValueError, match="base of Lahti is -1"):
        capped([1, 1], 100, [1, -1], 1.5, names=["Turku", "Lahti"])
    with pytest.raises(ValueError, match=r"current amount of Lahti is 0\.5 cents"):
        hold_harmless([1, 1], 100, [1, 0.5], names=["Turku", "Lahti"])
    with pytest.raises(ValueError, match="the pot of 100 cents is below the 101 of today"):
        hold_harmless([1, 1], 100, [100, 1])
