"""The tables and texts within the settings, judged: sources, groups, centres, indicators, funding."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from segindex.errors import is_number
from segindex.facts import (
    EAST,
    LANGUAGES,
    NORTH,
    SOURCES,
    Centre,
    Names,
    check_apart,
    cities,
    cities_by_code,
    classifications,
    define,
    define_city,
    groups,
)
from segindex.followup.indicators import Indicator

SOURCE = ("name", "path", "release", "municipalities", "polygons", "water")
GROUP = ("key", "count", "base", "classification", "unit", "fi", "sv", "en")
CENTRE = ("city", "name", "x", "y")
CITY = ("key", "sv", "en", "municipalities")
INDICATOR = ("key", "measure", "index", "group", "wanted", "target", "target_year", "next_update", "fi", "sv", "en")
FUNDING = ("register", "year", "pot_eur", "need")
FACTS = "facts"
"""The register that comes with the program."""

ADDRESS = r"https://\S+|[^@\s]+@[^@\s]+\.[^@\s]+"


@dataclass(frozen=True)
class SourceSetting:
    """One `[[source]]`: the reader's key, its files, and what the reader needs besides."""

    name: str
    paths: tuple[Path, ...]
    release: int | None = None
    municipalities: Path | None = None
    polygons: Path | None = None
    water: Path | None = None


@dataclass(frozen=True)
class FundingSetting:
    """`[funding]`: the register of channels, and what its tables are computed with.

    `register` is a workbook, a csv file or a folder of csv files, or "facts", that which comes with the program; `year`
    that of what is active, and after which money ends (status alone, and the latest year that is known, if None);
    `pot_eur` the money that formulas deal out (none if None), `need` the group whose members are the need.
    """

    register: Path | str
    year: int | None = None
    pot_eur: float | None = None
    need: str = "low_income"


def own_cities_of(found, say):
    """The cities of `[[city]]`, in their order: beside the eleven, or in place of them."""
    given = found.get("city", [])
    right = isinstance(given, list) and all(isinstance(entry, dict) for entry in given)
    say.that(right, "city", given, "tables written as [[city]]; cities = [...] names those that are taken")
    own = []
    for entry in given:
        say.known(entry, CITY, "entry of [[city]]")
        key = entry.get("key")
        say.that(isinstance(key, str) and key, "city key", key, "a text, not empty")
        names = [entry.get(language, key) for language in LANGUAGES[1:]]
        right = all(isinstance(one, str) and one for one in names)
        say.that(right, f"city {key}: sv and en", names, "texts, not empty")
        own.append(say.as_judged(define_city, key, entry.get("municipalities"), Names(key, *names)))
    say.as_judged(check_apart, own)
    return tuple(own)


def taken_of(own, keys):
    """The cities that an edition takes, as `segindex.facts.City`; None for the eleven, where it defines none."""
    known = cities() | {city.key: city for city in own}
    return tuple(known[key] for key in keys) if own else None


def check_taken(own, keys, say):
    """Refuse taken cities that share a municipality."""
    taken = taken_of(own, keys)
    if taken is not None:
        say.as_judged(cities_by_code, taken)


def centres_of(found, say, own=()):
    centres = {}
    for entry in say.tables(found, "centre"):
        say.known(entry, CENTRE, "entry of [[centre]]")
        say.among("centre city", entry.get("city"), [*cities(), *(city.key for city in own)])
        say.that(isinstance(entry.get("name", ""), str), "centre name", entry.get("name"), "a text")
        for name, (low, high) in (("x", EAST), ("y", NORTH)):
            value = entry.get(name)
            right = isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
            say.that(right, f"centre {name}", value, f"metres in EPSG:3067, {low} to {high}")
        centre = Centre(entry.get("name", ""), float(entry["x"]), float(entry["y"]))
        centres[entry["city"]] = (*centres.get(entry["city"], ()), centre)
    return centres


def feedback_of(found, say):
    feedback = found.get("feedback", "")
    right = isinstance(feedback, str) and (feedback == "" or re.fullmatch(ADDRESS, feedback) is not None)
    say.that(right, "feedback", feedback, "an address of mail (name@place.fi) or of a page (https://…)")
    return feedback


def title_of(found, key, say):
    title = found.get("title", key)
    if isinstance(title, str):
        return Names(title, title, title)
    say.that(
        isinstance(title, dict) and set(title) == set(LANGUAGES), "title", title, "a text, or one in fi, sv and en"
    )
    return Names(**title)


def source_of(entry, root, say):
    say.known(entry, SOURCE, "entry of [[source]]")
    name = entry.get("name")
    say.among("source name", name, SOURCES)
    paths = entry.get("path")
    paths = [paths] if isinstance(paths, str) else paths
    say.that(
        isinstance(paths, list) and paths and all(isinstance(one, str) for one in paths),
        "source path",
        entry.get("path"),
        "a file, a pattern or a list of them, from the project's folder",
    )
    found = tuple(path for one in paths for path in files_of(root, one, say))
    release = entry.get("release")
    say.that(release is None or isinstance(release, int), "source release", release, "a year")
    others = {name: files_of(root, entry[name], say)[0] for name in SOURCE[3:] if name in entry}
    return SourceSetting(name, found, release, **others)


def files_of(root, text, say, name="source path"):
    root = Path(root)
    if any(mark in text for mark in "*?["):
        place = Path(text)
        anchor = Path(place.anchor) if place.is_absolute() else root
        pattern = str(place.relative_to(place.anchor)) if place.is_absolute() else text
        while pattern.startswith("../"):
            anchor, pattern = anchor / "..", pattern[3:]
        found = sorted(anchor.glob(pattern))
        say.that(bool(found), name, text, "a pattern that at least one file fits")
        return found
    path = root / text
    lacking = f"{path} is a folder: {text}/* takes its files" if path.is_dir() else f"{path} is not"
    say.that(path.is_file(), name, text, f"a file that is there ({lacking})")
    return [path]


def group_of(entry, say):
    say.known(entry, GROUP, "entry of [[group]]")
    for name in ("key", "count", "base"):
        say.that(isinstance(entry.get(name), str), f"group {name}", entry.get(name), "a text")
    unit = entry.get("unit", "persons")
    say.that(unit in ("persons", "households"), "group unit", unit, "persons or households")
    names = names_of(entry, "group", say, "all of fi, sv, en, or none of a known group")
    known = entry["key"] in groups()
    say.that(
        known or names is not None,
        "group",
        entry["key"],
        "a known group, or a new one that has its names: fi, sv and en in [[group]]",
    )
    classification = entry.get("classification")
    say.that(
        classification is None or re.fullmatch(r"[a-z][a-z0-9_]*", classification),
        "group classification",
        classification,
        ", ".join(classifications()) + ", or a new key in small letters",
    )
    return define(
        entry["key"],
        entry["count"],
        entry["base"],
        classification=classification,
        unit=unit,
        names=names,
    )


def names_of(entry, what, say, allowed):
    """The names of an entry in three languages, or None where it has none."""
    given = [language for language in LANGUAGES if entry.get(language)]
    say.that(len(given) in (0, len(LANGUAGES)), f"{what} names", given, allowed)
    wrong = [entry[language] for language in given if not isinstance(entry[language], str)]
    say.that(not wrong, f"{what} names", wrong, "texts")
    return Names(**{language: entry[language] for language in LANGUAGES}) if given else None


def indicators_of(found, taken, say):
    """The indicators of `[[indicator]]`, in their order, of the groups that are taken; none without such a table."""
    indices, baseline = say.list_of(found, "indices", str), found.get("baseline")
    indicators = {}
    for entry in say.tables(found, "indicator"):
        say.known(entry, INDICATOR, "entry of [[indicator]]")
        names = names_of(entry, "indicator", say, "all of fi, sv, en, or none")
        given = {name: entry[name] for name in INDICATOR if name in entry and name not in LANGUAGES}
        given = {"key": None, "measure": "index"} | given
        one = say.as_judged(partial(Indicator, **given, names=names))
        say.that(one.key not in indicators, "indicator key", one.key, "a key that no other indicator has")
        if one.group:
            say.among("indicator group", one.group, taken)
        fits = indices is None or not one.index or one.index in indices
        say.that(fits, "indicator index", one.index, f"one of indices, {', '.join(indices or ())}")
        late = one.target_year is None or baseline is None or one.target_year > baseline
        say.that(late, "indicator target_year", one.target_year, f"a year after the baseline, {baseline}")
        indicators[one.key] = one
    return tuple(indicators.values())


def funding_of(found, root, taken, say, keys=None):
    """The setting of `[funding]`, its need one of the groups that are taken; None where there is none.

    `keys` are the cities that are taken, None for the eleven.
    """
    entry = found.get("funding")
    if entry is None:
        return None
    programme = keys is None or bool(set(keys) & set(cities()))
    allowed = f"with one city of the programme at least, whose money it is: {', '.join(cities())}"
    say.that(programme, "cities", list(keys or ()), f"[funding] {allowed}; without them leave [funding] out")
    say.that(isinstance(entry, dict), "funding", entry, "a table written as [funding]")
    say.known(entry, FUNDING, "entry of [funding]")
    year, pot, need = (entry.get(name) for name in FUNDING[1:])
    right = year is None or (isinstance(year, int) and not isinstance(year, bool))
    say.that(right, "funding year", year, "a year")
    say.that(pot is None or (is_number(pot) and 0 < pot < float("inf")), "funding pot_eur", pot, "euro above 0")
    need = "low_income" if need is None else need
    say.among("funding need", need, taken)
    return FundingSetting(_register(entry.get("register"), root, say), year, None if pot is None else float(pot), need)


def _register(given, root, say):
    allowed = f"{FACTS!r}, or a workbook (.xlsx), a csv file or a folder of csv files, from the project's folder"
    say.that(isinstance(given, str) and given, "funding register", given, allowed)
    if given == FACTS:
        return given
    path = Path(root) / given
    there = path.is_dir() or (path.is_file() and path.suffix.lower() in (".xlsx", ".csv"))
    say.that(there, "funding register", given, f"{allowed} ({path} is none)")
    return path
