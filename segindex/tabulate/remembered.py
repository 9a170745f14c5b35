"""Surroundings that smooth a layer of counts once, however many indices ask for it."""

from hashlib import blake2b

import numpy as np

MOST_BYTES = 200_000_000


class Remembered:
    """A `nearby` whose sums are kept by the bytes of the layer that they are of.

    A dozen indices smooth the same groups and totals; a layer is one year of one group.
    """

    def __init__(self, near):
        self.near = near
        self.kept = {}

    def __call__(self, counts):
        counts = np.asarray(counts, dtype=float)
        layers = np.ascontiguousarray(counts.reshape(-1, counts.shape[-1]))
        keys = [blake2b(layer, digest_size=16).digest() for layer in layers]
        found = {key: self.kept[key] for key in keys if key in self.kept}
        new = [at for at, key in enumerate(keys) if key not in found and key not in keys[:at]]
        if new:
            found |= dict(zip((keys[at] for at in new), self.near(layers[new])))
        self._keep(found)
        return np.stack([found[key] for key in keys]).reshape(counts.shape)

    def _keep(self, found):
        self.kept |= found
        most = max(1, MOST_BYTES // next(iter(found.values())).nbytes)
        while len(self.kept) > most:
            del self.kept[next(iter(self.kept))]
