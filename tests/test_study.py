"""Simulations: cities whose probabilities are known. `pytest -m slow` runs them over sizes, shares and truths.

The page docs/simulations.md is of more cities a setting, and of the settings in which this does not hold.
"""

from itertools import product

import pytest

from benchmarks.study import one_setting

SETTINGS = [
    *product((10, 20, 60, 200), (0.05, 0.15, 0.4), (0.0, 0.3, 0.6), (1,)),
    (20, 0.15, 0.3, 2),
    (60, 0.15, 0.3, 3),
]
QUICK = (20, 0.15, 0.3, 2)


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
