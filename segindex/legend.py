"""The classes that cells are coloured by on maps: their words, their colours, and which cell is of which.

One place for figures, for maps in a notebook and for the styles of the layer for GIS. The scales are ColorBrewer's
RdYlBu, YlGnBu and OrRd (https://colorbrewer2.org, Apache 2.0), and brown to blue for the types: colour-blind readers
tell them apart.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from segindex import wording
from segindex.errors import BadData, BadSettings, did_you_mean

LAND = "#e9e7e0"
INK = "#22252b"
LINE = "#8f959e"
PROTECTED = "#8c8a84"
EMPTY = "#cdcac0"
ALONE = "#b7c99b"
CLUSTERS = {
    "high-high": "#b2182b",
    "low-low": "#2166ac",
    "high-low": "#ef8a62",
    "low-high": "#92c5de",
    "not significant": "#ffffff",
    "no neighbour": ALONE,
    "protected": PROTECTED,
    "empty": EMPTY,
}
TYPES = {1: "#8c3d04", 2: "#e3974a", 3: "#ffffff", 4: "#94bbdd", 5: "#1f4e8c"}
SHARES = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
DISADVANTAGE = ("#4575b4", "#91bfdb", "#e0f3f8", "#fee090", "#fc8d59", "#d73027")
WORST = ("#fef0d9", "#fdcc8a", "#fc8d59", "#e34a33", "#b30000")

SHARE_EDGES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6)
DISADVANTAGE_EDGES = (-1.0, -0.5, 0.0, 0.5, 1.0)
COLUMNS = ("cluster", "share", "type", "type_in_city", "disadvantage", "n_worst")
OF_GROUPS = ("cluster", "share")
LASTING = {"every": "#b30000", "most": "#fc8d59", "few": "#fdcc8a", "none": "#ffffff"}


class Class(NamedTuple):
    """A class of cells: a value (`key`), or numbers from `low` to below `high`; `hatched` where nothing is known."""

    key: str
    label: str
    colour: str
    low: float = np.nan
    high: float = np.nan
    hatched: bool = False

    @property
    def ranged(self):
        """Whether the class is a range of numbers."""
        return not np.isnan(self.low)


def classes(column, language, edges=None):
    """The classes of a column of the tables of cells, in the order of the legend.

    Parameters
    ----------
    column : {"cluster", "share", "type", "type_in_city", "disadvantage", "n_worst"}
    language : {"fi", "sv", "en"}
    edges : sequence of float, optional
        Where shares, between 0 and 1, are cut: six at most, ascending.

    Returns
    -------
    list of Class

    Raises
    ------
    BadSettings
        The column is unknown, or the edges do not ascend or are no shares.

    Examples
    --------
    >>> [found.label for found in classes("share", "en", edges=(0.1,))]
    ['under 10%', '10% or more', 'protected', 'no base population']
    """
    if column not in COLUMNS:
        hint = did_you_mean(column, COLUMNS, f"allowed are {', '.join(COLUMNS)}")
        raise BadSettings(f"column {column!r} has no classes; {hint}")
    if edges is not None and column != "share":
        raise BadSettings(f"edges are of shares; the classes of {column} are fixed")
    if column == "cluster":
        return [_cluster(key, language) for key in CLUSTERS]
    if column == "share":
        cuts = _checked(SHARE_EDGES if edges is None else edges)
        marks = [wording.percent(cut, language, 0 if round(cut * 100, 9) % 1 == 0 else 1) for cut in cuts]
        return [*_ranges(cuts, marks, SHARES, language), *(_cluster(key, language) for key in ("protected", "empty"))]
    unknown = Class("unknown", wording.text(language, "types.unknown"), PROTECTED, hatched=True)
    if column == "disadvantage":
        marks = [wording.number(cut, language, 1) for cut in DISADVANTAGE_EDGES]
        return [*_ranges(DISADVANTAGE_EDGES, marks, DISADVANTAGE, language), unknown]
    if column == "n_worst":
        last = len(WORST) - 1
        names = [*map(str, range(last)), wording.text(language, "cell_map.or_more", limit=str(last))]
        ends = [*range(1, last + 1), np.inf]
        return [*(Class(str(at), names[at], WORST[at], at, ends[at]) for at in range(last + 1)), unknown]
    return [
        *(Class(str(key), wording.text(language, f"types.type_{key}"), colour) for key, colour in TYPES.items()),
        unknown,
    ]


def lasting_classes(language):
    """The classes of cells by how many of the years the cluster that they are of was found in.

    >>> [found.key for found in lasting_classes("en")]
    ['every', 'most', 'few', 'none', 'protected', 'empty']
    """
    known = [Class(key, wording.text(language, f"atlas.lasting_{key}"), colour) for key, colour in LASTING.items()]
    return [*known, *(_cluster(key, language) for key in ("protected", "empty"))]


def classify(values, found):
    """The place among the classes `found` of each value; a number that is missing is of the first hatched class.

    Parameters
    ----------
    values : array_like, shape (n_cells,)
        Keys (text or whole numbers), or numbers where the classes are ranges.

    Returns
    -------
    ndarray of int, shape (n_cells,)

    Raises
    ------
    BadData
        A value is of no class.

    Examples
    --------
    >>> classify([0.05, 0.1, float("nan")], classes("share", "en", edges=(0.1,))).tolist()
    [0, 1, 2]
    """
    unknown = next(at for at, one in enumerate(found) if one.hatched)
    if found[0].ranged:
        numbers = np.asarray(values, dtype=float)
        lows = [one.low for one in found if one.ranged]
        places = np.searchsorted(lows, numbers, side="right") - 1
        return np.where(np.isnan(numbers), unknown, places)
    place = {one.key: at for at, one in enumerate(found)} | {"0": unknown, "": unknown}
    which, seen = pd.factorize(pd.Series(values, dtype=object if isinstance(values, list) else None))
    keys = [*map(_key, seen), ""]
    strange = sorted({key for key in keys if key not in place})
    if strange:
        allowed = ", ".join(one.key for one in found)
        raise BadData(f"cells of the classes {', '.join(strange[:5])}; allowed are {allowed}")
    return np.array([place[key] for key in keys], dtype=int)[which]


def places_of(rows, column, found):
    """The place among the classes `found` of each row of a table of cells, by a column of it.

    A cell without a base has no share; it is not a protected one.

    Parameters
    ----------
    rows : DataFrame
        With the column, and `hidden` and `cluster` where the table has them.

    Returns
    -------
    ndarray of int, shape (n_rows,)
    """
    values = rows[column]
    if column != "share":
        return classify(values, found)
    hidden = rows["hidden"].to_numpy(dtype=bool) if "hidden" in rows else np.zeros(len(rows), dtype=bool)
    hidden = hidden | (rows["cluster"] == "protected").to_numpy() if "cluster" in rows else hidden
    places = classify(values.mask(hidden), found)
    empty = next(at for at, one in enumerate(found) if one.key == "empty")
    return np.where(values.isna().to_numpy() & ~hidden, empty, places)


def _key(value):
    if wording.missing(value):
        return ""
    return str(int(value)) if isinstance(value, float) else str(value)


def _cluster(key, language):
    name = wording.text(language, f"cluster.{key.replace('-', '_').replace(' ', '_')}")
    return Class(key, name, CLUSTERS[key], hatched=key == "protected")


def _checked(edges):
    edges = [float(edge) for edge in edges]
    if not 1 <= len(edges) < len(SHARES) or edges != sorted(set(edges)) or edges[0] <= 0 or edges[-1] >= 1:
        raise BadSettings(f"edges are {edges}; allowed are one to {len(SHARES) - 1} shares between 0 and 1, ascending")
    return edges


def _ranges(cuts, marks, colours, language):
    """Classes between the cuts, the colours spread over the whole scale."""
    spread = np.linspace(0, len(colours) - 1, len(cuts) + 1).round().astype(int)
    names = [
        wording.text(language, "cell_map.under", limit=marks[0]),
        *(wording.text(language, "cell_map.between", low=low, high=high) for low, high in pairwise(marks)),
        wording.text(language, "cell_map.or_more", limit=marks[-1]),
    ]
    ends = [-np.inf, *cuts, np.inf]
    return [
        Class(f"{at}", name, colours[spread[at]], low, high)
        for at, (name, low, high) in enumerate(zip(names, ends, ends[1:]))
    ]
