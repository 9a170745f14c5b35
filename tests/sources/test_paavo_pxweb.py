"""Paavo as PxWeb exports it: both languages, dots, rows that are left out, and broken headings."""

import pandas as pd
import pytest
from sources.paavo_madeup import LABELS, by_cell, hide, pxweb, raw, saved, wfs

from segindex.errors import BadData
from segindex.sources import detect, paavo, paavo_pxweb


@pytest.mark.parametrize("language", ["label_en", "label_fi"])
def test_an_export_is_read_under_both_languages(tmp_path, language):
    path = pxweb(tmp_path, language)
    assert detect(path) == "paavo"
    (found,) = paavo.read(path)
    (plain,) = paavo.read(saved(tmp_path, wfs()))
    columns = sorted(plain.columns)
    pd.testing.assert_frame_equal(found.frame[["city", "cell", *columns]], plain.frame[["city", "cell", *columns]])
    assert (found.release, found.form, found.year("hr_tuy")) == ("", "PxWeb export", 2022)
    assert found.frame[["x", "y", "area_m2"]].iloc[0].tolist() == [385_000, 6_672_000, 1_000]


def test_persons_and_households_of_one_label_are_kept_apart(tmp_path):
    cells = {("00100", "hr_pi_tul", "2022"): 60, ("00100", "hr_ke_tul", "2022"): 140}
    (found,) = paavo.read(pxweb(tmp_path, cells=cells))
    assert by_cell(found, "hr_pi_tul", "tr_pi_tul").loc["00100"].tolist() == [60, 50]


def test_every_label_has_one_code():
    codes = [entry["code"] for entry in LABELS]
    assert len(codes) == len(set(codes)) == 107
    assert len(paavo_pxweb.codes()) == 2 * len(codes)
    for entry in LABELS:
        for language in ("label_en", "label_fi"):
            if entry["code"][2:3] == "_":
                assert entry[language].endswith(f"({entry['code'][:2].upper()})")


@pytest.mark.parametrize("mark", ["...", "..", '"..."'])
def test_dots_are_protected(tmp_path, mark):
    cells = {("00120", name, "2022"): mark for name in hide("ko", [])}
    (found,) = paavo.read(pxweb(tmp_path, cells=cells))
    assert by_cell(found, "ko_perus", "ko_yl_kork").loc["00120"].isna().all()
    assert by_cell(found, "ko_ika18y").loc["00120"].tolist() == [100]


def test_years_side_by_side(tmp_path):
    cells = {("00100", "te_nuor", "2021"): 7}
    first, second = paavo.read(pxweb(tmp_path, years=("2021", "2022"), cells=cells))
    assert (first.year("te_nuor"), second.year("te_nuor")) == (2021, 2022)
    assert [by_cell(found, "te_nuor").loc["00100"].item() for found in (first, second)] == [7, 50]


def test_a_row_left_out_is_zero_where_the_rest_adds_up(tmp_path):
    left_out = [("00100", "te_muu_as"), ("00100", "te_elak"), ("33900", "te_taly"), ("33900", "te_nuor")]
    (found,) = paavo.read(pxweb(tmp_path, leave_out=left_out))
    assert by_cell(found, "te_muu_as", "te_elak").loc["00100"].tolist() == [0, 0]
    assert by_cell(found, "te_taly", "te_nuor").loc["33900"].tolist() == [0, 0]
    assert next(notice for notice in found.notices if notice.kind == "absent_rows").cells == 2


def test_a_row_left_out_is_protected_where_the_rest_does_not_add_up(tmp_path):
    (found,) = paavo.read(pxweb(tmp_path, leave_out=[("00100", "te_omis_as")]))
    assert by_cell(found, "te_omis_as", "te_vuok_as", "te_nuor").loc["00100"].isna().all()
    assert by_cell(found, "te_taly").loc["00100"].tolist() == [200]


def test_the_whole_country_is_no_area_and_unknown_labels_are_named(tmp_path):
    more = ['"SSS  WHOLE COUNTRY","Inhabitants, total (HE)",5603851', '"00100  A (Helsinki)","Cats (HE)",3']
    path = pxweb(tmp_path, lines=lambda lines: [*lines, *more])
    (found,) = paavo.read(path)
    notice = next(notice for notice in found.notices if notice.kind == "unknown_label")
    assert notice.first == ("Cats (HE)",)
    assert len(found.frame) == 4


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lambda lines: lines[:2] + lines[3:], "no heading of a PxWeb export", id="no header"),
        pytest.param(
            lambda lines: [*lines[:2], '"Area","Info","last"', *lines[3:]], "no heading of a PxWeb export", id="no year"
        ),
        pytest.param(lambda lines: [*lines, lines[5]], "1 rows stand twice|2 rows stand twice", id="row twice"),
        pytest.param(
            lambda lines: [*lines, '"00100  A (Helsinki)","Males (HE)"'], "fields of the header", id="cut off"
        ),
        pytest.param(
            lambda lines: [*lines, '"Helsinki","Males (HE)",3'], "do not begin with a postal code", id="no postal code"
        ),
        pytest.param(
            lambda lines: [line for line in lines if "Inhabitants, total (HE)" not in line],
            "he_vakiy are missing",
            id="no residents",
        ),
        pytest.param(
            lambda lines: [line.replace(" (Helsinki)", "") for line in lines],
            "areas have no municipality",
            id="no town",
        ),
    ],
)
def test_a_broken_export_gives_one_clear_error(tmp_path, spoil, message):
    with pytest.raises(BadData, match=message):
        paavo.read(pxweb(tmp_path, lines=spoil))


def test_another_table_of_pxweb_is_not_of_paavo(tmp_path):
    path = raw(tmp_path, '"128c -- Income"\r\n\r\n"Decile","Information","2022"\r\n"I","Income",3\r\n', "a.csv")
    assert not paavo.knows(path)
    with pytest.raises(BadData, match="no form of Paavo"):
        paavo.read(path)
