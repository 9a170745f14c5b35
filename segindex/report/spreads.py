"""What the report says of one city: a standing a group, the figures, and the tables of cities side by side."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segindex import wording
from segindex.facts import slug
from segindex.figures import alt, city_alt
from segindex.limits import REFUSALS
from segindex.report import notes
from segindex.report.publish import limit_of
from segindex.report.tables import DECIMALS, Cell, Table
from segindex.standings import change_of, covered, crossed, in_order, row_of, why_no_change
from segindex.verdict import LEAST_COVERAGE, STATUSES, verdict

INDEX = "dissimilarity"
HEADLINE = "low_income"
KINDS = ("types", "clusters", "trends", "change")
NUMBERS = ("value", "expected", "corrected", "low", "high")


@dataclass(frozen=True)
class Standing:
    """One group of a city: its size, D and isolation in its latest year, and the change of D since the baseline.

    Numbers that are not published are NaN, and `refused` says why; `reason` says why the status cannot be said.
    `coverage` is that of the latest year, `residents` and `n_cells` are those of the city in the year, protected ones
    included.
    """

    group: str
    classification: str
    year: int
    baseline: int | None
    residents: float
    n_cells: float
    population: float
    group_size: float
    share: float
    value: float
    expected: float
    corrected: float
    low: float
    high: float
    isolation: float
    change: float
    change_low: float
    change_high: float
    q: float
    status: str
    reason: str
    coverage: float
    refused: str
    note: str
    change_note: str


@dataclass(frozen=True)
class Spread:
    """One city: its standings, and what its figures show.

    `figures` names the files of each kind of figure, "" where there is none; `type_shares` holds the residents' shares
    by area type {year: {type: share}}; `rows` the city's and the other cities' values of D over the years.
    """

    city: str
    standings: tuple[Standing, ...]
    figures: dict[str, str]
    headline: str
    cell_size_m: float | None
    rows: pd.DataFrame
    type_map: object
    type_year: int | None
    type_shares: dict
    cluster_map: object
    breaks: dict[str, tuple[int, ...]]
    defined: dict

    def standing(self, group):
        """The standing of a group, or None."""
        return next((one for one in self.standings if one.group == group), None)

    def figure_text(self, kind, language):
        """The title and the text alternative of a figure of the city, as its files have them."""
        named = {"city": self.city, "language": language, "defined": self.defined}
        if kind == "types":
            title = alt.type_map_title(self.type_map.types, **named)
            return title, alt.type_map_alt(self.type_map.types, year=self.type_year, **named)
        if kind == "clusters":
            named |= {
                "group": wording.group_name(self.headline, language, self.defined),
                "classification": self.standing(self.headline).classification,
            }
            words = alt.clusters_alt(self.cluster_map.classes, year=self.cluster_map.year, **named)
            return alt.clusters_title(self.cluster_map.classes, **named), words
        if kind == "trends":
            own = self.rows[self.rows["city"] == self.city]
            return city_alt.trends_title(own, index=INDEX, **named), city_alt.trends_alt(own, index=INDEX, **named)
        rows = standings_frame(self)
        return city_alt.changes_title(rows, **named), city_alt.changes_alt(rows, **named)


def spreads(material, sections, types):
    """One spread a city, in the programme's order.

    `sections` are the report's groups, `types` what its figures of area types show, or None.
    """
    found = []
    for city in in_order({city for section in sections for city in section.cities}):
        own = [section for section in sections if city in section.cities]
        standings = tuple(_standing(material, section, city) for section in own)
        headline = next((one for one in own if one.group == HEADLINE), own[0])
        cluster_map = next((place for place in headline.maps if place.city == city and not place.absent), None)
        type_map = next((p for p in (types.maps if types else ()) if p.city == city and not p.absent), None)
        rows = _over_the_years(own)
        valued = rows[(rows["city"] == city) & rows["value"].notna()]
        shown = {
            "types": type_map.name if type_map else "",
            "clusters": cluster_map.name if cluster_map else "",
            "trends": f"city_trends_{slug(city)}" if len(valued) else "",
            "change": f"city_changes_{slug(city)}" if any(one.baseline for one in standings) and len(valued) else "",
        }
        found.append(
            Spread(
                city=city,
                standings=standings,
                figures=shown,
                headline=headline.group,
                cell_size_m=headline.cell_size_m,
                rows=rows,
                type_map=type_map,
                type_year=types.year if types else None,
                type_shares=_type_shares(types, city),
                cluster_map=cluster_map,
                breaks={one.classification: one.breaks.get(city, ()) for one in own},
                defined=material.defined,
            )
        )
    return found


def _over_the_years(sections):
    """The plain rows of D of all cities and groups, without what is not published."""
    parts = [one.rows[INDEX] for one in sections if INDEX in one.rows]
    columns = ["city", "year", "classification", "group", "value", "expected", "corrected", "low", "high", "note"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[[*columns[:4], "index", *columns[4:], "order"]]


def _type_shares(types, city):
    if types is None:
        return {}
    rows = types.rows[(types.rows["city"] == city) & types.rows["year"].isin((types.baseline, types.year))]
    return {
        int(year): {int(kind): float(share) for kind, share in zip(part["type"], part["residents_share"])}
        for year, part in rows.groupby("year")
    }


def _standing(material, section, city):
    now, then = (row_of(section.rows.get(INDEX), city, year) for year in (section.year, section.baseline))
    alone = row_of(section.rows.get("isolation"), city, section.year)
    first = now if now is not None else alone
    published = first is not None and not first["refused"]
    size, population = (first[name] if published else np.nan for name in ("group_size", "population"))
    rests_on = {
        year: covered(material.coverage, city, section.classification, year)
        for year in (section.year, section.baseline)
        if year is not None
    }
    numbers = {name: np.nan if now is None else float(now[name]) for name in NUMBERS}
    change = change_of(section.changes, INDEX, city, now, then)
    broken = section.baseline is not None and crossed(section.breaks.get(city, ()), section.baseline, section.year)
    status, reason = verdict(
        *(change[name] for name in ("change", "low", "high")),
        q=change["q"],
        coverage=np.min([row["coverage"] for row in rests_on.values()]),
        broken=broken,
    )
    if reason == "no_value":
        reason = why_no_change(section.baseline, now, then)
    return Standing(
        group=section.group,
        classification=section.classification,
        year=section.year,
        baseline=section.baseline,
        residents=rests_on[section.year]["residents"],
        n_cells=rests_on[section.year]["n_cells"],
        population=population,
        group_size=size,
        share=size / population if published else np.nan,
        **numbers,
        isolation=np.nan if alone is None else float(alone["value"]),
        change=change["change"] if not broken else np.nan,
        change_low=change["low"] if not broken else np.nan,
        change_high=change["high"] if not broken else np.nan,
        q=change["q"],
        status=status,
        reason=reason,
        coverage=rests_on[section.year]["coverage"],
        refused="no_rows" if first is None else first["refused"],
        note="" if now is None else now["note"],
        change_note=change["note"],
    )


def standings_frame(spread):
    """The changes of a city as the figure and its csv show them: one row a group."""
    rows = [
        {
            "city": spread.city,
            "classification": one.classification,
            "group": one.group,
            "index": INDEX,
            "first_year": one.baseline,
            "last_year": one.year,
            "change": one.change,
            "low": one.change_low,
            "high": one.change_high,
            "status": one.status,
            "reason": one.reason,
            "note": one.note,
        }
        for one in spread.standings
    ]
    return pd.DataFrame(rows)


def standings_table(spread, material, language, counter):
    """The groups of a city: size, D beside chance, isolation, the change since the baseline and its status."""
    city = wording.city_name(spread.city, language, material.defined)
    table = Table(
        wording.text(language, "spread.caption", n=counter.next(), city=city),
        [wording.text(language, "spread.group"), *_heads(spread.standings, language)],
        remarks=[wording.text(language, key) for key in ("spread.explain", "status.explain")],
    )
    for one in spread.standings:
        name = wording.sentence_case(wording.group_name(one.group, language, material.defined))
        table.add(name, *_cells(table, one, material, language))
    return table


def own_cities(material, language):
    """What is called a city, in a sentence, where the settings define some; none else."""
    names = [wording.city_name(city, language, material.defined) for city in material.own_cities]
    return [wording.text(language, "how.own_cities", cities=", ".join(names))] if names else []


def side_by_side(found, material, language, counter):
    """The cities side by side: which changed how, by group, then a table a group."""
    standings = {}
    for spread in found:
        for one in spread.standings:
            standings.setdefault(one.group, {})[spread.city] = one
    tables = [_overview(standings, material, language, counter)]
    for group, of_city in standings.items():
        name = wording.sentence_case(wording.group_name(group, language, material.defined))
        table = Table(
            wording.text(language, "spread.caption_group", n=counter.next(), group=name),
            [wording.text(language, "group.city"), *_heads(of_city.values(), language)],
        )
        for city, one in of_city.items():
            table.add(wording.city_name(city, language, material.defined), *_cells(table, one, material, language))
        tables.append(table)
    return tables


def _overview(standings, material, language, counter):
    """The cities of each status, a row a group."""
    table = Table(
        wording.text(language, "spread.caption_overview", n=counter.next()),
        [wording.text(language, "spread.group"), *(status_words(status, language) for status in STATUSES)],
        text_columns=1 + len(STATUSES),
        remarks=[wording.text(language, "status.explain")],
    )
    for group, of_city in standings.items():
        cells = []
        for status in STATUSES:
            cities = [
                wording.city_name(city, language, material.defined)
                for city, one in of_city.items()
                if one.status == status
            ]
            nobody = Cell(wording.NO_VALUE, "", wording.text(language, "status.no_city"))
            cells.append(Cell(", ".join(cities)) if cities else nobody)
        table.add(wording.sentence_case(wording.group_name(group, language, material.defined)), *cells)
    return table


def status_words(status, language):
    """A status in words."""
    return wording.text(language, f"status.{status}")


def _heads(standings, language):
    years = {(one.baseline, one.year) for one in standings}
    several = [wording.text(language, "spread.years")] if len(years) > 1 else []
    first, last = next(iter(years))
    if several or first is None:
        change = wording.text(language, "spread.change")
    else:
        change = wording.text(language, "spread.change_years", first=first, last=last)
    keys = ("share", "value", "expected", "corrected", "isolation")
    return [
        *several,
        *(wording.text(language, f"spread.{key}") for key in keys),
        change,
        wording.text(language, "spread.status"),
    ]


def _cells(table, one, material, language):
    """The cells of a standing, without its name; years only where `_heads` has them."""
    years = [str(one.year) if one.baseline is None else f"{one.baseline}, {one.year}"]
    has_years = wording.text(language, "spread.years") in table.head
    cells = years if has_years else []
    status = Cell(status_words(one.status, language), _why(table, one, material, language))
    if one.refused:
        dash = table.dash(reason_words(one.refused, material, language))
        return [*cells, *[dash] * 6, status]
    value, expected, isolation = (_number(table, it, language) for it in (one.value, one.expected, one.isolation))
    corrected = _with_interval(table, one.corrected, one.low, one.high, language)
    shown = [wording.percent(one.share, language), value, expected, corrected, isolation]
    if np.isnan(one.change):
        shown.append(table.dash(reason_words(one.reason, material, language)))
    else:
        words = wording.change_and_ends(one.change, one.change_low, one.change_high, language, DECIMALS)
        marks = "".join(map(table.mark, notes.sentences(notes.without_breaks(one.change_note), language)))
        shown.append(Cell(wording.text(language, "changes.interval", **words), marks))
    return [*cells, *shown, status]


def _number(table, value, language):
    missing = np.isnan(value)
    return (
        table.dash(wording.text(language, "caveat.no_index")) if missing else wording.number(value, language, DECIMALS)
    )


def _with_interval(table, value, low, high, language):
    if np.isnan(value):
        return table.dash(wording.text(language, "status.reason_no_interval"))
    words = wording.number(value, language, DECIMALS)
    if not np.isnan(low):
        words += " ({}–{})".format(*(wording.number(end, language, DECIMALS) for end in (low, high)))
    return Cell(words)


def _why(table, one, material, language):
    """The letters of why a status cannot be said, or why a change is not called one."""
    if one.status == "cannot_say":
        return table.mark(reason_words(one.reason, material, language))
    if one.status == "no_clear_change" and not one.change_low <= 0 <= one.change_high:
        return table.mark(wording.text(language, "status.one_of_many", q=wording.number(one.q, language, 2)))
    return ""


def reason_words(reason, material, language):
    """Why something cannot be said, as a sentence."""
    if reason in (*REFUSALS, "no_rows"):
        return wording.text(language, f"caveat.{reason}", **limit_of(reason, material))
    if reason == "coverage":
        return wording.text(language, "status.reason_coverage", limit=wording.percent(LEAST_COVERAGE, language, 0))
    return wording.text(language, f"status.reason_{reason}")
