"""The link of 250 m cells to municipalities, in place of polygons."""

import pytest

from segindex.errors import BadData
from segindex.sources import cell_link, read_file

LINK = "euref_x,euref_y,kunnro2023,kunnro2024\n386000,6671750,92,91\n386250,6671750,91,91\n327000,6822000,837,837\n"
GRID = "grd_id,vuosi,he_vakiy\n250mN667175E38600,2024,10\n250mN667175E38625,2024,20\n250mN682200E32700,2024,30\n"


def written(place, text, name="hila250m_linkki_2024.csv"):
    path = place / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_latest_year_is_taken_by_the_centre(tmp_path):
    found = cell_link.read_link(written(tmp_path, LINK))
    assert found[(386_125.0, 6_671_875.0)] == "091"
    assert len(found) == 3


def test_a_grid_without_municipalities_gets_them(tmp_path):
    grid = written(tmp_path, GRID, "grid.csv")
    (delivery,) = read_file(grid, municipalities=written(tmp_path, LINK))
    assert list(delivery.frame["city"]) == ["Helsinki", "Helsinki", "Tampere"]


def test_a_cell_of_several_is_of_the_first(tmp_path):
    found = cell_link.read_link(written(tmp_path, LINK + "386000,6671750,49,49\n"))
    assert found[(386_125.0, 6_671_875.0)] == "091"


def test_cells_of_another_size_need_polygons(tmp_path):
    grid = written(tmp_path, "grd_id,vuosi,vaesto\n1kmN6671E386,2024,10\n", "grid.csv")
    with pytest.raises(BadData, match=r"an edge of 1000 m, and .* links cells of 250 m; give municipality polygons"):
        read_file(grid, municipalities=written(tmp_path, LINK))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("euref_x,euref_y,kunta\n386000,6671750,91\n", "no column kunnro<year> holds a municipality"),
        ("euref_x,euref_y,kunnro2024\n", "no rows"),
        ("euref_x,euref_y,kunnro2024\n386000,,91\n", "no coordinates in 1 rows, first row 1"),
        ("euref_x,euref_y,kunnro2024\n386100,6671750,91\n", "corners of 250 m cells"),
        ("euref_x,euref_y,kunnro2024\n386000,6671750,Helsinki\n", "no municipality codes"),
    ],
)
def test_broken_links_are_named(tmp_path, text, message):
    with pytest.raises(BadData, match=message):
        cell_link.read_link(written(tmp_path, text))


def test_polygons_and_other_tables_are_no_link(tmp_path):
    assert cell_link.is_link(written(tmp_path, LINK))
    assert not cell_link.is_link(written(tmp_path, GRID, "grid.csv"))
    assert not cell_link.is_link(tmp_path / "municipalities.gpkg")
