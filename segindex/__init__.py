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
    "changes": ("segindex.tabulate", "changes"),
    "Worth": ("segindex.tabulate", "Worth"),
    "REGISTRY": ("segindex.registry", "REGISTRY"),
    "indices": ("segindex.indices", None),
    "figures": ("segindex.figures", None),
    "explore": ("segindex.notebook", "explore"),
    "show": ("segindex.notebook", "show"),
}

__all__ = [
    *("REGISTRY", "Panel", "Worth", "changes", "compute", "explore", "figures", "indices", "local", "read", "show"),
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
