"""One city's changes since the baseline: a line a group, with its interval and what may be said of it."""

import numpy as np

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.figures import alt, city_alt, style
from segindex.figures.select import made_up_in
from segindex.verdict import STATUSES

LABELS = 2.75
STATUS = 1.45
BESIDE = 0.09
"""Inches from the axes to the cross of a change that is not known: it stands at no number."""
ROW, BELOW = 0.25, 0.3
LEVELS = 6
MARKERS = {"better": "v", "worse": "^", "no_clear_change": "o", "cannot_say": "x"}
COLORS = {"better": style.BLUE, "worse": style.CLUSTERS["high-high"], "no_clear_change": style.QUIET}
NEEDED = ("city", "group", "first_year", "last_year", "change", "low", "high", "status")


def draw_city_changes(rows, *, city, language, cell_size_m=None, defined=None, source="", made_up=False):
    """Draw the changes of a city's corrected D, a line a group, with the status of each by shape and word.

    Parameters
    ----------
    rows : DataFrame
        One row a group: city, group, first_year, last_year, change, low, high, status (of `segindex.verdict`).
    city : str
    language : {"fi", "sv", "en"}
    cell_size_m : float, optional
        The side of the cells, for the words; left out, the unit is the postal code area.
    defined : dict, optional
        Names of groups and cities that the settings define: {key: Names}.
    source : str
        The source line.
    made_up : bool
        Marks the figure and its files as made-up data. Rows whose note says so mark it in any case.

    Returns
    -------
    Figure

    Raises
    ------
    BadData
        Columns are missing, or the city has no row.
    BadSettings
        A status is unknown.
    """
    lacking = [name for name in NEEDED if name not in rows]
    if lacking:
        raise BadData(f"changes: columns {lacking} are missing; needed are {list(NEEDED)}")
    rows = rows[rows["city"] == city].reset_index(drop=True)
    if not len(rows):
        raise BadData(f"changes: no row of {city}; nothing can be drawn")
    unknown = sorted(set(rows["status"]) - set(STATUSES))
    if unknown:
        raise BadSettings(f"status {unknown} is unknown; known are {', '.join(STATUSES)}")
    made_up = made_up or made_up_in(rows)
    title = city_alt.changes_title(rows, city=city, language=language, defined=defined)
    words = city_alt.changes_alt(rows, city=city, language=language, defined=defined)
    entries = [("none", style.QUIET, wording.text(language, "city_changes.key"))]
    body = ROW * len(rows) + BELOW
    years = rows[["first_year", "last_year"]].drop_duplicates().dropna()
    subtitle = _subtitle(years, cell_size_m, language)
    figure, bottom = style.picture(
        title, words, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    labels = [_label(row, len(years) > 1, language, defined) for row in rows.itertuples()]
    _draw(figure, rows, labels, bottom, language)
    return figure


def _subtitle(years, cell_size_m, language):
    """What is drawn, and between which years where they are the same for all groups."""
    unit = alt.unit_words(cell_size_m, language)
    if len(years) != 1:
        return wording.text(language, "city_changes.subtitle", unit=unit)
    first, last = (int(year) for year in years.iloc[0])
    return wording.text(language, "city_changes.subtitle_years", unit=unit, first=first, last=last)


def _draw(figure, rows, labels, bottom, language):
    wide, high = figure.get_size_inches()
    tall = ROW * len(rows)
    left, room = style.MARGIN + LABELS, style.WIDTH - 2 * style.MARGIN - LABELS - STATUS
    axes = figure.add_axes((left / wide, (bottom + BELOW) / high, room / wide, tall / high))
    numbers = np.append(rows[["change", "low", "high"]].to_numpy(float).ravel(), 0.0)
    levels = style.nice_steps(np.nanmin(numbers), np.nanmax(numbers), LEVELS)
    margin = (levels[-1] - levels[0]) * 0.04
    axes.set_xlim(levels[0] - margin, levels[-1] + margin)
    axes.set_ylim(-len(rows) + 0.5, 0.5)
    style.ticks(axes.xaxis, levels, [wording.change(level, language, style.decimals_of(levels)) for level in levels])
    style.ticks(axes.yaxis, -np.arange(len(rows)), labels, color=style.INK)
    style.rules(axes, x=levels)
    style.bare(axes)
    axes.axvline(0, color=style.LINE, linewidth=0.9, zorder=1)
    for place, row in enumerate(rows.itertuples()):
        colour = COLORS.get(row.status, style.QUIET)
        axes.plot(
            [row.low, row.high], [-place, -place], color=style.RIBBON, linewidth=5, solid_capstyle="butt", zorder=2
        )
        unknown, open_ = wording.missing(row.change), row.status == "no_clear_change"
        axes.plot(
            1 + BESIDE / room if unknown else row.change, -place, marker=MARKERS[row.status], markersize=5.5,
            linestyle="none", zorder=3, color=colour, markerfacecolor="white" if open_ else colour, clip_on=not unknown,
            transform=axes.get_yaxis_transform() if unknown else axes.transData,
        )  # fmt: skip
        words = wording.text(language, f"status.{row.status}")
        y = (bottom + BELOW + tall - ROW * (place + 0.5)) / high
        style.write(figure, (left + room + 2 * BESIDE) / wide, y, words, size=style.TINY, color=colour, va="center")


def _label(row, dated, language, defined):
    """A group, with its years where these differ, in lines that fit."""
    name = wording.sentence_case(wording.group_name(row.group, language, defined))
    years = f" {int(row.first_year)}–{int(row.last_year)}" if dated and not wording.missing(row.first_year) else ""
    return "\n".join(style.wrapped(name + years, LABELS - 0.1, style.TINY))
