"""How the weight of a kernel falls with distance."""

from typing import NamedTuple

import numpy as np

from segindex.neighbourhood._cells import WITHIN

NEGLIGIBLE = 1e-26
"""The weight from which one without an end may be left out: see the Notes of `kernel`."""


def _uniform(d, r):
    return np.where(d <= r * WITHIN, 1.0, 0.0)


def _triangular(d, r):
    return np.maximum(1 - d / r, 0)


def _biweight(d, r):
    return np.maximum(1 - (d / r) ** 2, 0) ** 2


def _gaussian(d, r):
    return np.exp(-((d / r) ** 2) / 2)


def _exponential(d, r):
    return np.exp(-d / r)


KERNELS = {
    "uniform": _uniform,
    "triangular": _triangular,
    "biweight": _biweight,
    "gaussian": _gaussian,
    "exponential": _exponential,
}
UNENDING = {"gaussian": np.sqrt(-2 * np.log(NEGLIGIBLE)), "exponential": -np.log(NEGLIGIBLE)}
"""The kinds that give weight at any distance, and the bandwidths from which it is negligible."""


class Falloff(NamedTuple):
    """A kernel's kind, its bandwidth, and the distance beyond which it gives no weight (infinite if left out)."""

    kind: str
    bandwidth_m: float
    cutoff_m: float = np.inf

    def weight(self, d):
        """The weight at a distance in metres."""
        weight = KERNELS[self.kind](d, self.bandwidth_m)
        return weight if self.cutoff_m == np.inf else np.where(d <= self.cutoff_m * WITHIN, weight, 0.0)

    @property
    def ends(self):
        """Whether the weight is exactly 0 from some distance on."""
        return self.kind not in UNENDING or self.cutoff_m < np.inf

    @property
    def reach_m(self):
        """The distance beyond which the weight is 0 or negligible."""
        return min(self.bandwidth_m * UNENDING.get(self.kind, 1), self.cutoff_m) * WITHIN
