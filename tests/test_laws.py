"""Laws, each written once and run for every index of the registry that keeps it."""

import inspect

import numpy as np
import pytest
from scipy import sparse

from segindex.errors import BadData
from segindex.neighbourhood import contiguity, kernel
from segindex.registry import INDICES, LAWS

N_CELLS = 36
XY = np.argwhere(np.ones((6, 6))) * 250.0 + [380125.0, 6670125.0]
WEIGHTS = contiguity(XY, "queen")

every_index = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.key)
spatial = pytest.mark.parametrize("index", [index for index in INDICES if index.spatial], ids=lambda index: index.key)


def kept(law):
    """All indices that keep a law."""
    return pytest.mark.parametrize("index", [one for one in INDICES if law in one.laws], ids=lambda one: one.key)


def city(seed):
    """Persons of two groups in a city with some empty cells and some of one group only."""
    rng = np.random.default_rng(seed)
    t = rng.integers(1, 60, N_CELLS)
    x = rng.binomial(t, rng.beta(0.5, 1.5, N_CELLS))
    t[[0, 7]], x[[0, 7]] = 0, 0
    x[1], x[2] = 0, t[2]
    return {"x": x.astype(float), "y": (t - x).astype(float), "weights": WEIGHTS}


def call(index, persons, **options):
    """An index of two groups, whatever it wants to be given."""
    x, y, t = persons["x"], persons["y"], persons["x"] + persons["y"]
    given = {"x": x, "y": y, "t": t, "counts": np.stack([x, y], axis=-1), "weights": persons["weights"]}
    given["share"] = np.divide(x, t, out=np.full(np.shape(t), np.nan), where=t > 0)
    return index.function(**{name: given[name] for name in index.inputs}, **options)


def changed(persons, order, weights=None):
    weights = persons["weights"][order][:, order] if weights is None else weights
    return {"x": persons["x"][..., order], "y": persons["y"][..., order], "weights": weights}


def test_laws_are_used_and_exemptions_have_reasons():
    for law in LAWS:
        assert any(law in index.laws for index in INDICES), law
    for index in INDICES:
        assert all(reason for reason in index.exempt.values()), index.key


@kept("bounds")
@pytest.mark.parametrize("seed", range(5))
def test_values_lie_within_the_bounds(index, seed):
    value = call(index, city(seed))
    low, high = index.bounds
    assert ((value >= low - 1e-12) & (value <= high + 1e-12) | (np.isnan(value) if index.local else False)).all()


@every_index
def test_the_order_of_cells_does_not_matter(index):
    order = np.random.default_rng(0).permutation(N_CELLS)
    before, after = call(index, city(1)), call(index, changed(city(1), order))
    np.testing.assert_allclose(after, before[order] if index.local else before, rtol=1e-12, atol=1e-12)


@kept("empty_cells")
def test_empty_cells_do_not_matter(index):
    persons = city(1)
    inhabited = np.flatnonzero(persons["x"] + persons["y"])
    before, after = call(index, persons), call(index, changed(persons, inhabited))
    np.testing.assert_allclose(after, before[inhabited] if index.local else before, rtol=1e-12)


@kept("splitting")
def test_splitting_a_cell_does_not_matter(index):
    whole = city(1)
    parts = {name: np.append(whole[name], whole[name][5] / 4) for name in "xy"} | {"weights": None}
    for name in "xy":
        parts[name][5] *= 3 / 4
    np.testing.assert_allclose(call(index, parts), call(index, whole), rtol=1e-12)


@kept("swapping")
def test_the_groups_may_change_places(index):
    persons = city(1)
    swapped = {"x": persons["y"], "y": persons["x"], "weights": persons["weights"]}
    np.testing.assert_allclose(call(index, swapped), call(index, persons), rtol=1e-12)


@kept("scaling")
def test_a_group_may_be_multiplied(index):
    persons = city(1)
    larger = persons | {"x": persons["x"] * 7}
    np.testing.assert_allclose(call(index, larger), call(index, persons), rtol=1e-12)


@kept("even_is_zero")
def test_groups_spread_alike_give_zero(index):
    t = city(1)["x"] + city(1)["y"]
    assert call(index, {"x": t / 4, "y": t * 3 / 4, "weights": WEIGHTS}) == pytest.approx(0, abs=1e-12)


@kept("apart_is_one")
def test_groups_that_share_no_cell_give_one(index):
    t = city(1)["x"] + city(1)["y"]
    left = np.arange(N_CELLS) % 3 == 0
    assert call(index, {"x": t * left, "y": t * ~left, "weights": WEIGHTS}) == pytest.approx(1, abs=1e-12)


CHANGES = {
    "scaling": ({"x": [10, 30, 5], "y": [40, 20, 5]}, {"x": [30, 90, 15], "y": [40, 20, 5]}),
    "swapping": ({"x": [10, 30, 5], "y": [40, 20, 0]}, {"x": [40, 20, 0], "y": [10, 30, 5]}),
}


@pytest.mark.parametrize(
    ("index", "law"),
    [
        pytest.param(index, law, id=f"{index.key}-{law}")
        for index in INDICES
        for law in CHANGES
        if law not in index.laws
    ],
)
def test_exemptions_are_true(index, law):
    row = {"weights": sparse.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])}
    before, after = ({name: np.array(x, float) for name, x in one.items()} for one in CHANGES[law])
    assert not np.allclose(call(index, before | row), call(index, after | row), rtol=1e-6, atol=0)


@every_index
def test_years_are_computed_at_once(index):
    one, two = city(1), city(2)
    both = {name: np.stack([one[name], two[name]]) for name in "xy"} | {"weights": WEIGHTS}
    np.testing.assert_allclose(call(index, both), [call(index, one), call(index, two)], rtol=1e-12, atol=1e-14)


@every_index
def test_leading_axes_are_free(index):
    persons = {name: np.stack([city(seed)[name] for seed in range(6)]) for name in "xy"}
    flat = call(index, persons | {"weights": WEIGHTS})
    deep = call(index, {name: value.reshape(2, 3, -1) for name, value in persons.items()} | {"weights": WEIGHTS})
    assert deep.shape[:2] == (2, 3)
    np.testing.assert_allclose(deep.reshape(flat.shape), flat, rtol=1e-12)


def bad_values(index):
    """Inputs of an index with one bad number, each with what is bad about it; NaN in a share means empty."""
    for name in index.inputs:
        if name != "weights":
            for bad in (-1, np.inf, -np.inf) + (() if name == "share" else (np.nan,)):
                yield name, bad


@pytest.mark.parametrize(
    ("index", "name", "bad"),
    [pytest.param(index, *case, id=f"{index.key}-{case}") for index in INDICES for case in bad_values(index)],
)
def test_missing_negative_and_infinite_are_refused(index, name, bad):
    rng = np.random.default_rng(3)
    x = rng.integers(0, 9, 12).astype(float)
    given = {
        "x": x,
        "y": x,
        "t": 3 * x,
        "counts": np.stack([x, x], -1),
        "share": x / 9,
        "weights": WEIGHTS[:12][:, :12],
    }
    given = {key: np.array(value) if key != "weights" else value for key, value in given.items()}
    given[name].flat[4] = bad
    with pytest.raises(BadData, match=name):
        index.function(**{key: given[key] for key in index.inputs})


@every_index
def test_no_cells_are_refused(index):
    with pytest.raises(BadData):
        empty = np.zeros((0, 2))
        given = {"x": empty[:, 0], "y": empty[:, 0], "t": empty[:, 0], "share": empty[:, 0], "counts": empty}
        index.function(**{key: given.get(key, sparse.csr_array((0, 0))) for key in index.inputs})


@pytest.mark.parametrize("index", [one for one in INDICES if len(one.inputs) > 1], ids=lambda one: one.key)
def test_cell_axes_that_differ_are_refused(index):
    given = {"x": [1, 2], "y": [1, 2], "t": [3, 4], "share": [0.1, 0.2], "weights": WEIGHTS} | {
        index.inputs[-1]: WEIGHTS if index.inputs[-1] == "weights" else [3, 4, 5]
    }
    with pytest.raises(BadData):
        index.function(**{key: given[key] for key in index.inputs})


@every_index
def test_the_input_is_not_changed(index):
    persons = city(1)
    for name in "xy":
        persons[name].flags.writeable = False
    weights = WEIGHTS.copy()
    call(index, persons | {"weights": weights})
    assert (weights != WEIGHTS).nnz == 0


@every_index
def test_a_misspelt_keyword_is_an_error(index):
    with pytest.raises(TypeError, match="nearbye"):
        call(index, city(1), nearbye=None)


@every_index
def test_options_are_given_by_name(index):
    options = set(index.parameters) - set(index.inputs)
    kinds = inspect.signature(index.function).parameters
    assert all(kinds[name].kind is inspect.Parameter.KEYWORD_ONLY for name in options)


@spatial
def test_surroundings_of_the_own_cell_alone_change_nothing(index):
    near = kernel(XY, "uniform", 100)
    np.testing.assert_allclose(call(index, city(1), nearby=near), call(index, city(1)), rtol=1e-10)


@spatial
def test_shifting_and_turning_the_city_does_not_matter(index):
    value = call(index, city(1), nearby=kernel(XY, "biweight", 700))
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    for xy in (XY + [1234.5, -777.25], XY[:, ::-1] * [-1, 1], XY @ turn):
        other = call(index, city(1), nearby=kernel(xy, "biweight", 700))
        np.testing.assert_allclose(other, value, rtol=1e-10)


@pytest.mark.parametrize(
    "index", [one for one in INDICES if one.spatial and "even_is_zero" in one.laws], ids=lambda one: one.key
)
def test_wide_surroundings_leave_no_segregation(index):
    everywhere = call(index, city(1), nearby=kernel(XY, "uniform", 10_000))
    assert everywhere == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_resident_who_leaves_a_crowded_cell_never_raises_unevenness(seed):
    persons = city(seed)
    t = persons["x"] + persons["y"]
    share = np.divide(persons["x"], t, out=np.zeros(N_CELLS), where=t > 0)
    ok = (persons["x"] > 1) & (t > 1)
    source, target = np.argmax(np.where(ok, share, -1)), np.argmin(np.where((persons["y"] > 1) & (t > 1), share, 2))
    moved = {name: persons[name].copy() for name in "xy"} | {"weights": WEIGHTS}
    for name, step in (("x", 1), ("y", -1)):
        moved[name][source] -= step
        moved[name][target] += step
    for index in INDICES:
        if index.dimension == "evenness" or index.key == "correlation_ratio":
            assert call(index, moved) <= call(index, persons) + 1e-12, index.key
