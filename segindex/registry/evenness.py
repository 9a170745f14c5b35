"""Entries of evenness: how unlike the groups are spread."""

from segindex import indices
from segindex.facts import Names
from segindex.registry.entry import DEPENDS_ON_SIZE, Index

EVENNESS = [
    Index(
        function=indices.dissimilarity,
        symbol="D",
        dimension="evenness",
        names=Names(fi="erilaisuusindeksi", sv="olikhetsindex", en="index of dissimilarity"),
        meaning=Names(
            fi="Kuinka suuren osan ryhmästä pitäisi vaihtaa aluetta, jotta ryhmät jakautuisivat samoin.",
            sv="Hur stor del av gruppen som skulle behöva byta område för att grupperna skulle fördela sig lika.",
            en="The share of the group that would have to move to another area for the groups to be spread alike.",
        ),
        caution=Names(
            fi="Älä vertaa eri kokoisia ruutuja tai pieniä ryhmiä ilman odotusarvoa: sattumakin nostaa lukua.",
            sv=(
                "Jämför inte rutor av olika storlek eller små grupper utan det förväntade värdet: även slumpen höjer "
                "talet."
            ),
            en="Do not compare cells of other sizes, or small groups, without the expected value: chance raises it.",
        ),
        formula=r"D = \frac{1}{2} \sum_i \left| x_i/X - y_i/Y \right|",
        bounds=(0, 1),
        source="duncan_duncan_1955",
    ),
    Index(
        function=indices.gini,
        symbol="G",
        dimension="evenness",
        names=Names(fi="Gini-segregaatioindeksi", sv="Ginis segregationsindex", en="Gini index of segregation"),
        meaning=Names(
            fi=(
                "Kuinka paljon ryhmän osuus eroaa kahden asukkaan alueilla keskimäärin, verrattuna suurimpaan "
                "mahdolliseen eroon."
            ),
            sv=(
                "Hur mycket gruppens andel i snitt skiljer sig mellan två invånares områden, jämfört med största "
                "möjliga skillnad."
            ),
            en="How much the group's share differs between two residents' areas, relative to the most it could.",
        ),
        caution=Names(
            fi="Älä lue osuutena muuttajista: se on kahden asukkaan alueiden ero. Sattuma nostaa lukua.",
            sv="Läs det inte som andelen som skulle flytta: det gäller par av invånare. Slumpen höjer talet liksom D.",
            en="Do not read it as a share of movers: it is a difference over pairs. Chance raises it as it does D.",
        ),
        formula=r"G = \sum_{ij} t_i t_j |p_i - p_j| \,/\, (2 T^2 P (1 - P))",
        bounds=(0, 1),
        source="massey_denton_1988",
    ),
    Index(
        function=indices.information_theory,
        symbol="H",
        dimension="evenness",
        names=Names(
            fi="entropiaindeksi (Theilin H)", sv="entropiindex (Theils H)", en="information theory index (Theil's H)"
        ),
        meaning=Names(
            fi="Kuinka paljon yksipuolisempi alueiden väestö on kuin koko kaupungin.",
            sv="Hur mycket ensidigare befolkningen är i områdena än i hela staden.",
            en="How much less mixed the residents of the areas are than those of the whole city.",
        ),
        caution=Names(
            fi="Älä vertaa kaupunkeja, joiden ryhmäosuudet poikkeavat paljon toisistaan: luku riippuu niistä.",
            sv="Jämför inte städer vars gruppandelar skiljer sig mycket: talet beror på dem.",
            en="Do not compare cities whose group shares are far apart: the value depends on them.",
        ),
        formula=r"H = \sum_i t_i (E - E_i) / (T E)",
        bounds=(0, 1),
        source="theil_1972",
        exempt={"scaling": DEPENDS_ON_SIZE},
    ),
    Index(
        function=indices.atkinson,
        symbol="A",
        dimension="evenness",
        names=Names(fi="Atkinsonin indeksi", sv="Atkinsons index", en="Atkinson index"),
        meaning=Names(
            fi="Kuinka epätasaisesti ryhmät asuvat, kun painotetaan alueita, joilla ryhmä on harvinainen tai yleinen.",
            sv="Hur ojämnt grupperna bor, med vikt på de områden där gruppen är sällsynt eller vanlig.",
            en="How unevenly the groups are spread, with weight on the areas where the group is rare or common.",
        ),
        caution=Names(
            fi="Älä vertaa eri painojen b lukuja. Painolla 0,5 se ei kerro enempää kuin Hutchensin indeksi.",
            sv="Jämför inte tal med olika vikt b. Med vikten 0,5 säger det inget utöver Hutchens index.",
            en="Do not compare values at different weights b. At 0.5 it tells nothing beside the Hutchens index.",
        ),
        formula=r"A = 1 - \left( \sum_i (y_i/Y)^{1-b} (x_i/X)^b \right)^{1/(1-b)}",
        bounds=(0, 1),
        source="massey_denton_1988",
    ),
    Index(
        function=indices.hutchens,
        symbol="O",
        dimension="evenness",
        names=Names(
            fi="Hutchensin neliöjuuri-indeksi", sv="Hutchens kvadratrotsindex", en="Hutchens square root index"
        ),
        meaning=Names(
            fi="Kuinka kaukana alueiden ryhmäsuhteet ovat koko kaupungin ryhmäsuhteesta; summautuu aluetasojen yli.",
            sv="Hur långt gruppernas proportioner i områdena är från hela stadens; kan summeras över områdesnivåer.",
            en="How far the groups' ratio in the areas is from the city's; it adds up over levels of areas.",
        ),
        caution=Names(
            fi="Älä käytä pienillä ruuduilla ilman odotusarvoa: tyhjäksi jäävä ryhmä nostaa lukua nopeasti.",
            sv="Använd det inte på små rutor utan förväntat värde: en grupp som saknas i rutan höjer talet snabbt.",
            en="Do not use on small cells without the expected value: a group absent from a cell raises it fast.",
        ),
        formula=r"O = 1 - \sum_i \sqrt{x_i/X \cdot y_i/Y}",
        bounds=(0, 1),
        source="hutchens_2001",
    ),
    Index(
        function=indices.gorard,
        symbol="GS",
        dimension="evenness",
        names=Names(fi="Gorardin segregaatioindeksi", sv="Gorards segregationsindex", en="Gorard's segregation index"),
        meaning=Names(
            fi="Kuinka suuren osan ryhmästä pitäisi vaihtaa aluetta, jotta se jakautuisi kuten kaikki asukkaat.",
            sv="Hur stor del av gruppen som skulle behöva byta område för att fördela sig som alla invånare.",
            en="The share of the group that would have to move to another area to be spread as all residents are.",
        ),
        caution=Names(
            fi="Älä vertaa eri suuria ryhmiä: suurin mahdollinen arvo on muiden osuus väestöstä.",
            sv="Jämför inte olika stora grupper: det största möjliga värdet är de övrigas andel av befolkningen.",
            en="Do not compare groups of different size: its greatest value is the share of all others.",
        ),
        formula=r"GS = \frac{1}{2} \sum_i \left| x_i/X - t_i/T \right|",
        bounds=(0, 1),
        source="gorard_taylor_2002",
        exempt={
            "swapping": "it counts one group's movers against all residents",
            "scaling": DEPENDS_ON_SIZE,
            "apart_is_one": "its greatest value is 1 - P",
        },
    ),
    Index(
        function=indices.minimum_maximum,
        symbol="MM",
        dimension="evenness",
        names=Names(fi="minimi–maksimi-indeksi", sv="minimum–maximum-index", en="minimum-maximum index"),
        meaning=Names(
            fi="Kuinka pieni osa ryhmien asuinalueiden yhteisestä peitosta on ryhmille yhteistä.",
            sv="Hur liten del av gruppernas sammanlagda boendeyta som är gemensam för dem.",
            en="How little of what the two groups' residential surfaces cover is common to both.",
        ),
        caution=Names(
            fi="Älä lue erilaisuusindeksin rinnalla uutena tietona: ilman ympäristöä se järjestää kaupungit samoin.",
            sv="Läs det inte som ny kunskap bredvid olikhetsindexet: utan omgivning ordnar det städerna likadant.",
            en="Do not read it as news beside dissimilarity: without surroundings it orders cities just the same.",
        ),
        formula=r"1 - \sum_i \min(x_i/X,\, y_i/Y) \Big/ \sum_i \max(x_i/X,\, y_i/Y)",
        bounds=(0, 1),
        source="osullivan_wong_2007",
        exempt={"empty_cells": "with `nearby` each surface is summed over all cells given, lived in or not"},
    ),
    Index(
        function=indices.concentration_profile,
        symbol="CP",
        dimension="evenness",
        names=Names(
            fi="keskittymisprofiilin indeksi", sv="koncentrationsprofilindex", en="concentration profile index"
        ),
        meaning=Names(
            fi="Kuinka kaukana ryhmän osuus sen jäsenten asuinalueilla on ryhmän osuudesta koko kaupungissa.",
            sv="Hur långt gruppens andel i medlemmarnas egna områden är från dess andel i hela staden.",
            en="How far the group's share in its members' own areas is from its share in the whole city.",
        ),
        caution=Names(
            fi="Älä käytä ryhmälle, joka on yli puolet väestöstä: arvo voi silloin ylittää yhden.",
            sv="Använd det inte för en grupp som är över hälften av befolkningen: värdet kan då överstiga ett.",
            en="Do not use it for a group of more than half of the population: the value may then exceed 1.",
        ),
        formula=r"CP = \sum_i (x_i/X) |p_i - P| \,/\, (1 - P)",
        bounds=(0, 2),
        source="poulsen_johnston_forrest_2002",
        exempt={"swapping": "it weighs cells by one group's members", "scaling": DEPENDS_ON_SIZE},
    ),
    Index(
        function=indices.concentration_curve,
        symbol="v(θ)",
        dimension="evenness",
        names=Names(fi="keskittymiskäyrä", sv="koncentrationskurva", en="concentration curve"),
        meaning=Names(
            fi="Kuinka suuri osa ryhmästä asuu alueilla, joilla sen osuus yltää kuhunkin kynnysarvoon.",
            sv="Hur stor del av gruppen som bor i områden där dess andel når upp till varje tröskelvärde.",
            en="What part of the group lives in areas where its share reaches each threshold.",
        ),
        caution=Names(
            fi="Älä vertaa eri kokoisten ruutujen käyriä: pienissä ruuduissa jo sattuma nostaa osuuksia.",
            sv="Jämför inte kurvor för rutor av olika storlek: i små rutor höjer redan slumpen andelarna.",
            en="Do not compare curves of cells of other sizes: in small cells chance alone raises the shares.",
        ),
        formula=r"v(\theta) = \sum_{i: p_i \ge \theta} x_i / X",
        bounds=(0, 1),
        source="poulsen_johnston_forrest_2002",
        gives="table",
    ),
    Index(
        function=indices.segregation_curve,
        symbol="SC",
        dimension="evenness",
        names=Names(fi="segregaatiokäyrä", sv="segregationskurva", en="segregation curve"),
        meaning=Names(
            fi="Kuinka suuri osa kummastakin ryhmästä asuu niillä alueilla, joilla ryhmän osuus on suurin.",
            sv="Hur stor del av vardera gruppen som bor i de områden där gruppens andel är störst.",
            en="What part of the group, and of all others, lives in the areas where the group's share is highest.",
        ),
        caution=Names(
            fi="Älä sano kaupunkia toista eriytyneemmäksi, jos käyrät leikkaavat: järjestys riippuu indeksistä.",
            sv="Kalla inte en stad mer segregerad än en annan om kurvorna korsas: ordningen beror då på indexet.",
            en="Do not call one city more segregated than another where the curves cross: indices then disagree.",
        ),
        formula=r"\left( \sum_{j \le i} y_j / Y,\ \sum_{j \le i} x_j / X \right)",
        bounds=(0, 1),
        source="duncan_duncan_1955",
        gives="table",
    ),
]
