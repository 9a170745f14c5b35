"""Area types: bars that hold each share in its place and colour, a map, and what is said of them."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color, to_rgb

from segindex import wording
from segindex.errors import BadData, BadSettings
from segindex.figures import draw_type_map, draw_types, style
from segindex.figures.select import KINDS
from segindex.standings import in_order

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])
OF = {"city": "Helsinki", "year": 2015}


def words(figure):
    """Every text of a figure, its axes' included."""
    return " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))


def bars(figure):
    """The stacked bars from the top: [[(length, colour)]]."""
    found = {}
    for patch in figure.axes[0].patches:
        found.setdefault(round(-patch.get_y(), 6), []).append(patch)
    for own in found.values():
        starts = np.cumsum([0, *(patch.get_width() for patch in own)])[:-1]
        np.testing.assert_allclose([patch.get_x() for patch in own], starts, atol=1e-12)
    return [[(patch.get_width(), patch.get_facecolor()) for patch in found[level]] for level in sorted(found)]


@pytest.fixture
def types(madeup):
    return madeup.types()


def shares(types, city, year, extent="cities"):
    rows = types[(types["city"] == city) & (types["year"] == year) & (types["extent"] == extent)]
    return rows.set_index("type")["residents_share"].reindex(KINDS)


def test_each_city_has_the_baseline_above_and_the_year_below(types):
    figure = draw_types(types.sample(frac=1, random_state=1), year=2015, baseline=2013, language="en")
    wanted = [(city, year) for city in in_order(types["city"]) for year in (2013, 2015)]
    assert KINDS == (1, 2, 3, 4, 5, 0)
    for (city, year), bar in zip(wanted, bars(figure), strict=True):
        np.testing.assert_allclose([length for length, _ in bar], shares(types, city, year))
        assert all(same_color(colour, style.TYPES[kind]) for kind, (_, colour) in zip(KINDS, bar, strict=True))
    years = [text.get_text() for text in figure.axes[0].texts if text.get_text() in ("2013", "2015")]
    assert years == ["2013", "2015"] * 11


@LANGUAGES
def test_the_title_tells_where_most_and_fewest_live_in_type_1(types, language):
    figure = draw_types(types, year=2015, baseline=2013, language=language)
    one = pd.Series({city: shares(types, city, 2015)[1] for city in in_order(types["city"])})
    for city, share in ((one.idxmax(), one.max()), (one.idxmin(), one.min())):
        assert wording.in_city(city, language) in figure.title and wording.percent(share, language) in figure.title
    assert figure.title.index(wording.percent(one.max(), language)) < figure.title.index(
        wording.percent(one.min(), language)
    )
    listed = ", ".join(wording.percent(share, language) for share in shares(types, "Lahti", 2015))
    assert f"{wording.city_name('Lahti', language)} {listed}" in figure.description
    assert "2013" in words(figure) and wording.text(language, "types.type_5") in words(figure)


@LANGUAGES
def test_one_city_alone_has_its_own_title(madeup, language):
    types = madeup.types(cities=("Lahti",))
    title = draw_types(types, year=2015, baseline=2013, language=language).title
    assert wording.percent(shares(types, "Lahti", 2015)[1], language) in title
    assert title.count(wording.in_city("Lahti", language)) == 1 and "2015" in title


def test_a_break_or_a_missing_year_leaves_a_bar_out(types):
    types.loc[(types["city"] == "Oulu") & (types["year"] == 2014), "note"] = "break: areas entered since 2013: 90100"
    types.loc[(types["city"] == "Lahti") & (types["year"] == 2013), "note"] = "break: areas entered since 2012: 15500"
    types = types[~((types["city"] == "Turku") & (types["year"] == 2013))]
    types = types[~((types["city"] == "Vantaa") & (types["year"] == 2015))]
    figure = draw_types(types, year=2015, baseline=2013, language="en")
    assert len(bars(figure)) == 2 * 11 - 3
    assert "break in its series" in words(figure) and "Vanta" not in figure.description
    quiet = draw_types(types.assign(note=""), year=2015, baseline=2013, language="en")
    assert "break in its series" not in words(quiet) and len(bars(quiet)) == 2 * 11 - 2
    none = draw_types(types[types["city"] != "Vantaa"], year=2015, language="en")
    assert len(bars(none)) == 10 and "not published or no data" not in words(none)
    gone = types[~((types["city"] == "Vantaa") & (types["year"] == 2013))]
    said = words(draw_types(gone, year=2015, baseline=2013, language="en"))
    assert "not published or no data" in said, "a city that has other years alone is named"


def test_the_types_are_told_apart_without_red_and_green():
    light = [np.dot(to_rgb(style.TYPES[kind]), (0.2126, 0.7152, 0.0722)) for kind in (1, 2, 3, 4, 5)]
    assert light[0] < light[1] < light[2] > light[3] > light[4]
    assert len({style.TYPES[kind] for kind in KINDS}) == len(KINDS)
    warm = [to_rgb(style.TYPES[kind])[0] > to_rgb(style.TYPES[kind])[2] for kind in (1, 2, 4, 5)]
    assert warm == [True, True, False, False]


def test_what_cannot_be_drawn_is_refused(types):
    with pytest.raises(BadData, match="no city has types in 2019"):
        draw_types(types, year=2019, language="en")
    with pytest.raises(BadData, match=r"type \[7\] is unknown"):
        draw_types(types.assign(type=types["type"].replace(3, 7)), year=2015, language="en")
    with pytest.raises(BadData, match="several rows"):
        draw_types(pd.concat([types, types]), year=2015, language="en")


def test_the_map_holds_each_cell_in_its_place_and_colour(madeup):
    areas = madeup.type_areas()
    figure = draw_type_map(areas, **OF, language="fi", cell_size_m=250)
    image = figure.axes[0].images[0]
    left, _right, bottom, top = image.get_extent()
    pixels = np.asarray(image.get_array())
    fine = pixels.shape[0] * 250 / (top - bottom)
    for row in areas.sample(60, random_state=1).itertuples():
        line, column = int((top - row.y) / 250 * fine), int((row.x - left) / 250 * fine)
        np.testing.assert_allclose(pixels[line, column, :3], np.array(to_rgb(style.TYPES[row.type])) * 255, atol=1)


@LANGUAGES
def test_the_map_s_words_are_the_table_s_numbers(madeup, language):
    areas = madeup.type_areas()
    share = areas["residents"][areas["type"] == 1].sum() / areas["residents"].sum()
    figure = draw_type_map(areas, **OF, language=language, cell_size_m=250, cut_offs=2013)
    assert wording.percent(share, language) in figure.title
    counted = f"{wording.count((areas['type'] == 1).sum(), language)} · {wording.percent(share, language)}"
    assert counted in words(figure)
    said = words(figure)
    for key, values in (("nearest", {}), ("cuts", {"first": 2013}), ("caution", {})):
        for line in style.wrapped(wording.text(language, f"type_map.{key}", **values), 1.0):
            assert line in said
    given = madeup.types(cities=("Helsinki",), years=(2015,)).query("extent == 'cities'")
    told = draw_type_map(areas, **OF, language=language, cell_size_m=250, types=given)
    assert wording.percent(shares(given, "Helsinki", 2015)[1], language) in told.title
    none = draw_type_map(areas.assign(type=3), **OF, language=language, cell_size_m=250)
    assert none.title == wording.text(language, "type_map.title_none", city=wording.city_name("Helsinki", language))


def test_areas_are_polygons_in_the_colour_of_their_type(madeup):
    frame, polygons = madeup.areas()
    rows = madeup.type_areas(n=7, size=3000, seed=3).assign(cell_size_m=np.nan)
    assert set(rows["cell"]) == set(frame["cell"])
    lost = rows.iloc[0]
    del polygons[lost["cell"]]
    figure = draw_type_map(rows, **OF, language="en", areas=polygons)
    colours = [patch.get_facecolor() for patch in figure.axes[0].patches]
    for kind in set(rows["type"][1:]):
        assert any(same_color(colour, style.TYPES[kind]) for colour in colours)
    said = words(figure)
    assert not figure.axes[0].images and "number of areas" in said and "nearest residents" not in said
    assert f"({lost['residents']:,}) live in them" in said


def test_the_map_refuses_what_it_cannot_show(madeup):
    areas = madeup.type_areas(n=12)
    with pytest.raises(BadSettings, match="either"):
        draw_type_map(areas, **OF, language="en")
    with pytest.raises(BadData, match="no row for Helsinki, 2011"):
        draw_type_map(areas, **OF | {"year": 2011}, language="en", cell_size_m=250)
    with pytest.raises(BadData, match=r"type \[9\] is unknown"):
        draw_type_map(areas.assign(type=9), **OF, language="en", cell_size_m=250)
