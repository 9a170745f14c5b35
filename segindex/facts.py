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
    """One of the eleven cities; `key` is its Finnish name, `code` its municipality code of three digits."""

    key: str
    names: Names
    code: str
    merged: tuple[Merger, ...] = ()
    centres: tuple[Centre, ...] = ()


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


def city_named(name):
    """The key of a city by any of its names, in small or capital letters; BadSettings if there is none.

    >>> city_named("helsingfors"), city_named("Jyväskylä")
    ('Helsinki', 'Jyväskylä')
    """
    spelled = {city.names.in_(language): city.key for city in cities().values() for language in LANGUAGES}
    for word, key in spelled.items():
        if word.casefold() == str(name).casefold():
            return key
    hint = did_you_mean(name, spelled, f"known are {', '.join(cities())}")
    raise BadSettings(f"city {name} is unknown; {hint}")


def slug(city):
    """A city's name in file names: small ASCII letters.

    >>> slug("Jyväskylä")
    'jyvaskyla'
    """
    plain = city.lower().translate(str.maketrans("äöå ", "aoa_"))
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter in "_-"))


def city_of_code(code):
    """The city with a municipality code, also of a municipality that has merged into it; None if no city.

    >>> city_of_code("091").key, city_of_code("532").key, city_of_code("005")
    ('Helsinki', 'Lahti', None)
    """
    return _city_by_code().get(str(code).zfill(3))


@cache
def _city_by_code():
    return {code: city for city in cities().values() for code in (city.code, *(merger.code for merger in city.merged))}


def _names(entry):
    return Names(entry["fi"], entry["sv"], entry["en"])
