"""Both ends of an order in a city: against the rest, against each other, and beyond cut-offs that stay."""

from dataclasses import replace

import numpy as np
import pytest
from made_panel import square, three_groups, value

from segindex import tabulate
from segindex.indices import dissimilarity

ORDER = ("low_income", "rest", "high_income")


def classes(**fields):
    return three_groups(ascending=ORDER, **fields)


def districts(**fields):
    """Areas, not a grid: each stands for itself."""
    return classes(cell_size_m=None, **fields)


def test_each_end_against_the_rest_and_against_the_other():
    panel = districts()
    table = tabulate.ends(panel)
    low, high, rest = (panel.group(name) for name in ("low_income", "high_income", "rest"))
    found = table[table["measure"] == "dissimilarity"]
    for at, year in enumerate(panel.years):
        for group, reference, x, y in (
            ("low_income", "rest", low, high + rest),
            ("high_income", "rest", high, low + rest),
            ("low_income", "high_income", low, high),
        ):
            assert value(found, year=year, group=group, reference=reference) == pytest.approx(
                float(dissimilarity(x[at], y[at]))
            )


def test_rows_that_are_there_are_taken_and_give_the_same():
    panel, worth = districts(), tabulate.Worth(draws=39, refits=39)
    there = tabulate.compute(panel, ["dissimilarity", "gini"], worth=worth)
    one, other = tabulate.ends(panel, results=there, worth=worth), tabulate.ends(panel, worth=worth)
    assert one.equals(other)
    found = one[(one["measure"] == "dissimilarity") & (one["reference"] == "high_income")]
    assert found[["corrected", "low", "high", "expected"]].notna().all().all()


def test_the_areas_of_both_ends_by_hand():
    t = np.array([20, 30, 30, 20.0])
    low, high = np.array([10, 6, 3, 1.0]), np.array([1, 3, 9, 10.0])
    panel = replace(
        square(2, years=(2020,), counts=np.stack([np.full(4, 10.0), np.zeros(4)], axis=-1)[None]),
        counts=np.stack([low, high, t - low - high], axis=-1)[None],
        residents=None,
        groups=("low_income", "high_income", "rest"),
        classification="income_class",
        ascending=ORDER,
        cell_size_m=None,
    )
    table = tabulate.ends(panel)
    assert value(table, measure="ratio_90_10", group="low_income") == pytest.approx(0.5 / 0.05)
    assert value(table, measure="ratio_90_10", group="high_income") == pytest.approx(0.5 / 0.05)
    # one area of four holds more than a tenth: nobody lies beyond a tenth's cut-off but at it
    assert value(table, measure="lowest_end") == value(table, measure="highest_end") == 0
    assert table[table["measure"] == "lowest_end"]["cut_off"].iloc[0] == pytest.approx((1 - 10) / 20)
    assert table[table["measure"] == "highest_end"]["cut_off"].iloc[0] == pytest.approx(9 / 20)


def test_cut_offs_stay_where_a_year_is_added_and_serve_another_city():
    panel = districts()
    fixed = tabulate.types.extremes(
        list(tabulate.joined.joined_by_city([panel.at([2020])], ORDER[::2], 1000).values()),
        "income_class",
        *ORDER[::2],
        1000,
    )
    both, first = tabulate.ends(panel, fixed), tabulate.ends(panel.at([2020]), fixed)
    assert both[both["year"] == 2020].reset_index(drop=True).equals(first)
    ends = first.set_index("measure")["value"]
    assert 0.05 <= ends["lowest_end"] <= 0.1 and 0.05 <= ends["highest_end"] <= 0.1
    assert (both.loc[both["measure"] == "lowest_end", "cut_off_year"] == 2020).all()
    poorer = replace(panel, city="Turku", counts=panel.counts[..., [0, 1, 2]] * [2, 1, 1], residents=None)
    assert value(tabulate.ends(poorer, fixed), year=2020, measure="lowest_end") > ends["lowest_end"]


def test_a_grid_is_smoothed_and_says_so_and_two_classes_have_no_ends():
    grid = tabulate.ends(classes(), k=500)
    assert grid.loc[grid["measure"] == "ratio_90_10", "note"].str.contains("shares of the 500 nearest").all()
    assert value(grid, year=2020, measure="ratio_90_10", group="low_income") < value(
        tabulate.ends(districts()), year=2020, measure="ratio_90_10", group="low_income"
    )
    assert not len(tabulate.ends(square()))


def test_cut_offs_of_a_grid_do_not_serve_areas():
    areas, grid = districts(), classes()
    fixed = tabulate.types.extremes(
        list(tabulate.joined.joined_by_city([grid], ORDER[::2], 500).values()), "income_class", *ORDER[::2], 500
    )
    found = [tabulate.ends(panel, fixed, k=500).set_index("measure") for panel in (grid, areas)]
    assert found[0].loc["lowest_end", "value"].notna().all()
    assert found[1].loc["lowest_end", "value"].isna().all()


def test_what_stands_behind_each_number_is_told():
    panel = districts()
    table = tabulate.ends(panel).query("year == 2020").set_index(["measure", "group", "reference"])
    sizes = {name: panel.group(name)[0].sum() for name in panel.groups}
    pair = table.loc[("dissimilarity", "low_income", "high_income")]
    assert pair["group_size"] == min(sizes["low_income"], sizes["high_income"])
    assert table.loc[("ratio_90_10", "high_income", ""), "group_size"] == sizes["high_income"]
    assert set(table["n_cells"]) == {64}
    assert 0 < table.loc[("lowest_end", "low_income", ""), "n_beyond"] < 20
    hidden = replace(panel, counts=panel.counts * 0, hidden=np.ones((2, 64), dtype=bool), residents=panel.base)
    said = tabulate.ends(hidden).query("measure == 'ratio_90_10'")["note"]
    assert said.str.contains("undefined: no cell can be used").all()


def test_without_cut_offs_the_row_says_why():
    none = tabulate.standards_or_none([square()])
    table = tabulate.ends(districts(), none)
    row = table[table["measure"] == "lowest_end"].iloc[0]
    assert np.isnan(row["value"]) and "no cut-off" in row["note"]


def test_the_standards_of_an_edition_hold_the_ends_of_every_order():
    panel = districts()
    rng = np.random.default_rng(2)
    more = []
    for name in ("basic_education", "unemployed"):
        x = rng.integers(0, 20, (2, 64)).astype(float)
        counts = np.stack([x, 60 - x], axis=-1)
        more.append(
            replace(square(counts=counts, cell_size_m=None), groups=(name, "rest"), classification=name, residents=None)
        )
    fixed = tabulate.standards([panel, *more])
    own = fixed[fixed["quantity"] == "extremes"]
    assert own["dimension"].tolist() == ["income_class"] * 2
    assert tabulate.ends(panel, fixed).equals(tabulate.ends(panel))


def test_an_edition_has_the_ends_of_the_groups_that_it_asks_for(edition):
    from segindex import city_tables
    from segindex.edition import read_edition

    one = read_edition(edition, "small")
    light = {"worth_years": "none", "permutations": 99, "scale_m": (), "k": (), "indices": ("dissimilarity",)}
    settings = {name: getattr(one, name) for name in city_tables.SETTINGS} | light
    path = str(edition / "data" / "processed" / "small" / "panels" / "turku.parquet")
    for more, there in (((), False), (("high_income",), True)):
        found = city_tables.city_tables(path, settings | {"groups": ("low_income", "foreign_language", *more)})
        assert bool(len(found["ends"])) == there
