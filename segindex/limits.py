"""From how many cells and members on a value is told."""

MIN_CELLS = 20
MIN_GROUP = 100


def refusal(n_cells, group_size, *, min_cells=MIN_CELLS, min_group=MIN_GROUP, grid):
    """Why a value is not published: "small_group", "few_cells", or "" where it is.

    The number of cells counts for grids alone: a small city has few postal areas, and their data are public.

    >>> refusal(19, 500, grid=True), refusal(19, 500, grid=False), refusal(400, 99, grid=True)
    ('few_cells', '', 'small_group')
    """
    if group_size < min_group:
        return "small_group"
    return "few_cells" if grid and n_cells < min_cells else ""
