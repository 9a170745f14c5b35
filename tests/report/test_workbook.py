"""The workbook and the csv of an edition: the published numbers, in words, described, and the same bytes."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from segindex import report, wording
from segindex.limits import REFUSALS
from segindex.report.contents import sections
from segindex.report.package import DESCRIPTION, render_package
from segindex.report.publication import COLUMNS, KEYS, publication
from segindex.report.publish import limit_of
from segindex.report.workbook import render_workbook

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@pytest.fixture(scope="module")
def edition(grid, madeup):
    """The made-up grid as cells of 250 m, with changes, types and named areas; a note that would be a formula."""
    results = grid.results.copy()
    results.loc[(results["city"] == "Oulu") & (results["year"] == 2015), "note"] = "=HYPERLINK(1)"
    areas = results[results["index"] == "dissimilarity"]
    areas = areas.assign(n_cells=np.where(areas["city"] == "Turku", 4, 9))
    more = {"changes": madeup.changes(group="foreign_language"), "types": madeup.types()}
    return replace(grid, results=results, area_results=areas, **more)


@pytest.fixture(scope="module")
def tables(edition):
    return publication(edition)


@pytest.fixture(scope="module")
def books(edition, tables):
    made = {}
    for language in ("fi", "sv", "en"):
        (content,) = render_workbook(tables, edition, language).values()
        made[language] = openpyxl.load_workbook(io.BytesIO(content))
    return made


def sheet(books, language, name):
    """A sheet as a table: its heads are in the second row."""
    rows = list(books[language][wording.text(language, f"published.{name}")].iter_rows(min_row=2, values_only=True))
    return pd.DataFrame(rows[1:], columns=rows[0])


def test_what_is_too_small_has_no_numbers_but_its_reason(tables):
    rows = tables["results"].set_index(["city", "group", "index"]).sort_index()
    lahti = rows.loc[("Lahti", "foreign_language")]
    assert set(lahti["refused"]) == {"small_group"}
    numbers = ["value", "expected", "corrected", "low", "high", "lower_bound", "upper_bound", "p_null", "group_size"]
    assert lahti[numbers].isna().all(axis=None)
    assert set(rows.loc[("Joensuu", "foreign_language"), "refused"]) == {"few_cells"}
    others = tables["results"].query("not (city in ['Lahti', 'Joensuu'] and group == 'foreign_language')")
    assert (others["refused"] == "").all() and others["value"].notna().all()
    changes = tables["changes"].set_index("city")
    assert changes.loc["Lahti", ["change", "low", "high", "p", "q"]].isna().all(axis=None)
    assert changes.loc["Turku", "change"].notna().all()
    areas = tables["areas"].set_index(["city", "group"]).sort_index()
    assert set(areas.loc["Turku", "refused"]) == {"few_areas"} and areas.loc["Turku", "value"].isna().all()
    assert areas.loc[("Lahti", "foreign_language"), "value"].isna().all(), "the cells' value is not published either"
    assert areas.loc[("Oulu", "low_income"), "value"].notna().all()


def test_all_groups_at_once_are_refused_where_one_is_too_small(edition):
    every = edition.results[edition.results["group"] == "foreign_language"].assign(
        group="all", index="information_theory", group_size=50_000, n_cells=500
    )
    rows = publication(replace(edition, results=pd.concat([edition.results, every])))["results"]
    rows = rows[rows["group"] == "all"].set_index("city")
    assert set(rows.loc["Lahti", "refused"]) == {"small_groups"} and rows.loc["Lahti", "value"].isna().all()
    assert set(rows.loc["Turku", "refused"]) == {""}


@pytest.fixture(scope="module")
def two_groups(edition):
    """Two groups make up the base, and in Turku one has 40 members, so that the other has 40 others."""
    rows = edition.results[edition.results["group"] == "foreign_language"]
    rows = rows[~rows["city"].isin(("Lahti", "Joensuu"))].assign(population=10_000, group_size=4_000)
    rows.loc[rows["city"] == "Turku", "group_size"] = 40
    others = rows.assign(group="pensioners", group_size=10_000 - rows["group_size"])
    return replace(edition, results=pd.concat([rows, others], ignore_index=True), changes=None, area_results=None)


def test_a_group_is_not_told_by_all_the_others(two_groups):
    rows = publication(two_groups)["results"].set_index(["group", "city"]).sort_index()
    assert set(rows.loc[("foreign_language", "Turku"), "refused"]) == {"small_group"}
    assert set(rows.loc[("pensioners", "Turku"), "refused"]) == {"small_rest"}
    numbers = ["value", "expected", "corrected", "group_size", "p_null"]
    assert rows.loc[("pensioners", "Turku"), numbers].isna().all(axis=None)
    assert rows.loc[("pensioners", "Oulu"), "value"].notna().all()
    (part,) = (one for one in sections(two_groups) if one.group == "pensioners")
    (book,) = render_workbook(publication(two_groups), two_groups, "en").values()
    words = list(openpyxl.load_workbook(io.BytesIO(book))["Results"].iter_rows(values_only=True))
    assert any("fewer than 100 are not in the group" in row for row in words)
    own = part.rows["dissimilarity"].query("city == 'Turku'")
    assert set(own["refused"]) == {"small_rest"} and own["value"].isna().all()


@LANGUAGES
def test_every_reason_has_words_everywhere(edition, language):
    for reason in REFUSALS:
        limit = limit_of(reason, edition)
        for key in (f"caveat.{reason}", f"figures.{reason}"):
            assert wording.text(language, key, **limit)
        assert wording.text(language, f"finding.why_{reason}")
        assert wording.text(language, f"atlas.{reason}", group="A", years="2020", **limit)


def test_a_value_against_a_group_that_is_too_small_is_not_published_either(edition):
    against = edition.results[edition.results["group"] == "low_income"].assign(reference="foreign_language")
    rows = publication(replace(edition, results=pd.concat([edition.results, against])))["results"]
    rows = rows[rows["reference"] == "foreign_language"].set_index("city")
    assert set(rows.loc["Lahti", "refused"]) == {"small_group"}
    assert rows.loc["Lahti", ["value", "expected", "group_size"]].isna().all(axis=None)
    assert rows.loc["Turku", "value"].notna().all()


def test_a_value_against_a_small_group_that_has_no_rows_of_its_own_is_not_published(edition):
    rows = edition.results[edition.results["group"] == "low_income"]
    small = rows["city"] == "Turku"
    against = rows.assign(reference="age_0_6", population=rows["group_size"] + np.where(small, 12, 5000))
    rows = publication(replace(edition, results=pd.concat([edition.results, against])))["results"]
    rows = rows[rows["reference"] == "age_0_6"].set_index("city")
    assert set(rows.loc["Turku", "refused"]) == {"small_group"} and rows.loc["Turku", "value"].isna().all()
    assert rows.loc["Turku", ["group_size", "population"]].isna().all(axis=None), (
        "one less the other is the small group"
    )
    assert rows.loc["Espoo", ["value", "population"]].notna().all(axis=None)


def test_shares_of_types_are_told_to_a_tenth_of_a_per_cent_and_residents_not_at_all(tables):
    assert "residents" not in tables["types"]
    share = tables["types"]["residents_share"]
    np.testing.assert_array_equal(share, share.round(3))


@pytest.fixture(scope="module")
def over(edition):
    """The published thresholds: Lahti's group is too small, Turku's was so at the baseline alone."""
    from segindex.schema import THRESHOLDS, ordered

    results = edition.results.copy()
    then = (results["city"] == "Turku") & (results["year"] == 2013) & (results["group"] == "foreign_language")
    results.loc[then, "group_size"] = 37
    rows = pd.DataFrame(
        [(city, key, year) for city in ("Lahti", "Turku", "Espoo") for key in KEPT for year in (2013, 2015)],
        columns=["city", "threshold", "year"],
    ).assign(
        classification="language", group="foreign_language", cut_off=0.123456, cut_off_year=2013, n_cells=40,
        population=1000.0, population_share=0.12345, expected_population_share=0.04, unknown_share=0.02,
        group_share=0.34567, expected_group_share=0.09, note="",
    )  # fmt: skip
    found = replace(edition, results=results, thresholds=ordered(rows, THRESHOLDS, ["city"]))
    return publication(found)["thresholds"].set_index(["city", "year", "threshold"]).sort_index()


KEPT = ("over_20_percent", "twice_the_city")


def test_a_cut_off_does_not_tell_how_many_members_a_group_has_that_is_too_small(over):
    twice = over.xs("twice_the_city", level="threshold")
    assert twice.loc["Lahti", "cut_off"].isna().all() and twice.loc["Turku", "cut_off"].isna().all()
    assert (twice.loc["Espoo", "cut_off"] == 0.123456).all() and twice.loc[("Turku", 2015), "group_share"] > 0
    assert over.xs("over_20_percent", level="threshold")["cut_off"].notna().all()


def test_shares_over_thresholds_do_not_tell_single_cells_by_their_difference(over):
    shown = over.loc["Espoo", ["population_share", "group_share"]]
    assert (shown == [0.123, 0.346]).all(axis=None)


def test_residents_at_the_ends_are_told_to_a_tenth_of_a_per_cent(edition):
    from segindex.schema import ENDS, ordered

    rows = pd.DataFrame({"measure": ["lowest_end", "highest_end", "ratio_90_10", "dissimilarity"]}).assign(
        city="Turku", year=2015, release="2018", classification="income_class", group="low_income", reference="",
        cluster_size=1.0, value=0.12345, n_cells=400, n_beyond=40, population=90_000, group_size=9_000, note="",
    )  # fmt: skip
    found = publication(replace(edition, ends=ordered(rows, ENDS, ["city"])))["ends"].set_index("measure")["value"]
    assert found[["lowest_end", "highest_end"]].tolist() == [0.123, 0.123]
    assert found[["ratio_90_10", "dissimilarity"]].tolist() == [0.12345, 0.12345]


@LANGUAGES
def test_the_numbers_are_those_of_the_tables_whole(books, tables, language):
    for name, rows in tables.items():
        found = sheet(books, language, name)
        assert len(found) == len(rows)
        for column in ("value", "change", "residents_share", "coverage", "group_size"):
            head = wording.text(language, f"column.{column}")
            if column in rows and head in found:
                given = np.sort(rows[column].dropna().to_numpy(float))
                shown = np.sort(found[head].dropna().to_numpy(float))
                np.testing.assert_allclose(shown, given, rtol=1e-14)


@LANGUAGES
def test_keys_stand_behind_their_words(books, tables, language):
    found = sheet(books, language, "results")
    word, key = (wording.text(language, "column.group"), wording.text(language, "column.group"))
    key = wording.text(language, "workbook.key", column=key)
    for group, name in set(zip(found[key], found[word])):
        assert name == wording.sentence_case(wording.group_name(group, language))
    value = wording.text(language, "column.value")
    city = wording.text(language, "workbook.key", column=wording.text(language, "column.city"))
    own = found[(found[city] == "Turku") & (found[key] == "low_income")][value]
    given = tables["results"].query("city == 'Turku' and group == 'low_income'")["value"]
    np.testing.assert_allclose(np.sort(own.astype(float)), np.sort(given))


@LANGUAGES
def test_every_sheet_says_that_the_data_are_made_up_and_keeps_its_heads_in_sight(books, language):
    mark = wording.text(language, "made_up.mark")
    read_me = wording.text(language, "workbook.read_me")
    for one in books[language].worksheets:
        assert str(one["A1"].value).startswith(mark), one.title
        if one.title != read_me:
            assert one.freeze_panes and one.freeze_panes.endswith("3"), one.title
    assert books[language].sheetnames[0] == read_me
    said = " ".join(str(cell.value) for row in books[language][read_me].iter_rows() for cell in row if cell.value)
    for words in ("demo", "CC BY 4.0", "segindex 0.1.0", wording.date("2015-12-31", language).split()[-1], "100"):
        assert words in said


def test_the_package_of_other_data_or_of_another_edition_has_another_version(edition, tables):
    later = [source | {"dates": ["2019-12-31"]} for source in edition.sources]
    made = [edition, replace(edition, key="other"), replace(edition, sources=later)]
    versions = [json.loads(render_package(tables, one)[DESCRIPTION])["version"] for one in made]
    assert len(set(versions)) == 3


@LANGUAGES
def test_the_columns_that_are_explained_are_those_of_the_sheets(books, language):
    one = books[language][wording.text(language, "workbook.columns")]
    told = {row[0]: set(row[2].split(", ")) for row in one.iter_rows(min_row=3, values_only=True)}
    own = {wording.text(language, "workbook.columns"), wording.text(language, "workbook.read_me")}
    heads = {sheet.title: {cell.value for cell in sheet[2]} for sheet in books[language] if sheet.title not in own}
    assert wording.text(language, "column.scale_m") not in told, "no row of this edition has a radius"
    for head, sheets in told.items():
        assert sheets == {name for name, found in heads.items() if head in found}, head


def test_a_classification_without_results_has_its_thresholds(edition):
    columns = dict.fromkeys(("expected_population_share", "unknown_share", "expected_group_share"), np.nan)
    row = {"city": "Turku", "year": 2015, "classification": "tenure", "group": "rented", "threshold": "over_20"}
    row |= {"cut_off": 0.2, "cut_off_year": np.nan, "n_cells": 9, "population_share": 0.3, "group_share": 0.6}
    rows = pd.DataFrame([row | columns | {"release": "2018", "note": ""}])
    found = publication(replace(edition, thresholds=rows))["thresholds"]
    assert list(found["population_share"]) == [0.3]


@LANGUAGES
def test_shares_are_per_cents_and_counts_whole(books, language):
    one = books[language][wording.text(language, "published.results")]
    heads = {cell.value: cell.column for cell in one[2]}
    forms = {"hidden_share": "0.0%", "population": "#,##0", "value": "0.000", "year": "0"}
    for column, form in forms.items():
        assert one.cell(3, heads[wording.text(language, f"column.{column}")]).number_format == form


def test_words_of_data_never_become_formulas(books):
    one = books["en"][wording.text("en", "published.results")]
    cells = [cell for row in one.iter_rows() for cell in row if cell.value and "HYPERLINK" in str(cell.value)]
    assert cells and {cell.data_type for cell in cells} == {"s"}


def test_columns_are_described_in_every_language(books):
    for language in ("fi", "sv", "en"):
        one = books[language][wording.text(language, "workbook.columns")]
        keys = {row[3] for row in one.iter_rows(min_row=3, values_only=True)}
        assert {"value", "hidden_share", "refused", "coverage"} <= keys
    for columns in COLUMNS.values():
        for column in columns:
            assert f"column.{column}" in wording.table("fi") and f"column_about.{column}" in wording.table("fi")


def test_the_same_bytes_again(edition, tables):
    assert render_workbook(tables, edition, "fi") == render_workbook(publication(edition), edition, "fi")
    assert render_package(tables, edition) == render_package(publication(edition), edition)


@pytest.fixture(scope="module")
def package(edition, tables):
    return render_package(tables, edition)


def test_the_csv_are_the_published_tables(package, tables):
    for name, rows in tables.items():
        text = package[f"tables/{name}.csv"].decode()
        found = list(csv.DictReader(io.StringIO(text, newline="")))
        assert tuple(found[0]) == COLUMNS[name] and len(found) == len(rows)
        assert text.count("\r\n") == len(rows) + 1
    values = pd.read_csv(io.BytesIO(package["tables/results.csv"]))["value"]
    np.testing.assert_array_equal(values, tables["results"]["value"])


def test_the_package_describes_every_column_and_says_that_the_data_are_made_up(package, tables, edition):
    told = json.loads(package[DESCRIPTION])
    assert told["title"].startswith("SYNTHETIC DATA") and told["made_up"]
    assert (told["version"], told["program"]) == ("demo 2015-12-31", "segindex 0.1.0")
    assert told["licenses"][0]["path"].startswith("https://creativecommons.org")
    assert told["edition"] == edition.key
    assert [source["reference_dates"] for source in told["sources"]] == [one["dates"] for one in edition.sources]
    for resource in told["resources"]:
        fields = resource["schema"]["fields"]
        assert tuple(field["name"] for field in fields) == COLUMNS[resource["name"]]
        assert all(
            field[f"{key}_{one}"] for field in fields for key in ("title", "description") for one in ("fi", "sv")
        )
        assert resource["bytes"] == len(package[resource["path"]])
        frame = tables[resource["name"]]
        assert not frame.duplicated(list(KEYS[resource["name"]])).any()


def test_frictionless_finds_nothing_wrong(package, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    for name, content in package.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    found = frictionless.validate(str(tmp_path / DESCRIPTION))
    assert found.valid, found.flatten(["title", "message"])[:5]
    text = (tmp_path / "tables" / "coverage.csv").read_text(encoding="utf-8")
    (tmp_path / "tables" / "coverage.csv").write_text(text.replace("Helsinki", "Pori", 1), encoding="utf-8", newline="")
    assert not frictionless.validate(str(tmp_path / DESCRIPTION)).valid


def test_the_plan_has_a_workbook_a_language_and_one_package(edition):
    names = [output.name for output in report.plan(edition)]
    assert [name for name in names if name.startswith(("workbook", "package"))] == [
        *("workbook fi", "workbook sv", "workbook en"), "package",
    ]  # fmt: skip
