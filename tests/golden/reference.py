"""Values that other software computed, and the data that they were computed from.

Data and values of the made-up grids stand in this folder; all others are read where they are.
"""

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segindex.neighbourhood import kernel

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[2] / "../shared/reference"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the folder of reference values is not here")

BY_HAND = {
    "4x2 table cols (100,60,40,0),(0,40,60,100)": ([100, 60, 40, 0], [0, 40, 60, 100]),
    "4x2 cols (80,80,20,20),(20,20,80,80)": ([80, 80, 20, 20], [20, 20, 80, 80]),
    "4x2 cols (100,100,0,0),(0,0,100,100)": ([100, 100, 0, 0], [0, 0, 100, 100]),
}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(row):
    """The measure of a row and its groups; None if the name is of another form."""
    found = re.fullmatch(r"(\w+)(?:\[([\w,]+)\])?", row["index"])
    return (found[1], tuple((found[2] or "").split(",")) if found[2] else ()) if found else None


@cache
def city(dataset):
    """The cells' centres (or none) and the counts of each group."""
    if dataset in BY_HAND:
        return None, dict(zip("ab", np.array(BY_HAND[dataset], dtype=float)))
    if dataset.startswith("grid_"):
        frame = pd.read_csv(HERE / f"{dataset.removesuffix('+landarea')}.csv")
        groups = [name for name in frame if name not in ("x", "y", "total")]
        return frame[["x", "y"]].to_numpy(float), {group: frame[group].to_numpy(float) for group in groups}
    if dataset.startswith("segdata_"):
        frame = pd.read_csv(SHARED / "segdata_seg.csv")
        pattern = dataset[-1]
        groups = {f"{pattern}{i}": frame[f"{pattern}{i}"].to_numpy(float) for i in (1, 2)}
        return frame[["x", "y"]].to_numpy(float), groups
    frame = pd.read_csv(SHARED / f"{dataset}.csv")
    table = frame.pivot_table(index="school", columns="race", values="n", aggfunc="sum", fill_value=0)
    return None, {group: table[group].to_numpy(float) for group in table}


@cache
def near(dataset, parameters):
    """The surroundings that a row's parameters ask for; none for a plain index."""
    biweight = re.match(r"biweight .* r=(\d+)", parameters)
    if biweight:
        return kernel(city(dataset)[0], "biweight", float(biweight[1]))
    decay = re.match(r"exp\(-([\d.]+) d\)(?: maxdist=([\d.]+))?", parameters)
    if not decay:
        return None
    cutoff = float(decay[2]) if decay[2] else None
    return kernel(city(dataset)[0], "exponential", 1 / float(decay[1]), cutoff_m=cutoff)


def source(row):
    return "|".join(row[name] for name in ("dataset", "index", "peer", "version", "parameters"))


@cache
def land_area(dataset):
    """Land area of the cells in m2."""
    return pd.read_csv(HERE / f"landarea_{dataset.removesuffix('+landarea')}.csv")["area_m2"].to_numpy(float)
