"""The mandate's questions on funding, answered in plain sentences from the tables, with the evidence for each."""

import re

from segindex import wording
from segindex.figures.funding_alt import by_formula
from segindex.funding.cells import cities_in, parts
from segindex.funding.columns import TABLES
from segindex.funding.words import AT_AREAS, placeholders
from segindex.report.findings import listed
from segindex.report.funding_words import View
from segindex.standings import in_order

MOST_HEADS = 6
HEADS = ("channels", "targeting", "gaps", "use", "cliffs")
MOST = 5
"""Names that a sentence holds; of the others it gives the number."""

FALL = r"(?P<kind>\w+) (?P<year>\d{4}): falls by (?P<fall>[\d.]+)"
RISING = r"other kinds rise: (?P<kinds>.+)"


def has_funding(material):
    """Whether the edition holds a funding mapping."""
    return material.register is not None and any(name in material.programme for name in TABLES)


def answers(material, language):
    """What the tables answer, a sentence each; none without a funding mapping.

    Parameters
    ----------
    material : Material
    language : {"fi", "sv", "en"}

    Returns
    -------
    list of str
        In the order of the mandate's questions: what there is, how much money, who uses it, where the gaps are, whether
        it follows need, other formulas, overlaps, continuity, absorption, and what is still to be done.
    """
    return [sentence for said in answered(material, language).values() for sentence in said]


def answered(material, language):
    """The answers by question, {question: sentences}, in the order of `QUESTIONS`; empty without a funding mapping."""
    if not has_funding(material):
        return {}
    view = View(material, language)
    return {name: answer(view) for name, answer in QUESTIONS.items()}


def heads(material, language):
    """The sentences that matter most, at most six."""
    said = answered(material, language)
    if not said:
        return []
    first = [sentence for name in HEADS for sentence in said[name][:1]]
    kept = first[: MOST_HEADS - 1 - len(said["made_up"])]
    return [*said["made_up"], *kept, _work_in_short(View(material, language))]


def _say(view, key, **values):
    return wording.text(view.language, f"funding_answer.{key}", **values)


def _made_up(view):
    if view.register.made_up:
        return [_say(view, "made_up_register")]
    return [_say(view, "made_up_need")] if view.material.made_up else []


def _channels(view):
    """What channels there are at which level, and on what that rests."""
    rows = view["coverage"]
    rows = rows[rows["theme"].eq("all") & rows["n_channels"].gt(0)].set_index("level")
    counted = [
        _say(
            view,
            "level",
            level=view.say(f"level_{level}"),
            n=int(rows.at[level, "n_channels"]),
            active=int(rows.at[level, "n_active"]),
            unknown=int(rows.at[level, "n_unknown"]),
            over=int(rows.loc[level, "n_channels"] - rows.loc[level, ["n_active", "n_unknown"]].sum()),
        )
        for level in view.levels()
        if level in rows.index
    ]
    n = int(rows["n_channels"].sum())
    return [_say(view, "channels", n=n, levels="; ".join(counted)), _say(view, "evidence", **_grades(view))]


def _grades(view):
    grades = view.register.channels["evidence"].value_counts()
    return {grade: int(grades.get(grade, 0)) for grade in ("sourced", "partly", "unsourced")}


def _money(view):
    """The sums of each level, kind by kind."""
    rows = view["amounts"]
    rows = rows[rows["theme"].eq("all")].set_index(["level", "amount_kind", "active"])
    said = []
    for level in view.levels():
        every = rows[rows["amount_eur"].notna()]
        every = every.loc[[key for key in every.index if key[0] == level and key[2] == "all"]]
        sums = []
        for (_, kind, _), row in every.sort_values("amount_eur", ascending=False, kind="stable").iterrows():
            active = rows["amount_eur"].get((level, kind, "yes"))
            running = not wording.missing(active) and active > 0
            given = {"kind": view.word("amount_kind", kind), "amount": view.euro(row["amount_eur"])}
            given |= {"share": view.percent(row["sourced_share"])} | ({"active": view.euro(active)} if running else {})
            sums.append(_say(view, "sum" if running else "sum_over", **given))
        if sums:
            said.append(_say(view, "money", level=view.say(f"at_{level}"), sums="; ".join(sums)))
    kinds = {key[1] for key in rows.index}
    return [
        *said,
        *([_say(view, "kinds")] if said else []),
        *([_say(view, "eu")] if "eu_contribution" in kinds else []),
    ]


def _use(view):
    """Who uses what, and how much of that is known."""
    rows = view["completeness"]
    if not len(rows):
        return []
    pairs, known, used, unused = (int(rows[f"n_{one}"].sum()) for one in ("channels", "known", "used", "not_used"))
    shares = rows.set_index("city")["known_share"].dropna()
    matrix = view["matrix"]
    graded = matrix.loc[matrix["use"].isin(("used", "not_used")), "evidence"]
    said = [
        _say(
            view,
            "use",
            pairs=view.count(pairs),
            known=view.count(known),
            share=view.percent(known / pairs if pairs else float("nan")),
            used=used,
            unused=unused,
            unknown=view.count(pairs - known),
        )
    ]
    if len(shares):
        ends = {}
        for end, value in (("most", shares.max()), ("least", shares.min())):
            ends[end] = _cities(view, shares.index[shares == value])
            ends[f"{end}_share"] = view.percent(value)
        said.append(_say(view, "use_cities", **ends))
    if len(graded):
        said.append(_say(view, "use_evidence", n=int(graded.eq("sourced").sum()), known=len(graded)))
    return said


def _cities(view, cities):
    return listed([view.city(city) for city in in_order(cities)], view.language)


def _gaps(view):
    """The gaps in words, the gravest first: themes and levels by reason, then cities."""
    rows = view["gaps"]
    said = []
    of_themes = rows[rows["kind"].eq("theme_level")]
    for reason in dict.fromkeys(of_themes["reasons"]):
        own = of_themes[of_themes["reasons"].eq(reason)]
        places = []
        for level in [one for one in ("city", "region", "national", "eu") if own["level"].eq(one).any()]:
            themes = ", ".join(map(view.theme, own.loc[own["level"].eq(level), "theme"]))
            places.append(_say(view, "place", level=view.say(f"at_{level}"), themes=themes))
        said.append(_say(view, f"gap_{reason}", n=len(own), places="; ".join(places)))
    of_cities = rows[rows["kind"].eq("city_use")]
    lacking = of_cities["reasons"].str.startswith("need_above_use_below")
    for key, own in (("need_above_use_below", of_cities[lacking]), ("use_unknown", of_cities[~lacking])):
        if len(own):
            said.append(_say(view, f"gap_{key}", cities=_cities(view, own["city"])))
    grades = {f"n_{grade}": n for grade, n in _grades(view).items()}
    total = int(view["coverage"].loc[view["coverage"]["theme"].eq("all"), "n_channels"].sum())
    return [*said, _say(view, "gap_evidence", n=total, sourced=grades["n_sourced"])] if said else []


def _targeting(view):
    """Which active channels are aimed at places within cities, and whether known money goes where need is."""
    channels, active = view.register.channels, view.active
    aimed = channels[channels["area_targeted"].isin(AT_AREAS) & channels["channel_id"].map(active).eq("yes")]
    said = []
    if len(aimed):
        levels = [
            _say(view, "level_n", level=view.say(f"level_{level}"), n=int(aimed["level"].eq(level).sum()))
            for level in view.levels()
        ]
        sourced = int(aimed["evidence"].eq("sourced").sum())
        names = view.names(aimed["channel_id"], MOST)
        said.append(_say(view, "aimed", n=len(aimed), levels=", ".join(levels), names=names, sourced=sourced))
    else:
        said.append(_say(view, "aimed_none"))
    rows = view["concentration"]
    rows = rows[rows["against"].eq("residents") & rows["index"].notna()]
    said += [_leaning(view, row) for row in rows.itertuples()]
    return said if len(rows) else [*said, _say(view, "lean_none")]


def _leaning(view, row):
    if wording.missing(row.low):
        key = "lean_no_interval"
    elif row.low > 0:
        key = "lean_to"
    else:
        key = "lean_away" if row.high < 0 else "lean_unclear"
    form = {name: wording.number(getattr(row, name), view.language, 2) for name in ("index", "low", "high")}
    return _say(
        view,
        key,
        kind=view.word("amount_kind", row.amount_kind),
        need=view.need(row.need),
        n=int(row.n_cities),
        amount=view.euro(row.amount_eur),
        share=view.percent(row.sourced_share),
        **(form if key != "lean_no_interval" else {"index": form["index"]}),
    )


def _formulas(view):
    """The same pot by other formulas: who would have more, and who less."""
    rows = view["formulas"]
    rows = by_formula(rows[rows["variant"].eq("")])
    made = rows[rows["amount_eur"].notna()]
    if not len(rows):
        return [_say(view, "formulas_none")]
    said = [_say(view, "formulas", pot=view.euro(rows["pot_eur"].iloc[0]))] if len(made) else []
    said += [_dealt(view, made, one) for one in dict.fromkeys(made["formula"])]
    if len(made) and made["change_eur"].isna().any():
        said.append(_say(view, "formula_no_current"))
    told = refused_formulas(view, rows)
    return [*said, *([_say(view, "formulas_refused", formulas=told)] if told else [])]


def refused_formulas(view, rows):
    """The formulas without amounts, each with its reason, as words; "" where all have amounts."""
    refused = rows[rows["amount_eur"].isna()]
    why = {one: _reason(own["refused"]) for one, own in refused.groupby("formula", sort=False)}
    return "; ".join(
        view.say("with_reason", what=view.formula(one), reason=view.refused(reason)) for one, reason in why.items()
    )


def _reason(reasons):
    """The reason of a formula that was refused: a city's own before that of the others."""
    found = [one for one in dict.fromkeys(reasons) if one]
    return next((one for one in found if one != "other_cities"), "no_need")


def _dealt(view, made, formula):
    rows = made[made["formula"].eq(formula)]
    change = rows.set_index("city")["change_eur"]
    name = wording.sentence_case(view.formula(formula))
    base = _without_cap(made) if formula == "capped" else None
    if base is not None:
        return _say(view, "formula_cap_idle", formula=name, base=view.formula(base))
    more, less = change[change > 0], change[change < 0]
    if change.isna().any():
        heads = rows.set_index("city")["eur_per_resident"].dropna()
        named = {"most": heads.idxmax(), "least": heads.idxmin()}
        cities = {end: view.city(city) for end, city in named.items()}
        euros = {f"{end}_eur": wording.number(heads[city], view.language, 1) for end, city in named.items()}
        if euros["most_eur"] == euros["least_eur"]:
            return _say(view, "formula_heads_same", formula=name, eur=euros["most_eur"])
        return _say(view, "formula_heads", formula=name, **cities, **euros)
    if not len(more) and not len(less):
        return _say(view, "formula_same", formula=name)
    given = {"formula": name}
    if len(more):
        given |= {"n_more": len(more), "more": view.city(more.idxmax()), "more_eur": view.euro_change(more.max())}
    if len(less):
        given |= {"n_less": len(less), "less": view.city(less.idxmin()), "less_eur": view.euro_change(less.min())}
    key = "formula_both" if len(more) and len(less) else "formula_more" if len(more) else "formula_less"
    return _say(view, key, **given)


def _without_cap(made):
    """The formula that the capped one goes by, where it deals out the same; None where the cap holds somebody back."""
    amounts = made.pivot(index="city", columns="formula", values="amount_eur")
    found = re.search(r"\bby (\w+), cap ", made["note"][made["formula"].eq("capped")].iloc[0])
    base = found and found[1]
    return base if base in amounts and amounts[base].equals(amounts["capped"].rename(base)) else None


def _overlaps(view):
    rows = view["overlaps"]
    counts = {basis: int(rows["basis"].eq(basis).sum()) for basis in ("awards", "channels")}
    sourced = int(rows["evidence"].eq("sourced").sum())
    said = [_say(view, "overlaps", **counts, sourced=sourced)] if len(rows) else [_say(view, "overlaps_none")]
    if not len(view.register.awards):
        said.append(_say(view, "overlaps_no_awards"))
    return said


def cliffs(view):
    """The falls of money that is active now: dicts of level, kind, year, fall, rising, channels, sourced_share, eur."""
    rows = view["gaps"]
    money = view["timeline"].set_index(["level", "amount_kind", "year"])
    found = []
    for row in rows[rows["kind"].eq("cliff")].itertuples():
        match = re.search(FALL, row.note)
        if match is None:
            continue
        year, rising = int(match["year"]), re.search(RISING, row.note)
        before = (
            money.loc[(row.level, match["kind"], year - 1)]
            if (row.level, match["kind"], year - 1) in money.index
            else {}
        )
        found.append(
            {
                "level": row.level,
                "kind": match["kind"],
                "year": year,
                "fall": float(match["fall"]),
                "rising": rising["kinds"].split("; ")[0].split(", ") if rising else [],
                "channels": parts(row.channels),
                "sourced_share": before.get("sourced_share", float("nan")),
                "amount_eur": before.get("amount_eur", float("nan")),
            }
        )
    return sorted(found, key=lambda one: (one["year"], ("city", "region", "national", "eu").index(one["level"])))


def _cliffs(view):
    """Where money that runs now ends: the largest first."""
    found = sorted(cliffs(view), key=lambda one: -one["amount_eur"] if one["amount_eur"] > 0 else 0)
    if not found:
        return [_say(view, "cliff_none")]
    said = []
    for one in found:
        given = {
            "level": wording.sentence_case(view.say(f"at_{one['level']}")),
            "kind": view.word("amount_kind", one["kind"]),
            "year": one["year"],
            "before": one["year"] - 1,
            "amount": view.euro(one["amount_eur"]),
            "fall": view.percent(one["fall"]),
            "names": view.names(one["channels"], MOST),
            "share": view.percent(one["sourced_share"]),
        }
        rising = ", ".join(view.word("amount_kind", kind) for kind in one["rising"])
        said.append(_say(view, "cliff_rise", **given, rising=rising) if rising else _say(view, "cliff", **given))
    return said


def _absorption(view):
    rows = view["absorption"]
    rows = rows[rows["city"].eq("")].sort_values(["n_awards", "channel_id"], ascending=[False, True], kind="stable")
    if not len(rows):
        return [_say(view, "absorption_none")]
    said = []
    for row in rows.head(MOST).itertuples():
        given = {"name": view.name(row.channel_id)[0], "n": int(row.n_awards), "share": view.percent(row.sourced_share)}
        known = {"granted": row.granted_of_applied, "paid": row.paid_of_granted}
        known = {key: view.percent(value) for key, value in known.items() if not wording.missing(value)}
        key = "_".join(["absorption", *known]) if known else "absorption_unknown"
        given = given if known else {name: given[name] for name in ("name", "n")}
        said.append(_say(view, key, **given, **known))
    return said


def waiting(view):
    """The placeholders: (cities, channel) each, in the order of the cities."""
    channels = view.register.channels
    rows = channels[placeholders(channels)]
    found = [(cities_in(row.cities_known), row.channel_id) for row in rows.itertuples()]
    order = in_order([city for cities, _ in found for city in cities])
    return sorted(found, key=lambda one: (order.index(one[0][0]) if one[0] else len(order), one[1]))


def to_do(view, level=None):
    """How many rows that are no placeholders wait for what: {kind: number}; of a level, or of all."""
    channels = view.register.channels
    rows = channels[~placeholders(channels) & (channels["level"].eq(level) | (level is None))]
    return {
        "unsourced": int(rows["evidence"].eq("unsourced").sum()),
        "partly": int(rows["evidence"].eq("partly").sum()),
        "status": int(rows["status"].eq("check").sum()),
        "amount": int(rows["amount_eur"].isna().sum()),
        "day": int((rows["evidence"].ne("unsourced") & rows["source_date"].eq("")).sum()),
    }


def _work(view):
    """What is still to be asked and checked."""
    found = waiting(view)
    named = [
        view.say("city_name", city=_cities(view, cities) or wording.NO_VALUE, name=view.name(channel)[0])
        for cities, channel in found
    ]
    said = [_say(view, "waiting", n=len(found), names="; ".join(named))] if found else []
    return [*said, _say(view, "to_do", **to_do(view))]


def _work_in_short(view):
    found = waiting(view)
    cities = _cities(view, [city for of_row, _ in found for city in of_row]) or wording.NO_VALUE
    return _say(view, "waiting_cities", n=len(found), cities=cities, unsourced=to_do(view)["unsourced"])


QUESTIONS = {
    "made_up": _made_up,
    "channels": _channels,
    "money": _money,
    "use": _use,
    "gaps": _gaps,
    "targeting": _targeting,
    "formulas": _formulas,
    "overlaps": _overlaps,
    "cliffs": _cliffs,
    "absorption": _absorption,
    "work": _work,
}
"""The questions in their order, and what answers each."""
