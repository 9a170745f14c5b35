"""What a report is made of, and what it gives."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NamedTuple

import pandas as pd

from segindex import wording
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES, Names
from segindex.limits import withheld


class Output(NamedTuple):
    """A part of the report: `render()` gives its files, {name below the report's folder: bytes}.

    A part that is made of files of other parts names them in `needs`, and is made after those by
    `render(files)`, where `files` holds the bytes of each needed file by its name.
    """

    name: str
    render: Callable[..., dict[str, bytes]]
    needs: tuple[str, ...] = ()


UNDETERMINED = "und"
"""The language of words that say nothing of it (ISO 639)."""


def once(find):
    """The function of a Material, and of names, that finds what it found before as long as the Material lives."""
    known = {}

    @wraps(find)
    def found(material, *names):
        key = id(material)
        if key not in known:
            known[key] = {}
            weakref.finalize(material, known.pop, key, None)
        if names not in known[key]:
            known[key][names] = find(material, *names)
        return known[key][names]

    return found


@dataclass(frozen=True)
class Material:
    """Everything that a report shows.

    Attributes
    ----------
    key : str
        The edition.
    title : Names or str
    results, coverage, clusters, cells : DataFrame
        The tidy tables; `cells` holds the latest year of each group and city.
    languages : tuple of str
        Finnish comes first where it is among them; the first language is `index.html`.
    baseline : int, optional
        The year that changes are counted from; each group's first year if left out.
    made_up : bool
        Whether any number is invented: every section, figure and file then says so.
    sources : list of dict
        One a source: source, title, licence, licence_url, note, source_line (by language), releases, dates,
        cell_size_m, note_language ("und", undetermined, if left out: a card may be written in any).
    version : str
        The program's version.
    cell_size_m : float, optional
        The side of the cells, where neither `cells` nor the source tells it; None means postal code areas.
    areas, borders, water : GeoDataFrame, optional
        Polygons of the areas (cell, geometry), of municipalities and of water.
    defined : dict
        Names of groups and cities that the settings define: {key: Names}.
    min_cells, min_group : int
        A value is published from so many cells (grids only) and members of the group.
    false_discovery : float
        The rate at which the clusters' false discoveries were controlled.
    feedback : str
        Where readers tell what is not accessible: an address of mail or of a page.
    changes : DataFrame, optional
        Changes from the baseline to the latest year, with their intervals.
    thresholds : DataFrame, optional
        Residents in cells over a cut-off.
    types_year : int, optional
        The year that the cut-offs between the types are fixed at; the first of the types if left out.
    types, sensitivity, accumulation : DataFrame, optional
        Residents by area type, how far the types hang on choices and chance, and residents by how many dimensions their
        area is of the worst or best fifth in.
    type_areas : DataFrame, optional
        The type of each cell or area, for the maps.
    area_results, scales : DataFrame, optional
        The indices of cells put together into named areas, and the macro/micro ratios.
    lasting, ends, blocks : DataFrame, optional
        Clusters over the years, the measures of both ends of an order, and which blocks of the picture there are.
    left_out : DataFrame, optional
        What the readers left out: source, release, what, text, cells, residents.
    programme : dict of str to DataFrame
        The tables on funding and follow-up (`funding.columns.TABLES`, `followup.columns.TABLES`); none without them.
    register : Register, optional
        The register of funding that they rest on.
    indicators : tuple of Indicator
        What is followed up.
    measured : dict of str to Measured
        Of each city whose measures can be mapped, what the map tells: `followup.with_measured` finds it.
    named : dict
        The id of the named area that a cell of a grid lies in, {cell: id}: measures may be in such areas.
    mapped : dict of str to callable
        Of each city that has an atlas, the call that reads what it is drawn from (`edition_tables.mapped`).
    cell_values : {"classes", "exact"}
        Whether the atlas tells exact shares of cells, of sources whose licence is open; classes alone if not.
    cut : frozenset of str
        The groups whose later years are left out: their changes were computed to a later year than is shown.
    kept_back : frozenset, optional
        What `withheld` finds, for a material whose results are no longer all there.
    """

    key: str
    title: Names | str
    results: pd.DataFrame
    coverage: pd.DataFrame
    clusters: pd.DataFrame
    cells: pd.DataFrame
    languages: tuple[str, ...] = LANGUAGES
    baseline: int | None = None
    made_up: bool = False
    sources: list[dict] = field(default_factory=list)
    version: str = ""
    cell_size_m: float | None = None
    areas: Any = None
    borders: Any = None
    water: Any = None
    defined: dict[str, Names] = field(default_factory=dict)
    min_cells: int = 20
    min_group: int = 100
    false_discovery: float = 0.05
    feedback: str = ""
    changes: pd.DataFrame | None = None
    thresholds: pd.DataFrame | None = None
    types: pd.DataFrame | None = None
    types_year: int | None = None
    sensitivity: pd.DataFrame | None = None
    accumulation: pd.DataFrame | None = None
    type_areas: pd.DataFrame | None = None
    area_results: pd.DataFrame | None = None
    scales: pd.DataFrame | None = None
    lasting: pd.DataFrame | None = None
    ends: pd.DataFrame | None = None
    blocks: pd.DataFrame | None = None
    left_out: pd.DataFrame | None = None
    programme: dict[str, pd.DataFrame] = field(default_factory=dict)
    register: Any = None
    indicators: tuple = ()
    measured: dict[str, Any] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    mapped: dict[str, Callable[[], dict]] = field(default_factory=dict)
    cell_values: str = "classes"
    cut: frozenset[str] = frozenset()
    kept_back: frozenset | None = None

    @property
    def withheld(self):
        """The groups that would tell others that are not published; as `kept_back` has them, where that is known."""
        return withheld(self.results, self.min_group) if self.kept_back is None else self.kept_back

    def __post_init__(self):
        unknown = [language for language in self.languages if language not in LANGUAGES]
        if unknown or not self.languages:
            raise BadSettings(f"languages {self.languages}: known are {', '.join(LANGUAGES)}, at least one")

    @property
    def own_cities(self):
        """The cities of the edition that its settings define."""
        there = set(self.coverage["city"])
        return tuple(city for city in self.defined if city in there)

    @property
    def in_order(self):
        """The languages, Finnish first."""
        return tuple(sorted(dict.fromkeys(self.languages), key=LANGUAGES.index))

    def title_in(self, language):
        """The edition's title in a language."""
        return self.title if isinstance(self.title, str) else self.title.in_(language)

    def source_line(self, language, *classifications):
        """Where the numbers of classifications come from, as a figure says it."""
        used = set(self.coverage["source"][self.coverage["classification"].isin(classifications)])
        named = [source for source in self.sources if source["source"] in used] or self.sources
        return " ".join(
            wording.text(
                language,
                "figure.source",
                line=f"{source['source_line'][language].rstrip('.')}.",
                licence=source["licence"],
            )
            for source in named
        )

    def source_names(self, language):
        """What each source is called: its source line without "Source:"."""
        return {source["source"]: source["source_line"][language].split(": ", 1)[-1] for source in self.sources}

    def cell_size(self, classification):
        """The side of the cells of a classification in its latest year; None for postal code areas."""
        cells = self.cells[self.cells["classification"] == classification]
        if len(cells) and "cell_size_m" in cells:
            size = cells.sort_values("year", kind="stable")["cell_size_m"].iloc[-1]
            return None if pd.isna(size) else float(size)
        used = set(self.coverage["source"][self.coverage["classification"] == classification])
        sizes = [source.get("cell_size_m") for source in self.sources if source["source"] in used]
        sizes = [size for size in sizes if size is not None]
        return float(sizes[-1]) if sizes else self.cell_size_m
