"""Where things lie on a map: the window, the raster of cells, and outlines as paths."""

from typing import NamedTuple

import numpy as np
import shapely
from matplotlib.path import Path

from segindex.errors import BadData

HELD = 0.85
SLIVER = 2.0
WHOLE = 1.7
FINE = 1200


class Window(NamedTuple):
    """The part of the country that a map shows, in metres."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x, y):
        """Which of the points lie in the window."""
        return (x >= self.left) & (x <= self.right) & (y >= self.bottom) & (y <= self.top)

    @property
    def tolerance(self):
        """The detail that cannot be seen any more, in metres."""
        return (self.right - self.left) / FINE


def window(x, y, population, *, bounds, aspect=1.0):
    """The smallest square round the median resident that holds 85 % of the population, widened to `aspect`.

    Where the whole city (`bounds`: left, bottom, right, top) is hardly larger, the whole city is shown.
    """
    if not population.sum() > 0:
        population = np.ones(len(x))
    centre = np.array([_weighted_median(x, population), _weighted_median(y, population)])
    reach = np.maximum(np.abs(x - centre[0]), np.abs(y - centre[1]))
    order = np.argsort(reach, kind="stable")
    held = np.cumsum(population[order])
    half = reach[order][np.searchsorted(held, HELD * held[-1] * (1 - 1e-12))]
    low, high = np.array(bounds[:2]), np.array(bounds[2:])
    across, up = half * max(aspect, 1.0), half * max(1 / aspect, 1.0)
    needed = max((high - low)[1] / 2, (high - low)[0] / 2 / aspect)
    if needed <= WHOLE * up:
        centre, across, up = (low + high) / 2, needed * aspect, needed
    across, up = across * 1.03, up * 1.03
    return Window(centre[0] - across, centre[1] - up, centre[0] + across, centre[1] + up)


def bounds(geometries):
    """Left, bottom, right and top of everything, in metres."""
    return tuple(float(value) for value in shapely.total_bounds(np.asarray(list(geometries), object)))


def centres(geometries):
    """The centroids' x and y, in metres."""
    found = shapely.centroid(np.asarray(list(geometries), object))
    return shapely.get_x(found), shapely.get_y(found)


def _weighted_median(values, weights):
    order = np.argsort(values, kind="stable")
    held = np.cumsum(weights[order])
    return values[order][np.searchsorted(held, held[-1] / 2)]


def raster(x, y, colours, size, view, *, ground):
    """The cells in view as an image, finely divided, and its extent in metres.

    Viewers smooth an image: with several dots a cell they cannot blur it, and where no cell is the transparent
    dots have the colour of the ground, so that they cannot fringe the edges.
    """
    inside = view.holds(x, y)
    x, y, colours = x[inside], y[inside], colours[inside]
    left, top = x.min() - size / 2, y.max() + size / 2
    column = np.rint((x - x.min()) / size).astype(int)
    row = np.rint((y.max() - y) / size).astype(int)
    if len(np.unique(row * (column.max() + 1) + column)) < len(row):
        raise BadData(f"cells: several cells lie in one {size:g} m square; the cell size or x, y are wrong")
    image = np.zeros((row.max() + 1, column.max() + 1, 4), np.uint8)
    image[..., :3] = ground[:3]
    image[row, column] = colours
    fine = int(np.clip(FINE // max(image.shape[:2]), 1, 8))
    extent = (left, left + image.shape[1] * size, top - image.shape[0] * size, top)
    return image.repeat(fine, axis=0).repeat(fine, axis=1), extent


def filled(geometries, view):
    """Polygons, cut to the window, as one compound path; None if nothing is in view."""
    cut = _in_view(_valid(geometries), view)
    return _compound(shapely.get_rings(shapely.get_parts(cut)))


def lines(geometries, view):
    """The boundaries of polygons, cut to the window, as one compound path; None if nothing is in view."""
    cut = _in_view(shapely.boundary(np.asarray(list(geometries), object)), view)
    return _compound(shapely.get_parts(shapely.line_merge(shapely.get_parts(cut))))


def joined(geometries, view):
    """All polygons as one, without the slivers that simplified neighbours leave between them."""
    near = max(SLIVER * view.tolerance, 20.0)
    cut = shapely.clip_by_rect(_valid(geometries), *(edge + near * side for edge, side in zip(view, (-9, -9, 9, 9))))
    return shapely.buffer(shapely.union_all(shapely.buffer(cut, near, quad_segs=2)), -near, quad_segs=2)


def _valid(geometries):
    geometries = np.asarray(list(geometries), object)
    return np.where(shapely.is_valid(geometries), geometries, shapely.make_valid(geometries))


def _in_view(geometries, view):
    cut = shapely.clip_by_rect(geometries, *view)
    cut = shapely.simplify(cut[~shapely.is_empty(cut)], view.tolerance)
    return cut[~shapely.is_empty(cut)]


def _compound(pieces):
    pieces = [shapely.get_coordinates(piece) for piece in pieces if shapely.get_num_coordinates(piece) > 1]
    if not pieces:
        return None
    codes = np.concatenate([np.r_[Path.MOVETO, np.full(len(piece) - 1, Path.LINETO)] for piece in pieces])
    return Path(np.concatenate(pieces), codes.astype(Path.code_type))


def scale_length(view):
    """A round length, in kilometres, for the scale bar: about a fifth of the window."""
    wanted = (view.right - view.left) / 5000
    return max((m * 10.0**e for e in range(-2, 3) for m in (1, 2, 5) if m * 10.0**e <= wanted), default=0.01)
