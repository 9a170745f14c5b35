"""Whether money goes where need is: the concentration curve over cities, its index, and what that hangs on."""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from segindex.errors import BadData

FEWEST = 4
"""Cities from which an index is said to have an interval."""

LEVEL = 0.95
TIED = 1e-12
"""Needs per head that differ by no more than this part of themselves are one."""


class Curve(NamedTuple):
    """A concentration curve: the place of each city in the order of need, from 0; the points, from (0, 0) to (1, 1)."""

    place: np.ndarray
    base: np.ndarray
    money: np.ndarray


class Jackknife(NamedTuple):
    """An index of concentration, its interval, and its value with each city left out."""

    index: float
    low: float
    high: float
    left_out: np.ndarray


def concentration_curve(money, need, base, against=None):
    r"""Cumulative shares of money and of a base, over cities from the most to the least in need.

    Cities are ordered by need per head of the base, :math:`v_i / b_i`, falling; cities of one need are one step, so
    that their order does not matter:

    .. math:: B_g = \sum_{i: p_i \le g} a_i / A, \qquad M_g = \sum_{i: p_i \le g} m_i / M

    Parameters
    ----------
    money : array_like, shape (n_cities,)
        Euro of each city.
    need : array_like, shape (n_cities,)
        Persons in need.
    base : array_like, shape (n_cities,)
        Persons among whom they are counted; above 0.
    against : array_like, shape (n_cities,), optional
        What the money is held against, :math:`a`: the base if left out. With `need` in its place the curve tells
        whether each person in need has the same money in every city.

    Returns
    -------
    Curve
        `place`, shape (n_cities,); `base` and `money`, shape (n_places + 1,). The shares are NaN where all of the
        money, or of what it is held against, is 0.

    Raises
    ------
    ValueError
        A value is missing or negative, a base is 0, or the lengths differ.

    Examples
    --------
    >>> curve = concentration_curve(money=[30, 10, 60], need=[20, 10, 10], base=[100, 100, 100])
    >>> curve.place, curve.base.round(2), curve.money
    (array([0, 1, 1]), array([0.  , 0.33, 1.  ]), array([0. , 0.3, 1. ]))
    """
    money, need, base, against = _judged(money, need, base, against)
    place = _places(need / base)
    return Curve(place, _cumulative(against, place), _cumulative(money, place))


def concentration_index(money, need, base, against=None):
    r"""Index of concentration, :math:`C`: twice the area under the concentration curve, less 1.

    .. math:: C = 2 \int_0^1 M\,dB - 1 = \sum_g (M_{g-1} + M_g)(B_g - B_{g-1}) - 1

    Parameters
    ----------
    money, need, base, against : array_like, shape (n_cities,)
        As `concentration_curve` takes them.

    Returns
    -------
    float
        Above 0 where money leans to the cities most in need, beyond their part of what it is held against; 0 where
        each city has its part; below 0 where it leans away. With :math:`a_1` and :math:`a_n` the shares of the city
        most and of that least in need, it lies from :math:`a_n - 1` to :math:`1 - a_1`. NaN with fewer than two cities
        or where the curve is.

    Raises
    ------
    ValueError
        As `concentration_curve`.

    Notes
    -----
    In the references the poorest come first as well, but the index is twice the area between the diagonal and the
    curve, so that what is concentrated among the poor is below 0. Here the sign is turned: money for those in need is
    above 0. Equal to :math:`-2\,\mathrm{cov}_a(m/a, R) / \mu` with R the fractional rank from the most in need and
    :math:`\mu` the mean money per head, both weighted by a.

    Neither the sum of the money nor its unit matters: only how it is shared.

    Examples
    --------
    >>> round(concentration_index([30, 10], [20, 10], [100, 100]), 3)
    0.25
    >>> concentration_index([20, 20], [20, 10], [100, 100])
    0.0
    >>> round(concentration_index([30, 10], [20, 10], [100, 100], against=[20, 10]), 3)
    0.083

    References
    ----------
    .. [1] Wagstaff, A., Paci, P. and van Doorslaer, E. (1991). On the measurement of inequalities in health. Social
       Science & Medicine 33(5), 545-557.
    .. [2] Kakwani, N., Wagstaff, A. and van Doorslaer, E. (1997). Socioeconomic inequalities in health: measurement,
       computation, and statistical inference. Journal of Econometrics 77(1), 87-103.
    """
    curve = concentration_curve(money, need, base, against)
    if len(curve.place) < 2:
        return float("nan")
    return float(np.sum((curve.money[:-1] + curve.money[1:]) * np.diff(curve.base)) - 1)


def jackknife(money, need, base, against=None):
    r"""The index of concentration, its value with each city left out, and the interval that these give.

    .. math:: C \pm t_{n-1}\,s, \qquad s^2 = \frac{n-1}{n} \sum_i \left(C_{(i)} - \bar{C}_{(\cdot)}\right)^2

    Parameters
    ----------
    money, need, base, against : array_like, shape (n_cities,)
        As `concentration_curve` takes them.

    Returns
    -------
    Jackknife
        `low` and `high`, the 95 % interval, and `left_out`, shape (n_cities,), are NaN with fewer than four cities;
        the interval is NaN as well where the index is, with any one city left out.

    Raises
    ------
    ValueError
        As `concentration_curve`.

    Notes
    -----
    Money and counts are of registers and the cities are all there are: nothing was drawn by lot. The interval tells how
    much the value hangs on single cities, as if others like them might have stood in their place. With few cities it is
    rough, and it may reach beyond what the index can be.

    Examples
    --------
    >>> found = jackknife([50, 20, 20, 10], [40, 30, 20, 10], [100, 100, 100, 100])
    >>> round(found.index, 3), round(found.low, 3), round(found.high, 3), found.left_out.round(3)
    (0.3, -0.162, 0.762, array([0.133, 0.333, 0.333, 0.222]))

    References
    ----------
    .. [1] Efron, B. and Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall, chapter 11.
    """
    money, need, base, against = _judged(money, need, base, against)
    index = concentration_index(money, need, base, against)
    n = len(money)
    if n < FEWEST:
        return Jackknife(index, np.nan, np.nan, np.full(n, np.nan))
    kept = ~np.eye(n, dtype=bool)
    left_out = np.array([concentration_index(*(one[k] for one in (money, need, base, against))) for k in kept])
    spread = np.sqrt((n - 1) / n * np.sum((left_out - left_out.mean()) ** 2))
    reach = stdtrit(n - 1, (1 + LEVEL) / 2) * spread
    return Jackknife(index, float(index - reach), float(index + reach), left_out)


def _judged(money, need, base, against):
    """The four arrays as floats; `against` is the base if left out."""
    given = {"money": money, "need": need, "base": base, "against": base if against is None else against}
    given = {name: np.asarray(values, dtype=float) for name, values in given.items()}
    shapes = {name: values.shape for name, values in given.items()}
    if len(set(shapes.values())) > 1 or given["money"].ndim != 1:
        raise BadData(f"shapes are {shapes}; allowed is one number a city in each")
    for name, values in given.items():
        wrong = ~(values > 0) if name == "base" else ~(values >= 0)
        if (wrong | np.isinf(values)).any():
            at = int(np.flatnonzero(wrong | np.isinf(values))[0])
            least = "above 0" if name == "base" else "from 0"
            raise BadData(f"{name} holds {values[at]:g} at place {at}; allowed are numbers {least}")
    return given.values()


def _places(ratio):
    """The place of each city from the highest ratio, 0, on; alike ones share theirs."""
    order = np.argsort(-ratio, kind="stable")
    falling = ratio[order]
    step = np.concatenate([[0], np.cumsum(falling[1:] < falling[:-1] * (1 - TIED))])
    place = np.empty(len(ratio), dtype=int)
    place[order] = step[: len(ratio)]
    return place


def _cumulative(values, place):
    """The shares of all values up to each place, from 0."""
    sums = np.concatenate([[0.0], np.cumsum(np.bincount(place, weights=values))])
    return sums / sums[-1] if sums[-1] > 0 else np.full(len(sums), np.nan)
