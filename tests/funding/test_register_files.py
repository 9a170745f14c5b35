"""Registers go to files and come back the same to the bit; workbooks help who fills them in."""

import datetime
import io

import openpyxl
import pandas as pd
import pytest
from funding.made_register import CHANNELS, NOTE, assert_same, frames, place, register

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.facts import LANGUAGES, cities
from segindex.funding import as_csv, as_workbook, columns, empty, facts, judged, read_register
from segindex.funding.words import lists, words

EVERY = pytest.mark.parametrize("language", LANGUAGES)
HARD = [
    *("=1+1", "-1", "+a", "@sum", "007", "NA", "None", "nan", "NULL", "#N/A", "TRUE", "1e5", "two\nlines", "a\tb"),
    *('"quoted"', "'", "a;b", "a,b", "ä–ö €", "\U0001f600", "<b>&amp;</b>", "_x0041_", "x_x000D_y", "a  b", "{=1}"),
    *("https://example.org/a?b=c&d", "\ufeffb", "a\u2028b"),
]
"""Texts that spreadsheets, csv readers and table readers like to take for something else."""
AMOUNTS = [0.0, 0.1, 0.1 + 0.2, 1.234, 250.125, 1 / 3, 1234567.89, 5e-324, 1e300, 2**53 + 1.0, 999.999]


def hard():
    """A register of hard values, every text in every column of free text."""
    rows = [
        CHANNELS[3]
        | {"channel_id": f"00{n}", "name_fi": text, "administering_body": text, "note": f"{NOTE}: {text}"}
        | {"own_contribution": text, "amount_eur": AMOUNTS[n % len(AMOUNTS)], "amount_period": f"{n:03}"}
        | {"start_year": 2000 + n if n % 2 else None}
        for n, text in enumerate(HARD)
    ]
    return judged(frames() | {"channels": pd.concat([frames()["channels"], pd.DataFrame(rows)], ignore_index=True)})


def written(folder, made):
    for name, content in as_csv(made).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("make", [facts, register, hard, empty])
@EVERY
def test_a_workbook_reads_back_the_same(tmp_path, make, language):
    made = make()
    (tmp_path / "r.xlsx").write_bytes(as_workbook(made, language))
    again = read_register(tmp_path / "r.xlsx")
    assert_same(made, again)
    assert again.translated == () and again.made_up == made.made_up


@pytest.mark.parametrize("make", [facts, register, hard, empty])
def test_csv_files_read_back_the_same(tmp_path, make):
    made = make()
    again = read_register(written(tmp_path, made))
    assert_same(made, again)
    assert again.translated == ()
    assert as_csv(again) == as_csv(made)


@EVERY
def test_the_same_register_gives_the_same_bytes(language):
    assert as_workbook(hard(), language) == as_workbook(hard(), language)


def open_book(made, language):
    return openpyxl.load_workbook(io.BytesIO(as_workbook(made, language)))


def offered(book, sheet, column):
    """The words that the drop-down of a column offers, and the rows that it covers."""
    at = columns.REGISTER[sheet].index(column) + 1
    rules = book[sheet].data_validations.dataValidation
    (rule,) = [one for one in rules if any(area.min_col == at for area in one.sqref.ranges)]
    assert rule.type == "list", column
    beside, cells = rule.formula1.rsplit("!", 1)
    found = [row[0].value for row in book[beside.strip("'")][cells.replace("$", "")]]
    (area,) = rule.sqref.ranges
    return [word for word in found if word is not None], (area.min_row, area.max_row)


@EVERY
def test_drop_downs_offer_the_words_of_the_list(language):
    book = open_book(facts(), language)
    for sheet in columns.REGISTER:
        for column in columns.REGISTER[sheet]:
            if column in columns.WORDS:
                assert offered(book, sheet, column)[0] == list(words(columns.WORDS[column])), (sheet, column)
    assert offered(book, "channels", "status")[0] == list(words("status"))
    assert offered(book, "measures", "status")[0] == list(words("measure_status"))
    assert offered(book, "use", "city")[0] == list(cities())
    known, rows = offered(book, "channels", "parent_channel_id")
    assert known == facts().channels["channel_id"].tolist()
    assert rows[0] == 4 and rows[1] > 64 + 500
    for sheet in ("awards", "use", "measures"):
        assert offered(book, sheet, "channel_id")[0] == known


@EVERY
def test_sheets_help_who_fills_them_in(language):
    book = open_book(facts(), language)
    first, *sheets, last = book.sheetnames
    assert (first, last) == tuple(
        wording.text(language, f"funding.register.sheet_{one}") for one in ("read_me", "words")
    )
    assert sheets == list(columns.REGISTER)
    for name in sheets:
        sheet = book[name]
        assert sheet.freeze_panes == "B4"
        assert [cell.value for cell in sheet[3]] == list(columns.REGISTER[name])
        for head, cell in zip(sheet[3], sheet[2]):
            assert cell.value == wording.text(language, f"funding.column.{head.value}")
            told = head.comment.text
            assert wording.text(language, f"funding.column_note.{head.value}") in told
            assert (wording.text(language, "funding.register.needed") in told) == (head.value in columns.REQUIRED[name])
            assert (wording.text(language, "funding.register.several") in told) == (head.value in columns.SEVERAL)
            assert (
                sheet.column_dimensions[head.column_letter].width >= 12
                or head.column_letter not in sheet.column_dimensions
            )
    cell = book["channels"]["A4"]
    assert (cell.value, cell.data_type, cell.number_format) == ("FI-TASA-2020", "s", "@")
    amount, year = book["channels"]["M4"], book["channels"]["J4"]
    assert (amount.value, amount.number_format) == (51300000, "#,##0.00")
    assert (year.value, year.number_format) == (2020, "0")
    assert {rule.type for rule in book["channels"].data_validations.dataValidation} == {
        "list",
        "whole",
        "decimal",
        None,
    }


@EVERY
def test_every_word_is_named_beside_it(language):
    sheet = open_book(facts(), language).worksheets[-1]
    for column, name in enumerate(lists()):
        assert sheet.cell(3, 2 * column + 1).value == name
        for row, word in enumerate(words(name), start=4):
            assert sheet.cell(row, 2 * column + 1).value == word
            assert sheet.cell(row, 2 * column + 2).value == wording.text(language, f"funding.word.{name}_{word}")


@EVERY
def test_made_up_registers_say_so_on_every_sheet_of_theirs(language):
    mark = wording.text(language, "made_up.mark")
    made, real = open_book(register(), language), open_book(facts(), language)
    assert made.worksheets[0]["A2"].value == wording.text(language, "funding.register.made_up")
    for sheet in ("channels", "awards", "use", "measures"):
        assert mark in made[sheet]["A1"].value and mark not in real[sheet]["A1"].value
    assert real.worksheets[0]["A2"].value is None and mark in made.properties.title


@EVERY
def test_hints_fit_into_a_spreadsheet(language):
    for key, text in wording.table(language).items():
        if key.startswith("funding.register.refused_") or key == "funding.register.several":
            assert len(text) <= 225, key


def edited(tmp_path, change, name="e.xlsx", made=None):
    """The made-up register's workbook as somebody saved it after a change."""
    book = open_book(made or register(), "fi")
    change(book)
    book.save(tmp_path / name)
    return tmp_path / name


def test_a_filled_workbook_is_read_with_its_own_cells(tmp_path):
    def fill(book):
        sheet = book["use"]
        sheet.append(["# a note of one's own"])
        sheet.append([None] * 3)
        sheet.append(["Esbo", "B", "Not_used", None, datetime.datetime(2026, 2, 1), "partly", f"{NOTE} "])
        book["channels"].insert_cols(1)
        book["channels"]["A3"] = "#own"
        book["channels"]["A1"] = "a title"
        book.create_sheet("# mine")["A1"] = "x"

    made = read_register(edited(tmp_path, fill))
    assert made.use.loc[1].tolist() == ["Espoo", "B", "not_used", "", "2026-02-01", "partly", NOTE]
    assert made.cell("use", 1, "city") == "use!A7" and made.cell("channels", 0, "channel_id") == "channels!B4"
    assert {(one.cell, one.word) for one in made.translated} == {
        *(("use!A7", "Espoo"), ("use!C7", "not_used"), ("use!E7", "2026-02-01"), ("use!G7", NOTE))
    }


def test_faults_of_a_workbook_are_told_by_sheet_and_cell(tmp_path):
    def spoil(book):
        book["channels"]["M4"] = "=1000+1"
        book["channels"]["M5"] = "noin 5"
        book["awards"]["F4"] = 100
        book["use"]["A4"] = "Porvoo"
        book["measures"]["O4"] = "runing"

    with pytest.raises(BadData) as error:
        read_register(edited(tmp_path, spoil))
    lines = str(error.value).splitlines()
    assert lines[0] == f"{tmp_path / 'e.xlsx'}: 5 faults"
    assert lines[1].startswith("channels!M4: amount_eur '=1000+1': this is a formula")
    assert lines[2].startswith("channels!M5: amount_eur 'noin 5': allowed is a number of euro")
    assert lines[3].startswith("awards!F4: area_id '100': allowed are postal codes")
    assert lines[4].startswith("use!A4: city 'Porvoo': known are Helsinki")
    assert lines[5] == "measures!O4: status 'runing': did you mean running? Allowed are planned, running, ended, check"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda book: book.remove(book["use"]), "use: the sheet is lacking"),
        (lambda book: setattr(book["use"], "title", "uses"), "of this name; did you mean use?"),
        (lambda book: book["use"].delete_rows(1, 3), "use: no row of heads"),
        (lambda book: book["use"].delete_cols(3), "use: use: the column is lacking"),
        (lambda book: book["use"].__setitem__("C3", "usage"), "use!C: usage: the register has no column of this name"),
        (lambda book: book["use"].__setitem__("I4", "x"), "use!I: values without a head"),
    ],
)
def test_sheets_and_heads_must_be_there(tmp_path, change, told):
    with pytest.raises(BadData, match=r"e\.xlsx") as error:
        read_register(edited(tmp_path, change))
    assert told in str(error.value)


def test_what_excel_writes_on_its_own_is_no_matter(tmp_path):
    """Sheets of another order, formats, and rows that were emptied."""

    def rearrange(book):
        book.move_sheet("measures", -3)
        book["channels"].column_dimensions["A"].hidden = True
        book["channels"]["A30"] = " "
        del book[book.sheetnames[-1]]

    assert_same(register(), read_register(edited(tmp_path, rearrange)))


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_csv_by_any_usual_mark(tmp_path, mark, start):
    table = facts().channels
    target = tmp_path / "c.csv"
    target.write_text(start + table.to_csv(index=False, sep=mark), encoding="utf-8", newline="")
    again = read_register(target)
    pd.testing.assert_frame_equal(again.channels, table, check_exact=True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("channel_id,name_fi\n\xe4".encode("latin-1"), "line 2 is not in UTF-8"),
        (b"", "no row of heads"),
        (b"a,b\n1,2\n", "no row of heads"),
        (b'channel_id,name_fi\n"a,b\n', "cannot be read as csv"),
        (b"channel_id,name_fi\nA,B,C\n", "values without a head"),
    ],
)
def test_files_that_are_no_csv_of_channels(tmp_path, content, told):
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(BadData, match=told):
        read_register(tmp_path / "c.csv")


def test_files_that_are_none(tmp_path):
    (tmp_path / "c.xlsx").write_bytes(b"no workbook")
    with pytest.raises(BadData, match="cannot be read as a workbook"):
        read_register(tmp_path / "c.xlsx")
    with pytest.raises(BadSettings, match="there is no such file"):
        read_register(tmp_path / "d.xlsx")
    (tmp_path / "c.ods").write_bytes(b"")
    with pytest.raises(BadSettings, match=r"allowed are \.xlsx, \.csv"):
        read_register(tmp_path / "c.ods")
    with pytest.raises(BadData, match="channels: the sheet is lacking"):
        (tmp_path / "folder").mkdir()
        read_register(tmp_path / "folder")


def test_the_cells_of_csv_files_are_those_that_a_spreadsheet_shows(tmp_path):
    made = register(channels={(1, "note"): f"{NOTE}\nin two lines"})
    written(tmp_path, made)
    again = read_register(tmp_path)
    assert again.cell("channels", 2, "channel_id") == "channels!A4"
    assert again.cell("channels", 2, "note") == "channels!X4"
    assert place(made.tables, "channels", 2, "note") == "channels!X4"
