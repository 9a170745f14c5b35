"""Money over need: euro per resident and per person in need, and whether money leans to the cities most in need."""

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.funding.columns import CONCENTRATION, CURVE, PER_HEAD
from segindex.funding.concentration import FEWEST, concentration_curve, jackknife
from segindex.funding.need import latest
from segindex.schema import MADE_UP, ordered

AMOUNTS = {"granted": "amount_granted", "paid": "amount_paid"}
"""The kinds of an award's amount that are summed, each by itself, and their columns."""

NEEDS = ("low_income", "low_income_children", "types_1_2")
COUNTS = ("types_1_2", "type_1", "low_income_children")
"""Needs that are measures of their own; others are groups."""

AGAINST = ("residents", "need")
NO_AWARDS = "no awards known"
NOTHING = ("not_used", "not_eligible")


def need_rows(needs, need):
    """The rows of a need in its latest year, a row a city: of a measure in `COUNTS`, or the members of a group."""
    rows = latest(needs, need) if need in COUNTS else latest(needs, "group", need)
    if not len(rows):
        known = [*(one for one in COUNTS if (needs["measure"] == one).any())]
        known += sorted(set(needs.loc[needs["measure"] == "group", "group"]))
        hint = did_you_mean(need, known, f"known are {', '.join(known)}")
        raise BadSettings(f"need {need!r} is not in the table of needs; {hint}")
    return rows


def per_head(register, needs, *, years, kind="granted", need=NEEDS):
    r"""Euro of the awards known to each city, per resident and per person in need.

    .. math:: \frac{\sum_a m_a}{T}, \qquad \frac{\sum_a m_a}{X}

    over the awards :math:`a` of the years whose recipient is in the city.

    Parameters
    ----------
    register : Register
        Its awards, channels and use.
    needs : DataFrame
        As `need.needs` makes it.
    years : (int, int)
        The first and the last year of award that count.
    kind : {"granted", "paid"}
        Which amount of an award; the two are never added, nor is an amount of a channel added to them.
    need : str or sequence of str
        Groups ("low_income") and measures ("types_1_2", "type_1", "low_income_children").

    Returns
    -------
    DataFrame
        The columns of `PER_HEAD`, a row a city and need. A city of which no award is known has no amount, not 0 euro,
        unless the use sheet says of every channel that it is not used there, or not open to it. `year` is that of the
        need, `n_awards` counts awards with an amount, `sourced_share` is the part of the euro on sourced rows. Where
        the need is refused, it and what is divided by it are NaN; "no_need": the city has none in that year.

    Raises
    ------
    BadData
        One recipient has in one year awards of a channel and of one that lies inside it: the same money twice.
    BadSettings
        The kind, the years or the need are none that there are.

    Notes
    -----
    What is not in the register is not in the sum: it is of known awards, and all awards make as much or more. Awards of
    several years are set beside the need of one.
    """
    first, last = _period(years)
    if kind not in AMOUNTS:
        hint = did_you_mean(kind, list(AMOUNTS), f"allowed are {' and '.join(AMOUNTS)}")
        raise BadSettings(f"kind of amount {kind!r} of an award; {hint}")
    awards = register.awards[register.awards["year"].between(first, last).fillna(False).astype(bool)]
    counted = awards[awards[AMOUNTS[kind]].notna()]
    inside = _nested(register, counted)
    people = latest(needs, "residents")
    cities = sorted({*people.index, *counted.loc[counted["city"] != "", "city"]})
    rows = []
    for one in [need] if isinstance(need, str) else need:
        of_need = need_rows(needs, one)
        for city in cities:
            money = _money(register, awards, counted, city, kind, inside)
            rows.append(
                {"city": city, "amount_kind": kind, "first_year": first, "last_year": last, "need": one}
                | money
                | _over(money["amount_eur"], people, of_need, city)
                | {"note": _joined(money["note"], _note_of(of_need, city))}
            )
    return ordered(pd.DataFrame(rows, columns=list(PER_HEAD)), PER_HEAD, ["city", "need"])


def curves(register, needs, *, years, kind="granted", need=NEEDS):
    """The concentration curves of known awards over need, and their indices.

    Parameters
    ----------
    register, needs, years, kind, need
        As `per_head` takes them.

    Returns
    -------
    (DataFrame, DataFrame)
        The columns of `CURVE`: the point of each city, and (0, 0) at place 0; cities of one need per resident share
        their place and their point. The columns of `CONCENTRATION`: the index against residents, and against those in
        need; its jackknife interval over cities; the lowest and highest value with one city left out. Only cities with
        known awards and a need that is not refused: `n_cities` counts them, the note names the others.

    Raises
    ------
    BadData, BadSettings
        As `per_head`.
    """
    table = per_head(register, needs, years=years, kind=kind, need=need)
    points, indices = [], []
    for one, rows in table.groupby("need", sort=True):
        usable = rows["amount_eur"].notna() & rows["need_size"].notna() & (rows["residents"] > 0)
        own, out = rows[usable].reset_index(drop=True), list(rows.loc[~usable, "city"])
        notes = [MADE_UP if rows["note"].str.contains(MADE_UP, regex=False).any() else ""]
        notes.append(f"without {', '.join(out)}" if out else "")
        for against in AGAINST:
            common = {"amount_kind": kind, "need": one, "against": against}
            arrays = _arrays(own, against)
            if len(own):
                points += [common | point | {"note": _joined(*notes)} for point in _points(own, *arrays)]
            indices.append(common | _index(own, arrays, notes))
    keys = ["amount_kind", "need", "against"]
    return (
        ordered(pd.DataFrame(points, columns=list(CURVE)), CURVE, [*keys, "place", "city"]),
        ordered(pd.DataFrame(indices, columns=list(CONCENTRATION)), CONCENTRATION, keys),
    )


def _period(years):
    try:
        first, last = (int(year) for year in years)
    except (TypeError, ValueError) as error:
        raise BadSettings(f"years {years!r}: allowed are the first and the last year, as in (2021, 2024)") from error
    if first > last:
        raise BadSettings(f"years {first} to {last}: the first comes after the last")
    return first, last


def _ancestors(channels):
    """The channels that each channel lies inside of, {channel: its parent, that one's parent, …}."""
    parent = dict(zip(channels["channel_id"], channels["parent_channel_id"]))
    found = {}
    for channel in parent:
        above = found[channel] = []
        while parent.get((above or [channel])[-1]):
            above.append(parent[(above or [channel])[-1]])
    return found


def _nested(register, awards):
    """Cities that have in one year awards of a channel and of one inside it, to different recipients, {city: pairs}.

    Where the recipient is one as well, the same money would be counted twice: BadData.
    """
    above = _ancestors(register.channels)
    by_year, wrong, found = {}, [], {}
    for award in awards[awards["city"] != ""].itertuples():
        by_year.setdefault((award.city, award.year), []).append(award)
    for (city, _), several in by_year.items():
        for child in several:
            for parent in several:
                if parent.channel_id not in above.get(child.channel_id, ()):
                    continue
                if parent.recipient.casefold() == child.recipient.casefold():
                    cells = " and ".join(register.cell("awards", one.Index, "channel_id") for one in (parent, child))
                    wrong.append(
                        f"{cells}: {child.channel_id} lies inside {parent.channel_id}, and {child.recipient} has "
                        f"awards of both in {child.year}; allowed is one of the two"
                    )
                else:
                    found.setdefault(city, set()).add(f"{child.channel_id} and {parent.channel_id}")
    if wrong:
        raise BadData("\n".join(wrong))
    return found


def _money(register, awards, counted, city, kind, inside):
    """What is known of a city's awards: their number, euro, the share on sourced rows, and what is to be said."""
    own = counted[counted["city"] == city]
    amount = own[AMOUNTS[kind]].astype(float)
    total = float(amount.sum())
    without = int((awards["city"] == city).sum()) - len(own)
    notes = [MADE_UP if own["note"].str.contains(MADE_UP, regex=False).any() else ""]
    notes.append(f"{without} awards without an amount" if without else "")
    notes += [f"perhaps twice: {pair} to different recipients" for pair in sorted(inside.get(city, ()))]
    if not len(own):
        use = register.use[(register.use["city"] == city) & register.use["use"].isin(NOTHING)]
        none = not without and len(register.channels) and set(register.channels["channel_id"]) <= set(use["channel_id"])
        total = 0.0 if none else np.nan
        notes.append("" if none else NO_AWARDS)
    sourced = float(amount[own["evidence"] == "sourced"].sum())
    return {
        "n_awards": len(own),
        "amount_eur": total,
        "sourced_share": sourced / total if total > 0 else np.nan,
        "note": _joined(*notes),
    }


def _over(amount, people, of_need, city):
    """A city's residents and need, and the amount per head of each."""
    there = city in of_need.index
    residents = float(people["value"].get(city, np.nan))
    size = float(of_need["value"].get(city, np.nan))
    return {
        "year": int(of_need["year"].iloc[0]),
        "residents": residents,
        "eur_per_resident": amount / residents if residents > 0 else np.nan,
        "need_size": size,
        "eur_per_need": amount / size if size > 0 else np.nan,
        "refused": of_need.loc[city, "refused"] if there else "no_need",
    }


def _note_of(of_need, city):
    return of_need.loc[city, "note"] if city in of_need.index else ""


def _arrays(rows, against):
    money, need, base = (rows[name].to_numpy(float) for name in ("amount_eur", "need_size", "residents"))
    return money, need, base, need if against == "need" else base


def _points(rows, money, need, base, against):
    """The points of one curve: the start, and one a city."""
    curve = concentration_curve(money, need, base, against)
    yield {
        "place": 0,
        "city": "",
        "need_share_in_city": np.nan,
        "cumulative_base": curve.base[0],
        "cumulative_money": curve.money[0],
    }
    for at, place in enumerate(curve.place + 1):
        yield {
            "place": int(place),
            "city": rows.loc[at, "city"],
            "need_share_in_city": need[at] / base[at],
            "cumulative_base": curve.base[place],
            "cumulative_money": curve.money[place],
        }


def _index(rows, arrays, notes):
    """The index of one curve, what it hangs on, and the money that it is of."""
    found = jackknife(*arrays)
    total = arrays[0].sum()
    known = ~np.isnan(found.left_out)
    ends = {"lowest": np.nan, "highest": np.nan}
    said = list(notes)
    if known.any():
        at = {"lowest": np.nanargmin(found.left_out), "highest": np.nanargmax(found.left_out)}
        ends = {name: found.left_out[place] for name, place in at.items()}
        said += [f"{name} without {rows.loc[place, 'city']}" for name, place in at.items()]
    if len(rows) < FEWEST:
        said.append(f"no interval: fewer than {FEWEST} cities")
    sourced = (rows["sourced_share"].fillna(0.0) * rows["amount_eur"]).sum()
    return {
        "n_cities": len(rows),
        "index": found.index,
        "low": found.low,
        "high": found.high,
        "lowest_left_out": ends["lowest"],
        "highest_left_out": ends["highest"],
        "amount_eur": total if len(rows) else np.nan,
        "sourced_share": sourced / total if total > 0 else np.nan,
        "note": _joined(*said),
    }


def _joined(*notes):
    """The parts of notes, each once."""
    return "; ".join(dict.fromkeys(part for note in notes for part in note.split("; ") if part))
