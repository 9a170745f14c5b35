"""Entries of ordered groups, such as income classes."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import DEPENDS_ON_SIZE, Index

ORDERED = {
    "swapping": "the order of the groups is a part of the index",
    "scaling": DEPENDS_ON_SIZE,
}
FITTED = ORDERED | {"bounds": "a fitted curve may pass 0 or 1 between the class limits and beyond them"}

ORDINAL = [
    Index(
        function=indices.ordinal_information_theory,
        symbol="H(O)",
        dimension="ordinal",
        names=Names(
            fi="järjestettyjen ryhmien informaatioindeksi",
            sv="informationsindex för ordnade grupper",
            en="ordinal information theory index",
        ),
        meaning=Names(
            fi="Kuinka paljon vähemmän asukkaiden tuloluokat tai muut järjestetyt luokat vaihtelevat alueiden sisällä "
            "kuin koko kaupungissa.",
            sv="Hur mycket mindre invånarnas inkomstklasser eller andra ordnade klasser varierar inom områdena än i "
            "hela staden.",
            en="How much less residents' income classes, or other ordered classes, vary within areas than in the whole "
            "city.",
        ),
        caution=Names(
            fi="Älä käytä luokkiin, joilla ei ole järjestystä: luku perustuu siihen, moniko jää kunkin luokkarajan "
            "alle.",
            sv="Använd det inte för klasser utan ordning: talet bygger på hur många som är under varje klassgräns.",
            en="Do not use it for classes without an order: it rests on how many are below each class limit.",
        ),
        formula=r"H^O = 1 - \sum_i t_i v_i / (T v), \quad v = \sum_k E(c_k) / (K - 1)",
        bounds=(0, 1),
        source="reardon_2009",
        takes={"counts": "ascending"},
        fewest_groups=3,
        exempt=ORDERED,
    ),
    Index(
        function=indices.ordinal_variation_ratio,
        symbol="R(O)",
        dimension="ordinal",
        names=Names(
            fi="järjestettyjen ryhmien variaatiosuhdeindeksi",
            sv="variationskvotsindex för ordnade grupper",
            en="ordinal variation ratio index",
        ),
        meaning=Names(
            fi="Kuinka paljon vähemmän luokkarajoja on kahden saman alueen asukkaan välissä kuin kahden satunnaisen "
            "kaupunkilaisen.",
            sv="Hur mycket färre klassgränser det finns mellan två invånare i samma område än mellan två slumpvis "
            "valda stadsbor.",
            en="By how much fewer class limits lie between two residents of one area than between two residents of "
            "the city.",
        ),
        caution=Names(
            fi="Älä vertaa eri luokituksia: rajojen määrä ja paikka muuttavat lukua, ja keskimmäiset rajat painavat "
            "eniten.",
            sv="Jämför inte olika klassindelningar: gränsernas antal och läge ändrar talet, och de mellersta gränserna "
            "väger mest.",
            en="Do not compare other classifications: the number and place of the limits change it, and those in the "
            "middle weigh most.",
        ),
        formula=r"R^O = 1 - \sum_i t_i v_i / (T v), \quad v = 4 \sum_k c_k (1 - c_k) / (K - 1)",
        bounds=(0, 1),
        source="reardon_2009",
        takes={"counts": "ascending"},
        fewest_groups=3,
        exempt=ORDERED,
    ),
    Index(
        function=indices.ordinal_square_root,
        symbol="S(O)",
        dimension="ordinal",
        names=Names(
            fi="järjestettyjen ryhmien neliöjuuri-indeksi",
            sv="kvadratrotsindex för ordnade grupper",
            en="ordinal square root index",
        ),
        meaning=Names(
            fi="Kuinka paljon vähemmän järjestetyt luokat vaihtelevat alueiden sisällä, kun alimmat ja ylimmät luokat "
            "painavat tavallista enemmän.",
            sv="Hur mycket mindre ordnade klasser varierar inom områdena, när de lägsta och högsta klasserna väger mer "
            "än vanligt.",
            en="How much less ordered classes vary within areas, the lowest and highest classes weighing more than in "
            "the other indices.",
        ),
        caution=Names(
            fi="Älä käytä pienillä ruuduilla ilman odotusarvoa: ruudusta puuttuva ääriluokka nostaa lukua nopeasti.",
            sv="Använd det inte på små rutor utan förväntat värde: saknas en ytterklass i rutan stiger talet snabbt.",
            en="Do not use on small cells without the expected value: an outer class missing there raises it fast.",
        ),
        formula=r"S^O = 1 - \sum_i t_i v_i / (T v), \quad v = 2 \sum_k \sqrt{c_k (1 - c_k)} / (K - 1)",
        bounds=(0, 1),
        source="reardon_2009",
        takes={"counts": "ascending"},
        fewest_groups=3,
        exempt=ORDERED,
    ),
    Index(
        function=indices.ordinal_absolute_difference,
        symbol="L(O)",
        dimension="ordinal",
        names=Names(
            fi="järjestettyjen ryhmien itseisarvoindeksi",
            sv="absolutskillnadsindex för ordnade grupper",
            en="ordinal absolute difference index",
        ),
        meaning=Names(
            fi="Kuinka paljon lähempänä asukkaat ovat oman alueensa mediaaniluokkaa kuin koko kaupungin.",
            sv="Hur mycket närmare invånarna är sitt eget områdes medianklass än hela stadens medianklass.",
            en="How much nearer residents are to the median class of their own area than to that of the whole city.",
        ),
        caution=Names(
            fi="Älä tulkitse nollaa tasaisuudeksi: luku on 0 aina, kun kaikilla alueilla on sama mediaaniluokka.",
            sv="Tolka inte noll som jämnhet: talet är 0 alltid när alla områden har samma medianklass.",
            en="Do not read 0 as evenness: the value is 0 whenever all areas have the same median class.",
        ),
        formula=r"L^O = 1 - \sum_i t_i v_i / (T v), \quad v = \sum_k (1 - |2 c_k - 1|) / (K - 1)",
        bounds=(0, 1),
        source="reardon_2009",
        takes={"counts": "ascending"},
        fewest_groups=3,
        exempt=ORDERED,
    ),
    Index(
        function=indices.rank_order_information_theory,
        symbol="H(R)",
        dimension="ordinal",
        names=Names(
            fi="järjestysperusteinen informaatioindeksi",
            sv="rangordningsbaserat informationsindex",
            en="rank-order information theory index",
        ),
        meaning=Names(
            fi="Kuinka paljon eri tulotasoilla olevat asuvat erillään, luokkarajoista riippumatta.",
            sv="Hur mycket de som har olika inkomstnivå bor åtskilda, oberoende av klassgränserna.",
            en="How far residents of different income ranks live apart, whatever the class limits.",
        ),
        caution=Names(
            fi="Älä käytä harvoille luokille: luku luetaan rajoihin sovitetusta käyrästä, ja sovitteen keskivirhe "
            "kuuluu sen viereen.",
            sv="Använd det inte för få klasser: talet läses ur en kurva som anpassas till gränserna, och "
            "anpassningens medelfel ska stå bredvid.",
            en="Do not use it for few classes: it is read from a curve fitted at the limits, and the fit's standard "
            "error belongs beside it.",
        ),
        formula=r"H^R = 2 \int_0^1 E(p) H(p) \, dp",
        bounds=(0, 1),
        source="reardon_2011",
        takes={"counts": "ascending"},
        fewest_groups=5,
        exempt=FITTED,
    ),
    Index(
        function=indices.rank_order_variation_ratio,
        symbol="R(R)",
        dimension="ordinal",
        names=Names(
            fi="järjestysperusteinen variaatiosuhdeindeksi",
            sv="rangordningsbaserat variationskvotsindex",
            en="rank-order variation ratio index",
        ),
        meaning=Names(
            fi="Kuinka paljon eri tulotasoilla olevat asuvat erillään, kun tulojakauman keskikohta painaa eniten.",
            sv="Hur mycket de som har olika inkomstnivå bor åtskilda, när mitten av inkomstfördelningen väger mest.",
            en="How far residents of different income ranks live apart, the middle of the distribution weighing most.",
        ),
        caution=Names(
            fi="Älä vertaa järjestysperusteiseen informaatioindeksiin: tulotasojen painot ovat toiset.",
            sv="Jämför inte med det rangordningsbaserade informationsindexet: inkomstnivåerna väger på ett annat sätt.",
            en="Do not compare it with the rank-order information theory index: the ranks weigh otherwise.",
        ),
        formula=r"R^R = \frac{3}{2} \int_0^1 V(p) R(p) \, dp",
        bounds=(0, 1),
        source="reardon_2011",
        takes={"counts": "ascending"},
        fewest_groups=5,
        exempt=FITTED,
    ),
    Index(
        function=indices.rank_order_square_root,
        symbol="S(R)",
        dimension="ordinal",
        names=Names(
            fi="järjestysperusteinen neliöjuuri-indeksi",
            sv="rangordningsbaserat kvadratrotsindex",
            en="rank-order square root index",
        ),
        meaning=Names(
            fi="Kuinka paljon eri tulotasoilla olevat asuvat erillään, kun pieni- ja suurituloisimmat painavat "
            "tavallista enemmän.",
            sv="Hur mycket de som har olika inkomstnivå bor åtskilda, när de med lägst och högst inkomst väger mer än "
            "vanligt.",
            en="How far residents of different income ranks live apart, the lowest and highest incomes weighing more "
            "than in the other indices.",
        ),
        caution=Names(
            fi="Älä käytä, kun alin tai ylin luokka on suuri: käyrän päät ovat silloin pelkkää sovitetta.",
            sv="Använd det inte när den lägsta eller högsta klassen är stor: kurvans ändar är då enbart anpassning.",
            en="Do not use it where the lowest or highest class is large: the curve's ends are then a guess.",
        ),
        formula=r"S^R = \frac{4}{\pi} \int_0^1 W(p) S(p) \, dp",
        bounds=(0, 1),
        source="reardon_2011",
        takes={"counts": "ascending"},
        fewest_groups=5,
        exempt=FITTED,
    ),
]
