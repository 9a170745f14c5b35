"""The workbook of an edition in one language: what is published, with units, notes, and the keys of the csv files."""

import datetime
import io

import pandas as pd

from segindex import wording
from segindex.report.column_words import COUNTS, SHARES, TRUTHS, YEARS, column_word
from segindex.report.funding_publication import FUNDING_EUROS
from segindex.report.publication import COLUMNS, KEYS
from segindex.standings import in_order

KEYED = (
    *("city", "classification", "index", "group", "reference", "term", "threshold", "measure", "refused"),
    *("indicator", "status", "reason"),
    *("level", "theme", "amount_kind", "need", "formula", "variant", "gap", "reasons"),
)
"""Columns whose words stand for keys of the csv files, which stand at the sheet's end."""

WIDE = {"note": 60, "group": 34, "index": 38, "reference": 22, "classification": 20, "term": 26, "threshold": 30}
WIDE |= {"indicator": 38, "reason": 34, "trend_reason": 34, "breaks": 12, "followed": 24}
WIDE |= {"channels": 40, "reasons": 50, "need": 34, "formula": 34, "theme": 20, "amount_kind": 24, "expiring": 30}
WIDE |= {"refused": 24, "correction": 20, "measure": 30, "extent": 26, "type": 30, "source": 12, "end": 18}
HOW = ("how.together", "how.dissimilarity", "how.isolation", "how.expected", "how.corrected", "how.as_it_is")
NARROW = 13
ROW = 1
"""The row of the heads, from 0: above it stands what the sheet is of."""


def render_workbook(tables, about, language):
    """The workbook in one language: {file name: bytes}.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Those of `publication`.
    about : Material
        Names, sources, limits; its own tables are not looked at.
    language : {"fi", "sv", "en"}

    Returns
    -------
    dict of str to bytes
    """
    import xlsxwriter

    target = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, safe)
    title = _marked(wording.text(language, "workbook.title", title=about.title_in(language)), about, language)
    book.set_properties({"title": title, "author": program(about), "created": _created(about), "comments": about.key})
    book.set_custom_property("Language", language, "text")
    forms = _Forms(book)
    _read_me(book, forms, title, tables, about, language)
    for name in COLUMNS:
        if name in tables:
            _table(book, forms, name, tables[name], about, language)
    _columns(book, forms, tables, about, language)
    book.close()
    return {f"tables.{language}.xlsx": target.getvalue()}


class _Forms:
    """The formats of the workbook."""

    def __init__(self, book):
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.mark = book.add_format({"bold": True, "font_color": "#8f1222"})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = book.add_format({})
        self.share = book.add_format({"num_format": "0.0%"})
        self.count = book.add_format({"num_format": "#,##0"})
        self.year = book.add_format({"num_format": "0"})
        self.number = book.add_format({"num_format": "0.000"})

    def of(self, column, numeric):
        """The format of a column."""
        if column in SHARES:
            return self.share
        if column in COUNTS or column in FUNDING_EUROS:
            return self.count
        if column in YEARS or not numeric:
            return self.year if numeric else self.plain
        return self.plain if column in ("scale_m", "k", "cluster_size") else self.number


def program(about):
    """The program and its version, in words."""
    return f"segindex {about.version}".strip()


def _created(about):
    """The latest date of the data: a workbook of the same data is the same, whenever it was made."""
    date = latest_date(about)
    return datetime.datetime.fromisoformat(date) if date else datetime.datetime(1980, 1, 1)


def latest_date(about):
    """The latest reference date of the data, or ""."""
    return max((date for source in about.sources for date in source.get("dates") or [] if _is_date(date)), default="")


def _is_date(text):
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _marked(words, about, language):
    return f"{wording.text(language, 'made_up.mark')}: {words}" if about.made_up else words


def _sheet_name(name, language):
    return wording.text(language, f"published.{name}")


def _read_me(book, forms, title, tables, about, language):
    """What the workbook is of, where it comes from, and how its numbers are read."""
    sheet = book.add_worksheet(wording.text(language, "workbook.read_me"))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    rows = [(wording.text(language, "workbook.edition"), f"{about.title_in(language)} ({about.key})")]
    for source in about.sources:
        licence = " ".join(filter(None, (source["licence"], source.get("licence_url"))))
        rows.append((wording.text(language, "workbook.sources"), f"{source['source_line'][language]} {licence}"))
    rows += [(wording.text(language, "workbook.dates"), words) for words in _dates(tables, about, language)]
    rows.append((wording.text(language, "workbook.version"), program(about)))
    refused = wording.text(language, "column.refused")
    limits = {"min_group": about.min_group, "min_cells": about.min_cells}
    how = [wording.text(language, key) for key in HOW]
    how.append(wording.text(language, "workbook.limits", refused=refused, **limits))
    rows += [(wording.text(language, "workbook.how"), words) for words in how]
    rows += [
        (_sheet_name(name, language), wording.text(language, f"published_about.{name}"))
        for name in COLUMNS
        if name in tables
    ]
    sheet.write_string(0, 0, title, forms.title)
    if about.made_up:
        sheet.write_string(1, 0, wording.text(language, "show.made_up"), forms.mark)
    said = None
    for place, (head, words) in enumerate(rows, start=3):
        if head != said:
            sheet.write_string(place, 0, head, forms.bold)
        sheet.write_string(place, 1, words, forms.words)
        said = head


def _dates(tables, about, language):
    """The reference dates of each classification."""
    rows = tables.get("coverage")
    if rows is None:
        return []
    found = []
    for classification, part in rows.groupby("classification"):
        name = wording.sentence_case(wording.classification_name(classification, language))
        dates = wording.dates(sorted(set(part["reference_date"]) - {""}), language)
        if dates:
            found.append(f"{name}: {dates}")
    return found


def _table(book, forms, name, rows, about, language):
    """A sheet of one table: its title, the heads, a row a number, and the keys behind the words."""
    sheet = book.add_worksheet(_sheet_name(name, language))
    columns = [column for column in COLUMNS[name] if not _empty(rows, column)]
    keyed = [column for column in columns if column in KEYED]
    heads = [wording.text(language, f"column.{column}") for column in columns]
    keys = [wording.text(language, "workbook.key", column=wording.text(language, f"column.{one}")) for one in keyed]
    caption = _marked(wording.text(language, f"published_about.{name}"), about, language)
    sheet.write_string(0, 0, caption, forms.mark if about.made_up else forms.bold)
    for place, head in enumerate([*heads, *keys]):
        sheet.write_string(ROW, place, head, forms.head)
    rows = _in_city_order(rows)
    for place, column in enumerate(columns):
        values = rows[column]
        numeric = pd.api.types.is_numeric_dtype(values) and column not in (*TRUTHS, "type")
        form = forms.of(column, numeric)
        sheet.set_column(place, place, WIDE.get(column, NARROW))
        if numeric:
            for row, value in enumerate(values.to_numpy(float, na_value=float("nan")), start=ROW + 1):
                if value == value:
                    sheet.write_number(row, place, value, form)
        else:
            words = _words(column, rows, about, language)
            for row, text in enumerate(words, start=ROW + 1):
                if text:
                    sheet.write_string(row, place, text)
    for place, column in enumerate(keyed, start=len(columns)):
        sheet.set_column(place, place, 18)
        for row, text in enumerate(rows[column].fillna("").astype(str), start=ROW + 1):
            if text:
                sheet.write_string(row, place, text)
    fixed = next((place for place, column in enumerate(columns) if column not in KEYS[name]), 1)
    sheet.freeze_panes(ROW + 1, min(fixed, 2))
    sheet.autofilter(ROW, 0, ROW + len(rows), len(columns) + len(keyed) - 1)


def _empty(rows, column):
    """Whether a column holds nothing in the whole table."""
    return set(map(str, rows[column].dropna().unique())) <= {"", "nan", "<NA>"}


def _in_city_order(rows):
    """The rows city by city; those that have a rank or a place of their own stay in that order."""
    if "city" not in rows or {"rank", "place"} & set(rows):
        return rows
    order = {city: place for place, city in enumerate(in_order(rows["city"]))}
    return rows.assign(order=rows["city"].map(order)).sort_values("order", kind="stable", ignore_index=True)


def _words(column, rows, about, language):
    """The values of a column in words."""
    if column == "threshold":
        found = {key: _threshold(*key, language) for key in set(zip(rows["threshold"], rows["cut_off"].fillna(-1.0)))}
        return [found[key] for key in zip(rows["threshold"], rows["cut_off"].fillna(-1.0))]
    values = rows[column]
    found = {value: column_word(column, value, about, language) for value in values.dropna().unique()}
    return [found.get(value, "") for value in values]


def _threshold(key, cut_off, language):
    limit = wording.NO_VALUE if cut_off < 0 else wording.percent(cut_off, language)
    return wording.text(language, f"show.{'over_percent' if key.startswith('over_') else key}", limit=limit)


def _columns(book, forms, tables, about, language):
    """What every column of the sheets holds, in which of them it stands, and its key in the csv files."""
    sheet = book.add_worksheet(wording.text(language, "workbook.columns"))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 40)
    sheet.set_column(3, 3, 26)
    caption = wording.text(language, "workbook.columns")
    sheet.write_string(0, 0, _marked(caption, about, language), forms.mark if about.made_up else forms.bold)
    for place, key in enumerate(("column", "meaning", "in_sheets", "key_column")):
        sheet.write_string(ROW, place, wording.text(language, f"workbook.{key}"), forms.head)
    there = {
        column: [name for name in tables if column in COLUMNS[name] and not _empty(tables[name], column)]
        for column in dict.fromkeys(column for columns in COLUMNS.values() for column in columns)
    }
    for row, (column, names) in enumerate(((one, names) for one, names in there.items() if names), start=ROW + 1):
        sheet.write_string(row, 0, wording.text(language, f"column.{column}"), forms.bold)
        sheet.write_string(row, 1, wording.text(language, f"column_about.{column}"), forms.words)
        sheet.write_string(row, 2, ", ".join(_sheet_name(name, language) for name in names), forms.words)
        sheet.write_string(row, 3, column)
    sheet.freeze_panes(ROW + 1, 1)
