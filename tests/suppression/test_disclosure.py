"""What published sums tell, by hand and against every filling that fits them."""

from itertools import product

import numpy as np
import pytest

from segindex.errors import BadData
from segindex.suppression import disclosed, disclosed_by_coarser, disclosed_by_total, disclosed_by_years


def short(found):
    return [(one.kind, one.by, one.year, one.cells, one.value) for one in found]


@pytest.mark.parametrize("seed", range(40))
def test_just_the_counts_with_one_filling_are_told(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    t = rng.integers(1, 5, (1, n))
    limit, lower = int(rng.integers(2, 6)), int(rng.integers(0, 2))
    high = np.minimum(t, limit - 1)
    x = rng.integers(lower, high + 1)
    hidden = rng.random((1, n)) < 0.8
    ranges = [range(lower, high[0, i] + 1) if hidden[0, i] else [x[0, i]] for i in range(n)]
    ways = np.array([way for way in product(*ranges) if sum(way) == x.sum()])
    a_priori = hidden[0] & (high[0] > lower)
    told = a_priori & (ways.min(axis=0) == ways.max(axis=0))
    masked = np.where(hidden, -1, x)
    found = disclosed(masked, hidden, group_size=[x.sum()], t=t, limit=limit, lower=lower)
    assert short(found) == [("cell", "total", 0, (i,), x[0, i]) for i in np.flatnonzero(told)]


def test_a_total_tells_lone_cells_and_small_sums():
    x = np.array([[10, 7, -1], [10, -1, -1], [10, -1, -1], [10, 7, 3]])
    hidden = x < 0
    found = disclosed_by_total(x, hidden, [21, 14, 18, 20], threshold=5)
    assert short(found) == [("cell", "total", 0, (2,), 4), ("sum", "total", 1, (1, 2), 4)]
    assert len(disclosed_by_total(x, hidden, [21, 14, 18, 20], threshold=4)) == 1
    assert short(disclosed_by_total(x, hidden, [21, 14, 18, 20])) == [("cell", "total", 0, (2,), 4)]


def test_everybody_and_nobody_are_told():
    x, hidden, t = np.array([[10, 0, 0]]), np.array([[False, True, True]]), [[20, 4, 6]]
    everybody = disclosed_by_total(x, hidden, [20], t=t)
    assert short(everybody) == [("cell", "total", 0, (1,), 4), ("cell", "total", 0, (2,), 6)]
    assert [one.value for one in disclosed_by_total(x, hidden, [10])] == [0, 0]
    assert disclosed_by_total(x, hidden, [19], t=t) == []


def test_a_coarser_grid_tells_what_is_hidden_in_the_finer():
    parent = [0, 0, 1, 1, 2, 2]
    x = np.array([[5, -1, -1, -1, -1, 4], [5, 3, -1, -1, 6, 4]])
    coarse = np.array([[8, 9, -1], [8, 0, -1]])
    found = disclosed_by_coarser(x, x < 0, coarse, coarse < 0, parent)
    assert short(found) == [
        ("cell", "coarser", 0, (1,), 3),
        ("cell", "coarser", 1, (2,), 0),
        ("cell", "coarser", 1, (3,), 0),
        ("coarser", "finer", 1, (2,), 10),
    ]
    found = disclosed_by_coarser(x, x < 0, coarse, coarse < 0, parent, threshold=10)
    assert ("sum", "coarser", 0, (2, 3), 9) in short(found)


def test_cells_need_not_be_ordered_by_their_coarse_cell():
    x, parent = np.array([[-1, 5, 2]]), [1, 0, 1]
    found = disclosed_by_coarser(x, x < 0, [[5, 6, 0]], [[False, False, True]], parent)
    assert short(found) == [("cell", "coarser", 0, (0,), 4)]


def test_two_years_tell_the_one_cell_more():
    x = np.array([[20, 7, -1, -1], [20, -1, -1, -1], [20, 8, -1, -1]])
    hidden = x < 0
    found = disclosed_by_years(x, hidden, [30, 28, 32])
    assert short(found) == [("years", "years", 1, (1,), 28 - 20 - 3), ("years", "years", 1, (1,), 28 - 20 - 4)]
    t = np.array([[50, 10, 5, 6], [50, 10, 5, 6], [50, 10, 5, 7]])
    assert [one.value for one in disclosed_by_years(x, hidden, [30, 28, 32], t=t)] == [5]
    two_more = np.array([[20, 7, 8, -1], [20, -1, -1, -1]])
    assert disclosed_by_years(two_more, two_more < 0, [38, 28]) == []
    swapped = hidden.copy()
    swapped[1, 3] = False
    assert disclosed_by_years(np.where(swapped, -1, 3), swapped, [30, 28, 32]) == []


def test_a_lone_cell_is_told_by_the_total_and_not_by_the_years():
    x = np.array([[20, 7], [20, -1]])
    assert short(disclosed(x, x < 0, group_size=[27, 24])) == [("cell", "total", 1, (1,), 4)]


def test_all_at_once():
    x = np.array([[20, 7, -1, -1], [20, -1, -1, -1]])
    coarse = (np.array([[27, 5], [-1, 4]]), np.array([[False, False], [True, False]]), [0, 0, 1, 1])
    found = disclosed(x, x < 0, group_size=[32, 30], threshold=6, coarser=coarse)
    assert short(found) == [
        ("sum", "total", 0, (2, 3), 5),
        ("years", "years", 1, (1,), 5),
        ("sum", "coarser", 0, (2, 3), 5),
        ("sum", "coarser", 1, (2, 3), 4),
    ]
    assert disclosed(x, x < 0) == []


X = np.array([[5, -1, 3]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": [5, -1, 3]}, r"x has shape \(3,\)"),
        ({"hidden": [[0, 1, 0]]}, "mask .* of int64; allowed"),
        ({"hidden": [[False] * 3]}, r"x holds -1 or the like in 1 place, first at \(0, 1\)"),
        ({"group_size": [7]}, "the total leaves -1 for 1 hidden cells in year 0"),
        ({"group_size": [8], "t": [[9, 9]]}, "the shapes of x, t, limit and lower do not fit"),
        ({"group_size": [8, 9]}, r"group_size has shape \(2,\)"),
        ({"group_size": [20], "limit": 5}, "the total leaves 12 .* allowed are 0 to 4"),
        ({"limit": 1, "lower": 1}, r"lower is above what limit and t allow, first at \(0, 1\)"),
        ({"coarser": ([[9, 9]], [[False, False]], [0, 0, 2])}, "parent does not name one of 2 coarse cells"),
        ({"coarser": ([[9, 9]], [[False, False]], [0.0, 0, 1])}, "parent does not name"),
        ({"coarser": ([[9]] * 2, [[False]] * 2, [0, 0, 0])}, "coarse_x has 2 years, x has 1"),
        ({"coarser": ([[-1]], [[False]], [0, 0, 0])}, "coarse_x holds -1"),
        ({"coarser": ([[7]], [[False]], [0, 0, 0])}, "the coarser leaves -1 for 1 hidden cells"),
    ],
)
def test_bad_input(change, message):
    given = {"x": X, "hidden": X < 0, "group_size": [10]} | change
    with pytest.raises(BadData, match=message):
        disclosed(**given)
