"""Tables of area types: standards that another year does not move, unknown cells without a type, residents kept."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_panel import square

from segindex import tabulate
from segindex.errors import BadData, BadSettings
from segindex.tabulate.joined import joined_by_city
from segindex.tabulate.types import BEST, DIMENSIONS, PARTS, WORST

GROUPS = (*DIMENSIONS, "rented", "high_income", "higher_education")


def city(name="Lahti", years=(2020, 2021), seed=1, n=12, groups=GROUPS, **fields):
    """Panels of one city, one a group: the south is poor, unschooled and rented, the north well off."""
    rng = np.random.default_rng(seed)
    found = []
    for group in groups:
        panel = square(n=n, years=years, seed=seed)
        north = panel.xy[:, 1] / (n * 250)
        up = group in ("high_income", "higher_education")
        share = 0.05 + 0.4 * (north if up else 1 - north) * rng.uniform(0.7, 1.3, len(north))
        x = rng.binomial(panel.base.astype(int), np.minimum(share, 1)).astype(float)
        counts = np.stack([x, panel.base - x], axis=-1)
        named = {"city": name, "classification": f"of_{group}", "groups": (group, "rest")}
        found.append(replace(panel, counts=counts, residents=panel.base, **named, **fields))
    return found


def one(table, **where):
    for name, wanted in where.items():
        table = table[table[name] == wanted]
    (row,) = table.to_dict("records")
    return row


def test_types_follow_disadvantage_and_part_the_residents():
    panels = city() + city("Turku", seed=2)
    areas = tabulate.area_types(panels)
    assert set(areas["type"]) == {1, 2, 3, 4, 5}
    south = areas.groupby("type")["y"].mean()
    assert (south.diff().dropna() > 0).all(), "the poor south has the low numbers"
    first = areas[areas["year"] == 2020]
    share = first.groupby("type")["residents"].sum() / first["residents"].sum()
    np.testing.assert_allclose(share, [0.1, 0.15, 0.5, 0.15, 0.1], atol=0.02)
    for _, own in first.groupby("city"):
        inside = own.groupby("type_in_city")["residents"].sum() / own["residents"].sum()
        np.testing.assert_allclose(inside, [0.1, 0.15, 0.5, 0.15, 0.1], atol=0.03)
    table = tabulate.type_residents(areas)
    np.testing.assert_allclose(table.groupby(["city", "year", "extent"])["residents_share"].sum(), 1)
    row = one(table, city="Turku", year=2021, extent="cities", type=2)
    own = areas[(areas["city"] == "Turku") & (areas["year"] == 2021) & (areas["type"] == 2)]
    assert (row["n_cells"], row["residents"]) == (len(own), own["residents"].sum())


def test_another_year_or_a_city_alone_moves_nothing_that_was_fixed():
    three = city(years=(2020, 2021, 2022)) + city("Turku", years=(2020, 2021, 2022), seed=2)
    two = [panel.at([2020, 2021]) for panel in three]
    fixed = tabulate.standards(three)
    pd.testing.assert_frame_equal(fixed, tabulate.standards(two))
    every = tabulate.area_types(three)
    before = tabulate.area_types(two)
    pd.testing.assert_frame_equal(before, every[every["year"] < 2022].reset_index(drop=True))
    alone = tabulate.area_types([panel for panel in three if panel.city == "Turku"], fixed)
    pd.testing.assert_frame_equal(alone, every[every["city"] == "Turku"].reset_index(drop=True))


def test_a_protected_cell_has_no_type_and_counts_as_unknown():
    panels = city()
    hidden = np.zeros(panels[0].hidden.shape, dtype=bool)
    hidden[1, ::7] = True
    masked = [
        replace(
            panel,
            counts=np.where(hidden[..., None], 0, panel.counts),
            hidden=hidden,
            hidden_total=np.where(hidden, panel.base, 0),
        )
        for panel in panels[:1]
    ]
    areas = tabulate.area_types(masked + panels[1:], tabulate.standards(panels))
    last = areas[areas["year"] == 2021].set_index("cell")
    unknown = last.loc[panels[0].cells[hidden[1]]]
    assert (unknown["type"] == 0).all() and unknown["disadvantage"].isna().all() and unknown["n_worst"].isna().all()
    assert unknown["n_best"].notna().all(), "no dimension of advantage is protected here"
    assert (last["type"] == 0).sum() == hidden[1].sum()
    share = one(tabulate.type_residents(areas), year=2021, extent="cities", type=0)["residents_share"]
    assert share == pytest.approx(unknown["residents"].sum() / last["residents"].sum())
    rows = tabulate.accumulation(areas, tabulate.standards(panels))
    worst = rows[(rows["year"] == 2021) & (rows["end"] == "worst")]
    np.testing.assert_allclose(worst["unknown_share"], share)
    assert worst["residents_share"].sum() == pytest.approx(1)


def test_accumulation_of_what_goes_together_exceeds_independence_at_both_ends():
    panels = city() + city("Turku", seed=2)
    fixed = tabulate.standards(panels)
    areas = tabulate.area_types(panels, fixed)
    rows = tabulate.accumulation(areas, fixed)
    for end, signs in (("worst", WORST), ("best", BEST)):
        own = rows[(rows["end"] == end) & (rows["city"] == "Lahti") & (rows["year"] == 2020)].set_index("n_dimensions")
        assert len(own) == 5 and set(own["dimensions"].iloc[0].split()) == set(signs)
        assert own.loc[4, "residents_share"] > 5 * own.loc[4, "independent_share"]
        np.testing.assert_allclose(own[["residents_share", "independent_share"]].sum(), 1)
    lahti = areas[(areas["city"] == "Lahti") & (areas["year"] == 2020)]
    four = lahti[lahti["n_worst"] == 4]
    assert (four["worst"].str.split().str.len() == 4).all() and four["y"].mean() < lahti["y"].mean()
    assert lahti[lahti["n_best"] == 4]["y"].mean() > lahti["y"].mean()


def test_transitions_keep_everybody():
    panels = city()
    empty = np.array(panels[0].counts)
    empty[1, 3] = 0
    moved = [replace(panel, counts=np.where(empty == 0, 0, panel.counts), residents=None) for panel in panels]
    areas = tabulate.area_types(moved)
    table = tabulate.type_changes(areas, 2020)
    for _, own in table.groupby("extent"):
        assert own["first_residents"].sum() == areas[areas["year"] == 2020]["residents"].sum()
        assert own["last_residents"].sum() == areas[areas["year"] == 2021]["residents"].sum()
    gone = table[(table["extent"] == "cities") & (table["last_type"] == "nobody")]
    assert gone["n_cells"].sum() >= 1 and gone["last_residents"].sum() == 0
    assert not len(tabulate.type_changes(areas, 2021)), "there is no later year"


def test_areas_stand_for_themselves_and_cells_for_their_surroundings():
    cells = tabulate.area_types(city())
    plain = tabulate.area_types(city(cell_size_m=None))
    assert tabulate.standards(city())["k"].eq(1000).all()
    assert tabulate.standards(city(cell_size_m=None))["k"].isna().all()
    assert cells["disadvantage"].std() < plain["disadvantage"].std() * 1.2
    near, own = (table.set_index(["cell", "year"])["disadvantage"] for table in (cells, plain))
    panel = city()[0]
    assert near.loc[(panel.cells[0], 2020)] != own.loc[(panel.cells[0], 2020)]


def test_fewer_dimensions_of_accumulation_than_wanted():
    panels = city(groups=tuple(DIMENSIONS))
    fixed = tabulate.standards(panels)
    rows = tabulate.accumulation(tabulate.area_types(panels, fixed), fixed)
    assert set(rows.loc[rows["end"] == "worst", "dimensions"]) == {"basic_education low_income unemployed"}
    assert set(rows.loc[rows["end"] == "best", "dimensions"]) == {"unemployed"}


def test_a_year_that_lacks_a_dimension_has_rows_without_numbers():
    """Housing of another statistical year than income, as postal code statistics have it."""
    panels = city()
    panels = [panel.at([2020]) if panel.named_groups[0] == "rented" else panel for panel in panels]
    fixed = tabulate.standards(panels)
    rows = tabulate.accumulation(tabulate.area_types(panels, fixed), fixed)
    late = rows[rows["year"] == 2021]
    assert (
        late["residents_share"].isna().all() and (late["unknown_share"] == 1).all() and (late["residents"] == 0).all()
    )
    assert rows[rows["year"] == 2020]["residents_share"].notna().all()


def test_a_break_is_noted_where_it_falls_and_in_what_crosses_it():
    panels = city(years=(2020, 2021, 2022))
    said = "break: areas entered since 2020: 15500"
    panels = [replace(panels[0], breaks=("", said, "")), *panels[1:]]
    fixed = tabulate.standards(panels)
    areas = tabulate.area_types(panels, fixed)
    assert areas.groupby("year")["note"].first().tolist() == ["", said, ""]
    assert set(tabulate.type_changes(areas, 2020)["note"]) == {said}
    assert set(tabulate.type_changes(areas, 2021)["note"]) == {""}
    assert not fixed["note"].str.contains("break").any()


def test_what_cannot_be_typed_is_refused_by_name():
    panels = city(groups=("low_income", "rented"))
    with pytest.raises(
        BadData, match="no city has low_income, basic_education, unemployed in one year: Lahti: no basic"
    ):
        tabulate.standards(panels)
    assert not len(tabulate.standards_or_none(panels))
    with pytest.raises(BadSettings, match="parts are"):
        tabulate.standards(city(), parts=(0.5, 0.2))
    assert len(PARTS) == 4


def test_two_groups_of_one_panel_have_surroundings_of_their_own():
    low, high = city(groups=("low_income", "high_income"))
    counts = np.stack([low.counts[..., 0] // 2, high.counts[..., 0] // 2], axis=-1)
    counts = np.concatenate([counts, low.base[..., np.newaxis] - counts.sum(axis=-1, keepdims=True)], axis=-1)
    both = replace(low, counts=counts, groups=("low_income", "high_income", "rest"), residents=None)
    together = joined_by_city([both], ["low_income", "high_income"], 1000)["Lahti"].share
    for name in together:
        alone = joined_by_city([both], [name], 1000)["Lahti"].share[name]
        np.testing.assert_array_equal(together[name], alone)
    assert np.corrcoef(together["low_income"].ravel(), together["high_income"].ravel())[0, 1] < -0.5


def test_protected_cells_are_not_among_those_whose_type_may_change():
    panels = city()
    hidden = np.zeros(panels[0].hidden.shape, dtype=bool)
    hidden[1, ::5] = True
    seen = {"counts": np.where(hidden[..., None], 0, panels[0].counts), "hidden": hidden}
    masked = [replace(panels[0], **seen, hidden_total=np.where(hidden, panels[0].base, 0)), *panels[1:]]
    table = tabulate.type_sensitivity(masked)
    assert set(table["residents"]) == {round(panels[0].base[1][~hidden[1]].sum())}


def test_how_far_types_hang_on_what_was_chosen_and_on_chance():
    panels = city(n=16) + city("Turku", seed=2, n=16)
    table = tabulate.type_sensitivity(panels)
    assert set(table["year"]) == {2021} and len(table) == 2 * (len(DIMENSIONS) + 2 + 2 + 1)
    assert (table["changed_share"].between(0, 0.6)).all() and (table["changed_share"] > 0).any()
    areas = tabulate.area_types(panels)
    other = tabulate.area_types(panels, tabulate.standards(panels, parts=(0.12, 0.27, 0.73, 0.88)))
    last = (areas["year"] == 2021) & (areas["city"] == "Turku")
    moved = areas.loc[last & (areas["type"] != other["type"]), "residents"].sum() / areas.loc[last, "residents"].sum()
    row = one(table, city="Turku", changed="cut-offs: wider ends by 0.02 of the residents")
    assert row["changed_share"] == pytest.approx(moved) and row["residents"] == areas.loc[last, "residents"].sum()
    pd.testing.assert_frame_equal(table, tabulate.type_sensitivity(panels))


def test_dimensions_that_say_the_same_make_weights_matter_nothing_and_large_areas_leave_little_to_chance():
    panels = city(n=10, cell_size_m=None)
    alike = [replace(panel, counts=panels[0].counts) for panel in panels[:3]]
    table = tabulate.type_sensitivity(alike).set_index("changed")["changed_share"]
    assert (table[table.index.str.startswith("weight")] == 0).all()
    assert not table.index.str.contains("nearest").any(), "areas stand for themselves"
    large = [replace(panel, counts=panel.counts * 1000, residents=panel.base * 1000) for panel in panels]
    small, huge = (tabulate.type_sensitivity(some).set_index("changed")["changed_share"] for some in (panels, large))
    assert huge["persons drawn anew"] < small["persons drawn anew"] / 3


def test_nothing_to_judge_where_no_city_has_types():
    assert not len(tabulate.type_sensitivity(city(groups=("low_income",))))


def test_groups_in_cells_of_another_size_are_not_joined():
    panels = city()
    rented = [replace(panel, cell_size_m=None) if panel.named_groups[0] == "rented" else panel for panel in panels]
    fixed = tabulate.standards(rented)
    assert "rented" not in set(fixed["dimension"]) and "low_income" in set(fixed["dimension"])
    poor = [replace(panel, cell_size_m=None) if panel.named_groups[0] == "low_income" else panel for panel in panels]
    assert not len(tabulate.standards_or_none(poor)) and not len(tabulate.type_sensitivity(poor))


def test_a_city_of_one_share_has_no_cut_offs_of_its_own_and_takes_none_from_the_others():
    flat = [
        replace(panel, counts=np.full(panel.counts.shape, 10.0), residents=None, city="Turku", cell_size_m=None)
        for panel in city(groups=tuple(DIMENSIONS), cell_size_m=None)
    ]
    fixed = tabulate.standards_or_none(city(groups=tuple(DIMENSIONS), cell_size_m=None) + flat)
    assert set(fixed["extent"]) == {"", "Lahti"}


def test_a_baseline_that_no_city_has_gives_no_types_and_stops_nothing():
    assert not len(tabulate.standards_or_none(city(), year=2010))
    assert not len(tabulate.type_sensitivity(city(), year=2010))


def test_a_share_that_is_the_same_everywhere_leaves_out_the_types_and_nothing_else():
    panels = city()
    at = [panel.groups[0] for panel in panels].index("unemployed")
    base = panels[at].base
    panels[at] = replace(panels[at], counts=np.stack([base / 4, base * 3 / 4], axis=-1))
    with pytest.raises(BadData, match="share of unemployed is the same in all"):
        tabulate.standards(panels, year=2020)
    fixed = tabulate.standards_or_none(panels, year=2020)
    assert set(fixed["quantity"]) == {"worst", "best"}
    assert set(fixed["dimension"][fixed["quantity"] == "worst"]) == set(WORST)
    assert not len(tabulate.type_sensitivity(panels, year=2020))
