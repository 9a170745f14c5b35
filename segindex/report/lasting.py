"""The table of clusters that last: where they are, and how many live in those that are large enough to be told of."""

from segindex import wording
from segindex.limits import refusal
from segindex.report.tables import Cell, Table
from segindex.standings import in_order

CLASS = "high-high"
COUNTS = ["n_cells", "group_size", "population"]
MOST = 5
"""Clusters of a city that the table shows, those with the largest base."""


def lasting_table(section, name, material, language, counter):
    """The clusters of a group that were found in every year looked at; None where the years are fewer than two."""
    rows = section.lasting
    rows = rows[rows["of_years"] > 1]
    if not len(rows) or section.maps_absent:
        return None

    def say(key, **values):
        return wording.text(language, f"lasting.{key}", **values)

    first, last = int(rows["year"].min()), int(rows["year"].max())
    now = rows[(rows["year"] == last) & (rows["n_cells"] > 0) & (rows["n_years"] == rows["of_years"])]
    table = Table(
        say("caption", n=counter.next(), group=wording.sentence_case(name), first=first, last=last),
        [
            wording.text(language, "group.city"),
            say("where"),
            say("base", year=last),
            say("share", year=last),
            say("change"),
        ],
        text_columns=2,
        remarks=[say("remark", most=MOST)],
    )
    limits = {"min_cells": material.min_cells, "min_group": material.min_group, "grid": section.cell_size_m is not None}
    places = {place.city: place for place in section.maps}
    for city in in_order(rows["city"]):
        own = now[now["city"] == city].sort_values(["population", "id"], ascending=[False, True], kind="stable")
        place = places.get(city)
        why = "late" if not (rows["year"][rows["city"] == city] == last).any() else "" if len(own) else "none"
        why = "refused" if place is None or place.absent else why
        if why:
            words = wording.text(language, "caveat.no_rows") if why == "late" else say(why)
            table.add(wording.city_name(city, language, material.defined), *[table.dash(words)] * (len(table.head) - 1))
            continue
        starts = rows[rows["city"] == city].sort_values("year").drop_duplicates("id").set_index("id")
        told = _told(own, starts, place.classes, limits)
        for row in own.head(MOST).itertuples():
            where = Cell(row.name or say("cell", id=row.id), lang="fi" if row.name and language != "fi" else "")
            numbers = [table.dash(say("withheld"))] * 3
            if row.id in told:
                start = starts.loc[row.id]
                numbers = [
                    wording.count(row.population, language),
                    wording.percent(row.share, language),
                    say("from_to", first=int(start["year"]), before=wording.count(start["population"], language)),
                ]
            table.add(wording.city_name(city, language, material.defined), where, *numbers)
    return table


def _told(own, starts, classes, limits):
    """The ids of the shown clusters whose numbers are published, the largest first.

    A cluster's numbers need enough cells and members in both years. The class that they are of is published with the
    map: what is left of it when the clusters told of are taken away must be nothing, or large enough as well.
    """
    whole = classes.loc[classes["cluster"] == CLASS, COUNTS]
    if not len(whole) or whole.isna().any(axis=None):
        return []
    own = own.head(MOST).set_index("id")
    kept = [one for one in own.index if not any(refusal(*table.loc[one, COUNTS], **limits) for table in (own, starts))]
    while kept:
        left = whole.iloc[0] - own.loc[kept, COUNTS].sum()
        if left["n_cells"] <= 0 or not refusal(*left, **limits):
            break
        kept.pop()
    return kept
