"""Euro per head of known awards: what is summed, what is refused, and what is not known."""

import numpy as np
import pandas as pd
import pytest
from made_money import needs, register

from segindex.funding.columns import CONCENTRATION, CURVE, PER_HEAD
from segindex.funding.concentration import concentration_index
from segindex.funding.targeting import curves, per_head

CITIES = ("Helsinki", "Lahti", "Oulu", "Turku")
TABLE = needs(
    residents=dict(zip(CITIES, (1000, 100, 400, 500))),
    low_income=dict(zip(CITIES, (100, 40, 20, 100))),
    types_1_2=dict(zip(CITIES, (200, 0, 100, 50))),
)
AWARDS = [
    ("A", "Helsinki", "Helsinki", 600, 400, 2023, "sourced"),
    ("B", "Stadin ry", "Helsinki", 400, None, 2024, "partly"),
    ("A", "Lahti", "Lahti", 500, 500, 2022, "sourced"),
    ("A", "Oulu", "Oulu", 100, 0, 2024, "unsourced"),
    ("A", "Turku", "Turku", 900, 900, 2019, "sourced"),
    ("A", "Säätiö", "", 5000, 5000, 2023, "sourced"),
]
YEARS = (2022, 2024)


def of(table, city, need="low_income"):
    return table[(table["city"] == city) & (table["need"] == need)].iloc[0]


def test_per_head_by_hand():
    table = per_head(register(AWARDS), TABLE, years=YEARS, need=("low_income", "types_1_2"))
    assert list(table.columns) == list(PER_HEAD) and len(table) == 8
    row = of(table, "Helsinki")
    assert (row["n_awards"], row["amount_eur"], row["residents"], row["need_size"]) == (2, 1000, 1000, 100)
    assert (row["eur_per_resident"], row["eur_per_need"], row["sourced_share"]) == (1, 10, 0.6)
    assert (row["first_year"], row["last_year"], row["year"], row["amount_kind"]) == (2022, 2024, 2024, "granted")
    assert of(table, "Helsinki", "types_1_2")["eur_per_need"] == 5
    assert np.isnan(of(table, "Lahti", "types_1_2")["eur_per_need"])
    assert of(table, "Oulu")["sourced_share"] == 0


def test_the_kinds_of_an_award_are_apart():
    table = per_head(register(AWARDS), TABLE, years=YEARS, kind="paid", need="low_income")
    assert of(table, "Helsinki")["amount_eur"] == 400 and of(table, "Helsinki")["n_awards"] == 1
    assert "1 awards without an amount" in of(table, "Helsinki")["note"]
    assert of(table, "Oulu")["amount_eur"] == 0 and np.isnan(of(table, "Oulu")["sourced_share"])
    with pytest.raises(ValueError, match="kind of amount 'budget' of an award; allowed are granted and paid"):
        per_head(register(AWARDS), TABLE, years=YEARS, kind="budget", need="low_income")
    with pytest.raises(ValueError, match="did you mean granted"):
        per_head(register(AWARDS), TABLE, years=YEARS, kind="grantd", need="low_income")


def test_no_known_award_is_not_zero_euro():
    row = of(per_head(register(AWARDS), TABLE, years=YEARS, need="low_income"), "Turku")
    assert np.isnan(row["amount_eur"]) and np.isnan(row["eur_per_need"]) and row["n_awards"] == 0
    assert "no awards known" in row["note"]


def test_zero_euro_where_no_channel_is_used():
    use = [("Turku", "A", "not_used"), ("Turku", "A-1", "not_used"), ("Turku", "A-1-1", "not_eligible")]
    asked = {"years": YEARS, "need": "low_income"}
    for also, known in ((("B", "unknown"), False), (("B", "used"), False), (("B", "not_used"), True)):
        row = of(per_head(register(AWARDS, use=[*use, ("Turku", *also)]), TABLE, **asked), "Turku")
        assert (row["amount_eur"] == 0) == known and ("no awards known" in row["note"]) != known
    assert np.isnan(of(per_head(register(AWARDS, use=use), TABLE, **asked), "Turku")["amount_eur"])
    without = [*AWARDS, ("A", "Turku", "Turku", None, None, 2023, "sourced")]
    row = of(per_head(register(without, use=[*use, ("Turku", "B", "not_used")]), TABLE, **asked), "Turku")
    assert np.isnan(row["amount_eur"])


@pytest.mark.parametrize(("child", "parent"), [("A-1", "A"), ("A-1-1", "A"), ("A-1-1", "A-1")])
def test_an_award_inside_another_is_refused_with_its_cells(child, parent):
    awards = [*AWARDS, (child, "Espoo", "Espoo", 1, 1, 2023, "sourced"), (parent, "ESPOO", "Espoo", 9, 9, 2023, "")]
    said = rf"awards!B9 and awards!B8: {child} lies inside {parent}, and Espoo has awards of both in 2023"
    with pytest.raises(ValueError, match=said):
        per_head(register(awards), TABLE, years=YEARS, need="low_income")
    with pytest.raises(ValueError, match=said):
        curves(register(awards), TABLE, years=YEARS, need="low_income")


def test_awards_of_channels_side_by_side_or_in_other_years_are_no_double():
    fine = [("A-1", "Lahti", "Lahti", 50, 0, 2023, "sourced"), ("B", "Lahti", "Lahti", 50, 0, 2022, "sourced")]
    row = of(per_head(register([*AWARDS, *fine]), TABLE, years=YEARS, need="low_income"), "Lahti")
    assert row["amount_eur"] == 600 and "twice" not in row["note"]


def test_a_channel_inside_another_to_different_recipients_is_told():
    awards = [*AWARDS, ("A-1", "Yhdistys", "Lahti", 50, 50, 2022, "sourced")]
    row = of(per_head(register(awards), TABLE, years=YEARS, need="low_income"), "Lahti")
    assert row["amount_eur"] == 550 and "perhaps twice: A-1 and A to different recipients" in row["note"]


def test_a_refused_need_is_refused():
    table = needs(residents={"Lahti": 100, "Oulu": 400}, low_income={"Lahti": "small_group"})
    found = per_head(register(AWARDS), table, years=YEARS, need="low_income")
    row = of(found, "Lahti")
    assert row["refused"] == "small_group" and np.isnan(row["need_size"]) and np.isnan(row["eur_per_need"])
    assert row["eur_per_resident"] == 5
    assert of(found, "Oulu")["refused"] == "no_need"
    assert of(found, "Helsinki")["amount_eur"] == 1000 and np.isnan(of(found, "Helsinki")["residents"])


def test_made_up_awards_say_so():
    assert per_head(register(AWARDS), TABLE, years=YEARS, need="low_income")["note"].str.contains("made-up").sum() == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"need": "low_incom"}, "need 'low_incom' is not in the table of needs; did you mean low_income"),
        ({"years": (2024, 2022)}, "years 2024 to 2022: the first comes after the last"),
        ({"years": 2024}, "allowed are the first and the last year"),
    ],
)
def test_what_is_not_there_is_named(given, said):
    with pytest.raises(ValueError, match=said):
        per_head(register(AWARDS), TABLE, **({"years": YEARS, "need": "low_income"} | given))


def test_a_register_without_awards_knows_nothing():
    table = per_head(register(), TABLE, years=YEARS, need="low_income")
    assert table["amount_eur"].isna().all() and len(table) == 4
    points, found = curves(register(), TABLE, years=YEARS, need="low_income")
    assert not len(points) and found["index"].isna().all() and set(found["n_cities"]) == {0}


def test_curves_are_of_cities_with_known_awards():
    points, found = curves(register(AWARDS), TABLE, years=YEARS, need="low_income")
    assert list(points.columns) == list(CURVE) and list(found.columns) == list(CONCENTRATION)
    own = points[points["against"] == "residents"]
    assert list(own["city"]) == ["", "Lahti", "Helsinki", "Oulu"] and list(own["place"]) == [0, 1, 2, 3]
    np.testing.assert_allclose(own["cumulative_base"], [0, 100 / 1500, 1100 / 1500, 1])
    np.testing.assert_allclose(own["cumulative_money"], [0, 500 / 1600, 1500 / 1600, 1])
    np.testing.assert_allclose(own["need_share_in_city"].iloc[1:], [0.4, 0.1, 0.05])
    by = found.set_index("against")
    money, need, base = [500, 1000, 100], [40, 100, 20], [100, 1000, 400]
    assert by.loc["residents", "index"] == pytest.approx(concentration_index(money, need, base))
    assert by.loc["need", "index"] == pytest.approx(concentration_index(money, need, base, against=need))
    assert list(by["n_cities"]) == [3, 3] and list(by["amount_eur"]) == [1600, 1600]
    assert by.loc["need", "sourced_share"] == pytest.approx(1100 / 1600)
    assert by["low"].isna().all() and by["note"].str.contains("no interval: fewer than 4 cities").all()
    assert by["note"].str.contains("without Turku").all()


def test_the_ends_are_of_one_city_left_out():
    awards = [*AWARDS, ("B", "Turku", "Turku", 300, 0, 2023, "sourced")]
    _, found = curves(register(awards), TABLE, years=YEARS, need="low_income")
    row = found[found["against"] == "residents"].iloc[0]
    money, need, base = map(np.array, ([1000, 500, 100, 300], [100, 40, 20, 100], [1000, 100, 400, 500]))
    out = [concentration_index(*(np.delete(one, at) for one in (money, need, base))) for at in range(4)]
    assert (row["lowest_left_out"], row["highest_left_out"]) == (pytest.approx(min(out)), pytest.approx(max(out)))
    assert row["low"] < row["index"] < row["high"]
    assert f"lowest without {CITIES[int(np.argmin(out))]}" in row["note"]
    assert f"highest without {CITIES[int(np.argmax(out))]}" in row["note"]


def test_cities_of_one_need_share_their_point():
    awards = [("B", name, name, euro, 0, 2023, "sourced") for name, euro in zip(CITIES, (300, 100, 200, 400))]
    same = needs(residents=dict.fromkeys(CITIES, 100), low_income=dict(zip(CITIES, (10, 20, 10, 5))))
    points, _ = curves(register(awards), same, years=YEARS, need="low_income")
    own = points[points["against"] == "residents"].set_index("city")
    assert own.loc["Helsinki", "place"] == own.loc["Oulu", "place"] == 2
    assert own.loc["Helsinki", "cumulative_money"] == own.loc["Oulu", "cumulative_money"] == pytest.approx(0.6)


def test_the_order_of_the_awards_does_not_matter():
    given = register(AWARDS)
    turned = given._replace(awards=given.awards[::-1].reset_index(drop=True))
    asked = {"years": YEARS, "need": ("low_income", "types_1_2")}
    pd.testing.assert_frame_equal(per_head(given, TABLE, **asked), per_head(turned, TABLE, **asked))
    for one, other in zip(curves(given, TABLE, **asked), curves(turned, TABLE, **asked)):
        pd.testing.assert_frame_equal(one, other)
