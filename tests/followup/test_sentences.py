"""What is said is what the numbers say, in three languages."""

import numpy as np
import pytest
from followup import made_tables as made

from segindex import wording
from segindex.facts import LANGUAGES, Names
from segindex.followup import Indicator, cards, names_of
from segindex.followup.places import REASONS
from segindex.followup.sentences import card_sentence, place_sentence, trend_sentence
from segindex.verdict import STATUSES

EVERY = pytest.mark.parametrize("language", LANGUAGES)
EVEN = Indicator("even", "index", "dissimilarity", "low_income", target=0.2, target_year=2030)
NAMES = {"m1": Names("Lähiötoimi", "Förortsåtgärden", "Suburb scheme")} | names_of([EVEN])
TREND_WORDS = {
    "fi": {"rising": "nouseva", "falling": "laskeva", "no_trend": "Yhtenäistä suuntaa ei näy"},
    "sv": {"rising": "stigande", "falling": "fallande", "no_trend": "Ingen enhetlig riktning"},
    "en": {"rising": "trend is rising", "falling": "trend is falling", "no_trend": "No steady direction"},
}
ROSE = {"fi": "suurentunut", "sv": "har ökat", "en": "has risen"}
FELL = {"fi": "pienentynyt", "sv": "har minskat", "en": "has fallen"}
PATH_WORDS = {
    "fi": {"ahead": "polun edellä", "behind": "polun jäljessä", "on_path": "sisältää tavoitepolun"},
    "sv": {"ahead": "före målbanan", "behind": "efter målbanan", "on_path": "innehåller målbanans"},
    "en": {"ahead": "ahead of the target", "behind": "behind the target", "on_path": "holds the target"},
}
BETWEEN = {"fi": "…", "sv": " till ", "en": " to "}
"""What stands between the ends of an interval that may be below 0."""
MADE = {
    "better": made.changes(-0.03),
    "worse": made.changes(0.03),
    "no_clear_change": made.changes(0.005),
    "cannot_say": None,
}


def card(indicator=EVEN, **given):
    return cards([indicator], made.tables(**given), cell_size_m=250.0).iloc[0]


@EVERY
@pytest.mark.parametrize("status", STATUSES)
def test_the_word_of_the_status_stands_and_no_other(status, language):
    one = card(changes=MADE[status])
    assert one["status"] == status
    said = card_sentence(one, language, NAMES).casefold()
    words = {key: wording.text(language, f"status.{key}").casefold() for key in STATUSES}
    assert {key for key, word in words.items() if word in said} == {status}


@EVERY
def test_one_of_many_changes_is_no_clear_one_and_says_why(language):
    said = card_sentence(card(changes=made.changes(0.03, q=0.2)), language, NAMES)
    assert wording.text(language, "status.no_clear_change") in said
    assert f"q = {wording.number(0.2, language, 2)}" in said
    assert ROSE[language] not in said


@EVERY
@pytest.mark.parametrize(("change", "wanted"), [(0.03, "fall"), (0.03, "rise"), (-0.03, "fall"), (-0.03, "rise")])
def test_the_direction_is_that_of_the_change_whatever_is_wanted(change, wanted, language):
    one = Indicator("even", "index", "dissimilarity", "low_income", wanted=wanted)
    said = card_sentence(card(one, changes=made.changes(change)), language, NAMES)
    assert (ROSE[language] in said) == (change > 0)
    assert (FELL[language] in said) == (change < 0)


@EVERY
def test_the_numbers_stand_in_the_form_of_the_language(language):
    said = card_sentence(card(), language, NAMES)
    shown = ("0.330", "0.320–0.340", "+0.030", f"+0.018{BETWEEN[language]}+0.042", "0.250", "0.200")
    for number in shown:
        assert (number if language == "en" else number.replace(".", ",")) in said
    for year in ("2018", "2024", "2030"):
        assert year in said
    assert {"fi": "Turku", "sv": "Åbo", "en": "Turku"}[language] in said
    assert said[0].isupper()


@EVERY
@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"changes": None}, "no_interval"),
        ({"coverage": made.coverage(breaks=[2020])}, "break"),
        ({"results": made.results(years=[2024], values=[0.3])}, "one_year"),
    ],
)
def test_what_cannot_be_said_says_why(given, part, language):
    one = cards([EVEN], made.tables(**given), baseline=2018, cell_size_m=250.0).iloc[0]
    assert one["reason"] == part
    assert wording.text(language, f"followup.reason_{part}") in card_sentence(one, language, NAMES)


@EVERY
def test_low_coverage_is_told_with_its_limit(language):
    said = card_sentence(card(coverage=made.coverage(share=0.85)), language, NAMES)
    assert wording.percent(0.85, language) in said and wording.percent(0.9, language) in said


@EVERY
def test_a_refused_value_is_not_told(language):
    one = card(results=made.results(group_size=99))
    said = card_sentence(one, language, NAMES)
    assert not any(number in said.replace(",", ".") for number in ("0.330", "0.350", "0.030", "0.200"))
    assert wording.text(language, "status.cannot_say") in said


@EVERY
@pytest.mark.parametrize(("target", "expected"), [(0.2, "behind"), (0.45, "ahead"), (0.36, "on_path")])
def test_the_words_of_the_path(target, expected, language):
    one = card(Indicator("even", "index", "dissimilarity", "low_income", target=target, target_year=2030))
    assert one["on_path"] == expected
    said = card_sentence(one, language, NAMES)
    assert {key for key, word in PATH_WORDS[language].items() if word in said} == {expected}


@EVERY
def test_without_a_target_no_path_is_told(language):
    said = card_sentence(card(Indicator("even", "index", "dissimilarity", "low_income")), language, NAMES)
    assert not any(word in said for word in PATH_WORDS[language].values())


@EVERY
@pytest.mark.parametrize(
    ("values", "breaks", "expected"),
    [
        (sorted(made.PATH), (), "rising"),
        (sorted(made.PATH)[::-1], (), "falling"),
        ([0.3, 0.31, 0.3, 0.32, 0.3, 0.31, 0.305], (), "no_trend"),
        (sorted(made.PATH), (2021,), ""),
        ([np.nan] * 3 + sorted(made.PATH)[:4], (), ""),
        ([np.nan] * 2 + sorted(made.PATH)[:5], (), "rising"),
    ],
)
def test_trend_words_need_five_points_and_no_break(values, breaks, expected, language):
    one = card(results=made.results(values=values), coverage=made.coverage(breaks=breaks))
    assert one["trend"] == expected
    assert (one["n_points"] >= 5) == (expected != "")
    said = card_sentence(one, language, NAMES)
    assert [key for key, word in TREND_WORDS[language].items() if word in said] == ([expected] if expected else [])
    assert trend_sentence(one, language) in said


@EVERY
def test_a_share_is_told_in_per_cent_and_its_change_in_points(language):
    sizes = [2_000, 2_010, 2_020, 2_030, 2_040, 2_050, 2_512]
    share = Indicator("share", "share", group="low_income")
    said = card_sentence(card(share, results=made.results(group_size=sizes)), language, names_of([share]))
    assert wording.percent(0.2512, language) in said
    assert f"{ROSE[language].split()[-1]}" in said and wording.number(5.1, language, 1) in said
    falling = card_sentence(card(share, results=made.results(group_size=sizes[::-1])), language, names_of([share]))
    assert FELL[language].split()[-1] in falling and wording.change(-5.1, language, 1) not in falling


@EVERY
def test_an_interval_that_leaves_out_0_never_ends_at_0(language):
    one = dict(card()) | {"change": -0.0069, "change_low": -0.0135, "change_high": -0.0003, "q": 0.08}
    said = card_sentence(one | {"status": "no_clear_change"}, language, NAMES)
    assert wording.change(-0.0003, language, 4) in said
    plain = card_sentence(one | {"change_high": -0.0013}, language, NAMES)
    assert wording.change(-0.0013, language, 3) in plain and wording.change(-0.0069, language, 4) not in plain


@EVERY
def test_every_indicator_has_a_name(language):
    every = [EVEN, Indicator("share", "share", group="low_income"), Indicator("worst", "types_1_2")]
    own = Names("Oma", "Egen", "Own")
    every.append(Indicator("own", "share", group="mine", names=own))
    found = names_of(every, {"mine": own})
    assert found["own"] == own
    assert len({found[key].in_(language) for key in found}) == 4
    assert "(D)" in found["even"].in_(language)


PLACE = {
    "measure_id": "m1",
    "city": "Turku",
    "group": "low_income",
    "first_year": 2020,
    "last_year": 2024,
    "first_share": 0.301,
    "last_share": 0.352,
    "comparable_change": 0.01,
    "n_comparable": 35,
    "difference": 0.041,
    "low": 0.012,
    "high": 0.07,
    "refused": "",
    "reason": "",
}
MOVED = {
    "fi": ("ylemmäs", "alemmas", "sattumasta"),
    "sv": ("uppåt", "nedåt", "slumpen"),
    "en": ("up", "down", "chance"),
}


@EVERY
@pytest.mark.parametrize(
    ("low", "difference", "high", "expected"),
    [(0.012, 0.041, 0.07, 0), (-0.07, -0.041, -0.012, 1), (-0.01, 0.041, 0.09, 2), (0.0, 0.02, 0.04, 2)],
)
def test_a_difference_is_said_as_its_interval_says(low, difference, high, expected, language):
    said = place_sentence(PLACE | {"low": low, "difference": difference, "high": high}, language, NAMES)
    words = said.casefold().replace("(", " ").split()
    held = [any(word == one.strip(".,:") for one in words) for word in MOVED[language]]
    assert held == [at == expected for at in range(3)]
    assert BETWEEN[language].join(wording.change(100 * end, language, 1) for end in (low, high)) in said
    for share in (0.301, 0.352):
        assert wording.percent(share, language) in said
    assert NAMES["m1"].in_(language) in said and "35" in said


@EVERY
@pytest.mark.parametrize("given", [{}, {"reason": "few_comparable"}, {"low": -0.1}, {"reason": "break"}])
def test_a_difference_is_never_called_an_effect(given, language):
    said = place_sentence(PLACE | given, language, NAMES).casefold()
    never = (
        "vaikut",
        "tehos",
        "ansiosta",
        "effekt",
        "inverk",
        "påverk",
        "effect",
        "impact",
        "caused",
        "due to",
        "because of the",
    )
    assert not any(word in said for word in never)


@EVERY
def test_every_reason_has_a_sentence(language):
    said = set()
    for reason in REASONS:
        known = np.nan if reason in ("no_cells", "no_area", "unknown_area", "one_year") else 0.3
        group = "" if reason == "no_cells" else "low_income"
        said.add(place_sentence(PLACE | {"reason": reason, "first_share": known, "group": group}, language, NAMES))
    for refused in ("small_group", "few_cells"):
        said.add(place_sentence(PLACE | {"refused": refused, "first_share": np.nan}, language, NAMES))
    assert len(said) == len(REASONS) + 2
