"""A trend marker needs five points since the last break; the test is that of Mann and Kendall."""

from itertools import permutations

import numpy as np
import pytest

from segindex.followup.trend import LEVEL, inversions, mann_kendall, trend

RISING = [0.30, 0.31, 0.33, 0.34, 0.36]
YEARS = list(range(2020, 2025))


def test_four_points_are_too_few_and_five_are_enough():
    assert trend(RISING[:4], YEARS[:4])[:2] == ("", "few_points")
    assert trend(RISING, YEARS)[:2] == ("rising", "")
    assert trend(RISING[::-1], YEARS)[:2] == ("falling", "")


def test_a_year_without_a_value_is_no_point():
    assert trend([*RISING[:4], np.nan], YEARS)[:2] == ("", "few_points")
    assert trend([*RISING, np.nan], [*YEARS, 2025])[0] == "rising"


def test_no_trend_goes_across_a_break():
    assert trend(RISING, YEARS, broken_years=[2022]) == ("", "break", pytest.approx(np.nan, nan_ok=True))
    assert trend(RISING, YEARS, broken_years=[2020])[0] == "rising"
    assert trend(RISING, YEARS, broken_years=[2019, 2014])[0] == "rising"


def test_only_the_points_since_the_last_break_count():
    values = [*(0.1 * np.arange(6)), *(9 - 0.1 * np.arange(5))]
    years = range(2010, 2021)
    assert trend(values, years, broken_years=[2012, 2016])[0] == "falling"
    assert trend(values, years, broken_years=[2017])[:2] == ("", "break")
    assert trend(values[:4], years[:4], broken_years=[2012])[:2] == ("", "few_points")


def test_the_order_of_the_years_given_does_not_matter():
    order = [3, 0, 4, 1, 2]
    assert trend(np.array(RISING)[order], np.array(YEARS)[order])[0] == "rising"


def test_one_pair_out_of_order_among_five_is_no_trend():
    marker, reason, p = trend([0.30, 0.31, 0.34, 0.33, 0.36], YEARS)
    assert (marker, reason) == ("no_trend", "")
    assert p == pytest.approx(10 / 120)


def test_the_values_of_kendalls_table():
    """Twice the upper tails of Kendall (1975), appendix table 1: 0.0083 at n = 5, S = 10; 0.016 at n = 8, S = 18."""
    assert mann_kendall([1, 2, 3, 4, 5])[1] == pytest.approx(2 * 0.0083, abs=1e-4)
    assert mann_kendall([3, 2, 1, 4, 7, 5, 6, 8])[0] == 18
    assert mann_kendall([3, 2, 1, 4, 7, 5, 6, 8])[1] == pytest.approx(2 * 0.016, abs=1e-3)


@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_the_exact_law_is_that_of_all_orders(n):
    every = [mann_kendall(order) for order in permutations(range(n))]
    found = np.array([s for s, _ in every])
    for s, p in every:
        assert p == pytest.approx((np.abs(found) >= abs(s)).mean())
    assert inversions(n).sum() == len(every)


@pytest.mark.parametrize("n", [5, 8, 10, 20])
def test_without_a_trend_a_marker_is_rare(n):
    rng = np.random.default_rng(7)
    marked = np.mean([mann_kendall(rng.normal(size=n))[1] <= LEVEL for _ in range(2000)])
    assert marked <= LEVEL + 0.012


def test_signs_and_scale():
    rng = np.random.default_rng(1)
    values = rng.normal(size=9)
    s, p = mann_kendall(values)
    assert mann_kendall(-values) == (-s, p)
    assert mann_kendall(values[::-1]) == (-s, p)
    assert mann_kendall(3 * values + 7) == (s, p)


def test_ties_take_the_variance_of_ties():
    s, p = mann_kendall([1, 1, 2, 2, 3])
    assert s == 8
    variance = (5 * 4 * 15 - 2 * (2 * 1 * 9)) / 18
    from scipy.stats import norm

    assert p == pytest.approx(2 * norm.sf(7 / np.sqrt(variance)))
    assert mann_kendall([2, 2, 2, 2, 2]) == (0, 1.0)


def test_many_points_take_the_normal_law():
    from scipy.stats import kendalltau, norm

    values = np.random.default_rng(3).normal(size=30).cumsum()
    s, p = mann_kendall(values)
    assert s / (30 * 29 / 2) == pytest.approx(kendalltau(range(30), values).statistic)
    assert p == pytest.approx(2 * norm.sf((abs(s) - 1) / np.sqrt(30 * 29 * 65 / 18)))


def test_what_is_refused():
    with pytest.raises(ValueError, match="one value a year"):
        trend([1.0], [2020, 2021])
    with pytest.raises(ValueError, match="each is allowed once"):
        trend([1.0, 2.0], [2020, 2020])
