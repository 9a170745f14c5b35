"""Local statistics and their tests against spdep and rgeoda: values to rounding, p values to the error of drawing."""

import numpy as np
import pandas as pd
import pytest
from golden.reference import SHARED, city, needs_shared, rows_of, source
from scipy.special import ndtr

from segindex.indices import getis_ord, local_geary
from segindex.indices._neighbours import over_neighbours
from segindex.indices.local_association import relative
from segindex.inference import local_clusters
from segindex.inference.false_discovery import benjamini_hochberg
from segindex.inference.permutation import conditional_moments, permuted
from segindex.neighbourhood import contiguity

MEASURES = {"G_z_sd", "Gstar_z_sd", "lisa_bo_0.05", "lisa_fdr_0.05", "n_p05_Ii_cond", "n_p05_Ii_perm"}
GRIDS = ["grid_checker20", "grid_block20", "grid_mixed20"]
DRAWS = 9_999
THEIRS = 999
every_file = pytest.mark.parametrize("rule", ["rook", "queen"])
every_grid = pytest.mark.parametrize("dataset", GRIDS)


def why_not(row):
    """Why a row of these measures is not computed here, or "" if it is."""
    if row["index"].startswith("lisa_fdr"):
        return "GeoDa stops at the first p above its bound, and no p of 999 draws can be below the first bound"
    return ""


def computed(row):
    """What segindex gives for a row."""
    xy, groups = city(row["dataset"])
    share = groups["b"] / sum(groups.values())
    weights = contiguity(xy, "rook" if row["parameters"].startswith("rook") else "queen")
    if row["index"] == "lisa_bo_0.05":
        return 0.05 / len(share)
    if row["index"] in ("G_z_sd", "Gstar_z_sd"):
        return getis_ord(share, weights, star=row["index"] == "Gstar_z_sd").std(ddof=1)
    if row["index"] == "n_p05_Ii_cond":
        return (2 * ndtr(-np.abs(deviates(share, weights))) < 0.05).sum()
    return (tied_by_half(share, weights) < 0.05).sum()


def drawn(share, weights):
    """The rates, the neighbours' sums and their tails."""
    z = (share - share.mean())[np.newaxis]
    summed = over_neighbours(z, weights)
    return z, summed, permuted(z, summed, relative(weights), 1, DRAWS)


def deviates(share, weights):
    """Local Moran less its conditional mean, in its conditional standard deviations."""
    z = (share - share.mean())[np.newaxis]
    k = np.diff(weights.indptr)
    mean, variance = conditional_moments(z, k, k)
    return (np.sign(z) * (over_neighbours(z, weights) - mean) / np.sqrt(variance))[0]


def tied_by_half(share, weights):
    """Two-sided p in which draws equal to what is seen count by half, as spdep's mean ranks have it."""
    _, _, tails = drawn(share, weights)
    ties = tails.below + tails.above - tails.drawn
    tail = np.minimum(tails.below, tails.above) - ties / 2
    return np.minimum(1, 2 * (tail + 1) / (tails.drawn + 1))[0]


def error(tail, draws):
    """The standard error of the difference between a tail of ours and one of theirs."""
    return np.sqrt(np.maximum(tail * (1 - tail), 1 / THEIRS) * (1 / draws + 1 / THEIRS))


def spdep(dataset, rule):
    frame = pd.read_csv(SHARED / f"spdep_local_{dataset}_{rule}.csv")
    return frame, contiguity(frame[["x", "y"]], rule)


@needs_shared
def test_all_rows_of_these_measures():
    wrong, left_out = [], {}
    for row in rows_of(SHARED / "values.csv"):
        if row["index"] not in MEASURES:
            continue
        if why_not(row):
            left_out[why_not(row)] = left_out.get(why_not(row), 0) + 1
        elif not abs(float(computed(row)) - float(row["value"])) <= float(row["tolerance"]):
            wrong.append(f"{source(row)}: {float(computed(row))!r}, not {row['value']}")
    assert not wrong
    assert list(left_out.values()) == [1]


MADE_UP = [
    ("grid_checker20", "queen", False, 0.197227480139989),
    ("grid_checker20", "queen", True, 0.303433042454504),
    ("grid_checker20", "rook", False, 1.95391729642619),
    ("grid_checker20", "rook", True, 1.28904321117289),
    ("grid_block20", "queen", False, 2.61758665835341),
    ("grid_block20", "queen", True, 2.79355201246023),
    ("grid_block20", "rook", False, 1.88564146063225),
    ("grid_block20", "rook", True, 2.12998043427308),
    ("grid_mixed20", "queen", False, 2.02739065956378),
    ("grid_mixed20", "queen", True, 2.19275551237575),
    ("grid_mixed20", "rook", False, 1.56452865598349),
    ("grid_mixed20", "rook", True, 1.78250843708196),
]


@pytest.mark.parametrize(("dataset", "rule", "star", "value"), MADE_UP, ids=lambda one: f"spdep 1.2-7 {one}")
def test_spread_of_getis_ord(dataset, rule, star, value):
    xy, groups = city(dataset)
    share = groups["b"] / sum(groups.values())
    assert getis_ord(share, contiguity(xy, rule), star=star).std(ddof=1) == pytest.approx(value, abs=1e-10)


@pytest.mark.parametrize(
    ("dataset", "rule", "value"),
    [
        ("grid_checker20", "queen", 1.036735),
        ("grid_checker20", "rook", 1.995),
        ("grid_block20", "queen", 0.07531125),
        ("grid_block20", "rook", 0.0515375),
        ("grid_mixed20", "queen", 0.377010412891885),
        ("grid_mixed20", "rook", 0.33686129740136),
    ],
    ids=lambda one: f"spdep 1.2-7 {one}",
)
def test_local_geary_has_the_mean_of_two_gearys_c(dataset, rule, value):
    xy, groups = city(dataset)
    share = groups["b"] / sum(groups.values())
    assert local_geary(share, contiguity(xy, rule)).mean() == pytest.approx(2 * value, abs=2e-12)


@needs_shared
@every_file
@every_grid
def test_values_of_spdep(dataset, rule):
    frame, weights = spdep(dataset, rule)
    for star, columns in ((False, ("G_z", "G_z_W")), (True, ("Gstar_z", "Gstar_z_W"))):
        for column in columns:
            np.testing.assert_allclose(getis_ord(frame["z"], weights, star=star), frame[column], rtol=0, atol=1e-12)
    np.testing.assert_allclose(local_geary(frame["z"], weights), frame["localC"], rtol=0, atol=1e-12)


@needs_shared
@every_file
@every_grid
def test_conditional_moments_are_e_cond_and_var_cond_of_spdep(dataset, rule):
    """Its E_cond and Var_cond are the exact moments of the permutations; E_perm, Var_perm are those of 999 draws."""
    frame = spdep(dataset, rule)[0]
    z = frame["z"].to_numpy() - frame["z"].mean()
    k = frame["card"].to_numpy()
    mean, variance = conditional_moments(z[np.newaxis], k, k)
    scale = z / (z**2).mean() / k
    np.testing.assert_allclose(scale * mean[0], frame["E_cond"], rtol=0, atol=1e-14)
    np.testing.assert_allclose(scale**2 * variance[0], frame["Var_cond"], rtol=1e-12, atol=1e-14)
    spread = np.sqrt(frame["Var_cond"] / THEIRS)
    assert np.abs((frame["E_perm"] - frame["E_cond"]) / spread).max() < 4.5
    assert np.abs(frame["Var_perm"] / frame["Var_cond"] - 1).max() < 0.2


@needs_shared
@every_file
@every_grid
def test_p_values_of_spdep(dataset, rule):
    """Within 4.5 standard errors of 999 and 9,999 draws, ties counted by half as spdep does; ours count them whole."""
    frame, weights = spdep(dataset, rule)
    p = tied_by_half(frame["z"].to_numpy(), weights)
    apart = np.minimum(np.abs(p - frame["p_perm_sim"]), np.abs(p - (2 - frame["p_perm_sim"])))
    assert (apart / (2 * error(p / 2, DRAWS))).max() < 4.5
    groups = city(dataset)[1]
    total = sum(groups.values())
    ours = local_clusters(groups["b"], total, weights, rng=np.random.default_rng(1), rates="raw", permutations=DRAWS)
    assert (ours.p[~ours.from_moments] >= p[~ours.from_moments] - 6 * error(p / 2, DRAWS)[~ours.from_moments]).all()


@needs_shared
@pytest.mark.parametrize(
    ("statistic", "column", "value"),
    [
        ("local_morans_i", "p", "I"),
        ("getis_ord", "Gp", None),
        ("getis_ord_star", "Gstar_p", None),
        ("local_geary", "geary_p", "geary"),
    ],
)
def test_p_values_of_rgeoda(statistic, column, value):
    """GeoDa's p is that of one side: of sums the smaller one, of Geary the side of the draws' mean."""
    frame = pd.read_csv(SHARED / "rgeoda_local_grid_mixed20_queen.csv")
    xy, groups = city("grid_mixed20")
    settings = {"rates": "raw", "permutations": DRAWS, "statistic": statistic, "level": 0.9}
    weights = contiguity(xy, "queen")
    sides = {
        side: local_clusters(
            groups["b"], sum(groups.values()), weights, rng=np.random.default_rng(1), sides=side, **settings
        )
        for side in ("greater", "less")
    }
    less, greater = sides["less"].p, sides["greater"].p
    apart = np.abs(np.stack([less, greater]) - frame[column].to_numpy()) / error(np.stack([less, greater]), DRAWS)
    side = np.argmin([less, greater], axis=0)
    if statistic == "local_geary":
        z = frame["z"].to_numpy() / frame["z"].std()
        mean = ((z - z[:, np.newaxis]) ** 2).sum(axis=1) / (len(z) - 1)
        side = np.where(np.abs(frame["geary"] - mean) < 0.02, apart.argmin(axis=0), frame["geary"] > mean)
    assert np.take_along_axis(apart, side[np.newaxis], axis=0).max() < 4.5
    if value:
        n = len(frame)
        factor = n / (n - 1) if statistic == "local_morans_i" else 1
        np.testing.assert_allclose(sides["less"].value, frame[value] * factor, rtol=0, atol=1e-8)


@needs_shared
def test_the_cutoff_of_rgeoda_is_not_that_of_benjamini_and_hochberg():
    """Of its own p values 153 are found; none of the first seven is below .05 i/400, where GeoDa stops."""
    p = np.sort(pd.read_csv(SHARED / "rgeoda_local_grid_mixed20_queen.csv")["p"])
    assert (p[:7] > 0.05 * np.arange(1, 8) / 400).all()
    assert (benjamini_hochberg(p) <= 0.05).sum() == 153
