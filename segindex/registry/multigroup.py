"""Entries of several groups at once, and of how mixed the city is."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import DEPENDS_ON_SIZE, Index

EACH_GROUP_WEIGHS = "groups weigh by their share of the city, which shifts"
SIZES_ALONE = {
    "scaling": "it is made of the groups' sizes alone",
    "even_is_zero": "it does not know where anybody lives",
    "apart_is_one": "it does not know where anybody lives",
}

MULTIGROUP = [
    Index(
        function=indices.multigroup_dissimilarity,
        symbol="D(m)",
        dimension="multigroup",
        names=Names(
            fi="usean ryhmän erilaisuusindeksi",
            sv="olikhetsindex för flera grupper",
            en="multigroup index of dissimilarity",
        ),
        meaning=Names(
            fi="Kuinka monen asukkaan pitäisi vaihtaa aluetta, jotta kaikki ryhmät jakautuisivat samoin, verrattuna "
            "siihen, että ryhmät asuisivat täysin erillään.",
            sv="Hur många invånare som skulle behöva byta område för att alla grupper skulle fördela sig lika, jämfört "
            "med om grupperna bodde helt åtskilda.",
            en="How many residents would have to move to another area for all groups to be spread alike, relative to "
            "how many if the groups lived wholly apart.",
        ),
        caution=Names(
            fi="Älä vertaa luokituksia, joissa on eri ryhmät: luku muuttuu, kun ryhmiä yhdistetään tai jaetaan.",
            sv="Jämför inte indelningar med olika grupper: talet ändras när grupper slås ihop eller delas.",
            en="Do not compare classifications with other groups: merging or dividing groups changes the value.",
        ),
        formula=r"D = \sum_{ig} t_i |p_{ig} - P_g| \,/\, (2 T I)",
        bounds=(0, 1),
        source="reardon_firebaugh_2002",
        exempt={"scaling": EACH_GROUP_WEIGHS},
    ),
    Index(
        function=indices.multigroup_gini,
        symbol="G(m)",
        dimension="multigroup",
        names=Names(
            fi="usean ryhmän Gini-segregaatioindeksi",
            sv="Ginis segregationsindex för flera grupper",
            en="multigroup Gini index of segregation",
        ),
        meaning=Names(
            fi="Kuinka paljon kaikkien ryhmien osuudet eroavat kahden asukkaan alueilla, verrattuna suurimpaan "
            "mahdolliseen eroon.",
            sv="Hur mycket alla gruppers andelar skiljer sig mellan två invånares områden, jämfört med största "
            "möjliga skillnad.",
            en="How much all groups' shares differ between two residents' areas, relative to the most they could.",
        ),
        caution=Names(
            fi="Älä sekoita tulonjaon Gini-kertoimeen: luku kertoo ryhmien asuinalueista, ei tulojen eroista.",
            sv="Förväxla det inte med inkomsternas Gini-koefficient: det gäller var grupperna bor, inte inkomsterna.",
            en="Do not mistake it for the Gini coefficient of income: it tells where groups live, not what they earn.",
        ),
        formula=r"G = \sum_g \sum_{ij} t_i t_j |p_{ig} - p_{jg}| \,/\, (2 T^2 I)",
        bounds=(0, 1),
        source="reardon_firebaugh_2002",
        exempt={"scaling": EACH_GROUP_WEIGHS},
    ),
    Index(
        function=indices.mutual_information,
        symbol="M",
        dimension="multigroup",
        names=Names(fi="keskinäisinformaatioindeksi", sv="ömsesidigt informationsindex", en="mutual information index"),
        meaning=Names(
            fi="Kuinka paljon asuinalue kertoo asukkaan ryhmästä; sekä epätasaisuus että väestön kirjavuus nostavat "
            "lukua.",
            sv="Hur mycket bostadsområdet säger om en invånares grupp; både ojämnhet och en blandad befolkning höjer "
            "talet.",
            en="How much the area tells of a resident's group; both unevenness and a mixed population raise it.",
        ),
        caution=Names(
            fi="Älä lue osuutena: yksikkö on natti, ja suurin mahdollinen arvo riippuu kaupungin väestöstä.",
            sv="Läs det inte som en andel: enheten är nat, och det största möjliga värdet beror på stadens befolkning.",
            en="Do not read it as a share: its unit is the nat, and its greatest value depends on the city's mix.",
        ),
        formula=r"M = \sum_i t_i (E - E_i) / T",
        bounds=(0, float("inf")),
        source="theil_finizza_1971",
        exempt={"scaling": DEPENDS_ON_SIZE, "apart_is_one": "its greatest value is the city's entropy"},
    ),
    Index(
        function=indices.relative_diversity,
        symbol="R",
        dimension="multigroup",
        names=Names(
            fi="suhteellinen monimuotoisuusindeksi", sv="relativt mångfaldsindex", en="relative diversity index"
        ),
        meaning=Names(
            fi="Kuinka paljon harvemmin kaksi saman alueen asukasta kuuluu eri ryhmiin kuin kaksi satunnaista "
            "kaupunkilaista.",
            sv="Hur mycket mer sällan två invånare i samma område hör till olika grupper än två slumpvis valda "
            "stadsbor.",
            en="How much less often two residents of one area belong to different groups than two residents of the "
            "city.",
        ),
        caution=Names(
            fi="Älä käytä, kun pienet ryhmät ovat tärkeimpiä: kooltaan keskisuuret ja suuret ryhmät ratkaisevat luvun.",
            sv="Använd det inte när små grupper är viktigast: de medelstora och stora grupperna avgör talet.",
            en="Do not use it where small groups matter most: groups of middling and large size decide the value.",
        ),
        formula=r"R = 1 - \sum_i t_i I_i / (T I)",
        bounds=(0, 1),
        source="reardon_firebaugh_2002",
        exempt={"scaling": EACH_GROUP_WEIGHS},
    ),
    Index(
        function=indices.squared_coefficient_of_variation,
        symbol="CV²",
        dimension="multigroup",
        names=Names(
            fi="neliöity variaatiokerroin", sv="kvadrerad variationskoefficient", en="squared coefficient of variation"
        ),
        meaning=Names(
            fi="Kuinka paljon ryhmien osuudet vaihtelevat alueittain, kun pienet ryhmät painavat suuria enemmän.",
            sv="Hur mycket gruppernas andelar varierar mellan områdena när små grupper väger mer än stora.",
            en="How much the groups' shares vary between areas, small groups weighing more than large ones.",
        ),
        caution=Names(
            fi="Älä käytä, kun jokin ryhmä on hyvin pieni: sen muutama ruutu voi sattumalta määrätä luvun.",
            sv="Använd det inte när någon grupp är mycket liten: några få av dess rutor kan av en slump avgöra talet.",
            en="Do not use it where a group is very small: a few of its cells may decide the value by chance.",
        ),
        formula=r"C = \sum_{ig} t_i (p_{ig} - P_g)^2 / (T (K - 1) P_g)",
        bounds=(0, 1),
        source="reardon_firebaugh_2002",
        exempt={"scaling": EACH_GROUP_WEIGHS},
    ),
    Index(
        function=indices.normalized_exposure,
        symbol="P",
        dimension="multigroup",
        names=Names(fi="normitettu altistumisindeksi", sv="normerat exponeringsindex", en="normalised exposure index"),
        meaning=Names(
            fi="Kuinka paljon enemmän asukkaiden alueilla on heidän omaa ryhmäänsä kuin tasaisesti jakautuneina, "
            "verrattuna suurimpaan mahdolliseen eroon.",
            sv="Hur mycket mer av den egna gruppen det finns i invånarnas områden än vid jämn fördelning, jämfört med "
            "största möjliga skillnad.",
            en="How much more of their own group residents have in their area than if all were spread evenly, relative "
            "to the most they could.",
        ),
        caution=Names(
            fi="Älä käytä vähemmistöjen seurantaan: väestön suurin ryhmä hallitsee lukua.",
            sv="Använd det inte för att följa minoriteter: befolkningens största grupp dominerar talet.",
            en="Do not use it to follow minorities: the largest group of the population governs the value.",
        ),
        formula=r"P = \sum_{ig} t_i (p_{ig} - P_g)^2 / (T (1 - P_g))",
        bounds=(0, 1),
        source="reardon_firebaugh_2002",
        exempt={"scaling": EACH_GROUP_WEIGHS},
    ),
    Index(
        function=indices.divergence,
        symbol="KL",
        dimension="multigroup",
        names=Names(fi="divergenssi-indeksi", sv="divergensindex", en="divergence index"),
        meaning=Names(
            fi="Kuinka paljon alueiden väestö keskimäärin poikkeaa koko kaupungin väestöstä.",
            sv="Hur mycket områdenas befolkning i genomsnitt avviker från hela stadens befolkning.",
            en="How far the residents of the areas on average differ from those of the whole city.",
        ),
        caution=Names(
            fi="Älä esitä lisänäyttönä: ilman lähiympäristöjä se on sama luku kuin keskinäisinformaatioindeksi.",
            sv="Visa det inte som ytterligare belägg: utan näromgivning är det samma tal som det ömsesidiga "
            "informationsindexet.",
            en="Do not show it as further evidence: without surroundings it is the mutual information index.",
        ),
        formula=r"\sum_i \frac{t_i}{T} \sum_g p_{ig} \ln (p_{ig} / P_g)",
        bounds=(0, float("inf")),
        source="roberto_2015",
        exempt={"scaling": DEPENDS_ON_SIZE, "apart_is_one": "its greatest value is the city's entropy"},
    ),
    Index(
        function=indices.entropy,
        symbol="E",
        dimension="multigroup",
        names=Names(fi="väestön entropia", sv="befolkningens entropi", en="entropy of the population"),
        meaning=Names(
            fi="Kuinka kirjava koko kaupungin väestö on: 0, jos kaikki kuuluvat samaan ryhmään.",
            sv="Hur blandad hela stadens befolkning är: 0 om alla hör till samma grupp.",
            en="How mixed the population of the whole city is: 0 if all belong to one group.",
        ),
        caution=Names(
            fi="Älä käytä segregaation mittana: luku kertoo ryhmien koot, ei sitä, missä kukin asuu.",
            sv="Använd det inte som mått på segregation: talet säger hur stora grupperna är, inte var de bor.",
            en="Do not use it for segregation: it tells how large the groups are, not where they live.",
        ),
        formula=r"E = -\sum_g P_g \ln P_g",
        bounds=(0, float("inf")),
        source="theil_1972",
        exempt=SIZES_ALONE,
        margin_only=True,
    ),
    Index(
        function=indices.simpson,
        symbol="1−λ",
        dimension="multigroup",
        names=Names(fi="Simpsonin monimuotoisuusindeksi", sv="Simpsons mångfaldsindex", en="Simpson's diversity index"),
        meaning=Names(
            fi="Kuinka todennäköisesti kaksi satunnaista kaupunkilaista kuuluu eri ryhmiin.",
            sv="Hur sannolikt det är att två slumpvis valda stadsbor hör till olika grupper.",
            en="How likely it is that two residents of the city, drawn at random, belong to different groups.",
        ),
        caution=Names(
            fi="Älä tulkitse kohtaamistodennäköisyydeksi: luku ei tiedä, asuvatko ryhmät erillään.",
            sv="Tolka det inte som sannolikheten att mötas: talet vet inte om grupperna bor åtskilda.",
            en="Do not read it as the chance to meet: it does not know whether the groups live apart.",
        ),
        formula=r"1 - \lambda = 1 - \sum_g P_g^2",
        bounds=(0, 1),
        source="simpson_1949",
        exempt=SIZES_ALONE,
        margin_only=True,
    ),
]
