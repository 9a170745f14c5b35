"""Raw files to panels: what a run reads, judges and keeps before it computes anything."""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from segindex import assemble, tabulate
from segindex.areas import area_of, with_contiguity
from segindex.errors import BadData, BadSettings
from segindex.facts import EVERY, cities_by_code, city_named, classifications, groups
from segindex.land import with_land
from segindex.sources import card, check_no_folder, detect, read_file, reader, tables
from segindex.sources.borders import read_municipalities, read_named_areas, read_water
from segindex.sources.cell_link import is_link

SHOWN = 5
JOINED = ("ykr", "statfin_grid", "sample")
LEFT_OUT = {
    "source": "str",
    "release": "str",
    "what": "str",
    "text": "str",
    "cells": "int64",
    "residents": "int64",
    "first": "str",
}


@dataclass(frozen=True)
class Ingested:
    """What `ingest` found: panels by city, and what the tables and pages say beside them."""

    panels: dict
    coverage: pd.DataFrame
    left_out: pd.DataFrame
    areas: object = None
    borders: object = None
    water: object = None
    named: object = None
    about: dict | None = None


def read(
    path,
    *,
    source=None,
    city=None,
    year=None,
    group=None,
    release=None,
    municipalities=None,
    polygons=None,
    defined=(),
    cities=None,
):
    """Read files into panels, one a city and classification.

    Parameters
    ----------
    path : path or list of paths
        Paavo, HSY, YKR or grid-database files, whole as the producer delivers them.
    source : str, optional
        Key of the source; found from the file if left out.
    city, group : str or list of str, optional
        All that the file gives if left out.
    year : int or list of int, optional
        Statistical years.
    release : int, optional
        Year of release (Paavo) or year (HSY), where the file does not tell.
    municipalities : path, optional
        HSY: municipality polygons. Cells of 250 m that name none: these, or the link of cells to municipalities
        (`hila250m_linkki`). Paavo: key file of postal codes whose borders then hold for all years.
    polygons : path, optional
        Paavo: polygons of the postal areas, for neighbours and maps; of some areas of each city that is named.
    defined : list of Group
        Groups besides the known ones (`segindex.facts.define`).
    cities : list of City
        Other cities than the eleven (`segindex.facts.define_city`), and those of the eleven (`segindex.facts.cities`)
        that are read besides.

    Returns
    -------
    list of Panel
        A regular grid, and areas with polygons, have their queen contiguity.

    Raises
    ------
    BadData
        The file is not what its producer delivers; the message names file, column, city and first rows.
    BadSettings
        There is no such file, city, group or year; the message says which there are.

    Examples
    --------
    ::

        panels = segindex.read("paavo2026_wfs_codes.csv", city="Helsinki")
        segindex.compute(panels, ["dissimilarity", "isolation"])
    """
    chosen = _many(city)
    deliveries = deliver(
        _many(path),
        source=source,
        release=release,
        municipalities=municipalities,
        polygons=polygons,
        city=chosen,
        taken=cities,
    )
    wanted = {
        "group": _many(group),
        "city": chosen,
        "year": _many(year),
        "defined": tuple(defined),
        "taken": cities,
    }
    result = []
    for own in _by_grid(deliveries).values():
        areas = areas_of(own)
        result += [with_land(neighboured(panel, areas), areas) for panel in assemble.panels(own, **wanted)]
    _check_apart(result)
    return with_breaks(result, deliveries)


def deliver(paths, *, source=None, defined=(), polygons=None, municipalities=None, release=None, city=None, taken=None):
    """The deliveries of files; tables of the same cells (YKR, grid database) are joined.

    A column that only a defined group names, or the one of foreign-language speakers, is kept where the file has it.
    Polygons are of some areas of each city that is named in `city`, or of one city at least where none is. `taken` are
    the cities whose cells are kept; the eleven if left out.
    """
    twice = sorted({str(path) for path in paths if list(paths).count(path) > 1})
    if twice:
        raise BadSettings(f"{', '.join(twice)} is given twice")
    for path in paths:
        check_no_folder(path)
    for path in (polygons, municipalities):
        if path is not None:
            tables.existing(path)
    found, joined = [], {}
    for path in paths:
        key = source or detect(path)
        if polygons is not None and key != "paavo":
            raise BadSettings(f"{path}: cells of a grid ({key}) take no polygons; they are for postal areas (paavo)")
        if key in JOINED:
            joined.setdefault(key, []).append(path)
        else:
            own = {
                "columns": _further(path, defined),
                "municipalities": municipalities,
                "release": release,
                "taken": taken,
            }
            found += read_file(path, key, **own, **({} if polygons is None else {"polygons": polygons}))
    for key, several in joined.items():
        own = {"municipalities": municipalities, "release": release, "taken": taken}
        found += reader(key).read(several if len(several) > 1 else several[0], **own)
    _check_whole(found, taken)
    if polygons is not None:
        for delivery in found:
            _check_polygons(delivery, polygons, city, taken)
    return found


def _check_whole(deliveries, taken):
    """BadData where no delivery has a municipality of a city that they have a part of: it would be another city."""
    told = [{notice.kind: notice.first for notice in delivery.notices} for delivery in deliveries]
    there = {name for delivery in deliveries for name in delivery.frame["city"].unique()}
    absent = {code for city in taken or () if city.key in there for code in city.codes(merged=False)}
    absent = absent.intersection(*(first.get("absent_municipality", ()) for first in told))
    if absent:
        others = dict.fromkeys(code for first in told for code in first.get("other_municipality", ()))
        raise BadData(
            f"{', '.join(str(delivery.path) for delivery in deliveries)}: no cell or area is of municipality "
            f"{', '.join(sorted(absent))} of [[city]]; of others there are {', '.join(others) or 'none'}. Tables that "
            f"name municipalities in words, and a link of cells that was fetched, know those of the eleven cities "
            f"alone: give a file with codes, or polygons; or leave the municipality out"
        )


def _check_polygons(delivery, polygons, city, taken):
    """BadData where a file of polygons is of other areas than a delivery's."""
    has = delivery.geometry.notna().groupby(delivery.frame["city"].to_numpy()).any()
    lacking = list(has.index[~has])
    if city is not None:
        lacking = [name for name in (city_named(one, taken or ()) for one in city) if name in lacking]
    elif has.any():
        return
    if lacking:
        areas = delivery.frame.loc[delivery.frame["city"].isin(lacking), "cell"]
        raise BadData(
            f"{polygons}: no area of {', '.join(lacking)} in {delivery.path} has a polygon, first "
            f"{', '.join(areas[:SHOWN])}; polygons of the same postal areas are expected"
        )


def _further(path, defined):
    known = {column for group in groups().values() for one in group.definitions for column in one.columns}
    own = {column for group in defined for one in group.definitions for column in one.columns} - known
    return sorted((own | {"vieraskieliset"}) & {str(name) for name in tables.columns(path)})


def ingest(edition, accept=()):
    """Everything that an edition's settings name, read and judged; nothing is written.

    Returns
    -------
    Ingested
    """
    deliveries, about, borders, water = [], [], [], []
    if edition.areas is not None:
        card.check_named_sum(edition.areas, accept=accept)
    for setting in edition.sources:
        own = card.beside(setting.paths[0], setting.name)
        for path in setting.paths:
            card.check_sum(path, card.beside(path, setting.name), accept=accept)
        for path in (setting.municipalities, setting.polygons, setting.water):
            if path is not None:
                card.check_named_sum(path, accept=accept)
        own_borders = setting.name == "paavo" and edition.borders == "own"
        found = deliver(
            setting.paths,
            source=setting.name,
            defined=edition.defined,
            release=setting.release,
            municipalities=None if own_borders else setting.municipalities,
            polygons=setting.polygons,
            city=edition.cities,
            taken=edition.taken,
        )
        deliveries += found
        about.append(_about(own, found))
        if setting.municipalities and setting.name != "paavo" and not is_link(setting.municipalities):
            borders.append(_own_borders(setting.municipalities, found[0].crs, edition.taken))
        if setting.water:
            water.append(read_water(setting.water).to_crs(found[0].crs))
    wanted = assemble.chosen_groups(None, edition.defined)
    assemble.check_given(deliveries, wanted, [one.key for one in edition.defined])
    panels, areas = [], []
    for own in _by_grid(deliveries).values():
        shapes = areas_of(own)
        dry = [one.to_crs(own[0].crs) for one in water]
        panels += [
            with_land(panel, shapes, _joined(dry) if dry else None)
            for panel in assemble.panels(own, defined=edition.defined, every=False, taken=edition.taken)
        ]
        areas += [] if shapes is None else [shapes]
    chosen = with_breaks(_chosen(panels, edition), deliveries)
    coverage = tabulate.coverage(chosen)
    by_city = {}
    for panel in chosen:
        by_city.setdefault(panel.city, []).append(panel)
    return Ingested(
        panels=by_city,
        coverage=coverage,
        left_out=_left_out(deliveries),
        areas=_joined(areas),
        borders=_joined(borders),
        water=_joined(water),
        named=None if edition.areas is None else _named(edition.areas, chosen),
        about={"sources": about, "made_up": any(panel.made_up for panel in chosen)},
    )


def neighboured(panel, areas=None):
    """The panel with queen contiguity where its cells are a grid or have polygons; else as it is."""
    if areas is not None and panel.cell_size_m is None:
        return with_contiguity(panel, "queen", areas)
    if panel.cell_size_m is not None and panel.xy is not None:
        return with_contiguity(panel, "queen")
    return panel


def areas_of(deliveries):
    """Polygons of all deliveries' areas (`cell, name, geometry`), the latest of each; None where there are none."""
    import geopandas

    frames = []
    for delivery in deliveries:
        if delivery.geometry is None:
            continue
        names = delivery.frame["name"] if "name" in delivery.frame else delivery.frame["cell"]
        frames.append(
            geopandas.GeoDataFrame(
                {"cell": delivery.frame["cell"].to_numpy(), "name": names.to_numpy()},
                geometry=delivery.geometry.to_numpy(),
                crs=delivery.crs,
            )
        )
    if not frames:
        return None
    found = pd.concat(frames, ignore_index=True)
    found = found[found.geometry.notna()]
    return found.drop_duplicates("cell", keep="last").sort_values("cell", ignore_index=True)


def with_breaks(panels, deliveries):
    """The panels with their `breaks`: areas that enter or leave a city between two years, and changes of grid.

    An area is there when its row is, lived in or not. Grid cells are not listed: an inhabited cell is a new home, not
    a new border.
    """
    there = {}
    for delivery in deliveries:
        for city, own in delivery.frame.groupby("city"):
            for date in delivery.dates.values():
                there[delivery.source, delivery.release, date, city] = set(own["cell"])
    series = {}
    for panel in panels:
        for at, year in enumerate(panel.years):
            cells = there[panel.source, panel.releases[at], panel.dates[at], panel.city]
            key = (panel.city, panel.classification, panel.source)
            series.setdefault(key, {})[year] = (panel.cell_size_m, cells)
    breaks = {}
    for key, years in series.items():
        ordered = sorted(years)
        for before, year in pairwise(ordered):
            breaks[(*key, year)] = _break(before, *years[before], *years[year])
    return [
        replace(
            panel,
            breaks=tuple(
                breaks.get((panel.city, panel.classification, panel.source, year), "") for year in panel.years
            ),
        )
        for panel in panels
    ]


def _break(before, size_before, cells_before, size, cells):
    if size != size_before:
        shown = ["postal areas" if one is None else f"{one:g} m" for one in (size, size_before)]
        return f"break: cells of {shown[0]}, before {shown[1]}"
    if size is not None:
        return ""
    changes = (("entered", cells - cells_before), ("left", cells_before - cells))
    return "; ".join(
        f"break: areas {what} since {before}: {', '.join(sorted(changed))}" for what, changed in changes if changed
    )


def _chosen(panels, edition):
    found = [panel for panel in panels if edition.cities is None or panel.city in edition.cities]
    lacking = sorted(set(edition.cities or ()) - {panel.city for panel in found})
    if lacking:
        raise BadSettings(
            f"{edition.key}: city {', '.join(lacking)} is in none of the sources; they have "
            f"{', '.join(sorted({panel.city for panel in panels}))}"
        )
    known = sorted({name for panel in found for name in panel.named_groups})
    lacking = sorted(set(edition.groups or ()) - set(known))
    if lacking:
        raise BadData(
            f"{edition.key}: group {', '.join(lacking)} can be counted from none of the sources; they give "
            f"{', '.join(known)}"
        )
    if edition.groups is not None:
        found = [panel for panel in found if set(panel.named_groups) & set(edition.groups)]
    years = sorted({year for panel in found for year in panel.years})
    asked = set(edition.years or years) | ({edition.baseline} - {None})
    lacking = sorted(asked - set(years))
    if lacking:
        raise BadSettings(
            f"{edition.key}: statistical year {', '.join(map(str, lacking))} is in none of the sources; they have "
            f"{', '.join(map(str, years))}"
        )
    found = [panel.at(set(panel.years) & asked) for panel in found if set(panel.years) & asked]
    _check_apart(found)
    order = list(classifications())
    return sorted(
        found,
        key=lambda panel: (
            panel.city,
            order.index(panel.classification) if panel.classification in order else len(order),
            panel.years[0],
        ),
    )


def _check_apart(panels):
    seen = {}
    for panel in panels:
        for group in panel.named_groups:
            for year, release in zip(panel.years, panel.releases):
                key = (panel.city, group, year, release)
                if key in seen:
                    raise BadData(
                        f"{panel.city}, {group}, {year}: both {seen[key]} and {panel.source} give it; leave one of "
                        f"the sources out, or define the group of one of them under another key"
                    )
                seen[key] = panel.source


def _by_grid(deliveries):
    result = {}
    for delivery in deliveries:
        result.setdefault((delivery.source, delivery.cell_size_m, delivery.crs), []).append(delivery)
    return result


def _left_out(deliveries):
    rows = [
        {
            "source": delivery.source,
            "release": delivery.release or ", ".join(sorted({date[:4] for date in delivery.dates.values()})),
            "what": notice.kind,
            "text": notice.text,
            "cells": notice.cells,
            "residents": round(notice.residents),
            "first": ", ".join(notice.first),
        }
        for delivery in deliveries
        for notice in delivery.notices
    ]
    return pd.DataFrame(rows, columns=list(LEFT_OUT))


def _about(own, deliveries):
    dates = sorted({date for delivery in deliveries for date in delivery.dates.values()})
    sizes = {delivery.cell_size_m for delivery in deliveries}
    return {
        "source": own.source,
        "title": own.title,
        "producer": own.producer,
        "licence": own.licence,
        "licence_url": own.licence_url,
        "note": own.note,
        "note_language": "en" if own.note == card.shipped(own.source).note else "und",
        "source_line": {language: own.source_line.in_(language) for language in ("fi", "sv", "en")},
        "made_up": own.made_up,
        "releases": sorted({delivery.release for delivery in deliveries if delivery.release}),
        "dates": dates,
        "cell_size_m": sizes.pop() if len(sizes) == 1 else None,
        "crs": deliveries[0].crs,
    }


def _own_borders(path, crs, taken):
    """The outlines of the cities, each of one polygon of the file or of several put together."""
    found = read_municipalities(path)
    codes = {code: city.key for code, city in cities_by_code(taken, merged=False).items()}
    names = found["code"].map(lambda code: codes.get(EVERY, codes.get(code)))
    found = found.assign(name=names)[names.notna()][["name", "geometry"]]
    if found["name"].duplicated().any():
        found = found.dissolve("name", as_index=False)[["name", "geometry"]]
    return found.to_crs(crs)


def _named(path, panels):
    """The named areas that hold a cell of a grid; BadData where none does."""
    areas = read_named_areas(path)
    grids = [panel for panel in panels if panel.cell_size_m is not None and panel.xy is not None]
    if not grids:
        raise BadSettings(f"areas = {path}: no source of the edition is a grid whose cells could lie in areas")
    kept = np.zeros(len(areas), dtype=bool)
    for panel in grids:
        at = area_of(panel.xy, areas, panel.crs)
        kept[at[at >= 0]] = True
    if not kept.any():
        raise BadData(f"{path}: none of its {len(areas)} areas holds a cell of the edition")
    return areas[kept].reset_index(drop=True)


def _joined(frames):
    if not frames:
        return None
    crs = frames[0].crs
    return pd.concat([frame.to_crs(crs) for frame in frames], ignore_index=True)


def _many(value):
    if value is None or isinstance(value, np.ndarray):
        return value
    return [value] if isinstance(value, (str, int, Path)) else list(value)
