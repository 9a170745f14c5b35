"""HSY's population grid: made-up cells in each form, the traps of the published files, and those files themselves."""

import warnings
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import segindex
from segindex.errors import BadData, BadSettings
from segindex.sources import borders, hsy

DATA = Path(__file__).parents[2] / "../shared/data"
MUNICIPALITIES = DATA / "municipalities/finland_municipalities_2021.gpkg"
real = pytest.mark.skipif(not DATA.is_dir(), reason="the real data of ../shared/data are not here")

WEST, SOUTH = 25_490_000, 6_672_000
PRJ = (
    'PROJCS["ETRS89_ETRS_GK25FIN_2010",GEOGCS["GCS_ETRS89",DATUM["D_ETRS_1989",SPHEROID["Geodetic_Reference_System_of_'
    '1980",6378137,298.2572221009113]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]],PROJECTION['
    '"Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",25],PARAMETER["scale_factor",1],'
    'PARAMETER["false_easting",25500000],PARAMETER["false_northing",0],UNIT["Meter",1]]'
)


def cells(places=((0, 0), (1, 0), (2, 0)), size=250, crs="EPSG:3879", off=0.0, **changes):
    """Cells of 180 residents, 20 in each age; a change gives a column its values."""
    columns = {"asukkaita": [180] * len(places), "asvaljyys": [0] * len(places)}
    columns |= {age: [20] * len(places) for age in hsy.AGES}
    shapes = [
        shapely.box(WEST + size * i + off, SOUTH + size * j, WEST + size * (i + 1), SOUTH + size * (j + 1))
        for i, j in places
    ]
    return geopandas.GeoDataFrame(columns | changes, geometry=shapes, crs=crs)


def ages(*values):
    """The nine age columns, one tuple of nine a cell."""
    return dict(zip(hsy.AGES, map(list, zip(*values))))


@pytest.fixture
def towns(tmp_path):
    """Helsinki holds the first two columns of cells, Sipoo what lies east of them."""
    shapes = [
        shapely.box(WEST - 9_000, SOUTH - 20_000, WEST + 500, SOUTH + 9_000),
        shapely.box(WEST + 500, SOUTH - 20_000, WEST + 1_000, SOUTH + 9_000),
    ]
    path = tmp_path / "towns.gpkg"
    found = geopandas.GeoDataFrame(
        {"NATCODE": ["091", "753"], "NAMEFIN": ["Helsinki", "Sipoo"]}, geometry=shapes, crs=3879
    )
    found.to_crs(3067).to_file(path)
    return path


def shapefile(folder, frame, prj=PRJ, name="Vaestotietoruudukko_2016.zip"):
    frame = frame.rename(columns={name: name.upper() for name in frame if name != "geometry"})
    with warnings.catch_warnings():
        # the .prj is written by hand below
        warnings.simplefilter("ignore", UserWarning)
        frame.set_crs(None, allow_override=True).to_file(folder / "grid.shp")
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for ending in ("shp", "shx", "dbf"):
            archive.write(folder / f"grid.{ending}", f"grid.{ending}")
        if prj:
            archive.writestr("grid.prj", prj)
    return path


def written(folder, frame, kind):
    path = folder / f"vaestotietoruudukko_2016.{kind}"
    if kind == "zip":
        return shapefile(folder, frame)
    if kind == "csv":
        frame.assign(geom=frame.geometry.to_wkt()).drop(columns="geometry").to_csv(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


def notices(delivery):
    return {notice.kind: notice for notice in delivery.notices}


@pytest.mark.parametrize("kind", ["zip", "gpkg", "geojson", "csv", "parquet"])
def test_every_form_gives_the_same_cells(tmp_path, towns, kind):
    path = written(tmp_path, cells(), kind)
    assert hsy.knows(path)
    (found,) = hsy.read(path, municipalities=towns)
    assert found.frame.columns.tolist() == ["city", "cell", "x", "y", "asukkaita", *hsy.AGES]
    assert found.frame["cell"].tolist() == ["gk25_25490125_6672125", "gk25_25490375_6672125"]
    assert found.frame["city"].tolist() == ["Helsinki"] * 2
    assert found.frame["asukkaita"].tolist() == [180, 180]
    assert (found.release, found.cell_size_m, found.crs) == ("2016", 250, "EPSG:3879")
    assert found.date("ika0_9") == found.date("asukkaita") == "2016-12-31"
    assert found.columns == ("asukkaita", *hsy.AGES)
    assert notices(found)["other_municipality"].residents == 180


@pytest.mark.parametrize("off", [-1.0, 1.0])
def test_corners_that_are_off_by_a_metre_come_onto_the_raster(tmp_path, towns, off):
    (found,) = hsy.read(written(tmp_path, cells(off=off), "gpkg"), municipalities=towns)
    assert found.frame["x"].tolist() == [25_490_125, 25_490_375]


def test_500_m_cells(tmp_path, towns):
    (found,) = hsy.read(written(tmp_path, cells([(0, 0)], size=500), "gpkg"), municipalities=towns)
    assert found.cell_size_m == 500
    assert found.frame["cell"].tolist() == ["gk25_25490250_6672250"]


def test_northing_first_is_turned(tmp_path, towns):
    frame = cells()
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    (found,) = hsy.read(written(tmp_path, frame, "csv"), municipalities=towns)
    assert found.frame["cell"].tolist() == ["gk25_25490125_6672125", "gk25_25490375_6672125"]


def test_ages_are_protected_where_all_nine_are_99(tmp_path, towns):
    one_99 = (99, 1, 20, 10, 10, 10, 10, 10, 10)
    frame = cells([(0, 0), (1, 0), (0, 1)], asukkaita=[80, 183, 891], **ages((99,) * 9, one_99, (99,) * 9))
    (found,) = hsy.read(written(tmp_path, frame, "gpkg"), municipalities=towns)
    assert found.frame[list(hsy.AGES)].isna().all(axis=1).tolist() == [True, False, False]
    assert found.frame["ika0_9"].tolist()[1:] == [99, 99]
    assert found.frame["asukkaita"].tolist() == [80, 183, 891]


def test_cells_at_sea_are_left_out_and_reported(tmp_path, towns):
    frame = cells([(0, 0), (0, -48)], asukkaita=[180, 36_716], **ages((20,) * 9, (99,) * 9))
    (found,) = hsy.read(written(tmp_path, frame, "gpkg"), municipalities=towns)
    assert len(found.frame) == 1
    sea = notices(found)["unlocated"]
    assert (sea.cells, sea.residents, sea.first) == (1, 36_716, ("gk25_25490125_6660125",))


def test_ages_that_fall_short_are_reported_and_not_altered(tmp_path, towns):
    frame = cells([(0, 0)], asukkaita=[183])
    (found,) = hsy.read(written(tmp_path, frame, "gpkg"), municipalities=towns)
    assert found.frame["asukkaita"].tolist() == [183]
    assert found.frame[list(hsy.AGES)].sum(axis=1).tolist() == [180]
    assert notices(found)["ages_below_residents"].cells == 1
    assert "by 3 in all" in notices(found)["ages_below_residents"].text


def test_cells_outside_all_municipalities_are_left_out(tmp_path, towns):
    (found,) = hsy.read(written(tmp_path, cells([(0, 0), (9, 0)]), "gpkg"), municipalities=towns)
    assert notices(found)["no_municipality"].first == ("gk25_25492375_6672125",)


def test_the_year_may_be_given_and_the_card_may_date_it(tmp_path, towns):
    path = written(tmp_path, cells(), "gpkg").rename(tmp_path / "grid.gpkg")
    with pytest.raises(BadSettings, match=r"the year of the grid is not known .*release, for example 2019"):
        hsy.read(path, municipalities=towns)
    (tmp_path / "source.toml").write_text('[dates]\n"*" = "2017-03-01"\n', encoding="utf-8")
    (found,) = hsy.read(path, municipalities=towns, release=2016)
    assert (found.release, found.date("ika0_9")) == ("2016", "2017-03-01")


def test_a_further_column_is_kept(tmp_path, towns):
    (found,) = hsy.read(written(tmp_path, cells(lapset=[1, 2, 3]), "gpkg"), municipalities=towns, columns=["lapset"])
    assert found.frame["lapset"].tolist() == [1, 2]


def test_municipalities_must_be_given(tmp_path):
    with pytest.raises(BadSettings, match=r"--municipalities FILE.*in \[\[source\]\]"):
        hsy.read(written(tmp_path, cells(), "gpkg"))


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        pytest.param(cells(ika0_9=[-2, 20, 20]), "ika0_9 has 1 negative values, first gk25_25490125", id="-2"),
        pytest.param(cells(asukkaita=[None, 180, 180]), "no finite numbers", id="no residents"),
        pytest.param(cells(ika0_9=["x", "20", "20"]), "no finite numbers", id="text"),
        pytest.param(
            cells(asukkaita=[170, 180, 180]), "above its base asukkaita in 1 cells", id="ages above residents"
        ),
        pytest.param(cells([(0, 0), (0, 0)]), "rows share a cell", id="cell twice"),
        pytest.param(cells().drop(columns="ika70_79"), "columns ika70_79 are missing; found were", id="column missing"),
        pytest.param(cells().iloc[:0], "header but no rows", id="no rows"),
        pytest.param(cells(crs="EPSG:3067"), "no squares of 250 or 500 m", id="wrong CRS"),
        pytest.param(cells(size=100), "no squares of 250 or 500 m", id="other size"),
        pytest.param(cells([(0.4, 0)]), "no squares of 250 or 500 m", id="off the grid"),
        pytest.param(cells([(30, 900)]), "no cell lies in a municipality", id="elsewhere"),
        pytest.param(cells([(2, 0)]), "no row belongs to one of the eleven cities", id="another municipality"),
    ],
)
def test_broken_cells_give_one_clear_error(tmp_path, towns, frame, message):
    path = written(tmp_path, frame, "gpkg")
    with pytest.raises(BadData, match=message) as error:
        hsy.read(path, municipalities=towns)
    assert str(path) in str(error.value)


def test_a_shapefile_without_prj_is_refused(tmp_path, towns):
    with pytest.raises(BadData, match="does not say its coordinate system"):
        hsy.read(shapefile(tmp_path, cells(), prj=None), municipalities=towns)


@pytest.mark.parametrize(("text", "message"), [("POLYGON ((1 2", "no WKT"), ("POINT (1 2)", "no polygon")])
def test_broken_wkt_is_refused(tmp_path, towns, text, message):
    path = tmp_path / "grid_2016.csv"
    pd.DataFrame(cells([(0, 0)]).drop(columns="geometry")).assign(geom=text).to_csv(path, index=False)
    with pytest.raises(BadData, match=message):
        hsy.read(path, municipalities=towns)


def test_a_table_without_geometry_is_refused(tmp_path, towns):
    path = tmp_path / "grid_2016.csv"
    pd.DataFrame(cells().drop(columns="geometry")).to_csv(path, index=False)
    with pytest.raises(BadData, match="no geometry"):
        hsy.read(path, municipalities=towns)


# year: cell size, residents at sea, hidden land cells of all municipalities, share of residents in them (README)
PUBLISHED = {
    2008: (500, [19_301, 4_608]),
    2012: (500, [30_151]),
    2013: (250, []),
    2014: (250, [27_388]),
    2018: (250, [36_716]),
    2019: (250, [37_192]),
}


@real
@pytest.mark.parametrize("year", list(PUBLISHED))
def test_the_published_grids(year):
    size, sea = PUBLISHED[year]
    path = DATA / f"hsy_grid/Vaestotietoruudukko_{year}.zip"
    assert hsy.knows(path)
    (found,) = hsy.read(path, municipalities=MUNICIPALITIES)
    assert found.cell_size_m == size
    assert set(found.frame["city"]) == {"Helsinki", "Espoo", "Vantaa"}
    left = notices(found).get("unlocated")
    assert (left.residents if left else 0) == sum(sea)
    assert (left.cells if left else 0) == len(sea)
    corner = found.frame[["x", "y"]].to_numpy() - size / 2
    assert (corner % size == 0).all()
    residents, hidden = found.frame["asukkaita"], found.frame["ika0_9"].isna()
    assert residents.min() >= 5
    if year == 2008:
        assert not hidden.any()
        assert notices(found)["ages_below_residents"].cells == 17
    else:
        assert (hidden == (residents < 100)).all()
        assert "ages_below_residents" not in notices(found)
        total = found.frame[list(hsy.AGES)].sum(axis=1)
        assert (total == residents)[~hidden].all()
        assert residents[hidden].sum() / residents.sum() == pytest.approx({500: 0.023, 250: 0.087}[size], abs=0.01)


@real
def test_the_grid_has_the_neighbours_of_a_raster():
    (found,) = hsy.read(DATA / "hsy_grid/Vaestotietoruudukko_2019.zip", municipalities=MUNICIPALITIES)
    raster = set(map(tuple, ((found.frame[["x", "y"]].to_numpy() - 125) / 250).astype(int)))
    beside = sum((x + 1, y) in raster for x, y in raster)
    assert beside > 0.7 * len(raster)


@real
@pytest.mark.parametrize("year", [2014, 2015, 2016])
def test_the_day_that_the_card_assumes(year):
    """Of the year ends that Paavo has, the file's own has the residents nearest to the grid's, at land and placed."""
    tables_of_paavo = [pd.read_csv(path) for path in sorted((DATA / "paavo").glob("paavo_201*.csv.gz"))]
    areas = pd.concat(tables_of_paavo)
    region = areas[areas["kuntano"].isin([49, 91, 92, 235])]
    ends = region.groupby(region["vuosi"] - 2)["he_vakiy"].sum()
    grid = geopandas.read_file(DATA / f"hsy_grid/Vaestotietoruudukko_{year}.zip").set_crs(3879, allow_override=True)
    centres = grid.geometry.centroid
    codes = borders.municipality_of(centres.x, centres.y, borders.read_municipalities(MUNICIPALITIES), crs="EPSG:3879")
    residents = grid.loc[np.isin(codes.astype(str), ["049", "091", "092", "235"]), "ASUKKAITA"].sum()
    assert (ends - residents).abs().idxmin() == year


@real
def test_ages_of_the_published_grid_are_in_order():
    path = DATA / "hsy_grid/Vaestotietoruudukko_2019.zip"
    (panel,) = segindex.read(path, municipalities=MUNICIPALITIES, city="Helsinki")
    found = segindex.compute(panel, ["ordinal_information_theory", "rank_order_information_theory"])
    assert found["group"].tolist() == ["all", "all"]
    assert found["value"].between(0, 0.1).all()
    assert found["note"].str.contains("ascending: age_0_9, age_10_19, .*, age_80_").all()
