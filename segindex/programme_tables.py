"""The tables on money and on follow-up: from the settings, the register of funding and the edition's other tables."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd

from segindex import followup, funding, schema, store
from segindex.edition.parts import FACTS
from segindex.edition_tables import in_named_areas
from segindex.errors import BadSettings, did_you_mean
from segindex.facts import cities
from segindex.funding.columns import TABLES as OF_FUNDING
from segindex.funding.need import latest
from segindex.funding.register import Finding, Translation
from segindex.funding.targeting import AMOUNTS, COUNTS, NEEDS
from segindex.funding.timeline import span
from segindex.sources import card

TABLES = OF_FUNDING | followup.TABLES
"""Every table of the programme: {file name without ending: columns}."""

CELLS = (
    *("city", "year", "release", "classification", "group", "index", "cell", "x", "y", "cell_size_m", "crs"),
    *("population", "group_size", "share", "hidden", "note"),
)
PERIOD = 4
"""Years of award that money is summed over: the latest one and those before it."""

KEPT = "register"
"""The folder, below the edition's, of the register as it was judged."""


def register_paths(setting):
    """The files of the register of a `FundingSetting`; none of the one that comes with the program."""
    given = setting.register
    if given == FACTS:
        return []
    return sorted(given.glob("*.csv")) if given.is_dir() else [given]


def made_up_sources(edition):
    """Whether each source of the edition says on its card that it is made up, {source: bool}."""
    return {one.name: card.beside(one.paths[0], one.name).made_up for one in edition.sources}


def judged_register(edition, called):
    """The register that the settings name, judged; `called` is what it calls its file.

    Raises
    ------
    BadSettings
        The register is made up and no source is: its numbers would stand beside real ones without the edition's mark.
        (Real channels beside made-up data are allowed: the edition then says that it is made up.)
    BadData
        The register holds faults.
    """
    given = edition.funding
    if given.register == FACTS:
        return funding.facts()
    register = funding.read_register(given.register)
    sources = made_up_sources(edition)
    if register.made_up and not any(sources.values()):
        raise BadSettings(
            f"{edition.key}: the register {called} is made-up data, and the source {', '.join(sources)} is not; "
            f"allowed is a register of real channels, or a made-up one beside made-up data"
        )
    return replace(register, file=called)


def check_groups(edition, known, called):
    """Judge that the data have the groups that the settings follow and set money beside.

    Parameters
    ----------
    edition : Edition
    known : iterable of str
        The groups of the edition's panels.
    called : str
        What messages call the file of the settings.

    Raises
    ------
    BadSettings
        No city has the group of an indicator, or that of `need`.
    """
    known = sorted(set(known) - {"rest"})
    given = [("indicator group", one.group) for one in edition.indicators if one.group]
    given += [] if edition.funding is None else [("funding need", edition.funding.need)]
    for name, group in given:
        if group not in known:
            hint = did_you_mean(group, known, f"allowed is {', '.join(known)}")
            raise BadSettings(f"{called}: {name} = {group!r}: the data have no such group; {hint}")


def register_files(register, inputs):
    """The register as an edition keeps it: its tables, and what a reader must know of where they came from.

    Parameters
    ----------
    register : Register
    inputs : dict of str to str
        The sha256 of each of its files.

    Returns
    -------
    dict of str to bytes
        By name below the edition's folder.
    """
    about = {
        "file": register.file,
        "made_up": register.made_up,
        "inputs": inputs,
        "rows": register.rows,
        "letters": register.letters,
        "translated": [asdict(one) for one in register.translated],
        "warnings": [asdict(one) for one in register.warnings],
    }
    text = json.dumps(about, sort_keys=True, indent=1, ensure_ascii=False)
    files = funding.as_csv(register) | {"about.json": f"{text}\n".encode()}
    return {f"{KEPT}/{name}": content for name, content in files.items()}


def kept_register(place):
    """The register that `register_files` gave, from the edition's folder; None where there is none."""
    folder = Path(place) / KEPT
    if not (folder / "about.json").is_file():
        return None
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    return replace(
        funding.read_register(folder),
        file=about["file"],
        translated=tuple(Translation(**one) for one in about["translated"]),
        warnings=tuple(Finding(**one) for one in about["warnings"]),
        rows={sheet: tuple(rows) for sheet, rows in about["rows"].items()},
        letters=about["letters"],
    )


def programme(place, edition):
    """The tables of the programme, from those in the edition's folder.

    Parameters
    ----------
    place : path
    edition : Edition
        Its `funding`, `indicators`, `baseline`, `min_cells` and `min_group`.

    Returns
    -------
    dict of str to DataFrame
        Those of `TABLES` that the edition has: of funding, and of places and need with measures, where it has a
        register; cards and their points where the settings name indicators or a baseline. In an edition that is made
        up every note says so, also where a row rests on the register alone.

    Raises
    ------
    BadSettings
        The group of `need` is not in the tables.
    """
    place = Path(place)
    about = json.loads((place / "about.json").read_text(encoding="utf-8"))
    tables = _tables(place)
    limits = {"min_cells": edition.min_cells, "min_group": edition.min_group}
    sized = limits | {"cell_size_m": cell_size_of(about)}
    found = {}
    if edition.funding is not None:
        register = kept_register(place)
        own = _of_programme(tables)
        needs = funding.needs(own, also=() if edition.baseline is None else (edition.baseline,), **sized)
        found |= money(register, needs, edition.funding)
        measured = own | {"named": in_named_areas(own["cells"], place, "area")}
        found["followup_places"] = followup.places(
            register, measured, baseline=edition.baseline, min_group=edition.min_group
        )
        found["followup_need"] = followup.need_without(register, measured)
    indicators = followed(edition, tables)
    if indicators:
        told = {"baseline": edition.baseline, **sized}
        found["followup_cards"] = followup.cards(indicators, tables, **told)
        found["followup_points"] = followup.points(indicators, tables, **told)
    return {name: _marked(found[name]) if about["made_up"] else found[name] for name in TABLES if name in found}


def money(register, needs, setting):
    """The tables on funding of a register and what the cities need.

    Parameters
    ----------
    register : Register
    needs : DataFrame
        As `funding.needs` makes it.
    setting : FundingSetting
        `year`, `pot_eur` and `need`.

    Returns
    -------
    dict of str to DataFrame
        All of `funding.columns.TABLES`. Amounts per head and curves are of the latest year in which a city with a need
        was granted or paid anything (not after `year`) and the three before it. The pot is dealt out beside what was
        granted in that latest year, where this is known of every city; without `pot_eur` the table of formulas has no
        rows. Falls of money lie after `year`, or after the latest year that the need, an award or the day of a source
        tells of.

    Raises
    ------
    BadSettings
        No city has a row of the group `need`.
    """
    year = setting.year
    shares = latest(needs, "group_share", setting.need)
    if not len(shares):
        known = sorted(set(needs.loc[needs["measure"] == "group_share", "group"]))
        hint = did_you_mean(setting.need, known, f"they have {', '.join(known)}")
        raise BadSettings(f"funding need = {setting.need!r}: the tables have no such group; {hint}")
    matrix = funding.matrix(register, year)
    last = _last_award(register, needs, year)
    wanted = {"years": (last - PERIOD + 1, last), "need": _known(needs, setting.need)}
    heads = [funding.per_head(register, needs, kind=kind, **wanted) for kind in AMOUNTS]
    curves, indices = zip(*(funding.curves(register, needs, kind=kind, **wanted) for kind in AMOUNTS))
    return {
        "funding_coverage": funding.coverage(register, year),
        "funding_amounts": funding.amounts(register, year),
        "funding_matrix": matrix,
        "funding_completeness": funding.completeness(matrix),
        "funding_gaps": funding.gaps(
            register, shares.reset_index()[["city", "value"]], year, after=_latest_year(register, needs)
        ),
        "funding_overlaps": funding.overlaps(register, year),
        "funding_timeline": funding.timeline(register, span(register)),
        "funding_absorption": funding.absorption(register),
        "funding_need": needs,
        "funding_per_head": pd.concat(heads, ignore_index=True),
        "funding_curve": pd.concat(curves, ignore_index=True),
        "funding_concentration": pd.concat(indices, ignore_index=True),
        "funding_formulas": _formulas(register, needs, setting, last),
    }


def followed(edition, tables):
    """The indicators that an edition follows: those of its settings, else the usual ones where there is a baseline."""
    return edition.indicators or (() if edition.baseline is None else followup.defaults(tables))


def cell_size_of(about):
    """The side of the cells of all sources, where it is one; None otherwise."""
    sizes = {source["cell_size_m"] for source in about["sources"]}
    return sizes.pop() if len(sizes) == 1 else None


def read_programme(place, names):
    """The tables of the programme that the edition's folder holds, of those named: {name: DataFrame}."""
    return {
        name: store.read_csv(Path(place) / f"{name}.csv", columns).astype(columns)
        for name, columns in TABLES.items()
        if name in names
    }


def _tables(place):
    """What the programme's tables are made from."""
    return {
        "results": pd.read_parquet(place / "results.parquet"),
        "cells": pd.read_parquet(place / "cells.parquet", columns=list(CELLS)),
        "type_areas": pd.read_parquet(place / "types.parquet"),
        "coverage": store.read_csv(place / "coverage.csv", schema.COVERAGE),
        "changes": store.read_csv(place / "changes.csv", schema.CHANGES),
        "types": store.read_csv(place / "types.csv", schema.TYPES),
    }


def _of_programme(tables):
    """The tables without the cities that the settings define: the register is of the programme's."""
    return {name: table[table["city"].isin(set(cities()))] for name, table in tables.items()}


def _last_award(register, needs, year):
    """The latest year, not after `year`, in which a city with a need was granted or paid anything.

    Without such awards it is `year`, or the latest of the needs.
    """
    awards = register.awards
    given = awards[list(AMOUNTS.values())].notna().any(axis=1) & awards["city"].isin(set(needs["city"]))
    years = awards.loc[given, "year"]
    years = years if year is None else years[years <= year]
    return int(years.max()) if len(years) else year or int(needs["year"].max())


def _latest_year(register, needs):
    """The latest year that the needs, an award or the day of a source tell of: what was before it is over."""
    days = pd.concat([table["source_date"] for table in register.tables.values()])
    read = days[days != ""].str[:4].astype(int)
    return int(max([needs["year"].max(), *register.awards["year"].dropna(), *read]))


def _known(needs, need):
    """The needs that money is set beside: that of the settings and the usual ones, as far as the tables have them."""
    there = set(needs.loc[needs["measure"] == "group", "group"]) | set(COUNTS) & set(needs["measure"])
    return [one for one in dict.fromkeys((need, *NEEDS)) if one in there]


def _formulas(register, needs, setting, year):
    """The pot by several formulas, beside what each city was granted in a year."""
    columns = OF_FUNDING["funding_formulas"]
    if setting.pot_eur is None:
        return schema.ordered(pd.DataFrame(columns=list(columns)), columns, ["formula"])
    granted = funding.per_head(register, needs, years=(year, year), need=setting.need).set_index("city")["amount_eur"]
    there = granted.index.isin(latest(needs, "residents").index)
    found = funding.what_if(needs, setting.pot_eur, current=granted[there])
    outside = ", ".join(granted[~there].dropna().index)
    notes = np.where(found["current_eur"].notna(), f"current: granted in {year}", "")
    others = f"granted outside the edition: {outside}" if outside else ""
    return found.assign(note=["; ".join(filter(None, (*one, others))) for one in zip(found["note"], notes)])


def _marked(table):
    """The table with notes that all say that the data are made up."""
    notes = [
        note if schema.MADE_UP in note else "; ".join(filter(None, (schema.MADE_UP, note))) for note in table["note"]
    ]
    return table.assign(note=pd.Series(notes, index=table.index, dtype="str"))
