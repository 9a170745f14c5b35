"""The report's parts, free of language: one section a group, with its rows, its maps, and why a part is absent."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segindex.errors import BadData
from segindex.facts import groups, slug
from segindex.figures.select import SCALES, parts_of
from segindex.limits import published
from segindex.registry import REGISTRY
from segindex.report.publish import classes
from segindex.schema import LASTING, RESULTS, ordered
from segindex.schema import SCALES as SCALE_RATIOS
from segindex.standings import baseline_of, breaks, changes_between, in_order, series, shown

INDICES = ("dissimilarity", "isolation")
PARTED = "dissimilarity"
PROFILED = "dissimilarity"
FEWEST_SIZES = 2
FEWEST_AREAS = 5


@dataclass(frozen=True)
class Map:
    """A city's cluster map, or the reason why there is none (a key of the texts)."""

    city: str
    name: str
    year: int | None
    classes: pd.DataFrame | None
    absent: str


@dataclass(frozen=True)
class Section:
    """What the report says of one group; `file` stands for it in file names.

    `rows` holds the chosen indices over the years, `indices` every index with one value a city in the latest year,
    `scales` the rows of the latest year that have a scale: of the chosen indices, and of the profiled one; `changes`
    the changes of corrected values from the baseline to the latest year, `parts` all terms of the change of D, of which
    those of a city whose value is refused have no numbers; `areas` the rows of cells put together into named areas,
    `ratios` the macro/micro ratios of the latest year, `lasting` the group's clusters over the years.
    """

    group: str
    file: str
    classification: str
    cell_size_m: float | None
    year: int
    baseline: int | None
    cities: tuple[str, ...]
    rows: dict[str, pd.DataFrame]
    indices: dict[str, pd.DataFrame]
    scales: pd.DataFrame
    changes: pd.DataFrame
    parts: pd.DataFrame
    areas: pd.DataFrame
    ratios: pd.DataFrame
    lasting: pd.DataFrame
    profiled: str
    profiles: tuple[str, ...]
    breaks: dict[str, tuple[int, ...]]
    maps: tuple[Map, ...]
    maps_absent: str

    @property
    def ranking(self):
        """The name of the ranking's files; empty where no city has a value."""
        rows = self.rows.get("dissimilarity")
        shown = rows is not None and rows["value"][rows["year"] == self.year].notna().any()
        return f"ranking_dissimilarity_{self.file}" if shown else ""

    @property
    def trends(self):
        """The name of the trends' files; empty where no city has values of two years."""
        rows = self.rows.get("dissimilarity")
        shown = rows is not None and (rows[rows["value"].notna()].groupby("city")["year"].nunique() > 1).any()
        return f"trends_dissimilarity_{self.file}" if shown else ""

    @property
    def change_terms(self):
        """The name of the files on why D changed; empty where no city has all parts of its change."""
        return f"change_terms_{PARTED}_{self.file}" if len(parts_of(self.parts)) else ""

    def profile(self, over):
        """The name of the files of a scale profile, over "scale_m" or "k"."""
        return f"profile_{self.profiled}_{over}_{self.file}"

    @property
    def profile_rows(self):
        """The rows that a scale profile shows."""
        scales = self.scales[self.scales["index"] == self.profiled]
        return pd.concat([self.indices[self.profiled], scales], ignore_index=True)

    @property
    def years(self):
        """The statistical years of the group, in order."""
        return sorted({int(year) for rows in self.rows.values() for year in rows["year"]})


def sections(material):
    """One section a group, in the order of the programme's groups."""
    lacking = [name for name in ("group", "index", "classification", "n_cells") if name not in material.results]
    if lacking:
        raise BadData(f"results: columns {lacking} are missing; a report needs the tidy table whole")
    found = material.results[material.results["index"].isin(INDICES) & (material.results["group"] != "all")]
    known = list(groups())
    order = {key: rank for rank, key in enumerate([*known, *sorted(set(found["group"]) - set(known))])}
    files = file_names(order)
    kept_back, every = material.withheld, sorted(set(found["group"]), key=order.get)
    return [_section(material, found, group, files[group], kept_back) for group in every]


def file_names(groups):
    """What stands for each group in file names: its key without double or trailing underscores, and unique.

    >>> file_names(["age_80_", "low_income"])
    {'low_income': 'low_income', 'age_80_': 'age_80'}
    """
    found = {}
    plain = {group: re.sub("_+", "_", group).strip("_") for group in groups}
    for group in sorted(groups, key=lambda group: (plain[group] != group, group)):
        again = sum(plain[other] == plain[group] for other in found)
        found[group] = plain[group] + (f"-{again + 1}" if again else "")
    return found


def _section(material, found, group, file, kept_back):
    own = found[found["group"] == group]
    classification = own["classification"].iloc[0]
    size = material.cell_size(classification)
    limits = {"min_cells": material.min_cells, "min_group": material.min_group, "grid": size is not None}
    rows = {index: published(series(own, index, group), kept_back, **limits) for index in INDICES}
    rows = {index: part for index, part in rows.items() if len(part)}
    every = pd.concat(rows.values())
    years = sorted({int(year) for year in every["year"]})
    of_year = material.results[(material.results["group"] == group) & (material.results["year"] == years[-1])]
    indices = _indices(of_year, group, kept_back, limits)
    scales = published(_scales(of_year), kept_back, **limits)
    profiled, profiles = _profiles(indices, scales)
    broken = breaks(material.coverage, classification)
    maps, absent = _maps(material, every, group, file, size, limits)
    baseline = baseline_of(rows, years, broken, material.baseline)
    changes = changes_between(material.changes, group, baseline, years[-1])
    return Section(
        group=group,
        file=file,
        classification=classification,
        cell_size_m=size,
        year=years[-1],
        baseline=baseline,
        cities=tuple(in_order(found["city"])),
        rows=rows,
        indices=indices,
        scales=scales[scales["index"].isin((*INDICES, profiled))],
        changes=changes[(changes["term"] == "corrected") & changes["change"].notna()],
        parts=_parts(changes[(changes["index"] == PARTED) & ~changes["net"]], rows.get(PARTED), baseline, years[-1]),
        areas=_areas(material.area_results, group, years[-1], limits, next(iter(rows.values()))),
        ratios=_ratios(material.scales, group, years[-1]),
        lasting=_own(material.lasting, LASTING, group),
        profiled=profiled,
        profiles=profiles,
        breaks=broken,
        maps=maps,
        maps_absent=absent,
    )


def _own(rows, columns, group):
    """A table's rows of a group; none where there is no table."""
    rows = ordered(pd.DataFrame(columns=list(columns)), columns, ["city"]) if rows is None else rows
    return rows[rows["group"] == group]


def _areas(rows, group, year, limits, plain):
    """The published rows of named areas in a year, of cities whose cells are published and that have enough areas."""
    rows = _own(rows, RESULTS, group)
    rows = published(shown(rows[rows["year"] == year]), **limits | {"grid": False})
    plain = plain[(plain["year"] == year) & (plain["refused"] == "")]
    return rows[rows["city"].isin(plain["city"]) & (rows["n_cells"] >= FEWEST_AREAS)]


def _ratios(rows, group, year):
    """The macro/micro ratios of a group in a year."""
    rows = _own(rows, SCALE_RATIOS, group)
    return rows[(rows["year"] == year) & rows["reference"].isin(("rest", ""))]


def _parts(changes, rows, first, last):
    """The terms of changes, without numbers where the value of either year is not published, and why it is not."""
    if rows is None:
        return changes.iloc[:0].assign(refused="")
    values = rows[rows["year"].isin((first, last))]
    valued = values[values["value"].notna()].groupby("city")["year"].nunique()
    why = values[values["refused"] != ""].drop_duplicates("city").set_index("city")["refused"]
    kept = changes["city"].isin(valued.index[valued == 2])
    numbers = {name: changes[name].where(kept) for name in ("change", "low", "high")}
    return changes.assign(**numbers, refused=[why.get(city, "") for city in changes["city"]])


def _indices(rows, group, kept_back, limits):
    """The published plain rows of every index with one value a city, in the registry's order."""
    there = set(rows["index"])
    keys = [key for key, index in REGISTRY.items() if key in there and index.gives == "city" and not index.margin_only]
    found = {key: published(series(rows, key, group), kept_back, **limits) for key in keys}
    return {key: part for key, part in found.items() if part["value"].notna().any()}


def _scales(rows):
    """The rows against the rest that have a scale or a number of nearest residents."""
    if not set(SCALES) <= set(rows.columns):
        return rows.iloc[:0]
    return shown(rows[rows[list(SCALES)].notna().any(axis=1)])


def _profiles(indices, scales):
    """The index of the scale profiles, and over what; an index needs values at two sizes and in the own cell."""
    for key in (PROFILED, *indices):
        found = scales[(scales["index"] == key) & scales["value"].notna()]
        over = tuple(name for name in SCALES if name in found and found[name].nunique() >= FEWEST_SIZES)
        if over and key in indices:
            return key, over
    return "", ()


def _maps(material, rows, group, file, size, limits):
    cells = material.cells[material.cells["group"] == group]
    if not len(cells):
        return (), "no_clusters"
    if size is None and material.areas is None:
        return (), "no_geometry"
    if size is not None and not np.isfinite(cells[["x", "y"]].to_numpy(float)).all():
        return (), "no_geometry"
    clusters = material.clusters[material.clusters["group"] == group]
    return tuple(_map(city, cells, clusters, rows, file, limits) for city in in_order(rows["city"])), ""


def _map(city, cells, clusters, rows, file, limits):
    name = f"clusters_{file}_{slug(city)}"
    own = cells[cells["city"] == city]
    if not len(own):
        return Map(city, name, None, None, "no_city_clusters")
    year = int(own["year"].max())
    known = clusters[(clusters["city"] == city) & (clusters["year"] == year)]
    if "release" in known:
        known = known[known["release"] == known["release"].max()]
    of_year = rows[(rows["city"] == city) & (rows["year"] == year)]
    if not len(known) or not len(of_year):
        return Map(city, name, None, None, "no_city_clusters")
    refused = of_year["refused"].iloc[0]
    return Map(city, name, year, None if refused else classes(known, **limits), refused)
