"""Every value of other software that has a tolerance is tested by a file of this folder, or listed here with why."""

import re
from collections import Counter

from golden import (
    test_clustering,
    test_concentration,
    test_decomposition,
    test_local_association,
    test_multigroup,
    test_scale,
    test_values,
)
from golden.reference import SHARED, needs_shared, rows_of

TESTED = {
    module.__name__: module.MEASURES
    for module in (
        test_clustering,
        test_concentration,
        test_decomposition,
        test_local_association,
        test_multigroup,
        test_scale,
        test_values,
    )
}
NOT_COVERED = {
    "a standard error, bias or interval by bootstrap, jackknife or simulation, of no measure of the catalogue": (
        r".+_(debiased|se|bias|CI_lo|CI_hi|under_0|under_0_sd|Boot_ind_median|Boot_ind_sd|MC_ind_mean|MC_unit_mean"
        r"|JackSE|JackBias)"
    ),
    "mean and variance of Moran's I under chance, which no table holds yet": r"moran_(EI|VI_rand|VI_norm)",
    "at the edge of the grid a cell has no eight nearest cells: more tie, and the peer does not say which it took": (
        r"moran_I_knn8"
    ),
    "a Gini of incomes, not of segregation": r"spGini_.+",
    "the data are not at hand": r"ds_.+",
}


def measure(row):
    return row["index"].split("[")[0]


@needs_shared
def test_every_value_is_tested_or_listed():
    tested = set().union(*TESTED.values())
    rows = [row for row in rows_of(SHARED / "values.csv") if row["tolerance"] != "NA" and measure(row) not in tested]
    listed = Counter(
        next((why for why, form in NOT_COVERED.items() if re.fullmatch(form, measure(row))), row["index"])
        for row in rows
    )
    assert listed == dict(zip(NOT_COVERED, (50, 18, 1, 5, 6)))
