"""The report's tables as rows of ready words: numbers in the language's form, and marks that lead to notes."""

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import NamedTuple

import pandas as pd

from segindex import wording
from segindex.figures import alt
from segindex.report import notes
from segindex.report.publish import HIDDEN_WARNING, limit_of
from segindex.standings import BREAK, crossed, in_order, latest_release

DECIMALS = 3
SHORT = 240


class Cell(NamedTuple):
    """A table cell: its words, the letters of its notes, what is said where the words are a dash, its language.

    With `url` the words lead to an address.
    """

    words: str
    marks: str = ""
    spoken: str = ""
    lang: str = ""
    url: str = ""


@dataclass
class Table:
    """A table in words; `notes` are sentences by letter, `remarks` sentences on the whole of it.

    `links` leads from a heading to where it is explained, `head_marks` to the letters of its notes.
    """

    caption: str
    head: list[str]
    rows: list[list[Cell]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    text_columns: int = 1
    remarks: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    head_marks: dict[str, str] = field(default_factory=dict)

    def mark(self, sentence):
        """The letter of a note, the same for the same sentence."""
        for letter, known in self.notes.items():
            if known == sentence:
                return letter
        place = len(self.notes)
        letter = ascii_lowercase[place % 26] * (place // 26 + 1)
        self.notes[letter] = sentence
        return letter

    def add(self, *cells):
        """Add a row; plain words become cells."""
        self.rows.append([cell if isinstance(cell, Cell) else Cell(cell) for cell in cells])

    def dash(self, sentence, spoken=""):
        """A cell without a number: a dash, the letter of its reason, and the reason for screen readers, or in short."""
        return Cell(wording.NO_VALUE, self.mark(sentence), spoken or sentence)


class Counter:
    """Numbers the tables of a page."""

    def __init__(self):
        self.last = 0

    def next(self):
        """The next number."""
        self.last += 1
        return self.last


def group_table(section, name, material, language, number):
    """The cities of a group in its latest year: size, indices, and what they rest on."""
    say = _Say(language)
    columns = [(index, kind) for index in section.rows for kind in ("value", "expected", "corrected")]
    columns = [(index, kind) for index, kind in columns if section.rows[index][kind].notna().any()]
    cells_head = wording.text(language, "cells.area" if section.cell_size_m is None else "cells.grid")
    table = Table(
        say(
            "group.caption",
            n=number,
            group=wording.sentence_case(name),
            year=section.year,
            base=wording.base_name(section.classification, language),
        ),
        [
            say("group.city"),
            say("group.share"),
            say("group.size"),
            *(say(f"group.{kind}_{index}") for index, kind in columns),
            hidden_head(section, language),
            cells_head,
            say("group.population"),
            say("group.year"),
        ],
    )
    table.remarks = _households(next(iter(section.rows.values())), say)
    for city in section.cities:
        rows = {index: _row(part, city, section.year) for index, part in section.rows.items()}
        first = next((row for row in rows.values() if row is not None), None)
        if first is None:
            dash = table.dash(say("caveat.no_rows"))
            table.add(
                wording.city_name(city, language, material.defined), *[dash] * (len(table.head) - 2), str(section.year)
            )
            continue
        refused = _refusal(first, material, say)
        remarks = _remarks(table, first, language)
        hidden = first["hidden_share"]
        warned = table.mark(_hidden_warning(say, language)) if hidden > HIDDEN_WARNING else ""
        table.add(
            Cell(wording.city_name(city, language, material.defined), remarks),
            table.dash(refused) if refused else wording.percent(first["group_size"] / first["population"], language),
            _size(table, first, refused, material, say, language),
            *(_value(table, rows[index], kind, refused, say, language) for index, kind in columns),
            Cell(wording.percent(hidden, language), warned, say("group.no_value")),
            wording.count(first["n_cells"], language),
            wording.count(first["population"], language),
            str(section.year),
        )
    return table


def hidden_head(section, language):
    """The heading of the column with the share in protected cells or areas."""
    return wording.text(language, "group.hidden_area" if section.cell_size_m is None else "group.hidden_grid")


def change_table(section, name, material, language, number):
    """The change of share and indices since the baseline; None where the group has one year."""
    if section.baseline is None:
        return None
    say = _Say(language)
    table = Table(
        say(
            "changes.caption",
            n=number,
            group=wording.sentence_case(name),
            first=section.baseline,
            last=section.year,
        ),
        [say("group.city"), say("changes.share"), *(say(f"changes.{index}") for index in section.rows)],
        remarks=[say("changes.as_it_is")],
    )
    corrected = [index for index in section.rows if (section.changes["index"] == index).any()]
    table.head += [say(f"changes.{kind}_{index}") for index in corrected for kind in ("corrected", "q")]
    if corrected:
        table.remarks += [say("changes.corrected"), *_households(section.changes, say)]
    for city in section.cities:
        pairs = {
            index: (_row(part, city, section.baseline), _row(part, city, section.year))
            for index, part in section.rows.items()
        }
        if crossed(section.breaks.get(city, ()), section.baseline, section.year):
            dash = table.dash(_broken(section, city, material, say, language), say("changes.break"))
            if section.cell_size_m is None:
                table.remarks.append(say("changes.borders"))
            table.add(wording.city_name(city, language, material.defined), *[dash] * (len(table.head) - 1))
            continue
        missing = say("changes.missing")
        before, after = next(iter(pairs.values()))
        cells = [_share_change(table, before, after, missing, language)]
        for before, after in pairs.values():
            if before is None or after is None or pd.isna(before["value"]) or pd.isna(after["value"]):
                cells.append(table.dash(missing))
            else:
                cells.append(wording.change(after["value"] - before["value"], language, DECIMALS))
        for index in corrected:
            rows = section.changes[(section.changes["index"] == index) & (section.changes["city"] == city)]
            there = len(rows) and all(row is not None and pd.notna(row["value"]) for row in pairs[index])
            cells += _corrected_change(table, rows.iloc[0], say) if there else [table.dash(missing)] * 2
        table.add(wording.city_name(city, language, material.defined), *cells)
    return table


def _corrected_change(table, row, say):
    marks = "".join(map(table.mark, notes.sentences(notes.without_breaks(row["note"]), say.language)))
    numbers = wording.change_and_ends(row["change"], row["low"], row["high"], say.language, DECIMALS)
    return [Cell(say("changes.interval", **numbers), marks), _q(row["q"], say.language)]


def _q(value, language):
    """A q, which is never 0."""
    least = 10**-DECIMALS
    if value < least / 2:
        return f"< {wording.number(least, language, DECIMALS)}"
    return wording.number(value, language, DECIMALS)


def _households(rows, say):
    """What is said where persons are not taken to choose alone."""
    sizes = sorted({float(size) for size in rows["cluster_size"] if size > 1}) if "cluster_size" in rows else []
    return [say("caveat.households", n=wording.number(size, say.language, 1 + (size * 10 % 1 > 0))) for size in sizes]


def dimension_table(section, dimension, keys, name, material, language, number):
    """The cities of a group in its latest year by some indices of one dimension."""
    caption = wording.text(
        language,
        "indices.caption",
        n=number,
        group=wording.sentence_case(name),
        dimension=wording.dimension_name(dimension, language),
        year=section.year,
    )
    return index_table(section, keys, caption, material, language)


def index_table(section, keys, caption, material, language):
    """The cities of a part of the page in its year by some indices.

    What holds for every value of a city is marked at the city, what holds for a whole column at its head, all else at
    the value.
    """
    say = _Say(language)
    table = Table(caption, [say("group.city")])
    columns = []
    for key in keys:
        rows = section.indices[key]
        title = wording.sentence_case(wording.index_title(key, language))
        table.links[title] = f"#{index_id(key)}"
        table.head.append(title)
        found = _by_city(rows, section.year)
        columns.append((found, "value"))
        if rows["expected"].notna().any():
            table.head.append(say("indices.expected", index=wording.index_symbol(key)))
            columns.append((found, "expected"))
    grid = {city: [(found.get(city), kind) for found, kind in columns] for city in section.cities}
    said = {city: [_said(row, kind, language) for row, kind in found] for city, found in grid.items()}
    of_city = {city: _in_all(own) for city, own in said.items()}
    of_column = [_in_all(own) for own in zip(*said.values())]
    for head, sentences in zip(table.head[1:], of_column):
        alone = [one for one in sentences if any(one not in of_city[city] for city in said if any(said[city]))]
        table.head_marks[head] = "".join(map(table.mark, alone))
    there = {city for rows in section.indices.values() for city in rows.loc[rows["year"] == section.year, "city"]}
    for city, found in grid.items():
        first = next((row for row, _ in found if row is not None and pd.notna(row["value"])), None)
        marks = "".join(map(table.mark, of_city[city]))
        if first is not None and first["hidden_share"] > HIDDEN_WARNING:
            marks += table.mark(_hidden_warning(say, language))
        cells = []
        for (row, kind), sentences, common in zip(found, said[city], of_column):
            refused = _refusal(row, material, say) if row is not None else ""
            refused = refused if city in there else say("caveat.no_rows")
            cell = _value(table, row, kind, refused, say, language)
            alone = [one for one in sentences or () if one not in of_city[city] and one not in common]
            cells.append(cell._replace(marks=cell.marks + "".join(map(table.mark, alone))))
        table.add(Cell(wording.city_name(city, language, material.defined), marks), *cells)
    with_expected = any(kind == "expected" for _, kind in columns)
    table.remarks = [say("indices.as_it_is" if with_expected else "indices.no_expected")]
    return table


def _said(row, kind, language):
    """What must be known of a value; None where there is none, or where it is an expected one."""
    if kind != "value" or row is None or pd.isna(row["value"]):
        return None
    return notes.sentences(notes.without_breaks(row["note"]), language)


def _in_all(several):
    """The sentences that are said of every value."""
    there = [sentences for sentences in several if sentences is not None]
    return [one for one in there[0] if all(one in other for other in there)] if there else []


def index_id(key):
    """Where the page explains an index."""
    return f"index-{key.replace('_', '-')}"


def class_table(place, section, name, language, number, defined=None):
    """The cluster classes of one map."""
    say = _Say(language)
    table = Table(
        say(
            "classes.caption",
            n=number,
            city=wording.city_name(place.city, language, defined),
            group=name,
            year=place.year,
        ),
        [
            say("classes.cluster"),
            wording.text(language, "cells.area" if section.cell_size_m is None else "cells.grid"),
            say("classes.population"),
            say("classes.population_share"),
            say("classes.size"),
            say("classes.group_share"),
        ],
    )
    spoken = say("group.no_value")
    for row in place.classes.itertuples():
        table.add(
            alt.cluster_name(row.cluster, language),
            wording.count(row.n_cells, language),
            Cell(wording.count(row.population, language), "", spoken),
            Cell(wording.percent(row.population_share, language), "", spoken),
            Cell(wording.count(row.group_size, language), "", spoken),
            Cell(wording.percent(row.group_share, language), "", spoken),
        )
    return table


def coverage_table(material, language, number):
    """What the numbers rest on: each city's latest year, and the years with a break; None without coverage."""
    rows = material.coverage
    if not len(rows):
        return None
    say = _Say(language)
    rows = rows[rows["release"] == latest_release(rows)] if rows["release"].notna().all() else rows
    last = rows.groupby(["city", "classification"])["year"].transform("max") == rows["year"]
    rows = rows[last | rows["note"].fillna("").str.contains(BREAK, regex=False)]
    order = {city: place for place, city in enumerate(in_order(rows["city"]))}
    rows = rows.assign(order=rows["city"].map(order)).sort_values(["order", "classification", "year"], kind="stable")
    names = material.source_names(language)
    several = rows["source"].nunique() > 1
    head = ("group.city", "coverage.classification", "group.year", "coverage.release", "coverage.date")
    head += ("coverage.source", "coverage.break") if several else ("coverage.break",)
    numbers = ("units", "protected", "residents", "hidden", "coverage")
    table = Table(
        say("coverage.caption", n=number),
        [*(say(key) for key in head), *(say(f"coverage.{name}") for name in numbers)],
        text_columns=len(head),
    )
    for row in rows.itertuples():
        limit = wording.percent(HIDDEN_WARNING, language, 0)
        remarks = notes.sentences(notes.without_breaks(row.note), language, material.defined)
        if row.coverage < 1 - HIDDEN_WARNING:
            remarks.append(say("coverage.warning", limit=limit))
        table.add(
            wording.city_name(row.city, language, material.defined),
            wording.classification_name(row.classification, language),
            str(row.year),
            str(row.release),
            wording.dates([row.reference_date], language),
            *([names.get(row.source, row.source)] if several else []),
            " ".join(notes.sentences(notes.breaks_alone(row.note), language)),
            wording.count(row.n_cells, language),
            wording.count(row.n_hidden, language),
            wording.count(row.residents, language),
            wording.count(row.hidden_residents, language),
            Cell(
                wording.percent(row.coverage, language),
                "".join(table.mark(sentence) for sentence in remarks),
                say("group.no_value"),
            ),
        )
    return table


def left_out_table(material, language, number):
    """What the readers left out; None where there is nothing."""
    rows = material.left_out
    if rows is None or not len(rows):
        return None
    say = _Say(language)
    names = material.source_names(language)
    several = rows["source"].nunique() > 1
    head = ("coverage.source",) if several else ()
    head += ("coverage.release", "left_out.text")
    table = Table(
        say("left_out.caption", n=number),
        [*(say(key) for key in head), say("left_out.units"), say("left_out.residents")],
        text_columns=len(head),
    )
    for row in rows.itertuples():
        words, lang = notes.left_out(row.what, row.text, language)
        table.add(
            *([names.get(row.source, row.source)] if several else []),
            str(row.release),
            Cell(words, lang=lang),
            wording.count(row.cells, language),
            wording.count(row.residents, language),
        )
    return table


class _Say:
    """The texts of one language."""

    def __init__(self, language):
        self.language = language

    def __call__(self, key, **values):
        return wording.text(self.language, key, **values)


def _by_city(rows, year):
    """The first row of each city in a year."""
    found = rows[rows["year"] == year].drop_duplicates("city")
    return dict(zip(found["city"], found.to_dict("records")))


def _row(rows, city, year):
    found = rows[(rows["city"] == city) & (rows["year"] == year)]
    return None if not len(found) else found.iloc[0]


def _refusal(row, material, say):
    why = row["refused"]
    return say(f"caveat.{why}", **limit_of(why, material)) if why else ""


def _remarks(table, row, language):
    """The letters of what must be known of a row's values."""
    said = notes.sentences(notes.without_breaks(row["note"]), language) if pd.notna(row["value"]) else []
    return "".join(table.mark(sentence) for sentence in said)


def _hidden_warning(say, language):
    return say("caveat.hidden", limit=wording.percent(HIDDEN_WARNING, language, 0))


def _size(table, row, refused, material, say, language):
    if row["refused"] == "small_group":
        return Cell(say("group.under", limit=material.min_group), table.mark(refused))
    if row["refused"]:
        return table.dash(refused)
    return Cell(wording.count(row["group_size"], language))


def _value(table, row, kind, refused, say, language):
    if refused:
        return table.dash(refused)
    if row is None:
        return table.dash(say("caveat.no_index"))
    if pd.isna(row[kind]):
        undefined = kind == "value" or pd.isna(row["value"])
        said = notes.sentences(notes.without_breaks(row["note"]), language) if undefined else []
        return table.dash(" ".join(said) or say("note.undefined"))
    words = wording.number(row[kind], language, DECIMALS)
    if kind == "corrected" and pd.notna(row["low"]):
        words += " ({}–{})".format(*(wording.number(row[name], language, DECIMALS) for name in ("low", "high")))
    return Cell(words)


def _broken(section, city, material, say, language):
    """That the series is broken, and by what where this is short."""
    rows = material.coverage
    rows = rows[(rows["city"] == city) & (rows["classification"] == section.classification)]
    rows = rows[(rows["year"] > section.baseline) & (rows["year"] <= section.year)].sort_values("year", kind="stable")
    found = [part for note in rows["note"] for part in notes.sentences(notes.breaks_alone(note), language)]
    told = " ".join(dict.fromkeys(found))
    return f"{say('changes.break')} {told}".strip() if len(told) <= SHORT else say("changes.break")


def _share_change(table, before, after, missing, language):
    if before is None or after is None or before["refused"] or after["refused"]:
        return table.dash(missing)
    shares = [row["group_size"] / row["population"] for row in (before, after)]
    return wording.change((shares[1] - shares[0]) * 100, language, 1)
