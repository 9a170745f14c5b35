"""The register is judged at one gate, and each fault is told with its cell and what is allowed."""

import datetime
import re

import pandas as pd
import pytest
from funding.made_register import CHANNELS, frames, place, register

from segindex.errors import BadData, BadSettings
from segindex.funding import cells, columns, empty, judged
from segindex.funding.cells import NoValue, cities_in
from segindex.funding.words import AT_AREAS, EURO_KINDS, is_active, lists, placeholders, spelling, words


def refused(given, **options):
    with pytest.raises(BadData) as error:
        judged(given, file="made.xlsx", **options)
    return str(error.value)


def test_tables_have_the_columns_and_types_of_the_contract():
    made = register()
    for sheet, table in made.tables.items():
        assert tuple(table.columns) == columns.REGISTER[sheet]
        assert list(table.index) == list(range(len(table)))
        for column in table:
            kind = "float64" if column in columns.EUROS else "Int64" if column in columns.YEARS else "str"
            assert str(table[column].dtype) == kind, column
    assert made.channels.loc[0, "end_year"] == 2025 and pd.isna(made.channels.loc[1, "end_year"])
    assert made.channels.loc[2, "name_sv"] == "" and pd.isna(made.channels.loc[2, "amount_eur"])
    assert made.translated == ()


def test_the_gate_lets_its_own_tables_through():
    made = register()
    again = judged(made.tables)
    for sheet, table in made.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[sheet], check_exact=True)
    assert again.translated == ()


def test_a_register_without_rows_has_its_columns():
    for sheet, table in empty().tables.items():
        assert tuple(table.columns) == columns.REGISTER[sheet] and len(table) == 0
    assert not empty().made_up


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "told"),
    [
        ("channels", 1, "level", "nation", "did you mean national? Allowed are city, region, national, eu"),
        ("channels", 1, "level", "", "something must stand here"),
        ("channels", 0, "themes", "housing;educaton", "did you mean education?"),
        (
            "channels",
            0,
            "themes",
            "housing, education",
            "several are parted by semicolons (housing;education); allowed",
        ),
        ("channels", 1, "level", "valtio", "did you mean national?"),
        ("use", 0, "use", "använder inte", "did you mean not_used?"),
        ("channels", 0, "status", "running", "allowed are active"),
        ("measures", 0, "status", "active", "allowed are planned, running"),
        ("channels", 0, "amount_eur", -1, "not negative"),
        ("channels", 0, "amount_eur", "-5", "not negative"),
        ("channels", 0, "amount_eur", "8 %", "a share of other money is the number 0.08 for 8 %"),
        ("channels", 0, "amount_eur", "about 5", "allowed is a number of euro"),
        ("channels", 0, "amount_eur", "1,234", "a thousand, or three decimals?"),
        ("channels", 0, "amount_eur", "250.000", "a thousand, or three decimals?"),
        ("channels", 0, "amount_eur", float("inf"), "allowed is a number of euro"),
        ("channels", 0, "amount_eur", True, "allowed is a number of euro"),
        ("channels", 1, "amount_eur", 1_000_000.01, "at most the 1000000.00 euro of A-1, in which it lies"),
        ("channels", 0, "amount_kind", "", "an amount needs a kind"),
        ("channels", 0, "amount_kind", "euros", "allowed are budget"),
        ("channels", 0, "start_year", 20211, "a year from 1900 to 2100"),
        ("channels", 0, "start_year", 2021.5, "a year from 1900 to 2100"),
        ("channels", 0, "start_year", "2021-22", "a year from 1900 to 2100"),
        ("channels", 0, "end_year", 2020, "allowed is 2021 (start_year) or later"),
        ("channels", 0, "source_url", "example.org/a", "begins with http:// or https://"),
        ("channels", 0, "source_url", "ftp://example.org/a", "begins with http:// or https://"),
        ("channels", 0, "source_date", "31.3.2025", "allowed is a day (2025-03-31)"),
        ("channels", 0, "source_date", "2025-02-30", "allowed is a day (2025-03-31)"),
        ("channels", 0, "source_date", "2025-3-1", "allowed is a day (2025-03-31)"),
        ("channels", 0, "channel_id", "A 1", "letters, digits"),
        ("channels", 0, "parent_channel_id", "A-1", "a channel cannot lie in itself (A-1 in A-1)"),
        ("channels", 0, "parent_channel_id", "D", "allowed are the ids of the sheet channels"),
        ("channels", 3, "channel_id", "A-1", "one row for each channel_id"),
        ("channels", 4, "administering_body", "", "something must stand here"),
        ("channels", 4, "cities_known", "", "something must stand here"),
        ("channels", 3, "evidence", "", "something must stand here"),
        ("channels", 0, "note", NoValue("=1+1"), "a formula or an error"),
        ("channels", 0, "name_fi", "a\x07b", "cannot be shown"),
        ("channels", 0, "name_fi", "a" * 32_768, "a cell holds 32767"),
        ("awards", 0, "channel_id", "A-9", "did you mean"),
        ("awards", 0, "city", "Helsinky", "did you mean Helsinki?"),
        ("awards", 0, "city", "Porvoo", "known are Helsinki"),
        ("awards", 0, "city", "", "the recipient is a city"),
        ("awards", 0, "area_id", "100", "postal codes of five digits"),
        ("awards", 0, "area_id", "00100, 00120", "several are parted by semicolons"),
        ("awards", 0, "area_scheme", "", "area_id is given"),
        ("awards", 0, "end", "2024-02", "allowed is 2024-03 (start) or later"),
        ("awards", 0, "year", "", "something must stand here"),
        ("use", 0, "use", "yes", "allowed are used, not_used, not_eligible, unknown"),
        ("measures", 0, "city", "Kuopi", "did you mean Kuopio?"),
    ],
)
def test_a_fault_names_its_cell_its_value_and_what_is_allowed(sheet, row, column, value, told):
    given = frames(**{sheet: {(row, column): value}})
    found = refused(given)
    (line,) = [line for line in found.splitlines() if line.startswith(f"{place(given, sheet, row, column)}: {column}")]
    assert told in line
    if value != "":
        assert repr(str(value))[:40] in line or f"{value:.2f}" in line


def test_every_fault_is_told_in_the_order_of_the_cells():
    given = frames(channels={(3, "level"): "", (3, "evidence"): "x", (1, "status"): "y"}, use={(0, "use"): "z"})
    head, *lines = refused(given).splitlines()
    assert head == "made.xlsx: 4 faults"
    assert [line.split(":")[0] for line in lines] == [
        place(given, "channels", 1, "status"),
        place(given, "channels", 3, "level"),
        place(given, "channels", 3, "evidence"),
        place(given, "use", 0, "use"),
    ]


def test_many_faults_are_counted():
    rows = pd.DataFrame([CHANNELS[3] | {"channel_id": f"X{n}", "level": "x"} for n in range(25)])
    lines = refused({"channels": rows}).splitlines()
    assert lines[0] == "made.xlsx: 25 faults" and lines[-1] == "and 5 more" and len(lines) == 22


def test_channels_that_lie_in_each_other_are_refused():
    found = refused(frames(channels={(0, "parent_channel_id"): "A-3"}))
    assert "A-1 in A-3 in A-2 in A-1" in found and found.startswith("made.xlsx: 3 faults")


def test_a_city_and_channel_have_one_row_of_use():
    given = frames()
    given["use"] = pd.concat([given["use"]] * 2, ignore_index=True)
    assert "use!B3: channel_id 'Oulu A-1': allowed is one row for each city and channel_id" in refused(given)


def test_what_ends_in_the_year_or_month_of_its_start_ends_after_it():
    register(channels={(0, "start_year"): 2025}, awards={(0, "start"): "2024-03-05", (0, "end"): "2024-03"})
    assert "awards!K2: end '2024-02'" in refused(frames(awards={(0, "start"): "2024-03-05", (0, "end"): "2024-02"}))


def test_a_placeholder_needs_little():
    made = register()
    assert placeholders(made.channels).tolist() == [False, False, False, False, True]
    assert made.channels.loc[4, "evidence"] == ""


def test_a_share_lies_between_0_and_1():
    given = {(0, "amount_kind"): "share", (0, "amount_eur"): 0.02, (1, "amount_kind"): "budget"}
    assert register(channels=given).channels.loc[0, "amount_eur"] == 0.02
    assert "0 to 1 (2 % is 0.02)" in refused(frames(channels=given | {(0, "amount_eur"): 2}))


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "read"),
    [
        ("channels", 0, "status", "active_check", "check"),
        ("channels", 0, "status", "Active", "active"),
        ("channels", 0, "amount_kind", "granted_total", "granted"),
        ("channels", 0, "themes", "Housing; education;housing", "housing;education"),
        (
            "channels",
            0,
            "cities_known",
            "Helsingfors (Malm; Mellungsby);Kangasala",
            "Helsinki (Malm, Mellungsby);Kangasala",
        ),
        ("channels", 0, "name_fi", " ni\r\nmi\r\n", "ni\nmi"),
        ("channels", 0, "source_date", datetime.datetime(2025, 3, 31), "2025-03-31"),
        ("awards", 0, "city", "uleåborg", "Oulu"),
    ],
)
def test_what_was_put_right_is_told(sheet, row, column, value, read):
    given = frames(**{sheet: {(row, column): value}})
    made = judged(given)
    assert made.tables[sheet].loc[row, column] == read
    (one,) = made.translated
    assert (one.cell, one.column, one.value, one.word) == (place(given, sheet, row, column), column, str(value), read)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1 234 567,50", 1234567.5),
        ("1\u00a0234\u00a0567,5", 1234567.5),
        ("1\u202f234", 1234.0),
        ("1234567.5", 1234567.5),
        ("0,1", 0.1),
        ("1234,567", 1234.567),
        (0, 0.0),
    ],
)
def test_amounts_are_read_as_they_are_written(value, read):
    assert cells.euro(value) == read


@pytest.mark.parametrize("value", ["12 34", "1 234.567", "1.234,50", "1,234,567", "5 €", "1e6", "²"])
def test_amounts_that_could_be_read_in_two_ways_are_refused(value):
    with pytest.raises(cells.Wrong, match="1 234 567,50"):
        cells.euro(value)


def test_whole_numbers_in_columns_of_text_stay_whole():
    made = register(channels={(0, "amount_period"): 2025.0, (0, "source_date"): 2025})
    assert made.channels.loc[0, ["amount_period", "source_date"]].tolist() == ["2025", "2025"]


def test_cells_are_those_of_the_file():
    given = frames()
    given["channels"].insert(0, "#own", "x")
    made = judged(given, rows={"channels": [7, 8, 9, 11, 12]})
    assert made.cell("channels", 3, "channel_id") == "channels!B11"
    assert made.cell("channels", 0, "name_sv") == "channels!7:7"
    given["channels"]["level"] = ["national", "national", "city", "x", "city"]
    assert f"{place(given, 'channels', 0, 'level')[:-1]}11: level 'x'" in refused(
        given, rows={"channels": [7, 8, 9, 11, 12]}
    )


def test_columns_and_sheets_are_known():
    given = frames()
    given["channels"] = given["channels"].rename(columns={"themes": "theemes"}).drop(columns="level")
    given["channels"][""] = ["", None, "x", "", ""]
    given["channels"].insert(0, "note", "again", allow_duplicates=True)
    given["award"] = given.pop("awards")
    found = refused(given, whole=True)
    assert "award: the register has no sheet of this name; did you mean awards?" in found
    assert "awards: the sheet is lacking" in found
    assert re.search(r"channels!\w: theemes: the register has no column of this name; did you mean themes\?", found)
    assert re.search(r"channels!\w: values without a head", found)
    assert "channels: level: the column is lacking" in found
    assert re.search(r"channels!\w: note: the column is there twice", found)


def test_a_column_that_no_row_needs_may_be_left_out_and_is_told():
    told = [str(one) for one in register().warnings]
    assert "channels: name_sv: the file has no such column; it is taken as empty" in told


def test_sourced_rows_without_address_or_day_are_warned_of():
    given = frames(channels={(1, "evidence"): "sourced"})
    found = [(one.cell, one.column) for one in judged(given).warnings if one.cell.endswith("3")]
    assert found == [(place(given, "channels", 1, column), column) for column in ("source_url", "source_date")]


def test_a_place_that_may_be_a_city_is_warned_of():
    given = frames(channels={(0, "cities_known"): "Helsinky;Kangasala;Helsinki region;Ylöjärvi"})
    (one,) = [one for one in judged(given).warnings if one.column == "cities_known"]
    assert (one.value, one.told) == ("Helsinky", "is Helsinki meant?")


def test_cities_may_be_defined():
    given = frames(awards={(0, "city"): "Sampo"}, use={(0, "city"): "Sampo"}, measures={(0, "city"): "Väinö"})
    made = judged(given, defined_cities=("Sampo", "Väinö"))
    assert made.use.loc[0, "city"] == "Sampo"
    assert "allowed are Ilmari" in refused(given, defined_cities=("Ilmari",))


def test_made_up_rows_do_not_stand_beside_real_ones():
    assert register().made_up and "made-up data" in repr(register())
    real = {(row, "note"): "" for row in range(5)}
    plain = {sheet: {(0, "note"): "a note"} for sheet in ("awards", "use", "measures")}
    assert not register(channels=real, **plain).made_up
    given = frames(channels={(2, "note"): "counted"})
    assert f"{place(given, 'channels', 2, 'note')}: note 'counted': made-up and real rows" in refused(given)
    given = frames(channels=real, **plain | {"use": {}})
    head, line = refused(given).splitlines()
    assert head == "made.xlsx: 1 fault" and line.startswith(place(given, "use", 0, "note"))


def test_words_have_their_lists():
    assert set(EURO_KINDS) < set(words("amount_kind")) and not {"share", "unit_price", "check"} & set(EURO_KINDS)
    assert set(AT_AREAS) == {"unit", "neighbourhood"} < set(words("area_targeted"))
    assert {*columns.WORDS.values(), "theme", "status", "measure_status"} == set(lists())
    for name in lists():
        assert all(spelling(name, word) == word for word in words(name))
    with pytest.raises(BadSettings, match="did you mean theme"):
        words("themes")


@pytest.mark.parametrize(
    ("status", "start", "end", "year", "expected"),
    [
        ("active", None, None, None, "yes"),
        ("active_shrinking", None, pd.NA, 2030, "yes"),
        ("active", 2021, 2025, 2025, "yes"),
        ("active", 2021, 2025, 2026, "no"),
        ("active", 2021, 2025, 2020, "no"),
        ("active", 2025, 2025, 2025, "yes"),
        ("active", 2020, 2021, None, "yes"),
        ("check", None, None, 2025, "unknown"),
        ("check", None, 2024, 2025, "no"),
        ("to_be_mapped", pd.NA, pd.NA, None, "unknown"),
        ("planned", 2026, 2032, 2025, "no"),
        ("ended", 2020, 2022, 2021, "no"),
        ("merged", None, None, None, "no"),
    ],
)
def test_activity_by_status_and_year(status, start, end, year, expected):
    assert is_active(status, end, year, start) == expected


def test_cities_in_a_list_of_places():
    assert cities_in("Helsinki region;Åbo;Espoo (Esbo centrum; Alberga);Turku") == ("Turku", "Espoo")
