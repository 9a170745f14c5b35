"""Entries of clustering: whether the cells where a group lives lie side by side, or near one another."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import DEPENDS_ON_SIZE, NEIGHBOURS_COUNT, UNBOUNDED, Index

DISTANCE_COUNTS = "the piece of the cell lies elsewhere, and distances are what it measures"
ONE_GROUP = "each group has its own nearness"
CENTRED_ON_ONE = "it is 1, not 0, where the groups are spread alike"
HOW_FAR_APART = "it tells how far apart the groups live, and no shared cell may still be near"

CLUSTERING = [
    Index(
        function=indices.spatial_proximity,
        symbol="SP",
        dimension="clustering",
        names=Names(
            fi="spatiaalisen läheisyyden indeksi",
            sv="rumsligt närhetsindex",
            en="spatial proximity index",
        ),
        meaning=Names(
            fi="Kuinka paljon lähempänä toisiaan ryhmän jäsenet asuvat kuin asukkaat yleensä; 1, kun eroa ei ole.",
            sv="Hur mycket närmare varandra gruppens medlemmar bor än alla invånare; 1 när ingen skillnad finns.",
            en="How much nearer to one another members of a group live than residents do; 1 where no nearer.",
        ),
        caution=Names(
            fi="Älä vertaa eri etäisyyspainoilla laskettuja lukuja: paino ratkaisee, mikä on lähellä.",
            sv="Jämför inte tal som räknats med olika avståndsvikter: vikten avgör vad som är nära.",
            en="Do not compare values made with different weights of distance: the weight decides what is near.",
        ),
        formula=r"SP = (X P_{xx} + Y P_{yy}) / (T P_{tt})",
        bounds=(0, float("inf")),
        source="white_1983",
        exempt={
            "splitting": DISTANCE_COUNTS,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": CENTRED_ON_ONE,
            "apart_is_one": HOW_FAR_APART,
        },
    ),
    Index(
        function=indices.multigroup_spatial_proximity,
        symbol="SP*",
        dimension="clustering",
        names=Names(
            fi="useiden ryhmien spatiaalisen läheisyyden indeksi",
            sv="rumsligt närhetsindex för flera grupper",
            en="spatial proximity index of several groups",
        ),
        meaning=Names(
            fi="Kuinka paljon lähempänä toisiaan saman ryhmän jäsenet asuvat; keskiarvo kaikista ryhmistä.",
            sv="Hur mycket närmare varandra medlemmar i samma grupp bor; ett genomsnitt över alla grupper.",
            en="How much nearer to one another members of the same group live; a mean over all groups.",
        ),
        caution=Names(
            fi="Älä päättele siitä pienestä ryhmästä: suurimmat ryhmät määräävät luvun.",
            sv="Dra inga slutsatser om en liten grupp: de största grupperna bestämmer talet.",
            en="Do not conclude from it about a small group: the largest groups decide the value.",
        ),
        formula=r"SP = \sum_g X_g P_{gg} / (T P_{tt})",
        bounds=(0, float("inf")),
        source="white_1983",
        exempt={
            "splitting": DISTANCE_COUNTS,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": CENTRED_ON_ONE,
            "apart_is_one": HOW_FAR_APART,
        },
    ),
    Index(
        function=indices.mean_proximity,
        symbol="Pxx",
        dimension="clustering",
        names=Names(
            fi="ryhmän keskimääräinen läheisyys",
            sv="gruppens genomsnittliga närhet",
            en="mean proximity within a group",
        ),
        meaning=Names(
            fi="Kuinka lähellä toisiaan kaksi satunnaista ryhmän jäsentä asuu, asteikolla 0–1.",
            sv="Hur nära varandra två slumpvisa medlemmar av gruppen bor, på skalan 0–1.",
            en="How near to each other two random members of the group live, from 0 to 1.",
        ),
        caution=Names(
            fi="Älä vertaa kaupunkeja: laajassa kaupungissa kaikki asuvat kauempana toisistaan.",
            sv="Jämför inte städer: i en vidsträckt stad bor alla längre från varandra.",
            en="Do not compare cities: in a large one everybody lives farther from one another.",
        ),
        formula=r"P_{xx} = \sum_{ij} x_i x_j c_{ij} / X^2",
        bounds=(0, 1),
        source="white_1983",
        exempt={
            "splitting": DISTANCE_COUNTS,
            "swapping": ONE_GROUP,
            "even_is_zero": "it is the nearness of the members, wherever others live",
            "apart_is_one": "it is 1 only where all members live in one cell",
        },
    ),
    Index(
        function=indices.mean_cross_proximity,
        symbol="Pxy",
        dimension="clustering",
        names=Names(
            fi="kahden ryhmän keskimääräinen läheisyys",
            sv="två gruppers genomsnittliga närhet",
            en="mean proximity between two groups",
        ),
        meaning=Names(
            fi="Kuinka lähellä toisiaan ryhmän ja toisen ryhmän satunnaiset jäsenet asuvat, asteikolla 0–1.",
            sv="Hur nära varandra slumpvisa medlemmar av gruppen och av en annan grupp bor, på skalan 0–1.",
            en="How near to each other random members of the group and of another group live, from 0 to 1.",
        ),
        caution=Names(
            fi="Älä lue yksin: vertaa ryhmien sisäiseen läheisyyteen, sillä kaupungin koko määrää tason.",
            sv="Läs det inte ensamt: jämför med närheten inom grupperna, för stadens storlek avgör nivån.",
            en="Do not read it alone but beside the nearness within the groups: the city's extent sets its level.",
        ),
        formula=r"P_{xy} = \sum_{ij} x_i y_j c_{ij} / (X Y)",
        bounds=(0, 1),
        source="white_1983",
        exempt={
            "splitting": DISTANCE_COUNTS,
            "even_is_zero": "it falls, not rises, as the groups part",
            "apart_is_one": "it falls, not rises, as the groups part",
        },
    ),
    Index(
        function=indices.absolute_clustering,
        symbol="ACL",
        dimension="clustering",
        names=Names(
            fi="absoluuttinen klusteroitumisindeksi",
            sv="absolut klustringsindex",
            en="absolute clustering index",
        ),
        meaning=Names(
            fi="Kuinka suuri osa ryhmän lähellä asuvista kuuluu ryhmään, kun tasainen jakautuminen on vähennetty.",
            sv="Hur stor del av dem som bor nära gruppen som hör till den, när jämn spridning har dragits av.",
            en="The share of the group among those who live near it, less what an even spread would give.",
        ),
        caution=Names(
            fi="Älä vertaa vuosia, joissa ruutuja on eri määrä: myös tyhjät ruudut vaikuttavat lukuun.",
            sv="Jämför inte år med olika antal rutor: även tomma rutor påverkar talet.",
            en="Do not compare years with different numbers of cells: empty cells change the value too.",
        ),
        formula=(
            r"ACL = \Big( \sum_i \frac{x_i}{X} \sum_j c_{ij} x_j - \frac{X}{n^2} \sum_{ij} c_{ij} \Big) \Big/ "
            r"\Big( \sum_i \frac{x_i}{X} \sum_j c_{ij} t_j - \frac{X}{n^2} \sum_{ij} c_{ij} \Big)"
        ),
        bounds=UNBOUNDED,
        source="massey_denton_1988",
        exempt={
            "empty_cells": "an even spread is over all cells given, so that empty ones count",
            "splitting": DISTANCE_COUNTS,
            "swapping": ONE_GROUP,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it is 0 where the group is spread evenly over cells, not over residents",
            "apart_is_one": HOW_FAR_APART,
        },
    ),
    Index(
        function=indices.relative_clustering,
        symbol="RCL",
        dimension="clustering",
        names=Names(
            fi="suhteellinen klusteroitumisindeksi",
            sv="relativt klustringsindex",
            en="relative clustering index",
        ),
        meaning=Names(
            fi="Kuinka paljon tiiviimmin ryhmä asuu kuin toinen ryhmä; 0, kun molemmat asuvat yhtä tiiviisti.",
            sv="Hur mycket mer samlat gruppen bor än den andra gruppen; 0 när båda bor lika samlat.",
            en="How much more compactly the group lives than the other group; 0 where both live equally so.",
        ),
        caution=Names(
            fi="Älä lue erillisyytenä: ryhmät voivat asua täysin erillään ja luku olla silti 0.",
            sv="Läs det inte som åtskillnad: grupperna kan bo helt åtskilda och talet ändå vara 0.",
            en="Do not read it as separation: the groups may live wholly apart, and the value still be 0.",
        ),
        formula=r"RCL = P_{xx} / P_{yy} - 1",
        bounds=(-1, float("inf")),
        source="massey_denton_1988",
        exempt={
            "splitting": DISTANCE_COUNTS,
            "swapping": "it sets one group against the other",
            "apart_is_one": "it compares how compact the groups are, not how far apart",
        },
    ),
    Index(
        function=indices.distance_decay_isolation,
        symbol="DPxx",
        dimension="clustering",
        names=Names(
            fi="etäisyyspainotettu eristyneisyysindeksi",
            sv="avståndsviktat isoleringsindex",
            en="distance-decay isolation index",
        ),
        meaning=Names(
            fi="Kuinka todennäköisesti jäsen kohtaa oman ryhmänsä jäsenen, kun lähellä asuvat kohdataan useammin.",
            sv="Hur sannolikt det är att en medlem möter sin egen grupp, när de som bor nära varandra möts oftare.",
            en="How likely a member is to meet the own group, those who live near being met more often.",
        ),
        caution=Names(
            fi="Älä tulkitse ryhmän kasvun tuomaa nousua eriytymiseksi: luku riippuu ryhmän osuudesta kaupungissa.",
            sv="Tolka inte gruppens tillväxt som segregation: talet beror på gruppens andel av staden.",
            en="Do not take the group's growth for segregation: the value depends on its share of the city.",
        ),
        formula=r"DP_{xx} = \sum_i \frac{x_i}{X} \cdot \sum_j c_{ij} x_j \Big/ \sum_j c_{ij} t_j",
        bounds=(0, 1),
        source="morgan_1983",
        exempt={
            "splitting": DISTANCE_COUNTS,
            "swapping": "each group has its own isolation",
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "spread alike it is the group's share of the city",
            "apart_is_one": HOW_FAR_APART,
        },
    ),
    Index(
        function=indices.distance_decay_exposure,
        symbol="DPxy",
        dimension="clustering",
        names=Names(
            fi="etäisyyspainotettu altistumisindeksi",
            sv="avståndsviktat exponeringsindex",
            en="distance-decay exposure index",
        ),
        meaning=Names(
            fi="Kuinka todennäköisesti jäsen kohtaa toisen ryhmän jäsenen, kun lähellä asuvat kohdataan useammin.",
            sv="Hur sannolikt det är att en medlem möter den andra gruppen, när de som bor nära varandra möts oftare.",
            en="How likely a member is to meet the other group, those who live near being met more often.",
        ),
        caution=Names(
            fi="Älä tulkitse toteutuneiksi kohtaamisiksi: se lasketaan vain siitä, missä asutaan.",
            sv="Tolka det inte som möten som skett: det räknas bara ut av var folk bor.",
            en="Do not read it as meetings that took place: it is made only of where people live.",
        ),
        formula=r"DP_{xy} = \sum_i \frac{x_i}{X} \cdot \sum_j c_{ij} y_j \Big/ \sum_j c_{ij} t_j",
        bounds=(0, 1),
        source="morgan_1983",
        exempt={
            "splitting": DISTANCE_COUNTS,
            "swapping": "a small group meets much of a large one, and not the other way round",
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it falls, not rises, with segregation",
            "apart_is_one": "it falls, not rises, with segregation",
        },
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
        caution=Names(
            fi="Älä käytä epätasaisuuden mittana: se kertoo alueiden järjestyksestä kartalla, ei erojen suuruudesta.",
            sv="Använd det inte som mått på ojämnhet: det säger hur områdena ligger, inte hur stora skillnaderna är.",
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
    Index(
        function=indices.gearys_c,
        symbol="C",
        dimension="clustering",
        names=Names(
            fi="Gearyn C",
            sv="Gearys C",
            en="Geary's C",
        ),
        meaning=Names(
            fi="Eroavatko vierekkäiset alueet ryhmän osuuden suhteen; alle 1, kun ne muistuttavat toisiaan.",
            sv="Om grannområden skiljer sig i fråga om gruppens andel; under 1 när de liknar varandra.",
            en="Whether areas side by side differ in the group's share; below 1 where neighbours are alike.",
        ),
        caution=Names(
            fi="Älä lue suurta lukua klusteroitumisena: pieni luku kertoo siitä.",
            sv="Läs inte ett högt tal som klustring: det är ett lågt tal som visar den.",
            en="Do not read a high value as clustering: it is a low one that shows it.",
        ),
        formula=(r"C = \frac{n - 1}{2 \sum_{ij} w_{ij}} \sum_{ij} w_{ij} (p_i - p_j)^2 \Big/ \sum_i (p_i - \bar{p})^2"),
        bounds=(0, float("inf")),
        source="geary_1954",
        exempt={
            "splitting": NEIGHBOURS_COUNT,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "it is undefined where all shares are equal",
            "apart_is_one": NEIGHBOURS_COUNT,
        },
    ),
    Index(
        function=indices.getis_ord_g,
        symbol="G(d)",
        dimension="clustering",
        names=Names(
            fi="Getisin ja Ordin yleinen G",
            sv="Getis och Ords allmänna G",
            en="Getis-Ord general G",
        ),
        meaning=Names(
            fi="Ovatko alueet, joilla ryhmän osuus on suuri, toistensa naapureita.",
            sv="Om områden där gruppens andel är hög ligger intill varandra.",
            en="Whether areas where the group's share is high lie side by side.",
        ),
        caution=Names(
            fi="Älä vertaa kaupunkeja ilman odotusarvoa: alueiden ja naapurien määrä ratkaisee tason.",
            sv="Jämför inte städer utan det förväntade värdet: antalet områden och grannar avgör nivån.",
            en="Do not compare cities without its expected value: the numbers of areas and neighbours set its level.",
        ),
        formula=r"G = \sum_{ij} w_{ij} p_i p_j \Big/ \sum_{i \neq j} p_i p_j",
        bounds=(0, 1),
        source="getis_ord_1992",
        exempt={
            "splitting": NEIGHBOURS_COUNT,
            "swapping": "it looks for high shares, and the other group is high elsewhere",
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "of equal shares it is the part of all pairs of cells that are neighbours",
            "apart_is_one": NEIGHBOURS_COUNT,
        },
    ),
    Index(
        function=indices.adjusted_dissimilarity,
        symbol="D(adj)",
        dimension="clustering",
        names=Names(
            fi="naapurikorjattu erilaisuusindeksi (Morrill)",
            sv="grannjusterat olikhetsindex (Morrill)",
            en="dissimilarity adjusted for neighbours (Morrill)",
        ),
        meaning=Names(
            fi="Erilaisuusindeksi, josta on vähennetty vierekkäisten alueiden keskimääräinen ero.",
            sv="Olikhetsindexet minus den genomsnittliga skillnaden mellan områden som ligger intill varandra.",
            en="Dissimilarity less the mean difference between areas that lie side by side.",
        ),
        caution=Names(
            fi="Älä käytä, jos moni ruutu on harvaan asuttu: jokainen naapuripari painaa yhtä paljon.",
            sv="Använd det inte om många rutor är glest bebodda: varje par av grannar väger lika mycket.",
            en="Do not use it where many cells have few residents: every pair of neighbours counts alike.",
        ),
        formula=r"D(adj) = D - \sum_{ij} c_{ij} |p_i - p_j| \Big/ \sum_{ij} c_{ij}",
        bounds=(-1, 1),
        source="morrill_1991",
        exempt={
            "splitting": NEIGHBOURS_COUNT,
            "scaling": DEPENDS_ON_SIZE,
            "apart_is_one": "it falls with every border between unlike cells",
        },
    ),
    Index(
        function=indices.boundary_dissimilarity,
        symbol="D(w)",
        dimension="clustering",
        names=Names(
            fi="rajakorjattu erilaisuusindeksi (Wong)",
            sv="gränsjusterat olikhetsindex (Wong)",
            en="dissimilarity adjusted for boundaries (Wong)",
        ),
        meaning=Names(
            fi="Erilaisuusindeksi, josta on vähennetty rajan eri puolten ero; pitkä raja painaa enemmän.",
            sv="Olikhetsindexet minus skillnaden mellan områden på var sin sida om en gräns; en lång gräns väger mer.",
            en="Dissimilarity less the mean difference across a boundary, long boundaries counting more.",
        ),
        caution=Names(
            fi="Älä vertaa eri aluejakoja: ruuduilla ja postinumeroalueilla on eri määrä yhteistä rajaa.",
            sv="Jämför inte olika områdesindelningar: rutor och postnummerområden delar olika mycket gräns.",
            en="Do not compare different divisions: cells and postal areas share different lengths of boundary.",
        ),
        formula=r"D(w) = D - \sum_{ij} d_{ij} |p_i - p_j| \Big/ \sum_{ij} d_{ij}",
        bounds=(-1, 1),
        source="wong_1993",
        takes={"weights": "boundary"},
        exempt={
            "splitting": NEIGHBOURS_COUNT,
            "scaling": DEPENDS_ON_SIZE,
            "apart_is_one": "it falls with every border between unlike cells",
        },
    ),
]
