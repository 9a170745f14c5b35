"""Levels of areas: how much of an index lies between districts, and how much within them."""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import entr, rel_entr

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import check_counts, ratio, shares, total
from segindex.indices._variance import fit_levels

KINDS = ("mutual_information", "information_theory")


class BetweenWithin(NamedTuple):
    """An index, its parts between and within districts, and what each district adds to the second."""

    total: np.ndarray
    between: np.ndarray
    within: np.ndarray
    districts: np.ndarray
    inside: np.ndarray


class DistrictImpact(NamedTuple):
    """The districts, their part of D, their part of the cells, and the one relative to the other."""

    districts: np.ndarray
    share: np.ndarray
    cells: np.ndarray
    impact: np.ndarray


class MultilevelDissimilarity(NamedTuple):
    """D; for cells and each level the part of the variance and the change of D without it; each cell's effects."""

    value: float
    variance: np.ndarray
    holdback: np.ndarray
    effects: np.ndarray


def between_within(counts, districts, *, index="mutual_information"):
    r"""Parts of M or H between and within districts.

    How much of segregation is that districts differ from the city, and how much that cells differ from their district.

    .. math:: M = \sum_d \frac{t_d}{T} \sum_g p_{dg} \ln \frac{p_{dg}}{P_g}
              + \sum_d \sum_{i \in d} \frac{t_i}{T} \sum_g p_{ig} \ln \frac{p_{ig}}{p_{dg}}, \qquad H = M / E

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    districts : array_like, shape (n_cells,)
        The district of each cell: names or numbers.
    index : {"mutual_information", "information_theory"}, optional
        M, in nats, or H.

    Returns
    -------
    BetweenWithin
        `between` and `within`, shape (...), which add up to `total`; `districts`, the labels in order, shape
        (n_districts,); `inside`, shape (..., n_districts), what each district adds to `within`. NaN where nobody
        lives, and with H where fewer than two groups have members.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, a cell has no district, or the index is another.

    Notes
    -----
    Nothing is left over, which holds of M and H but not of D or G. Small cells have more chance in them than districts,
    and all of it is counted as within: compare both parts with their expected values.

    Examples
    --------
    >>> parts = between_within([[10, 0], [10, 0], [0, 10], [5, 5]], ["a", "a", "b", "b"], index="information_theory")
    >>> round(float(parts.between), 3), round(float(parts.within), 3), round(float(parts.total), 3)
    (0.575, 0.163, 0.738)

    References
    ----------
    .. [1] Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.
    .. [2] Mora, R. and Ruiz-Castillo, J. (2011). Entropy-based segregation indices. Sociological Methodology 41(1),
       159-194.
    """
    (counts,) = check_counts(counts=counts)
    names, place = _districts("districts", districts, counts.shape[-2])
    unit = _unit(counts, index)
    summed = _sums(counts, place, len(names), axis=-2)
    inside = _sums(_apart(counts, summed[..., place, :]), place, len(names), axis=-1) / unit[..., np.newaxis]
    between = _apart(summed, counts.sum(axis=-2, keepdims=True)).sum(axis=-1) / unit
    within = inside.sum(axis=-1)
    return BetweenWithin(between + within, between, within, names, inside)


def nested_parts(counts, levels, *, index="mutual_information"):
    r"""Parts of M or H on nested levels of areas.

    How much of segregation each level adds: the widest districts against the city, narrower ones against those that
    they lie in, and cells against the narrowest.

    .. math:: M = \sum_{l=1}^{L+1} \sum_{d \in l} \frac{t_d}{T} \sum_g p_{dg} \ln \frac{p_{dg}}{p_{D(d)g}}

    Parameters
    ----------
    counts : array_like, shape (..., n_cells, n_groups)
        Persons of all groups in each cell; the groups share no person.
    levels : array_like, shape (n_cells,) or (n_cells, n_levels)
        The district of each cell on each level, from the widest level to the narrowest.
    index : {"mutual_information", "information_theory"}, optional
        M, in nats, or H.

    Returns
    -------
    ndarray, shape (..., n_levels + 1)
        The parts, from the widest level to the cells; they add up to the index. NaN as for `between_within`.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, a cell has no district, a district lies in two
        of the next wider level, or the index is another.

    Notes
    -----
    :math:`D(d)` is the district of the next wider level that d lies in. With one level, the parts are those of
    `between_within`. A level's part depends on which others are named: a part is what a level adds to the wider ones.

    Examples
    --------
    >>> counts = [[10, 0], [10, 0], [0, 10], [0, 10]]
    >>> nested_parts(counts, [["a", "a1"], ["a", "a1"], ["a", "a2"], ["b", "b1"]]).round(3).tolist()
    [0.216, 0.477, 0.0]

    References
    ----------
    .. [1] Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.
    """
    (counts,) = check_counts(counts=counts)
    unit = _unit(counts, index)
    around, inner, parts = counts.sum(axis=-2, keepdims=True), None, []
    for names, place in _levels(levels, counts.shape[-2]):
        summed = _sums(counts, place, len(names), axis=-2)
        first = np.unique(place, return_index=True)[1]
        if inner is not None:
            _check_nested(inner, place, first, names)
            around = around[..., inner[first], :]
        parts.append(_apart(summed, around).sum(axis=-1) / unit)
        around, inner = summed, place
    parts.append(_apart(counts, around[..., inner, :]).sum(axis=-1) / unit)
    return np.stack(parts, axis=-1)


def district_impact(x, y, districts):
    r"""Impact of each district on the index of dissimilarity.

    A district's part of D, against what it would be if every cell had the same.

    .. math:: \frac{\sum_{i \in d} |x_i/X - y_i/Y|}{\sum_i |x_i/X - y_i/Y|} \Big/ \frac{n_d}{n}

    Parameters
    ----------
    x, y : array_like, shape (..., n_cells)
        Persons of the focal and of the reference group in each cell.
    districts : array_like, shape (n_cells,)
        The district of each cell: names or numbers.

    Returns
    -------
    DistrictImpact
        `districts`, the labels in order, shape (n_districts,); `share`, each one's part of D; `cells`, its part of the
        cells where either group lives; `impact`, the first over the second, 1 where its cells are as the average:
        all three of shape (..., n_districts). NaN where a group has no members, where D is 0, and the impact of a
        district where neither group lives.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, or a cell has no district.

    Notes
    -----
    The impact is Harris's over 100. At one mix, crowded cells have more impact than thinly settled ones. Which of the
    groups lives there more than elsewhere is not told.

    Examples
    --------
    >>> found = district_impact([10, 30, 30, 30], [40, 20, 20, 20], ["a", "b", "b", "b"])
    >>> found.share.round(3).tolist(), found.impact.round(3).tolist()
    ([0.5, 0.5], [2.0, 0.667])

    References
    ----------
    .. [1] Harris, R. (2017). Measuring the scales of segregation: looking at the residential separation of White
       British and other schoolchildren in England using a multilevel index of dissimilarity. Transactions of the
       Institute of British Geographers 42(3), 432-444.
    """
    x, y = check_counts(x=x, y=y)
    names, place = _districts("districts", districts, x.shape[-1])
    share = shares(_sums(np.abs(shares(x) - shares(y)), place, len(names), axis=-1))
    cells = shares(_sums((x + y > 0).astype(float), place, len(names), axis=-1))
    return DistrictImpact(names, share, cells, ratio(share, cells))


def multilevel_dissimilarity(x, y, levels):
    r"""Multilevel index of dissimilarity.

    At which scale D arises: the cells' differences are divided between the cells themselves and the districts that
    they lie in, each net of the others.

    .. math:: \frac{x_i}{X} - \frac{y_i}{Y} = \sum_l u_{l\, d_l(i)} + e_i, \qquad
              u_l \sim N(0, \sigma_l^2), \quad e \sim N(0, \sigma_0^2)

    Parameters
    ----------
    x, y : array_like, shape (n_cells,)
        Persons of the focal and of the reference group in each cell.
    levels : array_like, shape (n_cells,) or (n_cells, n_levels)
        The district of each cell on each level; the levels need not be nested.

    Returns
    -------
    MultilevelDissimilarity
        `value`, D; `variance`, shape (n_levels + 1,), the part of the variance of the cells and then of each level;
        `holdback`, the same shape, by what part D changes if the effects of the cells, or of a level, are set to 0;
        `effects`, shape (n_levels + 1, n_cells), which add up to the differences. NaN where a group has no members,
        and the parts where D is 0.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, there are no cells, the cell axes differ, there is more than one axis,
        or a cell has no district.

    Notes
    -----
    The variances are those of greatest (restricted) likelihood: without fixed effects, which there are none of, the
    two are one. The effects are their best linear predictions, as in R's MLID and lme4. Cells where neither group lives
    stay out of the fit. The model takes cells of all sizes to vary alike; with few districts on a level its variance is
    hardly known.

    Examples
    --------
    >>> x, y = [30, 30, 10, 10, 5, 15], [10, 10, 30, 30, 10, 10]
    >>> found = multilevel_dissimilarity(x, y, ["a", "a", "b", "b", "c", "c"])
    >>> round(found.value, 2), found.variance.round(2).tolist(), found.holdback.round(2).tolist()
    (0.45, [0.06, 0.94], [-0.14, -0.86])

    References
    ----------
    .. [1] Harris, R. (2017). Measuring the scales of segregation: looking at the residential separation of White
       British and other schoolchildren in England using a multilevel index of dissimilarity. Transactions of the
       Institute of British Geographers 42(3), 432-444.
    """
    x, y = check_counts(x=x, y=y)
    if x.ndim > 1 or y.ndim > 1:
        raise BadData(f"x and y have shapes {x.shape} and {y.shape}; allowed is one city at a time, (n_cells,)")
    found = _levels(levels, len(x))
    difference = shares(x) - shares(y)
    lived = x + y > 0
    value = float(np.abs(difference).sum() / 2)
    effects = np.zeros((len(found) + 1, len(x)))
    if not value > 0:
        parts = np.full(len(effects), np.nan)
        return MultilevelDissimilarity(value, parts, parts.copy(), effects + difference * np.nan)
    members = [sparse.csr_array((np.ones(len(x)), (np.arange(len(x)), place)))[lived] for _, place in found]
    variance, predicted = fit_levels(difference[lived], members)
    effects[1:, lived] = predicted
    effects[0] = difference - effects[1:].sum(axis=0)
    without = np.abs(difference - effects).sum(axis=-1)
    return MultilevelDissimilarity(value, variance, without / (2 * value) - 1, effects)


def _apart(counts, around):
    """The persons of each cell times the divergence of its mix from that of what lies around it."""
    mix, mix_around = (ratio(one, total(one), empty=0) for one in (counts, around))
    return counts.sum(axis=-1) * rel_entr(mix, mix_around).sum(axis=-1)


def _unit(counts, index):
    """What sums over persons are divided by: all persons for M, times the city's entropy for H; NaN where 0."""
    if index not in KINDS:
        raise BadSettings(f"index {index!r} has no exact parts; allowed are {' and '.join(KINDS)}")
    whole = counts.sum(axis=-2)
    everyone = whole.sum(axis=-1)
    if index == "information_theory":
        everyone = everyone * entr(ratio(whole, total(whole), empty=0)).sum(axis=-1)
    return np.where(everyone > 0, everyone, np.nan)


def _sums(values, place, n_districts, axis):
    """The sums over the cells of each district."""
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(n_districts))
    return np.add.reduceat(np.take(values, order, axis=axis), starts, axis=axis)


def _levels(levels, n_cells):
    levels = np.asarray(levels)
    if levels.ndim == 1:
        levels = levels[:, np.newaxis]
    if levels.ndim != 2 or not levels.shape[1]:
        raise BadData(f"levels has shape {levels.shape}; allowed is (n_cells,) or (n_cells, n_levels)")
    return [_districts("levels", one, n_cells) for one in levels.T]


def _districts(name, labels, n_cells):
    """The labels, each once and in order, and which of them each cell has."""
    labels = np.asarray(labels)
    if labels.shape[:1] != (n_cells,) or labels.ndim != 1:
        raise BadData(f"{name} has shape {labels.shape} for {n_cells} cells; allowed is a district a cell")
    if labels.dtype.kind in "fO":
        missing = np.flatnonzero(np.array([label is None or label != label for label in labels.tolist()], dtype=bool))
        if missing.size:
            raise BadData(f"{name} is missing in {missing.size} cells, first cell {missing[0]}; allowed is one each")
    names, place = np.unique(labels, return_inverse=True)
    return names, place


def _check_nested(wider, place, first, names):
    astray = np.flatnonzero(wider != wider[first][place])
    if astray.size:
        raise BadData(
            f"levels are not nested: {len(np.unique(place[astray]))} districts lie in two wider ones, first "
            f"{names[place[astray[0]]]}, by cell {astray[0]}; allowed are districts that lie in one of the level before"
        )
