"""The map of measures: where they are, in cells and in named areas, and how many of the disadvantaged live there."""

import itertools
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from rendered import figure_words

from segindex import wording
from segindex.figures import draw_measures_map, followup_alt, style
from segindex.report.followup import followed, mapped_measures, with_measured


def test_the_map_tells_how_many_of_the_disadvantaged_live_where_measures_are(with_followup):
    ((city, cells, at),) = mapped_measures(with_followup)
    assert city == "Helsinki" and set(at) == {"M1"}
    worst = cells[cells["type"].isin((1, 2))]
    share = worst["residents"][worst["cell"].isin(at["M1"])].sum() / worst["residents"].sum()
    told = with_measured(with_followup).measured["Helsinki"]
    assert told.share == pytest.approx(share) and 0 < share < 1
    names = followed(with_followup).measure_names
    figure = draw_measures_map(
        cells, city=city, year=2015, at=at, names=names, cell_size_m=250.0, language="sv", made_up=True
    )
    assert wording.percent(share, "sv") in figure.title
    assert "M1 Påhittad åtgärd M1" in figure.description and "M1" in figure_words(figure)


def test_one_or_two_cells_are_not_told_of(with_followup):
    ((_, cells, _),) = mapped_measures(with_followup)
    worst = cells[cells["type"].isin((1, 2))]["cell"].tolist()
    assert np.isnan(followup_alt.measured(cells, {"M1": set(worst[:2])}).share)
    assert np.isnan(followup_alt.measured(cells, {"M1": set(worst[:-1])}).share)
    assert not np.isnan(followup_alt.measured(cells, {"M1": set(worst[:3])}).share)


def test_a_measure_in_a_named_area_is_where_the_area_s_cells_are(with_followup):
    ((_, cells, at),) = mapped_measures(with_followup)
    measures = with_followup.register.measures
    own = {"area_scheme": "named_area", "area_id": "D7"}
    register = replace(with_followup.register, measures=measures.assign(**own))
    named = dict.fromkeys(sorted(at["M1"])[:9], "D7") | {cells["cell"].iloc[-1]: "D8"}
    found = {city: ids for city, _, ids in mapped_measures(replace(with_followup, register=register, named=named))}
    assert found["Helsinki"]["M1"] == set(sorted(at["M1"])[:9])
    assert not mapped_measures(replace(with_followup, register=register))


@pytest.mark.parametrize("key", ["M1", "FI-HYVINVOINTI-JA-TURVALLISUUS-2027-LAHTI-KESKUSTA", "M" * 120])
def test_labels_stay_in_the_frame_and_lie_apart(with_followup, key):
    ((city, cells, at),) = mapped_measures(with_followup)
    names = followed(with_followup).measure_names["M1"]
    inside = cells[cells["cell"].isin(at["M1"])]
    ends = [set(inside.nsmallest(1, "x")["cell"]), set(inside.nlargest(1, "x")["cell"]), at["M1"], at["M1"]]
    many = {f"{key}-{number}": own for number, own in enumerate(ends)}
    figure = draw_measures_map(
        cells, city=city, year=2015, at=many, names=dict.fromkeys(many, names), cell_size_m=250.0, language="fi"
    )
    with matplotlib.rc_context(style.SETTINGS):
        drawn = FigureCanvasAgg(figure).get_renderer()
        axes = figure.axes[0]
        labels = [one.get_window_extent(drawn) for one in axes.texts if one.get_text().startswith(key[:20])]
        frame = axes.get_window_extent(drawn)
        wide = figure.get_window_extent(drawn).x1
        assert all(one.get_window_extent(drawn).x1 <= wide for one in figure.texts)
    assert len(labels) == 4
    for label in labels:
        assert frame.x0 <= label.x0 and label.x1 <= frame.x1 and frame.y0 <= label.y0 and label.y1 <= frame.y1
    for one, other in itertools.combinations(labels, 2):
        assert min(one.x1, other.x1) <= max(one.x0, other.x0) or min(one.y1, other.y1) - max(one.y0, other.y0) < 2
