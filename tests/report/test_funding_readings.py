"""What a reader takes from the figures of the funding mapping: titles that follow ties, falls with one sign."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from segindex import wording
from segindex.figures import draw_timeline, funding_alt
from segindex.report.funding_answers import _without_cap
from segindex.report.funding_figure_tables import timeline_table
from segindex.report.funding_words import View
from segindex.report.tables import Counter

EVERY = pytest.mark.parametrize("language", ["fi", "sv", "en"])
CITIES = ("Espoo", "Helsinki", "Lahti")


def dealt(**heads):
    """Rows of formulas by their euro per resident in the three cities."""
    rows = [
        {"formula": name, "city": city, "eur_per_resident": head, "amount_eur": head * 1000, "pot_eur": 50e6}
        | {"note": "by per_low_income_child, cap 1.5; current: granted" if name == "capped" else ""}
        for name, own in heads.items()
        for city, head in zip(CITIES, own)
    ]
    return pd.DataFrame(rows)


@EVERY
def test_the_title_of_formulas_names_a_first_only_where_there_is_one(language):
    alike = {"per_head": (20.4, 20.4, 20.4)}
    differ = funding_alt.formulas_title(
        dealt(
            **alike,
            per_low_income=(18.0, 19.0, 21.0),
            per_low_income_child=(23.0, 19.0, 19.0),
            capped=(23.0, 19.0, 19.0),
        ),
        language,
    )
    named = [wording.city_name(city, language) for city in ("Lahti", "Espoo")]
    assert all(city in differ for city in named) and wording.city_name("Helsinki", language) not in differ
    first = funding_alt.formulas_title(dealt(**alike, per_low_income=(23.0, 19.0, 20.0)), language)
    assert named[1] in first and named[0] not in first
    close = funding_alt.formulas_title(dealt(**alike, per_low_income=(23.21, 23.24, 20.0)), language)
    assert wording.city_name("Helsinki", language) in close and named[1] not in close
    tied = funding_alt.formulas_title(dealt(**alike, capped=(23.0, 23.0, 20.0)), language)
    assert wording.city_name("Helsinki", language) in tied and named[1] in tied
    same = funding_alt.formulas_title(dealt(**alike), language)
    assert not any(wording.city_name(city, language) in same for city in CITIES)


def test_a_cap_that_nobody_reaches_is_told():
    rows = dealt(per_low_income=(18.0, 19.0, 21.0), per_low_income_child=(23.0, 19.0, 19.0), capped=(23.0, 19.0, 19.0))
    assert _without_cap(rows) == "per_low_income_child"
    assert _without_cap(dealt(per_low_income=(18.0, 19.0, 21.0), capped=(18.5, 19.0, 20.5))) is None
    held = (23.0, 19.0, 19.0)
    assert _without_cap(dealt(hold_harmless=held, per_low_income_child=held, capped=held)) == "per_low_income_child"


def years():
    """Money that is unknown for three years in between, then rises, then ends."""
    money = pd.DataFrame({"year": range(2019, 2027), "amount_eur": [1e6, np.nan, np.nan, np.nan, 1e6, 2e6, 2e6, 0.0]})
    return money.assign(
        level="national",
        amount_kind="budget",
        expiring_eur=[0.0] * 6 + [2e6, 0.0],
        fall=[np.nan] * 5 + [-1.0, 0.0, 1.0],
        cliff=[False] * 7 + [True],
        note="",
    )


@EVERY
def test_changes_of_the_timeline_have_the_sign_of_the_figure(language):
    view = View(SimpleNamespace(register=None, programme={}), language)
    table = timeline_table(view, years(), "t", Counter())
    told = [[str(getattr(cell, "words", cell)) for cell in row] for row in table.rows]
    assert [row[1] for row in told] == ["2019", "2020–2022", "2023", "2024", "2025", "2026"]
    per_cent = [wording.percent(share, language, 0) for share in (1.0, 0.0, -1.0)]
    assert [row[4] for row in told][3:] == [f"+{per_cent[0]}", per_cent[1], per_cent[2]]


def test_unknown_years_in_a_row_have_one_mark():
    figure = draw_timeline(years(), language="fi", source="")
    FigureCanvasAgg(figure)
    assert [text.get_text() for axes in figure.axes for text in axes.texts].count("?") == 1
