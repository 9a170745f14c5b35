"""Paavo as PxWeb exports it (table 12f7): long rows of area, label and one value a year; and labels as columns."""

import csv
import re
from functools import cache
from importlib import resources

import pandas as pd

from segindex.errors import BadData
from segindex.facts import cities
from segindex.sources import tables
from segindex.sources.delivery import SHOWN

MARKS = (".", "..", "...")
# an export of all areas may start with a row for the whole country
COUNTRY = re.compile(r"\s*(SSS|KOKO MAA|WHOLE COUNTRY|HELA LANDET)\b", re.IGNORECASE)
AREA = re.compile(r"\s*(\d{5})\s+(.*?)\s*(?:\(([^()]*)\))?\s*$")


@cache
def codes():
    """The WFS code of each label, English and Finnish."""
    text = resources.files("segindex").joinpath("sources", "paavo_labels.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {plain(row[language]): row["code"] for row in rows for language in ("label_en", "label_fi")}


def plain(label):
    """A label in small letters with single spaces; its group in brackets stays, since labels repeat between groups."""
    return " ".join(str(label).split()).lower()


def heading(path):
    """Where the header of a long export stands, and its years: (lines before it, years); None for another form."""
    for skip, line in enumerate(tables.head(path)):
        fields = next(csv.reader([line], delimiter=tables.separator(line)), [])
        years = [field.strip() for field in fields[2:]]
        if len(fields) > 2 and all(re.fullmatch(r"(19|20)\d{2}\*?", year) for year in years):
            return skip, tuple(year.rstrip("*") for year in years)
    return None


def looks_long(path):
    """Whether a text file has the title and the rows of a PxWeb export of Paavo, its header in order or not."""
    lines = tables.head(path, 8)
    rows = [next(csv.reader([line], delimiter=tables.separator(line)), []) for line in lines]
    return any(len(row) > 2 and AREA.match(row[0]) and plain(row[1]) in codes() for row in rows)


def read_long(path):
    """The tables of a long export, one a year: year -> (values as text, absent), both indexed by area.

    `absent` marks the rows that the export leaves out. Columns have WFS codes.
    """
    found = heading(path)
    if found is None:
        shown = " / ".join(line for line in tables.head(path) if line.strip())[:200]
        raise BadData(
            f"{path}: no heading of a PxWeb export is found; expected is a line of area, information and years, "
            f'for example "Postal code area","Information","2022"; the file starts: {shown}'
        )
    skip, years = found
    frame = tables.open_raw(path, skip=skip).frame
    frame.columns = ["area", "label", *years]
    frame = frame[~frame["area"].str.match(COUNTRY)]
    unknown = sorted(set(frame["label"]) - {label for label in set(frame["label"]) if plain(label) in codes()})
    frame = frame.assign(code=frame["label"].map(plain).map(codes())).dropna(subset="code")
    twice = frame.duplicated(["area", "code"]).to_numpy()
    if twice.any():
        shown = ", ".join(" ".join(row) for row in frame.loc[twice, ["area", "label"]].to_numpy()[:SHOWN])
        raise BadData(f"{path}: {twice.sum()} rows stand twice, first {shown}; an area has one row of each label")
    if frame.empty:
        raise BadData(f"{path}: no row has a label of Paavo; found were {', '.join(unknown[:SHOWN]) or 'no rows'}")
    order = list(dict.fromkeys(frame["code"]))
    wide = {year: frame.pivot(index="area", columns="code", values=year)[order] for year in years}
    return {year: (table.fillna(""), table.isna()) for year, table in wide.items()}, tuple(unknown)


def area_parts(areas, *, path):
    """Postal code, name and municipality of areas written "00100  Etu-Töölö (Helsinki)".

    Returns a DataFrame `cell, name, municipality`; the last is "" where no bracket closes the name.
    """
    text = pd.Series(areas).astype("string").fillna("").reset_index(drop=True)
    parts = text.str.extract(AREA).fillna("")
    parts.columns = ["cell", "name", "municipality"]
    wrong = (parts["cell"] == "").to_numpy(dtype=bool)
    if wrong.any():
        raise BadData(
            f"{path}: {wrong.sum()} areas do not begin with a postal code of five digits, first "
            f"{', '.join(map(repr, text[wrong].head(SHOWN)))}; expected is for example '00100  Etu-Töölö (Helsinki)'"
        )
    return parts


def municipality_codes(names):
    """Municipality codes of names, Finnish or Swedish; the name itself where it is none of the eleven cities'.

    >>> municipality_codes(["Helsinki", "Åbo", "Nastola", "Kemi"])
    ['091', '853', '532', 'Kemi']
    """
    known = {}
    for city in cities().values():
        known |= {merger.name: merger.code for merger in city.merged}
        known |= {city.names.fi: city.code, city.names.sv: city.code}
    return [known.get(str(name).strip(), str(name).strip()) for name in names]
