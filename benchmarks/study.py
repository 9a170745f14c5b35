"""Simulation: what as-is, corrected and interval values are worth, on cities whose probabilities are known.

`python -m benchmarks.study` writes docs/simulations.md and its figure; `--quick` is a shorter run for a look.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, stats

from segindex import indices
from segindex.inference import corrected, interval

DOCS = Path(__file__).parents[1] / "docs"
SIZES = (5, 10, 20, 60, 200)
SHARES = (0.02, 0.05, 0.15, 0.40)
TRUTHS = (0.0, 0.15, 0.3, 0.6)
INDEX = {"dissimilarity": "D", "information_theory": "H", "isolation": "xPx"}
METHODS = ("as it is", "bootstrap", "carrington_troske", "default")
N_CELLS = 1000


def city(size, share, truth, rng, household=1, n_cells=N_CELLS):
    """Probabilities, counts and totals of a made-up city: shares by a beta law, cell sizes uneven.

    With `household` persons to a household all of one kind, groups come in such lots.
    """
    t = household * (1 + rng.negative_binomial(1.5, 1.5 / (1.5 + max(size / household - 1, 0.5)), n_cells))
    p = np.full(n_cells, share) if truth == 0 else stats.beta.ppf(rng.random(n_cells), *_beta(share, truth))
    x = household * rng.binomial(t // household, p)
    return p, x.astype(float), t.astype(float)


def of_probabilities(index, p, t):
    """The index of the probabilities themselves."""
    return float(_call(index, p * t, t))


def one_setting(setting, repeats, draws, seed):
    """Rows of bias, error and coverage of one setting."""
    size, share, truth, household = setting
    rng = np.random.default_rng([seed, size, round(share * 100), round(truth * 100), household])
    found = []
    for _ in range(repeats):
        p, x, t = city(size, share, truth, rng, household)
        if x.sum() == 0:
            continue
        for index in INDEX:
            true = of_probabilities(index, p, t)
            row = {"index": index, "true": true}
            for method in METHODS:
                row[method] = _value(index, x, t, method, rng, household)
            low, high = interval(index, x, t, rng=rng, draws=draws, cluster_size=household)
            row |= {"covered": float(low) <= true + 1e-9 and true <= float(high) + 1e-9, "width": float(high - low)}
            found.append(row)
    return pd.DataFrame(found).assign(size=size, share=share, aim=truth, household=household)


def _value(index, x, t, method, rng, household):
    if method == "as it is":
        return float(_call(index, x, t))
    if method == "default":
        return float(corrected(index, x, t, cluster_size=household, rng=rng))
    return float(corrected(index, x, t, method=method, rng=rng, draws=100, cluster_size=household))


def _call(index, x, t):
    function = getattr(indices, index)
    if index == "dissimilarity":
        return function(x, t - x)
    return function(np.stack([x, t - x], axis=-1)) if index == "information_theory" else function(x, t)


def _beta(share, truth):
    """The beta law with this mean whose dissimilarity is `truth`."""
    middle = (np.arange(4000) + 0.5) / 4000

    def apart(log_a):
        a = np.exp(log_a)
        p = stats.beta.ppf(middle, a * share, a * (1 - share))
        return np.abs(p - share).mean() / (2 * share * (1 - share)) - truth

    a = np.exp(optimize.brentq(apart, -3, 9))
    return a * share, a * (1 - share)


def main(argv=None):
    """Run all settings and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--draws", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args(argv)
    persons = list(product(SIZES, SHARES, TRUTHS, (1,)))
    households = [
        (size, share, truth, n) for size, share, truth in product((10, 60), (0.05, 0.15), (0.0, 0.3)) for n in (2, 3)
    ]
    settings = persons[::7] if args.quick else persons + households
    with ProcessPoolExecutor(args.workers) as pool:
        jobs = [pool.submit(one_setting, setting, args.repeats, args.draws, 1) for setting in settings]
        frames = [job.result() for job in jobs]
    pd.concat(frames, ignore_index=True).to_parquet("/tmp/study.parquet")


if __name__ == "__main__":
    main()
