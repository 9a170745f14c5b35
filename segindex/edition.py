"""One yearly run: its settings, read from `reports/<edition>/run.toml` and judged before any work."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from segindex.errors import BadSettings, did_you_mean
from segindex.facts import (
    EAST,
    LANGUAGES,
    NORTH,
    SOURCES,
    Centre,
    Group,
    Names,
    cities,
    city_named,
    classifications,
    define,
    groups,
)
from segindex.registry import INDICES, REGISTRY, SPELLINGS, check_scales

SETTINGS = (
    *("edition", "title", "source", "cities", "years", "groups", "group", "indices", "scale_m", "k", "baseline"),
    *("scale_indices", "scale_years", "reference", "centre"),
    *("borders", "same_mask", "cluster_size", "languages", "seed", "permutations", "local_years"),
    *("worth_years", "draws", "disclosure", "cut_offs", "areas", "feedback", "min_cells", "min_group"),
    "cell_values",
)
SOURCE = ("name", "path", "release", "municipalities", "polygons", "water")
GROUP = ("key", "count", "base", "classification", "unit", "fi", "sv", "en")
CENTRE = ("city", "name", "x", "y")
BORDERS = ("own", "2020")
ADDRESS = r"https://\S+|[^@\s]+@[^@\s]+\.[^@\s]+"
SCALED = ("dissimilarity", "isolation", "information_theory")


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
class Edition:
    """The settings of one run, judged.

    Attributes
    ----------
    key : str
        The edition's name, that of its folder.
    title : Names
    sources : tuple of SourceSetting
    cities, indices : tuple of str or None
        None for all.
    groups : tuple of str or None
    defined : tuple of Group
        Groups that `[[group]]` defines.
    years : tuple of int or None
        Statistical years.
    scale_m, k : tuple of float
        Radii in metres, numbers of nearest residents.
    scale_indices : tuple of str
        The indices that have rows at those; of `indices`.
    scale_years : {"latest", "all"}
        The years that have, as `local_years`.
    reference : tuple of str
        What a group is set against: "rest" and names of groups.
    centres : dict of str to tuple of Centre
        Of the cities whose centres the settings give.
    baseline : int or None
        The year that changes are counted from.
    borders : {"own", "2020"}
        Whose borders areas follow: each file's own, or those of the key file that `municipalities` names.
    same_mask : bool
        Whether a cell protected in one year is left out of all.
    languages : tuple of str
    seed : int
        Of the local clusters.
    permutations : int or None
        Of the local clusters; as many as the number of cells asks for if None.
    local_years : {"latest", "all"}
        Years whose local clusters are computed; "latest" takes the latest of each group and the baseline.
    worth_years : {"latest", "all", "none"}
        Years whose values are set beside draws and get intervals, as `local_years`.
    draws : int
        Of cities by chance.
    cluster_size : float or dict of str to float
        How many persons choose their cell as one, or that by group: rows for 1 and for it.
    disclosure : {"report", "stop"}
        Whether hidden counts that follow from visible ones are listed in disclosed.csv, or stop the run as well.
    cut_offs : Path or None
        A file of cut-offs that were fixed before, as an earlier run wrote it; fixed at the baseline if None.
    areas : Path or None
        Polygons of named areas (postal code areas, districts) that the cells of grids lie in.
    feedback : str
        Where readers tell what is not accessible: an address of mail or of a page; "" if none is given.
    min_cells, min_group : int
        A value is published from so many cells (grids) and members of the group.
    cell_values : {"classes", "exact"}
        What the atlas tells of a cell; exact shares of sources under contract are never told.
    """

    key: str
    title: Names
    sources: tuple[SourceSetting, ...]
    cities: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    groups: tuple[str, ...] | None = None
    defined: tuple[Group, ...] = ()
    indices: tuple[str, ...] | None = None
    scale_m: tuple[float, ...] = ()
    k: tuple[float, ...] = ()
    scale_indices: tuple[str, ...] = SCALED
    scale_years: str = "latest"
    reference: tuple[str, ...] = ("rest",)
    centres: dict[str, tuple[Centre, ...]] = field(default_factory=dict)
    baseline: int | None = None
    borders: str = "own"
    same_mask: bool = False
    languages: tuple[str, ...] = LANGUAGES
    seed: int = 1
    permutations: int | None = None
    local_years: str = "latest"
    worth_years: str = "latest"
    draws: int = 99
    cluster_size: object = 1.0
    disclosure: str = "report"
    cut_offs: Path | None = None
    areas: Path | None = None
    feedback: str = ""
    min_cells: int = 20
    min_group: int = 100
    cell_values: str = "classes"


def editions(root):
    """The keys of the editions that have settings."""
    return sorted(path.parent.name for path in (Path(root) / "reports").glob("*/run.toml"))


def chosen(root, key=None):
    """The edition's key: the one named, or the only one; BadSettings with the list otherwise."""
    known = editions(root)
    shown = ", ".join(known) or "none; write reports/<edition>/run.toml, or make the demo: segindex sample"
    if key is None:
        if len(known) == 1:
            return known[0]
        raise BadSettings(f"which edition? There are: {shown}")
    if key not in known:
        raise BadSettings(f"edition {key!r} has no settings in reports/{key}/run.toml; there are: {shown}")
    return key


def read_edition(root, key):
    """Read and judge `reports/<key>/run.toml`.

    BadSettings names the setting, its value and what is allowed.
    """
    path = Path(root) / "reports" / key / "run.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadSettings(f"{path}: there is no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: the settings cannot be read ({error})") from error
    return judged(found, root, key, path)


def judged(found, root, key, path="settings"):
    """Settings as a dict to an Edition."""
    say = _Judge(path)
    say.known(found, SETTINGS, "setting")
    say.that(found.get("edition", key) == key, "edition", found.get("edition"), f"{key!r}, the name of its folder")
    defined = tuple(_group(entry, say) for entry in say.tables(found, "group"))
    known_groups = [*dict.fromkeys([*groups(), *(group.key for group in defined)])]
    names = say.list_of(found, "indices", str)
    one_a_city = [entry.key for entry in INDICES if entry.gives == "city"]
    for name in names or ():
        if name in REGISTRY:
            told = ", ".join(one_a_city) + " (local clusters are always computed)"
            say.that(name in one_a_city, "indices", name, told)
        say.among("indices", name, one_a_city, {word: key for word, key in SPELLINGS.items() if key in one_a_city})
    scale_m, k = (say.numbers(found, size, float) or () for size in ("scale_m", "k"))
    scaled = _scaled(found, names, say)
    if names is not None:
        say.as_judged(check_scales, scaled, scale_m, k)
    sources = tuple(_source(entry, root, say) for entry in say.tables(found, "source"))
    say.that(bool(sources), "source", "nothing", "at least one [[source]] with name and path")
    borders = str(found.get("borders", "own"))
    say.that(borders in BORDERS, "borders", borders, " or ".join(BORDERS))
    if borders != "own":
        lacking = [source.name for source in sources if source.name == "paavo" and source.municipalities is None]
        say.that(not lacking, "borders", borders, "with `municipalities` = the key file, in [[source]] paavo")
    size = found.get("cluster_size", 1)
    for one in size.values() if isinstance(size, dict) else [size]:
        right = isinstance(one, (int, float)) and 1 <= one < 100
        say.that(right, "cluster_size", one, "a number of persons from 1 up, or one by group")
    for name in size if isinstance(size, dict) else ():
        say.that(name in known_groups, "cluster_size", name, ", ".join(known_groups))
    worth_years = found.get("worth_years", "latest")
    say.that(worth_years in ("all", "latest", "none"), "worth_years", worth_years, "'latest', 'all' or 'none'")
    disclosure = found.get("disclosure", "report")
    say.that(disclosure in ("report", "stop"), "disclosure", disclosure, "'report' or 'stop'")
    local_years, scale_years = (found.get(name, "latest") for name in ("local_years", "scale_years"))
    for name, value in (("local_years", local_years), ("scale_years", scale_years)):
        say.that(value in ("all", "latest"), name, value, "'latest' or 'all'")
    same_mask = found.get("same_mask", False)
    say.that(isinstance(same_mask, bool), "same_mask", same_mask, "true or false")
    years = say.numbers(found, "years", int)
    baseline = say.one(found, "baseline", None)
    say.that(baseline is None or years is None or baseline in years, "baseline", baseline, f"one of years, {years}")
    cell_values = found.get("cell_values", "classes")
    say.that(cell_values in ("classes", "exact"), "cell_values", cell_values, "'classes' or 'exact'")
    languages = say.choice(found, "languages", LANGUAGES) or LANGUAGES
    return Edition(
        key=key,
        title=_title(found, key, say),
        sources=sources,
        cities=say.cities(found),
        years=years,
        groups=say.choice(found, "groups", tuple(known_groups)),
        defined=defined,
        indices=names,
        scale_m=scale_m,
        k=k,
        scale_indices=scaled,
        scale_years=scale_years,
        reference=say.choice(found, "reference", ("rest", *known_groups)) or ("rest",),
        centres=_centres(found, say),
        baseline=baseline,
        borders=borders,
        same_mask=same_mask,
        languages=languages,
        seed=say.one(found, "seed", 1, least=0),
        permutations=say.one(found, "permutations", None, least=99),
        local_years=local_years,
        worth_years=worth_years,
        draws=say.one(found, "draws", 99, least=39),
        cluster_size=size,
        disclosure=disclosure,
        cut_offs=_files(root, found["cut_offs"], say, "cut_offs")[0] if "cut_offs" in found else None,
        areas=_files(root, found["areas"], say, "areas")[0] if "areas" in found else None,
        feedback=_feedback(found, say),
        min_cells=say.one(found, "min_cells", 20, least=1),
        min_group=say.one(found, "min_group", 100, least=1),
        cell_values=cell_values,
    )


def _scaled(found, names, say):
    """The indices that are computed at the scales: named so, else all of `indices`, else those of `SCALED`."""
    if found.get("scale_indices") == "all":
        return names or tuple(entry.key for entry in INDICES if entry.spatial)
    fit = [entry.key for entry in INDICES if entry.scales]
    named = say.list_of(found, "scale_indices", str)
    for name in named or ():
        say.among("scale_indices", name, fit)
        say.that(names is None or name in names, "scale_indices", name, f"one of indices, {', '.join(names or ())}")
    if named is not None:
        return named
    return SCALED if names is None else names


class _Judge:
    """Says, in one form, what is wrong with a setting."""

    def __init__(self, path):
        self.path = path

    def that(self, right, name, value, allowed):
        if not right:
            raise BadSettings(f"{self.path}: {name} = {value!r}; allowed is {allowed}")

    def among(self, name, value, known, spellings=None):
        if value not in known:
            hint = did_you_mean(value, spellings or known, f"allowed is {', '.join(known)}")
            raise BadSettings(f"{self.path}: {name} = {value!r}; {hint}")

    def as_judged(self, judge, *given):
        """What another's judge says of settings, with the file that they stand in."""
        try:
            return judge(*given)
        except BadSettings as error:
            raise BadSettings(f"{self.path}: {error}") from error

    def known(self, found, names, what):
        unknown = sorted(set(found) - set(names))
        if unknown:
            hint = did_you_mean(unknown, names, f"known are {', '.join(names)}")
            raise BadSettings(f"{self.path}: unknown {what} {', '.join(unknown)}; {hint}")

    def tables(self, found, name):
        value = found.get(name, [])
        self.that(
            isinstance(value, list) and all(isinstance(entry, dict) for entry in value),
            name,
            value,
            f"tables written as [[{name}]]",
        )
        return value

    def list_of(self, found, name, kind):
        value = found.get(name)
        if value is None or value == "all":
            return None
        value = [value] if isinstance(value, kind) and not isinstance(value, bool) else value
        self.that(
            isinstance(value, list)
            and value
            and all(isinstance(one, kind) and not isinstance(one, bool) for one in value),
            name,
            found[name],
            f"a list of {'texts' if kind is str else 'numbers'}, not empty",
        )
        return tuple(dict.fromkeys(value))

    def choice(self, found, name, allowed):
        value = self.list_of(found, name, str)
        for one in value or ():
            self.among(name, one, allowed)
        return None if value is None else tuple(one for one in allowed if one in value)

    def cities(self, found):
        value = self.list_of(found, "cities", str)
        for one in value or ():
            self.as_judged(city_named, one)
        named = {city_named(one) for one in value or ()}
        return None if value is None else tuple(one for one in cities() if one in named)

    def numbers(self, found, name, kind):
        if found.get(name) in (None, "all", []):
            return None
        value = self.list_of(found, name, int if kind is int else (int, float))
        for one in value:
            self.that(one > 0, name, one, "numbers above 0")
        return tuple(sorted(kind(one) for one in value))

    def one(self, found, name, default, least=None):
        value = found.get(name, default)
        if value is not None:
            right = isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)
            self.that(right, name, value, "a whole number" + (f" from {least}" if least is not None else ""))
        return value


def _centres(found, say):
    centres = {}
    for entry in say.tables(found, "centre"):
        say.known(entry, CENTRE, "entry of [[centre]]")
        say.among("centre city", entry.get("city"), list(cities()))
        say.that(isinstance(entry.get("name", ""), str), "centre name", entry.get("name"), "a text")
        for name, (low, high) in (("x", EAST), ("y", NORTH)):
            value = entry.get(name)
            right = isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
            say.that(right, f"centre {name}", value, f"metres in EPSG:3067, {low} to {high}")
        centre = Centre(entry.get("name", ""), float(entry["x"]), float(entry["y"]))
        centres[entry["city"]] = (*centres.get(entry["city"], ()), centre)
    return centres


def _feedback(found, say):
    feedback = found.get("feedback", "")
    right = isinstance(feedback, str) and (feedback == "" or re.fullmatch(ADDRESS, feedback) is not None)
    say.that(right, "feedback", feedback, "an address of mail (name@place.fi) or of a page (https://…)")
    return feedback


def _title(found, key, say):
    title = found.get("title", key)
    if isinstance(title, str):
        return Names(title, title, title)
    say.that(
        isinstance(title, dict) and set(title) == set(LANGUAGES), "title", title, "a text, or one in fi, sv and en"
    )
    return Names(**title)


def _source(entry, root, say):
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
    found = tuple(path for one in paths for path in _files(root, one, say))
    release = entry.get("release")
    say.that(release is None or isinstance(release, int), "source release", release, "a year")
    others = {key: _files(root, entry[key], say)[0] for key in ("municipalities", "polygons", "water") if key in entry}
    return SourceSetting(name, found, release, **others)


def _files(root, text, say, name="source path"):
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


def _group(entry, say):
    say.known(entry, GROUP, "entry of [[group]]")
    for name in ("key", "count", "base"):
        say.that(isinstance(entry.get(name), str), f"group {name}", entry.get(name), "a text")
    unit = entry.get("unit", "persons")
    say.that(unit in ("persons", "households"), "group unit", unit, "persons or households")
    given = [language for language in LANGUAGES if entry.get(language)]
    say.that(len(given) in (0, 3), "group names", given, "all of fi, sv, en, or none of a known group")
    names = Names(**{language: entry[language] for language in LANGUAGES}) if given else None
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
