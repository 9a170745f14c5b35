"""Corrected values on cells whose truth is known, and each method by its formula."""

from itertools import product

import numpy as np
import pytest
from inference.made_cells import dissimilarity, made_cells
from scipy.stats import binom

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import corrected, expected, fit_mixture, method_of, refitted, underlying, weakly_identified
from segindex.inference._called import Called
from segindex.inference.by_group import MEANS, mean_over_groups
from segindex.inference.corrected import BY_MIXTURE, BY_PAIRS

TWO_GROUPS = [key for key in BY_MIXTURE + BY_PAIRS if key != "ordinal_absolute_difference"]
CITY = [[30, 10, 5], [2, 18, 20], [0, 9, 1], [0, 0, 0], [7, 7, 7], [1, 0, 0]]


@pytest.fixture(scope="module")
def cities():
    """Six cities of one kind: counts, and what they are without chance."""
    made = [made_cells(seed, n=1500, mean=20) for seed in range(6)]
    x, t, p = (np.stack(part) for part in zip(*made))
    return x, t, t * p


@pytest.mark.parametrize("key", TWO_GROUPS)
def test_less_than_a_quarter_of_the_bias_is_left(key, cities):
    x, t, members = cities
    called = Called(key, {})
    truth, as_is = called(called.gate([members, t])), called(called.gate([x, t]))
    bias, left = abs((as_is - truth).mean()), abs((corrected(key, x, t) - truth).mean())
    assert left < bias / 4


@pytest.mark.parametrize(
    "settings",
    [
        {"mean": 6, "share": 0.02},
        {"mean": 6, "share": 0.4},
        {"mean": 60, "share": 0.05, "spread": 0.03},
        {"mean": 200, "share": 0.02, "spread": 0.03},
        {"mean": 20, "share": 0.15, "tilt": 0.6},
    ],
    ids=str,
)
def test_dissimilarity_over_sizes_and_shares(settings):
    errors = []
    for seed in range(8):
        x, t, p = made_cells(seed, **settings)
        truth = dissimilarity(t * p, t)
        errors.append([dissimilarity(x, t) - truth, corrected("dissimilarity", x, t) - truth])
    bias, left = np.abs(np.mean(errors, axis=0))
    assert left < bias / 4


def test_a_city_without_segregation():
    """Two per cent everywhere, ten persons a cell: D as it is is .83."""
    x = np.random.default_rng(1).binomial(10, 0.02, (10, 3000))
    t = np.full(x.shape, 10)
    assert indices.dissimilarity(x, t - x).mean() > 0.8
    assert corrected("dissimilarity", x, t).mean() < 0.08


def test_cells_hidden_by_the_groups_own_count():
    truth, visible, found = [], [], []
    for seed in range(8):
        x, t, p = made_cells(seed, n=3000)
        hidden = x < 10
        truth.append(dissimilarity(t * p, t))
        visible.append(dissimilarity(x[~hidden], t[~hidden]))
        found.append(corrected("dissimilarity", np.where(hidden, 0, x), t, hidden=hidden, limit=10))
    assert np.mean(visible) < np.mean(truth) - 0.07
    assert np.mean(found) == pytest.approx(np.mean(truth), abs=0.03)


def test_one_law_where_cells_are_hidden():
    """A law of the smallest third alone, nearly all of them hidden, makes values scatter three times as much."""
    x, t, _ = made_cells(1, n=600)
    given = {"hidden": x < 10, "limit": 10}
    seen = np.where(given["hidden"], 0, x)
    fit = fit_mixture(seen, t, strata=1, **given)
    assert corrected("dissimilarity", seen, t, **given) == underlying("dissimilarity", fit)


@pytest.mark.parametrize("size", [1, 1.9, 3])
def test_the_value_is_the_one_that_intervals_are_of(size):
    x, t, _ = made_cells(2, n=300, mean=8)
    refits = refitted(x, t, rng=np.random.default_rng(1), draws=2, cluster_size=size)
    for key in ("isolation", "correlation_ratio", "dissimilarity"):
        assert refits.of(key)[0] == pytest.approx(corrected(key, x, t, cluster_size=size))
    given = {"hidden": x < 3, "limit": 3, "cluster_size": size}
    seen = np.where(x < 3, 0, x)
    censored = refitted(seen, t, rng=np.random.default_rng(1), draws=2, **given)
    assert censored.of("gini")[0] == pytest.approx(corrected("gini", seen, t, **given))


def test_censored_cities_at_once():
    x, t, _ = (np.stack(part) for part in zip(*[made_cells(seed, n=300) for seed in (1, 2)]))
    hidden = x < 5
    both = corrected("isolation", np.where(hidden, 0, x), t, hidden=hidden, limit=5)
    for at in (0, 1):
        own = {"hidden": hidden[at], "limit": 5}
        assert both[at] == corrected("isolation", np.where(hidden, 0, x)[at], t[at], **own)
        apart = corrected(
            "isolation",
            np.where(hidden, 0, x)[at],
            np.where(hidden, 0, t)[at],
            hidden_total=np.where(hidden, t, 0)[at],
            **own,
        )
        assert both[at] == apart


def every_outcome(t, p):
    """All counts of a few cells, and the chance of each."""
    ways = np.array(list(product(*(range(one + 1) for one in t))), dtype=float)
    return ways, binom.pmf(ways, t, p).prod(axis=1)


def test_pairs_of_residents_are_unbiased():
    """Over all outcomes, the members' mean number of fellows is what the probabilities say, exactly."""
    t, p = np.array([2, 3, 5, 4]), np.array([0.1, 0.5, 0.3, 0.9])
    ways, chance = every_outcome(t, p)
    members = ways.sum(axis=1)
    isolation = corrected("isolation", ways, np.broadcast_to(t, ways.shape))
    fellows = np.where(members > 0, isolation * members, 0)
    assert chance @ np.nan_to_num(fellows) == pytest.approx((t * p**2).sum(), rel=1e-12)
    others = np.nan_to_num(corrected("exposure", ways, np.broadcast_to(t, ways.shape)) * members)
    assert chance @ others == pytest.approx((t * p * (1 - p)).sum(), rel=1e-12)


def test_pairs_of_clusters_are_unbiased():
    """Two families of two in a cell, or three."""
    families, p = np.array([2, 3, 4]), np.array([0.1, 0.5, 0.3])
    ways, chance = every_outcome(families, p)
    x, t = 2 * ways, np.broadcast_to(2 * families, ways.shape)
    fellows = corrected("isolation", x, t, cluster_size=2) * x.sum(axis=1)
    assert chance @ np.nan_to_num(fellows) == pytest.approx((2 * families * p**2).sum(), rel=1e-12)


def test_who_lives_alone_has_no_pair():
    assert corrected("isolation", [1, 2], [1, 4]) == pytest.approx(2 * 1 / 3 / 2)
    assert corrected("isolation", [1, 2], [1, 4], cluster_size=2) == 0
    assert corrected("correlation_ratio", [1, 2, 0], [1, 4, 4]) == pytest.approx((1 / 3 - 1 / 4) / (1 - 1 / 4))


@pytest.mark.parametrize("key", [key for key in BY_MIXTURE + BY_PAIRS if "counts" in Called(key, {}).parameters])
def test_several_groups_of_known_truth(key):
    found = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        t = np.maximum(rng.negative_binomial(1.5, 1.5 / 21.5, 800), 1)
        p = rng.dirichlet([1.2, 3, 2, 5], 800)
        counts = rng.multinomial(t, p).astype(float)
        called = Called(key, {})
        found.append([called(t[:, np.newaxis] * p), called(counts), corrected(key, counts)])
    truth, as_is, ours = np.mean(found, axis=0)
    assert abs(ours - truth) < abs(as_is - truth) / 3


@pytest.mark.parametrize("key", [key for key in BY_MIXTURE + BY_PAIRS if "counts" in Called(key, {}).parameters])
def test_two_groups_are_a_case_of_several(key):
    """A third group without members changes nothing; of the ordinal ones it would be a class limit."""
    x, t, _ = made_cells(2, n=200)
    counts = np.stack([x, t - x], axis=-1)
    assert corrected(key, x, t) == corrected(key, counts)
    if not key.startswith("ordinal"):
        three = np.concatenate([counts, np.zeros((200, 1))], axis=1)
        assert corrected(key, three) == pytest.approx(corrected(key, counts), rel=1e-3)


@pytest.mark.parametrize("key", MEANS)
def test_an_index_of_several_groups_is_a_mean_of_pairs(key):
    function = getattr(indices, key)
    assert mean_over_groups(key, np.array(CITY), function) == pytest.approx(function(CITY), rel=1e-12)


def test_information_is_a_sum_over_groups():
    """Cells so large that chance adds nothing."""
    large = np.array(CITY) * 100_000.0
    for key in ("mutual_information", "information_theory", "divergence"):
        assert corrected(key, large) == pytest.approx(getattr(indices, key)(large), abs=0.01)


@pytest.mark.parametrize("key", ["dissimilarity", "isolation", "gini"])
def test_null_and_carrington_troske_by_their_formulas(key):
    x, t = np.array([3.0, 9, 0, 4]), np.array([10.0, 12, 7, 0]) + 4
    called = Called(key, {})
    value, even = called(called.gate([x, t])), called(called.gate([t * 16 / 45, t]))
    chance = expected(key, x, t, rng=np.random.default_rng(1), draws=50)
    null = corrected(key, x, t, method="null", rng=np.random.default_rng(1), draws=50)
    assert null == pytest.approx(value - (chance - even))
    if key == "isolation":
        with pytest.raises(BadSettings, match="'carrington_troske' is not for isolation"):
            corrected(key, x, t, method="carrington_troske")
    else:
        found = corrected(key, x, t, method="carrington_troske", rng=np.random.default_rng(1), draws=50)
        assert found == pytest.approx((value - chance) / (1 - chance))


def test_clusters_of_several_groups_and_of_chance():
    rng = np.random.default_rng(3)
    counts = rng.multinomial(rng.integers(5, 30, 150), [0.2, 0.3, 0.5]).astype(float)
    for key in ("information_theory", "multigroup_dissimilarity", "relative_diversity"):
        assert corrected(key, 2 * counts, cluster_size=2) == pytest.approx(corrected(key, counts), rel=1e-6)
    x, t = counts[:, 0], counts.sum(axis=1)
    found = corrected("dissimilarity", x, t, method="null", cluster_size=2)
    chance = expected("dissimilarity", x, t, cluster_size=2)
    assert found == pytest.approx(indices.dissimilarity(x, t - x) - chance)


def test_null_of_surroundings():
    x, t = np.array([3.0, 9, 0, 4]), np.array([10.0, 12, 7, 5])

    def everywhere(counts):
        return np.broadcast_to(counts.sum(axis=-1, keepdims=True), counts.shape)

    rng = np.random.default_rng(1)
    found = corrected("isolation", x, t, method="null", rng=rng, draws=5, nearby=everywhere)
    assert found == pytest.approx(x.sum() / t.sum())


def test_bootstrap_against_every_outcome():
    t, x = np.array([3, 2, 4]), np.array([1.0, 1, 3])
    ways, chance = every_outcome(t, x / t)
    value = indices.dissimilarity(ways, t - ways)
    defined = ~np.isnan(value)
    mean = chance[defined] @ value[defined] / chance[defined].sum()
    found = corrected("dissimilarity", x, t, method="bootstrap", rng=np.random.default_rng(1), draws=4000)
    assert found == pytest.approx(2 * indices.dissimilarity(x, t - x) - mean, abs=0.01)


def test_bootstrap_of_several_groups_keeps_shares_and_totals():
    rng = np.random.default_rng(1)
    single = [[10, 0, 0], [0, 10, 0], [0, 0, 5]]
    assert corrected("multigroup_dissimilarity", single, method="bootstrap", rng=rng, draws=3) == 1
    pure = corrected("multigroup_dissimilarity", CITY, method="bootstrap", rng=rng, draws=300)
    assert pure < indices.multigroup_dissimilarity(CITY)


def test_years_are_corrected_one_by_one():
    x, t, _ = (np.stack(part) for part in zip(*[made_cells(seed, n=200) for seed in (1, 2)]))
    for key in ("dissimilarity", "isolation", "information_theory"):
        both = corrected(key, x, t)
        assert both.shape == (2,)
        np.testing.assert_allclose(both, [corrected(key, x[at], t[at]) for at in (0, 1)])
    counts = np.stack([x, (t - x) // 2, t - x - (t - x) // 2], axis=-1)
    for key in ("information_theory", "relative_diversity"):
        np.testing.assert_allclose(corrected(key, counts), [corrected(key, one) for one in counts])


@pytest.mark.parametrize("key", BY_MIXTURE + BY_PAIRS)
def test_hidden_cells_are_left_out(key):
    x, t, _ = made_cells(1, n=200)
    hidden = t < 20
    assert corrected(key, x, t, hidden=hidden) == corrected(key, np.where(hidden, 0, x), np.where(hidden, 0, t))


@pytest.mark.parametrize("key", BY_MIXTURE + BY_PAIRS)
@pytest.mark.parametrize(("x", "t"), [([0, 0], [0, 0]), ([0, 0], [3, 4]), ([3, 4], [3, 4]), ([3, 0], [3, 4])])
def test_undefined_where_the_index_is(key, x, t):
    called = Called(key, {})
    assert np.isnan(corrected(key, x, t)) == np.isnan(called(called.gate([x, t])))
    three = np.stack([x, np.subtract(t, x), np.zeros(2)], axis=-1)
    if "counts" in called.parameters and len(set(three.sum(axis=0))) > 1:
        assert np.isnan(corrected(key, three)) == np.isnan(called(three))


def test_bigger_clusters_leave_less():
    x, t, _ = made_cells(1, mean=20)
    one, two = (corrected("dissimilarity", x, t, cluster_size=size) for size in (1, 2))
    assert two < one


def test_methods_by_index():
    assert {method_of(key) for key in BY_MIXTURE} == {"mixture"}
    assert {method_of(key) for key in BY_PAIRS} == {"unbiased"}
    assert {method_of(key, limit=10) for key in BY_MIXTURE + BY_PAIRS} == {"mixture"}
    assert method_of("morans_i") == method_of(indices.entropy) == ""


def test_small_cells_are_told():
    np.testing.assert_array_equal(weakly_identified([[9, 10, 11], [9, 9, 0]]), [False, True])
    assert weakly_identified([12, 14], cluster_size=2)
    assert not weakly_identified([0, 0])


@pytest.mark.parametrize(
    ("index", "given", "error", "message"),
    [
        ("delta", {}, BadSettings, "no method is made for delta"),
        ("gini", {"method": "magic"}, BadSettings, "known are mixture, unbiased, approximate"),
        ("gini", {"method": "unbiased"}, BadSettings, "'unbiased' is not for gini"),
        ("morans_i", {"method": "mixture"}, BadSettings, "'mixture' is not for morans_i"),
        ("gini", {"b": 1}, BadSettings, "takes no 'b'"),
        ("gini", {"method": "bootstrap"}, BadSettings, "give rng"),
        ("gini", {"method": "null"}, BadSettings, "give rng"),
        ("gini", {"cluster_size": 0}, BadSettings, "cluster_size is 0"),
        ("isolation", {"excluding_self": True}, BadSettings, "'unbiased' is not for isolation as it is asked for"),
        ("gini", {"nearby": abs, "method": "mixture"}, BadSettings, "made for it is 'approximate'"),
        ("gini", {"nearby": abs}, BadSettings, "'approximate' of gini draws"),
        ("isolation", {"nearby": abs}, BadSettings, "'unbiased' of isolation draws"),
        ("divergence", {"nearby": abs}, BadSettings, "no method is made for divergence"),
        ("gini", {"limit": 2}, BadSettings, "limit is given without hidden"),
        ("gini", {"limit": 2, "method": "null", "hidden": [True, True]}, BadSettings, "'null' takes no limit"),
        ("gini", {"hidden": [1, 0]}, BadData, "hidden is int64"),
        ("gini", {"hidden": [True]}, BadData, "hidden is bool of shape"),
    ],
)
def test_what_is_refused(index, given, error, message):
    with pytest.raises(error, match=message):
        corrected(index, [1, 2], [3, 3], **given)
    with pytest.raises(BadData, match="limit is given with 3 groups"):
        corrected("relative_diversity", CITY, hidden=np.zeros(6, dtype=bool), limit=3)
