"""A made-up edition: a grid, and postal areas, with every kind of caveat in it."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import made_followup
import numpy as np
import pandas as pd
import pytest

from segindex import report
from segindex.facts import Names
from segindex.figures.select import tally
from segindex.schema import ACCUMULATION, ordered

KEYS = ["city", "group", "year", "release", "classification"]


@pytest.fixture(scope="session")
def madeup():
    """The module with the made-up tables."""
    place = Path(__file__).parents[1] / "figures" / "madeup.py"
    spec = importlib.util.spec_from_file_location("report_madeup", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def grid(madeup):
    """Eleven cities; Lahti's group is small, Espoo hides much, Kuopio has a break, Oulu lacks the last year."""
    import geopandas

    results = madeup.results()
    foreign = results["group"] == "foreign_language"
    results.loc[(results["city"] == "Lahti") & foreign, "group_size"] = 64
    results.loc[(results["city"] == "Joensuu") & foreign, "n_cells"] = 19
    results.loc[results["city"] == "Espoo", "hidden_share"] = 0.137
    results = results[~((results["city"] == "Oulu") & (results["year"] == 2015) & foreign)]
    cells = pd.concat(
        [
            madeup.cells(city, group, n=24, seed=place).assign(crs="EPSG:3067", cell_size_m=250.0)
            for place, city in enumerate(madeup.CITIES)
            for group in ("low_income", "foreign_language")
            if (city, group) != ("Vantaa", "foreign_language")
        ],
        ignore_index=True,
    )
    borders, water = madeup.surroundings(24)
    return _material(
        results,
        madeup.coverage(results, breaks=[("Kuopio", 2014)]),
        cells,
        borders=geopandas.GeoDataFrame({"name": ["a", "b"]}, geometry=borders, crs=3067),
        water=geopandas.GeoDataFrame(geometry=water, crs=3067),
        baseline=2013,
        made_up=True,
        left_out=pd.DataFrame(
            {
                "source": ["sample"],
                "release": ["2018"],
                "what": ["sea"],
                "text": ["People without a location <sea>"],
                "cells": [2],
                "residents": [1234],
                "first": [""],
            }
        ),
    )


@pytest.fixture(scope="session")
def areas(madeup):
    """Two cities of polygons, one year, few areas; not marked as made up."""
    import geopandas

    cities = ("Helsinki", "Jyväskylä")
    results = madeup.results(years=(2024,), cities=cities, groups=("unemployed",)).assign(n_cells=14)
    frames, polygons = [], {}
    for city in cities:
        frame = madeup.cells(city, "unemployed", 2024, n=5, size=3000)
        frame = frame.assign(cell=city + frame["cell"], crs="EPSG:3067", cell_size_m=np.nan)
        frames.append(frame)
        polygons |= madeup.areas(frame, size=3000)[1]
    shapes = geopandas.GeoDataFrame({"cell": list(polygons)}, geometry=list(polygons.values()), crs=3067)
    return _material(results, madeup.coverage(results), pd.concat(frames, ignore_index=True), areas=shapes)


def _material(results, coverage, cells, **more):
    classes = [tally(part).assign(**dict(zip(KEYS, key)), note="") for key, part in cells.groupby(KEYS)]
    source = {
        "source": "sample",
        "title": "Made-up cells",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "note": "Counts are invented.",
        "source_line": {
            "fi": "Lähde: keksitty aineisto",
            "sv": "Källa: fiktivt datamaterial",
            "en": "Source: made-up cells",
        },
        "releases": ["2018"],
        "dates": ["2015-12-31"],
        "cell_size_m": None,
    }
    return report.Material(
        key="demo",
        title=Names("Esimerkki 2015", "Exempel 2015", "Example 2015"),
        results=results,
        coverage=coverage,
        clusters=pd.concat(classes, ignore_index=True),
        cells=cells,
        sources=[source],
        version="0.1.0",
        **more,
    )


@pytest.fixture(scope="session")
def with_followup(grid, madeup):
    """The grid's edition with a follow-up; the cells round one corner of Helsinki hold a measure."""
    areas = pd.concat(madeup.type_areas(city, year=2015, n=24) for city in madeup.CITIES)
    nothing = ordered(pd.DataFrame(columns=list(ACCUMULATION)), ACCUMULATION, ["city"])
    types = {"types": madeup.types(), "types_year": 2013, "type_areas": areas, "accumulation": nothing}
    corner = areas[(areas["city"] == "Helsinki") & (areas["x"] < 382_500) & (areas["y"] < 6_673_000)]
    return replace(
        grid,
        programme=made_followup.programme(),
        register=made_followup.register(list(corner["cell"])),
        indicators=made_followup.INDICATORS,
        **types,
    )
