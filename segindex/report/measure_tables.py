"""The tables of the programme's measures: what they are, where they are, and what has changed there."""

from segindex import wording
from segindex.report.tables import Cell, Table
from segindex.standings import in_order

TYPES = (1, 2, 3, 4, 5)


def measure_table(found, language, counter):
    """The measures: whose they are, their state, time and money, and how well this is known."""
    say = _Say(language)
    head = ("id", "measure", "city", "owner", "state", "time", "evidence", "money")
    table = Table(say("measures", n=counter.next()), [say(key) for key in head], text_columns=7)
    table.remarks = [say("money_remark")]
    for row in _in_order(found.measures):
        table.add(
            row["measure_id"],
            _name(found, row, language),
            wording.city_name(row["city"], language),
            row["owner"],
            wording.text(language, f"funding.word.measure_status_{row['status']}"),
            _time(table, row, say),
            wording.text(language, f"funding.word.evidence_{row['evidence']}"),
            _money(table, row, say),
        )
    return table


def _name(found, row, language):
    """What a measure is called; a Finnish name in another language says that it is one."""
    words = found.measure_names[row["measure_id"]].in_(language)
    return Cell(words, lang="" if row[f"name_{language}"] else "fi")


def _in_order(measures):
    """The rows by city in the programme's order."""
    order = {city: place for place, city in enumerate(in_order(measures["city"]))}
    rows = measures.assign(order=measures["city"].map(order)).sort_values("order", kind="stable")
    return rows.to_dict("records")


def _time(table, row, say):
    if not row["start"] and not row["end"]:
        return table.dash(say("no_time"))
    first, last = (wording.date(row[name], say.language) if row[name] else "" for name in ("start", "end"))
    return Cell(f"{first}–{last}" if len(first) <= 4 and len(last) <= 4 else f"{first} – {last}")


def _money(table, row, say):
    if wording.missing(row["amount_eur"]):
        return table.dash(say("no_money"))
    kind = wording.text(say.language, f"funding.word.amount_kind_{row['amount_kind']}")
    return Cell(say("money_of", amount=wording.count(row["amount_eur"], say.language), kind=kind))


def place_table(found, language, counter):
    """Where the measures are: their area, who lives there, and what they are for."""
    say = _Say(language)
    head = ("id", "measure", "city", "area", "themes", "indicators", "residents", "disadvantaged")
    table = Table(say("places", n=counter.next()), [say(key) for key in head], text_columns=6)
    told = {row["measure_id"]: row for row in found.places.to_dict("records")}
    for row in _in_order(found.measures):
        place = told.get(row["measure_id"])
        table.add(
            row["measure_id"],
            _name(found, row, language),
            wording.city_name(row["city"], language),
            _area(row, say),
            _listed(row["themes"], lambda one: wording.text(language, f"funding.word.theme_{one}"), table, say),
            _listed(row["indicators"], lambda one: _indicator(found, one, language), table, say),
            _residents(table, place, row, "residents", wording.count, say),
            _residents(table, place, row, "disadvantaged_share", wording.percent, say),
        )
    return table


def _area(row, say):
    ids = [one.strip() for one in row["area_id"].split(";") if one.strip()]
    if not ids:
        return Cell(say("whole_city"))
    if len(ids) > MOST_IDS:
        scheme = wording.text(say.language, f"funding.word.area_scheme_{row['area_scheme']}")
        return Cell(say("many_areas", n=wording.count(len(ids), say.language), scheme=scheme))
    return Cell(", ".join(ids))


MOST_IDS = 4


def _listed(words, told, table, say):
    found = [told(one.strip()) for one in words.split(";") if one.strip()]
    return Cell(", ".join(found)) if found else table.dash(say("not_given"))


def _indicator(found, key, language):
    return found.names[key].in_(language) if key in found.names else key


def _residents(table, place, row, name, form, say):
    if place is None or wording.missing(place[name]):
        if not row["area_id"].strip():
            return table.dash(say.why("no_area"))
        unknown = place is None or place["n_cells"] == 0
        return table.dash(say.why("unknown_area" if unknown else "not_told"))
    return Cell(form(place[name], say.language))


def difference_table(found, material, language, counter):
    """What has changed where each measure is, beside comparable areas: a row a measure and group."""
    say = _Say(language)
    head = ("id", "city", "group", "first_share", "last_share", "change", "comparable", "difference")
    table = Table(say("differences", n=counter.next()), [say(key) for key in head], text_columns=3)
    table.remarks = [say("no_effect"), say("comparable_explain")]
    for row in found.places.to_dict("records"):
        group = wording.group_name(row["group"], language, material.defined)
        name = wording.sentence_case(group) if row["group"] else table.dash(say.why("no_cells"))
        table.add(row["measure_id"], wording.city_name(row["city"], language), name, *_differences(table, row, say))
    return table


def _differences(table, row, say):
    reason = row["refused"] or row["reason"] or "no_value"
    why = say.why(f"area_{reason}" if row["refused"] else reason)
    cells = []
    for end in ("first", "last"):
        if wording.missing(row[f"{end}_share"]):
            cells.append(table.dash(why))
        else:
            share = wording.percent(row[f"{end}_share"], say.language)
            cells.append(Cell(f"{share} ({int(row[f'{end}_year'])})"))
    cells.append(table.dash(why) if wording.missing(row["change"]) else Cell(_points(row["change"], say.language)))
    if wording.missing(row["difference"]):
        return [*cells, table.dash(why), table.dash(why)]
    comparable = _points(row["comparable_change"], say.language)
    numbers = {"change": row["difference"], "low": row["low"], "high": row["high"]}
    numbers = {name: _points(value, say.language) for name, value in numbers.items()}
    n = wording.count(row["n_comparable"], say.language)
    return [*cells, Cell(f"{comparable} ({n})"), Cell(wording.text(say.language, "changes.interval", **numbers))]


def _points(value, language):
    """A difference of shares in percentage points."""
    return wording.change(100 * value, language, 1)


def need_table(found, language, counter):
    """Of each area type of a city, the part of the residents who live where a measure is, and all of them."""
    say = _Say(language)
    head = [wording.text(language, "group.city"), *(wording.text(language, f"types.type_{kind}") for kind in TYPES)]
    table = Table(say("need", n=counter.next()), head, remarks=[say("need_explain")])
    rows = {(row["city"], row["type"]): row for row in found.need.to_dict("records")}
    for city in in_order(found.need["city"]):
        cells = [_need(table, rows.get((city, kind)), say) for kind in TYPES]
        table.add(wording.city_name(city, language), *cells)
    return table


def _need(table, row, say):
    if row is None:
        return table.dash(say("no_type"))
    if wording.missing(row["residents"]):
        return table.dash(say.why({"would_tell": "would_tell"}.get(row["refused"], "area_few_cells")))
    people = wording.count(row["residents"], say.language)
    if row["refused"] or not row["residents"]:
        return Cell(f"{wording.NO_VALUE} ({people})", table.mark(say.why("area_few_cells")))
    return Cell(f"{wording.percent(row['with_measures'] / row['residents'], say.language)} ({people})")


class _Say:
    """The texts of the tables of measures in one language."""

    def __init__(self, language):
        self.language = language

    def __call__(self, key, **values):
        return wording.text(self.language, f"followup.measure.{key}", **values)

    def why(self, reason):
        """Why there is no number."""
        return wording.text(self.language, f"followup.why.{reason}")
