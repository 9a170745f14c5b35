"""Whether a series of years rises or falls throughout: a marker from five points on, and never across a break."""

import numpy as np
from scipy.special import ndtr

MARKERS = ("rising", "falling", "no_trend")
REASONS = ("few_points", "break")
FEWEST_POINTS = 5
LEVEL = 0.05
MOST_EXACT = 10
"""Up to so many points without ties the law of the statistic is counted out."""


def trend(values, years, *, broken_years=()):
    """The trend marker of a series, the reason where there is none, and the p of the test.

    Parameters
    ----------
    values : array_like, shape (n_years,)
        NaN where a year has no value: it is no point.
    years : array_like of int, shape (n_years,)
        Each once, in any order.
    broken_years : iterable of int
        Years whose values do not compare with those of the years before. The points from the last of these on are
        looked at alone.

    Returns
    -------
    (str, str, float)
        One of `MARKERS`, or "" where there is none; one of `REASONS`, or ""; the two-sided p of `mann_kendall`, NaN
        where it was not made. "break" means that there are five points, but not since the last break.

    Raises
    ------
    ValueError
        The values and years differ in number, or a year stands twice.

    Notes
    -----
    The test takes the points for independent. Most residents of a year were there the year before, so that p is
    approximate: the marker says that the points go one way, no more.

    Examples
    --------
    >>> trend([0.30, 0.31, 0.33, 0.34, 0.36], range(2020, 2025))
    ('rising', '', 0.016666666666666666)
    >>> trend([0.30, 0.31, 0.33, 0.34], range(2020, 2024))
    ('', 'few_points', nan)
    """
    values, years = points_since(values, years, broken_years=())
    since, _ = points_since(values, years, broken_years=broken_years)
    if len(values) < FEWEST_POINTS:
        return "", "few_points", np.nan
    if len(since) < FEWEST_POINTS:
        return "", "break", np.nan
    s, p = mann_kendall(since)
    if p > LEVEL:
        return "no_trend", "", p
    return ("rising" if s > 0 else "falling"), "", p


def points_since(values, years, *, broken_years=()):
    """The points of a series from its last break on, in the order of their years.

    Returns
    -------
    values, years : ndarray, shape (n_points,)

    Examples
    --------
    >>> points_since([3.0, float("nan"), 1.0], [2022, 2021, 2020])
    (array([1., 3.]), array([2020, 2022]))
    >>> points_since([3.0, 2.0, 1.0], [2022, 2021, 2020], broken_years=[2021])[1]
    array([2021, 2022])
    """
    values, years = np.asarray(values, dtype=float), np.asarray(years, dtype=int)
    if values.shape != years.shape:
        raise ValueError(f"{len(values)} values and {len(years)} years: one value a year is allowed")
    if len(np.unique(years)) < len(years):
        raise ValueError(f"years {sorted(years.tolist())}: each is allowed once")
    kept = ~np.isnan(values) & (years >= max(broken_years, default=-np.inf))
    order = np.argsort(years[kept])
    return values[kept][order], years[kept][order]


def mann_kendall(values):
    r"""The statistic of Mann and Kendall, and its two-sided p.

    .. math:: S = \sum_{i<j} \operatorname{sgn}(x_j - x_i)

    Parameters
    ----------
    values : array_like, shape (n_points,)
        In the order of time, none missing.

    Returns
    -------
    s : int
        From -n (n - 1) / 2 (each point below the one before) to n (n - 1) / 2.
    p : float
        The share of orders of the points in which S is at least as far from 0: counted out for up to ten points without
        ties, else by the normal law with the variance for ties and the continuity correction.

    Examples
    --------
    >>> mann_kendall([1, 2, 3, 4])
    (6, 0.08333333333333333)

    References
    ----------
    .. [1] Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13(3), 245-259.
    .. [2] Kendall, M. G. (1975). Rank Correlation Methods, 4th ed. Charles Griffin, London.
    """
    values = np.asarray(values, dtype=float)
    n = len(values)
    s = int(np.sign(values[np.newaxis, :] - values[:, np.newaxis])[np.triu_indices(n, 1)].sum())
    ties = np.unique(values, return_counts=True)[1]
    if n <= MOST_EXACT and (ties == 1).all():
        law = inversions(n)
        of_each = n * (n - 1) // 2 - 2 * np.arange(len(law))
        return s, float(law[np.abs(of_each) >= abs(s)].sum() / law.sum())
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    if variance == 0:
        return s, 1.0
    return s, float(2 * ndtr(-max(abs(s) - 1, 0) / np.sqrt(variance)))


def inversions(n):
    """In how many orders of n things 0, 1, 2, ... pairs stand the wrong way round.

    >>> inversions(3)
    array([1, 2, 2, 1])
    """
    counts = np.ones(1, dtype=int)
    for size in range(2, n + 1):
        counts = np.convolve(counts, np.ones(size, dtype=int))
    return counts
