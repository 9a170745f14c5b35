"""The gate: what a Panel refuses, and what it promises."""

import numpy as np
import pytest
from scipy import sparse

from segindex import suppression
from segindex.errors import BadData
from segindex.panel import Panel


def panel(**changes):
    fields = {
        "city": "Lahti",
        "classification": "language",
        "years": (2020, 2021),
        "groups": ("foreign_language", "rest"),
        "cells": ["a", "b", "c"],
        "counts": [[[1, 9], [2, 8], [0, 0]], [[3, 7], [4, 6], [5, 5]]],
    }
    return Panel(**(fields | changes))


def test_a_panel_is_locked():
    with pytest.raises(ValueError, match="read-only"):
        panel().counts[0, 0, 0] = 5


def test_cells_are_sorted_with_everything_that_belongs_to_them():
    mixed = panel(
        cells=["c", "a", "b"],
        xy=[[3, 3], [1000, 1], [2000, 2]],
        hidden=[[True, False, False], [False] * 3],
        counts=[[[0, 0], [1, 9], [2, 8]], [[5, 5], [3, 7], [4, 6]]],
        hidden_total=[[7, 0, 0], [0, 0, 0]],
    )
    assert mixed.cells.tolist() == ["a", "b", "c"]
    assert mixed.counts[1, :, 0].tolist() == [3, 4, 5]
    assert mixed.hidden[0].tolist() == [False, False, True]
    assert mixed.hidden_total[0].tolist() == [0, 0, 7]
    assert mixed.xy[:, 0].tolist() == [1000, 2000, 3]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"counts": [[[-1, 9], [2, 8], [0, 0]]] * 2},
            r"Lahti, language: negative counts.*2020 cell a foreign_language: -1",
        ),
        ({"counts": [[[np.nan, 9], [2, 8], [0, 0]]] * 2}, "missing or infinite"),
        ({"counts": [[[np.inf, 9], [2, 8], [0, 0]]] * 2}, "missing or infinite"),
        ({"cells": ["a", "a", "c"]}, "cells stand twice, first a"),
        ({"years": (2021, 2020)}, "must ascend"),
        ({"groups": ("x", "x")}, "group stands twice"),
        ({"counts": [[[1, 9], [2, 8]]] * 2}, "shape"),
        ({"hidden": [[True, False, False]] * 2}, "counts in hidden cells"),
        ({"hidden_total": [[1, 0, 0]] * 2}, "hidden bases in visible cells"),
        ({"xy": [[60.1, 24.9], [60.2, 24.9], [60.3, 24.9]]}, "degrees"),
        ({"xy": [[np.nan, 1], [1000, 2], [2000, 2]]}, "lack coordinates, first a"),
        ({"xy": [[1, 2]]}, "xy has the shape"),
        ({"cells": [], "counts": np.zeros((2, 0, 2))}, "at least one"),
        ({"residents": [[-1, 0, 0]] * 2}, "impossible residents"),
    ],
)
def test_what_a_panel_refuses(changes, message):
    with pytest.raises(BadData, match=message):
        panel(**changes)


def hidden_panel(**changes):
    return panel(
        **{
            "counts": [[[1, 9], [2, 8], [0, 0]], [[3, 7], [0, 0], [5, 5]]],
            "hidden": [[False, False, True], [False, True, False]],
            "hidden_total": [[0, 0, 5], [0, 20, 0]],
        }
        | changes
    )


def test_hidden_share_is_the_hidden_base_over_all():
    assert suppression.hidden_share(hidden_panel()).tolist() == [5 / 25, 20 / 40]


def test_hidden_share_falls_back_on_residents_where_the_base_is_hidden():
    own = hidden_panel(hidden_total=None, base_hidden=True, residents=[[10, 10, 20], [10, 10, 20]])
    assert suppression.hidden_share(own).tolist() == [0.5, 0.25]
    assert suppression.coverage(own).tolist() == [0.5, 0.75]


def test_one_mask_for_all_years_moves_the_base():
    masked = suppression.same_mask(hidden_panel())
    assert masked.hidden.tolist() == [[False, True, True]] * 2
    assert masked.counts[..., 0].tolist() == [[1, 0, 0], [3, 0, 0]]
    assert masked.hidden_total.tolist() == [[0, 10, 5], [0, 20, 10]]


def test_some_years_of_a_panel():
    own = hidden_panel(releases=("r1", "r2")).at([2021])
    assert own.years == (2021,)
    assert own.releases == ("r2",)
    assert own.hidden.tolist() == [[False, True, False]]


def test_cells_and_years_can_be_taken_out_with_all_that_belongs_to_them():
    ring = sparse.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    whole = panel(xy=[[1000, 1], [2000, 2], [3000, 3]], area=[5, 6, 7], weights=ring, boundary=ring * 250.0)
    part = whole.at([2021]).only(np.array([True, False, True]))
    assert part.cells.tolist() == ["a", "c"]
    assert part.area.tolist() == [[5, 7]]
    assert part.counts.tolist() == [[[3, 7], [5, 5]]]
    assert part.weights.nnz == part.boundary.nnz == 0


def test_an_order_of_groups_names_them_all():
    assert panel(ascending=("rest", "foreign_language")).ascending == ("rest", "foreign_language")
    with pytest.raises(BadData, match="allowed is an order of all of"):
        panel(ascending=("foreign_language",))


def test_nobody_lives_where_no_row_is_given():
    given = [[True, True, False], [True] * 3]
    assert panel(given=given).given.tolist() == given
    with pytest.raises(BadData, match="residents in cells that are not given in 1 places, first 2021 cell c: 10"):
        panel(given=[[True] * 3, [True, True, False]])
