"""The shares of several groups in the same cells of a city: of its panels, one classification each."""

from dataclasses import dataclass

import numpy as np

from segindex.errors import BadData
from segindex.indices._arrays import ratio
from segindex.tabulate.notes import note
from segindex.tabulate.view import View


@dataclass(frozen=True)
class Joined:
    """A city's cells over the years that all groups have; arrays (n_years, n_cells), `share` by group, a note a year.

    A share is NaN where a cell is protected in that group's panel, or where nobody lives; `residents` counts protected
    cells too.
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


def joined_by_city(panels, groups, k):
    """One `Joined` a city, {city: Joined}, and why others have none, {city: reason}.

    `k` nearest residents are one environment on grids; areas stand for themselves.
    """
    found, lacking = {}, {}
    for city in dict.fromkeys(panel.city for panel in panels):
        own = {
            name: [panel for panel in panels if panel.city == city and name in panel.named_groups] for name in groups
        }
        missing = [name for name, some in own.items() if not some]
        years = set.intersection(*(set(some[0].years) for some in own.values() if some)) if not missing else set()
        if missing:
            lacking[city] = "no " + ", ".join(missing)
        elif not years:
            lacking[city] = "no year in which all of " + ", ".join(groups) + " are known"
        else:
            found[city] = _joined({name: some[0] for name, some in own.items()}, tuple(sorted(years)), k)
    return found, lacking


def _joined(own, years, k):
    first = next(iter(own.values()))
    sizes = {panel.cell_size_m for panel in own.values()}
    if len(sizes) > 1:
        raise BadData(f"{first.city}: groups in cells of different size ({sizes}) make no area types")
    cells = np.unique(np.concatenate([panel.cells for panel in own.values()]))
    residents = np.full((len(years), len(cells)), np.nan)
    xy = np.full((len(cells), 2), np.nan)
    share, breaks = {}, [{} for _ in years]
    for name, panel in own.items():
        panel = panel.at(list(years))
        for known, said in zip(breaks, panel.breaks):
            known[said] = None
        place = np.searchsorted(cells, panel.cells)
        residents[:, place] = np.where(np.isnan(residents[:, place]), panel.residents, residents[:, place])
        if panel.xy is not None:
            xy[place] = panel.xy
        share[name] = np.full(residents.shape, np.nan)
        share[name][:, place] = np.where(panel.hidden, np.nan, _shares(panel, name, k))
    residents = np.nan_to_num(residents)
    share = {name: np.where(residents > 0, values, np.nan) for name, values in share.items()}
    said = tuple(note(first, *known) for known in breaks)
    releases = first.at(list(years)).releases
    return Joined(first.city, years, releases, cells, xy, first.cell_size_m, first.crs, residents, share, said)


def _shares(panel, name, k):
    """A group's share in each cell, or among the k nearest visible residents of each cell of a grid."""
    x, t = panel.group(name), panel.base
    if panel.cell_size_m is None or panel.xy is None:
        return ratio(x, t)
    near = View(panel).nearest(k)
    return np.stack([ratio(each(members), each(people)) for each, members, people in zip(near, x, t)])
