"""The command line: what is printed, where, and with which exit code."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from conftest import make_project

import segindex
from segindex import cli, schema
from segindex.ledger import locked
from segindex.registry import REGISTRY


def sample_file(root, year=2024):
    return str(root / "data" / "raw" / "sample" / f"sample_{year}.csv")


def said(capsys, *argv):
    code = cli.main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_table_prints_the_columns_of_the_results(edition, capsys):
    code, out, _ = said(
        capsys, "table", sample_file(edition), "--group", "low_income", "--index", "dissimilarity", "--city", "Turku"
    )
    assert code == 0
    table = pd.read_csv(io.StringIO(out))
    assert list(table.columns) == list(schema.RESULTS)
    (row,) = table.to_dict("records")
    assert (row["city"], row["year"], row["index"], row["group"]) == ("Turku", 2024, "dissimilarity", "low_income")
    stored = pd.read_csv(edition / "data" / "processed" / "small" / "results.csv")
    same = stored[
        (stored["city"] == "Turku")
        & (stored["year"] == 2024)
        & (stored["index"] == "dissimilarity")
        & (stored["group"] == "low_income")
        & stored["scale_m"].isna()
        & stored["k"].isna()
    ]
    assert row["value"] == same["value"].iloc[0]


def test_options_repeat_and_left_out_means_all(edition, capsys):
    files = [sample_file(edition, year) for year in (2022, 2023, 2024)]
    _, out, _ = said(capsys, "table", *files, "--group", "rented", "--group", "students", "--index", "gini")
    table = pd.read_csv(io.StringIO(out))
    assert set(table["city"]) == {"Helsinki", "Turku"}
    assert set(table["year"]) == {2022, 2023, 2024}
    assert set(table["group"]) == {"rented", "students"}
    _, out, _ = said(capsys, "table", files[0])
    assert len(set(pd.read_csv(io.StringIO(out))["group"])) == 12


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.parquet"])
def test_table_writes_the_form_that_the_ending_names(edition, tmp_path, capsys, name):
    code, out, _ = said(capsys, "table", sample_file(edition), "--index", "isolation", "-o", tmp_path / name)
    assert (code, out) == (0, "")
    read = {"t.csv": pd.read_csv, "t.xlsx": pd.read_excel, "t.parquet": pd.read_parquet}[name]
    assert set(read(tmp_path / name)["index"]) == {"isolation"}


def test_a_group_of_ones_own(edition, capsys):
    _, out, _ = said(
        capsys,
        *("table", sample_file(edition), "--define", "owners=te_omis_as/te_taly", "--group", "owners"),
        *("--index", "dissimilarity"),
    )
    assert set(pd.read_csv(io.StringIO(out))["group"]) == {"owners"}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--city", "Porvoo"], 2, "city Porvoo is unknown; known are Helsinki"),
        (["--city", "helsingfor"], 2, "city helsingfor is unknown; did you mean Helsinki? Known are Helsinki"),
        (["--group", "rentd"], 2, "group rentd is unknown; did you mean rented? Known are low_income"),
        (["--index", "d"], 2, "index 'd' is unknown; did you mean dissimilarity? Known are"),
        (["--source", "samples"], 2, "source 'samples' is unknown; did you mean sample? Known are paavo"),
        (["--city", "Oulu"], 2, "Oulu is not in the file; it has Helsinki, Turku"),
        (["--group", "poor"], 2, "known are low_income"),
        (["--group", "age_0_9"], 65, "age_0_9 needs ika0_9 + asukkaita; columns found"),
        (["--index", "dissim"], 2, "dissimilarity"),
        (["--year", "1999"], 2, "statistical year 1999 is not given"),
        (["--source", "oecd"], 2, "known are paavo"),
        (["--source", "paavo"], 65, "sample_2024.csv"),
        (["--define", "x"], 2, "KEY=COLUMNS/BASE"),
        (["-o", "t.ods"], 2, "allowed are .csv"),
        (["--index", "local_morans_i"], 2, "segindex.local"),
        (["--polygons", __file__], 2, "take no polygons"),
        (["--polygons", "nowhere.gpkg"], 2, "there is no such file"),
        (["--define", "x=nope/he_vakiy"], 65, "x needs nope + he_vakiy"),
    ],
)
def test_what_is_wrong_is_one_line_and_an_exit_code(edition, capsys, words, code, message):
    found, out, err = said(capsys, "table", sample_file(edition), *words)
    assert (found, out) == (code, "")
    assert message in err
    assert err.startswith("segindex: ")
    assert err.count("\n") == 1


def test_what_was_left_out_is_said_beside_the_table(edition, tmp_path, capsys):
    lines = Path(sample_file(edition)).read_text(encoding="utf-8").splitlines()
    at = lines[0].split(";").index("kunta")
    fields = lines[1].split(";")
    fields[at] = "005"
    path = tmp_path / "sample.csv"
    path.write_text("\n".join([lines[0], ";".join(fields), *lines[2:]]) + "\n", encoding="utf-8")
    code, out, err = said(capsys, "table", path, "--index", "gini", "--group", "rented")
    assert code == 0
    assert err.startswith("note: sample 2024: cells of municipalities outside the eleven cities are left out (1 cells")
    assert out.startswith("city,year")


def test_a_file_that_is_not_there(capsys):
    code, _, err = said(capsys, "table", "nowhere.csv")
    assert code == 2
    assert "nowhere.csv: there is no such file" in err


def test_a_folder_is_no_file_and_its_files_are_named(edition, tmp_path, capsys):
    folder = edition / "data" / "raw" / "sample"
    for words in (["table"], ["check"], ["table", "--source", "sample"]):
        code, out, err = said(capsys, *words, folder)
        assert (code, out) == (2, "")
        assert err.endswith(
            "sample: this is a folder; give files in it: sample_2022.csv, sample_2023.csv, sample_2024.csv\n"
        )
    _, _, err = said(capsys, "table", tmp_path)
    assert err.endswith(": this is a folder; no source knows a file in it\n")
    _, _, err = said(capsys, "table", sample_file(edition), "--municipalities", folder)
    assert err.endswith("sample: this is a folder; give a file\n")
    for year in range(2000, 2007):
        (tmp_path / f"s_{year}.csv").write_bytes(Path(sample_file(edition)).read_bytes()[:9000])
    _, _, err = said(capsys, "check", tmp_path)
    assert err.endswith("s_2000.csv, s_2001.csv, s_2002.csv, s_2003.csv, s_2004.csv and 2 more\n")


def test_an_unknown_option_is_an_error(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["table", "x.csv", "--citty", "Turku"])
    assert stop.value.code == 2
    capsys.readouterr()


def test_check_says_what_a_file_is(edition, capsys):
    code, out, _ = said(capsys, "check", sample_file(edition))
    assert code == 0
    for words in ("sample", "MADE-UP DATA", "2024-12-31", "cells of 250 m", "low_income (2024)", "Helsinki", "hidden:"):
        assert words in out
    _, out, _ = said(capsys, "check", "--json", sample_file(edition))
    (told,) = json.loads(out)
    assert told["source"] == "sample"
    assert told["cities"]["Turku"]["residents"] > 0


def test_check_goes_on_after_a_bad_file(edition, tmp_path, capsys):
    bad = tmp_path / "bad.csv"
    bad.write_text("a;b\n1;2\n", encoding="utf-8")
    code, out, err = said(capsys, "check", bad, sample_file(edition))
    assert code == 65
    assert "no source knows this form; columns found: a, b" in err
    assert "MADE-UP DATA" in out


def test_check_writes_a_card_that_a_run_compares(tmp_path, capsys):
    root = make_project(tmp_path, cities=("Turku",), cells=60, years=(2022,))
    card = root / "data" / "raw" / "sample" / "source.toml"
    text = card.read_text(encoding="utf-8")
    card.unlink()
    code, out, _ = said(capsys, "check", "--write-card", sample_file(root, 2022))
    assert code == 0
    assert "source.toml" in out
    total = next(line for line in text.splitlines() if "sample_2022.csv" in line)
    assert total in card.read_text(encoding="utf-8")
    raw = root / "data" / "raw" / "sample" / "sample_2022.csv"
    raw.write_bytes(raw.read_bytes() + b"\n")
    _, out, _ = said(capsys, "check", raw)
    assert "notice: " in out
    assert "the file has changed since its card" in out


def test_cards_of_several_years_keep_their_years(tmp_path, capsys):
    root = make_project(tmp_path, cities=("Turku",), cells=60, years=(2022, 2023))
    (root / "data" / "raw" / "sample" / "source.toml").unlink()
    for year in (2022, 2023):
        assert said(capsys, "check", "--write-card", sample_file(root, year))[0] == 0
    for year in (2022, 2023):
        _, out, _ = said(capsys, "check", sample_file(root, year))
        assert f"reference dates *: {year}-12-31" in out


@pytest.mark.parametrize("what", ["indices", "groups", "cities", "sources", "rules"])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_list_speaks_three_languages(capsys, what, lang):
    code, out, _ = said(capsys, "list", what, "--lang", lang)
    assert code == 0
    assert len(out.splitlines()) >= 5
    expected = {
        ("indices", "fi"): "erilaisuusindeksi",
        ("groups", "sv"): "arbetslösa",
        ("cities", "sv"): "Helsingfors",
        ("sources", "fi"): "Lähde: ",
        ("rules", "fi"): "Ulkomainen käytäntö (teksti vuodelta 2024): ei sovelleta Suomen alueisiin.",
        ("rules", "sv"): "andel av 18–64-åringar utan anknytning till arbetsmarknaden eller utbildning: över 40\xa0%",
        ("rules", "en"): "3 × the national mean or more, mean of 2 years (the source's text was read)",
    }
    assert expected.get((what, lang), "") in out


def test_list_cities_gives_the_centres_in_the_form_that_centre_takes(edition, capsys):
    _, out, _ = said(capsys, "list", "cities")
    lines = {line.split()[1]: line.split("EPSG:3067: ")[1] for line in out.splitlines()}
    assert lines["Turku"] == "Kauppatori 239740,6711090"
    assert lines["Vantaa"] == "Tikkurila 391880,6685590; Myyrmäki 381300,6682450"
    words = (
        "table",
        sample_file(edition),
        "--city",
        "Turku",
        "--group",
        "rented",
        "--index",
        "absolute_centralization",
    )
    own, given = (
        pd.read_csv(io.StringIO(said(capsys, *words, *more)[1]))
        for more in ((), ("--centre", f"Turku={lines['Turku'].split()[1]}"))
    )
    assert own["value"].tolist() == given["value"].tolist()


def test_list_sources_prints_one_language(capsys):
    _, out, _ = said(capsys, "list", "sources", "--lang", "fi")
    assert "Lähde: Tilastokeskus, Paavo – avoin postinumeroalueittainen tieto; CC BY 4.0" in out
    assert "open data" not in out and "Population grid of" not in out


def test_list_indices_tells_all_of_one_in_every_form(capsys):
    code, out, _ = said(capsys, "list", "indices", "--index", "gini", "--lang", "fi")
    assert code == 0 and out.startswith("Gini-segregaatioindeksi (G)\n") and "isolation" not in out
    _, out, _ = said(capsys, "list", "indices", "--long")
    assert out.count("When not to use it") == len(REGISTRY)
    _, out, _ = said(capsys, "list", "indices", "--json", "--index", "gini", "--index", "gorard")
    assert [entry["symbol"] for entry in json.loads(out)] == ["G", "GS"]
    _, out, _ = said(capsys, "list", "indices", "--markdown", "--lang", "sv")
    assert out.startswith("# Segregationsindex\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["indices", "--index", "isolaton"], "did you mean isolation?"),
        (["cities", "--index", "gini"], "are for indices alone"),
        (["groups", "--json"], "are for indices alone"),
        (["indices", "--markdown", "--index", "gini"], "--index goes with --long or --json"),
    ],
)
def test_list_refuses_what_it_would_ignore(capsys, words, message):
    code, out, err = said(capsys, "list", *words)
    assert (code, out) == (2, "") and message in err


def test_which_edition_is_asked_for(tmp_path, capsys):
    code, _, err = said(capsys, "run", "--root", tmp_path)
    assert code == 2
    assert "which edition?" in err


def test_run_says_that_nothing_had_changed(edition, capsys):
    code, out, _ = said(capsys, "run", "--root", edition, "--workers", "1")
    assert code == 0
    assert "small: nothing had changed" in out
    assert "reports/small/index.html" in out
    code, out, _ = said(capsys, "run", "--root", edition, "--workers", "1", "--json")
    assert json.loads(out)["tasks_done"] == 0


def test_a_second_run_at_once_exits_75(edition, capsys):
    with locked(edition / "data" / "processed" / "small" / ".lock"):
        code, _, err = said(capsys, "run", "--root", edition)
    assert code == 75
    assert "another run" in err


def test_sample_writes_made_up_data(tmp_path, capsys, monkeypatch):
    from segindex.sources import sample

    monkeypatch.setattr(sample, "write_sample", lambda place, **options: [place, options])
    code, out, _ = said(capsys, "sample", "--root", tmp_path, "--hide-below", "20", "--hide-by", "group")
    assert code == 0
    assert "made-up data" in out


def test_figure_writes_the_bytes_of_the_run(edition, tmp_path, capsys):
    asked = ("--group", "low_income", "--city", "turku", "-o", tmp_path)
    code, out, _ = said(capsys, "figure", "clusters", "--root", edition, *asked)
    names = [Path(line).relative_to(tmp_path) for line in out.splitlines()]
    assert code == 0 and {name.suffix for name in names} == {".svg", ".png", ".txt", ".csv"}
    for name in names:
        run = edition / "reports" / "small" / "figures" / name
        assert not run.is_file() or run.read_bytes() == (tmp_path / name).read_bytes(), name
    assert sum((edition / "reports" / "small" / "figures" / name).is_file() for name in names) == 3


def test_figure_lists_what_there_is_and_says_what_there_is_not(edition, tmp_path, capsys):
    code, out, _ = said(capsys, "figure", "--root", edition)
    assert code == 0 and "ranking_dissimilarity_low_income" in out and "clusters_low_income_turku" in out
    code, _, err = said(capsys, "figure", "trend", "--root", edition)
    assert code == 2 and "did you mean trends? Kinds are" in err
    code, _, err = said(capsys, "figure", "trends", "--root", edition, "--year", "2023")
    assert code == 2 and "say with -o" in err
    code, out, _ = said(
        capsys, "figure", "ranking", "--root", edition, "--year", "2023", "--lang", "en", "-o", tmp_path
    )
    assert code == 0
    words = (tmp_path / "en" / "ranking_dissimilarity_low_income.txt").read_text(encoding="utf-8")
    assert "Year 2023" in words and "31 December 2023" in words and "2024" not in words


def test_list_figures_names_kinds_and_what_they_take(capsys):
    code, out, _ = said(capsys, "list", "figures")
    assert code == 0
    assert "clusters      --group --city" in out and "city_trends   --city" in out


def test_the_version_is_shown(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"segindex {segindex.__version__}\n"
