"""The indices as they are published: symbol, names, meaning, bounds, laws and source of each.

One literal list. A function in `segindex.indices` becomes a published index by its entry here; the functions themselves
know nothing of it.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from segindex import indices
from segindex.errors import BadSettings
from segindex.facts import Names

LAWS = {
    "bounds": "without `nearby` the value lies within the bounds",
    "empty_cells": "cells where nobody lives do not matter",
    "splitting": "splitting a cell into two of the same mix does not matter",
    "swapping": "the two groups, or any two of several, may change places",
    "scaling": "a group may be multiplied by a number",
    "even_is_zero": "0 where all groups are spread alike",
    "apart_is_one": "1 where no two groups share a cell",
}
"""What an index may keep; each entry keeps all of them but those it names as exempt, with the reason."""

DIMENSIONS = {
    "evenness": Names(fi="tasaisuus", sv="jämnhet", en="evenness"),
    "exposure": Names(fi="altistuminen", sv="exponering", en="exposure"),
    "clustering": Names(fi="klusteroituminen", sv="klustring", en="clustering"),
    "local": Names(fi="paikalliset arvot", sv="lokala värden", en="local values"),
}

UNBOUNDED = (float("-inf"), float("inf"))


@dataclass(frozen=True, eq=False)
class Index:
    """An index as it is published; all that its function's signature tells is read from there."""

    function: Callable
    symbol: str
    dimension: str
    names: Names
    meaning: Names
    formula: str
    bounds: tuple[float, float]
    source: str
    exempt: Mapping[str, str] = field(default_factory=dict)
    local: bool = False

    def __post_init__(self):
        unknown = self.exempt.keys() - LAWS.keys()
        if unknown or self.dimension not in DIMENSIONS or self.source not in BIBLIOGRAPHY:
            raise ValueError(f"{self.key} has an unknown law, dimension or source: {unknown or self.dimension}")

    @property
    def key(self):
        """The function's own name: the word in files, settings and tables."""
        return self.function.__name__

    @property
    def laws(self):
        """The keys of `LAWS` that hold."""
        return frozenset(LAWS) - self.exempt.keys()

    @property
    def parameters(self):
        """All parameter names of the function, in order."""
        return tuple(inspect.signature(self.function).parameters)

    @property
    def inputs(self):
        """The names of the arrays that the function needs."""
        required = inspect.signature(self.function).parameters.values()
        return tuple(one.name for one in required if one.default is one.empty)

    @property
    def spatial(self):
        """Whether the function takes `nearby`."""
        return "nearby" in self.parameters


BIBLIOGRAPHY = {
    "anselin_1995": (
        "Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115."
    ),
    "assuncao_reis_1999": (
        "Assunção, R. M. and Reis, E. A. (1999). A new proposal to adjust Moran's I for population density. "
        "Statistics in Medicine 18(16), 2147-2162."
    ),
    "bell_1954": (
        "Bell, W. (1954). A probability model for the measurement of ecological segregation. "
        "Social Forces 32(4), 357-364."
    ),
    "benjamini_hochberg_1995": (
        "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful "
        "approach to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300."
    ),
    "benjamini_yekutieli_2001": (
        "Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under "
        "dependency. Annals of Statistics 29(4), 1165-1188."
    ),
    "duncan_duncan_1955": (
        "Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes. "
        "American Sociological Review 20(2), 210-217."
    ),
    "gorard_taylor_2002": (
        "Gorard, S. and Taylor, C. (2002). What is segregation? A comparison of measures in terms of 'strong' and "
        "'weak' compositional invariance. Sociology 36(4), 875-895."
    ),
    "hutchens_2001": (
        "Hutchens, R. (2001). Numerical measures of segregation: desirable properties and their implications. "
        "Mathematical Social Sciences 42(1), 13-29."
    ),
    "lieberson_1981": (
        "Lieberson, S. (1981). An asymmetrical approach to segregation. In Peach, C., Robinson, V. and Smith, S. "
        "(eds), Ethnic Segregation in Cities. Croom Helm, London, 61-82."
    ),
    "massey_denton_1988": (
        "Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. "
        "Social Forces 67(2), 281-315."
    ),
    "moran_1950": "Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37(1/2), 17-23.",
    "reardon_osullivan_2004": (
        "Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation. "
        "Sociological Methodology 34(1), 121-162."
    ),
    "stearns_logan_1986": (
        "Stearns, L. B. and Logan, J. R. (1986). Measuring trends in segregation: three dimensions, three measures. "
        "Urban Affairs Quarterly 22(1), 124-150."
    ),
    "theil_1972": "Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.",
}
"""The sources that entries, and the report's notes on method, name by key."""

DEPENDS_ON_SIZE = "the group's share of the city is a part of the index"
NEIGHBOURS_COUNT = "it compares cells with their neighbours, so cutting up or parting cells changes what is compared"
BY_CELL = "it is a value of each cell, not of the city"

INDICES = [
    Index(
        function=indices.dissimilarity,
        symbol="D",
        dimension="evenness",
        names=Names(fi="erilaisuusindeksi", sv="olikhetsindex", en="index of dissimilarity"),
        meaning=Names(
            fi="Kuinka suuren osan ryhmästä pitäisi vaihtaa aluetta, jotta ryhmät jakautuisivat samoin.",
            sv="Hur stor del av gruppen som borde byta område för att grupperna skulle fördela sig lika.",
            en="The share of the group that would have to move to another area for the groups to be spread alike.",
        ),
        formula=r"D = \frac{1}{2} \sum_i \left| x_i/X - y_i/Y \right|",
        bounds=(0, 1),
        source="duncan_duncan_1955",
    ),
    Index(
        function=indices.gini,
        symbol="G",
        dimension="evenness",
        names=Names(fi="Gini-segregaatioindeksi", sv="Ginis segregationsindex", en="Gini index of segregation"),
        meaning=Names(
            fi="Kuinka paljon ryhmän osuus eroaa kahden asukkaan alueilla keskimäärin, verrattuna suurimpaan eroon.",
            sv="Hur mycket gruppens andel i snitt skiljer sig mellan två invånares områden, mot största skillnad.",
            en="How much the group's share differs between two residents' areas, relative to the most it could.",
        ),
        formula=r"G = \sum_{ij} t_i t_j |p_i - p_j| \,/\, (2 T^2 P (1 - P))",
        bounds=(0, 1),
        source="massey_denton_1988",
    ),
    Index(
        function=indices.information_theory,
        symbol="H",
        dimension="evenness",
        names=Names(
            fi="entropiaindeksi (Theilin H)", sv="entropiindex (Theils H)", en="information theory index (Theil's H)"
        ),
        meaning=Names(
            fi="Kuinka paljon yksipuolisempi alueiden väestö on kuin koko kaupungin.",
            sv="Hur mycket ensidigare befolkningen är i områdena än i hela staden.",
            en="How much less mixed the residents of the areas are than those of the whole city.",
        ),
        formula=r"H = \sum_i t_i (E - E_i) / (T E)",
        bounds=(0, 1),
        source="theil_1972",
        exempt={"scaling": DEPENDS_ON_SIZE},
    ),
    Index(
        function=indices.atkinson,
        symbol="A",
        dimension="evenness",
        names=Names(fi="Atkinsonin indeksi", sv="Atkinsons index", en="Atkinson index"),
        meaning=Names(
            fi="Kuinka epätasaisesti ryhmät asuvat, kun painotetaan alueita, joilla ryhmä on harvinainen tai yleinen.",
            sv="Hur ojämnt grupperna bor, med vikt på de områden där gruppen är sällsynt eller vanlig.",
            en="How unevenly the groups are spread, with weight on the areas where the group is rare or common.",
        ),
        formula=r"A = 1 - \left( \sum_i (y_i/Y)^{1-b} (x_i/X)^b \right)^{1/(1-b)}",
        bounds=(0, 1),
        source="massey_denton_1988",
    ),
    Index(
        function=indices.hutchens,
        symbol="O",
        dimension="evenness",
        names=Names(
            fi="Hutchensin neliöjuuri-indeksi", sv="Hutchens kvadratrotsindex", en="Hutchens square root index"
        ),
        meaning=Names(
            fi="Kuinka kaukana alueiden ryhmäsuhteet ovat koko kaupungin ryhmäsuhteesta; summautuu aluetasojen yli.",
            sv="Hur långt gruppernas proportioner i områdena är från hela stadens; kan summeras över områdesnivåer.",
            en="How far the groups' ratio in the areas is from the city's; it adds up over levels of areas.",
        ),
        formula=r"O = 1 - \sum_i \sqrt{x_i/X \cdot y_i/Y}",
        bounds=(0, 1),
        source="hutchens_2001",
    ),
    Index(
        function=indices.gorard,
        symbol="GS",
        dimension="evenness",
        names=Names(fi="Gorardin segregaatioindeksi", sv="Gorards segregationsindex", en="Gorard's segregation index"),
        meaning=Names(
            fi="Kuinka suuren osan ryhmästä pitäisi vaihtaa aluetta, jotta se jakautuisi kuten kaikki asukkaat.",
            sv="Hur stor del av gruppen som borde byta område för att fördela sig som alla invånare.",
            en="The share of the group that would have to move to another area to be spread as all residents are.",
        ),
        formula=r"GS = \frac{1}{2} \sum_i \left| x_i/X - t_i/T \right|",
        bounds=(0, 1),
        source="gorard_taylor_2002",
        exempt={
            "swapping": "it counts one group's movers against all residents",
            "scaling": DEPENDS_ON_SIZE,
            "apart_is_one": "its greatest value is 1 - P",
        },
    ),
    Index(
        function=indices.isolation,
        symbol="xPx",
        dimension="exposure",
        names=Names(fi="eristyneisyysindeksi", sv="isoleringsindex", en="isolation index"),
        meaning=Names(
            fi="Kuinka suuri osa ryhmän jäsenen oman alueen asukkaista keskimäärin kuuluu samaan ryhmään.",
            sv="Hur stor del av invånarna i gruppmedlemmarnas områden som i snitt hör till samma grupp.",
            en="The share of the same group among the residents of its average member's area.",
        ),
        formula=r"xPx = \sum_i (x_i/X)(x_i/t_i)",
        bounds=(0, 1),
        source="bell_1954",
        exempt={
            "swapping": "each group has its own isolation",
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "its least value is P",
        },
    ),
    Index(
        function=indices.exposure,
        symbol="xPy",
        dimension="exposure",
        names=Names(fi="altistumisindeksi", sv="exponeringsindex", en="exposure index"),
        meaning=Names(
            fi="Kuinka suuri osa ryhmän jäsenen oman alueen asukkaista keskimäärin kuuluu toiseen ryhmään.",
            sv="Hur stor del av invånarna i gruppmedlemmarnas områden som i snitt hör till den andra gruppen.",
            en="The share of the other group among the residents of the group's average member's area.",
        ),
        formula=r"xPy = \sum_i (x_i/X)(y_i/t_i)",
        bounds=(0, 1),
        source="bell_1954",
        exempt={
            "swapping": "a small group meets much of a large one, and not the other way round",
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it falls, not rises, with segregation: spread alike it is the other group's share",
            "apart_is_one": "it is 0 where the groups share no cell",
        },
    ),
    Index(
        function=indices.correlation_ratio,
        symbol="η²",
        dimension="exposure",
        names=Names(fi="korrelaatiosuhde", sv="korrelationskvot", en="correlation ratio"),
        meaning=Names(
            fi="Eristyneisyys ilman ryhmän koon vaikutusta: kuinka paljon se ylittää tasaisen jakautumisen tason.",
            sv="Isolering utan gruppstorlekens inverkan: hur mycket den överstiger nivån vid jämn fördelning.",
            en="Isolation without the effect of the group's size: how far it is above its level under even spread.",
        ),
        formula=r"\eta^2 = (xPx - P) / (1 - P)",
        bounds=(0, 1),
        source="stearns_logan_1986",
        exempt={"scaling": "the variance between cells shifts with the group's share of each cell"},
    ),
    Index(
        function=indices.morans_i,
        symbol="I",
        dimension="clustering",
        names=Names(fi="Moranin I", sv="Morans I", en="Moran's I"),
        meaning=Names(
            fi="Muistuttavatko vierekkäiset alueet toisiaan ryhmän osuuden suhteen.",
            sv="Om områden som ligger intill varandra liknar varandra i fråga om gruppens andel.",
            en="Whether areas that lie side by side have like shares of the group.",
        ),
        formula=r"I = \frac{n}{\sum_{ij} w_{ij}} \sum_{ij} w_{ij} z_i z_j \Big/ \sum_i z_i^2",
        bounds=(-1, 1),
        source="moran_1950",
        exempt={
            "bounds": "it can pass 1 a little where cells differ in their number of neighbours",
            "splitting": NEIGHBOURS_COUNT,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it is undefined where all shares are equal",
            "apart_is_one": NEIGHBOURS_COUNT,
        },
    ),
    Index(
        function=indices.local_morans_i,
        symbol="Iᵢ",
        dimension="local",
        names=Names(fi="paikallinen Moranin I", sv="lokal Morans I", en="local Moran's I"),
        meaning=Names(
            fi="Ovatko alue ja sen naapurit samalla puolella ryhmän keskimääräistä osuutta.",
            sv="Om ett område och dess grannar ligger på samma sida om gruppens genomsnittliga andel.",
            en="Whether an area and its neighbours lie on the same side of the group's average share.",
        ),
        formula=r"I_i = \frac{z_i}{m_2} \sum_j w_{ij} z_j",
        bounds=UNBOUNDED,
        source="anselin_1995",
        exempt={
            "splitting": NEIGHBOURS_COUNT,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it is undefined where all shares are equal",
            "apart_is_one": BY_CELL,
        },
        local=True,
    ),
]

REGISTRY = {index.key: index for index in INDICES}


def index(key):
    """The entry of an index.

    >>> index("dissimilarity").symbol
    'D'
    >>> index("disimilarity")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    segindex.errors.BadSettings: ... did you mean dissimilarity? Known are dissimilarity, ...
    """
    if key in REGISTRY:
        return REGISTRY[key]
    close = get_close_matches(str(key), REGISTRY, n=1)
    hint = f"did you mean {close[0]}? Known" if close else "known"
    raise BadSettings(f"index {key!r} is unknown; {hint} are {', '.join(REGISTRY)}")
