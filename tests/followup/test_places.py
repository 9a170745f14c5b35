"""What changed where a measure is, beside comparable areas: by hand, and in cities where nothing differs."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.ndimage import gaussian_filter
from scipy.stats import t as student

from segindex import schema
from segindex.followup import need_without, places
from segindex.followup.columns import NEED_WITHOUT, PLACES
from segindex.followup.places import area_changes, beside, main_type, morton, runs

SIDE = 12
DRAWS = 250
MEASURE = {
    "measure_id": "m1",
    "owner": "made-up office",
    "city": "Turku",
    "area_id": "c0;c1;c2;c3",
    "area_scheme": "grid_cell",
    "start": "2022-03",
    "end": "2026",
    "status": "running",
}


def register(*rows):
    return SimpleNamespace(measures=pd.DataFrame([MEASURE | row for row in rows or ({},)]))


def town(groups=("low_income",), years=(2020, 2024), rise=0.05, seed=3, size_m=250.0):
    """A made-up town of 144 cells of 1,000 people, all of type 1; the group's share grows where the measure is."""
    rng = np.random.default_rng(seed)
    names = [f"c{number}" for number in range(SIDE * SIDE)]
    column, row = np.divmod(np.arange(SIDE * SIDE), SIDE)
    cells, areas = [], []
    for step, year in enumerate(years):
        members = rng.binomial(1000, 0.3, SIDE * SIDE)
        members[:4] = 300 + round(1000 * rise) * step
        place = {"x": column * 250.0, "y": row * 250.0, "cell_size_m": size_m, "crs": "EPSG:3067"}
        common = {"city": "Turku", "year": year, "release": str(year), "cell": names, **place, "note": "made-up data"}
        for group in groups:
            more = {"classification": "income_class", "group": group, "index": "local_morans_i", "hidden": False}
            share = members / 1000
            cells.append(pd.DataFrame(common | more | {"population": 1000.0, "group_size": members, "share": share}))
        areas.append(pd.DataFrame(common | {"residents": 110, "type": 1, "type_in_city": 1}))
    keys = ["city", "year", "group", "cell"]
    rests = [{"city": "Turku", "year": year, "classification": "income_class", "release": str(year)} for year in years]
    return {
        "cells": schema.ordered(pd.concat(cells), schema.CELLS | {"area": "float64"}, keys),
        "type_areas": schema.ordered(pd.concat(areas), schema.AREAS, ["city", "year", "cell"]),
        "coverage": pd.DataFrame(rests).assign(note="", coverage=0.99),
    }


def place(tables=None, **given):
    found = places(register(given), town() if tables is None else tables)
    assert len(found) == 1
    return found.iloc[0]


def test_the_numbers_by_hand():
    tables = town()
    one = place(tables)
    assert (one["first_year"], one["last_year"], one["n_cells"]) == (2020, 2024, 4)
    assert (one["first_share"], one["last_share"], one["change"]) == pytest.approx((0.30, 0.35, 0.05))
    assert (one["residents"], one["disadvantaged_share"]) == (440, 1.0)
    assert one["n_comparable"] == 35
    cells = tables["cells"]
    others = cells[~cells["cell"].isin(["c0", "c1", "c2", "c3"])]
    share = others.groupby("year")[["group_size", "population"]].sum()
    all_others = (share["group_size"] / share["population"]).diff().iloc[-1]
    assert one["comparable_change"] == pytest.approx(all_others)
    assert one["difference"] == pytest.approx(0.05 - all_others)
    assert one["low"] < one["difference"] < one["high"]
    assert (one["reason"], one["refused"], one["note"]) == ("", "", "made-up data")


def test_the_interval_is_that_of_one_more_observation():
    changes = [0.01, 0.02, 0.04, 0.03, 0.00]
    difference, low, high = beside(0.05, changes)
    half = student.ppf(0.975, 4) * np.std(changes, ddof=1) * np.sqrt(1 + 1 / 5)
    assert difference == pytest.approx(0.03)
    assert (low, high) == pytest.approx((0.03 - half, 0.03 + half))


CITIES = pytest.mark.parametrize(
    "town",
    [
        pytest.param({}, id="changes alike over two cells"),
        pytest.param({"reach": 4.0}, id="over four cells"),
        pytest.param({"apart": 0.0}, id="chance alone"),
        pytest.param({"side": 14}, id="a small city"),
        pytest.param({"block": 2}, id="a small area"),
    ],
)


@CITIES
def test_where_nothing_differs_the_interval_holds_nought_in_about_95_of_100(town):
    rng = np.random.default_rng(5)
    found = np.array([_alike(rng, **town) for _ in range(DRAWS)])
    held = ((found[:, 1] <= 0) & (found[:, 2] >= 0)).mean()
    assert 0.89 <= held <= 0.985
    assert abs(found[:, 0].mean()) < 4 * found[:, 0].std() / np.sqrt(DRAWS)


def _alike(rng, side=30, apart=0.03, reach=2.0, block=3):
    """A city whose share changes by a smooth chance everywhere; a square of it beside the rest."""
    column, row = np.divmod(np.arange(side * side), side)
    base = rng.integers(5, 120, side * side) * (rng.random(side * side) < 0.8)

    def smooth():
        found = gaussian_filter(rng.normal(size=(side, side)), reach, mode="wrap")
        return (found / found.std()).ravel()

    share = np.clip(0.2 + 0.05 * smooth(), 0.01, 0.9)
    after = np.clip(share + 0.01 + apart * smooth(), 0, 1)
    later = np.round(base * rng.uniform(0.9, 1.1, side * side)).astype(int)
    cells = pd.DataFrame({"x": column * 250.0, "y": row * 250.0, "first_t": base, "last_t": later})
    cells = cells.assign(first_x=rng.binomial(base, share), last_x=rng.binomial(later, after))
    corner = rng.integers(0, side - block, 2)
    inside = (column - corner[0]) // block + 1j * ((row - corner[1]) // block) == 0
    own = cells[inside].sum()
    change = own["last_x"] / own["last_t"] - own["first_x"] / own["first_t"]
    return beside(change, area_changes(cells[~inside], own["first_t"]))


def test_a_change_that_differs_is_found():
    assert place(town(rise=0.30))["low"] > 0
    assert place(town(rise=-0.20))["high"] < 0


def test_comparable_areas_have_no_measure_of_any_status():
    tables = town()
    other = {"measure_id": "m2", "area_id": ";".join(f"c{number}" for number in range(4, 84)), "status": "ended"}
    found = places(register({}, other), tables).set_index("measure_id")
    assert found.loc["m1", "n_comparable"] == 15


def test_comparable_areas_are_of_the_same_type_at_the_baseline():
    tables = town()
    types = tables["type_areas"]
    types.loc[types["cell"].isin([f"c{number}" for number in range(100, 144)]) & (types["year"] == 2020), "type"] = 2
    types.loc[types["cell"].isin(["c50", "c51", "c52", "c53"]) & (types["year"] == 2024), "type"] = 5
    assert place(tables)["n_comparable"] == 24


def test_fewer_than_ten_comparable_areas_are_no_difference():
    tables = town()
    types = tables["type_areas"]
    types.loc[types["cell"].isin([f"c{number}" for number in range(40, 144)]), "type"] = 3
    one = place(tables)
    assert (one["reason"], one["n_comparable"]) == ("few_comparable", 9)
    assert one[["difference", "low", "high", "comparable_change"]].isna().all()
    assert one["change"] == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"area_id": "", "area_scheme": ""}, "no_area"),
        ({"area_id": "elsewhere"}, "unknown_area"),
        ({"start": "2025-01-01"}, "not_begun"),
        ({"start": "2024-11-01"}, ""),
        ({"start": ""}, ""),
        ({"city": "Lahti"}, "no_cells"),
    ],
)
def test_why_there_is_no_difference(given, reason):
    assert place(**given)["reason"] == reason


def test_a_break_one_year_or_no_types_are_no_difference():
    tables = town()
    tables["coverage"].loc[1, "note"] = "break: cells of 250 m, before 1000 m"
    one = place(tables)
    assert one["reason"] == "break" and np.isnan(one["change"])
    assert place(town(years=(2024,)))["reason"] == "one_year"
    tables = town()
    del tables["type_areas"]
    assert place(tables)["reason"] == "no_types"


def test_small_areas_are_refused():
    one = place(area_id="c0;c1")
    assert one["refused"] == "few_cells"
    assert one[["residents", "disadvantaged_share", "first_share", "change", "difference"]].isna().all()
    assert place(area_id="c0;c1;c2")["refused"] == ""
    small = places(register(), town(rise=-0.01), min_group=1161).iloc[0]
    assert small["refused"] == "small_group" and np.isnan(small["first_share"])
    assert places(register(), town(rise=-0.01), min_group=1160)["refused"].tolist() == [""]
    assert place(town(size_m=np.nan), area_id="c0;c1")["refused"] == ""


def test_cells_hidden_in_either_year_are_of_no_area():
    tables = town()
    cells = tables["cells"]
    hidden = (cells["cell"] == "c3") & (cells["year"] == 2024)
    cells.loc[hidden, ["population", "group_size", "share"]] = np.nan
    cells.loc[hidden, "hidden"] = True
    found = places(register(), tables, min_group=900).iloc[0]
    assert (found["first_share"], found["last_share"]) == pytest.approx((0.3, 0.35))
    assert places(register(), tables, min_group=901)["refused"].tolist() == ["small_group"]


def test_named_areas_and_postal_codes_that_cells_lie_in():
    named = {f"c{number}": "20100" if number < 4 else "20200" for number in range(SIDE * SIDE)}
    for scheme in ("named_area", "postal_code"):
        one = place(town() | {"named": named}, area_id="20100", area_scheme=scheme)
        assert (one["n_cells"], one["change"]) == (4, pytest.approx(0.05))
    assert place(town() | {"named": named}, area_id="20100", area_scheme="grid_cell")["reason"] == "unknown_area"
    assert place(area_id="c0;c1;c2;c3", area_scheme="postal_code")["n_cells"] == 4


def test_the_latest_release_counts_and_two_rows_of_it_are_refused():
    from segindex.errors import BadData

    tables = town()
    old = tables["cells"].assign(release="2000", group_size=1)
    assert place(tables | {"cells": pd.concat([old, tables["cells"]])})["change"] == pytest.approx(0.05)
    with pytest.raises(BadData, match="several rows"):
        place(tables | {"cells": pd.concat([tables["cells"]] * 2)})


def test_the_order_of_rows_does_not_matter_and_columns_are_typed():
    tables = town(groups=("low_income", "unemployed"))
    found = places(register(), tables)
    assert list(found) == list(PLACES) and found["group"].tolist() == ["low_income", "unemployed"]
    mixed = {name: table.sample(frac=1, random_state=2) for name, table in tables.items()}
    pd.testing.assert_frame_equal(places(register(), mixed), found)


def test_a_register_without_measures_has_no_places_and_all_need_is_without():
    nothing = SimpleNamespace(measures=register().measures.iloc[:0])
    assert list(places(nothing, town())) == list(PLACES) and len(places(nothing, town())) == 0
    assert need_without(nothing, town())["without_measures"].tolist() == [144 * 110]


def test_runs_are_about_as_large_as_the_area():
    rng = np.random.default_rng(1)
    base = rng.integers(1, 100, 500)
    sums = np.bincount(runs(base, 400), weights=base)[:-1]
    assert (sums >= 200).all() and abs(sums.mean() - 400) < 25
    assert runs([500, 500, 500], 100).tolist() == [0, 1, 2]


def test_areas_without_coordinates_go_by_their_order():
    cells = pd.DataFrame({"x": np.nan, "y": np.nan, "first_t": [100, 100, 100], "last_t": [110, 100, 80]})
    cells = cells.assign(first_x=[10, 20, 30], last_x=[11, 22, 33])
    assert area_changes(cells, 100) == pytest.approx([0.0, 0.02, 0.1125])
    assert area_changes(cells, 200) == pytest.approx([33 / 210 - 0.15, 0.1125])
    assert morton(cells["x"], cells["y"]).tolist() == [0, 0, 0]


def test_runs_keep_neighbours_together():
    column, row = np.divmod(np.arange(1024), 32)
    order = np.argsort(morton(column * 250.0, row * 250.0))
    along = np.abs(np.diff(column[order])) + np.abs(np.diff(row[order]))
    assert np.median(along) <= 2 and along.mean() < 3
    for axis in (column, row):
        assert (np.ptp(axis[order].reshape(-1, 16), axis=1) == 3).all()


def test_the_type_of_most_residents():
    assert main_type([1, 2, 2], [10, 6, 6]) == 2
    assert main_type([2, 1], [5, 5]) == 1
    assert main_type([0, 0], [5, 5]) == 0


def test_the_part_in_the_worst_types_is_not_told_where_one_or_two_cells_make_it():
    tables = town()
    types = tables["type_areas"]
    types.loc[types["cell"] == "c0", "type"] = 4
    one = places(register(), tables).iloc[0]
    assert one["residents"] == 440 and np.isnan(one["disadvantaged_share"])
    types.loc[types["cell"].isin(["c1", "c2"]), "type"] = 4
    assert np.isnan(places(register(), tables)["disadvantaged_share"]).all(), "the other part is of one cell"
    public = town(size_m=np.nan)
    public["type_areas"].loc[public["type_areas"]["cell"] == "c0", "type"] = 4
    assert places(register(), public)["disadvantaged_share"].iloc[0] == 0.75


def test_need_without_measures():
    tables = town()
    types = tables["type_areas"]
    types.loc[types["cell"].isin([f"c{number}" for number in range(72, 144)]), "type"] = 3
    types.loc[types["cell"] == "c143", "type"] = 5
    more = {"measure_id": "m2", "area_id": "c4;c5;c6", "status": "ended"}
    planned = {"measure_id": "m3", "area_id": "c2;c3;c7;c8", "status": "planned"}
    found = need_without(register({}, more, planned), tables).set_index("type")
    assert set(NEED_WITHOUT) == {*found.columns, "type"}
    assert found.loc[1, ["n_cells", "residents", "with_measures", "without_measures"]].tolist() == [72, 7920, 660, 7260]
    assert found.loc[3, ["residents", "with_measures", "without_measures"]].tolist() == [7810, 0, 7810]
    assert found.loc[5, "refused"] == "few_cells" and np.isnan(found.loc[5, "residents"])


def test_a_part_of_one_or_two_cells_is_not_told():
    found = need_without(register({"area_id": "c0;c1"}), town()).iloc[0]
    assert found["refused"] == "few_cells" and found["residents"] == 144 * 110
    assert np.isnan(found["with_measures"]) and np.isnan(found["without_measures"])
    found = need_without(register({"area_id": "c0;c1"}), town(size_m=np.nan)).iloc[0]
    assert found["with_measures"] == 220
