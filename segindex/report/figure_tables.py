"""The data tables under the figures: the numbers that a figure shows, none that is not published."""

from segindex import wording
from segindex.figures import alt
from segindex.figures.select import KINDS, PARTS, parts_of, profile
from segindex.report.publish import FEWEST
from segindex.report.spreads import reason_words, status_words
from segindex.report.tables import DECIMALS, Cell, Table
from segindex.standings import in_order

WITHOUT_KIND = ("structural", "group_marginal")
"""The parts of a change that have one name for cells and areas."""


def ranking_table(section, name, language, counter, defined=None):
    """The cities in the order of the ranking: value, expected and corrected value, and the value at the baseline."""
    rows = section.rows["dissimilarity"]
    named = {"index": "dissimilarity", "group": name, "year": section.year, "language": language, "defined": defined}
    kinds = [kind for kind in ("value", "expected", "corrected") if rows[kind].notna().any()]
    before = rows[rows["year"] == section.baseline].set_index("city")["value"]
    head = [_say(language, kind, year=section.year) for kind in kinds]
    if len(before):
        head.append(_say(language, "value", year=section.baseline))
    table = _table(language, counter, alt.ranking_title(rows, **named), [wording.text(language, "group.city"), *head])
    found = alt.ranked(rows, section.year)
    for city, row in found.set_index("city").iterrows():
        numbers = [_numbered(row[kind], language) for kind in kinds]
        if "corrected" in kinds and not wording.missing(row["low"]):
            numbers[-1] = _with_interval(row["corrected"], row["low"], row["high"], language)
        if len(before):
            broken = any(section.baseline < year <= section.year for year in section.breaks.get(city, ()))
            numbers.append(_across(table, language) if broken else _numbered(before.get(city), language))
        table.add(wording.city_name(city, language, defined), *numbers)
    return table


def trends_table(section, name, language, counter, defined=None):
    """The index of each city in each year."""
    rows = section.rows["dissimilarity"]
    title = alt.trends_title(rows, index="dissimilarity", group=name, language=language)
    return _by_year(rows, "city", title, language, counter, section.breaks, defined)


def change_terms_table(section, name, language, counter, defined=None):
    """The change of each city and the parts that it is made of, each with its interval."""
    parts = parts_of(section.parts)
    named = {"index": section.parts["index"].iloc[0], "group": name, "language": language, "defined": defined}
    title = alt.change_terms_title(parts, first=section.baseline, last=section.year, **named)
    kind = "area" if section.cell_size_m is None else "grid"
    words = [wording.text(language, "change_terms.total")]
    for part in PARTS:
        key = part if part in WITHOUT_KIND else f"{part}_{kind}"
        words.append(wording.text(language, f"change_terms.{key}"))
    table = _table(language, counter, title, [wording.text(language, "group.city"), *map(wording.sentence_case, words)])
    for city in in_order(parts.index):
        numbers = [Cell(wording.change(parts["change"]["total"][city], language, DECIMALS))]
        for part in PARTS:
            numbers.append(_change(*(parts[column][part][city] for column in ("change", "low", "high")), language))
        table.add(wording.city_name(city, language, defined), *numbers)
    return table


def profile_table(section, over, name, language, counter, defined=None):
    """The index of each city in its own cells and in each size of surroundings."""
    rows = profile(section.profile_rows, section.profiled, section.group, section.year, over)
    named = {"index": section.profiled, "group": name, "over": over, "cell_size_m": section.cell_size_m}
    title = alt.profile_title(rows, **named, language=language)
    placeholder = {"scale_m": "metres", "k": "n"}[over]
    sizes = sorted(rows["size"].unique())
    own = "scales.own_area" if section.cell_size_m is None else "scales.own_grid"
    head = [
        wording.text(language, f"scales.{over}", **{placeholder: wording.count(size, language)})
        if size
        else wording.text(language, own)
        for size in sizes
    ]
    areas = section.areas[section.areas["index"] == section.profiled].set_index("city")["value"]
    if len(areas):
        head.append(wording.text(language, "scales.areas"))
    table = _table(language, counter, title, [wording.text(language, "group.city"), *head])
    by_city = {city: dict(zip(part["size"], part["value"])) for city, part in rows.groupby("city")}
    for city in in_order(by_city):
        numbers = [_numbered(by_city[city].get(size), language) for size in sizes]
        numbers += [_numbered(areas.get(city), language)] if len(areas) else []
        table.add(wording.city_name(city, language, defined), *numbers)
    return table


def type_map_table(place, kind, language, counter, defined=None):
    """The area types of a city: how many places of a kind, "grid" or "area", and the share of the residents."""
    title = alt.type_map_title(place.types, city=place.city, language=language, defined=defined)
    rows = place.types.set_index("type")
    head = [_say(language, "type"), _say(language, f"places_{kind}"), _say(language, "residents_share")]
    table = _table(language, counter, title, head)
    for kind in KINDS:
        if kind in rows.index:
            share = rows.loc[kind, "residents_share"]
            why = wording.text(language, "types.few", limit=FEWEST)
            share = table.dash(why) if wording.missing(share) else wording.percent(share, language)
            table.add(alt.type_name(kind, language), wording.count(rows.loc[kind, "n_cells"], language), share)
    return table


def city_trends_table(city, sections, material, title, language, counter):
    """The index of each group of a city in each year."""
    table, found = None, []
    for section in sections:
        rows = section.rows.get("dissimilarity")
        if rows is not None:
            rows = rows[rows["city"] == city].assign(city=section.group)
            found.append((section, rows))
    years = sorted({int(year) for _, rows in found for year in rows["year"][rows["value"].notna()]})
    table = _table(language, counter, title, [_say(language, "group"), *map(str, years)])
    for section, rows in found:
        name = wording.sentence_case(wording.group_name(section.group, language, material.defined))
        broken = _between(section.breaks.get(city, ()), years)
        table.add(Cell(name, _break_marks(table, broken, language)), *_values(rows, years, language))
    return table


def city_changes_table(spread, material, title, language, counter):
    """The change of each group of a city since the baseline, with its interval and its status."""
    head = [_say(language, "group"), _say(language, "change"), wording.text(language, "spread.status")]
    table = _table(language, counter, title, head)
    for one in spread.standings:
        name = wording.sentence_case(wording.group_name(one.group, language, material.defined))
        if wording.missing(one.change):
            change = table.dash(reason_words(one.refused or one.reason, material, language))
        else:
            change = _change(one.change, one.change_low, one.change_high, language)
        table.add(name, change, status_words(one.status, language))
    return table


def _by_year(rows, column, title, language, counter, breaks, defined=None):
    years = sorted({int(year) for year in rows["year"][rows["value"].notna()]})
    table = _table(language, counter, title, [wording.text(language, "group.city"), *map(str, years)])
    for city in in_order(rows[column]):
        broken = _between(breaks.get(city, ()), years)
        marks = _break_marks(table, broken, language)
        own = rows[rows[column] == city]
        table.add(Cell(wording.city_name(city, language, defined), marks), *_values(own, years, language))
    return table


def _values(rows, years, language):
    by_year = dict(zip(rows["year"], rows["value"]))
    return [_numbered(by_year.get(year), language) for year in years]


def _between(breaks, years):
    """The breaks that part some of the years, also those of a year that has no value itself."""
    return [year for year in breaks if years and years[0] < year <= years[-1]]


def _break_marks(table, years, language):
    return table.mark(_say(language, "break", years=wording.years(years))) if years else ""


def _across(table, language):
    return table.dash(_say(language, "across"))


def _numbered(value, language):
    return Cell(wording.number(value, language, DECIMALS))


def _with_interval(value, low, high, language):
    numbers = {"value": value, "low": low, "high": high}
    return Cell(_say(language, "interval", **{k: wording.number(v, language, DECIMALS) for k, v in numbers.items()}))


def _change(value, low, high, language):
    if wording.missing(value):
        return Cell(wording.NO_VALUE)
    numbers = wording.change_and_ends(value, low, high, language, DECIMALS)
    if wording.missing(low) or wording.missing(high):
        return Cell(numbers["change"])
    return Cell(wording.text(language, "changes.interval", **numbers))


def _table(language, counter, title, head):
    return Table(_say(language, "caption", n=counter.next(), title=title), head)


def _say(language, key, **values):
    return wording.text(language, f"figure_table.{key}", **values)
