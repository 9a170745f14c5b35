"""A panel as indices see it: the arrays of the vocabulary, the surroundings, and what it lacks for an index."""

from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from segindex.facts import cities
from segindex.grid import centres_in
from segindex.indices._arrays import ratio
from segindex.indices._ascending import all_same
from segindex.neighbourhood import boundary, contiguity, discs, distance_to, kernel, nearest, pitch
from segindex.tabulate.notes import joined, whole_city
from segindex.tabulate.remembered import Remembered

DECAY_M = 1000.0
"""Bandwidth of the exponential kernel that the indices of clustering are defined with: 1 km."""

SCALE_KERNEL = "biweight"

NO_PLACES = (
    "needs coordinates, and the cells have none; give polygons (read(..., polygons=FILE), --polygons FILE), or columns "
    "of coordinates"
)
NO_NEIGHBOURS = (
    "needs neighbours: cells of a regular grid, or the areas' polygons (read(..., polygons=FILE), --polygons FILE, "
    "to_panel of a GeoDataFrame with polygons)"
)


class View:
    """One panel, each array and kernel made once for all indices and groups."""

    def __init__(self, panel, centres=None):
        self.panel = panel
        known = cities().get(panel.city)
        given = (centres or {}).get(panel.city)
        self.centres = tuple(given if given is not None else known.centres if known else ())
        self._near = {}

    @cached_property
    def weights(self):
        """Contiguity: the panel's own, or that of its grid."""
        if self.panel.weights is None and self._on_grid:
            return contiguity(self.panel.xy, "queen") if self._touching else self._apart
        return self.panel.weights

    @cached_property
    def boundary(self):
        """Metres of shared boundary: the panel's own, or the edges of its grid."""
        if self.panel.boundary is None and self._on_grid:
            return boundary(self.panel.xy) if self._touching else self._apart
        return self.panel.boundary

    @cached_property
    def area(self):
        """Land area: the panel's own in its last year, or that of whole grid cells."""
        if self.panel.area is None and self.panel.cell_size_m is not None:
            return np.full(len(self.panel.cells), float(self.panel.cell_size_m) ** 2)
        return None if self.panel.area is None else self.panel.area[-1]

    @cached_property
    def distance(self):
        """Metres to the nearest centre of the city; None where no centre or no place is known."""
        if self.panel.xy is None or not self.centres:
            return None
        return distance_to(self.panel.xy, centres_in(self.centres, self.panel.crs))

    @property
    def _on_grid(self):
        return self.panel.cell_size_m is not None and self.panel.xy is not None

    @cached_property
    def _touching(self):
        """Whether two cells of the grid touch: neighbours are found by the pitch, which cells apart do not show."""
        found = pitch(self.panel.xy)
        return found is not None and np.isclose(found, self.panel.cell_size_m)

    @property
    def _apart(self):
        n = len(self.panel.cells)
        return csr_array((n, n))

    def near(self, kind, size):
        """A kernel of this panel's cells."""
        key = (kind, float(size))
        if key not in self._near:
            self._near[key] = Remembered(kernel(self.panel.xy, kind, float(size)))
        return self._near[key]

    @cached_property
    def visible(self):
        """Residents of the cells that are not protected, shape (n_years, n_cells)."""
        return np.where(self.panel.hidden, 0, self.panel.residents)

    def nearest(self, k):
        """The k nearest visible residents, a neighbourhood a year."""
        if k not in self._near:
            self._near[k] = [Remembered(nearest(self.panel.xy, residents, float(k))) for residents in self.visible]
        return self._near[k]

    @cached_property
    def surroundings(self):
        """Ever wider discs round each cell."""
        return discs(self.panel.xy)

    def names(self, entry, wanted, reference, named=True):
        """The groups that an index has rows of: each, "all" of them at once, or both.

        Of two groups, an index of several has a row only where it was `named`.
        """
        names = [name for name in self.panel.named_groups if (wanted is None or name in wanted) and name != reference]
        if "counts" not in entry.parameters or len(self.panel.groups) == 2:
            return names if named or not entry.all_groups else []
        every = ["all"] if wanted is None and reference == "rest" else []
        return every if entry.all_groups else names + every

    def inputs(self, entry, name, reference):
        """What the index is given, by parameter name; surroundings come apart."""
        if name == "all":
            given = {"counts": self._counts(entry)}
        else:
            x, t = self.panel.group(name), self.panel.base
            y = t - x if reference == "rest" else self.panel.group(reference)
            given = {"x": x, "y": y, "t": t, "counts": np.stack([x, y], axis=-1), "share": ratio(x, t)}
        given["weights"] = self.boundary if entry.takes.get("weights") == "boundary" else self.weights
        given |= {"area": self.area, "distance": self.distance, "xy": self.panel.xy}
        if "surroundings" in entry.inputs:
            given["surroundings"] = self.surroundings
        return {key: given[key] for key in entry.inputs if key in given}

    @cached_property
    def _living(self):
        """How many groups have members in every year."""
        return int((self.panel.counts.sum(axis=1) > 0).sum(axis=-1).min())

    def _counts(self, entry):
        if entry.takes.get("counts") != "ascending":
            return self.panel.counts
        return self.panel.counts[..., [self.panel.groups.index(group) for group in self.panel.ascending]]

    def lacks(self, entry, reference):
        """Why an index cannot be had of this panel, or "" if it can."""
        panel, needs = self.panel, set(entry.inputs)
        if reference != "rest" and (entry.all_groups or not {"y", "counts"} & needs):
            whole = "takes all groups at once" if entry.all_groups else "sets the group against its whole base"
            return f"{whole} and takes no reference group ({reference})"
        if reference == "rest" and entry.takes.get("y") == "named":
            return "sets one group against another: name it, for example reference='low_income'"
        if reference not in panel.groups and reference != "rest":
            return f"cannot be set against {reference}: the groups are {', '.join(panel.groups)}"
        if entry.takes.get("counts") == "ascending" and not panel.ascending:
            return (
                "needs groups in ascending order that are everybody; the groups here are "
                f"{', '.join(panel.groups)}, and no order of them is known"
            )
        if len(panel.groups) < entry.fewest_groups or self._living < entry.fewest_groups > 3:
            return (
                f"needs {entry.fewest_groups} groups or more with members in every year; there are "
                f"{', '.join(panel.groups)}"
            )
        if "weights" in needs and (self.boundary if entry.takes.get("weights") == "boundary" else self.weights) is None:
            return NO_NEIGHBOURS
        if needs & {"nearby", "surroundings", "xy", "distance"} and panel.xy is None:
            return NO_PLACES
        if "distance" in needs and self.distance is None:
            return (
                "needs the city's centre; give one: centres={city: [...]}, --centre CITY=X,Y, or [[centre]] in the "
                "settings"
            )
        if "distance" in needs and self.distance.min() > np.hypot(*np.ptp(panel.xy, axis=0)):
            return (
                f"needs a centre of this city: the nearest cell lies {self.distance.min() / 1000:,.0f} km from it, "
                f"farther than any two cells from each other"
            )
        return self._lacks_land(entry) if "area" in needs else ""

    def _lacks_land(self, entry):
        if self.area is None:
            return "needs land areas: to_panel(frame, ..., area=COLUMN), polygons, or a source that gives them"
        if entry.takes.get("area") == "unequal" and all_same(self.area):
            return "needs land areas that differ; the cells are all of one size"
        return "" if self.area.sum() > 0 else "needs land areas above 0"

    def environments(self, entry, scales, ks, named=True):
        """The plain version, then one a scale: (columns, what to call with, what to note of each year).

        An index that is defined by a kernel has other bandwidths only where it was `named`.
        """
        panel, years = self.panel, len(self.panel.years)
        if "nearby" in entry.inputs:
            yield {}, self.near("exponential", DECAY_M), [f"exponential kernel, {DECAY_M:g} m"] * years
            for scale in scales if named else ():
                yield {"scale_m": float(scale)}, self.near("exponential", scale), ["exponential kernel"] * years
            return
        yield {}, None, [""] * years
        if not entry.spatial or panel.xy is None:
            return
        for scale in scales:
            yield {"scale_m": float(scale)}, self.near(SCALE_KERNEL, scale), [f"{SCALE_KERNEL} kernel"] * years
        for number in ks:
            kinds = [joined("k nearest residents", whole_city(number, own)) for own in self.visible]
            yield {"k": float(number)}, self.nearest(number), kinds

    def about(self, entry):
        """What a reader must know of the inputs: the land, the centres, the order of the groups."""
        said = []
        if entry.takes.get("counts") == "ascending":
            said.append("ascending: " + ", ".join(self.panel.ascending))
        if "area" in entry.inputs:
            said.append(
                self.panel.area_kind or ("area of whole grid cells" if self.panel.area is None else "area as given")
            )
        if "distance" in entry.inputs:
            names = [centre.name or f"({centre.x:.0f} {centre.y:.0f})" for centre in self.centres]
            said.append("centre: " + ", ".join(names))
        if "surroundings" in entry.inputs:
            said.append("ever wider discs: somewhat low")
        return "; ".join(said)


def parts_of(panel, centres):
    """The panel's view, and, for what counts empty cells or land, a view a year of the cells given and visible in it.

    Without the second, a value would depend on which other years were read, and hidden cells would count as empty.
    """
    whole = View(panel, centres)
    one_land = panel.area is None or (panel.area == panel.area[-1]).all()
    if panel.given.all() and not panel.hidden.any() and one_land:
        return [whole], [whole]
    years = []
    for at, year in enumerate(panel.years):
        there = panel.given[at] & ~panel.hidden[at]
        if there.any():
            years.append(View(panel.at([year]).only(there), centres))
    return [whole], years
