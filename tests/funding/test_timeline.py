"""Money over the years, and how much of it was taken up."""

import numpy as np
import pandas as pd
import pytest
from funding.made_channels import register

from segindex.funding import absorption, timeline
from segindex.funding.columns import ABSORPTION, TIMELINE


def total(channel_id, amount, first, last, kind="granted", **given):
    years = {"start_year": first, "end_year": last}
    return {"channel_id": channel_id, "amount_eur": amount, "amount_kind": kind} | years | given


def by_year(given, years, column, kind="granted"):
    table = timeline(given, years)
    return table[table["amount_kind"] == kind].set_index("year")[column].to_dict()


def test_totals_in_equal_parts_by_hand():
    given = register([total("A", 90.0, 2020, 2022), total("B", 40.0, 2022, 2023, evidence="partly")])
    years = range(2019, 2026)
    assert list(by_year(given, years, "amount_eur").values()) == [0.0, 30.0, 30.0, 50.0, 20.0, 0.0, 0.0]
    assert by_year(given, years, "expiring_eur")[2022] == 30.0
    assert by_year(given, years, "expiring")[2022] == "A"
    assert by_year(given, years, "n_channels")[2022] == 2
    assert by_year(given, years, "sourced_share")[2022] == 0.6
    assert by_year(given, years, "fall")[2023] == pytest.approx(0.6)
    assert [year for year, cliff in by_year(given, years, "cliff").items() if cliff] == [2023, 2024]
    assert np.isnan(by_year(given, years, "fall")[2025])
    assert timeline(given, years).dtypes.astype(str).to_dict() == TIMELINE


@pytest.mark.parametrize(("stays", "cliff"), [(70.0, False), (69.0, True), (71.0, False)])
def test_a_cliff_is_a_fall_of_more_than_thirty_per_cent(stays, cliff):
    given = register([total("A", 100.0 - stays, 2024, 2024), total("B", 2 * stays, 2024, 2025)])
    assert by_year(given, [2025], "cliff") == {2025: cliff}


def test_money_that_appears_again_does_not_undo_the_cliff():
    given = register([total("A", 10.0, 2020, 2020), total("B", 10.0, 2022, 2022)])
    assert by_year(given, [2021, 2022], "cliff") == {2021: True, 2022: False}


def test_a_row_is_the_same_whatever_years_are_asked_for():
    given = register([total("A", 90.0, 2020, 2022), total("B", 40.0, 2022, 2023)])
    alone = timeline(given, [2023])
    among = timeline(given, [2025, 2020, 2023, 2023]).query("year == 2023").reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among)


def test_the_years_add_up_to_the_amounts_and_children_never_count():
    child = total("C", 30.0, 2021, 2022, parent_channel_id="A")
    other = total("D", 5.0, 2021, 2021, "paid", parent_channel_id="A")
    given = register([total("A", 90.0, 2020, 2022), total("B", 40.0, 2022, 2023), child, other])
    assert sum(by_year(given, range(2015, 2030), "amount_eur").values()) == pytest.approx(130.0)
    assert set(timeline(given, [2021])["amount_kind"]) == {"granted"}


@pytest.mark.parametrize("kind", ["budget", "paid", "plan"])
def test_an_amount_of_one_year_counts_in_that_year(kind):
    given = register([total("A", 10.0, 2020, 2025, kind, amount_period="2023")])
    assert by_year(given, [2023], "amount_eur", kind) == {2023: 10.0}
    assert by_year(given, [2023], "expiring", kind) == {2023: ""}


def test_a_total_is_divided_even_where_its_prices_are_of_one_year():
    given = register([total("A", 12.0, 2020, 2025, "project_total", amount_period="2023")])
    assert by_year(given, [2020], "amount_eur", "project_total") == {2020: 2.0}


def test_the_amount_s_own_span_goes_before_that_of_the_channel():
    given = register([total("A", 10.0, 2010, 2030, amount_period="2021–2022")])
    assert by_year(given, [2021, 2022], "amount_eur") == {2021: 5.0, 2022: 5.0}
    assert by_year(given, [2023], "n_without_end") == {2023: 1}
    assert by_year(given, [2031], "n_without_end") == {2031: 0}


def test_a_budget_that_nobody_has_entered_is_unknown_and_makes_no_cliff():
    given = register([total("A", 10.0, None, None, "budget", amount_period="2025")])
    assert by_year(given, [2025], "amount_eur", "budget") == {2025: 10.0}
    after = timeline(given, [2026]).iloc[0]
    assert np.isnan(after["amount_eur"])
    assert np.isnan(after["fall"])
    assert not after["cliff"]
    assert (after["n_without_end"], after["note"]) == (1, "not known in this year: A")


def test_a_fall_is_taken_over_what_is_known_in_both_years():
    open_ended = total("A", 500.0, None, None, "budget", amount_period="2025")
    later = total("B", 500.0, None, None, "budget", amount_period="2026")
    given = register(
        [open_ended, later, total("C", 10.0, 2025, 2025, "budget"), total("D", 12.0, 2025, 2026, "budget")]
    )
    assert by_year(given, [2026], "fall", "budget")[2026] == pytest.approx(1 - 6 / 16)
    assert by_year(given, [2026], "cliff", "budget") == {2026: True}


@pytest.mark.parametrize(("first", "last"), [(None, None), (2020, None), (None, 2022)])
def test_amounts_without_years_are_counted_not_placed(first, last):
    given = register([total("A", 10.0, first, last), total("B", 6.0, 2021, 2021)])
    assert by_year(given, [2021], "amount_eur") == {2021: 6.0}
    assert by_year(given, [2021], "n_without_end") == {2021: 1}
    assert by_year(given, [2023], "n_without_end") == {2023: 0 if last else 1}
    assert by_year(given, [2019], "n_without_end") == {2019: 0 if first else 1}


def test_a_rise_of_another_kind_is_told_beside_a_cliff():
    given = register(
        [
            total("A", 10.0, 2024, 2024, "budget"),
            total("B", 10.0, 2025, 2025, "plan"),
            total("C", 1.0, 2025, 2025, level="eu"),
            total("D", 2.0, 2024, 2025, "paid"),
        ]
    )
    row = timeline(given, [2025]).query("amount_kind == 'budget'").iloc[0]
    assert (row["cliff"], row["note"]) == (True, "other kinds rise: plan")


def test_levels_and_kinds_stay_apart():
    given = register(
        [total("A", 10.0, 2024, 2024), total("B", 3.0, 2024, 2024, level="eu"), total("C", 5.0, 2024, 2024, "paid")]
    )
    found = timeline(given, [2024]).set_index(["level", "amount_kind"])["amount_eur"].to_dict()
    assert found == {("eu", "granted"): 3.0, ("national", "granted"): 10.0, ("national", "paid"): 5.0}


def test_prices_and_shares_are_no_money_over_years():
    assert timeline(register([total("A", 10.0, 2024, 2024, "unit_price")]), [2024]).empty


def test_a_planned_channel_is_named():
    given = register([total("A", 10.0, 2024, 2025, status="planned")])
    assert by_year(given, [2024], "note") == {2024: "planned: A"}


AWARDS = [
    *(("W1", "Oulu", 2024, 100.0, 60.0, 30.0, "sourced"), ("W2", "Oulu", 2024, 100.0, 20.0, None, "unsourced")),
    *(("W3", "Turku", 2025, None, 40.0, 40.0, "sourced"), ("W4", "", 2025, 50.0, None, None, "sourced")),
]


def awarded():
    names = ("award_id", "city", "year", "amount_applied", "amount_granted", "amount_paid", "evidence")
    return register([{"channel_id": "A"}], [dict(zip(names, row)) | {"channel_id": "A"} for row in AWARDS])


def test_absorption_by_hand():
    table = absorption(awarded()).set_index(["city", "year"])
    assert list(table.index) == [("", 0), ("Oulu", 2024), ("Turku", 2025)]
    whole = table.loc[("", 0)]
    assert [whole[f"amount_{name}"] for name in ("applied", "granted", "paid")] == [250.0, 120.0, 70.0]
    assert whole["granted_of_applied"] == 0.4
    assert whole["paid_of_granted"] == 0.7
    assert whole["sourced_share"] == pytest.approx(100 / 120)
    assert whole["n_awards"] == 4
    assert whole["note"] == "granted of applied over 2 of 4 awards; paid of granted over 2 of 4 awards"
    assert table.at[("Oulu", 2024), "paid_of_granted"] == 0.5
    assert np.isnan(table.at[("Turku", 2025), "granted_of_applied"])
    assert np.isnan(table.at[("Turku", 2025), "amount_applied"])
    assert absorption(awarded()).dtypes.astype(str).to_dict() == ABSORPTION


def test_nothing_applied_for_has_no_ratio():
    given = register(
        [{"channel_id": "A"}], [{"award_id": "W", "channel_id": "A", "amount_applied": 0.0, "amount_granted": 0.0}]
    )
    row = absorption(given).iloc[0]
    assert np.isnan(row["granted_of_applied"])
    assert np.isnan(row["sourced_share"])
    assert absorption(register([])).empty
