"""Trends and rankings: the data on the axes, the words, and what is left out."""

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest
from drawn_axes import tick_labels

from segindex.errors import BadData
from segindex.facts import Names
from segindex.figures import alt, draw_ranking, draw_trends, style
from segindex.figures.trends import pieces, runs
from segindex.standings import breaks, in_order, series

OF = {"index": "dissimilarity", "group": "low_income"}


def words(figure):
    """Every text of a figure, its axes' included."""
    return " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))


def lines(axes, colour, marker="None"):
    """The lines of a colour on some axes, as arrays of points."""
    return [
        line.get_xydata()
        for line in axes.lines
        if matplotlib.colors.same_color(line.get_color(), colour) and line.get_marker() == marker
    ]


def rings(axes):
    """Where the hollow dots are."""
    return [line.get_xdata()[0] for line in axes.lines if line.get_markerfacecolor() == "white"]


@pytest.fixture
def results(madeup):
    return madeup.results()


def test_each_panel_has_its_city_in_the_programme_s_order(results):
    figure = draw_trends(results, **OF, language="fi")
    plain = series(results, "dissimilarity", "low_income")
    assert len(figure.axes) == 11
    cities = in_order(results["city"])
    assert cities[:3] == ["Helsinki", "Espoo", "Tampere"]
    for city, axes in zip(cities, figure.axes):
        own = plain[plain["city"] == city]
        np.testing.assert_allclose(lines(axes, style.BLUE)[0], own[["year", "value"]])
        np.testing.assert_allclose(lines(axes, style.QUIET)[0], own[["year", "expected"]])
        assert len(axes.collections[0].get_segments()) == 10
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def dotted(axes):
    """The dotted blue lines over years without values."""
    return [line.get_xydata() for line in axes.lines if line.is_dashed() and _blue(line)]


def _blue(line):
    return matplotlib.colors.same_color(line.get_color(), style.BLUE)


def test_years_without_values_are_crossed_by_a_dotted_line_that_says_so(madeup):
    results = madeup.results(years=(2012, 2013, 2014, 2018, 2019))
    figure = draw_trends(results, **OF, language="en")
    own = series(results, "dissimilarity", "low_income")
    own = own[own["city"] == "Helsinki"]
    axes = figure.axes[0]
    assert [list(line[:, 0]) for line in lines(axes, style.BLUE)] == [[2012, 2013, 2014], [2018, 2019]]
    (join,) = dotted(axes)
    np.testing.assert_allclose(join, own[own["year"].isin((2014, 2018))][["year", "value"]])
    (marked,) = [line for line in axes.lines if line.is_dashed() and _blue(line)]
    assert marked.get_marker() == "o" and marked.get_linewidth() < 1.8
    behind = [part for part in axes.collections if matplotlib.colors.same_color(part.get_color()[0], style.GREY)]
    assert [len(part.get_segments()) for part in behind] == [20, 10]
    assert "no data for the years between" in words(figure)
    assert "A gap in the line" not in words(figure)
    close = draw_trends(madeup.results(years=(2012, 2013, 2016)), **OF, language="en")
    assert not dotted(close.axes[0]) and "years between" not in words(close)


def test_a_long_step_that_is_usual_is_no_gap():
    def cut(*years):
        rows = pd.DataFrame({"year": years})
        return [list(run["year"]) for run in runs(rows, rows["year"])]

    assert cut(1990, 1995, 2000) == [[1990, 1995, 2000]]
    assert cut(1990, 1995, 2000, 2010) == [[1990, 1995, 2000], [2010]]
    assert cut(2010, 2011, 2014) == [[2010, 2011, 2014]]
    assert cut(2015, 2024) == [[2015], [2024]]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "Vuodesta 2014 ruudut ovat 250\xa0m, sitä ennen 500\xa0m."),
        ("sv", "Från och med år 2014 är rutorna 250\xa0m, före det 500\xa0m."),
        ("en", "Cells are 250\xa0m from 2014 on, 500\xa0m before."),
    ],
)
def test_a_change_of_the_cells_is_said(results, madeup, language, said):
    coverage = madeup.coverage(results)
    changed = coverage["year"] == 2014
    coverage.loc[changed, "note"] = "made-up data; break: cells of 250 m, before 500 m"
    figure = draw_trends(results, **OF, language=language, coverage=coverage, cell_size_m=250)
    assert said in " ".join(text.get_text() for text in figure.texts)
    other = madeup.coverage(results, breaks=[("Lahti", 2014)])
    assert "500" not in words(draw_trends(results, **OF, language=language, coverage=other, cell_size_m=250))


def test_every_panel_has_its_years_and_three_decimals(results):
    figure = draw_trends(results, **OF, language="en")
    rows = series(results, "dissimilarity", "low_income")
    for axes, city in zip(figure.axes, in_order(results["city"])):
        labels = [label.get_text() for label in tick_labels(axes, "x")]
        assert (labels[0], labels[-1]) == ("2012", "2015")
        last = rows["value"][(rows["city"] == city) & (rows["year"] == 2015)].iloc[0]
        assert f"{last:.3f}" in [text.get_text() for text in axes.texts]


def test_the_ranking_s_axis_starts_at_0(results):
    for values in (results, results.assign(value=results["value"] + 0.5, expected=np.nan)):
        axes = draw_ranking(values, **OF, language="en", year=2015).axes[0]
        assert tick_labels(axes, "x")[0].get_position()[0] == 0.0 and -0.05 < axes.get_xlim()[0] <= 0.0


@pytest.mark.parametrize(
    ("language", "ends", "chance"),
    [
        ("fi", "erilaisuusindeksi (D) on suurin Rovaniemellä (0,900) ja pienin Vantaalla (0,050)", "pystyviiva"),
        ("sv", "högst i Rovaniemi (0,900) och lägst i Vanda (0,050)", "lodräta strecket"),
        ("en", "highest in Rovaniemi (0.900) and lowest in Vantaa (0.050)", "due to chance, which differs"),
    ],
)
def test_the_ranking_s_title_is_a_sentence_and_warns_of_chance(results, language, ends, chance):
    plain = (results["index"] == "dissimilarity") & (results["year"] == 2015)
    results.loc[plain & (results["city"] == "Rovaniemi"), "value"] = 0.9
    results.loc[plain & (results["city"] == "Vantaa"), "value"] = 0.05
    figure = draw_ranking(results, **OF, language=language, year=2015)
    assert ends in figure.title and chance in words(figure)
    without = draw_ranking(results.assign(expected=np.nan), **OF, language=language, year=2015)
    assert chance not in words(without)


def test_a_break_is_a_gap(results, madeup):
    coverage = madeup.coverage(results, breaks=[("Lahti", 2014)])
    figure = draw_trends(results, **OF, language="en", coverage=coverage)
    place = in_order(results["city"]).index("Lahti")
    years = [list(line[:, 0]) for line in lines(figure.axes[place], style.BLUE)]
    assert years == [[2012, 2013], [2014, 2015]]
    assert "A gap in the line marks a break" in words(figure)
    assert len(lines(figure.axes[0], style.BLUE)) == 1
    assert "A gap in the line" not in words(draw_trends(results, **OF, language="en"))


def test_other_notes_are_no_breaks(results, madeup):
    coverage = madeup.coverage(results, breaks=[("Lahti", 2014)])
    coverage["note"] = coverage["note"].where(coverage["note"] != "", "made-up data")
    assert breaks(coverage, "income_class") == {"Lahti": (2014,)}
    assert breaks(coverage, "no_such") == {} and breaks(None, "income_class") == {}


def test_the_title_tells_the_span_of_the_latest_values(results):
    rows = series(results, "dissimilarity", "low_income")
    rank = rows["city"].map({city: rank for rank, city in enumerate(in_order(rows["city"]))})
    rows = rows.assign(value=np.where(rows["year"] == rows["year"].max(), 0.2 + rank / 100, 0.9))
    title = alt.trends_title(rows, index="dissimilarity", group="x", language="en")
    assert title.endswith("most recently 0.200–0.300")
    one = alt.trends_title(rows[rows["city"] == "Lahti"], index="dissimilarity", group="x", language="en")
    assert "recently" not in one


def test_an_interval_of_a_year_alone_is_a_bar(results):
    """Editions have intervals for the baseline and the latest year: a ribbon between these would show nothing."""
    ends = results["year"].isin([results["year"].min(), results["year"].max()])
    some = {name: (results["value"] + shift).where(ends) for name, shift in (("low", -0.03), ("high", -0.01))}
    figure = draw_trends(results.assign(corrected=(results["value"] - 0.02).where(ends), **some), **OF, language="en")
    city = figure.axes[0]
    own = series(results[ends], "dissimilarity", "low_income")
    own = own[own["city"] == "Helsinki"].sort_values("year")
    bars = [path.vertices for one in city.collections for path in one.get_paths() if len(path.vertices) == 2]
    seen = sorted(tuple(bar.round(9).ravel()) for bar in bars if bar[0, 0] == bar[1, 0])
    wanted = [(y, v - 0.03, y, v - 0.01) for y, v in zip(own["year"], own["value"])]
    np.testing.assert_allclose(seen, wanted)


def test_an_interval_belongs_to_the_corrected_value(results):
    plain = draw_trends(results, **OF, language="en")
    assert "corrected" not in words(plain)
    some = results.assign(corrected=results["value"] - 0.02, low=results["value"] - 0.03, high=results["value"] - 0.01)
    figure = draw_trends(some, **OF, language="en")
    assert "corrected value and its 95% confidence interval" in words(figure)
    ribbon = figure.axes[0].collections[1].get_paths()[0].vertices[:, 1]
    own = series(some, "dissimilarity", "low_income")
    own = own[own["city"] == "Helsinki"]
    assert (ribbon.min(), ribbon.max()) == pytest.approx((own["low"].min(), own["high"].max()))
    np.testing.assert_allclose(lines(figure.axes[0], style.CORRECTED)[0][:, 1], own["corrected"])


@pytest.mark.parametrize("n_cities", [1, 2, 4, 5, 11])
@pytest.mark.parametrize("years", [(2014, 2015), tuple(range(1995, 2025))], ids=["two years", "thirty years"])
def test_trends_fit_any_number_of_cities_and_years(madeup, n_cities, years):
    results = madeup.results(years=years, groups=("low_income",), cities=madeup.CITIES[:n_cities])
    figure = draw_trends(results, **OF, language="sv")
    assert len(figure.axes) == n_cities
    labels = [label.get_text() for label in tick_labels(figure.axes[-1], "x")]
    assert labels[0] == str(years[0]) and labels[-1] == str(years[-1])


def test_a_single_year_after_a_break_is_a_dot(results):
    rows = series(results, "dissimilarity", "low_income")
    own = rows[rows["city"] == "Oulu"]
    assert [list(piece["year"]) for piece in pieces(own, (2015,))] == [[2012, 2013, 2014], [2015]]
    assert [len(piece) for piece in pieces(own, (2012,))] == [4]


def test_an_older_last_value_says_its_year(results):
    late = results[~((results["city"] == "Oulu") & (results["year"] == 2015))]
    assert "(2014)" in words(draw_trends(late, **OF, language="fi"))
    assert "(2014)" not in words(draw_trends(results, **OF, language="fi"))


def test_ranking_is_ordered_by_value_and_names_the_ends(results):
    figure = draw_ranking(results, **OF, language="sv", year=2015, baseline=2012)
    rows = series(results, "dissimilarity", "low_income")
    latest = rows[rows["year"] == 2015].sort_values("value", ascending=False)
    filled = np.array([point[0] for point in lines(figure.axes[0], style.BLUE, marker="o")])
    np.testing.assert_allclose(filled[:, 0], latest["value"])
    assert (np.diff(filled[:, 1]) < 0).all()
    before = rows[rows["year"] == 2012].set_index("city")["value"]
    np.testing.assert_allclose(rings(figure.axes[0]), before[latest["city"]])
    ticks = [point[0, 0] for point in lines(figure.axes[0], style.INK, marker="|")]
    np.testing.assert_allclose(ticks, latest["expected"])
    labels = [label.get_text() for label in tick_labels(figure.axes[0], "y")]
    assert labels[0] == {"Turku": "Åbo"}.get(latest["city"].iloc[0], labels[0])
    assert "högst i" in figure.title


def test_a_baseline_across_a_break_is_not_drawn(results, madeup):
    coverage = madeup.coverage(results, breaks=[("Lahti", 2014)])
    whole = draw_ranking(results, **OF, language="fi", year=2015, baseline=2012)
    figure = draw_ranking(results, **OF, language="fi", year=2015, baseline=2012, coverage=coverage)
    assert [len(rings(each.axes[0])) for each in (whole, figure)] == [11, 10]


def test_a_city_without_a_value_is_named(results):
    results.loc[(results["city"] == "Oulu") & (results["index"] == "dissimilarity"), "value"] = np.nan
    figure = draw_ranking(results, **OF, language="en", year=2015)
    assert "Oulu" in words(figure) and "not published or no data" in words(figure)
    assert "Oulu" not in alt.ranking_alt(
        series(results, **OF), index="dissimilarity", group="x", year=2015, language="en"
    )


def test_scales_and_other_references_stay_out_and_doubles_are_refused(results):
    extra = results.assign(scale_m=1000.0, value=0.9)
    named = results.assign(reference="high_income", value=0.8)
    older = results.assign(release="1999", value=0.7)
    both = pd.concat([results, extra, named, older], ignore_index=True)
    assert series(both, "dissimilarity", "low_income")["value"].max() < 0.6
    twice = pd.concat([results, results], ignore_index=True)
    with pytest.raises(BadData, match="several plain rows"):
        series(twice, "dissimilarity", "low_income")
    with pytest.raises(BadData, match="group"):
        series(results.drop(columns="group"), "dissimilarity", "low_income")


def test_nothing_to_draw_is_an_error(results):
    for draw, more in ((draw_trends, {}), (draw_ranking, {"year": 2015})):
        with pytest.raises(BadData, match="no value of dissimilarity for nobody"):
            draw(results, index="dissimilarity", group="nobody", language="fi", **more)


def test_a_group_of_the_settings_has_its_own_name(results):
    results = results.assign(group=results["group"].replace("low_income", "newcomers"))
    names = {"newcomers": Names("uudet asukkaat", "nya invånare", "new residents")}
    of = {"index": "dissimilarity", "group": "newcomers", "defined": names}
    assert draw_trends(results, **of, language="sv").title.startswith("Nya invånare: ")
    assert draw_ranking(results, **of, language="en", year=2015).title.startswith("New residents: ")


def test_made_up_rows_mark_their_figure_whoever_draws_it(results):
    marked = results.assign(note="made-up data; biweight kernel")
    for draw, more in ((draw_trends, {}), (draw_ranking, {"year": int(results["year"].max())})):
        assert "SYNTHETIC DATA" in words(draw(marked, **OF, **more, language="en"))
        assert "SYNTHETIC DATA" not in words(draw(results.assign(note=""), **OF, **more, language="en"))
