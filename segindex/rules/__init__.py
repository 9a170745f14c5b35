"""Rules that put areas on lists or into types, as data: one TOML file a rule, judged when it is read."""

from segindex.rules.entry import EVIDENCE, AreaList, AreaType, Criterion, Reference, Rules, Share, Source
from segindex.rules.reading import judged, read_rules, shipped, with_cut_offs

__all__ = [
    "EVIDENCE",
    "AreaList",
    "AreaType",
    "Criterion",
    "Reference",
    "Rules",
    "Share",
    "Source",
    "judged",
    "read_rules",
    "shipped",
    "with_cut_offs",
]
