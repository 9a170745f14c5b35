"""The figures of the follow-up as outputs: the statuses, each indicator over the years, and maps of measures."""

from functools import partial

import pandas as pd

from segindex import figures, wording
from segindex.report.figure_files import figure_files, marked
from segindex.report.followup import STATUS, followed, map_name, mapped_measures
from segindex.report.material import Output
from segindex.report.origin import origins
from segindex.report.surroundings import drawn_around, known_around, outlines_of
from segindex.report.types import CLASSIFICATIONS, area_types

CARDS = (
    *("indicator", "city", "baseline_year", "year", "change", "change_low", "change_high"),
    *("status", "reason", "refused", "note"),
)
POINTS = ("indicator", "city", "year", "value", "low", "high", "path", "broken", "refused", "note")
TYPED = ("city", "year", "cell", "x", "y", "crs", "cell_size_m", "residents", "type", "note")


def followup_outputs(material, surroundings):
    """The outputs of the follow-up's figures; `surroundings` holds what is known to lie around cities."""
    found = followed(material)
    if found is None:
        return []
    outputs = []
    if len(found.cards):
        used = sorted(set(found.cards["classification"]) - {""}) or list(CLASSIFICATIONS)
        years = sorted({int(year) for name in ("baseline_year", "year") for year in found.cards[name].dropna()})
        common = _common(material, used, years)
        draw = partial(render_status, STATUS, found.cards[_there(found.cards, CARDS)], found.names, common)
        outputs.append(Output(f"figure {STATUS}", draw))
    for indicator, name in found.charts.items():
        points, card = found.points_of(indicator), found.cards_of(indicator).iloc[0]
        used = [card["classification"]] if card["classification"] else list(CLASSIFICATIONS)
        common = _common(material, used, sorted({int(year) for year in points["year"]}))
        named = {"name": found.names[indicator], "measure": card["measure"]}
        named |= {"baseline": whole(card["baseline_year"]), "cell_size_m": material.cell_size(used[0])}
        outputs.append(Output(f"figure {name}", partial(render_points, name, points, named, common)))
    return outputs + _maps(material, found, surroundings)


def _maps(material, found, surroundings):
    outputs = []
    for city, cells, at in mapped_measures(material):
        types = area_types(material)
        cells = cells[_there(cells, TYPED)].reset_index(drop=True)
        areas = outlines_of(material, cells) if cells["cell_size_m"].isna().all() else None
        around = known_around(surroundings, material, city, cells)
        common = _common(material, CLASSIFICATIONS, [types.year])
        common |= {"made_up": material.made_up or material.register.made_up}
        named = {"city": city, "year": types.year, "at": at, "cut_offs": types.cut_offs}
        named |= {"names": {key: found.measure_names[key] for key in at}}
        draw = partial(render_measures, map_name(city), cells, named, areas, around, common)
        outputs.append(Output(f"figure {map_name(city)}", draw))
    return outputs


def _there(table, columns):
    return [name for name in columns if name in table]


def _common(material, classifications, years):
    about = origins(material, classifications, years)
    return {"made_up": material.made_up, "about": about, "png": figures.PRINT, "defined": material.defined}


def whole(year):
    """A year as a whole number; None where there is none.

    >>> whole(2024.0), whole(float("nan"))
    (2024, None)
    """
    return None if wording.missing(year) else int(year)


def render_status(name, cards, names, common):
    """The figure of statuses in every language."""
    draw = partial(figures.draw_followup_status, cards, names=names, defined=common["defined"])
    return figure_files(name, draw, _data(cards, common["made_up"]), common)


def render_points(name, points, named, common):
    """An indicator over the years in every language."""
    given = {key: named[key] for key in ("measure", "baseline", "cell_size_m")} | {"defined": common["defined"]}

    def draw(*, language, **more):
        words = named["name"].in_(language)
        return figures.draw_followup_points(points, name=words, language=language, **given, **more)

    return figure_files(name, draw, _data(points[list(POINTS)], common["made_up"]), common)


def render_measures(name, cells, named, areas, surroundings, common):
    """A city's map of measures in every language; its data are the numbers of cells by measure and type."""
    size = float(cells["cell_size_m"].iloc[0]) if areas is None else None
    around = drawn_around(areas, surroundings)
    draw = partial(figures.draw_measures_map, cells, cell_size_m=size, **around, **named)
    return figure_files(name, draw, _by_type(cells, named["at"], common["made_up"]), common)


def _by_type(cells, at, made_up):
    """How many cells of each type a measure's area has, a row a measure and type."""
    rows = [
        {"city": part["city"].iloc[0], "measure_id": key, "type": kind, "n_cells": len(part), "note": ""}
        for key, own in at.items()
        for kind, part in cells[cells["cell"].isin(own)].groupby("type")
    ]
    return _data(pd.DataFrame(rows), made_up)


def _data(table, made_up):
    """The figure's data, whose notes say where they are made up."""
    table = table.assign(note=table["note"].fillna(""))
    return table.assign(note=[marked(note) for note in table["note"]]) if made_up else table
