"""Reader of Statistics Finland's grid data: the Grid Database (Ruututietokanta) and the open population grids.

The Grid Database is sold as text, Parquet, shapefile or GeoPackage, in cells of 250 m, 1 km and 5 km, under Paavo's
field names; -1 means protected. The open grids of 1 km and 5 km hold residents by sex and three ages.
"""

import numpy as np
import pandas as pd

from segindex.errors import BadData
from segindex.sources import cell_tables, tables
from segindex.sources.cell_ids import SIZES_M, check_corners, decode_grid_ids, encode_grid_ids

RESIDENTS = ("he_vakiy", "vaesto")
IDS = ("grid_id", "grd_id", "grid_inspire")
# south-west corners, all of them
CORNERS = (("euref_x", "euref_y"), ("xkoord", "ykoord"))
VARIABLES = ("he_", "ko_", "hr_", "te_", "tr_", "pt_", "ra_", "tp_")
SHOWN = 5
# by chance all corners of so many 250 m cells are multiples of 1 km once in 16 ** 8 files
FEWEST_TO_TELL = 8


def knows(path):
    """Whether a file is a grid of Statistics Finland: a grid id, or corners beside grid variables and no area code."""
    found = {str(name).strip().lower() for name in tables.columns(path)}
    if found & {"xyind", "postinumeroalue", "postinumero", "pono", "posti_alue"}:
        return False
    counted = "vaesto" in found or any(name.startswith(VARIABLES) for name in found)
    placed = any(set(pair) <= found for pair in CORNERS) or "id_nro" in found
    return counted and (bool(found & set(IDS)) or placed)


def read(path, *, card=None, release=None, municipalities=None, polygons=None, columns=None, taken=None):
    """Read grid tables into one delivery a year.

    Parameters
    ----------
    path : path, or list of paths
        Several tables of the same cells (population, income, …) are joined on the cell and the year.
    card : Card, optional
        The card beside the first file if left out. Its [dates] and [lags] date the variable groups.
    release : str or int, optional
        The year, where a table has no column `vuosi`; where it has, the only year that is read.
    municipalities : path or GeoDataFrame, optional
        Polygons, or the link of 250 m cells to municipalities, for rows without `kunta`.
    polygons : optional
        Not used: a cell's id, corner or own square says where it lies.
    columns : sequence of str, optional
        Columns that must be there. The column of residents is `he_vakiy`, else `vaesto`, else the first of these.
    taken : sequence of City, optional
        The cities whose cells are kept; the eleven if left out.

    Returns
    -------
    list of Delivery

    Raises
    ------
    BadData
        A column is missing, an id or corner is off the grid, the two disagree, a cell stands twice, a count is
        negative and no mark, parts are above their base, no row belongs to a city that is taken.

    Notes
    -----
    Where -1 stands the column is NaN; the base of the variable group stays visible beside it. A cell that another
    table lacks is protected there (see `segindex.sources.cell_tables.deliver`). Income is dated a year before the
    table's year by the shipped card, which a delivery's own card overrides.
    """
    found = [_open_table(one) for one in cell_tables.paths_of(path)]
    return cell_tables.deliver(
        "statfin_grid",
        found,
        card=card,
        release=release,
        municipalities=municipalities,
        columns=columns,
        taken=taken,
        residents=RESIDENTS,
    )


def _open_table(path):
    raw = cell_tables.open_lowered(path)
    size_m, corners = _places(raw)
    centres = corners + size_m / 2
    frame = raw.frame.assign(
        cell=encode_grid_ids(corners[:, 0], corners[:, 1], size_m), x=centres[:, 0], y=centres[:, 1]
    )
    return cell_tables.CellTable(raw.path, cell_tables.form_of(path), frame, size_m)


def _places(raw):
    """Edge and south-west corners by id, else by corner columns, else by the squares themselves; all must agree."""
    named = next((name for name in IDS if name in raw.frame), None)
    pair = next((pair for pair in CORNERS if set(pair) <= set(raw.frame)), None)
    given = None if pair is None else _numbers(raw, pair)
    drawn = None if raw.geometry is None else _squares(raw, needed=named is None and pair is None)
    if named is not None:
        size_m, corners = decode_grid_ids(raw.frame[named], path=raw.path)
        labels = raw.frame[named]
    elif given is not None:
        size_m, corners = _size_of(given, drawn, raw.path), given
        labels = raw.frame[list(pair)].astype(str).agg(" ".join, axis=1)
        check_corners(corners, size_m, path=raw.path, labels=labels)
    elif drawn is not None:
        size_m, corners = drawn
        labels = pd.Series([f"{x:.0f} {y:.0f}" for x, y in corners])
        check_corners(corners, size_m, path=raw.path, labels=labels)
    else:
        raise BadData(
            f"{raw.path}: nothing says where the cells lie; one of {', '.join(IDS)}, "
            f"{' or '.join(' and '.join(pair) for pair in CORNERS)}, or the squares themselves is needed; "
            f"found were {', '.join(raw.frame)}"
        )
    if named is not None and given is not None:
        _check_agree(raw, labels, corners, given, f"column {named}", f"columns {' and '.join(pair)}")
    if drawn is not None and (named is not None or given is not None):
        if drawn[0] != size_m:
            raise BadData(f"{raw.path}: the squares have an edge of {drawn[0]} m, but their ids or corners {size_m} m")
        _check_agree(raw, labels, corners, drawn[1], "ids or corner columns", "geometry")
    return size_m, corners


def _numbers(raw, pair):
    values = raw.frame[list(pair)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isfinite(values).all(axis=1)
    if wrong.any():
        shown = raw.frame.loc[wrong, list(pair)].head(SHOWN).astype(str).agg(" ".join, axis=1)
        raise BadData(
            f"{raw.path}: columns {' and '.join(pair)} hold no coordinates in {int(wrong.sum())} rows, first "
            f"{', '.join(shown)}; allowed are metres of EPSG:3067"
        )
    return values


def _squares(raw, needed):
    """Edge and corners of the file's polygons; None when they are not needed and tell nothing (points, no CRS)."""
    from pyproj import CRS

    geometry = raw.geometry
    if geometry.crs is None or geometry.crs != CRS.from_epsg(3067):
        if not needed and (geometry.crs is None or geometry.crs.is_projected):
            return None
        raise BadData(
            f"{raw.path}: the coordinate system is {geometry.crs or 'not named'}; the cells' squares are taken in "
            f"EPSG:3067 (ETRS-TM35FIN), metres"
        )
    if geometry.isna().any() or geometry.is_empty.any():
        raise BadData(f"{raw.path}: {int((geometry.isna() | geometry.is_empty).sum())} rows have no geometry")
    bounds = geometry.bounds.to_numpy()
    edges = np.round(bounds[:, 2:] - bounds[:, :2])
    size_m = int(edges[0, 0])
    if size_m == 0 and not needed:
        return None
    wrong = (edges != size_m).any(axis=1)
    if wrong.any() or size_m not in SIZES_M.values():
        shown = ", ".join(
            f"{wide:.0f} x {high:.0f}" for wide, high in edges[wrong if wrong.any() else slice(1)][:SHOWN]
        )
        raise BadData(
            f"{raw.path}: the polygons are no squares of one size, first {shown} m; allowed are squares of "
            f"{', '.join(f'{size} m' for size in SIZES_M.values())}"
        )
    return size_m, np.round(bounds[:, :2])


def _size_of(corners, drawn, path):
    """The edge of cells that only their corners describe: the largest that all corners are multiples of."""
    if drawn is not None:
        return drawn[0]
    size_m = next((size for size in sorted(SIZES_M.values(), reverse=True) if (corners % size == 0).all()), 250)
    if size_m > 250 and len(corners) < FEWEST_TO_TELL:
        raise BadData(
            f"{path}: {len(corners)} rows with corners only do not tell whether the cells are of 250 m or {size_m} m; "
            f"a column of ids ({', '.join(IDS)}) is needed"
        )
    return size_m


def _check_agree(raw, labels, corners, others, one, another):
    differ = (np.abs(corners - others) > 1).any(axis=1)
    if differ.any():
        shown = ", ".join(
            f"{label}: {x:.0f} {y:.0f}"
            for label, (x, y) in zip(labels.reset_index(drop=True)[differ][:SHOWN], others[differ])
        )
        raise BadData(
            f"{raw.path}: {one} and {another} name different places in {int(differ.sum())} rows, first {shown}; "
            f"both must give the cell's south-west corner"
        )
