"""The law of p: that its likelihood is the greatest, what follows from it, and draws of cities."""

import numpy as np
import pytest
from inference.made_cells import dissimilarity, made_cells
from scipy.stats import binom

from segindex.errors import BadData, BadSettings
from segindex.inference import draw, fit_mixture, posterior, underlying

HUGE = [120_000, 3, 40, 0, 70_000, 900_000]


def likelihoods(x, t, support, hidden=None, limit=10, lower=0):
    """Bin(x; t, p), or of what is hidden the sum, (n_cells, points)."""
    x, t = np.asarray(x)[:, np.newaxis], np.asarray(t)[:, np.newaxis]
    seen = binom.pmf(x, t, support)
    if hidden is None:
        return seen
    return np.where(hidden[:, np.newaxis], sum(binom.pmf(one, t, support) for one in range(lower, limit)), seen)


def strata_of(fit, t):
    return np.searchsorted(fit.edges, t)


def gradients(fit, likelihood, stratum):
    """The largest mean of L/f in each stratum."""
    found = []
    for at in np.unique(stratum):
        own = likelihood[stratum == at]
        found.append((own / (own @ fit.weights[at])[:, np.newaxis]).mean(axis=0).max())
    return np.array(found)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="as usual"),
        pytest.param({"mean": 4, "share": 0.02}, id="tiny cells, small group"),
        pytest.param({"mean": 200, "share": 0.4, "n": 300}, id="large cells"),
        pytest.param({"spread": 0.6}, id="nearly apart"),
        pytest.param({"n": 5}, id="five cells"),
    ],
)
def test_no_value_of_p_would_make_the_counts_likelier(settings):
    x, t, _ = made_cells(3, **settings)
    fit = fit_mixture(x, t)
    assert fit.gap <= 1e-7
    found = gradients(fit, likelihoods(x, t, fit.support), strata_of(fit, t))
    assert found.max() == pytest.approx(1 + fit.gap, abs=1e-9)
    np.testing.assert_allclose(fit.weights.sum(axis=1), 1, atol=1e-6)


def test_it_is_likelier_than_many_plain_steps():
    x, t, _ = made_cells(4, n=60, mean=10)
    fit = fit_mixture(x, t, strata=1)
    likelihood = likelihoods(x, t, fit.support)
    weights = np.full(200, 1 / 200)
    for _ in range(20_000):
        weights = weights * (likelihood / (likelihood @ weights)[:, np.newaxis]).mean(axis=0)
    plain, ours = (np.log(likelihood @ one).mean() for one in (weights, fit.weights[0]))
    assert plain - 1e-12 <= ours <= plain + 1e-4


def test_hidden_cells_count_as_censored():
    x, t, _ = made_cells(5, n=500)
    hidden = x < 10
    fit = fit_mixture(np.where(hidden, 0, x), t, hidden=hidden, limit=10)
    likelihood = likelihoods(x, t, fit.support, hidden)
    assert gradients(fit, likelihood, strata_of(fit, t)).max() == pytest.approx(1 + fit.gap, abs=1e-9)
    weighted = likelihood * fit.weights[strata_of(fit, t)]
    np.testing.assert_allclose(posterior(fit)[fit.pair], weighted / weighted.sum(axis=1, keepdims=True), atol=1e-9)


def test_zeros_may_be_shown_while_few_are_hidden():
    x, t, _ = made_cells(6, n=400, mean=30)
    hidden = (x >= 1) & (x < 5)
    fit = fit_mixture(x, t, hidden=hidden, limit=5, lower=1)
    likelihood = likelihoods(x, t, fit.support, hidden, 5, 1)
    assert gradients(fit, likelihood, strata_of(fit, t)).max() == pytest.approx(1 + fit.gap, abs=1e-9)


def test_totals_of_hidden_cells_may_come_apart():
    x, t, _ = made_cells(5, n=300)
    hidden = x < 10
    one = fit_mixture(x, t, hidden=hidden, limit=10)
    other = fit_mixture(
        np.where(hidden, 0, x), np.where(hidden, 0, t), hidden=hidden, limit=10, hidden_total=np.where(hidden, t, 0)
    )
    np.testing.assert_array_equal(one.weights, other.weights)


def test_hidden_without_a_limit_are_left_out():
    x, t, _ = made_cells(7, n=300)
    hidden = t < 10
    one, other = fit_mixture(x, t, hidden=hidden), fit_mixture(x[~hidden], t[~hidden])
    np.testing.assert_array_equal(one.weights, other.weights)
    assert (one.pair[hidden] == -1).all() and (one.pair[~hidden] >= 0).all()


def test_the_posterior_of_each_cell():
    x, t, _ = made_cells(8, n=300, mean=20)
    fit = fit_mixture(x, t)
    weighted = likelihoods(x, t, fit.support) * fit.weights[strata_of(fit, t)]
    by_hand = weighted / weighted.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(posterior(fit)[fit.pair], by_hand, atol=1e-9)
    np.testing.assert_allclose(fit.residents, t @ by_hand, rtol=1e-6, atol=1e-6)


def test_the_order_of_the_cells_and_empty_ones_do_not_matter():
    x, t, _ = made_cells(9, n=200)
    order = np.random.default_rng(0).permutation(210)
    mixed = fit_mixture(np.append(x, np.zeros(10))[order], np.append(t, np.zeros(10))[order])
    plain = fit_mixture(x, t)
    np.testing.assert_array_equal(mixed.weights, plain.weights)
    np.testing.assert_array_equal(np.append(plain.pair, np.full(10, -1))[order], mixed.pair)
    assert plain.times.sum() == 200
    np.testing.assert_array_equal(plain.t[plain.pair], t)
    np.testing.assert_array_equal(plain.x[plain.pair], x)


def test_pairs_of_people_who_move_together_are_one():
    x, t, _ = made_cells(10, n=200)
    np.testing.assert_allclose(fit_mixture(2 * x, 2 * t, cluster_size=2).weights, fit_mixture(x, t).weights)
    hidden = x < 6
    one, two = (fit_mixture(k * x, k * t, hidden=hidden, limit=6 * k, cluster_size=k) for k in (1, 2))
    np.testing.assert_allclose(two.weights, one.weights, atol=1e-9)


def test_a_start_saves_work_and_changes_nothing():
    x, t, p = made_cells(11)
    first = fit_mixture(x, t)
    again = np.random.default_rng(12).binomial(t.astype(int), p)
    warm, cold = fit_mixture(again, t, start=first), fit_mixture(again, t)
    assert warm.gap <= 1e-7
    np.testing.assert_array_equal(warm.edges, cold.edges)
    assert underlying("dissimilarity", warm) == pytest.approx(underlying("dissimilarity", cold), abs=1e-4)
    np.testing.assert_allclose(fit_mixture(x, t, start=first).weights, first.weights)


def test_a_start_is_where_it_begins():
    x, t, _ = made_cells(11, n=300)
    first = fit_mixture(x, t)
    rough = fit_mixture(x, t, start=first, tolerance=0.01)
    assert rough.gap <= 1e-7 < fit_mixture(x, t, tolerance=0.01).gap
    some = fit_mixture(x[t > 50], t[t > 50], start=first)
    np.testing.assert_array_equal(some.edges, first.edges)
    assert some.gap <= 1e-7


def test_a_start_that_rules_out_what_is_seen():
    """All were at p = 0; now there are members."""
    nobody = fit_mixture([0] * 40, [10] * 40)
    some = fit_mixture([0, 5] * 20, [10] * 40, start=nobody)
    assert some.gap <= 1e-7
    assert underlying("isolation", some) == pytest.approx(underlying("isolation", fit_mixture([0, 5] * 20, [10] * 40)))


def test_strata_hold_as_many_cells_and_no_stratum_few():
    t = np.arange(1.0, 301)
    fit = fit_mixture(np.zeros(300), t)
    assert fit.edges.tolist() == [100, 200]
    assert len(fit_mixture(np.zeros(59), t[:59]).weights) == 1
    assert len(fit_mixture(np.zeros(60), t[:60]).weights) == 2
    assert len(fit_mixture(np.zeros(300), np.full(300, 7.0)).weights) == 1


def test_strata_follow_p_that_goes_with_t():
    errors = []
    for seed in range(6):
        x, t, p = made_cells(seed, n=3000, mean=20, share=0.15, spread=0.03, tilt=0.6)
        truth = dissimilarity(t * p, t)
        errors.append([underlying("dissimilarity", fit_mixture(x, t, strata=strata)) - truth for strata in (3, 1)])
    three, one = np.abs(np.mean(errors, axis=0))
    assert three < one


@pytest.mark.parametrize(
    ("x", "t"),
    [([0, 0], [5, 9]), ([5, 9], [5, 9]), ([1], [1]), ([60_000, 1, 2, 0, 70_000, 1], HUGE), ([0.4, 2.7], [1.5, 9])],
)
def test_extremes(x, t):
    fit = fit_mixture(x, t)
    assert fit.gap <= 1e-7
    assert fit.residents.sum() == pytest.approx(np.sum(t))
    share = np.sum(x) / np.sum(t)
    assert (fit.support * fit.residents).sum() / np.sum(t) == pytest.approx(share, abs=0.01)


def test_draws_come_from_the_posterior():
    x, t, _ = made_cells(13, n=40, mean=8)
    fit = fit_mixture(np.append(x, 0), np.append(t, 0))
    drawn = list(draw(fit, np.random.default_rng(1), 4000))
    p, counts = (np.array([one[at] for one in drawn]) for at in (0, 1))
    assert np.isnan(p[:, -1]).all() and (counts[:, -1] == 0).all()
    law = posterior(fit)[fit.pair[:-1]]
    mean = law @ fit.support
    spread = np.sqrt(law @ fit.support**2 - mean**2)
    np.testing.assert_allclose(p[:, :-1].mean(axis=0), mean, atol=0.01)
    np.testing.assert_allclose(p[:, :-1].std(axis=0), spread, atol=0.01)
    error = 4 * counts[:, :-1].std(axis=0) / np.sqrt(4000)
    assert (np.abs(counts[:, :-1].mean(axis=0) - t * mean) <= error + 1e-9).all()
    assert ((counts <= np.append(t, 0)) & (counts % 1 == 0)).all()


def test_draws_of_clusters_vary_as_much_more():
    fit = fit_mixture([50.5] * 40, [101] * 40, cluster_size=2.5, points=201)
    counts = np.concatenate([x for _, x in draw(fit, np.random.default_rng(2), 500)])
    assert counts.mean() == pytest.approx(50.5, abs=0.3)
    assert counts.var() == pytest.approx(2.5 * 100 / 4 + 1 / 4, rel=0.05)
    assert set(counts % 2.5) == {0, 1}


def test_cells_are_drawn_apart():
    fit = fit_mixture(list(range(11)) * 40, [10] * 440)
    alike = fit.x[fit.pair] == 5
    assert len({tuple(p[alike]) for p, _ in draw(fit, np.random.default_rng(1), 20)}) == 20


def test_same_seed_same_bytes():
    fit = fit_mixture(*made_cells(14, n=100)[:2])
    one, other = ([x for _, x in draw(fit, np.random.default_rng(3), 3)] for _ in range(2))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"x": [[1, 2]], "t": [[3, 3]]}, BadData, "one city and year"),
        ({"x": [0, 0], "t": [0, 0]}, BadData, "one inhabited cell"),
        ({"x": [4, 0], "t": [3, 3]}, BadData, "exceeds t"),
        ({"hidden": [1, 0], "limit": 3}, BadData, "hidden is int64"),
        ({"limit": 3}, BadSettings, "without hidden"),
        ({"hidden": [False, False], "limit": 3}, BadData, "visible cells in 2 places, first at 0"),
        ({"t": [3, 0], "x": [3, 0], "hidden": [False, True], "limit": 3}, BadData, "no total above 0 in 1 places"),
        ({"hidden": [True, True], "limit": 0}, BadSettings, "lower < limit"),
        ({"hidden": [True, True], "limit": 3, "hidden_total": [3]}, BadData, "hidden_total has shape"),
        ({"strata": 0}, BadSettings, "strata is 0"),
        ({"points": 1}, BadSettings, "points is 1"),
        ({"cluster_size": 0.5}, BadSettings, "cluster_size is 0.5"),
        ({"tolerance": 0}, BadSettings, "tolerance is 0"),
    ],
)
def test_what_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        fit_mixture(**{"x": [1, 2], "t": [3, 3]} | given)


def test_a_law_of_p_has_no_place():
    fit = fit_mixture([1, 2], [3, 3])
    with pytest.raises(BadSettings, match="delta asks where the cells lie"):
        underlying("delta", fit, area=[1, 2])
    with pytest.raises(BadSettings, match="dissimilarity asks where"):
        underlying("dissimilarity", fit, nearby=lambda counts: counts)
    with pytest.raises(BadSettings, match="no 'c'"):
        underlying("atkinson", fit, c=0.2)
    assert underlying("atkinson", fit, b=0.2) < underlying("atkinson", fit, b=0.8)
