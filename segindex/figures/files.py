"""The bytes of a figure's files: SVG, PNG at print resolution, and the words beside them.

Each file says for itself what it shows and where its numbers come from (`About`), for it travels alone. The same
figure gives the same bytes: no date, no name of a program that would change them.
"""

import io
import re
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, PngImagePlugin

from segindex import wording
from segindex.figures import style

PRINT = 300
COLOURS = 256


class About(NamedTuple):
    """What the files of a figure say of themselves, in one language.

    Attributes
    ----------
    name, key, edition : str
        Of the figure, of the edition, and the edition's title.
    dates, period : str
        The reference dates of its data in words, and as one ISO 8601 date or interval.
    source, licence : str
    version, language : str
    """

    name: str
    key: str
    edition: str
    dates: str
    period: str
    source: str
    licence: str
    version: str
    language: str

    @property
    def program(self):
        """The program and its version."""
        return f"segindex {self.version}".strip()


def to_svg(figure, about=None):
    """The figure as SVG, its numbers no longer than can be seen; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
    about : About, optional
        Goes into the file's Dublin Core.

    Returns
    -------
    bytes
    """
    told = {"Date": None, "Creator": None, "Title": figure.title, "Description": figure.description}
    if about is not None:
        told |= {
            "Creator": about.program,
            "Source": about.source,
            "Rights": about.licence,
            "Coverage": about.period,
            "Relation": about.edition,
            "Identifier": f"{about.key}/{about.name}",
            "Language": about.language,
        }
    target = io.BytesIO()
    with matplotlib.rc_context(style.SETTINGS):
        figure.savefig(target, format="svg", metadata=told)
    return slim(target.getvalue().decode()).encode()


def to_png(figure, about=None, dpi=style.DPI):
    """The figure as PNG at so many dots an inch; the same figure gives the same bytes.

    The most frequent 256 colours stay as they are, so that an area's colour is that of the legend; of rarer ones, at
    the edges of letters and lines, the nearest is taken.

    Parameters
    ----------
    figure : Figure
    about : About, optional
        Goes into the file's texts.
    dpi : float

    Returns
    -------
    bytes
    """
    told = {"Title": figure.title, "Description": figure.description}
    if about is not None:
        told |= {
            "Software": about.program,
            "Source": about.source,
            "Copyright": about.licence,
            "Reference dates": about.period,
            "Edition": f"{about.edition} ({about.key})",
        }
    texts = PngImagePlugin.PngInfo()
    for name, words in told.items():
        texts.add_text(name, words)
    pixels, palette = _indexed(_drawn(figure, dpi))
    image = Image.fromarray(pixels, "L")
    image.putpalette(palette.tobytes())
    target = io.BytesIO()
    image.save(target, "png", pnginfo=texts, dpi=(dpi, dpi), compress_level=6)
    return target.getvalue()


def to_txt(figure, about):
    """The figure in words: a line on what it shows, and below it where its numbers come from."""
    origin = (
        wording.text(about.language, "figure_file.edition", edition=f"{about.edition} ({about.key})"),
        wording.text(about.language, "sources.dates", dates=about.dates),
        wording.text(about.language, "sources.licence", licence=about.licence),
        wording.text(about.language, "figure_file.program", program=about.program),
    )
    return "\n".join([figure.description, "", about.source, *origin, ""]).encode()


def slim(svg):
    """An SVG in fewer characters: two decimals of a point in paths and places, and one line a path.

    >>> slim('<path d="M 1.23456 2 \\nL 3.999 -0.001 \\nz\\n" style="stroke: #ffffff"/>')
    '<path d="M1.23 2L4 0z" style="stroke: #ffffff"/>'
    >>> slim('<use xlink:href="#OpenSans-Bold-4f" transform="translate(72.851562 0)"/>')
    '<use xlink:href="#b4f" x="72.85"/>'
    """
    svg = re.sub(r' d="([^"]*)"', lambda found: f' d="{_path(found[1])}"', svg)
    svg = re.sub(
        r'(<use xlink:href="#[^"]*") transform="translate\((\S+) 0\)"/>',
        lambda found: f'{found[1]} x="{_short(found[2])}"/>',
        svg,
    )
    svg = svg.replace("OpenSans-Regular-", "r").replace("OpenSans-Bold-", "b")
    svg = re.sub(r"translate\((\S+) (\S+)\)", lambda found: f"translate({_short(found[1])} {_short(found[2])})", svg)
    return re.sub(r"\n +", "\n", svg)


def _path(words):
    words = re.sub(r"-?\d+\.\d+", lambda found: _short(found[0]), words)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", words).strip()


def _short(number):
    short = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _drawn(figure, dpi):
    """The figure's pixels as numbers 0xBBGGRR, shape (height, width)."""
    before, canvas = figure.dpi, figure.canvas
    try:
        with matplotlib.rc_context(style.SETTINGS):
            figure.dpi = dpi
            drawn = FigureCanvasAgg(figure)
            drawn.draw()
        pixels = np.asarray(drawn.buffer_rgba())
    finally:
        figure.dpi = before
        figure.set_canvas(canvas)
    return pixels.view("<u4")[..., 0] & 0xFFFFFF


def _indexed(pixels):
    """Pixels as places in a palette of at most 256 colours, and the palette, shape (n, 3)."""
    colours = np.unique(pixels)
    place = np.zeros(1 << 24, np.uint16 if len(colours) < 1 << 16 else np.uint32)
    place[colours] = np.arange(len(colours))
    found = place[pixels]
    often = np.argsort(-np.bincount(found.ravel(), minlength=len(colours)), kind="stable")[:COLOURS]
    parts = np.stack([colours & 255, colours >> 8 & 255, colours >> 16], axis=1).astype(np.int32)
    nearest = np.empty(len(colours), np.uint8)
    for first in range(0, len(colours), 4096):
        apart = parts[first : first + 4096, None] - parts[often]
        nearest[first : first + 4096] = (apart**2).sum(axis=-1).argmin(axis=1)
    return nearest[found], parts[often].astype(np.uint8)
