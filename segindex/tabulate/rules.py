"""Lists and types of areas by a rule that stands as data: a row an area, year and list, with what decided it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings, did_you_mean
from segindex.rules import read_rules, with_cut_offs
from segindex.schema import VERDICTS, ordered
from segindex.tabulate.asked import listed
from segindex.tabulate.notes import joined
from segindex.typology import cut_points
from segindex.typology.rules import (
    Verdict,
    at_least,
    compared,
    mean_of_shares,
    mean_of_years,
    types_between,
    years_running,
)

LONG = ("variable", "value")
"""Columns of a table with a row a variable."""

LACKING = " (not in the table: {})"


def apply_rules(frame, rules="denmark", *, columns=None, lists=None, cut_offs=None):
    """Which areas a rule would put on its lists, or into its types: a row an area, year and list.

    The rules that come with segindex are foreign practice: the lists of Danish law and the structure of Sweden's five
    area types. No edition applies them, and no Finnish authority has adopted them: the note of each row says so.

    Parameters
    ----------
    frame : DataFrame
        A row an area and year, with the columns `area`, `year`, those of the criteria, and `residents` where a list
        asks for a number of them; or a row an area, year and variable, with the columns `area`, `year`, `variable`,
        `value`. Shares are 0 to 1; empty is unknown.
    rules : str or Path
        "denmark", "sweden", or the path of a file of the same form that ends in ".toml".
    columns : dict of str to str, optional
        Where the table calls a column otherwise: the rule's name for it, and the table's.
    lists : str or list of str, optional
        Lists and types to give; all if left out.
    cut_offs : dict or list of float, optional
        Other cut-offs, by criterion; a list, or that under "types", are those between the types, in descending order.

    Returns
    -------
    DataFrame
        The columns of `VERDICTS`. `verdict` is "yes", "no", or "unknown" where what is not known could turn it. `n_met`
        of `n_known` of `n_criteria` criteria are met: of those that are counted, of the list that it stands on where a
        list counts none. Types have shares in their place, and no `n_met`. `note` says what decided it.

    Raises
    ------
    BadSettings
        The rules, a list, a column or a cut-off is unknown, or types have no cut-offs.
    BadData
        The table lacks all columns of the rule, holds an area and year twice, or values that are not allowed.

    Notes
    -----
    A mean of n years is known where all n are; years before the table's first are unknown. A column that the table
    lacks is unknown in every row, and the note says so: Finland's open data, for example, hold no convictions.

    Examples
    --------
    >>> import pandas as pd
    >>> area = {"area": "A", "residents": 1200, "basic_education": [0.5, 0.61], "outside_work": [0.41, 0.43]}
    >>> table = apply_rules(pd.DataFrame(area | {"year": [2023, 2024]}), lists="vulnerable_area")
    >>> table[["year", "verdict", "n_met", "n_known", "n_criteria"]].values.tolist()
    [[2023, 'unknown', 0, 1, 4], [2024, 'yes', 2, 2, 4]]
    """
    before = read_rules(rules)
    rules = before if cut_offs is None else with_cut_offs(before, cut_offs)
    names = [one.key for one in (*rules.lists, *rules.types)]
    wanted = listed(lists, "lists") or names
    for name in wanted:
        if name not in names:
            hint = did_you_mean(name, names, f"{rules.key} has {', '.join(names)}")
            raise BadSettings(f"list {name!r} is unknown; {hint}")
    data = _Data(frame, rules, columns)
    said = _said(rules, before)
    found = _lists(data, rules)
    if any(one.key in wanted for one in rules.types):
        found |= _types(data, rules)
    rows = []
    for at, year in enumerate(data.years):
        for i, area in enumerate(data.areas):
            if data.present[at, i]:
                rows += [
                    {"area": area, "year": year, "list": name}
                    | found[name].row(at, i)
                    | {"note": joined(data.notes.get((area, year), ""), said, found[name].why(at, i))}
                    for name in names
                    if name in wanted
                ]
    return ordered(pd.DataFrame(rows, columns=list(VERDICTS)), VERDICTS, ["area", "year"])


def rule_cut_offs(frame, rules="sweden", *, year, parts, columns=None):
    """Cut-offs between the types of a rule, fixed at a baseline year of a table of one's own.

    Parameters
    ----------
    frame, rules, columns
        As `apply_rules` takes them; `residents` weighs the areas.
    year : int
        The baseline.
    parts : list of float
        Of the residents, in ascending order, one fewer than types: above each cut-off lives at most that part.

    Returns
    -------
    list of float
        In descending order, for `cut_offs` of `apply_rules`. They are those of this table, not those that the rule's
        own country uses.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"area": list("abcde"), "year": 2020, "residents": 100})
    >>> for name in ("low_economic_standard", "basic_education", "support_or_unemployed"):
    ...     frame[name] = [0.5, 0.4, 0.3, 0.2, 0.1]
    >>> rule_cut_offs(frame, year=2020, parts=[0.2, 0.4, 0.6, 0.8])
    [0.4, 0.3, 0.2, 0.1]
    """
    rules = read_rules(rules)
    if not rules.types:
        raise BadSettings(f"{rules.key} has no types; its cut-offs are its own")
    if len(parts) != len(rules.types) - 1 or list(parts) != sorted(set(parts)) or not 0 < min(parts) <= max(parts) < 1:
        allowed = f"{len(rules.types) - 1} ascending numbers between 0 and 1"
        raise BadSettings(f"parts are {list(parts)}; allowed are {allowed}")
    data = _Data(frame, rules, columns)
    if year not in data.years or not data.present[data.years.index(year)].any():
        raise BadSettings(f"year {year} is not in the table; it has {', '.join(map(str, data.years))}")
    people = data.values("residents")[data.years.index(year)]
    value = mean_of_shares(_shares(data, rules))[data.years.index(year)]
    cuts = cut_points(np.where(np.isnan(people), np.nan, value), np.nan_to_num(people), parts).round(12)
    if not (np.diff(cuts) < 0).all():
        raise BadData(f"year {year}: the areas do not part into {len(rules.types)} types; cut-offs {cuts.tolist()}")
    return cuts.tolist()


class _Data:
    """A table as arrays, years by areas; every value judged."""

    def __init__(self, frame, rules, columns):
        self.names = _names(rules, columns)
        frame = self._wide(frame) if set(frame) >= set(LONG) else frame.reset_index(drop=True)
        there = ", ".join(map(str, frame))
        for name in columns or {}:
            if self.names[name] not in frame:
                raise BadSettings(f"columns: {name} is {self.names[name]!r}, which the table lacks; it has {there}")
        own = [name for name in _columns(rules) if self.names[name] in frame]
        if not own:
            known = ", ".join(_columns(rules))
            raise BadData(f"the table has none of the columns of {rules.key}, {known}; it has {there}")
        areas, years = self._areas(frame), self._years(frame)
        again = pd.DataFrame({"area": areas, "year": years}).duplicated()
        if again.any():
            row = again.idxmax()
            raise BadData(f"area {areas[row]}, year {years[row]} stands twice; allowed is one row an area and year")
        self.areas = sorted(set(areas))
        self.years = list(range(min(years), max(years) + 1)) if len(years) else []
        self._at = [years.to_numpy() - min(years, default=0), pd.Index(self.areas).get_indexer(areas)]
        self.present = np.zeros((len(self.years), len(self.areas)), dtype=bool)
        self.present[*self._at] = True
        read = [name for name in ("residents", *own) if self.names[name] in frame]
        self._arrays = {name: self._array(frame, areas, years, name, rules) for name in read}
        notes = frame["note"].fillna("").astype(str) if "note" in frame else [""] * len(frame)
        self.notes = dict(zip(zip(areas, years), notes))

    def values(self, name):
        """The values of a column, shape (n_years, n_areas); NaN where they are not known."""
        return self._arrays.get(name, np.full(self.present.shape, np.nan))

    def has(self, name):
        """Whether the table has the column."""
        return name in self._arrays

    def _wide(self, frame):
        """A table with a row a variable as one with a column a variable."""
        keys = [self.names["area"], self.names["year"]]
        for name in keys:
            self._there(frame, name)
        again = frame.duplicated([*keys, "variable"])
        if again.any():
            area, year, name = frame.loc[again, [*keys, "variable"]].iloc[0]
            raise BadData(f"area {area}, year {year}, variable {name} stands twice; allowed is one row each")
        wide = frame.pivot(index=keys, columns="variable", values="value")
        if "note" in frame:
            wide["note"] = frame.groupby(keys)["note"].first()
        return wide.reset_index()

    def _there(self, frame, name):
        if name not in frame:
            raise BadData(f"column {name} is missing; the table has {', '.join(map(str, frame))}")

    def _areas(self, frame):
        self._there(frame, self.names["area"])
        areas = frame[self.names["area"]]
        if areas.isna().any():
            raise BadData(f"column {self.names['area']} is empty in row {areas.isna().idxmax()}")
        return areas.astype(str)

    def _years(self, frame):
        self._there(frame, self.names["year"])
        column = frame[self.names["year"]]
        years = pd.to_numeric(column, errors="coerce")
        wrong = column[years.isna() | (years % 1 != 0)]
        if len(wrong):
            raise BadData(f"column {self.names['year']} holds {wrong.iloc[0]}; allowed are whole years")
        return years.astype(int)

    def _array(self, frame, areas, years, name, rules):
        column = frame[self.names[name]]
        values = pd.to_numeric(column, errors="coerce").astype(float)
        positive, high, allowed = _bounds(name, rules)
        wrong = (values.isna() & column.notna()) | (values < 0) | (values > high) | np.isinf(values)
        wrong |= positive & (values == 0)
        if wrong.any():
            row = wrong.idxmax()
            raise BadData(
                f"column {self.names[name]}, area {areas[row]}, year {years[row]}: {column[row]}; allowed are "
                f"{allowed}, or empty"
            )
        found = np.full(self.present.shape, np.nan)
        found[*self._at] = values
        return found


def _names(rules, columns):
    """What the table calls each column that the rule knows."""
    names = {name: name for name in ("area", "year", "residents", *_columns(rules))}
    if columns is not None and not isinstance(columns, dict):
        raise BadSettings(f"columns are {columns!r}; allowed is a dict from the rule's names to the table's")
    for name in columns or {}:
        if name not in names:
            hint = did_you_mean(name, names, f"{rules.key} knows {', '.join(names)}")
            raise BadSettings(f"columns name {name!r}, which is unknown; {hint}")
    return names | (columns or {})


def _columns(rules):
    """The columns that a rule reads, in the file's order, each once."""
    own = [name for one in rules.criteria for name in (one.column, one.relative_to) if name]
    return tuple(dict.fromkeys([*own, *(one.key for one in rules.shares)]))


def _bounds(name, rules):
    """Whether 0 is refused in a column, its highest value, and the two in words."""
    references = {one.relative_to: one.measure for one in rules.criteria if one.relative_to}
    if name in references:
        return (True, 1, "shares above 0") if references[name] == "share" else (True, np.inf, "numbers above 0")
    shares = {one.column for one in rules.criteria if one.measure == "share"} | {one.key for one in rules.shares}
    return (False, 1, "shares from 0 to 1") if name in shares else (False, np.inf, "numbers from 0")


def _said(rules, before):
    """What every row says: that the practice is foreign, and which cut-offs are not the rule's own."""
    foreign = (
        f"foreign practice ({rules.country}): no classification of Finnish areas" if rules.foreign_practice else ""
    )
    own = [f"{one.key} {one.cut:g}" for one, was in zip(rules.criteria, before.criteria) if one.cut != was.cut]
    if rules.cut_offs != before.cut_offs:
        own.append(f"types {', '.join(f'{cut:g}' for cut in rules.cut_offs)}")
    return joined(foreign if rules.foreign_practice else "", f"cut-offs as given: {', '.join(own)}" if own else "")


class _Found(NamedTuple):
    """The verdict of a list in every year and area, the criteria that are counted, and all that decided it by name."""

    verdict: Verdict
    counted: list
    parts: list
    heads: dict

    def row(self, at, i):
        """The columns of one area and year."""
        met = sum(int(one.yes[at, i]) for _, one in self.counted)
        return {
            "verdict": _word(self.verdict, at, i),
            "n_met": met if "yes" in self.heads else pd.NA,
            "n_known": met + sum(int(one.no[at, i]) for _, one in self.counted),
            "n_criteria": len(self.counted),
        }

    def why(self, at, i):
        """What is met, not met and unknown, in this order."""
        names = {word: [] for word in self.heads}
        for name, one in self.parts:
            names.get(_word(one, at, i), []).append(name)
        return joined(*(f"{head}: {', '.join(names[word])}" for word, head in self.heads.items() if names[word]))


def _word(verdict, at, i):
    return "yes" if verdict.yes[at, i] else "no" if verdict.no[at, i] else "unknown"


def _lists(data, rules):
    """What was found of every list, {key: _Found}."""
    met = {one.key: _met(data, one) for one in rules.criteria}
    named = {one.key: one.key + _lacking(data, one.column, one.relative_to) for one in rules.criteria}
    found = {}
    for one in rules.lists:
        asked, parts = [met[name] for name in one.required], []
        if one.min_residents:
            asked.append(compared(data.values("residents"), "at_least", one.min_residents))
            parts.append((f"{one.min_residents} residents" + _lacking(data, "residents"), asked[-1]))
        parts += [(named[name], met[name]) for name in (*one.required, *one.criteria)]
        if one.criteria:
            asked.append(at_least([met[name] for name in one.criteria], one.needed))
        if one.on:
            asked.append(found[one.on].verdict)
            parts.append((f"on {one.on}", asked[-1]))
        now = at_least(asked, len(asked))
        verdict = years_running(now, one.years_running)
        if one.years_running > 1:
            parts.append((f"{one.years_running} years running", verdict))
        own = [(name, met[name]) for name in one.criteria or one.required]
        counted = found[one.on].counted if one.on and not one.criteria else own
        found[one.key] = _Found(verdict, counted, parts, {"yes": "met", "no": "not met", "unknown": "unknown"})
    return found


def _lacking(data, *columns):
    """That the table lacks some of the columns, by the names that it should have them under, or "" if it has all."""
    names = [data.names[name] for name in columns if name is not None and not data.has(name)]
    return LACKING.format(", ".join(names)) if names else ""


def _met(data, criterion):
    value = mean_of_years(data.values(criterion.column), criterion.mean_of_years)
    if criterion.relative_to is None:
        return compared(value, criterion.way, criterion.cut)
    reference = mean_of_years(data.values(criterion.relative_to), criterion.mean_of_years)
    return compared(value, criterion.way, criterion.cut * reference)


def _shares(data, rules):
    return np.stack([data.values(one.key) for one in rules.shares], axis=-1)


def _types(data, rules):
    """What was found of every type, {key: _Found}; a share that is known counts as such, not as met."""
    if not rules.cut_offs:
        raise BadSettings(
            f"{rules.key} has no cut-offs between its {len(rules.types)} types: its file holds none, and none are made "
            f"up. Allowed is cut_offs=[...] with {len(rules.types) - 1} descending numbers: those that the producer "
            "publishes, or those of segindex.tabulate.rule_cut_offs(frame, year=..., parts=...), which fixes them as "
            "parts of the residents at a baseline"
        )
    shares = _shares(data, rules)
    nowhere = np.zeros(data.present.shape, dtype=bool)
    counted = [
        (one.key + ("" if data.has(one.key) else LACKING), Verdict(~np.isnan(shares[..., d]), nowhere))
        for d, one in enumerate(rules.shares)
    ]
    verdicts = types_between(mean_of_shares(shares), rules.cut_offs)
    return {
        one.key: _Found(verdict, counted, counted, {"unknown": "unknown"})
        for one, verdict in zip(rules.types, verdicts)
    }
