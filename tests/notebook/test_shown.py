"""Tables and panels in words: rounded, beside what they rest on, small ones marked, no data read as HTML."""

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from segindex import schema, wording
from segindex.errors import BadData, BadSettings
from segindex.facts import LANGUAGES, Names
from segindex.followup import Indicator
from segindex.notebook import show
from segindex.notebook.programme import PROGRAMME
from segindex.notebook.shown import KNOWN
from segindex.panel import Panel
from segindex.programme_tables import TABLES

SCHEMAS = {
    "results": schema.RESULTS,
    "changes": schema.CHANGES,
    "thresholds": schema.THRESHOLDS,
    "types": schema.TYPES,
    "lasting": schema.LASTING,
    "cluster_areas": schema.CLUSTER_AREAS,
    "clusters": schema.CLUSTERS,
    "coverage": schema.COVERAGE,
    **TABLES,
}
WORDS = {
    "city": "Lahti",
    "classification": "language",
    "group": "foreign_language",
    "index": "dissimilarity",
    "reference": "rest",
    "term": "corrected",
    "threshold": "over_20_percent",
    "extent": "cities",
    "event": "as before",
    "cluster": "high-high",
    "reference_date": "2024-12-31",
    "note": "",
    "level": "national",
    "theme": "housing",
    "themes": "housing;safety",
    "amount_kind": "granted",
    "active": "yes",
    "use": "unknown",
    "evidence": "partly",
    "basis": "award",
    "kind": "city_use",
    "reasons": "no_channel;use_unknown",
    "need": "low_income",
    "measure": "index",
    "against": "residents",
    "formula": "per_head",
    "variant": "",
    "indicator": "income",
    "before_of": "corrected",
    "wanted": "fall",
    "on_path": "behind",
    "status": "better",
    "reason": "",
    "refused": "",
    "trend": "",
    "trend_reason": "few_points",
    "start": "2024",
    "end": "",
}
CITIES = ("Lahti", "Helsinki")
OTHERS = {
    "funding_overlaps": {"basis": "channels"},
    "funding_need": {"measure": "group_share"},
    "followup_places": {"status": "running", "reason": "no_types"},
}
"""Words of tables in which a column takes others."""

NUMBERS = {"type": 1, "year": 2024, "first_year": 2015, "last_year": 2024, "scale_m": np.nan, "k": np.nan}
NUMBERS |= {"n_cells": 500, "population": 9000, "group_size": 1234, "hidden_share": 0.01, "n_years": 2, "of_years": 3}


def made(kind, **changes):
    """One row of a table, by the columns of its schema."""
    row = {}
    others = {"str": "x", "float64": 0.25, "bool": True}
    for name, form in SCHEMAS[kind].items():
        row[name] = (WORDS if form == "str" else NUMBERS).get(name, others.get(form, 1))
    return pd.DataFrame([row | OTHERS.get(kind, {}) | changes])


class Table(HTMLParser):
    """The words of each row of the first table."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def cells(found):
    """Head and words of the first row with numbers."""
    rows = Table(found.fragment.split("</table>")[0]).rows
    return dict(zip(rows[0], rows[2]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KNOWN)
def test_every_table_is_known_by_its_columns_and_shown_in_every_language(kind, language):
    assert set(SCHEMAS[kind]) >= KNOWN[kind].needed
    found = show(made(kind), language)
    title = f"published.{kind}" if kind in PROGRAMME else f"show.title_{kind}"
    assert found.title == wording.text(language, title)
    head, *over, row = Table(found.fragment.split("</table>")[0]).rows
    if KNOWN[kind].over == "city":
        assert over == [[{"fi": "Lahti", "sv": "Lahtis", "en": "Lahti"}[language]]]
    assert len(over) == (KNOWN[kind].over is not None)
    assert len(head) == len(row)
    assert not re.search(r"\b(nan|None|<NA>)\b", " ".join([*head, *row]))
    assert found.title == show(made(kind).head(0), language).title


def test_a_value_stands_beside_chance_and_its_interval():
    found = show(made("results", value=0.4126, expected=0.1, corrected=0.38, low=0.35, high=0.41))
    row = cells(found)
    assert row["Value as it is"] == "0.413"
    assert row["Expected by chance"] == "0.100"
    assert row["Corrected (95% interval)"] == "0.380 (0.350 to 0.410)"
    assert row["Index"] == "index of dissimilarity (D)"
    assert row["Surroundings"] == "own cell or area"
    assert row["Members of the group"].startswith("1,234")
    assert row["Share in protected cells or areas"] == "1.0%"
    assert cells(show(made("results", value=0.4126), "fi"))["Arvo sellaisenaan"] == "0,413"
    assert cells(show(made("results", scale_m=1000.0)))["Surroundings"] == "within 1,000 metres"


def test_what_is_missing_is_a_dash_and_a_column_of_dashes_is_left_out():
    both = pd.concat([made("results", expected=np.nan, corrected=np.nan), made("results", corrected=np.nan)])
    row = cells(show(both))
    assert row["Expected by chance"] == "–"
    assert "Corrected (95% interval)" not in row


def test_small_numbers_and_much_that_is_hidden_are_marked():
    plain = show(made("results")).fragment
    assert "†" not in plain
    assert "‡" not in plain
    for changes in ({"group_size": 99}, {"n_cells": 19}):
        found = show(made("results", **changes))
        assert cells(found)["Value as it is"] == "0.250†"
        assert "† Fewer than 100 members or fewer than 20 cells" in found.fragment
    assert "†" not in show(made("results", group_size=100, n_cells=20)).fragment
    found = show(made("results", hidden_share=0.11))
    assert cells(found)["Value as it is"] == "0.250‡"
    assert "‡ More than 10% of the base population" in found.fragment
    assert "‡" not in show(made("results", hidden_share=0.10)).fragment


def test_changes_have_their_sign_and_their_interval():
    row = cells(show(made("changes", change=0.01, low=-0.002, high=0.022, q=0.2, net=False)))
    assert row["Change (95% interval)"] == "+0.010 (−0.002 to +0.022)"
    assert row["Part of the change"] == "corrected change"
    assert row["Years"] == "2015–2024"
    assert (
        cells(show(made("changes", net=True, term="structural")))["Part of the change"]
        == "redistribution, net of chance"
    )


def test_thresholds_types_and_clusters_in_words():
    row = cells(show(made("thresholds", cut_off=0.2, population_share=0.31, expected_population_share=0.02)))
    assert row["Threshold"] == "over 20.0%"
    assert row["Share of the base population"] == "31.0% (by chance 2.0%)"
    assert cells(show(made("types", type=0)))["Area type"] == "Unknown"
    row = cells(show(made("lasting", event="there at the start")))
    assert row["What became of it"] == "there at the start"
    assert row["Found in years"] == "2 of 3"


def test_cities_stand_together_in_the_order_of_the_programme():
    rows = pd.concat([made("types", city=city) for city in ("Lahti", "Helsinki", "Lahti")])
    words = Table(show(rows).fragment).rows
    assert [row[0] for row in words if len(row) == 1] == ["Helsinki", "Lahti"]


def test_a_long_table_says_what_it_leaves_out():
    rows = pd.concat([made("types")] * 7, ignore_index=True)
    found = show(rows, rows=3)
    assert len(Table(found.fragment).rows) == 2 + 3
    assert "The first 3 of 7 rows are shown." in found.fragment
    assert "are shown." not in show(rows).fragment
    for wrong in (0, 2.5):
        with pytest.raises(BadSettings, match="a whole number from 1"):
            show(rows, rows=wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_made_up_data_are_marked(language):
    mark = {"fi": "SYNTEETTINEN AINEISTO", "sv": "SYNTETISKT MATERIAL", "en": "SYNTHETIC DATA"}[language]
    found = show(made("results", note="made-up data; biweight kernel"), language)
    assert found.title.startswith(f"{mark}: ")
    assert f'<h3><span class="mark">{mark}:</span>' in found._repr_html_()
    assert "made-up data; " not in found.fragment
    assert mark not in show(made("results"), language)._repr_html_()


def test_a_note_is_a_sentence_below_said_once():
    rows = pd.concat([made("results", note="made-up data; biweight kernel"), made("results", note="undefined")] * 2)
    found = show(rows)
    assert [row[-1] for row in Table(found.fragment.split("</table>")[0]).rows[2:]] == ["1", "2", "1", "2"]
    assert found.fragment.count("<p>1. The surroundings weigh by distance") == 1
    assert "<p>2. The index cannot be computed" in found.fragment


def test_rows_of_persons_alone_and_of_households_are_told_apart():
    both = pd.concat([made("results", cluster_size=1.0), made("results", cluster_size=1.25)])
    words = Table(show(both).fragment.split("</table>")[0]).rows
    at = words[0].index("Persons who choose their home together")
    assert [row[at] for row in words[2:]] == ["1", "1.25"]


def test_data_are_no_html():
    odd = "<img src=x onerror=alert(1)> & \"'"
    found = show(made("results", city=odd, group=odd, index=odd, note=odd))
    assert "<img" not in found._repr_html_()
    assert set(Table(found.fragment).tags) <= {"div", "h3", "span", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert odd in cells(found)["Group"]
    assert "<img" not in panel(city=odd, notices=(odd,), source=odd)._repr_html_()


def test_another_table_is_refused():
    with pytest.raises(BadData, match=r"found a; needed results: city.*followup_need: city"):
        show(pd.DataFrame({"a": [1]}))
    with pytest.raises(BadSettings, match="language 'no' is unknown"):
        show(made("types"), "no")


def test_every_table_of_the_programme_can_be_shown():
    assert set(PROGRAMME) == set(TABLES)


def test_years_of_an_indicator_are_shares_where_it_is_one():
    names = Names("Pienituloiset", "Låginkomsttagare", "Low incomes")
    share = Indicator("income", "share", group="low_income", names=names)
    points = made("followup_points", value=0.1234, low=np.nan, high=np.nan, path=0.1)
    found = show(points, indicators=[share])
    assert Table(found.fragment).rows[1] == ["Low incomes"]
    assert cells(found)["Value followed (95% interval)"] == "12.3%"
    assert cells(found)["Target path"] == "10.0%"
    bare = show(points)
    assert Table(bare.fragment).rows[1] == ["income"]
    assert cells(bare)["Value followed (95% interval)"] == "0.123"


def test_cards_are_told_by_indicator_below_their_statuses():
    rows = [made("followup_cards", city=city, change=-0.02, change_low=-0.03, change_high=-0.01) for city in CITIES]
    share = {"indicator": "share", "measure": "share", "index": "", "status": "cannot_say", "reason": "no_interval"}
    rows += [made("followup_cards", **share, change=0.026, change_low=np.nan, change_high=np.nan)]
    found = show(pd.concat(rows, ignore_index=True))
    words = Table(found.fragment).rows
    assert [row[0] for row in words[1:]] == [
        "Index of dissimilarity (D) of foreign-language speakers",
        *("Helsinki", "Lahti"),
        "Share of foreign-language speakers",
        "Lahti",
    ]
    at = words[0].index("Change (95% interval)")
    assert (words[2][at], words[5][at]) == ("−0.020 (−0.030 to −0.010)", "+2.6 percentage points")
    assert words[5][words[0].index("Reason")] == "The change has no interval."
    (image,) = re.findall(r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,', found.fragment)
    assert "better 2, worse 0, no clear change 0, cannot say 1" in image


def test_money_stands_below_its_figure_where_there_is_any():
    rows = made("funding_timeline", amount_eur=2e6, expiring_eur=0.0, cliff=False, note="made-up data")
    found = show(rows)
    assert found.fragment.count("<img ") == 1
    assert "SYNTHETIC DATA. Bar charts" in found.fragment
    assert cells(found)["Amount, EUR"] == "2,000,000"
    assert cells(found)["Fall over 30 per cent"] == "no"
    assert "<img " not in show(rows.assign(amount_eur=np.nan)).fragment
    dealt = made("funding_formulas", pot_eur=5e6, amount_eur=2e6, least_eur=1e6, most_eur=3e6, change_eur=5e4)
    found = show(dealt)
    assert found.fragment.count("<img ") == 1
    assert cells(found)["Amount, EUR (least–most)"] == "2,000,000 (1,000,000–3,000,000)"
    assert cells(found)["Change from today, EUR"] == "+50,000"
    assert "<img " not in show(dealt.assign(variant="type_1")).fragment


def test_a_need_has_the_form_of_its_measure():
    for measure, words in {"group_share": "25.0% (20.0%–30.0%)", "corrected": "0.250 (0.200–0.300)"}.items():
        found = show(made("funding_need", measure=measure, low=0.2, high=0.3, hidden_share=0.2))
        assert cells(found)["Need (least–most)"] == f"{words}‡"
    found = show(made("funding_need", measure="residents", group="", value=41981.0, low=np.nan, high=np.nan))
    assert cells(found)["Need (least–most)"] == "41,981"
    refused = show(made("funding_need", value=np.nan, refused="small_group"), min_group=50)
    assert cells(refused)["Not published"] == "fewer than 50 members"


def test_sums_of_all_cities_and_years_say_so():
    row = cells(show(made("funding_absorption", city="", year=0)))
    assert (row["City"], row["Year of award"]) == ("all cities", "all years")


def test_areas_of_measures_are_no_effect():
    found = show(made("followup_places", reason="", change=0.021, difference=0.01, low=-0.01, high=0.03))
    assert cells(found)["Change"] == "+2.1 percentage points"
    assert "The difference is not the effect of the measure." in found.fragment


def panel(**changes):
    given = {
        "city": "Lahti",
        "classification": "language",
        "years": (2020, 2021),
        "groups": ("foreign_language", "rest"),
        "cells": ["a", "b"],
        "counts": [[[10, 90], [0, 0]], [[30, 70], [40, 60]]],
        "hidden": [[False, True], [False, False]],
        "hidden_total": [[0, 25], [0, 0]],
        "releases": ("2022", "2023"),
        "dates": ("2020-12-31", "2021-12-31"),
        "breaks": ("", "break: areas entered since 2020: b"),
        "source": "ykr",
    }
    return Panel(**given | changes)


def test_a_panel_says_what_it_is():
    html = panel()._repr_html_()
    head, first, second = Table(html.split("<table>")[2].split("</table>")[0]).rows
    row = dict(zip(head, first))
    assert (row["Statistical year"], row["Release"], row["Protected"]) == ("2020", "2022", "1")
    assert row["Coverage"] == "80.0%"
    assert row["Share in protected cells or areas"] == "20.0%"
    assert row["Base population"] == "100"
    assert first[-2:] == ["10 (10.0%)", "90 (90.0%)"]
    assert second[-2:] == ["70 (35.0%)", "130 (65.0%)"]
    assert "2021: Break: after 2020 the area b entered the city." in html
    assert "SYNTHETIC DATA" in panel(made_up=True)._repr_html_()
    assert "SYNTHETIC DATA" not in html
    assert "asuntokunnat" in show(panel(base_unit="households"), "fi").fragment


def test_a_panel_may_be_nameless_and_empty():
    bare = Panel(city="", classification="", years=(2020,), groups=("g",), cells=["a"], counts=[[[0]]])
    assert "0 (–)" in bare._repr_html_()


def test_a_page_holds_the_table_and_fetches_nothing(tmp_path):
    text = show(made("results"), "sv").save(tmp_path / "t.html").read_text(encoding="utf-8")
    assert text.startswith('<!DOCTYPE html>\n<html lang="sv">')
    assert not re.search(r"https?://|<script", text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_shows_a_panel_and_a_table_as_html():
    from IPython.core.formatters import DisplayFormatter

    for found in (panel(), show(made("results"))):
        given, _ = DisplayFormatter().format(found)
        assert "<table>" in given["text/html"]


def test_a_table_of_cells_is_sent_to_the_map():
    with pytest.raises(BadData, match=r"segindex\.explore"):
        show(pd.DataFrame({"cell": ["a"], "x": [1.0], "y": [2.0], "city": "Lahti", "value": 0.5}))
