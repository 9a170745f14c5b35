"""Ordered groups: values by hand, the papers' sums and fits written out, and the laws of order."""

import numpy as np
import pytest
from golden.reference import city as grid
from scipy.integrate import quad

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.indices.ordinal import rank_order_fit
from segindex.neighbourhood import kernel


def entropy(c):
    return -(c * np.log2(c) + (1 - c) * np.log2(1 - c)) if 0 < c < 1 else 0.0


VARIATIONS = {
    "information_theory": entropy,
    "variation_ratio": lambda c: 4 * c * (1 - c),
    "square_root": lambda c: 2 * np.sqrt(c * (1 - c)),
    "absolute_difference": lambda c: 1 - abs(2 * c - 1),
}
ORDINAL = {name: getattr(indices, f"ordinal_{name}") for name in VARIATIONS}
RANK_ORDER = {name: getattr(indices, f"rank_order_{name}") for name in list(VARIATIONS)[:3]}
ALL = [*ORDINAL.values(), *RANK_ORDER.values()]
every = pytest.mark.parametrize("index", ALL, ids=lambda one: one.__name__)
ordinal = pytest.mark.parametrize("name", ORDINAL)
rank_order = pytest.mark.parametrize("name", RANK_ORDER)


def random_city(seed, n_groups=7, n_cells=20):
    rng = np.random.default_rng(seed)
    rank = np.abs(np.subtract.outer(rng.uniform(0, n_groups, n_cells), np.arange(n_groups)))
    counts = rng.poisson(20 * np.exp(-(rank**2) / 8)).astype(float)
    counts[3] = 0
    counts[5, 2:] = 0
    return counts


def line(n_cells=20):
    near = np.exp(-np.abs(np.subtract.outer(np.arange(n_cells), np.arange(n_cells))) / 1.5)
    return near, lambda counts: counts @ near.T


def up_to(counts, k):
    """The share of those in the first k groups."""
    return sum(counts[:k]) / sum(counts)


def at_limit(counts, around, variation, k):
    """The two-group index of those below and above the k-th limit; `around` are the counts in place of the cells'."""
    t = counts.sum(axis=1)
    cells = sum(t[i] * variation(up_to(around[i], k)) for i in range(len(t)) if t[i] > 0)
    return 1 - cells / (t.sum() * variation(up_to(counts.sum(axis=0), k)))


def whole(counts, around, variation):
    """An ordinal index as the paper's sums over cells and limits."""
    t, n_groups = counts.sum(axis=1), counts.shape[1]

    def varied(row):
        return sum(variation(up_to(row, k)) for k in range(1, n_groups)) / (n_groups - 1)

    city = varied(counts.sum(axis=0))
    return sum(t[i] * (city - varied(around[i])) for i in range(len(t)) if t[i] > 0) / (t.sum() * city)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(indices.ordinal_variation_ratio([[10, 0, 0], [0, 5, 5]]), 5 / 7, id="R 1 - (1/2 * 1/4) / (7/16)"),
        pytest.param(indices.ordinal_absolute_difference([[10, 0, 0], [0, 5, 5]]), 2 / 3, id="L 1 - (1/2 * 1) / (3/2)"),
        pytest.param(
            indices.ordinal_information_theory([[1, 1, 0], [0, 1, 1]]),
            1 - 1 / (2 * entropy(1 / 4)),
            id="H half of the city on either side of each limit: 1 - 1 / (2 E(1/4))",
        ),
        pytest.param(
            indices.ordinal_square_root([[1, 1, 0], [0, 1, 1]]), 1 - 1 / np.sqrt(3), id="S 1 - 1 / (2 * √3/2)"
        ),
        pytest.param(indices.ordinal_variation_ratio([[1, 1, 0], [0, 1, 1]]), 1 / 3, id="R 1 - 1 / (2 * 3/4)"),
        pytest.param(indices.ordinal_variation_ratio([[0, 2, 0], [1, 0, 1]]), 1 / 3, id="R 1 - (1/2 * 2) / (2 * 3/4)"),
    ],
)
def test_by_hand(value, expected):
    assert value == pytest.approx(expected, abs=1e-12)


@ordinal
@pytest.mark.parametrize("seed", range(3))
def test_values_are_the_papers_sums(name, seed):
    counts = random_city(seed)
    assert ORDINAL[name](counts) == pytest.approx(whole(counts, counts, VARIATIONS[name]), rel=1e-12)


@ordinal
def test_spatial_values_weigh_cells_by_their_own_residents(name):
    counts, (near, nearby) = random_city(4), line()
    assert ORDINAL[name](counts, nearby=nearby) == pytest.approx(whole(counts, near @ counts, VARIATIONS[name]))


@ordinal
def test_an_ordinal_index_is_the_mean_over_its_limits(name):
    counts = random_city(5)
    weight = [VARIATIONS[name](up_to(counts.sum(axis=0), k)) for k in range(1, 7)]
    each = [at_limit(counts, counts, VARIATIONS[name], k) for k in range(1, 7)]
    assert ORDINAL[name](counts) == pytest.approx(np.average(each, weights=weight))


def test_two_groups_are_the_two_group_index():
    x, y = random_city(6, n_groups=2).T
    counts, t = np.stack([x, y], axis=-1), x + y
    assert indices.ordinal_information_theory(counts) == pytest.approx(indices.information_theory(counts))
    assert indices.ordinal_variation_ratio(counts) == pytest.approx(indices.correlation_ratio(x, t))
    assert indices.ordinal_square_root(counts) == pytest.approx(indices.hutchens(x, y))


def test_the_variation_ratio_counts_the_limits_between_two_residents():
    counts = random_city(7)
    rank = np.arange(7)

    def mean_distance(row):
        share = row / row.sum()
        return share @ np.abs(np.subtract.outer(rank, rank)) @ share

    t = counts.sum(axis=1)
    within = sum(t[i] * mean_distance(counts[i]) for i in range(20) if t[i]) / t.sum()
    assert indices.ordinal_variation_ratio(counts) == pytest.approx(1 - within / mean_distance(counts.sum(axis=0)))


def test_the_absolute_difference_knows_the_median_group_alone():
    counts = random_city(8)
    rank, t = np.arange(7), counts.sum(axis=1)

    def from_median(row):
        return min((row * np.abs(rank - median)).sum() for median in rank)

    within = sum(from_median(row) for row in counts)
    assert indices.ordinal_absolute_difference(counts) == pytest.approx(1 - within / from_median(counts.sum(axis=0)))
    same_median = np.array([[1, 8, 1], [4, 5, 1], [0, 6, 4]])
    assert indices.ordinal_absolute_difference(same_median) == pytest.approx(0, abs=1e-12)
    assert indices.ordinal_variation_ratio(same_median) > 0.05
    assert t.sum() > 0


@every
def test_the_order_may_be_turned_round_but_not_mixed(index):
    counts = random_city(9)
    assert index(counts[:, ::-1]) == pytest.approx(index(counts), rel=1e-9)
    assert index(counts[:, [3, 0, 5, 1, 4, 2, 6]]) != pytest.approx(index(counts), rel=1e-2)


@ordinal
def test_empty_groups_at_the_ends_of_the_scale_are_exactly_nothing(name):
    """Shares added up to 0.9999999999999999 would have a square root that is not 0."""
    counts = np.array([[0, 1, 1, 5, 0, 0], [0, 7, 2, 2, 0, 0], [0, 3, 3, 4, 0, 0]]) * 0.1
    assert ORDINAL[name](counts) == pytest.approx(ORDINAL[name](counts[:, 1:4]), rel=1e-13)


def test_a_group_without_members_doubles_a_limit():
    counts = random_city(10, n_groups=3)
    c = [VARIATIONS["variation_ratio"](up_to(counts.sum(axis=0), k)) for k in (1, 2)]
    each = [at_limit(counts, counts, VARIATIONS["variation_ratio"], k) for k in (1, 2)]
    doubled = (2 * c[0] * each[0] + c[1] * each[1]) / (2 * c[0] + c[1])
    assert indices.ordinal_variation_ratio(np.insert(counts, 1, 0, axis=1)) == pytest.approx(doubled)


def fit(name, counts, around, order):
    """The weighted fit by normal equations, and the average of its curve by numerical integration."""
    variation = VARIATIONS[name]
    limits = [k for k in range(1, counts.shape[1]) if counts[:, k - 1].sum() > 0]
    p = np.array([up_to(counts.sum(axis=0), k) for k in limits])
    inner = (p > 0) & (p < 1)
    p, limits = p[inner], np.array(limits)[inner]
    each = np.array([at_limit(counts, around, variation, k) for k in limits])
    order = min(order, len(p) - 2)
    x, w = np.vander(p, order + 1, increasing=True), np.array([variation(one) for one in p]) ** 2
    inverse = np.linalg.inv(x.T @ (w[:, np.newaxis] * x))
    coefficients = inverse @ (x.T @ (w * each))
    moments = np.array([quad(lambda q, m: variation(q) * q**m, 0, 1, (m,), epsabs=1e-13)[0] for m in range(order + 1)])
    moments /= moments[0]
    left = (w * (each - x @ coefficients) ** 2).sum() / (len(p) - order - 1)
    return moments @ coefficients, np.sqrt(left * moments @ inverse @ moments), coefficients


@rank_order
@pytest.mark.parametrize(("n_groups", "order", "fitted"), [(10, 4, 4), (10, 2, 2), (7, 4, 4), (6, 4, 3), (5, 4, 2)])
def test_the_fit_is_the_papers(name, n_groups, order, fitted):
    counts = random_city(11, n_groups=n_groups)
    value, fit_se, coefficients = fit(name, counts, counts, order)
    found = rank_order_fit(RANK_ORDER[name], counts, order=order)
    assert found.order == fitted
    assert found.value == pytest.approx(value, rel=1e-8)
    assert found.fit_se == pytest.approx(fit_se, rel=1e-6)
    np.testing.assert_allclose(found.coefficients[: fitted + 1], coefficients, rtol=1e-6)
    assert (found.coefficients[fitted + 1 :] == 0).all()
    assert RANK_ORDER[name](counts, order=order) == found.value


@rank_order
def test_the_spatial_fit_takes_the_surroundings(name):
    counts, (near, nearby) = random_city(12), line()
    found = rank_order_fit(RANK_ORDER[name].__name__, counts, nearby=nearby)
    value, fit_se, _ = fit(name, counts, near @ counts, 4)
    assert found.value == pytest.approx(value, rel=1e-8)
    assert found.fit_se == pytest.approx(fit_se, rel=1e-5)


@rank_order
def test_many_classes_of_one_city_give_nearly_one_value(name):
    """Cells hold neighbouring ranks; the same residents in 20 classes and in 10."""
    centre = np.linspace(0, 100, 40)[:, np.newaxis]
    residents = 100 * np.exp(-((np.arange(100) - centre) ** 2) / 900)
    fine, coarse = (residents.reshape(40, n, -1).sum(axis=-1) for n in (20, 10))
    assert RANK_ORDER[name](coarse) == pytest.approx(float(RANK_ORDER[name](fine)), rel=0.02)


@rank_order
def test_years_may_differ_in_their_limits_and_orders(name):
    """A class without members is no limit, wherever it lies; each year has its own fit."""
    counts = random_city(13)
    gap, first, last = counts.copy(), counts.copy(), counts.copy()
    gap[:, 3] = first[:, 0] = last[:, 6] = 0
    nobody = np.zeros_like(counts)
    years = np.stack([counts, gap, first, last, nobody])
    found = rank_order_fit(RANK_ORDER[name], years)
    alone = [
        rank_order_fit(RANK_ORDER[name], np.delete(year, k, axis=1)) for year, k in ((gap, 3), (first, 0), (last, 6))
    ]
    assert found.order.tolist() == [4, 3, 3, 3, 0]
    np.testing.assert_allclose(found.value[1:4], [one.value for one in alone], rtol=1e-9)
    np.testing.assert_allclose(found.fit_se[1:4], [one.fit_se for one in alone], rtol=1e-7)
    assert np.isnan(found.value[4]) and np.isnan(found.fit_se[4]) and np.isnan(found.coefficients[4]).all()
    assert np.isnan(found.thresholds[1]).tolist() == [False, False, False, True, False, False]
    assert np.isnan(found.pairwise[2]).tolist() == [True] + [False] * 5
    assert np.isnan(found.pairwise[3]).tolist() == [False] * 5 + [True]


def test_too_few_limits_are_refused():
    for index in RANK_ORDER.values():
        with pytest.raises(BadData, match=r"counts has 3 class limits with residents on both sides; .* wants 4"):
            index(random_city(14, n_groups=4))
        years = np.stack([random_city(14), random_city(14) * [1, 1, 0, 1, 0, 0, 1]])
        with pytest.raises(BadData, match=r"counts has 3 class limits with residents on both sides at \(1,\)"):
            index(years)
    for order in (0, 11, 2.5, -1, "4", None):
        with pytest.raises(BadSettings, match="order is"):
            indices.rank_order_square_root(random_city(14), order=order)
    for wrong in ("ordinal_square_root", indices.gini, "rank_order"):
        with pytest.raises(BadSettings, match="no rank-order index; there are rank_order_information_theory"):
            rank_order_fit(wrong, random_city(14))


@every
def test_groups_apart_and_alike(index):
    assert index(np.eye(6) * 7) == pytest.approx(1, abs=1e-12)
    alike = np.outer([3, 5, 1, 9], [2, 3, 5, 1, 1, 4])
    assert index(alike) == pytest.approx(0, abs=1e-12)
    assert np.isnan(index(np.zeros((3, 6))))


@every
def test_a_raster_agrees_with_the_direct_sum(index):
    """Classes absent from wide parts of the city: rounding in the transform must not pass for residents."""
    xy, groups = grid("grid_income20")
    counts = np.stack(list(groups.values()), axis=-1)
    counts[:200, 7:] = 0
    near = np.maximum(1 - np.hypot(*(xy[:, np.newaxis] - xy).transpose(2, 0, 1)) / 700, 0)
    direct = index(counts, nearby=lambda one: one @ near)
    assert index(counts, nearby=kernel(xy, "triangular", 700)) == pytest.approx(direct, abs=1e-10)
