"""Sums of money that may be made: of one kind, and of no channel that lies in another that is counted too."""

import math
from dataclasses import dataclass

from segindex.errors import BadData, did_you_mean
from segindex.funding.relations import ancestors
from segindex.funding.words import EURO_KINDS


@dataclass(frozen=True)
class Total:
    """A sum of euro of one kind, and on what it rests.

    `amount_eur` is NaN where no channel has an amount; `sourced_share` is the share of the euro on rows whose evidence
    is "sourced" (0 to 1, NaN without euro); `n` counts the channels, `n_without_amount` those of them without one.
    """

    amount_eur: float
    amount_kind: str
    sourced_share: float
    n: int
    n_without_amount: int


def total(register, channel_ids):
    r"""The sum of these channels' amounts.

    .. math:: A = \sum_c a_c, \qquad s = \frac{1}{A} \sum_{c\ \text{sourced}} a_c

    Parameters
    ----------
    register : Register
    channel_ids : sequence of str

    Returns
    -------
    Total

    Raises
    ------
    BadData
        A channel is unknown or there twice, lies in another that is counted too, or the amounts are of different kinds
        or of one that is no sum of money. The message names the cells.
    """
    channels = register.channels
    row_of = {one: row for row, one in channels["channel_id"].items()}
    rows = _rows(register, row_of, list(channel_ids))
    _check_apart(register, row_of, rows)
    kinds = _kinds(register, rows)
    return _sum(channels.loc[rows], kinds[0] if kinds else "")


def totals(register):
    """The sum of each kind of euro over the channels that lie in no other.

    Parameters
    ----------
    register : Register

    Returns
    -------
    tuple of Total
        In the order of the kinds; kinds without a channel are left out.
    """
    channels = register.channels[outermost(register.channels)]
    parts = {kind: channels[channels["amount_kind"] == kind] for kind in EURO_KINDS}
    return tuple(_sum(part, kind) for kind, part in parts.items() if len(part))


def outermost(channels, within=None):
    """Which rows lie in no other row of the frame.

    Parameters
    ----------
    channels : DataFrame
    within : DataFrame, optional
        The channels that chains of parents are followed through, where `channels` holds only some of them.

    Returns
    -------
    Series of bool
        With the index of `channels`.
    """
    chains, counted = ancestors(channels if within is None else within), set(channels["channel_id"])
    return channels["channel_id"].map(lambda one: counted.isdisjoint(chains[one])).astype(bool)


def _rows(register, row_of, channel_ids):
    """The row of each channel."""
    for place, one in enumerate(channel_ids):
        if one not in row_of:
            hint = did_you_mean(one, tuple(row_of), f"the {len(row_of)} known ones stand in the sheet channels")
            raise _bad(register, f"channel {one} is unknown; {hint}")
        if one in channel_ids[:place]:
            cell = register.cell("channels", row_of[one], "channel_id")
            raise _bad(register, f"{one} ({cell}) is there twice; allowed is to count a channel once")
    return [row_of[one] for one in channel_ids]


def _check_apart(register, row_of, rows):
    """Refuse to add a channel to one that it lies in."""
    chains, ids = ancestors(register.channels), register.channels["channel_id"]
    inside = [(ids[row], above) for row in rows for above in chains[ids[row]] if row_of.get(above) in rows]
    if inside:
        told = [
            f"{one} ({register.cell('channels', row_of[one], 'parent_channel_id')}) lies in {above} "
            f"({register.cell('channels', row_of[above], 'channel_id')})"
            for one, above in inside
        ]
        raise _bad(register, f"money inside other money is not added to it: {'; '.join(told)}")


def _kinds(register, rows):
    """The kinds of the amounts: one kind of euro, or none."""
    given = {row: register.channels.loc[row, "amount_kind"] for row in rows}
    kinds = [kind for kind in dict.fromkeys(given.values()) if kind]
    if len(kinds) > 1 or any(kind not in EURO_KINDS for kind in kinds):
        told = [
            f"{register.cell('channels', row, 'amount_kind')} {register.channels.loc[row, 'channel_id']} is {kind}"
            for row, kind in given.items()
            if kind
        ]
        reason = "amounts of different kinds are never added" if len(kinds) > 1 else f"{kinds[0]} is no sum of money"
        raise _bad(register, f"{reason}: {'; '.join(told)}; allowed is one kind of {', '.join(EURO_KINDS)}")
    return kinds


def _bad(register, words):
    return BadData(f"{register.file or 'the register'}: {words}")


def _sum(channels, kind):
    amounts = channels["amount_eur"].dropna()
    amount = math.fsum(amounts) if len(amounts) else math.nan
    sourced = math.fsum(amounts[channels.loc[amounts.index, "evidence"] == "sourced"])
    share = sourced / amount if amount else math.nan
    return Total(amount, kind, share, len(channels), len(channels) - len(amounts))
