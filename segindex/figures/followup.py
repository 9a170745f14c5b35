"""The follow-up: the status of every indicator in every city, and an indicator over the years."""

import numpy as np

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.figures import alt, followup_alt, panels, style
from segindex.figures.select import made_up_in
from segindex.figures.trends import pieces, year_places
from segindex.followup.sentences import PER_CENT
from segindex.standings import in_order
from segindex.verdict import STATUSES

MARKERS = {"fell": "v", "rose": "^", "no_clear_change": "o", "cannot_say": "x"}
COLORS = {"better": style.BLUE, "worse": style.CLUSTERS["high-high"]}
CITY, ROW, SIGN, BESIDE = 0.98, 0.23, 0.2, 0.12
HEAD, APART = style.TINY * 1.25 / 72, 0.16
BACKGROUND = "#f1f4f8"
LEVELS = 5


def draw_followup_status(cards, *, names, language, defined=None, source="", made_up=False):
    """Draw the status of every indicator in every city: a shape and a word each.

    Parameters
    ----------
    cards : DataFrame
        The columns indicator, city, status, change, and note; a row a card.
    names : dict of str to Names
        What the indicators are called.
    language : {"fi", "sv", "en"}
    defined : dict, optional
        Names of cities that the settings define: {key: Names}.
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
        There is no card.
    BadSettings
        A status is unknown.
    """
    if not len(cards):
        raise BadData("cards: no row; nothing can be drawn")
    unknown = sorted(set(cards["status"]) - set(STATUSES))
    if unknown:
        raise BadSettings(f"status {unknown} is unknown; known are {', '.join(STATUSES)}")
    made_up = made_up or made_up_in(cards)
    title = followup_alt.status_title(cards, language)
    description = followup_alt.status_alt(cards, names=names, language=language, defined=defined)
    cities = in_order(cards["city"])
    blocks = _blocks(list(dict.fromkeys(cards["indicator"])), language)
    heads = [_heads(block, names, language) for block in blocks]
    tall = [len(cities) * ROW + max(map(len, head)) * HEAD + APART for head in heads]
    entries = [("none", style.QUIET, wording.text(language, "followup.figure.status_key"))]
    subtitle = _status_subtitle(cards, cities, language)
    body = sum(tall)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    found = {(row.indicator, row.city): row for row in cards.itertuples()}
    top = bottom + body
    for block, head, high in zip(blocks, heads, tall):
        _draw_block(figure, block, head, panels.of_cities(cities, language, defined), found, top, language)
        top -= high
    return figure


def _status_subtitle(cards, cities, language):
    years = cards[["baseline_year", "year"]].dropna() if "baseline_year" in cards else cards.iloc[:0]
    given = {"n": cards["indicator"].nunique(), "cities": len(cities)}
    if len(years) and len(years.drop_duplicates()) == 1:
        first, last = (int(year) for year in years.iloc[0])
        return wording.text(language, "followup.figure.status_subtitle_years", first=first, last=last, **given)
    return wording.text(language, "followup.figure.status_subtitle", **given)


def _room():
    return style.WIDTH - 2 * style.MARGIN - CITY


def _blocks(indicators, language):
    """The indicators in rows of as many as have room for the words, about equally many in each."""
    widest = max(style.width(wording.text(language, f"status.{status}"), style.TINY) for status in STATUSES)
    most = max(int(_room() / (SIGN + widest + BESIDE)), 1)
    n_blocks = -(-len(indicators) // most)
    size = -(-len(indicators) // n_blocks)
    return [indicators[start : start + size] for start in range(0, len(indicators), size)]


def _heads(block, names, language):
    wide = _room() / len(block) - BESIDE
    words = (wording.sentence_case(names[one].in_(language)) for one in block)
    return [style.wrapped(name, wide, style.TINY, "bold") for name in words]


def _draw_block(figure, block, heads, cities, found, top, language):
    """A table of shapes and words from `top` inches down; `cities` has the name of each."""
    wide, high = figure.get_size_inches()
    step, left = _room() / len(block), style.MARGIN + CITY
    deep = max(map(len, heads)) * HEAD
    for place, head in enumerate(heads):
        for line, words in enumerate(reversed(head)):
            y = (top - deep + line * HEAD + 0.03) / high
            style.write(figure, (left + place * step) / wide, y, words, size=style.TINY, weight="bold")
    axes = figure.add_axes((0, (top - deep - len(cities) * ROW) / high, 1, len(cities) * ROW / high))
    axes.set_xlim(0, wide)
    axes.set_ylim(len(cities) - 0.5, -0.5)
    axes.set_axis_off()
    for row, (city, name) in enumerate(cities.items()):
        if row % 2 == 0:
            axes.fill_between(
                [style.MARGIN, wide - style.MARGIN], row - 0.5, row + 0.5, color=BACKGROUND, linewidth=0, zorder=1
            )
        style.write(axes, style.MARGIN + 0.04, row, name, va="center_baseline", zorder=3)
        for place, indicator in enumerate(block):
            x, card = left + place * step, found.get((indicator, city))
            if card is None:
                style.write(axes, x, row, wording.NO_VALUE, color=style.QUIET, va="center_baseline", zorder=3)
                continue
            _draw_status(axes, x, row, card, language)


def _draw_status(axes, x, row, card, language):
    colour, shape = COLORS.get(card.status, style.QUIET), followup_alt.shape_of(card.status, card.change)
    face = "white" if card.status == "no_clear_change" else colour
    axes.plot(
        x + SIGN / 3, row, marker=MARKERS[shape], markersize=5.5, linestyle="none", color=colour,
        markerfacecolor=face, zorder=3,
    )  # fmt: skip
    words = wording.text(language, f"status.{card.status}")
    style.write(axes, x + SIGN, row, words, size=style.TINY, color=colour, va="center_baseline", zorder=3)


def draw_followup_points(
    points, *, name, measure, baseline=None, cell_size_m=None, language, defined=None, source="", made_up=False
):
    """Draw an indicator over the years, a panel a city, with its interval, its baseline and the path to its target.

    Parameters
    ----------
    points : DataFrame
        The rows of one indicator: city, year, value, low, high, path, broken, note. A city without any value has no
        panel, and is named.
    name : str
        What the indicator is called, in the language.
    measure : {"index", "share", "types_1_2"}
        What is followed; shares are drawn in per cent.
    baseline : int, optional
        The year that changes count from.
    cell_size_m : float, optional
        The side of the cells, for the subtitle; left out, the unit is the postal code area.
    language : {"fi", "sv", "en"}
    defined : dict, optional
        Names of cities that the settings define: {key: Names}.
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
        No city has a value.
    """
    if not points["value"].notna().any():
        raise BadData(f"points: no value of {name}; nothing can be drawn")
    made_up = made_up or made_up_in(points)
    named = {"name": name, "measure": measure, "language": language, "defined": defined}
    title = followup_alt.points_title(points, **named)
    description = followup_alt.points_alt(points, **named)
    shown = in_order(points["city"][points["value"].notna()])
    absent = [city for city in in_order(points["city"]) if city not in shown]
    rows = points[points["city"].isin(shown)]
    entries = _entries(rows, baseline, language)
    lacking = panels.of_cities(absent, language, defined).values()
    subtitle = _points_subtitle(measure, len(shown), lacking, cell_size_m, language)
    titles = panels.of_cities(shown, language, defined)
    body = panels.tall(shown, titles)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_panels(figure, rows, titles, baseline, measure, bottom, language)
    return figure


def _points_subtitle(measure, n, absent, cell_size_m, language):
    unit = {"unit": alt.unit_words(cell_size_m, language)} if measure == "index" else {}
    sentences = [wording.text(language, f"followup.figure.points_{measure}", n=n, **unit)]
    if absent:
        sentences.append(wording.text(language, "followup.figure.points_absent", cities=", ".join(absent)))
    return " ".join(sentences)


def _entries(rows, baseline, language):
    entries = [("line", style.BLUE, wording.text(language, "followup.figure.value"))]
    if rows["low"].notna().any():
        entries.append(("ribbon", style.RIBBON, wording.text(language, "followup.figure.interval")))
    if baseline is not None:
        words = wording.text(language, "followup.figure.baseline", year=int(baseline))
        entries.append(("ring", style.BLUE, words))
    if rows["path"].notna().any():
        entries.append(("dashes", style.INK, wording.text(language, "followup.figure.path")))
    if rows["broken"].any():
        entries.append(("none", style.QUIET, wording.text(language, "trends.break")))
    return entries


def _draw_panels(figure, rows, cities, baseline, measure, bottom, language):
    factor = 100.0 if measure in PER_CENT else 1.0
    numbers = ["value", "low", "high", "path"]
    rows = rows.assign(**{name: rows[name] * factor for name in numbers})
    levels = style.nice_steps(np.nanmin(rows[numbers]), np.nanmax(rows[numbers]), LEVELS)
    years = int(rows["year"].min()), int(rows["year"].max())
    last = int(rows["year"][rows["value"].notna()].max())
    margin = max((years[1] - years[0]) * 0.06, 0.5)
    places = year_places(*years, panels.pitch(cities, style.WIDTH))
    for city, axes in panels.add(figure, list(cities), levels, bottom, language, cities):
        own = rows[rows["city"] == city].sort_values("year", kind="stable")
        path = own[own["path"].notna()]
        axes.plot(path["year"], path["path"], color=style.INK, linewidth=0.9, dashes=(3, 2), zorder=3)
        valued = own[own["value"].notna()]
        for piece in pieces(valued, set(own["year"][own["broken"]])):
            _draw_piece(axes, piece)
        _draw_ends(axes, valued, baseline, last, measure, language)
        axes.set_xlim(years[0] - margin, years[1] + margin)
        style.ticks(axes.xaxis, places, [str(year) for year in places])


def _draw_piece(axes, piece):
    year, value, low, high = (piece[name].to_numpy(float) for name in ("year", "value", "low", "high"))
    if len(piece) == 1:
        axes.vlines(year, low, high, color=style.RIBBON, linewidth=4, zorder=2)
        axes.plot(year, value, color=style.BLUE, marker="o", markersize=3, zorder=4)
        return
    if np.isfinite(low).any():
        axes.fill_between(year, low, high, color=style.RIBBON, linewidth=0, zorder=2)
    axes.plot(year, value, color=style.BLUE, linewidth=1.8, zorder=4, solid_capstyle="round")


def _draw_ends(axes, valued, baseline, last, measure, language):
    """The ring of the baseline, and the dot of the latest value with its number."""
    first = valued[valued["year"] == baseline]
    ring = {"markerfacecolor": "white", "markeredgecolor": style.BLUE, "markeredgewidth": 1.0}
    axes.plot(
        first["year"], first["value"], marker="o", markersize=5.5, linestyle="none", zorder=5, clip_on=False, **ring
    )
    year, value = valued[["year", "value"]].to_numpy(float)[-1]
    axes.plot(year, value, color=style.BLUE, marker="o", markersize=4, zorder=5, clip_on=False)
    words = wording.number(value, language, 1 if measure in PER_CENT else alt.DECIMALS)
    panels.annotate(axes, year, value, words if year == last else f"{words} ({year:.0f})")
