"""A table or a panel in words and rounded numbers, as a notebook shows it."""

import base64
from html import escape

import pandas as pd

from segindex import suppression, wording
from segindex.errors import BadData, BadSettings
from segindex.figures.files import to_svg
from segindex.figures.select import made_up_in
from segindex.followup import indicators_in
from segindex.notebook.columns import KINDS, Reader
from segindex.notebook.pages import Page, page, part
from segindex.notebook.programme import PROGRAMME
from segindex.panel import Panel
from segindex.report import notes
from segindex.report.material import Material
from segindex.report.publish import HIDDEN_WARNING
from segindex.standings import in_order

SMALL, MUCH_HIDDEN = "†", "‡"
KNOWN = KINDS | PROGRAMME
OF_INDICATORS = {"indicator", "measure", "index", "group"}


def show(table, language="en", *, rows=100, min_cells=20, min_group=100, defined=None, indicators=()):
    """A table or panel in words, for a notebook: rounded numbers, what they rest on beside them, small ones marked.

    Money by year, money by formulas and the cards of the follow-up stand below their figure, which is the report's.

    Parameters
    ----------
    table : DataFrame or Panel
        A table of results, changes, thresholds, area types (residents by type), lasting clusters, clusters (one by one
        or by class) or coverage; any of money or of follow-up (`funding_*.csv`, `followup_*.csv`, what the functions of
        `segindex.funding` and `segindex.followup` give); or a panel.
    language : {"fi", "sv", "en"}
    rows : int
        How many rows are shown; a sentence says so where there are more.
    min_cells, min_group : int
        A number with fewer cells or members of the group behind it is marked.
    defined : dict, optional
        Names of groups and cities that the settings define (`edition.names`): {key: Names}.
    indicators : sequence of Indicator
        What is followed (`edition.indicators`): its names, and whether years of the follow-up are shares. Cards say so
        themselves.

    Returns
    -------
    Shown
        A notebook shows it; `save(path)` writes it as a page.

    Raises
    ------
    BadData
        The columns are those of no table that can be shown.
    BadSettings
        The language is unknown, or `rows` is less than 1.

    Examples
    --------
    >>> import pandas as pd
    >>> show(pd.DataFrame({"city": ["Lahti"], "year": 2024, "extent": "cities", "type": 1, "residents_share": 0.1}))
    Shown(Residents by area type)
    """
    wording.table(language)
    if not isinstance(rows, int) or rows < 1:
        raise BadSettings(f"rows is {rows!r}; a whole number from 1 is allowed")
    if set(getattr(table, "columns", ())) >= OF_INDICATORS:
        indicators = indicators_in(table, indicators)
    limits = {"min_cells": min_cells, "min_group": min_group}
    about = Material("", "", *[pd.DataFrame()] * 4, defined=defined or {}, indicators=tuple(indicators), **limits)
    reader = Reader(language, about)
    if isinstance(table, Panel):
        return _panel(table, reader)
    name = _name(table)
    kind = KNOWN[name]
    title = reader.say(f"published.{name}" if name in PROGRAMME else f"show.title_{name}")
    if not len(table):
        return Shown(title, _sentences([reader.say("show.none")]), False, reader)
    figure = kind.draw(table, reader) if kind.draw else None
    body = _table(table, kind, reader, rows)
    return Shown(title, body if figure is None else _image(figure) + body, made_up_in(table), reader)


class Shown(Page):
    """Words and numbers for a notebook, which shows them in place; `save` writes them as a page."""

    def __init__(self, title, body, made_up, reader):
        mark = reader.say("made_up.mark") if made_up else ""
        head = f'<span class="mark">{escape(mark)}:</span> {escape(title)}' if mark else escape(title)
        said = _sentences([reader.say("show.made_up")]) if mark else ""
        self.fragment = f'<div class="segindex" lang="{reader.language}"><h3>{head}</h3>{said}{body}</div>'
        whole = f"{mark}: {title}" if mark else title
        super().__init__(page(whole, reader.language, self.fragment, style="tables.css"), whole, None)

    def _repr_html_(self):
        return f"<style>{part('tables.css')}</style>{self.fragment}"


def _name(table):
    """Which table it is: of those whose columns it has, the one that is known by the most."""
    found = set(getattr(table, "columns", ()))
    if {"cell", "x", "y"} <= found:
        raise BadData("show: this is a table of cells, a row each; segindex.explore(table) shows it as a map")
    names = [name for name, kind in KNOWN.items() if kind.needed <= found]
    if not names:
        allowed = "; ".join(f"{name}: {', '.join(sorted(kind.needed))}" for name, kind in KNOWN.items())
        raise BadData(f"show: these are the columns of no table; found {', '.join(map(str, found))}; needed {allowed}")
    return max(names, key=lambda name: len(KNOWN[name].needed))


def _image(figure):
    """A figure as a part of a page, with its text alternative."""
    content = base64.b64encode(to_svg(figure)).decode()
    return f'<img alt="{escape(figure.description)}" src="data:image/svg+xml;base64,{content}">'


def _ordered(table, kind):
    """The rows that stand together one after another: cities in the programme's order, others as they come."""
    columns = [kind.over] * (kind.over is not None) + ["city"] * kind.by_city
    if not columns:
        return table
    order = {}
    for column in columns:
        names = in_order(table[column]) if column == "city" else dict.fromkeys(table[column])
        order[column] = table[column].map({name: at for at, name in enumerate(names)})
    return table.loc[pd.DataFrame(order).sort_values(columns, kind="stable").index]


def _table(table, kind, reader, rows):
    records = _ordered(table.reset_index(drop=True), kind).head(rows).to_dict("records")
    columns = kind.columns
    words = [[column.fill(row, reader) for column in columns] for row in records]
    kept = [at for at in range(len(columns)) if any(own[at] not in (wording.NO_VALUE, "") for own in words)]
    marks = [_marks(row, kind, reader.about) for row in records]
    numbers = [place for place in kept if columns[place].marked and not columns[place].words]
    numbered = {}
    head = "".join(_cell("th", reader.say(columns[at].head), columns[at].words, ' scope="col"') for at in kept)
    parts = []
    for at, row in enumerate(records):
        if kind.over and (not at or row[kind.over] != records[at - 1][kind.over]):
            name = escape(reader.heading(kind.over, row[kind.over]))
            parts.append(f'<tr><th class="over" scope="rowgroup" colspan="{len(kept) + 1}">{name}</th></tr>')
        shown = list(words[at])
        if numbers:
            shown[numbers[0]] += marks[at]
        told = notes.sentences(row.get("note"), reader.language, reader.defined)
        letters = ", ".join(str(numbered.setdefault(one, len(numbered) + 1)) for one in told)
        cells = [_cell("td", shown[place], columns[place].words) for place in kept]
        parts.append(f"<tr>{''.join(cells)}{_cell('td', letters, True)}</tr>")
    head += _cell("th", reader.say("show.notes") if numbered else "", True, ' scope="col"' if numbered else "")
    said = [reader.say(kind.read)] if kind.read else []
    if any(SMALL in mark for mark in marks):
        limits = {"min_group": reader.about.min_group, "min_cells": reader.about.min_cells}
        said.append(reader.say("show.small", **limits))
    if any(MUCH_HIDDEN in mark for mark in marks):
        said.append(reader.say("show.much_hidden", limit=wording.percent(HIDDEN_WARNING, reader.language, 0)))
    if len(table) > rows:
        counts = {"n": wording.count(rows, reader.language), "all": wording.count(len(table), reader.language)}
        said.insert(0, reader.say("show.cut", **counts))
    said += [f"{number}. {sentence}" for sentence, number in numbered.items()]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(parts)}</tbody></table>{_sentences(said)}"


def _marks(row, kind, about):
    """The marks of a row: that little, or too little that is visible, stands behind its numbers."""
    small = any(
        name in row and not wording.missing(row[name]) and row[name] < limit
        for name, limit in (("n_cells", about.min_cells), ("group_size", about.min_group))
    )
    hidden = row.get("hidden_share")
    hidden = not wording.missing(hidden) and hidden > HIDDEN_WARNING
    return (SMALL if small and kind.sized else "") + (MUCH_HIDDEN if hidden else "")


def _panel(panel, reader):
    """What a panel is, and how large its groups are in each year."""
    say, language = reader.say, reader.language

    def count(number):
        return wording.count(float(number), language)

    residents = panel.residents.sum(axis=-1)
    facts = [
        (say("coverage.source"), panel.source or wording.NO_VALUE),
        (say("show.panel_unit"), say(f"show.unit_{panel.base_unit}")),
        (say("show.panel_size"), count(len(panel.cells))),
    ]
    heads = [
        *("group.year", "coverage.release", "coverage.date", "show.cells", "coverage.protected", "coverage.residents"),
        *("coverage.coverage", "group.population", "show.hidden"),
    ]
    covered, hidden = suppression.coverage(panel), suppression.hidden_share(panel)
    base = panel.base.sum(axis=-1)
    table = [[say(head) for head in heads] + [reader.group(group) for group in panel.groups]]
    for at, year in enumerate(panel.years):
        sizes = panel.counts[at].sum(axis=0)
        table.append(
            [
                *(str(year), panel.releases[at] or wording.NO_VALUE, wording.dates([panel.dates[at]], language)),
                *(count(panel.given[at].sum()), count(panel.hidden[at].sum()), count(residents[at])),
                *(wording.percent(covered[at], language), count(base[at]), wording.percent(hidden[at], language)),
                *(
                    f"{count(size)} ({wording.percent(size / base[at] if base[at] else None, language)})"
                    for size in sizes
                ),
            ]
        )
    listed = "".join(
        f'<tr><th class="words" scope="row">{escape(name)}</th><td class="words">{escape(value)}</td></tr>'
        for name, value in facts
    )
    head = "".join(_cell("th", one, False, ' scope="col"') for one in table[0])
    body = "".join(f"<tr>{''.join(_cell('td', one, False) for one in row)}</tr>" for row in table[1:])
    said = [
        f"{year}: {sentence}"
        for year, broken in zip(panel.years, panel.breaks)
        for sentence in notes.sentences(broken, language)
    ]
    told = "".join(f'<p lang="en">{escape(notice)}</p>' for notice in panel.notices)
    title = say(
        "show.title_panel",
        city=wording.city_name(panel.city, language, reader.about.defined),
        classification=wording.classification_name(panel.classification, language),
    )
    whole = (
        f"<table><tbody>{listed}</tbody></table><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"{_sentences(said)}{told}"
    )
    return Shown(title, whole, panel.made_up, reader)


def _cell(tag, words, of_words, more=""):
    kind = ' class="words"' if of_words else ""
    return f"<{tag}{kind}{more}>{escape(words)}</{tag}>"


def _sentences(said):
    return "".join(f"<p>{escape(one)}</p>" for one in said)
