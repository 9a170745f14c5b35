"""Laws, each written once and run for every index of the registry that keeps it."""

import inspect

import numpy as np
import pytest
from made_city import LAND, N_CELLS, WEIGHTS, XY, call, changed, city, given_to, split
from scipy import sparse

from segindex.errors import BadData
from segindex.neighbourhood import kernel
from segindex.registry import INDICES, LAWS

VALUES = [index for index in INDICES if index.gives != "table"]
every_index = pytest.mark.parametrize("index", VALUES, ids=lambda index: index.key)
every_entry = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.key)
spatial = pytest.mark.parametrize("index", [index for index in VALUES if index.spatial], ids=lambda index: index.key)


def there(index, values):
    """The values of the cells that have one, and of a city as they are."""
    return values[~np.isnan(values)] if index.local else values


def kept(law):
    """All indices that keep a law."""
    return pytest.mark.parametrize("index", [one for one in VALUES if law in one.laws], ids=lambda one: one.key)


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
    before, after = call(index, whole), call(index, split(whole, 5, 1 / 4))
    if index.local:
        before = np.append(before, before[5])
    np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-14)


@kept("swapping")
def test_the_groups_may_change_places(index):
    persons = city(1)
    swapped = persons | {"x": persons["y"], "y": persons["x"]}
    np.testing.assert_allclose(call(index, swapped), call(index, persons), rtol=1e-12)


@kept("scaling")
def test_a_group_may_be_multiplied(index):
    persons = city(1)
    larger = persons | {"x": persons["x"] * 7}
    np.testing.assert_allclose(call(index, larger), call(index, persons), rtol=1e-12)


@kept("even_is_zero")
def test_groups_spread_alike_give_zero(index):
    t = city(1)["x"] + city(1)["y"]
    value = call(index, LAND | {"x": t / 4, "y": t * 3 / 4})
    assert there(index, value) == pytest.approx(0, abs=1e-12)


@kept("apart_is_one")
def test_groups_that_share_no_cell_give_one(index):
    t = city(1)["x"] + city(1)["y"]
    at = np.arange(N_CELLS)
    left = at % 3 == 0
    apart = LAND | {"x": t * left, "y": t * ~left, "classes": np.eye(3)[at // 3 % 3]}
    assert there(index, call(index, apart)) == pytest.approx(1, abs=1e-12)


CHANGES = {
    "scaling": ({"x": [10, 30, 5], "y": [40, 20, 5]}, {"x": [30, 90, 15], "y": [40, 20, 5]}),
    "swapping": ({"x": [10, 30, 5], "y": [40, 20, 0]}, {"x": [40, 20, 0], "y": [10, 30, 5]}),
}


@pytest.mark.parametrize(
    ("index", "law"),
    [pytest.param(index, law, id=f"{index.key}-{law}") for index in VALUES for law in CHANGES if law not in index.laws],
)
def test_exemptions_are_true(index, law):
    row = {"weights": sparse.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]), "area": np.array([3.0, 1, 2]), "xy": XY[:3]}
    before, after = ({name: np.array(x, float) for name, x in one.items()} for one in CHANGES[law])
    assert not np.allclose(call(index, before | row), call(index, after | row), rtol=1e-6, atol=0)


@every_index
def test_years_are_computed_at_once(index):
    one, two = city(1), city(2)
    both = LAND | {name: np.stack([one[name], two[name]]) for name in "xy"}
    np.testing.assert_allclose(call(index, both), [call(index, one), call(index, two)], rtol=1e-12, atol=1e-14)


@every_index
def test_leading_axes_are_free(index):
    persons = {name: np.stack([city(seed)[name] for seed in range(6)]) for name in "xy"}
    flat = call(index, LAND | persons)
    deep = call(index, LAND | {name: value.reshape(2, 3, -1) for name, value in persons.items()})
    assert deep.shape[:2] == (2, 3)
    np.testing.assert_allclose(deep.reshape(flat.shape), flat, rtol=1e-12)


NO_NUMBERS = ("weights", "nearby", "surroundings", "districts", "levels")


def bad_values(index):
    """Inputs of an index with one bad number, each with what is bad about it; NaN in a share means empty."""
    for name in index.inputs:
        if name not in NO_NUMBERS:
            for bad in (-1, np.inf, -np.inf) + (() if name == "share" else (np.nan,)):
                yield name, bad


@pytest.mark.parametrize(
    ("index", "name", "bad"),
    [pytest.param(index, *case, id=f"{index.key}-{case}") for index in INDICES for case in bad_values(index)],
)
def test_missing_negative_and_infinite_are_refused(index, name, bad):
    given = given_to(city(3))
    given[name] = np.array(given[name])
    given[name].flat[4] = bad
    with pytest.raises(BadData, match=name):
        index.function(**{key: given[key] for key in index.inputs})


@every_index
def test_no_cells_are_refused(index):
    with pytest.raises(BadData):
        empty = np.zeros((0, 2))
        given = dict.fromkeys(("x", "y", "t", "share", "area", "distance"), empty[:, 0])
        given |= {"counts": empty, "xy": empty, "weights": sparse.csr_array((0, 0)), "nearby": lambda counts: counts}
        given["surroundings"] = [given["nearby"]]
        index.function(**{key: given[key] for key in index.inputs})


@pytest.mark.parametrize(
    ("index", "name"),
    [
        pytest.param(index, name, id=f"{index.key}-{name}")
        for index in INDICES
        for name in index.inputs
        if len(index.inputs) > 1 and name not in ("nearby", "surroundings")
    ],
)
def test_cell_axes_that_differ_are_refused(index, name):
    given = given_to(city(1))
    given[name] = given[name][:-1]
    with pytest.raises(BadData):
        index.function(**{key: given[key] for key in index.inputs})


@every_index
def test_the_input_is_not_changed(index):
    persons = city(1)
    for name in "xy":
        persons[name].flags.writeable = False
    weights = WEIGHTS.copy()
    area = persons["area"].copy()
    area.flags.writeable = False
    call(index, persons | {"weights": weights, "area": area})
    assert (weights != WEIGHTS).nnz == 0


@every_entry
def test_a_misspelt_keyword_is_an_error(index):
    with pytest.raises(TypeError, match="nearbye"):
        call(index, city(1), nearbye=None)


@every_entry
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


@pytest.mark.parametrize("index", [one for one in VALUES if "nearby" in one.inputs], ids=lambda one: one.key)
def test_shifting_and_turning_does_not_matter_where_distance_decides(index):
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    for xy in (XY + [1234.5, -777.25], XY[:, ::-1] * [-1, 1], XY @ turn):
        np.testing.assert_allclose(call(index, city(1) | {"xy": xy}), call(index, city(1)), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("index", [one for one in VALUES if one.margin_only], ids=lambda one: one.key)
def test_margins_do_not_know_where_anybody_lives(index):
    persons = city(1)
    mixed = persons | {name: np.roll(persons[name], step) for name, step in (("x", 3), ("y", 8))}
    np.testing.assert_allclose(call(index, mixed), call(index, persons), rtol=1e-12)


@pytest.mark.parametrize(
    "index", [one for one in VALUES if one.spatial and "even_is_zero" in one.laws], ids=lambda one: one.key
)
def test_wide_surroundings_leave_no_segregation(index):
    everywhere = call(index, city(1), nearby=kernel(XY, "uniform", 10_000))
    assert there(index, everywhere) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_resident_who_leaves_a_crowded_cell_never_raises_unevenness(seed):
    persons = city(seed)
    t = persons["x"] + persons["y"]
    share = np.divide(persons["x"], t, out=np.zeros(N_CELLS), where=t > 0)
    ok = (persons["x"] > 1) & (t > 1)
    source, target = np.argmax(np.where(ok, share, -1)), np.argmin(np.where((persons["y"] > 1) & (t > 1), share, 2))
    moved = LAND | {name: persons[name].copy() for name in "xy"}
    for name, step in (("x", 1), ("y", -1)):
        moved[name][source] -= step
        moved[name][target] += step
    for index in VALUES:
        even = index.dimension == "evenness" and index.key != "concentration_profile"
        if even or index.key == "correlation_ratio":
            assert call(index, moved) <= call(index, persons) + 1e-12, index.key
