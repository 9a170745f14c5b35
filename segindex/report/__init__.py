"""Tables to what a reader opens: `plan(material)` gives the outputs, each with the function that renders it."""

from segindex.report.fingerprint import Fingerprints
from segindex.report.material import Material, Output
from segindex.report.outputs import plan

__all__ = ["Fingerprints", "Material", "Output", "plan"]
