"""Which cells are neighbours, and how long a boundary they share."""

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from segindex.errors import BadData, BadSettings
from segindex.neighbourhood._cells import WITHIN, check_centres, check_length, find_raster, is_dense

FEW = 5
"""Cells from which a grid without any two that touch is taken for no grid at all."""


def contiguity(xy, rule, *, pairs=None):
    """Which cells are neighbours, as a sparse matrix of 0 and 1.

    Parameters
    ----------
    xy : array_like, shape (n_cells, 2)
        Centres in metres.
    rule : "rook", "queen" or float
        Cells that share a side; a side or a corner; or that lie at most so many metres apart, centre to centre.
    pairs : array_like of int, shape (n_pairs, 2), optional
        The neighbours themselves, by position in `xy`, each pair once or twice: for areas off a grid, where centres do
        not tell which ones touch.

    Returns
    -------
    scipy.sparse.csr_array, shape (n_cells, n_cells)
        Symmetric, with an empty diagonal; the row of a cell without neighbours is empty.

    Raises
    ------
    ValueError
        The rule is unknown, two cells share a centre, no two cells touch as on a grid and no pairs are given, or a pair
        names no cell, or a cell and itself.

    Notes
    -----
    On a grid the pitch is the largest distance of which all differences in x and in y are multiples: cells that all lie
    apart, with no two at their true pitch, would be taken for larger cells.

    Examples
    --------
    >>> contiguity([[125, 125], [375, 125], [375, 375]], "rook").toarray().astype(int)
    array([[0, 1, 0],
           [1, 0, 1],
           [0, 1, 0]])
    """
    xy = check_centres(xy)
    if isinstance(rule, str) and rule not in ("rook", "queen"):
        raise BadSettings(f"contiguity {rule!r} is unknown; known are rook, queen and a distance in metres")
    if not isinstance(rule, str):
        check_length("the distance of contiguity", rule)
    if pairs is not None:
        return _symmetric(_check_pairs(pairs, len(xy)), len(xy))
    if not isinstance(rule, str):
        return _symmetric(cKDTree(xy).query_pairs(rule * WITHIN, output_type="ndarray"), len(xy))
    raster = find_raster(xy)
    if not is_dense(raster, len(xy)) or (len(xy) >= FEW and not len(_touching(raster, "queen"))):
        raise BadSettings(f"no two cells touch as on a grid, so {rule} contiguity needs pairs, the areas that touch")
    return _symmetric(_touching(raster, rule), len(xy))


def boundary(xy, *, pairs=None, length_m=None):
    """How long the boundary is that two cells share, as a sparse matrix of metres.

    Parameters
    ----------
    xy : array_like, shape (n_cells, 2)
        Centres in metres.
    pairs : array_like of int, shape (n_pairs, 2), optional
        The areas that share a boundary, by position in `xy`, each pair once: for areas off a grid
        (`segindex.areas.shared_boundaries` measures them).
    length_m : array_like, shape (n_pairs,), optional
        The length of each pair's boundary in metres.

    Returns
    -------
    scipy.sparse.csr_array, shape (n_cells, n_cells)
        Symmetric, with an empty diagonal. On a grid the pitch for cells side by side; cells that touch at a corner
        share no boundary.

    Raises
    ------
    ValueError
        Two cells share a centre, no two cells touch as on a grid and no pairs are given, pairs or lengths are given
        alone, a pair is given twice or names no cell, or a length is no number above 0.

    Examples
    --------
    >>> boundary([[125, 125], [375, 125], [375, 375]]).toarray()
    array([[  0., 250.,   0.],
           [250.,   0., 250.],
           [  0., 250.,   0.]])
    """
    xy = check_centres(xy)
    if (pairs is None) != (length_m is None):
        raise BadSettings("pairs and length_m belong together; allowed are both or neither")
    if pairs is None:
        return contiguity(xy, "rook") * (pitch(xy) or 0)
    pairs = _check_pairs(pairs, len(xy))
    length_m = np.asarray(length_m, dtype=float)
    if length_m.shape != (len(pairs),):
        raise BadData(f"length_m has shape {length_m.shape} for {len(pairs)} pairs; allowed is one length a pair")
    wrong = np.flatnonzero(~((length_m > 0) & (length_m < np.inf)))
    if wrong.size:
        raise BadData(
            f"length_m is {length_m[wrong[0]]:g} or the like for {wrong.size} pairs, first pair {wrong[0]}; "
            f"allowed are finite metres above 0"
        )
    if len(np.unique(np.sort(pairs, axis=1), axis=0)) < len(pairs):
        raise BadData("pairs gives two areas more than once; allowed is each pair once")
    first, second = pairs.T
    one_way = sparse.csr_array((length_m, (first, second)), shape=(len(xy), len(xy)))
    return (one_way + one_way.T).tocsr()


def pitch(xy):
    """The edge of the cells in metres, where the centres lie on a grid and some touch on it; else None.

    >>> pitch([[125, 125], [375, 125], [1125, 875]])
    250.0
    >>> pitch([[125, 125], [310, 975], [1125, 700]]) is None
    True
    """
    xy = check_centres(xy)
    raster = find_raster(xy)
    if not is_dense(raster, len(xy)) or not len(_touching(raster, "queen")):
        return None
    return raster.pitch_m


def isolated(weights, cells):
    """The cells that have no neighbour, by name: they have no local value and stay out of global Moran's I.

    Parameters
    ----------
    weights : sparse matrix, shape (n_cells, n_cells)
        Neighbours, as `contiguity` gives them. An entry of 0 is no neighbour.
    cells : array_like, shape (n_cells,)
        Their ids.

    Returns
    -------
    ndarray, shape (n_isolated,)
        Ids, in the order of `cells`.

    Raises
    ------
    ValueError
        The matrix has not a row and a column a cell.

    Examples
    --------
    >>> isolated(contiguity([[125, 125], [375, 125], [1125, 875]], "queen"), ["a", "b", "c"]).tolist()
    ['c']
    """
    cells = np.asarray(cells)
    if cells.ndim != 1 or weights.shape != (len(cells), len(cells)):
        raise BadData(
            f"weights of shape {weights.shape} meet cells of shape {cells.shape}; allowed is a row and a column a cell"
        )
    neighbours = sparse.csr_array(weights != 0)
    return cells[np.diff(neighbours.indptr) == 0]


def _touching(raster, rule):
    """The pairs of cells that touch, by whole steps on the raster."""
    steps = [(0, 1), (1, 0)] if rule == "rook" else [(0, 1), (1, 0), (1, 1), (1, -1)]
    stride = raster.shape[1] + 1
    place = raster.rows * stride + raster.columns
    order = np.argsort(place)
    found = []
    for down, right in steps:
        wanted = place + down * stride + right
        at = np.minimum(np.searchsorted(place, wanted, sorter=order), len(place) - 1)
        there = order[at]
        met = place[there] == wanted
        found.append(np.column_stack([np.flatnonzero(met), there[met]]))
    return np.concatenate(found)


def _check_pairs(pairs, n_cells):
    pairs = np.asarray(pairs)
    if pairs.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype.kind not in "iu":
        raise BadData(f"pairs has shape {pairs.shape} of {pairs.dtype}; allowed is (n_pairs, 2) of whole numbers")
    if pairs.min() < 0 or pairs.max() >= n_cells:
        raise BadData(f"pairs names cells from {pairs.min()} to {pairs.max()}; allowed are 0 to {n_cells - 1}")
    own = np.flatnonzero(pairs[:, 0] == pairs[:, 1])
    if own.size:
        raise BadData(f"pairs makes {own.size} cells their own neighbours, first cell {pairs[own[0], 0]}")
    return pairs


def _symmetric(pairs, n_cells):
    first, second = np.concatenate([pairs, pairs[:, ::-1]]).T
    matrix = sparse.csr_array((np.ones(len(first)), (first, second)), shape=(n_cells, n_cells))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
