"""Made-up cells whose probabilities are known."""

import numpy as np

from segindex import indices


def made_cells(seed, *, n=2000, mean=60, share=0.15, spread=0.1, tilt=0.0):
    """x, t and p of cells of skewed sizes; with `tilt`, larger cells hold more of the group."""
    rng = np.random.default_rng(seed)
    t = np.maximum(rng.negative_binomial(1.5, 1.5 / (1.5 + mean), n), 1)
    rank = np.argsort(np.argsort(t, kind="stable"), kind="stable") / n
    middle = share * (1 + tilt * (2 * rank - 1))
    p = rng.beta(middle * (1 / spread - 1), (1 - middle) * (1 / spread - 1))
    return rng.binomial(t, p).astype(float), t.astype(float), p


def of_group(function, x, t):
    """An index that takes x and y."""
    return float(function(x, t - x))


def dissimilarity(x, t):
    return of_group(indices.dissimilarity, x, t)
