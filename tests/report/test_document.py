"""The PDF: what a machine can check of its accessibility, its words and numbers, its pages, its bytes."""

import io
import re
from collections import Counter as Counted
from dataclasses import replace

import page
import pandas as pd
import pikepdf
import pypdf
import pytest
import typst

from segindex import report, wording
from segindex.errors import BadData
from segindex.report import document, typesetting
from segindex.report.contents import sections
from segindex.report.spreads import spreads
from segindex.report.tables import Cell, Counter, Table
from segindex.report.types import area_types
from segindex.schema import ACCUMULATION, ordered

EVERY = pytest.mark.parametrize("language", ["fi", "sv", "en"])
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 532.8 420.5"><rect width="500" height="400"/></svg>'
HOSTILE = 'People <sea> #panic("x") *b* $x^2$ @ref [c] \\ // "q"'


@pytest.fixture(scope="module")
def material(grid, madeup):
    """The grid's edition with area types, and with words that would be markup if they were not only words."""
    areas = pd.concat(madeup.type_areas(city, year=year, n=24) for city in madeup.CITIES for year in (2013, 2015))
    nothing = ordered(pd.DataFrame(columns=list(ACCUMULATION)), ACCUMULATION, ["city"])
    types = {"types": madeup.types(), "types_year": 2013, "type_areas": areas, "accumulation": nothing}
    return replace(grid, left_out=grid.left_out.assign(text=HOSTILE), **types)


def contents(material, language):
    parts, types = tuple(sections(material)), area_types(material)
    across = spreads(material, parts, types)
    (output,) = (each for each in document.documents(material, parts, across, types) if each.name.endswith(language))
    files = dict.fromkeys(output.needs, DRAWN.encode())
    return document.content(material, parts, across, types, language, files)


@pytest.fixture(scope="module")
def told(material):
    """The content of the document in each language."""
    return {language: contents(material, language) for language in ("fi", "sv", "en")}


@pytest.fixture(scope="module")
def made(told):
    """The PDF in each language."""
    return {language: typesetting.typeset(content) for language, content in told.items()}


@pytest.fixture(scope="module")
def pages(made):
    """The text of each page in each language."""
    return {language: [spaced(one.extract_text()) for one in reader(pdf).pages] for language, pdf in made.items()}


def reader(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def spaced(words):
    return re.sub(r"\s+", " ", words)


def elements(pdf, kind):
    """All structure elements of a kind."""
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if element.get("/S") == kind:
            found.append(element)
        waiting += children(element)
    return found


def children(element):
    below = element.get("/K", [])
    below = [below] if isinstance(below, pikepdf.Dictionary) else below if isinstance(below, pikepdf.Array) else []
    return [child for child in below if isinstance(child, pikepdf.Dictionary) and "/S" in child]


def scope(cell):
    attributes = cell.get("/A", [])
    attributes = [attributes] if isinstance(attributes, pikepdf.Dictionary) else attributes
    return next((str(each.Scope) for each in attributes if "/Scope" in each), "")


def flaws(made, language):
    """What a reader with a screen reader would miss; page-validation finds none of these."""
    found = []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        root = pdf.Root
        if str(root.get("/Lang", "")) != {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[language]:
            found.append("language")
        if not (root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle and str(pdf.docinfo.Title)):
            found.append("title")
        found += ["alt" for figure in elements(pdf, "/Figure") if not str(figure.get("/Alt", "")).strip()]
        tables = elements(pdf, "/Table")
        found += [] if tables else ["tables"]
        for table in tables:
            parts = {str(part.S): part for part in children(table)}
            for cell in [cell for row in children(parts["/THead"]) for cell in children(row)]:
                if cell.S != "/TH" or scope(cell) != "/Column":
                    found.append("column header")
            for row in children(parts["/TBody"]):
                first, *rest = children(row)
                if first.S != "/TH" or scope(first) != "/Row":
                    found.append("row header")
                found += ["cell" for cell in rest if cell.S != "/TD"]
    return found


@EVERY
def test_a_machine_finds_nothing_against_the_standard(made, language):
    checked = page.validate_pdf_bytes(made[language], profile="ua1")
    assert checked.is_compliant, [(failure.rule_id, failure.message) for failure in checked.failures]
    assert checked.rules.total > 100
    assert flaws(made[language], language) == []


def test_what_typst_makes_alone_lacks_the_row_headers(told, monkeypatch):
    monkeypatch.setattr(typesetting, "with_row_headers", lambda made, **_: made)
    found = set(flaws(typesetting.typeset(told["fi"]), "fi"))
    assert found == {"row header"}


def test_header_cells_that_say_no_scope_are_seen(made):
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(made["fi"])) as pdf:
        for cell in elements(pdf, "/TH"):
            del cell["/A"]
        pdf.save(target)
    assert set(flaws(target.getvalue(), "fi")) == {"column header", "row header"}


def test_a_figure_without_a_text_alternative_is_refused(told):
    chapters = [
        dict(chapter, parts=[without_alt(part) for part in every_part({"chapters": [chapter]})])
        for chapter in told["en"]["chapters"]
    ]
    with pytest.raises(typst.TypstError, match="alt"):
        typesetting.typeset(told["en"] | {"chapters": chapters})


def without_alt(part):
    return part | {"alt": None} if part["kind"] == "figure" else part


@EVERY
def test_every_figure_says_its_finding_and_that_it_is_made_up(told, made, language):
    """The changes of a city, which its table holds as well, may be left out where the pages are full."""
    with pikepdf.open(io.BytesIO(made[language])) as pdf:
        said = Counted(str(figure.Alt) for figure in elements(pdf, "/Figure"))
    given = figures(told[language])
    assert not said - Counted(figure["alt"] for figure in given)
    assert not Counted(figure["alt"] for figure in given if not figure.get("in_table")) - said
    assert all(words.startswith(wording.text(language, "made_up.mark")) for words in said)
    clusters = [city["figures"][-1]["alt"] for chapter in told[language]["chapters"] for city in chapter["cities"]]
    assert len(set(clusters)) == 11 and set(clusters) <= set(said)


@EVERY
def test_the_changes_alone_may_be_left_out(told, material, language):
    found = spreads(material, tuple(sections(material)), area_types(material))
    cities = [city for chapter in told[language]["chapters"] for city in chapter["cities"]]
    for spread, city in zip(found, cities, strict=True):
        left_out = [figure["alt"] for figure in city["figures"] if figure["in_table"]]
        assert [words.split(". ", 1)[1] for words in left_out] == [spread.figure_text("change", language)[1]]


def every_part(content):
    for chapter in content["chapters"]:
        for part in chapter["parts"]:
            yield from part["parts"] if part["kind"] == "together" else [part]


def figures(content):
    chapters = content["chapters"]
    parts = [part for part in every_part(content) if part["kind"] == "figure"]
    return parts + [figure for chapter in chapters for city in chapter["cities"] for figure in city["figures"]]


@EVERY
def test_every_page_says_that_the_data_are_made_up_and_which_it_is(pages, language):
    mark = wording.text(language, "made_up.mark")
    assert all(mark in words for words in pages[language])
    last = len(pages[language])
    for number, words in enumerate(pages[language][1:], start=2):
        assert f"{number}/{last}" in words


def test_true_data_bear_no_mark(areas):
    words = " ".join(one.extract_text() for one in reader(typesetting.typeset(contents(areas, "fi"))).pages)
    assert wording.text("fi", "made_up.mark") not in words
    assert wording.text("fi", "document.made_up") not in spaced(words)


@EVERY
def test_each_city_has_two_facing_pages(told, made, language):
    pdf = reader(made[language])
    starts = {entry.title: pdf.get_destination_page_number(entry) + 1 for entry in flat(pdf.outline)}
    names = [city["name"] for chapter in told[language]["chapters"] for city in chapter["cities"]]
    assert len(names) == 11
    places = [starts[name] for name in names]
    assert places == list(range(places[0], places[0] + 22, 2))
    assert places[0] % 2 == 0
    assert starts[wording.text(language, "types.heading")] == places[-1] + 2


def flat(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


@EVERY
def test_the_index_leads_to_the_pages(told, made, pages, language):
    pdf = reader(made[language])
    starts = {entry.title: pdf.get_destination_page_number(entry) + 1 for entry in flat(pdf.outline)}
    words = pages[language][-1]
    for name in (city["name"] for chapter in told[language]["chapters"] for city in chapter["cities"]):
        assert f"{name} {starts[name]}–{starts[name] + 1}" in words


def test_words_of_the_data_are_no_markup(pages):
    assert spaced(HOSTILE) in " ".join(pages["en"])


@EVERY
def test_all_words_of_the_tables_are_there_in_numbers_and_order(told, pages, language):
    words = " ".join(pages[language])
    tables = [part for part in every_part(told[language]) if part["kind"] == "table"]
    tables += [city["table"] for chapter in told[language]["chapters"] for city in chapter["cities"]]
    numbers = [int(re.match(r"\D+(\d+)\.", table["caption"])[1]) for table in tables]
    assert sorted(numbers) == list(range(1, len(tables) + 1))
    for table in tables:
        assert spaced(table["caption"]) in words


def test_the_same_edition_gives_the_same_bytes(told, made):
    assert typesetting.typeset(told["sv"]) == made["sv"]
    with pikepdf.open(io.BytesIO(made["sv"])) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20151231")


def test_an_edition_without_dates_gives_the_same_bytes_as_well(areas):
    undated = replace(areas, sources=[dict(areas.sources[0], dates=["around 2019"])])
    content = contents(undated, "en")
    assert content["date"] is None
    made = typesetting.typeset(content)
    assert "/CreationDate" not in (reader(made).metadata or {})
    assert made == typesetting.typeset(content)


def test_all_fonts_are_the_bundled_ones_and_embedded(made):
    with pikepdf.open(io.BytesIO(made["fi"])) as pdf:
        fonts = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        for font in fonts:
            assert re.search("OpenSans|DejaVuSansMono", str(font.FontName))
            assert "/FontFile2" in font or "/FontFile3" in font


def test_no_text_is_smaller_than_print_allows(told):
    """Of the letters of the template itself, on every page but those with figures; marks of notes stand higher."""
    flow = [chapter | {"cities": []} for chapter in told["fi"]["chapters"]]
    upright = [
        chapter for chapter in flow if not any(part["kind"] in ("figure", "together") for part in chapter["parts"])
    ]
    sizes = set()
    for one in reader(typesetting.typeset(told["fi"] | {"chapters": upright})).pages:
        one.extract_text(
            visitor_text=lambda words, _, matrix, __, size: sizes.add(round(size, 1)) if words.strip() else None
        )
    assert min(sizes) >= 6.5 and sorted(size for size in sizes if size > 6.6)[0] >= 7.5


def test_a_wide_table_is_turned_with_what_leads_to_it_and_a_narrow_one_is_not(told):
    sizes = {}
    for kind, columns in (("narrow", 3), ("wide", 14)):
        table = Table(f"Table 1. {kind}.", ["City", *(f"Column {n}" for n in range(columns))])
        table.add("Helsinki", *["0.123 (0.100–0.150)"] * columns)
        part = document._table(table)
        chapter = {"title": f"Chapter {kind}", "parts": [{"kind": "text", "words": "Before."}, part], "cities": []}
        content = told["en"] | {"chapters": [chapter | {"follows": False}]}
        pdf = reader(typesetting.typeset(content))
        (sizes[kind],) = (
            [one.mediabox.width > one.mediabox.height, "Before." in one.extract_text()]
            for one in pdf.pages[2:]
            if f"Table 1. {kind}." in spaced(one.extract_text())
        )
    assert sizes == {"narrow": [False, True], "wide": [True, True]}


def test_a_list_leaves_no_few_lines_to_a_page_of_their_own(told):
    table = Table("Table 1. Wide.", ["City", *(f"Column {n}" for n in range(14))])
    table.add("Helsinki", *["0.123 (0.100–0.150)"] * 14)
    wide = document._table(table)
    lone = {}
    for n in range(38, 60):
        parts = [wide, {"kind": "list", "items": [f"Item {place} of a list of words." for place in range(n)]}, wide]
        chapter = {"title": "Chapter", "parts": parts, "cities": [], "follows": False}
        texts = [one.extract_text() for one in reader(typesetting.typeset(told["en"] | {"chapters": [chapter]})).pages]
        lone[n] = [count for count in (words.count("of a list of words") for words in texts) if count]
    assert {len(counts) for counts in lone.values()} == {1, 2}
    assert all(len(counts) == 1 or counts[-1] >= 3 for counts in lone.values()), lone


def test_a_long_table_repeats_its_head_and_a_short_one_is_never_cut(told):
    def heads(rows, filler):
        table = Table("Table 1. Rows.", ["City", "Unlikely heading"])
        for n in range(rows):
            table.add(f"Row {n}", str(n))
        parts = [*[{"kind": "text", "words": "Filler."}] * filler, document._table(table)]
        chapter = {"title": "Chapter", "parts": parts, "cities": [], "follows": False}
        texts = [one.extract_text() for one in reader(typesetting.typeset(told["en"] | {"chapters": [chapter]})).pages]
        return sum("Unlikely heading" in spaced(words) for words in texts)

    assert heads(130, 0) == 3
    assert heads(17, 30) == 1


def test_coverage_in_short_by_hand(grid):
    rows = pd.DataFrame(
        {
            "city": ["Oulu"] * 3 + ["Espoo"],
            "classification": ["language"] * 4,
            "year": [2013, 2014, 2015, 2015],
            "release": ["r"] * 4,
            "coverage": [0.95, 0.875, 0.9, 0.99],
            "residents": [10, 20, 30, 4000],
            "note": ["", "break: areas entered since 2013: Yli-Ii", "", "made-up data"],
        }
    )
    table = document.coverage_in_short(replace(grid, coverage=rows), "en", Counter())
    assert [[cell.words for cell in row] for row in table.rows] == [
        ["Espoo", "Language", "no break", "2015", "99.0% (2015)", "99.0% (2015)", "4,000"],
        [
            *("Oulu", "Language", "Break: after 2013 the area Yli-Ii entered the city."),
            *("2013–2015", "87.5% (2014)", "90.0% (2015)", "30"),
        ],
    ]
    assert document.coverage_in_short(replace(grid, coverage=rows.iloc[:0]), "en", Counter()) is None


def test_the_cover_tells_the_edition(pages):
    cover = pages["en"][0]
    for words in (
        "Example 2015",
        "demo",
        "2012–2015",
        "31 December 2015",
        "segindex 0.1.0",
        "made-up cells",
        "Rovaniemi",
    ):
        assert words in cover


def test_latest_day_is_that_of_the_data(grid):
    source = grid.sources[0]
    dated = replace(grid, sources=[source | {"dates": ["2014-12-31", "soon"]}, source | {"dates": ["2019-06-30"]}])
    assert document.latest_day(dated).isoformat() == "2019-06-30"


def test_names_are_in_the_order_of_the_alphabet():
    assert sorted(["Åbo", "Uleåborg", "Öja", "Äänekoski", "Esbo"], key=document._alphabet) == [
        *("Esbo", "Uleåborg", "Åbo", "Äänekoski", "Öja"),
    ]


def test_the_plan_has_a_document_a_language_made_of_files_that_others_make(material):
    outputs = report.plan(material)
    names = {output.name for output in outputs}
    for language in ("fi", "sv", "en"):
        (own,) = (output for output in outputs if output.name == f"document {language}")
        assert own.needs
        assert {f"figure {name.split('/')[-1].removesuffix('.svg')}" for name in own.needs} <= names
    assert document.file_name("sv") == "report.sv.pdf"


def test_a_cell_in_another_language_says_so(told):
    table = Table("Table 1. Rows.", ["City", "Words"], text_columns=2)
    table.add("Oulu", Cell("English words", lang="en"))
    chapter = {"title": "Luku", "parts": [document._table(table)], "cities": [], "follows": False}
    with pikepdf.open(io.BytesIO(typesetting.typeset(told["fi"] | {"chapters": [chapter]}))) as pdf:
        assert "en-GB" in {str(cell.get("/Lang", "")) for cell in elements(pdf, "/TD")}


def test_a_document_without_any_figure_is_made_as_well(areas):
    (output,) = (each for each in report.plan(replace(areas, min_group=10**7)) if each.name == "document en")
    assert output.needs == ()
    ((name, made),) = output.render().items()
    assert name == "report.en.pdf"
    assert page.is_pdf_compliant_bytes(made, profile="ua1")


def test_a_city_starts_on_a_left_page_whatever_stands_before_it(told):
    (chapter,) = (each for each in told["en"]["chapters"] if each["cities"])
    table = chapter["cities"][0]["table"]
    tall = chapter["cities"][0] | {"name": "Tall", "table": table | {"rows": table["rows"] * 50}}
    cities = [tall, *chapter["cities"][1:3]]
    made = typesetting.typeset(told["en"] | {"chapters": [chapter | {"cities": cities}]})
    pdf = reader(made)
    starts = {entry.title: pdf.get_destination_page_number(entry) + 1 for entry in flat(pdf.outline)}
    places = [starts[city["name"]] for city in cities]
    assert places[1] - places[0] > 2 and places[2] - places[1] == 2
    assert not any(place % 2 for place in places)
    assert page.is_pdf_compliant_bytes(made, profile="ua1")
    assert all("SYNTHETIC DATA" in one.extract_text() for one in pdf.pages)


@pytest.mark.parametrize(("letter", "code"), [("漢", "U+6F22"), ("😀", "U+1F600")])
@pytest.mark.parametrize("at", ["title", "note"])
def test_a_letter_that_the_fonts_lack_is_named_with_its_text(material, letter, code, at):
    words = f"Example {letter} 2015"
    sources = [source | {"note": words} for source in material.sources]
    strange = replace(material, title=words) if at == "title" else replace(material, sources=sources)
    with pytest.raises(
        BadData, match=rf"lack '{letter}' \({re.escape(code)}\), in '.*Example {letter} 2015.*' \(\S+\)"
    ):
        typesetting.typeset(contents(strange, "en"))
