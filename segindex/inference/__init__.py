"""What a number is worth: its expected value under no segregation, what tiny cells can tell of it, and where clusters

from segindex.inference.areas import cluster_areas, lasting
from segindex.inference.corrected import corrected, method_of, weakly_identified
from segindex.inference.expected import expected
from segindex.inference.identified import IdentifiedBounds, identified_bounds
from segindex.inference.interval import Difference, Interval, detectable_change, difference, interval
from segindex.inference.labelled import Labelled, labelled
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
    "cluster_areas",
    "corrected",
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
    "standardised_rates",
    "underlying",
    "weakly_identified",
]
