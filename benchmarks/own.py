"""Time and peak memory of segindex's own measures for growing cities, and the exponent of their growth.

Run: python benchmarks/own.py [largest number of cells]
"""

import sys
import time
import tracemalloc

import numpy as np

from segindex.inference.local_clusters import local_clusters
from segindex.neighbourhood import contiguity, kernel, nearest
from segindex.registry import INDICES

SIZES = (400, 1_600, 6_400, 25_600, 102_400)


def city(n, seed=1):
    """A square city of n cells: counts of a clustered group, and the centres."""
    rng = np.random.default_rng(seed)
    side = int(np.sqrt(n))
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    t = rng.poisson(40, side * side).astype(float)
    x = rng.binomial(t.astype(int), 0.1 + 0.2 * (np.sin(at[:, 0] / 5) > 0.5)).astype(float)
    return x, t, at * 250.0


def measures(x, t, xy):
    """Every measure by name, as a call without arguments."""
    weights = contiguity(xy, "queen")
    share = np.divide(x, t, out=np.full(t.shape, np.nan), where=t > 0)
    given = {"x": x, "y": t - x, "t": t, "counts": np.stack([x, t - x], -1), "share": share, "weights": weights}
    near = kernel(xy, "biweight", 1000.0)
    closest = nearest(xy, t, 400)
    for index in INDICES:
        inputs = {name: given[name] for name in index.parameters if name in given}
        yield index.key, lambda index=index, inputs=inputs: index.function(**inputs)
        if "nearby" in index.parameters:
            yield f"{index.key} 1 km", lambda index=index, inputs=inputs: index.function(**inputs, nearby=near)
            yield f"{index.key} k 400", lambda index=index, inputs=inputs: index.function(**inputs, nearby=closest)
    yield "contiguity", lambda: contiguity(xy, "queen")
    yield "nearest 400", lambda: nearest(xy, t, 400)
    yield "local_clusters 9999", lambda: local_clusters(x, t, weights, rng=np.random.default_rng(1))


def main(largest):
    """Print a line a measure: seconds and peak megabytes by size, and the growth from the third size on."""
    sizes = [size for size in SIZES if size <= largest]
    table = {}
    for size in sizes:
        for name, call in measures(*city(size)):
            began = time.perf_counter()
            call()
            seconds = time.perf_counter() - began
            tracemalloc.start()
            call()
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            table.setdefault(name, []).append((seconds, peak))
    print(f"{'measure':32}" + "".join(f"{size:>18,}" for size in sizes) + f"{'growth':>9}")
    for name, cells in table.items():
        late = cells[2:] if len(cells) > 3 else cells
        growth = np.polyfit(np.log(sizes[-len(late) :]), np.log([one[0] for one in late]), 1)[0] if len(late) > 1 else 0
        shown = "".join(f"{seconds:>9.4f} s {peak:>4.0f} MB" for seconds, peak in cells)
        print(f"{name:32}{shown}{growth:>9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])
