"""Segregation by scale: an index over local environments of growing size."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import issparse

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import ratio
from segindex.neighbourhood import kernel, nearest
from segindex.registry import index as entry_of

CELL_AXES = {"counts": 2}


class Profile(NamedTuple):
    """An index by scale: `scale_m` and `k` hold one number a scale, NaN where the scale is of the other sort."""

    scale_m: np.ndarray
    k: np.ndarray
    values: np.ndarray


def profile(index, xy, *, radii_m=None, k=None, kind=None, t=None, **inputs):
    r"""An index over local environments of several sizes.

    How segregation fades as surroundings widen: a value that stays high at wide scales tells of large areas that are
    unlike each other, one that falls at once of a patchwork.

    .. math:: I(r) = I \bigl( \tilde p_i = \mathrm{nearby}_r(x)_i / \mathrm{nearby}_r(t)_i \bigr)

    Parameters
    ----------
    index : callable or str
        A function of `segindex.indices` that takes `nearby`, or its key.
    xy : array_like, shape (n_cells, 2)
        Centres in metres.
    radii_m : array_like, shape (n_radii,), optional
        Bandwidths of a kernel, in metres.
    k : array_like, shape (n_k,), optional
        Numbers of nearest residents. One at least of `radii_m` and `k` is needed.
    kind : str, optional
        The kernel's kind, see `neighbourhood.kernel`. Left out, biweight; exponential for indices that are defined by
        nearness, such as spatial proximity, as in the results table.
    t : array_like, shape (..., n_cells), optional
        All persons. For `k` they decide who is near, year by year where t has leading axes; left out, they are x + y,
        or the sum of `counts`. An index that takes t is given it.
    **inputs
        The index's own arrays and options: x, y, counts, b, ...

    Returns
    -------
    Profile
        `scale_m` and `k`, (n_scales,): the radii, then the numbers of residents, each with NaN in the other;
        `values`, (..., n_scales).

    Raises
    ------
    ValueError
        The index is unknown, takes no `nearby` or gives a table; a keyword is not one of its own, or one is missing; no
        scale is given; for `k` the persons are not known, or other arrays have other leading axes than t; or the index
        or the neighbourhood refuses.

    Notes
    -----
    A value is that of the index with that one neighbourhood. The biweight kernel is that of the source. Where the
    surroundings are those of each year's residents, a change from year to year may be theirs as well as the group's.

    Examples
    --------
    >>> xy = np.argwhere(np.ones((8, 8))) * 250.0
    >>> checkerboard = 10.0 * (np.indices((8, 8)).sum(axis=0) % 2).ravel()
    >>> profile("dissimilarity", xy, radii_m=[250, 500, 1000], x=checkerboard, y=10 - checkerboard).values.round(2)
    array([1.  , 0.06, 0.01])

    References
    ----------
    .. [1] Reardon, S. F., Matthews, S. A., O'Sullivan, D., Lee, B. A., Firebaugh, G., Farrell, C. R. and Bischoff, K.
       (2008). The geographic scale of metropolitan racial segregation. Demography 45(3), 489-514.
    """
    function = _spatial(index)
    radii, ks = (np.atleast_1d(np.asarray([] if scale is None else scale, float)) for scale in (radii_m, k))
    if radii.ndim != 1 or ks.ndim != 1 or not radii.size + ks.size:
        raise BadSettings("no scale is given; allowed are radii_m, k or both, each a list of numbers")
    if radii.size == 0 and kind is not None:
        raise BadSettings(f"kind {kind!r} is given without radii_m; k nearest residents have no kernel")
    kind = kind or ("exponential" if "nearby" in entry_of(function.__name__).inputs else "biweight")
    given = _given(function, t, inputs)
    values = [function(**given, nearby=kernel(xy, kind, radius)) for radius in radii]
    if ks.size:
        everybody = _everybody(t, inputs)
        values += [_by_year(function, given, everybody, xy, number) for number in ks]
    return Profile(
        np.append(radii, np.full(ks.size, np.nan)),
        np.append(np.full(radii.size, np.nan), ks),
        np.stack(np.broadcast_arrays(*values), axis=-1),
    )


def macro_micro_ratio(index, xy, *, macro_m=4000, micro_m=500, kind=None, t=None, **inputs):
    r"""How much of segregation is of wide scale: its value at a wide radius over that at a narrow one.

    .. math:: \frac{I(r_\text{macro})}{I(r_\text{micro})}

    Parameters
    ----------
    index : callable or str
        A function of `segindex.indices` that takes `nearby`, or its key; information theory in the source.
    xy : array_like, shape (n_cells, 2)
        Centres in metres.
    macro_m, micro_m : float, optional
        The two bandwidths in metres; 4,000 and 500 as in the source.
    kind, t, **inputs
        As for `profile`.

    Returns
    -------
    ndarray, shape (...)
        From about 0 (a patchwork: neighbouring cells differ, wide areas do not) to about 1 (wide areas differ as much
        as narrow ones). NaN where the narrow value is 0 or undefined.

    Raises
    ------
    ValueError
        The wide radius is not above the narrow one, or `profile` refuses.

    Notes
    -----
    A ratio of two small numbers is uncertain: do not read it where the narrow value is near what chance gives. With
    cells of 250 m a radius of 500 m reaches the eight cells around, so the narrow value depends on where the grid lies.

    Examples
    --------
    >>> xy = np.argwhere(np.ones((8, 8))) * 1000.0
    >>> west = 10.0 * (xy[:, 0] < 4000)
    >>> float(macro_micro_ratio("dissimilarity", xy, x=west, y=10 - west).round(2))
    0.71

    References
    ----------
    .. [1] Reardon, S. F., Matthews, S. A., O'Sullivan, D., Lee, B. A., Firebaugh, G., Farrell, C. R. and Bischoff, K.
       (2008). The geographic scale of metropolitan racial segregation. Demography 45(3), 489-514.
    """
    if not micro_m < macro_m:
        raise BadSettings(f"macro_m is {macro_m:g} and micro_m {micro_m:g}; allowed is a macro_m above micro_m")
    micro, macro = np.moveaxis(profile(index, xy, radii_m=[micro_m, macro_m], kind=kind, t=t, **inputs).values, -1, 0)
    return ratio(macro, micro)


def _spatial(index):
    """The function of an index that takes surroundings."""
    entry = entry_of(index if isinstance(index, str) else getattr(index, "__name__", str(index)))
    if callable(index) and index is not entry.function:
        raise BadSettings(
            f"{entry.key} is not the function of that name in segindex.indices; allowed is that, or its key"
        )
    if "nearby" not in entry.parameters:
        raise BadSettings(f"{entry.key} takes no surroundings (nearby), so it has no value by scale")
    if entry.gives == "table":
        raise BadSettings(f"{entry.key} gives {entry.gives}s; allowed are indices of one value a city or a cell")
    return entry.function


def _given(function, t, inputs):
    """What the index is called with, without `nearby`."""
    entry = entry_of(function.__name__)
    own = [name for name in entry.parameters if name not in ("nearby", "t")]
    unknown = sorted(inputs.keys() - set(own))
    if unknown:
        raise BadSettings(f"{entry.key} does not know {', '.join(unknown)}; it takes {', '.join(own)}")
    given = dict(inputs) if t is None or "t" not in entry.parameters else inputs | {"t": t}
    lacking = [name for name in entry.inputs if name not in given and name != "nearby"]
    if lacking:
        raise BadSettings(f"{entry.key} also needs {', '.join(lacking)}")
    return given


def _everybody(t, inputs):
    """All persons, who decide what lies within the k nearest."""
    if t is not None:
        return np.asarray(t, dtype=float)
    if "counts" in inputs:
        return np.asarray(inputs["counts"], dtype=float).sum(axis=-1)
    if "x" in inputs and "y" in inputs:
        return np.asarray(inputs["x"], dtype=float) + np.asarray(inputs["y"], dtype=float)
    raise BadSettings("k nearest residents need all persons; give t")


def _by_year(function, given, everybody, xy, k):
    """The index with the k nearest residents of each year."""
    years = everybody.shape[:-1]
    values = {}
    for year in np.ndindex(years):
        near = nearest(xy, everybody[year], k)
        values[year] = function(**{name: _in_year(name, given[name], year, years) for name in given}, nearby=near)
    found = np.stack(list(values.values()))
    return found.reshape(years + found.shape[1:])


def _in_year(name, value, year, years):
    """An input's part of one year: those with an axis a year are cut, all others are the same in every year."""
    leading = () if issparse(value) else np.shape(value)[: -CELL_AXES.get(name, 1)]
    if not leading or not years:
        return value
    if leading != years:
        raise BadData(f"{name} has leading axes {leading}, and all persons {years}; for k they must be the same")
    return np.asarray(value)[year]
