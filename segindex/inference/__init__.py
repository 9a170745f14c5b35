"""What a number is worth: chance and what is left without it, intervals, bounds, changes, and where clusters are."""

from segindex.inference.areas import cluster_areas, lasting
from segindex.inference.corrected import corrected, method_of, weakly_identified
from segindex.inference.counterfactual import spatial_or_composition
from segindex.inference.decomposition import decompose_change
from segindex.inference.expected import expected
from segindex.inference.identified import IdentifiedBounds, identified_bounds
from segindex.inference.interval import Difference, Interval, detectable_change, difference, interval
from segindex.inference.labelled import Labelled, labelled
from segindex.inference.levels_change import change_between_within
from segindex.inference.local_clusters import CLASSES, CLUSTERS, local_clusters, share_in_clusters
from segindex.inference.mixture import Mixture, draw, fit_mixture, posterior, underlying
from segindex.inference.rates import standardised_rates
from segindex.inference.refits import Refits, refitted

__all__ = [
    "CLASSES",
    "CLUSTERS",
    "Difference",
    "IdentifiedBounds",
    "Interval",
    "Labelled",
    "Mixture",
    "Refits",
    "change_between_within",
    "cluster_areas",
    "corrected",
    "decompose_change",
    "detectable_change",
    "difference",
    "draw",
    "expected",
    "fit_mixture",
    "identified_bounds",
    "interval",
    "labelled",
    "lasting",
    "local_clusters",
    "method_of",
    "posterior",
    "refitted",
    "share_in_clusters",
    "spatial_or_composition",
    "standardised_rates",
    "underlying",
    "weakly_identified",
]
