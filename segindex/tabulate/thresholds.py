"""Who lives in cells over a threshold: cut-offs that stay as they were at the baseline, and the residents over them."""

import numpy as np
import pandas as pd

from segindex import suppression
from segindex.errors import BadData, BadSettings
from segindex.indices._arrays import ratio
from segindex.schema import CUT_OFFS, THRESHOLDS, ordered
from segindex.tabulate.asked import check_groups, listed, panels_of, years_of
from segindex.tabulate.notes import base_hidden, note
from segindex.typology import above, cut_points

FIXED = {"over_20_percent": 0.2, "over_30_percent": 0.3, "over_40_percent": 0.4}
"""Cut-offs that are the same everywhere."""

TWICE = "twice_the_city"
"""Twice the group's share in the city at the baseline."""

NO_CUT_OFF = "no cut-off: the city lacks the baseline year, or the group was more than half of it"

TOP = {"top_tenth": 0.1, "top_fifth": 0.2}
"""The share over which at most such a part of all the cities' residents lived at the baseline."""

THRESHOLD_KEYS = (*FIXED, TWICE, *TOP)
KEYS = ["classification", "group", "city", "threshold"]


def cut_offs(panels, group=None, *, year=None):
    """The cut-offs of the thresholds, fixed at a baseline year.

    Parameters
    ----------
    panels : Panel or list of Panel
        Of all cities that are looked at as one: the top tenth and fifth are of all of them together.
    group : str or list of str, optional
    year : int, optional
        The baseline; the first year of each group if left out.

    Returns
    -------
    DataFrame
        The columns of `CUT_OFFS`; `city` is empty where the cut-off is the same for all. Those of the top tenth and
        fifth rest on the visible cells, weighted by the persons in them. `twice_the_city` has no cut-off where a city
        lacks the year, or where the group is more than half of the city.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame({"cell": list("abc"), "x": [50, 10, 6], "t": [90, 90, 90]})
    >>> panel = segindex.to_panel(frame, "x", base="t", year=2024, city="Lahti")
    >>> cut_offs(panel)[["threshold", "cut_off"]].round(3).values.tolist()[-2:]
    [['top_tenth', 0.556], ['twice_the_city', 0.489]]
    """
    panels, wanted = _asked(panels, group, year)
    rows = []
    for (classification, name), own in sorted(_by_group(panels, wanted).items()):
        first = min(panel.years[0] for panel in own) if year is None else year
        at = [(panel, panel.years.index(first)) for panel in own if first in panel.years]
        t = [panel.base[i] for panel, i in at]
        everyone = float(sum(map(np.sum, t)))
        common = {
            "classification": classification,
            "group": name,
            "year": first if at else None,
            "n_cities": len({panel.city for panel, _ in at}),
            "population": round(everyone),
            "note": note(own[0]),
        }
        rows += [common | {"city": "", "threshold": key, "cut_off": cut, "year": None} for key, cut in FIXED.items()]
        if at:
            share = np.concatenate([ratio(panel.group(name)[i], panel.base[i]) for panel, i in at])
            points = cut_points(share, np.concatenate(t), list(TOP.values()))
            rows += [common | {"city": "", "threshold": key, "cut_off": cut} for key, cut in zip(TOP, points)]
        for panel, i in at:
            twice = 2 * ratio(panel.group(name)[i].sum(), panel.base[i].sum())
            if twice <= 1:
                rows.append(common | {"city": panel.city, "threshold": TWICE, "cut_off": float(twice)})
    return ordered(pd.DataFrame(rows, columns=list(CUT_OFFS)), CUT_OFFS, KEYS)


def thresholds(panels, group=None, *, year=None, cuts=None):
    """Residents and group members in cells over each threshold, a row a threshold, group, city and year.

    Parameters
    ----------
    panels : Panel or list of Panel
    group : str or list of str, optional
    year : int, optional
        The baseline of the cut-offs; the first year of each group if left out.
    cuts : DataFrame, optional
        Cut-offs that were fixed before, as `cut_offs` gives them; made of these panels if left out.

    Returns
    -------
    DataFrame
        The columns of `THRESHOLDS`. `population_share` is that of the base in cells over the cut-off, of all of the
        base, protected cells too: these are unknown (`unknown_share`), neither over nor under. `group_share` is that of
        the members in visible cells. `expected_…` is what chance alone would put over the cut-off.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame({"cell": list("abc"), "x": [50, 10, 6], "t": [90, 90, 90]})
    >>> panel = segindex.to_panel(frame, "x", base="t", year=2024, city="Lahti")
    >>> table = thresholds(panel).set_index("threshold")
    >>> table.loc["over_40_percent", ["population_share", "group_share"]].round(3).tolist()
    [0.333, 0.758]
    """
    panels, wanted = _asked(panels, group, year)
    cuts = cut_offs(panels, wanted, year=year) if cuts is None else judged_cut_offs(cuts)
    rows = []
    for (_, name), own in sorted(_by_group(panels, wanted).items()):
        for panel in own:
            for_panel = _of_panel(cuts, panel, name)
            for at in range(len(panel.years)):
                rows += _rows(panel, name, at, for_panel)
    return ordered(
        pd.DataFrame(rows, columns=list(THRESHOLDS)),
        THRESHOLDS,
        ["city", "year", "release", "classification", "group", "threshold"],
    )


def judged_cut_offs(cuts, where="cuts"):
    """A table of cut-offs with the columns and types of `CUT_OFFS`; BadData names what does not fit."""
    lacking = [name for name in ("classification", "group", "city", "threshold", "cut_off") if name not in cuts]
    if lacking:
        raise BadData(f"{where}: columns {', '.join(lacking)} are missing; allowed is a table that cut_offs gives")
    unknown = sorted({str(key) for key in cuts["threshold"]} - set(THRESHOLD_KEYS))
    if unknown:
        raise BadData(f"{where}: column threshold holds {unknown[0]!r}; allowed are {', '.join(THRESHOLD_KEYS)}")
    cut = pd.to_numeric(cuts["cut_off"], errors="coerce")
    wrong = cuts[~cut.between(0, 1)]
    if len(wrong):
        raise BadData(
            f"{where}: column cut_off holds {wrong['cut_off'].iloc[0]!r} in {len(wrong)} rows, first row "
            f"{wrong.index[0]}; allowed are shares from 0 to 1"
        )
    twice = cuts.assign(city=cuts["city"].fillna(""))
    again = twice[twice.duplicated(KEYS)]
    if len(again):
        raise BadData(f"{where}: row {again.index[0]} stands twice; allowed is one for each of {', '.join(KEYS)}")
    numbers = {name: cuts.get(name, 0) for name in ("n_cities", "population")}
    return ordered(cuts.assign(cut_off=cut, **numbers), CUT_OFFS, KEYS)


def _asked(panels, group, year):
    panels = panels_of(panels)
    wanted = listed(group, "group")
    check_groups(panels, wanted)
    if year is not None and not any(year in panel.years for panel in panels):
        raise BadSettings(f"year {year} is in none of the panels; they have {years_of(panels)}")
    return panels, wanted


def _by_group(panels, wanted):
    """{(classification, group): its panels}."""
    found = {}
    for panel in panels:
        for name in panel.named_groups:
            if wanted is None or name in wanted:
                found.setdefault((panel.classification, name), []).append(panel)
    return found


def _of_panel(cuts, panel, name):
    """The cut-offs of a panel's group, {threshold: (cut-off, year)}."""
    own = cuts[(cuts["classification"] == panel.classification) & (cuts["group"] == name)]
    own = own[own["city"].fillna("").isin(["", panel.city])]
    return {row.threshold: (row.cut_off, row.year) for row in own.itertuples()}


def _rows(panel, name, at, cuts):
    """The rows of a panel's group in one year."""
    x, t = panel.group(name)[at], panel.base[at]
    lines = [cuts.get(key, (np.nan, None)) for key in THRESHOLD_KEYS]
    found = above(x, t, [cut for cut, _ in lines])
    unknown = float(suppression.hidden_share(panel)[at])
    people, members = t.sum(), x.sum()
    for i, (key, (cut, fixed)) in enumerate(zip(THRESHOLD_KEYS, lines)):
        lacks = NO_CUT_OFF if np.isnan(cut) else ""
        yield {
            "city": panel.city,
            "year": panel.years[at],
            "release": panel.releases[at],
            "classification": panel.classification,
            "group": name,
            "threshold": key,
            "cut_off": cut,
            "cut_off_year": fixed,
            "n_cells": found.n_cells[i],
            "population": found.population[i],
            "population_share": float((1 - unknown) * ratio(found.population[i], people)),
            "expected_population_share": float((1 - unknown) * ratio(found.expected_population[i], people)),
            "unknown_share": unknown,
            "group_size": found.group_size[i],
            "group_share": float(ratio(found.group_size[i], members)),
            "expected_group_share": float(ratio(found.expected_group_size[i], members)),
            "note": note(panel, panel.breaks[at], base_hidden(panel, at), lacks),
        }
