"""Clusters over the years: areas of two years are one cluster where they share a cell."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from segindex.errors import BadData


def tracked(year, area, cell):
    """The cluster that each cell of each year belongs to: areas that share a cell in different years are one.

    Parameters
    ----------
    year, area, cell : array_like, shape (n,)
        One entry a cell and year: the number of the area that it is of (within the year), and the cell's id.

    Returns
    -------
    ndarray of int, shape (n,)
        Clusters numbered from 0 by their first year, then by their first cell in it: a later year renumbers none of the
        earlier ones, unless it joins them.

    Raises
    ------
    ValueError
        The arrays differ in length, or a cell stands twice in a year.

    Notes
    -----
    A cluster that moves a cell at a time stays one; two that grow together are one from the start.

    Examples
    --------
    >>> tracked([2020, 2020, 2021, 2021], [1, 2, 1, 2], ["a", "c", "a", "f"])
    array([0, 1, 0, 2])
    """
    year, area, cell = (np.asarray(one) for one in (year, area, cell))
    if not year.shape == area.shape == cell.shape == (len(year),):
        raise BadData(f"year, area, cell have shapes {year.shape}, {area.shape}, {cell.shape}; allowed is one length")
    if not len(year):
        return np.zeros(0, dtype=int)
    place = np.unique(cell, return_inverse=True)[1]
    pairs = np.stack([year, place])
    if np.unique(pairs, axis=1).shape[1] < len(year):
        raise BadData("a cell stands twice in one year")
    node = np.unique(np.stack([year, area]), axis=1, return_inverse=True)[1].ravel()
    n = node.max() + 1
    links = coo_array((np.ones(len(node)), (node, n + place)), shape=(n + place.max() + 1,) * 2)
    component = connected_components(links, directed=False)[1][node]
    order = np.lexsort([cell, year])
    first = {}
    for at in order:
        first.setdefault(component[at], len(first))
    return np.array([first[one] for one in component])
