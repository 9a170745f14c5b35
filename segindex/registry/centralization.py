"""Entries of centralization: how near the city's centre a group lives."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import Index

CENTRALIZATION = [
    Index(
        function=indices.absolute_centralization,
        symbol="ACE",
        dimension="centralization",
        names=Names(
            fi="absoluuttinen keskeisyysindeksi", sv="absolut centraliseringsindex", en="absolute centralisation index"
        ),
        meaning=Names(
            fi=(
                "Asuuko ryhmä lähempänä keskustaa (yli 0) vai kauempana siitä (alle 0) kuin jos se jakautuisi tasan "
                "kaupungin koko maa-alalle."
            ),
            sv=(
                "Om gruppen bor närmare centrum (över 0) eller längre från det (under 0) än om den vore jämnt spridd "
                "över stadens hela landareal."
            ),
            en=(
                "Whether the group lives nearer the centre (above 0) or farther from it (below 0) than if spread "
                "evenly over all the city's land."
            ),
        ),
        caution=Names(
            fi="Älä lue eriytymisenä: keskustassa asutaan tiheimmin, joten useimpien ryhmien luku on yli nollan.",
            sv="Läs det inte som segregation: man bor tätast i centrum, så de flesta gruppers tal ligger över noll.",
            en="Do not read it as segregation: a city is densest at its centre, so most groups' values are above 0.",
        ),
        formula=r"ACE = \sum_i X_{i-1} A_i - \sum_i X_i A_{i-1}",
        bounds=(-1, 1),
        source="massey_denton_1988",
        exempt={
            "empty_cells": "land where nobody lives is land that the group could live on",
            "swapping": "each group has its own centralisation",
            "even_is_zero": "0 is not where the groups are spread alike, but where the group is spread like the land",
            "apart_is_one": "it does not look at the other group",
        },
    ),
    Index(
        function=indices.relative_centralization,
        symbol="RCE",
        dimension="centralization",
        names=Names(
            fi="suhteellinen keskeisyysindeksi", sv="relativt centraliseringsindex", en="relative centralisation index"
        ),
        meaning=Names(
            fi="Asuuko ryhmä lähempänä keskustaa (yli 0) vai kauempana siitä (alle 0) kuin toinen ryhmä.",
            sv="Om gruppen bor närmare centrum (över 0) eller längre från det (under 0) än den andra gruppen.",
            en="Whether the group lives nearer the centre (above 0) or farther from it (below 0) than the other group.",
        ),
        caution=Names(
            fi=(
                "Älä lue nollaa eriytymättömyytenä: ryhmät voivat asua yhtä kaukana mutta eri puolilla. "
                "Luku riippuu siitä, mikä paikka on valittu keskustaksi."
            ),
            sv=(
                "Läs inte noll som att segregation saknas: grupperna kan bo lika långt bort men åt olika håll. "
                "Talet beror på vilken plats som har valts till centrum."
            ),
            en=(
                "Do not read 0 as no segregation: the groups may live as far out but on different sides. "
                "The value depends on the place chosen as the centre."
            ),
        ),
        formula=r"RCE = \sum_i X_{i-1} Y_i - \sum_i X_i Y_{i-1}",
        bounds=(-1, 1),
        source="duncan_duncan_1955b",
        exempt={
            "swapping": "where one group is nearer the centre, the other is farther: the sign turns",
            "apart_is_one": "groups that share no cell may live at the same distance",
        },
    ),
]
