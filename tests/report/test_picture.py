"""The page's tables of both ends, of clusters that last, of scales with their corrected values, and of the blocks."""

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest
from rendered import page_of

from segindex import wording
from segindex.schema import BLOCKS, ENDS, LASTING, RESULTS, SCALES, ordered

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


def page(material, language="en"):
    return unescape(page_of(material, language))


def table_of(text, caption):
    """The rows of the table whose caption holds some words, as lists of plain words, and the text after it."""
    at = text.index(caption)
    end = text.index("</table>", at)
    rows = re.findall(r"<tr>(.*?)</tr>", re.sub(r"</?span[^>]*>", "", text[at:end]), re.S)
    cells = [re.split(r"</t[hd]>", row)[:-1] for row in rows]
    plain = [[re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", one)).strip(" \n") for one in row] for row in cells]
    return plain, text[end : end + 4000]


@pytest.fixture
def ends(grid):
    rows = []
    for city in sorted(set(grid.results["city"])):
        common = {
            "city": city,
            "year": 2015,
            "classification": "income_class",
            "cluster_size": 1.0,
            "hidden_share": 0.05,
        }
        for group, reference, value in (
            ("low_income", "rest", 0.2),
            ("high_income", "rest", 0.3),
            ("low_income", "high_income", 0.4),
        ):
            rows.append(
                common
                | {"measure": "dissimilarity", "group": group, "reference": reference, "value": value}
                | {"cluster_size": 1.7, "corrected": value - 0.05, "low": value - 0.06, "high": value - 0.04}
            )
        for measure, group, value in (
            ("ratio_90_10", "low_income", 2.34),
            ("ratio_90_10", "high_income", 3.21),
            ("lowest_end", "low_income", 0.111),
            ("highest_end", "high_income", 0.222),
        ):
            rows.append(common | {"measure": measure, "group": group, "value": value, "cut_off_year": 2013})
    rows += [{**row, "cluster_size": 1.0, "corrected": 0.9} for row in rows if row["measure"] == "dissimilarity"]
    rows += [{**row, "year": 2013, "value": 0.99} for row in rows]
    table = ordered(pd.DataFrame(rows).assign(population=900, n_cells=300, group_size=400), ENDS, ["city"])
    table.loc[table["measure"].isin(["lowest_end", "highest_end"]), "n_beyond"] = 30
    table.loc[(table["city"] == "Espoo"), "hidden_share"] = 0.137
    none = (table["city"] == "Turku") & (table["measure"] == "ratio_90_10")
    table.loc[none, "value"] = np.nan
    return replace(grid, ends=table)


@LANGUAGES
def test_both_ends_stand_side_by_side_with_what_they_are_worth(ends, language):
    text = page(ends, language)
    assert wording.text(language, "ends.heading") in text and 'href="#ends"' in text
    rows, after = table_of(text, wording.sentence_case(wording.classification_name("income_class", language)))
    helsinki = next(row for row in rows if row[0].startswith(wording.city_name("Helsinki", language)))
    say = lambda value, decimals=3: wording.number(value, language, decimals)  # noqa: E731
    assert helsinki[1:] == [
        *(f"{say(one)} ({say(one - 0.05)}; {say(one - 0.06)}–{say(one - 0.04)})" for one in (0.2, 0.3, 0.4)),
        say(2.34, 1),
        say(3.21, 1),
        wording.percent(0.111, language),
        wording.percent(0.222, language),
    ]
    turku = next(row for row in rows if row[0].startswith(wording.city_name("Turku", language)))
    assert turku[4].startswith("–") and turku[5].startswith("–")
    assert "2013" in after and wording.percent(0.1, language, 0) in after
    assert 'id="ends"' not in page(replace(ends, ends=None), language)


def test_ends_obey_the_limits_of_publishing_and_every_city_has_its_row(ends):
    table = ends.ends.copy()
    table.loc[(table["city"] == "Helsinki") & (table["group"] == "low_income"), "group_size"] = 99
    table.loc[table["city"] == "Vantaa", "n_cells"] = 19
    few = (table["city"] == "Lahti") & (table["measure"] == "lowest_end")
    table.loc[few, "n_beyond"] = 2
    table = table[(table["city"] != "Oulu") | (table["year"] == 2013)]
    rows, after = table_of(page(replace(ends, ends=table)), "Income class, both ends")
    told = {row[0].split()[0]: row[1:] for row in rows[1:]}
    dashed = {city: [cell.startswith("–") for cell in row] for city, row in told.items()}
    assert dashed["Helsinki"] == [True, False, True, True, False, True, False]
    assert all(dashed["Vantaa"]) and all(dashed["Oulu"])
    assert dashed["Lahti"] == [False] * 5 + [True, False]
    assert "Fewer than 3 cells are beyond the limit" in after
    none = table.assign(cut_off_year=pd.NA).astype({"cut_off_year": "Int64"})
    assert "the limits stay the same" not in page(replace(ends, ends=none))


@pytest.fixture
def lasting(grid):
    def of(city, id_, people, members=300, n_cells=30, n_years=2, start=30, **more):
        common = {"city": city, "group": "low_income", "id": id_, "n_years": n_years, "of_years": 2, "share": 0.3}
        now = {"year": 2015, "n_cells": n_cells, "population": people, "group_size": members}
        return [common | now | more, common | now | {"year": 2013, "population": people - 100, "n_cells": start} | more]

    rows = [
        *(row for place in range(7) for row in of("Helsinki", f"2013:h{place}", 1000 + place, name=f"Hill {place}")),
        *of("Helsinki", "2013:few", 1009, n_cells=19, name="Few"),
        *of("Helsinki", "2013:late", 1008, start=2, name="Late"),
        *of("Helsinki", "2013:small", 1007, members=99, name="Small"),
        *of("Helsinki", "2013:once", 9000, n_years=1, name="Once"),
        *of("Turku", "2013:t", 800),
        {
            "city": "Espoo",
            "group": "low_income",
            "id": "2012:e",
            "n_years": 2,
            "of_years": 2,
            "year": 2013,
            "share": 0.3,
        }
        | {"n_cells": 30, "population": 700, "group_size": 300, "name": "Early"},
    ]
    table = pd.DataFrame(rows).assign(classification="income", index="local_morans_i", cluster="high-high")
    return replace(
        grid, lasting=ordered(table, LASTING, ["city", "id", "year"]), clusters=of_class(grid, "Helsinki", 500, 9000)
    )


def of_class(material, city, n_cells, members):
    """The clusters of a material with other numbers of a city's high-high class."""
    clusters = material.clusters.copy()
    high = (clusters["cluster"] == "high-high") & (clusters["city"] == city)
    clusters.loc[high, ["n_cells", "group_size", "population"]] = n_cells, members, 10 * members
    return clusters


def clusters_of(material, language="en", city="Helsinki"):
    text = page(material, language)
    rows, after = table_of(text[text.index(f"<h4>{wording.text(language, 'lasting.heading')}</h4>") :], "<caption>")
    return [row[1:] for row in rows if row[0].startswith(wording.city_name(city, language))], after


@LANGUAGES
def test_lasting_clusters_are_the_largest_and_tell_no_more_than_may_be_told(lasting, language):
    rows, _ = clusters_of(lasting, language)
    assert [row[0] for row in rows] == ["Few", "Late", "Small", "Hill 6", "Hill 5"]
    assert [row[1].startswith("–") for row in rows] == [True, True, True, False, False]
    assert rows[3][1:3] == [wording.count(1006, language), wording.percent(0.3, language)]
    assert wording.count(906, language) in rows[3][3] and "2013" in rows[3][3]
    ((turku, *_),), _ = clusters_of(lasting, language, "Turku")
    assert "2013:t" in turku
    ((espoo, *_),), after = clusters_of(lasting, language, "Espoo")
    assert espoo.startswith("–") and wording.text(language, "caveat.no_rows") in after
    assert "Once" not in page(lasting, language)


@pytest.mark.parametrize(
    ("n_cells", "members", "told"),
    [(500, 9000, ["Hill 6", "Hill 5"]), (60, 600, ["Hill 6", "Hill 5"]), (62, 640, ["Hill 6"]), (61, 340, [])],
)
def test_what_is_left_of_the_class_is_nothing_or_large_enough(lasting, n_cells, members, told):
    rows, _ = clusters_of(replace(lasting, clusters=of_class(lasting, "Helsinki", n_cells, members)))
    assert [row[0] for row in rows if not row[1].startswith("–")] == told


def test_one_year_of_clusters_tells_of_no_lasting_ones(lasting):
    one = lasting.lasting.assign(of_years=1)
    heading = wording.text("en", "lasting.heading")
    assert heading in page(lasting) and f"<h4>{heading}" not in page(replace(lasting, lasting=one))


def test_where_the_class_is_withheld_so_are_the_numbers_of_its_clusters(lasting):
    rows, after = clusters_of(replace(lasting, clusters=of_class(lasting, "Helsinki", 10, 50)))
    assert len(rows) == 5 and all(cell.startswith("–") for row in rows for cell in row[1:])
    assert "too small" in after


def test_scales_show_the_corrected_value_named_areas_and_the_ratio(grid, madeup):
    latest = grid.results[grid.results["year"] == 2015]
    rows = madeup.scaled(latest, (("scale_m", 500, 0.5), ("scale_m", 2000, 0.25))).iloc[len(latest) :]
    results = pd.concat([grid.results, rows.assign(corrected=rows["value"] - 0.001)], ignore_index=True)
    areas = ordered(latest.assign(value=0.077, corrected=0.066, n_cells=9), RESULTS, ["city"])
    areas.loc[areas["city"] == "Turku", "n_cells"] = 4
    areas.loc[areas["city"] == "Vantaa", "note"] = "cells put together into areas; in no area: 12 cells"
    ratio = {"index": "dissimilarity", "group": "low_income", "reference": "rest", "kind": "scale_m", "micro": 500}
    ratios = pd.DataFrame(
        [ratio | {"city": city, "year": 2015, "macro": 2000, "ratio": 0.512} for city in ("Helsinki",)]
    )
    material = replace(
        grid,
        results=results,
        area_results=areas,
        scales=ordered(ratios.assign(population=1, group_size=1), SCALES, ["city"]),
    )
    rows, after = table_of(page(material), "Persons in the lowest income class: index of dissimilarity (D) at several")
    assert rows[0][1:] == ["Own cell", "500 metres", "2,000 metres", "Named areas", "2,000 m / 500 m"]
    helsinki = next(row for row in rows if row[0].startswith("Helsinki"))
    assert "(" in helsinki[2] and helsinki[4:] == ["0.077 (0.066)", "0.512"]
    espoo, turku = (next(row for row in rows if row[0].startswith(city)) for city in ("Espoo", "Turku"))
    assert espoo[5].startswith("–") and turku[4].startswith("–")
    assert "Inhabited cells in no named area, left out: 12." in after


def test_no_ratio_is_told_of_a_value_that_is_not_published(grid, madeup):
    latest = grid.results[grid.results["year"] == 2015]
    rows = madeup.scaled(latest, (("scale_m", 500, 0.5), ("scale_m", 2000, 0.25))).iloc[len(latest) :]
    ratio = {"index": "dissimilarity", "group": "foreign_language", "reference": "rest", "kind": "scale_m"}
    ratios = pd.DataFrame([ratio | {"city": city, "year": 2015, "ratio": 0.512} for city in ("Lahti", "Turku")])
    material = replace(
        grid,
        results=pd.concat([grid.results, rows], ignore_index=True),
        scales=ordered(ratios.assign(micro=500, macro=2000, population=1, group_size=1), SCALES, ["city"]),
    )
    found, _ = table_of(page(material), "Foreign-language speakers: index of dissimilarity (D) at several")
    told = {row[0].split()[0]: row[-1] for row in found[1:]}
    assert told["Turku"] == "0.512" and told["Lahti"].startswith("–")


@LANGUAGES
def test_every_block_is_there_or_says_why_not(grid, language):
    blocks = pd.DataFrame(
        [
            {"block": 1, "key": "frame", "given": True, "lacks": ""},
            {"block": 14, "key": "money", "lacks": "no_register"},
        ]
    )
    text = page(replace(grid, blocks=ordered(blocks.assign(given=[True, False]), BLOCKS, ["block"])), language)
    rows, _ = table_of(text, wording.text(language, "blocks.caption", n=0).split("0.")[1].strip())
    assert [row[0] for row in rows[1:]] == [wording.text(language, f"blocks.name_{key}") for key in ("frame", "money")]
    assert rows[1][1] == wording.text(language, "blocks.given")
    assert rows[2][1] == wording.text(language, "blocks.lacks_no_register")
