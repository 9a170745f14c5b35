"""A made-up funding mapping: awards to ten cities, the need of eleven, one pot, and the tables computed from them."""

import pandas as pd

from segindex import funding
from segindex.facts import cities
from segindex.funding import judged
from segindex.funding.timeline import span
from segindex.schema import MADE_UP

PEOPLE = dict(zip(cities(), range(60_123, 660_000, 54_321)))
"""Made-up residents of each city."""

YEARS = (2022, 2024)


def register():
    """A register of six made-up channels; one city has no award, two awards meet, one is used nowhere by the sheet."""
    frames = {"channels": _channels(), "awards": _awards(), "use": _use(), "measures": []}
    columns = funding.facts().tables
    frames = {name: pd.DataFrame(rows, columns=columns[name].columns, dtype=object) for name, rows in frames.items()}
    return judged(frames, file="made.xlsx")


def _channels():
    run = {"start_year": 2021, "end_year": 2026}
    inner = {"themes": "safety", "amount_eur": 1e6, "parent_channel_id": "M-2"}
    eu = {"level": "eu", "amount_kind": "eu_contribution", "amount_eur": 9e8, "area_targeted": "none"}
    model = {"level": "city", "status": "check", "evidence": "unsourced", "amount_kind": "", "cities_known": "Turku"}
    waits = {"level": "city", "instrument_type": "to_be_mapped", "status": "to_be_mapped", "cities_known": "Oulu"}
    return [
        _channel("M-1", "avustus", "understöd", "grant", themes="housing", amount_eur=6e7, **run),
        _channel("M-2", "ohjelma", "program", "programme", themes="housing;safety", amount_eur=3e7, evidence="partly"),
        _channel("M-3", "sisempi", "inre", "inner", **inner),
        _channel("M-4", "EU-raha", "EU-pengar", "EU money", themes="employment", **eu, **run),
        _channel("M-5", "malli", "modell", "model", themes="participation", source_url="", source_date="", **model),
        {"channel_id": "M-6", "name_fi": "Keksitty kartoitettava", "administering_body": "Oulu", "note": MADE_UP}
        | waits,
    ]


def _channel(channel_id, fi, sv, en, **more):
    names = {"name_fi": f"Keksitty {fi}", "name_sv": f"Fiktivt: {sv}", "name_en": f"Made-up {en}"}
    common = {"level": "national", "instrument_type": "programme_grant", "status": "active", "evidence": "sourced"}
    common |= {"amount_kind": "granted", "area_targeted": "neighbourhood", "note": MADE_UP}
    common |= {"source_url": "https://example.org/page", "source_date": "2025-01-31", "eligible_applicants": "city"}
    return {"channel_id": channel_id} | names | common | more


def _awards():
    rows = []
    for place, city in enumerate(list(PEOPLE)[:-1]):
        rows.append(
            {
                "award_id": f"A-{place}",
                "channel_id": "M-1",
                "recipient": city,
                "recipient_type": "city",
                "city": city,
                "amount_applied": PEOPLE[city] * 12.0,
                "amount_granted": PEOPLE[city] * (3.0 + place),
                "amount_paid": PEOPLE[city] * 2.0 if place % 2 else None,
                "year": 2024,
                "evidence": "sourced" if place % 3 else "partly",
                "note": MADE_UP,
            }
        )
    meets = rows[0] | {"award_id": "B-0", "channel_id": "M-2", "amount_granted": 250_000.0}
    return [*rows, meets]


def _use():
    common = {"evidence": "partly", "note": MADE_UP}
    return [
        common | {"city": "Turku", "channel_id": "M-2", "use": "not_used"},
        common | {"city": "Lahti", "channel_id": "M-4", "use": "used"},
    ]


def need(known=True):
    """Made-up needs, as `funding.needs` gives them; without `known` one city's low income is refused."""
    rows = []
    for place, (city, people) in enumerate(PEOPLE.items()):
        shares = {"low_income": 0.10 + 0.01 * place, "types_1_2": 0.3 - 0.02 * place, "low_income_children": 0.02}
        for measure, share in ({"residents": 1.0} | shares).items():
            group = measure == "low_income"
            hidden = group and not known and place == 10
            value = None if hidden else round(people * share, -2 if measure == "types_1_2" else 1)
            rows.append(
                {
                    "city": city,
                    "year": 2024,
                    "measure": "group" if group else measure,
                    "group": "low_income" if group else "",
                    "value": value,
                    "low": None if measure == "residents" else value,
                    "high": None if measure == "residents" or value is None else round(value * 1.04, -2),
                    "hidden_share": 0.04,
                    "refused": "small_group" if hidden else "",
                    "note": _note(measure),
                }
            )
    return funding_need(rows)


def _note(measure):
    estimate = "estimate: children taken to be as often poor as the adults of their cell"
    return f"{MADE_UP}; {estimate}" if measure == "low_income_children" else MADE_UP


def funding_need(rows):
    """Rows of need as a table of `funding.columns.NEED`."""
    from segindex.funding.columns import NEED
    from segindex.schema import ordered

    return ordered(pd.DataFrame(rows), NEED, ["city", "year", "measure", "group"])


def tables(given, needs=None, pot_eur=None):
    """The tables of an edition: of the register alone, or with what the cities need and a pot."""
    shares = None if needs is None else needs[needs["group"] == "low_income"][["city", "value"]]
    matrix = funding.matrix(given)
    found = {
        "funding_coverage": funding.coverage(given),
        "funding_amounts": funding.amounts(given),
        "funding_matrix": matrix,
        "funding_completeness": funding.completeness(matrix),
        "funding_gaps": funding.gaps(given, shares),
        "funding_overlaps": funding.overlaps(given),
        "funding_timeline": funding.timeline(given, span(given)),
        "funding_absorption": funding.absorption(given),
    }
    if needs is None:
        return found
    heads = funding.per_head(given, needs, years=YEARS)
    curve, indices = funding.curves(given, needs, years=YEARS)
    found |= {
        "funding_need": needs,
        "funding_per_head": heads,
        "funding_curve": curve,
        "funding_concentration": indices,
    }
    if pot_eur is not None:
        current = heads.drop_duplicates("city").set_index("city")["amount_eur"]
        found["funding_formulas"] = funding.what_if(needs, pot_eur, current=current)
    return found
