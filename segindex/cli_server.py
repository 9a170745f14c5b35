"""The verbs of those who look after a server: the files of a schedule, and what differs between two editions."""

import getpass
import json
import sys
from pathlib import Path

OK = 0


def add_verbs(verbs):
    """Add `segindex schedule` and `segindex diff` to the parser's subparsers."""
    schedule = verbs.add_parser(
        "schedule", help="files for systemd, cron or Windows' Task Scheduler", description=show_schedule.__doc__
    )
    schedule.add_argument("kind", choices=("systemd", "cron", "windows"))
    schedule.add_argument("--user", help="whose rights the runs have; yours if left out")
    schedule.add_argument("--month", type=int, help="1 to 12; every month if left out")
    schedule.add_argument("--day", type=int, default=15, help="of the month, 1 to 28; 15 if left out")
    schedule.add_argument("--at", default="03:00", metavar="HH:MM", help="time of day; 03:00 if left out")
    schedule.add_argument("--program", default=sys.executable, help="the Python that runs; this one if left out")
    schedule.add_argument("--root", default=".", help="the project's folder")
    schedule.add_argument("-o", "--output", metavar="DIR", help="write the files there instead of printing them")
    schedule.set_defaults(verb=show_schedule)
    diff = verbs.add_parser(
        "diff", help="what differs between two editions, city by city", description=show_diff.__doc__
    )
    diff.add_argument("old", help="an edition, or the folder of its tables")
    diff.add_argument("new", help="as old; EDITION.next is what a dry run of it has made")
    diff.add_argument("--json", action="store_true", help="print the files and the number of differing rows as JSON")
    diff.add_argument("--root", default=".", help="the project's folder")
    diff.add_argument("-o", "--output", metavar="FILE", help="write every differing number: .csv, .xlsx or .parquet")
    diff.set_defaults(verb=show_diff)


def show_schedule(args):
    """Print or write the files that have a server run the latest edition by itself."""
    from segindex import schedule, store

    user = args.user or getpass.getuser()
    when = {"month": args.month, "day": args.day, "at": args.at}
    found = schedule.files(args.kind, args.root, user=user, program=args.program, **when)
    for name, text in found.items():
        if args.output:
            print(store.write_bytes(Path(args.output) / name, schedule.as_bytes(name, text)))
        else:
            print(f"# {name}\n{text}" if len(found) > 1 else text)
    return OK


def show_diff(args):
    """Say what differs between two editions: source files, coverage and every number, city by city."""
    from segindex import revision, store

    if args.output:
        store.check_ending(args.output)
    found = revision.diff(revision.place_of(args.root, args.old), revision.place_of(args.root, args.new))
    if args.output:
        store.write_bytes(args.output, store.table_bytes(found.rows, args.output))
    if args.json:
        rows = {city: int(number) for city, number in found.rows["city"].value_counts().sort_index().items()}
        print(json.dumps({"inputs": found.inputs, "rows": rows}, ensure_ascii=False, sort_keys=True))
    else:
        print("\n".join(revision.lines(found)))
    return OK
