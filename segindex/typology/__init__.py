"""Areas and who lives in them: cut-offs that stay, residents above them, types, what accumulates, what lasts."""

from segindex.typology.ends import ratio_of_ends, shares_beyond
from segindex.typology.lasting import tracked
from segindex.typology.thresholds import Above, above, cut_points
from segindex.typology.types import Alike, Standard, accumulated, disadvantage, standard, transitions, types_of

__all__ = [
    "Above",
    "Alike",
    "Standard",
    "above",
    "accumulated",
    "cut_points",
    "disadvantage",
    "ratio_of_ends",
    "shares_beyond",
    "standard",
    "tracked",
    "transitions",
    "types_of",
]
