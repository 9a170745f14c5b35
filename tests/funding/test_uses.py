"""Who uses which channel, and how much of it is known."""

import numpy as np
import pytest
from funding.made_channels import register

from segindex import facts
from segindex.funding import completeness, matrix
from segindex.funding.columns import COMPLETENESS, MATRIX


def cell(given, city, channel="A", year=None):
    table = matrix(given, year).set_index(["city", "channel_id"])
    return table.loc[(city, channel)]


def award(**given):
    return {"award_id": "W1", "channel_id": "A", "city": "Oulu", "amount_granted": 10.0} | given


def use(word, **given):
    return {"city": "Oulu", "channel_id": "A", "use": word, "evidence": "partly"} | given


def test_every_city_and_channel_has_a_row():
    table = matrix(register([{"channel_id": "A"}, {"channel_id": "B"}]))
    assert len(table) == 22
    assert set(table["city"]) == set(facts.cities())
    assert table.dtypes.astype(str).to_dict() == MATRIX


def test_nothing_known_is_unknown_never_not_used():
    table = matrix(register([{"channel_id": "A"}]))
    assert table["use"].eq("unknown").all()
    assert table["basis"].eq("").all()


@pytest.mark.parametrize("word", ["used", "not_used", "not_eligible", "unknown"])
def test_the_sheet_speaks_first(word):
    found = cell(register([{"channel_id": "A", "cities_known": "Oulu"}], use=[use(word)]), "Oulu")
    assert (found["use"], found["basis"], found["evidence"]) == (word, "use", "partly")


def test_an_award_is_use_with_the_best_of_their_evidence():
    awards = [award(evidence="unsourced"), award(award_id="W2", evidence="sourced")]
    found = cell(register([{"channel_id": "A"}], awards), "Oulu")
    assert (found["use"], found["basis"], found["evidence"]) == ("used", "award", "sourced")
    assert found["note"] == "awards W1;W2"


def test_an_award_of_nothing_is_no_use():
    assert cell(register([{"channel_id": "A"}], [award(amount_granted=0.0)]), "Oulu")["use"] == "unknown"


def test_the_sheet_is_kept_against_an_award_and_the_note_says_so():
    found = cell(register([{"channel_id": "A"}], [award()], [use("not_used")]), "Oulu")
    assert (found["use"], found["basis"]) == ("not_used", "use")
    assert found["note"] == "the sheet says not_used, against the awards W1"


def test_an_award_answers_what_the_sheet_does_not_know():
    found = cell(register([{"channel_id": "A"}], [award()], [use("unknown")]), "Oulu")
    assert (found["use"], found["basis"]) == ("used", "award")


@pytest.mark.parametrize(
    ("evidence", "use", "basis"),
    [("sourced", "used", "named"), ("partly", "used", "named"), ("unsourced", "unknown", "")],
)
def test_a_named_city_uses_a_channel_that_rests_on_a_source(evidence, use, basis):
    given = register([{"channel_id": "A", "evidence": evidence, "cities_known": "Helsinki (Malmi; Oulu);Åbo"}])
    assert (cell(given, "Helsinki")["use"], cell(given, "Helsinki")["basis"]) == (use, basis)
    assert cell(given, "Turku")["use"] == use
    assert cell(given, "Oulu")["use"] == "unknown"
    assert "Malmi; Oulu" in cell(given, "Helsinki")["note"]


def test_a_region_is_not_its_city():
    found = cell(register([{"channel_id": "A", "cities_known": "Helsinki region;Turku"}]), "Helsinki")
    assert (found["use"], found["note"]) == ("unknown", "named only as Helsinki region")


def test_a_city_s_own_channel_is_not_for_others():
    given = register([{"channel_id": "A", "level": "city", "cities_known": "Tampere;Kangasala"}])
    assert cell(given, "Tampere")["use"] == "used"
    found = cell(given, "Oulu")
    assert (found["use"], found["basis"], found["evidence"]) == ("not_eligible", "level", "sourced")
    nameless = register([{"channel_id": "A", "level": "city", "cities_known": "Kangasala"}])
    assert matrix(nameless)["use"].eq("unknown").all()


def test_a_placeholder_is_unknown_in_its_own_city():
    given = register([{"channel_id": "A", "level": "city", "status": "to_be_mapped", "cities_known": "Oulu"}])
    assert (cell(given, "Oulu")["use"], cell(given, "Oulu")["note"]) == ("unknown", "to be mapped")
    assert cell(given, "Turku")["use"] == "not_eligible"


def test_use_of_a_part_is_not_use_of_the_whole():
    given = register([{"channel_id": "A"}, {"channel_id": "B", "parent_channel_id": "A"}], [award(channel_id="B")])
    assert cell(given, "Oulu", "B")["use"] == "used"
    assert cell(given, "Oulu", "A")["use"] == "unknown"


def test_activity_is_that_of_the_year():
    given = register([{"channel_id": "A", "end_year": 2024}])
    assert [cell(given, "Oulu", year=year)["active"] for year in (None, 2024, 2025)] == ["yes", "yes", "no"]


def test_completeness_by_hand():
    channels = [
        {"channel_id": "A"},
        {"channel_id": "B"},
        {"channel_id": "C"},
        {"channel_id": "D", "level": "city", "cities_known": "Turku"},
        {"channel_id": "E", "level": "city", "cities_known": "Oulu", "status": "to_be_mapped"},
    ]
    given = register(channels, [award()], [use("not_used", channel_id="B")])
    table = completeness(matrix(given)).set_index("city")
    oulu = table.loc["Oulu"]
    assert [oulu[f"n_{name}"] for name in ("channels", "known", "used", "not_used", "not_eligible")] == [4, 2, 1, 1, 1]
    assert oulu["known_share"] == 0.5
    assert oulu["note"] == "to be mapped: E"
    assert table.loc["Turku", "known_share"] == 0.25
    assert table.reset_index().dtypes.astype(str).to_dict() == COMPLETENESS


def test_completeness_of_a_city_that_can_have_nothing_is_not_known():
    table = completeness(matrix(register([{"channel_id": "A", "level": "city", "cities_known": "Oulu"}])))
    assert np.isnan(table.set_index("city").at["Turku", "known_share"])
