"""The files of a schedule: what they hold, that the system's own checkers take them, and what is refused."""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from segindex.errors import BadSettings
from segindex.schedule import as_bytes, files

NAMES = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there")
def test_systemd_takes_the_unit_and_the_timer(tmp_path):
    found = files("systemd", tmp_path, user="root", month=2, at="4:05")
    for name, text in found.items():
        (tmp_path / name).write_bytes(as_bytes(name, text))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in found)], capture_output=True, text=True
    )
    assert done.returncode == 0 and str(tmp_path) not in done.stderr, done.stderr
    assert "OnCalendar=*-02-15 04:05:00" in found["segindex.timer"]


def test_the_command_is_one_that_the_program_takes(tmp_path):
    (line,) = [
        line for line in files("systemd", tmp_path, user="x")["segindex.service"].splitlines() if "ExecStart" in line
    ]
    program, *arguments = line.removeprefix("ExecStart=").split()
    assert program == f'"{sys.executable}"' and arguments[:2] == ["-m", "segindex.cli"]
    done = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and "which edition?" in done.stderr, done.stderr


def test_cron_has_one_line_of_five_times_and_a_user(tmp_path):
    text = files("cron", tmp_path, user="segindex", day=3, at="23:59")["segindex.cron"]
    line = text.splitlines()[-1]
    assert line.split()[:6] == ["59", "23", "3", "*", "*", "segindex"] and f'cd "{tmp_path}" && ' in line
    assert text.endswith("\n") and "every month" in text


def test_windows_file_is_xml_in_its_own_encoding(tmp_path):
    text = files("windows", tmp_path, user="DOMAIN\\segindex & co", month=12)["segindex.xml"]
    tree = ET.fromstring(as_bytes("segindex.xml", text))
    assert tree.find(".//t:UserId", NAMES).text == "DOMAIN\\segindex & co"
    assert [one.tag.rpartition("}")[2] for one in tree.find(".//t:Months", NAMES)] == ["December"]
    assert tree.find(".//t:WorkingDirectory", NAMES).text == str(tmp_path)
    every = ET.fromstring(as_bytes("segindex.xml", files("windows", tmp_path, user="x")["segindex.xml"]))
    assert len(every.find(".//t:Months", NAMES)) == 12


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "at"}, "schedule 'at' is unknown; allowed are systemd, cron, windows"),
        ({"day": 31}, "--day 31: allowed is 1 to 28"),
        ({"month": 13}, "--month 13: allowed is 1 to 12"),
        ({"at": "24:00"}, "--at '24:00': allowed is a time of day"),
        ({"at": "3"}, "--at '3': allowed is a time of day"),
        ({"user": ""}, "user '': a schedule takes no empty text"),
        ({"user": "a\nb"}, "a schedule takes no empty text, quotes"),
        ({"program": 'py"thon'}, "program .*: a schedule takes no empty text, quotes"),
    ],
)
def test_what_no_schedule_can_hold_is_refused(tmp_path, wrong, message):
    with pytest.raises(BadSettings, match=message):
        files(**{"kind": "systemd", "root": tmp_path, "user": "x"} | wrong)
