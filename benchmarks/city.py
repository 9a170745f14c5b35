"""Made-up cities of any size, and all that an index may ask for in them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.ndimage import gaussian_filter

from segindex.neighbourhood import contiguity, discs, kernel

SIZES = (400, 1_600, 6_400, 25_600, 100_000)
PITCH_M = 250.0
DECAY_M = 1_000.0
"""Proximity is exp(-d), d in km."""

DISTRICT_M, QUARTER_M = 5_000.0, 1_000.0

SEED = 3
LAND_PART = 2 / 3
"""Inhabited cells as a part of the rectangle that holds them; the rest is water and forest."""


@dataclass(frozen=True, eq=False)
class City:
    """Inhabited 250 m cells: centres, persons of four groups and of ten ordered classes, land area.

    The first group lives in clusters. Every cell has residents, since a peer takes the share of an empty one for a
    missing number.
    """

    xy: np.ndarray
    counts: np.ndarray
    classes: np.ndarray
    area: np.ndarray
    pitch_m: float = PITCH_M

    @property
    def n(self):
        return len(self.xy)

    @property
    def x(self):
        return self.counts[:, 0]

    @property
    def t(self):
        return self.counts.sum(axis=1)

    @property
    def self_distance_m(self):
        """The mean distance of two residents of one cell (White 1983)."""
        return np.sqrt(0.6) * self.pitch_m

    @property
    def centre(self):
        """A point at no round distance from any two cells, so that no two tie."""
        return self.xy.mean(axis=0) + [31.4159, 27.1828]

    @cached_property
    def queen(self):
        return contiguity(self.xy, "queen")

    @cached_property
    def given(self):
        """Every input by its name in the vocabulary."""
        x, t = self.x, self.t
        return {
            "x": x,
            "y": t - x,
            "t": t,
            "counts": self.counts,
            "share": x / t,
            "weights": self.queen,
            "area": self.area,
            "distance": np.hypot(*(self.xy - self.centre).T),
            "nearby": kernel(self.xy, "exponential", DECAY_M, self_distance_m=self.self_distance_m),
            "surroundings": discs(self.xy),
            "districts": self._squares(DISTRICT_M),
            "levels": np.column_stack([self._squares(DISTRICT_M), self._squares(QUARTER_M)]),
            "xy": self.xy,
        }

    def inputs(self, index):
        """What an index needs, by name."""
        given = self.given | ({"counts": self.classes} if index.dimension == "ordinal" else {})
        return {name: given[name] for name in index.inputs}

    def _squares(self, side_m):
        """The number of the large square that each cell lies in."""
        column, row = ((self.xy - self.xy.min(axis=0)) // side_m).astype(int).T
        return row * (column.max() + 1) + column


def city(n):
    """The city of n cells: always the same."""
    rng = np.random.default_rng([SEED, n])
    side = int(np.ceil(np.sqrt(n / LAND_PART)))
    land = _field(rng, side)
    places = np.sort(np.argsort(-land.ravel(), kind="stable")[:n])
    rows, columns = np.divmod(places, side)
    income, origin = (_field(rng, side).ravel()[places] for _ in range(2))
    t = 1 + rng.poisson(40 * rng.lognormal(0, 0.8, n))
    logits = np.stack([origin - 1, 0.6 * income - 1.2, -0.5 * origin - 1.5, np.full(n, 1.5)], axis=1)
    bounds = np.linspace(-1.3, 1.3, 9)
    below = 1 / (1 + np.exp(-1.7 * (bounds - 0.5 * income[:, np.newaxis])))
    steps = np.diff(np.hstack([np.zeros((n, 1)), below, np.ones((n, 1))]), axis=1)
    return City(
        xy=np.column_stack([columns, rows]) * PITCH_M + [380_125.0, 6_670_125.0],
        counts=_dealt(rng, t, np.exp(logits)),
        classes=_dealt(rng, t, steps),
        area=PITCH_M**2 * rng.uniform(0.2, 1, n),
    )


def _field(rng, side):
    """A smooth random landscape, standardised."""
    field = gaussian_filter(rng.standard_normal((side, side)), 4)
    return (field - field.mean()) / field.std()


def _dealt(rng, t, weights):
    """The residents of each cell, dealt out among groups."""
    return rng.multinomial(t, weights / weights.sum(axis=1, keepdims=True)).astype(float)
