"""Secondary disclosure: hidden counts that follow from what is published beside them."""

from typing import NamedTuple

import numpy as np

from segindex.errors import BadData
from segindex.indices._arrays import check_counts

ROUNDING = 1e-9


class Disclosure(NamedTuple):
    """A hidden count, or a sum of some, that published numbers tell.

    Attributes
    ----------
    kind : {"cell", "sum", "coarser", "years"}
        "cell": the count of one cell is told. "sum": the sum over `cells` is, and it is small. "coarser": a hidden cell
        of the coarser grid is the sum of visible finer ones. "years": the count is told if the other hidden cells have
        not changed.
    by : {"total", "coarser", "finer", "years"}
        What tells it, beside the visible cells: the group's total, a visible cell of a coarser grid, visible cells of a
        finer one, or the totals of two years.
    year : int
        Position on the first axis; of two years, the one in which the cell is hidden.
    cells : tuple of int
        Whose count or sum is told: cells of the coarser grid for "coarser", else of the finer.
    value : float
        The count or the sum.
    """

    kind: str
    by: str
    year: int
    cells: tuple[int, ...]
    value: float


def disclosed(x, hidden, *, group_size=None, t=None, limit=None, lower=0, threshold=0, coarser=None):
    """Hidden counts of one city and group that follow from what is published: to be called before a table is written.

    All that `disclosed_by_total`, `disclosed_by_years` and `disclosed_by_coarser` find, as far as what they need is
    given.

    Parameters
    ----------
    x : array_like, shape (n_years, n_cells)
        Persons of the group in each cell; what stands in hidden cells is ignored.
    hidden : array_like of bool, shape (n_years, n_cells)
        Whether the count is hidden.
    group_size : array_like, shape (n_years,), optional
        Members in all cells, where it is published, or follows from what is.
    t : array_like, shape (n_years, n_cells), optional
        All persons in each cell, where it is published.
    limit : float or array_like, optional
        Cells are hidden because the group counts fewer than this, if that is known.
    lower : float or array_like, optional
        The least count of a hidden cell, if that is known.
    threshold : float, optional
        The sum over some hidden cells is told of, too, if it is below this.
    coarser : tuple (x, hidden, parent), optional
        Counts and mask of a coarser grid, shape (n_years, n_coarse), and the coarse cell that each cell lies in, shape
        (n_cells,).

    Returns
    -------
    list of Disclosure

    Raises
    ------
    ValueError
        Visible counts are negative, missing or infinite; the shapes do not fit; or visible and hidden cells do not fit
        the published sums.

    Notes
    -----
    Each published sum is looked at alone: what two of them tell only together, but for two years, is not found. A total
    must count the members of these cells and no others: those of no known address are to be taken out before.

    Examples
    --------
    >>> disclosed([[12, -1, 5]], [[False, True, False]], group_size=[20])
    [Disclosure(kind='cell', by='total', year=0, cells=(1,), value=3.0)]
    """
    limits = {"t": t, "limit": limit, "lower": lower}
    found = []
    if group_size is not None:
        found += disclosed_by_total(x, hidden, group_size, threshold=threshold, **limits)
        found += disclosed_by_years(x, hidden, group_size, t=t)
    if coarser is not None:
        found += disclosed_by_coarser(x, hidden, *coarser, threshold=threshold, **limits)
    return found


def disclosed_by_total(x, hidden, group_size, *, t=None, limit=None, lower=0, threshold=0):
    """Hidden counts that the group's published total tells.

    The total less the visible cells is the sum over the hidden ones. It tells the count of a lone hidden cell; of
    several, if that sum leaves a cell just one value (nobody, or as many as limits and t allow).

    Parameters
    ----------
    x, hidden, group_size, t, limit, lower, threshold
        As of `disclosed`.

    Returns
    -------
    list of Disclosure
        Of kind "cell" for each cell that is told, else one of kind "sum" for a year whose sum is below `threshold`.

    Raises
    ------
    ValueError
        As of `disclosed`.

    Examples
    --------
    >>> disclosed_by_total([[12, 0, 0]], [[False, True, True]], [15], threshold=5)
    [Disclosure(kind='sum', by='total', year=0, cells=(1, 2), value=3.0)]
    >>> [(one.kind, one.cells) for one in disclosed_by_total([[12, 0, 0]], [[False, True, True]], [12])]
    [('cell', (1,)), ('cell', (2,))]
    """
    x, hidden, low, high = _check(x, hidden, t, limit, lower)
    left = _check_sizes(group_size, x) - x.sum(axis=1)
    found = []
    for year in range(len(x)):
        found += _told(left[year], np.flatnonzero(hidden[year]), low[year], high[year], year, "total", threshold)
    return found


def disclosed_by_coarser(x, hidden, coarse_x, coarse_hidden, parent, *, t=None, limit=None, lower=0, threshold=0):
    """Hidden counts that a coarser grid tells, and hidden counts of the coarser grid that the finer one tells.

    A visible coarse cell less its visible fine cells is the sum over its hidden ones, as a total is over a city; a
    hidden coarse cell whose fine cells are all visible is their sum.

    Parameters
    ----------
    x, hidden, t, limit, lower, threshold
        As of `disclosed`, of the finer grid.
    coarse_x, coarse_hidden : array_like, shape (n_years, n_coarse)
        Counts and mask of the coarser grid, on which all cells of the finer one count.
    parent : array_like of int, shape (n_cells,)
        The coarse cell that each fine one lies in.

    Returns
    -------
    list of Disclosure
        "cell" and "sum" name fine cells, "coarser" names a coarse one.

    Raises
    ------
    ValueError
        As of `disclosed`; or parent names no coarse cell.

    Examples
    --------
    >>> fine, mask = [[4, -1, 6, 7]], [[False, True, False, False]]
    >>> found = disclosed_by_coarser(fine, mask, [[6, -1]], [[False, True]], [0, 0, 1, 1])
    >>> [(one.kind, one.cells, one.value) for one in found]
    [('cell', (1,), 2.0), ('coarser', (1,), 13.0)]
    """
    x, hidden, low, high = _check(x, hidden, t, limit, lower)
    coarse_x, coarse_hidden, _, _ = _check(coarse_x, coarse_hidden, None, None, 0, name="coarse_x")
    parent = np.asarray(parent)
    n_coarse = coarse_x.shape[1]
    if parent.shape != x.shape[1:] or parent.dtype.kind not in "iu" or not ((parent >= 0) & (parent < n_coarse)).all():
        raise BadData(f"parent does not name one of {n_coarse} coarse cells, from 0, for each of {x.shape[1]} cells")
    if len(coarse_x) != len(x):
        raise BadData(f"coarse_x has {len(coarse_x)} years, x has {len(x)}")
    order = np.argsort(parent, kind="stable")
    children = np.split(order, np.searchsorted(parent[order], np.arange(1, n_coarse)))
    found = []
    for year in range(len(x)):
        within = np.bincount(parent, x[year], minlength=n_coarse)
        n_hidden = np.bincount(parent, hidden[year], minlength=n_coarse)
        for cell in np.flatnonzero(~coarse_hidden[year] & (n_hidden > 0)):
            left = coarse_x[year, cell] - within[cell]
            some = children[cell][hidden[year, children[cell]]]
            found += _told(left, some, low[year], high[year], year, "coarser", threshold)
        lived_in = np.bincount(parent, minlength=n_coarse) > 0
        for cell in np.flatnonzero(coarse_hidden[year] & (n_hidden == 0) & lived_in):
            found.append(Disclosure("coarser", "finer", year, (int(cell),), float(within[cell])))
    return found


def disclosed_by_years(x, hidden, group_size, *, t=None):
    """Hidden counts that the totals of two consecutive years tell, if the other hidden cells have not changed.

    Where a year hides the cells that the year before (or after) hides and one more, the growth of the hidden sum is the
    count of that one. It is looked at only where other cells are hidden as well; a lone one is told by the total.

    Parameters
    ----------
    x, hidden, group_size
        As of `disclosed`.
    t : array_like, shape (n_years, n_cells), optional
        All persons in each cell: with it, a count is told of only where the cells hidden in both years have the same
        base in both, so that they may well be unchanged.

    Returns
    -------
    list of Disclosure
        Of kind "years": `value` is what the count would be, below 0 or above t if the others must have changed.

    Raises
    ------
    ValueError
        As of `disclosed`.

    Examples
    --------
    >>> x, hidden = [[20, 7, 0], [20, 0, 0]], [[False, False, True], [False, True, True]]
    >>> disclosed_by_years(x, hidden, [30, 28])
    [Disclosure(kind='years', by='years', year=1, cells=(1,), value=5.0)]
    """
    x, hidden, _, high = _check(x, hidden, t, None, 0)
    left = _check_sizes(group_size, x) - x.sum(axis=1)
    base = np.zeros(x.shape) if t is None else high
    found = []
    for year in range(len(x)):
        for other in (year - 1, year + 1):
            if not 0 <= other < len(x):
                continue
            both, more = hidden[year] & hidden[other], hidden[year] & ~hidden[other]
            nested = more.sum() == 1 and both.any() and not (hidden[other] & ~hidden[year]).any()
            if nested and (base[year, both] == base[other, both]).all():
                cells = (int(np.flatnonzero(more)[0]),)
                found.append(Disclosure("years", "years", year, cells, float(left[year] - left[other])))
    return found


def _told(left, cells, low, high, year, by, threshold):
    """What the sum over some hidden cells tells: counts of single cells, or at least itself."""
    low, high = low[cells], high[cells]
    slack = ROUNDING * max(1.0, abs(left))
    if not low.sum() - slack <= left <= high.sum() + slack:
        raise BadData(
            f"the {by} leaves {left:g} for {len(cells)} hidden cells in year {year}, first cell {cells[:1]}; "
            f"allowed are {low.sum():g} to {high.sum():g}"
        )
    least = np.maximum(low, left - _all_but(high))
    most = np.minimum(high, left - _all_but(low))
    told = (low < high) & (most - least <= slack)
    if told.any():
        return [Disclosure("cell", by, year, (int(cells[at]),), float(least[at])) for at in np.flatnonzero(told)]
    if len(cells) and left < threshold:
        return [Disclosure("sum", by, year, tuple(cells.tolist()), float(left))]
    return []


def _all_but(values):
    """The sum over all others, for each."""
    endless = np.isinf(values)
    finite = np.where(endless, 0, values)
    return np.where(endless.sum() > endless, np.inf, finite.sum() - finite)


def _check(x, hidden, t, limit, lower, *, name="x"):
    """The gate: visible counts, with 0 where hidden, the mask, and the least and greatest counts."""
    x, hidden = np.asarray(x), np.asarray(hidden)
    if hidden.dtype != bool or x.ndim != 2 or hidden.shape != x.shape:
        raise BadData(
            f"{name} has shape {x.shape}, its mask {hidden.shape} of {hidden.dtype}; allowed is (n_years, n_cells) for "
            "both, the mask of True and False"
        )
    (x,) = check_counts(**{name: np.where(hidden, 0, x)})
    limits = {"t": t, "limit": None if limit is None else np.atleast_1d(limit), "lower": np.atleast_1d(lower)}
    limits = {one: check_counts(**{one: values})[0] for one, values in limits.items() if values is not None}
    try:
        limits = {one: np.broadcast_to(values, x.shape) for one, values in limits.items()}
    except ValueError as error:
        raise BadData(f"the shapes of {name}, t, limit and lower do not fit together ({error})") from error
    high = np.minimum(limits.get("t", np.inf), limits.get("limit", np.inf) - 1)
    low = np.where(hidden, limits["lower"], 0)
    high = np.broadcast_to(high, x.shape)
    if (low > high)[hidden].any():
        first = tuple(int(i) for i in np.argwhere(hidden & (low > high))[0])
        raise BadData(f"lower is above what limit and t allow, first at {first}")
    return x, hidden, low, high


def _check_sizes(group_size, x):
    (group_size,) = check_counts(group_size=group_size)
    if group_size.shape != x.shape[:1]:
        raise BadData(f"group_size has shape {group_size.shape}; allowed is one number for each of {len(x)} years")
    return group_size
