"""Two years of the same cells: judged, matched, and without the cells that are hidden in either."""

import numpy as np

from segindex.errors import BadData
from segindex.indices._arrays import check_counts, over_groups


def matched_years(first, second, hidden=None):
    """Judge two years' counts of the same cells and groups, and take out who may not be compared.

    Parameters
    ----------
    first, second : array_like, shape (n_cells, n_groups)
        Persons of all groups in each cell.
    hidden : array_like of bool, shape (n_cells,) or (2, n_cells), optional
        Protected cells, in either year or in each.

    Returns
    -------
    both : ndarray, shape (2, n_cells, n_groups)
        0 in cells that are hidden in either year.
    left_out : ndarray, shape (2,)
        The persons that were given in those cells.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, shapes differ, or the mask does not fit.

    Examples
    --------
    >>> both, left_out = matched_years([[1, 2], [3, 4]], [[5, 6], [7, 8]], [[True, False], [False, False]])
    >>> both[:, 0].tolist(), left_out.tolist()
    ([[0.0, 0.0], [0.0, 0.0]], [3.0, 11.0])
    """
    first, second = check_counts(first=first, second=second)
    if first.ndim != 2 or first.shape != second.shape:
        raise BadData(
            f"first has shape {first.shape} and second {second.shape}; allowed is one shape, (n_cells, n_groups): "
            "a row is the same cell in both years"
        )
    both = np.stack([first, second])
    if hidden is None:
        return both, np.zeros(2)
    hidden = np.asarray(hidden)
    n_cells = first.shape[0]
    if hidden.dtype != bool or hidden.shape not in {(n_cells,), (2, n_cells)}:
        raise BadData(
            f"hidden has shape {hidden.shape} and holds {hidden.dtype}; allowed are bools, "
            f"({n_cells},) or (2, {n_cells})"
        )
    out = np.atleast_2d(hidden).any(axis=0)
    left_out = over_groups(both[:, out]).sum(axis=-1)
    both[:, out] = 0
    return both, left_out
