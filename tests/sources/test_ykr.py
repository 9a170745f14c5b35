"""YKR tables: every form of file, joined tables, and files that are broken in one way each."""

import gzip

import numpy as np
import pandas as pd
import pytest

from segindex.errors import BadData, BadSettings
from segindex.sources import detect, ykr
from segindex.sources.card import shipped

HEAD = "vuosi;kunta;xyind;v_yht;v_0_6;v_7_14;v_15_17"
ROWS = [
    "2020;091;3861256671875;30;3;2;1",
    "2020;091;3863756671875;8;-1;-1;-1",
    "2020;837;3278756822625;50;5;5;0",
    "2020;005;3271256943875;7;0;1;0",
]


def table(path, rows=ROWS, head=HEAD):
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def broken(path, old, new):
    return table(path, [row.replace(old, new) for row in ROWS], HEAD.replace(old, new))


def test_a_table_becomes_a_delivery(tmp_path):
    path = table(tmp_path / "vaesto.csv")
    (found,) = ykr.read(path)
    assert detect(path) == "ykr"
    assert (found.source, found.release, found.residents, found.cell_size_m) == ("ykr", "2020", "v_yht", 250)
    assert found.dates == {"*": "2020-12-31"}
    assert found.columns == ("v_yht", "v_0_6", "v_7_14", "v_15_17")
    assert list(found.frame["city"]) == ["Helsinki", "Helsinki", "Tampere"]
    assert list(found.frame["cell"]) == ["3861256671875", "3863756671875", "3278756822625"]
    np.testing.assert_array_equal(found.frame[["x", "y"]].iloc[0], [386125, 6671875])
    np.testing.assert_array_equal(found.frame["v_0_6"], [3, np.nan, 5])
    (notice,) = found.notices
    assert (notice.kind, notice.cells, notice.residents, notice.first) == ("other_municipality", 1, 7, ("005",))


def as_gzip(path):
    with gzip.open(path.with_name("vaesto.csv.gz"), "wt", encoding="utf-8") as file:
        file.write(path.read_text(encoding="utf-8"))
    return path.with_name("vaesto.csv.gz")


def as_parquet(path, **types):
    frame = pd.read_csv(path, sep=";", dtype=types)
    frame.to_parquet(path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(as_gzip, id="csv.gz"),
        pytest.param(lambda path: as_parquet(path, xyind="int64", kunta="int64"), id="Parquet, whole numbers"),
        pytest.param(lambda path: as_parquet(path, xyind="float64", kunta="float64"), id="Parquet, floats"),
        pytest.param(lambda path: as_parquet(path, xyind="str", kunta="str"), id="Parquet, text"),
    ],
)
def test_every_form_gives_the_same_delivery(tmp_path, form):
    path = table(tmp_path / "vaesto.csv")
    (expected,), (found,) = ykr.read(path), ykr.read(form(path))
    pd.testing.assert_frame_equal(found.frame, expected.frame)


def test_upper_case_names_and_codes_without_zeros_are_read(tmp_path):
    path = table(tmp_path / "a.csv", [row.replace(";091;", ";91;") for row in ROWS], HEAD.upper())
    assert ykr.knows(path)
    assert list(ykr.read(path)[0].frame["city"]) == ["Helsinki", "Helsinki", "Tampere"]


def test_a_merged_municipality_counts_to_its_city(tmp_path):
    path = table(tmp_path / "a.csv", [ROWS[0].replace("091", "532"), ROWS[1]])
    assert set(ykr.read(path)[0].frame["city"]) == {"Lahti", "Helsinki"}


def test_each_year_is_a_delivery(tmp_path):
    path = table(tmp_path / "a.csv", [*ROWS, *(row.replace("2020;", "2019;") for row in ROWS)])
    assert [one.release for one in ykr.read(path)] == ["2019", "2020"]
    assert [one.dates["*"] for one in ykr.read(path)] == ["2019-12-31", "2020-12-31"]
    assert [one.release for one in ykr.read(path, release=2020)] == ["2020"]
    with pytest.raises(BadSettings, match="2019, 2020"):
        ykr.read(path, release="2021")


def test_files_of_several_years_are_read_together(tmp_path):
    first = table(tmp_path / "a.csv")
    second = table(tmp_path / "b.csv", [row.replace("2020;", "2021;") for row in ROWS])
    assert [(one.release, one.path) for one in ykr.read([second, first])] == [("2020", first), ("2021", second)]


def test_the_year_comes_from_the_release_where_no_column_tells_it(tmp_path):
    path = table(tmp_path / "a.csv", [row[5:] for row in ROWS], HEAD[6:])
    assert ykr.read(path, release=2018)[0].dates == {"*": "2018-12-31"}
    with pytest.raises(BadData, match="no column vuosi"):
        ykr.read(path)


def test_the_card_beside_the_file_dates_it(tmp_path):
    path = table(tmp_path / "a.csv")
    (tmp_path / "source.toml").write_text('[dates]\nv = "2019-12-31"\n', encoding="utf-8")
    (found,) = ykr.read(path)
    assert (found.date("v_0_6"), found.date("other")) == ("2019-12-31", "2020-12-31")


@pytest.mark.parametrize("date", ["2021-12-31", "2010-12-31"])
def test_a_date_that_cannot_be_is_refused(tmp_path, date):
    path = table(tmp_path / "a.csv")
    (tmp_path / "source.toml").write_text(f'[dates]\nv = "{date}"\n', encoding="utf-8")
    with pytest.raises(BadData, match="up to five years before"):
        ykr.read(path)


def test_one_set_of_dates_does_not_serve_two_years(tmp_path):
    path = table(tmp_path / "a.csv", [*ROWS, *(row.replace("2020;", "2019;") for row in ROWS)])
    (tmp_path / "source.toml").write_text('[dates]\nv = "2019-12-31"\n', encoding="utf-8")
    with pytest.raises(BadData, match="one set of dates"):
        ykr.read(path)
    (tmp_path / "source.toml").write_text('[lags."2000-"]\nv = 1\n', encoding="utf-8")
    assert [one.date("v_yht") for one in ykr.read(path)] == ["2018-12-31", "2019-12-31"]


def test_tables_are_joined_on_the_cell(tmp_path):
    people = table(tmp_path / "a.csv")
    jobs = table(
        tmp_path / "b.csv",
        ["2020;091;3861256671875;11", "2020;091;3868756671875;4", "2020;837;3278756822625;-1"],
        "vuosi;kunta;xyind;tyolliset",
    )
    for paths in ([people, jobs], [jobs, people]):
        (found,) = ykr.read(paths)
        np.testing.assert_array_equal(found.frame["tyolliset"], [11, np.nan, np.nan])
        assert list(found.frame["v_yht"]) == [30, 8, 50]
        notices = {one.kind: one for one in found.notices}
        absent = notices["absent_from_table"]
        assert (absent.cells, absent.residents, absent.first[0]) == (2, 15, "3863756671875")
        assert "b.csv" in absent.text
        alone = notices["not_in_population_table"]
        assert (alone.cells, alone.first) == (1, ("3868756671875",))


def test_an_absent_cell_without_residents_has_zeros(tmp_path):
    people = table(tmp_path / "a.csv", [ROWS[0], "2020;091;3863756671875;0;0;0;0"])
    other = table(tmp_path / "b.csv", ["2020;091;3861256671875;9"], "vuosi;kunta;xyind;tyolliset")
    assert list(ykr.read([people, other])[0].frame["tyolliset"]) == [9, 0]


def test_a_column_in_two_tables_must_be_the_same(tmp_path):
    people = table(tmp_path / "a.csv")
    same = table(tmp_path / "b.csv")
    assert len(ykr.read([people, same])[0].frame) == 3
    other = table(tmp_path / "c.csv", [ROWS[0].replace(";30;", ";31;"), *ROWS[1:]])
    with pytest.raises(BadData, match=r"v_yht stands in two tables and differs in 1 cells.*3861256671875: 30 and 31"):
        ykr.read([people, other])


def test_joined_tables_must_follow_the_same_borders(tmp_path):
    people = table(tmp_path / "a.csv")
    plain = table(tmp_path / "c.csv", ["2020;91;3861256671875;9"], "vuosi;kunta;xyind;tyolliset")
    assert list(ykr.read([people, plain])[0].frame["city"]) == ["Helsinki", "Helsinki", "Tampere"]
    other = table(tmp_path / "b.csv", ["2020;092;3861256671875;9"], "vuosi;kunta;xyind;tyolliset")
    with pytest.raises(BadData, match=r"3861256671875: 091 and 092"):
        ykr.read([people, other])


def test_words_and_means_are_left_aside_and_named(tmp_path):
    rows = [f"{row};Kallio;41" for row in ROWS]
    (found,) = ykr.read(table(tmp_path / "a.csv", rows, f"{HEAD};nimi;he_kika"))
    assert not {"nimi", "he_kika"} & set(found.columns)
    assert "nimi, he_kika" in next(one.text for one in found.notices if one.kind == "ignored_columns")


def test_cells_with_protected_residents_are_left_out_and_counted(tmp_path):
    (found,) = ykr.read(broken(tmp_path / "a.csv", ";8;-1", ";-1;-1"))
    assert list(found.frame["cell"]) == ["3861256671875", "3278756822625"]
    notice = next(one for one in found.notices if one.kind == "protected_residents")
    assert (notice.cells, notice.first) == (1, ("3863756671875",))


def test_the_column_of_residents_is_found_or_named(tmp_path):
    path = broken(tmp_path / "a.csv", "v_yht", "asukkaat")
    with pytest.raises(BadData, match=r"no column of residents; one of v_yht, he_vakiy is needed.*asukkaat"):
        ykr.read(path)
    assert ykr.read(path, columns=["asukkaat"])[0].residents == "asukkaat"
    assert ykr.read(broken(tmp_path / "b.csv", "v_yht", "he_vakiy"))[0].residents == "he_vakiy"


def test_columns_that_are_asked_for_must_be_there(tmp_path):
    with pytest.raises(BadData, match=r"kieli_muu are missing; found were vuosi, kunta, xyind, v_yht"):
        ykr.read(table(tmp_path / "a.csv"), columns=["kieli_muu"])


def test_a_table_without_municipality_needs_polygons(tmp_path):
    import geopandas
    from shapely import box

    path = table(tmp_path / "a.csv", [row[:5] + row[9:] for row in ROWS], HEAD.replace("kunta;", ""))
    with pytest.raises(BadData, match="4 of 4 cells name no municipality"):
        ykr.read(path)
    squares = [box(385000, 6671000, 387000, 6673000), box(327000, 6822000, 328000, 6823000)]
    borders = geopandas.GeoDataFrame(
        {"NATCODE": ["091", "837"], "NAMEFIN": ["Helsinki", "Tampere"]}, geometry=squares, crs="EPSG:3067"
    )
    borders.to_file(tmp_path / "kunnat.gpkg")
    (found,) = ykr.read(path, municipalities=tmp_path / "kunnat.gpkg")
    assert list(found.frame["city"]) == ["Helsinki", "Helsinki", "Tampere"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("3863756671875", "3863006671875", "3863006671875.*leave 125", id="id off the grid"),
        pytest.param("3863756671875", "3861256671875", "2 rows share a cell, first 3861256671875", id="cell twice"),
        pytest.param(";30;3;", ";30;-3;", "v_0_6 has 1 negative values, first 3861256671875", id="negative, no mark"),
        pytest.param(";30;3;", ";30;x;", "v_0_6 has 1 values that are no finite numbers", id="word in a count"),
        pytest.param(";30;3;", ";30;;", "v_0_6 has 1 values that are no finite numbers", id="empty count"),
        pytest.param(";30;3;", ";30;inf;", "no finite numbers", id="infinite"),
        pytest.param(";30;3;", ";5;3;", "above its base v_yht in 1 cells, first 3861256671875: 6", id="too many"),
        pytest.param("xyind", "ruutu", "xyind are missing; found were vuosi, kunta, ruutu", id="no id"),
        pytest.param(";091;", ";Helsinki;", "no municipality code, first Helsinki", id="name for a code"),
        pytest.param(";091;", ";;", "2 of 4 cells name no municipality", id="no municipality in some rows"),
        pytest.param("2020;", "20;", "vuosi has 4 values that are no year", id="year of two digits"),
        pytest.param("v_0_6", "V_YHT", "v_yht stand twice", id="column twice"),
    ],
)
def test_a_broken_table_is_refused_with_its_first_rows(tmp_path, old, new, says):
    path = broken(tmp_path / "vaesto.csv", old, new)
    with pytest.raises(BadData, match=says) as caught:
        ykr.read(path)
    assert "vaesto.csv" in str(caught.value)


def test_a_table_without_any_of_the_cities_is_refused(tmp_path):
    with pytest.raises(BadData, match=r"no row belongs to one of the eleven cities; found municipalities 005"):
        ykr.read(table(tmp_path / "a.csv", ROWS[3:]))


@pytest.mark.parametrize("text", ["", HEAD + "\n"])
def test_an_empty_table_is_refused(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadData, match=r"header line|no rows"):
        ykr.read(path)


def test_no_file_is_a_wrong_call():
    with pytest.raises(BadSettings, match="no file is named"):
        ykr.read([])


def test_the_shipped_card_says_what_it_does_not_know():
    card = shipped("ykr")
    assert not card.dates
    assert card.hidden["marks"] == [-1]
    assert not card.made_up
