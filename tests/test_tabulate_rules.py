"""Lists of areas by rule on constructed tables: edges of the Danish lists, the Swedish structure, one's own file."""

import pandas as pd
import pytest

import segindex
from segindex.errors import BadData, BadSettings
from segindex.rules import read_rules
from segindex.tabulate import apply_rules, rule_cut_offs

LISTS = ["vulnerable_area", "parallel_society", "transformation_area", "prevention_area"]
CALM = {
    "residents": 1500,
    "outside_work": 0.20,
    "convictions": 0.010,
    "convictions_national": 0.010,
    "basic_education": 0.30,
    "income": 300.0,
    "income_region": 300.0,
    "non_western": 0.10,
}
LISTED = CALM | {"outside_work": 0.45, "income": 150.0, "non_western": 0.60}


def table(values, years=range(2018, 2025), **by_year):
    """A table of one area: the same values every year, save those that are given as a list."""
    return pd.DataFrame({"area": "A", "year": list(years)} | values | by_year)


def verdicts(frame, **options):
    """{list: its verdicts by year}."""
    found = apply_rules(frame, **options)
    return {name: own["verdict"].tolist() for name, own in found.groupby("list", sort=False)}


def last(values, name="vulnerable_area", **options):
    return verdicts(table(values), **options)[name][-1]


def test_each_list_on_the_constructed_table():
    found = verdicts(table(LISTED))
    assert list(found) == LISTS
    assert found["vulnerable_area"] == ["unknown"] + ["yes"] * 6, "the first year has no mean of two"
    assert found["parallel_society"] == ["unknown"] + ["yes"] * 6
    assert found["transformation_area"] == ["unknown"] * 5 + ["yes"] * 2, "five years, of which the first is unknown"
    assert found["prevention_area"] == ["unknown"] + ["yes"] * 6
    assert verdicts(table(CALM)) == {
        "vulnerable_area": ["unknown"] + ["no"] * 6,
        "parallel_society": ["no"] * 7,
        "transformation_area": ["no"] * 7,
        "prevention_area": ["no"] * 7,
    }
    lax = CALM | {"outside_work": 0.35, "income": 190.0, "non_western": 0.35}
    assert [last(lax, name) for name in LISTS] == ["no", "no", "no", "yes"]


@pytest.mark.parametrize(
    ("one", "at", "over", "listed_at"),
    [
        ("outside_work", 0.40, 0.401, False),
        ("convictions", 0.030, 0.029, True),
        ("basic_education", 0.60, 0.601, False),
        ("income", 165.0, 164.9, False),
    ],
)
def test_the_edge_of_each_criterion(one, at, over, listed_at):
    other = {"basic_education": 0.9} if one != "basic_education" else {"outside_work": 0.9}
    assert last(CALM | other | {one: at}) == ("yes" if listed_at else "no")
    assert last(CALM | other | {one: over}) == ("no" if listed_at else "yes")
    assert last(CALM | {one: 0.0 if one == "income" else 1.0}) == "no", "one of four is too few"


def test_the_edges_of_the_laxer_criteria_and_of_origin():
    lax = CALM | {"basic_education": 0.9, "non_western": 0.31}
    for one, at, over in (("outside_work", 0.30, 0.301), ("income", 195.0, 194.9), ("convictions", 0.019, 0.020)):
        assert last(lax | {one: at}, "prevention_area") == "no" and last(lax | {one: over}, "prevention_area") == "yes"
    lax |= {"outside_work": 0.9}
    assert last(lax | {"non_western": 0.30}, "prevention_area") == "no"
    assert last(LISTED | {"non_western": 0.50}, "parallel_society") == "no"
    assert last(LISTED | {"non_western": 0.501}, "parallel_society") == "yes"


@pytest.mark.parametrize(("residents", "verdict"), [(999, "no"), (1000, "yes"), (None, "unknown")])
def test_exactly_a_thousand_residents(residents, verdict):
    assert last(LISTED | {"residents": residents}) == verdict
    assert last(CALM | {"residents": residents}) == "no"


def test_the_mean_of_two_years_crosses():
    values = {name: value for name, value in CALM.items() if name != "outside_work"} | {"basic_education": 0.9}
    found = verdicts(table(values, outside_work=[0.30, 0.50, 0.31, 0.48, 0.39, 0.41, 0.42]))["vulnerable_area"]
    assert found == ["unknown", "no", "yes", "no", "yes", "no", "yes"], "means .40 .405 .395 .435 .40 .415"


def test_national_and_own_convictions_are_both_means_of_two_years():
    values = {name: value for name, value in LISTED.items() if not name.startswith("conv")} | {"income": 300.0}
    found = table(values, [2023, 2024], convictions=[0.02, 0.04], convictions_national=[0.005, 0.015])
    assert verdicts(found)["vulnerable_area"] == ["unknown", "yes"], ".03 is three times .01, though .04 is not of .015"


def test_unknown_only_where_it_could_turn_the_verdict():
    missing = float("nan")
    assert last(LISTED | {"convictions": missing}) == "yes"
    assert last(LISTED | {"convictions": missing, "income": 300.0}) == "unknown"
    assert last(CALM | {"convictions": missing}) == "no"
    assert last(CALM | {"convictions": missing, "income": missing}) == "unknown"
    assert last(LISTED | {"convictions": missing, "income": 300.0, "non_western": 0.1}, "parallel_society") == "no"
    row = apply_rules(table(LISTED).drop(columns="convictions"), lists="vulnerable_area").iloc[-1]
    assert (row["n_met"], row["n_known"], row["n_criteria"], row["verdict"]) == (2, 3, 4, "yes")
    assert "unknown: convictions (not in the table: convictions" in row["note"]


def test_the_fifth_year():
    share = [0.6, 0.6, 0.6, 0.4, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]
    values = {name: value for name, value in LISTED.items() if name != "non_western"}
    found = verdicts(table(values, range(2010, 2020), non_western=share))
    assert found["transformation_area"] == ["unknown"] * 3 + ["no"] * 5 + ["yes"] * 2
    frame = table(LISTED)
    gap = verdicts(frame[frame["year"] != 2021])["transformation_area"]
    assert gap == ["unknown"] * 6, "a year that is missing is unknown, not left out"


def test_what_a_row_says():
    found = apply_rules(table(LISTED | {"note": "made-up data"}), cut_offs={"outside_work": 0.44})
    assert found.columns.tolist() == list(segindex.schema.VERDICTS)
    row = found[(found["year"] == 2024) & (found["list"] == "parallel_society")].iloc[0]
    assert row["note"] == (
        "made-up data; foreign practice (Denmark): no classification of Finnish areas; cut-offs as given: outside_work "
        "0.44; met: non_western, on vulnerable_area"
    )
    assert (row["n_met"], row["n_known"], row["n_criteria"]) == (2, 4, 4), "those of the list that it stands on"
    assert found["note"].str.contains("foreign practice").all()
    assert "not met: convictions, basic_education" in found["note"].iloc[-4]


def test_long_tables_other_names_and_order_make_no_difference():
    frame = pd.concat([table(LISTED), table(CALM).assign(area="B")], ignore_index=True)
    expected = apply_rules(frame)
    pd.testing.assert_frame_equal(apply_rules(frame.sample(frac=1, random_state=1)), expected)
    long = frame.melt(["area", "year"], var_name="variable")
    pd.testing.assert_frame_equal(segindex.apply_rules(long.assign(note="")), expected)
    renamed = frame.rename(columns={"area": "code", "income": "euros"})
    pd.testing.assert_frame_equal(apply_rules(renamed, columns={"area": "code", "income": "euros"}), expected)
    assert apply_rules(long.assign(note="made-up data"))["note"].str.startswith("made-up data; ").all()


SHARES = ("low_economic_standard", "basic_education", "support_or_unemployed")


def swedish(values, year=2020):
    return pd.DataFrame({"area": list("abcde"), "year": year, "residents": 100} | dict.fromkeys(SHARES, values))


def test_the_swedish_structure():
    with pytest.raises(BadSettings, match=r"sweden has no cut-offs between its 5 types: .*rule_cut_offs"):
        apply_rules(swedish([0.5, 0.4, 0.3, 0.2, 0.1]), "sweden")
    frame = swedish([0.5, 0.4, 0.3, 0.2, 0.1])
    frame["basic_education"] = [0.8, 0.4, 0.3, 0.2, float("nan")]
    found = apply_rules(frame, "sweden", cut_offs=[0.55, 0.4, 0.25, 0.15])
    yes = found[found["verdict"] == "yes"].set_index("area")["list"].to_dict()
    assert yes == {"a": "type_1", "b": "type_3", "c": "type_3", "d": "type_4"}, "a value at a cut-off is below it"
    unknown = found[found["area"] == "e"]
    assert set(unknown["verdict"]) == {"unknown"} and set(unknown["n_known"]) == {2}
    assert unknown["note"].str.endswith("unknown: basic_education").all() and found["n_met"].isna().all()


def test_cut_offs_fixed_at_a_baseline_stay():
    parts = [0.2, 0.4, 0.6, 0.8]
    cuts = rule_cut_offs(swedish([0.5, 0.4, 0.3, 0.2, 0.1]), year=2020, parts=parts)
    assert cuts == [0.4, 0.3, 0.2, 0.1]
    later = apply_rules(swedish([0.5, 0.45, 0.3, 0.2, 0.05], 2021), "sweden", cut_offs=cuts)
    assert later[later["verdict"] == "yes"]["list"].tolist() == ["type_1", "type_1", "type_3", "type_4", "type_5"]
    with pytest.raises(BadSettings, match="4 ascending numbers"):
        rule_cut_offs(swedish([0.5] * 5), year=2020, parts=[0.2])
    with pytest.raises(BadData, match="do not part into 5 types"):
        rule_cut_offs(swedish([0.5] * 5), year=2020, parts=parts)
    with pytest.raises(BadSettings, match="it has 2020"):
        rule_cut_offs(swedish([0.5] * 5), year=2019, parts=parts)
    with pytest.raises(BadSettings, match="denmark has no types"):
        rule_cut_offs(table(CALM), "denmark", year=2020, parts=parts)


OWN = """
key = "thumb"
country = "Finland"
year = 2026
foreign_practice = false
fi = "nyrkkisääntö"
sv = "tumregel"
en = "rule of thumb"
[unit]
fi = "postinumeroalue"
sv = "postnummerområde"
en = "postal code area"
[caution]
fi = "oma"
sv = "egen"
en = "of one's own"
[[source]]
title = "own"
address = "none"
[[criterion]]
key = "unemployed"
fi = "työttömien osuus"
sv = "andel arbetslösa"
en = "share of unemployed"
above = 0.2
evidence = "own"
[[list]]
key = "watched"
fi = "seurattava"
sv = "bevakas"
en = "watched"
required = ["unemployed"]
years_running = 2
"""


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "thumb.toml"
    path.write_text(OWN, encoding="utf-8")
    frame = pd.DataFrame({"area": "00100", "year": [2020, 2021, 2022], "unemployed": [0.3, 0.25, 0.1]})
    found = apply_rules(frame, path)
    assert found["verdict"].tolist() == ["unknown", "yes", "no"]
    assert not found["note"].str.contains("foreign").any()
    assert found["n_criteria"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("above = 0.2", "abov = 0.2", "thumb.toml: unknown entry of criterion abov; did you mean above"),
        ("above = 0.2", "above = 20", "criterion unemployed: above = 20; allowed is a share from 0 to 1"),
        ("above = 0.2", "above = 0.2\nbelow = 0.1", "allowed is one of above, at_least, below, at_most"),
        ("above = 0.2", "above = 0.2\nrelative_to = 'nation'", "relative_to = 'nation'; allowed is no reference"),
        ('required = ["unemployed"]', 'required = ["unemployd"]', "list watched: required = 'unemployd'; did you mean"),
        ('required = ["unemployed"]', "", "a list must ask for something"),
        ('required = ["unemployed"]', 'criteria = ["unemployed"]\nneeded = 2', "needed = 2; allowed is at most 1"),
        ("years_running = 2", "years_running = 0", "years_running = 0; allowed is a whole number from 1"),
        ("years_running = 2", 'on = "later"', "on = 'later'; allowed is a list that stands before this one"),
        ('sv = "bevakas"', "", "list watched: sv = None; allowed is a text, for each of fi, sv, en"),
        ('evidence = "own"', 'evidence = "sure"', "evidence = 'sure'; allowed is read"),
        ("foreign_practice = false", "foreign_practice = 0", "foreign_practice = 0; allowed is true or false"),
        ("year = 2026", "year = 2026\ncut_offs = [0.1]", r"cut_offs = \[0.1\]; allowed is 0 descending"),
        ("[[source]]", "[[sources]]", "unknown key sources; did you mean source"),
        ('key = "watched"', 'key = "year"', "list key = 'year'; allowed is small letters"),
        ('key = "thumb"', "key = ", "the rules cannot be read"),
    ],
)
def test_the_reader_judges_a_file(tmp_path, old, new, message):
    path = tmp_path / "thumb.toml"
    assert OWN.count(old) == 1
    path.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(BadSettings, match=message):
        read_rules(path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rules": "danmark"}, "rules 'danmark' are unknown; did you mean denmark"),
        ({"rules": "no.toml"}, "no.toml: there is no such file"),
        ({"lists": "vulnerable"}, "list 'vulnerable' is unknown; "),
        ({"columns": {"incom": "x"}}, "columns name 'incom', which is unknown; did you mean income"),
        ({"columns": {"income": "euros"}}, "income is 'euros', which the table lacks"),
        ({"cut_offs": {"incom": 1}}, "unknown cut-off of denmark: incom; did you mean income"),
        ({"cut_offs": {"outside_work": 40}}, "outside_work = 40; allowed is a share from 0 to 1"),
        ({"cut_offs": [0.4]}, "unknown cut-off of denmark: types"),
    ],
)
def test_wrong_settings_are_refused(options, message):
    with pytest.raises(BadSettings, match=message):
        apply_rules(table(CALM), **options)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"outside_work": 45}, "column outside_work, area A, year 2018: 45; allowed are shares from 0 to 1"),
        ({"outside_work": "x"}, "outside_work, area A, year 2018: x;"),
        ({"income": -1}, "allowed are numbers from 0, or empty"),
        ({"income": float("inf")}, "allowed are numbers from 0"),
        ({"income_region": 0}, "allowed are numbers above 0"),
        ({"convictions_national": 0}, "allowed are shares above 0"),
        ({"year": 2020}, "area A, year 2020 stands twice"),
        ({"year": 2020.5}, "column year holds 2020.5; allowed are whole years"),
        ({"area": None}, "column area is empty in row 0"),
    ],
)
def test_wrong_data_are_refused(values, message):
    with pytest.raises(BadData, match=message):
        apply_rules(table(CALM).assign(**values))


def test_a_table_of_something_else_is_refused():
    with pytest.raises(BadData, match="none of the columns of denmark, outside_work"):
        apply_rules(pd.DataFrame({"area": ["A"], "year": [2020], "residents": [1]}))
    with pytest.raises(BadData, match="column year is missing"):
        apply_rules(table(CALM).drop(columns="year"))
    long = table(CALM).melt(["area", "year"], var_name="variable")
    with pytest.raises(BadData, match="variable residents stands twice"):
        apply_rules(pd.concat([long, long]))
