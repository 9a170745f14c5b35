"""Cities of the settings in the report: their names in three languages, and one alone without comparisons."""

import json
from dataclasses import fields, replace

import pandas as pd
import pytest
from rendered import figure_words, rendered

from segindex import figures, report, wording
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES, Names
from segindex.report.publication import publication
from segindex.report.single import chosen_figures, files_of, shown_figures
from segindex.report.workbook import render_workbook

REGION = Names("Lounaisseutu", "Sydvästregionen", "South-West Region")


def called(material, names):
    """The material with some of its cities alone, under the names of the settings: {old: Names}."""
    keys = {old: new.fi for old, new in names.items()}

    def own(table):
        if not isinstance(table, pd.DataFrame) or "city" not in table:
            return table
        kept = table[table["city"].isin(set(keys))]
        return kept.assign(city=kept["city"].map(keys)).reset_index(drop=True)

    tables = {field.name: own(getattr(material, field.name)) for field in fields(material)}
    tables["programme"] = {name: own(table) for name, table in material.programme.items()}
    defined = {new.fi: new for new in names.values() if new.fi != new.sv}
    return replace(material, **tables | {"defined": defined, "register": None, "mapped": {}, "named": {}})


@pytest.fixture(scope="module")
def two(with_followup):
    return called(with_followup, {"Helsinki": Names("Helsinki", "Helsinki", "Helsinki"), "Turku": REGION})


@pytest.fixture(scope="module")
def one(with_followup):
    return called(with_followup, {"Turku": REGION})


def page(material, language):
    outputs = report.plan(material)
    (made,) = [output for output in outputs if output.name == f"page {language}"]
    return "".join(content.decode() for content in rendered(made).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_them_in_its_language(two, language):
    told = page(two, language)
    name, others = REGION.in_(language), [REGION.in_(each) for each in LANGUAGES if each != language]
    assert told.count(name) > 10 and "city-lounaisseutu" in told
    told = told.replace("city-lounaisseutu", "").replace("_lounaisseutu", "")
    assert not [other for other in others if other in told]
    assert wording.text(language, "how.own_cities", cities=name) in told
    assert wording.text(language, "web.side_by_side") in told


def test_a_report_of_the_programme_s_cities_says_nothing_of_others(with_followup):
    plain = called(with_followup, {"Turku": Names("Turku", "Turku", "Turku")})
    assert wording.text("en", "how.own_cities", cities="").split(":")[0] not in page(plain, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_alone_is_compared_with_no_other(one, language):
    told = page(one, language)
    assert wording.text(language, "web.side_by_side") not in told
    assert wording.text(language, "finding.scope_one", city=REGION.in_(language)) in told
    whole = [output for output in report.plan(one) if output.name == f"document {language}"]
    assert len(whole) == 1 and one.own_cities == (REGION.fi,)


def test_every_figure_of_them_is_in_each_language(two):
    drawn = {figure.kind: figure for figure in shown_figures(two) if figure.city in ("", REGION.fi)}
    assert {"ranking", "trends", "clusters", "area_types", "type_map", "followup_status"} <= set(drawn)
    for figure in drawn.values():
        files = files_of(figure, 50)
        for language in LANGUAGES:
            words = files[f"figures/{language}/{figure.name}.txt"].decode()
            others = [REGION.in_(each) for each in LANGUAGES if each != language]
            assert REGION.in_(language) in words and not [other for other in others if other in words], figure.name


def test_the_panels_bear_the_name(two):
    rows = two.results[two.results["index"] == "dissimilarity"]
    found = figures.draw_trends(rows, index="dissimilarity", group="low_income", language="sv", defined=two.defined)
    assert REGION.sv in figure_words(found)


def test_a_figure_is_asked_for_by_any_of_the_names(two):
    (found,) = chosen_figures(two, "clusters", city="south-west region", group="low_income")
    assert found.name == "clusters_low_income_lounaisseutu"
    with pytest.raises(BadSettings, match=r"city Åland is unknown; .*Lounaisseutu"):
        chosen_figures(two, "clusters", city="Åland")


def test_the_workbook_and_the_package_name_them(two, tmp_path):
    tables = publication(two)
    (content,) = render_workbook(tables, two, "sv").values()
    path = tmp_path / "tables.xlsx"
    path.write_bytes(content)
    sheets = pd.read_excel(path, sheet_name=None, header=None)
    cells = {value for sheet in sheets.values() for value in sheet.stack()}
    assert REGION.sv in cells
    heads = [list(sheet.iloc[1]) for sheet in sheets.values() if len(sheet) > 1]
    assert any("Stad" in head for head in heads)
    package = next(output for output in report.plan(two) if output.name == "package")
    files = rendered(package)
    assert REGION.fi in files["tables/results.csv"].decode()
    (results,) = [one for one in json.loads(files["datapackage.json"])["resources"] if one["name"] == "results"]
    (city,) = [field for field in results["schema"]["fields"] if field["name"] == "city"]
    assert "enum" not in city["constraints"]
