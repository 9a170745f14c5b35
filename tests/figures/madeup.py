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


PARTS = ("structural", "group_marginal", "unit_marginal", "additions", "removals")


def changes(cities=CITIES, group="low_income", index="dissimilarity", first=2013, last=2015, seed=4, net=False):
    """The parts of each city's change, the change as it is, which they sum to, and the corrected one."""
    rng = np.random.default_rng(seed)
    rows = []
    for city in cities:
        parts = dict(zip(PARTS, rng.normal(0, [0.03, 0.004, 0.003, 0.002, 0.001])))
        for term, change in (parts | {"as_it_is": sum(parts.values()), "corrected": parts["structural"]}).items():
            rows.append({"city": city, "term": term, "change": change, "net": net and term in PARTS})
    frame = pd.DataFrame(rows).assign(
        classification=facts.groups()[group].classification, group=group, index=index, first_year=first, last_year=last,
        cluster_size=1.0, p=0.5, q=0.5, hidden_share=0.0, note="",
    )  # fmt: skip
    return frame.assign(
        low=(frame["change"] - 0.01).where(frame["term"] != "as_it_is"),
        high=(frame["change"] + 0.02).where(frame["term"] != "as_it_is"),
    )


def types(cities=CITIES, years=(2013, 2014, 2015), seed=5):
    """Residents by area type of every city and year, by the cut-offs of all cities and of the city itself."""
    rng = np.random.default_rng(seed)
    rows = []
    for city in cities:
        for year in years:
            for extent in ("cities", "city"):
                residents = rng.integers(1000, 9000, 6)
                residents[0] //= 9
                for kind, number in enumerate(residents):
                    share = number / residents.sum()
                    place = {"city": city, "year": year, "extent": extent, "type": kind, "n_cells": 10 + kind}
                    rows.append(place | {"residents": number, "residents_share": share, "note": ""})
    return pd.DataFrame(rows)


def type_areas(city="Helsinki", year=2015, n=40, size=250, **more):
    """A raster city with a type for each cell; those of few residents are unknown."""
    frame = cells(city, year=year, n=n, size=size, **more)
    kind = np.digitize(frame["share"], [0.08, 0.13, 0.2, 0.25])
    return pd.DataFrame(
        {
            "city": city,
            "year": year,
            "release": frame["release"],
            "cell": frame["cell"],
            "x": frame["x"],
            "y": frame["y"],
            "cell_size_m": float(size),
            "crs": "EPSG:3067",
            "residents": frame["population"],
            "type": np.where(frame["population"] < 6, 0, 5 - kind),
            "note": "",
        }
    )
