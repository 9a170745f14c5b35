"""Which measure of ours stands beside which of a peer's, and why their values differ where they do."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature

import numpy as np

from benchmarks import peers
from benchmarks.city import DECAY_M
from segindex.inference import local_clusters
from segindex.neighbourhood import contiguity, kernel, nearest
from segindex.registry import REGISTRY

MULTI, SINGLE, LOCAL, RANK = (f"segregation.{part}" for part in ("multigroup", "singlegroup", "local", "rankorder"))

WRONG_WAY = "PySAL's proximity 1 − exp(−d/Σd) grows with distance"
SQUARED = "PySAL's proximity grows with distance, and it multiplies x_i² in place of x_i x_j"
ROUNDED = "PySAL rounds surroundings to whole persons and weighs cells by them, not by residents"
STEPS = "PySAL sums over 1,000 thresholds"
BY_N_LESS_ONE = "esda divides the variance by n − 1, here it is n"
ONE_RING = "distances within 1e-9 of each other are one ring here, PySAL goes by row"
BY_N = "esda divides the variance by n, here it is n − 1"

TEST = {"permutations": peers.PERMUTATIONS, "n_jobs": 1, "keep_simulations": False, "seed": 1}


@dataclass(frozen=True)
class Pair:
    """A measure: its name, the peer's dotted name, both calls on a city, why the values differ, and why ours is slower.

    `ours` is None where this version has no such measure; `reason` and `slower` are for what is to be explained.
    """

    name: str
    peer: str
    theirs: Callable
    ours: Callable | None
    reason: str = ""
    slower: str = ""


def plain(key, **options):
    """Our index of a city, all inputs taken from its vocabulary; None where there is none."""
    index = REGISTRY.get(key)
    return index and (lambda city: index.function(**city.inputs(index), **options))


def on_squares(key):
    """Our index of an area, that of the whole square."""
    index = REGISTRY.get(key)

    def call(city):
        squares = {"area": np.full(city.n, city.pitch_m**2)}
        return index.function(**{name: squares.get(name, given) for name, given in city.inputs(index).items()})

    return index and call


def two_groups(key):
    """Our index of several groups for two."""
    index = REGISTRY.get(key)
    return index and (lambda city: index.function(np.stack([city.x, city.t - city.x], axis=-1)))


def decaying(key):
    """Our index with proximity exp(-d), the kernel made within the call."""
    index = REGISTRY.get(key)

    def call(city):
        near = kernel(city.xy, "exponential", DECAY_M, self_distance_m=city.self_distance_m)
        return index.function(**city.inputs(index) | {"nearby": near})

    return index and call


def around(key):
    """Our index of local environments, the kernel made within the call."""
    index = REGISTRY.get(key)

    def call(city):
        near = kernel(city.xy, "triangular", peers.BANDWIDTH_M)
        return index.function(**city.inputs(index), nearby=near)

    return call if index and index.spatial else None


def beside(key, rule, *, edge=False, **options):
    """Our index of neighbours, found within the call; `edge` weighs them by the length of their common edge."""
    index = REGISTRY.get(key)

    def call(city):
        weights = contiguity(city.xy, rule) * (city.pitch_m if edge else 1)
        more = {name: np.full(city.n, value) for name, value in options.items()}
        return index.function(**city.inputs(index) | {"weights": weights}, **more)

    return index and call


def kernel_sum(city):
    return kernel(city.xy, "triangular", peers.BANDWIDTH_M)(city.x)


def queen(city):
    return contiguity(city.xy, "queen")


def nearest_shares(city):
    both = np.stack([city.x, city.t])
    summed = [nearest(city.xy, city.t, k)(both) for k in peers.K_VALUES]
    return np.stack([x / t for x, t in summed], axis=-1)


def tested(statistic):
    """A local statistic of raw shares and its test, with as many permutations as the peer's."""
    if statistic != "local_morans_i" and "statistic" not in signature(local_clusters).parameters:
        return None
    options = {"permutations": peers.PERMUTATIONS, "rates": "raw"}
    if statistic != "local_morans_i":
        options["statistic"] = statistic
    return lambda city: local_clusters(city.x, city.t, city.queen, rng=np.random.default_rng(1), **options).value


def number(result):
    """The value of a result as an array: the neighbours of a matrix, or the first of several fields."""
    if hasattr(result, "tocsr"):
        matrix = result.tocsr().sorted_indices()
        return np.concatenate([matrix.indptr, matrix.indices])
    if isinstance(result, tuple):
        return number(getattr(result, "value", result[0]))
    return np.asarray(result, dtype=float)


def one(key, name, reason=""):
    return Pair(key, f"{SINGLE}.{name}", peers.one_group(f"{SINGLE}.{name}"), plain(key), reason)


def land(key, name, **options):
    return Pair(key, f"{SINGLE}.{name}", peers.one_group(f"{SINGLE}.{name}", "land"), plain(key, **options))


def centred(key, name):
    return Pair(key, f"{SINGLE}.{name}", peers.around_centre(f"{SINGLE}.{name}"), on_squares(key), ONE_RING)


def decayed(key, name, reason=WRONG_WAY):
    return Pair(key, f"{SINGLE}.{name}", peers.one_group(f"{SINGLE}.{name}", "squares"), decaying(key), reason)


def several(key, name, slower=""):
    return Pair(key, f"{MULTI}.{name}", peers.all_groups(f"{MULTI}.{name}"), plain(key), slower=slower)


def spatial(key, name, call, room):
    theirs = call(f"{room}.{name}", "squares", distance=peers.BANDWIDTH_M)
    return Pair(f"{key}, 1 km", f"{room}.{name}", theirs, around(key), ROUNDED)


def ranked(key, name):
    return Pair(key, f"{RANK}.{name}", peers.ordered(f"{RANK}.{name}"), plain(key))


def statistic(key, name, field, reason="", **options):
    theirs = peers.of_share(f"esda.{name}", field, permutations=0, **options)
    return Pair(key, f"esda.{name}", theirs, plain(key), reason)


PAIRS = [
    one("dissimilarity", "Dissim"),
    one("gini", "Gini"),
    Pair(
        "information_theory, two groups",
        f"{SINGLE}.Entropy",
        peers.one_group(f"{SINGLE}.Entropy"),
        two_groups("information_theory"),
    ),
    one("atkinson", "Atkinson"),
    one("hutchens", "HutchensSqrt"),
    one("minimum_maximum", "MinMax"),
    one("isolation", "Isolation"),
    one("exposure", "Interaction"),
    one("correlation_ratio", "CorrelationR"),
    one("concentration_profile", "ConProf", STEPS),
    land("delta", "Delta"),
    land("absolute_concentration", "AbsoluteConcentration", whole=True),
    land("relative_concentration", "RelativeConcentration", whole=True),
    centred("absolute_centralization", "AbsoluteCentralization"),
    centred("relative_centralization", "RelativeCentralization"),
    decayed("spatial_proximity", "SpatialProximity"),
    decayed("absolute_clustering", "AbsoluteClustering"),
    decayed("relative_clustering", "RelativeClustering", SQUARED),
    decayed("distance_decay_isolation", "DistanceDecayIsolation"),
    decayed("distance_decay_exposure", "DistanceDecayInteraction"),
    Pair(
        "adjusted_dissimilarity",
        f"{SINGLE}.SpatialDissim",
        peers.one_group(f"{SINGLE}.SpatialDissim", "squares", standardize=False),
        beside("adjusted_dissimilarity", "queen"),
    ),
    Pair(
        "boundary_dissimilarity",
        f"{SINGLE}.BoundarySpatialDissim",
        peers.one_group(f"{SINGLE}.BoundarySpatialDissim", "squares", standardize=False),
        beside("boundary_dissimilarity", "rook", edge=True),
    ),
    Pair(
        "boundary_dissimilarity, perimeter and area",
        f"{SINGLE}.PARDissim",
        peers.one_group(f"{SINGLE}.PARDissim", "squares"),
        beside("boundary_dissimilarity", "rook", edge=True, area=62_500.0, perimeter=1_000.0),
    ),
    spatial("dissimilarity", "Dissim", peers.one_group, SINGLE),
    spatial("minimum_maximum", "MinMax", peers.one_group, SINGLE),
    spatial("isolation", "Isolation", peers.one_group, SINGLE),
    spatial("information_theory", "MultiInfoTheory", peers.all_groups, MULTI),
    several("multigroup_dissimilarity", "MultiDissim"),
    several("multigroup_gini", "MultiGini"),
    several("information_theory", "MultiInfoTheory"),
    several("relative_diversity", "MultiRelativeDiversity"),
    several("squared_coefficient_of_variation", "MultiSquaredCoefVar"),
    several("normalized_exposure", "MultiNormExposure"),
    several(
        "divergence", "MultiDivergence", "scipy's relative entropy, exact and never negative, costs more than p ln p"
    ),
    several("entropy", "MultiDiversity"),
    several("simpson", "SimpsonsInteraction"),
    ranked("rank_order_information_theory", "RankOrderInfoTheory"),
    ranked("rank_order_variation_ratio", "RankOrderVarianceRatio"),
    ranked("rank_order_square_root", "RankOrderSqrt"),
    Pair(
        "location_quotient",
        f"{LOCAL}.MultiLocationQuotient",
        peers.each_cell(f"{LOCAL}.MultiLocationQuotient", column=0),
        plain("location_quotient"),
    ),
    Pair(
        "local_entropy",
        f"{LOCAL}.MultiLocalDiversity",
        peers.each_cell(f"{LOCAL}.MultiLocalDiversity"),
        plain("local_entropy"),
    ),
    statistic("morans_i", "Moran", "I"),
    statistic("local_morans_i", "Moran_Local", "Is", BY_N_LESS_ONE),
    statistic("getis_ord", "G_Local", "Zs", transform="B"),
    statistic("gearys_c", "Geary", "C"),
    Pair(
        "local_geary",
        "esda.Geary_Local",
        peers.fitted("esda.Geary_Local", "localG", permutations=0),
        plain("local_geary"),
        BY_N,
    ),
    Pair(
        "local_morans_i, 999 permutations",
        "esda.Moran_Local",
        peers.of_share("esda.Moran_Local", "Is", **TEST),
        tested("local_morans_i"),
        BY_N_LESS_ONE,
    ),
    Pair(
        "getis_ord, 999 permutations",
        "esda.G_Local",
        peers.of_share("esda.G_Local", "Zs", transform="B", **TEST),
        tested("getis_ord"),
    ),
    Pair(
        "local_geary, 999 permutations",
        "esda.Geary_Local",
        peers.fitted("esda.Geary_Local", "localG", **TEST),
        tested("local_geary"),
        BY_N,
    ),
    Pair(
        "nearest, 8 values of k",
        "equipop.run_knn_counts",
        peers.nearest_shares("equipop.run_knn_counts"),
        nearest_shares,
        slower="the radius of each cell is found by bisection, whose steps cost a call each however few the cells are",
    ),
    Pair("contiguity, queen", "libpysal.graph.Graph", peers.queen("libpysal.graph.Graph"), queen),
    Pair(
        "kernel, triangular, 1 km", "libpysal.weights.Kernel", peers.kernel_sum("libpysal.weights.Kernel"), kernel_sum
    ),
]
