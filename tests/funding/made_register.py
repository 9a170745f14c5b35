"""Made-up registers for tests, and the shared list of channels as a register."""

import csv
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from segindex.funding.columns import EUROS, REGISTER, YEARS
from segindex.funding.words import spelling

SHARED = Path(__file__).parents[2] / "../shared/domain/funding_channels.csv"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared list of funding channels is not here")

SPELLED = {
    "status": "status",
    "instrument_type": "instrument_type",
    "targeting_basis": "targeting_basis",
    "area_targeted": "area_targeted",
    "amount_kind": "amount_kind",
}
DEFAULTS = {
    "channels": {"level": "national", "status": "active", "instrument_type": "loan", "evidence": "sourced"},
    "awards": {"recipient": "the city", "recipient_type": "city", "evidence": "sourced", "year": 2025},
    "use": {"evidence": "sourced"},
    "measures": {"evidence": "sourced", "status": "running"},
}


def frame(sheet, rows):
    """Rows of a sheet, each a dict of what it gives, as the register types them."""
    filled = [DEFAULTS[sheet] | row for row in rows]
    typed = {}
    for name in REGISTER[sheet]:
        values = [row.get(name) for row in filled]
        if name in EUROS:
            typed[name] = pd.Series(values, dtype="float64")
        elif name in YEARS:
            typed[name] = pd.Series(values, dtype="Int64")
        else:
            typed[name] = pd.Series([value or "" for value in values], dtype="str")
    return pd.DataFrame(typed)


def register(channels, awards=(), use=()):
    """A register of made-up rows; a channel is its id and what it gives."""
    frames = {"channels": channels, "awards": awards, "use": use, "measures": ()}
    return SimpleNamespace(**{sheet: frame(sheet, rows) for sheet, rows in frames.items()})


def shuffled(given, seed):
    """The register with the rows of every sheet in another order."""
    frames = {
        sheet: getattr(given, sheet).sample(frac=1, random_state=seed).reset_index(drop=True) for sheet in REGISTER
    }
    return SimpleNamespace(**frames)


def shared_channels(parents):
    """The shared list of channels as a register, with the channels around others that its notes tell of."""
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    channels = []
    for row in rows:
        row["status"] = row.pop("status_2026")
        spelled = {name: spelling(words, row[name]) for name, words in SPELLED.items()}
        years = {name: int(row[name]) if row[name] else None for name in ("start_year", "end_year")}
        euros = {"amount_eur": float(row["amount_eur"]) if row["amount_eur"] else None}
        parent = {"parent_channel_id": parents.get(row["channel_id"], "")}
        channels.append(row | spelled | years | euros | parent)
    return register(channels)
