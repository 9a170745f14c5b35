"""The summary on one page: always one page, the most important last to go, machine-checked, the same bytes."""

import io
import re
from dataclasses import replace

import made_followup
import page as pdf_rules
import pikepdf
import pypdf
import pytest

from segindex import report, wording
from segindex.errors import BadData
from segindex.facts import Names
from segindex.report import brief, findings, work
from segindex.report.contents import sections
from segindex.report.spreads import spreads
from segindex.report.types import area_types
from segindex.verdict import STATUSES

EVERY = pytest.mark.parametrize("language", ["fi", "sv", "en"])
LONG = " ".join(["A sentence that does not end for a long time and says little that is new."] * 6)


@pytest.fixture(scope="module")
def material(grid, madeup):
    """The grid's edition with a follow-up and area types, and with corrected values in the results."""
    results = grid.results.copy()
    results["corrected"] = results["value"] - 0.02
    results["low"], results["high"] = results["corrected"] - 0.004, results["corrected"] + 0.004
    followup = {"programme": made_followup.programme(), "indicators": made_followup.INDICATORS}
    return replace(grid, results=results, types=madeup.types(), register=made_followup.register([]), **followup)


@pytest.fixture(scope="module")
def given(material):
    """What the summary is made from."""
    return spreads(material, tuple(sections(material)), area_types(material))


@pytest.fixture(scope="module")
def made(material, given):
    """The summary in each language."""
    found = {}
    for language in ("fi", "sv", "en"):
        ((name, content),) = brief.render_brief(material, given, language).items()
        assert name == f"brief.{language}.pdf"
        found[language] = content
    return found


def text(content):
    """The words of the one page."""
    (one,) = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", one.extract_text().replace("\u00ad", ""))


@EVERY
def test_it_is_one_upright_page_of_a4(made, language):
    (one,) = pypdf.PdfReader(io.BytesIO(made[language])).pages
    assert [round(float(edge)) for edge in one.mediabox[2:]] == [595, 842]


@EVERY
def test_a_machine_finds_nothing_against_the_standard(made, language):
    checked = pdf_rules.validate_pdf_bytes(made[language], profile="ua1")
    assert checked.is_compliant, [(one.rule_id, one.message) for one in checked.failures]
    with pikepdf.open(io.BytesIO(made[language])) as pdf:
        assert str(pdf.Root.Lang) == {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[language]
        assert wording.text(language, "made_up.mark") in str(pdf.docinfo.Title)
        assert pdf.Root.PageLayout == "/SinglePage"
        headers = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TH"]
        assert len(headers) == 6 + len(made_followup.INDICATORS)


@EVERY
def test_it_tells_edition_dates_licence_version_and_that_data_are_made_up(made, material, language):
    words = text(made[language])
    for told in (material.title_in(language), material.key, "CC BY 4.0", "segindex 0.1.0"):
        assert told in words
    assert wording.dates(["2015-12-31"], language) in words
    assert words.count(wording.text(language, "made_up.mark")) == 1
    assert wording.text(language, "followup.brief.made_up") in words


@EVERY
def test_the_findings_are_those_of_the_report(made, material, given, language):
    every = findings.summary(given, material, language)
    told = brief.picture(given, material, language)
    assert 4 <= len(told) <= brief.FINDINGS and set(told) <= set(every)
    assert told[0] == dict(findings.of_all(given, material, language))["compared"][0]
    shown = re.sub(r"\s", "", text(made[language]))
    assert all(re.sub(r"\s", "", sentence) in shown for sentence in told), "a line can end within a range of numbers"


@EVERY
def test_the_table_counts_the_cards(made, material, language):
    cards = material.programme["followup_cards"]
    table = brief.status_table(material, language, False)
    for row, one in zip(table["rows"], made_followup.INDICATORS, strict=True):
        own = cards[cards["indicator"] == one.key]
        assert row[2:] == [str((own["status"] == status).sum()) for status in STATUSES]
    named = brief.status_table(material, language, True)
    assert named["rows"][0][2] == f"1: {wording.city_name('Helsinki', language)}"
    assert named["rows"][0][5] == "6", "cities that cannot be judged are not named"
    assert named["rows"][0][2] in text(made[language])


def test_of_a_wanted_rise_the_better_are_those_that_rose(material):
    cards = made_followup.cards()
    own = cards["indicator"] == "share"
    status = ["better" if change > 0 else "worse" for change in cards["change"].fillna(-1)]
    cards["status"] = cards["status"].where(~own, status)
    table = brief.status_table(replace(material, programme={"followup_cards": cards}), "en", False)
    assert table["rows"][2][1:4] == ["up", "3", "7"]


@EVERY
@pytest.mark.parametrize("times", [3, 12])
def test_however_long_the_sentences_are_it_is_one_page(material, given, language, times, monkeypatch):
    long = [f"{n}. {LONG}" for n in range(times)]
    monkeypatch.setattr(brief, "heads", lambda *_: long)
    (content,) = brief.render_brief(material, given, language).values()
    words = text(content)
    assert "0. A sentence" in words and "1. A sentence" in words, "the first go last"
    first = brief.picture(given, material, language)
    assert first[0] in words and first[1] in words
    assert pdf_rules.is_pdf_compliant_bytes(content, profile="ua1")
    if times == 12:
        assert "11. A sentence" not in words


def test_what_cannot_be_one_page_is_an_error(material, given, monkeypatch):
    monkeypatch.setattr(brief, "heads", lambda *_: [LONG * 10] * 3)
    with pytest.raises(BadData, match=r"brief\.en\.pdf: .* more than one page"):
        brief.render_brief(material, given, "en")


def test_the_letters_shrink_before_anything_is_left_out():
    parts = {"picture": list("abcde"), "funding": list("abc"), "work": list("ab"), "caveats": list("ab")}
    made = list(brief.forms(parts))
    assert [size for _, size, _ in made[:4]] == [9.8, 9.2, 8.6, 8.6]
    assert [named for *_, named in made[:4]] == [True, True, True, False]
    assert [form for form, *_ in made[:4]] == [parts] * 4
    lengths = [sum(map(len, form.values())) for form, *_ in made[3:]]
    assert lengths == list(range(12, 5, -1))
    last = made[-1][0]
    assert last == {"picture": ["a", "b"], "funding": ["a", "b"], "work": ["a"], "caveats": ["a"]}


def test_the_same_edition_gives_the_same_bytes(material, given, made):
    assert brief.render_brief(material, given, "sv")["brief.sv.pdf"] == made["sv"]


def test_true_data_bear_no_mark(areas):
    types = area_types(areas)
    found = spreads(areas, tuple(sections(areas)), types)
    words = text(brief.render_brief(areas, found, "fi")["brief.fi.pdf"])
    assert wording.text("fi", "made_up.mark") not in words


def test_work_to_do_by_hand(material):
    told = work.to_do(material, "en")
    assert told == [
        "A target is missing: 2/4 of the indicators.",
        "The status cannot be said: 32/40 of the cards. The most frequent reason: the change has no interval.",
        "It is not noted when the next update is due: 3/4 of the indicators.",
        "Of the measures (6) these lack: an area 3, an amount 4, indicators 5, a source that was read 6.",
    ]
    cards = made_followup.cards()
    without = {"followup_cards": cards.assign(target=cards["target"].where(cards["indicator"] == "low_income"))}
    assert work.to_do(replace(material, programme=without), "en")[0] == "A target is missing: 3/4 of the indicators."
    alone = replace(material, register=None)
    assert work.to_do(alone, "en")[-1] == wording.text("en", "followup.work.no_measures")
    assert work.to_do(replace(material, register=None, programme={}), "en") == []


def test_the_page_links_to_it_and_the_statement_names_it(material):
    plan = report.plan(replace(material, languages=("sv",), title=Names("a", "b", "c")))
    names = [output.name for output in plan]
    assert "brief sv" in names
    (statement,) = (output for output in plan if output.name == "statement sv")
    (content,) = statement.render().values()
    assert wording.text("sv", "accessibility_lacks.brief") in content.decode()
