"""Sums are made of one kind of money, and never of money and the money that it lies in."""

import math

import pytest
from funding.made_register import frames, register

from segindex.errors import BadData
from segindex.funding import facts, judged, outermost, total, totals


def test_a_sum_and_what_it_rests_on():
    found = total(register(), ["A-1", "B"])
    assert (found.amount_eur, found.amount_kind, found.n, found.n_without_amount) == (4_000_000, "granted", 2, 0)
    assert found.sourced_share == 0.25


def test_channels_without_an_amount_are_counted():
    found = total(register(), ["B", "C"])
    assert (found.amount_eur, found.n, found.n_without_amount) == (3_000_000, 2, 1)
    nothing = total(register(), ["C"])
    assert math.isnan(nothing.amount_eur) and math.isnan(nothing.sourced_share) and nothing.amount_kind == ""
    assert (nothing.n, nothing.n_without_amount) == (1, 1)


def test_sums_are_exact_to_the_cent():
    made = register(channels={(3, "amount_eur"): 0.1, (0, "amount_eur"): 0.2, (1, "amount_eur"): 0.1})
    assert total(made, ["A-1", "B"]).amount_eur == math.fsum([0.1, 0.2])


@pytest.mark.parametrize("pair", [("A-1", "A-2"), ("A-2", "A-1"), ("A-1", "A-3"), ("B", "A-3", "A-2")])
def test_a_child_is_not_added_to_what_it_lies_in(pair):
    with pytest.raises(BadData, match=r"made.xlsx: money inside other money.*channels!\w+\d+\) lies in A-"):
        total(register(), pair)


def test_the_cells_of_child_and_parent_are_named():
    with pytest.raises(BadData) as error:
        total(register(), ["A-1", "A-3"])
    assert "A-3 (channels!O4) lies in A-1 (channels!A2)" in str(error.value)


@pytest.mark.parametrize(
    ("changed", "ids", "told"),
    [
        ({(3, "amount_kind"): "paid"}, ("A-1", "B"), "amounts of different kinds are never added: channels!J2 A-1 is "),
        ({(3, "amount_kind"): "unit_price"}, ("B",), "unit_price is no sum of money: channels!J5 B is unit_price"),
        ({(3, "amount_kind"): "check"}, ("B",), "check is no sum of money"),
        ({}, ("B", "D"), "channel D is unknown"),
        ({}, ("B", "A-0"), "channel A-0 is unknown; did you mean A-"),
        ({}, ("B", "B"), r"B \(channels!A5\) is there twice"),
    ],
)
def test_other_sums_are_refused(changed, ids, told):
    with pytest.raises(BadData, match=told):
        total(register(channels=changed), ids)


def test_outermost_rows_of_a_frame():
    channels = register().channels
    assert outermost(channels).tolist() == [True, False, False, True, True]
    assert outermost(channels[1:]).tolist() == [True, False, True, True]
    part = channels.iloc[[0, 2]]
    assert outermost(part).tolist() == [True, True]
    assert outermost(part, channels).tolist() == [True, False]


def test_totals_leave_out_what_lies_inside():
    (granted,) = totals(register())
    assert (granted.amount_eur, granted.n, granted.sourced_share) == (4_000_000, 2, 0.25)
    assert (
        totals(
            judged(
                frames()
                | {
                    "channels": frames()["channels"][2:3].assign(parent_channel_id=""),
                    "awards": frames()["awards"][:0],
                    "use": frames()["use"][:0],
                }
            )
        )
        == ()
    )


def test_the_known_channels_give_no_sum_of_child_and_parent():
    made = facts()
    for _, row in made.channels[made.channels["parent_channel_id"] != ""].iterrows():
        with pytest.raises(BadData, match="lies in"):
            total(made, [row["channel_id"], row["parent_channel_id"]])
