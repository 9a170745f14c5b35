"""The chapter on the funding mapping: its answers in sentences, its tables and figures, for the page and the PDF."""

from segindex import wording
from segindex.figures import funding_alt as alt
from segindex.report.funding_answers import answers, has_funding
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


def funding_chapter(material, language, counter):
    """The chapter, its tables numbered by `counter`: a tuple of one, or of none without a funding mapping.

    Parameters
    ----------
    material : Material
    language : {"fi", "sv", "en"}
    counter : Counter

    Returns
    -------
    tuple of Chapter
    """
    if not has_funding(material):
        return ()
    made = _Chapter(material, language, counter)
    return (Chapter(ANCHOR, made.say("title"), tuple(part for part in made.parts() if part is not None)),)


class _Chapter:
    """The parts of the chapter in one language."""

    def __init__(self, material, language, counter):
        self.material, self.language, self.counter = material, language, counter
        self.view = View(material, language)
        self.drawn = funding_figures(material)

    def say(self, key, **values):
        return wording.text(self.language, f"funding_chapter.{key}", **values)

    def parts(self):
        """All parts in their order; None for those that have no data."""
        view, counter = self.view, self.counter
        mark = wording.text(self.language, "made_up.mark")
        if view.register.made_up and not self.material.made_up:
            yield Part("text", self.say("made_up_register", mark=mark))
        yield Part("text", self.say("explain"))
        yield Part("heading", self.say("answers"))
        yield Part("list", items=tuple(answers(self.material, self.language)))
        yield Part("heading", self.say("channels"))
        yield self.table(theme_table(view, counter))
        yield self.table(money_table(view, counter))
        yield self.table(channel_table(view, counter), folded=True, only="page")
        yield Part("heading", self.say("use"))
        yield self.table(use_table(view, counter))
        yield self.table(matrix_table(view, counter), folded=True, only="page")
        yield Part("heading", self.say("gaps"))
        yield self.table(gap_table(view, counter))
        yield from self.money()
        yield Part("heading", self.say("continuity"))
        yield self.figure(TIMELINE, alt.timeline_title, alt.timeline_alt, timeline_table)
        yield self.table(cliff_table(view, counter))
        yield self.table(overlap_table(view, counter))
        yield self.table(absorption_table(view, counter))
        yield self.table(absorption_table(view, counter, by_city=True), folded=True, only="page")
        yield Part("heading", self.say("work"))
        yield self.table(waiting_table(view, counter))
        yield self.table(work_table(view, counter))
        yield self.table(short_channel_table(view, counter), only="document")

    def money(self):
        """Money over need, and the same pot by other formulas."""
        view, counter = self.view, self.counter
        heads = head_tables(view, counter)
        if heads or CURVE in self.drawn:
            yield Part("heading", self.say("targeting"))
            yield self.figure(CURVE, alt.curve_title, alt.curve_alt, curve_table)
            for table in heads:
                yield self.table(table)
            yield self.table(concentration_table(view, counter))
        if len(view["formulas"]):
            yield Part("heading", self.say("formulas"))
            yield self.figure(FORMULAS, alt.formulas_title, alt.formulas_alt, formulas_data_table)
            for table in formula_tables(view, counter):
                yield self.table(table)

    def table(self, table, **more):
        """A table's part; None where there is no table or it has no rows."""
        return Part("table", table=table, **more) if table is not None and table.rows else None

    def figure(self, name, title, told, table):
        """A figure's part with its data; None where it cannot be drawn."""
        if name not in self.drawn:
            return None
        shown = {
            CURVE: lambda tables: alt.curve_rows(*tables, alt.chosen_curve(*tables)),
            TIMELINE: lambda tables: (self.years(tables[0]),),
            FORMULAS: lambda tables: (alt.dealt(tables[0]),),
        }[name](self.drawn[name])
        words = title(shown[-1], self.language)
        data = table(self.view, shown[0], words, self.counter)
        return Part("figure", words, name=name, told=told(*shown, self.language), table=data)

    def years(self, timeline):
        """The years that the figure of the timeline shows."""
        from segindex.figures.funding import shown_years

        return shown_years(timeline)
