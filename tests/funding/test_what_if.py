"""The same pot by several formulas: sums to the cent, who gains and loses, what cannot be dealt out."""

import numpy as np
import pandas as pd
import pytest
from made_money import needs

from segindex.funding.columns import FORMULAS
from segindex.funding.formulas import BY_NEED, what_if

RESIDENTS = {"Helsinki": 600, "Lahti": 100, "Oulu": 300}
TABLE = needs(
    residents=RESIDENTS,
    low_income={"Helsinki": (100, 100, 110), "Lahti": (60, 60, 61), "Oulu": (40, 40, 60)},
    low_income_children={"Helsinki": (10, 10, 11), "Lahti": (25, 25, 25), "Oulu": (15, 15, 40)},
    types_1_2={"Helsinki": (50, 50, 60), "Lahti": (50, 50, 50), "Oulu": (0, 0, 0)},
    type_1={"Helsinki": (0, 0, 0), "Lahti": (20, 20, 20), "Oulu": (0, 0, 0)},
)
NOW = {"Helsinki": 500.0, "Lahti": 100.0, "Oulu": 400.0}


def amounts(found, formula, variant="", column="amount_eur"):
    rows = found[(found["formula"] == formula) & (found["variant"] == variant)]
    return dict(zip(rows["city"], rows[column]))


def test_each_formula_by_hand():
    found = what_if(TABLE, 1000, current=NOW)
    assert list(found.columns) == list(FORMULAS)
    assert amounts(found, "per_head") == {"Helsinki": 600, "Lahti": 100, "Oulu": 300}
    assert amounts(found, "per_low_income") == {"Helsinki": 500, "Lahti": 300, "Oulu": 200}
    assert amounts(found, "per_low_income_child") == {"Helsinki": 200, "Lahti": 500, "Oulu": 300}
    assert amounts(found, "per_types_1_2") == {"Helsinki": 500, "Lahti": 500, "Oulu": 0}
    # Lahti at 1.5 times 100; 850 as 10 : 15, of which Oulu may have 450
    assert amounts(found, "capped") == {"Helsinki": 400, "Lahti": 150, "Oulu": 450}
    assert amounts(found, "hold_harmless") == NOW
    more = what_if(TABLE, 1500, current=NOW)
    assert amounts(more, "hold_harmless") == {"Helsinki": 500, "Lahti": 600, "Oulu": 400}


def test_who_gains_and_who_loses():
    found = what_if(TABLE, 1000, current={"Helsinki": 500, "Lahti": np.nan, "Oulu": 400})
    change = amounts(found, "per_head", column="change_eur")
    assert (change["Helsinki"], change["Oulu"]) == (100, -100) and np.isnan(change["Lahti"])
    assert amounts(found, "per_head", column="current_eur")["Oulu"] == 400
    assert amounts(found, "per_low_income", column="share") == {"Helsinki": 0.5, "Lahti": 0.3, "Oulu": 0.2}
    assert amounts(found, "per_low_income", column="eur_per_resident")["Lahti"] == 3


def test_each_variant_makes_the_pot_and_the_ends_are_over_them():
    years = pd.concat([TABLE, needs(low_income={"Helsinki": 10, "Lahti": 10, "Oulu": 20}).assign(year=2020)])
    found = what_if(years, 1234.56, current=NOW)
    shown = found[found["refused"] == ""]
    for _, rows in shown.groupby(["formula", "variant"]):
        assert round(rows["amount_eur"] * 100).sum() == 123456
        assert np.allclose(rows["amount_eur"] * 100, round(rows["amount_eur"] * 100), atol=1e-6)
    variants = shown.groupby("formula")["variant"].agg(set)
    assert variants["per_low_income"] == {"", "need_high", "year_2020"}
    assert variants["per_types_1_2"] == {"", "need_high", "type_1"}
    assert variants["capped"] == {"", "need_high", "cap_1.25", "cap_2"}
    assert variants["hold_harmless"] == {"", "need_high"}
    assert amounts(found, "per_low_income", "year_2020") == pytest.approx(
        {"Helsinki": 308.64, "Lahti": 308.64, "Oulu": 617.28}
    )
    assert amounts(found, "per_types_1_2", "type_1") == {"Helsinki": 0, "Lahti": 1234.56, "Oulu": 0}
    for (formula, city), rows in shown.groupby(["formula", "city"]):
        main = rows[rows["variant"] == ""].iloc[0]
        assert (main["least_eur"], main["most_eur"]) == (rows["amount_eur"].min(), rows["amount_eur"].max()), formula
        assert rows.loc[rows["variant"] != "", ["least_eur", "most_eur"]].isna().all(axis=None), city


def test_residents_of_hidden_cells_may_be_left_out():
    hidden = TABLE.assign(hidden_share=np.where(TABLE["city"] == "Helsinki", 0.5, 0.0))
    found = what_if(hidden, 700)
    assert amounts(found, "per_head", "hidden_left_out") == {"Helsinki": 300, "Lahti": 100, "Oulu": 300}


def test_nobody_loses_where_nobody_is_to_lose():
    rng = np.random.default_rng(1)
    for _ in range(30):
        now = {city: round(float(euro), 2) for city, euro in zip(RESIDENTS, rng.gamma(1, 300, 3))}
        pot = round(sum(now.values()) + round(float(rng.gamma(1, 100)), 2), 2)
        found = what_if(TABLE, pot, current=now)
        rows = found[found["formula"] == "hold_harmless"]
        assert (rows["change_eur"] >= 0).all() and set(rows["refused"]) == {""}
        for _, own in rows.groupby("variant"):
            assert round(own["amount_eur"] * 100).sum() == round(pot * 100)


def test_without_all_current_amounts_nobody_can_be_held_harmless():
    for current in (None, {"Helsinki": 500, "Lahti": 100}):
        found = what_if(TABLE, 1000, current=current)
        rows = found[found["formula"] == "hold_harmless"]
        assert list(rows["refused"]) == ["no_current"] * 3 and rows["amount_eur"].isna().all()
        assert set(rows["variant"]) == {""}
    small = what_if(TABLE, 999.99, current=NOW)
    assert set(small.loc[small["formula"] == "hold_harmless", "refused"]) == {"pot_too_small"}


def test_a_formula_that_lacks_the_need_of_one_city_is_refused():
    table = needs(residents=RESIDENTS, low_income={"Helsinki": 100, "Lahti": "small_group"})
    found = what_if(table, 1000)
    assert amounts(found, "per_low_income", column="refused") == {
        "Helsinki": "other_cities",
        "Lahti": "small_group",
        "Oulu": "no_need",
    }
    assert set(amounts(found, "per_types_1_2", column="refused").values()) == {"no_need"}
    assert np.isnan(list(amounts(found, "per_low_income").values())).all()
    assert set(found.loc[found["formula"] == "capped", "note"]) == {"by per_head, cap 1.5"}


def test_the_basis_of_the_cap_is_named():
    without = TABLE[TABLE["measure"] != "low_income_children"]
    for table, basis in ((TABLE, "per_low_income_child"), (without, "per_low_income")):
        found = what_if(table, 1000, current=NOW)
        assert set(found.loc[found["formula"] == "capped", "note"]) == {f"by {basis}, cap 1.5"}
        assert set(found.loc[found["formula"] == "hold_harmless", "note"]) == {f"by {basis}"}
    assert set(BY_NEED) | {"capped", "hold_harmless"} == set(found["formula"])


def test_a_need_of_nobody_deals_out_nothing():
    found = what_if(needs(residents=RESIDENTS, types_1_2=dict.fromkeys(RESIDENTS, 0)), 1000)
    assert set(amounts(found, "per_types_1_2", column="refused").values()) == {"no_need"}


def test_a_cap_that_leaves_money_is_told():
    table = needs(residents=RESIDENTS, low_income={"Helsinki": 0, "Lahti": 10, "Oulu": 0})
    found = what_if(table, 1000)
    assert set(amounts(found, "capped", column="refused").values()) == {"cap_leaves_money"}


def test_what_the_need_says_of_itself_goes_along():
    found = what_if(TABLE.assign(note="made-up data"), 1000)
    assert found["note"].str.contains("made-up data").all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pot_eur": 0}, "pot_eur is 0; allowed are amounts above 0"),
        ({"pot_eur": 10.005}, "pot_eur is 10.005; allowed are whole cents"),
        ({"pot_eur": -1}, "pot_eur is -1; allowed are numbers of euro from 0"),
        ({"pot_eur": float("nan")}, "pot_eur is nan"),
        ({"pot_eur": "1000"}, "pot_eur is '1000'"),
        ({"cap": 0.9}, "cap 0.9: below 1"),
        ({"caps": (0.5,)}, "cap 0.5: below 1"),
        ({"current": {"Lathi": 5}}, "current names Lathi; did you mean Lahti"),
        ({"current": {"Lahti": -5}}, "current of Lahti is -5"),
    ],
)
def test_what_is_not_allowed_is_named(given, said):
    with pytest.raises(ValueError, match=said):
        what_if(TABLE, **({"pot_eur": 1000} | given))


def test_needs_without_residents_are_refused():
    with pytest.raises(ValueError, match="no city has residents"):
        what_if(TABLE[TABLE["measure"] != "residents"], 1000)


def test_the_order_of_the_rows_does_not_matter():
    shuffled = TABLE.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(what_if(shuffled, 777.77, current=NOW), what_if(TABLE, 777.77, current=NOW))
