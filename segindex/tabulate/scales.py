"""How much of a small-scale segregation is left at a large scale."""

import numpy as np
import pandas as pd

from segindex.indices._arrays import ratio
from segindex.registry import REGISTRY
from segindex.schema import SCALES, ordered
from segindex.tabulate.notes import joined

KEYS = ["city", "year", "release", "classification", "index", "group", "reference"]


def scales(results):
    """The macro/micro ratio: an index at the largest scale over the same at the smallest.

    Of a results table that has rows at several radii (`scale_m`) or numbers of nearest residents (`k`). Only indices
    that are 0 under even spread have one: of others a part of the ratio would be the group's share of the city.

    Returns
    -------
    DataFrame
        The columns of `schema.SCALES`; `ratio` is NaN where the value at the smallest scale is not above 0.

    References
    ----------
    .. [1] Reardon, S. F., Matthews, S. A., O'Sullivan, D., Lee, B. A., Firebaugh, G., Farrell, C. R. and Bischoff, K.
       (2008). The geographic scale of metropolitan racial segregation. Demography 45(3), 489-514.
    """
    fit = [entry.key for entry in REGISTRY.values() if entry.spatial and "even_is_zero" in entry.laws]
    found = []
    for kind in ("scale_m", "k"):
        rows = results[results[kind].notna() & results["index"].isin(fit)].sort_values(kind)
        ends = rows.groupby(KEYS, sort=False)
        micro, macro = (
            ends.head(1).set_index(KEYS),
            ends.tail(1).set_index(KEYS).reindex(ends.head(1).set_index(KEYS).index),
        )
        table = pd.DataFrame(
            {
                "kind": kind,
                "micro": micro[kind],
                "macro": macro[kind],
                "micro_value": micro["value"],
                "macro_value": macro["value"],
                "ratio": ratio(macro["value"].to_numpy(), np.where(micro["value"] > 0, micro["value"], 0)),
                "population": micro["population"],
                "group_size": micro["group_size"],
                "hidden_share": micro["hidden_share"],
                "note": [
                    joined(*dict.fromkeys("; ".join(both).split("; "))) for both in zip(micro["note"], macro["note"])
                ],
            }
        )
        found.append(table[table["macro"] > table["micro"]].reset_index())
    return ordered(pd.concat(found, ignore_index=True), SCALES, [*KEYS, "kind"])
