"""Area types by hand: the index, the cuts, who lives where in two years, and what independence would give."""

from itertools import product

import numpy as np
import pytest

from segindex.errors import BadData, BadSettings
from segindex.typology import Alike, Standard, accumulated, cut_points, disadvantage, standard, transitions, types_of

RNG = np.random.default_rng


def test_the_index_has_mean_0_and_the_weights_decide():
    rng = RNG(1)
    shares, t = rng.random((80, 3)), rng.integers(1, 90, 80).astype(float)
    fixed = standard(shares, t)
    index = disadvantage(shares, fixed, [1, 1, 1])
    assert t @ index == pytest.approx(0, abs=1e-9)
    one = disadvantage(shares, fixed, [0, 5, 0])
    np.testing.assert_allclose(one, (shares[:, 1] - fixed.mean[1]) / fixed.sd[1])
    assert t @ one**2 / t.sum() == pytest.approx(1)
    np.testing.assert_allclose(disadvantage(shares, fixed, [2, 2, 2]), index)
    assert (np.diff(disadvantage(np.linspace(0, 1, 5)[:, None], Standard(np.zeros(1), np.ones(1)), [1])) > 0).all()


def test_cells_without_a_share_or_residents_are_left_out_and_not_typed():
    shares, t = np.array([[0.1, 0.2], [0.3, 0.4], [0.9, np.nan], [0.8, 0.8]]), np.array([10.0, 10, 50, 0])
    fixed = standard(shares, t)
    np.testing.assert_allclose(fixed.mean, [0.2, 0.3])
    index = disadvantage(shares, fixed, [1, 1])
    assert np.isnan(index[2]) and types_of(index, [0.5, -0.5]).tolist() == [3, 1, 0, 1]


@pytest.mark.parametrize("seed", range(10))
def test_types_part_the_residents_as_asked(seed):
    rng = RNG(seed)
    value, t = rng.normal(size=2000), rng.integers(1, 60, 2000).astype(float)
    parts = [0.1, 0.25, 0.75, 0.9]
    kind = types_of(value, cut_points(value, t, parts))
    found = np.bincount(kind, weights=t)[1:] / t.sum()
    np.testing.assert_allclose(found, [0.1, 0.15, 0.5, 0.15, 0.1], atol=0.002)
    assert value[kind == 1].min() > value[kind == 2].max()


def test_a_cell_at_a_cut_off_is_of_the_less_disadvantaged_type():
    assert types_of([0.6, 0.5, 0.4, 0.1], [0.5, 0.1]).tolist() == [1, 2, 2, 3]


def test_transitions_keep_all_residents_of_both_years():
    rng = RNG(2)
    first, last = rng.integers(0, 6, (2, 300))
    before, after = rng.integers(0, 30, (2, 300)).astype(float)
    n_cells, left, came = transitions(first, last, before, after, 5)
    assert left.sum() == before.sum() and came.sum() == after.sum()
    assert n_cells.sum() == ((before > 0) | (after > 0)).sum()
    assert left[6].sum() == 0 and came[:, 6].sum() == 0, "nobody lives where nobody lives"
    at = (first == 2) & (last == 4) & (before > 0) & (after > 0)
    assert (n_cells[2, 4], left[2, 4], came[2, 4]) == (at.sum(), before[at].sum(), after[at].sum())


def test_independence_against_every_combination():
    rng = RNG(3)
    flags, t = rng.random((40, 4)) < [0.2, 0.5, 0.1, 0.9], rng.integers(0, 50, 40).astype(float)
    share, independent = accumulated(flags, t)
    held = t @ flags / t.sum()
    want = np.zeros(5)
    for case in product((0, 1), repeat=4):
        want[sum(case)] += np.prod([q if one else 1 - q for q, one in zip(held, case)])
    np.testing.assert_allclose(independent, want)
    np.testing.assert_allclose(share, [t[flags.sum(axis=1) == n].sum() / t.sum() for n in range(5)])
    assert share @ np.arange(5) == pytest.approx(independent @ np.arange(5)), "the mean number is the same"


def test_what_is_refused():
    with pytest.raises(BadData, match="no cell has residents and all shares"):
        standard([[np.nan]], [4])
    with pytest.raises(Alike, match="share 1 is the same in all 2 cells"):
        standard([[0.1, 0.5], [0.2, 0.5]], [4, 4])
    with pytest.raises(BadData, match="share of unemployed is the same in all 2 cells"):
        standard([[0.1, 0.5], [0.2, 0.5]], [4, 4], ("low_income", "unemployed"))
    with pytest.raises(BadSettings, match=r"weights are .*; allowed are 1 numbers from 0"):
        disadvantage([[0.1]], Standard(np.zeros(1), np.ones(1)), [-1])
    with pytest.raises(BadSettings, match="descending order"):
        types_of([0.1], [0, 1])
