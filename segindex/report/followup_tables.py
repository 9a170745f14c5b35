"""The tables of the follow-up's indicators: statuses, cards, what they rest on, and the years."""

from segindex import wording
from segindex.figures.followup_alt import counts, level, shape_of
from segindex.followup.sentences import DECIMALS, PER_CENT
from segindex.report import notes
from segindex.report.tables import Cell, Table
from segindex.standings import in_order
from segindex.verdict import STATUSES

SIGNS = {"fell": "▼", "rose": "▲", "no_clear_change": "○", "cannot_say": "×"}


def overview_table(found, language, counter):
    """The status of every indicator in every city, by word and shape."""
    say = _Say(language)
    head = [wording.text(language, "group.city"), *(_name(found, key, language) for key in found.names)]
    table = Table(say("overview", n=counter.next()), head, text_columns=len(head), remarks=[say("shapes")])
    cards = {(card["indicator"], card["city"]): card for card in found.cards.to_dict("records")}
    for city in in_order(found.cards["city"]):
        own = [cards.get((key, city)) for key in found.names]
        cells = [table.dash(say("no_card")) if card is None else status_cell(table, card, language) for card in own]
        table.add(wording.city_name(city, language, found.defined), *cells)
    return table


def count_table(found, language, counter):
    """How many cities have each status, by indicator."""
    say = _Say(language)
    statuses = [f"{wording.sentence_case(_status(status, language))}" for status in STATUSES]
    head = [say("indicator"), say("wanted"), *statuses]
    table = Table(say("counts", n=counter.next()), head, text_columns=2)
    for key in found.names:
        own = found.cards_of(key)
        numbers = (wording.count(n, language) for n in counts(own).values())
        table.add(_name(found, key, language), say(f"wanted_{own['wanted'].iloc[0]}"), *numbers)
    return table


def _name(found, key, language):
    return wording.sentence_case(found.names[key].in_(language))


def _status(status, language):
    return wording.text(language, f"status.{status}")


def status_cell(table, card, language):
    """A status as word and shape, with why it cannot be said, or why a change is not called one."""
    words = f"{_status(card['status'], language)} {SIGNS[shape_of(card['status'], card['change'])]}"
    if card["status"] == "cannot_say":
        return Cell(words, table.mark(_Say(language).why(card["reason"])))
    if card["status"] == "no_clear_change" and not card["change_low"] <= 0 <= card["change_high"]:
        told = wording.text(language, "status.one_of_many", q=wording.number(card["q"], language, 2))
        return Cell(words, table.mark(told))
    return Cell(words)


def card_table(found, key, material, language, counter):
    """The cards of an indicator: baseline, value, what chance gives, change and status, a row a city."""
    say, cards = _Say(language), found.cards_of(key).to_dict("records")
    first = cards[0]
    table = Table(say("card", n=counter.next(), indicator=_name(found, key, language)), _card_head(first, cards, say))
    table.remarks = _remarks(first, cards, material, language)
    for card in cards:
        numbers = [_baseline(table, card, say), _before(table, card, say), _value(table, card, say)]
        if first["measure"] == "index":
            numbers += [_expected(table, card, say), _group_share(table, card, say)]
        cells = [*numbers, _change(table, card, say), status_cell(table, card, language)]
        table.add(Cell(wording.city_name(card["city"], language, found.defined), _noted(table, card, language)), *cells)
    return table


def _card_head(first, cards, say):
    index = first["measure"] == "index"
    interval = "_interval" if index else ""
    return [
        wording.text(say.language, "group.city"),
        say("baseline" + interval, year=_year(cards, "baseline_year")),
        say("before"),
        say("value" + interval, year=_year(cards, "year")),
        *([say("expected"), say("group_share")] if index else []),
        say("change" + interval),
        wording.text(say.language, "spread.status"),
    ]


def _year(cards, name):
    """The year of an indicator, which is the same in every city."""
    return next((str(int(card[name])) for card in cards if not wording.missing(card[name])), wording.NO_VALUE)


def _baseline(table, card, say):
    if wording.missing(card["baseline"]):
        reason = "one_year" if wording.missing(card["baseline_year"]) else "no_baseline"
        return table.dash(say.why(reason))
    return Cell(_ranged(card, ("baseline", "baseline_low", "baseline_high"), say.language))


def _before(table, card, say):
    if wording.missing(card["before_low"]):
        return table.dash(say.why("no_years_before"))
    low, high = (level(card[name], card["measure"], say.language) for name in ("before_low", "before_high"))
    years = wording.years(range(int(card["before_first"]), int(card["before_last"]) + 1))
    plain = card["before_of"] == "as_it_is" and card["measure"] == "index"
    words = low if low == high else f"{low}–{high}"
    return Cell(f"{words} ({years})", table.mark(say("before_as_it_is")) if plain else "")


def _value(table, card, say):
    if card["refused"]:
        return table.dash(say.why(card["refused"]))
    if wording.missing(card["value"]):
        return table.dash(say.why("no_corrected"))
    return Cell(_ranged(card, ("value", "low", "high"), say.language))


def _ranged(card, names, language):
    """A value with its interval, where it has one."""
    value, low, high = (level(card[name], card["measure"], language) for name in names)
    return value if wording.missing(card[names[1]]) else f"{value} ({low}–{high})"


def _expected(table, card, say):
    if wording.missing(card["expected"]):
        return table.dash(say.why(card["refused"] or "no_expected"))
    return Cell(wording.number(card["expected"], say.language, DECIMALS))


def _group_share(table, card, say):
    if wording.missing(card["group_share"]):
        return table.dash(say.why(card["refused"] or "no_value"))
    return Cell(wording.percent(card["group_share"], say.language))


def _change(table, card, say):
    if wording.missing(card["change"]):
        return table.dash(say.why(card["reason"] or "no_value"))
    if card["measure"] in PER_CENT:
        return Cell(say("points", change=wording.change(100 * card["change"], say.language, 1)))
    numbers = wording.change_and_ends(card["change"], card["change_low"], card["change_high"], say.language, DECIMALS)
    if wording.missing(card["change_low"]):
        return Cell(numbers["change"], table.mark(say.why("no_interval")))
    return Cell(wording.text(say.language, "changes.interval", **numbers))


def _noted(table, card, language):
    """The letters of what must be known of a card's numbers; breaks stand in a column of their own."""
    said = notes.sentences(notes.without_breaks(card["note"]), language)
    return "".join(map(table.mark, said))


def _remarks(first, cards, material, language):
    """What is followed, which way is better, the target, where the numbers come from, and when there are new ones."""
    say = _Say(language)
    told = [_definition(first, material, say), say(f"wanted_told_{first['wanted']}")]
    if wording.missing(first["target"]):
        told.append(say("no_target"))
    else:
        target = level(first["target"], first["measure"], language)
        told.append(say("target", target=target, year=int(first["target_year"])))
    sizes = sorted({card["cluster_size"] for card in cards if card["cluster_size"] > 1})
    told += [wording.text(language, "caveat.households", n=wording.number(n, language, 1)) for n in sizes]
    sources = material.source_names(language)
    keys = dict.fromkeys(part for card in cards for part in card["source"].split("; ") if part)
    dates = {part for card in cards for part in card["reference_date"].split("; ") if part}
    if keys:
        names = ", ".join(sources.get(key, key) for key in keys)
        when = wording.dates(sorted(dates), language) or wording.NO_VALUE
        told.append(say("source", source=names, dates=when))
    due = first["next_update"]
    told.append(say("next_update", date=wording.date(due, language)) if due else say("no_update"))
    return told


def _definition(card, material, say):
    if card["measure"] == "types_1_2":
        return say("about_types")
    group = wording.group_name(card["group"], say.language, material.defined)
    if card["measure"] == "share":
        base = wording.base_name(card["classification"], say.language)
        return say("about_share", group=group, base=base)
    index = wording.sentence_case(wording.index_title(card["index"], say.language))
    meaning = wording.index_meaning(card["index"], say.language)[0]
    key = "about_isolation" if card["index"] == "isolation" else "about_index"
    return say(key, index=index, group=group, meaning=meaning)


def basis_table(found, key, language, counter):
    """What the cards of an indicator rest on: parts of the change, target path, trend, coverage and breaks."""
    say, cards = _Say(language), found.cards_of(key).to_dict("records")
    index, target = cards[0]["measure"] == "index", not wording.missing(cards[0]["target"])
    head = [wording.text(language, "group.city")]
    head += [say("structural"), say("margins"), say("appeared")] if index else []
    head += [say("path", year=int(cards[0]["year"])), say("on_path")] if target else []
    head += [say("trend"), say("coverage"), say("breaks")]
    table = Table(say("basis", n=counter.next(), indicator=_name(found, key, language)), head)
    table.remarks = [say("parts_explain")] if index else []
    for card in cards:
        cells = _parts(table, card, say) if index else []
        cells += _path(table, card, say) if target else []
        cells += [_trend(table, card, say), _coverage(table, card, say), _breaks(card, say)]
        table.add(wording.city_name(card["city"], language, found.defined), *cells)
    return table


def _parts(table, card, say):
    cells = []
    for name in ("structural", "margins", "appeared"):
        if wording.missing(card[name]):
            cells.append(table.dash(say.why("break" if card["reason"] == "break" else "no_parts")))
        else:
            cells.append(Cell(wording.change(card[name], say.language, DECIMALS)))
    return cells


def _path(table, card, say):
    place = say(f"path_{card['on_path']}")
    if wording.missing(card["path"]):
        return [table.dash(say.why("no_baseline")), Cell(place)]
    return [Cell(level(card["path"], card["measure"], say.language)), Cell(place)]


def _trend(table, card, say):
    if card["trend"] == "":
        return Cell(say("trend_none"), table.mark(say.why(f"trend_{card['trend_reason']}")))
    p = wording.p_value(card["trend_p"], say.language)
    return Cell(say(f"trend_{card['trend']}", n=int(card["n_points"]), p=p))


def _coverage(table, card, say):
    if wording.missing(card["coverage"]):
        return table.dash(say.why("coverage_unknown"))
    return Cell(wording.percent(card["coverage"], say.language))


def _breaks(card, say):
    years = [int(year) for year in card["breaks"].split(";") if year]
    return Cell(wording.years(years) if years else wording.text(say.language, "document.no_break"))


def points_table(found, key, title, language, counter):
    """An indicator in each year and city, with its interval: the data of the figure."""
    say, points = _Say(language), found.points_of(key)
    measure = found.cards_of(key)["measure"].iloc[0]
    valued = points[points["value"].notna() | (points["refused"] != "")]
    years = sorted({int(year) for year in valued["year"]})
    caption = wording.text(language, "figure_table.caption", n=counter.next(), title=title)
    table = Table(caption, [wording.text(language, "group.city"), *map(str, years)])
    for city in in_order(points["city"]):
        rows = points[points["city"] == city].assign(measure=measure)
        by_year = {int(row["year"]): row for row in rows.to_dict("records")}
        table.add(
            wording.city_name(city, language, found.defined), *(_point(table, by_year.get(year), say) for year in years)
        )
    return table


def _point(table, row, say):
    if row is None or wording.missing(row["value"]):
        return table.dash(say.why((row["refused"] if row else "no_rows") or "no_value"))
    mark = table.mark(say("broken")) if row["broken"] else ""
    return Cell(_ranged(row, ("value", "low", "high"), say.language), mark)


class _Say:
    """The texts of the follow-up's tables in one language."""

    def __init__(self, language):
        self.language = language

    def __call__(self, key, **values):
        return wording.text(self.language, f"followup.table.{key}", **values)

    def why(self, reason):
        """Why there is no number."""
        return wording.text(self.language, f"followup.why.{reason}")
