"""Time segindex and its peers, print every line as it comes, and write docs/benchmarks.md and its figure."""

import argparse
import os
import sys
import time
from pathlib import Path

from benchmarks import own, page, peers
from benchmarks.city import SIZES, city
from benchmarks.clock import DONE, Limits, measure
from benchmarks.compare import GROWTH_FROM, Comparison, Growth, compared
from benchmarks.pairs import PAIRS

DOCS = Path(__file__).parents[1] / "docs"


def main(arguments):
    settings = _settings(arguments)
    began = time.monotonic()
    limits = Limits(settings.seconds, settings.gigabytes)
    settings.docs.mkdir(parents=True, exist_ok=True)
    for name, version in peers.versions().items():
        print(f"{name} {version}")
    for peer, reason in peers.missing().items():
        print(f"{peer} {reason}: its measures are left out")
    cities = [city(n) for n in SIZES if n <= settings.largest]
    for made in cities:
        peers.tables(made)
        made.given  # noqa: B018 - made before the processes part, so that no call pays for it
    comparisons = [_compare(pair, cities, limits) for pair in PAIRS]
    if all(one.absent for one in comparisons):
        print("no peer is there: nothing to write")
        return 1
    growths = _grow(cities, limits)
    minutes = (time.monotonic() - began) / 60
    page.write(
        settings.docs,
        comparisons,
        growths,
        limits=limits,
        cores=len(os.sched_getaffinity(0)),
        minutes=minutes,
    )
    print(f"{settings.docs / 'benchmarks.md'} written after {minutes:.0f} minutes")
    return 0


def _settings(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="most cells of a city (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=Limits.seconds, help="a call may take (default %(default)s)")
    parser.add_argument("--gigabytes", type=float, default=Limits.gigabytes, help="and more (default %(default)s)")
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of the page and the figure (default docs)")
    settings = parser.parse_args(arguments)
    if settings.largest < SIZES[0]:
        parser.error(f"--largest is {settings.largest}; the smallest city has {SIZES[0]} cells")
    return settings


def _compare(pair, cities, limits):
    """Both sides of a pair; the peer is not run where this version has no such measure."""
    comparison = Comparison(pair, tuple(made.n for made in cities))
    print(f"\n{pair.name}: {pair.peer}")
    try:
        peers.needed(pair.peer)
    except LookupError as reason:
        comparison.absent = str(reason)
    if pair.ours is None:
        comparison.absent = "not in this version of segindex"
    if comparison.absent:
        print(f"  {comparison.absent}")
        return comparison
    comparison.ours = measure(pair.ours, cities, limits)
    comparison.theirs = measure(pair.theirs, cities, limits)
    compared(comparison)
    for line in comparison.lines():
        print(f"  {line}", flush=True)
    if comparison.slower_at():
        comparison.profile = page.profiled(
            pair.ours, next(one for one in cities if one.n == comparison.slower_at()[-1])
        )
    return comparison


def _grow(cities, limits):
    """Our own measures, each on every city."""
    known = {made: own.environments(made) for made in cities}
    calls = own.measures(known)
    print(f"\nOur measures, and the exponent of their growth from {GROWTH_FROM:,} cells on")
    growths = []
    for name, call in calls.items():
        growth = Growth(name, tuple(made.n for made in cities), measure(call, cities, limits))
        growths.append(growth)
        print(f"  {growth.line()}", flush=True)
    failed = [growth.name for growth in growths if any(outcome.status != DONE for outcome in growth.outcomes)]
    if failed:
        print(f"  not done everywhere: {', '.join(failed)}")
    return growths


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
