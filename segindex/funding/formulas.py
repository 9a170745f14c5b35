"""A pot of money dealt out over cities by formulas, in whole cents, so that every sum is the pot to the cent."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, isfinite

import numpy as np
import pandas as pd

from segindex.errors import BadData, BadSettings, did_you_mean, is_number
from segindex.funding.columns import FORMULAS
from segindex.funding.need import latest
from segindex.schema import ordered

BY_NEED = {
    "per_head": ("residents", ""),
    "per_low_income": ("group", "low_income"),
    "per_low_income_child": ("low_income_children", None),
    "per_types_1_2": ("types_1_2", ""),
}
"""Formulas that deal the pot out by one number a city: the measure and the group of it."""

BASES = ("per_low_income_child", "per_low_income", "per_types_1_2", "per_head")
"""What the cap and the current amounts are laid on: the first of these that all cities have."""

CAP = 1.5
CAPS = (1.25, 1.5, 2.0)


def allocate(weights, pot_cents, *, names=None):
    r"""A pot in parts as large as the weights, by the largest remainder.

    .. math:: \lfloor w_i P / W \rfloor

    and one cent more to those with the largest remainders, until all is dealt out; of alike ones the first.

    Parameters
    ----------
    weights : array_like, shape (n,)
        From 0.
    pot_cents : int
        From 0.
    names : sequence of str, optional
        What an error calls each one; places from 0 if left out.

    Returns
    -------
    ndarray of int, shape (n,)
        Their sum is the pot. A weight of 0 gets nothing.

    Raises
    ------
    BadSettings
        A weight is negative or missing, all are 0, or the pot is no whole number from 0.

    Examples
    --------
    >>> allocate([1, 1, 1], 100), allocate([2, 1, 0], 10)
    (array([34, 33, 33]), array([7, 3, 0]))
    """
    weights, pot = _weights(weights, names), _whole(pot_cents, "the pot")
    return np.array(_dealt(weights, pot), dtype=np.int64)


def capped(weights, pot_cents, base, cap, *, names=None):
    r"""A pot in parts as large as the weights, but to nobody more per head than `cap` times the mean.

    What lies above :math:`c P b_i / B` is dealt out by weight among the others, until nobody is above.

    Parameters
    ----------
    weights, base : array_like, shape (n,)
        Weights from 0; heads that the cap is counted by, from 0.
    pot_cents : int
    cap : float
        From 1: below it the pot could not be dealt out.
    names : sequence of str, optional

    Returns
    -------
    ndarray of int, shape (n,)
        Their sum is the pot. A cap that is no whole cent is rounded up to the next.

    Raises
    ------
    BadSettings
        As `allocate`; the cap is below 1; or those with a weight above 0 are all at their caps and money is left.

    Examples
    --------
    >>> capped([8, 1, 1], 900, base=[10, 10, 10], cap=1.5)
    array([450, 225, 225])
    """
    weights, pot = _weights(weights, names), _whole(pot_cents, "the pot")
    heads = _weights(base, names, "base", len(weights))
    if not is_number(cap) or not (isfinite(cap) and cap >= 1):
        raise BadSettings(f"cap {cap!r}: below 1 the pot cannot be dealt out; allowed are numbers from 1")
    most = _most(heads, pot, cap)
    room = _room(most, weights)
    if room < pot:
        raise BadSettings(
            f"cap {cap:g}: those with a weight above 0 may have {room} cents of {pot}; allowed is a higher cap"
        )
    found, free = [0] * len(weights), list(weights)
    while True:
        left = pot - sum(found)
        over = [at for at, weight in enumerate(free) if weight * left > most[at] * sum(free)]
        if not over:
            return np.array(found, dtype=np.int64) + _dealt(free, left)
        for at in over:
            found[at], free[at] = most[at], Fraction(0)


def _most(heads, pot, cap):
    """What each may have under a cap, in cents, rounded up."""
    return [ceil(Fraction(str(float(cap))) * pot * head / sum(heads)) for head in heads]


def _room(most, weights):
    """What all with a weight above 0 may have."""
    return sum(limit for limit, weight in zip(most, weights) if weight)


def hold_harmless(weights, pot_cents, current_cents, *, names=None):
    r"""A pot by weight, but to nobody less than now.

    .. math:: \max(c_i, \lambda w_i), \qquad \lambda: \sum_i \max(c_i, \lambda w_i) = P

    Parameters
    ----------
    weights : array_like, shape (n,)
        From 0.
    pot_cents : int
    current_cents : array_like of int, shape (n,)
        What each has now, from 0.
    names : sequence of str, optional

    Returns
    -------
    ndarray of int, shape (n,)
        Their sum is the pot; none is below its current amount.

    Raises
    ------
    BadSettings
        As `allocate`; or the pot is smaller than the current amounts together.

    Examples
    --------
    >>> hold_harmless([1, 1, 2], 100, [50, 10, 10])
    array([50, 17, 33])
    """
    weights, pot = _weights(weights, names), _whole(pot_cents, "the pot")
    called = names or range(len(weights))
    now = [_whole(cents, f"current amount of {name}") for name, cents in zip(called, current_cents, strict=True)]
    if pot < sum(now):
        raise BadSettings(f"the pot of {pot} cents is below the {sum(now)} of today; allowed is as much or more")
    found, lifted = list(now), []
    free = pot - sum(now)
    for at in sorted((at for at, weight in enumerate(weights) if weight), key=lambda at: now[at] / weights[at]):
        if lifted and free * weights[at] <= now[at] * sum(weights[one] for one in lifted):
            break
        free += now[at]
        lifted.append(at)
    for at, part in zip(lifted, _dealt([weights[at] for at in lifted], free)):
        found[at] = part
    return np.array(found, dtype=np.int64)


def _dealt(weights, pot):
    """The largest remainder of exact fractions."""
    total = sum(weights)
    quotas = [weight * pot / total for weight in weights]
    parts = [floor(quota) for quota in quotas]
    order = sorted(range(len(parts)), key=lambda at: parts[at] - quotas[at])
    for at in order[: pot - sum(parts)]:
        parts[at] += 1
    return parts


def _weights(values, names=None, what="weights", length=None):
    """Numbers from 0 as exact fractions; one of them above 0."""
    values = [float(value) for value in values]
    called = list(range(len(values)) if names is None else names)
    if len(called) != len(values) or length not in (None, len(values)):
        raise BadSettings(f"{what} has {len(values)} values for {length or len(called)}; allowed is one each")
    for name, value in zip(called, values):
        if not isfinite(value) or value < 0:
            raise BadSettings(f"{what} of {name} is {value:g}; allowed are numbers from 0")
    if not any(values):
        raise BadSettings(f"{what} of {', '.join(map(str, called))} are all 0; one above 0 is needed")
    return [Fraction(value) for value in values]


def _whole(value, what):
    """A number of cents from 0."""
    if not is_number(value) or not isfinite(value) or value < 0 or value != int(value):
        raise BadSettings(f"{what} is {value!r} cents; allowed are whole numbers from 0")
    return int(value)


def what_if(needs, pot_eur, *, current=None, cap=CAP, caps=CAPS):
    """One pot dealt out over the cities by several formulas, and how far each result hangs on what was chosen.

    Parameters
    ----------
    needs : DataFrame
        As `need.needs` makes it; the cities are those with residents in the latest year.
    pot_eur : int, float or Decimal
        The pot in euro, of whole cents, above 0; the same in every formula.
    current : Mapping or Series of float, optional
        Euro of each city today; NaN or no entry where they are not known.
    cap : float
        Of "capped": nobody has more euro per resident than so many times the mean of all cities.
    caps : sequence of float
        Other caps that are tried.

    Returns
    -------
    DataFrame
        The columns of `FORMULAS`. Formulas are those of `BY_NEED`, "capped" and "hold_harmless" (nobody has less than
        today); the last two by the first of `BASES` that all cities have, which the note names. Rows of variant ""
        are the formula itself: `least_eur` and `most_eur` are over it and its variants, the other rows: "need_low" and
        "need_high" (all cities at that bound of their need), "year_…" (the need of another year), "type_1",
        "hidden_left_out" (residents of cells where nothing is hidden) and "cap_…". Each variant's amounts make the pot
        to the cent. `change_eur` is against the current amount, where it is known.

        A formula that lacks the need of one city gives no amounts: `refused` is why ("small_group", "few_cells",
        "no_need"), and "other_cities" in the others. "hold_harmless" is refused as "no_current" unless the current
        amounts of all cities are known, and as "pot_too_small" where the pot is below their sum; "capped" as
        "cap_leaves_money".

    Raises
    ------
    BadSettings
        The pot or a cap is not allowed, or `current` names an unknown city.
    BadData
        The needs hold no residents.
    """
    people = latest(needs, "residents")["value"].sort_index()
    if not len(people):
        raise BadData("needs: no city has residents; the measure residents is needed")
    pot = _cents(pot_eur, "pot_eur")
    if not pot:
        raise BadSettings(f"pot_eur is {pot_eur}; allowed are amounts above 0")
    for one in (cap, *caps):
        if not is_number(one) or not (isfinite(one) and one >= 1):
            raise BadSettings(f"cap {one!r}: below 1 the pot cannot be dealt out; allowed are numbers from 1")
    now = _current(current, people.index)
    basis = next(name for name in BASES if name == BASES[-1] or not _lacking(needs, BY_NEED[name], people.index))
    tables = [_table(name, needs, BY_NEED[name], people, now, pot, _by_weight) for name in BY_NEED]
    tables.append(_capped(needs, basis, people, now, pot, cap, caps))
    tables.append(_held(needs, basis, people, now, pot))
    return ordered(pd.concat(tables, ignore_index=True), FORMULAS, ["formula", "variant", "city"])


def _by_weight(weights, pot):
    return allocate(weights, pot, names=list(weights.index))


def _capped(needs, basis, people, now, pot, cap, caps):
    def rule(weights, pot, cap=cap):
        if _room(_most([Fraction(head) for head in people], pot, cap), weights) < pot:
            return "cap_leaves_money"
        return capped(weights, pot, people, cap, names=list(people.index))

    others = {f"cap_{one:g}": one for one in caps if one != cap}
    more = {name: lambda weights, pot, one=one: rule(weights, pot, one) for name, one in others.items()}
    return _table("capped", needs, BY_NEED[basis], people, now, pot, rule, more, f"by {basis}, cap {cap:g}")


def _held(needs, basis, people, now, pot):
    def rule(weights, pot):
        if now.isna().any():
            return "no_current"
        if pot < now.sum():
            return "pot_too_small"
        return hold_harmless(weights, pot, [int(one) for one in now], names=list(people.index))

    return _table("hold_harmless", needs, BY_NEED[basis], people, now, pot, rule, said=f"by {basis}")


def _table(formula, needs, of, people, now, pot, rule, more=None, said=""):
    """One formula and its variants as rows. `rule(weights, pot)` gives cents, or the reason why not."""
    rows = _rows(needs, of)
    lacking = _lacking(needs, of, people.index)
    note = [_joined(rows["note"].get(city, ""), said) for city in people.index]
    weights = rows["value"].reindex(people.index)
    main = "" if lacking else rule(weights, pot)
    if isinstance(main, str):
        refused = [lacking.get(city, "other_cities") if lacking else main for city in people.index]
        return _as_rows(formula, "", people, now, pot, None, note, refused=refused)
    found = {"": main}
    found |= {name: rule(other, pot) for name, other in _variants(needs, of, weights)}
    found |= {name: other(weights, pot) for name, other in (more or {}).items()}
    found = {name: cents for name, cents in found.items() if not isinstance(cents, str)}
    every = np.array(list(found.values()))
    ends = {"least_eur": every.min(axis=0) / 100, "most_eur": every.max(axis=0) / 100}
    return pd.concat(
        [
            _as_rows(formula, name, people, now, pot, cents, note, **({} if name else ends))
            for name, cents in found.items()
        ]
    )


def _rows(needs, of, year=None):
    """The need that a formula deals out by, in one year or its latest, a row a city."""
    rows = needs if year is None else needs[needs["year"] == year]
    return latest(rows, *of)


def _lacking(needs, of, cities):
    """Why cities have no need that the pot could be dealt out by, {city: reason}; of all where nobody has any."""
    rows = _rows(needs, of)
    value = rows["value"].reindex(cities)
    if value.notna().all() and not value.sum() > 0:
        return dict.fromkeys(cities, "no_need")
    return {city: rows["refused"].get(city, "") or "no_need" for city in cities[value.isna()]}


def _variants(needs, of, weights):
    """Other weights of a formula that differ from its own: (name, weights)."""
    measure, group = of
    rows = _rows(needs, of).reindex(weights.index)
    same = needs[(needs["measure"] == measure) & ((needs["group"] == group) | (group is None))]
    found = {f"need_{end}": rows[end] for end in ("low", "high")}
    found |= {
        f"year_{year}": _rows(needs, of, year)["value"] for year in sorted(set(same["year"]) - {same["year"].max()})
    }
    if measure == "residents":
        found["hidden_left_out"] = rows["value"] * (1 - rows["hidden_share"])
    if measure == "types_1_2":
        found["type_1"] = _rows(needs, ("type_1", ""))["value"]
    for name, other in found.items():
        other = other.reindex(weights.index)
        if other.notna().all() and other.sum() > 0 and not other.equals(weights):
            yield name, other


def _as_rows(formula, variant, people, now, pot, cents, note, *, refused="", least_eur=np.nan, most_eur=np.nan):
    """The amounts of one variant, a row a city."""
    cents = np.full(len(people), np.nan) if cents is None else np.asarray(cents)
    amount, current = cents / 100, now.to_numpy(float) / 100
    return pd.DataFrame(
        {
            "formula": formula,
            "variant": variant,
            "city": people.index,
            "pot_eur": pot / 100,
            "amount_eur": amount,
            "share": cents / pot,
            "eur_per_resident": amount / people.where(people > 0).to_numpy(float),
            "current_eur": current,
            "change_eur": (cents - now.to_numpy(float)) / 100,
            "least_eur": least_eur,
            "most_eur": most_eur,
            "refused": refused,
            "note": note,
        }
    )


def _current(current, cities):
    """Current amounts in cents by city; NaN where they are not known."""
    given = {} if current is None else dict(current)
    unknown = [city for city in given if city not in cities]
    if unknown:
        hint = did_you_mean(unknown, list(cities), f"known are {', '.join(cities)}")
        raise BadSettings(f"current names {', '.join(map(str, unknown))}; {hint}")
    cents = {
        city: np.nan if pd.isna(euro) else round(_judged(euro, f"current of {city}") * 100)
        for city, euro in given.items()
    }
    return pd.Series([cents.get(city, np.nan) for city in cities], index=cities, dtype=float)


def _judged(euro, what):
    """An amount of euro from 0."""
    if isinstance(euro, bool) or not isinstance(euro, int | float | Decimal | np.number):
        raise BadSettings(f"{what} is {euro!r}; allowed are numbers of euro from 0")
    if not isfinite(euro) or euro < 0:
        raise BadSettings(f"{what} is {euro}; allowed are numbers of euro from 0")
    return Decimal(str(euro))


def _cents(euro, what):
    """An amount in euro as whole cents."""
    cents = _judged(euro, what) * 100
    if cents != int(cents):
        raise BadSettings(f"{what} is {euro}; allowed are whole cents")
    return int(cents)


def _joined(*parts):
    return "; ".join(part for part in parts if part)
