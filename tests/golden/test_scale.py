"""Values that other software computed: levels of areas, compression and the concentration profile."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from golden.reference import HERE, SHARED, city, needs_shared, parts, rows_of, source
from scipy import sparse
from scipy.special import rel_entr

from segindex import indices

KINDS = {"M": "mutual_information", "H": "information_theory"}
BLOCKS_M = {"km1": 1000, "km25": 2500}
FAR = 50
"""Cells before and after each in order of local segregation that R's compress takes for its neighbours."""

MEASURES = {
    "compress_pctM",
    "conprof_R",
    "ID_expected",
    "ID_multilevel",
    "nested_H",
    "nested_H_2",
    "nested_H_4",
    "nested_M",
    "nested_M_1",
    "nested_M_3",
    *(f"{kind}_swapped" for kind in KINDS),
    *(
        f"{kind}_{part}_{level}"
        for kind in KINDS
        for part in ("between", "within")
        for level in ("district", "km1", "km25", "state")
    ),
    *(f"MLID_{part}_{level}" for part in ("Pvariance", "holdback") for level in ("Base", "km1", "km25")),
    *(f"{part}_{level}" for part in ("Pvariance", "holdback") for level in ("Base", "MSOA", "LAD", "RGN")),
}


def why_not(row):
    """Why a row of these measures is not computed here, or "" if it is."""
    if row["tolerance"] == "NA":
        return "documents a fault of the peer"
    if row["dataset"].startswith("MLID::"):
        return "the data are not at hand"
    if parts(row)[0] == "ID_expected":
        return "both groups are drawn apart, each from a cell's persons, so that they need not sum to them"
    return ""


@cache
def blocks(dataset, level):
    """The block of each cell, or the area of each school."""
    if level in BLOCKS_M:
        steps = np.floor((city(dataset)[0] - [380_000, 6_670_000]) / BLOCKS_M[level]).astype(int)
        return steps[:, 0] * 1000 + steps[:, 1]
    frame = pd.read_csv(SHARED / f"{dataset}.csv")
    return frame.groupby("school")[level].first().to_numpy(str)


@cache
def multilevel(dataset):
    groups = city(dataset)[1]
    levels = np.column_stack([blocks(dataset, level) for level in BLOCKS_M])
    return indices.multilevel_dissimilarity(groups["a"], groups["b"], levels)


@cache
def compressed(dataset, neighbours):
    counts = np.stack(list(city(dataset)[1].values()), axis=-1)
    n_cells = len(counts)
    if neighbours == "all":
        return indices.compress(counts, sparse.csr_array(np.triu(np.ones((n_cells, n_cells)), 1)))
    mix = counts / counts.sum(axis=-1, keepdims=True)
    order = np.argsort(rel_entr(mix, counts.sum(axis=0) / counts.sum()).sum(axis=-1), kind="stable")
    near = sparse.diags_array([np.ones(n_cells - step) for step in range(1, FAR + 1)], offsets=range(1, FAR + 1))
    rank = np.argsort(order)
    return indices.compress(counts, near.tocsr()[rank][:, rank])


def nested(row, counts):
    of = [name.strip() for name in row["parameters"].partition("|")[2].split(",") if name.strip()]
    inner = row["parameters"].partition("|")[0].strip()
    kind = KINDS[row["index"].split("_")[1]]
    levels = of + ([inner] if inner in (*BLOCKS_M, "state", "district") else [])
    found = indices.nested_parts(counts, np.column_stack([blocks(row["dataset"], one) for one in levels]), index=kind)
    return found[len(of)]


def computed(row):
    """What segindex gives for a row."""
    measure, chosen = parts(row)
    dataset = row["dataset"]
    groups = city(dataset)[1]
    counts = np.stack(list(groups.values()), axis=-1)
    if measure == "conprof_R":
        return indices.concentration_profile(groups[chosen[0]], counts.sum(axis=-1), thresholds=999)
    if measure == "compress_pctM":
        neighbours, _, areas = row["parameters"].partition("; N_units=")
        return compressed(dataset, neighbours).kept[len(counts) - 1 - int(areas)]
    if measure.startswith("nested"):
        return nested(row, counts)
    if measure == "ID_multilevel":
        return multilevel(dataset).value
    if measure.startswith("MLID"):
        _, part, level = measure.split("_")
        found = multilevel(dataset).variance if part == "Pvariance" else multilevel(dataset).holdback
        return 100 * found[["Base", *BLOCKS_M].index(level)]
    kind, part, *level = measure.split("_")
    if part == "swapped":
        return indices.between_within(counts.T, [0] * counts.shape[1], index=KINDS[kind]).total
    return getattr(indices.between_within(counts, blocks(dataset, level[0]), index=KINDS[kind]), part)


@pytest.mark.parametrize("row", rows_of(HERE / "values_scale.csv"), ids=source)
def test_made_up_grids(row):
    assert computed(row) == pytest.approx(float(row["value"]), abs=float(row["tolerance"]), rel=0)


@needs_shared
def test_all_rows_of_these_measures():
    rows = [row for row in rows_of(SHARED / "values.csv") if row["index"].split("[")[0] in MEASURES]
    wrong, left_out = [], {}
    for row in rows:
        reason = why_not(row)
        if reason:
            left_out.setdefault(reason, []).append(source(row))
        elif not abs(float(computed(row)) - float(row["value"])) <= float(row["tolerance"]):
            wrong.append(f"{source(row)}: {float(computed(row))!r}, not {row['value']}")
    assert not wrong
    assert {reason: len(found) for reason, found in left_out.items()} == {
        "both groups are drawn apart, each from a cell's persons, so that they need not sum to them": 3,
        "the data are not at hand": 8,
    }
    assert len(rows) == 100


@needs_shared
def test_the_copied_rows_are_those_of_the_folder():
    there = rows_of(SHARED / "values.csv")
    for row in rows_of(HERE / "values_scale.csv"):
        assert row in there
