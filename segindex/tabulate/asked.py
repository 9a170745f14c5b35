"""What a caller asks for, judged: panels, indices, groups, lists."""

import numpy as np

from segindex.errors import BadSettings, did_you_mean, is_number
from segindex.facts import EAST, NORTH, Centre
from segindex.panel import Panel
from segindex.registry import INDICES
from segindex.registry import index as index_of


def panels_of(panels):
    found = list(panels) if isinstance(panels, (list, tuple)) else [panels]
    for panel in found:
        if not isinstance(panel, Panel):
            raise BadSettings(
                f"a Panel or a list of them is needed, not {type(panel).__name__}; "
                f"segindex.read(path) or segindex.to_panel(frame, ...) gives one"
            )
    if not found:
        raise BadSettings("the list of panels is empty")
    return found


def entries_of(index):
    if index is None:
        return [entry for entry in INDICES if entry.gives == "city"]
    entries = [index_of(key) for key in listed(index, "index")]
    for entry in entries:
        if entry.local:
            raise BadSettings(f"{entry.key} has a value a cell, not one a city: segindex.local(panels) gives it")
        if entry.gives != "city":
            raise BadSettings(f"{entry.key} gives several values, not one a city: call segindex.indices.{entry.key}")
    return entries


def listed(value, name, *, empty=False):
    if value is None:
        return None
    found = [value] if isinstance(value, (str, int, float, np.number)) else list(value)
    if not found and not empty:
        raise BadSettings(f"{name} is an empty list; leave it out for all")
    return found


def sizes_of(value, name):
    """Sizes of surroundings, each once."""
    found = listed(value, name, empty=True) or []
    wrong = [one for one in found if not (is_number(one) and 0 < one < np.inf)]
    if wrong:
        raise BadSettings(f"{name} holds {wrong[0]!r}; allowed are finite numbers above 0")
    return list(dict.fromkeys(float(one) for one in found))


def check_groups(panels, wanted):
    _check_among("group", wanted or (), {name for panel in panels for name in panel.named_groups})


def check_references(panels, references, wanted):
    named = [name for name in references if name != "rest"]
    _check_among("reference", named, {name for panel in panels for name in panel.groups})
    if wanted is not None and len(set(wanted) | set(references)) == 1:
        raise BadSettings(f"group {wanted[0]} cannot be set against itself; give another reference, or leave it out")


def _check_among(what, wanted, known):
    unknown = [name for name in wanted if name not in known]
    if unknown:
        hint = did_you_mean(unknown, sorted(known), f"they have {', '.join(sorted(known))}")
        raise BadSettings(f"{what} {', '.join(unknown)} is in none of the panels; {hint}")


def check_centres(panels, centres):
    """Centres are of cities that there are, and lie in Finland; a panel in another CRS turns them by itself."""
    there = {panel.city for panel in panels}
    for city, places in (centres or {}).items():
        if city not in there:
            hint = did_you_mean(city, sorted(there), f"the panels are of {', '.join(sorted(there))}")
            raise BadSettings(f"centres name {city}; {hint}")
        if not isinstance(places, (list, tuple)) or not all(isinstance(one, Centre) for one in places):
            raise BadSettings(f"centres of {city}: allowed is a list of segindex.facts.Centre(name, x, y)")
        for one in places:
            if not (EAST[0] <= one.x <= EAST[1] and NORTH[0] <= one.y <= NORTH[1]):
                raise BadSettings(
                    f"centre {one.name or city} at {one.x:g}, {one.y:g} lies outside Finland; allowed are metres in "
                    f"EPSG:3067"
                )


def check_worth(worth):
    """Draws that can be made: one at least of each kind, and a level between 0 and 1; None asks for nothing."""
    if worth is not None:
        for name in ("draws", "wide_draws", "refits"):
            value = getattr(worth, name)
            if not isinstance(value, (int, np.integer)) or value < 1:
                raise BadSettings(f"{name} is {value!r}; allowed is a whole number from 1 up")
        if not 0 < worth.level < 1:
            raise BadSettings(f"level is {worth.level!r}; allowed is a number between 0 and 1")
    return worth


def years_of(panels):
    return ", ".join(map(str, sorted({year for panel in panels for year in panel.years})))
