"""Changes between two years: the terms sum to the change, a break has no numbers, and only the seed decides draws."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_panel import square, three_groups

from segindex import tabulate
from segindex.errors import BadSettings
from segindex.indices import dissimilarity, information_theory, mutual_information
from segindex.inference.false_discovery import benjamini_hochberg
from segindex.tabulate import Worth
from segindex.tabulate.changes import TERMS

FEW = Worth(refits=12)


def term(table, index, name, net=False):
    found = table[(table["index"] == index) & (table["term"] == name) & (table["net"] == net)]
    return float(found["change"].iloc[0])


def test_the_terms_sum_to_the_change():
    panel = square()
    table = tabulate.changes(panel, 2020, worth=FEW)
    for key, function in (("mutual_information", mutual_information), ("information_theory", information_theory)):
        before, after = function(panel.counts)
        parts = [term(table, key, name) for name in TERMS]
        assert sum(parts) == pytest.approx(after - before, abs=1e-10)
    x, y = np.moveaxis(panel.counts, -1, 0)
    before, after = dissimilarity(x, y)
    assert term(table, "dissimilarity", "as_it_is") == pytest.approx(after - before)
    corrected = table[table["term"] == "corrected"]
    assert (corrected["low"] <= corrected["change"]).all() and (corrected["change"] <= corrected["high"]).all()
    assert corrected["p"].between(0, 1).all()


def test_a_group_that_doubles_everywhere_changes_no_structure():
    panel = square()
    first = panel.counts[0]
    grown = replace(panel, counts=np.stack([first, first * [2.0, 1.0]]), residents=None)
    table = tabulate.changes(grown, 2020, worth=FEW)
    assert term(table, "mutual_information", "structural") == pytest.approx(0, abs=1e-10)
    assert abs(term(table, "mutual_information", "group_marginal")) > 0.001
    assert term(table, "dissimilarity", "as_it_is") == pytest.approx(0, abs=1e-12)


def test_a_new_cell_is_an_addition():
    panel = square()
    counts = np.stack([panel.counts[0], panel.counts[0]])
    counts[0, 5] = 0
    table = tabulate.changes(replace(panel, counts=counts, residents=None), 2020, worth=FEW)
    before, after = mutual_information(counts)
    assert term(table, "mutual_information", "additions") == pytest.approx(after - before)
    assert term(table, "mutual_information", "structural") == pytest.approx(0, abs=1e-10)


def test_a_cell_protected_in_one_year_leaves_both():
    panel = square()
    hidden = np.zeros(panel.hidden.shape, dtype=bool)
    hidden[0, :9], hidden[1, 30:33] = True, True
    counts = np.where(hidden[..., None], 0, panel.counts)
    masked = replace(panel, counts=counts, hidden=hidden, hidden_total=np.where(hidden, panel.base, 0))
    table = tabulate.changes(masked, 2020, worth=FEW)
    kept = ~hidden.any(axis=0)
    before, after = mutual_information(panel.counts[:, kept])
    assert sum(term(table, "mutual_information", name) for name in TERMS) == pytest.approx(after - before, abs=1e-10)
    before, after = dissimilarity(*np.moveaxis(panel.counts[:, kept], -1, 0))
    assert term(table, "dissimilarity", "as_it_is") == pytest.approx(after - before)


def test_a_break_leaves_no_numbers_and_says_why():
    panel = replace(square(), breaks=("", "break: cells of 500 m, before 250 m"))
    table = tabulate.changes(panel, 2020, worth=FEW)
    assert table["change"].isna().all() and len(table)
    assert table["note"].str.contains("break").all()


def test_the_seed_and_nothing_else_decides():
    panel = three_groups()
    both = tabulate.changes(panel, 2020, worth=FEW)
    one = tabulate.changes(panel, 2020, group="low_income", worth=FEW)
    own = both[both["group"] == "low_income"].reset_index(drop=True)
    pd.testing.assert_frame_equal(own.drop(columns="q"), one.drop(columns="q"))


def test_a_year_that_is_not_there_is_refused():
    with pytest.raises(BadSettings, match="year 2019 is in none of the panels; they have 2020, 2021"):
        tabulate.changes(square(), 2019)
    assert not len(tabulate.changes(square(), 2020, 2020))


def test_q_allows_for_all_groups_that_are_compared_at_once():
    panel = three_groups()
    sizes = Worth(refits=12, cluster_size={"low_income": 2})
    table = tabulate.changes(panel, 2020, worth=sizes)
    tested = table[table["p"].notna()]
    assert (tested["q"] >= tested["p"]).all() and table.loc[table["p"].isna(), "q"].isna().all()
    for index, rows in tested.groupby("index"):
        own = rows[rows["cluster_size"] == rows.groupby("group")["cluster_size"].transform("max")]
        alone = rows[(rows["cluster_size"] == 1)]
        kept = own[(own["cluster_size"] > 1) | ~own["group"].eq("low_income")]
        np.testing.assert_allclose(kept["q"], benjamini_hochberg(own["p"].to_numpy()), err_msg=index)
        persons = benjamini_hochberg(alone["p"].to_numpy())[alone["group"].eq("low_income").to_numpy()]
        np.testing.assert_allclose(alone.loc[alone["group"] == "low_income", "q"], persons, err_msg=index)


def test_changes_of_households_stand_beside_those_of_persons():
    panel = square()
    table = tabulate.changes(panel, 2020, worth=Worth(refits=30, cluster_size=2.5))
    assert sorted(table["cluster_size"].unique()) == [1, 2.5]
    alone, together = (table[table["cluster_size"] == size].reset_index(drop=True) for size in (1, 2.5))
    plain = alone["term"].isin(["as_it_is", *TERMS]) & ~alone["net"]
    np.testing.assert_allclose(alone.loc[plain, "change"], together.loc[plain, "change"], rtol=0, atol=1e-12)
    structural = (alone["term"] == "structural") & (alone["index"] == "mutual_information") & ~alone["net"]
    width = [(one.loc[structural, "high"] - one.loc[structural, "low"]).item() for one in (alone, together)]
    assert width[1] > 1.2 * width[0]


def test_cells_selected_by_the_groups_own_count_are_noted():
    panel = square()
    hidden = panel.group("foreign_language") < 4
    counts = np.where(hidden[..., None], 0, panel.counts)
    total = np.where(hidden, panel.base, 0)
    own = {"counts": counts, "hidden": hidden, "hidden_total": total, "residents": None, "hidden_rule": "group"}
    table = tabulate.changes(replace(panel, **own), 2020, worth=FEW)
    assert hidden.any() and table["note"].eq("visible cells are selected by the group's own count").all()
