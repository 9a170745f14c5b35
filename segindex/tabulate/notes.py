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


def why_undefined(value, size, population):
    if np.isfinite(value):
        return ""
    if size == 0:
        return "undefined: the group has no members"
    if size == population:
        return "undefined: everybody is of the group"
    return "undefined"
