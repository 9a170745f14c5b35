"""What may be published: a value needs enough cells, enough members of the group, and enough others behind it."""

import numpy as np

from segindex.figures.select import shown
from segindex.limits import refusal
from segindex.report import notes

NUMBERS = (
    *("value", "expected", "corrected", "low", "high", "lower_bound", "upper_bound", "detectable_change"),
    *("identified_lower", "identified_upper"),
)
CLASS_NUMBERS = ("population", "group_size", "population_share", "group_share")
HIDDEN_WARNING = 0.10
FEWEST = 3
"""Cells from which their residents are told: one or two of a grid would be told one by one."""

EVERY = "all"
OTHER = "would_tell"
PLACE = ["city", "classification", "year"]


def published(rows, withheld=frozenset(), *, min_cells, min_group, grid):
    """The rows of the results with a column `refused`; a refused row has no numbers left.

    Rows of all groups at once are judged by `group_size` alone. `withheld` is what `withheld` finds.
    """
    refused = [
        refusal(n_cells, size, rest, min_cells=min_cells, min_group=min_group, grid=grid)
        for n_cells, size, rest in zip(rows["n_cells"], rows["group_size"], _bases(rows))
    ]
    if withheld:
        keys = zip(*(rows[name] for name in (*PLACE, "group")))
        refused = [own or (OTHER if key in withheld else "") for own, key in zip(refused, keys)]
    rows = rows.assign(refused=refused)
    there = [name for name in NUMBERS if name in rows]
    numbers = rows[there].astype(float)
    numbers[rows["refused"].to_numpy() != ""] = np.nan
    return rows.assign(**numbers)


def _bases(rows):
    """The base of each row, of which others than the group are judged; NaN of all groups at once."""
    base = rows["population"].astype(float)
    return base.mask(rows["group"] == EVERY) if "group" in rows else base


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
