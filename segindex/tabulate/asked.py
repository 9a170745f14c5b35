"""What a caller asks for, judged: panels, indices, groups, lists."""

import numpy as np

from segindex.errors import BadSettings
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
        return [entry for entry in INDICES if entry.gives == "city" and "surroundings" not in entry.inputs]
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


def check_groups(panels, wanted):
    known = sorted({name for panel in panels for name in panel.named_groups})
    unknown = [name for name in wanted or () if name not in known]
    if unknown:
        raise BadSettings(f"group {', '.join(unknown)} is in none of the panels; they have {', '.join(known)}")


def years_of(panels):
    return ", ".join(map(str, sorted({year for panel in panels for year in panel.years})))
