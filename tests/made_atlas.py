"""A made-up city for the atlas, and how its page is read back."""

import base64
import json
import re
import zlib

import numpy as np
import pandas as pd
import shapely

SIDE = 250.0
SHARES = (0.02, 0.05, 0.1, 0.35, 0.7)


def cells(n=6, years=(2020, 2024), groups=(("low_income", "income_class"), ("foreign_language", "language")), **more):
    """Rows of n x n cells; the first is protected, the second empty, and the last is there in the last year alone."""
    frames = []
    for number, (group, classification) in enumerate(groups):
        for year in years:
            column, row = (axis.ravel() for axis in np.meshgrid(np.arange(n), np.arange(n)))
            places = np.arange(n * n)
            share = np.array(SHARES)[(places + year + number) % len(SHARES)]
            kinds = np.array(["high-high", "low-low", "not significant", "high-low", "low-high", "no neighbour"])
            cluster = kinds[(places + number) % len(kinds)].astype(object)
            cluster[0], cluster[1] = "protected", "empty"
            share[:2] = np.nan
            frame = pd.DataFrame(
                {
                    "city": "Lahti",
                    "year": year,
                    "release": str(year),
                    "classification": classification,
                    "group": group,
                    "index": "local_morans_i",
                    "cell": [f"c{place:03d}" for place in places],
                    "x": 420_000 + SIDE * (column + 0.5),
                    "y": 6_760_000 + SIDE * (row + 0.5),
                    "cell_size_m": SIDE,
                    "crs": "EPSG:3067",
                    "share": share,
                    "cluster": cluster,
                    "area": (cluster == "high-high").astype(int),
                    "hidden": places == 0,
                    "n_years": np.where(cluster == "high-high", len(years), 0),
                    "of_years": len(years),
                }
            )
            frames.append(frame if year == years[-1] else frame.iloc[:-1])
    return pd.concat(frames, ignore_index=True).assign(**more)


def types(of):
    """Area types of the same cells: the first is unknown."""
    rows = of[of["group"] == of["group"].iloc[0]][["city", "year", "release", "cell", "x", "y", "cell_size_m", "crs"]]
    first = (rows["cell"] == "c000").to_numpy()
    number = rows["cell"].str[1:].astype(int).to_numpy()
    return rows.assign(
        type=np.where(first, 0, number % 5 + 1),
        disadvantage=np.where(first, np.nan, number % 7 / 2 - 1.5),
        n_worst=pd.array([None if none else int(one % 5) for none, one in zip(first, number)], dtype="Int64"),
    )


def city(**changes):
    """What `edition_tables.mapped` gives of a city."""
    import geopandas

    rows = cells()
    box = shapely.box(419_000, 6_759_000, 422_000, 6_762_000)
    found = {
        "cells": rows,
        "types": types(rows),
        "names": {"c007": "Keskusta", "c008": "Keskusta", "c009": "Möysä"},
        "areas": None,
        "borders": geopandas.GeoDataFrame({"name": ["Lahti"]}, geometry=[box], crs=3067),
        "water": geopandas.GeoDataFrame(geometry=[shapely.Point(421_400, 6_761_400).buffer(400)], crs=3067),
    }
    return found | changes


def areas():
    """The same city as four areas, each a square of a kilometre; the last has no polygon."""
    import geopandas

    rows = cells(n=2).assign(cell_size_m=np.nan)
    corners = {f"c{at:03d}": (420_000 + 1000 * (at % 2), 6_760_000 + 1000 * (at // 2)) for at in range(3)}
    shapes = [shapely.box(x, y, x + 1000, y + 1000) for x, y in corners.values()]
    polygons = geopandas.GeoDataFrame({"cell": list(corners), "name": "x"}, geometry=shapes, crs=3067)
    return city(cells=rows, types=types(rows), areas=polygons)


class Opened:
    """A page of the atlas, read as its script reads it."""

    def __init__(self, page):
        self.page = page.decode()
        self.data = json.loads(re.search(r'id="data">(.*?)</script>', self.page, re.DOTALL)[1])
        packed = zlib.decompress(base64.b64decode(re.search(r'id="packed">(.*?)</script>', self.page)[1]))
        length = int.from_bytes(packed[:4], "little")
        self.grounds = json.loads(packed[4 : 4 + length])
        self.numbers = packed[4 + length :]

    def layer(self, what, group=""):
        return next(one for one in self.data["layers"] if (one["what"], one["group"]) == (what, group))

    def array(self, where, kind):
        first, length = where
        return np.frombuffer(self.numbers[first : first + length], kind)

    def classes(self, what, group=""):
        """The words of each cell's class, {(cell, year): label}; cells that a year does not have are left out."""
        layer = self.layer(what, group)
        ground = self.grounds[layer["ground"]]
        codes = self.array(layer["codes"], "u1").reshape(ground["n"], len(layer["years"]))
        labels = [one["label"] for one in self.data["classes"][what]]
        return {
            (cell, year): labels[codes[at, number]]
            for at, cell in enumerate(ground["ids"])
            for number, year in enumerate(layer["years"])
            if codes[at, number] < len(labels)
        }

    def place(self, cell):
        """The south-western corner of a cell of a grid, in metres."""
        ground = next(one for one in self.grounds if cell in one["ids"])
        at = ground["ids"].index(cell)
        column, row = (int(np.cumsum(self.array(each, "<u2").astype(int))[at] % 2**16) for each in ground["at"])
        size = ground["size"]
        return ground["left"] + column * size, ground["top"] - (row + 1) * size
