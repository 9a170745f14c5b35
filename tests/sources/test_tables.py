"""Opening raw files: every kind, every encoding, and the ways in which a file can be broken."""

import gzip
import zipfile

import geopandas
import pandas as pd
import pytest
import shapely

from segindex.errors import BadData, BadSettings
from segindex.sources import detect, reader, tables


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def squares(codes=("00100", "00120")):
    shapes = [shapely.box(385_000 + 100 * n, 6_672_000, 385_100 + 100 * n, 6_672_100) for n in range(len(codes))]
    return geopandas.GeoDataFrame({"postinumeroalue": list(codes), "n": range(len(codes))}, geometry=shapes, crs=3067)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("pono,nimi\n00100,Etu-Töölö\n".encode(), id="UTF-8"),
        pytest.param("\ufeffpono,nimi\n00100,Etu-Töölö\n".encode(), id="UTF-8 with a byte order mark"),
        pytest.param("pono,nimi\n00100,Etu-Töölö\n".encode("latin-1"), id="Latin-1"),
        pytest.param("pono;nimi\r\n00100;Etu-Töölö\r\n\r\n".encode("latin-1"), id="semicolons, CRLF, an empty line"),
        pytest.param('"pono"\t" nimi "\n"00100"\t"Etu-Töölö"\n'.encode(), id="tabs, quotes, spaces"),
    ],
)
def test_a_text_table_keeps_zeros_and_letters(tmp_path, content):
    path = written(tmp_path, "a.csv", content)
    assert tables.columns(path) == ("pono", "nimi")
    assert tables.open_raw(path).frame.to_dict("list") == {"pono": ["00100"], "nimi": ["Etu-Töölö"]}


def test_a_latin_1_letter_at_the_very_end_is_kept(tmp_path):
    path = written(tmp_path, "a.csv", "pono,nimi\n00100,Etelä".encode("latin-1"))
    assert tables.open_raw(path).frame["nimi"].tolist() == ["Etelä"]


def test_a_windows_dash_is_read(tmp_path):
    path = written(tmp_path, "a.csv", "pono,nimi\n00100,Etelä–Haaga\n".encode("cp1252"))
    assert tables.open_raw(path).frame["nimi"].tolist() == ["Etelä–Haaga"]


def test_a_long_head_may_end_inside_a_letter(tmp_path):
    path = written(tmp_path, "a.csv", ("a,b\n" + "x" * (tables.HEAD - 5) + "ä,1\n").encode())
    assert tables.columns(path) == ("a", "b")


def test_empty_stays_empty_and_some_columns_are_picked(tmp_path):
    path = written(tmp_path, "a.csv", 'c, b ,a\n1,"",3\n4,NA,6\n')
    frame = tables.open_raw(path, only=lambda name: name in ("a", "b")).frame
    assert frame.to_dict("list") == {"b": ["", "NA"], "a": ["3", "6"]}


def test_head_lines_are_skipped(tmp_path):
    path = written(tmp_path, "a.csv", '"a title, with a comma"\n\n"a","b"\n1,2\n')
    assert tables.columns(path) == ("a title, with a comma",)
    assert tables.open_raw(path, skip=2).frame.to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_a_very_long_field_is_read(tmp_path):
    path = written(tmp_path, "a.csv", f'a,geom\n1,"{"1 2, " * 60_000}"\n')
    assert len(tables.open_raw(path).frame["geom"][0]) == 300_000


def test_gzip_and_plain_are_alike(tmp_path):
    content = "pono,he_vakiy\n00100,5\n"
    plain = tables.open_raw(written(tmp_path, "a.csv", content)).frame
    packed = tables.open_raw(written(tmp_path, "a.csv.gz", gzip.compress(content.encode()))).frame
    pd.testing.assert_frame_equal(plain, packed)


def test_columns_are_those_of_the_file_as_it_is_now(tmp_path):
    path = written(tmp_path, "a.csv", "a,b\n1,2\n")
    assert tables.columns(path) == ("a", "b")
    written(tmp_path, "a.csv", "c\n1\n")
    assert tables.columns(path) == ("c",)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.parquet"])
def test_polygons_come_with_their_coordinate_system(tmp_path, name):
    path = tmp_path / name
    frame = squares().rename(columns={"postinumeroalue": "pono"})
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
    raw = tables.open_raw(path)
    assert {"pono", "n"} <= set(tables.columns(path))
    assert raw.frame["pono"].tolist() == ["00100", "00120"]
    assert "geometry" not in raw.frame
    assert raw.geometry.crs.to_epsg() == 3067


def test_plain_parquet_keeps_types(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": ["x", "y"]}).to_parquet(path)
    assert tables.columns(path) == ("a", "b")
    raw = tables.open_raw(path, only=lambda name: name == "a")
    assert raw.geometry is None
    assert raw.frame["a"].isna().tolist() == [False, True]


def test_a_layer_of_styles_is_no_second_layer(tmp_path):
    path = tmp_path / "a.gpkg"
    squares().to_file(path, layer="areas")
    squares(["00130"]).to_file(path, layer="layer_styles")
    assert len(tables.open_raw(path).frame) == 2


def test_rows_of_any_length_for_a_key(tmp_path):
    path = written(tmp_path, "a.csv", "a,b\n1,2\n\n1,2,3\n")
    assert tables.rows(path) == (["a", "b"], [["1", "2"], ["1", "2", "3"]])
    with pytest.raises(BadData, match="no rows"):
        tables.rows(written(tmp_path, "b.csv", "a,b\n"))
    with pytest.raises(BadData, match="text table"):
        tables.rows(written(tmp_path, "b.gpkg", "a,b\n"))


def zipped(folder, name, spoil):
    squares().rename(columns={"postinumeroalue": "pono"}).to_file(folder / "a.shp")
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.glob("a.*"):
            if part.suffix in (".shp", ".shx", ".dbf", ".prj"):
                archive.write(part, part.name)
    path.write_bytes(spoil(path.read_bytes()))
    return path


def half(content):
    return content[: len(content) // 2]


def scratched(content):
    return content[:200] + bytes(255 - byte for byte in content[200:260]) + content[260:]


def broken(folder, kind):
    if kind == "truncated zip":
        return zipped(folder, "z.zip", half)
    if kind == "damaged zip":
        return zipped(folder, "z.zip", scratched)
    if kind == "truncated gzip":
        return written(folder, "a.csv.gz", half(gzip.compress(b"pono,he_vakiy\n" + b"00100,5\n" * 999)))
    if kind == "no gzip":
        return written(folder, "a.csv.gz", "pono,he_vakiy\n00100,5\n")
    if kind == "two layers":
        squares().to_file(folder / "two.gpkg", layer="one")
        squares().to_file(folder / "two.gpkg", layer="other")
        return folder / "two.gpkg"
    name, content = {
        "empty": ("a.csv", b""),
        "no header": ("a.csv", b"\n\n"),
        "binary": ("a.csv", bytes(range(256)) * 4),
        "long row": ("a.csv", b"a,b\n1,2\n1,2,3\n"),
        "short row": ("a.csv", b"a,b\n1,2\n1\n"),
        "open quote": ("a.csv", b'a,b\n1,"2\n'),
        "column twice": ("a.csv", b"a,b,a\n1,2,3\n"),
        "no geography": ("a.json", b'{"a": 1}'),
        "no GeoPackage": ("a.gpkg", b"not a GeoPackage"),
        "no Parquet": ("a.parquet", b"not Parquet"),
        "another kind": ("a.pdf", b"%PDF"),
    }[kind]
    return written(folder, name, content)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("empty", "no header line"),
        ("no header", "no header line"),
        ("binary", "no text"),
        ("long row", r"1 rows do not have the 2 fields of the header, first row 3: 3"),
        ("short row", r"1 rows do not have the 2 fields of the header, first row 3: 1"),
        ("open quote", "open"),
        ("column twice", "columns 'a' stand twice"),
        ("truncated gzip", "cannot be read"),
        ("no gzip", "cannot be read"),
        ("truncated zip", "cannot be read"),
        ("damaged zip", "damaged|cannot be read"),
        ("two layers", r"2 layers \(one, other\)"),
        ("no geography", "cannot be read"),
        ("no GeoPackage", "cannot be read"),
        ("no Parquet", "cannot be read"),
        ("another kind", r"allowed endings are \.csv"),
    ],
)
def test_a_broken_file_gives_one_clear_error(tmp_path, kind, message):
    path = broken(tmp_path, kind)
    with pytest.raises(BadData, match=message) as error:
        tables.open_raw(path)
    assert str(path) in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadSettings, match=r"a\.csv: there is no such file"):
        tables.open_raw(tmp_path / "a.csv")


def test_a_file_that_no_source_knows_lists_its_columns(tmp_path):
    path = written(tmp_path, "a.csv", "fruit,colour\napple,red\n")
    with pytest.raises(BadData, match=r"columns found: fruit, colour.*name one with --source"):
        detect(path)


def test_an_unknown_source_is_refused():
    with pytest.raises(BadSettings, match=r"did you mean paavo\? Known are paavo, hsy"):
        reader("pavo")
