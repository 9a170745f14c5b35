"""One city's map of local clusters."""

import matplotlib.colors
import numpy as np
from matplotlib.patches import PathPatch, Rectangle

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.figures import alt, shapes, style
from segindex.figures.select import made_up_in, tally

LEGEND, GAP = 1.92, 0.13
SWATCH, PITCH = 0.36, 0.16
ACROSS = style.WIDTH - 2 * style.MARGIN - LEGEND - GAP
UP = 4.3
ALWAYS = ("high-high", "low-low", "high-low", "low-high", "not significant")
SYSTEMS = {"EPSG:3067": "ETRS-TM35FIN", "EPSG:3879": "ETRS-GK25FIN"}
UNTESTED = ("no neighbour", "protected", "empty")


def draw_clusters(
    cells,
    *,
    city,
    group,
    year,
    language,
    cell_size_m=None,
    areas=None,
    crs="EPSG:3067",
    borders=(),
    water=(),
    clusters=None,
    index="local_morans_i",
    false_discovery=0.05,
    defined=None,
    source="",
    made_up=False,
):
    """Map a city's cells by local cluster.

    Parameters
    ----------
    cells : DataFrame
        One row a cell: city, year, classification, group, index, cell, x, y, population, group_size, cluster.
    city, group, year, index
        Which rows are drawn.
    language : {"fi", "sv", "en"}
    cell_size_m : float, optional
        The side of the cells of a regular grid; they are drawn as an image.
    areas : GeoDataFrame or mapping, optional
        Instead: the polygon of each cell (columns cell and geometry, or cell -> geometry).
    crs : str
        The coordinate system of everything that is drawn, for the source line.
    borders, water : GeoDataFrame or sequence of geometries, optional
        Municipalities, whose outlines are drawn, and water, which is filled.
    clusters : DataFrame, optional
        The classes of this city and group as they may be published: cluster, n_cells, population_share; NaN is
        shown as a dash. Left out, they are counted from the cells.
    false_discovery : float
        The controlled rate, for the subtitle.
    defined : dict, optional
        Names of groups that the settings define: {key: Names}.
    source : str
        The source line.
    made_up : bool
        Marks the figure and its files as made-up data. Rows whose note says so mark it in any case.

    Returns
    -------
    Figure
    """
    if (cell_size_m is None) == (areas is None):
        raise BadSettings("draw_clusters takes either cell_size_m (a grid) or areas (polygons), not both")
    rows = cells
    for column, wanted in (("city", city), ("group", group), ("year", year), ("index", index)):
        rows = rows[rows[column] == wanted]
    if not len(rows):
        raise BadData(f"cells: no row for {city}, {group}, {year}, {index}; nothing can be drawn")
    unknown = sorted(set(rows["cluster"]) - set(style.CLUSTERS))
    if unknown:
        raise BadData(f"cells: cluster {unknown} is unknown; known are {', '.join(style.CLUSTERS)}")
    classification = rows["classification"].iloc[0]
    made_up = made_up or made_up_in(rows)
    classes = tally(rows) if clusters is None else clusters
    named = {
        "city": city,
        "group": wording.group_name(group, language, defined),
        "classification": classification,
        "language": language,
    }

    figure = style.Picture(
        title=(title := alt.clusters_title(classes, **named)),
        description=alt.clusters_alt(classes, year=int(year), **named),
        made_up=made_up,
        language=language,
    )
    if hasattr(areas, "geometry"):
        areas = dict(zip(areas["cell"], areas.geometry))
    drawn = rows if areas is None else _placed(rows, areas)
    view, paint = _grid(drawn, cell_size_m) if areas is None else _polygons(drawn, areas)
    subtitle = _subtitle(rows, drawn, view, cell_size_m, year, false_discovery, classification, language)
    bottom = style.frame(
        figure, title, subtitle, _source(source, crs, language), body=UP, made_up=made_up, language=language
    )
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((style.MARGIN / wide, bottom / high, ACROSS / wide, UP / high))
    kind = "area" if cell_size_m is None else "grid"
    besides = [("box", style.LAND, f"ground_{kind}")]
    if _ground(axes, view, water):
        besides.append(("box", style.WATER, "water"))
    paint(axes)
    if _draw_borders(axes, view, borders):
        besides.append(("line", style.INK, "border"))
    elif areas is not None and _draw_outline(axes, view, [areas[cell] for cell in drawn["cell"]]):
        besides.append(("line", style.OUTLINE, "outline"))
    _scale_bar(axes, view, language)
    _north(axes, language)
    besides = [(shape, colour, wording.text(language, f"clusters.{key}"), "") for shape, colour, key in besides]
    heading = wording.text(language, f"clusters.legend_{kind}", of_base=wording.of_base(classification, language))
    _legend(figure, heading, [*_class_entries(classes, language), *besides], bottom + UP)
    return figure


def _subtitle(rows, drawn, view, cell_size_m, year, false_discovery, classification, language):
    tested = int((~rows["cluster"].isin(UNTESTED)).sum())
    sentences = [
        wording.text(
            language,
            "clusters.subtitle",
            unit=alt.unit_words(cell_size_m, language),
            year=int(year),
            n=wording.count(tested, language),
        ),
        wording.text(language, "clusters.method", level=wording.percent(false_discovery, language, 0)),
    ]
    if (rows["cluster"] == "protected").any():
        sentences.append(wording.text(language, "clusters.visible"))
    everybody = _visible(rows).sum()
    away = _visible(drawn)[~view.holds(drawn["x"].to_numpy(), drawn["y"].to_numpy())].sum()
    for key, number in (("outside", away), ("no_polygon", everybody - _visible(drawn).sum())):
        if number > 0:
            sentences.append(
                wording.text(
                    language,
                    f"clusters.{key}",
                    n=wording.count(number, language),
                    share=wording.percent(number / everybody, language),
                    of_base=wording.of_base(classification, language),
                )
            )
    return " ".join(sentences)


def _visible(rows):
    return rows["population"].where(rows["cluster"] != "protected", 0).to_numpy(float)


def _source(source, crs, language):
    coordinates = wording.text(language, "clusters.coordinates", name=SYSTEMS.get(crs, crs))
    return f"{source.rstrip('.')}. {coordinates}" if source else coordinates


def _ground(axes, view, water):
    axes.set_xlim(view.left, view.right)
    axes.set_ylim(view.bottom, view.top)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(style.LAND)
    style.bare(axes, sides=("left", "right", "top", "bottom"))
    path = shapes.filled(_geometries(water), view)
    if path is not None:
        axes.add_patch(PathPatch(path, facecolor=style.WATER, edgecolor="none", linewidth=0))
    return path is not None


def _grid(rows, size):
    """The window of a grid city, and what paints its cells."""
    x, y, population = _located(rows)
    half = size / 2
    bounds = (x.min() - half, y.min() - half, x.max() + half, y.max() + half)
    view = shapes.window(x, y, population, bounds=bounds, aspect=ACROSS / UP)
    rgba = {name: _rgba(colour) for name, colour in style.CLUSTERS.items()}
    colours = np.array([rgba[name] for name in rows["cluster"]], np.uint8)
    image, extent = shapes.raster(x, y, colours, size, view, ground=_rgba(style.LAND))

    def paint(axes):
        axes.imshow(image, extent=extent, interpolation="none", aspect="auto", zorder=2)
        axes.set_xlim(view.left, view.right)
        axes.set_ylim(view.bottom, view.top)

    return view, paint


def _located(rows):
    """Where the cells lie, and how many live there; a protected cell may not say."""
    x, y, population = (rows[name].to_numpy(float) for name in ("x", "y", "population"))
    return x, y, np.nan_to_num(population)


def _placed(rows, areas):
    """The rows that have a polygon, each with a centre."""
    found = rows[rows["cell"].isin(areas)]
    if not len(found):
        raise BadData(f"areas: none of the cells {list(rows['cell'][:3])} has a polygon; polygons: {list(areas)[:3]}")
    x, y = shapes.centres(areas[cell] for cell in found["cell"])
    return found.assign(x=found["x"].where(found["x"].notna(), x), y=found["y"].where(found["y"].notna(), y))


def _polygons(rows, areas):
    """The window of a city of polygons, and what paints them."""
    x, y, population = _located(rows)
    bounds = shapes.bounds(areas[cell] for cell in rows["cell"])
    view = shapes.window(x, y, population, bounds=bounds, aspect=ACROSS / UP)

    def paint(axes):
        for cluster, colour in style.CLUSTERS.items():
            path = shapes.filled([areas[cell] for cell in rows["cell"][rows["cluster"] == cluster]], view)
            if path is not None:
                axes.add_patch(PathPatch(path, facecolor=colour, edgecolor=style.LINE, linewidth=0.4, zorder=2))

    return view, paint


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


def _class_entries(classes, language):
    """What the legend says of each class: (shape, colour, name, numbers)."""
    found = classes.set_index("cluster")
    entries = []
    for cluster, colour in style.CLUSTERS.items():
        n_cells = found["n_cells"].get(cluster, 0)
        if cluster not in ALWAYS and not n_cells > 0:
            continue
        share = found["population_share"].get(cluster, 0.0)
        numbers = f"{wording.count(n_cells, language)} · {wording.percent(share, language)}"
        entries.append(("box", colour, alt.cluster_name(cluster, language), numbers))
    return entries


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
        top -= 0.06


def _swatch(figure, shape, colour, left, bottom):
    wide, high = figure.get_size_inches()
    look = {"facecolor": colour, "edgecolor": style.LINE, "linewidth": 0.5}
    low, tall = (bottom, 0.17) if shape == "box" else (bottom + 0.08, 0.015)
    figure.add_artist(
        Rectangle((left / wide, low / high), 0.26 / wide, tall / high, **look if shape == "box" else {"color": colour})
    )


def _rgba(colour):
    return (np.array(matplotlib.colors.to_rgba(colour)) * 255).round().astype(np.uint8)
