"""How often clusters are found where there are none: cities in which everybody's group is drawn by lot.

Run: python benchmarks/false_discovery.py [cities a setting]
Prints the table of docs/local_clusters.md; the seed is fixed. 300 cities a setting take some five minutes of one core.
"""

import sys
import time

import numpy as np
from scipy.stats import binomtest

from segindex.inference import CLUSTERS, local_clusters
from segindex.inference.local_clusters import UNTESTED
from segindex.neighbourhood import contiguity

SIDES = (20, 40)
MEANS = (5, 10, 20, 50, 100)
GROUP_SHARES = (0.02, 0.10, 0.30)
LEVEL = 0.05
SEED = 20_250
ON_ONE_LAYOUT = 10
FOUND = CLUSTERS[: -len(UNTESTED)]


def layout(rng, xy, mean):
    """Residents of the cells of a city: dense in the middle, uneven from cell to cell, some cells empty."""
    away = np.hypot(*(xy - xy.mean(axis=0)).T)
    density = np.exp(-3 * away / away.max())
    return rng.negative_binomial(1.5, 1 / (1 + mean * density / density.mean() / 1.5))


def by_lot(rng, t, share, n):
    """n cities of one layout, the group's members drawn from all residents without regard to where they live."""
    return rng.multivariate_hypergeometric(t, round(share * t.sum()), size=n, method="marginals")


def found(side, mean, share, cities):
    """Classes of findings by city, with the draws of `tabulate.local`: under the null of cells, and of both.

    What is found under both is found under cells, so only cities with a finding are tested a second time.
    """
    xy = np.argwhere(np.ones((side, side))) * 250.0
    weights = contiguity(xy, "queen")
    cells, both = [], []
    while len(cells) < cities:
        seed = [SEED, side, mean, round(100 * share), len(cells)]
        rng = np.random.default_rng(seed)
        t = layout(rng, xy, mean)
        x = by_lot(rng, t, share, min(ON_ONE_LAYOUT, cities - len(cells)))
        draws = {"permutations": max(9_999, int(3 * (t > 0).sum() / LEVEL)), "level": LEVEL}
        first = local_clusters(x, t, weights, rng=np.random.default_rng(seed), **draws).cluster
        again = np.isin(first, FOUND).any(axis=1)
        second = np.full(first.shape, UNTESTED[0], dtype=first.dtype)
        if again.any():
            rng = np.random.default_rng(seed)
            second[again] = local_clusters(x[again], t, weights, rng=rng, null="both", **draws).cluster
        cells += [row[np.isin(row, FOUND)] for row in first]
        both += [row[np.isin(row, FOUND)] for row in second]
    return cells, both


def described(findings):
    """The share of cities with a finding, and its 95 % interval."""
    hits = sum(len(one) > 0 for one in findings)
    low, high = binomtest(hits, len(findings)).proportion_ci(method="wilson")
    return f"{hits / len(findings):.1%} ({low:.1%}-{high:.1%})"


def main(cities):
    """Print a line a setting."""
    began = time.process_time()
    print("| cells | residents a cell | group | found, cells | HH, LL, HL, LH | found, both |")
    print("|--:|--:|--:|:--|:--|:--|")
    for side in SIDES:
        for mean in MEANS:
            for share in GROUP_SHARES:
                cells, both = found(side, mean, share, cities)
                classes = np.concatenate(cells).tolist()
                counts = ", ".join(str(classes.count(name)) for name in FOUND)
                line = f"| {side**2:,} | {mean} | {share:.0%} | {described(cells)} | {counts} | {described(both)} |"
                print(line, flush=True)
    print(f"\n{cities} cities a setting, {time.process_time() - began:.0f} s of one core")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
