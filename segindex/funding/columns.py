"""The columns of the register's tables and of what is computed from them, with their types."""

NAMES = ("name_fi", "name_sv", "name_en")
SOURCE = ("source_url", "source_date", "evidence", "note")

CHANNELS = (
    *("channel_id", *NAMES, "level", "administering_body", "instrument_type", "themes", "eligible_applicants"),
    *("start_year", "end_year", "status", "amount_eur", "amount_kind", "amount_period", "own_contribution"),
    *("targeting_basis", "area_targeted", "parent_channel_id", "cities_known", *SOURCE),
)
AWARDS = (
    *("award_id", "channel_id", "recipient", "recipient_type", "city", "area_id", "area_scheme", "themes"),
    *("amount_applied", "amount_granted", "amount_paid", "year", "start", "end", "own_contribution", *SOURCE),
)
USE = ("city", "channel_id", "use", *SOURCE)
MEASURES = (
    *("measure_id", *NAMES, "owner", "city", "area_id", "area_scheme", "themes", "channel_id"),
    *("amount_eur", "amount_kind", "start", "end", "status", "indicators", *SOURCE),
)
REGISTER = {"channels": CHANNELS, "awards": AWARDS, "use": USE, "measures": MEASURES}
"""The sheets of the register, and their columns in order."""

KEYS = {
    "channels": ("channel_id",),
    "awards": ("award_id",),
    "use": ("city", "channel_id"),
    "measures": ("measure_id",),
}
REQUIRED = {
    "channels": ("channel_id", "name_fi", "level", "instrument_type", "status", "evidence"),
    "awards": ("award_id", "channel_id", "recipient", "recipient_type", "year", "evidence"),
    "use": ("city", "channel_id", "use", "evidence"),
    "measures": ("measure_id", "name_fi", "owner", "city", "status", "evidence"),
}
WORDS = {
    "level": "level",
    "instrument_type": "instrument_type",
    "targeting_basis": "targeting_basis",
    "area_targeted": "area_targeted",
    "amount_kind": "amount_kind",
    "evidence": "evidence",
    "use": "use",
    "recipient_type": "recipient_type",
    "area_scheme": "area_scheme",
}
"""Columns of one controlled word: {column: list of words}. `status` is "status" in channels, "measure_status" in measures."""

SEVERAL = ("themes", "eligible_applicants", "cities_known", "area_id", "indicators")
"""Columns that hold several words, parted by semicolons; those of `themes` are controlled."""

EUROS = ("amount_eur", "amount_applied", "amount_granted", "amount_paid")
YEARS = ("start_year", "end_year", "year")
DAYS = ("start", "end", "source_date")
"""ISO dates, or a year, or a year and a month."""

COVERAGE = {
    "level": "str",
    "theme": "str",
    "n_channels": "int64",
    "n_active": "int64",
    "n_unknown": "int64",
    "n_area_targeted": "int64",
    "n_placeholders": "int64",
    "n_sourced": "int64",
    "channels": "str",
    "note": "str",
}
"""One level and theme: its channels, those active, of unknown status, active and aimed at areas. "all" for all themes."""

AMOUNTS = {
    "level": "str",
    "theme": "str",
    "amount_kind": "str",
    "active": "str",
    "n_channels": "int64",
    "amount_eur": "float64",
    "sourced_share": "float64",
    "n_without_amount": "int64",
    "n_inside_other": "int64",
    "note": "str",
}
"""Euro of one kind, level and theme ("all" for all themes); active: "yes" or "all". Channels inside others stay out."""

MATRIX = {
    "city": "str",
    "channel_id": "str",
    "level": "str",
    "active": "str",
    "use": "str",
    "evidence": "str",
    "basis": "str",
    "note": "str",
}
"""One city and channel. `basis`: "use" (the sheet), "award", "named" (the channel names the city), "level" (a channel of
another city), "" (nothing known)."""

COMPLETENESS = {
    "city": "str",
    "n_channels": "int64",
    "n_known": "int64",
    "n_used": "int64",
    "n_not_used": "int64",
    "n_not_eligible": "int64",
    "known_share": "float64",
    "note": "str",
}

GAPS = {
    "rank": "int64",
    "kind": "str",
    "level": "str",
    "theme": "str",
    "city": "str",
    "reasons": "str",
    "n_channels": "int64",
    "n_unknown": "int64",
    "need": "float64",
    "need_median": "float64",
    "used": "float64",
    "used_median": "float64",
    "known_share": "float64",
    "channels": "str",
    "note": "str",
}
"""A gap. `kind`: "theme_level", "city_use", "to_be_mapped", "cliff"; `reasons`: codes of `mapping.REASONS`, by ";"."""

OVERLAPS = {
    "basis": "str",
    "first": "str",
    "second": "str",
    "city": "str",
    "area_id": "str",
    "themes": "str",
    "first_year": "Int64",
    "last_year": "Int64",
    "evidence": "str",
    "note": "str",
}
TIMELINE = {
    "year": "int64",
    "level": "str",
    "amount_kind": "str",
    "amount_eur": "float64",
    "expiring_eur": "float64",
    "n_channels": "int64",
    "fall": "float64",
    "cliff": "bool",
    "expiring": "str",
    "sourced_share": "float64",
    "n_without_end": "int64",
    "note": "str",
}
"""Euro a year of one level and kind: totals of a period in equal parts. `fall`: 1 less this year over the last."""

ABSORPTION = {
    "channel_id": "str",
    "city": "str",
    "year": "int64",
    "n_awards": "int64",
    "amount_applied": "float64",
    "amount_granted": "float64",
    "amount_paid": "float64",
    "granted_of_applied": "float64",
    "paid_of_granted": "float64",
    "sourced_share": "float64",
    "note": "str",
}

NEED = {
    "city": "str",
    "year": "int64",
    "measure": "str",
    "group": "str",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "hidden_share": "float64",
    "refused": "str",
    "note": "str",
}
"""`measure`: "residents", "group" (members), "group_share", "corrected" (D), "types_1_2" (residents), "low_income_children"."""

PER_HEAD = {
    "city": "str",
    "year": "int64",
    "amount_kind": "str",
    "first_year": "int64",
    "last_year": "int64",
    "n_awards": "int64",
    "amount_eur": "float64",
    "residents": "float64",
    "eur_per_resident": "float64",
    "need": "str",
    "need_size": "float64",
    "eur_per_need": "float64",
    "sourced_share": "float64",
    "refused": "str",
    "note": "str",
}
CURVE = {
    "amount_kind": "str",
    "need": "str",
    "against": "str",
    "place": "int64",
    "city": "str",
    "need_share_in_city": "float64",
    "cumulative_base": "float64",
    "cumulative_money": "float64",
    "note": "str",
}
"""A point of a concentration curve, cities from most to least in need; `against`: "residents" or "need"."""

CONCENTRATION = {
    "amount_kind": "str",
    "need": "str",
    "against": "str",
    "n_cities": "int64",
    "index": "float64",
    "low": "float64",
    "high": "float64",
    "lowest_left_out": "float64",
    "highest_left_out": "float64",
    "amount_eur": "float64",
    "sourced_share": "float64",
    "note": "str",
}
FORMULAS = {
    "formula": "str",
    "variant": "str",
    "city": "str",
    "pot_eur": "float64",
    "amount_eur": "float64",
    "share": "float64",
    "eur_per_resident": "float64",
    "current_eur": "float64",
    "change_eur": "float64",
    "least_eur": "float64",
    "most_eur": "float64",
    "refused": "str",
    "note": "str",
}
"""A city's part of a pot. Rows of variant "" carry the least and most over the variants; others show one variant."""

TABLES = {
    "funding_coverage": COVERAGE,
    "funding_amounts": AMOUNTS,
    "funding_matrix": MATRIX,
    "funding_completeness": COMPLETENESS,
    "funding_gaps": GAPS,
    "funding_overlaps": OVERLAPS,
    "funding_timeline": TIMELINE,
    "funding_absorption": ABSORPTION,
    "funding_need": NEED,
    "funding_per_head": PER_HEAD,
    "funding_curve": CURVE,
    "funding_concentration": CONCENTRATION,
    "funding_formulas": FORMULAS,
}
"""What an edition writes of money: {file name without ending: columns}."""
