"""Values by hand on two to four cells, values of the paper's double sums, and what is undefined."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from segindex.errors import BadData, BadSettings
from segindex.indices import (
    atkinson,
    correlation_ratio,
    dissimilarity,
    exposure,
    gini,
    gorard,
    hutchens,
    information_theory,
    isolation,
    local_morans_i,
    morans_i,
)
from segindex.indices._arrays import check_counts

ROW = sparse.csr_array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], dtype=float)


def both(x, y):
    return np.stack([x, y], axis=-1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(dissimilarity([10, 10, 10], [5, 5, 5]), 0, id="D spread alike"),
        pytest.param(dissimilarity([10, 10, 0, 0], [0, 0, 5, 5]), 1, id="D no shared cell"),
        pytest.param(dissimilarity([30, 10], [10, 10]), 1 / 4, id="D (|3/4-1/2| + |1/4-1/2|)/2"),
        pytest.param(gini([30, 10], [10, 10]), 1 / 4, id="G of two cells is D"),
        pytest.param(gini([1, 1, 0], [0, 1, 1]), 3 / 4, id="G (1*2*1/2 + 1*1*1 + 2*1*1/2) / (16 * 1/4)"),
        pytest.param(information_theory([[1, 0], [1, 1], [0, 1]]), 1 / 2, id="H half of the city in an even cell"),
        pytest.param(information_theory([[2, 0, 0], [0, 1, 1]]), 2 / 3, id="H three groups: (1.5 - .5) / 1.5 bits"),
        pytest.param(atkinson([3, 1], [1, 3]), 1 - 3 / 4, id="A b .5: 1 - (2 sqrt(3)/4)^2"),
        pytest.param(atkinson([8, 1], [1, 8], b=1 / 3), 1 - (6 / 9) ** 1.5, id="A b 1/3: 1 - (4/9 + 2/9)^(3/2)"),
        pytest.param(hutchens([9, 1], [1, 9]), 1 - 0.6, id="O 1 - 2 * 3/10"),
        pytest.param(gorard([10, 0], [10, 30]), 3 / 4, id="GS |1 - 1/4|/2 + |0 - 3/4|/2"),
        pytest.param(isolation([10, 10], [20, 40]), 3 / 8, id="xPx 1/2 * 1/2 + 1/2 * 1/4"),
        pytest.param(isolation([1, 2], [2, 4], excluding_self=True), 2 / 9, id="xPx without oneself: 2/3 * 1/3"),
        pytest.param(isolation([1, 2], [1, 3], excluding_self=True), 1 / 3, id="xPx one alone meets nobody"),
        pytest.param(exposure([10, 10], [5, 10], [20, 40]), 1 / 4, id="xPy 1/2 * 1/4 + 1/2 * 1/4"),
        pytest.param(correlation_ratio([10, 10], [20, 40]), 1 / 16, id="eta2 (3/8 - 1/3)/(2/3)"),
        pytest.param(morans_i([0, 0, 1, 1], ROW), 1 / 2, id="I of a row 0 0 1 1: (1 + 0 + 0 + 1)/4"),
        pytest.param(morans_i([0, 0, 1, 1], ROW, row_standardised=False), 1 / 3, id="I unstandardised: (2 - 1 + 1)/6"),
        pytest.param(morans_i([0, 1, 0, 1], ROW), -1, id="I of a row 0 1 0 1"),
        pytest.param(morans_i([0, 0, 1, np.nan], ROW), -1 / 4, id="I of the rest 0 0 1: (2 - 1 - 4)/18 / (2/3)"),
    ],
)
def test_by_hand(value, expected):
    assert value == pytest.approx(expected, abs=1e-12)


def test_local_values_by_hand():
    np.testing.assert_allclose(local_morans_i([0, 0, 1, 1], ROW), [1, 0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(local_morans_i([0, 1, np.nan, 1], ROW), [-1, -1, np.nan, np.nan], atol=1e-12)


def test_cells_without_a_neighbour_stay_out_of_all_sums():
    islands = sparse.block_diag([ROW, sparse.csr_array((2, 2))]).tocsr()
    share = [0, 0, 1, 1, 0.9, np.nan]
    assert morans_i(share, islands) == pytest.approx(morans_i(share[:4], ROW))
    np.testing.assert_allclose(local_morans_i(share, islands), [1, 0, 0, 1, np.nan, np.nan], atol=1e-12)


def test_a_cell_whose_only_neighbour_stays_out_stays_out():
    """Cells 0 and 1 have each other; 2 has 3, which has none."""
    one_way = sparse.csr_array(([1.0, 1, 1], ([0, 1, 2], [1, 0, 3])), shape=(4, 4))
    np.testing.assert_allclose(local_morans_i([0.2, 0.4, 0.9, 0.7], one_way), [-1, -1, np.nan, np.nan])
    assert morans_i([0.2, 0.4, 0.9, 0.7], one_way) == pytest.approx(-1)


def test_equal_shares_are_equal_whatever_their_mean_is_rounded_to():
    equal = np.array([0.1, 0.1, 0.1, np.nan])
    assert np.mean(equal[:3]) != 0.1
    assert np.isnan(morans_i(equal, ROW))
    assert np.isnan(local_morans_i(equal, ROW)).all()


def test_the_mean_of_local_morans_i_is_morans_i():
    share = np.random.default_rng(0).random((3, 4))
    np.testing.assert_allclose(local_morans_i(share, ROW).mean(axis=-1), morans_i(share, ROW))


def random_city(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 30, (2, 60)).astype(float)
    return x, y


@pytest.mark.parametrize("seed", range(3))
def test_gini_is_the_sum_over_pairs(seed):
    x, y = random_city(seed)
    x[3] = y[3] = 0
    t = x + y
    p = np.divide(x, t, out=np.zeros(60), where=t > 0)
    pairs = (np.outer(t, t) * np.abs(p[:, np.newaxis] - p)).sum()
    city = x.sum() / t.sum()
    assert gini(x, y) == pytest.approx(pairs / (2 * t.sum() ** 2 * city * (1 - city)), rel=1e-12)


def test_spatial_versions_weigh_cells_by_their_own_residents():
    x, y = random_city(1)
    t = x + y
    near = np.exp(-np.abs(np.subtract.outer(np.arange(60), np.arange(60))) / 2)
    p, city = near @ x / (near @ t), x.sum() / t.sum()
    scale = 2 * t.sum() * city * (1 - city)

    def nearby(counts):
        return counts @ near.T

    entropy = -(p * np.log(p) + (1 - p) * np.log(1 - p))
    whole = -(city * np.log(city) + (1 - city) * np.log(1 - city))
    pairs = (np.outer(t, t) * np.abs(p[:, np.newaxis] - p)).sum()
    spread = (x * p).sum() / x.sum()
    for found, expected in (
        (dissimilarity(x, y, nearby=nearby), (t * np.abs(p - city)).sum() / scale),
        (gini(x, y, nearby=nearby), pairs / (scale * t.sum())),
        (information_theory(both(x, y), nearby=nearby), (t * (whole - entropy)).sum() / (whole * t.sum())),
        (isolation(x, t, nearby=nearby), spread),
        (exposure(x, y, t, nearby=nearby), 1 - spread),
        (correlation_ratio(x, t, nearby=nearby), (spread - city) / (1 - city)),
    ):
        assert found == pytest.approx(expected, rel=1e-12)


def test_how_indices_hang_together():
    x, y = random_city(2)
    t = x + y
    city = x.sum() / t.sum()
    assert gorard(x, t) == pytest.approx(dissimilarity(x, y) * (1 - city))
    assert atkinson(x, y) == pytest.approx(1 - (1 - hutchens(x, y)) ** 2)
    assert isolation(x, t) + exposure(x, y, t) == pytest.approx(1)
    assert x.sum() * exposure(x, y, t) == pytest.approx(y.sum() * exposure(y, x, t))
    assert exposure(x, x, t) == pytest.approx(isolation(x, t))
    assert (1 - atkinson(x, y, b=0.3)) ** 0.7 == pytest.approx((1 - atkinson(y, x, b=0.7)) ** 0.3)


def test_an_empty_group_is_dropped():
    x, y = random_city(3)
    three = np.stack([x, y, 0 * x], axis=-1)
    assert information_theory(three) == pytest.approx(information_theory(both(x, y)), rel=1e-12)


@pytest.mark.parametrize(
    ("value", "defined"),
    [
        (dissimilarity([0, 0], [3, 4]), None),
        (dissimilarity([3, 4], [0, 0]), None),
        (gini([0, 0], [3, 4]), None),
        (atkinson([0, 0], [3, 4]), None),
        (hutchens([3, 4], [0, 0]), None),
        (gorard([0, 0], [3, 4]), None),
        (gorard([3, 4], [3, 4]), 0),
        (gorard([0, 0], [0, 0]), None),
        (information_theory([[3, 0], [4, 0]]), None),
        (information_theory([[3], [4]]), None),
        (information_theory([[0, 0], [0, 0]]), None),
        (isolation([0, 0], [3, 4]), None),
        (isolation([3, 4], [3, 4]), 1),
        (exposure([0, 0], [1, 1], [3, 4]), None),
        (exposure([1, 1], [0, 0], [3, 4]), 0),
        (correlation_ratio([0, 0], [3, 4]), None),
        (correlation_ratio([3, 4], [3, 4]), None),
        (correlation_ratio([1], [3]), 0),
        (morans_i([0.1, 0.1, 0.1, 0.1], ROW), None),
        (morans_i([np.nan] * 4, ROW), None),
        (morans_i([0.1, np.nan, 0.3, np.nan], ROW), None),
    ],
)
def test_nan_just_where_an_index_is_undefined(value, defined):
    assert np.isnan(value) if defined is None else value == pytest.approx(defined, abs=1e-12)


def test_one_year_without_the_group_leaves_the_others():
    assert np.isnan(dissimilarity([[0, 0], [1, 2]], [3, 4])).tolist() == [True, False]


def test_hidden_types_of_missing_are_refused():
    for missing in (
        pd.array([1, None], dtype="Int64"),
        pd.Series([1, pd.NA], dtype="Int32"),
        [1, None],
        np.ma.masked_equal([1, -1], -1),
        ["1", "2"],
        [[1, 2], [3]],
    ):
        with pytest.raises((BadData, ValueError)) as refused:
            dissimilarity(missing, [1, 2])
        assert "x" in str(refused.value) or "inhomogeneous" in str(refused.value)


def test_whole_numbers_of_any_kind_are_counts():
    expected = dissimilarity([50.0, 50, 0], [0, 50, 50])
    for kind in ("int8", "int32", "uint16", "float32", "Int64"):
        x, y = pd.Series([50, 50, 0]).astype(kind), pd.Series([0, 50, 50], index=[7, 9, 9]).astype(kind)
        assert dissimilarity(x, y) == expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_counts(x=5), r"x has shape \(\)"),
        (lambda: check_counts(counts=[1, 2]), r"n_cells, n_groups"),
        (lambda: check_counts(x=[1, 2, -3], t=[4, 4, 4]), r"x holds -3 or the like in 1 place, first at \(2,\)"),
        (lambda: check_counts(x=[[1, 2], [3, 9]], t=[4, 4]), r"x exceeds t in 1 place, first at \(1, 1\): 9 of 4"),
        (lambda: check_counts(x=np.ones((2, 3)), y=np.ones((4, 3))), "axes before the cells"),
        (lambda: check_counts(x=[1, 2], y=[1]), "x has 2 cells, y has 1 cells"),
        (lambda: morans_i([0.1, 1.2], ROW[:2][:, :2]), r"share holds 1.2"),
        (lambda: morans_i([0.1, 0.2], ROW), "weights has shape"),
        (lambda: morans_i([0.1, 0.2], np.eye(2)), "sparse"),
        (lambda: morans_i([0.1, 0.2], sparse.eye_array(2)), "own neighbours"),
        (lambda: morans_i([0.1, 0.2], sparse.csr_array([[0, -1.0], [1, 0]])), "negative"),
        (lambda: isolation([0.5, 1], [2, 3], excluding_self=True), "whole"),
    ],
)
def test_messages_say_what_is_wrong(call, message):
    with pytest.raises(BadData, match=message):
        call()


def test_settings_that_are_refused():
    for b in (0, 1, -0.5, np.nan):
        with pytest.raises(BadSettings, match="b is"):
            atkinson([1, 2], [2, 1], b=b)
    with pytest.raises(BadSettings, match="together"):
        isolation([1, 2], [2, 3], excluding_self=True, nearby=lambda x: x)
    for index in (hutchens, atkinson, gorard):
        with pytest.raises(TypeError):
            index([1, 2], [2, 3], nearby=lambda x: x)
