"""Notes of the tables in the reader's language: the tables keep them as short English texts of fixed forms."""

import re

from segindex import wording
from segindex.figures.select import BREAK

MADE_UP = "made-up data"
FORMS = (
    (r"break: areas entered since (?P<year>\d+): (?P<areas>.+)", "note.entered"),
    (r"break: areas left since (?P<year>\d+): (?P<areas>.+)", "note.left"),
    (r"break: cells of (?P<size>\S+) m, before (?P<before>\S+) m", "note.cells"),
    (r"the base is hidden as well: residents are the weight", "note.base_hidden"),
    (r"visible cells are selected by the group's own count", "note.selected"),
    (r"undefined: the group has no members", "note.no_members"),
    (r"undefined: everybody is of the group", "note.everybody"),
    (r"undefined", "note.undefined"),
)


def sentences(note, language):
    """A note's parts as sentences; made-up data have their own mark, and an unknown note is quoted as it is."""
    return [_sentence(part, language) for part in _parts(note) if part != MADE_UP]


def breaks_alone(note):
    """The parts of a note that tell of a break."""
    return "; ".join(part for part in _parts(note) if part.startswith(BREAK))


def without_breaks(note):
    """The other parts of a note."""
    return "; ".join(part for part in _parts(note) if not part.startswith(BREAK))


def _parts(note):
    written = "" if wording.missing(note) else str(note)
    return [part.strip() for part in written.split("; ") if part.strip()]


def _sentence(part, language):
    for form, key in FORMS:
        match = re.fullmatch(form, part)
        if match:
            return wording.text(language, key, **match.groupdict())
    return wording.text(language, "note.other", note=part)
