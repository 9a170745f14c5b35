"""Clusters over the years: those that share a cell are one, ids stay, and what became of each is told in order."""

import numpy as np
import pandas as pd
import pytest

from segindex import tabulate
from segindex.errors import BadData, BadSettings
from segindex.typology import tracked


def cells_of(years, **more):
    """The table of `local` from {year: [cells of one area, ...]}, 50 residents to a cell, 20 of the group."""
    rows = []
    for year, areas in years.items():
        rows.append({"year": year, "area": 0, "cluster": "not significant", "cell": "zz"})
        rows += [
            {"year": year, "area": number, "cluster": "high-high", "cell": cell}
            for number, area in enumerate(areas, 1)
            for cell in area
        ]
    common = {
        "city": "Lahti",
        "classification": "language",
        "group": "x",
        "index": "local_morans_i",
        "note": "made-up data",
    }
    frame = pd.DataFrame(rows).assign(**common, population=50.0, group_size=20.0, crs="EPSG:3067")
    return frame.assign(x=frame["cell"].str.len() * 100.0, y=7.0, **more)


def history(table, id_):
    return table[table["id"] == id_][["year", "event", "n_cells"]].values.tolist()


def test_what_becomes_of_clusters():
    table = tabulate.lasting(
        cells_of({2020: ["abc", "k"], 2021: ["abcd", "p"], 2022: ["ab"], 2023: ["abx", "k"], 2024: ["k"]})
    )
    assert history(table, "2020:a") == [
        [2020, "there at the start", 3],
        [2021, "grown", 4],
        [2022, "shrunk", 2],
        [2023, "grown", 3],
        [2024, "dissolved", 0],
    ]
    assert history(table, "2020:k") == [
        [2020, "there at the start", 1],
        [2021, "dissolved", 0],
        [2023, "back", 1],
        [2024, "as before", 1],
    ]
    assert history(table, "2021:p") == [[2021, "born", 1], [2022, "dissolved", 0]]
    kept = table[table["id"] == "2020:a"].iloc[1]
    assert (kept["n_years"], kept["of_years"], kept["population"], kept["group_size"], kept["share"]) == (
        4,
        5,
        200,
        80,
        0.4,
    )
    assert kept["x"] == 100 and kept["y"] == 7 and table["note"].eq("made-up data").all()


def test_a_later_year_renames_nothing():
    years = {2020: ["ab", "kl"], 2021: ["bc", "p"], 2022: ["cd", "pq"], 2023: ["m"]}
    every = tabulate.lasting(cells_of(years))
    for until in (2021, 2022):
        some = tabulate.lasting(cells_of({year: areas for year, areas in years.items() if year <= until}))
        pair = every[every["year"] <= until].reset_index(drop=True)
        columns = ["id", "year", "event", "n_cells"]
        pd.testing.assert_frame_equal(some[columns], pair[columns])


def test_clusters_that_grow_together_are_one_from_the_start():
    table = tabulate.lasting(cells_of({2020: ["ab", "de"], 2021: ["abcde"]}))
    assert history(table, "2020:a") == [[2020, "there at the start", 4], [2021, "grown", 5]]


@pytest.mark.parametrize("seed", range(15))
def test_against_joining_pair_by_pair(seed):
    rng = np.random.default_rng(seed)
    year, cell = np.divmod(rng.choice(5 * 30, 60, replace=False), 30)
    area = rng.integers(1, 8, 60)
    found = tracked(year, area, cell)
    label = np.arange(60)
    for _ in range(60):
        for i in range(60):
            same = (cell == cell[i]) | ((year == year[i]) & (area == area[i]))
            label[same] = label[same].min()
    assert (found[:, None] == found).tolist() == (label[:, None] == label).tolist()
    firsts = [min((year[at], cell[at]) for at in np.flatnonzero(found == one)) for one in range(found.max() + 1)]
    assert firsts == sorted(firsts)


def test_what_is_refused_and_what_is_empty():
    with pytest.raises(BadData, match="a cell stands twice in one year"):
        tracked([1, 1], [1, 2], ["a", "a"])
    with pytest.raises(BadData, match="allowed is one length"):
        tracked([1, 1], [1], ["a", "b"])
    with pytest.raises(BadSettings, match="cluster is 'hot'; allowed are"):
        tabulate.lasting(cells_of({2020: ["a"]}), cluster="hot")
    assert not len(tabulate.lasting(cells_of({2020: [], 2021: []})))


def test_a_cluster_is_named_by_the_areas_where_most_of_its_residents_live():
    cells = cells_of({2020: ["abc", "k"], 2021: ["abcd", "k"]})
    names = {"a": "East", "b": "East", "c": "Hill", "d": "Hill", "k": "Lake"}
    table = tabulate.lasting(cells, names)
    assert table[table["id"] == "2020:a"]["name"].tolist() == ["East, Hill"] * 2
    assert table[table["id"] == "2020:k"]["name"].tolist() == ["Lake"] * 2
    lone = tabulate.lasting(cells, names | {"c": "East", "d": "Hill"})
    assert set(lone[lone["id"] == "2020:a"]["name"]) == {"East"}
    assert set(tabulate.lasting(cells)["name"]) == {""}


def test_each_cell_has_the_id_of_its_cluster_over_the_years():
    cells = cells_of({2020: ["abc", "k"], 2021: ["cd", "p"]}).iloc[::-1]
    found = cells.assign(lasting=tabulate.lasting_ids(cells))
    told = {(row.year, row.cell): row.lasting for row in found.itertuples()}
    assert {key: told[key] for key in told if key[0] == 2021} == {
        (2021, "zz"): "",
        (2021, "c"): "2020:a",
        (2021, "d"): "2020:a",
        (2021, "p"): "2021:p",
    }
    assert told[2020, "k"] == "2020:k"
    assert set(told.values()) - {""} == set(tabulate.lasting(cells)["id"])


def test_clusters_that_last_are_the_made_up_estates(tmp_path):
    from segindex import read
    from segindex.facts import cities
    from segindex.sources import sample, sample_land
    from segindex.sources.cell_ids import encode_xyind

    paths = sample.write_sample(tmp_path, cities=["Turku"], cells=700, years=(2022, 2023, 2024))
    facts, shrink = sample._facts_of("Turku", 700)
    rng = np.random.default_rng([sample.SEED, int(cities()["Turku"].code)])
    land = sample_land.settle(facts, rng, cells=700, shrink=shrink)
    estate = dict(zip(encode_xyind(*land.xy.T), land.density["estate"] / sum(land.density.values()) >= 0.5))
    cells = tabulate.local(read(paths, group="foreign_language"), seed=1, permutations=999)
    cells = cells.assign(id=tabulate.lasting_ids(cells), estate=cells["cell"].map(estate).astype(bool))
    table = tabulate.lasting(cells)
    kept = set(table.loc[table["n_years"] == table["of_years"], "id"])
    now = cells[cells["year"] == 2024]
    found, people = now["id"].isin(kept), now["population"].fillna(0)
    assert people[found & now["estate"]].sum() > 0.7 * people[found].sum()
    assert people[found & now["estate"]].sum() > 0.3 * people[now["estate"]].sum()
    assert people[now["estate"]].sum() < 0.4 * people.sum()


def test_cells_of_another_size_are_other_clusters():
    cells = pd.concat(
        [
            cells_of({2020: ["a"], 2021: ["a"]}, cell_size_m=250.0),
            cells_of({2021: ["a"], 2022: ["a"]}, cell_size_m=np.nan),
        ],
        ignore_index=True,
    )
    table = tabulate.lasting(cells)
    assert table.groupby("id")["n_years"].first().to_dict() == {"2020:a": 2, "2021:a": 2}
    assert set(table["of_years"]) == {2} and set(table["population"]) == {50}
