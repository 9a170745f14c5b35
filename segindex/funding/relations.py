"""What the values of a register must be to each other: needed ones, keys, parents, amounts and kinds, spans of time.

Faults and doubts are (sheet, row, column, value, words): the row is that of the table, the words say what is allowed.
"""

from difflib import get_close_matches

import numpy as np
import pandas as pd

from segindex import facts
from segindex.errors import did_you_mean
from segindex.funding import columns
from segindex.funding.cells import PARTED, cities_in, parts
from segindex.funding.words import EURO_KINDS, placeholders

NEEDED = "something must stand here"
PLACEHOLDER = ("channel_id", "name_fi", "level", "administering_body", "cities_known", "instrument_type", "status")
"""What a row needs that only says that something is to be mapped."""
SURE = 0.85
"""From this likeness on a place that is none of the eleven cities may be one of them, misspelt."""


def faults_between(tables):
    """Every fault that shows only when values are set beside each other.

    Parameters
    ----------
    tables : dict of str to DataFrame
        The four tables, typed.

    Returns
    -------
    list of (str, int, str, str, str)
    """
    found = []
    for sheet, table in tables.items():
        found += _needed(sheet, table) + _twice(sheet, table) + _amounts(sheet, table) + _spans(sheet, table)
        found += _areas(sheet, table)
    return found + _references(tables) + _parents(tables["channels"]) + _recipients(tables["awards"])


def doubts(tables, defined_cities=None):
    """What is no fault and yet to be known: sourced rows without an address or a day, places that may be misspelt."""
    found = []
    for sheet, table in tables.items():
        for row in table.index[table["evidence"] == "sourced"]:
            for column in ("source_url", "source_date"):
                if not table.loc[row, column]:
                    found.append((sheet, row, column, "", "the row is called sourced, and this is not given"))
    known = tuple(defined_cities or facts.cities())
    for row, places in tables["channels"]["cities_known"].items():
        for part in parts(places):
            near = get_close_matches(part.partition("(")[0].strip(), known, n=1, cutoff=SURE)
            if near and part.partition("(")[0].strip() not in known and not cities_in(part):
                found.append(("channels", row, "cities_known", part, f"is {near[0]} meant?"))
    return found


def ancestors(channels):
    """The channels that each channel lies in, the nearest first.

    Parameters
    ----------
    channels : DataFrame

    Returns
    -------
    dict of str to tuple of str
        By id. A chain that comes back to a channel stops there.
    """
    parent = dict(zip(channels["channel_id"], channels["parent_channel_id"]))
    found = {}
    for one in parent:
        chain, here = [], parent[one]
        while here and here not in chain:
            chain.append(here)
            here = parent.get(here, "")
        found[one] = tuple(chain)
    return found


def _needed(sheet, table):
    waiting = placeholders(table) if sheet == "channels" else pd.Series(False, index=table.index)
    found = []
    for column in table.columns:
        needed = np.where(waiting, column in PLACEHOLDER, column in columns.REQUIRED[sheet])
        lacking = needed & (table[column].isna() | (table[column].astype("str") == ""))
        found += [(sheet, row, column, "", NEEDED) for row in table.index[lacking]]
    return found


def _twice(sheet, table):
    keys = list(columns.KEYS[sheet])
    whole = (table[keys] != "").all(axis=1)
    again = table.loc[whole].duplicated(keys)
    told = f"allowed is one row for each {' and '.join(keys)}"
    return [(sheet, row, keys[-1], " ".join(table.loc[row, keys]), told) for row in again.index[again]]


def _references(tables):
    """Channels that awards, use, measures and channels name and that are not there."""
    known = set(tables["channels"]["channel_id"]) - {""}
    found = []
    for sheet, table in tables.items():
        column = "parent_channel_id" if sheet == "channels" else "channel_id"
        for row, given in table[column].items():
            if given and given not in known:
                then = "allowed are the ids of the sheet channels"
                found.append((sheet, row, column, given, did_you_mean(given, sorted(known), then)))
    return found


def _parents(channels):
    """Channels that lie in themselves, and those that are larger than what they lie in."""
    found, chains = [], ancestors(channels)
    first = channels.drop_duplicates("channel_id").set_index("channel_id")
    for row, (one, parent) in channels[["channel_id", "parent_channel_id"]].iterrows():
        if not one or not parent:
            continue
        if one in chains[one]:
            way = " in ".join((one, *chains[one][: chains[one].index(one) + 1]))
            found.append(("channels", row, "parent_channel_id", parent, f"a channel cannot lie in itself ({way})"))
        elif parent in first.index:
            amount, kind = channels.loc[row, ["amount_eur", "amount_kind"]]
            most = first.loc[parent, "amount_eur"]
            if kind and kind == first.loc[parent, "amount_kind"] and amount > most:
                told = f"allowed is at most the {most:.2f} euro of {parent}, in which it lies"
                found.append(("channels", row, "amount_eur", f"{amount:.2f}", told))
    return found


def _amounts(sheet, table):
    """Euro of no kind, and shares that are none."""
    if "amount_kind" not in table:
        return []
    given = table["amount_eur"].notna()
    share = given & (table["amount_kind"] == "share") & (table["amount_eur"] > 1)
    kinds = f"an amount needs a kind: {', '.join(EURO_KINDS)} or another word of the list"
    found = [(sheet, row, "amount_kind", "", kinds) for row in table.index[given & (table["amount_kind"] == "")]]
    for row in table.index[share]:
        value = np.format_float_positional(table.loc[row, "amount_eur"], trim="-")
        found.append((sheet, row, "amount_eur", value, "allowed for a share are 0 to 1 (2 % is 0.02)"))
    return found


def _spans(sheet, table):
    """Ends that lie before their beginnings; a day is set against a month or year by what both tell."""
    found = []
    if sheet == "channels":
        early = (table["end_year"] < table["start_year"]).fillna(False)
        for row in table.index[early.astype(bool)]:
            told = f"allowed is {table.loc[row, 'start_year']} (start_year) or later"
            found.append((sheet, row, "end_year", str(table.loc[row, "end_year"]), told))
    if "start" in table:
        for row, (start, end) in table[["start", "end"]].iterrows():
            both = min(len(start), len(end))
            if end[:both] < start[:both]:
                found.append((sheet, row, "end", end, f"allowed is {start} (start) or later"))
    return found


def _areas(sheet, table):
    """Areas without their scheme, and postal codes that are none."""
    if "area_id" not in table:
        return []
    found = []
    for row, (areas, scheme) in table[["area_id", "area_scheme"]].iterrows():
        if areas and not scheme:
            found.append((sheet, row, "area_scheme", "", f"{NEEDED}: area_id is given"))
        if scheme == "postal_code":
            bad = [area for area in parts(areas) if not (len(area) == 5 and area.isdecimal())]
            told = f"allowed are postal codes of five digits, kept as text so that none is lost; {PARTED}"
            found += [(sheet, row, "area_id", area, told) for area in bad]
    return found


def _recipients(awards):
    lacking = (awards["recipient_type"] == "city") & (awards["city"] == "")
    return [("awards", row, "city", "", f"{NEEDED}: the recipient is a city") for row in awards.index[lacking]]
