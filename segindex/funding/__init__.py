"""The register of funding channels, and what it tells: coverage, amounts, use, gaps, overlaps and time."""

from segindex.funding.mapping import REASONS, amounts, completeness, coverage, gaps, matrix
from segindex.funding.overlaps import overlaps
from segindex.funding.sums import outermost
from segindex.funding.timeline import absorption, timeline

__all__ = [
    "REASONS",
    "absorption",
    "amounts",
    "completeness",
    "coverage",
    "gaps",
    "matrix",
    "outermost",
    "overlaps",
    "timeline",
]
