"""Deliveries to panels: groups by definition, statistical years, hidden bases, years that come twice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segindex import assemble, suppression
from segindex.errors import BadData, BadSettings
from segindex.facts import Names, define
from segindex.ingest import with_breaks
from segindex.sources.card import Card
from segindex.sources.delivery import Delivery

CARD = Card("paavo", "t", "p", "CC BY 4.0", Names("l", "k", "s"), hidden={"rule": "base"})


def delivery(release, shift=0, **changes):
    columns = {
        "city": ["Lahti", "Lahti", "Joensuu"],
        "cell": ["15100", "15110", "80100"],
        "x": [427000.0 + shift, 428000.0, 642000.0],
        "y": [6761000.0, 6762000.0, 6944000.0],
        "he_vakiy": [100.0, 50.0, 40.0],
        "hr_tuy": [80.0, 40.0, 30.0],
        "hr_pi_tul": [20.0, 10.0, 3.0],
        "hr_hy_tul": [10.0, 5.0, 9.0],
        "pt_tyott": [4.0, 2.0, 1.0],
        "pt_tyoll": [36.0, 18.0, 9.0],
    }
    frame = pd.DataFrame(columns | changes)
    dates = {"he": f"{release - 2}-12-31", "hr": f"{release - 3}-12-31", "pt": f"{release - 3}-12-31"}
    return Delivery("paavo", "WFS table", Path(f"p{release}.csv"), CARD, str(release), dates, "he_vakiy", frame)


def panel_of(panels, city, classification):
    (found,) = [one for one in panels if (one.city, one.classification) == (city, classification)]
    return found


def test_years_are_statistical_and_the_release_is_told():
    panels = assemble.panels([delivery(2018), delivery(2017)])
    own = panel_of(panels, "Lahti", "income_class")
    assert own.years == (2014, 2015)
    assert own.releases == ("2017", "2018")
    assert own.dates == ("2014-12-31", "2015-12-31")


def test_groups_share_their_base():
    own = panel_of(assemble.panels([delivery(2018)]), "Lahti", "income_class")
    assert own.groups == ("low_income", "high_income", "rest")
    assert own.counts[0].tolist() == [[20, 10, 50], [10, 5, 25]]


def test_only_the_groups_that_are_asked_for():
    panels = assemble.panels([delivery(2018)], group=["unemployed"], city=["Joensuu"])
    (own,) = panels
    assert own.counts[0].tolist() == [[1, 9]]


def test_protected_parts_hide_the_cell_and_keep_its_base():
    own = panel_of(
        assemble.panels([delivery(2018, hr_pi_tul=[np.nan, 10, 3], hr_hy_tul=[np.nan, 5, 9])]), "Lahti", "income_class"
    )
    assert own.hidden[0].tolist() == [True, False]
    assert suppression.hidden_share(own).tolist() == [80 / 120]


def test_where_the_base_is_hidden_residents_are_the_weight():
    own = panel_of(
        assemble.panels([delivery(2018, pt_tyott=[np.nan, 2, 1], pt_tyoll=[np.nan, 18, 9])]), "Lahti", "labour_force"
    )
    assert own.base_hidden
    assert suppression.hidden_share(own).tolist() == [100 / 150]


def test_a_point_that_moves_between_releases_is_the_latest():
    own = panel_of(assemble.panels([delivery(2017), delivery(2018, shift=300)]), "Lahti", "income_class")
    assert own.xy[0].tolist() == [427300, 6761000]


def test_a_year_that_comes_twice_is_refused():
    twin = replace(delivery(2018), path=Path("again.csv"))
    with pytest.raises(BadData, match=r"2015 comes twice: from p2018\.csv \(release 2018\) and again\.csv"):
        assemble.panels([delivery(2018), twin])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"group": ["rented"]}, BadData, r"rented needs te_vuok_as \+ te_taly; columns found: he_vakiy"),
        ({"group": ["poor"]}, BadSettings, "known are low_income"),
        ({"city": ["Oulu"]}, BadSettings, "Oulu is not in the file; it has Joensuu, Lahti"),
        ({"city": ["Porvoo"]}, BadSettings, "known are Helsinki"),
        ({"year": [2018]}, BadSettings, r"statistical year 2018 is not given; the groups asked for have 2015"),
    ],
)
def test_what_cannot_be_had_is_said(options, error, message):
    with pytest.raises(error, match=message):
        assemble.panels([delivery(2018)], **options)


def test_different_bases_in_one_classification_are_refused():
    with pytest.raises(BadSettings, match="different bases"):
        assemble.panels([delivery(2018)], defined=[define("low_income", "hr_pi_tul", "hr_tuy - hr_hy_tul")])


def test_columns_of_different_dates_are_refused():
    with pytest.raises(BadData, match="different reference dates 2015-12-31, 2016-12-31"):
        assemble.panels([delivery(2018)], defined=[define("mine", "hr_pi_tul", "he_vakiy")])


def test_years_with_other_groups_make_their_own_panel():
    less = delivery(2017)
    less = replace(less, frame=less.frame.drop(columns="hr_hy_tul"))
    found = [one for one in assemble.panels([less, delivery(2018)]) if one.classification == "income_class"]
    assert [(one.city, one.years, one.named_groups) for one in found if one.city == "Lahti"] == [
        ("Lahti", (2014,), ("low_income",)),
        ("Lahti", (2015,), ("low_income", "high_income")),
    ]


def breaks(panels, deliveries):
    return {
        (panel.city, panel.classification, year): said
        for panel in with_breaks(panels, deliveries)
        for year, said in zip(panel.years, panel.breaks)
        if said
    }


def test_areas_that_enter_or_leave_a_city_are_breaks():
    both = [delivery(2017, city=["Lahti", "Joensuu", "Joensuu"]), delivery(2018)]
    found = breaks(assemble.panels(both), both)
    assert found["Lahti", "income_class", 2015] == "break: areas entered since 2014: 15110"
    assert found["Joensuu", "income_class", 2015] == "break: areas left since 2014: 15110"


def test_a_break_is_seen_where_the_groups_change_too():
    less = delivery(2017, city=["Lahti", "Joensuu", "Joensuu"])
    both = [replace(less, frame=less.frame.drop(columns="hr_hy_tul")), delivery(2018)]
    found = breaks(assemble.panels(both), both)
    assert found["Lahti", "income_class", 2015] == "break: areas entered since 2014: 15110"


def test_an_area_where_nobody_lives_any_more_is_no_break():
    empty = {name: [80.0, 0.0, 30.0] for name in ("he_vakiy", "hr_tuy")}
    parts = {name: [1.0, 0.0, 1.0] for name in ("hr_pi_tul", "hr_hy_tul", "pt_tyott", "pt_tyoll")}
    both = [delivery(2017), delivery(2018, **empty, **parts)]
    assert breaks(assemble.panels(both), both) == {}


def test_a_change_of_grid_is_a_break():
    both = [replace(delivery(2017), cell_size_m=500.0), replace(delivery(2018), cell_size_m=250.0)]
    panels = [panel for one in both for panel in assemble.panels([one])]
    assert breaks(panels, both)["Lahti", "income_class", 2015] == "break: cells of 250 m, before 500 m"


def test_the_value_of_a_group_does_not_depend_on_the_others_asked_for():
    both = [delivery(2018, hr_pi_tul=[20, np.nan, 3], hr_hy_tul=[np.nan, 5, 9])]
    every = assemble.panels(both, city=["Lahti"])
    (alone,) = assemble.panels(both, city=["Lahti"], group=["low_income"])
    (same,) = [one for one in every if one.named_groups == ("low_income",)]
    assert same.hidden.tolist() == alone.hidden.tolist() == [[False, True]]
    assert same.counts.tolist() == alone.counts.tolist()
    (other,) = [one for one in every if one.named_groups == ("high_income",)]
    assert other.hidden.tolist() == [[True, False]]


def test_a_count_that_is_not_whole_is_refused():
    with pytest.raises(
        BadData, match=r"p2018\.csv: column hr_pi_tul has 1 values in Lahti that are not whole, first 15100"
    ):
        assemble.panels([delivery(2018, hr_pi_tul=[20.5, 10, 3])])


def test_residents_have_a_date_of_their_own():
    own = panel_of(assemble.panels([delivery(2018)]), "Lahti", "income_class")
    assert (own.dates, own.resident_dates) == (("2015-12-31",), ("2016-12-31",))


AGES = [f"ika{low}_{low + 9}" for low in range(0, 80, 10)] + ["ika_yli80"]


def by_age(missing=0.0):
    """Ten-year ages of two cells, of which the first may have residents of no age."""
    ages = np.arange(18.0).reshape(9, 2)
    frame = pd.DataFrame(dict(zip(AGES, ages)) | {"asukkaita": ages.sum(axis=0) + [missing, 0]})
    frame = frame.assign(city="Helsinki", cell=["a", "b"], x=[0.0, 250.0], y=0.0)
    return Delivery("hsy", "grid", Path("h.zip"), CARD, "", {"*": "2019-12-31"}, "asukkaita", frame)


def test_ten_year_ages_are_in_order_where_they_are_everybody():
    (own,) = assemble.panels([by_age()])
    assert own.ascending == own.groups
    assert own.ascending[0] == "age_0_9" and own.ascending[-1] == "age_80_"
    (lacking,) = assemble.panels([by_age(missing=3)])
    assert lacking.groups == (*own.groups, "rest")
    assert lacking.ascending == ()
    (some,) = assemble.panels([by_age()], group=["age_0_9", "age_80_"])
    assert some.ascending == ()


def test_an_order_may_do_without_its_rest_and_not_without_a_group():
    own = panel_of(assemble.panels([delivery(2018)]), "Lahti", "income_class")
    assert own.ascending == ("low_income", "rest", "high_income")
    nobody = delivery(2018, hr_tuy=[30.0, 15.0, 12.0])
    assert panel_of(assemble.panels([nobody]), "Lahti", "income_class").ascending == ("low_income", "high_income")
    (alone,) = assemble.panels([nobody], group=["low_income"], city=["Lahti"])
    assert alone.ascending == ()


def test_a_group_of_the_settings_may_be_lacking_in_one_source_and_not_in_all():
    names = Names("työttömät", "arbetslösa", "out of work")
    own = define("out_of_work", "pt_tyott", "pt_tyott + pt_tyoll", names=names)
    without = replace(delivery(2018), frame=delivery(2018).frame.drop(columns=["pt_tyott", "pt_tyoll"]))
    groups = {name for one in assemble.panels([without], defined=[own], every=False) for name in one.named_groups}
    assert groups == {"low_income", "high_income"}
    wanted = assemble.chosen_groups(None, [own])
    assemble.check_given([without, delivery(2017)], wanted, ["out_of_work"])
    with pytest.raises(BadData, match="group out_of_work cannot be counted: out_of_work needs pt_tyott"):
        assemble.check_given([without], wanted, ["out_of_work"])
    with pytest.raises(BadData, match="out_of_work cannot be counted"):
        assemble.panels([without], defined=[own])
