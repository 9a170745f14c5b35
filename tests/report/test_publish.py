"""What is not published stays out of every table, figure and file, also by subtraction."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from segindex import report
from segindex.limits import published, refusal, withheld
from segindex.report.publish import classes

LIMITS = {"min_cells": 20, "min_group": 100}


@pytest.mark.parametrize(
    ("n_cells", "group_size", "grid", "expected"),
    [
        (20, 100, True, ""),
        (19, 100, True, "few_cells"),
        (20, 99, True, "small_group"),
        (5, 100, False, ""),
        (5, 99, False, "small_group"),
        (5, 99, True, "small_group"),
    ],
)
def test_limits(n_cells, group_size, grid, expected):
    assert refusal(n_cells, group_size, grid=grid, **LIMITS) == expected


@pytest.mark.parametrize(("group_size", "expected"), [(9_960, "small_rest"), (40, "small_group"), (9_900, "")])
def test_all_others_are_judged_as_the_group_is(group_size, expected):
    """Two groups that make up a base have the same D: that of 9,960 of 10,000 is that of the 40 others."""
    assert refusal(400, group_size, 10_000, grid=True, **LIMITS) == expected
    row = {"city": "Oulu", "group": "a", "n_cells": 400, "group_size": group_size, "population": 10_000, "value": 0.4}
    (found,) = published(pd.DataFrame([row]), grid=True, **LIMITS).itertuples()
    assert found.refused == expected and np.isnan(found.value) == bool(expected)
    (every,) = published(pd.DataFrame([row | {"group": "all"}]), grid=True, **LIMITS).itertuples()
    assert every.refused == ("small_group" if group_size == 40 else "")


def results_of(sizes, population, **notes):
    """Plain rows of one city and year, with the groups of one classification."""
    plain = {"city": "Oulu", "year": 2020, "release": "2022", "classification": "age", "reference": "rest"}
    plain |= {"n_cells": 400, "population": population, "note": "", "value": 0.4, "index": "dissimilarity"}
    rows = [plain | {"group": group, "group_size": size} for group, size in sizes.items()]
    rows += [plain | {"group": "all", "group_size": population, "note": note} for note in notes.values()]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 40, "b": 3_000, "c": 6_960}, {"b"}),  # the others and the base tell the 40
        ({"a": 40, "b": 70, "c": 9_890}, set()),  # 110 together tell neither
        ({"a": 40, "b": 3_000, "c": 6_000}, set()),  # 960 are of no group that is told of
        ({"a": 40, "b": 3_000, "c": 6_930}, {"b"}),  # 30 are not: 70 are few
        ({"a": 300, "b": 3_000, "c": 6_700}, set()),
        ({"a": 40, "b": 9_960}, set()),  # the other is refused for its few others
    ],
)
def test_one_group_that_is_refused_takes_the_smallest_of_the_others_with_it(sizes, expected):
    found = withheld(results_of(sizes, 10_000))
    assert {group for *place, group in found} == expected
    assert all(tuple(place) == ("Oulu", "age", 2020) for *place, _ in found)
    rows = published(results_of(sizes, 10_000), found, grid=True, **LIMITS).set_index("group")
    assert set(rows.index[rows["refused"] == "would_tell"]) == expected
    assert rows.loc[list(expected), "value"].isna().all()


def test_groups_that_share_members_are_known_by_what_the_rows_of_all_groups_name():
    sizes = {"a": 40, "b": 3_000, "c": 6_960, "of_b": 2_000}
    assert withheld(results_of(sizes, 10_000)) == frozenset()
    found = withheld(results_of(sizes, 10_000, one="groups: a, b, c, rest"))
    assert {group for *_, group in found} == {"b"}


def test_a_refused_row_has_no_numbers_left():
    rows = pd.DataFrame(
        {
            "n_cells": [30, 30],
            "group_size": [99, 200],
            "value": [0.4, 0.5],
            "expected": [0.1, 0.1],
            "low": [0.3, 0.4],
            "population": [1000, 1000],
        }
    )
    found = published(rows, grid=True, **LIMITS)
    assert list(found["refused"]) == ["small_group", ""]
    assert found.loc[0, ["value", "expected", "low"]].isna().all()
    assert found.loc[1, "value"] == 0.5 and rows.loc[0, "value"] == 0.4


def table(**sizes):
    """Cluster classes with (cells, group) each; ten residents a member."""
    return pd.DataFrame(
        [
            {
                "cluster": name.replace("_", " ") if "not" in name else name.replace("_", "-"),
                "n_cells": n,
                "population": 10 * size,
                "group_size": size,
                "population_share": 0.1,
                "group_share": 0.1,
            }
            for name, (n, size) in sizes.items()
        ]
    )


def shown(found):
    """The classes whose numbers are shown."""
    return set(found["cluster"][found["group_size"].notna()])


def test_large_classes_are_shown_whole():
    found = classes(table(high_high=(30, 500), low_low=(40, 300), not_significant=(99, 900)), grid=True, **LIMITS)
    assert shown(found) == {"high-high", "low-low", "not significant"}


def test_one_small_class_takes_a_second_with_it():
    given = table(high_high=(30, 500), low_low=(40, 300), low_high=(2, 12), not_significant=(99, 900))
    found = classes(given, grid=True, **LIMITS)
    assert shown(found) == {"high-high", "not significant"}
    assert list(found.sort_values("cluster")["n_cells"]) == list(given.sort_values("cluster")["n_cells"])
    hidden = given[~given["cluster"].isin(shown(found))]
    assert refusal(hidden["n_cells"].sum(), hidden["group_size"].sum(), grid=True, **LIMITS) == ""


def test_small_classes_that_are_large_together_take_none():
    given = table(high_low=(12, 60), low_high=(12, 60), not_significant=(99, 900))
    assert shown(classes(given, grid=True, **LIMITS)) == {"not significant"}


def test_small_everywhere_shows_nothing():
    found = classes(table(high_low=(12, 10), not_significant=(19, 80)), grid=True, **LIMITS)
    assert shown(found) == set()
    assert found[["population", "population_share", "group_share"]].isna().all().all()


def test_an_empty_class_is_shown_as_nothing():
    found = classes(table(high_high=(0, 0), not_significant=(99, 900)), grid=True, **LIMITS)
    assert shown(found) == {"high-high", "not significant"}


def test_a_class_of_the_group_alone_is_too_small_as_well():
    given = table(high_high=(30, 500), low_low=(40, 300), not_significant=(99, 900))
    given.loc[given["cluster"] == "high-high", "population"] = 520
    assert shown(classes(given, grid=True, **LIMITS)) == {"not significant"}


def test_what_protected_cells_hold_is_never_said():
    given = table(protected=(7, 0), not_significant=(99, 900))
    found = classes(given, grid=True, **LIMITS).set_index("cluster")
    assert found.loc["protected", "n_cells"] == 7
    assert np.isnan(found.loc["protected", "group_size"]) and found.loc["not significant", "group_size"] == 900


def test_what_is_held_back_is_known_where_the_results_are_left_out(grid):
    held = replace(grid, kept_back=frozenset({("Oulu", "age", 2015, "a")}))
    documents = [one.render for one in report.plan(held) if one.name.startswith("document ")]
    assert documents and all(not len(one.args[0].results) for one in documents)
    assert all(one.args[0].withheld == held.kept_back for one in documents)
