"""The funding mapping: the register of channels, awards, use and measures, and what is computed from it."""

from segindex.funding.reading import facts, read_register
from segindex.funding.register import Finding, Register, Translation, empty, judged
from segindex.funding.sums import Total, outermost, total, totals
from segindex.funding.words import is_active, placeholders
from segindex.funding.writing import as_csv, as_workbook

__all__ = [
    "Finding",
    "Register",
    "Total",
    "Translation",
    "as_csv",
    "as_workbook",
    "empty",
    "facts",
    "is_active",
    "judged",
    "outermost",
    "placeholders",
    "read_register",
    "total",
    "totals",
]
