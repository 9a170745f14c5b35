"""What every index shares: the gate that judges its arrays, and the few operations that all formulas are made of."""

import numpy as np

from segindex.errors import BadData

AXES = {"counts": 2, "first": 2, "second": 2}


def check_counts(**counts):
    """Judge an index's counts once, and give them back as float arrays in the order of the call.

    The keywords are the index's own parameter names: `counts`, and the counts of two years, `first` and `second`, have
    their cells on the last axis but one, everything else on the last, and nobody's count may exceed `t`.

    >>> [x, t] = check_counts(x=[1, 2], t=[3, 3])
    >>> x
    array([1., 2.])
    >>> check_counts(x=[1, 4], t=[3, 3])
    Traceback (most recent call last):
    segindex.errors.BadData: x exceeds t in 1 place, first at (1,): 4 of 3; a group is a part of all persons
    """
    arrays = {name: _numbers(name, values) for name, values in counts.items()}
    for name, array in arrays.items():
        _check_shape(name, array)
        if not (array.min() >= 0 and array.max() < np.inf):
            wrong = ~((array >= 0) & (array < np.inf))
            raise BadData(f"{name} holds {_places(wrong, array)}; allowed are finite counts of 0 or more")
    _check_fit(arrays)
    if "t" in arrays:
        for name in arrays.keys() - {"t"}:
            _check_part(name, arrays[name], arrays["t"])
    return list(arrays.values())


def check_apart(x, y, t):
    """Judge two groups that share no person: together they are a part of all persons, but for rounding."""
    both = x + y
    _check_part("x + y", np.where(both <= t * (1 + 1e-12), 0, both), t)


def check_share(share):
    """Judge shares, one a cell: from 0 to 1, NaN where nobody lives."""
    share = _numbers("share", share)
    _check_shape("share", share)
    wrong = (share < 0) | (share > 1)
    if wrong.any():
        raise BadData(f"share holds {_places(wrong, share)}; allowed are 0 to 1, and NaN where nobody lives")
    return share


def check_weights(weights, n_cells):
    """Judge a sparse matrix of neighbours: a row and a column a cell, no weight below 0, no cell its own neighbour."""
    if not hasattr(weights, "tocsr"):
        raise BadData("weights is no sparse matrix; allowed is one as neighbourhood.contiguity gives")
    weights = weights.tocsr()
    if weights.shape != (n_cells, n_cells):
        raise BadData(f"weights has shape {weights.shape} for {n_cells} cells; allowed is a row and a column a cell")
    if weights.nnz and not (weights.data.min() >= 0 and weights.data.max() < np.inf):
        raise BadData(
            "weights holds values that are negative, missing or infinite; allowed are finite ones of 0 or more"
        )
    own = np.flatnonzero(weights.diagonal())
    if own.size:
        raise BadData(
            f"weights makes {own.size} cells their own neighbours, first cell {own[0]}; allowed is a zero diagonal"
        )
    return weights


def check_area(area, n_cells):
    """Judge the cells' areas in m2: a number a cell, from 0 up, not all 0."""
    area = _one_a_cell("area", area, n_cells)
    if not area.any():
        raise BadData("area is 0 in every cell; allowed is land in one cell at least")
    return area


def check_distance(distance, n_cells):
    """Judge the cells' distances to the centre in metres: a number a cell, from 0 up."""
    return _one_a_cell("distance", distance, n_cells)


def ratio(part, whole, *, empty=np.nan):
    """Divide, giving `empty` where the whole is zero.

    >>> ratio([1, 0], [2, 0])
    array([0.5, nan])
    """
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.full(part.shape, empty, dtype=float), where=whole != 0)


def total(x):
    """The sum over the cells, the cell axis kept."""
    return x.sum(axis=-1, keepdims=True)


def over_groups(values):
    """The sum over the groups, the last axis: a product is many times quicker than a sum along so short an axis.

    >>> over_groups(np.array([[1.0, 2.0], [0.0, 5.0]]))
    array([3., 5.])
    """
    return values @ np.ones(values.shape[-1])


def over_cells(t, values):
    """The sum over the cells of each group's values, weighed by t: (..., n_cells), (..., n_cells, n_groups).

    >>> over_cells(np.array([1.0, 2.0]), np.array([[1.0, 0.0], [3.0, 1.0]]))
    array([7., 2.])
    """
    return (t[..., np.newaxis, :] @ values)[..., 0, :]


def shares(x):
    """Each entry's share of the sum over the last axis; NaN where that is zero.

    >>> shares(np.array([[1.0, 3.0], [0.0, 0.0]]))
    array([[0.25, 0.75],
           [ nan,  nan]])
    """
    return ratio(x, total(x))


def proportion(x, t, nearby=None):
    """The share p of a group in each cell, or in its surroundings; 0 where nobody lives.

    Smoothed counts come from a Fourier transform: what rounding puts outside [0, nearby(t)] is cut off.
    """
    if nearby is not None:
        t = nearby(t)
        x = np.clip(nearby(x), 0, t)
    return ratio(x, t, empty=0)


def mixed_as_nearby(x, y, nearby=None):
    """Each cell's x + y persons, divided between the groups as its surroundings are; without `nearby` as they are."""
    if nearby is None:
        return x, y
    t = x + y
    p = proportion(x, t, nearby)
    return t * p, t * (1 - p)


def composition(counts, nearby=None):
    """The shares of all groups in each cell, or in its surroundings: (..., n_cells, n_groups); 0 where nobody lives."""
    if nearby is not None:
        counts = np.maximum(np.moveaxis(nearby(np.moveaxis(counts, -1, -2)), -2, -1), 0)
    return ratio(counts, over_groups(counts)[..., np.newaxis], empty=0)


def interaction(p):
    """The chance that two persons drawn from shares p, groups on the last axis, belong to different groups."""
    return over_groups(p * (1 - p))


def mixed(p):
    """Whether two groups or more have members; where they have not, nothing is segregated, nor is it mixed."""
    return (p > 0).sum(axis=-1) > 1


def _numbers(name, values):
    if np.ma.is_masked(values):
        raise BadData(
            f"{name} has masked cells; nothing may be missing: give hidden cells as zeros and name them apart"
        )
    array = np.asarray(values)
    if array.dtype.kind not in "biufO":
        raise BadData(f"{name} holds {array.dtype}; allowed are numbers")
    try:
        return array.astype(float, copy=False)
    except (TypeError, ValueError) as error:
        raise BadData(f"{name} holds something that is missing or no number ({error}); allowed are numbers") from error


def _one_a_cell(name, values, n_cells):
    array = _numbers(name, values)
    if array.shape != (n_cells,):
        raise BadData(f"{name} has shape {array.shape} for {n_cells} cells; allowed is one number a cell")
    wrong = ~((array >= 0) & (array < np.inf))
    if wrong.any():
        raise BadData(f"{name} holds {_places(wrong, array)}; allowed are finite numbers of 0 or more")
    return array


def _check_shape(name, array):
    axes = AXES.get(name, 1)
    if array.ndim < axes:
        wanted = "(..., n_cells, n_groups)" if axes == 2 else "(..., n_cells)"
        raise BadData(f"{name} has shape {array.shape}; allowed is {wanted}")
    if array.size == 0:
        raise BadData(f"{name} has shape {array.shape}: no cells")


def _check_fit(arrays):
    cells = {name: array.shape[-AXES.get(name, 1)] for name, array in arrays.items()}
    if len(set(cells.values())) > 1:
        raise BadData(f"the cell axes differ: {', '.join(f'{name} has {n} cells' for name, n in cells.items())}")
    leading = {name: array.shape[: -AXES.get(name, 1)] for name, array in arrays.items()}
    try:
        np.broadcast_shapes(*leading.values())
    except ValueError as error:
        raise BadData(f"the axes before the cells do not fit together: {leading}") from error


def _check_part(name, part, whole):
    exceeds = part > whole
    if exceeds.any():
        first = tuple(int(i) for i in np.argwhere(exceeds)[0])
        part, whole = np.broadcast_arrays(part, whole)
        raise BadData(
            f"{name} exceeds t in {_count(exceeds)}, first at {first}: {part[first]:g} of {whole[first]:g}; "
            f"a group is a part of all persons"
        )


def _places(wrong, array):
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{array[first]:g} or the like in {_count(wrong)}, first at {first}"


def _count(places):
    n = int(places.sum())
    return f"{n} place" if n == 1 else f"{n} places"
