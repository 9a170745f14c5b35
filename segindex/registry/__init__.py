"""The indices as they are published: symbol, names, meaning, caution, bounds, laws and source of each.

One literal list a dimension. A function in `segindex.indices` becomes a published index by its entry here; the
functions themselves know nothing of it.
"""

from segindex.errors import BadSettings, did_you_mean
from segindex.registry.bibliography import BIBLIOGRAPHY
from segindex.registry.centralization import CENTRALIZATION
from segindex.registry.clustering import CLUSTERING
from segindex.registry.concentration import CONCENTRATION
from segindex.registry.entry import DIMENSIONS, GIVES, LAWS, Index
from segindex.registry.evenness import EVENNESS
from segindex.registry.exposure import EXPOSURE
from segindex.registry.local import LOCAL
from segindex.registry.local_association import LOCAL_ASSOCIATION
from segindex.registry.multigroup import MULTIGROUP
from segindex.registry.ordinal import ORDINAL
from segindex.registry.scale import SCALE

__all__ = [
    "BIBLIOGRAPHY",
    "DIMENSIONS",
    "GIVES",
    "INDICES",
    "LAWS",
    "REGISTRY",
    "SPELLINGS",
    "Index",
    "check_scales",
    "index",
]

INDICES = [
    *EVENNESS,
    *EXPOSURE,
    *CONCENTRATION,
    *CENTRALIZATION,
    *CLUSTERING,
    *MULTIGROUP,
    *ORDINAL,
    *SCALE,
    *LOCAL,
    *LOCAL_ASSOCIATION,
]

SHOWN = 5

REGISTRY = {index.key: index for index in INDICES}

SPELLINGS = {index.symbol: index.key for index in INDICES} | {key: key for key in REGISTRY}
"""What an index may be called by mistake, and its key."""


def index(key):
    """The entry of an index.

    >>> index("dissimilarity").symbol
    'D'
    >>> index("disimilarity")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    segindex.errors.BadSettings: ... did you mean dissimilarity? Known are dissimilarity, ...
    >>> index("xpx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    segindex.errors.BadSettings: index 'xpx' is unknown; did you mean isolation? Known are dissimilarity, ...
    """
    if key in REGISTRY:
        return REGISTRY[key]
    hint = did_you_mean(key, SPELLINGS, f"known are {', '.join(REGISTRY)}")
    raise BadSettings(f"index {key!r} is unknown; {hint}")


def check_scales(keys, scale_m=(), k=()):
    """BadSettings where sizes of surroundings are given to named indices none of which takes them.

    >>> check_scales(["delta", "isolation"], scale_m=[500])
    >>> check_scales(["delta"], k=[400])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    segindex.errors.BadSettings: k is given, and delta takes none; indices that take it are for example ...
    """
    for name, sizes in (("scale_m", scale_m), ("k", k)):
        if len(sizes) and not any(name in index(key).scales for key in keys):
            fit = [entry.key for entry in INDICES if name in entry.scales and entry.gives == "city"]
            raise BadSettings(
                f"{name} is given, and {', '.join(keys)} {'takes' if len(keys) == 1 else 'take'} none; indices that "
                f"take it are for example {', '.join(fit[:SHOWN])}"
            )
