"""What the indices of order share: cells by their area or distance, equal ones taken together."""

import numpy as np

SAME = 1 + 1e-9
"""Areas, and distances, within this factor are equal: coordinates and polygons bring rounding along."""


def ascending(key, *values):
    """The distinct keys in ascending order, and the sums of each array over the cells of each: (..., n_keys).

    What is summed so does not depend on the order of the cells.

    >>> ascending(np.array([2.0, 1.0, 2.0]), np.array([1.0, 10.0, 100.0]))
    [array([1., 2.]), array([ 10., 101.])]
    """
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.append(True, key[1:] > key[:-1] * SAME))
    return [key[first], *(np.add.reduceat(array[..., order], first, axis=-1) for array in values)]


def all_same(key):
    """Whether all keys are equal.

    >>> bool(all_same(np.array([62_500.0, 62_500.000001])))
    True
    """
    return key.max() <= key.min() * SAME
