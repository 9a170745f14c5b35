"""The funding chapter: its answers, whose words follow the numbers, its page and PDF, its figures and tables."""

import io
import re
from collections import Counter as Counted
from dataclasses import replace

import made_funding
import openpyxl
import page as checker
import pandas as pd
import pytest
from rendered import rendered
from report.test_document import flaws, reader, spaced
from report.test_page import Reader

from segindex import funding, report, wording
from segindex.figures import funding_alt
from segindex.report.funding_answers import answered, answers, cliffs, heads
from segindex.report.funding_chapter import funding_chapter
from segindex.report.funding_notes import FUNDING_FORMS, REMARK, known
from segindex.report.funding_publication import FUNDING_COLUMNS, FUNDING_KEYS, published_funding
from segindex.report.funding_words import View
from segindex.report.notes import sentences
from segindex.report.package import render_package
from segindex.report.programme import chapters
from segindex.report.publication import publication
from segindex.report.single import chosen_figures
from segindex.report.tables import Counter
from segindex.report.workbook import render_workbook

EVERY = pytest.mark.parametrize("language", ["fi", "sv", "en"])
KINDS = pytest.mark.parametrize("kind", ["facts", "made"])
ENGLISH = re.compile(r"\b(the|of|and|no|with|without|awards?|channels?|unknown|need|made-up)\b")
POT = 40e6


@pytest.fixture(scope="module")
def material(grid):
    """Three cities' edition with the shipped channels, and with a made-up register, need and pot."""
    few = {
        name: getattr(grid, name)[getattr(grid, name)["city"].isin(("Helsinki", "Kuopio", "Lahti"))]
        for name in ("results", "coverage", "clusters", "cells")
    }
    facts, made = funding.facts(), made_funding.register()
    nothing = pd.DataFrame(columns=grid.left_out.columns)
    return {
        "facts": replace(grid, **few, left_out=nothing, register=facts, programme=made_funding.tables(facts)),
        "made": replace(
            grid,
            **few,
            left_out=nothing,
            register=made,
            programme=made_funding.tables(made, made_funding.need(), POT),
        ),
    }


@pytest.fixture(scope="module")
def plans(material):
    return {kind: report.plan(one) for kind, one in material.items()}


@pytest.fixture(scope="module")
def drawn(plans):
    """The figures of funding, rendered once."""
    found = {}
    for kind, plan in plans.items():
        outputs = [output for output in plan if output.name.startswith("figure funding")]
        files = {output.name: output.render() for output in outputs}
        found[kind] = [output._replace(render=partial_of(files[output.name])) for output in outputs]
    return found


def partial_of(files):
    return lambda: files


def output(plans, drawn, kind, name):
    (one,) = (each for each in plans[kind] if each.name == name)
    (content,) = rendered(one, drawn[kind]).values()
    return content


def words_of(chapter):
    """All words of a chapter's parts."""
    found = []
    for part in chapter.parts:
        found += [part.words, *part.items]
        if part.table is not None:
            table = part.table
            found += [table.caption, *table.head, *table.remarks, *table.notes.values()]
            found += [cell.words for row in table.rows for cell in row]
    return found


def test_an_edition_without_a_register_has_no_chapter(grid):
    assert funding_chapter(grid, "fi", Counter()) == ()
    assert answers(grid, "fi") == [] and heads(grid, "fi") == []


@EVERY
def test_counts_are_those_of_the_tables(material, language):
    one = material["facts"]
    said = " ".join(answered(one, language)["channels"])
    rows = one.programme["funding_coverage"].query("theme == 'all' and n_channels > 0")
    wanted = Counted([int(rows["n_channels"].sum())])
    for row in rows.itertuples():
        wanted += Counted([row.n_channels, row.n_active, row.n_unknown, row.n_channels - row.n_active - row.n_unknown])
    wanted += Counted(one.register.channels["evidence"].value_counts().tolist())
    assert Counted(map(int, re.findall(r"\d+", said))) == wanted


@EVERY
def test_sums_are_told_by_kind_and_never_over_kinds(material, language):
    one = material["facts"]
    said = " ".join(answered(one, language)["money"])
    rows = one.programme["funding_amounts"].query("theme == 'all' and active == 'all'").dropna(subset="amount_eur")
    for row in rows.itertuples():
        kind = wording.text(language, f"funding.word.amount_kind_{row.amount_kind}")
        assert f"{kind} {View(one, language).euro(row.amount_eur)} (" in said
    over = rows.groupby("level")["amount_eur"].sum()
    assert not any(View(one, language).euro(value) in said for value in over[rows.groupby("level").size() > 1])
    assert wording.text(language, "funding_answer.eu") in said


@EVERY
def test_every_placeholder_is_named(material, language):
    one = material["facts"]
    waiting = one.register.channels.query("status == 'to_be_mapped'")["name_fi"].tolist()
    assert len(waiting) == 8
    (chapter,) = funding_chapter(one, language, Counter())
    told = words_of(chapter)
    said = " ".join(answered(one, language)["work"])
    assert all(name in said for name in waiting)
    assert all(sum(words.startswith(name) for words in told) >= 2 for name in waiting)


@EVERY
def test_unknown_use_is_never_called_no_use(material, language):
    one = material["facts"]
    rows = one.programme["funding_completeness"]
    said = answered(one, language)["use"][0]
    known = int(rows["n_known"].sum())
    for number in (rows["n_channels"].sum(), known, rows["n_channels"].sum() - known):
        assert wording.count(int(number), language) in said
    (chapter,) = funding_chapter(one, language, Counter())
    matrix = next(part.table for part in chapter.parts if part.table and len(part.table.head) == 14)
    cells = Counted(cell.words for row in matrix.rows for cell in row[3:])
    assert len(matrix.rows) == 64
    uses = one.programme["funding_matrix"]["use"].value_counts()
    assert cells == {wording.text(language, f"funding.word.use_{use}"): n for use, n in uses.items()}


@EVERY
@pytest.mark.parametrize(
    ("low", "high", "key"),
    [
        (0.02, 0.3, "lean_to"),
        (-0.3, -0.02, "lean_away"),
        (-0.1, 0.2, "lean_unclear"),
        (float("nan"), float("nan"), "lean_no_interval"),
    ],
)
def test_the_lean_follows_the_interval(material, language, low, high, key):
    one = material["made"]
    rows = one.programme["funding_concentration"].assign(low=low, high=high)
    told = answered(replace(one, programme=one.programme | {"funding_concentration": rows}), language)["targeting"]
    starts = wording.text(language, f"funding_answer.{key}", **dict.fromkeys(placeholders(language, key), "X"))
    assert [sentence.split(":")[0] for sentence in told[1:]] == [starts.split(":")[0]] * 3
    row = rows[rows["against"].eq("residents")].iloc[0]
    title = funding_alt.curve_title(row, language)
    assert funding_alt.lean(row) == key
    assert wording.number(row["index"], language, 2) in title or key == "lean_no_interval"


def placeholders(language, key):
    return wording.placeholders(wording.table(language)[f"funding_answer.{key}"])


@EVERY
def test_gains_and_losses_are_those_of_the_table(material, language):
    one = material["made"]
    current = one.programme["funding_per_head"].drop_duplicates("city").set_index("city")["amount_eur"].fillna(1e6)
    pot = float(current.sum())
    rows = funding.what_if(made_funding.need(), pot, current=current)
    told = answered(replace(one, programme=one.programme | {"funding_formulas": rows}), language)["formulas"]
    own = rows[rows["variant"].eq("") & rows["formula"].eq("per_head")].set_index("city")["change_eur"]
    sentence = next(words for words in told if str((own > 0).sum()) in words and str((own < 0).sum()) in words)
    view = View(one, language)
    assert view.city(own.idxmax()) in sentence and view.euro_change(own.max()) in sentence
    assert view.city(own.idxmin()) in sentence and view.euro_change(own.min()) in sentence


@EVERY
def test_without_today_nobody_is_said_to_gain(material, language):
    told = answered(material["made"], language)["formulas"]
    wanted = wording.text(language, "funding_words.refused_no_current")
    assert wanted in told[-1]
    gain = wording.text(language, "funding_answer.formula_more", formula="X", n_more=1, more="Y", more_eur="Z")
    assert not any(words.endswith(gain.split("; ")[-1]) for words in told)


@EVERY
def test_cliffs_say_year_kind_and_fall(material, language):
    one = material["facts"]
    found = cliffs(View(one, language))
    assert len(found) == (one.programme["funding_gaps"]["kind"] == "cliff").sum() == 7
    told = answered(one, language)["cliffs"]
    for cliff in found:
        kind = wording.text(language, f"funding.word.amount_kind_{cliff['kind']}")
        named = [words for words in told if kind in words and str(cliff["year"]) in words]
        assert any(wording.percent(cliff["fall"], language, 0) in words for words in named)
    without = {"funding_gaps": one.programme["funding_gaps"].query("kind != 'cliff'")}
    none = answered(replace(one, programme=one.programme | without), language)["cliffs"]
    assert none == [wording.text(language, "funding_answer.cliff_none")]


@EVERY
@KINDS
def test_the_most_important_sentences_are_few_and_say_what_is_made_up(material, kind, language):
    said = heads(material[kind], language)
    every = answers(material[kind], language)
    assert 4 <= len(said) <= 6
    assert set(said[:-1]) <= set(every)
    key = {"facts": "made_up_need", "made": "made_up_register"}[kind]
    assert said[0] == wording.text(language, f"funding_answer.{key}")


@KINDS
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_english_word_stands_in_other_languages(material, kind, language):
    (chapter,) = funding_chapter(material[kind], language, Counter())
    names = set(material[kind].register.channels["name_fi"]) | set(material[kind].register.channels["name_sv"])
    for words in words_of(chapter):
        for name in sorted(names - {""}, key=len, reverse=True):
            words = words.replace(name, "")
        assert not ENGLISH.search(words.replace("Urban Innovative Actions", "")), words


@EVERY
@KINDS
def test_every_note_has_a_form_or_is_told_to_be_in_the_register(material, kind, language):
    for name, rows in published_funding(material[kind]).items():
        for note in rows["note"].unique():
            for sentence in sentences(note, language):
                assert not sentence.startswith(wording.text(language, "note.other", note="")[:12]), (name, note)


def test_words_of_the_register_are_not_told_as_notes():
    assert known("Malmi, Mellunkylä; no awards known") == f"no awards known; {REMARK}"
    assert known("") == "" and known("made-up data") == "made-up data"
    assert sentences(known("<b>x</b>"), "fi") == [wording.text("fi", "funding_note.remark")]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("by per_head, cap 1.5", "Perustana on jako asukasluvun mukaan; katto on 1,5 kertaa"),
        ("budget 2026: falls by 0.92", "Laji määräraha: pudotus 92\u00a0% vuonna 2026."),
        ("without Turku, Oulu", "Mukana eivät ole Turku, Oulu."),
        ("unknown: 12 children in cells where the share is hidden", "Lapsia ruuduissa"),
        ("perhaps twice: A-1 and A to different recipients", "Sama raha voi olla mukana kahdesti"),
        ("the sheet says not_used, against the awards W1;W2", "Käytön välilehti sanoo ”ei käytä”"),
    ],
)
def test_notes_in_words(note, expected):
    assert " ".join(sentences(note, "fi")).startswith(expected)


def test_every_form_of_a_note_has_its_placeholders():
    for form, key in FUNDING_FORMS:
        for language in ("fi", "sv", "en"):
            assert wording.placeholders(wording.table(language)[key]) == set(re.compile(form).groupindex), key


def test_tables_are_numbered_without_gaps_in_page_and_document(material):
    for place in ("page", "document"):
        counter = Counter()
        made = chapters(material["made"], "fi", counter, place)
        numbers = [
            int(re.match(r"Taulukko (\d+)\.", part.table.caption)[1])
            for chapter in made
            for part in chapter.parts
            if part.table is not None
        ]
        assert numbers == list(range(1, counter.last + 1)), place


@EVERY
@KINDS
def test_the_page_shows_the_chapter(plans, drawn, kind, language):
    made = output(plans, drawn, kind, f"page {language}").decode()
    found = Reader(made)
    assert wording.text(language, "funding_chapter.title") in found.texts["h2"]
    assert "funding" in [attrs.get("id") for attrs in found.all("h2")]
    links = [attrs["href"] for attrs in found.all("a") if attrs.get("href", "").startswith("http")]
    assert len([link for link in links if "creativecommons" not in link]) >= {"facts": 40, "made": 4}[kind]
    assert "nan" not in re.sub(r"<[^>]+>", " ", made).split()


@EVERY
@KINDS
def test_the_document_is_whole_and_accessible(plans, drawn, kind, language):
    made = output(plans, drawn, kind, f"document {language}")
    checked = checker.validate_pdf_bytes(made, profile="ua1")
    assert checked.is_compliant, [(failure.rule_id, failure.message) for failure in checked.failures]
    assert flaws(made, language) == []
    text = spaced(" ".join(one.extract_text() for one in reader(made).pages))
    assert wording.text(language, "funding_chapter.work") in text
    for name in material_names(kind):
        assert name in text.replace("\u2060", "").replace("\u00ad", "-")


def material_names(kind):
    """The ends of captions that must be whole: ids of the first and the last channel."""
    return {"facts": ("FI-STEA", "RVN-LAHIO"), "made": ("M-1", "M-6")}[kind]


def test_figures_are_made_up_where_their_numbers_are(drawn):
    files = {name: content for one in drawn["facts"] for name, content in one.render().items()}
    assert {name.split("/")[-1].split(".")[0] for name in files} == {"funding_timeline"}
    mark = wording.text("fi", "made_up.mark")
    assert mark not in files["figures/fi/funding_timeline.txt"].decode()
    made = {name: content for one in drawn["made"] for name, content in one.render().items()}
    for name in ("funding_curve", "funding_timeline", "funding_formulas"):
        assert made[f"figures/fi/{name}.txt"].decode().startswith(mark)
        assert "made-up data" in made[f"figures/fi/{name}.csv"].decode()
        assert mark.encode() in made[f"figures/fi/{name}.svg"]


def test_a_figure_is_asked_for_by_its_kind(material):
    for kind in ("funding_curve", "funding_timeline", "funding_formulas"):
        (found,) = chosen_figures(material["made"], kind)
        assert (found.name, found.kind) == (kind, kind)


def test_the_same_figure_has_the_same_bytes(plans):
    for output_of in (one for one in plans["made"] if one.name.startswith("figure funding")):
        assert output_of.render() == output_of.render()


def test_published_tables_have_their_columns_and_keys(material):
    for kind, one in material.items():
        tables = {name: rows for name, rows in publication(one).items() if name.startswith("funding")}
        assert set(tables) == {name for name, rows in one.programme.items() if len(rows)}, kind
        for name, rows in tables.items():
            assert tuple(rows.columns) == FUNDING_COLUMNS[name]
            assert not rows.duplicated(list(FUNDING_KEYS[name])).any(), name


def test_residents_of_area_types_are_told_in_hundreds(material):
    rows = publication(material["made"])["funding_need"].query("need == 'types_1_2'")
    assert (rows["need_value"] % 100 == 0).all() and rows["need_value"].gt(0).all()


@EVERY
def test_the_workbook_tells_the_tables_in_words(material, language):
    tables = publication(material["made"])
    (content,) = render_workbook(tables, material["made"], language).values()
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name in (one for one in tables if one.startswith("funding")):
        sheet = book[wording.text(language, f"published.{name}")]
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert len(rows) == len(tables[name]) + 1
        if name == "funding_gaps":
            assert [row[0] for row in rows[1:]] == list(range(1, len(rows)))
        if language == "fi":
            heads_of = [place for place, head in enumerate(rows[0]) if head == wording.text("fi", "column.note")]
            for place in heads_of:
                assert not any(ENGLISH.search(row[place] or "") for row in rows[1:]), name


def test_the_package_describes_them(material):
    tables = publication(material["made"])
    files = render_package(tables, material["made"])
    assert files == render_package(tables, material["made"])
    assert {f"tables/{name}.csv" for name in tables} < set(files)
    assert b'"type": "boolean"' in files["datapackage.json"]
