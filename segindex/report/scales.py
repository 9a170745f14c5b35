"""The table of indices at several scales: the own cell, then its surroundings."""

from segindex import wording
from segindex.report.tables import DECIMALS, Cell, Table


def scale_table(section, name, language, counter):
    """The cities of a group in its latest year, by index and scale: own cell, radii, nearest residents."""

    def say(key, **values):
        return wording.text(language, f"scales.{key}", **values)

    unit = "own_area" if section.cell_size_m is None else "own_grid"
    columns, head = [], []
    for index, rows in section.rows.items():
        found = section.scales[section.scales["index"] == index]
        radii, numbers = (sorted(found[column].dropna().unique()) for column in ("scale_m", "k"))
        if not len(found):
            continue
        symbol = wording.text(language, f"group.value_{index}")
        columns.append(_values(rows[rows["year"] == section.year]))
        head.append(say(unit, index=symbol))
        for column, sizes, placeholder in (("scale_m", radii, "metres"), ("k", numbers, "n")):
            for size in sizes:
                columns.append(_values(found[found[column] == size]))
                head.append(say(column, index=symbol, **{placeholder: wording.count(size, language)}))
    table = Table(
        say("caption", n=counter.next(), group=wording.sentence_case(name), year=section.year),
        [wording.text(language, "group.city"), *head],
    )
    for city in section.cities:
        numbers = [values.get(city) for values in columns]
        table.add(
            wording.city_name(city, language),
            *(
                table.dash(say("missing"))
                if wording.missing(number)
                else Cell(wording.number(number, language, DECIMALS))
                for number in numbers
            ),
        )
    table.remarks = [
        say(key)
        for key, there in (
            ("kernel", section.scales["scale_m"].notna().any()),
            ("nearest", section.scales["k"].notna().any()),
            ("no_expected", section.scales["expected"].isna().all()),
        )
        if there
    ]
    return table


def _values(rows):
    return dict(zip(rows["city"], rows["value"]))
