"""Notebooks run from top to bottom on a small edition, and are kept without outputs."""

import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import SETTINGS, make_project

from segindex import wording

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
PARAMETERS = {"EDITION": "small", "CITY": "Helsinki", "GROUP": "low_income"}
PICTURES = {
    "01-city-profile": 3,
    "02-eleven-side-by-side": 2,
    "03-local-clusters": 1,
    "04-scale": 2,
    "05-why-it-changed": 2,
    "06-small-and-protected-cells": 1,
    "07-area-types-and-accumulation": 0,
    "08-money-over-need": 3,
    "09-follow-up": 3,
}
WIDE = SETTINGS.replace(
    'groups = ["low_income", "high_income", "foreign_language"]',
    'groups = ["low_income", "basic_education", "unemployed", "rented"]\n'
    'indices = ["dissimilarity", "information_theory"]\nworth_years = "none"',
).replace("scale_m = [1000]\nk = [400]", "scale_m = [500, 1000]")
REGISTER = '\n[funding]\nregister = "data/raw/sample/register.xlsx"\n'

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq")


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """A small edition with area types, two sizes of surroundings and a register, its tables alone."""
    from segindex.pipeline import run

    root = make_project(tmp_path_factory.mktemp("wide"), WIDE + REGISTER, years=(2022, 2024))
    run(root, steps=("ingest", "compute"), workers=1)
    return root


@pytest.fixture(scope="module")
def executed(edition):
    """Each notebook as it was run on the small edition, once: {name: its outputs}."""
    done = {}

    def of(name):
        if name not in done:
            done[name] = run_on(edition, name)
        return done[name]

    return of


def run_on(root, name, **given):
    """The outputs of a notebook's code cells, {cell id: list}, with an edition's folder for ROOT."""
    import nbclient

    (path,) = [path for path in NOTEBOOKS if path.stem == name]
    book = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in book.cells if "parameters" in cell.metadata.get("tags", [])]
    given = PARAMETERS | {"ROOT": str(root)} | given
    own = dict(re.findall(r"^(\w+) = (.*)$", cell.source, re.MULTILINE))
    cell.source = "\n".join(f"{one} = {given[one]!r}" if one in given else f"{one} = {own[one]}" for one in own)
    done = nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    return {cell.id: cell.outputs for cell in done.cells if cell.cell_type == "code"}


def rows_of(outputs):
    """The rows of the table that a cell shows: {column: text}, the row's names left out."""
    (shown,) = [one["data"]["text/html"] for one in outputs if "text/html" in one.get("data", {})]
    rows = [re.findall(r"<(t[hd])[^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", shown, re.DOTALL)]
    names = [text for _, text in rows[0]]
    values = [[text for kind, text in row if kind == "td"] for row in rows]
    return [dict(zip(names[-len(row) :], row)) for row in values if row]


def table(outputs):
    """The same by the (first) name of each row."""
    (shown,) = [one["data"]["text/html"] for one in outputs if "text/html" in one.get("data", {})]
    names = re.findall(r'<th[^>]*class="row_heading level0[^>]*>(.*?)</th>', shown)
    return dict(zip(names, rows_of(outputs), strict=True)) if names else dict(enumerate(rows_of(outputs)))


def said_by_figures(outputs):
    """What the figures of a cell say of themselves."""
    return [one["data"]["text/plain"] for one in outputs if "image/png" in one.get("data", {})]


def captions(outputs):
    return re.findall(r"<caption>(.*?)</caption>", str(outputs))


def written(outputs):
    return "".join(one["text"] for one in outputs if one["output_type"] == "stream")


def stored(root, name, group=PARAMETERS["GROUP"]):
    """A table of the edition, of the group that the notebooks are run on; of all with None."""
    found = pd.read_csv(root / "data" / "processed" / "small" / name)
    return found if group is None or "group" not in found else found[found["group"] == group]


def test_every_notebook_is_known():
    assert [path.stem for path in NOTEBOOKS] == list(PICTURES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_clean(path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert book.cells[0].cell_type == "markdown"
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in book.cells) == 1
    for cell in book.cells:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", cell.id), f"{path.name}: cell {cell.id} needs a fixed name"
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None
            assert not re.search(r"^(def|class) ", cell.source, re.MULTILINE), "a notebook defines nothing reusable"


@pytest.mark.parametrize("name", PICTURES)
def test_a_notebook_runs_and_marks_made_up_data(name, executed):
    outputs = executed(name)
    assert "MADE-UP DATA" in written(outputs["read"])
    assert (
        len([one for some in outputs.values() for one in some if "image/png" in one.get("data", {})]) == PICTURES[name]
    )
    said = captions(outputs)
    assert all("MADE-UP DATA" in one for one in said), said
    assert len(said) == str(outputs).count("<style type=") or name.startswith("01")


@pytest.mark.parametrize("name", [name for name in PICTURES if not name.startswith("01")])
def test_an_edition_that_was_not_run_is_told_in_a_sentence(name, tmp_path):
    from nbclient.exceptions import CellExecutionError

    with pytest.raises(CellExecutionError) as told:
        run_on(tmp_path, name)
    assert told.value.ename == "SystemExit"
    assert "`segindex run small` writes" in told.value.evalue


def test_cities_stand_beside_each_other_as_the_results_say(executed, edition):
    outputs = executed("02-eleven-side-by-side")
    results = stored(edition, "results.csv").query("index == 'dissimilarity' and scale_m.isna() and k.isna()")
    latest = results[results["year"] == 2024].set_index("city")
    shown = table(outputs["worth"])
    assert list(shown) == list(latest["corrected"].sort_values(ascending=False).index)
    for city, row in shown.items():
        for column in ("value", "expected", "corrected", "low", "high", "hidden_share"):
            assert float(row[column]) == pytest.approx(latest.loc[city, column], abs=5e-4), column
    for city, row in table(outputs["apart"]).items():
        for other, word in row.items():
            assert (word == "higher") == (latest.loc[city, "low"] > latest.loc[other, "high"])
    share = latest["group_size"] / latest["population"]
    assert float(table(outputs["together"])["Turku"]["share"]) == pytest.approx(share["Turku"], abs=5e-4)
    change = (
        stored(edition, "changes.csv").query("city == 'Turku' and index == 'dissimilarity'").set_index("term")["change"]
    )
    row = table(outputs["changes"])["Turku"]
    assert float(row["corrected"]) == pytest.approx(change["corrected"], abs=5e-4)
    assert float(row["as_it_is"]) == pytest.approx(change["as_it_is"], abs=5e-4)


def test_clusters_are_those_of_the_edition_and_the_strict_ones_are_among_them(executed, edition):
    assert "No high–high cluster was found" in written(executed("03-local-clusters")["lasting"])
    outputs = run_on(edition, "03-local-clusters", GROUP="high_income")
    own = "city == 'Helsinki' and group == 'high_income'"
    kept = stored(edition, "clusters.csv", group=None).query(f"{own} and year == 2024").set_index("cluster")
    shown = table(outputs["clusters"])
    assert {name: int(row["n_cells"]) for name, row in shown.items()} == kept["n_cells"].to_dict()
    strict = table(outputs["strict"])
    assert sum(map(int, strict["not significant"].values())) == kept.loc["not significant", "n_cells"]
    assert set(strict["not significant"].values()) - {"0"} == {str(kept.loc["not significant", "n_cells"])}
    assert set(table(outputs["lasting"])) == set(stored(edition, "lasting.csv", group=None).query(own)["id"])


def test_a_ratio_takes_two_sizes_of_surroundings(executed, wide):
    assert "two numbers or more" in written(executed("04-scale")["ratio"])
    outputs = run_on(wide, "04-scale")
    shown = table(outputs["ratio"])
    assert set(shown) == {"Helsinki", "Turku"}
    for row in shown.values():
        assert (row["kind"], row["micro"], row["macro"]) == ("scale_m", "500", "1000")
        assert float(row["ratio"]) == pytest.approx(float(row["macro_value"]) / float(row["micro_value"]), abs=5e-3)
    own = [float(row["value"]) for row in table(outputs["own"]).values()]
    assert own == sorted(own, reverse=True), "wider surroundings are more alike"


def test_the_parts_of_a_change_sum_to_it_and_growth_alone_is_no_structure(executed, edition):
    outputs = executed("05-why-it-changed")
    change = stored(edition, "changes.csv").query("index == 'information_theory' and net and city == 'Turku'")
    row = table(outputs["terms"])["Turku"]
    assert set(row) == {*change["term"], "whole"}
    assert float(row["whole"]) == pytest.approx(change["change"].sum(), abs=5e-5)
    assert float(row["structural"]) == pytest.approx(change.set_index("term").loc["structural", "change"], abs=5e-5)
    known = {row["term"]: row for row in rows_of(outputs["own"])}
    assert float(known["structural"]["low"]) < 0 < float(known["structural"]["high"])
    assert float(known["group_marginal"]["low"]) > 0
    assert known["as_it_is"]["low"] == "–"


def test_a_town_without_segregation_is_seen_as_one(executed, edition):
    outputs = executed("06-small-and-protected-cells")
    for index, row in table(outputs["town"]).items():
        known = 0.15 if index == "isolation" else 0
        assert float(row["value"]) == pytest.approx(float(row["expected"]), abs=0.02)
        assert float(row["value"]) > known + 0.08
        assert float(row["corrected"]) == pytest.approx(known, abs=0.02)
        assert float(row["low"]) <= known <= float(row["high"])
    values = [float(row["value"]) for row in table(outputs["cells"]).values()]
    assert values == sorted(values, reverse=True)
    for row in table(outputs["hiding"]).values():
        assert float(row["lower_bound"]) <= float(row["all_cells"]) <= float(row["upper_bound"])
    widths = [float(row["upper"]) - float(row["lower"]) for row in table(outputs["bounds"]).values()]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0
    assert set(table(outputs["edition"])) == {"Helsinki", "Turku"}
    least = stored(edition, "coverage.csv").query("year == 2024").groupby("classification")["coverage"].min()
    assert {name: float(row["least_coverage"]) for name, row in table(outputs["coverage"]).items()} == pytest.approx(
        least.to_dict(), abs=5e-4
    )


def test_types_and_accumulation_share_out_all_residents(executed, wide):
    assert "has no area types" in written(executed("07-area-types-and-accumulation")["read"])
    outputs = run_on(wide, "07-area-types-and-accumulation")
    types = rows_of(outputs["types"])
    assert len(types) == 4
    for row in types:
        assert sum(float(row[one]) for one in ("1", "2", "3", "4", "5", "unknown")) == pytest.approx(1, abs=4e-3)
    moved = sum(int(one) for row in table(outputs["transitions"]).values() for one in row.values())
    kept = stored(wide, "transitions.csv").query("city == 'Helsinki' and extent == 'cities'")
    assert moved == kept["last_residents"].sum()
    shares = [float(row["residents_share"]) for row in rows_of(outputs["accumulation"])]
    ends = stored(wide, "accumulation.csv").query("city == 'Helsinki' and year == 2024")["end"].nunique()
    assert sum(shares) == pytest.approx(ends, abs=5e-3)


def test_money_over_need_shows_the_tables_and_every_formula_deals_out_the_pot(executed, edition):
    outputs = executed("08-money-over-need")
    kept = stored(edition, "funding_formulas.csv", group=None).query("variant.isna()")
    shown = table(outputs["formulas"])
    assert set(shown) == {"Helsinki", "Turku"}
    for city, row in shown.items():
        own = kept[kept["city"] == city].set_index("formula")["eur_per_resident"].dropna()
        assert {name: float(row[name]) for name in own.index} == pytest.approx(own.to_dict(), abs=0.06)
    for name in ("per_head", "per_low_income", "hold_harmless"):
        dealt = kept[kept["formula"] == name]
        changed = sum(float(row[name]) for row in table(outputs["changes"]).values())
        assert changed == pytest.approx((5e7 - dealt["current_eur"].sum()) / 1e6, abs=0.02), name
    (curve,) = said_by_figures(outputs["curve-figure"])
    assert "Concentration curve." in curve
    ends = rows_of(outputs["curve"])[1]
    base, money = (f"{float(ends[name]):.0%}" for name in ("cumulative_base", "cumulative_money"))
    assert f"Turku: {base} of the residents and {money} of the money" in curve
    heads = stored(edition, "funding_per_head.csv", group=None).query(
        "need == 'low_income' and amount_kind == 'granted'"
    )
    needs = heads.set_index("city")["eur_per_need"].dropna()
    assert {city: float(row["eur_per_need"]) for city, row in table(outputs["heads"]).items()} == pytest.approx(
        needs.to_dict(), abs=5e-4
    )


def test_a_follow_up_says_the_words_of_its_cards(executed, edition):
    outputs = executed("09-follow-up")
    cards = stored(edition, "followup_cards.csv", group=None).set_index(["city", "indicator"])
    said = written(outputs["said"])
    for indicator in ("low_income", "foreign_language"):
        word = wording.text("en", f"status.{cards.loc[('Helsinki', indicator), 'status']}")
        assert f"Verdict: {word}" in said
    shown = [float(row["value"]) for row in rows_of(outputs["cards"])]
    assert sorted(shown) == pytest.approx(sorted(cards["value"]), abs=5e-4)
    places = stored(edition, "followup_places.csv", group=None)
    assert len(rows_of(outputs["places"])) == len(places) > 0
    assert "has no area types" in written(outputs["where"])
    (status,) = said_by_figures(outputs["status"])
    for word, n in cards["status"].value_counts().items():
        assert f"{wording.text('en', f'status.{word}')} {n}" in status
    lines = said_by_figures(outputs["points-figures"])
    assert [line.split(" of ")[1].startswith("foreign-language") for line in lines] == [False, True]


def test_measures_are_outlined_where_area_types_are_known(executed, wide):
    assert "there is no map" in written(executed("09-follow-up")["map"])
    outputs = run_on(wide, "09-follow-up")
    (said,) = said_by_figures(outputs["map"])
    assert "Made-up measure 02" in said
    rows = rows_of(outputs["where"])
    assert len(rows) == len(stored(wide, "followup_need.csv", group=None)) > 0


def test_where_there_is_no_pot_or_no_known_need_there_is_no_figure(edition, wide):
    outputs = run_on(wide, "08-money-over-need")
    assert "name no pot" in written(outputs["formulas"])
    assert not said_by_figures(outputs["formulas"])
    outputs = run_on(edition, "08-money-over-need", GROUP="low_income_children")
    assert "there is no curve" in written(outputs["curve-figure"])
    assert not said_by_figures(outputs["curve-figure"])


@pytest.mark.parametrize(("name", "told"), [("08-money-over-need", "funding_need.csv"), ("09-follow-up", "")])
def test_an_edition_without_a_register_is_told_of(wide, tmp_path, name, told):
    from nbclient.exceptions import CellExecutionError

    left_out = shutil.ignore_patterns("funding_*", "followup_places*", "followup_need*", "register")
    root = shutil.copytree(wide, tmp_path / "without", ignore=left_out)
    if told:
        with pytest.raises(CellExecutionError, match=rf"has no .*{told}.* writes them with a \[funding\] register"):
            run_on(root, name)
    else:
        assert "no register of measures" in written(run_on(root, name)["places"])


def test_an_edition_without_changes_is_told_in_a_sentence(wide):
    from nbclient.exceptions import CellExecutionError

    with pytest.raises(CellExecutionError, match="it takes a baseline before the latest year"):
        run_on(wide, "05-why-it-changed")


def test_a_profile_takes_the_rows_of_a_groups_own_cluster_size(edition, tmp_path):
    folder = tmp_path / "data" / "processed" / "small"
    shutil.copytree(edition / "data" / "processed" / "small", folder)
    results = pd.read_parquet(folder / "results.parquet")
    own = results[results["group"] == PARAMETERS["GROUP"]].assign(cluster_size=1.7, expected=0.777)
    pd.concat([results, own]).to_parquet(folder / "results.parquet")
    (profile,) = run_on(tmp_path, "01-city-profile")["profile"]
    assert profile["data"]["text/html"].count("<th>low_income</th>") == 1
    assert "<td>0.777</td>" in profile["data"]["text/html"]


@pytest.mark.parametrize("name", [name for name in PICTURES if name[:2] in {"01", "03", "04", "05", "07", "08", "09"}])
def test_a_city_that_the_edition_lacks_is_told_with_those_that_it_has(edition, name):
    from nbclient.exceptions import CellExecutionError

    with pytest.raises(CellExecutionError, match=r"Oulu is not in the edition; it has Helsinki, Turku"):
        run_on(edition, name, CITY="Oulu")
