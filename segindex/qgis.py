"""Styles for QGIS, kept inside a GeoPackage: the classes and colours of the maps, by area type, cluster and share.

QGIS reads them from the table `layer_styles` (https://docs.qgis.org/latest/en/docs/user_manual/working_with_vector/
vector_properties.html). A style is a list of rules, also where the classes are ranges: a graduated style would leave
protected cells out of the map, as if nobody lived there.
"""

import sqlite3
from typing import NamedTuple
from xml.etree import ElementTree as xml

from segindex import wording
from segindex.legend import LINE, OF_GROUPS, classes

VERSION = "3.22.0"
BY_AREA = ("type", "type_in_city", "disadvantage", "n_worst")
TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


class Style(NamedTuple):
    """One style of a layer: its name, a sentence on it, and its QML."""

    name: str
    description: str
    qml: str


def styles(columns, language, *, made_up=False, defined=None):
    """The styles of a layer of cells (`grid.cells_layer`) that its columns allow; the first is the default.

    Parameters
    ----------
    columns : sequence of str
        The layer's columns: `type`, `disadvantage`, …, and `<group>_cluster`, `<group>_share`.
    language : {"fi", "sv", "en"}
    made_up : bool
        Whether the names say that the data are made up.
    defined : dict, optional
        Names of groups that the settings define: {key: Names}.

    Returns
    -------
    list of Style

    Examples
    --------
    >>> [style.name for style in styles(["cell", "type", "students_share", "students_cluster"], "en")]
    ['Area types', 'Students: local clusters', 'Students: share']
    """
    mark = f"{wording.text(language, 'made_up.mark')}: " if made_up else ""
    said = wording.text(language, "cell_map.style_made")
    found = []
    for column in BY_AREA:
        if column in columns:
            name = mark + wording.text(language, f"cell_map.style_{column}")
            found.append(Style(name, said, qml(classes(column, language), column)))
    for kind in OF_GROUPS:
        for column in columns:
            group = column.removesuffix(f"_{kind}")
            if group == column or f"{group}_cluster" not in columns:
                continue
            name = wording.sentence_case(wording.group_name(group, language, defined))
            name = mark + wording.text(language, f"cell_map.style_{kind}", group=name)
            found.append(Style(name, said, qml(classes(kind, language), column, f"{group}_cluster")))
    return found


def qml(found, column, told=None):
    """The QML of a layer coloured by a column.

    Parameters
    ----------
    found : list of Class
    column : str
    told : str, optional
        The column of clusters that tells which cells are protected or empty; without it, what is missing is unknown.

    Returns
    -------
    str
    """
    root = xml.Element("qgis", version=VERSION, styleCategories="Symbology")
    renderer = xml.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0"
    )
    rules = xml.SubElement(renderer, "rules", key="root")
    symbols = xml.SubElement(renderer, "symbols")
    for place, one in enumerate(found):
        symbol = str(place)
        xml.SubElement(
            rules,
            "rule",
            key=f"class-{symbol}",
            symbol=symbol,
            label=one.label,
            filter=_filter(one, found, column, told),
        )
        _symbol(symbols, symbol, one)
    xml.indent(root, " ")
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + xml.tostring(root, encoding="unicode") + "\n"


def add_styles(path, layer, found, date):
    """Write styles into the GeoPackage at `path`, for one layer, as QGIS itself does; `date` (ISO) is their time."""
    moment = f"{date}T00:00:00.000Z"
    with sqlite3.connect(path) as book:
        (geometry,) = book.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", [layer]
        ).fetchone()
        book.execute(TABLE)
        book.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', NULL, ?)",
            [
                (layer, geometry, style.name, style.qml, int(place == 0), style.description, moment)
                for place, style in enumerate(found)
            ],
        )
        book.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            [moment],
        )
    book.close()


def _filter(one, found, column, told):
    name, known = f'"{column}"', f'"{told}"'
    if one.ranged:
        ends = [f"{name} >= {one.low:g}"] if one.low > float("-inf") else [f"{name} IS NOT NULL"]
        ends += [f"{name} < {one.high:g}"] if one.high < float("inf") else []
        ends += [f"{known} NOT IN ('protected', 'empty')"] if told else []
        return " AND ".join(ends)
    if one.key == "unknown":
        keys = ", ".join(key.key for key in found if not key.hatched)
        return f"{name} IS NULL" if found[0].ranged else f"{name} IS NULL OR {name} NOT IN ({keys})"
    if told:
        return f"{known} = '{one.key}'"
    return f"{name} = {one.key}"


def _symbol(symbols, name, one):
    symbol = xml.SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    line = {"outline_color": _rgba(LINE), "outline_style": "solid", "outline_width": "0.05", "outline_width_unit": "MM"}
    _layer(symbol, "SimpleFill", {"color": _rgba(one.colour), "style": "solid", **line})
    if one.hatched:
        _layer(symbol, "SimpleFill", {"color": "255,255,255,255", "style": "b_diagonal", "outline_style": "no"})


def _layer(symbol, kind, options):
    layer = xml.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    held = xml.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        xml.SubElement(held, "Option", name=name, type="QString", value=value)
        xml.SubElement(layer, "prop", k=name, v=value)


def _rgba(colour):
    return ",".join([*(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)), "255"])
