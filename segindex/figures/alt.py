"""What a figure says, in words: its title (the finding) and its text alternative.

The page, the text file beside a figure and the figure itself take them from here; no drawing is needed. `group`
is the group's name as it is written in the language; `defined` ({key: Names}) holds the names of the settings' cities.
"""

from segindex import wording
from segindex.figures.select import KINDS
from segindex.standings import in_order

DECIMALS = 3


def clusters_title(classes, *, city, group, classification, language, defined=None):
    """The finding of a cluster map: how large a part of the population lives in high-high clusters."""
    names = {
        "city": wording.city_name(city, language, defined),
        "group": group,
    }
    high = classes[(classes["cluster"] == "high-high") & (classes["n_cells"] > 0)]
    if not len(high):
        return wording.text(language, "clusters.title_none", **names)
    share = high["population_share"].iloc[0]
    if wording.missing(share):
        return wording.text(language, "clusters.title_withheld", **names)
    return wording.text(
        language,
        "clusters.title_some",
        **names,
        share=wording.percent(share, language),
        of_base=wording.of_base(classification, language),
    )


def clusters_alt(classes, *, city, group, year, classification, language, defined=None):
    """The text alternative of a cluster map."""
    n_cells = dict(zip(classes["cluster"], classes["n_cells"]))
    named = ("high-high", "low-low", "high-low", "low-high", "not significant", "protected")
    counts = {name.replace("-", "_").replace(" ", "_"): wording.count(n_cells.get(name, 0), language) for name in named}
    named = {"city": city, "group": group, "classification": classification, "language": language, "defined": defined}
    title = clusters_title(classes, **named)
    return wording.text(language, "clusters.alt", title=title, year=year, **counts)


def cluster_name(cluster, language):
    """The name of a cluster class, as tables and legends write it."""
    return wording.text(language, f"cluster.{cluster.replace('-', '_').replace(' ', '_')}")


def trends_title(rows, *, index, group, language):
    """The finding of a trend figure: the span of the cities' latest values.

    Rises and falls are not counted: as long as a change has no interval, a small one may be chance.
    """
    shown = rows[rows["value"].notna()]
    latest = shown[shown["year"] == shown["year"].max()]["value"]
    words = {
        "group": wording.sentence_case(group),
        "index": wording.index_title(index, language),
        "first": int(shown["year"].min()),
        "last": int(shown["year"].max()),
    }
    if len(latest) < 2:
        return wording.text(language, "trends.title", **words)
    span = {
        name: wording.number(value, language, DECIMALS)
        for name, value in (("low", latest.min()), ("high", latest.max()))
    }
    return wording.text(language, "trends.title_span", **words, **span)


def trends_alt(rows, *, index, group, language, defined=None):
    """The text alternative of a trend figure."""
    shown = rows[rows["value"].notna()]
    latest = shown.groupby("city")["value"].last()
    return wording.text(
        language,
        "trends.alt",
        title=trends_title(rows, index=index, group=group, language=language),
        values=_listed(((city, latest[city]) for city in in_order(latest.index)), language, defined),
    )


def ranked(rows, year):
    """The rows of a year that have a value, from the highest down."""
    rows = rows[(rows["year"] == year) & rows["value"].notna()]
    return rows.sort_values(["value", "order"], ascending=[False, True], kind="stable", ignore_index=True)


def ranking_title(rows, *, index, group, year, language, defined=None):
    """The finding of a ranking: the city with the highest and the city with the lowest value."""
    rows = ranked(rows, year)
    words = {"group": wording.sentence_case(group), "index": wording.index_title(index, language)}
    if not len(rows):
        return wording.text(language, "ranking.title_none", **words)
    highest, lowest = rows.iloc[0], rows.iloc[-1]
    words |= {
        "highest": wording.in_city(highest["city"], language, defined),
        "high": wording.number(highest["value"], language, DECIMALS),
    }
    if len(rows) == 1:
        return wording.text(language, "ranking.title_one", **words)
    return wording.text(
        language,
        "ranking.title_span",
        **words,
        lowest=wording.in_city(lowest["city"], language, defined),
        low=wording.number(lowest["value"], language, DECIMALS),
    )


def ranking_alt(rows, *, index, group, year, language, defined=None):
    """The text alternative of a ranking."""
    values = ranked(rows, year)[["city", "value"]].itertuples(index=False)
    return wording.text(
        language,
        "ranking.alt",
        title=ranking_title(rows, index=index, group=group, year=year, language=language, defined=defined),
        year=int(year),
        values=_listed(values, language, defined) or wording.NO_VALUE,
    )


def segplot_title(*, city, group, language, defined=None):
    """What a plot of all cells shows: the group whose share orders them."""
    return wording.text(language, "segplot.title", city=wording.city_name(city, language, defined), group=group)


def segplot_alt(shares, *, city, group, year, language, defined=None):
    """The text alternative of a plot of all cells; `shares` are those of the whole city, {group's name: share}."""
    listed = ", ".join(
        wording.text(language, "value.city", city=name, value=wording.percent(share, language))
        for name, share in shares.items()
    )
    title = segplot_title(city=city, group=group, language=language, defined=defined)
    return wording.text(language, "segplot.alt", title=title, year=year, shares=listed)


def curve_title(*, group, year, language):
    """What a figure of segregation curves shows."""
    return wording.text(language, "curve.title", group=wording.sentence_case(group), year=year)


def curve_alt(cities, *, group, year, language, defined=None):
    """The text alternative of segregation curves."""
    named = ", ".join(wording.city_name(city, language, defined) for city in cities)
    return wording.text(
        language, "curve.alt", title=curve_title(group=group, year=year, language=language), cities=named
    )


def profile_title(rows, *, index, group, over, cell_size_m, language):
    """The finding of a scale profile: the span of the cities' values in the own cell and in the widest surroundings."""
    own, widest = _ends(rows)
    return wording.text(
        language,
        "profile.title",
        group=wording.sentence_case(group),
        index=wording.index_title(index, language),
        first=_span(own, language),
        last=_span(widest, language),
        **_places(rows, over, cell_size_m, language),
    )


def profile_alt(rows, *, index, group, year, over, cell_size_m, language, defined=None):
    """The text alternative of a scale profile."""
    own, widest = _ends(rows)
    pairs = (
        wording.text(
            language,
            "profile.city",
            city=wording.city_name(city, language, defined),
            first=wording.number(own[city], language, DECIMALS),
            last=wording.number(widest[city], language, DECIMALS),
        )
        for city in in_order(own.index)
    )
    return wording.text(
        language,
        "profile.alt",
        title=profile_title(rows, index=index, group=group, over=over, cell_size_m=cell_size_m, language=language),
        year=int(year),
        values="; ".join(pairs),
        **_places(rows, over, cell_size_m, language),
    )


def _ends(rows):
    """The values of the own cell and of each city's widest surroundings, by city, where these are the widest of all."""
    widest = rows[rows["size"] == rows["size"].max()].set_index("city")["value"]
    own = rows[rows["size"] == 0].set_index("city")["value"]
    return own[widest.index], widest


def _places(rows, over, cell_size_m, language):
    return {
        "own": wording.text(language, "profile.in_area" if cell_size_m is None else "profile.in_cell"),
        "reach": wording.text(language, f"profile.reach_{over}", size=wording.count(rows["size"].max(), language)),
    }


def _span(values, language):
    low, high = (wording.number(value, language, DECIMALS) for value in (values.min(), values.max()))
    return low if low == high else f"{low}–{high}"


def change_terms_title(parts, *, index, group, first, last, language, defined=None):
    """The finding of a figure of changes: where redistribution was least and most.

    `parts` holds the parts by city, as `select.parts_of` gives them.
    """
    part = parts["change"]["structural"].reindex(in_order(parts.index))
    words = {
        "group": wording.sentence_case(group),
        "index": wording.index_title(index, language),
        "first": first,
        "last": last,
        "highest": wording.in_city(part.idxmax(), language, defined),
        "high": wording.change(part.max(), language, DECIMALS),
    }
    if len(part) == 1:
        return wording.text(language, "change_terms.title_one", **words)
    return wording.text(
        language,
        "change_terms.title_span",
        **words,
        lowest=wording.in_city(part.idxmin(), language, defined),
        low=wording.change(part.min(), language, DECIMALS),
    )


def change_terms_alt(parts, *, net, language, defined=None, **named):
    """The text alternative of a figure of changes: each city's change, and the part of redistribution."""
    values = (
        wording.text(
            language,
            "change_terms.city",
            city=wording.city_name(city, language, defined),
            total=wording.change(parts["change"]["total"][city], language, DECIMALS),
            structural=wording.change(parts["change"]["structural"][city], language, DECIMALS),
        )
        for city in in_order(parts.index)
    )
    title = change_terms_title(parts, language=language, defined=defined, **named)
    return wording.text(
        language, "change_terms.alt_net" if net else "change_terms.alt", title=title, values="; ".join(values)
    )


def type_name(kind, language):
    """The name of an area type, as tables and legends write it; 0 is unknown."""
    return wording.text(language, f"types.type_{kind}" if kind else "types.unknown")


def types_title(shares, *, year, language, defined=None):
    """The finding of a figure of area types: where most and fewest residents live in the most disadvantaged.

    `shares` holds residents' shares of one year, as `select.type_shares` gives them.
    """
    most = shares[1].reindex(in_order(shares.index)).dropna()
    if not len(most):
        return wording.text(language, "type_shares.title_none", year=year)
    words = {
        "year": year,
        "highest": wording.in_city(most.idxmax(), language, defined),
        "high": wording.percent(most.max(), language),
    }
    if len(most) == 1:
        return wording.text(language, "type_shares.title_one", **words)
    return wording.text(
        language,
        "type_shares.title_span",
        **words,
        lowest=wording.in_city(most.idxmin(), language, defined),
        low=wording.percent(most.min(), language),
    )


def types_alt(shares, *, year, language, defined=None):
    """The text alternative of a figure of area types: each city's shares in their order."""
    values = (
        f"{wording.city_name(city, language, defined)} "
        + ", ".join(wording.percent(share, language) for share in shares.loc[city])
        for city in in_order(shares.index)
    )
    title = types_title(shares, year=year, language=language, defined=defined)
    return wording.text(language, "type_shares.alt", title=title, values="; ".join(values))


def type_map_title(types, *, city, language, defined=None):
    """The finding of a map of area types: how many residents live in the most disadvantaged."""
    words = {"city": wording.city_name(city, language, defined)}
    most = types[types["type"] == 1]
    if not (most["n_cells"] > 0).any():
        return wording.text(language, "type_map.title_none", **words)
    share = most["residents_share"].iloc[0]
    if wording.missing(share):
        return wording.text(language, "type_map.title_withheld", **words)
    return wording.text(language, "type_map.title_some", **words, share=wording.percent(share, language))


def type_map_alt(types, *, city, year, language, defined=None):
    """The text alternative of a map of area types."""
    share = dict(zip(types["type"], types["residents_share"]))
    values = (
        wording.text(
            language,
            "type_map.share",
            type=type_name(kind, language),
            share=wording.percent(share.get(kind, 0.0), language),
        )
        for kind in KINDS
    )
    title = type_map_title(types, city=city, language=language, defined=defined)
    return wording.text(language, "type_map.alt", title=title, year=year, values="; ".join(values))


def unit_words(cell_size_m, language):
    """The unit of analysis: a grid cell of a size, or a postal code area."""
    if cell_size_m is None:
        return wording.text(language, "unit.area")
    return wording.text(language, "unit.grid", size=wording.count(cell_size_m, language))


def _listed(pairs, language, defined):
    return ", ".join(
        wording.text(
            language,
            "value.city",
            city=wording.city_name(city, language, defined),
            value=wording.number(value, language, DECIMALS),
        )
        for city, value in pairs
    )
