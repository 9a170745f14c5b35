"""Why an index changed: the parts on the axes, the words, and the cities of which there is nothing to show."""

import numpy as np
import pandas as pd
import pytest
from drawn_axes import said
from matplotlib.colors import same_color

from segindex import wording
from segindex.errors import BadData
from segindex.figures import draw_change_terms, style
from segindex.figures.select import PARTS, parts_of
from segindex.standings import in_order

OF = {"index": "dissimilarity", "group": "low_income", "first": 2013, "last": 2015}
LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


def words(figure):
    """Every text of a figure, its axes' included."""
    return " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))


@pytest.fixture
def changes(madeup):
    return madeup.changes()


def number(changes, city, term, column="change"):
    return changes[(changes["city"] == city) & (changes["term"] == term)][column].iloc[0]


def test_each_panel_has_its_city_s_parts_in_their_rows(changes):
    figure = draw_change_terms(changes.sample(frac=1, random_state=1), **OF, language="en", cell_size_m=250)
    cities = in_order(changes["city"])
    assert len(figure.axes) == len(cities) == 11
    for city, axes in zip(cities, figure.axes):
        bars = [patch for patch in axes.patches if patch.get_height() == pytest.approx(0.55)]
        for place, (part, bar) in enumerate(zip(PARTS, bars, strict=True), 1):
            assert bar.get_x() + bar.get_width() == pytest.approx(number(changes, city, part) if bar.get_width() else 0)
            assert bar.get_width() == pytest.approx(number(changes, city, part)) and bar.get_x() == 0
            assert bar.get_y() + bar.get_height() / 2 == pytest.approx(-place)
            assert same_color(bar.get_facecolor(), style.CORRECTED) == (part == "structural")
        lines = [line for line in axes.lines if same_color(line.get_color(), style.INK)]
        ends = [[number(changes, city, part, end) for end in ("low", "high")] for part in PARTS]
        np.testing.assert_allclose([line.get_xdata() for line in lines], ends)
        np.testing.assert_allclose([line.get_ydata()[0] for line in lines], [-1, -2, -3, -4, -5])
        (dot,) = [line for line in axes.lines if line.get_marker() == "o"]
        assert dot.get_xdata()[0] == pytest.approx(number(changes, city, "as_it_is")), "the parts sum to the change"
        (ribbon,) = [line for line in axes.lines if same_color(line.get_color(), style.RIBBON)]
        assert list(ribbon.get_xdata()) == [number(changes, city, "corrected", end) for end in ("low", "high")]
        assert list(dot.get_ydata()) == [0] and list(ribbon.get_ydata()) == [0, 0]
    assert len({axes.get_xlim() for axes in figure.axes}) == 1


@LANGUAGES
def test_the_title_tells_where_redistribution_was_least_and_most(changes, language):
    figure = draw_change_terms(changes, **OF, language=language, cell_size_m=250)
    part = changes[changes["term"] == "structural"].set_index("city")["change"]
    for city, value in ((part.idxmin(), part.min()), (part.idxmax(), part.max())):
        assert wording.in_city(city, language) in figure.title
        assert wording.change(value, language) in figure.title
    assert "2013–2015" in figure.title and figure.title in figure.description
    for city in part.index:
        said = f"{wording.city_name(city, language)} {wording.change(number(changes, city, 'as_it_is'), language)}, "
        assert said in figure.description
    said = words(figure).replace("\n", " ")
    for key in ("structural", "group_marginal", "unit_marginal_grid", "additions_grid", "removals_grid", "total"):
        assert wording.text(language, f"change_terms.{key}") in said
    assert "250 m" in said.replace("\N{NO-BREAK SPACE}", " ")


@LANGUAGES
def test_one_city_alone_has_its_own_title(madeup, language):
    changes = madeup.changes(cities=("Lahti",))
    title = draw_change_terms(changes, **OF, language=language).title
    assert wording.change(number(changes, "Lahti", "structural"), language) in title
    assert title.count(wording.in_city("Lahti", language)) == 1


@LANGUAGES
def test_that_chance_is_in_the_parts_of_d_stands_in_the_subtitle(changes, language):
    def subtitle(rows, **more):
        figure = draw_change_terms(rows, **OF | more, language=language)
        return " ".join(text.get_text() for text in figure.texts)

    chance = wording.text(language, "change_terms.raw")
    assert chance in subtitle(changes)
    bare = subtitle(changes[changes["term"] != "corrected"])
    assert chance not in bare and wording.text(language, "change_terms.raw_uncorrected") in bare
    assert wording.text(language, "change_terms.corrected") not in bare


def test_parts_net_of_chance_have_no_corrected_change_beside_them(madeup, changes):
    both = pd.concat([changes, madeup.changes(net=True, seed=6).query("net")]).assign(index="information_theory")
    of = OF | {"index": "information_theory", "language": "en"}
    net = draw_change_terms(both, **of, net=True)
    assert "net of chance" in words(net) and "Read the corrected change" not in words(net)
    for axes in net.axes:
        (dot,) = [line for line in axes.lines if line.get_marker() == "o"]
        assert not [line for line in axes.lines if same_color(line.get_color(), style.RIBBON) and line.get_xdata()[0]
                    == line.get_xdata()[0]]  # fmt: skip
        city = in_order(both["city"])[net.axes.index(axes)]
        own = both[(both["city"] == city) & both["net"]]
        assert dot.get_xdata()[0] == pytest.approx(own["change"].sum())
    raw = draw_change_terms(both, **of)
    assert raw.title != net.title


def test_a_city_without_parts_says_why(changes):
    lost = changes["city"].isin(["Oulu", "Lahti"])
    rows = changes.assign(change=changes["change"].mask(lost))
    rows.loc[rows["city"] == "Oulu", "note"] = "break: areas entered since 2014: 90100"
    figure = draw_change_terms(rows, **OF, language="sv")
    panels = dict(zip(in_order(rows["city"]), figure.axes))
    assert said(panels["Oulu"]) == ["brott i tidsserien"]
    assert " ".join(said(panels["Lahti"])) == "publiceras inte eller uppgift saknas"
    assert not panels["Oulu"].patches and "Uleåborg" not in figure.description


def test_a_city_that_lacks_one_part_has_none(changes):
    rows = changes[~((changes["city"] == "Kuopio") & (changes["term"] == "removals"))]
    assert "Kuopio" not in parts_of(rows).index and len(parts_of(rows)) == 10


def test_the_group_s_own_cluster_size_is_shown(changes):
    wide = changes.assign(cluster_size=2.5, low=changes["low"] - 1)
    figure = draw_change_terms(pd.concat([changes, wide]), **OF, language="en")
    assert figure.axes[0].get_xlim()[0] < -0.9


def test_areas_are_called_areas(changes):
    said = words(draw_change_terms(changes, **OF, language="fi"))
    assert "alueiden kasvu" in said and "ruutujen kasvu" not in said and "postinumeroalue" in said


def test_what_cannot_be_drawn_is_refused(changes):
    with pytest.raises(BadData, match="no city has all parts of dissimilarity for low_income, 2012–2015"):
        draw_change_terms(changes, **OF | {"first": 2012}, language="en")
    with pytest.raises(BadData, match="no city has all parts"):
        draw_change_terms(changes, **OF, net=True, language="en")
    with pytest.raises(BadData, match="several rows"):
        draw_change_terms(pd.concat([changes, changes]), **OF, language="en")
    with pytest.raises(BadData, match=r"\['term'\] are missing"):
        draw_change_terms(changes.drop(columns="term"), **OF, language="en")
