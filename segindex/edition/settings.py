"""The settings of a run: what there is, its defaults, and the way from a file to an `Edition`."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from segindex.edition.judge import Judge
from segindex.edition.parts import (
    FundingSetting,
    SourceSetting,
    centres_of,
    check_taken,
    feedback_of,
    files_of,
    funding_of,
    group_of,
    indicators_of,
    own_cities_of,
    source_of,
    taken_of,
    title_of,
)
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES, Centre, City, Group, Names, groups
from segindex.followup.indicators import GIVEN, Indicator
from segindex.registry import INDICES, REGISTRY, SPELLINGS, check_scales

SETTINGS = (
    *("edition", "title", "source", "cities", "years", "groups", "group", "indices", "scale_m", "k", "baseline"),
    *("scale_indices", "scale_years", "reference", "centre", "city"),
    *("borders", "same_mask", "cluster_size", "languages", "seed", "permutations", "local_years"),
    *("worth_years", "draws", "disclosure", "cut_offs", "areas", "feedback", "min_cells", "min_group"),
    *("cell_values", "indicator", "funding"),
)
BORDERS = ("own", "2020")
SCALED = ("dissimilarity", "isolation", "information_theory")


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
    own_cities : tuple of City
        Cities that `[[city]]` defines.
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
    indicators : tuple of Indicator
        What the follow-up shows; none where the settings name none (`segindex.followup.defaults`).
    funding : FundingSetting or None
        The register of funding channels; None where there is none.
    """

    key: str
    title: Names
    sources: tuple[SourceSetting, ...]
    cities: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    groups: tuple[str, ...] | None = None
    defined: tuple[Group, ...] = ()
    own_cities: tuple[City, ...] = ()
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
    indicators: tuple[Indicator, ...] = ()
    funding: FundingSetting | None = None

    @property
    def taken(self):
        """The cities that are read, where `[[city]]` defines some; None for the eleven."""
        return taken_of(self.own_cities, self.cities)

    @property
    def names(self):
        """The names of the groups and cities that the settings define, {key: Names}.

        A group's key begins with a small letter, a city's with a capital one.
        """
        return {one.key: one.names for one in (*self.defined, *self.own_cities)}

    @property
    def yearly(self):
        """The (index, group) that the follow-up needs corrected in every year; none where nothing is followed."""
        given = [(one.index, one.group) for one in self.indicators if one.measure == "index"]
        usual = GIVEN if self.baseline is not None and not self.indicators else ()
        return tuple(sorted({*given, *usual}))


def editions(root):
    """The keys of the editions that have settings."""
    return sorted(path.parent.name for path in (Path(root) / "reports").glob("*/run.toml"))


def latest(root):
    """The key of the edition of the latest year, by the years in the names; among alike, the last by its name.

    Raises
    ------
    BadSettings
        There is none.
    """
    known = editions(root)
    if not known:
        return chosen(root)
    return max(known, key=lambda key: (max(map(int, re.findall(r"(?:19|20)\d\d", key)), default=0), key))


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
    say = Judge(path)
    say.known(found, SETTINGS, "setting")
    say.that(found.get("edition", key) == key, "edition", found.get("edition"), f"{key!r}, the name of its folder")
    defined = tuple(group_of(entry, say) for entry in say.tables(found, "group"))
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
    sources = tuple(source_of(entry, root, say) for entry in say.tables(found, "source"))
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
    taken = say.choice(found, "groups", tuple(known_groups))
    own_cities = own_cities_of(found, say)
    cities = say.cities(found, own_cities)
    check_taken(own_cities, cities, say)
    return Edition(
        key=key,
        title=title_of(found, key, say),
        sources=sources,
        cities=cities,
        years=years,
        groups=taken,
        defined=defined,
        own_cities=own_cities,
        indices=names,
        scale_m=scale_m,
        k=k,
        scale_indices=scaled,
        scale_years=scale_years,
        reference=say.choice(found, "reference", ("rest", *known_groups)) or ("rest",),
        centres=centres_of(found, say, own_cities),
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
        cut_offs=files_of(root, found["cut_offs"], say, "cut_offs")[0] if "cut_offs" in found else None,
        areas=files_of(root, found["areas"], say, "areas")[0] if "areas" in found else None,
        feedback=feedback_of(found, say),
        min_cells=say.one(found, "min_cells", 20, least=1),
        min_group=say.one(found, "min_group", 100, least=1),
        cell_values=cell_values,
        indicators=indicators_of(found, taken or tuple(known_groups), say),
        funding=funding_of(found, root, taken or tuple(known_groups), say, cities),
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
