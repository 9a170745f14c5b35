"""What stands beside a value: in the years that are asked for, from the seed alone, for every cluster size."""

from dataclasses import replace

import numpy as np
import pytest
from made_panel import square, three_groups

from segindex import neighbourhood, tabulate
from segindex.errors import BadSettings
from segindex.indices import dissimilarity, information_theory
from segindex.inference import corrected, expected, identified_bounds
from segindex.tabulate import Worth

KEYS = ["city", "year", "classification", "index", "group", "reference", "scale_m", "k", "cluster_size"]


def test_the_years_asked_for_have_a_p_value():
    panel = three_groups()
    table = tabulate.compute(panel, ["dissimilarity", "gini"], worth=Worth(years=(panel.years[-1],)))
    asked = table["year"] == panel.years[-1]
    assert table.loc[asked, "p_null"].between(0.01, 1).all()
    assert table.loc[~asked, "p_null"].isna().all()
    gini = table["index"] == "gini"
    assert table.loc[asked & gini, "expected"].notna().all()
    assert table.loc[~asked & gini, "expected"].isna().all()
    assert table.loc[~gini, "expected"].notna().all()


def test_what_is_followed_has_every_year_with_the_numbers_of_all_years():
    panel = three_groups()
    last, asked = panel.years[-1], ["dissimilarity", "isolation"]
    yearly = (("dissimilarity", "low_income"),)
    table = tabulate.compute(panel, asked, k=[200], worth=Worth(years=(last,), yearly=yearly))
    every = tabulate.compute(panel, asked, k=[200], worth=Worth())
    followed = (table["index"] == "dissimilarity") & (table["group"] == "low_income") & table["k"].isna()
    there = followed | (table["year"] == last)
    columns = ["expected", "p_null", "corrected", "low", "high", "detectable_change"]
    assert table.loc[followed, columns].notna().all(axis=None) and followed.sum() == len(panel.years)
    np.testing.assert_array_equal(table.loc[followed, columns], every.loc[followed, columns])
    assert table.loc[~there, ["p_null", "corrected", "low"]].isna().all(axis=None) and (~there).sum() > 3


def test_a_value_s_draws_do_not_depend_on_what_else_is_asked_for():
    panel = three_groups()
    alone = tabulate.compute(panel, "gini", "low_income", worth=Worth())
    among = tabulate.compute(panel, ["atkinson", "gini", "morans_i", "dissimilarity"], scale_m=[600], worth=Worth())
    own = among[(among["index"] == "gini") & (among["group"] == "low_income") & among["scale_m"].isna()]
    np.testing.assert_array_equal(own[["expected", "p_null"]], alone[["expected", "p_null"]])
    other = tabulate.compute(panel, "gini", "low_income", worth=Worth(seed=2))
    assert (other["expected"] != alone["expected"]).all()


def test_distortion_is_of_the_years_asked_for_unless_it_is_named():
    panel = square(years=(2019, 2020, 2021))
    table = tabulate.compute(panel, worth=Worth(years=(2019, 2021)))
    assert set(table.loc[table["index"] == "distortion", "year"]) == {2019, 2021}
    assert "distortion" not in set(tabulate.compute(panel, worth=Worth(years=()))["index"])
    named = tabulate.compute(panel, "distortion", worth=Worth(years=(2019, 2021)))
    assert set(named["year"]) == {2019, 2020, 2021}


def test_surroundings_and_nearest_residents_have_theirs():
    panel = square()
    table = tabulate.compute(panel, ["information_theory", "spatial_proximity"], scale_m=[600], k=[200], worth=Worth())
    last = table["year"] == panel.years[-1]
    assert table.loc[last, "p_null"].notna().all()
    wide = table[last & (table["scale_m"].notna() | table["k"].notna())]
    earlier = table[~last & (table["scale_m"].notna() | table["k"].notna())]
    assert earlier["p_null"].isna().all(), "surroundings are drawn for the latest year alone"
    plain = table[(table["index"] == "information_theory") & table["scale_m"].isna() & table["k"].isna()]
    own = wide[wide["index"] == "information_theory"]
    assert own["expected"].max() < plain["expected"].min()
    assert (table["p_null"] >= 1 / 40).loc[wide.index].all()


def test_bounds_hold_the_value_of_all_cells_and_are_wider_where_the_base_is_hidden_too():
    whole = square()
    hidden = np.zeros(whole.hidden.shape, dtype=bool)
    hidden[:, ::9] = True
    seen = {"counts": np.where(hidden[..., None], 0, whole.counts), "hidden": hidden, "residents": whole.base}
    masked = replace(whole, **seen, hidden_total=np.where(hidden, whole.base, 0))
    table = tabulate.compute(masked, ["dissimilarity", "isolation", "morans_i"]).set_index(["index", "year"])
    every = tabulate.compute(whole, ["dissimilarity", "isolation"]).set_index(["index", "year"])["value"]
    own = table.loc[every.index]
    assert (own["lower_bound"] < every).all() and (every < own["upper_bound"]).all()
    assert table.loc["morans_i", "lower_bound"].isna().all()
    blind = replace(whole, **seen | {"residents": np.where(hidden, whole.base + 9, whole.base)}, base_hidden=True)
    wider = tabulate.compute(blind, ["dissimilarity", "isolation"]).set_index(["index", "year"])
    assert (wider["lower_bound"] <= own["lower_bound"] + 1e-9).all()
    assert (own["upper_bound"] < wider["upper_bound"]).all()


def test_values_of_cells_hidden_by_their_own_count_are_those_of_all_cells():
    rng = np.random.default_rng(4)
    whole = square(n=20)
    t = whole.base + 30
    x = rng.binomial(t.astype(int), rng.beta(2, 6, 400)).astype(float)
    hidden = x < 8
    counts = np.where(hidden[..., None], 0, np.stack([x, t - x], axis=-1))
    masked = replace(
        whole, counts=counts, hidden=hidden, hidden_total=np.where(hidden, t, 0), residents=t, hidden_rule="group",
        hidden_limit=8,
    )  # fmt: skip
    table = tabulate.compute(masked, ["dissimilarity", "isolation"], worth=Worth(refits=5))
    every = tabulate.compute(replace(whole, counts=np.stack([x, t - x], axis=-1), residents=t), worth=Worth(refits=5))
    for row in table.itertuples():
        own = (every["index"] == row.index) & (every["year"] == row.year) & every["scale_m"].isna()
        full = every[own & (every["group"] == row.group)]["corrected"].iloc[0]
        assert abs(row.corrected - full) < abs(row.value - full) / 2, row
        assert row.correction == "mixture, hidden cells as censored"


def test_draws_that_cannot_be_made_are_refused():
    for wrong, told in ((Worth(draws=0), "draws is 0"), (Worth(refits=1.5), "refits is 1"), (Worth(level=95), "level")):
        with pytest.raises(BadSettings, match=told):
            tabulate.compute(square(), "gini", worth=wrong)


def test_families_have_rows_of_their_own():
    panel = three_groups()
    table = tabulate.compute(panel, "dissimilarity", worth=Worth(cluster_size={"low_income": 2.5}))
    own = table[table["group"] == "low_income"]
    assert sorted(own["cluster_size"].unique()) == [1, 2.5]
    assert set(table.loc[table["group"] == "high_income", "cluster_size"]) == {1.0}
    assert not table.duplicated(KEYS).any()
    one, pairs = (own[own["cluster_size"] == size].set_index("year") for size in (1, 2.5))
    assert (pairs["value"] == one["value"]).all()
    assert (pairs["expected"] > 1.3 * one["expected"]).all()
    x, t = panel.group("low_income"), panel.base
    assert pairs["expected"].to_numpy() == pytest.approx(expected("dissimilarity", x, t, cluster_size=2.5))


def test_a_city_by_chance_is_no_surprise():
    """Of forty groups by chance, few have a low p, and the expected value lies among the values."""
    rng = np.random.default_rng(3)
    panel = square()
    t = panel.base
    low = []
    for _ in range(40):
        x = rng.multivariate_hypergeometric(t[0].astype(int), int(t[0].sum() // 5)).astype(float)
        by_chance = panel.at([panel.years[0]])
        object.__setattr__(by_chance, "counts", np.stack([x, t[0] - x], axis=-1)[None])
        low.append(tabulate.compute(by_chance, "morans_i", worth=Worth())["p_null"].iloc[0])
    assert np.mean(np.array(low) <= 0.2) == pytest.approx(0.2, abs=0.15)


def test_surroundings_are_freed_of_chance_in_the_latest_year():
    panel = square(n=12)
    table = tabulate.compute(panel, ["dissimilarity", "isolation", "gini"], scale_m=500, worth=Worth(wide_draws=150))
    near = table[table["scale_m"] == 500].set_index(["year", "index"])
    assert near.loc[2020, "corrected"].isna().all() and near.loc[2021, "corrected"].notna().all()
    methods = {"dissimilarity": "approximate", "gini": "approximate", "isolation": "unbiased"}
    x, t = panel.group("foreign_language")[1], panel.base[1]
    around = neighbourhood.kernel(panel.xy, "biweight", 500)
    for index, method in methods.items():
        row = near.loc[(2021, index)]
        again = corrected(index, x, t, nearby=around, rng=np.random.default_rng(4), draws=150)
        assert row["correction"] == method
        assert row["corrected"] == pytest.approx(float(again), abs=0.006)
        assert row["expected"] > 0 and row["corrected"] != row["value"] and np.isnan(row["low"])


def test_what_tiny_cells_leave_open_stands_beside_weakly_identified_values():
    rng = np.random.default_rng(3)
    t = rng.integers(4, 9, (1, 900)).astype(float)
    p = rng.beta(2, 5, 900)
    x = rng.binomial(t.astype(int), p).astype(float)
    tiny = square(n=30, years=(2024,), counts=np.stack([x, t - x], axis=-1))
    keys = ["dissimilarity", "information_theory", "gini", "isolation"]
    table = tabulate.compute(tiny, keys, worth=Worth(cluster_size=2)).set_index(["cluster_size", "index"])
    truth = {"dissimilarity": dissimilarity(p * t[0], (1 - p) * t[0])}
    truth["information_theory"] = information_theory(np.stack([p * t[0], (1 - p) * t[0]], axis=-1))
    for index, true in truth.items():
        row = table.loc[(1.0, index)]
        found = identified_bounds(index, x[0], t[0], moments=3)
        assert "weakly identified" in row["correction"]
        assert (row["identified_lower"], row["identified_upper"]) == pytest.approx((found.lower, found.upper))
        assert row["identified_lower"] < true < row["identified_upper"]
    assert table.loc[2.0, "identified_lower"].isna().all()
    assert table.loc[[(1.0, "gini"), (1.0, "isolation")], "identified_lower"].isna().all()
    large = tabulate.compute(square(), "dissimilarity", worth=Worth())
    assert large["identified_lower"].isna().all()
