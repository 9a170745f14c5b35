"""The tables on channels: by theme and level, their money, who uses them, where the gaps are, what is to be done."""

import re

from segindex import wording
from segindex.funding.cells import parts
from segindex.report.funding_answers import FALL, to_do, waiting
from segindex.report.funding_words import millions
from segindex.report.tables import Cell, Table
from segindex.standings import in_order


def say(view, key, **values):
    """A text of the funding mapping's tables."""
    return wording.text(view.language, f"funding_table.{key}", **values)


def started(view, counter, name, heads, *, text_columns=1, remarks=()):
    """A table with its numbered caption and the texts of its heads."""
    return Table(
        say(view, f"{name}_caption", n=counter.next()),
        [say(view, head) for head in heads],
        text_columns=text_columns,
        remarks=[say(view, key) for key in remarks],
    )


def named(view, channel, *, key=True):
    """A cell with a channel's name, and its id in brackets."""
    name, lang = view.name(channel)
    return Cell(f"{name} ({channel})" if key and name != channel else name, lang=lang)


def theme_table(view, counter):
    """Channels of each theme and level: active ones of all, and those aimed at areas; empty cells in words."""
    rows = view["coverage"].set_index(["level", "theme"])
    levels = view.levels()
    table = started(view, counter, "themes", ["theme"], text_columns=1 + len(levels), remarks=("themes_read",))
    table.head += [wording.sentence_case(view.say(f"at_{level}")) for level in levels]
    themes = list(dict.fromkeys(theme for _, theme in rows.index if theme != "all"))
    for theme in [*sorted(themes, key=lambda one: view.theme(one)), "all"]:
        table.add(wording.sentence_case(view.theme(theme)), *(_held(view, rows.loc[(one, theme)]) for one in levels))
    return table


def _held(view, row):
    """What is held of a theme and level, in words."""
    counts = {"all": int(row["n_channels"]), "active": int(row["n_active"]), "unknown": int(row["n_unknown"])}
    if not counts["all"]:
        return say(view, "no_channel")
    if not counts["active"] and not counts["unknown"]:
        return say(view, "none_running", all=counts["all"])
    if not counts["active"]:
        return say(view, "none_active", all=counts["all"], unknown=counts["unknown"])
    aimed = int(row["n_area_targeted"])
    counts = {"all": counts["all"], "active": counts["active"]}
    return say(view, "aimed", **counts, aimed=aimed) if aimed else say(view, "none_aimed", **counts)


def money_table(view, counter):
    """The euro of each level and kind: all, in active channels, and the share on read sources."""
    heads = ("level", "kind", "n_summed", "million", "million_active", "sourced_share", "n_inside")
    table = started(view, counter, "money", heads, text_columns=2, remarks=("money_kinds", "money_eu", "money_periods"))
    rows = view["amounts"]
    rows = rows[rows["theme"].eq("all")].set_index(["level", "amount_kind", "active"])
    for level in view.levels():
        for kind in dict.fromkeys(one for place, one, _ in rows.index if place == level):
            every, active = rows.loc[(level, kind, "all")], rows.loc[(level, kind, "yes")]
            nothing = say(view, "no_sum")
            table.add(
                wording.sentence_case(view.say(f"at_{level}")),
                view.word("amount_kind", kind),
                view.count(every["n_channels"]),
                _or_dash(table, millions(every["amount_eur"], view.language), say(view, "all_inside")),
                _or_dash(table, millions(active["amount_eur"], view.language), nothing),
                _or_dash(table, view.percent(every["sourced_share"]), nothing),
                view.count(every["n_inside_other"]),
            )
    return table


def _or_dash(table, words, why):
    return table.dash(why) if words == wording.NO_VALUE else words


def use_table(view, counter):
    """What is known of each city's use of channels."""
    heads = ("city", "n_channels", "n_known", "n_used", "n_not_used", "n_not_eligible", "known_share", "to_be_mapped")
    table = started(view, counter, "use", heads, remarks=("use_unknown",))
    rows = view["completeness"].set_index("city")
    placed = [city for cities, _ in waiting(view) for city in cities]
    for city in in_order(rows.index):
        row = rows.loc[city]
        counts = (view.count(row[name]) for name in heads[1:6])
        share = _or_dash(table, view.percent(row["known_share"]), say(view, "no_channel"))
        table.add(view.city(city), *counts, share, view.count(placed.count(city)))
    return table


def matrix_table(view, counter):
    """Every channel and city: used, not used, not open to it, unknown; in words."""
    rows = view["matrix"]
    cities = in_order(rows["city"])
    table = started(
        view, counter, "matrix", ("channel", "level", "active"), text_columns=3 + len(cities), remarks=("use_unknown",)
    )
    table.head += [view.city(city) for city in cities]
    uses = rows.set_index(["channel_id", "city"])["use"]
    for row in view.register.channels.itertuples():
        own = (view.word("use", uses[(row.channel_id, city)]) for city in cities)
        table.add(named(view, row.channel_id), view.word("level", row.level), _activity(view, row.channel_id), *own)
    return table


def _activity(view, channel):
    return say(view, f"active_{view.active[channel]}")


def gap_table(view, counter):
    """The gaps by rank: where they are, of what kind, and why."""
    heads = ("rank", "where", "gap", "reason", "n_channels", "n_unknown")
    table = started(view, counter, "gaps", heads, text_columns=4, remarks=("gaps_ranked", "gaps_register"))
    for row in view["gaps"].itertuples():
        reasons = _reasons(view, row)
        lang = ""
        if row.kind == "theme_level":
            place = say(
                view, "at_theme", level=wording.sentence_case(view.say(f"at_{row.level}")), theme=view.theme(row.theme)
            )
        elif row.kind == "city_use":
            place = view.city(row.city)
        elif row.kind == "to_be_mapped":
            place, lang = view.name(parts(row.channels)[0])
        else:
            place = view.names(parts(row.channels), 3)
        table.add(
            str(row.rank),
            Cell(place, lang=lang),
            say(view, f"gap_{row.kind}"),
            reasons,
            view.count(row.n_channels),
            view.count(row.n_unknown),
        )
    return table


def _reasons(view, row):
    """Why a gap is one, in words; of money that ends its kind, year and fall."""
    match = re.search(FALL, row.note) if row.kind == "cliff" else None
    if match is None:
        return "; ".join(say(view, f"reason_{reason}") for reason in row.reasons.split(";"))
    kind, fall = view.word("amount_kind", match["kind"]), view.percent(float(match["fall"]))
    return say(view, "reason_ends_when", kind=wording.sentence_case(kind), year=match["year"], fall=fall)


def waiting_table(view, counter):
    """The rows that wait for a city's answer."""
    found = waiting(view)
    if not found:
        return None
    table = started(view, counter, "waiting", ("city", "channel", "who"), text_columns=3)
    for cities, channel in found:
        names = ", ".join(view.city(city) for city in in_order(cities)) or wording.NO_VALUE
        table.add(names, named(view, channel), say(view, "who_city"))
    return table


def work_table(view, counter):
    """How many rows of each level are to be checked, by what is lacking."""
    kinds = ("unsourced", "partly", "status", "amount", "day")
    heads = ("level", "n_rows", *(f"to_do_{kind}" for kind in kinds))
    table = started(view, counter, "work", heads, remarks=("work_read",))
    for level in [*view.levels(), None]:
        counts = to_do(view, level)
        channels = view.register.channels
        n = int((channels["level"].eq(level) | (level is None)).sum())
        head = say(view, "all_levels") if level is None else wording.sentence_case(view.say(f"at_{level}"))
        table.add(head, view.count(n), *(view.count(counts[kind]) for kind in kinds))
    return table


def channel_table(view, counter):
    """Every channel with what it is and the page that says so."""
    heads = ("channel", "level", "status", "amount_head", "evidence", "address", "themes", "type")
    table = started(view, counter, "channels", heads, text_columns=len(heads))
    for row in view.register.channels.itertuples():
        table.add(
            named(view, row.channel_id),
            view.word("level", row.level),
            view.word("status", row.status),
            _amount(view, row),
            view.word("evidence", row.evidence),
            _address(view, row),
            view.themes(row.themes) or say(view, "not_given"),
            view.word("instrument_type", row.instrument_type),
        )
    return table


def short_channel_table(view, counter):
    """Every channel with its level, status and evidence."""
    heads = ("channel", "level", "status", "evidence")
    table = started(view, counter, "channels", heads, text_columns=len(heads), remarks=("channels_short",))
    for row in view.register.channels.itertuples():
        words = (view.word(name, getattr(row, name)) for name in heads[1:])
        table.add(named(view, row.channel_id), *words)
    return table


def _amount(view, row):
    """A channel's amount with its kind; a share or a price of a unit is no sum of euro."""
    if wording.missing(row.amount_eur):
        return say(view, "no_amount")
    kind = view.word("amount_kind", row.amount_kind)
    if row.amount_kind == "share":
        return say(view, "amount", amount=view.percent(row.amount_eur), kind=kind)
    return say(view, "amount", amount=view.euro(row.amount_eur), kind=kind)


def _address(view, row):
    """A link to the page that the row rests on: what it leads to is told by the channel's name."""
    if not row.source_url:
        return Cell(say(view, "no_address"))
    return Cell(say(view, "to_page", channel=row.channel_id), url=row.source_url)
