"""Settings are judged before any work: what is wrong, and what is allowed."""

import pytest

from segindex import edition
from segindex.errors import BadSettings
from segindex.facts import cities


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data").mkdir()
    for year in (2015, 2016):
        (tmp_path / "data" / f"p_{year}.csv").write_text("x")
    return tmp_path


def judged(root, **settings):
    base = {"edition": "e", "source": [{"name": "paavo", "path": "data/p_2015.csv"}]}
    return edition.judged(base | settings, root, "e", "run.toml")


def test_defaults(root):
    own = judged(root)
    assert own.cities is None
    assert own.languages == ("fi", "sv", "en")
    assert own.title.fi == "e"
    assert own.permutations is None
    assert own.cell_values == "classes"
    assert judged(root, cell_values="exact").cell_values == "exact"


def test_feedback_is_an_address_of_mail_or_of_a_page(root):
    assert judged(root).feedback == ""
    for address in ("saavutettavuus@example.fi", "https://example.fi/palaute"):
        assert judged(root, feedback=address).feedback == address


def test_cities_go_by_any_of_their_names(root):
    assert judged(root, cities=["Åbo", "helsinki"]).cities == ("Helsinki", "Turku")


def test_a_pattern_takes_every_file_in_order(root):
    own = judged(root, source=[{"name": "paavo", "path": "data/p_*.csv"}])
    assert [path.name for path in own.sources[0].paths] == ["p_2015.csv", "p_2016.csv"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"feedback": "our office"}, r"feedback = 'our office'; allowed is an address of mail"),
        ({"feedback": 5}, r"feedback = 5; allowed is an address of mail"),
        ({"cities": ["Porvoo"]}, r"run\.toml: city Porvoo is unknown; known are Helsinki, Espoo"),
        ({"cities": ["Esboo"]}, r"run\.toml: city Esboo is unknown; did you mean Espoo\? Known are Helsinki, Espoo"),
        ({"groups": ["poor"]}, r"groups = 'poor'; allowed is low_income"),
        ({"groups": ["pensioner"]}, r"groups = 'pensioner'; did you mean pensioners\? Allowed is low_income"),
        ({"reference": ["Rest"]}, r"reference = 'Rest'; did you mean rest\? Allowed is rest, low_income"),
        ({"indices": ["dissim"]}, r"indices = 'dissim'; did you mean dissimilarity\? Allowed is dissimilarity"),
        ({"indices": ["g"]}, r"indices = 'g'; did you mean gini\? Allowed is dissimilarity"),
        ({"years": ["2015"]}, "years"),
        ({"baseline": 2010, "years": [2015]}, r"baseline = 2010; allowed is one of years"),
        ({"citties": ["Helsinki"]}, r"unknown setting citties; did you mean cities\? Known are edition, title"),
        ({"edition": "other"}, r"edition = 'other'; allowed is 'e'"),
        ({"source": []}, r"at least one \[\[source\]\]"),
        ({"source": [{"name": "paavo", "path": "data/nothing.csv"}]}, "nothing.csv is not"),
        (
            {"source": [{"name": "paavo", "path": "data"}]},
            r"a file that is there \(.*data is a folder: data/\* takes its",
        ),
        ({"source": [{"name": "paavo", "path": "data/q_*.csv"}]}, "at least one file"),
        ({"source": [{"name": "oecd", "path": "data/p_2015.csv"}]}, r"source name = 'oecd'; allowed is paavo, hsy"),
        ({"source": [{"name": "paavo", "path": "data/p_2015.csv", "url": "x"}]}, "unknown entry"),
        ({"source": [{"name": "pavo", "path": "data/p_2015.csv"}]}, r"'pavo'; did you mean paavo\? Allowed is paavo"),
        ({"borders": "2019"}, "own or 2020"),
        ({"borders": "2020"}, "with `municipalities`"),
        ({"cluster_size": 0.5}, "a number of persons from 1 up"),
        ({"languages": ["de"]}, "languages = 'de'; allowed is fi, sv, en"),
        ({"scale_m": [-5]}, "numbers above 0"),
        ({"seed": "one"}, "whole number"),
        ({"permutations": 5}, "whole number from 99"),
        ({"same_mask": 1}, "true or false"),
        ({"cell_values": "all"}, "cell_values = 'all'; allowed is 'classes' or 'exact'"),
        ({"title": {"fi": "x"}}, "fi, sv and en"),
        ({"group": [{"key": "x", "count": "a", "base": "b"}]}, "has its names: fi, sv and en"),
        ({"group": [{"key": "foreign_language", "count": "a * b", "base": "c"}]}, "no column, sum or difference"),
        ({"local_years": "some"}, "'latest' or 'all'"),
        ({"scale_years": "some"}, "scale_years = 'some'; allowed is 'latest' or 'all'"),
        ({"scale_indices": ["delta"]}, "scale_indices = 'delta'"),
        ({"scale_indices": ["gini"], "indices": ["isolation"]}, "scale_indices = 'gini'; allowed is one of indices"),
        ({"areas": "data/none.gpkg"}, r"areas = 'data/none\.gpkg'; allowed is a file that is there"),
        ({"reference": ["nobody"]}, "reference = 'nobody'; allowed is rest, low_income"),
        ({"centre": [{"city": "Pori", "x": 380000, "y": 6670000}]}, "centre city = 'Pori'; allowed is Helsinki"),
        ({"centre": [{"city": "Lahti", "x": 25.7, "y": 60.9}]}, "metres in EPSG:3067, 20000 to 800000"),
        ({"centre": [{"city": "Lahti", "easting": 1}]}, "unknown entry of .*centre.* easting"),
        ({"indices": ["delta"], "k": [400]}, r"run\.toml: k is given, and delta takes none; .* dissimilarity"),
        ({"indices": ["local_morans_i"]}, "local clusters are always computed"),
    ],
)
def test_a_wrong_setting_says_what_is_allowed(root, settings, message):
    with pytest.raises(BadSettings, match=message):
        judged(root, **settings)


def test_settings_that_are_no_toml(root):
    place = root / "reports" / "e"
    place.mkdir(parents=True)
    (place / "run.toml").write_text("edition = ")
    with pytest.raises(BadSettings, match=r"run\.toml: the settings cannot be read"):
        edition.read_edition(root, "e")


def test_which_edition(root):
    with pytest.raises(BadSettings, match="none; write"):
        edition.chosen(root)
    for key in ("a", "b"):
        (root / "reports" / key).mkdir(parents=True)
        (root / "reports" / key / "run.toml").write_text("")
        if key == "a":
            assert edition.chosen(root) == "a"
    with pytest.raises(BadSettings, match=r"which edition.*a, b"):
        edition.chosen(root)
    with pytest.raises(BadSettings, match="there are: a, b"):
        edition.chosen(root, "c")


def test_a_defined_group_is_allowed_by_name(root):
    own = judged(
        root,
        group=[{"key": "big", "count": "a + b", "base": "c", "fi": "iso", "sv": "stor", "en": "big"}],
        groups=["big"],
    )
    assert own.groups == ("big",)
    assert own.defined[0].names.sv == "stor"


def test_several_centres_of_a_city_and_reference_groups(root):
    own = judged(
        root,
        centre=[
            {"city": "Lahti", "name": "tori", "x": 427370, "y": 6761700},
            {"city": "Lahti", "x": 440000, "y": 6762000},
        ],
        reference=["high_income", "rest"],
    )
    assert [centre.name for centre in own.centres["Lahti"]] == ["tori", ""]
    assert own.reference == ("rest", "high_income")


INDICATOR = {"key": "even", "index": "dissimilarity", "group": "low_income"}
FUNDING = {"register": "facts"}


def test_indicators(root):
    assert judged(root).indicators == () and judged(root).yearly == ()
    names = {"fi": "a", "sv": "b", "en": "c"}
    own = judged(
        root,
        indicator=[
            INDICATOR | {"target": 0.2, "target_year": 2035, "next_update": "2027-03"} | names,
            {"key": "worst", "measure": "types_1_2"},
            {"key": "share", "measure": "share", "group": "own", "wanted": "rise"},
        ],
        group=[{"key": "own", "count": "a", "base": "b"} | names],
    )
    even, worst, share = own.indicators
    assert (even.measure, even.wanted, even.target, even.target_year) == ("index", "fall", 0.2, 2035)
    assert (even.names.fi, even.next_update, worst.names) == ("a", "2027-03", None)
    assert (share.group, share.wanted) == ("own", "rise")
    assert own.yearly == (("dissimilarity", "low_income"),)
    assert ("isolation", "low_income") in judged(root, baseline=2015).yearly


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"indicator": INDICATOR}, r"allowed is tables written as \[\[indicator\]\]"),
        ({"indicator": [INDICATOR | {"goal": 1}]}, r"unknown entry of \[\[indicator\]\] goal; known are key, measure"),
        ({"indicator": [{"group": "low_income"}]}, r"run\.toml: indicator None: key = None"),
        ({"indicator": [INDICATOR, INDICATOR]}, "indicator key = 'even'; allowed is a key that no other"),
        ({"indicator": [INDICATOR | {"group": "poor"}]}, "indicator group = 'poor'; allowed is low_income"),
        ({"indicator": [INDICATOR | {"fi": "Nimi"}]}, r"indicator names = \['fi'\]; allowed is all of fi, sv, en"),
        ({"indicator": [INDICATOR | {"fi": 1, "sv": 2, "en": 3}]}, r"indicator names = \[1, 2, 3\]; allowed is texts"),
        ({"indicator": [INDICATOR], "indices": ["gini"]}, "indicator index = 'dissimilarity'; allowed is one of ind"),
        (
            {"indicator": [INDICATOR | {"target": 0.2, "target_year": 2015}], "baseline": 2015},
            "indicator target_year = 2015; allowed is a year after the baseline, 2015",
        ),
        ({"funding": "facts"}, r"funding = 'facts'; allowed is a table written as \[funding\]"),
        ({"funding": {}}, "funding register = None; allowed is 'facts', or a workbook"),
        ({"funding": FUNDING | {"pot": 1}}, r"unknown entry of \[funding\] pot; did you mean pot_eur\? Known are reg"),
        ({"funding": {"register": "data/none.xlsx"}}, r"funding register = 'data/none\.xlsx'; .*none\.xlsx is none"),
        ({"funding": FUNDING | {"year": "2026"}}, "funding year = '2026'; allowed is a year"),
        ({"funding": FUNDING | {"pot_eur": 0}}, "funding pot_eur = 0; allowed is euro above 0"),
        ({"funding": FUNDING | {"pot_eur": float("inf")}}, "funding pot_eur = inf"),
        ({"funding": FUNDING | {"need": "poor"}}, "funding need = 'poor'; allowed is low_income"),
    ],
)
def test_wrong_indicators_and_funding_say_what_is_allowed(root, settings, message):
    with pytest.raises(BadSettings, match=message):
        judged(root, **settings)


def test_funding(root):
    assert judged(root).funding is None
    own = judged(root, funding=FUNDING).funding
    assert (own.register, own.year, own.pot_eur, own.need) == ("facts", None, None, "low_income")
    own = judged(root, funding={"register": "data/p_2015.csv", "year": 2026, "pot_eur": 10, "need": "unemployed"})
    assert own.funding.register == root / "data" / "p_2015.csv"
    assert (own.funding.year, own.funding.pot_eur, own.funding.need) == (2026, 10.0, "unemployed")
    assert judged(root, funding={"register": "data"}).funding.register == root / "data"


SUOMI = {"key": "Suomi", "sv": "Finland", "en": "Finland", "municipalities": "all"}
REGION = {"key": "Päijät-Häme", "municipalities": ["398", "098"]}


def test_defined_cities_are_taken_alone_where_none_are_named(root):
    own = judged(root, city=[SUOMI])
    assert own.cities == ("Suomi",) and [city.key for city in own.taken] == ["Suomi"]
    assert own.names["Suomi"].sv == "Finland"
    assert judged(root).taken is None


def test_cities_may_name_both_kinds(root):
    own = judged(root, city=[REGION], cities=["päijät-häme", "Åbo"])
    assert own.cities == ("Turku", "Päijät-Häme")
    assert [city.codes() for city in own.taken] == [("853",), ("398", "098", "532")]
    assert own.names["Päijät-Häme"].en == "Päijät-Häme"
    assert [city.key for city in judged(root, city=[REGION], cities=["Turku"]).taken] == ["Turku"]
    other = {"key": "Kemi", "municipalities": ["240"]}
    assert judged(root, city=[other], cities="all").cities == (*cities(), "Kemi")


def test_a_defined_city_may_have_centres(root):
    centre = {"city": "Päijät-Häme", "x": 427370, "y": 6761700}
    assert judged(root, city=[REGION], centre=[centre]).centres["Päijät-Häme"][0].x == 427370


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"city": ["Pori"]}, r"city = \['Pori'\]; allowed is tables written as \[\[city\]\]; cities = .* names those"),
        ({"city": [{"municipalities": "all"}]}, "city key = None; allowed is a text"),
        ({"city": [SUOMI | {"key": ""}]}, "city key = ''; allowed is a text, not empty"),
        ({"city": [SUOMI | {"key": "suomi"}]}, "city key 'suomi'; allowed is a name that begins with a capital letter"),
        ({"city": [SUOMI | {"key": "A/B"}]}, "city key 'A/B'; allowed is a name"),
        ({"city": [SUOMI | {"key": "Москва"}]}, "allowed is a name .* of which its file names are made"),
        ({"city": [SUOMI | {"key": "All-Cities"}]}, "city key 'All-Cities'; allowed"),
        ({"city": [SUOMI | {"key": "Jyvaskyla"}]}, "Jyvaskyla is a name of Jyväskylä; allowed is a name that none"),
        ({"city": [SUOMI | {"key": "Manner", "sv": "esbo"}]}, "city Manner: esbo is a name of Espoo"),
        ({"city": [SUOMI | {"sv": 5}]}, "city Suomi: sv and en = .*; allowed is texts"),
        ({"city": [SUOMI | {"codes": []}]}, r"unknown entry of \[\[city\]\] codes; .*known are key, sv, en, municip"),
        ({"city": [SUOMI, REGION | {"key": "Suomi"}]}, "cities Suomi and Suomi have one name"),
        (
            {"city": [REGION | {"key": "Jämsä"}, SUOMI | {"key": "Jamsa"}]},
            "cities Jämsä and Jamsa have one name, jamsa",
        ),
        ({"city": [{"key": "Pori"}]}, "city Pori: municipalities = None; allowed is 'all', or a list of municipality"),
        ({"city": [REGION | {"municipalities": []}]}, r"municipalities = \[\]; allowed is 'all'"),
        ({"city": [REGION | {"municipalities": "398"}]}, "municipalities = '398'; allowed is 'all'"),
        ({"city": [REGION | {"municipalities": [398]}]}, r"municipalities = \[398\]; allowed is 'all'.*three digits"),
        ({"city": [REGION | {"municipalities": ["98"]}]}, r"municipalities = \['98'\]; allowed .*three digits"),
        ({"city": [REGION | {"municipalities": ["098", "098"]}]}, "each once"),
        ({"city": [REGION], "cities": ["Lahti", "Päijät-Häme"]}, "cities Lahti and Päijät-Häme share municipality 398"),
        (
            {"city": [REGION | {"municipalities": ["532"]}], "cities": ["Lahti", "Päijät-Häme"]},
            "cities Lahti and Päijät-Häme share municipality 532 .*merged",
        ),
        ({"city": [SUOMI], "cities": ["Turku", "Suomi"]}, "cities Suomi and Turku share municipality 853; allowed is"),
        ({"city": [SUOMI], "cities": ["Finnland"]}, "city Finnland is unknown; did you mean Suomi"),
        ({"city": [SUOMI], "centre": [{"city": "Pori", "x": 380000, "y": 6670000}]}, "allowed is Helsinki, .*, Suomi"),
        (
            {"city": [SUOMI], "funding": {"register": "facts"}},
            r"cities = \['Suomi'\]; .*with one city of the programme",
        ),
    ],
)
def test_a_wrong_city_of_ones_own_says_what_is_allowed(root, settings, message):
    with pytest.raises(BadSettings, match=message):
        judged(root, **settings)
