"""No measure holds an array of every cell by every cell, whatever it computes."""

import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from benchmarks.city import city
from segindex.inference import local_clusters
from segindex.neighbourhood import contiguity, kernel, nearest
from segindex.registry import INDICES

SMALL, LARGE = 2_500, 10_000
FLOAT = 8

ARRAYS = 300
"""Arrays of a number a cell that a measure may hold at once; all pairs of the larger city are 10,000."""

GROWTH = 1.8
"""By how much the peak may grow where cells do, in powers; pair by pair would be 2, in proportion is 1."""

BLOCKS = 0.2
"""What sums in blocks off a grid may hold, as a part of all pairs of the larger city."""

WIDE_M = 2_000.0


CITIES = {n: city(n) for n in (SMALL, LARGE)}


def peaks(measure):
    """The most bytes that a measure holds in the small and in the large city, beyond what it is given."""
    found = []
    measure(CITIES[SMALL])
    for made in CITIES.values():
        assert made.given and made.queen.nnz, "made before, so that they do not count"
        tracemalloc.start()
        measure(made)
        found.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return found


def assert_no_pairs(measure):
    small, large = peaks(measure)
    assert large < ARRAYS * LARGE * FLOAT, f"{large / LARGE / FLOAT:.0f} arrays of a number a cell"
    grown = np.log(large / small) / np.log(LARGE / SMALL)
    assert grown < GROWTH, f"the peak grows with cells to the power of {grown:.2f}"


@pytest.mark.parametrize("index", INDICES, ids=lambda index: index.key)
def test_an_index_holds_no_pairs_of_cells(index):
    assert_no_pairs(lambda made: index.function(**made.inputs(index)))


@pytest.mark.parametrize("index", [one for one in INDICES if one.spatial], ids=lambda index: index.key)
@pytest.mark.parametrize(
    "around",
    [
        pytest.param(lambda made: kernel(made.xy, "biweight", WIDE_M), id="kernel"),
        pytest.param(lambda made: nearest(made.xy, made.t, 400), id="nearest"),
    ],
)
def test_an_index_of_surroundings_holds_no_pairs_of_cells(index, around):
    assert_no_pairs(lambda made: index.function(**made.inputs(index), nearby=around(made)))


@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(lambda made: contiguity(made.xy, "queen"), id="contiguity"),
        pytest.param(lambda made: contiguity(made.xy, 500.0), id="contiguity by distance"),
        pytest.param(lambda made: kernel(made.xy, "uniform", WIDE_M)(made.x), id="kernel"),
        pytest.param(lambda made: kernel(made.xy, "exponential", WIDE_M)(made.x), id="no cut-off"),
        pytest.param(lambda made: nearest(made.xy, made.t, 400)(made.x), id="nearest"),
        pytest.param(
            lambda made: local_clusters(
                made.x,
                made.t,
                made.queen,
                rng=np.random.default_rng(1),
                permutations=99,
            ),
            id="local_clusters",
        ),
    ],
)
def test_a_neighbourhood_holds_no_pairs_of_cells(measure):
    assert_no_pairs(measure)


@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(lambda xy, x: kernel(xy, "biweight", WIDE_M)(x), id="kernel"),
        pytest.param(lambda xy, x: kernel(xy, "exponential", WIDE_M)(x), id="no cut-off"),
        pytest.param(lambda xy, x: nearest(xy, x + 1, 400)(x), id="nearest"),
    ],
)
def test_off_a_grid_pairs_are_held_in_blocks(measure):
    made = CITIES[LARGE]
    xy = made.xy + np.random.default_rng(2).uniform(-100, 100, made.xy.shape)
    tracemalloc.start()
    measure(xy, made.x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < BLOCKS * LARGE**2 * FLOAT, f"{peak / LARGE**2 / FLOAT:.2f} of all pairs"


def test_pairs_of_cells_would_be_noticed():
    with pytest.raises(AssertionError, match="arrays of a number a cell"):
        assert_no_pairs(lambda made: np.equal.outer(made.x, made.x))
    with pytest.raises(AssertionError, match=r"power of (1\.9|2\.0)"):
        assert_no_pairs(lambda made: sparse.random(len(made.x), len(made.x), density=0.001, rng=1))
