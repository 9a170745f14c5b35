"""The tables of both ends: the lowest and the highest class, how far apart they live, and who lives at the ends."""

import pandas as pd

from segindex import wording
from segindex.facts import classifications
from segindex.limits import OTHER, refusal
from segindex.report import notes
from segindex.report.publish import FEWEST, HIDDEN_WARNING, limit_of
from segindex.report.tables import DECIMALS, Cell, Table
from segindex.standings import in_order, latest_release, own_sizes

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

    year, cities = int(rows["year"].max()), in_order(rows["city"])
    rows = rows[rows["year"] == year]
    rows = rows[rows["release"] == latest_release(rows)]
    even = rows["measure"] == "dissimilarity"
    rows = pd.concat([own_sizes(rows[even]), rows[~even]])
    apart = rows[(rows["measure"] == "dissimilarity") & (rows["reference"] != "rest")]
    lowest, highest = apart["group"].iloc[0], apart["reference"].iloc[0]
    names = [wording.group_name(name, language, material.defined) for name in (lowest, highest)]
    years = rows["cut_off_year"].dropna()
    remarks = [say("apart"), say("ratio")] + [say("beyond", year=int(one)) for one in years.iloc[:1]]
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
        remarks=remarks,
    )
    grid, kept_back = material.cell_size(classification) is not None, material.withheld
    pairs = ((lowest, "rest"), (highest, "rest"), (lowest, highest))
    ends = {"lowest": lowest, "highest": highest}
    for city in cities:
        own = rows[rows["city"] == city]
        even = own[own["measure"] == "dissimilarity"]
        of = [even[(even["group"] == x) & (even["reference"] == y)] for x, y in pairs]
        of += [own[(own["measure"] == measure) & (own["group"] == ends[end])] for measure, end in AREAS]
        cells = [_cell(table, one, material, kept_back, grid, say, language) for one in of]
        warned = own["hidden_share"].max() > HIDDEN_WARNING
        mark = table.mark(say("hidden", limit=wording.percent(HIDDEN_WARNING, language, 0))) if warned else ""
        table.add(Cell(wording.city_name(city, language, material.defined), mark), *cells)
    return table


def _cell(table, rows, material, kept_back, grid, say, language):
    """A published number, or a dash and why there is none."""
    if not len(rows):
        return table.dash(wording.text(language, "caveat.no_rows"))
    row = rows.iloc[0]
    counts = (row[name] for name in ("n_cells", "group_size", "population"))
    why = refusal(*counts, min_cells=material.min_cells, min_group=material.min_group, grid=grid)
    keys = {(row["city"], row["classification"], row["year"], row[name]) for name in ("group", "reference")}
    why = why or (OTHER if keys & kept_back else "")
    if why:
        return table.dash(wording.text(language, f"caveat.{why}", **limit_of(why, material)))
    if pd.isna(row["value"]):
        return table.dash(" ".join(notes.sentences(_reason(row["note"]), language)) or say("missing"))
    if grid and pd.notna(row["n_beyond"]) and 0 < row["n_beyond"] < FEWEST:
        return table.dash(say("few", limit=FEWEST))
    if row["measure"] == "dissimilarity":
        return _apart(row, language)
    if row["measure"] == "ratio_90_10":
        return Cell(wording.number(row["value"], language, SHORT))
    return Cell(wording.percent(row["value"], language))


def _reason(note):
    """The parts of a note that say why there is no number."""
    return "; ".join(part for part in str(note).split("; ") if part.startswith(("undefined", "no cut-off")))


def _apart(row, language):
    """A value, and in parentheses the corrected one with its interval."""
    words = wording.number(row["value"], language, DECIMALS)
    if pd.notna(row["corrected"]):
        inner = [wording.number(row["corrected"], language, DECIMALS)]
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            inner.append("–".join(wording.number(row[end], language, DECIMALS) for end in ("low", "high")))
        words = f"{words} ({'; '.join(inner)})"
    return Cell(words)
