"""data/processed: where an edition's tables lie, and how they are read and written.

Everything is written to a temporary file beside its target, synced and renamed, so a reader never sees half a file;
the same table gives the same bytes.
"""

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from segindex.errors import BadSettings
from segindex.panel import YEARLY, Panel

TEMPORARY = ".part"
EPOCH = (1980, 1, 1, 0, 0, 0)


def folder(root, edition):
    """The folder of an edition's tables."""
    return Path(root) / "data" / "processed" / edition


def write_bytes(path, content):
    """Write a file whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def sweep(*folders):
    """Remove temporary files that a killed run left; returns how many."""
    found = [path for each in folders if Path(each).is_dir() for path in Path(each).rglob(f".*{TEMPORARY}")]
    for path in found:
        path.unlink()
    return len(found)


def read_csv(path, columns):
    """A table that `as_csv` wrote, with the types of its columns ({name: type}); text stays text."""
    text = {name: str for name, kind in columns.items() if kind == "str"}
    empty = {name: [""] for name in columns if name not in text}
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values=empty)


def as_csv(frame):
    """A table as csv, UTF-8, full precision."""
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def as_parquet(frame, metadata=None):
    """A table as Parquet, with `metadata` (a dict of plain values) in its schema."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    said = {b"segindex": json.dumps(metadata or {}, sort_keys=True, ensure_ascii=False).encode()}
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(said), buffer, compression="zstd")
    return buffer.getvalue()


def metadata_of(path):
    """What `as_parquet` was given as metadata."""
    import pyarrow.parquet as pq

    return json.loads((pq.read_schema(path).metadata or {}).get(b"segindex", b"{}"))


def as_xlsx(sheets):
    """An Excel workbook of tables by sheet name; header frozen; no time of writing inside."""
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator = "segindex"
    book.properties.created = book.properties.modified = datetime.datetime(*EPOCH)
    for name, frame in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(frame.columns))
        for row in frame.itertuples(index=False):
            sheet.append([None if _blank(value) else _plain(value) for value in row])
        sheet.freeze_panes = "A2"
    buffer = io.BytesIO()
    book.save(buffer)
    return _undated(buffer.getvalue())


def as_gpkg(frame, layer, date, styles=()):
    """A GeoDataFrame as a GeoPackage with one layer; `date` (ISO) takes the place of the time of writing.

    `styles` (`qgis.styles`) are kept in it, the first as the one that QGIS opens the layer with.
    """
    import tempfile

    import pyogrio

    from segindex.qgis import add_styles

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00Z"})
    try:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "layer.gpkg"
            pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")
            if styles:
                add_styles(path, layer, styles, date)
            return path.read_bytes()
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def as_geoparquet(frame):
    """A GeoDataFrame as GeoParquet."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def read_shapes(path):
    """The GeoDataFrame that `as_geoparquet` wrote; None where there is no such file."""
    if not Path(path).is_file():
        return None
    import geopandas

    return geopandas.read_parquet(path)


FORMS = {".csv": as_csv, ".parquet": as_parquet, ".xlsx": lambda frame: as_xlsx({"results": frame})}


def check_ending(path):
    """BadSettings if a table cannot be written in the form that the file's ending names."""
    ending = Path(path).suffix.lower()
    if ending not in FORMS:
        raise BadSettings(f"{path}: unknown ending {ending or '(none)'}; allowed are {', '.join(FORMS)}")
    return ending


def table_bytes(frame, path):
    """A table in the form that a file's ending names: csv, xlsx or Parquet."""
    return FORMS[check_ending(path)](frame)


def as_panels(panels):
    """One city's panels as Parquet: a row a classification, year, cell and group."""
    tables, labels = [], []
    for number, panel in enumerate(panels):
        years, cells, groups = panel.counts.shape
        year, cell, group = (axis.ravel() for axis in np.indices((years, cells, groups)))
        xy = panel.xy if panel.xy is not None else np.full((cells, 2), np.nan)
        tables.append(
            pd.DataFrame(
                {
                    "panel": np.int32(number),
                    "classification": panel.classification,
                    "year": np.asarray(panel.years)[year],
                    "cell": panel.cells[cell],
                    "x": xy[cell, 0],
                    "y": xy[cell, 1],
                    "group": np.asarray(panel.groups)[group],
                    "count": panel.counts.ravel(),
                    "hidden": panel.hidden[year, cell],
                    "hidden_total": panel.hidden_total[year, cell],
                    "residents": panel.residents[year, cell],
                    "given": panel.given[year, cell],
                    "area": np.nan if panel.area is None else panel.area[year, cell],
                }
            )
        )
        labels.append(
            {
                name: getattr(panel, name)
                for name in (
                    *(
                        "city",
                        "classification",
                        "years",
                        "groups",
                        "base_unit",
                        "base_hidden",
                        "hidden_rule",
                        "hidden_limit",
                    ),
                    *YEARLY,
                    *("notices", "source", "cell_size_m", "crs", "made_up", "area_kind", "ascending"),
                )
            }
        )
    return as_parquet(pd.concat(tables, ignore_index=True), {"panels": labels})


def read_panels(path):
    """The panels of one city, as `as_panels` wrote them."""
    table = pd.read_parquet(path)
    result = []
    for number, labels in enumerate(metadata_of(path)["panels"]):
        own = table[table["panel"] == number]
        shape = (len(labels["years"]), -1, len(labels["groups"]))
        yearly = ("hidden", "hidden_total", "residents", "given", "area")
        first = {name: own[name].to_numpy().reshape(shape)[..., 0] for name in yearly}
        first["area"] = None if np.isnan(first["area"]).any() else first["area"]
        place = own[["x", "y"]].to_numpy().reshape(*shape, 2)[0, :, 0]
        tuples = {name: tuple(labels.pop(name)) for name in ("years", "groups", "notices", "ascending", *YEARLY)}
        result.append(
            Panel(
                cells=own["cell"].to_numpy(dtype=str).reshape(shape)[0, :, 0],
                counts=own["count"].to_numpy().reshape(shape),
                xy=None if np.isnan(place).any() else place,
                **first,
                **tuples,
                **labels,
            )
        )
    return result


def _blank(value):
    return value is None or (isinstance(value, float) and not np.isfinite(value))


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value


def _undated(content):
    """The same zip archive with a fixed date on each entry."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in sorted(old.namelist()):
            text = old.read(entry)
            if entry == "docProps/core.xml":
                import re

                text = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", text)
            new.writestr(zipfile.ZipInfo(entry, EPOCH), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
