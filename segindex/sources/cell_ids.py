"""Ids of grid cells and their places: YKR's `xyind` and Statistics Finland's `250mN…E…`, in EPSG:3067.

YKR names a cell by its centre, Statistics Finland by its south-west corner. Both stand for the same squares.
"""

import re

import numpy as np
import pandas as pd

from segindex.errors import BadData

SIZES_M = {"250m": 250, "1km": 1000, "5km": 5000}
GRID_ID = re.compile(r"(250m|1km|5km)N(\d{3,6})E(\d{2,5})", re.IGNORECASE)
SHOWN = 5
# the mainland and the sea around it, generously: swapped or shifted coordinates fall outside
EAST_M = (40_000, 780_000)
NORTH_M = (6_560_000, 7_820_000)


def decode_xyind(values, *, path="xyind"):
    """Cell centres from YKR's `xyind`.

    Parameters
    ----------
    values : array_like of str, int or float, shape (n_cells,)
        Six digits of E and seven of N, the leading zero of E present or lost.
    path : str or Path
        What an error names.

    Returns
    -------
    ndarray, shape (n_cells, 2)
        x and y in metres.

    Raises
    ------
    BadData
        A value is no such number, lies outside Finland, or is not the centre of a 250 m cell.

    Examples
    --------
    >>> decode_xyind(["3861256671875"]).tolist()
    [[386125.0, 6671875.0]]
    """
    values = pd.Series(values).reset_index(drop=True)
    text = values.map(_plain).astype(str)
    wrong = ~text.str.fullmatch(r"\d{12,13}").to_numpy(dtype=bool)
    _refuse(wrong, values, path, "xyind", "12 or 13 digits: six of E and seven of N, for example 3861256671875")
    numbers = text.astype("int64").to_numpy()
    xy = np.column_stack([numbers // 10**7, numbers % 10**7]).astype(float)
    _check_finland(xy, values, path, "xyind", "E before N, both in EPSG:3067")
    wrong = (xy % 250 != 125).any(axis=1)
    _refuse(wrong, values, path, "xyind", "centres of 250 m cells: E and N leave 125 when divided by 250")
    return xy


def encode_xyind(x, y):
    """YKR's `xyind` of cells by their centres.

    >>> encode_xyind([86125], [6671875]).tolist()
    ['0861256671875']
    """
    return np.array([f"{int(east):06d}{int(north):07d}" for east, north in zip(x, y)], dtype=object)


def decode_grid_ids(values, *, path="grid_id"):
    """Edge and south-west corners of Statistics Finland's grid cells.

    N and E count 10 m for 250 m cells and kilometres for 1 km cells. For 5 km cells both kilometres and units
    of 5 km are in use; the first number tells which, as Finland's N is 6,570–7,780 km.

    Parameters
    ----------
    values : array_like of str, shape (n_cells,)
        ``250mN667175E38600``, ``1kmN6671E386``, ``5kmN6670E385``; upper or lower case, E padded with zeros or not.
    path : str or Path
        What an error names.

    Returns
    -------
    size_m : int
    corners : ndarray, shape (n_cells, 2)
        x and y in metres.

    Raises
    ------
    BadData
        A value has another form, sizes are mixed, or a place is off the grid or outside Finland.

    Examples
    --------
    >>> size_m, corners = decode_grid_ids(["250mN667175E38600"])
    >>> size_m, corners.tolist()
    (250, [[386000.0, 6671750.0]])
    """
    values = pd.Series(values).reset_index(drop=True)
    parts = values.astype(str).str.strip().str.extract(f"^{GRID_ID.pattern}$", flags=re.IGNORECASE)
    wrong = parts[0].isna().to_numpy()
    _refuse(wrong, values, path, "grid id", "250mN…E…, 1kmN…E… and 5kmN…E…, for example 250mN667175E38600")
    sizes = parts[0].str.lower().map(SIZES_M).to_numpy()
    if len(set(sizes)) > 1:
        raise BadData(
            f"{path}: the grid ids are of several sizes ({', '.join(map(str, sorted(set(sizes))))} m); "
            f"one file holds cells of one size"
        )
    size_m = int(sizes[0]) if len(sizes) else 250
    corners = parts[[2, 1]].astype("int64").to_numpy() * _unit_m(size_m, parts[1])[:, None].astype(float)
    _check_finland(corners, values, path, "grid id", "N before E, both of EPSG:3067")
    wrong = (corners % size_m != 0).any(axis=1)
    _refuse(wrong, values, path, "grid id", f"corners of {size_m} m cells: E and N are multiples of {size_m} m")
    return size_m, corners


def encode_grid_ids(x, y, size_m):
    """Statistics Finland's ids of cells by their south-west corners.

    >>> encode_grid_ids([386000], [6671750], 250).tolist()
    ['250mN667175E38600']
    >>> encode_grid_ids([385000], [6670000], 5000).tolist()
    ['5kmN6670E385']
    """
    name = next(name for name, size in SIZES_M.items() if size == size_m)
    unit = 10 if size_m == 250 else 1000
    return np.array([f"{name}N{int(north) // unit}E{int(east) // unit}" for east, north in zip(x, y)], dtype=object)


def check_corners(corners, size_m, *, path, labels):
    """BadData when south-west corners are off the grid of `size_m` or outside Finland."""
    labels = pd.Series(labels).reset_index(drop=True)
    _check_finland(corners, labels, path, "coordinates", "x before y, in metres, EPSG:3067")
    wrong = (corners % size_m != 0).any(axis=1)
    _refuse(wrong, labels, path, "coordinates", f"south-west corners of {size_m} m cells, multiples of {size_m} m")


def _plain(value):
    """A number or text as digits: 3861256671875.0 and " 3861256671875 " are the same."""
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if np.isfinite(value) and value == int(value) else str(value)
    return re.sub(r"[.,]0+$", "", str(value).strip())


def _unit_m(size_m, north):
    if size_m == 5000:
        return np.where(north.astype("int64").to_numpy() < 2000, 5000, 1000)
    return np.full(len(north), 10 if size_m == 250 else 1000)


def _check_finland(xy, values, path, what, order):
    outside = (xy[:, 0] < EAST_M[0]) | (xy[:, 0] > EAST_M[1]) | (xy[:, 1] < NORTH_M[0]) | (xy[:, 1] > NORTH_M[1])
    _refuse(outside, values, path, what, f"places in Finland, {order}")


def _refuse(wrong, values, path, what, allowed):
    if wrong.any():
        first = ", ".join(map(str, values[wrong].head(SHOWN)))
        raise BadData(
            f"{path}: {what} of {int(wrong.sum())} of {len(values)} rows is wrong, first {first}; allowed are {allowed}"
        )
