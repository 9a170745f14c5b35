"""Curves of concentration and segregation: by hand, and against the indices that they come down to."""

import numpy as np
import pytest

from segindex.errors import BadSettings
from segindex.indices import (
    concentration_curve,
    concentration_profile,
    dissimilarity,
    gini,
    isolation,
    segregation_curve,
)


def city(seed, n=40):
    rng = np.random.default_rng(seed)
    t = rng.integers(0, 50, n)
    x = rng.binomial(t, rng.beta(0.5, 1.5, n))
    return x.astype(float), t.astype(float)


@pytest.mark.parametrize(
    ("x", "t", "expected"),
    [
        pytest.param([5, 5], [10, 10], 0.0, id="spread alike"),
        pytest.param([10, 0], [10, 30], 1.0, id="alone"),
        pytest.param([8, 2], [10, 10], 0.6, id="0.8 and 0.2 of 0.5: (0.8 + 0.2) 0.3 / 0.5"),
        pytest.param([8, 2, 0], [10, 10, 20], 0.6, id="P = 1/4: (0.8 * 0.55 + 0.2 * 0.05) / 0.75"),
        pytest.param([1, 9], [2, 9], 0.1 * 9 / 2 + 0.9, id="P = 10/11: 0.1 * 9/22 + 0.9 / 11, over 1/11"),
    ],
)
def test_profile(x, t, expected):
    assert concentration_profile(x, t) == pytest.approx(expected)


def test_thresholds_at_the_city_s_share_count_as_above_it():
    """Of five thresholds 0.5 is the city's share: the curve is 1, .8, .8, .8, 0, summed from the third on."""
    assert concentration_profile([8, 2], [10, 10], thresholds=5) == pytest.approx((0.5 - 1.8 / 5 + 1.6 / 5) / 0.5)


def test_profile_of_a_majority_may_exceed_one():
    assert concentration_profile([500, 4500], [1000, 4500]) > 1


@pytest.mark.parametrize("seed", range(5))
def test_profile_is_the_area_between_the_curve_and_that_of_an_even_spread(seed):
    x, t = city(seed)
    share = x.sum() / t.sum()
    theta, reached = concentration_curve(x, t, thresholds=200_001)
    even = theta <= share
    area = np.abs(reached - even).mean() / (1 - share)
    assert concentration_profile(x, t) == pytest.approx(area, abs=1e-4)
    assert concentration_profile(x, t, thresholds=200_001) == pytest.approx(area, abs=1e-4)
    assert reached.mean() == pytest.approx(isolation(x, t), abs=1e-4)


def test_concentration_curve_counts_a_share_that_is_the_threshold():
    curve = concentration_curve([3, 7, 0, 5], [10, 10, 0, 20], thresholds=11)
    np.testing.assert_allclose(curve.thresholds, np.arange(11) / 10)
    expected = [1, 1, 1, 10 / 15, 7 / 15, 7 / 15, 7 / 15, 7 / 15, 0, 0, 0]
    np.testing.assert_allclose(curve.shares, expected)


@pytest.mark.parametrize("seed", range(3))
def test_concentration_curve_by_a_plain_loop(seed):
    x, t = city(seed)
    theta, reached = concentration_curve(x, t, thresholds=57)
    for place, one in enumerate(theta):
        held = sum(a for a, b in zip(x, t) if b > 0 and a / b >= one - 1e-12) / x.sum()
        assert reached[place] == pytest.approx(held)


@pytest.mark.parametrize("thresholds", [1, 0, -3, 2.5])
def test_thresholds_are_at_least_two_and_whole(thresholds):
    with pytest.raises(BadSettings, match="thresholds is"):
        concentration_curve([1, 2], [3, 3], thresholds=thresholds)
    with pytest.raises(BadSettings, match="thresholds is"):
        concentration_profile([1, 2], [3, 3], thresholds=thresholds)


def test_a_move_to_a_rarer_cell_may_raise_the_profile():
    """Why the profile is spared the law of transfers that the indices of evenness keep."""
    t = [100, 100, 200]
    assert concentration_profile([30, 10, 160], t) == pytest.approx((30 * 0.2 + 10 * 0.4 + 160 * 0.3) / 200 / 0.5)
    assert concentration_profile([29, 11, 160], t) > concentration_profile([30, 10, 160], t)


@pytest.mark.parametrize("seed", range(5))
def test_the_height_of_the_curve_is_d_and_twice_its_area_the_gini_index(seed):
    x, t = city(seed)
    y = t - x
    reference, focal = segregation_curve(x, y)
    assert (focal - reference).max() == pytest.approx(dissimilarity(x, y))
    above = ((focal[1:] + focal[:-1]) * np.diff(reference)).sum() / 2 - 0.5
    assert 2 * above == pytest.approx(gini(x, y))
    assert (np.diff(reference) >= 0).all() and (np.diff(focal) >= 0).all()
    assert [reference[0], focal[0], reference[-1], focal[-1]] == [0, 0, 1, 1]


def test_segregation_curve_by_hand():
    reference, focal = segregation_curve([0, 10, 30, 0], [20, 30, 10, 0])
    np.testing.assert_allclose(reference, [0, 1 / 6, 4 / 6, 1, 1])
    np.testing.assert_allclose(focal, [0, 3 / 4, 1, 1, 1])


def test_leading_axes_are_free_for_curves():
    x, t = (np.stack(arrays) for arrays in zip(*(city(seed) for seed in range(4))))
    x, t = x.reshape(2, 2, -1), t.reshape(2, 2, -1)
    held = concentration_curve(x, t, thresholds=21).shares
    lines = segregation_curve(x, t - x)
    assert held.shape == (2, 2, 21) and lines.focal.shape == (2, 2, 41)
    for i, j in np.ndindex(2, 2):
        np.testing.assert_allclose(held[i, j], concentration_curve(x[i, j], t[i, j], thresholds=21).shares)
        np.testing.assert_allclose(lines.focal[i, j], segregation_curve(x[i, j], (t - x)[i, j]).focal)
        np.testing.assert_allclose(lines.reference[i, j], segregation_curve(x[i, j], (t - x)[i, j]).reference)
    more = np.stack([t[0, 0], t[0, 0] + 5])
    np.testing.assert_allclose(
        concentration_curve(x[0, 0], more).shares, [concentration_curve(x[0, 0], one).shares for one in more]
    )


def test_a_group_without_members_has_no_curve():
    assert np.isnan(concentration_curve([0, 0], [3, 4]).shares).all()
    assert np.isnan(concentration_profile([0, 0], [3, 4]))
    assert np.isnan(concentration_profile([3, 4], [3, 4]))
    assert np.isnan(segregation_curve([0, 0], [3, 4]).focal).all()
