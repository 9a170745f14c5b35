"""Notes of the funding mapping's tables: their fixed English forms, and what is read from them in words."""

import re

from segindex import wording
from segindex.schema import MADE_UP

REMARK = "the register says more"
"""What stands in a published note for the register's own words, which are in no language of the report."""

FORMULAS = "per_head|per_low_income|per_low_income_child|per_types_1_2|capped|hold_harmless"
CHILDREN = r"unknown: (?P<n>\d+) children in cells where the share is hidden"
NO_AMOUNT = r"(?P<n>\d+) awards without an amount"
FUNDING_FORMS = (
    (r"no channel", "funding_note.no_channel"),
    (r"themes overlap", "funding_note.themes_overlap"),
    (r"in no sum, as the channel around gives no euros: (?P<ids>.+)", "funding_note.in_no_sum"),
    (r"planned: (?P<ids>.+)", "funding_note.planned"),
    (r"channels of this level still to be mapped: (?P<n>\d+)", "funding_note.still"),
    (r"(?P<kind>[a-z_]+) (?P<year>\d{4}): falls by (?P<fall>[\d.]+)", "funding_note.falls"),
    (r"other kinds rise: (?P<kinds>.+)", "funding_note.rising"),
    (r"not known in this year: (?P<ids>.+)", "funding_note.not_known"),
    (r"granted of applied over (?P<n>\d+) of (?P<all>\d+) awards", "funding_note.granted_over"),
    (r"paid of granted over (?P<n>\d+) of (?P<all>\d+) awards", "funding_note.paid_over"),
    (r"awards (?P<first>\S+) and (?P<second>\S+)", "funding_note.two_awards"),
    (r"awards (?P<ids>\S+)", "funding_note.awards"),
    (r"possible", "funding_note.possible"),
    (r"applicants: .+", "funding_note.applicants"),
    (r"the sheet says (?P<use>[a-z_]+), against the awards (?P<ids>.+)", "funding_note.against"),
    (r"the sheet says unknown", "funding_note.sheet_unknown"),
    (r"to be mapped", "funding_note.to_be_mapped"),
    (r"to be mapped: (?P<ids>.+)", "funding_note.to_be_mapped_ids"),
    (r"named without a source", "funding_note.named"),
    (r"a channel of (?P<cities>.+)", "funding_note.of_cities"),
    (r"named only as .+", "funding_note.wider"),
    (
        r"estimate: children taken to be as often poor as the adults of their cell",
        "funding_note.estimate",
    ),
    (r"shares of low income of (?P<year>\d{4})", "funding_note.shares_of"),
    (CHILDREN, "funding_note.children"),
    (r"counted in households", "funding_note.households"),
    (r"no awards known", "funding_note.no_awards"),
    (NO_AMOUNT, "funding_note.no_amount"),
    (r"perhaps twice: (?P<first>\S+) and (?P<second>\S+) to different recipients", "funding_note.twice"),
    (r"lowest without (?P<city>.+)", "funding_note.lowest"),
    (r"highest without (?P<city>.+)", "funding_note.highest"),
    (r"no interval: fewer than (?P<n>\d+) cities", "funding_note.no_interval"),
    (rf"by (?P<formula>{FORMULAS})", "funding_note.by"),
    (rf"by (?P<formula>{FORMULAS}), cap (?P<cap>[\d.]+)", "funding_note.by_cap"),
    (r"without (?P<cities>[^:]+)", "funding_note.without"),
    (r"current: granted in (?P<year>\d{4})", "funding_note.current"),
    (r"granted outside the edition: (?P<cities>.+)", "funding_note.outside"),
    (REMARK, "funding_note.remark"),
)


def known(note):
    """A note whose parts have forms; for all of its others together it says that the register says more.

    >>> known("made-up data; Malmi, Mellunkylä; to be mapped")
    'made-up data; to be mapped; the register says more'
    """
    said = [part.strip() for part in str(note).split("; ") if part.strip()]
    kept = [part for part in said if part == MADE_UP or any(re.fullmatch(form, part) for form, _ in FUNDING_FORMS)]
    return "; ".join(dict.fromkeys([*kept, *([REMARK] if len(kept) < len(said) else [])]))


def funding_words(found, language):
    """What was read from a note of the funding mapping, in the reader's language."""
    told = dict(found)
    if "ids" in found:
        told["ids"] = ", ".join(found["ids"].split(";"))
    if "kind" in found:
        told["kind"] = _kind(found["kind"], language)
    if "kinds" in found:
        told["kinds"] = ", ".join(_kind(kind, language) for kind in found["kinds"].split(", "))
    if "fall" in found:
        told["fall"] = wording.percent(float(found["fall"]), language, 0)
    if "use" in found:
        told["use"] = _known_text(language, f"funding.word.use_{found['use']}", found["use"])
    if "cities" in found:
        told["cities"] = ", ".join(wording.city_name(city, language) for city in found["cities"].split(", "))
    if "city" in found:
        told["city"] = wording.city_name(found["city"], language)
    if "formula" in found:
        told["formula"] = wording.text(language, f"funding_words.formula_{found['formula']}")
    if "cap" in found:
        cap = float(found["cap"])
        told["cap"] = wording.number(cap, language, 1 if cap * 10 % 1 == 0 else 2)
    return told


def _kind(kind, language):
    return _known_text(language, f"funding.word.amount_kind_{kind}", kind)


def _known_text(language, key, other):
    return wording.text(language, key) if key in wording.table(language) else other
