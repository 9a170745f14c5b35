"""One index over the years: a small panel for each city, the others in grey behind."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, panels, style
from segindex.figures.select import cell_changes, made_up_in
from segindex.standings import breaks, in_order, series

LONG_GAP = 3


def draw_trends(
    results,
    *,
    index,
    group,
    language,
    coverage=None,
    cell_size_m=None,
    defined=None,
    source="",
    made_up=False,
):
    """Draw an index of one group over the years, a panel a city, on one shared scale.

    Parameters
    ----------
    results : DataFrame
        The tidy table; the plain rows of `index` and `group` are shown. A row without a value is left out.
    index, group : str
        Registry key and group key.
    language : {"fi", "sv", "en"}
    coverage : DataFrame, optional
        Its notes tell the breaks: the line has a gap before such a year. Changes of the cells' size are said in
        the subtitle.
    cell_size_m : float, optional
        The side of the cells, for the subtitle; left out, the unit is the postal code area.
    defined : dict, optional
        Names of groups and cities that the settings define: {key: Names}.
    source : str
        The source line.
    made_up : bool
        Marks the figure and its files as made-up data. Rows whose note says so mark it in any case.

    Returns
    -------
    Figure

    Notes
    -----
    The blue line is the value as it is. An interval belongs to the corrected value and is drawn with it. Where more
    than three years lie between two values, and more than is usual in the series, a thin dotted line joins them.
    """
    rows = series(results, index, group)
    rows = rows[rows["value"].notna()]
    if not len(rows):
        raise BadData(f"results: no value of {index} for {group}; nothing can be drawn")
    classification = rows["classification"].iloc[0] if "classification" in rows else None
    broken = breaks(coverage, classification)
    cities = in_order(rows["city"])
    named = {
        "index": index,
        "group": wording.group_name(group, language, defined),
        "language": language,
    }
    made_up = made_up or made_up_in(rows)
    title = alt.trends_title(rows, **named)
    description = alt.trends_alt(rows, **named, defined=defined)
    subtitle = _subtitle(cell_changes(coverage, classification), cell_size_m, language)
    lines = {
        city: [runs(piece, rows["year"]) for piece in pieces(part, broken.get(city, ()))]
        for city, part in rows.groupby("city")
    }
    entries = entries_of(rows, lines, len(lines) > 1, language)
    names = panels.of_cities(cities, language, defined)
    body = panels.tall(cities, names)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_panels(figure, rows, cities, lines, bottom, language, names)
    return figure


def _subtitle(changes, cell_size_m, language):
    sentences = [wording.text(language, "trends.subtitle", unit=alt.unit_words(cell_size_m, language))]
    for year, size, before in changes:
        metres = {"size": wording.count(size, language), "before": wording.count(before, language)}
        sentences.append(wording.text(language, "trends.cells", year=year, **metres))
    return " ".join(sentences)


def entries_of(rows, lines, others, language):
    """The key of a figure of trends: what its lines mean; `others` where other cities stand behind."""
    entries = [
        ("line", style.BLUE, wording.text(language, "figure.as_it_is")),
    ]
    if rows["corrected"].notna().any():
        entries.append(("ribbon", style.RIBBON, wording.text(language, "figure.corrected")))
    if rows["expected"].notna().any():
        entries.append(("dashes", style.QUIET, wording.text(language, "figure.expected")))
    if any(len(piece) > 1 for own in lines.values() for piece in own):
        entries.append(("dots", style.BLUE, wording.text(language, "trends.gap")))
    if others:
        entries.append(("line", style.GREY, wording.text(language, "figure.other_cities")))
    if any(len(own) > 1 for own in lines.values()):
        entries.append(("none", style.QUIET, wording.text(language, "trends.break")))
    return entries


def pieces(rows, broken):
    """The rows of one city, cut where a break lies between two of its years."""
    years = rows["year"].to_numpy()
    cut = [
        place
        for place, (before, after) in enumerate(pairwise(years), start=1)
        if any(before < year <= after for year in broken)
    ]
    return _cut(rows, cut)


def runs(piece, years):
    """The rows of a piece, cut where a long time without values lies between two of its years.

    Long is more than `LONG_GAP` years and more than the usual step of all the years of the series.
    """
    steps = np.diff(np.unique(years))
    usual = np.median(steps) if len(steps) > 1 else 0
    return _cut(piece, np.flatnonzero(np.diff(piece["year"]) > max(LONG_GAP, usual)) + 1)


def _cut(rows, places):
    return [rows.iloc[start:stop] for start, stop in pairwise([0, *places, len(rows)])]


def _draw_panels(figure, rows, cities, lines, bottom, language, names):
    shown = [name for name in ("value", "expected", "low", "high") if rows[name].notna().any()]
    levels = style.nice_steps(np.nanmin(rows[shown]), np.nanmax(rows[shown]), 5)
    years = int(rows["year"].min()), int(rows["year"].max())
    margin = max((years[1] - years[0]) * 0.06, 0.5)
    places = year_places(*years, panels.pitch(cities, style.WIDTH))
    for city, axes in panels.add(figure, cities, levels, bottom, language, names):
        others = [piece for other in cities if other != city for piece in lines[other]]
        draw_panel(axes, lines[city], others, years[1], language)
        axes.set_xlim(years[0] - margin, years[1] + margin)
        style.ticks(axes.xaxis, places, [str(year) for year in places], edges=True)


def draw_panel(axes, own, others, last, language):
    """Draw the runs of one line with what stands beside it, and other lines in grey behind."""
    behind = {"colors": style.GREY, "linewidths": 0.7, "zorder": 1}
    whole = [_points(run) for piece in others for run in piece if len(run) > 1]
    axes.add_collection(LineCollection(whole, **behind))
    if joins := [join for piece in others for join in _joins(piece)]:
        axes.add_collection(LineCollection(joins, linestyles=[style.DOTTED["linestyle"]], **behind))
    for join in (join for piece in own for join in _joins(piece)):
        axes.plot(*join.T, color=style.BLUE, marker="o", markersize=3, zorder=4, **style.DOTTED)
    for run in (run for piece in own for run in piece):
        year = run["year"].to_numpy(float)
        columns = ("value", "expected", "corrected", "low", "high")
        value, expected, corrected, low, high = (run[name].to_numpy(float) for name in columns)
        if np.isfinite(low).any():
            axes.fill_between(year, low, high, color=style.RIBBON, linewidth=0, zorder=2)
        axes.plot(year, corrected, color=style.CORRECTED, linewidth=1.0, zorder=3)
        if (alone := _alone(low)).any():
            axes.vlines(year[alone], low[alone], high[alone], color=style.RIBBON, linewidth=4, zorder=2)
            axes.plot(year[alone], corrected[alone], color=style.CORRECTED, zorder=3, **style.BAR)
        axes.plot(year, expected, color=style.QUIET, linewidth=0.8, dashes=(3, 2), zorder=3)
        axes.plot(year, value, color=style.BLUE, linewidth=1.8, zorder=4, solid_capstyle="round")
        if len(run) == 1:
            axes.plot(year, value, color=style.BLUE, marker="o", markersize=3, zorder=4)
            axes.plot(year, expected, color=style.QUIET, marker="_", markersize=4, zorder=3)
    year, value = _points(own[-1][-1])[-1]
    axes.plot(year, value, color=style.BLUE, marker="o", markersize=4, zorder=5)
    words = wording.number(value, language, alt.DECIMALS)
    panels.annotate(axes, year, value, words if year == last else f"{words} ({year:.0f})")


def _alone(numbers):
    """Where a number has none beside it, so that a line or a ribbon would not show it."""
    there = np.isfinite(numbers)
    beside = np.concatenate([[False], there, [False]])
    return there & ~beside[:-2] & ~beside[2:]


def _points(run):
    return run[["year", "value"]].to_numpy(float)


def _joins(piece):
    """The lines over the long gaps of a piece: from the last point of a run to the first of the next."""
    return [np.stack([_points(before)[-1], _points(after)[0]]) for before, after in pairwise(piece)]


def year_places(first, last, pitch):
    """The years that a panel's axis names."""
    if last - first < 6 or pitch < 1.3:
        return sorted({first, last})
    return sorted({first, (first + last) // 2, last})
