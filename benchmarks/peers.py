"""The peers: what of them is installed, their versions, the tables that they want, and their calls."""

import importlib
import platform
import sys
import warnings
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np

PEERS = ("segregation", "esda", "libpysal", "equipop")
BESIDE = ("segindex-fi", "numpy", "scipy", "numba", "geopandas", "pandas")
GROUPS = [f"group{number}" for number in range(4)]
CLASSES = [f"class{number}" for number in range(10)]
K_VALUES = (50, 100, 200, 400, 800, 1_600, 3_200, 6_400)
BANDWIDTH_M = 1_000.0
PERMUTATIONS = 999


@cache
def loaded(module):
    """The module, and why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(module), ""
    except ModuleNotFoundError:
        why = Path(sys.prefix, "missing", f"{module}.txt")
        return None, f"did not install: {why.read_text().strip()}" if why.exists() else "is not installed"
    except Exception as error:
        return None, f"does not import: {type(error).__name__}"


def missing():
    """What is not there, with the reason."""
    return {peer: loaded(peer)[1] for peer in PEERS if loaded(peer)[1]}


def versions():
    """The versions that run: Python, the peers and what they stand on."""
    found = {"Python": platform.python_version()}
    for name in (*BESIDE[:1], *PEERS, *BESIDE[1:]):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "–"
    return found


@cache
def tables(city):
    """A city in the forms that the peers read: squares, squares cut down to their land, plain numbers, neighbours."""
    import geopandas
    import pandas
    import shapely

    numbers = pandas.DataFrame(city.counts.astype(int), columns=GROUPS)
    numbers[CLASSES] = city.classes.astype(int)
    numbers["total"] = numbers[GROUPS].sum(axis=1)
    low, high = city.xy - city.pitch_m / 2, city.xy + city.pitch_m / 2
    top = low[:, 1] + city.area / city.pitch_m
    made = {
        "numbers": numbers,
        "squares": geopandas.GeoDataFrame(numbers, geometry=shapely.box(*low.T, *high.T), crs=3067),
        "land": geopandas.GeoDataFrame(numbers, geometry=shapely.box(*low.T, high[:, 0], top), crs=3067),
    }
    if loaded("libpysal")[0]:
        graph = loaded("libpysal.graph")[0].Graph.build_contiguity(made["squares"], rook=False)
        made["neighbours"] = graph.transform("r")
    if loaded("equipop")[0]:
        made["cells"] = loaded("equipop")[0].CellData(
            E=city.xy[:, 0],
            N=city.xy[:, 1],
            n=city.t,
            binary_sums={"x": city.x},
            unit_size=city.pitch_m,
        )
    return made


def needed(peer):
    """The class or function of a dotted name; a LookupError says why it is not there."""
    package, (module, name) = peer.split(".")[0], peer.rsplit(".", 1)
    if loaded(package)[1]:
        raise LookupError(f"{package} {loaded(package)[1]}")
    found = getattr(loaded(module)[0], name, None)
    if found is None:
        raise LookupError(f"not in {package} {metadata.version(package)}")
    return found


def one_group(peer, table="numbers", **options):
    """An index of the first group against all others."""
    return lambda city: needed(peer)(tables(city)[table], GROUPS[0], "total", **options).statistic


def around_centre(peer):
    """An index of distance from the centre."""
    return lambda city: needed(peer)(tables(city)["squares"], GROUPS[0], "total", center=city.centre).statistic


def all_groups(peer, table="numbers", **options):
    """An index of the four groups."""
    return lambda city: needed(peer)(tables(city)[table], GROUPS, **options).statistic


def ordered(peer):
    """An index of the ten classes."""
    return lambda city: needed(peer)(tables(city)["numbers"], CLASSES).statistic


def each_cell(peer, column=None):
    """A value a cell, or a column of several."""

    def call(city):
        values = np.asarray(needed(peer)(tables(city)["numbers"], GROUPS).statistics)
        return values if column is None else values[:, column]

    return call


def of_share(peer, field, **options):
    """A statistic of the first group's share and its neighbours'."""
    return lambda city: getattr(needed(peer)(city.given["share"], tables(city)["neighbours"], **options), field)


def fitted(peer, field, **options):
    """The same for a class that is fitted."""
    return lambda city: getattr(needed(peer)(tables(city)["neighbours"], **options).fit(city.given["share"]), field)


def queen(peer):
    """Cells that share a side or a corner, from their polygons."""
    return lambda city: needed(peer).build_contiguity(tables(city)["squares"], rook=False).sparse


def kernel_sum(peer):
    """The weighted sum of a group over each cell's surroundings."""

    def call(city):
        weights = needed(peer)(city.xy, bandwidth=BANDWIDTH_M, fixed=True, function="triangular")
        return weights.sparse @ city.x

    return call


def nearest_shares(peer):
    """The group's share among the nearest residents, for eight numbers of them."""

    def call(city):
        found = needed(peer)(tables(city)["cells"], [*K_VALUES], report=False)
        return found[[f"R_x_{k}" for k in K_VALUES]].to_numpy()

    return call
