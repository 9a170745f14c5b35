"""Made-up tables for the figures and the page: seeded, of no real city."""

import numpy as np
import pandas as pd
import shapely

from segindex import facts

CITIES = tuple(facts.cities())


def results(years=(2012, 2013, 2014, 2015), groups=("low_income", "foreign_language"), cities=CITIES, seed=1):
    """Rows of D and isolation, plain, with an expected value; small numbers of people on purpose in Lahti."""
    rng = np.random.default_rng(seed)
    rows = []
    for group in groups:
        classification = facts.groups()[group].classification
        for city in cities:
            level, trend, size = rng.uniform(0.1, 0.3), rng.normal(0.3), rng.integers(20_000, 200_000)
            for step, year in enumerate(years):
                share = 0.1 + 0.01 * step
                for index, value in (("dissimilarity", level), ("isolation", share + level / 3)):
                    rows.append(
                        {
                            "city": city,
                            "year": year,
                            "release": str(year + 3),
                            "classification": classification,
                            "index": index,
                            "group": group,
                            "reference": "rest",
                            "value": value + 0.004 * step * trend + rng.normal(0, 0.004),
                            "expected": level / 5 if index == "dissimilarity" else share + 0.001,
                            "n_cells": int(size // 80),
                            "population": int(size),
                            "group_size": int(size * share),
                            "hidden_share": rng.uniform(0, 0.05),
                            "note": "",
                        }
                    )
    frame = pd.DataFrame(rows)
    empty = ("scale_m", "k", "cluster_size", "p_null", "corrected", "low", "high", "detectable_change")
    return frame.assign(**dict.fromkeys(empty, np.nan))


def scaled(table, sizes=(("scale_m", 500, 0.8), ("scale_m", 2000, 0.4), ("k", 300, 0.9), ("k", 1200, 0.7))):
    """The rows of some results again for sizes of the surroundings: (column, size, what the value is multiplied by)."""
    more = [
        table.assign(**{column: float(size)}, value=table["value"] * part, expected=np.nan)
        for column, size, part in sizes
    ]
    return pd.concat([table, *more], ignore_index=True)


def cells(city="Helsinki", group="low_income", year=2015, n=60, size=250, seed=2, far=0):
    """A raster city: n x n cells with holes, smooth shares, clusters by rule; `far` cells lie 40 km away."""
    rng = np.random.default_rng(seed)
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(n), np.arange(n)))
    wave = np.sin(column / 9) * np.cos(row / 7)
    keep = rng.random(n * n) < 0.75
    population = rng.integers(1, 120, n * n)
    share = np.clip(0.15 + 0.12 * wave + rng.normal(0, 0.03, n * n), 0, 1)
    cluster = np.select([wave > 0.6, wave < -0.6], ["high-high", "low-low"], "not significant").astype(object)
    cluster[rng.random(n * n) < 0.03] = "high-low"
    cluster[rng.random(n * n) < 0.03] = "low-high"
    cluster[population < 6] = "protected"
    x, y = 380_000 + size * (column + 0.5), 6_670_000 + size * (row + 0.5)
    x[keep.nonzero()[0][:far]] += 40_000
    frame = pd.DataFrame(
        {
            "city": city,
            "year": year,
            "release": str(year + 3),
            "classification": facts.groups()[group].classification,
            "group": group,
            "index": "local_morans_i",
            "cell": [f"{e}-{n}" for e, n in zip(x, y)],
            "x": x,
            "y": y,
            "population": population,
            "group_size": np.round(population * share).astype(int),
            "share": share,
            "cluster": cluster,
            "hidden": cluster == "protected",
        }
    )
    return frame[keep].reset_index(drop=True)


def areas(frame_of_cells=None, n=7, size=3000, seed=3):
    """A polygon city: the cells of an n x n patchwork and their polygons (cell -> geometry)."""
    frame = cells(n=n, size=size, seed=seed) if frame_of_cells is None else frame_of_cells
    rng = np.random.default_rng(seed)
    half = size / 2
    corners = {}

    def corner(x, y):
        key = (round(x), round(y))
        corners.setdefault(key, (x + rng.uniform(-0.2, 0.2) * size, y + rng.uniform(-0.2, 0.2) * size))
        return corners[key]

    polygons = {
        cell: shapely.Polygon([corner(x + i * half, y + j * half) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
        for cell, x, y in zip(frame["cell"], frame["x"], frame["y"])
    }
    return frame, polygons


def surroundings(n=60, size=250):
    """Two municipalities and a bay round the raster city."""
    left, bottom, side = 380_000, 6_670_000, n * size
    city = shapely.box(left - 500, bottom - 500, left + side + 500, bottom + side + 500)
    neighbour = shapely.box(left + side + 500, bottom - 500, left + 2 * side, bottom + side + 500)
    bay = shapely.Point(left + side / 2, bottom - 1500).buffer(4000)
    return [city, neighbour], [bay]


def coverage(table, breaks=()):
    """One row a city, classification and year of the results; `breaks` are (city, year) with a note."""
    rows = table.drop_duplicates(["city", "year", "classification"])
    hidden = (rows["hidden_share"] * rows["population"]).round()
    noted = [
        "break: areas entered since 2000: 00100" if pair in breaks else "" for pair in zip(rows["city"], rows["year"])
    ]
    return pd.DataFrame(
        {
            "city": rows["city"],
            "year": rows["year"],
            "release": rows["release"],
            "source": "sample",
            "classification": rows["classification"],
            "reference_date": rows["year"].map(lambda year: f"{year}-12-31"),
            "n_cells": rows["n_cells"],
            "n_hidden": (rows["n_cells"] * 0.02).astype(int),
            "residents": rows["population"],
            "hidden_residents": hidden,
            "coverage": 1 - rows["hidden_share"],
            "note": noted,
        }
    ).reset_index(drop=True)
