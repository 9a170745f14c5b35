"""Made-up tables of an edition, small enough to count by hand."""

import numpy as np
import pandas as pd

from segindex import schema

YEARS = tuple(range(2018, 2025))
PATH = [0.300, 0.304, 0.301, 0.310, 0.306, 0.312, 0.330]
HALF = 0.010


def results(city="Turku", group="low_income", index="dissimilarity", years=YEARS, values=PATH, **more):
    """One row a year: the corrected value `values`, the value as it is 0.02 above it, an interval of two `HALF`."""
    values = np.asarray(values, dtype=float)
    table = pd.DataFrame(
        {
            "city": city,
            "year": years,
            "release": [str(year + 1) for year in years],
            "classification": "income_class",
            "index": index,
            "group": group,
            "reference": "rest",
            "cluster_size": 1.0,
            "value": values + 0.02,
            "expected": 0.05,
            "corrected": values,
            "low": values - HALF,
            "high": values + HALF,
            "n_cells": 200,
            "population": 10_000,
            "group_size": 2_000,
            "hidden_share": 0.01,
            "note": "made-up data",
        }
        | more
    )
    return schema.ordered(table, schema.RESULTS, schema.KEYS)


def coverage(city="Turku", years=YEARS, share=0.99, breaks=(), classification="income_class"):
    """One row a year; `share` may be a list, `breaks` are years whose cells changed."""
    table = pd.DataFrame(
        {
            "city": city,
            "year": years,
            "release": [str(year + 1) for year in years],
            "source": "sample",
            "classification": classification,
            "reference_date": [f"{year}-12-31" for year in years],
            "n_cells": 200,
            "n_hidden": 3,
            "residents": 10_000,
            "hidden_residents": 100,
            "coverage": share,
            "note": ["made-up data" + "; break: cells of 250 m, before 1000 m" * (year in breaks) for year in years],
        }
    )
    return schema.ordered(table, schema.COVERAGE, ["city", "year"])


def changes(change=0.030, half=0.012, q=0.01, first=2018, last=2024, city="Turku", parts=None, **more):
    """The corrected change, and the parts of the change as it is (`parts` by term)."""
    rows = [{"term": "corrected", "change": change, "low": change - half, "high": change + half, "p": q, "q": q}]
    parts = {"structural": 0.025, "group_marginal": 0.004, "unit_marginal": -0.001} if parts is None else parts
    parts = {"additions": 0.003, "removals": -0.002} | parts
    rows += [{"term": term, "change": value} for term, value in parts.items()]
    common = {
        "city": city,
        "classification": "income_class",
        "group": "low_income",
        "cluster_size": 1.0,
        "index": "dissimilarity",
        "first_year": first,
        "last_year": last,
        "net": False,
        "hidden_share": 0.01,
        "note": "made-up data",
    }
    table = pd.DataFrame([common | row | more for row in rows])
    return schema.ordered(table, schema.CHANGES, ["city", "term"])


def types(city="Turku", years=(2018, 2024), shares=((0.1, 0.2, 0.4, 0.15, 0.1, 0.05),) * 2, n_cells=30, note=""):
    """Residents by area type 1 to 5, and 0 for the last share, of 10,000."""
    rows = [
        {
            "city": city,
            "year": year,
            "extent": "cities",
            "type": kind,
            "n_cells": n_cells,
            "residents": round(10_000 * share),
            "residents_share": share,
            "note": note,
        }
        for year, part in zip(years, shares)
        for kind, share in zip((1, 2, 3, 4, 5, 0), part)
    ]
    return schema.ordered(pd.DataFrame(rows), schema.TYPES, ["city", "year", "type"])


def tables(**given):
    """An edition of one city and one index."""
    return {"results": results(), "coverage": coverage(), "changes": changes()} | given
