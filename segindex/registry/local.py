"""Entries of local values: one a cell."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import BY_CELL, DEPENDS_ON_SIZE, NEIGHBOURS_COUNT, UNBOUNDED, Index

LOCAL = [
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
        caution=Names(
            fi="Älä lue yksittäistä arvoa löydöksenä: vain testi, joka ottaa huomioon väkiluvun, osoittaa klusterin.",
            sv="Läs inte ett enskilt värde som ett fynd: bara testet, som beaktar folkmängden, visar ett kluster.",
            en="Do not take one value for a finding: only the test, which allows for populations, shows a cluster.",
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
        gives="cells",
    ),
]
