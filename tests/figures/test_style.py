"""The files of a figure: the same bytes, small, marked, and nobody's settings changed."""

import re
import struct
import zlib

import matplotlib
import pytest

from segindex.figures import (
    draw_change_terms,
    draw_clusters,
    draw_ranking,
    draw_scale_profile,
    draw_trends,
    draw_type_map,
    draw_types,
    style,
    to_png,
    to_svg,
)


def drawn(madeup, kind, **more):
    """One figure of a kind."""
    if kind == "clusters":
        borders, water = madeup.surroundings()
        place = {"city": "Helsinki", "group": "low_income", "year": 2015, "cell_size_m": 250}
        return draw_clusters(madeup.cells(), **place, borders=borders, water=water, **more)
    if kind == "types":
        return draw_types(madeup.types(), year=2015, baseline=2013, **more)
    if kind == "type map":
        borders, water = madeup.surroundings()
        place = {"city": "Helsinki", "year": 2015, "cell_size_m": 250}
        return draw_type_map(madeup.type_areas(), **place, borders=borders, water=water, **more)
    of = {"index": "dissimilarity", "group": "low_income"} | more
    if kind == "changes":
        return draw_change_terms(madeup.changes(), first=2013, last=2015, cell_size_m=250, **of)
    if kind == "scale":
        return draw_scale_profile(madeup.scaled(madeup.results()), year=2015, cell_size_m=250, **of)
    if kind == "trends":
        return draw_trends(madeup.results(years=range(2005, 2025)), **of)
    return draw_ranking(madeup.results(), year=2015, baseline=2012, **of)


KINDS = pytest.mark.parametrize("kind", ["clusters", "trends", "ranking", "scale", "changes", "types", "type map"])


def png_texts(data):
    """The text chunks of a PNG file."""
    found, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"tEXt":
            key, _, words = body.partition(b"\0")
            found[key.decode()] = words.decode("latin-1")
        elif kind == b"iTXt":
            key, _, rest = body.partition(b"\0")
            words = rest[2:].split(b"\0", 2)[2]
            found[key.decode()] = (zlib.decompress(words) if rest[0] else words).decode()
        at += 12 + length
    return found


@KINDS
def test_the_same_figure_gives_the_same_bytes(madeup, kind):
    first, second = (drawn(madeup, kind, language="fi", made_up=True) for _ in range(2))
    assert to_svg(first) == to_svg(second)
    assert to_png(first) == to_png(second)
    assert to_svg(first) == to_svg(first)


@KINDS
def test_made_up_data_are_marked_in_the_picture_and_in_the_files(madeup, kind):
    for language, mark in (("fi", "SYNTEETTINEN AINEISTO"), ("sv", "SYNTETISKT MATERIAL"), ("en", "SYNTHETIC DATA")):
        figure = drawn(madeup, kind, language=language, made_up=True)
        assert mark in [text.get_text() for text in figure.texts]
        assert mark in to_svg(figure).decode()
        told = png_texts(to_png(figure))
        assert told["Title"].startswith(mark) and told["Description"].startswith(mark)
    real = drawn(madeup, kind, language="en")
    assert "SYNTHETIC" not in to_svg(real).decode() and "SYNTHETIC" not in str(png_texts(to_png(real)))


@KINDS
def test_files_are_small_and_tell_no_time_and_no_program(madeup, kind):
    figure = drawn(madeup, kind, language="fi")
    svg, png = to_svg(figure), to_png(figure)
    assert len(svg) < 400_000 and len(png) < 400_000
    assert b"dc:date" not in svg and b"matplotlib.org" not in re.sub(rb"<!--.*?-->", b"", svg)
    assert set(png_texts(png)) == {"Title", "Description"}
    assert b"<title>" in svg


@KINDS
def test_texts_stay_inside_the_picture_and_apart(madeup, kind):
    for language in ("fi", "sv", "en"):
        figure = drawn(madeup, kind, language=language, made_up=True, source="Lähde: " + "pitkä selitys " * 20)
        to_png(figure)
        boxes = [text.get_window_extent() for text in figure.texts if text.get_text()]
        for box in boxes:
            assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1
        for place, box in enumerate(boxes):
            assert not any(box.padded(-1.5).overlaps(other.padded(-1.5)) for other in boxes[place + 1 :])


def test_nobody_s_settings_change(madeup):
    before = dict(matplotlib.rcParams)
    to_svg(drawn(madeup, "ranking", language="fi"))
    assert dict(matplotlib.rcParams) == before


def test_every_text_uses_the_bundled_font(madeup):
    for kind in ("clusters", "trends", "ranking", "scale"):
        figure = drawn(madeup, kind, language="fi")
        for text in figure.findobj(matplotlib.text.Text):
            if text.get_text() and text.get_visible():
                assert "OpenSans" in str(text.get_fontproperties().get_file()), text.get_text()


def test_width_is_what_is_drawn(madeup):
    figure = drawn(madeup, "ranking", language="fi")
    for text in figure.texts[:2]:
        weight = "bold" if "Bold" in str(text.get_fontproperties().get_file()) else "regular"
        with matplotlib.rc_context(style.SETTINGS):
            drawn_inches = text.get_window_extent().width / style.DPI
        assert style.width(text.get_text(), text.get_fontsize(), weight) == pytest.approx(drawn_inches, rel=0.01)


@pytest.mark.parametrize(
    ("low", "high", "at_most"), [(0.21, 0.43, 5), (0.0, 0.05, 5), (0.3, 0.3, 5), (-0.2, 0.9, 7), (0.0801, 0.0899, 4)]
)
def test_steps_cover_the_values(low, high, at_most):
    places = style.nice_steps(low, high, at_most)
    assert places[0] <= low + 1e-9 and places[-1] >= high - 1e-9 and 2 <= len(places) <= at_most + 1
