"""Entries of scale and levels of areas: where, and at which distance, segregation arises."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import BY_CELL, DEPENDS_ON_SIZE, UNBOUNDED, Index

PLACE_COUNTS = "where the residents live decides, and the two halves lie at different places"
EQUAL_GROUPS = "members of a large group never see the greatest value, which the smallest group's centre sees"

SCALE = [
    Index(
        function=indices.between_within,
        symbol="B+W",
        dimension="scale",
        names=Names(
            fi="alueiden välinen ja sisäinen segregaatio",
            sv="segregation mellan och inom områden",
            en="segregation between and within districts",
        ),
        meaning=Names(
            fi="Kuinka suuri osa segregaatiosta on laajempien alueiden välistä ja kuinka suuri niiden sisäistä.",
            sv="Hur stor del av segregationen som finns mellan större områden och hur stor som finns inom dem.",
            en="How much of segregation lies between larger areas, and how much within them.",
        ),
        caution=Names(
            fi="Älä vertaa kaupunkeja, joiden alueet ovat eri kokoisia: pienet alueet lisäävät alueiden välistä osaa.",
            sv="Jämför inte städer med olika fin områdesindelning: små områden ökar delen mellan områden.",
            en="Do not compare cities whose areas are of other sizes: small areas raise the part between areas.",
        ),
        formula=r"M = \sum_d \frac{t_d}{T} \sum_g p_{dg} \ln \frac{p_{dg}}{P_g} + \sum_d \frac{t_d}{T} M_d",
        bounds=(0, float("inf")),
        source="mora_ruiz_castillo_2011",
        gives="table",
    ),
    Index(
        function=indices.nested_parts,
        symbol="B₁+…+Bₗ",
        dimension="scale",
        names=Names(
            fi="segregaation osat aluetasoittain",
            sv="segregationens delar på olika områdesnivåer",
            en="parts of segregation by level of areas",
        ),
        meaning=Names(
            fi="Kuinka paljon kukin aluetaso lisää segregaatiota, laajimmasta tasosta ruutuihin.",
            sv="Hur mycket varje områdesnivå lägger till segregationen, från den vidaste nivån till rutorna.",
            en="How much each level of areas adds to segregation, from the widest level down to the cells.",
        ),
        caution=Names(
            fi="Älä tulkitse yhden tason osaa yksinään: se riippuu siitä, mitkä muut tasot ovat mukana.",
            sv="Tolka inte en enda nivås del för sig: den beror på vilka andra nivåer som är med.",
            en="Do not read one level's part alone: it depends on which other levels are named.",
        ),
        formula=r"M = \sum_l \sum_{d \in l} \frac{t_d}{T} \sum_g p_{dg} \ln \frac{p_{dg}}{p_{D(d)g}}",
        bounds=(0, float("inf")),
        source="theil_1972",
        gives="table",
    ),
    Index(
        function=indices.multilevel_dissimilarity,
        symbol="MLID",
        dimension="scale",
        names=Names(
            fi="monitasoinen erilaisuusindeksi",
            sv="olikhetsindex på flera nivåer",
            en="multilevel index of dissimilarity",
        ),
        meaning=Names(
            fi="Missä mittakaavassa ryhmien erot syntyvät: ruuduissa vai laajemmilla alueilla.",
            sv="I vilken skala skillnaderna mellan grupperna uppstår: i rutorna eller i större områden.",
            en="At which scale the differences between the groups arise: in the cells or in larger areas.",
        ),
        caution=Names(
            fi="Älä käytä tasolla, jolla on vain muutama alue: sen osuutta ei silloin voi arvioida luotettavasti.",
            sv="Använd det inte för en nivå med bara några få områden: dess del kan då inte skattas tillförlitligt.",
            en="Do not use it for a level of a few areas only: its part cannot be estimated reliably.",
        ),
        formula=r"x_i/X - y_i/Y = \sum_l u_{l\, d_l(i)} + e_i",
        bounds=(-1, 1),
        source="harris_2017",
        gives="table",
    ),
    Index(
        function=indices.district_impact,
        symbol="DI",
        dimension="scale",
        names=Names(
            fi="alueen vaikutus erilaisuusindeksiin",
            sv="områdets inverkan på olikhetsindexet",
            en="impact of a district on dissimilarity",
        ),
        meaning=Names(
            fi="Kuinka suuri osa erilaisuusindeksistä tulee alueelta verrattuna sen osuuteen ruuduista.",
            sv="Hur stor del av olikhetsindexet som kommer från ett område jämfört med dess andel av rutorna.",
            en="How large a part of the index of dissimilarity comes from an area, relative to its part of the cells.",
        ),
        caution=Names(
            fi="Älä päättele arvosta, onko ryhmä alueella yli- vai aliedustettu: kumpikin nostaa sitä yhtä lailla.",
            sv="Dra inga slutsatser om gruppen är över- eller underrepresenterad i området: båda höjer värdet lika.",
            en="Do not infer whether the group is over- or under-represented in the area: both raise the value alike.",
        ),
        formula=r"\frac{\sum_{i \in d} |x_i/X - y_i/Y|}{\sum_i |x_i/X - y_i/Y|} \Big/ \frac{n_d}{n}",
        bounds=(0, float("inf")),
        source="harris_2017",
        gives="table",
    ),
    Index(
        function=indices.compress,
        symbol="ΔM",
        dimension="scale",
        names=Names(
            fi="alueiden yhdistäminen pienimmällä hävikillä",
            sv="sammanslagning av områden med minsta förlust",
            en="compression of areas with the least loss",
        ),
        meaning=Names(
            fi="Kuinka suuri osa segregaatiosta säilyy, kun samankaltaisia naapurialueita yhdistetään pari kerrallaan.",
            sv="Hur stor del av segregationen som finns kvar när likartade grannområden slås ihop par för par.",
            en="How much of segregation is kept when neighbouring areas that are alike are merged pair by pair.",
        ),
        caution=Names(
            fi="Älä testaa segregaatiota yhdistetyillä alueilla: ne on valittu saman aineiston perusteella.",
            sv="Testa inte segregationen på de sammanslagna områdena: de har valts utifrån samma material.",
            en="Do not test segregation on the merged areas: they were chosen by the same data.",
        ),
        formula=r"\Delta M_{ab} = \sum_{i \in \{a, b\}} \frac{t_i}{T} \sum_g p_{ig} \ln \frac{p_{ig}}{p_{abg}}",
        bounds=UNBOUNDED,
        source="elbers_2023",
        gives="table",
    ),
    Index(
        function=indices.distortion,
        symbol="DC",
        dimension="scale",
        names=Names(fi="vääristymäindeksi", sv="distorsionsindex", en="distortion index"),
        meaning=Names(
            fi="Kuinka paljon asukkaan ympäristö poikkeaa kaupungista, kun se laajenee omasta ruudusta kaupungiksi.",
            sv="Hur mycket en invånares omgivning avviker från staden när den växer från egen ruta till hela staden.",
            en="How unlike the city a resident's surroundings are as they grow from the own cell to all of it.",
        ),
        caution=Names(
            fi="Älä lue etäisyytenä äläkä vertaa eri ympäristöjen lukuja: harvat ympyrät antavat liian pienen arvon.",
            sv="Läs det inte som ett avstånd och jämför inte olika omgivningar: få cirklar ger ett för lågt värde.",
            en="Do not read it as a distance, nor compare over other surroundings: few discs give too low a value.",
        ),
        formula=r"\Delta = \sum_i \frac{t_i}{T} \Delta_i",
        bounds=(0, 1),
        source="olteanu_randon_furling_clark_2019",
        exempt={"splitting": PLACE_COUNTS, "scaling": DEPENDS_ON_SIZE, "apart_is_one": EQUAL_GROUPS},
    ),
    Index(
        function=indices.local_distortion,
        symbol="DCᵢ",
        dimension="scale",
        names=Names(
            fi="paikallinen vääristymäkerroin", sv="lokal distorsionskoefficient", en="local distortion coefficient"
        ),
        meaning=Names(
            fi="Kuinka kauas alueelta on katsottava, ennen kuin ympäristön väestö näyttää koko kaupungin väestöltä.",
            sv="Hur långt från ett område man måste se innan befolkningen runt det ser ut som hela stadens.",
            en="How far one must look from an area before the population around it looks like that of the whole city.",
        ),
        caution=Names(
            fi="Älä vertaa arvoja, joiden ympäristöt kasvavat eri askelin: pitkin askelin arvo jää liian pieneksi.",
            sv="Jämför inte värden vars omgivningar växer i olika steg: långa steg ger för låga värden.",
            en="Do not compare values whose surroundings grow in different steps: long steps give too low values.",
        ),
        formula=r"\Delta_i = \frac{1}{\Delta_{max}} \int_0^1 \max_{v \ge u} K_i(v)\, du",
        bounds=(0, 1),
        source="olteanu_randon_furling_clark_2019",
        exempt={
            "splitting": PLACE_COUNTS,
            "scaling": DEPENDS_ON_SIZE,
            "even_is_zero": "a cell where nobody lives has no value",
            "apart_is_one": BY_CELL,
        },
        gives="cells",
    ),
]
