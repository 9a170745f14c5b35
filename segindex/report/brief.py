"""The summary on one page for the ministerial group: a PDF a language, cut to what one page of A4 holds."""

from functools import partial

from segindex import wording
from segindex.errors import BadData
from segindex.report import findings
from segindex.report.document import latest_day
from segindex.report.followup import followed
from segindex.report.followup_tables import SIGNS
from segindex.report.funding_answers import heads
from segindex.report.material import Output
from segindex.report.typesetting import REGIONS, page_count, typeset
from segindex.report.work import to_do
from segindex.verdict import STATUSES

TEMPLATE = "brief.typ"
SIZES = (9.8, 9.2, 8.6)
"""Letters in points, as large as the page lets them be."""

FINDINGS = 6
RANKS = {"compared": 0, "range": 1, "types": 2, "ends": 3, "changed": 4}
"""Which kinds of findings matter most; of the same kind the first."""

CAVEATS = ("causes", "coverage")
LEAST = {"picture": 2, "funding": 2, "work": 1, "caveats": 1}
"""How many items of each part stay whatever their length."""

ORDER = ("work", "funding", "picture", "caveats")
"""From which part the last item is taken first, in turn, where the page is full."""


def briefs(material, spreads):
    """The outputs: one a language."""
    draw = partial(render_brief, material, tuple(spreads))
    return [Output(f"brief {language}", partial(draw, language)) for language in material.in_order]


def render_brief(material, spreads, language):
    """The summary in one language: {file name: bytes}.

    Raises
    ------
    BadData
        Even the shortest form takes more than one page.
    """
    parts = {
        "picture": picture(spreads, material, language),
        "funding": heads(material, language),
        "work": to_do(material, language),
        "caveats": caveats(spreads, material, language),
    }
    for form in forms(parts):
        made = typeset(content(material, form, language), TEMPLATE, facing=False)
        if page_count(made) == 1:
            return {file_name(language): made}
    raise BadData(f"brief.{language}.pdf: the shortest summary takes more than one page: see title and names")


def forms(parts):
    """The forms of the summary from the fullest down: in smaller letters, without names of cities, with fewer items.

    Each is (parts, size of the letters in points, whether cities are named).
    """
    yield from ((parts, size, True) for size in SIZES)
    while parts is not None:
        yield parts, SIZES[-1], False
        parts = shorter(parts)


def file_name(language):
    """The file of the summary in a language."""
    return f"brief.{language}.pdf"


def shorter(parts):
    """The parts without one item: the last of the part that has most to spare, by `LEAST`; None where none has.

    >>> shorter({"picture": ["a", "b", "c"], "funding": [], "work": ["d"], "caveats": ["e", "f"]})["picture"]
    ['a', 'b']
    """
    spare = {name: len(parts[name]) - LEAST[name] for name in ORDER}
    most = max(ORDER, key=lambda name: spare[name])
    return None if spare[most] <= 0 else parts | {most: parts[most][:-1]}


def picture(spreads, material, language):
    """The findings that matter most, in the order of the report's summary."""
    told = [
        (RANKS[kind], place, sentence)
        for place, (kind, sentences) in enumerate(findings.of_all(spreads, material, language))
        if kind in RANKS
        for sentence in sentences[:1]
    ]
    return [sentence for _, _, sentence in sorted(told)[:FINDINGS]]


def caveats(spreads, material, language):
    """What must be known of the findings."""
    by_kind = dict(findings.of_all(spreads, material, language))
    told = [sentence for kind in CAVEATS for sentence in by_kind[kind]]
    limits = {"min_cells": material.min_cells, "min_group": material.min_group}
    return [*told, wording.text(language, "followup.brief.protected", **limits)]


def content(material, form, language):
    """Everything that the template shows of a form (of `forms`), as plain values."""
    parts, size, named = form

    def say(key, **values):
        return wording.text(language, f"followup.brief.{key}", **values)

    day = latest_day(material)
    shown = [
        {"title": say("picture"), "items": parts["picture"], "table": None},
        {"title": say("followup"), "items": [], "table": status_table(material, language, named)},
        {"title": say("funding"), "items": parts["funding"], "table": None},
        {"title": say("work"), "items": parts["work"], "table": None},
        {"title": say("caveats"), "items": parts["caveats"], "table": None},
    ]
    return {
        "size": size,
        "language": language,
        "region": REGIONS[language],
        "title": say("title", title=material.title_in(language)),
        "author": f"segindex {material.version}".strip(),
        "keywords": wording.text(language, "document.keywords").split(", "),
        "date": None if day is None else [day.year, day.month, day.day],
        "made_up": wording.text(language, "made_up.mark") if material.made_up else "",
        "made_up_told": say("made_up") if material.made_up else "",
        "facts": facts(material, language),
        "parts": [part for part in shown if part["items"] or part["table"]],
        "foot": foot(material, language),
    }


def facts(material, language):
    """The edition and the dates of its data, in a line."""
    days = [date for source in material.sources for date in source.get("dates") or []]
    told = [wording.text(language, "followup.brief.edition", edition=material.key)]
    if days:
        told.append(wording.text(language, "sources.dates", dates=wording.dates(days, language)))
    return " ".join(told)


def foot(material, language):
    """The lines of the sources, and which program made this."""
    lines = [
        f"{source['source_line'][language].rstrip('.')}. "
        + wording.text(language, "sources.licence", licence=source["licence"])
        for source in material.sources
    ]
    version = [wording.text(language, "web.footer", version=material.version)] if material.version else []
    return [" ".join(dict.fromkeys(lines)), " ".join([wording.text(language, "sources.changes"), *version])]


def status_table(material, language, named):
    """How many cities have each status, a row an indicator, and which are better or worse; None without cards."""
    found = followed(material)
    if found is None or not len(found.cards):
        return None
    head = [wording.text(language, f"followup.table.{name}") for name in ("indicator", "wanted")]
    rows = []
    for key, names in found.names.items():
        own = found.cards_of(key)
        wanted = wording.text(language, f"followup.table.wanted_{own['wanted'].iloc[0]}")
        cells = [_cities(own, status, named and status in NAMED, language, found.defined) for status in STATUSES]
        rows.append([wording.sentence_case(names.in_(language)), wanted, *cells])
    return {
        "caption": wording.text(language, "followup.brief.statuses"),
        "head": [*head, *(_status(status, language) for status in STATUSES)],
        "named": [len(head) + STATUSES.index(status) for status in NAMED] if named else [],
        "rows": rows,
        "remarks": [wording.text(language, "followup.brief.status_explain")],
    }


NAMED = ("better", "worse")


def _status(status, language):
    """A status with its shape, where it has but one."""
    words = wording.sentence_case(wording.text(language, f"status.{status}"))
    return f"{words} {SIGNS[status]}" if status in SIGNS else words


def _cities(cards, status, named, language, defined):
    """How many cities have a status, and which."""
    cities = [wording.city_name(city, language, defined) for city in cards["city"][cards["status"] == status]]
    n = wording.count(len(cities), language)
    return f"{n}: {', '.join(cities)}" if named and cities else n
