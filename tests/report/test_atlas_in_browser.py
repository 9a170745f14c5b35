"""The atlas in a browser: every choice and every cell by keyboard, the right colours, and no barrier that axe finds."""

import made_atlas
import pytest
from chromium import chromium, listen, until

from segindex import wording
from segindex.facts import LANGUAGES
from segindex.report.atlas import render_atlas

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KNOWN = {(group, year): "" for group in ("low_income", "foreign_language") for year in (2020, 2024)}


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all tests of this file."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def pages(grid, tmp_path_factory):
    """The folder of the made-up city's pages, and of that of areas."""
    place = tmp_path_factory.mktemp("atlas")
    for name, read in (("grid", made_atlas.city), ("areas", made_atlas.areas)):
        for file, content in render_atlas(grid, "Lahti", ("Helsinki", "Lahti"), KNOWN, read).items():
            path = place / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return place


@pytest.fixture
def visit(browser, pages):
    """Opens a page of the atlas; whatever it asks for besides itself, and whatever goes wrong in it, is an error."""
    contexts, wrong = [], []

    def opened(language="en", kind="grid", hash="", **options):
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        wrong.append(listen(page))
        page.goto(f"{(pages / kind / 'atlas' / f'lahti.{language}.html').as_uri()}{hash}")
        page.wait_for_selector("body[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not any(wrong)


def told(page):
    return page.text_content("#told")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_barrier(visit, language, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed").Axe()
    page = visit(language, color_scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = axe.run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("kind", ["grid", "areas"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_screen_needs_no_scrolling_sideways(visit, language, kind):
    page = visit(language, kind, viewport={"width": 320, "height": 640})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_targets_are_large_enough(visit):
    page = visit()
    for box in (one.bounding_box() for one in page.query_selector_all("button, select, input, nav a")):
        assert box["height"] >= 24 and box["width"] >= 24


def test_the_keyboard_reaches_everything_and_leaves_it(visit):
    page = visit()
    seen = []
    for _ in range(40):
        press(page, "Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.do || ''"))
    order = [name for name in seen if name]
    wanted = [
        "what",
        "year",
        "water",
        "borders",
        "place",
        "in",
        "out",
        "west",
        "north",
        "south",
        "east",
        "whole",
        "map",
    ]
    assert [name for name in order if name in wanted][: len(wanted)] == wanted
    assert seen.index("map") < len(seen) - 1 and seen[seen.index("map") + 1] != "map"
    assert page.evaluate("getComputedStyle(document.querySelector('#map')).outlineStyle") == "none"
    page.focus("#map")
    press(page, "ArrowUp")
    assert page.evaluate("getComputedStyle(document.querySelector('#map')).outlineStyle") == "solid"


def test_cells_are_stepped_through_and_described(visit):
    page = visit(hash="#what=cluster&group=low_income&year=2024&cell=c000")
    assert "Cell c000 (easting 420,125 m, northing 6,760,125 m, EPSG:3067): protected." in told(page)
    page.wait_for_timeout(100)
    middle = page.evaluate("view.metres(...view.middle())")
    assert middle == pytest.approx(page.evaluate("[ground.east, ground.south].map((axis) => axis[state.chosen])"))
    page.focus("#map")
    press(page, "Shift+ArrowRight")
    assert "Cell c001" in told(page) and "no base population" in told(page)
    press(page, "Shift+ArrowUp")
    assert "Cell c007, Keskusta" in told(page) and "low–low" in told(page)
    assert page.evaluate("location.hash").endswith("&cell=c007")
    assert page.get_attribute("a[lang=sv]", "href").endswith("&cell=c007")
    assert page.get_attribute("nav.cities a", "href").endswith(
        "helsinki.en.html#what=cluster&year=2024&group=low_income"
    )
    press(page, "Shift+ArrowLeft")
    assert "Cell c006" in told(page) and "high–high" in told(page)
    press(page, "Shift+ArrowDown")
    assert "Cell c000" in told(page)
    press(page, "ArrowDown", "ArrowDown", "ArrowDown")
    assert told(page) == "There is no cell here."


def test_keys_move_and_zoom_the_view(visit):
    page = visit()
    view = "[view.scale, view.x, view.y]"
    page.focus("#map")
    scale, x, y = page.evaluate(view)
    press(page, "ArrowRight", "ArrowDown")
    assert page.evaluate(view)[1] < x and page.evaluate(view)[2] < y
    press(page, "+")
    assert page.evaluate(view)[0] == pytest.approx(1.4 * scale)
    press(page, "-", "-")
    assert page.evaluate(view)[0] < scale
    press(page, "0")
    assert page.evaluate(view) == pytest.approx([scale, x, y])
    before = page.evaluate(view)
    press(page, "Control+ArrowLeft", "Alt+ArrowUp")
    assert page.evaluate(view) == before


def test_choices_change_the_map_its_words_and_the_address(visit):
    page = visit()
    assert page.text_content("#shown").endswith("Lahti: area types, 2024")
    assert page.is_disabled("#group")
    page.select_option("#what", "share")
    page.select_option("#group", "foreign_language")
    page.select_option("#year", "2020")
    assert "share of residents" in page.text_content("#shown") and page.text_content("#shown").endswith("2020")
    assert told(page).startswith(page.text_content("#shown"))
    assert page.get_attribute("#map", "aria-label").count("share of residents") == 1
    hash = page.evaluate("location.hash")
    assert {"what=share", "group=foreign_language", "year=2020"} <= set(hash[1:].split("&"))
    assert page.get_attribute("a[lang=fi]", "href").endswith(hash)
    again = visit("sv", hash=hash)
    assert again.input_value("#group") == "foreign_language" and again.input_value("#year") == "2020"
    again.evaluate("location.hash = '#what=type&year=2024'")
    until(again, "document.getElementById('shown').textContent.includes('områdestyper år 2024')")


def test_the_year_changes_what_a_cell_is_said_to_be(visit):
    page = visit(hash="#what=share&group=low_income&year=2024&cell=c006")
    assert told(page).endswith("under 5%.")
    page.select_option("#year", "2020")
    assert told(page).endswith("5% to under 10%.")
    assert colour(page, "c006") == ["#c7e9b4"]
    page.select_option("#year", "2024")
    assert colour(page, "c006") == ["#ffffcc"]


@pytest.mark.parametrize(
    "hash", ["#what=nothing&group=none&year=1066&cell=zzz", "#year=x", "#%ZZ", "#group=low_income"]
)
def test_a_wrong_address_shows_a_map_all_the_same(visit, hash):
    page = visit(hash=hash)
    assert page.input_value("#year") == "2024" and page.text_content("#shown")


def test_the_legend_counts_what_the_map_shows(visit):
    page = visit(hash="#what=cluster&group=low_income&year=2020")
    rows = made_atlas.cells()
    own = rows[(rows["group"] == "low_income") & (rows["year"] == 2020)]
    counts = dict(
        zip(
            page.locator("#legend tbody th").all_text_contents(),
            map(int, page.locator("#legend tbody td").all_text_contents()),
        )
    )
    assert counts["protected"] == 1 and counts["no base population"] == 1
    assert counts["high–high"] == (own["cluster"] == "high-high").sum()
    assert sum(counts.values()) == len(own)
    years = page.locator("#years tbody tr").all_text_contents()
    assert [row[:4] for row in years] == ["2020", "2024"]


def colour(page, cell):
    """The colours that the map has inside a cell, most common first."""
    return page.evaluate(
        """(name) => {
          const cell = ground.ids.indexOf(name);
          view.cross = false;
          state.chosen = -1;
          view.scale = 0.2;
          view.centre(ground.east[cell], ground.south[cell]);
          view.paint();
          const [x, y] = view.middle();
          const dots = window.devicePixelRatio;
          const data = view.pen.getImageData(x * dots - 8, y * dots - 8, 16, 16).data;
          const seen = {};
          for (let at = 0; at < data.length; at += 4) {
            const one = "#" + [0, 1, 2].map((shift) => data[at + shift].toString(16).padStart(2, "0")).join("");
            seen[one] = (seen[one] || 0) + 1;
          }
          return Object.entries(seen).sort((one, other) => other[1] - one[1]).map((one) => one[0]);
        }""",
        cell,
    )


def test_cells_have_the_colour_of_their_class_and_hidden_ones_are_hatched(visit):
    page = visit(hash="#what=cluster&group=low_income&year=2020")
    assert colour(page, "c006") == ["#b2182b"]
    assert colour(page, "c007") == ["#2166ac"]
    assert colour(page, "c001") == ["#cdcac0"]
    hatched = colour(page, "c000")
    assert len(hatched) > 3 and {"#8c8a84", "#ffffff"} <= set(hatched)
    assert colour(page, "c035") == ["#d9e5ee"], "where the year has no cell, there is the water below"


def test_the_map_of_areas(visit):
    page = visit(kind="areas", hash="#what=cluster&group=low_income&year=2024&cell=c000")
    assert "Area c000: protected." in told(page)
    assert len(colour(page, "c000")) > 3
    page.focus("#map")
    press(page, "Shift+ArrowRight", "Shift+ArrowLeft", "Shift+ArrowUp")
    assert "Area c002: not statistically significant." in told(page)
    assert page.text_content("#legend caption") == "Classes and numbers of areas"


def test_an_area_without_an_outline_is_told_and_the_map_stays(visit):
    page = visit(kind="areas")
    before = page.evaluate("[view.x, view.y]")
    page.fill("#place", "c003")
    page.press("#place", "Enter")
    assert told(page).startswith("Area c003")
    assert page.evaluate("[view.x, view.y]") == before
    page.focus("#map")
    press(page, "Shift+ArrowLeft")
    assert page.evaluate("Number.isFinite(view.x) && state.chosen >= 0")


def test_cells_and_named_areas_are_found(visit):
    page = visit("fi", hash="#what=cluster&group=low_income&year=2024")
    page.fill("#place", "keskusta")
    press(page, "Enter")
    assert told(page).startswith("Keskusta: ruutuja 2.") and "Ruutu c007, Keskusta" in told(page)
    page.fill("#place", "C009")
    press(page, "Enter")
    assert "Ruutu c009, Möysä" in told(page)
    page.fill("#place", "<b>x")
    press(page, "Enter")
    assert told(page) == "Ruutua tai aluetta <b>x ei ole tällä kartalla."


def test_the_wheel_scrolls_the_page_until_the_map_has_the_focus(visit):
    page = visit(viewport={"width": 900, "height": 500})
    page.evaluate("document.querySelector('#map').scrollIntoView()")
    page.mouse.move(300, 200)
    scale, top = page.evaluate("view.scale"), page.evaluate("scrollY")
    page.mouse.wheel(0, -60)
    until(page, "(top) => scrollY < top", arg=top)
    assert page.evaluate("view.scale") == scale
    page.focus("#map")
    page.evaluate("document.querySelector('#map').scrollIntoView()")
    page.mouse.wheel(0, -60)
    until(page, "(scale) => view.scale > scale", arg=scale)


def test_the_mouse_drags_and_chooses_and_buttons_do_without_dragging(visit):
    page = visit(hash="#what=cluster&group=low_income&year=2024")
    page.evaluate("document.querySelector('#map').scrollIntoView()")
    box = page.locator("#map").bounding_box()
    x, y = page.evaluate("[view.x + ground.east[0] * view.scale, view.y + ground.south[0] * view.scale]")
    page.mouse.move(box["x"] + x + 1, box["y"] + y + 1)
    assert "Cell c030" in page.text_content("#hover") and told(page) == ""
    page.mouse.click(box["x"] + x + 1, box["y"] + y + 1)
    assert "Cell c030" in told(page)
    before = page.evaluate("view.x")
    page.mouse.down()
    page.mouse.move(box["x"] + x + 51, box["y"] + y + 1)
    page.mouse.up()
    assert page.evaluate("view.x") == pytest.approx(before + 50, abs=2)
    page.click("[data-do=west]")
    assert page.evaluate("view.x") == pytest.approx(before + 130, abs=2)


@pytest.mark.parametrize(("language", "mark"), [("fi", "SYNTEETTINEN AINEISTO"), ("en", "SYNTHETIC DATA")])
def test_the_picture_itself_has_a_scale_and_says_that_data_are_made_up(visit, language, mark):
    page = visit(language)
    written = page.evaluate(
        """() => {
          const words = [];
          const [text, box] = [view.pen.fillText, view.pen.fillRect];
          view.pen.fillText = (one) => words.push(one);
          view.pen.fillRect = (x, y, wide, high) => { if (high === 2.5) words.push(wide / view.scale); };
          view.paint();
          Object.assign(view.pen, { fillText: text, fillRect: box });
          return words;
        }"""
    )
    assert written[2] == mark
    length, unit = written[0].split()
    assert unit == "km" and float(length.replace(",", ".")) * 1000 == pytest.approx(written[1])


def test_what_was_in_the_middle_stays_there_when_the_window_changes(visit):
    page = visit(hash="#what=type&year=2024&cell=c009")
    before = page.evaluate("view.metres(...view.middle())")
    page.set_viewport_size({"width": 500, "height": 700})
    until(page, "view.size().wide < 500 && view.before.wide === view.size().wide")
    assert page.evaluate("view.metres(...view.middle())") == pytest.approx(before)


def test_two_fingers_zoom(visit):
    page = visit(has_touch=True)
    page.evaluate(
        """() => {
          const map = document.querySelector("#map");
          map.setPointerCapture = () => {};
          const box = map.getBoundingClientRect();
          const send = (kind, id, x) => map.dispatchEvent(new PointerEvent(kind, {
            pointerId: id, pointerType: "touch", clientX: box.x + x, clientY: box.y + 100, bubbles: true }));
          window.before = view.scale;
          send("pointerdown", 1, 100); send("pointerdown", 2, 200);
          send("pointermove", 2, 300);
          send("pointerup", 1, 100); send("pointerup", 2, 300);
        }"""
    )
    assert page.evaluate("view.scale / before") == pytest.approx(2)


def test_what_is_printed_is_the_map_and_its_legend(visit):
    page = visit()
    page.emulate_media(media="print")
    assert page.is_visible("#map") and page.is_visible("#legend") and page.is_visible(".made-up")
    assert not page.is_visible(".choices") and not page.is_visible(".tools") and not page.is_visible(".languages")


def test_forced_colours_keep_the_swatches(visit):
    page = visit(forced_colors="active", hash="#what=cluster&group=low_income&year=2024")
    assert page.evaluate("getComputedStyle(document.querySelector('.swatch')).backgroundColor") == "rgb(178, 24, 43)"


def test_a_browser_that_cannot_unpack_says_so(browser, pages):
    context = browser.new_context()
    context.add_init_script("delete globalThis.DecompressionStream")
    page = context.new_page()
    page.goto((pages / "grid" / "atlas" / "lahti.fi.html").as_uri())
    assert page.text_content("#failed") == wording.text("fi", "atlas.no_unpack") and page.is_visible("#failed")
    assert not page.is_visible("#tool") and page.locator("main table tbody tr").count() > 5
    context.close()


def test_without_a_script_the_tables_remain(browser, pages):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "grid" / "atlas" / "lahti.sv.html").as_uri())
    assert wording.text("sv", "atlas.no_script") in page.text_content("noscript")
    assert not page.is_visible("#tool")
    context.close()
