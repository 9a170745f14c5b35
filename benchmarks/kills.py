"""Kill a run at random moments, see that the edition that stands is not harmed, and that the next run ends alike.

`python -m benchmarks.kills 100` makes a small edition, changes a cell of its input, and kills the run that follows,
each time at another moment of its length. After it the edition that stands must be wholly the old one or wholly the
new one, or while files are moved each file one of both; after the next run all must have the bytes of a run that was
never killed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from segindex.sources.sample import write_small
from segindex.staging import NOTE, mirror

KEY = "small"
SETTINGS = """
edition = "small"
groups = ["low_income"]
indices = ["dissimilarity", "isolation"]
worth_years = "none"
permutations = 99
languages = ["fi"]
title = "Kills"

[[source]]
name = "sample"
path = "data/raw/sample/sample_*.csv"
municipalities = "data/raw/sample/municipalities.gpkg"
"""


def project(root):
    """A project with one city, two years and one language."""
    write_small(root / "data" / "raw" / "sample", cities=("Turku",), cells=60, years=(2022, 2023))
    (root / "reports" / KEY).mkdir(parents=True)
    (root / "reports" / KEY / "run.toml").write_text(SETTINGS, encoding="utf-8")
    return root


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
    """The run as a process of its own."""
    accept = ["--accept-changed", str(raw)] if raw else []
    return [sys.executable, "-m", "segindex.cli", "run", "--root", str(root), "--workers", "1", *accept]


def files(root):
    """Every file of the edition that stands, without what a run says of itself."""
    places = (root / "data" / "processed" / KEY, root / "reports" / KEY)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for place in places
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name not in ("run.json", ".lock") and path.suffix != ".part"
    }


def main(number):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with tempfile.TemporaryDirectory() as place:
        base = project(Path(place) / "base")
        subprocess.run(command(base, None), check=True, **quiet)
        old = files(base)
        whole = Path(shutil.copytree(base, Path(place) / "whole"))
        raw = change(whole)
        began = time.monotonic()
        subprocess.run(command(whole, raw), check=True, **quiet)
        length, new = time.monotonic() - began, files(whole)
        rng = np.random.default_rng(1)
        counts = {"killed": 0, "ended before": 0, "while moving": 0, "harmed": 0, "other bytes after": 0}
        for moment in rng.uniform(0, length, number):
            root = Path(shutil.copytree(base, Path(place) / "killed"))
            raw = change(root)
            process = subprocess.Popen(command(root, raw), **quiet)
            try:
                process.wait(timeout=moment)
                counts["ended before"] += 1
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                counts["killed"] += 1
            moving = (mirror(root, KEY) / NOTE).is_file()
            counts["while moving"] += moving
            there = files(root)
            each = all(content in (old.get(name), new.get(name)) for name, content in there.items())
            counts["harmed"] += not (each if moving else there in (old, new))
            subprocess.run(command(root, raw), check=True, **quiet)
            counts["other bytes after"] += files(root) != new
            shutil.rmtree(root)
        print(json.dumps(counts | {"seconds of a run": round(length, 1)}))
    return counts["harmed"] + counts["other bytes after"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
