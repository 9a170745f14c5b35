"""The sentences say what the tables hold: every number, direction and reason, in three languages."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

from segindex import wording
from segindex.followup import Indicator, cards
from segindex.report import findings
from segindex.report.contents import sections
from segindex.report.spreads import side_by_side, spreads, standings_frame, standings_table
from segindex.report.tables import Counter
from segindex.report.types import area_types
from segindex.schema import ENDS, ordered
from segindex.verdict import STATUSES

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])
GROUPS = ("low_income", "foreign_language")
SIGNS = {"better": "−", "worse": "+"}


@pytest.fixture(scope="module")
def edition(grid, madeup):
    """The made-up grid with corrected values, changes of both groups and area types."""
    last = grid.results["year"] == 2015
    corrected = grid.results["value"] - 0.05
    results = grid.results.assign(
        corrected=corrected.where(last), low=(corrected - 0.004).where(last), high=(corrected + 0.006).where(last)
    )
    changes = pd.concat([madeup.changes(group=group, seed=seed) for seed, group in enumerate(GROUPS)])
    changes = changes.assign(q=0.01)
    turku = (changes["city"] == "Turku") & (changes["group"] == "low_income") & (changes["term"] == "corrected")
    changes.loc[turku, ["change", "low", "high", "q"]] = 0.03, 0.01, 0.05, 0.2
    ends = pd.DataFrame(
        {
            "city": ["Helsinki", "Turku", "Oulu"], "year": 2015, "release": "2018", "classification": "income_class",
            "measure": "dissimilarity", "group": "low_income", "reference": "high_income", "cluster_size": 1.0,
            "value": 0.4, "corrected": [0.31, 0.42, 0.27], "low": [0.3, 0.4, 0.2],
            "high": [0.33, 0.45, 0.3], "n_cells": [500, 500, 5],
            "population": 9000, "group_size": 4000, "hidden_share": 0.0, "note": "",
        }
    )  # fmt: skip
    more = {"results": results, "changes": changes, "types": madeup.types(), "types_year": 2013}
    return replace(grid, ends=ordered(ends, ENDS, ["city"]), **more)


@pytest.fixture(scope="module")
def found(edition):
    return {spread.city: spread for spread in spreads(edition, sections(edition), area_types(edition))}


def told(spread, edition, language):
    return " ".join(findings.paragraph(spread, edition, language))


def test_every_city_has_its_standings_in_the_programme_s_order(found, edition):
    assert list(found)[:3] == ["Helsinki", "Espoo", "Tampere"] and len(found) == 11
    assert [one.group for one in found["Turku"].standings] == list(GROUPS)
    one = found["Turku"].standing("low_income")
    row = edition.results[
        (edition.results["city"] == "Turku")
        & (edition.results["year"] == 2015)
        & (edition.results["group"] == "low_income")
    ].set_index("index")
    assert one.value == row["value"]["dissimilarity"] and one.isolation == row["value"]["isolation"]
    assert one.corrected == row["corrected"]["dissimilarity"] and one.low < one.corrected < one.high
    assert one.share == row["group_size"]["isolation"] / row["population"]["isolation"]
    assert (one.baseline, one.year) == (2013, 2015)


def test_the_status_is_that_of_the_change_in_the_table(found, edition):
    changes = edition.changes[edition.changes["term"] == "corrected"].set_index(["city", "group"])
    seen = set()
    for city, spread in found.items():
        for one in spread.standings:
            row = changes.loc[(city, one.group)]
            seen.add(one.status)
            if one.status in SIGNS:
                assert one.change == row["change"] and row["q"] <= 0.05
                assert (row["high"] < 0) == (one.status == "better") and (row["low"] > 0) == (one.status == "worse")
            elif one.status == "no_clear_change":
                assert row["low"] <= 0 <= row["high"] or row["q"] > 0.05
    assert seen == set(STATUSES)


def test_why_it_cannot_be_said(found):
    assert found["Kuopio"].standing("low_income").reason == "break"
    assert np.isnan(found["Kuopio"].standing("low_income").change), "no change is told across a break"
    assert found["Espoo"].standing("low_income").reason == "coverage"
    assert found["Lahti"].standing("foreign_language").reason == "small_group"
    assert found["Joensuu"].standing("foreign_language").reason == "few_cells"
    for city, group in (("Lahti", "foreign_language"), ("Joensuu", "foreign_language")):
        one = found[city].standing(group)
        assert np.isnan([one.value, one.corrected, one.isolation, one.share, one.group_size, one.change]).all()


def numbers(sentence, language):
    """The decimal numbers of a sentence, as they are written."""
    mark = "." if language == "en" else ","
    return re.findall(rf"[+−]?\d+{re.escape(mark)}\d+", sentence)


@LANGUAGES
def test_every_number_of_a_paragraph_stands_in_the_tables(found, edition, language):
    types = edition.types[(edition.types["extent"] == "cities") & (edition.types["type"].isin((1, 2, 0)))]
    for city, spread in found.items():
        allowed = set()
        for one in spread.standings:
            plain = (one.value, one.expected, one.corrected, one.low, one.high, one.isolation)
            allowed |= {wording.number(value, language, 3) for value in plain}
            allowed |= set(wording.change_and_ends(one.change, one.change_low, one.change_high, language).values())
            allowed |= {wording.percent(share, language) for share in (one.share, one.coverage)}
        own = types[types["city"] == city]
        for _, part in own.groupby("year"):
            shares = part.set_index("type")["residents_share"]
            allowed |= {wording.percent(share, language) for share in (shares[1] + shares[2], shares[0])}
        if spread.cluster_map is not None:
            rows = spread.cluster_map.classes.set_index("cluster").loc["high-high"]
            allowed |= {wording.percent(rows[name], language) for name in ("group_share", "population_share")}
        plain = {word.replace("%", "").strip() for word in allowed}
        assert set(numbers(told(spread, edition, language), language)) <= plain, city


@LANGUAGES
def test_direction_words_follow_the_sign_of_the_change(found, edition, language):
    for spread in found.values():
        said = findings.paragraph(spread, edition, language)
        for status, sign in SIGNS.items():
            own = [one for one in spread.standings if one.status == status]
            start = wording.table(language)[f"finding.{status}"].split("{")[0]
            sentences = [sentence for sentence in said if sentence.startswith(start)]
            assert len(sentences) == bool(own)
            for one in own:
                name = wording.group_name(one.group, language)
                ends = wording.change_and_ends(one.change, one.change_low, one.change_high, language)
                change = ends["change"]
                assert float(ends["low"].replace(",", ".").replace("−", "-")) != 0
                assert change.startswith(sign) and f"({change}; " in sentences[0] and name in sentences[0]


@LANGUAGES
def test_reasons_and_caveats_are_told(found, edition, language):
    say = {key: wording.text(language, f"finding.why_{key}") for key in ("break", "coverage")}
    assert say["break"] in told(found["Kuopio"], edition, language)
    assert say["coverage"] in told(found["Espoo"], edition, language)
    foreign = wording.text(language, "finding.name", group=wording.group_name("foreign_language", language))
    assert wording.text(language, "finding.refused", list=foreign) in told(found["Lahti"], edition, language)
    assert "64" not in told(found["Lahti"], edition, language), "the size of a group that is too small"
    low = wording.percent(0.863, language)
    assert low in told(found["Espoo"], edition, language)
    for spread in found.values():
        said = findings.paragraph(spread, edition, language)
        assert said[0] == wording.text(language, "finding.made_up")
        assert said[-1] == wording.text(language, "finding.causes")


@LANGUAGES
def test_a_place_among_the_cities_counts_intervals_that_do_not_overlap(found, edition, language):
    spread = found["Turku"]
    one = spread.standing("low_income")
    others = [other.standing("low_income") for city, other in found.items() if city != "Turku"]
    above, below = sum(other.high < one.low for other in others), sum(other.low > one.high for other in others)
    assert above and below
    words = wording.text(language, "finding.place", n=10, above=above, below=below)
    assert words in told(spread, edition, language)


@LANGUAGES
def test_the_summary_counts_what_the_standings_say(found, edition, language):
    said = findings.summary(list(found.values()), edition, language)
    every = [one for spread in found.values() for one in spread.standings]
    counts = {status: sum(one.status == status for one in every) for status in STATUSES}
    assert wording.text(language, "finding.compared", n=len(every), **counts) in said
    for status in SIGNS:
        cities = [
            wording.city_name(city, language)
            for city, spread in found.items()
            if spread.standing("low_income").status == status
        ]
        name = wording.group_name("low_income", language)
        words = wording.text(language, f"finding.group_{status}", group=name, cities=findings.listed(cities, language))
        assert (words in said) == bool(cities)


@LANGUAGES
def test_the_ends_of_a_range_are_named_only_where_their_intervals_do_not_overlap(found, edition, language):
    said = " ".join(findings.summary(list(found.values()), edition, language))
    known = {city: spread.standing("low_income") for city, spread in found.items()}
    lowest, highest = (pick(known, key=lambda city: known[city].corrected) for pick in (min, max))
    assert wording.in_city(lowest, language) in said and wording.in_city(highest, language) in said
    wide = edition.results.assign(low=edition.results["low"] - 0.5, high=edition.results["high"] + 0.5)
    wider = replace(edition, results=wide)
    said = " ".join(findings.summary(spreads(wider, sections(wider), None), wider, language))
    start = wording.table(language)["finding.range_overlap"].split("{low}")[0]
    name = wording.group_name("low_income", language)
    assert start.format(group=name) in said


@LANGUAGES
def test_a_city_of_many_unknown_types_is_no_end_of_their_range(edition, language):
    """Lahti's share of types 1 and 2 would be the smallest, as nearly all of it is unknown."""
    rows = edition.types.assign(residents_share=[0.1, 0.2, 0.2, 0.2, 0.2, 0.1] * (len(edition.types) // 6))
    lahti = rows["city"] == "Lahti"
    rows.loc[lahti, "residents_share"] = rows["type"][lahti].map({0: 0.95} | dict.fromkeys(range(1, 6), 0.01))
    rows.loc[(rows["city"] == "Turku") & rows["type"].eq(1), "residents_share"] = 0.15
    vague = replace(edition, types=rows)
    found = spreads(vague, sections(vague), area_types(vague))
    (said,) = (one for one in findings.summary(found, vague, language) if "(1–2)" in one)
    assert wording.in_city("Lahti", language) not in said and wording.in_city("Turku", language) in said
    limit = wording.percent(0.1, language, 0)
    assert said.endswith(wording.text(language, "finding.types_vague", limit=limit, n=1))


@LANGUAGES
@pytest.mark.parametrize("unknown", [0, 9])
def test_no_clear_change_in_one_city_is_not_that_of_all(found, edition, language, unknown):
    status = [*["no_clear_change"] * 2, *["cannot_say"] * unknown]
    given = [replace(spread.standing("low_income"), status=one) for spread, one in zip(found.values(), status)]
    given = [replace(spread, standings=(one,)) for spread, one in zip(found.values(), given)]
    said = " ".join(findings.summary(given, edition, language))
    words = {"group": wording.group_name("low_income", language)}
    key = "group_neither_known" if unknown else "group_neither"
    counts = {"no_clear_change": 2, "cannot_say": unknown} if unknown else {}
    assert wording.text(language, f"finding.{key}", **words, **counts) in said
    alone = " ".join(findings.summary(given[:1], edition, language))
    place = wording.in_city(given[0].city, language)
    assert wording.text(language, "finding.group_neither_one", **words, in_city=place) in alone
    assert wording.text(language, "finding.scope_one", city=wording.city_name(given[0].city, language)) in alone


@LANGUAGES
def test_a_group_without_data_is_not_said_to_be_too_small(found, edition, language):
    assert found["Oulu"].standing("foreign_language").refused == "no_rows"
    foreign = wording.text(language, "finding.name", group=wording.group_name("foreign_language", language))
    said = findings.paragraph(found["Oulu"], edition, language)
    assert wording.text(language, "finding.no_rows", list=foreign) in said
    assert wording.text(language, "finding.refused", list=foreign) not in said


@LANGUAGES
def test_a_coverage_that_is_not_known_is_not_said_to_be_low(edition, language):
    strange = replace(edition, coverage=edition.coverage.assign(coverage=np.nan))
    turku = next(one for one in spreads(strange, sections(strange), None) if one.city == "Turku")
    assert turku.standing("low_income").reason == "coverage_unknown"
    assert wording.text(language, "finding.why_coverage_unknown") in told(turku, strange, language)
    marks = standings_table(turku, strange, language, Counter()).notes.values()
    assert wording.text(language, "status.reason_coverage_unknown") in marks


@LANGUAGES
@pytest.mark.parametrize("coverage, share", [(0.8996, 0.899), (0.8387, 0.839)])
def test_a_coverage_is_rounded_as_in_the_tables_but_not_up_to_the_limit(edition, language, coverage, share):
    low = replace(edition, coverage=edition.coverage.assign(coverage=coverage))
    turku = next(one for one in spreads(low, sections(low), None) if one.city == "Turku")
    assert wording.percent(share, language) in told(turku, low, language)


@LANGUAGES
def test_the_ends_of_incomes_leave_out_what_is_not_published(found, edition, language):
    said = findings.summary(list(found.values()), edition, language)
    number = partial(wording.number, language=language, decimals=3)
    words = {"low": number(0.31), "high": number(0.42), "year": 2015}
    intervals = {"low_from": number(0.3), "low_to": number(0.33), "high_from": number(0.4), "high_to": number(0.45)}
    places = {"lowest": wording.in_city("Helsinki", language), "highest": wording.in_city("Turku", language)}
    told = wording.text(language, "finding.ends_range", **words, **intervals, **places)
    assert any(one.startswith(told) for one in said), "Oulu has five cells"
    wide = replace(edition, ends=edition.ends.assign(low=0.2, high=0.5))
    said = findings.summary(list(found.values()), wide, language)
    assert wording.text(language, "finding.ends_overlap", **words) in said


@LANGUAGES
def test_cities_that_cannot_be_told_from_the_end_of_a_range_are_counted(edition, language):
    rows = edition.results[(edition.results["index"] == "dissimilarity") & (edition.results["group"] == "low_income")]
    rows = rows[rows["low"].notna()].sort_values("corrected")
    second, lowest, highest = rows.iloc[1], rows.iloc[0], rows.iloc[-1]
    low = edition.results["low"].mask(edition.results.index == second.name, lowest["high"])
    results = replace(edition, results=edition.results.assign(low=low))
    said = findings.summary(spreads(results, sections(results), None), results, language)
    others = rows.assign(low=low.loc[rows.index]).iloc[1:-1]
    counts = {
        "low": int((others["low"] <= lowest["high"]).sum()),
        "high": int((others["high"] >= highest["low"]).sum()),
    }
    beside = wording.text(language, "finding.range_beside", **counts)
    assert counts["low"] and any(one.endswith(beside) for one in said)


@LANGUAGES
def test_the_tables_have_a_row_a_group_and_a_word_a_status(found, edition, language):
    table = standings_table(found["Turku"], edition, language, Counter())
    assert len(table.rows) == 2 and {len(row) for row in table.rows} == {len(table.head)}
    status = found["Turku"].standing("low_income").status
    assert table.rows[0][-1].words == wording.text(language, f"status.{status}")
    assert table.rows[0][-1].marks, "the interval alone leaves out 0, but q is 0.2"
    overview, low_income, foreign = side_by_side(list(found.values()), edition, language, Counter())
    assert len(low_income.rows) == len(foreign.rows) == 11
    for row, group in zip(overview.rows, GROUPS):
        for cell, kind in zip(row[1:], STATUSES):
            cities = [city for city, spread in found.items() if spread.standing(group).status == kind]
            names = ", ".join(wording.city_name(city, language) for city in cities)
            assert cell.words == (names or wording.NO_VALUE)
    lahti = next(row for row in foreign.rows if row[0].words == wording.city_name("Lahti", language))
    assert {cell.words for cell in lahti[1:-1]} == {wording.NO_VALUE}


@LANGUAGES
def test_a_figure_s_text_is_that_of_its_file(found, edition, language):
    spread = found["Helsinki"]
    assert set(spread.figures) == {"types", "clusters", "trends", "change"}
    for kind, name in spread.figures.items():
        if name:
            title, words = spread.figure_text(kind, language)
            assert title in words and wording.city_name("Helsinki", language) in title
    counts = standings_frame(spread)["status"].value_counts()
    title, _ = spread.figure_text("change", language)
    for status, n in counts.items():
        assert f"{wording.text(language, f'status.{status}')} {n}" in title


def test_one_year_alone_tells_of_no_change(areas):
    (helsinki, _) = spreads(areas, sections(areas), None)
    (one,) = helsinki.standings
    assert (one.status, one.reason, one.baseline) == ("cannot_say", "one_year", None)
    assert helsinki.figures["change"] == "" and helsinki.figures["types"] == ""
    assert wording.text("fi", "finding.why_one_year") in told(helsinki, areas, "fi")
    assert "postinumeroalueella" in told(helsinki, areas, "fi")


SAME = {
    "year": "year", "baseline": "baseline_year", "value": "as_it_is", "expected": "expected", "corrected": "value",
    "low": "low", "high": "high", "share": "group_share", "change": "change", "change_low": "change_low",
    "change_high": "change_high", "q": "q", "status": "status", "reason": "reason", "refused": "refused",
}  # fmt: skip


def test_cards_of_the_follow_up_say_what_the_standings_say(found, edition):
    tables = {name: getattr(edition, name) for name in ("results", "coverage", "changes", "cells")}
    indicators = [Indicator(group, "index", "dissimilarity", group) for group in GROUPS]
    told = cards(indicators, tables, baseline=edition.baseline).set_index(["indicator", "city"])
    standings = {(one.group, spread.city): one for spread in found.values() for one in spread.standings}
    assert set(told.index) == set(standings) and len(standings) == 22
    assert len(set(told["status"])) > 2 and len(set(told["reason"])) > 3
    for key, one in standings.items():
        for here, there in SAME.items():
            value = told.loc[key, there]
            same = getattr(one, here) == value or (pd.isna(getattr(one, here)) and pd.isna(value))
            assert same, (key, here, getattr(one, here), value)
