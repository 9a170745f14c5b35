"""What channels there are at which level for which theme, how much money, and where the gaps are."""

import numpy as np

from segindex import facts
from segindex.errors import BadData
from segindex.funding.cells import cities_in, parts
from segindex.funding.columns import AMOUNTS, COVERAGE, GAPS
from segindex.funding.relations import ancestors
from segindex.funding.rows import ALL, activity, made_up, table, together, told
from segindex.funding.sums import outermost
from segindex.funding.timeline import span, timeline
from segindex.funding.uses import completeness, matrix
from segindex.funding.words import AT_AREAS, EURO_KINDS, placeholders, words

__all__ = ["LEAST_KNOWN", "REASONS", "amounts", "completeness", "coverage", "gaps", "matrix"]

REASONS = (
    "need_above_use_below",
    "no_channel",
    "ended_only",
    "ends",
    "not_area_targeted",
    "unsourced_only",
    "unknown_only",
    "use_unknown",
    "to_be_mapped",
)
"""Why something is a gap, the gravest first: what is known to lack, what may lack, what is still to be asked."""

LEAST_KNOWN = 0.5
"""Share of a city's channels of which the use must be known before its use is judged."""

NEEDED = [
    *("channel_id", "level", "themes", "instrument_type", "status", "start_year", "end_year", "amount_eur"),
    *("amount_kind", "area_targeted", "parent_channel_id", "evidence"),
]


def coverage(register, year=None):
    """How many channels there are for each level and theme.

    A channel of several themes counts in each of them and once in "all"; one without themes, as placeholders are,
    counts in "all" only. Columns of themes may therefore add up to more than "all".

    Parameters
    ----------
    register : Register
        Its frame `channels`.
    year : int, optional
        The year in which a channel must be active; the status alone without it.

    Returns
    -------
    DataFrame
        The columns of `COVERAGE`: a row for every level and theme and for "all", also where nothing is (0; the note
        says "no channel"). `n_area_targeted` counts channels that are active and aimed at places within a city
        (`AT_AREAS`), `n_sourced` those of evidence "sourced" whatever their status.
    """
    channels = _sorted(register, year)
    rows = []
    for level in words("level"):
        for theme in (*words("theme"), ALL):
            own = _of(channels, level, theme)
            active = own["active"].eq("yes")
            rows.append(
                {
                    "level": level,
                    "theme": theme,
                    "n_channels": len(own),
                    "n_active": int(active.sum()),
                    "n_unknown": int(own["active"].eq("unknown").sum()),
                    "n_area_targeted": int((active & own["area_targeted"].isin(AT_AREAS)).sum()),
                    "n_placeholders": int(placeholders(own).sum()),
                    "n_sourced": int(own["evidence"].eq("sourced").sum()),
                    "channels": together(own["channel_id"]),
                    "note": "" if len(own) else "no channel",
                }
            )
    return table(rows, COVERAGE, ["level", "theme"], made_up=made_up(register))


def amounts(register, year=None):
    r"""Euros of each level, theme and kind of amount, all and active ones, with the share that is sourced.

    .. math:: \text{sourced\_share} = \sum_{c\,\text{sourced}} a_c \Big/ \sum_c a_c

    over the channels c that lie in no other channel of the register. A channel that lies in another never counts,
    at any level and whatever the state of the outer one: it is counted in `n_inside_other`, and the note names those
    whose outer channels give no euros, so that their money is in no sum. Kinds are never added; of shares and prices
    there is no sum. A channel of several themes stands whole in each of them.

    Parameters
    ----------
    register : Register
        Its frame `channels`.
    year : int, optional
        The year in which "active" channels are active; the status alone without it. Amounts are nominal and those of
        their own period: the year divides nothing (`timeline` does).

    Returns
    -------
    DataFrame
        The columns of `AMOUNTS`: two rows (active "yes" and "all") for each level, theme and kind that a channel
        gives euros of. `n_channels` are those summed; `n_without_amount` the channels of the level and theme that lie
        in no other and give no euros of any kind. `amount_eur` and `sourced_share` are NaN where nothing is summed.
    """
    channels = _sorted(register, year)
    channels["outer"] = outermost(channels)
    channels["given"] = channels["amount_kind"].isin(EURO_KINDS) & channels["amount_eur"].notna()
    lost = _lost(channels)
    rows = []
    for level in words("level"):
        for theme in (*words("theme"), ALL):
            own = _of(channels, level, theme)
            for kind in sorted(own.loc[own["given"], "amount_kind"].unique()):
                for active in ("yes", ALL):
                    some = own if active == ALL else own[own["active"].eq(active)]
                    key = {"level": level, "theme": theme, "amount_kind": kind, "active": active}
                    rows.append(key | _sum(some, kind, theme, lost))
    return table(rows, AMOUNTS, ["level", "theme", "amount_kind", "active"], made_up=made_up(register))


def _sorted(register, year):
    """What coverage and sums need of the channels, in the order of their ids, with `active`; themes apart."""
    channels = register.channels[NEEDED].sort_values("channel_id", ignore_index=True)
    return channels.assign(themes=channels["themes"].map(parts).astype(object), active=activity(channels, year))


def _of(channels, level, theme):
    """The channels of a level and theme."""
    of_theme = [theme == ALL or theme in themes for themes in channels["themes"]]
    return channels[channels["level"].eq(level).to_numpy() & np.array(of_theme, bool)]


def _sum(own, kind, theme, lost):
    of_kind = own[own["given"] & own["amount_kind"].eq(kind)]
    summed, inner = of_kind[of_kind["outer"]], of_kind[~of_kind["outer"]]
    total = summed["amount_eur"].sum(min_count=1)
    sourced = summed.loc[summed["evidence"].eq("sourced"), "amount_eur"].sum()
    overlapping = theme != ALL and summed["themes"].map(len).gt(1).any()
    hidden = together(lost & set(inner["channel_id"]))
    return {
        "n_channels": len(summed),
        "amount_eur": total,
        "sourced_share": sourced / total if total > 0 else np.nan,
        "n_without_amount": int((own["outer"] & ~own["given"]).sum()),
        "n_inside_other": len(inner),
        "note": told(
            "themes overlap" if overlapping else "",
            f"in no sum, as the channel around gives no euros: {hidden}" if hidden else "",
        ),
    }


def _lost(channels):
    """The channels with euros around which none gives euros."""
    above = ancestors(channels)
    given = set(channels.loc[channels["given"], "channel_id"])
    return {channel for channel in given if not given & set(above[channel])}


def gaps(register, need=None, year=None, after=None):
    """Where money lacks, or may lack, or is not known: ranked, with reasons.

    `kind` "theme_level"
        A level and theme without an active channel that is aimed at places within a city and at least partly
        sourced. One reason: "no_channel"; "ended_only" (none is active, and of none is the status unknown: ended,
        merged or planned); "unknown_only" (none is known to be active, of some it is unknown); "not_area_targeted"
        (active ones, none aimed at places); "unsourced_only" (only unsourced ones would fill it). Level "region" is
        left out while the register has no channel of it: the mandate names cities, state and EU, and nine empty
        cells of a level that nobody maps say nothing. The other levels are never left out.
    "city_use"
        A city whose need is above the median of the cities with a need. With the share used of the channels whose
        use is known below the median of the cities where any is known: "need_above_use_below". Where less than
        `LEAST_KNOWN` of its channels is known, "use_unknown" is added, and stands alone where the known ones show no
        gap or none is known: unknown use is never read as no use. Counts are those of `completeness`.
    "to_be_mapped"
        A placeholder.
    "cliff"
        A fall of `timeline` over `CLIFF` to which channels that are active now contribute by their end: reason
        "ends", `channels` names them, the note gives kind, year and fall. Such falls lie after `year` and `after`.

    The rank goes by the first reason in the order of `REASONS`; then by size: the need of cities and the fall of
    money downwards, the number of a theme's channels upwards; then by the fixed order of levels, themes and cities,
    and by channel.

    Parameters
    ----------
    register : Register
        All frames but `measures`.
    need : DataFrame, optional
        Columns `city` and `value`, a row a city: `NEED` of one measure, group and year. Cities without a value are
        not judged. Without it there are no gaps of kind "city_use".
    year : int, optional
        The year in which channels are active; the status alone without it.
    after : int, optional
        The year that falls of money lie after where `year` is not given: what was before it is over.

    Returns
    -------
    DataFrame
        The columns of `GAPS`. `used` is the share used among the known, NaN where none is known; the numbers of
        cities are NaN in gaps of other kinds.

    Raises
    ------
    BadData
        `need` lacks a column, names a city twice or an unknown one.
    """
    found = [
        *_theme_gaps(register, year),
        *([] if need is None else _city_gaps(completeness(matrix(register, year)), _needs(need))),
        *_cliffs(register, year, after if year is None else year),
        *_placeholders(register.channels),
    ]
    for rank, gap in enumerate(sorted(found, key=_gravity), start=1):
        gap["rank"] = rank
    return table(found, GAPS, ["rank"], made_up=made_up(register))


NOTHING = {"level": "", "theme": "", "city": "", "n_channels": 0, "n_unknown": 0, "channels": "", "note": ""}


def _gravity(gap):
    reason = gap["reasons"].split(";")[0]
    orders = (words("level"), words("theme"), tuple(facts.cities()))
    names = (gap["level"], gap["theme"], parts(gap["city"])[0] if gap["city"] else "")
    places = [order.index(name) if name in order else len(order) for order, name in zip(orders, names)]
    return REASONS.index(reason), gap["size"], *places, gap["channels"], gap["note"]


def _theme_gaps(register, year):
    channels = _sorted(register, year)
    waiting = channels[placeholders(channels)].groupby("level").size()
    for level in words("level"):
        if level == "region" and not channels["level"].eq(level).any():
            continue
        for theme in words("theme"):
            own = _of(channels, level, theme)
            reason = _lack(own)
            if not reason:
                continue
            planned = own.loc[own["status"].eq("planned"), "channel_id"]
            yield NOTHING | {
                "kind": "theme_level",
                "level": level,
                "theme": theme,
                "reasons": reason,
                "n_channels": len(own),
                "n_unknown": int(own["active"].eq("unknown").sum()),
                "channels": together(own["channel_id"]),
                "size": len(own),
                "note": told(
                    f"planned: {together(planned)}" if len(planned) else "",
                    f"channels of this level still to be mapped: {waiting[level]}" if level in waiting else "",
                ),
            }


def _lack(own):
    """Why channels of a level and theme leave a gap; "" where they leave none."""
    active = own["active"].eq("yes")
    aimed = active & own["area_targeted"].isin(AT_AREAS)
    if (aimed & own["evidence"].ne("unsourced")).any():
        return ""
    if aimed.any():
        return "unsourced_only"
    if active.any():
        return "not_area_targeted"
    if own["active"].eq("unknown").any():
        return "unknown_only"
    return "ended_only" if len(own) else "no_channel"


def _needs(need):
    """The need of each city, judged."""
    if lacking := {"city", "value"} - set(need.columns):
        raise BadData(f"need lacks the columns {', '.join(sorted(lacking))}; wanted are city and value")
    if unknown := sorted(set(need["city"]) - set(facts.cities())):
        raise BadData(f"need, column city: {', '.join(unknown)}; known are {', '.join(facts.cities())}")
    if twice := sorted(set(need.loc[need["city"].duplicated(), "city"])):
        raise BadData(f"need, column city: {', '.join(twice)} twice; allowed is one measure, group and year")
    return need.set_index("city")["value"].astype("float64").dropna()


def _city_gaps(known, needs):
    known = known.set_index("city")
    used = (known["n_used"] / known["n_known"].where(known["n_known"].gt(0))).rename("used")
    need_median, used_median = needs.median(), used.median()
    for city in needs.index[needs.gt(need_median)]:
        reasons = []
        if used[city] < used_median:
            reasons.append("need_above_use_below")
        if not known.at[city, "known_share"] >= LEAST_KNOWN:
            reasons.append("use_unknown")
        if reasons:
            yield NOTHING | {
                "kind": "city_use",
                "city": city,
                "reasons": ";".join(reasons),
                "n_channels": known.at[city, "n_channels"],
                "n_unknown": known.at[city, "n_channels"] - known.at[city, "n_known"],
                "need": needs[city],
                "need_median": need_median,
                "used": used[city],
                "used_median": used_median,
                "known_share": known.at[city, "known_share"],
                "size": -needs[city],
                "note": known.at[city, "note"],
            }


def _cliffs(register, year, after):
    active = set(register.channels.loc[activity(register.channels, year).eq("yes"), "channel_id"])
    years = timeline(register, span(register))
    ending = years.set_index(["level", "amount_kind", "year"])["expiring"]
    coming = years["cliff"] & (True if after is None else years["year"] > after)
    for row in years[coming].to_dict("records"):
        ends = active & set(parts(ending.get((row["level"], row["amount_kind"], row["year"] - 1), "")))
        if ends:
            yield NOTHING | {
                "kind": "cliff",
                "level": row["level"],
                "reasons": "ends",
                "n_channels": len(ends),
                "channels": together(ends),
                "size": -row["fall"],
                "note": told(f"{row['amount_kind']} {row['year']}: falls by {row['fall']:.2f}", row["note"]),
            }


def _placeholders(channels):
    for row in channels[placeholders(channels)].to_dict("records"):
        yield NOTHING | {
            "kind": "to_be_mapped",
            "level": row["level"],
            "city": ";".join(cities_in(row["cities_known"])),
            "reasons": "to_be_mapped",
            "n_channels": 1,
            "n_unknown": 1,
            "channels": row["channel_id"],
            "size": 0,
        }
