"""The tables of all cities together: what is fixed at the baseline, and the cities' tables as one."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from segindex import grid, qgis, schema, store, suppression, tabulate
from segindex.areas import area_of
from segindex.city_tables import changes_of
from segindex.facts import slug


def at_baseline(paths, edition, called):
    """What is fixed at the baseline, of all cities: cut-offs (unless the settings give them) and standards of types.

    `paths` are the files of the cities' panels, `called` what errors call the file of given cut-offs.
    """
    panels = [panel for path in paths for panel in store.read_panels(path)]
    if edition.same_mask:
        panels = [suppression.same_mask(panel) for panel in panels]
    if edition.cut_offs is None:
        cuts = tabulate.cut_offs(panels, year=edition.baseline)
    else:
        cuts = tabulate.judged_cut_offs(pd.read_csv(edition.cut_offs), called)
    return {"cut_offs": cuts, "standards": tabulate.standards_or_none(panels, year=edition.baseline)}


def together(place, paths, language, defined, register=False):
    """The edition's tables from those of its cities: {file name: bytes}.

    `place` is the folder of the edition, `paths` the files of the cities' tables; `language` is that of the layer's
    styles, `defined` holds the names of groups that the settings define, `register` is whether there is one of funding.
    """
    frames = {}
    for path in sorted(paths):
        frames.setdefault(path.name.split(".")[-2], []).append(pd.read_parquet(path))
    found = {
        name: schema.ordered(pd.concat(frames[name], ignore_index=True), columns, order)
        for name, (columns, order) in ORDERED.items()
    }
    about = json.loads((place / "about.json").read_text(encoding="utf-8"))
    said = {"made_up": about["made_up"]}
    cells = found["cells"]
    tables = {
        "results": found["results"],
        "changes": changes_of(frames["changes"]),
        "disclosed": found["disclosed"],
        "thresholds": found["thresholds"],
        "ends": found["ends"],
        "area_results": found["areas"],
        "type_sensitivity": frames["sensitivity"][0],
        "scales": tabulate.scales(found["results"]),
        "cluster_areas": tabulate.areas(cells),
        "lasting": tabulate.lasting(cells, _area_names(cells, place)),
        "clusters": tabulate.clusters(cells),
        **_of_types(found["types"], store.read_csv(place / "standards.csv", schema.STANDARDS)),
    }
    coverage = store.read_csv(place / "coverage.csv", schema.COVERAGE)
    tables["blocks"] = tabulate.blocks(tables | {"coverage": coverage}, register=register)
    files = {f"{name}.csv": store.as_csv(frame) for name, frame in tables.items()}
    files |= {f"{name}.parquet": store.as_parquet(found[name], said) for name in ("results", "cells", "types")}
    if len(cells):
        date = max(date for source in about["sources"] for date in source["dates"])
        told = cells.assign(lasting=tabulate.lasting_ids(cells))
        layer = grid.cells_layer(told, store.read_shapes(place / "areas.parquet"), found["types"])
        looks = qgis.styles(list(layer.columns), language, made_up=about["made_up"], defined=defined)
        files["cells.gpkg"] = store.as_gpkg(layer, "cells", date, looks)
    return files


MAPPED = (
    *("city", "year", "release", "classification", "group", "index", "cell", "x", "y", "cell_size_m", "crs"),
    *("share", "cluster", "area", "hidden"),
)
MAPPED_TYPES = (
    *("city", "year", "release", "cell", "x", "y", "cell_size_m", "crs"),
    *("type", "disadvantage", "n_worst"),
)


def mapped_files(city):
    """The files below the edition's folder that the maps of a city are drawn from."""
    tables = [f"cities/{slug(city)}.{kind}.parquet" for kind in ("cells", "types")]
    return [*tables, *(f"{name}.parquet" for name in ("areas", "named_areas", "borders", "water"))]


@dataclass(frozen=True)
class Mapped:
    """The call that reads what the maps of a city are drawn from; where the edition lies makes no other call of it."""

    city: str
    sums: dict
    place: str = field(compare=False)

    def __call__(self):
        return mapped(self.place, self.city, self.sums)


def mapped(place, city, sums):
    """What the maps of all groups and years of one city are drawn from.

    Parameters
    ----------
    place : path
        The folder of the edition.
    city : str
    sums : dict
        The sha256 of each of `mapped_files` that there is: a call with other sums reads something else.

    Returns
    -------
    dict
        `cells` and `types` (DataFrames, as the edition's tables of these names, with the columns that maps need;
        `cells` has besides in how many years the lasting cluster of a cell was found, `n_years`, of `of_years`),
        `names` (the named area of cells, {cell: name}), `areas`, `borders` and `water` (GeoDataFrames, or None).
    """
    place = Path(place)
    cells, types = (
        pd.read_parquet(place / name, columns=list(columns))
        for name, columns in zip(mapped_files(city), (MAPPED, MAPPED_TYPES))
    )
    shapes = {
        name: store.read_shapes(place / f"{name}.parquet") if f"{name}.parquet" in sums else None
        for name in ("areas", "borders", "water")
    }
    return {"cells": _with_years(cells), "types": types, "names": _area_names(cells, place), **shapes}


def _with_years(cells):
    """The cells with the number of years that their lasting cluster was found in, 0 where they are of none."""
    ids = tabulate.lasting_ids(cells)
    keys = [cells["group"], cells["index"], ids]
    found = cells["year"].groupby(keys).transform("nunique").where(ids != "", 0)
    looked = cells["year"].groupby(keys[:2]).transform("nunique")
    return cells.assign(n_years=found, of_years=looked)


def _area_names(cells, place):
    """The name of the area that each cell is, or lies in, {cell: name}; empty where the data give no names."""
    areas = store.read_shapes(place / "areas.parquet")
    found = {} if areas is None else dict(zip(areas["cell"], areas["name"]))
    return found | in_named_areas(cells, place, "name")


def in_named_areas(cells, place, column):
    """The `area` (id) or `name` of the named area that each cell of a grid lies in, {cell: value}.

    Empty where the edition has no named areas. `place` is its folder; `cells` has cell, x, y, cell_size_m and crs.
    """
    named, found = store.read_shapes(place / "named_areas.parquet"), {}
    every = cells.loc[cells["cell_size_m"].notna(), ["cell", "x", "y", "crs"]].drop_duplicates("cell")
    for crs, own in every[np.isfinite(every["x"])].groupby("crs") if named is not None else ():
        at = area_of(own[["x", "y"]], named, crs)
        found |= dict(zip(own["cell"].to_numpy()[at >= 0], named[column].to_numpy()[at[at >= 0]]))
    return found


ORDERED = {
    "ends": (schema.ENDS, ["city", "year", "release", "classification", "measure", "group", "reference"]),
    "areas": (schema.RESULTS, schema.KEYS),
    "results": (schema.RESULTS, schema.KEYS),
    "cells": (schema.CELLS, ["city", "year", "classification", "group", "cell"]),
    "disclosed": (schema.DISCLOSURES, ["city", "year"]),
    "thresholds": (schema.THRESHOLDS, ["city", "year", "release", "classification", "group", "threshold"]),
    "types": (schema.AREAS, ["city", "year", "release", "cell"]),
}


def _of_types(areas, fixed):
    """The tables of area types and accumulation."""
    first = int(fixed["year"].iloc[0]) if len(fixed) else 0
    return {
        "types": tabulate.type_residents(areas),
        "transitions": tabulate.type_changes(areas, first),
        "accumulation": tabulate.accumulation(areas, fixed),
    }
