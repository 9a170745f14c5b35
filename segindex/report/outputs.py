"""The report's outputs: a page a language, and a figure a group or a group and city, each with its files.

A render function takes no more than it shows, so that it can be sent to another process.
"""

from dataclasses import replace
from functools import partial

import pandas as pd

from segindex import figures
from segindex.figures.select import SCALES
from segindex.report.atlas import atlas
from segindex.report.brief import briefs
from segindex.report.contents import sections
from segindex.report.document import documents
from segindex.report.figure_files import figure_files, marked
from segindex.report.followup import with_measured
from segindex.report.followup_outputs import followup_outputs
from segindex.report.funding_outputs import funding_outputs
from segindex.report.material import Output
from segindex.report.origin import origins
from segindex.report.package import render_package
from segindex.report.page import pages
from segindex.report.publication import publication
from segindex.report.spreads import spreads, standings_frame
from segindex.report.statement import statements
from segindex.report.surroundings import drawn_around, known_around, outlines_of
from segindex.report.together import together
from segindex.report.types import CLASSIFICATIONS, area_types, type_cells
from segindex.report.workbook import render_workbook

SHARE_DECIMALS = 3
CSV = (
    *("city", "year", "release", "classification", "group", "index", "scale_m", "k"),
    *("first_year", "last_year", "term", "net", "change"),
    *("extent", "type", "residents_share"),
    *("value", "expected", "corrected", "low", "high"),
    *("cluster", "n_cells", "population", "group_size", "population_share", "group_share", "hidden_share"),
    *("refused", "status", "reason", "note"),
)
WHOLE = ("n_cells", "population", "group_size")
TYPED = ("city", "year", "cell", "x", "y", "crs", "cell_size_m", "residents", "type", "note")


def plan(material):
    """What a run of the report makes: `Output`s with names that stay the same from run to run."""
    material = with_measured(replace(material, kept_back=material.withheld))
    parts = sections(material)
    nothing = material.results.iloc[:0]
    large = dict.fromkeys(("changes", "type_areas", "area_results", "scales", "lasting", "areas", "borders", "water"))
    slim = replace(material, results=nothing, cells=material.cells.iloc[:0], clusters=nothing, mapped={}, **large)
    every, types = together(material), area_types(material)
    outputs, surroundings = [], {}
    for section in parts:
        common = _common(material, section, section.years)
        ends = _common(material, section, (section.baseline, section.year))
        last = _common(material, section, [section.year])
        rows = section.rows.get("dissimilarity")
        coverage = material.coverage[material.coverage["classification"] == section.classification]
        if section.ranking:
            outputs.append(
                Output(f"figure {section.ranking}", partial(render_ranking, section.ranking, rows, coverage, ends))
            )
        if section.trends:
            outputs.append(
                Output(f"figure {section.trends}", partial(render_trends, section.trends, rows, coverage, common))
            )
        if section.change_terms:
            draw = partial(render_change_terms, section.change_terms, section.parts, ends)
            outputs.append(Output(f"figure {section.change_terms}", draw))
        for over in section.profiles:
            name = section.profile(over)
            draw = partial(render_profile, name, section.profile_rows, section.areas, section.profiled, over, last)
            outputs.append(Output(f"figure {name}", draw))
        for place in section.maps:
            if place.absent:
                continue
            cells = _cells(material, section, place)
            areas = outlines_of(material, cells) if section.cell_size_m is None else None
            around = known_around(surroundings, material, place.city, cells)
            own = _common(material, section, [place.year]) | {"png": None}
            draw = partial(render_clusters, place, cells, areas, around, own)
            outputs.append(Output(f"figure {place.name}", draw))
    found = tuple(spreads(material, parts, types))
    outputs += _of_types(material, types, surroundings) + _of_cities(material, found) + funding_outputs(material)
    outputs += followup_outputs(material, surroundings)
    outputs += documents(slim, tuple(parts), found, types) + briefs(slim, found)
    outputs += atlas(material, parts) + _tables(material, slim)
    return pages(slim, tuple(parts), every, types, found, outputs) + outputs + statements(slim, outputs)


def _tables(material, slim):
    """The outputs of what is published as tables: a workbook a language, and csv with their description."""
    tables = publication(material)
    books = [
        Output(f"workbook {language}", partial(render_workbook, tables, slim, language))
        for language in material.in_order
    ]
    return [*books, Output("package", partial(render_package, tables, slim))]


def _of_types(material, found, surroundings):
    """The outputs of area types: of all cities, and a map a city."""
    if found is None:
        return []
    common = {
        "cut_offs": found.cut_offs,
        "made_up": material.made_up,
        "about": origins(material, CLASSIFICATIONS, sorted({found.baseline or found.year, found.year})),
        "defined": material.defined,
        "png": figures.PRINT,
    }
    years = found.rows[found.rows["year"].between(found.baseline or found.year, found.year)]
    draw = partial(render_types, found.chart, years, found.year, found.baseline, common)
    outputs = [Output(f"figure {found.chart}", draw)]
    common = common | {"about": origins(material, CLASSIFICATIONS, [found.year]), "png": None}
    for place in found.maps:
        if not place.absent:
            cells = type_cells(material, place.city, found.year)[list(TYPED)].reset_index(drop=True)
            areas = outlines_of(material, cells) if cells["cell_size_m"].isna().all() else None
            around = known_around(surroundings, material, place.city, cells)
            draw = partial(render_type_map, place, found.year, cells, areas, around, common)
            outputs.append(Output(f"figure {place.name}", draw))
    return outputs


def _of_cities(material, found):
    """The outputs of the cities one by one: D by group over the years, and its changes."""
    outputs = []
    for spread in found:
        kinds = dict.fromkeys(one.classification for one in spread.standings)
        common = {
            "city": spread.city,
            "cell_size_m": spread.cell_size_m,
            "made_up": material.made_up,
            "defined": material.defined,
            "png": figures.PRINT,
        }
        if name := spread.figures["trends"]:
            about = origins(material, kinds, sorted({int(year) for year in spread.rows["year"]}))
            coverage = material.coverage[material.coverage["classification"].isin(kinds)]
            draw = partial(render_city_trends, name, spread.rows, coverage, common | {"about": about})
            outputs.append(Output(f"figure {name}", draw))
        if name := spread.figures["change"]:
            years = sorted({year for one in spread.standings for year in (one.baseline, one.year) if year})
            draw = partial(
                render_city_changes, name, standings_frame(spread), common | {"about": origins(material, kinds, years)}
            )
            outputs.append(Output(f"figure {name}", draw))
    return outputs


def render_city_trends(name, rows, coverage, common):
    """A city's index by group over the years, in every language."""
    named = {key: common[key] for key in ("city", "cell_size_m", "defined")}
    draw = partial(figures.draw_city_trends, rows, index="dissimilarity", coverage=coverage, **named)
    return _files(name, draw, rows[rows["city"] == common["city"]], common)


def render_city_changes(name, rows, common):
    """A city's changes by group, in every language."""
    named = {key: common[key] for key in ("city", "cell_size_m", "defined")}
    return _files(name, partial(figures.draw_city_changes, rows, **named), rows, common)


def render_ranking(name, rows, coverage, common):
    """The ranking of the cities in every language."""
    named = {"index": "dissimilarity", "group": common["group"], "year": common["year"]}
    draw = partial(
        figures.draw_ranking,
        rows,
        **named,
        baseline=common["baseline"],
        coverage=coverage,
        cell_size_m=common["cell_size_m"],
        defined=common["defined"],
    )
    shown = rows[rows["year"].isin((common["year"], common["baseline"]))]
    return _files(name, draw, shown, common)


def render_trends(name, rows, coverage, common):
    """The index over the years in every language."""
    draw = partial(
        figures.draw_trends,
        rows,
        index="dissimilarity",
        group=common["group"],
        coverage=coverage,
        cell_size_m=common["cell_size_m"],
        defined=common["defined"],
    )
    return _files(name, draw, rows, common)


def render_change_terms(name, rows, common):
    """Of what the change of an index is made, in every language."""
    draw = partial(
        figures.draw_change_terms,
        rows,
        index=rows["index"].iloc[0],
        group=common["group"],
        first=common["baseline"],
        last=common["year"],
        cell_size_m=common["cell_size_m"],
        defined=common["defined"],
    )
    return _files(name, draw, rows, common)


def render_types(name, rows, year, baseline, common):
    """Residents by area type in every language; `rows` are of all years from the baseline on, for their breaks."""
    named = {key: common[key] for key in ("cut_offs", "defined")}
    draw = partial(figures.draw_types, rows, year=year, baseline=baseline, **named)
    return _files(name, draw, _as_shown(rows[rows["year"].isin((baseline, year))]), common)


def render_type_map(place, year, cells, areas, surroundings, common):
    """A city's map of area types in every language."""
    draw = partial(
        figures.draw_type_map,
        cells,
        city=place.city,
        year=year,
        cell_size_m=float(cells["cell_size_m"].iloc[0]) if areas is None else None,
        **drawn_around(areas, surroundings),
        types=place.types,
        **{key: common[key] for key in ("cut_offs", "defined")},
    )
    return _files(place.name, draw, _as_shown(place.types), common)


def _as_shown(types):
    """Area types as the figures tell them: of a type with one cell an exact number would be that of its residents."""
    return types.drop(columns="residents").assign(residents_share=types["residents_share"].round(SHARE_DECIMALS))


def render_profile(name, rows, areas, index, over, common):
    """The index over the sizes of the surroundings in every language."""
    named = {"index": index, "group": common["group"], "year": common["year"], "over": over}
    named |= {"cell_size_m": common["cell_size_m"], "defined": common["defined"]}
    draw = partial(figures.draw_scale_profile, rows, areas=areas, **named)
    other = next(each for each in SCALES if each != over)
    shown = [rows[rows[other].isna()], areas[areas["index"] == index]]
    return _files(name, draw, pd.concat([one for one in shown if len(one)], ignore_index=True), common)


def render_clusters(place, cells, areas, surroundings, common):
    """A city's map of local clusters in every language."""
    draw = partial(
        figures.draw_clusters,
        cells,
        city=place.city,
        group=common["group"],
        year=place.year,
        cell_size_m=common["cell_size_m"],
        **drawn_around(areas, surroundings),
        clusters=place.classes,
        false_discovery=common["false_discovery"],
        defined=common["defined"],
    )
    return _files(place.name, draw, place.classes, common)


def _files(name, draw, table, common):
    """The files of a figure in every language, its data by the columns of `CSV`."""
    return figure_files(name, draw, _data(table, common["made_up"]), common)


def _data(table, made_up):
    """The figure's data; a refused row keeps its place and its reason, but no count that it was refused for."""
    unscaled = [name for name in SCALES if name in table and table[name].isna().all()]
    there = [name for name in CSV if (name in table and name not in unscaled) or name == "note"]
    table = table.reindex(columns=there)
    for name in WHOLE:
        if name in table:
            table[name] = table[name].astype("Int64")
    if "refused" in table and "group_size" in table:
        table["group_size"] = table["group_size"].mask(table["refused"] != "")
    if made_up:
        table["note"] = [marked(note) for note in table["note"].fillna("")]
    return table


def _common(material, section, years):
    """What every figure of a group in some years needs, small enough to be sent to another process."""
    there = {section.group, *section.cities}
    defined = {key: names for key, names in material.defined.items() if key in there}
    return {
        "group": section.group,
        "year": section.year,
        "baseline": section.baseline,
        "cell_size_m": section.cell_size_m,
        "false_discovery": material.false_discovery,
        "made_up": material.made_up,
        "defined": defined,
        "about": origins(material, [section.classification], years),
        "png": figures.PRINT,
    }


def _cells(material, section, place):
    cells = material.cells
    own = cells[(cells["group"] == section.group) & (cells["city"] == place.city) & (cells["year"] == place.year)]
    if "release" in own:
        own = own[own["release"] == own["release"].max()]
    wanted = ("city", "year", "classification", "group", "index", "cell", "x", "y", "population", "group_size", "crs")
    return own[[name for name in (*wanted, "cluster") if name in own]].reset_index(drop=True)
