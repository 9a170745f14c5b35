"""Several groups at once: how unlike their spread over the cells is, and how mixed the city is."""

import numpy as np
from scipy.special import entr, rel_entr

from segindex.indices._arrays import (
    check_counts,
    composition,
    interaction,
    mixed,
    over_cells,
    over_groups,
    ratio,
    shares,
)


def multigroup_dissimilarity(counts, *, nearby=None):
    r"""Multigroup index of dissimilarity, :math:`D`.

    The share of all residents who would have to change cell for all groups to be spread alike, relative to what it
    would be if no two groups shared a cell.

    .. math:: D = \frac{\sum_i \sum_g t_i |p_{ig} - P_g|}{2 T I}, \qquad I = \sum_g P_g (1 - P_g)

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}`; :math:`P_g` and :math:`I` stay the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell). NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Of two groups it is the index of dissimilarity. A group without members adds nothing; merging groups of one spread
    changes the value. Rises as cells shrink and as groups get small.

    Examples
    --------
    >>> float(multigroup_dissimilarity([[10, 0, 0], [0, 5, 5]]))
    0.8

    References
    ----------
    .. [1] Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation.
       Sociological Methodology 32(1), 33-67.
    .. [2] Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation.
       Sociological Methodology 34(1), 121-162.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city = shares(counts.sum(axis=-2))
    apart = over_groups(np.abs(composition(counts, nearby) - city[..., np.newaxis, :]))
    return ratio((t * apart).sum(axis=-1), 2 * t.sum(axis=-1) * interaction(city))


def multigroup_gini(counts, *, nearby=None):
    r"""Multigroup Gini index of segregation, :math:`G`.

    The mean difference between the groups' shares in two residents' cells, relative to its greatest possible value.

    .. math:: G = \frac{\sum_g \sum_{ij} t_i t_j |p_{ig} - p_{jg}|}{2 T^2 I}, \qquad I = \sum_g P_g (1 - P_g)

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}`; a pair of cells weighs :math:`t_i t_j` all the same.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell). NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Of two groups it is the Gini index of segregation. Cells are sorted by each group's share in turn: in that order
    every resident of a cell stands above those before and below those after. Rises as cells shrink and as groups get
    small.

    Examples
    --------
    >>> round(float(multigroup_gini([[10, 0, 0], [0, 5, 5]])), 12)
    0.8

    References
    ----------
    .. [1] Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation.
       Sociological Methodology 32(1), 33-67.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city = shares(counts.sum(axis=-2))
    deviation = np.moveaxis(composition(counts, nearby) - city[..., np.newaxis, :], -1, -2)
    order = np.argsort(deviation, axis=-1, kind="stable")
    deviation = np.take_along_axis(deviation, order, axis=-1)
    t_sorted = np.take_along_axis(np.broadcast_to(t[..., np.newaxis, :], order.shape), order, axis=-1)
    up_to = np.cumsum(t_sorted, axis=-1)
    before, after = up_to - t_sorted, up_to[..., -1:] - up_to
    pairs = 2 * (t_sorted * deviation * (before - after)).sum(axis=(-2, -1))
    return np.maximum(ratio(pairs, 2 * t.sum(axis=-1) ** 2 * interaction(city)), 0)


def mutual_information(counts, *, nearby=None):
    r"""Mutual information index, :math:`M`, in nats.

    How much a resident's cell tells of his or her group: the city's entropy less the mean entropy of the cells.

    .. math:: M = \sum_i \frac{t_i}{T} (E - E_i) = \sum_i \frac{t_i}{T} \sum_g p_{ig} \ln \frac{p_{ig}}{P_g},
              \qquad E_i = -\sum_g p_{ig} \ln p_{ig}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}` in :math:`E_i`; :math:`E` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to :math:`E` (one group a cell); with `nearby` it may be below 0. NaN
        where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    :math:`M = E H`, so it rises with the city's own mix though nobody moves. It adds up over levels of areas and over
    merged groups, and merging groups or cells of one mix leaves it as it is. Divided by ln 2 it is in bits.

    Examples
    --------
    >>> round(float(mutual_information([[10, 0], [0, 10]])), 6)
    0.693147

    References
    ----------
    .. [1] Theil, H. and Finizza, A. J. (1971). A note on the measurement of racial integration of schools by means of
       informational concepts. Journal of Mathematical Sociology 1(2), 187-193.
    .. [2] Mora, R. and Ruiz-Castillo, J. (2011). Entropy-based segregation indices. Sociological Methodology 41(1),
       159-194.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city = shares(counts.sum(axis=-2))
    gain = entr(city).sum(axis=-1)[..., np.newaxis] - over_groups(entr(composition(counts, nearby)))
    return np.where(mixed(city), ratio((t * gain).sum(axis=-1), t.sum(axis=-1)), np.nan)


def relative_diversity(counts, *, nearby=None):
    r"""Relative diversity index, :math:`R`.

    How much less often two residents of one cell belong to different groups than two residents of the city.

    .. math:: R = 1 - \sum_i \frac{t_i I_i}{T I} = \sum_i \sum_g \frac{t_i (p_{ig} - P_g)^2}{T I},
              \qquad I_i = \sum_g p_{ig} (1 - p_{ig})

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}` in :math:`I_i`; :math:`I` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell); with `nearby` it may be below 0. NaN where fewer
        than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    The mean of the groups' correlation ratios, each weighed by :math:`P_g (1 - P_g)`; of two groups it is the
    correlation ratio itself. With `nearby` the two sums above differ, and the first one is meant.

    Examples
    --------
    >>> round(float(relative_diversity([[10, 0, 0], [0, 5, 5]])), 12)
    0.6

    References
    ----------
    .. [1] Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation.
       Sociological Methodology 32(1), 33-67.
    .. [2] Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation.
       Sociological Methodology 34(1), 121-162.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city = shares(counts.sum(axis=-2))
    within = (t * interaction(composition(counts, nearby))).sum(axis=-1)
    return 1 - ratio(within, t.sum(axis=-1) * interaction(city))


def squared_coefficient_of_variation(counts, *, nearby=None):
    r"""Squared coefficient of variation, :math:`C`.

    How much the groups' shares vary between cells, each group's variance relative to its share of the city.

    .. math:: C = \sum_i \sum_g \frac{t_i (p_{ig} - P_g)^2}{T (K - 1) P_g}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}`; :math:`P_g` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell). NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    :math:`K` counts the groups with members. The mean of the groups' correlation ratios, each weighed by
    :math:`1 - P_g`: a small group weighs more than a large one. :math:`(K - 1) T C` is Pearson's chi-squared.

    Examples
    --------
    >>> round(float(squared_coefficient_of_variation([[10, 0, 0], [0, 5, 5]])), 12)
    0.5

    References
    ----------
    .. [1] Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation.
       Sociological Methodology 32(1), 33-67.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city = shares(counts.sum(axis=-2))
    others = (city > 0).sum(axis=-1) - 1
    squares = (composition(counts, nearby) - city[..., np.newaxis, :]) ** 2
    relative = ratio(over_cells(t, squares), city, empty=0).sum(axis=-1)
    return ratio(relative, t.sum(axis=-1) * np.maximum(others, 0))


def normalized_exposure(counts):
    r"""Normalized exposure index, :math:`P`.

    How much more of their own group residents have in their cell than if all were spread alike, relative to the most
    that can be.

    .. math:: P = \sum_i \sum_g \frac{t_i (p_{ig} - P_g)^2}{T (1 - P_g)}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city) to 1 (one group a cell). NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    The mean of the groups' correlation ratios, each weighed by the group's share of the city: the largest group
    decides.

    Examples
    --------
    >>> round(float(normalized_exposure([[10, 0, 0], [0, 5, 5]])), 12)
    0.666666666667

    References
    ----------
    .. [1] Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation.
       Sociological Methodology 32(1), 33-67.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city = shares(counts.sum(axis=-2))
    squares = (composition(counts) - city[..., np.newaxis, :]) ** 2
    mean = ratio(over_cells(t, squares), t.sum(axis=-1)[..., np.newaxis])
    return ratio(mean, 1 - city).sum(axis=-1)


def divergence(counts, *, nearby=None):
    r"""Divergence index, in nats.

    How surprising a cell's residents are on average to who knows the city alone.

    .. math:: \sum_i \frac{t_i}{T} \sum_g p_{ig} \ln \frac{p_{ig}}{P_g}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    nearby : callable, optional
        Kernel-weighted sum over each cell's surroundings, (..., n_cells) to the same shape. With it, the shares in the
        surroundings stand for :math:`p_{ig}`; :math:`P_g` stays the city's own.

    Returns
    -------
    ndarray, shape (...)
        From 0 (every cell mixed as the city), with `nearby` too. NaN where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    Without `nearby` it is the mutual information index. With it the two part: surroundings that are more mixed than the
    city lower M and raise the divergence.

    Examples
    --------
    >>> round(float(divergence([[10, 0], [0, 10]])), 6)
    0.693147

    References
    ----------
    .. [1] Roberto, E. (2015). The Divergence Index: a decomposable measure of segregation and inequality.
       arXiv:1508.01167.
    """
    (counts,) = check_counts(counts=counts)
    t = over_groups(counts)
    city = shares(counts.sum(axis=-2))
    surprise = over_groups(rel_entr(composition(counts, nearby), city[..., np.newaxis, :]))
    return np.where(mixed(city), ratio((t * surprise).sum(axis=-1), t.sum(axis=-1)), np.nan)


def entropy(counts, *, relative=False):
    r"""Entropy of the city's groups, :math:`E`, in nats.

    How mixed the city is as a whole, wherever its residents live.

    .. math:: E = -\sum_g P_g \ln P_g

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    relative : bool, optional
        Divide by its greatest value, :math:`\ln K` of :math:`K` groups with members.

    Returns
    -------
    ndarray, shape (...)
        From 0 (all are of one group) to :math:`\ln K`, or to 1 (groups of one size). NaN where nobody lives; with
        `relative` also where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    No measure of segregation: it depends on the groups' sizes alone. Values of classifications with other numbers of
    groups compare only with `relative`.

    Examples
    --------
    >>> round(float(entropy([[10, 0], [0, 30]])), 6)
    0.562335

    References
    ----------
    .. [1] Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.
    """
    (counts,) = check_counts(counts=counts)
    city = shares(counts.sum(axis=-2))
    value = entr(city).sum(axis=-1)
    return ratio(value, np.log(np.maximum((city > 0).sum(axis=-1), 1))) if relative else value


def simpson(counts):
    r"""Simpson's diversity index, the interaction :math:`I`.

    The chance that two residents drawn from the whole city belong to different groups.

    .. math:: I = 1 - \lambda = \sum_g P_g (1 - P_g), \qquad \lambda = \sum_g P_g^2

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.

    Returns
    -------
    ndarray, shape (...)
        From 0 (all are of one group) to 1 - 1/K (K groups of one size). NaN where nobody lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, or there are no cells.

    Notes
    -----
    No measure of segregation: it depends on the groups' sizes alone. Simpson's own :math:`\lambda`, the concentration,
    falls as the city gets more mixed; its complement is given, which rises with the entropy. Drawn with replacement.

    Examples
    --------
    >>> float(simpson([[10, 0], [0, 30]]))
    0.375

    References
    ----------
    .. [1] Simpson, E. H. (1949). Measurement of diversity. Nature 163, 688.
    """
    (counts,) = check_counts(counts=counts)
    return interaction(shares(counts.sum(axis=-2)))
