"""Money that meets in one place, theme and time."""

import pandas as pd
import pytest
from funding.made_channels import register

from segindex.funding import overlaps
from segindex.funding.columns import OVERLAPS

TWO = [
    {"channel_id": "A", "themes": "housing;safety", "status": "ended"},
    {"channel_id": "B", "themes": "safety;education", "status": "ended"},
]


def award(number, **given):
    return {
        "award_id": f"W{number}",
        "channel_id": "AB"[number - 1],
        "city": "Oulu",
        "start": "2024",
        "end": "2025",
    } | given


def pairs(given, year=None):
    return overlaps(given, year)[["first", "second", "city"]].values.tolist()


def test_two_awards_by_hand():
    awards = [
        award(1, evidence="partly", area_id="90100;90120", area_scheme="postal_code"),
        award(2, start="2025-06", end="2027-01-31", area_id="90120", area_scheme="postal_code"),
    ]
    table = overlaps(register(TWO, awards))
    assert table.dtypes.astype(str).to_dict() == OVERLAPS
    assert table.iloc[0].to_dict() == {
        "basis": "awards",
        "first": "A",
        "second": "B",
        "city": "Oulu",
        "area_id": "90120",
        "themes": "safety",
        "first_year": 2025,
        "last_year": 2025,
        "evidence": "partly",
        "note": "awards W1 and W2",
    }


@pytest.mark.parametrize(
    "second",
    [
        {"city": "Turku"},
        {"start": "2026", "end": "2027"},
        {"themes": "education"},
        {"channel_id": "A"},
    ],
    ids=["another city", "another time", "another theme", "the same channel"],
)
def test_awards_that_do_not_meet(second):
    assert pairs(register(TWO, [award(1), award(2)])) == [["A", "B", "Oulu"]]
    assert pairs(register(TWO, [award(1), award(2, **second)])) == []


def test_awards_of_two_areas_do_not_meet_and_one_without_area_may():
    one = award(1, area_id="90100", area_scheme="postal_code")
    assert pairs(register(TWO, [one, award(2, area_id="90120", area_scheme="postal_code")])) == []
    assert pairs(register(TWO, [one, award(2, area_id="90100", area_scheme="named_area")])) == []
    assert pairs(register(TWO, [one, award(2)])) == [["A", "B", "Oulu"]]


def test_one_recipient_without_a_city():
    nowhere = award(2, city="", recipient="The Guild ")
    assert pairs(register(TWO, [award(1, recipient="the guild"), nowhere])) == [["A", "B", "Oulu"]]
    assert pairs(register(TWO, [award(1), nowhere])) == []
    assert pairs(register(TWO, [award(1, city="Turku", recipient="g"), award(2, recipient="g")])) == []


def test_days_within_a_year_part_awards():
    assert pairs(register(TWO, [award(1, end="2025-05-31"), award(2, start="2025-06")])) == []
    assert pairs(register(TWO, [award(1, end="2025-06"), award(2, start="2025-06-30")])) != []


def test_an_award_without_days_fills_its_year():
    one, other = award(1, start="", end="", year=2023), award(2, start="2023-12", end="")
    assert overlaps(register(TWO, [one, other | {"year": 2023}]))["last_year"].tolist() == [2023]
    assert pairs(register(TWO, [one, other | {"start": "2024", "year": 2024}])) == []
    assert pairs(register(TWO, [award(1, start="2024-02", end="", year=2023), award(2)])) == [["A", "B", "Oulu"]]


@pytest.mark.parametrize(("outer", "inner"), [(0, 1), (1, 0)])
def test_money_inside_other_money_does_not_meet_it(outer, inner):
    channels = [
        TWO[outer],
        {"channel_id": "M", "parent_channel_id": TWO[outer]["channel_id"]},
        TWO[inner] | {"parent_channel_id": "M"},
    ]
    assert pairs(register(channels, [award(1), award(2)])) == []
    active = [row | {"status": "active", "area_targeted": "unit", "cities_known": "Oulu"} for row in channels]
    assert pairs(register(active)) == []


@pytest.mark.parametrize(("year", "met"), [(None, True), (2023, False), (2024, True), (2025, True), (2026, False)])
def test_the_year_of_two_awards(year, met):
    assert bool(pairs(register(TWO, [award(1), award(2)]), year)) is met


def channel(channel_id, **given):
    return {
        "channel_id": channel_id,
        "themes": "housing",
        "area_targeted": "unit",
        "eligible_applicants": "municipality;ngo",
    } | given


def test_two_channels_by_hand():
    given = register(
        [
            channel("A", start_year=2020, evidence="unsourced", cities_known="Oulu;Turku"),
            channel("B", level="eu", start_year=2022, end_year=2027, cities_known="Åbo (centre)"),
        ]
    )
    row = overlaps(given).iloc[0]
    assert row[["basis", "first", "second", "city", "themes", "evidence"]].tolist() == [
        *("channels", "A", "B", "Turku", "housing", "unsourced")
    ]
    assert (row["first_year"], row["last_year"]) == (2022, 2027)
    assert row["note"] == "possible; applicants: municipality;ngo"


@pytest.mark.parametrize(
    "second",
    [
        {"area_targeted": "neighbourhood"},
        {"status": "ended"},
        {"status": "check"},
        {"themes": "safety"},
        {"eligible_applicants": "company"},
        {"start_year": 2026},
    ],
    ids=str,
)
def test_channels_that_do_not_meet(second):
    one = channel("A", end_year=2025)
    assert len(overlaps(register([one, channel("B")]))) == 1
    assert overlaps(register([one, channel("B", **second)])).empty


@pytest.mark.parametrize("kind", ["none", "city", "region"])
def test_channels_that_are_aimed_at_no_place_do_not_meet(kind):
    assert overlaps(register([channel("A", area_targeted=kind), channel("B", area_targeted=kind)])).empty


def test_a_missing_year_is_open():
    row = overlaps(register([channel("A"), channel("B")])).iloc[0]
    assert pd.isna(row["first_year"])
    assert pd.isna(row["last_year"])


def test_a_city_is_a_municipality_and_two_cities_never_meet():
    own = channel("OWN", level="city", cities_known="Oulu", eligible_applicants="schools of the city")
    assert pairs(register([own, channel("STATE", eligible_applicants="City")])) == [["OWN", "STATE", "Oulu"]]
    assert pairs(register([own, own | {"channel_id": "NEXT", "cities_known": "Turku"}])) == []
    assert pairs(register([own, own | {"channel_id": "NEXT"}])) == [["NEXT", "OWN", "Oulu"]]
