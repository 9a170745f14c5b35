"""From how many cells and members on a value is told."""

import numpy as np

MIN_CELLS = 20
MIN_GROUP = 100
NUMBERS = (
    *("value", "expected", "corrected", "low", "high", "lower_bound", "upper_bound", "detectable_change"),
    *("identified_lower", "identified_upper"),
)
"""The columns of the results that tell of the group."""


def refusal(n_cells, group_size, *, min_cells=MIN_CELLS, min_group=MIN_GROUP, grid):
    """Why a value is not published: "small_group", "few_cells", or "" where it is.

    The number of cells counts for grids alone: a small city has few postal areas, and their data are public.

    >>> refusal(19, 500, grid=True), refusal(19, 500, grid=False), refusal(400, 99, grid=True)
    ('few_cells', '', 'small_group')
    """
    if group_size < min_group:
        return "small_group"
    return "few_cells" if grid and n_cells < min_cells else ""


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
