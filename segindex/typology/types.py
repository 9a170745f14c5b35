"""Area types: an index of several shares, cut where the baseline's residents were parted; what accumulates."""

from typing import NamedTuple

import numpy as np

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, ratio


class Standard(NamedTuple):
    """Mean and standard deviation of each share over the residents, shape (n_dimensions,)."""

    mean: np.ndarray
    sd: np.ndarray


class Alike(BadData):
    """A share that is the same in all cells: no cell is above or below another."""


def standard(shares, t, names=None):
    r"""Mean and standard deviation of the cells' shares, weighted by residents.

    .. math:: m_d = \frac{\sum_i t_i s_{id}}{\sum_i t_i}, \qquad
        \sigma_d^2 = \frac{\sum_i t_i (s_{id} - m_d)^2}{\sum_i t_i}

    Parameters
    ----------
    shares : array_like, shape (n_cells, n_dimensions)
        NaN where a share is not known: such cells are left out.
    t : array_like, shape (n_cells,)
        Residents.
    names : sequence of str, optional
        Of the dimensions, for the messages.

    Raises
    ------
    ValueError
        No cell is known in all dimensions; `Alike` where a share is the same everywhere.

    Examples
    --------
    >>> standard([[0.1], [0.3]], [30, 10])
    Standard(mean=array([0.15]), sd=array([0.08660254]))
    """
    shares, t = np.asarray(shares, dtype=float), check_counts(t=t)[0]
    known = ~np.isnan(shares).any(axis=-1) & (t > 0)
    if not known.any():
        raise BadData("no cell has residents and all shares, so that there is no mean")
    weight = t[known] / t[known].sum()
    mean = weight @ shares[known]
    sd = np.sqrt(weight @ (shares[known] - mean) ** 2)
    if (sd <= 1e-12).any():
        which = int(np.argmin(sd))
        called = which if names is None else f"of {list(names)[which]}"
        raise Alike(f"share {called} is the same in all {int(known.sum())} cells: it cannot be standardised")
    return Standard(mean, sd)


def disadvantage(shares, standard, weights):
    r"""The index of disadvantage: a weighted mean of standardised shares.

    .. math:: I_i = \sum_d w_d \frac{s_{id} - m_d}{\sigma_d} \Big/ \sum_d w_d

    Parameters
    ----------
    shares : array_like, shape (..., n_cells, n_dimensions)
    standard : Standard
        Of the baseline.
    weights : array_like, shape (n_dimensions,)

    Returns
    -------
    ndarray, shape (..., n_cells)
        0 at the baseline's mean; NaN where a share is.

    Examples
    --------
    >>> disadvantage([[0.25, 0.1]], Standard(np.array([0.15, 0.1]), np.array([0.05, 0.02])), [1, 1])
    array([1.])
    """
    weights = np.asarray(weights, dtype=float)
    if not (weights >= 0).all() or not weights.sum() > 0 or weights.shape != standard.mean.shape:
        raise BadSettings(f"weights are {weights.tolist()}; allowed are {len(standard.mean)} numbers from 0, not all 0")
    return (np.asarray(shares, dtype=float) - standard.mean) / standard.sd @ (weights / weights.sum())


def types_of(value, cuts):
    """The type of each cell: 1 above the first cut-off, one more for each cut-off that the value does not exceed.

    Parameters
    ----------
    value : array_like, shape (..., n_cells)
    cuts : array_like, shape (n_cuts,)
        In descending order.

    Returns
    -------
    ndarray of int, shape (..., n_cells)
        1 to n_cuts + 1; 0 where the value is NaN.

    Examples
    --------
    >>> types_of([2.0, 1.0, 0.0, float("nan")], [1.5, 0.5])
    array([1, 2, 3, 0])
    """
    cuts = np.asarray(cuts, dtype=float)
    if np.isnan(cuts).any() or (np.diff(cuts) > 0).any():
        raise BadSettings(f"cuts are {cuts.tolist()}; allowed are numbers in descending order")
    value = np.asarray(value, dtype=float)
    return np.where(np.isnan(value), 0, 1 + (value[..., np.newaxis] <= cuts).sum(axis=-1))


def transitions(first, last, first_t, last_t, n_types):
    """Cells and residents by the type of two years.

    Parameters
    ----------
    first, last : array_like of int, shape (n_cells,)
        0 is unknown.
    first_t, last_t : array_like, shape (n_cells,)
        Residents in either year; a cell where nobody lives has the type `n_types` + 1 there.
    n_types : int

    Returns
    -------
    ndarray, shape (3, n_types + 2, n_types + 2)
        Cells, residents of the first year and of the last, by first (rows) and last type.

    Examples
    --------
    >>> transitions([1, 2], [1, 1], [10, 20], [12, 0], 2)[1, 1:, 1:].tolist()
    [[10.0, 0.0, 0.0], [0.0, 0.0, 20.0], [0.0, 0.0, 0.0]]
    """
    first_t, last_t = check_counts(first_t=first_t, last_t=last_t)
    first, last = (np.where(t > 0, kind, n_types + 1) for kind, t in ((first, first_t), (last, last_t)))
    lived = (first_t > 0) | (last_t > 0)
    found = np.zeros((3, n_types + 2, n_types + 2))
    for table, weight in zip(found, (lived.astype(float), first_t, last_t)):
        np.add.at(table, (first, last), weight)
    return found


def accumulated(flags, t):
    r"""Residents by how many things hold of their cell, and how many there would be if they held independently.

    With :math:`q_d` the residents' share of which d holds, the second is the law of a sum of independent trials.

    Parameters
    ----------
    flags : array_like of bool, shape (n_cells, n_dimensions)
    t : array_like, shape (n_cells,)
        Residents of cells that are known in every dimension; 0 for others.

    Returns
    -------
    share, independent : ndarray, shape (n_dimensions + 1,)
        Of the residents, by 0, 1, ... dimensions.

    Examples
    --------
    >>> share, independent = accumulated([[True, True], [False, False]], [10, 30])
    >>> share, independent
    (array([0.75, 0.  , 0.25]), array([0.5625, 0.375 , 0.0625]))
    """
    flags, t = np.asarray(flags, dtype=bool), check_counts(t=t)[0]
    share = ratio(np.bincount(flags.sum(axis=-1), weights=t, minlength=flags.shape[-1] + 1), t.sum())
    independent = np.ones(1)
    for held in ratio(t @ flags, t.sum()):
        independent = np.convolve(independent, [1 - held, held])
    return share, independent
