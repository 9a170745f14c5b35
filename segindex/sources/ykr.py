"""Reader of YKR tables (Finnish Environment Institute, by contract): 250 m cells keyed by `xyind`.

A table is `;`-separated text (zipped or not), Parquet or a vector file: `xyind`, `vuosi`, `kunta` and any count
columns. Only inhabited cells are listed; -1 means protected.
"""

from segindex.sources import cell_tables, tables
from segindex.sources.cell_ids import decode_xyind, encode_xyind
from segindex.sources.delivery import check_columns

RESIDENTS = ("v_yht", "he_vakiy")


def knows(path):
    """Whether a file is a YKR table: it has the column `xyind`."""
    return "xyind" in {str(name).strip().lower() for name in tables.columns(path)}


def read(path, *, card=None, release=None, municipalities=None, polygons=None, columns=None, taken=None):
    """Read YKR tables into one delivery a year.

    Parameters
    ----------
    path : path, or list of paths
        Several tables of the same cells are joined on the cell and the year.
    card : Card, optional
        The card beside the first file if left out.
    release : str or int, optional
        The year, where a table has no column `vuosi`; where it has, the only year that is read.
    municipalities : path or GeoDataFrame, optional
        Polygons, for tables without `kunta`.
    polygons : optional
        Not used: a cell's id says where it lies.
    columns : sequence of str, optional
        Columns that must be there. The column of residents is `v_yht`, else `he_vakiy`, else the first of these.
    taken : sequence of City, optional
        The cities whose cells are kept; the eleven if left out.

    Returns
    -------
    list of Delivery

    Raises
    ------
    BadData
        A column is missing, an id is off the grid, a cell stands twice, a count is negative and no mark, parts are
        above their base, no row belongs to a city that is taken.

    Notes
    -----
    YKR lists inhabited cells. A cell that the table of residents has and another table lacks may have been left out
    because the other table counts nobody there, or to protect those whom it counts. The two cannot be told
    apart, so its columns are NaN (protected) there, and a Notice says in how many cells and for how many
    residents. Zeros would claim knowledge that nobody has.
    """
    found = [open_table(one) for one in cell_tables.paths_of(path)]
    return cell_tables.deliver(
        "ykr",
        found,
        card=card,
        release=release,
        municipalities=municipalities,
        columns=columns,
        taken=taken,
        residents=RESIDENTS,
    )


def open_table(path):
    """A YKR table with the centre of each cell; BadData when an id is not on the grid."""
    raw = cell_tables.open_lowered(path)
    check_columns(raw.frame.columns, ("xyind",), path=path)
    xy = decode_xyind(raw.frame["xyind"], path=path)
    frame = raw.frame.assign(cell=encode_xyind(xy[:, 0], xy[:, 1]), x=xy[:, 0], y=xy[:, 1])
    return cell_tables.CellTable(raw.path, cell_tables.form_of(path), frame, 250)
