"""Concentration: values by hand, an account of the ends person by person, and what is refused or undefined."""

import numpy as np
import pytest

from segindex.errors import BadData
from segindex.indices import absolute_concentration, delta, relative_concentration

AREA = np.array([3.0, 1.0, 2.0, 2.0, 5.0, 1.0])
T = np.array([4.0, 3.0, 6.0, 1.0, 2.0, 2.0])
X = np.array([1.0, 2.0, 3.0, 0.0, 2.0, 1.0])
Y = T - X
FRACTIONS = np.array([1.1, 0.7, 0.3, 2.3, 0.1, 0.9])
BOTH = [
    pytest.param(lambda x, t, area: absolute_concentration(x, t, area), id="ACO"),
    pytest.param(lambda x, t, area: relative_concentration(x, t - x, t, area), id="RCO"),
    pytest.param(lambda x, t, area: absolute_concentration(x, t, area, whole=True), id="ACO whole"),
    pytest.param(lambda x, t, area: relative_concentration(x, t - x, t, area, whole=True), id="RCO whole"),
]


def mean_area(persons, area):
    return sum(n * a for n, a in zip(persons, area)) / sum(persons)


def end(x, t, area, *, largest=False, whole=False):
    """Mean area of the first X residents, housed one by one; with `whole`, of all in the areas that they need."""
    housed, areas = [], sorted((a for n, a in zip(t, area) for _ in range(int(n))), reverse=largest)
    for a in areas:
        if len(housed) < sum(x) or (whole and a == housed[-1]):
            housed.append(a)
    return sum(housed) / len(housed)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(delta([10, 20, 0], [1, 2, 0]), 0, id="delta one density"),
        pytest.param(delta([10, 0, 0], [1, 1, 2]), 3 / 4, id="delta all on a quarter of the land"),
        pytest.param(delta([30, 10], [1, 1]), 1 / 4, id="delta equal areas are no hindrance"),
        pytest.param(absolute_concentration([4, 0, 0], [4, 4, 4], [1, 2, 3]), 1, id="ACO the smallest cells"),
        pytest.param(absolute_concentration([0, 0, 4], [4, 4, 4], [1, 2, 3]), 0, id="ACO the largest cells"),
        pytest.param(absolute_concentration([0, 4, 0], [4, 4, 4], [1, 2, 3]), 1 / 2, id="ACO the middle"),
        pytest.param(
            absolute_concentration([3, 0, 2], [4, 4, 4], [1, 2, 3]), 5 / 8, id="ACO 1 - (1.8 - 1.2)/(2.8 - 1.2)"
        ),
        pytest.param(
            absolute_concentration([3, 0, 2], [4, 4, 4], [1, 2, 3], whole=True),
            7 / 10,
            id="ACO whole 1 - (1.8-1.5)/(2.5-1.5)",
        ),
        pytest.param(
            absolute_concentration([4, 0, 0, 0], [4, 4, 4, 4], [1, 1, 2, 3], whole=True),
            1,
            id="ACO whole, exactly full",
        ),
        pytest.param(
            absolute_concentration([0, 1, 0, 1], [4, 4, 4, 4], [1, 1, 2, 3], whole=True), 1 / 2, id="ACO whole, ties"
        ),
        pytest.param(
            relative_concentration([4, 0, 0], [0, 4, 4], [4, 4, 4], [1, 2, 6]), 9 / 10, id="RCO (1/4 - 1)/(1/6 - 1)"
        ),
        pytest.param(
            relative_concentration([0, 0, 4], [4, 4, 0], [4, 4, 4], [1, 2, 6]), -18 / 5, id="RCO (6/1.5 - 1)/(1/6 - 1)"
        ),
        pytest.param(
            relative_concentration([3, 0, 2], [1, 4, 2], [4, 4, 4], [1, 2, 3]),
            (1.8 / (15 / 7) - 1) / (1.2 / 2.8 - 1),
            id="RCO in proportion",
        ),
        pytest.param(
            relative_concentration([3, 0, 2], [1, 4, 2], [4, 4, 4], [1, 2, 3], whole=True),
            (1.8 / (15 / 7) - 1) / (1.5 / 2.5 - 1),
            id="RCO whole",
        ),
        pytest.param(
            relative_concentration([50, 0, 40], [0, 10, 0], [50, 10, 40], [1, 100, 2]),
            (13 / 9 / 100 - 1) / (13 / 112 - 1),
            id="RCO beyond 1 against a smaller group: m2 (1000 + 80 + 40)/90",
        ),
    ],
)
def test_by_hand(value, expected):
    assert value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("whole", [False, True])
def test_housing_residents_one_by_one_gives_the_same(whole):
    rng = np.random.default_rng(3)
    for _ in range(30):
        area, t = rng.integers(0, 5, 8).astype(float), rng.integers(1, 7, 8).astype(float)
        x = rng.binomial(t.astype(int), 0.3).astype(float)
        m1, m2 = end(x, t, area, whole=whole), end(x, t, area, largest=True, whole=whole)
        if m1 == m2 or len(set(area)) == 1:
            continue
        expected = 1 - (mean_area(x, area) - m1) / (m2 - m1)
        assert absolute_concentration(x, t, area, whole=whole) == pytest.approx(expected, abs=1e-12)
        expected = (mean_area(x, area) / mean_area(t - x, area) - 1) / (m1 / m2 - 1)
        assert relative_concentration(x, t - x, t, area, whole=whole) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_relative_concentration_is_at_most_one_against_a_group_that_is_no_smaller(seed):
    rng = np.random.default_rng(seed)
    t, area = rng.integers(1, 7, 8), rng.integers(1, 5, 8)
    x = rng.binomial(t, 0.3)
    y = np.where(area > 2, t - x, 0)
    assert not (y.sum() >= x.sum() and relative_concentration(x, y, t, area) > 1 + 1e-12)


@pytest.mark.parametrize("measure", BOTH)
def test_the_order_of_cells_of_one_area_does_not_matter(measure):
    value = measure(X, T, AREA)
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(6)
        assert measure(X[order], T[order], AREA[order]) == pytest.approx(value, abs=1e-14)


@pytest.mark.parametrize("measure", BOTH)
def test_areas_that_rounding_parts_are_one(measure):
    rounded = AREA * (1 + 1e-12 * np.arange(6))
    assert measure(X, T, rounded) == pytest.approx(measure(X, T, AREA), abs=1e-9)


@pytest.mark.parametrize("whole", [False, True])
def test_years_of_totals_and_one_year_of_the_group(whole):
    years = np.stack([T, T + 1])
    both = absolute_concentration(X, years, AREA, whole=whole)
    np.testing.assert_allclose(both, [absolute_concentration(X, t, AREA, whole=whole) for t in years], rtol=1e-14)


@pytest.mark.parametrize("measure", BOTH)
@pytest.mark.parametrize("area", [np.full(6, 62_500.0), 62_500 * (1 + 1e-13 * np.arange(6))], ids=["equal", "rounded"])
def test_equal_areas_are_refused(measure, area):
    with pytest.raises(BadData, match=r"area is 62500 in all 6 cells, and the index 0/0; allowed .* land"):
        measure(X, T, area)


@pytest.mark.parametrize("measure", BOTH)
def test_ends_that_are_the_same_residents_are_undefined(measure):
    assert np.isnan(measure(FRACTIONS, FRACTIONS, AREA)), "everyone is a member; the counts are no whole numbers"
    one_size = np.where(AREA == 2, T, 0)
    assert np.isnan(measure(one_size / 3, one_size, AREA)), "all inhabited cells are equal in area"
    assert np.isnan(measure(T * 0, T, AREA)), "no members"


def test_whole_ends_that_are_all_residents_are_undefined():
    assert np.isnan(absolute_concentration([1, 9.5, 1], [1, 10, 1], [1, 2, 3], whole=True))
    assert absolute_concentration([1, 9, 1], [1, 10, 1], [1, 2, 3], whole=True) == pytest.approx(1 / 2)
    assert absolute_concentration([1, 9.5, 1], [1, 10, 1], [1, 2, 3]) == pytest.approx(1 / 2)


def test_years_are_undefined_each_by_itself():
    x = np.stack([X, FRACTIONS, X * 0])
    t = np.stack([T, FRACTIONS, T])
    assert np.isnan(absolute_concentration(x, t, AREA)).tolist() == [False, True, True]


def test_whole_cells_all_at_one_end_do_not_make_it_undefined():
    x, t, area = [5, 2, 0], [5, 10, 0], [1, 2, 3]
    expected = 1 - (9 / 7 - 25 / 15) / (2 - 25 / 15)
    assert absolute_concentration(x, t, area, whole=True) == pytest.approx(expected)


def test_a_group_on_no_land_has_nothing_to_be_set_against():
    x, y, t = [0, 4, 0], [4, 0, 0], [4, 4, 4]
    assert np.isnan(relative_concentration(x, y, t, [0, 1, 2]))
    assert relative_concentration(y, x, t, [0, 1, 2]) == pytest.approx(1)
    assert absolute_concentration(y, t, [0, 1, 2]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("area", "message"),
    [
        pytest.param([0.0] * 6, "area is 0 in every cell; allowed is land", id="no land"),
        pytest.param(np.ones((2, 6)), r"area has shape \(2, 6\) for 6 cells; allowed is one number a cell", id="years"),
        pytest.param(5.0, r"area has shape \(\) for 6 cells", id="a number"),
        pytest.param(
            [1, 1, -2, 1, np.nan, 1], r"area holds -2 or the like in 2 places, first at \(2,\)", id="negative"
        ),
        pytest.param([1, 1, None, 1, 1, 1], "area holds nan or the like in 1 place", id="missing"),
        pytest.param(np.ma.masked_equal([1, 2, 3, 4, 5, 6], 2), "area has masked cells", id="masked"),
        pytest.param(["a"] * 6, "area holds <U1; allowed are numbers", id="words"),
    ],
)
@pytest.mark.parametrize("measure", [pytest.param(lambda x, t, area: delta(x, area), id="delta"), *BOTH])
def test_areas_that_are_none_are_refused(measure, area, message):
    with pytest.raises(BadData, match=message):
        measure(X, T, area)


def test_a_group_beyond_all_persons_is_refused():
    with pytest.raises(BadData, match="y exceeds t"):
        relative_concentration(X, T + 1, T, AREA)
