"""The chapters on the programme: the funding mapping and the follow-up, for the page and the PDF."""

from segindex.report.followup_chapter import followup_chapter
from segindex.report.funding_chapter import funding_chapter
from segindex.report.parts import Chapter, Part, figures_of

__all__ = ["Chapter", "Part", "chapters", "figure_names"]


def chapters(material, language, counter):
    """The chapters that the edition has, their tables numbered by `counter`."""
    return (*funding_chapter(material, language, counter), *followup_chapter(material, language, counter))


def figure_names(material):
    """The names of the figures in the chapters; they are the same in every language."""
    from segindex.report.tables import Counter

    return figures_of(chapters(material, material.in_order[0], Counter()))
