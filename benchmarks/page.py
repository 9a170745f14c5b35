"""docs/benchmarks.md and its figure, from what was measured; the words round the tables stand in page.md."""

import cProfile
import math
import pstats
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks import peers
from benchmarks.clock import DONE
from benchmarks.compare import COUNTS_FROM, GROWTH_FROM, bound, figures
from benchmarks.figure import draw_ratios
from segindex.figures import to_svg

HEREABOUTS = Path(__file__).parent
PROFILED = 4
"""The functions that a profile names."""

MIDDLE = 25_600
"""Cells of the city that memory is given for, if there is one; else the largest."""


def write(docs, comparisons, growths, *, limits, cores, minutes):
    """Write the page and the figure into a folder."""
    run = [one for one in comparisons if not one.absent]
    sizes = run[0].sizes
    middle = MIDDLE if MIDDLE in sizes else sizes[-1]
    place = sizes.index(middle)
    (docs / "benchmarks.svg").write_bytes(to_svg(draw_ratios(run, limits)))
    template = Environment(
        loader=FileSystemLoader(HEREABOUTS), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    ).get_template("page.md")
    ratios = [one.ratios[place] for one in run if not math.isnan(one.ratios[place])]
    words = template.render(
        sizes=[f"{n:,}" for n in sizes],
        middle=f"{middle:,}",
        largest=f"{sizes[-1]:,}",
        counts_from=f"{COUNTS_FROM:,}",
        growth_from=f"{GROWTH_FROM:,}",
        limits=limits,
        cores=cores,
        minutes=f"{minutes:.0f}",
        versions=peers.versions(),
        missing=peers.missing(),
        n_measures=len(run),
        median=figures(float(np.median(ratios))) if ratios else "–",
        ended=sum(one.theirs[place].status != DONE for one in run),
        ratio_rows=[_ratio_row(one, limits) for one in run],
        cost_rows=[_cost_row(one, place) for one in run],
        growth_rows=[_growth_row(one) for one in growths],
        exceptions=[_exception(one) for one in run if one.slower_at()],
        absent=[(one.pair.name, one.pair.peer, one.absent) for one in comparisons if one.absent],
    )
    (docs / "benchmarks.md").write_text(words, encoding="utf-8")


def profiled(call, city):
    """Where the time of a call goes: function and share of all time, most first."""
    call(city)
    profile = cProfile.Profile()
    profile.runcall(call, city)
    spent = pstats.Stats(profile).stats
    everything = sum(own for _, _, own, _, _ in spent.values())
    most = sorted(spent.items(), key=lambda entry: -entry[1][2])[:PROFILED]
    return [(_called(*place), own / everything) for place, (_, _, own, _, _) in most]


def _called(path, _line, name):
    """A function by its module and name; what is compiled has no module."""
    return name.strip("<>") if path == "~" else f"{Path(path).stem}.{name}"


def _ratio_row(one, limits):
    cells = [
        figures(ratio) if not math.isnan(ratio) else bound(theirs, ours, limits.seconds)
        for ratio, ours, theirs in zip(one.ratios, one.ours, one.theirs)
    ]
    return [one.pair.name, one.pair.peer, *cells, one.agreement()]


def _cost_row(one, place):
    cells = [one.pair.name]
    for outcomes in (one.ours, one.theirs):
        first, middle = outcomes[0], outcomes[place]
        cells += [_milliseconds(first.first_s), _milliseconds(first.warm_s), _milliseconds(middle.warm_s)]
        cells.append(f"{middle.peak_mb:,.0f}" if middle.status == DONE else middle.said or middle.status)
    return cells


def _growth_row(one):
    done = [outcome for outcome in one.outcomes if outcome.status == DONE]
    last = done[-1] if len(done) == len(one.outcomes) else None
    return [
        one.name,
        *(_milliseconds(outcome.warm_s) for outcome in one.outcomes),
        f"{last.peak_mb:,.0f}" if last else one.outcomes[-1].said or "–",
        f"{one.exponent:.2f}" if not math.isnan(one.exponent) else "–",
    ]


def _exception(one):
    return {
        "name": one.pair.name,
        "peer": one.pair.peer,
        "sizes": ", ".join(f"{n:,}" for n in one.slower_at()),
        "worst": figures(min(ratio for n, ratio in zip(one.sizes, one.ratios) if n in one.slower_at())),
        "why": one.pair.slower,
        "profile": ", ".join(f"`{name}` {share:.0%}" for name, share in one.profile),
    }


def _milliseconds(seconds):
    return figures(seconds * 1000)
