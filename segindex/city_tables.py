"""One city's tables: what a worker makes of its panels by the settings."""

import pandas as pd

from segindex import ingest as reading
from segindex import schema, store, suppression, tabulate
from segindex.areas import area_of
from segindex.errors import BadData

SETTINGS = (
    *("groups", "indices", "scale_m", "k", "reference", "centres", "same_mask", "seed", "permutations"),
    *("scale_indices", "scale_years", "local_years", "baseline", "worth_years", "draws", "cluster_size"),
    *("disclosure", "yearly"),
)
"""The settings that the tables of a city depend on."""


def city_tables(path, edition, place=None):
    """One city's tables, {name: DataFrame}; runs in a worker.

    `place` is the edition's folder, with polygons and what was fixed for all cities; without it the city stands alone.
    """
    shapes, named = (
        None if place is None else store.read_shapes(f"{place}/{name}.parquet") for name in ("areas", "named_areas")
    )
    panels = [reading.neighboured(panel, shapes) for panel in store.read_panels(path)]
    told = tabulate.disclosures(panels)
    if len(told) and edition["disclosure"] == "stop":
        raise BadData(_told(told))
    cuts, fixed = _fixed(panels, edition, place)
    results, cells, changed, over, ends, together = [], [], [], [], [], []
    for panel in panels:
        wanted = [name for name in panel.named_groups if edition["groups"] is None or name in edition["groups"]]
        every = len(wanted) == len(panel.named_groups)
        if edition["same_mask"]:
            panel = suppression.same_mask(panel)
        common = {
            "group": None if every else wanted,
            "reference": _references(panel, edition["reference"]),
            "centres": {city: own for city, own in edition["centres"].items() if city == panel.city},
        }
        sizes = {
            "scale_m": edition["scale_m"],
            "k": edition["k"],
            "scaled": edition["scale_indices"],
            "scale_years": None if edition["scale_years"] == "all" else _ends(panel, edition),
        }
        worth = _worth(panel, edition)
        results.append(tabulate.compute(panel, edition["indices"], **common, **sizes, worth=worth))
        if {*panel.ascending[:1], *panel.ascending[-1:]} <= set(wanted):
            ends.append(tabulate.ends(panel, fixed, results=results[-1], worth=worth))
        keys = [key for key in tabulate.AREA_INDICES if edition["indices"] is None or key in edition["indices"]]
        if keys and _in_areas(panel, named):
            together.append(tabulate.by_area(panel, named, keys, common["group"], worth=worth))
        first = _baseline(panel, edition)
        if worth is not None and first in panel.years:
            changed.append(tabulate.changes(panel, first, group=wanted, worth=worth))
        over.append(tabulate.thresholds(panel, wanted, cuts=cuts))
        if panel.weights is not None:
            years = _ends(panel, edition) if edition["local_years"] == "latest" else panel.years
            cells.append(
                tabulate.local(
                    panel, wanted, year=list(years), seed=edition["seed"], permutations=edition["permutations"]
                )
            )
    empty = schema.ordered(pd.DataFrame(columns=list(schema.CELLS)), schema.CELLS, ["city"])
    no_ends = schema.ordered(pd.DataFrame(columns=list(schema.ENDS)), schema.ENDS, ["city"])
    return {
        "results": pd.concat(results, ignore_index=True),
        "cells": pd.concat(cells, ignore_index=True) if cells else empty,
        "changes": changes_of(changed),
        "disclosed": told,
        "thresholds": pd.concat(over, ignore_index=True),
        "ends": pd.concat(ends, ignore_index=True) if ends else no_ends,
        "areas": pd.concat([results[0].iloc[:0], *together], ignore_index=True),
        "types": _types(panels, edition, fixed),
    }


def _in_areas(panel, named):
    """Whether a panel is a grid of which some cell lies in a named area."""
    grid = panel.cell_size_m is not None and panel.xy is not None
    return named is not None and grid and bool((area_of(panel.xy, named, panel.crs) >= 0).any())


def _fixed(panels, edition, place):
    """The cut-offs and standards that were fixed for all cities; of the city alone where there is no place."""
    if place is not None:
        return (
            store.read_csv(f"{place}/cut_offs.csv", schema.CUT_OFFS),
            store.read_csv(f"{place}/standards.csv", schema.STANDARDS),
        )
    return None, tabulate.standards_or_none(_masked(panels, edition), year=edition["baseline"])


def _masked(panels, edition):
    return [suppression.same_mask(panel) for panel in panels] if edition["same_mask"] else panels


def _types(panels, edition, fixed):
    """The area types of a city's cells; no rows where the data do not give them."""
    known = (fixed["quantity"] == "type").any()
    return tabulate.area_types(_masked(panels, edition), fixed) if known else tabulate.no_areas()


def sensitivity(paths, edition):
    """How far the area types hang on what was chosen and on chance, of all cities; runs in a worker."""
    panels = _masked([panel for path in paths for panel in store.read_panels(path)], edition)
    return {"sensitivity": tabulate.type_sensitivity(panels, year=edition["baseline"], seed=edition["seed"])}


def _told(rows):
    """The first hidden counts that follow from visible ones, in words."""
    first = rows.iloc[0]
    return (
        f"{first.city}, {first.classification}: hidden counts of {first.group} in {first.year} follow from the "
        f"{first.by} in {first.n_cells} cells, first {first.first_cells}; {len(rows)} such groups and years in the "
        'city. The data tell what they hide: leave a group or a source out, or allow it with disclosure = "report"'
    )


def changes_of(frames):
    """The changes of all frames, which may be none, with q over them all."""
    found = [frame for frame in frames if len(frame)] or [pd.DataFrame(columns=list(schema.CHANGES))]
    return tabulate.with_q(pd.concat(found, ignore_index=True))


def _ends(panel, edition):
    """The latest year of a panel, and the baseline if it has it."""
    return tuple(year for year in panel.years if year in (panel.years[-1], _baseline(panel, edition)))


def _baseline(panel, edition):
    return panel.years[0] if edition["baseline"] is None else edition["baseline"]


def _worth(panel, edition):
    """What the values of a panel are set beside, by the settings; None for nothing."""
    if edition["worth_years"] == "none":
        return None
    years = None if edition["worth_years"] == "all" else _ends(panel, edition)
    common = {name: edition[name] for name in ("seed", "cluster_size", "yearly")}
    return tabulate.Worth(years, edition["draws"], **common)


def _references(panel, wanted):
    """The reference groups that a panel has; a classification without any is set against the rest."""
    return [name for name in wanted if name == "rest" or name in panel.groups] or ["rest"]
