"""Scale profiles: the data on the logarithmic axis, the words, and what is left out."""

from itertools import pairwise

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest
from drawn_axes import tick_labels

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.figures import draw_scale_profile, scale, style
from segindex.figures.select import profile
from segindex.standings import in_order

OF = {"index": "dissimilarity", "group": "low_income", "year": 2015}


def words(figure):
    """Every text of a figure, its axes' included."""
    return " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))


def blue(axes):
    """The blue lines of some axes by how they are drawn: dotted, whole, ring."""
    own = [line for line in axes.lines if matplotlib.colors.same_color(line.get_color(), style.BLUE)]
    rings = [line for line in axes.lines if line.get_markerfacecolor() == "white"]
    whole = [line for line in own if line.get_linestyle() == "-" and line.get_linewidth() > 1.5]
    return [line.get_xydata() for line in own if line.is_dashed()], [line.get_xydata() for line in whole], rings


@pytest.fixture
def results(madeup):
    return madeup.scaled(madeup.results())


@pytest.mark.parametrize(("over", "sizes"), [("scale_m", [500, 2000]), ("k", [300, 1200])])
def test_each_panel_has_its_city_s_values_on_a_logarithmic_axis(results, over, sizes):
    figure = draw_scale_profile(results, **OF, over=over, language="fi", cell_size_m=250)
    cities = in_order(results["city"])
    assert len(figure.axes) == len(cities) == 11
    rows = profile(results, **OF, over=over)
    for city, axes in zip(cities, figure.axes):
        own = rows[rows["city"] == city]
        assert axes.get_xscale() == "log"
        assert [0, *sizes] == list(own["size"])
        (join,), (line,), (ring,) = blue(axes)
        np.testing.assert_allclose(line, own[["size", "value"]][1:])
        np.testing.assert_allclose(join[1], line[0])
        np.testing.assert_allclose(ring.get_xydata()[0], join[0])
        assert join[0][1] == own["value"].iloc[0] and join[0][0] < sizes[0]
        behind = axes.collections[0].get_segments()
        assert len(behind) == 10 and all(list(other[:, 0]) == sizes for other in behind)
        (bar,) = [line for line in axes.lines if line.get_marker() == "_"]
        assert bar.get_ydata()[0] == own["expected"].iloc[0]
        assert axes.get_ylim()[0] == 0
    assert len({axes.get_ylim() for axes in figure.axes}) == len({axes.get_xlim() for axes in figure.axes}) == 1


@pytest.mark.parametrize(
    ("language", "over", "title", "axis", "chance"),
    [
        (
            "fi",
            "scale_m",
            "omassa ruudussa 0,200–0,300 ja 2 000 metrin säteellä 0,080–0,120",
            "kilometreinä",
            "Sattuman",
        ),
        ("sv", "scale_m", "0,200–0,300 i den egna rutan och 0,080–0,120 inom 2 000 meter", "kilometer", "Slumpens"),
        (
            "en",
            "k",
            "0.200–0.300 in the own cell and 0.140–0.210 among the 1,200 nearest",
            "number of nearest",
            "chance",
        ),
    ],
)
def test_the_title_is_the_finding(madeup, language, over, title, axis, chance):
    plain = madeup.results()
    rank = plain["city"].map({city: rank for rank, city in enumerate(in_order(plain["city"]))})
    results = madeup.scaled(plain.assign(value=0.2 + rank / 100))
    figure = draw_scale_profile(results, **OF, over=over, language=language, cell_size_m=250)
    assert figure.title.replace("\xa0", " ").endswith(title)
    assert axis in words(figure) and chance in words(figure)
    described = figure.description.replace("\xa0", " ")
    assert title in described and "2015" in described
    first, last = ("0,200", "0,080") if language != "en" else ("0.200", "0.140")
    assert any(
        f"{city} {first} {joined} {last}; " in described
        for city in ("Helsinki", "Helsingfors")
        for joined in ("ja", "och", "and")
    )


def test_areas_are_called_areas(results):
    assert "omalla alueella" in draw_scale_profile(results, **OF, language="fi").title
    assert "own area" in words(draw_scale_profile(results, **OF, language="en"))
    one = results[results["city"] == "Turku"]
    figure = draw_scale_profile(one, **OF, language="sv")
    assert "–" not in figure.title and "övriga städer" not in words(figure)


def test_the_expected_value_is_explained_where_it_is_drawn(results):
    said = "expected value if residents were placed at random"
    assert said in words(draw_scale_profile(results, **OF, language="en"))
    assert said not in words(draw_scale_profile(results.assign(expected=np.nan), **OF, language="en"))


def test_only_rows_of_the_question_are_shown(results):
    other = results.assign(reference="high_income", value=0.9)
    older = results.assign(release="1999", value=0.8)
    rows = profile(pd.concat([results, other, older], ignore_index=True), **OF, over="scale_m")
    pd.testing.assert_frame_equal(rows, profile(results, **OF, over="scale_m"))
    assert set(rows["year"]) == {2015} and set(rows["index"]) == {"dissimilarity"} and rows["k"].isna().all()
    with pytest.raises(BadData, match="several rows"):
        profile(pd.concat([results, results[results["scale_m"] == 500]]), **OF, over="scale_m")
    with pytest.raises(BadSettings, match="allowed are scale_m, k"):
        profile(results, **OF, over="metres")


def test_a_city_without_its_own_cell_or_any_surroundings_is_left_out(results):
    here = (results["index"] == "dissimilarity") & (results["group"] == "low_income")
    plain = results["scale_m"].isna() & results["k"].isna()
    results.loc[here & plain & (results["city"] == "Espoo"), "value"] = np.nan
    results.loc[here & ~plain & (results["city"] == "Lahti"), "value"] = np.nan
    results.loc[here & (results["scale_m"] == 2000) & (results["city"] == "Oulu"), "value"] = np.nan
    figure = draw_scale_profile(results, **OF, language="en", cell_size_m=250)
    assert len(figure.axes) == 9
    assert "Espoo" not in words(figure) and "Lahti" not in figure.description
    assert "Oulu" in words(figure) and "Oulu" not in figure.description


def test_labels_of_sizes_never_touch(madeup):
    sizes = [("scale_m", 125 * 2**step, 0.9**step) for step in range(10)]
    figure = draw_scale_profile(madeup.scaled(madeup.results(), sizes), **OF, language="en", cell_size_m=250)
    labels = [label.get_text() for label in tick_labels(figure.axes[0], "x")]
    assert labels[-1] == "64" and 3 <= len(labels) < 10
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in tick_labels(figure.axes[0], "x")]
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))
    assert scale._size_labels(np.array([125.0, 250, 1000]), "scale_m", "fi") == ["0,125", "0,25", "1"]


def test_the_axis_of_values_starts_at_0_or_below(results):
    for shift in (0.5, -0.5):
        moved = results.assign(value=results["value"] + shift, expected=np.nan)
        lowest = profile(moved, **OF, over="scale_m")["value"].min()
        low = draw_scale_profile(moved, **OF, language="en").axes[0].get_ylim()[0]
        assert low == 0 if shift > 0 else lowest - 0.2 < low <= lowest


def test_nothing_to_draw_is_an_error(madeup, results):
    with pytest.raises(BadData, match="no value of dissimilarity for nobody in 2015 over k"):
        draw_scale_profile(results, **OF | {"group": "nobody"}, over="k", language="fi")
    with pytest.raises(BadData, match="nothing can be drawn"):
        draw_scale_profile(madeup.results(), **OF, language="fi")


def dashed(axes):
    """The corrected values of a panel, by size."""
    own = [line for line in axes.lines if matplotlib.colors.same_color(line.get_color(), style.INK)]
    return [line.get_xydata() for line in own]


def test_the_corrected_value_is_a_line_beside_and_is_explained(results):
    told = results.assign(corrected=results["value"] * 0.9)
    figure = draw_scale_profile(told, **OF, language="en", cell_size_m=250)
    rows = profile(told, **OF, over="scale_m")
    for city, axes in zip(in_order(told["city"]), figure.axes):
        (line,) = dashed(axes)
        np.testing.assert_allclose(line[:, 1], rows[rows["city"] == city]["corrected"])
    assert "Dashed line: corrected for chance" in words(figure)
    plain = draw_scale_profile(results.assign(corrected=np.nan), **OF, language="en", cell_size_m=250)
    assert not any(dashed(axes) for axes in plain.axes)
    assert "is not removed" in words(plain) and "Dashed" not in words(plain)


def test_named_areas_are_a_diamond_at_the_right_of_the_cities_that_have_them(results, madeup):
    areas = madeup.results().assign(value=0.123, corrected=0.111)
    areas = areas[areas["city"] != "Lahti"]
    figure = draw_scale_profile(results, **OF, areas=areas, language="en", cell_size_m=250)
    for city, axes in zip(in_order(results["city"]), figure.axes):
        found = [line.get_xydata()[0] for line in axes.lines if line.get_marker() == "D"]
        assert [y for _, y in found] == ([] if city == "Lahti" else [0.111])
        assert all(x > 2000 for x, _ in found)
    assert "named areas, corrected" in words(figure)
    assert "named areas" not in words(draw_scale_profile(results, **OF, language="en"))
    areas.loc[areas["city"] == "Oulu", "corrected"] = np.nan
    plain = draw_scale_profile(results, **OF, areas=areas, language="en", cell_size_m=250)
    assert "named areas, value as it is" in words(plain)
    assert {line.get_ydata()[0] for axes in plain.axes for line in axes.lines if line.get_marker() == "D"} == {0.123}


def test_published_values_stand_beside_nearest_residents_of_the_like_group_alone(madeup):
    sizes = (("k", 200, 0.9), ("k", 51200, 0.4), ("scale_m", 500, 0.5))
    every = madeup.scaled(madeup.results(), sizes)
    of = OF | {"group": "foreign_language"}
    figure = draw_scale_profile(every, **of, over="k", language="en", cell_size_m=250)
    bars = [line.get_xydata().tolist() for line in figure.axes[0].lines if line.get_linewidth() == 5]
    assert bars == [[[200, 0.475], [200, 0.512]], [[51200, 0.253], [51200, 0.406]]]
    assert "no benchmark" in words(figure) and figure.axes[0].get_ylim()[1] > 0.512
    for other in (OF | {"over": "k"}, of | {"over": "scale_m"}, of | {"over": "k", "index": "isolation"}):
        assert "no benchmark" not in words(draw_scale_profile(every, **other, language="en", cell_size_m=250))


@pytest.mark.parametrize(
    ("language", "words"), [("fi", ("pienin", "suurin")), ("sv", ("lägsta", "högsta")), ("en", ("lowest", "highest"))]
)
def test_the_two_countries_of_the_widest_surroundings_are_told_as_ends(language, words):
    """At k 51,200 the published values are those of the lowest and the highest country."""
    said = wording.text(language, "profile.published")
    assert all(word in said for word in words)
