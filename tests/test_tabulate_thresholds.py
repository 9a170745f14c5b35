"""The tables of thresholds: cut-offs that another year does not move; protected cells are neither over nor under."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_panel import square, three_groups

from segindex import tabulate
from segindex.errors import BadData, BadSettings
from segindex.tabulate.thresholds import NO_CUT_OFF, THRESHOLD_KEYS

LINE = ["city", "year", "group", "threshold"]


def cities(years=(2020, 2021), **fields):
    """Two cities of one classification."""
    one, other = square(years=years, **fields), square(years=years, seed=8, **fields)
    return [one, replace(other, city="Turku")]


def of(table, **where):
    for name, wanted in where.items():
        table = table[table[name] == wanted]
    (row,) = table.to_dict("records")
    return row


def test_by_hand_on_one_city():
    panel = square()
    table = tabulate.thresholds(panel)
    x, t = panel.group("foreign_language")[1], panel.base[1]
    assert len(table) == 2 * len(THRESHOLD_KEYS)
    row = of(table, year=2021, threshold="over_40_percent")
    over = x / t > 0.4
    assert row["population"] == t[over].sum() and row["group_size"] == x[over].sum() and row["n_cells"] == over.sum()
    assert row["population_share"] == pytest.approx(t[over].sum() / t.sum())
    assert row["group_share"] == pytest.approx(x[over].sum() / x.sum())
    assert row["expected_population_share"] < row["population_share"] and row["unknown_share"] == 0
    first = panel.group("foreign_language")[0].sum() / panel.base[0].sum()
    twice = of(table, year=2021, threshold="twice_the_city")
    assert twice["cut_off"] == pytest.approx(2 * first) and twice["cut_off_year"] == 2020


def test_the_tenth_and_the_fifth_are_of_all_cities_at_the_baseline():
    panels = cities()
    cuts = tabulate.cut_offs(panels)
    for key, fraction in (("top_tenth", 0.1), ("top_fifth", 0.2)):
        cut = of(cuts, threshold=key)
        t = np.concatenate([panel.base[0] for panel in panels])
        share = np.concatenate([panel.group("foreign_language")[0] for panel in panels]) / t
        lower = share[share < cut["cut_off"]].max()
        assert t[share > cut["cut_off"]].sum() / t.sum() <= fraction < t[share > lower].sum() / t.sum()
        assert cut["city"] == "" and cut["n_cities"] == 2 and cut["year"] == 2020
    table = tabulate.thresholds(panels)
    own = table[(table["year"] == 2020) & (table["threshold"] == "top_fifth")]
    weight = np.array([panel.base[0].sum() for panel in panels])
    assert 0.1 < (own.set_index("city")["population_share"] * weight).sum() / weight.sum() <= 0.2


def test_another_year_or_city_moves_nothing_that_was_fixed():
    three = cities(years=(2020, 2021, 2022))
    two = [panel.at([2020, 2021]) for panel in three]
    before, after = (tabulate.thresholds(panels, year=2020) for panels in (two, three))
    pd.testing.assert_frame_equal(before, after[after["year"] < 2022].reset_index(drop=True))
    alone = tabulate.thresholds(three[:1], cuts=tabulate.cut_offs(three))
    among = tabulate.thresholds(three)
    pd.testing.assert_frame_equal(alone, among[among["city"] == "Lahti"].reset_index(drop=True))


def test_protected_cells_are_unknown_neither_over_nor_under():
    whole = square()
    hidden = np.zeros(whole.hidden.shape, dtype=bool)
    hidden[:, ::9] = True
    seen = {"counts": np.where(hidden[..., None], 0, whole.counts), "hidden": hidden, "residents": whole.base}
    masked = replace(whole, **seen, hidden_total=np.where(hidden, whole.base, 0))
    cuts = tabulate.cut_offs(whole)
    row, full = (
        of(tabulate.thresholds(one, cuts=cuts), year=2021, threshold="over_20_percent") for one in (masked, whole)
    )
    base = whole.base[1]
    assert row["unknown_share"] == pytest.approx(base[hidden[1]].sum() / base.sum())
    assert row["population_share"] * base.sum() == pytest.approx(row["population"])
    assert row["population_share"] <= full["population_share"] <= row["population_share"] + row["unknown_share"]


def test_a_city_without_the_baseline_or_of_a_large_group_has_no_cut_off_of_its_own():
    panels = cities()
    late = [panels[0], panels[1].at([2021])]
    table = tabulate.thresholds(late, year=2020)
    row = of(table, city="Turku", threshold="twice_the_city")
    assert np.isnan(row["population_share"]) and NO_CUT_OFF in row["note"]
    assert np.isfinite(of(table, city="Turku", threshold="top_tenth")["population_share"])
    large = replace(panels[0], counts=panels[0].counts[..., ::-1] + 0, residents=None)
    assert NO_CUT_OFF in of(tabulate.thresholds(large), year=2020, threshold="twice_the_city")["note"]


def test_groups_have_cut_offs_of_their_own():
    table = tabulate.cut_offs(three_groups())
    assert set(table["group"]) == {"low_income", "high_income"}
    alone = tabulate.cut_offs(three_groups(), "high_income")
    pd.testing.assert_frame_equal(alone, table[table["group"] == "high_income"].reset_index(drop=True))


def test_what_is_refused():
    panel = square()
    cuts = tabulate.cut_offs(panel)
    with pytest.raises(BadSettings, match="year 2019 is in none of the panels; they have 2020, 2021"):
        tabulate.cut_offs(panel, year=2019)
    with pytest.raises(BadData, match="columns threshold are missing"):
        tabulate.thresholds(panel, cuts=cuts.drop(columns="threshold"))
    with pytest.raises(BadData, match="column threshold holds 'over_25_percent'; allowed are over_20_percent"):
        tabulate.thresholds(panel, cuts=cuts.replace("over_20_percent", "over_25_percent"))
    with pytest.raises(BadData, match=r"column cut_off holds .*30.* in 1 rows, first row 1; allowed are shares"):
        tabulate.thresholds(panel, cuts=cuts.assign(cut_off=[0.2, 30, *cuts["cut_off"][2:]]))
    with pytest.raises(BadData, match="row 6 stands twice"):
        tabulate.thresholds(panel, cuts=pd.concat([cuts, cuts[:1]], ignore_index=True))


def test_table_columns_match_what_is_promised():
    assert not tabulate.thresholds(square()).duplicated(LINE).any()
