"""What a part of the report is given, as one sha256: the same in every process, so that a rerun can tell what changed.

A frame counts by its columns, types and values, an outline by its well-known binary, a function by its name: what it
does is the code's own sum. Fields of a dataclass that do not count when two are compared (a place) do not count here.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import PurePath

import numpy as np
import pandas as pd

PLAIN = (str, int, float, bool, bytes, type(None))


class Fingerprints:
    """Fingerprints of many parts of one report: what several of them are given is looked at once."""

    def __init__(self):
        self._known = {}

    def of(self, value):
        """The sha256 of a value, of whatever a render function may be given.

        Raises
        ------
        TypeError
            The value is of a kind that has no fingerprint here: a part must not be taken for unchanged by mistake.
        """
        if isinstance(value, np.generic):
            return self.of(value.item())
        if isinstance(value, PLAIN):
            return _sum(type(value).__name__, value if isinstance(value, bytes) else repr(value))
        if id(value) not in self._known:
            self._known[id(value)] = value, self._of(value)
        return self._known[id(value)][1]

    def _of(self, value):
        if isinstance(value, pd.DataFrame):
            return self._frame(value)
        if isinstance(value, (pd.Series, pd.Index)):
            return _sum("series", repr(value.name), repr(value.dtype), _values(value), self._rows(value))
        if isinstance(value, np.ndarray):
            return _sum("array", str(value.shape), _values(pd.Series(value.ravel())))
        if isinstance(value, partial):
            return _sum("call", self.of(value.func), self.of(value.args), self.of(value.keywords))
        if isinstance(value, dict):
            return _sum("dict", *(self.of(part) for pair in value.items() for part in pair))
        if isinstance(value, (set, frozenset)):
            return _sum("set", *sorted(map(self.of, value)))
        if isinstance(value, (tuple, list)):
            return _sum(type(value).__name__, *map(self.of, value))
        if is_dataclass(value):
            compared = [getattr(value, field.name) for field in fields(value) if field.compare]
            return _sum(_named(type(value)), *map(self.of, compared))
        if isinstance(value, PurePath):
            return _sum("path", value.as_posix())
        if hasattr(value, "wkb"):
            return _sum("outline", value.wkb)
        if callable(value) and hasattr(value, "__qualname__"):
            return _sum("function", _named(value))
        raise TypeError(f"{type(value).__name__} has no fingerprint: give a part of the report tables and plain values")

    def _frame(self, frame):
        columns = ((repr(name), column) for name, column in frame.items())
        parts = [part for name, column in columns for part in (name, str(column.dtype), _values(column))]
        return _sum("frame", str(getattr(frame, "crs", "")), self._rows(frame), *parts)

    def _rows(self, value):
        """The labels of the rows; those that only count them say no more than how many there are."""
        rows = value if isinstance(value, pd.Index) else value.index
        plain = isinstance(rows, pd.RangeIndex) and rows.start == 0 and rows.step == 1
        return _sum("rows", str(len(rows)), "" if plain else _values(rows))


def _values(column):
    """The values of a column as one piece: numbers by their bytes, anything else as text."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiubM":
        numbers = column.to_numpy()
        if column.dtype.kind == "f":
            numbers = np.where(np.isnan(numbers), np.nan, numbers)
        return numbers.tobytes()
    return json.dumps(np.asarray(column, object).tolist(), default=_word)


def _word(value):
    return value.wkb.hex() if hasattr(value, "wkb") else repr(value)


def _named(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


def _sum(*parts):
    """One sha256 of pieces, each after its length."""
    found = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else part.encode()
        found.update(len(content).to_bytes(8, "little"))
        found.update(content)
    return found.hexdigest()
