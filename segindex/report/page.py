"""The page: one self-contained HTML file a language, with the figures of its cities and groups in it."""

from functools import partial

from segindex import wording
from segindex.facts import slug
from segindex.registry import DIMENSIONS, REGISTRY
from segindex.report import findings
from segindex.report.blocks import block_table
from segindex.report.charts import (
    Drawn,
    change_terms_chart,
    city_part,
    cluster_map,
    group_charts,
    profile_chart,
    type_link,
    types_chart,
)
from segindex.report.ends import end_tables
from segindex.report.html import FONTS, environment, frame, unbroken
from segindex.report.inline import font_faces, letters_of
from segindex.report.lasting import lasting_table
from segindex.report.material import UNDETERMINED, Output
from segindex.report.programme import chapters, figure_names
from segindex.report.scales import scale_remarks, scale_tables
from segindex.report.spreads import KINDS, own_cities, side_by_side
from segindex.report.statement import statement_name
from segindex.report.tables import (
    Counter,
    change_table,
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


def pages(material, sections, together, types, spreads, others):
    """The outputs of the page in every language.

    `others` are the outputs that stand beside it: the page links to those that there are.
    """
    names = {output.name for output in others}
    found = []
    for language in material.in_order:
        given = material, sections, language, together, types, spreads, _beside(names, spreads, language)
        needs = tuple(f"figures/{language}/{name}.svg" for name in inlined(material, sections, types, spreads))
        found.append(Output(f"page {language}", partial(render_page, *given), needs))
    return found


def inlined(material, sections, types, spreads):
    """The names of the figures that the page holds, each once; of the others it holds links."""
    names = [] if types is None else [types.chart]
    for section in sections:
        names += [section.ranking, section.trends, section.change_terms, *map(section.profile, section.profiles)]
    names += [spread.figures.get(kind) for spread in spreads for kind in KINDS]
    return tuple(dict.fromkeys(filter(None, [*names, *figure_names(material)])))


def render_page(material, sections, language, together, types, spreads, beside, files):
    """The page in one language, {file name: bytes}; `files` holds the figures that it is made of."""
    mark = wording.text(language, "made_up.mark") if material.made_up else ""
    drawn = Drawn(language, files, mark, material.defined)
    page = (
        environment()
        .get_template("page.html.jinja")
        .render(
            **frame(material, language, file_name),
            years=_years(material, sections, language),
            own_cities=own_cities(material, language),
            limits=_limits(material, sections, language),
            bases=_bases(sections, language),
            hidden="/".join(dict.fromkeys(hidden_head(section, language) for section in sections)),
            mapped=any(not place.absent for section in sections for place in section.maps),
            level=wording.number(material.false_discovery * 100, language),
            sources=[_source(source, material, language) for source in material.sources],
            beside=beside,
            statement=statement_name(language),
            **_parts(material, sections, together, types, spreads, drawn),
        )
    )
    fonts = font_faces(letters_of(page))
    return {file_name(material, language): unbroken(page.replace(FONTS, fonts, 1)).encode()}


def file_name(material, language):
    """The page's file: `index.html` for the first language, `index.<language>.html` for the others."""
    return "index.html" if language == material.in_order[0] else f"index.{language}.html"


BESIDE = {
    "brief": ("brief {language}", "brief.{language}.pdf"),
    "document": ("document {language}", "report.{language}.pdf"),
    "tables": ("workbook {language}", "tables.{language}.xlsx"),
    "catalogue": ("package", "datapackage.json"),
}
OPEN = "clustering"
SHOWN = (
    *("morans_i", "spatial_proximity", "absolute_clustering", "relative_clustering"),
    *("distance_decay_isolation", "distance_decay_exposure", "adjusted_dissimilarity", "boundary_dissimilarity"),
)


def _beside(names, spreads, language):
    """The files beside the page, of the outputs of these names: the whole report's, and a map a city."""
    whole = [
        (file.format(language=language), wording.text(language, f"web.{key}"))
        for key, (name, file) in BESIDE.items()
        if name.format(language=language) in names
    ]
    cities = {
        spread.city: f"atlas/{slug(spread.city)}.{language}.html"
        for spread in spreads
        if f"atlas {spread.city}" in names
    }
    return {"whole": whole, "cities": cities}


def _parts(material, sections, together, types, spreads, drawn):
    language, counter = drawn.language, Counter()
    return {
        "summary": findings.summary(spreads, material, language) if spreads else [],
        "side_by_side": side_by_side(spreads, material, language, counter) if len(spreads) > 1 else [],
        "cities": [city_part(spread, material, sections, drawn, counter) for spread in spreads],
        "groups": [_group(material, section, spreads, drawn, counter) for section in sections],
        "shown": _dimension(OPEN, language),
        "types": type_tables(material, language, counter),
        "ends": end_tables(material, language, counter),
        **_types(types, spreads, drawn),
        "together": [
            (
                wording.sentence_case(wording.classification_name(part.classification, language)),
                together_tables(part, material, language, counter),
            )
            for part in together
        ],
        "chapters": [_chapter(one, drawn) for one in chapters(material, language, counter, "page")],
        "indices": _explained([*sections, *together], language),
        "blocks": block_table(material, language, counter),
        "coverage": coverage_table(material, language, counter.next()),
        "left_out": left_out_table(material, language, counter.next()),
    }


def _chapter(chapter, drawn):
    """A chapter as the template shows it; what stands in the PDF alone is left out."""
    parts = []
    for part in chapter.parts:
        if part.only == "document":
            continue
        chart = drawn.chart(part.name, part.words, part.told, part.table) if part.kind == "figure" else None
        parts.append(part._asdict() | {"chart": chart})
    return {"id": chapter.id, "title": chapter.title, "parts": parts}


def _group(material, section, spreads, drawn, counter):
    """What the page shows of a group; its tables are numbered in the order in which they stand."""
    language = drawn.language
    name = wording.group_name(section.group, language, material.defined)
    table = group_table(section, name, material, language, counter.next())
    change = change_table(section, name, material, language, counter.next()) if section.baseline else None
    change_terms = change_terms_chart(section, name, drawn, counter)
    over = threshold_tables(section, name, material, language, counter)
    clustering, dimensions = _dimensions(section, name, material, language, counter)
    held = {spread.figures.get("clusters"): spread.city for spread in spreads}
    return {
        "id": f"group-{section.group.replace('_', '-')}",
        "name": wording.sentence_case(name),
        "table": table,
        "change": change,
        "change_terms": change_terms,
        "over": over,
        "clustering": clustering,
        "dimensions": dimensions,
        "profiles": [profile_chart(section, over, name, drawn, counter) for over in section.profiles],
        "scales": scale_tables(section, name, language, counter, material.defined),
        "scale_remarks": scale_remarks(section, language),
        "year": section.year,
        "one_year": len(section.years) == 1,
        **group_charts(section, name, drawn, counter),
        "lasting": lasting_table(section, name, material, language, counter),
        "maps": [
            cluster_map(material, section, place, name, held.get(place.name), drawn, counter) for place in section.maps
        ],
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


def _types(found, spreads, drawn):
    """The figure of area types of all cities, and where the map of each city stands."""
    if found is None:
        return {"type_chart": None, "type_maps": []}
    held = {spread.figures.get("types"): spread.city for spread in spreads}
    maps = [type_link(place, found.year, held.get(place.name), drawn) for place in found.maps]
    return {"type_chart": types_chart(found, drawn), "type_maps": maps}


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
        "note_language": source.get("note_language") or UNDETERMINED,
    }
