"""Small made-up panels, and a value of a table."""

from dataclasses import replace

import numpy as np

from segindex.panel import Panel


def square(n=8, years=(2020, 2021), seed=3, **fields):
    rng = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2)
    t = rng.integers(5, 60, (len(years), n * n)).astype(float)
    share = np.where(at[:, 0] < n // 2, 0.5, 0.1)
    x = rng.binomial(t.astype(int), share).astype(float)
    return Panel(
        city="Lahti",
        classification="language",
        years=years,
        groups=("foreign_language", "rest"),
        cells=[f"{a:02}-{b:02}" for a, b in at],
        xy=at * 250.0 + 125.0,
        **({"cell_size_m": 250.0, "counts": np.stack([x, t - x], axis=-1)} | fields),
    )


def value(table, **where):
    for name, wanted in where.items():
        table = table[table[name] == wanted]
    (found,) = table["value"]
    return found


def three_groups(**fields):
    rng = np.random.default_rng(5)
    counts = rng.integers(0, 30, (2, 64, 3)).astype(float)
    groups = ("low_income", "high_income", "rest")
    return replace(square(), counts=counts, residents=None, groups=groups, classification="income_class", **fields)
