"""The plot of all cells and the segregation curves: the data on the axes, the words, and what is refused."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
from drawn_axes import tick_labels

from segindex.errors import BadData
from segindex.facts import Names
from segindex.figures import draw_segplot, draw_segregation_curve, style, to_png, to_svg
from segindex.indices import segregation_curve

OF = {"city": "Lahti", "year": 2023, "language": "en"}
CURVE = {"group": "foreign_language", "year": 2023, "language": "en"}


def cells(n=40, seed=1):
    rng = np.random.default_rng(seed)
    t = rng.integers(0, 150, n)
    x = rng.binomial(t, rng.beta(0.8, 5, n))
    z = rng.binomial(t - x, 0.2)
    return pd.DataFrame({"foreign_language": x, "pensioners": z, "rest": t - x - z})


def curves(*cities, n=50):
    parts = []
    for place, city in enumerate(cities):
        table = cells(n, seed=place)
        x, y = table["foreign_language"], table["rest"]
        parts.append(pd.DataFrame(segregation_curve(x, y)._asdict()).assign(city=city))
    return pd.concat(parts)


def steps(axes):
    """The filled steps of some axes: (tops, edges, bottoms), from the bottom up."""
    return [patch.get_data() for patch in axes.patches]


def words(figure):
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text) if text.get_text()]


def test_columns_are_the_cells_in_order_of_the_first_group():
    table = pd.DataFrame({"foreign_language": [10, 0, 0, 30, 0], "rest": [30, 40, 0, 10, 20]})
    alone, every = draw_segplot(table, **OF).axes
    (focal, edges, bottom), (rest, _, lower) = steps(every)
    np.testing.assert_allclose(edges, np.array([0, 40, 60, 100, 140]) / 140)
    np.testing.assert_allclose(focal, [0, 0, 0.25, 0.75])
    np.testing.assert_allclose(bottom, 0)
    np.testing.assert_allclose(lower, focal)
    np.testing.assert_allclose(rest, 1)
    np.testing.assert_allclose(steps(alone)[0].values, [40 / 140])
    np.testing.assert_allclose(every.lines[0].get_ydata(), 40 / 140)


def test_many_cells_are_drawn_together_and_nobody_is_lost():
    table = cells(4000)
    figure = draw_segplot(table, **OF)
    tops = steps(figure.axes[1])
    edges = tops[0].edges
    assert 400 < len(edges) - 1 <= 500
    for column, step in enumerate(tops):
        share = ((step.values - step.baseline) * np.diff(edges)).sum()
        assert share == pytest.approx(table.iloc[:, column].sum() / table.to_numpy().sum())
    assert (np.diff(tops[0].values) >= 0).all()
    lived = (table.sum(axis=1) > 0).sum()
    assert any(f"units n = {lived:,}" in text.replace("\n", " ") for text in [" ".join(words(figure))])
    assert "units n =" not in " ".join(words(draw_segplot(cells(40), **OF)))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("kind", ["segplot", "curve"])
def test_files_are_small_marked_and_alike(kind, language):
    def drawn(**more):
        if kind == "segplot":
            return draw_segplot(cells(3000), **(OF | {"language": language}), **more)
        of = CURVE | {"language": language}
        return draw_segregation_curve(curves("Oulu", "Lahti", "Turku", n=3000), **of, **more)

    marked = {"made_up": True, "source": "Lähde: " + "pitkä selitys " * 20, "cell_size_m": 250}
    figure = drawn(**marked)
    assert to_svg(figure) == to_svg(drawn(**marked)) and to_png(figure) == to_png(drawn(**marked))
    assert len(to_svg(figure)) < 400_000 and len(to_png(figure)) < 400_000
    mark = {"fi": "SYNTEETTINEN AINEISTO", "sv": "SYNTETISKT MATERIAL", "en": "SYNTHETIC DATA"}[language]
    assert mark in words(figure) and figure.title.startswith(mark) and figure.description.startswith(mark)
    assert mark not in words(drawn()) and not drawn().title.startswith(mark)
    boxes = [text.get_window_extent() for text in figure.texts if text.get_text()]
    ticks = [label.get_window_extent() for axes in figure.axes for label in tick_labels(axes, "x")]
    for box in (*boxes, *ticks):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1
    for place, box in enumerate(boxes):
        assert not any(box.padded(-1.5).overlaps(other.padded(-1.5)) for other in boxes[place + 1 :])
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_text() and text.get_visible():
            assert "OpenSans" in str(text.get_fontproperties().get_file()), text.get_text()


def test_words_of_the_segplot():
    own = {"young": Names(fi="nuoret", sv="unga", en="young people")}
    table = cells().rename(columns={"pensioners": "young"})
    figure = draw_segplot(table, **OF, cell_size_m=250, defined=own)
    said = words(figure)
    assert (
        figure.title == "Lahti, foreign-language speakers: mix of the population from the lowest share to the highest"
    )
    assert {"foreign-language speakers", "young people", "others"} <= set(said)
    share = table["foreign_language"].sum() / table.to_numpy().sum()
    assert f"foreign-language speakers {share:.1%}" in figure.description
    assert "statistical grid cell 250 m × 250 m" in " ".join(said)


def test_curves_have_their_cities_and_their_points():
    table = curves("Oulu", "Lahti")
    figure = draw_segregation_curve(table, **CURVE)
    (axes,) = figure.axes
    diagonal, first, second = axes.lines
    np.testing.assert_array_equal(diagonal.get_xydata(), [[0, 0], [1, 1]])
    for line, city in ((first, "Oulu"), (second, "Lahti")):
        points = table[table["city"] == city][["reference", "focal"]].to_numpy()
        drawn = line.get_xydata()
        assert (drawn[:, np.newaxis] == points).all(axis=-1).any(axis=-1).all()
        np.testing.assert_array_equal(drawn[[0, -1]], [[0, 0], [1, 1]])
        height = (drawn[:, 1] - drawn[:, 0]).max()
        assert height == pytest.approx((points[:, 1] - points[:, 0]).max(), abs=0.005)
    assert {"Oulu", "Lahti", "share of all others", "share of the group"} <= set(words(figure))
    assert first.get_color() == style.BLUE
    assert "Cities: Oulu, Lahti." in figure.description


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (cells()[["rest"]], "1 groups; allowed are 2 to 6"),
        (pd.DataFrame(np.ones((3, 7)), columns=list("abcdefg")), "7 groups"),
        (cells().replace(0, -1), "negative or missing"),
        (cells().astype(float).replace(0, np.nan), "negative or missing"),
        (cells() * 0, "nobody at all"),
    ],
)
def test_tables_that_no_segplot_can_show_are_refused(table, message):
    with pytest.raises(BadData, match=message):
        draw_segplot(table, **OF)


def test_tables_that_no_curve_can_show_are_refused():
    with pytest.raises(BadData, match=r"columns \['focal'\] are missing"):
        draw_segregation_curve(curves("Oulu").drop(columns="focal"), **CURVE)
    with pytest.raises(BadData, match="6 cities"):
        draw_segregation_curve(curves(*"abcdef"), **CURVE)
    with pytest.raises(BadData, match="points that are missing"):
        draw_segregation_curve(curves("Oulu").replace(0.0, np.nan), **CURVE)
    with pytest.raises(BadData, match="0 cities"):
        draw_segregation_curve(curves("Oulu")[:0], **CURVE)
