"""A map of one city's cells to move and zoom in, in one page that needs nothing from the internet."""

from html import escape

import numpy as np

from segindex import facts, wording
from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.legend import OF_GROUPS, classes, places_of
from segindex.notebook.pages import Page, page
from segindex.schema import MADE_UP

BESIDE = 270
"""Pixels that the words round the map take."""


def explore(
    cells,
    column="cluster",
    *,
    city=None,
    group=None,
    year=None,
    language="en",
    exact=False,
    edges=None,
    areas=None,
    index="local_morans_i",
    false_discovery=0.05,
    defined=None,
    source="",
    height=460,
):
    """Map one city's cells by class, to move and zoom in: in a notebook, or saved as a page that works offline.

    Parameters
    ----------
    cells : DataFrame or GeoDataFrame
        The table of `segindex.local` (`cells.parquet`), that of area types (`types.parquet`), or the layer for GIS
        (`cells.gpkg`, its layer "cells": it holds the styles for QGIS too).
    column : {"cluster", "share", "type", "type_in_city", "disadvantage", "n_worst"}
        What the cells are coloured by: cluster and share of a group, or area type, the same by the city's own cut-offs,
        index of disadvantage, and number of dimensions among the worst fifth.
    city, group, year : optional
        Which rows; may be left out where there is one city or group. The latest year if left out.
    language : {"fi", "sv", "en"}
    exact : bool
        Whether a cell tells its share and counts. Left out, it tells its class alone: what a licence mostly allows.
    edges : sequence of float, optional
        Where shares are cut.
    areas : GeoDataFrame, optional
        Polygons (`cell, geometry`) of the cells that are no grid.
    index : str
        The index of the clusters.
    false_discovery : float
        The rate that the clusters were found at, for the words.
    defined : dict, optional
        Names of groups and cities that the settings define (`edition.names`): {key: Names}.
    source : str
        The source line.
    height : int
        Of the map, in pixels.

    Returns
    -------
    CellMap
        A notebook shows it; `save(path)` writes the page, `to_gdf()` gives what is drawn as a GeoDataFrame.

    Raises
    ------
    BadData
        The column is not in the table, there is no such row, or polygons are lacking.
    BadSettings
        The table holds several cities or groups and none is named, or a word is unknown.

    Notes
    -----
    Rows whose note says that they are made up mark the title, whoever draws them.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"city": "Lahti", "year": 2024, "cell": ["a", "b"], "x": [125.0, 375], "y": 125.0,
    ...     "cell_size_m": 250.0, "crs": "EPSG:3067", "residents": 100, "type": [1, 0], "note": ""})
    >>> explore(cells, "type")
    CellMap(Lahti: area types, 2024)
    """
    found = classes(column, language, edges)
    rows, told = _rows(cells, column, city, group, year, index)
    shapes, lacking = _shapes(rows, areas)
    rows = rows[~lacking]
    places = places_of(rows, column, found)
    order = np.argsort(places, kind="stable")
    rows, places, shapes = rows.iloc[order], places[order], shapes.iloc[order]
    title = _title(rows, column, told, language, defined)
    made_up = "note" in rows and rows["note"].fillna("").str.contains(MADE_UP, regex=False).any()
    mark = wording.text(language, "made_up.mark") if made_up else ""
    kind = "grid" if rows["cell_size_m"].notna().all() else "area"
    said = _said(column, kind, found, places, exact, false_discovery, int(lacking.sum()), source, language)
    labels = _labels(rows, column, [found[at].label for at in places], exact, language)
    data = _drawn(rows, shapes, kind) | {
        "of": places.tolist(),
        "told": labels,
        "classes": [{"colour": one.colour, "hatched": one.hatched} for one in found],
        "nowhere": wording.text(language, "cell_map.nowhere"),
    }
    whole = f"{mark}: {title}" if mark else title
    body = _body(title, mark, _legend(found, places, kind, language), said, height, language)
    html = page(whole, language, body, style="map.css", script="map.js", data=data)
    drawn = shapes.to_frame("geometry").assign(cell=rows["cell"].to_numpy(), label=[found[at].label for at in places])
    return CellMap(html, whole, height + BESIDE, drawn[["cell", "label", "geometry"]].reset_index(drop=True))


class CellMap(Page):
    """A map of cells: a notebook shows it, `save` writes it, `to_gdf` gives it back."""

    def __init__(self, html, title, height, drawn):
        super().__init__(html, title, height)
        self._drawn = drawn

    def to_gdf(self):
        """What is drawn, as a GeoDataFrame: cell, the words of its class, and its polygon."""
        return self._drawn.copy()


def _rows(cells, column, city, group, year, index):
    """The rows of one city, group and year under the names of the tables, and what they are of."""
    rows = _one(cells, "city", city, "explore draws one city")
    told = {"group": None, "classification": "other"}
    if column in OF_GROUPS:
        if hasattr(cells, "geometry") and "group" not in cells:
            group = _group_of_layer(cells, column, group)
            names = {f"{group}_{name}": name for name in ("share", "cluster", "year")}
            rows = rows[[*("cell", "note", "geometry"), "city", *names]].rename(columns=names)
            rows = rows[rows["year"].notna()]
            known = facts.groups().get(group)
            told["classification"] = known.classification if known else "other"
        else:
            rows = _one(rows, "group", group, f"explore draws the {column} of one group")
            rows = rows[rows["index"] == index] if "index" in rows else rows
            told["classification"] = (
                rows["classification"].iloc[0] if "classification" in rows and len(rows) else "other"
            )
            group = rows["group"].iloc[0] if len(rows) else group
        told["group"] = group
    elif "type_year" in rows:
        rows = rows.rename(columns={"type_year": "year"})
        rows = rows[rows["year"].notna()]
    lacking = [name for name in ("cell", "year", column) if name not in rows]
    if lacking:
        raise BadData(
            f"cells: {column} cannot be shown, the table lacks {', '.join(lacking)}; clusters and shares are in the "
            f"table of segindex.local (cells.parquet), types and disadvantage in that of segindex.area_types "
            f"(types.parquet), all in cells.gpkg; found were {', '.join(map(str, cells))}"
        )
    years = sorted({int(one) for one in rows["year"]})
    if year is not None and year not in years:
        raise BadData(f"cells: no row of {year}; allowed are {', '.join(map(str, years))}")
    if not years:
        raise BadData(f"cells: no row of {city or 'the city'}, {group or column}, {index}")
    rows = rows[rows["year"] == (years[-1] if year is None else year)]
    if rows["cell"].duplicated().any():
        raise BadData(f"cells: {rows['cell'][rows['cell'].duplicated()].iloc[0]} stands twice; a cell may stand once")
    return rows if "cell_size_m" in rows else rows.assign(cell_size_m=np.nan), told


def _one(rows, name, wanted, why):
    if name not in rows:
        raise BadData(f"cells: column {name} is missing; the table has {', '.join(map(str, rows))}")
    there = sorted(set(rows[name].dropna()))
    if wanted is None:
        if len(there) != 1:
            raise BadSettings(f"{why}: name it ({name}=…); allowed are {', '.join(there)}")
        return rows
    if wanted not in there:
        raise BadSettings(f"{name} {wanted!r} is not in the table; " + did_you_mean(wanted, there, _allowed(there)))
    return rows[rows[name] == wanted]


def _allowed(words):
    return f"allowed are {', '.join(words)}"


def _group_of_layer(cells, column, group):
    there = [str(name).removesuffix("_cluster") for name in cells if str(name).endswith("_cluster")]
    if group is None and len(there) == 1:
        return there[0]
    if group not in there:
        hint = _allowed(there) if group is None else did_you_mean(group, there, _allowed(there))
        raise BadSettings(f"explore draws the {column} of one group: group={group!r}; {hint}")
    return group


def _shapes(rows, areas):
    """The polygons of the rows as a GeoSeries, and which rows have none."""
    import geopandas

    from segindex.grid import squares

    if hasattr(rows, "geometry"):
        return rows.geometry, np.zeros(len(rows), dtype=bool)
    square = rows["cell_size_m"].notna().to_numpy()
    crs = rows["crs"].iloc[0]
    if square.all():
        boxes = squares(rows[["x", "y"]].to_numpy(), rows["cell_size_m"].to_numpy())
        return geopandas.GeoSeries(boxes, crs=crs), ~square
    if areas is None:
        raise BadData("cells: these are areas, no grid; give their polygons: areas=geopandas.read_parquet(…)")
    known = areas.to_crs(3067).drop_duplicates("cell").set_index("cell").geometry
    lacking = ~rows["cell"].isin(known.index).to_numpy()
    if lacking.all():
        raise BadData(f"areas: none of the cells {', '.join(map(str, rows['cell'][:3]))} has a polygon")
    return known.loc[rows["cell"][~lacking]].reset_index(drop=True), lacking


def _title(rows, column, told, language, defined):
    words = {"city": wording.city_name(rows["city"].iloc[0], language, defined), "year": int(rows["year"].iloc[0])}
    if column in OF_GROUPS:
        words["group"] = wording.group_name(told["group"], language, defined)
    if column == "share":
        words["of_base"] = wording.of_base(told["classification"], language)
    return wording.text(language, f"cell_map.title_{column}", **words)


def _said(column, kind, found, places, exact, level, lacking, source, language):
    """The sentences below the map."""
    hidden = int(sum(found[at].hatched for at in places))
    said = []
    if hidden:
        counts = {"n": wording.count(hidden, language), "all": wording.count(len(places), language)}
        said.append(wording.text(language, f"cell_map.protected_{kind}", **counts))
    else:
        said.append(wording.text(language, "cell_map.all_known"))
    if lacking:
        said.append(wording.text(language, "cell_map.no_polygon", n=wording.count(lacking, language)))
    if column == "cluster":
        said.append(wording.text(language, "clusters.method", level=wording.percent(level, language, 0)))
    said.append(wording.text(language, "cell_map.small" if column in OF_GROUPS else "cell_map.types"))
    said.append(wording.text(language, "cell_map.exact" if exact else "cell_map.in_classes"))
    said.append(wording.text(language, "cell_map.keys"))
    return [*said, source] if source else said


def _labels(rows, column, labels, exact, language):
    """What each cell says of itself."""
    if exact:
        labels = [_exactly(row, column, label, language) for row, label in zip(rows.to_dict("records"), labels)]
    cells = rows["cell"].astype(str)
    return [wording.text(language, "cell_map.cell", cell=cell, label=label) for cell, label in zip(cells, labels)]


def _exactly(row, column, label, language):
    """The class of a cell with the numbers behind it; nothing where they are not known."""
    if wording.missing(row[column]) or row.get("hidden") or row.get("cluster") == "protected":
        return label
    if column in OF_GROUPS:
        share = wording.percent(row["share"], language)
        if "population" not in row or wording.missing(row["population"]):
            return f"{label} ({share})"
        counts = {name: wording.count(row[key], language) for name, key in COUNTS}
        return f"{label} ({wording.text(language, 'cell_map.numbers', share=share, **counts)})"
    if wording.missing(row.get("residents")):
        return label
    value = wording.number(row[column], language, 2 if column == "disadvantage" else 0)
    counts = {"value": value, "population": wording.count(row["residents"], language)}
    return f"{label} ({wording.text(language, 'cell_map.residents', **counts)})"


COUNTS = (("size", "group_size"), ("population", "population"))


def _drawn(rows, shapes, kind):
    """Where the cells lie: whole metres from the north-western corner, southwards."""
    left, bottom, right, top = shapes.total_bounds
    common = {"wide": round(right - left), "high": round(top - bottom)}
    sizes = sorted(set(rows["cell_size_m"].dropna()))
    if kind == "grid" and len(sizes) == 1:
        bounds = shapes.bounds
        west, north = (bounds["minx"] - left).round().astype(int), (top - bounds["maxy"]).round().astype(int)
        return common | {"size": sizes[0], "x": west.tolist(), "y": north.tolist()}
    return common | {"size": 0, "rings": [_rings(shape, left, top) for shape in shapes]}


def _rings(shape, left, top):
    polygons = [shape] if shape.geom_type == "Polygon" else list(shape.geoms)
    rings = [ring for one in polygons for ring in (one.exterior, *one.interiors)]
    found = [(np.asarray(ring.coords)[:-1, :2] - [left, top]) * [1, -1] for ring in rings]
    return [ring.round().astype(int).ravel().tolist() for ring in found]


def _legend(found, places, kind, language):
    counts = np.bincount(places, minlength=len(found))
    entries = [
        f'<li><span class="swatch{" hatched" if one.hatched else ""}" style="background-color: {one.colour}"></span>'
        f"{escape(one.label)}: {wording.count(int(n), language)}</li>"
        for one, n in zip(found, counts)
    ]
    heading = escape(wording.text(language, f"cell_map.legend_{kind}"))
    return f'<div class="legend">{heading}<ul>{"".join(entries)}</ul></div>'


def _body(title, mark, legend, said, height, language):
    say = {
        key: escape(wording.text(language, f"cell_map.{key}")) for key in ("zoom_in", "zoom_out", "whole", "no_script")
    }
    alt = escape(wording.text(language, "cell_map.alt", title=f"{mark}: {title}" if mark else title))
    head = f'<span class="mark">{escape(mark)}:</span> {escape(title)}' if mark else escape(title)
    return (
        f'<h1>{head}</h1>\n<div class="frame" style="--high: {height}px">\n'
        f'<canvas tabindex="0" role="application" aria-label="{alt}"></canvas>\n<div class="tools">'
        f'<button type="button" data-do="in" aria-label="{say["zoom_in"]}">+</button>'
        f'<button type="button" data-do="out" aria-label="{say["zoom_out"]}">−</button>'
        f'<button type="button" data-do="whole">{say["whole"]}</button></div>\n</div>\n'
        f'<p class="told" role="status"></p>\n<noscript><p>{say["no_script"]}</p></noscript>\n{legend}\n'
        f'<ul class="said">{"".join(f"<li>{escape(one)}</li>" for one in said)}</ul>'
    )
