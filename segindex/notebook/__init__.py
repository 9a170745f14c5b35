"""What a notebook shows: `explore`, a map to move and zoom in, and `show`, a table or panel in words.

Both give an object that a notebook shows as HTML, and whose `save(path)` writes a page of its own. Nothing is fetched
from the internet: the page holds all that it shows.
"""

from importlib import import_module

_HOME = {"explore": "segindex.notebook.maps", "show": "segindex.notebook.shown"}
__all__ = ["explore", "show"]


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__():
    return __all__
