"""The page's tables of thresholds, area types and accumulation, in three languages, with what may not be told."""

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest
from rendered import page_of

from segindex import wording
from segindex.report import types as types_module
from segindex.report.publication import publication
from segindex.schema import ACCUMULATION, SENSITIVITY, THRESHOLDS, TYPES, ordered
from segindex.tabulate.thresholds import NO_CUT_OFF, THRESHOLD_KEYS

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@pytest.fixture
def areas(grid):
    """The grid's edition with thresholds, types of two years and accumulation; Turku has one cell over 40 %."""
    cities = sorted(set(grid.results["city"]))
    rows = pd.DataFrame([(city, key) for city in cities for key in THRESHOLD_KEYS], columns=["city", "threshold"])
    rows = rows.assign(
        year=2015, classification="income", group="low_income", cut_off=0.234, cut_off_year=2013, n_cells=40,
        population_share=0.1234, expected_population_share=0.0456, unknown_share=0.021, group_share=0.3456,
        expected_group_share=0.0987, note="made-up data",
    )  # fmt: skip
    one = (rows["city"] == "Turku") & (rows["threshold"] == "over_40_percent")
    rows.loc[one, ["n_cells", "population_share"]] = 1, 0.4321
    none = (rows["city"] == "Vantaa") & (rows["threshold"] == "twice_the_city")
    rows.loc[none, ["cut_off", "population_share", "group_share"]] = np.nan
    rows.loc[none, "note"] = NO_CUT_OFF
    types = pd.DataFrame(
        [
            {"city": city, "year": year, "extent": extent, "type": kind, "residents_share": share, "note": ""}
            for city in cities
            for year, first in ((2013, 0.1), (2015, 0.1111))
            for extent in ("cities", "city")
            for kind, share in enumerate([0.0222, first, 0.2, 0.3, 0.2, 0.1], 0)
        ]
    ).assign(n_cells=9, residents=900)
    fourth = pd.DataFrame(
        [
            {"city": city, "year": 2015, "end": end, "n_dimensions": number, "residents_share": 0.2 + number / 100}
            for city in cities
            for end in ("worst", "best")
            for number in range(5)
        ]
    ).assign(
        dimensions="low_income unemployed", independent_share=0.05, unknown_share=0.0333, residents=90, note="",
        n_cells=9, n_unknown=9,
    )  # fmt: skip
    hangs = [
        {"city": city, "year": 2015, "changed": changed, "residents": 900, "changed_share": share, "note": ""}
        for city, more in zip(cities, range(len(cities)))
        for changed, share in (("persons drawn anew", 0.11 + more / 100), ("weight of unemployed doubled", 0.05))
    ]
    return replace(
        grid,
        sensitivity=ordered(pd.DataFrame(hangs), SENSITIVITY, ["city"]),
        thresholds=ordered(rows, THRESHOLDS, ["city"]),
        types=ordered(types, TYPES, ["city"]),
        accumulation=ordered(fourth, ACCUMULATION, ["city"]),
    )


def part(material, language, start):
    text = page_of(material, language)
    start = text.index(f'<section aria-labelledby="{start}"')
    return re.sub(r"\s+", " ", unescape(text[start : text.index("</section>", start)]))


def percents(language, *shares):
    words = [wording.percent(share, language) for share in shares]
    return re.sub(r"\s+", " ", f"{words[0]} ({words[1]})")


@LANGUAGES
def test_residents_and_members_over_a_threshold_stand_beside_chance(areas, language):
    text = part(areas, language, "group-low-income")
    assert percents(language, 0.1234, 0.0456) in text and percents(language, 0.3456, 0.0987) in text
    assert wording.text(language, "thresholds.heading") in text
    assert wording.text(language, "thresholds.twice_the_city", year=2013) in text
    assert re.sub(r"\s", " ", wording.percent(0.234, language)) in text, (
        "the cut-off of the tenth and the fifth is told"
    )
    assert re.sub(r"\s", " ", wording.text(language, "thresholds.remark", year=2013)) in text


@LANGUAGES
def test_one_cell_alone_is_not_told_and_a_missing_cut_off_has_its_reason(areas, language):
    text = part(areas, language, "group-low-income")
    assert wording.text(language, "thresholds.few", limit=3) in text
    assert re.sub(r"\s", " ", wording.percent(0.4321, language)) not in text
    assert wording.text(language, "note.no_cut_off") in text


def test_a_group_that_is_too_small_has_no_thresholds(areas):
    of_other = areas.thresholds.assign(group="foreign_language")
    text = part(replace(areas, thresholds=of_other), "en", "group-foreign-language")
    row = re.search(
        r"<tr>(?:(?!</tr>).)*Lahti(?:(?!</tr>).)*</tr>", text[text.index("Residents in areas over") :]
    ).group()
    assert "12.3" not in row, "Lahti has 64 members"


@LANGUAGES
def test_types_stand_beside_the_baseline_and_accumulation_beside_independence(areas, language):
    text = part(areas, language, "types")
    assert percents(language, 0.1111, 0.1) in text and percents(language, 0.0222, 0.0222) in text
    assert percents(language, 0.24, 0.05) in text
    shares = wording.percents(0.11, 0.11 + (len(set(areas.types["city"])) - 1) / 100, language, 0)
    said = re.sub(r"\s+", " ", wording.text(language, "types.chance", shares=shares))
    assert said in re.sub(r'<span class="range">(.*?)</span>', r"\1", text)
    for key in ("types.worst_remark", "types.best_remark", "types.independent"):
        assert re.sub(r"\s", " ", wording.text(language, key)) in text
    assert wording.group_name("unemployed", language) in text


@LANGUAGES
def test_sizes_of_surroundings_are_named_where_both_were_tried(areas, language):
    def said(*sizes):
        more = [{"changed": f"{size} nearest residents", "changed_share": 0.25} for size in sizes]
        rows = pd.concat([areas.sensitivity, pd.DataFrame(more, columns=["changed", "changed_share"])])
        return types_module._sensitivity(replace(areas, sensitivity=rows), language)[1]

    def words(key, high):
        return wording.text(language, key, shares=wording.percents(0.05, high, language, 0))

    assert said() == said(500) == words("types.chosen_in_place", 0.05)
    assert said(500, 2000) == words("types.chosen", 0.25)


def test_what_accumulates_in_one_or_two_cells_of_a_grid_is_not_told(areas):
    rows = areas.accumulation
    few = rows["city"].eq("Turku") & rows["end"].eq("worst") & rows["n_dimensions"].eq(4)
    rows = rows.assign(n_cells=rows["n_cells"].mask(few, 2), residents_share=rows["residents_share"].mask(few, 0.4321))
    unknown = rows["city"].eq("Vantaa")
    rows = rows.assign(
        n_unknown=rows["n_unknown"].mask(unknown, 1), unknown_share=rows["unknown_share"].mask(unknown, 0.087)
    )
    few_told = replace(areas, accumulation=rows)
    keys = ["city", "end", "n_dimensions"]
    found = publication(few_told)["accumulation"].set_index(keys)
    own = found.loc[("Turku", "worst")]
    assert own["refused"].tolist() == ["would_tell", "", "", "", "few_cells"], (
        "the shares make up one: another is left out"
    )
    assert own["residents_share"].isna().tolist() == [True, False, False, False, True]
    assert own["independent_share"].isna().all(), "a product of the shares of one cell is no less of it"
    assert found.loc[("Turku", "best"), ["residents_share", "independent_share"]].notna().all(axis=None)
    assert found.loc["Vantaa", "unknown_share"].isna().all() and found.loc["Turku", "unknown_share"].eq(0.033).all()
    text = part(few_told, "en", "types")
    assert "43.2" not in text and "8.7" not in text
    public = publication(replace(few_told, cell_size_m=None, cells=few_told.cells.assign(cell_size_m=np.nan)))
    assert public["accumulation"]["refused"].eq("").all(), "areas are public"


def test_a_break_between_the_years_is_told_beside_the_city(areas):
    said = areas.types.assign(note="break: areas entered since 2013: 15500")
    said.loc[(said["city"] != "Lahti") | (said["year"] == 2013), "note"] = ""
    text = part(replace(areas, types=said), "en", "types")
    assert text.count("15500") == 1 and re.search(r"Lahti(?:(?!</th>).)*<sup>", text)


def test_where_the_data_give_no_types_there_is_no_section(grid):
    assert 'id="types"' not in page_of(grid, "en")
