"""A made-up register of funding for the made-up cities: channels, awards, use and measures that nobody gives or gets.

No channel, amount, recipient or measure is a real one, and none stands for one: the names say so, every note begins
with the words "made-up data", and the addresses lead nowhere.
"""

import numpy as np
import pandas as pd

from segindex.facts import cities as known_cities
from segindex.schema import MADE_UP

YEARS = (2022, 2023, 2024, 2025)
"""Years of the awards."""

NEAREST = 12
"""Cells of a measure that is in cells of the grid."""

NOUNS = {
    "grant": ("Keksitty avustus", "Påhittat understöd", "Made-up grant"),
    "programme": ("Keksitty ohjelma", "Påhittat program", "Made-up programme"),
    "loan": ("Keksitty laina", "Påhittat lån", "Made-up loan"),
    "budget": ("Keksitty määräraha", "Påhittat anslag", "Made-up appropriation"),
    "model": ("Keksitty toimintamalli", "Påhittad modell", "Made-up model"),
}
AIMS = {
    "schools": ("kouluille", "för skolor", "for schools"),
    "languages": ("koulujen kielitukeen", "för språkstöd i skolor", "for languages at school"),
    "newcomers": ("kotoutumiseen", "för integration", "for newcomers"),
    "health": ("hyvinvointiin", "för välbefinnande", "for wellbeing"),
    "suburbs": ("lähiöille", "för förorter", "for housing estates"),
    "trials": ("kokeiluille", "för försök", "for trials"),
    "homes": ("asunnoille", "för bostäder", "for homes"),
    "work": ("työllisyyteen", "för sysselsättning", "for jobs"),
    "parks": ("puistoille", "för parker", "for parks"),
    "clubs": ("yhdistyksille", "för föreningar", "for clubs"),
    "safety": ("turvallisuuteen", "för trygghet", "for safety"),
    "region": ("seudulle", "för regionen", "for the region"),
    "unknown": ("kartoitettavana", "ännu att kartlägga", "still to be mapped"),
}

CHANNELS = (
    ("grant", "schools", "national", "targeted_grant_by_formula", "education", 2021, 2027, "active"),
    ("grant", "languages", "national", "targeted_grant_by_formula", "education;integration", 2021, 2027, "active"),
    ("grant", "newcomers", "national", "formula_compensation", "integration", 2015, None, "active"),
    ("grant", "health", "national", "discretionary_grant", "health_wellbeing", 2022, 2025, "ended"),
    ("programme", "suburbs", "national", "programme_grant", "housing;urban_environment", 2024, 2026, "active"),
    ("grant", "trials", "national", "competitive_call", "innovation;employment", 2025, 2027, "active"),
    ("loan", "homes", "national", "loan", "housing", 2010, None, "active"),
    ("grant", "work", "national", "performance_transfer", "employment", 2020, None, "check"),
    ("budget", "parks", "national", "investment_budget", "urban_environment;safety", 2023, 2026, "active_shrinking"),
    ("loan", "suburbs", "national", "guarantee", "housing", 2012, None, "check"),
    ("programme", "homes", "national", "agreement", "housing;urban_environment", 2024, 2035, "active"),
    ("programme", "work", "eu", "structural_fund", "employment;innovation;participation", 2021, 2027, "active"),
    ("programme", "parks", "eu", "structural_fund", "urban_environment;participation", 2021, 2027, "active"),
    ("grant", "newcomers", "eu", "competitive_call", "integration", 2021, 2027, "active"),
    ("grant", "clubs", "eu", "programme_grant", "participation", 2014, 2020, "ended"),
    ("programme", "trials", "eu", "network_grant", "innovation", 2027, 2029, "planned"),
    ("budget", "schools", "city", "formula_budget", "education", 2019, None, "active"),
    ("budget", "languages", "city", "formula_budget", "education", 2020, None, "active"),
    ("budget", "suburbs", "city", "investment_budget", "urban_environment", 2022, 2026, "active"),
    ("model", "safety", "city", "governance_model", "safety;participation", 2021, None, "active"),
    ("budget", "unknown", "city", "to_be_mapped", "", None, None, "to_be_mapped"),
    ("grant", "unknown", "city", "to_be_mapped", "", None, None, "to_be_mapped"),
    ("programme", "region", "region", "programme_grant", "employment;health_wellbeing", 2023, 2025, "ended"),
    ("model", "work", "national", "monitoring_model", "employment", 2018, 2022, "merged"),
)
"""What it is called (noun, aim), level, instrument, themes, first and last year, status: one channel, A to X."""

MONEY = {
    "A": (42e6, "budget", "2026", "disadvantage_index", "unit"),
    "B": (9e6, "budget", "2026", "formula_language", "unit"),
    "C": (30e6, "budget", "2026", "formula_persons", "none"),
    "D": (12e6, "granted", "2022-2025", "project", "none"),
    "E": (24e6, "programme_budget", "2024-2026", "deprived_area", "neighbourhood"),
    "F": (6e6, "call_budget", "2025-2027", "call_topic", "neighbourhood"),
    "G": (180e6, "plan", "2026", "city_choice", "none"),
    "H": (None, "", "", "performance", "none"),
    "I": (18e6, "budget", "2026", "named_area", "neighbourhood"),
    "J": (None, "check", "", "", ""),
    "K": (0.25, "share", "2024-2035", "agreement", "region"),
    "L": (55e6, "eu_contribution", "2021-2027", "project", "city"),
    "M": (11e6, "eu_contribution", "2021-2027", "deprived_area", "neighbourhood"),
    "N": (8e6, "project_total", "2021-2027", "call_topic", "city"),
    "O": (5e6, "granted", "2014-2020", "project", "none"),
    "P": (3e6, "plan", "2027-2029", "call_topic", "none"),
    "Q": (14e6, "budget", "2026", "disadvantage_index", "unit"),
    "R": (3e6, "budget", "2026", "disadvantage_index", "unit"),
    "S": (6e6, "plan", "2022-2026", "named_area", "neighbourhood"),
    "T": (None, "", "", "named_area", "neighbourhood"),
    "W": (4e6, "granted", "2023-2025", "project", "region"),
}
"""Amount, kind, period, what it is targeted by, and at what places."""

INSIDE = {"B": "A", "M": "L"}
OWN = {"Q": "Helsinki", "R": "Turku", "S": "Tampere;Jyväskylä", "T": "Espoo;Vantaa", "U": "Oulu", "V": "Lahti"}
"""The cities whose own a channel of level "city" is."""

SOURCED, PARTLY = "ACDELMOQW", "BFHKNRSTX"

AWARDED = {"A": 1.0, "C": 0.6, "D": 0.2, "E": 0.4, "L": 0.5}
"""Channels that pay to cities, and their euro in a year beside those of A."""

TO_CLUBS = "F"
EVERY_YEAR = "AC"
PER_RESIDENT = 7.0
"""Euro of A in a year for each resident that the made-up city has in the end."""

FAVOURED = {"Tampere": 1.9, "Jyväskylä": 1.6, "Rovaniemi": 1.5, "Helsinki": 0.7, "Lahti": 0.6}
"""Cities that get more, or less, than their size would give."""

ASKED = "GHIKNX"
"""Channels whose use the cities were asked for."""

USES, CHANCES = ("used", "not_used", "not_eligible", "unknown", ""), (0.35, 0.2, 0.05, 0.15, 0.25)

MEASURES = (
    ("Helsinki", "schools", "named", 1, "A", 1_200_000.0, "2022-08-01", "2026-07-31", "running"),
    ("Helsinki", "suburbs", "cells", 2, "E", 640_000.0, "2023-01-01", "", "running"),
    ("Espoo", "newcomers", "named", 1, "C", 310_000.0, "2021-01-01", "2025-12-31", "ended"),
    ("Vantaa", "safety", "named", 2, "T", None, "2022-03-01", "", "running"),
    ("Turku", "suburbs", "two", 1, "E", 450_000.0, "2022-01-01", "2025-12-31", "running"),
    ("Turku", "clubs", "named", 3, "F", 90_000.0, "2025-05-01", "2027-04-30", "running"),
    ("Tampere", "parks", "named", 1, "S", 800_000.0, "2022-06-01", "2026-12-31", "running"),
    ("Lahti", "work", "whole", 0, "L", 270_000.0, "2023-01-01", "2027-12-31", "running"),
    ("Oulu", "health", "named", 1, "D", 150_000.0, "2022-01-01", "2025-12-31", "check"),
    ("Jyväskylä", "homes", "named", 1, "", None, "2027-01-01", "2030-12-31", "planned"),
    ("Kuopio", "schools", "named", 1, "A", 220_000.0, "2021-08-01", "2026-07-31", "running"),
    ("Joensuu", "parks", "named", 1, "", 60_000.0, "2024-04-01", "", "running"),
)
"""City, aim, kind and number of the area, channel, euro, start, end, status: one measure."""

FOLLOWED = {"schools": "children_0_6", "newcomers": "foreign_language", "work": "low_income"}
"""What a measure of an aim is followed by; of other aims the residents of area types 1 and 2."""


def made_up_register(places, *, seed):
    """The register of the made-up cities.

    Parameters
    ----------
    places : dict of str to (sequence of str, array_like of str)
        Of each city with cells: the ids of its estates (named areas), and those of the cells nearest to the first.
        Measures are of these cities; channels, awards and use are of all eleven.
    seed : int

    Returns
    -------
    Register
    """
    from segindex.funding import judged

    rng = np.random.default_rng([seed, len(CHANNELS)])
    frames = {"channels": _channels(), "awards": _awards(rng), "use": _use(rng), "measures": _measures(places)}
    return judged({sheet: pd.DataFrame(rows) for sheet, rows in frames.items() if rows})


def _letters():
    return {chr(ord("A") + at): channel for at, channel in enumerate(CHANNELS)}


def _id(letter):
    return f"MADE-UP-{ord(letter) - ord('A') + 1:02d}" if letter else ""


def _named(noun, aim, mark):
    names = (f"{what} {mark} – {whom}" for what, whom in zip(NOUNS[noun], AIMS[aim]))
    return dict(zip(("name_fi", "name_sv", "name_en"), names))


def _source(evidence, place):
    """Where a row is from, as far as its grade says, and that it is made up."""
    return {
        "source_url": f"https://example.org/made-up/{place}" if evidence != "unsourced" else "",
        "source_date": "2026-01-15" if evidence == "sourced" else "",
        "evidence": evidence,
        "note": f"{MADE_UP}: nobody gives or gets this",
    }


def _evidence(letter):
    return "sourced" if letter in SOURCED else "partly" if letter in PARTLY else "unsourced"


def _channels():
    rows = []
    for letter, (noun, aim, level, instrument, themes, first, last, status) in _letters().items():
        amount, kind, period, basis, aimed = MONEY.get(letter, (None, "", "", "", ""))
        rows.append(
            {
                "channel_id": _id(letter),
                **_named(noun, aim, letter),
                "level": level,
                "administering_body": f"Keksitty virasto {1 + ord(letter) % 5}",
                "instrument_type": instrument,
                "themes": themes,
                "eligible_applicants": "ngo" if letter == TO_CLUBS else "municipality",
                "start_year": first,
                "end_year": last,
                "status": status,
                "amount_eur": amount,
                "amount_kind": kind,
                "amount_period": period,
                "targeting_basis": basis,
                "area_targeted": aimed,
                "parent_channel_id": _id(INSIDE.get(letter, "")),
                "cities_known": OWN.get(letter, ""),
                **_source(_evidence(letter), _id(letter).lower()),
            }
        )
    return rows


def _awards(rng):
    """Awards of every year to every city: applied for, granted, and paid where that is known yet."""
    from segindex.sources.sample_land import sample_facts

    residents = {city["key"]: city["residents"][-1] for city in sample_facts()["city"]}
    rows = []
    for year in YEARS:
        for city in known_cities():
            for letter, part in (*AWARDED.items(), (TO_CLUBS, 0.05)):
                first, last = CHANNELS[ord(letter) - ord("A")][5:7]
                luck, taken, drawn = rng.uniform(0.8, 1.25), rng.uniform(0.55, 1.0), rng.random()
                if not first <= year <= (last or year) or (letter not in EVERY_YEAR and drawn < 0.35):
                    continue
                granted = round(PER_RESIDENT * residents[city] * part * luck * FAVOURED.get(city, 1.0), -3)
                number = f"{len(rows) + 1:03d}"
                rows.append(
                    {
                        "award_id": f"MADE-UP-AWARD-{number}",
                        "channel_id": _id(letter),
                        "recipient": f"Keksitty yhdistys {number}" if letter == TO_CLUBS else city,
                        "recipient_type": "ngo" if letter == TO_CLUBS else "city",
                        "city": city,
                        "themes": CHANNELS[ord(letter) - ord("A")][4],
                        "amount_applied": None if letter in EVERY_YEAR else round(granted * (1.1 + drawn), -3),
                        "amount_granted": granted,
                        "amount_paid": round(granted * taken, 2) if year < YEARS[-1] else None,
                        "year": year,
                        "start": f"{year}-01-01",
                        "end": f"{year}-12-31",
                        **_source("sourced" if drawn < 0.8 else "partly", f"award-{number}"),
                    }
                )
    return rows


def _use(rng):
    """What the cities answered of channels without awards; some were not asked, some did not know."""
    rows = []
    for city in known_cities():
        for letter in ASKED:
            use = USES[rng.choice(len(USES), p=CHANCES)]
            if use:
                evidence = "partly" if use != "unknown" else "unsourced"
                told = {"city": city, "channel_id": _id(letter), "use": use}
                rows.append(told | _source(evidence, f"use-{known_cities()[city].code}"))
    return rows


def _measures(places):
    rows = []
    for city, aim, kind, number, channel, amount, start, end, status in MEASURES:
        if city not in places:
            continue
        estates, nearest = places[city]
        at = min(number, len(estates)) - 1
        areas = {
            "named": estates[at : at + 1],
            "two": estates[at : at + 2],
            "cells": list(nearest),
            "whole": [],
        }[kind]
        mark = f"{len(rows) + 1:02d}"
        group = FOLLOWED.get(aim)
        rows.append(
            {
                "measure_id": f"MADE-UP-MEASURE-{mark}",
                "name_fi": f"Keksitty toimenpide {mark} – {AIMS[aim][0]}",
                "name_sv": f"Påhittad åtgärd {mark} – {AIMS[aim][1]}",
                "name_en": f"Made-up measure {mark} – {AIMS[aim][2]}",
                "owner": "Keksitty toimiala",
                "city": city,
                "area_id": ";".join(areas),
                "area_scheme": "" if kind == "whole" else "grid_cell" if kind == "cells" else "named_area",
                "themes": _themes(aim),
                "channel_id": _id(channel),
                "amount_eur": amount,
                "amount_kind": "" if amount is None else "plan",
                "start": start,
                "end": end,
                "status": status,
                "indicators": f"dissimilarity_{group}" if group else "types_1_2",
                **_source("partly", f"measure-{mark}"),
            }
        )
    return rows


def _themes(aim):
    """The themes of the first channel with an aim."""
    return next(channel[4] for channel in CHANNELS if channel[1] == aim)
