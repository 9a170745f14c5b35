"""What the figures of funding say, in words: titles and text alternatives."""

from segindex import wording
from segindex.schema import MADE_UP

MILLION = 1e6
ORDER = ("per_head", "per_low_income", "per_low_income_child", "per_types_1_2", "capped", "hold_harmless")
"""The formulas in the order in which they are shown."""

NAMED = ("types_1_2", "type_1", "low_income_children")


def made_up_rows(rows):
    """Whether any note of the rows says that the data are made up."""
    return bool(rows["note"].str.contains(MADE_UP, regex=False).any())


def chosen_curve(curve, concentration):
    """The curve that is drawn: kind, need and what it is held against; None where there is none with an index.

    Granted money before paid, people with a low income before other needs, against residents.
    """
    rows = concentration[concentration["index"].notna() & concentration["against"].eq("residents")]
    there = set(zip(curve["amount_kind"], curve["need"], curve["against"]))
    keys = [key for key in zip(rows["amount_kind"], rows["need"], rows["against"]) if key in there]
    return min(keys, key=lambda key: (key[0] != "granted", key[1] != "low_income", key), default=None)


def curve_rows(curve, concentration, key):
    """The points of a curve in their order, and the row of its index."""
    names = ["amount_kind", "need", "against"]
    points = curve[(curve[names] == list(key)).all(axis=1)].sort_values(["place", "city"], kind="stable")
    index = concentration[(concentration[names] == list(key)).all(axis=1)].iloc[0]
    return points.reset_index(drop=True), index


def lean(row):
    """What an index of concentration says, by its interval: a key of the titles."""
    if wording.missing(row["low"]):
        return "lean_no_interval"
    if row["low"] > 0:
        return "lean_to"
    return "lean_away" if row["high"] < 0 else "lean_unclear"


def need_name(need, language, defined=None):
    """A need: a measure or a group."""
    if need in NAMED:
        return wording.text(language, f"funding_words.need_{need}")
    return wording.group_name(need, language, defined)


def kind_name(kind, language):
    """A kind of amount."""
    return wording.text(language, f"funding.word.amount_kind_{kind}")


def curve_title(index, language):
    """The finding of a concentration curve."""
    key, kind = lean(index), kind_name(index["amount_kind"], language)
    if key == "lean_no_interval":
        return wording.text(language, f"funding_figure.title_{key}", kind=kind, n=int(index["n_cities"]))
    numbers = {name: wording.number(index[name], language, 2) for name in ("index", "low", "high")}
    return wording.text(language, f"funding_figure.title_{key}", kind=kind, **numbers)


def curve_alt(points, index, language):
    """The text alternative of a concentration curve."""
    values = [
        wording.text(
            language,
            "funding_figure.curve_point",
            city=wording.city_name(row.city, language),
            base=wording.percent(row.cumulative_base, language, 0),
            money=wording.percent(row.cumulative_money, language, 0),
        )
        for row in points.itertuples()
        if row.city
    ]
    title = curve_title(index, language)
    return wording.text(language, "funding_figure.curve_alt", title=title, values="; ".join(values))


def panel_name(level, kind, language):
    """A level and a kind of amount."""
    level = wording.sentence_case(wording.text(language, f"funding_words.at_{level}"))
    return wording.text(language, "funding_figure.panel", level=level, kind=kind_name(kind, language))


def runs(rows):
    """A number for each row, the same for years in a row of one level and kind whose amounts are not known."""
    unknown = rows["amount_eur"].isna()
    before = rows[["level", "amount_kind"]].eq(rows[["level", "amount_kind"]].shift()).all(axis=1)
    joined = unknown & unknown.shift(fill_value=False) & before & rows["year"].diff().eq(1)
    return (~joined).cumsum()


def timeline_title(rows, language):
    """The finding of a timeline: how many cliffs there are."""
    return wording.text(language, "funding_figure.timeline_title", n=int(rows["cliff"].sum()))


def timeline_alt(rows, language):
    """The text alternative of a timeline."""
    falls = [
        wording.text(
            language,
            "funding_figure.timeline_fall",
            level=wording.text(language, f"funding_words.at_{row.level}"),
            kind=kind_name(row.amount_kind, language),
            year=int(row.year),
            fall=wording.percent(-row.fall, language, 0),
        )
        for row in rows[rows["cliff"]].itertuples()
    ]
    values = "; ".join(falls) or wording.text(language, "funding_figure.timeline_no_fall")
    title = timeline_title(rows, language)
    return wording.text(language, "funding_figure.timeline_alt", title=title, values=values)


def dealt(formulas):
    """The rows of the formulas themselves that have amounts, in order; their variants stand in least and most."""
    rows = by_formula(formulas[formulas["variant"].eq("")])
    return rows[rows["amount_eur"].notna()]


def by_formula(rows):
    """Rows in the order of their formulas."""
    return rows.sort_values("formula", key=lambda names: names.map(ORDER.index), kind="stable")


def formulas_title(rows, language):
    """The finding of the formulas: who has the most per resident in most of those that tell the cities apart.

    A formula that gives all the same has no first, and a cap that nobody reaches deals out as another formula does.
    """
    pot = euro_words(rows["pot_eur"].iloc[0], language)
    heads = rows.pivot(index="city", columns="formula", values="eur_per_resident").round(4)
    apart = [name for name in dict.fromkeys(rows["formula"]) if heads[name].round(1).nunique() > 1]
    heads = heads[apart].T.drop_duplicates().T
    if not len(heads.columns):
        return wording.text(language, "funding_figure.formulas_title_same", pot=pot)
    highest = heads.eq(heads.max())
    times = highest[highest.columns[highest.sum() == 1]].sum(axis=1)
    if times.max() * 2 > len(heads.columns):
        most = wording.city_name(times.idxmax(), language)
        return wording.text(language, "funding_figure.formulas_title", pot=pot, most=most)
    ahead = dict.fromkeys(city for name in heads for city in heads.index[highest[name]])
    cities = ", ".join(wording.city_name(city, language) for city in ahead)
    return wording.text(language, "funding_figure.formulas_title_differ", pot=pot, cities=cities)


def formulas_alt(rows, language):
    """The text alternative of the formulas."""
    values = []
    for formula, own in rows.groupby("formula", sort=False):
        amounts = [
            wording.text(
                language,
                "funding_figure.formulas_amount",
                city=wording.city_name(row.city, language),
                amount=wording.number(row.amount_eur / MILLION, language, 1),
            )
            for row in own.itertuples()
        ]
        name = wording.sentence_case(wording.text(language, f"funding_words.formula_{formula}"))
        values.append(wording.text(language, "funding_figure.formulas_panel", formula=name, amounts=", ".join(amounts)))
    title = formulas_title(rows, language)
    return wording.text(language, "funding_figure.formulas_alt", title=title, values="; ".join(values))


def euro_words(value, language):
    """A sum of euro in words: in millions from one million on."""
    if abs(value) >= MILLION:
        return wording.text(language, "funding_words.million", n=wording.number(value / MILLION, language, 1))
    return wording.text(language, "funding_words.euro", n=wording.count(value, language))
