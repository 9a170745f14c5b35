"""The tables of all groups at once: by classification and dimension, named, refused and marked as the others are."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from report.test_indices_on_the_page import PLACE, page, table

from segindex import wording
from segindex.report.together import together

GROUPS = "groups: low_income, high_income, rest"
ORDER = "ascending: low_income, rest, high_income"
DECAY = "exponential kernel, 1000 m"
INDICES = {
    "multigroup_dissimilarity": GROUPS,
    "mutual_information": GROUPS,
    "multigroup_spatial_proximity": f"{GROUPS}; {DECAY}",
    "ordinal_information_theory": f"{GROUPS}; {ORDER}",
    "rank_order_information_theory": f"{GROUPS}; {ORDER}; rank-order fit of order 3, standard error 0.0123",
}


@pytest.fixture(scope="module")
def every(grid):
    """The grid's edition with rows of all income classes at once."""
    own = grid.results
    own = own[(own["index"] == "dissimilarity") & (own["group"] == "low_income")]
    own = own.assign(group="all", reference="", group_size=own["population"], expected=np.nan)
    rows = [own.assign(index=index, note=note, value=own["value"] / 2) for index, note in INDICES.items()]
    return replace(grid, results=pd.concat([grid.results, *rows], ignore_index=True))


@pytest.fixture(scope="module")
def told(every):
    return {language: part(page(every, language)) for language in PLACE}


def part(text):
    start = text.index('<h2 id="together"')
    return text[start : text.index("</section>", start)]


def changed(material, where, **values):
    """The edition with other values in the rows of all groups of a city."""
    results = material.results.copy()
    at = (results["group"] == "all") & where(results)
    for name, one in values.items():
        results.loc[at, name] = one
    return replace(material, results=results)


@pytest.mark.parametrize(
    ("language", "heading", "caption", "order"),
    [
        (
            "fi",
            "Kaikki ryhmät yhdessä",
            r"Taulukko \d+\. Tuloluokka, kaikki ryhmät yhdessä: useat ryhmät vuonna 2015\. Ryhmät: alimpaan "
            "tuloluokkaan kuuluvat, ylimpään tuloluokkaan kuuluvat, muut\\.",
            "järjestetyt ryhmät vuonna 2015. Ryhmät alimmasta ylimpään: alimpaan tuloluokkaan kuuluvat, muut, ",
        ),
        (
            "sv",
            "Alla grupper tillsammans",
            r"Tabell \d+\. Inkomstklass, alla grupper tillsammans: flera grupper år 2015\. Grupper: personer i den "
            "lägsta inkomstklassen, personer i den högsta inkomstklassen, övriga\\.",
            "ordnade grupper år 2015. Från den lägsta gruppen till den högsta: personer i den lägsta inkomst",
        ),
        (
            "en",
            "All groups at once",
            r"Table \d+\. Income class, all groups at once: several groups, 2015\. Groups: persons in the lowest "
            "income class, persons in the highest income class, others\\.",
            "ordered groups, 2015. From the lowest group to the highest: persons in the lowest income class, others",
        ),
    ],
)
def test_a_folded_table_a_dimension_names_the_groups(every, told, language, heading, caption, order):
    own = told[language]
    assert f'<h2 id="together">{heading}</h2>' in own
    assert f'<a href="#together">{heading}</a>' in page(every, language)
    assert re.search(f"<caption>{caption}</caption>", own)
    assert order in own
    assert own.count("<table>") == own.count("<details>") == 3
    assert "<table>" not in re.sub(r"<details>.*?</details>", "", own, flags=re.S)
    heads, rows = table(own, order.split(".")[0])
    titles = [wording.index_title(key, language) for key in list(INDICES)[3:]]
    assert heads[1:] == [wording.sentence_case(title) for title in titles]
    results = every.results
    wanted = results[(results["city"] == "Turku") & (results["year"] == 2015) & (results["group"] == "all")]
    wanted = wanted.set_index("index")["value"]["ordinal_information_theory"]
    assert rows[wording.city_name("Turku", language)] == [wording.number(wanted, language, 3)] * 2


def test_each_index_is_explained(every, told):
    text = page(every, "en")
    for link in re.findall(r'href="#(index-[\w-]+)"', told["en"]):
        assert text.count(f'<dt id="{link}">') == 1
    assert 'id="index-multigroup-dissimilarity"' in text


def test_the_groups_are_told_once_and_what_is_of_one_index_at_it(told):
    assert "protected in the same way" not in told["en"] and "Order of the groups" not in told["en"]
    ordered = told["en"][told["en"].index("ordered groups, 2015") :]
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", ordered)
    assert [bool(re.search("<sup>a</sup>", head)) for head in heads[:3]] == [False, False, True]
    assert "the standard error of the fit is 0.0123." in ordered
    assert ordered.count("<sup>a</sup>") == 1 + 1, "at the head, and where it is told"
    clustering = told["en"][told["en"].index("clustering, 2015") : told["en"].index("several groups, 2015")]
    assert len(re.findall(r"<sup>a\b", clustering)) == 11 + 1, "of one index alone it is said of the city"


def test_a_note_of_some_values_is_at_them(every):
    found = changed(
        every,
        lambda rows: (rows["city"] == "Turku") & (rows["index"] == "rank_order_information_theory"),
        note=INDICES["rank_order_information_theory"].replace("0.0123", "0.0456"),
    )
    own = part(page(found, "en"))
    ordered = own[own.index("ordered groups, 2015") :]
    (turku,) = [row for row in re.findall(r"<tr>(.*?)</tr>", ordered, re.S) if ">Turku" in row]
    assert re.search(r"<td>[\d.]+</td><td>[\d.]+\s*<sup>\w</sup></td>", turku.replace("\n", ""))
    assert "is 0.0456." in ordered and "is 0.0123." in ordered


def test_a_group_that_is_too_small_keeps_all_groups_unpublished(every):
    results = every.results.copy()
    results.loc[(results["city"] == "Lahti") & (results["group"] == "low_income"), "group_size"] = 64
    own = part(page(replace(every, results=results), "sv"))
    _, rows = table(own, "flera grupper år 2015")
    assert all(words.startswith("–") for words in rows["Lahtis"])
    assert not any(words.startswith("–") for words in rows["Åbo"])
    assert "Någon av grupperna har färre än 100 medlemmar: siffran publiceras inte." in own


def test_few_cells_no_rows_and_undefined_values_are_dashes(every):
    found = changed(every, lambda rows: rows["city"] == "Joensuu", n_cells=19)
    found = changed(found, lambda rows: rows["city"] == "Oulu", value=np.nan, note=f"{GROUPS}; undefined")
    results = found.results
    found = replace(found, results=results[(results["city"] != "Kuopio") | (results["year"] < 2015)])
    own = part(page(found, "en"))
    _, rows = table(own, "several groups, 2015")
    assert [city for city, cells in rows.items() if cells[0].startswith("–")] == ["Oulu", "Kuopio", "Joensuu"]
    for sentence in ("There are fewer than 20 cells", "There are no data on the city", "cannot be computed from these"):
        assert sentence in own


def test_an_index_that_one_city_lacks_is_not_told_as_a_city_without_data(every):
    results = every.results
    found = replace(every, results=results[(results["city"] != "Kuopio") | (results["index"] != "mutual_information")])
    own = part(page(found, "en"))
    assert "it may need the place, land area or neighbours of every area" in own
    assert "There are no data on the city" not in own


def test_much_that_is_hidden_is_said(told):
    espoo = re.findall(r">Espoo\s*<sup>(.*?)</sup>", told["en"])
    assert len(espoo) == 3
    assert "More than 10% of the base population live in protected cells" in told["en"]


def test_a_city_with_other_groups_names_them(every):
    found = changed(every, lambda rows: rows["city"] == "Vantaa", note="groups: low_income, high_income")
    own = part(page(found, "en"))
    assert own.count("The groups of this row are: persons in the lowest income class, persons in the highest") == 3
    assert own.count("<table>") == 3, "a rest that nobody is in makes no table of its own"
    (turku,) = {
        bool(mark) for mark in re.findall(r">Turku\s*(<sup>)?", own[own.index("several groups, 2015") :][:3000])
    }
    assert not turku


def test_sets_of_groups_have_tables_of_their_own(every):
    other = every.results[(every.results["group"] == "all") & (every.results["year"] == 2013)]
    other = other.assign(year=2015, note="groups: a, b, c", release=other["release"].max())
    found = together(replace(every, results=pd.concat([every.results, other], ignore_index=True)))
    assert [one.groups for one in found] == [("a", "b", "c"), ("low_income", "high_income", "rest")]
    assert [one.year for one in found] == [2015, 2015]


def test_an_index_of_earlier_years_alone_has_no_column(every):
    results = every.results
    kept = (results["index"] != "mutual_information") | (results["year"] < 2015)
    (found,) = together(replace(every, results=results[kept]))
    assert set(found.indices) == set(INDICES) - {"mutual_information"}
    assert {year for rows in found.indices.values() for year in rows["year"]} == {2015}


def test_no_rows_no_tables(grid):
    assert together(grid) == ()
    text = page(grid, "en")
    assert 'id="together"' not in text and "#together" not in text


def test_tables_are_numbered_without_gaps(every):
    numbers = [int(number) for number in re.findall(r"<caption>\w+ (\d+)\.", page(every, "fi"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_group_tables_mark_a_column_at_its_head(every):
    own = every.results[(every.results["index"] == "dissimilarity") & (every.results["group"] == "low_income")]
    more = [
        own.assign(index=index, expected=np.nan, note=note)
        for index, note in (("morans_i", ""), ("spatial_proximity", DECAY))
    ]
    text = page(replace(every, results=pd.concat([every.results, *more], ignore_index=True)), "en")
    clustering = text[text.index("class: clustering, 2015") :]
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", clustering)[:3]
    assert [head.endswith("<sup>a</sup>") for head in heads] == [False, False, True]
    assert "<sup>a</sup> Nearness falls with distance d" in clustering
