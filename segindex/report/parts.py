"""Parts of chapters that the page and the PDF share: words, lists, tables and figures, in their order."""

from typing import Any, NamedTuple


class Part(NamedTuple):
    """One part of a chapter.

    Attributes
    ----------
    kind : {"text", "list", "heading", "table", "figure"}
    words : str
        Of a text or heading; the title of a figure.
    items : tuple of str
        Of a list.
    table : Table, optional
        Of a table; of a figure, its data.
    name : str
        The figure's name, that of its files.
    told : str
        The figure's text alternative.
    folded : bool
        Whether the page shows a table only when it is asked for.
    only : {"", "page", "document"}
        Where the part stands alone; "" for both.
    """

    kind: str
    words: str = ""
    items: tuple = ()
    table: Any = None
    name: str = ""
    told: str = ""
    folded: bool = False
    only: str = ""


class Chapter(NamedTuple):
    """A chapter: its anchor on the page, its title, its parts."""

    id: str
    title: str
    parts: tuple[Part, ...]


def figures_of(chapters):
    """The names of the figures of chapters, each once."""
    return tuple(dict.fromkeys(part.name for one in chapters for part in one.parts if part.kind == "figure"))
