"""Households and persons of a made-up city, drawn year by year, and the tables that count them.

Language, income class and the stage of a family come by household, so counts vary more from cell to cell than if
persons moved one by one; education and main activity come person by person.
"""

import numpy as np

from segindex.sources.sample_land import sample_facts
from segindex.sources.sample_people import (
    ADULTS,
    CHILDREN,
    GROUPS,
    PENSIONER_OF_OLD,
    STUDENT_OF_TEENS,
    probabilities,
    shares_of,
)


def count(city, year, rng, *, shrink=1.0):
    """The tables of one year.

    Returns
    -------
    columns : dict of str to ndarray of int, shape (n_inhabited,)
    truth : dict of str to ndarray, shape (n_inhabited,)
        The probability of each group.
    inhabited : ndarray of bool, shape (n_cells,)
    """
    chance = probabilities(city, year, shrink=shrink)
    inhabited = chance["homes"] > 0
    chance = {name: one[inhabited] if np.ndim(one) else one for name, one in chance.items()}
    shares = shares_of(city.facts, year)
    homes = np.maximum(np.floor(chance["homes"] + city.luck[0, inhabited]), 1).astype(np.int64)
    types = _household_types(homes, chance["types"], city.luck[1, inhabited])
    columns = _ages(rng, types, chance, shares)
    columns |= _adults(rng, types, chance, shares)
    columns |= _activity(rng, columns, chance, shares)
    rented = rng.binomial(homes, chance["rented"])
    other = rng.binomial(homes - rented, shares["tenure"][2] / (1 - shares["tenure"][1]))
    columns |= {
        "te_taly": homes,
        "te_omis_as": homes - rented - other,
        "te_vuok_as": rented,
        "te_muu_as": other,
        "vieraskieliset": rng.binomial(types, chance["foreign_language"][:, None]) @ (ADULTS + CHILDREN),
    }
    return columns, {name: chance[name] for name in GROUPS}, inhabited


def _household_types(homes, shares, luck):
    """Households by type: shares of the cell's homes, rounded by one draw a cell that stays through the years."""
    edges = np.floor(homes[:, None] * np.cumsum(shares, axis=1) + luck[:, None] + 1e-9)
    edges[:, -1] = homes
    return np.diff(np.minimum(edges, homes[:, None]), axis=1, prepend=0).astype(np.int64)


def _ages(rng, types, chance, shares):
    """Residents by age: children by the stage of their family, adults by three blocks of age."""
    ages = shares["ages"]
    names = [f"he_{name}" for name in sample_facts()["ages"]]
    small = rng.binomial(types, chance["small_children"][:, None])
    teens = rng.binomial(types - small, chance["teens"])
    small, teens, school = (one @ CHILDREN for one in (small, teens, types - small - teens))
    babies = rng.binomial(small, ages[0] / ages[:2].sum())
    pupils = rng.binomial(school, ages[2] / ages[2:4].sum())
    adults = types @ ADULTS
    old = rng.binomial(adults, chance["old_of_adults"])
    young = rng.binomial(adults - old, chance["young_of_adults"] / (1 - chance["old_of_adults"]))
    blocks = [
        rng.multinomial(number, ages[part] / ages[part].sum())
        for number, part in ((young, slice(5, 7)), (adults - old - young, slice(7, 15)), (old, slice(15, 20)))
    ]
    counted = np.column_stack([babies, small - babies, pupils, school - pupils, teens, *blocks])
    return {"he_vakiy": counted.sum(axis=1)} | dict(zip(names, counted.T))


def _adults(rng, types, chance, shares):
    """Education person by person, income class household by household."""
    adults = types @ ADULTS
    education = shares["education"]
    basic = rng.binomial(adults, chance["basic_education"])
    higher = rng.binomial(adults - basic, chance["higher_education"] / (1 - chance["basic_education"]))
    general = rng.binomial(adults - basic - higher, education[1] / education[1:3].sum())
    long = rng.binomial(higher, education[4] / education[3:].sum())
    low = rng.binomial(types, chance["low_income"][:, None])
    high = rng.binomial(types - low, (chance["high_income"] / (1 - chance["low_income"]))[:, None])
    low, high = low @ ADULTS, high @ ADULTS
    return {
        "ko_ika18y": adults,
        "ko_perus": basic,
        "ko_koul": adults - basic,
        "ko_yliop": general,
        "ko_ammat": adults - basic - higher - general,
        "ko_al_kork": higher - long,
        "ko_yl_kork": long,
        "hr_tuy": adults,
        "hr_pi_tul": low,
        "hr_ke_tul": adults - low - high,
        "hr_hy_tul": high,
    }


def _activity(rng, columns, chance, shares):
    """Main activity, from the ages that were drawn."""
    rates = chance["rates"]
    names = [f"he_{name}" for name in sample_facts()["ages"]]
    ages = np.column_stack([columns[name] for name in names])
    fifteen = rng.binomial(ages[:, 3], 1 / 3)
    teens = rng.binomial(ages[:, 4], STUDENT_OF_TEENS)
    young, middle, old = ages[:, 5:7].sum(axis=1), ages[:, 7:15].sum(axis=1), ages[:, 15:].sum(axis=1)
    student = rng.binomial(young, rates["student"])
    older = rng.binomial(middle, rates["older_student"])
    retired = rng.binomial(middle - older, rates["retired"] / (1 - rates["older_student"]))
    pensioners = rng.binomial(old, PENSIONER_OF_OLD)
    free = young - student + middle - older - retired
    other = rng.binomial(free, rates["other"])
    labour = free - other + old - pensioners
    idle = rng.binomial(labour, chance["unemployed"])
    return {
        "pt_vakiy": columns["he_vakiy"],
        "pt_tyoll": labour - idle,
        "pt_tyott": idle,
        "pt_0_14": ages[:, :4].sum(axis=1) - fifteen,
        "pt_opisk": fifteen + teens + student + older,
        "pt_elakel": pensioners + retired,
        "pt_muut": ages[:, 4] - teens + other,
    }
