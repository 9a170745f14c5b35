"""An edition of all of Finland: 300,000 made-up inhabited 250 m cells through `segindex run`, for one year or several.

`python -m benchmarks.finland 2024` makes a project in a temporary folder (a delivery as of the Grid Database, whose
card says that it is made up, and a run.toml of one city that takes every municipality), runs it with one worker and
prints seconds and the peak memory of all its processes together, step by step. Needs Linux.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.national import country
from segindex.sources.card import as_toml, sha256, shipped

KEY = "finland"
EVERY_S = 0.2
MEGABYTE = 1024
"""In kB, which /proc counts in."""

UNDER = 10
"""Income is protected where fewer adults live, as the source's card has it."""

SETTINGS = """
edition = "finland"
title = {{ fi = "Suomi", sv = "Finland", en = "Finland" }}
groups = ["low_income", "middle_income", "high_income"]
indices = ["dissimilarity", "isolation", "information_theory"]
scale_m = [1000, 4000]
languages = {languages}
worth_years = "{worth}"

[[source]]
name = "statfin_grid"
path = "data/raw/statfin_grid/ruudut_*.csv"

[[city]]
key = "Suomi"
sv = "Finland"
en = "Finland"
municipalities = "all"

[[group]]
key = "middle_income"
count = "hr_ke_tul"
base = "hr_tuy"
classification = "income_class"
fi = "keskimmäisiin tuloluokkiin kuuluvat"
sv = "personer i de mellersta inkomstklasserna"
en = "persons in the middle income classes"
"""


def delivery(folder, years, n, under):
    """A table a year of the same cells, as the Grid Database has them, and the card that says what they are.

    Income is -1 where fewer adults than `under` live.
    """
    folder.mkdir(parents=True)
    xy, _, people = country(n)
    corners = (xy - 125).astype(int)
    rng = np.random.default_rng(7)
    adults = rng.binomial(people.astype(int), 0.8)
    low, high = np.clip(rng.beta(3, 12, n), 0, 0.45), np.clip(rng.beta(3, 12, n), 0, 0.45)
    for year in years:
        rng = np.random.default_rng([7, year])
        counts = rng.multinomial(adults, np.stack([low, 1 - low - high, high], axis=1))
        counts[adults < under] = -1
        ids = [f"250mN{north // 10}E{east // 10}" for east, north in corners]
        table = {"grid_id": ids, "id_nro": np.arange(n), "kunta": [f"{1 + at % 309:03}" for at in range(n)]}
        table |= {"vuosi": year, "euref_x": corners[:, 0], "euref_y": corners[:, 1], "he_vakiy": people.astype(int)}
        table |= {"hr_tuy": adults} | dict(zip(("hr_pi_tul", "hr_ke_tul", "hr_hy_tul"), counts.T))
        pd.DataFrame(table).to_csv(folder / f"ruudut_{year}.csv", sep=";", index=False)
    card = replace(shipped("statfin_grid"), made_up=True)
    files = {path.name: sha256(path) for path in sorted(folder.glob("*.csv"))}
    (folder / "source.toml").write_text(as_toml(card, files, {}), encoding="utf-8")


def tree(root):
    """A process and all that it started, by the parents that /proc tells."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    found = [root]
    for own in found:
        found += [child for child, parent in parents.items() if parent == own]
    return found


def memory(pid):
    """The memory of a process in kB: (its share of what is in RAM, PSS, and all that it sees there, RSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    told = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return told["Pss"], told["Rss"]


class Watch(threading.Thread):
    """Looks at a process tree as it runs: the memory of all its processes at once, by the step that it is at."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.step, self.peaks, self.alone = process, "start", {}, {}

    def run(self):
        """Look until the process has ended."""
        while self.process.poll() is None:
            each = {pid: memory(pid) for pid in tree(self.process.pid)}
            for at, kind in enumerate(("pss", "rss")):
                key = (self.step, kind)
                self.peaks[key] = max(self.peaks.get(key, 0), sum(one[at] for one in each.values()))
            for pid, (_, rss) in each.items():
                self.alone[pid] = max(self.alone.get(pid, 0), rss)
            time.sleep(EVERY_S)


def watched(command, root):
    """Run a command; (seconds and memory by step, the peak of each process, exit code)."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | dict.fromkeys(names, "1"),
    )
    watch, began, seconds, said = Watch(process), time.perf_counter(), {}, []
    watch.start()
    since, last = began, "start"
    for line in process.stderr:
        try:
            told = json.loads(line)
        except ValueError:
            said.append(line)
            continue
        now = time.perf_counter()
        seconds[last] = seconds.get(last, 0.0) + now - since
        since, last = now, _next(told)
        watch.step = last
    code = process.wait()
    seconds[last] = seconds.get(last, 0.0) + time.perf_counter() - since
    watch.join()
    if code:
        print("".join(said))
    return seconds, watch, code


def _next(told):
    """What goes on after a line of progress."""
    step, whole = told.get("step", "start"), told.get("done") == told.get("total")
    if step == "compute":
        return "tables of all" if whole else "compute"
    if step == "ingest":
        return "compute" if whole else "ingest"
    return "report" if step == "report" else "start"


def main(years, n, under, worth, languages, keep):
    """Print a line a step."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(keep or place)
        began = time.perf_counter()
        delivery(root / "data" / "raw" / "statfin_grid", years, n, under)
        (root / "reports" / KEY).mkdir(parents=True)
        settings = SETTINGS.format(worth=worth, languages=json.dumps(languages))
        (root / "reports" / KEY / "run.toml").write_text(settings, encoding="utf-8")
        made = sum(path.stat().st_size for path in (root / "data").rglob("*.csv")) / 1e6
        taken = time.perf_counter() - began
        print(f"{n:,} cells, years {', '.join(map(str, years))}: {made:.0f} MB made in {taken:.0f} s", flush=True)
        command = [sys.executable, "-m", "segindex.cli", "run", KEY, "--root", str(root), "--workers", "1"]
        seconds, watch, code = watched(command, root)
        print(f"exit code {code}, {sum(seconds.values()):.0f} s in all, one worker")
        for step, taken in seconds.items():
            pss, rss = (watch.peaks.get((step, kind), 0) / MEGABYTE for kind in ("pss", "rss"))
            print(f"{step:>14} {taken:>7.1f} s   all processes at once {pss:>6,.0f} MB PSS, {rss:>6,.0f} MB RSS")
        largest = sorted(watch.alone.values(), reverse=True)
        print("peak of each process: " + ", ".join(f"{one / MEGABYTE:,.0f} MB" for one in largest if one > MEGABYTE))
        for kind in ("atlas/*", "*.html", "*.pdf", "tables*", "figures/*/*"):
            sizes = [path.stat().st_size for path in (root / "reports" / KEY).glob(kind) if path.is_file()]
            print(f"reports/{KEY}/{kind}: {len(sizes)} files, the largest {max(sizes, default=0) / 1e6:.1f} MB")


if __name__ == "__main__":
    told = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    told.add_argument("years", nargs="*", type=int, default=[2024], help="of the tables; 2024 if left out")
    told.add_argument("--cells", type=int, default=300_000)
    told.add_argument("--under", type=int, default=UNDER, help="adults below which income is protected")
    told.add_argument("--worth", choices=("latest", "all", "none"), default="latest")
    told.add_argument("--languages", nargs="+", default=["fi", "sv", "en"])
    told.add_argument("--keep", help="a folder that is not there yet, in which the project stays")
    args = told.parse_args()
    main(args.years, args.cells, args.under, args.worth, args.languages, args.keep)
