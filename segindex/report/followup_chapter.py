"""The chapter on the follow-up: statuses, a card an indicator, and the measures and what has changed where they are."""

from segindex import wording
from segindex.figures import followup_alt
from segindex.followup.sentences import card_sentence, place_sentence
from segindex.report.followup import STATUS, followed, map_name
from segindex.report.followup_tables import basis_table, card_table, count_table, overview_table, points_table
from segindex.report.measure_tables import difference_table, measure_table, need_table, place_table
from segindex.report.parts import Chapter, Part
from segindex.report.types import area_types

ID = "follow-up"


def followup_chapter(material, language, counter, place=""):
    """The chapter, for the page and the PDF.

    Parameters
    ----------
    material : Material
        Its `programme`, `register`, `indicators` and `measured`.
    language : {"fi", "sv", "en"}
    counter : Counter
        Numbers the tables.
    place : {"", "page", "document"}
        Where it will stand: the PDF has no tables of the figures' data, so that these are not numbered there.

    Returns
    -------
    tuple of Chapter
        One; none where the edition has neither cards nor measures.
    """
    found = followed(material)
    if found is None:
        return ()
    parts = [*_statuses(found, language, counter)]
    for key in found.names:
        parts += _indicator(found, key, material, language, counter, place)
    parts += _measures(found, material, language, counter)
    return (Chapter(ID, wording.text(language, "followup.chapter.title"), tuple(parts)),)


def _say(language, key, **values):
    return wording.text(language, f"followup.chapter.{key}", **values)


def _statuses(found, language, counter):
    if not len(found.cards):
        return [Part("text", _say(language, "no_cards"))]
    title = followup_alt.status_title(found.cards, language)
    told = followup_alt.status_alt(found.cards, names=found.names, language=language, defined=found.defined)
    explained = tuple(_say(language, key) for key in ("statuses", "unknown", "paths", "trends"))
    return [
        Part("text", f"{title}."),
        Part("list", items=explained),
        Part("table", table=overview_table(found, language, counter)),
        Part("table", table=count_table(found, language, counter)),
        Part("figure", title, name=STATUS, told=told),
    ]


def _indicator(found, key, material, language, counter, place):
    """An indicator: its cards, its figure, what the cards rest on, and each card in sentences."""
    cards = found.cards_of(key)
    name = found.names[key].in_(language)
    parts = [
        Part("heading", wording.sentence_case(name)),
        Part("table", table=card_table(found, key, material, language, counter)),
    ]
    if key in found.charts:
        named = {"name": name, "measure": cards["measure"].iloc[0], "language": language, "defined": found.defined}
        title = followup_alt.points_title(found.points_of(key), **named)
        told = followup_alt.points_alt(found.points_of(key), **named)
        table = None if place == "document" else points_table(found, key, title, language, counter)
        parts.append(Part("figure", title, name=found.charts[key], told=told, table=table))
    names = found.names | found.defined
    sentences = tuple(card_sentence(card, language, names) for card in cards.to_dict("records"))
    return [
        *parts,
        Part("table", table=basis_table(found, key, language, counter), folded=True),
        *_in_words(_say(language, "in_words", indicator=wording.sentence_case(name)), sentences),
    ]


def _in_words(heading, sentences):
    """Sentences under their heading: folded on the page."""
    return [Part("text", heading, only="document"), Part("list", heading, items=sentences, folded=True)]


def _measures(found, material, language, counter):
    parts = [Part("heading", _say(language, "measures"))]
    if not len(found.measures):
        return [*parts, Part("text", _say(language, "no_measures"))]
    if material.register.made_up and not material.made_up:
        parts.append(Part("text", wording.text(language, "funding_answer.made_up_register")))
    parts.append(Part("text", _say(language, "no_effect")))
    parts.append(Part("table", table=measure_table(found, language, counter)))
    parts.append(Part("table", table=place_table(found, language, counter)))
    if len(found.places):
        names = found.measure_names | material.defined
        told = tuple(place_sentence(row, language, names) for row in found.places.to_dict("records"))
        parts.append(Part("table", table=difference_table(found, material, language, counter)))
        parts += _in_words(_say(language, "places_in_words"), told)
    if len(found.need):
        parts.append(Part("table", table=need_table(found, language, counter)))
    return parts + _maps(found, material, language)


def _maps(found, material, language):
    parts = []
    for city, told in material.measured.items():
        title = followup_alt.measures_title(told, city=city, language=language)
        named = {"city": city, "year": area_types(material).year, "names": found.measure_names, "language": language}
        words = followup_alt.measures_alt(told, **named)
        parts.append(Part("figure", title, name=map_name(city), told=words))
    return parts
