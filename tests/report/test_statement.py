"""The accessibility statement: what the law asks for is there, and it speaks of no file that is not."""

from dataclasses import replace

import pytest
from rendered import rendered

from segindex import report, wording
from segindex.report.material import Output
from segindex.report.statement import render_statement, statement_name, statements

LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


def statement(material, language, lacks=("maps",)):
    (content,) = render_statement(material, language, lacks).values()
    return content.decode()


@LANGUAGES
def test_it_has_what_the_law_asks_for(areas, language):
    text = statement(replace(areas, feedback="tieto@example.fi"), language)
    assert "306/2019" in text and "Traficom" in text and "WCAG 2.1" in text
    assert '<a href="mailto:tieto@example.fi">tieto@example.fi</a>' in text
    assert wording.date("2015-12-31", language) in text
    assert wording.text(language, "accessibility_lacks.maps") in text


def test_its_date_is_that_of_the_latest_data(areas):
    dates = ["2013-12-31", "2014-12-31", "around 2020"]
    text = statement(replace(areas, sources=[areas.sources[0] | {"dates": dates}]), "en")
    assert "31 December 2014" in text and "2013" not in text
    assert wording.text("en", "accessibility.no_date") in statement(replace(areas, sources=[]), "en")


@LANGUAGES
def test_no_address_is_said_so(areas, language):
    text = statement(areas, language)
    assert wording.text(language, "accessibility.no_feedback") in text and "mailto:" not in text


def test_a_page_of_feedback_is_a_link(areas):
    text = statement(replace(areas, feedback="https://example.fi/a@b"), "fi")
    assert '<a href="https://example.fi/a@b">' in text


def test_it_speaks_only_of_files_that_there_are(areas):
    def of(*names):
        (first, *_) = statements(areas, [Output(name, dict) for name in names])
        return first.render()["accessibility.fi.html"].decode()

    document, atlas = (wording.text("fi", f"accessibility_lacks.{key}") for key in ("document", "atlas"))
    assert document not in of() and atlas not in of()
    assert document in of("document fi") and atlas in of("atlas Turku")


@LANGUAGES
def test_the_page_leads_to_it_and_back(areas, language):
    outputs = {output.name: output for output in report.plan(areas)}
    ((name, content),) = rendered(outputs[f"page {language}"]).items()
    assert f'href="{statement_name(language)}"' in content.decode()
    assert f'href="{name}"' in statement(areas, language)


def test_made_up_data_are_marked(grid, areas):
    assert statement(grid, "fi").count("SYNTEETTINEN AINEISTO") >= 2
    assert "SYNTEETTINEN" not in statement(areas, "fi")
