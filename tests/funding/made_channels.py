"""Made-up registers of few channels, as the gate leaves them."""

from types import SimpleNamespace

import pandas as pd

from segindex.funding.columns import EUROS, REGISTER, YEARS

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
