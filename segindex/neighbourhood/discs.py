"""Ever wider discs round each cell: the way on which the distortion of a city is followed."""

import numpy as np
from scipy.spatial import cKDTree

from segindex.neighbourhood._cells import check_centres
from segindex.neighbourhood.adjacency import pitch
from segindex.neighbourhood.kernels import kernel

RINGS = 4
"""Edges of a cell as far as which every ring of a grid has its disc."""

WIDER = 1.1
"""How much wider a further disc is than the one before."""


def discs(xy):
    """Sums over ever wider discs round each cell, from the cell alone to all of the city.

    Parameters
    ----------
    xy : array_like, shape (n_cells, 2)
        Centres in metres.

    Returns
    -------
    list of callable
        What `distortion` takes: from counts of shape (..., n_cells) to the same shape, for the radii of `disc_radii`.

    Raises
    ------
    ValueError
        A centre is missing, or two cells share one.

    Examples
    --------
    >>> from segindex.indices import distortion
    >>> xy, counts = [[125, 125], [375, 125], [625, 125]], [[4, 0], [0, 4], [0, 4]]
    >>> round(float(distortion(counts, discs(xy))), 3)
    0.661
    """
    return [kernel(xy, "uniform", radius) for radius in disc_radii(xy)]


def disc_radii(xy):
    """The radii of `discs`, in metres.

    The first disc is the cell alone. On a grid every ring of cells follows as far as four edges; elsewhere, the least
    distance of two centres. From there each radius is a tenth wider than the one before, up to the diagonal of the
    city.

    Parameters
    ----------
    xy : array_like, shape (n_cells, 2)
        Centres in metres.

    Returns
    -------
    ndarray, shape (n_discs,)

    Raises
    ------
    ValueError
        A centre is missing, or two cells share one.

    Examples
    --------
    >>> disc_radii([[125, 125], [375, 125], [625, 375]]).round().tolist()
    [125.0, 250.0, 354.0, 500.0, 559.0]
    >>> disc_radii([[0, 0], [3000, 4000], [0, 4000]]).round().tolist()
    [1500.0, 3000.0, 3300.0, 3630.0, 3993.0, 4392.0, 4832.0]
    """
    xy = check_centres(xy)
    if len(xy) == 1:
        return np.ones(1)
    first, diagonal = _first(xy), np.hypot(*np.ptp(xy, axis=0))
    steps = max(0, int(np.log(diagonal / first[-1]) / np.log(WIDER)))
    found = np.concatenate([first, first[-1] * WIDER ** np.arange(1, steps + 1)])
    return found[found <= diagonal]


def _first(xy):
    """The cell alone, then what lies next to it."""
    edge = pitch(xy)
    if edge is None:
        least = cKDTree(xy).query(xy, k=2)[0][:, 1].min()
        return np.array([least / 2, least])
    steps = np.arange(RINGS + 1) ** 2
    squares = np.unique(steps[:, np.newaxis] + steps)
    return edge * np.sqrt(np.concatenate([[0.25], squares[(squares > 0) & (squares <= RINGS**2)]]))
