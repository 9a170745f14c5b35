"""Entries of clustering: whether the cells where a group lives lie side by side."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import DEPENDS_ON_SIZE, NEIGHBOURS_COUNT, Index

CLUSTERING = [
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
        caution=Names(
            fi="Älä käytä epätasaisuuden mittana: se kertoo alueiden järjestyksestä kartalla, ei erojen suuruudesta.",
            sv="Använd inte som mått på ojämnhet: det säger hur områdena ligger, inte hur stora skillnaderna är.",
            en="Do not use it for unevenness: it tells how areas lie on the map, not how large their differences are.",
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
]
