"""A figure in a page: its words as text, its ids its own, its lines where they were."""

import re
from xml.etree import ElementTree

import pytest

from segindex import figures
from segindex.figures import style
from segindex.report.inline import font_faces, inline_svg, letters_of


@pytest.fixture(scope="module")
def drawn():
    """A figure with words, turned words, a word with a halo, clipped lines and a dollar sign."""
    figure = style.Picture(title="A & B", description="Two <lines>.", made_up=False, language="en")
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.plot([0, 1], [0, 1], color="#1f4e8c")
    axes.plot([0, 1], [1, 0], color="#1f4e8c")
    style.write(axes, 0.2, 0.3, "R&D <5 $x$")
    style.write(axes, 0.5, 0.5, "bold − 1", weight="bold", size=10)
    style.write(axes, 0.5, 0.6, "turned", rotation=90)
    style.write(axes, 0.7, 0.7, "0,2", path_effects=[style.halo()])
    return figures.to_svg(figure)


@pytest.fixture(scope="module")
def inline(drawn):
    return inline_svg(drawn, "a-figure", "A & B", "Two <lines>.")


def test_it_is_labelled_by_its_words(inline):
    root = ElementTree.fromstring(inline)
    assert root.get("role") == "img" and root.get("aria-labelledby") == "a-figure-said"
    assert root.find("title").text == "A & B"
    assert root.find("desc").get("id") == "a-figure-said" and root.find("desc").text == "Two <lines>."


def test_words_are_text_where_their_outlines_were(drawn, inline):
    root = ElementTree.fromstring(inline)
    texts = {node.text: node for node in root.iter("text")}
    assert {"R&D <5 $x$", "bold − 1", "turned"} <= set(texts)
    assert texts["bold − 1"].get("font-weight") == "700" and texts["bold − 1"].get("font-size") == "10"
    assert texts["turned"].get("transform").endswith("rotate(-90)") and texts["turned"].get("x") is None
    place = re.search(r"<!-- bold − 1 -->\s*<g [^>]*translate\((\S+) (\S+)\)", drawn.decode())
    assert [float(texts["bold − 1"].get(axis)) for axis in "xy"] == pytest.approx(
        [float(number) for number in place.groups()], abs=0.006
    )


def test_a_word_with_a_halo_is_drawn_once(inline):
    assert len(re.findall("paint-order:stroke", inline)) == 1
    assert re.search(r'style="[^"]*stroke:#ffffff;stroke-width:2[^"]*paint-order:stroke"', inline)


def test_ids_are_its_own_and_lead_somewhere(drawn, inline):
    other = inline_svg(drawn, "another", "A", "B")
    ids, others = (set(re.findall(r' id="([^"]*)"', each)) for each in (inline, other))
    assert ids and not ids & others
    assert set(re.findall(r"(?:url\(|href=\")#([\w-]+)", inline)) <= ids


def test_the_lines_stay_where_they_are(inline):
    (path,) = re.findall(r'<path d="([^"]*)"[^>]*fill:none;stroke:#1f4e8c', inline)
    found = [tuple(map(float, re.findall(r"-?\d*\.?\d+", part))) for part in path.split("M")[1:]]
    wide, high = style.WIDTH * 72, style.WIDTH * 72
    inner = 0.8 * wide / 1.1
    left, right = 0.1 * wide + inner * 0.05, inner
    for (x, y, across, up), sign in zip(found, (-1, 1)):
        assert (x, across) == pytest.approx((left, right), abs=0.02)
        start = high * 0.9 - inner * 0.05 if sign < 0 else high * 0.1 + inner * 0.05
        assert (y, up) == pytest.approx((start, sign * inner), abs=0.02)


def test_it_is_small_and_the_same_again(drawn, inline):
    assert len(inline) < len(drawn) / 3
    assert inline == inline_svg(drawn, "a-figure", "A & B", "Two <lines>.")


def test_the_font_holds_the_letters_by_weight_and_no_more(inline):
    letters = letters_of(inline)
    assert set(letters) == {400, 700} and "−" in letters[700] and "−" not in letters[400]
    faces = font_faces(letters)
    assert faces.count("@font-face") == 2 and len(faces) < 15_000
    assert faces == font_faces(letters_of(inline))
