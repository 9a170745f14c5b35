"""One figure of an edition on its own: which there are, which is meant, and its files, those that the run writes."""

from dataclasses import fields, replace
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from segindex import wording
from segindex.errors import BadSettings, did_you_mean
from segindex.facts import LANGUAGES, City, city_named, slug
from segindex.figures import PRINT
from segindex.report.contents import file_names, sections
from segindex.report.material import once
from segindex.report.outputs import plan
from segindex.report.publish import limit_of
from segindex.report.types import area_types
from segindex.standings import in_order

KINDS = {
    "ranking": ("--group", "the cities in the order of dissimilarity, in the latest year and at the baseline"),
    "trends": ("--group", "dissimilarity over the years, a panel a city"),
    "change_terms": ("--group", "why dissimilarity changed since the baseline, a panel a city"),
    "profile": ("--group", "dissimilarity by the size of the surroundings: in metres, and by nearest residents"),
    "clusters": ("--group --city", "a city's map of local clusters"),
    "area_types": ("", "residents by area type in all cities"),
    "type_map": ("--city", "a city's map of area types"),
    "city_trends": ("--city", "a city's dissimilarity over the years, a panel a group"),
    "city_changes": ("--city", "a city's changes of dissimilarity since the baseline, group by group"),
    "followup_status": ("", "the status of every indicator of the follow-up in every city"),
    "followup_points": ("--group", "an indicator of the follow-up over the years with its target path, a panel a city"),
    "followup_measures": ("--city", "where a city's measures are, on its area types"),
    "funding_curve": ("", "whether known money leans to the cities most in need"),
    "funding_timeline": ("", "money a year by level and kind of amount, and where it falls"),
    "funding_formulas": ("", "what each city would have of one pot by several formulas"),
}
"""What `segindex figure` is asked for: what each kind takes to mean one figure, and what it shows."""

RESOLUTIONS = 50, 1200
MAP_OF_TYPES = "area_types_"
CHANGES = "city_changes"
LATEST_ONLY = ("followup_status", "funding_curve", "funding_formulas")
"""Kinds that rest on what was computed for the latest year of the data alone."""


class Shown(NamedTuple):
    """A figure of an edition: its name, kind, group and city (empty if it is of all), and what renders it.

    Of a figure that cannot be drawn `why` says the reason, and `render` is None.
    """

    name: str
    kind: str
    group: str
    city: str
    render: Any
    why: str = ""


def shown_figures(material):
    """The figures that an edition has, in the report's order."""
    return [one for one in _planned(material) if not _later(one, material)]


@once
def _planned(material):
    """The figures of a run of the report."""
    groups = file_names(_groups(material))
    cities = {slug(city): city for city in material.results["city"].unique()}
    names = [one for one in plan(material) if one.name.startswith("figure ")]
    return [_shown(one.name.removeprefix("figure "), groups, cities, one.render) for one in names]


def _later(figure, material):
    """Whether a figure rests on numbers of a later year than is shown."""
    if figure.kind == CHANGES:
        return figure.city in _cut(material)
    return bool(material.cut) and figure.kind in LATEST_ONLY


def lacking_figures(material):
    """The figures that an edition does not have for a reason of its data, with the reason."""
    found = []
    parts = sections(material)
    for part in parts:
        for kind, there in (("ranking", part.ranking), ("trends", part.trends)):
            if not there:
                found.append(Shown("", kind, part.group, "", None, _why(f"no_{kind}", material)))
        if part.maps_absent:
            found.append(Shown("", "clusters", part.group, "", None, _why(part.maps_absent, material)))
        absent = (place for place in part.maps if place.absent)
        found += [Shown(one.name, "clusters", part.group, one.city, None, _why(one.absent, material)) for one in absent]
    why = _why("no_changes", material)
    found += [Shown("", "change_terms", part.group, "", None, why) for part in parts if part.group in material.cut]
    found += [Shown(f"{CHANGES}_{slug(city)}", CHANGES, "", city, None, why) for city in in_order(_cut(material))]
    if material.cut and material.programme:
        later = [one for one in _planned(material) if one.kind in LATEST_ONLY]
        found += [one._replace(render=None, why=_why("latest_only", material)) for one in later]
    types = area_types(material)
    absent = (place for place in types.maps if place.absent) if types else ()
    return found + [Shown(one.name, "type_map", "", one.city, None, _why(one.absent, material)) for one in absent]


def chosen_figures(material, name, *, city=None, group=None):
    """The figures that a name, a city and a group mean.

    Parameters
    ----------
    material : Material
    name : str
        A kind (`KINDS`, or any other that the edition has) or a figure's whole name.
    city, group : str, optional
        All if left out.

    Returns
    -------
    list of Shown
        Never empty.

    Raises
    ------
    BadSettings
        Nothing of that name, city or group is known, or the figure cannot be drawn; the message says why, or which
        there are.
    """
    every = shown_figures(material)
    city = None if city is None else city_named(city, [City(key, material.defined[key]) for key in material.own_cities])
    groups = _groups(material)
    if group is not None and group not in groups:
        hint = did_you_mean(group, groups, f"the edition has {', '.join(groups)}")
        raise BadSettings(f"group {group} is unknown; {hint}")
    kinds = list(dict.fromkeys([*KINDS, *(one.kind for one in every)]))
    if name not in kinds and name not in {one.name for one in every}:
        lacking = next((one for one in lacking_figures(material) if one.name == name), None)
        if lacking is not None:
            raise BadSettings(f"figure {name} cannot be drawn: {lacking.why}")
        hint = did_you_mean(name, [*kinds, *(one.name for one in every)], f"kinds are {', '.join(kinds)}")
        raise BadSettings(f"figure {name!r} is unknown; {hint}")

    def meant(one):
        return name in (one.kind, one.name) and city in (None, one.city) and group in (None, one.group)

    found = [one for one in every if meant(one)]
    if found:
        return found
    asked = " ".join(filter(None, (f"figure {name}", city and f"of {city}", group and f"of group {group}")))
    why = [one.why for one in lacking_figures(material) if meant(one)]
    if why:
        raise BadSettings(f"{asked} cannot be drawn: {'; '.join(dict.fromkeys(why))}")
    own = [one for one in every if one.kind == name]
    takes = KINDS[name][0] if name in KINDS else ""
    there = ", ".join(one.name for one in own) or "none of that kind"
    raise BadSettings(f"{asked} is not among the edition's; {name} takes {takes or 'nothing'}; there are: {there}")


def files_of(figure, dpi=PRINT):
    """The files of a figure, {name below the report's folder: bytes}: as the run writes them, and always a PNG."""
    if not RESOLUTIONS[0] <= dpi <= RESOLUTIONS[1]:
        raise BadSettings(f"dpi {dpi:g}: allowed are {RESOLUTIONS[0]} to {RESOLUTIONS[1]} dots an inch")
    render = figure.render
    if isinstance(render, partial) and render.args and isinstance(render.args[-1], dict):
        render = partial(render.func, *render.args[:-1], render.args[-1] | {"png": dpi}, **render.keywords)
    return render()


def in_languages(material, languages):
    """The material with the languages that figures are asked for in; BadSettings for an unknown one."""
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise BadSettings(f"languages {', '.join(unknown)} are unknown; known are {', '.join(LANGUAGES)}")
    return replace(material, languages=tuple(languages)) if languages else material


def until(material, year):
    """The material as if the edition ended with a statistical year; BadSettings if no number is of that year.

    Changes are computed to the latest year of each group alone: those of a group that goes on are unknown (`cut`), and
    so is what the programme's tables tell of that year. An indicator's years are those until then.
    """
    years = sorted({int(one) for one in material.results["year"]})
    if year not in years:
        raise BadSettings(f"year {year} is not in the edition; it has {', '.join(map(str, years))}")
    frames = {field.name: getattr(material, field.name) for field in fields(material)}
    frames = {name: frame for name, frame in frames.items() if isinstance(frame, pd.DataFrame)}
    kept = {
        name: frame[frame[column] <= year]
        for name, frame in frames.items()
        for column in ("year", "last_year")
        if column in frame
    }
    points = {name: frame for name, frame in material.programme.items() if name == "followup_points"}
    kept["programme"] = material.programme | {name: frame[frame["year"] <= year] for name, frame in points.items()}
    lasts = material.results.groupby("group")["year"].max()
    return replace(material, **kept, cut=material.cut | set(lasts.index[lasts > year]))


def _shown(name, groups, cities, render):
    stem, city = _without(name, cities)
    stem, group = _without(stem, {file: key for key, file in groups.items()})
    if city and name.startswith(MAP_OF_TYPES):
        return Shown(name, "type_map", "", city, render)
    kind = next((kind for kind in KINDS if stem == kind or stem.startswith(f"{kind}_")), stem)
    return Shown(name, kind, group, city, render)


def _without(name, known):
    """A name without the longest known ending, and what the ending stands for; the whole name if it has none."""
    ends = [end for end in known if name.endswith(f"_{end}")]
    longest = max(ends, key=len, default="")
    return (name.removesuffix(f"_{longest}"), known[longest]) if longest else (name, "")


def _cut(material):
    """The cities that have a group whose changes are of a later year than is shown."""
    return set(material.results["city"][material.results["group"].isin(material.cut)])


def _groups(material):
    return [group for group in dict.fromkeys(material.results["group"]) if group != "all"]


def _why(key, material):
    return wording.text("en", f"figures.{key}", **limit_of(key, material)).rstrip(".")
