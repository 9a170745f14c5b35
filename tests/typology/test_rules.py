"""Criteria and lists against every way in which what is unknown could turn out."""

from itertools import product

import numpy as np
import pytest

from segindex.errors import BadSettings
from segindex.typology.rules import Verdict, at_least, compared, mean_of_years, types_between, years_running

STATES = {True: (True, False), False: (False, True), None: (False, False)}


def verdict(states):
    return Verdict(*(np.array(side) for side in zip(*(STATES[state] for state in states))))


def state(found, at=0):
    return True if found.yes[at] else False if found.no[at] else None


@pytest.mark.parametrize("needed", [1, 2, 3, 4])
def test_a_verdict_is_what_all_completions_agree_on(needed):
    for states in product([True, False, None], repeat=4):
        filled = {sum(one) >= needed for one in product(*([s] if s is not None else [True, False] for s in states))}
        assert state(at_least([verdict([s]) for s in states], needed)) == (filled.pop() if len(filled) == 1 else None)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_years_running_is_what_all_completions_agree_on(n):
    for states in product([True, False, None], repeat=4):
        found = years_running(verdict(states), n)
        for year in range(4):
            span = [states[at] if at >= 0 else None for at in range(year - n + 1, year + 1)]
            expected = False if False in span else None if None in span else True
            assert state(found, year) is expected


def test_decimals_that_stand_at_the_cut_off_do_not_cross_it():
    assert 0.1 + 0.2 > 0.3
    for way, yes in (("above", False), ("at_least", True), ("below", False), ("at_most", True)):
        assert compared(0.1 + 0.2, way, 0.3).yes == yes
        assert compared(0.1 + 0.2, way, 0.3).no != yes
        missing = compared([np.nan, 0.3], way, [0.3, np.nan])
        assert not missing.yes.any() and not missing.no.any()
    assert compared(0.3001, "above", 0.3).yes and compared(0.2999, "below", 0.3).yes
    assert compared(0.3001, "at_most", 0.3).no and compared(0.2999, "at_least", 0.3).no


def test_means_look_back():
    values = np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 4.0], [7.0, 6.0]])
    np.testing.assert_array_equal(mean_of_years(values, 2), [[np.nan] * 2, [2, np.nan], [4, np.nan], [6, 5]])
    np.testing.assert_array_equal(mean_of_years(values, 1), values)
    assert np.isnan(mean_of_years(values, 9)).all()


def test_every_known_value_is_of_one_type():
    values = np.linspace(0, 1, 101)
    found = types_between([*values, np.nan], [0.7, 0.5, 0.2])
    yes, no = np.array([one.yes for one in found]), np.array([one.no for one in found])
    assert (yes[:, :-1].sum(axis=0) == 1).all() and (yes ^ no)[:, :-1].all()
    assert not yes[:, -1].any() and not no[:, -1].any()
    assert yes[:, :-1].sum(axis=1).tolist() == [30, 20, 30, 21]


def test_what_is_no_number_of_years_or_criteria_is_refused():
    one = verdict([True])
    for wrong in (0, 3, 1.5, True):
        with pytest.raises(BadSettings, match="allowed are whole numbers from 1"):
            at_least([one, one], wrong)
    for wrong in (0, 1.5):
        with pytest.raises(BadSettings, match="whole numbers from 1"):
            mean_of_years([0.1], wrong)
    with pytest.raises(BadSettings, match="allowed are above, at_least, below, at_most"):
        compared(1, "over", 1)
    for cuts in ([0.2, 0.2], [0.1, 0.2], [np.nan]):
        with pytest.raises(BadSettings, match="descending"):
            types_between([0.1], cuts)
