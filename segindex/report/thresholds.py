"""The tables of who lives in cells over a threshold, beside what chance alone would put there."""

import pandas as pd

from segindex import wording
from segindex.report import notes
from segindex.report.publish import FEWEST, limit_of
from segindex.report.tables import Cell, Table, hidden_head
from segindex.standings import latest_release

WHOSE = ("population", "group")
FIXED = {"over_20_percent": 0.2, "over_30_percent": 0.3, "over_40_percent": 0.4}
RELATIVE = ("twice_the_city", "top_tenth", "top_fifth")


def threshold_tables(section, name, material, language, counter):
    """A table of residents and one of group members in the latest year; none where the tables do not tell."""
    if material.thresholds is None:
        return []
    rows = material.thresholds[(material.thresholds["group"] == section.group)]
    rows = rows[rows["year"] == section.year]
    rows = rows[rows["release"] == latest_release(rows)]
    if not rows["cut_off"].notna().any():
        return []
    return [_table(section, whose, rows, name, material, language, counter.next()) for whose in WHOSE]


def _table(section, whose, rows, name, material, language, number):
    def say(key, **values):
        return wording.text(language, f"thresholds.{key}", **values)

    where = "grid" if section.cell_size_m is not None else "area"
    base = {"base": wording.base_name(section.classification, language)} if whose == "population" else {}
    caption = say(f"{whose}_{where}", n=number, group=wording.sentence_case(name), year=section.year, **base)
    keys = [key for key in (*FIXED, *RELATIVE) if (rows["threshold"] == key).any()]
    table = Table(caption, [wording.text(language, "group.city"), *(_head(rows, key, language, say) for key in keys)])
    if whose == "population":
        table.head.append(hidden_head(section, language))
        years = rows["cut_off_year"].dropna()
        table.remarks.append(say("remark", year=int(years.iloc[0]) if len(years) else section.year))
    for city in section.cities:
        own = rows[rows["city"] == city].set_index("threshold")
        refused = _refused(section, city, material, language)
        cells = [_cell(table, own, key, whose, refused, where, say, language) for key in keys]
        if whose == "population":
            cells.append(wording.percent(own["unknown_share"].iloc[0], language) if len(own) else wording.NO_VALUE)
        table.add(wording.city_name(city, language, material.defined), *cells)
    return table


def _head(rows, key, language, say):
    if key in FIXED:
        return say("over", limit=wording.percent(FIXED[key], language, 0))
    own = rows[(rows["threshold"] == key) & rows["cut_off"].notna()]
    year = int(own["cut_off_year"].iloc[0]) if len(own) else wording.NO_VALUE
    if key == "twice_the_city":
        return say(key, year=year)
    return say(
        key, year=year, limit=wording.percent(own["cut_off"].iloc[0], language) if len(own) else wording.NO_VALUE
    )


def _refused(section, city, material, language):
    """Why nothing of a city is published, "" where it is."""
    rows = next(iter(section.rows.values()))
    own = rows[(rows["city"] == city) & (rows["year"] == section.year)]
    if not len(own):
        return wording.text(language, "caveat.no_rows")
    why = own.iloc[0]["refused"]
    return wording.text(language, f"caveat.{why}", **limit_of(why, material)) if why else ""


def _cell(table, own, key, whose, refused, where, say, language):
    if refused or key not in own.index:
        return table.dash(refused or wording.text(language, "caveat.no_rows"))
    row = own.loc[key]
    if pd.isna(row["cut_off"]) or pd.isna(row[f"{whose}_share"]):
        said = notes.sentences(notes.without_breaks(row["note"]), language)
        return table.dash(" ".join(said) or wording.text(language, "note.undefined"))
    if where == "grid" and 0 < row["n_cells"] < FEWEST:
        return table.dash(say("few", limit=FEWEST))
    words = wording.percent(row[f"{whose}_share"], language)
    expected = row[f"expected_{whose}_share"]
    return Cell(words if pd.isna(expected) else f"{words} ({wording.percent(expected, language)})")
