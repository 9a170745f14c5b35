"""The programme's follow-up: indicator cards, trends, and what has changed where the measures are."""

from segindex.followup.cards import cards, points
from segindex.followup.columns import TABLES
from segindex.followup.indicators import Indicator, defaults, indicators_in, names_of
from segindex.followup.places import cells_of, measure_names, need_without, places
from segindex.followup.trend import trend

__all__ = [
    "TABLES",
    "Indicator",
    "cards",
    "cells_of",
    "defaults",
    "indicators_in",
    "measure_names",
    "names_of",
    "need_without",
    "places",
    "points",
    "trend",
]
