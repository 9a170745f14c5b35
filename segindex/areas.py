"""Neighbours of areas: which polygons touch, and how many metres of boundary they share."""

from dataclasses import replace

import numpy as np

from segindex.errors import BadData

NEAR_M = 1.0
"""Polygons within so many metres touch: those that were generalised one by one leave slivers."""
SHORTEST_M = 10
"""A stretch of boundary up to so many metres may be the rounding of a corner."""


def with_contiguity(panel, rule="queen", areas=None):
    """The panel with `weights`: neighbours on its grid by `rule`, or those of its areas' polygons.

    Polygons also give `boundary`, the metres that two areas share.

    Parameters
    ----------
    panel : Panel
    rule : {"queen", "rook"} or metres
    areas : GeoDataFrame, optional
        Columns `cell` and `geometry`; areas that share a boundary or a corner are neighbours (queen), or a
        boundary (rook). An area without polygon has no neighbour.
    """
    from segindex.neighbourhood import boundary, contiguity

    if areas is None and panel.cell_size_m is None and not isinstance(rule, (int, float)):
        raise BadData(
            f"{panel.city}, {panel.classification}: the cells are no grid and no polygons are given, so neighbours "
            f"are not known; give polygons (--polygons FILE, or `polygons` in [[source]])"
        )
    if areas is not None and not isinstance(rule, (int, float)):
        apart = np.stack([np.arange(len(panel.cells)), np.zeros(len(panel.cells))], axis=-1)
        pairs, length_m = shared_boundaries(panel.cells, areas)
        return replace(
            panel,
            weights=contiguity(apart, rule, pairs=area_pairs(panel.cells, areas, rule)),
            boundary=boundary(apart, pairs=pairs, length_m=length_m),
        )
    if panel.xy is None:
        raise BadData(f"{panel.city}, {panel.classification}: the cells have no coordinates")
    return replace(panel, weights=contiguity(panel.xy, rule))


def area_of(xy, areas, crs):
    """The position in `areas` of the polygon that holds each point, -1 outside all of them; shape (n_points,).

    Parameters
    ----------
    xy : array_like, shape (n_points, 2)
        In `crs`.
    areas : GeoDataFrame
    crs : str

    Notes
    -----
    A point on a shared border goes to the area that stands first.
    """
    import shapely

    points = shapely.points(np.asarray(xy, dtype=float))
    tree = shapely.STRtree(areas.geometry.to_crs(crs).to_numpy())
    point, area = tree.query(points, predicate="intersects")
    found = np.full(len(points), len(areas))
    np.minimum.at(found, point, area)
    return np.where(found == len(areas), -1, found)


def area_pairs(cells, areas, rule="queen"):
    """Pairs of positions in `cells` whose polygons touch, shape (n_pairs, 2), each pair once.

    Polygons that were generalised one by one may overlap a little or leave slivers: areas within a metre of each
    other touch. For "rook" the shared stretch must be longer than ten metres.
    """
    import shapely

    shapes, at, left, right = _touching(cells, areas)
    if rule == "rook" and len(left):
        shared = shapely.length(
            shapely.intersection(shapely.buffer(shapes[left], NEAR_M), shapely.boundary(shapes[right]))
        )
        left, right = left[shared > SHORTEST_M], right[shared > SHORTEST_M]
    return np.stack([at[left], at[right]], axis=-1)


def shared_boundaries(cells, areas):
    """Pairs of positions in `cells` whose polygons share a boundary, and its length.

    Parameters
    ----------
    cells : array_like of str
    areas : GeoDataFrame
        Columns `cell` and `geometry`, in metres.

    Returns
    -------
    pairs : ndarray of int, shape (n_pairs, 2)
        Each pair once; areas that touch at a corner are no pair.
    length_m : ndarray, shape (n_pairs,)
        Metres, as `neighbourhood.boundary` takes them.

    Notes
    -----
    Where two polygons do not run along the same line, for they were generalised one by one, their boundary is what of
    either lies within a metre of the other (the mean of both), once that is ten metres more than what they have exactly
    in common.
    """
    import shapely

    shapes, at, left, right = _touching(cells, areas)
    lines, wide = shapely.boundary(shapes), shapely.buffer(shapes, NEAR_M)
    exact = shapely.length(shapely.intersection(lines[left], lines[right]))
    near = [
        shapely.length(shapely.intersection(wide[one], lines[other])) for one, other in ((left, right), (right, left))
    ]
    near = np.mean(near, axis=0)
    length_m = np.where(near - exact > SHORTEST_M, near, exact)
    shared = length_m > 0
    return np.stack([at[left], at[right]], axis=-1)[shared], length_m[shared]


def _touching(cells, areas):
    """The polygons known, the position of each in `cells`, and the pairs of polygons within a metre, each once."""
    import shapely

    place = {cell: position for position, cell in enumerate(cells)}
    known = areas[areas["cell"].isin(place) & areas.geometry.notna()]
    shapes = known.geometry.to_numpy()
    at = known["cell"].map(place).to_numpy(dtype=int)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR_M)
    once = left < right
    return shapes, at, left[once], right[once]
