"""What a rule file says: lists of areas and ordered types, with names in three languages, sources and evidence."""

from dataclasses import dataclass

from segindex.facts import Names

MEASURES = ("share", "amount")
"""What a column holds: shares of 0 to 1, or amounts from 0, in any unit that its reference has too."""

EVIDENCE = ("read", "second_hand", "not_verified", "own")
"""How a fact is known: its source's own text was read, another's account of it, neither, or the writer set it."""


@dataclass(frozen=True)
class Source:
    """Where a rule stands: a title and an address."""

    title: str
    address: str


@dataclass(frozen=True)
class Reference:
    """A value that a criterion is set against, such as the region's mean; `key` is its column."""

    key: str
    names: Names


@dataclass(frozen=True)
class Criterion:
    """One condition on one column.

    Attributes
    ----------
    key, column : str
    names : Names
        Of what is measured, without the cut-off.
    measure : {"share", "amount"}
    way : {"above", "at_least", "below", "at_most"}
    cut : float
        The cut-off, or how many times the reference.
    relative_to : str or None
        The key of a Reference; None for an absolute cut-off.
    mean_of_years : int
        Years whose mean is judged, the year itself and those before it; of the reference too.
    evidence : {"read", "second_hand", "not_verified", "own"}
    """

    key: str
    column: str
    names: Names
    measure: str
    way: str
    cut: float
    relative_to: str | None = None
    mean_of_years: int = 1
    evidence: str = "not_verified"


@dataclass(frozen=True)
class AreaList:
    """One list: an area stands on it where all that is asked for holds.

    Attributes
    ----------
    key : str
    names : Names
    original : str
        The name in the rule's own language, or nothing.
    min_residents : int
        0 asks for none.
    required : tuple of str
        Criteria that must all be met.
    criteria : tuple of str
        Criteria of which `needed` must be met.
    needed : int
    on : str or None
        Another list that the area must stand on.
    years_running : int
        Years for which all of it must have held, up to the year that is judged.
    evidence : {"read", "second_hand", "not_verified", "own"}
    """

    key: str
    names: Names
    original: str = ""
    min_residents: int = 0
    required: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    needed: int = 0
    on: str | None = None
    years_running: int = 1
    evidence: str = "not_verified"


@dataclass(frozen=True)
class Share:
    """One of the shares whose mean the types rest on; `key` is its column."""

    key: str
    names: Names
    evidence: str = "not_verified"


@dataclass(frozen=True)
class AreaType:
    """One of the ordered types, the first where the mean of the shares is highest."""

    key: str
    names: Names


@dataclass(frozen=True)
class Rules:
    """One rule file, judged.

    Attributes
    ----------
    key : str
    names, unit, caution : Names
        What the rule is called, what areas it was made for, and what a reader must know.
    country : str
    year : int
        Of the text that the rule follows.
    foreign_practice : bool
        Whether it is another country's, which no Finnish authority has adopted.
    sources : tuple of Source
    references : tuple of Reference
    criteria : tuple of Criterion
    lists : tuple of AreaList
        Each after the list that it stands on.
    shares : tuple of Share
    types : tuple of AreaType
    cut_offs : tuple of float
        Between the types, in descending order; empty where whoever applies the rule must give them.
    """

    key: str
    names: Names
    unit: Names
    caution: Names
    country: str
    year: int
    foreign_practice: bool
    sources: tuple[Source, ...]
    references: tuple[Reference, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    lists: tuple[AreaList, ...] = ()
    shares: tuple[Share, ...] = ()
    types: tuple[AreaType, ...] = ()
    cut_offs: tuple[float, ...] = ()

    def criterion(self, key):
        """The criterion of this key."""
        return next(one for one in self.criteria if one.key == key)
