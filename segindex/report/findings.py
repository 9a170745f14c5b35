"""The findings in whole sentences, from the same numbers as the tables: a paragraph a city, and a summary."""

import numpy as np

from segindex import wording
from segindex.limits import REFUSALS, refusal
from segindex.report.tables import DECIMALS
from segindex.standings import in_order, latest_release
from segindex.verdict import LEAST_COVERAGE, STATUSES

NAMED = ("low_income", "high_income", "foreign_language")
"""The groups that the summary tells one by one; the first three of the edition where none of them is there."""

DISADVANTAGED = (1, 2)
UNKNOWN = 0
MOST_UNKNOWN = 0.1
"""The share of a city's residents in areas of unknown type up to which its types are set beside those of others."""

ENDS = ("low_income", "high_income")


def paragraph(spread, material, language):
    """What there is to say of a city: size, how uneven, among the cities, changes, types, clusters, and caveats."""
    say = _Say(language, material)
    made_up = [say("made_up")] if material.made_up else []
    told = [
        *_size(spread, say),
        *_headline(spread, say),
        *_most(spread, say),
        *_changes(spread, say),
        *_types(spread, say),
        *_clusters(spread, say),
        *_caveats(spread, say),
        say("causes"),
    ]
    return made_up + told


def summary(spreads, material, language):
    """What there is to say of all cities, a sentence a finding."""
    return [sentence for _, told in of_all(spreads, material, language) for sentence in told]


def of_all(spreads, material, language):
    """The sentences of the summary by what they tell of: [(kind, sentences)].

    Kinds: "made_up", "scope", "range" (of one group over the cities), "compared", "changed" (one group), "types",
    "ends", "coverage", "causes".
    """
    say = _Say(language, material)
    cities = [wording.city_name(spread.city, language, material.defined) for spread in spreads]
    groups = list(dict.fromkeys(one.group for spread in spreads for one in spread.standings))
    named = [group for group in NAMED if group in groups] or groups[:3]
    return [
        ("made_up", [say("made_up")] if material.made_up else []),
        ("scope", [_scope(cities, say)]),
        *(("range", _range(spreads, group, say)) for group in named),
        ("compared", _compared(spreads, say)),
        *(("changed", _who_changed(spreads, group, say)) for group in named),
        ("types", _types_range(spreads, say)),
        ("ends", _ends(spreads, material, say)),
        ("coverage", _coverage_range(spreads, say)),
        ("causes", [say("causes")]),
    ]


def _scope(cities, say):
    if len(cities) == 1:
        return say("scope_one", city=cities[0])
    return say("scope", n=len(cities), cities=listed(cities, say.language))


def listed(words, language):
    """Words as a list in a sentence.

    >>> listed(["Espoo", "Oulu", "Turku"], "fi")
    'Espoo, Oulu ja Turku'
    """
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return wording.text(language, "list.last", first=", ".join(words[:-1]), last=words[-1])


class _Say:
    """The sentences of a language, with names and numbers in its form."""

    def __init__(self, language, material):
        self.language, self.material = language, material

    def __call__(self, key, **values):
        return wording.text(self.language, f"finding.{key}", **values)

    def city(self, key):
        return wording.city_name(key, self.language, self.material.defined)

    def in_city(self, key):
        return wording.in_city(key, self.language, self.material.defined)

    def group(self, key):
        return wording.group_name(key, self.language, self.material.defined)

    def classification(self, key):
        return wording.classification_name(key, self.language)

    def number(self, value):
        return wording.number(value, self.language, DECIMALS)

    def interval(self, one):
        return {name: self.number(getattr(one, name)) for name in ("corrected", "low", "high")}

    def listed(self, words, apart=True):
        """A list; what holds commas itself is set apart by semicolons."""
        words = list(words)
        return "; ".join(words) if apart else listed(words, self.language)


def _size(spread, say):
    one = max(spread.standings, key=lambda one: (one.year, np.nan_to_num(one.residents)))
    if np.isnan(one.residents):
        return []
    numbers = {"residents": wording.count(one.residents, say.language), "n": wording.count(one.n_cells, say.language)}
    kind = "area" if spread.cell_size_m is None else "grid"
    place = wording.sentence_case(say.in_city(spread.city))
    return [say(f"size_{kind}", in_city=place, year=one.year, **numbers)]


def _headline(spread, say):
    one = spread.standing(spread.headline)
    if one.refused or np.isnan(one.value):
        return []
    words = {
        "group": say.group(one.group),
        "year": one.year,
        "share": wording.percent(one.share, say.language),
        "of_base": wording.of_base(one.classification, say.language),
        "value": say.number(one.value),
        "isolation": say.number(one.isolation),
    }
    if np.isnan(one.expected):
        told = [say("headline_no_chance", **words)]
    else:
        told = [say("headline", expected=say.number(one.expected), **words)]
    if has_interval(one):
        told.append(say("corrected", **say.interval(one)))
        told += _place(spread, one, say)
    return told


def _place(spread, one, say):
    """Where the city stands among the others, as far as the intervals tell."""
    rows = spread.rows[(spread.rows["group"] == one.group) & (spread.rows["year"] == one.year)]
    others = rows[(rows["city"] != spread.city) & rows["low"].notna() & rows["high"].notna()]
    if len(others) < 2:
        return []
    numbers = {"above": int((others["high"] < one.low).sum()), "below": int((others["low"] > one.high).sum())}
    return [say("place", n=len(others), **numbers)]


def _most(spread, say):
    """The group that is spread most unevenly, or those whose intervals overlap its own."""
    known = sorted((one for one in spread.standings if has_interval(one)), key=lambda one: -one.corrected)
    if len(known) < 2:
        return []
    first = known[0]
    beside = [one for one in known if one.high >= first.low]
    if len(beside) == 1:
        return [say("most", group=say.group(first.group), **say.interval(first))]
    items = [say("item", group=say.group(one.group), **say.interval(one)) for one in beside]
    return [say("most_of", list=say.listed(items))]


def has_interval(one):
    """Whether a standing has a corrected value and its interval."""
    return not (one.refused or np.isnan(one.corrected) or np.isnan(one.low) or np.isnan(one.high))


def _changes(spread, say):
    told = []
    for status in STATUSES:
        own = [one for one in spread.standings if one.status == status and not one.refused]
        if not own:
            continue
        told.append(say(status, list=say.listed(_change(one, say) for one in own)))
    return told


def _change(one, say):
    name = say.group(one.group)
    if one.status == "cannot_say":
        return say("unknown", group=name, reason=say(f"why_{one.reason}"))
    if one.status == "no_clear_change":
        return say("name", group=name)
    numbers = wording.change_and_ends(one.change, one.change_low, one.change_high, say.language, DECIMALS)
    return say("change", group=name, first=one.baseline, last=one.year, **numbers)


def disadvantaged(spread, year):
    """The share of residents in the two most disadvantaged types; NaN where the year has no types."""
    shares = spread.type_shares.get(year)
    return sum(shares.get(kind, 0.0) for kind in DISADVANTAGED) if shares else np.nan


def _types(spread, say):
    last = spread.type_year
    if last is None or last not in spread.type_shares:
        return []
    if np.isnan(disadvantaged(spread, last) + spread.type_shares[last].get(UNKNOWN, 0.0)):
        return [say("types_withheld", year=last)]
    words = {
        "year": last,
        "share": wording.percent(disadvantaged(spread, last), say.language),
        "unknown": wording.percent(spread.type_shares[last].get(UNKNOWN, 0.0), say.language),
    }
    earlier = [year for year in spread.type_shares if year < last]
    earlier = [year for year in earlier if not np.isnan(disadvantaged(spread, year))]
    if not earlier:
        return [say("types_one", **words)]
    before = wording.percent(disadvantaged(spread, earlier[0]), say.language)
    return [say("types", first=earlier[0], before=before, **words)]


def _clusters(spread, say):
    """How many of the headline group live in its clusters, as far as the class is published."""
    place = spread.cluster_map
    if place is None:
        return []
    name = {"group": say.group(spread.headline)}
    when = {"year": place.year}
    rows = place.classes[place.classes["cluster"] == "high-high"]
    if not len(rows) or not rows["n_cells"].iloc[0]:
        return [say("clusters_none", **name, **when)]
    row = rows.iloc[0]
    if np.isnan(row["group_share"]):
        return [say("clusters_withheld", **name, **when)]
    shares = {"share": row["group_share"], "population": row["population_share"]}
    shares = {key: wording.percent(value, say.language) for key, value in shares.items()}
    kind = "area" if spread.cell_size_m is None else "grid"
    return [say(f"clusters_{kind}", **name, **when, **shares)]


def _caveats(spread, say):
    told = []
    for key, reasons in (("refused", REFUSALS), ("no_rows", ("no_rows",))):
        own = [say("name", group=say.group(one.group)) for one in spread.standings if one.refused in reasons]
        told += [say(key, list=say.listed(own, apart=False))] if own else []
    by_classification = {one.classification: one for one in spread.standings}
    low = {key: one for key, one in by_classification.items() if one.coverage < LEAST_COVERAGE}
    if low:
        items = [
            say("coverage_item", classification=say.classification(key), share=_share(one.coverage, say))
            for key, one in low.items()
        ]
        told.append(say("coverage", list=say.listed(items)))
    broken = {key: years for key, years in spread.breaks.items() if years}
    if broken:
        items = [
            say("breaks_item", classification=say.classification(key), years=wording.years(years))
            for key, years in broken.items()
        ]
        told.append(say("breaks", list=say.listed(items)))
    if len({one.year for one in spread.standings}) > 1:
        items = [
            say("lag_item", classification=say.classification(key), year=one.year)
            for key, one in by_classification.items()
        ]
        told.append(say("lag", list=say.listed(items)))
    return told


def _share(value, say):
    """A coverage, rounded as in the tables; only one below the limit that would be written as the limit is cut."""
    below = value < LEAST_COVERAGE <= round(value, 3)
    return wording.percent(np.floor(value * 1000) / 1000 if below else value, say.language)


def _range(spreads, group, say):
    """The span of a group's corrected D over the cities, and whether the ends can be told apart."""
    known = {spread.city: one for spread in spreads if (one := spread.standing(group)) and has_interval(one)}
    if not known:
        return []
    least = min(known, key=lambda city: known[city].corrected)
    most = max(known, key=lambda city: known[city].corrected)
    low, high = known[least], known[most]
    name = say.group(group)
    ends = {"low": say.number(low.corrected), "low_from": say.number(low.low), "low_to": say.number(low.high)}
    if len(known) == 1:
        return [say("range_one", group=name, in_city=say.in_city(least), **ends)]
    if low.high >= high.low:
        return [say("range_overlap", group=name, low=say.number(low.corrected), high=say.number(high.corrected))]
    ends |= {"high": say.number(high.corrected), "high_from": say.number(high.low), "high_to": say.number(high.high)}
    places = {"lowest": say.in_city(least), "highest": say.in_city(most)}
    return [" ".join([say("range", group=name, **ends, **places), *_beside(known, least, most, say)])]


def _beside(known, least, most, say):
    """How many other cities cannot be told from the one at either end."""
    others = [one for city, one in known.items() if city not in (least, most)]
    low = sum(one.low <= known[least].high for one in others)
    high = sum(one.high >= known[most].low for one in others)
    return [say("range_beside", low=low, high=high)] if low or high else []


def _compared(spreads, say):
    every = [one for spread in spreads for one in spread.standings if one.baseline is not None]
    if not every:
        return []
    counts = {status: sum(one.status == status for one in every) for status in STATUSES}
    told = [say("compared", n=len(every), **counts)]
    return told + ([say("expected_false")] if counts["better"] + counts["worse"] else [])


def _who_changed(spreads, group, say):
    own = {spread.city: one for spread in spreads if (one := spread.standing(group)) and one.baseline is not None}
    name = {"group": say.group(group)}
    told = []
    for status in ("better", "worse"):
        cities = [say.city(city) for city in own if own[city].status == status]
        if cities:
            told.append(say(f"group_{status}", cities=listed(cities, say.language), **name))
    counts = {status: sum(one.status == status for one in own.values()) for status in ("no_clear_change", "cannot_say")}
    if told or not counts["no_clear_change"]:
        return told
    if len(spreads) == 1:
        return [say("group_neither_one", **name, in_city=say.in_city(spreads[0].city))]
    return [say("group_neither_known", **name, **counts) if counts["cannot_say"] else say("group_neither", **name)]


def _types_range(spreads, say):
    every = [s for s in spreads if s.type_year in s.type_shares]
    vague = [s.city for s in every if s.type_shares[s.type_year].get(UNKNOWN, 0.0) > MOST_UNKNOWN]
    known = {s.city: disadvantaged(s, s.type_year) for s in every if s.city not in vague}
    known = {city: share for city, share in known.items() if not np.isnan(share)}
    if len(known) < 2:
        return []
    least, most = min(known, key=known.get), max(known, key=known.get)
    year = next(spread.type_year for spread in spreads if spread.city == most)
    shares = {"low": wording.percent(known[least], say.language), "high": wording.percent(known[most], say.language)}
    places = {"lowest": say.in_city(least), "highest": say.in_city(most)}
    told = [say("types_range", year=year, **shares, **places)]
    if vague:
        told.append(say("types_vague", limit=wording.percent(MOST_UNKNOWN, say.language, 0), n=len(vague)))
    return [" ".join(told)]


def _ends(spreads, material, say):
    """How far apart the lowest and the highest income class live, in the city where least and where most."""
    rows = material.ends
    if rows is None or not len(rows):
        return []
    rows = rows[(rows["measure"] == "dissimilarity") & (rows["group"] == ENDS[0])]
    rows = rows[(rows["reference"] == ENDS[1]) & rows["corrected"].notna()]
    rows = rows[rows["year"] == rows["year"].max()]
    if not len(rows):
        return []
    rows = rows[rows["release"].isna() | (rows["release"] == latest_release(rows))]
    rows = rows[rows["cluster_size"] == rows["cluster_size"].max()]
    limits = {
        "min_cells": material.min_cells,
        "min_group": material.min_group,
        "grid": any(spread.cell_size_m for spread in spreads),
    }
    told = {s.city for s in spreads if not any(one and one.refused for one in map(s.standing, ENDS))}
    counts = rows[["n_cells", "group_size", "population"]].itertuples(index=False)
    kept = np.array([not refusal(*one, **limits) for one in counts], bool)
    rows = rows[kept & rows["city"].isin(told)]
    rows = rows.dropna(subset=["low", "high"]).set_index("city")
    rows = rows.loc[in_order(rows.index)]
    if len(rows) < 2:
        return []
    least, most = rows["corrected"].idxmin(), rows["corrected"].idxmax()
    low, high = rows.loc[least], rows.loc[most]
    words = {"low": say.number(low["corrected"]), "high": say.number(high["corrected"]), "year": int(low["year"])}
    if low["high"] >= high["low"]:
        return [say("ends_overlap", **words)]
    words |= {"low_from": say.number(low["low"]), "low_to": say.number(low["high"])}
    words |= {"high_from": say.number(high["low"]), "high_to": say.number(high["high"])}
    places = {"lowest": say.in_city(least), "highest": say.in_city(most)}
    known = dict(rows.iterrows())
    return [" ".join([say("ends_range", **words, **places), *_beside(known, least, most, say)])]


def _coverage_range(spreads, say):
    known = [(one.coverage, s.city, one.classification) for s in spreads for one in s.standings]
    known = [each for each in known if not np.isnan(each[0])]
    if not known:
        return []
    share, city, classification = min(known)
    words = {"lowest": say.in_city(city), "classification": say.classification(classification)}
    return [say("coverage_range", share=_share(share, say), **words)]
