"""Tables of grid cells, whoever made them: joined on the cell, judged, and split into one delivery a year.

A reader (ykr, statfin_grid, sample) turns its file into a `CellTable`; `deliver` does the rest.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings
from segindex.sources import card as cards
from segindex.sources import delivery as judge
from segindex.sources import tables
from segindex.sources.delivery import Delivery, Notice

SHOWN = 5
KEYS = ("vuosi", "kunta")
# keys, places and serial numbers that other tables carry along
NO_COUNTS = frozenset(
    (
        "id_nro",
        "ykr_id",
        "nro",
        "fid",
        "ogc_fid",
        "objectid",
        "gml_id",
        "index",
        "x",
        "y",
        "euref_x",
        "euref_y",
        "xkoord",
        "ykoord",
        "grid_id",
        "grd_id",
        "xyind",
        "grid_inspire",
        "shape_leng",
        "shape_length",
        "shape_area",
        "pinta_ala",
    )
)
# means, medians, sums of money and floor areas: no persons, households or dwellings
NO_PERSONS = (
    "he_kika",
    "hr_ktu",
    "hr_mtu",
    "hr_ovy",
    "tr_ktu",
    "tr_mtu",
    "tr_ovy",
    "te_takk",
    "te_as_valj",
    "ra_as_kpa",
)
# what shares a base: names or patterns of the parts, and the base
PARTS = (
    (r"v_\d.*", "v_yht"),
    (r"he_\d.*", "he_vakiy"),
    (r"he_(naiset|miehet)", "he_vakiy"),
    (r"ko_(perus|koul)", "ko_ika18y"),
    (r"ko_(yliop|ammat|al_kork|yl_kork)", "ko_koul"),
    (r"hr_(pi|ke|hy)_tul", "hr_tuy"),
    (r"tr_(pi|ke|hy)_tul", "tr_kuty"),
    (r"te_(omis|vuok|muu)_as", "te_taly"),
    (r"pt_(tyoll|tyott|0_14|opisk|elakel|muut)", "pt_vakiy"),
    (r"ika_\d.*", "vaesto"),
    (r"miehet|naiset", "vaesto"),
    (r"vieraskieliset", "he_vakiy"),
    (r"vieraskieliset", "v_yht"),
)


@dataclass(frozen=True)
class CellTable:
    """One file of one source: its rows with lower-case names, and where its cells lie.

    `frame` has the columns `cell`, `x`, `y` (centres) beside the file's own.
    """

    path: Path
    form: str
    frame: pd.DataFrame
    size_m: int


def paths_of(path):
    """One path or several, as a list; BadSettings when there is none."""
    found = list(path) if isinstance(path, (list, tuple)) else [path]
    if not found:
        raise BadSettings("no file is named; give a path or a list of paths")
    return [Path(one) for one in found]


def open_lowered(path):
    """The raw file with lower-case column names; BadData when two names become one."""
    raw = tables.open_raw(path)
    lowered = raw.frame.rename(columns=lambda name: str(name).strip().lower())
    twice = sorted(set(lowered.columns[lowered.columns.duplicated()]))
    if twice:
        raise BadData(f"{path}: columns {', '.join(twice)} stand twice (upper and lower case count as one)")
    if not len(lowered):
        raise BadData(f"{path}: the file has no rows; columns found: {', '.join(lowered.columns)}")
    return tables.Raw(raw.path, lowered, raw.geometry)


def form_of(path):
    """The kind of file in words."""
    name = Path(path).name.lower()
    if tables.kind(path) == "text":
        return "text table"
    if name.endswith((".shp", ".zip")):
        return "shapefile"
    return {"vector": "GeoPackage" if name.endswith(".gpkg") else "vector file", "parquet": "Parquet table"}[
        tables.kind(path)
    ]


def deliver(source, found, *, card=None, release=None, municipalities=None, columns=None, residents=(), taken=None):
    """One delivery a year from the tables of one source.

    Parameters
    ----------
    source : str
    found : list of CellTable
        Tables of the same cells (other columns), of other years, or both.
    card : Card, optional
        The card beside the first file if left out.
    release : str or int, optional
        The year, where the tables have no column `vuosi`; where they have, the only year that is delivered.
    municipalities : path or GeoDataFrame, optional
        Polygons, or a link of 250 m cells (`segindex.sources.cell_link`), for rows that name no municipality.
    columns : sequence of str, optional
        Columns that must be there.
    residents : sequence of str
        Names of the column of residents, the first one found is taken; then those of `columns`.
    taken : sequence of City, optional
        The cities whose cells are kept; the eleven if left out.

    Returns
    -------
    list of Delivery, by year

    Notes
    -----
    The table that has the column of residents says who lives where. A cell that another table lacks is *protected*
    there (NaN): whether its producer left it out for want of members or to protect them cannot be told, so
    nothing is made zero. Only a cell without residents gets zeros. A cell that only the other tables have is left
    out. Cells whose residents are protected are left out too. Each of these stands in a Notice.
    """
    sizes = {table.size_m for table in found}
    if len(sizes) > 1:
        raise BadData(
            f"{_names(found)}: the tables have cells of {' and '.join(f'{size} m' for size in sorted(sizes))}; "
            f"only tables of the same cells can be joined"
        )
    card = card or cards.beside(found[0].path, source)
    wanted = tuple(name.lower() for name in columns or ())
    by_year = _years(found, card, release)
    lacking = [year for year in by_year if str(year) not in card.dates]
    if len(by_year) > 1 and lacking and card.dates_of(lacking[0]):
        raise BadData(
            f"{_names(found)}: the card gives one set of dates, but the files hold the years "
            f"{', '.join(map(str, by_year))}; give each its own in source.toml, for example [dates.{lacking[0]}] with "
            f'hr = "{lacking[0] - 1}-12-31", or one rule for all in [lags]'
        )
    return [
        _delivery(source, parts, year, card, municipalities, wanted, (*residents, *wanted), taken)
        for year, parts in by_year.items()
    ]


def _delivery(source, parts, year, card, municipalities, wanted, residents, taken):
    there = tuple(dict.fromkeys(name for table in parts for name in table.frame if name not in ("cell", "x", "y")))
    where = f"{_names(parts)}, {year}"
    judge.check_columns(there, wanted, path=where, what="columns")
    people = next((name for name in residents if name in there), None)
    if people is None:
        raise BadData(
            f"{where}: no column of residents; one of {', '.join(residents)} is needed, in this table or in one that "
            f"is read with it; found were {', '.join(there)}"
        )
    parts = sorted(parts, key=lambda table: people not in table.frame)
    read = [_counted(table, card, (*wanted, people), year) for table in parts]
    frame, notices = _joined(parts, read, people, where)
    frame["kunta"] = "" if judge.takes_every(taken) else _municipality(parts, frame, municipalities, where)
    count_columns = [name for name in frame if name not in ("cell", "x", "y", "kunta")]
    frame, lost = _without_protected_residents(frame, people)
    for pattern, base in PARTS:
        fitting = [name for name in count_columns if re.fullmatch(pattern, name)]
        if fitting and base in count_columns:
            judge.check_parts(frame, fitting, base, path=where)
    frame, dropped = judge.keep_cities(frame, frame["kunta"], path=where, residents=frame[people], taken=taken)
    frame = frame[["city", "cell", "x", "y", *count_columns]].reset_index(drop=True)
    dates, assumed = _dates(card, year, count_columns, where)
    return Delivery(
        source=source,
        form=" + ".join(dict.fromkeys(table.form for table in parts)),
        path=parts[0].path,
        card=card,
        release=str(year),
        dates=dates,
        residents=people,
        frame=frame,
        cell_size_m=float(parts[0].size_m),
        notices=(*notices, *lost, *dropped, *assumed),
    )


def _years(found, card, release):
    """Year -> the tables that have rows of it, each with that year's rows."""
    by_year = {}
    for table in found:
        if "vuosi" in table.frame:
            given = _whole(table.frame, "vuosi", table.path)
        else:
            given = np.full(len(table.frame), _year_without_column(table, card, release))
        years = np.unique(given)
        for year in years:
            rows = table.frame if len(years) == 1 else table.frame.loc[given == year].reset_index(drop=True)
            by_year.setdefault(int(year), []).append(CellTable(table.path, table.form, rows, table.size_m))
    if release is None:
        return dict(sorted(by_year.items()))
    if not re.fullmatch(r"(19|20)\d\d", str(release)) or int(release) not in by_year:
        raise BadSettings(
            f"{_names(found)}: release {release!r} is not in the files; they have the years "
            f"{', '.join(map(str, sorted(by_year)))}"
        )
    return {int(release): by_year[int(release)]}


def _year_without_column(table, card, release):
    text = str(release) if release is not None else str(card.dates_of("").get("*", ""))[:4]
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise BadData(
            f"{table.path}: the table has no column vuosi, so its year is not known; give it with --release YYYY, "
            f'or the reference date in the card: [dates] in source.toml, "*" = "YYYY-12-31"; '
            f"columns found: {', '.join(table.frame.columns)}"
        )
    return int(text)


def _whole(frame, name, path):
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((values >= 1950) & (values <= 2100) & (values == np.floor(values)))
    if wrong.any():
        raise BadData(
            f"{path}: column {name} has {int(wrong.sum())} values that are no year, first "
            f"{', '.join(map(repr, frame[name][wrong].head(SHOWN).tolist()))}; allowed are years of four digits"
        )
    return values.astype(int)


def _dates(card, year, columns, where):
    """Reference dates of variable groups: the year's end, under the card's lags, under the card's own dates."""
    own, lagged = card.dates_of(year), card.dates_by_lag(year)
    for group, date in own.items():
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(date)) or not 0 <= year - int(str(date)[:4]) <= 5:
            raise BadData(
                f"{where}: the card dates {group} {date!r}; allowed are ISO dates of {year} or up to five years "
                f"before. Dates of one year of several stand in source.toml under it: [dates.{year}]"
            )
    dates = {"*": f"{year}-12-31"} | lagged | own
    given = {name.split("_")[0] for name in columns} - set(own)
    late = sorted(group for group in given & set(lagged) if lagged[group] != dates["*"])
    if not late:
        return dates, ()
    text = (
        f"reference dates by the rule of the card: {', '.join(f'{group} {dates[group]}' for group in late)}; "
        f"[dates] in source.toml overrides them"
    )
    return dates, (Notice("assumed_dates", text),)


def _counted(table, card, needed, year):
    """The table's count columns as floats, NaN where protected; and the names of what is no count."""
    skipped = {"cell", *KEYS, *NO_COUNTS}
    frame = table.frame
    judge.check_unique(frame, path=f"{table.path}, {year}")
    counts, words = [], []
    for name in frame:
        if name in skipped or name in NO_PERSONS:
            continue
        known = name in needed or any(re.fullmatch(pattern, name) or name == base for pattern, base in PARTS)
        (counts if known or _mostly_numbers(frame[name]) else words).append(name)
    marks = tuple(card.hidden.get("marks", (-1,)))
    values = judge.counts(frame, counts, path=f"{table.path}, {year}", marks=marks)
    return values, (*words, *(name for name in frame if name in NO_PERSONS))


def _mostly_numbers(values):
    text = values.dropna().astype(str).str.strip()
    text = text[text != ""]
    return len(text) > 0 and pd.to_numeric(text, errors="coerce").notna().mean() > 0.5


def _joined(parts, read, people, where):
    """All tables of a year in the rows of the first, and the notices of what does not meet."""
    first = parts[0].frame
    frame = pd.concat([first[["cell", "x", "y"]], read[0][0]], axis=1)
    ignored = dict.fromkeys(read[0][1])
    notices = []
    for table, (values, words) in zip(parts[1:], read[1:]):
        ignored |= dict.fromkeys(words)
        there = pd.Index(table.frame["cell"])
        at = there.get_indexer(frame["cell"])
        absent = at < 0
        for name in values:
            own = np.where(absent, np.nan, values[name].to_numpy()[at])
            if name in frame:
                _check_same(frame, name, own, absent, table.path, where)
                continue
            frame[name] = np.where(absent & (frame[people] == 0).to_numpy(), 0.0, own)
        if absent.any():
            lost = frame.loc[absent, people]
            text = f"cells that {table.path.name} lacks: its columns count as protected there"
            notices.append(_notice("absent_from_table", text, frame.loc[absent, "cell"], lost))
        alone = ~there.isin(frame["cell"])
        if alone.any():
            text = f"cells of {table.path.name} that have no residents in {parts[0].path.name} are left out"
            notices.append(_notice("not_in_population_table", text, table.frame.loc[alone, "cell"], pd.Series([0.0])))
    if ignored:
        text = f"columns that are no counts are left aside: {', '.join(ignored)}"
        notices.append(Notice("ignored_columns", text))
    return frame, tuple(notices)


def _check_same(frame, name, own, absent, path, where):
    before = frame[name].to_numpy()
    differ = ~absent & ~((before == own) | (np.isnan(before) & np.isnan(own)))
    if differ.any():
        shown = ", ".join(
            f"{cell}: {a:g} and {b:g}" for cell, a, b in zip(frame["cell"][differ][:SHOWN], before[differ], own[differ])
        )
        raise BadData(
            f"{where}: column {name} stands in two tables and differs in {int(differ.sum())} cells ({path} against "
            f"the others), first {shown}; leave one of the tables out"
        )


def _municipality(parts, frame, municipalities, where):
    """Municipality codes of three digits, from the tables or, where they name none, from polygons."""
    codes = pd.Series("", index=frame.index)
    for table in parts:
        if "kunta" not in table.frame:
            continue
        own = pd.Series(_codes(table), index=table.frame["cell"]).reindex(frame["cell"]).fillna("").to_numpy()
        differ = ((codes != "") & (own != "") & (codes != own)).to_numpy()
        if differ.any():
            shown = ", ".join(
                f"{cell}: {a} and {b}" for cell, a, b in zip(frame["cell"][differ][:SHOWN], codes[differ], own[differ])
            )
            raise BadData(
                f"{where}: the tables name different municipalities in {int(differ.sum())} cells, first {shown}; "
                f"tables that are joined must follow the same borders"
            )
        codes = codes.where(codes != "", own)
    missing = (codes == "").to_numpy()
    if not missing.any():
        return codes
    if municipalities is None:
        raise BadData(
            f"{where}: {int(missing.sum())} of {len(frame)} cells name no municipality (column kunta), first "
            f"{', '.join(frame['cell'][missing][:SHOWN])}; give municipality polygons, or a link of cells to "
            f"municipalities (--municipalities FILE)"
        )
    from segindex.sources import borders, cell_link

    places = frame["x"].to_numpy()[missing], frame["y"].to_numpy()[missing]
    if isinstance(municipalities, (str, Path)) and cell_link.is_link(municipalities):
        if parts[0].size_m != cell_link.SIZE_M:
            raise BadData(
                f"{where}: the cells have an edge of {parts[0].size_m} m, and {municipalities} links cells of "
                f"{cell_link.SIZE_M} m; give municipality polygons"
            )
        lying = cell_link.municipality_of(*places, cell_link.read_link(municipalities))
    else:
        if isinstance(municipalities, (str, Path)):
            municipalities = borders.read_municipalities(municipalities)
        lying = borders.municipality_of(*places, municipalities)
    codes[missing] = pd.Series(lying, dtype=object).fillna("").astype(str).to_numpy()
    return codes


def _codes(table):
    text = table.frame["kunta"].astype(object).where(table.frame["kunta"].notna(), "").astype(str).str.strip()
    text = text.str.replace(r"\.0+$", "", regex=True).str.replace(r"^(nan|<NA>|None)$", "", regex=True)
    wrong = ~text.str.fullmatch(r"\d{0,3}")
    if wrong.any():
        raise BadData(
            f"{table.path}: column kunta has {int(wrong.sum())} values that are no municipality code, first "
            f"{', '.join(text[wrong].head(SHOWN))}; allowed are codes of three digits, with or without leading zeros"
        )
    return text.where(text == "", text.str.zfill(3)).to_numpy()


def _without_protected_residents(frame, people):
    hidden = frame[people].isna()
    if not hidden.any():
        return frame, ()
    text = f"cells whose residents ({people}) are protected are left out: nobody can say how many live there"
    return frame[~hidden], (_notice("protected_residents", text, frame.loc[hidden, "cell"], pd.Series([0.0])),)


def _notice(kind, text, cells, residents):
    return Notice(kind, text, len(cells), float(np.nansum(residents)), tuple(cells[:SHOWN]))


def _names(found):
    return ", ".join(dict.fromkeys(str(table.path) for table in found))
