"""From how many cells and members on a value is told."""

import numpy as np

from segindex.standings import groups_of, shown

MIN_CELLS = 20
MIN_GROUP = 100
REFUSALS = ("small_group", "small_rest", "few_cells", "would_tell")
"""Why the values of a group are not published; "would_tell": they tell those of another that are not."""
NUMBERS = (
    *("value", "expected", "corrected", "low", "high", "lower_bound", "upper_bound", "detectable_change"),
    *("identified_lower", "identified_upper"),
)
"""The columns of the results that tell of the group."""

EVERY = "all"
PLACE = ["city", "classification", "year"]
OTHER = "would_tell"


def refusal(n_cells, group_size, population=float("nan"), *, min_cells=MIN_CELLS, min_group=MIN_GROUP, grid):
    """Why a value is not published: "small_group", "small_rest", "few_cells", or "" where it is.

    Two groups that make up a base share their values: a group that nearly everybody belongs to tells those of the few
    who do not. So all others (`population` less the group) are judged as the group is; NaN judges the group alone.
    The number of cells counts for grids alone: a small city has few postal areas, and their data are public.

    >>> refusal(19, 500, grid=True), refusal(19, 500, grid=False), refusal(400, 99, grid=True)
    ('few_cells', '', 'small_group')
    >>> refusal(400, 9960, 10000, grid=True)
    'small_rest'
    """
    if group_size < min_group:
        return "small_group"
    if population - group_size < min_group:
        return "small_rest"
    return "few_cells" if grid and n_cells < min_cells else ""


def published(rows, withheld=frozenset(), *, min_cells, min_group, grid):
    """The rows of the results with a column `refused`; a refused row has no numbers left.

    Rows of all groups at once are judged by `group_size` alone. `withheld` is what `withheld` finds.
    """
    refused = [
        refusal(n_cells, size, rest, min_cells=min_cells, min_group=min_group, grid=grid)
        for n_cells, size, rest in zip(rows["n_cells"], rows["group_size"], _bases(rows))
    ]
    if withheld:
        keys = zip(*(rows[name] for name in (*PLACE, "group")))
        refused = [own or (OTHER if key in withheld else "") for own, key in zip(refused, keys)]
    rows = rows.assign(refused=refused)
    there = [name for name in NUMBERS if name in rows]
    numbers = rows[there].astype(float)
    numbers[rows["refused"].to_numpy() != ""] = np.nan
    return rows.assign(**numbers)


def withheld(results, min_group=MIN_GROUP):
    """The groups that are not published because they would tell another: {(city, classification, year, group)}.

    Where the groups of a classification make up its base, or nearly so, one that is refused is the base less the
    others. Then the smallest of the others are withheld too, until all that is not told would itself be large enough
    to publish. The base stays: without it no group could have its share, and it is known from elsewhere.
    """
    rows = shown(results)
    every = rows[rows["group"] == EVERY].drop_duplicates([*PLACE, "note"])
    together = every.groupby(PLACE)["note"].agg(lambda own: {groups_of(note, "groups") for note in own})
    rows = rows[rows["group"] != EVERY].drop_duplicates([*PLACE, "group"])
    found = set()
    for place, own in rows.groupby(PLACE, sort=False):
        for groups in {*together.get(place, ()), tuple(own["group"])}:
            part = own[own["group"].isin(groups)].set_index("group")
            found |= {(*place, group) for group in _second(part, min_group)}
    return frozenset(found)


def _second(rows, min_group):
    """The groups withheld for the sake of others, of groups that share no member; none where they do share some."""
    sizes = rows["group_size"].astype(float).sort_values(kind="stable")
    left = rows["population"].max() - sizes.sum()
    hidden = [size for size, base in zip(rows["group_size"], rows["population"]) if min(size, base - size) < min_group]
    found, told = [], left + sum(hidden)
    for group, size in sizes.items():
        if not hidden or left < 0 or told >= min_group:
            break
        if min(size, rows["population"][group] - size) >= min_group:
            found.append(group)
            told += size
    return found


def _bases(rows):
    """The base of each row, of which others than the group are judged; NaN of all groups at once."""
    base = rows["population"].astype(float)
    return base.mask(rows["group"] == EVERY) if "group" in rows else base
