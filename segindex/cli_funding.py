"""The verbs of the funding mapping: its form to be filled in, the check of a filled one, and sums from it."""

from pathlib import Path

OK = 0
FACTS = "facts"
"""The word that stands for the register that comes with segindex, in place of a file."""


def add_verbs(verbs):
    """Add `segindex funding` with its verbs to the parser's subparsers."""
    words = "the register of funding: a workbook to fill in, its check, sums"
    funding = verbs.add_parser("funding", help=words, description=words)
    funding_verbs = funding.add_subparsers(title="verbs", required=True, metavar="VERB")
    template = funding_verbs.add_parser(
        "template", help="write the workbook, with what is known", description=show_template.__doc__
    )
    template.add_argument("-o", "--output", metavar="FILE", default="funding.xlsx", help="funding.xlsx if left out")
    template.add_argument(
        "--lang", choices=("fi", "sv", "en"), default="fi", help="of titles and notes; fi if left out"
    )
    template.add_argument("--empty", action="store_true", help="the form alone, without the known channels")
    template.add_argument("--force", action="store_true", help="write over a file that is there")
    template.set_defaults(verb=show_template)
    check = funding_verbs.add_parser(
        "check", help="say what a filled workbook holds, or every fault in it", description=show_check.__doc__
    )
    _file_argument(check)
    check.set_defaults(verb=show_check)
    total = funding_verbs.add_parser(
        "total", help="add channels of one kind that lie apart", description=show_total.__doc__
    )
    _file_argument(total)
    total.add_argument("--channel", action="append", required=True, metavar="ID", help="a channel's id; repeats")
    total.set_defaults(verb=show_total)


def show_template(args):
    """Write the register's workbook with drop-downs, notes and the channels that are known."""
    from segindex.errors import BadSettings
    from segindex.funding import as_workbook, empty, facts
    from segindex.store import write_bytes

    path = Path(args.output)
    if path.suffix != ".xlsx":
        raise BadSettings(f"{path}: the workbook's name ends in .xlsx")
    if path.exists() and not args.force:
        raise BadSettings(f"{path} is there already; --force writes over it and over what was filled in")
    register = empty() if args.empty else facts()
    print(f"{len(register.channels)} channels in {write_bytes(path, as_workbook(register, args.lang))}")
    return OK


def show_check(args):
    """Say what a register holds and what is still to be done; 65 with every fault when it holds one."""
    from segindex.funding.telling import told

    print("\n".join(told(_register(args.file))))
    return OK


def show_total(args):
    """Add the amounts of channels, or say why they cannot be added."""
    from segindex.funding import total
    from segindex.funding.telling import of_total

    print(of_total(total(_register(args.file), args.channel)))
    return OK


def _register(file):
    from segindex.funding import facts, read_register

    return facts() if file == FACTS else read_register(file)


def _file_argument(verb):
    words = f"a workbook (.xlsx), a folder of csv files or a csv of channels; {FACTS!r}: what comes with segindex"
    verb.add_argument("file", metavar="FILE", help=words)
