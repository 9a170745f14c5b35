"""Cells and geometry: DataFrames to panels, squares of grid cells, neighbours of areas."""

import numpy as np
import pandas as pd

from segindex.areas import with_contiguity
from segindex.errors import BadData, BadSettings
from segindex.facts import terms
from segindex.panel import Panel

SHOWN = 5
POLYGONS = "area of the polygons"
LOCAL = ("year", "share", "value", "q", "cluster")
TYPED = ("year", "disadvantage", "type", "type_in_city", "n_worst", "worst", "n_best", "best")


def to_panel(
    frame,
    groups,
    *,
    base=None,
    cell="cell",
    x="x",
    y="y",
    year="year",
    city="",
    classification="groups",
    hidden_mark=None,
    residents=None,
    area=None,
    ascending=False,
    base_unit="persons",
    source="DataFrame",
    made_up=False,
):
    """A panel from a DataFrame: one row a cell (and a year).

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        A GeoDataFrame in metres gives the centres by its geometry, if it has no columns `x` and `y`; where it holds
        polygons, those that touch are neighbours.
    groups : str, list of str, or dict
        Count columns. A dict names them: ``{"foreign": "lang_other", "children": "v_0_6 + v_7_14"}``.
    base : str, optional
        The column (or sum) that holds everybody; what the groups leave of it becomes the group "rest". Left out,
        the groups are everybody.
    cell, x, y : str
        Columns of the cell's id and centre in metres. Without ids rows are numbered; without centres whatever is
        spatial will refuse.
    year : str or int
        A column, or one year for all rows.
    city : str
        A column of the frame (then one city must be left in it), or the city's name.
    classification : str
        What the groups are groups of.
    hidden_mark : number, optional
        The value that means protected, -1 for instance, or NaN for rows that hold nothing. Without it a negative or
        missing count is refused.
    residents : str, optional
        Column of all residents, the weight of coverage; the base if left out.
    area : str, optional
        Column of each cell's land area in square metres, which may change with the year. Left out, polygons give
        it; a regular grid has that of its whole cells.
    ascending : bool
        Whether the groups are named in ascending order and, with `base`, are everybody: income classes, levels of
        education.
    base_unit : {"persons", "households"}
    source : str
        What the results will name as their source.
    made_up : bool
        Whether the numbers are invented; every table then says so.

    Returns
    -------
    Panel

    Raises
    ------
    BadData
        A column is missing, a count is negative, missing or no number, parts exceed their base, a cell stands
        twice in a year, coordinates are degrees or differ between years.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"cell": ["a", "b", "c"], "foreign": [50, 50, 0], "everybody": [50, 100, 50]})
    >>> to_panel(frame, "foreign", base="everybody", year=2024, city="Lahti")
    Panel(Lahti, groups: 2024, 3 cells, groups foreign, rest)
    """
    if not isinstance(frame, pd.DataFrame):
        raise BadSettings(f"to_panel takes a DataFrame, not {type(frame).__name__}; read a file with segindex.read")
    if base_unit not in ("persons", "households"):
        raise BadSettings(f"base_unit {base_unit!r}: allowed are 'persons' and 'households'")
    named = _named(groups)
    frame, city = _one_city(frame, city)
    where = f"{city or 'frame'}, {classification}"
    if not len(frame):
        raise BadData(f"{where}: the frame has no rows")
    years = _years(frame, year, where)
    ids = _ids(frame, cell, years, where)
    columns = {name: _sum(frame, text, where, hidden_mark, ids) for name, text in named.items()}
    total = None if base is None else _sum(frame, base, where, hidden_mark, ids)
    everybody = None if residents is None else _sum(frame, residents, where, None, ids)
    xy = _centres(frame, x, y, where)
    areas = _polygons(frame, ids)
    land, kind = None, ""
    if area is not None:
        land, kind = _land(frame, area, where, ids, years), "area as the frame gives it"
    elif areas is not None and _pitch(xy) is None:
        land, kind = areas.set_index("cell").area.sort_index().to_numpy(), POLYGONS
    panel = assemble_panel(
        ids,
        years,
        columns,
        total,
        xy=xy,
        cell_size_m=_pitch(xy),
        crs=_crs(frame),
        residents=everybody,
        city=city,
        classification=classification,
        base_unit=base_unit,
        area=land,
        area_kind=kind,
        ascending=tuple(named) if ascending else (),
        source=source,
        made_up=made_up,
    )
    return panel if areas is None else with_contiguity(panel, "queen", areas)


def assemble_panel(ids, years, columns, total, *, xy=None, residents=None, yearly=None, **labels):
    """A panel from columns in the order of (cell, year) rows, NaN where protected.

    Parameters
    ----------
    ids, years : array_like, shape (n_rows,)
    columns : dict of str to array_like, shape (n_rows,)
        Counts by group; NaN means protected.
    total : array_like, shape (n_rows,), or None
        The base; NaN where it is protected too; None where the groups are everybody.
    xy : array_like, shape (n_rows, 2), or None
    residents : array_like, shape (n_rows,), or None
    yearly : dict of str to dict of year to str, optional
        The panel's fields with a value a year: releases, dates, resident_dates.
    **labels
        The panel's other fields.
    """
    where = f"{labels.get('city') or 'frame'}, {labels.get('classification') or 'groups'}"
    ids = np.asarray(ids, dtype=str)
    years = np.asarray(years)
    _check_once(ids, years, where)
    cells, cell_at = np.unique(ids, return_inverse=True)
    all_years, year_at = np.unique(years, return_inverse=True)
    shape = (len(all_years), len(cells))

    def laid(values, empty=0.0, kind=float):
        result = np.full(shape, empty, dtype=kind)
        result[year_at, cell_at] = values
        return result

    parts = np.stack([np.asarray(values, dtype=float) for values in columns.values()], axis=-1)
    hidden = np.isnan(parts).any(axis=-1)
    groups = tuple(columns)
    if total is not None:
        total = np.asarray(total, dtype=float)
        hidden |= np.isnan(total)
        rest = total - np.where(hidden, 0, parts.sum(axis=-1))
        above = ~hidden & (rest < -1e-6)
        if above.any():
            first = ", ".join(
                f"{years[row]} cell {ids[row]}: {parts[row].sum():g} of {total[row]:g}"
                for row in np.flatnonzero(above)[:SHOWN]
            )
            raise BadData(
                f"{where}: {' + '.join(groups)} exceed their base in {int(above.sum())} places, first {first}; "
                f"the groups of a classification may at most equal their base"
            )
        rest = np.where(hidden, 0, np.maximum(rest, 0))
        if "rest" not in groups and (rest.any() or len(groups) == 1):
            parts = np.concatenate([parts, rest[:, None]], axis=-1)
            groups = (*groups, "rest")
    parts = np.where(hidden[:, None], 0, parts)
    counts = np.zeros((*shape, len(groups)))
    counts[year_at, cell_at] = parts
    base_hidden = total is not None and bool(np.isnan(total).any())
    hidden_total = None
    if hidden.any() and total is not None and not base_hidden:
        hidden_total = laid(np.where(hidden, total, 0))
    if hidden.any() and hidden_total is None:
        if residents is None:
            raise BadData(
                f"{where}: {int(hidden.sum())} cells are protected and their base is not known, first "
                f"{', '.join(ids[hidden][:SHOWN])}; name a base or a column of residents that stays visible"
            )
        base_hidden = True
    return Panel(
        years=tuple(int(value) for value in all_years),
        groups=groups,
        cells=cells,
        counts=counts,
        xy=_one_place(xy, ids, cell_at, len(cells), where),
        hidden=laid(hidden, False, bool),
        hidden_total=hidden_total,
        residents=None if residents is None else laid(residents),
        given=laid(True, False, bool),
        base_hidden=base_hidden,
        **{
            name: tuple(values.get(value, "") for value in all_years.tolist())
            for name, values in (yearly or {}).items()
        },
        **labels,
    )


def centres_in(centres, crs):
    """Centres of a city (`facts.Centre`, EPSG:3067) as (n_centres, 2) metres in a panel's CRS."""
    from pyproj import Transformer

    places = np.array([[centre.x, centre.y] for centre in centres], dtype=float)
    if crs == "EPSG:3067":
        return places
    return np.stack(Transformer.from_crs("EPSG:3067", crs, always_xy=True).transform(*places.T), axis=-1)


def squares(xy, size):
    """Square polygons of cells by their centres: an array of shapely polygons."""
    import shapely

    xy = np.asarray(xy, dtype=float)
    half = size / 2
    return shapely.box(xy[:, 0] - half, xy[:, 1] - half, xy[:, 0] + half, xy[:, 1] + half)


def cells_layer(cells, areas=None, types=None):
    """The latest local values as a layer for maps: a feature a city and cell, columns by group, EPSG:3067.

    Parameters
    ----------
    cells : DataFrame
        As `segindex.local` gives it.
    areas : GeoDataFrame, optional
        Polygons (`cell, geometry`) of the cells that are no grid; those without one are left out.
    types : DataFrame, optional
        As `segindex.tabulate.area_types` gives it.

    Returns
    -------
    GeoDataFrame
        `city, cell, note`, then `<group>_year, _share, _value, _q, _cluster` of each group: its latest year; where
        `cells` has the column `lasting` (`tabulate.lasting_ids`) also `_lasting`, the id of the cluster over the
        years; with `types` also `type_year, disadvantage, type, type_in_city, n_worst, worst, n_best, best`.
    """
    import geopandas

    latest = cells[cells["year"] == cells.groupby(["city", "group"])["year"].transform("max")]
    place = latest.drop_duplicates(["city", "cell"], keep="last").sort_values(["city", "cell"], ignore_index=True)
    parts = [place[["city", "cell", "note"]].set_index(["city", "cell"])]
    for group, own in latest.groupby("group", sort=True):
        own = own.set_index(["city", "cell"])[[*LOCAL, *(["lasting"] if "lasting" in cells else [])]]
        parts.append(own.astype({"year": "float64"}).add_prefix(f"{group}_"))
    if types is not None and len(types):
        own = types[types["year"] == types.groupby("city")["year"].transform("max")].set_index(["city", "cell"])
        numbers = dict.fromkeys(("year", "type", "type_in_city", "n_worst", "n_best"), "float64")
        parts.append(own[list(TYPED)].astype(numbers).rename(columns={"year": "type_year"}))
    wide = pd.concat(parts, axis=1).loc[parts[0].index].copy().reset_index()
    shapes = []
    for crs, own in place.groupby("crs", sort=True):
        square = own["cell_size_m"].notna()
        xy, size = own.loc[square, ["x", "y"]].to_numpy(), own.loc[square, "cell_size_m"].to_numpy()
        shapes.append(geopandas.GeoSeries(squares(xy, size), index=own.index[square], crs=crs).to_crs(3067))
    found = pd.concat(shapes)
    if areas is not None:
        known = areas.to_crs(3067).set_index("cell").geometry
        own = place[place["cell_size_m"].isna() & place["cell"].isin(known.index)]
        found = pd.concat([found, known.loc[own["cell"]].set_axis(own.index)])
    wide = wide.loc[found.index.sort_values()]
    return geopandas.GeoDataFrame(wide, geometry=found.sort_index(), crs=3067).reset_index(drop=True)


def _named(groups):
    named = {groups: groups} if isinstance(groups, str) else groups
    named = dict(named) if isinstance(named, dict) else {name: name for name in named}
    if not named:
        raise BadSettings("to_panel needs at least one group column")
    if "all" in named:
        raise BadSettings("a group may not be called 'all': results use it for rows that hold every group")
    return named


def _one_city(frame, city):
    if city not in frame.columns:
        return frame, city
    found = frame[city].dropna().unique()
    if len(found) != 1:
        raise BadData(
            f"column {city!r} holds {len(found)} cities ({', '.join(map(str, found[:11]))}); a panel is of one: "
            f"take its rows first, for example frame[frame[{city!r}] == {str(found[0]) if len(found) else ''!r}]"
        )
    return frame, str(found[0])


def _years(frame, year, where):
    if isinstance(year, str):
        if year not in frame:
            raise BadData(
                f"{where}: there is no column {year!r} of years; name the column, or give the year itself "
                f"(year=2024); found {', '.join(map(str, frame.columns))}"
            )
        values = pd.to_numeric(frame[year], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        if not np.isfinite(values).all() or (values % 1 != 0).any():
            raise BadData(f"{where}: column {year} must hold whole years")
        return values.astype(int)
    return np.full(len(frame), int(year))


def _ids(frame, cell, years, where):
    if cell in frame:
        if frame[cell].isna().any():
            raise BadData(f"{where}: {int(frame[cell].isna().sum())} rows have no cell id in column {cell}")
        return frame[cell].astype(str).to_numpy(dtype=str)
    if cell != "cell":
        raise BadData(f"{where}: there is no column {cell!r}; found {', '.join(map(str, frame.columns))}")
    if len(np.unique(years)) > 1:
        raise BadData(f"{where}: rows of several years need a column of cell ids (cell=...)")
    width = len(str(len(frame)))
    return np.array([str(number).zfill(width) for number in range(len(frame))])


def _sum(frame, text, where, mark, ids):
    result = np.zeros(len(frame))
    hidden = np.zeros(len(frame), dtype=bool)
    for name, sign in [(text, 1)] if text in frame else terms(text):
        if name not in frame:
            raise BadData(f"{where}: column {name!r} is missing; found {', '.join(map(str, frame.columns))}")
        values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        marked = _marked(frame[name], values, mark)
        wrong = (~np.isfinite(values) | (values < 0)) & ~marked
        if wrong.any():
            shown = ", ".join(f"{ids[row]}: {frame[name].iloc[row]}" for row in np.flatnonzero(wrong)[:SHOWN])
            hint = "" if mark is not None else "; if a number marks protected cells, say so: hidden_mark=-1"
            raise BadData(
                f"{where}: column {name} holds {int(wrong.sum())} negative, missing or non-numeric values, first "
                f"{shown}; allowed are counts from 0{hint}"
            )
        hidden |= marked
        result += sign * np.where(marked, 0, values)
    if ((result % 1) != 0).any() and result.max() <= 1:
        raise BadData(
            f"{where}: {text} holds shares, not counts: its largest value is {result.max():g}; persons (or households) "
            f"are allowed"
        )
    if (result < -1e-6).any():
        raise BadData(f"{where}: {text} is negative in {int((result < -1e-6).sum())} rows; counts from 0 are allowed")
    return np.where(hidden, np.nan, result)


def _marked(column, values, mark):
    """The rows that a mark says are protected; NaN marks those that hold nothing."""
    if mark is None:
        return np.zeros(len(values), dtype=bool)
    return column.isna().to_numpy() if np.isnan(mark) else values == mark


def _centres(frame, x, y, where):
    if x in frame and y in frame:
        return frame[[x, y]].to_numpy(dtype=float)
    geometry = getattr(frame, "geometry", None) if hasattr(frame, "crs") else None
    if geometry is None:
        return None
    if frame.crs is None or frame.crs.is_geographic:
        raise BadData(
            f"{where}: the geometry's CRS is {frame.crs or 'not set'}; metres are needed, for example "
            f"frame.to_crs(3067)"
        )
    centres = geometry.centroid
    return np.stack([centres.x.to_numpy(), centres.y.to_numpy()], axis=-1)


def _land(frame, column, where, ids, years):
    """Area by year and cell, in the order of the ids: that of the row, else of the next year that has one."""
    if column not in frame:
        raise BadData(f"{where}: there is no column {column!r} of areas; found {', '.join(map(str, frame.columns))}")
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((values >= 0) & (values < np.inf))
    if wrong.any():
        shown = ", ".join(f"{ids[row]}: {frame[column].iloc[row]}" for row in np.flatnonzero(wrong)[:SHOWN])
        raise BadData(
            f"{where}: column {column} holds {int(wrong.sum())} negative or missing areas, first {shown}; square "
            f"metres from 0 are allowed"
        )
    by_year = pd.Series(values).groupby([pd.Series(years, name="year"), pd.Series(ids, name="cell")])
    return by_year.last().unstack("cell").bfill().ffill().to_numpy()


def _polygons(frame, ids):
    """Cell and polygon of a GeoDataFrame of areas, each cell once; None where the frame has no polygons."""
    if not hasattr(frame, "crs") or not frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).any():
        return None
    return frame[[frame.geometry.name]].rename_geometry("shape").assign(cell=ids).drop_duplicates("cell")


def _crs(frame):
    crs = getattr(frame, "crs", None)
    return crs.to_string() if crs is not None else "EPSG:3067"


def _pitch(xy):
    """Edge of the cells, where the centres are those of a grid with neighbours on it; else None."""
    from segindex.neighbourhood import pitch

    return None if xy is None or not np.isfinite(xy).all() else pitch(np.unique(xy, axis=0))


def _check_once(ids, years, where):
    rows = pd.DataFrame({"cell": ids, "year": years})
    twice = rows[rows.duplicated(keep=False)]
    if len(twice):
        shown = ", ".join(f"{row.cell} in {row.year}" for row in twice.drop_duplicates().head(SHOWN).itertuples())
        raise BadData(f"{where}: {len(twice)} rows share a cell and a year, first {shown}; each may stand once")


def _one_place(xy, ids, cell_at, n, where):
    if xy is None:
        return None
    xy = np.asarray(xy, dtype=float)
    result = np.full((n, 2), np.nan)
    result[cell_at[::-1]] = xy[::-1]
    if np.isnan(result).all():
        return None
    moved = ~np.isclose(result[cell_at], xy, rtol=0, atol=1.0, equal_nan=True).all(axis=1)
    if moved.any():
        raise BadData(
            f"{where}: {int(moved.sum())} rows give another place for a cell than its first row, first "
            f"{', '.join(ids[moved][:SHOWN])}"
        )
    return result
