"""Made-up awards and needs of a few cities."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segindex.funding.columns import AWARDS, CHANNELS, NEED, USE
from segindex.schema import ordered


class MadeRegister(NamedTuple):
    """What the analyses of money ask of a register."""

    channels: pd.DataFrame
    awards: pd.DataFrame
    use: pd.DataFrame

    def cell(self, sheet, row, column):
        columns = {"channels": CHANNELS, "awards": AWARDS, "use": USE}[sheet]
        return f"{sheet}!{chr(ord('A') + columns.index(column))}{row + 2}"


def register(awards=(), parents=None, use=()):
    """Awards as (channel, recipient, city, granted, paid, year, evidence); parents as {channel: its parent or ""}."""
    parents = {"A": "", "A-1": "A", "A-1-1": "A-1", "B": ""} if parents is None else parents
    channels = pd.DataFrame({"channel_id": list(parents), "parent_channel_id": list(parents.values())})
    given = pd.DataFrame(
        [dict(zip(("channel_id", "recipient", "city", "granted", "paid", "year", "evidence"), one)) for one in awards],
        columns=["channel_id", "recipient", "city", "granted", "paid", "year", "evidence"],
    ).rename(columns={"granted": "amount_granted", "paid": "amount_paid"})
    given = given.assign(award_id=[f"W{at}" for at in range(len(given))], note="made-up data")
    given = given.reindex(columns=list(AWARDS)).astype({"amount_granted": float, "amount_paid": float, "year": "Int64"})
    uses = pd.DataFrame(use, columns=["city", "channel_id", "use"]).reindex(columns=list(USE))
    return MadeRegister(channels.reindex(columns=list(CHANNELS)), given, uses)


def needs(**measures):
    """A table of needs of 2024: {measure or group: {city: value, or (value, low, high), or a reason why not}}."""
    rows = []
    for name, cities in measures.items():
        known = name in ("residents", "types_1_2", "type_1", "low_income_children")
        for city, value in cities.items():
            refused = value if isinstance(value, str) else ""
            numbers = value if isinstance(value, tuple) else (np.nan if refused else value, np.nan, np.nan)
            rows.append(
                {
                    "city": city,
                    "year": 2024,
                    "measure": name if known else "group",
                    "group": "" if known else name,
                    **dict(zip(("value", "low", "high"), numbers)),
                    "hidden_share": 0.0,
                    "refused": refused,
                }
            )
    return ordered(pd.DataFrame(rows), NEED, ["city", "year", "measure", "group"])
