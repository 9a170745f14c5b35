"""A whole edition: complete, the same bytes, done once, resumed, locked, and never half-written."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time

import geopandas
import pandas as pd
import pytest
from conftest import SETTINGS, files_of, make_project

from segindex import schema
from segindex.errors import BadData, BadSettings, Locked
from segindex.ledger import locked
from segindex.pipeline import run
from segindex.staging import mirror


def tables(root):
    return root / "data" / "processed" / "small"


def test_the_tables_are_complete(edition):
    results = pd.read_parquet(tables(edition) / "results.parquet")
    assert set(results["city"]) == {"Helsinki", "Turku"}
    assert set(results["year"]) == {2022, 2023, 2024}
    assert set(results["group"]) == {"low_income", "high_income", "foreign_language", "all"}
    assert {"dissimilarity", "isolation", "information_theory", "morans_i"} <= set(results["index"])
    assert list(results.columns) == list(schema.RESULTS)
    assert not results.duplicated(schema.KEYS).any()
    csv = pd.read_csv(tables(edition) / "results.csv")
    assert list(csv.columns) == list(results.columns)
    assert csv["value"].tolist() == pytest.approx(results["value"].tolist(), rel=1e-15, nan_ok=True)


def test_every_table_says_that_the_data_are_made_up(edition):
    for name in ("results.csv", "coverage.csv", "clusters.csv", "cut_offs.csv", "thresholds.csv"):
        table = pd.read_csv(tables(edition) / name)
        assert table["note"].str.contains("made-up data").all(), name
    about = json.loads((tables(edition) / "about.json").read_text(encoding="utf-8"))
    assert about["made_up"]


def test_the_cut_offs_of_the_thresholds_are_those_of_the_baseline_and_an_earlier_file_holds_them(edition, tmp_path):
    cuts = pd.read_csv(tables(edition) / "cut_offs.csv")
    assert set(cuts["year"].dropna()) == {2022}
    over = pd.read_csv(tables(edition) / "thresholds.csv")
    assert set(over["year"]) == {2022, 2023, 2024} and set(over["city"]) == {"Helsinki", "Turku"}
    top = over[(over["threshold"] == "top_fifth") & (over["year"] == 2022)]
    sums = top.assign(base=top["population"] / top["population_share"]).groupby("group")[["population", "base"]].sum()
    assert (sums["population"] / sums["base"]).between(0.1, 0.2).all()
    lower = cuts.assign(cut_off=cuts["cut_off"] / 2)
    root = make_project(
        tmp_path, 'cut_offs = "cuts.csv"\n' + SETTINGS.replace("permutations = 499", "permutations = 99")
    )
    lower.to_csv(root / "cuts.csv", index=False)
    run(root, workers=1, steps=("ingest", "compute"))
    given = pd.read_csv(tables(root) / "thresholds.csv")
    assert given["cut_off"].tolist() == pytest.approx((over["cut_off"] / 2).tolist(), nan_ok=True)
    assert given["population_share"].sum() > over["population_share"].sum()


def test_clusters_are_followed_over_the_years_that_were_looked_at(edition):
    table = pd.read_csv(tables(edition) / "lasting.csv")
    assert list(table.columns) == list(schema.LASTING) and set(table["of_years"]) == {2}
    cells = pd.read_parquet(tables(edition) / "cells.parquet")
    high = cells[cells["cluster"] == "high-high"]
    sums = table.groupby(["city", "group", "year"])[["n_cells", "population"]].sum()
    want = high.groupby(["city", "group", "year"]).agg(n_cells=("cell", "size"), population=("population", "sum"))
    pd.testing.assert_frame_equal(sums[sums["n_cells"] > 0], want.astype("int64"))
    assert table["note"].str.contains("made-up data").all() and set(table["year"]) <= {2022, 2024}


def test_area_types_need_all_groups_of_the_index(edition, tmp_path):
    assert not len(pd.read_csv(tables(edition) / "types.csv")), "education and unemployment were not asked for"
    groups = 'groups = ["low_income", "basic_education", "unemployed", "rented"]'
    settings = re.sub("groups = .*", groups, SETTINGS).replace("permutations = 499", "permutations = 99")
    root = make_project(tmp_path, settings)
    run(root, workers=1)
    assert set(pd.read_csv(tables(root) / "standards.csv")["year"]) == {2022}
    areas = pd.read_parquet(tables(root) / "types.parquet")
    assert set(areas["type"]) >= {1, 2, 3, 4, 5} and set(areas["city"]) == {"Helsinki", "Turku"}
    for name in ("types.csv", "transitions.csv", "accumulation.csv", "standards.csv", "type_sensitivity.csv"):
        table = pd.read_csv(tables(root) / name)
        assert len(table) and table["note"].str.contains("made-up data").all(), name
    layer = geopandas.read_file(tables(root) / "cells.gpkg", layer="cells")
    last = areas[areas["year"] == 2024].set_index(["city", "cell"])
    wanted = last[["type", "worst"]].add_suffix("_of")
    both = layer.set_index(["city", "cell"]).join(wanted, how="inner")
    assert len(both) > 100 and (both["type"] == both["type_of"]).all()
    assert (both["worst"].fillna("") == both["worst_of"]).all() and (both["worst"].fillna("") != "").any()
    assert 'id="types"' in (root / "reports" / "small" / "index.html").read_text(encoding="utf-8")


def test_every_page_says_that_the_data_are_made_up(edition):
    page = (edition / "reports" / "small" / "index.html").read_text(encoding="utf-8")
    assert page.count("SYNTEETTINEN AINEISTO") >= 3


def test_coverage_has_a_row_a_city_year_and_classification(edition):
    table = pd.read_csv(tables(edition) / "coverage.csv")
    assert list(table.columns) == list(schema.COVERAGE)
    assert len(table) == 2 * 3 * 2
    assert ((table["coverage"] > 0.5) & (table["coverage"] <= 1)).all()
    assert (table["reference_date"].str[:4].astype(int) == table["year"]).all()


def test_the_layer_of_cells_opens(edition):
    layer = geopandas.read_file(tables(edition) / "cells.gpkg", layer="cells")
    assert layer.crs.to_epsg() == 3067
    assert {"city", "cell", "low_income_share", "low_income_value", "low_income_cluster"} <= set(layer.columns)
    assert set(layer.geometry.area.round()) == {62500}
    cells = pd.read_parquet(tables(edition) / "cells.parquet")
    assert len(layer) == len(cells[cells["year"] == 2024].drop_duplicates(["city", "cell"]))


def test_what_a_run_is_keyed_by_names_a_register_from_the_project_s_folder(tmp_path):
    from types import SimpleNamespace

    from segindex.edition import judged
    from segindex.pipeline import _settings

    for place in ("here", "there"):
        (tmp_path / place / "data").mkdir(parents=True)
        (tmp_path / place / "data" / "channels.csv").write_text("x")
    source = [{"name": "sample", "path": "data/channels.csv"}]
    given = {"source": source, "funding": {"register": "data/channels.csv", "pot_eur": 5}}
    roots = [tmp_path / place for place in ("here", "there")]
    one, other = (_settings(SimpleNamespace(edition=judged(given, root, "e"), root=root)) for root in roots)
    assert one == other and one["funding"]["register"] == "data/channels.csv"


def test_a_second_run_changes_nothing(edition):
    before = files_of(edition)
    stamp = (edition / "reports" / "small" / "run.json").read_bytes()
    summary = run(edition, workers=1)
    assert summary["tasks_done"] == 0
    assert files_of(edition) == before
    assert (edition / "reports" / "small" / "run.json").read_bytes() == stamp


def test_the_sums_hold(edition):
    place = edition / "reports" / "small"
    lines = (place / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 10
    for line in lines:
        total, name = line.split("  ")
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == total, name
    summed = {(place / line.split("  ")[1]).resolve() for line in lines}
    there = {path.resolve() for path in place.rglob("*") if path.is_file()}
    assert there - summed == {(place / "SHA256SUMS").resolve(), (place / "run.json").resolve()}


def test_nothing_tells_the_time_or_the_place(edition):
    here = str(edition).encode()
    for name, content in files_of(edition).items():
        assert here not in content, name


LIGHT = SETTINGS.replace('groups = ["low_income", "high_income", "foreign_language"]', 'groups = ["low_income"]')


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path, LIGHT, cities=("Turku",), cells=60, years=(2022, 2023))


def test_two_processes_give_the_same_bytes_elsewhere(tmp_path):
    one = make_project(tmp_path / "one", cells=60, years=(2022, 2023))
    two = make_project(tmp_path / "two", cells=60, years=(2022, 2023))
    run(one, workers=1, steps=("ingest", "compute"))
    run(two, workers=2, steps=("ingest", "compute"))
    assert files_of(one) == files_of(two)


def test_each_step_alone_gives_what_a_run_gives(project, tmp_path):
    with pytest.raises(BadSettings, match="segindex ingest small"):
        run(project, steps=("compute",), workers=1)
    with pytest.raises(BadSettings, match="segindex compute small"):
        run(project, steps=("report",), workers=1)
    for step in ("ingest", "compute", "report"):
        run(project, steps=(step,), workers=1)
    other = make_project(tmp_path / "other", LIGHT, cities=("Turku",), cells=60, years=(2022, 2023))
    run(other, workers=1)
    assert files_of(project) == files_of(other)


def test_a_changed_file_stops_the_run_unless_told(project):
    run(project, steps=("ingest",), workers=1)
    raw = project / "data" / "raw" / "sample" / "sample_2022.csv"
    before = files_of(project)
    raw.write_bytes(raw.read_bytes() + b"\n")
    with pytest.raises(BadData, match=r"sample_2022\.csv: the file has changed since its card.*--accept-changed"):
        run(project, workers=1)
    assert files_of(project) == before
    run(project, steps=("ingest",), workers=1, accept=[raw])


def test_bad_data_leave_the_last_edition_as_it_was(project):
    run(project, steps=("ingest", "compute"), workers=1)
    before = files_of(project)
    raw = project / "data" / "raw" / "sample" / "sample_2023.csv"
    lines = raw.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(";").index("hr_pi_tul")
    fields = lines[1].split(";")
    fields[at] = "-7"
    raw.write_text("\n".join([lines[0], ";".join(fields), *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(BadData, match="hr_pi_tul"):
        run(project, workers=1, accept=[raw])
    assert files_of(project) == before


def test_a_city_that_is_left_out_leaves_no_file(tmp_path):
    root = make_project(tmp_path, LIGHT, cells=60, years=(2022,))
    run(root, workers=1)
    settings = root / "reports" / "small" / "run.toml"
    settings.write_text(LIGHT + "", encoding="utf-8")
    settings.write_text(LIGHT.replace("baseline = 2022", 'baseline = 2022\ncities = ["Turku"]'), encoding="utf-8")
    run(root, workers=1)
    assert not [name for name in files_of(root) if "helsinki" in name]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("years = [1999]", "statistical year 1999 is in none of the sources; they have 2022, 2023"),
        ('cities = ["Oulu"]', "city Oulu is in none of the sources; they have Turku"),
    ],
)
def test_a_setting_that_no_source_can_meet_is_refused_before_any_work(project, line, message):
    settings = project / "reports" / "small" / "run.toml"
    settings.write_text(LIGHT.replace("baseline = 2022", line), encoding="utf-8")
    with pytest.raises(BadSettings, match=message):
        run(project, workers=1)
    assert set(files_of(project)) == {"reports/small/run.toml"}


def test_a_second_run_at_once_is_locked_out(project):
    with locked(tables(project) / ".lock"), pytest.raises(Locked):
        run(project, workers=1)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_a_killed_run_goes_on_and_gives_the_same_bytes(tmp_path, name):
    whole = make_project(tmp_path / "whole", LIGHT, cells=60, years=(2022,))
    run(whole, workers=1)
    root = make_project(tmp_path / "killed", LIGHT, cells=60, years=(2022,))
    command = [sys.executable, "-m", "segindex.cli", "run", "--root", str(root), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = time.monotonic()
    made = mirror(root, "small")
    while not list(made.rglob("cities/*.parquet")) and time.monotonic() - began < 120:
        time.sleep(0.02)
    process.send_signal(getattr(signal, name))
    code = process.wait(timeout=30)
    assert code == (-9 if name == "SIGKILL" else 143)
    assert set(files_of(root)) == {"reports/small/run.toml"}, "nothing stands before all of it is made"
    assert not [path for path in made.rglob("*.part") if name == "SIGTERM"]
    for path in [*made.rglob("*.parquet"), *made.rglob("*.csv")]:
        assert path.read_bytes() == (tmp_path / "whole" / path.relative_to(made)).read_bytes()
    summary = run(root, workers=1)
    assert summary["tasks_skipped"] >= 1
    assert files_of(root) == files_of(whole)


def test_sums_that_are_gone_or_old_are_made_again(project):
    run(project, workers=1)
    place = project / "reports" / "small"
    (place / "SHA256SUMS").unlink()
    (place / "made-by.json").write_text("{}", encoding="utf-8")
    settings = place / "run.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n# a comment\n", encoding="utf-8")
    assert run(project, workers=1)["tasks_done"] == 0
    for line in (place / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        total, name = line.split("  ")
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == total, name


def test_one_mask_for_all_years_is_a_setting(project):
    raw = project / "data" / "raw" / "sample" / "sample_2022.csv"
    lines = [line.split(";") for line in raw.read_text(encoding="utf-8").splitlines()]
    parts = [lines[0].index(name) for name in ("hr_pi_tul", "hr_ke_tul", "hr_hy_tul")]
    row = next(line for line in lines[1:] if line[parts[0]] != "-1")
    for part in parts:
        row[part] = "-1"
    raw.write_text("\n".join(";".join(line) for line in lines) + "\n", encoding="utf-8")
    n_cells = {}
    for mask in ("false", "true"):
        settings = project / "reports" / "small" / "run.toml"
        settings.write_text(LIGHT.replace("baseline = 2022", f"baseline = 2022\nsame_mask = {mask}"), encoding="utf-8")
        run(project, steps=("ingest", "compute"), workers=1, accept=[raw])
        table = pd.read_parquet(tables(project) / "results.parquet")
        plain = table[(table["index"] == "gini") & table["scale_m"].isna() & table["k"].isna()]
        cells = pd.read_parquet(tables(project) / "cells.parquet")
        n_cells[mask] = plain.set_index("year")["n_cells"].to_dict() | {"hidden": int(cells["hidden"].sum())}
    assert n_cells["true"][2022] == n_cells["false"][2022]
    assert n_cells["true"][2023] == n_cells["false"][2023] - 1
    assert n_cells["true"]["hidden"] > n_cells["false"]["hidden"]


def test_polygons_and_borders_are_compared_with_their_card_too(project):
    borders = project / "data" / "raw" / "sample" / "municipalities.gpkg"
    card = project / "data" / "raw" / "sample" / "source.toml"
    card.write_text(
        card.read_text(encoding="utf-8").replace("[files]", '[files]\n"municipalities.gpkg" = "0"'), encoding="utf-8"
    )
    with pytest.raises(BadData, match=r"municipalities\.gpkg: the file has changed"):
        run(project, workers=1)
    assert borders.is_file()
