"""Paavo's table in PxWeb: its description, then its values in pieces that the service allows, as one long file."""

import csv
import io
import math
import re
from collections import Counter

from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.fetch.client import Refused, Request, as_json, naming
from segindex.sources import paavo_pxweb
from segindex.sources.paavo_variables import COMPLETE, VARIABLES

LANGUAGES = ("fi", "en")
"""The languages whose labels the reader knows."""
MOST_VALUES = 100_000
"""Values of one answer where the service does not tell its limit."""
TOO_MANY = (403, 413)
"""How the service says that a query asks for more values than it gives."""
FORMAT = "json-stat2"
SHOWN = 5


def planned(product, year, settings, language):
    """The requests that are known before the first answer; the areas of the query follow from the second.

    Parameters
    ----------
    product : Product
    year : int
    settings : Settings
    language : str

    Returns
    -------
    list of Request
    """
    query = [("Postinumeroalue", "all", ["*"]), ("Tiedot", "all", ["*"]), ("Vuosi", "item", [str(year)])]
    return [
        Request(_limits_address(settings, language)),
        Request(_table_address(product, settings, language)),
        Request(_table_address(product, settings, language), _query(query)),
    ]


def gather(product, year, settings, client, pages, step, language):
    """The rows of the table for one statistical year, each (area, label, value as text).

    Parameters
    ----------
    product : Product
    year : int
    settings : Settings
    client : Client
    pages : Pages
    step : callable
        Takes how many areas are there, and of how many.
    language : {"fi", "en"}
        Of the labels.

    Returns
    -------
    rows : list of tuple
    notes : list of str

    Raises
    ------
    BadSettings
        The table does not have the year.
    BadData
        The table is described otherwise than expected, lacks labels, or an answer is not what was asked for.
    ConnectionError
        The service was not to be reached.
    """
    address = _table_address(product, settings, language)
    area, label, time = _variables(client.ask(Request(address), naming(address, _loaded)), address)
    if str(year) not in time["values"]:
        hint = did_you_mean(str(year), time["values"], f"it has {', '.join(time['values'])}")
        raise BadSettings(f"{address}: the table has no year {year}; {hint}")
    new = _check_labels(label, address)
    areas = [code for code in area["values"] if re.match(r"\d{5}", code)]
    most = _most_values(client, settings, language)
    size = max(1, min(settings.page_size, most // len(label["values"])))
    names = {variable["code"]: dict(zip(variable["values"], variable["valueTexts"])) for variable in (area, label)}
    rows, at = [], 0
    while at < len(areas):
        piece = areas[at : at + size]
        wanted = [(area["code"], piece), (label["code"], label["values"]), (time["code"], [str(year)])]
        request = Request(address, _query([(code, "item", values) for code, values in wanted]))
        try:
            judge = naming(address, lambda content, wanted=wanted: _values(content, wanted))
            found = pages.ask(client, request, judge, len(areas))
        except Refused as refused:
            if refused.status not in TOO_MANY or size == 1:
                raise
            size = max(1, size // 2)
            continue
        for (code, column), value in zip(((code, column) for code in piece for column in label["values"]), found):
            rows.append((_whole_name(code, names[area["code"]][code]), names[label["code"]][column], value))
        at += len(piece)
        step(at, len(areas))
    twice = [pair for pair, times in Counter(row[:2] for row in rows).items() if times > 1]
    if twice:
        raise BadData(f"{address}: {len(twice)} rows stand twice, first {' '.join(twice[0])}")
    notes = [f"{address}: labels that are new, kept as they are: {', '.join(new)}"] if new else []
    return sorted(rows, key=lambda row: row[0]), notes


def as_file(rows, product, year):
    """The bytes of a long file as PxWeb exports it: a title, an empty line, a header, the rows."""
    buffer = io.StringIO()
    write = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
    write([f"Paavo, {product.layer.rsplit('/', 1)[-1]}"])
    buffer.write("\n")
    write(["Postal code area", "Information", str(year)])
    for row in rows:
        write(row)
    return buffer.getvalue().encode("utf-8")


def check_language(language):
    """BadSettings for a language whose labels the reader does not know."""
    if language not in LANGUAGES:
        raise BadSettings(
            f"language {language!r}: allowed are {' and '.join(LANGUAGES)}, whose labels the reader knows"
        )


def _table_address(product, settings, language):
    return f"{settings.address[product.service].rstrip('/')}/{language}/{product.layer}"


def _limits_address(settings, language):
    return f"{settings.address['pxweb'].rstrip('/')}/{language}/?config"


def _query(selections):
    return {
        "query": [{"code": code, "selection": {"filter": kind, "values": values}} for code, kind, values in selections],
        "response": {"format": FORMAT},
    }


def _most_values(client, settings, language):
    """The service's own limit of values in an answer; a usual one where it tells none."""
    try:
        told = client.ask(Request(_limits_address(settings, language)), _loaded)
    except BadData:
        return MOST_VALUES
    limits = [told.get(name) for name in ("maxValues", "maxCells")] if isinstance(told, dict) else []
    known = [limit for limit in limits if isinstance(limit, int) and limit > 0]
    return min(known, default=MOST_VALUES)


def _loaded(content):
    text = content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if not text.startswith((b"{", b"[")):
        raise BadData(
            f"the service answers with something that is no JSON: {content[:120].decode('utf-8', 'replace')!r}"
        )
    return as_json(text)


def _variables(described, address):
    """The variables of areas, labels and years, told apart by their values: their codes differ between languages."""
    found = described.get("variables") if isinstance(described, dict) else None
    parts = {"area": [], "label": [], "time": []}
    for variable in found if isinstance(found, list) else ():
        values = variable.get("values") or []
        if len(values) != len(variable.get("valueTexts") or []) or not values:
            raise BadData(f"{address}: variable {variable.get('code')} has no text for each of its values")
        if all(re.fullmatch(r"(19|20)\d{2}", value) for value in values):
            parts["time"].append(variable)
        elif sum(re.match(r"\d{5}", value) is not None for value in values) * 2 > len(values):
            parts["area"].append(variable)
        else:
            parts["label"].append(variable)
    if any(len(variables) != 1 for variables in parts.values()):
        shown = ", ".join(str(variable.get("code")) for variable in found or ()) or "none"
        raise BadData(
            f"{address}: schema drift: the table's variables are {shown}; one of postal codes, one of labels and one "
            f"of years are expected"
        )
    return parts["area"][0], parts["label"][0], parts["time"][0]


def _check_labels(variable, address):
    """Labels that the reader does not know; BadData where one of the groups that stand in every release lacks some."""
    codes = [paavo_pxweb.codes().get(paavo_pxweb.plain(text)) for text in variable["valueTexts"]]
    needed = dict.fromkeys(
        name for key in COMPLETE for total, parts in VARIABLES[key].divisions[:1] for name in (total, *parts)
    )
    missing = [name for name in needed if name not in codes]
    new = [text for text, code in zip(variable["valueTexts"], codes) if code is None]
    if missing:
        raise BadData(
            f"{address}: schema drift: no label stands for {', '.join(missing[:SHOWN])}"
            f"{f' and {len(missing) - SHOWN} more' if len(missing) > SHOWN else ''}; labels that are new: "
            f"{', '.join(new[:SHOWN]) or 'none'}. Nothing is written: see what the producer has changed"
        )
    return new


def _values(content, wanted):
    """The values of a json-stat2 answer as text, in the order asked for; BadData where it holds something else."""
    found = _loaded(content)
    codes = [code for code, _ in wanted]
    if not isinstance(found, dict) or not isinstance(found.get("dimension"), dict) or found.get("id") != codes:
        raise BadData(f"the answer is no {FORMAT} of {', '.join(codes)}")
    for code, values in wanted:
        index = found["dimension"].get(code, {}).get("category", {}).get("index", {})
        given = sorted(index, key=index.get) if isinstance(index, dict) else index
        if given != list(values):
            raise BadData(
                f"the answer has {len(given)} values of {code} where {len(values)} were asked for, or in "
                f"another order; nothing is written"
            )
    size = math.prod(len(values) for _, values in wanted)
    values, status = found.get("value"), found.get("status") or {}
    if isinstance(values, dict):
        values = [values.get(str(place)) for place in range(size)]
    if not isinstance(values, list) or len(values) != size:
        raise BadData(f"the answer has {len(values or ())} values where {size} were asked for")
    if isinstance(status, list):
        status = {str(place): mark for place, mark in enumerate(status)}
    return [_text(value, status.get(str(place))) for place, value in enumerate(values)]


def _text(value, mark):
    """A value as the service writes it; where it gives none, its mark: `...` is protected."""
    if value is None:
        return mark or ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadData(f"schema drift: changed is a value to {value!r}; numbers are expected")
    return str(int(value)) if value == int(value) else repr(value)


def _whole_name(code, text):
    """An area as the reader takes it: its postal code before its name."""
    return text if text.startswith(code[:5]) else f"{code[:5]}  {text}"
