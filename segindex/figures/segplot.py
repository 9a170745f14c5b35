"""All cells of a city side by side by their mix, and the curves that the cells make up."""

import numpy as np

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, style
from segindex.standings import in_order

COLOURS = (style.BLUE, style.CLUSTERS["high-low"], style.ALONE, style.RIBBON, style.CLUSTERS["high-high"])
LINES = (style.BLUE, style.CLUSTERS["high-high"], style.CLUSTERS["high-low"], style.QUIET, style.CORRECTED)
REST = style.GREY
MOST_COLUMNS = 500
TALL, LEFT, BELOW = 2.6, 0.5, 0.42
CITY, GAP = 0.32, 0.14
SQUARE = 3.7
CURVE = ("city", "reference", "focal")
POINTS = 400


def draw_segplot(cells, *, city, year, language, cell_size_m=None, defined=None, source="", made_up=False):
    """Draw every cell as a column of its groups, as wide as its population, ordered by the first group's share.

    Parameters
    ----------
    cells : DataFrame
        A row a cell, a column a group, members of it inside; "rest" is everybody else. Of a Panel:
        `pd.DataFrame(panel.counts[-1], columns=panel.groups)`.
    city : str
    year : int
    language : {"fi", "sv", "en"}
    cell_size_m : float, optional
        The side of the cells, for the subtitle; left out, the unit is the postal code area.
    defined : dict, optional
        Names of groups and cities that the settings define: {key: Names}.
    source : str
        The source line.
    made_up : bool
        Marks the figure and its files as made-up data.

    Returns
    -------
    Figure

    Notes
    -----
    The column at the left is the whole city. Cells that would be too narrow to be seen are drawn together with those
    next to them in the order.
    """
    names = {group: _group(group, language, defined) for group in cells.columns}
    if not 2 <= len(names) <= len(COLOURS) + 1:
        raise BadData(f"cells: {len(names)} groups; allowed are 2 to {len(COLOURS) + 1}, a column each")
    counts = cells.to_numpy(float)
    if not (np.isfinite(counts) & (counts >= 0)).all() or not counts.sum() > 0:
        raise BadData("cells: negative or missing counts, or nobody at all; allowed are members of each group from 0")
    counts = counts[counts.sum(axis=1) > 0]
    columns = _columns(counts)
    whole = counts.sum(axis=0) / counts.sum()
    named = {"city": city, "group": next(iter(names.values())), "language": language, "defined": defined}
    title = alt.segplot_title(**named)
    shares = dict(zip(names.values(), whole))
    description = alt.segplot_alt(shares, **named, year=int(year))
    unit = alt.unit_words(cell_size_m, language)
    sentences = [wording.text(language, "segplot.subtitle", unit=unit, year=int(year))]
    if len(columns) < len(counts):
        sentences.append(wording.text(language, "segplot.together", n=wording.count(len(counts), language)))
    colours = _colours(names)
    entries = [("ribbon", colour, name) for colour, name in zip(colours, names.values())]
    subtitle, body = " ".join(sentences), TALL + BELOW
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    wide, high = figure.get_size_inches()
    low, room = (bottom + BELOW) / high, wide - 2 * style.MARGIN - LEFT - CITY - GAP
    left = style.MARGIN + LEFT
    alone = figure.add_axes((left / wide, low, CITY / wide, TALL / high))
    every = figure.add_axes(((left + CITY + GAP) / wide, low, room / wide, TALL / high))
    _stack(alone, counts.sum(axis=0, keepdims=True), colours)
    _stack(every, columns, colours)
    every.axhline(whole[0], color=style.INK, linewidth=0.8, dashes=(3, 2), zorder=3)
    parts = np.linspace(0, 1, 5)
    percents = [wording.percent(part, language, 0) for part in parts]
    style.ticks(alone.yaxis, parts, percents)
    style.ticks(every.xaxis, parts, percents, edges=True)
    _label(figure, every, wording.text(language, "segplot.population"))
    return figure


def draw_segregation_curve(curves, *, group, year, language, cell_size_m=None, defined=None, source="", made_up=False):
    """Draw the segregation curves of one city or several.

    Parameters
    ----------
    curves : DataFrame
        A row a point: city, reference, focal, as `indices.segregation_curve` gives them. Of one city:
        `pd.DataFrame(segregation_curve(x, y)._asdict()).assign(city="Lahti")`.
    group : str
        The focal group's key.
    year : int
    language : {"fi", "sv", "en"}
    cell_size_m : float, optional
        The side of the cells, for the subtitle; left out, the unit is the postal code area.
    defined : dict, optional
        Names of groups and cities that the settings define: {key: Names}.
    source : str
        The source line.
    made_up : bool
        Marks the figure and its files as made-up data.

    Returns
    -------
    Figure
    """
    lacking = [name for name in CURVE if name not in curves.columns]
    if lacking:
        raise BadData(f"curves: columns {lacking} are missing; needed are {list(CURVE)}")
    cities = in_order(curves["city"])
    if not 1 <= len(cities) <= len(LINES) or curves[["reference", "focal"]].isna().any(axis=None):
        raise BadData(f"curves: {len(cities)} cities, or points that are missing; allowed are 1 to {len(LINES)} cities")
    named = {"group": _group(group, language, defined), "year": int(year), "language": language}
    title = alt.curve_title(**named)
    description = alt.curve_alt(cities, **named, defined=defined)
    unit = alt.unit_words(cell_size_m, language)
    subtitle = wording.text(language, "curve.subtitle", unit=unit, year=int(year))
    entries = [("line", colour, wording.city_name(city, language, defined)) for colour, city in zip(LINES, cities)]
    entries.append(("dashes", style.QUIET, wording.text(language, "curve.even")))
    upper = 0.25
    body = SQUARE + BELOW + upper
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    wide, high = figure.get_size_inches()
    place = (style.MARGIN + LEFT) / wide, (bottom + BELOW) / high, SQUARE / wide, SQUARE / high
    axes = figure.add_axes(place)
    axes.plot([0, 1], [0, 1], color=style.QUIET, linewidth=0.9, dashes=(3, 2), zorder=2)
    for colour, city in zip(LINES, cities):
        axes.plot(*_thinned(curves[curves["city"] == city]).T, color=colour, linewidth=1.8, zorder=3)
    parts = np.linspace(0, 1, 5)
    for axis in (axes.xaxis, axes.yaxis):
        style.ticks(axis, parts, [wording.percent(part, language, 0) for part in parts])
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    style.rules(axes, x=parts, y=parts)
    style.bare(axes, sides=("bottom", "left"))
    _label(figure, axes, wording.text(language, "curve.reference"))
    above = place[1] + place[3] + 0.06 / high
    style.write(figure, place[0], above, wording.text(language, "curve.focal"), size=style.TINY, color=style.QUIET)
    return figure


def _group(group, language, defined):
    if group == "rest":
        return wording.text(language, "segplot.rest")
    return wording.group_name(group, language, defined)


def _colours(names):
    free = iter(COLOURS)
    return [REST if group == "rest" else next(free, REST) for group in names]


def _columns(counts):
    """The cells by the first group's share, then the next one's; neighbours summed where they are too many to see."""
    population = counts.sum(axis=1)
    share = counts / population[:, np.newaxis]
    order = np.lexsort([np.arange(len(counts)), *share.T[::-1]])
    counts, population = counts[order], population[order]
    if len(counts) <= MOST_COLUMNS:
        return counts
    middle = (np.cumsum(population) - population / 2) / population.sum()
    starts = np.unique((middle * MOST_COLUMNS).astype(int), return_index=True)[1]
    return np.add.reduceat(counts, starts, axis=0)


def _stack(axes, counts, colours):
    population = counts.sum(axis=1)
    edges = np.append(0, np.cumsum(population)) / population.sum()
    share = counts / population[:, np.newaxis]
    tops = np.column_stack([np.zeros(len(share)), np.cumsum(share, axis=1)])
    for low, high, colour in zip(tops.T[:-1], tops.T[1:], colours):
        axes.stairs(high, edges, baseline=low, fill=True, color=colour, linewidth=0, antialiased=False)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    style.bare(axes, sides=())


def _thinned(points):
    """A curve's points, but no more than can be told apart."""
    points = points[["reference", "focal"]].to_numpy(float)
    steps = np.floor(points.sum(axis=1) * POINTS / 2)
    kept = np.flatnonzero(np.append(np.diff(steps) > 0, True))
    return points[np.unique(np.append(0, kept))]


def _label(figure, axes, words):
    """What the horizontal axis holds, below its ticks."""
    _, high = figure.get_size_inches()
    place = axes.get_position()
    style.write(figure, place.x0, place.y0 - 0.36 / high, words, size=style.TINY, color=style.QUIET)
