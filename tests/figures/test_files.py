"""The files of a figure say where they come from, at print resolution, in few bytes, without changing the look."""

import io
import re
import xml.etree.ElementTree as ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from segindex.figures import draw_ranking, files, style, to_png, to_svg, to_txt

ABOUT = files.About(
    name="ranking_dissimilarity_low_income",
    key="demo",
    edition="Tilannekuva ä",
    dates="31.12.2013, 31.12.2015",
    period="2013-12-31/2015-12-31",
    source="Lähde: keksitty aineisto.",
    licence="CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/",
    version="1.2.3",
    language="fi",
)
SAID = ("Tilannekuva ä", "demo", "Lähde: keksitty aineisto.", ABOUT.licence, "segindex 1.2.3", "SYNTEETTINEN AINEISTO")


@pytest.fixture(scope="module")
def figure(madeup):
    rows = madeup.results()
    named = {"index": "dissimilarity", "group": "low_income", "year": int(rows["year"].max())}
    return draw_ranking(rows, **named, language="fi", source=ABOUT.source, made_up=True)


def opened(content):
    return Image.open(io.BytesIO(content))


def test_every_file_says_where_it_comes_from(figure):
    texts = opened(to_png(figure, ABOUT)).text
    png = " ".join([*texts, *texts.values()])
    svg, words = to_svg(figure, ABOUT).decode(), to_txt(figure, ABOUT).decode()
    for said in SAID:
        assert said in svg and said in png and said in words, said
    assert "2013-12-31/2015-12-31" in svg and "2013-12-31/2015-12-31" in png and "31.12.2013, 31.12.2015" in words
    assert texts["Title"] == figure.title and texts["Description"] == figure.description == words.splitlines()[0]
    elements = {
        found.tag.split("}")[-1]: "".join(found.itertext()).strip() for found in ElementTree.fromstring(svg).iter()
    }
    assert elements["identifier"] == "demo/ranking_dissimilarity_low_income" and elements["language"] == "fi"
    assert elements["rights"] == ABOUT.licence and "date" not in elements


def test_a_png_for_print_has_so_many_dots_an_inch_and_says_so(figure):
    image = opened(to_png(figure, ABOUT, files.PRINT))
    assert image.size[0] == round(7.4 * 300) and image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert len(to_png(figure, ABOUT, files.PRINT)) < 200_000
    assert opened(to_png(figure)).size[0] == round(7.4 * style.DPI)
    assert figure.dpi == style.DPI, "the figure stays as it was"


def test_the_same_figure_gives_the_same_bytes_at_any_order(figure):
    first = to_png(figure, ABOUT, 300), to_svg(figure, ABOUT)
    assert (to_svg(figure, ABOUT), to_png(figure, ABOUT, 300)) == first[::-1]


def test_frequent_colours_are_exact_and_rare_ones_near(figure):
    canvas = FigureCanvasAgg(figure)
    with matplotlib.rc_context(style.SETTINGS):
        canvas.draw()
    exact = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
    found = np.asarray(opened(to_png(figure)).convert("RGB")).astype(int)
    apart = np.abs(exact - found).max(axis=-1)
    assert apart.max() <= 48 and (apart == 0).mean() > 0.98
    for colour in (style.BLUE, "#ffffff", "#e4e6ea"):
        rgb = [round(255 * part) for part in matplotlib.colors.to_rgb(colour)]
        same = (exact == rgb).all(axis=-1)
        assert same.sum() > 100 and (found[same] == rgb).all(), colour


def test_more_colours_than_a_palette_holds_keep_the_most_frequent():
    many = np.concatenate([np.arange(3000, dtype=np.uint32) * 5000, np.full(500, 0x123456, np.uint32)])
    places, palette = files._indexed(many.reshape(50, 70))
    assert palette.shape == (256, 3) and places.shape == (50, 70)
    assert (palette[places.ravel()[-500:]] == [0x56, 0x34, 0x12]).all()


def test_a_slim_svg_looks_as_before_and_is_much_shorter(figure, monkeypatch):
    kept = []
    monkeypatch.setattr(files, "slim", lambda svg: kept.append(svg) or svg)
    long = to_svg(figure)
    monkeypatch.undo()
    short = to_svg(figure)
    assert len(short) < 0.75 * len(long)
    wide, tall = (len(re.findall(r"<(path|use|image)", svg.decode())) for svg in (long, short))
    assert wide == tall
    numbers = re.compile(r"[-\d.]+")
    for before, after in zip(re.findall(r' d="([^"]*)"', long.decode()), re.findall(r' d="([^"]*)"', short.decode())):
        moved = np.array(numbers.findall(after), float) - np.array(numbers.findall(before), float)
        assert np.abs(moved).max() <= 0.005 + 1e-9


def test_a_text_chunk_survives_letters_of_any_alphabet():
    picture = style.Picture(title="ĀЖ", description="日本", made_up=False, language="en")
    assert isinstance(picture, Figure)
    assert opened(to_png(picture)).text["Title"] == "ĀЖ"
