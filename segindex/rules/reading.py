"""From a rule file to Rules: every word is judged before the rule is applied to anything."""

import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from itertools import pairwise
from pathlib import Path

from segindex.errors import BadSettings, did_you_mean, is_number
from segindex.facts import LANGUAGES, Names
from segindex.rules.entry import EVIDENCE, MEASURES, AreaList, AreaType, Criterion, Reference, Rules, Share, Source
from segindex.typology.rules import WAYS

TOP = (
    *("key", *LANGUAGES, "country", "year", "foreign_practice", "unit", "caution", "source"),
    *("reference", "criterion", "list", "share", "type", "cut_offs"),
)
SOURCE = ("title", "address")
CRITERION = ("key", *LANGUAGES, "column", "measure", *WAYS, "relative_to", "mean_of_years", "evidence")
LIST = (
    *("key", *LANGUAGES, "original", "min_residents", "required", "criteria", "needed", "on"),
    *("years_running", "evidence"),
)
KEPT = ("area", "year", "residents")
"""Columns of every table, which no criterion may take for its own."""


def shipped():
    """The keys of the rules that come with segindex.

    >>> shipped()
    ['denmark', 'sweden']
    """
    files = resources.files("segindex.rules").iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


def read_rules(rules):
    """The rules of this key, or of a file of one's own.

    Parameters
    ----------
    rules : str or Path
        A key that `shipped` lists, or the path of a file whose name ends in ".toml".

    Returns
    -------
    Rules

    Raises
    ------
    BadSettings
        There are no such rules, or the file holds an unknown key or a value that is not allowed; the message names the
        file, the key and what is allowed.

    Examples
    --------
    >>> [one.key for one in read_rules("denmark").lists]
    ['vulnerable_area', 'parallel_society', 'transformation_area', 'prevention_area']
    """
    if isinstance(rules, Path) or str(rules).endswith(".toml"):
        path = Path(rules)
    elif rules in shipped():
        path = resources.files("segindex.rules").joinpath(f"{rules}.toml")
    else:
        known = shipped()
        hint = did_you_mean(rules, known, f"known are {', '.join(known)}, or the path of a file that ends in .toml")
        raise BadSettings(f"rules {rules!r} are unknown; {hint}")
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadSettings(f"{path}: there is no such file") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: the rules cannot be read ({error})") from error
    return judged(found, path.name)


def judged(found, where="rules"):
    """Rules as a dict to Rules; BadSettings names `where`, the key and what is allowed."""
    say = _Judge(where)
    say.known(found, TOP, "key")
    sources = tuple(_source(entry, say) for entry in say.tables(found, "source"))
    say.that(bool(sources), "source", "nothing", "at least one [[source]] with title and address")
    references = tuple(
        Reference(say.key(entry, "reference"), say.names(entry, "reference", ("key", *LANGUAGES)))
        for entry in say.tables(found, "reference")
    )
    say.once(references, "reference")
    criteria = tuple(_criterion(entry, say, references) for entry in say.tables(found, "criterion"))
    say.once(criteria, "criterion")
    measures = {}
    for one in criteria:
        own = measures.setdefault(one.column, one.measure)
        say.that(own == one.measure, f"criterion {one.key}: measure", one.measure, f"{own!r}, as before for its column")
    lists = []
    for entry in say.tables(found, "list"):
        lists.append(_list(entry, say, criteria, lists))
    shares = tuple(
        Share(say.key(entry, "share"), say.names(entry, "share", ("key", *LANGUAGES, "evidence")), say.evidence(entry))
        for entry in say.tables(found, "share")
    )
    types = tuple(
        AreaType(say.key(entry, "type"), say.names(entry, "type", ("key", *LANGUAGES)))
        for entry in say.tables(found, "type")
    )
    say.once([*lists, *types], "list or type")
    say.once(shares, "share")
    say.that(bool(lists or types), "list", "nothing", "at least one [[list]], or [[type]]s")
    say.that(bool(types) == bool(shares), "type", len(types), "[[type]]s together with [[share]]s")
    say.that(len(types) != 1, "type", 1, "two [[type]]s or more")
    foreign = found.get("foreign_practice")
    say.that(isinstance(foreign, bool), "foreign_practice", foreign, "true or false")
    return Rules(
        key=say.key(found, "rules"),
        names=say.names(found, "rules"),
        unit=say.names(say.table(found, "unit"), "unit", LANGUAGES),
        caution=say.names(say.table(found, "caution"), "caution", LANGUAGES),
        country=say.text(found, "country"),
        year=say.whole(found, "year", None, 1900),
        foreign_practice=foreign,
        sources=sources,
        references=references,
        criteria=criteria,
        lists=tuple(lists),
        shares=shares,
        types=types,
        cut_offs=say.cut_offs(found.get("cut_offs", ()), len(types)),
    )


def with_cut_offs(rules, cut_offs):
    """The rules with other cut-offs.

    Parameters
    ----------
    rules : Rules
    cut_offs : dict or list of float
        By the keys of criteria, a number each (how many times the reference, where there is one), and under "types"
        the list of those between the types; a list alone is that of the types.

    Returns
    -------
    Rules

    Examples
    --------
    >>> with_cut_offs(read_rules("denmark"), {"outside_work": 0.35}).criterion("outside_work").cut
    0.35
    """
    say = _Judge("cut_offs")
    given = dict(cut_offs) if isinstance(cut_offs, dict) else {"types": cut_offs}
    known = [*(one.key for one in rules.criteria), *(["types"] if rules.types else [])]
    say.known(given, known, f"cut-off of {rules.key}:")
    between = given.pop("types", rules.cut_offs)
    for one in rules.criteria:
        if one.key in given:
            say.cut(given[one.key], one.key, one.measure, one.relative_to)
    criteria = tuple(replace(one, cut=float(given.get(one.key, one.cut))) for one in rules.criteria)
    return replace(rules, criteria=criteria, cut_offs=say.cut_offs(between, len(rules.types)))


def _source(entry, say):
    say.known(entry, SOURCE, "entry of [[source]]")
    return Source(say.text(entry, "title"), say.text(entry, "address"))


def _criterion(entry, say, references):
    names = say.names(entry, "criterion", CRITERION)
    key = say.key(entry, "criterion")
    ways = [way for way in WAYS if way in entry]
    say.that(len(ways) == 1, f"criterion {key}: cut-off", ", ".join(ways) or "none", f"one of {', '.join(WAYS)}")
    cut, measure = entry[ways[0]], entry.get("measure", "share")
    say.among(f"criterion {key}: measure", measure, MEASURES)
    relative_to = entry.get("relative_to")
    if relative_to is not None:
        say.among(f"criterion {key}: relative_to", relative_to, [one.key for one in references] or ["no reference"])
    say.cut(cut, f"criterion {key}: {ways[0]}", measure, relative_to)
    column = entry.get("column", key)
    say.that(
        isinstance(column, str) and column not in ("", *KEPT),
        f"criterion {key}: column",
        column,
        f"a name other than {', '.join(KEPT)}",
    )
    years = say.whole(entry, "mean_of_years", 1, 1, f"criterion {key}: ")
    return Criterion(
        key, column, names, measure, ways[0], float(cut), relative_to, years, say.evidence(entry, f"criterion {key}: ")
    )


def _list(entry, say, criteria, before):
    names = say.names(entry, "list", LIST)
    key = say.key(entry, "list")
    say_of = f"list {key}: "
    taken = {}
    for name in ("required", "criteria"):
        value = entry.get(name, [])
        say.that(isinstance(value, list), say_of + name, value, "a list of criteria")
        for one in value:
            say.among(say_of + name, one, [criterion.key for criterion in criteria])
        say.that(len(set(value)) == len(value), say_of + name, value, "each criterion once")
        taken[name] = tuple(value)
    on = entry.get("on")
    if on is not None:
        say.among(say_of + "on", on, [one.key for one in before] or ["a list that stands before this one"])
    asked = bool(taken["required"] or taken["criteria"] or on)
    say.that(asked, say_of + "criteria", "nothing", "criteria, required or on: a list must ask for something")
    n = len(taken["criteria"])
    needed = say.whole(entry, "needed", n, 1 if n else 0, say_of)
    say.that(needed <= n, say_of + "needed", needed, f"at most {n}, the number of criteria")
    original = entry.get("original", "")
    say.that(isinstance(original, str), say_of + "original", original, "a text")
    return AreaList(
        key=key,
        names=names,
        original=original,
        min_residents=say.whole(entry, "min_residents", 0, 0, say_of),
        required=taken["required"],
        criteria=taken["criteria"],
        needed=needed,
        on=on,
        years_running=say.whole(entry, "years_running", 1, 1, say_of),
        evidence=say.evidence(entry, say_of),
    )


class _Judge:
    """Says, in one form, what is wrong in a rule file."""

    def __init__(self, where):
        self.where = where

    def that(self, right, name, value, allowed):
        if not right:
            raise BadSettings(f"{self.where}: {name} = {value!r}; allowed is {allowed}")

    def cut(self, value, name, measure, relative_to):
        share = measure == "share" and relative_to is None
        right = is_number(value) and 0 <= value <= (1 if share else sys.float_info.max)
        self.that(right, name, value, "a share from 0 to 1" if share else "a number from 0")

    def among(self, name, value, known):
        if value not in known:
            hint = did_you_mean(value, known, f"allowed is {', '.join(known)}")
            raise BadSettings(f"{self.where}: {name} = {value!r}; {hint}")

    def known(self, found, names, what):
        unknown = sorted(set(found) - set(names))
        if unknown:
            hint = did_you_mean(unknown, names, f"known are {', '.join(names)}")
            raise BadSettings(f"{self.where}: unknown {what} {', '.join(unknown)}; {hint}")

    def once(self, entries, what):
        keys = [one.key for one in entries]
        again = [key for key in keys if keys.count(key) > 1]
        if again:
            raise BadSettings(f"{self.where}: {what} {again[0]} stands twice; allowed is each key once")

    def table(self, found, name):
        value = found.get(name)
        self.that(isinstance(value, dict), name, value, f"a table [{name}] with {', '.join(LANGUAGES)}")
        return value

    def tables(self, found, name):
        value = found.get(name, [])
        right = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
        self.that(right, name, value, f"tables written as [[{name}]]")
        return value

    def text(self, found, name):
        value = found.get(name)
        self.that(isinstance(value, str) and value.strip() != "", name, value, "a text, not empty")
        return value

    def key(self, entry, what):
        value = entry.get("key")
        right = isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]*", value) and value not in KEPT
        self.that(right, f"{what} key", value, f"small letters, digits and _, other than {', '.join(KEPT)}")
        return value

    def names(self, entry, what, allowed=None):
        if allowed is not None:
            self.known(entry, allowed, f"entry of {what}")
        named = f"{what} {entry['key']}" if "key" in entry else what
        for language in LANGUAGES:
            value = entry.get(language)
            right = isinstance(value, str) and value.strip() != ""
            self.that(right, f"{named}: {language}", value, f"a text, for each of {', '.join(LANGUAGES)}")
        return Names(*(entry[language] for language in LANGUAGES))

    def evidence(self, entry, what=""):
        value = entry.get("evidence", "not_verified")
        self.among(f"{what}evidence", value, EVIDENCE)
        return value

    def whole(self, found, name, default, least, what=""):
        value = found.get(name, default)
        right = isinstance(value, int) and not isinstance(value, bool) and value >= least
        self.that(right, what + name, value, f"a whole number from {least}")
        return value

    def cut_offs(self, value, n_types):
        right = isinstance(value, Sequence) and all(is_number(one) and 0 <= one <= 1 for one in value)
        right = right and all(first > second for first, second in pairwise(value))
        allowed = f"{max(n_types - 1, 0)} descending numbers from 0 to 1, one fewer than types, or to leave it out"
        self.that(right and len(value) in (0, max(n_types - 1, 0)), "cut_offs", value, allowed)
        return tuple(float(one) for one in value)
