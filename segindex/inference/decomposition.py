"""Why an index changed between two years: other groups, other cells, or another spread of the one over the other."""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.special import entr, rel_entr
from scipy.stats import t as student

from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import composition, interaction, over_groups, shares
from segindex.inference.by_chance import Dealt, deal, expected_parts
from segindex.inference.drawing import check_cluster_size, draw_groups
from segindex.inference.fitting import proportional_fit
from segindex.inference.matched import matched_years

METHODS = ("shapley", "karmel_maclachlan")


class ChangeTerms(NamedTuple):
    """The parts of a change, which sum to it."""

    group_marginal: float
    unit_marginal: float
    structural: float
    additions: float
    removals: float
    interaction: float


class ChangeParts(NamedTuple):
    """The parts of a change, what each cell adds to the structural one, both values, intervals, and who is left out."""

    group_marginal: float
    unit_marginal: float
    structural: float
    additions: float
    removals: float
    interaction: float
    per_cell: np.ndarray
    first: float
    second: float
    low: ChangeTerms | None
    high: ChangeTerms | None
    n_draws: int
    left_out: np.ndarray


class Measure(NamedTuple):
    """An index as a mean over residents: the part of a group's share in a cell and in the city, and the unit."""

    part: Callable
    unit: Callable


class Fitted(NamedTuple):
    """Two years' tables, those fitted between them, and what chance would make of the two years'.

    `tables` (2, n_cells, n_groups) holds the cells and groups with members in both years, at `cells` of all;
    `inhabited` each year's own; `between` the tables with the structure of year s, the groups of g and the cells of u,
    with their margins; `dealt` and `dealt_inhabited` stand beside `tables` and `inhabited`, None where nothing is net.
    """

    tables: np.ndarray
    inhabited: list[np.ndarray]
    between: dict[tuple[int, int, int], tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]]
    dealt: list[Dealt | None]
    dealt_inhabited: list[Dealt | None]
    cells: np.ndarray


def _deviation(p, city):
    return np.abs(p - city)


def _one(city):
    return 1.0 if (city > 0).sum() > 1 else np.nan


def _entropy(city):
    return entr(city).sum() * _one(city)


def _greatest_deviation(city):
    return 2 * interaction(city) * _one(city)


MEASURES = {
    "mutual_information": Measure(rel_entr, _one),
    "information_theory": Measure(rel_entr, _entropy),
    "dissimilarity": Measure(_deviation, _greatest_deviation),
    "multigroup_dissimilarity": Measure(_deviation, _greatest_deviation),
}


def decompose_change(
    first,
    second,
    *,
    index="mutual_information",
    method="shapley",
    hidden=None,
    net=False,
    rng=None,
    draws=200,
    level=0.95,
    cluster_size=1.0,
):
    r"""Decomposition of the change of M, H or D between two years.

    How much of a change is that groups grew or shrank, that cells did, that cells or groups came or went, and how much
    that residents of the same groups in the same cells are spread otherwise. Only the last one tells of segregation.

    .. math:: M_2 - M_1 = \Delta_{\text{groups}} + \Delta_{\text{units}} + \Delta_{\text{structure}}
              + \underbrace{M_2 - M_2^c}_{\text{additions}} + \underbrace{M_1^c - M_1}_{\text{removals}}

    .. math:: \Delta_{\text{structure}} = \tfrac12 \left[ M(s_2, g_1, u_1) - M(s_1, g_1, u_1)
              + M(s_2, g_2, u_2) - M(s_1, g_2, u_2) \right]

    Parameters
    ----------
    first, second : array_like, shape (n_cells, n_groups)
        Persons of all groups in each cell in two years. A row is the same cell in both, a column the same group.
    index : callable or str, optional
        `mutual_information`, `information_theory`, `dissimilarity` (of two groups) or `multigroup_dissimilarity`.
    method : {"shapley", "karmel_maclachlan"}, optional
        See Notes.
    hidden : array_like of bool, shape (n_cells,) or (2, n_cells), optional
        Protected cells, in either year or in each. One that is hidden in either year leaves both.
    net : bool, optional
        Take from each table's index what it would hold by chance alone: of M and H, with `shapley`, of whole counts.
    rng : numpy.random.Generator, optional
        Draws the intervals; without it there are none.
    draws : int, optional
    level : float, optional
        What part of the draws an interval holds.
    cluster_size : float, optional
        How many persons choose their cell together, for the net terms and the draws.

    Returns
    -------
    ChangeParts
        The terms, which sum to `second` - `first`, the index of all cells that are not hidden; `per_cell`, shape
        (n_cells,), sums to `structural`, 0 for cells outside the common table; `low`, `high`, intervals of the terms;
        `n_draws`, the draws that they rest on; `left_out`, shape (2,), persons of `first` and `second` in hidden
        cells. NaN where fewer than two groups have members in cells that are inhabited in both years.

    Raises
    ------
    ValueError
        Counts are negative, missing or infinite, shapes differ, no cell is inhabited in both years, a table's zeros
        leave no room for the margins of the other (the cells are named), or a setting is not allowed.

    Notes
    -----
    The common table c holds the cells and groups with members in both years. :math:`M(s, g, u)` is the index of the
    table with the odds ratios of year s, the groups' shares of year g and the cells' shares of year u, by proportional
    fitting to 1e-12; zeros stay zeros. A cell that is empty in one year, not hidden, came or went.

    `shapley` (Elbers): the structure is changed before the margins or after them, in the mean of both orders; within
    the margins, groups before cells or after, likewise. Exchanging the years changes all signs. H and D are taken of
    the same tables, each with its own groups' shares. `karmel_maclachlan`: the first year's table takes the second's
    groups alone (cells' sums left to follow), cells alone, or both; what both do beyond their sum is `interaction`.
    It depends on which year is first, and `shapley` leaves no interaction.

    Cells that grow lose noise, which shows as a change of structure: the same probabilities with cells of 10 and then
    20 persons lower M. `net` takes away the value that each table would have if its residents had been dealt out at
    random, and then fitted as it is (exact for the two years' own tables; `by_chance.expected_parts`). Chance adds to M
    much the same whether groups are segregated or not. To D it adds the less the more they are: taking off all of it
    would turn growing cells into rising segregation, so there are no net terms of D.

    Intervals: in each draw the residents of each cell of each year are drawn anew from its shares, cells' totals held,
    years independent, and persons or lots of `cluster_size`. They are the term less and plus the draws' standard
    deviation times Student's t: how uncertain a term is, not how biased. A draw that cannot be fitted is left out.
    Tried on towns whose probabilities were known (150 of each kind, 39 draws), intervals of 95 % of the net structural
    term held the truth in 97 to 98 % where cells had 40 persons or more, in 87 to 89 % with 10 to 20, and in 77 % where
    they grew from 4 to 8 on average: there the net term itself is .009 too high.

    Examples
    --------
    >>> first, second = [[40, 10], [10, 40], [20, 0]], [[80, 10], [20, 40], [0, 0]]
    >>> parts = decompose_change(first, second)
    >>> round(abs(parts.structural), 12), round(parts.group_marginal, 4), round(parts.removals, 4)
    (0.0, -0.0211, -0.0694)

    References
    ----------
    .. [1] Elbers, B. (2021). A method for studying differences in segregation across time and space. Sociological
       Methods and Research 52(1), 5-42.
    .. [2] Karmel, T. and Maclachlan, M. (1988). Occupational sex segregation: increasing or decreasing? Economic
       Record 64(3), 187-195.
    .. [3] Deutsch, J., Flückiger, Y. and Silber, J. (2009). Analyzing changes in occupational segregation: the case of
       Switzerland (1970-2000). Research on Economic Inequality 17, 171-202.
    """
    (parts,) = change_parts(first, second, [(index, net)], method, hidden, rng, draws, level, cluster_size)
    return parts


def change_parts(first, second, wanted, method, hidden, rng, draws, level, cluster_size):
    """The parts of the changes of several indices, `wanted` [(index, net)], from one set of tables and draws.

    The others are as in `decompose_change`.
    """
    both, left_out = matched_years(first, second, hidden)
    measures = [_measure(index, method, net, both.shape[-1]) for index, net in wanted]
    check_cluster_size(cluster_size)
    fitted = _fitted(both, method, cluster_size if any(net for _, net in wanted) else None)
    found = [_terms(measure, fitted, method, net) for measure, (_, net) in zip(measures, wanted)]
    limits, n_draws = dict.fromkeys(measures, np.empty((0, 0))), 0
    if rng is not None:
        _check_draws(both, rng, draws, level)
        limits = _drawn(limits, both, method, rng, draws, cluster_size)
        n_draws = len(limits[measures[0]])
    parts = []
    for measure, (terms, structural, values) in zip(measures, found):
        per_cell = np.zeros(both.shape[1])
        per_cell[fitted.cells] = structural
        low, high = (None, None) if rng is None else _about(terms, limits[measure], level)
        parts.append(ChangeParts(*terms, per_cell, *values, low, high, n_draws, left_out))
    return parts


def _fitted(both, method, cluster_size=None):
    """The tables that an index is taken of; with `cluster_size`, what chance would make of them too."""
    cells, groups = _common(both)
    tables = both[:, cells][:, :, groups]
    counts = [(table.sum(axis=0), table.sum(axis=1)) for table in tables]
    between = {}
    for s, g, u in product((0, 1), repeat=3) if method == "shapley" else ((0, 1, 1),):
        if not s == g == u:
            margins = counts[g][0], counts[u][1]
            what = ("first", "second")[s]
            table = proportional_fit(tables[s], *margins, places=(cells, groups), what=what)
            between[s, g, u] = table, tuple(map(shares, margins))
    inhabited = [table[over_groups(table) > 0] for table in both]
    dealt = [
        [None if cluster_size is None else deal(table, cluster_size) for table in some] for some in (tables, inhabited)
    ]
    return Fitted(tables, inhabited, between, *dealt, cells)


def _terms(measure, fitted, method, net):
    """The terms, each common cell's part of the structural one, and the index of both years."""
    dealt, every = (fitted.dealt, fitted.dealt_inhabited) if net else ([None, None], [None, None])
    own = [_by_cell(measure, *one) for one in zip(fitted.tables, dealt)]
    crossed = {key: _by_cell(measure, one, dealt[key[0]], margins) for key, (one, margins) in fitted.between.items()}
    before, after = (one.sum() for one in own)
    values = [float(_by_cell(measure, *one).sum()) for one in zip(fitted.inhabited, every)]
    if method == "shapley":
        group_marginal, unit_marginal, structural, rest = _shapley(own, crossed)
    else:
        group_marginal, unit_marginal, structural, rest = _karmel_maclachlan(measure, fitted.tables, own, crossed)
    terms = group_marginal, unit_marginal, structural.sum(), values[1] - after, before - values[0], rest
    return ChangeTerms(*map(float, terms)), structural, values


def _shapley(own, crossed):
    """Differences of the tables that have the structure s, the groups g and the cells u of either year."""
    value = np.empty((2, 2, 2, len(own[0])))
    value[0, 0, 0], value[1, 1, 1] = own
    for key, parts in crossed.items():
        value[key] = parts
    structural = (value[1, 0, 0] - value[0, 0, 0] + value[1, 1, 1] - value[0, 1, 1]) / 2
    summed = value.sum(axis=-1)
    group_marginal = (summed[:, 1] - summed[:, 0]).mean()
    unit_marginal = (summed[:, :, 1] - summed[:, :, 0]).mean()
    return group_marginal, unit_marginal, structural, 0.0


def _karmel_maclachlan(measure, tables, own, crossed):
    source, target = tables
    other_groups = source * (shares(target.sum(axis=0)) / source.sum(axis=0))
    other_cells = source * (shares(target.sum(axis=1)) / source.sum(axis=1))[:, np.newaxis]
    before, mixed = own[0].sum(), crossed[0, 1, 1]
    group_marginal = _by_cell(measure, other_groups).sum() - before
    unit_marginal = _by_cell(measure, other_cells).sum() - before
    return group_marginal, unit_marginal, own[1] - mixed, mixed.sum() - before - group_marginal - unit_marginal


def _by_cell(measure, table, dealt=None, margins=None):
    """Each cell's part of the index, their sum; less what it would be by chance if it is told what was dealt out."""
    groups, cells = margins or (shares(table.sum(axis=0)), shares(table.sum(axis=1)))
    parts = cells * over_groups(measure.part(composition(table), groups))
    if dealt is not None:
        parts = parts - expected_parts(measure.part, dealt, groups, cells)
    return parts / measure.unit(groups)


def _common(both):
    """The positions of the cells and the groups with members in both years, in what is left of the others."""
    cells, groups = np.ones(both.shape[1], dtype=bool), np.ones(both.shape[2], dtype=bool)
    while True:
        inhabited = cells & (both[:, :, groups].sum(axis=2) > 0).all(axis=0)
        present = groups & (both[:, inhabited].sum(axis=1) > 0).all(axis=0)
        if not inhabited.any():
            raise BadData("no cell is inhabited in both first and second; allowed are rows of the same cells")
        if (inhabited == cells).all() and (present == groups).all():
            return np.flatnonzero(cells), np.flatnonzero(groups)
        cells, groups = inhabited, present


def _drawn(measures, both, method, rng, draws, cluster_size):
    """The terms of years whose residents are drawn anew from each cell's shares: {measure: (n_fitted, n_terms)}."""
    t, share = over_groups(both), composition(both)
    found = {measure: [] for measure in measures}
    for _ in range(draws):
        drawn = draw_groups(rng, t, share, cluster_size)
        try:
            fitted = _fitted(drawn, method)
            terms = [_terms(measure, fitted, method, False)[0] for measure in found]
        except BadData:
            continue
        for measure, one in zip(found, terms):
            found[measure].append(one)
    return {measure: np.array(some).reshape(-1, len(ChangeTerms._fields)) for measure, some in found.items()}


def _about(terms, drawn, level):
    """The terms less and plus what their draws vary by, times Student's t."""
    if len(drawn) < 2:
        nothing = ChangeTerms(*(np.nan for _ in terms))
        return nothing, nothing
    reach = student.ppf((1 + level) / 2, len(drawn) - 1) * drawn.std(axis=0, ddof=1)
    return (ChangeTerms(*(float(end) for end in np.array(terms) + side * reach)) for side in (-1, 1))


def _measure(index, method, net, n_groups):
    name = index if isinstance(index, str) else getattr(index, "__name__", str(index))
    if name not in MEASURES:
        raise BadSettings(f"index {name!r} is not decomposed here; allowed are {', '.join(MEASURES)}")
    if name == "dissimilarity" and n_groups != 2:
        raise BadSettings(f"dissimilarity is of two groups, not of {n_groups}; allowed is multigroup_dissimilarity")
    if method not in METHODS:
        raise BadSettings(f"method {method!r} is unknown; allowed are {' and '.join(METHODS)}")
    if net and (method != "shapley" or MEASURES[name].part is _deviation):
        raise BadSettings(f"no net terms of {name} by {method}; allowed are M and H with method='shapley'")
    return MEASURES[name]


def _check_draws(both, rng, draws, level):
    if not isinstance(rng, np.random.Generator):
        raise BadSettings(f"rng is {rng!r}; allowed is a numpy Generator, as numpy.random.default_rng(seed) gives")
    if not (isinstance(draws, int) and draws >= 2):
        raise BadSettings(f"draws is {draws!r}; allowed are whole numbers from 2 up")
    if not 0 < level < 1:
        raise BadSettings(f"level is {level!r}; allowed is more than 0 and less than 1")
    if (both % 1).any():
        raise BadData("first or second holds parts of persons; allowed are whole counts, since persons are drawn")
