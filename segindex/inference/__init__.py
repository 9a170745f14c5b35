"""What a number is worth: its expected value under no segregation, and where clusters are more than chance."""

from segindex.inference.areas import cluster_areas, lasting
from segindex.inference.expected import expected
from segindex.inference.labelled import Labelled, labelled
from segindex.inference.local_clusters import CLASSES, CLUSTERS, local_clusters, share_in_clusters
from segindex.inference.rates import standardised_rates

__all__ = [
    "CLASSES",
    "CLUSTERS",
    "Labelled",
    "cluster_areas",
    "expected",
    "labelled",
    "lasting",
    "local_clusters",
    "share_in_clusters",
    "standardised_rates",
]
