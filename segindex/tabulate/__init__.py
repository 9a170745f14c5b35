"""Panels and index keys to tidy tables: one row, one number."""

from segindex.schema import MADE_UP
from segindex.tabulate.blocks import blocks
from segindex.tabulate.by_area import AREA_INDICES, by_area
from segindex.tabulate.cells import areas, clusters, local
from segindex.tabulate.changes import changes, with_q
from segindex.tabulate.coverage import coverage
from segindex.tabulate.disclosures import disclosures
from segindex.tabulate.ends import ends
from segindex.tabulate.lasting import lasting, lasting_ids
from segindex.tabulate.results import compute
from segindex.tabulate.rules import apply_rules, rule_cut_offs
from segindex.tabulate.scales import scales
from segindex.tabulate.sensitivity import type_sensitivity
from segindex.tabulate.thresholds import cut_offs, judged_cut_offs, thresholds
from segindex.tabulate.types import (
    accumulation,
    area_types,
    no_areas,
    standards,
    standards_or_none,
    type_changes,
    type_residents,
)
from segindex.tabulate.worth import Worth

__all__ = [
    "AREA_INDICES",
    "MADE_UP",
    "Worth",
    "accumulation",
    "apply_rules",
    "area_types",
    "areas",
    "blocks",
    "by_area",
    "changes",
    "clusters",
    "compute",
    "coverage",
    "cut_offs",
    "disclosures",
    "ends",
    "judged_cut_offs",
    "lasting",
    "lasting_ids",
    "local",
    "no_areas",
    "rule_cut_offs",
    "scales",
    "standards",
    "standards_or_none",
    "thresholds",
    "type_changes",
    "type_residents",
    "type_sensitivity",
    "with_q",
]
