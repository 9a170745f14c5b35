"""Tables fitted to other margins: by hand, against scaling in turns, and against linear programming."""

import numpy as np
import pytest
from scipy.optimize import linprog

from segindex.errors import BadData, BadSettings
from segindex.inference.fitting import proportional_fit


def scaled_in_turns(table, groups, cells, turns=20_000):
    """Deming and Stephan's own way, until nothing changes."""
    groups, cells, table = groups / groups.sum(), cells / cells.sum(), table / table.sum()
    for _ in range(turns):
        table = table * (groups / table.sum(axis=0))
        table = table * (cells / table.sum(axis=1))[:, np.newaxis]
        if np.abs(table.sum(axis=0) / groups - 1).max() < 1e-14:
            break
    return table


def possible(table, groups, cells):
    """Whether any table with these zeros has these margins, by linear programming."""
    n_cells, n_groups = table.shape
    sums = np.vstack([np.kron(np.eye(n_cells), np.ones(n_groups)), np.kron(np.ones(n_cells), np.eye(n_groups))])
    bounds = [(0, None if weight else 0) for weight in table.ravel()]
    margins = np.concatenate([cells / cells.sum(), groups / groups.sum()])
    return linprog(np.zeros(table.size), A_eq=sums, b_eq=margins, bounds=bounds).status == 0


def test_two_by_two_by_hand():
    """Odds ratio 6, even cells, two thirds in the first group: one place gives the three others."""
    fitted = proportional_fit(np.array([[6.0, 1.0], [1.0, 1.0]]), np.array([4.0, 2.0]), np.array([7.0, 7.0]))
    a = fitted[0, 0]
    assert a * (a - 1 / 6) == pytest.approx(6 * (1 / 2 - a) * (2 / 3 - a), abs=1e-15)
    np.testing.assert_allclose(fitted, [[a, 1 / 2 - a], [2 / 3 - a, a - 1 / 6]], rtol=1e-12)


@pytest.mark.parametrize("n_groups", [2, 3, 5, 10])
def test_as_scaling_in_turns(n_groups):
    rng = np.random.default_rng(n_groups)
    table = rng.multinomial(rng.poisson(30, 200) + 1, rng.dirichlet(np.ones(n_groups), 200)).astype(float)
    groups, cells = rng.dirichlet(np.full(n_groups, 5.0)), rng.poisson(50, 200) + 1.0
    fitted = proportional_fit(table, groups, cells)
    np.testing.assert_allclose(fitted, scaled_in_turns(table, groups, cells), rtol=0, atol=1e-12)
    np.testing.assert_allclose(fitted.sum(axis=0), groups, rtol=1e-12)
    np.testing.assert_allclose(fitted.sum(axis=1), cells / cells.sum(), rtol=1e-12)
    assert ((fitted == 0) == (table == 0)).all()


def test_a_table_fitted_to_its_own_margins_stays():
    table = np.array([[3.0, 0.0, 2.0], [1.0, 1.0, 4.0]])
    np.testing.assert_allclose(proportional_fit(table, table.sum(0), table.sum(1)), table / 11, rtol=1e-12)


@pytest.mark.parametrize("spare", [1e-3, 1e-6, 1e-9, 1e-11])
def test_margins_near_the_edge(spare):
    """Cell 0 may hold groups 0 and 2 alone, which have 7 members: scaling in turns would take 1 / spare turns."""
    table = np.array([[1.0, 0.0, 2.0], [1.0, 1.0, 1.0], [3.0, 1.0, 0.0]])
    groups, cells = np.array([3.0, 5.0, 4.0]), np.array([7 - spare, 2 + spare, 3.0])
    fitted = proportional_fit(table, groups, cells) * 12
    np.testing.assert_allclose(fitted.sum(axis=0), groups, rtol=1e-11)
    np.testing.assert_allclose(fitted.sum(axis=1), cells, rtol=1e-11)
    assert fitted[0, 0] * fitted[1, 2] / (fitted[0, 2] * fitted[1, 0]) == pytest.approx(0.5, rel=1e-9)


def test_places_that_the_margins_leave_empty():
    """Cell 0 takes all of group 0, so that the others have none; their odds ratio stays."""
    table = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 1.0, 2.0]])
    fitted = proportional_fit(table, np.array([3.0, 5.0, 4.0]), np.array([3.0, 6.0, 3.0])) * 12
    assert fitted[:, 0].tolist() == pytest.approx([3, 0, 0], abs=1e-12)
    assert fitted[1, 1] * fitted[2, 2] / (fitted[1, 2] * fitted[2, 1]) == pytest.approx(2)


def test_refused_just_where_no_table_has_the_margins():
    """Sparse small tables and margins of others, half of them unrelated: 60 cases and both answers in plenty."""
    rng, answers = np.random.default_rng(5), []
    while len(answers) < 60:
        shape = rng.integers(2, 6), rng.integers(2, 5)
        table, other = rng.integers(0, 3, (2, *shape)).astype(float)
        groups, cells = other.sum(axis=0), rng.permutation(other.sum(axis=1))
        if min(table.sum(axis=0).min(), table.sum(axis=1).min(), groups.min(), cells.min()) == 0:
            continue
        answers.append(possible(table, groups, cells))
        if answers[-1]:
            fitted = proportional_fit(table, groups, cells)
            np.testing.assert_allclose(fitted.sum(axis=0), groups / groups.sum(), rtol=1e-11)
        else:
            with pytest.raises(BadData, match="alone would hold"):
                proportional_fit(table, groups, cells)
    assert min(answers.count(True), answers.count(False)) >= 10


def test_sets_of_groups_that_only_together_lack_room():
    """Cells of group 0, of group 1 and of both: each finds room, all 7 persons in 6 places do not."""
    table = np.array([[1.0, 0, 0], [0, 1, 0], [1, 1, 0], [1, 1, 1]])
    with pytest.raises(BadData, match="groups 0, 1 alone would hold 7 of these where there are 6; 3 such cells"):
        proportional_fit(table, np.array([3.0, 3, 6]), np.array([2.5, 2.5, 2, 5]))


def test_an_error_names_the_cells():
    table = np.array([[1.0, 1.0], [0.0, 4.0], [0.0, 2.0]])
    with pytest.raises(BadData, match=r"groups 7 alone would hold 9 of these where there are 5; 2 such .* 3, 4;"):
        proportional_fit(
            table, np.array([7.0, 5.0]), np.array([3.0, 4.0, 5.0]), places=(np.array([1, 3, 4]), np.array([2, 7]))
        )


def test_too_many_groups_are_refused():
    with pytest.raises(BadSettings, match="21 groups are too many"):
        proportional_fit(np.ones((2, 21)), np.ones(21), np.ones(2))
