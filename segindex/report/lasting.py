"""The table of clusters that last: where they are, in how many years they were found, and who lives in them."""

from segindex import wording
from segindex.figures.select import in_order
from segindex.report.tables import Cell, Table

FEWEST = 3
"""Cells of a grid from which a cluster's numbers are published."""
CLASS = "high-high"
MOST = 5
"""Clusters of a city that the table shows, those with most residents."""


def lasting_table(section, name, material, language, counter):
    """The clusters of a group that were found in every year looked at; None where the years are fewer than two."""
    rows = section.lasting
    rows = rows[rows["of_years"] > 1]
    if not len(rows) or section.maps_absent:
        return None

    def say(key, **values):
        return wording.text(language, f"lasting.{key}", **values)

    first, last, n_years = int(rows["year"].min()), int(rows["year"].max()), int(rows["of_years"].max())
    fewest = FEWEST if section.cell_size_m is not None else 1
    now = rows[(rows["year"] == last) & (rows["n_cells"] >= fewest) & (rows["group_size"] >= material.min_group)]
    kept = now[now["n_years"] == now["of_years"]]
    table = Table(
        say("caption", n=counter.next(), group=wording.sentence_case(name), first=first, last=last, years=n_years),
        [
            wording.text(language, "group.city"),
            say("where"),
            say("residents", year=last),
            say("share", year=last),
            say("change"),
        ],
        text_columns=2,
        remarks=[say("remark", most=MOST, fewest=fewest, members=material.min_group)],
    )
    refused = {place.city for place in section.maps if place.absent}
    withheld = {place.city for place in section.maps if not place.absent and not _told(place.classes)}
    for city in in_order(rows["city"]):
        own = kept[kept["city"] == city].sort_values(["population", "id"], ascending=[False, True], kind="stable")
        if city in refused or not len(own):
            dash = table.dash(say("refused" if city in refused else "none"))
            table.add(wording.city_name(city, language), *[dash] * (len(table.head) - 1))
        for row in own.head(MOST).itertuples() if city not in refused else ():
            where = Cell(row.name or say("cell", id=row.id), lang="fi" if row.name and language != "fi" else "")
            if city in withheld:
                table.add(wording.city_name(city, language), where, *[table.dash(say("withheld"))] * 3)
                continue
            start = rows[(rows["city"] == city) & (rows["id"] == row.id)].sort_values("year").iloc[0]
            table.add(
                wording.city_name(city, language),
                where,
                wording.count(row.population, language),
                wording.percent(row.share, language),
                say("from_to", first=int(start["year"]), before=wording.count(start["population"], language)),
            )
    return table


def _told(classes):
    """Whether the numbers of the clusters' class are published with the map: else none of theirs is."""
    return bool(classes.loc[classes["cluster"] == CLASS, "group_share"].notna().any())
