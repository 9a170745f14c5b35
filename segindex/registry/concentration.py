"""Entries of concentration: how little land a group lives on."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import DEPENDS_ON_SIZE, UNBOUNDED, Index

SMALLER_PIECES = "a piece of a cell is a smaller cell"
LIKE_THE_LAND = "0 is not where the groups are spread alike, but where the group is spread like the land"

CONCENTRATION = [
    Index(
        function=indices.delta,
        symbol="Δ",
        dimension="concentration",
        names=Names(
            fi="keskittymisindeksi (delta)", sv="koncentrationsindex (delta)", en="concentration index (delta)"
        ),
        meaning=Names(
            fi="Kuinka suuren osan ryhmästä pitäisi vaihtaa aluetta, jotta se asuisi kaikkialla yhtä tiheässä.",
            sv="Hur stor del av gruppen som skulle behöva byta område för att den skulle bo lika tätt överallt.",
            en="The share of the group that would have to move to another area to live equally densely everywhere.",
        ),
        caution=Names(
            fi="Älä lue eriytymisenä: luku on suuri jokaiselle ryhmälle, kun kaupungissa on paljon asumatonta maata.",
            sv="Läs det inte som segregation: talet är högt för varje grupp när staden har mycket obebodd mark.",
            en="Do not read it as segregation: it is high for every group where much of a city's land is uninhabited.",
        ),
        formula=r"\Delta = \frac{1}{2} \sum_i \left| x_i/X - a_i/A \right|",
        bounds=(0, 1),
        source="duncan_cuzzort_duncan_1961",
        exempt={
            "empty_cells": "land where nobody lives is land that the group could live on",
            "swapping": "each group has its own concentration",
            "even_is_zero": LIKE_THE_LAND,
            "apart_is_one": "it does not look at the other group",
        },
    ),
    Index(
        function=indices.absolute_concentration,
        symbol="ACO",
        dimension="concentration",
        names=Names(
            fi="absoluuttinen keskittymisindeksi", sv="absolut koncentrationsindex", en="absolute concentration index"
        ),
        meaning=Names(
            fi="Kuinka pienillä alueilla ryhmä asuu: 1 on pienimmät alueet, joille se mahtuisi, ja 0 suurimmat.",
            sv="Hur små områden gruppen bor i: 1 är de minsta områden som den kunde rymmas i, 0 de största.",
            en="How small the areas are that the group lives in: 1 is the smallest that could hold it, 0 the largest.",
        ),
        caution=Names(
            fi="Älä lue ruutuaineistossa asumisen tiheytenä: ruutujen maa-alat eroavat vain siellä, missä on vettä.",
            sv="Läs det inte som boendetäthet i rutdata: rutornas landareal skiljer sig bara där det finns vatten.",
            en="On a grid do not read it as density of living: the cells' land areas differ only where there is water.",
        ),
        formula=r"ACO = 1 - \left( \sum_i x_i a_i/X - m_1 \right) / (m_2 - m_1)",
        bounds=(0, 1),
        source="massey_denton_1988",
        takes={"area": "unequal"},
        exempt={
            "splitting": SMALLER_PIECES,
            "swapping": "each group has its own concentration",
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "0 is not where the groups are spread alike, but where the group fills the largest cells",
            "apart_is_one": "it does not look at the other group",
        },
    ),
    Index(
        function=indices.relative_concentration,
        symbol="RCO",
        dimension="concentration",
        names=Names(
            fi="suhteellinen keskittymisindeksi", sv="relativt koncentrationsindex", en="relative concentration index"
        ),
        meaning=Names(
            fi="Asuuko ryhmä pienemmillä (yli 0) vai suuremmilla (alle 0) alueilla kuin toinen ryhmä.",
            sv="Om gruppen bor i mindre (över 0) eller större (under 0) områden än den andra gruppen.",
            en="Whether the group lives in smaller (above 0) or larger (below 0) areas than the other group.",
        ),
        caution=Names(
            fi="Älä lue asteikkona −1:stä 1:een: alarajaa ei ole, ja suurempi ryhmä voi saada yli ykkösen.",
            sv="Läs det inte som en skala från −1 till 1: nedre gräns saknas, och den större gruppen kan få mer än 1.",
            en="Do not read it as a scale from −1 to 1: it has no lower limit, and a larger group may get more than 1.",
        ),
        formula=r"RCO = \left( \frac{\sum_i x_i a_i/X}{\sum_i y_i a_i/Y} - 1 \right) / (m_1/m_2 - 1)",
        bounds=UNBOUNDED,
        source="massey_denton_1988",
        takes={"area": "unequal"},
        exempt={
            "splitting": SMALLER_PIECES,
            "swapping": "where one group lives in smaller cells, the other lives in larger ones",
            "scaling": DEPENDS_ON_SIZE,
            "apart_is_one": "it is 1 only where the group fills the smallest cells and the other the largest",
        },
    ),
]
