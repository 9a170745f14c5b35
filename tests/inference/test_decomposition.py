"""Why an index changed: laws, values by hand, and years whose change is known."""

import numpy as np
import pytest

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import decompose_change, decomposition
from segindex.inference.decomposition import change_parts
from segindex.inference.drawing import draw_groups

INDICES = ["mutual_information", "information_theory", "multigroup_dissimilarity"]
every_index = pytest.mark.parametrize("index", INDICES)
both_methods = pytest.mark.parametrize("method", ["shapley", "karmel_maclachlan"])
TERMS = ("group_marginal", "unit_marginal", "structural", "additions", "removals", "interaction")


def years(seed=0, n_cells=60, n_groups=3, mean=25):
    """Two years of a town; some cells are empty in one of them."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.arange(1, n_groups + 1), n_cells)
    first = rng.multinomial(rng.poisson(mean, n_cells) + 1, p)
    second = rng.multinomial(rng.poisson(1.2 * mean, n_cells) + 1, rng.permutation(p) * 0.3 + p * 0.7)
    first[:4] = 0
    second[4:7] = 0
    return first.astype(float), second.astype(float)


def summed(parts):
    return sum(getattr(parts, term) for term in TERMS)


@both_methods
@every_index
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_terms_sum_to_the_change(index, method, seed):
    first, second = years(seed)
    parts = decompose_change(first, second, index=index, method=method)
    value = getattr(indices, index)
    assert parts.first == pytest.approx(float(value(first)), abs=1e-13)
    assert parts.second == pytest.approx(float(value(second)), abs=1e-13)
    assert summed(parts) == pytest.approx(parts.second - parts.first, abs=1e-12)
    assert parts.per_cell.sum() == pytest.approx(parts.structural, abs=1e-13)
    assert not parts.per_cell[:7].any()


@pytest.mark.parametrize("index", INDICES[:2])
def test_net_terms_sum_to_the_net_change(index):
    first, second = years(3)
    parts = decompose_change(first, second, index=index, net=True)
    assert summed(parts) == pytest.approx(parts.second - parts.first, abs=1e-12)
    assert parts.per_cell.sum() == pytest.approx(parts.structural, abs=1e-13)
    assert parts.first < decompose_change(first, second, index=index).first - 0.01


@every_index
def test_exchanging_the_years_changes_the_signs(index):
    there, back = (decompose_change(*both, index=index) for both in (years(1), years(1)[::-1]))
    for term, opposite in zip(TERMS, ("group_marginal", "unit_marginal", "structural", "removals", "additions")):
        assert getattr(there, term) == pytest.approx(-getattr(back, opposite), abs=1e-12)
    np.testing.assert_allclose(there.per_cell, -back.per_cell, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("index", "method", "net"),
    [
        *((index, method, False) for index in INDICES for method in ("shapley", "karmel_maclachlan")),
        *((index, "shapley", True) for index in INDICES[:2]),
    ],
)
def test_order_of_cells_and_groups_does_not_matter(index, method, net):
    first, second = years(2)
    order, groups = np.random.default_rng(1).permutation(len(first)), [2, 0, 1]
    parts = decompose_change(first, second, index=index, method=method, net=net)
    shuffled = decompose_change(first[order][:, groups], second[order][:, groups], index=index, method=method, net=net)
    np.testing.assert_allclose([summed(parts), *parts[:6]], [summed(shuffled), *shuffled[:6]], rtol=0, atol=1e-12)
    np.testing.assert_allclose(parts.per_cell[order], shuffled.per_cell, rtol=0, atol=1e-12)


@both_methods
@every_index
def test_a_group_that_doubles_alike_changes_no_structure(index, method):
    first, _ = years()
    parts = decompose_change(first, first * [2, 1, 1], index=index, method=method)
    assert parts.structural == pytest.approx(0, abs=1e-12)
    assert parts.additions == parts.removals == pytest.approx(0, abs=1e-12)
    assert abs(parts.group_marginal) > 1e-3


@both_methods
@every_index
def test_cells_that_grow_as_they_are_change_no_structure(index, method):
    first, _ = years()
    growth = np.random.default_rng(1).integers(1, 5, len(first))[:, np.newaxis]
    parts = decompose_change(first, first * growth, index=index, method=method)
    np.testing.assert_allclose(parts.per_cell, 0, rtol=0, atol=1e-12)
    assert abs(parts.unit_marginal) > 1e-3


@every_index
def test_growth_of_all_alike_changes_nothing(index):
    first, _ = years()
    np.testing.assert_allclose(decompose_change(first, 3 * first, index=index)[:6], 0, rtol=0, atol=1e-13)


@every_index
def test_other_odds_at_the_same_margins_are_structure_alone(index):
    first = np.array([[30.0, 10, 10], [10, 30, 10], [10, 10, 30]])
    second = np.array([[20.0, 15, 15], [15, 20, 15], [15, 15, 20]])
    parts = decompose_change(first, second, index=index)
    assert parts.structural == pytest.approx(parts.second - parts.first, abs=1e-12)
    np.testing.assert_allclose(parts.per_cell, parts.structural / 3, rtol=1e-10)


@both_methods
def test_a_new_cell_is_an_addition(method):
    first = np.array([[30.0, 10], [10, 30], [0, 0]])
    second = np.array([[30.0, 10], [10, 30], [20, 0]])
    parts = decompose_change(first, second, method=method)
    assert parts.additions == pytest.approx(parts.second - parts.first, abs=1e-12)
    assert parts.removals == pytest.approx(0, abs=1e-15)
    assert decompose_change(second, first, method=method).removals == pytest.approx(-parts.additions, abs=1e-12)


def test_a_new_group_is_an_addition():
    first = np.array([[30.0, 10, 0], [10, 30, 0]])
    second = np.array([[30.0, 10, 20], [10, 30, 0]])
    parts = decompose_change(first, second)
    assert parts.additions == pytest.approx(parts.second - parts.first, abs=1e-12)


def test_what_only_a_newcomer_shares_is_dropped_with_it():
    """Group 2 lives in both years, but in no cell that does: it, and then cell 2, leave the common table."""
    first = np.array([[30.0, 10, 0], [10, 30, 0], [0, 0, 5], [0, 0, 0], [0, 0, 3]])
    second = np.array([[30.0, 10, 0], [10, 20, 0], [0, 0, 0], [0, 0, 7], [5, 0, 0]])
    parts = decompose_change(first, second)
    alone = decompose_change(first[:2, :2], second[:2, :2])
    assert parts.structural == pytest.approx(alone.structural, abs=1e-13)
    assert parts.per_cell.nonzero()[0].tolist() == [0, 1]
    assert summed(parts) == pytest.approx(parts.second - parts.first, abs=1e-12)


def test_hidden_cells_leave_both_years_and_are_reported():
    first, second = years()
    hidden = np.zeros((2, len(first)), dtype=bool)
    hidden[0, [10, 11]] = hidden[1, [11, 12]] = True
    parts = decompose_change(first, second, hidden=hidden)
    out = [10, 11, 12]
    assert parts.left_out.tolist() == [first[out].sum(), second[out].sum()]
    kept = np.delete(np.arange(len(first)), out)
    bare = decompose_change(first[kept], second[kept])
    np.testing.assert_allclose(parts[:6], bare[:6], rtol=0, atol=1e-14)
    assert not parts.per_cell[out].any()
    np.testing.assert_array_equal(decompose_change(first, second, hidden=hidden.any(axis=0)).per_cell, parts.per_cell)


def test_two_groups_by_hand():
    """Cells of two, margins even in both years: odds 9 and 1, then 4: the change of D is from .5 to 1/3."""
    first, second = np.array([[3.0, 1], [1, 3]]), np.array([[2.0, 1], [1, 2]])
    parts = decompose_change(first, second, index=indices.dissimilarity)
    assert (parts.first, parts.second) == pytest.approx((0.5, 1 / 3))
    assert parts.structural == pytest.approx(-1 / 6, abs=1e-12)
    np.testing.assert_allclose(parts.per_cell, -1 / 12, rtol=1e-10)
    assert decompose_change(first, second, index="multigroup_dissimilarity").structural == pytest.approx(-1 / 6)


def test_karmel_and_maclachlan_by_hand():
    """Groups alone: the second's column doubled, rows left to follow."""
    first, second = np.array([[30.0, 10], [10, 30]]), np.array([[30.0, 20], [10, 60]])
    parts = decompose_change(first, second, method="karmel_maclachlan")
    assert parts.group_marginal == pytest.approx(parts.second - parts.first, abs=1e-12)
    assert parts.unit_marginal == pytest.approx(-parts.interaction, abs=1e-12)
    even = np.array([[0.75, 0.25], [0.25, 0.75]]) * [[50], [70]]
    assert parts.unit_marginal == pytest.approx(float(indices.mutual_information(even)) - parts.first, abs=1e-12)


@pytest.mark.parametrize("index", INDICES[:2])
def test_cells_that_only_grow_lose_noise_and_net_terms_do_not_tell_of_it(index):
    """The same probabilities in cells of 10 and then 20 persons: the noise is structure's, and net of it nothing is."""
    rng = np.random.default_rng(4)
    p = rng.beta(2, 6, 4000)
    first, second = (np.stack([x := rng.binomial(t, p), t - x], axis=-1) for t in (10, 20))
    raw, net = (decompose_change(first, second, index=index, net=net) for net in (False, True))
    assert raw.structural < -0.025
    assert abs(net.structural) < 0.003
    assert abs(net.unit_marginal) < 1e-12


def test_intervals_are_seeded_and_about_the_term():
    first, second = years()
    one, same, other = (
        decompose_change(first, second, rng=np.random.default_rng(seed), draws=20) for seed in (1, 1, 2)
    )
    assert one.low == same.low and one.high == same.high and one.low != other.low
    assert one.n_draws == 20
    assert one[:6] == decompose_change(first, second)[:6]
    for low, term, high in zip(one.low, one[:5], one.high):
        assert low < term < high
    narrow = decompose_change(first, second, rng=np.random.default_rng(1), draws=20, level=0.5)
    assert narrow.high.structural - narrow.low.structural < one.high.structural - one.low.structural
    net = decompose_change(first, second, net=True, rng=np.random.default_rng(1), draws=20)
    assert net.high.structural - net.structural == pytest.approx(one.high.structural - one.structural)


def test_two_draws_lie_evenly_about_the_term():
    parts = decompose_change(*years(), rng=np.random.default_rng(1), draws=2)
    assert parts.structural - parts.low.structural == pytest.approx(parts.high.structural - parts.structural)


def test_residents_are_drawn_from_their_own_cells_and_year(monkeypatch):
    """A generator that draws just what is expected gives the years as they are, and no interval."""
    drawn = []

    class Still(np.random.Generator):
        def binomial(self, n, p):
            return np.rint(n * p)

    def kept(*given):
        drawn.append(draw_groups(*given))
        return drawn[-1]

    monkeypatch.setattr(decomposition, "draw_groups", kept)
    parts = decompose_change(*years(), rng=Still(np.random.PCG64(1)), draws=2)
    np.testing.assert_array_equal(drawn, [years()] * 2)
    np.testing.assert_allclose(parts.low, parts.high, rtol=0, atol=1e-14)


@pytest.mark.parametrize("index", ["mutual_information", "information_theory"])
def test_persons_who_move_in_pairs_are_worth_half_as_many(index):
    """Every person doubled, in pairs: the intervals and the net terms of the persons that there were before."""
    first, second = (np.stack([one[:, 0], one[:, 1:].sum(axis=1)], axis=-1) for one in years())
    asked = {"index": index, "net": True, "draws": 150}
    alone = decompose_change(first, second, **asked, rng=np.random.default_rng(1))
    pairs = decompose_change(2 * first, 2 * second, **asked, rng=np.random.default_rng(1), cluster_size=2)
    single = decompose_change(2 * first, 2 * second, **asked, rng=np.random.default_rng(1))
    np.testing.assert_allclose(pairs[:6], alone[:6], rtol=0, atol=1e-12)
    assert abs(single.first - alone.first) > 0.005
    width, in_pairs, taken_alone = (one.high.structural - one.low.structural for one in (alone, pairs, single))
    assert in_pairs == pytest.approx(width, rel=0.2) and taken_alone < 0.85 * width


def test_several_indices_share_their_draws():
    first, second = years()
    wanted = [("mutual_information", False), ("information_theory", True), ("multigroup_dissimilarity", False)]
    together = change_parts(first, second, wanted, "shapley", None, np.random.default_rng(1), 20, 0.95, 1.0)
    for (index, net), parts in zip(wanted, together):
        alone = decompose_change(first, second, index=index, net=net, rng=np.random.default_rng(1), draws=20)
        np.testing.assert_array_equal(parts[:6], alone[:6])
        np.testing.assert_array_equal([parts.low, parts.high], [alone.low, alone.high])


def test_intervals_hold_the_truth():
    """Net structural terms of 30 towns whose probabilities stay: in 26 or more the interval of 95 % holds 0."""
    held = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        p, t = rng.beta(2, 6, 100), rng.poisson([[12], [24]], (2, 100)) + 4
        first, second = (np.stack([x := rng.binomial(n, p), n - x], axis=-1) for n in t)
        parts = decompose_change(first, second, net=True, rng=rng, draws=40)
        held += parts.low.structural <= 0 <= parts.high.structural
    assert held >= 26


def test_draws_that_cannot_be_fitted_are_left_out():
    """Pure cells but for one: where the draws make it pure too, the margins fit no more."""
    first, second = np.array([[5, 0], [0, 5], [1, 1]]), np.array([[6, 0], [0, 4], [2, 2]])
    parts = decompose_change(first, second, rng=np.random.default_rng(0), draws=50)
    assert 0 < parts.n_draws < 50
    pure = np.array([[5, 0], [0, 5]])
    assert decompose_change(pure, pure, rng=np.random.default_rng(0), draws=5).n_draws == 5


def test_a_table_without_room_names_its_cells():
    first, second = np.array([[0, 0], [0, 5], [5, 0], [2, 0]]), np.array([[0, 0], [3, 3], [4, 5], [5, 1]])
    with pytest.raises(BadData, match=r"first cannot be fitted.*groups 0 alone .* first cells 2, 3"):
        decompose_change(first, second)
    with pytest.raises(BadData, match=r"second cannot be fitted"):
        decompose_change(second, first)


def test_undefined_where_one_group_is_common():
    parts = decompose_change([[5, 0], [5, 5]], [[5, 3], [0, 0]])
    assert np.isnan([*parts[:3], parts.additions, parts.removals]).all()
    assert parts.first == pytest.approx(float(indices.mutual_information([[5, 0], [5, 5]])))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"index": "gini"}, "'gini' is not decomposed", id="index"),
        pytest.param({"index": "dissimilarity"}, "of two groups, not of 3", id="D of three"),
        pytest.param({"method": "km"}, "'km' is unknown", id="method"),
        pytest.param({"net": True, "method": "karmel_maclachlan"}, "no net terms", id="net of the other method"),
        pytest.param({"net": True, "index": "multigroup_dissimilarity"}, "no net terms", id="net D"),
        pytest.param({"rng": 1}, "numpy Generator", id="a seed for a generator"),
        pytest.param({"draws": 1, "rng": np.random.default_rng(1)}, "draws is 1", id="one draw"),
        pytest.param({"level": 95, "rng": np.random.default_rng(1)}, "level is 95", id="level in per cent"),
    ],
)
def test_settings_that_are_refused(change, message):
    with pytest.raises(BadSettings, match=message):
        decompose_change(*years(), **change)


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        pytest.param([[1, -1]], [[1, 1]], {}, "first holds -1", id="negative"),
        pytest.param([[1, 1]], [[1, np.nan]], {}, "second holds nan", id="missing"),
        pytest.param([[1, 1]], [[1, 1], [2, 2]], {}, "cell axes differ", id="other cells"),
        pytest.param([[1, 1]], [[1, 1, 1]], {}, "one shape", id="other groups"),
        pytest.param([[[1, 1]]], [[[1, 1]]], {}, "one shape", id="more axes"),
        pytest.param([[1, 1], [0, 0]], [[0, 0], [1, 1]], {}, "no cell is inhabited in both", id="nothing in common"),
        pytest.param([[1, 1]], [[1, 1]], {"hidden": [True, False]}, "hidden has shape", id="mask of another shape"),
        pytest.param([[1, 1]], [[1, 1]], {"hidden": [0]}, "holds int64", id="positions for a mask"),
        pytest.param([[1, 0.5]], [[1, 1]], {"net": True}, "whole counts", id="parts of persons, net"),
        pytest.param(
            [[1, 0.5]], [[1, 1]], {"rng": np.random.default_rng(1)}, "whole counts", id="parts of persons, drawn"
        ),
    ],
)
def test_data_that_are_refused(first, second, options, message):
    with pytest.raises(BadData, match=message):
        decompose_change(first, second, **options)


def test_an_unknown_keyword_is_an_error_and_inputs_stay():
    first, second = years()
    before = first.copy(), second.copy()
    decompose_change(first, second, hidden=np.arange(len(first)) == 9)
    np.testing.assert_array_equal([first, second], before)
    with pytest.raises(TypeError):
        decompose_change(first, second, hiden=None)
