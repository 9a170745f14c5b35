"""The chapter on the funding mapping: its answers in sentences, its tables and figures, for the page and the PDF."""

from functools import partial

from segindex import wording
from segindex.figures import funding_alt as alt
from segindex.figures.funding import shown_years
from segindex.report.findings import listed
from segindex.report.funding_answers import answered, has_funding
from segindex.report.funding_figure_tables import curve_table, formulas_data_table, timeline_table
from segindex.report.funding_money import (
    absorption_table,
    cliff_table,
    concentration_table,
    formula_tables,
    head_tables,
    overlap_table,
)
from segindex.report.funding_outputs import CURVE, FORMULAS, TIMELINE, funding_figures
from segindex.report.funding_tables import (
    channel_table,
    gap_table,
    matrix_table,
    money_table,
    short_channel_table,
    theme_table,
    use_table,
    waiting_table,
    work_table,
)
from segindex.report.funding_words import View
from segindex.report.parts import Chapter, Part

ANCHOR = "funding"


def funding_chapter(material, language, counter, place=""):
    """The chapter, its tables numbered by `counter`: a tuple of one, or of none without a funding mapping.

    Parameters
    ----------
    material : Material
    language : {"fi", "sv", "en"}
    counter : Counter
    place : {"", "page", "document"}
        Where it will stand: what stands elsewhere alone is then neither made nor numbered. "" makes everything.

    Returns
    -------
    tuple of Chapter
    """
    if not has_funding(material):
        return ()
    made = _Chapter(material, language, counter, place)
    return (Chapter(ANCHOR, made.say("title"), tuple(part for part in made.parts() if part is not None)),)


class _Chapter:
    """The parts of the chapter in one language, made in their order."""

    def __init__(self, material, language, counter, place):
        self.material, self.language, self.counter, self.place = material, language, counter, place
        self.view = View(material, language)
        self.drawn = funding_figures(material)
        self.answers = answered(material, language)

    def say(self, key, **values):
        return wording.text(self.language, f"funding_chapter.{key}", **values)

    def parts(self):
        """All parts; None for those that have no data."""
        if self.view.register.made_up and not self.material.made_up:
            mark = wording.text(self.language, "made_up.mark")
            yield Part("text", self.say("made_up_register", mark=mark))
        yield from (Part("text", words) for words in self.answers["made_up"])
        yield Part("text", self.say("explain"))
        if own := self.material.own_cities:
            names = [wording.city_name(city, self.language, self.material.defined) for city in own]
            yield Part("text", self.say("own_cities", cities=listed(names, self.language)))
        yield from self.section("channels", "channels", "money")
        yield self.table(theme_table)
        yield self.table(money_table)
        yield self.table(channel_table, folded=True, only="page")
        yield from self.section("use", "use")
        yield self.table(use_table)
        yield self.table(matrix_table, folded=True, only="page")
        yield from self.section("gaps", "gaps")
        yield self.table(gap_table)
        yield from self.money()
        yield from self.section("continuity", "cliffs", "overlaps", "absorption")
        yield self.figure(TIMELINE, alt.timeline_title, alt.timeline_alt, timeline_table)
        yield self.table(cliff_table)
        yield self.table(overlap_table)
        yield self.table(absorption_table)
        yield self.table(partial(absorption_table, by_city=True), folded=True, only="page")
        yield from self.section("work", "work")
        yield self.table(waiting_table)
        yield self.table(work_table)
        yield self.table(short_channel_table, only="document")

    def money(self):
        """Money over need, and the same pot by other formulas."""
        yield from self.section("targeting", "targeting")
        yield self.figure(CURVE, alt.curve_title, alt.curve_alt, curve_table)
        for table in head_tables(self.view, self.counter):
            yield Part("table", table=table)
        yield self.table(concentration_table)
        yield from self.section("formulas", "formulas")
        yield self.figure(FORMULAS, alt.formulas_title, alt.formulas_alt, formulas_data_table)
        for table in formula_tables(self.view, self.counter):
            yield Part("table", table=table)

    def section(self, heading, *questions):
        """A heading and the answers to its questions."""
        yield Part("heading", self.say(heading))
        yield Part("list", items=tuple(words for one in questions for words in self.answers[one]))

    def table(self, make, *, only="", folded=False):
        """A table's part; None where it stands elsewhere alone, or there is nothing to show."""
        if only and self.place not in ("", only):
            return None
        table = make(self.view, self.counter)
        return Part("table", table=table, only=only, folded=folded) if table is not None and table.rows else None

    def figure(self, name, title, told, table):
        """A figure's part, on the page with its data; None where it cannot be drawn."""
        if name not in self.drawn:
            return None
        shown = {
            CURVE: lambda tables: alt.curve_rows(*tables, alt.chosen_curve(*tables)),
            TIMELINE: lambda tables: (shown_years(tables[0]),),
            FORMULAS: lambda tables: (alt.dealt(tables[0]),),
        }[name](self.drawn[name])
        words = title(shown[-1], self.language)
        data = None if self.place == "document" else table(self.view, shown[0], words, self.counter)
        return Part("figure", words, name=name, told=told(*shown, self.language), table=data)
