"""Cities, classifications and groups."""

from pathlib import Path

import pandas as pd
import pytest

from segindex import facts
from segindex.errors import BadSettings
from segindex.sources.delivery import keep_cities


def test_the_eleven_cities():
    assert {city.key: city.code for city in facts.cities().values()} == {
        "Helsinki": "091",
        "Espoo": "049",
        "Tampere": "837",
        "Vantaa": "092",
        "Oulu": "564",
        "Turku": "853",
        "Jyväskylä": "179",
        "Kuopio": "297",
        "Lahti": "398",
        "Joensuu": "167",
        "Rovaniemi": "698",
    }


@pytest.mark.parametrize(("code", "city"), [("532", "Lahti"), ("972", "Oulu"), ("91", "Helsinki"), (174, "Kuopio")])
def test_a_merged_municipality_counts_to_its_city(code, city):
    kept, _ = keep_cities(pd.DataFrame({"cell": ["a"]}), [code], path="a.csv")
    assert kept["city"].tolist() == [city]


def test_every_group_has_a_known_classification_and_its_names():
    for group in facts.groups().values():
        assert group.classification in facts.classifications()
        assert group.unit in ("persons", "households")
        assert group.definitions


def test_an_order_names_groups_of_its_classification_and_perhaps_the_rest():
    orders = {one.key: one.ascending for one in facts.classifications().values() if one.ascending}
    assert orders.keys() == {"income_class", "education", "age"}
    for key, several in orders.items():
        own = {group.key for group in facts.groups().values() if group.classification == key} | {"rest"}
        assert all(len(set(order)) == len(order) and set(order) <= own for order in several)
    assert [group.split("_")[1] for group in orders["age"][0]] == ["0", "10", "20", "30", "40", "50", "60", "70", "80"]


def test_groups_of_one_classification_share_a_base_in_each_kind_of_source():
    for classification in facts.classifications():
        own = [group for group in facts.groups().values() if group.classification == classification]
        for prefix in ("he_", "hr_", "ko_", "te_", "v_", "asukkaita"):
            bases = {one.base for group in own for one in group.definitions if one.base.startswith(prefix)}
            assert len(bases) <= 1, bases


@pytest.mark.parametrize("text", ["", "a b", "a * b", "a +", "1a"])
def test_a_definition_that_is_no_sum_is_refused(text):
    with pytest.raises(BadSettings, match="allowed is"):
        facts.terms(text)


def test_a_defined_group_keeps_known_names():
    group = facts.define("foreign_language", "k_muu", "v_yht")
    assert group.names.sv == "personer med främmande språk som modersmål"
    assert group.definitions == (facts.Definition("k_muu", "v_yht"),)
    assert group.classification == "language"


@pytest.mark.parametrize("key", ["rest", "all", "Big", "a-b"])
def test_a_group_key_that_cannot_be_a_table_value_is_refused(key):
    with pytest.raises(BadSettings, match="small letters"):
        facts.define(key, "a", "b")


@pytest.mark.parametrize("name", ["Helsinki", "helsinki", "HELSINGFORS"])
def test_a_city_is_known_by_any_of_its_names(name):
    assert facts.city_named(name) == "Helsinki"


POSTAL = Path(__file__).parents[1] / "../shared/data/postal_areas/postal_areas_2019_reduced_epsg3067.gpkg"
CENTRAL = {
    "Helsinki": ["00100"],
    "Espoo": ["02770", "02600", "02100", "02230", "02320"],
    "Tampere": ["33100"],
    "Vantaa": ["01300", "01600"],
    "Oulu": ["90100"],
    "Turku": ["20100"],
    "Jyväskylä": ["40100"],
    "Kuopio": ["70110"],
    "Lahti": ["15110"],
    "Joensuu": ["80100"],
    "Rovaniemi": ["96200"],
}


@pytest.mark.skipif(not POSTAL.exists(), reason="the folder of real data is not here")
def test_the_centres_lie_in_the_central_postal_areas():
    import geopandas

    areas = geopandas.read_file(POSTAL).set_index("postinumeroalue").geometry
    for city in facts.cities().values():
        places = geopandas.points_from_xy([one.x for one in city.centres], [one.y for one in city.centres])
        assert [areas.index[areas.contains(place)][0] for place in places] == CENTRAL[city.key], city.key


def test_codes_of_a_defined_city_take_merged_municipalities_with_them():
    region = facts.define_city("Pohjois-Savo", ["297", "749"])
    assert region.codes(merged=False) == ("297", "749")
    assert set(region.codes()) == {"297", "749", *(one.code for one in facts.cities()["Kuopio"].merged)}
    assert set(facts.cities_by_code([region], merged=False)) == {"297", "749"}
    assert facts.cities_by_code()["532"].key == "Lahti" and "532" not in facts.cities_by_code(merged=False)


def test_a_defined_city_is_known_by_its_names():
    own = [facts.define_city("Suomi", "all", facts.Names("Suomi", "Finland", "Finland"))]
    assert facts.city_named("finland", own) == "Suomi" and facts.city_named("Åbo", own) == "Turku"
    with pytest.raises(BadSettings, match="known are Suomi, Helsinki"):
        facts.city_named("Sverige", own)
