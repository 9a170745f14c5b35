"""The indices: pure functions, arrays in and arrays out, one module for each dimension of segregation."""

from segindex.indices.centralization import absolute_centralization, relative_centralization
from segindex.indices.clustering import morans_i
from segindex.indices.concentration import absolute_concentration, delta, relative_concentration
from segindex.indices.evenness import atkinson, dissimilarity, gini, gorard, hutchens, information_theory
from segindex.indices.exposure import correlation_ratio, exposure, isolation
from segindex.indices.local import local_morans_i

__all__ = [
    "absolute_centralization",
    "absolute_concentration",
    "atkinson",
    "correlation_ratio",
    "delta",
    "dissimilarity",
    "exposure",
    "gini",
    "gorard",
    "hutchens",
    "information_theory",
    "isolation",
    "local_morans_i",
    "morans_i",
    "relative_centralization",
    "relative_concentration",
]
