"""The figures of the funding mapping as outputs of the report, each with its files."""

from functools import partial

import pandas as pd

from segindex import figures, wording
from segindex.figures import funding_alt as alt
from segindex.figures.funding import shown_years
from segindex.report.figure_files import figure_files, marked
from segindex.report.funding_answers import has_funding
from segindex.report.funding_words import View
from segindex.report.material import Output
from segindex.report.origin import origins

CURVE, TIMELINE, FORMULAS = "funding_curve", "funding_timeline", "funding_formulas"
LEFT_OUT = ("cumulative_base", "need_share_in_city", "cumulative_money")
SHARES = 3


def funding_figures(material):
    """The funding mapping's figures that there are data for: {name: the tables that each draws}."""
    if not has_funding(material):
        return {}
    view = View(material, material.in_order[0])
    found = {}
    if alt.chosen_curve(view["curve"], view["concentration"]) is not None:
        found[CURVE] = (view["curve"], view["concentration"])
    if len(shown_years(view["timeline"])):
        found[TIMELINE] = (view["timeline"],)
    if len(alt.dealt(view["formulas"])):
        found[FORMULAS] = (view["formulas"],)
    return found


def funding_outputs(material):
    """The outputs of the funding mapping's figures."""
    found = []
    for name, tables in funding_figures(material).items():
        made_up = material.register.made_up or (material.made_up and name != TIMELINE)
        common = {"about": _origins(material, name), "made_up": made_up, "defined": material.defined}
        draw = partial(render_funding, name, tables, common | {"png": figures.PRINT})
        found.append(Output(f"figure {name}", draw))
    return found


def _origins(material, name):
    """Where the numbers come from: the register, and the edition's sources where need is in them."""
    said = origins(material, [], [])
    found = {}
    for language, about in said.items():
        register = wording.text(language, "funding_figure.source_register")
        source = register if name == TIMELINE else f"{register} {about.source}"
        found[language] = about._replace(source=source)
    return found


def render_funding(name, tables, common):
    """The files of one figure in every language."""
    draw = {CURVE: figures.draw_curve, TIMELINE: figures.draw_timeline, FORMULAS: figures.draw_formulas}[name]
    more = {"defined": common["defined"]} if name == CURVE else {}
    return figure_files(name, partial(draw, *tables, **more), _data(name, tables, common["made_up"]), common)


def _data(name, tables, made_up):
    """What a figure shows, as a table; shares of need as they are published."""
    if name == CURVE:
        points, _ = alt.curve_rows(*tables, alt.chosen_curve(*tables))
        rows = points.assign(**{column: points[column].round(SHARES) for column in LEFT_OUT})
    else:
        rows = shown_years(tables[0]) if name == TIMELINE else alt.dealt(tables[0])
    rows = pd.DataFrame(rows)
    return rows.assign(note=rows["note"].map(marked)) if made_up else rows
