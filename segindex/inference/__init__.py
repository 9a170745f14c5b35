"""What a number is worth: its expected value under no segregation, and where clusters are more than chance."""

from segindex.inference.expected import expected
from segindex.inference.local_clusters import CLUSTERS, local_clusters, share_in_clusters, standardised_rates

__all__ = ["CLUSTERS", "expected", "local_clusters", "share_in_clusters", "standardised_rates"]
