"""What an atlas shows, as small whole numbers: where the cells of a city lie, and the class of each in every year."""

import json
import zlib
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from segindex.errors import BadData
from segindex.legend import OF_GROUPS, classes, lasting_classes, places_of

WHATS = ("type", "cluster", "share", "disadvantage", "n_worst", "lasting")
OF_A_GROUP = (*OF_GROUPS, "lasting")
INDEX = "local_morans_i"
ABSENT = 255
"""The class of a cell that a year does not have."""

NOT_TOLD = 65535
EXACT = {"share": (1000, 0), "disadvantage": (100, 30000)}
"""How exact values are kept: times the first, plus the second, as whole numbers."""

PIXELS = 1500
MARGIN = 0.08


class Ground(NamedTuple):
    """The cells of a city that are of one kind: squares of a side in metres, or areas (`size` 0), in all years."""

    size: float
    crs: str
    cells: np.ndarray
    xy: np.ndarray


class Layer(NamedTuple):
    """What one map shows: `codes` (n_years, n_cells) are places among the classes of `what`, `ABSENT` where no cell is.

    `exact` holds the values behind them, or None where they are not told; `ground` is the number of its ground.
    """

    what: str
    group: str
    classification: str
    ground: int
    years: tuple[int, ...]
    codes: np.ndarray
    exact: np.ndarray | None


def classes_of(what, language):
    """The classes of a layer, in the order of the legend."""
    return lasting_classes(language) if what == "lasting" else classes(what, language)


def layers_of(found, allowed, exact=(), closed=()):
    """The grounds and layers of a city.

    Parameters
    ----------
    found : dict
        `cells` and `types`, as `edition_tables.mapped` gives them.
    allowed : set of (str, int)
        The groups and years whose cells are published.
    exact : container of str
        The classifications whose exact values are told; "types" for the index of disadvantage.
    closed : container of int
        The years in which a group that the types rest on is not published: nothing is shown of the types.

    Returns
    -------
    list of Ground, list of Layer
        None of cells whose place the data do not tell.
    """
    cells, types = (_located(found[name], found["areas"]) for name in ("cells", "types"))
    cells, types = _latest(cells, "group"), _latest(types)
    types = types[~types["year"].isin(list(closed))]
    cells = cells[cells["index"] == INDEX]
    cells = cells[pd.MultiIndex.from_frame(cells[["group", "year"]]).isin(list(allowed))]
    kinds = {key for frame in (cells, types) for key in pd.concat(_kind(frame), axis=1).drop_duplicates().itertuples()}
    kinds = sorted({key[1:] for key in kinds}, key=lambda key: (-key[0], key[1]))
    grounds = [_ground(kind, [cells, types]) for kind in kinds]
    layers = []
    for number, ground in enumerate(grounds):
        own = _placed(types, ground)
        for what in WHATS:
            if what not in OF_A_GROUP:
                layers += _layer(own, what, ("", ""), number, ground, exact)
        own = _placed(cells, ground)
        for (group, classification), rows in own.groupby(["group", "classification"], sort=False):
            for what in OF_A_GROUP:
                layers += _layer(rows, what, (group, classification), number, ground, exact)
    return grounds, layers


def _located(frame, areas):
    """The rows that a map can show: squares with a place, and areas where some of them have an outline."""
    square = frame["cell_size_m"].notna().to_numpy()
    outlined = areas is not None and bool(frame["cell"][~square].isin(areas["cell"]).any())
    return frame[np.where(square, np.isfinite(frame[["x", "y"]].to_numpy(float)).all(axis=1), outlined)]


def _latest(frame, *keys):
    """The rows of the latest release of each year."""
    if not len(frame):
        return frame
    release = frame["release"].fillna("")
    return frame[release == release.groupby([frame[key] for key in (*keys, "year")]).transform("max")]


def _kind(frame):
    return frame["cell_size_m"].fillna(0), frame["crs"].fillna("EPSG:3067").replace("", "EPSG:3067")


def _of_kind(frame, ground):
    size, crs = _kind(frame)
    return ((size == ground.size) & (crs == ground.crs)).to_numpy()


def _ground(kind, frames):
    """The cells of one kind, from north to south and from west to east."""
    where = {}
    for frame in frames:
        own = frame[[*("cell", "x", "y")]][_of_kind(frame, Ground(*kind, None, None))].drop_duplicates("cell")
        for cell, x, y in own.itertuples(index=False):
            where.setdefault(str(cell), (x, y))
    cells = sorted(where, key=lambda cell: (-where[cell][1], where[cell][0], cell))
    return Ground(*kind, np.array(cells, dtype=object), np.array([where[cell] for cell in cells], float).reshape(-1, 2))


def _placed(frame, ground):
    """The rows of a ground, with the number of each cell on it (`place`)."""
    own = frame[_of_kind(frame, ground)]
    return own.assign(place=pd.Index(ground.cells).get_indexer(own["cell"].astype(str).to_numpy(object)))


def _layer(rows, what, of, number, ground, exact):
    """The layer of one kind of map, in a list; an empty one where the rows do not tell it."""
    group, classification = of
    if what == "lasting":
        rows = rows.assign(lasting=_lasting(rows)) if len(rows) and rows["of_years"].max() > 1 else rows.iloc[:0]
    elif what == "n_worst":
        rows = rows.astype({"n_worst": float})
    if what not in OF_A_GROUP:
        told = rows[what].notna() & (rows[what] != 0) if what == "type" else rows[what].notna()
        rows = rows[rows["year"].isin(set(rows["year"][told]))]
    if not len(rows):
        return []
    years = tuple(sorted(map(int, rows["year"].unique())))
    row, column = np.searchsorted(years, rows["year"]), rows["place"].to_numpy()
    places = places_of(rows, what, classes_of(what, "en"))
    codes = np.full((len(years), len(ground.cells)), ABSENT, dtype=np.uint8)
    codes[row, column] = places
    values = None
    if what in EXACT and (classification or "types") in exact:
        values = np.full(codes.shape, np.nan)
        known = np.array([not one.hatched and one.key != "empty" for one in classes_of(what, "en")])[places]
        values[row[known], column[known]] = rows[what].to_numpy(float)[known]
    return [Layer(what, group, classification, number, years, codes, values)]


def _lasting(rows):
    """The class of each cell by how many of the years the cluster that it is of was found in."""
    found, looked = rows["n_years"].to_numpy(int), rows["of_years"].to_numpy(int)
    cluster, hidden = rows["cluster"].to_numpy(object), rows["hidden"].to_numpy(bool)
    untested = [hidden | (cluster == "protected"), cluster == "empty"]
    cases = [*untested, found == 0, found == looked, 2 * found >= looked]
    return np.select(cases, ["protected", "empty", "none", "every", "most"], "few").astype(object)


def packed(grounds, layers, found):
    """All that maps are drawn from, deflated, and where in it each layer stands.

    The bytes are the length of a JSON text (4 bytes, little-endian), the text, and the numbers that it points to as
    [first byte, bytes]: classes by cell, then year; distances from the cell before, east and south.

    Returns
    -------
    bytes, list of dict
        A dict a layer: `codes`, and `exact` or None.
    """
    numbers = bytearray()

    def keep(array, kind):
        first = len(numbers)
        numbers.extend(np.ascontiguousarray(array).astype(kind).tobytes())
        return [first, len(numbers) - first]

    places = [
        {
            "codes": keep(layer.codes.T, "u1"),
            "exact": None if layer.exact is None else keep(_whole(layer).T, "<u2"),
        }
        for layer in layers
    ]
    told = [_told(ground, found, keep) for ground in grounds]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return zlib.compress(len(text).to_bytes(4, "little") + text + bytes(numbers), 9), places


def _whole(layer):
    times, plus = EXACT[layer.what]
    return np.where(np.isnan(layer.exact), NOT_TOLD, np.nan_to_num(layer.exact) * times + plus).round()


def _told(ground, found, keep):
    """Where the cells of a ground lie, and what lies around them, in metres from the north-western corner."""
    polygons, x, y = None, ground.xy[:, 0], ground.xy[:, 1]
    if ground.size:
        half = ground.size / 2
        left, bottom, right, top = x.min() - half, y.min() - half, x.max() + half, y.max() + half
    else:
        polygons = _polygons(ground, found["areas"])
        left, bottom, right, top = shapely.total_bounds(polygons)
    corner = np.array([left, top])
    told = {"size": ground.size, "crs": ground.crs, "left": round(left), "top": round(top)}
    told |= {"wide": round(right - left), "high": round(top - bottom), "n": len(ground.cells)}
    detail = max(right - left, top - bottom) / PIXELS
    if ground.size:
        told |= _squares(ground, corner, keep)
    else:
        told["rings"] = [_rings(one, corner) for one in shapely.coverage_simplify(polygons, detail)]
    written = [f"{east:.0f}{north:.0f}" for east, north in ground.xy.tolist()]
    told["ids"] = None if written == ground.cells.tolist() else ground.cells.tolist()
    names = [found["names"].get(cell, "") for cell in ground.cells]
    told["names"] = sorted(set(names) - {""})
    number = {name: at for at, name in enumerate(told["names"])}
    told["named"] = keep([number.get(name, NOT_TOLD) for name in names], "<u2")
    box = (left, bottom, right, top)
    told["water"] = _around(found["water"], ground.crs, box, corner, detail)
    told["borders"] = _around(found["borders"], ground.crs, box, corner, detail, of=shapely.boundary)
    return told


def _squares(ground, corner, keep):
    column, row = np.floor((ground.xy - corner) * [1, -1] / ground.size).astype(int).T
    if len(set(zip(column.tolist(), row.tolist()))) < len(column):
        raise BadData(f"atlas: cells of {ground.size:.0f} m lie closer than their side; allowed is one grid a city")
    steps = [np.diff(axis, prepend=0) % 2**16 for axis in (column, row)]
    return {"columns": int(column.max()) + 1, "rows": int(row.max()) + 1, "at": [keep(step, "<u2") for step in steps]}


def _polygons(ground, areas):
    """The polygon of each area of a ground, an empty one where the data have none."""
    known = {} if areas is None else dict(zip(areas["cell"], areas.to_crs(ground.crs).geometry))
    return np.array([known.get(cell, shapely.Polygon()) for cell in ground.cells], dtype=object)


def _around(frame, crs, box, corner, detail, of=lambda shapes: shapes):
    """The rings of what lies around the cells; `of` boundaries, lines: their cut is no border and is not drawn."""
    if frame is None or not len(frame):
        return []
    frame = frame if frame.crs is None else frame.to_crs(crs)
    margin = MARGIN * max(box[2] - box[0], box[3] - box[1])
    near = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    parts = shapely.simplify(shapely.clip_by_rect(of(frame.geometry.to_numpy()), *near), detail)
    return [rings for part in parts if (rings := _rings(part, corner))]


def _rings(shape, corner):
    """The rings of polygons, and lines: the first point, then the steps to the next ones, eastwards and southwards."""
    found = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and not part.is_empty:
            found += [_steps(np.asarray(ring.coords)[:-1], corner) for ring in (part.exterior, *part.interiors)]
        elif part.geom_type == "LineString" and not part.is_empty:
            found.append(_steps(np.asarray(part.coords), corner))
    return found


def _steps(points, corner):
    points = ((points[:, :2] - corner) * [1, -1]).round().astype(int)
    return np.diff(points, axis=0, prepend=0).ravel().tolist()
