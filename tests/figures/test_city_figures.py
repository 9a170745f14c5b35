"""Figures of one city: a panel a group, and its changes with their status."""

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.figures import city_alt, draw_city_changes, draw_city_trends, style
from segindex.figures.city_changes import MARKERS
from segindex.standings import series

GROUPS = ("low_income", "foreign_language")


def words(figure):
    return " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))


@pytest.fixture
def results(madeup):
    return madeup.results()


def test_each_group_has_a_panel_with_the_other_cities_behind(results):
    figure = draw_city_trends(results, city="Turku", language="fi")
    assert len(figure.axes) == 2
    for group, axes in zip(GROUPS, figure.axes):
        own = series(results, "dissimilarity", group)
        own = own[own["city"] == "Turku"]
        blue = [line for line in axes.lines if matplotlib.colors.same_color(line.get_color(), style.BLUE)]
        np.testing.assert_allclose(blue[0].get_xydata(), own[["year", "value"]])
        assert len(axes.collections[0].get_segments()) == 10
        assert wording.number(own["value"].iloc[-1], "fi", 3) in words(figure)
        assert wording.sentence_case(wording.group_name(group, "fi")) in words(figure)
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def test_the_years_named_are_those_with_a_value_on_the_page_as_in_the_figure(results):
    early = results["year"] == 2012
    results.loc[early, "value"] = np.nan
    rows = results[(results["city"] == "Turku") & (results["index"] == "dissimilarity")]
    title = city_alt.trends_title(rows, city="Turku", index="dissimilarity", language="en")
    assert "2013–2015" in title and title == draw_city_trends(results, city="Turku", language="en").title


def test_groups_are_taken_as_asked_and_a_city_without_values_is_refused(results):
    figure = draw_city_trends(results, city="Turku", groups=["foreign_language"], language="en")
    assert len(figure.axes) == 1 and "Latest values" in figure.description
    with pytest.raises(BadData, match="no value of dissimilarity in Pori"):
        draw_city_trends(results, city="Pori", language="en")


def test_a_long_name_takes_several_lines_and_no_other_s_room(results):
    group = {"low_income": "basic_education"}
    long = results.replace({"group": group})
    long.loc[long["group"] == "basic_education", "classification"] = "education"
    figure = draw_city_trends(long, city="Turku", language="fi")
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts]
    for place, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[place + 1 :])


def changes(statuses=("better", "worse", "no_clear_change", "cannot_say")):
    middle = {"better": -0.03, "worse": 0.04, "no_clear_change": 0.01, "cannot_say": np.nan}
    groups = ("low_income", "high_income", "students", "pensioners")
    value = np.array([middle[status] for status in statuses])
    return pd.DataFrame(
        {
            "city": "Lahti", "group": groups[: len(statuses)], "first_year": 2015, "last_year": 2024,
            "change": value, "low": value - 0.02, "high": value + 0.02, "status": statuses, "note": "",
        }
    )  # fmt: skip


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_status_is_told_by_shape_and_word(language):
    figure = draw_city_changes(changes(), city="Lahti", language=language)
    (axes,) = figure.axes
    marks = [line for line in axes.lines if line.get_marker() in MARKERS.values()]
    assert [line.get_marker() for line in marks] == list(MARKERS.values())
    np.testing.assert_allclose([line.get_xdata()[0] for line in marks[:3]], [-0.03, 0.04, 0.01])
    at, _ = marks[3].get_transform().transform((marks[3].get_xdata()[0], 0))
    assert at > axes.bbox.x1, "what is not known stands at no number, 0 neither"
    for status in MARKERS:
        assert wording.text(language, f"status.{status}") in words(figure)
    assert "2015–2024" in words(figure)
    bars = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_color() == style.RIBBON]
    np.testing.assert_allclose(bars[1].get_xdata(), [0.02, 0.06])


def test_years_that_differ_stand_beside_the_groups():
    rows = changes().assign(first_year=[2015, 2016, 2015, 2015])
    said = words(draw_city_changes(rows, city="Lahti", language="en"))
    assert "highest income class 2016–2024" in said and "lowest income class 2015–2024" in said


def test_the_alternative_says_every_change():
    rows = changes()
    said = city_alt.changes_alt(rows, city="Lahti", language="en")
    assert "−0.030 (−0.050 to −0.010), better" in said and "+0.040 (+0.020 to +0.060), worse" in said
    assert "better 1, worse 1, no clear change 1, cannot say 1" in said


def test_what_is_not_known_is_refused():
    with pytest.raises(BadSettings, match=r"status \['good'\] is unknown"):
        draw_city_changes(changes().replace("better", "good"), city="Lahti", language="fi")
    with pytest.raises(BadData, match="no row of Oulu"):
        draw_city_changes(changes(), city="Oulu", language="fi")
    with pytest.raises(BadData, match="columns \\['status'\\] are missing"):
        draw_city_changes(changes().drop(columns="status"), city="Lahti", language="fi")


def test_made_up_rows_mark_the_figure(results):
    marked = results.assign(note="made-up data")
    assert draw_city_trends(marked, city="Oulu", language="fi").title.startswith("SYNTEETTINEN AINEISTO")
    rows = changes().assign(note="made-up data")
    assert draw_city_changes(rows, city="Lahti", language="sv").title.startswith("SYNTETISKT MATERIAL")
