"""Time and peak memory of a call on ever larger cities, in a process of its own and within limits. Needs Linux."""

import contextlib
import ctypes
import gc
import math
import multiprocessing
import os
import re
import resource
import time
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

DONE, STOPPED, TOO_LARGE, FAILED, SKIPPED = "done", "out of time", "out of memory", "failed", "not tried"
COMPILING_S = 240.0
"""The time that a process has for its first call, compilation included."""

REPEATS, ENOUGH_S = 5, 1.0
"""A call is repeated until either is reached; the quickest counts."""

LONG_S = 5.0
"""A call that takes this long is not repeated, but for the first of a process."""

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What a call may take; beyond it the process is ended, and larger cities are not tried."""

    seconds: float = 30.0
    gigabytes: float = 6.0


@dataclass(frozen=True)
class Outcome:
    """A measure on one city: the first call of it there, the quickest of the later ones, and the peak of the first."""

    status: str
    first_s: float = math.nan
    warm_s: float = math.nan
    peak_mb: float = math.nan
    value: Any = None
    said: str = ""


def measure(call, cities, limits):
    """An outcome for each city, the smallest first: its first call is a new process's first."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(call, cities, limits, theirs), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    outcomes = []
    for _ in cities:
        if outcomes and outcomes[-1].status != DONE:
            outcomes.append(Outcome(SKIPPED, said=outcomes[-1].said or outcomes[-1].status))
        else:
            outcomes.append(_outcome(ours, limits.seconds if outcomes else max(COMPILING_S, limits.seconds)))
    process.kill()
    process.join()
    return outcomes


def _outcome(pipe, seconds):
    """What the process tells of one city: first its first call, then the later ones."""
    outcome = Outcome(STOPPED)
    try:
        if pipe.poll(seconds):
            outcome = pipe.recv()
            if outcome.status == DONE:
                outcome = replace(outcome, warm_s=pipe.recv()) if pipe.poll(seconds) else Outcome(STOPPED)
    except EOFError:
        outcome = Outcome(FAILED, said="the process ended")
    return outcome


def _work(call, cities, limits, pipe):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    warnings.simplefilter("ignore")
    most = _pages()[0] + int(limits.gigabytes * 1024 * MEGABYTE)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for city in cities:
        outcome = _first(call, city)
        pipe.send(outcome)
        if outcome.status != DONE:
            return
        again = city is cities[0] or outcome.first_s < LONG_S
        pipe.send(_warm(call, city) if again else outcome.first_s)


def _first(call, city):
    gc.collect()
    _give_back()
    before = _pages()[1]
    began = time.perf_counter()
    try:
        value = call(city)
    except MemoryError:
        return Outcome(TOO_LARGE)
    except Exception as error:
        return Outcome(FAILED, said=re.sub(r"\S*/\S+", "…", f"{type(error).__name__}: {error}".splitlines()[0]))
    seconds = time.perf_counter() - began
    return Outcome(DONE, seconds, math.nan, max(_high_water() - before, 0) / MEGABYTE, value)


def _warm(call, city):
    """The quickest of a few more calls."""
    runs = []
    while len(runs) < REPEATS and sum(runs) < ENOUGH_S:
        began = time.perf_counter()
        call(city)
        runs.append(time.perf_counter() - began)
    return min(runs)


def _pages():
    """Bytes of address space and of memory in use."""
    size, resident = Path("/proc/self/statm").read_text().split()[:2]
    return int(size) * resource.getpagesize(), int(resident) * resource.getpagesize()


def _give_back():
    """Give what is free back to the system, and let its record of the peak begin anew."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def _high_water():
    """The most bytes of memory in use since `_give_back`."""
    status = Path("/proc/self/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
