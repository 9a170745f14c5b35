"""HSY's population grid of the Helsinki metropolitan area: residents and nine age groups in cells of 250 or 500 m.

The grid is regular in ETRS-GK25 (EPSG:3879) and in no other system, so cells keep their centres in that one.
"""

import re

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings
from segindex.sources import borders, tables
from segindex.sources import card as cards
from segindex.sources.delivery import (
    SHOWN,
    Delivery,
    Notice,
    check_columns,
    check_parts,
    check_unique,
    counts,
    keep_cities,
    takes_every,
)

SOURCE = "hsy"
CRS = "EPSG:3879"
RESIDENTS = "asukkaita"
AGES = (
    *("ika0_9", "ika10_19", "ika20_29", "ika30_39", "ika40_49", "ika50_59", "ika60_69", "ika70_79"),
    "ika_yli80",
)
SIZES_M = (250, 500)
# published corners are off the grid by up to 1 m
OFF_GRID_M = 2.0
# residents without a place on land are put in cells south of this northing
SEA_NORTH = 6_664_000
PROTECTED = 99
WKT = ("geom", "geometry", "wkb_geometry", "the_geom", "wkt", "geometria")


def knows(path):
    """Whether a file has HSY's columns."""
    names = {str(name).lower() for name in tables.columns(path)}
    return RESIDENTS in names and "ika_yli80" in names


def read(path, *, card=None, release=None, municipalities=None, polygons=None, columns=None, taken=None):
    """Read one year of the grid: a zipped shapefile, or a GeoPackage, GeoJSON or csv (with WKT) of the open service.

    Parameters
    ----------
    path : path
    card : Card, optional
        Of the file; by default the one beside it, over the shipped one.
    release : str or int, optional
        The grid's year; by default the one in the file's name.
    municipalities : path
        Polygons of municipalities: the file itself does not say whose a cell is. One city that takes every cell needs
        none.
    polygons : None
        A grid has none.
    columns : list of str, optional
        Further count columns to keep.
    taken : sequence of City, optional
        The cities whose cells are kept; the eleven if left out.

    Returns
    -------
    list of one Delivery
    """
    path = tables.existing(path)
    if polygons is not None:
        raise BadSettings(f"{path}: polygons= is for postal areas; the cells of {SOURCE} are a grid")
    every = takes_every(taken)
    if municipalities is None and not every:
        raise BadSettings(
            f"{path}: the grid does not say to which municipality a cell belongs: give a file of municipality "
            f'polygons, with --municipalities FILE or with municipalities = "FILE" in [[source]] of the settings'
        )
    card = card or cards.beside(path, SOURCE)
    year = _year(path, release)
    raw = tables.open_raw(path)
    extra = tuple(columns or ())
    frame = raw.frame.rename(columns=lambda name: name if name in extra else str(name).lower()).reset_index(drop=True)
    check_columns(frame, (RESIDENTS, *AGES, *extra), path=path)
    if frame.empty:
        raise BadData(f"{path}: the file has a header but no rows")
    x, y, size = _centres(_native(raw.geometry, frame, path), path)
    cells = pd.DataFrame({"cell": [f"gk25_{east:.0f}_{north:.0f}" for east, north in zip(x, y)], "x": x, "y": y})
    values = counts(frame.assign(cell=cells["cell"]), [RESIDENTS, *AGES, *extra], path=path, marks=())
    check_unique(cells, path=path)
    cells, values, notices = _on_land(cells, values)
    values, odd = _ages(values, cells, path)
    if every:
        codes = np.full(len(cells), "", dtype=object)
    else:
        areas = borders.read_municipalities(municipalities)
        codes = borders.municipality_of(cells["x"], cells["y"], areas, crs=CRS)
    placed = pd.notna(codes)
    if not placed.any():
        raise BadData(f"{path}: no cell lies in a municipality of {municipalities}")
    if not placed.all():
        lost = _notice(
            "no_municipality", "cells outside all municipality polygons are left out", ~placed, cells, values
        )
        notices.append(lost)
    people = values.loc[placed, RESIDENTS]
    kept, others = keep_cities(cells[placed], codes[placed], path=path, residents=people, taken=taken)
    return [
        Delivery(
            source=SOURCE,
            form={"text": "table with WKT"}.get(tables.kind(path), "grid polygons"),
            path=path,
            card=card,
            release=year,
            dates={"*": f"{year}-12-31"} | card.dates_of(year),
            residents=RESIDENTS,
            frame=pd.concat([kept, values.loc[kept.index]], axis=1).reset_index(drop=True),
            cell_size_m=float(size),
            notices=(*notices, *odd, *others),
            crs=CRS,
        )
    ]


def _year(path, release):
    years = [str(release)] if release is not None else re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", path.name)
    if len(years) != 1 or not re.fullmatch(r"(19|20)\d{2}", years[0]):
        raise BadSettings(
            f"{path}: the year of the grid is not known (found {', '.join(years) or 'none in the name'}); "
            f"give it as release, for example 2019"
        )
    return years[0]


def _native(geometry, frame, path):
    """The cells' polygons in ETRS-GK25; a shapefile names it in words only, a table not at all."""
    import geopandas
    import shapely

    if geometry is None:
        column = next((name for name in WKT if name in frame), None)
        if column is None:
            raise BadData(
                f"{path}: the file has no geometry; a shapefile, GeoPackage or GeoJSON, or a column of WKT "
                f"({', '.join(WKT)}) is expected; found were {', '.join(frame.columns)}"
            )
        text = frame[column].astype(str).str.replace(r"^SRID=\d+;", "", regex=True)
        try:
            shapes = shapely.from_wkt(text.to_numpy(dtype=object))
        except shapely.errors.ShapelyError as error:
            raise BadData(f"{path}: column {column} is no WKT ({error})") from error
        geometry = geopandas.GeoSeries(shapes, crs=CRS)
    wrong = ~geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    if wrong.any():
        first = ", ".join(map(str, np.flatnonzero(wrong)[:SHOWN] + 1))
        raise BadData(f"{path}: {wrong.sum()} rows have no polygon, first {first}; each cell needs its square")
    if geometry.crs is None:
        raise BadData(f"{path}: the file does not say its coordinate system; {CRS} (ETRS-GK25) is expected")
    if "GK25FIN" in geometry.crs.name:
        return geometry.set_crs(CRS, allow_override=True)
    moved = geometry.to_crs(CRS)
    if not np.isfinite(moved.total_bounds).all():
        raise BadData(
            f"{path}: the coordinates do not exist in {geometry.crs.name}, which the file says to be in; "
            f"no squares of {' or '.join(map(str, SIZES_M))} m can be found"
        )
    return moved


def _centres(geometry, path):
    """Centres on the exact raster, shape (n_cells,) each, and the edge of a cell in metres."""
    left, bottom, right, top = geometry.bounds.to_numpy().T
    if np.median(left) < SEA_NORTH * 1.5 < np.median(bottom):
        left, bottom, right, top = bottom, left, top, right
    width, height = right - left, top - bottom
    size = min(SIZES_M, key=lambda edge: abs(edge - np.median(width)))
    x, y = ((low + high - size) / 2 / size for low, high in ((left, right), (bottom, top)))
    off = np.maximum(np.abs(x - np.round(x)), np.abs(y - np.round(y))) * size
    wrong = (off > OFF_GRID_M) | (np.abs(width - size) > OFF_GRID_M) | (np.abs(height - size) > OFF_GRID_M)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise BadData(
            f"{path}: {wrong.sum()} cells are no squares of {' or '.join(map(str, SIZES_M))} m on the grid of {CRS}, "
            f"first row {row + 1}: {width[row]:.0f} x {height[row]:.0f} m at {left[row]:.0f}, {bottom[row]:.0f}; "
            f"is {geometry.crs.name} the file's coordinate system?"
        )
    return np.round(x) * size + size / 2, np.round(y) * size + size / 2, size


def _on_land(cells, values):
    sea = (cells["y"] < SEA_NORTH).to_numpy()
    notices = []
    if sea.any():
        text = "residents without a place on land, whom the producer puts in cells at sea, are left out"
        notices.append(_notice("unlocated", text, sea, cells, values))
    return cells[~sea], values[~sea], notices


def _ages(values, cells, path):
    """Ages as NaN where they are protected, and a Notice of cells whose ages do not reach their residents.

    Protected is a cell whose nine ages are all 99; a single 99 is a count. Residents are the base: ages that fall
    short of them are the producer's own, nothing is altered.
    """
    ages = list(AGES)
    total = values[ages].sum(axis=1)
    hidden = (values[ages] == PROTECTED).all(axis=1) & (total != values[RESIDENTS])
    values = values.copy()
    values.loc[hidden, ages] = np.nan
    check_parts(values.assign(cell=cells["cell"]), ages, RESIDENTS, path=path)
    short = (~hidden & (total < values[RESIDENTS])).to_numpy()
    if not short.any():
        return values, []
    gap = float((values[RESIDENTS] - total)[short].sum())
    text = f"ages fall short of the residents, by {gap:.0f} in all: the rest has no age"
    return values, [_notice("ages_below_residents", text, short, cells, values)]


def _notice(kind, text, where, cells, values):
    residents = float(values.loc[where, RESIDENTS].sum())
    return Notice(kind, text, int(np.sum(where)), residents, tuple(cells.loc[where, "cell"].head(SHOWN)))
