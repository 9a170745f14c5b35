"""Protected cells: which they are, how much of the base they hold, and what an index may be with them."""

from segindex.suppression.bounds import Bounds, bounds
from segindex.suppression.disclosure import (
    Disclosure,
    disclosed,
    disclosed_by_coarser,
    disclosed_by_total,
    disclosed_by_years,
)
from segindex.suppression.masks import coverage, hidden_residents, hidden_share, same_mask

__all__ = [
    "Bounds",
    "Disclosure",
    "bounds",
    "coverage",
    "disclosed",
    "disclosed_by_coarser",
    "disclosed_by_total",
    "disclosed_by_years",
    "hidden_residents",
    "hidden_share",
    "same_mask",
]
