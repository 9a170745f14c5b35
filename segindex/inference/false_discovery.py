"""Many tests at once: p values adjusted so that few of the findings are false."""

import numpy as np


def benjamini_hochberg(p):
    """Adjusted p values: the least false-discovery rate at which each would be found.

    >>> benjamini_hochberg(np.array([0.01, 0.02, 0.9]))
    array([0.03, 0.03, 0.9 ])
    """
    order = np.argsort(-p, kind="stable")
    ranks = np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum.accumulate(np.minimum(p[order] * p.size / ranks, 1))
    return adjusted


def benjamini_yekutieli(p):
    """The same, valid under any dependence between the tests, and so much stricter."""
    return np.minimum(benjamini_hochberg(p) * (1 / np.arange(1, p.size + 1)).sum(), 1)


CONTROLS = {"benjamini_hochberg": benjamini_hochberg, "benjamini_yekutieli": benjamini_yekutieli}
