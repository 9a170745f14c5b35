"""Notes of the tables in the reader's language: the tables keep them as short English texts of fixed forms.

What was left out is named by its kind; where its sentence holds names or numbers, they are read from the English
text. A kind or a text that is not known here is quoted as it is.
"""

import re

from segindex import facts, wording
from segindex.figures.select import CELL_CHANGE
from segindex.report.funding_notes import FUNDING_FORMS, funding_words
from segindex.schema import MADE_UP
from segindex.standings import BREAK, groups_of, parts_of

WHOLE_CITY = "k takes in the whole city"
FORMS = (
    (r"break: areas entered since (?P<year>\d+): (?P<areas>[^,]+)", "note.entered_one"),
    (r"break: areas entered since (?P<year>\d+): (?P<areas>.+)", "note.entered"),
    (r"break: areas left since (?P<year>\d+): (?P<areas>[^,]+)", "note.left_one"),
    (r"break: areas left since (?P<year>\d+): (?P<areas>.+)", "note.left"),
    (CELL_CHANGE, "note.cells"),
    (r"break: cells of postal areas, before (?P<before>\S+) m", "note.to_areas"),
    (r"break: cells of (?P<size>\S+) m, before postal areas", "note.to_cells"),
    (r"residents of (?P<date>\d{4}-\d\d-\d\d)", "note.residents"),
    (r"groups: (?P<groups>.+)", "note.groups"),
    (r"all groups: (?P<groups>.+)", "note.all_groups"),
    (r"biweight kernel", "note.biweight"),
    (r"exponential kernel, (?P<metres>\d+) m", "note.decay"),
    (r"ever wider discs: somewhat low", "note.discs"),
    (WHOLE_CITY, "note.whole_city"),
    (r"area of whole grid cells", "note.area_whole"),
    (r"area of grid cells without the water in them", "note.area_dry"),
    (r"area of the polygons", "note.area_polygons"),
    (r"area as the (source|frame) gives it", "note.area_given"),
    (r"centre: (?P<centre>[^,]+)", "note.centre_one"),
    (r"centre: (?P<centres>.+)", "note.centre"),
    (r"ascending: (?P<groups>.+)", "note.ascending"),
    (r"rank-order fit of order (?P<order>\d+)", "note.fit"),
    (r"rank-order fit of order (?P<order>\d+), standard error (?P<error>[\d.]+)", "note.fit_error"),
    (r"without a neighbour: (?P<n>\d+) cells, .+", "note.isolated"),
    (r"the base is hidden as well: residents are the weight", "note.base_hidden"),
    (r"visible cells are selected by the group's own count", "note.selected"),
    (r"no cut-off: the city lacks the baseline year, or the group was more than half of it", "note.no_cut_off"),
    (r"no cut-off: no city has all dimensions of area types at the baseline", "note.no_standards"),
    (r"cells put together into areas", "note.together"),
    (r"in no area: (?P<n>\d+) cells", "note.outside"),
    (r"shares of the (?P<n>\d+) nearest", "note.among"),
    (r"undefined: the group has no members", "note.no_members"),
    (r"undefined: a tenth of residents live where the group has no members", "note.no_low_end"),
    (r"undefined: nobody is of another group", "note.everybody"),
    (r"undefined: no cell can be used", "note.no_cells"),
    (r"undefined", "note.undefined"),
    *FUNDING_FORMS,
)
HEADS = ("heading", "caption", "text", "units", "residents")
LEFT_OUT = {
    "absent_municipality": r"municipalities .*: (?P<codes>.+)",
    "ages_below_residents": r".*, by (?P<n>\d+) in all: .*",
    "protected_residents": r"cells whose residents \((?P<column>.+)\) are protected .*",
    "absent_from_table": r"cells that (?P<table>.+) lacks: .*",
    "not_in_population_table": r"cells of (?P<table>.+) that have no residents in (?P<people>.+) are left out",
    "ignored_columns": r"columns .*: (?P<columns>.+)",
    "assumed_dates": r"reference dates by the rule of the card: (?P<dates>.+); .*",
    "protected_in_part": r"(?P<group>\w+): .*",
    "zero_as_protected": r"(?P<group>\w+): parts are 0 while (?P<base>\w+) is above 0: .*",
    "unknown_label": r"labels .*: (?P<labels>.+)",
}


def sentences(note, language, defined=None):
    """A note's parts as sentences; made-up data have their own mark, and an unknown note is quoted as it is.

    `defined` ({key: Names}) holds the names of groups of the settings.
    """
    return [_sentence(part, language, defined) for part in parts_of(note) if part != MADE_UP]


def left_out(kind, said, language):
    """What was left out, as a sentence, and the language of it: "" for the reader's own, else "en"."""
    match = re.fullmatch(LEFT_OUT.get(kind, ".*"), said, re.DOTALL)
    if f"left_out.{kind}" not in wording.table(language) or kind in HEADS or not match:
        return said, "" if language == "en" else "en"
    return wording.text(language, f"left_out.{kind}", **match.groupdict()), ""


def breaks_alone(note):
    """The parts of a note that tell of a break."""
    return "; ".join(part for part in parts_of(note) if part.startswith(BREAK))


def without_breaks(note):
    """The other parts of a note."""
    return "; ".join(part for part in parts_of(note) if not part.startswith(BREAK))


def outside_alone(note):
    """The part of a note that says that cells lie in no named area, or ""."""
    return next((part for part in parts_of(note) if part.startswith("in no area")), "")


def whole_city_alone(note):
    """The part of a note that says that the k nearest residents are everybody, or ""."""
    return WHOLE_CITY if WHOLE_CITY in parts_of(note) else ""


def without_groups(note, known):
    """A note without its groups and their order; groups that are not the `known` ones are told."""
    own = groups_of(note, "groups")
    kept = [part for part in parts_of(note) if not part.startswith(("groups: ", "ascending: "))]
    return "; ".join([*kept, *([f"all groups: {', '.join(own)}"] if own != known else [])])


def _sentence(part, language, defined):
    for form, key in FORMS:
        match = re.fullmatch(form, part)
        if match:
            of_funding = key.startswith("funding_note.")
            found = match.groupdict()
            told = funding_words(found, language) if of_funding else _in_words(found, language, defined)
            return wording.text(language, key, **told)
    return wording.text(language, "note.other", note=part)


def _in_words(found, language, defined):
    """What was read from a note, in the reader's language."""
    if "date" in found:
        return {"date": wording.date(found["date"], language)}
    if "groups" in found:
        names = [wording.group_name(key, language, defined) for key in found["groups"].split(", ")]
        return {"groups": ", ".join(names)}
    if places := found.keys() & {"centre", "centres"}:
        return {key: ", ".join(_centre(name, language) for name in found[key].split(", ")) for key in places}
    if "metres" in found:
        return {"metres": wording.count(int(found["metres"]), language)}
    if "error" in found:
        return found | {"error": wording.number(float(found["error"]), language, len(found["error"]) - 2)}
    return found


def _centre(name, language):
    """A centre by its name in the reader's language: a Swedish one where one is in use."""
    known = {centre.name: centre.sv for city in facts.cities().values() for centre in city.centres}
    return (known.get(name) if language == "sv" else "") or name
