"""What may be said of a change follows its interval, and what stands in the way of saying anything."""

import numpy as np
import pytest

from segindex.verdict import LEAST_COVERAGE, REASONS, STATUSES, verdict

CHANGE = pytest.mark.parametrize(
    ("change", "low", "high", "fall", "rise"),
    [
        (-0.02, -0.03, -0.01, "better", "worse"),
        (0.02, 0.01, 0.03, "worse", "better"),
        (-0.02, -0.05, 0.01, "no_clear_change", "no_clear_change"),
        (0.02, -0.01, 0.05, "no_clear_change", "no_clear_change"),
        (0.02, 0.0, 0.04, "no_clear_change", "no_clear_change"),
        (-0.02, -0.04, 0.0, "no_clear_change", "no_clear_change"),
    ],
)


@CHANGE
def test_the_status_follows_the_interval_and_the_wanted_direction(change, low, high, fall, rise):
    assert verdict(change, low, high) == (fall, "")
    assert verdict(change, low, high, wanted="rise") == (rise, "")


@CHANGE
def test_the_other_sign_is_the_other_status(change, low, high, fall, rise):
    assert verdict(-change, -high, -low)[0] == rise


def test_one_of_many_needs_a_small_q():
    assert verdict(0.02, 0.01, 0.03, q=0.05) == ("worse", "")
    assert verdict(0.02, 0.01, 0.03, q=0.051) == ("no_clear_change", "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"broken": True}, "break"),
        ({"coverage": LEAST_COVERAGE - 1e-9}, "coverage"),
        ({"coverage": np.nan}, "coverage_unknown"),
        ({"change": np.nan}, "no_value"),
        ({"low": np.nan}, "no_interval"),
        ({"high": np.nan}, "no_interval"),
    ],
)
def test_what_cannot_be_said_has_its_reason(given, reason):
    assert verdict(**({"change": -0.02, "low": -0.03, "high": -0.01} | given)) == ("cannot_say", reason)
    assert reason in REASONS and "cannot_say" in STATUSES


def test_at_the_least_coverage_something_is_said():
    assert verdict(-0.02, -0.03, -0.01, coverage=LEAST_COVERAGE)[0] == "better"


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="wanted='down': allowed are fall, rise"):
        verdict(0, -1, 1, wanted="down")
    with pytest.raises(ValueError, match="ends before it begins"):
        verdict(0, 1, -1)
