"""What all neighbourhoods share: the gate for centres and counts, and the raster that the centres may lie on."""

import math
from typing import NamedTuple

import numpy as np

from segindex.errors import BadData, BadSettings, is_number

WITHIN = 1 + 1e-9
"""A distance counts as the bandwidth up to this factor: on a grid, d = r is the rule."""

BLOCK = 4_000_000
"""Entries of the largest block that a sum in blocks holds at once."""

RASTER_CELLS = 2_000
"""Cells of the raster per cell given, beyond which the raster is too empty to work on."""


MOST_CELLS = 8 * BLOCK
"""Cells of the largest raster that is laid out at once: three times the country's."""


class Raster(NamedTuple):
    """Cells on a regular grid: the row and the column of each (from 0), the raster's shape, its pitch in metres."""

    rows: np.ndarray
    columns: np.ndarray
    shape: tuple
    pitch_m: float

    @property
    def n_cells(self):
        """Cells of the raster, given or not."""
        return math.prod(self.shape)

    def steps(self, distance_m):
        """Whole cells within a distance."""
        return int(distance_m / self.pitch_m)


def find_raster(xy):
    """The regular grid of square cells that the centres lie on, or None.

    >>> find_raster(np.array([[125.0, 125.0], [875.0, 375.0]])).pitch_m
    250.0
    """
    low = xy.min(axis=0)
    tolerance = 1e-9 * max(1.0, np.abs(xy).max())
    gaps = np.unique(np.concatenate([np.diff(np.unique(xy[:, axis])) for axis in (0, 1)]))
    pitch = _common_measure(gaps[gaps > tolerance], tolerance)
    if pitch is None:
        return None
    steps = (xy - low) / pitch
    places = np.rint(steps).astype(np.int64)
    if np.abs(steps - places).max() * pitch > 10 * tolerance:
        return None
    width, height = places.max(axis=0) + 1
    return Raster(places[:, 1], places[:, 0], (int(height), int(width)), float(pitch))


def _common_measure(gaps, tolerance):
    """The largest length that divides all gaps, by Euclid's algorithm; None if that is next to nothing."""
    if not gaps.size:
        return 1.0
    longest = gaps.max()
    while gaps.size > 1:
        shortest = gaps.min()
        if shortest < 100 * tolerance:
            return None
        rest = np.abs(gaps - shortest * np.rint(gaps / shortest))
        gaps = np.unique(np.append(rest[rest > 10 * tolerance], shortest))
    return longest / np.rint(longest / gaps[0])


def is_dense(raster, n_cells):
    """Whether there is a raster, and it is not too empty to work on."""
    return raster is not None and raster.n_cells <= RASTER_CELLS * max(n_cells, 100)


def check_centres(xy):
    xy = np.asarray(xy, dtype=float)
    if xy.ndim != 2 or xy.shape[1] != 2 or not len(xy):
        raise BadData(f"xy has shape {xy.shape}; allowed is (n_cells, 2): centres in metres")
    if not np.isfinite(xy).all():
        missing = np.flatnonzero(~np.isfinite(xy).all(axis=1))
        raise BadData(
            f"xy is missing or infinite for {missing.size} cells, first cell {missing[0]}; allowed are metres"
        )
    order = np.lexsort(xy.T)
    twice = np.flatnonzero((xy[order[1:]] == xy[order[:-1]]).all(axis=1))
    if twice.size:
        raise BadData(
            f"xy gives {len(np.unique(xy[order[twice]], axis=0))} centres more than once, first that of cell "
            f"{order[twice].min()}; allowed is one cell each"
        )
    return xy


def check_length(name, value):
    if not (is_number(value) and 0 < value < np.inf):
        raise BadSettings(f"{name} is {value!r}; allowed is a finite number above 0")


def layers_of(counts, n_cells):
    """The counts as floats, and the same with all leading axes made one."""
    counts = np.asarray(counts, dtype=float)
    if counts.ndim == 0 or counts.shape[-1] != n_cells:
        raise BadData(
            f"counts of shape {counts.shape} meet a neighbourhood of {n_cells} cells; allowed is (..., {n_cells})"
        )
    return counts, counts.reshape(-1, n_cells)


def times(counts, *, matrix):
    counts, layers = layers_of(counts, matrix.shape[0])
    return (matrix @ layers.T).T.reshape(counts.shape)
