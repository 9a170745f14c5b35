"""What differs between two editions, city by city: their source files, what they rest on, and their numbers."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from segindex import schema, store, wording
from segindex.changed import between
from segindex.errors import BadSettings
from segindex.staging import mirror
from segindex.standings import in_order

NEXT = ".next"
"""The end of the name that means what a dry run of an edition has made."""

LABELS = ("city", "year", "classification", "group", "index", "reference", "scale_m", "k", "cluster_size")
INPUT = ("n_cells", "n_hidden", "residents", "hidden_residents", "coverage")
NUMBERS = ("value", "expected", "corrected", "low", "high", "n_cells", "population", "group_size", "hidden_share")
REVISION = {
    "table": "str",
    **{name: schema.RESULTS[name] for name in LABELS},
    "quantity": "str",
    "status": "str",
    "old": "float64",
    "new": "float64",
    "difference": "float64",
    "old_low": "float64",
    "old_high": "float64",
    "note": "str",
}
"""One number a row: `table` is coverage or results, `quantity` the column of it that differs; `status` is new, gone or
changed. `old_low` and `old_high` are the interval of an old corrected value."""

STATUSES = ("new", "gone", "changed")


class Revision(NamedTuple):
    """What differs: `inputs` ({"new", "changed" or "gone": names}) and `rows`, with the columns of `REVISION`."""

    inputs: dict
    rows: pd.DataFrame


def place_of(root, name):
    """The folder of tables that a name means.

    Parameters
    ----------
    root : path
        The project's folder.
    name : str
        An edition; an edition and ".next", what a dry run of it has made; or a folder with its tables, as of a backup.

    Raises
    ------
    BadSettings
        There are no tables.
    """
    key = name.removesuffix(NEXT)
    places = [store.folder(root, name), Path(name)]
    if name.endswith(NEXT):
        places = [mirror(root, key) / "data" / "processed" / key]
    for place in places:
        if (place / "results.parquet").is_file():
            return place
    allowed = "an edition, an edition with .next after a dry run, or a folder that holds results.parquet"
    raise BadSettings(f"{name}: no tables in {' or '.join(map(str, places))}; allowed is {allowed}")


def diff(old, new):
    """What differs between the tables of two editions.

    Parameters
    ----------
    old, new : path
        Folders of tables (`place_of`).

    Returns
    -------
    Revision
        Numbers are compared as they are, to the last bit; those that are missing in both do not differ. Releases are
        not told apart: a statistical year that another release gives is the same year.
    """
    one, other = Path(old), Path(new)
    inputs = between(
        *(json.loads((each / "about.json").read_text(encoding="utf-8"))["inputs"] for each in (one, other))
    )
    coverage = [store.read_csv(each / "coverage.csv", schema.COVERAGE) for each in (one, other)]
    results = [pd.read_parquet(each / "results.parquet") for each in (one, other)]
    rows = pd.concat(
        [
            _rows("coverage", *coverage, ["city", "year", "classification"], INPUT),
            _rows("results", *results, list(LABELS), NUMBERS),
        ],
        ignore_index=True,
    )
    return Revision(inputs, rows)


def _rows(table, old, new, labels, numbers):
    """The numbers of a table that differ, one a row."""
    keep = [*labels, *numbers]
    both = _one_each(old, labels)[keep].merge(
        _one_each(new, labels)[keep], how="outer", on=labels, suffixes=("_old", "_new"), indicator=True
    )
    noted = new if len(new) else old
    note = schema.MADE_UP if noted["note"].str.contains(schema.MADE_UP).any() else ""
    status = both["_merge"].map({"left_only": "gone", "right_only": "new", "both": "changed"}).astype(str)
    found = []
    for name in numbers:
        before, now = both[f"{name}_old"].astype(float), both[f"{name}_new"].astype(float)
        differs = (before != now) & ~(before.isna() & now.isna())
        interval = name == "corrected"
        part = both.loc[differs, labels].assign(
            table=table,
            quantity=name,
            status=status[differs],
            old=before[differs],
            new=now[differs],
            difference=(now - before)[differs],
            old_low=both.loc[differs, "low_old"] if interval else np.nan,
            old_high=both.loc[differs, "high_old"] if interval else np.nan,
            note=note,
        )
        found.append(part)
    return schema.ordered(pd.concat(found, ignore_index=True), REVISION, [*labels, "quantity"])


def _one_each(table, labels):
    """The rows of the latest release of each label."""
    return table.sort_values("release", kind="stable").drop_duplicates(labels, keep="last")


def lines(found):
    """A revision in words: the files, then a paragraph a city.

    Parameters
    ----------
    found : Revision

    Returns
    -------
    list of str
    """
    told = [f"inputs {how}: {', '.join(names)}" for how, names in found.inputs.items() if names]
    rows = found.rows
    if not len(rows):
        return [*(told or ["inputs: the same"]), "numbers: the same"]
    if rows["note"].str.contains(schema.MADE_UP).any():
        told.append(schema.MADE_UP)
    for city in in_order(rows["city"]):
        own = rows[rows["city"] == city]
        told.append(f"{city}: {'; '.join(filter(None, (_input(own), _numbers(own), _largest(own))))}")
    return told


def _input(rows):
    own = rows[(rows["table"] == "coverage") & (rows["quantity"] == "residents")]
    years = [f"{year}: {part['old'].iloc[0]:.0f} -> {part['new'].iloc[0]:.0f}" for year, part in own.groupby("year")]
    others = rows[rows["table"] == "coverage"]
    return f"residents {', '.join(years)}" if years else "other hidden counts" if len(others) else ""


def _numbers(rows):
    own = rows[rows["table"] == "results"]
    counts = own["status"].value_counts()
    return ", ".join(f"{counts[status]} numbers {status}" for status in STATUSES if status in counts)


def _largest(rows):
    """The corrected value without surroundings that moved most, and whether it left its old interval."""
    own = rows[(rows["quantity"] == "corrected") & (rows["status"] == "changed") & rows["difference"].notna()]
    own = own[own["scale_m"].isna() & own["k"].isna()]
    if not len(own):
        return ""
    row = own.loc[own["difference"].abs().idxmax()]
    label = f"{row['index']} of {row['group']} in {row['year']}"
    numbers = f"{wording.number(row['old'], 'en', 4)} -> {wording.number(row['new'], 'en', 4)}"
    if np.isnan(row["old_low"]):
        return f"most moved: {label}, {numbers} (corrected, no interval)"
    where = "within" if row["old_low"] <= row["new"] <= row["old_high"] else "outside"
    interval = f"{wording.number(row['old_low'], 'en', 4)} to {wording.number(row['old_high'], 'en', 4)}"
    return f"most moved: {label}, {numbers} (corrected), {where} its old interval {interval}"
