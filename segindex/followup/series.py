"""An indicator over the years of a city: its values, what they rest on, and the change since the baseline."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segindex.facts import groups
from segindex.followup.indicators import TYPES
from segindex.limits import published
from segindex.standings import (
    BREAK,
    baseline_of,
    breaks,
    change_of,
    changes_between,
    covered,
    crossed,
    in_order,
    latest_release,
    row_of,
    series,
    why_no_change,
)

ALWAYS = ("dissimilarity", "isolation")
"""The indices whose years, beside the indicator's own, say which is the latest and which the baseline."""

PARTS = {
    "structural": ("structural",),
    "margins": ("group_marginal", "unit_marginal"),
    "appeared": ("additions", "removals"),
}
"""What a card says that a change is made of, and the terms of the table of changes that each is the sum of."""

OF_TYPES = ("low_income", "basic_education", "unemployed")
"""The groups that area types are made from."""

FEWEST_TYPED = 3
"""Cells of a grid from which the share of residents in an area type is told."""

COLUMNS = (
    *("year", "value", "as_it_is", "expected", "low", "high", "group_share", "coverage", "refused", "source"),
    *("reference_date", "note"),
)
EMPTY = {"refused": "no_rows", "source": "", "reference_date": "", "note": ""}
NO_CHANGE = {"change": np.nan, "low": np.nan, "high": np.nan, "q": np.nan, "note": ""}


@dataclass(frozen=True)
class Series:
    """An indicator in a city.

    `rows` has the columns of `COLUMNS`, one row a year: `value` is what the indicator follows, the corrected value of
    an index. `year` is the latest year of all cities, `baseline` the year that changes count from, None where there is
    but one year. `change` holds change, low, high, q and note; `parts` the sums of `PARTS`, NaN where not known.
    `missing` says why, where there is no change.
    """

    indicator: object
    city: str
    classification: str
    cluster_size: float
    year: int
    baseline: int | None
    breaks: tuple[int, ...]
    rows: pd.DataFrame
    change: dict
    parts: dict
    missing: str

    def at(self, year):
        """The row of a year, or one without numbers."""
        own = self.rows[self.rows["year"] == year] if year is not None else self.rows.iloc[:0]
        return own.iloc[0] if len(own) else pd.Series(dict.fromkeys(COLUMNS, np.nan) | EMPTY)

    @property
    def broken(self):
        """Whether a break lies between the baseline and the latest year."""
        return self.baseline is not None and crossed(self.breaks, self.baseline, self.year)

    @property
    def coverage(self):
        """The lower coverage of the baseline and the latest year; NaN where one is not known."""
        years = [self.year, *([] if self.baseline is None else [self.baseline])]
        return float(np.min([self.at(year)["coverage"] for year in years]))

    def path(self, year):
        """What the value of a year is on the straight way from the baseline to the target; NaN where there is none."""
        goal, until = self.indicator.target, self.indicator.target_year
        if goal is None or self.baseline is None or year < self.baseline:
            return np.nan
        start = float(self.at(self.baseline)["value"])
        if year >= until:
            return float(goal)
        return start + (goal - start) * (year - self.baseline) / (until - self.baseline)


def followed(indicator, tables, *, baseline=None, min_cells, min_group, cell_size_m=None):
    """The series of an indicator, one a city in the programme's order; none where the tables do not have it."""
    if indicator.measure == "types_1_2":
        return _of_types(tables, indicator, baseline, cell_size_m)
    results, group = tables["results"], indicator.group
    own = results[results["group"] == group]
    keys = [key for key in dict.fromkeys((*ALWAYS, indicator.index)) if (own["index"] == key).any()]
    if not keys or (indicator.measure == "index" and indicator.index not in keys):
        return []
    classification = own["classification"].iloc[0]
    limits = {
        "min_cells": min_cells,
        "min_group": min_group,
        "grid": on_grid(tables.get("cells"), classification, cell_size_m),
    }
    plain = {key: published(series(own, key, group), **limits) for key in keys}
    years = sorted({int(year) for part in plain.values() for year in part["year"]})
    coverage = tables["coverage"]
    broken = breaks(coverage, classification)
    first = baseline_of(plain, years, broken, baseline)
    rows = plain[indicator.index if indicator.measure == "index" else keys[0]]
    changes = changes_between(tables.get("changes"), group, first, years[-1])
    found = []
    for city in in_order(pd.concat(plain.values())["city"]):
        table = _table(indicator, rows[rows["city"] == city], coverage, city, classification)
        one = {
            "indicator": indicator,
            "city": city,
            "classification": classification,
            "cluster_size": _cluster_size(rows, city),
            "year": years[-1],
            "baseline": first,
            "breaks": broken.get(city, ()),
            "rows": table,
        }
        now, then = (row_of(rows, city, year) for year in (years[-1], first))
        if indicator.measure == "index":
            known = changes[(changes["term"] == "corrected") & changes["change"].notna()]
            change = change_of(known, indicator.index, city, now, then)
            parts = _parts(changes, indicator.index, city, now, then)
            missing = why_no_change(first, now, then)
        else:
            change, parts, missing = _plain_change(table, years[-1], first)
        change = {name: change[name] for name in NO_CHANGE}
        found.append(Series(**one, change=change, parts=parts, missing=missing))
    return found


def on_grid(cells, classification, cell_size_m=None):
    """Whether the cells of a classification are those of a grid, as its latest year in the table of cells has them.

    `cell_size_m` is their side where that table lacks them; None means areas.
    """
    own = None if cells is None else cells[cells["classification"] == classification]
    if own is None or not len(own):
        return cell_size_m is not None
    return bool(own.sort_values("year", kind="stable")["cell_size_m"].notna().iloc[-1])


def _cluster_size(rows, city):
    sizes = rows.loc[rows["city"] == city, "cluster_size"]
    return float(sizes.iloc[-1]) if len(sizes) else np.nan


def _table(indicator, rows, coverage, city, classification):
    """The rows of a city as a series has them."""
    rests = [covered(coverage, city, classification, year) for year in rows["year"]]
    told = (rows["refused"] == "").to_numpy()
    share = (rows["group_size"] / rows["population"]).where(told)
    of_index = indicator.measure == "index"
    nothing = np.full(len(rows), np.nan)
    return pd.DataFrame(
        {
            "year": rows["year"].to_numpy(int),
            "value": (rows["corrected"] if of_index else share).to_numpy(float),
            "as_it_is": (rows["value"] if of_index else share).to_numpy(float),
            **{name: rows[name].to_numpy(float) if of_index else nothing for name in ("expected", "low", "high")},
            "group_share": share.to_numpy(float),
            "coverage": [float(one["coverage"]) for one in rests],
            "refused": rows["refused"].to_numpy(str),
            **{name: [str(one.get(name, "")) for one in rests] for name in ("source", "reference_date")},
            "note": rows["note"].fillna("").to_numpy(str),
        },
        columns=list(COLUMNS),
    )


def _plain_change(rows, year, first):
    """The change of a share, which has no interval, its parts, and why there is none."""
    now, then = (row_of(rows.assign(city=""), "", at) for at in (year, first))
    known = now is not None and then is not None
    change = float(now["value"] - then["value"]) if known else np.nan
    return NO_CHANGE | {"change": change}, dict.fromkeys(PARTS, np.nan), why_no_change(first, now, then)


def _parts(changes, index, city, now, then):
    """What the change is made of, net of chance where that is known; without numbers where a value is not published."""
    rows = changes[(changes["index"] == index) & (changes["city"] == city)]
    terms = rows[rows["term"].isin([term for each in PARTS.values() for term in each])]
    net = bool(terms["net"].any())
    by_term = terms[terms["net"] == net].set_index("term")["change"]
    hidden = any(row is None or np.isnan(row["value"]) for row in (now, then))
    return {
        name: np.nan if hidden else float(by_term.reindex(list(each)).sum(min_count=len(each)))
        for name, each in PARTS.items()
    }


def _of_types(tables, indicator, baseline, cell_size_m):
    """The share of the residents in area types 1 and 2, by the cut-offs of all cities."""
    types = tables.get("types")
    if types is None or not len(types):
        return []
    types = types[types["extent"] == "cities"]
    years = sorted({int(year) for year in types["year"]})
    coverage = tables["coverage"]
    used = [groups()[name].classification for name in OF_TYPES]
    grid = any(on_grid(tables.get("cells"), one, cell_size_m) for one in used)
    plain = {city: _type_table(types[types["city"] == city], coverage, city, used, grid) for city in set(types["city"])}
    noted = types[types["note"].fillna("").str.contains(BREAK, regex=False)]
    broken = {city: tuple(sorted(set(map(int, part["year"])))) for city, part in noted.groupby("city")}
    every = pd.concat([table.assign(city=city) for city, table in sorted(plain.items())])
    first = baseline_of({"types": every}, years, broken, baseline)
    found = []
    for city in in_order(plain):
        change, parts, missing = _plain_change(plain[city], years[-1], first)
        found.append(
            Series(
                indicator=indicator,
                city=city,
                classification="",
                cluster_size=np.nan,
                year=years[-1],
                baseline=first,
                breaks=broken.get(city, ()),
                rows=plain[city],
                change=change,
                parts=parts,
                missing=missing,
            )
        )
    return found


def _type_table(rows, coverage, city, used, grid):
    own = coverage[(coverage["city"] == city) & coverage["classification"].isin(used)]
    own = own[own["release"] == latest_release(own)] if len(own) else own
    found = []
    for year, part in rows.groupby("year"):
        worst, unknown = part["type"].isin(TYPES), part["type"] == 0
        few = grid and 0 < part.loc[worst, "n_cells"].sum() < FEWEST_TYPED
        share = np.nan if few else float(part.loc[worst, "residents_share"].sum())
        rests = own[own["year"] == year]
        told = {name: "; ".join(sorted(set(rests[name].astype(str)))) for name in ("source", "reference_date")}
        found.append(
            dict.fromkeys(COLUMNS, np.nan)
            | {
                "year": int(year),
                "value": share,
                "as_it_is": share,
                "coverage": 1 - float(part.loc[unknown, "residents_share"].sum()),
                "refused": "few_cells" if few else "",
                **told,
                "note": part["note"].iloc[0],
            }
        )
    return pd.DataFrame(found, columns=list(COLUMNS))
