"""The funding mapping: the register of channels, awards, use and measures, and what is computed from it."""

from segindex.funding.formulas import what_if
from segindex.funding.mapping import REASONS, amounts, completeness, coverage, gaps, matrix
from segindex.funding.need import needs
from segindex.funding.overlaps import overlaps
from segindex.funding.reading import facts, read_register
from segindex.funding.register import Finding, Register, Translation, empty, judged
from segindex.funding.sums import Total, outermost, total, totals
from segindex.funding.targeting import curves, per_head
from segindex.funding.timeline import absorption, timeline
from segindex.funding.words import is_active, placeholders
from segindex.funding.writing import as_csv, as_workbook

__all__ = [
    "REASONS",
    "Finding",
    "Register",
    "Total",
    "Translation",
    "absorption",
    "amounts",
    "as_csv",
    "as_workbook",
    "completeness",
    "coverage",
    "curves",
    "empty",
    "facts",
    "gaps",
    "is_active",
    "judged",
    "matrix",
    "needs",
    "outermost",
    "overlaps",
    "per_head",
    "placeholders",
    "read_register",
    "timeline",
    "total",
    "totals",
    "what_if",
]
