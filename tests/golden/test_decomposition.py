"""Parts of a change that the R package segregation computed, converged."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from golden.reference import SHARED, needs_shared, rows_of, source

from segindex.inference import decompose_change

METHODS = {"shapley": "shapley", "km": "karmel_maclachlan", "mrc": "shapley"}
OF_BOTH = {"M1": lambda parts: parts.first, "M2": lambda parts: parts.second}
TERMS = ("additions", "removals", "group_marginal", "unit_marginal", "structural")
MEASURES = {
    *(f"diff_{method}_{name}" for method in METHODS for name in ("M1", "M2", "diff", *TERMS)),
    "diff_km_interaction",
}
NO_FITTING = ("group_marginal", "unit_marginal", "structural")


@cache
def change(method):
    """Schools that are in one of the years only come or go; groups in the order of their names."""
    frames = [pd.read_csv(SHARED / f"schools{year}.csv") for year in ("00", "05")]
    tables = [frame.pivot_table(index="school", columns="race", values="n", aggfunc="sum") for frame in frames]
    schools = tables[0].index.union(tables[1].index)
    return decompose_change(*(table.reindex(schools).fillna(0).to_numpy() for table in tables), method=method)


def why_not(row):
    """Why a row of these measures is not computed here, or "" if it is."""
    if row["tolerance"] == "NA":
        return "the peer's fitting had not converged"
    _, method, name = row["index"].split("_", 2)
    return "another method, without fitting" if method == "mrc" and name in NO_FITTING else ""


def computed(row):
    """What segindex gives for a row."""
    _, method, name = row["index"].split("_", 2)
    parts = change(METHODS[method])
    if name == "diff":
        return parts.second - parts.first
    return OF_BOTH[name](parts) if name in OF_BOTH else getattr(parts, name)


@needs_shared
def test_all_rows_of_these_measures():
    rows = [row for row in rows_of(SHARED / "values.csv") if row["index"] in MEASURES]
    wrong, left_out = [], {}
    for row in rows:
        reason = why_not(row)
        if reason:
            left_out.setdefault(reason, []).append(source(row))
        elif not abs(computed(row) - float(row["value"])) <= float(row["tolerance"]):
            wrong.append(f"{source(row)}: {computed(row)!r}, not {row['value']}")
    assert not wrong
    assert {reason: len(found) for reason, found in left_out.items()} == {
        "the peer's fitting had not converged": 39,
        "another method, without fitting": 3,
    }
    assert {row["index"] for row in rows} == MEASURES


@needs_shared
@pytest.mark.parametrize(
    ("term", "value"),
    [
        pytest.param("group_marginal", 0.01625042, id="reference README: group margin, converged"),
        pytest.param("unit_marginal", -0.01673998, id="reference README: unit margin, converged"),
        pytest.param("structural", 0.00315354, id="reference README: structure, converged"),
    ],
)
def test_converged_values(term, value):
    assert getattr(change("shapley"), term) == pytest.approx(value, abs=5e-9, rel=0)


@needs_shared
def test_rows_of_more_precise_fitting_are_nearer():
    """The peer's structural term comes nearer to ours with each digit of its precision."""
    rows = [row for row in rows_of(SHARED / "ipf_precision.csv") if row["index"] == "diff_shapley_structural"]
    asked = {float(row["parameters"].split()[0].split("=")[1]): float(row["value"]) for row in rows[2:]}
    away = [abs(value - change("shapley").structural) for _, value in sorted(asked.items(), reverse=True)]
    assert len(away) == 7
    assert (np.diff(away) < 0).all()
    assert away[-1] < 1e-7
