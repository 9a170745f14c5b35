"""Where a city's measures are: their outlines on the map of area types."""

import shapely
from matplotlib.patches import PathPatch

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, followup_alt, maps, shapes, style
from segindex.figures.select import KINDS, check_types, made_up_in

MOST_NAMED = 6
ROOM = 1.75
"""Inches of the legend that the names of measures may take."""
OUTLINE = "#8a1c7c"
"""Apart from the borders of municipalities, and from every type."""
STEPS = 40
"""Lines up or down in which room is looked for."""
EDGE = 0.06
"""Inches that are kept free between a label and the frame."""


def draw_measures_map(
    cells,
    *,
    city,
    year,
    at,
    names,
    language,
    cell_size_m=None,
    areas=None,
    crs="EPSG:3067",
    borders=(),
    water=(),
    cut_offs=None,
    source="",
    made_up=False,
):
    """Map a city's area types with the outlines of the areas where its measures are.

    Parameters
    ----------
    cells : DataFrame
        One row a cell or area: city, year, cell, x, y, cell_size_m, residents, type.
    city, year
        Which rows are drawn.
    at : dict of str to set
        The cells of each measure's area: {measure_id: ids}. Measures without any of the city's cells have no outline.
    names : dict of str to Names
        What the measures are called.
    language : {"fi", "sv", "en"}
    cell_size_m, areas, crs, borders, water, cut_offs, source, made_up
        As `draw_type_map` takes them.

    Returns
    -------
    Figure

    Raises
    ------
    BadData
        There is no row of the city and year, or none of the measures' cells is among them.
    """
    rows = cells[(cells["city"] == city) & (cells["year"] == year)]
    known = set(rows["cell"])
    at = {key: own & known for key, own in at.items() if own & known}
    if not at:
        raise BadData(f"cells: no cell of a measure in {city}, {year}; nothing can be drawn")
    check_types(rows["type"], "cells")
    made_up = made_up or made_up_in(rows)
    shown = maps.painting(rows, "type", style.TYPES, cell_size_m=cell_size_m, areas=areas, population="residents")
    outlines = {key: _outline(shown, own, cell_size_m) for key, own in at.items()}
    told = followup_alt.measured(rows, at)
    title = followup_alt.measures_title(told, city=city, language=language)
    description = followup_alt.measures_alt(told, city=city, year=year, names=names, language=language)
    subtitle = _subtitle(year, len(at), cell_size_m, cut_offs, language)
    subtitle += maps.left_out(rows, shown, "residents", wording.of_base("age", language), language)
    subtitle = " ".join(subtitle)
    source = maps.source_line(source, crs, language)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=maps.UP, made_up=made_up, language=language
    )
    heading = wording.text(language, "followup.figure.measures_legend")
    entries = [("box", style.TYPES[kind], alt.type_name(kind, language), "") for kind in KINDS]
    entries += _measures(at, names, language)
    drawn = shown._replace(paint=lambda axes: _paint(axes, shown, outlines))
    maps.draw_map(figure, drawn, bottom, heading, entries, borders=borders, water=water, language=language)
    return figure


def _subtitle(year, n, cell_size_m, cut_offs, language):
    unit = alt.unit_words(cell_size_m, language)
    sentences = [wording.text(language, "followup.figure.measures_subtitle", year=int(year), unit=unit, n=n)]
    if cut_offs is not None:
        sentences.append(wording.text(language, "type_map.cuts", first=int(cut_offs)))
    return [*sentences, wording.text(language, "followup.figure.measures_caution")]


def _measures(at, names, language):
    """What the legend says of the outlines: the names of a few measures, or where more are told."""
    entries = [("line", OUTLINE, wording.text(language, "followup.figure.measures_outline"), "")]
    named = [f"{key} {names[key].in_(language)}" for key in at]
    lines = [style.wrapped(words, maps.LEGEND - maps.SWATCH) for words in named]
    needed = sum(len(own) * maps.PITCH + maps.APART for own in lines)
    if len(named) <= MOST_NAMED and needed <= ROOM:
        return entries + [("none", "white", words, "") for words in named]
    return [*entries, ("none", "white", wording.text(language, "followup.figure.measures_many"), "")]


def _outline(shown, own, cell_size_m):
    """The shape of a measure's cells or areas, as one."""
    rows = shown.rows["cell"].isin(own).to_numpy()
    if shown.polygons is not None:
        pieces = [polygon for polygon, inside in zip(shown.polygons, rows) if inside]
        return shapes.joined(pieces, shown.view) if pieces else None
    half = cell_size_m / 2
    x, y = (shown.rows[name].to_numpy(float)[rows] for name in ("x", "y"))
    return shapely.union_all(shapely.box(x - half, y - half, x + half, y + half))


def _paint(axes, shown, outlines):
    shown.paint(axes)
    paths = {key: None if outline is None else shapes.lines([outline], shown.view) for key, outline in outlines.items()}
    drawn = {key: path for key, path in paths.items() if path is not None}
    for path in drawn.values():
        look = {"facecolor": "none", "joinstyle": "miter"}
        axes.add_patch(PathPatch(path, edgecolor="white", linewidth=3.0, zorder=3.5, **look))
        axes.add_patch(PathPatch(path, edgecolor=OUTLINE, linewidth=1.6, zorder=3.5, **look))
    inner = {key: shapely.clip_by_rect(outlines[key], *shown.view) for key in drawn}
    points = {key: shapely.point_on_surface(shape) for key, shape in inner.items() if not shape.is_empty}
    for words, x, y in _labels({key: (point.x, point.y) for key, point in points.items()}, shown.view):
        style.write(
            axes, x, y, words, size=style.TINY, weight="bold", zorder=5, ha="center", va="center",
            path_effects=[style.halo()],
        )  # fmt: skip


def _labels(points, view):
    """Each measure's label and its middle: inside the frame, on no other and on no scale bar while there is room."""
    metres = (view.right - view.left) / maps.ACROSS
    tall = style.TINY / 72 * style.LEADING * metres
    low, high = view.bottom + tall / 2, view.top - tall / 2
    taken, placed = maps.furniture(view), []
    for key, (x, y) in sorted(points.items(), key=lambda one: (-one[1][1], one[0])):
        words = _short(key)
        half = (style.width(words, style.TINY, "bold") / 2 + EDGE) * metres
        x, y = min(max(x, view.left + half), view.right - half), min(max(y, low), high)
        beside = [box for box in taken if box[0] < x + half and x - half < box[2]]
        steps = (y + way * step * tall / 4 for step in range(4 * STEPS) for way in (-1, 1))
        y = next((one for one in steps if low <= one <= high and _free(one, tall, beside)), y)
        taken.append((x - half, y - tall / 2, x + half, y + tall / 2))
        placed.append((words, x, y))
    return placed


def _free(y, tall, boxes):
    return all(y + tall / 2 <= low or high <= y - tall / 2 for _, low, _, high in boxes)


def _short(key):
    """The id, or as much of its beginning as the frame holds."""
    if style.width(key, style.TINY, "bold") <= maps.ACROSS - 2 * EDGE:
        return key
    words = key
    while style.width(f"{words}…", style.TINY, "bold") > maps.ACROSS - 2 * EDGE:
        words = words[:-1]
    return f"{words}…"
