"""Indices of all groups of a classification at once: their rows of the latest year, and a table a dimension."""

from collections import Counter as Counts
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segindex import wording
from segindex.facts import classifications
from segindex.limits import published
from segindex.registry import DIMENSIONS, REGISTRY
from segindex.report import notes
from segindex.report.tables import index_table
from segindex.standings import groups_of, in_order, series, shown

EVERY = "all"


@dataclass(frozen=True)
class Together:
    """What the report says of all groups of one classification at once, in the latest year that has such rows.

    `groups` are those of most cities, `ascending` the same in their order, if they have one; where a city's are others
    (nobody is left for the rest), the notes of its rows name them. `indices` holds the published rows by index.
    """

    classification: str
    groups: tuple[str, ...]
    ascending: tuple[str, ...]
    year: int
    cities: tuple[str, ...]
    indices: dict[str, pd.DataFrame]


def together(material):
    """One part a classification, and a set of its groups, that has rows of all groups at once."""
    keys = [key for key, index in REGISTRY.items() if index.gives == "city" and not index.margin_only]
    rows = material.results
    rows = rows[(rows["group"] == EVERY) & rows["index"].isin(keys)]
    named = pd.Series(
        [tuple(sorted({*groups_of(note, "groups")} - {"rest"})) for note in rows["note"]], index=rows.index
    )
    order = [*classifications(), *sorted(set(rows["classification"]) - set(classifications()))]
    found = []
    for classification in order:
        own = rows["classification"] == classification
        found += [_part(material, keys, rows[own & (named == one)]) for one in sorted(set(named[own]))]
    return tuple(part for part in found if part.indices)


def together_tables(part, material, language, counter):
    """The tables of a part: {dimension in words: table}."""
    tables = {}
    for dimension, names in DIMENSIONS.items():
        keys = [key for key in part.indices if REGISTRY[key].dimension == dimension]
        if keys:
            caption = _caption(part, dimension, material, language, counter.next())
            tables[wording.sentence_case(names.in_(language))] = index_table(part, keys, caption, material, language)
    return tables


def _caption(part, dimension, material, language, number):
    ordered = dimension == "ordinal" and part.ascending
    groups = part.ascending if ordered else part.groups
    return wording.text(
        language,
        "together.ordered" if ordered else "together.caption",
        n=number,
        classification=wording.sentence_case(wording.classification_name(part.classification, language)),
        dimension=wording.dimension_name(dimension, language),
        year=part.year,
        groups=", ".join(wording.group_name(group, language, material.defined) for group in groups),
    )


def _part(material, keys, rows):
    classification, year = rows["classification"].iloc[0], int(rows["year"].max())
    cities = tuple(in_order(rows["city"]))
    rows = rows[rows["year"] == year]
    groups, ascending = (_commonest(rows["note"], kind) for kind in ("groups", "ascending"))
    rows = rows.assign(note=[notes.without_groups(note, groups) for note in rows["note"]])
    smallest = _smallest(material.results, classification, year, groups)
    size = material.cell_size(classification)
    limits = {"min_cells": material.min_cells, "min_group": material.min_group, "grid": size is not None}
    found = {
        key: _published(series(rows, key, EVERY), smallest, limits) for key in keys if (rows["index"] == key).any()
    }
    indices = {key: part for key, part in found.items() if part["value"].notna().any()}
    return Together(classification, groups, ascending, year, cities, indices)


def _published(rows, smallest, limits):
    """The rows as published: all groups together are refused where one of them would be."""
    least = np.fmin(rows["group_size"], rows["city"].map(smallest))
    judged = published(rows.assign(group_size=least), **limits)
    refused = judged["refused"].replace("small_group", "small_groups")
    return judged.assign(group_size=rows["group_size"], refused=refused)


def _smallest(results, classification, year, groups):
    """The members of the smallest group by city, or those of none of them, as the rows of single groups tell."""
    rows = results[
        (results["classification"] == classification) & (results["year"] == year) & results["group"].isin(groups)
    ]
    rows = shown(rows)
    smaller = np.fmin(rows["group_size"], rows["population"] - rows["group_size"])
    return smaller.groupby(rows["city"]).min().astype(float)


def _commonest(found, kind):
    """The groups, or their order, that most of the notes name."""
    named = Counts(groups_of(note, kind) for note in found)
    del named[()]
    return min(named, key=lambda groups: (-named[groups], -len(groups), groups), default=())
