"""Which blocks of the picture an edition has: each with its reason where it has not."""

import pandas as pd
import pytest

from segindex import tabulate, wording

GIVEN = {"frame", "size", "evenness", "exposure", "clustering", "thresholds", "types", "accumulation", "scale", "ends"}


@pytest.fixture(scope="module")
def tables(edition):
    place = edition / "data" / "processed" / "small"
    names = ("coverage", "results", "clusters", "thresholds", "types", "accumulation", "changes", "ends")
    return {name: pd.read_csv(place / f"{name}.csv") for name in names}


def lacks(tables, **changed):
    return tabulate.blocks(tables | changed).set_index("key")["lacks"].to_dict()


def test_the_edition_has_what_its_tables_hold(tables):
    found = tabulate.blocks(tables)
    assert found["block"].tolist() == list(range(1, 16))
    # three groups alone: neither dimensions of types, nor children, nor tenure
    assert set(found.loc[found["given"], "key"]) == GIVEN - {"types", "accumulation"} | {"change", "text"}
    with_money = tabulate.blocks(tables, register=True)
    assert set(with_money.loc[with_money["given"], "key"]) - set(found.loc[found["given"], "key"]) == {"money"}
    told = lacks(tables)
    assert {key: told[key] for key in ("types", "children", "housing", "money")} == {
        "types": "no_dimensions",
        "children": "no_group",
        "housing": "no_group",
        "money": "no_register",
    }
    for key, why in told.items():
        assert wording.text("fi", f"blocks.name_{key}") and (not why or wording.text("fi", f"blocks.lacks_{why}"))


def test_what_is_taken_away_is_missed(tables):
    results = tables["results"]
    plain = results["scale_m"].isna() & results["k"].isna()
    assert lacks(tables, results=results[plain])["scale"] == "no_scales"
    assert lacks(tables, results=results[results["index"] != "isolation"])["exposure"] == "not_asked"
    assert lacks(tables, clusters=tables["clusters"].iloc[:0])["clustering"] == "no_places"
    assert lacks(tables, changes=tables["changes"].assign(change=float("nan")))["change"] == "broken"
    assert lacks(tables, changes=tables["changes"].iloc[:0])["change"] == "not_compared"
    last = results[results["year"] == results["year"].max()]
    assert lacks(tables, results=last, changes=tables["changes"].iloc[:0])["change"] == "one_year"
    assert lacks(tables, ends=tables["ends"].iloc[:0])["ends"] == "no_order"
    children = results.assign(group=results["group"].replace("low_income", "children_0_6"))
    assert lacks(tables, results=children)["children"] == ""
