"""The registry: every public index has an entry, and every entry says what it must."""

import inspect

import pytest

from segindex import indices, registry
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES, Names
from segindex.registry import BIBLIOGRAPHY, DIMENSIONS, INDICES, REGISTRY


def test_every_public_index_has_one_entry():
    assert sorted(REGISTRY) == sorted(indices.__all__)
    assert len(REGISTRY) == len(INDICES)


def test_symbols_and_names_are_unique():
    assert len({index.symbol for index in INDICES}) == len(INDICES)
    for language in LANGUAGES:
        assert len({index.names.in_(language) for index in INDICES}) == len(INDICES)
        assert len({index.meaning.in_(language) for index in INDICES}) == len(INDICES)
        assert len({index.caution.in_(language) for index in INDICES}) == len(INDICES)


@pytest.mark.parametrize("index", INDICES, ids=lambda index: index.key)
def test_an_entry_is_complete(index):
    assert index.local or not index.function.__module__.startswith("segindex.indices.local")
    assert index.bounds[0] < index.bounds[1]
    for language in LANGUAGES:
        assert index.meaning.in_(language).endswith("."), "the meaning is a sentence"
        assert index.caution.in_(language).endswith("."), "the caution is a sentence"
    own = index.function.__doc__.split("\n")[0]
    assert own.endswith("."), f"{index.key}: the docstring's first line is a name"
    for section in ("Parameters", "Returns", "Raises", "Notes", "Examples", "References"):
        assert f"{section}\n    ---" in inspect.getsource(index.function), f"{index.key} has no {section}"


def test_all_dimensions_and_sources_are_used_or_cited():
    assert {index.dimension for index in INDICES} <= set(DIMENSIONS)
    assert {index.source for index in INDICES} <= set(BIBLIOGRAPHY)
    for text in BIBLIOGRAPHY.values():
        assert text.endswith(".")


def test_inputs_are_read_from_the_signature():
    assert registry.index("exposure").inputs == ("x", "y", "t")
    assert registry.index("isolation").parameters == ("x", "t", "excluding_self", "nearby")
    assert {"dissimilarity", "gini", "information_theory", "isolation", "exposure", "correlation_ratio"} <= {
        index.key for index in INDICES if index.spatial
    }


def test_an_unknown_key_is_refused_with_the_nearest():
    with pytest.raises(BadSettings, match=r"did you mean isolation\? Known are dissimilarity"):
        registry.index("isolaton")
    with pytest.raises(BadSettings, match="unknown; known are dissimilarity"):
        registry.index("nothing like it")


def test_an_entry_with_an_unknown_law_or_dimension_cannot_be_made():
    fields = {
        "function": indices.gini,
        "symbol": "Q",
        "names": Names("a", "b", "c"),
        "meaning": Names("a.", "b.", "c."),
        "caution": Names("a.", "b.", "c."),
        "formula": "Q",
        "bounds": (0, 1),
    }
    for wrong in (
        {"dimension": "width", "source": "bell_1954"},
        {"dimension": "evenness", "source": "nobody_1900"},
        {"dimension": "evenness", "source": "bell_1954", "exempt": {"gravity": "x"}},
    ):
        with pytest.raises(ValueError, match="gini has an unknown"):
            registry.Index(**fields, **wrong)


def test_terms_are_the_glossarys():
    expected = {
        "dissimilarity": ("erilaisuusindeksi", "olikhetsindex"),
        "isolation": ("eristyneisyysindeksi", "isoleringsindex"),
        "exposure": ("altistumisindeksi", "exponeringsindex"),
        "gini": ("Gini-segregaatioindeksi", "Ginis segregationsindex"),
        "information_theory": ("entropiaindeksi (Theilin H)", "entropiindex (Theils H)"),
        "delta": ("keskittymisindeksi (delta)", "koncentrationsindex (delta)"),
        "relative_centralization": ("suhteellinen keskeisyysindeksi", "relativt centraliseringsindex"),
        "local_morans_i": ("paikallinen Moranin I", "lokal Morans I"),
        "location_quotient": ("sijaintiosamäärä", "lokaliseringskvot"),
        "mutual_information": ("keskinäisinformaatioindeksi", "ömsesidigt informationsindex"),
        "rank_order_information_theory": (
            "järjestysperusteinen informaatioindeksi",
            "rangordningsbaserat informationsindex",
        ),
    }
    for key, (fi, sv) in expected.items():
        assert (REGISTRY[key].names.fi, REGISTRY[key].names.sv) == (fi, sv)
