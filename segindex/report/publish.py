"""What may be published: a value needs enough cells, enough members of the group, and enough others behind it."""

import numpy as np
import pandas as pd

from segindex.limits import OTHER, refusal

CLASS_NUMBERS = ("population", "group_size", "population_share", "group_share")
HIDDEN_WARNING = 0.10
FEWEST = 3
"""Cells from which their residents are told: one or two of a grid would be told one by one."""


def too_few(n_cells):
    """Why the residents of each part of a city are not told, by the number of its cells; "" where they are.

    One or two cells of a grid would be told one by one. The city's total is known: the next smallest parts are left out
    too, until all that is left out has cells enough.

    >>> too_few(pd.Series([1, 40, 5, 0])).tolist()
    ['few_cells', '', 'would_tell', '']
    """
    why = pd.Series("", index=n_cells.index)
    cells = n_cells[n_cells > 0].sort_values(kind="stable")
    few = cells[cells < FEWEST]
    why[few.index] = "few_cells"
    left_out = few.sum()
    for at, size in cells.drop(few.index).items():
        if not 0 < left_out < FEWEST:
            break
        why[at], left_out = OTHER, left_out + size
    return why


def limit_of(reason, material):
    """The limit that a reason tells of, as the texts name it; nothing where it tells of none."""
    if reason == "few_cells":
        return {"limit": material.min_cells}
    return {"limit": material.min_group} if reason.startswith("small_") else {}


def classes(rows, *, min_cells, min_group, grid):
    """The cluster classes of one map; a class that is too small keeps its number of cells alone.

    The city's total is published, so that one class left out could be had by subtraction: the smallest of the
    others are left out too, until all that is left out would itself be large enough to publish. Of protected
    cells nothing is known but how many they are.
    """
    rows = rows.sort_values("cluster", kind="stable", ignore_index=True)
    counts = rows[["n_cells", "group_size", "population"]].to_numpy(float)
    smaller = np.fmin(counts[:, 1], counts[:, 2] - counts[:, 1])
    known = (rows["cluster"] != "protected").to_numpy() & (counts[:, 0] > 0)
    limits = {"min_cells": min_cells, "min_group": min_group, "grid": grid}
    refused = known & np.array([refusal(*one, **limits) != "" for one in counts], bool)
    while refused.any() and refusal(*counts[refused].sum(axis=0), **limits):
        left = np.flatnonzero(known & ~refused)
        if not len(left):
            break
        refused[left[np.argmin(smaller[left])]] = True
    numbers = rows[list(CLASS_NUMBERS)].astype(float)
    numbers[refused | (rows["cluster"] == "protected").to_numpy()] = np.nan
    return rows.assign(**numbers)
