"""The verbs of the funding mapping: what is printed, and with which exit code."""

import openpyxl
import pytest
from funding.made_register import register

from segindex import cli
from segindex.funding import as_workbook, empty, facts, read_register


def said(capsys, *argv):
    code = cli.main(["funding", *map(str, argv)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(("options", "rows"), [((), 64), (("--empty",), 0), (("--lang", "sv"), 64)])
def test_template_writes_the_workbook(tmp_path, capsys, options, rows):
    target = tmp_path / "f.xlsx"
    code, out, _ = said(capsys, "template", "-o", target, *options)
    assert (code, out) == (0, f"{rows} channels in {target}\n")
    made = empty() if rows == 0 else facts()
    assert target.read_bytes() == as_workbook(made, "sv" if "sv" in options else "fi")


def test_template_keeps_what_was_filled_in(tmp_path, capsys):
    target = tmp_path / "f.xlsx"
    target.write_bytes(b"filled in")
    code, _, err = said(capsys, "template", "-o", target)
    assert code == 2 and "--force" in err and target.read_bytes() == b"filled in"
    assert said(capsys, "template", "-o", target, "--force")[0] == 0
    assert len(read_register(target).channels) == 64
    assert said(capsys, "template", "-o", tmp_path / "f.csv")[0] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.xlsx"]


def test_check_tells_what_is_held_and_what_is_to_do(tmp_path, capsys):
    target = tmp_path / "f.xlsx"
    book = openpyxl.load_workbook(_saved(target, facts()))
    book["channels"]["L4"] = "renamed"
    book["channels"]["L5"] = "renamed"
    book.save(target)
    code, out, err = said(capsys, "check", target)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == f"{target}: 64 channels, 0 awards, 0 use, 0 measures"
    assert "put right: status 'renamed' to 'merged' (channels!L4, channels!L5)" in lines
    (line,) = [line for line in lines if line.startswith("to be known: source_date")]
    assert "channels!V4, channels!V5" in line and line.endswith("and 31 more)")
    assert "to do, city: placeholders to be mapped 8; rows of unknown status 1; rows without an amount 3" in lines
    (line,) = [line for line in lines if line.startswith("to do, eu")]
    assert "unsourced rows to be checked 9" in line
    assert "of kind call_budget: 66,100,000.00 euro, 100% of it on sourced rows (2 channels)" in lines
    assert lines[-1].endswith("FI-TASA-2020, FI-LAHIO-INV, FI-ANKKURI, EU-ESF-INCL, EU-JTF, LAH-HARR")


def test_check_says_made_up_data(tmp_path, capsys):
    lines = said(capsys, "check", _saved(tmp_path / "f.xlsx", register()))[1].splitlines()
    assert lines[1].startswith("made-up data")
    assert "of kind granted: 4,000,000.00 euro, 25% of it on sourced rows (2 channels)" in lines


def test_check_names_every_fault(tmp_path, capsys):
    target = _saved(tmp_path / "f.xlsx", facts())
    book = openpyxl.load_workbook(target)
    book["channels"]["E4"] = "nation"
    book["channels"]["S5"] = "FI-TASA-2020"
    book.save(target)
    code, out, err = said(capsys, "check", target)
    assert (code, out) == (65, "")
    assert "3 faults" in err and "channels!E4: level 'nation': did you mean national?" in err
    assert "channels!S5: parent_channel_id 'FI-TASA-2020': a channel cannot lie in itself" in err
    assert said(capsys, "check", tmp_path / "none.xlsx")[0] == 2


def test_total_adds_or_refuses(tmp_path, capsys):
    code, out, _ = said(capsys, "total", "facts", "--channel", "FI-TASA-2023-B", "--channel", "FI-TASA-2023-V")
    assert (code, out) == (0, "call_budget: 66,100,000.00 euro, 100% of it on sourced rows (2 channels)\n")
    target = _saved(tmp_path / "f.xlsx", facts())
    code, out, err = said(capsys, "total", target, "--channel", "FI-TASA-2020", "--channel", "FI-TASA-2020-22-ALL")
    assert (code, out) == (65, "")
    assert "FI-TASA-2020 (channels!S4) lies in FI-TASA-2020-22-ALL (channels!A5)" in err
    assert said(capsys, "total", "facts", "--channel", "EU-AMIF")[1] == "no amount is given (1 channel)\n"


def _saved(target, made):
    target.write_bytes(as_workbook(made, "fi"))
    return target
