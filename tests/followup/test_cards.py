"""A card says what the tables say: values, changes, status, path and trend by hand."""

import numpy as np
import pandas as pd
import pytest
from followup import made_tables as made

from segindex.followup import Indicator, cards, defaults, points
from segindex.followup.cards import ON_PATH, on_path
from segindex.followup.columns import CARDS, POINTS

EVEN = Indicator("even", "index", "dissimilarity", "low_income", target=0.2, target_year=2030)


def card(indicator=EVEN, tables=None, **given):
    found = cards([indicator], made.tables() if tables is None else tables, cell_size_m=250.0, **given)
    assert len(found) == 1
    return found.iloc[0]


def test_the_numbers_of_a_card_are_those_of_the_tables():
    one = card()
    assert (one["value"], one["low"], one["high"]) == pytest.approx((0.330, 0.320, 0.340))
    assert (one["as_it_is"], one["expected"]) == pytest.approx((0.350, 0.05))
    assert (one["baseline"], one["baseline_low"], one["baseline_high"]) == pytest.approx((0.300, 0.290, 0.310))
    assert (one["baseline_year"], one["year"]) == (2018, 2024)
    assert (one["change"], one["change_low"], one["change_high"], one["q"]) == pytest.approx((0.03, 0.018, 0.042, 0.01))
    assert one["group_share"] == pytest.approx(0.2)
    assert (one["source"], one["reference_date"]) == ("sample", "2024-12-31")
    assert (one["cluster_size"], one["classification"]) == (1.0, "income_class")
    assert one["note"] == "made-up data"


def test_the_change_is_made_of_redistribution_margins_and_cells_that_appeared():
    one = card()
    assert (one["structural"], one["margins"], one["appeared"]) == pytest.approx((0.025, 0.003, 0.001))


def test_parts_net_of_chance_are_taken_where_there_are():
    plain = made.changes(index="information_theory")
    net = plain[plain["term"] != "corrected"].assign(net=True, change=lambda rows: rows["change"] * 10)
    tables = made.tables(results=made.results(index="information_theory"), changes=pd.concat([plain, net]))
    one = card(Indicator("h", "index", "information_theory", "low_income"), tables)
    assert (one["structural"], one["margins"], one["appeared"]) == pytest.approx((0.25, 0.03, 0.01))


def test_a_change_without_all_of_a_part_has_none_of_it():
    rows = made.changes()
    one = card(tables=made.tables(changes=rows[rows["term"] != "removals"]))
    assert np.isnan(one["appeared"]) and one["margins"] == pytest.approx(0.003)


@pytest.mark.parametrize(
    ("change", "half", "q", "wanted", "status"),
    [
        (0.03, 0.012, 0.01, "fall", "worse"),
        (0.03, 0.012, 0.01, "rise", "better"),
        (-0.03, 0.012, 0.01, "fall", "better"),
        (-0.03, 0.012, 0.01, "rise", "worse"),
        (-0.03, 0.031, 0.01, "fall", "no_clear_change"),
        (-0.03, 0.012, 0.06, "fall", "no_clear_change"),
    ],
)
def test_the_status_follows_the_interval_q_and_the_wanted_direction(change, half, q, wanted, status):
    one = Indicator("even", "index", "dissimilarity", "low_income", wanted=wanted)
    found = card(one, made.tables(changes=made.changes(change, half, q)))
    assert (found["status"], found["reason"]) == (status, "")


def test_no_interval_is_no_status():
    found = card(tables=made.tables(changes=made.changes(half=np.nan)))
    assert (found["status"], found["reason"]) == ("cannot_say", "no_interval")
    found = card(tables=made.tables(changes=None))
    assert (found["status"], found["reason"]) == ("cannot_say", "no_interval")


@pytest.mark.parametrize("low_year", [2018, 2024])
def test_coverage_under_nine_tenths_in_either_year_is_no_status(low_year):
    shares = [0.89 if year == low_year else 0.99 for year in made.YEARS]
    found = card(tables=made.tables(coverage=made.coverage(share=shares)))
    assert (found["status"], found["reason"]) == ("cannot_say", "coverage")
    assert found["coverage"] == pytest.approx(0.89)
    assert found["on_path"] == "cannot_say"


def test_coverage_of_a_year_between_does_not_matter_to_the_status():
    shares = [0.5 if year == 2020 else 0.99 for year in made.YEARS]
    assert card(tables=made.tables(coverage=made.coverage(share=shares)))["status"] == "worse"


def test_a_break_between_is_no_status_and_no_change():
    found = card(tables=made.tables(coverage=made.coverage(breaks=[2020])), baseline=2018)
    assert (found["status"], found["reason"], found["breaks"]) == ("cannot_say", "break", "2020")
    assert found[["change", "change_low", "change_high", "structural", "margins", "appeared"]].isna().all()
    assert found["on_path"] == "cannot_say"


def test_without_a_wanted_baseline_the_first_year_after_a_break_is_taken_as_in_the_report():
    tables = made.tables(coverage=made.coverage(breaks=[2020]), changes=made.changes(first=2020))
    found = card(tables=tables)
    assert (found["baseline_year"], found["status"]) == (2020, "worse")


def test_small_groups_are_refused():
    found = card(tables=made.tables(results=made.results(group_size=99)))
    assert (found["refused"], found["status"], found["reason"]) == ("small_group", "cannot_say", "small_group")
    told = ["value", "low", "high", "as_it_is", "expected", "baseline", "change", "change_low", "structural", "path"]
    assert found[[*told, "before_low", "group_share"]].isna().all()
    assert card(tables=made.tables(results=made.results(group_size=99)), min_group=99)["refused"] == ""


def test_few_cells_are_refused_on_grids_alone():
    tables = made.tables(results=made.results(n_cells=19))
    assert card(tables=tables)["refused"] == "few_cells"
    assert cards([EVEN], tables)["refused"].tolist() == [""]


def test_the_grid_is_known_from_the_cells():
    tables = made.tables(results=made.results(n_cells=19))
    cells = pd.DataFrame({"classification": ["income_class"], "year": 2024, "cell_size_m": 250.0})
    assert cards([EVEN], tables | {"cells": cells})["refused"].tolist() == ["few_cells"]
    assert card(tables=tables | {"cells": cells.assign(cell_size_m=np.nan)})["refused"] == ""


def test_one_year_is_no_change():
    tables = made.tables(results=made.results(years=[2024], values=[0.3]))
    found = card(tables=tables)
    assert (found["status"], found["reason"]) == ("cannot_say", "one_year")
    assert pd.isna(found["baseline_year"]) and np.isnan(found["path"])


def test_a_city_that_lacks_the_latest_year_says_so():
    rows = pd.concat([made.results(), made.results("Lahti", years=made.YEARS[:-1], values=made.PATH[:-1])])
    tables = made.tables(results=rows, coverage=pd.concat([made.coverage(), made.coverage("Lahti")]))
    found = cards([EVEN], tables).set_index("city")
    assert found.loc["Lahti", "reason"] == "no_value" and found.loc["Lahti", "refused"] == "no_rows"
    assert found.loc["Lahti", "year"] == 2024
    assert found.loc["Turku", "status"] == "worse"


def test_the_range_before_the_baseline():
    tables = made.tables(changes=made.changes(first=2022))
    found = card(tables=tables, baseline=2022)
    assert (found["before_first"], found["before_last"], found["before_of"]) == (2019, 2021, "corrected")
    assert (found["before_low"], found["before_high"]) == pytest.approx((0.301, 0.310))


def test_the_range_is_of_plain_values_where_a_year_has_no_corrected_one():
    values = [*made.PATH[:3], np.nan, *made.PATH[4:]]
    rows = made.results(values=values, value=np.asarray(made.PATH) + 0.02)
    found = card(tables=made.tables(results=rows), baseline=2022)
    assert found["before_of"] == "as_it_is"
    assert (found["before_low"], found["before_high"]) == pytest.approx((0.321, 0.330))


def test_the_range_does_not_go_across_a_break():
    found = card(tables=made.tables(coverage=made.coverage(breaks=[2021])), baseline=2022)
    assert (found["before_first"], found["before_last"]) == (2021, 2021)
    found = card(tables=made.tables(coverage=made.coverage(breaks=[2022])), baseline=2022)
    assert pd.isna(found["before_first"]) and np.isnan(found["before_low"])


def test_the_path_is_straight_from_the_baseline_to_the_target():
    one = card()
    assert one["path"] == pytest.approx(0.3 + (0.2 - 0.3) * 6 / 12)
    assert one["on_path"] == "behind"
    done = Indicator("even", "index", "dissimilarity", "low_income", target=0.4, target_year=2021)
    assert card(done)["path"] == 0.4
    assert card(done)["on_path"] == "ahead"


@pytest.mark.parametrize(
    ("path", "wanted", "expected"),
    [
        (0.31, "fall", "behind"),
        (0.31, "rise", "ahead"),
        (0.35, "fall", "ahead"),
        (0.35, "rise", "behind"),
        (0.32, "fall", "on_path"),
        (0.34, "rise", "on_path"),
    ],
)
def test_the_side_of_the_path(path, wanted, expected):
    assert on_path(path, 0.32, 0.34, wanted) == expected
    assert on_path(path, np.nan, 0.34, wanted) == "cannot_say"
    assert expected in ON_PATH


def test_without_a_target_there_is_no_path():
    found = card(Indicator("even", "index", "dissimilarity", "low_income"))
    assert np.isnan(found["path"]) and found["on_path"] == ""


def test_the_trend_is_of_corrected_values():
    found = card(tables=made.tables(results=made.results(values=sorted(made.PATH))))
    assert (found["trend"], found["n_points"], found["trend_reason"]) == ("rising", 7, "")
    few = [0.3, *[np.nan] * 5, 0.33]
    found = card(tables=made.tables(results=made.results(values=few, value=np.linspace(0.3, 0.4, 7))))
    assert (found["trend"], found["trend_reason"], found["n_points"]) == ("", "few_points", 2)


def test_no_trend_across_a_break_and_years_of_low_coverage_are_no_points():
    rows = made.results(values=sorted(made.PATH))
    found = card(tables=made.tables(results=rows, coverage=made.coverage(breaks=[2021])))
    assert (found["trend"], found["trend_reason"], found["n_points"]) == ("", "break", 4)
    found = card(tables=made.tables(results=rows, coverage=made.coverage(breaks=[2020])))
    assert (found["trend"], found["n_points"]) == ("rising", 5)
    shares = [0.8 if year < 2021 else 0.99 for year in made.YEARS]
    found = card(tables=made.tables(results=rows, coverage=made.coverage(share=shares)))
    assert (found["trend_reason"], found["n_points"]) == ("few_points", 4)


def test_the_latest_release_and_the_own_cluster_size_are_taken():
    own = made.results(cluster_size=2.5, values=[one / 2 for one in made.PATH])
    old = made.results(release="2000", values=[one * 2 for one in made.PATH])
    tables = made.tables(results=pd.concat([made.results(), own, old], ignore_index=True))
    both = pd.concat([made.changes(), made.changes(0.01, cluster_size=2.5)], ignore_index=True)
    found = card(tables=tables | {"changes": both})
    assert (found["value"], found["change"], found["cluster_size"]) == pytest.approx((0.165, 0.01, 2.5))


def test_a_share_has_no_interval():
    sizes = [2_000, 2_010, 2_020, 2_030, 2_040, 2_050, 2_500]
    tables = made.tables(results=made.results(group_size=sizes))
    found = card(Indicator("share", "share", group="low_income", target=0.1, target_year=2030), tables)
    assert (found["value"], found["baseline"], found["change"]) == pytest.approx((0.25, 0.2, 0.05))
    assert (found["status"], found["reason"], found["on_path"]) == ("cannot_say", "no_interval", "cannot_say")
    assert (found["trend"], found["n_points"]) == ("rising", 7)
    assert found[["low", "high", "expected", "change_low", "structural"]].isna().all()


def test_the_residents_of_types_1_and_2():
    shares = ((0.1, 0.2, 0.4, 0.15, 0.1, 0.05), (0.2, 0.25, 0.3, 0.1, 0.07, 0.08))
    kinds = Indicator("worst", "types_1_2")
    tables = made.tables(types=made.types(shares=shares))
    found = card(kinds, tables)
    assert (found["value"], found["baseline"], found["change"]) == pytest.approx((0.45, 0.3, 0.15))
    assert found["coverage"] == pytest.approx(0.92)
    assert (found["status"], found["reason"]) == ("cannot_say", "no_interval")
    assert (found["source"], found["group"], found["index"]) == ("sample", "", "")
    unknown = ((0.1, 0.2, 0.4, 0.15, 0.04, 0.11),) * 2
    found = card(kinds, made.tables(types=made.types(shares=unknown)))
    assert found["reason"] == "coverage"


def test_types_of_one_or_two_cells_are_not_told():
    tables = made.tables(types=made.types(n_cells=1))
    found = card(Indicator("worst", "types_1_2"), tables)
    assert found["refused"] == "few_cells" and np.isnan(found["value"])
    assert cards([Indicator("worst", "types_1_2")], tables)["refused"].tolist() == [""]


def test_what_the_tables_lack_has_no_card():
    found = cards([Indicator("gini", "index", "gini", "low_income"), Indicator("worst", "types_1_2")], made.tables())
    assert len(found) == 0 and list(found) == list(CARDS)


def test_the_columns_are_typed_and_the_order_of_rows_in_the_tables_does_not_matter():
    tables = made.tables()
    found = cards([EVEN], tables)
    assert list(found) == list(CARDS)
    assert {str(found[name].dtype) for name in ("baseline_year", "before_first", "year", "target_year")} == {"Int64"}
    mixed = {name: table.sample(frac=1, random_state=1) for name, table in tables.items()}
    pd.testing.assert_frame_equal(cards([EVEN], mixed), found)


def test_points():
    found = points([EVEN], made.tables(coverage=made.coverage(breaks=[2021])), baseline=2018)
    assert list(found) == list(POINTS)
    assert found["year"].tolist() == [*made.YEARS, 2030]
    assert found["value"].tolist()[:-1] == pytest.approx(made.PATH) and np.isnan(found["value"].iloc[-1])
    assert found.loc[found["broken"], "year"].tolist() == [2021]
    assert found["path"].iloc[[0, 6, 7]].tolist() == pytest.approx([0.3, 0.25, 0.2])
    later = points([EVEN], made.tables(), baseline=2020)
    assert later["path"].isna().tolist() == [True, True, *[False] * 6]


def test_defaults_are_what_there_is():
    assert [one.key for one in defaults(made.tables())] == ["dissimilarity_low_income"]
    more = pd.concat([made.results(), made.results(index="isolation"), made.results(group="children_0_6")])
    found = defaults({"results": more, "types": made.types()})
    assert [one.key for one in found] == [
        "dissimilarity_low_income",
        "isolation_low_income",
        "dissimilarity_children_0_6",
        "types_1_2",
    ]
    assert {one.wanted for one in found} == {"fall"} and {one.target for one in found} == {None}
