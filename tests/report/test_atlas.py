"""The atlas: the class of each cell is that of the table, nothing hidden looks low, and nothing comes from outside."""

import re
from dataclasses import replace

import made_atlas
import numpy as np
import pandas as pd
import pytest
import shapely

from segindex import report, wording
from segindex.errors import BadData
from segindex.facts import LANGUAGES
from segindex.legend import classes, classify
from segindex.report.atlas import atlas, render_atlas
from segindex.report.contents import sections
from segindex.report.layers import layers_of
from segindex.report.types import INPUTS

KNOWN = {(group, year): "" for group in ("low_income", "foreign_language") for year in (2020, 2024)}
CITIES = ("Helsinki", "Lahti")
OF_CLASS = {"income_class": ("low_income", ""), "language": ("foreign_language",)}
OF_TYPES = ("type", "disadvantage", "n_worst")


@pytest.fixture
def render(grid):
    """The pages of the made-up city, opened, by language."""

    def rendered(found=None, known=KNOWN, **changes):
        material = replace(grid, **changes)
        files = render_atlas(material, "Lahti", CITIES, known, lambda: found or made_atlas.city())
        return {name.split(".")[1]: made_atlas.Opened(page) for name, page in files.items()}

    return rendered


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", ["low_income", "foreign_language"])
def test_the_classes_of_the_page_are_those_of_the_table(render, language, group):
    page = render()[language]
    rows = made_atlas.cells()
    rows = rows[rows["group"] == group]
    told = page.classes("cluster", group)
    found = classes("cluster", language)
    wanted = [found[at].label for at in classify(rows["cluster"], found)]
    assert told == dict(zip(zip(rows["cell"], rows["year"]), wanted))
    for cell, year, share, hidden in rows[["cell", "year", "share", "hidden"]].itertuples(index=False):
        label = page.classes("share", group)[cell, year]
        if hidden:
            assert label == wording.text(language, "cluster.protected")
        elif np.isnan(share):
            assert label == wording.text(language, "cluster.empty")
        else:
            limits = [int(number) / 100 for number in re.findall(r"\d+", label)]
            assert len(limits) == 2 or limits[0] in (0.05, 0.6)
            assert limits[0] <= share < limits[1] if len(limits) == 2 else (share < 0.05) == (limits[0] == 0.05)


def test_types_and_what_rests_on_them(render):
    page = render()["en"]
    told, lasting = page.classes("type"), page.classes("lasting", "low_income")
    assert told["c000", 2024] == "Unknown" and told["c001", 2024] == "Type 2"
    assert page.classes("disadvantage")["c000", 2020] == "Unknown"
    assert page.classes("disadvantage")["c006", 2020] == "1.0 or more"
    assert [page.classes("n_worst")[cell, 2024] for cell in ("c000", "c001", "c004")] == ["Unknown", "1", "4 or more"]
    assert lasting["c000", 2020] == "protected" and lasting["c001", 2020] == "no base population"
    assert lasting["c006", 2020] == "in a cluster found in every year"
    assert lasting["c007", 2020] == "in no high–high cluster"


def test_how_often_a_cluster_was_found(render):
    rows = made_atlas.cells().assign(of_years=10)
    many = rows["cell"].map({"c002": 10, "c003": 9, "c004": 5, "c005": 4, "c006": 1}).fillna(0).astype(int)
    told = render(made_atlas.city(cells=rows.assign(n_years=many)))["en"].classes("lasting", "low_income")
    found = [told[f"c00{at}", 2024].removeprefix("in a cluster found in ") for at in range(2, 7)]
    assert found == ["every year", *["at least half of the years"] * 2, *["fewer of the years"] * 2]


def test_a_cell_that_a_year_does_not_have_is_of_no_class(render):
    told = render()["fi"].classes("cluster", "low_income")
    assert ("c035", 2024) in told and ("c035", 2020) not in told


def test_cells_lie_where_the_table_has_them(render):
    page = render()["sv"]
    rows = made_atlas.cells().drop_duplicates("cell")
    for cell, x, y in rows[["cell", "x", "y"]].itertuples(index=False):
        assert page.place(cell) == (x - 125, y - 125)
    ground = page.grounds[0]
    assert [ground["names"][at] for at in page.array(ground["named"], "<u2") if at < 65535] == [
        "Keskusta",
        "Keskusta",
        "Möysä",
    ]


def test_only_the_latest_release_of_a_year_is_shown(render):
    rows = made_atlas.cells()
    old = rows.assign(release="1999", cluster="low-low", hidden=False, share=0.01)
    told = render(made_atlas.city(cells=pd.concat([old, rows])))["en"].classes("cluster", "low_income")
    assert told["c000", 2020] == "protected" and told["c006", 2024] == "high–high"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_hidden_never_has_the_look_or_the_words_of_a_number(render, language):
    page = render()[language]
    rows = made_atlas.cells()
    for what in ("cluster", "share", "lasting", "type", "disadvantage", "n_worst"):
        found = page.data["classes"][what]
        for group in ("low_income", "foreign_language") if what in ("cluster", "share", "lasting") else ("",):
            told = page.classes(what, group)
            hatched = {one["label"] for one in found if one["hatched"]}
            assert {told["c000", year] for year in set(rows["year"])} <= hatched
            assert all(label not in hatched for (cell, _), label in told.items() if cell != "c000")
        plain = {one["colour"] for one in found if not one["hatched"]}
        assert not plain & {one["colour"] for one in found if one["hatched"]}


@pytest.mark.parametrize(
    ("reason", "said"), [("small_group", "fewer than 100 members"), ("few_cells", "than 20 cells")]
)
def test_what_is_not_published_has_no_layer_and_says_so(render, reason, said):
    known = KNOWN | {("low_income", 2020): reason, ("low_income", 2024): reason}
    page = render(known=known)["en"]
    assert {one["group"] for one in page.data["layers"]} == {"foreign_language"}, "nor types, which rest on the group"
    assert said in page.page and "2020, 2024: the map is not published" in page.page
    part = render(known=KNOWN | {("low_income", 2020): reason})["en"]
    assert part.layer("share", "low_income")["years"] == [2024]
    assert {year for _, year in part.classes("share", "low_income")} == {2024}


def test_no_types_of_a_year_in_which_a_group_that_they_rest_on_is_refused(render):
    def years(page):
        return {year for one in page.data["layers"] if one["what"] in OF_TYPES for year in one["years"]}

    assert 2024 in years(render()["en"])
    for group in INPUTS:
        page = render(known=KNOWN | {(group, 2024): "small_group"})["en"]
        assert 2024 not in years(page) and "Area types, 2024: the maps are not published" in page.page
    other = render(known=KNOWN | {("foreign_language", 2024): "small_group"})["en"]
    assert 2024 in years(other) and "Area types, 2024" not in other.page


def test_a_city_without_any_map_says_so(grid):
    found = made_atlas.city()
    found["types"] = found["types"].iloc[:0]
    files = render_atlas(grid, "Lahti", CITIES, {}, lambda: found)
    for language in LANGUAGES:
        page = files[f"atlas/lahti.{language}.html"].decode()
        assert wording.text(language, "atlas.nothing") in page and "<script" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counts_of_the_tables_are_those_of_the_cells(render, language):
    page = render()[language].page
    rows = made_atlas.cells()
    own = rows[(rows["group"] == "foreign_language") & (rows["year"] == 2020)]
    name = wording.sentence_case(wording.group_name("foreign_language", language))
    found = classes("cluster", language)
    counts = [str((own["cluster"] == one.key).sum()) for one in found]
    row = f'<th scope="row">{name}</th><td>2020</td>' + "".join(f"<td>{n}</td>" for n in counts)
    assert row in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_comes_from_outside(render, language):
    page = render()[language].page
    assert not re.search(
        r"(?:src|srcset|poster|action)\s*=|@import|url\(|\bfetch\(|XMLHttpRequest|<link|import\(", page
    )
    assert "default-src 'none'" in page
    linked = {link for link in re.findall(r'href="([^"#]*)"', page) if link}
    outside = {link for link in linked if "://" in link}
    assert outside == {"https://creativecommons.org/licenses/by/4.0/"}
    assert {f"lahti.{each}.html" for each in LANGUAGES if each != language} <= linked
    assert f"helsinki.{language}.html" in linked and f"lahti.{language}.html" not in linked
    assert ("../index.html" if language == "fi" else f"../index.{language}.html") in linked


@pytest.mark.parametrize("language", LANGUAGES)
def test_made_up_data_are_marked_on_the_page_and_on_each_map(render, language):
    mark = wording.text(language, "made_up.mark")
    page = render()[language]
    assert page.page.count(f"<strong>{mark}.</strong>") == 1 and f"<title>{mark}" in page.page
    assert all(one["title"].startswith(f"{mark}: ") for one in page.data["layers"])
    assert mark not in render(made_up=False)[language].page


def test_the_same_input_gives_the_same_bytes(grid):
    first, again = (render_atlas(grid, "Lahti", CITIES, KNOWN, made_atlas.city) for _ in range(2))
    assert first == again
    shuffled = made_atlas.city(cells=made_atlas.cells().sample(frac=1, random_state=1))
    other = render_atlas(grid, "Lahti", CITIES, KNOWN, lambda: shuffled)
    assert {name: made_atlas.Opened(page).grounds for name, page in other.items()} == {
        name: made_atlas.Opened(page).grounds for name, page in first.items()
    }


def test_numbers_of_persons_are_not_on_the_page(render):
    rows = made_atlas.cells().assign(population=987_651, group_size=987_643)
    page = render(made_atlas.city(cells=rows))["en"]
    assert "98765" not in page.page and "98764" not in page.page
    assert all(one["exact"] is None for one in page.data["layers"])


def test_a_share_that_stands_in_a_protected_row_is_told_neither_as_class_nor_exactly(render):
    rows = made_atlas.cells()
    rows.loc[rows["cell"] == "c000", "share"] = 0.02
    page = render(made_atlas.city(cells=rows), cell_values="exact")["en"]
    assert page.classes("share", "low_income")["c000", 2024] == "protected"
    assert np.isnan(exact(page, "share", "low_income")["c000"])


def exact(page, what, group=""):
    layer = page.layer(what, group)
    raw = page.array(layer["exact"], "<u2").reshape(-1, len(layer["years"])).astype(float)
    values = np.where(raw == 65535, np.nan, (raw - layer["plus"]) / layer["times"])
    return dict(zip(page.grounds[0]["ids"], values[:, -1]))


def test_exact_values_are_told_where_settings_and_licence_allow(render, grid):
    page = render(cell_values="exact")["en"]
    assert page.layer("disadvantage", "")["exact"] is None, "nothing is known of two of the three classifications"
    income = grid.coverage[grid.coverage["classification"] == "income_class"]
    more = [income.assign(classification=name) for name in ("education", "labour_force")]
    page = render(cell_values="exact", coverage=pd.concat([grid.coverage, *more]))["en"]
    rows = made_atlas.cells()
    own = rows[(rows["group"] == "low_income") & (rows["year"] == 2024)]
    told = exact(page, "share", "low_income")
    assert [told[cell] for cell in own["cell"]] == pytest.approx(own["share"].tolist(), nan_ok=True)
    assert np.isnan(told["c000"]) and np.isnan(told["c001"])
    assert exact(page, "disadvantage")["c002"] == pytest.approx(-0.5)
    assert "only for data under an open licence" in page.page


@pytest.mark.parametrize(
    "licence",
    [
        *("by contract; cells must not be published", "Grid Database: by contract; CC BY 4.0"),
        *("CC BY-NC 4.0", "CC BY-ND 4.0", "CC BY-SA 4.0", "CC BY 4.0, cells by contract"),
    ],
)
def test_data_under_contract_stay_in_classes(render, grid, licence):
    sources = [source | {"licence": licence} for source in grid.sources]
    page = render(cell_values="exact", sources=sources)["en"]
    assert all(one["exact"] is None for one in page.data["layers"])
    assert "The map shows classes, not the exact numbers" in page.page


@pytest.mark.parametrize("licence", ["CC BY 4.0", "CC BY", "CC0", "CC0 1.0"])
def test_open_licences_by_name_and_version(render, grid, licence):
    page = render(cell_values="exact", sources=[source | {"licence": licence} for source in grid.sources])["en"]
    assert any(one["exact"] is not None for one in page.data["layers"])


def test_a_source_that_nothing_is_known_of_is_not_open(render, grid):
    strange = grid.coverage.iloc[:1].assign(source="unheard of")
    coverage = pd.concat([grid.coverage, strange], ignore_index=True)
    page = render(cell_values="exact", coverage=coverage)["en"]
    closed = strange["classification"].iloc[0]
    assert not [one for one in page.data["layers"] if one["exact"] and one["group"] in OF_CLASS[closed]]
    lacking = render(cell_values="exact", sources=[])["en"]
    assert all(one["exact"] is None for one in lacking.data["layers"])


def test_areas_are_polygons_and_one_without_is_still_listed(render):
    page = render(made_atlas.areas())["en"]
    ground = page.grounds[0]
    assert ground["size"] == 0 and ground["n"] == 4
    rings = dict(zip(ground["ids"], ground["rings"]))
    assert rings["c003"] == [] and len(rings["c000"]) == 1
    points = np.cumsum(np.reshape(rings["c000"][0], (-1, 2)), axis=0)
    corners = {(ground["left"] + x, ground["top"] - y) for x, y in points.tolist()}
    assert corners == {(420_000 + x, 6_760_000 + y) for x in (0, 1000) for y in (0, 1000)}


def test_where_the_map_ends_is_no_border(render):
    assert render()["en"].grounds[0]["borders"] == []  # a border all around the map, far from its cells
    made = made_atlas.city()
    west = shapely.box(400_000, 6_740_000, 420_500, 6_780_000)
    ground = render(made | {"borders": made["borders"].set_geometry([west])})["en"].grounds[0]
    (line,) = ground["borders"][0]
    points = np.cumsum(np.reshape(line, (-1, 2)), axis=0)
    assert len(points) == 2 and (ground["left"] + points[:, 0] == 420_500).all()


@pytest.mark.parametrize("found", ["areas without outlines", "cells without a place"])
def test_what_has_no_place_is_on_no_map_and_the_page_says_so(grid, found):
    if found == "areas without outlines":
        given = made_atlas.areas() | {"areas": None}
    else:
        rows = made_atlas.cells(x=np.nan, y=np.nan)
        given = made_atlas.city(cells=rows, types=made_atlas.types(rows))
    files = render_atlas(grid, "Lahti", CITIES, KNOWN, lambda: given)
    for language in LANGUAGES:
        page = files[f"atlas/lahti.{language}.html"].decode()
        assert wording.text(language, "atlas.nothing") in page and "<script" not in page
        assert wording.sentence_case(wording.text(language, "figures.no_geometry")) in page


def test_a_cell_without_a_place_takes_nothing_from_the_others(render):
    rows = made_atlas.cells()
    rows.loc[rows["cell"] == "c002", ["x", "y"]] = np.nan
    told = render(made_atlas.city(cells=rows, types=made_atlas.types(rows)))["en"].classes("cluster", "low_income")
    whole = render()["en"].classes("cluster", "low_income")
    assert told == {key: label for key, label in whole.items() if key[0] != "c002"}


def test_cells_closer_than_their_side_are_refused():
    rows = made_atlas.cells()
    rows.loc[rows["cell"] == "c003", "x"] = rows.loc[rows["cell"] == "c002", "x"].iloc[0] + 50
    with pytest.raises(BadData, match="closer than their side"):
        from segindex.report.layers import packed

        found = made_atlas.city(cells=rows, types=made_atlas.types(rows))
        packed(*layers_of(found, set(KNOWN)), found)


def test_there_is_one_output_a_city_and_none_without_cells_at_hand(grid):
    parts = sections(grid)
    assert atlas(grid, parts) == []
    outputs = atlas(replace(grid, mapped={"Lahti": made_atlas.city, "Espoo": made_atlas.city}), parts)
    assert [output.name for output in outputs] == ["atlas Espoo", "atlas Lahti"]
    prints = report.Fingerprints()
    assert prints.of(outputs[0].render) != prints.of(outputs[1].render)
    refused = outputs[1].render.args[-2]
    assert refused["foreign_language", 2015] == "small_group" and refused["low_income", 2015] == ""


def test_a_run_makes_the_atlas_of_its_tables(edition):
    cells = pd.read_parquet(edition / "data" / "processed" / "small" / "cells.parquet")
    pages = sorted((edition / "reports" / "small" / "atlas").iterdir())
    assert len(pages) == cells["city"].nunique() and all(page.name.endswith(".fi.html") for page in pages)
    found = classes("cluster", "fi")
    seen = set()
    for page in pages:
        opened = made_atlas.Opened(page.read_bytes())
        ids = opened.grounds[0]["ids"]
        if ids is None:
            corner = opened.grounds[0]
            east, south = (
                np.cumsum(opened.array(each, "<u2").astype(int)) % 2**16 * 250 + 125 for each in corner["at"]
            )
            ids = [f"{corner['left'] + x}{corner['top'] - y}" for x, y in zip(east, south)]
            opened.grounds[0]["ids"] = ids
        rows = cells[cells["cell"].isin(ids)]
        seen |= set(rows["city"])
        for group in {layer["group"] for layer in opened.data["layers"]} - {""}:
            own = rows[rows["group"] == group]
            own = own[own["year"].isin(opened.layer("cluster", group)["years"])]
            wanted = [found[at].label for at in classify(own["cluster"], found)]
            assert opened.classes("cluster", group) == dict(zip(zip(own["cell"], own["year"]), wanted))
    assert seen == set(cells["city"])


def test_a_citys_atlas_is_made_anew_when_its_own_tables_change(edition):
    from segindex.edition import read_edition
    from segindex.edition_material import mapped
    from segindex.ledger import Ledger
    from segindex.pipeline import Run
    from segindex.progress import Progress

    ledger = Ledger(edition / "data" / "processed" / "small" / "ledger.json", edition)
    run = Run(edition, read_edition(edition, "small"), edition, ledger, Progress(), 1)
    first, *others = mapped(run).values()
    name = next(iter(first.sums))
    assert name.startswith("cities/") and all(name not in one.sums for one in others)
    assert {"borders.parquet", "water.parquet", "named_areas.parquet"} <= set(first.sums)


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_named_in_words(render, language):
    page = render()[language].page
    found = re.findall(r'<button type="button" data-do="\w+"(?: aria-label="([^"]*)")?>([^<]*)<', page)
    assert len(found) == 7 and all(re.search(r"\w{3}", label or words) for label, words in found)
