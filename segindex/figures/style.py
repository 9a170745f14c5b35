"""The common look: colours, the bundled font, the frame of words round a figure, and its bytes.

Matplotlib's global settings are never touched: the font goes by its path to every text, and what a file
format needs is set for the moment of writing.
"""

from functools import cache
from importlib import resources

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from segindex import legend, wording

BLUE = "#1f4e8c"
RIBBON = "#a9c1dd"
CORRECTED = "#5580b1"
GREY = "#c4c7cc"
INK, LINE, LAND, ALONE, CLUSTERS = legend.INK, legend.LINE, legend.LAND, legend.ALONE, legend.CLUSTERS
QUIET = "#595f69"
WATER = "#d9e5ee"
OUTLINE = "#6b6f76"
RULE = "#e4e6ea"
TYPES = legend.TYPES | {0: legend.PROTECTED}
NOT_TOLD = legend.EMPTY
"""Area types from the most disadvantaged to the least, and those that are not known (0)."""

DPI = 130
WIDTH = 7.4
MARGIN = 0.12
TITLE, SMALL, TINY = 11.0, 8.0, 7.5
LEADING, GAP = 1.45, 0.04
TICK_PAD = 3.5
SETTINGS = {
    "svg.hashsalt": "segindex",
    "svg.fonttype": "path",
    "path.simplify": True,
    "text.hinting": "no_hinting",
}


class Picture(Figure):
    """A Figure that knows its own title and description, so that its files can carry them."""

    def __init__(self, *, title, description, made_up, language):
        super().__init__(figsize=(WIDTH, WIDTH), dpi=DPI, facecolor="white")
        mark = wording.text(language, "made_up.mark") if made_up else ""
        self.title = f"{mark}: {title}" if made_up else title
        self.description = f"{mark}. {description}" if made_up else description

    def _repr_mimebundle_(self, include=None, exclude=None):
        from segindex.figures.files import to_png

        return {"image/png": to_png(self), "text/plain": self.description}


@cache
def _font_path(weight):
    name = {"regular": "OpenSans-Regular.ttf", "bold": "OpenSans-Bold.ttf"}[weight]
    return resources.files("segindex.figures").joinpath("fonts", name)


@cache
def font(size=SMALL, weight="regular"):
    """The bundled Open Sans in a size and weight."""
    return FontProperties(fname=str(_font_path(weight)), size=size)


@cache
def _face(weight):
    return FT2Font(str(_font_path(weight)))


@cache
def _advances(weight):
    return {}


def width(words, size=SMALL, weight="regular"):
    """The width of a line of text, in inches."""
    known, face = _advances(weight), _face(weight)
    for letter in set(words) - known.keys():
        face.set_size(100, 72)
        known[letter] = face.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100
    return sum(known[letter] for letter in words) * size / 72


def wrapped(words, inches, size=SMALL, weight="regular"):
    """The text in lines that are no wider than `inches`; a word that is wider is parted, after a hyphen if it has one.

    >>> wrapped("measure FI-SAFETY-2027-LAHTI begins", 0.8)
    ['measure', 'FI-SAFETY-', '2027-LAHTI', 'begins']
    """
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size, weight) <= inches:
            lines[-1] = longer
        else:
            lines = [line for line in lines if line] + _parted(word, inches, size, weight)
    return lines


def _parted(word, inches, size, weight):
    """A word, or where it is too wide its parts, each as long as the line holds."""
    parts = []
    while len(word) > 1 and width(word, size, weight) > inches:
        held = max((n for n in range(1, len(word)) if width(word[:n], size, weight) <= inches), default=1)
        hyphen = word.rfind("-", 0, held) + 1
        parts.append(word[: hyphen or held])
        word = word[hyphen or held :]
    return [*parts, word]


def write(where, x, y, words, *, size=SMALL, weight="regular", color=INK, **place):
    """A text in the bundled font on a figure or on axes; dollar signs are no formulas."""
    return where.text(x, y, words, fontproperties=font(size, weight), color=color, parse_math=False, **place)


def picture(title, description, subtitle, source, *, body, entries=(), made_up, language):
    """A `Picture` with its words and its key round an empty body of so many inches, and the body's bottom in inches.

    Parameters
    ----------
    title, description, subtitle, source : str
    body : float
    entries : sequence of (shape, colour, words)
        The key below the body; none for a figure that draws its own.
    made_up : bool
    language : {"fi", "sv", "en"}

    Returns
    -------
    (Picture, float)
    """
    figure = Picture(title=title, description=description, made_up=made_up, language=language)
    key = 0.1 + 0.19 * len(key_lines(entries)) if entries else 0.0
    bottom = key + frame(figure, title, subtitle, source, body=body + key, made_up=made_up, language=language)
    draw_key(figure, entries, bottom - 0.1)
    return figure, bottom


def frame(figure, title, subtitle, source, *, body, made_up, language):
    """Write title, mark, subtitle and source line round a body of so many inches, and give the body's bottom.

    The figure becomes as high as the words need, so that nothing can overlap.
    """
    wide = figure.get_size_inches()[0]
    room = wide - 2 * MARGIN
    mark = wording.text(language, "made_up.mark") if made_up else ""
    above = [
        (line, size, weight, color, 0.0 if place else GAP)
        for words, size, weight, color in (
            (title, TITLE, "bold", INK),
            (mark, SMALL, "bold", CLUSTERS["high-high"]),
            (subtitle, SMALL, "regular", QUIET),
        )
        for place, line in enumerate(wrapped(words, room, size, weight))
        if line
    ]
    below = [line for line in wrapped(source, room, TINY) if line]
    step = TINY * LEADING / 72
    bottom = MARGIN + step * len(below) + 0.04
    high = bottom + body + 0.1 + sum(size * LEADING / 72 + gap for _, size, _, _, gap in above) + MARGIN
    figure.set_size_inches(wide, high)
    for row, line in enumerate(reversed(below)):
        write(figure, MARGIN / wide, (MARGIN + row * step) / high, line, size=TINY, color=QUIET)
    y = high - MARGIN
    for line, size, weight, color, gap in above:
        y -= size * LEADING / 72 + gap
        write(figure, MARGIN / wide, (y + 0.04) / high, line, size=size, weight=weight, color=color)
    return bottom


def halo():
    """The white outline of a word that lies on lines."""
    return withStroke(linewidth=2, foreground="white")


def bare(axes, *, sides=("bottom",)):
    """Take the axes' own ticks away, and the box but for the named sides."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in sides)
        spine.set_color(LINE)
        spine.set_linewidth(0.7)
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(False)


def ticks(axis, places, labels, *, color=QUIET, edges=False):
    """Name places of an axis in the bundled font; with `edges` the first name begins, the last one ends at its place.

    The names are texts: a tick of matplotlib is five artists, and they take most of the time of a small panel.
    """
    axes, along = axis.axes, axis.axis_name
    if len(places):
        axis.set_view_interval(min(places), max(places))
    move = axes.get_xaxis_text1_transform if along == "x" else axes.get_yaxis_text1_transform
    transform, va, ha = move(TICK_PAD)
    for number, (place, words) in enumerate(zip(places, labels, strict=True)):
        if edges and len(places) > 1:
            ha = {0: "left", len(places) - 1: "right"}.get(number, "center")
        if words:
            x, y = (place, 0) if along == "x" else (0, place)
            look = {"size": TINY, "color": color, "transform": transform, "va": va, "ha": ha, "label": along}
            write(axes, x, y, words, **look)


def rules(axes, *, x=(), y=()):
    """Draw thin lines across the axes at places of x and of y, behind all else."""
    for places, transform, turn in ((x, axes.get_xaxis_transform(), 1), (y, axes.get_yaxis_transform(), -1)):
        if len(places):
            lines = [[(place, 0)[::turn], (place, 1)[::turn]] for place in places]
            drawn = LineCollection(lines, colors=RULE, linewidths=0.6, zorder=0.5, transform=transform)
            axes.add_collection(drawn, autolim=False)


def nice_steps(low, high, at_most):
    """Round places that cover [low, high], no more than `at_most` of them.

    >>> [round(float(place), 2) for place in nice_steps(0.21, 0.43, 5)]
    [0.2, 0.3, 0.4, 0.5]
    """
    for step in (m * 10.0**e for e in range(-5, 2) for m in (1, 2, 5)):
        first, last = np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9)
        if last - first < at_most:
            last = max(last, first + 1)
            return np.arange(first, last + 1) * step
    return np.array([low, high])


def decimals_of(places):
    """The decimals that labels of evenly spaced places need."""
    step = abs(places[1] - places[0])
    return next((n for n in range(6) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 6)


def key_lines(entries):
    """The entries of a key, (shape, colour, words), in lines that fit the figure."""
    lines, used = [[]], 0.0
    for entry in entries:
        needed = SAMPLE + width(entry[2]) + 0.25
        if lines[-1] and used + needed > WIDTH - 2 * MARGIN:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += needed
    return lines


def draw_key(figure, entries, top):
    """Draw the key below `top` inches: what each shape and colour means."""
    wide, high = figure.get_size_inches()
    for row, line in enumerate(key_lines(entries)):
        left, level = MARGIN, (top - 0.19 * row - 0.12) / high
        for shape, color, words in line:
            start, stop = left / wide, (left + SAMPLE - 0.08) / wide
            look = _SHAPES[shape](color)
            if look:
                ends = [(start + stop) / 2] if "marker" in look else [start, stop]
                figure.add_artist(Line2D(ends, [level] * len(ends), **look))
            else:
                left -= SAMPLE
            left += SAMPLE
            write(figure, left / wide, level, words, color=QUIET, va="center_baseline")
            left += width(words) + 0.25


SAMPLE = 0.34
DOTTED = {"linewidth": 1.0, "linestyle": (0, (1, 1.6))}
DIAMOND = {"marker": "D", "markersize": 4.5, "linestyle": "none"}
BAR = {"marker": "_", "markersize": 7, "markeredgewidth": 1.2, "linestyle": "none"}
_SHAPES = {
    "line": lambda color: {"color": color, "linewidth": 1.8},
    "dots": lambda color: {"color": color, **DOTTED},
    "dashes": lambda color: {"color": color, "linewidth": 0.9, "dashes": (3, 2)},
    "ribbon": lambda color: {"color": color, "linewidth": 5, "solid_capstyle": "butt"},
    "dot": lambda color: {"color": color, "marker": "o", "markersize": 6.5, "linestyle": "none"},
    "ring": lambda color: {
        "markeredgecolor": color,
        "markerfacecolor": "white",
        "marker": "o",
        "markersize": 5.5,
        "linestyle": "none",
    },
    "tick": lambda color: {
        "color": color,
        "marker": "|",
        "markersize": 7,
        "markeredgewidth": 1.2,
        "linestyle": "none",
    },
    "bar": lambda color: {"color": color, **BAR},
    "diamond": lambda color: {"color": color, **DIAMOND},
    "fall": lambda color: {"color": color, "marker": "v", "markersize": 5.5, "linestyle": "none"},
    "box": lambda color: {
        "markeredgecolor": LINE,
        "markeredgewidth": 0.5,
        "markerfacecolor": color,
        "marker": "s",
        "markersize": 8.5,
        "linestyle": "none",
    },
    "none": lambda color: {},
}
