"""Neighbourhoods against the sum over all pairs, on and off a grid; what they refuse; what they take."""

import pickle
import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.neighbourhood import KERNELS, boundary, contiguity, kernel, nearest, residents
from segindex.neighbourhood._cells import find_raster

KINDS = pytest.mark.parametrize("kind", list(KERNELS))


def weight(kind, d, r):
    """The kernels as the paper writes them, for a matrix of distances."""
    inside = d <= r * (1 + 1e-9)
    return {
        "uniform": inside * 1.0,
        "triangular": inside * (1 - d / r),
        "biweight": inside * (1 - (d / r) ** 2) ** 2,
        "gaussian": np.exp(-(d**2) / (2 * r**2)),
        "exponential": np.exp(-d / r),
    }[kind]


def block(height, width, pitch=250.0):
    return np.argwhere(np.ones((height, width)))[:, ::-1] * pitch + [380125.0, 6670125.0]


def holes(seed=0, height=25, width=40, pitch=250.0, kept=0.4):
    cells = block(height, width, pitch)
    return cells[np.random.default_rng(seed).random(len(cells)) < kept]


PLACES = {
    "holes": holes(),
    "1 km cells": holes(1, pitch=1000.0),
    "100 m cells": holes(2, pitch=100.0),
    "unit cells": block(7, 9, 1.0) - [380125.0 - 0.5, 6670125.0 - 0.5],
    "one row": block(1, 30),
    "one column": block(30, 1),
    "one cell": block(1, 1),
    "two cells": np.array([[0.0, 0.0], [250.0, 0.0]]),
    "off the grid": np.random.default_rng(4).uniform(0, 9000, (150, 2)),
    "turned": holes(5) @ np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]]),
    "far apart": np.array([[0.0, 0.0], [250.0, 0.0], [90_250.0, 750.0], [250_000.0, 250_000.0]]),
}
PLACE = pytest.mark.parametrize("xy", list(PLACES.values()), ids=list(PLACES))


def persons(n, seed=0):
    rng = np.random.default_rng(seed)
    t = rng.negative_binomial(1, 0.02, n).astype(float)
    return rng.binomial(t.astype(int), rng.beta(0.5, 2, n)).astype(float), t


@PLACE
@KINDS
@pytest.mark.parametrize("steps", [1, 3, 40.5])
def test_a_kernel_is_the_sum_over_all_pairs(xy, kind, steps):
    gaps = np.diff(np.unique(xy[:, 0]))
    r = steps * (gaps[gaps > 1e-6].min() if gaps.size and gaps.max() > 1e-6 and find_raster(xy) else 250.0)
    x, t = persons(len(xy))
    near, direct = kernel(xy, kind, r), weight(kind, cdist(xy, xy), r)
    np.fill_diagonal(direct, 1.0)
    both = np.stack([x, t])
    if kind == "uniform" or steps == 40.5:
        np.testing.assert_allclose(near(both), both @ direct.T, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(near(both), both @ direct.T, rtol=1e-9, atol=1e-9 * (1 + t.sum()))


@PLACE
@KINDS
def test_indices_agree_with_the_direct_sum(xy, kind):
    x, t = persons(len(xy), 1)
    if len(xy) < 4:
        x, t = np.arange(len(xy)) + 1.0, np.arange(len(xy)) + 3.0
    direct = weight(kind, cdist(xy, xy), 1000.0)
    np.fill_diagonal(direct, 1.0)

    def by_pairs(counts):
        return counts @ direct.T

    near = kernel(xy, kind, 1000.0)
    for index in (indices.dissimilarity, indices.gini):
        assert index(x, t - x, nearby=near) == pytest.approx(index(x, t - x, nearby=by_pairs), abs=1e-10, nan_ok=True)
    counts = np.stack([x, t - x], axis=-1)
    entropies = [indices.information_theory(counts, nearby=one) for one in (near, by_pairs)]
    assert entropies[0] == pytest.approx(entropies[1], abs=1e-10, nan_ok=True)
    assert indices.isolation(x, t, nearby=near) == pytest.approx(indices.isolation(x, t, nearby=by_pairs), abs=1e-10)


@KINDS
def test_nobody_near_is_exactly_nobody(kind):
    xy = block(40, 40)
    far, big = np.zeros(1600), np.zeros(1600)
    far[0], big[0] = 1e9, 1e9
    t = np.full(1600, 3.0)
    smoothed = kernel(xy, kind, 500)(np.stack([np.zeros(1600), far]))
    assert (smoothed[0] == 0).all()
    assert (smoothed >= 0).all()
    if kind in ("uniform", "triangular", "biweight"):
        reach = np.hypot(*(xy - xy[0]).T) <= 500
        assert (smoothed[1][~reach] == 0).all()
    assert indices.information_theory(np.stack([far, t], -1), nearby=kernel(xy, kind, 500)) <= 1


def test_the_disc_is_closed():
    near = kernel(block(1, 5), "uniform", 500)
    np.testing.assert_allclose(near(np.eye(5)[2]), np.ones(5), atol=1e-12)
    np.testing.assert_allclose(kernel(block(1, 5), "uniform", 499)(np.eye(5)[2]), [0, 1, 1, 1, 0], atol=1e-12)


def test_the_distance_of_a_cell_from_itself():
    xy = holes()
    area = np.random.default_rng(0).uniform(10_000, 62_500, len(xy))
    x, _ = persons(len(xy))
    own = np.sqrt(0.6 * area)
    direct = np.exp(-cdist(xy, xy) / 1000)
    np.fill_diagonal(direct, np.exp(-own / 1000))
    near = kernel(xy, "exponential", 1000, self_distance_m=own)
    np.testing.assert_allclose(near(x), direct @ x, rtol=1e-9)
    with pytest.raises(BadSettings, match="no weight of its own"):
        kernel(xy, "triangular", 100, self_distance_m=100)


@pytest.mark.parametrize("near", [kernel(holes(), "biweight", 900), nearest(holes(), persons(len(holes()))[1], 700)])
def test_leading_axes_and_copies(near):
    x, t = persons(len(holes()))
    stacked = np.stack([x, t, x + t]).reshape(3, 1, -1).repeat(2, axis=1)
    np.testing.assert_allclose(near(stacked)[2, 1], near(x) + near(t), rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(near))(x), near(x))
    with pytest.raises(BadData, match="meet a neighbourhood"):
        near(x[1:])


def nearest_by_pairs(xy, t, k):
    """The k nearest residents, cell by cell, as the definition says it."""
    weights = np.zeros((len(xy), len(xy)))
    for i, row in enumerate(cdist(xy, xy)):
        left = k
        ordered = np.sort(row)
        for d in ordered[np.append(True, np.diff(ordered) > 1e-4)]:
            ring = np.abs(row - d) < 1e-4
            taken = min(1.0, left / t[ring].sum()) if t[ring].sum() else 1.0
            weights[i, ring] = taken
            left -= taken * t[ring].sum()
            if left <= 1e-9:
                break
    return weights


@PLACE
@pytest.mark.parametrize("k", [1, 17, 500, 4000, 10**9])
def test_nearest_is_what_it_says(xy, k):
    x, t = persons(len(xy), 2)
    t += 1
    t[::3] -= 1
    direct = nearest_by_pairs(xy, t, k)
    near = nearest(xy, t, k)
    np.testing.assert_allclose(near(np.stack([x, t])), np.stack([x, t]) @ direct.T, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(near(t), min(k, t.sum()), rtol=1e-12)


@PLACE
def test_the_own_cell_comes_first(xy):
    t = np.arange(len(xy)) + 20.0
    np.testing.assert_allclose(nearest(xy, t, 10)(np.eye(len(xy))), np.diag(10 / t), atol=1e-12)


def test_nearest_refuses():
    with pytest.raises(BadData, match="one count a cell"):
        nearest(block(2, 2), [1, 2, 3], 5)
    with pytest.raises(BadData, match="negative"):
        nearest(block(2, 2), [1, 2, 3, -1], 5)
    for k in (0, -1, np.nan, np.inf):
        with pytest.raises(BadSettings):
            nearest(block(2, 2), [1, 2, 3, 1], k)


@pytest.mark.parametrize("rule", ["rook", "queen"])
@pytest.mark.parametrize("place", ["holes", "1 km cells", "unit cells", "one row", "one cell", "two cells"])
def test_contiguity_is_by_steps_on_the_raster(place, rule):
    xy = PLACES[place]
    raster = find_raster(xy)
    steps = np.abs(xy[:, np.newaxis] - xy).round(6) / raster.pitch_m
    expected = steps.sum(axis=-1) == 1 if rule == "rook" else steps.max(axis=-1).round(6) == 1
    found = contiguity(xy, rule)
    np.testing.assert_array_equal(found.toarray(), expected)
    assert (found != found.T).nnz == 0
    assert not found.diagonal().any()
    assert found.has_sorted_indices or found.nnz == 0


@pytest.mark.parametrize("place", ["holes", "off the grid", "turned", "one cell"])
def test_contiguity_by_metres(place):
    xy = PLACES[place]
    found = contiguity(xy, 500)
    expected = cdist(xy, xy) <= 500 * (1 + 1e-9)
    np.testing.assert_array_equal(found.toarray(), expected & ~np.eye(len(xy), dtype=bool))


def test_pairs_from_polygons():
    xy = PLACES["off the grid"]
    found = contiguity(xy, "queen", pairs=[[0, 1], [1, 0], [4, 9]])
    assert found.nnz == 4
    assert found[0, 1] == found[1, 0] == found[4, 9] == found[9, 4] == 1
    assert contiguity(xy, "rook", pairs=np.empty((0, 2), int)).nnz == 0
    for wrong in ([[0, 0]], [[0, 150]], [[-1, 2]], [[0.5, 1]], [[1, 2, 3]]):
        with pytest.raises(BadData, match="pairs"):
            contiguity(xy, "queen", pairs=np.array(wrong))


def test_contiguity_refuses():
    with pytest.raises(BadSettings, match="needs pairs"):
        contiguity(PLACES["off the grid"], "queen")
    with pytest.raises(BadSettings, match="needs pairs"):
        contiguity(np.round(PLACES["off the grid"]), "queen")
    with pytest.raises(BadSettings, match="needs pairs"):
        contiguity(holes(5) @ np.array([[0.6, -0.8], [0.8, 0.6]]), "queen")
    with pytest.raises(BadSettings, match="known are rook, queen"):
        contiguity(block(2, 2), "bishop")
    with pytest.raises(BadSettings):
        contiguity(block(2, 2), -5)


@pytest.mark.parametrize(
    ("xy", "message"),
    [
        ([[1, 2], [1, np.nan]], "missing"),
        ([[1, 2], [1, 2]], "more than once"),
        ([[9, 9], [3, 4], [1, 2], [3, 4], [1, 2], [1, 2]], "gives 2 centres more than once, first that of cell 1;"),
        ([[1, 2, 3]], r"\(n_cells, 2\)"),
        (np.empty((0, 2)), r"\(n_cells, 2\)"),
    ],
)
def test_bad_centres_are_refused(xy, message):
    for make in (
        lambda: kernel(xy, "uniform", 5),
        lambda: nearest(xy, np.ones(len(xy)), 1),
        lambda: contiguity(xy, 5),
    ):
        with pytest.raises(BadData, match=message):
            make()


def test_kernels_refuse_what_they_do_not_know():
    with pytest.raises(BadSettings, match="known are uniform"):
        kernel(block(2, 2), "square", 5)
    for r in (0, -1, np.nan, np.inf):
        with pytest.raises(BadSettings):
            kernel(block(2, 2), "uniform", r)
    with pytest.raises(TypeError):
        kernel(block(2, 2), "uniform", 5, self_distance=0)


@pytest.mark.parametrize(("pitch", "kept"), [(250.0, 0.2), (100.0, 0.9), (0.5, 0.5), (249.9, 0.3)])
def test_the_pitch_is_found(pitch, kept):
    raster = find_raster(holes(9, pitch=pitch, kept=kept))
    assert raster.pitch_m == pytest.approx(pitch, rel=1e-9)


def test_the_pitch_survives_rounding_of_coordinates():
    xy = np.round(holes(9, pitch=250.0) + np.random.default_rng(0).uniform(-1e-3, 1e-3, (len(holes(9)), 2)), 3)
    assert find_raster(xy) is not None
    assert find_raster(PLACES["off the grid"]) is None
    assert find_raster(PLACES["turned"]) is None


@pytest.mark.parametrize("kind", ["uniform", "exponential"])
def test_no_square_matrix_is_made(kind):
    """A matrix of 20,000 x 20,000 numbers would take 3.2 GB."""
    xy = block(200, 200)[np.random.default_rng(0).permutation(40_000)[:20_000]]
    x, t = persons(20_000)
    index_calls = [
        lambda: kernel(xy, kind, 2000)(np.stack([x, t])),
        lambda: nearest(xy, t, 2000)(np.stack([x, t])),
        lambda: indices.gini(x, t - x),
        lambda: indices.dissimilarity(x, t - x, nearby=kernel(xy, kind, 2000)),
        lambda: indices.morans_i(np.where(t > 0, x / np.maximum(t, 1), np.nan), contiguity(xy, "queen")),
    ]
    if kind == "uniform":
        index_calls.append(lambda: kernel(xy @ np.array([[0.6, -0.8], [0.8, 0.6]]), kind, 600)(t))
    for call in index_calls:
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 400e6


def test_boundaries_of_a_grid_are_its_pitch():
    xy = np.array([[125, 125], [375, 125], [375, 375], [1125, 1125], [1375, 1375]])
    lengths = boundary(xy)
    np.testing.assert_array_equal(lengths.toarray(), contiguity(xy, "rook").toarray() * 250)
    assert lengths.nnz == 4
    assert boundary(xy[[0, 3]]).nnz == 0


def test_boundaries_of_areas_are_as_given():
    xy = [[0, 0], [700, 10], [30, 900]]
    lengths = boundary(xy, pairs=[[0, 1], [2, 0]], length_m=[1200, 35.5])
    np.testing.assert_array_equal(lengths.toarray(), [[0, 1200, 35.5], [1200, 0, 0], [35.5, 0, 0]])
    assert boundary(xy, pairs=np.empty((0, 2), int), length_m=[]).nnz == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pairs": [[0, 1]]}, "belong together"),
        ({"length_m": [3]}, "belong together"),
        ({"pairs": [[0, 1]], "length_m": [3, 4]}, r"shape \(2,\) for 1 pairs"),
        ({"pairs": [[0, 1], [1, 2]], "length_m": [3, 0]}, "length_m is 0 or the like for 1 pairs, first pair 1"),
        ({"pairs": [[0, 1]], "length_m": [np.nan]}, "length_m is nan"),
        ({"pairs": [[0, 1], [1, 0]], "length_m": [3, 3]}, "more than once"),
        ({"pairs": [[0, 3]], "length_m": [3]}, "names cells from 0 to 3"),
        ({}, "needs pairs"),
    ],
)
def test_boundaries_that_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        boundary([[0, 0], [700, 10.3], [30, 900]], **options)


@pytest.mark.parametrize("k", [50, 700.5, 4000])
def test_kept_cells_of_discs_give_what_running_sums_give(k, monkeypatch):
    rng = np.random.default_rng(4)
    at = rng.permutation(np.argwhere(rng.random((40, 70)) < 0.2))
    t = rng.integers(0, 30, len(at)).astype(float)
    counts = rng.integers(0, 9, (3, 2, len(at))).astype(float)
    kept = nearest(at * 250.0, t, k)
    for name, limit in (("PAIRED", 0), ("KEPT", 0)):
        with monkeypatch.context() as patch:
            patch.setattr(residents, name, limit)
            summed = nearest(at * 250.0, t, k)
        assert summed.func is not kept.func
        np.testing.assert_allclose(kept(counts), summed(counts), rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(kept(t), k if k < t.sum() else t.sum(), rtol=1e-12)


def test_weights_that_are_listed_in_parts_are_those_of_all_pairs(monkeypatch):
    rng = np.random.default_rng(3)
    xy, v, own = rng.uniform(0, 4000, (60, 2)), rng.uniform(0, 9, (2, 60)), rng.uniform(0, 300, 60)
    monkeypatch.setattr("segindex.neighbourhood.kernels.LISTED", 40)
    near = kernel(xy, "biweight", 900.0, self_distance_m=own)
    distance = cdist(xy, xy)
    np.fill_diagonal(distance, own)
    np.testing.assert_allclose(near(v), v @ weight("biweight", distance, 900.0).T, rtol=1e-12)
    assert near.keywords["matrix"].has_sorted_indices
