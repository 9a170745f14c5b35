"""Area types: residents by type in every city, and one city's map."""

import numpy as np
import pandas as pd

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, maps, style
from segindex.figures.select import KINDS, check_types, made_up_in, type_shares
from segindex.standings import BREAK, in_order

NAMES, YEARS = 0.92, 0.36
BAR, PITCH, APART = 0.15, 0.175, 0.13
AXIS = 0.26
PAD = 0.05
DARK = (1, 5, 0)


def draw_types(types, *, year, language, baseline=None, cut_offs=None, defined=None, source="", made_up=False):
    """Draw the residents of each city by area type, in one year and at the baseline, as stacked bars.

    Parameters
    ----------
    types : DataFrame
        The table of types: city, year, extent, type, residents_share, note; the cut-offs of all cities are shown
        (extent "cities").
    year : int
        A city without types in it is named, and has no bar.
    language : {"fi", "sv", "en"}
    baseline : int, optional
        The year of the upper bars; a city without types in it, or with a break since, has none.
    cut_offs : int, optional
        The year that the cut-offs between the types are fixed at, for the words; `baseline` if left out, and `year`
        where there is none.
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
        A type is unknown, a city has one twice in a year, or no city has types in the year.
    """
    rows = types[types["extent"] == "cities"]
    latest = type_shares(rows, year)
    if not len(latest):
        raise BadData(f"types: no city has types in {year}; nothing can be drawn")
    before = type_shares(rows, baseline)
    broken = _broken(rows, baseline, year)
    before = before[~before.index.isin(broken)]
    made_up = made_up or made_up_in(rows)
    title = alt.types_title(latest, year=int(year), language=language, defined=defined)
    description = alt.types_alt(latest, year=int(year), language=language, defined=defined)
    fixed = next(int(each) for each in (cut_offs, baseline, year) if each is not None)
    subtitle = wording.text(language, "type_shares.subtitle", first=fixed)
    if broken:
        subtitle = f"{subtitle} {wording.text(language, 'type_shares.break', first=int(baseline))}"
    entries = [("box", style.TYPES[kind], alt.type_name(kind, language)) for kind in KINDS]
    shown = pd.concat([latest, before])
    if shown.isna().any(axis=None):
        entries.append(("box", style.NOT_TOLD, wording.text(language, "figure.not_available")))
    names = {city: wording.city_name(city, language, defined) for city in in_order(rows["city"])}
    bars = [(name, _bars(city, year, latest, baseline, before)) for city, name in names.items()]
    tall = sum(max(len(own), 1) * PITCH + APART for _, own in bars)
    body = tall + AXIS
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_bars(figure, bars, bottom + AXIS, tall, language)
    return figure


def _broken(rows, baseline, year):
    """The cities whose series has a break between the years."""
    if baseline is None:
        return set()
    noted = rows["year"].between(baseline + 1, year) & rows["note"].fillna("").str.contains(BREAK, regex=False)
    return set(rows["city"][noted])


def _bars(city, year, latest, baseline, before):
    """The bars of a city, from the top: [(year, shares)]."""
    pairs = ((baseline, before), (year, latest)) if baseline != year else ((year, latest),)
    return [(int(each), shares.loc[city].to_numpy()) for each, shares in pairs if city in shares.index]


def _draw_bars(figure, bars, bottom, tall, language):
    wide, high = figure.get_size_inches()
    across = wide - 2 * style.MARGIN - NAMES - YEARS - 0.15
    axes = figure.add_axes(((style.MARGIN + NAMES + YEARS) / wide, bottom / high, across / wide, tall / high))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, tall)
    top = tall
    for name, own in bars:
        top -= APART / 2
        middle = top - max(len(own), 1) * PITCH / 2
        _left(axes, -(NAMES + YEARS) / across, middle, name, color=style.INK, ha="left")
        if not own:
            words = wording.text(language, "figure.not_available")
            style.write(axes, 0.0, middle, words, color=style.QUIET, va="center_baseline")
        for place, (year, shares) in enumerate(own or [], 1):
            level = top - place * PITCH + PITCH / 2
            _left(axes, -0.06 / across, level, str(year), size=style.TINY, color=style.QUIET, ha="right")
            _draw_bar(axes, level, shares, across, language)
        top -= max(len(own), 1) * PITCH + APART / 2
    levels = np.linspace(0, 1, 6)
    style.ticks(axes.xaxis, levels, [wording.percent(level, language, 0) for level in levels])
    style.bare(axes)


def _left(axes, x, y, words, **look):
    style.write(axes, x, y, words, va="center_baseline", **look)


def _draw_bar(axes, level, shares, across, language):
    """A stacked bar; a share is written where its part of the bar is long enough. What is not told ends the bar."""
    start = 0.0
    if np.isnan(shares).any():
        rest = 1 - np.nansum(shares)
        axes.barh(level, rest, left=1 - rest, height=BAR, color=style.NOT_TOLD, edgecolor=style.LINE, linewidth=0.4)
    for kind, share in zip(KINDS, np.nan_to_num(shares)):
        look = {"color": style.TYPES[kind], "edgecolor": style.LINE, "linewidth": 0.4}
        axes.barh(level, share, left=start, height=BAR, **look)
        words = wording.percent(share, language, 0)
        if style.width(words, style.TINY) + PAD < share * across:
            ink = "white" if kind in DARK else style.INK
            place = {"ha": "center", "va": "center"}
            style.write(axes, start + share / 2, level, words, size=style.TINY, color=ink, **place)
        start += share


def draw_type_map(
    cells,
    *,
    city,
    year,
    language,
    cell_size_m=None,
    areas=None,
    crs="EPSG:3067",
    borders=(),
    water=(),
    types=None,
    cut_offs=None,
    defined=None,
    source="",
    made_up=False,
):
    """Map a city's cells or areas by area type.

    Parameters
    ----------
    cells : DataFrame
        One row a cell or area: city, year, cell, x, y, residents, type.
    city, year
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
    types : DataFrame, optional
        The rows of the table of types for the city and year: type, n_cells, residents_share. Left out, they are counted
        from the cells.
    cut_offs : int, optional
        The year that the cut-offs between the types are fixed at, for the words.
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
    BadSettings
        Both or neither of `cell_size_m` and `areas` are given.
    BadData
        There is no row of the city and year, a type is unknown, or no area has a polygon.
    """
    rows = cells[(cells["city"] == city) & (cells["year"] == year)]
    if not len(rows):
        raise BadData(f"cells: no row for {city}, {year}; nothing can be drawn")
    check_types(rows["type"], "cells")
    made_up = made_up or made_up_in(rows)
    types = _counted(rows) if types is None else types
    shown = maps.painting(rows, "type", style.TYPES, cell_size_m=cell_size_m, areas=areas, population="residents")
    title = alt.type_map_title(types, city=city, language=language, defined=defined)
    description = alt.type_map_alt(types, city=city, year=int(year), language=language, defined=defined)
    subtitle = _subtitle(shown, year, cell_size_m, cut_offs, language)
    subtitle += maps.left_out(rows, shown, "residents", wording.of_base("age", language), language)
    source = maps.source_line(source, crs, language)
    subtitle = " ".join(subtitle)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=maps.UP, made_up=made_up, language=language
    )
    heading = wording.text(language, f"type_map.legend_{shown.kind}")
    entries = _entries(types, language)
    maps.draw_map(figure, shown, bottom, heading, entries, borders=borders, water=water, language=language)
    return figure


def _counted(rows):
    """Cells and the share of residents by type."""
    found = rows.groupby("type").agg(n_cells=("cell", "size"), residents_share=("residents", "sum")).reset_index()
    return found.assign(residents_share=found["residents_share"] / found["residents_share"].sum())


def _subtitle(shown, year, cell_size_m, cut_offs, language):
    unit = alt.unit_words(cell_size_m, language)
    sentences = [wording.text(language, "type_map.subtitle", year=int(year), unit=unit)]
    if shown.kind == "grid":
        sentences.append(wording.text(language, "type_map.nearest"))
    if cut_offs is not None:
        sentences.append(wording.text(language, "type_map.cuts", first=int(cut_offs)))
    return [*sentences, wording.text(language, "type_map.caution")]


def _entries(types, language):
    """What the legend says of each type: (shape, colour, name, numbers)."""
    found = types.set_index("type")
    return [
        (
            "box",
            style.TYPES[kind],
            alt.type_name(kind, language),
            f"{wording.count(found['n_cells'].get(kind, 0), language)} · "
            f"{wording.percent(found['residents_share'].get(kind, 0.0), language)}",
        )
        for kind in KINDS
    ]
