"""Kernel sums from tile to tile, for the far tails of a kernel: their rounding is relative to the sums near by."""

import itertools
from typing import NamedTuple

import numpy as np
from scipy import fft

from segindex.neighbourhood._cells import BLOCK

BANDWIDTHS = {"exponential": 6, "gaussian": 1.5}
"""The side of a tile in bandwidths. Rounding is relative to the largest weight between two tiles, and a root of a share
suffers from it by the ratio of that weight to the root of the smallest: by 1e-12 or less."""


class Tiles(NamedTuple):
    """Where each cell is (its tile, its row and column there), which tiles meet, and the weights between them.

    `sources[o, i]` is the tile that lies a step o before tile i, or -1; `transforms[o]` the transform of the weights
    from it to tile i.
    """

    tile: np.ndarray
    row: np.ndarray
    column: np.ndarray
    size: int
    sources: np.ndarray
    transforms: np.ndarray

    @classmethod
    def of(cls, raster, falloff):
        """The tiles that hold a raster's cells."""
        wanted = int(BANDWIDTHS[falloff.kind] * falloff.bandwidth_m / raster.pitch_m)
        side = max(1, min(wanted, *raster.shape))
        size = fft.next_fast_len(2 * side - 1, real=True)
        places, tile = np.unique(
            np.column_stack([raster.rows // side, raster.columns // side]), axis=0, return_inverse=True
        )
        steps, sources = _meeting(places, raster.steps(falloff.reach_m) / side)
        blocks = np.stack([_weights(raster.pitch_m, falloff, side, size, step) for step in steps])
        return cls(tile, raster.rows % side, raster.columns % side, size, sources, fft.rfft2(blocks))

    def sums(self, layers, wanted):
        """The weighted sum around the cells wanted, without the cell itself: (n_layers, n_wanted)."""
        laid = np.zeros((len(layers), self.sources.shape[1], self.size, self.size))
        laid[:, self.tile, self.row, self.column] = layers
        laid = fft.rfft2(laid)
        around = np.empty((len(layers), len(wanted)))
        targets, target = np.unique(self.tile[wanted], return_inverse=True)
        for some in np.array_split(np.arange(len(targets)), 1 + len(targets) * len(layers) * self.size**2 // BLOCK):
            summed = np.zeros((len(layers), len(some), *laid.shape[2:]), dtype=complex)
            for transform, source in zip(self.transforms, self.sources[:, targets[some]]):
                met = np.flatnonzero(source >= 0)
                if met.size:
                    summed[:, met] += laid[:, source[met]] * transform
            found = fft.irfft2(summed, s=(self.size, self.size))
            inside = np.flatnonzero((target >= some[0]) & (target <= some[-1]))
            cells = wanted[inside]
            around[:, inside] = found[:, target[inside] - some[0], self.row[cells], self.column[cells]]
        return np.maximum(around, 0)


def _meeting(places, reach):
    """The steps (down, right) between tiles that meet, and for each the tile that lies so far before each tile."""
    farthest = int(np.ceil(reach))
    at = places + farthest
    numbers = np.full(at.max(axis=0) + farthest + 1, -1, dtype=np.int32)
    numbers[at[:, 0], at[:, 1]] = np.arange(len(places))
    down, right = (range(-min(farthest, n), min(farthest, n) + 1) for n in places.max(axis=0).tolist())
    steps, sources = [], []
    for step in itertools.product(down, right):
        if np.hypot(*(max(abs(n) - 1, 0) for n in step)) <= reach:
            source = numbers[at[:, 0] - step[0], at[:, 1] - step[1]]
            if (source >= 0).any():
                steps.append(step)
                sources.append(source)
    return steps, np.stack(sources)


def _weights(pitch_m, falloff, side, size, step):
    """The weights from one tile to another so many steps on, laid round the origin; a cell's own is left out."""
    offset = np.arange(size)
    offset = np.where(offset < side, offset, offset - size)
    inside = offset > -side
    down, right = (pitch_m * (n * side + offset) for n in step)
    weights = falloff.weight(np.hypot(down[:, np.newaxis], right)) * (inside[:, np.newaxis] & inside)
    if step == (0, 0):
        weights[0, 0] = 0
    return weights
