"""The page's tables of indices by dimension and by scale, the scale profiles, and where each index is explained."""

import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rendered

from segindex import report, wording
from segindex.registry import REGISTRY
from segindex.report import page as page_module
from segindex.report.contents import sections

PLACE = {"fi": 0, "sv": 1, "en": 2}
SCALED = ("correlation_ratio", "dissimilarity", "exposure", "gini", "information_theory", "isolation")
LANGUAGES = pytest.mark.parametrize("language", PLACE)


@pytest.fixture(scope="session")
def many(grid):
    """The grid edition with four indices more: of evenness, clustering and cells; Oulu's Gini is undefined."""
    plain = grid.results[grid.results["index"] == "dissimilarity"]
    more = [
        plain.assign(index=index, value=plain["value"] * part, expected=np.nan)
        for index, part in (("gini", 1.3), ("information_theory", 0.3), ("morans_i", 2.0), ("local_morans_i", 9.0))
    ]
    results = pd.concat([grid.results, *more], ignore_index=True)
    undefined = (results["index"] == "gini") & (results["city"] == "Oulu")
    results.loc[undefined, ["value", "note"]] = [np.nan, "undefined"]
    return replace(grid, results=results)


@pytest.fixture(scope="session")
def scaled(many, madeup):
    """The same at two radii and one number of nearest residents."""
    latest = many.results[(many.results["year"] == 2015) & many.results["index"].isin(SCALED)]
    sizes = (("scale_m", 500, 0.5), ("scale_m", 2000, 0.25), ("k", 300, 0.75))
    rows = madeup.scaled(latest, sizes).iloc[len(latest) :]
    other = rows.assign(reference="high_income", value=0.99)
    return replace(many, results=pd.concat([many.results, rows, other], ignore_index=True))


@pytest.fixture(scope="session")
def pages(scaled):
    return {language: page(scaled, language) for language in PLACE}


def page(material, language="fi"):
    return rendered.page(report.plan(material)[PLACE[language]]).replace("\xa0", " ")


def section(text, group="low-income"):
    """The part of the page that tells of a group."""
    start = text.index(f'<h3 id="group-{group}"')
    return text[start : text.index("</section>", start)]


def table(text, caption):
    """A table by words of its caption: (headings, {city: words})."""
    (found,) = [one for one in re.findall(r"<table>.*?</table>", text, re.S) if caption in one.split("</caption>")[0]]
    bare = re.sub(r'<span class="said">.*?</span>|<sup>.*?</sup>', "", found)
    head, *rows = re.findall(r"<tr>(.*?)</tr>", bare, re.S)
    cells = [[_words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]
    heads = [_words(cell) for cell in re.findall(r"<th[^>]*>(.*?)</th>", head, re.S)]
    return heads, {row[0]: row[1:] for row in cells}


def _words(cell):
    return re.sub(r"<[^>]+>", "", cell).replace("&#39;", "'").strip()


def value(material, city, index, group="low_income"):
    rows = material.results
    rows = rows[(rows["city"] == city) & (rows["index"] == index) & (rows["group"] == group) & (rows["year"] == 2015)]
    return rows[rows["scale_m"].isna() & rows["k"].isna()]["value"].iloc[0]


@LANGUAGES
def test_clustering_has_an_open_table(pages, many, language):
    told = section(pages[language])
    dimension = wording.dimension_name("clustering", language)
    heads, rows = table(re.sub(r"<details>.*?</details>", "", told, flags=re.S), f": {dimension}")
    assert heads[1:] == [wording.sentence_case(wording.index_name("morans_i", language))]
    turku = wording.city_name("Turku", language)
    assert rows[turku] == [wording.number(value(many, "Turku", "morans_i"), language, 3)]
    assert wording.text(language, "indices.no_expected") in told


@LANGUAGES
def test_other_dimensions_are_folded_with_their_expected_values(pages, many, language):
    folded = re.findall(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", section(pages[language]), re.S)
    names = [wording.sentence_case(wording.dimension_name(one, language)) for one in ("evenness", "exposure")]
    assert [summary for summary, _ in folded][:2] == [f"{names[0]} (3)", f"{names[1]} (1)"]
    heads, rows = table(folded[0][1], f": {wording.dimension_name('evenness', language)}")
    expected = wording.text(language, "indices.expected", index="D")
    titles = [wording.index_title(one, language) for one in ("dissimilarity", "gini", "information_theory")]
    titles = [wording.sentence_case(title) for title in titles]
    assert heads[1:] == [titles[0], expected, *titles[1:]]
    wanted = [wording.number(value(many, "Espoo", one), language, 3) for one in ("dissimilarity", "gini")]
    assert [rows["Esbo" if language == "sv" else "Espoo"][at] for at in (0, 2)] == wanted
    assert wording.text(language, "indices.as_it_is") in folded[0][1]


def test_clustering_that_is_not_chosen_is_folded(many, monkeypatch):
    monkeypatch.setattr(page_module, "SHOWN", ("spatial_proximity",))
    text = section(page(many, "en"))
    assert "<h4>Clustering</h4>" not in text and "<summary>Clustering (1)</summary>" in text


def test_caveats_stand_beside_the_numbers(pages):
    _, rows = table(section(pages["en"], "foreign-language"), ": evenness")
    for city in ("Lahti", "Joensuu", "Oulu"):
        assert all(words.startswith("–") for words in rows[city]), city
    assert not rows["Turku"][0].startswith("–")
    _, rows = table(section(pages["en"]), ": evenness")
    assert rows["Oulu"][2].startswith("–") and not rows["Oulu"][0].startswith("–")
    fold = re.search(r"<summary>Evenness.*?</details>", section(pages["en"], "foreign-language"), re.S)[0]
    for sentence in ("fewer than 100 members", "fewer than 20 cells", "More than 10% of the base population"):
        assert sentence in fold
    espoo = re.search(r'<th scope="row">Espoo\s*<sup>(.*?)</sup>', fold)[1]
    assert re.search(rf"<sup>{espoo}</sup> More than 10%", fold)
    assert "The index cannot be computed from these data." in section(pages["en"])


@LANGUAGES
def test_every_index_of_the_tables_is_explained_and_no_other(pages, language):
    text = pages[language]
    told = text[text.index('<h2 id="indices"') :]
    told = told[: told.index("</section>")].replace("&#39;", "'")
    explained = re.findall(r'<dt id="index-(.*?)">', told)
    assert explained == [
        "dissimilarity",
        "gini",
        "information-theory",
        "isolation",
        "morans-i",
    ]
    linked = set(re.findall(r'<th scope="col"><a href="#index-(.*?)">', text))
    assert linked == set(explained)
    for key in explained:
        meaning, caution = wording.index_meaning(key.replace("-", "_"), language)
        assert f"<dd>{meaning} {caution}</dd>" in told
    assert '<a href="#indices">' in text and "local-morans-i" not in text


def test_what_knows_margins_alone_has_no_column(many, monkeypatch):
    monkeypatch.setitem(REGISTRY, "gini", replace(REGISTRY["gini"], margin_only=True))
    assert not any("gini" in one.indices for one in sections(many))


def test_tables_are_numbered_without_gaps(pages, grid):
    for text in (*pages.values(), page(grid)):
        numbers = [int(number) for number in re.findall(r"<caption>\w+ (\d+)\.", text)]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("language", "heads", "notes"),
    [
        ("fi", ["Oma ruutu", "500 m", "2 000 m", "300 lähintä"], "biweight-ydinfunktio"),
        ("sv", ["Egen ruta", "500 meter", "2 000 meter", "300 närmaste"], "biweight-kärna"),
        ("en", ["Own cell", "500 metres", "2,000 metres", "300 nearest"], "biweight kernel"),
    ],
)
def test_scales_have_a_table_an_index(pages, many, language, heads, notes):
    told = section(pages[language])
    shown = re.sub(r"<details>.*?</details>", "", told, flags=re.S)
    for index, where in (("dissimilarity", shown), ("isolation", told)):
        title = wording.index_title(index, language).replace("'", "&#39;")
        found, rows = table(where, f": {title} ")
        assert found[1:] == heads
        wanted = [value(many, "Helsinki", index) * part for part in (1, 0.5, 0.25, 0.75)]
        assert rows[wording.city_name("Helsinki", language)] == [wording.number(one, language, 3) for one in wanted]
    assert len(re.findall(r"<details>\s*<summary>[^<]*</summary>", told)) == 1 + 2 and notes in told
    _, rows = table(section(pages[language], "foreign-language"), f": {wording.index_title('isolation', language)} ")
    assert all(words.startswith("–") for words in rows[wording.city_name("Lahti", language)])


def test_nearest_residents_that_are_everybody_are_marked(scaled):
    results = scaled.results.copy()
    own = (results["k"] == 300) & (results["city"] == "Turku") & (results["group"] == "low_income")
    results.loc[own, "note"] = "k nearest residents; k takes in the whole city"
    told = section(page(replace(scaled, results=results), "sv"))
    sentence = "De närmaste invånarna är alla stadens invånare"
    assert told.count(sentence) == 2, "once a table"
    tables = [one for one in re.findall(r"<table>.*?</table>", told, re.S) if "300 närmaste" in one]
    rows = [row for one in tables for row in re.findall(r"<tr>(.*?)</tr>", one, re.S)]
    marked = [_words(row.split("</th>")[0]) for row in rows if row.rstrip().endswith("<sup>a</sup></td>")]
    assert marked == ["Åbo"] * 2
    assert sentence not in section(page(scaled, "sv"))


def test_scales_without_a_profile_are_open(scaled):
    results = scaled.results
    one = results[(results["scale_m"] != 2000) & (results["index"] != "information_theory")]
    text = section(page(replace(scaled, results=one), "en"))
    assert "profile_" not in text
    shown = re.sub(r"<details>.*?</details>", "", text, flags=re.S)
    assert table(shown, ": index of dissimilarity (D) at")[0][1:] == ["Own cell", "500 metres", "300 nearest"]
    assert "isolation index (xPx) at several distances" in shown


def test_no_scales_no_table(many):
    assert "Oma ruutu" not in page(many) and "eri etäisyyksillä" not in page(many)


def test_the_scale_profile_is_of_d_or_else_of_what_there_is(scaled):
    plan = {output.name: output.render for output in report.plan(scaled)}
    name = "profile_dissimilarity_scale_m_low_income"
    assert f"figure {name}" in plan and not any("_k_" in each for each in plan)
    files = plan[f"figure {name}"]()
    data = pd.read_csv(io.BytesIO(files[f"figures/fi/{name}.csv"]))
    assert set(data["index"]) == {"dissimilarity"} and "k" not in data
    assert set(data["scale_m"].dropna()) == {500, 2000} and data["scale_m"].isna().sum() == 11
    (alt,) = re.findall(
        rf'<desc id="{name.replace("_", "-")}-said">(.*?)</desc>', rendered.page(report.plan(scaled)[0])
    )
    assert files[f"figures/fi/{name}.txt"].decode().splitlines()[0].endswith(alt)
    without = scaled.results[(scaled.results["index"] != "dissimilarity") | scaled.results["scale_m"].isna()]
    assert [one.profiled for one in sections(replace(scaled, results=without))] == ["gini"] * 2


def test_no_unpublished_number_is_in_a_profile_s_data(scaled):
    name = "profile_dissimilarity_scale_m_foreign_language"
    (render,) = [output.render for output in report.plan(scaled) if output.name == f"figure {name}"]
    data = pd.read_csv(io.BytesIO(render()[f"figures/en/{name}.csv"])).set_index("city")
    assert data.loc[["Lahti", "Joensuu"], "value"].isna().all() and data.loc["Lahti", "group_size"].isna().all()
    assert len(data.loc["Lahti"]) == 3 and data.loc["Turku", "value"].notna().all()


def test_other_figures_data_have_no_columns_of_scales(scaled):
    name = "ranking_dissimilarity_low_income"
    (render,) = [output.render for output in report.plan(scaled) if output.name == f"figure {name}"]
    head = render()[f"figures/en/{name}.csv"].decode().splitlines()[0].split(",")
    assert not {"scale_m", "k"} & set(head) and "value" in head
