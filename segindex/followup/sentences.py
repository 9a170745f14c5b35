"""What cards and measures' areas say, in sentences of three languages.

Every text is a whole sentence; which one is taken follows the card: its status, whether there is an interval, whether
the change rose or fell. Numbers are the card's.
"""

from segindex import wording
from segindex.verdict import FALSE_DISCOVERY, LEAST_COVERAGE

DECIMALS = 3
PER_CENT = ("share", "types_1_2")
"""Measures that are shares: written as per cent, their changes in percentage points."""


def card_sentence(card, language, names):
    """What a card says: the value, the change since the baseline with its status, the target path, and the trend.

    Parameters
    ----------
    card : mapping
        A row of the table of `cards`.
    language : {"fi", "sv", "en"}
    names : dict of str to Names
        What the indicators are called, as of `names_of`, and cities that the settings define.

    Returns
    -------
    str
        Two to four sentences. The word of the status stands in them and that of no other.
    """
    told = [_value(card, language, names), change_sentence(card, language)]
    if card["refused"] == "":
        told += [path_sentence(card, language), trend_sentence(card, language)]
    return " ".join(filter(None, told))


def _value(card, language, names):
    name = wording.sentence_case(names[card["indicator"]].in_(language))
    where = {"city": wording.city_name(card["city"], language, names), "indicator": name}
    if card["refused"]:
        return wording.text(language, f"followup.refused_{card['refused']}", **where)
    where |= {"year": int(card["year"])}
    if wording.missing(card["value"]):
        return wording.text(language, "followup.value_none", **where)
    value, low, high = (_level(card[name], card, language) for name in ("value", "low", "high"))
    if wording.missing(card["low"]):
        return wording.text(language, "followup.value", **where, value=value)
    return wording.text(language, "followup.value_interval", **where, value=value, low=low, high=high)


def change_sentence(card, language):
    """The change since the baseline and its status, or why it cannot be said."""
    status = wording.text(language, f"status.{card['status']}")
    if card["status"] == "cannot_say":
        reason = reason_sentence(card, language)
        return wording.text(language, "followup.cannot_say", status=status, reason=reason)
    given = wording.change_and_ends(card["change"], card["change_low"], card["change_high"], language, DECIMALS)
    given |= {"first": int(card["baseline_year"]), "last": int(card["year"])}
    if card["status"] == "no_clear_change":
        if card["change_low"] <= 0 <= card["change_high"]:
            return wording.text(language, "followup.no_clear_change", status=status, **given)
        q, limit = (wording.number(one, language, 2) for one in (card["q"], FALSE_DISCOVERY))
        return wording.text(language, "followup.one_of_many", status=status, q=q, limit=limit, **given)
    direction = "rose" if card["change"] > 0 else "fell"
    return wording.text(language, f"followup.{direction}", status=status, **given)


def reason_sentence(card, language):
    """Why the status of a card cannot be said."""
    if card["reason"] == "coverage":
        if wording.missing(card["coverage"]):
            return wording.text(language, "followup.reason_coverage_unknown")
        shares = (wording.percent(one, language) for one in (card["coverage"], LEAST_COVERAGE))
        return wording.text(language, "followup.reason_coverage", **dict(zip(("coverage", "limit"), shares)))
    if card["reason"] == "no_interval" and card["measure"] in PER_CENT:
        years = {"first": int(card["baseline_year"]), "last": int(card["year"])}
        way = wording.change(100 * card["change"], language, 1)[:1]
        if way in "+−":
            key = "reason_share_rose" if way == "+" else "reason_share_fell"
            change = wording.number(100 * abs(card["change"]), language, 1)
            return wording.text(language, f"followup.{key}", change=change, **years)
        return wording.text(language, "followup.reason_share", change=_points(card["change"], language), **years)
    return wording.text(language, f"followup.reason_{card['reason']}")


def path_sentence(card, language):
    """Where the value lies beside the path to the target; "" where there is no target."""
    if card["on_path"] == "":
        return ""
    given = {"target": _level(card["target"], card, language), "target_year": int(card["target_year"])}
    if card["on_path"] == "cannot_say":
        return wording.text(language, "followup.path_unknown", **given)
    path = _level(card["path"], card, language)
    return wording.text(language, f"followup.path_{card['on_path']}", path=path, year=int(card["year"]), **given)


def trend_sentence(card, language):
    """The trend of the years since the last break, or why it has no marker."""
    if card["trend"] == "":
        return wording.text(language, f"followup.trend_{card['trend_reason']}")
    p = wording.p_value(card["trend_p"], language)
    return wording.text(language, f"followup.trend_{card['trend']}", n=int(card["n_points"]), p=p)


def place_sentence(place, language, names):
    """What has changed where a measure is, beside comparable areas: a plain difference.

    Parameters
    ----------
    place : mapping
        A row of the table of `places`.
    language : {"fi", "sv", "en"}
    names : dict of str to Names
        What the measures are called, and groups that the settings define.
    """
    measure = names[place["measure_id"]].in_(language)
    where = {"measure": measure, "city": wording.city_name(place["city"], language)}
    if place["refused"]:
        return wording.text(language, f"followup.place_refused_{place['refused']}", **where)
    if place["group"] == "" or wording.missing(place["first_share"]):
        return wording.text(language, f"followup.place_{place['reason']}", **where)
    shares = {name: wording.percent(place[f"{name}_share"], language) for name in ("first", "last")}
    told = [
        wording.text(
            language,
            "followup.place_change",
            **where,
            group=wording.group_name(place["group"], language, names),
            first=shares["first"],
            last=shares["last"],
            first_year=int(place["first_year"]),
            last_year=int(place["last_year"]),
        )
    ]
    if place["reason"]:
        return " ".join([*told, wording.text(language, f"followup.difference_{place['reason']}")])
    numbers = ("comparable_change", "difference", "low", "high")
    given = {name: _points(place[name], language) for name in numbers}
    given["n"] = wording.count(place["n_comparable"], language)
    if place["low"] <= 0 <= place["high"]:
        kind = "chance"
    else:
        kind = "above" if place["difference"] > 0 else "below"
    told.append(wording.text(language, f"followup.difference_{kind}", **given))
    told.append(wording.text(language, "followup.difference_plain"))
    return " ".join(told)


def _level(value, card, language):
    """A value, as per cent where it is a share."""
    if card["measure"] in PER_CENT:
        return wording.percent(value, language)
    return wording.number(value, language, DECIMALS)


def _points(value, language):
    """A difference of shares in percentage points, without the unit."""
    return wording.change(100 * value, language, 1)
