"""A small made-up register, and what is changed in it to see that it is judged."""

import pandas as pd

from segindex.funding import judged

NOTE = "made-up data"
CHANNELS = [
    {
        "channel_id": "A-1",
        "name_fi": "Ulompi kanava",
        "level": "national",
        "instrument_type": "programme_grant",
        "themes": "housing;education",
        "start_year": 2021,
        "end_year": 2025,
        "status": "active",
        "amount_eur": 1_000_000.0,
        "amount_kind": "granted",
        "source_url": "https://example.org/a",
        "source_date": "2025-03-31",
        "evidence": "sourced",
        "note": NOTE,
    },
    {
        "channel_id": "A-2",
        "name_fi": "Sisempi kanava",
        "level": "national",
        "instrument_type": "programme_grant",
        "status": "active",
        "amount_eur": 250_000.1,
        "amount_kind": "granted",
        "parent_channel_id": "A-1",
        "evidence": "partly",
        "note": NOTE,
    },
    {
        "channel_id": "A-3",
        "name_fi": "Sisin kanava",
        "level": "city",
        "instrument_type": "loan",
        "status": "check",
        "parent_channel_id": "A-2",
        "evidence": "unsourced",
        "note": NOTE,
    },
    {
        "channel_id": "B",
        "name_fi": "Toinen kanava",
        "level": "eu",
        "instrument_type": "structural_fund",
        "status": "ended",
        "amount_eur": 3_000_000.0,
        "amount_kind": "granted",
        "evidence": "unsourced",
        "note": NOTE,
    },
    {
        "channel_id": "C",
        "name_fi": "Kartoitettava",
        "level": "city",
        "administering_body": "Kaupunki",
        "instrument_type": "to_be_mapped",
        "status": "to_be_mapped",
        "cities_known": "Oulu",
        "note": NOTE,
    },
]
AWARDS = [
    {
        "award_id": "0012",
        "channel_id": "A-1",
        "recipient": "Oulu",
        "recipient_type": "city",
        "city": "Oulu",
        "area_id": "00100;90500",
        "area_scheme": "postal_code",
        "amount_granted": 1234.56,
        "year": 2024,
        "start": "2024-03",
        "end": "2024-03-31",
        "evidence": "partly",
        "note": NOTE,
    }
]
USE = [{"city": "Oulu", "channel_id": "A-1", "use": "used", "evidence": "partly", "note": NOTE}]
MEASURES = [
    {
        "measure_id": "M1",
        "name_fi": "Toimenpide",
        "owner": "Kaupunki",
        "city": "Lahti",
        "status": "running",
        "evidence": "unsourced",
        "note": NOTE,
    }
]
LAID = {"channels": CHANNELS, "awards": AWARDS, "use": USE, "measures": MEASURES}


def frames(**changed):
    """The tables as frames of what a file holds; `changed` is {sheet: {(row, column): value}}."""
    found = {}
    for sheet, rows in LAID.items():
        rows = [dict(row) for row in rows]
        for (row, column), value in changed.get(sheet, {}).items():
            rows[row][column] = value
        found[sheet] = pd.DataFrame(rows, dtype=object)
    return found


def register(**changed):
    """The register, judged."""
    return judged(frames(**changed), file="made.xlsx")


def place(given, sheet, row, column):
    """The address of a cell of `frames`, whose first row stands in row 2."""
    return f"{sheet}!{chr(ord('A') + list(given[sheet].columns).index(column))}{row + 2}"


def assert_same(first, second):
    """Every table alike to the bit: columns, types, order, values."""
    for sheet, table in first.tables.items():
        pd.testing.assert_frame_equal(table, second.tables[sheet], check_exact=True)
