"""Clusters as areas, and clusters that last."""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from segindex.errors import BadData, BadSettings, is_number
from segindex.indices._arrays import check_counts, check_weights, ratio
from segindex.inference.local_clusters import CLASSES, UNTESTED, check_classes

KNOWN = tuple(dict.fromkeys(name for classes in CLASSES.values() for name in classes))


class ClusterAreas(NamedTuple):
    """Areas of adjacent cells of one class: `area` has a number a cell, 0 for none, all else an entry an area."""

    area: np.ndarray
    cluster: np.ndarray
    n_cells: np.ndarray
    residents: np.ndarray
    members: np.ndarray
    share: np.ndarray


class Lasting(NamedTuple):
    """The class that each cell was found in for long enough, and in how many years; shape (n_cells,)."""

    cluster: np.ndarray
    years: np.ndarray


def cluster_areas(x, t, cluster, weights):
    """Adjacent cells of one class, joined into areas.

    Parameters
    ----------
    x, t : array_like, shape (n_cells,)
        Persons of the group, and all persons, in each cell.
    cluster : array_like of str, shape (n_cells,)
        The classes, as `local_clusters` gives them.
    weights : sparse matrix, shape (n_cells, n_cells)
        Which cells are adjacent: two are if either has a weight for the other.

    Returns
    -------
    ClusterAreas
        Areas are numbered from 1, the one with the most cells first, then the one with the earliest cell. `share` is
        the group's share of the area's residents. Cells of no finding ("not significant", "no neighbour", "empty")
        have number 0.

    Raises
    ------
    ValueError
        Counts are bad, the arrays are of several cities or years, a class is unknown, or the weights do not fit.

    Notes
    -----
    A cell stands for its surroundings: the cells just outside an area lent it their shares, and may be as unusual.

    Examples
    --------
    >>> from segindex.neighbourhood import contiguity
    >>> row = contiguity([[0, 0], [250, 0], [500, 0], [750, 0], [1000, 0]], "rook")
    >>> cluster = ["low-low", "not significant", "high-high", "high-high", "high-low"]
    >>> found = cluster_areas([0, 2, 9, 6, 5], [10, 10, 20, 10, 10], cluster, row)
    >>> found.area, found.share
    (array([2, 0, 1, 1, 3]), array([0.5, 0. , 0.5]))
    """
    x, t = check_counts(x=x, t=t)
    cluster = check_classes(cluster, KNOWN)
    if not x.shape == t.shape == cluster.shape == x.shape[-1:]:
        raise BadData(f"x, t, cluster have shapes {x.shape}, {t.shape}, {cluster.shape}; allowed is one city and year")
    pairs = sparse.coo_array(check_weights(weights, x.size))
    joined = (pairs.data > 0) & (cluster[pairs.row] == cluster[pairs.col])
    graph = sparse.coo_array((pairs.data[joined], (pairs.row[joined], pairs.col[joined])), shape=pairs.shape)
    component = connected_components(graph, directed=False)[1]
    found = np.flatnonzero(~np.isin(cluster, UNTESTED))
    _, first, of, n_cells = np.unique(component[found], return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort([first, -n_cells])
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    area = np.zeros(x.size, dtype=np.int64)
    area[found] = number[of] + 1
    members, residents = (np.bincount(area, one, minlength=len(order) + 1)[1:] for one in (x, t))
    return ClusterAreas(
        area, cluster[found[first[order]]], n_cells[order], residents, members, ratio(members, residents)
    )


def lasting(cluster_by_year, times, *, years=None):
    """Clusters that last: cells found in one class in so many of the years.

    Parameters
    ----------
    cluster_by_year : array_like of str, shape (n_years, n_cells)
        The classes of each year, the latest year last, as `local_clusters` gives them.
    times : int
        In how many of the years a cell must have been found, each time in the same class.
    years : int, optional
        How many of the latest years count; all if left out.

    Returns
    -------
    Lasting
        `cluster` is the class in which the cell was found often enough, else "not significant"; of two such classes the
        one found more often, then the later one. `years` is the number of years in that class, or 0.

    Raises
    ------
    ValueError
        A class is unknown, there are no years, or `times` or `years` is more than there are, or less than 1.

    Notes
    -----
    Years when the cell was empty, hidden or without neighbours count as years in which it was not found. Neighbouring
    years share most residents: m years out of n are no m independent findings.

    Examples
    --------
    >>> years = [["high-high", "low-low"], ["high-high", "not significant"], ["not significant", "low-low"]]
    >>> lasting(years, 2).cluster.tolist()
    ['high-high', 'low-low']
    >>> lasting(years, 2, years=2).cluster.tolist()
    ['not significant', 'not significant']
    """
    cluster = check_classes(cluster_by_year, KNOWN)
    if cluster.ndim != 2 or not len(cluster):
        raise BadData(f"cluster_by_year has shape {cluster.shape}; allowed is (n_years, n_cells)")
    years = _check_number("years", len(cluster) if years is None else years, len(cluster))
    times = _check_number("times", times, years)
    cluster = cluster[-years:]
    classes = np.array([name for name in KNOWN if name not in UNTESTED])
    found = cluster == classes[:, np.newaxis, np.newaxis]
    counted = found.sum(axis=1)
    latest = np.where(found, np.arange(1, years + 1)[:, np.newaxis], 0).max(axis=1)
    best = np.argmax(counted * (years + 1) + latest, axis=0)
    most = np.take_along_axis(counted, best[np.newaxis], axis=0)[0]
    lasts = most >= times
    return Lasting(np.where(lasts, classes[best], UNTESTED[0]), np.where(lasts, most, 0))


def _check_number(name, value, most):
    if not (is_number(value) and 1 <= value <= most and value % 1 == 0):
        raise BadSettings(f"{name} is {value!r}; allowed is a whole number from 1 to {most}")
    return int(value)
