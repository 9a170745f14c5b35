"""The texts are whole, alike in three languages, and used; numbers and dates have the language's form."""

import ast
import re
from pathlib import Path

import pytest

from segindex import wording
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES, Names

PACKAGE = Path(__file__).parents[1] / "segindex"
SPACE = "\u00a0"
OTHERS = pytest.mark.parametrize("language", ["sv", "en"])
EVERY = pytest.mark.parametrize("language", LANGUAGES)


@OTHERS
def test_languages_have_the_same_keys(language):
    assert wording.table(language).keys() == wording.table("fi").keys()


@OTHERS
def test_languages_have_the_same_placeholders(language):
    finnish, other = wording.table("fi"), wording.table(language)
    differing = {key for key in finnish if wording.placeholders(finnish[key]) != wording.placeholders(other[key])}
    assert not differing


@EVERY
def test_nothing_is_empty_or_untidy(language):
    for key, words in wording.table(language).items():
        assert words == words.strip() and words, key
        assert "  " not in words, key


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_numbers_do_not_break_at_the_end_of_a_line(language):
    """A space within a number or before its per cent sign is a no-break space, and its decimals follow a comma."""
    for key, words in wording.table(language).items():
        assert not re.search(r"\d (%|\d{3}\b)", words), key
        if not key.startswith("accessibility"):
            assert not re.search(r"\b\d+\.\d", words), key


@EVERY
def test_words_that_no_public_text_holds(language):
    said = " ".join(wording.table(language).values()).casefold()
    assert not re.search(r"gh?etto|\bslum(men|mi|s)?\b|kantaväestö|parallelsamfund|parallellsamhäll|jämställdhet", said)


@OTHERS
def test_languages_are_not_mixed_up(language):
    """Words are never the same in two languages; placeholders, letters and units may be."""
    finnish, other = wording.table("fi"), wording.table(language)
    same = {key for key in finnish if finnish[key] == other[key]}
    assert not {key for key in same if re.search(r"\w{3}", re.sub(r"\{.*?\}", "", finnish[key]))}


def test_every_key_is_used():
    exact, forms = _mentioned()
    unused = [
        key for key in wording.table("fi") if key not in exact and not any(re.fullmatch(form, key) for form in forms)
    ]
    assert not unused


def _mentioned():
    """Texts that the code and the templates name, and patterns of those that they put together."""
    exact, forms = set(), set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                exact.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else "[^.]+" for part in node.values]
                forms.add("".join(parts))
    for path in PACKAGE.rglob("*.jinja"):
        template = path.read_text(encoding="utf-8")
        exact |= set(re.findall(r'"([a-z_]+\.[a-z_]+)"', template))
        forms |= {re.escape(prefix) + "[^.]+" for prefix in re.findall(r'"([a-z_]+\.)" \+', template)}
    return exact, {form for form in forms if re.match(r"[a-z_]+\\\.", form)}


def test_text_fills_its_placeholders():
    assert wording.text("en", "trends.title", group="Pensioners", index="D", first=2015, last=2019) == (
        "Pensioners: D, 2015–2019"
    )


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        pytest.param({"n": "5"}, "takes", id="missing"),
        pytest.param({"city": "Oulu", "value": "1", "n": "5"}, "takes", id="superfluous"),
        pytest.param({"city": "Oulu", "value": 0.31}, "give numbers their form", id="bare number"),
        pytest.param({"city": "Oulu", "value": None}, "give numbers their form", id="nothing"),
    ],
)
def test_text_is_strict(values, complaint):
    with pytest.raises(BadSettings, match=complaint):
        wording.text("fi", "value.city", **values)


def test_unknown_keys_and_languages_are_errors():
    with pytest.raises(BadSettings, match="unknown"):
        wording.text("fi", "no.such")
    with pytest.raises(BadSettings, match="known are fi, sv, en"):
        wording.text("de", "value.city", city="", value="")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (wording.number(0.3456, "fi", 3), "0,346"),
        (wording.number(0.3456, "sv", 3), "0,346"),
        (wording.number(0.3456, "en", 3), "0.346"),
        (wording.number(-0.5, "fi", 1), "\u22120,5"),
        (wording.number(-0.5, "en", 1), "\u22120.5"),
        (wording.number(-0.0004, "fi", 3), "0,000"),
        (wording.count(1234567, "fi"), f"1{SPACE}234{SPACE}567"),
        (wording.count(1234567, "sv"), f"1{SPACE}234{SPACE}567"),
        (wording.count(1234567, "en"), "1,234,567"),
        (wording.percent(0.1234, "fi"), f"12,3{SPACE}%"),
        (wording.percent(0.1234, "sv"), f"12,3{SPACE}%"),
        (wording.percent(0.1234, "en"), "12.3%"),
        (wording.percent(-0.05, "sv", 0), f"\u22125{SPACE}%"),
        (wording.percent(1, "fi", 0), f"100{SPACE}%"),
        (wording.change(0.012, "sv"), "+0,012"),
        (wording.change(-0.012, "fi"), "\u22120,012"),
        (wording.change(0.0001, "en"), "0.000"),
        (wording.date("2024-12-31", "fi"), "31. joulukuuta 2024"),
        (wording.date("2024-12-31", "en"), "31 December 2024"),
        (wording.date("around 2019", "en"), "around 2019"),
    ],
)
def test_form(written, expected):
    assert written == expected


@pytest.mark.parametrize("form", [wording.number, wording.percent, wording.count, wording.change])
def test_no_value_is_an_en_dash(form):
    assert form(float("nan"), "fi") == "–"
    assert form(None, "en") == "–"


def test_names():
    assert wording.city_name("Turku", "sv") == "Åbo"
    assert wording.city_name("Elsewhere", "sv") == "Elsewhere"
    assert wording.group_name("foreign_language", "fi") == "vieraskieliset"
    assert wording.group_name("own", "sv", {"own": Names("oma", "egen", "own")}) == "egen"
    assert wording.index_name("dissimilarity", "fi") == "erilaisuusindeksi"
    assert wording.index_symbol("dissimilarity") == "D"
    with pytest.raises(BadSettings, match="dissimilarity"):
        wording.index_name("dissim", "fi")


@EVERY
def test_every_city_has_its_own_case(language):
    from segindex import facts

    known = {key for key in wording.table(language) if key.startswith("in_city.")}
    assert known == {f"in_city.{city}" for city in (*facts.cities(), "other")}
    for city in facts.cities():
        where, name = wording.in_city(city, language), wording.city_name(city, language)
        assert where != name and (language == "fi" or where.endswith(f" {name}"))
    assert "Elsewhere" in wording.in_city("Elsewhere", language) and "Other" in wording.in_city("Other", language)


def kinds():
    """The kinds of Notice that the package writes: the first argument of each call, where it is a text."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in ("Notice", "_notice"):
                given = node.args[0] if node.args else next(word.value for word in node.keywords if word.arg == "kind")
                if isinstance(given, ast.Constant):
                    found.add(given.value)
                else:
                    assert name == "Notice" and given.id == "kind", f"{path}: the kind is to be written out"
    return found


def test_every_kind_of_notice_has_a_sentence():
    from segindex.report.notes import HEADS, LEFT_OUT

    told = {key.removeprefix("left_out.") for key in wording.table("fi") if key.startswith("left_out.")} - set(HEADS)
    assert len(kinds()) > 10 and kinds() == told
    for kind in told:
        wanted = wording.placeholders(wording.table("fi")[f"left_out.{kind}"])
        assert wanted == set(re.compile(LEFT_OUT.get(kind, "")).groupindex), kind


def test_the_sources_texts_have_the_forms_that_are_read():
    """Every pattern fits a text that some source puts together, its parts being any word or number."""
    from segindex.report.notes import LEFT_OUT

    written = {
        "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
        for path in (PACKAGE / "sources").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
    }
    for kind, form in LEFT_OUT.items():
        assert any(re.fullmatch(form, text) for text in written), kind


def test_no_value_may_be_of_pandas():
    import pandas as pd

    assert wording.missing(pd.NA) and wording.missing(pd.NaT) and not wording.missing("")
    assert wording.count(pd.NA, "fi") == wording.NO_VALUE


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", "31.12.2015–31.12.2017, 31.12.2019"),
        ("sv", "31.12.2015–31.12.2017, 31.12.2019"),
        ("en", "31 December 2015–31 December 2017, 31 December 2019"),
    ],
)
def test_dates_of_consecutive_years_are_a_range(language, expected):
    given = ["2019-12-31", "2015-12-31", "2017-12-31", "2016-12-31"]
    assert wording.dates(given, language) == expected
    assert "–" not in wording.dates(["2015-06-30", "2016-06-30"], language)


@EVERY
def test_every_classification_says_whom_it_counts(language):
    from segindex import facts

    for classification in facts.classifications():
        assert f"how_base.{classification}" in wording.table(language)
        assert f"base.{classification}" in wording.table(language)
        assert wording.of_base(classification, language) != wording.text(language, "of_base.other")
    assert wording.of_base("of_the_settings", language) == wording.text(language, "of_base.other")
