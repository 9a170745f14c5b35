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

WATCHED_S = 0.05
"""How often a process is looked at."""

MEGABYTE, GIGABYTE = 2**20, 2**30


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
    told, tells = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(call, cities, tells), daemon=True)
    most = _resident(os.getpid()) + limits.gigabytes * GIGABYTE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    tells.close()
    outcomes = []
    for _ in cities:
        if outcomes and outcomes[-1].status != DONE:
            outcomes.append(Outcome(SKIPPED, said=outcomes[-1].said or outcomes[-1].status))
        else:
            seconds = limits.seconds if outcomes else max(COMPILING_S, limits.seconds)
            outcomes.append(_outcome(told, process, seconds, most))
    process.kill()
    process.join()
    return outcomes


def _outcome(told, process, seconds, most):
    """What the process tells of one city: first its first call, then the later ones."""
    try:
        first = _awaited(told, process, seconds, most)
        if first.status != DONE:
            return first
        return replace(_awaited(told, process, seconds, most), value=first.value)
    except EOFError:
        return Outcome(FAILED, said="the process ended")


def _awaited(told, process, seconds, most):
    """What the process tells next, if it does not take too long or hold too much."""
    end = time.monotonic() + seconds
    while not told.poll(WATCHED_S):
        if _resident(process.pid) > most:
            return Outcome(TOO_LARGE)
        if time.monotonic() > end:
            return Outcome(STOPPED)
    return told.recv()


def _work(call, cities, tells):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    warnings.simplefilter("ignore")
    for city in cities:
        outcome = _first(call, city)
        tells.send(outcome)
        if outcome.status != DONE:
            return
        again = city is cities[0] or outcome.first_s < LONG_S
        tells.send(replace(outcome, warm_s=_warm(call, city) if again else outcome.first_s, value=None))


def _first(call, city):
    gc.collect()
    _give_back()
    before = _resident(os.getpid())
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


def _resident(pid):
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def _give_back():
    """Give what is free back to the system, and let its record of the peak begin anew."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def _high_water():
    """The most bytes of memory in use since `_give_back`."""
    status = Path("/proc/self/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
