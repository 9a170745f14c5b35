"""Where cells and areas belong: polygons of municipalities and postal areas, repaired, in EPSG:3067, and a key.

The key is Statistics Finland's table of postal codes and municipalities.
"""

import re
from collections import Counter

import numpy as np
import pandas as pd

from segindex.errors import BadData
from segindex.facts import EAST, NORTH
from segindex.sources import tables
from segindex.sources.delivery import SHOWN, check_unique

CRS = "EPSG:3067"
MUNICIPALITY_CODES = ("natcode", "kunta", "kuntano", "kuntanumero", "code")
MUNICIPALITY_NAMES = ("namefin", "nimi", "name", "kunta_nimi")
POSTAL_CODES = ("postinumeroalue", "posti_alue", "postinumero", "pono")
AREA_IDS = (*POSTAL_CODES, "id", "tunnus", "aluejako", "kokotun")
OVERLAP = 0.05
"""Of the smaller of two areas: generalised borders cross each other by less."""
AREA_NAMES = ("nimi", "nimi_fi", "name", "namn")
KEY_CELLS = ("postal code area", *POSTAL_CODES)
KEY_CODES = ("municipality", "kunta", "kuntano")


def read_municipalities(path):
    """Municipality polygons: a GeoDataFrame of `code` (three digits), `name`, `geometry` in EPSG:3067.

    The code stands in a column NATCODE, kunta, kuntano or kuntanumero (any case). Invalid polygons are repaired;
    several polygons of one code become one.
    """
    raw = _polygons(path)
    frame = raw.frame.rename(columns=str.lower)
    code = _column(frame, MUNICIPALITY_CODES, path, "a municipality code")
    name = next((found for found in MUNICIPALITY_NAMES if found in frame), code)
    codes = codes_of(frame[code], 3, path=path, column=code, what="municipality codes")
    found = _frame({"code": codes, "name": frame[name].astype(str).to_numpy()}, raw.geometry)
    if found["code"].duplicated().any():
        found = found.dissolve("code", as_index=False)[["code", "name", "geometry"]]
    return found


def read_polygons(path):
    """Polygons of postal areas: a GeoDataFrame of `cell` (five digits) and `geometry` in EPSG:3067, repaired."""
    raw = _polygons(path)
    frame = raw.frame.rename(columns=str.lower)
    code = _column(frame, POSTAL_CODES, path, "a postal code")
    cells = codes_of(frame[code], 5, path=path, column=code, what="postal codes")
    found = _frame({"cell": cells}, raw.geometry)
    check_unique(found, path=path)
    return found


def read_named_areas(path):
    """Named areas that cells lie in: a GeoDataFrame of `area` (id), `name` and `geometry` in EPSG:3067, repaired.

    Any polygons do that have an id (a postal code, or a column id, tunnus or the like); without names, the id is the
    name.
    """
    raw = _polygons(path)
    frame = raw.frame.rename(columns=str.lower)
    column = _column(frame, AREA_IDS, path, "the id of an area")
    ids = frame[column].astype("string").str.strip().fillna("")
    names = next((frame[name] for name in AREA_NAMES if name in frame), ids)
    names = names.astype("string").str.strip().fillna("")
    for what, wrong in (("no id", ids == ""), ("the id of another row", (ids != "") & ids.duplicated())):
        if wrong.any():
            rows = ", ".join(f"row {row + 1} {ids.iloc[row]}".strip() for row in np.flatnonzero(wrong)[:SHOWN])
            raise BadData(f"{path}: column {column} holds {what} in {int(wrong.sum())} rows, first {rows}")
    _check_apart(raw.geometry.to_numpy(), ids, path)
    found = {"area": ids.to_numpy(dtype=object), "name": names.where(names != "", ids).to_numpy(dtype=object)}
    return _frame(found, raw.geometry)


def _check_apart(shapes, ids, path):
    """BadData where areas lie over each other by more than slivers, such as two levels of areas in one file."""
    import shapely

    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    wrong = shared > OVERLAP * np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    if wrong.any():
        first = zip(ids.iloc[one[wrong][:SHOWN]], ids.iloc[other[wrong][:SHOWN]])
        pairs = ", ".join(f"{a} and {b}" for a, b in first)
        raise BadData(
            f"{path}: {int(wrong.sum())} pairs of areas overlap, first {pairs}; areas of one level are allowed"
        )


def read_water(path):
    """Polygons of seas and lakes: a GeoDataFrame of `geometry` in EPSG:3067, repaired."""
    return _frame({}, _polygons(path).geometry)


def read_key(path):
    """Municipality code of each postal code (a Series by cell), from a key file such as `alueryhmittely_posnro_2020`.

    The published key writes names with commas unquoted, which moves the fields behind them ("Joensuu Keskus,
    Pohjoinen"): in a row that is longer than the others the code is the first field of three digits from its column on.
    """
    header, rows = tables.rows(path)
    header = pd.DataFrame(columns=[name.lower() for name in header])
    cell = header.columns.get_loc(_column(header, KEY_CELLS, path, "a postal code"))
    code = header.columns.get_loc(_column(header, KEY_CODES, path, "a municipality code"))
    usual = Counter(map(len, rows)).most_common(1)[0][0]
    short = [row for row in rows if len(row) < min(usual, len(header.columns))]
    if short or usual <= max(cell, code):
        shown = "; ".join(",".join(row)[:60] for row in short[:SHOWN])
        raise BadData(f"{path}: {len(short)} rows are cut off, first {shown}; every row needs {usual} fields")
    codes = [
        row[code]
        if len(row) == usual
        else next((field for field in row[code:] if re.fullmatch(r"\d{3}", field.strip())), "")
        for row in rows
    ]
    key = pd.DataFrame(
        {
            "cell": codes_of(
                pd.Series([row[cell] for row in rows]), 5, path=path, column=KEY_CELLS[0], what="postal codes"
            ),
            "municipality": codes_of(pd.Series(codes), 3, path=path, column=KEY_CODES[0], what="municipality codes"),
        }
    )
    check_unique(key, path=path)
    return key.set_index("cell")["municipality"]


def municipality_of(x, y, municipalities, *, crs=CRS):
    """Code of the municipality whose polygon holds each point; None outside all of them.

    A point on a shared border goes to the polygon that stands first.

    Parameters
    ----------
    x, y : array_like, shape (n_points,)
        Coordinates in `crs`.
    municipalities : GeoDataFrame
        As `read_municipalities` gives it.
    crs : str
        Coordinate system of the points.

    Returns
    -------
    ndarray of object, shape (n_points,)
    """
    import geopandas
    from shapely import STRtree

    points = geopandas.GeoSeries(geopandas.points_from_xy(x, y), crs=crs).to_crs(municipalities.crs)
    point, polygon = STRtree(municipalities.geometry.to_numpy()).query(points.to_numpy(), predicate="intersects")
    found = np.full(len(points), len(municipalities))
    np.minimum.at(found, point, polygon)
    return np.append(municipalities["code"].to_numpy(dtype=object), None)[found]


def codes_of(values, digits, *, path, column, what):
    """Codes as text with their leading zeros; BadData for what is no code."""
    text = values.astype("string").str.strip().str.replace(r"\.0+$", "", regex=True).fillna("")
    codes = text.where(text == "", text.str.zfill(digits))
    wrong = ~codes.str.fullmatch(rf"\d{{{digits}}}").to_numpy(dtype=bool)
    if wrong.any():
        shown = ", ".join(f"row {row + 1}: {text.iloc[row]!r}" for row in np.flatnonzero(wrong)[:SHOWN])
        raise BadData(
            f"{path}: column {column} has {wrong.sum()} values that are no {what}, first {shown}; "
            f"allowed are {digits} digits"
        )
    return codes.to_numpy(dtype=object)


def in_metres(geometry, *, path):
    """The geometry in EPSG:3067; BadData when it names no coordinate system or does not lie in Finland."""
    if geometry.crs is None:
        raise BadData(
            f"{path}: the file does not say its coordinate system; {CRS} is expected, or another that is named"
        )
    moved = geometry.to_crs(CRS)
    box = moved.total_bounds
    if not (EAST[0] <= box[0] <= box[2] <= EAST[1] and NORTH[0] <= box[1] <= box[3] <= NORTH[1]):
        raise BadData(
            f"{path}: the coordinates lie outside Finland (in {CRS}: x {box[0]:.0f} to {box[2]:.0f}, "
            f"y {box[1]:.0f} to {box[3]:.0f}); is {geometry.crs.name} the file's coordinate system?"
        )
    return moved


def repaired(geometry):
    """Valid polygons with the same ground: what is invalid goes through `make_valid`, stray lines are dropped."""
    import shapely

    found = shapely.force_2d(geometry.to_numpy())
    for row in np.flatnonzero(~shapely.is_valid(found)):
        valid = shapely.get_parts(shapely.make_valid(found[row]))
        found[row] = shapely.union_all(valid[shapely.get_dimensions(valid) == 2])
    return type(geometry)(found, index=geometry.index, crs=geometry.crs)


def _polygons(path):
    raw = tables.open_raw(path)
    if raw.geometry is None:
        raise BadData(f"{path}: the file has no polygons; a GeoPackage, shapefile or GeoJSON of areas is expected")
    wrong = ~raw.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    if wrong.any() or not len(wrong):
        raise BadData(
            f"{path}: {wrong.sum()} of {len(wrong)} features are no polygons, first rows "
            f"{', '.join(str(row + 1) for row in np.flatnonzero(wrong)[:SHOWN]) or 'none'}; only polygons are allowed"
        )
    return tables.Raw(raw.path, raw.frame, repaired(in_metres(raw.geometry, path=path)))


def _column(frame, names, path, what):
    for name in names:
        if name in frame:
            return name
    raise BadData(
        f"{path}: no column holds {what}; known names are {', '.join(names)}, found were "
        f"{', '.join(map(str, frame.columns)) or 'none'}"
    )


def _frame(columns, geometry):
    import geopandas

    return geopandas.GeoDataFrame(columns, geometry=geometry.to_numpy(), crs=geometry.crs)
