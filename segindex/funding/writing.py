"""The register as a workbook to be filled in, with drop-downs and notes, and as csv files."""

import csv
import datetime
import io
import math

import numpy as np

from segindex import facts, wording
from segindex.funding import columns
from segindex.funding.cells import DOUBTFUL, FIRST_YEAR, LAST_YEAR
from segindex.funding.register import letter
from segindex.funding.words import lists, words

CREATED = datetime.datetime(1980, 1, 1)
"""The same register gives the same bytes, whenever it is written."""
NAMES, HEADS, FIRST = 1, 2, 3
"""Rows of a sheet, from 0: what the columns are called, their heads, the first of the values. Row 0 is the title."""
ROOM = 1000
"""Rows for which drop-downs are made beyond those that are filled."""
WIDTHS = {"name_fi": 44, "name_sv": 36, "name_en": 44, "note": 60, "source_url": 40, "cities_known": 30, "themes": 30}
WIDTHS |= {"administering_body": 26, "eligible_applicants": 30, "own_contribution": 40, "recipient": 30, "owner": 30}
WIDTHS |= {"instrument_type": 28, "channel_id": 22, "parent_channel_id": 22, "indicators": 30, "area_id": 24}
WIDTH = 16
NARROW = ("start_year", "end_year", "year", "level", "evidence")
FILLING = ("words", "several", "dates", "amounts", "kinds", "parent", "unknown", "evidence", "to_be_mapped", "aside")
SHOWN = 255
"""Letters that a hint of a spreadsheet can hold."""


class _Exact(float):
    """A number that is written with as many digits as tell it from every other; the writer's own 16 can be too few."""

    def __format__(self, _form):
        return np.format_float_positional(self, trim="-")


def as_workbook(register, language):
    """The register as a workbook: a sheet a table, with drop-downs, notes, how to fill it in, and the words.

    Parameters
    ----------
    register : Register
        One without rows (`empty`) gives the bare form.
    language : {"fi", "sv", "en"}
        Of the titles, names and notes. Heads and words are the same in all languages.

    Returns
    -------
    bytes
        The same register and language give the same bytes; `read_register` reads the same tables from them.
    """
    import xlsxwriter

    target = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, safe)
    title = wording.text(language, "funding.register.title")
    marked = f"{wording.text(language, 'made_up.mark')}: {title}" if register.made_up else title
    book.set_properties({"title": marked, "author": "segindex", "created": CREATED})
    book.set_custom_property("Language", language, "text")
    forms = _Forms(book)
    listed = _listed(register, language)
    _read_me(book, forms, marked, register, language)
    for sheet, table in register.tables.items():
        _sheet(
            book,
            forms,
            sheet,
            table,
            register.made_up,
            _sources(sheet, listed, len(register.channels), language),
            language,
        )
    _words_sheet(book, forms, listed, language)
    book.close()
    return target.getvalue()


def as_csv(register):
    """The register as csv files in UTF-8, commas between the values.

    Parameters
    ----------
    register : Register

    Returns
    -------
    dict of str to bytes
        By file name: channels.csv, awards.csv, use.csv, measures.csv.
    """
    return {f"{sheet}.csv": _csv(table) for sheet, table in register.tables.items()}


class _Forms:
    """The formats of the workbook."""

    def __init__(self, book):
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.mark = book.add_format({"bold": True, "font_color": "#8f1222"})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.name = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.head = book.add_format({"font_color": "#595959", "bottom": 1})
        self.needed = book.add_format({"bold": True, "bottom": 1})
        self.text = book.add_format({"num_format": "@", "valign": "top"})
        self.euro = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self.year = book.add_format({"num_format": "0", "valign": "top"})

    def of(self, column):
        """The format of a column's values."""
        if column in columns.EUROS:
            return self.euro
        return self.year if column in columns.YEARS else self.text


def _csv(table):
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(table.columns)
    written = {column: [_written(value) for value in table[column]] for column in table.columns}
    writer.writerows(zip(*written.values()))
    return target.getvalue().encode("utf-8")


def _written(value):
    """A value as text that reads back as the same; three decimals are made four, lest they be taken for thousands."""
    if wording.missing(value):
        return ""
    if not isinstance(value, float):
        return str(value)
    found = np.format_float_positional(value, trim="-")
    return f"{found}0" if DOUBTFUL.fullmatch(found) else found


def _listed(register, language):
    """The lists of the sheet of words: {list: {word: what it is called}}."""
    found = {
        name: {word: wording.text(language, f"funding.word.{name}_{word}") for word in words(name)} for name in lists()
    }
    used = {city for table in (register.awards, register.use, register.measures) for city in table["city"]} - {""}
    named = dict.fromkeys([*facts.cities(), *sorted(used)])
    return found | {"city": {city: wording.city_name(city, language) for city in named}}


def _sources(sheet, listed, n_channels, language):
    """Where the drop-down of a column takes its words from: {column: range}."""
    beside = wording.text(language, "funding.register.sheet_words")
    ranges = {}
    for place, (name, known) in enumerate(listed.items()):
        at = letter(2 * place)
        ranges[name] = f"='{beside}'!${at}${FIRST + 1}:${at}${FIRST + len(known)}"
    found = {}
    for column in columns.REGISTER[sheet]:
        if column == "status":
            found[column] = ranges["measure_status" if sheet == "measures" else "status"]
        elif column in columns.WORDS:
            found[column] = ranges[columns.WORDS[column]]
        elif column == "city":
            found[column] = ranges["city"]
        elif column == "parent_channel_id" or (column == "channel_id" and sheet != "channels"):
            found[column] = f"=channels!$A${FIRST + 1}:$A${FIRST + n_channels + ROOM}"
    return found


def _sheet(book, forms, name, table, made_up, sources, language):
    """A sheet of one table."""
    sheet = book.add_worksheet(name)
    title = wording.text(language, f"funding.register.about_{name}")
    mark = f"{wording.text(language, 'made_up.mark')}: " if made_up else ""
    sheet.write_string(0, 0, mark + title, forms.mark if made_up else forms.bold)
    sheet.set_row(NAMES, 32)
    for place, column in enumerate(table.columns):
        width = 12 if column in NARROW else WIDTHS.get(column, WIDTH)
        sheet.set_column(place, place, width, forms.of(column))
        sheet.write_string(NAMES, place, wording.text(language, f"funding.column.{column}"), forms.name)
        needed = column in columns.REQUIRED[name]
        sheet.write_string(HEADS, place, column, forms.needed if needed else forms.head)
        note = _note(name, column, language)
        size = {"author": "segindex", "width": 320, "height": 20 * (2 + len(note) // 45)}
        sheet.write_comment(HEADS, place, note, size)
        last = FIRST + len(table) + ROOM - 1
        if rule := _rule(column, sources, language):
            sheet.data_validation(FIRST, place, last, place, rule)
        for row, value in enumerate(table[column], start=FIRST):
            if wording.missing(value) or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(row, place, value, forms.of(column))
            else:
                sheet.write_number(row, place, _Exact(value), forms.of(column))
    sheet.freeze_panes(FIRST, 1)
    sheet.autofilter(HEADS, 0, HEADS + max(1, len(table)), len(table.columns) - 1)


def _note(sheet, column, language):
    """What the note at a head says: what stands there, whether it must, and how several are parted."""
    found = [wording.text(language, f"funding.column_note.{column}")]
    if column in columns.REQUIRED[sheet]:
        found.append(wording.text(language, "funding.register.needed"))
    if column in columns.SEVERAL:
        found.append(wording.text(language, "funding.register.several"))
    return " ".join(found)


def _rule(column, sources, language):
    """What a spreadsheet lets be entered in a column, and what it says to other values; None where it is any text."""
    if column in sources:
        told = wording.text(language, "funding.register.refused_word")
        return {"validate": "list", "source": sources[column], "error_message": told[:SHOWN]}
    if column in columns.EUROS:
        told = wording.text(language, "funding.register.refused_euro")
        return {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": told[:SHOWN]}
    if column in columns.YEARS:
        told = wording.text(language, "funding.register.refused_year")
        span = {"minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        return {"validate": "integer", "criteria": "between", **span, "error_message": told[:SHOWN]}
    if column in columns.SEVERAL:
        return {"validate": "any", "input_message": wording.text(language, "funding.register.several")[:SHOWN]}
    return None


def _read_me(book, forms, title, register, language):
    """What the workbook is, how it is filled in, and what each column holds."""
    sheet = book.add_worksheet(wording.text(language, "funding.register.sheet_read_me"))
    for place, width in enumerate((20, 24, 36, 100)):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, title, forms.title)
    if register.made_up:
        sheet.write_string(1, 0, wording.text(language, "funding.register.made_up"), forms.mark)
    filling = [wording.text(language, f"funding.register.fill_{one}") for one in FILLING]
    filling.append(wording.text(language, "funding.register.fill_check"))
    row = 3
    for told in (wording.text(language, "funding.register.about"), *filling):
        sheet.merge_range(row, 0, row, 3, told, forms.words)
        sheet.set_row(row, 15 * math.ceil(len(told) / 150))
        row += 1
    row += 1
    for place, key in enumerate(("sheet", "column", "name", "meaning")):
        sheet.write_string(row, place, wording.text(language, f"funding.register.head_{key}"), forms.bold)
    for name, table in register.tables.items():
        for column in table.columns:
            row += 1
            named = wording.text(language, f"funding.column.{column}")
            for place, told in enumerate((name, column, named, _note(name, column, language))):
                sheet.write_string(row, place, told, forms.words)


def _words_sheet(book, forms, listed, language):
    """The controlled words, each beside what it is called."""
    sheet = book.add_worksheet(wording.text(language, "funding.register.sheet_words"))
    sheet.write_string(0, 0, wording.text(language, "funding.register.about_words"), forms.bold)
    for place, (name, known) in enumerate(listed.items()):
        sheet.set_column(2 * place, 2 * place, 30)
        sheet.set_column(2 * place + 1, 2 * place + 1, 44)
        sheet.write_string(NAMES, 2 * place, wording.text(language, f"funding.list.{name}"), forms.bold)
        sheet.write_string(HEADS, 2 * place, name, forms.head)
        for row, (word, called) in enumerate(known.items(), start=FIRST):
            sheet.write_string(row, 2 * place, word, forms.text)
            sheet.write_string(row, 2 * place + 1, called, forms.words)
    sheet.freeze_panes(FIRST, 0)
