"""The channels that come with segindex agree with the facts that they were made from."""

from pathlib import Path

import pandas as pd
import pytest

from segindex.funding import facts, placeholders, read_register
from segindex.funding.cells import cities_in, parts

SHARED = Path(__file__).parents[2] / "../shared/domain/funding_channels.csv"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the file of funding facts is not here")
SAME = (
    *("channel_id", "name_fi", "name_sv", "name_en", "level", "administering_body", "instrument_type", "themes"),
    *("eligible_applicants", "start_year", "end_year", "status", "amount_eur", "amount_kind", "targeting_basis"),
    *("area_targeted", "source_url", "evidence"),
)


def test_there_are_64_at_three_levels():
    channels = facts().channels
    assert channels["level"].value_counts().to_dict() == {"national": 28, "city": 20, "eu": 16}
    assert placeholders(channels).sum() == 8
    assert (channels["source_date"] == "").all()
    assert facts().translated == () and not facts().made_up


def test_money_inside_other_money_is_marked():
    channels = facts().channels.set_index("channel_id")["parent_channel_id"]
    assert channels[channels != ""].to_dict() == {
        "FI-TASA-2020": "FI-TASA-2020-22-ALL",
        "FI-LAHIO-INV": "FI-LAHIO-2020",
        "FI-ANKKURI": "FI-TASA-2023-B",
        "EU-ESF-INCL": "EU-UOS",
        "EU-JTF": "EU-UOS",
        "LAH-HARR": "FI-HSM-2025",
    }


def test_children_say_in_a_note_what_they_lie_in():
    channels = facts().channels
    for _, row in channels[channels["parent_channel_id"] != ""].iterrows():
        outer = channels.loc[channels["channel_id"] == row["parent_channel_id"], "note"].item()
        assert row["parent_channel_id"] in row["note"] or row["channel_id"] in outer, row["channel_id"]


def test_sourced_rows_have_an_address_and_unsourced_ones_none():
    channels = facts().channels
    assert ((channels["evidence"] == "unsourced") == (channels["source_url"] == "")).all()


@needs_shared
def test_the_file_of_facts_loads():
    given = read_register(SHARED)
    assert len(given.channels) == 64
    assert {(one.column, one.value, one.word) for one in given.translated} > {
        ("status", "active_check", "check"),
        ("amount_kind", "granted_total", "granted"),
        ("targeting_basis", "call", "call_topic"),
        ("instrument_type", "loan_guarantee", "guarantee"),
    }
    assert (given.channels[["parent_channel_id", "source_date"]] == "").all(axis=None)
    told = {str(one) for one in given.warnings if not one.value and one.cell == "channels"}
    assert told == {
        f"channels: {column}: the file has no such column; it is taken as empty"
        for column in ("parent_channel_id", "source_date")
    }
    assert given.cell("channels", 0, "note") == "channels!V2"


@needs_shared
@pytest.mark.parametrize("column", SAME)
def test_the_known_channels_agree_with_the_facts(column):
    pd.testing.assert_series_equal(facts().channels[column], read_register(SHARED).channels[column], check_exact=True)


@needs_shared
def test_no_city_is_added():
    ours, theirs = facts().channels, read_register(SHARED).channels
    for row, places in ours["cities_known"].items():
        assert set(cities_in(places)) <= set(cities_in(theirs.loc[row, "cities_known"])), ours.loc[row, "channel_id"]


@needs_shared
def test_no_sentence_is_copied():
    """Notes may share a name, a number or an address with the facts, but no run of five words."""

    def runs(texts):
        said = [text.lower().split() for text in texts]
        return {tuple(words[at : at + 5]) for words in said for at in range(len(words) - 4)}

    ours, theirs = facts().channels, read_register(SHARED).channels
    assert not runs(ours["note"]) & runs(theirs["note"])
    assert not runs(ours["own_contribution"]) & runs(theirs["own_contribution"])


def test_no_part_of_a_list_holds_the_mark_that_parts_it():
    channels = facts().channels
    for column in ("themes", "eligible_applicants", "cities_known"):
        for value in channels[column]:
            assert list(parts(value)) == [part for part in value.split(";") if part]
