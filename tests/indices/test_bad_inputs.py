"""The kinds of bad input on which other packages return a number (`bad_inputs.csv`): an error here, or NaN, as said."""

import csv
import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.inference import expected, local_clusters, standardised_rates
from segindex.neighbourhood import contiguity, kernel, nearest
from segindex.registry import INDICES

SHARED = Path(__file__).parents[2] / "../shared/reference"
XY = np.argwhere(np.ones((4, 5))) * 250.0
COVERED = {
    "ok": "values",
    "-1 in all": "refused",
    "-1 in g1": "refused",
    "NaN in g1": "refused",
    "NaN in g1+total": "refused",
    "group>total": "refused",
    "int32/Int64 NA": "refused",
    "duplicate index": "labels do not matter to arrays",
    "index gaps": "labels do not matter to arrays",
    "string index": "labels do not matter to arrays",
    "zero-pop cells": "left out",
    "group empty": "NaN",
    "all one group": "NaN, or the bound",
    "1 cell": "values or NaN",
    "EPSG:4326": "refused where a frame is read: arrays have no coordinate system",
    "no CRS": "refused where a frame is read: arrays have no coordinate system",
}
VALUES = [index for index in INDICES if index.gives != "table"]
every_index = pytest.mark.parametrize("index", VALUES, ids=lambda index: index.key)


def table():
    rng = np.random.default_rng(8)
    t = rng.integers(10, 60, len(XY))
    x = rng.binomial(t, 0.3)
    return pd.DataFrame({"g1": x, "rest": t - x, "total": t})


UNMIXED = {"entropy": 0, "simpson": 0, "local_entropy": 0, "local_simpson": 0}
"""How mixed residents are, which one group alone answers: not at all."""


def groups_of(index, frame):
    """Counts of two groups; of six for an index that wants so many."""
    if not index.key.startswith("rank_order"):
        return frame[["g1", "rest"]]
    return frame[["g1", "rest"] * 3] * np.repeat([1 / 2, 1 / 3, 1 / 6], 2)


def call(index, frame, xy=XY):
    """The frame's columns as they are: no index looks at labels."""
    x, y, t = frame["g1"], frame["rest"], frame["total"]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = x / t.where(t != 0) if t.dtype != "Int64" else x / t
    given = {"x": x, "y": y, "t": t, "share": share, "weights": contiguity(xy, "queen"), "xy": xy}
    given |= {"counts": groups_of(index, frame), "area": 1000.0 + xy @ [1.0, 0.1], "distance": np.hypot(*xy.T)}
    given["nearby"] = kernel(xy, "exponential", 1000)
    given["surroundings"] = [kernel(xy, "uniform", radius) for radius in (100, 300, 600)]
    given["districts"] = given["levels"] = xy[:, 0] // 600
    return index.function(**{name: given[name] for name in index.inputs})


def with_g1(value, also_total=False):
    frame = table().astype(float)
    frame.loc[3, "g1"] = value
    if also_total:
        frame.loc[3, ["rest", "total"]] = value
    return frame


def test_every_kind_is_covered():
    if not SHARED.exists():
        pytest.skip("the folder of reference values is not here")
    with (SHARED / "bad_inputs.csv").open(encoding="utf-8", newline="") as file:
        assert {row["input"] for row in csv.DictReader(file)} == set(COVERED)


def refusers():
    """What must refuse a bad count, by name: the indices that take one, and the tests."""
    for index in INDICES:
        if "share" not in index.inputs:
            yield pytest.param(lambda frame, index=index: call(index, frame), id=index.key)
    yield pytest.param(lambda frame: expected("gorard", frame["g1"], frame["total"]), id="expected")
    yield pytest.param(lambda frame: standardised_rates(frame["g1"], frame["total"]), id="standardised_rates")
    yield pytest.param(
        lambda frame: local_clusters(
            frame["g1"], frame["total"], contiguity(XY, "queen"), rng=np.random.default_rng(0), permutations=9
        ),
        id="local_clusters",
    )


@pytest.mark.parametrize("refuse", list(refusers()))
@pytest.mark.parametrize("kind", ["-1 in all", "-1 in g1", "NaN in g1", "NaN in g1+total", "int32/Int64 NA"])
def test_counts_that_are_none_are_refused(refuse, kind):
    frame = {
        "-1 in all": lambda: with_g1(-1, also_total=True),
        "-1 in g1": lambda: with_g1(-1),
        "NaN in g1": lambda: with_g1(np.nan),
        "NaN in g1+total": lambda: with_g1(np.nan, also_total=True),
        "int32/Int64 NA": lambda: with_g1(np.nan).astype("Int64"),
    }[kind]()
    with pytest.raises(BadData):
        refuse(frame)


@every_index
def test_a_group_beyond_the_total_is_refused(index):
    if "t" in index.inputs or "share" in index.inputs:
        with pytest.raises(BadData):
            call(index, with_g1(500))
    else:
        assert np.isfinite(call(index, with_g1(500))).all(), "the index knows no total"


@every_index
@pytest.mark.parametrize("labels", [[0] * 20, range(100, 160, 3), [f"c{i}" for i in range(20)]])
def test_labels_do_not_matter(index, labels):
    np.testing.assert_array_equal(call(index, table().set_axis(list(labels))), call(index, table()))


@pytest.mark.parametrize("index", [one for one in VALUES if "empty_cells" in one.laws], ids=lambda index: index.key)
def test_cells_without_residents_are_left_out(index):
    frame = table().astype(float)
    frame.loc[[2, 9]] = 0
    there = frame["total"] > 0
    value, alone = call(index, frame), call(index, frame[there], XY[there])
    np.testing.assert_allclose(value[there] if index.local else value, alone, rtol=1e-12)


@every_index
def test_a_group_without_members_is_undefined(index):
    frame = table().assign(g1=0)
    frame["rest"] = frame["total"]
    if index.key.startswith("rank_order"):
        with pytest.raises(BadData, match="2 class limits"):
            call(index, frame)
    else:
        defined = UNMIXED | {"concentration_at_extremes": -1}
        np.testing.assert_allclose(call(index, frame), defined.get(index.key, np.nan), atol=1e-12)


@every_index
def test_a_city_of_one_group(index):
    frame = table()
    frame["g1"], frame["rest"] = frame["total"], 0
    if not {"y", "t", "counts", "share"} & set(index.inputs) and index.key != "mean_proximity":
        assert np.isfinite(call(index, frame)).all(), "the index knows no other group"
        return
    if index.key.startswith("rank_order"):
        with pytest.raises(BadData, match="2 class limits"):
            call(index, frame)
        return
    bound = UNMIXED | {
        "gorard": 0,
        "isolation": 1,
        "exposure": 0,
        "location_quotient": 1,
        "concentration_at_extremes": 1,
    }
    bound |= {"absolute_clustering": 1, "distance_decay_isolation": 1, "distance_decay_exposure": 0}
    everybody = np.array(frame["total"] / frame["total"].sum())
    nearness = np.exp(-np.hypot(*(XY[:, np.newaxis] - XY).T) / 1000)
    bound |= {
        "mean_proximity": everybody @ nearness @ everybody,
        "getis_ord_g": 2 * (4 * 4 + 5 * 3 + 2 * 4 * 3) / (20 * 19),
    }
    np.testing.assert_allclose(call(index, frame), bound.get(index.key, np.nan), atol=1e-12)


@every_index
def test_one_cell(index):
    if index.key in ("absolute_concentration", "relative_concentration"):
        with pytest.raises(BadData, match="area is"):
            call(index, table()[:1], XY[:1])
        return
    value = call(index, table()[:1], XY[:1])
    if "weights" in index.inputs:
        assert np.isnan(value).all()
    else:
        p = table()["g1"][0] / table()["total"][0]
        entropy, simpson = -(p * np.log(p) + (1 - p) * np.log(1 - p)), 2 * p * (1 - p)
        bound = {"isolation": p, "exposure": 1 - p, "location_quotient": 1, "concentration_at_extremes": 2 * p - 1}
        bound |= {"entropy": entropy, "local_entropy": entropy, "simpson": simpson, "local_simpson": simpson}
        bound |= {"distance_decay_isolation": p, "distance_decay_exposure": 1 - p}
        bound |= dict.fromkeys(
            ("spatial_proximity", "multigroup_spatial_proximity", "mean_proximity", "mean_cross_proximity"), 1
        )
        assert value == pytest.approx(bound.get(index.key, 0), abs=1e-12)


def test_neighbourhoods_refuse_bad_counts_and_places():
    for t in (with_g1(-1)["g1"], with_g1(np.nan)["g1"]):
        with pytest.raises(BadData):
            nearest(XY, t, 50)
    twice = np.vstack([XY, XY[:1]])
    for make in (
        lambda: kernel(twice, "uniform", 5),
        lambda: nearest(twice, np.ones(21), 5),
        lambda: contiguity(twice, "rook"),
    ):
        with pytest.raises(BadData, match="more than once"):
            make()


@pytest.mark.parametrize(
    ("function", "setting", "allowed"),
    [
        (indices.concentration_profile, "thresholds", "a whole number from 2"),
        (indices.concentration_curve, "thresholds", "a whole number from 2"),
        (indices.atkinson, "b", "a number above 0 and below 1"),
        (indices.rank_order_information_theory, "order", "a whole number from 1 to"),
    ],
)
@pytest.mark.parametrize("wrong", [[0.25, 0.5], "1", {}, np.array([2, 3]), True, np.nan, np.inf, -1, 1.5])
def test_a_setting_that_is_not_one_number_of_those_allowed_is_refused(function, setting, allowed, wrong):
    five = np.arange(10.0).reshape(2, 5) + 1
    given = {"x": [1, 2], "y": [3, 4], "t": [5, 6], "counts": five}
    given = {name: given[name] for name in inspect.signature(function).parameters if name in given}
    with pytest.raises(BadSettings, match=rf"^{setting} is .*; allowed is {allowed}"):
        function(**given, **{setting: wrong})


@pytest.mark.parametrize("wrong", [[250], "250", None, True, np.nan])
def test_a_size_that_is_not_one_number_is_refused(wrong):
    for make in (
        lambda: kernel(XY, "biweight", wrong),
        lambda: kernel(XY, "exponential", 250, cutoff_m=[wrong]),
        lambda: nearest(XY, np.ones(len(XY)), wrong),
    ):
        with pytest.raises(BadSettings, match=r"(bandwidth_m|cutoff_m|k) is .*; allowed is a finite number above 0"):
            make()


@pytest.mark.parametrize(("setting", "wrong"), [("areas", [2]), ("areas", 2.5), ("kept", "0.9"), ("kept", True)])
def test_merges_are_cut_at_one_number(setting, wrong):
    merges = indices.compress(table()[["g1", "rest"]], contiguity(XY, "rook"))
    with pytest.raises(BadSettings, match=f"^{setting} is .*; allowed is a"):
        merges.labels(**{setting: wrong})


@pytest.mark.parametrize(("setting", "wrong"), [("permutations", [99]), ("permutations", "99"), ("level", "0.05")])
def test_a_test_takes_one_number(setting, wrong):
    frame, more = table(), {"rng": np.random.default_rng(0), "permutations": 9}
    with pytest.raises(BadSettings, match=f"^{setting} is .*; allowed is a"):
        local_clusters(frame["g1"], frame["total"], contiguity(XY, "queen"), **more | {setting: wrong})
