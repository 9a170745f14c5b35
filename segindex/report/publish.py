"""What may be published: a value needs enough cells, enough members of the group, and enough others behind it."""

import numpy as np
import pandas as pd

from segindex.limits import EVERY, OTHER, PLACE, refusal
from segindex.report import notes
from segindex.standings import shown

CLASS_NUMBERS = ("population", "group_size", "population_share", "group_share")
HIDDEN_WARNING = 0.10
FEWEST = 3
"""Cells from which their residents are told: one or two of a grid would be told one by one."""


def withheld(material):
    """The groups that are not published because they would tell another: {(city, classification, year, group)}.

    Where the groups of a classification make up its base, or nearly so, one that is refused is the base less the
    others. Then the smallest of the others are withheld too, until all that is not told would itself be large enough
    to publish. The base stays: without it no group could have its share, and it is known from elsewhere.
    """
    rows = shown(material.results)
    every = rows[rows["group"] == EVERY].drop_duplicates([*PLACE, "note"])
    together = every.groupby(PLACE)["note"].agg(lambda own: {notes.groups_of(note, "groups") for note in own})
    rows = rows[rows["group"] != EVERY].drop_duplicates([*PLACE, "group"])
    found = set()
    for place, own in rows.groupby(PLACE, sort=False):
        for groups in {*together.get(place, ()), tuple(own["group"])}:
            part = own[own["group"].isin(groups)].set_index("group")
            found |= {(*place, group) for group in _second(part, material.min_group)}
    return frozenset(found)


def _second(rows, min_group):
    """The groups withheld for the sake of others, of groups that share no member; none where they do share some."""
    sizes = rows["group_size"].astype(float).sort_values(kind="stable")
    left = rows["population"].max() - sizes.sum()
    hidden = [size for size, base in zip(rows["group_size"], rows["population"]) if min(size, base - size) < min_group]
    found, told = [], left + sum(hidden)
    for group, size in sizes.items():
        if not hidden or left < 0 or told >= min_group:
            break
        if min(size, rows["population"][group] - size) >= min_group:
            found.append(group)
            told += size
    return found


def too_few(n_cells):
    """Why the residents of each part of a city are not told, by the number of its cells; "" where they are.

    One or two cells of a grid would be told one by one. The city's total is known: the next smallest parts are left out
    too, until all that is left out has cells enough.

    >>> too_few(pd.Series([1, 40, 5, 0])).tolist()
    ['few_cells', '', 'would_tell', '']
    """
    why = pd.Series("", index=n_cells.index)
    cells = n_cells[n_cells > 0].sort_values(kind="stable")
    few = cells[cells < FEWEST]
    why[few.index] = "few_cells"
    left_out = few.sum()
    for at, size in cells.drop(few.index).items():
        if not 0 < left_out < FEWEST:
            break
        why[at], left_out = OTHER, left_out + size
    return why


def limit_of(reason, material):
    """The limit that a reason tells of, as the texts name it; nothing where it tells of none."""
    if reason == "few_cells":
        return {"limit": material.min_cells}
    return {"limit": material.min_group} if reason.startswith("small_") else {}


def classes(rows, *, min_cells, min_group, grid):
    """The cluster classes of one map; a class that is too small keeps its number of cells alone.

    The city's total is published, so that one class left out could be had by subtraction: the smallest of the
    others are left out too, until all that is left out would itself be large enough to publish. Of protected
    cells nothing is known but how many they are.
    """
    rows = rows.sort_values("cluster", kind="stable", ignore_index=True)
    counts = rows[["n_cells", "group_size", "population"]].to_numpy(float)
    smaller = np.fmin(counts[:, 1], counts[:, 2] - counts[:, 1])
    known = (rows["cluster"] != "protected").to_numpy() & (counts[:, 0] > 0)
    limits = {"min_cells": min_cells, "min_group": min_group, "grid": grid}
    refused = known & np.array([refusal(*one, **limits) != "" for one in counts], bool)
    while refused.any() and refusal(*counts[refused].sum(axis=0), **limits):
        left = np.flatnonzero(known & ~refused)
        if not len(left):
            break
        refused[left[np.argmin(smaller[left])]] = True
    numbers = rows[list(CLASS_NUMBERS)].astype(float)
    numbers[refused | (rows["cluster"] == "protected").to_numpy()] = np.nan
    return rows.assign(**numbers)
