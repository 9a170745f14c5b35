"""The frame of a city's map: ground, water, cells or areas in their colours, borders, scale bar and legend."""

from typing import NamedTuple

import matplotlib.colors
import numpy as np
from matplotlib.patches import PathPatch, Rectangle

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.figures import shapes, style

LEGEND, GAP = 1.92, 0.13
SWATCH, PITCH, APART = 0.36, 0.16, 0.06
"""Inches of the legend: from a swatch to its name, from line to line, and from entry to entry."""
ACROSS = style.WIDTH - 2 * style.MARGIN - LEGEND - GAP
UP = 4.3
SYSTEMS = {"EPSG:3067": "ETRS-TM35FIN", "EPSG:3879": "ETRS-GK25FIN"}


class Painting(NamedTuple):
    """What a map shows: the rows with a place, the window, what paints them on axes, and their polygons if any."""

    rows: object
    view: shapes.Window
    paint: object
    polygons: list | None

    @property
    def kind(self):
        """Whether cells of a grid are drawn, or areas: as the texts say it."""
        return "grid" if self.polygons is None else "area"


def painting(rows, classes, colours, *, cell_size_m, areas, population):
    """The painting of rows in the colours of their classes: as an image where they are cells of a grid.

    Parameters
    ----------
    rows : DataFrame
        cell, x, y; centres of polygons may be left out.
    classes : str
        The column that says which of `colours` a row has.
    colours : dict
    cell_size_m, areas
        As `draw_clusters` takes them: one of the two.
    population : str
        The column that says how many live there; NaN where this may not be told.
    """
    if (cell_size_m is None) == (areas is None):
        raise BadSettings("a map takes either cell_size_m (a grid) or areas (polygons), not both")
    if areas is None:
        return _grid(rows, classes, colours, cell_size_m, population)
    if hasattr(areas, "geometry"):
        areas = dict(zip(areas["cell"], areas.geometry))
    return _polygons(_placed(rows, areas), classes, colours, areas, population)


def left_out(rows, shown, population, of_base, language):
    """Sentences on those who live outside the map's window, or in areas whose outlines are not known."""
    everybody, placed = (np.nan_to_num(each[population].to_numpy(float)) for each in (rows, shown.rows))
    away = placed[~shown.view.holds(shown.rows["x"].to_numpy(), shown.rows["y"].to_numpy())].sum()
    return [
        wording.text(
            language,
            f"map.{key}",
            n=wording.count(number, language),
            share=wording.percent(number / everybody.sum(), language),
            of_base=of_base,
        )
        for key, number in (("outside", away), ("no_polygon", everybody.sum() - placed.sum()))
        if number > 0
    ]


def source_line(source, crs, language):
    """The source line of a map, which names the coordinate system."""
    coordinates = wording.text(language, "map.coordinates", name=SYSTEMS.get(crs, crs))
    return f"{source.rstrip('.')}. {coordinates}" if source else coordinates


def draw_map(figure, shown, bottom, heading, entries, *, borders, water, language):
    """Draw a painting from `bottom` inches up, and beside it the legend: the classes' entries, and what lies round.

    An entry is (shape, colour, name, numbers).
    """
    view = shown.view
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((style.MARGIN / wide, bottom / high, ACROSS / wide, UP / high))
    besides = [("box", style.LAND, f"ground_{shown.kind}")]
    if _ground(axes, view, water):
        besides.append(("box", style.WATER, "water"))
    shown.paint(axes)
    if _draw_borders(axes, view, borders):
        besides.append(("line", style.INK, "border"))
    elif shown.polygons is not None and _draw_outline(axes, view, shown.polygons):
        besides.append(("line", style.OUTLINE, "outline"))
    _scale_bar(axes, view, language)
    _north(axes, language)
    besides = [(shape, colour, wording.text(language, f"map.{key}"), "") for shape, colour, key in besides]
    _legend(figure, heading, [*entries, *besides], bottom + UP)


def _ground(axes, view, water):
    axes.set_xlim(view.left, view.right)
    axes.set_ylim(view.bottom, view.top)
    axes.set_facecolor(style.LAND)
    style.bare(axes, sides=("left", "right", "top", "bottom"))
    path = shapes.filled(_geometries(water), view)
    if path is not None:
        axes.add_patch(PathPatch(path, facecolor=style.WATER, edgecolor="none", linewidth=0))
    return path is not None


def _grid(rows, classes, colours, size, population):
    """A grid city: the cells as an image."""
    x, y, people = _located(rows, population)
    half = size / 2
    bounds = (x.min() - half, y.min() - half, x.max() + half, y.max() + half)
    view = shapes.window(x, y, people, bounds=bounds, aspect=ACROSS / UP)
    rgba = {name: _rgba(colour) for name, colour in colours.items()}
    pixels = np.array([rgba[name] for name in rows[classes]], np.uint8)
    image, extent = shapes.raster(x, y, pixels, size, view, ground=_rgba(style.LAND))

    def paint(axes):
        axes.imshow(image, extent=extent, interpolation="none", aspect="auto", zorder=2)
        axes.set_xlim(view.left, view.right)
        axes.set_ylim(view.bottom, view.top)

    return Painting(rows, view, paint, None)


def _located(rows, population):
    """Where the cells lie, and how many live there; a protected cell may not say."""
    x, y, people = (rows[name].to_numpy(float) for name in ("x", "y", population))
    return x, y, np.nan_to_num(people)


def _placed(rows, areas):
    """The rows that have a polygon, each with a centre."""
    found = rows[rows["cell"].isin(areas)]
    if not len(found):
        raise BadData(f"areas: none of the cells {list(rows['cell'][:3])} has a polygon; polygons: {list(areas)[:3]}")
    x, y = shapes.centres(areas[cell] for cell in found["cell"])
    return found.assign(x=found["x"].where(found["x"].notna(), x), y=found["y"].where(found["y"].notna(), y))


def _polygons(rows, classes, colours, areas, population):
    """A city of polygons."""
    x, y, people = _located(rows, population)
    polygons = [areas[cell] for cell in rows["cell"]]
    view = shapes.window(x, y, people, bounds=shapes.bounds(polygons), aspect=ACROSS / UP)

    def paint(axes):
        for name, colour in colours.items():
            path = shapes.filled([areas[cell] for cell in rows["cell"][rows[classes] == name]], view)
            if path is not None:
                axes.add_patch(PathPatch(path, facecolor=colour, edgecolor=style.LINE, linewidth=0.4, zorder=2))

    return Painting(rows, view, paint, polygons)


def _draw_borders(axes, view, borders):
    """Draw the municipal borders, and say whether any is in view."""
    path = shapes.lines(_geometries(borders), view)
    if path is not None:
        outline = {"facecolor": "none", "capstyle": "round", "joinstyle": "round"}
        axes.add_patch(PathPatch(path, edgecolor="white", linewidth=1.8, zorder=3, **outline))
        axes.add_patch(PathPatch(path, edgecolor=style.INK, linewidth=0.8, zorder=3, **outline))
    return path is not None


def _draw_outline(axes, view, polygons):
    """Draw the outline of all polygons together, and say whether any of it is in view."""
    path = shapes.lines([shapes.joined(polygons, view)], view)
    if path is not None:
        axes.add_patch(PathPatch(path, facecolor="none", edgecolor=style.OUTLINE, linewidth=1.1, zorder=3))
    return path is not None


def furniture(view):
    """Where the scale bar and the arrow to the north stand: (left, bottom, right, top) of each, in metres."""
    wide, tall = view.right - view.left, view.top - view.bottom
    bar = shapes.scale_length(view) * 1000 / wide
    boxes = (
        (0.15 / ACROSS - 0.015, 0.02, 0.15 / ACROSS + bar + 0.015, 0.09),
        (1 - 0.29 / ACROSS, 0.06 / UP, 1 - 0.07 / ACROSS, 0.66 / UP),
    )
    return [
        (view.left + left * wide, view.bottom + low * tall, view.left + right * wide, view.bottom + high * tall)
        for left, low, right, high in boxes
    ]


def _geometries(given):
    return list(given.geometry if hasattr(given, "geometry") else given)


def _scale_bar(axes, view, language):
    kilometres = shapes.scale_length(view)
    share = kilometres * 1000 / (view.right - view.left)
    start, level = 0.15 / ACROSS, 0.035
    axes.add_patch(
        Rectangle(
            (start - 0.015, level - 0.015),
            share + 0.03,
            0.07,
            transform=axes.transAxes,
            facecolor="white",
            alpha=0.8,
            zorder=4,
        )
    )
    axes.plot(
        [start, start, start + share, start + share],
        [level + 0.012, level, level, level + 0.012],
        color=style.INK,
        linewidth=1.2,
        transform=axes.transAxes,
        zorder=5,
        solid_joinstyle="miter",
    )
    decimals = 0 if kilometres >= 1 else 2
    words = wording.text(language, "figure.kilometres", n=wording.number(kilometres, language, decimals))
    _on_map(axes, start + share / 2, level + 0.018, words)


def _north(axes, language):
    place = 1 - 0.18 / ACROSS
    axes.add_patch(
        Rectangle(
            (place - 0.11 / ACROSS, 0.06 / UP),
            0.22 / ACROSS,
            0.6 / UP,
            transform=axes.transAxes,
            facecolor="white",
            alpha=0.8,
            zorder=4,
        )
    )
    axes.annotate(
        "",
        xy=(place, 0.62 / UP),
        xytext=(place, 0.26 / UP),
        xycoords="axes fraction",
        arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0},
        zorder=5,
    )
    _on_map(axes, place, 0.11 / UP, wording.text(language, "figure.north"))


def _on_map(axes, x, y, words):
    style.write(axes, x, y, words, transform=axes.transAxes, zorder=5, ha="center")


def _legend(figure, heading, entries, top):
    """Write the legend from `top` inches down: each entry's swatch, its name, and its numbers below."""
    wide, high = figure.get_size_inches()
    left = style.MARGIN + ACROSS + GAP
    beside = (left + SWATCH) / wide
    for line in style.wrapped(heading, LEGEND):
        top -= PITCH
        style.write(figure, left / wide, top / high, line)
    top -= 0.07
    for shape, colour, name, numbers in entries:
        _swatch(figure, shape, colour, left, top - 0.19)
        for line in style.wrapped(name, LEGEND - SWATCH):
            top -= PITCH
            style.write(figure, beside, top / high, line)
        if numbers:
            top -= PITCH - 0.01
            style.write(figure, beside, top / high, numbers, size=style.TINY, color=style.QUIET)
        top -= APART


def _swatch(figure, shape, colour, left, bottom):
    wide, high = figure.get_size_inches()
    look = {"facecolor": colour, "edgecolor": style.LINE, "linewidth": 0.5}
    low, tall = (bottom, 0.17) if shape == "box" else (bottom + 0.08, 0.015)
    figure.add_artist(
        Rectangle((left / wide, low / high), 0.26 / wide, tall / high, **look if shape == "box" else {"color": colour})
    )


def _rgba(colour):
    return (np.array(matplotlib.colors.to_rgba(colour)) * 255).round().astype(np.uint8)
