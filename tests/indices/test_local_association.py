"""Gi, Gi* and local Geary by hand, by plain loops, and where they are undefined."""

import numpy as np
import pytest
from scipy import sparse

from segindex.indices import getis_ord, local_geary
from segindex.neighbourhood import contiguity

ROW = sparse.csr_array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
XY = np.argwhere(np.ones((5, 6))) * 250.0


def kernel_weights(seed=0, n=30):
    """Weights of all sizes, other in each direction, some cells with few neighbours."""
    rng = np.random.default_rng(seed)
    dense = rng.random((n, n)) * (rng.random((n, n)) < rng.uniform(0.2, 0.9, n)[:, np.newaxis])
    np.fill_diagonal(dense, 0)
    return dense


def getis_ord_by_loops(share, dense, star):
    """Ord and Getis (1995), equations 14 a and b, cell by cell."""
    n = len(share)
    values = []
    for i in range(n):
        w = dense[i].copy()
        others = [j for j in range(n) if j != i or star]
        if star:
            w[i] = w.max()
        m = len(others)
        mean = sum(share[j] for j in others) / m
        variance = sum(share[j] ** 2 for j in others) / m - mean**2
        weight, squared = sum(w[j] for j in others), sum(w[j] ** 2 for j in others)
        spread = np.sqrt(variance * (m * squared - weight**2) / (m - 1))
        values.append((sum(w[j] * share[j] for j in others) - weight * mean) / spread)
    return np.array(values)


def test_getis_ord_by_hand():
    """Cell 0 of [.5 .5 0 0]: (.5 - 1/6) / sqrt(1/18 (3 - 1)/2); with itself (1 - .5) / sqrt(1/16 (8 - 4)/3)."""
    share = [0.5, 0.5, 0, 0]
    assert getis_ord(share, ROW)[0] == pytest.approx((0.5 - 1 / 6) / np.sqrt(1 / 18))
    assert getis_ord(share, ROW, star=True)[0] == pytest.approx(0.5 / np.sqrt(1 / 16 * 4 / 3))


def test_local_geary_by_hand():
    """[.1 .5 .5 .9]: the variance is .32/3; the cells differ by .4, (.4 and 0), (0 and .4), .4."""
    share = np.array([0.1, 0.5, 0.5, 0.9])
    np.testing.assert_allclose(local_geary(share, ROW), np.array([0.16, 0.08, 0.08, 0.16]) / (0.32 / 3))
    plain = local_geary(share, ROW, row_standardised=False)
    np.testing.assert_allclose(plain, np.array([0.16, 0.16, 0.16, 0.16]) / (0.32 / 3))


@pytest.mark.parametrize("star", [False, True])
def test_getis_ord_by_loops(star):
    share, dense = np.random.default_rng(1).random(30), kernel_weights()
    np.testing.assert_allclose(
        getis_ord(share, sparse.csr_array(dense), star=star), getis_ord_by_loops(share, dense, star), rtol=1e-10
    )
    queen = contiguity(XY, "queen")
    np.testing.assert_allclose(
        getis_ord(share, queen, star=star), getis_ord_by_loops(share, queen.toarray(), star), rtol=1e-10
    )


def test_local_geary_by_loops():
    share, dense = np.random.default_rng(1).random(30), kernel_weights()
    by_loops = [sum(dense[i, j] * (share[i] - share[j]) ** 2 for j in range(30)) for i in range(30)]
    weights = sparse.csr_array(dense)
    plain = local_geary(share, weights, row_standardised=False)
    np.testing.assert_allclose(plain, np.array(by_loops) / share.var(ddof=1), rtol=1e-12)
    np.testing.assert_allclose(local_geary(share, weights), plain / dense.sum(axis=1), rtol=1e-12)


@pytest.mark.parametrize("star", [False, True])
def test_multiplying_a_row_of_weights_does_not_matter(star):
    share, dense = np.random.default_rng(1).random(30), kernel_weights()
    times = np.random.default_rng(2).random((30, 1)) * 100
    before, after = (getis_ord(share, sparse.csr_array(w), star=star) for w in (dense, dense * times))
    np.testing.assert_allclose(after, before, rtol=1e-10)


@pytest.mark.parametrize("star", [False, True])
def test_the_other_group_has_the_other_sign(star):
    share, weights = np.random.default_rng(1).random(30), contiguity(XY, "rook")
    np.testing.assert_allclose(getis_ord(1 - share, weights, star=star), -getis_ord(share, weights, star=star))


@pytest.mark.parametrize("call", [getis_ord, lambda *data: getis_ord(*data, star=True), local_geary])
def test_cells_without_a_share_or_a_neighbour_stay_out(call):
    share, dense = np.random.default_rng(1).random(30), kernel_weights()
    share[[3, 9]] = np.nan
    dense[5] = 0
    dense[:, 5] = 0
    left = np.delete(np.arange(30), [3, 5, 9])
    value = call(share, sparse.csr_array(dense))
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(value)), [3, 5, 9])
    np.testing.assert_allclose(value[left], call(share[left], sparse.csr_array(dense[np.ix_(left, left)])), rtol=1e-12)
    years = np.stack([share, np.full(30, 0.3), np.linspace(0, 1, 30)])
    together = call(years, sparse.csr_array(dense))
    assert np.isnan(together[1]).all()
    for year, row in zip(years, together):
        np.testing.assert_allclose(row, call(year, sparse.csr_array(dense)), rtol=1e-12)


def test_where_getis_ord_is_undefined():
    """Where all others are alike, nothing can stand out; nor where all others are neighbours."""
    assert np.isnan(getis_ord([0.1, 0.3, 0.3, 0.3], ROW)).tolist() == [True, False, False, False]
    assert np.isnan(getis_ord([0.3, 0.3, 0.1, 0.3], ROW)).tolist() == [False, False, True, False]
    assert np.isfinite(getis_ord([0.1, 0.3, 0.3, 0.3], ROW, star=True)).all()
    all_of_three = sparse.csr_array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    assert np.isnan(getis_ord([0.1, 0.5, 0.6], all_of_three)).tolist() == [True, False, False]
    thirds = sparse.csr_array([[0, 1 / 3, 1 / 3, 1 / 3], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    assert np.isnan(getis_ord([0.1, 0.5, 0.6, 0.8], thirds, star=True)).tolist() == [True, False, False, False]
    assert np.isnan(getis_ord([0.1, 0.5], sparse.csr_array([[0, 1], [1, 0]]))).all()


@pytest.mark.parametrize("rest", [0.1, 0.3, 0.7])
@pytest.mark.parametrize("n", [4, 5, 6, 7])
def test_rounding_makes_no_spread_among_cells_that_are_alike(n, rest):
    share = np.full(n, rest)
    share[0] = 0.9
    row = contiguity(np.column_stack([np.arange(n) * 250.0, np.zeros(n)]), "rook")
    assert np.isnan(getis_ord(share, row)).tolist() == [True] + [False] * (n - 1)
    share[0] = 0.05
    assert np.isnan(getis_ord(share, row)).tolist() == [True] + [False] * (n - 1)


@pytest.mark.parametrize("form", [sparse.csr_matrix, sparse.coo_array, sparse.lil_array])
def test_any_sparse_form_will_do(form):
    share = [0.1, 0.3, 0.2, 0.9]
    for star in (False, True):
        np.testing.assert_array_equal(getis_ord(share, form(ROW), star=star), getis_ord(share, ROW, star=star))
    np.testing.assert_array_equal(local_geary(share, form(ROW)), local_geary(share, ROW))
