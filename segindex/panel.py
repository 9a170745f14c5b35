"""Panel: one city's counts, years x cells x groups, judged once; behind it the code trusts them."""

from dataclasses import dataclass, replace

import numpy as np

from segindex.errors import BadData, did_you_mean

SHOWN = 5
MATRICES = ("weights", "boundary")
YEARLY = ("releases", "dates", "resident_dates", "breaks")


@dataclass(frozen=True, eq=False)
class Panel:
    """One city and one classification of its residents (or households) over years.

    Two promises: the groups share no member and sum to the base, and nothing is missing. A cell where nobody
    lives holds zeros; a protected cell holds zeros in `counts` and is named in `hidden`.

    Attributes
    ----------
    city, classification : str
    years : tuple of int
        Statistical years, ascending.
    groups : tuple of str
        Names along the last axis of `counts`; the last is "rest" where the named groups leave any of the base.
    cells : ndarray of str, shape (n_cells,)
        Cell ids, ascending, each once.
    counts : ndarray, shape (n_years, n_cells, n_groups)
        Members of each group in the visible cells.
    xy : ndarray, shape (n_cells, 2), or None
        Centres in metres in `crs`; None where the source has no coordinates.
    hidden : ndarray of bool, shape (n_years, n_cells)
        Protected cells.
    hidden_total : ndarray, shape (n_years, n_cells)
        The base of protected cells, else 0. All zero where the base itself is hidden (`base_hidden`).
    residents : ndarray, shape (n_years, n_cells)
        Everybody who lives in the cell, protected or not: the weight of coverage.
    base_unit : {"persons", "households"}
    base_hidden : bool
        Whether protection hides the base as well, so that residents take its place in `hidden_share`.
    hidden_limit : int or None
        The count under which a cell is hidden, where hiding depends on the group's own count and this is known.
    hidden_rule : {"base", "group"}
        What hiding depends on: the base, or the group's own count (then visible cells are selected on the outcome).
    weights : scipy sparse array, shape (n_cells, n_cells), or None
        Contiguity.
    boundary : scipy sparse array, shape (n_cells, n_cells), or None
        Metres of boundary that two cells share.
    area : ndarray, shape (n_years, n_cells), or None
        Land area of each cell in square metres, by year where borders move; one number a cell stands for all years.
    area_kind : str
        In words, what `area` is: as the source gives it, of polygons, of grid cells, with or without water.
    given : ndarray of bool, shape (n_years, n_cells)
        Whether the source has a row of the cell in the year, lived in or not. Cells of other years are not there: what
        counts empty cells (`area`) must not depend on which years were read.
    ascending : tuple of str
        The groups in ascending order, where they have one and are everybody; else empty.
    releases, dates : tuple of str
        The producer's release and the reference date of each year.
    resident_dates : tuple of str
        Reference date of `residents` in each year; it may differ from that of the counts.
    breaks : tuple of str
        What breaks the series before each year ("" where nothing does): areas that entered or left, another grid.
    notices : tuple of str
        What was left out or read otherwise on the way to this panel.
    source : str
        Key of the source.
    cell_size_m : float or None
        Edge of a grid cell; None for areas.
    crs : str
        Of `xy`.
    made_up : bool
        Whether the numbers are invented.
    """

    city: str
    classification: str
    years: tuple[int, ...]
    groups: tuple[str, ...]
    cells: np.ndarray
    counts: np.ndarray
    xy: np.ndarray | None = None
    hidden: np.ndarray | None = None
    hidden_total: np.ndarray | None = None
    residents: np.ndarray | None = None
    base_unit: str = "persons"
    base_hidden: bool = False
    hidden_rule: str = "base"
    hidden_limit: int | None = None
    weights: object = None
    boundary: object = None
    area: np.ndarray | None = None
    area_kind: str = ""
    given: np.ndarray | None = None
    ascending: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    resident_dates: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    source: str = ""
    cell_size_m: float | None = None
    crs: str = "EPSG:3067"
    made_up: bool = False

    def __post_init__(self):
        where = f"{self.city or 'panel'}, {self.classification or 'counts'}"
        counts = np.asarray(self.counts, dtype=float)
        cells = np.asarray(self.cells, dtype=str)
        shape = (len(self.years), len(cells), len(self.groups))
        if counts.shape != shape:
            raise BadData(f"{where}: counts have the shape {counts.shape}; years, cells and groups ask for {shape}")
        if not len(cells) or not len(self.years) or not self.groups:
            raise BadData(f"{where}: a panel needs at least one year, one cell and one group")
        if list(self.years) != sorted(set(self.years)):
            raise BadData(f"{where}: years {self.years} must ascend, each once")
        if len(set(self.groups)) != len(self.groups):
            raise BadData(f"{where}: a group stands twice among {', '.join(self.groups)}")
        names, first, times = np.unique(cells, return_index=True, return_counts=True)
        if (times > 1).any():
            raise BadData(f"{where}: cells stand twice, first {', '.join(names[times > 1][:SHOWN])}")
        hidden = _filled(self.hidden, shape[:2], False, bool)
        total = _filled(self.hidden_total, shape[:2], 0.0, float)
        self._check(where, counts, counts < 0, "negative counts", cells)
        self._check(where, counts, ~np.isfinite(counts), "missing or infinite counts", cells)
        self._check(where, total, ~np.isfinite(total) | (total < 0), "impossible bases of hidden cells", cells)
        self._check(where, counts, hidden[..., None] & (counts != 0), "counts in hidden cells", cells)
        self._check(where, total, ~hidden & (total != 0), "hidden bases in visible cells", cells)
        residents = counts.sum(axis=-1) + total if self.residents is None else np.asarray(self.residents, float)
        residents = _filled(residents, shape[:2], 0.0, float)
        self._check(where, residents, ~np.isfinite(residents) | (residents < 0), "impossible residents", cells)
        xy = self.xy
        if xy is not None:
            xy = np.asarray(xy, dtype=float)
            if xy.shape != (len(cells), 2):
                raise BadData(f"{where}: xy has the shape {xy.shape}; ({len(cells)}, 2) is expected")
            if not np.isfinite(xy).all():
                lacking = cells[~np.isfinite(xy).all(axis=1)]
                raise BadData(f"{where}: {len(lacking)} cells lack coordinates, first {', '.join(lacking[:SHOWN])}")
            if np.abs(xy).max() <= 180:
                raise BadData(f"{where}: coordinates look like degrees; metres (EPSG:3067) are expected")
        for name in MATRICES:
            matrix = getattr(self, name)
            if matrix is not None and matrix.shape != (len(cells), len(cells)):
                raise BadData(f"{where}: {name} has the shape {matrix.shape}, the cells are {len(cells)}")
        if self.ascending and set(self.ascending) != set(self.groups):
            raise BadData(f"{where}: ascending is {self.ascending}; allowed is an order of all of {self.groups}")
        given = _filled(self.given, shape[:2], True, bool)
        self._check(where, residents, ~given & (residents != 0), "residents in cells that are not given", cells)
        area = None if self.area is None else _filled(self.area, shape[:2], 0.0, float)
        if area is not None and not ((area >= 0) & (area < np.inf)).all():
            wrong = cells[~((area >= 0) & (area < np.inf)).all(axis=0)]
            raise BadData(f"{where}: {len(wrong)} cells have no possible area, first {', '.join(wrong[:SHOWN])}")
        order = first
        for name, value, axis in (
            ("cells", cells, 0),
            ("counts", counts, 1),
            ("hidden", hidden, 1),
            ("hidden_total", total, 1),
            ("residents", residents, 1),
            ("given", given, 1),
            ("xy", xy, 0),
            ("area", area, 1),
        ):
            if value is not None:
                value = np.take(value, order, axis=axis)
                value.flags.writeable = False
            object.__setattr__(self, name, value)
        for name in MATRICES:
            matrix = getattr(self, name)
            if matrix is not None and (order != np.arange(len(cells))).any():
                object.__setattr__(self, name, matrix[order][:, order])
        for name in YEARLY:
            if not getattr(self, name):
                object.__setattr__(self, name, ("",) * len(self.years))

    def _check(self, where, values, wrong, what, cells):
        if not wrong.any():
            return
        spots = np.argwhere(wrong)[:SHOWN]
        shown = ", ".join(
            f"{self.years[spot[0]]} cell {cells[spot[1]]}"
            + (f" {self.groups[spot[2]]}" if len(spot) > 2 else "")
            + f": {values[tuple(spot)]:g}"
            for spot in spots
        )
        raise BadData(f"{where}: {what} in {int(wrong.sum())} places, first {shown}; allowed are numbers from 0")

    @property
    def base(self):
        """The base of each visible cell, shape (n_years, n_cells): the sum of the groups."""
        return self.counts.sum(axis=-1)

    @property
    def named_groups(self):
        """The groups without "rest"."""
        return tuple(group for group in self.groups if group != "rest")

    def group(self, name):
        """The counts of one group, shape (n_years, n_cells)."""
        if name not in self.groups:
            hint = did_you_mean(name, self.groups, f"known are {', '.join(self.groups)}")
            raise BadData(f"{self.city}, {self.classification}: group {name!r} is unknown; {hint}")
        return self.counts[..., self.groups.index(name)]

    def against_rest(self, name):
        """The counts of one group and of everybody else, shape (n_years, n_cells, 2)."""
        x = self.group(name)
        return np.stack([x, self.base - x], axis=-1)

    def at(self, years):
        """The same panel with some of its years."""
        wanted = set(years)
        keep = [position for position, year in enumerate(self.years) if year in wanted]
        return replace(
            self,
            years=tuple(self.years[position] for position in keep),
            **{name: tuple(getattr(self, name)[position] for position in keep) for name in YEARLY},
            **{name: value[keep] for name, value in self._by_year().items()},
        )

    def only(self, cells):
        """The same panel with some of its cells (bool, shape (n_cells,))."""
        rows = np.flatnonzero(cells)
        kept = {name: getattr(self, name) for name in ("cells", "xy")}
        matrices = {name: getattr(self, name) for name in MATRICES}
        return replace(
            self,
            **{name: None if value is None else value[rows] for name, value in kept.items()},
            **{name: value[:, rows] for name, value in self._by_year().items()},
            **{name: None if value is None else value[rows][:, rows] for name, value in matrices.items()},
        )

    def _by_year(self):
        """The arrays whose axes begin with year and cell."""
        names = ("counts", "hidden", "hidden_total", "residents", "given", "area")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def __repr__(self):
        return (
            f"Panel({self.city or '-'}, {self.classification or '-'}: {_span(self.years)}, {len(self.cells)} cells, "
            f"groups {', '.join(self.groups)}{f', {len(self.notices)} notices' if self.notices else ''}"
            f"{', MADE UP' if self.made_up else ''})"
        )

    def _repr_html_(self):
        import segindex

        return segindex.show(self)._repr_html_()


def _span(years):
    return str(years[0]) if len(years) == 1 else f"{len(years)} years {years[0]}-{years[-1]}"


def _filled(value, shape, empty, kind):
    if value is None:
        return np.full(shape, empty, dtype=kind)
    return np.broadcast_to(np.asarray(value, dtype=kind), shape).copy()
