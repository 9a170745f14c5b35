"""The tables of indices at several scales: the own cell, then its surroundings."""

from segindex import wording
from segindex.report import notes
from segindex.report.contents import INDICES
from segindex.report.tables import DECIMALS, Cell, Table


def scale_tables(section, name, language, counter):
    """A table an index: the cities of a group in its latest year, by own cell, radii, nearest residents.

    The first is that of the profiled index, where there is one.
    """
    order = dict.fromkeys((section.profiled, *INDICES))
    there = [index for index in order if (section.scales["index"] == index).any()]
    return [_table(section, index, name, language, counter.next()) for index in there]


def _table(section, index, name, language, number):
    def say(key, **values):
        return wording.text(language, f"scales.{key}", **values)

    found = section.scales[section.scales["index"] == index]
    columns = [_values(section.indices[index])] if index in section.indices else [{}]
    head = [say("own_area" if section.cell_size_m is None else "own_grid")]
    for column, placeholder in (("scale_m", "metres"), ("k", "n")):
        for size in sorted(found[column].dropna().unique()):
            columns.append(_values(found[found[column] == size]))
            head.append(say(column, **{placeholder: wording.count(size, language)}))
    title = wording.index_title(index, language)
    table = Table(
        say("caption", n=number, group=wording.sentence_case(name), index=title, year=section.year),
        [wording.text(language, "group.city"), *head],
    )
    for city in section.cities:
        found = [values.get(city, (None, "")) for values in columns]
        table.add(wording.city_name(city, language), *(_cell(table, *one, say, language) for one in found))
    return table


def _cell(table, number, note, say, language):
    if wording.missing(number):
        return table.dash(say("missing"))
    whole = notes.sentences(notes.whole_city_alone(note), language)
    return Cell(wording.number(number, language, DECIMALS), "".join(map(table.mark, whole)))


def scale_remarks(section, language):
    """What must be known to read the tables of scales."""
    said = (
        ("kernel", section.scales["scale_m"].notna().any()),
        ("nearest", section.scales["k"].notna().any()),
        ("no_expected", section.scales["expected"].isna().all()),
        ("wide", section.scales["scale_m"].notna().any()),
    )
    return [wording.text(language, f"scales.{key}") for key, there in said if there]


def _values(rows):
    return {city: (value, note) for city, value, note in zip(rows["city"], rows["value"], rows["note"])}
