"""Who uses which channel: what is known of every city and channel, and how much of it is known."""

import numpy as np

from segindex import facts
from segindex.funding.columns import COMPLETENESS, MATRIX
from segindex.funding.rows import EVIDENCE, activity, made_up, named_cities, table, together, told, wider_places
from segindex.funding.words import placeholders
from segindex.schema import MADE_UP

TO_BE_MAPPED = "to be mapped"
"""What the note says of a placeholder in its own city."""


def matrix(register, year=None):
    """What is known of the use of every channel in every city: one row a city and channel.

    The first of these that says something decides, and `basis` tells which it was:

    1. "use": the sheet `use`. Its "unknown" is kept unless an award answers it.
    2. "award": an award to the city; one of 0 euros is none.
    3. "named": the channel's `cities_known` names the city, and its evidence is "sourced" or "partly". What stands in
       brackets behind the city goes into the note. A placeholder's own city stays unknown.
    4. "level": a channel of level "city" that names other cities: it is theirs, "not_eligible" here.
    5. "": nothing is known, and the use is "unknown". It never means "not_used", which only the sheet can say.

    Use of a channel is not use of the one that it lies in, nor the other way round: each is known by itself.

    Parameters
    ----------
    register : Register
        Its frames `channels`, `awards` and `use`.
    year : int, optional
        The year that `active` speaks of; the status alone without it.

    Returns
    -------
    DataFrame
        The columns of `MATRIX`. `evidence` is that of what decided, of several awards the best. Where the sheet and
        an award disagree the sheet is kept and the note says so.
    """
    channels = register.channels.assign(
        active=activity(register.channels, year), placeholder=placeholders(register.channels)
    )
    sheet = {(row["city"], row["channel_id"]): row for row in register.use.to_dict("records")}
    paid = register.awards[register.awards["amount_granted"].ne(0) & register.awards["city"].ne("")]
    awards = dict(list(paid.groupby(["city", "channel_id"])))
    rows = []
    for channel in channels.to_dict("records"):
        named, wider = named_cities(channel["cities_known"]), wider_places(channel["cities_known"])
        for city in facts.cities():
            pair = (city, channel["channel_id"])
            use, evidence, basis, note = _known(
                sheet.get(pair), awards.get(pair), channel, city, named, wider.get(city, "")
            )
            rows.append(
                {
                    "city": city,
                    **{name: channel[name] for name in ("channel_id", "level", "active")},
                    "use": use,
                    "evidence": evidence,
                    "basis": basis,
                    "note": note,
                }
            )
    return table(rows, MATRIX, ["city", "channel_id"], made_up=made_up(register))


def _known(row, awards, channel, city, named, wider):
    """Use, evidence, basis and note of one city and channel."""
    ids = "" if awards is None else together(awards["award_id"])
    if row is not None and (row["use"] != "unknown" or awards is None):
        differs = f"the sheet says {row['use']}, against the awards {ids}" if ids and row["use"] != "used" else ""
        return row["use"], row["evidence"], "use", told(row["note"], differs)
    if awards is not None:
        answers = "the sheet says unknown" if row is not None else ""
        return "used", max(awards["evidence"], key=EVIDENCE.index), "award", told(f"awards {ids}", answers)
    if city in named:
        if channel["placeholder"]:
            return "unknown", "", "", TO_BE_MAPPED
        if channel["evidence"] == "unsourced":
            return "unknown", "", "", told("named without a source", named[city])
        return "used", channel["evidence"], "named", named[city]
    if channel["level"] == "city" and named:
        return "not_eligible", channel["evidence"], "level", f"a channel of {', '.join(named)}"
    return "unknown", "", "", f"named only as {wider}" if wider else ""


def completeness(matrix):
    """How much is known of the use of channels, by city.

    .. math:: \\text{known\\_share} = (n_{used} + n_{not\\_used}) / n_{channels}

    `n_channels` are the channels that the city could have: all but those that it is not eligible for, which stand in
    `n_not_eligible` and count neither as known nor as unknown. `known_share` is NaN where none is left.

    Parameters
    ----------
    matrix : DataFrame
        What `matrix` returns.

    Returns
    -------
    DataFrame
        The columns of `COMPLETENESS`, one row a city; the note names what is still to be mapped.
    """
    rows = []
    for city, own in matrix.groupby("city"):
        n = {use: int(own["use"].eq(use).sum()) for use in ("used", "not_used", "not_eligible")}
        n_channels, n_known = len(own) - n["not_eligible"], n["used"] + n["not_used"]
        waiting = own.loc[own["note"].str.endswith(TO_BE_MAPPED), "channel_id"]
        rows.append(
            {
                "city": city,
                "n_channels": n_channels,
                "n_known": n_known,
                **{f"n_{use}": count for use, count in n.items()},
                "known_share": n_known / n_channels if n_channels else np.nan,
                "note": f"{TO_BE_MAPPED}: {together(waiting)}" if len(waiting) else "",
            }
        )
    return table(rows, COMPLETENESS, ["city"], made_up=matrix["note"].str.startswith(MADE_UP).any())
