"""What tiny cells tell, by hand for cells of one and two, and by simulation with a known truth."""

import numpy as np
import pytest
from scipy.optimize import OptimizeResult, linprog
from scipy.stats import beta, binom

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import identified_bounds
from segindex.inference.identified import _likeliest

MANY = 200_000
LAWS = {
    "beta": lambda rng, n: rng.beta(0.5, 2, n),
    "two kinds": lambda rng, n: np.where(rng.random(n) < 0.7, 0.05, 0.6),
    "uniform": lambda rng, n: rng.uniform(0.1, 0.5, n),
}


def dissimilarity_of(p):
    return np.abs(p - p.mean()).mean() / (2 * p.mean() * (1 - p.mean()))


def of_pairs(none, one, two):
    return np.repeat([0, 1, 2], [none, one, two]), np.full(none + one + two, 2)


def test_cells_of_one_tell_nothing():
    x, t = np.repeat([0, 1], [30, 10]), np.ones(40)
    for index in ("dissimilarity", "information_theory", "correlation_ratio"):
        assert identified_bounds(index, x, t)[:2] == pytest.approx((0, 1), abs=1e-6)
    assert identified_bounds("isolation", x, t)[:2] == pytest.approx((0.25, 1), abs=1e-6)
    assert identified_bounds("exposure", x, t)[:2] == pytest.approx((0, 0.75), abs=1e-6)
    assert identified_bounds("gorard", x, t)[:2] == pytest.approx((0, 0.75), abs=1e-6)


def test_cells_of_two_tell_mean_and_variance():
    """P = .4, variance .3 - .16 = .14: D is least with laws on 0, P and 1, where E|p - P| is 2 x .14, and greatest with
    halves at P - .14^.5 and P + .14^.5."""
    low, high, gap = identified_bounds("dissimilarity", *of_pairs(50, 20, 30))
    assert (low, high) == pytest.approx((0.28 / 0.48, 0.14**0.5 / 0.48), abs=2e-5)
    assert gap <= 1e-8
    for index, value in (("correlation_ratio", 0.14 / 0.24), ("isolation", 0.3 / 0.4), ("exposure", 0.25)):
        assert identified_bounds(index, *of_pairs(50, 20, 30))[:2] == pytest.approx((value, value), abs=1e-6)


def test_less_spread_than_chance_has_leaves_one_law():
    """No p gives so many pairs of one each: the likelihood is greatest where all cells have p = 1/2."""
    assert identified_bounds("dissimilarity", *of_pairs(10, 80, 10))[:2] == pytest.approx((0, 0), abs=1e-4)


@pytest.mark.parametrize("law", list(LAWS))
def test_the_truth_lies_inside_and_more_persons_tell_more(law):
    rng = np.random.default_rng(5)
    truth = dissimilarity_of(LAWS[law](rng, 1_000_000))
    widths = []
    for size in range(2, 10):
        t = np.full(MANY, size)
        x = rng.binomial(t, LAWS[law](rng, MANY))
        low, high, _ = identified_bounds("dissimilarity", x, t)
        assert low - 0.03 <= truth <= high + 0.03
        assert high < indices.dissimilarity(x, t - x)
        widths.append(high - low)
    assert widths[0] > widths[1] > 2 * max(widths[6:])


@pytest.mark.parametrize("size", range(2, 7))
def test_the_observed_moments_hold_where_they_can(size):
    """Exact frequencies of a law of many points: those of the fit are the same, and the truth lies inside."""
    grid = (np.arange(2000) + 0.5) / 2000
    weight = beta(2, 5).pdf(grid) / 2000
    n = np.round(1e6 * np.array([binom.pmf(k, size, grid) @ weight for k in range(size + 1)])).astype(int)
    x, t = np.repeat(np.arange(size + 1.0), n), np.full(n.sum(), float(size))
    p = np.sin(np.linspace(0, np.pi / 2, 200)) ** 2
    law = _likeliest(x, t, p)[0]
    fitted = [binom.pmf(k, size, p) @ law for k in range(size + 1)]
    assert fitted == pytest.approx(n / n.sum(), abs=1e-6)
    truth = (np.abs(grid - 2 / 7) @ weight) / (2 * 10 / 49)
    low, high, _ = identified_bounds("dissimilarity", x, t)
    assert low < truth < high


@pytest.mark.parametrize("size", [5, 9])
def test_few_moments_hold_the_truth_where_cells_are_few(size):
    """All moments of 500 cells leave one law, which misses the truth; the first three hold it, and widen with fewer."""
    truth = dissimilarity_of(LAWS["beta"](np.random.default_rng(0), 1_000_000))
    t = np.full(500, size)
    met = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x = rng.binomial(t, rng.beta(0.5, 2, 500))
        one, two, three, everything = (identified_bounds("dissimilarity", x, t, moments=m) for m in (1, 2, 3, None))
        assert one[:2] == pytest.approx((0, 1), abs=1e-6)
        assert two.lower < three.lower < truth < three.upper < two.upper
        assert three.lower - 1e-6 <= everything.lower <= everything.upper <= three.upper + 1e-6
        met += everything.upper - everything.lower < 1e-4
    assert met >= (1 if size == 5 else 6)


@pytest.mark.parametrize("index", ["dissimilarity", "information_theory", "atkinson"])
def test_no_law_of_the_same_moments_lies_outside(index):
    rng = np.random.default_rng(3)
    x, t = np.repeat(np.arange(4.0), [600, 250, 100, 80]), np.full(1030, 3.0)
    low, high, _ = identified_bounds(index, x, t)
    p = np.linspace(0, 1, 101)
    rows = np.array([binom.pmf(k, 3, p) for k in range(4)])
    seen = np.bincount(x.astype(int)) / len(x)
    values = []
    for _ in range(50):
        law = linprog(rng.normal(size=101), A_eq=rows, b_eq=seen, method="highs").x
        counts = np.stack([law * p, law * (1 - p)])
        call = {"dissimilarity": indices.dissimilarity, "atkinson": indices.atkinson}.get(index)
        values.append(call(*counts) if call else indices.information_theory(counts.T))
    assert low - 1e-6 <= min(values) < max(values) <= high + 1e-6
    assert max(values) - min(values) > 0.3 * (high - low)


def test_cells_weigh_by_their_residents():
    """Cells of 1 all at p = P leave all open, cells of 9 at 0 and 1 nothing."""
    x = np.concatenate([np.repeat([0, 1], 90), np.repeat([0, 9], 30)])
    t = np.concatenate([np.ones(180), np.full(60, 9)])
    low, high, _ = identified_bounds("dissimilarity", x, t)
    assert (low, high) == pytest.approx((540 / 720, 1), abs=1e-4)


def test_strata_share_their_moments():
    rng = np.random.default_rng(8)
    p = np.where(rng.random(40_000) < 0.7, 0.05, 0.6)
    t = rng.integers(1, 7, 40_000)
    x = rng.binomial(t, p)
    apart, together = (identified_bounds("dissimilarity", x, t, strata=one) for one in (None, np.zeros(40_000)))
    assert together.upper - together.lower < (apart.upper - apart.lower) / 3
    truth = dissimilarity_of(np.repeat([0.05, 0.6], [7, 3]))
    assert together.lower - 0.01 <= truth <= together.upper + 0.01
    assert apart.lower <= truth <= apart.upper


def test_the_share_that_laws_of_strata_give_is_one_they_may_hold():
    """With two moments D is least on 0, P and 1, where it is the correlation ratio, whatever P the laws have."""
    x, t = np.repeat([0, 1, 0, 1, 2], [60, 40, 30, 50, 120]), np.repeat([1, 2], [100, 200])
    low = identified_bounds("dissimilarity", x, t, strata=np.zeros(300)).lower
    spread = identified_bounds("correlation_ratio", x, t, strata=np.zeros(300))
    assert low == pytest.approx(spread.lower, abs=1e-7)
    assert spread.lower == pytest.approx(spread.upper, abs=1e-6)


def test_order_and_empty_cells_do_not_matter():
    rng = np.random.default_rng(1)
    t = rng.integers(1, 5, 500)
    x = rng.binomial(t, rng.beta(1, 3, 500))
    want = identified_bounds("hutchens", x, t)
    order = rng.permutation(500)
    assert identified_bounds("hutchens", x[order], t[order]) == want
    assert identified_bounds("hutchens", np.append(x, [0, 0]), np.append(t, [0, 0])) == want
    assert identified_bounds(indices.hutchens, x, t, points=400)[:2] == pytest.approx(want[:2], abs=1e-3)


@pytest.mark.parametrize(("x", "t"), [([0, 0], [2, 3]), ([2, 3], [2, 3]), ([0, 0], [0, 0])])
def test_where_the_index_is_undefined(x, t):
    assert np.isnan(identified_bounds("dissimilarity", x, t)[:2]).all()
    assert np.isnan(identified_bounds("information_theory", x, t)[:2]).all()


def test_values_stay_within_their_range():
    """In strata of several t the mean of the law is not X/T: with that as P, values went beyond 0 and 1."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        t = rng.integers(1, 9, 200)
        for x in (np.where(rng.random(200) < 0.3, t, 0), rng.binomial(t, 0.4)):
            low, high, _ = identified_bounds("dissimilarity", x, t, strata=np.digitize(t, [4]))
            assert -1e-6 <= low <= high <= 1 + 1e-6


def test_a_programme_that_one_method_gives_up_is_left_to_another(monkeypatch):
    methods = []

    def failing(*given, method, **named):
        methods.append(method)
        return linprog(*given, method=method, **named) if method != "highs" else OptimizeResult(x=None, message="no")

    want = identified_bounds("dissimilarity", *of_pairs(50, 20, 30))
    monkeypatch.setattr("segindex.inference.identified.linprog", failing)
    assert identified_bounds("dissimilarity", *of_pairs(50, 20, 30)) == pytest.approx(want, abs=1e-6)
    assert methods == ["highs", "highs-ipm"] * 2


@pytest.mark.parametrize("size", [30, 120])
def test_larger_cells_are_no_trouble(size):
    rng = np.random.default_rng(4)
    p = rng.beta(2, 6, 2000)
    t = np.full(2000, size)
    low, high, gap = identified_bounds("dissimilarity", rng.binomial(t, p), t)
    assert low <= high <= low + 0.01
    assert low == pytest.approx(dissimilarity_of(p), abs=0.03)
    assert gap <= 1e-8


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"index": "gini"}, BadSettings, "no bounds for 'gini'; there are some for dissimilarity"),
        ({"b": 0.5}, BadSettings, "b is not allowed here: dissimilarity takes no option"),
        ({"index": "atkinson", "b": 0}, BadSettings, "b is 0; allowed"),
        ({"x": [0, 1.5, 2]}, BadData, "x or t holds parts of persons"),
        ({"x": [0, 1, 3]}, BadData, "x exceeds t in 1 place"),
        ({"x": [[0, 1, 2]]}, BadData, "allowed is one city and year"),
        ({"strata": [1, 2]}, BadData, r"strata has shape \(2,\)"),
        ({"strata": [1, np.nan, 2]}, BadData, "strata has shape"),
        ({"moments": 0}, BadSettings, "moments is 0; allowed is a whole number of 1 or more"),
        ({"moments": 2.5}, BadSettings, "moments is 2.5; allowed"),
        ({"points": 9}, BadSettings, "points is 9; allowed is a whole number of 10 or more"),
    ],
)
def test_bad_input(change, error, message):
    given = {"index": "dissimilarity", "x": [0, 1, 2], "t": [2, 2, 2]} | change
    with pytest.raises(error, match=message):
        identified_bounds(**given)
