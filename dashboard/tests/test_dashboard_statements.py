"""What somebody said of a part of a record that was not changed goes with that part."""

import csv
import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from starlette.responses import JSONResponse
from visiting import Visit, student_named

from learntrace_dashboard.contract_keeping import Amendment
from learntrace_dashboard.contract_skills import Assessment
from learntrace_dashboard.formats import Formats
from learntrace_dashboard.paper import student_pdf
from learntrace_dashboard.sheets import student_csv
from learntrace_dashboard.statements import for_files, with_statement
from learntrace_dashboard.texts import Texts

NOW = datetime(2026, 11, 3, 9, 32, tzinfo=UTC)
LINE = "Statement of those who hold this to be wrong"
TABS = ("Play", "Skills", "Why", "Over time", "Ratings and notes", "Timeline")
texts = Texts()


def a_wish(about: str = "assessment", **values: object) -> dict:
    return {
        "id": about,
        "student_id": "s",
        "about": about,
        "text": "It is wrong.",
        "asked_by": "his father",
        "noted_by": {"id": "x", "name": "Tessa Winter"},
        "created_at": "2026-11-01T09:00:00Z",
        "state": "refused",
        "decision": {
            "words": "We hold it to be right.",
            "at": "2026-11-02T09:00:00Z",
            "by": {"id": "p", "name": "Paul Okafor"},
        },
        "statement": f"We do not agree about the {about}.",
    } | values


def page_of(visit: Visit, about: str, **values: object) -> Visit:
    ben = student_named(visit.fake, "Ben Oduya")
    visit.fake.amendments = [a_wish(about, student_id=ben, **values)]
    return visit.arrive().log_in().open("student", student=ben)


@pytest.mark.parametrize(
    ("about", "where"),
    [
        ("game_play", {"Play", "Timeline"}),
        ("assessment", {"Skills", "Why", "Over time", "Timeline"}),
        ("rating", {"Why", "Ratings and notes", "Timeline"}),
        ("note", {"Ratings and notes", "Timeline"}),
    ],
)
def test_statement_stands_with_the_part_that_it_is_about(
    visit: Visit, about: str, where: set[str]
) -> None:
    page_of(visit, about)
    shown = {
        tab.label for tab in visit.app.tabs if any(LINE in one.value for one in tab.get("info"))
    }
    assert shown == where
    assert f"We do not agree about the {about}." in visit.text


def test_statement_about_the_person_stands_above_all_tabs(visit: Visit) -> None:
    page_of(visit, "person")
    assert sum(LINE in one.value for one in visit.app.info) == 1
    assert "We do not agree about the person." in visit.text


def test_statement_about_play_stands_with_each_play_session(visit: Visit) -> None:
    page_of(visit, "game_play")
    ben = student_named(visit.fake, "Ben Oduya")
    visit.open("session", session=visit.fake.sessions_of(ben)[0]["id"])
    assert "We do not agree about the game_play." in visit.text


def test_what_was_not_refused_or_has_no_statement_leaves_no_line(visit: Visit) -> None:
    page_of(visit, "assessment", statement=None)
    assert LINE not in visit.text


def test_while_names_are_hidden_it_is_said_but_not_read_out(visit: Visit) -> None:
    page_of(visit, "assessment").switch("Hide names", on=True)
    assert "We do not agree" not in visit.text
    assert "Not shown while names are hidden." in visit.text


def test_without_its_statements_no_record_is_shown(visit: Visit) -> None:
    ben = student_named(visit.fake, "Ben Oduya")
    visit.fake.failures[f"/students/{ben}/amendments"] = JSONResponse({}, 503)
    page_of(visit, "assessment")
    assert "Something went wrong" in visit.text
    assert not visit.app.tabs


def test_files_made_while_names_are_hidden_tell_none_either() -> None:
    [kept] = with_statement([Amendment.model_validate(a_wish())], texts, hidden=True)
    sheet = student_csv("Student K7QM", (), (), texts, [kept])
    assert "We do not agree" not in sheet
    assert "Not shown while names are hidden." in sheet


def statements() -> tuple[Amendment, ...]:
    wishes = [a_wish(one) for one in ("note", "person", "rating", "assessment", "game_play")]
    found = [Amendment.model_validate(one) for one in wishes]
    return for_files(with_statement(found, texts, hidden=False))


def assessment() -> Assessment:
    return Assessment.model_validate(
        {"id": "a", "student_id": "s", "assessed_at": NOW, "skills": [], "knowledge": [],
         "reasoning": []}
    )  # fmt: skip


def test_pages_for_families_bear_the_statements_about_what_is_on_them() -> None:
    pdf = student_pdf("Bo", assessment(), texts, Formats(texts, UTC), NOW, statements())
    pages = PdfReader(io.BytesIO(pdf)).pages
    said = " ".join(" ".join(page.extract_text().split()) for page in pages)
    for about in ("person", "rating", "assessment", "game_play"):
        assert f"We do not agree about the {about}." in said
    assert "about the note" not in said


def test_table_bears_them_as_well_and_none_is_a_formula() -> None:
    wish = Amendment.model_validate(a_wish(statement="=SUM(A1)"))
    [_, line] = csv.reader(io.StringIO(student_csv("Bo", (), (), texts, [wish])))
    assert line == ["Bo", "statement", "An estimate", "'=SUM(A1)", "", ""]
