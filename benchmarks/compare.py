"""What two sides of a measure took, and how far their values are apart."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.clock import DONE, STOPPED, TOO_LARGE, Outcome
from benchmarks.pairs import Pair, number

SAME = 1e-9
"""Values this close, relative to the largest, are the same."""

COUNTS_FROM = 1_600
"""Cells from which a peer that is faster is an exception."""

GROWTH_FROM = 6_400


@dataclass
class Comparison:
    """Both sides of a pair on every city."""

    pair: Pair
    sizes: tuple
    absent: str = ""
    ours: list[Outcome] = field(default_factory=list)
    theirs: list[Outcome] = field(default_factory=list)
    differences: list[float] = field(default_factory=list)
    profile: list[tuple[str, float]] = field(default_factory=list)

    @property
    def ratios(self):
        """The peer's time over ours on every city, NaN where one has none."""
        return [theirs.warm_s / ours.warm_s for ours, theirs in zip(self.ours, self.theirs)]

    def slower_at(self):
        """The sizes that count, at which the peer is faster."""
        return [n for n, ratio in zip(self.sizes, self.ratios) if n >= COUNTS_FROM and ratio < 1]

    def agreement(self):
        """Whether the values are the same on all cities; else how far apart they are on the largest, and why."""
        known = [(n, apart) for n, apart in zip(self.sizes, self.differences) if not math.isnan(apart)]
        if not known:
            return "no common value"
        if max(apart for _, apart in known) <= SAME:
            return "same"
        return f"{known[-1][1]:.1e} apart: {self.pair.reason or 'not explained'}"

    def lines(self):
        """A line a city."""
        for n, ours, theirs, ratio, apart in zip(self.sizes, self.ours, self.theirs, self.ratios, self.differences):
            yield (
                f"{n:>7,} cells  segindex {told(ours)}  peer {told(theirs)}  "
                f"ratio {figures(ratio):>8}  relative difference {apart:.1e}"
            )


@dataclass
class Growth:
    """A measure of ours on every city."""

    name: str
    sizes: tuple
    outcomes: list[Outcome]

    @property
    def exponent(self):
        """The exponent of the growth of time with the number of cells, over the larger cities; NaN for one."""
        done = [(n, one.warm_s) for n, one in zip(self.sizes, self.outcomes) if n >= GROWTH_FROM and one.status == DONE]
        return float(np.polyfit(*np.log(done).T, 1)[0]) if len(done) > 1 else math.nan

    def line(self):
        return f"{self.name:45}" + "  ".join(told(one) for one in self.outcomes) + f"  growth {self.exponent:.2f}"


def compared(comparison):
    """Take the differences of the values, relative to the largest, and let go of the values."""
    for ours, theirs in zip(comparison.ours, comparison.theirs):
        both = ours.status == theirs.status == DONE
        comparison.differences.append(_apart(number(ours.value), number(theirs.value)) if both else math.nan)
    for side in (comparison.ours, comparison.theirs):
        side[:] = [replace(outcome, value=None) for outcome in side]


def _apart(ours, theirs):
    if ours.shape != theirs.shape or (np.isnan(ours) != np.isnan(theirs)).any():
        return math.inf
    largest = max(np.nanmax(np.abs(ours)), np.nanmax(np.abs(theirs)))
    return float(np.nanmax(np.abs(ours - theirs)) / (largest or 1))


def told(outcome):
    """An outcome in a few words of one width."""
    if outcome.status != DONE:
        return f"{outcome.status + (f' ({outcome.said})' if outcome.said else ''):34}"
    return f"{figures(outcome.warm_s):>8} s (first {figures(outcome.first_s):>7} s) {outcome.peak_mb:>6,.0f} MB"


def figures(value):
    """A number to two figures, without powers of ten."""
    if math.isnan(value):
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 1 - math.floor(math.log10(value)))}f}" if value > 0 else "0"


def bound(outcome, ours, seconds):
    """What a peer that was stopped says of the ratio: a lower bound, or that it ran out of memory."""
    if outcome.status == STOPPED and ours.status == DONE:
        return f"> {figures(seconds / ours.warm_s)}"
    return "memory" if outcome.status == TOO_LARGE else "–"
