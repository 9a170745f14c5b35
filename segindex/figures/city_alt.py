"""Titles and text alternatives of the figures of one city: an index by group over the years, and its changes."""

from segindex import wording
from segindex.figures.alt import DECIMALS
from segindex.verdict import STATUSES


def trends_title(rows, *, city, index, language, defined=None):
    """The finding of a city's trends: the groups with the lowest and the highest of the latest values.

    `rows` are those of the city, a group after another; a year without a value is not among those named.
    """
    latest, years = _latest(rows), rows["year"][rows["value"].notna()]
    words = {
        "city": wording.city_name(city, language, defined),
        "index": wording.index_title(index, language),
        "first": int(years.min()),
        "last": int(years.max()),
    }
    if len(latest) < 2:
        return wording.text(language, "city_trends.title", **words)
    for end, group in (("low", latest.idxmin()), ("high", latest.idxmax())):
        words[end] = wording.number(latest[group], language, DECIMALS)
        words[f"{end}est"] = wording.group_name(group, language, defined)
    return wording.text(language, "city_trends.title_span", **words)


def trends_alt(rows, *, city, index, language, defined=None):
    """The text alternative of a city's trends: the latest value of each group."""
    values = "; ".join(
        f"{wording.group_name(group, language, defined)} {wording.number(value, language, DECIMALS)}"
        for group, value in _latest(rows).items()
    )
    title = trends_title(rows, city=city, index=index, language=language, defined=defined)
    return wording.text(language, "city_trends.alt", title=title, values=values)


def _latest(rows):
    valued = rows[rows["value"].notna()]
    return valued.groupby("group", sort=False)["value"].last()


def changes_title(rows, *, city, language, defined=None):
    """The finding of a city's changes: how many groups have which status."""
    counts = {status: int((rows["status"] == status).sum()) for status in STATUSES}
    return wording.text(language, "city_changes.title", city=wording.city_name(city, language, defined), **counts)


def changes_alt(rows, *, city, language, defined=None):
    """The text alternative of a city's changes: change, interval and status of each group."""
    values = "; ".join(_change(row, language, defined) for row in rows.itertuples())
    title = changes_title(rows, city=city, language=language, defined=defined)
    return wording.text(language, "city_changes.alt", title=title, values=values)


def _change(row, language, defined):
    words = {
        "group": wording.group_name(row.group, language, defined),
        "status": wording.text(language, f"status.{row.status}"),
    }
    if wording.missing(row.change):
        return wording.text(language, "city_changes.group_unknown", **words)
    numbers = wording.change_and_ends(row.change, row.low, row.high, language, DECIMALS)
    return wording.text(language, "city_changes.group", **words, **numbers)
