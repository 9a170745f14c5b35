"""What the PDF holds, in words: chapters of parts that the template sets, and which figures it is made of."""

import datetime
import re
from functools import partial

from segindex import wording
from segindex.figures import alt
from segindex.report import findings, notes
from segindex.report.blocks import block_table
from segindex.report.contents import INDICES
from segindex.report.ends import end_tables
from segindex.report.material import UNDETERMINED, Output
from segindex.report.programme import chapters, figure_names
from segindex.report.spreads import own_cities, side_by_side, standings_table
from segindex.report.tables import SHORT, Counter, Table, hidden_head, left_out_table
from segindex.report.types import type_tables
from segindex.report.typesetting import REGIONS, typeset
from segindex.standings import BREAK, in_order, latest_release

FIGURES = ("change", "types", "trends", "clusters")


def documents(material, sections, spreads, types):
    """A PDF a language; each is made of the files of its figures."""
    return [
        Output(
            f"document {language}",
            partial(render_document, material, sections, spreads, types, language),
            needs=tuple(_file(name, language) for name in _names(material, sections, spreads, types)),
        )
        for language in material.in_order
    ]


def render_document(material, sections, spreads, types, language, files=None):
    """The PDF in one language: {file name: bytes}; `files` holds the figures, none where nothing can be drawn."""
    return {file_name(language): typeset(content(material, sections, spreads, types, language, files or {}))}


def file_name(language):
    """The file of the PDF in a language."""
    return f"report.{language}.pdf"


def _file(name, language):
    return f"figures/{language}/{name}.svg"


def _names(material, sections, spreads, types):
    """The figures of the document, each once."""
    names = [section.ranking for section in sections] + ([] if types is None else [types.chart])
    names += [spread.figures.get(kind) for spread in spreads for kind in FIGURES]
    return list(dict.fromkeys(filter(None, [*names, *figure_names(material)])))


def content(material, sections, spreads, types, language, files):
    """Everything that the template shows, as plain values; `files` holds the figures by their names."""
    made = _Document(material, sections, spreads, types, language, files)
    say = made.say
    day = latest_day(material)
    title = material.title_in(language)
    return {
        "language": language,
        "region": REGIONS[language],
        "title": title,
        "subtitle": say("document.subtitle"),
        "author": f"segindex {material.version}".strip(),
        "keywords": say("document.keywords").split(", "),
        "date": None if day is None else [day.year, day.month, day.day],
        "key": material.key,
        "made_up": say("made_up.mark") if material.made_up else "",
        "made_up_told": say("document.made_up") if material.made_up else "",
        "words": {
            "edition": say("page.edition"),
            "contents": say("page.contents"),
            "index": say("document.index"),
            "index_explain": say("document.index_explain"),
        },
        "facts": made.facts(),
        "chapters": made.chapters(),
        "index": made.index(),
    }


class _Document:
    """The parts of one document; its tables are numbered as they are made."""

    def __init__(self, material, sections, spreads, types, language, files):
        self.material, self.sections, self.spreads, self.types = material, sections, spreads, types
        self.language, self.files = language, files
        self.counter = Counter()

    def say(self, key, **values):
        return wording.text(self.language, key, **values)

    def facts(self):
        """What the cover says of the edition."""
        material, language = self.material, self.language
        days = [date for source in material.sources for date in source.get("dates") or []]
        cities = ", ".join(
            wording.city_name(city, language, material.defined)
            for city in in_order([city for section in self.sections for city in section.cities])
        )
        years = {year for section in self.sections for year in section.years}
        facts = [
            (self.say("page.edition"), [material.key]),
            (self.say("document.cities"), [cities]),
            (self.say("page.years"), [wording.years(years)] if years else []),
            (self.say("page.baseline"), [str(material.baseline)] if material.baseline else []),
            (self.say("document.dates"), [wording.dates(days, language)] if days else []),
            (self.say("page.source"), list(material.source_names(language).values())),
            (self.say("page.version"), [f"segindex {material.version}"] if material.version else []),
        ]
        return [{"name": name, "told": told} for name, told in facts if told]

    def chapters(self):
        """The chapters in their order; one without parts is left out."""
        made = [
            self._chapter("document.summary", self._summary()),
            self._chapter("how.heading", self._how()),
            self._chapter("document.side_by_side", self._side_by_side()),
            self._by_city(),
            self._chapter("types.heading", self._types()),
            self._chapter("ends.heading", self._ends()),
            *map(self._of_programme, chapters(self.material, self.language, self.counter, "document")),
            self._chapter("coverage.heading", self._coverage()),
            self._chapter("blocks.heading", self._blocks()),
            self._chapter("method.heading", self._methods()) | {"follows": True},
            self._chapter("sources.heading", self._sources()) | {"follows": True},
        ]
        return [chapter for chapter in made if chapter["parts"]]

    def _chapter(self, title, parts):
        return {"title": self.say(title), "parts": parts, "cities": [], "follows": False}

    def _by_city(self):
        """The cities, each on two pages; what holds for all of their tables is said once, before them."""
        cities = [self._city(one) for one in self.spreads]
        told = [self.say("document.by_city_explain")] if cities else []
        told += dict.fromkeys(words for city in cities for words in city["table"].pop("explained"))
        parts = [{"kind": "text", "words": words} for words in told]
        return self._chapter("document.by_city", parts) | {"cities": cities}

    def index(self):
        """What the index names: cities, groups and indices, each with the key of its places."""
        language = self.language
        groups = {each.group: wording.group_name(each.group, language, self.material.defined) for each in self.sections}
        indices = {key: wording.index_title(key, language) for key in INDICES}
        cities = {
            spread.city: wording.city_name(spread.city, language, self.material.defined) for spread in self.spreads
        }
        parts = (("city", cities, "cities"), ("group", groups, "groups"), ("index", indices, "indices"))
        return [
            {
                "title": self.say(f"document.{title}"),
                "entries": [
                    {"name": wording.sentence_case(name), "key": f"{kind} {key}"}
                    for key, name in sorted(names.items(), key=lambda pair: _alphabet(pair[1]))
                ],
            }
            for kind, names, title in parts
            if names
        ]

    def _summary(self):
        items = findings.summary(self.spreads, self.material, self.language)
        return [{"kind": "list", "items": items}] if items else []

    def _how(self):
        material, sections, say = self.material, self.sections, self.say
        kinds = {"area" if section.cell_size_m is None else "grid" for section in sections}
        limits = {"min_cells": material.min_cells, "min_group": material.min_group}
        hidden = "/".join(dict.fromkeys(hidden_head(section, self.language) for section in sections))
        bases = dict.fromkeys(wording.classification_key(section.classification) for section in sections)
        items = [
            " ".join([say("how.share"), *(say(f"how_base.{key}") for key in bases)]),
            *(say(f"how.{key}") for key in ("dissimilarity", "isolation", "expected", "corrected", "as_it_is")),
            say("how.protected", column=hidden),
            *own_cities(material, self.language),
            say("how.clusters"),
            *(say(f"how.limits_{kind}", **limits) for kind in sorted(kinds, reverse=True)),
        ]
        return [{"kind": "strong", "words": say("how.together")}, {"kind": "list", "items": items}]

    def _side_by_side(self):
        """Which city changed how, then each group: its table, and the ranking of the cities; not of one alone."""
        if len(self.spreads) < 2:
            return []
        first, *tables = side_by_side(self.spreads, self.material, self.language, self.counter)
        groups = dict.fromkeys(one.group for spread in self.spreads for one in spread.standings)
        sections = {section.group: section for section in self.sections}
        parts = [_table(first, [f"index {key}" for key in INDICES])]
        for group, table in zip(groups, tables, strict=True):
            name = wording.group_name(group, self.language, self.material.defined)
            heading = {"kind": "heading", "words": wording.sentence_case(name), "outlined": True}
            keys = [f"group {group}", *(f"index {key}" for key in INDICES)]
            ranking = [self._ranking(sections[group], name)] if sections[group].ranking else []
            parts.append({"kind": "together", "parts": [heading, _table(table, keys), *ranking]})
        return parts

    def _ranking(self, section, name):
        named = {"index": "dissimilarity", "group": name, "year": section.year, "language": self.language}
        words = alt.ranking_alt(section.rows["dissimilarity"], **named, defined=self.material.defined)
        return self._figure(section.ranking, words, [f"group {section.group}", "index dissimilarity"])

    def _figure(self, name, words, keys):
        """A figure by its file; its text alternative says as well that its data are made up."""
        svg = self.files[_file(name, self.language)].decode("utf-8")
        wide, high = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
        mark = f"{self.say('made_up.mark')}. " if self.material.made_up else ""
        return {"kind": "figure", "svg": svg, "alt": f"{mark}{words}", "wide": wide, "high": high, "keys": keys}

    def _city(self, spread):
        figures = []
        for kind in FIGURES:
            if spread.figures.get(kind):
                words = spread.figure_text(kind, self.language)[1]
                keys = [f"group {spread.headline}"] if kind == "clusters" else []
                figures.append(self._figure(spread.figures[kind], words, keys) | {"in_table": kind == "change"})
        table = _table(standings_table(spread, self.material, self.language, self.counter))
        return {
            "name": wording.city_name(spread.city, self.language, self.material.defined),
            "keys": [f"city {spread.city}"],
            "paragraph": " ".join(findings.paragraph(spread, self.material, self.language)),
            "table": table | {"remarks": [], "explained": table["remarks"]},
            "figures": figures,
            "absent": [] if figures else [self.say("document.no_figures")],
        }

    def _types(self):
        parts = []
        if self.types is not None:
            named = {"year": self.types.year, "language": self.language, "defined": self.material.defined}
            parts.append(self._figure(self.types.chart, alt.types_alt(self.types.shares, **named), []))
        return parts + [_table(table) for table in type_tables(self.material, self.language, self.counter)]

    def _ends(self):
        tables = end_tables(self.material, self.language, self.counter)
        explained = [{"kind": "text", "words": self.say("ends.explain")}] if tables else []
        return explained + [_table(table, ["index dissimilarity"]) for table in tables]

    def _of_programme(self, chapter):
        """A chapter of the programme; what stands on the page alone is left out."""
        parts = [self._part(part) for part in chapter.parts if part.only != "page"]
        figures = [part["kind"] == "figure" for part in parts]
        for part, before, after in zip(parts, [False, *figures], [*figures[1:], False]):
            part["in_a_row"] = before or after
        return {"title": chapter.title, "parts": parts, "cities": [], "follows": False}

    def _part(self, part):
        if part.kind == "table":
            return _table(part.table)
        if part.kind == "figure":
            return self._figure(part.name, part.told, [])
        if part.kind == "list":
            return {"kind": "list", "items": list(part.items)}
        if part.kind == "text" and part.only == "document":
            # what the page folds under this line stands open here: the line stays on its list's page
            return {"kind": "strong", "words": part.words}
        return {"kind": part.kind, "words": part.words, "outlined": True}

    def _coverage(self):
        table = coverage_in_short(self.material, self.language, self.counter)
        if table is None:
            return [{"kind": "text", "words": self.say("coverage.none")}]
        return [{"kind": "text", "words": self.say("coverage.explain")}, _table(table)]

    def _blocks(self):
        table = block_table(self.material, self.language, self.counter)
        left_out = left_out_table(self.material, self.language, self.counter.next()) if self._lacks() else None
        parts = [] if table is None else [{"kind": "text", "words": self.say("blocks.explain")}, _table(table)]
        if left_out is not None:
            parts += [{"kind": "heading", "words": self.say("left_out.heading")}, _table(left_out)]
        return parts

    def _lacks(self):
        return self.material.left_out is not None and len(self.material.left_out) > 0

    def _methods(self):
        level = wording.number(self.material.false_discovery * 100, self.language)
        texts = [
            self.say("method.formulas"),
            self.say("method.weights", level=level),
            self.say("method.years"),
            self.say("document.checked"),
        ]
        parts = [{"kind": "text", "words": words} for words in texts]
        parts.append({"kind": "heading", "words": self.say("indices.heading")})
        for key in INDICES:
            title = wording.sentence_case(wording.index_title(key, self.language))
            told = " ".join(wording.index_meaning(key, self.language))
            parts.append({"kind": "term", "words": title, "told": told, "keys": [f"index {key}"]})
        return parts

    def _sources(self):
        parts = []
        for source in self.material.sources:
            licence = self.say("sources.licence", licence=source["licence"])
            address, dates = source.get("licence_url"), source.get("dates") or []
            releases = ", ".join(str(release) for release in source.get("releases") or [])
            parts.append({"kind": "heading", "words": source["source_line"][self.language]})
            parts.append(
                {"kind": "link", "words": licence, "url": address} if address else {"kind": "text", "words": licence}
            )
            parts.append({"kind": "text", "words": self.say("sources.changes")})
            if releases:
                parts.append({"kind": "text", "words": self.say("sources.releases", releases=releases)})
            if dates:
                told = wording.dates(dates, self.language)
                parts.append({"kind": "text", "words": self.say("sources.dates", dates=told)})
            if source.get("note"):
                parts.append({"kind": "subheading", "words": self.say("sources.note")})
                language = source.get("note_language") or UNDETERMINED
                parts.append({"kind": "quoted", "words": source["note"], "language": language})
        return parts or [{"kind": "text", "words": self.say("sources.none")}]


def coverage_in_short(material, language, counter):
    """Of each city the lowest coverage, the latest, and the breaks, in one row for classifications that are alike.

    None without coverage.
    """
    rows = material.coverage
    if not len(rows):
        return None

    def say(key, **values):
        return wording.text(language, key, **values)

    rows = rows[rows["release"] == latest_release(rows)] if rows["release"].notna().all() else rows
    head = ("group.city", "coverage.classification", "coverage.break", "page.years")
    head += ("document.coverage_lowest", "document.coverage_latest", "coverage.residents")
    remarks = [say("document.coverage_year")]
    table = Table(say("document.coverage", n=counter.next()), [*map(say, head)], text_columns=3, remarks=remarks)
    for city in in_order(rows["city"]):
        own, alike = rows[rows["city"] == city], {}
        for classification in sorted(set(own["classification"])):
            told = _covered(own[own["classification"] == classification], say, language)
            alike.setdefault(told, []).append(wording.classification_name(classification, language))
        for told, names in alike.items():
            table.add(
                wording.city_name(city, language, material.defined), wording.sentence_case(", ".join(names)), *told
            )
    return table


def _covered(rows, say, language):
    """What is told of the coverage of a city and classification."""
    rows = rows.sort_values("year", kind="stable", ignore_index=True)
    known, last = rows[rows["coverage"].notna()], rows.iloc[-1]
    lowest = known.loc[known["coverage"].idxmin()] if len(known) else last
    shares = (
        say("document.of_year", value=wording.percent(one["coverage"], language), year=int(one["year"]))
        for one in (lowest, last)
    )
    years = wording.years(map(int, rows["year"]))
    return _breaks(rows, say, language), years, *shares, wording.count(last["residents"], language)


def _breaks(rows, say, language):
    """The breaks of a series in words, or their years alone where the words are long."""
    broken = rows[rows["note"].fillna("").str.contains(BREAK, regex=False)]
    told = [part for note in broken["note"] for part in notes.sentences(notes.breaks_alone(note), language)]
    words = " ".join(dict.fromkeys(told))
    if len(words) <= SHORT:
        return words or say("document.no_break")
    return wording.years(map(int, broken["year"]))


def _table(table, keys=()):
    """A table as plain values."""
    return {
        "kind": "table",
        "caption": table.caption,
        "head": [{"words": words, "marks": table.head_marks.get(words, ""), "lang": ""} for words in table.head],
        "rows": [[{"words": cell.words, "marks": cell.marks, "lang": cell.lang} for cell in row] for row in table.rows],
        "text_columns": table.text_columns,
        "notes": [{"letter": letter, "words": words} for letter, words in table.notes.items()],
        "remarks": list(table.remarks),
        "keys": list(keys),
    }


def latest_day(material):
    """The edition's latest data date; None where no date is known."""
    found = []
    for date in (date for source in material.sources for date in source.get("dates") or []):
        try:
            found.append(datetime.date.fromisoformat(str(date)))
        except ValueError:
            continue
    return max(found, default=None)


def _alphabet(name):
    """The place of a name in the alphabets of Finnish and Swedish, where å, ä and ö come last."""
    return name.casefold().translate(str.maketrans("åäö", "{|}"))
