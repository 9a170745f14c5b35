"""Bounds against every way of filling the hidden cells, and against random ones."""

import sys
from itertools import product

import numpy as np
import pytest

from segindex import indices, suppression
from segindex.errors import BadData, BadSettings
from segindex.suppression import bounds
from segindex.suppression.bounds import Hidden, _fewest, lowest


def of_two(function):
    return lambda x, t, **options: function(x, t - x, **options)


def of_all(function):
    return lambda x, t: function(np.stack([x, t - x], axis=-1))


CALLS = {
    "dissimilarity": of_two(indices.dissimilarity),
    "gini": of_two(indices.gini),
    "information_theory": of_all(indices.information_theory),
    "mutual_information": of_all(indices.mutual_information),
    "atkinson": of_two(indices.atkinson),
    "hutchens": of_two(indices.hutchens),
    "gorard": indices.gorard,
    "correlation_ratio": indices.correlation_ratio,
    "isolation": indices.isolation,
    "exposure": lambda x, t: indices.exposure(x, t - x, t),
}
KEYS = pytest.mark.parametrize("key", list(CALLS))
X = np.array([9.0, 1.0, 4.0, 0.0, 0.0, 0.0])
T = np.array([12.0, 10.0, 5.0, 4.0, 3.0, 2.0])
HIDDEN = np.array([False, False, False, True, True, True])


def fillings(x, hidden, low, high):
    """Every way of filling the hidden cells with whole persons, one a row."""
    cells = np.flatnonzero(hidden)
    ways = np.array(list(product(*(range(int(low[i]), int(high[i]) + 1) for i in cells))), dtype=float)
    filled = np.repeat(x[np.newaxis], len(ways), axis=0)
    filled[:, cells] = ways
    return filled


def holds(found, values):
    values = values[~np.isnan(values)]
    assert found.lower <= values.min() + 1e-12
    assert found.upper >= values.max() - 1e-12


@KEYS
@pytest.mark.parametrize(
    ("limit", "lower"),
    [
        pytest.param(None, 0, id="free"),
        pytest.param(3, 0, id="limit"),
        pytest.param(4, 1, id="limit and least"),
        pytest.param([9, 9, 9, 4, 3, 2], 0, id="limit a cell"),
        pytest.param([9, 9, 9, 4, 3, 3], [0, 0, 0, 0, 1, 1], id="least a cell, not in the order of the limit"),
        pytest.param([9, 9, 9, 4, 3, 3], [0, 0, 0, 0, 0, 2], id="a cell of one possible count"),
    ],
)
def test_no_filling_lies_outside(key, limit, lower):
    low = np.broadcast_to(lower, T.shape)
    high = T if limit is None else np.minimum(T, np.broadcast_to(limit, T.shape) - 1)
    filled = fillings(X, HIDDEN, low, high)
    values = CALLS[key](filled, T)
    holds(bounds(key, X, T, HIDDEN, limit=limit, lower=lower), values)
    for size in np.unique(filled.sum(axis=1)):
        known = bounds(key, X, T, HIDDEN, limit=limit, lower=lower, group_size=size)
        holds(known, values[filled.sum(axis=1) == size])


@pytest.mark.parametrize("b", [0.1, 0.5, 0.8])
def test_atkinson_at_any_weight(b):
    filled = fillings(X, HIDDEN, np.zeros(6), T)
    holds(bounds("atkinson", X, T, HIDDEN, b=b), indices.atkinson(filled, T - filled, b=b))


@KEYS
@pytest.mark.parametrize(
    "limit",
    [None, 3, [9, 9, 9, 4, 2, 3], [9, 9, 9, 4, 1, 3]],
    ids=["free", "limit", "limit a cell", "nobody in a cell of unknown base"],
)
def test_no_filling_lies_outside_where_the_base_is_hidden_too(key, limit):
    least, most = T.copy(), T.copy()
    least[3:], most[3:] = [1, 0, 3], [3, 2, 4]
    sizes, values = [], []
    for t in fillings(least, HIDDEN, least, most):
        high = t if limit is None else np.minimum(t, np.broadcast_to(limit, T.shape) - 1)
        filled = fillings(X, HIDDEN, np.zeros(6), high)
        sizes.extend(filled.sum(axis=1))
        values.extend(CALLS[key](filled, t))
    sizes, values = np.array(sizes), np.array(values)
    holds(bounds(key, X, (least, most), HIDDEN, limit=limit), values)
    for size in np.unique(sizes):
        holds(bounds(key, X, (least, most), HIDDEN, limit=limit, group_size=size), values[sizes == size])


@KEYS
def test_both_ends_are_reached_where_cells_can_be_filled_so(key):
    """Hidden cells of 4 and 4 with 4 members: alike they are one cell of 4 in 8, and apart they are pure."""
    x, t, hidden = np.array([9.0, 1, 0, 0]), np.array([12.0, 10, 4, 4]), np.array([False, False, True, True])
    found = bounds(key, x, t, hidden, group_size=14)
    alike, apart = (float(CALLS[key](np.array([9.0, 1, *one]), t)) for one in ([2, 2], [4, 0]))
    assert found == pytest.approx(sorted([alike, apart]), abs=1e-12)


@KEYS
def test_both_ends_are_reached_within_limits(key):
    """At most 3 of 4, 8 and 20: alike is 2, 3, 3 (the larger two kept from 4 and 10), apart 3, 3, 2 but for the split.

    With 9 members there is one filling; with 6 the cells of 4 and 8 are full first.
    """
    x, t = np.array([9.0, 1, 0, 0, 0]), np.array([12.0, 10, 4, 8, 20])
    hidden = np.array([False, False, True, True, True])
    only = float(CALLS[key](np.array([9.0, 1, 3, 3, 3]), t))
    assert bounds(key, x, t, hidden, limit=4, group_size=19) == pytest.approx((only, only), abs=1e-12)
    alike, apart = (float(CALLS[key](np.array([9.0, 1, *one]), t)) for one in ([1, 2, 3], [3, 3, 0]))
    assert bounds(key, x, t, hidden, limit=4, group_size=16) == pytest.approx(sorted([alike, apart]), abs=1e-12)


@KEYS
@pytest.mark.parametrize("seed", range(5))
def test_random_fillings_lie_within(key, seed):
    rng = np.random.default_rng(seed)
    t = rng.integers(1, 60, 80).astype(float)
    hidden = rng.random(80) < 0.4
    limit = int(rng.integers(3, 15))
    high = np.where(hidden, np.minimum(t, limit - 1), t)
    p = rng.beta(0.4, 0.8, (400, 80))
    filled = rng.binomial(high.astype(int), p)
    filled[:, ~hidden] = filled[0, ~hidden]
    filled = filled.astype(float)
    values = CALLS[key](filled, t)
    holds(bounds(key, filled[0], t, hidden), values)
    holds(bounds(key, filled[0], t, hidden, limit=limit), values)
    known = bounds(key, filled[0], t, hidden, limit=limit, group_size=filled.sum(axis=1))
    loose = bounds(key, filled[0], t, hidden, group_size=filled.sum(axis=1))
    assert (known.lower <= values + 1e-12).all() and (values <= known.upper + 1e-12).all()
    assert (loose.lower <= known.lower + 1e-12).all() and (known.upper <= loose.upper + 1e-12).all()


@KEYS
def test_what_is_hidden_widens_them(key):
    rng = np.random.default_rng(2)
    t = rng.integers(0, 40, 60).astype(float)
    x = rng.binomial(t.astype(int), rng.beta(1, 3, 60)).astype(float)
    masks = np.arange(60) < np.array([0, 5, 10, 30, 60])[:, np.newaxis]
    for known in ({}, {"group_size": x.sum()}):
        low, high = bounds(key, x, t, masks, **known)
        assert (np.diff(low) <= 1e-12).all() and (np.diff(high) >= -1e-12).all()
        value = float(CALLS[key](x, t))
        assert (low[0], high[0]) == pytest.approx((value, value), rel=1e-12)
        assert low[3] < value - 0.01 and value + 0.01 < high[3]


def test_nothing_visible():
    """Only the group's size is known: from spread alike to cells of one group each."""
    low, high = bounds("dissimilarity", [-1, -1, -1], [10, 20, 30], [True] * 3, group_size=15)
    assert (low, high) == pytest.approx((0, 1))
    low, high = bounds("isolation", [-1, -1, -1], [10, 20, 30], [True] * 3, group_size=15)
    assert (low, high) == pytest.approx((0.25, 1))


def test_what_stands_in_hidden_cells_does_not_matter():
    want = bounds("gini", X, T, HIDDEN)
    for mark in (-1, np.nan, 1e9, None):
        assert bounds("gini", [9, 1, 4, mark, mark, mark], T, HIDDEN) == want
    masked = np.ma.masked_array([9, 1, 4, 7, 7, 7], HIDDEN)
    assert bounds("gini", masked, T, HIDDEN) == want
    with pytest.raises(BadData, match="x holds nan"):
        bounds("gini", np.ma.masked_array([9, 1, 4, 7, 7, 7], ~HIDDEN), T, HIDDEN)


def test_leading_axes_are_free():
    rng = np.random.default_rng(0)
    t = rng.integers(1, 30, (2, 3, 40)).astype(float)
    x = rng.binomial(t.astype(int), 0.2).astype(float)
    hidden = rng.random((3, 40)) < 0.3
    for known in ({}, {"group_size": x.sum(axis=-1)}, {"limit": [[9], [8], [7]]}, {"lower": hidden[0] * 1}):
        low, high = bounds("information_theory", x, t, hidden, **known)
        assert low.shape == high.shape == (2, 3)
        for at in np.ndindex(2, 3):
            own = {"group_size": x[at].sum()} if "group_size" in known else dict(known)
            own |= {"limit": known["limit"][at[1]][0]} if "limit" in known else {}
            assert (low[at], high[at]) == bounds("information_theory", x[at], t[at], hidden[at[1]], **own)


def test_sums_in_blocks(monkeypatch):
    whole = bounds("dissimilarity", X, T, HIDDEN)
    pair = bounds("dissimilarity", X, (T - HIDDEN, T), HIDDEN)
    monkeypatch.setattr(sys.modules["segindex.suppression.bounds"], "SUMS_AT_ONCE", 2)
    assert bounds("dissimilarity", X, T, HIDDEN) == whole
    assert bounds("dissimilarity", X, (T - HIDDEN, T), HIDDEN) == pair


@KEYS
def test_the_order_of_cells_does_not_matter(key):
    """Of cells that can be full the one with the highest least share is to be filled first, wherever it stands."""
    t = np.array([20.0, 10, 2, 4, 3, 9])
    order = np.array([4, 3, 2, 5, 1, 0])
    x, hidden = np.array([4.0, 5, 0, 0, 0, 0]), np.arange(6) > 1
    for size in range(13, 23):
        want = bounds(key, x, t, hidden, limit=5, lower=1, group_size=size)
        assert bounds(key, x[order], t[order], hidden[order], limit=5, lower=1, group_size=size) == pytest.approx(
            want, abs=1e-12
        )


def test_limits_tell_of_the_base():
    """Two members at least are two persons at least: cells of 0 to 4 and of 4 have 6 at least, of whom no 4 are all."""
    hidden = np.arange(4) > 1
    base, known = (([9, 9, least, 4], [9, 9, 4, 4]) for least in (0, 2))
    found, want = (bounds("dissimilarity", [8, 8, 0, 0], t, hidden, lower=2, group_size=20) for t in (base, known))
    assert found == want


def test_members_need_room():
    """Cells of 1 to 10 and of 10: among 11 persons there is room for 6, of which the second cell's limit leaves 5."""
    cells = Hidden(np.zeros(2), np.array([10.0, 5]), np.array([1.0, 10]), np.array([10.0, 10]))
    assert _fewest(cells, np.array([0, 6, 7, 15])).tolist() == [11, 11, 12, 20]


def every_pair_of_sums(key, x, t, high, least, most, groups=None):
    """The least and the greatest value over all sums of members and of persons: one cell, and pure cells first."""
    order = np.argsort(-high / np.maximum(high, least), kind="stable")
    high, persons = high[order], np.maximum(high, least)[order]
    before = np.cumsum(high) - high
    found = []
    for group in range(int(high.sum()) + 1) if groups is None else groups:
        full = np.clip((group - before) / high, 0, 1)
        for everyone in range(int(least.sum()), int(most.sum()) + 1):
            more = np.minimum(high, most[order]) - np.minimum(high, least[order])
            if group > np.minimum(high, least[order]).sum() + min(everyone - least.sum(), more.sum()):
                continue
            found.append(CALLS[key](np.append(x, group), np.append(t, everyone)))
            members, of_persons = full * high, np.maximum(full * persons, full * high)
            rest = max(everyone - of_persons.sum(), 0)
            found.append(CALLS[key](np.concatenate([x, members, [0]]), np.concatenate([t, of_persons, [rest]])))
    return np.nanmin(found), np.nanmax(found)


@KEYS
@pytest.mark.parametrize("seed", range(12))
def test_all_pairs_of_sums_need_not_be_tried(key, seed):
    """Of any city: few or many visible, nobody or everybody of the group, cells full or nearly empty of it."""
    rng = np.random.default_rng(seed)
    t = rng.integers(1, 60, 5).astype(float)
    x = rng.binomial(t.astype(int), [rng.beta(0.5, 0.5), 0, 1][0 if seed < 6 else seed % 3]).astype(float)
    least = rng.integers(0, 6, 3).astype(float)
    most = least + rng.integers(1, 30, 3)
    high = np.minimum(most, rng.integers(1, 16, 3)).astype(float)
    hidden = np.arange(8) > 4
    pair = np.concatenate([t, least]), np.concatenate([t, most])
    limit = np.concatenate([t + 1, high + 1])
    found = bounds(key, np.concatenate([x, [0, 0, 0]]), pair, hidden, limit=limit)
    assert found == pytest.approx(np.clip(every_pair_of_sums(key, x, t, high, least, most), 0, 1), abs=1e-12)


@pytest.mark.parametrize(
    ("x", "t", "least", "most", "high", "group"),
    [
        pytest.param([7, 5, 4], [7, 7, 4], [0, 2], [179, 88], [6, 31], 1, id="lowest at the end"),
        pytest.param([7, 5, 4], [7, 7, 4], [0, 2], [179, 88], [6, 31], 10, id="lowest at the end, more members"),
        pytest.param([1, 14], [31, 45], [5, 3], [115, 21], [2, 21], 3, id="lowest in the hollow"),
        pytest.param([35, 0, 2], [50, 7, 10], [2, 3], [34, 20], [28, 20], 10, id="lowest in the hollow of three cells"),
    ],
)
def test_mutual_information_may_turn_twice(x, t, least, most, high, group):
    """As others are added to the pooled cell, it falls, rises, and may fall below where it had been."""
    x, t, least, most, high = (np.array(one, dtype=float) for one in (x, t, least, most, high))
    pair = np.concatenate([t, least]), np.concatenate([t, most])
    limit = np.concatenate([t + 1, high + 1])
    known = {"limit": limit, "group_size": x.sum() + group}
    found = bounds("mutual_information", np.append(x, [0, 0]), pair, np.arange(len(t) + 2) >= len(t), **known)
    want = every_pair_of_sums("mutual_information", x, t, high, least, most, [group])
    assert found == pytest.approx(want, abs=1e-12)


def test_the_least_of_a_curve_that_turns():
    """Falls to 3, rises to 7, falls to 9: the end is lower than the first hollow; without the turn it may be missed."""
    curve = np.array([np.nan, 4, 2, 1, 2, 5, 8, 9, 4, 0.5])
    of = [lambda n: curve[n.astype(int)]]
    first, last = np.array([0.0]), np.array([9.0])
    assert lowest(*of, first, last, np.array([7.4])) == 0.5
    assert lowest(*of, first, np.array([8.0]), np.array([7.4])) == 1
    assert lowest(*of, first, np.array([0.0])) == np.inf


def test_a_pair_that_is_equal_is_a_known_base():
    assert bounds("gini", X, (T, T), HIDDEN, limit=3) == bounds("gini", X, T, HIDDEN, limit=3)


@KEYS
def test_one_hidden_cell_of_a_known_group_is_not_told(key):
    hidden = np.arange(6) == 4
    assert np.isnan(bounds(key, X, T, hidden, group_size=16)).all()
    assert np.isfinite(bounds(key, X, T, hidden)).all()
    nobody = T * (np.arange(6) != 5)
    assert np.isnan(bounds(key, X, nobody, hidden | (nobody == 0), group_size=16)).all()


@pytest.mark.parametrize(("key", "everybody"), [("dissimilarity", np.nan), ("isolation", 1), ("exposure", 0)])
def test_where_the_index_is_undefined(key, everybody):
    t, hidden = np.array([5.0, 4.0, 3.0]), np.array([False, True, True])
    assert np.isnan(bounds(key, [0, 0, 0], t, hidden, group_size=0)).all()
    assert bounds(key, [5, 0, 0], t, hidden, group_size=12) == pytest.approx((everybody, everybody), nan_ok=True)
    assert np.isfinite(bounds(key, [0, 0, 0], t, hidden)).all()
    assert np.isnan(bounds(key, [0, 0, 0], [0, 0, 0], hidden)).all()


def test_the_function_or_its_name():
    assert bounds(indices.gorard, X, T, HIDDEN) == suppression.bounds("gorard", X, T, HIDDEN)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"index": "entropy_of_all"}, BadSettings, "no bounds for 'entropy_of_all'; there are some for dissimilarity"),
        ({"index": indices.minimum_maximum}, BadSettings, "no bounds for 'minimum_maximum'"),
        ({"index": "isolation", "excluding_self": True}, BadSettings, "excluding_self is not allowed here: without"),
        ({"nearby": np.cumsum}, BadSettings, "nearby is not allowed here: the surroundings"),
        ({"index": "exposure", "y": [1]}, BadSettings, "y is not allowed here: the reference group is all others"),
        ({"b": 0.5}, BadSettings, "b is not allowed here: dissimilarity takes no option"),
        ({"index": "atkinson", "b": 1}, BadSettings, "b is 1; allowed is a number above 0 and below 1"),
        ({"index": "atkinson", "c": 1}, BadSettings, "c is not allowed here: atkinson takes b"),
        ({"x": [9, -1, 4, 0, 0, 0]}, BadData, r"x holds -1 or the like in 1 place, first at \(1,\)"),
        ({"x": [9, 11, 4, 0, 0, 0]}, BadData, "x exceeds t in 1 place"),
        ({"t": [12, 10, 5, np.nan, 3, 2]}, BadData, "t holds nan"),
        ({"t": ([12, 10, 5, 4, 3, 2], [12, 11, 5, 4, 3, 2])}, BadData, r"t is no pair .* 1 cells, first at \(1,\)"),
        ({"t": ([12, 10, 5, 4, 3, 2], [12, 10, 5, 4, 2, 2])}, BadData, r"t is no pair .* 1 cells, first at \(4,\)"),
        ({"hidden": [0, 0, 0, 1, 1, 1]}, BadData, "hidden holds int64; allowed are True and False"),
        ({"hidden": [True] * 5}, BadData, "the shapes of x, t, hidden, limit and lower do not fit"),
        ({"lower": 3}, BadData, r"lower is above what limit and t allow in 1 cells, first at \(5,\)"),
        ({"limit": 0}, BadData, "lower is above what limit and t allow in 3 cells"),
        ({"limit": np.nan}, BadData, "limit holds nan"),
        ({"group_size": 13}, BadData, "group_size leaves -1 members for the hidden cells; allowed are 0 to 9"),
        ({"group_size": 24}, BadData, "group_size leaves 10 members for the hidden cells; allowed are 0 to 9"),
        ({"group_size": [20, 24]}, BadData, r"group_size leaves 10 members for the hidden cells at \(1,\)"),
        ({"group_size": np.nan}, BadData, "group_size holds nan"),
        ({"hidden": [False] * 4 + [True] * 2, "lower": 0.2, "limit": 1.3}, BadData, "no whole number lies within"),
    ],
)
def test_bad_input(change, error, message):
    given = {"index": "dissimilarity", "x": X, "t": T, "hidden": HIDDEN} | change
    with pytest.raises(error, match=message):
        bounds(**given)


def test_input_is_not_changed():
    x, t, hidden = X.copy(), T.copy(), HIDDEN.copy()
    for array in (x, t, hidden):
        array.flags.writeable = False
    bounds("gini", x, t, hidden, limit=3, lower=1)
