"""A page of HTML that holds all it needs, and how a notebook shows it."""

import json
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path

SHARED = "viewport.js"


class Page:
    """HTML that a notebook shows in a frame of its own, and that can be saved as a page."""

    def __init__(self, html, title, height):
        self.html = html
        self.title = title
        self.height = height

    def _repr_html_(self):
        return (
            f'<iframe title="{escape(self.title)}" srcdoc="{escape(self.html)}" sandbox="allow-scripts" '
            f'style="width: 100%; height: {self.height}px; border: 0"></iframe>'
        )

    def __repr__(self):
        return f"{type(self).__name__}({self.title})"

    def save(self, path):
        """Write the page (HTML) to `path`, and give the path; the same page gives the same bytes."""
        path = Path(path)
        path.write_text(self.html, encoding="utf-8", newline="\n")
        return path


@cache
def part(name):
    """The text of a file beside this module, or of the one that all maps share: a style sheet or a script."""
    shared = name == SHARED
    place = resources.files("segindex.report").joinpath("templates") if shared else resources.files("segindex.notebook")
    return place.joinpath(name).read_text(encoding="utf-8")


def page(title, language, body, *, style, script="", data=None):
    """A whole page; `body` is HTML already, `title` is text, `data` goes to the script of a map as JSON."""
    scripts = part(SHARED) + part(script) if script else ""
    held = ""
    if data is not None:
        written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
        held = f'<script type="application/json" id="data">{written}</script>\n'
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{part(style)}</style>\n</head>\n<body>\n{body}\n{held}"
        f"{f'<script>{chr(10)}{scripts}</script>{chr(10)}' if scripts else ''}</body>\n</html>\n"
    )
