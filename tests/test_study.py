"""Simulations: cities whose probabilities are known. `pytest -m slow` runs them over sizes, shares and truths.

The pages docs/simulations.md and docs/simulations_changes.md are of more cities a setting, and of the settings in which
this does not hold.
"""

from itertools import product

import pytest

from benchmarks import change_study
from benchmarks.study import one_setting

SETTINGS = [
    *product((10, 20, 60, 200), (0.05, 0.15, 0.4), (0.0, 0.3, 0.6), (1,)),
    (20, 0.15, 0.3, 2),
    (60, 0.15, 0.3, 3),
]
QUICK = (20, 0.15, 0.3, 2)
GREW = (40, (0.02, 0.04), (0.3, 0.3), 1, 0.0)


def judge(setting, repeats):
    """Of D, H and isolation: a third of the bias at most is left, and the intervals hold the truth."""
    found = one_setting(setting, repeats, 40, seed=2)
    for index, own in found.groupby("index"):
        left, was = (abs((own[method] - own["true"]).mean()) for method in ("corrected", "as it is"))
        near = 3 * (own["corrected"] - own["true"]).std() / len(own) ** 0.5
        assert left <= max(was / 3, 0.005) + near, (index, left, was)
        assert own["covered"].mean() >= 0.75, (index, own["covered"].mean())


def test_what_is_left_of_the_bias_and_how_often_intervals_hold_the_truth():
    judge(QUICK, repeats=8)


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_the_same_over_sizes_shares_and_truths(setting):
    judge(setting, repeats=20)


def judge_changes(setting, repeats):
    """Intervals hold the true change; where D is what it was, p is no more often small than it says."""
    found = change_study.one_setting(setting, repeats, 39, seed=2)
    own = found[found["index"] == "dissimilarity"]
    for index, rows in found.groupby("index"):
        assert rows["covered"].mean() >= 0.95 - 3 * (0.05 * 0.95 / repeats) ** 0.5, (index, rows["covered"].mean())
    if len(set(setting[2])) == 1:
        for level in (0.05, 0.2):
            assert (own["p"] < level).mean() <= level + 3 * (level * (1 - level) / repeats) ** 0.5, level
    return own


def test_a_group_that_grew_alike_everywhere_is_no_change_of_dissimilarity():
    own = judge_changes(GREW, repeats=12)
    assert (own["p_swap"] < 0.05).mean() > 0.5, "the swap of residents tells another thing: that the group grew"


@pytest.mark.slow
@pytest.mark.parametrize("setting", change_study.SETTINGS, ids=str)
def test_changes_over_sizes_growths_and_truths(setting):
    judge_changes(setting, repeats=50)


@pytest.mark.slow
def test_a_change_is_found_oftener_the_larger_it_is():
    slight, clear = (
        (judge_changes((40, (0.08, 0.12), truths, 1, 0.0), 50)["p"] < 0.05).mean()
        for truths in ((0.25, 0.3), (0.25, 0.35))
    )
    assert slight < clear and clear > 0.8
