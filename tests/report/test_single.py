"""A figure on its own: the run's bytes, and what is said when there is none."""

import io
from dataclasses import replace

import made_followup
import pandas as pd
import pytest

from segindex import report
from segindex.errors import BadSettings
from segindex.report.single import KINDS, chosen_figures, files_of, in_languages, lacking_figures, shown_figures, until


def test_every_figure_of_the_plan_has_a_known_kind(grid):
    figures = shown_figures(grid)
    planned = [output.name for output in report.plan(grid) if output.name.startswith("figure ")]
    assert [f"figure {one.name}" for one in figures] == planned and len(figures) > 10
    assert {one.kind for one in figures} <= set(KINDS)
    for one in figures:
        assert (one.group != "") == ("--group" in KINDS[one.kind][0]), one.name
        assert (one.city != "") == ("--city" in KINDS[one.kind][0]), one.name


def test_names_hold_no_year(grid):
    years = {str(year) for year in grid.results["year"]}
    assert not [one.name for one in shown_figures(grid) if any(year in one.name for year in years)]


def test_the_bytes_are_the_run_s_and_a_map_has_a_png_too(grid):
    (one,) = chosen_figures(grid, "ranking", group="low_income")
    planned = {output.name: output.render for output in report.plan(grid)}
    assert files_of(one) == planned["figure ranking_dissimilarity_low_income"]()
    (one,) = chosen_figures(grid, "clusters", group="low_income", city="helsingfors")
    found, run = files_of(one), planned["figure clusters_low_income_helsinki"]()
    assert run.items() <= found.items()
    assert {name.rpartition(".")[2] for name in set(found) - set(run)} == {"png"}
    (named,) = chosen_figures(grid, "clusters_low_income_helsinki")
    assert named[:4] == one[:4]


def test_a_kind_means_all_of_it_and_a_city_all_of_its_groups(grid):
    assert len(chosen_figures(grid, "ranking")) == 2
    assert {one.group for one in chosen_figures(grid, "clusters", city="Turku")} == {"low_income", "foreign_language"}


def test_languages_are_those_that_are_asked_for(grid):
    (one,) = chosen_figures(in_languages(grid, ["sv"]), "trends", group="low_income")
    assert {name.split("/")[1] for name in files_of(one)} == {"sv"}
    with pytest.raises(BadSettings, match="languages se are unknown; known are fi, sv, en"):
        in_languages(grid, ["se"])
    assert in_languages(grid, ()) is grid


def test_a_year_gives_the_figures_as_if_the_edition_ended_with_it(grid):
    early = until(grid, 2014)
    assert set(early.results["year"]) == {2012, 2013, 2014} & set(grid.results["year"])
    (one,) = chosen_figures(early, "ranking", group="low_income")
    words = files_of(one)["figures/en/ranking_dissimilarity_low_income.txt"].decode().replace(early.title.en, "")
    assert "2014" in words and "2015" not in words
    with pytest.raises(BadSettings, match="year 1999 is not in the edition; it has 201"):
        until(grid, 1999)


def test_changes_to_a_year_that_they_were_not_computed_to_are_no_finding(grid, madeup):
    changed = replace(grid, changes=madeup.changes())
    (one,) = chosen_figures(changed, "change_terms", group="low_income")
    assert files_of(one)
    early = until(changed, 2014)
    assert not [one.name for one in shown_figures(early) if one.kind in ("city_changes", "change_terms")]
    asks = ({"name": "city_changes"}, {"name": "city_changes_turku"}, {"name": "change_terms", "group": "low_income"})
    for asked in (*asks, {"name": "city_changes", "city": "Turku"}):
        with pytest.raises(BadSettings, match="cannot be drawn: changes were computed to the latest year of the data"):
            chosen_figures(early, **asked)
    assert {one.kind for one in shown_figures(until(changed, 2015))} >= {"city_changes", "change_terms"}


def test_an_earlier_year_has_no_status_and_an_indicator_s_years_until_then(grid):
    followed = replace(grid, programme=made_followup.programme(), indicators=made_followup.INDICATORS)
    assert chosen_figures(followed, "followup_status")
    early = until(followed, 2014)
    assert "followup_status" not in {one.kind for one in shown_figures(early)}
    with pytest.raises(BadSettings, match="followup_status cannot be drawn: it was computed for the latest year"):
        chosen_figures(early, "followup_status")
    assert "funding_curve" not in {one.kind for one in lacking_figures(early)}
    (one,) = chosen_figures(early, "followup_points", group="low_income")
    rows = pd.read_csv(io.BytesIO(files_of(one)["figures/en/followup_points_low_income.csv"]), comment="#")
    assert rows["year"].max() == 2014 and len(rows)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"name": "rankin"}, "figure 'rankin' is unknown; did you mean ranking[?] Kinds are ranking, trends"),
        ({"name": "ranking", "group": "low_incom"}, "group low_incom is unknown; did you mean low_income[?]"),
        ({"name": "ranking", "city": "Porvoo"}, "city Porvoo is unknown; known are Helsinki"),
        (
            {"name": "ranking", "city": "Turku"},
            "figure ranking of Turku is not .*; ranking takes --group; there are: rank",
        ),
        (
            {"name": "clusters", "group": "foreign_language", "city": "Lahti"},
            "of Lahti of group foreign_language cannot be drawn: the group has fewer than 100 members$",
        ),
        ({"name": "clusters_foreign_language_joensuu"}, "cannot be drawn: there are fewer than 20 cells$"),
        ({"name": "type_map", "city": "Turku"}, "type_map of Turku is not .* there are: none of that kind"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_reason(grid, asked, message):
    with pytest.raises(BadSettings, match=message):
        chosen_figures(grid, **asked)


def test_the_reasons_of_all_that_is_lacking(grid):
    lacking = {(one.kind, one.group, one.city): one.why for one in lacking_figures(grid)}
    assert lacking["clusters", "foreign_language", "Lahti"] == "the group has fewer than 100 members"
    assert all(lacking.values()) and not any(one.render for one in lacking_figures(grid))


@pytest.mark.parametrize("dpi", [0, -300, 20, 5000, float("nan")])
def test_a_resolution_that_cannot_be_is_refused(grid, dpi):
    with pytest.raises(BadSettings, match="allowed are 50 to 1200"):
        files_of(chosen_figures(grid, "ranking")[0], dpi)
