"""Residents over a threshold: by hand, by every dealing out, and cut-offs that part the residents as they say."""

from itertools import product
from math import comb

import numpy as np
import pytest

from segindex.errors import BadData, BadSettings
from segindex.typology import above, cut_points

X, T = np.array([3.0, 1, 0, 2]), np.array([10.0, 4, 6, 2])


def test_by_hand():
    found = above(X, T, [0.25, 0.3, 0.0, 1.0])
    assert found.n_cells.tolist() == [2, 1, 3, 0], "a share of exactly the cut-off is not over it"
    assert found.population.tolist() == [12, 2, 16, 0]
    assert found.group_size.tolist() == [5, 2, 6, 0]


@pytest.mark.parametrize("cut", [0.0, 0.2, 0.25, 0.3, 0.5, 0.9])
def test_what_chance_puts_over_against_every_dealing_out(cut):
    """All ways of dealing out six members over 22 places, each as likely as the ways of choosing the places."""
    people = members = ways = 0
    for counts in product(*(range(int(t) + 1) for t in T)):
        if sum(counts) == X.sum():
            likely = np.prod([comb(int(t), k) for t, k in zip(T, counts)])
            over = np.array(counts) / T > cut
            people, members = people + likely * T[over].sum(), members + likely * np.array(counts)[over].sum()
            ways += likely
    assert ways == comb(22, 6)
    found = above(X, T, [cut])
    assert found.expected_population[0] == pytest.approx(people / ways, rel=1e-12)
    assert found.expected_group_size[0] == pytest.approx(members / ways, rel=1e-12)


def test_the_example_of_the_docstring_about_small_cells():
    t = np.full(5000, 10.0)
    x = np.full(5000, 1.5)
    found = above(np.where(np.arange(5000) % 2, 2.0, 1.0), t, [0.2])
    assert found.expected_population[0] / t.sum() == pytest.approx(0.18, abs=0.003)
    assert np.isnan(above(x, t, [0.2]).expected_population).all(), "parts of persons cannot be dealt out"


def test_no_cut_off_gives_no_number_and_an_empty_cell_is_over_nothing():
    found = above(np.append(X, 0), np.append(T, 0), [np.nan, 0.0])
    assert all(np.isnan(one[0]) for one in found)
    assert found.n_cells[1] == 3


def test_what_is_refused():
    with pytest.raises(BadSettings, match="cuts hold 20; allowed are shares from 0 to 1"):
        above(X, T, [20])
    with pytest.raises(BadData, match="x exceeds t in 1 place"):
        above(X, T - [0, 0, 0, 1], [0.2])
    with pytest.raises(BadSettings, match="fractions hold"):
        cut_points([0.1], [1], [10])


@pytest.mark.parametrize("seed", range(20))
def test_at_most_the_fraction_lives_above_and_one_cell_more_would_be_too_many(seed):
    rng = np.random.default_rng(seed)
    t = rng.integers(0, 50, 60).astype(float)
    value = np.where(rng.random(60) < 0.1, np.nan, rng.integers(0, 20, 60) / 20)
    known = ~np.isnan(value) & (t > 0)
    for fraction, cut in zip((0.0, 0.1, 0.2, 0.5, 1.0), cut_points(value, t, [0.0, 0.1, 0.2, 0.5, 1.0])):
        assert cut in value[known]
        assert t[known & (value > cut)].sum() <= fraction * t[known].sum() + 1e-9
        lower = value[known & (value < cut)]
        if len(lower):
            assert t[known & (value > lower.max())].sum() > fraction * t[known].sum()


def test_no_value_known():
    assert np.isnan(cut_points([np.nan, 0.2], [5, 0], [0.1])).all()
