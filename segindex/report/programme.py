"""The chapters on the programme: the funding mapping and the follow-up, for the page and the PDF."""

from segindex.report.followup_chapter import followup_chapter
from segindex.report.funding_chapter import funding_chapter
from segindex.report.material import once
from segindex.report.parts import Chapter, Part, figures_of

__all__ = ["Chapter", "Part", "chapters", "figure_names"]


def chapters(material, language, counter, place=""):
    """The chapters that the edition has, their tables numbered by `counter`.

    `place` is "page" or "document" where they will stand in that one: then what stands in the other alone is neither
    made nor numbered.
    """
    given = material, language, counter, place
    return (*funding_chapter(*given), *followup_chapter(*given))


@once
def figure_names(material):
    """The names of the figures in the chapters; they are the same in every language."""
    from segindex.report.tables import Counter

    return figures_of(chapters(material, material.in_order[0], Counter()))
