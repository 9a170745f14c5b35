"""The cities in the order of one index, in one year."""

import numpy as np

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, style
from segindex.figures.select import made_up_in
from segindex.standings import breaks, crossed, in_order, series

STEP = 0.27
LEFT, RIGHT = 1.0, 0.55
AXIS = 0.3


def draw_ranking(
    results,
    *,
    index,
    group,
    language,
    year,
    baseline=None,
    coverage=None,
    cell_size_m=None,
    defined=None,
    source="",
    made_up=False,
):
    """Draw the cities as dots on an axis from 0, from the highest value down.

    Parameters
    ----------
    results : DataFrame
        The tidy table; the plain rows of `index` and `group` are shown.
    index, group : str
        Registry key and group key.
    language : {"fi", "sv", "en"}
    year : int
        The filled dots; cities without a value in it are named at the bottom.
    baseline : int, optional
        The hollow dots; a city without a value in it has none.
    coverage : DataFrame, optional
        Its notes tell the breaks: a city with a break since the baseline has no hollow dot.
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
    """
    rows = series(results, index, group)
    latest = alt.ranked(rows, year)
    if not len(latest):
        raise BadData(f"results: no value of {index} for {group} in {year}; nothing can be drawn")
    broken = breaks(coverage, rows["classification"].iloc[0]) if "classification" in rows else {}
    before = rows[(rows["year"] == baseline) & rows["value"].notna()].set_index("city")["value"]
    before = before[[not crossed(broken.get(city, ()), baseline, year) for city in before.index]]
    absent = [city for city in in_order(rows["city"]) if city not in set(latest["city"])]
    named = {
        "index": index,
        "group": wording.group_name(group, language, defined),
        "year": int(year),
        "language": language,
        "defined": defined,
    }
    made_up = made_up or made_up_in(rows)
    title = alt.ranking_title(rows, **named)
    description = alt.ranking_alt(rows, **named)
    unit = wording.text(language, "ranking.subtitle", unit=alt.unit_words(cell_size_m, language), year=int(year))
    chance = "chance" if latest["expected"].notna().any() else "as_it_is"
    subtitle = f"{unit} {wording.text(language, f'ranking.{chance}')}"
    entries = _entries(latest, before, int(year), baseline, language)
    lines = len(latest) + len(absent)
    body = lines * STEP + AXIS
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    names = {city: wording.city_name(city, language, defined) for city in (*latest["city"], *absent)}
    _draw_dots(figure, latest, before, absent, bottom + AXIS, lines * STEP, language, names)
    return figure


def _entries(latest, before, year, baseline, language):
    entries = [("dot", style.BLUE, wording.text(language, "figure.as_it_is_year", year=year))]
    if len(before):
        entries.append(("ring", style.BLUE, wording.text(language, "figure.baseline_year", year=int(baseline))))
    if latest["corrected"].notna().any():
        entries.append(("ribbon", style.RIBBON, wording.text(language, "figure.corrected")))
    if latest["expected"].notna().any():
        entries.append(("tick", style.INK, wording.text(language, "figure.expected")))
    return entries


def _draw_dots(figure, latest, before, absent, bottom, tall, language, names):
    wide, high = figure.get_size_inches()
    axes = figure.add_axes(
        (
            (style.MARGIN + LEFT) / wide,
            bottom / high,
            (wide - 2 * style.MARGIN - LEFT - RIGHT) / wide,
            tall / high,
        )
    )
    cities = [*latest["city"], *absent]
    place = dict(zip(cities, range(len(cities) - 1, -1, -1)))
    columns = ("value", "expected", "low", "high")
    numbers = np.concatenate([latest[list(columns)].to_numpy(float).ravel(), before.to_numpy(float)])
    levels = style.nice_steps(min(0.0, np.nanmin(numbers)), np.nanmax(numbers), 7)
    room = (levels[-1] - levels[0]) * 0.02
    axes.set_xlim(levels[0] - room, levels[-1] + room)
    axes.set_ylim(-0.6, len(cities) - 0.4)
    for row in latest.itertuples():
        y = place[row.city]
        if np.isfinite(row.low):
            axes.plot([row.low, row.high], [y, y], color=style.RIBBON, linewidth=5, solid_capstyle="butt", zorder=2)
        if np.isfinite(row.corrected):
            axes.plot(row.corrected, y, color=style.CORRECTED, marker="|", markersize=6, zorder=3)
        if np.isfinite(row.expected):
            axes.plot(row.expected, y, color=style.INK, marker="|", markersize=7, markeredgewidth=1.2, zorder=3)
        if row.city in before.index:
            axes.plot([before[row.city], row.value], [y, y], color=style.LINE, linewidth=0.8, zorder=3)
            ring = {"markerfacecolor": "white", "markeredgecolor": style.BLUE, "markeredgewidth": 1.0}
            axes.plot(before[row.city], y, marker="o", markersize=5.5, zorder=4, **ring)
        axes.plot(row.value, y, color=style.BLUE, marker="o", markersize=6.5, zorder=5)
        number = wording.number(row.value, language, alt.DECIMALS)
        _beside(axes, y, number, weight="bold", color=style.BLUE)
    for city in absent:
        words = wording.text(language, "figure.not_available")
        style.write(axes, levels[0], place[city], words, color=style.QUIET, va="center")
    style.ticks(axes.xaxis, levels, [wording.number(level, language, style.decimals_of(levels)) for level in levels])
    style.ticks(axes.yaxis, list(place.values()), [names[city] for city in place], color=style.INK)
    style.rules(axes, x=levels)
    style.bare(axes)


def _beside(axes, y, words, **look):
    """A text at the right edge of the axes, level with `y`."""
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "left"}
    style.write(axes, 1.01, y, words, size=style.TINY, **look, **place)
