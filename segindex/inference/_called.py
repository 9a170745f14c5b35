"""How the functions of this room call an index: by name or function, on (x, t) or counts, with the index's keywords."""

import inspect

import numpy as np

from segindex import indices
from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.indices._arrays import check_counts, ratio


class Called:
    """An index that is called on any counts of the same cells, its other inputs being fixed."""

    def __init__(self, index, inputs):
        self.function = index if callable(index) else getattr(indices, str(index), None)
        if self.function is None or str(index).startswith("_"):
            hint = did_you_mean(index, indices.__all__, "`segindex list indices` names them")
            raise BadSettings(f"index {index!r} is unknown; {hint}")
        self.name = getattr(self.function, "__name__", str(index))
        self.parameters = inspect.signature(self.function).parameters
        unknown = [name for name in inputs if name not in self.parameters or name in ("x", "y", "t", "counts")]
        if unknown:
            known = [name for name in self.parameters if name not in ("x", "y", "t", "counts", "share")]
            raise BadSettings(
                f"{self.name} takes no {', '.join(map(repr, unknown))}; its keywords are {', '.join(known) or 'none'}"
            )
        self.inputs = inputs
        self.pairwise = not {"counts"} >= {one for one in self.parameters if one in ("x", "y", "t", "counts", "share")}

    def gate(self, data):
        """Judge the data: (x, t), or counts; gives counts (..., n_cells, n_groups), the last group being the rest."""
        if len(data) == 2:
            x, t = np.broadcast_arrays(*check_counts(x=data[0], t=data[1]))
            return np.stack([x, t - x], axis=-1)
        if len(data) != 1:
            raise BadData(f"{len(data)} arrays are given; allowed are x and t, or counts")
        [counts] = check_counts(counts=data[0])
        if self.pairwise and counts.shape[-1] != 2:
            raise BadData(f"{self.name} is of two groups; counts holds {counts.shape[-1]}: give x and t")
        return counts

    def __call__(self, counts):
        """The index of counts, of shape (..., n_cells, n_groups)."""
        x, t = counts[..., 0], counts.sum(axis=-1)
        given = {"x": x, "y": t - x, "t": t, "counts": counts}
        if "share" in self.parameters:
            given["share"] = ratio(x, t)
        given = {name: given[name] for name in given if name in self.parameters}
        return np.asarray(self.function(**given, **self.inputs), dtype=float)
