"""Two-group indices as a mean over residents: of what each one takes the mean, and what it makes of it."""

from typing import NamedTuple

import numpy as np
from scipy.special import entr

from segindex.errors import BadSettings
from segindex.indices._arrays import ratio


class Additive(NamedTuple):
    r"""An index as a function of :math:`\sum_i t_i f(p_i) / T` and the city's share P.

    `spread(p, city, **options)` is f, convex in p or concave; `index(mean, city, **options)` is the value, NaN where
    the index is undefined.
    """

    spread: object
    index: object


def additive(name, options):
    """The entry of `name` with its options in place: spread(p, city) and index(mean, city)."""
    check_options(name, options)
    given = {**DEFAULTS.get(name, {}), **options}
    if not 0 < given.get("b", 0.5) < 1:
        raise BadSettings(f"b is {given['b']}; allowed is a number above 0 and below 1")
    spread, index = ADDITIVE[name]
    return Additive(
        lambda p, city: spread(p, city, **given),
        lambda mean, city: index(mean, city, **given),
    )


def check_options(name, options):
    """Judge an index's own keywords: none, but for `b` of the Atkinson index."""
    known = DEFAULTS.get(name, {})
    for option in options:
        if option not in known:
            why = REFUSED.get(option, f"{name} takes {', '.join(known) or 'no option'}")
            raise BadSettings(f"{option} is not allowed here: {why}")


def entropy(p):
    """The entropy of two groups, one of share p, in nats."""
    return entr(p) + entr(1 - p)


def _deviation(p, city):
    return np.abs(p - city)


def _entropy(p, city):
    return entropy(p)


def _square(p, city):
    return p**2


def _geometric(p, city, b):
    return p**b * (1 - p) ** (1 - b)


def _dissimilarity(mean, city):
    return ratio(mean, 2 * city * (1 - city))


def _gorard(mean, city):
    return ratio(mean, 2 * city)


def _information_theory(mean, city):
    return 1 - ratio(mean, entropy(city))


def _mutual_information(mean, city):
    return np.where((city > 0) & (city < 1), entropy(city) - mean, np.nan)


def _atkinson(mean, city, b):
    return 1 - ratio(mean, _geometric(city, city, b)) ** (1 / (1 - b))


def _hutchens(mean, city, b):
    return 1 - ratio(mean, _geometric(city, city, b))


def _isolation(mean, city):
    return ratio(mean, city)


def _exposure(mean, city):
    return 1 - ratio(mean, city)


def _correlation_ratio(mean, city):
    return ratio(ratio(mean, city) - city, 1 - city)


ADDITIVE = {
    "dissimilarity": Additive(_deviation, _dissimilarity),
    "gorard": Additive(_deviation, _gorard),
    "information_theory": Additive(_entropy, _information_theory),
    "mutual_information": Additive(_entropy, _mutual_information),
    "atkinson": Additive(_geometric, _atkinson),
    "hutchens": Additive(lambda p, city: _geometric(p, city, 0.5), lambda mean, city: _hutchens(mean, city, 0.5)),
    "correlation_ratio": Additive(_square, _correlation_ratio),
    "isolation": Additive(_square, _isolation),
    "exposure": Additive(_square, _exposure),
}
"""Of two groups: x against all others; exposure is that to all others."""

DEFAULTS = {"atkinson": {"b": 0.5}}

REFUSED = {
    "excluding_self": "without oneself the value of a cell is no convex function of its share",
    "nearby": "the surroundings of a visible cell hold hidden ones, so that each filling changes every cell",
    "y": "the reference group is all others, y = t - x; of other groups the hidden counts are unknown as well",
}
