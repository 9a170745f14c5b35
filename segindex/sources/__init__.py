"""Raw files to judged deliveries: one file a producer, one door for all of them."""

import importlib
from pathlib import Path

from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.facts import SOURCES
from segindex.sources import card, tables

SHOWN = 5


def reader(source):
    """The module that reads a source; BadSettings if the key is unknown."""
    if source not in SOURCES:
        known = f"known are {', '.join(SOURCES)}"
        raise BadSettings(f"source {source!r} is unknown; {did_you_mean(source, SOURCES, known)}")
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


def check_no_folder(path):
    """BadSettings where a path is a folder; it names the files in it that a source knows."""
    folder = Path(path)
    if not folder.is_dir():
        return
    known = [file.name for file in sorted(folder.iterdir()) if file.is_file() and _known(file)]
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    meant = f"give files in it: {', '.join(known[:SHOWN])}{more}" if known else "no source knows a file in it"
    raise BadSettings(f"{path}: this is a folder; {meant}")


def _known(file):
    """Whether a source knows a file, that of the card beside it where there is one."""
    try:
        return bool(card.beside(file, detect(file)))
    except BadData:
        return False


def read_file(path, source=None, **options):
    """Read a file into its deliveries, one a release or year.

    Parameters
    ----------
    path : path, or list of paths that are joined on the cell (ykr, statfin_grid)
    source : str, optional
        Key of the source; found from the file if left out.
    **options
        `release`, `municipalities`, `polygons`, `columns`, `card`, `taken`: what the source's `read` takes.
    """
    first = path if not isinstance(path, (list, tuple)) else path[0]
    return reader(source or detect(first)).read(path, **options)
