"""The indices: pure functions, arrays in and arrays out, one module for each dimension of segregation."""

from segindex.indices.clustering import morans_i
from segindex.indices.evenness import atkinson, dissimilarity, gini, gorard, hutchens, information_theory
from segindex.indices.exposure import correlation_ratio, exposure, isolation
from segindex.indices.local import local_morans_i

__all__ = [
    "atkinson",
    "correlation_ratio",
    "dissimilarity",
    "exposure",
    "gini",
    "gorard",
    "hutchens",
    "information_theory",
    "isolation",
    "local_morans_i",
    "morans_i",
]
