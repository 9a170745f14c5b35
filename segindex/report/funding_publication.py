"""The tables of the funding mapping as they are published: columns that mean one thing each, notes of fixed forms."""

from segindex import wording
from segindex.funding.columns import TABLES
from segindex.report.funding_notes import known
from segindex.report.funding_words import View

MEASURES = ("residents", "group", "group_share", "corrected")
REFUSED = ("no_need", "other_cities", "no_current", "pot_too_small", "cap_leaves_money")
SHARES = 3

RENAMED = {
    "funding_matrix": {"evidence": "use_evidence", "basis": "use_basis"},
    "funding_gaps": {"kind": "gap", "need": "need_value"},
    "funding_overlaps": {"basis": "overlap_basis", "first_year": "from_year", "last_year": "to_year"},
    "funding_timeline": {"year": "money_year"},
    "funding_absorption": {"year": "award_year"},
    "funding_need": {"measure": "need", "value": "need_value", "low": "need_least", "high": "need_most"},
    "funding_per_head": {"first_year": "from_year", "last_year": "to_year"},
    "funding_concentration": {"index": "concentration", "low": "concentration_low", "high": "concentration_high"},
}
"""Columns that another published table has with another meaning: {table: {column: its published name}}."""


def _columns(name):
    return tuple(RENAMED.get(name, {}).get(column, column) for column in TABLES[name])


FUNDING_COLUMNS = {name: _columns(name) for name in TABLES}
"""The columns of each published table, in their order."""

FUNDING_KEYS = {
    "funding_coverage": ("level", "theme"),
    "funding_amounts": ("level", "theme", "amount_kind", "active"),
    "funding_matrix": ("city", "channel_id"),
    "funding_completeness": ("city",),
    "funding_gaps": ("rank",),
    "funding_overlaps": ("overlap_basis", "first", "second", "city", "area_id", "from_year", "to_year", "note"),
    "funding_timeline": ("money_year", "level", "amount_kind"),
    "funding_absorption": ("channel_id", "city", "award_year"),
    "funding_need": ("city", "year", "need", "group"),
    "funding_per_head": ("city", "amount_kind", "need"),
    "funding_curve": ("amount_kind", "need", "against", "place", "city"),
    "funding_concentration": ("amount_kind", "need", "against"),
    "funding_formulas": ("formula", "variant", "city"),
}
"""What tells the rows of each table apart."""

FUNDING_SHARES = (
    *("known_share", "used", "used_median", "sourced_share", "fall", "need_share_in_city"),
    *("cumulative_base", "cumulative_money", "share", "granted_of_applied", "paid_of_granted"),
)
FUNDING_COUNTS = (
    *("n_channels", "n_active", "n_unknown", "n_area_targeted", "n_placeholders", "n_sourced", "n_without_amount"),
    *("n_inside_other", "n_known", "n_used", "n_not_used", "n_not_eligible", "n_without_end", "n_awards", "n_cities"),
    *("rank", "place"),
)
FUNDING_YEARS = ("money_year", "award_year", "from_year", "to_year")
FUNDING_EUROS = (
    *("amount_eur", "expiring_eur", "amount_applied", "amount_granted", "amount_paid", "pot_eur", "current_eur"),
    *("change_eur", "least_eur", "most_eur", "need_size"),
)
FUNDING_WORDS = {
    "level": "level",
    "theme": "theme",
    "amount_kind": "amount_kind",
    "use": "use",
    "use_evidence": "evidence",
    "evidence": "evidence",
}
"""Columns of one controlled word: {column: list of words}."""


def published_funding(material):
    """The funding mapping's tables as published, {name: table}; those of the follow-up are not among them."""
    found = {}
    for name in TABLES:
        rows = material.programme.get(name)
        if rows is not None and len(rows):
            rows = _not_told_one_by_one(name, rows)
            found[name] = rows.assign(note=rows["note"].map(known)).rename(columns=RENAMED.get(name, {}))
    return found


def _not_told_one_by_one(name, rows):
    """The points of a curve as shares of a tenth of a per cent: an exact one tells the need of its city."""
    if name == "funding_curve":
        shares = ("need_share_in_city", "cumulative_base", "cumulative_money")
        return rows.assign(**{one: rows[one].round(SHARES) for one in shares})
    return rows


def funding_word(column, value, about, language):
    """A key of the funding mapping's tables in words; None for columns that are none of theirs.

    `about` is the Material, for the names of groups and the limits.
    """
    view = View(about, language)
    if column in FUNDING_WORDS and value != "all":
        return view.word(FUNDING_WORDS[column], value)
    if column in ("level", "theme"):
        return view.theme(value)
    if column == "themes":
        return view.themes(value)
    if column in ("channels", "expiring", "area_id"):
        return value.replace(";", ", ")
    if column == "active":
        return view.say("active_all") if value == "all" else wording.text(language, f"funding_table.active_{value}")
    if column == "need":
        return view.say(f"measure_{value}") if value in MEASURES else view.need(value)
    if column == "formula":
        return view.formula(value)
    if column == "variant":
        return _variant(view, value)
    if column == "use_basis":
        return view.say(f"basis_{value}")
    if column in ("against", "overlap_basis", "gap"):
        stem = {"overlap_basis": "basis"}.get(column, column)
        return wording.text(language, f"funding_table.{stem}_{value}")
    if column == "reasons":
        return "; ".join(wording.text(language, f"funding_table.reason_{one}") for one in value.split(";"))
    if column == "cliff":
        return wording.text(language, "workbook.yes" if value else "workbook.no")
    return view.refused(value) if column == "refused" and value in REFUSED else None


def _variant(view, value):
    """A formula's variant in words."""
    name, _, number = value.rpartition("_")
    if name == "cap":
        return view.say("variant_cap", cap=wording.number(float(number), view.language, 2))
    return view.say("variant_year", year=number) if name == "year" else view.say(f"variant_{value}")
