"""Clustering in other software, the pairs of patterns that order it, and the fault of a peer that is told apart."""

from functools import cache

import numpy as np
import pytest
from golden.reference import HERE, SHARED, city, land_area, needs_shared, parts, rows_of, source

from segindex import indices
from segindex.neighbourhood import boundary, contiguity, kernel
from segindex.registry import REGISTRY

MEASURES = {
    "ACL",
    "DIMorrill",
    "DIWong_s",
    "DIWong_w",
    "DPxx",
    "DPxy",
    "D_Morrill",
    "ISMorrill",
    "ISP",
    "ISWong_s",
    "ISWong_w",
    "Poo",
    "Pxx",
    "Pxy",
    "RCL",
    "SP",
    "deseg_SC",
    "deseg_SL",
    "deseg_SQ",
    "geary_C",
    "global_G",
}
EMPTY_PAIRS = "the peer's mean is over pairs with cells where neither group lives too"
DIVSEG_OWN_M = 500.0
"""divseg does not say its distance of a cell from itself; this one gives its value to the last digit."""


def why_not(row):
    """Why a row of these measures is not computed here, or "" if it is."""
    if row["tolerance"] == "NA":
        return "documents a fault of the peer"
    if row["index"].startswith("deseg"):
        return "a decomposition over a surface that another package smooths, which is no measure here"
    if row["index"] in ("DIMorrill[b,c]", "DIWong_w[b,c]", "DIWong_s[b,c]") and row["dataset"].startswith(
        "grid_mixed20"
    ):
        return EMPTY_PAIRS
    return ""


def unit_m(dataset):
    """The edge of a cell, and the length that distances are counted in: km, or the unit of the idealised patterns."""
    return (1.0, 1.0) if dataset.startswith("segdata_") else (250.0, 1000.0)


@cache
def nearness(dataset, parameters):
    """c_ij as a row's parameters say."""
    xy, _ = city(dataset)
    if "contiguity" in parameters:
        weights = contiguity(xy, parameters.split()[0])
        own = float(parameters[-1])
        return lambda counts: counts @ weights + own * counts
    edge, unit = unit_m(dataset)
    area_m2 = land_area(dataset) if dataset.endswith("+landarea") else np.full(len(xy), edge**2)
    own_m = DIVSEG_OWN_M if parameters.startswith("first col") else 0
    if parameters.endswith("0.6*sqrt(a)"):
        own_m = 0.6 * np.sqrt(area_m2)
    elif parameters.endswith("sqrt(0.6*a)"):
        own_m = np.sqrt(0.6 * area_m2)
    near = kernel(xy, "exponential", unit, self_distance_m=own_m)
    return (lambda counts: near(counts) - counts) if "EXCLUDED" in parameters else near


def computed(row):
    """What segindex gives for a row."""
    measure, chosen = parts(row)
    dataset, parameters = row["dataset"], row["parameters"]
    xy, groups = city(dataset)
    counts = np.stack(list(groups.values()), axis=-1)
    t = counts.sum(axis=-1)
    if measure in ("geary_C", "global_G"):
        weights = contiguity(xy, parameters.split()[0])
        return {"geary_C": indices.gearys_c, "global_G": indices.getis_ord_g}[measure](groups["b"] / t, weights)
    if measure == "D_Morrill" and not chosen:
        chosen = tuple(groups)[:2]
    x = groups[chosen[0]] if chosen else None
    y = groups[chosen[1]] if len(chosen) == 2 and chosen[1] != "rest" else (t - x if chosen else None)
    if "Morrill" in measure:
        return indices.adjusted_dissimilarity(x, y, contiguity(xy, parameters.split(",")[0]))
    if "Wong" in measure:
        whole = np.full(len(t), unit_m(dataset)[0] ** 2)
        area = land_area(dataset) if dataset.endswith("+landarea") else whole
        return indices.boundary_dissimilarity(x, y, boundary(xy), area=area if measure.endswith("_s") else None)
    near = nearness(dataset, parameters)
    if measure in ("SP", "ISP") and not chosen:
        return indices.multigroup_spatial_proximity(counts, near)
    if measure == "SP" and len(chosen) == 1:
        return indices.mean_proximity(x, near) / indices.mean_proximity(t, near)
    return {
        "SP": lambda: indices.spatial_proximity(x, y, near),
        "Poo": lambda: indices.mean_proximity(t, near),
        "Pxx": lambda: indices.mean_proximity(x, near),
        "Pxy": lambda: indices.mean_cross_proximity(x, y, near),
        "ACL": lambda: indices.absolute_clustering(x, t, near),
        "RCL": lambda: indices.relative_clustering(x, y, near),
        "DPxx": lambda: indices.distance_decay_isolation(x, t, near),
        "DPxy": lambda: indices.distance_decay_exposure(x, y, t, near),
    }[measure]()


@needs_shared
def test_all_rows_of_these_measures():
    rows = [row for row in rows_of(SHARED / "values.csv") if row["index"].split("[")[0] in MEASURES]
    wrong, left_out = [], {}
    for row in rows:
        reason = why_not(row)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
        elif not abs(float(computed(row)) - float(row["value"])) <= float(row["tolerance"]):
            wrong.append(f"{source(row)}: {float(computed(row))!r}, not {row['value']}")
    assert not wrong, f"{len(wrong)} of {len(rows)}: " + "\n".join(wrong)
    assert len(rows) == 1249
    assert left_out == {
        "documents a fault of the peer": 178,
        EMPTY_PAIRS: 8,
        "a decomposition over a surface that another package smooths, which is no measure here": 48,
    }


@pytest.mark.parametrize("row", rows_of(HERE / "values_clustering.csv"), ids=source)
def test_made_up_grids(row):
    assert computed(row) == pytest.approx(float(row["value"]), abs=float(row["tolerance"]), rel=0)


@needs_shared
def test_the_copied_rows_are_those_of_the_folder():
    there = {source(row): row for row in rows_of(SHARED / "values.csv")}
    for row in rows_of(HERE / "values_clustering.csv"):
        assert {name: there[source(row)][name] for name in row} == row


@needs_shared
def test_a_peers_mean_over_pairs_with_empty_cells_is_explained():
    """Its sum is ours: only what it divides by holds the pairs too whose difference is not defined."""
    rows = [row for row in rows_of(SHARED / "values.csv") if why_not(row) == EMPTY_PAIRS]
    assert len(rows) == 8
    for row in rows:
        xy, groups = city(row["dataset"])
        b, c = groups["b"], groups["c"]
        there = (b + c > 0).astype(float)
        weights = contiguity(xy, "queen" if row["parameters"] == "queen" else "rook")
        ours, plain = computed(row), indices.dissimilarity(b, c)
        theirs = plain - (plain - ours) * (there @ weights @ there) / weights.sum()
        assert abs(ours - theirs) > 1e-4
        assert theirs == pytest.approx(float(row["value"]), abs=float(row["tolerance"]), rel=0)


PATTERNS = """
A 1.0000 .9444 .9211 .9472 1.0000 1.0000 1.6934 .8061 .8698
B 1.0000 .8278 .7778 .8375 1.0000 1.0000 1.3282 .4434 .6215
C 1.0000 .5000 .5000 .5389 1.0000 1.0000 1.1088 .0141 .1053
D  .8421 .7893 .7675 .7921  .9211  .6981 1.4819 .5830 .7612
E  .8344 .6650 .6254 .6754  .9155  .6888 1.2235 .3036 .5432
F 1.0000 .9667 .9561 .9694 1.0000 1.0000 1.5346 .7883 .9269
G 1.0000 .9333 .9064 .9333 1.0000 1.0000 1.4695 .6020 .8394
H 1.0000 .9000 .8596 .9056 1.0000 1.0000 1.3243 .4710 .8060
"""
"""D, D(adj) of rook and queen neighbours, D(s), Gini, H, SP, and H and D in a biweight kernel of two cells."""


@needs_shared
@pytest.mark.parametrize("line", PATTERNS.split("\n")[1:-1], ids=lambda line: line[0])
def test_idealised_patterns_of_morrill_and_wong(line):
    pattern, *printed = line.split()
    xy, groups = city(f"segdata_{pattern}")
    x, y = groups.values()
    both = np.stack([x, y], axis=-1)
    two_cells = kernel(xy, "biweight", 2)
    found = [
        indices.dissimilarity(x, y),
        indices.adjusted_dissimilarity(x, y, contiguity(xy, "rook")),
        indices.adjusted_dissimilarity(x, y, contiguity(xy, "queen")),
        indices.boundary_dissimilarity(x, y, boundary(xy), area=np.ones(100)),
        indices.gini(x, y),
        indices.information_theory(both),
        indices.spatial_proximity(x, y, kernel(xy, "exponential", 1)),
        indices.information_theory(both, nearby=two_cells),
        indices.dissimilarity(x, y, nearby=two_cells),
    ]
    np.testing.assert_allclose(found, np.array(printed, dtype=float), rtol=0, atol=5.1e-5)
    weighed = indices.boundary_dissimilarity(x, y, boundary(xy))
    assert weighed == pytest.approx(found[1], rel=1e-12), "all boundaries of a grid are of one length"


@cache
def two_cities():
    """The values of a checkerboard and of two solid blocks, by index."""
    values = []
    for dataset in ("grid_checker20", "grid_block20"):
        xy, groups = city(dataset)
        x, y = groups["a"], groups["b"]
        t, near = x + y, kernel(xy, "exponential", 1000)
        given = {"x": x, "y": y, "t": t, "share": x / t, "nearby": near, "counts": np.stack([x, y], axis=-1)}
        given |= {"weights": contiguity(xy, "rook")}
        own = {}
        for index in REGISTRY.values():
            if index.dimension == "clustering" and set(index.inputs) <= set(given):
                own[index.key] = float(index.function(**{name: given[name] for name in index.inputs}))
        lengths = boundary(xy)
        own["boundary_dissimilarity"] = float(indices.boundary_dissimilarity(x, y, lengths))
        own["D(s)"] = float(indices.boundary_dissimilarity(x, y, lengths, area=np.full(400, 62_500)))
        own["D(adj) of two orders"] = float(indices.adjusted_dissimilarity(x, y, contiguity(xy, "rook"), order=2))
        values.append(own)
    return values


RISING = (
    "spatial_proximity",
    "multigroup_spatial_proximity",
    "mean_proximity",
    "absolute_clustering",
    "distance_decay_isolation",
    "morans_i",
    "getis_ord_g",
    "adjusted_dissimilarity",
    "boundary_dissimilarity",
    "D(s)",
    "D(adj) of two orders",
)


@pytest.mark.parametrize("key", RISING)
def test_a_checkerboard_is_less_clustered_than_two_blocks(key):
    checkerboard, blocks = two_cities()
    assert checkerboard[key] < blocks[key] - 1e-3


@pytest.mark.parametrize("key", ["distance_decay_exposure", "mean_cross_proximity", "gearys_c"])
def test_what_falls_with_clustering_is_higher_on_a_checkerboard(key):
    checkerboard, blocks = two_cities()
    assert checkerboard[key] > blocks[key] + 1e-3


def test_the_checkerboard_and_the_blocks_in_numbers():
    checkerboard, blocks = two_cities()
    assert [round(one["spatial_proximity"], 4) for one in two_cities()] == [1.0019, 1.4971]
    for one in (checkerboard, blocks):
        assert one["relative_clustering"] == pytest.approx(0, abs=1e-12)
        assert one["distance_decay_isolation"] + one["distance_decay_exposure"] == pytest.approx(1, abs=1e-12)
        assert one["spatial_proximity"] == pytest.approx(one["multigroup_spatial_proximity"])
    assert set(RISING) | {"distance_decay_exposure", "mean_cross_proximity", "gearys_c", "relative_clustering"} == set(
        blocks
    )
