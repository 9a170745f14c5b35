"""Panels and index keys to tidy tables: one row, one number."""

from segindex.schema import MADE_UP
from segindex.tabulate.cells import areas, clusters, local
from segindex.tabulate.changes import changes, with_q
from segindex.tabulate.coverage import coverage
from segindex.tabulate.disclosures import disclosures
from segindex.tabulate.results import compute
from segindex.tabulate.scales import scales
from segindex.tabulate.worth import Worth

__all__ = [
    "MADE_UP",
    "Worth",
    "areas",
    "changes",
    "clusters",
    "compute",
    "coverage",
    "disclosures",
    "local",
    "scales",
    "with_q",
]
