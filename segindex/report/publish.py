"""What may be published: a value needs enough cells and enough members of the group behind it."""

import numpy as np

from segindex.limits import refusal

NUMBERS = (
    *("value", "expected", "corrected", "low", "high", "lower_bound", "upper_bound", "detectable_change"),
    *("identified_lower", "identified_upper"),
)
CLASS_NUMBERS = ("population", "group_size", "population_share", "group_share")
HIDDEN_WARNING = 0.10


def published(rows, *, min_cells, min_group, grid):
    """The rows of the results with a column `refused`; a refused row has no numbers left."""
    refused = [
        refusal(n_cells, size, min_cells=min_cells, min_group=min_group, grid=grid)
        for n_cells, size in zip(rows["n_cells"], rows["group_size"])
    ]
    rows = rows.assign(refused=refused)
    there = [name for name in NUMBERS if name in rows]
    numbers = rows[there].astype(float)
    numbers[rows["refused"].to_numpy() != ""] = np.nan
    return rows.assign(**numbers)


def classes(rows, *, min_cells, min_group, grid):
    """The cluster classes of one map; a class that is too small keeps its number of cells alone.

    The city's total is published, so that one class left out could be had by subtraction: the smallest of the
    others are left out too, until all that is left out would itself be large enough to publish. Of protected
    cells nothing is known but how many they are.
    """
    rows = rows.sort_values("cluster", kind="stable", ignore_index=True)
    size = rows["group_size"].to_numpy(float)
    n_cells = rows["n_cells"].to_numpy(float)
    known = (rows["cluster"] != "protected").to_numpy() & (n_cells > 0)
    limits = {"min_cells": min_cells, "min_group": min_group, "grid": grid}
    refused = known & np.array([refusal(n, x, **limits) != "" for n, x in zip(n_cells, size)], bool)
    while refused.any() and refusal(n_cells[refused].sum(), size[refused].sum(), **limits):
        left = np.flatnonzero(known & ~refused)
        if not len(left):
            break
        refused[left[np.argmin(size[left])]] = True
    numbers = rows[list(CLASS_NUMBERS)].astype(float)
    numbers[refused | (rows["cluster"] == "protected").to_numpy()] = np.nan
    return rows.assign(**numbers)
