"""Indices by scale: the values are those of the index, and fall where they should."""

import numpy as np
import pytest
from scipy import sparse

from segindex import indices, scales
from segindex.errors import BadData, BadSettings
from segindex.neighbourhood import kernel, nearest
from segindex.scales import macro_micro_ratio, profile

SIDE = 32
XY = np.argwhere(np.ones((SIDE, SIDE))) * 250.0
ROWS, COLUMNS = np.indices((SIDE, SIDE)).reshape(2, -1)
CHECKERBOARD = 10.0 * ((ROWS + COLUMNS) % 2)
BLOCKS = 10.0 * ((ROWS // 16 + COLUMNS // 16) % 2)
RADII = [250, 500, 1000, 2000]


def city(seed=1):
    rng = np.random.default_rng(seed)
    t = rng.poisson(20, SIDE**2) + 1.0
    return rng.binomial(t.astype(int), 0.1 + 0.5 * (COLUMNS > 20)).astype(float), t


@pytest.mark.parametrize("kind", ["biweight", "exponential"])
def test_a_value_is_that_of_the_index_with_that_kernel(kind):
    x, t = city()
    found = profile("isolation", XY, radii_m=RADII, k=[50, 400], kind=kind, x=x, t=t)
    near = [kernel(XY, kind, r) for r in RADII] + [nearest(XY, t, k) for k in (50, 400)]
    np.testing.assert_array_equal(found.values, [indices.isolation(x, t, nearby=one) for one in near])
    np.testing.assert_array_equal(found.scale_m, [*RADII, np.nan, np.nan])
    np.testing.assert_array_equal(found.k, [np.nan] * 4 + [50, 400])


def test_a_function_or_its_key():
    x, t = city()
    by_key = profile("dissimilarity", XY, radii_m=500, x=x, y=t - x)
    np.testing.assert_array_equal(profile(indices.dissimilarity, XY, radii_m=[500], x=x, y=t - x).values, by_key.values)
    assert by_key.values.shape == (1,)


@pytest.mark.parametrize("index", ["dissimilarity", "gini", "information_theory"])
def test_a_checkerboard_fades_at_once_and_blocks_stay(index):
    def by_scale(x):
        given = {"counts": np.stack([x, 10 - x], -1)} if index == "information_theory" else {"x": x, "y": 10 - x}
        return profile(index, XY, radii_m=RADII, **given).values

    checkerboard, blocks = by_scale(CHECKERBOARD), by_scale(BLOCKS)
    assert checkerboard[0] == pytest.approx(1)
    assert (checkerboard[2:] < 0.02).all()
    assert (np.diff(blocks) < 0).all()
    assert blocks[-1] > 0.5
    assert blocks[0] == pytest.approx(1)


def test_macro_over_micro():
    patchwork = macro_micro_ratio("dissimilarity", XY, macro_m=2000, x=CHECKERBOARD, y=10 - CHECKERBOARD)
    blocks = macro_micro_ratio("dissimilarity", XY, macro_m=2000, x=BLOCKS, y=10 - BLOCKS)
    assert patchwork < 0.1
    assert 0.6 < blocks < 1
    wide, narrow = (indices.dissimilarity(BLOCKS, 10 - BLOCKS, nearby=kernel(XY, "biweight", r)) for r in (2000, 500))
    assert blocks == wide / narrow
    even = np.full(SIDE**2, 5.0)
    assert np.isnan(macro_micro_ratio("dissimilarity", XY, macro_m=2000, x=even * 0, y=even))
    default = macro_micro_ratio("dissimilarity", XY, x=BLOCKS, y=10 - BLOCKS)
    assert default == macro_micro_ratio("dissimilarity", XY, macro_m=4000, micro_m=500, x=BLOCKS, y=10 - BLOCKS)
    with pytest.raises(BadSettings, match="macro_m above micro_m"):
        macro_micro_ratio("dissimilarity", XY, macro_m=500, x=BLOCKS, y=10 - BLOCKS)
    with pytest.raises(BadSettings, match="hutchens"):
        macro_micro_ratio("hutchens", XY, x=BLOCKS, y=10 - BLOCKS)


def test_years_have_the_neighbourhoods_of_their_own_residents():
    (x1, t1), (x2, t2) = city(1), city(2)
    x, t = np.stack([x1, x2]), np.stack([t1, t2])
    found = profile("isolation", XY, radii_m=[500], k=[100, 900], x=x, t=t)
    assert found.values.shape == (2, 3)
    for year, (one, everybody) in enumerate([(x1, t1), (x2, t2)]):
        alone = profile("isolation", XY, radii_m=[500], k=[100, 900], x=one, t=everybody)
        np.testing.assert_allclose(found.values[year], alone.values, rtol=1e-12)
    counts = np.stack([x, t - x], axis=-1)
    by_counts = profile("information_theory", XY, k=[100], counts=counts)
    for year in range(2):
        near = nearest(XY, t[year], 100)
        assert by_counts.values[year, 0] == indices.information_theory(counts[year], nearby=near)


def test_one_neighbourhood_may_serve_many_draws():
    x, t = city()
    draws = np.stack([x, np.roll(x, 5), np.roll(x, 9)])
    found = profile("dissimilarity", XY, radii_m=[500], k=[100], t=t + 50, x=draws, y=t + 50 - draws)
    near = nearest(XY, t + 50, 100)
    np.testing.assert_allclose(found.values[:, 1], indices.dissimilarity(draws, t + 50 - draws, nearby=near))


def test_years_of_residents_and_one_year_of_a_group():
    x, t = city()
    years = np.stack([t, np.roll(t, 40)])
    found = profile("dissimilarity", XY, radii_m=[500], k=[100], t=years, x=x, y=t - x)
    assert found.values.shape == (2, 2)
    assert found.values[0, 0] == found.values[1, 0]
    assert found.values[0, 1] != found.values[1, 1]


def test_what_is_not_by_cell_is_the_same_every_year():
    weights = sparse.eye_array(3).tocsr()
    assert scales._in_year("weights", weights, (1,), (2,)) is weights
    assert scales._in_year("b", 0.5, (1,), (2,)) == 0.5
    assert scales._in_year("area", np.arange(3), (1,), (2,)).tolist() == [0, 1, 2]
    assert scales._in_year("x", np.eye(2), (1,), (2,)).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("index", "given", "message"),
    [
        ("dissimilarity", {}, "no scale"),
        ("dissimilarity", {"radii_m": []}, "no scale"),
        ("dissimilarity", {"radii_m": [500], "yy": 1}, "dissimilarity does not know yy; it takes x, y"),
        ("dissimilarity", {"radii_m": [500], "nearby": None}, "does not know nearby"),
        ("dissimilarity", {"radii_m": [500], "kind": "square"}, "known are uniform"),
        ("dissimilarity", {"k": [500], "kind": "uniform"}, "without radii_m"),
        ("dissimilarity", {"radii_m": [-1]}, "bandwidth_m"),
        ("isolation", {"radii_m": [500]}, "isolation does not know y"),
        ("isolation", {"radii_m": [500], "y": None}, "also needs t"),
        ("atkinson", {"radii_m": [500]}, "atkinson takes no surroundings"),
        ("hutchens", {"radii_m": [500]}, "hutchens takes no surroundings"),
        ("gorard", {"radii_m": [500]}, "gorard takes no surroundings"),
        ("disimilarity", {"radii_m": [500]}, "did you mean dissimilarity"),
        (lambda x, y, nearby: 0, {"radii_m": [500]}, "unknown"),
    ],
)
def test_what_a_profile_refuses(index, given, message):
    x, t = city()
    arrays = {name: value for name, value in ({"x": x, "y": t - x} | given).items() if value is not None or name != "y"}
    with pytest.raises(BadSettings, match=message):
        profile(index, XY, **arrays)


def test_another_function_of_the_same_name_is_refused():
    def dissimilarity(x, y, *, nearby=None):
        return 0.0

    x, t = city()
    with pytest.raises(BadSettings, match="not the function of that name"):
        profile(dissimilarity, XY, radii_m=[500], x=x, y=t - x)


def test_k_needs_persons_and_years_that_fit():
    x, t = city()
    with pytest.raises(BadSettings, match="give t"):
        scales._everybody(None, {"x": x})
    with pytest.raises(BadData, match="leading axes"):
        profile("dissimilarity", XY, k=[100], t=np.stack([t, t]), x=np.stack([x, x, x]), y=t - x)


def test_what_is_defined_by_nearness_keeps_its_own_kernel():
    x = np.arange(len(XY)) % 37.0
    found = profile("spatial_proximity", XY, radii_m=[1000], x=x, y=40 - x).values
    near = kernel(XY, "exponential", 1000)
    assert found[0] == pytest.approx(float(indices.spatial_proximity(x, 40 - x, near)), rel=1e-12)
