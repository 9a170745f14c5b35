"""The pages in a browser: what axe-core finds, how narrow they get, and how they are used by keyboard and printed."""

import io
from dataclasses import replace

import pytest
from chromium import chromium
from rendered import page as text_of
from rendered import rendered
from report import browser as tool

from segindex import report

FIRST = ("ranking_", "trends_", "clusters_low_income_helsinki", "city_trends_helsinki", "city_changes_helsinki")
LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])
KINDS = pytest.mark.parametrize("kind", ["page", "statement"])
COLOURS = pytest.mark.parametrize("colours", ["light", "dark"])


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def site(grid, tmp_path_factory, browser):
    """A folder with the pages in three languages, some of their figures real: {(kind, language): address}."""
    folder = tmp_path_factory.mktemp("site")
    few = {name: _few(getattr(grid, name)) for name in ("results", "coverage", "clusters", "cells")}
    plan = report.plan(replace(grid, feedback="saavutettavuus@example.fi", **few))
    drawn = [output for output in plan if output.name.removeprefix("figure ").startswith(FIRST)]
    drawn = [output._replace(render=_once(output.render)) for output in drawn]
    found = {}
    for output in plan:
        kind, _, language = output.name.partition(" ")
        if kind in ("page", "statement"):
            for name, content in rendered(output, drawn).items():
                (folder / name).write_bytes(content)
                found[kind, language] = (folder / name).as_uri()
    return found


def _few(table):
    """The rows of three cities: with all values, with a break, with a group that is too small."""
    return table[table["city"].isin(("Helsinki", "Kuopio", "Lahti"))]


def _once(render):
    known = []

    def rendered_once():
        known.extend([] if known else [render()])
        return known[0]

    return rendered_once


@pytest.fixture
def visit(browser, site):
    """Open a page of the site: `visit(kind, language, width=…, colours=…)`."""
    contexts = []

    def opened(kind, language, width=1280, colours="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=colours)
        contexts.append(context)
        page = context.new_page()
        page.goto(site[kind, language])
        return page

    yield opened
    for context in contexts:
        context.close()


@KINDS
@COLOURS
@LANGUAGES
def test_axe_finds_nothing(visit, kind, language, colours):
    page = visit(kind, language, colours=colours)
    assert tool.violations(page) == []
    if kind == "page":
        tool.open_all(page)
        assert tool.violations(page) == []


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (
            "document.querySelector('svg').removeAttribute('aria-labelledby');"
            "document.querySelectorAll('svg > title, svg > desc').forEach(one => one.remove())",
            "svg-img-alt",
        ),
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.querySelector('main p').style.color = '#bbbbbb'", "color-contrast"),
        ("document.querySelectorAll('.scroll').forEach(one => one.removeAttribute('tabindex'))", "scrollable-region"),
        (
            "document.querySelectorAll('.skip').forEach(one => one.remove());"
            "document.querySelector('main').outerHTML = document.querySelector('main').innerHTML",
            "landmark-one-main",
        ),
        ("document.querySelectorAll('h3').forEach(one => one.outerHTML = '<h6>x</h6>')", "heading-order"),
    ],
)
def test_axe_would_find_what_is_not_accessible(visit, spoil, rule):
    page = visit("page", "en", width=320)
    page.evaluate(spoil)
    assert rule in " ".join(tool.violations(page))


@KINDS
@LANGUAGES
def test_nothing_is_wider_than_a_narrow_screen(visit, kind, language):
    page = visit(kind, language, width=320)
    assert tool.wide(page) == [320, []]
    tool.open_all(page)
    assert tool.wide(page) == [320, []]
    page.evaluate("document.querySelector('p').style.width = '400px'")
    assert tool.wide(page)[0] > 320


FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {tag: one.tagName, href: one.getAttribute('href'), wide: box.width, high: box.height, left: box.left,
    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0};
}"""


def test_everything_is_reached_by_keyboard_and_seen(visit):
    page = visit("page", "fi")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]"
        ".filter(one => one.checkVisibility()).length"
    )
    reached = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUS))
    assert reached[0]["href"] == "#content"
    assert all(one["outline"] and one["wide"] > 0 and one["high"] > 0 and one["left"] >= 0 for one in reached)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("BODY", "HTML", "A")
    assert {one["tag"] for one in reached} == {"A", "SUMMARY", "DIV"} and wanted > 100


def test_the_skip_link_leads_past_the_contents(visit):
    page = visit("page", "sv")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_folded_table_opens_by_keyboard(visit):
    page = visit("page", "en")
    page.locator("figure.chart summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure.chart details[open] table").count() == 1


def test_the_language_switch_keeps_the_section(visit):
    page = visit("page", "fi")
    page.evaluate("document.getElementById('group-foreign-language').scrollIntoView()")
    page.locator(".languages a[lang=en]").dispatch_event("click")
    page.wait_for_url("**/index.en.html#group-foreign-language")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_printed_page_has_every_table_and_is_marked_on_each_sheet(visit):
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    page = visit("page", "fi", colours="dark")
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    said = [sheet.extract_text() for sheet in sheets]
    assert all("SYNTEETTINEN" in words for words in said)
    captions = page.locator("caption").all_text_contents()
    whole = "".join("".join(said).split())
    assert all("".join(caption.split())[:30] in whole for caption in captions)
    page.emulate_media(media="print")
    assert not page.locator(".contents").is_visible() and not page.locator(".files").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_words_in_the_figures_have_the_figures_font(visit):
    page = visit("page", "fi")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].filter(one => one.status === 'loaded').map(one => one.weight)") == [
        "400",
        "700",
    ]


def test_the_pages_fetch_nothing(visit, browser, site):
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site["page", "fi"])
    page.wait_for_load_state()
    context.close()
    assert [url for url in asked if not url.startswith("data:")] == [site["page", "fi"]]


def test_pages_are_the_same_again(grid):
    for material in (grid, replace(grid, feedback="https://example.fi/palaute")):
        first, second = (
            [text_of(output) for output in report.plan(material) if output.name in ("page en", "statement en")]
            for _ in range(2)
        )
        assert first == second
