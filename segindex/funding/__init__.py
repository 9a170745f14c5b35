"""The register of funding channels, money over need, and the same pot by other formulas."""

from segindex.funding.formulas import what_if
from segindex.funding.need import needs
from segindex.funding.targeting import curves, per_head

__all__ = ["curves", "needs", "per_head", "what_if"]
