"""How far cells lie from the city's centres."""

import numpy as np
from scipy.spatial import cKDTree

from segindex.errors import BadData
from segindex.neighbourhood._cells import check_centres


def distance_to(xy, centres):
    """Metres from each cell to the nearest of one centre or several.

    Parameters
    ----------
    xy : array_like, shape (n_cells, 2)
        The cells' own centres in metres.
    centres : array_like, shape (2,) or (n_centres, 2)
        The place, or places, that count as the city's centre, in metres and in the coordinate system of `xy`.

    Returns
    -------
    ndarray, shape (n_cells,)
        The distance to the nearest.

    Raises
    ------
    ValueError
        Coordinates are missing or infinite, two cells share a centre, or there is no place.

    Notes
    -----
    Numbers do not tell degrees from metres: with degrees, distances are wrong and nothing is said.

    Examples
    --------
    >>> distance_to([[125, 125], [375, 125], [625, 125]], [125, 125])
    array([  0., 250., 500.])
    >>> distance_to([[125, 125], [375, 125], [625, 125]], [[125, 125], [625, 125]])
    array([  0., 250.,   0.])
    """
    xy = check_centres(xy)
    places = np.asarray(centres, dtype=float)
    places = places[np.newaxis] if places.ndim == 1 else places
    if places.ndim != 2 or places.shape[1] != 2 or not len(places):
        raise BadData(f"centres has shape {np.shape(centres)}; allowed is (2,) or (n_centres, 2): places in metres")
    if not np.isfinite(places).all():
        missing = np.flatnonzero(~np.isfinite(places).all(axis=1))
        raise BadData(
            f"centres is missing or infinite for {missing.size} places, first place {missing[0]}; allowed are metres"
        )
    return cKDTree(places).query(xy)[0]
