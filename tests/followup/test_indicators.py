"""An indicator is judged where it is made; what is wrong names what is allowed."""

import pandas as pd
import pytest

from segindex.errors import BadSettings
from segindex.facts import Names
from segindex.followup import Indicator, indicators_in, measure_names, names_of
from segindex.followup.indicators import followed_indices
from segindex.registry import REGISTRY


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"key": "Even"}, "key = 'Even'; allowed is small letters"),
        ({"key": None}, "key = None"),
        ({"measure": "indx"}, "measure = 'indx'; did you mean index"),
        ({"index": "dissim"}, "index = 'dissim'; did you mean dissimilarity"),
        ({"index": "local_morans_i"}, "index = 'local_morans_i'"),
        ({"index": "multigroup_dissimilarity"}, "index = 'multigroup_dissimilarity'"),
        ({"wanted": "down"}, "wanted = 'down'; allowed is fall, rise"),
        ({"group": ""}, "group = ''; allowed is the key of a group"),
        ({"measure": "share"}, "index = 'dissimilarity'; allowed is none"),
        ({"measure": "types_1_2", "index": ""}, "group = 'low_income'; allowed is none"),
        ({"target": 0.2}, "target_year = None; allowed is `target` and `target_year` together"),
        ({"target_year": 2030}, "target = None; allowed is `target` and `target_year` together"),
        ({"target": 1.2, "target_year": 2030}, "target = 1.2; allowed is a number from 0 to 1"),
        ({"target": "low", "target_year": 2030}, "target = 'low'"),
        ({"target": 0.2, "target_year": 203}, "target_year = 203; allowed is a year"),
        ({"next_update": "spring"}, "next_update = 'spring'; allowed is a text: a year"),
    ],
)
def test_what_is_refused(given, message):
    with pytest.raises(BadSettings) as caught:
        Indicator(**{"key": "even", "measure": "index", "index": "dissimilarity", "group": "low_income"} | given)
    assert message in str(caught.value)


def test_what_can_be_followed_has_one_value_a_city_of_a_group():
    found = followed_indices()
    assert {"dissimilarity", "isolation", "gini", "information_theory"} <= set(found)
    assert all(REGISTRY[key].gives == "city" and not REGISTRY[key].all_groups for key in found)


@pytest.mark.parametrize("when", ["", "2027", "2027-03", "2027-03-31"])
def test_the_next_update_is_a_date_or_part_of_one(when):
    assert Indicator("worst", "types_1_2", next_update=when).next_update == when


def test_indicators_of_cards_are_those_of_the_settings_and_then_what_their_rows_say():
    rows = [("b", "share", "", "low_income"), ("a", "index", "dissimilarity", "low_income"), ("b", "share", "", "x")]
    cards = pd.DataFrame(rows, columns=["indicator", "measure", "index", "group"])
    named = Indicator("a", "index", "isolation", "low_income", names=Names("x", "y", "z"))
    found = indicators_in(cards, [Indicator("c", "types_1_2"), named])
    assert found == (named, Indicator("b", "share", "", "low_income"))
    assert names_of(found)["a"].en == "z"
    assert indicators_in(cards.head(0), [named]) == ()


def test_a_measure_without_a_name_in_a_language_bears_the_finnish_one():
    rows = [{"measure_id": "m", "name_fi": "Toimi", "name_sv": "", "name_en": "Measure"}]
    assert measure_names(pd.DataFrame(rows)) == {"m": Names("Toimi", "Toimi", "Measure")}
