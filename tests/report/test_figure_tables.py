"""The tables under the figures hold the figures' numbers, in the reader's form, and none that is not published."""

from dataclasses import replace

import pytest

from segindex import wording
from segindex.report.contents import sections
from segindex.report.figure_tables import (
    city_changes_table,
    city_trends_table,
    ranking_table,
    trends_table,
    type_map_table,
)
from segindex.report.spreads import spreads
from segindex.report.tables import Counter
from segindex.report.types import TypeMap


@pytest.fixture(scope="module")
def parts(grid):
    return {section.group: section for section in sections(grid)}


def words(table, first):
    """The words of the row that begins so."""
    (row,) = [row for row in table.rows if row[0].words == first]
    return [cell.words for cell in row]


def value(grid, city, group, year, column="value"):
    rows = grid.results[(grid.results["city"] == city) & (grid.results["group"] == group)]
    return rows[(rows["year"] == year) & (rows["index"] == "dissimilarity")][column].iloc[0]


def test_a_ranking_stands_in_its_order_with_both_years(grid, parts):
    table = ranking_table(parts["low_income"], "matala tulo", "fi", Counter())
    assert table.head[1:] == ["Arvo 2015", "Odotusarvo 2015", "Arvo 2013"]
    turku = [value(grid, "Turku", "low_income", 2015, kind) for kind in ("value", "expected")]
    turku.append(value(grid, "Turku", "low_income", 2013))
    assert words(table, "Turku")[1:] == [wording.number(one, "fi", 3) for one in turku]
    shown = [float(row[1].words.replace(",", ".")) for row in table.rows]
    assert shown == sorted(shown, reverse=True) and len(shown) == 11
    assert words(table, "Kuopio")[3] == "–" and table.notes == {"a": "Vuosien välillä on katkos."}


def test_what_is_not_published_is_in_no_table(grid, parts):
    section = parts["foreign_language"]
    assert {"Lahti", "Joensuu", "Oulu"}.isdisjoint(
        row[0].words for row in ranking_table(section, "x", "en", Counter()).rows
    )
    trends = trends_table(section, "x", "en", Counter())
    for city in ("Lahti", "Joensuu"):
        assert set(words(trends, city)[1:]) == {"–"}
    found = city_trends_table("Lahti", [section], grid, "t", "en", Counter())
    assert all(cell.words == "–" for row in found.rows for cell in row[1:])


def test_trends_have_every_year_and_tell_a_break(grid, parts):
    table = trends_table(parts["low_income"], "x", "sv", Counter())
    assert table.head[1:] == ["2012", "2013", "2014", "2015"]
    for place, year in enumerate((2012, 2013, 2014, 2015), 1):
        assert words(table, "Kuopio")[place] == wording.number(value(grid, "Kuopio", "low_income", year), "sv", 3)
    (kuopio,) = [row for row in table.rows if row[0].words == "Kuopio"]
    assert "2014" in table.notes[kuopio[0].marks]


def test_a_break_in_a_year_without_values_is_told_as_well(grid):
    rows = grid.results.copy()
    rows.loc[rows["year"] == 2014, "value"] = float("nan")
    (section,) = [one for one in sections(replace(grid, results=rows)) if one.group == "low_income"]
    for table in (
        trends_table(section, "x", "sv", Counter()),
        city_trends_table("Kuopio", [section], grid, "t", "sv", Counter()),
    ):
        assert "2014" not in table.head and any("2014" in note for note in table.notes.values())


def test_a_city_s_trends_are_those_of_its_groups(grid, parts):
    table = city_trends_table("Turku", list(parts.values()), grid, "t", "en", Counter())
    for section in parts.values():
        name = wording.sentence_case(wording.group_name(section.group, "en"))
        wanted = [wording.number(value(grid, "Turku", section.group, year), "en", 3) for year in (2012, 2015)]
        assert [words(table, name)[1], words(table, name)[4]] == wanted


def test_a_city_s_changes_have_a_status_and_a_reason_for_a_dash(grid, parts):
    (kuopio,) = [one for one in spreads(grid, list(parts.values()), None) if one.city == "Kuopio"]
    table = city_changes_table(kuopio, grid, "t", "en", Counter())
    assert all([cell.words for cell in row[1:]] == ["–", "cannot say"] for row in table.rows)
    assert all(row[1].marks in table.notes and row[1].spoken for row in table.rows)


def test_a_type_map_s_table_has_shares_and_no_residents():
    import pandas as pd

    types = pd.DataFrame({"type": [1, 3], "n_cells": [2, 5], "residents": [70, 930], "residents_share": [0.07, 0.93]})
    table = type_map_table(TypeMap("Turku", "area_types_turku", types, ""), "grid", "fi", Counter())
    shown = [[cell.words for cell in row[1:]] for row in table.rows]
    assert shown == [["2", "7,0\u00a0%"], ["5", "93,0\u00a0%"]] and table.head[1] == "Ruutuja"
