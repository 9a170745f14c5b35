"""The tables of indices at several scales: the own cell, its surroundings, named areas, and wide over narrow."""

from segindex import wording
from segindex.report import notes
from segindex.report.contents import INDICES
from segindex.report.tables import DECIMALS, Cell, Table


def scale_tables(section, name, language, counter, defined=None):
    """A table an index: the cities of a group in its latest year, by own cell, radii, nearest residents, named areas.

    The first is that of the profiled index, where there is one.
    """
    order = dict.fromkeys((section.profiled, *INDICES))
    there = [index for index in order if (section.scales["index"] == index).any()]
    return [_table(section, index, name, language, counter.next(), defined) for index in there]


def _table(section, index, name, language, number, defined):
    def say(key, **values):
        return wording.text(language, f"scales.{key}", **values)

    found = section.scales[section.scales["index"] == index]
    columns = [_values(section.indices[index])] if index in section.indices else [{}]
    head = [say("own_area" if section.cell_size_m is None else "own_grid")]
    for column, placeholder in (("scale_m", "metres"), ("k", "n")):
        for size in sorted(found[column].dropna().unique()):
            columns.append(_values(found[found[column] == size]))
            head.append(say(column, **{placeholder: wording.count(size, language)}))
    whole = section.areas[section.areas["index"] == index]
    if len(whole):
        columns.append(_values(whole))
        head.append(say("areas"))
    ratios = section.ratios[(section.ratios["index"] == index) & (section.ratios["kind"] == "scale_m")]
    if len(ratios):
        widest, narrowest = (wording.count(ratios[end].iloc[0], language) for end in ("macro", "micro"))
        head.append(say("ratio", macro=widest, micro=narrowest))
    corrected = any(not wording.missing(two) for column in columns for _, two, _ in column.values())
    key = "caption_corrected" if corrected else "caption"
    title = wording.index_title(index, language)
    table = Table(
        say(key, n=number, group=wording.sentence_case(name), index=title, year=section.year),
        [wording.text(language, "group.city"), *head],
    )
    by_city = dict(zip(ratios["city"], ratios["ratio"]))
    shown = section.scales[(section.scales["index"] == index) & section.scales["value"].notna()]
    ends = [set(shown["city"][shown["scale_m"].isin(ratios[end])]) for end in ("micro", "macro")]
    for city in section.cities:
        found = [values.get(city, (None, None, "")) for values in columns]
        cells = [_cell(table, *one, say, language) for one in found]
        if len(ratios):
            published = all(city in valued for valued in ends)
            cells.append(_cell(table, by_city.get(city) if published else None, None, "", say, language))
        table.add(wording.city_name(city, language, defined), *cells)
    return table


def _cell(table, number, corrected, note, say, language):
    if wording.missing(number):
        return table.dash(say("missing"))
    said = "; ".join(filter(None, (notes.whole_city_alone(note), notes.outside_alone(note))))
    whole = notes.sentences(said, language)
    words = wording.number(number, language, DECIMALS)
    if not wording.missing(corrected):
        words = f"{words} ({wording.number(corrected, language, DECIMALS)})"
    return Cell(words, "".join(map(table.mark, whole)))


def scale_remarks(section, language):
    """What must be known to read the tables of scales."""
    said = (
        ("kernel", section.scales["scale_m"].notna().any()),
        ("nearest", section.scales["k"].notna().any()),
        ("areas_remark", len(section.areas) > 0),
        ("ratio_remark", len(section.ratios) > 0),
        ("no_expected", section.scales["expected"].isna().all()),
        ("wide", section.scales["scale_m"].notna().any()),
    )
    return [wording.text(language, f"scales.{key}") for key, there in said if there]


def _values(rows):
    return {
        city: (value, corrected, note)
        for city, value, corrected, note in zip(rows["city"], rows["value"], rows["corrected"], rows["note"])
    }
