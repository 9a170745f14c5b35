"""What tiny cells can tell: bounds of an index of the underlying probabilities, from their first few moments."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog, nnls
from scipy.special import gammaln, xlog1py, xlogy

from segindex.errors import BadData, BadSettings
from segindex.indices._additive import ADDITIVE, additive
from segindex.indices._arrays import check_counts

GAP = 1e-9
"""What a further support point may still bring in mean log-likelihood."""

GAP_OF_ROUNDING = 1e-6
"""The same where rounding lets the likelihood rise no more."""

MOST_MOMENTS = 40
"""Of larger cells no more are used: the law is settled by fewer, and bounds from fewer moments hold as well."""


class IdentifiedBounds(NamedTuple):
    """The least and the greatest value that the data leave open, and how far the fit is from the best one."""

    lower: float
    upper: float
    gap: float


def identified_bounds(index, x, t, *, strata=None, moments=None, points=200, **options):
    r"""Bounds of an index of the underlying probabilities where cells are too small to know their law.

    With :math:`x_i \sim Bin(t_i, p_i)`, cells of t persons tell the first t moments of the law F of :math:`p_i` and
    nothing else. Over all laws with these moments,

    .. math:: \min_F \text{ and } \max_F \sum_s \frac{T_s}{T} \int f(p, P) \, dF_s(p)

    are linear programmes; f is the function of which the index takes the mean, as :math:`|p - P|` of D.

    Parameters
    ----------
    index : callable or str
        `dissimilarity`, `information_theory`, `mutual_information`, `atkinson`, `hutchens`, `gorard`,
        `correlation_ratio`, `isolation` or `exposure`, or its name: of the group against all others.
    x, t : array_like, shape (n_cells,)
        Persons of the group, and all persons, in each cell: whole numbers.
    strata : array_like of int, shape (n_cells,), optional
        Within a stratum p is taken not to depend on t: its law has as many known moments as its largest cell has
        persons. By default each distinct t is a stratum, and nothing is assumed.
    moments : int, optional
        How many moments of each law are used at most, of those that are known: fewer give wider bounds, which depend
        less on noise.
    points : int, optional
        Support points of the laws, evenly spaced in arcsin of the root of p; the city's P is one more.
    **options
        `b` of the Atkinson index.

    Returns
    -------
    IdentifiedBounds
        `lower`, `upper`; NaN where the index is undefined. `gap` is the greatest gain in mean log-likelihood that
        putting weight on another probability could still bring, over the strata.

    Raises
    ------
    ValueError
        The index has no bounds here or an option does not go with it; counts are negative, missing, infinite or not
        whole, there are no cells, of one city and year, or x exceeds t; or the fit does not converge.

    Notes
    -----
    P is the mean of the laws: X/T, but for noise in strata of several t. The moments are those of the law of greatest
    likelihood, which are the observed ones where any law has them. Where none has, as is usual in a stratum of few
    cells for its t, the likelihood leaves one law and both bounds meet: for want of cells, not because more is known.
    The bounds are estimates without an interval, consistent as the cells of each stratum grow many. By simulation (500
    and 5,000 cells of 5 and 9, two beta laws, 30 times each) bounds from all moments miss the true D by .02 to .07 on
    average where they meet, and those with `moments=3` held it every time, .17 wide: prefer these in publications.
    Strata may be merged where p does not go with t. Isolation and the correlation ratio need two moments only. The Gini
    index is no mean over cells, and has no bounds here.

    Examples
    --------
    >>> x, t = np.repeat([0, 1, 2], [50, 20, 30]), np.full(100, 2)
    >>> low, high, gap = identified_bounds("dissimilarity", x, t)
    >>> round(low, 3), round(high, 3)
    (0.583, 0.78)

    References
    ----------
    .. [1] D'Haultfœuille, X. and Rathelot, R. (2017). Measuring segregation on small units: A partial identification
       analysis. Quantitative Economics 8(1), 39-73.
    """
    name = index if isinstance(index, str) else getattr(index, "__name__", str(index))
    if name not in ADDITIVE:
        raise BadSettings(f"no bounds for {name!r}; there are some for {', '.join(ADDITIVE)}")
    entry = additive(name, options)
    x, t, strata = _check(x, t, strata)
    points = _check_number("points", points, 10)
    most = min(points - 1, MOST_MOMENTS if moments is None else _check_number("moments", moments, 1))
    inhabited = t > 0
    x, t, strata = x[inhabited], t[inhabited], strata[inhabited]
    if not len(t):
        return IdentifiedBounds(np.nan, np.nan, 0.0)
    everyone = np.array([t[strata == one].sum() for one in np.unique(strata)]) / t.sum()
    angle = _with(x.sum() / t.sum(), np.linspace(0, np.pi, points))
    fits = [_likeliest(x[strata == one], t[strata == one], _share(angle)) for one in np.unique(strata)]
    city = x.sum() / t.sum()
    if 0 < city < 1:
        city = everyone @ [law @ _share(angle) for law, _, _ in fits]
    finer = _with(city, angle)
    cost = entry.spread(_share(finer), city)
    means = np.zeros(2)
    for weight, (law, _, largest) in zip(everyone, fits):
        known = np.arange(min(largest, most) + 1)
        rows, seen = np.cos(np.outer(known, finer)), np.cos(np.outer(known, angle)) @ law
        means += weight * np.array([_least(cost, rows, seen), -_least(-cost, rows, seen)])
    lower, upper = np.sort(entry.index(means, np.full(2, city)))
    return IdentifiedBounds(float(lower), float(upper), float(max(gap for _, gap, _ in fits)))


def _with(p, angle):
    return np.union1d(angle, np.arccos(1 - 2 * p))


def _share(angle):
    """Evenly spaced in the angle, points are so in arcsin of the root of p; its moments are those of cos(k angle)."""
    return np.clip((1 - np.cos(angle)) / 2, 0, 1)


def _likeliest(x, t, p):
    """The law on p of greatest likelihood, and what a further support point could still bring.

    Each round solves the quadratic approximation of the log-likelihood on all points at once (Wang 2007), the sum of
    the weights held at 1 as by Dax (1990), and goes towards its solution as far as the likelihood rises.
    """
    pairs, n = np.unique(np.stack([x, t]), axis=1, return_counts=True)
    chance, share = _chance(*pairs, p), n / n.sum()
    root = np.sqrt(share)[:, np.newaxis]
    law, gap = np.full(len(p), 1 / len(p)), np.inf
    target = np.append(np.zeros(len(n)), 1)
    moves = True
    while moves:
        relative = chance / (chance @ law)[:, np.newaxis]
        gap = (share @ relative).max() - 1
        if gap <= GAP:
            break
        aim = nnls(np.vstack([root * (relative - 2), np.ones(len(p))]), target)[0]
        law, moves = _towards(law, aim / aim.sum() - law, chance, share)
    if gap > GAP_OF_ROUNDING:
        raise BadData(
            f"the law of p in cells of {t.min():g} to {t.max():g} persons is not found: {gap:.1g} is left to gain"
        )
    return law, gap, int(t.max())


def _towards(law, step, chance, share):
    """The law moved by so much of `step`, by halves, that the likelihood rises; and whether it did."""
    here, slope = share @ np.log(chance @ law), share @ ((chance @ step) / (chance @ law))
    part = 1.0
    while part > GAP_OF_ROUNDING:
        moved = np.maximum(law + part * step, 0)
        moved /= moved.sum()
        likelihood = chance @ moved
        if (likelihood > 0).all() and share @ np.log(likelihood) > here + max(part * slope / 3, 0):
            return moved, True
        part /= 2
    return law, False


def _chance(x, t, p):
    """The binomial chances of x of t at each p, shape (n_pairs, n_points)."""
    ways = gammaln(t + 1) - gammaln(x + 1) - gammaln(t - x + 1)
    x, others, ways = x[:, np.newaxis], (t - x)[:, np.newaxis], ways[:, np.newaxis]
    return np.exp(ways + xlogy(x, p) + xlog1py(others, -p))


def _least(cost, rows, seen):
    """The least mean cost of all laws with these moments."""
    for method in ("highs", "highs-ipm"):
        found = linprog(cost, A_eq=rows, b_eq=seen, method=method)
        if found.x is not None:
            return cost @ found.x
    raise BadData(f"no law with {len(rows) - 1} moments of the fit is found: {found.message}")


def _check(x, t, strata):
    x, t = check_counts(x=x, t=t)
    if x.ndim != 1 or t.shape != x.shape:
        raise BadData(f"x and t have shapes {x.shape} and {t.shape}; allowed is one city and year, (n_cells,)")
    if (x % 1).any() or (t % 1).any():
        raise BadData("x or t holds parts of persons; allowed are whole counts, since persons choose one by one")
    strata = t if strata is None else np.asarray(strata)
    if strata.shape != x.shape or strata.dtype.kind not in "biuf" or (strata != strata).any():
        raise BadData(f"strata has shape {strata.shape} of {strata.dtype}; allowed is one number for each of {x.size}")
    return x, t, strata


def _check_number(name, value, least):
    if isinstance(value, bool) or int(value) != value or value < least:
        raise BadSettings(f"{name} is {value}; allowed is a whole number of {least} or more")
    return int(value)
