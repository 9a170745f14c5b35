"""Residential segregation in Finland's cities: indices with what each number is worth.

Three lines give a table for one city::

    import segindex
    panels = segindex.read("paavo2026_wfs_codes.csv", city="Helsinki")
    segindex.compute(panels, ["dissimilarity", "isolation"])
"""

import importlib

_FACE = {
    "read": ("segindex.ingest", "read"),
    "to_panel": ("segindex.grid", "to_panel"),
    "Panel": ("segindex.panel", "Panel"),
    "compute": ("segindex.tabulate", "compute"),
    "local": ("segindex.tabulate", "local"),
    "REGISTRY": ("segindex.registry", "REGISTRY"),
    "Worth": ("segindex.tabulate", "Worth"),
    "accumulation": ("segindex.tabulate", "accumulation"),
    "apply_rules": ("segindex.tabulate", "apply_rules"),
    "area_types": ("segindex.tabulate", "area_types"),
    "by_area": ("segindex.tabulate", "by_area"),
    "changes": ("segindex.tabulate", "changes"),
    "ends": ("segindex.tabulate", "ends"),
    "explore": ("segindex.notebook", "explore"),
    "figures": ("segindex.figures", None),
    "followup": ("segindex.followup", None),
    "funding": ("segindex.funding", None),
    "indices": ("segindex.indices", None),
    "lasting": ("segindex.tabulate", "lasting"),
    "show": ("segindex.notebook", "show"),
    "thresholds": ("segindex.tabulate", "thresholds"),
}

__all__ = [
    "REGISTRY",
    "Panel",
    "Worth",
    "accumulation",
    "apply_rules",
    "area_types",
    "by_area",
    "changes",
    "compute",
    "ends",
    "explore",
    "figures",
    "followup",
    "funding",
    "indices",
    "lasting",
    "local",
    "read",
    "show",
    "thresholds",
    "to_panel",
]


def __getattr__(name):
    if name == "__version__":
        from segindex.provenance import version

        return version()
    if name not in _FACE:
        raise AttributeError(f"module 'segindex' has no attribute {name!r}; it has {', '.join(sorted(_FACE))}")
    module, attribute = _FACE[name]
    found = importlib.import_module(module)
    return found if attribute is None else getattr(found, attribute)


def __dir__():
    return sorted(__all__)
