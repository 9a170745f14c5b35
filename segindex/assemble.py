"""Deliveries to panels: which groups a source gives, city by city, over all its releases or years."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.facts import cities, city_named, classifications, groups, terms
from segindex.grid import assemble_panel


@dataclass(frozen=True)
class Counted:
    """A group as one delivery counts it."""

    group: object
    definition: object
    year: int
    date: str


def chosen_groups(keys=None, defined=()):
    """The groups by key: those named, or all; `defined` (from settings) come before the known ones.

    BadSettings when a key is unknown, with the known ones.
    """
    known = groups() | {group.key: group for group in defined}
    if keys is None:
        return list(known.values())
    unknown = [key for key in keys if key not in known]
    if unknown:
        hint = did_you_mean(unknown, known.keys(), f"known are {', '.join(known)}")
        raise BadSettings(f"group {', '.join(unknown)} is unknown; {hint}")
    return [known[key] for key in known if key in set(keys)]


def given_groups(delivery, wanted):
    """The groups that a delivery has the columns of, each with the first definition that fits."""
    found = []
    for group in wanted:
        definition = next((one for one in group.definitions if set(one.columns) <= set(delivery.columns)), None)
        if definition is None:
            continue
        dates = {delivery.date(column) for column in definition.columns}
        if len(dates) > 1:
            raise BadData(
                f"{delivery.path}: the columns of group {group.key} ({', '.join(definition.columns)}) have "
                f"different reference dates {', '.join(sorted(dates))}; a group needs one"
            )
        date = dates.pop()
        found.append(Counted(group, definition, int(date[:4]), date))
    return found


def panels(deliveries, *, group=None, city=None, year=None, defined=(), every=True, taken=None):
    """One panel a city and classification from deliveries of one source.

    Parameters
    ----------
    deliveries : list of Delivery
    group, city : list of str, optional
        Keys; all that the deliveries give if left out.
    year : list of int, optional
        Statistical years.
    defined : list of Group
        Groups of the settings.
    every : bool
        Whether each group of the settings must be counted; without, one that other sources have may be lacking.
    taken : sequence of City, optional
        The cities that the deliveries were read for; the eleven if left out.

    Returns
    -------
    list of Panel
        In the order of the cities and classifications of the programme; years in which a classification has
        other groups make a panel of their own.

    Raises
    ------
    BadSettings
        A named city or year is in none of the deliveries.
    BadData
        A named group cannot be counted from the columns; two deliveries give the same year.
    """
    wanted = chosen_groups(group, defined)
    names = _chosen_cities(city, taken)
    found = [(delivery, counted) for delivery in deliveries for counted in given_groups(delivery, wanted)]
    check_given(deliveries, wanted, group or [one.key for one in defined if every])
    years = sorted({counted.year for _, counted in found})
    if year is not None:
        lacking = sorted(set(year) - set(years))
        if lacking:
            raise BadSettings(
                f"{_files(deliveries)}: statistical year {', '.join(map(str, lacking))} is not given; the groups "
                f"asked for have {', '.join(map(str, years))}"
            )
        found = [(delivery, counted) for delivery, counted in found if counted.year in set(year)]
    frames = {id(delivery): dict(list(delivery.frame.groupby("city"))) for delivery in deliveries}
    result = []
    for classification in dict.fromkeys(counted.group.classification for _, counted in found):
        for part in _alike([(d, c) for d, c in found if c.group.classification == classification]):
            own = {name: [frames[id(delivery)].get(name) for delivery, _ in part] for name in names}
            for name, rows in own.items():
                if any(frame is not None for frame in rows):
                    result += _panels_of(name, classification, part, rows)
    order = list(names)
    result.sort(key=lambda panel: order.index(panel.city))
    if city is not None:
        lacking = [name for name in names if name not in {panel.city for panel in result}]
        if lacking:
            there = sorted({name for delivery in deliveries for name in delivery.frame["city"].unique()})
            raise BadSettings(
                f"{_files(deliveries)}: city {', '.join(lacking)} is not in the file; it has {', '.join(there)}"
            )
    return result


def _chosen_cities(city, taken):
    known = list(cities()) if taken is None else [one.key for one in taken]
    if city is None:
        return known
    wanted = {city_named(name, taken or ()) for name in city}
    return [name for name in dict.fromkeys((*known, *cities())) if name in wanted]


def check_given(deliveries, wanted, asked):
    """BadData where the deliveries count none of the groups `wanted`, or lack one whose key is `asked` for."""
    given = {counted.group.key for delivery in deliveries for counted in given_groups(delivery, wanted)}
    lacking = [group for group in wanted if group.key in set(asked) and group.key not in given]
    if lacking:
        needs = "; ".join(
            f"{group.key} needs " + " or ".join(" + ".join(one.columns) for one in group.definitions)
            for group in lacking
        )
        raise BadData(
            f"{_files(deliveries)}: group {', '.join(group.key for group in lacking)} cannot be counted: {needs}; "
            f"columns found: {', '.join(sorted({name for d in deliveries for name in d.columns}))}"
        )
    if not given:
        raise BadData(
            f"{_files(deliveries)}: none of the known groups can be counted; columns found: "
            f"{', '.join(sorted({name for d in deliveries for name in d.columns}))}. "
            f"A group can be defined: --define KEY=COLUMN/BASE, or [[group]] in run.toml"
        )


def _alike(found):
    """Parts of (delivery, counted) whose years count the same groups; BadData if a year comes twice."""
    parts = {}
    for year in sorted({counted.year for _, counted in found}):
        own = [(delivery, counted) for delivery, counted in found if counted.year == year]
        several = list(dict.fromkeys((str(delivery.path), delivery.release) for delivery, _ in own))
        if len(several) > 1:
            raise BadData(
                f"{own[0][1].group.classification}, statistical year {year} comes twice: from "
                + " and ".join(f"{path} (release {release or '-'})" for path, release in several)
                + "; leave one of them out"
            )
        bases = {counted.definition.base for _, counted in own}
        if len(bases) > 1:
            raise BadSettings(
                f"{own[0][1].group.classification}: the groups {', '.join(c.group.key for _, c in own)} have "
                f"different bases ({', '.join(sorted(bases))}); groups of one classification share one: give them "
                f"classifications of their own"
            )
        parts.setdefault(tuple(counted.group.key for _, counted in own), []).extend(own)
    return list(parts.values())


def _panels_of(name, classification, found, frames):
    """One panel of all groups where protection hides them together; else one a group, each with its own mask.

    So the value of a group does not depend on which other groups were asked for.
    """
    keys = list(dict.fromkeys(counted.group.key for _, counted in found))
    tables = []
    yearly = {"releases": {}, "dates": {}, "resident_dates": {}}
    for year in sorted({counted.year for _, counted in found}):
        own = [(*pair, frame) for pair, frame in zip(found, frames) if pair[1].year == year]
        delivery, first, frame = own[0]
        if frame is None:
            continue
        tables.append(
            pd.DataFrame(
                {
                    "cell": frame["cell"].to_numpy(),
                    "x": frame["x"].to_numpy(dtype=float),
                    "y": frame["y"].to_numpy(dtype=float),
                    "year": year,
                    "total": _sum(frame, first.definition.base, delivery),
                    "residents": frame[delivery.residents].to_numpy(dtype=float),
                    "area": frame["area_m2"].to_numpy(dtype=float) if "area_m2" in frame else np.nan,
                }
                | {counted.group.key: _sum(frame, counted.definition.count, delivery) for _, counted, _ in own}
            )
        )
        yearly["releases"][year], yearly["dates"][year] = delivery.release, first.date
        yearly["resident_dates"][year] = delivery.dates.get(
            delivery.residents.split("_")[0], delivery.dates.get("*", "")
        )
    table = pd.concat(tables, ignore_index=True)
    cells = table["cell"].to_numpy(dtype=str)
    # a postal area's point moves between releases: the latest one stands
    places = table.drop_duplicates("cell", keep="last").set_index("cell")[["x", "y"]]
    xy = places.loc[table["cell"]].to_numpy()
    land = _land(table)
    masks = [table[key].isna() for key in keys]
    together = all((mask == masks[0]).all() for mask in masks)
    return [
        _in_order(
            assemble_panel(
                cells,
                table["year"].to_numpy(),
                {key: table[key].to_numpy() for key in part},
                table["total"].to_numpy(),
                xy=xy if np.isfinite(xy).all() else None,
                residents=table["residents"].to_numpy(),
                yearly=yearly,
                city=name,
                classification=classification,
                base_unit=found[0][1].group.unit,
                hidden_rule=delivery.card.hidden.get("rule", "base"),
                hidden_limit=_limit(delivery.card.hidden, found, part),
                notices=_said(found),
                area=land,
                area_kind="" if land is None else "area as the source gives it",
                source=delivery.source,
                cell_size_m=delivery.cell_size_m,
                crs=delivery.crs,
                made_up=delivery.card.made_up,
            )
        )
        for part in ([keys] if together else [[key] for key in keys])
    ]


def _limit(hidden, found, part):
    """The count under which a group's cells are hidden; None where another rule hides them, or columns are summed."""
    definitions = {counted.group.key: counted.definition for _, counted in found}
    columns = definitions[part[0]].count.split()
    if hidden.get("rule", "base") != "group" or len(part) > 1 or len(columns) > 1:
        return None
    return hidden.get("limits", {}).get(columns[0].split("_")[0])


def _land(table):
    """Area by year and cell: the year's own, else that of the next year which has the cell, else of the one before."""
    found = table.pivot(index="year", columns="cell", values="area").bfill().ffill()
    return None if found.isna().any(axis=None) else found.to_numpy()


def _in_order(panel):
    """The panel with the known order of its groups; an order's rest may be lacking, a rest that no order names not."""
    known = classifications().get(panel.classification)
    for order in known.ascending if known else ():
        own = tuple(group for group in order if group in panel.groups)
        if set(own) == set(panel.groups) and set(order) - set(own) <= {"rest"}:
            return replace(panel, ascending=own)
    return panel


def _said(found):
    """What the readers say of the deliveries, each once, with the release or year."""
    said = {}
    for delivery, counted in found:
        for notice in delivery.notices:
            where = f"{delivery.source} {delivery.release or counted.year}"
            first = f", first {', '.join(notice.first)}" if notice.first else ""
            concerns = f" ({notice.cells} cells, {notice.residents:.0f} residents{first})" if notice.cells else ""
            said[f"{where}: {notice.text}{concerns}"] = None
    return tuple(said)


def _sum(frame, text, delivery):
    result = 0
    for name, sign in terms(text):
        values = frame[name].to_numpy(dtype=float)
        broken = values % 1 > 0
        if broken.any():
            shown = ", ".join(f"{cell}: {value:g}" for cell, value in zip(frame["cell"][broken][:5], values[broken]))
            raise BadData(
                f"{delivery.path}: column {name} has {int(broken.sum())} values in {frame['city'].iloc[0]} that are "
                f"not whole, first {shown}; counts of persons or households are allowed"
            )
        result = result + sign * values
    return result


def _files(deliveries):
    return ", ".join(dict.fromkeys(str(delivery.path) for delivery in deliveries))
