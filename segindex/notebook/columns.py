"""What a notebook shows of each table: which columns, under which heads, and how a row fills them."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from segindex import wording
from segindex.registry import REGISTRY
from segindex.report.column_words import column_word
from segindex.report.material import Material

DECIMALS = 3


class Column(NamedTuple):
    """A column: the key of its head, what fills it from a row (a dict) and a reader, and what its cells hold.

    Attributes
    ----------
    head : str
    fill : callable
    words : bool
        Whether it holds words, not numbers.
    marked : bool
        Whether a number may bear the mark of little data: not a year.
    """

    head: str
    fill: Callable[..., str]
    words: bool = False
    marked: bool = True


class Kind(NamedTuple):
    """A table that can be shown.

    Attributes
    ----------
    needed : set of str
        The columns that it is known by.
    columns : tuple of Column
    over : str or None
        The column whose value stands above the rows that have it; None: no row stands above others.
    by_city : bool
        Whether the rows below one such value are put in the programme's order of cities; they keep theirs if not.
    sized : bool
        Whether its numbers rest on the cells and members of its rows, and are marked where these are few.
    read : str
        The key of a sentence on how the numbers are read; "" for none.
    draw : callable, optional
        The figure of a table, from it and a reader; it may give none.
    """

    needed: set[str]
    columns: tuple[Column, ...]
    over: str | None = "city"
    by_city: bool = False
    sized: bool = False
    read: str = ""
    draw: Callable[..., Any] | None = None


class Reader(NamedTuple):
    """For whom a table is written: the language, and what is known of names and limits."""

    language: str
    about: Material

    @property
    def defined(self):
        """Names of groups that the settings define."""
        return self.about.defined

    def word(self, column, value):
        """A value of a column, as it is called where it is published, in words."""
        return column_word(column, value, self.about, self.language)

    def heading(self, column, value):
        """The same as a heading; a key that has no words stays as it is."""
        word = self.word(column, value)
        return word if word == value else wording.sentence_case(word)

    def say(self, key, **values):
        """A text in the reader's language."""
        return wording.text(self.language, key, **values)

    def number(self, value, decimals=DECIMALS):
        """A number in the form of the reader's language."""
        return wording.number(value, self.language, decimals)

    def group(self, key):
        """A group's name."""
        return self.say("show.all_groups") if key == "all" else wording.group_name(key, self.language, self.defined)


def _group(row, reader):
    name = reader.group(row["group"])
    other = row.get("reference", "rest")
    if wording.missing(other) or other in ("rest", ""):
        return name
    return reader.say("show.against", group=name, reference=reader.group(other))


def _index(row, reader):
    key = row["index"]
    return wording.index_title(key, reader.language) if key in REGISTRY else str(key)


def _surroundings(row, reader):
    for over in ("scale_m", "k"):
        if not wording.missing(row.get(over)):
            return reader.say(f"profile.reach_{over}", size=wording.count(row[over], reader.language))
    return reader.say("show.own")


def _number(name, row, reader):
    return reader.number(row.get(name))


def _count(name, row, reader):
    return wording.count(row.get(name), reader.language)


def _percent(name, row, reader):
    return wording.percent(row.get(name), reader.language)


def _plain(name, row, reader):
    return wording.NO_VALUE if wording.missing(row.get(name)) else str(row[name])


def interval(row, names, reader, form):
    """A value, and its interval where it has one, from the columns `names`: of the value, or of it and both ends."""
    value, *ends = (row.get(name) for name in names)
    if wording.missing(value):
        return wording.NO_VALUE
    if not ends or any(wording.missing(end) for end in ends):
        return form(value)
    return reader.say("changes.interval", change=form(value), low=form(ends[0]), high=form(ends[1]))


def _corrected(row, reader):
    return interval(row, ("corrected", "low", "high"), reader, reader.number)


def _change(row, reader):
    form = partial(wording.change, language=reader.language, decimals=DECIMALS)
    return interval(row, ("change", "low", "high"), reader, form)


def _bounds(row, reader):
    low, high = row.get("lower_bound"), row.get("upper_bound")
    if wording.missing(low) or wording.missing(high):
        return wording.NO_VALUE
    return reader.say("show.range", low=reader.number(low), high=reader.number(high))


def _term(row, reader):
    term = reader.say(f"show.term_{row['term']}")
    return reader.say("show.net", term=term) if row["net"] else term


def _threshold(row, reader):
    limit = wording.percent(row["cut_off"], reader.language)
    key = "over_percent" if row["threshold"].startswith("over_") else row["threshold"]
    return reader.say(f"show.{key}", limit=limit)


def _beside_chance(name, row, reader):
    value, expected = (wording.percent(row[one], reader.language) for one in (name, f"expected_{name}"))
    return value if expected == wording.NO_VALUE else reader.say("show.with_expected", value=value, expected=expected)


def _type(row, reader):
    return reader.say(f"types.type_{int(row['type'])}" if row["type"] else "types.unknown")


def _extent(row, reader):
    return reader.say(f"show.cut_offs_{row['extent']}")


def _cluster(row, reader):
    key = f"cluster.{row['cluster'].replace('-', '_').replace(' ', '_')}"
    return reader.say(key) if key in wording.table(reader.language) else row["cluster"]


def _event(row, reader):
    return reader.say(f"show.event_{row['event'].replace(' ', '_')}")


def _found_in(row, reader):
    return reader.say("show.of", n=int(row["n_years"]), all=int(row["of_years"]))


def _years(row, reader):
    return f"{int(row['first_year'])}–{int(row['last_year'])}"


def _classification(row, reader):
    return wording.classification_name(row["classification"], reader.language)


def _date(row, reader):
    return wording.dates([row["reference_date"]], reader.language)


def _choosing(row, reader):
    size = row.get("cluster_size")
    return wording.NO_VALUE if wording.missing(size) else reader.number(size, 2 if size % 1 else 0)


GROUP = Column("show.group", _group, True)
INDEX = Column("show.index", _index, True)
YEAR = Column("group.year", partial(_plain, "year"), marked=False)
YEARS = Column("show.years", _years, marked=False)
CELLS = Column("show.cells", partial(_count, "n_cells"))
POPULATION = Column("classes.population", partial(_count, "population"))
SIZE = Column("classes.size", partial(_count, "group_size"))
SHARE = Column("group.share", partial(_percent, "share"))
HIDDEN = Column("show.hidden", partial(_percent, "hidden_share"))
CLUSTER = Column("classes.cluster", _cluster, True)
CHOOSING = Column("show.choosing", _choosing)

KINDS = {
    "results": Kind(
        {"city", "year", "index", "group", "value"},
        (
            *(GROUP, INDEX, YEAR, Column("show.surroundings", _surroundings, True)),
            Column("show.value", partial(_number, "value")),
            Column("show.expected", partial(_number, "expected")),
            Column("show.corrected", _corrected),
            Column("show.bounds", _bounds),
            *(CHOOSING, SIZE, CELLS, HIDDEN),
        ),
        sized=True,
        read="show.read",
    ),
    "changes": Kind(
        {"city", "index", "group", "term", "net", "first_year", "last_year", "change"},
        (
            *(GROUP, INDEX, YEARS, Column("show.term", _term, True)),
            *(Column("show.change", _change), Column("show.q", partial(_number, "q")), CHOOSING, HIDDEN),
        ),
    ),
    "thresholds": Kind(
        {"city", "year", "group", "threshold", "cut_off", "population_share", "group_share"},
        (
            *(GROUP, YEAR, Column("show.threshold", _threshold, True)),
            Column("classes.population_share", partial(_beside_chance, "population_share")),
            Column("classes.group_share", partial(_beside_chance, "group_share")),
            *(CELLS, Column("show.unknown", partial(_percent, "unknown_share"))),
        ),
        sized=True,
    ),
    "types": Kind(
        {"city", "year", "extent", "type", "residents_share"},
        (
            *(YEAR, Column("show.cut_offs", _extent, True), Column("show.type", _type, True), CELLS),
            Column("coverage.residents", partial(_count, "residents")),
            Column("show.residents_share", partial(_percent, "residents_share")),
        ),
    ),
    "lasting": Kind(
        {"city", "year", "group", "cluster", "id", "event", "n_years", "of_years"},
        (
            *(GROUP, CLUSTER, Column("show.id", partial(_plain, "id"), True), YEAR, Column("show.event", _event, True)),
            *(Column("show.found_in", _found_in), CELLS, POPULATION, SIZE, SHARE),
        ),
        sized=True,
    ),
    "cluster_areas": Kind(
        {"city", "year", "group", "cluster", "area", "first_cell", "n_cells"},
        (
            *(GROUP, CLUSTER, YEAR, Column("show.first_cell", partial(_plain, "first_cell"), True)),
            *(CELLS, POPULATION, SIZE, SHARE),
        ),
        sized=True,
    ),
    "clusters": Kind(
        {"city", "year", "group", "cluster", "population_share", "group_share"},
        (
            *(GROUP, CLUSTER, YEAR, CELLS, POPULATION),
            Column("classes.population_share", partial(_percent, "population_share")),
            *(SIZE, Column("classes.group_share", partial(_percent, "group_share"))),
        ),
        sized=True,
    ),
    "coverage": Kind(
        {"city", "year", "classification", "coverage", "n_hidden", "reference_date"},
        (
            *(Column("coverage.classification", _classification, True), YEAR),
            Column("coverage.release", partial(_plain, "release")),
            Column("coverage.date", _date),
            Column("coverage.units", partial(_count, "n_cells")),
            Column("coverage.protected", partial(_count, "n_hidden")),
            Column("coverage.residents", partial(_count, "residents")),
            Column("coverage.hidden", partial(_count, "hidden_residents")),
            Column("coverage.coverage", partial(_percent, "coverage")),
        ),
    ),
}
