"""What lies around the cells of a city on its maps: municipalities and water, and the outlines of areas."""

import shapely

DETAIL_M = 10.0
AROUND = 0.6


def drawn_around(areas, surroundings):
    """The outlines that a map is drawn with."""
    return {
        "areas": None if areas is None else {cell: shapely.from_wkb(outline) for cell, outline in areas.items()},
        "crs": surroundings["crs"],
        "borders": shapely.from_wkb(surroundings["borders"]),
        "water": shapely.from_wkb(surroundings["water"]),
    }


def outlines_of(material, cells):
    """The polygons of areas in the coordinate system of the cells, as WKB: {cell: outline}."""
    shapes = material.areas[material.areas["cell"].isin(set(cells["cell"]))]
    shapes = shapes if _crs(cells) == _crs_of(shapes) else shapes.to_crs(_crs(cells))
    return dict(zip(shapes["cell"], _outlines(shapes.geometry.to_numpy())))


def known_around(known, material, city, cells):
    """What lies around the cells of a city, found once for each coordinate system."""
    key = city, _crs(cells)
    if key not in known:
        known[key] = _around(material, cells)
    return known[key]


def _around(material, cells):
    """The coordinate system of a city, and the outlines of municipalities and water near it, as WKB."""
    found = {"crs": _crs(cells), "borders": (), "water": ()}
    extent = cells[["x", "y"]].to_numpy(float)
    if material.areas is not None and len(own := material.areas[material.areas["cell"].isin(set(cells["cell"]))]):
        extent = own.to_crs(found["crs"]).total_bounds.reshape(2, 2) if _crs_of(own) else extent
    low, high = extent.min(axis=0), extent.max(axis=0)
    margin = (high - low).max() * AROUND
    for name in ("borders", "water"):
        frame = getattr(material, name)
        if frame is None or not len(frame):
            continue
        frame = frame if _crs_of(frame) in ("", found["crs"]) else frame.to_crs(found["crs"])
        near = shapely.intersects(frame.geometry.to_numpy(), shapely.box(*(low - margin), *(high + margin)))
        found[name] = tuple(_outlines(frame.geometry.to_numpy()[near]))
    return found


def _outlines(geometries):
    return shapely.to_wkb(shapely.simplify(geometries, DETAIL_M)).tolist()


def _crs(cells):
    return cells["crs"].iloc[0] if "crs" in cells and cells["crs"].iloc[0] else "EPSG:3067"


def _crs_of(frame):
    return frame.crs.to_string() if frame.crs is not None else ""
