"""A fingerprint is the same for the same values, in any process, and another for other values."""

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
import shapely

from segindex import report
from segindex.report.fingerprint import Fingerprints

CODE = """
import pandas as pd
from segindex.report.fingerprint import Fingerprints
frame = pd.DataFrame({"city": ["Lahti", None], "value": [1.5, float("nan")], "n": [1, 2]})
print(Fingerprints().of({"frame": frame, "names": {"b", "a"}, "print": print if False else None}))
"""


@dataclass(frozen=True)
class Thing:
    rows: pd.DataFrame
    name: str


def of(value):
    return Fingerprints().of(value)


def frame(**more):
    return pd.DataFrame({"city": ["Lahti", None], "value": [1.5, np.nan], "n": [1, 2]} | more)


def test_the_same_in_every_process():
    found = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert of({"frame": frame(), "names": {"a", "b"}, "print": None}) == found.pop().strip()


@pytest.mark.parametrize(
    "other",
    [
        frame(value=[1.5000001, np.nan]),
        frame(value=[np.nan, 1.5]),
        frame(city=["Lahti", "None"]),
        frame(n=[1, 3]),
        frame(n=[1.0, 2.0]),
        frame(n=["1", "2"]),
        frame().rename(columns={"n": "m"}),
        frame()[["value", "city", "n"]],
        frame().iloc[::-1],
        frame().iloc[:1],
    ],
)
def test_other_values_types_names_and_orders_are_told_apart(other):
    assert of(frame()) != of(other)
    assert of(partial(print, frame())) != of(partial(print, other))
    assert of((Thing(frame(), "a"),)) != of((Thing(other, "a"),))


def test_copies_are_alike_and_functions_and_words_are_not():
    assert of(Thing(frame(), "a")) == of(Thing(frame().copy(), "a")) != of(replace(Thing(frame(), "a"), name="b"))
    assert of(partial(print, 1)) != of(partial(repr, 1)) and of(partial(print, 1)) != of(partial(print, end=1))
    assert len({of(value) for value in (1, 1.0, "1", True, b"1", None, (1,), [1], {1: 1}, {1})}) == 10
    assert of(("ab", "c")) != of(("a", "bc"))
    assert of(shapely.Point(1, 2)) == of(shapely.Point(1, 2)) != of(shapely.Point(2, 1))
    assert of(np.float64(2.5)) == of(2.5)
    assert of(frame(city=pd.Series(["a", "b"], dtype="category"))) != of(frame(city=["a", "b"]))


def test_what_has_no_fingerprint_is_an_error_rather_than_taken_for_the_same():
    with pytest.raises(TypeError, match="generator has no fingerprint"):
        of(partial(print, (one for one in ())))


def test_every_part_of_a_report_has_its_own(grid, areas):
    for material in (grid, areas):
        given = Fingerprints()
        found = {output.name: given.of(output.render) for output in report.plan(material)}
        assert len(set(found.values())) == len(found) > 4
        again = Fingerprints()
        assert found == {output.name: again.of(output.render) for output in report.plan(material)}


def test_one_city_s_cells_are_in_its_own_maps_alone(grid):
    def parts(material):
        given = Fingerprints()
        return {output.name: given.of(output.render) for output in report.plan(material)}

    cells = grid.cells.copy()
    at = cells.index[(cells["city"] == "Turku") & (cells["group"] == "low_income")][0]
    cells.loc[at, "population"] += 1
    before, now = parts(grid), parts(replace(grid, cells=cells))
    assert [name for name in before if before[name] != now[name]] == ["figure clusters_low_income_turku"]
    fewer = replace(grid, cells=grid.cells[grid.cells["city"] != "Helsinki"])
    left = parts(fewer)
    changed = [name for name in left if before[name] != left[name]]
    assert not [name for name in changed if name.startswith("figure clusters_")]
