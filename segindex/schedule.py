"""Files that have a server run an edition by itself: of systemd, cron and Windows' Task Scheduler."""

import sys
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from segindex.errors import BadSettings

SUMMARY = "data/processed/summary.txt"
"""Where a scheduled run leaves what it came to, from the project's folder."""

SERVICE = Template("""\
[Unit]
Description=segindex: the latest edition of the situational picture of segregation
After=network.target

[Service]
Type=oneshot
User=$user
WorkingDirectory=$root
ExecStart=$command
# 75: another run is at work.
SuccessExitStatus=75
TimeoutStartSec=infinity
Nice=10
UMask=0027
NoNewPrivileges=yes
PrivateTmp=yes
PrivateNetwork=yes
CacheDirectory=segindex
Environment=XDG_CACHE_HOME=/var/cache/segindex MPLCONFIGDIR=/var/cache/segindex
ProtectHome=read-only
ProtectSystem=strict
ReadWritePaths="$root"
""")

TIMER = Template("""\
[Unit]
Description=segindex: when the latest edition is run

[Timer]
OnCalendar=*-$month-$day $time:00
Persistent=true
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
""")

CRON = Template("""\
# segindex: the latest edition, at $time on day $day of $said. Copy to /etc/cron.d/segindex.
SHELL=/bin/sh
$minute $hour $day_of_month $month_or_star * $user cd $quoted_root && $command
""")

WINDOWS = Template("""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>segindex: the latest edition of the situational picture of segregation</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>$start</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByMonth>
        <DaysOfMonth><Day>$day_of_month</Day></DaysOfMonth>
        <Months>$months</Months>
      </ScheduleByMonth>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>$user</UserId>
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>$program</Command>
      <Arguments>$arguments</Arguments>
      <WorkingDirectory>$root</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
""")

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
KINDS = ("systemd", "cron", "windows")


def files(kind, root, *, user, month=None, day=15, at="03:00", program=sys.executable):
    """The files of a schedule.

    Parameters
    ----------
    kind : {"systemd", "cron", "windows"}
    root : path
        The project's folder; it is written out in full.
    user : str
        Whose rights the runs have.
    month : int, optional
        Of the year; every month if left out.
    day : int
        Of the month, 1 to 28, so that every month has it.
    at : str
        The time of day, "HH:MM".
    program : path
        The Python that segindex is installed for.

    Returns
    -------
    dict of str to str
        Texts by file name. Runs of one edition exclude each other, and a run that was missed is caught up by systemd
        and Windows.

    Raises
    ------
    BadSettings
        A word, day or time that is not allowed.

    Examples
    --------
    >>> sorted(files("systemd", "/srv/segindex", user="segindex", month=2))
    ['segindex.service', 'segindex.timer']
    """
    hour, minute = _time(at)
    if kind not in KINDS:
        raise BadSettings(f"schedule {kind!r} is unknown; allowed are {', '.join(KINDS)}")
    if month is not None and not 1 <= month <= 12:
        raise BadSettings(f"--month {month}: allowed is 1 to 12")
    if not 1 <= day <= 28:
        raise BadSettings(f"--day {day}: allowed is 1 to 28, which every month has")
    root = Path(root).resolve()
    for what, given in (("root", str(root)), ("user", user), ("program", str(program))):
        if not given or any(sign in given for sign in "\"'%\n$\\" if (kind, sign) != ("windows", "\\")):
            raise BadSettings(f"{what} {given!r}: a schedule takes no empty text, quotes, %, $, \\ or line breaks")
    arguments = f"-m segindex.cli run --latest --json --summary {SUMMARY}"
    given = {
        "root": str(root),
        "user": user,
        "program": str(program),
        "arguments": arguments,
        "month": "*" if month is None else f"{month:02}",
        "month_or_star": "*" if month is None else str(month),
        "said": "every month" if month is None else MONTHS[month - 1],
        "day": f"{day:02}",
        "day_of_month": str(day),
        "time": f"{hour:02}:{minute:02}",
        "hour": str(hour),
        "minute": str(minute),
    }
    if kind == "windows":
        months = MONTHS if month is None else (MONTHS[month - 1],)
        start = f"2027-01-{day:02}T{hour:02}:{minute:02}:00"
        own = {name: escape(value) for name, value in given.items()}
        return {"segindex.xml": WINDOWS.substitute(own, start=start, months="".join(f"<{one}/>" for one in months))}
    if kind == "cron":
        quoted = given | {"quoted_root": f'"{root}"', "command": f'"{program}" {arguments}'}
        return {"segindex.cron": CRON.substitute(quoted)}
    command = f'"{program}" {arguments}'
    return {
        "segindex.service": SERVICE.substitute(given, command=command),
        "segindex.timer": TIMER.substitute(given),
    }


def _time(at):
    hour, colon, minute = at.partition(":")
    digits = hour.isdigit() and minute.isdigit() and len(minute) == 2
    if not colon or not digits or int(hour) > 23 or int(minute) > 59:
        raise BadSettings(f"--at {at!r}: allowed is a time of day, 00:00 to 23:59")
    return int(hour), int(minute)


def as_bytes(name, text):
    """A file's bytes: Windows' in the encoding that it declares, the others in UTF-8."""
    return text.replace("\n", "\r\n").encode("utf-16") if name.endswith(".xml") else text.encode("utf-8")
