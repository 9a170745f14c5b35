"""Paavo's published files: each trap in them, counted; and the values that are known for them."""

from functools import cache
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest

from segindex.sources import detect, paavo

DATA = Path(__file__).parents[2] / "../shared/data"
KEY = DATA / "postal_areas/alueryhmittely_posnro_2020_en.csv"
AREAS_2019 = DATA / "postal_areas/postal_areas_2019_reduced_epsg3067.gpkg"
OLD = DATA / "paavo/paavo_2015_2017_from_demografia.csv.gz"
RELEASE_2018 = DATA / "paavo/paavo_2018.csv.gz"
MASTER = DATA / "paavo/paavo_master.csv"
CODES = DATA / "paavo/paavo2026_wfs_codes.csv"
SLIM = DATA / "postal_areas/paavo2026_slim_epsg3067.gpkg"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data of ../shared/data are not here")


@cache
def read(path, **options):
    return tuple(paavo.read(path, **options))


def notice(delivery, kind, start=""):
    return next(found for found in delivery.notices if found.kind == kind and found.text.startswith(start))


def dissimilarity(delivery, city, count="hr_pi_tul", base="hr_tuy"):
    cells = delivery.frame[(delivery.frame["city"] == city) & delivery.frame[count].notna()]
    x, y = cells[count], cells[base] - cells[count]
    return float((x / x.sum() - y / y.sum()).abs().sum() / 2)


@pytest.mark.parametrize(("year", "expected"), [(2020, 0.0809), (2021, 0.0870), (2022, 0.0911)])
def test_low_income_in_helsinki_from_the_exports(year, expected):
    path = DATA / f"paavo/009_12f7_{year}_all.csv"
    assert detect(path) == "paavo"
    (found,) = read(path)
    assert len(found.frame) == 84
    assert set(found.frame["city"]) == {"Helsinki"}
    assert (found.release, found.year("hr_pi_tul")) == ("", year)
    assert len(found.columns) == 94
    assert not found.frame.isna().any().any()
    assert dissimilarity(found, "Helsinki") == pytest.approx(expected, abs=5e-5)
    assert dissimilarity(found, "Helsinki", "tr_pi_tul", "tr_kuty") > 0.139
    for parts, total in [
        ("ko_perus ko_koul", "ko_ika18y"),
        ("hr_pi_tul hr_ke_tul hr_hy_tul", "hr_tuy"),
        ("tr_pi_tul tr_ke_tul tr_hy_tul", "tr_kuty"),
        ("te_omis_as te_vuok_as te_muu_as", "te_taly"),
        ("he_naiset he_miehet", "he_vakiy"),
        ("ra_pt_as ra_kt_as ra_muu_as", "ra_asunn"),
        ("pt_tyoll pt_tyott pt_0_14 pt_opisk pt_elakel pt_muut", "pt_vakiy"),
    ]:
        assert (found.frame[parts.split()].sum(axis=1) == found.frame[total]).all()


def test_three_releases_in_one_file():
    found = {delivery.release: delivery for delivery in read(OLD)}
    assert list(found) == ["2015", "2016", "2017"]
    assert [delivery.year("hr_pi_tul") for delivery in found.values()] == [2012, 2013, 2014]
    assert [delivery.year("he_0_2") for delivery in found.values()] == [2013, 2014, 2015]
    towns = {release: delivery.frame["city"].value_counts() for release, delivery in found.items()}
    assert [towns[release]["Lahti"] for release in found] == [25, 31, 31]
    assert [towns[release]["Kuopio"] for release in found] == [59, 59, 65]


def test_hidden_in_releases_2015_to_2018_is_a_part_that_is_empty():
    text = pd.read_csv(RELEASE_2018, dtype=str, keep_default_na=False).set_index("postinumero")
    (found,) = read(RELEASE_2018)
    cells = found.frame.set_index("cell")
    given = text.loc[cells.index]
    for part, base in [
        ("hr_pi_tul", "hr_tuy"),
        ("ko_perus", "ko_ika18y"),
        ("te_vuok_as", "te_taly"),
        ("he_0_2", "he_vakiy"),
    ]:
        number = pd.to_numeric(given[base]).fillna(0)
        assert (cells[part].isna() == ((given[part] == "") & (number > 0))).all()
        assert (cells[base] == number).all()
        assert (cells.loc[number == 0, part] == 0).all()
    assert found.card.hidden["limits"]["hr"] == 30
    assert cells.loc[cells["hr_pi_tul"].isna(), "hr_tuy"].max() < 30
    assert notice(found, "protected_in_part", "PT").cells == 10


@pytest.mark.parametrize(("release", "missing"), [("2015", 17), ("2016", 16), ("2017", 15), ("2018", 4)])
def test_the_key_of_2020_lacks_some_areas(release, missing):
    (found,) = (
        delivery
        for delivery in read(RELEASE_2018 if release == "2018" else OLD, municipalities=KEY)
        if delivery.release == release
    )
    assert notice(found, "not_in_key").cells == missing
    assert found.frame["city"].value_counts()[["Lahti", "Kuopio", "Joensuu"]].tolist() == [31, 65, 42]


def test_borders_change_the_value():
    """By the release's own municipalities Joensuu has .1037; the key of 2020 brings 80130 back.

    Read carelessly, the key also loses 80100 and 80110, the centre of Joensuu, whose names hold a comma: then .0957.
    """
    (own,), (by_key,) = read(RELEASE_2018), read(RELEASE_2018, municipalities=KEY)
    assert dissimilarity(own, "Joensuu") == pytest.approx(0.1037, abs=5e-5)
    assert dissimilarity(by_key, "Joensuu") == pytest.approx(0.1024, abs=5e-5)
    cells = [set(found.frame.loc[found.frame["city"] == "Joensuu", "cell"]) for found in (own, by_key)]
    assert cells[0] ^ cells[1] == {"80130"}
    centre = by_key.frame["cell"].isin(["80100", "80110"])
    assert by_key.frame.loc[centre, "he_vakiy"].sum() == 13_955
    without = type(by_key)(**{**vars(by_key), "frame": by_key.frame[~centre]})
    assert dissimilarity(without, "Joensuu") == pytest.approx(0.0957, abs=5e-5)


@pytest.mark.parametrize("path", [MASTER, CODES])
def test_zeros_that_hide_in_release_2026(path):
    (found,) = read(path, release=2026)
    assert {found.date(column) for column in found.columns} == {"2024-12-31"}
    hidden = {group: notice(found, "zero_as_protected", group) for group in ("KO", "HR", "HE", "PT", "TE")}
    assert {group: entry.cells for group, entry in hidden.items()} == {"KO": 12, "HR": 12, "HE": 11, "PT": 11, "TE": 19}
    cells = found.frame
    for part, number in [("ko_perus", 12), ("ko_yl_kork", 12), ("hr_pi_tul", 12), ("he_85_", 11), ("he_naiset", 11)]:
        assert cells[part].isna().sum() == number
    for part, number in [("pt_elakel", 11), ("te_vuok_as", 19), ("te_nuor", 19)]:
        assert cells[part].isna().sum() == number
    assert set(cells.loc[cells["ko_perus"].isna(), "city"]) == {"Kuopio", "Joensuu", "Rovaniemi"}
    assert cells.loc[cells["te_vuok_as"].isna(), "city"].value_counts()["Vantaa"] == 1
    assert cells.loc[cells["te_vuok_as"].isna() & (cells["city"] == "Vantaa"), "cell"].tolist() == ["01720"]


def test_both_files_of_release_2026_are_the_same():
    (labels,), (codes,) = read(MASTER, release=2026), read(CODES)
    assert codes.release == "2026"
    one, two = (found.frame.set_index("cell").sort_index() for found in (labels, codes))
    pd.testing.assert_frame_equal(one, two[one.columns])


def test_the_slim_file_mixes_its_marks():
    (found,) = read(SLIM)
    (codes,) = read(CODES)
    one = found.frame.set_index("cell")
    two = codes.frame.set_index("cell").loc[one.index]
    shared = [name for name in codes.columns if name in found.columns and not name.startswith("ra_")]
    pd.testing.assert_frame_equal(one[shared], two[shared])
    assert one.loc[one["te_vuok_as"].isna()].index.tolist() == ["01720"]
    assert set(one["city"]) == {"Helsinki", "Espoo", "Vantaa", "Tampere", "Turku"}
    assert found.geometry.crs == "EPSG:3067"
    assert found.geometry.is_valid.all()
    centres = geopandas.GeoSeries(geopandas.points_from_xy(one["x"], one["y"]), crs="EPSG:3067")
    assert np.mean(found.geometry.distance(centres) < 1) > 0.9


def test_areas_without_a_polygon_of_2019_are_named():
    (found,) = read(MASTER, release=2026, polygons=AREAS_2019)
    lost = notice(found, "no_polygon")
    assert (lost.cells, lost.residents, lost.first) == (2, 10_926, ("90420", "90600"))
    assert found.frame.loc[found.geometry.isna().to_numpy(), "cell"].tolist() == ["90420", "90600"]
    assert found.frame.loc[found.geometry.notna().to_numpy(), ["x", "y"]].notna().all().all()
    (older,) = read(RELEASE_2018, polygons=AREAS_2019)
    assert notice(older, "no_polygon").first == ("90420",)
    assert older.frame["x"].notna().all()


@pytest.mark.parametrize("path", [OLD, RELEASE_2018, CODES, SLIM])
def test_what_every_delivery_promises(path):
    for found in read(path):
        values = found.frame[list(found.columns)]
        assert found.frame["cell"].str.fullmatch(r"\d{5}").all()
        assert not found.frame["cell"].duplicated().any()
        assert (values.dtypes == "float64").all()
        assert ((values >= 0) | values.isna()).all().all()
        assert np.isfinite(values[found.residents]).all()
