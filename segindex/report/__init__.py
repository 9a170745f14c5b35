"""Tables to what a reader opens: `plan(material)` gives the outputs, each with the function that renders it."""

from segindex.report.fingerprint import Fingerprints
from segindex.report.material import Material, Output
from segindex.report.outputs import plan
from segindex.report.single import (
    KINDS,
    PRINT,
    Shown,
    chosen_figures,
    files_of,
    in_languages,
    lacking_figures,
    shown_figures,
    until,
)

__all__ = [
    "KINDS",
    "PRINT",
    "Fingerprints",
    "Material",
    "Output",
    "Shown",
    "chosen_figures",
    "files_of",
    "in_languages",
    "lacking_figures",
    "plan",
    "shown_figures",
    "until",
]
