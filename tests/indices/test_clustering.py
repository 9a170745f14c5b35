"""Clustering by hand on a few cells, against dense double sums, and where it is undefined or refused."""

import numpy as np
import pytest
from scipy import sparse

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.indices._neighbours import rings
from segindex.neighbourhood import boundary, contiguity, kernel, nearest

ROW_XY = np.column_stack([np.arange(4) * 250.0 + 125, np.full(4, 125.0)])
ROW = contiguity(ROW_XY, "rook")
HALF = kernel(ROW_XY, "triangular", 500)
"""Nearness 1 at home, 1/2 next door, 0 beyond."""

E1 = np.exp(-1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(indices.mean_proximity([1, 3, 0, 0], HALF), 13 / 16, id="Pxx (1 + 9 + 2 * 3/2)/16"),
        pytest.param(indices.mean_cross_proximity([1, 3, 0, 0], [0, 0, 2, 2], HALF), 3 / 16, id="Pxy 3/4 * 1/2 * 1/2"),
        pytest.param(indices.spatial_proximity([2, 0, 0, 0], [0, 2, 0, 0], HALF), 4 / 3, id="SP 1 / (3/4)"),
        pytest.param(
            indices.spatial_proximity([3, 0, 0, 0], [0, 0, 1, 0], HALF), 8 / 5, id="SP of 3 and 1: 1 / (9/16 + 1/16)"
        ),
        pytest.param(
            indices.spatial_proximity([3, 1, 0, 0], [0, 0, 2, 0], HALF),
            (13 / 4 + 2) / (19 / 6),
            id="SP (4 * 13/16 + 2 * 1) / (6 * (9 + 1 + 4 + 3 + 2)/36)",
        ),
        pytest.param(
            indices.multigroup_spatial_proximity([[2, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 3]], HALF),
            9 / 4,
            id="SP of three: 6 / ((4 + 1 + 9 + 2)/6)",
        ),
        pytest.param(
            indices.absolute_clustering([2, 2, 0, 0], [2, 2, 2, 2], HALF), 5 / 7, id="ACL (3 - 7/4) / (7/2 - 7/4)"
        ),
        pytest.param(
            indices.absolute_clustering([1, 0, 0, 0], [2, 0, 0, 3], HALF), 9 / 25, id="ACL (1 - 7/16) / (2 - 7/16)"
        ),
        pytest.param(indices.relative_clustering([1, 1, 0, 0], [1, 0, 1, 0], HALF), 1 / 2, id="RCL (3/4) / (1/2) - 1"),
        pytest.param(
            indices.distance_decay_isolation([1, 0, 0, 0], [2, 4, 0, 0], HALF), 1 / 4, id="DPxx 1 / (2 + 4/2)"
        ),
        pytest.param(
            indices.distance_decay_isolation([1, 2, 0, 0], [1, 2, 3, 4], HALF),
            1 / 3 + 2 / 3 * 5 / 8,
            id="DPxx 1/3 * 1 + 2/3 * (1/2 + 2)/(1/2 + 2 + 3/2)",
        ),
        pytest.param(
            indices.distance_decay_exposure([1, 2, 0, 0], [0, 0, 1, 4], [1, 2, 3, 4], HALF),
            2 / 3 * 1 / 8,
            id="DPxy 2/3 * (1/2)/4",
        ),
        pytest.param(indices.gearys_c([0, 0, 1, 1], ROW), 3 / 8, id="C 3 * (1/2 + 1/2) / (2 * 4 * 1)"),
        pytest.param(
            indices.gearys_c([0, 0, 1, 1], ROW, row_standardised=False),
            1 / 2,
            id="C unstandardised 3 * 2 / (2 * 6 * 1)",
        ),
        pytest.param(indices.gearys_c([0, 0, 1, np.nan], ROW), 3 / 4, id="C of the rest: 2 * 3/2 / (2 * 3 * 2/3)"),
        pytest.param(indices.getis_ord_g([0.2, 0.4, 0, 0.6], ROW), 2 / 11, id="G .08 / (.08 + .12 + .24)"),
        pytest.param(indices.getis_ord_g([0.2, 0.4, np.nan, 0.6], ROW), 1, id="G: the last has no neighbour"),
        pytest.param(
            indices.adjusted_dissimilarity([3, 1, 0, 0], [0, 1, 2, 2], ROW),
            0.8 - 1 / 3,
            id="D(adj) 4/5 - (1/2 + 1/2)/3",
        ),
        pytest.param(
            indices.adjusted_dissimilarity([3, 1, 0, 0], [0, 1, 2, 2], ROW, order=2),
            0.8 - 1 / 3 - E1 * 3 / 4,
            id="D(adj) two steps (1 + 1/2)/2",
        ),
        pytest.param(
            indices.adjusted_dissimilarity([3, 1, 0, 0], [0, 1, 2, 2], ROW, order=9),
            0.8 - 1 / 3 - E1 * 3 / 4 - E1**2,
            id="D(adj) three steps 1, and no more",
        ),
        pytest.param(
            indices.adjusted_dissimilarity([3, 0, 1, 0], [0, 0, 1, 2], ROW),
            3 / 4 - 1 / 2,
            id="D(adj) an empty cell's pairs",
        ),
        pytest.param(
            indices.adjusted_dissimilarity([2, 1, 0, 0], [0, 1, 0, 0], ROW, order=2),
            2 / 3 - 1 / 2,
            id="D(adj) nobody two steps away",
        ),
        pytest.param(
            indices.boundary_dissimilarity([3, 1, 0, 0], [0, 1, 2, 2], sparse.diags_array([9.0, 0, 9], offsets=1)),
            0.8 - 1 / 4,
            id="D(w) one way: (9/2 + 0)/18",
        ),
    ],
)
def test_by_hand(value, expected):
    assert value == pytest.approx(expected, abs=1e-12)


LENGTHS = boundary(np.zeros((3, 2)) + np.arange(3)[:, np.newaxis], pairs=[[0, 1], [2, 1]], length_m=[100, 300])
X3, Y3 = [4, 2, 0], [0, 2, 4]
"""p is 1, 1/2, 0: D is 2/3, and both boundaries part a half from the other."""


@pytest.mark.parametrize(
    ("options", "taken_off"),
    [
        pytest.param({}, 1 / 2, id="D(w) (100/2 + 300/2)/400"),
        pytest.param({"area": [10, 100, 100]}, (7 / 10 + 3 * 7 / 20) / 8, id="D(s) P/A 10, 4, 3"),
        pytest.param(
            {"area": [10, 10, 10], "perimeter": [100, 60, 20]}, (4 / 5 + 3 * 2 / 5) / 8, id="D(s) P/A 10, 6, 2"
        ),
    ],
)
def test_boundary_dissimilarity_by_hand(options, taken_off):
    value = indices.boundary_dissimilarity(X3, Y3, LENGTHS, **options)
    assert value == pytest.approx(2 / 3 - taken_off, abs=1e-12)


def test_a_cell_without_residents_is_not_the_largest_perimeter_for_its_area():
    xy = np.column_stack([np.arange(4), np.zeros(4)])
    pairs, length_m = [[0, 1], [1, 2], [2, 3]], [100, 300, 50]
    value = indices.boundary_dissimilarity(
        [*X3, 0], [*Y3, 0], boundary(xy, pairs=pairs, length_m=length_m), area=[10, 100, 100, 0]
    )
    assert value == pytest.approx(2 / 3 - (7 / 10 + 3 * 7.5 / 20) / 8, abs=1e-12)


def test_the_largest_perimeter_for_its_area_is_that_of_each_year():
    x, y = np.array([[*X3], [0, 2, 0]]), np.array([[*Y3], [0, 2, 4]])
    area = [10, 100, 100]
    both = indices.boundary_dissimilarity(x, y, LENGTHS, area=area)
    alone = [indices.boundary_dissimilarity(*one, LENGTHS, area=area) for one in zip(x, y)]
    np.testing.assert_allclose(both, alone, rtol=1e-14)
    assert both[1] == pytest.approx(2 / 3 - 7 / 8 / 2, abs=1e-12)


def made_up(seed):
    rng = np.random.default_rng(seed)
    xy = np.argwhere(rng.random((9, 8)) < 0.7) * 250.0
    x, y, z = rng.integers(0, 30, (3, len(xy))) * (rng.random((3, len(xy))) < 0.7)
    return rng, xy, x.astype(float), y.astype(float), z.astype(float)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("own_m", [0.0, np.sqrt(0.6) * 250])
def test_nearness_is_the_double_sum(seed, own_m):
    """The rows of values.csv without a tolerance (faults of other packages) have this in their place."""
    _, xy, x, y, z = made_up(seed)
    near, n, t = kernel(xy, "exponential", 1000, self_distance_m=own_m), len(xy), x + y + z
    c = np.array([[np.exp(-np.hypot(*(one - other)) / 1000) for other in xy] for one in xy])
    np.fill_diagonal(c, np.exp(-own_m / 1000))

    def mean(g, h):
        return sum(g[i] * h[j] * c[i, j] for i in range(n) for j in range(n)) / g.sum() / h.sum()

    met = {"x": 0.0, "y": 0.0}
    for i in range(n):
        everybody = sum(c[i, j] * t[j] for j in range(n))
        for j in range(n):
            if t[j]:
                met["x"] += x[i] / x.sum() * c[i, j] * t[j] / everybody * x[j] / t[j]
                met["y"] += x[i] / x.sum() * c[i, j] * t[j] / everybody * y[j] / t[j]
    two, even = x + y, x.sum() / n**2 * c.sum()
    several = sum(g.sum() * mean(g, g) for g in (x, y, z)) / (t.sum() * mean(t, t))
    for found, expected in (
        (indices.mean_proximity(x, near), mean(x, x)),
        (indices.mean_cross_proximity(x, y, near), mean(x, y)),
        (
            indices.spatial_proximity(x, y, near),
            (x.sum() * mean(x, x) + y.sum() * mean(y, y)) / (two.sum() * mean(two, two)),
        ),
        (indices.multigroup_spatial_proximity(np.stack([x, y, z], axis=-1), near), several),
        (indices.relative_clustering(x, y, near), mean(x, x) / mean(y, y) - 1),
        (
            indices.absolute_clustering(x, t, near),
            (x.sum() * mean(x, x) - even) / (t.sum() * mean(x, t) - even),
        ),
        (indices.distance_decay_isolation(x, t, near), met["x"]),
        (indices.distance_decay_exposure(x, y, t, near), met["y"]),
    ):
        assert found == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("seed", range(4))
def test_neighbours_are_the_double_sum(seed):
    rng, xy, x, y, _ = made_up(seed)
    weights = contiguity(xy, "queen").multiply(sparse.csr_array(rng.random((len(xy), len(xy))))).tocsr()
    w, n, t = weights.toarray(), len(xy), x + y
    share = np.divide(x, t, out=np.full(n, np.nan), where=t > 0)
    kept = [i for i in range(n) if t[i]]
    kept = [i for i in kept if w[i, kept].sum()]
    mean = np.mean(share[kept])
    squares = sum((share[i] - mean) ** 2 for i in kept)
    for standardised in (True, False):
        top = bottom = 0
        for i in kept:
            by = w[i, kept].sum() if standardised else 1
            top += sum(w[i, j] / by * (share[i] - share[j]) ** 2 for j in kept)
            bottom += sum(w[i, j] / by for j in kept)
        expected = (len(kept) - 1) * top / (2 * bottom * squares)
        assert indices.gearys_c(share, weights, row_standardised=standardised) == pytest.approx(expected, rel=1e-12)
    products = [(w[i, j] * share[i] * share[j], share[i] * share[j]) for i in kept for j in kept if i != j]
    top, bottom = np.sum(products, axis=0)
    assert indices.getis_ord_g(share, weights) == pytest.approx(top / bottom, rel=1e-12)
    lived = np.flatnonzero(t)
    pairs = [(w[i, j], abs(share[i] - share[j])) for i in lived for j in lived]
    off = sum(weight * difference for weight, difference in pairs) / sum(weight for weight, _ in pairs)
    expected = indices.dissimilarity(x, y) - off
    assert indices.adjusted_dissimilarity(x, y, weights) == pytest.approx(expected, rel=1e-12)
    assert indices.boundary_dissimilarity(x, y, weights) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("rule", ["rook", "queen", "one way"])
def test_rings_are_the_steps_from_cell_to_cell(rule):
    _, xy, *_ = made_up(5)
    weights = contiguity(xy, "queen" if rule == "queen" else "rook") * 3.0
    if rule == "one way":
        weights = sparse.triu(weights).tocsr()
    steps = sparse.csgraph.shortest_path(weights + weights.T, unweighted=True)
    found = list(rings(weights, 40))
    assert len(found) == steps[np.isfinite(steps)].max()
    assert (found[0] != weights).nnz == 0
    for apart, ring in enumerate(found[1:], start=2):
        np.testing.assert_array_equal(ring.toarray(), steps == apart)
    assert len(list(rings(weights, 3))) == 3


def test_many_years_are_taken_in_blocks(monkeypatch):
    _, xy, *_ = made_up(6)
    x, y = np.random.default_rng(0).integers(0, 9, (2, 2, 7, len(xy)))
    weights = contiguity(xy, "rook")
    at_once = indices.adjusted_dissimilarity(x, y, weights, order=3)
    monkeypatch.setattr("segindex.indices._neighbours.BLOCK", 250)
    np.testing.assert_allclose(indices.adjusted_dissimilarity(x, y, weights, order=3), at_once, rtol=1e-13)


def test_one_group_may_be_set_against_many():
    _, xy, x, y, _ = made_up(7)
    near, weights = kernel(xy, "exponential", 1000), contiguity(xy, "rook")
    many = np.stack([y, np.roll(y, 1), np.roll(y, 2)])
    for index, given in (
        (indices.spatial_proximity, near),
        (indices.mean_cross_proximity, near),
        (indices.relative_clustering, near),
        (indices.adjusted_dissimilarity, weights),
        (indices.boundary_dissimilarity, weights),
        (indices.minimum_maximum, None),
    ):
        rest = () if given is None else (given,)
        np.testing.assert_allclose(index(x, many, *rest), [index(x, one, *rest) for one in many], rtol=1e-12)


def test_the_spatial_proximity_of_two_groups_is_that_of_several():
    _, xy, x, y, z = made_up(8)
    near = kernel(xy, "exponential", 1000)
    pair = indices.spatial_proximity(x, y, near)
    assert indices.multigroup_spatial_proximity(np.stack([x, y, 0 * z], axis=-1), near) == pytest.approx(
        pair, rel=1e-14
    )


def test_where_nearness_is_not_mutual_it_is_seen_from_the_focal_group():
    """The three persons nearest to the first cell are its own and the next one's, and not the other way round."""
    one_of_two = nearest([[0, 0], [250, 0]], [1, 4], 3)
    assert indices.mean_cross_proximity([1, 0], [0, 4], one_of_two) == pytest.approx(1 / 2)
    assert indices.mean_cross_proximity([0, 4], [1, 0], one_of_two) == 0


def test_distance_decay_indices_of_all_groups_add_up_to_one():
    _, xy, x, y, z = made_up(9)
    t, near = x + y + z, kernel(xy, "exponential", 1000)
    met = indices.distance_decay_isolation(x, t, near) + sum(
        indices.distance_decay_exposure(x, one, t, near) for one in (y, z)
    )
    assert met == pytest.approx(1, abs=1e-12)


def test_rounding_leaves_shares_between_0_and_1():
    def rounded(counts):
        return np.where(counts > 0, counts * (1 + 1e-15), -1e-15)

    assert indices.distance_decay_isolation([1, 0], [1, 5], rounded) <= 1
    assert indices.distance_decay_exposure([1, 0], [0, 5], [1, 5], rounded) == 0
    assert indices.minimum_maximum([1, 0], [0, 5], nearby=rounded) == 1


@pytest.mark.parametrize("seed", range(3))
def test_minimum_maximum_follows_dissimilarity(seed):
    _, xy, x, y, _ = made_up(seed)
    d = indices.dissimilarity(x, y)
    assert indices.minimum_maximum(x, y) == pytest.approx(2 * d / (1 + d), rel=1e-12)
    near = kernel(xy, "biweight", 700)
    p, q = near(x) / near(x).sum(), near(y) / near(y).sum()
    overlap = sum(min(one) for one in zip(p, q)) / sum(max(one) for one in zip(p, q))
    assert indices.minimum_maximum(x, y, nearby=near) == pytest.approx(1 - overlap, rel=1e-12)
    assert indices.minimum_maximum(x, y, nearby=near) < indices.minimum_maximum(x, y)


@pytest.mark.parametrize(
    "value",
    [
        indices.spatial_proximity([1, 2, 0, 0], [0, 0, 0, 0], HALF),
        indices.multigroup_spatial_proximity([[1, 0], [2, 0], [3, 0], [0, 0]], HALF),
        indices.multigroup_spatial_proximity(np.zeros((4, 3)), HALF),
        indices.mean_cross_proximity([1, 2, 0, 0], [0, 0, 0, 0], HALF),
        indices.relative_clustering([1, 2, 0, 0], [0, 0, 0, 0], HALF),
        indices.absolute_clustering([0, 0, 0, 0], [1, 2, 3, 4], HALF),
        indices.distance_decay_isolation([0, 0, 0, 0], [1, 2, 3, 4], HALF),
        indices.gearys_c([0.1, 0.1, 0.1, np.nan], ROW),
        indices.gearys_c([np.nan] * 4, ROW),
        indices.getis_ord_g([0, 0.4, 0, 0], ROW),
        indices.getis_ord_g([0.2, np.nan, 0.3, np.nan], ROW),
        indices.adjusted_dissimilarity([1, 0, 0, 0], [0, 0, 1, 0], ROW),
        indices.adjusted_dissimilarity([1, 0, 0, 0], [0, 0, 1, 0], ROW, order=2),
        indices.adjusted_dissimilarity([1, 2, 0, 0], [0, 0, 0, 0], ROW),
        indices.boundary_dissimilarity([1, 0, 0, 0], [0, 0, 1, 0], ROW, area=np.ones(4)),
        indices.boundary_dissimilarity([1, 1], [0, 1], sparse.csr_array((2, 2)), area=np.ones(2)),
        indices.minimum_maximum([1, 2], [0, 0]),
    ],
)
def test_undefined(value):
    assert np.isnan(value)


@pytest.mark.parametrize(
    ("error", "message", "options"),
    [
        (BadSettings, "perimeter is given without area", {"perimeter": [1, 1, 1]}),
        (BadData, "area is 0 for 2 inhabited cells, first cell 1", {"area": [1, 0, 0]}),
        (BadData, r"area has shape \(2, 3\)", {"area": np.ones((2, 3))}),
        (BadData, r"perimeter has shape \(1, 3\)", {"area": [1, 1, 1], "perimeter": [[1, 1, 1]]}),
        (BadData, "area holds -1", {"area": [1, -1, 1]}),
        (BadData, "perimeter holds nan", {"area": [1, 1, 1], "perimeter": [1, np.nan, 1]}),
        (BadData, "cell axes differ", {"area": [1, 1]}),
    ],
)
def test_boundary_dissimilarity_refuses(error, message, options):
    with pytest.raises(error, match=message):
        indices.boundary_dissimilarity(X3, Y3, LENGTHS, **options)


@pytest.mark.parametrize("order", [0, -1, 1.0, 1.5, True, "2", None])
def test_the_order_is_a_whole_number(order):
    with pytest.raises(BadSettings, match="order is"):
        indices.adjusted_dissimilarity([1, 2, 0, 0], [0, 1, 1, 1], ROW, order=order)
    assert np.isfinite(indices.adjusted_dissimilarity([1, 2, 0, 0], [0, 1, 1, 1], ROW, order=np.int64(2)))
