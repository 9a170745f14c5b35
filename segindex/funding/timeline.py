"""Money over the years: what runs, what ends, where it falls; and how much of the granted money was taken up."""

import re

import numpy as np
import pandas as pd

from segindex.funding.columns import ABSORPTION, TIMELINE
from segindex.funding.rows import made_up, table, together, told
from segindex.funding.sums import outermost
from segindex.funding.words import EURO_KINDS

CLIFF = 0.30
"""A fall from one year to the next over this is a cliff."""

KEYS = ["level", "amount_kind", "year"]

YEARLY = ("budget", "paid", "plan")
"""Kinds whose amount is that of one year where `amount_period` is one."""


def timeline(register, years):
    r"""Euro a year of each level and kind of amount, what ends and where money falls.

    An amount lies in the years of its `amount_period`: one year for a budget, plan or payment ("2026"), equal parts
    over the years of a span ("2021-2027"); without such a period, equal parts over `start_year` to `end_year`.
    Channels inside others stay out, and kinds are never added.

    .. math:: \text{fall}_t = 1 - \sum_{c \in K} a_{c,t} \Big/ \sum_{c \in K} a_{c,t-1}

    K are the channels whose money is known in both years. A channel that may run in a year for which no amount is
    given (no years at all; the budget of one year without an end of the channel) is unknown in it, not 0: it is
    counted in `n_without_end`, and a budget that nobody has entered yet makes no fall. Money of a later year that
    appears after a gap does not undo the fall before it.

    Parameters
    ----------
    register : Register
        Its frame `channels`; planned ones are in, and the note names them.
    years : iterable of int
        The years of the rows. A row is the same whatever other years are asked for.

    Returns
    -------
    DataFrame
        The columns of `TIMELINE`: a row for each year, level and kind that has money. `amount_eur` is NaN where no
        amount is known but some channel may run. `expiring_eur` is the year's money of channels whose last year this
        is, and `expiring` names them. `fall` is NaN without money in the year before; `cliff` where it is over
        `CLIFF`: the note then names other kinds of the level that rise, as the same money may go on under another
        kind. `sourced_share` is NaN where there is no money.
    """
    years = sorted({int(year) for year in years})
    placed = _placed(register.channels)
    values = {year: _euros(placed, year) for one in years for year in (one - 1, one)}
    rows = []
    for (level, kind), group in placed.groupby(["level", "amount_kind"]):
        for year in years:
            here = _year(group, values[year - 1][group.index], values[year][group.index], year)
            rows.append({"year": year, "level": level, "amount_kind": kind, **here})
    found = table(rows, TIMELINE | {"rise": "bool"}, KEYS, made_up=made_up(register))
    rising = found[found["rise"]].groupby(["year", "level"])["amount_kind"].agg(", ".join).to_dict()
    for at in found.index[found["cliff"]]:
        others = rising.get((found.at[at, "year"], found.at[at, "level"]), "")
        found.at[at, "note"] = told(found.at[at, "note"], f"other kinds rise: {others}" if others else "")
    return found[list(TIMELINE)]


def span(register):
    """The years over which the register's money is known to lie, with the one after the last; empty without money."""
    placed = _placed(register.channels).dropna(subset="first")
    return range(int(placed["first"].min()), int(placed["last"].max()) + 2) if len(placed) else range(0)


def _placed(channels):
    """Channels with euros that lie in no other, and the first and last year of their amount (NaN: not known)."""
    own = channels[outermost(channels) & channels["amount_kind"].isin(EURO_KINDS) & channels["amount_eur"].notna()]
    own = own.sort_values("channel_id", ignore_index=True)
    spans = [
        _years_of(*row) for row in zip(own["amount_kind"], own["amount_period"], own["start_year"], own["end_year"])
    ]
    spans = pd.DataFrame(spans, columns=["first", "last"], index=own.index, dtype="float64")
    start, end = own["start_year"].astype("float64"), own["end_year"].astype("float64")
    return own.assign(
        **spans,
        start=start.fillna(-np.inf),
        end=end.fillna(np.inf),
        a_year=own["amount_eur"] / (spans["last"] - spans["first"] + 1),
    )


def _years_of(kind, period, start, end):
    """The first and last year of an amount; NaN, NaN where they are not known."""
    if kind in YEARLY and re.fullmatch(r"\d{4}", period):
        return int(period), int(period)
    given = re.fullmatch(r"(\d{4})\s*[-–]\s*(\d{4})", period)
    if given and int(given[1]) <= int(given[2]):
        return int(given[1]), int(given[2])
    if pd.isna(start) or pd.isna(end):
        return np.nan, np.nan
    return int(start), int(end)


def _euros(placed, year):
    """Euros of each channel in a year, shape (n_channels,): 0 where it is known not to run, NaN where it may."""
    first, last, start, end, amount = placed[["first", "last", "start", "end", "a_year"]].to_numpy().T
    may_run = (start <= year) & (year <= end)
    return np.where((first <= year) & (year <= last), amount, np.where(may_run, np.nan, 0.0))


def _year(group, before, now, year):
    """The columns of one level, kind and year, from the euros of its channels in this year and the one before."""
    ids = group["channel_id"].to_numpy()
    known, unknown, running = ~np.isnan(before) & ~np.isnan(now), np.isnan(now), now > 0
    base, kept, amount = before[known].sum(), now[known].sum(), np.nansum(now)
    fall = 1 - kept / base if base > 0 else np.nan
    ends = running & (group["last"].to_numpy() == year) & (group["end"].to_numpy() <= year)
    planned = running & (group["status"].to_numpy() == "planned")
    sourced = running & (group["evidence"].to_numpy() == "sourced")
    return {
        "amount_eur": np.nan if unknown.any() and not running.any() else amount,
        "expiring_eur": now[ends].sum(),
        "n_channels": int(running.sum()),
        "fall": fall,
        "cliff": bool(np.round(fall, 9) > CLIFF),
        "expiring": together(ids[ends]),
        "sourced_share": now[sourced].sum() / amount if amount > 0 else np.nan,
        "n_without_end": int(unknown.sum()),
        "rise": bool(kept > base),
        "note": told(
            f"not known in this year: {together(ids[unknown])}" if unknown.any() else "",
            f"planned: {together(ids[planned])}" if planned.any() else "",
        ),
    }


def absorption(register):
    r"""How much of the money applied for was granted, and how much of the granted was paid.

    .. math:: \frac{\sum \text{granted}}{\sum \text{applied}}, \qquad \frac{\sum \text{paid}}{\sum \text{granted}}

    each over the awards that have both amounts; NaN where none has, or where they sum to 0.

    Parameters
    ----------
    register : Register
        Its frame `awards`.

    Returns
    -------
    DataFrame
        The columns of `ABSORPTION`: a row for each channel with awards (city "", year 0: all cities and years), and
        one for each channel, city and year. Awards that name no city are in the former only. Amounts are sums over
        the awards that give them, NaN where none does. `sourced_share` is the share of the granted euros on awards
        of evidence "sourced". The note counts the awards that a ratio leaves out.
    """
    awards = register.awards
    named = awards[awards["city"].ne("")]
    rows = [{"channel_id": channel, "city": "", "year": 0, **_taken(own)} for channel, own in by(awards, "channel_id")]
    rows += [
        {"channel_id": channel, "city": city, "year": int(year), **_taken(own)}
        for (channel, city, year), own in by(named, ["channel_id", "city", "year"])
    ]
    return table(rows, ABSORPTION, ["channel_id", "city", "year"], made_up=made_up(register))


def by(frame, keys):
    """Groups of a frame whose rows are in the order of their award, so that sums do not hang on the file's order."""
    return frame.sort_values("award_id").groupby(keys)


def _taken(own):
    applied, granted, paid = (own[f"amount_{what}"] for what in ("applied", "granted", "paid"))
    total = granted.sum()
    return {
        "n_awards": len(own),
        "amount_applied": applied.sum(min_count=1),
        "amount_granted": granted.sum(min_count=1),
        "amount_paid": paid.sum(min_count=1),
        "granted_of_applied": _ratio(granted, applied),
        "paid_of_granted": _ratio(paid, granted),
        "sourced_share": granted[own["evidence"].eq("sourced")].sum() / total if total > 0 else np.nan,
        "note": told(
            *(
                f"{name} over {n} of {len(own)} awards"
                for name, n in (
                    ("granted of applied", int((granted.notna() & applied.notna()).sum())),
                    ("paid of granted", int((paid.notna() & granted.notna()).sum())),
                )
                if 0 < n < len(own)
            )
        ),
    }


def _ratio(part, whole):
    both = part.notna() & whole.notna()
    base = whole[both].sum()
    return part[both].sum() / base if base > 0 else np.nan
