"""From how many cells and members on a value is told."""

MIN_CELLS = 20
MIN_GROUP = 100
REFUSALS = ("small_group", "small_rest", "few_cells", "would_tell")
"""Why the values of a group are not published; "would_tell": they tell those of another that are not."""


def refusal(n_cells, group_size, population=float("nan"), *, min_cells=MIN_CELLS, min_group=MIN_GROUP, grid):
    """Why a value is not published: "small_group", "small_rest", "few_cells", or "" where it is.

    Two groups that make up a base share their values: a group that nearly everybody belongs to tells those of the few
    who do not. So all others (`population` less the group) are judged as the group is; NaN judges the group alone.
    The number of cells counts for grids alone: a small city has few postal areas, and their data are public.

    >>> refusal(19, 500, grid=True), refusal(19, 500, grid=False), refusal(400, 99, grid=True)
    ('few_cells', '', 'small_group')
    >>> refusal(400, 9960, 10000, grid=True)
    'small_rest'
    """
    if group_size < min_group:
        return "small_group"
    if population - group_size < min_group:
        return "small_rest"
    return "few_cells" if grid and n_cells < min_cells else ""
