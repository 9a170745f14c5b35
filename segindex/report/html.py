"""What all pages share: the templates, their frame of languages and marks, and ranges of numbers on one line."""

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from segindex import wording

NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
FONTS = "/* fonts of the figures */"
"""Where the style holds the fonts, which are known when the figures are."""

WHOLE = r"<style>.*?</style>|<script>.*?</script>|<svg .*?</svg>|<title>.*?</title>|<[^>]*>"


def frame(material, language, file_of):
    """What the frame of every page says; `file_of(material, language)` names the same page in a language."""
    return {
        "text": lambda key, **values: wording.text(language, key, **values),
        "language": language,
        "languages": [(each, file_of(material, each), NAMES[each]) for each in material.in_order],
        "material": material,
        "title": material.title_in(language),
        "fonts": FONTS,
    }


def unbroken(page):
    """The page with every range of numbers, and the word joined to it, kept on one line.

    >>> unbroken('<p title="7–15">of 7–15-year-olds</p>')
    '<p title="7–15">of <span class="range">7–15-year-olds</span></p>'
    """
    return "".join(
        part
        if part.startswith("<")
        else re.sub(r"[\d.,]*\d–\d[\d.,]*\b(-[\w-]+)?", r'<span class="range">\g<0></span>', part)
        for part in re.split(f"({WHOLE})", page, flags=re.DOTALL)
    )


@cache
def environment():
    """The templates; they escape what comes from data."""
    return Environment(
        loader=FunctionLoader(template_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def template_text(name):
    """A file beside the templates, as it is."""
    return resources.files("segindex.report").joinpath("templates", name).read_text(encoding="utf-8")
