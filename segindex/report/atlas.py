"""The atlas: a page a city and language, with a map of all cells to move and zoom in, that works offline."""

import base64
import json
import re
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from segindex import wording
from segindex.facts import slug
from segindex.figures.style import WATER
from segindex.legend import INK, LAND, LINE, PROTECTED
from segindex.report.html import NAMES, environment, template_text
from segindex.report.layers import ABSENT, EXACT, OF_A_GROUP, WHATS, classes_of, layers_of, packed
from segindex.report.material import Output
from segindex.report.page import file_name
from segindex.report.publish import limit_of
from segindex.report.types import CLASSIFICATIONS, INPUTS
from segindex.standings import in_order

SCRIPTS = ("viewport.js", "drawing.js", "atlas.js")
SAID = (
    *("cell", "cell_named", "area", "area_named", "absent", "valued", "unknown_place", "area_found"),
    *("legend_grid", "legend_area", "cells", "areas", "year", "scale"),
)
OPEN = r"CC(0| BY)( \d\.\d)?"
"""The licences that let exact values of cells be told: no other of the kind (CC BY-NC, CC BY-ND)."""


class Table(NamedTuple):
    """A table of the page, of words."""

    caption: str
    head: list[str]
    rows: list[list[str]]


def atlas(material, parts):
    """The atlas's outputs, one a city; none where the material does not say how the cities' cells are read."""
    cities = tuple(in_order(material.mapped))
    none = material.results.iloc[:0]
    large = dict.fromkeys(
        ("changes", "thresholds", "types", "sensitivity", "accumulation", "type_areas", "area_results", "scales")
        + ("lasting", "ends", "blocks", "left_out", "areas", "borders", "water")
    )
    slim = replace(material, results=none, cells=material.cells.iloc[:0], clusters=none, mapped={}, **large)
    return [
        Output(f"atlas {city}", partial(render_atlas, slim, city, cities, _known(parts, city), material.mapped[city]))
        for city in cities
    ]


def page_file(city, language):
    """The file of a city's page below the report's folder."""
    return f"atlas/{slug(city)}.{language}.html"


def _known(parts, city):
    """Whether each group and year of a city is published: {(group, year): why not, or ""}."""
    found = {}
    for part in parts:
        for rows in part.rows.values():
            own = rows[rows["city"] == city]
            found |= {(part.group, int(year)): refused for year, refused in zip(own["year"], own["refused"])}
    return found


def render_atlas(material, city, cities, known, read):
    """A city's pages: {file name: bytes}.

    `known` tells of each (group, year) why it is not published, "" where it is; `read()` gives what is drawn.
    """
    found = read()
    allowed = {key for key, refused in known.items() if not refused}
    grounds, layers = layers_of(found, allowed, _exact(material), _closed(known))
    content, places = packed(grounds, layers, found) if layers else (b"", [])
    names = sorted({name for ground in grounds for cell in ground.cells if (name := found["names"].get(cell))})
    placeless = not grounds and bool(allowed) and any(len(found[name]) for name in ("cells", "types"))
    shared = {"packed": base64.b64encode(content).decode(), "names": names, "city": city, "cities": cities}
    shared |= {"placeless": placeless}
    return {
        page_file(city, language): _page(material, layers, places, known, language, **shared).encode()
        for language in material.in_order
    }


def _page(material, layers, places, known, language, *, placeless, packed, names, city, cities):
    say = partial(wording.text, language)
    name = wording.city_name(city, language, material.defined)
    shown = [what for what in WHATS if any(layer.what == what for layer in layers)]
    return (
        environment()
        .get_template("atlas.html.jinja")
        .render(
            text=say,
            language=language,
            languages=[(each, page_file(city, each).split("/")[1], NAMES[each]) for each in material.in_order],
            material=material,
            title=say("atlas.heading", city=name),
            edition=material.title_in(language),
            sources=[_source(source, material, language) for source in material.sources],
            report=file_name(material, language),
            cities=[
                (wording.city_name(each, language, material.defined), page_file(each, language).split("/")[1])
                for each in cities
                if each != city
            ],
            whats=[(what, _what(what, language)) for what in shown],
            names=names,
            about=_about(material, layers, known, placeless, language),
            tables=[_table(what, layers, material, language) for what in shown],
            data=_json(_told(material, name, shown, layers, places, language)),
            packed=packed,
            script="".join(map(template_text, SCRIPTS)),
        )
    )


def _told(material, city, shown, layers, places, language):
    """What the script says, and where it finds each layer."""
    order = sorted(range(len(layers)), key=lambda at: WHATS.index(layers[at].what))
    return {
        "locale": {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[language],
        "land": LAND,
        "water": WATER,
        "line": LINE,
        "ink": INK,
        "hidden": PROTECTED,
        "mark": wording.text(language, "made_up.mark") if material.made_up else "",
        "say": {
            **{key: wording.table(language)[f"atlas.{key}"] for key in SAID},
            "alt": wording.table(language)["cell_map.alt"],
            "nowhere": wording.text(language, "cell_map.nowhere"),
        },
        "classes": {
            what: [
                {"label": one.label, "colour": one.colour, "hatched": one.hatched} for one in classes_of(what, language)
            ]
            for what in shown
        },
        "layers": [
            {
                "what": layers[at].what,
                "group": layers[at].group,
                "name": _group(layers[at].group, material, language),
                "title": _title(layers[at], city, "{year}", material, language),
                "ground": layers[at].ground,
                "years": list(layers[at].years),
                **places[at],
                **dict(zip(("times", "plus"), EXACT.get(layers[at].what, ()))),
            }
            for at in order
        ],
    }


def _json(value):
    """JSON that may stand in a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("&", "\\u0026")


def _group(group, material, language):
    return wording.sentence_case(wording.group_name(group, language, material.defined)) if group else ""


def _what(what, language):
    key = f"atlas.what_{what}" if what in OF_A_GROUP else f"cell_map.style_{what}"
    return wording.text(language, key)


def _title(layer, city, year, material, language):
    words = {"city": city, "year": year}
    if layer.group:
        words["group"] = wording.group_name(layer.group, language, material.defined)
    if layer.what == "share":
        words["of_base"] = wording.of_base(layer.classification, language)
    part = "atlas" if layer.what == "lasting" else "cell_map"
    title = wording.text(language, f"{part}.title_{layer.what}", **words)
    return f"{wording.text(language, 'made_up.mark')}: {title}" if material.made_up else title


def _table(what, layers, material, language):
    """The number of cells of each class in the first and the last year of each layer of a kind."""
    own = [layer for layer in layers if layer.what == what]
    found = classes_of(what, language)
    grouped = what in OF_A_GROUP
    head = [
        *([wording.text(language, "atlas.group")] if grouped else []),
        wording.text(language, "atlas.year"),
        *(one.label for one in found),
    ]
    rows = []
    for layer in own:
        for year in dict.fromkeys((layer.years[0], layer.years[-1])):
            codes = layer.codes[layer.years.index(year)]
            counts = [wording.count((codes == at).sum(), language) for at in range(len(found))]
            if (codes != ABSENT).any():
                rows.append([*([_group(layer.group, material, language)] if grouped else []), str(year), *counts])
    return Table(_what(what, language), head, rows)


def _about(material, layers, known, placeless, language):
    """What has to be known beside the maps, a sentence each."""
    whats = {layer.what for layer in layers}
    said = []
    if "cluster" in whats:
        level = wording.percent(material.false_discovery, language, 0)
        said.append(wording.text(language, "clusters.method", level=level))
    if "lasting" in whats:
        said.append(wording.text(language, "atlas.lasting"))
    if whats & set(OF_A_GROUP):
        said.append(wording.text(language, "cell_map.small"))
    if whats - set(OF_A_GROUP):
        said.append(wording.text(language, "cell_map.types"))
    if layers:
        exact = any(layer.exact is not None for layer in layers)
        said.append(wording.text(language, "atlas.exact" if exact else "cell_map.in_classes"))
        said += [wording.text(language, key) for key in ("atlas.no_persons", "sources.changes")]
    if placeless:
        said.append(wording.sentence_case(wording.text(language, "figures.no_geometry")))
    if closed := _closed(known):
        said.append(wording.text(language, "atlas.refused_inputs", years=wording.years(closed)))
    return said + _refused(material, known, language)


def _refused(material, known, language):
    """Which groups and years are not shown, and why."""
    found = {}
    for (group, year), refused in known.items():
        if refused:
            found.setdefault((group, refused), []).append(year)
    return [
        wording.text(
            language,
            f"atlas.{refused}",
            group=_group(group, material, language),
            years=wording.years(years),
            **{key: wording.count(limit, language) for key, limit in limit_of(refused, material).items()},
        )
        for (group, refused), years in found.items()
    ]


def _closed(known):
    """The years in which a group that the types rest on is not published."""
    return sorted({year for (group, year), refused in known.items() if refused and group in INPUTS})


def _exact(material):
    """The classifications whose exact values may be told: every source of theirs is known and has an open licence."""
    if material.cell_values != "exact":
        return frozenset()
    free = {one["source"]: re.fullmatch(OPEN, one["licence"].strip()) is not None for one in material.sources}
    coverage = material.coverage
    closed = set(coverage["classification"][[not free.get(source, False) for source in coverage["source"]]])
    known = set(CLASSIFICATIONS) <= set(coverage["classification"])
    types = {"types"} if known and not closed & set(CLASSIFICATIONS) else set()
    return frozenset(set(coverage["classification"]) - closed | types)


def _source(source, material, language):
    dates = wording.dates(source.get("dates") or [], language)
    name = material.source_names(language)[source["source"]]
    return {
        "line": wording.text(language, "atlas.dates", name=name, dates=dates) if dates else name,
        "licence": wording.text(language, "atlas.licence", licence=source["licence"]),
        "licence_url": source.get("licence_url") or "",
    }
