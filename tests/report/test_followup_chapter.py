"""The chapter on the follow-up: every status, reason, trend and refusal in words and numbers, on page and in PDF."""

import html
import io
import re
from dataclasses import replace

import made_followup
import numpy as np
import page as pdf_rules
import pandas as pd
import pypdf
import pytest
from chromium import chromium
from rendered import figure_words, rendered
from report import browser as tool

from segindex import report, wording
from segindex.facts import Names
from segindex.figures import draw_followup_points, draw_followup_status, followup_alt
from segindex.limits import REFUSALS
from segindex.report import document, followup_published, typesetting
from segindex.report.contents import sections
from segindex.report.followup import followed, with_measured
from segindex.report.followup_chapter import followup_chapter
from segindex.report.publication import COLUMNS, publication
from segindex.report.single import chosen_figures
from segindex.report.spreads import spreads
from segindex.report.tables import Counter
from segindex.report.types import area_types
from segindex.report.workbook import render_workbook
from segindex.verdict import STATUSES

EVERY = pytest.mark.parametrize("language", ["fi", "sv", "en"])
DRAWN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 532.8 420.5"><rect width="500" height="400"/></svg>'
REASONS = ("break", "coverage", "no_interval", "no_rows", "small_group", "few_cells")


@pytest.fixture
def material(with_followup):
    """The grid's edition with a follow-up."""
    return with_followup


@pytest.fixture(scope="module")
def small(with_followup):
    """The same follow-up with the results of two cities, for what is made of the whole report."""
    frames = {name: getattr(with_followup, name) for name in ("results", "coverage", "clusters", "cells")}
    cities = ("Helsinki", "Lahti")
    return replace(with_followup, **{name: rows[rows["city"].isin(cities)] for name, rows in frames.items()})


@pytest.fixture(scope="module")
def chapters(with_followup):
    """The chapter in each language."""
    told = with_measured(with_followup)
    return {language: followup_chapter(told, language, Counter())[0] for language in ("fi", "sv", "en")}


def tables(chapter):
    return [part.table for part in chapter.parts if part.kind == "table"]


def words(table):
    """The words of a table's cells, without the letters of its notes: {first cell: the others}."""
    return {row[0].words: [cell.words for cell in row[1:]] for row in table.rows}


def said(table, row, column):
    """The notes that are marked at a cell, of its row and column from 0."""
    return [table.notes[letter] for letter in table.rows[row][column].marks]


def texts(chapter):
    """Everything that the chapter says."""
    found = []
    for part in chapter.parts:
        found += [part.words, *part.items, part.told]
        for table in [part.table] if part.table is not None else []:
            found += [table.caption, *table.head, *table.remarks, *table.notes.values()]
            found += [cell.words for row in table.rows for cell in row]
    return " ".join(found)


@EVERY
def test_the_overview_tells_each_status_by_word_and_shape(chapters, material, language):
    table = tables(chapters[language])[0]
    cards = material.programme["followup_cards"].set_index(["city", "indicator"])
    for row, city in enumerate(made_followup.CITIES):
        for column, one in enumerate(made_followup.INDICATORS, start=1):
            card, cell = cards.loc[(city, one.key)], table.rows[row][column]
            rose = card["change"] > 0
            shape = {"no_clear_change": "○", "cannot_say": "×"}.get(card["status"], "▲" if rose else "▼")
            word = wording.text(language, f"status.{card['status']}")
            assert cell.words == f"{word} {shape}"
            told = said(table, row, column)
            if card["status"] == "cannot_say":
                assert told == [wording.text(language, f"followup.why.{card['reason']}")]
            else:
                assert len(told) == (city == "Vantaa"), "the interval leaves out zero, and it is no clear change"


def test_every_status_and_reason_is_there(material):
    cards = material.programme["followup_cards"]
    assert set(cards["status"]) == set(STATUSES)
    assert set(cards["reason"]) >= set(REASONS)
    assert set(cards["trend"]) == {"rising", "falling", "no_trend", ""}
    assert set(cards["on_path"]) == {"ahead", "on_path", "behind", "cannot_say", ""}


@EVERY
def test_the_counts_are_those_of_the_cards(chapters, material, language):
    table = tables(chapters[language])[1]
    cards = material.programme["followup_cards"]
    found = followed(material)
    for row, one in zip(table.rows, made_followup.INDICATORS, strict=True):
        own = cards[cards["indicator"] == one.key]
        assert row[0].words == wording.sentence_case(found.names[one.key].in_(language))
        assert row[1].words == wording.text(language, f"followup.table.wanted_{one.wanted}")
        assert [int(cell.words) for cell in row[2:]] == [int((own["status"] == status).sum()) for status in STATUSES]
    title = chapters[language].parts[0].words
    for status in STATUSES:
        assert re.search(rf"\b{(cards['status'] == status).sum()}\b", title)


def test_a_card_by_hand(chapters):
    table = tables(chapters["en"])[2]
    found = words(table)
    assert found["Helsinki"] == [
        *("0.171 (0.165–0.177)", "0.130–0.160 (2010–2012)", "0.150 (0.144–0.156)"),
        *("0.041", "12.0%", "−0.021 (−0.029 to −0.013)", "better ▼"),
    ]
    assert found["Lahti"][2:] == ["–", "–", "–", "–", "cannot say ×"]
    lahti = list(found).index("Lahti")
    assert said(table, lahti, 3) == ["Not published: the group has too few members."]
    oulu = list(found).index("Oulu")
    assert found["Oulu"][5] == "–" and said(table, oulu, 6) == ["The series has a break between the years."]
    assert "The target is 0.180 in 2035." in table.remarks
    assert "Source: made-up cells. Reference dates: 31 December 2015." in table.remarks


def test_what_a_card_rests_on_by_hand(chapters):
    table = tables(chapters["en"])[3]
    found = words(table)
    assert table.caption.startswith("Table 5.")
    assert found["Helsinki"][:5] == ["−0.015", "−0.004", "−0.002", "0.148", "ahead"]
    assert found["Helsinki"][5:] == ["falling (6 years, p ≈ 0.017)", "98.0%", "no break"]
    assert found["Turku"][-2] == "87.1%"
    assert found["Oulu"][-3:] == ["not told", "98.0%", "2014"]
    assert found["Kuopio"][-2] == "–"


@EVERY
def test_each_card_is_told_in_words_with_its_numbers(chapters, material, language):
    lists = [part for part in chapters[language].parts if part.kind == "list" and part.folded]
    assert len(lists) == len(made_followup.INDICATORS) + 1
    first = lists[0]
    assert len(first.items) == len(made_followup.CITIES)
    card = material.programme["followup_cards"].set_index(["indicator", "city"]).loc[("low_income", "Espoo")]
    espoo = first.items[1]
    for value in (card["value"], card["low"], card["high"], card["target"]):
        assert wording.number(value, language, 3) in espoo
    assert wording.text(language, "status.worse") in espoo
    assert not any(wording.text(language, f"status.{other}") in espoo for other in STATUSES if other != "worse")


@EVERY
def test_measures_are_told_with_money_and_kind_and_are_never_summed(chapters, language):
    table = next(one for one in tables(chapters[language]) if "M1" in words(one))
    found = words(table)
    kind = wording.text(language, "funding.word.amount_kind_budget")
    assert f"{wording.count(1_250_000, language)} euro" in found["M1"][-1] and kind in found["M1"][-1]
    assert found["M2"][-1] == "–" and said(table, list(found).index("M2"), 7)
    assert wording.count(1_340_000, language) not in texts(chapters[language])
    assert list(found) == ["M1", "M2", "M3", "M4", "M6", "M5"], "the cities in their order"


def test_a_name_that_is_there_in_finnish_alone_says_so(chapters):
    table = next(one for one in tables(chapters["sv"]) if "M1" in words(one))
    langs = {row[0].words: row[1].lang for row in table.rows}
    assert langs["M2"] == "fi" and langs["M1"] == ""


@EVERY
def test_differences_beside_comparable_areas_are_never_called_effects(chapters, material, language):
    table = [one for one in tables(chapters[language]) if "M1" in words(one)][2]
    rows = {(row[0].words, row[2].words): [cell.words for cell in row[3:]] for row in table.rows}
    group = wording.sentence_case(wording.group_name("low_income", language))
    change = wording.change
    given = dict(zip(("change", "low", "high"), (change(value, language, 1) for value in (1.2, 0.7, 1.7))))
    assert rows["M1", group][-1] == wording.text(language, "changes.interval", **given)
    assert rows["M1", group][-2] == f"{change(0.8, language, 1)} (14)"
    assert wording.text(language, "followup.measure.no_effect") in table.remarks
    for row, place in zip(table.rows, followed(material).places.to_dict("records"), strict=True):
        if not place["refused"] and not place["reason"]:
            continue
        key = f"area_{place['refused']}" if place["refused"] else place["reason"]
        letters = row[-1].marks
        assert row[-1].words == "–" and table.notes[letters] == wording.text(language, f"followup.why.{key}")


def test_residents_with_and_without_measures_by_hand(chapters):
    (table,) = (one for one in tables(chapters["en"]) if "live where there are measures" in one.caption)
    found = words(table)
    assert found["Helsinki"][:3] == ["22.5% (40,000)", "22.5% (40,000)", "0.0% (40,000)"]
    assert found["Espoo"][0] == "– (40,000)", "the parts of a row that is refused are not told"
    assert found["Espoo"][-1] == "–", "no areas of type 5"


def test_an_edition_without_a_follow_up_has_no_chapter(grid):
    assert followup_chapter(grid, "fi", Counter()) == ()


def test_measures_alone_and_cards_alone_make_a_chapter(material):
    alone = replace(material, programme={})
    (chapter,) = followup_chapter(alone, "en", Counter())
    assert wording.text("en", "followup.chapter.no_cards") in texts(chapter)
    assert "Made-up measure M1" in texts(chapter)
    cards = {"followup_cards": made_followup.cards(), "followup_points": made_followup.points()}
    (chapter,) = followup_chapter(replace(material, register=None, programme=cards), "en", Counter())
    assert wording.text("en", "followup.chapter.no_measures") in texts(chapter)


def test_an_indicator_that_the_settings_do_not_name_is_called_by_its_index_and_group(material):
    names = followed(replace(material, indicators=())).names
    assert names["low_income"].en == "Index of dissimilarity (D) of persons in the lowest income class".replace(
        "Index", "index", 1
    )
    assert list(followed(material).names) == [one.key for one in made_followup.INDICATORS]


def test_the_figure_of_statuses_draws_shape_and_word_of_every_card(material):
    found = followed(material)
    figure = draw_followup_status(found.cards, names=found.names, language="en")
    markers = [line.get_marker() for axes in figure.axes for line in axes.lines]
    statuses = [followup_alt.shape_of(*pair) for pair in zip(found.cards["status"], found.cards["change"])]
    wanted = {"fell": "v", "rose": "^", "no_clear_change": "o", "cannot_say": "x"}
    assert sorted(markers) == sorted(wanted[shape] for shape in statuses)
    shown = [text.get_text() for axes in figure.axes for text in axes.texts]
    for status in STATUSES:
        assert shown.count(wording.text("en", f"status.{status}")) == (found.cards["status"] == status).sum()
    assert figure.title.startswith("SYNTHETIC DATA")


def test_a_rise_that_is_wanted_is_better_and_points_up():
    card = pd.DataFrame({"indicator": ["a"], "city": ["Oulu"], "status": ["better"], "change": [0.02], "note": [""]})
    figure = draw_followup_status(card, names={"a": Names("osoitin", "mått", "measure")}, language="en")
    (line,) = (line for axes in figure.axes for line in axes.lines)
    assert line.get_marker() == "^"


def test_the_figure_of_years_has_a_panel_a_city_with_value_baseline_and_path(material):
    found = followed(material)
    points = found.points_of("low_income")
    figure = draw_followup_points(points, name="D", measure="index", baseline=2013, language="en")
    assert len(figure.axes) == 7
    helsinki = points[points["city"] == "Helsinki"]
    lines = {line.get_marker(): line for line in figure.axes[0].lines if len(line.get_xdata()) == 1}
    assert len(lines) == 1, "ring and dot are both round"
    dashed = next(line for line in figure.axes[0].lines if line.is_dashed())
    path = helsinki[helsinki["path"].notna()]
    np.testing.assert_allclose(np.asarray(dashed.get_ydata(), float), path["path"].astype(float))
    assert dashed.get_xdata()[-1] == made_followup.TARGET_YEAR
    for city in ("Kuopio", "Lahti", "Joensuu"):
        assert city in figure_words(figure)
    oulu = figure.axes[4]
    runs = [len(line.get_xdata()) for line in oulu.lines if line.get_linewidth() == 1.8]
    assert runs == [4, 2], "the line has a gap before the break of 2014"


def test_shares_are_drawn_in_per_cent(material):
    points = followed(material).points_of("share")
    figure = draw_followup_points(points, name="share", measure="share", language="en")
    assert figure.axes[0].get_ylim()[1] > 1
    latest = points[(points["city"] == "Helsinki") & points["value"].notna()]["value"].iloc[-1]
    assert wording.number(100 * latest, "en", 1) in figure_words(figure)
    assert wording.percent(latest, "en") in figure.description


def test_the_plan_has_the_figures_and_one_can_be_asked_for_alone(small):
    names = {output.name for output in report.plan(small)}
    drawn = {f"figure followup_points_{one.key}" for one in made_followup.INDICATORS}
    assert names >= {"figure followup_status", "figure followup_measures_helsinki", *drawn}
    (one,) = chosen_figures(small, "followup_measures", city="Helsinki")
    assert one.kind == "followup_measures" and one.city == "Helsinki"
    (one,) = chosen_figures(small, "followup_points", group="low_income")
    assert one.name == "followup_points_low_income"


@pytest.fixture(scope="module")
def drawn(small):
    """The figures of the chapter, each made once: {file name: bytes}."""
    files = {}
    for output in report.plan(replace(small, languages=("fi",))):
        if output.name.startswith("figure followup"):
            files |= output.render()
    return files


def test_the_files_of_the_figures_say_that_they_are_made_up(drawn):
    for name, content in drawn.items():
        if name.endswith((".csv", ".txt")):
            assert ("made-up" in content.decode()) or ("SYNTEETTINEN" in content.decode()), name
    lines = drawn["figures/fi/followup_status.csv"].decode().splitlines()
    assert lines[0].startswith("indicator,city,baseline_year,year,change") and len(lines) == 41


def pdf(material, language):
    parts, types = tuple(sections(material)), area_types(material)
    across = spreads(material, parts, types)
    told = with_measured(material)
    (output,) = (one for one in document.documents(told, parts, across, types) if one.name.endswith(language))
    return document.content(told, parts, across, types, language, dict.fromkeys(output.needs, DRAWN))


@EVERY
def test_the_pdf_holds_the_chapter_and_keeps_the_rules(small, chapters, language):
    content = pdf(small, language)
    chapter = chapters[language]
    (own,) = (one for one in content["chapters"] if one["title"] == chapter.title)
    captions = [part["caption"] for part in own["parts"] if part["kind"] == "table"]
    numbers = [int(re.match(r"\D+(\d+)\.", caption)[1]) for caption in captions]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "no number is left out"
    alone = content | {"chapters": [own]}
    made = typesetting.typeset(alone)
    checked = pdf_rules.validate_pdf_bytes(made, profile="ua1")
    assert checked.is_compliant, [(one.rule_id, one.message) for one in checked.failures]
    pages = [re.sub(r"\s+", " ", one.extract_text()) for one in pypdf.PdfReader(io.BytesIO(made)).pages]
    shown = " ".join(pages)
    assert all(wording.text(language, "made_up.mark") in one for one in pages)
    for table in tables(chapter):
        assert re.sub(r"\S+ \d+\.", "", table.caption).strip() in shown
    alts = [part["alt"] for part in own["parts"] if part["kind"] == "figure"]
    assert len(alts) == 6 and all(alt.startswith(wording.text(language, "made_up.mark")) for alt in alts)
    assert "▼" in shown and "▲" in shown and "○" in shown


@pytest.fixture(scope="module")
def site(small, tmp_path_factory):
    """The pages in three languages, with stand-ins for figures: {language: (address, text)}."""
    folder = tmp_path_factory.mktemp("followup")
    found = {}
    for output in report.plan(small):
        kind, _, language = output.name.partition(" ")
        if kind == "page":
            ((name, content),) = rendered(output).items()
            (folder / name).write_bytes(content)
            found[language] = (folder / name).as_uri(), content.decode()
    return found


@EVERY
def test_the_page_holds_the_chapter_with_folded_words(site, chapters, language):
    text = site[language][1]
    section = text[text.index('aria-labelledby="follow-up"') :].split("</section>")[0]
    assert wording.text(language, "made_up.mark") in section
    plain = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", section)))
    for part in chapters[language].parts:
        if part.kind == "list" and part.folded:
            assert f"<summary>{part.words}</summary>" in section
            assert all(re.sub(r"\s+", " ", item) in plain for item in part.items)
        if part.only == "document":
            assert f"<p>{part.words}</p>" not in section
    assert f'href="brief.{language}.pdf"' in text


@EVERY
def test_axe_finds_nothing_and_nothing_is_too_wide(site, language):
    with chromium() as browser:
        for width in (1280, 320):
            context = browser.new_context(viewport={"width": width, "height": 900})
            page = context.new_page()
            page.goto(site[language][0])
            tool.open_all(page)
            assert tool.violations(page) == []
            assert tool.wide(page) == [width, []]
            context.close()


def test_the_published_tables_have_no_refused_number(material):
    leaking = made_followup.programme()
    leaking["followup_cards"] = leaking["followup_cards"].assign(value=0.5, change=0.1)
    found = publication(replace(material, programme=leaking))
    cards = found["followup_cards"]
    assert tuple(cards.columns) == COLUMNS["followup_cards"]
    hidden = cards["refused"] != ""
    assert hidden.any() and cards.loc[hidden, ["followed_value", "change"]].isna().all(axis=None)
    assert cards.loc[~hidden, "followed_value"].eq(0.5).all()
    need = found["followup_need"]
    assert need.loc[need["refused"] != "", ["with_measures", "without_measures"]].isna().all(axis=None)


def test_residents_of_area_types_and_of_measures_areas_are_told_in_hundreds(material):
    need = material.programme["followup_need"].assign(residents=40_149.0, with_measures=1_049.0)
    exact = material.programme["followup_places"].assign(residents=5_449.0, first_share=0.123449)
    changed = replace(material, programme=material.programme | {"followup_need": need, "followup_places": exact})
    found = publication(changed)
    told = found["followup_need"].query("refused == ''")[["residents", "with_measures"]]
    assert told.drop_duplicates().to_numpy().tolist() == [[40_100, 1_000]]
    shares = found["followup_places"].query("refused == ''")[["residents", "first_share"]]
    assert shares.drop_duplicates().to_numpy().tolist() == [[5_400, 0.123]]
    assert followed(changed).places["residents"].eq(5_400).all(), "the page tells no more than the tables"


def test_a_type_of_one_cell_is_not_had_from_the_others(material):
    need = material.programme["followup_need"]
    need = need.assign(n_cells=need["n_cells"].mask(need["city"].eq("Helsinki") & need["type"].eq(3), 1))
    found = publication(replace(material, programme=material.programme | {"followup_need": need}))
    own = found["followup_need"].query("city == 'Helsinki'").set_index("type")
    assert own["refused"].tolist() == ["would_tell", "", "", "few_cells", "", ""]
    assert own["residents"].isna().tolist() == own["with_measures"].isna().tolist() == [True, False, False] * 2


def test_shares_of_area_types_are_published_to_a_tenth_of_a_per_cent(material):
    cards = material.programme["followup_cards"]
    exact = material.programme | {"followup_cards": cards.assign(baseline=0.123456)}
    found = publication(replace(material, programme=exact))["followup_cards"].set_index("indicator")
    assert set(found.loc["types_1_2", "baseline"]) == {0.123}
    assert set(found.loc["low_income", "baseline"]) == {0.123456}
    points = material.programme["followup_points"].assign(value=0.123456, path=0.123456)
    exact = material.programme | {"followup_points": points}
    found = publication(replace(material, programme=exact))["followup_points"].set_index("indicator")
    assert set(found.loc["types_1_2", "path"]) == set(found.loc["types_1_2", "followed_value"].dropna()) == {0.123}
    assert set(found.loc["low_income", "followed_value"].dropna()) == {0.123456}


@EVERY
def test_the_workbook_tells_every_key_in_words(material, language):
    import openpyxl

    (content,) = render_workbook(publication(material), material, language).values()
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name in ("followup_cards", "followup_points", "followup_places", "followup_need"):
        sheet = book[wording.text(language, f"published.{name}")]
        heads = [cell.value for cell in sheet[2]]
        assert len(heads) == len(set(heads))
    sheet = book[wording.text(language, "published.followup_cards")]
    heads = [cell.value for cell in sheet[2]]
    statuses = heads.index(wording.text(language, "column.status")) + 1
    shown = {sheet.cell(row, statuses).value for row in range(3, sheet.max_row + 1)}
    assert shown == {wording.text(language, f"status.{status}") for status in STATUSES}


@pytest.mark.parametrize("year", ["year", "baseline_year"])
def test_a_group_that_would_tell_another_has_neither_numbers_nor_a_verdict(material, year):
    cards = material.programme["followup_cards"]
    card = cards[cards["status"] == "better"].iloc[0]
    key = (card["city"], card["classification"], int(card[year]), card["group"])
    without = replace(material, kept_back=frozenset({key}), results=material.results.iloc[:0])
    found = followup_published.told(without, "followup_cards")
    own = found[(found["indicator"] == card["indicator"]) & (found["city"] == card["city"])].iloc[0]
    assert (own["status"], own["reason"], own["on_path"]) == ("cannot_say", "would_tell", "cannot_say")
    assert np.isnan(own[["change", "change_low", "change_high", "structural"]].astype(float)).all()
    assert np.isnan(own["value"]) == (year == "year")
    assert np.isnan(own["baseline"]) == (year == "baseline_year")
    assert own["refused"] == ("would_tell" if year == "year" else "")
    others = found[found["city"] != card["city"]]
    assert others["status"].tolist() == cards.loc[others.index, "status"].tolist()


@EVERY
@pytest.mark.parametrize("reason", REFUSALS)
def test_every_refusal_has_words_in_the_chapter(material, language, reason):
    cards = material.programme["followup_cards"]
    refused = cards.assign(refused=reason, status="cannot_say", reason=reason)
    told = replace(material, programme=material.programme | {"followup_cards": refused})
    assert followup_chapter(with_measured(told), language, Counter())[0].parts
