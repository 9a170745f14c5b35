"""Who lives above a line: persons of the cells where a group's share exceeds a cut-off."""

from typing import NamedTuple

import numpy as np

from segindex.errors import BadSettings
from segindex.indices._arrays import check_counts, ratio
from segindex.inference.hypergeometric import chance_table


class Above(NamedTuple):
    """Cells whose share exceeds each cut-off, and the persons and members in them; `expected_…` is by chance alone."""

    n_cells: np.ndarray
    population: np.ndarray
    group_size: np.ndarray
    expected_population: np.ndarray
    expected_group_size: np.ndarray


def above(x, t, cuts):
    r"""Persons and members of a group in the cells where its share exceeds a cut-off.

    .. math:: T_c = \sum_{i: x_i / t_i > c} t_i, \qquad X_c = \sum_{i: x_i / t_i > c} x_i

    By chance, if all persons were dealt out over the cells' places, each :math:`x_i` is hypergeometric:

    .. math:: E[T_c] = \sum_i t_i \Pr(x_i > c\,t_i), \qquad E[X_c] = \sum_i E[x_i; x_i > c\,t_i]

    Parameters
    ----------
    x, t : array_like, shape (n_cells,)
        Members of the group and persons in each visible cell.
    cuts : array_like, shape (n_cuts,)
        Shares, 0 to 1; NaN where there is no cut-off.

    Returns
    -------
    Above
        Arrays of shape (n_cuts,), NaN where the cut-off is; the expected ones are NaN as well where counts are no whole
        persons.

    Raises
    ------
    ValueError
        Counts are negative or missing, x exceeds t, or a cut-off lies outside 0 to 1.

    Notes
    -----
    In small cells a share exceeds a cut-off by chance: of a group of 15 %, with 10 persons to a cell, 18 % of residents
    live in cells over 20 % though nobody is segregated. Read the number beside the expected one.

    Examples
    --------
    >>> found = above([3, 1, 0], [10, 10, 10], [0.2, 0.05])
    >>> found.population, found.group_size
    (array([10., 20.]), array([3., 4.]))
    >>> found.expected_population.round(2)
    array([ 2.86, 24.7 ])
    """
    x, t = check_counts(x=x, t=t)
    cuts = np.atleast_1d(np.asarray(cuts, dtype=float))
    if ((cuts < 0) | (cuts > 1)).any():
        raise BadSettings(f"cuts hold {cuts[(cuts < 0) | (cuts > 1)][0]:g}; allowed are shares from 0 to 1")
    share = ratio(x, t)
    over = share > cuts[:, np.newaxis]
    found = [over.sum(axis=-1), over @ t, over @ x]
    whole = not ((x % 1 > 0) | (t % 1 > 0)).any()
    found += _by_chance(x.sum(), t, cuts) if whole else [np.full(cuts.shape, np.nan)] * 2
    return Above(*(np.where(np.isnan(cuts), np.nan, one) for one in found))


def _by_chance(members, t, cuts):
    """Persons and members above each cut-off if everybody had been dealt out at random."""
    sizes, cells = np.unique(t[t > 0], return_counts=True)
    size, count, likely = chance_table(sizes, members, t.sum())
    over = (count / sizes[size]) > cuts[:, np.newaxis]
    weight = cells[size] * likely
    return [over @ (weight * sizes[size]), over @ (weight * count)]


def cut_points(value, t, fractions):
    """The values above which at most such fractions of all persons live.

    Parameters
    ----------
    value : array_like, shape (n_cells,)
        NaN where it is not known.
    t : array_like, shape (n_cells,)
        Persons of each cell.
    fractions : array_like, shape (n_fractions,)
        From 0 to 1.

    Returns
    -------
    ndarray, shape (n_fractions,)
        Each is the lowest value of a cell that at most that fraction lives above; NaN where no value is known. Cells of
        one value are never parted.

    Examples
    --------
    >>> cut_points([0.5, 0.3, 0.2, 0.1], [10, 10, 40, 40], [0.1, 0.2, 0.5])
    array([0.3, 0.2, 0.2])
    """
    value, t = np.broadcast_arrays(np.asarray(value, dtype=float), check_counts(t=t)[0])
    fractions = np.atleast_1d(np.asarray(fractions, dtype=float))
    if not ((fractions >= 0) & (fractions <= 1)).all():
        raise BadSettings(f"fractions hold {fractions.tolist()}; allowed are numbers from 0 to 1")
    known = ~np.isnan(value) & (t > 0)
    if not known.any():
        return np.full(fractions.shape, np.nan)
    levels, place = np.unique(-value[known], return_inverse=True)
    people = np.bincount(place, weights=t[known])
    beyond = np.cumsum(people) - people
    return -levels[np.searchsorted(beyond, fractions * people.sum() * (1 + 1e-12), side="right") - 1]
