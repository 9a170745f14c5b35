"""Differences of cities by structure and composition, and of districts, by hand and by law."""

import numpy as np
import pytest

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import change_between_within, spatial_or_composition

EVEN = ([1, 2, 3, 4], [10, 10, 10, 10])
UNEVEN = ([1, 2, 6, 8], [10, 10, 20, 20])


def city(seed, n_cells=40):
    rng = np.random.default_rng(seed)
    t = rng.poisson(20, n_cells)
    return rng.binomial(t, rng.beta(2, 5 + seed, n_cells)), t


@pytest.mark.parametrize("index", ["dissimilarity", "gini", "isolation", "information_theory", "atkinson"])
def test_parts_sum_to_the_difference(index):
    parts = spatial_or_composition(city(1), city(2, 55), index)
    assert parts.spatial + parts.composition == pytest.approx(parts.second - parts.first, abs=1e-14)
    back = spatial_or_composition(city(2, 55), city(1), index)
    assert (back.spatial, back.composition) == pytest.approx((-parts.spatial, -parts.composition))
    assert (back.first_with_second, back.second_with_first) == (parts.second_with_first, parts.first_with_second)


def test_a_city_and_itself_do_not_differ():
    parts = spatial_or_composition(city(1), city(1), "gini")
    assert parts.first == pytest.approx(parts.first_with_second, abs=1e-15)
    assert (parts.spatial, parts.composition) == pytest.approx((0, 0), abs=1e-15)


def test_the_same_shares_in_other_cells_are_structure():
    parts = spatial_or_composition(EVEN, UNEVEN, indices.dissimilarity)
    assert parts.composition == pytest.approx(0, abs=1e-15)
    assert parts.spatial == pytest.approx(parts.second - parts.first)


def test_other_shares_in_the_same_cells_are_composition():
    x, t = city(3)
    parts = spatial_or_composition((x, t), (x / 2, t), "isolation")
    assert parts.spatial == pytest.approx(0, abs=1e-15)
    assert parts.composition < -0.1


def test_shares_by_hand():
    """Ranks 1/4 and 3/4 of two shares lie at the first and the second of four, and half way to the next."""
    parts = spatial_or_composition(([2, 8], [10, 10]), ([0, 4, 6, 10], [10, 10, 10, 10]), "dissimilarity")
    assert parts.first_with_second == pytest.approx(float(indices.dissimilarity([2, 8], [8, 2])))
    assert parts.second_with_first == pytest.approx(float(indices.dissimilarity([2, 3.5, 6.5, 8], [8, 6.5, 3.5, 2])))


def test_empty_cells_take_no_part():
    x, t = city(4)
    padded = np.append(x, [0, 0]), np.append(t, [0, 0])
    assert spatial_or_composition(padded, EVEN, "dissimilarity") == pytest.approx(
        spatial_or_composition((x, t), EVEN, "dissimilarity")
    )


def test_inputs_of_one_city_and_of_both():
    near = np.array([0.0, 100, 200, 300]), np.array([300.0, 200, 100, 0])
    parts = spatial_or_composition(
        EVEN, EVEN, "relative_centralization", first_inputs={"distance": near[0]}, second_inputs={"distance": near[1]}
    )
    assert parts.composition == pytest.approx(0)
    assert parts.spatial == pytest.approx(parts.second - parts.first)
    assert parts.spatial != 0
    strong = spatial_or_composition(EVEN, UNEVEN, "atkinson", b=0.9)
    assert strong.first == pytest.approx(float(indices.atkinson(EVEN[0], np.subtract(EVEN[1], EVEN[0]), b=0.9)))


@pytest.mark.parametrize(
    ("index", "options", "message"),
    [
        pytest.param("disimilarity", {}, "unknown", id="misspelt"),
        pytest.param("dissimilarity", {"b": 0.5}, "given b that it does not take", id="unknown keyword"),
        pytest.param("atkinson", {"x": [1]}, "given x", id="data twice"),
        pytest.param("delta", {}, "lacks area", id="lacking"),
        pytest.param("location_quotient", {}, "one value a city", id="a value a cell"),
    ],
)
def test_settings_that_are_refused(index, options, message):
    with pytest.raises(BadSettings, match=message):
        spatial_or_composition(EVEN, UNEVEN, index, **options)


@pytest.mark.parametrize("bad", [([11, 2], [10, 10]), ([0, 0], [0, 0]), ([[1, 2]], [[10, 10]])])
def test_data_that_are_refused(bad):
    with pytest.raises(BadData):
        spatial_or_composition(EVEN, bad, "dissimilarity")


@pytest.mark.parametrize("index", ["mutual_information", "information_theory"])
def test_districts_differences_sum_to_the_change(index):
    rng = np.random.default_rng(1)
    first, second = rng.poisson(9, (2, 30, 3))
    districts = rng.integers(0, 4, 30)
    hidden = np.arange(30) == 5
    found = change_between_within(first, second, districts, index=index, hidden=hidden)
    value = getattr(indices, index)
    assert found.difference.total == pytest.approx(value(second[~hidden]) - value(first[~hidden]), abs=1e-14)
    assert found.difference.between + found.difference.within == pytest.approx(found.difference.total, abs=1e-14)
    np.testing.assert_allclose(found.difference.inside, found.second.inside - found.first.inside)
    assert found.difference.inside.sum() == pytest.approx(found.difference.within, abs=1e-14)
    assert found.first.between == pytest.approx(
        indices.between_within(first[~hidden], districts[~hidden], index=index).between
    )
