"""The catalogue says of every index all that the registry knows, in three languages, and `docs/` holds it."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from segindex import catalogue, wording
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES
from segindex.registry import BIBLIOGRAPHY, DIMENSIONS, INDICES, LAWS, REGISTRY
from segindex.rules import read_rules, with_cut_offs

DOCS = Path(__file__).parents[1] / "docs"
EVERY = pytest.mark.parametrize("language", LANGUAGES)


def in_markdown(language):
    """What the catalogue says of each index: {key: words}, marks set free."""
    parts = re.split(r'### <a id="(\w+)"></a>', catalogue.markdown(language))
    return dict(zip(parts[1::2], (re.sub(r"\\([`*_|<>\[\]\\])", r"\1", words) for words in parts[2::2])))


@EVERY
def test_the_committed_file_is_what_the_registry_says(language):
    found = (DOCS / catalogue.FILES[language]).read_text(encoding="utf-8")
    assert found == catalogue.markdown(language), f"docs/ is older than the registry; run: {catalogue.COMMAND}"


@EVERY
def test_every_index_has_an_entry_with_all_that_is_known(language):
    entries = in_markdown(language)
    assert sorted(entries) == sorted(REGISTRY)
    for index in INDICES:
        said = entries[index.key]
        assert f"`{catalogue.call(index)}`" in said
        assert f"```math\n{index.formula}\n```" in said
        assert all(index.names.in_(other) in said for other in LANGUAGES if other != language)
        for words in (index.meaning.in_(language), index.caution.in_(language), BIBLIOGRAPHY[index.source]):
            assert f" {words}\n" in said, index.key
        assert said.lower().startswith(index.names.in_(language).lower())
        assert f"(#{index.key})" in catalogue.markdown(language)


@EVERY
def test_every_law_is_said_to_hold_or_not(language):
    holds, fails = (wording.text(language, f"catalogue.{key}") for key in ("holds", "fails"))
    for key, said in in_markdown(language).items():
        lines = dict(re.findall(r"- \*\*(.*?):\*\* (.*)", said))
        for law in LAWS:
            name = wording.text(language, f"law_name.{law}")
            assert (name in lines.get(holds, "").split(", ")) == (law in REGISTRY[key].laws), (key, law)
            assert (name in lines.get(fails, "")) == (law in REGISTRY[key].exempt), (key, law)
    if language == "en":
        for index in INDICES:
            assert all(f"({reason})" in in_markdown("en")[index.key] for reason in index.exempt.values())


def test_all_that_a_function_may_ask_for_is_explained():
    explained = {key.removeprefix("input.") for key in wording.table("en") if key.startswith("input.")}
    assert explained == set(catalogue.SHAPES)
    for index in INDICES:
        assert set(index.inputs) <= explained, f"{index.key}: give the name a shape and a text (input.*)"


@EVERY
def test_dimensions_and_laws_have_words(language):
    known = wording.table(language)
    for head, keys in (("dimension", DIMENSIONS), ("law", LAWS), ("law_name", LAWS)):
        assert {key.split(".")[1] for key in known if key.startswith(f"{head}.")} == set(keys)
    said = catalogue.markdown(language)
    assert all(f"- **{wording.text(language, f'law_name.{law}')}**: " in said for law in LAWS)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ((0, 1), "0 to 1"),
        ((-1, 1), "\u22121 to 1"),
        ((-math.inf, 1), "1 or less"),
        ((0, math.inf), "0 or more"),
        ((-math.inf, math.inf), "no bounds"),
        ((0, 0.125), "0 to 0.125"),
    ],
)
def test_bounds_in_words(bounds, words):
    said = catalogue.details(replace(REGISTRY["gini"], bounds=bounds), "en")
    assert re.search(r"Values +(.*)", said)[1] == words


def test_kinds_in_words():
    gini = REGISTRY["gini"]
    assert "takes nearby as an option" in catalogue.details(gini, "en")
    assert "takes no nearby" in catalogue.details(REGISTRY["gorard"], "en")
    assert "Margins only" not in catalogue.details(gini, "en")
    assert "does not know where anybody lives" in catalogue.details(replace(gini, margin_only=True), "en")
    assert "a curve, levels or steps" in catalogue.details(replace(gini, gives="table"), "en")
    assert "one value a cell" in catalogue.details(REGISTRY["local_morans_i"], "en")

    said = catalogue.details(replace(gini, function=_decaying), "en")
    assert "needs nearby" in said and "gini(x, t, nearby)" in said


def _decaying(x, t, nearby):
    """Never called."""


_decaying.__name__ = "gini"


def test_the_table_is_one_line_an_index_in_columns():
    lines = catalogue.table(catalogue.chosen(), "sv").splitlines()
    assert len(lines) == len(INDICES)
    for index, line in zip(INDICES, lines):
        words = re.split(" {2,}", line)
        assert words == [index.key, index.symbol, DIMENSIONS[index.dimension].sv, index.names.sv]
    assert len({line.index(DIMENSIONS[index.dimension].sv) for index, line in zip(INDICES, lines)}) == 1


@EVERY
def test_a_whole_entry_fits_the_terminal(language):
    for index in INDICES:
        lines = catalogue.details(index, language).splitlines()
        assert all(len(line) <= catalogue.WIDTH for line in lines if index.formula not in line), index.key
        assert all(line[:2] == "  " and line[catalogue.LABEL - 1] == " " for line in lines[1:]), index.key
        assert all(line[catalogue.LABEL] != " " for line in lines[1:]), index.key


def test_json_holds_every_language_and_no_infinity():
    told = {entry["key"]: entry for entry in json.loads(catalogue.as_json(INDICES))}
    assert list(told) == list(REGISTRY)
    assert told["local_morans_i"]["bounds"] == [None, None] and told["gini"]["bounds"] == [0, 1]
    assert told["gini"]["names"] == {language: REGISTRY["gini"].names.in_(language) for language in LANGUAGES}
    for key, entry in told.items():
        told_laws = set(entry["laws"]) | set(entry["exempt"])
        assert told_laws == set(LAWS) if entry["gives"] != "table" else entry["laws"] == []
        assert entry["nearby"] == {True: "option", False: entry["nearby"]}[REGISTRY[key].spatial]
    assert told["gorard"]["nearby"] == "none"


def test_chosen_refuses_what_is_unknown():
    assert [index.key for index in catalogue.chosen(["gini", "isolation"])] == ["gini", "isolation"]
    with pytest.raises(BadSettings, match="did you mean isolation"):
        catalogue.chosen(["isolaton"])


def test_marks_of_markdown_are_words():
    assert catalogue._escaped("Gi* <b> a_b |c| [d] `e` \\") == r"Gi\* \<b\> a\_b \|c\| \[d\] \`e\` \\"
    for language in LANGUAGES:
        assert catalogue.markdown(language).count("```") == 2 * len(INDICES)


@EVERY
def test_rules_in_words_say_all_that_the_file_asks_for(language):
    denmark, sweden = read_rules("denmark"), read_rules("sweden")
    said = catalogue.of_rules(denmark, language)
    assert denmark.caution.in_(language) in said and all(one.address in said for one in denmark.sources)
    for one in denmark.lists:
        assert said.count(f"  {one.key}: {one.names.in_(language)}") == 1
        assert all(f"{key}: {denmark.criterion(key).names.in_(language)}" in said for key in one.criteria)
    open_ended = wording.text(language, "rules.no_cut_offs")
    assert open_ended in catalogue.of_rules(sweden, language)
    said = catalogue.of_rules(with_cut_offs(sweden, [0.5, 0.4, 0.25, 0.125]), language)
    assert wording.number(0.125, language, 3) in said and open_ended not in said
    own = catalogue.of_rules(replace(denmark, foreign_practice=False, year=2031), language)
    assert wording.text(language, "rules.own_rule", year=2031) in own
