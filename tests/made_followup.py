"""A made-up follow-up of the programme: cards of every status, reason and trend, and measures of every kind."""

import numpy as np
import pandas as pd

from segindex import schema
from segindex.followup import Indicator
from segindex.followup.columns import CARDS, NEED_WITHOUT, PLACES, POINTS
from segindex.funding.register import judged

YEARS = tuple(range(2010, 2016))
BASELINE, LATEST, TARGET_YEAR = 2013, 2015, 2035
CITIES = ("Helsinki", "Espoo", "Tampere", "Vantaa", "Oulu", "Turku", "Jyväskylä", "Kuopio", "Lahti", "Joensuu")
INDICATORS = (
    Indicator("low_income", "index", "dissimilarity", "low_income", target=0.18, target_year=TARGET_YEAR),
    Indicator("foreign", "index", "isolation", "foreign_language", next_update="2027-03"),
    Indicator("share", "share", group="low_income", wanted="rise"),
    Indicator("types_1_2", "types_1_2", target=0.1, target_year=TARGET_YEAR),
)
NOTE = schema.MADE_UP
CLASSIFICATIONS = {"low_income": "income_class", "foreign_language": "language", "": ""}
PARTS = {"structural": 0.7, "margins": 0.2, "appeared": 0.1}

CASES = {
    "Helsinki": {"change": -0.021, "half": 0.008, "status": "better", "trend": "falling", "on_path": "ahead"},
    "Espoo": {"change": 0.019, "half": 0.007, "status": "worse", "trend": "rising", "on_path": "behind"},
    "Tampere": {
        "change": -0.004,
        "half": 0.009,
        "status": "no_clear_change",
        "trend": "no_trend",
        "on_path": "on_path",
    },
    "Vantaa": {"change": 0.012, "half": 0.010, "q": 0.21, "status": "no_clear_change", "on_path": "on_path"},
    "Oulu": {"reason": "break", "breaks": "2014", "trend_reason": "break"},
    "Turku": {"change": -0.011, "half": 0.004, "reason": "coverage", "coverage": 0.8712},
    "Jyväskylä": {"change": 0.006, "reason": "no_interval"},
    "Kuopio": {"reason": "no_rows", "refused": "no_rows"},
    "Lahti": {"reason": "small_group", "refused": "small_group"},
    "Joensuu": {"reason": "few_cells", "refused": "few_cells"},
}
"""What each city's cards are made to say; without a status it cannot be said, without a trend there are few points."""

NUMBERS = ("value", "as_it_is", "expected", "low", "high", "group_share")


def cards():
    """A row an indicator and city."""
    rows = [card(one, city, place) for one in INDICATORS for place, city in enumerate(CITIES)]
    return schema.ordered(pd.DataFrame(rows, columns=list(CARDS)), CARDS, ["indicator", "city"])


def card(one, city, place):
    """The card of an indicator in a city."""
    case, index = CASES[city], one.measure == "index"
    value = 0.15 + 0.013 * place
    change, half = case.get("change", np.nan), case.get("half", np.nan)
    status = case.get("status", "cannot_say")
    if not index and status != "cannot_say":
        status, case = "cannot_say", {"change": change, "reason": "no_interval", "trend": case.get("trend", "")}
        half = np.nan
    if one.wanted == "rise" and status in ("better", "worse"):
        status = {"better": "worse", "worse": "better"}[status]
    interval = 0.006 if index else np.nan
    row = dict.fromkeys(CARDS, np.nan) | {
        "indicator": one.key,
        "city": city,
        "measure": one.measure,
        "index": one.index,
        "classification": CLASSIFICATIONS[one.group],
        "group": one.group,
        "cluster_size": 2.1 if index else np.nan,
        "baseline_year": BASELINE,
        "baseline": value - np.nan_to_num(change),
        "baseline_low": value - np.nan_to_num(change) - interval,
        "baseline_high": value - np.nan_to_num(change) + interval,
        "before_first": 2010,
        "before_last": 2012,
        "before_low": value - 0.02,
        "before_high": value + 0.01,
        "before_of": "as_it_is" if city == "Tampere" else "corrected",
        "year": LATEST,
        "value": value,
        "as_it_is": value + 0.03,
        "expected": 0.041 if index else np.nan,
        "low": value - interval,
        "high": value + interval,
        "group_share": 0.12,
        "change": change,
        "change_low": change - half,
        "change_high": change + half,
        "q": case.get("q", 0.01),
        **{name: change * part if index else np.nan for name, part in PARTS.items()},
        "wanted": one.wanted,
        "target": np.nan if one.target is None else one.target,
        "target_year": one.target_year,
        "path": np.nan if one.target is None else value - 0.002,
        "on_path": "" if one.target is None else case.get("on_path", "cannot_say"),
        "status": status,
        "reason": case.get("reason", ""),
        "trend": case.get("trend", ""),
        "trend_reason": "" if case.get("trend") else case.get("trend_reason", "few_points"),
        "trend_p": 0.0167 if case.get("trend") else np.nan,
        "n_points": 6 if case.get("trend") else 3,
        "coverage": np.nan if case.get("reason") == "no_rows" else case.get("coverage", 0.98),
        "breaks": case.get("breaks", ""),
        "source": "sample",
        "reference_date": "2015-12-31",
        "next_update": one.next_update,
        "refused": case.get("refused", ""),
        "note": NOTE,
    }  # fmt: skip
    if row["refused"]:
        row |= dict.fromkeys(NUMBERS, np.nan)
    return row


def points():
    """The years of each card up to the latest, and the target's year."""
    rows = []
    for one in cards().to_dict("records"):
        goal = [] if np.isnan(one["target"]) else [TARGET_YEAR]
        for year in (*YEARS, *goal):
            told = year <= LATEST and not one["refused"]
            value = 0.19 + 0.004 * np.sin(year * len(one["city"])) if told else np.nan
            path = one["baseline"] + (one["target"] - one["baseline"]) * (year - BASELINE) / (TARGET_YEAR - BASELINE)
            half = 0.006 if one["measure"] == "index" else np.nan
            rows.append(
                {
                    "indicator": one["indicator"],
                    "city": one["city"],
                    "year": year,
                    "value": value,
                    "low": value - half,
                    "high": value + half,
                    "path": path if goal and year >= BASELINE else np.nan,
                    "broken": one["breaks"] == str(year),
                    "refused": one["refused"] if year <= LATEST else "",
                    "note": NOTE,
                }
            )
    return schema.ordered(pd.DataFrame(rows, columns=list(POINTS)), POINTS, ["indicator", "city", "year"])


def measure(measure_id, city, **more):
    """A measure of the register."""
    return {
        "measure_id": measure_id,
        "name_fi": f"Keksitty toimenpide {measure_id}",
        "name_sv": f"Påhittad åtgärd {measure_id}",
        "name_en": f"Made-up measure {measure_id}",
        "owner": "Kaupunki",
        "city": city,
        "status": "running",
        "evidence": "unsourced",
        "note": NOTE,
    } | more


def register(areas):
    """Measures with an area in the data (`areas`: ids of Helsinki's cells), with an unknown one, and with none."""
    grid = {"area_scheme": "grid_cell", "start": "2014", "end": "2027-12-31", "themes": "housing;education"}
    measures = [
        measure("M1", "Helsinki", area_id=";".join(areas), **grid, indicators="low_income", amount_eur=1_250_000.0,
                amount_kind="budget", evidence="partly"),
        measure("M2", "Helsinki", area_id="", status="planned", name_sv="", name_en=""),
        measure("M3", "Espoo", area_id="02100", area_scheme="postal_code", start="2026"),
        measure("M4", "Oulu", area_id="90500;90510;90520;90530;90540", area_scheme="postal_code", status="ended"),
        measure("M5", "Lahti", area_id="15100", area_scheme="postal_code", amount_eur=90_000.0, amount_kind="paid"),
        measure("M6", "Turku", status="check"),
    ]  # fmt: skip
    return judged({"measures": pd.DataFrame(measures)}, file="made-up")


PLACED = (
    {"measure_id": "M1", "city": "Helsinki", "group": "low_income", "difference": 0.012, "half": 0.005},
    {"measure_id": "M1", "city": "Helsinki", "group": "foreign_language", "difference": -0.003, "half": 0.008},
    {"measure_id": "M1", "city": "Helsinki", "group": "unemployed", "difference": -0.02, "half": 0.008},
    {"measure_id": "M2", "city": "Helsinki", "group": "low_income", "reason": "no_area"},
    {"measure_id": "M3", "city": "Espoo", "group": "low_income", "reason": "not_begun"},
    {"measure_id": "M3", "city": "Espoo", "group": "foreign_language", "reason": "no_types"},
    {"measure_id": "M3", "city": "Espoo", "group": "unemployed", "refused": "few_cells"},
    {"measure_id": "M4", "city": "Oulu", "group": "low_income", "reason": "break"},
    {"measure_id": "M4", "city": "Oulu", "group": "foreign_language", "reason": "few_comparable"},
    {"measure_id": "M5", "city": "Lahti", "group": "low_income", "refused": "small_group"},
    {"measure_id": "M5", "city": "Lahti", "group": "foreign_language", "reason": "unknown_area"},
    {"measure_id": "M5", "city": "Lahti", "group": "unemployed", "reason": "one_year"},
    {"measure_id": "M6", "city": "Turku", "group": "", "reason": "no_cells"},
)
NO_SHARES = ("no_area", "unknown_area", "one_year", "no_cells")


def places():
    """What changed where the measures are: every reason and refusal, and a difference of each kind."""
    rows = []
    for case in PLACED:
        shown = not case.get("refused") and case.get("reason", "") not in NO_SHARES
        difference, half = case.get("difference", np.nan), case.get("half", np.nan)
        broken = case.get("reason") == "break"
        rows.append(
            dict.fromkeys(PLACES, np.nan)
            | {
                **{name: case[name] for name in ("measure_id", "city", "group")},
                "owner": "Kaupunki",
                "status": "running",
                "start": "2014",
                "end": "",
                "n_cells": 30 if shown else 0,
                "residents": 5_430.0 if shown else np.nan,
                "disadvantaged_share": 0.64 if shown else np.nan,
                "first_year": BASELINE,
                "last_year": LATEST,
                "first_share": 0.31 if shown else np.nan,
                "last_share": 0.33 if shown else np.nan,
                "change": 0.02 if shown and not broken else np.nan,
                "comparable_change": 0.02 - difference,
                "n_comparable": 14 if "difference" in case else 0,
                "difference": difference,
                "low": difference - half,
                "high": difference + half,
                "refused": case.get("refused", ""),
                "reason": case.get("reason", ""),
                "note": NOTE,
            }
        )
    return schema.ordered(pd.DataFrame(rows, columns=list(PLACES)), PLACES, ["city", "measure_id", "group"])


def need():
    """Residents of area types with measures and without, in two cities; one row is refused."""
    rows = []
    for city in ("Helsinki", "Espoo"):
        for kind in range(6 if city == "Helsinki" else 5):
            refused = "few_cells" if (city, kind) == ("Espoo", 1) else ""
            residents, inside = 40_000.0 + kind, 9_000.0 * (kind in (1, 2))
            rows.append(
                {
                    "city": city,
                    "type": kind,
                    "n_cells": 100,
                    "residents": residents,
                    "with_measures": np.nan if refused else inside,
                    "without_measures": np.nan if refused else residents - inside,
                    "refused": refused,
                    "note": NOTE,
                }
            )
    return schema.ordered(pd.DataFrame(rows, columns=list(NEED_WITHOUT)), NEED_WITHOUT, ["city", "type"])


def programme():
    """The four tables."""
    return {
        "followup_cards": cards(),
        "followup_points": points(),
        "followup_places": places(),
        "followup_need": need(),
    }
