"""The figures of the page: each with its words, its files and its data as a table; in the page, or as links."""

from typing import NamedTuple

from markupsafe import Markup

from segindex import wording
from segindex.facts import slug
from segindex.figures import alt
from segindex.figures.select import parts_of, profile
from segindex.report import findings
from segindex.report.figure_tables import (
    change_terms_table,
    city_changes_table,
    city_trends_table,
    profile_table,
    ranking_table,
    trends_table,
    type_map_table,
)
from segindex.report.inline import inline_svg
from segindex.report.publish import limit_of
from segindex.report.spreads import KINDS, standings_table
from segindex.report.tables import class_table


class Drawn(NamedTuple):
    """What the figures of a page are made of: its language, their files by name, and the mark of made-up data.

    `defined` ({key: Names}) holds the names of groups and cities of the settings.
    """

    language: str
    files: dict
    mark: str = ""
    defined: dict | None = None

    def chart(self, name, title, words, table=None, *, png=True):
        """A figure as the template shows it."""
        told = self.link(name, title, words, png=png)
        said = f"{self.mark}. {words}" if self.mark else words
        svg = inline_svg(self.files[f"{told['stem']}.svg"], told["id"], title, said)
        return told | {"svg": Markup(svg), "table": table}

    def link(self, name, title, words, *, png=True):
        """A figure that stands in files of its own."""
        stem = f"figures/{self.language}/{name}"
        return {"id": name.replace("_", "-"), "title": title, "alt": words, "stem": stem, "png": png}


def group_charts(section, name, drawn, counter):
    """The ranking and the trends of a group; None where there is none."""
    language = drawn.language
    named = {"index": "dissimilarity", "group": name, "language": language}
    rows = section.rows.get("dissimilarity")
    ranking = trends = None
    if section.ranking:
        told = named | {"year": section.year, "defined": drawn.defined}
        title, words = (say(rows, **told) for say in (alt.ranking_title, alt.ranking_alt))
        table = ranking_table(section, name, language, counter, drawn.defined)
        ranking = drawn.chart(section.ranking, title, words, table)
    if section.trends:
        title, words = alt.trends_title(rows, **named), alt.trends_alt(rows, **named, defined=drawn.defined)
        table = trends_table(section, name, language, counter, drawn.defined)
        trends = drawn.chart(section.trends, title, words, table)
    return {"ranking": ranking, "trends": trends}


def change_terms_chart(section, name, drawn, counter):
    """The parts of the change of a group; None where there are none."""
    if not section.change_terms:
        return None
    named = {"group": name, "first": section.baseline, "last": section.year, "language": drawn.language}
    named |= {"index": section.parts["index"].iloc[0], "defined": drawn.defined}
    parts = parts_of(section.parts)
    title, words = alt.change_terms_title(parts, **named), alt.change_terms_alt(parts, net=False, **named)
    table = change_terms_table(section, name, drawn.language, counter, drawn.defined)
    return drawn.chart(section.change_terms, title, words, table)


def profile_chart(section, over, name, drawn, counter):
    """A scale profile of a group."""
    rows = profile(section.profile_rows, section.profiled, section.group, section.year, over)
    named = {"index": section.profiled, "group": name, "over": over, "cell_size_m": section.cell_size_m}
    title = alt.profile_title(rows, **named, language=drawn.language)
    words = alt.profile_alt(rows, year=section.year, **named, language=drawn.language, defined=drawn.defined)
    table = profile_table(section, over, name, drawn.language, counter, drawn.defined)
    return drawn.chart(section.profile(over), title, words, table)


def types_chart(found, drawn):
    """The chart of area types of all cities; the table of area types stands under it."""
    named = {"year": found.year, "language": drawn.language, "defined": drawn.defined}
    title, words = (say(found.shares, **named) for say in (alt.types_title, alt.types_alt))
    return drawn.chart(found.chart, title, words)


def type_link(place, year, held, drawn):
    """Where a city's map of area types stands: in the section of the city `held`, or in files of its own."""
    language = drawn.language
    name = wording.city_name(place.city, language, drawn.defined)
    told = {"city": name, "held": held and city_id(held), "absent": ""}
    if place.absent:
        return told | {"absent": wording.text(language, f"figures.{place.absent}")}
    named = {"city": place.city, "language": language, "defined": drawn.defined}
    title = alt.type_map_title(place.types, **named)
    words = alt.type_map_alt(place.types, year=year, **named)
    return told | drawn.link(place.name, title, words, png=False)


def cluster_map(material, section, place, name, held, drawn, counter):
    """A city's cluster map as links and a table, or in the section of the city `held`; or why there is none."""
    language = drawn.language
    called = wording.city_name(place.city, language, drawn.defined)
    told = {"city": called, "key": place.city, "held": held and city_id(held)}
    if place.absent:
        limit = limit_of(place.absent, material)
        return told | {"absent": wording.text(language, f"figures.{place.absent}", **limit)}
    named = {"city": place.city, "group": name, "classification": section.classification, "language": language}
    named["defined"] = drawn.defined
    title = alt.clusters_title(place.classes, **named)
    if held:
        return told | {"absent": "", "title": title}
    words = alt.clusters_alt(place.classes, year=place.year, **named)
    table = class_table(place, section, name, language, counter.next(), drawn.defined)
    withheld = place.classes["group_share"].isna().any()
    return told | drawn.link(place.name, title, words, png=False) | {"absent": "", "table": table, "withheld": withheld}


def city_part(spread, material, sections, drawn, counter):
    """The section of a city: its paragraph, the standings of its groups, and its figures."""
    language = drawn.language
    standings = standings_table(spread, material, language, counter)
    charts = [
        _spread_chart(spread, kind, material, sections, drawn, counter) for kind in KINDS if spread.figures.get(kind)
    ]
    return {
        "id": city_id(spread.city),
        "key": spread.city,
        "name": wording.city_name(spread.city, language, material.defined),
        "paragraph": findings.paragraph(spread, material, language),
        "standings": standings,
        "charts": charts,
    }


def city_id(city):
    """The address of a city's section, the same in every language."""
    return f"city-{slug(city)}"


def _spread_chart(spread, kind, material, sections, drawn, counter):
    language, name = drawn.language, spread.figures[kind]
    title, words = spread.figure_text(kind, language)
    maps = {place.name: (section, place) for section in sections for place in section.maps}
    if kind == "types":
        place = spread.type_map
        kind_of_place = "area" if all(section.cell_size_m is None for section in sections) else "grid"
        table = type_map_table(place, kind_of_place, language, counter, drawn.defined)
    elif kind == "clusters":
        section, place = maps[name]
        group = wording.group_name(section.group, language, material.defined)
        table = class_table(place, section, group, language, counter.next(), drawn.defined)
    elif kind == "trends":
        table = city_trends_table(spread.city, sections, material, title, language, counter)
    else:
        table = city_changes_table(spread, material, title, language, counter)
    return drawn.chart(name, title, words, table, png=kind in ("trends", "change"))
