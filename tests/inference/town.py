"""A made-up town with a corner of high shares, and the search for clusters in it."""

import numpy as np

from segindex.inference import local_clusters


def block(n, kept=1.0, seed=0):
    xy = np.argwhere(np.ones((n, n))) * 250.0
    return xy[np.random.default_rng(seed).random(len(xy)) < kept]


def town(seed=0, n=15, mean=40, p=0.15):
    """A town with a corner of high shares, and a quarter of low ones."""
    rng = np.random.default_rng(seed)
    xy = block(n)
    t = rng.poisson(mean, len(xy))
    chance = np.where((xy < 1250).all(axis=1), 0.6, np.where((xy > 2000).all(axis=1), 0.01, p))
    return xy, rng.binomial(t, chance), t


def run(x, t, weights, seed=1, **settings):
    return local_clusters(x, t, weights, rng=np.random.default_rng(seed), **settings)
