"""What does not change from run to run: the cities, the classifications and the groups (`facts.toml`)."""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from segindex.errors import BadSettings, did_you_mean

LANGUAGES = ("fi", "sv", "en")
EAST = (20_000, 800_000)
NORTH = (6_500_000, 7_850_000)
"""Where Finland lies, metres in EPSG:3067."""
SOURCES = ("paavo", "hsy", "sample", "statfin_grid", "ykr")
EVERY = "all"
"""The municipalities of a city that takes each row, whatever municipality it names."""
RESERVED = ("all-cities",)
"""No city's name in file names: tasks of an edition are called so."""


@dataclass(frozen=True)
class Names:
    """A name in the three languages of the report; none may be left out."""

    fi: str
    sv: str
    en: str

    def __post_init__(self):
        for language in LANGUAGES:
            if not getattr(self, language):
                raise ValueError(f"a name lacks its {language} form: {self}")

    def in_(self, language):
        """The name in `language`: "fi", "sv" or "en"."""
        if language not in LANGUAGES:
            raise BadSettings(f"language {language!r} is unknown; known are {', '.join(LANGUAGES)}")
        return getattr(self, language)


@dataclass(frozen=True)
class Merger:
    """A municipality that became part of a city on 1 January of `year`."""

    code: str
    name: str
    year: int


@dataclass(frozen=True)
class Centre:
    """A centre of a city: its name, its place in metres, EPSG:3067, and its Swedish name where one is in use."""

    name: str
    x: float
    y: float
    sv: str = ""


@dataclass(frozen=True)
class City:
    """One of the eleven cities, or one that the settings define; `key` is its Finnish name.

    `code` is the municipality code of three digits of one of the eleven; one that is defined has none, but
    `municipalities`: several codes, or `EVERY`.
    """

    key: str
    names: Names
    code: str = ""
    merged: tuple[Merger, ...] = ()
    centres: tuple[Centre, ...] = ()
    municipalities: tuple[str, ...] | str = ()

    def codes(self, merged=True):
        """The municipality codes that count to the city; with `merged` those too that have merged into one of them.

        >>> define_city("Päijät-Häme", ["398", "098"]).codes()
        ('398', '098', '532')
        """
        if self.municipalities == EVERY:
            return ()
        own = self.municipalities or (self.code,)
        joined = (one.code for city in cities().values() if city.code in own for one in city.merged)
        return tuple(dict.fromkeys((*own, *joined))) if merged else own


@dataclass(frozen=True)
class Classification:
    """A division of one base into groups that share no member; `ascending` holds the orders of its sets of groups."""

    key: str
    names: Names
    ascending: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Definition:
    """A group as columns of a source: `count` over `base`, each a column or a sum or difference of columns."""

    count: str
    base: str

    @property
    def columns(self):
        """Every column that the definition needs, in the order of writing, each once."""
        return tuple(dict.fromkeys(name for text in (self.count, self.base) for name, _ in terms(text)))


@dataclass(frozen=True)
class Group:
    """A group of residents or households, and the columns that count it in each kind of source."""

    key: str
    names: Names
    classification: str
    unit: str
    definitions: tuple[Definition, ...]


def terms(text):
    """The columns of a sum or difference, with their signs.

    >>> terms("ko_al_kork + ko_yl_kork")
    [('ko_al_kork', 1), ('ko_yl_kork', 1)]
    >>> terms("v_yht - v_0_6")
    [('v_yht', 1), ('v_0_6', -1)]
    """
    found = re.findall(r"([+-]?)\s*([^\W\d][\w.]*)", text)
    whole = re.fullmatch(r"\s*[^\W\d][\w.]*(\s*[+-]\s*[^\W\d][\w.]*)*\s*", text)
    if not whole:
        raise BadSettings(
            f"{text!r} is no column, sum or difference of columns; allowed is for example 'he_0_2 + he_3_6'"
        )
    return [(name, -1 if sign == "-" else 1) for sign, name in found]


@cache
def _facts():
    return tomllib.loads(resources.files("segindex").joinpath("facts.toml").read_text(encoding="utf-8"))


@cache
def cities():
    """The eleven cities by key, in the order of the programme."""
    found = (
        City(
            key=entry["key"],
            names=Names(fi=entry["key"], sv=entry["sv"], en=entry["key"]),
            code=entry["code"],
            merged=tuple(Merger(**merger) for merger in entry["merged"]),
            centres=tuple(Centre(**centre) for centre in entry["centres"]),
        )
        for entry in _facts()["city"]
    )
    return {city.key: city for city in found}


@cache
def classifications():
    """The classifications by key."""
    found = (
        Classification(entry["key"], _names(entry), tuple(map(tuple, entry.get("ascending", ()))))
        for entry in _facts()["classification"]
    )
    return {classification.key: classification for classification in found}


@cache
def groups():
    """The groups by key, with the definitions that fit known sources."""
    found = (
        Group(
            key=entry["key"],
            names=_names(entry),
            classification=entry["classification"],
            unit=entry["unit"],
            definitions=tuple(Definition(**definition) for definition in entry["definitions"]),
        )
        for entry in _facts()["group"]
    )
    return {group.key: group for group in found}


def published(index, group):
    """What others have published of an index of a like group: {number of nearest residents: (lowest, highest)}.

    >>> published("dissimilarity", "foreign_language")[200]
    (0.475, 0.512)
    """
    entries = _facts()["published"]
    return {
        entry["k"]: tuple(entry["values"]) for entry in entries if entry["index"] == index and entry["group"] == group
    }


def define(key, count, base, *, classification=None, unit="persons", names=None):
    """A group as the settings define it; a known key keeps its names, classification and unit."""
    definition = Definition(count, base)
    definition.columns  # noqa: B018 - judges the two texts now
    known = groups().get(key)
    if known:
        return replace(known, definitions=(definition,), classification=classification or known.classification)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or key in ("rest", "all"):
        raise BadSettings(f"group key {key!r}: allowed are small letters, digits and _, not 'rest' or 'all'")
    return Group(key, names or Names(key, key, key), classification or key, unit, (definition,))


def define_city(key, municipalities, names=None):
    """A city as the settings define it: municipality codes, or `EVERY`; BadSettings where its key or a code is none.

    >>> define_city("Suomi", "all", Names("Suomi", "Finland", "Finland")).names.sv
    'Finland'
    """
    names = names or Names(key, key, key)
    allowed = (
        "a name that begins with a capital letter and has letters, digits, spaces and hyphens, of which its file names "
        "are made"
    )
    right = isinstance(key, str) and key[:1].isupper() and re.fullmatch(r"[^\W_]+([ -][^\W_]+)*", key) and slug(key)
    if not right or slug(key) in RESERVED:
        raise BadSettings(f"city key {key!r}; allowed is {allowed}")
    for name in (names.in_(language) for language in LANGUAGES):
        taken = [
            city.key
            for city in cities().values()
            if slug(name) == slug(city.key) or name.casefold() in {city.names.in_(one).casefold() for one in LANGUAGES}
        ]
        if taken:
            raise BadSettings(
                f"city {key}: {name} is a name of {taken[0]}; allowed is a name that none of the programme's cities "
                f"has: {', '.join(cities())}"
            )
    if municipalities != EVERY:
        given = list(municipalities) if isinstance(municipalities, (list, tuple)) else []
        wrong = [code for code in given if not isinstance(code, str) or not re.fullmatch(r"\d{3}", code)]
        if not given or wrong or len(set(given)) < len(given):
            raise BadSettings(
                f"city {key}: municipalities = {municipalities!r}; allowed is {EVERY!r}, or a list of municipality "
                'codes of three digits, each once, such as ["091", "049"]'
            )
        municipalities = tuple(given)
    return City(key, names, municipalities=municipalities)


def check_apart(defined):
    """BadSettings where two defined cities have one name, or names of which one file name would be made."""
    seen = {}
    for city in defined:
        names = sorted({slug(city.key), *(city.names.in_(language).casefold() for language in LANGUAGES)})
        for name in names:
            if name in seen:
                raise BadSettings(
                    f"cities {seen[name]} and {city.key} have one name, {name}; allowed is one that no other city has"
                )
        seen |= dict.fromkeys(names, city.key)


def cities_by_code(taken=None, *, merged=True):
    """The cities that municipality codes count to, {code: City}; of all eleven if none are `taken`.

    A city of `EVERY` municipality stands under `EVERY`. BadSettings where two cities share a municipality.
    """
    found = {}
    taken = tuple(cities().values()) if taken is None else tuple(taken)
    every = [city for city in taken if city.municipalities == EVERY]
    if every and len(taken) > 1:
        other = next(city for city in taken if city is not every[0])
        code = next(iter(other.codes()), EVERY)
        raise BadSettings(
            f"cities {every[0].key} and {other.key} share municipality {code}; allowed is {every[0].key}, which takes "
            f"every municipality, alone, or cities that share none"
        )
    if every:
        return {EVERY: every[0]}
    for city in taken:
        for code in city.codes(merged):
            other = found.setdefault(code, city)
            if other is not city:
                raise BadSettings(
                    f"cities {other.key} and {city.key} share municipality {code} (those that have merged into a city "
                    f"count to it); allowed is each municipality in one city"
                )
    return found


def city_named(name, defined=()):
    """The key of a city by any of its names, in small or capital letters; BadSettings if there is none.

    `defined` are cities of the settings, besides the eleven.

    >>> city_named("helsingfors"), city_named("Jyväskylä")
    ('Helsinki', 'Jyväskylä')
    """
    known = (*defined, *cities().values())
    spelled = {city.names.in_(language): city.key for city in known for language in LANGUAGES}
    for word, key in spelled.items():
        if word.casefold() == str(name).casefold():
            return key
    hint = did_you_mean(name, spelled, f"known are {', '.join(city.key for city in known)}")
    raise BadSettings(f"city {name} is unknown; {hint}")


def slug(city):
    """A city's name in file names: small ASCII letters.

    >>> slug("Jyväskylä")
    'jyvaskyla'
    """
    plain = city.lower().translate(str.maketrans("äöå ", "aoa_"))
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter in "_-"))


def _names(entry):
    return Names(entry["fi"], entry["sv"], entry["en"])
