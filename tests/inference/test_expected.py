"""Expected values against every way of dealing, against drawn ones, and by hand."""

from itertools import combinations, permutations

import numpy as np
import pytest

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import expected, labelled
from segindex.inference._called import Called
from segindex.inference.dealing import dealt, whole_clusters
from segindex.inference.expected import EXACT
from segindex.neighbourhood import kernel
from segindex.registry import REGISTRY

CALLS = {key: lambda x, t, key=key: Called(key, {})(np.stack([x, t - x], axis=-1)) for key in EXACT}
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


@KEYS
@pytest.mark.parametrize(("members", "t"), [(0, [3, 4]), (7, [3, 4]), (1, [4, 0]), (0, [0, 0])])
def test_undefined_where_there_is_nothing_to_segregate(key, members, t):
    x, t = cells(members, t)
    np.testing.assert_array_equal(np.isnan(expected(key, x, t)), np.isnan(CALLS[key](x, t)))


SEVERAL = [key for key in EXACT if "counts" in REGISTRY[key].parameters]


@pytest.mark.parametrize("key", SEVERAL)
def test_several_groups_against_every_way_of_dealing(key):
    """Two, three and one persons of three groups over cells of three, two and one."""
    groups = np.repeat([0, 1, 2], [2, 3, 1])
    home = np.repeat([0, 1, 2], [3, 2, 1])
    ways = np.zeros((720, 3, 3))
    for way, order in zip(ways, permutations(groups)):
        np.add.at(way, (home, list(order)), 1)
    assert expected(key, ways[0]) == pytest.approx(Called(key, {})(ways).mean(), rel=1e-10)


@pytest.mark.parametrize("key", ["gini", "atkinson", "mutual_information", "multigroup_gini", "rank_order_square_root"])
def test_what_is_drawn_agrees_with_other_draws(key):
    rng = np.random.default_rng(2)
    counts = rng.poisson(rng.gamma(1, 4, (40, 6 if "r" in key[:2] else 2))).astype(float)
    called = Called(key, {})
    other = np.concatenate([called(block) for block in dealt(counts, rng, 4000)])
    found = expected(key, counts, rng=np.random.default_rng(3), draws=4000)
    assert found == pytest.approx(other.mean(), abs=5 * other.std() / np.sqrt(4000))


def test_groups_are_dealt_out_with_their_sizes_and_alike():
    rng = np.random.default_rng(8)
    counts = rng.integers(0, 9, (5, 3)).astype(float)
    drawn = np.concatenate(list(dealt(counts, rng, 8000)))
    np.testing.assert_array_equal(drawn.sum(axis=1), np.broadcast_to(counts.sum(axis=0), (8000, 3)))
    np.testing.assert_array_equal(drawn.sum(axis=2), np.broadcast_to(counts.sum(axis=1), (8000, 5)))
    np.testing.assert_allclose(
        drawn.mean(axis=0), np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum(), atol=0.1
    )


def test_surroundings_have_their_own_expected_value():
    rng = np.random.default_rng(4)
    xy = np.argwhere(np.ones((10, 10))) * 250.0
    t = rng.integers(1, 40, 100).astype(float)
    x = rng.binomial(t.astype(int), 0.3).astype(float)
    near = kernel(xy, "biweight", 800)
    wide = expected("information_theory", x, t, rng=rng, draws=400, nearby=near)
    assert 0 < wide < 0.3 * expected("information_theory", x, t)
    drawn = [rng.permutation(np.repeat(np.arange(100), t.astype(int)))[: int(x.sum())] for _ in range(400)]
    other = np.array([np.bincount(one, minlength=100) for one in drawn], dtype=float)
    values = indices.information_theory(np.stack([other, t - other], axis=-1), nearby=near)
    assert wide == pytest.approx(values.mean(), abs=6 * values.std() / 20)


@pytest.mark.parametrize(("size", "value"), [(1, 0.32), (2, 0.44), (3, 0.61)])
def test_families_make_chance_more_uneven(size, value):
    """Twelve persons a cell and a group of 15 %, who choose alone, in pairs, by three."""
    x, t = cells(3600, [12] * 2000)
    assert expected("dissimilarity", x, t, cluster_size=size) == pytest.approx(value, abs=0.006)


def test_clusters_keep_cells_and_groups():
    counts = np.array([[1, 0, 0], [30, 0, 3], [0, 0, 0], [7, 1, 12]], dtype=float)
    found = whole_clusters(counts, 2.5)
    assert found.sum(axis=1).tolist() == [1, 13, 0, 8]
    assert found.sum(axis=0).tolist() == [15, 1, 6]


def test_p_is_the_share_of_cities_by_chance_that_are_as_far_off():
    """Two of four persons in two cells: the three distinct cities have D 1, 0 and 1, with 1/6, 4/6 and 1/6."""
    found = labelled("dissimilarity", [2, 0], [2, 2], rng=np.random.default_rng(1), draws=9999)
    assert found.p == pytest.approx(1 / 3, abs=0.02)
    assert found.expected == pytest.approx(1 / 3, abs=0.02)
    assert labelled("dissimilarity", [1, 1], [2, 2], rng=np.random.default_rng(1), draws=999).p == 1
    low = labelled("exposure", [2, 0], [2, 2], rng=np.random.default_rng(1), draws=9999, side="lower")
    assert low.p == pytest.approx(1 / 3, abs=0.02)
    both = labelled("dissimilarity", [1, 1], [2, 2], rng=np.random.default_rng(1), draws=999, side="both")
    assert both.p == 1


def test_p_of_chance_is_even():
    """Of 200 cities by chance, a tenth have a p of .1 or less."""
    rng = np.random.default_rng(6)
    t = rng.integers(5, 40, 60).astype(float)
    x = np.stack(
        [next(dealt(np.stack([t * 0.2 // 1, t - t * 0.2 // 1], axis=-1), rng, 1))[0, :, 0] for _ in range(200)]
    )
    p = labelled("gini", x, np.broadcast_to(t, x.shape), rng=rng, draws=99).p
    assert (p <= 0.1).mean() == pytest.approx(0.1, abs=0.06)
    assert (p <= 0.5).mean() == pytest.approx(0.5, abs=0.1)


def test_large_cities_keep_their_figures():
    rng = np.random.default_rng(5)
    t = rng.negative_binomial(1.5, 0.02, 25_000).astype(float)
    x = rng.binomial(t.astype(int), 0.1).astype(float)
    drawn = rng.multivariate_hypergeometric(t.astype(int), int(x.sum()), size=20, method="marginals").astype(float)
    assert expected("dissimilarity", x, t) == pytest.approx(indices.dissimilarity(drawn, t - drawn).mean(), rel=2e-3)


def test_what_is_refused():
    with pytest.raises(BadSettings, match="the expected value of gini is drawn: give rng"):
        expected(indices.gini, [1], [2])
    with pytest.raises(BadSettings, match="index 'ginny' is unknown"):
        expected("ginny", [1], [2])
    with pytest.raises(BadData, match="is of two groups; counts holds 3"):
        expected("gini", [[1, 1, 1]], rng=np.random.default_rng(1))
    with pytest.raises(BadSettings, match="cluster_size is 0"):
        expected("gorard", [1], [2], cluster_size=0.5)
    with pytest.raises(BadSettings, match="side is 'left'"):
        labelled("gorard", [1], [2], rng=np.random.default_rng(1), side="left")
    with pytest.raises(BadData, match="parts of persons"):
        expected("gorard", [0.5, 1], [2, 2])
    with pytest.raises(BadData, match="exceeds t"):
        expected("gorard", [3, 1], [2, 2])
    with pytest.raises(BadSettings, match="gorard takes no 'clustersize'"):
        expected("gorard", [1, 1], [2, 2], clustersize=2)
