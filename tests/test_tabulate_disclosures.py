"""Hidden counts that visible ones tell are found before tables are written, and named without being told."""

from dataclasses import replace

import numpy as np
import pytest
from made_panel import square

from segindex import city_tables, store, tabulate
from segindex.edition import read_edition
from segindex.errors import BadData

NAMES = ("owned", "rented", "other")


def apart(hidden_below=5, lacking=()):
    """A classification of three groups that make up the base, each hidden where its own count is small."""
    rng = np.random.default_rng(2)
    t = rng.integers(5, 40, (1, 64))
    counts = rng.multinomial(t, [0.5, 0.4, 0.1]).astype(float)
    found = []
    for at, name in enumerate(NAMES):
        x = counts[..., at]
        hidden = x < hidden_below
        pair = np.where(hidden[..., None], 0, np.stack([x, t - x], axis=-1))
        found.append(
            replace(
                square(years=(2024,)),
                classification="tenure",
                groups=(name, "rest"),
                counts=pair,
                hidden=hidden,
                hidden_total=np.where(hidden, t, 0).astype(float),
                residents=None,
                hidden_rule="group",
                hidden_limit=hidden_below,
            )
        )
    kept = [panel for panel in found if panel.named_groups[0] not in lacking]
    return kept, counts[0], found


def test_a_lone_hidden_group_follows_from_the_base_and_the_others():
    panels, counts, _ = apart()
    alone = (counts < 5) & ((counts < 5).sum(axis=1) == 1)[:, None]
    table = tabulate.disclosures(panels).set_index("group")
    assert set(table["by"]) == {"base and other groups"}
    for at, name in enumerate(NAMES):
        if alone[:, at].any():
            assert table.loc[name, "n_cells"] >= alone[:, at].sum() > 0
            assert table.loc[name, "first_cells"].split(", ")[0] in panels[0].cells
    assert "value" not in table.columns


def test_groups_that_do_not_make_up_the_base_tell_nothing():
    assert not len(tabulate.disclosures(apart(lacking=("owned",))[0]))


def test_a_group_that_is_not_listed_keeps_the_base_from_telling():
    """Of ten residents seven are owners, two rent, and one is of a group that has no panel: three would be false."""
    counts = np.tile([10.0, 10.0, 5.0], (64, 1))
    counts[0] = 7, 2, 1
    made = []
    for at, panel in enumerate(apart()[0][:2]):
        x, t = counts[None, :, at], counts.sum(axis=1)[None]
        hidden = x < 5
        pair = np.where(hidden[..., None], 0, np.stack([x, t - x], axis=-1))
        total = np.where(hidden, t, 0)
        made.append(replace(panel, counts=pair, hidden=hidden, hidden_total=total, residents=None))
    assert not len(tabulate.disclosures(made))


def test_two_hidden_groups_of_a_cell_are_told_where_their_limits_leave_one_count():
    """A base of 5 with 5 owned leaves nobody for the two hidden ones."""
    panels, _, _ = apart()
    first = panels[0].cells[0]
    made = []
    for panel, x, hides in zip(panels, (5, 0, 0), (False, True, True)):
        counts, hidden, total = (one.copy() for one in (panel.counts, panel.hidden, panel.hidden_total))
        counts[0, 0] = 0 if hides else (x, 5 - x)
        hidden[0, 0], total[0, 0] = hides, 5 * hides
        made.append(replace(panel, counts=counts, hidden=hidden, hidden_total=total, residents=None))
    table = tabulate.disclosures(made)
    told = table[table["group"].isin(["rented", "other"])]
    assert len(told) == 2 and told["first_cells"].str.split(", ").str[0].eq(first).all()


def grids(hide_fine, hide_coarse=()):
    """A city in cells of 250 m, and the same in cells of 500 m."""
    fine = square(years=(2024,))
    parent = (fine.xy[:, 0] // 500 * 4 + fine.xy[:, 1] // 500).astype(int)
    sums = np.zeros((1, 16, 2))
    np.add.at(sums[0], parent, fine.counts[0])
    middles = np.stack([np.arange(16) // 4, np.arange(16) % 4], axis=-1) * 500 + 250.0
    coarse = replace(
        fine,
        cells=[f"big {at:02}" for at in range(16)],
        xy=middles,
        counts=sums,
        cell_size_m=500.0,
        residents=None,
        hidden=None,
        hidden_total=None,
        given=None,
    )
    return masked(fine, hide_fine), masked(coarse, hide_coarse), parent


def masked(panel, some):
    hidden = np.zeros(panel.hidden.shape, dtype=bool)
    hidden[:, list(some)] = True
    total = np.where(hidden, panel.base, 0)
    counts = np.where(hidden[..., None], 0, panel.counts)
    return replace(panel, counts=counts, hidden=hidden, hidden_total=total, residents=None)


def test_a_coarser_grid_tells_a_lone_hidden_cell_and_is_told_by_finer_ones():
    fine, coarse, parent = grids([0, 10, 11], [15])
    assert parent[0] != parent[10] == parent[11]
    table = tabulate.disclosures([fine, coarse]).set_index("by")
    assert table.loc["cells of 500 m", "first_cells"] == fine.cells[0], "two in one coarse cell are not told apart"
    assert table.loc["cells of 250 m", "first_cells"] == "big 15"
    assert not len(tabulate.disclosures([fine])) and not len(tabulate.disclosures(list(grids([])[:2])))


def test_another_source_of_the_same_cells_tells_what_one_hides():
    panel = square(years=(2024,))
    table = tabulate.disclosures([masked(panel, [3]), replace(panel, source="other")])
    assert table["n_cells"].sum() >= 1 and panel.cells[3] in table["first_cells"].iloc[0]


def test_counts_that_do_not_fit_tell_nothing():
    fine, coarse, _ = grids([0])
    assert not len(tabulate.disclosures([fine, replace(coarse, counts=coarse.counts * 0 + 1.0, residents=None)]))


def test_a_run_may_be_stopped_by_it(tmp_path):
    panels, _, _ = apart()
    path = tmp_path / "panels.parquet"
    path.write_bytes(store.as_panels(panels))
    settings = tmp_path / "reports" / "one"
    settings.mkdir(parents=True)
    text = '{}[[source]]\nname = "ykr"\npath = "a.csv"\n'
    (tmp_path / "a.csv").write_text("x")
    edition = {}
    for word in ("report", "stop"):
        (settings / "run.toml").write_text(text.format(f'disclosure = "{word}"\nindices = ["dissimilarity"]\n'))
        one = read_edition(tmp_path, "one")
        edition[word] = {name: getattr(one, name) for name in city_tables.SETTINGS} | {"worth_years": "none"}
    with pytest.raises(BadData, match=r"tenure: hidden counts of other in 2024 follow from the base and other groups"):
        city_tables.city_tables(str(path), edition["stop"])
    assert len(city_tables.city_tables(str(path), edition["report"])["disclosed"])
