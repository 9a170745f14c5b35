"""Counts drawn from known probabilities, persons joining a cell alone or in clusters."""

import numpy as np

from segindex.errors import BadSettings
from segindex.indices._arrays import ratio


def check_cluster_size(cluster_size):
    """Judge how many persons choose as one."""
    if not 1 <= cluster_size < np.inf:
        raise BadSettings(f"cluster_size is {cluster_size}; allowed is a number of 1 or more")


def draw_counts(rng, t, p, cluster_size=1.0):
    """Counts of a group that persons join in clusters: as many full ones as a cell holds, and one of what remains."""
    clusters = np.floor(t / cluster_size)
    left = t - clusters * cluster_size
    drawn = cluster_size * rng.binomial(clusters.astype(np.int64), p)
    return np.minimum(drawn + left * (rng.random(drawn.shape) < p), t) if cluster_size != 1 or left.any() else drawn


def draw_groups(rng, t, share, cluster_size=1.0):
    """Counts of all groups, (..., n_cells, n_groups): one after another out of the persons that are left."""
    left, drawn, taken = t, np.zeros(share.shape), np.zeros(t.shape)
    for group in range(share.shape[-1] - 1):
        p = np.clip(ratio(share[..., group], 1 - taken, empty=0), 0, 1)
        drawn[..., group] = draw_counts(rng, left, p, cluster_size)
        left, taken = left - drawn[..., group], taken + share[..., group]
    drawn[..., -1] = left
    return drawn
