"""Estimates as tables in files (CSV). Pure; social-emotional skills in words, never as numbers."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from learntrace_dashboard.contract_keeping import Amendment
from learntrace_dashboard.contract_skills import Knowledge, SkillEstimate, StudentSkills
from learntrace_dashboard.estimates import Estimates, in_order
from learntrace_dashboard.texts import Texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """The text as a cell that no program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def student_csv(
    name: str,
    skills: Sequence[SkillEstimate],
    knowledge: Sequence[Knowledge],
    texts: Texts,
    stated: Iterable[Amendment],
) -> str:
    """One student, with the statements on what was not changed."""
    kind = texts("statement.kind")
    said = [
        (name, kind, texts(f"amend.{one.about}"), one.statement or "", "", "") for one in stated
    ]
    return _sheet([*_lines(name, skills, knowledge, texts), *said], texts)


def class_csv(students: Iterable[StudentSkills], texts: Texts) -> str:
    """A whole class in the order given."""
    lines = (
        line
        for one in students
        for line in _lines(one.display_name, one.skills, one.knowledge, texts)
    )
    return _sheet(lines, texts)


def _lines(
    name: str, skills: Sequence[SkillEstimate], knowledge: Sequence[Knowledge], texts: Texts
) -> Iterator[tuple[str, ...]]:
    words = Estimates(texts)
    note = texts("skills.not_validated")
    for one in in_order(skills):
        yield (
            name,
            texts("file.social"),
            words.skill(one.skill),
            words.place(one),
            words.label(one),
            note,
        )
    for topic in knowledge:
        answers = f"{topic.answers} {texts('skills.column_answers')}"
        yield (name, texts("file.knowledge"), topic.name, words.mastery(topic), answers, "")


def _sheet(lines: Iterable[tuple[str, ...]], texts: Texts) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(
        texts(heading)
        for heading in (
            "class.column_name",
            "file.column_kind",
            "skills.column_skill",
            "file.column_sentence",
            "skills.column_label",
            "file.note",
        )
    )
    writer.writerows(tuple(safe(cell) for cell in line) for line in lines)
    return sheet.getvalue()
