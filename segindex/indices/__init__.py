"""The indices: pure functions, arrays in and arrays out, one module for each dimension of segregation."""

from segindex.indices.centralization import absolute_centralization, relative_centralization
from segindex.indices.clustering import morans_i
from segindex.indices.compression import compress
from segindex.indices.concentration import absolute_concentration, delta, relative_concentration
from segindex.indices.curves import concentration_curve, concentration_profile, segregation_curve
from segindex.indices.evenness import atkinson, dissimilarity, gini, gorard, hutchens, information_theory
from segindex.indices.exposure import correlation_ratio, exposure, isolation
from segindex.indices.levels import between_within, district_impact, multilevel_dissimilarity, nested_parts
from segindex.indices.local import (
    concentration_at_extremes,
    local_dissimilarity,
    local_divergence,
    local_entropy,
    local_information_theory,
    local_morans_i,
    local_segregation,
    local_simpson,
    location_quotient,
)
from segindex.indices.local_association import getis_ord, local_geary
from segindex.indices.multigroup import (
    divergence,
    entropy,
    multigroup_dissimilarity,
    multigroup_gini,
    mutual_information,
    normalized_exposure,
    relative_diversity,
    simpson,
    squared_coefficient_of_variation,
)
from segindex.indices.ordinal import (
    ordinal_absolute_difference,
    ordinal_information_theory,
    ordinal_square_root,
    ordinal_variation_ratio,
    rank_order_information_theory,
    rank_order_square_root,
    rank_order_variation_ratio,
)
from segindex.indices.trajectories import distortion, local_distortion

__all__ = [
    "absolute_centralization",
    "absolute_concentration",
    "atkinson",
    "between_within",
    "compress",
    "concentration_at_extremes",
    "concentration_curve",
    "concentration_profile",
    "correlation_ratio",
    "delta",
    "dissimilarity",
    "distortion",
    "district_impact",
    "divergence",
    "entropy",
    "exposure",
    "getis_ord",
    "gini",
    "gorard",
    "hutchens",
    "information_theory",
    "isolation",
    "local_dissimilarity",
    "local_distortion",
    "local_divergence",
    "local_entropy",
    "local_geary",
    "local_information_theory",
    "local_morans_i",
    "local_segregation",
    "local_simpson",
    "location_quotient",
    "morans_i",
    "multigroup_dissimilarity",
    "multigroup_gini",
    "multilevel_dissimilarity",
    "mutual_information",
    "nested_parts",
    "normalized_exposure",
    "ordinal_absolute_difference",
    "ordinal_information_theory",
    "ordinal_square_root",
    "ordinal_variation_ratio",
    "rank_order_information_theory",
    "rank_order_square_root",
    "rank_order_variation_ratio",
    "relative_centralization",
    "relative_concentration",
    "relative_diversity",
    "segregation_curve",
    "simpson",
    "squared_coefficient_of_variation",
]
