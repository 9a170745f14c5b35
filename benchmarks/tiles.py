"""Europe in tiles: what local environments of one tile with its halo cost, and that its core is that of the whole.

A tile is a square of cells, read with a margin as wide as the kernel reaches (its radius, or the cut-off of an
exponential kernel). Prints seconds and peak memory of one tile in a process of its own, for several sizes and two
grids, how far the core's values lie from those of a raster smoothed whole, and what all tiles of Europe would come to.
Cells are made up. Run: python -m benchmarks.tiles
"""

import multiprocessing
import resource
import time
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from segindex.neighbourhood import kernel

LAND_KM2 = 4_400_000
"""Of the countries that share the 1 km population grid of the censuses."""

MEGABYTE = 1024
BLOCKS = 3
"""Tiles a side in the raster that is also smoothed whole."""


class Grid(NamedTuple):
    """A grid: the side of its cells, the part of them that is lived in, the persons of such a cell, sizes of tiles."""

    size_m: int
    inhabited: float
    residents: float
    cores: tuple[int, ...]


class Kernel(NamedTuple):
    """A kernel and how far it reaches."""

    kind: str
    bandwidth_m: float
    cutoff_m: float | None = None

    def halo(self, size_m):
        """Cells of margin: no cell farther away has a weight in the core."""
        return int(-(-(self.cutoff_m or self.bandwidth_m) // size_m))

    def __str__(self):
        end = f", cut at {self.cutoff_m:,.0f} m" if self.cutoff_m else ""
        return f"{self.kind} {self.bandwidth_m:,.0f} m{end}"


GRIDS = (
    (Grid(1000, 0.45, 230, (250, 500, 1000)), (Kernel("biweight", 10_000), Kernel("exponential", 5_000, 30_000))),
    (
        Grid(100, 0.23, 4.5, (250, 500, 1000, 2000)),
        (Kernel("biweight", 1_000), Kernel("biweight", 4_000), Kernel("exponential", 1_000, 6_000)),
    ),
)


def square(side, grid, seed):
    """A square of cells: rows and columns of the inhabited ones, persons of a group in them, and all persons."""
    rng = np.random.default_rng(seed)
    field = gaussian_filter(rng.normal(size=(side, side)), 8, mode="wrap")
    field += gaussian_filter(rng.normal(size=(side, side)), 1, mode="wrap") / 4
    lived = field > np.quantile(field, 1 - grid.inhabited)
    row, column = np.nonzero(lived)
    rank = (field[lived] - field[lived].min()) / np.ptp(field[lived])
    t = 1.0 + rng.poisson(grid.residents * rank**2 * 3)
    x = rng.binomial(t.astype(int), rng.beta(0.5, 6, len(t))).astype(float)
    return row, column, x, t


def around(row, column, x, t, grid, reach):
    """The sums over the surroundings, of the group and of all."""
    xy = np.stack([column, row], axis=1) * float(grid.size_m)
    near = kernel(xy, reach.kind, reach.bandwidth_m, cutoff_m=reach.cutoff_m)
    return near(np.stack([x, t]))


def terms(x, t, sums):
    """What adds up over tiles, and the local shares.

    The sums are of the members, of all persons, and those of spatial isolation and dissimilarity; the last one
    needs the share of the whole, which a first pass over the counts gives (here a twelfth, whatever it is).
    """
    share = sums[0] / sums[1]
    return np.array([x.sum(), t.sum(), (x * share).sum(), (t * np.abs(share - 1 / 12)).sum()]), share


def one(core, grid, reach, seed):
    """Seconds, processor seconds and peak memory (MB) of one tile with its halo, in this process."""
    halo = reach.halo(grid.size_m)
    row, column, x, t = square(core + 2 * halo, grid, seed)
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    sums = around(row, column, x, t, grid, reach)
    inside = _core(row, column, halo, halo, core)
    terms(x[inside], t[inside], sums[:, inside])
    taken, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, used, after.ru_maxrss / MEGABYTE, int(inside.sum())


def _core(row, column, top, left, core):
    return (row >= top) & (row < top + core) & (column >= left) & (column < left + core)


def difference(core, grid, reach, seed):
    """How far tiles are from the whole raster: the most in a share, and in a sum over the cells, in parts of it."""
    halo = reach.halo(grid.size_m)
    row, column, x, t = square(BLOCKS * core, grid, seed)
    whole, share = terms(x, t, around(row, column, x, t, grid, reach))
    added, most = np.zeros(4), 0.0
    for top in range(0, BLOCKS * core, core):
        for left in range(0, BLOCKS * core, core):
            read = np.flatnonzero(_core(row, column, top - halo, left - halo, core + 2 * halo))
            sums = around(row[read], column[read], x[read], t[read], grid, reach)
            inside = _core(row[read], column[read], top, left, core)
            own = read[inside]
            part, found = terms(x[own], t[own], sums[:, inside])
            added += part
            most = max(most, float(np.abs(found - share[own]).max()))
    return most, float(np.abs(added / whole - 1).max())


def main():
    """Print a line a tile, and what the whole would take."""
    spawn = multiprocessing.get_context("spawn")
    for grid, kernels in GRIDS:
        for reach in kernels:
            halo = reach.halo(grid.size_m)
            print(f"{grid.size_m} m cells, {grid.inhabited:.0%} lived in; {reach}: halo of {halo} cells", flush=True)
            for core in grid.cores:
                with spawn.Pool(1) as pool:
                    taken, used, peak, lived = pool.apply(one, (core, grid, reach, 1))
                side_km = core * grid.size_m / 1000
                tiles, over = LAND_KM2 / side_km**2, (1 + 2 * halo / core) ** 2 - 1
                print(
                    f"  core {core:>5} cells ({side_km:>5.0f} km): {lived:>9,} inhabited, {taken:>6.2f} s "
                    f"({used:.2f} of a processor), {peak:>6,.0f} MB, halo {over:>5.0%} more cells; Europe: "
                    f"{tiles:>8,.0f} tiles, {tiles * used:>6.0f} s of a processor, "
                    f"{tiles * lived / 1e6:,.1f} million inhabited cells",
                    flush=True,
                )
            most, sums = difference(200, grid, reach, 2)
            print(f"  9 tiles against the whole: share {most:.1e}, sums {sums:.1e} of themselves", flush=True)


if __name__ == "__main__":
    main()
