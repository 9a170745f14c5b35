"""Bounds of an index over all cells, whatever the protected ones hold."""

from functools import partial
from typing import NamedTuple

import numpy as np

from segindex.errors import BadData, BadSettings
from segindex.indices._additive import ADDITIVE, additive, check_options
from segindex.indices._arrays import check_counts, ratio
from segindex.suppression.profiles import (
    differences,
    evenest,
    excess,
    excess_of,
    most_uneven,
    most_uneven_of_any_base,
    pooled,
    steps,
    summed,
)

BOUNDED = (*ADDITIVE, "gini")
BY_EXCESS = ("dissimilarity", "gorard")
SUMS_AT_ONCE = 100_000
ROUNDING = 1e-9


class Bounds(NamedTuple):
    """The least and the greatest value; shape (...)."""

    lower: np.ndarray
    upper: np.ndarray


class Hidden(NamedTuple):
    """Of the hidden cells of one city and year: limits of the group's count and of the persons, shape (n_hidden,)."""

    low: np.ndarray
    high: np.ndarray
    least_t: np.ndarray
    most_t: np.ndarray


def bounds(index, x, t, hidden, *, group_size=None, limit=None, lower=0, **options):
    r"""Bounds of an index over all cells, valid whatever the hidden counts are.

    With :math:`X_S` members among the :math:`T_S` persons of the hidden cells, no filling is more even than one cell of
    composition :math:`X_S/T_S`, and none less even than a pure cell of :math:`X_S` and a pure one of
    :math:`T_S - X_S`. Where each hidden count has limits :math:`l_i \le x_i \le u_i`, these become

    .. math:: x_i = \min(\max(\lambda t_i, l_i), u_i)

    and filling the cells in descending order of :math:`u_i/t_i`, the rest staying at :math:`l_i`. Where :math:`X_S` is
    unknown, every whole number that the limits allow is tried.

    Parameters
    ----------
    index : callable or str
        `dissimilarity`, `gini`, `information_theory`, `mutual_information`, `atkinson`, `hutchens`, `gorard`,
        `correlation_ratio`, `isolation` or `exposure`, or its name: of x against all others.
    x : array_like, shape (..., n_cells)
        Persons of the group in each cell; what stands in hidden cells is ignored.
    t : array_like, shape (..., n_cells), or a pair of such
        All persons in each cell, hidden ones too; or a tuple (low, high) of two arrays, equal in visible cells, where
        protection hides this as well.
    hidden : array_like of bool, shape (..., n_cells)
        Whether the group's count is hidden.
    group_size : array_like, shape (...), optional
        Members in all cells, where it is published; without it every number is tried.
    limit : int or array_like, shape (..., n_cells), optional
        Cells are hidden because the group counts fewer than this: at most `limit` - 1.
    lower : float or array_like, shape (..., n_cells), optional
        The least count of a hidden cell.
    **options
        `b` of the Atkinson index.

    Returns
    -------
    Bounds
        `lower` and `upper`, shape (...). Both NaN where the group (or, for evenness, all others) has no members, and
        where just one cell is left hidden of a group of known size: its count would follow from the bounds. Sizes that
        leave the index undefined are left out.

    Raises
    ------
    ValueError
        The index has no bounds here or an option does not go with it; visible counts or a base are negative, missing or
        infinite; the shapes do not fit; x exceeds t; limits leave no count for a cell; or no filling fits `group_size`.

    Notes
    -----
    Valid, not sharp: the pure cells may not be made of whole cells, and persons are parted to fit the shares. The value
    over visible cells alone may lie outside. Cells whose limits leave one count are as good as visible. Whoever knows
    the visible cells can work :math:`X_S` out of bounds with `group_size`: see `disclosed`.

    Limits are used sharply where cells of higher :math:`u_i/t_i` have higher :math:`l_i/t_i` too, as those of one
    `limit` and one `lower` have; otherwise the upper bound takes some :math:`l_i` as lower. With t as a pair, the lower
    bound uses the limits only to know which sums there can be, and all pairs of sums are tried, 100 million at most.

    Examples
    --------
    >>> x, t, hidden = [30, 5, -1, -1], [40, 40, 6, 4], [False, False, True, True]
    >>> low, high = bounds("dissimilarity", x, t, hidden, group_size=40)
    >>> round(float(low), 3), round(float(high), 3)
    (0.575, 0.675)
    >>> low, high = bounds("dissimilarity", x, t, hidden, limit=3)
    >>> round(float(low), 3), round(float(high), 3)
    (0.585, 0.675)

    References
    ----------
    .. [1] Marshall, A. W., Olkin, I. and Arnold, B. C. (2011). Inequalities: Theory of Majorization and Its
       Applications, 2nd ed. Springer, New York.
    """
    name = index if isinstance(index, str) else getattr(index, "__name__", str(index))
    if name not in BOUNDED:
        raise BadSettings(f"no bounds for {name!r}; there are some for {', '.join(BOUNDED)}")
    check_options(name, options)
    x, least_t, most_t, hidden, low, high = _check(x, t, hidden, limit, lower)
    shape = x.shape[:-1] if group_size is None else np.broadcast_shapes(x.shape[:-1], np.shape(group_size))
    arrays = [np.broadcast_to(one, (*shape, x.shape[-1])) for one in (x, least_t, most_t, hidden, low, high)]
    if group_size is not None:
        group_size = np.broadcast_to(
            check_counts(group_size=np.atleast_1d(group_size))[0].reshape(np.shape(group_size)), shape
        )
    found = np.full((2, *shape), np.nan)
    for at in np.ndindex(shape):
        found[:, *at] = _of_one(
            name, options, *(one[at] for one in arrays), None if group_size is None else group_size[at], at
        )
    return Bounds(*found)


def _of_one(name, options, x, least_t, most_t, hidden, low, high, group_size, at):
    """Both bounds of one city and year."""
    open_ = hidden & ((low < high) | (least_t < most_t))
    x = np.where(hidden, low, x)[~open_]
    t = least_t[~open_]
    cells = Hidden(*(one[open_] for one in (low, high, least_t, most_t)))
    left = None if group_size is None else _left(group_size - x.sum(), cells, at)
    if left is not None and len(cells.low) == 1:
        return np.nan, np.nan
    value = _value(name, options, x, t)
    sign = -1 if name == "exposure" else 1
    least, greatest = np.inf, -np.inf
    for group, *persons in _sums(cells, left, at):
        even = partial(_filled, sign, value, _evenest, cells, group)
        uneven = partial(_filled, -sign, value, _most_uneven, cells, group)
        least = min(least, lowest(even, *persons, _turn(name, x.sum(), t.sum(), group)))
        greatest = max(greatest, -lowest(uneven, *persons))
    if least > greatest:
        return np.nan, np.nan
    return np.clip(sorted([sign * least, sign * greatest]), 0, 1)


def _filled(sign, value, filling, cells, group, everyone):
    return sign * value(filling(cells, group, everyone), group, everyone)


def lowest(curve, first, last, turn=np.inf):
    """The least of the values that curves have at the whole numbers from `first` to `last`, undefined ones left out.

    Parameters
    ----------
    curve : callable
        Values at such numbers, one of each curve; undefined at the first alone, if at all.
    first, last : ndarray, shape (n_curves,)
    turn : ndarray, shape (n_curves,)
        Up to here each curve falls and then rises; after it, it rises and then falls.

    Examples
    --------
    >>> lowest(lambda n: abs(n - np.array([2.0, 7.0])), np.array([0.0, 9.0]), np.array([5.0, 12.0]))
    0.0
    """

    def at(numbers):
        values = curve(numbers)
        return np.where(np.isnan(values), np.inf, values)

    turn = np.clip(np.floor(turn), first, last)
    ends = at(last), at(np.minimum(turn + 1, last))
    low, high = first, turn
    while (low < high).any():
        middle = np.floor((low + high) / 2)
        rises = at(middle) <= at(np.minimum(middle + 1, high))
        low, high = np.where(rises, low, np.minimum(middle + 1, high)), np.where(rises, middle, high)
    return float(np.min([*ends, at(low)], initial=np.inf))


def _turn(name, members, persons, group):
    """The persons of the hidden cells as one up to where an index falls, then rises, and after which it may do the
    opposite: endless, but for mutual information."""
    if name != "mutual_information":
        return np.full(group.shape, np.inf)
    others = persons - members
    root = np.sqrt((group * others) ** 2 + members * group * others * (members + group + others))
    return group + ratio(group * others + root, members, empty=np.inf)


def _evenest(cells, group, everyone):
    if not len(cells.low) or (cells.least_t < cells.most_t).any():
        return pooled(group, everyone)
    return evenest(cells.low, cells.high, cells.least_t, group)


def _most_uneven(cells, group, everyone):
    if not len(cells.low):
        return pooled(group, everyone)
    if (cells.least_t < cells.most_t).any():
        return most_uneven_of_any_base(cells.high, cells.least_t, group, everyone)
    return most_uneven(cells.low, cells.high, cells.least_t, group)


def _value(name, options, x, t):
    """The index as a function of a filling, its members and its persons; the visible cells enter by their sums."""
    x, t = x[t > 0], t[t > 0]
    visible = steps(x / t, t)

    def city(group, everyone):
        everyone = t.sum() + everyone
        return everyone, np.minimum(ratio(x.sum() + group, everyone), 1)

    def gini(profile, group, everyone):
        within = 2 * (t.sum() * x.sum() - (visible.share * np.diff(visible.edge**2)).sum())
        across = summed(profile, lambda p: 2 * excess_of(visible, p) + p * t.sum() - x.sum())
        pairs = within + 2 * across + differences(profile, group, everyone)
        everyone, p = city(group, everyone)
        return ratio(pairs, 2 * everyone**2 * p * (1 - p))

    def by_excess(profile, group, everyone):
        everyone, p = city(group, everyone)
        return index(2 * ratio(excess_of(visible, p) + excess(profile, p), everyone), p)

    def by_sum(profile, group, everyone):
        everyone, p = city(group, everyone)
        return index(ratio((t * spread(x / t)).sum() + summed(profile, spread), everyone), p)

    def spread(p):
        return entry.spread(p, None)

    if name == "gini":
        return gini
    entry = additive(name, options)
    index = entry.index
    return by_excess if name in BY_EXCESS else by_sum


def _sums(cells, left, at):
    """Blocks of possible sums over the hidden cells: of the group's members, and the fewest and most persons there."""
    low, high = _whole(cells.low.sum(), cells.high.sum(), at) if left is None else (left, left)
    bases = cells.least_t.sum(), cells.most_t.sum()
    if (cells.least_t < cells.most_t).any():
        bases = _whole(*bases, at)
    sums = round(high - low) + 1
    for start in range(0, sums, SUMS_AT_ONCE):
        group = low + np.arange(start, min(start + SUMS_AT_ONCE, sums))
        yield group, np.maximum(bases[0], _fewest(cells, group)), np.full(group.shape, bases[1])


def _fewest(cells, group):
    """The fewest persons among whom the hidden cells have room for so many members; whole ones above the least."""
    short = group - np.minimum(cells.high, cells.least_t).sum()
    return np.where(short > ROUNDING, np.ceil(cells.least_t.sum() + short - ROUNDING), cells.least_t.sum())


def _left(left, cells, at):
    """What a known group size leaves for the hidden cells."""
    low, high = cells.low.sum(), cells.high.sum()
    if not low * (1 - ROUNDING) - ROUNDING <= left <= high * (1 + ROUNDING) + ROUNDING:
        raise BadData(
            f"group_size leaves {left:g} members for the hidden cells{_where(at)}; allowed are {low:g} to {high:g}"
        )
    return min(max(left, low), high)


def _whole(low, high, at):
    low, high = np.ceil(low - ROUNDING), np.floor(high + ROUNDING)
    if low > high:
        raise BadData(f"no whole number lies within the limits of the hidden cells{_where(at)}")
    return low, high


def _check(x, t, hidden, limit, lower):
    """The gate: visible counts, least and greatest bases, mask, least and greatest hidden counts, all of one shape."""
    pair = t if isinstance(t, tuple) and len(t) == 2 and np.ndim(t[0]) else (t, t)
    hidden = np.asarray(hidden)
    if hidden.dtype != bool:
        raise BadData(f"hidden holds {hidden.dtype}; allowed are True and False")
    least_t, most_t = (check_counts(t=one)[0] for one in pair)
    lower = check_counts(lower=np.atleast_1d(lower))[0]
    limit = most_t + 1 if limit is None else check_counts(limit=np.atleast_1d(limit))[0]
    x = np.where(np.ma.getmaskarray(x), np.nan, np.ma.getdata(x)) if np.ma.isMaskedArray(x) else np.asarray(x)
    try:
        x, least_t, most_t, hidden, lower, limit = np.broadcast_arrays(x, least_t, most_t, hidden, lower, limit)
    except ValueError as error:
        raise BadData(f"the shapes of x, t, hidden, limit and lower do not fit together ({error})") from error
    _refuse(
        (least_t > most_t) | ((least_t < most_t) & ~hidden),
        "t is no pair of least and greatest bases, equal in visible cells,",
    )
    x, least_t = check_counts(x=np.where(hidden, 0, x), t=least_t)
    high = np.minimum(limit - 1, most_t)
    _refuse(hidden & (lower > high), "lower is above what limit and t allow")
    return x, np.where(hidden, np.maximum(least_t, lower), least_t), most_t, hidden, lower, high


def _refuse(wrong, what):
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise BadData(f"{what} in {int(wrong.sum())} cells, first at {first}")


def _where(at):
    return f" at {at}" if at else ""
