"""Made-up cells for the eleven cities: written as a producer would deliver them, and read like any delivery.

The files are YKR-like tables of 250 m cells with one more column, `synteettinen`, which is 1 in every row.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.facts import cities as known_cities
from segindex.sources import card as cards
from segindex.sources import cell_tables, tables, ykr
from segindex.sources import sample_land as land_of
from segindex.sources import sample_people as people_of
from segindex.sources import sample_register as register_of
from segindex.sources.cell_ids import encode_xyind
from segindex.sources.delivery import check_columns
from segindex.sources.sample_counts import count

MARK = "synteettinen"
RESIDENTS = ("he_vakiy",)
YEARS = (2010, 2030)
SEED = 20270101
HIDE_BY = ("base", "group")
# ages are protected in smaller cells than the rest
FEWEST_AGED = 3
# variable group -> the column whose smallness hides its parts
BASES = {
    "he": "he_vakiy",
    "ko": "ko_ika18y",
    "hr": "hr_tuy",
    "pt": "ko_ika18y",
    "te": "te_taly",
    "vieraskieliset": "he_vakiy",
}
VISIBLE = ("he_vakiy", "ko_ika18y", "hr_tuy", "pt_vakiy", "te_taly")
FEWEST_CELLS = 60


def knows(path):
    """Whether a file is a made-up table: it has the columns `synteettinen` and `xyind`."""
    return {MARK, "xyind"} <= {str(name).strip().lower() for name in tables.columns(path)}


def read(path, *, card=None, release=None, municipalities=None, polygons=None, columns=None, taken=None):
    """Read made-up tables into one delivery a year; the arguments are those of `segindex.sources.ykr.read`.

    Raises
    ------
    BadData
        As for YKR tables; or a row is not marked as made up.
    """
    found = [_open_table(one) for one in cell_tables.paths_of(path)]
    return cell_tables.deliver(
        "sample",
        found,
        card=card,
        release=release,
        municipalities=municipalities,
        columns=columns,
        taken=taken,
        residents=RESIDENTS,
    )


def write_sample(
    folder,
    *,
    years=range(2015, 2025),
    seed=SEED,
    hide_below=10,
    hide_by="base",
    cities=None,
    cells=None,
    progress=None,
):
    """Write made-up cells, their card, borders, waters, true probabilities and a register of funding into a folder.

    Parameters
    ----------
    folder : path
        Made if it is not there; files of the same names are written over.
    years : iterable of int
        From 2010 to 2030; shares and totals lie on the line through 2015 and 2024. A year's file does not depend on
        the other years.
    seed : int
    hide_below : int
        Parts of a variable group are -1 where its base is under this; ages where residents are under 3 (or
        under `hide_below`, if that is less). Unemployed and the other activities: where residents aged 18 or over are.
    hide_by : {"base", "group"}
        "group" hides a part where its own count is under the limit instead: what is visible is then selected on
        the outcome. The bases stay visible either way.
    cities : sequence of str, optional
        Keys of cities; all eleven if left out.
    cells : int, optional
        Inhabited cells a city, 60 or more. The city is then shrunk, water and all, and keeps its densities.
    progress : Progress, optional
        Told after each city and year.

    Returns
    -------
    list of Path
        The yearly tables `sample_YYYY.csv`, by year. Beside them stand `source.toml`, `municipalities.gpkg`,
        `water.gpkg`, `districts.gpkg` (named areas), `truth.parquet` (city, year, xyind, group, probability) and
        `register.xlsx` (`sample_register`).
    """
    years, cities = _checked(years, seed, hide_below, hide_by, cities, cells)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tasks = len(cities) * len(years)
    parts, truths, drawn, middles = {year: [] for year in years}, [], [], {}
    for at, name in enumerate(cities):
        facts, shrink = _facts_of(name, cells)
        code = known_cities()[name].code
        rng = np.random.default_rng([seed, int(code)])
        land = land_of.settle(facts, rng, cells=cells or facts["cells"], shrink=shrink)
        city = people_of.populate(facts, land, rng, shrink=shrink)
        ids = encode_xyind(land.xy[:, 0], land.xy[:, 1])
        drawn.append((name, facts, shrink, land_of.named_areas(land, land_of.outline(facts, shrink=shrink))))
        far = np.hypot(*(land.xy - land.spots["estate"][0]).T)
        middles[name] = ids[np.argsort(far, kind="stable")[: register_of.NEAREST]]
        for step, year in enumerate(years):
            rng = np.random.default_rng([seed, int(code), year])
            columns, truth, inhabited = count(city, year, rng, shrink=shrink)
            parts[year].append(_table(ids[inhabited], year, code, columns, hide_below, hide_by))
            truths.append((name, year, ids[inhabited], truth))
            if progress is not None:
                progress.step("sample", at * len(years) + step + 1, tasks, f"{name} {year}")
    written = [_write_csv(folder / f"sample_{year}.csv", pd.concat(parts[year])) for year in years]
    _write_truth(folder / "truth.parquet", truths)
    _write_borders(folder, drawn)
    _write_register(folder, drawn, middles, seed)
    _write_card(folder, written, hide_below, hide_by)
    return written


def write_small(folder, *, cities=("Helsinki", "Turku"), cells=150, years=(2022, 2023, 2024), **options):
    """Write a small made-up delivery for tests, in well under a second; `options` are those of `write_sample`."""
    return write_sample(folder, cities=cities, cells=cells, years=years, **options)


def _checked(years, seed, hide_below, hide_by, cities, cells):
    years = sorted(set(years))
    if not years or not all(isinstance(year, (int, np.integer)) and YEARS[0] <= year <= YEARS[1] for year in years):
        raise BadSettings(f"years {years}: allowed are whole years from {YEARS[0]} to {YEARS[1]}, one at least")
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise BadSettings(f"seed {seed!r}: allowed are whole numbers from 0")
    if not isinstance(hide_below, (int, np.integer)) or hide_below < 0:
        raise BadSettings(f"hide_below {hide_below!r}: allowed are whole numbers from 0 (0 hides nothing)")
    if hide_by not in HIDE_BY:
        raise BadSettings(f"hide_by {hide_by!r} is unknown; known are {', '.join(HIDE_BY)}")
    known = list(known_cities())
    wrong = [name for name in cities or () if name not in known]
    if wrong or (cities is not None and not len(cities)):
        hint = did_you_mean(wrong, known, f"known are {', '.join(known)}")
        raise BadSettings(f"city {', '.join(wrong) or 'none'} is unknown; {hint}")
    if cells is not None and (not isinstance(cells, (int, np.integer)) or cells < FEWEST_CELLS):
        raise BadSettings(f"cells {cells!r}: allowed are whole numbers from {FEWEST_CELLS}")
    return [int(year) for year in years], [name for name in known if cities is None or name in cities]


def _facts_of(name, cells):
    facts = next(one for one in land_of.sample_facts()["city"] if one["key"] == name)
    return facts, 1.0 if cells is None else min(1.0, float(np.sqrt(cells / facts["cells"])))


def _table(ids, year, code, columns, hide_below, hide_by):
    shown = {"vuosi": np.full(len(ids), year), "kunta": code, "xyind": ids, MARK: np.ones(len(ids), dtype=int)}
    for name, counted in columns.items():
        group = name.split("_")[0]
        limit = min(FEWEST_AGED, hide_below) if group == "he" else hide_below
        judged = columns[BASES[group]] if hide_by == "base" else counted
        shown[name] = counted if name in VISIBLE else np.where(judged < limit, -1, counted)
    return pd.DataFrame(shown)


def _write_csv(path, frame):
    import pyarrow
    from pyarrow import csv

    options = csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none")
    with path.open("wb") as file:
        file.write((";".join(frame.columns) + "\n").encode())
        csv.write_csv(pyarrow.Table.from_pandas(frame, preserve_index=False), file, options)
    return path


def _write_truth(path, truths):
    import pyarrow
    from pyarrow import parquet

    batches = []
    for city, year, ids, truth in truths:
        number, cells = len(ids), pyarrow.array(ids, pyarrow.string())
        for group, probability in truth.items():
            batches.append(
                pyarrow.table(
                    {
                        "city": pyarrow.repeat(city, number),
                        "year": pyarrow.repeat(pyarrow.scalar(year, pyarrow.int16()), number),
                        "xyind": cells,
                        "group": pyarrow.repeat(group, number),
                        "probability": np.round(probability, 4),
                    }
                )
            )
    parquet.write_table(pyarrow.concat_tables(batches), path, compression="zstd", compression_level=6)


def _write_borders(folder, drawn):
    import geopandas

    names = [known_cities()[name] for name, *_ in drawn]
    borders = geopandas.GeoDataFrame(
        {
            "NATCODE": [city.code for city in names],
            "NAMEFIN": [city.names.fi for city in names],
            "NAMESWE": [city.names.sv for city in names],
        },
        geometry=[land_of.outline(facts, shrink=shrink) for _, facts, shrink, _ in drawn],
        crs="EPSG:3067",
    )
    rows = [
        (name, city, shape) for city, facts, shrink, _ in drawn for name, shape in land_of.waters(facts, shrink=shrink)
    ]
    water = geopandas.GeoDataFrame(
        {"name": [row[0] for row in rows], "city": [row[1] for row in rows]},
        geometry=[row[2] for row in rows],
        crs="EPSG:3067",
    )
    areas = [area for name, *_, own in drawn for area in _districts(name, own)]
    districts = geopandas.GeoDataFrame(
        {"id": [row[0] for row in areas], "nimi": [row[1] for row in areas]},
        geometry=[row[2] for row in areas],
        crs="EPSG:3067",
    )
    _write_gpkg(folder / "municipalities.gpkg", borders, "municipalities")
    _write_gpkg(folder / "water.gpkg", water, "water")
    _write_gpkg(folder / "districts.gpkg", districts, "districts")


def _districts(name, areas):
    """The made-up districts of a city: (id, name, polygon)."""
    code = known_cities()[name].code
    return [(f"{code}-{at:02d}", called, shape) for at, (called, shape) in enumerate(areas, 1)]


def _write_register(folder, drawn, middles, seed):
    """The register of funding; measures are in estates of the cities, or in the cells nearest to the first one."""
    from segindex.funding import as_workbook

    estate = land_of.NAMED["estate"]
    places = {
        name: ([area for area, called, _ in _districts(name, own) if called.startswith(estate)], middles[name])
        for name, *_, own in drawn
    }
    register = register_of.made_up_register(places, seed=seed)
    (folder / "register.xlsx").write_bytes(as_workbook(register, "fi"))


def _write_gpkg(path, frame, layer):
    """A GeoPackage whose bytes depend on its content alone: GDAL would write the time of the day into it."""
    import pyogrio

    path.unlink(missing_ok=True)
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2027-01-01T00:00:00.000Z"})
    try:
        pyogrio.write_dataframe(frame, path, layer=layer, geometry_type="MultiPolygon", promote_to_multi=True)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_card(folder, written, hide_below, hide_by):
    limits = {group: min(FEWEST_AGED, hide_below) if group == "he" else hide_below for group in BASES}
    card = replace(cards.shipped("sample"), hidden={"rule": hide_by, "marks": [-1], "limits": limits})
    files = {path.name: cards.sha256(path) for path in written}
    (folder / "source.toml").write_text(cards.as_toml(card, files, {}), encoding="utf-8")


def _open_table(path):
    table = ykr.open_table(path)
    check_columns(table.frame.columns, (MARK,), path=path)
    wrong = pd.to_numeric(table.frame[MARK], errors="coerce") != 1
    if wrong.any():
        raise BadData(
            f"{path}: column {MARK} is not 1 in {int(wrong.sum())} rows, first cells "
            f"{', '.join(table.frame['cell'][wrong].head(5))}; a made-up table marks every row with 1"
        )
    return cell_tables.CellTable(table.path, "made-up table", table.frame.drop(columns=MARK), table.size_m)
