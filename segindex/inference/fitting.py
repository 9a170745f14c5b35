"""Proportional fitting: a table that keeps its odds ratios and its zeros, and takes other margins."""

import numpy as np

from segindex.errors import BadData, BadSettings

PRECISION = 1e-12
STEPS = 200
HALVED = 0.5 ** np.arange(40)
MOST_GROUPS = 20
"""Every set of groups is looked at once: above this they would be too many."""


def proportional_fit(table, groups, cells, *, places=None, what="the table"):
    r"""The table with the odds ratios of one and the margins of another.

    .. math:: p_{ig} = c_i \frac{w_{ig} e^{b_g}}{\sum_h w_{ih} e^{b_h}}, \qquad \sum_i p_{ig} = P_g

    Parameters
    ----------
    table : ndarray, shape (n_cells, n_groups)
        The weights :math:`w_{ig}`, from 0 up; every cell and every group has one above 0.
    groups, cells : ndarray, shapes (n_groups,) and (n_cells,)
        The wanted margins, each above 0; they are taken relative to their sums.
    places : tuple of ndarray, optional
        The positions by which an error names cells and groups; as they stand if left out.
    what : str, optional
        How an error names the table.

    Returns
    -------
    ndarray, shape (n_cells, n_groups)
        Shares that sum to 1. The cells' are the wanted ones, the groups' are so to 1e-12 of themselves.

    Raises
    ------
    ValueError
        No table with these zeros has these margins, or there are more than 20 groups.

    Notes
    -----
    The limit of iterative proportional fitting, found by Newton's method on the multipliers of the groups (those of
    the cells follow), so that it takes a few steps where the scaling in turns takes thousands. The function that it
    lowers, :math:`\sum_i c_i \ln \sum_g w_{ig} e^{b_g} - \sum_g P_g b_g`, is convex. Where the margins leave a place no
    person at all, its weight is set to 0 first: there the multipliers would grow without end.

    Examples
    --------
    >>> fitted = proportional_fit(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3, 1]), np.array([1, 1]))
    >>> fitted.sum(axis=0).round(12), fitted.sum(axis=1)
    (array([0.75, 0.25]), array([0.5, 0.5]))
    >>> round(float(fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0])), 9)
    4.0

    References
    ----------
    .. [1] Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency table when the
       expected marginal totals are known. Annals of Mathematical Statistics 11(4), 427-444.
    """
    weights = _without_forced_zeros(table, groups, cells, places, what)
    wanted, cells = groups / groups.sum(), cells / cells.sum()
    with np.errstate(divide="ignore"):
        weights = np.log(weights)
    multipliers = np.zeros(len(wanted))
    level, mix = _mix(weights, multipliers, cells)
    for _ in range(STEPS):
        fitted = cells @ mix
        if np.abs(fitted / wanted - 1).max() <= PRECISION:
            return cells[:, np.newaxis] * mix
        step = _newton(fitted, wanted, cells, mix)
        downhill = (fitted - wanted) @ step
        now = level - wanted @ multipliers
        for length in HALVED:
            tried = multipliers + length * step
            level, mix = _mix(weights, tried, cells)
            if level - wanted @ tried <= now + 1e-4 * length * downhill + 1e-13 * (1 + abs(now)):
                break
        multipliers = tried - tried.mean()
        level -= tried.mean()
    raise BadData(
        f"{what} cannot be fitted to the other margins within {STEPS} steps: they leave some places next to no person"
    )


def _mix(weights, multipliers, cells):
    """The mean log of what the cells' weights sum to, and the groups' shares in each cell."""
    power = weights + multipliers
    top = power.max(axis=1, keepdims=True)
    mix = np.exp(power - top)
    summed = mix.sum(axis=1, keepdims=True)
    return cells @ (np.log(summed) + top)[:, 0], mix / summed


def _newton(fitted, wanted, cells, mix):
    """Newton's step, in units in which a group's curvature is about 1; along what changes nothing it is 0."""
    unit = np.sqrt(fitted)
    curvature = np.diag(fitted) - mix.T @ (cells[:, np.newaxis] * mix)
    step = np.linalg.lstsq(curvature / np.outer(unit, unit), (wanted - fitted) / unit, rcond=1e-14)[0]
    return step / unit


def _without_forced_zeros(table, groups, cells, places, what):
    """The table, 0 where the margins leave no person; an error where they cannot be had at all.

    Persons of cells whose weights lie in a set of groups alone must all find room in those groups. Where they fill
    them, nobody of these groups is left for the other cells.
    """
    n_groups = len(groups)
    if n_groups > MOST_GROUPS:
        raise BadSettings(f"{n_groups} groups are too many to fit; allowed are {MOST_GROUPS}")
    lies_in = (table > 0) @ (1 << np.arange(n_groups))
    alone = np.bincount(lies_in, weights=cells, minlength=1 << n_groups)
    room = np.zeros(1 << n_groups)
    for group in range(n_groups):
        alone, room = (values.reshape(-1, 2, 1 << group) for values in (alone, room))
        alone[:, 1] += alone[:, 0]
        room[:, 1] = room[:, 0] + groups[group]
        alone, room = alone.ravel(), room.ravel()
    spare = room * cells.sum() - alone * groups.sum()
    slack = 1e-13 * groups.sum() * cells.sum()
    if spare.min() < -slack:
        _refuse(int(spare.argmin()), lies_in, cells, alone * groups.sum() / cells.sum(), room, places, what)
    filled = np.flatnonzero((spare[1:-1] <= slack) & (alone[1:-1] > 0)) + 1
    if not filled.size:
        return table
    kept = np.arange(1 << n_groups)
    for members in filled:
        kept = np.where(np.arange(len(kept)) & ~members, kept & ~members, kept)
    return np.where(kept[lies_in][:, np.newaxis] >> np.arange(n_groups) & 1, table, 0)


def _refuse(members, lies_in, cells, alone, room, places, what):
    inside = np.flatnonzero(lies_in & ~members == 0)
    named = np.flatnonzero(members >> np.arange(members.bit_length()) & 1)
    if places is not None:
        inside, named = places[0][inside], places[1][named]
    raise BadData(
        f"{what} cannot be fitted to the other margins: cells with members of groups {_listed(named)} alone would hold "
        f"{alone[members]:.6g} of these where there are {room[members]:.6g}; {len(inside)} such cells, first cells "
        f"{_listed(inside[:5])}; allowed are margins that the zeros leave room for"
    )


def _listed(positions):
    return ", ".join(str(int(position)) for position in positions)
