"""The shares of several groups in the same cells of a city: of its panels, one classification each."""

from dataclasses import dataclass

import numpy as np

from segindex.indices._arrays import ratio
from segindex.tabulate.notes import note
from segindex.tabulate.view import View


@dataclass(frozen=True)
class Joined:
    """A city's cells over the years that all groups have; arrays (n_years, n_cells), `share` by group, a note a year.

    A share is NaN where a cell is protected in that group's panel, where nobody lives, and in years that the group does
    not have; `residents` counts protected cells too.
    """

    city: str
    years: tuple
    releases: tuple
    cells: np.ndarray
    xy: np.ndarray
    cell_size_m: float | None
    crs: str
    residents: np.ndarray
    share: dict
    notes: tuple

    def known(self, groups):
        """The shares of some groups, shape (n_years, n_cells, n_groups)."""
        return np.stack([self.share[name] for name in groups], axis=-1)


def shared_years(panels, groups):
    """The years in which a city has all groups, {city: years}, and why others have none, {city: reason}."""
    found, lacking = {}, {}
    for city in dict.fromkeys(panel.city for panel in panels):
        own = _panels_of(panels, city, groups)
        missing = [name for name, panel in own.items() if panel is None]
        years = set() if missing else set.intersection(*(set(panel.years) for panel in own.values()))
        if years:
            found[city] = tuple(sorted(years))
        else:
            lacking[city] = f"no {', '.join(missing)}" if missing else f"no year with all of {', '.join(groups)}"
    return found, lacking


def joined_by_city(panels, groups, k, also=(), years=None):
    """One `Joined` a city that has all `groups`, {city: Joined}; others (`also`) are joined where it has them.

    `k` nearest residents are one environment on grids; areas stand for themselves. `years` are those wanted.
    """
    found = {}
    for city, there in shared_years(panels, groups)[0].items():
        kept = tuple(year for year in there if years is None or year in years)
        own = _panels_of(panels, city, groups, also)
        own = {name: panel for name, panel in own.items() if panel is not None}
        if kept:
            found[city] = _joined(own, list(groups), kept, k)
    return found


def _panels_of(panels, city, groups, also=()):
    """The panel of each group, None where there is none: all in cells of one size, the first that has all `groups`."""
    here = [panel for panel in panels if panel.city == city]
    names = tuple(dict.fromkeys((*groups, *also)))
    found = {}
    for size in dict.fromkeys(panel.cell_size_m for panel in here):
        alike = [panel for panel in here if panel.cell_size_m == size]
        own = {name: next((panel for panel in alike if name in panel.named_groups), None) for name in names}
        if all(own[name] is not None for name in groups):
            return own
        found = found or own
    return found


def _joined(own, groups, years, k):
    """One city's groups; `own` holds the panel of each, the needed `groups` first."""
    first = own[groups[0]]
    cells = np.unique(np.concatenate([panel.cells for panel in own.values()]))
    residents, xy = np.full((len(years), len(cells)), np.nan), np.full((len(cells), 2), np.nan)
    share = {name: np.full(residents.shape, np.nan) for name in own}
    breaks = [{} for _ in years]
    for panel in {id(panel): panel for panel in own.values()}.values():
        names = [name for name, one in own.items() if one is panel]
        rows = np.array([at for at, year in enumerate(years) if year in panel.years], dtype=int)
        if not len(rows):
            continue
        panel = panel.at([years[at] for at in rows])
        place = np.ix_(rows, np.searchsorted(cells, panel.cells))
        residents[place] = np.where(np.isnan(residents[place]), panel.residents, residents[place])
        if panel.xy is not None:
            xy[place[1][0]] = panel.xy
        for at, said in zip(rows, panel.breaks if set(names) & set(groups) else ()):
            breaks[at][said] = None
        for name, values in _shares(panel, names, k).items():
            share[name][place] = np.where(panel.hidden, np.nan, values)
    residents = np.nan_to_num(residents)
    share = {name: np.where(residents > 0, values, np.nan) for name, values in share.items()}
    said = tuple(note(first, *known) for known in breaks)
    releases = first.at(list(years)).releases
    return Joined(first.city, years, releases, cells, xy, first.cell_size_m, first.crs, residents, share, said)


def _shares(panel, names, k):
    """Each group's share in each cell, or among the k nearest visible residents of each cell of a grid."""
    if panel.cell_size_m is None or panel.xy is None:
        return {name: ratio(panel.group(name), panel.base) for name in names}
    layers = np.stack([*(panel.group(name) for name in names), panel.base], axis=1)
    near = np.stack([each(some) for each, some in zip(View(panel).nearest(k), layers)])
    return {name: ratio(near[:, at], near[:, -1]) for at, name in enumerate(names)}
