"""Kill runs, and fill their disk, and see that the edition that stands is not harmed, and that the next run ends alike.

`python -m benchmarks.kills 100` makes a small edition, changes a cell of its input, and spoils the run that follows a
hundred times each in three ways: killed at a random moment of its length, killed while it moves the new edition to its
place, and with a disk that has room for a random part of what the run writes (a tmpfs: as root on Linux, else left
out). After it the edition that stands must be wholly the old one or wholly the new one, or while files are moved each
file one of both; after the next run all must have the bytes of a run that nothing spoiled.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks import small
from benchmarks.small import QUIET
from segindex.staging import NOTE, mirror

KEY = "small"
MOVING_S, FULL = 0.03, 0.4
"""How long the moving takes at most, and how much a run writes, as a share of what was there."""
SETTINGS = """
groups = ["low_income"]
indices = ["dissimilarity", "isolation"]
worth_years = "none"
permutations = 99
languages = ["fi"]
"""
SAMPLE = {"cities": ("Turku",), "cells": 60, "years": (2022, 2023)}
"""One city, two years."""


def change(root):
    """One person more in a cell of the last year; the file is then accepted as it is."""
    raw = root / "data" / "raw" / "sample" / "sample_2023.csv"
    lines = [line.split(";") for line in raw.read_text(encoding="utf-8").splitlines()]
    low, middle = lines[0].index("hr_pi_tul"), lines[0].index("hr_ke_tul")
    row = next(line for line in lines[1:] if int(line[low]) > 5 and int(line[middle]) > 5)
    row[low], row[middle] = str(int(row[low]) + 1), str(int(row[middle]) - 1)
    raw.write_text("\n".join(";".join(line) for line in lines) + "\n", encoding="utf-8")
    return raw


def command(root, raw):
    """The run as a process of its own, with the changed file accepted."""
    return small.command(root, "--workers", 1, *(["--accept-changed", raw] if raw else []))


def files(root):
    """Every file of the edition that stands, without what a run says of itself."""
    places = (root / "data" / "processed" / KEY, root / "reports" / KEY)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for place in places
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name not in ("run.json", ".lock") and path.suffix != ".part"
    }


def size(root):
    """Bytes of all files, each as many whole pages of memory as it takes."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in root.rglob("*") if path.is_file())


def killed_at(process, moment):
    """Kill a run so many seconds after its start; what came of it."""
    try:
        process.wait(timeout=moment)
        return "ended before"
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "killed"


def killed_moving(process, root, pause):
    """Kill a run so many seconds after it has noted which files it will move."""
    note = mirror(root, KEY) / NOTE
    while process.poll() is None and not note.exists():
        time.sleep(0.0002)
    return killed_at(process, pause)


@contextmanager
def small_disk(place, room):
    """A file system of so many bytes at `place`."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(place)], check=True, **QUIET)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True, **QUIET)
        place.rmdir()


class Trial:
    """A project before its change, and the bytes of its edition before and after a run that nothing spoiled."""

    def __init__(self, place):
        self.place, self.base = place, small.project(place / "base", KEY, SETTINGS, **SAMPLE)
        subprocess.run(command(self.base, None), check=True, **QUIET)
        self.old = files(self.base)
        whole = Path(shutil.copytree(self.base, place / "whole"))
        raw = change(whole)
        began = time.monotonic()
        subprocess.run(command(whole, raw), check=True, **QUIET)
        self.seconds, self.new = time.monotonic() - began, files(whole)

    def seen(self, root, counts):
        """Count what a spoiled run left."""
        moving, there = (mirror(root, KEY) / NOTE).is_file(), files(root)
        each = all(content in (self.old.get(name), self.new.get(name)) for name, content in there.items())
        counts["while moving"] += moving
        counts["harmed"] += not (each if moving else there in (self.old, self.new))

    def again(self, root, raw, counts):
        """The next run, which nothing spoils."""
        subprocess.run(command(root, raw), check=True, **QUIET)
        counts["other bytes after"] += files(root) != self.new

    def kills(self, spoil, moments):
        """Kill a run at each of some moments."""
        counts = {"killed": 0, "ended before": 0, "while moving": 0, "harmed": 0, "other bytes after": 0}
        for moment in moments:
            root = Path(shutil.copytree(self.base, self.place / "spoiled"))
            raw = change(root)
            counts[spoil(subprocess.Popen(command(root, raw), **QUIET), root, moment)] += 1
            self.seen(root, counts)
            self.again(root, raw, counts)
            shutil.rmtree(root)
        return counts

    def full(self, shares):
        """Let a run have room for some share of what it writes beside what is there."""
        counts = {"disk full": 0, "ended well": 0, "while moving": 0, "harmed": 0, "other bytes after": 0}
        before = size(self.base)
        for share in shares:
            with small_disk(self.place / "disk", int(before * (1.02 + share))) as disk:
                root = Path(shutil.copytree(self.base, disk / "project"))
                raw = change(root)
                code = subprocess.run(command(root, raw), check=False, **QUIET).returncode
                counts["ended well" if code == 0 else "disk full"] += 1
                self.seen(root, counts)
                room = ["mount", "-o", f"remount,size={before * 10}", str(disk)]
                subprocess.run(room, check=True, **QUIET)
                self.again(root, raw, counts)
        return counts


def main(number):
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as place:
        trial = Trial(Path(place))
        found = {"seconds of a run": round(trial.seconds, 1)}
        moments = rng.uniform(0, trial.seconds, number)
        found["at any moment"] = trial.kills(lambda process, _, moment: killed_at(process, moment), moments)
        found["while moving"] = trial.kills(killed_moving, rng.uniform(0, MOVING_S, number))
        if sys.platform == "linux" and os.geteuid() == 0:
            found["disk full"] = trial.full(rng.uniform(0, FULL, number))
        print(json.dumps(found, indent=1))
    faults = (one for one in found.values() if isinstance(one, dict))
    return sum(one["harmed"] + one["other bytes after"] for one in faults)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
