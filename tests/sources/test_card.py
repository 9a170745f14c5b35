"""A source's card: what is shipped, what a delivery's own card adds, and what it may not say."""

from dataclasses import replace
from importlib import resources
from types import SimpleNamespace

import pytest

from segindex import ingest, store
from segindex.errors import BadData, BadSettings
from segindex.sources import SOURCES, card

LAGS = {"2015": ("2013-12-31", "2012-12-31"), "2019": ("2017-12-31", "2016-12-31"), "2023": ("2021-12-31",) * 2}


def own(folder, text):
    (folder / "source.toml").write_text(text, encoding="utf-8")
    file = folder / "a.csv"
    file.write_text("pono\n00100\n", encoding="utf-8")
    return file


def test_every_shipped_card_is_whole():
    names = [entry.name for entry in resources.files("segindex").joinpath("sources", "cards").iterdir()]
    found = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    assert {"paavo", "hsy"} <= set(found) <= {*SOURCES, "municipalities", "statfin_population"}
    for source in found:
        shipped = card.shipped(source)
        if shipped.made_up:
            continue
        assert shipped.source_line.fi.startswith("Lähde: ")
        assert shipped.source_line.sv.startswith("Källa: ")
        assert shipped.source_line.en.startswith("Source: ")


@pytest.mark.parametrize("release", list(LAGS))
def test_paavo_says_how_far_its_groups_lag(release):
    dates = card.shipped("paavo").dates_by_lag(release)
    ages, incomes = LAGS[release]
    assert dates.get("he", dates.get("*")) == ages
    assert dates.get("hr", dates.get("*")) == incomes


@pytest.mark.parametrize("release", ["2014", "2020", "2021", "2022"])
def test_paavo_does_not_guess(release):
    assert card.shipped("paavo").dates_by_lag(release) == {}


def test_a_card_beside_the_file_says_more(tmp_path):
    file = own(
        tmp_path, 'note = "ours"\n[dates]\nhe = 2018-12-31\n[dates.2021]\nhe = "2019-12-31"\n[hidden]\nrule = "group"\n'
    )
    found = card.beside(file, "paavo")
    assert found.note == "ours"
    assert found.producer == "Statistics Finland"
    assert found.hidden == {**card.shipped("paavo").hidden, "rule": "group"}
    assert found.dates_of("2018") == {"he": "2018-12-31"}
    assert found.dates_of(2021) == {"he": "2019-12-31"}


def test_without_a_card_the_shipped_one_holds(tmp_path):
    assert card.beside(tmp_path / "a.csv", "hsy") == card.shipped("hsy")


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ('titel = "x"\n', BadSettings, "unknown entries titel; known are title"),
        ('source = "hsy"\n', BadData, "of source 'hsy', but .* is read as 'paavo'"),
        ("title = \n", BadData, "cannot be read"),
        ('title = ""\n', BadSettings, "lacks title"),
        ('source_line = "x"\n', BadSettings, "allowed is a table"),
        ('[source_line]\nfi = "x"\n', BadSettings, "lacks sv, en"),
        ('[dates]\nhe = "31.12.2018"\n', BadSettings, "he = '31.12.2018' is no date"),
        ('dates = "2018-12-31"\n', BadSettings, "allowed is a table"),
        ('[lags."2015 to 2019"]\nhe = 2\n', BadSettings, "no span of releases"),
        ('[hidden]\nrules = "base"\n', BadSettings, "hidden has rules; known are marks, rule, limits"),
        ('[hidden]\nrule = "size"\n', BadSettings, "rule 'size'"),
        (
            'licence_url = "javascript:alert(1)"\n',
            BadData,
            r"source.toml: licence_url is 'javascript:alert\(1\)'; allowed",
        ),
        ('licence_url = "creativecommons.org"\n', BadData, "licence_url is 'creativecommons.org'"),
        ('licence_url = "https://a b"\n', BadData, "licence_url is 'https://a b'"),
        ("licence_url = 4\n", BadData, "licence_url is 4"),
    ],
)
def test_a_wrong_card_is_refused(tmp_path, text, error, message):
    file = own(tmp_path, text)
    with pytest.raises(error, match=message):
        card.beside(file, "paavo")


def test_a_card_that_is_written_is_read_back(tmp_path):
    file = own(
        tmp_path,
        'note = "two\\nlines, \\"quoted\\" \\\\ back"\nmade_up = true\n'
        '[dates]\nhe = "2018-12-31"\n[dates.2021]\nhr = "2019-12-31"\n'
        '[hidden]\nrule = "group"\nlimits = {he = 3}\n[lags."2020-2021"]\n"*" = 2\n',
    )
    before = card.beside(file, "paavo")
    target = store.write_bytes(*card.renewed(file, before))
    after = card.beside(file, "paavo")
    assert target == tmp_path / "source.toml"
    assert after.files == {"a.csv": card.sha256(file)}
    for name in ("title", "note", "made_up", "dates", "hidden", "lags", "source_line", "licence"):
        assert getattr(after, name) == getattr(before, name)
    first = target.read_bytes()
    store.write_bytes(*card.renewed(file, after))
    assert target.read_bytes() == first


def test_a_second_file_joins_the_card(tmp_path):
    file = own(tmp_path, "")
    (tmp_path / "b.csv").write_text("x\n", encoding="utf-8")
    store.write_bytes(*card.renewed(file, card.beside(file, "paavo")))
    store.write_bytes(*card.renewed(tmp_path / "b.csv", card.beside(file, "paavo")))
    assert set(card.beside(file, "paavo").files) == {"a.csv", "b.csv"}


def test_a_file_that_has_changed_stops_the_run_unless_accepted(tmp_path):
    file = own(tmp_path, "")
    store.write_bytes(*card.renewed(file, card.beside(file, "paavo")))
    found = card.beside(file, "paavo")
    assert card.check_sum(file, found) == found.files["a.csv"]
    file.write_text("pono\n00120\n", encoding="utf-8")
    with pytest.raises(BadData, match=r"has changed since its card was written.*--accept-changed"):
        card.check_sum(file, found)
    assert card.check_sum(file, found, accept=[file]) == card.sha256(file)


def test_the_language_of_a_note_is_known_of_shipped_cards_alone():
    delivery = SimpleNamespace(dates={}, cell_size_m=250.0, release="2024", crs="EPSG:3067")
    own = card.shipped("hsy")
    assert ingest._about(own, [delivery])["note_language"] == "en"
    assert ingest._about(replace(own, note="Ruudut ovat omia."), [delivery])["note_language"] == "und"
