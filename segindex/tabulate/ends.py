"""Both ends of an order: the lowest class, the highest, and how far apart they live."""

import numpy as np
import pandas as pd

from segindex import suppression
from segindex.schema import ENDS, RESULTS, ordered
from segindex.tabulate.asked import panels_of
from segindex.tabulate.joined import joined_by_city
from segindex.tabulate.notes import joined, note
from segindex.tabulate.results import compute
from segindex.tabulate.types import CLASSES, K, extremes
from segindex.typology import ratio_of_ends, shares_beyond

KEYS = ["city", "year", "release", "classification", "measure", "group", "reference", "cluster_size"]
SAME = [name for name in ENDS if name in RESULTS]


def ends(panels, fixed=None, *, results=None, worth=None, k=K):
    """Both ends of classifications in three ascending classes: rows of one number each.

    Parameters
    ----------
    panels : Panel or list of Panel
        Those with three groups in ascending order (`Panel.ascending`) are taken, such as income classes.
    fixed : DataFrame, optional
        `standards` that were fixed before; the cut-offs of these panels in their first year if left out.
    results : DataFrame, optional
        A table of `segindex.compute` that already holds dissimilarity of these groups against the rest.
    worth : Worth, optional
        As for `segindex.compute`.
    k : float
        Nearest residents on grids, for the measures of areas.

    Returns
    -------
    DataFrame
        The columns of `ENDS`. `measure` is "dissimilarity" (lowest and highest class against the rest, and against each
        other), "ratio_90_10" (the group's share in the area where the ninth tenth of residents ends over that where the
        first does), "lowest_end" and "highest_end": residents of areas where the share of the highest class less that
        of the lowest lies below, or above, a cut-off that a tenth of all cities' residents lay beyond at the baseline.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame({"low": [9, 1], "mid": [5, 5], "high": [1, 9]})
    >>> frame["base"] = frame.sum(axis=1)
    >>> groups = ["low", "mid", "high"]
    >>> panel = segindex.to_panel(frame, groups, base="base", year=2024, city="Lahti", ascending=True)
    >>> table = ends(panel).query("measure == 'dissimilarity'").round({"value": 2})
    >>> table[["group", "reference", "value"]].values.tolist()
    [['high', 'rest', 0.6], ['low', 'high', 0.8], ['low', 'rest', 0.6]]
    """
    rows = []
    for panel in panels_of(panels):
        if len(panel.ascending) == CLASSES:
            lowest, _, highest = panel.ascending
            rows += _apart(panel, lowest, highest, results, worth)
            rows += _areas(panel, lowest, highest, fixed, k)
    return ordered(pd.DataFrame(rows, columns=list(ENDS)), ENDS, KEYS)


def _apart(panel, lowest, highest, results, worth):
    """Dissimilarity of each end against the rest and of the two against each other."""
    own = [] if results is None else [_plain(results, panel, lowest), _plain(results, panel, highest)]
    if not own or not all(map(len, own)):
        own = [compute(panel, "dissimilarity", [lowest, highest], worth=worth)]
    own.append(compute(panel, "dissimilarity", lowest, reference=highest, worth=worth))
    for row in pd.concat(own, ignore_index=True).itertuples():
        size = row.group_size
        if row.reference != "rest":
            size = min(size, round(float(panel.group(row.reference)[panel.years.index(row.year)].sum())))
        yield {name: getattr(row, name) for name in SAME} | {"measure": "dissimilarity", "group_size": size}


def _plain(results, panel, group):
    return results[
        (results["city"] == panel.city)
        & (results["classification"] == panel.classification)
        & (results["index"] == "dissimilarity")
        & (results["group"] == group)
        & (results["reference"] == "rest")
        & results["year"].isin(panel.years)
        & results["scale_m"].isna()
        & results["k"].isna()
    ]


def _areas(panel, lowest, highest, fixed, k):
    """The measures of areas: on a grid of the k nearest residents, else of the areas themselves."""
    (own,) = joined_by_city([panel], [lowest, highest], k).values()
    cuts = extremes([own], panel.classification, lowest, highest, k) if fixed is None else fixed
    cuts = cuts[(cuts["quantity"] == "extremes") & (cuts["dimension"] == panel.classification)]
    cuts = cuts[cuts["k"].notna() == (own.cell_size_m is not None)]
    low, high = cuts.sort_values("number")["value"] if len(cuts) == 2 else (np.nan, np.nan)
    hidden = suppression.hidden_share(panel)
    for at, year in enumerate(own.years):
        people, share = own.residents[at], {name: values[at] for name, values in own.share.items()}
        known = ~np.isnan(share[lowest]) & ~np.isnan(share[highest])
        common = {
            "city": panel.city,
            "year": year,
            "release": panel.releases[at],
            "classification": panel.classification,
            "cluster_size": 1.0,
            "n_cells": int((known & (people > 0)).sum()),
            "population": round(float(people[known].sum())),
            "hidden_share": hidden[at],
        }
        sizes = {name: round(float(panel.group(name)[panel.years.index(year)].sum())) for name in (lowest, highest)}
        around = "" if own.cell_size_m is None else f"shares of the {k:g} nearest"
        nobody = "" if known.any() else "undefined: no cell can be used"
        said = note(panel, panel.breaks[at], around)
        for name in (lowest, highest):
            value = ratio_of_ends(share[name], people)
            none = "" if np.isfinite(value) else "undefined: a tenth of residents live where the group has no members"
            yield common | {
                "measure": "ratio_90_10",
                "group": name,
                "group_size": sizes[name],
                "value": value,
                "note": joined(said, nobody or none),
            }
        apart = share[highest] - share[lowest]
        beyond = shares_beyond(apart, people, low, high)
        counts = [int(((people > 0) & over).sum()) for over in (apart < low, apart > high)]
        for measure, group, value, cut, n_beyond in zip(
            ("lowest_end", "highest_end"), (lowest, highest), beyond, (low, high), counts, strict=True
        ):
            none = "" if np.isfinite(cut) else "no cut-off: no city has all dimensions of area types at the baseline"
            yield common | {
                "measure": measure,
                "group": group,
                "group_size": sizes[group],
                "value": value,
                "n_beyond": n_beyond if np.isfinite(value) else None,
                "cut_off": cut,
                "cut_off_year": cuts["year"].iloc[0] if np.isfinite(cut) else None,
                "note": joined(said, nobody or none),
            }
