"""Raw files to judged deliveries: one file a producer, one door for all of them."""

import importlib

from segindex.errors import BadData, BadSettings
from segindex.facts import SOURCES
from segindex.sources import tables


def reader(source):
    """The module that reads a source; BadSettings if the key is unknown."""
    if source not in SOURCES:
        raise BadSettings(f"source {source!r} is unknown; known are {', '.join(SOURCES)}")
    return importlib.import_module(f"segindex.sources.{source}")


def detect(path):
    """The key of the source that a file is of, by its columns and first lines; BadData if none knows it."""
    tables.existing(path)
    for source in SOURCES:
        if reader(source).knows(path):
            return source
    raise BadData(
        f"{path}: no source knows this form; columns found: {', '.join(map(str, tables.columns(path)[:40]))}. "
        f"Sources are {', '.join(SOURCES)}; name one with --source to see what it misses"
    )


def read_file(path, source=None, **options):
    """Read a file into its deliveries, one a release or year.

    Parameters
    ----------
    path : path, or list of paths that are joined on the cell (ykr, statfin_grid)
    source : str, optional
        Key of the source; found from the file if left out.
    **options
        `release`, `municipalities`, `polygons`, `columns`, `card`: what the source's `read` takes.
    """
    first = path if not isinstance(path, (list, tuple)) else path[0]
    return reader(source or detect(first)).read(path, **options)
