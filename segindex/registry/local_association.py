"""Entries of local values of a cell's surroundings, and of its differences from them."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import BY_CELL, DEPENDS_ON_SIZE, NEIGHBOURS_COUNT, UNBOUNDED, Index

LOCAL_ASSOCIATION = [
    Index(
        function=indices.getis_ord,
        symbol="Gᵢ",
        dimension="local",
        names=Names(fi="Getisin ja Ordin Gᵢ", sv="Getis och Ords Gᵢ", en="Getis and Ord's Gᵢ"),
        meaning=Names(
            fi="Onko ryhmän osuus alueen ympärillä kaupungin tasoon nähden suuri (kuumapiste) vai pieni (kylmäpiste).",
            sv="Om gruppens andel kring ett område är hög (het punkt) eller låg (kall punkt) jämfört med hela staden.",
            en="Whether the group's share around an area is high (hot spot) or low (cold spot) for the city.",
        ),
        caution=Names(
            fi="Älä käytä löytämään alueita, jotka poikkeavat naapureistaan: alueen oma osuus ei vaikuta arvoon, ellei "
            "sitä lasketa mukaan (Gᵢ*).",
            sv="Använd det inte för att hitta områden som avviker från sina grannar: områdets egen andel påverkar inte "
            "värdet om den inte räknas med (Gᵢ*).",
            en="Do not use it to find areas that differ from their neighbours: an area's own share has no part in its "
            "value unless it is counted in (Gᵢ*).",
        ),
        formula=r"G_i = \frac{\sum_j w_{ij} p_j - W_i \bar{p}(i)}{s(i) \sqrt{[(n - 1) S_{1i} - W_i^2] / (n - 2)}}",
        bounds=UNBOUNDED,
        source="ord_getis_1995",
        exempt={
            "splitting": NEIGHBOURS_COUNT,
            "swapping": "where one group's share is high the other's is low, so the sign changes",
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it is undefined where all shares are equal",
            "apart_is_one": BY_CELL,
        },
        gives="cells",
    ),
    Index(
        function=indices.local_geary,
        symbol="cᵢ",
        dimension="local",
        names=Names(fi="paikallinen Gearyn c", sv="lokal Gearys c", en="local Geary's c"),
        meaning=Names(
            fi="Kuinka paljon ryhmän osuus alueella eroaa naapurialueiden osuuksista.",
            sv="Hur mycket gruppens andel i ett område skiljer sig från grannområdenas andelar.",
            en="How much the group's share of an area differs from its neighbours' shares.",
        ),
        caution=Names(
            fi="Älä päättele pienestä arvosta, että ryhmän osuus on suuri tai pieni: se kertoo vain naapurien "
            "samankaltaisuudesta.",
            sv="Dra inte av ett lågt värde slutsatsen att gruppens andel är hög eller låg: det säger bara att "
            "grannarna liknar varandra.",
            en="Do not take a low value for a high or a low share: it only tells that neighbours are alike.",
        ),
        formula=r"c_i = \frac{1}{s^2} \sum_j w_{ij} (p_i - p_j)^2",
        bounds=(0, float("inf")),
        source="anselin_2019",
        exempt={
            "splitting": NEIGHBOURS_COUNT,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it is undefined where all shares are equal",
            "apart_is_one": BY_CELL,
        },
        gives="cells",
    ),
]
