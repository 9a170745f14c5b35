"""What a reader hands on: one release or year of one source, judged, with protected values as NaN.

Every reader ends in a `Delivery`. Its frame promises: one row a cell of one of the cities that are taken (the eleven,
or those of the settings); counts are floats, at least 0, or NaN, and NaN means *protected*, nothing else; a cell where
nobody lives holds zeros.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from segindex.errors import BadData
from segindex.facts import EVERY, cities_by_code
from segindex.sources.card import Card

SHOWN = 5
MOST = 1e12
NO_COUNTS = ("city", "cell", "x", "y", "name", "area_m2")


class NoCity(BadData):
    """No row of a file belongs to a city that is taken."""


@dataclass(frozen=True)
class Notice:
    """Something left out or odd that stops nothing: what, how many cells, how many residents, the first of them."""

    kind: str
    text: str
    cells: int = 0
    residents: float = 0.0
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """One release (or year) of one source.

    Attributes
    ----------
    source : str
        Key of the reader.
    form : str
        In words, the form in which the file came ("WFS table", "PxWeb export", "shapefile", …).
    path : Path
        The file that was read (the first of several).
    card : Card
    release : str
        The producer's release ("2018"), "" where the file does not tell or has none.
    dates : mapping
        Reference date of each variable group, ISO; key "*" holds for groups that are not named.
    residents : str
        The column of `frame` that counts residents.
    frame : DataFrame
        `city, cell` (text), `x, y` (centre in metres, in `crs`; NaN where the source has none), `name` and
        `area_m2` (of an area, optional), then the count columns.
    cell_size_m : float or None
        Edge of a grid cell; None for areas.
    geometry : GeoSeries or None
        Polygons in EPSG:3067 in the order of `frame`, where the source has them and they are no grid.
    notices : tuple of Notice
    crs : str
        Coordinate system of `x, y`: EPSG:3067, but for a grid that is regular in its own system only.
    """

    source: str
    form: str
    path: Path
    card: Card
    release: str
    dates: Mapping[str, str]
    residents: str
    frame: pd.DataFrame
    cell_size_m: float | None = None
    geometry: object = None
    notices: tuple[Notice, ...] = field(default=())
    crs: str = "EPSG:3067"

    @property
    def columns(self):
        """The count columns that the file gave."""
        return tuple(name for name in self.frame.columns if name not in NO_COUNTS)

    def date(self, column):
        """Reference date of a column: of its variable group (the part before "_"), else of "*"."""
        found = self.dates.get(column.split("_")[0], self.dates.get("*"))
        if found is None:
            raise BadData(
                f"{self.path}: no reference date is known for {column}, release {self.release or '?'}; "
                f"give it in the card: [dates] in source.toml, for example {column.split('_')[0]} = "
                f'"2020-12-31"'
            )
        return found

    def year(self, column):
        """Statistical year of a column."""
        return int(self.date(column)[:4])


def counts(frame, columns, *, path, marks=(-1,), cell="cell"):
    """Count columns as floats with NaN for protected values.

    `marks` are the numbers that mean protected. Text that is no number, another negative value, an infinite one
    or an empty field is refused with its first rows; a reader for which empty means something settles that first.
    """
    result = {}
    for name in columns:
        values = numbers(frame[name])
        wrong = ~(np.abs(values) < MOST)
        if wrong.any():
            raise BadData(
                f"{path}: column {name} has {wrong.sum()} values that are no finite numbers, first "
                f"{_first(frame, wrong, name, cell)}; allowed are counts from 0, and {_marks(marks)} for protected"
            )
        hidden = np.isin(values, marks)
        negative = (values < 0) & ~hidden
        if negative.any():
            raise BadData(
                f"{path}: column {name} has {negative.sum()} negative values, first "
                f"{_first(frame, negative, name, cell)}; allowed are counts from 0, and {_marks(marks)} for protected"
            )
        result[name] = np.where(hidden, np.nan, values)
    return pd.DataFrame(result, index=frame.index)


def numbers(column):
    """A column's values as floats, NaN for what is no number.

    A column of plain numbers written as text is cast whole by Arrow, five times as fast as one by one.
    """
    import pyarrow

    if column.dtype.kind not in "biuf":
        try:
            return pyarrow.array(column, from_pandas=True).cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError):
            pass
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def check_columns(found, needed, *, path, what="columns"):
    """BadData that lists what was found when a needed column is missing."""
    missing = [name for name in needed if name not in found]
    if missing:
        raise BadData(
            f"{path}: {what} {', '.join(missing)} are missing; found were {', '.join(map(str, found)) or 'none'}"
        )


def check_unique(frame, *, path, key=("cell",)):
    """BadData when a cell stands twice."""
    twice = frame.duplicated(list(key), keep=False).to_numpy()
    if twice.any():
        shown = frame.loc[twice, list(key)].astype(str).agg(" ".join, axis=1).unique()[:SHOWN]
        raise BadData(f"{path}: {int(twice.sum())} rows share a cell, first {', '.join(shown)}; a cell may stand once")


def check_parts(frame, parts, base, *, path, cell="cell"):
    """BadData when the visible parts of a base sum to more than the base itself."""
    total = frame[list(parts)].sum(axis=1, skipna=True).to_numpy()
    bases = frame[base].to_numpy(dtype=float)
    above = total > bases + 1e-6
    if above.any():
        raise BadData(
            f"{path}: {' + '.join(parts)} is above its base {base} in {int(above.sum())} cells, first "
            f"{_first(frame.assign(parts=total), above, 'parts', cell)}; parts may at most equal their base"
        )


def takes_every(taken):
    """Whether the taken cities are one that takes every row, whatever municipality it names."""
    return taken is not None and EVERY in cities_by_code(taken)


def keep_cities(frame, codes, *, path, residents=None, merged=True, taken=None):
    """The rows of the taken cities with a first column `city`, and a Notice of what was dropped.

    `codes` are municipality codes in the order of the rows; `taken` are the cities (`segindex.facts.City`), the eleven
    if left out. With `merged`, codes of municipalities that have merged into a city count to it (its present border
    backwards); without, a city is its own codes alone. BadData when no row is left.
    """
    if takes_every(taken):
        return _with_city(frame, taken[0].key), ()
    texts = [str(code).zfill(3) if str(code).isdigit() else str(code) for code in codes]
    codes = pd.Series(texts, index=frame.index, dtype=str)
    by_code = cities_by_code(taken, merged=merged)
    own = cities_by_code(taken, merged=False)
    names = codes.map({code: city.key for code, city in by_code.items()})
    kept = names.notna()
    if not kept.any():
        whose = "the eleven cities" if taken is None else "the cities of the settings"
        more = "; [[city]] in run.toml takes other municipalities" if taken is None else ""
        raise NoCity(
            f"{path}: no row belongs to one of {whose}; found municipalities {', '.join(sorted(codes.unique())[:20])}; "
            "known are " + ", ".join(f"{code} {city.key}" for code, city in own.items()) + more
        )
    notices = ()
    absent = sorted({code for city in taken or () for code in city.municipalities} - set(codes))
    if absent:
        text = f"municipalities of the settings in which the file has no cell: {', '.join(absent)}"
        notices = (Notice("absent_municipality", text, first=tuple(absent)),)
    joined = kept & ~codes.isin(own)
    if joined.any():
        notices = (
            *notices,
            Notice(
                "merged_municipality",
                "cells of municipalities that have merged into a city are counted to it",
                int(joined.sum()),
                0.0 if residents is None else float(np.nansum(pd.Series(residents, index=frame.index)[joined])),
                tuple(sorted(codes[joined].unique()))[:SHOWN],
            ),
        )
    if not kept.all():
        lost = 0.0 if residents is None else float(np.nansum(np.asarray(residents, dtype=float)[~kept]))
        others = tuple(sorted(codes[~kept].unique()))
        whose = "eleven cities" if taken is None else "cities of the settings"
        notices = (
            *notices,
            Notice(
                "other_municipality",
                f"cells of municipalities outside the {whose} are left out",
                int((~kept).sum()),
                lost,
                others[:SHOWN],
            ),
        )
    return _with_city(frame[kept], names[kept].astype(str)), notices


def _with_city(frame, names):
    result = frame.copy()
    result.insert(0, "city", pd.Series(names, index=frame.index, dtype="str"))
    return result


def _first(frame, where, name, cell):
    rows = frame.loc[where].head(SHOWN)
    label = rows[cell] if cell in rows else rows.index.to_series()
    return ", ".join(f"{row}: {value}" for row, value in zip(label, rows[name]))


def _marks(marks):
    return ", ".join(f"{mark:g}" for mark in marks) or "nothing"
