"""Several groups: values by hand, the papers' sums written out, and laws that only three groups or more can show."""

import numpy as np
import pytest
from scipy.special import rel_entr

from segindex import indices
from segindex.errors import BadData
from segindex.neighbourhood import kernel

THREE = [[10, 0, 0], [0, 5, 5]]
SPATIAL = [
    indices.multigroup_dissimilarity,
    indices.multigroup_gini,
    indices.information_theory,
    indices.mutual_information,
    indices.relative_diversity,
    indices.squared_coefficient_of_variation,
    indices.divergence,
]
SEGREGATION = [*SPATIAL, indices.normalized_exposure]
every = pytest.mark.parametrize("index", [*SEGREGATION, indices.entropy, indices.simpson], ids=lambda one: one.__name__)
each = pytest.mark.parametrize("index", SEGREGATION, ids=lambda one: one.__name__)


def random_city(seed, n_groups=4, n_cells=30):
    """Counts with an empty cell, a cell of one group, and groups of different size."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(0.7, 12, (n_cells, n_groups)) / np.arange(1, n_groups + 1)).astype(float)
    counts[4] = 0
    counts[9, 1:] = 0
    return counts


def line(n_cells=30):
    """A dense kernel on a line, as a matrix and as a callable."""
    near = np.exp(-np.abs(np.subtract.outer(np.arange(n_cells), np.arange(n_cells))) / 1.5)
    return near, lambda counts: counts @ near.T


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(indices.multigroup_dissimilarity(THREE), 4 / 5, id="D 10 (1 + 1) / (2 * 20 * 5/8)"),
        pytest.param(indices.multigroup_gini(THREE), 4 / 5, id="G 2 * 100 (1 + 1/2 + 1/2) / (2 * 400 * 5/8)"),
        pytest.param(indices.mutual_information(THREE), np.log(2), id="M half of the city's 2 ln 2 - 1/2 ln 2"),
        pytest.param(indices.divergence(THREE), np.log(2), id="KL 10/20 ln 2 + 10/20 ln 2"),
        pytest.param(indices.relative_diversity(THREE), 3 / 5, id="R 1 - 1/2 * 1/2 / (5/8)"),
        pytest.param(indices.squared_coefficient_of_variation(THREE), 1 / 2, id="C (1/4 / 1/2 + 2 * 1/16 / 1/4) / 2"),
        pytest.param(indices.normalized_exposure(THREE), 2 / 3, id="P 1/4 / 1/2 + 2 * 1/16 / 3/4"),
        pytest.param(indices.entropy(THREE), 1.5 * np.log(2), id="E 1/2 ln 2 + 1/2 ln 4"),
        pytest.param(indices.entropy(THREE, relative=True), 1.5 * np.log(2) / np.log(3), id="E of its greatest"),
        pytest.param(indices.entropy([[5, 0, 5]], relative=True), 1, id="E of two groups of three with members"),
        pytest.param(indices.simpson(THREE), 5 / 8, id="1 - 1/4 - 1/16 - 1/16"),
    ],
)
def test_by_hand(value, expected):
    assert value == pytest.approx(expected, abs=1e-12)


def sums(counts, p):
    """Every index as its paper's sum, cells and groups one by one; p are the shares that stand for the cells'."""
    n_cells, n_groups = counts.shape
    t = [sum(row) for row in counts]
    everyone = sum(t)
    city = [sum(counts[:, g]) / everyone for g in range(n_groups)]
    cells, groups = range(n_cells), [g for g in range(n_groups) if city[g] > 0]
    interaction = sum(city[g] * (1 - city[g]) for g in groups)

    def entropy(shares):
        return -sum(one * np.log(one) for one in shares if one > 0)

    def over(term):
        return sum(t[i] * term(i, g) for i in cells for g in groups)

    return {
        "multigroup_dissimilarity": over(lambda i, g: abs(p[i, g] - city[g])) / (2 * everyone * interaction),
        "multigroup_gini": sum(t[i] * t[j] * abs(p[i, g] - p[j, g]) for g in groups for i in cells for j in cells)
        / (2 * everyone**2 * interaction),
        "information_theory": sum(t[i] * (entropy(city) - entropy(p[i])) for i in cells) / (everyone * entropy(city)),
        "mutual_information": sum(t[i] * (entropy(city) - entropy(p[i])) for i in cells) / everyone,
        "relative_diversity": 1
        - sum(t[i] * sum(p[i, g] * (1 - p[i, g]) for g in groups) for i in cells) / (everyone * interaction),
        "squared_coefficient_of_variation": over(lambda i, g: (p[i, g] - city[g]) ** 2 / city[g])
        / (everyone * (len(groups) - 1)),
        "normalized_exposure": over(lambda i, g: (p[i, g] - city[g]) ** 2 / (1 - city[g])) / everyone,
        "divergence": over(lambda i, g: rel_entr(p[i, g], city[g])) / everyone,
    }


@each
@pytest.mark.parametrize("seed", range(3))
def test_values_are_the_papers_sums(index, seed):
    counts = random_city(seed)
    t = counts.sum(axis=1, keepdims=True)
    p = np.divide(counts, t, out=np.zeros_like(counts), where=t > 0)
    assert index(counts) == pytest.approx(sums(counts, p)[index.__name__], rel=1e-12)


@pytest.mark.parametrize("index", SPATIAL, ids=lambda one: one.__name__)
def test_spatial_values_weigh_cells_by_their_own_residents_and_keep_the_citys_shares(index):
    counts = random_city(5)
    near, nearby = line()
    around = near @ counts
    p = around / around.sum(axis=1, keepdims=True)
    assert index(counts, nearby=nearby) == pytest.approx(sums(counts, p)[index.__name__], rel=1e-12)


@pytest.mark.parametrize("kind", ["biweight", "exponential"])
def test_gini_on_a_raster_agrees_with_all_pairs(kind):
    xy = np.argwhere(np.ones((8, 8))) * 250.0
    counts = random_city(6, n_cells=64)
    counts[:32, 1] = 0
    near = kernel(xy, kind, 900)
    around = np.stack([near(counts[:, g]) for g in range(4)], axis=-1)
    p = around / around.sum(axis=1, keepdims=True)
    for index in SPATIAL:
        assert index(counts, nearby=near) == pytest.approx(sums(counts, p)[index.__name__], rel=1e-10)


@every
def test_any_two_groups_may_change_places(index):
    counts = random_city(1)
    for order in ([1, 0, 2, 3], [0, 3, 2, 1], [2, 3, 0, 1]):
        assert index(counts[:, order]) == pytest.approx(index(counts), rel=1e-12)


@every
def test_a_group_without_members_adds_nothing(index):
    counts = random_city(2)
    more = np.insert(counts, 2, 0, axis=1)
    assert index(more) == pytest.approx(index(counts), rel=1e-12)


@pytest.mark.parametrize("index", [indices.mutual_information, indices.divergence], ids=lambda one: one.__name__)
def test_merging_groups_of_one_spread_does_not_matter_to_mutual_information(index):
    counts = random_city(3)
    divided = np.insert(counts * [1, 1 / 4, 1, 1], 2, counts[:, 1] * 3 / 4, axis=1)
    assert index(divided) == pytest.approx(index(counts), rel=1e-12)


@pytest.mark.parametrize(
    "index", [one for one in SEGREGATION if one not in (indices.mutual_information, indices.divergence)]
)
def test_merging_groups_matters_to_the_others(index):
    counts = random_city(3)
    divided = np.insert(counts * [1, 1 / 4, 1, 1], 2, counts[:, 1] * 3 / 4, axis=1)
    assert index(divided) != pytest.approx(index(counts), rel=1e-4)


def test_mutual_information_adds_up_over_merged_groups():
    counts = random_city(4)
    merged = np.stack([counts[:, 0] + counts[:, 1], counts[:, 2] + counts[:, 3]], axis=1)
    parts = sum(pair.sum() / counts.sum() * indices.mutual_information(pair) for pair in (counts[:, :2], counts[:, 2:]))
    assert indices.mutual_information(counts) == pytest.approx(indices.mutual_information(merged) + parts, rel=1e-12)


@pytest.mark.parametrize("nearby", [None, line()[1]], ids=["plain", "spatial"])
def test_two_groups_are_the_two_group_index(nearby):
    x, y = random_city(7, n_groups=2).T
    counts, t, option = np.stack([x, y], axis=-1), x + y, {"nearby": nearby}
    assert indices.multigroup_dissimilarity(counts, **option) == pytest.approx(indices.dissimilarity(x, y, **option))
    assert indices.multigroup_gini(counts, **option) == pytest.approx(indices.gini(x, y, **option))
    if nearby is None:
        eta = pytest.approx(indices.correlation_ratio(x, t))
        assert indices.relative_diversity(counts) == eta
        assert indices.squared_coefficient_of_variation(counts) == eta
        assert indices.normalized_exposure(counts) == eta


def test_how_several_groups_hang_together():
    counts = random_city(8)
    t, city = counts.sum(axis=1), counts.sum(axis=0) / counts.sum()
    eta = indices.correlation_ratio(counts.T, t)
    assert indices.mutual_information(counts) == pytest.approx(
        indices.information_theory(counts) * indices.entropy(counts)
    )
    assert indices.mutual_information(counts) == pytest.approx(indices.divergence(counts))
    for index, weight in (
        (indices.relative_diversity, city * (1 - city)),
        (indices.squared_coefficient_of_variation, 1 - city),
        (indices.normalized_exposure, city),
    ):
        assert index(counts) == pytest.approx((weight * eta).sum() / weight.sum())
    for index, two_groups in (
        (indices.multigroup_dissimilarity, indices.dissimilarity),
        (indices.multigroup_gini, indices.gini),
    ):
        weight = city * (1 - city)
        assert index(counts) == pytest.approx((weight * two_groups(counts.T, t - counts.T)).sum() / weight.sum())
    assert indices.mutual_information(counts.T) == pytest.approx(indices.mutual_information(counts))


def test_mixed_surroundings_lower_mutual_information_and_raise_the_divergence():
    lone = np.array([[97.0, 3], [3, 0]])
    assert indices.mutual_information(lone, nearby=lambda one: one + 9) < 0
    assert indices.divergence(lone, nearby=lambda one: one + 9) > 0


@pytest.mark.parametrize("counts", [[[3, 0], [4, 0]], [[3], [4]], [[0, 0], [0, 0]]], ids=["one", "alone", "nobody"])
def test_undefined_without_a_second_group(counts):
    for index in SEGREGATION:
        assert np.isnan(index(counts)), index.__name__
    assert np.isnan(indices.entropy(counts, relative=True))
    nobody = not np.sum(counts)
    for index in (indices.entropy, indices.simpson):
        assert np.isnan(index(counts)) if nobody else index(counts) == 0


def test_years_differ_in_the_groups_that_have_members():
    years = np.stack([random_city(9), random_city(9) * [1, 1, 1, 0], random_city(9) * [1, 0, 0, 0]])
    for index in SEGREGATION:
        both = index(years)
        assert both[0] == pytest.approx(index(years[0]))
        assert both[1] == pytest.approx(index(years[1][:, :3]))
        assert np.isnan(both[2])


def test_exposure_without_oneself():
    x, y = np.array([1.0, 2, 3, 0]), np.array([0.0, 2, 1, 5])
    t = x + y
    by_hand = sum(x[i] / 6 * y[i] / (t[i] - 1) for i in (1, 2))
    assert indices.exposure(x, y, t, excluding_self=True) == pytest.approx(by_hand)
    alone = x[0] / x.sum()
    own = indices.isolation(x, t, excluding_self=True)
    assert own + indices.exposure(x, y, t, excluding_self=True) == pytest.approx(1 - alone)
    for bad, message in (
        (([0.5, 2], [1, 1], [2, 3]), "whole"),
        (([1, 2], [1.5, 1], [3, 3]), "whole"),
        (([1, 2], [1, 2], [2, 3]), r"x \+ y exceeds t in 1 place, first at \(1,\): 4 of 3"),
    ):
        with pytest.raises(BadData, match=message):
            indices.exposure(*bad, excluding_self=True)
    with pytest.raises(ValueError, match="together"):
        indices.exposure(x, y, t, excluding_self=True, nearby=lambda one: one)
