"""Opening a raw file, whatever it is: text tables, Parquet, shapefiles (zipped too), GeoPackage, GeoJSON."""

import csv
import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from segindex.errors import BadData, BadSettings

TEXT = (".csv", ".csv.gz", ".txt", ".tsv")
VECTOR = (".shp", ".gpkg", ".geojson", ".json", ".zip")
PARQUET = (".parquet", ".geoparquet")
HEAD = 200_000


@dataclass(frozen=True)
class Raw:
    """A file as it was opened: its rows, and its geometry (EPSG as found) if it has one."""

    path: Path
    frame: pd.DataFrame
    geometry: object = None


def kind(path):
    """ "text", "vector" or "parquet", by the ending of the file's name.

    >>> kind("a/Paavo_2018.CSV.GZ"), kind("grid.zip")
    ('text', 'vector')
    """
    name = Path(path).name.lower()
    for found, endings in (("text", TEXT), ("vector", VECTOR), ("parquet", PARQUET)):
        if name.endswith(endings):
            return found
    raise BadData(f"{path}: unknown kind of file; allowed endings are {', '.join(TEXT + VECTOR + PARQUET)}")


def head(path, lines=6):
    """The first lines of a text file, decoded; an empty list for other kinds."""
    path = existing(path)
    if kind(path) != "text":
        return []
    return _decode(path, _bytes(path, HEAD), cut=True).splitlines()[:lines]


def columns(path):
    """The names of a file's columns in its own order, without reading its rows.

    A text table whose first line is no header (PxWeb's title line) gives that line's fields.
    """
    path = existing(path)
    form = kind(path)
    if form == "text":
        lines = head(path, 1)
        if not lines or not lines[0].strip():
            raise BadData(f"{path}: the file is empty; a header line and rows are expected")
        return tuple(map(_clean, next(csv.reader(lines, delimiter=separator(lines[0])))))
    if form == "parquet":
        import pyarrow.parquet

        return tuple(_opened(path, lambda: pyarrow.parquet.read_schema(path).names))
    import pyogrio

    return tuple(_opened(path, lambda: pyogrio.read_info(path, layer=_layer(path))["fields"]))


def open_raw(path, *, separator=None, skip=0, only=None):
    """Read a file whole. Text tables come as text ("" where empty), typed files as they are.

    Parameters
    ----------
    path : path
        File of one of the known kinds.
    separator : str, optional
        Of a text table; found in the header line if left out.
    skip : int
        Head lines of a text table before its header.
    only : callable, optional
        Takes a column name, says whether it is read.
    """
    path = existing(path)
    form = kind(path)
    if form == "text":
        return Raw(path, _text(path, separator, skip, only))
    if form == "parquet":
        return _parquet(path, only)
    import geopandas

    found = _opened(path, lambda: geopandas.read_file(path, layer=_layer(path)))
    if not isinstance(found, geopandas.GeoDataFrame):
        return Raw(path, pd.DataFrame(found))
    return _split(path, found, only)


def rows(path):
    """The header and the rows of a text table as lists of fields, whatever their number."""
    path = existing(path)
    if kind(path) != "text":
        raise BadData(f"{path}: a text table is expected; allowed endings are {', '.join(TEXT)}")
    text = _decode(path, _bytes(path))
    found = [row for row in _fields(text, separator(text.split("\n", 1)[0])) if any(row)]
    if len(found) < 2:
        raise BadData(f"{path}: the file has no rows; a header line and rows are expected")
    return [_clean(name) for name in found[0]], found[1:]


def existing(path):
    """The path, or a BadSettings that says that there is no such file, or that it is a folder."""
    path = Path(path)
    if path.is_dir():
        raise BadSettings(f"{path}: this is a folder; give a file")
    if not path.is_file():
        raise BadSettings(f"{path}: there is no such file")
    return path


def separator(line):
    """The separator of a header line: the commonest of `;`, `,` and tab."""
    return max(";,\t", key=line.count)


def _text(path, sep, skip, only):
    text = _decode(path, _bytes(path))
    lines = text.split("\n", skip + 1)
    if len(lines) <= skip or not lines[skip].strip():
        raise BadData(f"{path}: the file has no header line; a header line and rows are expected")
    sep = sep or separator(lines[skip])
    names = _check_rows(path, text, sep, skip)
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=sep,
            skiprows=skip,
            header=0,
            names=names,
            dtype=str,
            keep_default_na=False,
            usecols=only,
            index_col=False,
        )
    except pd.errors.ParserError as error:
        raise BadData(f"{path}: the table cannot be read ({error}); is a quote left open?") from error
    return frame


def _check_rows(path, text, sep, skip):
    """The names in the header; BadData if one stands twice or a row has another number of fields.

    pandas fills a short row and cuts a long one without a word.
    """
    rows = _fields(text, sep)
    for _ in range(skip):
        next(rows)
    names = [_clean(name) for name in next(rows)]
    ragged = [(line, len(row)) for line, row in enumerate(rows, skip + 2) if row and len(row) != len(names)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadData(f"{path}: columns {', '.join(map(repr, twice))} stand twice; a column may stand once")
    if ragged:
        shown = ", ".join(f"row {line}: {fields}" for line, fields in ragged[:5])
        raise BadData(
            f"{path}: {len(ragged)} rows do not have the {len(names)} fields of the header, first {shown}; "
            f"every row needs as many fields as the header"
        )
    return names


def _fields(text, sep):
    usual = csv.field_size_limit(max(len(text), csv.field_size_limit()))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=sep)
    finally:
        csv.field_size_limit(usual)


def _clean(name):
    return str(name).strip().lstrip("\ufeff")


def _parquet(path, only):
    import geopandas
    import pyarrow.parquet

    schema = _opened(path, lambda: pyarrow.parquet.read_schema(path))
    if b"geo" in (schema.metadata or {}):
        return _split(path, _opened(path, lambda: geopandas.read_parquet(path)), only)
    names = [name for name in schema.names if only is None or only(name)]
    return Raw(path, _opened(path, lambda: pd.read_parquet(path, columns=names)))


def _split(path, found, only):
    frame = pd.DataFrame(found.drop(columns=found.geometry.name))
    if only is not None:
        frame = frame[[name for name in frame if only(name)]]
    return Raw(path, frame, found.geometry)


def _bytes(path, most=-1):
    def read():
        with gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb") as file:
            return file.read(most)

    return _opened(path, read)


def _decode(path, found, *, cut=False):
    """Text of bytes in UTF-8 or, failing that, Windows-1252 or Latin-1; `cut` if they may stop inside a character."""
    if b"\0" in found[:1000]:
        raise BadData(f"{path}: the file is no text; a table in UTF-8 or Latin-1 is expected")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if cut and len(found) == HEAD and error.start >= len(found) - 3:
            return found[: error.start].decode("utf-8-sig")
    try:
        return found.decode("cp1252")
    except UnicodeDecodeError:
        return found.decode("latin-1")


def _layer(path):
    """The one layer of a vector file; BadData if it has none or several. A damaged archive is refused first."""
    import pyogrio

    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
        if broken:
            raise BadData(f"{path}: {broken} in the archive is damaged")
    layers = [str(name) for name, _ in pyogrio.list_layers(path) if name != "layer_styles"]
    if len(layers) != 1:
        raise BadData(f"{path}: the file has {len(layers)} layers ({', '.join(layers) or 'none'}); it should have one")
    return layers[0]


def _opened(path, read):
    import pyarrow
    import pyogrio.errors
    import shapely.errors

    try:
        return read()
    except BadData:
        raise
    except (
        OSError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
        pyarrow.ArrowInvalid,
        shapely.errors.ShapelyError,
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FieldError,
        pyogrio.errors.FeatureError,
    ) as error:
        raise BadData(f"{path}: the file cannot be read ({error})") from error
