"""Expected values against every way of dealing, against drawn ones, and by hand."""

from itertools import combinations

import numpy as np
import pytest

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import expected

CALLS = {
    "dissimilarity": lambda x, t: indices.dissimilarity(x, t - x),
    "gorard": indices.gorard,
    "isolation": indices.isolation,
    "correlation_ratio": indices.correlation_ratio,
}
KEYS = pytest.mark.parametrize("key", list(CALLS))
CITIES = [
    pytest.param(20, [10, 10, 10, 10, 10], id="even cells"),
    pytest.param(7, [1, 1, 2, 3, 0, 30, 12], id="tiny and empty cells"),
    pytest.param(1, [4, 9, 2], id="one member"),
    pytest.param(37, [1, 5, 0, 0, 20, 12], id="one person is no member"),
]


def cells(members, t):
    """Counts that fit the totals, however: only their sum matters."""
    x = np.zeros(len(t))
    for cell, room in enumerate(t):
        x[cell] = min(room, members - x.sum())
    return x, np.array(t, dtype=float)


@KEYS
@pytest.mark.parametrize(("members", "t"), CITIES)
def test_against_20000_draws(key, members, t):
    x, t = cells(members, t)
    drawn = np.random.default_rng(11).multivariate_hypergeometric(t.astype(int), members, size=20_000).astype(float)
    values = CALLS[key](drawn, t)
    error = values.std() / np.sqrt(len(values))
    assert expected(key, x, t) == pytest.approx(values.mean(), abs=4 * error + 1e-12)


@KEYS
@pytest.mark.parametrize(("members", "t"), [(3, [4, 1, 0, 3, 2]), (8, [4, 1, 0, 3, 2]), (5, [5, 5])])
def test_against_every_way_of_dealing(key, members, t):
    x, t = cells(members, t)
    home = np.repeat(np.arange(len(t)), t.astype(int))
    ways = [np.bincount(home[list(chosen)], minlength=len(t)) for chosen in combinations(range(len(home)), members)]
    mean = CALLS[key](np.array(ways, dtype=float), t).mean()
    assert expected(key, x, t) == pytest.approx(mean, rel=1e-10)


def test_five_cells_of_ten():
    """By hand: 2 * 6 * 21/50 * C(25, 6) C(25, 4) / C(50, 10), times 50 * 5 / (2 * 25 * 25)."""
    x, t = [5] * 5, [10] * 5
    by_hand = 2 * 6 * 21 / 50 * (177_100 * 12_650 / 10_272_278_170) * 50 * 5 / (2 * 25 * 25)
    assert expected("dissimilarity", x, t) == pytest.approx(by_hand, rel=1e-12)
    assert by_hand == pytest.approx(0.2198, abs=5e-5)
    assert expected("correlation_ratio", x, t) == pytest.approx(4 / 49)
    assert expected("isolation", x, t) == pytest.approx(1 / 2 + 1 / 2 * 4 / 49)


@KEYS
def test_leading_axes_are_free(key):
    rng = np.random.default_rng(0)
    t = rng.integers(0, 30, (2, 3, 40)).astype(float)
    x = rng.binomial(t.astype(int), 0.2).astype(float)
    whole = expected(key, x, t)
    assert whole.shape == (2, 3)
    for at in np.ndindex(2, 3):
        assert whole[at] == pytest.approx(expected(key, x[at], t[at]), rel=1e-12)
    np.testing.assert_allclose(expected(key, x[0], t[0, 0] + 30)[1], expected(key, x[0, 1], t[0, 0] + 30), rtol=1e-12)


def test_the_function_or_its_name():
    x, t = cells(20, [10] * 5)
    assert expected(indices.gorard, x, t) == expected("gorard", x, t)


@pytest.mark.parametrize(
    ("key", "x", "t", "value"),
    [
        ("dissimilarity", [0, 0], [3, 4], np.nan),
        ("dissimilarity", [3, 4], [3, 4], np.nan),
        ("gorard", [0, 0], [3, 4], np.nan),
        ("gorard", [3, 4], [3, 4], 0),
        ("isolation", [0, 0], [3, 4], np.nan),
        ("isolation", [3, 4], [3, 4], 1),
        ("correlation_ratio", [0, 0], [3, 4], np.nan),
        ("correlation_ratio", [3, 4], [3, 4], np.nan),
        ("correlation_ratio", [1, 0], [3, 0], 0),
        ("isolation", [1, 0], [1, 0], 1),
        ("dissimilarity", [0, 0], [0, 0], np.nan),
    ],
)
def test_undefined_where_the_index_is(key, x, t, value):
    np.testing.assert_allclose(expected(key, x, t), value, atol=1e-12)
    np.testing.assert_array_equal(np.isnan(CALLS[key](np.array(x), np.array(t))), np.isnan(value))


def test_large_cities_keep_their_figures():
    rng = np.random.default_rng(5)
    t = rng.negative_binomial(1.5, 0.02, 25_000).astype(float)
    x = rng.binomial(t.astype(int), 0.1).astype(float)
    drawn = rng.multivariate_hypergeometric(t.astype(int), int(x.sum()), size=20, method="marginals").astype(float)
    assert expected("dissimilarity", x, t) == pytest.approx(indices.dissimilarity(drawn, t - drawn).mean(), rel=2e-3)


def test_what_is_refused():
    with pytest.raises(BadSettings, match="no exact expected value for 'gini'; there is one for dissimilarity, gorard"):
        expected(indices.gini, [1], [2])
    with pytest.raises(BadData, match="parts of persons"):
        expected("gorard", [0.5, 1], [2, 2])
    with pytest.raises(BadData, match="exceeds t"):
        expected("gorard", [3, 1], [2, 2])
    with pytest.raises(TypeError):
        expected("gorard", [1, 1], [2, 2], clustersize=2)
