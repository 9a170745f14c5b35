"""What the cities need: the latest year, the group's own cluster size, bounds over what is hidden, refusals."""

import numpy as np
import pandas as pd
import pytest

from segindex import schema
from segindex.funding.columns import NEED
from segindex.funding.need import MEASURES, latest, needs


def results(*rows):
    """Rows of (city, year, group, members, base, hidden share) with other columns by name."""
    made = []
    for city, year, group, members, base, hidden, *more in rows:
        row = {
            "city": city,
            "year": year,
            "release": str(year),
            "classification": {"low_income": "income_class", "rented": "tenure"}.get(group, "age"),
            "index": "dissimilarity",
            "group": group,
            "reference": "rest",
            "cluster_size": 1.0,
            "value": 0.3,
            "corrected": 0.25,
            "low": 0.2,
            "high": 0.35,
            "n_cells": 40,
            "population": base,
            "group_size": members,
            "hidden_share": hidden,
            "note": "made-up data",
        }
        made.append(row | (more[0] if more else {}))
    return schema.ordered(pd.DataFrame(made), schema.RESULTS, schema.KEYS)


def coverage(*rows):
    """Rows of (city, year, classification, residents, residents of hidden cells) with other columns by name."""
    names = ("city", "year", "classification", "residents", "hidden_residents")
    made = [
        {"release": str(year), "n_cells": 40, "n_hidden": 1, "note": ""}
        | dict(zip(names, (city, year, *rest[:3])))
        | (rest[3] if len(rest) > 3 else {})
        for city, year, *rest in rows
    ]
    return schema.ordered(pd.DataFrame(made), schema.COVERAGE, ["city", "year", "classification"])


def cells(group, counts, bases, *, year=2024, city="Lahti", size=250.0, release=None):
    """The cells of a group; NaN is protected."""
    x, t = np.array(counts, float), np.array(bases, float)
    frame = pd.DataFrame(
        {
            "city": city,
            "year": year,
            "release": release or str(year),
            "classification": "income_class" if group == "low_income" else "age",
            "group": group,
            "index": "local_morans_i",
            "cell": [f"c{at}" for at in range(len(x))],
            "cell_size_m": size,
            "population": np.where(np.isnan(x), np.nan, t),
            "group_size": x,
            "share": np.where(np.isnan(x), 0.0, x / t),
            "area": 0,
            "from_moments": False,
            "hidden": np.isnan(x),
        }
    )
    return schema.ordered(frame, schema.CELLS, ["cell"])


COVERED = coverage(("Lahti", 2024, "income_class", 1000, 50), ("Lahti", 2024, "age", 1000, 20))
RESULTS = results(("Lahti", 2024, "low_income", 200, 760, 0.05))


def one(found, measure, group="", city="Lahti"):
    rows = found[(found["measure"] == measure) & (found["group"] == group) & (found["city"] == city)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_members_shares_and_bounds_by_hand():
    found = needs({"results": RESULTS, "coverage": COVERED})
    assert list(found.columns) == list(NEED) and set(found["measure"]) <= set(MEASURES)
    row = one(found, "group", "low_income")
    assert (row["value"], row["low"], row["high"]) == (200, 200, pytest.approx(240))  # 760 visible of 800
    row = one(found, "group_share", "low_income")
    assert (row["value"], row["low"], row["high"]) == pytest.approx((200 / 760, 200 / 800, 240 / 800))
    row = one(found, "corrected", "low_income")
    assert (row["value"], row["low"], row["high"], row["hidden_share"]) == (0.25, 0.2, 0.35, 0.05)
    assert row["refused"] == "" and row["note"] == "made-up data"


def test_residents_are_all_of_them():
    found = needs({"results": RESULTS, "coverage": COVERED})
    row = one(found, "residents")
    assert row["value"] == 1000 and np.isnan([row["low"], row["high"]]).all()
    assert row["hidden_share"] == 0.05


def test_residents_are_of_their_own_date_and_latest_release():
    table = coverage(
        ("Lahti", 2024, "income_class", 1010, 0, {"release": "2025", "note": "residents of 2023-12-31"}),
        ("Lahti", 2024, "age", 900, 0, {"release": "2023"}),
        ("Lahti", 2024, "age", 1000, 0, {"release": "2024"}),
        ("Lahti", 2023, "age", 5000, 0),
    )
    assert one(needs({"results": RESULTS, "coverage": table}), "residents")["value"] == 1000


def test_the_latest_year_of_each_group_and_those_asked_for():
    rows = results(
        ("Lahti", 2022, "low_income", 150, 760, 0),
        ("Lahti", 2023, "low_income", 160, 760, 0),
        ("Oulu", 2022, "low_income", 170, 760, 0),
        ("Lahti", 2024, "rented", 300, 500, 0),
    )
    found = needs({"results": rows, "coverage": COVERED})
    assert set(zip(found["city"], found["year"], found["group"])) >= {("Lahti", 2023, "low_income")}
    assert not (found["city"] == "Oulu").any() and one(found, "group", "rented")["year"] == 2024
    assert "households" in one(found, "group", "rented")["note"]
    assert "households" not in one(found, "group", "low_income")["note"]
    found = needs({"results": rows, "coverage": COVERED}, also=(2022,))
    assert set(found.loc[(found["measure"] == "group") & (found["year"] == 2022), "city"]) == {"Lahti", "Oulu"}
    assert list(latest(found, "group", "low_income").index) == ["Lahti"]


def test_other_rows_than_the_plain_ones_are_left_aside():
    plain = ("Lahti", 2024, "low_income", 200, 760, 0)
    rows = results(
        (*plain, {"cluster_size": 1.7, "corrected": 0.11}),
        plain,
        (*plain, {"cluster_size": 1.7, "scale_m": 1000.0, "corrected": 0.9}),
        (*plain, {"cluster_size": 1.7, "k": 200.0, "corrected": 0.9}),
        (*plain, {"cluster_size": 1.7, "reference": "high_income", "corrected": 0.9}),
        (*plain, {"cluster_size": 1.7, "index": "isolation", "corrected": 0.9, "n_cells": 3}),
        (*plain, {"cluster_size": 1.7, "release": "2023", "corrected": 0.9}),
        ("Lahti", 2024, "all", 0, 760, 0),
    )
    rows["release"] = rows["release"].where(rows["release"] == "2023", "2024")
    found = needs({"results": rows, "coverage": COVERED}, cell_size_m=250)
    row = one(found, "corrected", "low_income")
    assert row["value"] == 0.11 and row["refused"] == ""
    assert "all" not in set(found["group"])


def test_two_rows_of_one_kind_are_an_error():
    twice = pd.concat([RESULTS, RESULTS])
    with pytest.raises(ValueError, match="low_income has several rows of dissimilarity in Lahti"):
        needs({"results": twice, "coverage": COVERED})


@pytest.mark.parametrize(
    ("members", "n_cells", "size", "why"),
    [(99, 40, 250.0, "small_group"), (100, 19, 250.0, "few_cells"), (100, 19, None, ""), (100, 20, 250.0, "")],
)
def test_what_is_too_small_has_no_numbers(members, n_cells, size, why):
    rows = results(("Lahti", 2024, "low_income", members, 760, 0.05, {"n_cells": n_cells}))
    found = needs({"results": rows, "coverage": COVERED}, cell_size_m=size)
    for measure in ("group", "group_share", "corrected"):
        row = one(found, measure, "low_income")
        assert row["refused"] == why
        assert np.isnan(row[["value", "low", "high", "hidden_share"]].astype(float)).all() == bool(why)
    assert one(found, "residents")["value"] == 1000
    lenient = needs({"results": rows, "coverage": COVERED}, cell_size_m=size, min_cells=1, min_group=1)
    assert set(lenient["refused"]) == {""}


def test_a_group_that_nearly_all_belong_to_or_that_tells_another_has_no_numbers():
    ages = (("children_0_6", 40), ("aged_65", 3_000), ("young_adults", 6_960))
    rows = results(*(("Lahti", 2024, group, members, 10_000, 0.0) for group, members in ages))
    found = needs({"results": rows, "coverage": COVERED}).query("measure == 'group'").set_index("group")
    assert found["refused"].to_dict() == {"children_0_6": "small_group", "aged_65": "would_tell", "young_adults": ""}
    assert np.isnan(found.loc["aged_65", ["value", "low", "high"]].astype(float)).all()
    most = results(("Lahti", 2024, "low_income", 9_960, 10_000, 0.0))
    assert one(needs({"results": most, "coverage": COVERED}), "group", "low_income")["refused"] == "small_rest"


def types(*rows):
    names = ("city", "extent", "type", "n_cells", "residents")
    made = [dict(zip(names, row)) | {"year": 2024, "note": "made-up data"} for row in rows]
    return schema.ordered(pd.DataFrame(made), schema.TYPES, ["city", "extent", "type"])


def test_residents_of_the_worst_types():
    table = types(
        ("Lahti", "cities", 0, 5, 30),
        ("Lahti", "cities", 1, 4, 100),
        ("Lahti", "cities", 2, 9, 200),
        ("Lahti", "cities", 3, 30, 670),
        ("Lahti", "city", 1, 20, 900),
        ("Oulu", "cities", 3, 30, 700),
    )
    found = needs({"results": RESULTS, "coverage": COVERED, "types": table})
    row = one(found, "types_1_2")
    assert (row["value"], row["low"], row["high"], row["hidden_share"]) == (300, 300, 300, 0.03)
    assert one(found, "type_1")["value"] == 100
    row = one(found, "types_1_2", city="Oulu")
    assert (row["value"], row["high"], row["refused"]) == (0, 0, "")


def test_counts_within_the_same_hundred_give_the_same_table():
    """Shares, indices and euros to the cent are made of this table: none of them can tell a count that it has not."""
    found = []
    for worst, bad, unknown in ((1160, 260, 10), (1241, 329, 6)):
        table = types(
            ("Lahti", "cities", 1, 9, worst - bad), ("Lahti", "cities", 2, 9, bad), ("Lahti", "cities", 0, 9, unknown),
            ("Lahti", "cities", 4, 90, 22_000 - worst - unknown),
        )  # fmt: skip
        found.append(needs({"results": RESULTS, "coverage": COVERED, "types": table}))
    pd.testing.assert_frame_equal(*found)
    row = one(found[0], "types_1_2")
    assert (row["value"], row["low"], row["high"]) == (1200, 1200, 1200) and one(found[0], "type_1")["value"] == 900


@pytest.mark.parametrize(("n_cells", "size", "why"), [(2, 250.0, "few_cells"), (3, 250.0, ""), (2, None, "")])
def test_one_or_two_cells_of_a_type_are_not_told(n_cells, size, why):
    table = types(("Lahti", "cities", 1, n_cells, 100), ("Lahti", "cities", 4, 30, 900))
    found = needs({"results": RESULTS, "coverage": COVERED, "types": table}, cell_size_m=size)
    assert one(found, "type_1")["refused"] == why
    assert np.isnan(one(found, "type_1")["value"]) == bool(why)


N = np.nan
YOUNG = "children_0_6;children_7_15"


def test_children_by_hand():
    table = pd.concat(
        [
            cells("low_income", [40, 10, N, 60], [100, 100, 80, 120], size=None),
            cells("children_0_6", [10, 20, 30, N], [200, 200, 200, 200], size=None),
            cells("children_7_15", [200, 100, 7, 20], [900, 900, 900, 900], size=None),
        ]
    )
    found = needs({"results": RESULTS, "coverage": COVERED, "cells": table}, min_group=50)
    row = one(found, "low_income_children", YOUNG)
    # young 10 x .4 + 20 x .1, older 200 x .4 + 100 x .1 + 20 x .5; 37 where the share is hidden; 20 residents elsewhere
    assert row["value"] == row["low"] == pytest.approx(6 + 100)
    assert row["high"] == pytest.approx(106 + 37 + 20)
    assert row["hidden_share"] == pytest.approx(37 / 387)
    assert "as often poor as the adults of their cell" in row["note"]
    assert "unknown: 37 children in cells where the share is hidden" in row["note"]
    found = needs({"results": RESULTS, "coverage": COVERED, "cells": table}, min_group=107)
    assert one(found, "low_income_children", YOUNG)["refused"] == "small_group"
    assert np.isnan(one(found, "low_income_children", YOUNG)["value"])


def test_children_of_a_grid_need_cells():
    table = pd.concat([cells("low_income", [40] * 19, [100] * 19), cells("children_0_6", [90] * 19, [100] * 19)])
    found = needs({"results": RESULTS, "coverage": COVERED, "cells": table})
    assert one(found, "low_income_children", "children_0_6")["refused"] == "few_cells"


def test_shares_of_an_earlier_year_stand_in_and_are_told():
    table = pd.concat(
        [
            cells("low_income", [10] * 9, [100] * 9, year=2015, size=None),
            cells("low_income", [40] * 9, [100] * 9, year=2022, size=None),
            cells("children_0_6", [90] * 9, [100] * 9, year=2015, size=None),
            cells("children_0_6", [50] * 9, [100] * 9, year=2024, size=None),
        ]
    )
    found = needs({"results": RESULTS, "coverage": COVERED, "cells": table})
    row = one(found, "low_income_children", "children_0_6")
    assert (row["year"], row["value"]) == (2024, pytest.approx(180)) and "shares of low income of 2022" in row["note"]
    found = needs({"results": RESULTS, "coverage": COVERED, "cells": table}, also=(2015,), min_group=50)
    assert dict(zip(found["year"], found["value"].where(found["measure"] == "low_income_children"))).get(2015) == 81


def test_children_need_both_tables():
    alone = cells("children_0_6", [90] * 9, [100] * 9, size=None)
    for table in (alone, cells("low_income", [40] * 9, [100] * 9, size=None), alone.iloc[:0], None):
        found = needs({"results": RESULTS, "coverage": COVERED, "cells": table})
        assert not (found["measure"] == "low_income_children").any()


def test_children_that_are_hidden_group_by_group_are_counted_by_their_own_rows():
    covered = coverage(
        ("Lahti", 2024, "income_class", 1000, 50),
        ("Lahti", 2024, "age", 1000, 20, {"note": "groups: children_0_6"}),
        ("Lahti", 2024, "age", 1000, 700, {"note": "groups: age_80_"}),
    )
    table = pd.concat(
        [cells("low_income", [40] * 9, [100] * 9, size=None), cells("children_0_6", [90] * 9, [100] * 9, size=None)]
    )
    row = one(needs({"results": RESULTS, "coverage": covered, "cells": table}), "low_income_children", "children_0_6")
    assert row["high"] == pytest.approx(324 + 20)


@pytest.mark.parametrize("name", ["results", "coverage"])
def test_a_missing_table_is_named(name):
    tables = {"results": RESULTS, "coverage": COVERED, name: None}
    with pytest.raises(ValueError, match=f"tables: {name} is missing"):
        needs(tables)


def test_the_order_of_the_rows_does_not_matter():
    rows = pd.concat([RESULTS, results(("Oulu", 2024, "low_income", 300, 800, 0.1))])
    tables = {"results": rows, "coverage": COVERED}
    turned = {name: table[::-1] for name, table in tables.items()}
    pd.testing.assert_frame_equal(needs(tables), needs(turned))
