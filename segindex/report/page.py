"""The page: one self-contained HTML file a language, with its figures beside it."""

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from segindex import wording
from segindex.figures import alt
from segindex.figures.select import parts_of, profile
from segindex.registry import DIMENSIONS, REGISTRY
from segindex.report.blocks import block_table
from segindex.report.ends import end_tables
from segindex.report.lasting import lasting_table
from segindex.report.scales import scale_remarks, scale_tables
from segindex.report.tables import (
    Counter,
    change_table,
    class_table,
    coverage_table,
    dimension_table,
    group_table,
    hidden_head,
    index_id,
    left_out_table,
)
from segindex.report.thresholds import threshold_tables
from segindex.report.together import together_tables
from segindex.report.types import type_tables


def render_page(material, sections, language, together=(), types=None):
    """The page in one language, of the groups one by one and of all at once, and of area types: {file name: bytes}."""
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
            **_parts(material, sections, together, types, language),
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
        else re.sub(r"[\d.,]*\d–\d[\d.,]*\b(-[\w-]+)?", r'<span class="range">\g<0></span>', part)
        for part in parts
    )


def file_name(material, language):
    """The page's file: `index.html` for the first language, `index.<language>.html` for the others."""
    return "index.html" if language == material.in_order[0] else f"index.{language}.html"


NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
OPEN = "clustering"
SHOWN = (
    *("morans_i", "spatial_proximity", "absolute_clustering", "relative_clustering"),
    *("distance_decay_isolation", "distance_decay_exposure", "adjusted_dissimilarity", "boundary_dissimilarity"),
)


def _parts(material, sections, together, types, language):
    counter = Counter()
    groups = [_group(material, section, language, counter) for section in sections]
    return {
        "groups": groups,
        "shown": _dimension(OPEN, language),
        "types": type_tables(material, language, counter),
        "ends": end_tables(material, language, counter),
        **_types(types, language),
        "together": [
            (
                wording.sentence_case(wording.classification_name(part.classification, language)),
                together_tables(part, material, language, counter),
            )
            for part in together
        ],
        "indices": _explained([*sections, *together], language),
        "blocks": block_table(material, language, counter),
        "coverage": coverage_table(material, language, counter.next()),
        "left_out": left_out_table(material, language, counter.next()),
    }


def _group(material, section, language, counter):
    name = wording.group_name(section.group, language, material.defined)
    table = group_table(section, name, material, language, counter.next())
    change = change_table(section, name, material, language, counter.next()) if section.baseline else None
    over = threshold_tables(section, name, material, language, counter)
    clustering, dimensions = _dimensions(section, name, material, language, counter)
    return {
        "id": f"group-{section.group.replace('_', '-')}",
        "name": wording.sentence_case(name),
        "table": table,
        "change": change,
        "over": over,
        "clustering": clustering,
        "dimensions": dimensions,
        "profiles": [_profile(section, over, name, language) for over in section.profiles],
        "scales": scale_tables(section, name, language, counter),
        "scale_remarks": scale_remarks(section, language),
        "lasting": lasting_table(section, name, material, language, counter),
        "year": section.year,
        "one_year": len(section.years) == 1,
        **_charts(section, name, language),
        "maps": [_map(material, section, place, name, language, counter) for place in section.maps],
        "maps_absent": section.maps_absent,
    }


def _dimensions(section, name, material, language, counter):
    """The open table of clustering, or None; and the tables of all other indices: {dimension: table}."""

    def table(dimension, keys):
        return dimension_table(section, dimension, keys, name, material, language, counter.next())

    shown = [key for key in SHOWN if key in section.indices]
    others = {}
    for key in section.indices:
        if key not in shown:
            others.setdefault(REGISTRY[key].dimension, []).append(key)
    opened = table(OPEN, shown) if shown else None
    return opened, {_dimension(one, language): table(one, others[one]) for one in DIMENSIONS if one in others}


def _dimension(dimension, language):
    return wording.sentence_case(wording.dimension_name(dimension, language))


def _charts(section, name, language):
    named = {"index": "dissimilarity", "group": name, "language": language}
    rows = section.rows.get("dissimilarity")
    ranking = trends = None
    if section.ranking:
        title = alt.ranking_title(rows, year=section.year, **named)
        ranking = _figure(section.ranking, title, alt.ranking_alt(rows, year=section.year, **named), language)
    if section.trends:
        trends = _figure(section.trends, alt.trends_title(rows, **named), alt.trends_alt(rows, **named), language)
    return {"ranking": ranking, "trends": trends, "change_terms": _change_terms(section, name, language)}


def _change_terms(section, name, language):
    """The figure of why D changed; None where there is none."""
    if not section.change_terms:
        return None
    named = {"group": name, "first": section.baseline, "last": section.year, "language": language}
    named |= {"index": section.parts["index"].iloc[0]}
    parts = parts_of(section.parts)
    title, words = alt.change_terms_title(parts, **named), alt.change_terms_alt(parts, net=False, **named)
    return _figure(section.change_terms, title, words, language)


def _types(found, language):
    """The figures of area types: of all cities, and a map a city."""
    if found is None:
        return {"type_chart": None, "type_maps": []}
    named = {"year": found.year, "language": language}
    title, words = alt.types_title(found.shares, **named), alt.types_alt(found.shares, **named)
    maps = [_type_map(place, found.year, language) for place in found.maps]
    return {"type_chart": _figure(found.chart, title, words, language), "type_maps": maps}


def _type_map(place, year, language):
    city = wording.city_name(place.city, language)
    if place.absent:
        return {"city": city, "absent": wording.text(language, f"figures.{place.absent}")}
    title = alt.type_map_title(place.types, city=place.city, language=language)
    words = alt.type_map_alt(place.types, city=place.city, year=year, language=language)
    return _figure(place.name, title, words, language) | {"city": city, "absent": ""}


def _profile(section, over, name, language):
    rows = profile(section.profile_rows, section.profiled, section.group, section.year, over)
    named = {"index": section.profiled, "group": name, "over": over, "cell_size_m": section.cell_size_m}
    title = alt.profile_title(rows, **named, language=language)
    words = alt.profile_alt(rows, year=section.year, **named, language=language)
    return _figure(section.profile(over), title, words, language)


def _explained(sections, language):
    """What each index of the tables tells, by dimension: [(dimension, [(id, title, meaning, caution)])]."""
    there = {key for section in sections for key in section.indices}
    found = {}
    for key, index in REGISTRY.items():
        if key in there:
            title = wording.sentence_case(wording.index_title(key, language))
            told = (index_id(key), title, *wording.index_meaning(key, language))
            found.setdefault(index.dimension, []).append(told)
    return [
        (_dimension(one, language), wording.text(language, f"dimension.{one}"), told) for one, told in found.items()
    ]


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


def template(name):
    """A template of the report, to be rendered."""
    return _environment().get_template(name)


def template_text(name):
    """A file beside the templates, as it is."""
    return resources.files("segindex.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment():
    return Environment(
        loader=FunctionLoader(template_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
