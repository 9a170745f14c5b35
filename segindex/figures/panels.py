"""Small multiples: a panel for each city in rows of four, on one shared scale of values."""

from segindex import wording
from segindex.figures import style

COLUMNS = 4
PANEL = 1.12
ABOVE, BELOW = 0.3, 0.24
LEFT = 0.42
LEADING = style.SMALL * 1.25 / 72


def of_cities(cities, language, defined=None):
    """The names of panels that are of cities, for `tall` and `add`."""
    return {city: wording.city_name(city, language, defined) for city in cities}


def tall(cities, names):
    """The height of the panels of so many cities, in inches; `names` as in `add`."""
    return -(-len(cities) // COLUMNS) * (_above(cities, names) + PANEL + BELOW)


def _above(cities, names):
    """The room above a panel that the longest name takes."""
    lines = max((len(_lines(name, cities)) for name in names.values()), default=1)
    return ABOVE + (lines - 1) * LEADING


def _lines(name, cities):
    return style.wrapped(name, pitch(cities, style.WIDTH) - 0.15, style.SMALL, "bold")


def pitch(cities, wide):
    """From the left edge of a panel to that of the next, in inches."""
    return (wide - style.MARGIN * 2 - LEFT) / max(min(COLUMNS, len(cities)), 2)


def add(figure, cities, levels, bottom, language, names):
    """Add the panels above `bottom` inches, each with its name and the levels; gives (city, axes) in order.

    `names` has the name of what each panel is of; a long one takes several lines.
    """
    wide, high = figure.get_size_inches()
    columns = min(COLUMNS, len(cities))
    n_rows, step, above = -(-len(cities) // columns), pitch(cities, wide), _above(cities, names)
    labels = [wording.number(level, language, style.decimals_of(levels)) for level in levels]
    for place, city in enumerate(cities):
        row, column = divmod(place, columns)
        left = style.MARGIN + LEFT + column * step
        low = bottom + BELOW + (n_rows - 1 - row) * (above + PANEL + BELOW)
        axes = figure.add_axes((left / wide, low / high, (step - 0.2) / wide, PANEL / high))
        axes.set_ylim(levels[0], levels[-1] + (levels[1] - levels[0]) * 0.35)
        yield city, axes
        style.ticks(axes.yaxis, levels, labels if column == 0 else [""] * len(levels))
        style.rules(axes, y=levels)
        style.bare(axes)
        for line, words in enumerate(reversed(_lines(names[city], cities))):
            raised = low + PANEL + 0.06 + line * LEADING
            style.write(figure, left / wide, raised / high, words, weight="bold")


def annotate(axes, x, y, words, *, to_left=True, below=False):
    """Write the value of a point in bold above or below it, on a white outline."""
    axes.annotate(
        words,
        (x, y),
        xytext=(2 if to_left else -2, -5 if below else 5),
        textcoords="offset points",
        ha="right" if to_left else "left",
        va="top" if below else "baseline",
        fontproperties=style.font(style.TINY, "bold"),
        color=style.BLUE,
        path_effects=[style.halo()],
        zorder=6,
    )
