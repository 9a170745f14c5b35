"""Entries of exposure: who the members of a group live among."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import DEPENDS_ON_SIZE, Index

EXPOSURE = [
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
        caution=Names(
            fi="Älä käytä muutoksen mittana, kun ryhmä kasvaa: luku nousee, vaikka kukaan ei muuttaisi.",
            sv="Använd det inte som mått på förändring när gruppen växer: talet stiger fast ingen flyttar.",
            en="Do not use it as a measure of change while the group grows: it rises though nobody moves.",
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
        caution=Names(
            fi="Älä tulkitse kohtaamisiksi: se kertoo, keitä alueella asuu, ja riippuu ryhmien koosta.",
            sv="Tolka det inte som möten: det säger vilka som bor i området och beror på gruppernas storlek.",
            en="Do not read it as contact: it says who lives in the area, and depends on the groups' sizes.",
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
            fi="Kuinka suuren osan matkasta tasaisesta jakautumisesta täyteen erillisyyteen eristyneisyys on kulkenut.",
            sv="Hur stor del av vägen från jämn fördelning till full åtskillnad som isoleringen har nått.",
            en="How much of the way from even spread to full separation isolation has gone.",
        ),
        caution=Names(
            fi="Älä vertaa eri kokoisia ruutuja tai hyvin eri suuria ryhmiä: myös ryhmän osuus vaikuttaa lukuun.",
            sv="Jämför inte rutor av olika storlek eller mycket olika stora grupper: även gruppens andel inverkar.",
            en="Do not compare cells, or groups, of very different size: the group's share matters too.",
        ),
        formula=r"\eta^2 = (xPx - P) / (1 - P)",
        bounds=(0, 1),
        source="stearns_logan_1986",
        exempt={"scaling": "the variance between cells shifts with the group's share of each cell"},
    ),
]
