"""Every measure of ours as a call on a city, whether a peer has it or not."""

from functools import partial

import numpy as np

from segindex.inference import local_clusters
from segindex.neighbourhood import contiguity, kernel, nearest
from segindex.registry import INDICES

RADIUS_M = 1_000.0
RESIDENTS = 400
PERMUTATIONS = 9_999


def environments(city):
    """Surroundings of every cell, made once: by a kernel and by nearest residents."""
    return {
        "1 km": kernel(city.xy, "biweight", RADIUS_M),
        f"k {RESIDENTS}": nearest(city.xy, city.t, RESIDENTS),
    }


def measures(known):
    """Every measure by name, as a call on a city; `known` gives the environments of a city."""
    calls = {}
    for index in INDICES:
        calls[index.key] = partial(_value, index=index)
        if index.spatial:
            for scale in next(iter(known.values())):
                calls[f"{index.key}, {scale}"] = partial(_value, index=index, known=known, scale=scale)
    calls["contiguity, queen"] = lambda city: contiguity(city.xy, "queen")
    for kind in ("biweight", "exponential"):
        calls[f"kernel, {kind}, 1 km"] = lambda city, kind=kind: kernel(city.xy, kind, RADIUS_M)(city.x)
    calls[f"nearest, k {RESIDENTS}"] = lambda city: nearest(city.xy, city.t, RESIDENTS)(city.x)
    calls[f"local_clusters, {PERMUTATIONS:,} permutations"] = _clusters
    return calls


def _value(city, *, index, known=None, scale=None):
    return index.function(**city.inputs(index), **({"nearby": known[city][scale]} if scale else {}))


def _clusters(city):
    return local_clusters(city.x, city.t, city.queen, rng=np.random.default_rng(1), permutations=PERMUTATIONS)
