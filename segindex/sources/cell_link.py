"""Statistics Finland's link of grid cells to municipalities (`hila250m_linkki`): a table instead of polygons.

A cell stands in it by its south-west corner, with its municipality by the borders of each year (`kunnro2024`).
"""

import re

import numpy as np
import pandas as pd

from segindex.errors import BadData
from segindex.sources import borders, tables
from segindex.sources.cell_ids import check_corners
from segindex.sources.delivery import check_columns

CORNERS = ("euref_x", "euref_y")
CODE = re.compile(r"kunnro(19|20)\d{2}")
SIZE_M = 250


def is_link(path):
    """Whether a file is such a link: corners and a municipality by year, and no geometry that would say it better."""
    if tables.kind(path) == "vector":
        return False
    names = {str(name).lower() for name in tables.columns(path)}
    return set(CORNERS) <= names and any(CODE.fullmatch(name) for name in names)


def read_link(path):
    """Municipality code of each cell.

    Parameters
    ----------
    path : path
        A text or Parquet table with `euref_x`, `euref_y` (south-west corners, EPSG:3067) and one or more columns
        `kunnro<year>`, of which the latest is taken.

    Returns
    -------
    Series of str
        Codes of three digits by (x, y) of the cell's centre in metres. A cell that stands in several municipalities
        is of the one that stands first.

    Raises
    ------
    BadData
        A column is missing, a corner is off the grid of 250 m or outside Finland, a code is none.
    """
    frame = tables.open_raw(path).frame.rename(columns=lambda name: str(name).lower())
    years = sorted(name for name in frame if CODE.fullmatch(name))
    check_columns(frame, CORNERS, path=path)
    if not years or frame.empty:
        raise BadData(
            f"{path}: {'no column kunnro<year> holds a municipality' if not years else 'the file has no rows'}; "
            f"columns found: {', '.join(map(str, frame.columns))}"
        )
    corners = frame[list(CORNERS)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isfinite(corners).all(axis=1)
    if wrong.any():
        raise BadData(
            f"{path}: columns {' and '.join(CORNERS)} hold no coordinates in {int(wrong.sum())} rows, first row "
            f"{int(np.flatnonzero(wrong)[0]) + 1}; allowed are metres of EPSG:3067"
        )
    labels = pd.Series([f"{x:.0f} {y:.0f}" for x, y in corners])
    check_corners(corners, SIZE_M, path=path, labels=labels)
    codes = borders.codes_of(frame[years[-1]], 3, path=path, column=years[-1], what="municipality codes")
    centres = pd.MultiIndex.from_arrays((corners + SIZE_M / 2).T, names=["x", "y"])
    found = pd.Series(codes, index=centres, dtype=object)
    return found[~found.index.duplicated()]


def municipality_of(x, y, link):
    """Code of the municipality of each cell by its centre; None for cells that the link does not hold.

    >>> link = pd.Series(["091"], index=pd.MultiIndex.from_tuples([(386125.0, 6671875.0)]))
    >>> municipality_of([386125.0, 386375.0], [6671875.0, 6671875.0], link).tolist()
    ['091', None]
    """
    at = link.index.get_indexer(pd.MultiIndex.from_arrays([np.asarray(x, float), np.asarray(y, float)]))
    return np.append(link.to_numpy(dtype=object), None)[at]
