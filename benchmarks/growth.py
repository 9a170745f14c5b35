"""One edition by one process, by several, and on a Dask cluster: seconds, and whether the bytes are the same.

`python -m benchmarks.growth` writes a made-up delivery of six cities, makes an edition of it anew for each way, and
compares the sums of all files. The cluster is a scheduler and two workers of one thread, each a process on loopback;
the extra `cluster` is needed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import small
from benchmarks.small import QUIET

KEY = "growth"
CITIES = ("Espoo", "Tampere", "Vantaa", "Turku", "Lahti", "Joensuu")
WAYS = {"1 process": ("--workers", "1"), "2 processes": ("--workers", "2"), "4 processes": ("--workers", "4")}
CLUSTER = "Dask, 2 workers"
SETTINGS = """
scale_m = [1000]
draws = 39
"""


def project(root):
    """A project of six small cities."""
    return small.project(root, KEY, SETTINGS, cities=CITIES, cells=400, years=(2020, 2022, 2024))


def made(root, options):
    """Seconds of the whole run, those of each step, and the sums of what it wrote."""
    own = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    began = time.monotonic()
    done = subprocess.run(small.command(root, *options), env=own, check=True, capture_output=True, text=True)
    seconds = time.monotonic() - began
    ends = {}
    for line in done.stderr.splitlines():
        told = json.loads(line) if line.startswith("{") else {}
        if told.get("event") == "progress":
            ends[told["step"]] = told["seconds"]
    steps, before = {}, 0.0
    for step, end in ends.items():
        steps[step], before = round(end - before, 1), end
    return round(seconds, 1), steps, (root / "reports" / KEY / "SHA256SUMS").read_bytes()


def cluster(place):
    """A scheduler and its workers on loopback, and the options that name it."""
    file = place / "scheduler.json"

    def start(what, *options):
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options, "--no-dashboard"]
        return subprocess.Popen(command, cwd=place, **QUIET)

    parts = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))]
    while not file.is_file():
        time.sleep(0.1)
    address = json.loads(file.read_text(encoding="utf-8"))["address"]
    parts += [start("worker", address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1") for _ in range(2)]
    time.sleep(10)
    return parts, ("--scheduler", address)


def main():
    with tempfile.TemporaryDirectory() as place:
        found, sums = {}, set()
        for name, options in WAYS.items():
            seconds, steps, total = made(project(Path(place) / name.replace(" ", "_")), options)
            found[name] = {"seconds": seconds, "steps": steps}
            sums.add(total)
        parts, options = cluster(Path(place))
        try:
            seconds, steps, total = made(project(Path(place) / "cluster"), options)
            found[CLUSTER] = {"seconds": seconds, "steps": steps}
            sums.add(total)
        finally:
            for part in parts:
                part.kill()
        print(json.dumps(found | {"the same bytes": len(sums) == 1}, indent=1))
    return len(sums) - 1


if __name__ == "__main__":
    sys.exit(main())
