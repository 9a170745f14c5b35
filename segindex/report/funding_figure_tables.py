"""The data tables under the figures of the funding mapping."""

from segindex import wording
from segindex.figures import funding_alt as alt
from segindex.report.funding_tables import say
from segindex.report.funding_words import millions
from segindex.report.tables import Table


def _started(view, title, counter, heads, text_columns=1):
    caption = wording.text(view.language, "figure_table.caption", n=counter.next(), title=title)
    return Table(caption, [say(view, head) for head in heads], text_columns=text_columns)


def curve_table(view, points, title, counter):
    """The points of the concentration curve."""
    table = _started(view, title, counter, ("city", "need_in_city", "base", "money"))
    for row in points[points["city"].ne("")].itertuples():
        shares = (row.need_share_in_city, row.cumulative_base, row.cumulative_money)
        table.add(view.city(row.city), *(wording.percent(share, view.language) for share in shares))
    return table


def timeline_table(view, rows, title, counter):
    """Money by year, level and kind; years without money are left out, unknown ones in a row stand together."""
    table = _started(view, title, counter, ("level_kind", "year", "million", "ends_million", "year_change", "cliff"))
    known = rows[rows["amount_eur"].gt(0) | rows["cliff"] | rows["amount_eur"].isna()]
    nothing = say(view, "not_known")
    for _, own in known.groupby(alt.runs(known), sort=False):
        row = next(own.itertuples())
        unknown = wording.missing(row.amount_eur)
        change = wording.NO_VALUE if wording.missing(row.fall) else _signed(view, 0.0 - row.fall)
        table.add(
            alt.panel_name(row.level, row.amount_kind, view.language),
            wording.years(own["year"]),
            table.dash(nothing) if unknown else millions(row.amount_eur, view.language),
            table.dash(nothing) if unknown else millions(row.expiring_eur, view.language),
            table.dash(say(view, "no_year_before")) if change == wording.NO_VALUE else change,
            say(view, "cliff_yes" if row.cliff else "cliff_no"),
        )
    return table


def _signed(view, share):
    return ("+" if round(share, 2) > 0 else "") + view.percent(share)


def formulas_data_table(view, rows, title, counter):
    """Euro per resident of each city by each formula."""
    table = _started(view, title, counter, ("city",))
    names = list(dict.fromkeys(rows["formula"]))
    table.head += [wording.sentence_case(view.formula(name)) for name in names]
    table.remarks = [say(view, "heads_of_formulas")]
    heads = rows.set_index(["city", "formula"])["eur_per_resident"]
    for city in dict.fromkeys(rows["city"]):
        table.add(view.city(city), *(wording.number(heads[(city, name)], view.language, 1) for name in names))
    return table
