"""The command line: one verb a step. A verb parses and prints; the work is a function elsewhere."""

import argparse
import contextlib
import json
import os
import signal
import sys

from segindex import cli_fetch, cli_funding, cli_server

OK, FAILED, USAGE, BAD_DATA, LOCKED, INTERRUPTED, TERMINATED = 0, 1, 2, 65, 75, 130, 143


def main(argv=None):
    """Run a command; returns its exit code."""
    args = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _terminated)
    from segindex.errors import BadData, BadSettings, Locked

    try:
        code = args.verb(args)
        sys.stdout.flush()
        return code
    except (BadSettings, BadData, Locked) as error:
        return _complain(error, code_of(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        return _complain(f"failed: {error}", FAILED)
    except KeyboardInterrupt:
        return _complain("interrupted; what was finished is kept, and the next run goes on from there", INTERRUPTED)


def show_run(args):
    """Do the steps of an edition and say where its page is."""
    from segindex import outcome
    from segindex.edition import latest
    from segindex.errors import BadSettings
    from segindex.pipeline import run

    if args.summary:
        outcome.check_ending(args.summary)
    if args.latest and args.edition:
        raise BadSettings(f"name an edition ({args.edition}) or say --latest, not both")
    edition = args.edition
    try:
        edition = latest(args.root) if args.latest else edition
        summary = run(
            args.root,
            edition,
            steps=args.steps,
            workers=args.workers,
            accept=args.accept_changed or (),
            dry=args.dry_run,
            scheduler=args.scheduler,
        )
    except BaseException as error:
        if args.summary:
            said = outcome.outcome(code_of(error), edition or "", error=str(error))
            with contextlib.suppress(OSError):
                outcome.write(args.summary, said, args.lang)
        raise
    if args.summary:
        outcome.write(args.summary, outcome.outcome(OK, summary["edition"], summary), args.lang)
    if args.json:
        print(json.dumps(summary, ensure_ascii=False, sort_keys=True))
        return OK
    return _say_done(summary, args.dry_run)


def code_of(error):
    """The exit code that an error ends the program with."""
    from segindex.errors import BadData, BadSettings, Locked

    kinds = ((BadSettings, USAGE), (BadData, BAD_DATA), (Locked, LOCKED), (KeyboardInterrupt, INTERRUPTED))
    if isinstance(error, SystemExit):
        return error.code
    return next((code for kind, code in kinds if isinstance(error, kind)), FAILED)


def _say_done(summary, dry):
    from segindex.changed import in_short

    if not summary["tasks_done"] and not any(summary["changed"]["files"].values()):
        print(f"{summary['edition']}: nothing had changed")
    else:
        print(
            f"{summary['edition']}: {summary['tasks_done']} tasks done, {summary['tasks_skipped']} had not changed; "
            f"{summary['files_changed']} files written in {summary['seconds']} s"
        )
        for line in in_short(summary):
            print(line)
        if dry:
            print("nothing was moved: the edition stands as it did; run again without --dry-run to have it so")
            return OK
        print(f"all that changed, file by file: {summary['pages']}/run.json")
    print(f"tables: {summary['tables']}")
    if summary["page"]:
        print(f"page:   {summary['page']}")
    return OK


def show_table(args):
    """Print an index table straight from files, or write it."""
    from segindex import store, tabulate
    from segindex.ingest import read

    if args.output:
        store.check_ending(args.output)
    panels = read(
        args.file,
        source=args.source,
        city=args.city,
        year=args.year,
        group=[*args.group, *(one for one in args.reference or () if one not in (*args.group, "rest"))]
        if args.group
        else None,
        release=args.release,
        municipalities=args.municipalities,
        polygons=args.polygons,
        defined=_defined(args),
    )
    table = tabulate.compute(
        panels,
        args.index,
        args.group,
        reference=args.reference or "rest",
        scale_m=args.scale_m or (),
        k=args.k or (),
        centres=_centres(args),
        same_mask=args.same_mask,
        worth=tabulate.Worth(draws=args.draws, seed=args.seed, cluster_size=args.cluster_size) if args.worth else None,
    )
    for notice in dict.fromkeys(notice for panel in panels for notice in panel.notices):
        print(f"note: {notice}", file=sys.stderr)
    if args.output:
        store.write_bytes(args.output, store.table_bytes(table, args.output))
        return OK
    sys.stdout.write(store.as_csv(table).decode("utf-8"))
    return OK


def show_figure(args):
    """Make figures of an edition again from its tables, or list those that it has."""
    from segindex.errors import BadSettings
    from segindex.pipeline import figures

    if args.year is not None and args.output is None:
        raise BadSettings("--year gives figures of the same names as the edition's; say with -o where they are to go")
    found = figures(
        args.root,
        args.edition,
        args.name,
        city=args.city,
        group=args.group,
        languages=args.lang or (),
        year=args.year,
        dpi=args.dpi,
        out=args.output or "figures",
    )
    if args.name is None:
        for one in found:
            told = f"cannot be drawn: {one.why}" if one.why else ""
            print(f"{one.kind:14}{one.group or '-':20}{one.city or '-':14}{told or one.name}")
        return OK
    print("\n".join(str(path) for path in found))
    return OK


def show_check(args):
    """Say what files are; 65 when one is not what a producer delivers."""
    from segindex.check import describe, lines
    from segindex.errors import BadData

    code, told = OK, []
    for path in args.file:
        try:
            found = describe(
                path,
                source=args.source,
                release=args.release,
                municipalities=args.municipalities,
                polygons=args.polygons,
                defined=_defined(args),
            )
        except BadData as error:
            code = _complain(error, BAD_DATA)
            continue
        told += found
        if not args.json:
            print("\n".join(line for one in found for line in lines(one)))
        if args.write_card:
            _write_card(path, found)
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return code


def show_list(args):
    """Print what there is: indices, groups, cities, sources, what can be fetched, figures, rules for lists of areas."""
    from segindex import facts

    if args.what == "indices":
        sys.stdout.write(_indices(args))
    elif args.index or args.form != "table":
        from segindex.errors import BadSettings

        raise BadSettings(f"list {args.what}: --index, --long, --json and --markdown are for indices alone")
    elif args.what == "rules":
        from segindex import catalogue
        from segindex.rules import read_rules, shipped

        print("\n".join(catalogue.of_rules(read_rules(key), args.lang) for key in shipped()), end="")
    elif args.what == "products":
        from segindex.fetch.products import listed

        print("\n".join(listed()))
    elif args.what == "figures":
        from segindex.report import KINDS

        for kind, (takes, words) in KINDS.items():
            print(f"{kind:14}{takes:18}{words}")
    elif args.what == "groups":
        for group in facts.groups().values():
            columns = " or ".join(f"({one.count}) / ({one.base})" for one in group.definitions)
            print(f"{group.key:18}{group.classification:15}{group.names.in_(args.lang):52}{columns}")
    elif args.what == "cities":
        for city in facts.cities().values():
            centres = "; ".join(f"{centre.name} {centre.x:.0f},{centre.y:.0f}" for centre in city.centres)
            print(f"{city.code}  {city.key:12}{city.names.in_(args.lang):14}EPSG:3067: {centres}")
    else:
        from segindex.sources import card

        for source in facts.SOURCES:
            found = card.shipped(source)
            print(f"{source:14}{found.source_line.in_(args.lang)}; {found.licence}")
    return OK


def show_sample(args):
    """Write the made-up delivery to data/raw/sample."""
    from pathlib import Path

    from segindex.sources.sample import write_sample

    place = Path(args.root) / "data" / "raw" / "sample"
    options = {"seed": args.seed} if args.seed is not None else {}
    written = write_sample(place, hide_below=args.hide_below, hide_by=args.hide_by, **options)
    print(f"{len(written)} files of made-up data in {place}")
    return OK


def _indices(args):
    from segindex import catalogue

    if args.form == "markdown":
        if args.index:
            from segindex.errors import BadSettings

            raise BadSettings("--markdown gives the whole catalogue; --index goes with --long or --json")
        return catalogue.markdown(args.lang)
    entries = catalogue.chosen(args.index)
    if args.form == "json":
        return catalogue.as_json(entries)
    if args.form == "long" or args.index:
        return "\n".join(catalogue.details(index, args.lang) for index in entries)
    return catalogue.table(entries, args.lang)


def _write_card(path, told):
    from segindex import store
    from segindex.sources import card

    own = card.beside(path, told[0]["source"])
    dates = own.dates | {one["release"]: one["dates"] for one in told if one["release"]}
    print(f"  card: {store.write_bytes(*card.renewed(path, own, dates))}")


def _defined(args):
    from segindex.errors import BadSettings
    from segindex.facts import define

    result = []
    for text in args.define or ():
        key, equals, columns = text.partition("=")
        count, slash, base = columns.partition("/")
        if not equals or not slash:
            raise BadSettings(
                f"--define {text!r}: allowed is KEY=COLUMNS/BASE, for example foreign_language=k_muu/v_yht"
            )
        result.append(define(key.strip(), count.strip(), base.strip()))
    return tuple(result)


def _centres(args):
    from segindex.errors import BadSettings
    from segindex.facts import EAST, NORTH, Centre, city_named

    centres = {}
    for text in args.centre or ():
        city, _, place = text.partition("=")
        x, _, y = place.partition(",")
        try:
            centre = Centre("", float(x), float(y))
        except ValueError as error:
            raise BadSettings(f"--centre {text!r}: allowed is CITY=X,Y in metres, EPSG:3067") from error
        if not (EAST[0] <= centre.x <= EAST[1] and NORTH[0] <= centre.y <= NORTH[1]):
            raise BadSettings(f"--centre {text!r} lies outside Finland; allowed are metres in EPSG:3067, x before y")
        centres[city_named(city)] = (*centres.get(city_named(city), ()), centre)
    return centres


def _complain(error, code):
    print(f"segindex: {error}", file=sys.stderr)
    return code


def _terminated(_signal, _frame):
    raise SystemExit(TERMINATED)


class _Version(argparse.Action):
    """Shows the version, which is asked of the installation only then."""

    def __call__(self, parser, *_):
        from segindex.provenance import version

        print(f"segindex {version()}")
        parser.exit()


def _parser():
    parser = argparse.ArgumentParser(
        prog="segindex",
        description="Residential segregation in Finland's cities: indices with what each number is worth.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong call or settings, 65 bad data, 75 another run is at work, "
        "143 terminated.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    for name, steps, words in (
        ("run", ("ingest", "compute", "report"), "do a whole edition: ingest, compute, report"),
        ("ingest", ("ingest",), "read and judge the raw files of an edition"),
        ("compute", ("compute",), "compute an edition's tables"),
        ("report", ("report",), "make an edition's pages and figures"),
    ):
        verb = verbs.add_parser(name, help=words, description=words)
        verb.add_argument("edition", nargs="?", help="folder in reports/ with run.toml; the only one if left out")
        verb.add_argument("--latest", action="store_true", help="the edition of the latest year, by its name")
        verb.add_argument("--summary", metavar="FILE", help="write what the run came to, a failure too: .txt or .json")
        verb.add_argument("--lang", choices=("fi", "sv", "en"), default="en", help="of --summary as text")
        verb.add_argument("--accept-changed", action="append", metavar="FILE", help="a file that may differ")
        verb.add_argument("--workers", type=int, help="processes; as many as cores if left out")
        verb.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler, tcp://…, whose workers do the work")
        verb.add_argument("--json", action="store_true", help="print the summary as JSON")
        verb.add_argument("--dry-run", action="store_true", help="do the work and say what would change, move nothing")
        verb.add_argument("--root", default=".", help="the project's folder")
        verb.set_defaults(verb=show_run, steps=steps)
    table = verbs.add_parser("table", help="an index table straight from files", description=show_table.__doc__)
    _file_arguments(table)
    for name, kind, words in (
        ("city", str, "a city"),
        ("year", int, "a statistical year"),
        ("group", str, "a group"),
        ("index", str, "an index"),
        ("scale-m", float, "a radius of local environments in metres"),
        ("k", float, "a number of nearest residents"),
        ("reference", str, "a group to set others against, or rest, which is meant if left out"),
    ):
        left_out = "" if name == "reference" else "; all if left out"
        table.add_argument(f"--{name}", action="append", type=kind, help=f"{words}; repeats{left_out}")
    table.add_argument("--centre", action="append", metavar="CITY=X,Y", help="a centre in EPSG:3067; repeats")
    table.add_argument("--same-mask", action="store_true", help="leave a cell hidden in one year out of all years")
    table.add_argument("--worth", action="store_true", help="fill the columns that need draws: p_null, low, high, ...")
    table.add_argument("--draws", type=int, default=99, help="cities by chance for --worth; 99 if left out")
    table.add_argument("--seed", type=int, default=1, help="of the draws; 1 if left out")
    table.add_argument("--cluster-size", type=float, default=1.0, help="persons who choose their cell as one; 1")
    table.add_argument("-o", "--output", metavar="FILE", help="write .csv, .xlsx or .parquet instead of printing csv")
    table.set_defaults(verb=show_table)
    figure = verbs.add_parser("figure", help="figures of an edition on their own", description=show_figure.__doc__)
    figure.add_argument("name", nargs="?", help="a kind (segindex list figures) or a figure's name; left out, a list")
    figure.add_argument("--city", help="of which city; all if left out")
    figure.add_argument("--group", help="of which group; all if left out")
    figure.add_argument("--lang", action="append", help="fi, sv or en; repeats; those of the edition if left out")
    figure.add_argument("--year", type=int, help="as if the edition ended with this statistical year")
    figure.add_argument("--dpi", type=float, help="dots an inch of the PNG; 300 if left out")
    figure.add_argument("--edition", help="folder in reports/ with run.toml; the only one if left out")
    figure.add_argument("--root", default=".", help="the project's folder")
    figure.add_argument("-o", "--output", metavar="DIR", help="folder of the files; figures/ if left out")
    figure.set_defaults(verb=show_figure)
    check = verbs.add_parser("check", help="say what files are", description=show_check.__doc__)
    _file_arguments(check)
    check.add_argument("--write-card", action="store_true", help="write or renew source.toml beside the file")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(verb=show_check)
    listing = verbs.add_parser(
        "list", help="indices, groups, cities, sources, products, figures or rules", description=show_list.__doc__
    )
    listing.add_argument("what", choices=("indices", "groups", "cities", "sources", "products", "figures", "rules"))
    listing.add_argument("--index", action="append", metavar="KEY", help="all that is known of an index; repeats")
    listing.add_argument("--lang", choices=("fi", "sv", "en"), default="en")
    form = listing.add_mutually_exclusive_group()
    for name, words in (
        ("long", "all that is known of every index"),
        ("json", "indices as JSON, in all languages"),
        ("markdown", "the whole catalogue of indices, as in docs/"),
    ):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, default="table", help=words)
    listing.set_defaults(verb=show_list)
    cli_fetch.add_verb(verbs)
    cli_funding.add_verbs(verbs)
    cli_server.add_verbs(verbs)
    sample = verbs.add_parser("sample", help="write made-up data to data/raw/sample", description=show_sample.__doc__)
    sample.add_argument("--hide-below", type=int, default=10, metavar="N", help="base under which values are hidden")
    sample.add_argument("--hide-by", choices=("base", "group"), default="base", help="what hiding depends on")
    sample.add_argument("--seed", type=int)
    sample.add_argument("--root", default=".", help="the project's folder")
    sample.set_defaults(verb=show_sample)
    return parser


def _file_arguments(verb):
    verb.add_argument("file", nargs="+", help="csv, csv.gz, Parquet, shapefile (zipped too), GeoPackage, GeoJSON")
    verb.add_argument("--source", help="paavo, hsy, ykr, statfin_grid or sample; found from the file if left out")
    verb.add_argument("--release", type=int, metavar="YEAR", help="release (Paavo) or year (HSY), if the file has none")
    verb.add_argument(
        "--municipalities",
        metavar="FILE",
        help="municipality polygons, or the link of 250 m cells; Paavo: key of postal codes",
    )
    verb.add_argument("--polygons", metavar="FILE", help="Paavo: polygons of the postal areas")
    verb.add_argument("--define", action="append", metavar="KEY=COLUMNS/BASE", help="a group of your own; repeats")


if __name__ == "__main__":
    sys.exit(main())
