"""What the note beside a number says."""

import numpy as np

MADE_UP = "made-up data"


def note(panel, *parts):
    selected = "visible cells are selected by the group's own count" if panel.hidden_rule == "group" else ""
    made_up = MADE_UP if panel.made_up else ""
    return joined(made_up, *parts, selected if panel.hidden.any() else "")


def joined(*parts):
    """The parts of a note that say something."""
    return "; ".join(part for part in parts if part)


def base_hidden(panel, at):
    hidden = panel.base_hidden and panel.hidden[at].any()
    return "the base is hidden as well: residents are the weight" if hidden else ""


def why_undefined(found, at):
    """Why the value of a year is undefined, or "" if it is not."""
    if np.isfinite(found.value[at]):
        return ""
    if found.cells[at] == 0:
        return "undefined: no cell can be used"
    if found.group != "all" and found.size[at] == 0:
        return "undefined: the group has no members"
    if found.against[at] == 0:
        return "undefined: nobody is of another group"
    return "undefined"
