"""The indices as they are published: symbol, names, meaning, caution, bounds, laws and source of each.

One literal list a dimension. A function in `segindex.indices` becomes a published index by its entry here; the
functions themselves know nothing of it.
"""

from difflib import get_close_matches

from segindex.errors import BadSettings
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

__all__ = ["BIBLIOGRAPHY", "DIMENSIONS", "GIVES", "INDICES", "LAWS", "REGISTRY", "Index", "index"]

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

REGISTRY = {index.key: index for index in INDICES}


def index(key):
    """The entry of an index.

    >>> index("dissimilarity").symbol
    'D'
    >>> index("disimilarity")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    segindex.errors.BadSettings: ... did you mean dissimilarity? Known are dissimilarity, ...
    """
    if key in REGISTRY:
        return REGISTRY[key]
    close = get_close_matches(str(key), REGISTRY, n=1)
    hint = f"did you mean {close[0]}? Known" if close else "known"
    raise BadSettings(f"index {key!r} is unknown; {hint} are {', '.join(REGISTRY)}")
