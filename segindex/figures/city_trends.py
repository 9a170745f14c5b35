"""One city's index by group over the years: a small panel a group, the other cities in grey behind."""

import numpy as np
import pandas as pd

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, city_alt, panels, style
from segindex.figures.select import made_up_in
from segindex.figures.trends import draw_panel, entries_of, pieces, runs, year_places
from segindex.standings import breaks, series


def draw_city_trends(
    results,
    *,
    city,
    index="dissimilarity",
    groups=None,
    language,
    coverage=None,
    cell_size_m=None,
    defined=None,
    source="",
    made_up=False,
):
    """Draw an index of one city over the years, a panel a group, on one shared scale.

    Parameters
    ----------
    results : DataFrame
        The tidy table; the plain rows of `index` of all cities are shown. A row without a value is left out.
    city : str
    index : str
        Registry key.
    groups : sequence of str, optional
        In their order; all that the city has a value of, in the order of the table, if left out.
    language : {"fi", "sv", "en"}
    coverage : DataFrame, optional
        Its notes tell the breaks: the line has a gap before such a year.
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

    Raises
    ------
    BadData
        The city has no value of the index.

    Notes
    -----
    The groups are of different sizes: compare the lines of one group, over the years and with other cities. The blue
    line is the value as it is; an interval belongs to the corrected value and is drawn with it.
    """
    found = _rows(results, city, index, groups)
    rows = found[found["city"] == city]
    if not len(rows):
        raise BadData(f"results: no value of {index} in {city}; nothing can be drawn")
    made_up = made_up or made_up_in(rows)
    named = {"city": city, "index": index, "language": language, "defined": defined}
    title = city_alt.trends_title(rows, **named)
    description = city_alt.trends_alt(rows, **named)
    subtitle = wording.text(language, "city_trends.subtitle", unit=alt.unit_words(cell_size_m, language))
    lines = {group: _lines(part, coverage) for group, part in found.groupby("group", sort=False)}
    of_city = {group: own[city] for group, own in lines.items()}
    behind = {group: [piece for other in own if other != city for piece in own[other]] for group, own in lines.items()}
    entries = entries_of(rows, of_city, any(behind.values()), language)
    names = {group: wording.sentence_case(wording.group_name(group, language, defined)) for group in of_city}
    body = panels.tall(of_city, names)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_panels(figure, found, of_city, behind, bottom, language, names)
    return figure


def _rows(results, city, index, groups):
    """The rows of every group that the city has a value of, a group after another."""
    there = results[(results["index"] == index) & (results["city"] == city) & results["value"].notna()]
    groups = [group for group in dict.fromkeys(there["group"]) if group != "all"] if groups is None else groups
    parts = [series(results, index, group) for group in groups]
    if not parts:
        return results.iloc[:0]
    found = [part[part["value"].notna()] for part in parts]
    own = [part for part in found if (part["city"] == city).any()]
    return pd.concat(own, ignore_index=True) if own else results.iloc[:0]


def _lines(rows, coverage):
    """The pieces of each city's line, each in runs without a long gap."""
    classification = rows["classification"].iloc[0] if "classification" in rows else None
    broken = breaks(coverage, classification)
    return {
        city: [runs(piece, rows["year"]) for piece in pieces(part, broken.get(city, ()))]
        for city, part in rows.groupby("city")
    }


def _draw_panels(figure, rows, of_city, behind, bottom, language, names):
    shown = [name for name in ("value", "expected", "low", "high") if rows[name].notna().any()]
    levels = style.nice_steps(np.nanmin(rows[shown]), np.nanmax(rows[shown]), 5)
    years = int(rows["year"].min()), int(rows["year"].max())
    margin = max((years[1] - years[0]) * 0.06, 0.5)
    places = year_places(*years, panels.pitch(of_city, style.WIDTH))
    for group, axes in panels.add(figure, list(of_city), levels, bottom, language, names):
        draw_panel(axes, of_city[group], behind[group], years[1], language)
        axes.set_xlim(years[0] - margin, years[1] + margin)
        style.ticks(axes.xaxis, places, [str(year) for year in places], edges=True)
