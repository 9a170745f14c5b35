"""A city's cluster map: what is drawn, what is said, and what is never drawn."""

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib import colors

from segindex.errors import BadData, BadSettings
from segindex.figures import draw_clusters, shapes, style
from segindex.figures.select import tally

OF = {"city": "Helsinki", "group": "low_income", "year": 2015}


def words(figure):
    """Every text of a figure, its axes' included."""
    return " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))


@pytest.fixture(scope="module")
def cells(madeup):
    return madeup.cells()


def test_the_raster_holds_each_cell_in_its_place_and_colour(cells):
    figure = draw_clusters(cells, **OF, language="fi", cell_size_m=250)
    image = figure.axes[0].images[0]
    left, _right, bottom, top = image.get_extent()
    pixels = np.asarray(image.get_array())
    fine = pixels.shape[0] * 250 / (top - bottom)
    for row in cells.sample(50, random_state=1).itertuples():
        line, column = int((top - row.y) / 250 * fine), int((row.x - left) / 250 * fine)
        wanted = np.array(colors.to_rgba(style.CLUSTERS[row.cluster])) * 255
        np.testing.assert_allclose(pixels[line, column], wanted, atol=1)
    assert fine == 8
    land = np.array(colors.to_rgba(style.LAND)) * 255
    empty = pixels[pixels[..., 3] == 0]
    np.testing.assert_allclose(empty[:, :3], np.broadcast_to(land[:3], empty[:, :3].shape), atol=1)


def test_the_title_says_the_share_in_clusters(cells):
    figure = draw_clusters(cells, **OF, language="en", cell_size_m=250)
    visible = cells[cells["cluster"] != "protected"]
    share = visible["population"][visible["cluster"] == "high-high"].sum() / visible["population"].sum()
    assert f"{share * 100:.1f}% of persons aged 18 or over live in high–high clusters" in figure.title
    said = words(figure)
    assert "250 m × 250 m" in said and "Local Moran's I" in said and "5%" in said and "2015" in said
    assert f"n = {len(visible):,}" in said


def test_published_classes_replace_the_counted_ones(cells):
    classes = tally(cells)
    classes.loc[classes["cluster"] == "high-high", ["population_share", "population"]] = np.nan
    figure = draw_clusters(cells, **OF, language="sv", cell_size_m=250, clusters=classes)
    assert figure.title.endswith("andelen i hög–hög-kluster publiceras inte")
    n_cells = classes["n_cells"][classes["cluster"] == "high-high"].iloc[0]
    assert f"{n_cells} · –" in words(figure)


def test_no_cluster_is_said_so(cells):
    quiet = cells.assign(cluster="not significant")
    assert "ei tilastollisesti merkitseviä" in draw_clusters(quiet, **OF, language="fi", cell_size_m=250).title


def test_a_group_of_the_labour_force_is_no_share_of_residents(madeup):
    cells = madeup.cells(group="unemployed")
    figure = draw_clusters(cells, **OF | {"group": "unemployed"}, language="fi", cell_size_m=250)
    assert "työvoimasta" in figure.title and "asukkaista" not in words(figure)


def test_residents_outside_the_window_are_counted(madeup):
    cells = madeup.cells(far=40)
    figure = draw_clusters(cells, **OF, language="en", cell_size_m=250)
    low, high = figure.axes[0].get_xlim()
    bottom, top = figure.axes[0].get_ylim()
    inside = cells["x"].between(low, high) & cells["y"].between(bottom, top)
    outside = cells["population"][~inside & (cells["cluster"] != "protected")].sum()
    assert outside > 0
    assert f"({outside:,}) live outside the map" in words(figure)
    assert high - low < 25_000
    near = draw_clusters(madeup.cells(), **OF, language="en", cell_size_m=250)
    assert "outside the map" not in words(near)


def test_the_window_holds_85_per_cent_and_no_more_than_it_must():
    rng = np.random.default_rng(5)
    x, y = rng.normal(0, 3000, (2, 4000))
    x[:100] += 60_000
    population = rng.integers(1, 100, 4000).astype(float)
    bounds = (x.min(), y.min(), x.max(), y.max())
    view = shapes.window(x, y, population, bounds=bounds)
    held = population[view.holds(x, y)].sum() / population.sum()
    assert 0.85 <= held < 0.865
    assert view.right - view.left == pytest.approx(view.top - view.bottom)
    wide = shapes.window(x, y, population, bounds=bounds, aspect=1.5)
    assert (wide.right - wide.left) / (wide.top - wide.bottom) == pytest.approx(1.5)
    one = shapes.window(x[100:], y[100:], population[100:], bounds=(-8e3, -8e3, 8e3, 8e3))
    assert one.holds(np.array([7.9e3, -7.9e3]), np.array([7.9e3, -7.9e3])).all(), "hardly larger: shown whole"


def test_polygons_are_one_path_a_class(madeup):
    frame, polygons = madeup.areas()
    figure = draw_clusters(frame, **OF, language="sv", areas=polygons)
    colours = [colors.to_hex(patch.get_facecolor()) for patch in figure.axes[0].patches]
    assert {style.CLUSTERS[name] for name in frame["cluster"]} <= set(colours)
    assert len(figure.axes[0].patches) < 13
    assert "postnummerområde" in words(figure) and not figure.axes[0].images


def test_areas_may_come_as_a_geodataframe_and_without_centres(madeup):
    import geopandas

    frame, polygons = madeup.areas()
    table = geopandas.GeoDataFrame({"cell": list(polygons)}, geometry=list(polygons.values()), crs=3067)
    given = draw_clusters(frame, **OF, language="fi", areas=polygons)
    other = draw_clusters(frame.assign(x=np.nan, y=np.nan), **OF, language="fi", areas=table)
    np.testing.assert_allclose(given.axes[0].get_xlim(), other.axes[0].get_xlim(), atol=1500)


def test_areas_without_a_polygon_are_told(madeup):
    frame, polygons = madeup.areas()
    lost = frame[frame["cluster"] != "protected"].iloc[0]
    polygons = {cell: polygon for cell, polygon in polygons.items() if cell != lost["cell"]}
    figure = draw_clusters(frame, **OF, language="en", areas=polygons)
    assert f"({lost['population']:,}) live in them" in words(figure)
    assert f"n = {(frame['cluster'] != 'protected').sum()}" in words(figure)


def test_holes_stay_holes():
    view = shapes.Window(0, 0, 100, 100)
    ring = shapely.Point(50, 50).buffer(40).difference(shapely.Point(50, 50).buffer(20))
    path = shapes.filled([ring], view)
    assert (path.codes == path.MOVETO).sum() == 2


def test_borders_are_lines_without_the_window_s_edge(madeup):
    view = shapes.Window(0, 0, 100, 100)
    path = shapes.lines([shapely.box(-50, -50, 50, 150)], view)
    assert set(path.vertices[:, 0]) == {50.0}
    assert shapes.lines([], view) is None and shapes.filled([], view) is None


def test_water_borders_scale_bar_and_north_are_there(cells, madeup):
    borders, water = madeup.surroundings()
    for language, north in (("fi", "P"), ("sv", "N"), ("en", "N")):
        figure = draw_clusters(cells, **OF, language=language, cell_size_m=250, borders=borders, water=water)
        texts = [text.get_text() for text in figure.axes[0].texts]
        assert north in texts and any(text.endswith("km") for text in texts)
        colours = [colors.to_hex(patch.get_facecolor()) for patch in figure.axes[0].patches]
        assert style.WATER in colours


def test_the_coordinate_system_is_named_as_it_is(cells):
    assert "ETRS-TM35FIN" in words(draw_clusters(cells, **OF, language="fi", cell_size_m=250))
    other = draw_clusters(cells, **OF, language="fi", cell_size_m=250, crs="EPSG:3879")
    assert "ETRS-GK25FIN" in words(other) and "TM35" not in words(other)


@pytest.mark.parametrize(
    ("language", "ground", "water", "border", "outline"),
    [
        ("fi", "ei asukkaita tai tietoja", "vesi", "kunnanraja", "ulkoraja"),
        ("sv", "inga invånare eller inga uppgifter", "vatten", "kommungräns", "yttre gräns"),
        ("en", "no residents or no data", "water", "municipal border", "outer border"),
    ],
)
def test_the_legend_names_what_else_is_drawn(cells, madeup, language, ground, water, border, outline):
    borders, lakes = madeup.surroundings()
    whole = words(draw_clusters(cells, **OF, language=language, cell_size_m=250, borders=borders, water=lakes))
    assert ground in whole and water in whole and border in whole and outline not in whole
    bare = [text.get_text() for text in draw_clusters(cells, **OF, language=language, cell_size_m=250).texts]
    assert ground in " ".join(bare) and water not in bare and border not in bare
    frame, polygons = madeup.areas()
    areas = words(draw_clusters(frame, **OF, language=language, areas=polygons))
    assert outline in areas and ground not in areas


def test_areas_without_borders_have_an_outline(madeup):
    frame, polygons = madeup.areas()
    figure = draw_clusters(frame, **OF, language="fi", areas=polygons)
    edges = [colors.to_hex(patch.get_edgecolor()) for patch in figure.axes[0].patches]
    assert edges.count(style.OUTLINE) == 1
    borders, _ = madeup.surroundings()
    bordered = draw_clusters(frame, **OF, language="fi", areas=polygons, borders=borders)
    edges = [colors.to_hex(patch.get_edgecolor()) for patch in bordered.axes[0].patches]
    assert style.OUTLINE not in edges


def test_the_outline_has_no_slivers():
    left, right = shapely.box(0, 0, 1000, 1000), shapely.box(1008, 0, 2000, 1000)
    whole = shapes.joined([left, right], shapes.Window(-100, -100, 2100, 1100))
    assert whole.geom_type == "Polygon" and not whole.interiors
    assert whole.area == pytest.approx(2000 * 1000, rel=0.01)


def test_what_protected_cells_hold_may_be_missing(madeup):
    cells = madeup.cells(far=40)
    hidden = cells["cluster"] == "protected"
    empty = cells.assign(population=cells["population"].where(~hidden), group_size=cells["group_size"].where(~hidden))
    zero = cells.assign(population=cells["population"].where(~hidden, 0))
    one, other = (draw_clusters(each, **OF, language="fi", cell_size_m=250) for each in (empty, zero))
    assert one.title == other.title and one.description == other.description
    assert one.axes[0].get_xlim() == other.axes[0].get_xlim()
    assert [text.get_text() for text in one.texts] == [text.get_text() for text in other.texts]
    frame, polygons = madeup.areas()
    areas = frame.assign(population=frame["population"].where(frame["cluster"] != "protected"))
    assert "nan" not in words(draw_clusters(areas, **OF, language="en", areas=polygons))


def test_protected_and_empty_cells_have_greys_of_their_own():
    names = ("protected", "empty", "not significant", "no neighbour")
    assert len({style.LAND, *(style.CLUSTERS[name] for name in names)}) == 5
    assert [style.CLUSTERS[name] for name in ("high-high", "low-low", "high-low", "low-high")] == [
        "#b2182b",
        "#2166ac",
        "#ef8a62",
        "#92c5de",
    ]


def test_what_cannot_be_drawn_is_refused(cells, madeup):
    with pytest.raises(BadSettings, match="either cell_size_m"):
        draw_clusters(cells, **OF, language="fi")
    with pytest.raises(BadSettings, match="either cell_size_m"):
        draw_clusters(cells, **OF, language="fi", cell_size_m=250, areas={})
    with pytest.raises(BadData, match="no row for Oulu"):
        draw_clusters(cells, **OF | {"city": "Oulu"}, language="fi", cell_size_m=250)
    with pytest.raises(BadData, match="hot"):
        draw_clusters(cells.assign(cluster="hot"), **OF, language="fi", cell_size_m=250)
    with pytest.raises(BadData, match="several cells lie in one"):
        draw_clusters(cells, **OF, language="fi", cell_size_m=1000)
    with pytest.raises(BadData, match="none of the cells"):
        draw_clusters(cells, **OF, language="fi", areas={"x": shapely.box(0, 0, 1, 1)})
    with pytest.raises(TypeError):
        draw_clusters(cells, **OF, language="fi", cell_size=250)


def test_the_tally_leaves_protected_cells_out_of_the_shares():
    cells = pd.DataFrame(
        {
            "cell": list("abcd"),
            "cluster": ["high-high", "high-high", "not significant", "protected"],
            "population": [10, 20, 70, 900],
            "group_size": [5, 5, 10, 0],
        }
    )
    found = tally(cells).set_index("cluster")
    assert found.loc["high-high", "population_share"] == pytest.approx(0.3)
    assert found.loc["high-high", "group_share"] == pytest.approx(0.5)
    assert found.loc["protected", "n_cells"] == 1
    assert found.loc["protected", ["population", "group_size", "group_share"]].isna().all()
