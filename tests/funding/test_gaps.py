"""The ranked gaps and their reasons."""

import numpy as np
import pandas as pd
import pytest
from funding.made_channels import register

from segindex.errors import BadData
from segindex.funding import REASONS, gaps, timeline
from segindex.funding.columns import GAPS
from segindex.funding.words import words


def theme_gap(given, year=None, theme="housing", level="national"):
    table = gaps(given, year=year)
    return table[(table["kind"] == "theme_level") & (table["theme"] == theme) & (table["level"] == level)]


def channel(**given):
    return {"channel_id": "A", "themes": "housing", "area_targeted": "neighbourhood"} | given


def need(**values):
    return pd.DataFrame({"city": list(values), "value": list(values.values())})


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([channel(themes="safety")], "no_channel"),
        ([channel(status="ended")], "ended_only"),
        ([channel(status="planned")], "ended_only"),
        ([channel(status="check"), channel(channel_id="B", status="ended")], "unknown_only"),
        ([channel(area_targeted="city")], "not_area_targeted"),
        ([channel(evidence="unsourced")], "unsourced_only"),
        ([channel(evidence="unsourced"), channel(channel_id="B", area_targeted="none")], "unsourced_only"),
    ],
)
def test_the_reason_of_a_theme(rows, reason):
    found = theme_gap(register(rows))
    assert found["reasons"].tolist() == [reason]


@pytest.mark.parametrize("evidence", ["sourced", "partly"])
def test_no_gap_where_an_active_channel_is_aimed_at_areas(evidence):
    assert theme_gap(register([channel(evidence=evidence)])).empty


def test_a_channel_that_has_ended_by_the_year_leaves_a_gap():
    given = register([channel(end_year=2022)])
    assert theme_gap(given).empty
    assert theme_gap(given, 2026)["reasons"].tolist() == ["ended_only"]


def test_a_planned_channel_and_placeholders_are_told():
    asked = {"channel_id": "ASK", "status": "to_be_mapped"}
    assert theme_gap(register([channel(status="planned"), asked]))["note"].tolist() == [
        "planned: A; channels of this level still to be mapped: 1"
    ]


def test_the_region_is_left_out_until_it_has_a_channel():
    assert "region" not in set(gaps(register([channel()]))["level"])
    with_region = gaps(register([channel(level="region")]))
    assert (with_region["level"] == "region").sum() == len(words("theme")) - 1
    assert (with_region["level"] == "eu").sum() == len(words("theme"))


def uses(**words_of):
    """The sheet of use: for each city a letter a channel, u(sed), n(ot), ? for nothing entered."""
    spelled = {"u": "used", "n": "not_used"}
    return [
        {"city": city, "channel_id": f"C{at}", "use": spelled[letter]}
        for city, letters in words_of.items()
        for at, letter in enumerate(letters)
        if letter != "?"
    ]


FOUR = [{"channel_id": f"C{at}"} for at in range(4)]


def test_city_gaps_by_hand():
    sheet = uses(Espoo="uuuu", Oulu="uuun", Turku="unnn", Lahti="nuuu", Kuopio="un??", Vantaa="n???", Joensuu="u???")
    given = register(FOUR, use=sheet)
    wanted = need(Espoo=1.0, Oulu=2.0, Lahti=3.0, Turku=4.0, Kuopio=5.0, Vantaa=6.0, Joensuu=7.0, Rovaniemi=np.nan)
    table = gaps(given, wanted)
    city = table[table["kind"] == "city_use"].set_index("city")
    assert city["reasons"].to_dict() == {
        "Kuopio": "need_above_use_below",
        "Vantaa": "need_above_use_below;use_unknown",
        "Joensuu": "use_unknown",
    }
    assert city["need_median"].eq(4.0).all()
    assert city["used_median"].eq(0.75).all()
    assert city["used"].to_dict() == {"Kuopio": 0.5, "Vantaa": 0.0, "Joensuu": 1.0}
    assert city["known_share"].to_dict() == {"Kuopio": 0.5, "Vantaa": 0.25, "Joensuu": 0.25}
    assert city["n_unknown"].to_dict() == {"Kuopio": 2, "Vantaa": 3, "Joensuu": 3}
    assert city["rank"]["Vantaa"] == 1
    assert city["rank"]["Kuopio"] == 2


def test_use_that_nobody_knows_is_never_read_as_no():
    table = gaps(register(FOUR), need(Espoo=1.0, Oulu=2.0))
    city = table[table["kind"] == "city_use"]
    assert city["reasons"].tolist() == ["use_unknown"]
    assert city["used"].isna().all()
    assert "need_above_use_below" not in set(";".join(table["reasons"]).split(";"))


def test_without_need_no_city_is_judged():
    assert "city_use" not in set(gaps(register(FOUR))["kind"])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"city": ["Oulu"]}), "value"),
        (pd.DataFrame({"city": ["Nokia"], "value": [1.0]}), "Nokia"),
        (pd.DataFrame({"city": ["Oulu", "Oulu"], "value": [1.0, 2.0]}), "Oulu twice"),
    ],
)
def test_needs_that_do_not_fit_are_refused(table, message):
    with pytest.raises(BadData, match=message):
        gaps(register(FOUR), table)


def test_a_placeholder_is_work_to_do():
    given = register([{"channel_id": "A", "level": "city", "status": "to_be_mapped", "cities_known": "Oulu (centre)"}])
    table = gaps(given)
    row = table[table["kind"] == "to_be_mapped"].iloc[0]
    assert (row["city"], row["reasons"], row["channels"], row["n_unknown"]) == ("Oulu", "to_be_mapped", "A", 1)
    assert row["rank"] == len(table)


def euros(channel_id, amount, last, **given):
    years = {"start_year": 2024, "end_year": last, "amount_eur": amount, "amount_kind": "granted"}
    return channel(channel_id=channel_id) | years | given


def test_a_cliff_is_a_gap_of_the_active_channels_that_end():
    given = register([euros("A", 60.0, 2026), euros("B", 120.0, 2027), euros("OLD", 40.0, 2024, status="ended")])
    found = gaps(given, year=2026)
    cliffs = found[found["kind"] == "cliff"]
    assert cliffs["channels"].tolist() == ["B", "A"]
    assert cliffs["reasons"].eq("ends").all()
    assert cliffs["note"].tolist() == ["granted 2028: falls by 1.00", "granted 2027: falls by 0.40"]
    later = gaps(given, year=2027)
    assert later[later["kind"] == "cliff"]["channels"].tolist() == ["B"]
    for after, coming in ((2026, ["B", "A"]), (2027, ["B"]), (2028, [])):
        told = gaps(given, after=after)
        assert told[told["kind"] == "cliff"]["channels"].tolist() == coming


def test_a_fall_of_what_was_over_already_is_no_gap():
    given = register([euros("OLD", 40.0, 2024, status="ended")])
    assert timeline(given, [2025])["cliff"].all()
    assert "cliff" not in set(gaps(given)["kind"])


def test_ranks_are_whole_and_follow_the_order_of_reasons():
    sheet = uses(Espoo="uuuu", Oulu="unnn")
    given = register([*FOUR, channel(), euros("E", 9.0, 2026)], use=sheet)
    table = gaps(given, need(Espoo=1.0, Oulu=2.0))
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    first = [REASONS.index(reasons.split(";")[0]) for reasons in table["reasons"]]
    assert first == sorted(first)
    assert first[0] == REASONS.index("need_above_use_below")
    assert table.dtypes.astype(str).to_dict() == GAPS
    empty = table[table["reasons"] == "no_channel"]
    assert empty["level"].tolist() == sorted(empty["level"], key=words("level").index)
    national = empty[empty["level"] == "national"]["theme"]
    assert national.tolist() == sorted(national, key=words("theme").index)
