"""Centralization: values by hand, pairs of persons counted one by one, ties in distance, and distances themselves."""

import numpy as np
import pytest

from segindex.errors import BadData
from segindex.indices import absolute_centralization, relative_centralization
from segindex.neighbourhood import distance_to

SQUARE = np.argwhere(np.ones((5, 6))) * 250.0 + [380125.0, 6670125.0]
MIDDLE = SQUARE.mean(axis=0)


def nearer_less_farther(x, y, distance):
    """Of all pairs of one and one, the share in which the first is nearer, less that in which it is farther."""
    pairs = sum(a * b * np.sign(e - d) for a, d in zip(x, distance) for b, e in zip(y, distance))
    return pairs / (sum(x) * sum(y))


def persons(seed):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 20, len(SQUARE)), rng.integers(0, 60, len(SQUARE)), rng.integers(1, 9, len(SQUARE)) * 7000.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(absolute_centralization([10, 20, 30], [1, 2, 3], [0, 1, 2]), 0, id="ACE one density"),
        pytest.param(absolute_centralization([10, 0, 0], [1, 1, 2], [0, 1, 2]), 3 / 4, id="ACE all at the centre"),
        pytest.param(absolute_centralization([0, 0, 10], [1, 1, 2], [0, 1, 2]), -1 / 2, id="ACE all farthest"),
        pytest.param(absolute_centralization([10, 0], [0, 1], [0, 1]), 1, id="ACE on no land at the centre"),
        pytest.param(absolute_centralization([30, 10, 0], [1, 1, 2], [0, 1, 2]), 5 / 8, id="ACE .75*.5 + 1 - .25 - .5"),
        pytest.param(
            absolute_centralization([30, 10, 0], [1, 1, 2], [0, 1, 1]), 1 / 2, id="ACE the last two tie: .75 - .25"
        ),
        pytest.param(relative_centralization([5, 0], [0, 9], [10, 20]), 1, id="RCE all nearer"),
        pytest.param(relative_centralization([5, 0], [0, 9], [20, 10]), -1, id="RCE all farther"),
        pytest.param(relative_centralization([5, 0], [0, 9], [20, 20]), 0, id="RCE all at one distance"),
        pytest.param(relative_centralization([5, 9, 1], [5, 9, 1], [2, 1, 3]), 0, id="RCE spread alike"),
        pytest.param(relative_centralization([30, 10, 0], [0, 10, 30], [0, 1, 2]), 15 / 16, id="RCE .75*.25 + 1 - .25"),
        pytest.param(relative_centralization([1, 0, 1], [0, 1, 0], [1, 2, 3]), 0, id="RCE on both sides"),
    ],
)
def test_by_hand(value, expected):
    assert value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_counting_pairs_gives_the_same(seed):
    x, y, area = persons(seed)
    distance = distance_to(SQUARE, MIDDLE)
    assert len(set(distance)) < len(SQUARE) / 3, "ties are everywhere"
    assert relative_centralization(x, y, distance) == pytest.approx(nearer_less_farther(x, y, distance), abs=1e-12)
    assert absolute_centralization(x, area, distance) == pytest.approx(
        nearer_less_farther(x, area, distance), abs=1e-12
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_cells_at_one_distance_does_not_matter(seed):
    x, y, area = persons(0)
    distance = distance_to(SQUARE, MIDDLE)
    order = np.random.default_rng(seed).permutation(len(SQUARE))
    for measure, given in ((relative_centralization, (x, y)), (absolute_centralization, (x, area))):
        moved = measure(*(values[order] for values in given), distance[order])
        assert moved == pytest.approx(measure(*given, distance), abs=1e-14)


def test_a_city_turned_and_shifted_keeps_its_ties():
    x, y, area = persons(1)
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    straight = distance_to(SQUARE, MIDDLE)
    turned = distance_to(SQUARE @ turn + [1234.5, -777.25], MIDDLE @ turn + [1234.5, -777.25])
    assert len(set(turned)) > len(set(straight)), "rounding parts what ties"
    for measure, other in ((relative_centralization, y), (absolute_centralization, area)):
        assert measure(x, other, turned) == pytest.approx(measure(x, other, straight), abs=1e-12)


def test_distances_that_differ_by_a_centimetre_are_two():
    assert relative_centralization([5, 0], [0, 9], [20_000.0, 20_000.01]) == 1


def test_the_unit_of_distance_does_not_matter():
    x, y, area = persons(2)
    distance = distance_to(SQUARE, MIDDLE)
    assert relative_centralization(x, y, distance / 1000) == pytest.approx(relative_centralization(x, y, distance))
    assert absolute_centralization(x, area / 1e6, distance) == pytest.approx(absolute_centralization(x, area, distance))


def test_a_group_without_members_is_undefined_also_at_one_distance():
    for distance in ([1, 2], [3, 3]):
        assert np.isnan(relative_centralization([0, 0], [1, 2], distance))
        assert np.isnan(relative_centralization([1, 2], [0, 0], distance))
        assert np.isnan(absolute_centralization([0, 0], [1, 2], distance))


@pytest.mark.parametrize(
    ("distance", "message"),
    [
        pytest.param(
            [0, -1, 2], r"distance holds -1 or the like in 1 place, first at \(1,\); allowed are finite", id="-1"
        ),
        pytest.param([0, np.nan, np.inf], "distance holds nan or the like in 2 places", id="missing"),
        pytest.param([[0, 1, 2]], r"distance has shape \(1, 3\) for 3 cells; allowed is one number a cell", id="axes"),
    ],
)
def test_distances_that_are_none_are_refused(distance, message):
    for measure, other in ((relative_centralization, [1, 1, 1]), (absolute_centralization, [1, 1, 1])):
        with pytest.raises(BadData, match=message):
            measure([1, 2, 3], other, distance)


def test_a_centre_at_the_middle_of_the_grid_is_metres_away():
    np.testing.assert_array_equal(distance_to([[0, 0], [3, 4], [-6, 8]], (0, 0)), [0, 5, 10])


def test_the_nearest_of_several_centres_counts():
    places = SQUARE[[0, 8, 29]] + [37.5, -11.25]
    by_place = [[np.hypot(x - a, y - b) for x, y in SQUARE] for a, b in places]
    np.testing.assert_allclose(distance_to(SQUARE, places), np.min(by_place, axis=0), rtol=1e-12)


@pytest.mark.parametrize(
    ("xy", "centres", "message"),
    [
        pytest.param([[0, 0]], [], r"centres has shape \(0,\); allowed is \(2,\) or \(n_centres, 2\)", id="no place"),
        pytest.param([[0, 0]], np.zeros((0, 2)), r"centres has shape \(0, 2\)", id="none of two"),
        pytest.param([[0, 0]], [1, 2, 3], r"centres has shape \(3,\)", id="three numbers"),
        pytest.param([[0, 0]], 7, r"centres has shape \(\)", id="a number"),
        pytest.param(
            [[0, 0]], [[1, 2], [np.nan, 2]], "centres is missing or infinite for 1 places, first place 1", id="NaN"
        ),
        pytest.param([[0, np.inf]], [1, 2], "xy is missing or infinite for 1 cells", id="xy infinite"),
        pytest.param([0, 1], [1, 2], r"xy has shape \(2,\)", id="xy of one axis"),
    ],
)
def test_places_that_are_none_are_refused(xy, centres, message):
    with pytest.raises(BadData, match=message):
        distance_to(xy, centres)
