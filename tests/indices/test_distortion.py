"""Distortion: the definition again by plain loops, and the greatest value by trying all orders."""

import itertools

import numpy as np
import pytest

from segindex.errors import BadData
from segindex.indices import distortion, local_distortion
from segindex.indices.trajectories import _greatest
from segindex.neighbourhood import disc_radii, discs, kernel, nearest

XY = np.argwhere(np.ones((4, 4))) * 250.0 + 125
FINE = 40_000


def city(seed, n_groups=3):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(0.6, 8, (16, n_groups))).astype(float)
    counts[5] = 0
    return counts


def all_rings(xy):
    distances = np.unique(np.hypot(*(xy[:, np.newaxis] - xy).reshape(-1, 2).T).round(6))
    return [kernel(xy, "uniform", max(float(one), 1.0)) for one in distances]


def divergence(around, whole):
    value = 0.0
    for persons, everyone in zip(around, whole):
        if persons > 0:
            p = persons / around.sum()
            value += p * np.log(p * whole.sum() / everyone)
    return value


def trajectory(cell, counts, xy, points):
    """The divergence around a cell when so many residents are seen, ring by ring, the last ring in proportion."""
    rings = {}
    for other, place in enumerate(xy):
        distance = round(float(np.hypot(*(place - xy[cell]))), 6)
        rings[distance] = rings.get(distance, 0) + counts[other]
    seen, values = np.zeros(counts.shape[1]), []
    ordered = [rings[distance] for distance in sorted(rings)]
    for number in points:
        while ordered and seen.sum() + ordered[0].sum() < number:
            seen = seen + ordered.pop(0)
        part = (number - seen.sum()) / ordered[0].sum()
        values.append(divergence(seen + part * ordered[0], counts.sum(axis=0)))
    return np.array(values)


def ring_city(counts, points):
    """The divergence seen from the centre of a city whose groups live in rings, the smallest innermost."""
    left, seen, values = sorted(counts.sum(axis=0)), [], []
    for number in points:
        seen, rest = [], number
        for size in left:
            seen.append(min(size, rest))
            rest -= seen[-1]
        values.append(divergence(np.array(seen), np.array(left)))
    return np.array(values)


@pytest.mark.parametrize("seed", range(2))
def test_with_all_rings_it_is_the_integral_of_the_focal_distances(seed):
    counts = city(seed)
    everyone = counts.sum()
    points = (np.arange(4000) + 0.5) / 4000 * everyone
    step = everyone / 4000
    expected = []
    for cell in range(16):
        along = trajectory(cell, counts, XY, points)
        tolerances = (np.arange(2000) + 0.5) / 2000 * along.max()
        last = [np.flatnonzero(along > one)[-1] + 1 for one in tolerances]
        expected.append(np.mean(last) * step * along.max() / everyone)
    greatest = ring_city(counts, points).mean()
    found = local_distortion(counts, all_rings(XY))
    lived = counts.sum(axis=-1) > 0
    assert np.isnan(found[~lived]).all()
    np.testing.assert_allclose(found[lived], (np.array(expected) / greatest)[lived], rtol=5e-3)
    weight = counts.sum(axis=-1) / everyone
    assert distortion(counts, all_rings(XY)) == pytest.approx(np.nansum(weight * found))


def test_one_resident_after_another_is_the_same_as_ring_by_ring():
    counts = city(4)
    one_by_one = [nearest(XY, counts.sum(axis=-1), k) for k in range(1, int(counts.sum()))]
    np.testing.assert_allclose(local_distortion(counts, one_by_one), local_distortion(counts, all_rings(XY)), rtol=2e-3)


def test_fewer_scales_give_a_little_less():
    counts = city(3)
    t = counts.sum(axis=-1)
    exact = distortion(counts, all_rings(XY))
    coarse, fine = (
        distortion(counts, [nearest(XY, t, k) for k in 2 * factor ** np.arange(60) if k < t.sum()])
        for factor in (2.0, 1.2)
    )
    assert coarse < fine < exact
    assert fine == pytest.approx(exact, rel=0.03)
    assert coarse == pytest.approx(exact, rel=0.2)


def test_discs_lose_little_of_a_city_that_differs_by_district():
    """From both sides: never above the value with all rings, and within three per cent of it."""
    rng = np.random.default_rng(6)
    xy = np.argwhere(np.ones((16, 16))) * 250.0 + 125
    t = rng.poisson(60, 256)
    x = rng.binomial(t, np.where(xy[:, 0] < 2000, 0.3, 0.1))
    counts = np.column_stack([x, t - x])
    exact = distortion(counts, all_rings(xy))
    assert 0.97 * exact < distortion(counts, discs(xy)) <= exact


def test_radii_take_every_near_ring_then_a_tenth_more():
    found = disc_radii(np.argwhere(np.ones((30, 40))) * 500.0)
    near = np.array([0.5, 1, np.sqrt(2), 2, np.sqrt(5), np.sqrt(8), 3, np.sqrt(10), np.sqrt(13), 4]) * 500
    np.testing.assert_allclose(found[:10], near)
    np.testing.assert_allclose(found[10:] / found[9:-1], 1.1)
    assert found[-1] <= 500 * np.hypot(29, 39) < 1.1 * found[-1]


def test_radii_of_areas_start_from_the_two_nearest():
    found = disc_radii([[0, 0], [30, 40], [3000, 0]])
    np.testing.assert_allclose(found[:2], [25, 50])
    np.testing.assert_allclose(found[2:] / found[1:-1], 1.1)
    assert disc_radii([[5, 5]]).tolist() == [1.0]


def test_a_divergence_that_rises_again_counts_until_it_falls_for_good():
    """From the first cell on: 2 of 2, then mixed as the city, then apart again."""
    xy = np.array([[125.0 + 250 * step, 125.0] for step in range(4)])
    counts = np.array([[1.0, 1.0], [4.0, 0.0], [0.0, 4.0], [1.0, 1.0]])
    points = (np.arange(20_000) + 0.5) / 20_000 * 12
    along = trajectory(0, counts, xy, points)
    assert along[: 20_000 // 6].max() == pytest.approx(0, abs=1e-12)
    to_come = np.maximum.accumulate(along[::-1])[::-1].mean()
    greatest = ring_city(counts, points).mean()
    assert local_distortion(counts, all_rings(xy))[0] == pytest.approx(to_come / greatest, rel=5e-3)
    assert to_come > 1.2 * along.mean()


@pytest.mark.parametrize("sizes", [(2, 5), (3, 3), (1, 2, 4), (2, 2, 2), (1, 3, 3)])
def test_nobody_sees_more_than_the_centre_of_rings(sizes):
    kinds = [group for group, size in enumerate(sizes) for _ in range(size)]
    xy = np.array([[125.0 + 250 * step, 125.0] for step in range(len(kinds))])
    rings = all_rings(xy)
    cities = {order: local_distortion(np.eye(len(sizes))[list(order)], rings)[0] for order in _orders(kinds)}
    best = max(cities, key=cities.get)
    assert sorted(sizes[group] for group, _ in itertools.groupby(best)) == sorted(sizes)
    assert cities[tuple(kinds)] == pytest.approx(cities[best])
    assert cities[best] <= 1


def _orders(kinds):
    return set(itertools.permutations(kinds))


@pytest.mark.parametrize("share", [(0.5, 0.5), (0.1, 0.9), (0.1, 0.25, 0.65), (0, 0.3, 0.7), (0.2, 0.2, 0.2, 0.4)])
def test_the_greatest_value_is_the_closed_form(share):
    blocks = 1000 * np.diag(share)[np.argsort(share)]
    xy = np.array([[125.0 + 250 * step, 125.0] for step in range(len(share))])
    points = (np.arange(FINE) + 0.5) / FINE * 1000
    exact = ring_city(blocks, points).mean()
    seen = local_distortion(blocks, all_rings(xy))[np.flatnonzero(blocks.sum(axis=-1))[0]]
    assert seen == pytest.approx(1, abs=5e-3)
    assert _greatest(np.array(share)) == pytest.approx(exact, rel=1e-4)


def test_two_equal_groups_apart_are_distorted_for_everybody():
    xy = np.array([[125.0, 125.0], [375.0, 125.0], [9125.0, 125.0], [9375.0, 125.0]])
    assert distortion([[5, 0], [5, 0], [0, 5], [0, 5]], all_rings(xy)) == pytest.approx(1, abs=5e-3)


def test_surroundings_must_grow_and_be_there():
    counts = city(1)
    with pytest.raises(BadData, match="surroundings is empty"):
        distortion(counts, [])
    wide, narrow = kernel(XY, "uniform", 600), kernel(XY, "uniform", 300)
    with pytest.raises(BadData, match="surroundings do not grow: after number 1 of 2"):
        local_distortion(counts, [wide, narrow])
    with pytest.raises(BadData, match="surroundings do not grow: after number 1 of 1"):
        local_distortion(counts, [lambda counts: counts.sum(axis=-1, keepdims=True) * np.full(16, 2.0)])


def test_one_group_alone_has_no_distortion():
    counts = np.column_stack([np.arange(16.0), np.zeros(16)])
    assert np.isnan(distortion(counts, all_rings(XY))) and np.isnan(local_distortion(counts, all_rings(XY))).all()
