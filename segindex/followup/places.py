"""Where the measures are, what has changed there beside comparable areas, and where need is without measures."""

from collections import Counter

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from segindex.errors import BadData
from segindex.facts import Names
from segindex.followup.columns import NEED_WITHOUT, PLACES
from segindex.followup.indicators import TYPES
from segindex.funding.columns import NAMES
from segindex.limits import MIN_GROUP, refusal
from segindex.schema import AREAS, MADE_UP, ordered
from segindex.standings import breaks, crossed, latest_release

GROUPS = ("low_income", "foreign_language", "unemployed")
FEWEST_CELLS = 3
"""Cells of a grid from which a measure's area is told of."""

FEWEST_COMPARABLE = 10
LEVEL = 0.95
ENDED = "ended"
REASONS = ("no_cells", "no_area", "unknown_area", "one_year", "break", "no_types", "not_begun", "few_comparable")
UNKNOWN = 0
NO_CELLS = {"reason": "no_cells", "n_comparable": 0}


def places(register, tables, *, baseline=None, groups=GROUPS, min_cells=FEWEST_CELLS, min_group=MIN_GROUP):
    r"""What has changed where each measure is, beside comparable areas of the same city.

    Parameters
    ----------
    register : Register
        Its `measures`.
    tables : dict of str to DataFrame
        Of an edition: `cells` (the table of local indices: members and base of each cell), `coverage`, `type_areas`
        (the type of each cell) where there is; and `named`, {cell: id of the named area that it lies in}, where
        measures are in such areas.
    baseline : int, optional
        The year that changes count from; the first year of the cells from it on, the first of all if left out.
    groups : sequence of str
        Of the groups in `cells`.
    min_cells, min_group : int
        An area is told of from so many cells (grids only) and members of the group in either year.

    Returns
    -------
    DataFrame
        The columns of `PLACES`, a row a measure and group. `change` is that of the group's share of the area's base,
        `comparable_change` the mean of the comparable areas, `n_comparable` their number; `difference` is the one less
        the other. `residents` and `disadvantaged_share` (of those in area types 1 and 2) are of the latest year.
        `reason` is one of `REASONS` where there is no difference.

    Raises
    ------
    BadData
        `cells` holds two rows of a cell where one is allowed.

    Notes
    -----
    A comparable area is a run of cells of the city without any measure, of the area type in which most residents of the
    measure's area lived at the baseline, with about as many residents as that area had: the cells are put in the order
    of a curve that keeps neighbours together (Morton 1966) and cut where the residents of an area are full. What
    neighbouring cells share, and what small numbers of people add by chance, is so in the comparable areas as it is in
    the measure's. With n of them, at least ten, whose changes have mean m and standard deviation s, the interval of the
    difference d - m is

    .. math:: d - m \pm t_{n-1} \, s \sqrt{1 + 1/n},

    which holds 0 in 95 of 100 areas that are like the others. It is no estimate of what the measure did: areas are
    chosen for measures because they differ, and an area that was chosen when its share was high would come nearer to
    the others without a measure too.

    References
    ----------
    .. [1] Morton, G. M. (1966). A computer oriented geodetic data base and a new technique in file sequencing. IBM.
    .. [2] Geisser, S. (1993). Predictive Inference. Chapman & Hall. (The interval of one more observation.)
    """
    measures, cells = register.measures, tables["cells"]
    areas, coverage = _areas(tables), tables["coverage"]
    newest = _newest(areas)
    where = cells_of(measures, tables)
    taken = {city: set().union(*(where[key] for key in part)) for city, part in measures.groupby("city")["measure_id"]}
    limits = {"min_cells": min_cells, "min_group": min_group}
    found = []
    for group in [one for one in groups if (cells["group"] == one).any()] or [""]:
        own = cells[(cells["group"] == group) & cells["city"].isin(set(measures["city"]))]
        by_city = {city: _Change(part, areas, coverage, baseline) for city, part in own.groupby("city")}
        for row in measures.itertuples():
            at, change = where[row.measure_id], by_city.get(row.city)
            told = NO_CELLS if change is None else _place(row, at, change, taken[row.city], limits)
            found.append(_about(row, newest, at, min_cells) | {"group": group} | told)
    return ordered(pd.DataFrame(found, columns=list(PLACES)), PLACES, ["city", "measure_id", "group"])


def measure_names(measures):
    """What each measure of the register is called, {measure_id: Names}: the Finnish name where another is not given."""
    found = {}
    for row in measures.to_dict("records"):
        found[row["measure_id"]] = Names(*(row[name] or row["name_fi"] for name in NAMES))
    return found


def need_without(register, tables):
    """Residents of each area type of a city, with measures where they live and without.

    Parameters
    ----------
    register : Register
        Its `measures`: all that have not ended, also those that are planned or to be checked. A measure without an area
        is of the whole city and counts nowhere.
    tables : dict of str to DataFrame
        Of an edition: `type_areas`, and `named` as `places` takes it.

    Returns
    -------
    DataFrame
        The columns of `NEED_WITHOUT`, of the latest year of each city; type 0 is unknown. On grids nothing is told of
        fewer than three cells, and the parts of a row are not where either has one or two.
    """
    measures = register.measures[register.measures["status"] != ENDED]
    where = cells_of(measures, tables)
    found = []
    for city, own in _newest(_areas(tables)).groupby("city"):
        at = set().union(*(where[key] for key in measures.loc[measures["city"] == city, "measure_id"]))
        for kind, part in own.groupby("type"):
            inside = part["cell"].isin(at)
            grid = bool(part["cell_size_m"].notna().any())
            counts = [n for n in (int(inside.sum()), int((~inside).sum())) if n]
            refused = "few_cells" if grid and min(counts) < FEWEST_CELLS else ""
            with_measures, residents = part.loc[inside, "residents"].sum(), part["residents"].sum()
            numbers = [residents, *([np.nan] * 2 if refused else [with_measures, residents - with_measures])]
            if grid and len(part) < FEWEST_CELLS:
                numbers[0] = np.nan
            found.append(
                {
                    "city": city,
                    "type": int(kind),
                    "n_cells": len(part),
                    **dict(zip(("residents", "with_measures", "without_measures"), numbers)),
                    "refused": refused,
                    "note": _made_up(part),
                }
            )
    return ordered(pd.DataFrame(found, columns=list(NEED_WITHOUT)), NEED_WITHOUT, ["city", "type"])


def _areas(tables):
    """The table of cells with their types; one without rows where the edition has none."""
    areas = tables.get("type_areas")
    return ordered(pd.DataFrame(columns=list(AREAS)), AREAS, ["city"]) if areas is None else areas


def cells_of(measures, tables):
    """The cells of each measure's area, as far as the edition knows them.

    Parameters
    ----------
    measures : DataFrame
        Those of a register.
    tables : dict of str to DataFrame
        `type_areas`, `cells` and `named`, as `places` takes them; each may be missing.

    Returns
    -------
    dict of str to set
        {measure_id: ids of cells}; empty without an area, or where none of its ids is known. A postal code is a cell of
        its own, or else an area that cells lie in.
    """
    named = tables.get("named", {})
    parts = [frame[["city", "cell"]] for frame in (_areas(tables), tables.get("cells")) if frame is not None]
    known = {city: set(part) for city, part in pd.concat(parts).groupby("city")["cell"]}
    found = {}
    for row in measures.itertuples():
        ids = {one.strip() for one in row.area_id.split(";")} - {""}
        at = ids & known.get(row.city, set())
        if row.area_scheme == "named_area" or (row.area_scheme == "postal_code" and not at):
            at = {cell for cell, area in named.items() if area in ids} & known.get(row.city, set())
        found[row.measure_id] = at
    return found


def _newest(areas):
    """The rows of the latest year of each city."""
    areas = areas[areas["release"] == latest_release(areas)]
    return areas[areas["year"] == areas.groupby("city")["year"].transform("max")]


def _made_up(rows):
    return MADE_UP if rows["note"].fillna("").str.contains(MADE_UP, regex=False).any() else ""


def _about(row, newest, cells, min_cells):
    """What is known of a measure and of who lives where it is; of too few cells of a grid, of either kind, nothing."""
    own = newest[(newest["city"] == row.city) & newest["cell"].isin(cells)]
    grid = bool(own["cell_size_m"].notna().any())
    if grid and len(own) < min_cells:
        own = own.iloc[:0]
    typed = own[own["type"] != UNKNOWN]
    of_worst = typed["type"].isin(TYPES)
    few = grid and any(0 < n < min_cells for n in (of_worst.sum(), (~of_worst).sum()))
    people = np.nan if few else float(typed["residents"].sum())
    worst = float(typed.loc[of_worst, "residents"].sum())
    return {
        **{name: getattr(row, name) for name in ("measure_id", "city", "owner", "status", "start", "end")},
        "n_cells": len(cells),
        "residents": float(own["residents"].sum()) if len(own) else np.nan,
        "disadvantaged_share": worst / people if people else np.nan,
    }


class _Change:
    """The change of a group between two years in the cells of a city: members and base of both, a row a cell.

    `cells` are those that are hidden in neither year; one where nobody lives in a year holds zeros then.
    """

    def __init__(self, rows, areas, coverage, baseline):
        rows = rows[rows["release"] == latest_release(rows)]
        rows = rows[rows["index"] == rows["index"].min()]
        twice = rows[rows.duplicated(["year", "cell"])]
        if len(twice):
            raise BadData(f"cells: {twice.iloc[0][['city', 'year', 'group', 'cell']].to_dict()} has several rows")
        self.city = rows["city"].iloc[0]
        years = sorted({int(year) for year in rows["year"]})
        named = [year for year in years[:-1] if baseline is None or year >= baseline]
        self.first, self.last = (named or years[:-1] or [None])[0], years[-1]
        self.grid = bool(rows["cell_size_m"].notna().any())
        self.note = _made_up(rows)
        broken = breaks(coverage, rows["classification"].iloc[0]).get(self.city, ())
        self.broken = self.first is not None and crossed(broken, self.first, self.last)
        areas = areas[(areas["city"] == self.city) & (areas["year"] == self.first)]
        areas = areas[areas["release"] == areas["release"].max()].set_index("cell")[["type", "residents"]]
        cells = self._both(rows[rows["year"].isin((self.first, self.last))])
        self.cells = cells.join(areas.astype(float)).fillna({"type": float(UNKNOWN), "residents": 0.0})

    def _both(self, rows):
        """Members x and base t of the first and the last year, by cell."""
        hidden = set(rows.loc[rows["hidden"], "cell"])
        rows = rows[~rows["cell"].isin(hidden)]
        place = rows.drop_duplicates("cell").set_index("cell")[["x", "y"]]
        for name, year in (("first", self.first), ("last", self.last)):
            own = rows[rows["year"] == year].set_index("cell")[["group_size", "population"]]
            place = place.join(own.set_axis([f"{name}_x", f"{name}_t"], axis=1))
        return place.fillna(dict.fromkeys(("first_x", "first_t", "last_x", "last_t"), 0.0)).sort_index()


def _place(row, cells, change, taken, limits):
    """The numbers of a measure and group, and why there are none."""
    own = change.cells[change.cells.index.isin(cells)]
    found = {"first_year": change.first, "last_year": change.last, "n_comparable": 0, "note": change.note}
    if not cells:
        return found | {"reason": "unknown_area" if str(row.area_id).strip() else "no_area"}
    if change.first is None:
        return found | {"reason": "one_year"}
    lived = min(int((own[name] > 0).sum()) for name in ("first_t", "last_t"))
    counts = [(own[f"{name}_x"].sum(), own[f"{name}_t"].sum()) for name in ("first", "last")]
    refused = next(filter(None, (refusal(lived, *one, **limits, grid=change.grid) for one in counts)), "")
    if refused:
        return found | {"refused": refused}
    shares = {name: own[f"{name}_x"].sum() / own[f"{name}_t"].sum() for name in ("first", "last")}
    found |= {"first_share": shares["first"], "last_share": shares["last"]}
    if change.broken:
        return found | {"reason": "break"}
    found["change"] = shares["last"] - shares["first"]
    kind = main_type(own["type"], own["residents"])
    if kind == UNKNOWN:
        return found | {"reason": "no_types"}
    if str(row.start)[:4].isdigit() and int(str(row.start)[:4]) > change.last:
        return found | {"reason": "not_begun"}
    others = change.cells[(change.cells["type"] == kind) & ~change.cells.index.isin(taken)]
    changes = area_changes(others, own["first_t"].sum())
    found["n_comparable"] = len(changes)
    if len(changes) < FEWEST_COMPARABLE:
        return found | {"reason": "few_comparable"}
    difference, low, high = beside(found["change"], changes)
    return found | {"comparable_change": changes.mean(), "difference": difference, "low": low, "high": high}


def main_type(types, residents):
    """The area type in which most residents live; 0 where none is known, the smaller number of two alike.

    >>> main_type([1, 2, 2, 0], [10, 8, 7, 99])
    2
    """
    people = Counter()
    for kind, n in zip(types, residents):
        if kind != UNKNOWN and n > 0:
            people[int(kind)] += float(n)
    return min(people, key=lambda kind: (-people[kind], kind), default=UNKNOWN)


def area_changes(cells, size):
    """The changes of a share in runs of neighbouring cells with about `size` of the base at first each.

    Parameters
    ----------
    cells : DataFrame
        `x`, `y`, and members and base of both years, first_x, first_t, last_x, last_t; the index names the cells and
        orders those without coordinates.
    size : float
        Above 0.

    Returns
    -------
    ndarray, shape (n_runs,)
        A run ends where the next cell would take it further past `size` than it is short of it, but not before it is
        half full; the last is left out where it is less than that, and so is one where nobody is in the last year.
    """
    order = np.argsort(morton(cells["x"], cells["y"]), kind="stable")
    cells = cells.iloc[order]
    sums = cells[["first_x", "first_t", "last_x", "last_t"]].groupby(runs(cells["first_t"], size)).sum()
    if len(sums) and sums["first_t"].iloc[-1] < size / 2:
        sums = sums.iloc[:-1]
    sums = sums[(sums["first_t"] > 0) & (sums["last_t"] > 0)]
    return (sums["last_x"] / sums["last_t"] - sums["first_x"] / sums["first_t"]).to_numpy()


def runs(base, size):
    """The run that each cell is in, ndarray of int, shape (n_cells,), as `area_changes` says.

    >>> runs([60, 60, 60, 300, 20], 100)
    array([0, 0, 1, 2, 3])
    """
    found, run, full = np.zeros(len(base), dtype=int), 0, 0.0
    for at, people in enumerate(base):
        if full >= size / 2 and full + people / 2 > size:
            run, full = run + 1, 0.0
        full += people
        found[at] = run
    return found


def morton(x, y):
    """The place of points on a curve that keeps neighbours together, shape (n_points,): all 0 without coordinates.

    The bits of the ranks of both coordinates in turn.

    >>> morton([0, 0, 250, 250], [0, 250, 0, 250]).tolist()
    [0, 2, 1, 3]
    """
    x, y = (np.asarray(values, dtype=float) for values in (x, y))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return np.zeros(len(x), dtype=np.int64)
    found = np.zeros(len(x), dtype=np.int64)
    for shift, values in enumerate((x, y)):
        rank = np.unique(values, return_inverse=True)[1].astype(np.int64)
        for bit in range(20):
            found |= ((rank >> bit) & 1) << (2 * bit + shift)
    return found


def beside(change, changes, level=LEVEL):
    r"""The difference of a change from the mean of others, and the interval that holds 0 for one more of their kind.

    .. math:: d - m \pm t_{n-1} \, s \sqrt{1 + 1/n}

    Parameters
    ----------
    change : float
    changes : array_like, shape (n_areas,)
        At least two.

    Returns
    -------
    difference, low, high : float

    Examples
    --------
    >>> [round(float(one), 3) for one in beside(0.05, [0.01, 0.02, 0.03])]
    [0.03, -0.02, 0.08]
    """
    changes = np.asarray(changes, dtype=float)
    n = len(changes)
    half = stdtrit(n - 1, (1 + level) / 2) * changes.std(ddof=1) * np.sqrt(1 + 1 / n)
    difference = change - changes.mean()
    return difference, difference - half, difference + half
