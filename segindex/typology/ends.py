"""Both ends: how far apart the areas at the two ends of a share are, and who lives beyond fixed cut-offs."""

import numpy as np

from segindex.errors import BadSettings
from segindex.indices._arrays import check_counts, ratio
from segindex.typology.thresholds import cut_points


def ratio_of_ends(share, t, part=0.1):
    r"""The 90/10 ratio of areas: a share where it is high over the same where it is low.

    .. math:: \frac{q_{1 - \pi}}{q_\pi}

    with q the quantiles of the areas' shares, weighted by residents.

    Parameters
    ----------
    share : array_like, shape (n_cells,)
        NaN where it is not known.
    t : array_like, shape (n_cells,)
        Residents.
    part : float
        Of the residents at each end.

    Returns
    -------
    float
        1 where all areas are alike; NaN where the low share is 0, or no share is known.

    Raises
    ------
    ValueError
        The part is not between 0 and a half, or residents are negative or missing.

    Notes
    -----
    Chance alone drives the ends of small areas apart: take the shares of areas, or of surroundings, of many residents.

    Examples
    --------
    >>> round(ratio_of_ends([0.1, 0.2, 0.3], [20, 60, 20]), 2)
    3.0
    """
    if not 0 < part < 0.5:
        raise BadSettings(f"part is {part}; allowed are numbers between 0 and 0.5")
    high, low = cut_points(share, t, [part, 1 - part])
    return float(ratio(high, low))


def shares_beyond(value, t, low, high):
    """The share of residents whose areas lie below a low cut-off, and above a high one.

    Parameters
    ----------
    value : array_like, shape (n_cells,)
        NaN where it is not known: such cells are left out.
    t : array_like, shape (n_cells,)
        Residents.
    low, high : float

    Returns
    -------
    tuple of float
        NaN where the cut-off is, or no value is known. A cell at a cut-off is not beyond it.

    Examples
    --------
    >>> shares_beyond([-0.2, 0.0, 0.3], [10, 60, 30], -0.1, 0.1)
    (0.1, 0.3)
    """
    value, t = np.broadcast_arrays(np.asarray(value, dtype=float), check_counts(t=t)[0])
    known = ~np.isnan(value)
    people = t[known].sum()
    found = ((value[known] < low) @ t[known], (value[known] > high) @ t[known])
    return tuple(float(ratio(one, people)) if np.isfinite(cut) else np.nan for one, cut in zip(found, (low, high)))
