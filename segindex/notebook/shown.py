"""A table or a panel in words and rounded numbers, as a notebook shows it."""

from html import escape

from segindex import suppression, wording
from segindex.errors import BadData, BadSettings
from segindex.figures.select import made_up_in
from segindex.notebook.columns import NEEDED, TABLES, Reader
from segindex.notebook.pages import Page, page, part
from segindex.panel import Panel
from segindex.report import notes
from segindex.report.publish import HIDDEN_WARNING
from segindex.standings import in_order

SMALL, MUCH_HIDDEN = "†", "‡"
SIZED = ("results", "thresholds", "lasting", "cluster_areas", "clusters")


def show(table, language="en", *, rows=100, min_cells=20, min_group=100, defined=None):
    """A table or panel in words, for a notebook: rounded numbers, what they rest on beside them, small ones marked.

    Parameters
    ----------
    table : DataFrame or Panel
        A table of results, changes, thresholds, area types (residents by type), lasting clusters, clusters (one by one
        or by class) or coverage; or a panel.
    language : {"fi", "sv", "en"}
    rows : int
        How many rows are shown; a sentence says so where there are more.
    min_cells, min_group : int
        A number with fewer cells or members of the group behind it is marked.
    defined : dict, optional
        Names of groups that the settings define: {key: Names}.

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
    reader = Reader(language, defined)
    if isinstance(table, Panel):
        return _panel(table, reader)
    kind = _kind(table)
    made_up = made_up_in(table)
    title = reader.say(f"show.title_{kind}")
    body = (
        _table(table, kind, reader, rows, min_cells, min_group) if len(table) else _sentences([reader.say("show.none")])
    )
    return Shown(title, body, made_up, reader)


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


def _kind(table):
    found = set(getattr(table, "columns", ()))
    if {"cell", "x", "y"} <= found:
        raise BadData("show: this is a table of cells, a row each; segindex.explore(table) shows it as a map")
    kinds = [kind for kind, needed in NEEDED.items() if needed <= found]
    if not kinds:
        allowed = "; ".join(f"{kind}: {', '.join(sorted(needed))}" for kind, needed in NEEDED.items())
        raise BadData(f"show: these are the columns of no table; found {', '.join(map(str, found))}; needed {allowed}")
    return kinds[0]


def _table(table, kind, reader, rows, min_cells, min_group):
    cities = in_order(table["city"])
    ordered = table.assign(order=table["city"].map({city: at for at, city in enumerate(cities)}))
    ordered = ordered.sort_values("order", kind="stable").head(rows)
    records = ordered.to_dict("records")
    columns = TABLES[kind]
    words = [[column.fill(row, reader) for column in columns] for row in records]
    kept = [at for at in range(len(columns)) if any(own[at] not in (wording.NO_VALUE, "") for own in words)]
    marks = [_marks(row, kind, min_cells, min_group) for row in records]
    numbers = [place for place in kept if not columns[place].words and columns[place].head != "group.year"]
    numbered = {}
    head = "".join(_cell("th", reader.say(columns[at].head), columns[at].words, ' scope="col"') for at in kept)
    parts = []
    for at, row in enumerate(records):
        if not at or row["city"] != records[at - 1]["city"]:
            name = escape(wording.city_name(row["city"], reader.language))
            parts.append(f'<tr><th class="city" scope="rowgroup" colspan="{len(kept) + 1}">{name}</th></tr>')
        shown = list(words[at])
        if numbers:
            shown[numbers[0]] += marks[at]
        told = notes.sentences(row.get("note"), reader.language, reader.defined)
        letters = ", ".join(str(numbered.setdefault(one, len(numbered) + 1)) for one in told)
        cells = [_cell("td", shown[place], columns[place].words) for place in kept]
        parts.append(f"<tr>{''.join(cells)}{_cell('td', letters, True)}</tr>")
    head += _cell("th", reader.say("show.notes") if numbered else "", True, ' scope="col"' if numbered else "")
    said = [reader.say("show.read")] if kind == "results" else []
    if any(SMALL in mark for mark in marks):
        said.append(reader.say("show.small", min_group=min_group, min_cells=min_cells))
    if any(MUCH_HIDDEN in mark for mark in marks):
        said.append(reader.say("show.much_hidden", limit=wording.percent(HIDDEN_WARNING, reader.language, 0)))
    if len(table) > rows:
        counts = {"n": wording.count(rows, reader.language), "all": wording.count(len(table), reader.language)}
        said.insert(0, reader.say("show.cut", **counts))
    said += [f"{number}. {sentence}" for sentence, number in numbered.items()]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(parts)}</tbody></table>{_sentences(said)}"


def _marks(row, kind, min_cells, min_group):
    """The marks of a row: that little, or too little that is visible, stands behind its numbers."""
    small = any(
        name in row and not wording.missing(row[name]) and row[name] < limit
        for name, limit in (("n_cells", min_cells), ("group_size", min_group))
    )
    hidden = row.get("hidden_share")
    hidden = not wording.missing(hidden) and hidden > HIDDEN_WARNING
    return (SMALL if small and kind in SIZED else "") + (MUCH_HIDDEN if hidden else "")


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
        city=wording.city_name(panel.city, language),
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
