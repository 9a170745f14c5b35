"""Values that other software computed for several groups, ordered groups, and cells by themselves."""

import re

import numpy as np
import pandas as pd
import pytest
from golden.reference import HERE, SHARED, city, near, needs_shared, rows_of, source
from scipy.integrate import quad
from scipy.special import entr

from segindex import indices
from segindex.indices.ordinal import rank_order_fit

COUNTED = {
    "CMulti": indices.squared_coefficient_of_variation,
    "divergence_total": indices.divergence,
    "DMulti": indices.multigroup_dissimilarity,
    "entropy": indices.entropy,
    "entropy(group)": indices.entropy,
    "GiniMulti": indices.multigroup_gini,
    "HShannon": indices.entropy,
    "ISimpson": indices.simpson,
    "M": indices.mutual_information,
    "ordinal_absdiff": indices.ordinal_absolute_difference,
    "ordinal_H": indices.ordinal_information_theory,
    "ordinal_R": indices.ordinal_variation_ratio,
    "ordinal_S": indices.ordinal_square_root,
    "ordinalseg1": indices.ordinal_information_theory,
    "ordinalseg2": indices.ordinal_variation_ratio,
    "ordinalseg3": indices.ordinal_square_root,
    "ordinalseg4": indices.ordinal_absolute_difference,
    "PMulti": indices.normalized_exposure,
    "RelDivers": indices.relative_diversity,
    "R_spatial": indices.relative_diversity,
}
RANK_ORDER = {
    "HR_rankorder": (indices.rank_order_information_theory, lambda p: entr(p) + entr(1 - p)),
    "RR_rankorder": (indices.rank_order_variation_ratio, lambda p: p * (1 - p)),
    "SR_rankorder": (indices.rank_order_square_root, lambda p: np.sqrt(p * (1 - p))),
}
AT_LIMITS = {
    **{f"H(p)_{k}": indices.rank_order_information_theory for k in range(1, 10)},
    **{f"R(p)_{k}": indices.rank_order_variation_ratio for k in range(1, 10)},
}
OTHERS = {"entropy_mean", "H_swapped", "ls_group", "M_swapped", "NShannon", "p", "p_group"}
MEASURES = {*COUNTED, *RANK_ORDER, *AT_LIMITS, *OTHERS}


def named(row):
    """The measure of a row, which may hold brackets of its own, and the group that it is about."""
    measure, _, group = row["index"].partition("[")
    return measure, group.removesuffix("]").split(",")[0]


def why_not(row):
    """Why a row of these measures is not computed here, or "" if it is."""
    if row["tolerance"] == "NA":
        return "an unweighted fit, where the paper's is weighted"
    return ""


def counts_of(row):
    """Counts of all groups, or of one against the rest."""
    pair = re.fullmatch(r"2 cats \((\d+),(\d+)\)", row["dataset"])
    if pair:
        return np.array([[float(pair[1]), float(pair[2])]])
    groups = city(row["dataset"])[1]
    counts = np.stack(list(groups.values()), axis=-1)
    measure, group = named(row)
    if group and measure == "M":
        return np.stack([groups[group], counts.sum(axis=-1) - groups[group]], axis=-1)
    return counts


def unweighted(row, counts):
    """The pairwise values fitted without weights, and averaged by numerical integration."""
    index, variation = RANK_ORDER[named(row)[0]]
    fit = rank_order_fit(index, counts)
    curve = np.polynomial.Polynomial.fit(fit.thresholds, fit.pairwise, int(row["parameters"].split()[-1]))
    return quad(lambda p: variation(p) * curve(p), 0, 1, epsabs=1e-12)[0] / quad(variation, 0, 1, epsabs=1e-12)[0]


def computed(row):
    """What segindex gives for a row."""
    measure, group = named(row)
    counts = counts_of(row)
    t = counts.sum(axis=-1)
    if measure in RANK_ORDER:
        if "OLS" in row["parameters"]:
            return unweighted(row, counts)
        return RANK_ORDER[measure][0](counts, order=int(row["parameters"].split()[-1]))
    if measure in AT_LIMITS:
        return rank_order_fit(AT_LIMITS[measure], counts).pairwise[int(measure.split("_")[1]) - 1]
    if measure in ("p", "p_group"):
        return counts.sum(axis=0)[list(city(row["dataset"])[1]).index(group)] / counts.sum()
    if measure == "ls_group":
        return indices.local_segregation(counts.T)[list(city(row["dataset"])[1]).index(group)]
    if measure == "M_swapped":
        return indices.mutual_information(counts.T)
    if measure == "H_swapped":
        return indices.information_theory(counts.T)
    if measure == "NShannon":
        return indices.entropy(counts, relative=True)
    if measure == "entropy_mean":
        return (indices.local_entropy(counts) * t).sum() / t.sum()
    surroundings = near(row["dataset"], row["parameters"]) if measure == "R_spatial" else None
    value = COUNTED[measure](counts, **({} if surroundings is None else {"nearby": surroundings}))
    return value / np.log(2) if row["parameters"] == "base=2" else value


@pytest.mark.parametrize("row", rows_of(HERE / "values_multigroup.csv"), ids=source)
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
        "an unweighted fit, where the paper's is weighted": 5,
    }
    assert {row["index"].split("[")[0] for row in rows} == MEASURES


@needs_shared
def test_the_copied_rows_are_those_of_the_folder():
    there = {source(row): row for row in rows_of(SHARED / "values.csv")}
    for row in rows_of(HERE / "values_multigroup.csv"):
        assert {name: there[source(row)][name] for name in row} == row


@needs_shared
@pytest.mark.parametrize("dataset", ["grid_checker20", "grid_mixed20"])
def test_local_segregation_of_elbers(dataset):
    frame = pd.read_csv(SHARED / f"mutual_local_{dataset}.csv")
    counts = np.stack(list(city(dataset)[1].values()), axis=-1)
    np.testing.assert_array_equal(frame["total"], counts.sum(axis=-1))
    np.testing.assert_allclose(indices.local_segregation(counts), frame["ls"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(counts.sum(axis=-1) / counts.sum(), frame["p"], rtol=0, atol=1e-12)
