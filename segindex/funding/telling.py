"""What a register holds, in lines for whoever fills it in."""

from segindex import wording
from segindex.funding.register import shortened
from segindex.funding.sums import outermost, totals
from segindex.funding.words import placeholders, words

MOST_CELLS = 5
"""Cells that a line names; of the others it says how many there are."""


def told(register):
    """What the register holds, what was put right in it, and what is still to be done.

    Parameters
    ----------
    register : Register

    Returns
    -------
    list of str
        A line each: rows of each sheet; values put right, alike ones together; warnings, alike ones together;
        placeholders and rows without a source by level; the share of the euro of each kind on sourced rows.
    """
    mark = ["made-up data: nobody gives or gets this money"] if register.made_up else []
    head = f"{register.file}: {register.held}"
    found = (_put_right(register), _warned(register), _to_do(register.channels), _euro(register))
    return [head, *mark, *(line for lines in found for line in lines)]


def of_total(total):
    """A sum in one line.

    >>> from segindex.funding.sums import Total
    >>> of_total(Total(1500000.5, "granted", 0.75, 3, 1))
    'granted: 1,500,000.50 euro, 75% of it on sourced rows (3 channels, 1 of them without an amount)'
    """
    lacking = f", {total.n_without_amount} of them without an amount" if total.n_without_amount else ""
    count = "1 channel" if total.n == 1 else f"{total.n} channels"
    if wording.missing(total.amount_eur):
        return f"no amount is given ({count})"
    share = "" if wording.missing(total.sourced_share) else f", {total.sourced_share:.0%} of it on sourced rows"
    return f"{total.amount_kind}: {total.amount_eur:,.2f} euro{share} ({count}{lacking})"


def _put_right(register):
    said = [(f"{one.column} {shortened(one.value)!r} to {shortened(one.word)!r}", one) for one in register.translated]
    return _together("put right", said)


def _warned(register):
    return _together("to be known", [(f"{one.column}: {one.told}", one) for one in register.warnings])


def _together(head, found):
    """Lines of alike findings, each with its first cells."""
    cells = {}
    for words_of_it, one in found:
        cells.setdefault(words_of_it, []).append(one.cell)
    return [f"{head}: {words_of_it} ({_some(where)})" for words_of_it, where in cells.items()]


def _some(where):
    more = f" and {len(where) - MOST_CELLS} more" if len(where) > MOST_CELLS else ""
    return ", ".join(where[:MOST_CELLS]) + more


def _to_do(channels):
    """Placeholders, rows without a source and rows with part of one, by level."""
    waiting = placeholders(channels)
    kinds = {
        "placeholders to be mapped": waiting,
        "unsourced rows to be checked": ~waiting & (channels["evidence"] == "unsourced"),
        "partly sourced rows to be checked": ~waiting & (channels["evidence"] == "partly"),
        "rows of unknown status": ~waiting & (channels["status"] == "check"),
        "rows without an amount": ~waiting & channels["amount_eur"].isna(),
    }
    lines = []
    for level in words("level"):
        there = channels["level"] == level
        counts = [f"{told_as} {int((there & rows).sum())}" for told_as, rows in kinds.items() if (there & rows).any()]
        if counts:
            lines.append(f"to do, {level}: {'; '.join(counts)}")
    return lines


def _euro(register):
    """The sum of each kind, and which channels are left out of it."""
    inside = register.channels.loc[~outermost(register.channels), "channel_id"]
    left_out = [f"left out of the sums, lying inside other channels: {', '.join(inside)}"] if len(inside) else []
    sums = [f"of kind {of_total(one)}" for one in totals(register)]
    return [*sums, *left_out]
