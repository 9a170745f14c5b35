"""Panels to tables: one row, one number, and what stands beside it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_panel import square, value

from segindex import schema, tabulate
from segindex.areas import with_contiguity
from segindex.errors import BadData, BadSettings
from segindex.grid import to_panel
from segindex.indices import isolation
from segindex.inference import expected
from segindex.neighbourhood import kernel, nearest
from segindex.panel import Panel
from segindex.tabulate import cells, remembered
from segindex.tabulate.remembered import Remembered


def test_columns_types_and_order():
    table = tabulate.compute(with_contiguity(square()))
    assert list(table.columns) == list(schema.RESULTS)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == schema.RESULTS
    pd.testing.assert_frame_equal(table, table.sort_values(schema.KEYS, ignore_index=True))
    assert not table.duplicated(schema.KEYS).any()


def test_one_row_one_number():
    panel = square()
    table = tabulate.compute(panel, "dissimilarity")
    x, t = panel.group("foreign_language")[1], panel.base[1]
    assert value(table, year=2021) == pytest.approx(np.abs(x / x.sum() - (t - x) / (t - x).sum()).sum() / 2)
    row = table[table["year"] == 2021].iloc[0]
    assert (row["n_cells"], row["population"], row["group_size"]) == (64, t.sum(), x.sum())
    assert (row["group"], row["reference"], row["hidden_share"], row["cluster_size"]) == (
        "foreign_language",
        "rest",
        0,
        1,
    )
    assert 0 < row["expected"] < row["value"]


def test_hidden_cells_are_left_out_and_weighed():
    panel = square()
    hidden = np.zeros(panel.hidden.shape, bool)
    hidden[0, :10] = True
    part = tabulate.compute(
        Panel(
            city="Lahti",
            classification="language",
            years=panel.years,
            groups=panel.groups,
            cells=panel.cells,
            counts=np.where(hidden[..., None], 0, panel.counts),
            xy=panel.xy,
            hidden=hidden,
            hidden_total=np.where(hidden, panel.base, 0),
        ),
        "isolation",
    )
    first = part[part["year"] == 2020].iloc[0]
    assert first["n_cells"] == 54
    assert first["hidden_share"] == pytest.approx(panel.base[0, :10].sum() / panel.base[0].sum())
    x, t = panel.group("foreign_language")[0, 10:], panel.base[0, 10:]
    assert first["value"] == pytest.approx((x / x.sum() * x / t).sum())
    assert part[part["year"] == 2021]["hidden_share"].tolist() == [0]


def test_one_mask_for_all_years_when_asked():
    panel = square()
    hidden = np.zeros(panel.hidden.shape, bool)
    hidden[0, :10] = True
    own = Panel(
        city="Lahti",
        classification="language",
        years=panel.years,
        groups=panel.groups,
        cells=panel.cells,
        counts=np.where(hidden[..., None], 0, panel.counts),
        hidden=hidden,
        hidden_total=np.where(hidden, panel.base, 0),
    )
    assert tabulate.compute(own, "dissimilarity")["n_cells"].tolist() == [54, 64]
    assert tabulate.compute(own, "dissimilarity", same_mask=True)["n_cells"].tolist() == [54, 54]


def test_scales_are_rows_of_their_own():
    table = tabulate.compute(square(), ["dissimilarity", "hutchens"], scale_m=[500], k=[200])
    assert len(table[table["index"] == "hutchens"]) == 2
    own = table[(table["index"] == "dissimilarity") & (table["year"] == 2020)]
    assert len(own) == 3
    plain = value(own[own["scale_m"].isna() & own["k"].isna()])
    assert value(own, scale_m=500.0) < plain
    assert value(own, k=200.0) < plain


def test_a_single_year_and_several_agree_at_each_scale():
    both = tabulate.compute(square(), scale_m=[600], k=[300])
    panel = square()
    one = pd.concat([tabulate.compute(panel.at([year]), scale_m=[600], k=[300]) for year in panel.years])
    one = schema.ordered(one, schema.RESULTS, schema.KEYS)
    pd.testing.assert_frame_equal(both, one)


def test_the_reference_group_may_be_named():
    frame = pd.DataFrame({"low": [5, 1, 2], "high": [1, 5, 2], "all_of_them": [10, 10, 10]})
    panel = to_panel(frame, ["low", "high"], base="all_of_them", year=2020)
    table = tabulate.compute(panel, "dissimilarity", "low", reference="high")
    assert table["value"].tolist() == [0.5]
    assert table["reference"].tolist() == ["high"]
    assert table["population"].tolist() == [16]
    assert table["expected"].tolist() == [float(expected("dissimilarity", [5, 1, 2], [6, 6, 4]))]


def test_several_groups_at_once_make_a_row_all():
    frame = pd.DataFrame({"low": [5, 1, 2], "high": [1, 5, 2], "all_of_them": [10, 10, 10]})
    panel = to_panel(frame, ["low", "high"], base="all_of_them", year=2020)
    table = tabulate.compute(panel, "information_theory")
    assert table["group"].tolist() == ["all", "high", "low"]
    assert table.iloc[0]["note"] == "groups: low, high, rest"
    assert table.iloc[0]["reference"] == ""


def test_a_value_that_is_not_there_says_why():
    frame = pd.DataFrame({"low": [0, 0], "all_of_them": [10, 10]})
    table = tabulate.compute(to_panel(frame, "low", base="all_of_them", year=2020), "dissimilarity")
    assert np.isnan(table["value"].iloc[0])
    assert table["note"].iloc[0] == "undefined: the group has no members"


def test_made_up_data_say_so_in_every_row():
    panel = with_contiguity(square(made_up=True))
    for table in (
        tabulate.compute(panel),
        tabulate.coverage(panel),
        (cells := tabulate.local(panel, permutations=99)),
        tabulate.clusters(cells),
    ):
        assert table["note"].str.contains(tabulate.MADE_UP).all()


def test_without_neighbours_morans_i_is_left_out_or_refused():
    bare = square(cell_size_m=None)
    assert "morans_i" not in set(tabulate.compute(bare)["index"])
    with pytest.raises(BadData, match="needs neighbours"):
        tabulate.compute(bare, "morans_i")


def test_a_grid_has_its_neighbours_without_being_asked():
    own = tabulate.compute(square(), "morans_i")["value"]
    assert own.tolist() == tabulate.compute(with_contiguity(square()), "morans_i")["value"].tolist()


def test_a_local_index_is_sent_to_local():
    with pytest.raises(BadSettings, match="local_morans_i has a value a cell"):
        tabulate.compute(square(), "local_morans_i")


def test_fractional_counts_have_no_expected_value():
    frame = pd.DataFrame({"low": [1.5, 2.5, 0.5], "all_of_them": [10.0, 10.0, 10.0]})
    table = tabulate.compute(to_panel(frame, "low", base="all_of_them", year=2020), "dissimilarity")
    assert table["value"].notna().all()
    assert table["expected"].isna().all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"index": "dissim"}, "dissimilarity"),
        ({"group": "poor"}, "none of the panels; they have foreign_language"),
        ({"group": []}, "group is an empty list"),
        ({"index": []}, "index is an empty list"),
    ],
)
def test_what_is_unknown_is_said(arguments, message):
    with pytest.raises(BadSettings, match=message):
        tabulate.compute(square(), **arguments)


def test_what_is_no_panel_is_refused():
    with pytest.raises(BadSettings, match="Panel or a list"):
        tabulate.compute(pd.DataFrame())


def test_local_values_do_not_depend_on_what_else_is_computed():
    panel = with_contiguity(square())
    both = tabulate.local(panel, permutations=199)
    one = tabulate.local(panel, year=2021, permutations=199)
    pd.testing.assert_frame_equal(both[both["year"] == 2021].reset_index(drop=True), one)
    again = tabulate.local(panel, permutations=199, seed=2)
    assert not both["p"].equals(again["p"])


def test_clusters_sum_to_the_city():
    panel = with_contiguity(square())
    cells = tabulate.local(panel, permutations=999)
    table = tabulate.clusters(cells)
    own = table[table["year"] == 2020]
    assert own["population"].sum() == panel.base[0].sum()
    assert own["group_size"].sum() == panel.group("foreign_language")[0].sum()
    assert own["population_share"].sum() == pytest.approx(1)
    assert own["group_share"].sum() == pytest.approx(1)
    assert {"high-high", "low-low"} <= set(own["cluster"])


def test_protected_cells_have_a_number_and_no_people():
    panel = square()
    hidden = np.zeros(panel.hidden.shape, bool)
    hidden[:, :5] = True
    own = Panel(
        city="Lahti",
        classification="language",
        years=panel.years,
        groups=panel.groups,
        cells=panel.cells,
        counts=np.where(hidden[..., None], 0, panel.counts),
        xy=panel.xy,
        hidden=hidden,
        hidden_total=np.where(hidden, panel.base, 0),
        cell_size_m=250.0,
    )
    table = tabulate.clusters(tabulate.local(own, permutations=199))
    protected = table[table["cluster"] == "protected"]
    assert protected["n_cells"].tolist() == [5, 5]
    assert protected[["population", "group_size", "population_share", "group_share"]].isna().all(axis=None)
    visible = table[table["cluster"] != "protected"].groupby("year")["population_share"].sum()
    assert visible.tolist() == pytest.approx([1, 1])


def test_coverage_counts_residents():
    panel = square(residents=100.0, breaks=("", "break: x"), dates=("a", "b"), resident_dates=("a", "c"))
    table = tabulate.coverage(panel)
    assert table["residents"].tolist() == [6400, 6400]
    assert table["coverage"].tolist() == [1, 1]
    assert table["note"].tolist() == ["", "break: x; residents of c"]
    assert tabulate.compute(panel, "gini")["note"].tolist() == ["", "break: x"]


def test_a_hidden_base_is_said():
    hidden = np.zeros((2, 64), bool)
    hidden[1, :10] = True
    counts = np.where(hidden[..., None], 0, square().counts)
    panel = square(counts=counts, hidden=hidden, base_hidden=True, residents=100.0)
    table = tabulate.compute(panel, "gini")
    assert table["hidden_share"].tolist() == [0, pytest.approx(10 / 64)]
    assert table["note"].tolist() == ["", "the base is hidden as well: residents are the weight"]


def test_a_scale_is_a_biweight_kernel_and_k_counts_residents():
    panel = square(residents=square().base * 2)
    x, t = panel.group("foreign_language")[1], panel.base[1]
    table = tabulate.compute(panel, "isolation", scale_m=600, k=300)
    near = kernel(panel.xy, "biweight", 600)
    assert value(table, year=2021, scale_m=600.0) == isolation(x, t, nearby=near)
    near = nearest(panel.xy, panel.residents[1], 300)
    assert value(table, year=2021, k=300.0) == isolation(x, t, nearby=near)


def test_expected_is_the_value_under_random_placement():
    panel = square()
    table = tabulate.compute(panel, "dissimilarity")
    exact = expected("dissimilarity", panel.group("foreign_language"), panel.base)
    assert table["expected"].tolist() == exact.tolist()


def test_morans_i_counts_the_cells_that_entered():
    panel = square()
    lonely = Panel(
        city="Lahti",
        classification="language",
        years=panel.years,
        groups=panel.groups,
        cells=[*panel.cells, "z"],
        counts=np.concatenate([panel.counts, np.full((2, 1, 2), 7.0)], axis=1),
        xy=np.concatenate([panel.xy, [[90_125.0, 90_125.0]]]),
        cell_size_m=250.0,
    )
    table = tabulate.compute(lonely, ["gini", "morans_i"])
    assert table[table["index"] == "gini"]["n_cells"].tolist() == [65, 65]
    own = table[table["index"] == "morans_i"]
    assert own["n_cells"].tolist() == [64, 64]
    assert own["population"].tolist() == panel.base.sum(axis=1).tolist()
    assert own["note"].tolist() == ["without a neighbour: 1 cells, first z"] * 2


def test_draws_are_enough_for_a_single_cell_to_be_found(monkeypatch):
    asked = []
    found = cells.local_clusters
    monkeypatch.setattr(
        cells, "local_clusters", lambda *data, **more: (asked.append(more["permutations"]), found(*data, **more))[1]
    )
    tabulate.local(with_contiguity(square(n=20)), year=2020)
    assert asked == [3 * 400 / 0.05]


def test_the_macro_micro_ratio_is_of_the_two_ends():
    results = tabulate.compute(square(), ["dissimilarity", "isolation"], scale_m=[500, 1000, 2000], k=[100])
    table = tabulate.scales(results)
    assert list(table.columns) == list(schema.SCALES)
    assert set(table["index"]) == {"dissimilarity"}, "isolation is not 0 under even spread"
    assert set(table["kind"]) == {"scale_m"}, "one k alone has no ratio"
    row = table[table["year"] == 2021].iloc[0]
    own = results[(results["index"] == "dissimilarity") & (results["year"] == 2021)]
    assert (row["micro"], row["macro"]) == (500, 2000)
    assert row["ratio"] == pytest.approx(value(own, scale_m=2000.0) / value(own, scale_m=500.0))
    assert 0 < row["ratio"] < 1


def test_the_ratio_says_where_its_wide_end_is_the_whole_city():
    panel = square()
    ks = [100, panel.residents.sum(axis=1).min()]
    notes = tabulate.scales(tabulate.compute(panel, "dissimilarity", k=ks)).set_index("year")["note"]
    least = panel.years[panel.residents.sum(axis=1).argmin()]
    assert notes.pop(least) == "k nearest residents; k takes in the whole city"
    assert notes.tolist() == ["k nearest residents"]


def test_a_ratio_to_nothing_is_none():
    results = tabulate.compute(square(), "dissimilarity", scale_m=[500, 1000]).assign(value=0.0)
    assert tabulate.scales(results)["ratio"].isna().all()


def test_a_layer_is_smoothed_once_and_is_the_same(monkeypatch):
    panel = square()
    near, asked = kernel(panel.xy, "biweight", 700), []
    own = Remembered(lambda counts: (asked.append(counts.shape), near(counts))[1])
    x, t = panel.group("foreign_language"), panel.base
    np.testing.assert_allclose(own(x), near(x), rtol=1e-12)
    np.testing.assert_allclose(own(np.stack([t, x, t])), near(np.stack([t, x, t])), rtol=1e-12)
    np.testing.assert_array_equal(own(t[1]), own(t)[1])
    assert asked == [(2, 64), (2, 64)]
    monkeypatch.setattr(remembered, "MOST_BYTES", 3 * 64 * 8)
    own(t * 2)
    assert len(own.kept) == 3
    np.testing.assert_allclose(own(x), near(x), rtol=1e-12)


def test_the_table_of_cells_says_what_p_rests_on():
    few = tabulate.local(with_contiguity(square()), permutations=99)
    assert set(few["null"]) == {"both"}
    assert few["from_moments"].any()
    enough = tabulate.local(with_contiguity(square()), index=["local_morans_i", "local_geary"])
    assert not enough["from_moments"].any()
    assert set(enough[enough["index"] == "local_geary"]["null"]) == {"cells"}
    with pytest.raises(BadSettings, match="of one index at a time"):
        tabulate.clusters(enough)


def test_areas_of_cells_without_a_place_have_none():
    panel = with_contiguity(square())
    table = tabulate.areas(tabulate.local(replace(panel, xy=None)))
    assert len(table) and table["x"].isna().all()


def test_scales_of_some_indices_and_years_alone():
    panel = square()
    whole = tabulate.compute(panel, ["dissimilarity", "gini"], scale_m=[1000], k=[300])
    scales = {"scale_m": [1000], "k": [300]}
    some = tabulate.compute(panel, ["dissimilarity", "gini"], **scales, scaled="gini", scale_years=[2021])
    wide = whole["scale_m"].notna() | whole["k"].notna()
    kept = whole[~wide | ((whole["index"] == "gini") & (whole["year"] == 2021))].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, kept)
    none = tabulate.compute(panel, "gini", k=[300], scale_years=[1999])
    assert none["k"].isna().all()
    with pytest.raises(BadSettings, match="index 'ginny'"):
        tabulate.compute(panel, "gini", k=[300], scaled="ginny")
