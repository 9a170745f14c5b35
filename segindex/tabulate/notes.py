"""What the note beside a number says."""

import numpy as np

from segindex.schema import MADE_UP

WHOLE_CITY = "k takes in the whole city"


def note(panel, *parts):
    return joined(MADE_UP if panel.made_up else "", *parts, selected(panel))


def selected(panel):
    """That what is visible depends on the group, or "" if it does not."""
    own = panel.hidden_rule == "group" and panel.hidden.any()
    return "visible cells are selected by the group's own count" if own else ""


def joined(*parts):
    """The parts of a note that say something."""
    return "; ".join(part for part in parts if part)


def base_hidden(panel, at):
    hidden = panel.base_hidden and panel.hidden[at].any()
    return "the base is hidden as well: residents are the weight" if hidden else ""


def whole_city(k, residents):
    """That the k nearest are everybody, so that all surroundings are alike, or "" if they are not."""
    return WHOLE_CITY if k >= residents.sum() else ""


def rank_order(order, error):
    """The order and, where there is one, the standard error of the fit that a rank-order index is read from.

    >>> rank_order(4, 0.01234), rank_order(3, float("nan"))
    ('rank-order fit of order 4, standard error 0.0123', 'rank-order fit of order 3')
    """
    known = f", standard error {error:.4f}" if np.isfinite(error) else ""
    return f"rank-order fit of order {order:.0f}{known}"


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
