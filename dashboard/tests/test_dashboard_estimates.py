"""Estimates as words, lines, colours and files: everything pure."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from learntrace_dashboard.contract_skills import (
    Assessment,
    Knowledge,
    Missing,
    SkillEstimate,
    StudentSkills,
)
from learntrace_dashboard.estimates import (
    SKILLS,
    Estimates,
    class_bands,
    in_order,
    line_of,
    tint_of,
)
from learntrace_dashboard.formats import Formats
from learntrace_dashboard.paper import class_pdf, student_pdf
from learntrace_dashboard.sheets import class_csv, student_csv
from learntrace_dashboard.student_reasons import in_runs
from learntrace_dashboard.texts import Texts

NOW = datetime(2026, 11, 3, 9, 32, tzinfo=UTC)
texts = Texts()
words = Estimates(texts)
formats = Formats(texts, UTC)
NOTE = texts("skills.not_validated")


def estimate(score=0.5, half=0.1, skill="resilience", label="some", **more) -> SkillEstimate:
    ends = {} if score is None else {"low": score - half, "high": score + half}
    return SkillEstimate(skill=skill, score=score, label=label, **ends, **more)


def topic(name="Height of a wave", value=0.62) -> Knowledge:
    return Knowledge(
        game_id="g", skill=name, name=name, value=value, low=0.48, high=0.75, answers=9
    )


@pytest.mark.parametrize(
    ("score", "half", "said"),
    [
        (0.5, 0.1, "around the middle, and hardly elsewhere"),
        (0.5, 0.3, "around the middle; could lie anywhere from less seen to more seen"),
        (0.1, 0.05, "nearer to less seen, and hardly elsewhere"),
        (0.9, 0.4, "nearer to more seen; could lie anywhere from the middle to more seen"),
    ],
)
def test_place_on_the_line_is_said_in_words(score: float, half: float, said: str) -> None:
    assert words.place(estimate(score, half)) == said


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (["2 more finished levels"], "needs 2 more finished levels"),
        (["1 more day", "3 more failures"], "needs 1 more day, 3 more failures"),
        ([], "needs more play or ratings"),
    ],
)  # fmt: skip
def test_without_a_score_it_says_what_is_missing(missing, said) -> None:
    lacking = tuple(Missing(words=each) for each in missing)
    one = estimate(None, label="insufficient", missing=lacking)
    assert words.place(one) == said
    assert line_of(one) is None
    assert tint_of(one) is None


def test_score_on_too_little_evidence_is_not_shown() -> None:
    lacking = (Missing(words="1 more day of play or a rating"),)
    one = estimate(0.9, label="insufficient", missing=lacking)
    assert line_of(one) is None
    assert words.place(one) == "needs 1 more day of play or a rating"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([], ""), ([4], "4"), ([1, 2, 3], "1–3"), ([1, 3, 4, 9], "1, 3–4, 9")],
)
def test_many_citations_are_written_in_runs(numbers: list[int], said: str) -> None:
    assert in_runs(numbers) == said


def test_sources_that_do_not_agree_are_said() -> None:
    said = words.label(estimate(label="little", conflict=True))
    assert said == "a little evidence; the sources do not agree"


def test_colour_is_neither_red_nor_green_and_paler_with_less_evidence() -> None:
    strong, pale = (tint_of(estimate(0.95, label=label)) for label in ("a_lot", "little"))
    for tint in (strong, pale, tint_of(estimate(0.05, label="a_lot"))):
        red, green, blue = (int(tint[at : at + 2], 16) for at in (1, 3, 5))
        assert abs(red - green) < 80
        assert min(red, green, blue) > 110
    assert strong < pale
    assert tint_of(estimate(0.5, label="a_lot")) == "#ffffff"


def test_skills_always_stand_in_one_order() -> None:
    some = [estimate(skill=skill) for skill in ("brand_new", *reversed(SKILLS))]
    assert [one.skill for one in in_order(some)] == [*SKILLS, "brand_new"]


def a_class(size: int) -> list[StudentSkills]:
    return [
        StudentSkills(
            student_id=str(at),
            display_name=f"Pupil {at}",
            skills=(estimate(at / size, 0), estimate(None, skill="empathy", label="insufficient")),
        )
        for at in range(size)
    ]


def test_class_is_compared_with_from_ten_estimates_on() -> None:
    assert class_bands(a_class(9)) == {}
    low, high = class_bands(a_class(10))["resilience"]
    assert (low, high) == pytest.approx((0.225, 0.675))


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ((0.4, 0.6), "the middle half of the class lies around the middle"),
        ((0.2, 0.6), "the middle half of the class lies from less seen to the middle"),
    ],
)
def test_class_is_said_in_words_too(band: tuple[float, float], said: str) -> None:
    assert words.middle(band) == said


def lines_of(sheet: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet)))


def test_table_of_a_student_has_words_and_the_note_but_no_number_for_skills() -> None:
    skills = (estimate(), estimate(None, skill="empathy", label="insufficient"))
    heading, *lines = lines_of(student_csv("Bo", skills, (topic(),), texts, ()))
    assert heading[0] == "Student"
    assert [line[2] for line in lines] == ["Empathy", "Resilience", "Height of a wave"]
    for line in lines[:2]:
        assert line[5] == NOTE
        assert not re.search(r"\d", " ".join(line))
    assert lines[2][3] == "62 % (from 48 % to 75 %)"


def test_table_of_a_class_holds_everybody_and_no_formula() -> None:
    students = [one.model_copy(update={"display_name": "=SUM(A1)"}) for one in a_class(3)]
    lines = lines_of(class_csv(students, texts))
    assert len(lines) == 1 + 3 * 2
    assert {line[0] for line in lines[1:]} == {"'=SUM(A1)"}


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def an_assessment() -> Assessment:
    return Assessment.model_validate(
        {
            "id": "a",
            "student_id": "s",
            "assessed_at": NOW,
            "skills": [one.model_dump() for one in (estimate(0.8, 0.15), estimate(0.4))],
            "knowledge": [topic().model_dump()],
            "reasoning": [{"text": "A next step: play once more.", "cites": []}],
        }
    )


def test_pages_of_a_student_bear_the_note_and_the_reasoning() -> None:
    name = "Dilan Yıldız – Зоя"
    (page,) = pages_of(student_pdf(name, an_assessment(), texts, formats, NOW, ()))
    for said in ("Dilan Yıldız – Зоя", NOTE, "less seen", "more seen", "Resilience",
                 "A next step: play once more.", "62 %",
                 "Height of a wave", "3 Nov 2026"):  # fmt: skip
        assert said in page
    assert "class" not in page
    assert re.findall(r"\d+ %", page.split("Knowledge")[0]) == []


def test_class_is_one_file_with_a_page_each() -> None:
    pages = pages_of(class_pdf("5b", a_class(4), texts, formats, NOW))
    assert len(pages) == 4
    for at, page in enumerate(pages):
        assert f"Pupil {at}" in page
        assert NOTE in page
        assert f"Page {at + 1} of 4" in page


def test_long_lists_go_on_on_the_next_page() -> None:
    many = tuple(topic(f"Topic {at}") for at in range(40))
    one = StudentSkills(student_id="s", display_name="Bo", skills=(estimate(),), knowledge=many)
    pages = pages_of(class_pdf("5b", [one], texts, formats, NOW))
    assert len(pages) > 1
    assert all(NOTE in page for page in pages)
    assert "Topic 39" in " ".join(pages)
