"""Why an index changed between two years: of what parts each city's change is made, a small panel a city."""

import numpy as np

from segindex import wording
from segindex.errors import BadData
from segindex.figures import alt, style
from segindex.figures.select import PARTS, made_up_in, parts_of
from segindex.standings import BREAK, in_order, own_sizes

COLUMNS = 4
LABELS = 1.42
ROW, ABOVE, BELOW, APART = 0.165, 0.27, 0.3, 0.2
STEP = (style.WIDTH - 2 * style.MARGIN - LABELS) / COLUMNS
PANEL = STEP - APART
LEVELS = 4
NEEDED = ("city", "group", "index", "first_year", "last_year", "term", "net", "change", "low", "high")


def draw_change_terms(
    changes,
    *,
    index,
    group,
    first,
    last,
    language,
    net=False,
    cell_size_m=None,
    defined=None,
    source="",
    made_up=False,
):
    """Draw the parts of the change of an index between two years, a panel a city, on one shared scale.

    Parameters
    ----------
    changes : DataFrame
        The table of changes; the rows of `index`, `group` and the years are shown, of the group's own cluster size.
        A city all of whose changes are missing keeps its panel, which says so.
    index, group : str
        Registry key and group key.
    first, last : int
        The years.
    language : {"fi", "sv", "en"}
    net : bool
        The parts net of chance, which the table has of M and H; of the others, D among them, it has the parts of the
        value as it is alone. Those stand beside the corrected change.
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
        The table lacks columns, has a part of a city twice, or no city has all parts.
    """
    lacking = [name for name in NEEDED if name not in changes.columns]
    if lacking:
        raise BadData(f"changes: columns {lacking} are missing; needed are {list(NEEDED)}")
    rows = _rows(changes, index, group, first, last)
    parts = parts_of(rows, net)
    if not len(parts):
        raise BadData(f"changes: no city has all parts of {index} for {group}, {first}–{last}; nothing can be drawn")
    named = {
        "index": index,
        "group": wording.group_name(group, language, defined),
        "first": int(first),
        "last": int(last),
        "language": language,
        "defined": defined,
    }
    made_up = made_up or made_up_in(rows)
    title = alt.change_terms_title(parts, **named)
    description = alt.change_terms_alt(parts, net=net, **named)
    corrected = _corrected(rows, parts, net)
    entries = _entries(parts, corrected, net, language)
    cities = in_order(rows["city"])
    lines = -(-len(cities) // COLUMNS)
    body = lines * (ABOVE + ROW * (len(PARTS) + 1) + BELOW)
    subtitle = _subtitle(corrected, net, cell_size_m, language)
    figure, bottom = style.picture(
        title, description, subtitle, source, body=body, entries=entries, made_up=made_up, language=language
    )
    labels = _labels(net, cell_size_m, language)
    levels = _levels(parts, corrected)
    words = [wording.number(level, language, style.decimals_of(levels)) for level in levels]
    names = {city: wording.city_name(city, language, defined) for city in cities}
    for city, axes in _panels(figure, names, labels, levels, bottom, language):
        if city in parts.index:
            style.rules(axes, x=levels)
            style.ticks(axes.xaxis, levels, words)
            _draw_panel(axes, parts.loc[city], corrected.loc[city], language)
        else:
            _say_absent(axes, rows[rows["city"] == city], language)
    return figure


def _rows(changes, index, group, first, last):
    """The rows of the index, group and years, with the group's own cluster size."""
    wanted = (changes["index"] == index) & (changes["group"] == group)
    wanted &= (changes["first_year"] == first) & (changes["last_year"] == last)
    rows = own_sizes(changes[wanted])
    twice = rows[rows.duplicated(["city", "term", "net"], keep=False)]
    if len(twice):
        found = twice[["city", "term"]].drop_duplicates().head(3).to_dict("records")
        raise BadData(f"changes: {index} of {group} has several rows for {found}; one is allowed")
    return rows


def _corrected(rows, parts, net):
    """The corrected changes of the cities that have parts; missing beside parts that are net of chance themselves."""
    found = rows[(rows["term"] == "corrected") & (not net)]
    return found.set_index("city")[["change", "low", "high"]].reindex(parts.index)


def _subtitle(corrected, net, cell_size_m, language):
    chance = "raw" if corrected["change"].notna().any() else "raw_uncorrected"
    keys = ("sum_net", "tells") if net else ("sum", "tells", chance)
    unit = wording.text(language, "change_terms.subtitle", unit=alt.unit_words(cell_size_m, language))
    return " ".join([unit, *(wording.text(language, f"change_terms.{key}") for key in keys)])


def _entries(parts, corrected, net, language):
    total = "total_net" if net else "total"
    entries = [
        ("dot", style.BLUE, wording.text(language, f"change_terms.{total}")),
        ("ribbon", style.CORRECTED, wording.text(language, "change_terms.structural")),
        ("ribbon", style.GREY, wording.text(language, "change_terms.part")),
    ]
    if parts["low"].notna().any(axis=None):
        entries.append(("line", style.INK, wording.text(language, "change_terms.interval")))
    if corrected["change"].notna().any():
        entries.append(("ribbon", style.RIBBON, wording.text(language, "change_terms.corrected")))
    return entries


def _labels(net, cell_size_m, language):
    """What the rows of a panel are, from the top: the whole change, then its parts."""
    kind = "area" if cell_size_m is None else "grid"
    of_kind = ("unit_marginal", "additions", "removals")
    keys = ["total_net" if net else "total", *(f"{part}_{kind}" if part in of_kind else part for part in PARTS)]
    return [wording.text(language, f"change_terms.{key}") for key in keys]


def _levels(parts, corrected):
    numbers = np.concatenate([parts.to_numpy(float).ravel(), corrected.to_numpy(float).ravel(), [0.0]])
    return style.nice_steps(np.nanmin(numbers), np.nanmax(numbers), LEVELS)


def _panels(figure, cities, labels, levels, bottom, language):
    """Add the panels above `bottom` inches, in rows of four, each with its city's name: (city, axes) in order.

    `cities` has the name of each.
    """
    wide, high = figure.get_size_inches()
    tall, n_rows = ROW * len(labels), -(-len(cities) // COLUMNS)
    room = (levels[-1] - levels[0]) * 0.06
    for place, (city, name) in enumerate(cities.items()):
        row, column = divmod(place, COLUMNS)
        left = style.MARGIN + LABELS + column * STEP
        low = bottom + BELOW + (n_rows - 1 - row) * (ABOVE + tall + BELOW)
        axes = figure.add_axes((left / wide, low / high, PANEL / wide, tall / high))
        axes.set_xlim(levels[0] - room, levels[-1] + room)
        axes.set_ylim(-len(labels) + 0.5, 0.5)
        style.ticks(axes.yaxis, -np.arange(len(labels)), labels if column == 0 else [""] * len(labels), color=style.INK)
        style.bare(axes)
        style.write(figure, left / wide, (low + tall + 0.05) / high, name, weight="bold")
        yield city, axes


def _draw_panel(axes, parts, corrected, language):
    total = parts["change"]["total"]
    axes.axvline(0, color=style.LINE, linewidth=0.7, zorder=1)
    ends = [corrected["low"], corrected["high"]]
    axes.plot(ends, [0, 0], color=style.RIBBON, linewidth=5, solid_capstyle="butt", zorder=2)
    axes.plot(corrected["change"], 0, color=style.CORRECTED, marker="|", markersize=6, zorder=3)
    axes.plot(total, 0, color=style.BLUE, marker="o", markersize=4.5, zorder=5)
    for place, part in enumerate(PARTS, 1):
        colour = style.CORRECTED if part == "structural" else style.GREY
        axes.barh(-place, parts["change"][part], height=0.55, color=colour, linewidth=0, zorder=2)
        ends = [parts["low"][part], parts["high"][part]]
        axes.plot(ends, [-place] * 2, color=style.INK, linewidth=0.8, zorder=4)
    words = wording.change(total, language, alt.DECIMALS)
    place = {"transform": axes.transAxes, "ha": "right", "va": "baseline"}
    raised = 1 + 0.05 / (ROW * (len(PARTS) + 1))
    style.write(axes, 1.0, raised, words, size=style.TINY, weight="bold", color=style.BLUE, **place)


def _say_absent(axes, rows, language):
    """Say in a city's panel why it has no parts."""
    broken = "note" in rows and rows["note"].fillna("").str.contains(BREAK, regex=False).any()
    words = wording.text(language, "change_terms.break" if broken else "figure.not_available")
    for line, part in enumerate(style.wrapped(words, PANEL, style.TINY)):
        style.write(axes, axes.get_xlim()[0], -line, part, size=style.TINY, color=style.QUIET, va="center")
