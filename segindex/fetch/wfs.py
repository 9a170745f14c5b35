"""Layers of a Web Feature Service (WFS 2.0), page by page, as GeoJSON."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from urllib.parse import urlencode

from segindex import store
from segindex.errors import BadData
from segindex.facts import EAST, NORTH
from segindex.fetch import drift
from segindex.fetch.client import Again, Request, as_json, naming

FORMAT = "application/json"
PASSING = ("NoApplicableCode", "OperationProcessingFailed")
"""Exceptions that tell of trouble at the service, such as a lost database, rather than of a wrong request."""
FINLAND = {"EPSG:3067": (EAST, NORTH), "EPSG:3879": ((24_900_000, 26_100_000), NORTH)}
SHOWN = 5


def planned(product, year, settings):
    """The requests that are known before the first answer: of each part the count, and its first page.

    Parameters
    ----------
    product : Product
    year : int
    settings : Settings

    Returns
    -------
    list of Request
    """
    key = product.key_columns[0]
    requests = []
    for text in _filters(product, year):
        requests += [
            _request(product, year, settings, text, resultType="hits"),
            _request(product, year, settings, text, count=settings.page_size, startIndex=0, sortBy=",".join(key)),
        ]
    return requests


def gather(product, year, settings, client, pages, step):
    """All rows of a product's layer, checked.

    Parameters
    ----------
    product : Product
    year : int
    settings : Settings
    client : Client
    pages : Pages
    step : callable
        Takes how many rows are there, and of how many.

    Returns
    -------
    features : list of dict
        GeoJSON features in the order of the key.
    notes : list of str

    Raises
    ------
    BadData
        The service refuses, the count is another, a key stands twice, the columns have changed, the coordinate
        system is another than was asked for.
    ConnectionError
        The service was not to be reached.
    """
    where = product.of_year(product.layer, year)
    features, notes = [], []
    key = new = None
    for text in _filters(product, year):
        part = f"{where}, {text}" if text else where
        total = client.ask(_request(product, year, settings, text, resultType="hits"), naming(part, _count))
        if total == 0:
            raise BadData(f"{part}: the service has no rows of it; is {year} a year that it has?")
        if key is None:
            probe = client.ask(_request(product, year, settings, text, count=1), naming(part, _answer))
            if not probe["features"]:
                raise BadData(f"{part}: 0 rows came where the service counts {total}; nothing is written")
            names = list(probe["features"][0]["properties"])
            new = drift.check_names(names, product, year, where)
            key = next((one for one in product.key_columns if set(one) <= set(names)), product.key_columns[0])
        own = []
        while len(own) < total:
            count = min(settings.page_size, total - len(own))
            page = _request(product, year, settings, text, count=count, startIndex=len(own), sortBy=",".join(key))
            answer = pages.ask(client, page, naming(part, _answer), total)
            _check_crs(answer, product, part)
            if not 0 < len(answer["features"]) <= count:
                raise BadData(
                    f"{part}: {len(answer['features'])} rows came from row {len(own) + 1} on where {count} were asked "
                    f"for, of {total} that the service counts; nothing is written"
                )
            own += (
                answer["features"] if product.crs else _only(answer["features"], product.columns(year)[0], text, part)
            )
            step(len(features) + len(own), len(features) + total)
        features += own
    _check_same_columns(features, where)
    drift.check_kinds(_by_column(features), product, year, where)
    if new and product.crs:
        notes.append(f"{where}: new columns, kept as they are: {', '.join(new)}")
    features, repeated = _unique(features, key, product.repeats, where)
    if repeated:
        notes.append(f"{where}: {repeated} rows stand there again and count once")
    return features, notes


def as_file(features, product, year):
    """The bytes of a product's file: a GeoPackage or, where it has no geometry, csv; the same rows, the same bytes.

    Parameters
    ----------
    features : list of dict
        As `gather` gives them.
    product : Product
    year : int

    Returns
    -------
    bytes
    """
    import pandas as pd

    columns = {name: _typed(values) for name, values in _by_column(features).items()}
    if not product.crs:
        return store.as_csv(pd.DataFrame(columns))
    import geopandas
    import pyogrio.errors
    import shapely
    from shapely.geometry import shape

    where = product.of_year(product.layer, year)
    lacking = [row for row, feature in enumerate(features, 1) if not feature.get("geometry")]
    if lacking:
        raise BadData(
            f"{where}: {len(lacking)} rows have no geometry, first rows {', '.join(map(str, lacking[:SHOWN]))}"
        )
    try:
        shapes = [shape(feature["geometry"]) for feature in features]
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise BadData(f"{where}: a geometry cannot be read ({error}); GeoJSON is expected") from error
    frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs=product.crs)
    try:
        return store.as_gpkg(frame, where.split(":")[-1], f"{year}-12-31")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise OSError(f"{where}: the GeoPackage cannot be made in the folder of temporary files ({error})") from error


def _filters(product, year):
    return [product.of_year(text, year) for text in product.filters] or [""]


def _request(product, year, settings, cql, **more):
    asked = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": product.of_year(product.layer, year),
    }
    # a count has a form of its own: MapServer breaks down where it is asked for in another
    if more.get("resultType") != "hits":
        asked["outputFormat"] = FORMAT
        if product.crs:
            asked["srsName"] = product.crs
        else:
            asked["propertyName"] = ",".join(product.columns(year)[0])
    if cql:
        asked["cql_filter"] = cql
    address = settings.address[product.service]
    return Request(f"{address}{'&' if '?' in address else '?'}{urlencode(asked | more, safe=',:/')}")


def _count(content):
    """The number of rows that a service tells: an attribute of its XML, or a member of its JSON."""
    if content.lstrip().startswith(b"{"):
        told = as_json(content)
        found = told.get("numberMatched", told.get("totalFeatures"))
    else:
        _check_exception(content)
        attribute = re.search(rb'numberMatched="(\w+)"', content)
        found = attribute and attribute[1].decode()
    if isinstance(found, bool) or not re.fullmatch(r"\d+", str(found)):
        raise BadData(
            f"the service does not say how many rows there are (numberMatched is {found!r}): {_start(content)}"
        )
    return int(found)


def _answer(content):
    """The GeoJSON of a page; `Again` for half of it, BadData for what is something else."""
    if not content.lstrip().startswith(b"{"):
        _check_exception(content)
        raise BadData(f"the service answers with something that is no GeoJSON: {_start(content)}")
    found = as_json(content)
    whole = isinstance(found.get("features"), list) and all(
        isinstance(feature, dict) and isinstance(feature.get("properties"), dict) for feature in found["features"]
    )
    if not whole:
        raise BadData(f"the service answers with JSON that is no GeoJSON of features: {_start(content)}")
    return found


def _check_exception(content):
    """BadData for an ExceptionReport, whatever the status it came with; half a one is asked for again."""
    if not content.lstrip().startswith(b"<?xml"):
        return
    root = _parsed(content)
    if not root.tag.endswith(("ExceptionReport", "Exception")):
        return
    found = next((part for part in root.iter() if part.tag.endswith("}Exception") or part.tag == "Exception"), root)
    code = found.get("exceptionCode") or found.get("code") or "no code"
    place = f", {found.get('locator')}" if found.get("locator") else ""
    refusal = BadData(f"the service refuses ({code}{place}): {' '.join(' '.join(root.itertext()).split())[:300]}")
    if code in PASSING:
        raise Again(str(refusal), refusal)
    raise refusal


def _parsed(content):
    try:
        return ET.fromstring(content)
    except ET.ParseError as error:
        raise Again(f"half an answer: the XML ends or breaks off ({error})") from error


def _start(content):
    return repr(content[:120].decode("utf-8", errors="replace"))


def _check_crs(answer, product, where):
    """BadData where geometry is in another coordinate system than was asked for.

    An answer that names none (MapServer's in some systems) may only hold places where that system has Finland.
    """
    if not product.crs:
        return
    told = answer.get("crs")
    name = str(told.get("properties", {}).get("name", "")) if isinstance(told, dict) else ""
    if name and re.split(r"[:/]+", name)[-1] != product.crs.split(":")[-1]:
        raise BadData(f"{where}: the coordinate system is {name}; {product.crs} was asked for. Nothing is written")
    if name:
        return
    (west, east), (south, north) = FINLAND[product.crs]
    for row, feature in enumerate(answer["features"], 1):
        place = (feature.get("geometry") or {}).get("coordinates", [])
        while place and isinstance(place[0], list):
            place = place[0]
        if len(place) > 1 and not (west <= place[0] <= east and south <= place[1] <= north):
            raise BadData(
                f"{where}: the coordinate system is not named, and row {row} lies at {place[0]}, {place[1]}; allowed "
                f"are places in Finland in {product.crs}, east before north. Nothing is written"
            )


def _by_column(features):
    rows = [feature["properties"] for feature in features]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _only(features, names, cql, where):
    """Rows of the columns that were asked for, all of them within the filter: some services take no heed of either."""
    try:
        rows = [{"properties": {name: feature["properties"][name] for name in names}} for feature in features]
    except KeyError as error:
        raise BadData(f"{where}: a row lacks column {error}; every row needs {', '.join(names)}") from error
    column, _, value = cql.partition("=")
    others = [row["properties"][column] for row in rows if cql and str(row["properties"][column]) != value]
    if others:
        raise BadData(f"{where}: {len(others)} rows have {column} {others[0]!r}: the service does not filter")
    return rows


def _check_same_columns(features, where):
    names = set(features[0]["properties"])
    for row, feature in enumerate(features, 1):
        if set(feature["properties"]) != names:
            differ = ", ".join(sorted(set(feature["properties"]) ^ names)[:SHOWN])
            raise BadData(f"{where}: row {row} has other columns than the first: {differ}; every row needs the same")


def _unique(features, key, repeats, where):
    """Rows in the order of their key, and how many equal ones were left out; BadData for a key of several rows."""
    by_key = {}
    for feature in features:
        by_key.setdefault(tuple(feature["properties"][name] for name in key), []).append(feature)
    empty = [known for known in by_key if None in known]
    if empty:
        raise BadData(f"{where}: {', '.join(key)} is empty in {len(empty)} rows; each row needs its own")
    kept = []
    twice = Counter()
    for known, rows in by_key.items():
        kept.append(rows[0])
        differ = [row for row in rows[1:] if not repeats or row["properties"] != rows[0]["properties"]]
        if differ:
            twice[known] = len(rows)
    if twice:
        shown = ", ".join(" ".join(map(str, known)) for known in list(twice)[:SHOWN])
        raise BadData(
            f"{where}: {len(twice)} values of {', '.join(key)} stand in several rows, first {shown}; each may stand "
            f"once. The service may have changed meanwhile: fetch again"
        )
    kept.sort(key=lambda feature: tuple(feature["properties"][name] for name in key))
    return kept, len(features) - len(kept)


def _typed(values):
    """A column with its type whether or not some of it is empty."""
    import pandas as pd

    kind = drift.kind_of(values)
    if kind in ("whole", "number"):
        return pd.array(values, dtype="Int64" if kind == "whole" else "Float64")
    return [None if value is None else value if isinstance(value, str) else json.dumps(value) for value in values]
