"""What the report shows of an edition: its tables, read from where they were made."""

import json
from pathlib import Path

import pandas as pd

from segindex import ingest as reading
from segindex import programme_tables, schema, store
from segindex.edition_tables import Mapped, in_named_areas, mapped_files
from segindex.facts import cities
from segindex.provenance import version


def material_of(own, year=None):
    """What the report shows of the edition's tables, up to a statistical year if one is named.

    Parameters
    ----------
    own : pipeline.Run
        Its `edition`, `made`, `tables` and `ledger`.
    year : int, optional

    Returns
    -------
    report.Material
    """
    from segindex.report import Material, until

    about = json.loads((own.made / own.tables / "about.json").read_text(encoding="utf-8"))
    place = own.made / own.tables
    results, types = pd.read_parquet(place / "results.parquet"), store.read_csv(place / "types.csv", schema.TYPES)
    type_areas = pd.read_parquet(place / "types.parquet")
    found = Material(
        key=own.edition.key,
        title=own.edition.title,
        languages=own.edition.languages,
        baseline=own.edition.baseline,
        made_up=about["made_up"],
        sources=about["sources"],
        version=version(),
        results=results,
        changes=store.read_csv(place / "changes.csv", schema.CHANGES),
        coverage=store.read_csv(place / "coverage.csv", schema.COVERAGE),
        clusters=store.read_csv(place / "clusters.csv", schema.CLUSTERS),
        thresholds=store.read_csv(place / "thresholds.csv", schema.THRESHOLDS),
        types=types,
        types_year=next(iter(store.read_csv(place / "standards.csv", schema.STANDARDS)["year"]), None),
        sensitivity=store.read_csv(place / "type_sensitivity.csv", schema.SENSITIVITY),
        accumulation=store.read_csv(place / "accumulation.csv", schema.ACCUMULATION),
        type_areas=type_areas,
        named={} if own.edition.funding is None else in_named_areas(type_areas, place, "area"),
        area_results=store.read_csv(place / "area_results.csv", schema.RESULTS),
        scales=store.read_csv(place / "scales.csv", schema.SCALES),
        lasting=store.read_csv(place / "lasting.csv", schema.LASTING),
        ends=store.read_csv(place / "ends.csv", schema.ENDS),
        blocks=store.read_csv(place / "blocks.csv", schema.BLOCKS),
        cells=_latest_cells(place / "cells.parquet", year),
        cell_size_m=programme_tables.cell_size_of(about),
        **{name: store.read_shapes(place / f"{name}.parquet") for name in ("areas", "borders", "water")},
        defined=own.edition.names,
        min_cells=own.edition.min_cells,
        min_group=own.edition.min_group,
        feedback=own.edition.feedback,
        left_out=store.read_csv(place / "left_out.csv", reading.LEFT_OUT),
        programme=programme_tables.read_programme(place, {Path(name).stem for name in own.ledger.files("programme")}),
        register=None if own.edition.funding is None else programme_tables.kept_register(place),
        indicators=programme_tables.followed(own.edition, {"results": results, "types": types}),
        mapped=mapped(own),
        cell_values=own.edition.cell_values,
    )
    return found if year is None else until(found, year)


def _latest_cells(path, year=None):
    """The cells of the latest year of each city and group, up to a year if one is named; other years are not read."""
    years = pd.read_parquet(path, columns=["city", "group", "year"]).drop_duplicates()
    years = years if year is None else years[years["year"] <= year]
    latest = years.groupby(["city", "group"])["year"].max()
    cells = pd.read_parquet(path, filters=[("year", "in", sorted(set(latest)))] if len(latest) else None)
    own = pd.MultiIndex.from_frame(cells[["city", "group"]])
    return cells[latest.reindex(own).to_numpy() == cells["year"].to_numpy()]


def mapped(own):
    """How what the atlas of each city is drawn from is read; the sums of its files tell when that has changed."""
    files = own.ledger.files("compute ") | own.ledger.files("ingest")
    sums = {name.removeprefix(f"{own.tables}/"): total for name, total in files.items()}
    place = str(own.made / own.tables)
    every = (*cities(), *(city.key for city in own.edition.own_cities))
    there = {city: {name: sums[name] for name in mapped_files(city) if name in sums} for city in every}
    return {city: Mapped(city, found, place) for city, found in there.items() if mapped_files(city)[0] in found}
