"""The columns of the published tables: which form the numbers of each have, and their values in words."""

from functools import cache

from segindex import wording
from segindex.registry import REGISTRY
from segindex.report import notes
from segindex.report.followup_published import FOLLOWUP_WORDS, followup_word
from segindex.report.funding_publication import FUNDING_COUNTS, FUNDING_SHARES, FUNDING_YEARS, funding_word
from segindex.report.publish import limit_of

SHARES = (
    *("hidden_share", "population_share", "expected_population_share", "unknown_share", "group_share"),
    *("expected_group_share", "residents_share", "independent_share", "coverage"),
    *("group_of_base", "disadvantaged_share", "first_share", "last_share", *FUNDING_SHARES),
)
COUNTS = (
    *("n_cells", "n_hidden", "population", "group_size", "residents", "hidden_residents"),
    *("n_points", "n_comparable", "with_measures", "without_measures", *FUNDING_COUNTS),
)
YEARS = (
    *("year", "first_year", "last_year", "cut_off_year", "n_dimensions"),
    *("baseline_year", "before_first", "before_last", "target_year", *FUNDING_YEARS),
)
TRUTHS = ("net", "broken", "cliff")


def column_word(column, value, about, language):
    """A value of a published column in words.

    Parameters
    ----------
    column : str
        As it is called where it is published.
    value : str, bool or number
    about : Material
        Names of groups, indicators and sources, and limits; its own tables are not looked at.
    language : {"fi", "sv", "en"}

    Returns
    -------
    str
    """
    if column in ("type", *TRUTHS):
        return _said(column, value, language)
    if value == "":
        return ""
    if column in FOLLOWUP_WORDS:
        return followup_word(column, value, about, language)
    if column == "note":
        return _note(value, language, _defined(about))
    if (told := funding_word(column, value, about, language)) is not None:
        return told
    if column == "city":
        return ", ".join(wording.city_name(city, language, about.defined) for city in value.split(";"))
    if column == "classification":
        return wording.sentence_case(wording.classification_name(value, language))
    if column == "index":
        return wording.sentence_case(wording.index_title(value, language)) if value in REGISTRY else value
    if column in ("group", "reference"):
        if value == "all":
            return wording.text(language, "show.all_groups")
        names = (wording.group_name(group, language, about.defined) for group in value.split(";"))
        return wording.sentence_case(", ".join(names))
    if column == "refused":
        limit = limit_of(value, about) if value.startswith("small_") else {}
        return wording.text(language, f"workbook.refused_{value}", **limit)
    if column == "correction":
        return ", ".join(_correction(part, language) for part in value.split(", "))
    if column == "source":
        return about.source_names(language).get(value, value)
    if column == "reference_date":
        return wording.date(value, language)
    if column in ("term", "extent", "measure", "end"):
        return _said(column, value, language)
    return str(value)


def _correction(part, language):
    """A way of correction in words; one that only a caller of the functions can choose is named as there."""
    key = f"workbook.correction_{part.replace(' ', '_')}"
    return wording.text(language, key) if key in wording.table(language) else part


def _said(column, value, language):
    if column == "type":
        return wording.text(language, f"types.type_{int(value)}" if value else "types.unknown")
    if column in TRUTHS:
        return wording.text(language, "workbook.yes" if value else "workbook.no")
    keys = {"term": "show.term_", "extent": "show.cut_offs_", "measure": "workbook.measure_", "end": "workbook.end_"}
    return wording.text(language, f"{keys[column]}{value}")


def _defined(about):
    return tuple(sorted(about.defined.items()))


@cache
def _note(note, language, defined):
    return " ".join(notes.sentences(note, language, dict(defined)))
