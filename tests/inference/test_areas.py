"""Clusters joined into areas, and clusters that last, by hand."""

import numpy as np
import pytest
from inference.town import block, run, town
from scipy import sparse

from segindex.errors import BadData, BadSettings
from segindex.inference import CLUSTERS, cluster_areas, lasting, share_in_clusters
from segindex.neighbourhood import contiguity

HH, LL, HL, NO, EMPTY = "high-high", "low-low", "high-low", "not significant", "empty"
MAP = np.array(
    [
        [HH, NO, LL, LL],
        [HH, NO, HH, LL],
        [NO, NO, NO, EMPTY],
        [HL, HH, HH, HH],
    ]
)
ROOK = contiguity(block(4), "rook")
QUEEN = contiguity(block(4), "queen")
T = np.arange(1.0, 17)
X = T // 2


def test_areas_by_hand():
    """Three in a row, three in a corner, a pair, two single cells; of equal size the earliest cell comes first."""
    found = cluster_areas(X, T, MAP.ravel(), ROOK)
    assert found.area.reshape(4, 4).tolist() == [[3, 0, 1, 1], [3, 0, 4, 1], [0, 0, 0, 0], [5, 2, 2, 2]]
    assert found.cluster.tolist() == [LL, HH, HH, HH, HL]
    assert found.n_cells.tolist() == [3, 3, 2, 1, 1]
    assert found.residents.tolist() == [3 + 4 + 8, 14 + 15 + 16, 1 + 5, 7, 13]
    assert found.members.tolist() == [1 + 2 + 4, 7 + 7 + 8, 0 + 2, 3, 6]
    np.testing.assert_allclose(found.share, found.members / found.residents)


def test_corners_join_where_they_are_neighbours():
    cluster = np.full((4, 4), NO, dtype=object)
    cluster[0, 0] = cluster[1, 1] = HH
    assert cluster_areas(X, T, cluster.ravel(), ROOK).n_cells.tolist() == [1, 1]
    assert cluster_areas(X, T, cluster.ravel(), QUEEN).n_cells.tolist() == [2]


def test_a_weight_in_one_direction_joins_and_a_weight_of_zero_does_not():
    one_way = sparse.csr_array(([1.0, 0.0], ([2, 0], [0, 1])), shape=(3, 3))
    assert cluster_areas([1, 1, 1], [2, 2, 2], [HH, HH, HH], one_way).area.tolist() == [1, 2, 1]


def test_a_city_without_clusters_has_no_areas():
    found = cluster_areas(X, T, [NO] * 16, ROOK)
    assert not found.area.any()
    assert all(len(field) == 0 for field in found[1:])


def test_the_order_of_cells_changes_no_area():
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    cluster = run(x, t, weights).cluster
    found = cluster_areas(x, t, cluster, weights)
    order = np.random.default_rng(0).permutation(len(t))
    other = cluster_areas(x[order], t[order], cluster[order], weights[order][:, order])
    pairs = set(zip(found.area[order].tolist(), other.area.tolist()))
    assert len(pairs) == len(found.n_cells) + 1
    assert sorted(found.residents) == sorted(other.residents)


def test_areas_hold_what_the_classes_hold():
    xy, x, t = town()
    weights = contiguity(xy, "queen")
    cluster = run(x, t, weights).cluster
    areas, shares = cluster_areas(x, t, cluster, weights), share_in_clusters(x, t, cluster)
    for name in CLUSTERS[:4]:
        at = CLUSTERS.index(name)
        of = areas.cluster == name
        assert areas.n_cells[of].sum() == shares.cells[at]
        assert areas.residents[of].sum() == shares.residents[at]
        assert areas.members[of].sum() == shares.members[at]


def test_data_that_are_refused():
    with pytest.raises(BadData, match="allowed is one city and year"):
        cluster_areas([X, X], T, MAP.ravel(), ROOK)
    with pytest.raises(BadData, match="allowed is one city and year"):
        cluster_areas(X, T, MAP, ROOK)
    with pytest.raises(BadData, match="known are high-high"):
        cluster_areas(X, T, ["hot"] * 16, ROOK)
    with pytest.raises(BadData, match="weights has shape"):
        cluster_areas(X, T, MAP.ravel(), contiguity(block(3), "rook"))


YEARS = [
    [HH, HH, LL, NO, "high"],
    [HH, NO, LL, EMPTY, "low"],
    [NO, HL, HH, NO, "high"],
    [HH, HL, HH, NO, "high"],
]


def test_lasting_by_hand():
    found = lasting(YEARS, 3)
    assert found.cluster.tolist() == [HH, NO, NO, NO, "high"]
    assert found.years.tolist() == [3, 0, 0, 0, 3]
    found = lasting(YEARS, 2)
    assert found.cluster.tolist() == [HH, HL, HH, NO, "high"]
    assert found.years.tolist() == [3, 2, 2, 0, 3]


def test_the_latest_years_count():
    assert lasting(YEARS, 2, years=2).cluster.tolist() == [NO, HL, HH, NO, "high"]
    assert lasting(YEARS, 1, years=1).cluster.tolist() == [HH, HL, HH, NO, "high"]


def test_of_two_lasting_classes_the_more_frequent_or_the_later():
    assert lasting([[HH], [HH], [LL]], 1).cluster.tolist() == [HH]
    assert lasting([[HH], [LL]], 1).cluster.tolist() == [LL]


@pytest.mark.parametrize(
    ("times", "years", "message"),
    [
        (0, None, "times is 0"),
        (5, None, "from 1 to 4"),
        (2.5, None, "times is 2.5"),
        (3, 2, "from 1 to 2"),
        (1, 9, "years is 9"),
    ],
)
def test_numbers_that_are_refused(times, years, message):
    with pytest.raises(BadSettings, match=message):
        lasting(YEARS, times, years=years)


def test_years_that_are_refused():
    with pytest.raises(BadData, match=r"\(n_years, n_cells\)"):
        lasting([HH, LL], 1)
    with pytest.raises(BadData, match="known are high-high"):
        lasting([["hot"]], 1)
