"""What an index is given of a panel, and what is said where it lacks something."""

from dataclasses import replace

import numpy as np
import pytest
from made_panel import square, three_groups, value

from segindex import tabulate
from segindex.errors import BadData, BadSettings
from segindex.facts import Centre
from segindex.indices import dissimilarity, ordinal_information_theory, relative_centralization
from segindex.indices.ordinal import rank_order_fit
from segindex.inference import expected
from segindex.neighbourhood import kernel, nearest


@pytest.mark.parametrize(
    ("index", "fields", "message"),
    [
        ("absolute_concentration", {}, "the cells are all of one size"),
        ("delta", {"cell_size_m": None}, "needs land areas"),
        ("relative_centralization", {"city": "Pori"}, "needs the city's centre"),
        ("relative_centralization", {"xy": None}, "needs coordinates"),
    ],
)
def test_an_index_of_what_a_panel_does_not_hold_is_left_out_or_refused(index, fields, message):
    panel = replace(square(), **fields)
    assert index not in set(tabulate.compute(panel)["index"])
    with pytest.raises(BadData, match=message):
        tabulate.compute(panel, index)


@pytest.mark.parametrize(
    ("index", "scale", "message"),
    [
        ("delta", {"scale_m": 500}, "scale_m is given, and delta takes none; .* for example dissimilarity, gini"),
        (["hutchens", "delta"], {"k": [400]}, "k is given, and hutchens, delta take none; .* dissimilarity, gini"),
        ("spatial_proximity", {"k": 400}, "k is given, and spatial_proximity takes none"),
    ],
)
def test_a_scale_that_no_named_index_takes_is_refused(index, scale, message):
    with pytest.raises(BadSettings, match=message):
        tabulate.compute(square(), index, **scale)


@pytest.mark.parametrize("wrong", ["500", [500, None], [-1], [float("inf")], [True], [[500]]])
@pytest.mark.parametrize("name", ["scale_m", "k"])
def test_a_scale_that_is_no_number_is_refused(name, wrong):
    with pytest.raises(BadSettings, match=rf"^{name} holds .*; allowed are finite numbers above 0$"):
        tabulate.compute(square(), "gini", **{name: wrong})


def test_a_scale_that_is_given_twice_has_its_rows_once():
    twice = tabulate.compute(square(), "gini", scale_m=[500, 500.0], k=400)
    assert twice["scale_m"].notna().sum() == twice["k"].notna().sum() == len(square().years)


def test_of_several_indices_those_without_surroundings_keep_their_plain_rows():
    table = tabulate.compute(square(), ["delta", "gini", "spatial_proximity"], scale_m=500, k=[400])
    found = table[table["year"] == 2020].groupby("index")[["scale_m", "k"]].agg(lambda sizes: sizes.dropna().tolist())
    assert found["scale_m"].to_dict() == {"delta": [], "gini": [500], "spatial_proximity": [500]}
    assert found["k"].to_dict() == {"delta": [], "gini": [400], "spatial_proximity": []}


def test_k_of_everybody_is_told_in_the_years_that_it_is():
    counts = square().counts.copy()
    counts[1] *= 2
    panel = replace(square(), counts=counts, residents=None)
    k = panel.residents[0].sum()
    note = tabulate.compute(panel, "dissimilarity", k=[k, k - 1]).set_index(["k", "year"])["note"]
    whole = "k nearest residents; k takes in the whole city"
    assert note[k, 2020] == whole
    assert {note[k, 2021], note[k - 1, 2020]} == {"k nearest residents"}


def test_distance_is_to_the_nearest_of_the_centres_given():
    panel = replace(square(), xy=square().xy + [427_000.0, 6_761_000.0])
    corners = [Centre("a", *panel.xy[0]), Centre("b", *panel.xy[-1])]
    table = tabulate.compute(panel, "relative_centralization", centres={"Lahti": corners})
    to = np.minimum(*(np.hypot(*(panel.xy - panel.xy[at]).T) for at in (0, -1)))
    x, t = panel.group("foreign_language"), panel.base
    assert table["value"].to_numpy() == pytest.approx(relative_centralization(x, t - x, to))
    assert set(table["note"]) == {"centre: a, b"}
    own = tabulate.compute(panel, "relative_centralization")
    assert set(own["note"]) == {"centre: Kauppatori"}
    assert own["value"].tolist() != table["value"].tolist()


def test_what_counts_empty_cells_does_not_depend_on_other_years():
    panel = square()
    given = np.ones(panel.hidden.shape, bool)
    given[0, :20] = False
    partly = replace(panel, counts=np.where(given[..., None], panel.counts, 0), residents=None, given=given)
    both = tabulate.compute(partly, "delta")
    alone = tabulate.compute(partly.at([2020]).only(given[0]), "delta")
    assert value(both, year=2020) == value(alone)
    assert value(both, year=2020) != pytest.approx(
        value(tabulate.compute(replace(partly, given=None), "delta"), year=2020)
    )


def test_hidden_cells_are_no_empty_land():
    panel = square()
    hidden = np.zeros(panel.hidden.shape, bool)
    hidden[:, 40:] = True
    masked = replace(
        panel,
        counts=np.where(hidden[..., None], 0, panel.counts),
        hidden=hidden,
        hidden_total=np.where(hidden, panel.base, 0),
    )
    seen = tabulate.compute(panel.only(~hidden[0]), "delta")
    own = tabulate.compute(masked, "delta")
    assert own["value"].tolist() == seen["value"].tolist()
    assert (own["hidden_share"] > 0.3).all()


def test_a_reference_group_takes_the_place_of_the_rest():
    panel = three_groups()
    table = tabulate.compute(panel, ["dissimilarity", "isolation"], reference=["rest", "high_income"])
    own = table[table["reference"] == "high_income"]
    assert set(own["index"]) == {"dissimilarity"}, "isolation has no reference group"
    assert set(own["group"]) == {"low_income"}
    x, y = panel.group("low_income"), panel.group("high_income")
    assert own["value"].to_numpy() == pytest.approx(dissimilarity(x, y))
    assert own["population"].tolist() == (x + y).sum(axis=1).tolist()
    assert own["expected"].to_numpy() == pytest.approx(expected("dissimilarity", x, x + y))
    with pytest.raises(BadSettings, match="reference middle is in none of the panels; they have high_income"):
        tabulate.compute(panel, "dissimilarity", reference=["rest", "middle"])
    with pytest.raises(
        BadSettings, match=r"reference higher_income .*; did you mean high_income\? They have high_income, l"
    ):
        tabulate.compute(panel, "dissimilarity", reference="higher_income")
    with pytest.raises(BadSettings, match=r"group low_incom is in .*; did you mean low_income\? They have high_income"):
        tabulate.compute(panel, "dissimilarity", "low_incom")
    with pytest.raises(BadSettings, match="group low_income cannot be set against itself"):
        tabulate.compute(panel, "dissimilarity", "low_income", reference="low_income")
    with pytest.raises(BadData, match="takes no reference group"):
        tabulate.compute(panel, "isolation", reference="high_income")


def test_ordered_groups_are_taken_in_their_order():
    order = ("low_income", "rest", "high_income")
    panel = three_groups(ascending=order)
    table = tabulate.compute(panel, "ordinal_information_theory")
    counts = panel.counts[..., [0, 2, 1]]
    assert table["value"].to_numpy() == pytest.approx(ordinal_information_theory(counts))
    assert set(table["group"]) == {"all"}
    assert "ascending: low_income, rest, high_income" in table["note"].iloc[0]
    with pytest.raises(BadData, match="no order of them is known"):
        tabulate.compute(three_groups(), "ordinal_information_theory")
    with pytest.raises(BadData, match="needs 5 groups or more with members in every year; there are low"):
        tabulate.compute(panel, "rank_order_information_theory")


def test_indices_of_all_groups_have_one_row_and_no_reference():
    table = tabulate.compute(three_groups(), ["mutual_information", "information_theory"])
    own = table[table["index"] == "mutual_information"]
    assert own["group"].tolist() == ["all", "all"]
    assert own["reference"].tolist() == ["", ""]
    assert set(table[table["index"] == "information_theory"]["group"]) == {"all", "low_income", "high_income"}
    assert "mutual_information" not in set(tabulate.compute(square())["index"]), "of two groups only if named"
    two = tabulate.compute(square(), "mutual_information")
    assert two["group"].tolist() == ["foreign_language"] * 2
    with pytest.raises(BadData, match="takes all groups at once: leave group out"):
        tabulate.compute(three_groups(), "mutual_information", "low_income")


def test_extremes_are_of_two_named_groups():
    panel = three_groups()
    with pytest.raises(BadData, match="sets one group against another: name it"):
        tabulate.local(panel, "high_income", index="concentration_at_extremes")
    table = tabulate.local(
        panel, "high_income", index="concentration_at_extremes", reference="low_income", year=2021
    ).set_index("cell")
    x, y, t = panel.group("high_income")[1], panel.group("low_income")[1], panel.base[1]
    assert table.loc[panel.cells, "value"].to_numpy() == pytest.approx((x - y) / t)


@pytest.mark.parametrize(
    ("centres", "message"),
    [
        (
            {"Lathi": [Centre("", 427_000, 6_761_000)]},
            r"centres name Lathi; did you mean Lahti\? The panels are of Lahti",
        ),
        ({"Lahti": [(427_000, 6_761_000)]}, "allowed is a list of segindex.facts.Centre"),
        ({"Lahti": [Centre("A", 25.7, 61.0)]}, "centre A at 25.7, 61 lies outside Finland"),
    ],
)
def test_centres_that_cannot_be_are_refused(centres, message):
    with pytest.raises(BadSettings, match=message):
        tabulate.compute(square(), "relative_centralization", centres=centres)


def test_a_centre_of_another_place_is_none():
    assert "relative_centralization" not in set(tabulate.compute(square())["index"])
    with pytest.raises(BadData, match=r"needs a centre of this city: the nearest cell lies .* km from it"):
        tabulate.compute(square(), "relative_centralization")


def test_a_grid_whose_cells_lie_apart_has_no_neighbours_and_no_error():
    panel = square(n=4)
    apart = replace(panel, xy=panel.xy * 3)
    table = tabulate.compute(apart)
    own = table[table["index"] == "morans_i"]
    assert own["value"].isna().all()
    assert set(own["note"].str.split("; ").str[-1]) == {"undefined: no cell can be used"}
    assert set(tabulate.local(apart)["cluster"]) == {"no neighbour"}


def test_five_ordered_classes_with_an_empty_one_leave_the_rest_of_the_table():
    counts = np.random.default_rng(2).integers(1, 30, (2, 64, 5)).astype(float)
    groups = ("a", "b", "c", "d", "e")
    full = replace(square(), counts=counts, residents=None, groups=groups, ascending=groups)
    assert "rank_order_variation_ratio" in set(tabulate.compute(full)["index"])
    counts = counts.copy()
    counts[1, :, 2] = 0
    keys = set(tabulate.compute(replace(full, counts=counts, residents=None))["index"])
    assert "rank_order_variation_ratio" not in keys
    assert "ordinal_variation_ratio" in keys


@pytest.mark.parametrize("sizes", [{}, {"scale_m": 700}, {"k": 900}])
def test_rank_order_rows_say_how_well_they_are_fitted(sizes):
    counts = np.random.default_rng(2).integers(1, 30, (2, 64, 7)).astype(float)
    groups = tuple("abcdefg")
    panel = replace(square(), counts=counts, residents=None, groups=groups, ascending=groups)
    table = tabulate.compute(panel, "rank_order_variation_ratio", **sizes)
    scaled = table[table[list(sizes)].notna().all(axis=1)]
    for at, year in enumerate(panel.years):
        near = {
            "scale_m": lambda: kernel(panel.xy, "biweight", 700),
            "k": lambda at=at: nearest(panel.xy, panel.residents[at], 900),
        }
        fit = rank_order_fit(
            "rank_order_variation_ratio", counts[at], nearby=near[next(iter(sizes))]() if sizes else None
        )
        assert value(scaled, year=year) == pytest.approx(fit.value)
        (note,) = scaled[scaled["year"] == year]["note"]
        assert note.endswith(f"rank-order fit of order 4, standard error {fit.fit_se:.4f}") and fit.fit_se > 0.0001
    five = replace(panel, counts=counts[..., :5], residents=None, groups=groups[:5], ascending=groups[:5])
    notes = tabulate.compute(five, ["rank_order_square_root", "ordinal_square_root"]).set_index("index")["note"]
    assert notes["rank_order_square_root"].str.contains("rank-order fit of order 2, standard").all()
    assert not notes["ordinal_square_root"].str.contains("fit").any()


def test_what_is_undefined_says_why():
    panel = three_groups()
    counts = panel.counts.copy()
    counts[0, :, 1] = 0
    table = tabulate.compute(replace(panel, counts=counts, residents=None), "dissimilarity", reference="high_income")
    assert table["note"].str.contains("undefined: nobody is of another group").tolist() == [True, False]
    everybody = np.zeros_like(counts)
    everybody[..., 0] = panel.base
    all_one = tabulate.compute(replace(panel, counts=everybody, residents=None), "multigroup_dissimilarity")
    assert all_one["note"].str.endswith("undefined: nobody is of another group").all()


def test_a_year_with_parts_of_persons_costs_no_other_year_its_expected_value():
    panel = square()
    counts = panel.counts.copy()
    counts[1] += 0.5
    both = tabulate.compute(replace(panel, counts=counts, residents=None), "dissimilarity")
    assert both["expected"].notna().tolist() == [True, False]
