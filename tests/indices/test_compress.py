"""Compression: every merge again by a search over all pairs."""

import numpy as np
import pytest
from scipy import sparse

from segindex.errors import BadData, BadSettings
from segindex.indices import between_within, compress
from segindex.neighbourhood import contiguity

SQUARE = np.argwhere(np.ones((7, 7))) * 250.0 + 125


def mutual_information(counts):
    return float(between_within(counts, np.zeros(len(counts), dtype=int)).total)


def city(seed, n=49, n_groups=3):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(0.6, 20, (n, n_groups))).astype(float)
    counts[[4, 30]] = 0
    return counts


def searched(counts, weights):
    """The merges by looking at all pairs of neighbours at every step, M computed anew for each."""
    areas = {cell: row.copy() for cell, row in enumerate(counts)}
    pairs = {tuple(sorted(map(int, pair))) for pair in zip(*weights.nonzero())}
    merges = []
    while pairs:
        before = mutual_information(np.array(list(areas.values())))
        losses = {}
        for a, b in pairs:
            after = [row for cell, row in areas.items() if cell not in (a, b)] + [areas[a] + areas[b]]
            losses[a, b] = round(before - mutual_information(np.array(after)), 13)
        a, b = min(losses, key=lambda pair: (losses[pair], pair))
        areas[a] += areas.pop(b)
        joined = {tuple(sorted(a if cell == b else cell for cell in pair)) for pair in pairs}
        pairs = {pair for pair in joined if pair[0] != pair[1]}
        merges.append((a, b, mutual_information(np.array(list(areas.values())))))
    return merges


def few_kinds(seed, n=49):
    """Cells of three kinds alone, so that many pairs lose exactly as much."""
    kinds = np.array([[8.0, 0, 0], [0, 8, 0], [4, 2, 2]])
    return kinds[np.random.default_rng(seed).integers(0, 3, n)]


@pytest.mark.parametrize("rule", ["rook", "queen"])
@pytest.mark.parametrize("made", [city, few_kinds])
@pytest.mark.parametrize("seed", range(2))
def test_merges_are_those_of_a_search_over_all_pairs(seed, made, rule):
    counts, weights = made(seed), contiguity(SQUARE, rule)
    found, expected = compress(counts, weights), searched(counts, weights)
    stays, joins, left = zip(*expected)
    assert found.stays.tolist() == list(stays)
    assert found.joins.tolist() == list(joins)
    np.testing.assert_allclose(found.kept, np.array(left) / mutual_information(counts), atol=1e-12)
    np.testing.assert_allclose(-np.diff(found.kept, prepend=1) * mutual_information(counts), found.loss, atol=1e-12)
    assert found.areas.tolist() == list(range(48, 0, -1))
    assert (found.kept >= 0).all() and (found.loss >= 0).all()


def test_labels_hold_what_is_kept():
    counts, weights = city(3), contiguity(SQUARE, "queen")
    found = compress(counts, weights)
    for areas in (49, 48, 20, 5, 1):
        labels = found.labels(areas=areas)
        assert len(np.unique(labels)) == areas
        assert all(labels[label] == label and (np.flatnonzero(labels == label)[0] == label) for label in labels)
        kept = between_within(counts, labels).between / mutual_information(counts)
        assert kept == pytest.approx(1 if areas == 49 else found.kept[48 - areas], abs=1e-12)
    for wanted in (1.0, 0.99, 0.9, 0.5, 0.0):
        labels = found.labels(kept=wanted)
        kept = between_within(counts, labels).between / mutual_information(counts)
        assert kept >= wanted - 1e-12
        fewer = len(np.unique(labels)) - 1
        assert fewer == 0 or found.kept[48 - fewer] < wanted


def test_areas_are_connected():
    found = compress(city(6), contiguity(SQUARE, "rook"))
    labels = found.labels(areas=9)
    weights = contiguity(SQUARE, "rook").tocsr()
    for label in np.unique(labels):
        cells = np.flatnonzero(labels == label)
        assert sparse.csgraph.connected_components(weights[cells][:, cells])[0] == 1


def test_cells_mixed_alike_merge_without_loss_and_empty_ones_first():
    row = contiguity([[x, 125] for x in (125, 375, 625, 875)], "rook")
    found = compress([[6, 2], [3, 1], [0, 0], [1, 9]], row)
    assert found.loss[:2].tolist() == [0, 0]
    assert found.labels(areas=2).tolist() == [0, 0, 0, 3]
    assert found.labels(kept=1).tolist() == [0, 0, 0, 3]


def test_parts_without_neighbours_stay_apart():
    two = sparse.block_diag([np.array([[0, 1], [1, 0]])] * 2).tocsr()
    found = compress([[9, 1], [1, 9], [5, 5], [4, 6]], two)
    assert found.areas.tolist() == [3, 2]
    assert found.labels(areas=2).tolist() == [0, 0, 2, 2]
    with pytest.raises(BadSettings, match="areas is 1; allowed is a whole number from 2 to 4"):
        found.labels(areas=1)
    alone = compress([[9, 1]], sparse.csr_array((1, 1)))
    assert alone.labels(areas=1).tolist() == [0] and not alone.areas.size


def test_only_whether_cells_are_neighbours_matters():
    counts, weights = city(8), contiguity(SQUARE, "rook")
    one_way = sparse.triu(weights).tocsr() * 0.3
    assert compress(counts, one_way).joins.tolist() == compress(counts, weights).joins.tolist()
    zeros = weights.copy()
    zeros.data[:] = 0
    assert not compress(counts, zeros).areas.size


def test_nothing_is_kept_of_nothing():
    found = compress([[1, 1], [2, 2]], sparse.csr_array([[0, 1], [1, 0]]))
    assert np.isnan(found.kept).all() and found.loss.tolist() == [0]


@pytest.mark.parametrize(
    "asked", [{}, {"areas": 2, "kept": 0.5}, {"areas": 0}, {"areas": 1.5}, {"areas": 99}, {"kept": 1.2}, {"kept": -0.1}]
)
def test_labels_ask_for_one_thing_that_there_is(asked):
    found = compress(city(1), contiguity(SQUARE, "rook"))
    with pytest.raises(BadSettings, match="allowed is"):
        found.labels(**asked)


def test_one_city_at_a_time():
    with pytest.raises(BadData, match="one city at a time"):
        compress(np.ones((2, 3, 2)), sparse.csr_array((3, 3)))
