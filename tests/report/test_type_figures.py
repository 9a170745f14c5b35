"""Figures of why an index changed, and of area types, on the page and among its files."""

import io
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest
import rendered
from matplotlib.colors import to_hex

from segindex import figures, report, wording
from segindex.figures import style
from segindex.figures.select import type_shares
from segindex.report.contents import sections
from segindex.report.figure_tables import type_map_table
from segindex.report.publication import publication
from segindex.report.tables import Counter
from segindex.report.types import area_types, told_types, type_tables
from segindex.schema import ACCUMULATION, ordered

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])
WHY = "change_terms_dissimilarity_low_income"


@pytest.fixture(scope="module")
def material(grid, madeup):
    """The grid's edition with changes of D and area types; Oulu has none in the latest year, Turku no place."""
    types = madeup.types()
    types = types[~((types["city"] == "Oulu") & (types["year"] == 2015))]
    areas = pd.concat(
        madeup.type_areas(city, year=year, n=24) for city in madeup.CITIES for year in (2013, 2015) if city != "Turku"
    )
    nothing = ordered(pd.DataFrame(columns=list(ACCUMULATION)), ACCUMULATION, ["city"])
    more = {"types": types, "types_year": 2013, "type_areas": areas, "accumulation": nothing}
    return replace(grid, changes=madeup.changes(), **more)


@pytest.fixture(scope="module")
def plans(material):
    return {output.name: output.render for output in report.plan(material)}


def table(files, name):
    return pd.read_csv(io.BytesIO(files[f"figures/en/{name}.csv"]))


def page(material, language):
    output = next(output for output in report.plan(material) if output.name == f"page {language}")
    text = re.sub(r'<span class="range">(.*?)</span>', r"\1", rendered.page(output))
    return re.sub(r"\s+", " ", unescape(text))


def test_the_figures_are_planned_where_there_is_something_to_show(plans):
    assert [name for name in plans if "change_terms" in name] == [f"figure {WHY}"]
    maps = [name for name in plans if name.startswith("figure area_types_")]
    assert len(maps) == 9 and not {"figure area_types_oulu", "figure area_types_turku"} & set(maps)
    assert "figure area_types" in plans


@pytest.mark.parametrize("name", [WHY, "area_types", "area_types_jyvaskyla"])
def test_a_figure_has_its_files_in_every_language_marked_as_made_up(plans, name):
    files = plans[f"figure {name}"]()
    kinds = ("svg", "txt", "csv") if name.endswith("jyvaskyla") else ("svg", "png", "txt", "csv")
    assert set(files) == {f"figures/{language}/{name}.{kind}" for language in ("fi", "sv", "en") for kind in kinds}
    assert files[f"figures/fi/{name}.txt"].decode().startswith("SYNTEETTINEN AINEISTO. ")
    assert (table(files, name)["note"] == "made-up data").all()
    assert "keksitty aineisto" in files[f"figures/fi/{name}.svg"].decode()
    assert files == plans[f"figure {name}"](), "the same bytes again"


def test_the_data_are_those_of_the_tables(plans, material):
    found = table(plans[f"figure {WHY}"](), WHY).set_index(["city", "term"])["change"]
    given = material.changes.set_index(["city", "term"])["change"]
    pd.testing.assert_series_equal(found.sort_index(), given.sort_index())
    shown = table(plans["figure area_types"](), "area_types")
    assert set(shown["year"]) == {2013, 2015} and set(shown["extent"]) == {"cities"}
    city = table(plans["figure area_types_lahti"](), "area_types_lahti")
    own = material.types.query("city == 'Lahti' and year == 2015 and extent == 'cities'")
    assert "residents" not in city and set(city["year"]) == {2015}
    assert list(city["residents_share"]) == list(own["residents_share"].round(3))


@pytest.fixture(scope="module")
def few(material):
    """One cell of type 2 in Lahti and 12 of all others: the smallest of these would tell it."""
    types = material.types
    one = (types["city"] == "Lahti") & (types["type"] == 2)
    return replace(material, types=types.assign(n_cells=types["n_cells"].mask(one, 1)))


def test_a_type_of_one_cell_is_not_told_nor_another_that_would_tell_it(few):
    rows = publication(few)["types"].query("city == 'Lahti' and year == 2015 and extent == 'cities'").set_index("type")
    assert dict(rows["refused"]) == {0: "would_tell", 1: "", 2: "few_cells", 3: "", 4: "", 5: ""}
    assert set(rows.index[rows["residents_share"].isna()]) == {0, 2}
    others = publication(few)["types"].query("city != 'Lahti'")
    assert (others["refused"] == "").all() and others["residents_share"].notna().all()
    planned = {output.name: output.render for output in report.plan(few)}
    for name in ("area_types", "area_types_lahti"):
        files = planned[f"figure {name}"]()
        own = table(files, name).query("city == 'Lahti' and year == 2015").set_index("type")["residents_share"]
        assert set(own.index[own.isna()]) == {0, 2}
    told = type_map_table(next(p for p in area_types(few).maps if p.city == "Lahti"), "grid", "en", Counter())
    assert [row[2].words for row in told.rows].count(wording.NO_VALUE) == 2 and len(told.notes) == 1
    (first, *_) = type_tables(few, "en", Counter())
    (lahti,) = (row for row in first.rows if row[0].words == "Lahti")
    assert [cell.words for cell in lahti].count(wording.NO_VALUE) == 2
    assert all(isinstance(cell.words, str) for row in first.rows for cell in row)


def test_one_type_of_areas_is_told_however_few(few):
    areas = replace(few, cells=few.cells.assign(cell_size_m=np.nan), cell_size_m=None)
    assert told_types(areas)["residents_share"].notna().all()


def test_the_bar_of_what_is_not_told_is_no_share(few):
    rows = told_types(few)
    shares = type_shares(rows[rows["extent"] == "cities"], 2015)
    assert shares.loc["Lahti"].isna().sum() == 2 and shares.drop("Lahti").notna().all(axis=None)
    figure = figures.draw_types(rows, year=2015, language="en")
    bars = [bar for axes in figure.axes for bar in axes.patches]
    hidden = [bar.get_width() for bar in bars if to_hex(bar.get_facecolor()) == style.NOT_TOLD]
    assert np.isclose(sum(hidden), 1 - shares.loc["Lahti"].sum())


def test_no_types_where_a_group_that_they_rest_on_is_refused(material):
    results = material.results
    small = (results["city"] == "Lahti") & (results["group"] == "low_income") & (results["year"] == 2015)
    closed = replace(material, results=results.assign(group_size=results["group_size"].mask(small, 64)))
    absent = {place.city: place.absent for place in area_types(closed).maps}
    assert absent["Lahti"] == "refused_inputs" and absent["Espoo"] == ""


@LANGUAGES
def test_the_figures_stand_in_their_sections_with_their_words(plans, material, language):
    text = page(material, language)
    group = text[text.index('<section aria-labelledby="group-low-income"') :]
    group = group[: group.index("</section>")]
    heading, next_heading = group.index(wording.text(language, "changes.heading")), group.index("figures/")
    assert heading < next_heading and f"figures/{language}/{WHY}.svg" in group
    assert re.sub(r"\s", " ", wording.text(language, "change_terms.explain")) in group
    other = text[text.index('<section aria-labelledby="group-foreign-language"') :]
    assert "change_terms" not in other[: other.index("</section>")]
    types = text[text.index('<section aria-labelledby="types"') :]
    types = types[: types.index("</section>")]
    assert '<figure class="chart" id="area-types">' in types and 'href="#city-helsinki"' in types
    helsinki = text[text.index('<section aria-labelledby="city-helsinki"') :]
    assert 'id="area-types-helsinki"' in helsinki[: helsinki.index("</section>")]
    assert wording.text(language, "type_map.heading") in types
    for city, key in (("Oulu", "no_city_types"), ("Turku", "no_geometry")):
        reason = wording.text(language, "page.no_figure", reason=wording.text(language, f"figures.{key}"))
        assert f"<strong>{wording.city_name(city, language)}</strong>: {reason}" in types
    ids = re.findall(r' id="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    for name in (WHY, "area_types", "area_types_espoo"):
        said = plans[f"figure {name}"]()[f"figures/{language}/{name}.txt"].decode().splitlines()[0]
        said = re.sub(r"\s+", " ", said)
        assert f'-said">{said}</desc>' in text, "the page and the file describe a figure in the same words"


def test_a_city_whose_value_is_refused_has_no_parts(material, madeup):
    results = material.results
    few = (results["city"] == "Lahti") & (results["year"] == 2013)
    results = results.assign(n_cells=results["n_cells"].mask(few, 19))
    gone = (results["city"] == "Espoo") & (results["year"] == 2015)
    (section, *_) = sections(replace(material, results=results[~gone]))
    parts = section.parts.set_index("city")
    assert section.group == "low_income" and parts.loc["Lahti", ["change", "low", "high"]].isna().all(axis=None)
    assert (parts.loc["Lahti", "refused"] == "few_cells").all()
    assert parts.loc["Espoo", "change"].isna().all() and (parts.loc["Espoo", "refused"] == "").all()
    assert parts.loc["Vantaa", "change"].notna().all()
    (name,) = [each for each in report.plan(replace(material, results=results)) if each.name == f"figure {WHY}"]
    files = name.render()
    assert table(files, WHY).query("city == 'Lahti'")["change"].isna().all()
    assert re.search(r"Turku [+−]0", files[f"figures/en/{WHY}.txt"].decode())
    assert not re.search(r"Lahti [+−]0", files[f"figures/en/{WHY}.txt"].decode())


def test_changes_of_other_years_or_none_have_no_figure(material):
    for changes in (None, material.changes.assign(first_year=2012), material.changes.query("term == 'corrected'")):
        (section, *_) = sections(replace(material, changes=changes))
        assert section.change_terms == ""


def test_without_an_earlier_year_there_is_no_baseline(material):
    one = replace(material, types=material.types.query("year == 2015"), types_year=None)
    assert area_types(one).baseline is None and area_types(one).cut_offs == 2015
    assert area_types(material).baseline == 2013
    late = replace(material, types=material.types.query("year > 2013"))
    assert area_types(late).baseline is None and area_types(late).cut_offs == 2013
    assert area_types(replace(material, types=None)) is None
    assert {place.absent for place in area_types(replace(material, type_areas=None)).maps} == {
        "no_city_types",
        "no_geometry",
    }


def test_areas_are_drawn_where_their_outlines_are_known(areas, madeup):
    own = [
        madeup.type_areas(city, year=2024, n=5, size=3000).assign(cell_size_m=np.nan)
        for city in ("Helsinki", "Jyväskylä")
    ]
    own = pd.concat(frame.assign(cell=frame["city"] + frame["cell"]) for frame in own)
    types = madeup.types(cities=("Helsinki", "Jyväskylä"), years=(2024,))
    nothing = ordered(pd.DataFrame(columns=list(ACCUMULATION)), ACCUMULATION, ["city"])
    with_types = replace(areas, types=types, type_areas=own, accumulation=nothing)
    outputs = {output.name: output.render for output in report.plan(with_types)}
    files = outputs["figure area_types_helsinki"]()
    assert "SYNTHETIC" not in files["figures/en/area_types_helsinki.txt"].decode()
    unplaced = area_types(replace(with_types, areas=None))
    assert {place.absent for place in unplaced.maps} == {"no_geometry"}
