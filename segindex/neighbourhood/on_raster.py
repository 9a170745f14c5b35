"""Kernel sums over cells on a regular grid, by Fourier transforms of their raster, whole or cut."""

import math
from functools import cached_property

import numpy as np
from scipy import fft

from segindex.neighbourhood._cells import BLOCK, MOST_CELLS, is_dense, layers_of
from segindex.neighbourhood.falloff import UNENDING
from segindex.neighbourhood.tiles import Tiles

LARGE = 2 * BLOCK
"""Cells of a raster from which it is cut, if the kernel's reach allows."""

SIDE = 512
"""Cells along the side of the squares that a large raster is cut into; the reach may take up half of it."""

SMALL = 1e-8
"""Of the largest sum: below it the rounding of a transform may show in the root of a share."""

NOTHING = 1e-9
"""Of the largest sum, or the largest count if cells lie far apart: below it there may be rounding where nobody is."""


def raster_sum(raster, falloff, own):
    """The kernel's sum over the raster; None where the cells are no raster to work on."""
    if not is_dense(raster, len(own)):
        return None
    whole = WholeRaster(raster, falloff, own)
    if whole.n_numbers > LARGE and raster.steps(falloff.reach_m) <= SIDE // 4:
        whole = CutRaster(raster, falloff, own)
    return whole if whole.n_numbers <= MOST_CELLS else None


class _RasterSum:
    """What both ways share: leading axes, the cell's own weight, and what to do about rounding."""

    def __init__(self, raster, falloff, own):
        self.raster, self.falloff, self.own = raster, falloff, own

    def __call__(self, counts):
        counts, layers = layers_of(counts, len(self.own))
        smoothed = np.empty_like(layers)
        at_once = max(1, BLOCK // self.n_numbers)
        for start in range(0, len(layers), at_once):
            block = slice(start, start + at_once)
            smoothed[block] = self._smooth(layers[block])
        return smoothed.reshape(counts.shape)

    def _smooth(self, layers):
        around = self._sums(layers, self._weights)
        nobody = np.zeros(layers.shape, dtype=bool)
        if self.falloff.ends:
            next_to_nothing = around < NOTHING * max(around.max(initial=0), layers.max(initial=0))
            if (next_to_nothing & (layers == 0)).any():
                nobody = self._sums(layers > 0, self._ends) < 0.5
                around[nobody] = 0
        smoothed = np.maximum(around, 0) + self.own * layers
        if self.falloff.kind in UNENDING:
            self._mend(smoothed, layers, nobody)
        return smoothed

    def _mend(self, smoothed, layers, nobody):
        """Make very small sums again, tile by tile."""
        small = (smoothed < SMALL * smoothed.max(axis=-1, keepdims=True)) & ~nobody
        again = np.flatnonzero(small.any(axis=-1))
        if again.size:
            cells = np.flatnonzero(small.any(axis=0))
            better = self._tiles.sums(layers[again], cells) + (self.own * layers[again])[:, cells]
            at = np.ix_(again, cells)
            smoothed[at] = np.where(small[at], better, smoothed[at])

    @cached_property
    def _tiles(self):
        return Tiles.of(self.raster, self.falloff)

    @cached_property
    def _weights(self):
        return self._transform(self.falloff.weight)

    @cached_property
    def _ends(self):
        return self._transform(lambda d: self.falloff.weight(d) > 0)

    def _transform(self, weight):
        """The transform of the weights, laid round the origin of a circular raster; a cell's own is left out."""
        down, right = (self.raster.pitch_m * np.arange(-m, m + 1) for m in self.reach)
        stencil = np.zeros(self.size)
        stencil[: len(down), : len(right)] = weight(np.hypot(down[:, np.newaxis], right))
        stencil[self.reach[0], self.reach[1]] = 0
        return fft.rfft2(np.roll(stencil, [-m for m in self.reach], axis=(0, 1)))


class WholeRaster(_RasterSum):
    """Kernel sums by one transform of the raster."""

    def __init__(self, raster, falloff, own):
        super().__init__(raster, falloff, own)
        self.reach = [min(n - 1, raster.steps(falloff.reach_m)) for n in raster.shape]
        self.size = tuple(fft.next_fast_len(n + m, real=True) for n, m in zip(raster.shape, self.reach))
        self.n_numbers = math.prod(self.size)

    def _sums(self, layers, transform):
        whole = np.zeros((len(layers), *self.size))
        whole[:, self.raster.rows, self.raster.columns] = layers
        around = fft.irfft2(fft.rfft2(whole) * transform, s=self.size)
        return around[:, self.raster.rows, self.raster.columns]


class CutRaster(_RasterSum):
    """Kernel sums by a transform of each square that holds cells, with a margin as wide as the kernel's reach."""

    def __init__(self, raster, falloff, own):
        super().__init__(raster, falloff, own)
        self.reach = [raster.steps(falloff.reach_m)] * 2
        self.size = (SIDE, SIDE)
        self.inner = SIDE - 2 * self.reach[0]
        self.whole = tuple(-(-n // self.inner) * self.inner + 2 * self.reach[0] for n in raster.shape)
        self.n_numbers = math.prod(self.whole)
        across = raster.shape[1] // self.inner + 1
        square = raster.rows // self.inner * across + raster.columns // self.inner
        order = np.argsort(square, kind="stable")
        self.cells = np.split(order, np.flatnonzero(np.diff(square[order])) + 1)
        self.corners = [np.array(divmod(square[cells[0]], across)) * self.inner for cells in self.cells]

    def _sums(self, layers, transform):
        margin = self.reach[0]
        whole = np.zeros((len(layers), *self.whole))
        whole[:, self.raster.rows + margin, self.raster.columns + margin] = layers
        around = np.empty(layers.shape)
        for (top, left), cells in zip(self.corners, self.cells):
            square = whole[:, top : top + SIDE, left : left + SIDE]
            found = fft.irfft2(fft.rfft2(square) * transform, s=self.size)
            rows, columns = self.raster.rows[cells] - top, self.raster.columns[cells] - left
            around[:, cells] = found[:, rows + margin, columns + margin]
        return around
