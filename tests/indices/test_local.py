"""Values of single cells: by hand, what they add up or average to, and where they are not defined."""

import numpy as np
import pytest

from segindex import indices
from segindex.errors import BadData

COUNTED = [
    indices.local_entropy,
    indices.local_simpson,
    indices.local_divergence,
    indices.local_segregation,
    indices.local_information_theory,
]


def random_city(seed, n_cells=30):
    counts = np.random.default_rng(seed).poisson([9, 5, 1], (n_cells, 3)).astype(float)
    counts[4] = 0
    counts[9, 1:] = 0
    return counts


def nearby(counts):
    near = np.exp(-np.abs(np.subtract.outer(np.arange(30), np.arange(30))) / 1.5)
    return counts @ near


def mean(values, t):
    """Over all residents; a cell without any has no value and no weight."""
    return np.average(values[t > 0], weights=t[t > 0])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(indices.location_quotient([10, 10, 0], [20, 60, 20]), [2.5, 5 / 6, 0], id="LQ over 1/5"),
        pytest.param(
            indices.concentration_at_extremes([10, 0, 5, 0], [0, 10, 5, 0], [20, 10, 20, 8]), [0.5, -1, 0, 0], id="ICE"
        ),
        pytest.param(indices.local_dissimilarity([30, 10], [5, 5]), [1 / 8, 1 / 8], id="D |3/4 - 1/2| / 2"),
        pytest.param(indices.local_entropy([[10, 0, 0], [2, 1, 1]]), [0, 1.5 * np.log(2)], id="E"),
        pytest.param(indices.local_simpson([[10, 0, 0], [2, 1, 1]]), [0, 5 / 8], id="1 - 1/4 - 1/16 - 1/16"),
        pytest.param(indices.local_divergence([[10, 0], [0, 30]]), [np.log(4), np.log(4 / 3)], id="KL"),
        pytest.param(
            indices.local_segregation([[10, 0], [5, 15], [5, 5]]),
            [np.log(2), np.log(1 / 2) / 4 + 3 / 4 * np.log(3 / 2), 0],
            id="ls",
        ),
        pytest.param(indices.local_information_theory([[9, 0], [1, 1], [0, 9]]), [1, 0, 1], id="H"),
        pytest.param(
            indices.local_information_theory([[80, 0], [10, 10]]),
            [1, 1 - np.log(2) / -(0.9 * np.log(0.9) + 0.1 * np.log(0.1))],
            id="H below 0",
        ),
    ],
)
def test_by_hand(values, expected):
    np.testing.assert_allclose(values, expected, atol=1e-12)


@pytest.mark.parametrize("option", [{}, {"nearby": nearby}], ids=["plain", "spatial"])
@pytest.mark.parametrize("seed", range(3))
def test_what_cells_add_up_to(option, seed):
    counts = random_city(seed)
    x, y, z = counts.T
    t = counts.sum(axis=-1)
    assert indices.local_dissimilarity(x, y, **option).sum() == pytest.approx(indices.dissimilarity(x, y, **option))
    assert mean(indices.local_divergence(counts, **option), t) == pytest.approx(indices.divergence(counts, **option))
    assert mean(indices.local_information_theory(counts, **option), t) == pytest.approx(
        indices.information_theory(counts, **option)
    )
    assert mean(indices.local_entropy(counts, **option), t) == pytest.approx(
        indices.entropy(counts) - indices.mutual_information(counts, **option)
    )
    assert mean(indices.local_simpson(counts, **option), t) == pytest.approx(
        indices.simpson(counts) * (1 - indices.relative_diversity(counts, **option))
    )
    quotients = indices.location_quotient(x, t, **option)
    assert (x / x.sum() * np.nan_to_num(quotients)).sum() * x.sum() / t.sum() == pytest.approx(
        indices.isolation(x, t, **option)
    )
    extremes = indices.concentration_at_extremes(x, z, t, **option)
    np.testing.assert_allclose(
        extremes * t.sum(), quotients * x.sum() - indices.location_quotient(z, t, **option) * z.sum(), atol=1e-9
    )


def test_plain_means_that_the_surroundings_do_not_keep():
    counts = random_city(4)
    x, y, _ = counts.T
    t = counts.sum(axis=-1)
    assert mean(indices.local_segregation(counts), t) == pytest.approx(indices.mutual_information(counts))
    assert mean(indices.location_quotient(x, t), t) == pytest.approx(1)
    assert mean(indices.concentration_at_extremes(x, y, t), t) == pytest.approx((x.sum() - y.sum()) / t.sum())


def test_local_segregation_of_groups_is_that_of_the_turned_table():
    counts = random_city(5)
    by_group = indices.local_segregation(counts.T)
    assert mean(by_group, counts.sum(axis=0)) == pytest.approx(indices.mutual_information(counts))


def test_surroundings_stand_for_the_cell_where_somebody_lives():
    counts = random_city(6)
    x, y, _ = counts.T
    t = counts.sum(axis=-1)
    around = nearby(counts.T).T
    all_around = around.sum(axis=-1)
    inhabited = t > 0
    for values, expected in (
        (indices.location_quotient(x, t, nearby=nearby), around[:, 0] / all_around * t.sum() / x.sum()),
        (indices.concentration_at_extremes(x, y, t, nearby=nearby), (around[:, 0] - around[:, 1]) / all_around),
        (indices.local_simpson(counts, nearby=nearby), 1 - ((around / all_around[:, np.newaxis]) ** 2).sum(axis=-1)),
    ):
        np.testing.assert_allclose(values[inhabited], expected[inhabited])
        assert np.isnan(values[~inhabited]).all()


def test_a_cell_without_residents_has_no_value_but_adds_nothing():
    counts = random_city(7)
    x, y, _ = counts.T
    t = counts.sum(axis=-1)
    for values in (
        *(index(counts) for index in COUNTED),
        indices.location_quotient(x, t),
        indices.concentration_at_extremes(x, y, t),
    ):
        assert np.flatnonzero(np.isnan(values)).tolist() == [4]
    assert indices.local_dissimilarity(x, y)[4] == 0
    assert indices.local_dissimilarity(x, y, nearby=nearby)[4] == 0


def test_undefined_without_a_second_group():
    alone = [[3, 0], [4, 0]]
    for index in COUNTED[2:]:
        assert np.isnan(index(alone)).all(), index.__name__
    assert np.isnan(indices.local_dissimilarity([0, 0], [3, 4])).all()
    assert np.isnan(indices.location_quotient([0, 0], [3, 4])).all()
    assert (indices.local_entropy(alone) == 0).all()
    years = np.array([alone, [[3, 1], [4, 0]]])
    for index in COUNTED[2:]:
        assert np.isnan(index(years)).tolist() == [[True, True], [False, False]]


def test_the_two_ends_share_no_person():
    with pytest.raises(BadData, match=r"x \+ y exceeds t in 1 place, first at \(1,\): 5 of 4"):
        indices.concentration_at_extremes([1, 3], [1, 2], [4, 4])
    third = np.array([0.1])
    assert third + 0.2 > 0.3
    assert indices.concentration_at_extremes(third, [0.2], [0.3]) == pytest.approx(-1 / 3)
