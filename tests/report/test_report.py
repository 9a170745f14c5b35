"""The plan and its files: names, bytes, what is left out and why."""

import io
import pickle
from dataclasses import replace

import pandas as pd
import pytest
from rendered import rendered

from segindex import report
from segindex.errors import BadData, BadSettings
from segindex.report.contents import file_names, sections


@pytest.fixture(scope="module")
def plans(grid):
    return {output.name: output.render for output in report.plan(grid)}


def csv_of(files, language, name):
    """A figure's data."""
    return pd.read_csv(io.BytesIO(files[f"figures/{language}/{name}.csv"]), keep_default_na=True)


def test_the_plan_names_what_there_is(plans):
    assert [name for name in plans if name.startswith("page")] == ["page fi", "page sv", "page en"]
    assert {"figure ranking_dissimilarity_low_income", "figure trends_dissimilarity_foreign_language"} <= set(plans)
    maps = {name for name in plans if "clusters_" in name}
    assert "figure clusters_low_income_jyvaskyla" in maps and len(maps) == 11 + 7
    for city in ("lahti", "joensuu", "vantaa", "oulu"):
        assert f"figure clusters_foreign_language_{city}" not in maps


def test_renders_can_be_sent_to_another_process_and_give_the_same_bytes(plans):
    for name in ("statement sv", "figure clusters_low_income_helsinki", "figure trends_dissimilarity_low_income"):
        sent = pickle.dumps(plans[name])
        assert len(sent) < 600_000
        assert pickle.loads(sent)() == plans[name]()


def test_a_page_can_be_sent_to_another_process_and_gives_the_same_bytes(grid):
    output = next(output for output in report.plan(grid) if output.name == "page sv")
    sent = pickle.dumps(output)
    assert len(sent) < 3_000_000
    assert rendered(pickle.loads(sent)) == rendered(output)


def test_a_figure_comes_in_every_language_with_its_text_and_data(plans):
    files = plans["figure clusters_low_income_jyvaskyla"]()
    stem = "clusters_low_income_jyvaskyla"
    kinds = ("svg", "txt", "csv")
    assert set(files) == {f"figures/{language}/{stem}.{kind}" for language in ("fi", "sv", "en") for kind in kinds}
    said = files[f"figures/fi/{stem}.txt"].decode()
    assert said.startswith("SYNTEETTINEN AINEISTO. Kartta. Jyväskylä, alimpaan tuloluokkaan kuuluvat")
    assert "made-up data" in files[f"figures/en/{stem}.csv"].decode()
    assert all(name.isascii() for name in files)


def test_every_row_of_a_figure_s_data_says_that_it_is_made_up_whatever_else_its_note_says(grid):
    noted = replace(grid, results=grid.results.assign(note="undefined: the group has no members"))
    renders = {output.name: output.render for output in report.plan(noted)}
    for name in ("ranking_dissimilarity_low_income", "city_trends_turku", "city_changes_turku"):
        notes = csv_of(renders[f"figure {name}"](), "sv", name)["note"]
        assert len(notes) and notes.str.contains("made-up data").all(), name
        assert notes.str.contains("no members").any()


def test_no_unpublished_number_is_in_a_figure_s_data(plans, grid):
    table = csv_of(
        plans["figure ranking_dissimilarity_foreign_language"](), "fi", "ranking_dissimilarity_foreign_language"
    )
    lahti, joensuu, espoo = (table[table["city"] == city] for city in ("Lahti", "Joensuu", "Espoo"))
    assert set(lahti["refused"]) == {"small_group"} and set(joensuu["refused"]) == {"few_cells"}
    for rows in (lahti, joensuu):
        assert rows[["value", "expected", "group_size"]].isna().all().all()
    assert espoo["value"].notna().all() and set(espoo["year"]) == {2013, 2015}
    trends = csv_of(
        plans["figure trends_dissimilarity_foreign_language"](), "sv", "trends_dissimilarity_foreign_language"
    )
    assert trends["value"][trends["city"].isin(("Lahti", "Joensuu"))].isna().all()
    assert set(trends["year"]) == {2012, 2013, 2014, 2015}


def test_areas_are_published_though_few(areas):
    plan = {output.name: output.render for output in report.plan(areas)}
    assert "figure clusters_unemployed_helsinki" in plan
    table = csv_of(plan["figure ranking_dissimilarity_unemployed"](), "en", "ranking_dissimilarity_unemployed")
    assert table["value"].notna().all()
    assert "figure trends_dissimilarity_unemployed" not in plan
    few = {output.name for output in report.plan(replace(areas, min_group=10**7))}
    kinds = ("page", "document", "brief", "workbook", "statement")
    assert few == {f"{kind} {language}" for kind in kinds for language in ("fi", "sv", "en")} | {"package"}


def test_languages_choose_the_files_and_finnish_comes_first(areas):
    assert list(rendered(report.plan(areas)[0])) == ["index.html"]
    two = report.plan(replace(areas, languages=("en", "sv")))
    assert [output.name for output in two[:2]] == ["page sv", "page en"]
    assert [next(iter(rendered(output))) for output in two[:2]] == ["index.html", "index.en.html"]
    assert b'<html lang="sv">' in rendered(two[0])["index.html"]
    assert not any("/fi/" in name for output in two[2:] for name in rendered(output))
    with pytest.raises(BadSettings, match="known are fi, sv, en"):
        replace(areas, languages=("de",))


def test_no_geometry_no_maps(areas, grid):
    (section,) = sections(replace(areas, areas=None))
    assert section.maps == () and section.maps_absent == "no_geometry"
    lost = replace(grid, cells=grid.cells.assign(x=float("nan")))
    assert {section.maps_absent for section in sections(lost)} == {"no_geometry"}
    none = replace(grid, cells=grid.cells.iloc[:0], clusters=grid.clusters.iloc[:0], cell_size_m=250.0)
    assert {section.maps_absent for section in sections(none)} == {"no_clusters"}
    assert {section.cell_size_m for section in sections(none)} == {250.0}


def test_the_baseline_is_the_wanted_year_or_the_next_that_a_group_has(grid):
    assert [section.baseline for section in sections(grid)] == [2013, 2013]
    assert {section.baseline for section in sections(replace(grid, baseline=None))} == {2012}
    assert {section.baseline for section in sections(replace(grid, baseline=1990))} == {2012}
    assert {section.baseline for section in sections(replace(grid, baseline=2030))} == {2012}


def test_the_baseline_left_out_is_the_first_year_with_an_unbroken_change(grid, madeup):
    everywhere = [(city, 2013) for city in madeup.CITIES]
    broken = replace(grid, baseline=None, coverage=madeup.coverage(grid.results, breaks=everywhere))
    assert {section.baseline for section in sections(broken)} == {2013}
    assert {section.baseline for section in sections(replace(broken, baseline=2012))} == {2012}
    one = replace(broken, coverage=madeup.coverage(grid.results, breaks=everywhere[1:]))
    assert {section.baseline for section in sections(one)} == {2012}
    never = replace(broken, coverage=madeup.coverage(grid.results, breaks=[(city, 2015) for city in madeup.CITIES]))
    assert {section.baseline for section in sections(never)} == {2012}


def test_file_names_have_no_double_underscores_and_stay_unique():
    names = file_names(["age_80_", "age_80", "age__80", "low_income"])
    assert names == {"age_80": "age_80", "low_income": "low_income", "age_80_": "age_80-2", "age__80": "age_80-3"}
    assert names == file_names(["age__80", "low_income", "age_80_", "age_80"])
    assert file_names(["age_80_"]) == {"age_80_": "age_80"}


def test_a_group_with_a_trailing_underscore_has_plain_file_names(areas):
    def renamed(frame):
        return frame.assign(group="age_80_", classification="age")

    material = replace(
        areas,
        results=renamed(areas.results),
        clusters=renamed(areas.clusters),
        cells=renamed(areas.cells),
        coverage=areas.coverage.assign(classification="age"),
    )
    plan = report.plan(material)
    assert "figure clusters_age_80_helsinki" in {output.name for output in plan}
    assert b"figures/fi/ranking_dissimilarity_age_80.svg" in rendered(plan[0])["index.html"]
    assert not any("__" in name for output in plan for name in rendered(output))


def test_protected_classes_may_be_empty(grid):
    hidden = grid.clusters["cluster"] == "protected"
    clusters = grid.clusters.copy()
    for name in ("population", "group_size"):
        clusters[name] = clusters[name].astype("Int64").mask(hidden)
    hidden = grid.cells["cluster"] == "protected"
    cells = grid.cells.assign(**{name: grid.cells[name].where(~hidden) for name in ("population", "group_size")})
    before, after = (report.plan(each) for each in (grid, replace(grid, clusters=clusters, cells=cells)))
    assert rendered(after[0]) == rendered(before[0])
    name = "figure clusters_low_income_espoo"
    one, other = (next(output.render for output in plan if output.name == name)() for plan in (before, after))
    assert one.keys() == other.keys() and all(one[file] == other[file] for file in one if not file.endswith("svg"))


def test_the_latest_release_of_a_year_is_shown(grid):
    older = grid.results.assign(release="1999", value=0.9)
    both = replace(grid, results=pd.concat([grid.results, older], ignore_index=True))
    for found, wanted in zip(sections(both), sections(grid)):
        pd.testing.assert_frame_equal(found.rows["isolation"], wanted.rows["isolation"])


def test_results_without_their_columns_are_refused(grid):
    with pytest.raises(BadData, match="n_cells"):
        report.plan(replace(grid, results=grid.results.drop(columns="n_cells")))


def test_other_coordinates_are_brought_to_the_cells(areas):
    other = replace(areas, areas=areas.areas.to_crs(3879))
    first, second = (
        next(output.render for output in report.plan(material) if "clusters" in output.name)
        for material in (areas, other)
    )
    names = [name for name in first() if name.endswith("fi/clusters_unemployed_helsinki.txt")]
    assert [first()[name] for name in names] == [second()[name] for name in names]
