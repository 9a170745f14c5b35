"""Hidden counts that follow from what an edition holds beside them: looked for before its tables are written."""

from collections import defaultdict

import numpy as np
import pandas as pd

from segindex import suppression
from segindex.errors import BadData
from segindex.schema import DISCLOSURES, MADE_UP, ordered
from segindex.tabulate.asked import panels_of

SHOWN = 5
GROUPS = ["city", "classification", "group", "year"]


def disclosures(panels):
    """Hidden counts that visible ones tell, in panels of any number of cities.

    Three things are looked at. Where groups that are hidden each by itself make up their base, the base less the
    visible ones tells a lone hidden one. A visible cell of a coarser grid less its visible finer cells tells a lone
    hidden one of these, and a hidden coarse cell follows from finer ones that are all visible. A count that one source
    hides stands in another of the same cells and year. Totals of a city are looked at by `suppression.disclosed`, for
    the tables hold none: their group sizes are of visible cells.

    Returns
    -------
    DataFrame
        The columns of `DISCLOSURES`: a row for each city, group, year and way, with how many cells and which come
        first. The counts themselves are not told.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame({"x": [5.0, 3.0], "t": [9.0, 9.0]})
    >>> len(disclosures(segindex.to_panel(frame, "x", base="t", year=2024)))
    0
    """
    panels = panels_of(panels)
    rows = [*_by_base(panels), *_by_grid(panels)]
    return ordered(pd.DataFrame(rows, columns=list(DISCLOSURES)), DISCLOSURES, [*GROUPS, "by"])


def _by_base(panels):
    """What the base and the other groups of a classification tell, where they make it up."""
    together = defaultdict(list)
    for panel in panels:
        if len(panel.named_groups) == 1 and panel.hidden_rule == "group" and not panel.base_hidden:
            together[panel.city, panel.classification, panel.source, panel.cell_size_m].append(panel)
    for parts in together.values():
        years = set.intersection(*(set(panel.years) for panel in parts))
        for year in sorted(years) if len(parts) > 1 else ():
            yield from _of_year(parts, year)


def _of_year(parts, year):
    ats = [panel.years.index(year) for panel in parts]
    names = [panel.named_groups[0] for panel in parts]
    cells = sorted(set.intersection(*(set(panel.cells.tolist()) for panel in parts)))
    places = [pd.Index(panel.cells).get_indexer(cells) for panel in parts]
    several = list(zip(parts, ats, names, places))
    x = np.stack([panel.group(name)[at, place] for panel, at, name, place in several], axis=-1)
    hidden = np.stack([panel.hidden[at, place] for panel, at, _, place in several], axis=-1)
    first, at, _, place = several[0]
    base = (first.base + first.hidden_total)[at, place]
    visible = ~hidden.any(axis=-1)
    if not visible.any() or (x[visible].sum(axis=-1) != base[visible]).any():
        return
    mixed = np.flatnonzero(hidden.any(axis=-1) & ~hidden.all(axis=-1))
    limits = [np.inf if panel.hidden_limit is None else panel.hidden_limit for panel in parts]
    try:
        told = suppression.disclosed_by_total(x[mixed], hidden[mixed], base[mixed], limit=np.array(limits))
    except BadData:
        return
    by_group = defaultdict(list)
    for one in told:
        for group in one.cells if one.kind == "cell" else ():
            by_group[group].append(cells[mixed[one.year]])
    for group, found in sorted(by_group.items()):
        yield _row(parts[group], names[group], year, "base and other groups", found)


def _by_grid(panels):
    """What panels of another grid, or of another source, tell of a group."""
    gridded = [panel for panel in panels if panel.cell_size_m and panel.xy is not None]
    for fine in gridded:
        for coarse in gridded:
            if fine is coarse or fine.city != coarse.city or fine.crs != coarse.crs:
                continue
            if coarse.cell_size_m % fine.cell_size_m or coarse.cell_size_m < fine.cell_size_m:
                continue
            for name in fine.named_groups:
                if name in coarse.named_groups:
                    yield from _of_grids(fine, coarse, name)


def _of_grids(fine, coarse, name):
    parent = _parents(fine, coarse)
    inside = parent >= 0
    for year in sorted(set(fine.years) & set(coarse.years)):
        at, over = fine.years.index(year), coarse.years.index(year)
        pairs = [
            (fine.group(name)[at, inside], fine.hidden[at, inside]),
            (coarse.group(name)[over], coarse.hidden[over]),
        ]
        (x, hidden), (coarse_x, coarse_hidden) = ([one[np.newaxis] for one in pair] for pair in pairs)
        if not hidden.any() and not coarse_hidden.any():
            continue
        try:
            told = suppression.disclosed_by_coarser(x, hidden, coarse_x, coarse_hidden, parent[inside])
        except BadData:
            continue
        kept = np.flatnonzero(inside)
        within = [fine.cells[kept[cell]] for one in told if one.kind == "cell" for cell in one.cells]
        if within:
            yield _row(fine, name, year, f"cells of {coarse.cell_size_m:g} m", within)
        beyond = [coarse.cells[cell] for one in told if one.kind == "coarser" for cell in one.cells]
        if beyond:
            yield _row(coarse, name, year, f"cells of {fine.cell_size_m:g} m", beyond)


def _parents(fine, coarse):
    """The coarse cell that each fine one lies in, by their middles; -1 where there is none."""
    size = coarse.cell_size_m
    corner = coarse.xy[0] - size / 2
    key = pd.MultiIndex.from_arrays(np.rint((coarse.xy - size / 2 - corner) / size).astype(np.int64).T)
    own = pd.MultiIndex.from_arrays(np.floor((fine.xy - corner) / size).astype(np.int64).T)
    return key.get_indexer(own)


def _row(panel, name, year, by, cells):
    cells = sorted(str(cell) for cell in cells)
    return {
        "city": panel.city,
        "classification": panel.classification,
        "group": name,
        "year": year,
        "source": panel.source,
        "by": by,
        "n_cells": len(cells),
        "first_cells": ", ".join(cells[:SHOWN]),
        "note": MADE_UP if panel.made_up else "",
    }
