"""A small made-up city, and the call of any index on it."""

import numpy as np

from segindex.neighbourhood import contiguity, kernel

N_CELLS = 36
XY = np.argwhere(np.ones((6, 6))) * 250.0 + [380125.0, 6670125.0]
WEIGHTS = contiguity(XY, "queen")
AREA = np.random.default_rng(9).integers(20_000, 62_500, N_CELLS).astype(float)
CENTRE = np.array([380700.0, 6670600.0])
DECAY_M = 1000.0
CLASSES = np.array([1 / 2, 1 / 3, 1 / 6])
RADII_M = (125.0, 250.0, 400.0, 600.0, 900.0, 1300.0)
DISTRICT_M = 750.0


def city(seed):
    """Persons of two groups in a city with some empty cells and some of one group only, and its land."""
    rng = np.random.default_rng(seed)
    t = rng.integers(1, 60, N_CELLS)
    x = rng.binomial(t, rng.beta(0.5, 1.5, N_CELLS))
    t[[0, 7]], x[[0, 7]] = 0, 0
    x[1], x[2] = 0, t[2]
    return {"x": x.astype(float), "y": (t - x).astype(float), **LAND}


def given_to(persons, several=False):
    """Every array that an index may ask for, by its name in the vocabulary; `counts` of two groups, or of several."""
    x, y, t = persons["x"], persons["y"], persons["x"] + persons["y"]
    return {
        "x": x,
        "y": y,
        "t": t,
        "counts": classes(persons) if several else np.stack([x, y], axis=-1),
        "share": np.divide(x, t, out=np.full(np.shape(t), np.nan), where=t > 0),
        "weights": persons["weights"],
        "area": persons["area"],
        "distance": np.hypot(*(persons["xy"] - CENTRE).T),
        "xy": persons["xy"],
        "nearby": kernel(persons["xy"], "exponential", DECAY_M),
        "surroundings": [kernel(persons["xy"], "uniform", radius) for radius in RADII_M],
        "districts": persons["xy"][:, 0] // DISTRICT_M,
        "levels": persons["xy"] // DISTRICT_M @ [[1, 1], [0, 1000]],
    }


def classes(persons):
    """Counts of six groups, each a part of x or of y; what part may differ by cell (`persons["classes"]`)."""
    part = persons.get("classes", CLASSES)
    x, y = (persons[name][..., np.newaxis] * part for name in "xy")
    return np.concatenate([x[..., :2], y[..., :2], x[..., 2:], y[..., 2:]], axis=-1)


def call(index, persons, **options):
    """An index of two groups, or of several where it is made for these, whatever it wants to be given."""
    given = given_to(persons, several=index.dimension in ("multigroup", "ordinal"))
    return index.function(**{name: given[name] for name in index.inputs}, **options)


def changed(persons, order):
    """The same city with its cells in another order, or some of them."""
    return {
        "x": persons["x"][..., order],
        "y": persons["y"][..., order],
        "weights": persons["weights"][order][:, order],
        "area": persons["area"][order],
        "xy": persons["xy"][order],
    }


def split(persons, cell, part):
    """The city with one cell cut in two of the same mix; the piece lies at the same distance from the centre."""
    pieces = {name: np.append(persons[name], persons[name][cell] * part) for name in ("x", "y", "area")}
    for values in pieces.values():
        values[cell] *= 1 - part
    mirrored = 2 * CENTRE - persons["xy"][cell]
    return pieces | {"xy": np.vstack([persons["xy"], mirrored]), "weights": None}


LAND = {"weights": WEIGHTS, "area": AREA, "xy": XY}
