"""The page's table of changes: the corrected change with its interval and q, and who is taken to move together."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rendered import page_of

from segindex.schema import CHANGES, ordered

SIGNED = {"en": "+0.012 (−0.003 to +0.031)", "fi": "+0,012 (−0,003…+0,031)", "sv": "+0,012 (−0,003 till +0,031)"}
HOUSEHOLDS = {
    "en": "assume that 2.5 persons choose their home together",
    "fi": "että 2,5 henkilöä valitsee asuinpaikkansa yhdessä",
    "sv": "antas 2,5 personer välja bostad tillsammans",
}


@pytest.fixture
def changed(grid):
    """The grid's edition with corrected changes of D of low income: of persons, and of households of 2.5."""
    cities = sorted(set(grid.results["city"]))
    row = {
        "classification": "income",
        "group": "low_income",
        "index": "dissimilarity",
        "term": "corrected",
        "net": False,
    }
    rows = pd.DataFrame(
        {"city": cities} | row | {"first_year": 2013, "last_year": 2015, "hidden_share": 0.0, "note": ""}
    )
    alone = rows.assign(cluster_size=1.0, change=0.5, low=0.4, high=0.6, p=0.01, q=0.02)
    own = rows.assign(cluster_size=2.5, change=0.0123, low=-0.0031, high=0.0309, p=0.01, q=0.074)
    own.loc[own["city"] == "Turku", "change"] = np.nan
    return replace(grid, changes=ordered(pd.concat([alone, own]), CHANGES, ["city"]))


def part(material, language):
    text = page_of(material, language)
    start = text.index('<section aria-labelledby="group-low-income"')
    text = text[start : text.index("</section>", start)]
    return re.sub(r'<span class="range">(.*?)</span>', r"\1", text)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_corrected_change_of_the_groups_own_cluster_size_is_shown(changed, language):
    text = part(changed, language)
    assert SIGNED[language] in text and HOUSEHOLDS[language] in text
    assert {"en": "0.074", "fi": "0,074", "sv": "0,074"}[language] in text
    assert not re.search(r"[+]0[.,]500", text), "of persons alone nothing is shown beside it"


def test_cells_selected_by_the_groups_own_count_are_said_of_the_change(changed):
    selected = changed.changes.assign(note="visible cells are selected by the group's own count")
    table = part(replace(changed, changes=selected), "en")
    table = table[table.index("change from 2013 to 2015") :]
    assert re.search(r"\+0\.031\)\s*<sup>a</sup>", table) and "hidden by the size of the group itself" in table


def test_cities_without_a_corrected_change_have_a_dash(changed):
    text = part(changed, "en")
    table = text[text.index("change from 2013 to 2015") :]
    turku = re.search(r">Turku.*?</tr>", table, flags=re.DOTALL).group()
    lahti = re.search(r">Lahti.*?</tr>", table, flags=re.DOTALL).group()
    assert "+0.012 (" in lahti and "+0.012 (" not in turku and turku.count("–") >= 2


def test_a_city_whose_value_is_refused_has_no_corrected_change(changed):
    few = changed.results["city"] == "Lahti"
    text = part(
        replace(changed, results=changed.results.assign(n_cells=changed.results["n_cells"].mask(few, 19))), "en"
    )
    table = text[text.index("change from 2013 to 2015") :]
    assert "+0.012 (" not in re.search(r">Lahti.*?</tr>", table, flags=re.DOTALL).group()


def test_without_changes_the_table_has_the_plain_ones_alone(grid):
    text = part(grid, "en")
    assert "Change in corrected D" not in text and "Change in D" in text
