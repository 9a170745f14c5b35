"""The published tables as csv, and their description as a Frictionless Data Package."""

import hashlib
import json
from urllib.parse import urlsplit

import pandas as pd

from segindex import wording
from segindex.facts import LANGUAGES, cities
from segindex.report.column_words import COUNTS, SHARES, TRUTHS, YEARS
from segindex.report.publication import COLUMNS, KEYS
from segindex.report.workbook import latest_date, program

PROFILE = "tabular-data-package"
DESCRIPTION = "datapackage.json"
BOUNDED = {*SHARES, "p", "q", "p_null", "trend_p"} - {"fall", "granted_of_applied", "paid_of_granted"}
WHOLE = (*YEARS, "type", *COUNTS)


def render_package(tables, about):
    """The csv files and datapackage.json: {file name: bytes}.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Those of `publication`.
    about : Material
        Names, sources and version; its own tables are not looked at.

    Returns
    -------
    dict of str to bytes

    Notes
    -----
    Frictionless Data Package 1.0: https://specs.frictionlessdata.io. Titles and descriptions stand in English, and in
    each language of the programme under `title_fi`, `title_sv` and so on. A primary key takes no missing values: where
    a column that tells rows apart is empty in some rows (no radius), `keys` names the columns all the same.
    """
    files = {f"tables/{name}.csv": _csv(frame) for name, frame in tables.items()}
    mark = wording.text("en", "made_up.mark")
    title = about.title_in("en")
    package = {
        "profile": PROFILE,
        "name": f"segindex-{_plain(about.key)}",
        "title": f"{mark}: {title}" if about.made_up else title,
        "version": _version(about),
        "program": program(about),
        "edition": about.key,
        "made_up": about.made_up,
        "licenses": _licences(about),
        "sources": [_source(source) for source in about.sources],
        "resources": [_resource(name, frame, files[f"tables/{name}.csv"]) for name, frame in tables.items()],
    } | {f"title_{language}": about.title_in(language) for language in LANGUAGES}
    text = json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True)
    return files | {DESCRIPTION: f"{text}\n".encode()}


def _version(about):
    """What tells this package from those of other editions and other data: the edition's key and the latest date."""
    return f"{about.key} {latest_date(about)}".strip()


def _plain(key):
    """The edition's key as a package's name may be."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in key.casefold())


def _csv(frame):
    whole = {name: frame[name].astype("Int64") for name in WHOLE if name in frame}
    return frame.assign(**whole).to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def _licences(about):
    found = {}
    for source in about.sources:
        licence = {"title": source["licence"]}
        if url := source.get("licence_url"):
            licence["path"] = url
        found[source["licence"]] = licence | {"name": _name(source["licence"])}
    return list(found.values())


def _name(licence):
    """A licence as its short name is written: "CC-BY-4.0"."""
    return licence.strip().replace(" ", "-")


def _source(source):
    found = {"title": source["source_line"]["en"]} | {
        f"title_{language}": words for language, words in sorted(source["source_line"].items())
    }
    url = source.get("licence_url") or ""
    found |= {"reference_dates": list(source.get("dates") or [])}
    return found | ({"licence_path": url} if urlsplit(url).scheme else {})


def _resource(name, frame, content):
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"tables/{name}.csv",
        "title": wording.text("en", f"published.{name}"),
        "description": wording.text("en", f"published_about.{name}"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": {
            "fields": [_field(column, frame, name) for column in COLUMNS[name]],
            "missingValues": [""],
        }
        | ({} if any(_missing(frame[column]) for column in KEYS[name]) else {"primaryKey": list(KEYS[name])}),
        "keys": list(KEYS[name]),
    }


def _field(column, frame, name):
    kind = _kind(column, frame[column])
    field = {
        "name": column,
        "type": kind,
        "title": wording.text("en", f"column.{column}"),
        "description": wording.text("en", f"column_about.{column}"),
    }
    for language in LANGUAGES:
        field[f"title_{language}"] = wording.text(language, f"column.{column}")
        field[f"description_{language}"] = wording.text(language, f"column_about.{column}")
    constraints = {}
    if column in KEYS[name] and not _missing(frame[column]):
        constraints["required"] = True
    if column in BOUNDED:
        constraints |= {"minimum": 0, "maximum": 1}
    if column in COUNTS:
        constraints["minimum"] = 0
    if column == "city" and set(frame[column]) <= set(cities()):
        constraints["enum"] = list(cities())
    return field | ({"constraints": constraints} if constraints else {})


def _kind(column, values):
    if column in WHOLE:
        return "integer"
    if column in TRUTHS:
        return "boolean"
    if column == "reference_date":
        return "date" if not _missing(values) and _dates(values) else "string"
    return "number" if pd.api.types.is_numeric_dtype(values) else "string"


def _dates(values):
    return bool(values.astype(str).str.fullmatch(r"\d{4}-\d\d-\d\d").all())


def _missing(values):
    return bool((values.isna() | (values.astype(str) == "")).any())
