"""The page's tables of both ends, of clusters that last, of scales with their corrected values, and of the blocks."""

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest

from segindex import wording
from segindex.report.contents import sections
from segindex.report.page import render_page
from segindex.schema import BLOCKS, ENDS, LASTING, RESULTS, SCALES, ordered

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


def page(material, language="en"):
    made = render_page(material, tuple(sections(material)), language)
    return unescape(next(iter(made.values())).decode())


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
    table = ordered(pd.DataFrame(rows).assign(population=900), ENDS, ["city"])
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


@pytest.fixture
def lasting(grid):
    def of(city, id_, people, members=300, n_cells=9, n_years=2, **more):
        common = {"city": city, "group": "low_income", "id": id_, "n_years": n_years, "of_years": 2, "share": 0.3}
        now = {"year": 2015, "n_cells": n_cells, "population": people, "group_size": members}
        return [common | now | more, common | now | {"year": 2013, "population": people - 100} | more]

    rows = [
        *(row for place in range(7) for row in of("Helsinki", f"2013:h{place}", 1000 + place, name=f"Hill {place}")),
        *of("Helsinki", "2013:few", 9000, n_cells=2, name="Few"),
        *of("Helsinki", "2013:small", 9000, members=99, name="Small"),
        *of("Helsinki", "2013:once", 9000, n_years=1, name="Once"),
        *of("Turku", "2013:t", 800),
    ]
    table = pd.DataFrame(rows).assign(classification="income", index="local_morans_i", cluster="high-high")
    return replace(grid, lasting=ordered(table, LASTING, ["city", "id", "year"]))


@LANGUAGES
def test_lasting_clusters_are_the_largest_that_may_be_told(lasting, language):
    text = page(lasting, language)
    caption = wording.text(language, "lasting.heading")
    rows, _ = table_of(text[text.index(f"<h3>{caption}</h3>") :], "<caption>")
    helsinki = [row for row in rows if row[0] == wording.city_name("Helsinki", language)]
    assert [row[1] for row in helsinki] == [f"Hill {place}" for place in (6, 5, 4, 3, 2)]
    assert helsinki[0][2:4] == [wording.count(1006, language), wording.percent(0.3, language)]
    assert wording.count(906, language) in helsinki[0][4] and "2013" in helsinki[0][4]
    (turku,) = [row for row in rows if row[0] == wording.city_name("Turku", language)]
    assert "2013:t" in turku[1]
    assert not any(word in text for word in ("Few", "Small<", "Once"))


def test_where_the_class_is_withheld_so_are_the_numbers_of_its_clusters(lasting):
    clusters = lasting.clusters.copy()
    high = (clusters["cluster"] == "high-high") & (clusters["city"] == "Helsinki")
    clusters.loc[high, ["group_size", "n_cells"]] = 50, 10
    text = page(replace(lasting, clusters=clusters))
    rows, after = table_of(text[text.index("<h3>Clusters that last</h3>") :], "<caption>")
    helsinki = [row for row in rows if row[0] == "Helsinki"]
    assert [row[1] for row in helsinki] == [f"Hill {place}" for place in (6, 5, 4, 3, 2)]
    assert all(cell.startswith("–") for row in helsinki for cell in row[2:]) and "too small" in after
    assert "1,006" not in text


def test_one_year_of_clusters_tells_of_no_lasting_ones(lasting):
    one = lasting.lasting.assign(of_years=1)
    heading = wording.text("en", "lasting.heading")
    assert heading in page(lasting) and f"<h3>{heading}" not in page(replace(lasting, lasting=one))


def test_scales_show_the_corrected_value_named_areas_and_the_ratio(grid, madeup):
    latest = grid.results[grid.results["year"] == 2015]
    rows = madeup.scaled(latest, (("scale_m", 500, 0.5), ("scale_m", 2000, 0.25))).iloc[len(latest) :]
    results = pd.concat([grid.results, rows.assign(corrected=rows["value"] - 0.001)], ignore_index=True)
    areas = ordered(latest.assign(value=0.077, corrected=0.066), RESULTS, ["city"])
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
    rows, _ = table_of(page(material), "Persons in the lowest income class: index of dissimilarity (D) at several")
    assert rows[0][1:] == ["Own cell", "500 metres", "2,000 metres", "Named areas", "2,000 m by 500 m"]
    helsinki = next(row for row in rows if row[0].startswith("Helsinki"))
    assert "(" in helsinki[2] and helsinki[4:] == ["0.077 (0.066)", "0.512"]
    espoo = next(row for row in rows if row[0].startswith("Espoo"))
    assert espoo[5].startswith("–")


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
