"""The accessibility statement: what the law asks of it (306/2019), said of the pages as they are."""

import datetime
from dataclasses import replace
from functools import partial

from segindex import wording
from segindex.report.html import FONTS, environment, frame, unbroken
from segindex.report.material import Output

AUTHORITY = {
    "fi": "https://www.saavutettavuusvaatimukset.fi",
    "sv": "https://www.tillganglighetskrav.fi",
    "en": "https://www.webaccessibility.fi",
}
TABLES = ("thresholds", "types", "sensitivity", "accumulation", "ends", "blocks", "left_out")
"""What the statement is not given, beside what no page is given: so that it is small, and stays when numbers change."""

LACKS = ("maps", "figures", "contrast", "print", "files")


def statements(material, others):
    """The outputs of the statement in every language; `others` are the outputs that stand beside it."""
    names = {output.name for output in others}
    found, told = [], replace(material, coverage=material.coverage.iloc[:0], **dict.fromkeys(TABLES))
    for language in material.in_order:
        lacks = LACKS + tuple(kind for kind in ("document", "brief") if f"{kind} {language}" in names)
        lacks += ("atlas",) if any(name.startswith("atlas ") for name in names) else ()
        found.append(Output(f"statement {language}", partial(render_statement, told, language, lacks)))
    return found


def statement_name(language):
    """The statement's file in a language."""
    return f"accessibility.{language}.html"


def render_statement(material, language, lacks):
    """The statement in one language: {file name: bytes}."""
    days = [day for source in material.sources for day in source.get("dates") or [] if _is_day(day)]
    page = (
        environment()
        .get_template("statement.html.jinja")
        .render(
            **frame(material, language, lambda _, each: statement_name(each)),
            page="index.html" if language == material.in_order[0] else f"index.{language}.html",
            lacks=lacks,
            address=_address(material.feedback),
            authority=AUTHORITY[language],
            date=wording.date(max(days), language) if days else "",
        )
    )
    return {statement_name(language): unbroken(page.replace(FONTS, "", 1)).encode()}


def _address(feedback):
    """Where a link to the address of feedback leads; "" where there is none."""
    return f"mailto:{feedback}" if "@" in feedback and not feedback.startswith("https://") else feedback


def _is_day(words):
    try:
        datetime.date.fromisoformat(words)
    except ValueError:
        return False
    return True
