"""Which blocks of the situational picture an edition holds, and why the others are not there."""

import pandas as pd

from segindex.schema import BLOCKS, ordered

CHILDREN = ("children_0_6", "children_7_15", "children_7_14")
HOUSING = ("rented",)
FLAT = ("dissimilarity", "information_theory")


def blocks(tables, register=False):
    """One row a block of the picture: whether the edition has it, and what it lacks.

    Parameters
    ----------
    tables : dict of str to DataFrame
        The edition's tables by name: coverage, results, clusters, thresholds, types, accumulation, changes, ends.
    register : bool
        Whether the edition has a register of funding, from which its tables on money are made.

    Returns
    -------
    DataFrame
        The columns of `BLOCKS`: the number and key of the block, `given`, and `lacks`, the key of the reason ("" where
        the block is given).

    Notes
    -----
    The numbers are those of the picture's plan: 1 frame, 2 size, 3 evenness, 4 exposure, 5 clustering, 6 thresholds,
    7 types, 8 accumulation, 9 scale, 10 ends, 11 children, 12 housing, 13 change, 14 money, 15 text.
    """
    results = tables["results"]
    groups = set(results["group"])
    wide = results["scale_m"].notna() | results["k"].notna()
    valued = results["value"].notna()

    def has(name, column):
        return bool(tables[name][column].notna().any())

    def index(keys):
        return bool((results["index"].isin(keys) & valued).any())

    parts = tables["changes"]
    years = results.groupby(["city", "group"])["year"].nunique()
    found = {
        "frame": (len(tables["coverage"]) > 0, "no_rows"),
        "size": (len(results) > 0, "no_rows"),
        "evenness": (index(FLAT), "not_asked"),
        "exposure": (index(("isolation",)), "not_asked"),
        "clustering": (len(tables["clusters"]) > 0, "no_places"),
        "thresholds": (has("thresholds", "cut_off"), "no_baseline"),
        "types": (len(tables["types"]) > 0, "no_dimensions"),
        "accumulation": (has("accumulation", "residents_share"), "no_dimensions"),
        "scale": (bool((wide & valued).any()), "no_scales"),
        "ends": (has("ends", "value"), "no_order"),
        "children": (bool(groups & set(CHILDREN)), "no_group"),
        "housing": (bool(groups & set(HOUSING)), "no_group"),
        "change": (
            bool((parts["term"].eq("structural") & parts["change"].notna()).any()),
            "one_year" if not (years > 1).any() else "broken" if len(parts) else "not_compared",
        ),
        "money": (register, "no_register"),
        "text": (len(results) > 0, "no_rows"),
    }
    rows = [
        {"block": number, "key": key, "given": given, "lacks": "" if given else lacks}
        for number, (key, (given, lacks)) in enumerate(found.items(), 1)
    ]
    return ordered(pd.DataFrame(rows), BLOCKS, ["block"])
