"""One index by the size of the surroundings: a small panel for each city, the others in grey behind."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import NullLocator

from segindex import wording
from segindex.errors import BadData
from segindex.facts import published
from segindex.figures import alt, panels, style
from segindex.figures.select import made_up_in, profile
from segindex.standings import in_order, series

OWN = 2.0
PAD = 0.07
APART = 0.06
BELOW = 0.16


def draw_scale_profile(
    results,
    *,
    index,
    group,
    year,
    language,
    over="scale_m",
    areas=None,
    cell_size_m=None,
    defined=None,
    source="",
    made_up=False,
):
    """Draw an index of one group and year by the size of the surroundings, a panel a city, on shared scales.

    Parameters
    ----------
    results : DataFrame
        The tidy table; the rows of `index`, `group` and `year` that name a size, and the plain row (the own cell).
    index, group : str
        Registry key and group key.
    year : int
    language : {"fi", "sv", "en"}
    over : {"scale_m", "k"}
        Whether the size is a radius in metres or a number of nearest residents.
    areas : DataFrame, optional
        Rows of the same form of cells that are put together into named areas (`segindex.by_area`): a diamond a city.
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

    Notes
    -----
    The axis of sizes is logarithmic. The own cell has no size on it: it is a hollow dot at the left, and the dotted
    line to the smallest surroundings is no part of the scale; nor have named areas, whose diamond stands at the right.
    Where values by number of nearest residents are published of a like group, they are grey bars (`facts.published`).
    """
    rows = profile(results, index, group, year, over)
    if not len(rows):
        raise BadData(f"results: no value of {index} for {group} in {year} over {over}; nothing can be drawn")
    cities = in_order(rows["city"])
    named = {
        "index": index,
        "group": wording.group_name(group, language, defined),
        "over": over,
        "cell_size_m": cell_size_m,
        "language": language,
    }
    made_up = made_up or made_up_in(rows)
    title = alt.profile_title(rows, **named)
    description = alt.profile_alt(rows, year=year, **named, defined=defined)
    whole, freed = _of_areas(areas, index, group, year, cities)
    others = published(index, group) if over == "k" else {}
    corrected = rows["corrected"].notna().any()
    said = [
        wording.text(language, f"profile.subtitle_{over}", unit=alt.unit_words(cell_size_m, language), year=int(year)),
        wording.text(language, "profile.chance_corrected" if corrected else "profile.chance"),
        wording.text(language, "profile.published") if others else "",
    ]
    subtitle = " ".join(filter(None, said))
    entries = _entries(rows, cities, cell_size_m, language)
    areas_key = "profile.areas" if freed else "profile.areas_as_it_is"
    entries += [("diamond", style.BLUE, wording.text(language, areas_key))] if whole else []
    entries += [("ribbon", style.GREY, wording.text(language, "profile.published_key"))] if others else []
    names = panels.of_cities(cities, language, defined)
    body = panels.tall(cities, names)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    _draw_panels(figure, rows, cities, over, bottom, language, whole, others, names)
    return figure


def _of_areas(areas, index, group, year, cities):
    """The values over named areas of the drawn cities, and whether they are corrected: where each city's can be."""
    if areas is None:
        return {}, False
    rows = series(areas, index, group)
    rows = rows[(rows["year"] == year) & rows["city"].isin(cities) & rows["value"].notna()]
    freed = bool(len(rows)) and bool(rows["corrected"].notna().all())
    return dict(zip(rows["city"], rows["corrected" if freed else "value"].astype(float))), freed


def _entries(rows, cities, cell_size_m, language):
    own = wording.text(language, "profile.area" if cell_size_m is None else "profile.cell")
    entries = [("ring", style.BLUE, own), ("line", style.BLUE, wording.text(language, "profile.surroundings"))]
    if rows["corrected"].notna().any():
        entries.append(("dashes", style.INK, wording.text(language, "profile.corrected")))
    if rows["expected"].notna().any():
        entries.append(("bar", style.QUIET, wording.text(language, "figure.expected")))
    if len(cities) > 1:
        entries.append(("line", style.GREY, wording.text(language, "figure.other_cities")))
    return entries


def _draw_panels(figure, rows, cities, over, bottom, language, whole, others, names):
    sizes = np.unique(rows["size"][rows["size"] > 0])
    own = sizes[0] / OWN
    room = (sizes[-1] / own) ** PAD
    beyond = sizes[-1] * room
    numbers = [*rows[["value", "expected", "corrected"]].to_numpy(float).ravel(), *whole.values()]
    numbers += [one for k, pair in others.items() if k <= sizes[-1] for one in pair]
    levels = style.nice_steps(min(0.0, np.nanmin(numbers)), np.nanmax(numbers), 5)
    labels = _size_labels(sizes, over, language)
    right = beyond * room if whole else beyond
    inches = (panels.pitch(cities, style.WIDTH) - 0.2) / np.log(right / own * room)
    kept = _apart(np.log(sizes) * inches, labels)
    lines = {
        city: (part["size"].replace(0, own), part["value"], part["corrected"]) for city, part in rows.groupby("city")
    }
    lines = {city: np.column_stack(line) for city, line in lines.items()}
    expected = rows[rows["size"] == 0].set_index("city")["expected"]
    for city, axes in panels.add(figure, cities, levels, bottom, language, names):
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(own / room, right)
        behind = [line[1:, :2] for other, line in lines.items() if other != city]
        axes.add_collection(LineCollection(behind, colors=style.GREY, linewidths=0.7, zorder=1))
        for k, pair in others.items():
            if sizes[0] <= k <= sizes[-1]:
                axes.plot([k, k], pair, color=style.GREY, linewidth=5, solid_capstyle="butt", zorder=2)
        _draw_line(axes, lines[city], language)
        if np.isfinite(expected[city]):
            axes.plot(own, expected[city], color=style.QUIET, zorder=3, **style.BAR)
        if city in whole:
            axes.plot(beyond, whole[city], color=style.BLUE, zorder=5, **style.DIAMOND)
        style.ticks(axes.xaxis, sizes[kept], [labels[place] for place in kept])


def _draw_line(axes, line, language):
    sizes, corrected = line[:, 0], line[:, 2]
    line = line[:, :2]
    first, last = line[0], line[-1]
    axes.plot(*line[:2].T, color=style.BLUE, zorder=4, **style.DOTTED)
    axes.plot(*line[1:].T, color=style.BLUE, linewidth=1.8, zorder=4, solid_capstyle="round")
    axes.plot(*line[1:].T, color=style.BLUE, marker="o", markersize=2.5, linestyle="none", zorder=5)
    if np.isfinite(corrected).any():
        axes.plot(sizes, corrected, color=style.INK, linewidth=0.9, dashes=(3, 2), zorder=6)
    axes.plot(*first, marker="o", markersize=5, markerfacecolor="white", markeredgecolor=style.BLUE, zorder=5)
    low, high = axes.get_ylim()
    for point, beside, to_left in ((first, line[1], False), (last, line[-2], True)):
        words = wording.number(point[1], language, alt.DECIMALS)
        below = beside[1] > point[1] > low + (high - low) * BELOW
        panels.annotate(axes, *point, words, to_left=to_left, below=below)


def _size_labels(sizes, over, language):
    if over == "k":
        return [wording.count(size, language) for size in sizes]
    return [wording.number(size / 1000, language, _decimals(size / 1000)) for size in sizes]


def _decimals(number):
    return next((n for n in range(3) if abs(number * 10**n - round(number * 10**n)) < 1e-9), 3)


def _apart(places, labels):
    """Which labels can stand at these places, in inches, without touching: the last, and from it to the left."""
    kept, limit = [], np.inf
    for at in reversed(range(len(labels))):
        half = style.width(labels[at], style.TINY) / 2
        if places[at] + half + APART <= limit:
            kept.append(at)
            limit = places[at] - half
    return kept[::-1]
