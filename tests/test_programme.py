"""The tables on money and follow-up of an edition: complete, marked, made again when they must be, refused in time."""

import json
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import PROGRAMME, SETTINGS, files_of, make_project

import segindex
from segindex import followup, pipeline, schema
from segindex.edition import FundingSetting, read_edition
from segindex.edition_material import material_of
from segindex.errors import BadData, BadSettings
from segindex.funding import as_csv, columns, needs, read_register
from segindex.pipeline import run
from segindex.programme_tables import TABLES, check_groups, followed, kept_register, money, read_programme

GROUPS = 'groups = ["low_income", "foreign_language", "basic_education", "unemployed"]'
LIGHT = re.sub("groups = .*", GROUPS, SETTINGS).replace("= 499", "= 99")
GIVEN = "data/raw/sample/register.xlsx"
BEFORE = ("ingest", "compute")


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The tables of a small edition with the made-up register, for copies."""
    root = make_project(tmp_path_factory.mktemp("once"), LIGHT + PROGRAMME, cells=60, years=(2022, 2023))
    run(root, workers=1, steps=BEFORE)
    return root


@pytest.fixture
def project(once, tmp_path):
    shutil.copytree(once, tmp_path / "project")
    return tmp_path / "project"


def tables(root):
    return root / "data" / "processed" / "small"


def table(root, name):
    return read_programme(tables(root), {name})[name]


def settings(root, text):
    (root / "reports" / "small" / "run.toml").write_text(text, encoding="utf-8")


def as_folder(root, changed=None):
    """The register as a folder of csv files, texts of a file replaced; the settings that name it."""
    place = root / "register"
    place.mkdir(exist_ok=True)
    for name, content in as_csv(read_register(root / GIVEN)).items():
        old, new = (changed or {}).get(name, ("", ""))
        assert old in content.decode()
        (place / name).write_text(content.decode().replace(old, new, 1), encoding="utf-8")
    return LIGHT + PROGRAMME.replace(GIVEN, "register")


def test_the_edition_has_every_table_of_the_programme_with_its_columns(once):
    place = tables(once)
    assert {path.stem for path in place.glob("f[ou]*_*.csv")} == set(TABLES)
    for name, wanted in TABLES.items():
        found = table(once, name)
        assert list(found.columns) == list(wanted) and len(found), name
        assert {column: str(kind) for column, kind in found.dtypes.items()} == wanted, name
        assert found["note"].str.startswith("made-up data").all() or found["note"].str.contains("made-up data").all()
    assert set(table(once, "followup_cards")["indicator"]) == {"low_income", "foreign_language"}
    assert set(table(once, "followup_places")["measure_id"]) == set(kept_register(place).measures["measure_id"])
    assert {"granted", "paid"} == set(table(once, "funding_per_head")["amount_kind"])
    heads = table(once, "funding_per_head")
    assert set(zip(heads["first_year"], heads["last_year"])) == {(2022, 2025)}
    blocks = pd.read_csv(place / "blocks.csv", index_col="key")["given"]
    assert blocks["money"] and blocks["text"]


def test_every_formula_deals_out_the_pot_to_the_cent(once):
    text = pd.read_csv(tables(once) / "funding_formulas.csv", dtype=str, keep_default_na=False)
    dealt = text[text["amount_eur"] != ""]
    sums = dealt.groupby(["formula", "variant"])["amount_eur"].agg(lambda euros: sum(map(Decimal, euros)))
    assert len(sums) > 5 and {"per_head", "per_low_income", "capped", "hold_harmless"} <= set(sums.index.levels[0])
    assert set(sums) == {Decimal(50_000_000)}
    held = dealt[dealt["formula"] == "hold_harmless"]
    assert (held["amount_eur"].map(Decimal) >= held["current_eur"].map(Decimal)).all()
    awards = kept_register(tables(once)).awards
    last = awards[awards["year"] == 2025].groupby("city")["amount_granted"].sum()
    own = held.set_index("city")["current_eur"].astype(float)
    pd.testing.assert_series_equal(own[~own.index.duplicated()], last[["Helsinki", "Turku"]], check_names=False)
    assert held["note"].str.contains("current: granted in 2025; granted outside the edition: Espoo, ").all()


def test_measures_are_found_in_their_districts_and_cells(once):
    found = table(once, "followup_places").drop_duplicates("measure_id").set_index("measure_id")
    assert (found["n_cells"] > 0).all(), "every measure of the two cities lies in an estate or in cells"
    cells = kept_register(tables(once)).measures.set_index("measure_id").query("area_scheme == 'grid_cell'")
    for key, ids in cells["area_id"].items():
        assert found.loc[key, "n_cells"] == len(ids.split(";"))


def test_the_register_is_kept_as_it_was_judged(once, edition):
    kept, given = kept_register(tables(once)), read_register(once / GIVEN)
    for sheet, frame in given.tables.items():
        pd.testing.assert_frame_equal(getattr(kept, sheet), frame)
    assert kept.file == GIVEN and (kept.rows, kept.letters) == (given.rows, given.letters)
    assert kept.cell("channels", 3, "amount_eur") == given.cell("channels", 3, "amount_eur")
    assert (kept.warnings, kept.translated) == (given.warnings, given.translated)
    made_by = json.loads((edition / "reports" / "small" / "made-by.json").read_text(encoding="utf-8"))
    assert GIVEN in made_by["inputs"] and any("sample_2022" in name for name in made_by["inputs"])


def test_the_report_is_given_the_tables_the_register_and_the_indicators(once):
    from types import SimpleNamespace

    from segindex.ledger import Ledger

    own = SimpleNamespace(
        root=once,
        made=once,
        edition=read_edition(once, "small"),
        tables="data/processed/small",
        ledger=Ledger(tables(once) / "ledger.json", once),
    )
    material = material_of(own)
    assert list(material.programme) == list(TABLES)
    assert len(material.register.channels) == 24 and material.register.made_up
    assert [one.key for one in material.indicators] == ["low_income", "foreign_language"]


def test_the_same_input_gives_the_same_bytes(once, tmp_path):
    other = make_project(tmp_path, LIGHT + PROGRAMME, cells=60, years=(2022, 2023))
    run(other, workers=1, steps=BEFORE)
    assert files_of(other) == files_of(once)


def test_a_changed_register_makes_again_only_what_rests_on_it(project):
    text = as_folder(project)
    settings(project, text)
    first = run(project, workers=1, steps=BEFORE)
    assert first["tasks_done"] == 2, "another file with the same register"
    before = files_of(project)
    as_folder(project, {"awards.csv": ("MADE-UP-AWARD-001,MADE-UP-01", "MADE-UP-AWARD-001,MADE-UP-05")})
    again = run(project, workers=1, steps=BEFORE)
    assert again["tasks_done"] == 2
    changed = {name for name, content in files_of(project).items() if before.get(name) != content}
    names = {name.split("/small/")[1] for name in changed} - {"ledger.json", "made-by.json", "SHA256SUMS"}
    assert {"register/awards.csv", "register/about.json", "funding_absorption.csv"} <= names
    assert all(name.startswith(("register/", "funding_")) for name in names)
    assert run(project, workers=1, steps=BEFORE)["tasks_done"] == 0


def test_without_the_setting_there_is_no_money_and_the_usual_indicators_are_followed(project):
    settings(project, LIGHT)
    gone = run(project, workers=1, steps=BEFORE)["changed"]["files"]["gone"]
    assert "data/processed/small/register/channels.csv" in gone
    left = {path.name for path in tables(project).glob("f[ou]*_*.csv")}
    assert left == {"followup_cards.csv", "followup_points.csv"}
    assert not (tables(project) / "register").exists() or not list((tables(project) / "register").iterdir())
    cards = table(project, "followup_cards")
    usual = {"dissimilarity_low_income", "isolation_low_income", "dissimilarity_foreign_language", "types_1_2"}
    assert set(cards["indicator"]) == usual
    assert not pd.read_csv(tables(project) / "blocks.csv", index_col="key").loc["money", "given"]
    assert followed(replace(read_edition(project, "small"), baseline=None), {}) == ()


def test_a_made_up_register_beside_real_data_is_refused_and_real_channels_beside_made_up_data_are_marked(project):
    card = project / "data" / "raw" / "sample" / "source.toml"
    made_up = card.read_text(encoding="utf-8")
    card.write_text(made_up.replace("made_up = true", "made_up = false"), encoding="utf-8")
    before = files_of(project)
    with pytest.raises(
        BadSettings, match=rf"small: the register {GIVEN} is made-up data, and the source sample is not"
    ):
        run(project, workers=1)
    assert files_of(project) == before
    card.write_text(made_up, encoding="utf-8")
    settings(project, LIGHT + PROGRAMME.replace(GIVEN, "facts"))
    run(project, workers=1, steps=BEFORE)
    for name, columns_of in TABLES.items():
        found = table(project, name)
        assert found["note"].str.contains(schema.MADE_UP).all() and list(found.columns) == list(columns_of)
    assert len(table(project, "funding_coverage")) and not len(table(project, "followup_places"))
    assert table(project, "funding_per_head")["amount_eur"].isna().all(), "no award is known: not 0 euro"
    channels = pd.read_csv(tables(project) / "register" / "channels.csv")
    assert len(channels) == 64 and not channels["note"].fillna("").str.contains(schema.MADE_UP).any()


def test_a_faulty_register_ends_the_run_before_its_work_with_the_cell(tmp_path):
    root = make_project(tmp_path, LIGHT, cities=("Turku",), cells=60, years=(2022,))
    settings(root, as_folder(root, {"awards.csv": (",Espoo,city,Espoo,", ",Espoo,city,Espo,")}))
    with pytest.raises(BadData, match=r"awards!E\d+: city 'Espo'.*Espoo"):
        run(root, workers=1)
    assert not (tables(root) / "panels").exists()


@pytest.mark.parametrize(
    ("need", "message"),
    [
        ("high_income", r"run\.toml: funding need = 'high_income'; .*llowed is low_income, basic_education"),
        ("lowincome", r"run\.toml: funding need = 'lowincome'; did you mean low_income"),
    ],
)
def test_a_need_that_is_not_taken_is_refused_before_the_work(project, need, message):
    settings(project, LIGHT + PROGRAMME.replace("year = 2026", f'year = 2026\nneed = "{need}"'))
    with pytest.raises(BadSettings, match=message):
        run(project, workers=1, steps=BEFORE)


@pytest.mark.parametrize("steps", [("ingest",), ("compute",)])
def test_a_group_that_no_panel_has_is_refused_when_the_panels_are_read(project, monkeypatch, steps):
    none = LIGHT.replace(GROUPS, GROUPS.replace("]", ', "rented"]')) + PROGRAMME
    settings(project, none.replace("year = 2026", 'year = 2026\nneed = "rented"'))
    told = r"^reports/small/run\.toml: funding need = 'rented': the data have no such group; .*llowed is .*low_income"
    every = pipeline.store.metadata_of
    without = {"panels": [{"groups": ["low_income", "rest"]}, {"groups": ["foreign_language"]}]}
    monkeypatch.setattr(pipeline.store, "metadata_of", lambda path: without if "panels" in str(path) else every(path))
    with pytest.raises(BadSettings, match=told):
        run(project, workers=1, steps=steps)
    followed_group = replace(read_edition(project, "small"), funding=None)
    with pytest.raises(BadSettings, match=r"settings: indicator group = 'foreign_language': .*llowed is low_income$"):
        check_groups(followed_group, ["low_income", "rest"], "settings")


def test_compute_asks_for_the_register_that_ingest_judges(project):
    settings(project, LIGHT)
    run(project, workers=1, steps=BEFORE)
    settings(project, LIGHT + PROGRAMME)
    with pytest.raises(BadSettings, match="no register yet; run first: segindex ingest small"):
        run(project, workers=1, steps=("compute",))


def test_without_a_pot_nothing_is_dealt_out_and_awards_after_the_year_do_not_count(once):
    register, known = kept_register(tables(once)), table(once, "funding_need")
    found = money(register, known, FundingSetting("facts", year=2024))
    assert not len(found["funding_formulas"]) and list(found["funding_formulas"]) == list(columns.FORMULAS)
    assert set(found["funding_per_head"]["last_year"]) == {2024}
    with pytest.raises(BadSettings, match=r"need = 'rented': the tables have no such group"):
        money(register, known, FundingSetting("facts", need="rented"))


@pytest.mark.parametrize("given", [{"city": "Turku", "amount_applied": 1e6}, {"city": "Espoo", "amount_granted": 1e6}])
def test_what_is_not_yet_granted_or_lies_outside_the_edition_moves_no_year(once, given):
    register, known = kept_register(tables(once)), table(once, "funding_need")
    later = register.awards.iloc[:1].assign(award_id="LATER", year=2026, amount_applied=np.nan, amount_granted=np.nan)
    later = later.assign(amount_paid=np.nan, **given).astype(register.awards.dtypes)
    more = replace(register, awards=pd.concat([register.awards, later], ignore_index=True))
    found = money(more, known, FundingSetting("facts", pot_eur=1e8))
    assert set(found["funding_per_head"]["last_year"]) == {2025}
    held = found["funding_formulas"].query("formula == 'hold_harmless'")
    assert held["refused"].eq("").all() and held["current_eur"].notna().all()


def test_awards_to_cities_outside_the_edition_stay_in_sight(once):
    awards = kept_register(tables(once)).awards.query("year == 2025 and amount_granted.notna()")
    outside = sorted(set(awards["city"]) - {"Helsinki", "Turku"})
    heads = table(once, "funding_per_head").query("amount_kind == 'granted'")
    own = heads[heads["city"].isin(outside)]
    assert set(own["city"]) == set(outside) and own["amount_eur"].notna().all()
    assert own["refused"].eq("no_need").all() and own["eur_per_resident"].isna().all()
    formulas = table(once, "funding_formulas")
    assert set(formulas["city"]) == {"Helsinki", "Turku"}
    assert formulas["note"].str.endswith(f"granted outside the edition: {', '.join(outside)}").all()
    notes = table(once, "funding_curve")["note"]
    assert notes.str.contains(f"without {', '.join(outside)}").all()


def test_money_is_told_of_the_programme_s_cities_alone(project):
    own = '\n[[city]]\nkey = "Turunmaa"\nmunicipalities = ["853"]\n'
    both = 'cities = ["Helsinki", "Turunmaa"]\n'
    settings(project, both + LIGHT + own + PROGRAMME)
    run(project, workers=1, steps=BEFORE)
    assert set(table(project, "funding_need")["city"]) == {"Helsinki"}
    assert set(table(project, "followup_need")["city"]) == {"Helsinki"}
    assert set(table(project, "funding_formulas")["city"]) == {"Helsinki"}
    assert set(table(project, "followup_cards")["city"]) == {"Helsinki", "Turunmaa"}
    (place,) = (project / "data" / "processed" / "small" / "panels").glob("turunmaa.parquet")
    assert place.is_file()


def test_without_a_year_money_that_has_ended_is_no_cliff_to_come(once):
    register, known = kept_register(tables(once)), table(once, "funding_need")
    over = register.channels["channel_id"].eq("MADE-UP-05")
    ended = register.channels.assign(
        end_year=register.channels["end_year"].mask(over, 2022),
        start_year=register.channels["start_year"].mask(over, 2020),
        amount_period=register.channels["amount_period"].mask(over, "2020-2022"),
    )
    found = money(replace(register, channels=ended), known, FundingSetting("facts"))
    assert found["funding_timeline"].query("year == 2023 and amount_kind == 'programme_budget'")["cliff"].all()
    cliffs = found["funding_gaps"].query("kind == 'cliff'")
    years = cliffs["note"].str.extract(r"(\d{4}): falls")[0].astype(int)
    assert len(cliffs) and (years > 2026).all(), "the register was read in 2026"


def test_need_and_gaps_are_of_the_same_tables(once):
    found = table(once, "funding_need").query("measure == 'group_share' and group == 'low_income' and year == 2023")
    gaps = table(once, "funding_gaps").query("kind == 'city_use'").set_index("city")["need"]
    shares = found.set_index("city")["value"]
    assert len(gaps) <= 1 and (gaps == shares[gaps.index]).all()
    heads = table(once, "funding_per_head").query("need == 'low_income' and amount_kind == 'granted'").set_index("city")
    own = heads.loc[["Helsinki", "Turku"]]
    assert np.allclose(own["eur_per_need"] * own["need_size"], own["amount_eur"])


def test_the_settings_of_the_demo_name_its_made_up_register(once, tmp_path):
    own = Path(__file__).parents[1] / "reports" / "sample"
    shutil.copytree(once / "data" / "raw", tmp_path / "data" / "raw")
    shutil.copytree(own, tmp_path / "reports" / "sample", ignore=lambda _, names: set(names) - {"run.toml"})
    found = read_edition(tmp_path, "sample")
    assert found.funding.register == tmp_path / GIVEN and found.funding.pot_eur == 50_000_000
    assert len(found.indicators) == 4 and any(one.target for one in found.indicators)


def test_the_public_face_reaches_both_rooms():
    assert segindex.funding.read_register is read_register and segindex.funding.needs is needs
    assert segindex.followup.TABLES == followup.TABLES
