"""The tables on money: over need, by other formulas, where it meets, where it ends, how it was taken up."""

import re

from segindex import wording
from segindex.figures.funding_alt import by_formula
from segindex.funding.cells import parts
from segindex.funding.formulas import BY_NEED
from segindex.report import notes
from segindex.report.funding_answers import cliffs, refused_formulas
from segindex.report.funding_notes import CHILDREN, NO_AMOUNT, known
from segindex.report.funding_tables import named, say, started
from segindex.report.funding_words import GRANTED, millions
from segindex.report.tables import Cell, Table
from segindex.standings import in_order


def head_tables(view, counter):
    """Euro of known awards per resident and per person in need, a table a kind of amount of which any city has one."""
    rows = view["per_head"]
    rows = rows[rows["amount_kind"].isin(rows.loc[rows["amount_eur"].notna(), "amount_kind"])]
    kinds = sorted(set(rows["amount_kind"]), key=lambda kind: (kind != GRANTED, kind))
    return [_heads(view, rows[rows["amount_kind"].eq(kind)], kind, counter) for kind in kinds]


def _heads(view, rows, kind, counter):
    needs = list(dict.fromkeys(rows["need"]))
    years = wording.years({int(rows["first_year"].min()), int(rows["last_year"].max())})
    table = Table(
        say(view, "heads_caption", n=counter.next(), kind=view.word("amount_kind", kind), years=years),
        [say(view, key) for key in ("city", "million", "per_resident")],
        remarks=[say(view, "heads_known")],
    )
    table.head += [say(view, "per_need", need=view.need(need)) for need in needs] + [say(view, "sourced_share")]
    table.remarks += _counted(view, rows)
    keyed = rows.set_index(["city", "need"])
    for city in in_order(rows["city"]):
        first = keyed.loc[(city, needs[0])]
        marks = "".join(dict.fromkeys(mark for one in needs for mark in _marks(table, view, keyed.loc[(city, one)])))
        cells = [_over(table, view, keyed.loc[(city, need)]) for need in needs]
        money = _or_dash(table, millions(first["amount_eur"], view.language), say(view, "no_awards"))
        lacking = "no_awards" if wording.missing(first["amount_eur"]) else "no_residents"
        heads = _or_dash(table, wording.number(first["eur_per_resident"], view.language, 2), say(view, lacking))
        share = _or_dash(table, view.percent(first["sourced_share"]), say(view, "no_awards"))
        table.add(Cell(view.city(city), marks), money, heads, *cells, share)
    return table


COUNTED = {"unknown_children": CHILDREN, "no_amounts": NO_AMOUNT}
"""Notes that differ by a number alone: one remark tells them of all cities."""


def _counted(view, rows):
    """What the notes count, city by city, as a sentence each."""
    for key, form in COUNTED.items():
        found = rows.assign(n=rows["note"].str.extract(rf"(?:^|; ){form}(?:;|$)")["n"]).dropna(subset="n")
        numbers = found.drop_duplicates("city").set_index("city")["n"].astype(int)
        told = [f"{view.city(city)} {wording.count(numbers[city], view.language)}" for city in in_order(numbers.index)]
        if told:
            yield say(view, key, cities=", ".join(told))


def _marks(table, view, row):
    """The letters of what must be known of a row; that no award is known stands in the cells."""
    counted = re.compile("|".join(form.replace("?P<n>", "") for form in COUNTED.values()))
    parts = [one for one in known(row["note"]).split("; ") if not counted.fullmatch(one)]
    said = notes.sentences("; ".join(parts), view.language, view.material.defined)
    nothing = notes.sentences("no awards known", view.language)
    return [table.mark(sentence) for sentence in said if sentence not in nothing]


def _over(table, view, row):
    """Euro per person in need, or why it is not told."""
    if wording.missing(row["residents"]):
        return table.dash(say(view, "no_residents"))
    if row["refused"]:
        return table.dash(wording.sentence_case(view.refused(row["refused"])) + ".")
    return _or_dash(table, wording.number(row["eur_per_need"], view.language, 0), say(view, "no_awards"))


def _or_dash(table, words, why):
    return table.dash(why) if words == wording.NO_VALUE else words


def concentration_table(view, counter):
    """The index of concentration of each kind of amount and need, with its interval and what it hangs on."""
    rows = view["concentration"]
    rows = rows[rows["index"].notna()]
    if not len(rows):
        return None
    heads = ("kind", "need", "against", "index", "interval", "left_out", "n_cities")
    table = started(view, counter, "concentration", heads, text_columns=3, remarks=("concentration_read",))

    def number(value):
        return wording.number(value, view.language, 2)

    for row in rows.itertuples():
        ends = (row.low, row.high), (row.lowest_left_out, row.highest_left_out)
        interval, left_out = (
            say(view, "span", low=number(low), high=number(high)) if low == low else wording.NO_VALUE
            for low, high in ends
        )
        note = "; ".join(part for part in known(row.note).split("; ") if not part.startswith(("lowest", "highest")))
        said = notes.sentences(note, view.language, view.material.defined)
        few = say(view, "few_cities")
        table.add(
            Cell(view.word("amount_kind", row.amount_kind), "".join(dict.fromkeys(map(table.mark, said)))),
            view.need(row.need),
            say(view, f"against_{row.against}"),
            number(row.index),
            _or_dash(table, interval, few),
            _or_dash(table, left_out, few),
            view.count(row.n_cities),
        )
    return table


def formula_tables(view, counter):
    """The same pot by each formula, and against today's money where that is known."""
    rows = view["formulas"]
    rows = by_formula(rows[rows["variant"].eq("")])
    if not len(rows):
        return []
    tables = [_formulas(view, rows, counter)] if rows["amount_eur"].notna().any() else []
    if rows["change_eur"].notna().any():
        tables.append(_changes(view, rows, counter))
    return tables


def _formulas(view, rows, counter):
    pot = view.euro(rows["pot_eur"].iloc[0])
    table, keyed = _by_formula(view, rows, say(view, "formulas_caption", n=counter.next(), pot=pot))
    years = _need_years(view)
    table.remarks += [say(view, "formulas_years", years=wording.years(years))] if years else []
    table.remarks += [say(view, "formulas_read"), say(view, "formulas_children")]
    for city in in_order(rows["city"]):
        cells = []
        for formula in _made(rows):
            row = keyed.loc[(city, formula)]
            words = millions(row["amount_eur"], view.language)
            ends = [millions(row[name], view.language) for name in ("least_eur", "most_eur")]
            spread = ends[0] != ends[1]
            cells.append(say(view, "with_span", value=words, low=ends[0], high=ends[1]) if spread else words)
        table.add(view.city(city), *cells)
    return table


def _need_years(view):
    """The years of the residents and needs that a pot is dealt out by: the latest of each."""
    needs = view["need"]
    rows = needs[
        [pair in BY_NEED.values() or pair[0] == "low_income_children" for pair in zip(needs["measure"], needs["group"])]
    ]
    return sorted(set(rows.groupby("measure")["year"].max()))


def _made(rows):
    """The formulas that have amounts."""
    return list(dict.fromkeys(rows.loc[rows["amount_eur"].notna(), "formula"]))


def _by_formula(view, rows, caption):
    table = Table(caption, [say(view, "city")])
    refused = refused_formulas(view, rows)
    table.remarks += [say(view, "formulas_refused", formulas=refused)] if refused else []
    for formula in _made(rows):
        head = wording.sentence_case(view.formula(formula))
        table.head.append(head)
        note = rows.loc[rows["formula"].eq(formula), "note"].iloc[0]
        said = [part for part in known(note).split("; ") if part.startswith("by ")]
        table.head_marks[head] = "".join(table.mark(one) for one in notes.sentences("; ".join(said), view.language))
    return table, rows.set_index(["city", "formula"])


def _changes(view, rows, counter):
    table, keyed = _by_formula(view, rows, say(view, "changes_caption", n=counter.next()))
    table.head.insert(1, say(view, "today"))
    table.remarks.append(say(view, "changes_read"))
    for city in in_order(rows["city"]):
        cells = []
        for formula in _made(rows):
            row = keyed.loc[(city, formula)]
            if wording.missing(row["change_eur"]):
                cells.append(table.dash(say(view, "no_today")))
            else:
                cells.append(_changed(view, row["change_eur"]))
        today = keyed.loc[city]["current_eur"].iloc[0]
        table.add(view.city(city), _or_dash(table, millions(today, view.language), say(view, "no_today")), *cells)
    return table


def _changed(view, value):
    """A gain or a loss in millions, with its sign and its word."""
    words = ("+" if value > 0 else "") + millions(value, view.language)
    return say(view, "gain" if value > 0 else "loss" if value < 0 else "same", value=words)


def overlap_table(view, counter):
    """Pairs of channels that pay for the same, or could; None where there is none."""
    rows = view["overlaps"]
    if not len(rows):
        return None
    heads = ("first", "second", "basis", "where", "themes", "years", "evidence")
    table = started(view, counter, "overlaps", heads, text_columns=len(heads), remarks=("overlaps_read",))
    for row in rows.itertuples():
        cities = ", ".join(view.city(city) for city in in_order(parts(row.city)))
        place = say(view, "city_area", city=cities, area=row.area_id.replace(";", ", ")) if row.area_id else cities
        table.add(
            named(view, row.first),
            named(view, row.second),
            say(view, f"basis_{row.basis}"),
            place or say(view, "everywhere"),
            view.themes(row.themes),
            _years(view, row),
            view.word("evidence", row.evidence),
        )
    return table


def _years(view, row):
    first, last = ("" if wording.missing(year) else str(int(year)) for year in (row.first_year, row.last_year))
    return first if first == last and first else f"{first}–{last}" if first or last else say(view, "not_given")


def cliff_table(view, counter):
    """The falls of money that runs now: level, kind, year, how much, which channels end; None where there is none."""
    found = cliffs(view)
    if not found:
        return None
    heads = ("level", "kind", "ending", "rising", "year", "before_million", "fall", "sourced_share")
    table = started(view, counter, "cliffs", heads, text_columns=4, remarks=("cliffs_read",))
    for one in found:
        rising = ", ".join(view.word("amount_kind", kind) for kind in one["rising"])
        table.add(
            wording.sentence_case(view.say(f"at_{one['level']}")),
            view.word("amount_kind", one["kind"]),
            view.names(one["channels"], 3),
            rising or say(view, "none"),
            str(one["year"]),
            millions(one["amount_eur"], view.language),
            view.percent(one["fall"]),
            view.percent(one["sourced_share"]),
        )
    return table


def absorption_table(view, counter, *, by_city=False):
    """Applied for, granted and paid by channel, or by channel, city and year; None without awards."""
    rows = view["absorption"]
    rows = rows[rows["city"].ne("") if by_city else rows["city"].eq("")]
    if not len(rows):
        return None
    where = ("city", "year") if by_city else ()
    numbers = ("n_awards", "applied", "granted", "paid", "granted_of_applied", "paid_of_granted", "sourced_share")
    name = "absorption_city" if by_city else "absorption"
    table = started(view, counter, name, ("channel", *where, *numbers), text_columns=1 + len(where))
    unknown = say(view, "not_known")
    for row in rows.itertuples():
        own = (view.city(row.city), str(row.year)) if by_city else ()
        said = notes.sentences(known(row.note), view.language, view.material.defined)
        cell = named(view, row.channel_id)
        sums = (row.amount_applied, row.amount_granted, row.amount_paid)
        shares = (row.granted_of_applied, row.paid_of_granted, row.sourced_share)
        table.add(
            cell._replace(marks="".join(dict.fromkeys(map(table.mark, said)))),
            *own,
            view.count(row.n_awards),
            *(_or_dash(table, millions(value, view.language), unknown) for value in sums),
            *(_or_dash(table, view.percent(value), unknown) for value in shares),
        )
    return table
