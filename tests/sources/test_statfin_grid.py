"""Statistics Finland's grids: every form of file and of place, dates by group, and files broken in one way each."""

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from segindex.errors import BadData
from segindex.sources import detect, statfin_grid
from segindex.sources.card import shipped

HEAD = "grid_id;id_nro;kunta;vuosi;euref_x;euref_y;he_vakiy;he_0_2;he_3_6;ko_ika18y;ko_perus;ko_koul;hr_tuy;hr_pi_tul"
ROWS = [
    "250mN667175E38600;1;091;2022;386000;6671750;30;2;1;20;5;15;20;4",
    "250mN667175E38625;2;091;2022;386250;6671750;8;1;0;6;-1;-1;6;-1",
    "250mN682250E32775;3;837;2022;327750;6822500;50;4;4;40;10;30;40;9",
    "250mN694375E32700;4;005;2022;327000;6943750;7;0;0;6;-1;-1;6;-1",
]
OPEN = "id_nro;grd_id;kunta;vuosi;xkoord;ykoord;vaesto;miehet;naiset;ika_0_14;ika_15_64;ika_65_"
OPEN_ROWS = [
    "7;1kmN6671E386;091;2022;386000;6671000;300;140;160;50;200;50",
    "8;1kmN6822E327;837;2022;327000;6822000;9;5;4;-1;-1;-1",
]


def table(path, rows=ROWS, head=HEAD):
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def broken(path, old, new, rows=ROWS, head=HEAD):
    return table(path, [row.replace(old, new) for row in rows], head.replace(old, new))


def without(names, rows=ROWS, head=HEAD):
    kept = [at for at, name in enumerate(head.split(";")) if name not in names]
    return [";".join(np.array(row.split(";"))[kept]) for row in (*rows, head)]


def squares(path, *, drop=(), crs="EPSG:3067", size_m=250, shape=None):
    frame = pd.read_csv(table(path.with_suffix(".csv")), sep=";", dtype={"kunta": str})
    shape = shape or (lambda x, y: box(x, y, x + size_m, y + size_m))
    places = [shape(x, y) for x, y in zip(frame["euref_x"], frame["euref_y"])]
    found = geopandas.GeoDataFrame(frame.drop(columns=list(drop)), geometry=places, crs="EPSG:3067")
    if crs is None:
        path = path.with_suffix(".shp")
        found.to_file(path)
        path.with_suffix(".prj").unlink()
    else:
        found.to_crs(crs).to_file(path)
    return path


def test_a_table_becomes_a_delivery(tmp_path):
    path = table(tmp_path / "ruudut.csv")
    (found,) = statfin_grid.read(path)
    assert detect(path) == "statfin_grid"
    assert (found.source, found.release, found.residents, found.cell_size_m) == (
        "statfin_grid",
        "2022",
        "he_vakiy",
        250,
    )
    assert list(found.frame["cell"]) == ["250mN667175E38600", "250mN667175E38625", "250mN682250E32775"]
    np.testing.assert_array_equal(found.frame[["x", "y"]].iloc[0], [386125, 6671875])
    np.testing.assert_array_equal(found.frame["ko_perus"], [5, np.nan, 10])
    np.testing.assert_array_equal(found.frame["ko_ika18y"], [20, 6, 40])
    assert "id_nro" not in found.columns
    assert {one.kind for one in found.notices} == {"other_municipality", "assumed_dates"}


def test_income_lags_a_year_unless_the_card_says_otherwise(tmp_path):
    path = table(tmp_path / "ruudut.csv")
    (found,) = statfin_grid.read(path)
    assert (found.date("he_0_2"), found.date("hr_pi_tul")) == ("2022-12-31", "2021-12-31")
    assert "hr 2021-12-31" in next(one.text for one in found.notices if one.kind == "assumed_dates")
    (tmp_path / "source.toml").write_text('[dates]\nhr = "2022-12-31"\n', encoding="utf-8")
    (found,) = statfin_grid.read(path)
    assert found.date("hr_pi_tul") == "2022-12-31"
    assert "assumed_dates" not in {one.kind for one in found.notices}


def test_the_open_population_grid(tmp_path):
    path = table(tmp_path / "vaki.csv", OPEN_ROWS, OPEN)
    (found,) = statfin_grid.read(path)
    assert detect(path) == "statfin_grid"
    assert (found.residents, found.cell_size_m) == ("vaesto", 1000)
    np.testing.assert_array_equal(found.frame[["x", "y"]].iloc[0], [386500, 6671500])
    np.testing.assert_array_equal(found.frame["ika_0_14"], [50, np.nan])
    assert list(found.frame["city"]) == ["Helsinki", "Tampere"]


def test_five_kilometres_in_either_unit(tmp_path):
    head = "grd_id;kunta;vuosi;vaesto"
    (one,) = statfin_grid.read(table(tmp_path / "a.csv", ["5kmN6670E385;091;2022;9"], head))
    (two,) = statfin_grid.read(table(tmp_path / "b.csv", ["5kmN1334E0077;091;2022;9"], head))
    assert one.cell_size_m == 5000
    pd.testing.assert_frame_equal(one.frame, two.frame)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda folder: squares(folder / "a.gpkg"), id="GeoPackage with ids and corners"),
        pytest.param(lambda folder: squares(folder / "a.shp"), id="shapefile"),
        pytest.param(
            lambda folder: squares(folder / "a.gpkg", drop=["grid_id", "euref_x", "euref_y"]), id="squares alone"
        ),
        pytest.param(lambda folder: squares(folder / "a.gpkg", shape=Point), id="points beside ids"),
        pytest.param(lambda folder: squares(folder / "a.gpkg", crs=None), id="ids, and geometry without a CRS"),
    ],
)
def test_vector_files_give_the_same_delivery(tmp_path, write):
    (expected,) = statfin_grid.read(table(tmp_path / "plain.csv"))
    (found,) = statfin_grid.read(write(tmp_path))
    pd.testing.assert_frame_equal(found.frame, expected.frame)


def test_parquet_and_corners_alone_give_the_same_delivery(tmp_path):
    (expected,) = statfin_grid.read(table(tmp_path / "plain.csv"))
    frame = pd.read_csv(tmp_path / "plain.csv", sep=";")
    frame.drop(columns="grid_id").to_parquet(tmp_path / "a.parquet")
    (found,) = statfin_grid.read(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(found.frame, expected.frame)


def test_corners_alone_tell_the_size_only_with_enough_rows(tmp_path):
    head = "euref_x;euref_y;kunta;vuosi;vaesto"
    rows = [f"{380000 + 1000 * at};{6671000 + 1000 * (at % 3)};091;2022;9" for at in range(9)]
    assert statfin_grid.read(table(tmp_path / "a.csv", rows, head))[0].cell_size_m == 1000
    with pytest.raises(BadData, match=r"3 rows with corners only do not tell.*250 m or 1000 m"):
        statfin_grid.read(table(tmp_path / "b.csv", rows[:3], head))


def test_tables_of_one_edition_are_joined(tmp_path):
    *rows, head = without(["hr_tuy", "hr_pi_tul"])
    people = table(tmp_path / "a.csv", rows, head)
    income = table(
        tmp_path / "b.csv",
        ["250mN667175E38600;091;2022;20;4", "250mN682250E32775;837;2022;40;9"],
        "grid_id;kunta;vuosi;hr_tuy;hr_pi_tul",
    )
    (found,) = statfin_grid.read([income, people])
    np.testing.assert_array_equal(found.frame["hr_tuy"], [20, np.nan, 40])
    notice = next(one for one in found.notices if one.kind == "absent_from_table")
    assert (notice.cells, notice.residents) == (2, 15)


def test_cells_of_different_sizes_cannot_be_joined(tmp_path):
    with pytest.raises(BadData, match="cells of 250 m and 1000 m"):
        statfin_grid.read([table(tmp_path / "a.csv"), table(tmp_path / "b.csv", OPEN_ROWS, OPEN)])


def test_a_row_without_municipality_takes_it_from_polygons(tmp_path):
    path = table(tmp_path / "a.csv", [ROWS[0].replace(";091;", ";;"), *ROWS[1:]])
    with pytest.raises(BadData, match=r"1 of 4 cells name no municipality.*250mN667175E38600"):
        statfin_grid.read(path)
    borders = geopandas.GeoDataFrame(
        {"NATCODE": ["092"], "NAMEFIN": ["Vantaa"]},
        geometry=[box(386000, 6671750, 386250, 6672000)],
        crs="EPSG:3067",
    )
    borders.to_file(tmp_path / "kunnat.gpkg")
    (found,) = statfin_grid.read(path, municipalities=tmp_path / "kunnat.gpkg")
    assert list(found.frame["city"]) == ["Vantaa", "Helsinki", "Tampere"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("N667175E38625", "N667175E38620", "250mN667175E38620.*multiples of 250", id="id off the grid"),
        pytest.param("N667175E38625", "N38625E66717", "places in Finland", id="N and E swapped"),
        pytest.param("250mN667175E38625", "1kmN6671E386", "several sizes", id="sizes mixed"),
        pytest.param(
            ";386250;6671750;",
            ";386375;6671875;",
            "name different places in 1 rows, first 250mN667175E38625: 386375 6671875.*south-west corner",
            id="centre for a corner",
        ),
        pytest.param(";386250;", ";x;", "hold no coordinates in 1 rows", id="word for a coordinate"),
        pytest.param("250mN667175E38625", "250mN667175E38600", "share a cell|different places", id="id twice"),
        pytest.param(";30;2;", ";30;-2;", "he_0_2 has 1 negative values, first 250mN667175E38600", id="negative"),
        pytest.param(";30;2;1;", ";2;2;1;", "above its base he_vakiy in 1 cells", id="ages above residents"),
        pytest.param("20;5;15;", "20;8;15;", r"ko_perus \+ ko_koul is above its base", id="KO above its base"),
        pytest.param("20;4", "20;24", "hr_pi_tul is above its base hr_tuy", id="HR above its base"),
        pytest.param("he_vakiy", "he_asukk", "no column of residents; one of he_vakiy, vaesto", id="no residents"),
        pytest.param(";091;", ";Hki;", "no municipality code, first Hki", id="name for a code"),
    ],
)
def test_a_broken_table_is_refused_with_its_first_rows(tmp_path, old, new, says):
    path = broken(tmp_path / "ruudut.csv", old, new)
    with pytest.raises(BadData, match=says) as caught:
        statfin_grid.read(path)
    assert "ruudut.csv" in str(caught.value)


def test_a_cell_may_stand_once(tmp_path):
    with pytest.raises(BadData, match="2 rows share a cell, first 250mN667175E38600"):
        statfin_grid.read(table(tmp_path / "a.csv", [*ROWS, ROWS[0]]))


@pytest.mark.parametrize(
    ("group", "parts", "base"),
    [
        ("te", {"te_omis_as": 6, "te_vuok_as": 5, "te_muu_as": 1}, {"te_taly": 11}),
        ("pt", {"pt_tyoll": 20, "pt_tyott": 5, "pt_0_14": 5, "pt_muut": 1}, {"pt_vakiy": 30}),
        ("tr", {"tr_pi_tul": 6, "tr_ke_tul": 5, "tr_hy_tul": 1}, {"tr_kuty": 11}),
        ("he", {"he_naiset": 16, "he_miehet": 15}, {}),
        ("ko", {"ko_yliop": 6, "ko_ammat": 8, "ko_al_kork": 2}, {}),
    ],
)
def test_parts_above_their_base_are_refused_in_every_group(tmp_path, group, parts, base):
    more = parts | base
    path = table(tmp_path / "a.csv", [f"{ROWS[0]};{';'.join(map(str, more.values()))}"], ";".join([HEAD, *more]))
    with pytest.raises(BadData, match=f"{group}_.* is above its base"):
        statfin_grid.read(path)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param({"drop": ["grid_id", "euref_x", "euref_y"], "crs": "EPSG:4326"}, "WGS 84|EPSG:4326", id="degrees"),
        pytest.param({"drop": ["grid_id", "euref_x", "euref_y"], "crs": None}, "not named", id="no CRS"),
        pytest.param({"drop": ["grid_id", "euref_x", "euref_y"], "crs": "EPSG:3879"}, "EPSG:3067", id="another CRS"),
        pytest.param({"crs": "EPSG:4326"}, "EPSG:3067", id="degrees beside ids"),
        pytest.param({"size_m": 300}, "no squares of one size, first 300 x 300", id="squares of 300 m"),
        pytest.param({"size_m": 1000}, "squares have an edge of 1000 m", id="squares of another size than the ids"),
        pytest.param(
            {"shape": lambda x, y: box(x + 125, y, x + 375, y + 250)}, "name different places in 4 rows", id="shifted"
        ),
    ],
)
def test_a_broken_vector_file_is_refused(tmp_path, options, says):
    path = squares(tmp_path / "ruudut.gpkg", **options)
    with pytest.raises(BadData, match=says) as caught:
        statfin_grid.read(path)
    assert path.name in str(caught.value)


def test_a_table_that_says_no_place_is_refused(tmp_path):
    *rows, head = without(["grid_id", "euref_x", "euref_y"])
    with pytest.raises(BadData, match=r"nothing says where the cells lie; one of grid_id, grd_id.*found were id_nro"):
        statfin_grid.read(table(tmp_path / "a.csv", rows, head))


def test_other_tables_are_not_taken_for_a_grid(tmp_path):
    paavo = table(tmp_path / "paavo.csv", ["00100;386000;6671750;9"], "postinumeroalue;euref_x;euref_y;he_vakiy")
    ykr = table(tmp_path / "ykr.csv", ["3861256671875;9"], "xyind;he_vakiy")
    other = table(tmp_path / "other.csv", ["1;2"], "a;b")
    assert not any(statfin_grid.knows(path) for path in (paavo, ykr, other))


def test_the_limits_stand_in_the_card():
    card = shipped("statfin_grid")
    assert card.hidden["limits"] == {"he": 3, "pt": 10, "ko": 10, "hr": 10, "te": 10, "tr": 10}
    assert card.hidden["rule"] == "base"
    assert "assumes" in card.note
