"""Money that meets: two channels for the same place, theme and time."""

from itertools import combinations

import pandas as pd

from segindex.funding.cells import cities_in, parts
from segindex.funding.columns import OVERLAPS
from segindex.funding.relations import ancestors
from segindex.funding.rows import EVIDENCE, activity, made_up, table, together, told
from segindex.funding.words import AT_AREAS

KEYS = ["basis", "first", "second", "city", "area_id", "first_year", "last_year", "note"]


def overlaps(register, year=None):
    """Pairs of channels that pay for the same, by their awards, and pairs that could.

    Basis "awards": two awards of different channels in one city (or to one recipient, where at least one of the two
    names no city), of one area where both name areas, with a common theme and overlapping days. An award without
    themes has those of its channel; one without `start` and `end` fills its `year`.

    Basis "channels": two channels that are active and aimed at the same kind of places within a city (`AT_AREAS`),
    with a common theme and overlapping years (a missing year is open), which name a common city or whose eligible
    applicants have a word in common. A city is a municipality: the two words are one, and a city's own channel has
    that applicant. Two cities' own channels never meet. Such a pair is possible, not proven.

    A channel and one that it lies in are no pair: the money of the inner one is part of the outer one's.

    Parameters
    ----------
    register : Register
        Its frames `channels` and `awards`.
    year : int, optional
        Keeps what overlaps in this year: awards whose common time has it, channels that are active in it. Without
        it, all awards, and channels by their status alone.

    Returns
    -------
    DataFrame
        The columns of `OVERLAPS`. `first` and `second` are channels; of awards the note names the two, and a pair of
        awards is a row. `city` and `area_id` are the common ones, `first_year` to `last_year` the common time (<NA>
        where open), `evidence` the weaker of the two.
    """
    rows = [*_by_awards(register, year), *_by_channels(register.channels, year)]
    return table(rows, OVERLAPS, KEYS, made_up=made_up(register))


def _by_awards(register, year):
    above = ancestors(register.channels)
    themes = dict(zip(register.channels["channel_id"], register.channels["themes"]))
    awards = register.awards.sort_values(["channel_id", "award_id"]).to_dict("records")
    for one, other in combinations(awards, 2):
        pair = one["channel_id"], other["channel_id"]
        if _is_one(*pair, above) or not _same_taker(one, other):
            continue
        areas = [set(parts(award["area_id"])) for award in (one, other)]
        if all(areas) and (one["area_scheme"] != other["area_scheme"] or not areas[0] & areas[1]):
            continue
        topics = [set(parts(award["themes"] or themes[award["channel_id"]])) for award in (one, other)]
        (start, end), (other_start, other_end) = _days(one), _days(other)
        first, last = max(start, other_start), min(end, other_end)
        if not topics[0] & topics[1] or first > last:
            continue
        if year is not None and not int(first[:4]) <= year <= int(last[:4]):
            continue
        yield {
            "basis": "awards",
            "first": pair[0],
            "second": pair[1],
            "city": one["city"] or other["city"],
            "area_id": together(areas[0] & areas[1] if all(areas) else ()),
            "themes": together(topics[0] & topics[1]),
            "first_year": int(first[:4]),
            "last_year": int(last[:4]),
            "evidence": _weaker(one, other),
            "note": f"awards {one['award_id']} and {other['award_id']}",
        }


def _by_channels(channels, year):
    above = ancestors(channels)
    active = channels[activity(channels, year).eq("yes") & channels["area_targeted"].isin(AT_AREAS)]
    for one, other in combinations(active.sort_values("channel_id").to_dict("records"), 2):
        pair = one["channel_id"], other["channel_id"]
        themes = set(parts(one["themes"])) & set(parts(other["themes"]))
        if one["area_targeted"] != other["area_targeted"] or not themes or _is_one(*pair, above):
            continue
        cities, applicants = _in_common(one, other)
        first = max((row["start_year"] for row in (one, other) if not pd.isna(row["start_year"])), default=None)
        last = min((row["end_year"] for row in (one, other) if not pd.isna(row["end_year"])), default=None)
        if not (cities or applicants) or (first is not None and last is not None and first > last):
            continue
        yield {
            "basis": "channels",
            "first": pair[0],
            "second": pair[1],
            "city": together(cities),
            "area_id": "",
            "themes": together(themes),
            "first_year": first,
            "last_year": last,
            "evidence": _weaker(one, other),
            "note": told("possible", f"applicants: {together(applicants)}" if applicants else ""),
        }


def _is_one(first, second, above):
    """Whether two channels are the same, or one lies in the other."""
    return first == second or second in above[first] or first in above[second]


def _same_taker(one, other):
    if one["city"] and other["city"]:
        return one["city"] == other["city"]
    return one["recipient"].strip().casefold() == other["recipient"].strip().casefold()


def _days(award):
    """The first and last day of an award as ISO texts."""
    first = award["start"] or f"{award['year']:04d}"
    last = award["end"] or f"{max(int(award['year']), int(first[:4])):04d}"
    return (first + "-01-01")[:10] if len(first) == 4 else (first + "-01")[:10], _filled(last)


def _filled(last):
    """The last day that a year, or a year and a month, can mean.

    >>> _filled("2025"), _filled("2025-06"), _filled("2025-06-15")
    ('2025-12-31', '2025-06-31', '2025-06-15')
    """
    return last + "-12-31"[3 * (len(last) // 7) :] if len(last) < 10 else last


def _in_common(one, other):
    """The cities that two channels have in common, and the applicants."""
    cities, applicants = [], []
    for row in (one, other):
        words = {"municipality" if word.casefold() == "city" else word for word in parts(row["eligible_applicants"])}
        cities.append(set(cities_in(row["cities_known"])))
        applicants.append({*words, "municipality"} if row["level"] == "city" else words)
    common = cities[0] & cities[1]
    both = {row["level"] for row in (one, other)} == {"city"}
    shared = set() if both else applicants[0] & applicants[1]
    if shared and not common and "city" in (one["level"], other["level"]):
        common = cities[0] if one["level"] == "city" else cities[1]
    return common, shared


def _weaker(one, other):
    return min(one["evidence"], other["evidence"], key=EVIDENCE.index)
