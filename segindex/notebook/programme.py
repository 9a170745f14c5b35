"""What a notebook shows of the programme's tables, on money and on follow-up: columns, and the figure of some."""

from functools import partial

from segindex import figures, wording
from segindex.figures.followup_alt import level
from segindex.figures.funding import shown_years
from segindex.figures.funding_alt import dealt
from segindex.followup import names_of
from segindex.followup.columns import TABLES as OF_FOLLOWUP
from segindex.followup.sentences import PER_CENT
from segindex.funding.columns import TABLES as OF_FUNDING
from segindex.notebook.columns import YEARS as PERIOD
from segindex.notebook.columns import Column, Kind, interval
from segindex.report.column_words import COUNTS, SHARES, TRUTHS, YEARS
from segindex.report.followup_published import NAMES
from segindex.report.funding_publication import FUNDING_EUROS, RENAMED

SCHEMAS = OF_FUNDING | OF_FOLLOWUP
PUBLISHED = RENAMED | NAMES
WHOLE = (*COUNTS, *FUNDING_EUROS)
CENTS = ("eur_per_resident", "eur_per_need")
WORDS = (*TRUTHS, "type")
COUNTED = ("residents", "group", "types_1_2", "type_1", "low_income_children")
"""Needs that are numbers of people."""


def of(table, *names):
    """Columns of a table under the heads that they are published with, their values in the form of each."""
    found = []
    for name in names:
        published = PUBLISHED.get(table, {}).get(name, name)
        words = published in WORDS or SCHEMAS[table][name] == "str"
        fill = partial(_told, name, published)
        found.append(Column(f"column.{published}", fill, words, marked=published not in YEARS))
    return tuple(found)


def _told(name, published, row, reader):
    value = row.get(name)
    if wording.missing(value) or value == "":
        return wording.NO_VALUE
    if published in WORDS or isinstance(value, str):
        return reader.word(published, value)
    if published in SHARES:
        return wording.percent(value, reader.language)
    if published in WHOLE:
        return wording.count(value, reader.language)
    if published in YEARS:
        return str(int(value))
    return reader.number(value, 2) if published in CENTS else reader.number(value)


def _or_all(name, row, reader):
    """A city or a year; rows without one are of all of them."""
    if not row[name]:
        return reader.say(f"show.all_{name}")
    return reader.word(name, row[name]) if name == "city" else str(row[name])


def _spanned(form, names, row, reader):
    """A value with its least and most, as far as they are known."""
    value, low, high = (form(row.get(name)) for name in names)
    if wording.NO_VALUE in (value, low, high):
        return value
    return reader.say("funding_table.with_span", value=value, low=low, high=high)


def _need(row, reader):
    if row["measure"] in COUNTED:
        form = partial(wording.count, language=reader.language)
    elif row["measure"] == "group_share":
        form = partial(wording.percent, language=reader.language)
    else:
        form = reader.number
    return _spanned(form, ("value", "low", "high"), row, reader)


def _amount(row, reader):
    return _spanned(
        partial(wording.count, language=reader.language), ("amount_eur", "least_eur", "most_eur"), row, reader
    )


def _change_eur(row, reader):
    return wording.change(row.get("change_eur"), reader.language, 0)


def _left_out(row, reader):
    ends = [row.get(name) for name in ("lowest_left_out", "highest_left_out")]
    if any(wording.missing(end) for end in ends):
        return wording.NO_VALUE
    return reader.say("funding_table.span", low=reader.number(ends[0]), high=reader.number(ends[1]))


def _measure(row, reader):
    """What the indicator of a row measures; of one that is not known, an index."""
    return row.get("measure") or {one.key: one.measure for one in reader.about.indicators}.get(row["indicator"])


def _followed(names, row, reader):
    """A value of an indicator with its interval: as per cent where it is a share."""
    return interval(row, names, reader, partial(level, measure=_measure(row, reader), language=reader.language))


def _change_followed(row, reader):
    shared = _measure(row, reader) in PER_CENT
    form = partial(points, reader=reader) if shared else partial(wording.change, language=reader.language, decimals=3)
    return interval(row, ("change", "change_low", "change_high"), reader, form)


def _in_points(names, row, reader):
    return interval(row, names, reader, partial(points, reader=reader))


def points(value, reader):
    """A difference of shares in percentage points."""
    change = wording.change(100 * value, reader.language, 1)
    return reader.say("followup.table.points", change=change)


def _timeline(table, reader):
    return figures.draw_timeline(table, language=reader.language) if len(shown_years(table)) else None


def _formulas(table, reader):
    return figures.draw_formulas(table, language=reader.language) if len(dealt(table)) else None


def _status(table, reader):
    names = names_of(reader.about.indicators, reader.defined)
    return figures.draw_followup_status(table, names=names, language=reader.language)


PROGRAMME = {
    "funding_coverage": Kind(
        {"level", "theme", "n_channels", "n_active", "n_area_targeted"},
        of("funding_coverage", "theme", "n_channels", "n_active", "n_unknown", "n_area_targeted", "n_placeholders")
        + of("funding_coverage", "n_sourced"),
        over="level",
    ),
    "funding_amounts": Kind(
        {"level", "theme", "amount_kind", "active", "amount_eur"},
        of("funding_amounts", "theme", "amount_kind", "active", "n_channels", "amount_eur", "sourced_share")
        + of("funding_amounts", "n_without_amount", "n_inside_other"),
        over="level",
        read="funding_answer.kinds",
    ),
    "funding_matrix": Kind(
        {"city", "channel_id", "level", "active", "use", "basis"},
        of("funding_matrix", "channel_id", "level", "active", "use", "evidence", "basis"),
        read="funding_table.use_unknown",
    ),
    "funding_completeness": Kind(
        {"city", "n_channels", "n_known", "n_used", "known_share"},
        of("funding_completeness", "city", "n_channels", "n_known", "n_used", "n_not_used", "n_not_eligible")
        + of("funding_completeness", "known_share"),
        over=None,
        by_city=True,
        read="funding_table.use_unknown",
    ),
    "funding_gaps": Kind(
        {"rank", "kind", "level", "theme", "city", "reasons"},
        of("funding_gaps", "rank", "kind", "level", "theme", "city", "reasons", "n_channels", "n_unknown", "need")
        + of("funding_gaps", "need_median", "used", "used_median", "known_share", "channels"),
        over=None,
        read="funding_table.gaps_register",
    ),
    "funding_overlaps": Kind(
        {"basis", "first", "second", "city", "area_id", "themes"},
        of("funding_overlaps", "basis", "first", "second", "city", "area_id", "themes")
        + of("funding_overlaps", "first_year", "last_year", "evidence"),
        over=None,
        read="funding_table.overlaps_read",
    ),
    "funding_timeline": Kind(
        {"year", "level", "amount_kind", "amount_eur", "expiring_eur", "fall", "cliff", "note"},
        of("funding_timeline", "amount_kind", "year", "amount_eur", "expiring_eur", "fall", "cliff")
        + of("funding_timeline", "sourced_share", "n_without_end"),
        over="level",
        read="funding_table.cliffs_read",
        draw=_timeline,
    ),
    "funding_absorption": Kind(
        {"channel_id", "city", "year", "n_awards", "amount_granted", "amount_paid"},
        (
            Column("column.city", partial(_or_all, "city"), True),
            Column("column.award_year", partial(_or_all, "year"), True),
        )
        + of("funding_absorption", "n_awards", "amount_applied", "amount_granted", "amount_paid")
        + of("funding_absorption", "granted_of_applied", "paid_of_granted", "sourced_share"),
        over="channel_id",
    ),
    "funding_need": Kind(
        {"city", "year", "measure", "group", "value", "low", "high"},
        of("funding_need", "measure", "group", "year")
        + (Column("show.need", _need),)
        + of("funding_need", "hidden_share", "refused"),
    ),
    "funding_per_head": Kind(
        {"city", "amount_kind", "first_year", "last_year", "amount_eur", "eur_per_resident", "need"},
        (*of("funding_per_head", "amount_kind", "need"), PERIOD)
        + of("funding_per_head", "n_awards", "amount_eur", "eur_per_resident", "need_size", "eur_per_need")
        + of("funding_per_head", "sourced_share", "refused"),
        read="funding_table.heads_known",
    ),
    "funding_curve": Kind(
        {"amount_kind", "need", "against", "place", "city", "cumulative_base", "cumulative_money"},
        of("funding_curve", "need", "against", "place", "city", "need_share_in_city")
        + of("funding_curve", "cumulative_base", "cumulative_money"),
        over="amount_kind",
    ),
    "funding_concentration": Kind(
        {"amount_kind", "need", "against", "n_cities", "index", "low", "high"},
        of("funding_concentration", "need", "against", "n_cities")
        + (
            Column(
                "show.concentration",
                lambda row, reader: interval(row, ("index", "low", "high"), reader, reader.number),
            ),
            Column("funding_table.left_out", _left_out),
        )
        + of("funding_concentration", "amount_eur", "sourced_share"),
        over="amount_kind",
        read="funding_table.concentration_read",
    ),
    "funding_formulas": Kind(
        {"formula", "variant", "city", "pot_eur", "amount_eur", "eur_per_resident", "current_eur", "least_eur"}
        | {"most_eur", "note"},
        (*of("funding_formulas", "variant", "city"), Column("show.amount", _amount))
        + of("funding_formulas", "share", "eur_per_resident", "current_eur")
        + (Column("column.change_eur", _change_eur), *of("funding_formulas", "refused")),
        over="formula",
        read="funding_table.formulas_read",
        draw=_formulas,
    ),
    "followup_cards": Kind(
        {"indicator", "city", "measure", "index", "group", "baseline", "value", "change", "status", "reason"},
        (
            *of("followup_cards", "city", "baseline_year"),
            Column("show.baseline", partial(_followed, ("baseline", "baseline_low", "baseline_high"))),
            *of("followup_cards", "year"),
            Column("show.followed", partial(_followed, ("value", "low", "high"))),
            Column("show.change", _change_followed),
            *of("followup_cards", "q", "wanted", "status", "reason", "on_path", "trend", "coverage", "refused"),
        ),
        over="indicator",
        by_city=True,
        read="followup.chapter.statuses",
        draw=_status,
    ),
    "followup_points": Kind(
        {"indicator", "city", "year", "value", "low", "high", "path", "broken"},
        (
            *of("followup_points", "city", "year"),
            Column("show.followed", partial(_followed, ("value", "low", "high"))),
            Column("column.path", partial(_followed, ("path",))),
            *of("followup_points", "broken", "refused"),
        ),
        over="indicator",
        by_city=True,
    ),
    "followup_places": Kind(
        {"measure_id", "city", "group", "first_year", "last_year", "change", "comparable_change", "difference"},
        (
            *of("followup_places", "measure_id", "group", "status", "n_cells", "residents"),
            *(PERIOD, *of("followup_places", "first_share", "last_share")),
            Column("column.change", partial(_in_points, ("change",))),
            Column("column.comparable_change", partial(_in_points, ("comparable_change",))),
            *of("followup_places", "n_comparable"),
            Column("followup.measure.difference", partial(_in_points, ("difference", "low", "high"))),
            *of("followup_places", "refused", "reason"),
        ),
        read="followup.measure.no_effect",
    ),
    "followup_need": Kind(
        {"city", "type", "n_cells", "residents", "with_measures", "without_measures"},
        of("followup_need", "type", "n_cells", "residents", "with_measures", "without_measures", "refused"),
        read="followup.measure.need_explain",
    ),
}
"""The tables that an edition writes of money and of follow-up: {file name without ending: how it is shown}."""
