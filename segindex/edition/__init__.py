"""One yearly run: its settings, read from `reports/<edition>/run.toml` and judged before any work."""

from segindex.edition.parts import FundingSetting, SourceSetting
from segindex.edition.settings import SETTINGS, Edition, chosen, editions, judged, latest, read_edition

__all__ = [
    "SETTINGS",
    "Edition",
    "FundingSetting",
    "SourceSetting",
    "chosen",
    "editions",
    "judged",
    "latest",
    "read_edition",
]
