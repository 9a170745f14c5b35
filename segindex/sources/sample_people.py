"""Made-up people for the sample: who is likely to live where, cell by cell.

Who lives where follows tilts of the land: estates are rented and poorer, shores richer, new areas young. The tilts are
scaled so that the dissimilarity of the *probabilities* meets `sample_facts.toml`, and shifted so that the city's
share does. `sample_counts` draws the households.
"""

from dataclasses import dataclass, replace

import numpy as np

from segindex.sources.sample_land import FOUNDED, sample_facts

# household types: single, couple, lone parent with a child, couples with one, two, three children
ADULTS = np.array([1, 2, 1, 2, 2, 2])
CHILDREN = np.array([0, 0, 1, 1, 2, 3])
PENSIONER_OF_OLD = 0.97
STUDENT_OF_TEENS = 0.93
# students among those aged 25-64, as a share of their share among those aged 18-24
OLDER_STUDENTS = 0.08
# dissimilarity of children under 7 against the other children
SMALL_CHILDREN_GOAL = 0.1
FAR = 1.8
GROUPS = (
    "low_income",
    "high_income",
    "basic_education",
    "higher_education",
    "unemployed",
    "rented",
    "children_0_6",
    "children_7_15",
    "pensioners",
    "students",
    "foreign_language",
)


@dataclass(frozen=True)
class Tilts:
    """What draws each group to a cell, per cell: its state in the first year and its drift to the last one."""

    state: dict
    drift: dict

    def at(self, name, time):
        """The tilt at `time`, 0 in the first and 1 in the last year of the facts."""
        return self.state[name] + time * self.drift.get(name, 0.0)


@dataclass(frozen=True)
class City:
    """One made-up city, ready to be counted in any year.

    Attributes
    ----------
    facts : dict
    land : Land
    tilts : Tilts
    scales : dict
        What each tilt is multiplied with in the first and in the last year of the facts.
    built : ndarray, shape (n_cells,)
        Residents of built-up cells before the city's total is met; 0 in the countryside.
    rural_homes : ndarray, shape (n_cells,)
        Households in the countryside; 0 in built-up cells.
    luck : ndarray, shape (2, n_cells)
        The cell's own rounding of households and of their types, the same in all years.
    """

    facts: dict
    land: object
    tilts: Tilts
    scales: dict
    built: np.ndarray
    rural_homes: np.ndarray
    luck: np.ndarray


def populate(facts, land, rng, *, shrink=1.0):
    """A made-up city: tilts of its cells, scaled to the dissimilarity that the facts ask for.

    Parameters
    ----------
    facts : dict
        A city of `sample_facts.toml`.
    land : Land
    rng : numpy Generator
    shrink : float
        As in `settle`: a small city has shrink² of the residents.
    """
    cells = len(land.rural)
    built = sum(land.density.values()) * np.exp(0.45 * rng.standard_normal(cells))
    built = np.where(land.rural, 0, built)
    rural_homes = np.where(land.rural, 1 + rng.poisson(0.8, cells), 0)
    luck = rng.random((2, cells))
    tilts = _tilts(land, rng)
    city = City(facts, land, tilts, {}, built, rural_homes, luck)
    years = sample_facts()["first_year"], sample_facts()["last_year"]
    scales = {}
    for at, year in enumerate(years):
        goals = {name: ends[at] for name, ends in facts["dissimilarity"].items()}
        _, found = _probabilities(city, year, shrink, goals=goals)
        for name, scale in found.items():
            scales.setdefault(name, []).append(scale)
    return replace(city, scales=scales)


def probabilities(city, year, *, shrink=1.0):
    """The underlying probabilities of a year: a dict of arrays (n_cells,), 0 in cells where nobody lives."""
    return _probabilities(city, year, shrink)[0]


def dissimilarity_of(p, weights):
    """Dissimilarity of probabilities against the rest, cells weighted by the base."""
    mean = (p * weights).sum() / weights.sum()
    return (np.abs(p - mean) * weights).sum() / (2 * weights.sum() * mean * (1 - mean))


def _tilts(land, rng):
    cells = len(land.rural)
    total = sum(land.density.values()) + 40
    share = {name: one / total for name, one in land.density.items()}
    own = rng.standard_normal((6, cells))
    smooth = land.fields
    built = ~land.rural * 1.0
    estate = share["estate"] * land.estate_tilt
    centre = share["core"] + 0.6 * share["subcentre"]
    shore = np.exp(-land.shore_km / 0.5) * (1 - share["estate"]) * built
    affluent = -2.2 * estate + 1.0 * shore + 0.6 * smooth[0] + 0.25 * own[0] - 0.3 * land.rural
    rented = 2.2 * estate + 1.3 * centre + 0.8 * share["new"] - 0.5 * affluent + 0.4 * smooth[1]
    rented = rented + 0.55 * own[1] - 1.0 * land.rural - 0.6 * share["suburb"]
    foreign = 2.4 * estate + 0.35 * rented - 0.35 * affluent + 0.35 * smooth[2] + 0.25 * own[2] - 0.5 * land.rural
    young = 1.4 * centre + 0.9 * np.maximum(smooth[3] - 1, 0) * built + 0.4 * rented + 0.3 * own[3] - 0.5 * land.rural
    old = 0.7 * smooth[4] - 0.8 * share["new"] - 0.5 * young + 0.4 * land.rural + 0.35 * own[4]
    family = 0.9 * share["suburb"] - 1.2 * centre + 0.7 * share["new"] - 0.5 * old + 0.4 * smooth[5] + 0.25 * own[5]
    educated = 0.8 * affluent + 0.7 * centre + 0.25 * smooth[3] - 0.5 * land.rural
    state = {
        "rented": rented,
        "foreign_language": foreign,
        "low_income": 0.55 * rented - 0.6 * affluent + 0.3 * young + 0.25 * foreign,
        "high_income": affluent - 0.25 * young - 0.15 * rented,
        "basic_education": -educated + 0.3 * foreign + 0.3 * old,
        "higher_education": educated - 0.2 * old,
        "unemployed": 0.6 * rented - 0.5 * affluent + 0.4 * foreign,
        "old": old,
        "young": young,
        "children": family,
        "small_children": share["new"] * 1.5 + 0.4 * centre + 0.5 * smooth[1] + 0.3 * own[5],
    }
    drift = {"foreign_language": 0.5 * estate + 0.15 * smooth[3], "low_income": 0.4 * estate - 0.2 * centre}
    return Tilts({name: _standard(one) for name, one in state.items()}, drift)


def _standard(values):
    """Mean 0, variance about 1, and no cell far out: the worst estate is not all of one kind."""
    return FAR * np.tanh((values - values.mean()) / values.std() / FAR)


def shares_of(facts, year):
    """City-wide shares in a year, on the straight line through the first and the last year of the facts."""
    common = sample_facts()
    time = _time(year)

    def line(first, last):
        between = np.array(first) + time * (np.array(last) - np.array(first))
        between = np.maximum(between, 1e-4)
        return between / between.sum() if between.ndim else float(between)

    shares = {
        name: line(facts[f"{name}_{common['first_year']}"], facts[f"{name}_{common['last_year']}"])
        for name in ("ages", "education", "income", "tenure", "activity")
    }
    shares |= {name: line(*facts[name]) for name in ("residents", "households", "foreign_language")}
    return shares


def _time(year):
    first, last = sample_facts()["first_year"], sample_facts()["last_year"]
    return (year - first) / (last - first)


def _probabilities(city, year, shrink, goals=None):
    """Probabilities of a year; the scales of the tilts are fitted to `goals`, or taken from the city."""
    shares, time = shares_of(city.facts, year), _time(year)
    land, ages = city.land, shares["ages"]
    scales = {}

    def chance(name, share, weights):
        tilt = city.tilts.at(name, time)
        if goals is not None:
            scales[name] = _scale(tilt, weights, share, goals[name])
        else:
            first, last = city.scales[name]
            scales[name] = first + time * (last - first)
        return _levelled(tilt * scales[name], weights, share)

    residents = _expected_residents(city, shares, year, shrink)
    minors = ages[:5].sum()
    types = _type_shares(shares, chance("children", minors, residents))
    size, children = types @ (ADULTS + CHILDREN), types @ CHILDREN
    homes = np.where(land.rural, city.rural_homes * (residents > 0), residents / size)
    child = children / size
    if goals is not None:
        goals = goals | _goals_by_age(goals, shares)
    small = chance("small_children", ages[:2].sum() / minors, residents * child)
    teens = ages[4] / ages[2:5].sum()

    old = np.minimum(chance("old", ages[15:].sum(), residents), 0.9 * (1 - child))
    young = np.minimum(chance("young", ages[5:7].sum(), residents), 0.8 * (1 - child - old))
    middle = 1 - child - old - young
    rates = _activity_rates(shares, residents, young, middle, old, child)
    labour = (young * (1 - rates["student"]) + middle * (1 - rates["older_student"] - rates["retired"])) * (
        1 - rates["other"]
    ) + (1 - PENSIONER_OF_OLD) * old
    adults = residents * (1 - child)
    low, high = _capped(
        chance("low_income", shares["income"][0], adults), chance("high_income", shares["income"][2], adults)
    )
    basic, higher = _capped(
        chance("basic_education", shares["education"][0], adults),
        chance("higher_education", shares["education"][3:].sum(), adults),
    )
    worked, idle = shares["activity"][:2]
    teen_students = child * (1 - small) * (1 - teens) * ages[3] / ages[2:4].sum() / 3
    teen_students = teen_students + STUDENT_OF_TEENS * child * (1 - small) * teens
    return {
        "homes": homes,
        "types": types,
        "small_children": small,
        "teens": teens,
        "old_of_adults": old / (1 - child),
        "young_of_adults": young / (1 - child),
        "rates": rates,
        "low_income": low,
        "high_income": high,
        "basic_education": basic,
        "higher_education": higher,
        "unemployed": chance("unemployed", idle / (worked + idle), residents * labour),
        "rented": chance("rented", shares["tenure"][1], homes),
        "children_0_6": child * small,
        "children_7_15": child * (1 - small) * (1 - teens),
        "pensioners": PENSIONER_OF_OLD * old + rates["retired"] * middle,
        "students": teen_students + rates["student"] * young + rates["older_student"] * middle,
        "foreign_language": chance("foreign_language", shares["foreign_language"], residents),
    }, scales


def _expected_residents(city, shares, year, shrink):
    """Residents by cell: its built-up cells bring the city to its total; 0 where nobody lives in that year."""
    land = city.land
    here = (land.first_year <= year) & (year <= land.last_year)
    ramp = np.where(land.first_year > FOUNDED, np.clip((year - land.first_year + 1) / 4, 0.25, 1), 1.0)
    built = np.where(here, city.built * ramp, 0)
    size = shares["residents"] / shares["households"]
    rural = np.where(here, city.rural_homes * size, 0)
    wanted = max(shares["residents"] * shrink**2 - rural.sum(), 1.5 * size * (built > 0).sum())
    return rural + _filled(built, size, wanted)


def _filled(built, least, wanted):
    """Built-up cells times the factor that brings them to `wanted` residents, one household each at least."""
    here = built > 0
    low, high = 0.0, 50.0
    for _ in range(40):
        middle = (low + high) / 2
        if np.maximum(middle * built[here], least).sum() < wanted:
            low = middle
        else:
            high = middle
    return np.where(here, np.maximum(low * built, least), 0)


def _type_shares(shares, child):
    """Shares of the household types in each cell whose residents have the share `child` of children."""
    common = sample_facts()
    split = np.array(common["children_in_families"])
    lone, mean = common["lone_parents"], split @ [1, 2, 3]
    size = shares["residents"] / shares["households"]
    per_home = size * shares["ages"][:5].sum()
    families = (per_home - lone * (size - 1)) / (mean - lone * (1 + mean))
    pairs = (size - 1 - families * (1 + mean)) / (1 - families)
    few = (child * (1 + pairs) - pairs * lone) / ((mean - pairs * lone) - child * (1 + mean - pairs))
    few = np.clip(few, 0.002, 0.85)
    two = (1 - few) * pairs
    return np.column_stack([1 - few - two, two * (1 - lone), two * lone, *(few * one for one in split)])


def _goals_by_age(goals, shares):
    """What the ages must reach for students and pensioners to reach their goal; and the youngest children's own."""
    ages, activity = shares["ages"], shares["activity"]
    young, middle, old = ages[5:7].sum(), ages[7:15].sum(), ages[15:].sum()
    teens = STUDENT_OF_TEENS * ages[4] + ages[3] / 3
    rate = (activity[3] - teens) / (young + OLDER_STUDENTS * middle)
    spread = [share * (1 - share) for share in (activity[3], young, activity[4], old)]
    return {
        "young": goals["students"] * spread[0] / (rate * spread[1]),
        "old": goals["pensioners"] * spread[2] / (PENSIONER_OF_OLD * spread[3]),
        "small_children": SMALL_CHILDREN_GOAL,
    }


def _activity_rates(shares, residents, young, middle, old, child):
    """Rates by age that give the city its students, pensioners and others."""
    weights = residents / residents.sum()
    young, middle, old, child = ((weights * one).sum() for one in (young, middle, old, child))
    ages, activity = shares["ages"], shares["activity"]
    teens = STUDENT_OF_TEENS * ages[4] + ages[3] / 3
    student = np.clip((activity[3] - teens) / (young + OLDER_STUDENTS * middle), 0.05, 0.9)
    retired = np.clip((activity[4] - PENSIONER_OF_OLD * old) / middle, 0.005, 0.3)
    rest = young * (1 - student) + middle * (1 - OLDER_STUDENTS * student - retired)
    other = np.clip((activity[5] - (1 - STUDENT_OF_TEENS) * ages[4]) / rest, 0.005, 0.5)
    return {"student": student, "older_student": OLDER_STUDENTS * student, "retired": retired, "other": other}


def _capped(one, other, most=0.97):
    over = np.maximum((one + other) / most, 1)
    return one / over, other / over


def _scale(tilt, weights, share, goal):
    """The scale of a tilt at which the probabilities have the dissimilarity `goal`, by halving."""
    kept = weights > 0
    tilt, weights = tilt[kept], weights[kept] / weights.sum()
    low, high, shift = 0.0, 6.0, None
    for _ in range(16):
        middle = (low + high) / 2
        shift = _shift(middle * tilt, weights, share, shift)
        if dissimilarity_of(_logistic(middle * tilt + shift), weights) < goal:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _levelled(tilt, weights, share):
    """Logistic probabilities along a tilt, shifted until their weighted mean is `share`."""
    return _logistic(tilt + _shift(tilt, weights / weights.sum(), share))


def _shift(tilt, weights, share, start=None):
    """The shift at which logistic probabilities have the weighted mean `share`, by Newton's rule."""
    shift = np.log(share / (1 - share)) - weights @ tilt if start is None else start
    for _ in range(20):
        p = _logistic(tilt + shift)
        step = np.clip((share - weights @ p) / (weights @ (p * (1 - p))), -2, 2)
        shift += step
        if abs(step) < 1e-6:
            break
    return shift


def _logistic(values):
    return 1 / (1 + np.exp(-values))
