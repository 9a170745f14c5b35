"""How far area types hang on what was chosen, and on chance: residents whose type another choice would change."""

import contextlib
from dataclasses import replace

import numpy as np
import pandas as pd

from segindex.schema import SENSITIVITY, ordered
from segindex.tabulate.asked import panels_of
from segindex.tabulate.joined import joined_by_city, shared_years
from segindex.tabulate.types import DIMENSIONS, PARTS, K, fixed_by, typed
from segindex.typology import Alike

SHIFT = 0.02
DRAWS = 5
CHANCE = "persons drawn anew"


def type_sensitivity(panels, *, year=None, seed=1, k=K):
    """Residents whose area type would be another if a weight, the cut-offs, the surroundings or chance had differed.

    Parameters
    ----------
    panels : list of Panel
        As `standards` takes them.
    year : int, optional
        The baseline; the first year that a city has all groups in if left out.
    seed : int
        Of the draws.
    k : float
        Nearest residents on grids.

    Returns
    -------
    DataFrame
        The columns of `SENSITIVITY`, of the latest year of each city: `residents` of cells that have a type both ways,
        `changed_share` of them in another type. `changed` is the weight of one group doubled, all cut-offs moved by two
        hundredths of the residents up or down, half or twice the nearest residents (grids), or persons drawn anew: each
        cell's counts binomial with the share of its surroundings, by the same standards (the mean of five draws).

    Notes
    -----
    Each change makes new standards at the baseline, but for the persons drawn anew. Where a share is the same in all
    surroundings, there are no standards, and no rows.
    """
    panels = panels_of(panels)
    years, _ = shared_years(panels, list(DIMENSIONS))
    if not years:
        return ordered(pd.DataFrame(columns=list(SENSITIVITY)), SENSITIVITY, ["city"])
    first = min(own[0] for own in years.values()) if year is None else year
    latest = [panel.at([years[panel.city][-1]]) for panel in panels if years.get(panel.city, (0,))[-1] in panel.years]

    def joined(size):
        """The cities at the baseline, and in their latest year."""
        return (
            joined_by_city(panels, list(DIMENSIONS), size, years=(first,)),
            joined_by_city(latest, list(DIMENSIONS), size),
        )

    before, after = joined(k)
    if not before:
        return ordered(pd.DataFrame(columns=list(SENSITIVITY)), SENSITIVITY, ["city"])
    try:
        fixed = fixed_by(before, DIMENSIONS, PARTS, k)
    except Alike:
        return ordered(pd.DataFrame(columns=list(SENSITIVITY)), SENSITIVITY, ["city"])
    plain = typed(after, fixed)
    rows = []
    for label, given in _choices():
        other = fixed_by(before, given.get("weights", DIMENSIONS), given.get("parts", PARTS), k)
        rows += _compared(plain, [typed(after, other)], label)
    for size in (k / 2, 2 * k) if any(own.cell_size_m is not None for own in after.values()) else ():
        one, other = joined(size)
        with contextlib.suppress(Alike):
            wider = typed(other, fixed_by(one, DIMENSIONS, PARTS, size))
            rows += _compared(plain, [wider], f"{size:g} nearest residents")
    rng = np.random.default_rng([seed, first])
    drawn = [joined_by_city(_drawn(latest, after, rng), list(DIMENSIONS), k) for _ in range(DRAWS)]
    rows += _compared(plain, [typed(cities, fixed) for cities in drawn], CHANCE)
    return ordered(pd.DataFrame(rows, columns=list(SENSITIVITY)), SENSITIVITY, ["city", "year", "changed"])


def _choices():
    """What else might have been chosen of the standards: (in words, what `fixed_by` takes)."""
    for name in DIMENSIONS:
        yield f"weight of {name} doubled", {"weights": DIMENSIONS | {name: 2 * DIMENSIONS[name]}}
    for word, shift in (("wider ends", SHIFT), ("narrower ends", -SHIFT)):
        middle = len(PARTS) / 2
        parts = tuple(part + shift * (1 if at < middle else -1) for at, part in enumerate(PARTS))
        yield f"cut-offs: {word} by {SHIFT:g} of the residents", {"parts": parts}


def _drawn(panels, cities, rng):
    """The panels with counts drawn anew, each cell's with the share of the group round it."""
    found = []
    for panel in panels:
        counts = panel.counts
        for name in panel.named_groups:
            if name in cities[panel.city].share:
                counts = _drawn_counts(panel, counts, name, cities[panel.city], rng)
        found.append(replace(panel, counts=counts))
    return found


def _drawn_counts(panel, counts, name, own, rng):
    """Counts in which the group's are drawn anew; the last other group, the rest if there is one, takes the others."""
    at = panel.groups.index(name)
    rest = max(other for other in range(len(panel.groups)) if other != at)
    place = np.searchsorted(own.cells, panel.cells)
    share = np.stack([own.share[name][own.years.index(year)][place] for year in panel.years])
    room = counts[..., at] + counts[..., rest]
    likely = np.nan_to_num(share) * counts.sum(axis=-1) / np.maximum(room, 1)
    counts = np.array(counts)
    counts[..., at] = rng.binomial(room.astype(int), np.clip(likely, 0, 1))
    counts[..., rest] = room - counts[..., at]
    return counts


def _compared(plain, others, label):
    """Of each city the residents with a type both ways, and the mean share of them in another type."""
    for city, own in plain.groupby("city"):
        own = own.set_index("cell")
        shares, people = [], 0
        for other in others:
            kind = other[other["city"] == city].set_index("cell")["type"].reindex(own.index, fill_value=0)
            both = (own["type"] > 0) & (kind > 0)
            people = int(own.loc[both, "residents"].sum())
            changed = int(own.loc[both & (kind != own["type"]), "residents"].sum())
            shares.append(changed / people if people else np.nan)
        yield {
            "city": city,
            "year": int(own["year"].iloc[0]),
            "changed": label,
            "residents": people,
            "changed_share": float(np.mean(shares)),
            "note": own["note"].iloc[0],
        }
