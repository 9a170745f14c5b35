"""Rates of a group that may be compared between large cells and small ones."""

import numpy as np

from segindex.indices._arrays import check_counts, ratio, total


def standardised_rates(x, t):
    r"""Rates in units of what chance gives a cell of its size, centred.

    .. math:: z_i = \frac{p_i - P}{\sqrt{v_i}}, \quad v_i = A + \frac{P (1 - P)}{t_i}, \quad
              A = \max\left(0, \sum_i \frac{t_i (p_i - P)^2}{T} - \frac{P (1 - P) n}{T}\right)

    Parameters
    ----------
    x, t : array_like, shape (..., n_cells)
        Persons of the group, and all persons, in each cell.

    Returns
    -------
    ndarray, shape (..., n_cells)
        NaN where nobody lives, and everywhere if nobody or everybody belongs to the group.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or x exceeds t.

    Notes
    -----
    A is the variance of the cells' probabilities: without it small cells would all seem ordinary, and with raw shares
    they would all seem extreme. n counts inhabited cells. The source has a Poisson variance, here it is binomial.

    Examples
    --------
    >>> standardised_rates([0, 5, 10], [10, 10, 10]).round(3)
    array([-1.225,  0.   ,  1.225])

    References
    ----------
    .. [1] Assunção, R. M. and Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
       Statistics in Medicine 18(16), 2147-2162.
    """
    x, t = check_counts(x=x, t=t)
    inhabited = t > 0
    p, p_city = ratio(x, t), ratio(total(x), total(t))
    binomial = p_city * (1 - p_city)
    between = total(t * np.where(inhabited, p - p_city, 0) ** 2) - binomial * total(inhabited)
    variance = np.maximum(ratio(between, total(t)), 0) + binomial * ratio(1, t)
    z = ratio(p - p_city, np.sqrt(variance))
    return z - ratio(total(np.where(inhabited, z, 0)), total(inhabited))


def raw_rates(x, t):
    """The plain shares, centred; NaN where nobody lives."""
    x, t = check_counts(x=x, t=t)
    p = ratio(x, t)
    return p - ratio(total(np.where(t > 0, p, 0)), total(t > 0))


RATES = {"assuncao_reis": standardised_rates, "raw": raw_rates}
