"""Figures of results and cells: `draw_*` returns a matplotlib Figure, `to_svg` and `to_png` give its bytes.

Nothing here saves a file or computes an index: every number that is shown stands in the tables given. The two
exceptions are plain divisions and sums: a share of the population, and how many live outside a map's window.
"""

from importlib import import_module

_HOME = {
    "draw_clusters": "segindex.figures.clusters",
    "draw_ranking": "segindex.figures.ranking",
    "draw_scale_profile": "segindex.figures.scale",
    "draw_segplot": "segindex.figures.segplot",
    "draw_segregation_curve": "segindex.figures.segplot",
    "draw_trends": "segindex.figures.trends",
    "to_png": "segindex.figures.style",
    "to_svg": "segindex.figures.style",
}
__all__ = [
    "draw_clusters",
    "draw_ranking",
    "draw_scale_profile",
    "draw_segplot",
    "draw_segregation_curve",
    "draw_trends",
    "to_png",
    "to_svg",
]


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__():
    return __all__
