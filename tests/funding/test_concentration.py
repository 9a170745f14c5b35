"""The concentration curve of money over need: values by hand, laws, and what the index hangs on."""

import numpy as np
import pytest
from scipy.stats import t as student

from segindex.funding.concentration import concentration_curve, concentration_index, jackknife

N_CITIES = 11


def cities(seed):
    rng = np.random.default_rng(seed)
    base = rng.integers(50_000, 700_000, N_CITIES).astype(float)
    need = rng.binomial(base.astype(int), rng.uniform(0.05, 0.3, N_CITIES)).astype(float)
    return rng.gamma(1.0, 1e6, N_CITIES), need, base


def by_covariance(money, need, base, against):
    """Kakwani, Wagstaff & van Doorslaer (1997), equation (3) with weights, the sign turned."""
    part = against / against.sum()
    height = (money / money.sum()) / part
    order = np.argsort(-need / base)
    rank = np.empty(len(part))
    rank[order] = np.cumsum(part[order]) - part[order] / 2
    mean = (part * height).sum()
    return -2 / mean * (part * (height - mean) * (rank - (part * rank).sum())).sum()


def test_a_curve_by_hand():
    curve = concentration_curve([10, 60, 30], [10, 30, 30], [100, 100, 50])
    np.testing.assert_array_equal(curve.place, [2, 1, 0])
    np.testing.assert_allclose(curve.base, [0, 0.2, 0.6, 1])
    np.testing.assert_allclose(curve.money, [0, 0.3, 0.9, 1])


def test_an_index_by_hand():
    # areas of (0, 0) (.2, .3) (.6, .9) (1, 1): .03 + .24 + .38
    assert concentration_index([10, 60, 30], [10, 30, 30], [100, 100, 50]) == pytest.approx(2 * 0.65 - 1)


def test_money_for_the_city_most_in_need_is_above_zero():
    need, base = [40, 20, 10], [100, 100, 200]
    assert concentration_index([1, 0, 0], need, base) == pytest.approx(1 - 100 / 400)
    assert concentration_index([0, 0, 1], need, base) == pytest.approx(200 / 400 - 1)


def test_the_same_for_every_head_is_zero():
    _, need, base = cities(1)
    assert concentration_index(base * 7, need, base) == pytest.approx(0, abs=1e-12)
    assert concentration_index(need * 7, need, base, against=need) == pytest.approx(0, abs=1e-12)
    assert concentration_index(need * 7, need, base) > 0.01
    assert concentration_index(base * 7, need, base, against=need) < -0.01


@pytest.mark.parametrize("seed", range(20))
def test_the_area_is_the_covariance_formula(seed):
    money, need, base = cities(seed)
    assert concentration_index(money, need, base) == pytest.approx(by_covariance(money, need, base, base))
    found = concentration_index(money, need, base, against=need)
    assert found == pytest.approx(by_covariance(money, need, base, need))


@pytest.mark.parametrize("seed", range(5))
def test_units_and_order_do_not_matter(seed):
    money, need, base = cities(seed)
    found = concentration_index(money, need, base)
    assert concentration_index(money * 100, need, base) == pytest.approx(found)
    assert concentration_index(money, need * 0.1, base * 7) == pytest.approx(found)
    order = np.random.default_rng(seed).permutation(N_CITIES)
    assert concentration_index(money[order], need[order], base[order]) == pytest.approx(found)


def test_cities_of_one_need_are_one_step():
    money, need, base = np.array([50.0, 10, 30, 10]), np.array([3.0, 1, 10, 2]), np.array([30.0, 10, 200, 40])
    joined = concentration_index([60, 40], [4, 12], [40, 240])
    for factor in (1, 0.1, 3.7):
        assert concentration_index(money, need * factor, base) == pytest.approx(joined)
        reversed_ = [one[::-1] for one in (money, need * factor, base)]
        assert concentration_index(*reversed_) == pytest.approx(joined)


def test_splitting_a_city_into_two_alike_does_not_matter():
    money, need, base = cities(3)
    halves = [np.concatenate([one[:1] / 2, one[:1] / 2, one[1:]]) for one in (money, need, base)]
    assert concentration_index(*halves) == pytest.approx(concentration_index(money, need, base))


@pytest.mark.parametrize("seed", range(20))
def test_it_stays_within_its_range(seed):
    money, need, base = cities(seed)
    order = np.argsort(-need / base)
    part = base[order] / base.sum()
    assert part[-1] - 1 <= concentration_index(money, need, base) <= 1 - part[0]


def test_a_jackknife_by_hand():
    # without the first: areas of .4 .8 1 over thirds; of the second: .625 .875 1; of the last: 5/9 7/9 1
    found = jackknife([50, 20, 20, 10], [40, 30, 20, 10], [100] * 4)
    out = np.array([(0.4 + 1.2 + 1.8) / 3 - 1, (0.625 + 1.5 + 1.875) / 3 - 1, 1 / 3, (5 / 9 + 12 / 9 + 16 / 9) / 3 - 1])
    np.testing.assert_allclose(found.left_out, out)
    error = np.sqrt(3 / 4 * ((out - out.mean()) ** 2).sum())
    reach = student.ppf(0.975, 3) * error
    assert found.index == pytest.approx(0.3)
    assert (found.low, found.high) == (pytest.approx(0.3 - reach), pytest.approx(0.3 + reach))


def test_the_jackknife_is_of_the_same_axis():
    money, need, base = cities(4)
    found = jackknife(money, need, base, against=need)
    assert found.index == pytest.approx(concentration_index(money, need, base, against=need))
    keep = np.arange(N_CITIES) != 2
    expected = concentration_index(money[keep], need[keep], base[keep], against=need[keep])
    assert found.left_out[2] == pytest.approx(expected)


def test_a_proportional_pot_hangs_on_no_city():
    _, need, base = cities(5)
    found = jackknife(base, need, base)
    np.testing.assert_allclose([found.low, found.high, *found.left_out], 0, atol=1e-12)


def test_few_cities_have_no_interval():
    found = jackknife([3, 2, 1], [3, 2, 1], [10, 10, 10])
    assert found.index == pytest.approx(2 / 9)
    assert np.isnan([found.low, found.high, *found.left_out]).all()
    assert np.isnan(concentration_index([3], [3], [10])) and np.isnan(concentration_index([], [], []))


def test_without_money_there_is_no_index():
    assert np.isnan(concentration_index([0, 0], [3, 2], [10, 10]))
    alone = jackknife([5, 0, 0, 0], [4, 3, 2, 1], [10] * 4)
    assert alone.index == pytest.approx(0.75)
    assert np.isnan(alone.left_out[0]) and np.isnan([alone.low, alone.high]).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([1, np.nan], [1, 1], [1, 1]), "money holds nan at place 1"),
        (([1, np.inf], [1, 1], [1, 1]), "money holds inf at place 1"),
        (([1, 1], [-1, 1], [1, 1]), "need holds -1 at place 0; allowed are numbers from 0"),
        (([1, 1], [1, 1], [1, 0]), "base holds 0 at place 1; allowed are numbers above 0"),
        (([1, 1, 1], [1, 1], [1, 1]), "allowed is one number a city"),
        (([[1, 1]], [[1, 1]], [[1, 1]]), "allowed is one number a city"),
    ],
)
def test_what_is_no_count_is_refused(given, said):
    for call in (concentration_curve, concentration_index, jackknife):
        with pytest.raises(ValueError, match=said):
            call(*given)


def test_the_input_is_not_changed():
    given = cities(6)
    before = [one.copy() for one in given]
    jackknife(*given)
    for one, other in zip(given, before):
        np.testing.assert_array_equal(one, other)
