"""Indices over smoothed counts against the sum over all pairs: on whole, cut and empty rasters, and off the grid."""

import numpy as np
import pytest
from made_city import classes
from scipy.spatial.distance import cdist
from scipy.special import entr
from test_neighbourhood import block, holes, persons, weight

from segindex.errors import BadSettings
from segindex.indices._arrays import composition, proportion
from segindex.neighbourhood import KERNELS, contiguity, kernel, kernels, nearest, on_raster, residents
from segindex.neighbourhood._cells import find_raster
from segindex.registry import INDICES
from segindex.tabulate.remembered import Remembered

KINDS = pytest.mark.parametrize("kind", list(KERNELS))
RADII_M = [250, 250 * np.sqrt(5), 1250, 4000]
"""Each a distance between cells of the grid: a side, a knight's move, 3-4-5, 16 sides."""


TURN = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
"""Takes cells off the grid."""


def municipality(n=3000, height=400, width=320):
    """A large raster with a town in it, and inhabited cells strewn over the rest."""
    cells = np.argwhere(np.ones((height, width)))
    from_town = np.hypot(*(cells - [200, 160]).T)
    strewn = np.random.default_rng(0).exponential(1, len(cells)) / (np.exp(-from_town / 12) + 0.004)
    return cells[np.sort(np.argsort(strewn)[:n])][:, ::-1] * 250.0 + [380_125.0, 7_300_125.0]


PLACES = {
    "holes": holes(3),
    "one row": block(1, 60),
    "one cell": block(1, 1),
    "two cells far apart": np.array([[125.0, 125.0], [90_125.0, 47_125.0]]),
    "three towns far apart": np.concatenate([holes(4, 12, 9) + [far, 2 * far] for far in (0.0, 80_000.0, 1_000_000.0)]),
    "municipality": municipality(),
}


def by_pairs(xy, kind, r, cutoff=np.inf):
    """The sum over all pairs of cells, its weights made in chunks of rows."""
    chunks = []
    for rows in np.array_split(np.arange(len(xy)), 1 + len(xy) // 500):
        d = cdist(xy[rows], xy)
        chunks.append(weight(kind, d, r) * (d <= cutoff * (1 + 1e-9)))
    return lambda counts: np.concatenate([counts @ chunk.T for chunk in chunks], axis=-1)


def given(xy, x, t):
    """Every array that an index over surroundings may ask for."""
    y = t - x
    return {
        "x": x,
        "y": y,
        "t": t,
        "area": np.random.default_rng(1).uniform(20_000, 62_500, len(t)),
        "distance": np.hypot(*(xy - xy.mean(axis=0)).T),
        "share": np.divide(x, t, out=np.full(t.shape, np.nan), where=t > 0),
        "weights": contiguity(xy, 300.0),
    }


def mean_root(x, t, nearby):
    """A root of the smoothed share: the formula that rounding is seen in first."""
    p = proportion(x, t, nearby)
    return (t * np.sqrt(p)).sum() / t.sum()


def mean_entropy(x, t, nearby):
    """An entropy of the smoothed shares."""
    return (t * entr(composition(np.stack([x, t - x], axis=-1), nearby)).sum(axis=-1)).sum() / t.sum()


def groups(xy, seed=5):
    """A group that lives all over the city, and one that lives within 3 km of a cell; and all persons."""
    x, t = persons(len(xy), seed)
    t += 1
    near_by = np.hypot(*(xy - xy[len(xy) // 2]).T) <= 3000
    return [x, np.where(near_by, np.ceil(t / 2), 0)], t


def places_and_radii():
    """All of them, but few where the sum over all pairs is long."""
    for place in PLACES:
        for r in RADII_M if place != "municipality" else RADII_M[2:3]:
            yield pytest.param(place, r, id=f"{place}, {r:.0f} m")


@pytest.mark.parametrize(("place", "r"), [*places_and_radii()])
@KINDS
def test_indices_are_those_of_the_direct_sum(place, kind, r, monkeypatch):
    xy = PLACES[place]
    if r in RADII_M[::2]:
        monkeypatch.setattr(kernels, "RASTER_PAIRS", 0)
    near, direct = (Remembered(one) for one in (kernel(xy, kind, r), by_pairs(xy, kind, r)))
    both, t = groups(xy)
    for x in both:
        for formula in (mean_root, mean_entropy):
            assert formula(x, t, near) == pytest.approx(formula(x, t, direct), abs=1e-10), formula.__name__
        if r not in RADII_M[1:3]:
            continue
        arrays = given(xy, x, t)
        six = classes({"x": x, "y": t - x})
        for index in INDICES:
            if "nearby" in index.parameters and index.gives != "table":
                arrays["counts"] = six if index.all_groups else np.stack([x, t - x], axis=-1)
                inputs = {name: arrays[name] for name in index.inputs if name != "nearby"}
                found, wanted = (index.function(**inputs, nearby=one) for one in (near, direct))
                np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-10, err_msg=index.key)


@KINDS
def test_a_large_raster_is_cut(kind, monkeypatch):
    xy = holes(8, 70, 90)
    both, t = groups(xy)
    counts = np.stack([*both, t])
    monkeypatch.setattr(kernels, "RASTER_PAIRS", 0)
    monkeypatch.setattr(on_raster, "LARGE", 0)
    monkeypatch.setattr(on_raster, "SIDE", 32)
    cutoff = {} if kind not in ("gaussian", "exponential") else {"cutoff_m": 1500}
    for r in (250, 600, 1500):
        near = kernel(xy, kind, r, **cutoff)
        assert isinstance(near, on_raster.CutRaster)
        direct = by_pairs(xy, kind, r, *cutoff.values())(counts)
        np.testing.assert_allclose(near(counts), direct, rtol=1e-9, atol=1e-9)
        assert (near(counts)[direct == 0] == 0).all()
    assert isinstance(kernel(xy, kind, 2500, **cutoff), on_raster.CutRaster if cutoff else on_raster.WholeRaster)


@pytest.mark.parametrize("kind", ["gaussian", "exponential"])
def test_a_cut_raster_is_exact_far_from_everybody(kind, monkeypatch):
    xy = holes(8, 90, 90)
    [_, x], t = groups(xy)
    monkeypatch.setattr(kernels, "RASTER_PAIRS", 0)
    monkeypatch.setattr(on_raster, "LARGE", 0)
    near = kernel(xy, kind, 300)
    assert isinstance(near, on_raster.CutRaster)
    assert mean_root(x, t, near) == pytest.approx(mean_root(x, t, by_pairs(xy, kind, 300)), abs=1e-10)


@pytest.mark.parametrize("kind", ["gaussian", "exponential"])
@pytest.mark.parametrize("r", [90, 250, 700, 3000])
def test_sums_far_from_everybody_are_right_to_many_digits(kind, r):
    xy = municipality(1500)
    x = (np.hypot(*(xy - xy[700]).T) < 3000) * 1000.0
    found, direct = kernel(xy, kind, r)(x), by_pairs(xy, kind, r)(x)
    seen = direct > 1e-22 * x.sum()
    assert (direct[seen] < 1e-9 * x.sum()).any() or r == 3000
    np.testing.assert_allclose(found[seen], direct[seen], rtol=1e-5)
    assert (found[~seen] <= 1e-21 * x.sum()).all()


@pytest.mark.parametrize("cutoff", [None, 6000])
def test_few_persons_far_from_very_many_count(cutoff):
    xy = block(60, 60)
    counts = np.zeros((2, 3600))
    counts[0, 0], counts[0, -1] = 1e12, 2
    counts[1, -60], counts[1, 1800] = 1e12, 3
    found = kernel(xy, "exponential", 150, cutoff_m=cutoff)(counts)
    direct = by_pairs(xy, "exponential", 150, cutoff or np.inf)(counts)
    seen = direct > 1e-8
    assert found[0, -1] >= 2
    np.testing.assert_allclose(found[seen], direct[seen], rtol=1e-5)
    assert (found[direct == 0] == 0).all()
    assert (direct == 0).any() == (cutoff is not None)


@KINDS
@pytest.mark.parametrize("seed", range(2))
def test_a_raster_too_large_is_summed_off_the_grid(kind, seed, monkeypatch):
    xy = holes(seed)
    both, t = groups(xy)
    counts = np.stack([*both, t])
    monkeypatch.setattr(on_raster, "MOST_CELLS", 100)
    monkeypatch.setattr(residents, "MOST_CELLS", 100)
    monkeypatch.setattr(kernels, "SPARSE_PAIRS", 40)
    monkeypatch.setattr(kernels, "BLOCK", 5000)
    for r in (300, 1250, 20_000):
        near = kernel(xy, kind, r)
        assert not isinstance(near, (on_raster.WholeRaster, on_raster.CutRaster))
        np.testing.assert_allclose(near(counts), by_pairs(xy, kind, r)(counts), rtol=1e-10, atol=1e-24 * t.sum())
    np.testing.assert_allclose(nearest(xy, t, 900)(t), min(900, t.sum()), rtol=1e-12)


@pytest.mark.parametrize("kind", ["gaussian", "exponential"])
@pytest.mark.parametrize("place", ["holes", "one row", "municipality"])
@pytest.mark.parametrize("cutoff", [250, 250 * np.sqrt(5), 1250, 90_000])
def test_a_cut_off_is_a_closed_disc(kind, place, cutoff):
    xy = PLACES[place]
    both, t = groups(xy)
    counts = np.stack([*both, t])
    found = kernel(xy, kind, 600, cutoff_m=cutoff)(counts)
    direct = by_pairs(xy, kind, 600, cutoff)(counts)
    np.testing.assert_allclose(found, direct, rtol=1e-9, atol=1e-9)
    assert (found[direct == 0] == 0).all()
    x = counts[1]
    near, pairs = kernel(xy, kind, 600, cutoff_m=cutoff), by_pairs(xy, kind, 600, cutoff)
    assert mean_root(x, t, near) == pytest.approx(mean_root(x, t, pairs), abs=1e-10)


def test_the_cell_at_the_cut_off_counts():
    near = kernel(block(1, 5), "exponential", 250, cutoff_m=500)
    np.testing.assert_allclose(near([0, 0, 1, 0, 0]), np.exp([-2, -1, 0, -1, -2]), rtol=1e-12)
    near = kernel(block(1, 5), "exponential", 250, cutoff_m=499)
    np.testing.assert_allclose(near([0, 0, 1, 0, 0]), [0, np.exp(-1), 1, np.exp(-1), 0], rtol=1e-12)


def test_cut_offs_that_are_refused():
    with pytest.raises(BadSettings, match="gaussian and exponential"):
        kernel(block(2, 2), "biweight", 500, cutoff_m=250)
    for cutoff in (0, -1, np.nan, np.inf):
        with pytest.raises(BadSettings, match="cutoff_m"):
            kernel(block(2, 2), "exponential", 500, cutoff_m=cutoff)
    with pytest.raises(BadSettings, match="no weight of its own; allowed is less than 100 m"):
        kernel(block(2, 2), "exponential", 500, cutoff_m=100, self_distance_m=194)


@pytest.mark.parametrize("k", [0.3, 1.2, 1.5, 3.0, 12.0])
def test_nearest_ends_where_counts_are_no_whole_numbers(k):
    xy = block(9, 11)
    t = np.full(99, 0.3)
    t[::7] = 0.1
    near = nearest(xy, t, k)
    np.testing.assert_allclose(near(t), k, rtol=1e-12)
    apart = nearest(xy @ TURN, t, k)
    x = np.random.default_rng(0).random(99) * t
    np.testing.assert_allclose(near(x), apart(x), rtol=1e-9)


@pytest.mark.parametrize("k", [1, 40, 700, 20_000, 60_000])
def test_nearest_in_a_municipality_is_the_same_off_the_grid(k):
    xy = municipality(1200)
    [x, lone], t = groups(xy)
    counts = np.stack([x, lone, t])
    np.testing.assert_allclose(nearest(xy, t, k)(counts), nearest(xy @ TURN, t, k)(counts), rtol=1e-9, atol=1e-9)


def test_nearest_along_a_very_long_row():
    xy = np.column_stack([np.append(np.arange(300), [500_000, 500_001]) * 250.0, np.zeros(302)])
    assert find_raster(xy).shape == (1, 500_002)
    near = nearest(xy, np.ones(302), 3)
    np.testing.assert_allclose(near(np.eye(302)[-2])[-3:], [0, 1, 1])
    np.testing.assert_allclose(near(np.eye(302)[10])[8:13], [0, 1, 1, 1, 0])
