"""How two cities differ: by where their residents live, or by how mixed their cells are."""

from typing import NamedTuple

import numpy as np

from segindex import indices
from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, ratio


class CityDifference(NamedTuple):
    """The part of a difference that is of structure, that of composition, the two values, and those that cross."""

    spatial: float
    composition: float
    first: float
    second: float
    first_with_second: float
    second_with_first: float


def spatial_or_composition(first, second, index, *, first_inputs=None, second_inputs=None, **inputs):
    r"""Difference of two cities' index, by spatial structure and by composition.

    What the second city's index would be with cells as mixed as the first's, and the other way round: whether cities
    differ because their cells' shares do, or because of how many live where.

    .. math:: I_2 - I_1 = \underbrace{\tfrac12 \left[ I(s_2, c_1) - I(s_1, c_1) + I(s_2, c_2) - I(s_1, c_2) \right]}_{
              \text{spatial}} + \underbrace{\tfrac12 \left[ I(s_1, c_2) - I(s_1, c_1) + I(s_2, c_2) - I(s_2, c_1)
              \right]}_{\text{composition}}

    Parameters
    ----------
    first, second : tuple of array_like, shape (n_cells,)
        (x, t): persons of the focal group and all persons in each cell. The cities need not have as many cells.
    index : callable or str
        An index of two groups: a function of `segindex.indices`, or its name. It is given those of `x`, `y` (all
        others), `t`, `counts` (both groups) and `share` that it takes.
    first_inputs, second_inputs : dict, optional
        What else it takes of either city: `nearby`, `weights`, `area`, `distance`.
    **inputs
        What else it takes of both, as `b`.

    Returns
    -------
    CityDifference
        `spatial` and `composition` sum to `second` - `first`; `first_with_second` is the index of the first city's
        cells with the second's shares. NaN where one of the four is undefined.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, x exceeds t, nobody lives in a city, the index is unknown, gives more
        than one value, or an input is missing or unknown.

    Notes
    -----
    I(s, c) has the cells, residents and places of city s and the shares of city c. A cell's share is replaced by the
    share of the same rank in the other city's distribution over inhabited cells, interpolated; a cell's rank is the
    middle of those that it ties with, so that a city given its own shares stays as it is. Each cell counts once, as in
    the paper: the crossed cities' group shares are not those of either city. The two parts are means over which is
    changed first. Both carry the noise of small cells, which is counted as composition.

    Examples
    --------
    >>> first, second = ([1, 2, 3, 4], [10, 10, 10, 10]), ([1, 2, 6, 8], [10, 10, 20, 20])
    >>> parts = spatial_or_composition(first, second, "dissimilarity")
    >>> round(parts.spatial, 4), round(parts.composition, 4), round(parts.second - parts.first, 4)
    (-0.0478, 0.0, -0.0478)

    References
    ----------
    .. [1] Cortes, R. X., Rey, S., Knaap, E. and Wolf, L. J. (2020). An open-source framework for non-spatial and
       spatial segregation measures: the PySAL segregation module. Journal of Computational Social Science 3(1),
       135-166.
    """
    index = _function(index)
    inputs = [{**inputs, **(own or {})} for own in (first_inputs, second_inputs)]
    cities = [_city(city) for city in (first, second)]
    value = np.array(
        [[_value(index, t, _ranked(x, t, *other), own) for other in cities] for (x, t), own in zip(cities, inputs)]
    )
    spatial = (value[1] - value[0]).mean()
    composition = (value[:, 1] - value[:, 0]).mean()
    (one, crossed), (back, two) = value.tolist()
    return CityDifference(float(spatial), float(composition), one, two, crossed, back)


def _ranked(x, t, other_x, other_t):
    """Members of the group, if each cell had the share of its rank in the other city."""
    lived = t > 0
    share, other = x[lived] / t[lived], np.sort(other_x[other_t > 0] / other_t[other_t > 0])
    ordered = np.sort(share)
    rank = (np.searchsorted(ordered, share, "left") + np.searchsorted(ordered, share, "right")) / 2 / len(share)
    taken = np.zeros(len(t))
    taken[lived] = t[lived] * np.interp(rank, (np.arange(len(other)) + 0.5) / len(other), other)
    return taken


def _value(index, t, x, inputs):
    data = {"x": x, "y": t - x, "t": t, "counts": np.stack([x, t - x], axis=-1), "share": ratio(x, t)}
    code = index.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    needed = code.co_argcount - len(index.__defaults__ or ())
    unknown = sorted(inputs.keys() - set(names) | inputs.keys() & data.keys())
    lacking = [name for name in names[:needed] if name not in data and name not in inputs]
    if unknown or lacking:
        raise BadSettings(
            f"{index.__name__} is given {', '.join(unknown) or 'nothing'} that it does not take, and lacks "
            f"{', '.join(lacking) or 'nothing'}; allowed are {', '.join(name for name in names if name not in data)}"
        )
    value = np.asarray(index(**{name: data[name] for name in names if name in data}, **inputs))
    if value.ndim:
        raise BadSettings(f"{index.__name__} gives {value.shape} values; allowed is an index with one value a city")
    return float(value)


def _city(city):
    x, t = city
    x, t = check_counts(x=x, t=t)
    if x.ndim > 1 or t.ndim > 1 or not t.any():
        raise BadData(
            f"t has shape {t.shape} and holds {t.sum():g} persons; allowed is (n_cells,), with somebody in it"
        )
    return x, t


def _function(index):
    found = index if callable(index) else getattr(indices, str(index), None)
    if not hasattr(found, "__code__"):
        raise BadSettings(f"index {index!r} is unknown; allowed is a function of segindex.indices, or its name")
    return found
