"""Paavo's groups of variables: which totals they have, what is protected in them, and what must add up."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segindex.errors import BadData
from segindex.sources.delivery import SHOWN, Notice, check_columns, check_parts, counts

RESIDENTS = "he_vakiy"
# means, medians, areas and sums of money stand among the counts
NOT_COUNTS = (
    "he_kika",
    "hr_ktu",
    "hr_mtu",
    "hr_ovy",
    "te_takk",
    "te_as_valj",
    "tr_ktu",
    "tr_mtu",
    "tr_ovy",
    "ra_as_kpa",
)
AGES = (
    "0_2 3_6 7_12 13_15 16_17 18_19 20_24 25_29 30_34 35_39 40_44 45_49 50_54 55_59 60_64 65_69 70_74 75_79 80_84 85_"
)
BRANCHES = (
    "a_maat b_kaiv c_teol d_ener e_vesi f_rake g_kaup h_kulj i_majo j_info k_raho l_kiin m_erik n_hall o_julk p_koul "
    "q_terv r_taid s_muup t_koti u_kans x_tunt"
)


def _named(group, names):
    return tuple(f"{group}_{name}" for name in names.split())


@dataclass(frozen=True)
class Variables:
    """One group of variables.

    Attributes
    ----------
    base : str
        The total that decides whether the group is protected; never protected itself.
    divisions : tuple of (total, parts)
        Parts that sum to a total. The first division settles whether zeros are true.
    open : tuple of str
        Further totals that are never protected.
    """

    base: str
    divisions: tuple[tuple[str, tuple[str, ...]], ...]
    open: tuple[str, ...] = ()


VARIABLES = {
    "he": Variables(RESIDENTS, ((RESIDENTS, _named("he", AGES)), (RESIDENTS, ("he_naiset", "he_miehet")))),
    "ko": Variables(
        "ko_ika18y",
        (
            ("ko_ika18y", ("ko_perus", "ko_koul")),
            ("ko_koul", ("ko_yliop", "ko_ammat", "ko_al_kork", "ko_yl_kork")),
        ),
    ),
    "hr": Variables("hr_tuy", (("hr_tuy", ("hr_pi_tul", "hr_ke_tul", "hr_hy_tul")),)),
    "te": Variables("te_taly", (("te_taly", ("te_omis_as", "te_vuok_as", "te_muu_as")),)),
    "tr": Variables("tr_kuty", (("tr_kuty", ("tr_pi_tul", "tr_ke_tul", "tr_hy_tul")),)),
    # dwellings are not parts of buildings: an area with residential buildings should have some
    "ra": Variables(
        "ra_raky",
        (("ra_asrak", ("ra_asunn",)), ("ra_asunn", ("ra_pt_as", "ra_kt_as", "ra_muu_as"))),
        open=("ra_ke", "ra_muut", "ra_asrak"),
    ),
    "tp": Variables(
        "tp_tyopy",
        (
            ("tp_tyopy", ("tp_alku_a", "tp_jalo_bf", "tp_palv_gu", "tp_x_tunt")),
            ("tp_tyopy", _named("tp", BRANCHES)),
        ),
    ),
    "pt": Variables(
        "pt_vakiy",
        (
            ("pt_vakiy", ("pt_tyoll", "pt_tyott", "pt_0_14", "pt_opisk", "pt_elakel", "pt_muut")),
            ("pt_tyovy", ("pt_tyoll", "pt_tyott")),
        ),
        open=("pt_tyovy", "pt_tyovu"),
    ),
}
BASES = tuple(group.base for group in VARIABLES.values())
PEOPLE = ("ko_ika18y", "hr_tuy", "pt_vakiy")
DWELLINGS = ("te_taly", "tr_kuty")
COMPLETE = ("he", "ko", "hr", "te", "pt")
"""Groups whose first division sums to its total exactly wherever it is visible (releases 2015-2018, 2026)."""

MOST_WITHOUT_BASE = 30
"""Areas with fewer residents may have nobody in a base: all are children, or no dwelling counts."""


def is_count(column):
    """Whether a column of Paavo counts persons, households, buildings or jobs.

    >>> [name for name in ("he_0_2", "he_kika", "nimi", "pinta_ala", "te_vuok_as") if is_count(name)]
    ['he_0_2', 'te_vuok_as']
    """
    return column[:3].rstrip("_") in VARIABLES and column[2:3] == "_" and column not in NOT_COUNTS


def judged(frame, columns, *, path, marks=()):
    """Count columns as floats, NaN where the file says protected (-1 or one of `marks`) or nothing.

    BadData for a protected base, for text, for other negative values and for counts that are not whole.
    """
    columns = list(columns)
    given = frame[columns].to_numpy(dtype=object, copy=True)
    given[pd.isna(given)] = ""
    nothing = np.logical_or.reduce([given == mark for mark in ("", *marks)])
    for name in [base for base in BASES if base in columns]:
        protected = pd.to_numeric(pd.Series(given[:, columns.index(name)]), errors="coerce").to_numpy() == -1
        if protected.any():
            raise BadData(
                f"{path}: base {name} is -1 in {protected.sum()} areas, first "
                f"{', '.join(frame.loc[protected, 'cell'].head(SHOWN))}; a base is never protected in Paavo"
            )
    given[nothing] = -1
    found = counts(pd.DataFrame(given, columns=columns).assign(cell=frame["cell"]), columns, path=path)
    broken = found % 1 > 0
    for name in broken.columns[broken.any()]:
        raise BadData(
            f"{path}: column {name} has {broken[name].sum()} values that are not whole, first "
            f"{', '.join(frame.loc[broken[name], 'cell'].head(SHOWN))}; allowed are counts: multiply a percentage by "
            f"the population of its own year first"
        )
    return found


def settle(values, *, path, cell, zero_hides=False):
    """What is protected, what is empty, and whether the parts fit their totals.

    A group with a base above 0 and a part that is not given is protected: all its parts become NaN, the totals stay.
    A base that is 0 or not given means that there is nobody: zeros. With `zero_hides` the file writes 0 for
    protected: a group whose first division is 0 throughout while its total is above 0 is protected.

    Parameters
    ----------
    values : DataFrame
        Count columns, NaN where not given.
    path : path
        For messages.
    cell : Series of str
        What to call each row in messages.
    zero_hides : bool

    Returns
    -------
    tuple of DataFrame and list of Notice
    """
    values = values.copy()
    notices = []
    for key, group in VARIABLES.items():
        columns = [name for name in values if name.startswith(f"{key}_")]
        if not columns:
            continue
        check_columns(values.columns, [group.base], path=path, what=f"with {columns[0]}, the base columns")
        parts = [name for name in columns if name != group.base and name not in group.open]
        empty = ~(values[group.base] > 0)
        _check_lived(values, group.base, empty, path, cell)
        values.loc[empty, columns] = values.loc[empty, columns].fillna(0)
        given = values[parts].notna()
        hidden = ~given.all(axis=1)
        partly = hidden & given.any(axis=1)
        if partly.any():
            text = f"{key.upper()}: some parts were visible and are treated as protected with the rest of their group"
            notices.append(_notice("protected_in_part", text, partly, values, cell))
        if zero_hides and parts:
            zeros = _false_zeros(values, group, path)
            if zeros.any():
                text = f"{key.upper()}: parts are 0 while {group.base} is above 0: read as protected"
                notices.append(_notice("zero_as_protected", text, zeros, values, cell))
            hidden |= zeros
        values.loc[hidden, parts] = np.nan
        _check_group(values, key, group, parts, path, cell)
    others = [name for name in values if not is_count(name)]
    uninhabited = values[RESIDENTS] == 0
    values.loc[uninhabited, others] = values.loc[uninhabited, others].fillna(0)
    return values, notices


def fill_absent(values, absent):
    """Zeros for rows that an export leaves out, where the rest of their group shows that nothing is missing.

    PxWeb can leave out rows that hold 0 and rows that hold nothing; the two look alike. Where the visible parts of a
    group's first division reach their total, what is absent in the group is 0; elsewhere it stays NaN (protected).
    """
    values = values.copy()
    for key, group in VARIABLES.items():
        total, division = group.divisions[0]
        columns = [name for name in values if name.startswith(f"{key}_")]
        if total not in columns or not set(division) <= set(columns):
            continue
        complete = values[list(division)].where(~absent[list(division)], 0).sum(axis=1, skipna=False) == values[total]
        values[columns] = values[columns].mask(absent[columns] & complete.to_numpy()[:, None], 0)
    return values


def _false_zeros(values, group, path):
    total, division = group.divisions[0]
    check_columns(values.columns, (total, *division), path=path, what="to tell a protected value from 0, columns")
    return (values[total] > 0) & (values[list(division)] == 0).all(axis=1)


def _check_group(values, key, group, parts, path, cell):
    frame = values.assign(cell=cell)
    if key != "ra":
        above = values[parts].gt(values[group.base], axis=0).any()
        for name in above.index[above]:
            check_parts(frame, [name], group.base, path=path)
    total, division = group.divisions[0]
    if key in COMPLETE and {total, *division} <= set(values):
        short = (values[list(division)].sum(axis=1, skipna=False) < values[total]).to_numpy()
        if short.any():
            shown = ", ".join(cell[short].head(SHOWN))
            raise BadData(
                f"{path}: {' + '.join(division)} falls short of {total} in {int(short.sum())} areas, first {shown}; "
                f"these parts sum to their total wherever they are visible"
            )
    for total, division in group.divisions:
        found = [name for name in division if name in values]
        if total in values and found and division != ("ra_asunn",):
            check_parts(frame.fillna({total: np.inf}), found, total, path=path)


def _check_lived(values, base, empty, path, cell):
    """BadData where many people live and a base that would count them is empty or 0."""
    if base not in PEOPLE + DWELLINGS:
        return
    wrong = empty & (values[RESIDENTS] >= MOST_WITHOUT_BASE) & (values[base].isna() | (base in PEOPLE))
    if wrong.any():
        shown = ", ".join(
            f"{area}: {residents:g} residents"
            for area, residents in zip(cell[wrong][:SHOWN], values.loc[wrong, RESIDENTS])
        )
        raise BadData(
            f"{path}: base {base} is empty or 0 in {int(wrong.sum())} areas where people live, first {shown}; a base "
            f"is never protected in Paavo, and only areas of fewer than {MOST_WITHOUT_BASE} residents may lack one"
        )


def _notice(kind, text, where, values, cell):
    residents = float(values.loc[where, RESIDENTS].sum())
    return Notice(kind, text, int(where.sum()), residents, tuple(cell[where].head(SHOWN)))
