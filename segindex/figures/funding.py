"""Funding: whether money leans to need, money over the years, and one pot by several formulas."""

import numpy as np

from segindex import wording
from segindex.errors import BadData
from segindex.figures import funding_alt as alt
from segindex.figures import style
from segindex.standings import in_order

SQUARE, AXIS, NAMES = 3.6, 0.42, 1.35
COLUMNS, PANEL, ABOVE, BELOW, LEFT = 3, 1.0, 0.36, 0.26, 0.42
FALL = 6.5
LEVELS = ("city", "region", "national", "eu")
ROW, HEAD, CITY = 0.19, 0.48, 0.92
LINE = 0.135


def draw_curve(curve, concentration, *, language, key=None, defined=None, source="", made_up=False):
    """Draw a concentration curve of money over need, its cities as named points, beside the line of equal parts.

    Parameters
    ----------
    curve, concentration : DataFrame
        The columns of `funding.columns.CURVE` and `CONCENTRATION`.
    language : {"fi", "sv", "en"}
    key : (str, str, str), optional
        Kind of amount, need, and what the curve is held against; `funding_alt.chosen_curve` if left out.
    defined : dict, optional
        Names of groups that the settings define: {key: Names}.
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
        No curve has an index.
    """
    key = alt.chosen_curve(curve, concentration) if key is None else key
    if key is None:
        raise BadData("curve: no kind of amount and need has an index; nothing can be drawn")
    points, index = alt.curve_rows(curve, concentration, key)
    made_up = made_up or alt.made_up_rows(points)
    title, description = alt.curve_title(index, language), alt.curve_alt(points, index, language)
    subtitle = wording.text(
        language,
        "funding_figure.curve_subtitle",
        need=alt.need_name(index["need"], language, defined),
        n=int(index["n_cities"]),
        amount=alt.euro_words(index["amount_eur"], language),
        share=wording.percent(index["sourced_share"], language, 0),
    )
    entries = [
        ("dot", style.BLUE, wording.text(language, "funding_figure.curve_key")),
        ("dashes", style.QUIET, wording.text(language, "funding_figure.diagonal")),
    ]
    body = SQUARE + AXIS
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_points(figure, points, bottom + AXIS, language)
    return figure


def _draw_points(figure, points, bottom, language):
    wide, high = figure.get_size_inches()
    left = style.MARGIN + 0.62
    across = wide - left - style.MARGIN - NAMES
    axes = figure.add_axes((left / wide, bottom / high, across / wide, SQUARE / high))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.plot([0, 1], [0, 1], color=style.QUIET, linewidth=0.9, dashes=(3, 2), zorder=2)
    base, money = points["cumulative_base"].to_numpy(), points["cumulative_money"].to_numpy()
    axes.plot(base, money, color=style.BLUE, linewidth=1.8, marker="o", markersize=5, zorder=4, clip_on=False)
    named = points[points["city"].ne("")]
    heights = spread_out(named["cumulative_money"].to_numpy(), LINE / SQUARE)
    for row, height in zip(named.itertuples(), heights):
        ends = [row.cumulative_base, 1.02, 1.05], [row.cumulative_money, height, height]
        axes.plot(*ends, color=style.LINE, linewidth=0.5, zorder=1, clip_on=False)
        name = wording.city_name(row.city, language)
        style.write(axes, 1.06, height, name, size=style.TINY, va="center_baseline", ha="left")
    levels = np.linspace(0, 1, 6)
    labels = [wording.percent(level, language, 0) for level in levels]
    style.ticks(axes.xaxis, levels, labels)
    style.ticks(axes.yaxis, levels, labels)
    style.rules(axes, x=levels, y=levels)
    style.bare(axes, sides=("bottom", "left"))
    for words, place in (
        ("curve_x", {"x": 0.5, "y": -0.34 / SQUARE, "ha": "center", "va": "baseline"}),
        ("curve_y", {"x": -0.56 / across, "y": 0.5, "ha": "center", "va": "center", "rotation": 90}),
    ):
        said = wording.text(language, f"funding_figure.{words}")
        style.write(axes, place.pop("x"), place.pop("y"), said, size=style.TINY, color=style.QUIET, **place)


def spread_out(places, apart):
    """Places in rising order that are no closer than `apart`, as near to the given ones as that lets them be.

    >>> spread_out(np.array([0.1, 0.1, 0.9]), 0.2).round(2)
    array([0. , 0.2, 0.9])
    """
    order = np.argsort(places, kind="stable")
    blocks = []
    for at in order:
        blocks.append([float(places[at]), 1])
        while len(blocks) > 1 and blocks[-1][0] - blocks[-2][0] < apart * (blocks[-1][1] + blocks[-2][1]) / 2:
            (low, n), (high, m) = blocks[-2:]
            blocks[-2:] = [[(low * n + high * m) / (n + m), n + m]]
    spread = np.concatenate([middle + apart * (np.arange(n) - (n - 1) / 2) for middle, n in blocks])
    over = max(0.0, spread[-1] - 1.0)
    found = np.empty(len(places))
    found[order] = spread - over
    return found


def draw_timeline(timeline, *, language, source="", made_up=False):
    """Draw money a year, a panel for each level and kind of amount, the cliffs marked by a triangle and their fall.

    Parameters
    ----------
    timeline : DataFrame
        The columns of `funding.columns.TIMELINE`.
    language : {"fi", "sv", "en"}
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
        No level and kind has money.
    """
    rows = shown_years(timeline)
    if not len(rows):
        raise BadData("timeline: no level and kind of amount has money; nothing can be drawn")
    made_up = made_up or alt.made_up_rows(rows)
    title, description = alt.timeline_title(rows, language), alt.timeline_alt(rows, language)
    entries = [
        ("box", style.RIBBON, wording.text(language, "funding_figure.timeline_bar")),
        ("box", style.BLUE, wording.text(language, "funding_figure.timeline_ends")),
        ("fall", style.CLUSTERS["high-high"], wording.text(language, "funding_figure.timeline_cliff")),
    ]
    if rows["amount_eur"].isna().any():
        entries.append(("none", style.QUIET, wording.text(language, "funding_figure.timeline_unknown")))
    panels = sorted(set(zip(rows["level"], rows["amount_kind"])), key=lambda one: (LEVELS.index(one[0]), one[1]))
    body = -(-len(panels) // COLUMNS) * (ABOVE + PANEL + BELOW)
    subtitle = wording.text(language, "funding_figure.timeline_subtitle")
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_years(figure, rows, panels, bottom, language)
    return figure


def shown_years(timeline):
    """The levels and kinds that have money, over the years in which any of them has, and the one after."""
    money = timeline["amount_eur"].gt(0)
    kept = set(zip(timeline.loc[money, "level"], timeline.loc[money, "amount_kind"]))
    own = [pair in kept for pair in zip(timeline["level"], timeline["amount_kind"])]
    years = timeline.loc[money, "year"]
    if not len(years):
        return timeline.iloc[:0]
    rows = timeline[np.array(own) & timeline["year"].between(years.min(), years.max() + 1)]
    return rows.reset_index(drop=True)


def _draw_years(figure, rows, panels, bottom, language):
    wide, high = figure.get_size_inches()
    pitch = (wide - 2 * style.MARGIN) / COLUMNS
    first, last = int(rows["year"].min()), int(rows["year"].max())
    n_rows = -(-len(panels) // COLUMNS)
    for place, (level, kind) in enumerate(panels):
        row, column = divmod(place, COLUMNS)
        left = style.MARGIN + column * pitch + LEFT
        low = bottom + BELOW + (n_rows - 1 - row) * (ABOVE + PANEL + BELOW)
        axes = figure.add_axes((left / wide, low / high, (pitch - LEFT - 0.14) / wide, PANEL / high))
        own = rows[rows["level"].eq(level) & rows["amount_kind"].eq(kind)]
        _draw_panel(axes, own, (first, last), language)
        lines = style.wrapped(alt.panel_name(level, kind, language), pitch - 0.15, style.TINY, "bold")
        for line, words in enumerate(reversed(lines)):
            raised = (low + PANEL + 0.05 + line * LINE) / high
            style.write(figure, (left - LEFT + 0.04) / wide, raised, words, size=style.TINY, weight="bold")


def _draw_panel(axes, rows, years, language):
    year, amount = rows["year"].to_numpy(), rows["amount_eur"].to_numpy(float) / alt.MILLION
    ending = rows["expiring_eur"].to_numpy(float) / alt.MILLION
    levels = _levels(float(np.nanmax(amount)), 4)
    falls = _lanes(rows[rows["cliff"]], years, axes, language)
    axes.set_ylim(0, levels[-1] * (1.15 + 0.2 * max((lane for *_, lane in falls), default=0) + 0.1))
    axes.set_xlim(years[0] - 0.6, years[1] + 0.6)
    axes.bar(year, np.nan_to_num(amount), width=0.8, color=style.RIBBON, edgecolor=style.LINE, linewidth=0.3)
    axes.bar(year, np.nan_to_num(ending), width=0.8, color=style.BLUE, linewidth=0)
    unknown = rows[rows["amount_eur"].isna()]
    for _, own in unknown.groupby(alt.runs(unknown), sort=False):
        first, last = own["year"].min() - 0.4, own["year"].max() + 0.4
        axes.plot([first, last], [levels[-1] * 0.02] * 2, color=style.QUIET, **style.DOTTED)
        look = {"size": style.TINY, "color": style.QUIET, "ha": "center", "va": "bottom"}
        style.write(axes, (first + last) / 2, levels[-1] * 0.03, "?", **look)
    for year, words, to_left, lane in falls:
        height = levels[-1] * (1.1 + 0.2 * lane)
        axes.plot(year, height, marker="v", markersize=4, color=style.CLUSTERS["high-high"], zorder=5)
        look = {"size": FALL, "color": style.CLUSTERS["high-high"], "ha": "right" if to_left else "left"}
        style.write(axes, year + (-0.8 if to_left else 0.8), height, words, va="center_baseline", **look)
    decimals = style.decimals_of(levels)
    style.ticks(axes.yaxis, levels, [wording.number(level, language, decimals) for level in levels])
    middle = (years[0] + years[1]) // 2
    places = [years[0], middle, years[1]] if years[1] - years[0] > 3 else sorted(set(years))
    style.ticks(axes.xaxis, places, [str(one) for one in places])
    style.rules(axes, y=levels)
    style.bare(axes)


def _lanes(rows, years, axes, language):
    """The cliffs of a panel: [(year, fall in words, whether they stand to the left, lane)], none upon another."""
    inches = axes.get_position().width * axes.figure.get_size_inches()[0]
    a_year = inches / (years[1] - years[0] + 1.2)
    found, ends = [], []
    for row in rows.itertuples():
        words = wording.percent(-row.fall, language, 0)
        to_left = row.year > sum(years) / 2
        wide = style.width(words, FALL) / a_year + 0.8
        low, high = (row.year - wide, row.year + 0.8) if to_left else (row.year - 0.8, row.year + wide)
        lane = next((lane for lane, end in enumerate(ends) if end < low), len(ends))
        ends[lane : lane + 1] = [high]
        found.append((row.year, words, to_left, lane))
    return found


def _levels(top, at_most):
    """Round places from 0 that cover `top`, whatever its size.

    >>> _levels(271.4, 4).tolist(), _levels(0.28, 4).round(1).tolist()
    ([0.0, 100.0, 200.0, 300.0], [0.0, 0.1, 0.2, 0.3])
    """
    scale = 10.0 ** np.floor(np.log10(top))
    return style.nice_steps(0.0, top / scale, at_most) * scale


def draw_formulas(formulas, *, language, source="", made_up=False):
    """Draw what each city would have of one pot, a panel a formula, with the least and the most over other choices.

    Parameters
    ----------
    formulas : DataFrame
        The columns of `funding.columns.FORMULAS`; formulas without amounts are left out.
    language : {"fi", "sv", "en"}
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
        No formula has amounts.
    """
    rows = alt.dealt(formulas)
    if not len(rows):
        raise BadData("formulas: none has amounts; nothing can be drawn")
    made_up = made_up or alt.made_up_rows(rows)
    title, description = alt.formulas_title(rows, language), alt.formulas_alt(rows, language)
    entries = [
        ("dot", style.BLUE, wording.text(language, "funding_figure.formulas_dot")),
        ("ribbon", style.RIBBON, wording.text(language, "funding_figure.formulas_bar")),
    ]
    if rows["current_eur"].notna().any():
        entries.append(("tick", style.INK, wording.text(language, "funding_figure.formulas_today")))
    names, cities = list(dict.fromkeys(rows["formula"])), in_order(rows["city"])
    columns = min(COLUMNS, len(names))
    panel = HEAD + ROW * len(cities) + BELOW
    body = -(-len(names) // columns) * panel
    subtitle = wording.text(language, "funding_figure.formulas_subtitle")
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_formulas(figure, rows, names, cities, columns, bottom, language)
    return figure


def _draw_formulas(figure, rows, names, cities, columns, bottom, language):
    wide, high = figure.get_size_inches()
    pitch = (wide - 2 * style.MARGIN - CITY) / columns
    panel, n_rows = HEAD + ROW * len(cities) + BELOW, -(-len(names) // columns)
    top = np.nanmax(rows[["amount_eur", "most_eur", "current_eur"]].to_numpy(float)) / alt.MILLION
    levels = _levels(float(top), 5)
    places = dict(zip(cities, range(len(cities) - 1, -1, -1)))
    for at, name in enumerate(names):
        row, column = divmod(at, columns)
        left = style.MARGIN + CITY + column * pitch
        low = bottom + BELOW + (n_rows - 1 - row) * panel
        tall = ROW * len(cities)
        axes = figure.add_axes((left / wide, low / high, (pitch - 0.18) / wide, tall / high))
        axes.set_xlim(0, levels[-1] * 1.02)
        axes.set_ylim(-0.6, len(cities) - 0.4)
        for one in rows[rows["formula"].eq(name)].itertuples():
            y, sums = places[one.city], np.array([one.least_eur, one.most_eur, one.amount_eur]) / alt.MILLION
            axes.plot(sums[:2], [y, y], color=style.RIBBON, linewidth=5, solid_capstyle="butt", zorder=2)
            if not wording.missing(one.current_eur):
                look = {"marker": "|", "markersize": 7, "markeredgewidth": 1.2, "color": style.INK}
                axes.plot(one.current_eur / alt.MILLION, y, zorder=3, **look)
            axes.plot(sums[2], y, color=style.BLUE, marker="o", markersize=4.5, zorder=4)
        labels = [wording.number(level, language, style.decimals_of(levels)) for level in levels]
        style.ticks(axes.xaxis, levels, labels)
        shown = [wording.city_name(city, language) if column == 0 else "" for city in cities]
        style.ticks(axes.yaxis, list(places.values()), shown, color=style.INK)
        style.rules(axes, x=levels)
        style.bare(axes)
        title = wording.sentence_case(wording.text(language, f"funding_words.formula_{name}"))
        lines = style.wrapped(title, pitch - 0.2, style.TINY, "bold")
        for line, words in enumerate(reversed(lines)):
            raised = (low + tall + 0.04 + line * LINE) / high
            style.write(figure, left / wide, raised, words, size=style.TINY, weight="bold")
