"""Paavo under WFS codes and under labels, made up here: what is protected, dated, placed and refused."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from sources.paavo_madeup import AREAS, LABELS, by_cell, counted, hide, saved, wfs

from segindex.errors import BadData, BadSettings
from segindex.facts import groups
from segindex.sources import detect, paavo
from segindex.sources.paavo_variables import VARIABLES

# --- the WFS table


@pytest.mark.parametrize("key", ["postinumeroalue", "posti_alue", "postinumero", "pono"])
@pytest.mark.parametrize("municipality", ["kunta", "kuntano"])
def test_every_name_of_the_key_is_known(tmp_path, key, municipality):
    path = saved(tmp_path, wfs(key, municipality))
    assert detect(path) == "paavo"
    (found,) = paavo.read(path)
    assert found.frame["cell"].tolist() == ["00100", "00120", "33100", "33900"]
    assert found.frame["city"].tolist() == ["Helsinki", "Helsinki", "Tampere", "Tampere"]
    assert found.frame["name"].tolist()[0] == "Etu-Töölö"
    assert found.frame[["x", "y", "area_m2"]].iloc[0].tolist() == [385_100, 6_672_000, 1_000]
    assert (found.source, found.release, found.residents, found.crs) == ("paavo", "2018", "he_vakiy", "EPSG:3067")
    assert found.cell_size_m is None
    assert found.geometry is None


def test_all_counts_are_kept_and_nothing_else(tmp_path):
    (found,) = paavo.read(saved(tmp_path, wfs()))
    assert set(found.columns) == set(counted(1))
    counted_here = {
        key
        for key, group in groups().items()
        if any(set(one.columns) <= set(found.columns) for one in group.definitions)
    }
    ours = {"low_income", "high_income", "basic_education", "higher_education", "unemployed", "rented"}
    assert ours | {"children_0_6", "children_7_15", "pensioners", "students"} <= counted_here
    assert not {"he_kika", "hr_ktu", "te_takk", "pinta_ala", "area_m2", "vuosi"} & set(found.columns)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.parquet", "a.gpkg", "a.geojson"])
def test_other_kinds_of_file_hold_the_same(tmp_path, name):
    frame = wfs(**hide("hr", ["00120"])).infer_objects()
    path = tmp_path / name
    if name.endswith("gz"):
        frame.to_csv(path, index=False)
    elif name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        boxes = [shapely.box(x, 6_672_000, x + 100, 6_672_100) for x in frame["euref_x"]]
        geopandas.GeoDataFrame(frame, geometry=boxes, crs=3067).to_file(path)
    (found,) = paavo.read(path)
    (plain,) = paavo.read(saved(tmp_path, frame))
    pd.testing.assert_frame_equal(found.frame, plain.frame, check_dtype=False)
    assert (found.geometry is not None) == name.endswith(("gpkg", "geojson"))


def test_numbers_for_keys_get_their_zeros_back(tmp_path):
    frame = wfs()
    frame["postinumeroalue"] = frame["postinumeroalue"].astype(int)
    frame["kunta"] = frame["kunta"].astype(float)
    frame.infer_objects().to_parquet(tmp_path / "a.parquet")
    (found,) = paavo.read(tmp_path / "a.parquet")
    assert found.frame["cell"].tolist()[0] == "00100"
    assert found.frame["city"].tolist()[0] == "Helsinki"


def test_a_delivery_for_each_release_in_the_file(tmp_path):
    path = saved(tmp_path, pd.concat([wfs(release="2016"), wfs(release="2015")]))
    first, second = paavo.read(path)
    assert (first.release, second.release) == ("2015", "2016")
    assert (first.year("hr_pi_tul"), first.year("he_0_2")) == (2012, 2013)
    assert (second.year("hr_pi_tul"), second.year("he_0_2")) == (2013, 2014)
    assert [found.release for found in paavo.read(path, release=2016)] == ["2016"]
    with pytest.raises(BadSettings, match="no release 2017; it has 2015, 2016"):
        paavo.read(path, release="2017")


# --- dates


@pytest.mark.parametrize(
    ("release", "early", "late"),
    [("2015", 2012, 2013), ("2019", 2016, 2017), ("2023", 2021, 2021), ("2026", 2024, 2024)],
)
def test_the_year_follows_from_the_release(tmp_path, release, early, late):
    (found,) = paavo.read(saved(tmp_path, wfs(release=release)))
    assert {found.date(f"{group}_x") for group in ("he", "te", "ra")} == {f"{late}-12-31"}
    assert {found.date(f"{group}_x") for group in ("ko", "hr", "tr", "tp", "pt")} == {f"{early}-12-31"}


@pytest.mark.parametrize("release", ["2014", "2020", "2021", "2022"])
def test_unknown_dates_are_asked_for(tmp_path, release):
    path = saved(tmp_path, wfs(release=release))
    with pytest.raises(BadData, match=rf"release {release} are not established.*\[dates\]"):
        paavo.read(path)
    year = int(release) - 2
    (tmp_path / "source.toml").write_text(f'[dates.{release}]\nhe = "{year}-12-31"\n', encoding="utf-8")
    (found,) = paavo.read(path)
    assert found.year("he_vakiy") == year
    with pytest.raises(BadData, match="no reference date is known for hr_tuy"):
        found.date("hr_tuy")


def test_a_card_that_dates_a_release_after_itself_or_long_before_is_refused(tmp_path):
    path = saved(tmp_path, wfs(release="2018"))
    for date in ("2018-12-31", "2011-12-31"):
        (tmp_path / "source.toml").write_text(f'[dates]\nhr = "{date}"\n', encoding="utf-8")
        with pytest.raises(BadData, match=f"the card dates hr {date}, but release 2018 holds data of 2013 to 2017"):
            paavo.read(path)


def test_dates_for_all_do_not_fit_several_releases(tmp_path):
    path = saved(tmp_path, pd.concat([wfs(release="2016"), wfs(release="2015")]))
    (tmp_path / "source.toml").write_text('[dates]\nhe = "2014-12-31"\n', encoding="utf-8")
    with pytest.raises(BadData, match="the file has several releases"):
        paavo.read(path)


def test_a_table_without_its_release_is_given_one(tmp_path):
    path = saved(tmp_path, wfs(release=None))
    with pytest.raises(BadData, match="names no release or year are not established; give release="):
        paavo.read(path)
    assert paavo.read(path, release=2018)[0].year("hr_tuy") == 2015
    with pytest.raises(BadSettings, match="no year of release"):
        paavo.read(path, release="latest")


# --- protected, empty, nobody


@pytest.mark.parametrize("mark", [-1, "", "-1"])
@pytest.mark.parametrize("group", list(VARIABLES))
def test_protected_parts_become_nan_and_the_base_stays(tmp_path, group, mark):
    (found,) = paavo.read(saved(tmp_path, wfs(**hide(group, ["00120"], mark))))
    parts = list(hide(group, []))
    assert by_cell(found, *parts).isna().all(axis=1).tolist() == [False, True, False, False]
    assert by_cell(found, VARIABLES[group].base)[VARIABLES[group].base].tolist() == [200, 100, 400, 0]
    others = [name for name in found.columns if name not in parts]
    assert not found.frame[others].isna().any().any()


def test_minus_one_and_null_mixed_in_one_file(tmp_path):
    changes = hide("te", ["00120"]) | {"te_omis_as": {"00120": None}, "te_vuok_as": {"00120": None}}
    frame = wfs(**changes).convert_dtypes()
    frame.to_parquet(tmp_path / "a.parquet")
    (found,) = paavo.read(tmp_path / "a.parquet")
    assert by_cell(found, "te_omis_as", "te_muu_as", "te_nuor").loc["00120"].isna().all()


def test_a_group_that_is_protected_in_part_is_protected_and_reported(tmp_path):
    (found,) = paavo.read(saved(tmp_path, wfs(pt_tyott={"00120": -1}, pt_tyoll={"00120": -1})))
    assert by_cell(found, "pt_elakel", "pt_tyott").loc["00120"].isna().all()
    notice = next(notice for notice in found.notices if notice.kind == "protected_in_part")
    assert (notice.cells, notice.residents, notice.first) == (1, 100, ("Helsinki 00120",))


@pytest.mark.parametrize("mark", [0, "", -1])
def test_where_nobody_lives_there_are_zeros(tmp_path, mark):
    changes = {name: {"33900": mark} for name in counted(1) if name not in {group.base for group in VARIABLES.values()}}
    changes |= {group.base: {"33900": "" if mark == "" else 0} for group in VARIABLES.values()}
    (found,) = paavo.read(saved(tmp_path, wfs(**changes)))
    values = by_cell(found, *found.columns).loc["33900"].drop(["ra_ke", "ra_muut", "ra_asrak"])
    assert (values == 0).all()


def test_further_columns_are_kept(tmp_path):
    frame = wfs().assign(vieraskieliset=[10, -1, 5, "", 7])
    (found,) = paavo.read(saved(tmp_path, frame), columns=["vieraskieliset"])
    assert found.frame["vieraskieliset"].isna().tolist() == [False, True, False, False]
    assert found.frame["vieraskieliset"].tolist()[3] == 0
    with pytest.raises(BadData, match="columns kieli are missing"):
        paavo.read(saved(tmp_path, frame), columns=["kieli"])


# --- tables of the newest release: hidden is written as 0


def labelled(**changes):
    frame = wfs(release=None, **changes)
    names = {entry["code"]: entry["label_fi"] for entry in LABELS if not entry["code"].startswith(("tr_", "tp_"))}
    full = [f"{code}  {name} ({town})" for code, (name, _, town, _) in AREAS.items()]
    frame = frame[[name for name in frame if name in names and names[name].endswith(")")]].rename(columns=names)
    return frame.assign(Postinumeroalue_x=full, Postinumero=[code.lstrip("0") for code in AREAS])


def dated(**changes):
    frame = wfs(release=None, **changes).drop(columns=["kunta", "euref_x", "euref_y", "pinta_ala"])
    full = [f"{name} ({town})" for name, _, town, _ in AREAS.values()]
    return frame.assign(stat_year=2024, nimi=full, kunta_nimi=[town for _, _, town, _ in AREAS.values()])


@pytest.mark.parametrize("form", [labelled, dated])
@pytest.mark.parametrize("group", ["he", "ko", "hr", "te", "pt"])
def test_zeros_that_hide_are_found(tmp_path, form, group):
    path = saved(tmp_path, form(**hide(group, ["00120"], 0)), encoding="utf-8-sig")
    assert detect(path) == "paavo"
    (found,) = paavo.read(path, release=2026)
    parts = [name for name in hide(group, []) if name in found.columns]
    assert by_cell(found, *parts).isna().all(axis=1).tolist() == [False, True, False, False]
    notice = next(notice for notice in found.notices if notice.kind == "zero_as_protected")
    assert notice.text.startswith(group.upper())
    assert notice.first == ("Helsinki 00120",)
    assert found.frame["name"].tolist()[0] == "Etu-Töölö"
    assert found.year("hr_tuy") == 2024
    assert found.frame[["x", "y"]].isna().all().all()


def test_in_a_wfs_table_zeros_are_zeros(tmp_path):
    (found,) = paavo.read(saved(tmp_path, wfs(te_nuor={"00120": 0})))
    assert not found.frame["te_nuor"].isna().any()


def test_a_division_that_is_not_whole_cannot_tell_zeros(tmp_path):
    with pytest.raises(BadData, match="to tell a protected value from 0, columns hr_ke_tul are missing"):
        paavo.read(saved(tmp_path, dated().drop(columns="hr_ke_tul")))


@pytest.mark.parametrize(("year", "release"), [(2024, "2026"), (2021, "2023"), (2019, "")])
def test_a_statistical_year_dates_all_groups(tmp_path, year, release):
    (found,) = paavo.read(saved(tmp_path, dated().assign(stat_year=year)))
    assert found.release == release
    assert {found.year(f"{group}_x") for group in VARIABLES} == {year}


# --- municipalities and polygons


def key(folder, **codes):
    lines = ["Postal code area,Name,Municipality", *(f"{cell[1:]},x,{code}" for cell, code in codes.items())]
    path = folder / "key.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def test_the_key_decides_and_what_it_lacks_keeps_its_own(tmp_path):
    path = saved(tmp_path, wfs())
    (found,) = paavo.read(path, municipalities=key(tmp_path, c00100="091", c00120="753", c33100="837", c04130="091"))
    assert found.frame[["cell", "city"]].to_numpy().tolist() == [
        ["00100", "Helsinki"],
        ["33100", "Tampere"],
        ["33900", "Tampere"],
        ["04130", "Helsinki"],
    ]
    notice = next(notice for notice in found.notices if notice.kind == "not_in_key")
    assert (notice.cells, notice.first) == (1, ("33900",))


def test_what_is_outside_the_cities_is_reported(tmp_path):
    (found,) = paavo.read(saved(tmp_path, wfs()))
    notice = next(notice for notice in found.notices if notice.kind == "other_municipality")
    assert (notice.cells, notice.residents, notice.first) == (1, 100, ("753",))


def test_a_city_is_its_own_code_until_the_merger(tmp_path):
    (found,) = paavo.read(saved(tmp_path, wfs(kunta={"33100": "532"}, nimi={"33100": "Nastola"})))
    assert "33100" not in found.frame["cell"].tolist()


def polygons(folder, codes):
    boxes = [shapely.box(400_000 + 100 * n, 6_680_000, 400_100 + 100 * n, 6_680_100) for n in range(len(codes))]
    path = folder / "areas.gpkg"
    geopandas.GeoDataFrame({"postinumeroalue": codes}, geometry=boxes, crs=3067).to_crs(3879).to_file(path)
    return path


def test_polygons_are_joined_by_postal_code(tmp_path):
    shapes = polygons(tmp_path, ["33900", "00120", "00100", "99999"])
    (found,) = paavo.read(saved(tmp_path, dated()), polygons=shapes)
    assert found.geometry.crs == "EPSG:3067"
    assert found.geometry.index.tolist() == found.frame.index.tolist()
    assert found.geometry.isna().tolist() == [False, False, True, False]
    np.testing.assert_allclose(found.frame["x"], [400_250, 400_150, np.nan, 400_050], atol=0.1)
    notice = next(notice for notice in found.notices if notice.kind == "no_polygon")
    assert (notice.cells, notice.residents, notice.first) == (1, 400, ("33100",))


def test_coordinates_in_the_file_come_before_those_of_polygons(tmp_path):
    (found,) = paavo.read(saved(tmp_path, wfs()), polygons=polygons(tmp_path, ["00100"]))
    assert found.frame["x"].tolist()[0] == 385_100


# --- broken files


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        pytest.param(
            wfs(he_0_2={"00120": -2}), r"release 2018: column he_0_2 has 1 negative values, first 00120: -2", id="-2"
        ),
        pytest.param(wfs(hr_pi_tul={"00120": "many"}), "hr_pi_tul has 1 values that are no finite numbers", id="text"),
        pytest.param(wfs(hr_pi_tul={"00120": "12,5"}), "no finite numbers", id="decimal comma"),
        pytest.param(
            wfs(hr_pi_tul={"00120": 12.5}), "not whole, first 00120; .*multiply a percentage", id="percentage"
        ),
        pytest.param(wfs(he_vakiy={"00120": -1}), "base he_vakiy is -1 in 1 areas, first 00120", id="protected base"),
        pytest.param(
            wfs(hr_pi_tul={"00120": 101}),
            "hr_pi_tul is above its base hr_tuy in 1 cells, first Helsinki 00120",
            id="part",
        ),
        pytest.param(wfs(ko_koul={"00120": 90}), "above its base", id="parts together"),
        pytest.param(wfs(hr_tuy={"00120": ""}), "base hr_tuy is empty or 0 in 1 areas where people live", id="no base"),
        pytest.param(wfs(ko_ika18y={"00120": 0}), "base ko_ika18y is empty or 0", id="base 0"),
        pytest.param(wfs(hr_ke_tul={"00120": 0}), "falls short of hr_tuy in 1 areas, first Helsinki 00120", id="short"),
        pytest.param(pd.concat([wfs(), wfs()]), "10 rows share a cell, first 00100", id="area twice"),
        pytest.param(
            wfs(postinumeroalue={"00120": "0012A"}), "no postal codes, first row 2: '0012A'", id="postal code"
        ),
        pytest.param(
            wfs(kunta={"00120": ""}), "column kunta has 1 values that are no municipality codes", id="no town"
        ),
        pytest.param(wfs(kunta={"00120": "Helsinki"}), "no municipality codes, first row 2: 'Helsinki'", id="a name"),
        pytest.param(
            wfs().assign(kunta="005"),
            "no row belongs to one of the eleven cities; found municipalities 005",
            id="other",
        ),
        pytest.param(wfs().drop(columns="kunta"), "5 areas have no municipality", id="municipality missing"),
        pytest.param(
            wfs().drop(columns="hr_tuy"), "with hr_pi_tul, the base columns hr_tuy are missing", id="base missing"
        ),
        pytest.param(wfs().drop(columns="he_vakiy"), "no form of Paavo", id="residents missing"),
        pytest.param(wfs().drop(columns="postinumeroalue"), "no form of Paavo", id="key missing"),
        pytest.param(wfs(vuosi={"00120": ""}), "no years of release", id="release missing"),
        pytest.param(
            wfs(euref_x={"00120": 24.9}), "euref_x lies outside Finland in 1 areas, first 00120: 24.9", id="degrees"
        ),
        pytest.param(wfs().iloc[:0], "a header but no rows", id="header only"),
    ],
)
def test_a_broken_table_gives_one_clear_error(tmp_path, frame, message):
    path = saved(tmp_path, frame)
    with pytest.raises(BadData, match=message) as error:
        paavo.read(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_polygons_in_no_or_a_wrong_system_are_refused(tmp_path, crs):
    frame = wfs().infer_objects()
    boxes = [shapely.box(x, 6_672_000, x + 100, 6_672_100) for x in frame["euref_x"]]
    geopandas.GeoDataFrame(frame, geometry=boxes, crs=crs).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadData, match="coordinate system"):
        paavo.read(tmp_path / "a.parquet")


def test_reading_alters_no_file_and_repeats(tmp_path):
    path = saved(tmp_path, wfs(**hide("te", ["00120"])))
    before = path.read_bytes()
    (one,), (two,) = paavo.read(path), paavo.read(path)
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert path.read_bytes() == before
