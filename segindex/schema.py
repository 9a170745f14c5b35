"""The columns of every table, with their types, and the order of its rows."""

import numpy as np
import pandas as pd

MADE_UP = "made-up data"
"""The part of a row's note that says that nobody was counted."""

RESULTS = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "classification": "str",
    "index": "str",
    "group": "str",
    "reference": "str",
    "scale_m": "float64",
    "k": "float64",
    "cluster_size": "float64",
    "value": "float64",
    "expected": "float64",
    "p_null": "float64",
    "corrected": "float64",
    "correction": "str",
    "low": "float64",
    "high": "float64",
    "detectable_change": "float64",
    "identified_lower": "float64",
    "identified_upper": "float64",
    "lower_bound": "float64",
    "upper_bound": "float64",
    "n_cells": "int64",
    "population": "int64",
    "group_size": "int64",
    "hidden_share": "float64",
    "note": "str",
}
KEYS = ["city", "year", "release", "classification", "index", "group", "reference", "scale_m", "k", "cluster_size"]
COVERAGE = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "source": "str",
    "classification": "str",
    "reference_date": "str",
    "n_cells": "int64",
    "n_hidden": "int64",
    "residents": "int64",
    "hidden_residents": "int64",
    "coverage": "float64",
    "note": "str",
}
CELLS = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "classification": "str",
    "group": "str",
    "index": "str",
    "cell": "str",
    "x": "float64",
    "y": "float64",
    "cell_size_m": "float64",
    "crs": "str",
    "population": "float64",
    "group_size": "float64",
    "share": "float64",
    "value": "float64",
    "z": "float64",
    "p": "float64",
    "q": "float64",
    "from_moments": "bool",
    "null": "str",
    "cluster": "str",
    "area": "int64",
    "hidden": "bool",
    "note": "str",
}
CLUSTERS = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "classification": "str",
    "group": "str",
    "cluster": "str",
    "n_cells": "int64",
    "population": "Int64",
    "group_size": "Int64",
    "population_share": "float64",
    "group_share": "float64",
    "note": "str",
}

CLUSTER_AREAS = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "classification": "str",
    "group": "str",
    "index": "str",
    "area": "int64",
    "cluster": "str",
    "n_cells": "int64",
    "population": "int64",
    "group_size": "int64",
    "share": "float64",
    "x": "float64",
    "y": "float64",
    "crs": "str",
    "first_cell": "str",
    "note": "str",
}
SCALES = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "classification": "str",
    "index": "str",
    "group": "str",
    "reference": "str",
    "kind": "str",
    "micro": "float64",
    "macro": "float64",
    "micro_value": "float64",
    "macro_value": "float64",
    "ratio": "float64",
    "population": "int64",
    "group_size": "int64",
    "hidden_share": "float64",
    "note": "str",
}

DISCLOSURES = {
    "city": "str",
    "classification": "str",
    "group": "str",
    "year": "int64",
    "source": "str",
    "by": "str",
    "n_cells": "int64",
    "first_cells": "str",
    "note": "str",
}

CHANGES = {
    "city": "str",
    "classification": "str",
    "group": "str",
    "cluster_size": "float64",
    "index": "str",
    "first_year": "int64",
    "last_year": "int64",
    "term": "str",
    "net": "bool",
    "change": "float64",
    "low": "float64",
    "high": "float64",
    "p": "float64",
    "q": "float64",
    "hidden_share": "float64",
    "note": "str",
}

CUT_OFFS = {
    "classification": "str",
    "group": "str",
    "city": "str",
    "threshold": "str",
    "cut_off": "float64",
    "year": "Int64",
    "n_cities": "int64",
    "population": "int64",
    "note": "str",
}

THRESHOLDS = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "classification": "str",
    "group": "str",
    "threshold": "str",
    "cut_off": "float64",
    "cut_off_year": "Int64",
    "n_cells": "Int64",
    "population": "float64",
    "population_share": "float64",
    "expected_population_share": "float64",
    "unknown_share": "float64",
    "group_size": "float64",
    "group_share": "float64",
    "expected_group_share": "float64",
    "note": "str",
}

STANDARDS = {
    "extent": "str",
    "quantity": "str",
    "dimension": "str",
    "number": "int64",
    "value": "float64",
    "year": "int64",
    "k": "float64",
    "n_cities": "int64",
    "residents": "int64",
    "note": "str",
}

AREAS = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "cell": "str",
    "x": "float64",
    "y": "float64",
    "cell_size_m": "float64",
    "crs": "str",
    "residents": "int64",
    "disadvantage": "float64",
    "type": "int64",
    "type_in_city": "int64",
    "n_worst": "Int64",
    "worst": "str",
    "n_best": "Int64",
    "best": "str",
    "note": "str",
}

TYPES = {
    "city": "str",
    "year": "int64",
    "extent": "str",
    "type": "int64",
    "n_cells": "int64",
    "residents": "int64",
    "residents_share": "float64",
    "note": "str",
}

TRANSITIONS = {
    "city": "str",
    "extent": "str",
    "first_year": "int64",
    "last_year": "int64",
    "first_type": "str",
    "last_type": "str",
    "n_cells": "int64",
    "first_residents": "int64",
    "last_residents": "int64",
    "note": "str",
}

ACCUMULATION = {
    "city": "str",
    "year": "int64",
    "end": "str",
    "dimensions": "str",
    "n_dimensions": "int64",
    "n_cells": "int64",
    "n_unknown": "int64",
    "residents": "int64",
    "residents_share": "float64",
    "independent_share": "float64",
    "unknown_share": "float64",
    "note": "str",
}

BLOCKS = {
    "block": "int64",
    "key": "str",
    "given": "bool",
    "lacks": "str",
}

ENDS = {
    "city": "str",
    "year": "int64",
    "release": "str",
    "classification": "str",
    "measure": "str",
    "group": "str",
    "reference": "str",
    "cluster_size": "float64",
    "value": "float64",
    "expected": "float64",
    "corrected": "float64",
    "correction": "str",
    "low": "float64",
    "high": "float64",
    "cut_off": "float64",
    "cut_off_year": "Int64",
    "n_cells": "int64",
    "n_beyond": "Int64",
    "population": "int64",
    "group_size": "int64",
    "hidden_share": "float64",
    "note": "str",
}

SENSITIVITY = {
    "city": "str",
    "year": "int64",
    "changed": "str",
    "residents": "int64",
    "changed_share": "float64",
    "note": "str",
}

LASTING = {
    "city": "str",
    "classification": "str",
    "group": "str",
    "index": "str",
    "cluster": "str",
    "id": "str",
    "name": "str",
    "year": "int64",
    "event": "str",
    "n_years": "int64",
    "of_years": "int64",
    "n_cells": "int64",
    "population": "int64",
    "group_size": "int64",
    "share": "float64",
    "x": "float64",
    "y": "float64",
    "crs": "str",
    "note": "str",
}

VERDICTS = {
    "area": "str",
    "year": "int64",
    "list": "str",
    "verdict": "str",
    "n_met": "Int64",
    "n_known": "int64",
    "n_criteria": "int64",
    "note": "str",
}


def ordered(frame, columns, keys):
    """The frame with the given columns and types, its rows sorted by `keys`."""
    typed = {}
    for name, kind in columns.items():
        values = frame[name] if name in frame else pd.Series(np.nan, index=frame.index)
        if kind == "str":
            values = values.fillna("") if values.notna().any() else pd.Series("", index=frame.index)
        typed[name] = values.astype(kind)
    return pd.DataFrame(typed).sort_values(keys, kind="stable", ignore_index=True)
