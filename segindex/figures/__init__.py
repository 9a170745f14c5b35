"""Figures of results and cells: `draw_*` returns a matplotlib Figure, `to_svg` and `to_png` give its bytes.

Nothing here saves a file or computes an index: every number that is shown stands in the tables given. The
exceptions are plain divisions and sums: a share of the population, how many live outside a map's window, and the sum
of a change's parts.
"""

from importlib import import_module

_HOME = {
    "PRINT": "segindex.figures.files",
    "draw_change_terms": "segindex.figures.changes",
    "draw_city_changes": "segindex.figures.city_changes",
    "draw_city_trends": "segindex.figures.city_trends",
    "draw_clusters": "segindex.figures.clusters",
    "draw_curve": "segindex.figures.funding",
    "draw_formulas": "segindex.figures.funding",
    "draw_followup_points": "segindex.figures.followup",
    "draw_followup_status": "segindex.figures.followup",
    "draw_measures_map": "segindex.figures.measures",
    "draw_ranking": "segindex.figures.ranking",
    "draw_scale_profile": "segindex.figures.scale",
    "draw_segplot": "segindex.figures.segplot",
    "draw_segregation_curve": "segindex.figures.segplot",
    "draw_timeline": "segindex.figures.funding",
    "draw_trends": "segindex.figures.trends",
    "draw_type_map": "segindex.figures.types",
    "draw_types": "segindex.figures.types",
    "to_png": "segindex.figures.files",
    "to_svg": "segindex.figures.files",
    "to_txt": "segindex.figures.files",
}
__all__ = [
    "PRINT",
    "draw_change_terms",
    "draw_city_changes",
    "draw_city_trends",
    "draw_clusters",
    "draw_curve",
    "draw_followup_points",
    "draw_followup_status",
    "draw_formulas",
    "draw_measures_map",
    "draw_ranking",
    "draw_scale_profile",
    "draw_segplot",
    "draw_segregation_curve",
    "draw_timeline",
    "draw_trends",
    "draw_type_map",
    "draw_types",
    "to_png",
    "to_svg",
    "to_txt",
]


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__():
    return __all__
