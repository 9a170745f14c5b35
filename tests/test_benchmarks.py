"""The benchmarks' own machinery: limits hold, every call of ours runs, and the page says what was measured."""

import sys
import time

import numpy as np
import pytest

from benchmarks import own, page, peers
from benchmarks.city import SIZES, city
from benchmarks.clock import DONE, FAILED, SKIPPED, STOPPED, TOO_LARGE, Limits, Outcome, measure
from benchmarks.compare import Comparison, Growth, bound, compared, figures
from benchmarks.pairs import PAIRS, Pair, number
from segindex.registry import INDICES

SMALL = city(SIZES[0])
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are forked and measured as on Linux")


def test_a_city_is_always_the_same_and_nowhere_empty():
    again = city(SIZES[0])
    np.testing.assert_array_equal(again.counts, SMALL.counts)
    np.testing.assert_array_equal(again.classes.sum(axis=1), SMALL.t)
    assert SMALL.n == len(SMALL.xy) == SIZES[0]
    assert SMALL.t.min() >= 1
    assert np.diff(SMALL.queen.indptr).min() >= 1
    assert len(np.unique(SMALL.given["distance"])) == SMALL.n


@pytest.mark.parametrize("pair", [one for one in PAIRS if one.ours], ids=lambda one: f"{one.name}-{one.peer}")
def test_our_side_of_every_pair_runs(pair):
    value = number(pair.ours(SMALL))
    assert np.isfinite(value).any()


def test_pairs_have_names_of_their_own():
    assert len({pair.name for pair in PAIRS}) == len(PAIRS)


def test_every_index_is_timed():
    calls = own.measures({SMALL: own.environments(SMALL)})
    assert {index.key for index in INDICES} <= calls.keys()
    for name, call in calls.items():
        if "permutations" not in name:
            call(SMALL)


@linux
def test_a_call_out_of_time_ends_and_larger_ones_are_not_tried():
    began = time.monotonic()
    outcomes = measure(time.sleep, [0.0, 60.0, 61.0], Limits(seconds=0.5))
    assert [one.status for one in outcomes] == [DONE, STOPPED, SKIPPED]
    assert outcomes[2].said == STOPPED
    assert time.monotonic() - began < 30


@linux
def test_a_call_out_of_memory_ends():
    outcomes = measure(np.ones, [1, 250_000_000], Limits(gigabytes=0.2))
    assert [one.status for one in outcomes] == [DONE, TOO_LARGE]


@linux
def test_the_peak_is_what_a_call_holds():
    outcomes = measure(lambda n: np.ones(n).sum(), [1, 20_000_000, 1_000], Limits())
    assert outcomes[1].peak_mb == pytest.approx(20_000_000 * 8 / 2**20, abs=15)
    assert outcomes[2].peak_mb < 15
    assert outcomes[1].value == 20_000_000


@linux
def test_a_call_that_fails_says_why():
    [outcome, _] = measure(lambda n: [].index(n), [1, 2], Limits())
    assert outcome.status == FAILED
    assert outcome.said.startswith("ValueError")


def made_up(name, ours, theirs, *, reason="", apart=0.0):
    """A comparison on two cities with these warm times; a status in place of a time is one."""
    pair = Pair(name, f"peer.{name}", None, np.sum, reason)
    one = Comparison(pair, SIZES[:2])
    one.ours = [Outcome(DONE, time_s, time_s, 1.0, np.ones(2)) for time_s in ours]
    one.theirs = [
        Outcome(time_s) if isinstance(time_s, str) else Outcome(DONE, time_s, time_s, 2.0, np.ones(2) + apart)
        for time_s in theirs
    ]
    compared(one)
    return one


def test_values_are_compared_over_the_largest():
    assert made_up("gini", [1, 1], [2, 2]).agreement() == "same"
    assert made_up("gini", [1, 1], [2, 2], apart=0.25, reason="it rounds").agreement() == "2.0e-01 apart: it rounds"
    assert made_up("gini", [1, 1], [2, 2], apart=0.25).agreement().endswith("not explained")
    assert made_up("gini", [1, 1], [TOO_LARGE, SKIPPED]).agreement() == "no common value"


def test_only_larger_cities_make_an_exception():
    assert made_up("gini", [2, 2], [1, 3]).slower_at() == []
    assert made_up("gini", [2, 2], [3, 1]).slower_at() == [1_600]


def test_a_peer_that_was_stopped_gives_a_bound():
    ours = Outcome(DONE, 0.5, 0.5, 1.0)
    assert bound(Outcome(STOPPED), ours, 60) == "> 120"
    assert bound(Outcome(TOO_LARGE), ours, 60) == "memory"
    assert bound(Outcome(SKIPPED), ours, 60) == "–"


@pytest.mark.parametrize(
    ("value", "words"), [(1234.5, "1,234"), (12.34, "12"), (0.0123, "0.012"), (1.0, "1.0"), (0, "0"), (np.nan, "–")]
)
def test_figures(value, words):
    assert figures(value) == words


def test_growth_is_the_exponent_over_larger_cities():
    sizes = (1_600, 6_400, 25_600)
    growth = Growth("gini", sizes, [Outcome(DONE, 1, warm, 1.0) for warm in (9.0, 1.0, 4.0)])
    assert growth.exponent == pytest.approx(1)


def test_the_page_says_what_was_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "missing", lambda: {"equipop": "did not install: none for this Python"})
    runs = [
        made_up("gini", [1, 1], [30, 50]),
        made_up("entropy", [1, 1], [2, 0.5]),
        made_up("delta", [1, 1], [2, TOO_LARGE], apart=0.5, reason="it rounds"),
    ]
    runs[1].profile = [("evenness.entropy", 0.5)]
    absent = Comparison(Pair("simpson", "peer.Simpson", None, None), SIZES[:2], absent="not in peer 1.0")
    growths = [Growth("gini", SIZES[:2], runs[0].ours)]
    page.write(tmp_path, [*runs, absent], growths, limits=Limits(), cores=2, minutes=3.4)
    words = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "| gini | peer.gini | 30 | 50 | same |" in words
    assert "| delta | peer.delta | 2.0 | memory | 3.3e-01 apart: it rounds |" in words
    assert "**entropy** (peer.entropy), at 1,600 cells; smallest ratio 0.50. Not explained yet." in words
    assert "`evenness.entropy` 50%" in words
    assert "equipop did not install: none for this Python: its measures are left out." in words
    assert "simpson with peer.Simpson (not in peer 1.0)." in words
    assert (tmp_path / "benchmarks.svg").read_bytes().startswith(b"<?xml")
