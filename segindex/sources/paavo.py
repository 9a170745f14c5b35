"""Paavo, Statistics Finland's open data by postal code area, in each form in which it is found.

The WFS table (csv, Parquet, GeoPackage, GeoJSON) of one release or several; the PxWeb export of table 12f7; and the
tables of the newest release under labels, or under WFS codes with a statistical year.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings
from segindex.facts import EAST, NORTH
from segindex.sources import borders, paavo_pxweb, tables
from segindex.sources import card as cards
from segindex.sources.delivery import SHOWN, Delivery, Notice, check_columns, check_unique, keep_cities, takes_every
from segindex.sources.paavo_variables import RESIDENTS, fill_absent, is_count, judged, settle

SOURCE = "paavo"
KEYS = borders.POSTAL_CODES
MUNICIPALITIES = ("kunta", "kuntano")
LABEL_KEYS = ("postinumeroalue_x", "postinumeroalue", "postal code area", "postinumeroalue_y")
# the first statistical year whose release is known to follow by two years in every group
FIRST_EVEN_YEAR = 2021


@dataclass(frozen=True)
class _Table:
    """One release or year as it was read: `cell, municipality, name, x, y`, perhaps `area_m2`, then counts."""

    form: str
    frame: pd.DataFrame
    release: str = ""
    dates: Mapping[str, str] = field(default_factory=dict)
    zero_hides: bool = False
    absent: pd.DataFrame | None = None
    geometry: object = None
    notices: tuple[Notice, ...] = ()


YEARS = (2005, 2060)
OLDEST = 5
"""Years from the oldest data to the release."""


def knows(path):
    """Whether a file is of Paavo, by its columns or first lines."""
    return _form(path) is not None


def read(path, *, card=None, release=None, municipalities=None, polygons=None, columns=None, taken=None):
    """Read a file of Paavo into its deliveries, one a release or statistical year.

    Parameters
    ----------
    path : path
    card : Card, optional
        Of the file; by default the one beside it, over the shipped one.
    release : str or int, optional
        Picks one release of a file that names its own; names the release of a file that does not.
    municipalities : path, optional
        Key of postal codes to municipalities (`alueryhmittely_posnro_…`), used in place of the file's own
        municipalities. An area that is not in it keeps its own, and is named in a Notice. Without a key a city
        grows in the release in which another municipality has merged into it.
    polygons : path, optional
        Polygons of postal areas, joined by postal code; by default those in the file.
    columns : list of str, optional
        Further count columns to keep beside Paavo's own.
    taken : sequence of City, optional
        The cities whose areas are kept; the eleven if left out. Tables under labels name municipalities by name, and of
        other municipalities than the eleven no code is known there.

    Returns
    -------
    list of Delivery
    """
    path = tables.existing(path)
    form = _form(path)
    if form is None:
        raise BadData(
            f"{path}: this is no form of Paavo: a postal code ({', '.join(KEYS)}) with {RESIDENTS}, or the labels of "
            f"PxWeb table 12f7, are expected; columns found: {', '.join(map(str, tables.columns(path)[:40])) or 'none'}"
        )
    card = card or cards.beside(path, SOURCE)
    found = _picked(form(path, tuple(columns or ())), release, path)
    key = None if municipalities is None else borders.read_key(municipalities)
    shapes = None if polygons is None else borders.read_polygons(polygons).set_index("cell").geometry
    return [_deliver(table, path, card, key, shapes, several=len(found) > 1, taken=taken) for table in found]


def _form(path):
    if tables.kind(path) == "text" and (paavo_pxweb.heading(path) or paavo_pxweb.looks_long(path)):
        return _read_pxweb if paavo_pxweb.looks_long(path) else None
    names = [str(name).lower() for name in tables.columns(path)]
    if RESIDENTS in names and any(key in names for key in KEYS):
        return _read_stat_year if "stat_year" in names else _read_wfs
    labels = [name for name in names if paavo_pxweb.plain(name) in paavo_pxweb.codes()]
    if len(labels) > 2 and any(key in names for key in LABEL_KEYS):
        return _read_labels
    return None


def _read_wfs(path, columns):
    raw, frame, counted = _opened(path, columns)
    form = "WFS table" if raw.geometry is None else "WFS table with polygons"
    shapes = None if raw.geometry is None else borders.repaired(borders.in_metres(raw.geometry, path=path))
    if "vuosi" not in frame:
        return [_Table(form, _areas(frame, counted, path), geometry=shapes)]
    releases = pd.Series(borders.codes_of(frame["vuosi"], 4, path=path, column="vuosi", what="years of release"))
    found = []
    for release in sorted(releases.unique()):
        rows = (releases == release).to_numpy()
        geometry = None if shapes is None else shapes[rows].reset_index(drop=True)
        part = _areas(frame[rows].reset_index(drop=True), counted, f"{path}, release {release}")
        found.append(_Table(form, part, release, geometry=geometry))
    return found


def _read_stat_year(path, columns):
    _, frame, counted = _opened(path, columns)
    years = pd.Series(borders.codes_of(frame["stat_year"], 4, path=path, column="stat_year", what="years"))
    found = []
    odd = sorted({year for year in years if not YEARS[0] <= int(year) <= YEARS[1]})
    if odd:
        raise BadData(f"{path}: stat_year holds {', '.join(odd)}; allowed are years from {YEARS[0]} to {YEARS[1]}")
    for year in sorted(years.unique()):
        part = _areas(frame[(years == year).to_numpy()].reset_index(drop=True), counted, f"{path}, year {year}")
        release = str(int(year) + 2) if int(year) >= FIRST_EVEN_YEAR else ""
        found.append(_Table("table with statistical year", part, release, _end_of(year), zero_hides=True))
    return found


def _read_labels(path, columns):
    frame = tables.open_raw(path).frame
    key = next(name for name in frame if name.lower() in LABEL_KEYS)
    areas = paavo_pxweb.area_parts(frame[key], path=path)
    codes = {name: paavo_pxweb.codes().get(paavo_pxweb.plain(name)) for name in frame}
    values = frame[[name for name in frame if codes[name] or name in columns]].rename(
        columns={name: code for name, code in codes.items() if code}
    )
    areas = areas.assign(municipality=paavo_pxweb.municipality_codes(areas["municipality"]))
    return [_Table("table under labels", _with_counts(areas, values, columns, path), zero_hides=True)]


def _read_pxweb(path, columns):
    years, unknown = paavo_pxweb.read_long(path)
    notices = ()
    if unknown:
        text = f"labels that are not known are left out: {', '.join(unknown[:SHOWN])}"
        notices = (Notice("unknown_label", text, first=unknown[:SHOWN]),)
    found = []
    for year, (values, absent) in years.items():
        areas = paavo_pxweb.area_parts(values.index, path=path)
        areas = areas.assign(municipality=paavo_pxweb.municipality_codes(areas["municipality"]))
        frame = _with_counts(areas, values.reset_index(drop=True), columns, f"{path}, year {year}", paavo_pxweb.MARKS)
        found.append(
            _Table("PxWeb export", frame, "", _end_of(year), absent=absent.reset_index(drop=True), notices=notices)
        )
    return found


def _opened(path, columns):
    raw = tables.open_raw(path)
    frame = raw.frame.rename(columns=lambda name: name if name in columns else str(name).lower())
    check_columns(frame, columns, path=path)
    if frame.empty:
        raise BadData(f"{path}: the file has a header but no rows")
    return raw, frame.reset_index(drop=True), [name for name in frame if is_count(name) or name in columns]


def _areas(frame, counted, path):
    key = next(name for name in KEYS if name in frame)
    areas = pd.DataFrame({"cell": borders.codes_of(frame[key], 5, path=path, column=key, what="postal codes")})
    column = next((name for name in MUNICIPALITIES if name in frame), None)
    names = frame["nimi"].astype("string").fillna("") if "nimi" in frame else pd.Series("", index=frame.index)
    bracket = names.str.extract(r"\(([^()]*)\)\s*$")[0].fillna("")
    areas["name"] = names.str.replace(r"\s*\([^()]*\)\s*$", "", regex=True).where(bracket != "", names)
    if column:
        areas["municipality"] = borders.codes_of(frame[column], 3, path=path, column=column, what="municipality codes")
    else:
        named = frame.get("kunta_nimi", bracket)
        areas["municipality"] = paavo_pxweb.municipality_codes(named.astype("string").fillna(""))
    return _with_counts(areas, frame, counted, path)


def _with_counts(areas, values, counted, path, marks=()):
    """Areas with coordinates, surface and judged counts; each area once."""
    check_unique(areas, path=path)
    counted = list(dict.fromkeys([*(name for name in values if is_count(name)), *counted]))
    check_columns(values, [RESIDENTS, *counted], path=path)
    areas = areas[["cell", "municipality", "name"]].astype(str)
    for name, column in (("x", "euref_x"), ("y", "euref_y"), ("area_m2", "pinta_ala")):
        if column in values:
            areas[name] = pd.to_numeric(values[column].replace("", np.nan), errors="coerce").to_numpy(dtype=float)
        elif name != "area_m2":
            areas[name] = np.nan
    for name, (low, high) in (("x", EAST), ("y", NORTH)):
        outside = ((areas[name] < low) | (areas[name] > high)).to_numpy()
        if outside.any():
            shown = ", ".join(f"{row.cell}: {getattr(row, name):g}" for row in areas[outside].head(SHOWN).itertuples())
            raise BadData(
                f"{path}: euref_{name} lies outside Finland in {outside.sum()} areas, first {shown}; "
                f"allowed are metres in {borders.CRS}, {low} to {high}"
            )
    labelled = values.assign(cell=areas["cell"])
    return pd.concat([areas, judged(labelled, counted, path=path, marks=marks)], axis=1)


def _end_of(year):
    return {"*": f"{year}-12-31"}


def _picked(found, release, path):
    """The tables of the asked release; a table that has no release of its own takes it."""
    if release is None:
        return found
    release = str(release)
    if not re.fullmatch(r"(19|20)\d{2}", release):
        raise BadSettings(f"release {release!r} is no year of release; allowed is for example 2018")
    if len(found) == 1 and not (found[0].form.startswith("WFS") and found[0].release):
        return [replace(found[0], release=release)]
    picked = [table for table in found if table.release == release]
    if not picked:
        known = ", ".join(table.release or "none named" for table in found)
        raise BadSettings(f"{path}: the file has no release {release}; it has {known}")
    return picked


def _dates(table, card, path, several):
    """Reference dates: the card's own, over the year in the file, over the rule of the release."""
    given = card.dates_of(table.release)
    if several and given and table.release not in card.dates:
        raise BadData(
            f"{path}: the card gives one set of dates, but the file has several releases; "
            f'give each its own in source.toml, for example [dates.{table.release or "2018"}] with he = "2016-12-31"'
        )
    known = dict(table.dates) or (card.dates_by_lag(table.release) if table.release else {})
    if not known and not given:
        what = f"release {table.release}" if table.release else "a file that names no release or year"
        raise BadData(
            f"{path}: the reference dates of {what} are not established; "
            f"{'' if table.release else 'give release=, or '}give them in the card beside the file: "
            f'source.toml with [dates], for example he = "2018-12-31", hr = "2018-12-31"'
        )
    release = int(table.release or 0)
    for group, date in given.items():
        if release and not release - OLDEST <= int(date[:4]) < release:
            raise BadData(
                f"{path}: the card dates {group} {date}, but release {release} holds data of {release - OLDEST} to "
                f"{release - 1}; mend [dates] in {card.path}"
            )
    return known | given


def _deliver(table, path, card, key, shapes, *, several, taken):
    dates = _dates(table, card, path, several)
    frame, notices = table.frame, list(table.notices)
    where = f"{path}, release {table.release}" if table.release else str(path)
    if key is not None:
        frame, missing = _by_key(frame, key)
        notices += missing
    if (frame["municipality"] == "").any() and not takes_every(taken):
        lost = frame.loc[frame["municipality"] == "", "cell"]
        raise BadData(
            f"{where}: {len(lost)} areas have no municipality, first {', '.join(lost.head(SHOWN))}; a column kunta or "
            f"kuntano, a name in brackets after the area's name, or a key file (municipalities=) is expected"
        )
    own = {"path": where, "residents": frame[RESIDENTS], "merged": False, "taken": taken}
    kept, others = keep_cities(frame, frame["municipality"], **own)
    values = kept.drop(columns=["city", "cell", "municipality", "name", "x", "y", "area_m2"], errors="ignore")
    if table.absent is not None:
        absent = table.absent.loc[kept.index, [name for name in values if name in table.absent]]
        if absent.to_numpy().any():
            notices.append(_absent_notice(kept, absent))
        values = fill_absent(values, absent)
    label = kept["city"] + " " + kept["cell"]
    values, settled = settle(values, path=where, cell=label, zero_hides=table.zero_hides)
    areas = kept[[name for name in ("city", "cell", "x", "y", "name", "area_m2") if name in kept]]
    geometry = None if table.geometry is None else table.geometry.loc[kept.index]
    if shapes is not None:
        geometry = shapes.reindex(areas["cell"])
    if geometry is not None:
        geometry = geometry.reset_index(drop=True)
        areas, without = _placed(areas.reset_index(drop=True), geometry, values[RESIDENTS].to_numpy())
        settled += without
    return Delivery(
        source=SOURCE,
        form=table.form,
        path=path,
        card=card,
        release=table.release,
        dates=dates,
        residents=RESIDENTS,
        frame=pd.concat([areas.reset_index(drop=True), values.reset_index(drop=True)], axis=1),
        geometry=geometry,
        notices=(*notices, *others, *settled),
    )


def _absent_notice(kept, absent):
    rows = absent.any(axis=1).to_numpy()
    text = "rows that the export leaves out: 0 where the rest of their group adds up, protected elsewhere"
    shown = tuple(kept.loc[rows, "cell"].head(SHOWN))
    return Notice("absent_rows", text, int(rows.sum()), float(kept.loc[rows, RESIDENTS].sum()), shown)


def _by_key(frame, key):
    codes = frame["cell"].map(key)
    missing = codes.isna()
    frame = frame.assign(municipality=codes.where(~missing, frame["municipality"]))
    if not missing.any():
        return frame, []
    lost = frame[missing]
    text = "areas that are not in the key of municipalities keep the file's own"
    return frame, [Notice("not_in_key", text, len(lost), float(lost[RESIDENTS].sum()), tuple(lost["cell"].head(SHOWN)))]


def _placed(areas, geometry, residents):
    """Areas with coordinates from their polygons where they have none, and a Notice of those without a polygon."""
    inside = geometry.representative_point()
    areas = areas.assign(x=areas["x"].fillna(inside.x), y=areas["y"].fillna(inside.y))
    without = geometry.isna().to_numpy()
    if not without.any():
        return areas, []
    text = "areas without a polygon: they have no place on a map and no neighbours"
    cells = tuple(areas.loc[without, "cell"].head(SHOWN))
    return areas, [Notice("no_polygon", text, int(without.sum()), float(residents[without].sum()), cells)]
