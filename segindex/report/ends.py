"""The tables of both ends: the lowest and the highest class, how far apart they live, and who lives at the ends."""

import pandas as pd

from segindex import wording
from segindex.facts import classifications
from segindex.figures.select import in_order, latest_release, own_sizes
from segindex.report.publish import HIDDEN_WARNING
from segindex.report.tables import DECIMALS, Cell, Table

AREAS = (("ratio_90_10", "lowest"), ("ratio_90_10", "highest"), ("lowest_end", "lowest"), ("highest_end", "highest"))
SHORT = 1


def end_tables(material, language, counter):
    """A table a classification with ascending classes, in its latest year; none where there is no such."""
    if material.ends is None or not len(material.ends):
        return []
    return [
        _table(material, name, material.ends[material.ends["classification"] == name], language, counter.next())
        for name in sorted(set(material.ends["classification"]), key=_rank)
    ]


def _rank(classification):
    """The programme's order of the classifications; others after them, by name."""
    known = list(classifications())
    return known.index(classification) if classification in known else len(known), classification


def _table(material, classification, rows, language, number):
    def say(key, **values):
        return wording.text(language, f"ends.{key}", **values)

    year = int(rows["year"].max())
    rows = rows[rows["year"] == year]
    rows = rows[rows["release"] == latest_release(rows)]
    even = rows["measure"] == "dissimilarity"
    rows = pd.concat([own_sizes(rows[even]), rows[~even]])
    apart = rows[(rows["measure"] == "dissimilarity") & (rows["reference"] != "rest")]
    if not len(apart):
        apart = rows[rows["measure"] == "dissimilarity"]
    lowest, highest = apart["group"].iloc[0], apart["reference"].iloc[0]
    pairs = ((lowest, "rest"), (highest, "rest"), (lowest, highest))
    names = [wording.group_name(name, language, material.defined) for name in (lowest, highest)]
    years = rows["cut_off_year"].dropna()
    table = Table(
        say(
            "caption",
            n=number,
            classification=wording.sentence_case(wording.classification_name(classification, language)),
            year=year,
            lowest=names[0],
            highest=names[1],
        ),
        [
            wording.text(language, "group.city"),
            *(say(key) for key in ("low_rest", "high_rest", "low_high")),
            *(say(f"{measure}_{end}" if measure == "ratio_90_10" else measure) for measure, end in AREAS),
        ],
        remarks=[say("apart"), say("ratio"), say("beyond", year=int(years.iloc[0]) if len(years) else year)],
    )
    ends = {"lowest": lowest, "highest": highest}
    for city in in_order(rows["city"]):
        own = rows[rows["city"] == city]
        found = [
            own[(own["measure"] == "dissimilarity") & (own["group"] == x) & (own["reference"] == y)] for x, y in pairs
        ]
        cells = [_apart(table, one, say, language) for one in found]
        for measure, end in AREAS:
            one = own[(own["measure"] == measure) & (own["group"] == ends[end])]
            cells.append(_area(table, one, measure, say, language))
        warned = own["hidden_share"].max() > HIDDEN_WARNING
        mark = table.mark(say("hidden", limit=wording.percent(HIDDEN_WARNING, language, 0))) if warned else ""
        table.add(Cell(wording.city_name(city, language), mark), *cells)
    return table


def _apart(table, rows, say, language):
    """A value, and in parentheses the corrected one with its interval."""
    if not len(rows) or pd.isna(rows["value"].iloc[0]):
        return table.dash(say("missing"))
    row = rows.iloc[0]
    words = wording.number(row["value"], language, DECIMALS)
    if pd.notna(row["corrected"]):
        inner = [wording.number(row["corrected"], language, DECIMALS)]
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            inner.append("–".join(wording.number(row[end], language, DECIMALS) for end in ("low", "high")))
        words = f"{words} ({'; '.join(inner)})"
    return Cell(words)


def _area(table, rows, measure, say, language):
    if not len(rows) or pd.isna(rows["value"].iloc[0]):
        return table.dash(say("missing"))
    value = rows["value"].iloc[0]
    return Cell(
        wording.number(value, language, SHORT) if measure == "ratio_90_10" else wording.percent(value, language)
    )
