"""Coverage and amounts by level and theme."""

import numpy as np
import pandas as pd
import pytest
from funding.made_channels import register, shuffled

from segindex.funding import amounts, completeness, coverage, gaps, matrix, overlaps, timeline
from segindex.funding.columns import AMOUNTS, COVERAGE
from segindex.funding.words import words

FIVE = [
    {
        "channel_id": "GRANT",
        "themes": "education",
        "area_targeted": "unit",
        "amount_eur": 100.0,
        "amount_kind": "granted",
    },
    {
        "channel_id": "PART",
        "themes": "education;safety",
        "parent_channel_id": "GRANT",
        "amount_eur": 40.0,
        "amount_kind": "granted",
    },
    {
        "channel_id": "LEAD",
        "themes": "education;safety",
        "evidence": "unsourced",
        "status": "ended",
        "area_targeted": "neighbourhood",
        "amount_eur": 300.0,
        "amount_kind": "granted",
    },
    {"channel_id": "YEAR", "themes": "education", "status": "check", "amount_eur": 7.0, "amount_kind": "budget"},
    {"channel_id": "PRICE", "themes": "education", "amount_eur": 1955.0, "amount_kind": "unit_price"},
    {
        "channel_id": "ASK",
        "level": "city",
        "status": "to_be_mapped",
        "instrument_type": "to_be_mapped",
        "evidence": "unsourced",
    },
]
"""Six made-up channels: one inside another, one of unknown status, one price, one placeholder."""


def one(table, **key):
    found = table[np.logical_and.reduce([table[name] == value for name, value in key.items()])]
    assert len(found) == 1, f"{len(found)} rows of {key}"
    return found.iloc[0]


def test_coverage_counts_by_hand():
    cell = one(coverage(register(FIVE)), level="national", theme="education")
    assert cell["channels"] == "GRANT;LEAD;PART;PRICE;YEAR"
    assert [cell[name] for name in ("n_channels", "n_active", "n_unknown", "n_area_targeted", "n_sourced")] == [
        *(5, 3, 1, 1, 4)
    ]
    safety = one(coverage(register(FIVE)), level="national", theme="safety")
    assert (safety["n_channels"], safety["n_active"], safety["n_area_targeted"]) == (2, 1, 0)


def test_a_channel_of_two_themes_counts_once_in_all():
    assert one(coverage(register(FIVE)), level="national", theme="all")["n_channels"] == 5


def test_a_placeholder_counts_in_all_themes_together_only():
    table = coverage(register(FIVE))
    city = table[table["level"] == "city"].set_index("theme")
    assert city.at["all", "n_placeholders"] == 1
    assert city.at["all", "n_unknown"] == 1
    assert city.drop(index="all")["n_channels"].eq(0).all()


def test_empty_cells_have_rows_and_say_so():
    table = coverage(register(FIVE))
    assert len(table) == len(words("level")) * (len(words("theme")) + 1)
    empty = one(table, level="region", theme="housing")
    assert (empty["n_channels"], empty["channels"], empty["note"]) == (0, "", "no channel")
    assert table[list(COVERAGE)].dtypes.astype(str).to_dict() == COVERAGE


@pytest.mark.parametrize(("year", "active"), [(None, 1), (2023, 0), (2024, 1), (2025, 1), (2026, 0)])
def test_a_year_outside_the_channel_makes_it_inactive(year, active):
    given = register([{"channel_id": "A", "themes": "housing", "start_year": 2024, "end_year": 2025}])
    assert one(coverage(given, year), level="national", theme="housing")["n_active"] == active


def test_amounts_leave_the_child_out_and_say_what_is_sourced():
    table = amounts(register(FIVE))
    row = one(table, level="national", theme="education", amount_kind="granted", active="all")
    assert row["amount_eur"] == 400.0
    assert row["sourced_share"] == 0.25
    assert (row["n_channels"], row["n_inside_other"], row["n_without_amount"]) == (2, 1, 1)
    assert row["note"] == "themes overlap"
    active = one(table, level="national", theme="education", amount_kind="granted", active="yes")
    assert (active["amount_eur"], active["sourced_share"], active["n_inside_other"]) == (100.0, 1.0, 1)


def test_a_child_is_left_out_where_its_parent_is_not_seen():
    safety = one(amounts(register(FIVE)), level="national", theme="safety", amount_kind="granted", active="yes")
    assert (safety["n_channels"], safety["n_inside_other"]) == (0, 1)
    assert np.isnan(safety["amount_eur"])
    assert np.isnan(safety["sourced_share"])


def test_a_child_of_another_kind_and_level_is_left_out_too():
    given = register(
        [
            {"channel_id": "EU", "level": "eu", "amount_eur": 9.0, "amount_kind": "eu_contribution"},
            {"channel_id": "FI", "parent_channel_id": "EU", "amount_eur": 5.0, "amount_kind": "public_total"},
        ]
    )
    row = one(amounts(given), level="national", theme="all", amount_kind="public_total", active="all")
    assert (row["n_channels"], row["n_inside_other"]) == (0, 1)


def test_money_inside_a_channel_without_euros_is_named():
    given = register(
        [
            {"channel_id": "LAW"},
            {"channel_id": "CALL", "parent_channel_id": "LAW", "amount_eur": 5.0, "amount_kind": "granted"},
        ]
    )
    assert one(amounts(given), theme="all", active="all")["note"].endswith("gives no euros: CALL")


def test_a_part_without_an_amount_is_no_lack():
    given = register([*FIVE, {"channel_id": "BIT", "themes": "education", "parent_channel_id": "GRANT"}])
    row = one(amounts(given), level="national", theme="education", amount_kind="granted", active="all")
    assert (row["n_without_amount"], row["n_inside_other"]) == (1, 1)


def test_kinds_are_never_mixed_and_prices_never_summed():
    table = amounts(register(FIVE))
    assert one(table, theme="education", amount_kind="budget", active="all")["note"] == ""
    both = table[(table["theme"] == "all") & (table["active"] == "all")].set_index("amount_kind")["amount_eur"]
    assert both.to_dict() == {"granted": 400.0, "budget": 7.0}
    assert table.dtypes.astype(str).to_dict() == AMOUNTS


def test_unknown_status_is_not_active_money():
    row = one(amounts(register(FIVE)), level="national", theme="all", amount_kind="budget", active="yes")
    assert np.isnan(row["amount_eur"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_does_not_matter(seed):
    awards = [
        {"award_id": f"W{number}", "channel_id": channel, "city": "Oulu", "amount_granted": 0.1 * (number + 1)}
        for number, channel in enumerate(("GRANT", "LEAD", "YEAR", "GRANT"))
    ]
    given = register(FIVE, awards, [{"city": "Turku", "channel_id": "GRANT", "use": "not_used"}])
    for made in (coverage, amounts, matrix, gaps, overlaps, lambda one: timeline(one, range(2020, 2030))):
        pd.testing.assert_frame_equal(made(given), made(shuffled(given, seed)), check_exact=True)


def test_tables_without_any_channel_have_their_columns():
    nothing = register([])
    assert coverage(nothing)["n_channels"].eq(0).all()
    assert list(amounts(nothing)) == list(AMOUNTS)
    assert len(amounts(nothing)) == len(matrix(nothing)) == len(completeness(matrix(nothing))) == 0
    assert set(gaps(nothing)["reasons"]) == {"no_channel"}
    assert len(overlaps(nothing)) == len(timeline(nothing, [2025])) == 0


def test_made_up_channels_are_said_to_be_so_once():
    money = {"amount_eur": 5.0, "amount_kind": "granted", "start_year": 2025, "end_year": 2025}
    given = register([{"channel_id": "A", "note": "made-up data"} | money])
    ranked = gaps(given, pd.DataFrame({"city": ["Oulu", "Turku"], "value": [1.0, 2.0]}))
    assert {"cliff", "city_use"} <= set(ranked["kind"])
    for table in (coverage(given), amounts(given), matrix(given), completeness(matrix(given)), ranked):
        assert table["note"].str.count("made-up data").eq(1).all()
