"""What changed between two years, and of what the change is made."""

from zlib import crc32

import numpy as np
import pandas as pd

from segindex import suppression
from segindex.errors import BadSettings
from segindex.inference import refitted
from segindex.inference._called import Called
from segindex.inference.corrected import BY_MIXTURE
from segindex.inference.decomposition import change_parts
from segindex.inference.false_discovery import benjamini_hochberg
from segindex.inference.interval import difference_of
from segindex.inference.moments import UNBIASED
from segindex.registry import INDICES
from segindex.schema import CHANGES, ordered
from segindex.tabulate.asked import check_groups, check_worth, listed, panels_of
from segindex.tabulate.notes import note
from segindex.tabulate.worth import Worth

COMPOSED = {"mutual_information": True, "information_theory": True, "dissimilarity": False}
"""The indices whose change is taken apart, and whether net of chance as well."""

TERMS = ("group_marginal", "unit_marginal", "structural", "additions", "removals")
CLUSTERED = ["city", "classification", "group"]
KEYS = [*CLUSTERED, "cluster_size", "index", "first_year", "last_year", "net", "term"]
CHANGE = 2
"""Of the seed: the stream of the changes."""


def changes(panels, first, last=None, group=None, *, worth=None):
    """Changes of corrected values between two years, and the parts that changes are made of.

    Parameters
    ----------
    panels : Panel or list of Panel
        Those that have both years; others have no rows.
    first : int
        The baseline.
    last : int, optional
        The latest year of each panel if left out.
    group : str or list of str, optional
    worth : Worth, optional
        How many refits, from which seed, at which level, and for which cluster sizes.

    Returns
    -------
    DataFrame
        The columns of `CHANGES`, all of the cells that are protected in neither year. Term `corrected` is the change of
        the corrected value, with interval and p as of `inference.difference` and q, that p adjusted (Benjamini and
        Hochberg) for all cities and groups that the table tests by the index; `as_it_is` is the change of the plain
        value. The other terms are those of `decompose_change` and sum to it; with `net` less what each year's index
        would hold by chance. Where the series breaks between the years there are no numbers.

    Examples
    --------
    >>> import pandas as pd, segindex
    >>> frame = pd.DataFrame(
    ...     {"cell": list("abab"), "year": [2020] * 2 + [2024] * 2, "x": [50, 10, 60, 5], "t": [90, 90, 90, 90]}
    ... )
    >>> panel = segindex.to_panel(frame, "x", base="t", year="year", city="Lahti")
    >>> table = changes(panel, 2020)
    >>> round(float(table.query("index == 'dissimilarity' and term == 'as_it_is'")["change"].iloc[0]), 2)
    0.16
    """
    panels = panels_of(panels)
    wanted = listed(group, "group")
    check_groups(panels, wanted)
    worth = check_worth(worth or Worth())
    known = sorted({year for panel in panels for year in panel.years})
    for year in (first, last):
        if year is not None and year not in known:
            raise BadSettings(f"year {year} is in none of the panels; they have {', '.join(map(str, known))}")
    rows = []
    for panel in panels:
        until = panel.years[-1] if last is None else last
        if first in panel.years and until in panel.years and first < until:
            for name in panel.named_groups:
                if wanted is None or name in wanted:
                    rows += _rows(panel, name, panel.years.index(first), panel.years.index(until), worth)
    return with_q(pd.DataFrame(rows, columns=list(CHANGES)))


def with_q(rows):
    """Rows of changes in their order, with q: p adjusted for all cities and groups that an index is compared in.

    Rows with the groups' own cluster sizes are one family, those of persons alone another.
    """
    rows = ordered(rows, CHANGES, KEYS).assign(q=np.nan)
    tested = rows[rows["p"].notna()]
    own = tested["cluster_size"] == tested.groupby(CLUSTERED)["cluster_size"].transform("max")
    for family in (tested[tested["cluster_size"] == 1], tested[own]):
        for _, one in family.groupby("index", sort=True):
            rows.loc[one.index, "q"] = benjamini_hochberg(one["p"].to_numpy())
    return rows


def _rows(panel, name, at, until, worth):
    breaks = [one for one in panel.breaks[at + 1 : until + 1] if one]
    common = {
        "city": panel.city,
        "classification": panel.classification,
        "group": name,
        "first_year": panel.years[at],
        "last_year": panel.years[until],
        "hidden_share": float(suppression.hidden_share(panel)[[at, until]].max()),
        "note": note(panel, *breaks),
    }
    hidden = panel.hidden[[at, until]]
    counts = np.where(hidden.any(axis=0)[:, np.newaxis], 0, panel.against_rest(name)[[at, until]])
    broken = bool(breaks) or (counts % 1 > 0).any() or not (counts.sum(axis=1) > 0).all()
    label = f"{panel.city} {panel.classification} {name} {panel.years[at]} {panel.years[until]}"
    rows = []
    for size in worth.sizes(name):
        rng = np.random.default_rng([worth.seed, crc32(label.encode()), round(size * 1000), CHANGE])
        if broken:
            found = [{"index": index, "term": "corrected", "net": False} for index in _of_two_groups()]
        else:
            found = [*_corrected(counts, worth, size, rng), *_parts(counts, hidden, worth, size, rng)]
        rows += [common | {"cluster_size": size} | one for one in found]
    return rows


def _of_two_groups():
    """The indices of two groups that have an interval."""
    return [one.key for one in INDICES if one.gives == "city" and not one.all_groups and one.key in _KNOWN]


_KNOWN = {*BY_MIXTURE, *UNBIASED}


def _corrected(counts, worth, cluster_size, rng):
    """The change of every corrected value, and of the values as they are."""
    pairs = [(one[:, 0], one.sum(axis=1)) for one in counts]
    sides = [refitted(*pair, rng=rng, draws=worth.refits, cluster_size=cluster_size) for pair in pairs]
    for key in _of_two_groups():
        one = difference_of(sides, Called(key, {}), worth.level)
        yield {
            "index": key,
            "term": "corrected",
            "net": False,
            "change": one.difference,
            "low": one.low,
            "high": one.high,
            "p": one.p,
        }
        before, after = Called(key, {})(counts)
        yield {"index": key, "term": "as_it_is", "net": False, "change": float(after - before)}


def _parts(counts, hidden, worth, cluster_size, rng):
    """The terms of the changes of M, H and D, as they are and net of chance."""
    wanted = [(key, net) for key, has_net in COMPOSED.items() for net in (False, True)[: 1 + has_net]]
    found = change_parts(*counts, wanted, "shapley", hidden, rng, worth.refits, worth.level, cluster_size)
    for (key, net), parts in zip(wanted, found):
        for term in TERMS:
            yield {
                "index": key,
                "term": term,
                "net": net,
                "change": float(getattr(parts, term)),
                "low": float(getattr(parts.low, term)),
                "high": float(getattr(parts.high, term)),
            }
