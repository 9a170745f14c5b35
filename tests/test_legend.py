"""The classes of cells: which is which, and words and colours of each."""

import numpy as np
import pytest

from segindex.errors import BadData, BadSettings
from segindex.facts import LANGUAGES
from segindex.figures import style
from segindex.legend import COLUMNS, classes, classify


def test_a_share_on_an_edge_belongs_to_the_class_above():
    found = classes("share", "en", edges=[0.1, 0.2])
    places = classify([0, 0.0999, 0.1, 0.2, 1.0, np.nan], found)
    assert [found[at].label for at in places] == [
        *("under 10%", "under 10%", "10% to under 20%", "20% or more", "20% or more", "protected"),
    ]


def test_types_and_clusters_are_told_by_their_key():
    found = classes("type", "en")
    assert [found[at].key for at in classify([1, 5, 0], found)] == ["1", "5", "unknown"]
    assert [found[at].key for at in classify([2.0, np.nan], found)] == ["2", "unknown"]
    found = classes("cluster", "en")
    assert [found[at].key for at in classify(["low-low", "protected"], found)] == ["low-low", "protected"]


def test_high_disadvantage_is_red_and_low_is_blue():
    found = classes("disadvantage", "en")
    low, high = (found[at].colour for at in classify([-2, 2], found))
    assert int(low[1:3], 16) < int(low[5:], 16)
    assert int(high[1:3], 16) > int(high[5:], 16)
    assert classes("type", "en")[0].colour == "#8c3d04"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("column", COLUMNS)
def test_no_two_classes_look_or_sound_alike(column, language):
    found = classes(column, language)
    for name in ("key", "label", "colour"):
        assert len({getattr(one, name) for one in found}) == len(found)
    assert sum(one.hatched for one in found) == 1


def test_figures_have_the_same_colours():
    assert {one.key: one.colour for one in classes("cluster", "en")} == style.CLUSTERS


@pytest.mark.parametrize("edges", [[], [0.2, 0.1], [0.1, 0.1], [0.0, 0.5], [5, 10], [0.1] * 7])
def test_edges_that_are_no_shares_are_refused(edges):
    with pytest.raises(BadSettings, match="shares between 0 and 1, ascending"):
        classes("share", "en", edges=edges)


def test_what_is_unknown_is_refused():
    with pytest.raises(BadSettings, match="did you mean cluster"):
        classes("clusters", "en")
    with pytest.raises(BadSettings, match="edges are of shares"):
        classes("type", "en", edges=[0.1])
    with pytest.raises(BadData, match=r"hot spot; allowed are high-high"):
        classify(["hot spot"], classes("cluster", "en"))
