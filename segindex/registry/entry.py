"""What an entry of the registry says, and the laws that it declares."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from segindex.facts import Names
from segindex.registry.bibliography import BIBLIOGRAPHY

LAWS = {
    "bounds": "without `nearby` the value lies within the bounds",
    "empty_cells": "cells where nobody lives do not matter",
    "splitting": "splitting a cell into two of the same mix does not matter",
    "swapping": "the two groups, or any two of several, may change places",
    "scaling": "a group may be multiplied by a number",
    "even_is_zero": "0 where all groups are spread alike",
    "apart_is_one": "1 where no two groups share a cell",
}
"""What an index may keep; each entry keeps all of them but those it names as exempt, with the reason."""

DIMENSIONS = {
    "evenness": Names(fi="tasaisuus", sv="jämnhet", en="evenness"),
    "exposure": Names(fi="altistuminen", sv="exponering", en="exposure"),
    "concentration": Names(fi="keskittyneisyys", sv="koncentration", en="concentration"),
    "centralization": Names(fi="keskeisyys", sv="centralisering", en="centralisation"),
    "clustering": Names(fi="klusteroituminen", sv="klustring", en="clustering"),
    "multigroup": Names(fi="useat ryhmät", sv="flera grupper", en="several groups"),
    "ordinal": Names(fi="järjestetyt ryhmät", sv="ordnade grupper", en="ordered groups"),
    "scale": Names(fi="mittakaava ja aluetasot", sv="skala och områdesnivåer", en="scale and levels of areas"),
    "local": Names(fi="paikalliset arvot", sv="lokala värden", en="local values"),
}

GIVES = {
    "city": "one value a city",
    "cells": "one value a cell",
    "table": "several values: a curve, levels or steps",
}

TAKES = {
    ("weights", "boundary"): "metres of boundary that two cells share, not whether they touch",
    ("area", "unequal"): "areas that differ: equal ones leave it undefined",
    ("counts", "ascending"): "groups in ascending order",
    ("y", "named"): "a group of its own, not everybody else",
}

UNBOUNDED = (float("-inf"), float("inf"))

DEPENDS_ON_SIZE = "the group's share of the city is a part of the index"
NEIGHBOURS_COUNT = "it compares cells with their neighbours, so cutting up or parting cells changes what is compared"
BY_CELL = "it is a value of each cell, not of the city"


@dataclass(frozen=True, eq=False)
class Index:
    """An index as it is published; all that its function's signature tells is read from there.

    `meaning` says in plain words what a value tells, `caution` when not to use it. `gives` is a key of `GIVES`.
    `margin_only` marks what depends on the city's group sizes alone: it has no expected value and no bounds. `takes`
    says which of several things under one name is meant (`TAKES`); `fewest_groups` how many groups it needs.
    """

    function: Callable
    symbol: str
    dimension: str
    names: Names
    meaning: Names
    caution: Names
    formula: str
    bounds: tuple[float, float]
    source: str
    exempt: Mapping[str, str] = field(default_factory=dict)
    gives: str = "city"
    margin_only: bool = False
    takes: Mapping[str, str] = field(default_factory=dict)
    fewest_groups: int = 2

    def __post_init__(self):
        unknown = (self.exempt.keys() - LAWS.keys()) | (set(self.takes.items()) - TAKES.keys())
        if unknown or self.dimension not in DIMENSIONS or self.source not in BIBLIOGRAPHY or self.gives not in GIVES:
            raise ValueError(f"{self.key} has an unknown law, dimension, source or kind: {unknown or self.dimension}")

    @property
    def key(self):
        """The function's own name: the word in files, settings and tables."""
        return self.function.__name__

    @property
    def local(self):
        """Whether it has a value a cell."""
        return self.gives == "cells"

    @property
    def laws(self):
        """The keys of `LAWS` that hold; none is said of what gives several values."""
        return frozenset() if self.gives == "table" else frozenset(LAWS) - self.exempt.keys()

    @property
    def parameters(self):
        """All parameter names of the function, in order."""
        return tuple(inspect.signature(self.function).parameters)

    @property
    def inputs(self):
        """The names of the arrays that the function needs."""
        required = inspect.signature(self.function).parameters.values()
        return tuple(one.name for one in required if one.default is one.empty)

    @property
    def all_groups(self):
        """Whether it is made for several groups at once; of two it tells what another index tells as well."""
        return self.dimension in ("multigroup", "ordinal") or self.key.startswith("multigroup_")

    @property
    def scales(self):
        """The sizes of surroundings that its rows can have: radii and numbers of nearest residents, radii, or none."""
        if self.spatial:
            return ("scale_m", "k")
        return ("scale_m",) if "nearby" in self.inputs else ()

    @property
    def spatial(self):
        """Whether `nearby` is an option that puts surroundings in place of cells."""
        return "nearby" in self.parameters and "nearby" not in self.inputs
