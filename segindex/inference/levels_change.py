"""What a change lay in: between districts, or within them."""

from typing import NamedTuple

from segindex.indices import between_within
from segindex.indices.levels import BetweenWithin
from segindex.inference.matched import matched_years


class LevelsChange(NamedTuple):
    """The parts of an index between and within districts at two times, and what they changed by."""

    first: BetweenWithin
    second: BetweenWithin
    difference: BetweenWithin


def change_between_within(first, second, districts, *, index="mutual_information", hidden=None):
    r"""Change of M or H between districts and within them.

    Whether districts grew apart, or cells within districts.

    Parameters
    ----------
    first, second : array_like, shape (n_cells, n_groups)
        Persons of all groups in each cell in two years. A row is the same cell in both, a column the same group.
    districts : array_like, shape (n_cells,)
        The district of each cell: names or numbers.
    index : {"mutual_information", "information_theory"}, optional
    hidden : array_like of bool, shape (n_cells,) or (2, n_cells), optional
        Protected cells: one that is hidden in either year leaves both.

    Returns
    -------
    LevelsChange
        `first` and `second`, as `indices.between_within` gives them, and their `difference`: `between` and `within`
        sum to `total`, `inside` to `within`.

    Raises
    ------
    ValueError
        As for `indices.between_within`; shapes differ, or the mask does not fit.

    Notes
    -----
    A change of either part may be of margins alone: `decompose_change` of the districts' sums, or of the cells of one
    district, tells.

    Examples
    --------
    >>> first, second = [[10, 0], [0, 10], [10, 0], [0, 10]], [[10, 0], [10, 0], [0, 10], [0, 10]]
    >>> change = change_between_within(first, second, ["a", "a", "b", "b"]).difference
    >>> round(float(change.between), 3), round(float(change.within), 3), round(float(change.total), 3)
    (0.693, -0.693, 0.0)

    References
    ----------
    .. [1] Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.
    """
    both, _ = matched_years(first, second, hidden)
    first, second = (between_within(one, districts, index=index) for one in both)
    difference = BetweenWithin(
        second.total - first.total,
        second.between - first.between,
        second.within - first.within,
        first.districts,
        second.inside - first.inside,
    )
    return LevelsChange(first, second, difference)
