"""The verb `fetch`: open data from their producers' services into data/raw."""

import json
import sys

OK = 0


def add_verb(verbs):
    """Add `segindex fetch` to the parser's subparsers."""
    fetch = verbs.add_parser(
        "fetch", help="open data from their producers into data/raw", description=show_fetch.__doc__
    )
    fetch.add_argument("source", metavar="SOURCE", help="what to fetch (segindex list products)")
    fetch.add_argument(
        "--year", action="append", type=int, required=True, help="of the release or the statistics; repeats"
    )
    fetch.add_argument("--lang", default="fi", help="of the labels of a PxWeb table: fi or en; fi if left out")
    fetch.add_argument("--revise", action="store_true", help="put changed data in the place of a file that stands")
    fetch.add_argument("--dry-run", action="store_true", help="print the requests, send none")
    fetch.add_argument("--json", action="store_true", help="print the summary as JSON")
    fetch.add_argument("--root", default=".", help="the project's folder")
    fetch.set_defaults(verb=show_fetch)


def show_fetch(args):
    """Fetch a source's open data, checked against its count and columns; a file that stands is never overwritten."""
    from segindex.fetch import fetch, planned

    years = list(dict.fromkeys(args.year))
    if args.dry_run:
        requests = planned(args.root, args.source, years, language=args.lang)
        print("\n".join(line for request in requests for line in request.lines()))
        return OK
    found = fetch(args.root, args.source, years, language=args.lang, revise=args.revise)
    for note in dict.fromkeys(note for one in found for note in one["notes"]):
        print(f"note: {note}", file=sys.stderr)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, sort_keys=True))
        return OK
    for one in found:
        print(_told(one))
    return OK


def _told(one):
    if one["how"] == "unchanged":
        return f"{one['file']}: nothing had changed ({one['rows']} rows)"
    revised = f"; revised: {one['differ']}" if one["how"] == "revised" else ""
    return f"{one['file']}: {one['rows']} rows, {one['requests']} requests, sha256 {one['sha256']}{revised}"
