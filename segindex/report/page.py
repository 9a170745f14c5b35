"""The page: one self-contained HTML file a language, with its figures beside it."""

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from segindex import wording
from segindex.figures import alt
from segindex.report.scales import scale_table
from segindex.report.tables import (
    Counter,
    change_table,
    class_table,
    coverage_table,
    group_table,
    hidden_head,
    left_out_table,
)


def render_page(material, sections, language):
    """The page in one language: {file name: bytes}."""
    page = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            text=lambda key, **values: wording.text(language, key, **values),
            language=language,
            languages=[(each, file_name(material, each), NAMES[each]) for each in material.in_order],
            material=material,
            title=material.title_in(language),
            years=_years(material, sections, language),
            limits=_limits(material, sections, language),
            bases=_bases(sections, language),
            hidden="/".join(dict.fromkeys(hidden_head(section, language) for section in sections)),
            mapped=any(not place.absent for section in sections for place in section.maps),
            level=wording.number(material.false_discovery * 100, language),
            sources=[_source(source, material, language) for source in material.sources],
            **_parts(material, sections, language),
        )
    )
    return {file_name(material, language): unbroken(page).encode()}


def unbroken(page):
    """The page with every range of numbers, and the word joined to it, kept on one line.

    >>> unbroken('<p title="7–15">of 7–15-year-olds</p>')
    '<p title="7–15">of <span class="range">7–15-year-olds</span></p>'
    """
    parts = re.split(r"(<style>.*?</style>|<title>.*?</title>|<[^>]*>)", page, flags=re.DOTALL)
    return "".join(
        part
        if part.startswith("<")
        else re.sub(r"[\d.]*\d–\d[\d.]*\b(-[\w-]+)?", r'<span class="range">\g<0></span>', part)
        for part in parts
    )


def file_name(material, language):
    """The page's file: `index.html` for the first language, `index.<language>.html` for the others."""
    return "index.html" if language == material.in_order[0] else f"index.{language}.html"


NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def _parts(material, sections, language):
    counter = Counter()
    groups = [_group(material, section, language, counter) for section in sections]
    return {
        "groups": groups,
        "coverage": coverage_table(material, language, counter.next()),
        "left_out": left_out_table(material, language, counter.next()),
    }


def _group(material, section, language, counter):
    name = wording.group_name(section.group, language, material.defined)
    table = group_table(section, name, material, language, counter.next())
    change = change_table(section, name, material, language, counter.next()) if section.baseline else None
    named = {"index": "dissimilarity", "group": name, "language": language}
    rows = section.rows.get("dissimilarity")
    ranking = trends = None
    if section.ranking:
        title = alt.ranking_title(rows, year=section.year, **named)
        ranking = _figure(section.ranking, title, alt.ranking_alt(rows, year=section.year, **named), language)
    if section.trends:
        trends = _figure(section.trends, alt.trends_title(rows, **named), alt.trends_alt(rows, **named), language)
    return {
        "id": f"group-{section.group.replace('_', '-')}",
        "name": wording.sentence_case(name),
        "table": table,
        "change": change,
        "scales": scale_table(section, name, language, counter) if len(section.scales) else None,
        "year": section.year,
        "one_year": len(section.years) == 1,
        "ranking": ranking,
        "trends": trends,
        "maps": [_map(material, section, place, name, language, counter) for place in section.maps],
        "maps_absent": section.maps_absent,
    }


def _map(material, section, place, name, language, counter):
    city = wording.city_name(place.city, language)
    if place.absent:
        limits = {"small_group": material.min_group, "few_cells": material.min_cells}
        limit = {"limit": limits[place.absent]} if place.absent in limits else {}
        return {"city": city, "absent": wording.text(language, f"figures.{place.absent}", **limit)}
    named = {
        "city": place.city,
        "group": name,
        "classification": section.classification,
        "language": language,
    }
    title = alt.clusters_title(place.classes, **named)
    words = alt.clusters_alt(place.classes, year=place.year, **named)
    figure = _figure(place.name, title, words, language)
    table = class_table(place, section, name, language, counter.next())
    withheld = place.classes["group_share"].isna().any()
    return figure | {"city": city, "absent": "", "table": table, "withheld": withheld}


def _figure(name, title, words, language):
    return {"id": name.replace("_", "-"), "title": title, "alt": words, "stem": f"figures/{language}/{name}"}


def _years(material, sections, language):
    """Which groups have which statistical years: [(years, groups)]."""
    found = {}
    for section in sections:
        found.setdefault(wording.years(section.years), []).append(
            wording.group_name(section.group, language, material.defined)
        )
    return [(years, ", ".join(names)) for years, names in found.items()]


def _limits(material, sections, language):
    kinds = {"area" if section.cell_size_m is None else "grid" for section in sections}
    limits = {"min_cells": material.min_cells, "min_group": material.min_group}
    return [wording.text(language, f"how.limits_{kind}", **limits) for kind in sorted(kinds, reverse=True)]


def _bases(sections, language):
    """Whom the classifications of the edition count, a sentence each."""
    known = [wording.classification_key(section.classification) for section in sections]
    return [wording.text(language, f"how_base.{key}") for key in dict.fromkeys(known)]


def _source(source, material, language):
    dates = source.get("dates") or []
    return {
        "line": source["source_line"][language],
        "name": material.source_names(language)[source["source"]],
        "licence": source["licence"],
        "licence_url": source.get("licence_url") or "",
        "dates": wording.dates(dates, language),
        "releases": [str(release) for release in source.get("releases") or []],
        "note": source.get("note") or "",
    }


@cache
def _environment():
    return Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _template(name):
    return resources.files("segindex.report").joinpath("templates", name).read_text(encoding="utf-8")
