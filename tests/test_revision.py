"""What differs between two editions: every number of it, and nothing else."""

import json

import numpy as np
import pandas as pd
import pytest

from segindex import schema, store
from segindex.errors import BadSettings
from segindex.revision import REVISION, diff, lines, place_of
from segindex.staging import mirror

LABELS = {"release": "2024", "classification": "income_class", "reference": "rest", "cluster_size": 1.0}


def result(city, group, value, *, year=2023, index="dissimilarity", **more):
    row = {"city": city, "year": year, "group": group, "index": index, "value": value, "corrected": value - 0.01}
    counts = {"n_cells": 50, "population": 9000, "group_size": 900, "hidden_share": 0.01, "note": ""}
    return LABELS | row | {"low": value - 0.02, "high": value} | counts | more


def coverage(city, residents, *, year=2023):
    counts = {"n_cells": 50, "n_hidden": 2, "residents": residents, "hidden_residents": 9, "coverage": 0.99}
    return {"city": city, "year": year, "classification": "income_class", "release": "2024", "note": ""} | counts


def tables(place, results, covered, inputs):
    place.mkdir(parents=True)
    rows = schema.ordered(pd.DataFrame(results, columns=list(schema.RESULTS)), schema.RESULTS, schema.KEYS)
    (place / "results.parquet").write_bytes(store.as_parquet(rows))
    (place / "coverage.csv").write_bytes(store.as_csv(pd.DataFrame(covered, columns=list(schema.COVERAGE))))
    (place / "about.json").write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
    return place


@pytest.fixture
def old(tmp_path):
    rows = [result("Turku", "low_income", 0.20), result("Oulu", "low_income", 0.30), result("Oulu", "rented", 0.4)]
    rows.append(result("Turku", "low_income", 0.25, scale_m=500.0))
    return tables(tmp_path / "old", rows, [coverage("Turku", 9000), coverage("Oulu", 8000)], {"a": "1", "b": "1"})


def test_the_same_tables_do_not_differ(old):
    found = diff(old, old)
    assert list(found.rows.columns) == list(REVISION) and not len(found.rows)
    assert lines(found) == ["inputs: the same", "numbers: the same"]


def test_every_number_that_differs_has_its_row(old, tmp_path):
    rows = [
        result("Turku", "low_income", 0.20, corrected=0.215, release="2025"),
        result("Turku", "low_income", 0.25, scale_m=500.0),
        result("Oulu", "low_income", 0.30),
        result("Oulu", "owned", 0.1),
    ]
    new = tables(tmp_path / "new", rows, [coverage("Turku", 8990), coverage("Oulu", 8000)], {"b": "2", "c": "1"})
    found = diff(old, new)
    assert found.inputs == {"new": ["c"], "changed": ["b"], "gone": ["a"]}
    own = found.rows.set_index(["city", "table", "group", "quantity"]).sort_index()
    turku = own.loc[("Turku", "results", "low_income", "corrected")]
    assert (turku["status"], turku["old"], turku["new"]) == ("changed", 0.19, 0.215)
    assert turku["difference"] == pytest.approx(0.025) and turku["old_low"] == pytest.approx(0.18)
    assert own.loc[("Turku", "coverage", "", "residents"), "difference"] == -10
    assert set(own.loc[("Oulu", "results", "owned"), "status"]) == {"new"}
    assert set(own.loc[("Oulu", "results", "rented"), "status"]) == {"gone"}
    assert len(found.rows.query("city == 'Turku'")) == 2, "another release of the same year is no other number"
    told = lines(found)
    assert told[:3] == ["inputs new: c", "inputs changed: b", "inputs gone: a"]
    (turku,) = [line for line in told if line.startswith("Turku")]
    assert "residents 2023: 9000 -> 8990" in turku and "1 numbers changed" in turku
    assert "dissimilarity of low_income in 2023, 0.1900 -> 0.2150 (corrected), outside its old interval" in turku


def test_numbers_that_are_missing_in_both_do_not_differ(old, tmp_path):
    rows = [result("Turku", "low_income", 0.2, corrected=np.nan, low=np.nan, high=np.nan)]
    one = tables(tmp_path / "one", rows, [coverage("Turku", 1)], {})
    other = tables(tmp_path / "other", [rows[0] | {"low": 0.1}], [coverage("Turku", 1)], {})
    found = diff(one, other).rows
    assert found["quantity"].tolist() == ["low"] and np.isnan(found["old"].iloc[0])


def test_made_up_data_are_told(old, tmp_path):
    rows = [result("Turku", "low_income", 0.9, note=schema.MADE_UP)]
    new = tables(tmp_path / "new", rows, [coverage("Turku", 1)], {})
    assert schema.MADE_UP in lines(diff(old, new)) and (diff(old, new).rows["note"] != "").any()


def test_a_name_means_an_edition_what_a_dry_run_made_or_a_folder(old, tmp_path):
    made = mirror(tmp_path, "e") / "data" / "processed" / "e"
    tables(made, [], [], {})
    tables(tmp_path / "data" / "processed" / "e", [], [], {})
    assert place_of(tmp_path, "e.next") == made
    assert place_of(tmp_path, "e") == tmp_path / "data" / "processed" / "e"
    assert place_of(tmp_path, str(old)) == old
    with pytest.raises(BadSettings, match=r"f: no tables in .*; allowed is an edition, an edition with \.next"):
        place_of(tmp_path, "f")
