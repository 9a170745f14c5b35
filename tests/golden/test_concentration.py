"""Concentration and centralization as other software computed them."""

import numpy as np
import pytest
from golden.reference import HERE, SHARED, city, land_area, needs_shared, parts, rows_of, source

from segindex import indices
from segindex.errors import BadData
from segindex.neighbourhood import distance_to

MEASURES = {
    "ACE",
    "ACEDuncan",
    "ACO",
    "ACO_columns_named_abc",
    "Delta",
    "RCE",
    "RCO",
    "ds_abs_cent",
    "ds_abs_conc",
    "ds_delta",
    "ds_rel_cent",
    "ds_rel_conc",
}
EQUAL_AREAS = "refused: all areas are equal"
CENTRE = (382500, 6672500)
MIDDLE_OF_PATTERNS = (5, 5)


def why_not(row):
    """Why a row of these measures is not computed here, or "" if it is."""
    if row["dataset"] == "divseg::de_tract":
        return "the data are not at hand"
    if row["tolerance"] != "NA":
        return ""
    if row["peer"] == "divseg":
        return "the peer gives nothing"
    if row["index"].startswith("ACE"):
        return "the order of rows decides among ties"
    return "documents a fault of the peer" if row["dataset"].endswith("+landarea") else EQUAL_AREAS


def land(dataset):
    return land_area(dataset) if dataset.endswith("+landarea") else np.full(len(city(dataset)[0]), 62_500.0)


def to_centre(dataset):
    return distance_to(city(dataset)[0], MIDDLE_OF_PATTERNS if dataset.startswith("segdata") else CENTRE)


def groups_of(row):
    """The group, the one that it is set against (all others if none is named), and all."""
    groups = city(row["dataset"])[1]
    chosen = parts(row)[1]
    t = sum(groups.values())
    x = groups[chosen[0]]
    return x, t - x if len(chosen) == 1 else groups[chosen[1]], t


def computed(row):
    """What segindex gives for a row; OasisR's ACO lets the last cells enter whole, its ACEDuncan is RCE of the rest."""
    measure, dataset = parts(row)[0], row["dataset"]
    x, y, t = groups_of(row)
    if measure == "Delta":
        return indices.delta(x, land(dataset))
    if measure == "ACO":
        return indices.absolute_concentration(x, t, land(dataset), whole=True)
    if measure == "RCO":
        return indices.relative_concentration(x, y, t, land(dataset))
    return indices.relative_centralization(x, y, to_centre(dataset))


@pytest.mark.parametrize("row", rows_of(HERE / "values_concentration.csv"), ids=source)
def test_made_up_grids(row):
    assert computed(row) == pytest.approx(float(row["value"]), abs=float(row["tolerance"]), rel=0)


@needs_shared
def test_all_rows_of_these_measures():
    rows = [row for row in rows_of(SHARED / "values.csv") if row["index"].split("[")[0] in MEASURES]
    wrong, left_out = [], {}
    for row in rows:
        reason = why_not(row)
        if reason == EQUAL_AREAS:
            with pytest.raises(BadData, match="area is 62500 in all"):
                computed(row)
        if reason:
            left_out.setdefault(reason, []).append(source(row))
        elif not abs(float(computed(row)) - float(row["value"])) <= float(row["tolerance"]):
            wrong.append(f"{source(row)}: {float(computed(row))!r}, not {row['value']}")
    assert not wrong
    counted = {reason: len(found) for reason, found in left_out.items()}
    assert len(rows) == 184
    assert counted == {
        EQUAL_AREAS: 49,
        "the order of rows decides among ties": 26,
        "documents a fault of the peer": 9,
        "the data are not at hand": 5,
        "the peer gives nothing": 4,
    }


@needs_shared
def test_the_copied_rows_are_those_of_the_folder():
    there = {source(row): row for row in rows_of(SHARED / "values.csv")}
    for row in rows_of(HERE / "values_concentration.csv"):
        assert {name: there[source(row)][name] for name in row} == row


PAPER_FORMULA = {
    "RCO[b,rest] land area (n1,n2 both from X)": 0.0509100530688212,
    "ACO[b] land area": 0.533683726691281,
    "Delta[b] land area": 0.422239051410004,
    "RCE[b,rest] ties merged": -0.0907111914828462,
    "ACE[b] ties merged": -0.0475203915171285,
}
"""The papers' formulas written out in R, on grid_mixed20 (disagreements.csv); ACE is of equal areas."""


def test_the_papers_formulas_where_the_peers_disagree():
    x, y, t = groups_of({"index": "X[b]", "dataset": "grid_mixed20"})
    area, distance = land("grid_mixed20+landarea"), to_centre("grid_mixed20")
    ours = {
        "RCO[b,rest] land area (n1,n2 both from X)": indices.relative_concentration(x, y, t, area, whole=True),
        "ACO[b] land area": indices.absolute_concentration(x, t, area, whole=True),
        "Delta[b] land area": indices.delta(x, area),
        "RCE[b,rest] ties merged": indices.relative_centralization(x, y, distance),
        "ACE[b] ties merged": indices.absolute_centralization(x, land("grid_mixed20"), distance),
    }
    assert ours == pytest.approx(PAPER_FORMULA, abs=1e-12)


@needs_shared
def test_the_papers_formulas_are_those_of_the_folder():
    there = {row["index"]: float(row["paper_value"]) for row in rows_of(SHARED / "disagreements.csv")}
    assert {name: there[name] for name in PAPER_FORMULA} == PAPER_FORMULA


def nearer_less_farther(x, y, distance):
    """A dense count of pairs of one and one: in which the first is nearer, less those in which it is farther."""
    nearer = np.sign(np.subtract.outer(distance, distance)).T
    return x @ nearer @ y / (x.sum() * y.sum())


@pytest.mark.parametrize("dataset", ["grid_checker20", "grid_block20", "grid_mixed20", "grid_mixed20+landarea"])
def test_rows_of_centralization_without_a_peer(dataset):
    distance, area = to_centre(dataset), land(dataset)
    for x in filter(np.any, city(dataset)[1].values()):
        ours = indices.absolute_centralization(x, area, distance)
        assert ours == pytest.approx(nearer_less_farther(x, area, distance), abs=1e-12)


@pytest.mark.parametrize("pair", ["ab", "ac", "ba", "bc", "ca", "cb"])
def test_rows_of_relative_concentration_without_a_peer(pair):
    groups, area = city("grid_mixed20")[1], land("grid_mixed20+landarea")
    x, y, t = groups[pair[0]], groups[pair[1]], sum(groups.values())
    houses = np.repeat(area, t.astype(int))
    ends = [np.sort(houses)[: int(x.sum())].mean(), np.sort(houses)[::-1][: int(x.sum())].mean()]
    means = [np.average(area, weights=one) for one in (x, y)]
    expected = (means[0] / means[1] - 1) / (ends[0] / ends[1] - 1)
    assert indices.relative_concentration(x, y, t, area) == pytest.approx(expected, abs=1e-12)
    whole = [houses[houses <= np.sort(houses)[int(x.sum()) - 1]].mean()]
    whole += [houses[houses >= np.sort(houses)[::-1][int(x.sum()) - 1]].mean()]
    expected = (means[0] / means[1] - 1) / (whole[0] / whole[1] - 1)
    assert indices.relative_concentration(x, y, t, area, whole=True) == pytest.approx(expected, abs=1e-12)
