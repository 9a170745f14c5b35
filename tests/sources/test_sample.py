"""The made-up cities: near the published numbers, coherent, the same bytes each time, and a known truth."""

import tomllib

import geopandas
import numpy as np
import pandas as pd
import pytest

from segindex import facts
from segindex.errors import BadData, BadSettings
from segindex.sources import detect, sample, statfin_grid, ykr
from segindex.sources.card import check_sum, sha256
from segindex.sources.cell_ids import decode_xyind
from segindex.sources.sample_land import sample_facts
from segindex.sources.sample_people import GROUPS, dissimilarity_of

AGES = [f"he_{name}" for name in sample_facts()["ages"]]
BASE_OF = {
    "low_income": "hr_tuy",
    "high_income": "hr_tuy",
    "basic_education": "ko_ika18y",
    "higher_education": "ko_ika18y",
    "rented": "te_taly",
    "unemployed": None,
}
CITIES = ["Helsinki", "Lahti", "Rovaniemi"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    return folder, sample.write_small(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Three whole cities in three years, nothing hidden, and the probabilities behind them."""
    folder = tmp_path_factory.mktemp("whole")
    paths = sample.write_sample(folder, cities=CITIES, years=[2015, 2020, 2024], hide_below=0)
    return {one.release: one.frame for one in sample.read(paths)}, pd.read_parquet(folder / "truth.parquet")


def truth_of(truth, city, year, group, cells):
    chosen = truth[(truth["city"] == city) & (truth["year"] == year) & (truth["group"] == group)]
    return chosen.set_index("xyind")["probability"].loc[cells].to_numpy()


def counted(frame, group):
    """The group's members and base in a frame, by the project's own definition."""
    fitting = (one for one in facts.groups()[group].definitions if set(one.columns) <= set(frame))
    definition = next(fitting)
    return [
        sum(sign * frame[name].to_numpy() for name, sign in facts.terms(text))
        for text in (definition.count, definition.base)
    ]


# the files


def test_the_files_are_a_delivery_with_a_card(small):
    folder, paths = small
    assert [path.name for path in paths] == ["sample_2022.csv", "sample_2023.csv", "sample_2024.csv"]
    assert {path.name for path in folder.iterdir()} == {
        *(path.name for path in paths),
        "source.toml",
        "municipalities.gpkg",
        "water.gpkg",
        "districts.gpkg",
        "truth.parquet",
        "register.xlsx",
    }
    card = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    assert card["made_up"] is True
    assert card["files"] == {path.name: sha256(path) for path in paths}
    head = paths[0].read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("vuosi;kunta;xyind;synteettinen;he_vakiy;he_0_2;he_3_6;")
    assert head.endswith("te_taly;te_omis_as;te_vuok_as;te_muu_as;vieraskieliset")


def test_a_made_up_table_is_read_as_made_up(small):
    _, paths = small
    assert detect(paths[0]) == "sample"
    assert not statfin_grid.knows(paths[0])
    found = sample.read(paths)
    assert [one.release for one in found] == ["2022", "2023", "2024"]
    for one in found:
        assert one.card.made_up
        assert (one.source, one.residents, one.cell_size_m, one.dates) == (
            "sample",
            "he_vakiy",
            250,
            {"*": f"{one.release}-12-31"},
        )
        assert set(one.frame["city"]) == {"Helsinki", "Turku"}
        assert "synteettinen" not in one.columns
        check_sum(one.path, one.card)


def test_every_group_of_the_facts_that_the_columns_allow_has_a_truth(small):
    folder, paths = small
    columns = set(sample.read(paths[0])[0].columns)
    able = {
        group.key
        for group in facts.groups().values()
        if any(set(definition.columns) <= columns for definition in group.definitions)
    }
    assert able == set(GROUPS)
    truth = pd.read_parquet(folder / "truth.parquet")
    assert list(truth.columns) == ["city", "year", "xyind", "group", "probability"]
    assert set(truth["group"]) == able
    assert truth["probability"].between(0, 1, inclusive="neither").all()


def test_the_truth_covers_every_cell_once(small):
    folder, paths = small
    truth = pd.read_parquet(folder / "truth.parquet")
    assert not truth.duplicated(["year", "xyind", "group"]).any()
    for one in sample.read(paths):
        cells = truth[(truth["year"] == int(one.release)) & (truth["group"] == "rented")]
        assert sorted(cells["xyind"]) == sorted(one.frame["cell"])


def test_same_seed_same_bytes_and_another_seed_another_city(small, tmp_path):
    folder, _ = small
    sample.write_small(tmp_path / "again")
    sample.write_small(tmp_path / "other", seed=2)
    for path in folder.iterdir():
        assert sha256(path) == sha256(tmp_path / "again" / path.name), path.name
    assert sha256(folder / "sample_2022.csv") != sha256(tmp_path / "other" / "sample_2022.csv")
    sample.write_small(tmp_path / "other")
    assert sha256(folder / "water.gpkg") == sha256(tmp_path / "other" / "water.gpkg")


def test_a_year_and_a_city_do_not_depend_on_the_others(small, tmp_path):
    folder, _ = small
    (path,) = sample.write_small(tmp_path, cities=["Turku"], years=[2023])
    both = (folder / "sample_2023.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line in both if line.startswith("2023;853")] == path.read_text(encoding="utf-8").splitlines()[1:]


def test_progress_is_told(tmp_path):
    class Told:
        def __init__(self):
            self.steps = []

        def step(self, name, done, total, detail=""):
            self.steps.append((name, done, total, detail))

    told = Told()
    sample.write_small(tmp_path, cities=["Lahti"], cells=60, years=[2020, 2021], progress=told)
    assert told.steps == [("sample", 1, 2, "Lahti 2020"), ("sample", 2, 2, "Lahti 2021")]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"years": [1999]}, "2010 to 2030"),
        ({"years": []}, "2010 to 2030"),
        ({"years": [2020.5]}, "2010 to 2030"),
        ({"seed": -1}, "seed -1"),
        ({"hide_below": -1}, "hide_below -1"),
        ({"hide_by": "mood"}, "known are base, group"),
        ({"cities": ["Porvoo"]}, "city Porvoo is unknown; known are Helsinki, Espoo"),
        ({"cities": []}, "city none is unknown"),
        ({"cells": 10}, "cells 10"),
    ],
)
def test_wrong_settings_are_refused(tmp_path, options, says):
    with pytest.raises(BadSettings, match=says):
        sample.write_sample(tmp_path, **options)


@pytest.mark.parametrize("mark", ["0", "", "2"])
def test_a_row_that_is_not_marked_is_refused(small, tmp_path, mark):
    lines = small[1][0].read_text(encoding="utf-8").splitlines()
    fields = lines[1].split(";")
    fields[3] = mark
    path = tmp_path / "sample.csv"
    path.write_text("\n".join([lines[0], ";".join(fields), *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(BadData, match=f"synteettinen is not 1 in 1 rows, first cells {fields[2]}"):
        sample.read(path)


def test_a_table_without_the_mark_is_no_sample(small, tmp_path):
    path = tmp_path / "ykr.csv"
    path.write_text(small[1][0].read_text(encoding="utf-8").replace("synteettinen", "jotain"), encoding="utf-8")
    assert not sample.knows(path)
    assert ykr.knows(path)
    with pytest.raises(BadData, match="synteettinen are missing"):
        sample.read(path)


# what is hidden


def test_parts_are_hidden_by_their_base(small, tmp_path):
    whole = sample.read(sample.write_small(tmp_path, hide_below=0))
    for one, seen in zip(sample.read(small[1]), whole):
        frame, true = one.frame, seen.frame
        assert not true.isna().any(axis=None)
        for base, limit, parts in (
            ("he_vakiy", 3, AGES),
            ("ko_ika18y", 10, ["ko_perus", "ko_koul", "ko_yl_kork", "pt_tyott", "pt_tyoll", "pt_elakel", "pt_0_14"]),
            ("hr_tuy", 10, ["hr_pi_tul", "hr_ke_tul", "hr_hy_tul"]),
            ("te_taly", 10, ["te_omis_as", "te_vuok_as", "te_muu_as"]),
            ("he_vakiy", 10, ["vieraskieliset"]),
        ):
            hidden = (true[base] < limit).to_numpy()
            assert 0 < hidden.mean() < 0.5
            for name in parts:
                np.testing.assert_array_equal(frame[name].isna(), hidden)
                np.testing.assert_array_equal(frame[name][~hidden], true[name][~hidden])
        for name in ("he_vakiy", "ko_ika18y", "hr_tuy", "pt_vakiy", "te_taly"):
            np.testing.assert_array_equal(frame[name], true[name])
    assert one.card.hidden["rule"] == "base"
    assert one.card.hidden["limits"]["hr"] == 10


def test_parts_can_be_hidden_by_their_own_count(tmp_path):
    true = sample.read(sample.write_small(tmp_path / "a", hide_below=0))[0].frame
    (first, *_) = sample.read(sample.write_small(tmp_path / "b", hide_by="group", hide_below=20))
    for name, limit in (("hr_pi_tul", 20), ("vieraskieliset", 20), ("te_vuok_as", 20), ("he_0_2", 3)):
        np.testing.assert_array_equal(first.frame[name].isna(), true[name] < limit)
    assert not first.frame["hr_tuy"].isna().any()
    assert first.card.hidden == {"rule": "group", "marks": [-1], "limits": first.card.hidden["limits"]}
    assert first.card.hidden["limits"] == {"he": 3, "ko": 20, "hr": 20, "te": 20, "pt": 20, "vieraskieliset": 20}


# the people


def test_the_tables_agree_with_each_other(whole):
    for frame in whole[0].values():
        np.testing.assert_array_equal(frame[AGES].sum(axis=1), frame["he_vakiy"])
        np.testing.assert_array_equal(frame["pt_vakiy"], frame["he_vakiy"])
        np.testing.assert_array_equal(frame.filter(regex="^pt_(?!vakiy)").sum(axis=1), frame["pt_vakiy"])
        np.testing.assert_array_equal(frame[AGES[5:]].sum(axis=1), frame["ko_ika18y"])
        np.testing.assert_array_equal(frame["hr_tuy"], frame["ko_ika18y"])
        np.testing.assert_array_equal(frame["ko_perus"] + frame["ko_koul"], frame["ko_ika18y"])
        levels = frame[["ko_yliop", "ko_ammat", "ko_al_kork", "ko_yl_kork"]].sum(axis=1)
        np.testing.assert_array_equal(levels, frame["ko_koul"])
        np.testing.assert_array_equal(frame[["hr_pi_tul", "hr_ke_tul", "hr_hy_tul"]].sum(axis=1), frame["hr_tuy"])
        np.testing.assert_array_equal(frame.filter(regex="^te_.*_as$").sum(axis=1), frame["te_taly"])
        assert (frame["vieraskieliset"] <= frame["he_vakiy"]).all()
        assert (frame["te_taly"] >= 1).all()
        assert (frame["te_taly"] <= frame["ko_ika18y"]).all()
        assert (frame["he_vakiy"] >= 1).all()


@pytest.mark.parametrize("city", CITIES)
def test_totals_and_shares_are_the_published_ones(whole, city):
    frames, _ = whole
    known = next(one for one in sample_facts()["city"] if one["key"] == city)
    for at, year in enumerate((2015, 2024)):
        frame = frames[str(year)]
        frame = frame[frame["city"] == city]
        total = frame["he_vakiy"].sum()
        assert total == pytest.approx(known["residents"][at], rel=0.01)
        assert frame["te_taly"].sum() == pytest.approx(known["households"][at], rel=0.015)
        np.testing.assert_allclose(frame[AGES].sum() / total, known[f"ages_{year}"], atol=0.006)
        for base, group in (("ko_ika18y", "education"), ("hr_tuy", "income"), ("te_taly", "tenure")):
            shares = frame[sample_facts()[group]].sum() / frame[base].sum()
            np.testing.assert_allclose(shares, known[f"{group}_{year}"], atol=0.015, err_msg=f"{group} {year}")
        activity = frame[sample_facts()["activity"]].sum() / total
        np.testing.assert_allclose(activity, known[f"activity_{year}"], atol=0.012)
        language = frame["vieraskieliset"].sum() / total
        assert language == pytest.approx(known["foreign_language"][at], abs=0.005)


@pytest.mark.parametrize("group", GROUPS)
def test_the_truth_is_what_the_counts_were_drawn_from(whole, group):
    frames, truth = whole
    for year, frame in frames.items():
        for city in CITIES:
            own = frame[frame["city"] == city]
            p = truth_of(truth, city, int(year), group, own["cell"])
            x, t = counted(own, group)
            assert (p * t).sum() / t.sum() == pytest.approx(x.sum() / t.sum(), abs=0.008)
            kept = t > 0
            assert dissimilarity_of(x[kept] / t[kept], t[kept]) > dissimilarity_of(p[kept], t[kept])
            # cells of over 100: the counts scatter round the probabilities, more than single persons would
            large = t >= 100
            z = (x - p * t)[large] / np.sqrt(p * (1 - p) * t)[large]
            chance = 3 / np.sqrt(large.sum())
            assert abs(z.mean()) < 1.6 * chance
            assert 1 - chance < z.std() < 2.5
            assert np.corrcoef(x[large] / t[large], p[large])[0, 1] > 0.5


@pytest.mark.parametrize("group", ["foreign_language", "low_income", "high_income"])
def test_what_comes_by_household_scatters_more_than_single_persons(whole, group):
    frames, truth = whole
    own = frames["2024"][frames["2024"]["city"] == "Helsinki"]
    p = truth_of(truth, "Helsinki", 2024, group, own["cell"])
    x, t = counted(own, group)
    z = (x - p * t) / np.sqrt(p * (1 - p) * t)
    assert 1.15 < z.std() < 1.8


def test_each_year_is_drawn_anew(whole):
    frames, truth = whole
    scores = []
    for year in (2020, 2024):
        own = frames[str(year)][frames[str(year)]["city"] == "Helsinki"].set_index("cell")
        p = truth_of(truth, "Helsinki", year, "low_income", own.index)
        scores.append((own["hr_pi_tul"] - p * own["hr_tuy"]) / np.sqrt(p * (1 - p) * own["hr_tuy"]))
    both = pd.concat(scores, axis=1).dropna().to_numpy()
    assert abs(np.corrcoef(both.T)[0, 1]) < 0.1


@pytest.mark.parametrize("group", [group for group in GROUPS if not group.startswith("children")])
def test_the_probabilities_have_the_dissimilarity_of_the_facts(whole, group):
    frames, truth = whole
    for at, year in enumerate((2015, 2024)):
        for known in sample_facts()["city"]:
            if known["key"] not in CITIES:
                continue
            own = frames[str(year)][frames[str(year)]["city"] == known["key"]]
            p = truth_of(truth, known["key"], year, group, own["cell"])
            wanted = known["dissimilarity"][group][at]
            assert dissimilarity_of(p, counted(own, group)[1]) == pytest.approx(wanted, abs=0.02)


@pytest.mark.parametrize("city", CITIES)
def test_neighbouring_cells_are_alike(whole, city):
    frames, truth = whole
    frame = frames["2024"]
    own = frame[(frame["city"] == city) & (frame["he_vakiy"] >= 20)]
    places = pd.Index(own[["x", "y"]].itertuples(index=False, name=None))
    east = places.get_indexer(pd.Index((own[["x", "y"]] + [250, 0]).itertuples(index=False, name=None)))
    for group, least in (("foreign_language", 0.6), ("low_income", 0.6), ("high_income", 0.6), ("rented", 0.4)):
        p = truth_of(truth, city, 2024, group, own["cell"])
        assert np.corrcoef(p[east >= 0], p[east[east >= 0]])[0, 1] > least, group


def test_few_residents_are_in_hidden_cells_where_the_city_is_dense(whole):
    frame = whole[0]["2024"]
    share = {
        city: own.loc[own["hr_tuy"] < 10, "he_vakiy"].sum() / own["he_vakiy"].sum()
        for city, own in frame.groupby("city")
    }
    assert share["Helsinki"] < 0.005
    assert 0.005 < share["Lahti"] < 0.06
    assert 0.03 < share["Rovaniemi"] < 0.15


def test_cities_grow_and_cells_come_and_go(whole):
    frames, _ = whole
    for city in CITIES:
        before, after = (set(frames[year].loc[frames[year]["city"] == city, "cell"]) for year in ("2015", "2024"))
        assert after - before
        assert before - after
        assert len(before & after) > 0.9 * len(before)


def test_most_residents_stay_where_they_were(whole):
    both = whole[0]["2020"].merge(whole[0]["2024"], on="cell")
    assert np.corrcoef(both["he_vakiy_x"], both["he_vakiy_y"])[0, 1] > 0.98


# the land


def test_nobody_lives_in_the_water_or_outside_the_border(small):
    import shapely

    folder, paths = small
    water = geopandas.read_file(folder / "water.gpkg")
    borders = geopandas.read_file(folder / "municipalities.gpkg")
    assert (water.crs.to_epsg(), borders.crs.to_epsg()) == (3067, 3067)
    assert list(borders.columns) == ["NATCODE", "NAMEFIN", "NAMESWE", "geometry"]
    assert list(borders["NAMESWE"]) == ["Helsingfors", "Åbo"]
    assert water.is_valid.all()
    assert borders.is_valid.all()
    for one in sample.read(paths):
        xy = decode_xyind(one.frame["cell"])
        np.testing.assert_array_equal(xy, one.frame[["x", "y"]])
        assert not shapely.contains_xy(water.union_all(), *xy.T).any()
        for code, border in zip(borders["NATCODE"], borders.geometry):
            here = (one.frame["city"] == facts.cities_by_code()[code].key).to_numpy()
            assert shapely.contains_xy(border, *xy[here].T).all()


def test_cells_find_their_city_by_the_made_up_borders(small, tmp_path):
    folder, paths = small
    frame = pd.read_csv(paths[0], sep=";", dtype={"xyind": str, "kunta": str})
    frame.drop(columns="kunta").to_csv(tmp_path / "a.csv", sep=";", index=False)
    (expected,) = sample.read(paths[0])
    (found,) = sample.read(tmp_path / "a.csv", municipalities=folder / "municipalities.gpkg")
    assert list(found.frame["city"]) == list(expected.frame["city"])


def test_the_three_cities_of_the_capital_share_borders_and_no_ground():
    from segindex.sources.sample_land import outline

    known = {one["key"]: one for one in sample_facts()["city"]}
    shapes = [outline(known[name]) for name in ("Helsinki", "Espoo", "Vantaa")]
    for at, one in enumerate(shapes):
        for other in shapes[at + 1 :]:
            assert one.intersection(other).area < 1e-3 * one.area
            assert one.distance(other) == 0


def test_every_city_has_its_facts():
    assert {one["key"] for one in sample_facts()["city"]} == set(facts.cities())
    assert len(sample_facts()["city"]) == 11
    for one in sample_facts()["city"]:
        for name in ("ages", "education", "income", "tenure", "activity"):
            for year in (2015, 2024):
                assert sum(one[f"{name}_{year}"]) == pytest.approx(1, abs=2e-3)
                assert len(one[f"{name}_{year}"]) == len(sample_facts()[name])
    assert all(set(water["cities"]) <= set(facts.cities()) for water in sample_facts()["water"])
