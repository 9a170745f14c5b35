"""The made-up register of the demo: plainly made up, the same each time, judged, and with something of everything."""

import re

import pytest

from segindex import facts, funding
from segindex.sources import sample
from segindex.sources.sample_register import made_up_register


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    sample.write_small(folder)
    return folder


@pytest.fixture(scope="module")
def register(small):
    return funding.read_register(small / "register.xlsx")


def test_every_row_says_that_it_is_made_up_and_no_name_is_a_real_one(register):
    assert register.made_up
    for frame in register.tables.values():
        assert len(frame) and frame["note"].str.startswith("made-up data").all()
        given = frame["source_url"][frame["source_url"] != ""]
        assert given.str.startswith("https://example.org/").all()
    for name, begins in (("name_fi", "Keksit"), ("name_sv", "Påhitt"), ("name_en", "Made-up")):
        for sheet in (register.channels, register.measures):
            assert sheet[name].str.startswith(begins).all() and sheet[name].is_unique
    for frame, key in (
        (register.channels, "channel_id"),
        (register.awards, "award_id"),
        (register.measures, "measure_id"),
    ):
        assert frame[key].str.match(r"MADE-UP-([A-Z]+-)?\d+$").all()
    assert register.channels["administering_body"].str.startswith("Keksitty").all()
    real = funding.facts().channels
    for name in ("channel_id", "name_fi", "name_sv", "name_en"):
        assert not set(register.channels[name]) & set(real[name])
    others = register.awards.loc[register.awards["recipient_type"] != "city", "recipient"]
    assert others.str.startswith("Keksitty").all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_awards(small, tmp_path):
    sample.write_small(tmp_path / "again")
    content = (small / "register.xlsx").read_bytes()
    assert (tmp_path / "again" / "register.xlsx").read_bytes() == content
    one, other = (made_up_register({}, seed=seed) for seed in (1, 2))
    assert one.channels.equals(other.channels) and not one.awards.equals(other.awards)
    assert not len(one.measures), "measures are in cities that have cells"


def test_there_is_something_of_everything(register):
    channels = register.channels
    assert len(channels) == 24 and int(funding.placeholders(channels).sum()) == 2
    assert set(channels["level"]) == {"city", "region", "national", "eu"}
    assert int((~funding.outermost(channels)).sum()) == 2
    assert set(channels["evidence"]) == {"sourced", "partly", "unsourced"}
    assert {"active", "active_shrinking", "ended", "planned", "merged", "check", "to_be_mapped"} == set(
        channels["status"]
    )
    assert channels["amount_kind"].nunique() > 6
    themes = {theme for cell in channels["themes"] for theme in cell.split(";")} - {""}
    assert len(themes) == 9
    counts = register.awards.groupby(["city", "year"])["amount_granted"].count()
    assert len(counts) == 11 * 4 and set(register.awards["city"]) == set(facts.cities())
    assert register.awards[["amount_applied", "amount_paid"]].notna().any().all()
    matrix = funding.matrix(register)
    assert {"used", "not_used", "not_eligible", "unknown"} == set(matrix["use"])
    assert 0.2 < (matrix["use"] == "unknown").mean() < 0.6


def test_the_pot_of_the_demo_is_above_what_was_granted_in_the_last_year(register):
    """Else `hold_harmless` could not be shown."""
    last = register.awards[register.awards["year"] == 2025]["amount_granted"].sum()
    assert 30e6 < last < 50e6


def test_measures_lie_in_estates_and_cells_of_their_city(small, register):
    import geopandas

    districts = geopandas.read_file(small / "districts.gpkg").set_index("id")["nimi"]
    cells = set(sample.read(small / "sample_2022.csv")[0].frame["cell"])
    assert set(register.measures["city"]) == {"Helsinki", "Turku"}
    for row in register.measures.itertuples():
        ids = row.area_id.split(";")
        if row.area_scheme == "named_area":
            assert all(re.match("Lähiö", districts[one]) for one in ids)
            assert {one[:3] for one in ids} == {facts.cities()[row.city].code}
        else:
            assert row.area_scheme == "grid_cell" and set(ids) <= cells
