"""The conditional law of a cell's surroundings, against every way of dealing the other cells out."""

from itertools import combinations, permutations

import numpy as np
import pytest
from inference.town import town

from segindex.inference import standardised_rates
from segindex.inference.permutation import (
    FEW,
    TIE,
    _count_around,
    _count_shared,
    _count_weighted,
    _repeats,
    _subsets,
    conditional_moments,
)
from segindex.neighbourhood import contiguity


def counted(count, rate, seen, cells, draws, tie=1e-9, *more):
    """Both tails and the number of draws, for one row of rates."""
    return [tail[0] for tail in count(rate[np.newaxis], seen[np.newaxis], cells, draws, [tie], *more)]


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("weights", [[1], [1, 1], [1, 1, 1, 1], [1, 0.5, 0.1], [1, 0.2, 0.2, 0.9, 0.4]])
def test_conditional_moments_against_every_draw(weights, squared):
    rate = np.random.default_rng(0).exponential(1, 7)
    w = np.array(weights)
    mean, variance = conditional_moments(rate[np.newaxis], w.sum(), (w**2).sum(), squared=squared)
    for cell, z in enumerate(rate):
        others = np.delete(rate, cell)
        drawn = others**2 - 2 * z * others if squared else others
        values = [drawn[list(order)] @ w for order in permutations(range(6), len(w))]
        assert mean[0, cell] == pytest.approx(np.mean(values))
        assert variance[0, cell] == pytest.approx(np.var(values))


@pytest.mark.parametrize("count", [_count_shared, _count_around])
def test_counting_is_that_of_the_conditional_law(count):
    """All pairs of six cells, each once: of the draws those without the cell are its own, and no more."""
    rate = np.array([3.0, -1, 4, 1, -5, 9])
    cells = np.array([0, 2, 5])
    seen = np.array([0.0, -4.0, 3.0])
    draws = np.array(list(combinations(range(6 if count is _count_shared else 5), 2)))
    below, above, kept = counted(count, rate, seen, cells, draws)
    for at, cell in enumerate(cells):
        sums = np.array([a + b for a, b in combinations(np.delete(rate, cell), 2)])
        assert below[at] == (sums <= seen[at]).sum()
        assert above[at] == (sums >= seen[at]).sum()
        assert kept[at] == len(sums)


@pytest.mark.parametrize(
    ("own", "squared"),
    [
        pytest.param([[1, 1]] * 3, True, id="Geary, equal weights"),
        pytest.param([[1, 0.5], [0.2, 1], [1, 0.9]], True, id="Geary, a weight each"),
        pytest.param([[1, 0.5], [0.2, 1], [1, 0.9]], False, id="sums, a weight each"),
    ],
)
def test_counting_with_weights_is_that_of_the_conditional_law(own, squared):
    """All ordered triples of six cells: with the spare in the cell's place each ordered pair of others is met alike."""
    rate = np.array([3.0, -1, 4, 1, -5, 9])
    cells, own = np.array([0, 2, 5]), np.array(own, dtype=float)
    seen = np.array([0.0, -4.0, 3.0])
    draws = np.array(list(permutations(range(6), 3)))
    equal = bool((own == 1).all())
    below, above, kept = counted(_count_weighted, rate, seen, cells, draws, 1e-9, own, equal, squared)
    for at, cell in enumerate(cells):
        others = np.array(list(permutations(np.delete(rate, cell), 2)))
        values = (others**2 - 2 * rate[cell] * others if squared else others) @ own[at]
        assert below[at] / kept[at] == pytest.approx((values <= seen[at] + 1e-9).mean())
        assert above[at] / kept[at] == pytest.approx((values >= seen[at] - 1e-9).mean())
        assert kept[at] == len(draws)


def test_counting_in_pieces_counts_all():
    """More cells and draws than are compared at once, against a plain loop."""
    rng = np.random.default_rng(3)
    rate = rng.normal(0, 1, 1_200)
    cells = np.sort(rng.choice(1_200, 1_100, replace=False))
    own = rng.random((1_100, 3))
    draws = _subsets(rng, 1_200, 4, 700)
    seen = rng.normal(0, 1, 1_100)
    for squared in (False, True):
        below, above, _ = counted(_count_weighted, rate, seen, cells, draws, 1e-9, own, False, squared)
        for at in range(0, 1_100, 50):
            dealt = np.where(draws[:, :3] == cells[at], draws[:, 3:], draws[:, :3])
            drawn = rate[dealt] ** 2 - 2 * rate[cells[at]] * rate[dealt] if squared else rate[dealt]
            assert below[at] == (drawn @ own[at] <= seen[at]).sum()
            assert above[at] == (drawn @ own[at] >= seen[at]).sum()


@pytest.mark.parametrize(("n", "k"), [(200, 4), (30, 3), (12, 5), (6, 6), (300, FEW + 1)])
def test_subsets_are_distinct_and_all_alike(n, k):
    draws = _subsets(np.random.default_rng(2), n, k, 30_000)
    assert draws.shape == (30_000, k)
    assert (np.diff(np.sort(draws, axis=1), axis=1) > 0).all()
    expected = 30_000 * k / n
    assert (np.abs(np.bincount(draws.ravel(), minlength=n) - expected) < 5 * np.sqrt(expected) + 1e-9).all()
    first = np.bincount(draws[:, 0], minlength=n)
    assert (np.abs(first - 30_000 / n) < 5 * np.sqrt(30_000 / n)).all()


@pytest.mark.parametrize("k", [1, 2, 5, FEW, FEW + 3])
def test_repeats_are_seen(k):
    draws = np.random.default_rng(0).integers(60, size=(500, k))
    assert _repeats(draws).tolist() == [len(set(draw)) < k for draw in draws.tolist()]


def test_both_ways_of_drawing_give_one_law():
    xy, x, t = town(n=12)
    weights = contiguity(xy, "queen")
    rate = standardised_rates(x, t)
    summed = weights @ rate
    cells = np.flatnonzero(np.diff(weights.indptr) == 8)
    shared = counted(
        _count_shared, rate, summed[cells], cells, _subsets(np.random.default_rng(0), 144, 8, 40_000), 1e-9
    )
    around = counted(
        _count_around, rate, summed[cells], cells, _subsets(np.random.default_rng(0), 143, 8, 40_000), 1e-9
    )
    ones = np.ones((len(cells), 8))
    dealt = _subsets(np.random.default_rng(1), 144, 9, 40_000)
    weighted = counted(_count_weighted, rate, summed[cells], cells, dealt, 1e-9, ones, False, False)
    for side in (0, 1):
        p = [(found[side] + 1) / (found[2] + 1) for found in (shared, around, weighted)]
        np.testing.assert_allclose(p[0], p[1], atol=5 * np.sqrt(0.25 / 40_000))
        np.testing.assert_allclose(p[0], p[2], atol=5 * np.sqrt(0.25 / 40_000))


def test_the_same_rates_in_another_order_are_a_tie():
    """0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1 to a computer."""
    rate = np.array([0.1, 0.2, 0.3, 0.9])
    draws = np.array(list(permutations(range(3))))
    seen = np.array([0.1 + 0.2 + 0.3])
    assert len(set(rate[draws].sum(axis=1))) > 1
    for first in (seen, seen[::-1] - 1.2e-16):
        found = counted(_count_shared, rate, first, np.array([3]), draws, TIE * rate.std())
        assert [int(one[0]) for one in found] == [6, 6, 6]
        assert [int(one[0]) for one in counted(_count_around, rate, first, np.array([3]), draws, TIE * rate.std())][
            :2
        ] == [6, 6]
