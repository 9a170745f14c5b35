"""A fetched file comes to its place: new, as it was, or beside the one that it takes the place of."""

import csv
import hashlib
import io
import json
import tempfile
import tomllib
from collections import Counter
from numbers import Real
from pathlib import Path

from segindex import store
from segindex.errors import BadData
from segindex.sources import card

SUPERSEDED = "superseded"
SHOWN = 5


def put(folder, product, year, content, *, revise=False):
    """Write a product's file and its card entry, unless the same stands there.

    Parameters
    ----------
    folder : Path
        `data/raw/<folder>`.
    product : Product
    year : int
    content : bytes
    revise : bool
        Whether data that differ take the place of those that stand, which move to `superseded/`.

    Returns
    -------
    how : {"new", "unchanged", "revised"}
    path : Path
    differ : str
        Which rows of a revised file differ.

    Raises
    ------
    BadData
        The producer's data differ from the file that stands, and `revise` is not set.
    OSError
        The file cannot be written.
    """
    path = Path(folder) / product.of_year(product.file, year)
    how, differ = "new", ""
    if path.is_file():
        standing = path.read_bytes()
        differ = "" if standing == content else differences(path, standing, content, product)
        how = "revised" if differ else "unchanged"
        if differ and not revise:
            raise BadData(
                f"{path}: the producer's data differ from this file: {differ}. It is left as it is; with --revise it "
                f"moves to {SUPERSEDED}/ and the new one takes its place"
            )
        if differ:
            _set_aside(path, standing)
    if how != "unchanged":
        written(path, content)
    _enter(path, product)
    return how, path, differ


def differences(path, standing, content, product):
    """How the rows of two files of a product differ, in words; "" where all rows are the same.

    A file that another version of its library wrote has other bytes and the same rows.
    """
    old, new = _rows(path, standing, product), _rows(path, content, product)
    names = [set(next(iter(rows.values()), {})) for rows in (old, new)]
    told = [
        f"{word} {', '.join(sorted(found))}"
        for word, found in (("columns gone:", names[0] - names[1]), ("columns new:", names[1] - names[0]))
        if found
    ]
    gone, came = [key for key in old if key not in new], [key for key in new if key not in old]
    changed = [key for key in new if key in old and old[key] != new[key]]
    columns = Counter(name for key in changed for name in new[key] if old[key].get(name) != new[key][name])
    for words, keys in (("rows differ", changed), ("rows are new", came), ("rows are gone", gone)):
        if keys:
            told.append(f"{len(keys)} {words} (first {', '.join(' '.join(key) for key in keys[:SHOWN])})")
    if columns:
        told.append(f"in {', '.join(name for name, _ in columns.most_common(SHOWN))}")
    return "; ".join(told)


def _rows(path, content, product):
    """Rows by key, each a dict of text by column; the key of a csv is its first two columns."""
    if path.suffix == ".csv":
        lines = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if len(row) > 2]
        head, rows = (lines[0], lines[1:]) if lines else ([], [])
        return {tuple(row[:2]): dict(zip(head, row)) for row in rows}
    import geopandas
    import pyogrio
    import shapely

    try:
        with tempfile.TemporaryDirectory() as own:
            layer = Path(own) / path.name
            layer.write_bytes(content)
            frame = geopandas.read_file(layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise BadData(f"{path}: the file that stands cannot be read ({error}); move it elsewhere first") from error
    text = {name: list(map(_plain, frame[name])) for name in frame if name != "geometry"}
    key = next((names for names in product.key_columns if set(names) <= set(text)), tuple(text)[:1])
    text["geometry"] = shapely.to_wkb(frame.geometry.to_numpy(), hex=True).tolist()
    known = zip(*(text[name] for name in key))
    return {one: {name: values[row] for name, values in text.items()} for row, one in enumerate(known)}


def _plain(value):
    """A value as text; a whole number is the same where its column also holds empty ones."""
    return f"{float(value):g}" if isinstance(value, Real) and float(value).is_integer() else str(value)


def _set_aside(path, standing):
    """Keep a file that is to be replaced, with its card entry; it stands in its place until the new one does."""
    total = hashlib.sha256(standing).hexdigest()
    place = path.parent / SUPERSEDED
    kept = place / f"{path.name}.{total[:8]}"
    written(kept, standing)
    entries = place / "superseded.toml"
    found = tomllib.loads(entries.read_text(encoding="utf-8")).get("files", {}) if entries.is_file() else {}
    found[kept.name] = total
    lines = ["# sha256 of each file that another release of the same data has replaced", "[files]"]
    lines += [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(found[name])}" for name in sorted(found)]
    written(entries, ("\n".join(lines) + "\n").encode("utf-8"))


def _enter(path, product):
    """The file's sum in the card beside it, which is made from the shipped one where there is none."""
    own = path.parent / "source.toml"
    known = card.beside(path, product.source) if own.is_file() else card.shipped(product.card)
    if known.path is None or known.files.get(path.name) != card.sha256(path):
        written(*card.renewed(path, known))


def written(path, content):
    """Write a file whole or not at all; OSError that names it, as on a full disk."""
    try:
        store.write_bytes(path, content)
    except OSError as error:
        raise OSError(f"{path}: cannot be written ({error.strerror or error}); nothing of it is left") from error
