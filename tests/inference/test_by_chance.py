"""What tables hold by chance: against every way of dealing, other software's law, and simulation."""

from itertools import permutations

import numpy as np
import pytest
from scipy.special import rel_entr
from scipy.stats import hypergeom

from segindex.errors import BadData
from segindex.indices import mutual_information
from segindex.inference.by_chance import deal, expected_parts
from segindex.inference.fitting import proportional_fit
from segindex.inference.hypergeometric import chance_table


def expected_information(counts):
    counts = np.asarray(counts, dtype=float)
    groups, cells = (counts.sum(axis=axis) / counts.sum() for axis in (0, 1))
    return expected_parts(rel_entr, deal(counts), groups, cells)


@pytest.mark.parametrize(("t", "members", "everyone"), [(1, 1, 2), (7, 3, 11), (40, 90, 4000), (900, 120_000, 660_000)])
def test_the_law(t, members, everyone):
    size, x, chance = chance_table(np.array([float(t)]), members, everyone)
    assert not size.any()
    assert chance.sum() == pytest.approx(1, abs=1e-14)
    np.testing.assert_allclose(chance, hypergeom.pmf(x, everyone, members, t), rtol=1e-6, atol=1e-13)
    assert 1 - hypergeom.pmf(x, everyone, members, t).sum() < 1e-8


@pytest.mark.parametrize("sizes", [(1, 1, 3), (2, 2, 2), (1, 5)])
@pytest.mark.parametrize("members", [(3, 3), (2, 4), (1, 2, 3)])
def test_every_way_of_dealing(sizes, members):
    people = np.repeat(np.arange(len(members)), members)[: sum(sizes)]
    home = np.repeat(np.arange(len(sizes)), sizes)
    if len(np.unique(people)) < len(members):
        members = np.bincount(people, minlength=len(members))
    tables = np.zeros((0, len(sizes), len(members)))
    for order in set(permutations(people.tolist())):
        table = np.zeros((1, len(sizes), len(members)))
        np.add.at(table[0], (home, order), 1)
        tables = np.concatenate([tables, table])
    assert expected_information(tables[0]).sum() == pytest.approx(mutual_information(tables).mean(), abs=1e-13)


def test_each_cells_part():
    """A cell of one person tells all, whoever it is; the cell of both tells nothing with chance 2/3, else all."""
    parts = expected_information([[1, 1], [1, 0], [0, 1]])
    np.testing.assert_allclose(parts, np.log(2) * np.array([1 / 2 * 1 / 3, 1 / 4, 1 / 4]), rtol=1e-12)


@pytest.mark.parametrize(("n_groups", "mean", "tolerance"), [(2, 4, 0.015), (2, 12, 0.015), (3, 12, 0.035)])
def test_fitted_tables_against_simulation(n_groups, mean, tolerance):
    """Of two groups it holds in the limit of many cells; of more within some per cent of it."""
    rng = np.random.default_rng(n_groups)
    t = rng.poisson(mean, 1000) + 1
    share = np.arange(n_groups, 0, -1) ** 1.5
    members = rng.multinomial(t.sum(), share / share.sum())
    groups = 0.6 * share / share.sum() + 0.4 * np.roll(share, 1) / share.sum()
    cells = rng.dirichlet(t)
    people, home = np.repeat(np.arange(n_groups), members), np.repeat(np.arange(len(t)), t)
    found = []
    for _ in range(100):
        table = np.zeros((len(t), n_groups))
        np.add.at(table, (home, rng.permutation(people)), 1)
        found.append(mutual_information(proportional_fit(table, groups, cells)))
    assert expected_parts(rel_entr, deal(table), groups, cells).sum() == pytest.approx(np.mean(found), rel=tolerance)


def test_other_cells_weigh_otherwise():
    """With the groups as they are, the cells' shares weigh what is exact in each."""
    counts = np.array([[3.0, 1.0], [2.0, 8.0], [1.0, 1.0]])
    groups = counts.sum(axis=0) / counts.sum()
    own = expected_information(counts) / (counts.sum(axis=1) / counts.sum())
    cells = np.array([0.5, 0.2, 0.3])
    np.testing.assert_allclose(expected_parts(rel_entr, deal(counts), groups, cells), cells * own, rtol=1e-12)


def test_undefined_where_nothing_dealt_can_have_the_margins():
    """Of one-person cells, each is of one group: whose cells grow, grows."""
    counts = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert np.isnan(expected_parts(rel_entr, deal(counts), np.array([0.7, 0.3]), np.array([0.5, 0.5]))).all()


def test_parts_of_persons_are_refused():
    with pytest.raises(BadData, match="whole counts"):
        deal(np.array([[0.5, 1.0]]))
