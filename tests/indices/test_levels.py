"""Levels of areas: the parts add up, and every number again by plain loops or dense matrices."""

import numpy as np
import pytest
from scipy.optimize import minimize

from segindex.errors import BadData, BadSettings
from segindex.indices import (
    between_within,
    dissimilarity,
    district_impact,
    information_theory,
    multilevel_dissimilarity,
    nested_parts,
)

KINDS = ["mutual_information", "information_theory"]


def city(seed, n=60, n_groups=3):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(0.5, 20, (n, n_groups))).astype(float)
    counts[[3, 17]] = 0
    return counts, rng.integers(0, 7, n)


def mutual_information(counts):
    """M by a plain loop."""
    everyone, value = counts.sum(), 0.0
    for row in counts:
        for group, persons in enumerate(row):
            if persons:
                value += persons / everyone * np.log(persons * everyone / (row.sum() * counts[:, group].sum()))
    return value


def entropy(counts):
    share = counts.sum(axis=0) / counts.sum()
    return -sum(p * np.log(p) for p in share if p)


@pytest.mark.parametrize("index", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_parts_by_plain_loops(seed, index):
    counts, districts = city(seed)
    unit = 1 if index == "mutual_information" else entropy(counts)
    found = between_within(counts, districts, index=index)
    summed = np.array([counts[districts == one].sum(axis=0) for one in range(7)])
    inside = [
        counts[districts == one].sum() / counts.sum() * mutual_information(counts[districts == one]) for one in range(7)
    ]
    assert found.districts.tolist() == list(range(7))
    assert found.between == pytest.approx(mutual_information(summed) / unit, abs=1e-14)
    np.testing.assert_allclose(found.inside, np.array(inside) / unit, atol=1e-14)
    assert found.within == pytest.approx(sum(inside) / unit, abs=1e-14)
    assert found.between + found.within == found.total
    assert found.total == pytest.approx(mutual_information(counts) / unit, abs=1e-14)


def test_the_total_is_h():
    counts, districts = city(5)
    found = between_within(counts, districts, index="information_theory")
    assert found.total == pytest.approx(information_theory(counts), abs=1e-14)


def test_one_district_has_all_within_and_cells_of_their_own_all_between():
    counts, _ = city(2)
    one, each = between_within(counts, ["a"] * 60), between_within(counts, np.arange(60))
    assert one.between == pytest.approx(0, abs=1e-15)
    assert each.within == pytest.approx(0, abs=1e-15)
    assert one.within == pytest.approx(each.between)


def test_leading_axes_are_free_for_parts():
    counts = np.stack([city(seed)[0] for seed in range(4)]).reshape(2, 2, 60, 3)
    districts = city(0)[1]
    levels = np.column_stack([districts // 3, districts])
    found, nested = between_within(counts, districts), nested_parts(counts, levels)
    x, y = counts[..., 0], counts[..., 1]
    impact = district_impact(x, y, districts)
    for i, j in np.ndindex(2, 2):
        one = between_within(counts[i, j], districts)
        for name in ("total", "between", "within", "inside"):
            np.testing.assert_allclose(getattr(found, name)[i, j], getattr(one, name))
        np.testing.assert_allclose(nested[i, j], nested_parts(counts[i, j], levels))
        alone = district_impact(x[i, j], y[i, j], districts)
        for name in ("share", "cells", "impact"):
            np.testing.assert_allclose(getattr(impact, name)[i, j], getattr(alone, name))


@pytest.mark.parametrize("index", KINDS)
def test_nested_parts_are_the_steps_between_the_levels(index):
    counts, districts = city(4)
    levels = np.column_stack([districts // 4, districts // 2, districts])
    parts = nested_parts(counts, levels, index=index)
    steps = [between_within(counts, level, index=index).between for level in levels.T]
    whole = between_within(counts, districts, index=index).total
    np.testing.assert_allclose(parts, np.diff([0, *steps, whole]), atol=1e-14)
    np.testing.assert_allclose(nested_parts(counts, districts, index=index), [steps[-1], whole - steps[-1]], atol=1e-14)


def test_levels_that_cross_are_refused():
    with pytest.raises(BadData, match="1 districts lie in two wider ones, first b, by cell 2"):
        nested_parts(np.ones((4, 2)), [["1", "a"], ["1", "b"], ["2", "b"], ["2", "c"]])


@pytest.mark.parametrize(
    ("districts", "message"),
    [
        ([1, 2], r"districts has shape \(2,\) for 3 cells"),
        ([[1, 2, 3]], "allowed is a district a cell"),
        ([1.0, np.nan, np.nan], "districts is missing in 2 cells, first cell 1"),
        (["a", None, "b"], "districts is missing in 1 cells, first cell 1"),
    ],
)
def test_every_cell_has_a_district(districts, message):
    with pytest.raises(BadData, match=message):
        between_within(np.ones((3, 2)), districts)
    with pytest.raises(BadData, match=message):
        district_impact([1, 2, 3], [1, 1, 1], districts)


def test_other_indices_and_shapes_are_refused():
    with pytest.raises(BadSettings, match="index 'dissimilarity' has no exact parts"):
        between_within(np.ones((3, 2)), [1, 1, 2], index="dissimilarity")
    with pytest.raises(BadSettings, match="index 'M' has no exact parts"):
        nested_parts(np.ones((3, 2)), [1, 1, 2], index="M")
    with pytest.raises(BadData, match="levels has shape"):
        nested_parts(np.ones((3, 2)), np.ones((3, 1, 1)))
    with pytest.raises(BadData, match="one city at a time"):
        multilevel_dissimilarity(np.ones((2, 3)), np.ones((2, 3)), [1, 1, 2])


def test_parts_are_nan_where_nothing_can_be_said():
    nobody = between_within(np.zeros((3, 2)), [1, 1, 2])
    assert np.isnan([nobody.total, nobody.between, nobody.within]).all()
    alone = [[3, 0], [4, 0], [5, 0]]
    assert np.isnan(between_within(alone, [1, 1, 2], index="information_theory").between)
    assert between_within(alone, [1, 1, 2]).total == 0


def test_impact_by_hand():
    found = district_impact([10, 30, 30, 30, 0], [40, 20, 20, 20, 0], ["north", "south", "south", "south", "south"])
    assert found.districts.tolist() == ["north", "south"]
    np.testing.assert_allclose(found.share, [0.3 / 0.6, 0.3 / 0.6])
    np.testing.assert_allclose(found.cells, [1 / 4, 3 / 4])
    np.testing.assert_allclose(found.impact, [2, 2 / 3])
    assert np.isnan(district_impact([1, 1, 0], [1, 2, 0], ["a", "a", "b"]).impact[1])


def dense_fit(difference, indicators):
    """Variances and effects by the full covariance matrix of the cells and a search without derivatives."""
    n = len(difference)

    def covariance(variances):
        return np.eye(n) + sum(v * z @ z.T for v, z in zip(variances, indicators))

    def deviance(logs):
        _, determinant = np.linalg.slogdet(covariance(np.exp(logs)))
        return n * np.log(difference @ np.linalg.solve(covariance(np.exp(logs)), difference)) + determinant

    search = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}
    found = minimize(deviance, np.zeros(len(indicators)), method="Nelder-Mead", options=search)
    variances = np.exp(found.x)
    weighted = np.linalg.solve(covariance(variances), difference)
    effects = [v * z @ (z.T @ weighted) for v, z in zip(variances, indicators)]
    whole = np.append(1, variances)
    return whole / whole.sum(), [difference - sum(effects), *effects]


@pytest.mark.parametrize("seed", range(3))
def test_multilevel_dissimilarity_by_the_dense_covariance_of_the_cells(seed):
    rng = np.random.default_rng(seed)
    levels = np.column_stack([np.arange(60) // 12, rng.integers(0, 12, 60)])
    effect = rng.normal(0, 0.5, 5)[levels[:, 0]] + rng.normal(0, 0.4, 12)[levels[:, 1]]
    x, y = rng.poisson(50 * np.exp(effect + rng.normal(0, 0.3, 60))), rng.poisson(50, 60)
    found = multilevel_dissimilarity(x, y, levels)
    difference = x / x.sum() - y / y.sum()
    indicators = [(levels[:, [k]] == np.unique(levels[:, k])).astype(float) for k in (0, 1)]
    variance, effects = dense_fit(difference, indicators)
    assert found.value == pytest.approx(dissimilarity(x, y))
    np.testing.assert_allclose(found.variance, variance, atol=2e-5)
    np.testing.assert_allclose(found.effects, effects, atol=1e-6 * np.abs(difference).max() * 10)
    np.testing.assert_allclose(found.effects.sum(axis=0), difference, atol=1e-15)
    for place in range(3):
        left = found.effects.sum(axis=0) - found.effects[place]
        assert found.holdback[place] == pytest.approx(np.abs(left).sum() / np.abs(difference).sum() - 1)


def test_empty_cells_stay_out_of_the_model():
    x, y, level = [30, 30, 10, 10, 5, 15], [10, 10, 30, 30, 10, 10], list("aabbcc")
    plain = multilevel_dissimilarity(x, y, level)
    more = multilevel_dissimilarity([*x, 0, 0], [*y, 0, 0], [*level, "a", "d"])
    np.testing.assert_allclose(more.variance, plain.variance, atol=1e-9)
    np.testing.assert_allclose(more.holdback, plain.holdback, atol=1e-9)
    np.testing.assert_allclose(more.effects[:, :6], plain.effects, atol=1e-9)
    assert (more.effects[:, 6:] == 0).all()


def test_a_level_that_explains_everything_takes_all():
    found = multilevel_dissimilarity([20, 20, 5, 5, 10, 10], [5, 5, 20, 20, 10, 10], list("aabbcc"))
    np.testing.assert_allclose(found.variance, [0, 1], atol=1e-5)
    np.testing.assert_allclose(found.holdback, [0, -1], atol=1e-5)


def test_a_level_that_explains_nothing_takes_nothing():
    found = multilevel_dissimilarity([20, 5, 20, 5], [5, 20, 5, 20], list("aabb"))
    np.testing.assert_allclose(found.variance, [1, 0], atol=1e-9)
    np.testing.assert_allclose(found.holdback, [-1, 0], atol=1e-9)


def test_groups_spread_alike_have_no_scale():
    alike = multilevel_dissimilarity([1, 2, 3], [2, 4, 6], ["a", "a", "b"])
    assert alike.value == 0 and np.isnan(alike.variance).all() and np.isnan(alike.holdback).all()
    assert np.isnan(multilevel_dissimilarity([0, 0, 0], [2, 4, 6], ["a", "a", "b"]).value)
