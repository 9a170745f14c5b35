"""The whole country: 300,000 inhabited cells on a raster of 4,640 x 2,160, local environments at four radii.

Prints seconds, the peak memory of the process, and how far the local shares of some cells, drawn at random, are from
those by a sum over all cells. Run: python benchmarks/national.py [number of inhabited cells]
"""

import resource
import sys
import time

import numpy as np
from scipy.spatial.distance import cdist

from segindex.neighbourhood import KERNELS, kernel

SHAPE = (4640, 2160)
KIND = "biweight"
RADII_M = (1000, 2000, 4000, 8000)
TOWNS = 400
SAMPLE = 500


def country(n, seed=1):
    """Inhabited cells round towns of all sizes and scattered between them: centres, persons of a group, and all."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform(0, 1, (TOWNS, 2)) * SHAPE
    weight = 1 / np.arange(1, TOWNS + 1)
    town = rng.choice(TOWNS, 8 * n, p=weight / weight.sum())
    spread = 4 + 60 * np.sqrt(weight[town])
    places = towns[town] + rng.normal(size=(8 * n, 2)) * spread[:, np.newaxis]
    places = np.concatenate([places, rng.uniform(0, 1, (n, 2)) * SHAPE]).astype(int)
    places = places[((places >= 0) & (places < SHAPE)).all(axis=1)]
    places, visits = np.unique(places, axis=0, return_counts=True)
    kept = rng.permutation(len(places))[:n]
    t = rng.negative_binomial(1, 1 / (1 + 3 * visits[kept] ** 1.5)) + 1.0
    x = rng.binomial(t.astype(int), rng.beta(0.5, 6, n)).astype(float)
    return places[kept][:, ::-1] * 250.0 + [60_125.0, 6_600_125.0], x, t


def shares_by_pairs(xy, x, t, cells, radius):
    """The local shares of some cells by a sum over all."""
    weight = KERNELS[KIND](cdist(xy[cells], xy), radius)
    return (weight @ x) / (weight @ t)


def main(n):
    """Print a line a radius."""
    xy, x, t = country(n)
    print(f"{len(t):,} inhabited cells, {t.sum():,.0f} residents; {KIND} kernel")
    found, seconds = [], []
    for radius in RADII_M:
        began = time.perf_counter()
        near = kernel(xy, KIND, radius)
        found.append(near(x) / near(t))
        seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"all radii {sum(seconds):.1f} s, peak memory of the process {peak:,.0f} MB")
    for radius, share, taken in zip(RADII_M, found, seconds):
        sample = np.array_split(np.random.default_rng(radius).choice(len(t), min(SAMPLE, len(t)), replace=False), 20)
        off = [np.abs(share[cells] - shares_by_pairs(xy, x, t, cells, radius)).max() for cells in sample]
        print(f"{radius:>6,} m {taken:>6.2f} s   largest difference in a share {max(off):.1e}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
