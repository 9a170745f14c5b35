"""What the 64 known channels tell; the numbers are counted in the list itself."""

from pathlib import Path

import pandas as pd
import pytest

from segindex.funding import (
    amounts,
    completeness,
    coverage,
    facts,
    gaps,
    matrix,
    overlaps,
    read_register,
    timeline,
)

SHARED = Path(__file__).parents[2] / "../shared/domain/funding_channels.csv"


@pytest.fixture(scope="module")
def given():
    return facts()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared list of funding channels is not here")
def test_the_shared_list_tells_the_same_of_coverage(given):
    pd.testing.assert_frame_equal(coverage(read_register(SHARED), 2026), coverage(given, 2026))


def test_numbers_by_level(given):
    table = coverage(given)
    everything = table[table["theme"] == "all"].set_index("level")
    assert everything["n_channels"].to_dict() == {"city": 20, "eu": 16, "national": 28, "region": 0}
    assert everything["n_placeholders"].to_dict() == {"city": 8, "eu": 0, "national": 0, "region": 0}


def test_equality_money_is_not_added_to_what_it_holds(given):
    table = amounts(given)
    education = table[table["level"].eq("national") & table["theme"].eq("education") & table["active"].eq("all")]
    found = education.set_index("amount_kind")
    assert found.at["granted", "amount_eur"] == 241e6 + 17e6 + 14.5e6
    assert found.at["call_budget", "amount_eur"] == 48.2e6 + 17.9e6
    assert found.at["call_budget", "n_inside_other"] == 1


def test_education_is_the_only_theme_with_national_money_for_areas(given):
    table = coverage(given, 2026)
    national = table[table["level"].eq("national") & table["theme"].ne("all")].set_index("theme")
    assert national.index[national["n_area_targeted"].gt(0)].tolist() == ["education"]


def test_the_eight_placeholders_are_work_to_do(given):
    table = gaps(given, year=2026)
    asked = table[table["kind"] == "to_be_mapped"]
    assert asked["channels"].tolist() == [
        *("ESP-PD", "TRE-TESOMA", "VAN-PD", "OUL-LAHIO", "JKL-LAHIO", "KUO-LAHIO", "JOE-LAHIO", "RVN-LAHIO")
    ]
    assert completeness(matrix(given))["note"].str.startswith("to be mapped").sum() == 8


def test_what_is_known_of_use(given):
    table = matrix(given, 2026)
    assert len(table) == 11 * 64
    assert not table["use"].eq("not_used").any()
    use = table.set_index(["city", "channel_id"])["use"]
    assert use["Helsinki", "FI-MAL"] == "unknown"
    assert use["Lahti", "FI-MAL"] == "used"
    assert use["Rovaniemi", "FI-EKOSYS"] == "used"
    assert use["Espoo", "HEL-PD"] == "not_eligible"
    assert use["Espoo", "ESP-PD"] == "unknown"


def test_the_area_programme_ends_in_a_cliff(given):
    table = timeline(given, [2022, 2023]).query("amount_kind == 'programme_budget'").set_index("year")
    assert table.at[2022, "amount_eur"] == 7e6
    assert table.at[2022, "expiring"] == "FI-LAHIO-2020"
    assert table.at[2023, "cliff"]


def test_agreements_of_the_cities_end_after_2027(given):
    table = gaps(given, year=2026)
    cliff = table[table["channels"] == "FI-EKOSYS"].query("kind == 'cliff'").iloc[0]
    assert cliff["note"].startswith("public_total 2028")


def test_a_budget_without_an_end_is_not_known_to_fall(given):
    table = timeline(given, [2026, 2027]).query("level == 'national' and amount_kind == 'budget'").set_index("year")
    assert table.at[2026, "amount_eur"] == 274e6
    assert not table.at[2027, "cliff"]
    assert table.at[2027, "n_without_end"] == 1


def test_needs_money_of_state_and_city_may_meet_in_helsinki(given):
    pairs = overlaps(given, 2025)[["basis", "first", "second", "city"]].values.tolist()
    assert ["channels", "FI-TASA-LAW", "HEL-TARVE-2025", "Helsinki"] in pairs
