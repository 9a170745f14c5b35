"""Made-up land for the sample: outlines, water, and the cells where people live.

Every city keeps the rough place, size and water of the real one (`sample_facts.toml`) and nothing else of it. Coasts
and borders are roughened lines; estates, villages and parks fall where the seed puts them.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np

CELL_M = 250
# how far a coast or border strays from the straight line between two points, as a share of its length
ROUGHNESS = 0.12
# residents per cell at the middle of each kind of settlement, before a city's total is met
CORE, SUBCENTRE, ESTATE, NEW, SUBURB, VILLAGE = 1300.0, 480.0, 850.0, 600.0, 130.0, 120.0
NEW_AREAS = 4
# first and last year of a cell that was always and is still inhabited
FOUNDED, FOREVER = 1900, 9999


@dataclass(frozen=True)
class Land:
    """The inhabited cells of one made-up city, and what lies round each.

    Attributes
    ----------
    xy : ndarray, shape (n_cells, 2)
        Centres in metres, EPSG:3067.
    density : dict of str to ndarray
        Residents that each kind of settlement brings to the cell: core, subcentre, estate, new, suburb, village.
    estate_tilt : ndarray
        How poor the estate is that lies nearest, 0.3 to 1.
    rural : ndarray of bool
        A house or two in the countryside.
    centre_km, shore_km : ndarray
        Distance to the centre and to water.
    fields : ndarray, shape (n_fields, n_cells)
        Smooth random surfaces, mean 0 and variance 1.
    first_year, last_year : ndarray of int
        When the cell is inhabited.
    spots : dict of str to ndarray
        Middles of the core, subcentre, estate and village settlements, in metres.
    """

    xy: np.ndarray
    density: dict
    estate_tilt: np.ndarray
    rural: np.ndarray
    centre_km: np.ndarray
    shore_km: np.ndarray
    fields: np.ndarray
    first_year: np.ndarray
    last_year: np.ndarray
    spots: dict


@cache
def sample_facts():
    """The contents of `sample_facts.toml`."""
    return tomllib.loads(resources.files("segindex").joinpath("sources", "sample_facts.toml").read_text("utf-8"))


def outline(facts, *, shrink=1.0):
    """A city's made-up border: a polygon in metres."""
    import shapely

    points = _shrunk(facts["land"]["outline_km"], facts["centre_km"], shrink)
    return shapely.Polygon(_rough(points, closed=True)).buffer(0)


def waters(facts, *, shrink=1.0):
    """The made-up waters of a city as (name, polygon) pairs."""
    import shapely

    found = []
    for water in sample_facts()["water"]:
        if facts["key"] not in water["cities"]:
            continue
        points = _shrunk(water["points_km"], facts["centre_km"], shrink)
        width = water.get("width_km")
        if width:
            shape = shapely.LineString(_rough(points, closed=False)).buffer(width * 500)
        else:
            shape = shapely.Polygon(_rough(points, closed=True)).buffer(0)
            for x, y, radius in water.get("islands_km", ()):
                (middle,) = _shrunk([[x, y]], facts["centre_km"], shrink)
                shape = shape.difference(shapely.Polygon(_island(middle, radius * 1000 * shrink)).buffer(0))
        found.append((water["name"], shape))
    return found


def settle(facts, rng, *, cells, shrink=1.0):
    """The inhabited cells of a city.

    Parameters
    ----------
    facts : dict
        A city of `sample_facts.toml`.
    rng : numpy Generator
    cells : int
        How many cells are inhabited in all years together, roughly.
    shrink : float
        Length of the made-up city over that of the full one; a small city keeps the densities of the full one.

    Returns
    -------
    Land
    """
    import shapely
    from scipy.ndimage import distance_transform_edt

    border = outline(facts, shrink=shrink)
    east, north = _raster(border)
    x, y = np.meshgrid(east, north)
    wet = np.zeros(x.shape, dtype=bool)
    for _, shape in waters(facts, shrink=shrink):
        shapely.prepare(shape)
        wet |= shapely.contains_xy(shape, x, y)
    shapely.prepare(border)
    centre = np.array(facts["centre_km"])
    # kilometres in the full city, whatever its scale here
    full = (np.stack([x, y], axis=-1) / 1000 - centre) / shrink + centre
    land = shapely.contains_xy(border, x, y) & ~wet
    for middle_x, middle_y, radius in facts["land"]["empty_km"]:
        land &= ~shapely.contains_xy(shapely.Polygon(_island(np.array([middle_x, middle_y]), radius)), *full.T).T
    shore = distance_transform_edt(~wet) * CELL_M / 1000 / shrink if wet.any() else np.full(x.shape, 99.0)
    surfaces = np.stack([_surface(rng, x.shape, sigma * shrink) for sigma in (5, 5, 5, 8, 8, 12, 3)])

    places, full, shore = np.stack([x, y], axis=-1)[land], full[land], shore[land]
    fields = surfaces[:, land]
    centre_km = np.hypot(*(full - centre).T)
    step_km = CELL_M / 1000 / shrink
    density, tilt, new_year, road_km, spots = _settlements(facts["land"], rng, full, centre, centre_km, fields, step_km)
    built, rural = _chosen(facts["land"], rng, density, fields[6], road_km, shore, min(cells, int(0.8 * len(full))))
    kept = np.sort(np.concatenate([built, rural]))
    is_rural = np.isin(kept, rural)
    first, last = _lives(rng, {name: one[kept] for name, one in density.items()}, new_year[kept], is_rural)
    return Land(
        xy=places[kept],
        density={name: one[kept] for name, one in density.items()},
        estate_tilt=tilt[kept],
        rural=is_rural,
        centre_km=centre_km[kept],
        shore_km=shore[kept],
        fields=fields[:6, kept],
        first_year=first,
        last_year=last,
        spots={name: ((one - centre) * shrink + centre) * 1000 for name, one in spots.items()},
    )


NAMED = {"core": "Keskusta", "subcentre": "Aluekeskus", "estate": "Lähiö", "village": "Kylä"}


def named_areas(land, border):
    """Made-up districts as (name, polygon) pairs: each middle of a settlement with the ground that is nearest to it."""
    import shapely

    names = [
        f"{NAMED[kind]} {at + 1}" if len(own) > 1 else NAMED[kind]
        for kind, own in land.spots.items()
        for at in range(len(own))
    ]
    middles = shapely.points(np.round(np.vstack(list(land.spots.values()))))
    grounds = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=border))
    at, own = shapely.STRtree(grounds).query(middles, predicate="intersects")
    cut = {names[spot]: shapely.intersection(grounds[ground], border) for spot, ground in zip(at, own)}
    return [(name, shape) for name, shape in cut.items() if shape.area > 0]


def _settlements(land, rng, full, centre, centre_km, fields, step_km):
    """Residents by kind of settlement on all land cells, estates' tilts, new areas' years, roads, middles."""
    urban = land["urban_km"]
    ring = np.exp(-(((centre_km - 0.5 * urban) / (0.28 * urban)) ** 2))
    estates = _spots(rng, full, ring, land["estates"], 1.6)
    new = _spots(rng, full, np.exp(-(((centre_km - 0.35 * urban) / (0.3 * urban)) ** 2)), NEW_AREAS, 1.5)
    villages = _spots(rng, full, (centre_km > 0.9 * urban) * 1.0, land["villages"], 3.0)
    poor = rng.uniform(0.3, 1.0, len(estates))
    years = rng.integers(2016, 2023, len(new))

    to_estate = _distance(full, estates)
    to_new = _distance(full, new)
    to_village = _distance(full, villages)
    wide = np.maximum(rng.uniform(0.35, 0.6, len(estates)), 0.6 * step_km)
    density = {
        "core": CORE * np.exp(-centre_km / land["core_km"]),
        "subcentre": SUBCENTRE * np.exp(-_distance(full, np.array(land["subcentres_km"])) / 0.6).sum(axis=1),
        "estate": ESTATE * np.exp(-((to_estate / wide) ** 2)).sum(axis=1),
        "new": NEW * np.exp(-((to_new / max(0.45, 0.6 * step_km)) ** 2)).sum(axis=1),
        "suburb": SUBURB * np.exp(-((centre_km / land["suburb_km"]) ** 2) + 0.5 * fields[3]),
        "village": VILLAGE * np.exp(-((to_village / max(0.55, 0.6 * step_km)) ** 2)).sum(axis=1),
    }
    road_km = _to_roads(full, centre, villages)
    spots = {
        "core": centre[None],
        "subcentre": np.array(land["subcentres_km"], dtype=float),
        "estate": estates,
        "village": villages,
    }
    return density, poor[to_estate.argmin(axis=1)], years[to_new.argmin(axis=1)], road_km, spots


def _chosen(land, rng, density, parks, road_km, shore_km, cells):
    """Rows of the built-up and of the rural cells; parks, works and forest stay empty."""
    dense = sum(density.values())
    chance = 1.6 * np.log(dense / (dense + 80)) - np.log1p(np.exp(-4 * (parks + 1.0)))
    chance = chance + 0.6 * rng.gumbel(size=len(dense))
    rural_cells = round(land["rural_share"] * cells)
    order = np.argsort(-chance, kind="stable")
    built = order[: cells - rural_cells]
    rest = order[cells - rural_cells :]
    lonely = np.log(np.exp(-road_km / 0.5) + 0.03 + 0.06 * (shore_km < 0.5)) + rng.gumbel(size=len(dense))
    rural = rest[np.argsort(-lonely[rest], kind="stable")[:rural_cells]]
    return built, rural


def _lives(rng, density, new_year, rural):
    """First and last year of each cell: new areas open, houses in the countryside come and go."""
    total = sum(density.values())
    late = (density["new"] > 0.5 * total) & ~rural
    first = np.where(late, new_year + rng.integers(0, 3, len(rural)), FOUNDED)
    last = np.full(len(rural), FOREVER)
    fate = rng.random(len(rural))
    year = rng.integers(2016, 2025, len(rural))
    first = np.where(rural & (fate < 0.05), year, first)
    last = np.where(rural & (fate > 0.93), year - 1, last)
    return first, last


def _raster(border):
    left, low, right, high = border.bounds
    snap = CELL_M / 2
    first = [np.floor(edge / CELL_M) * CELL_M + snap for edge in (left, low)]
    return np.arange(first[0], right, CELL_M), np.arange(first[1], high, CELL_M)


def _surface(rng, shape, sigma):
    from scipy.ndimage import gaussian_filter

    rough = gaussian_filter(rng.standard_normal(shape), max(sigma, 1.2), mode="nearest")
    return (rough - rough.mean()) / rough.std()


def _spots(rng, full, weights, number, apart_km):
    """Places drawn by weight, no two nearer than `apart_km`, as long as there is room."""
    weights = weights / weights.sum()
    drawn = full[rng.choice(len(full), size=min(40 * number, int((weights > 0).sum())), replace=False, p=weights)]
    kept = []
    for place in drawn:
        if len(kept) < number and all(np.hypot(*(place - other)) > apart_km for other in kept):
            kept.append(place)
    return np.array(kept)


def _distance(full, places):
    return np.sqrt((full[:, None, 0] - places[:, 0]) ** 2 + (full[:, None, 1] - places[:, 1]) ** 2)


def _to_roads(full, centre, villages):
    """Distance to the nearest road: each village has one, to the centre or to a village nearer to it."""
    nearest = np.full(len(full), np.inf)
    from_centre = np.hypot(*(villages - centre).T)
    for at, village in enumerate(villages):
        nearer = np.vstack([centre[None], villages[from_centre < 0.8 * from_centre[at]]])
        goal = nearer[np.hypot(*(nearer - village).T).argmin()]
        along = goal - village
        share = np.clip(((full - village) @ along) / (along @ along), 0, 1)
        away = full - village - share[:, None] * along
        nearest = np.minimum(nearest, (away**2).sum(axis=1))
    return np.sqrt(nearest)


def _shrunk(points_km, centre_km, shrink):
    centre = np.array(centre_km)
    return ((np.array(points_km, dtype=float) - centre) * shrink + centre) * 1000


def _rough(points, *, closed, finest_m=180.0):
    """A polyline roughened between its points; an edge that two shapes share is roughened alike."""
    if closed:
        points = np.vstack([points, points[:1]])
    result = [points[:1]]
    for start, end in pairwise(points):
        result.append(_rough_edge(start, end, finest_m)[1:])
    return np.vstack(result)


def _rough_edge(start, end, finest_m):
    swap = tuple(start) > tuple(end)
    one, other = (end, start) if swap else (start, end)
    rng = np.random.default_rng([int(value) for value in (*one, *other)])
    line = np.array([one, other])
    while np.hypot(*(line[1] - line[0])) > finest_m and len(line) < 500:
        step = np.diff(line, axis=0)
        middle = (line[:-1] + line[1:]) / 2
        middle += ROUGHNESS * rng.standard_normal(len(step))[:, None] * step[:, ::-1] * [-1, 1]
        merged = np.empty((2 * len(line) - 1, 2))
        merged[::2], merged[1::2] = line, middle
        line = merged
    line = np.round(line, 1)
    return line[::-1] if swap else line


def _island(middle, radius):
    rng = np.random.default_rng([int(value) for value in middle])
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    reach = 1 + sum(
        0.25 / order * rng.standard_normal() * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
        for order in (2, 3, 4, 5)
    )
    reach = np.clip(reach, 0.4, 1.6) * radius
    return np.round(middle + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None], 3)
